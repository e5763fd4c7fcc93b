//! Samples of standing in.

use super::programs::SILENT;
use super::{Sample, Sent, Stage, form, json};
use serde_json::{Value, json as object};

const PLAYS: &str = "whoever begins plays another's part in their session from then on, and whatever is tried after it; a story of its own sends it sixteen times";

fn keyed(sent: Sent, field: &'static str, other: impl Into<Value>) -> Option<Sample> {
    Some(Sample::Keyed(sent, field, other.into()))
}

impl Stage {
    /// Somebody at home who agreed before the captain: the stand-in, and the code for it.
    async fn agreed(&self, n: usize) -> (String, String) {
        let path = format!("/api/v1/homes/members/{}/standing", self.member(n).await);
        let made = self.calls("captain", &path, object!({ "consent": "spoken", "days": 30 })).await;
        (made["id"].as_str().unwrap().to_owned(), made["code"].as_str().unwrap().to_owned())
    }

    /// The same where somebody stands in.
    async fn stood(&self, who: &str, n: usize) -> String {
        let (id, code) = self.agreed(n).await;
        self.calls(who, "/api/v1/me/standing/accept", object!({ "code": code })).await;
        id
    }

    pub async fn standing(&self, call: &str, n: usize) -> Option<Sample> {
        let accept = "/api/v1/me/standing/accept";
        match call {
            "POST /me/standing" => keyed(form("granny", "/me/standing", &[("days", "30")]), "days", "90"),
            "POST /api/v1/me/standing" => {
                keyed(json("tenant", "/api/v1/me/standing", object!({ "days": 30 })), "days", 90)
            }
            "POST /me/standing/accept" => {
                let (_, code) = self.agreed(n).await;
                keyed(form("granny", "/me/standing/accept", &[("code", &code)]), "code", "ABCDEFGHJK")
            }
            "POST /api/v1/me/standing/accept" => {
                let (_, code) = self.agreed(n).await;
                keyed(json("tenant", accept, object!({ "code": code })), "code", "ABCDEFGHJK")
            }
            "POST /me/standing/end" => {
                let id = self.stood("granny", n).await;
                keyed(form("granny", "/me/standing/end", &[("stand", &id), ("sure", "1")]), "sure", "2")
            }
            "POST /api/v1/me/standing/{id}/end" => {
                let path = format!("/api/v1/me/standing/{}/end", self.stood("tenant", n).await);
                Some(Sample::Same(json("tenant", path, object!({})), SILENT))
            }
            "POST /me/standing/{id}/begin" | "POST /api/v1/me/standing/{id}/begin" => Some(Sample::Left(PLAYS)),
            "POST /me/standing/stop" => Some(Sample::Same(form("granny", "/me/standing/stop", &[]), SILENT)),
            "POST /api/v1/me/standing/stop" => {
                Some(Sample::Same(json("tenant", "/api/v1/me/standing/stop", object!({})), SILENT))
            }
            "POST /office/homes/standing" => {
                let id = self.member(n).await;
                let fields = [("member", id.as_str()), ("consent", "spoken"), ("days", "30")];
                keyed(form("captain", "/office/homes/standing", &fields), "consent", "paper")
            }
            "POST /api/v1/homes/members/{id}/standing" => {
                let path = format!("/api/v1/homes/members/{}/standing", self.member(n).await);
                keyed(json("captain", path, object!({ "consent": "spoken", "days": 30 })), "days", 90)
            }
            "POST /office/homes/standing/end" => {
                let member = self.member(n).await;
                let path = format!("/api/v1/homes/members/{member}/standing");
                let made = self.calls("captain", &path, object!({ "consent": "spoken", "days": 30 })).await;
                let fields = [("member", member.as_str()), ("stand", made["id"].as_str().unwrap()), ("sure", "1")];
                keyed(form("captain", "/office/homes/standing/end", &fields), "sure", "2")
            }
            "POST /api/v1/homes/standing/{id}/end" => {
                let path = format!("/api/v1/homes/standing/{}/end", self.agreed(n).await.0);
                Some(Sample::Same(json("captain", path, object!({})), SILENT))
            }
            _ => None,
        }
    }
}
