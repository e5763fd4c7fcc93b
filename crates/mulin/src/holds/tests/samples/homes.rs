//! Samples of households.

use super::programs::SILENT;
use super::{Sample, Sent, Stage, form, json};
use serde_json::{Value, json as object};

fn keyed(sent: Sent, field: &'static str, other: impl Into<Value>) -> Option<Sample> {
    Some(Sample::Keyed(sent, field, other.into()))
}

impl Stage {
    /// A home of its own for a sample; gives its path.
    async fn home(&self, n: usize) -> String {
        let room = format!("h{n}{}", &self.key()[..8]);
        self.sheet(&format!("shiliu,石榴园,1号楼,1单元,{room}")).await;
        format!("shiliu/1/1/{room}")
    }

    /// A building of its own with somebody in it who cannot sign in yet.
    async fn building(&self, n: usize) -> String {
        let number = 70 + n;
        self.sheet(&format!("shiliu,石榴园,{number}号楼,1单元,101")).await;
        let at = format!("shiliu/{number}");
        let body =
            object!({ "at": format!("{at}/1/101"), "name": format!("住户{n}"), "as": "tenant", "proof": "lease" });
        self.calls("community", "/api/v1/homes/members", body).await;
        at
    }

    pub async fn member(&self, n: usize) -> String {
        let body = object!({ "at": self.home(n).await, "name": format!("住户{n}"), "as": "tenant", "proof": "lease" });
        self.calls("captain", "/api/v1/homes/members", body).await["id"].as_str().unwrap().to_owned()
    }

    /// Somebody's question about a home of its own, and the home's path.
    async fn joining(&self, who: &'static str, n: usize) -> String {
        let home = self.home(n).await;
        let room = home.rsplit('/').next().unwrap();
        let body = object!({ "building": "shiliu/1", "entrance": "1", "room": room, "as": "family" });
        self.calls(who, "/api/v1/me/homes", body).await["id"].as_str().unwrap().to_owned()
    }

    pub async fn homes(&self, call: &str, n: usize) -> Option<Sample> {
        let who = ["granny", "tenant", "property"][n % 3];
        let nothing = || object!({});
        match call {
            "POST /office/homes" => {
                let (at, name) = (self.home(n).await, format!("住户{n}"));
                let fields = [("at", at.as_str()), ("name", &name), ("office", "tenant"), ("proof", "lease")];
                keyed(form("captain", "/office/homes", &fields), "name", "别人")
            }
            "POST /api/v1/homes/members" => {
                let at = self.home(n).await;
                let body = object!({ "at": at, "name": format!("住户{n}"), "as": "tenant", "proof": "lease" });
                keyed(json("captain", "/api/v1/homes/members", body), "name", "别人")
            }
            "POST /office/homes/letters" => {
                let at = self.building(n).await;
                keyed(form("community", "/office/homes/letters", &[("at", &at), ("sure", "1")]), "sure", "2")
            }
            "POST /api/v1/homes/letters" => {
                let at = self.building(n).await;
                keyed(json("community", "/api/v1/homes/letters", object!({ "at": at })), "at", "shiliu/1")
            }
            "POST /office/homes/decide" => {
                let id = self.joining(who, n).await;
                let fields = [("joining", id.as_str()), ("answer", "yes"), ("proof", "known")];
                keyed(form("captain", "/office/homes/decide", &fields), "answer", "no")
            }
            "POST /api/v1/homes/joinings/{id}" => {
                let path = format!("/api/v1/homes/joinings/{}", self.joining(who, n).await);
                keyed(json("captain", path, object!({ "answer": "yes", "proof": "known" })), "answer", "no")
            }
            "POST /office/homes/verify" => {
                let id = self.member(n).await;
                let fields = [("member", id.as_str()), ("proof", "known")];
                keyed(form("captain", "/office/homes/verify", &fields), "proof", "lease")
            }
            "POST /api/v1/homes/members/{id}/verify" => {
                let path = format!("/api/v1/homes/members/{}/verify", self.member(n).await);
                keyed(json("captain", path, object!({ "proof": "known" })), "proof", "lease")
            }
            "POST /office/homes/letter" | "POST /office/homes/end" => {
                let id = self.member(n).await;
                let path = call.strip_prefix("POST ").unwrap_or_default();
                keyed(form("captain", path, &[("member", &id), ("sure", "1")]), "sure", "2")
            }
            "POST /api/v1/homes/members/{id}/letter" | "POST /api/v1/homes/members/{id}/end" => {
                let deed = call.rsplit('/').next().unwrap_or_default();
                let path = format!("/api/v1/homes/members/{}/{deed}", self.member(n).await);
                Some(Sample::Same(json("captain", path, nothing()), SILENT))
            }
            "POST /me/homes" => {
                let home = self.home(n).await;
                let room = home.rsplit('/').next().unwrap();
                let fields = [("building", "shiliu/1"), ("entrance", "1"), ("room", room), ("as", "family")];
                keyed(form(who, "/me/homes", &fields), "as", "owner")
            }
            "POST /api/v1/me/homes" => {
                let home = self.home(n).await;
                let room = home.rsplit('/').next().unwrap();
                let body = object!({ "building": "shiliu/1", "entrance": "1", "room": room, "as": "family" });
                keyed(json(who, "/api/v1/me/homes", body), "as", "owner")
            }
            "POST /me/homes/take-back" => {
                let id = self.joining(who, n).await;
                keyed(form(who, "/me/homes/take-back", &[("joining", &id), ("sure", "1")]), "sure", "2")
            }
            "POST /api/v1/me/homes/joinings/{id}/take-back" => {
                let path = format!("/api/v1/me/homes/joinings/{}/take-back", self.joining(who, n).await);
                Some(Sample::Same(json(who, path, nothing()), SILENT))
            }
            "POST /me/homes/end" | "POST /api/v1/me/homes/members/{id}/end" => {
                let joining = self.joining(who, n).await;
                let answer = object!({ "answer": "yes", "proof": "known" });
                self.calls("captain", &format!("/api/v1/homes/joinings/{joining}"), answer).await;
                let homes = self.village.get(who, "/api/v1/me/homes").await.json();
                let id = homes["members"][0]["id"].as_str().unwrap().to_owned();
                if call == "POST /me/homes/end" {
                    keyed(form(who, "/me/homes/end", &[("member", &id), ("sure", "1")]), "sure", "2")
                } else {
                    let path = format!("/api/v1/me/homes/members/{id}/end");
                    Some(Sample::Same(json(who, path, nothing()), SILENT))
                }
            }
            "POST /sign-in/join" => {
                let (home, login) = (self.home(n).await, format!("joiner{n}{}", &self.key()[..6]));
                let room = home.rsplit('/').next().unwrap();
                let fields = [
                    ("building", "shiliu/1"),
                    ("entrance", "1"),
                    ("room", room),
                    ("as", "tenant"),
                    ("name", "新来的人"),
                    ("login", login.as_str()),
                    ("password", "石榴园的春天很长"),
                ];
                keyed(form("reader", "/sign-in/join", &fields), "name", "别人")
            }
            _ => None,
        }
    }
}
