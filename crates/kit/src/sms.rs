//! Short messages by whatever gateway the operator has: one HTTP call, written as a template. Off until it is set.
//!
//! What it says is one code. The call goes out by the guarded way, and neither number, code nor secret is ever logged.

use crate::mail::{Refusal, covered};
use crate::outgoing::{Line, Outgoing, Trouble};
use crate::{Error, Result};
use axum::http::{HeaderName, HeaderValue};
use std::fmt;

/// What the operator says of the gateway.
#[derive(Clone, Debug, Default)]
pub struct SmsSettings {
    /// `https://sms.example/send?to={phone}`.
    pub url: String,
    /// `GET` or `POST`; empty is `POST`.
    pub method: String,
    /// A line each: `Authorization: Bearer {secret}`.
    pub headers: Vec<String>,
    /// `{"to":"{phone}","code":"{code}"}`; its own words stay as they are.
    pub body: String,
    /// Empty is `application/json`.
    pub kind: String,
    pub secret: Option<String>,
    /// Lets people sign in by a code, not only confirm their number.
    pub sign_in: bool,
}

/// The way to a gateway.
#[derive(Clone)]
pub struct Sms {
    url: String,
    get: bool,
    headers: Vec<(&'static str, String)>,
    body: String,
    kind: String,
    secret: String,
    pub sign_in: bool,
}

impl fmt::Debug for Sms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sms").field("sign_in", &self.sign_in).finish_non_exhaustive()
    }
}

/// How a blank is written where it stands.
#[derive(Clone, Copy)]
enum Into {
    Address,
    Json,
    Plain,
}

impl Sms {
    /// # Errors
    /// [`Error::Unavailable`] in a sentence, when the settings cannot be used.
    pub fn open(settings: SmsSettings) -> Result<Sms> {
        let bad = |why: &str| Error::Unavailable(format!("--sms: {why}"));
        let get = match settings.method.to_ascii_uppercase().as_str() {
            "" | "POST" => false,
            "GET" => true,
            _ => return Err(bad("the method is GET or POST")),
        };
        let mut headers = Vec::new();
        for line in settings.headers.iter().flat_map(|lines| lines.lines()).filter(|line| !line.trim().is_empty()) {
            let (name, value) = line.split_once(':').ok_or_else(|| bad("a header is `Name: value`"))?;
            let name = name.trim().to_ascii_lowercase();
            HeaderName::try_from(name.as_str()).map_err(|_| bad("a header has no such name"))?;
            // Named once at the start, for as long as the house is open.
            headers.push((&*Box::leak(name.into_boxed_str()), value.trim().to_owned()));
        }
        let all = || [&settings.url, &settings.body].into_iter().chain(headers.iter().map(|(_, value)| value));
        for blank in ["{phone}", "{code}"] {
            if !all().any(|text| text.contains(blank)) {
                return Err(bad(&format!("{blank} stands nowhere")));
            }
        }
        if settings.secret.is_none() && all().any(|text| text.contains("{secret}")) {
            return Err(bad("{secret} stands there, and MULIN_SMS_SECRET is not set"));
        }
        let kind = if settings.kind.is_empty() { "application/json".to_owned() } else { settings.kind };
        HeaderValue::try_from(kind.as_str()).map_err(|_| bad("the type of the body is none"))?;
        let (url, body, sign_in) = (settings.url, settings.body, settings.sign_in);
        Ok(Sms { url, get, headers, body, kind, secret: settings.secret.unwrap_or_default(), sign_in })
    }

    fn filled(&self, template: &str, into: Into, (phone, code): (&str, &str)) -> String {
        let written = |text: &str| match into {
            Into::Address => serde_urlencoded::to_string([("", text)]).unwrap_or_default()[1..].replace('+', "%20"),
            Into::Json => {
                let quoted = serde_json::to_string(text).unwrap_or_default();
                let inside = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                inside.unwrap_or_default().to_owned()
            }
            Into::Plain => text.to_owned(),
        };
        let blanks = [("{phone}", phone), ("{code}", code), ("{secret}", self.secret.as_str())];
        blanks.iter().fold(template.to_owned(), |text, (blank, value)| text.replace(blank, &written(value)))
    }

    /// Hands a code over.
    ///
    /// # Errors
    /// [`Refusal`] with a reason that holds neither number, code nor secret.
    pub async fn send(&self, out: &Outgoing, phone: &str, code: &str) -> Result<(), Refusal> {
        let what = (phone, code);
        let url = self.filled(&self.url, Into::Address, what);
        let lines: Vec<Line> =
            self.headers.iter().map(|(name, value)| (*name, self.filled(value, Into::Plain, what))).collect();
        let into = if self.kind.contains("json") {
            Into::Json
        } else if self.kind.contains("urlencoded") {
            Into::Address
        } else {
            Into::Plain
        };
        let answered = match self.get {
            true => out.get(&url, &lines).await,
            false => out.post_with(&url, &self.kind, &lines, self.filled(&self.body, into, what).into_bytes()).await,
        };
        let never =
            [phone.to_owned(), phone.trim_start_matches('+').to_owned(), code.to_owned(), self.secret.clone(), url];
        let never: Vec<String> = never.into_iter().filter(|one| one.len() > 3).collect();
        let why = |told: &str| -> String { covered(told, &never).chars().take(100).collect() };
        match answered {
            Ok(reply) if (200..300).contains(&reply.status) => Ok(()),
            Ok(reply) if reply.status == 429 || reply.status >= 500 => {
                Err(Refusal::Later(format!("status {}", reply.status)))
            }
            Ok(reply) => Err(Refusal::Never(format!("status {}", reply.status))),
            Err(trouble @ Trouble::Refused(_)) => Err(Refusal::Never(why(&trouble.to_string()))),
            Err(trouble) => Err(Refusal::Later(why(&trouble.to_string()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> SmsSettings {
        SmsSettings {
            url: "https://sms.example/send?to={phone}".into(),
            headers: vec!["Authorization: Bearer {secret}".into()],
            body: "{\"text\":\"睦邻 {code}\",\"to\":\"{phone}\"}".into(),
            secret: Some("a \"secret\"".into()),
            ..SmsSettings::default()
        }
    }

    #[test]
    fn a_blank_is_written_as_its_place_wants_it() {
        let sms = Sms::open(settings()).unwrap();
        let what = ("+8613800138000", "042917");
        assert_eq!(sms.filled(&sms.url, Into::Address, what), "https://sms.example/send?to=%2B8613800138000");
        assert_eq!(sms.filled(&sms.body, Into::Json, what), "{\"text\":\"睦邻 042917\",\"to\":\"+8613800138000\"}");
        assert_eq!(sms.filled("{secret}", Into::Json, what), "a \\\"secret\\\"");
        assert_eq!(sms.filled(&sms.headers[0].1, Into::Plain, what), "Bearer a \"secret\"");
        assert!(!format!("{sms:?}").contains("secret\""));
    }

    #[test]
    fn what_cannot_be_used_is_said_at_the_start() {
        for (change, why) in [
            (SmsSettings { url: "https://sms.example".into(), body: "{code}".into(), ..settings() }, "{phone}"),
            (SmsSettings { body: "{phone}".into(), ..settings() }, "{code}"),
            (SmsSettings { secret: None, ..settings() }, "MULIN_SMS_SECRET"),
            (SmsSettings { method: "PUT".into(), ..settings() }, "GET or POST"),
            (SmsSettings { headers: vec!["nonsense".into()], ..settings() }, "Name: value"),
        ] {
            let told = Sms::open(change).unwrap_err().to_string();
            assert!(told.contains(why), "{told}");
        }
    }
}
