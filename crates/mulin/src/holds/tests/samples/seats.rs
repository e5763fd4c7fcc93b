//! Samples of deputies, leaves and handing over.

use super::programs::SILENT;
use super::{Sample, Stage, form, json};
use serde_json::{Value, json as object};

impl Stage {
    /// A guard's seat of its own for a sample, and somebody who could stand in.
    async fn guard(&self, n: usize) -> (String, String) {
        let body = object!({ "name": format!("门卫{n}{}", &self.key()[..6]), "office": "guard", "at": "shiliu", "source": "contract" });
        let id = self.calls("community", "/api/v1/people", body).await["id"].as_str().unwrap().to_owned();
        let one = self.village.get("community", &format!("/api/v1/people/{id}")).await.json();
        (id, one["candidates"][0]["id"].as_str().unwrap().to_owned())
    }

    /// The same with a deputy, away if wanted.
    async fn seat_with_deputy(&self, n: usize, away: bool) -> String {
        let (id, to) = self.guard(n).await;
        self.calls("community", &format!("/api/v1/people/{id}/deputy"), object!({ "to": to })).await;
        if away {
            let days = object!({ "from": "2026-12-01", "until": "2026-12-09" });
            self.calls("community", &format!("/api/v1/people/{id}/away"), days).await;
        }
        id
    }

    pub async fn seats(&self, call: &str, n: usize) -> Option<Sample> {
        let api = |id: &str, deed: &str| format!("/api/v1/people/{id}/{deed}");
        let (sent, field, other): (_, _, Value) = match call {
            "POST /office/people/deputy" => {
                let (id, to) = self.guard(n).await;
                (form("community", "/office/people/deputy", &[("id", &id), ("to", &to)]), "to", "".into())
            }
            "POST /api/v1/people/{id}/deputy" => {
                let (id, to) = self.guard(n).await;
                (json("community", api(&id, "deputy"), object!({ "to": to })), "to", Value::Null)
            }
            "POST /office/people/away" => {
                let id = self.seat_with_deputy(n, false).await;
                let fields = [("id", id.as_str()), ("from", "2026-12-01"), ("until", "2026-12-09")];
                (form("community", "/office/people/away", &fields), "until", "2026-12-08".into())
            }
            "POST /api/v1/people/{id}/away" => {
                let id = self.seat_with_deputy(n, false).await;
                let days = object!({ "from": "2026-12-01", "until": "2026-12-09" });
                (json("community", api(&id, "away"), days), "until", "2026-12-08".into())
            }
            "POST /office/people/back" => {
                let id = self.seat_with_deputy(n, true).await;
                (form("community", "/office/people/back", &[("id", &id), ("sure", "1")]), "sure", "2".into())
            }
            "POST /api/v1/people/{id}/back" => {
                let id = self.seat_with_deputy(n, true).await;
                return Some(Sample::Same(json("community", api(&id, "back"), object!({})), SILENT));
            }
            "POST /office/people/hand-over" => {
                let id = self.guard(n).await.0;
                let fields = [("id", id.as_str()), ("to", ""), ("name", "下一位")];
                (form("community", "/office/people/hand-over", &fields), "name", "别人".into())
            }
            "POST /api/v1/people/{id}/hand-over" => {
                let id = self.guard(n).await.0;
                (json("community", api(&id, "hand-over"), object!({ "name": "下一位" })), "name", "别人".into())
            }
            _ => return None,
        };
        Some(Sample::Keyed(sent, field, other))
    }
}
