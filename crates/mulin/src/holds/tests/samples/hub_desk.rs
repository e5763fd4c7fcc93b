//! Samples of the hub's desk: each has a line, a talk, a topic or a key of its own.

use super::{Sample, Stage, at_hub, form};
use serde_json::{Value, json as object};

impl Stage {
    async fn desk(&self, who: &'static str, deed: &str, mut body: Value) -> Value {
        body["compound"] = "shiliu".into();
        self.calls(who, &format!("/api/v1/hub/desk/{deed}"), body).await
    }

    /// A line that waits to be called back.
    async fn desk_line(&self) -> String {
        let new = object!({ "about": "问电梯的事", "became": "later", "name": "老周" });
        self.desk("community", "take-in", new).await["id"].as_str().unwrap().to_owned()
    }

    /// The same where a captain may take it.
    pub async fn desk_line_for_a_captain(&self) -> String {
        self.leads().await;
        self.desk_line().await
    }

    /// Somebody who leads talks: a captain with a post of the hub.
    async fn leads(&self) {
        let posts = self.village.get("captain", "/api/v1/hub?compound=shiliu").await.json();
        if posts["posts"].as_array().unwrap().iter().any(|post| post["mine"] == true) {
            return;
        }
        let id = self.post().await;
        let one = [("compound", "shiliu"), ("id", id.as_str())];
        self.does(&form("captain", "/help/hub/hold", &one)).await;
        self.does(&form("community", "/help/hub/confirm", &one)).await;
    }

    async fn desk_ids(&self, list: &str) -> Vec<String> {
        let told = self.village.get("captain", &format!("/api/v1/hub/desk/{list}?compound=shiliu")).await.json();
        let name = if list == "opinions" { "topics" } else { list };
        let all = told[name].as_array().unwrap();
        all.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    }

    /// A talk as far as it is wanted.
    async fn desk_talk(&self, agreed: bool, held: bool) -> String {
        self.leads().await;
        let before = self.desk_ids("talks").await;
        self.desk("captain", "take-in", object!({ "about": "晚上的响动", "became": "talk", "name": "老李" })).await;
        let id = self.desk_ids("talks").await.into_iter().find(|id| !before.contains(id)).unwrap();
        if agreed {
            let body = object!({ "id": id, "when": "2026-12-01T15:00", "where": "二楼", "both": true });
            self.desk("captain", "talk-agreed", body).await;
        }
        if held {
            self.desk("captain", "talk-held", object!({ "id": id })).await;
        }
        id
    }

    async fn desk_topic(&self) -> String {
        self.leads().await;
        let before = self.desk_ids("opinions").await;
        self.desk("community", "topic", object!({ "name": "晾衣架装在哪儿" })).await;
        self.desk_ids("opinions").await.into_iter().find(|id| !before.contains(id)).unwrap()
    }

    async fn desk_opinion(&self) -> String {
        self.desk("community", "take-in", object!({ "about": "装在南边", "became": "opinion" })).await;
        let told = self.village.get("community", "/api/v1/hub/desk/opinions?compound=shiliu").await.json();
        told["opinions"][0]["id"].as_str().unwrap().to_owned()
    }

    async fn desk_key(&self, lent: bool) -> String {
        self.leads().await;
        let before = self.desk_ids("keys").await;
        self.desk("community", "key", object!({ "name": "二楼活动室" })).await;
        let id = self.desk_ids("keys").await.into_iter().find(|id| !before.contains(id)).unwrap();
        if !lent {
            return id;
        }
        let body = object!({ "id": id, "name": "老周", "until": "2026-12-01T15:00" });
        self.desk("community", "lend", body).await;
        let told = self.village.get("community", "/api/v1/hub/desk/keys?compound=shiliu").await.json();
        let key = told["keys"].as_array().unwrap().iter().find(|key| key["id"] == id.as_str()).unwrap().clone();
        key["loan"]["id"].as_str().unwrap().to_owned()
    }

    pub async fn hub_desk(&self, call: &str, _: usize) -> Option<Sample> {
        let path = call.strip_prefix("POST ").filter(|path| path.contains("/hub/desk/"))?;
        let nobody = || Value::from(kit::Uuid::nil().to_string());
        let one = |id: String| vec![("id", id)];
        let owned = |name: &'static str, text: &str| vec![(name, text.to_owned())];
        let (who, fields, (field, value)): (_, Vec<(&str, String)>, (&'static str, Value)) =
            match path.rsplit('/').next().unwrap_or_default() {
                "take-in" => {
                    let fields = [owned("about", "问电梯的事"), owned("became", "later"), owned("name", "老周")];
                    ("community", fields.concat(), ("about", "问别的".into()))
                }
                "take" => ("community", one(self.desk_line().await), ("id", nobody())),
                "done" => {
                    let fields = [one(self.desk_line().await), owned("line", "讲清楚了")];
                    ("community", fields.concat(), ("line", "没讲清楚".into()))
                }
                "talk-agreed" => {
                    let id = self.desk_talk(false, false).await;
                    let fields =
                        [one(id), owned("when", "2026-12-01T15:00"), owned("where", "二楼"), owned("both", "1")];
                    ("captain", fields.concat(), ("where", "三楼".into()))
                }
                "talk-held" => ("captain", one(self.desk_talk(true, false).await), ("id", nobody())),
                "talk-ended" => {
                    let fields = [one(self.desk_talk(true, true).await), owned("how", "settled")];
                    ("captain", fields.concat(), ("how", "unsettled".into()))
                }
                "topic" => ("community", owned("name", "晾衣架装在哪儿"), ("name", "别的话题".into())),
                "sort" => {
                    let fields = [one(self.desk_opinion().await), vec![("topic", self.desk_topic().await)]];
                    ("community", fields.concat(), ("id", nobody()))
                }
                "answer" => {
                    let fields = [one(self.desk_topic().await), owned("said", "南边"), owned("came", "装了")];
                    ("community", fields.concat(), ("came", "没装".into()))
                }
                "key" => ("community", owned("name", "二楼活动室"), ("name", "三楼".into())),
                "end-key" => ("community", one(self.desk_key(false).await), ("id", nobody())),
                "lend" => {
                    let id = self.desk_key(false).await;
                    let fields = [one(id), owned("name", "老周"), owned("until", "2026-12-01T15:00")];
                    ("community", fields.concat(), ("name", "老李".into()))
                }
                "back" => ("community", one(self.desk_key(true).await), ("id", nobody())),
                _ => return None,
            };
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Some(Sample::Keyed(at_hub(who, path, &fields, shaped), field, value))
    }
}

/// A tick has its own shape in a call.
fn shaped(name: &str, value: &str) -> Value {
    if name == "both" { true.into() } else { value.into() }
}
