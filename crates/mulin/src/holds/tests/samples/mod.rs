//! A call for every unsafe route, so that each can be tried.

mod hall;
mod help;
mod homes;
mod hub_desk;
mod office;
mod phones;
mod programs;
mod register;
mod roster;
pub mod say;
mod seats;
mod standing;
mod ways_in;

use crate::village::Village;
use axum::body::Body;
use axum::http::{Request, header};
use commons::people::{AccountId, PersonId, store as people};
use commons::place::{PlaceId, TenantId, store as places};
use serde_json::Value;

/// What is sent.
#[derive(Clone, Debug)]
pub enum Said {
    /// Fields of a form; `file:photo` brings a file, in hexadecimal digits.
    Form(Vec<(String, String)>),
    Json(Value),
    /// Something else with its type, without a token, as programs send it.
    Raw(&'static str, String),
}

/// A call that can be sent as often as one likes.
#[derive(Clone, Debug)]
pub struct Sent {
    pub who: &'static str,
    pub path: String,
    pub said: Said,
}

/// How a route takes being called again.
#[derive(Debug)]
pub enum Sample {
    /// The key makes it one deed with one answer; with this field changed it is a conflict that names the field.
    Keyed(Sent, &'static str, Value),
    /// It needs no key: whatever is called first, the others find it done and are answered the same.
    Same(Sent, &'static str),
    /// As before, and what is answered tells the first from the others: only the status is the same.
    Status(Sent, &'static str),
    /// Not tried here, and why.
    Left(&'static str),
}

/// A keyed form of somebody.
pub fn form(who: &'static str, path: impl Into<String>, fields: &[(&str, &str)]) -> Sent {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Sent { who, path: path.into(), said: Said::Form(fields) }
}

pub fn json(who: &'static str, path: impl Into<String>, body: Value) -> Sent {
    Sent { who, path: path.into(), said: Said::Json(body) }
}

/// What is done at the hub, as its form or as a call, in which some fields have a shape of their own.
fn at_hub(who: &'static str, path: &str, fields: &[(&str, &str)], shape: fn(&str, &str) -> Value) -> Sent {
    if !path.starts_with("/api/") {
        return form(who, path, &[&[("compound", "shiliu")], fields].concat());
    }
    let mut body = serde_json::json!({ "compound": "shiliu" });
    for (name, value) in fields {
        body[*name] = shape(name, value);
    }
    json(who, path, body)
}

/// Every field as it is.
fn plainly(_name: &str, value: &str) -> Value {
    value.into()
}

/// The village with what the samples need to know of it.
pub struct Stage {
    pub village: Village,
    pub tenant: TenantId,
    pub compound: PlaceId,
}

impl Stage {
    pub async fn of(village: Village) -> Stage {
        let (tenant, compound) = places::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
        Stage { village, tenant, compound }
    }

    pub fn key(&self) -> String {
        hex::encode(self.village.app.ids.secret())
    }

    /// Does something on the way to a sample, as a program.
    pub async fn calls(&self, who: &str, path: &str, body: Value) -> Value {
        let seen = self.village.json(who, "POST", path, &self.key(), &body.to_string()).await;
        assert!(seen.status.is_success(), "{who} {path}: {} {}", seen.status, seen.body);
        serde_json::from_str(&seen.body).unwrap()
    }

    /// Does something on the way to a sample, as people do.
    pub async fn does(&self, sent: &Sent) -> String {
        let request = self.request(sent, &self.key(), &self.csrf(sent.who).await);
        let seen = self.village.send(request).await;
        assert!(seen.status.is_redirection(), "{}: {} {}", sent.path, seen.status, seen.text());
        seen.location
    }

    pub async fn csrf(&self, who: &str) -> String {
        let page = self.village.get(who, "/say/requests/open").await;
        let at = page.body.find("name=\"_csrf\" value=\"").unwrap();
        page.body[at + 20..].split('"').next().unwrap().to_owned()
    }

    pub async fn person(&self, login: &str) -> (AccountId, PersonId) {
        let db = &self.village.app.db;
        let (account, _) = people::account(db, login).await.unwrap().unwrap();
        let actor = people::actor(db, account, self.village.app.clock.now()).await.unwrap();
        (account, actor.persons[0].id)
    }

    /// The call with this key.
    pub fn request(&self, sent: &Sent, key: &str, csrf: &str) -> Request<Body> {
        let request = self.village.request(sent.who, "POST", &sent.path).header("idempotency-key", key);
        let (kind, body) = match &sent.said {
            Said::Form(fields) => {
                let mut body = Vec::new();
                let proof = [("_csrf".to_owned(), csrf.to_owned())];
                for (name, value) in proof.iter().chain(fields) {
                    let (field, file) = match name.strip_prefix("file:") {
                        Some(field) => (field, "; filename=\"f\""),
                        None => (name.as_str(), ""),
                    };
                    body.extend(
                        format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"{file}\r\n\r\n").bytes(),
                    );
                    match file.is_empty() {
                        true => body.extend(value.bytes()),
                        false => body.extend(hex::decode(value).unwrap()),
                    }
                    body.extend(b"\r\n");
                }
                body.extend(b"--b--\r\n");
                ("multipart/form-data; boundary=b", body)
            }
            Said::Json(body) => ("application/json", body.to_string().into_bytes()),
            Said::Raw(kind, body) => (*kind, body.clone().into_bytes()),
        };
        let request = match kind {
            "message/rfc822" => request.header(header::AUTHORIZATION, "Bearer token-of-the-postman"),
            _ => request.header("x-csrf-token", csrf),
        };
        request.header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap()
    }

    /// The sample for a call; `n` keeps the things of several rounds apart. `None` when nobody has written one.
    pub async fn sample(&self, call: &str, n: usize) -> Option<Sample> {
        if let Some(found) = self.programs(call, n).await {
            return Some(found);
        }
        if let Some(found) = self.phones(call, n).await {
            return Some(found);
        }
        if let Some(found) = self.ways_in(call, n).await {
            return Some(found);
        }
        if let Some(found) = self.standing(call, n).await {
            return Some(found);
        }
        if let Some(found) = self.register(call, n).await {
            return Some(found);
        }
        if let Some(found) = self.seats(call, n).await {
            return Some(found);
        }
        if let Some(found) = self.homes(call, n).await {
            return Some(found);
        }
        if let Some(found) = self.roster(call, n).await {
            return Some(found);
        }
        if let Some(found) = self.hub_desk(call, n).await {
            return Some(found);
        }
        if let Some(found) = self.help(call, n).await {
            return Some(found);
        }
        match self.hall(call, n).await {
            Some(found) => Some(found),
            None => match self.say(call, n).await {
                Some(found) => Some(found),
                None => self.office(call, n).await,
            },
        }
    }
}

/// A gateway for short messages that is not there.
pub fn gateway() -> kit::sms::Sms {
    let settings = kit::sms::SmsSettings {
        url: "http://127.0.0.1:1/send".into(),
        body: "{\"to\":\"{phone}\",\"code\":\"{code}\",\"key\":\"{secret}\"}".into(),
        secret: Some("secret-of-the-gateway".into()),
        sign_in: true,
        ..Default::default()
    };
    kit::sms::Sms::open(settings).expect("the settings are whole.")
}
