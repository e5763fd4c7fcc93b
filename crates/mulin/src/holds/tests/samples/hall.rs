//! Samples of the hall.

use super::{Sample, Stage, form, json};
use commons::people::store::{self as people, NewMandate};
use commons::people::{Office, Source, invite};
use kit::time::Moment;

impl Stage {
    pub async fn hall(&self, call: &str, n: usize) -> Option<Sample> {
        let who = ["granny", "tenant", "captain"][n % 3];
        Some(match call {
            "POST /me" => Sample::Same(form("granny", "/me", &[]), "what was seen stays seen"),
            "POST /me/notices" => {
                let quiet = [("mine", "1"), ("from", "22:00"), ("to", "07:00")];
                Sample::Keyed(form(who, "/me/notices", &quiet), "from", "21:00".into())
            }
            "POST /me/notices/confirm/{token}" => {
                let mail = format!("{who}@mail.example");
                let quiet = [("mine", "1"), ("mail", mail.as_str()), ("from", "22:00"), ("to", "07:00")];
                self.does(&form(who, "/me/notices", &quiet)).await;
                let (_, person) = self.person(who).await;
                let proof = self.village.app.secrets.mac("confirm-mail", &[person.0.as_bytes(), mail.as_bytes()]);
                let path = format!("/me/notices/confirm/{}", hex::encode(&proof[..16]));
                Sample::Keyed(form(who, path, &[("sure", "1")]), "sure", "2".into())
            }
            "POST /sign-in" | "POST /demo/be" => {
                Sample::Left("each begins a session of its own, whose token is told once and kept by nobody")
            }
            "POST /sign-out" => Sample::Same(form(who, "/sign-out", &[]), "what is over stays over"),
            "POST /sign-in/letter" => {
                let code = self.letter().await;
                let (login, password) = (format!("reader{n}"), "石榴园的春天很长");
                let fields = [("code", code.as_str()), ("login", login.as_str()), ("password", password)];
                Sample::Keyed(form("reader", "/sign-in/letter", &fields), "password", "石榴园的秋天很长".into())
            }
            "POST /me/data/erase" | "POST /api/v1/me/data/erase" => {
                Sample::Left("whoever is erased is nobody any more; sixteen at once are a story of their own")
            }
            "POST /me/data/name" => {
                let fields = [("name", "石榴树下的人"), ("name_en", "Under the tree")];
                Sample::Keyed(form(who, "/me/data/name", &fields), "name", "另一个名字".into())
            }
            "POST /api/v1/me/data/name" => {
                let body = serde_json::json!({ "name": "石榴树下的人", "name_en": "Under the tree" });
                Sample::Keyed(json(who, "/api/v1/me/data/name", body), "name", "另一个名字".into())
            }
            "POST /me/data/withdraw" => {
                Sample::Keyed(form(who, "/me/data/withdraw", &[("consent", "mail")]), "consent", "follow".into())
            }
            "POST /api/v1/me/data/withdraw" => {
                let body = serde_json::json!({ "consent": "mail" });
                Sample::Keyed(json(who, "/api/v1/me/data/withdraw", body), "consent", "follow".into())
            }
            "POST /first-run" => Sample::Left("only in an empty house, and tried in one below"),
            _ => return None,
        })
    }

    /// A letter for a new captain, and the code on it.
    async fn letter(&self) -> String {
        let (app, tenant, place) = (&self.village.app, self.tenant, self.compound);
        let context = app.context();
        let id = app.db.transact(&context, |tx| {
            Box::pin(async move {
                let person = people::add_person(tx, tenant, None, "读信的人", "Reader").await?;
                let starts = tx.now();
                let (office, source, organisation) = (Office::Guard, Source::Appointment, None);
                let ends = Some(starts + Moment::days(365));
                people::add_mandate(
                    tx,
                    tenant,
                    &NewMandate { person, office, place, organisation, source, starts, ends },
                )
                .await?;
                invite::invite(tx, &app.secrets, tenant, place, person).await
            })
        });
        invite::code(&app.secrets, id.await.unwrap())
    }
}
