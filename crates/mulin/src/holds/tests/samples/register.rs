//! Samples of the register for votes.

use super::{Sample, Stage, form, json};
use serde_json::{Value, json as object};

impl Stage {
    async fn unit(&self, n: usize) -> String {
        let body = object!({ "code": format!("U-{n}{}", &self.key()[..6]), "kind": "home", "area_m2": "88.50",
            "owners": [{ "name": "沈云舟" }] });
        self.calls("committee", "/api/v1/register/units", body).await["id"].as_str().unwrap().to_owned()
    }

    pub async fn register(&self, call: &str, n: usize) -> Option<Sample> {
        let sheet = |area: &str| hex::encode(format!("户号,专有面积,业主\nS-{n},{area},王一\n"));
        let (sent, field, other): (_, _, Value) = match call {
            "POST /office/register" | "POST /api/v1/register/import" => {
                // The first sheet of all takes out what was put in before; the others find one unit, and leave one.
                let clear = [("at", "shiliu"), ("really", "1"), ("file:file", &sheet("70"))];
                self.does(&form("committee", "/office/register", &clear)).await;
                let (path, file) = (call.strip_prefix("POST ").unwrap_or_default(), sheet("80"));
                let fields = [("at", "shiliu"), ("really", "1"), ("file:file", file.as_str())];
                (form("committee", path, &fields), "really", "2".into())
            }
            "POST /office/register/unit" => {
                let code = format!("H-{n}");
                let fields =
                    [("at", "shiliu"), ("code", code.as_str()), ("kind", "home"), ("area", "60"), ("owners", "王一")];
                (form("committee", "/office/register/unit", &fields), "area", "61".into())
            }
            "POST /api/v1/register/units" => {
                let body = object!({ "code": format!("P-{n}"), "kind": "home", "area_m2": "60", "owners": [{ "name": "王一" }] });
                (json("committee", "/api/v1/register/units", body), "area_m2", "61".into())
            }
            "POST /office/register/remove" => {
                let id = self.unit(n).await;
                let fields = [("at", "shiliu"), ("unit", id.as_str()), ("sure", "1")];
                (form("committee", "/office/register/remove", &fields), "sure", "2".into())
            }
            "POST /api/v1/register/units/{id}/remove" => {
                let path = format!("/api/v1/register/units/{}/remove", self.unit(n).await);
                (json("committee", path, object!({ "at": "shiliu" })), "at", Value::Null)
            }
            _ => return None,
        };
        Some(Sample::Keyed(sent, field, other))
    }
}
