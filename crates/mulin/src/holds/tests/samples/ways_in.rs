//! Samples of sessions, passwords and ways back.

use super::programs::SILENT;
use super::{Sample, Sent, Stage, form, json};
use commons::people::back::store;
use commons::people::{provider, store as people};
use kit::oidc::soft::SoftProvider;
use kit::passkey::Here;
use kit::passkey::soft::SoftKey;
use kit::web::session;
use serde_json::{Value, json as object};

impl Stage {
    /// One more session of somebody; gives its name in their list.
    async fn session(&self, who: &str) -> String {
        let (app, (account, _)) = (&self.village.app, self.person(who).await);
        let context = app.context();
        let opened = app.db.transact(&context, |tx| {
            Box::pin(async move { session::open(tx, account.0, "phone/Firefox").await.map(drop) })
        });
        opened.await.unwrap();
        let mine = session::mine(&app.db, account.0, app.clock.now()).await.unwrap();
        mine.into_iter().find(|one| one.label == "phone/Firefox").unwrap().name
    }

    /// Somebody of a home with an account of their own; gives the membership.
    async fn forgetful(&self, n: usize) -> String {
        let (app, tenant) = (&self.village.app, self.tenant);
        let body =
            object!({ "at": "shiliu/1/1/101", "name": format!("忘了密码的{n}"), "as": "family", "proof": "known" });
        let id = self.calls("captain", "/api/v1/homes/members", body).await["id"].as_str().unwrap().to_owned();
        let letters = self.village.get("captain", "/api/v1/homes/letters?at=shiliu/1/1/101").await.json();
        let code = letters["letters"].as_array().unwrap().last().unwrap()["code"].as_str().unwrap().to_owned();
        let login = format!("forgetful{n}{}", &self.key()[..8]);
        let context = app.context();
        let invited = people::invite::find(&app.db, &app.secrets, &code, app.clock.now()).await.unwrap().unwrap();
        assert_eq!(invited.tenant, tenant);
        let (invited, login) = (&invited, &login);
        let joined = app.db.transact(&context, |tx| {
            Box::pin(async move { people::invite::accept(tx, invited, login, "x").await.map(drop) })
        });
        joined.await.unwrap();
        id
    }

    /// A way back for somebody, once vouched for.
    pub async fn way(&self, n: usize) -> String {
        let body = object!({ "mandate": self.forgetful(n).await });
        self.calls("captain", "/api/v1/ways-back", body).await["id"].as_str().unwrap().to_owned()
    }

    /// A device that somebody has just added.
    async fn device(&self, who: &str) -> (SoftKey, String) {
        let (made, body) = self.key_made(who).await;
        let id = self.calls(who, "/api/v1/me/passkeys", body).await["id"].as_str().unwrap().to_owned();
        (made, id)
    }

    /// A device that has made a key, and what its browser sends of it.
    async fn key_made(&self, who: &str) -> (SoftKey, Value) {
        let asked = self.calls(who, "/api/v1/me/passkeys/begin", object!({ "password": "石榴园的春天很长" })).await;
        let (account, _) = self.person(who).await;
        let device = SoftKey::new(1, account.0.as_bytes());
        let sent = device.make(&self.here(), asked["challenge"].as_str().unwrap());
        (device, object!({ "name": "手机", "client": sent.client, "attestation": sent.data }))
    }

    fn here(&self) -> Here {
        Here::of(self.village.app.config.public_url.as_deref()).unwrap()
    }

    /// The office of the community, which answers as long as the tests run.
    async fn provider(&self) -> &'static SoftProvider {
        let soft: &'static SoftProvider = Box::leak(Box::new(SoftProvider::start(self.village.app.clock.now()).await));
        let (name, secret) = ("统一登录", "s3cret of the/office");
        let body = object!({ "name": name, "issuer": soft.issuer, "client": "mulin", "secret": secret });
        self.calls("community", "/api/v1/provider", body).await;
        soft
    }

    /// Somebody is known there as `worker-7`.
    async fn link(&self, who: &str) {
        let (app, tenant) = (&self.village.app, self.tenant);
        let (account, person) = self.person(who).await;
        let issuer = match provider::store::of(&app.db, &app.secrets, tenant).await.unwrap() {
            Some(set) if set.issuer.starts_with("http://") => set.issuer,
            _ => self.provider().await.issuer.clone(),
        };
        let (context, issuer) = (app.context(), issuer.as_str());
        let linked = app.db.transact(&context, |tx| {
            Box::pin(provider::store::link(tx, &app.secrets, (tenant, person, account), (issuer, "worker-7")))
        });
        linked.await.unwrap();
    }

    /// Somebody has gone there from this browser and logged in as `worker-7`.
    async fn errand(&self, browser: &str) -> (String, String) {
        let soft = self.provider().await;
        self.link("captain").await;
        let sent = form("reader", "/sign-in/office", &[("provider", &self.tenant.to_string())]);
        let request = self.request(&Sent { who: "reader", ..sent }, &self.key(), &self.csrf(browser).await);
        let page = self.village.send(request).await;
        let address = page.body.split("<a class=\"button main\" href=\"").nth(1).unwrap().split('"').next().unwrap();
        soft.logs_in(&address.replace("&#38;", "&").replace("&amp;", "&"), "worker-7")
    }

    pub async fn ways_in(&self, call: &str, n: usize) -> Option<Sample> {
        let who = ["granny", "tenant", "committee"][n % 3];
        let (sent, field, other): (_, _, Value) = match call {
            "POST /me/devices/end" => {
                let id = self.session(who).await;
                (form(who, "/me/devices/end", &[("device", &id), ("sure", "1")]), "sure", "2".into())
            }
            "POST /api/v1/me/devices/{id}/end" => {
                let path = format!("/api/v1/me/devices/{}/end", self.session(who).await);
                return Some(Sample::Same(json(who, path, object!({})), SILENT));
            }
            "POST /me/devices/end-others" => {
                (form(who, "/me/devices/end-others", &[("sure", "1")]), "sure", "2".into())
            }
            "POST /api/v1/me/devices/end-others" => {
                return Some(Sample::Same(json(who, "/api/v1/me/devices/end-others", object!({})), SILENT));
            }
            "POST /me/devices/passkeys/remove" => {
                let (_, id) = self.device(who).await;
                self.device(who).await;
                (form(who, "/me/devices/passkeys/remove", &[("passkey", &id), ("sure", "1")]), "sure", "2".into())
            }
            "POST /api/v1/me/passkeys/{id}/remove" => {
                let (_, id) = self.device(who).await;
                self.device(who).await;
                return Some(Sample::Same(json(who, format!("/api/v1/me/passkeys/{id}/remove"), object!({})), SILENT));
            }
            "POST /api/v1/me/passkeys/begin" => {
                let body = object!({ "password": "石榴园的春天很长" });
                (json(who, "/api/v1/me/passkeys/begin", body), "password", "石榴园的夏天很长".into())
            }
            "POST /api/v1/me/passkeys" => {
                let (_, body) = self.key_made(who).await;
                (json(who, "/api/v1/me/passkeys", body), "name", "另一个名字".into())
            }
            "POST /api/v1/sign-in/passkey" => {
                return Some(Sample::Same(json("reader", "/api/v1/sign-in/passkey", object!({})), SILENT));
            }
            "POST /sign-in/passkey" => {
                let (mut device, _) = self.device(who).await;
                let asked = self.calls("reader", "/api/v1/sign-in/passkey", object!({})).await;
                let sent = device.show(&self.here(), asked["challenge"].as_str().unwrap());
                (form("reader", "/sign-in/passkey", &sent.fields()), "signature", "AAAA".into())
            }
            "POST /office/provider" => {
                self.provider().await;
                let fields = [
                    ("name", "统一登录"),
                    ("issuer", "https://login.example"),
                    ("client", "mulin"),
                    ("secret", "s3cret-of-office"),
                ];
                (form("community", "/office/provider", &fields), "name", "另一个".into())
            }
            "POST /api/v1/provider" => {
                self.provider().await;
                let body = object!({ "name": "统一登录", "issuer": "https://login.example", "client": "mulin", "secret": "s3cret-of-office" });
                (json("community", "/api/v1/provider", body), "name", "另一个".into())
            }
            "POST /office/provider/end" => {
                self.provider().await;
                (form("community", "/office/provider/end", &[("sure", "1")]), "sure", "2".into())
            }
            "POST /api/v1/provider/end" => {
                self.provider().await;
                return Some(Sample::Same(json("community", "/api/v1/provider/end", object!({})), SILENT));
            }
            "POST /sign-in/office" => {
                self.provider().await;
                let tenant = self.tenant.to_string();
                (form("reader", "/sign-in/office", &[("provider", &tenant), ("sure", "1")]), "sure", "2".into())
            }
            "POST /me/devices/office" => {
                self.provider().await;
                let tenant = self.tenant.to_string();
                (form("captain", "/me/devices/office", &[("provider", &tenant), ("sure", "1")]), "sure", "2".into())
            }
            "POST /sign-in/office/back" => {
                let (code, state) = self.errand("reader").await;
                let fields = [("code", code.as_str()), ("state", &state), ("sure", "1")];
                (form("reader", "/sign-in/office/back", &fields), "sure", "2".into())
            }
            "POST /me/devices/office/remove" => {
                self.device("captain").await;
                self.link("captain").await;
                let tenant = self.tenant.to_string();
                (
                    form("captain", "/me/devices/office/remove", &[("provider", &tenant), ("sure", "1")]),
                    "sure",
                    "2".into(),
                )
            }
            "POST /me/devices/password" => {
                let (account, _) = self.person(who).await;
                let (_, phc) = store::account(&self.village.app.db, account).await.unwrap().unwrap();
                let old = if phc.is_some() { "石榴园的春天很长" } else { "" };
                let fields = [("old", old), ("password", "石榴园的春天很长")];
                (form(who, "/me/devices/password", &fields), "password", "石榴园的夏天很长".into())
            }
            "POST /office/back" => {
                let id = self.forgetful(n).await;
                (form("captain", "/office/back", &[("mandate", &id), ("sure", "1")]), "sure", "2".into())
            }
            "POST /api/v1/ways-back" => {
                let body = object!({ "mandate": self.forgetful(n).await });
                (json("captain", "/api/v1/ways-back", body), "mandate", "another".into())
            }
            "POST /office/back/confirm" => {
                let id = self.way(n).await;
                (form("community", "/office/back/confirm", &[("way", &id), ("sure", "1")]), "sure", "2".into())
            }
            "POST /office/back/stop" => {
                let id = self.way(n).await;
                (form("captain", "/office/back/stop", &[("way", &id), ("sure", "1")]), "sure", "2".into())
            }
            "POST /api/v1/ways-back/{id}/confirm" | "POST /api/v1/ways-back/{id}/stop" => {
                let deed = call.rsplit('/').next().unwrap_or_default();
                let path = format!("/api/v1/ways-back/{}/{deed}", self.way(n).await);
                return Some(Sample::Same(json("community", path, object!({})), SILENT));
            }
            "POST /sign-in/back" => {
                let id = self.way(n).await;
                self.calls("community", &format!("/api/v1/ways-back/{id}/confirm"), object!({})).await;
                let code = store::code(&self.village.app.secrets, id.parse().unwrap());
                let fields = [("code", code.as_str()), ("password", "石榴园的春天很长")];
                (form("reader", "/sign-in/back", &fields), "password", "石榴园的秋天很长".into())
            }
            _ => return None,
        };
        Some(Sample::Keyed(sent, field, other))
    }
}
