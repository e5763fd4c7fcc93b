//! Samples of the calls of programs that stand beside a page of the same deed.

use super::say::RED;
use super::{Said, Sample, Sent, Stage, form, json};
use crate::say::requests::answer;
use commons::case::store;
use commons::figures::store as figures;
use serde_json::{Value, json as object};

/// Its body says nothing, so the key cannot come back with another one.
pub const SILENT: &str = "its body says nothing, so no other body can come with its key";

/// An incident as it is typed.
const INCIDENT: [(&str, &str); 6] = [
    ("found", "2026-11-20"),
    ("what", "一台办公电脑被偷"),
    ("kinds", "联系电话"),
    ("affected", "约30户"),
    ("harm", "骚扰电话"),
    ("measures", "换了密钥"),
];

fn keyed(sent: Sent, field: &'static str, other: impl Into<Value>) -> Option<Sample> {
    Some(Sample::Keyed(sent, field, other.into()))
}

impl Stage {
    /// A new token; those of earlier samples are taken back, for nobody has more than a page of them.
    async fn token(&self, n: usize) -> Value {
        let listed = self.village.get("granny", "/api/v1/tokens").await;
        let listed: Value = serde_json::from_str(&listed.body).unwrap();
        for token in listed["tokens"].as_array().unwrap().iter().filter(|token| token["over"] == false) {
            let id = token["id"].as_str().unwrap();
            self.calls("granny", &format!("/api/v1/tokens/{id}/end"), object!({})).await;
        }
        object!({ "name": format!("报表{n}"), "scopes": ["me:read"], "days": 30 })
    }

    fn integration(&self, n: usize) -> Value {
        object!({ "name": format!("工单{n}"), "scopes": ["requests:read"], "days": 30, "office": "property", "at": "shiliu" })
    }

    async fn made(&self, who: &str, path: &str, body: Value) -> String {
        self.calls(who, path, body).await["id"].as_str().expect("what is made has an id.").to_owned()
    }

    async fn incident(&self) -> String {
        let body = INCIDENT.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        self.made("community", "/api/v1/incidents", Value::Object(body)).await
    }

    async fn own_category(&self, n: usize) -> String {
        let body = object!({ "name": format!("花架{n}{}", &self.key()[..4]), "kind": "repair", "door": "compound" });
        self.calls("community", "/api/v1/office/categories", body).await["slug"].as_str().unwrap().to_owned()
    }

    pub async fn programs(&self, call: &str, n: usize) -> Option<Sample> {
        let at = |path: &str| format!("/api/v1/{path}");
        let nothing = || object!({});
        let who = ["granny", "tenant", "captain"][n % 3];
        match call {
            "POST /me/tokens" => {
                let name = self.token(n).await["name"].as_str().unwrap().to_owned();
                keyed(
                    form("granny", "/me/tokens", &[("name", &name), ("scopes", "me:read"), ("days", "30")]),
                    "days",
                    "90",
                )
            }
            "POST /api/v1/tokens" => keyed(json("granny", at("tokens"), self.token(n).await), "days", 90),
            "POST /me/tokens/end" => {
                let id = self.made("granny", "/api/v1/tokens", self.token(n).await).await;
                keyed(form("granny", "/me/tokens/end", &[("token", &id), ("sure", "1")]), "sure", "2")
            }
            "POST /api/v1/tokens/{id}/end" => {
                let id = self.made("granny", "/api/v1/tokens", self.token(n).await).await;
                Some(Sample::Same(json("granny", at(&format!("tokens/{id}/end")), nothing()), SILENT))
            }
            "POST /office/integrations" => {
                let name = format!("工单{n}");
                let fields = [
                    ("name", name.as_str()),
                    ("scopes", "requests:read"),
                    ("days", "30"),
                    ("office", "property"),
                    ("at", "shiliu"),
                ];
                keyed(form("community", "/office/integrations", &fields), "days", "90")
            }
            "POST /api/v1/integrations" => {
                keyed(json("community", at("integrations"), self.integration(n)), "days", 90)
            }
            "POST /office/incidents" => keyed(form("community", "/office/incidents", &INCIDENT), "harm", "别的害处"),
            "POST /api/v1/incidents" => {
                let body: serde_json::Map<_, _> =
                    INCIDENT.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
                keyed(json("community", at("incidents"), Value::Object(body)), "harm", "别的害处")
            }
            "POST /office/incidents/step" => {
                let id = self.incident().await;
                let fields = [("incident", id.as_str()), ("step", "people")];
                keyed(form("community", "/office/incidents/step", &fields), "step", "closed")
            }
            "POST /api/v1/incidents/{id}/people"
            | "POST /api/v1/incidents/{id}/authority"
            | "POST /api/v1/incidents/{id}/closed" => {
                let (id, step) = (self.incident().await, call.rsplit('/').next().unwrap_or_default());
                Some(Sample::Same(json("community", at(&format!("incidents/{id}/{step}")), nothing()), SILENT))
            }
            "POST /office/integrations/end" => {
                let id = self.made("community", "/api/v1/integrations", self.integration(n)).await;
                keyed(form("community", "/office/integrations/end", &[("token", &id), ("sure", "1")]), "sure", "2")
            }
            "POST /api/v1/integrations/{id}/end" => {
                let id = self.made("community", "/api/v1/integrations", self.integration(n)).await;
                Some(Sample::Same(json("community", at(&format!("integrations/{id}/end")), nothing()), SILENT))
            }
            "POST /api/v1/channels/{id}/test"
            | "POST /api/v1/channels/{id}/pause"
            | "POST /api/v1/channels/{id}/go-on"
            | "POST /api/v1/channels/{id}/in-chinese"
            | "POST /api/v1/channels/{id}/in-english"
            | "POST /api/v1/channels/{id}/retire" => {
                let (id, deed) = (self.new_channel(n).await, call.rsplit('/').next().unwrap_or_default());
                if deed == "go-on" {
                    self.calls("property", &at(&format!("channels/{id}/pause")), nothing()).await;
                }
                Some(Sample::Same(json("property", at(&format!("channels/{id}/{deed}")), nothing()), SILENT))
            }
            "POST /api/v1/mailboxes" | "POST /api/v1/mailboxes/drop" => {
                let address = format!("p{n}-{}@mulin.example", self.key());
                let body = object!({ "address": address, "place": self.compound });
                if call.ends_with("drop") {
                    self.calls("property", "/api/v1/mailboxes", body).await;
                    let drop = object!({ "address": address });
                    return keyed(json("property", at("mailboxes/drop"), drop), "address", "another@mulin.example");
                }
                keyed(json("property", at("mailboxes"), body), "address", "another@mulin.example")
            }
            "POST /api/v1/compounds/{code}/buildings" => {
                self.sheet(&format!("haitong{n},海桐里{n},,,")).await;
                let body = object!({ "buildings": "1-2", "entrances": 1, "floors": 2, "per_floor": 2 });
                keyed(json("community", at(&format!("compounds/haitong{n}/buildings")), body), "floors", 3)
            }
            "POST /api/v1/desk/export" => keyed(json("property", at("desk/export"), object!({ "q": "灯" })), "q", "门"),
            "POST /api/v1/figures/{code}/settings" => {
                let before = figures::settings(&self.village.app.db, self.tenant).await.unwrap().numbers();
                let weights = object!({ "response": before[1], "solving": before[2], "satisfaction": before[3] });
                let body = object!({ "fair_hundredths": before[0], "weights": weights, "month_day": before[4], "few": before[5] });
                let sent = json("community", at("figures/liuhua/settings"), body);
                self.calls(
                    sent.who,
                    &sent.path,
                    match &sent.said {
                        Said::Json(body) => body.clone(),
                        _ => nothing(),
                    },
                )
                .await;
                keyed(sent, "few", before[5] + 1)
            }
            "POST /api/v1/me/notices/seen" => Some(Sample::Same(
                json("granny", at("me/notices/seen"), nothing()),
                "what was seen stays seen, and its body is empty",
            )),
            "POST /api/v1/me/wishes" => {
                let body = object!({ "mine": true, "held": false, "followed": true, "from": "22:00", "to": "07:00" });
                keyed(json(who, at("me/wishes"), body), "from", "21:00")
            }
            "POST /api/v1/me/wishes/confirm" => {
                let mail = format!("{who}.api@mail.example");
                let body = object!({ "mail": mail, "mine": true, "held": true, "followed": true, "from": "22:00", "to": "07:00" });
                self.calls(who, "/api/v1/me/wishes", body).await;
                let (_, person) = self.person(who).await;
                let proof = self.village.app.secrets.mac("confirm-mail", &[person.0.as_bytes(), mail.as_bytes()]);
                let token = hex::encode(&proof[..16]);
                let why = "its body is the proof itself, and another one proves nothing";
                Some(Sample::Same(json(who, at("me/wishes/confirm"), object!({ "token": token })), why))
            }
            "POST /api/v1/office/categories" => {
                let body = object!({ "name": format!("水龙头{n}"), "kind": "repair", "door": "compound" });
                keyed(json("community", at("office/categories"), body), "name", "水表")
            }
            "POST /api/v1/office/categories/{slug}" => {
                let path = at(&format!("office/categories/{}", self.own_category(n).await));
                let body = object!({ "name": "花盆", "kind": "repair", "door": "home" });
                keyed(json("community", path, body), "name", "花盆架")
            }
            "POST /api/v1/office/categories/{slug}/move"
            | "POST /api/v1/office/categories/{slug}/retire"
            | "POST /api/v1/office/categories/{slug}/bring-back"
            | "POST /api/v1/office/categories/{slug}/ask"
            | "POST /api/v1/office/categories/{slug}/ask-no-more" => {
                let path = at(&format!("office/categories/{}", self.own_category(n).await));
                let deed = call.rsplit('/').next().unwrap_or_default();
                let ask = object!({ "name": "哪部", "kind": "string" });
                let (body, field, other): (Value, _, Value) = match deed {
                    "move" => (object!({ "to": "up" }), "to", "down".into()),
                    "ask" => (ask, "name", "哪一部".into()),
                    "ask-no-more" => {
                        self.calls("community", &format!("{path}/ask"), ask).await;
                        (object!({ "code": "q1" }), "code", "q2".into())
                    }
                    "bring-back" => {
                        self.calls("community", &format!("{path}/retire"), nothing()).await;
                        (nothing(), "to", "up".into())
                    }
                    _ => (nothing(), "to", "up".into()),
                };
                keyed(json("community", format!("{path}/{deed}"), body), field, other)
            }
            "POST /api/v1/people" => {
                let body = object!({ "name": format!("又来的人{n}"), "office": "guard", "source": "appointment", "at": "shiliu" });
                keyed(json("community", at("people"), body), "name", "别人")
            }
            "POST /api/v1/people/{id}/end" => {
                let body = object!({ "name": format!("门卫{n}{}", &self.key()[..6]), "office": "guard", "source": "appointment", "at": "shiliu" });
                let id = self.made("community", "/api/v1/people", body).await;
                Some(Sample::Same(json("community", at(&format!("people/{id}/end")), nothing()), SILENT))
            }
            "POST /api/v1/photos" => {
                let sent = form("granny", at("photos?compound=shiliu"), &[("file:photo", RED)]);
                keyed(sent, "sure", "2")
            }
            "POST /api/v1/places/import" => {
                let sheet = format!("小区代号,小区,楼栋,单元,户室\nshiliu,石榴园,2号楼,1单元,8{n}\n");
                let fields = [("really", "1"), ("file:file", &hex::encode(sheet))];
                keyed(form("community", at("places/import"), &fields), "sure", "2")
            }
            "POST /api/v1/requests/{code}/contact" => {
                let page = self.with_photo("granny", n).await;
                let code = page.rsplit('/').next().unwrap_or_default();
                Some(Sample::Same(json("property", at(&format!("requests/{code}/contact")), nothing()), SILENT))
            }
            "POST /api/v1/requests/{code}/cover/{photo}" => {
                let page = self.with_photo("granny", n).await;
                let (photo, code) = (self.photo("granny", &page).await, page.rsplit('/').next().unwrap_or_default());
                let sent = json("granny", at(&format!("requests/{code}/cover/{photo}")), object!({ "cells": [1] }));
                keyed(sent, "cells", object!([2]))
            }
            "POST /api/v1/standards" => {
                let body = object!({ "compound": "shiliu", "what": "set", "category": (["dogs", "noise", "gate"][n % 3]), "door": "compound",
                    "clock": "accept", "amount": 2, "unit": "hours" });
                keyed(json("committee", at("standards"), body), "amount", 3)
            }
            "POST /api/v1/standards/hours" => {
                let body = object!({ "compound": "shiliu", "door": (["home", "compound", "community"][n % 3]), "hours": "10:00-11:30" });
                keyed(json("committee", at("standards/hours"), body), "hours", "10:00-12:00")
            }
            "POST /api/v1/standards/calendar" => {
                let body = object!({ "year": format!("year = {}\nsource = \"x\"\n", 2040 + n) });
                keyed(json("community", at("standards/calendar"), body), "year", "year = 2060\nsource = \"x\"\n")
            }
            "POST /api/v1/templates/{id}" => {
                let path = at(&format!("templates/{}", self.template(n).await));
                keyed(json("property", path, object!({ "title": "改过的", "text": "师傅到了" })), "text", "师傅来了")
            }
            "POST /api/v1/templates/{id}/retire"
            | "POST /api/v1/templates/{id}/restore"
            | "POST /api/v1/templates/{id}/up" => {
                let (id, deed) = (self.template(n).await, call.rsplit('/').next().unwrap_or_default());
                Some(Sample::Same(json("property", at(&format!("templates/{id}/{deed}")), nothing()), SILENT))
            }
            "POST /api/v1/answers/{token}" => {
                let told = self.reported("granny", n).await;
                let found = store::by_code(&self.village.app.db, &told.code).await.unwrap().unwrap();
                let path = answer::link(&self.village.app.secrets, &found.row.case);
                let token = path.rsplit('/').next().unwrap_or_default().to_owned();
                keyed(json("reader", at(&format!("answers/{token}")), object!({ "solved": true })), "solved", false)
            }
            _ => None,
        }
    }
}
