//! Samples of 有话大家说.

use super::{Said, Sample, Sent, Stage, form, json};
use crate::say::follow::model::Who;
use crate::say::follow::store as follow;
use crate::say::follow::token::{For, made};
use crate::say::requests::answer;
use commons::case::store;
use serde_json::{Value, json as object};

/// A small red PNG.
pub const RED: &str = "89504e470d0a1a0a0000000d494844520000003c0000002808020000002dd90ea8000000394944415478daedce410900000800b1eb9fd130a6f0210c16604dbd93b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4f4a505e27d0ef92ec70e900000000049454e44ae426082";

/// A voice note in which nobody says anything.
pub const VOICE: &str = "524946462400000057415645666d74201000000001000100401f0000401f0000010008006461746100000000";

/// A matter that was said.
pub struct Told {
    pub code: String,
    pub pickup: String,
}

/// A deed that can be done with it now: by whom, saying what, and what else could have been said.
struct Ready {
    told: Told,
    who: &'static str,
    said: Vec<(&'static str, String)>,
    other: (&'static str, Value),
}

/// What a form's field says, as the call of a program says it; nothing for what only a form has.
fn typed(name: &str, value: Value) -> Option<Value> {
    Some(match name {
        "sure" => return None,
        "public" => true.into(),
        "solved" => (value == "yes").into(),
        "pieces" => Value::Array(vec![value]),
        _ => value,
    })
}

impl Stage {
    pub async fn said(&self, who: &str, category: &str, n: usize) -> Told {
        let words = format!("第{n}回：三楼的灯不亮了");
        let body = object!({ "place": "shiliu/1", "words": words, "category": category });
        let told = self.calls(who, "/api/v1/requests", body).await;
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        Told { code: text("code"), pickup: text("pickup") }
    }

    async fn step(&self, who: &str, told: &Told, deed: &str, body: Value) {
        self.calls(who, &format!("/api/v1/requests/{}/{deed}", told.code), body).await;
    }

    /// The property service's seat, as a hand-over names it.
    fn seat(&self) -> String {
        format!("property:{}", self.compound)
    }

    /// At the captain's, in hand, and offered to the property service where that is wanted.
    async fn in_hand(&self, author: &str, n: usize, offered: bool) -> Told {
        let told = self.said(author, "clutter", n).await;
        self.step("captain", &told, "accept", object!({})).await;
        if offered {
            self.step("captain", &told, "offer", object!({ "to": self.seat(), "words": "要用车拉走" })).await;
        }
        told
    }

    pub async fn reported(&self, author: &str, n: usize) -> Told {
        let told = self.said(author, "lift", n).await;
        self.step("property", &told, "report", object!({ "outcome": "solved", "words": "修好了" })).await;
        told
    }

    pub async fn with_photo(&self, who: &'static str, n: usize) -> String {
        let words = format!("第{n}回：墙上有道缝");
        let fields = [
            ("at", "shiliu/1"),
            ("words", words.as_str()),
            ("category", "leak"),
            ("contact", "门卫转交"),
            ("file:photo", RED),
        ];
        let to = self.does(&form(who, "/say/requests", &fields)).await;
        to.split('?').next().unwrap().to_owned()
    }

    /// The id of the photo on a page.
    pub async fn photo(&self, who: &str, page: &str) -> String {
        let seen = self.village.get(who, page).await;
        let at = seen.body.find("<img src=\"/say/requests/").expect("the page shows a photo.");
        let address = seen.body[at + 10..].split('"').next().unwrap();
        address.rsplit('/').nth(1).unwrap().to_owned()
    }

    /// A matter with which `deed` can be done, said by `author`.
    async fn ready(&self, deed: &str, author: &'static str, n: usize) -> Option<Ready> {
        let words = |text: &str| vec![("words", text.to_owned())];
        let other = || ("words", Value::from("换了一句话"));
        let (told, who, said, other) = match deed {
            "accept" => {
                (self.said(author, "lift", n).await, "property", vec![("sure", "1".to_owned())], ("sure", "2".into()))
            }
            "note" => {
                let said = vec![("words", "明天上午来看".to_owned()), ("public", "1".to_owned())];
                (self.said(author, "lift", n).await, "property", said, other())
            }
            "add" => (self.said(author, "lift", n).await, author, words("二楼也不亮"), other()),
            "offer" => {
                let said = vec![("words", "要用车拉走".to_owned()), ("to", self.seat())];
                (self.in_hand(author, n, false).await, "captain", said, other())
            }
            "take-over" => (self.in_hand(author, n, true).await, "property", words("我们来"), other()),
            "recall" => (self.in_hand(author, n, true).await, "captain", words("还是我来"), other()),
            "turn-down" => (self.in_hand(author, n, true).await, "property", words("不归我们"), other()),
            "report" => {
                let said = vec![("words", "换好了".to_owned()), ("outcome", "solved".to_owned())];
                (self.said(author, "lift", n).await, "property", said, other())
            }
            "judge" => {
                let said = vec![("solved", "yes".to_owned()), ("satisfaction", "good".to_owned())];
                (self.reported(author, n).await, author, said, ("satisfaction", "fair".into()))
            }
            "up" => (self.said(author, "clutter", n).await, author, words("等不了了"), other()),
            "pause" => {
                let said = vec![("reason", "part".to_owned()), ("words", "等零件".to_owned())];
                let told = self.said(author, "lift", n).await;
                self.step("property", &told, "accept", object!({})).await;
                (told, "property", said, other())
            }
            "resume" => {
                let told = self.said(author, "lift", n).await;
                self.step("property", &told, "accept", object!({})).await;
                self.step("property", &told, "pause", object!({ "reason": "part", "words": "等零件" })).await;
                (told, "property", words("到了"), other())
            }
            "sort" => (
                self.said(author, "lift", n).await,
                author,
                vec![("kind", "question".to_owned())],
                ("kind", "suggestion".into()),
            ),
            "withdraw" | "erase" => (self.said(author, "lift", n).await, author, words("算了"), other()),
            "support" => (self.said(author, "lift", n).await, "tenant", words("我也是"), other()),
            "unsupport" => {
                let told = self.said(author, "lift", n).await;
                self.step("tenant", &told, "support", object!({})).await;
                (told, "tenant", words("好了"), other())
            }
            "merge" => {
                let (into, told) = (self.said(author, "lift", n).await, self.said(author, "lift", n).await);
                (told, author, vec![("into", into.code)], ("into", "shiliu-1".into()))
            }
            "unmerge" => {
                let (into, told) = (self.said(author, "lift", n).await, self.said("granny", "lift", n).await);
                self.step("granny", &told, "merge", object!({ "into": into.code })).await;
                (told, if author == "granny" { author } else { "property" }, words("不是一回事"), other())
            }
            "edit" => (self.said(author, "lift", n).await, author, words("三楼和四楼的灯不亮了"), other()),
            "hide" => (
                self.said(author, "lift", n).await,
                author,
                vec![("pieces", "三楼".to_owned())],
                ("pieces", "的灯".into()),
            ),
            _ => return None,
        };
        Some(Ready { told, who, said, other })
    }

    pub async fn say(&self, call: &str, n: usize) -> Option<Sample> {
        if let Some(deed) = call.strip_prefix("POST /api/v1/requests/{code}/") {
            let Ready { told, who, said, other } = self.ready(deed, "granny", n).await?;
            let body: serde_json::Map<String, Value> = said
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), typed(name, value.into())?)))
                .collect();
            let (field, value) = match typed(other.0, other.1.clone()) {
                Some(value) => (other.0, value),
                None => ("words", "换了一句话".into()),
            };
            return Some(Sample::Keyed(
                json(who, format!("/api/v1/requests/{}/{deed}", told.code), body.into()),
                field,
                value,
            ));
        }
        let by_slip = call.strip_prefix("POST /say/requests/slip/{pickup}/");
        let (deed, author) = match by_slip {
            Some("support" | "unsupport") => {
                return Some(Sample::Left("who holds the slip said it, and nobody joins their own"));
            }
            Some("unmerge") => {
                return Some(Sample::Left("by the page and the call; a slip opens what goes on elsewhere, no more"));
            }
            Some(deed) => (Some(deed), "neighbour"),
            None => (call.strip_prefix("POST /say/requests/{code}/"), "granny"),
        };
        if let Some(deed) = deed.filter(|deed| !deed.contains('{') && *deed != "contact") {
            let Ready { told, who, said, other } = self.ready(deed, author, n).await?;
            let base = match by_slip {
                Some(_) => format!("slip/{}", told.pickup),
                None => told.code,
            };
            let said: Vec<(&str, &str)> = said.iter().map(|(name, value)| (*name, value.as_str())).collect();
            return Some(Sample::Keyed(form(who, format!("/say/requests/{base}/{deed}"), &said), other.0, other.1));
        }
        Some(match call {
            "POST /say/requests" => {
                let words = format!("第{n}回：门禁坏了");
                let fields = [("at", "shiliu/1"), ("words", words.as_str()), ("file:photo", RED)];
                Sample::Keyed(form("granny", "/say/requests", &fields), "words", "换了一句话".into())
            }
            "POST /say/requests/open" => {
                let told = self.said("neighbour", "lift", n).await;
                Sample::Same(
                    form("neighbour", "/say/requests/open", &[("code", &told.pickup)]),
                    "it only shows the way",
                )
            }
            "POST /say/requests/slip/{pickup}/cover/{photo}" | "POST /say/requests/{code}/cover/{photo}" => {
                let who = if call.contains("slip") { "neighbour" } else { "granny" };
                let page = self.with_photo(who, n).await;
                let photo = self.photo(who, &page).await;
                Sample::Keyed(form(who, format!("{page}/cover/{photo}"), &[("cell", "1")]), "cell", "2".into())
            }
            "POST /say/requests/{code}/contact" => {
                let page = self.with_photo("granny", n).await;
                Sample::Keyed(form("property", format!("{page}/contact"), &[("sure", "1")]), "sure", "2".into())
            }
            "POST /say/requests/hand-over" => {
                let told = self.in_hand("granny", n, false).await;
                let seat = self.seat();
                let fields = [("case", told.code.as_str()), ("to", seat.as_str()), ("words", "要用车拉走")];
                Sample::Keyed(form("captain", "/say/requests/hand-over", &fields), "words", "换了一句话".into())
            }
            "POST /api/v1/requests/hand-over" => {
                let told = self.in_hand("granny", n, false).await;
                let body = object!({ "cases": [told.code], "to": self.seat(), "reason": "要用车拉走" });
                Sample::Keyed(json("captain", "/api/v1/requests/hand-over", body), "reason", "换了一句话".into())
            }
            "POST /say/requests/answer/{token}" => {
                let told = self.reported("granny", n).await;
                let found = store::by_code(&self.village.app.db, &told.code).await.unwrap().unwrap();
                let path = answer::link(&self.village.app.secrets, &found.row.case);
                Sample::Keyed(form("reader", path, &[("solved", "yes")]), "solved", "no".into())
            }
            "POST /hooks/mail" => {
                let mailbox = format!("box{n}@mulin.example");
                let place = self.compound.to_string();
                self.does(&form("property", "/office/channels/mailbox", &[("mailbox", &mailbox), ("place", &place)]))
                    .await;
                let letter = format!(
                    "From: li@mail.example\r\nTo: {mailbox}\r\nSubject: lift\r\nMessage-ID: <{n}@mail.example>\r\n\r\nIt stands still.\r\n"
                );
                let sent =
                    Sent { who: "postman", path: "/hooks/mail".into(), said: Said::Raw("message/rfc822", letter) };
                Sample::Status(sent, "the same Message-ID counts once; the answer says which one it was")
            }
            "POST /open311/v2/{file}" => {
                let body = format!(
                    "api_key=key-of-the-city&service_code=lift&jurisdiction_id=shiliu&address_id=shiliu/1&description=n{n}"
                );
                let kind = "application/x-www-form-urlencoded";
                let sent = Sent { who: "city", path: "/open311/v2/requests.json".into(), said: Said::Raw(kind, body) };
                Sample::Keyed(sent, "description", "another".into())
            }
            "POST /api/v1/requests" => {
                let body =
                    object!({ "place": "shiliu/1", "words": format!("第{n}回：单元门关不上"), "category": "lift" });
                Sample::Keyed(json("granny", "/api/v1/requests", body), "words", "换了一句话".into())
            }
            _ => return self.follow(call, n).await,
        })
    }

    async fn follow(&self, call: &str, n: usize) -> Option<Sample> {
        let (tenant, secrets) = (self.tenant, &self.village.app.secrets);
        let told = self.said("granny", "lift", n).await;
        let followed = [("case", told.code.as_str()), ("pace", "instant")];
        let mine = async || {
            let hash = Who::Person(self.person("tenant").await.1).hash(secrets);
            let all = follow::mine(&self.village.app.db, tenant, &hash).await.unwrap();
            all.into_iter().find(|one| one.code.as_deref() == Some(&told.code)).unwrap().id
        };
        // A subscription by mail, not yet confirmed: its id stands in the letter alone.
        let by_mail = async || {
            let mail = format!("reader{n}-{}@mail.example", self.key());
            let fields = [&followed[..], &[("mail", mail.as_str())]].concat();
            self.does(&form("reader", "/say/follow", &fields)).await;
            let all = follow::mine(&self.village.app.db, tenant, &Who::Mail(mail).hash(secrets)).await.unwrap();
            all[0].id
        };
        Some(match call {
            "POST /say/follow" => Sample::Keyed(form("tenant", "/say/follow", &followed), "pace", "daily".into()),
            "POST /say/follow/end" => {
                self.does(&form("tenant", "/say/follow", &followed)).await;
                let (id, tenant) = (mine().await.to_string(), tenant.to_string());
                let fields = [("id", id.as_str()), ("tenant", tenant.as_str()), ("sure", "1")];
                Sample::Keyed(form("tenant", "/say/follow/end", &fields), "sure", "2".into())
            }
            "POST /say/follow/confirm/{token}" => {
                let token = made(secrets, For::Confirm, tenant, by_mail().await);
                Sample::Keyed(
                    form("reader", format!("/say/follow/confirm/{token}"), &[("sure", "1")]),
                    "sure",
                    "2".into(),
                )
            }
            "POST /say/follow/stop/{token}" => {
                let token = made(secrets, For::Stop, tenant, by_mail().await);
                Sample::Same(
                    form("reader", format!("/say/follow/stop/{token}"), &[]),
                    "stopping twice is stopping once",
                )
            }
            "POST /api/v1/subscriptions" => {
                let body = object!({ "case": told.code, "pace": "instant" });
                Sample::Keyed(json("tenant", "/api/v1/subscriptions", body), "pace", "daily".into())
            }
            "POST /api/v1/subscriptions/{id}/end" => {
                self.does(&form("tenant", "/say/follow", &followed)).await;
                let path = format!("/api/v1/subscriptions/{}/end", mine().await);
                Sample::Same(json("tenant", path, object!({})), super::programs::SILENT)
            }
            _ => return None,
        })
    }
}
