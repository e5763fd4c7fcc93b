//! Samples of numbers of one's own and codes.

use super::programs::SILENT;
use super::{Sample, Stage, form, json};
use crate::hall::phone::bound_of;
use axum::http::header;
use commons::people::phone::{Purpose, store};
use serde_json::json as object;

impl Stage {
    /// A number that nobody here has had so far.
    fn number(&self) -> String {
        let chance = u32::from_str_radix(&self.key()[..7], 16).unwrap() % 100_000_000;
        format!("138{chance:08}")
    }

    /// A code that was sent to somebody in this browser, for a number of theirs.
    async fn code(&self, (browser, owner): (&str, &str), purpose: Purpose) -> (String, String) {
        let (app, phone, (account, _)) = (&self.village.app, self.number(), self.person(owner).await);
        let request = self.village.request(browser, "GET", "/").body(()).unwrap();
        let cookies = request.headers()[header::COOKIE].to_str().unwrap().to_owned();
        let visitor = cookies.split("; ").find_map(|one| one.strip_prefix("mulin_v=")).unwrap();
        let (bound, secrets, number) = (bound_of(&app.secrets, purpose, visitor), &app.secrets, phone.as_str());
        let (bound, context) = (&bound, app.context());
        let asked = app.db.transact(&context, |tx| {
            Box::pin(async move {
                store::give(tx, secrets, account, number).await?;
                if purpose == Purpose::Enter {
                    store::confirm(tx, secrets, account, number).await?;
                }
                store::ask(tx, secrets, (purpose, bound), (number, Some(account))).await
            })
        });
        let (_, code) = asked.await.unwrap();
        (phone, code)
    }

    pub async fn phones(&self, call: &str, n: usize) -> Option<Sample> {
        let who = ["granny", "tenant", "committee"][n % 3];
        let old = "石榴园的春天很长";
        Some(match call {
            "POST /me/devices/phone" => {
                let fields = [("phone", self.number()), ("phone-old", old.to_owned())];
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                Sample::Keyed(form(who, "/me/devices/phone", &fields), "phone", self.number().into())
            }
            "POST /api/v1/me/phone" => {
                let body = object!({ "phone": self.number(), "password": old });
                Sample::Keyed(json(who, "/api/v1/me/phone", body), "phone", self.number().into())
            }
            "POST /me/devices/phone/confirm" => {
                let (_, code) = self.code((who, who), Purpose::Confirm).await;
                Sample::Keyed(form(who, "/me/devices/phone/confirm", &[("code", &code)]), "code", "000000".into())
            }
            "POST /api/v1/me/phone/confirm" => {
                let (_, code) = self.code((who, who), Purpose::Confirm).await;
                Sample::Keyed(json(who, "/api/v1/me/phone/confirm", object!({ "code": code })), "code", "000000".into())
            }
            "POST /me/devices/phone/remove" => {
                self.code((who, who), Purpose::Confirm).await;
                Sample::Keyed(form(who, "/me/devices/phone/remove", &[("sure", "1")]), "sure", "2".into())
            }
            "POST /api/v1/me/phone/remove" => {
                self.code((who, who), Purpose::Confirm).await;
                Sample::Same(json(who, "/api/v1/me/phone/remove", object!({})), SILENT)
            }
            "POST /sign-in/phone" => Sample::Keyed(
                form("reader", "/sign-in/phone", &[("phone", &self.number())]),
                "phone",
                self.number().into(),
            ),
            "POST /sign-in/phone/code" => {
                let (phone, code) = self.code(("reader", who), Purpose::Enter).await;
                let fields = [("phone", phone.as_str()), ("code", code.as_str())];
                Sample::Keyed(form("reader", "/sign-in/phone/code", &fields), "code", "000000".into())
            }
            _ => return None,
        })
    }
}
