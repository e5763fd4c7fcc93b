//! Samples of the duty roster: each has shifts of its own, so that no round meets another's.

use super::{Sample, Stage, at_hub};
use serde_json::{Value, json as object};

impl Stage {
    /// A shift nobody else has: on a Tuesday of some year, at a minute of its own.
    pub async fn shift(&self) -> (String, String) {
        let draw = u32::from_str_radix(&self.key()[..8], 16).unwrap();
        let month = format!("{}-02", 2030 + draw / 1_357 % 150);
        let (hour, minute) = (draw % 23, draw / 23 % 59);
        let (starts, ends) = (format!("{hour:02}:{minute:02}"), format!("{hour:02}:{:02}", minute + 1));
        let body = object!({ "compound": "shiliu", "month": month, "weekdays": [2], "starts": starts, "ends": ends,
            "skill": "desk", "need": 9 });
        self.calls("community", "/api/v1/roster/shifts", body).await;
        let told = self.village.get("community", &format!("/api/v1/roster?compound=shiliu&month={month}")).await.json();
        let all = told["shifts"].as_array().unwrap();
        let made = all.iter().find(|shift| shift["starts"] == starts.as_str()).unwrap();
        (made["id"].as_str().unwrap().to_owned(), starts)
    }

    async fn is_ready(&self, who: &str) {
        let body = object!({ "compound": "shiliu", "weekdays": [2], "month_max": 31, "rest_days": 0 });
        self.calls(who, "/api/v1/roster/ready", body).await;
    }

    async fn put_on(&self, who: &str, shift: &str) -> String {
        self.is_ready(who).await;
        let person = self.person(who).await.1.to_string();
        let body = object!({ "compound": "shiliu", "shift": shift, "person": person });
        self.calls("community", "/api/v1/roster/put", body).await;
        person
    }

    pub async fn roster(&self, call: &str, n: usize) -> Option<Sample> {
        let path = call.strip_prefix("POST ").filter(|path| path.contains("/roster/"))?;
        let deed = path.rsplit('/').next().unwrap_or_default();
        let nobody = || Value::from(kit::Uuid::nil().to_string());
        let (who, fields, (field, value)): (&'static str, Vec<(&str, String)>, (&'static str, Value)) = match deed {
            "ready" => {
                self.is_ready("granny").await;
                let fields = [("weekdays", "2"), ("month_max", "4"), ("rest_days", "1")];
                ("granny", owned(&fields), ("month_max", Value::from(5)))
            }
            "not-ready" => {
                // Claims of earlier rounds go first, so that both rounds end as much.
                self.is_ready("granny").await;
                self.calls("granny", "/api/v1/roster/not-ready", object!({ "compound": "shiliu" })).await;
                self.is_ready("granny").await;
                ("granny", Vec::new(), ("until", "2027-01-01".into()))
            }
            "shifts" => {
                let minute = (n * 2 + usize::from(path.contains("/api/"))) % (19 * 60);
                let starts = format!("{:02}:{:02}", minute / 60, minute % 60);
                let fields = [("month", "2027-03"), ("weekdays", "3"), ("starts", &starts), ("ends", "20:00")];
                let more = [("skill", "desk"), ("need", "2")];
                ("community", [owned(&fields), owned(&more)].concat(), ("need", Value::from(3)))
            }
            "drop-shift" => ("community", owned(&[("shift", &self.shift().await.0)]), ("shift", nobody())),
            "plan" | "publish" => {
                self.is_ready("granny").await;
                // Each sample has a month of its own: one that was published never waits to be published again.
                let way = 2 * usize::from(path.contains("/api/")) + usize::from(deed == "publish");
                let later = 4 + (4 * n + way) % 480;
                let month = format!("{}-{:02}", 2027 + later / 12, later % 12 + 1);
                let month = month.as_str();
                let body = object!({ "compound": "shiliu", "month": month, "weekdays": [2], "starts": "09:00",
                    "ends": "10:00", "skill": "desk", "need": 1 });
                // Made by an earlier round, it is there already.
                let key = self.key();
                self.village.json("community", "POST", "/api/v1/roster/shifts", &key, &body.to_string()).await;
                let plan = object!({ "compound": "shiliu", "month": month });
                self.calls("community", "/api/v1/roster/plan", plan).await;
                ("community", owned(&[("month", month)]), ("month", "2026-12".into()))
            }
            "put" => {
                let shift = self.shift().await.0;
                self.is_ready("granny").await;
                let person = self.person("granny").await.1.to_string();
                ("community", owned(&[("shift", &shift), ("person", &person)]), ("person", nobody()))
            }
            "take-off" => {
                let shift = self.shift().await.0;
                let person = self.put_on("granny", &shift).await;
                ("community", owned(&[("shift", &shift), ("person", &person)]), ("person", nobody()))
            }
            "claim" => {
                self.is_ready("granny").await;
                let fields = [("weekday", "7"), ("starts", "03:00"), ("until", "2027-01-31")];
                ("granny", owned(&fields), ("until", "2027-02-01".into()))
            }
            "unclaim" => {
                self.is_ready("granny").await;
                let claim = object!({ "compound": "shiliu", "weekday": 7, "starts": "03:00", "until": "2027-01-31" });
                self.calls("granny", "/api/v1/roster/claim", claim).await;
                let told = self.village.get("granny", "/api/v1/roster/mine?compound=shiliu").await.json();
                let id = told["claims"][0]["id"].as_str().unwrap().to_owned();
                ("granny", owned(&[("claim", &id)]), ("claim", nobody()))
            }
            "ask" | "answer" => {
                let shift = self.shift().await.0;
                self.put_on("granny", &shift).await;
                self.is_ready("captain").await;
                let person = self.person("captain").await.1.to_string();
                if deed == "ask" {
                    ("granny", owned(&[("shift", &shift), ("person", &person)]), ("person", nobody()))
                } else {
                    let ask = object!({ "compound": "shiliu", "shift": shift, "person": person });
                    self.calls("granny", "/api/v1/roster/ask", ask).await;
                    let told = self.village.get("captain", "/api/v1/roster/mine?compound=shiliu").await.json();
                    let swaps = told["swaps"].as_array().unwrap();
                    let swap = swaps.iter().find(|swap| swap["shift"] == shift.as_str()).unwrap();
                    let id = swap["id"].as_str().unwrap().to_owned();
                    ("captain", owned(&[("swap", &id), ("yes", "1")]), ("swap", nobody()))
                }
            }
            "feed" => {
                let sent = at_hub("granny", path, &[], shaped);
                // The first address leaves a row that later ones only change.
                self.hub_does(&sent).await;
                return Some(Sample::Keyed(sent, "compound", "".into()));
            }
            _ => return None,
        };
        let value = if path.starts_with("/api/") { value } else { Value::from(plain(&value)) };
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Some(Sample::Keyed(at_hub(who, path, &fields, shaped), field, value))
    }
}

fn owned<'n>(fields: &[(&'n str, &str)]) -> Vec<(&'n str, String)> {
    fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Numbers, lists and answers have their own shapes in a call.
fn shaped(name: &str, value: &str) -> Value {
    match name {
        "weekdays" => object!([value.parse::<i64>().unwrap()]),
        "month_max" | "rest_days" | "need" | "weekday" => value.parse::<i64>().unwrap().into(),
        "yes" => (value == "1").into(),
        _ => value.into(),
    }
}
