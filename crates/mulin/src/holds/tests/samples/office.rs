//! Samples of the office.

use super::{Sample, Stage, form, json};
use commons::figures::store as figures;
use serde_json::{Value, json as object};

/// The fields of the figures' settings, in the order of their numbers.
const SETTINGS: [&str; 6] = ["fair", "response", "solving", "satisfaction", "month_day", "few"];

impl Stage {
    fn channel(&self, n: usize) -> Value {
        object!({ "name": format!("维修组{n}"), "place": self.compound, "kind": "wecom",
            "address": "http://127.0.0.1:1/hook", "events": ["new"], "from": "21:00", "to": "08:00", "lang": "zh-CN" })
    }

    pub async fn new_channel(&self, n: usize) -> String {
        let told = self.calls("property", "/api/v1/channels", self.channel(n)).await;
        told["id"].as_str().unwrap().to_owned()
    }

    pub async fn template(&self, n: usize) -> String {
        let body = object!({ "place": self.compound, "title": format!("到了{n}"), "text": "师傅到楼下了" });
        self.calls("property", "/api/v1/templates", body).await["id"].as_str().unwrap().to_owned()
    }

    async fn category(&self, n: usize) -> String {
        let name = format!("晾衣架{n}");
        let fields = [("name", name.as_str()), ("kind", "repair"), ("door", "compound")];
        self.does(&form("community", "/office/categories", &fields)).await;
        let list = self.village.get("community", "/office/categories").await.body;
        let before = list.split(&name).next().unwrap();
        let slug = before.rsplit("/office/categories/").next().unwrap();
        slug.split(['"', '/']).next().unwrap().to_owned()
    }

    pub async fn sheet(&self, rows: &str) {
        let sheet = hex::encode(format!("小区代号,小区,楼栋,单元,户室\n{rows}\n"));
        self.does(&form("community", "/office/places", &[("really", "1"), ("file:file", &sheet)])).await;
    }

    pub async fn office(&self, call: &str, n: usize) -> Option<Sample> {
        let other = || ("sure", Value::from("2"));
        let (sent, (field, value)) = match call {
            "POST /office/farewell/export" | "POST /office/farewell/delete" => {
                return Some(Sample::Left("writes a file beside the house and ends a community: a story of its own"));
            }
            "POST /say/figures/settings/{code}" => {
                let before = figures::settings(&self.village.app.db, self.tenant).await.unwrap().numbers();
                let values = before.map(|number| number.to_string());
                let fields: Vec<(&str, &str)> =
                    SETTINGS.iter().zip(&values).map(|(name, value)| (*name, value.as_str())).collect();
                let other = ("few", Value::from((before[5] + 1).to_string()));
                let sent = form("community", "/say/figures/settings/liuhua", &fields);
                // The first setting of all leaves rows that later ones only change.
                self.does(&sent).await;
                (sent, other)
            }
            "POST /office/places" => {
                let sheet = format!("小区代号,小区,楼栋,单元,户室\nshiliu,石榴园,2号楼,1单元,9{n}\n");
                let fields = [("really", "1"), ("file:file", &hex::encode(sheet))];
                (form("community", "/office/places", &fields), other())
            }
            "POST /office/channels" => {
                let (name, place) = (format!("维修组{n}"), self.compound.to_string());
                let fields = [
                    ("name", name.as_str()),
                    ("place", place.as_str()),
                    ("kind", "wecom"),
                    ("address", "http://127.0.0.1:1/hook"),
                    ("event", "new"),
                    ("from", "21:00"),
                    ("to", "08:00"),
                ];
                (form("property", "/office/channels", &fields), ("name", "别的组".into()))
            }
            "POST /office/channels/mailbox" | "POST /office/channels/mailbox/drop" => {
                let (mailbox, place) = (format!("m{n}-{}@mulin.example", self.key()), self.compound.to_string());
                let sent = form("property", "/office/channels/mailbox", &[("mailbox", &mailbox), ("place", &place)]);
                if call.ends_with("drop") {
                    self.does(&sent).await;
                    let fields = [("mailbox", mailbox.as_str()), ("sure", "1")];
                    (form("property", "/office/channels/mailbox/drop", &fields), other())
                } else {
                    (sent, ("mailbox", "another@mulin.example".into()))
                }
            }
            "POST /office/channels/{id}/test"
            | "POST /office/channels/{id}/pause"
            | "POST /office/channels/{id}/go-on"
            | "POST /office/channels/{id}/in-chinese"
            | "POST /office/channels/{id}/in-english"
            | "POST /office/channels/{id}/retire" => {
                let (id, deed) = (self.new_channel(n).await, call.rsplit('/').next().unwrap_or_default());
                if deed == "go-on" {
                    self.does(&form("property", format!("/office/channels/{id}/pause"), &[])).await;
                }
                (form("property", format!("/office/channels/{id}/{deed}"), &[("sure", "1")]), other())
            }
            "POST /api/v1/channels" => {
                (json("property", "/api/v1/channels", self.channel(n)), ("name", "别的组".into()))
            }
            "POST /api/v1/channels/{id}/language" => {
                let path = format!("/api/v1/channels/{}/language", self.new_channel(n).await);
                (json("property", path, object!({ "lang": "en" })), ("lang", "zh-CN".into()))
            }
            "POST /office/categories" => {
                let name = format!("信报箱{n}");
                let fields = [("name", name.as_str()), ("kind", "repair"), ("door", "compound")];
                (form("community", "/office/categories", &fields), ("name", "奶箱".into()))
            }
            "POST /office/categories/{slug}" => {
                let path = format!("/office/categories/{}", self.category(n).await);
                let fields = [("name", "晾衣杆"), ("kind", "repair"), ("door", "home")];
                (form("community", path, &fields), ("name", "晾衣绳".into()))
            }
            "POST /office/categories/{slug}/move"
            | "POST /office/categories/{slug}/retire"
            | "POST /office/categories/{slug}/bring-back" => {
                let path = format!("/office/categories/{}", self.category(n).await);
                let deed = call.rsplit('/').next().unwrap_or_default();
                if deed == "bring-back" {
                    self.does(&form("community", format!("{path}/retire"), &[])).await;
                }
                (form("community", format!("{path}/{deed}"), &[("to", "up"), ("sure", "1")]), other())
            }
            "POST /office/categories/{slug}/ask" | "POST /office/categories/{slug}/ask-no-more" => {
                let path = format!("/office/categories/{}", self.category(n).await);
                let ask = form("community", format!("{path}/ask"), &[("name", "哪部"), ("kind", "string")]);
                if call.ends_with("more") {
                    self.does(&ask).await;
                    (form("community", format!("{path}/ask-no-more"), &[("code", "q1"), ("sure", "1")]), other())
                } else {
                    (ask, ("name", "哪一部".into()))
                }
            }
            "POST /office/standards" => {
                let category = ["lift", "clutter", "lighting"][n % 3];
                let fields = [
                    ("place", "shiliu"),
                    ("category", category),
                    ("door", "compound"),
                    ("clock", "accept"),
                    ("amount", "2"),
                    ("unit", "hours"),
                    ("what", "set"),
                ];
                (form("committee", "/office/standards", &fields), ("amount", "3".into()))
            }
            "POST /office/standards/hours" => {
                let door = ["home", "compound", "community"][n % 3];
                let fields = [("place", "shiliu"), ("door", door), ("hours", "9:00-11:30")];
                (form("committee", "/office/standards/hours", &fields), ("hours", "9:00-12:00".into()))
            }
            "POST /office/standards/calendar" => {
                let year = format!("year = {}\nsource = \"x\"\n", 2030 + n);
                (
                    form("community", "/office/standards/calendar", &[("year", &year)]),
                    ("year", "year = 2050\nsource = \"x\"\n".into()),
                )
            }
            "POST /office/templates" => {
                let (title, place) = (format!("收到{n}"), self.compound.to_string());
                let fields = [("place", place.as_str()), ("title", title.as_str()), ("text", "收到，这就去")];
                (form("property", "/office/templates", &fields), ("text", "收到，马上去".into()))
            }
            "POST /office/templates/retire" | "POST /office/templates/restore" | "POST /office/templates/up" => {
                let (id, path) = (self.template(n).await, call.strip_prefix("POST ").unwrap_or_default());
                (form("property", path, &[("id", &id), ("sure", "1")]), other())
            }
            "POST /api/v1/templates" => {
                let body = object!({ "place": self.compound, "title": format!("在路上{n}"), "text": "师傅在路上" });
                (json("property", "/api/v1/templates", body), ("text", "师傅出门了".into()))
            }
            "POST /office/compounds/new" => {
                let code = format!("furong{n}");
                let fields = [
                    ("name", "芙蓉里"),
                    ("code", code.as_str()),
                    ("buildings", "1-2"),
                    ("entrances", "1"),
                    ("floors", "2"),
                    ("per_floor", "2"),
                    ("property", "安居物业"),
                    ("manager", "马经理"),
                ];
                (form("community", "/office/compounds/new", &fields), ("name", "芙蓉苑".into()))
            }
            "POST /office/compounds/{code}/buildings" => {
                self.sheet(&format!("wutong{n},梧桐里{n},,,")).await;
                let fields = [("buildings", "1-2"), ("entrances", "1"), ("floors", "2"), ("per_floor", "2")];
                (form("community", format!("/office/compounds/wutong{n}/buildings"), &fields), ("floors", "3".into()))
            }
            "POST /api/v1/compounds" => {
                let body = object!({ "name": "海棠里", "code": format!("haitang{n}"), "buildings": "1-2" });
                (json("community", "/api/v1/compounds", body), ("name", "海棠苑".into()))
            }
            "POST /office/people" => {
                let (login, name) = (format!("keeper{n}"), format!("新来的人{n}"));
                let fields = [
                    ("name", name.as_str()),
                    ("office", "guard"),
                    ("at", "shiliu"),
                    ("source", "appointment"),
                    ("login", login.as_str()),
                    ("password", "石榴园的春天很长"),
                ];
                (form("community", "/office/people", &fields), ("name", "别人".into()))
            }
            "POST /office/people/end" => {
                let name = format!("门卫{n}-{}", &self.key()[..6]);
                let fields =
                    [("name", name.as_str()), ("office", "guard"), ("at", "shiliu"), ("source", "appointment")];
                self.does(&form("community", "/office/people", &fields)).await;
                let page = self.village.get("community", "/office/people").await.body;
                let line = page.split(&format!("<h2>{name} ·")).nth(1).unwrap();
                let id = line
                    .split("name=\"mandate\" value=\"")
                    .nth(1)
                    .and_then(|rest| rest.split('"').next())
                    .unwrap()
                    .to_owned();
                (form("community", "/office/people/end", &[("mandate", &id), ("sure", "1")]), other())
            }
            "POST /office/desk/export" => {
                (form("property", "/office/desk/export", &[("scope", "open")]), ("scope", "late".into()))
            }
            _ => return None,
        };
        Some(Sample::Keyed(sent, field, value))
    }
}
