//! Samples of 有忙大家帮.

use super::{Sample, Stage, form, json};
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
                self.does(&sent).await;
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
                self.does(&sent).await;
                (sent, ("supervision", "0512-6112".into()))
            }
            _ => return None,
        };
        Some(Sample::Keyed(sent, field, value))
    }
}
