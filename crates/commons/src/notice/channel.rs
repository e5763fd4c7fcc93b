//! Group chats that have a robot: where requests of a place are told to those who work there; and webhooks, where programs
//! are told.
//!
//! WeCom, DingTalk and Feishu take a line of text at an address that is a password by itself, so address and secret are
//! sealed and never shown again. A line says code, category, building and what happened: never words, contact or home.

pub mod store;

use super::delivery::Quiet;
use crate::case::{Case, Door};
use crate::place::{PlaceId, TenantId};
use kit::i18n::Lang;
use kit::secrets::{base64, hmac_sha256};
use kit::time::Moment;
use kit::{id, names};
use serde_json::{Value, json};

id!(ChannelId);

names! {
    /// Whose robot it is.
    RobotKind {
        WeCom = "wecom",
        DingTalk = "dingtalk",
        Feishu = "feishu",
        /// No chat but a program, told in the form of the Standard Webhooks specification.
        Webhook = "webhook",
    }
    /// What a channel can be told.
    Event {
        /// Something was said and waits at this door.
        New = "new",
        /// Its time ran out.
        Overdue = "overdue",
        /// It came up to this door.
        Up = "up",
        /// Its holder told what came of it.
        Reported = "reported",
        /// The one who said it says that it is not solved.
        Unsolved = "unsolved",
        /// Any further step that everybody can read.
        Step = "step",
    }
}

pub const NAME_CHARACTERS_MAX: usize = 60;
/// After a refusal like these it makes sense to try again: too often, or busy.
pub const BUSY: &[i64] = &[-1, 45_009, 45_033, 130_101, 410_100, 11_232, 9_499, 90_018];

/// A robot and what it is told. Without a way to be printed: nothing of it may reach a log.
#[derive(Clone)]
pub struct Channel {
    pub tenant: TenantId,
    pub id: ChannelId,
    /// A compound, or the community's own place.
    pub place: PlaceId,
    /// It is the community's own place.
    pub community: bool,
    pub name: String,
    pub kind: RobotKind,
    /// `None` when it was sealed with another secret.
    pub address: Option<String>,
    pub secret: Option<String>,
    pub events: Vec<Event>,
    /// Slugs; none means all.
    pub categories: Vec<String>,
    pub quiet: Quiet,
    /// What its lines are written in.
    pub lang: Lang,
    pub paused: Option<Moment>,
    pub worked: Option<Moment>,
    pub failed: Option<Moment>,
    pub error: Option<String>,
    /// Since when nothing arrives.
    pub failing: Option<Moment>,
    pub retired: Option<Moment>,
}

impl Channel {
    /// Whether one of these events of a case is told here. A chat hears of the doors where its people work; a program of
    /// everything in its place.
    pub fn hears(&self, case: &Case, events: &[Event]) -> bool {
        let here = match (self.kind, case.door) {
            (RobotKind::Webhook, _) => self.community || self.place == case.compound,
            (_, Door::Home | Door::Compound) => self.place == case.compound,
            (_, Door::Community) => self.community,
        };
        let wanted = self.categories.is_empty() || self.categories.contains(&case.category);
        self.paused.is_none() && here && wanted && events.iter().any(|event| self.events.contains(event))
    }
}

/// What is posted: what the address gets at its end, and the body. DingTalk and Feishu sign with the time; WeCom's
/// address is all there is.
pub fn written(kind: RobotKind, secret: Option<&str>, text: &str, now: Moment) -> (String, Value) {
    let plain = json!({ "msgtype": "text", "text": { "content": text } });
    match (kind, secret) {
        (RobotKind::WeCom, _) | (RobotKind::DingTalk, None) => (String::new(), plain),
        (RobotKind::Webhook, _) => (String::new(), serde_json::from_str(text).unwrap_or(plain)),
        (RobotKind::DingTalk, Some(secret)) => {
            let signed = format!("{}\n{secret}", now.0);
            let sign = base64(&hmac_sha256(secret.as_bytes(), signed.as_bytes()));
            let sign = sign.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
            (format!("&timestamp={}&sign={sign}", now.0), plain)
        }
        (RobotKind::Feishu, None) => (String::new(), json!({ "msg_type": "text", "content": { "text": text } })),
        (RobotKind::Feishu, Some(secret)) => {
            let seconds = (now.0 / 1000).to_string();
            let sign = base64(&hmac_sha256(format!("{seconds}\n{secret}").as_bytes(), b""));
            let body = json!({ "timestamp": seconds, "sign": sign, "msg_type": "text", "content": { "text": text } });
            (String::new(), body)
        }
    }
}

/// Every secret of a webhook begins so; what follows is Base64.
const SECRET_PREFIX: &str = "whsec_";

/// The secret of a webhook from random bytes, as its receiver's library wants it.
pub fn webhook_secret(bytes: &[u8]) -> String {
    format!("{SECRET_PREFIX}{}", base64(bytes))
}

/// The lines that sign a webhook's body, after the Standard Webhooks specification: the id stays the same however often
/// it is sent.
pub fn signed(secret: &[u8], id: &str, body: &str, now: Moment) -> Vec<(&'static str, String)> {
    let seconds = now.0.div_euclid(1000).to_string();
    let sign = base64(&hmac_sha256(secret, format!("{id}.{seconds}.{body}").as_bytes()));
    vec![("webhook-id", id.to_owned()), ("webhook-timestamp", seconds), ("webhook-signature", format!("v1,{sign}"))]
}

/// What a program's answer means: only its status counts. One that is gone for good says so; everything else may pass.
pub fn webhook_verdict(status: u16) -> Verdict {
    match status {
        200..300 => Verdict::Taken,
        410 => Verdict::Never("HTTP 410".to_owned()),
        _ => Verdict::Later(format!("HTTP {status}")),
    }
}

/// What a robot's answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Taken,
    /// Try again.
    Later(String),
    /// Will not get better by itself.
    Never(String),
}

/// Reads the answer: these robots say 200 to nearly everything, and in the body what they mean. It may repeat what it
/// was sent, so whoever keeps the reason covers that first.
pub fn verdict(status: u16, body: &[u8]) -> Verdict {
    match status {
        200..300 => {}
        400..500 if status != 408 && status != 429 => return Verdict::Never(format!("HTTP {status}")),
        _ => return Verdict::Later(format!("HTTP {status}")),
    }
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return Verdict::Later("the answer cannot be read".to_owned());
    };
    let code = ["errcode", "code", "StatusCode"].iter().find_map(|name| answer.get(name)?.as_i64());
    let why = ["errmsg", "msg", "StatusMessage"].iter().find_map(|name| answer.get(name)?.as_str());
    match code {
        Some(0) => Verdict::Taken,
        Some(code) => {
            let told = format!("{code} {}", why.unwrap_or_default());
            if BUSY.contains(&code) { Verdict::Later(told) } else { Verdict::Never(told) }
        }
        None => Verdict::Later("the answer cannot be read".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_795_485_600_123);

    #[test]
    fn each_robot_gets_its_own_form_and_signature() {
        let text = "新诉求 shiliu-12";
        let plain = json!({ "msgtype": "text", "text": { "content": text } });
        assert_eq!(written(RobotKind::WeCom, Some("x"), text, NOW), (String::new(), plain.clone()));
        assert_eq!(written(RobotKind::DingTalk, None, text, NOW), (String::new(), plain.clone()));
        let (end, body) = written(RobotKind::DingTalk, Some("SECabc"), text, NOW);
        // Worked out with another program: HMAC-SHA256, Base64, percent signs.
        assert_eq!(end, "&timestamp=1795485600123&sign=RzfboP2MHDbLLmkWqOVi6boO0ZEB2UpPaLtx%2BaVYNb0%3D");
        assert_eq!(body, plain);
        let (end, body) = written(RobotKind::Feishu, Some("abc"), text, NOW);
        assert_eq!(end, "");
        assert_eq!(
            body,
            json!({ "timestamp": "1795485600", "sign": "VyzPjnEDeGjzeVWHXqI6JuQs1n4tEexZ8ClKKkSUf70=", "msg_type": "text", "content": { "text": text } })
        );
    }

    #[test]
    fn a_webhook_is_signed_as_its_specification_says() {
        let secret = b"a secret of thirty-two bytes, ok";
        let lines = signed(secret, "msg_1", r#"{"type":"test"}"#, NOW);
        // Worked out with another program: HMAC-SHA256 over id, seconds and body.
        assert_eq!(lines[1], ("webhook-timestamp", "1795485600".to_owned()));
        assert_eq!(lines[2], ("webhook-signature", "v1,v/Y60MqtmJbhSWAsQ4O6eGDMyVS90nbCcI2T5KeYkwI=".to_owned()));
        assert_eq!(webhook_secret(secret), "whsec_YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcywgb2s=");
        assert_eq!(webhook_verdict(204), Verdict::Taken);
        assert_eq!(webhook_verdict(410), Verdict::Never("HTTP 410".to_owned()));
        assert!(matches!(webhook_verdict(404), Verdict::Later(_)));
        assert!(matches!(webhook_verdict(500), Verdict::Later(_)));
    }

    #[test]
    fn an_answer_is_read_by_what_it_says_not_by_its_status() {
        let later = |body: &str| matches!(verdict(200, body.as_bytes()), Verdict::Later(_));
        let never = |body: &str| matches!(verdict(200, body.as_bytes()), Verdict::Never(_));
        for taken in [r#"{"errcode":0,"errmsg":"ok"}"#, r#"{"code":0,"msg":"success"}"#, r#"{"StatusCode":0}"#] {
            assert_eq!(verdict(200, taken.as_bytes()), Verdict::Taken);
        }
        assert!(later(r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#));
        assert!(never(r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#));
        assert!(never(r#"{"errcode":310000,"errmsg":"sign not match"}"#));
        assert!(never(r#"{"code":19021,"msg":"sign match fail"}"#));
        for garbage in ["", "<html>", "[]", "{}", r#"{"errcode":"0"}"#, "\u{0}"] {
            assert!(later(garbage), "{garbage}");
        }
        assert!(matches!(verdict(500, b""), Verdict::Later(_)));
        assert!(matches!(verdict(429, b""), Verdict::Later(_)));
        assert!(matches!(verdict(302, b""), Verdict::Later(_)));
        assert!(matches!(verdict(404, b""), Verdict::Never(_)));
    }
}
