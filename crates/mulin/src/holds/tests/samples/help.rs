//! Samples of 有忙大家帮.

use super::{Sample, Sent, Stage, at_hub, form, json, plainly};
use serde_json::{Value, json as object};

const DUTIES: [&str; 4] = ["talks", "disputes", "surroundings", "care"];

impl Stage {
    pub async fn help(&self, call: &str, n: usize) -> Option<Sample> {
        let duty = DUTIES[n % DUTIES.len()];
        let other_duty = || ("duty", Value::from(DUTIES[(n + 1) % DUTIES.len()]));
        let team = [("at", "shiliu/1"), ("duty", duty)];
        let (sent, (field, value)) = match call {
            "POST /help/captain/join" => {
                // Somebody else may have joined and left by now; this one has not.
                self.village.forge("granny", "/help/captain/leave", &team).await;
                (form("granny", "/help/captain/join", &team), other_duty())
            }
            "POST /help/captain/leave" => {
                self.village.forge("granny", "/help/captain/join", &team).await;
                (form("granny", "/help/captain/leave", &team), other_duty())
            }
            "POST /api/v1/captains/join" => {
                self.village.forge("tenant", "/help/captain/leave", &team).await;
                (json("tenant", "/api/v1/captains/join", object!({ "at": "shiliu/1", "duty": duty })), other_duty())
            }
            "POST /api/v1/captains/leave" => {
                self.village.forge("tenant", "/help/captain/join", &team).await;
                (json("tenant", "/api/v1/captains/leave", object!({ "at": "shiliu/1", "duty": duty })), other_duty())
            }
            "POST /help/captain/card" => {
                let fields = [("at", "shiliu/1"), ("office", "captain"), ("phone", "0512-6000"), ("duties", "议事")];
                let sent = form("captain", "/help/captain/card", &fields);
                // The first card of a seat leaves a row that later ones only change.
                self.does(&sent).await;
                (sent, ("phone", "0512-6001".into()))
            }
            "POST /api/v1/captains/card" => {
                let body = object!({ "at": "shiliu/2", "office": "captain", "phone": "0512-6000" });
                let sent = json("other-captain", "/api/v1/captains/card", body);
                self.hub_does(&sent).await;
                (sent, ("phone", "0512-6001".into()))
            }
            "POST /help/captain/board" => {
                let sent =
                    form("community", "/help/captain/board", &[("at", "shiliu/1"), ("supervision", "0512-6111")]);
                self.does(&sent).await;
                (sent, ("supervision", "0512-6112".into()))
            }
            "POST /api/v1/captains/board" => {
                let body = object!({ "at": "shiliu/1", "supervision": "0512-6111" });
                let sent = json("community", "/api/v1/captains/board", body);
                self.hub_does(&sent).await;
                (sent, ("supervision", "0512-6112".into()))
            }
            "POST /help/hub/hours" | "POST /api/v1/hub/hours" => {
                // Open all week, for shifts of other samples lie on any day.
                let week = ["d1", "d2", "d3", "d4", "d5", "d6", "d7"].map(|day| (day, "09:00-10:00"));
                let sent = self.at_hub(call, &week);
                self.hub_does(&sent).await;
                (sent, ("d1", "09:00-11:00".into()))
            }
            "POST /help/hub/exception" | "POST /api/v1/hub/exception" => {
                let day = format!("{}-03-{:02}", 2100 + n, 1 + u8::from(call.contains("/api/")));
                (self.at_hub(call, &[("day", &day), ("why", "盘点")]), ("why", "停电".into()))
            }
            "POST /help/hub/usual" | "POST /api/v1/hub/usual" => {
                let day = format!("{}-03-{:02}", 2100 + n, 11 + u8::from(call.contains("/api/")));
                let exception = [("compound", "shiliu"), ("day", day.as_str()), ("why", "盘点")];
                self.does(&form("community", "/help/hub/exception", &exception)).await;
                (self.at_hub(call, &[("day", &day)]), ("day", "2027-09-09".into()))
            }
            "POST /help/hub/post" | "POST /api/v1/hub/post" => {
                (self.at_hub(call, &[("name", "议事岗"), ("duties", "听大家说")]), ("duties", "记下来".into()))
            }
            "POST /help/hub/hold" | "POST /api/v1/hub/hold" => {
                let id = self.post().await;
                (self.at_hub(call, &[("id", &id)]), ("id", self.post().await.into()))
            }
            "POST /help/hub/confirm" | "POST /api/v1/hub/confirm" => {
                let id = self.post().await;
                self.does(&form("captain", "/help/hub/hold", &[("compound", "shiliu"), ("id", &id)])).await;
                (self.at_hub(call, &[("id", &id)]), ("id", self.post().await.into()))
            }
            "POST /help/hub/give-back"
            | "POST /api/v1/hub/give-back"
            | "POST /help/hub/end"
            | "POST /api/v1/hub/end" => {
                let id = self.post().await;
                let hold = [("compound", "shiliu"), ("id", id.as_str())];
                self.does(&form("captain", "/help/hub/hold", &hold)).await;
                (self.at_hub(call, &[("id", &id)]), ("id", self.post().await.into()))
            }
            "POST /help/hub/entry" | "POST /api/v1/hub/entry" => {
                let id = self.post().await;
                (self.at_hub(call, &[("id", &id), ("text", "填了三张表")]), ("text", "填了四张表".into()))
            }
            "POST /help/hub/opinion" | "POST /api/v1/hub/opinion" => {
                (self.at_hub(call, &[("text", "晾衣架装南边好")]), ("text", "装北边好".into()))
            }
            "POST /help/hub/withdraw" | "POST /api/v1/hub/withdraw" => {
                let id = self.post().await;
                let entry = [("compound", "shiliu"), ("id", id.as_str()), ("text", "填了三张表")];
                self.does(&form("community", "/help/hub/entry", &entry)).await;
                let told = self.village.get("community", "/api/v1/hub/entries?compound=shiliu").await.json();
                let line = told["entries"][0]["id"].as_str().unwrap().to_owned();
                (self.at_hub(call, &[("id", &line)]), ("id", kit::Uuid::nil().to_string().into()))
            }
            "POST /help/hub/away" | "POST /api/v1/hub/away" => {
                let id = self.post().await;
                self.does(&form("captain", "/help/hub/hold", &[("compound", "shiliu"), ("id", &id)])).await;
                let days = [("id", id.as_str()), ("from", "2026-12-01"), ("until", "2026-12-09")];
                (self.at_hub(call, &days), ("until", "2026-12-08".into()))
            }
            "POST /help/hub/here" | "POST /api/v1/hub/here" => {
                let id = self.post_away("captain").await;
                (self.at_hub(call, &[("id", &id)]), ("id", self.post().await.into()))
            }
            "POST /help/hub/stand-in" | "POST /api/v1/hub/stand-in" => {
                let id = self.post_away("captain").await;
                (self.at_hub(call, &[("id", &id)]), ("id", self.post().await.into()))
            }
            "POST /help/hub/stand-down" | "POST /api/v1/hub/stand-down" => {
                let id = self.post_away("captain").await;
                self.does(&form("granny", "/help/hub/stand-in", &[("compound", "shiliu"), ("id", &id)])).await;
                (self.at_hub(call, &[("id", &id)]), ("id", self.post().await.into()))
            }
            "POST /help/hub/write-up" | "POST /api/v1/hub/write-up" => {
                let sent = self.at_hub(call, &[("day", "2026-11-23"), ("spans", "09:00-10:00")]);
                // The first time leaves a row that later ones only change.
                self.hub_does(&sent).await;
                (sent, ("spans", "09:00-11:00".into()))
            }
            _ => return None,
        };
        Some(Sample::Keyed(sent, field, value))
    }

    /// A post whose holder is away.
    async fn post_away(&self, holder: &'static str) -> String {
        let id = self.post().await;
        let one = [("compound", "shiliu"), ("id", id.as_str())];
        self.does(&form(holder, "/help/hub/hold", &one)).await;
        let days = [&one[..], &[("from", "2026-11-24"), ("until", "2027-01-09")]].concat();
        self.does(&form(holder, "/help/hub/away", &days)).await;
        id
    }

    /// A deed at the hub or with its roster, as its form or as a call.
    fn at_hub(&self, call: &str, fields: &[(&str, &str)]) -> Sent {
        let path = call.strip_prefix("POST ").unwrap_or_default();
        let who = match path.rsplit('/').next().unwrap_or_default() {
            "hold" | "stand-in" | "opinion" => "granny",
            "away" | "here" => "captain",
            _ => "community",
        };
        at_hub(who, path, fields, plainly)
    }

    /// Does it once, so that later ones only change rows.
    pub async fn hub_does(&self, sent: &Sent) {
        let seen = self.village.send(self.request(sent, &self.key(), &self.csrf(sent.who).await)).await;
        assert!(seen.status.is_success() || seen.status.is_redirection(), "{}: {}", sent.path, seen.text());
    }

    pub async fn post(&self) -> String {
        let name = format!("岗{}", &self.key()[..8]);
        let fields = [("compound", "shiliu"), ("name", name.as_str()), ("duties", "听大家说"), ("desk", "1")];
        self.does(&form("community", "/help/hub/post", &fields)).await;
        let told = self.village.get("community", "/api/v1/hub?compound=shiliu").await.json();
        let posts = told["posts"].as_array().unwrap();
        posts.iter().find(|post| post["name"] == name.as_str()).unwrap()["id"].as_str().unwrap().to_owned()
    }
}
