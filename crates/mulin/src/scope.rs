//! What a token opens: six scopes, which the OpenAPI document gives to its operations and the door enforces.

use crate::layout::{View, show};
use crate::openapi;
use axum::http::Method;
use kit::time::Moment;
use kit::web::form::Problems;
use kit::web::token::{DAYS_MAX, Holder, Token};
use kit::{Error, Result, names};
use serde::Deserialize;
use serde_json::{Value, json};

names! {
    /// The names stand in the OpenAPI document; with `-` for `:` they are keys of the locale files.
    Scope {
        RequestsRead = "requests:read",
        RequestsWrite = "requests:write",
        MeRead = "me:read",
        MeWrite = "me:write",
        OfficeRead = "office:read",
        OfficeWrite = "office:write",
    }
}

impl Scope {
    /// What is told when it is missing.
    fn missing(self) -> Error {
        Error::denied(match self {
            Scope::RequestsRead => "token/needs-requests-read",
            Scope::RequestsWrite => "token/needs-requests-write",
            Scope::MeRead => "token/needs-me-read",
            Scope::MeWrite => "token/needs-me-write",
            Scope::OfficeRead => "token/needs-office-read",
            Scope::OfficeWrite => "token/needs-office-write",
        })
    }

    /// What people read of it where a program has an office of its own.
    pub fn told_of_program(self, v: &View) -> String {
        v.t(&format!("integrations-scope-{}", self.name().replace(':', "-"))).to_string()
    }

    /// What people read of it.
    pub fn told(self, v: &View) -> String {
        v.t(&format!("token-scope-{}", self.name().replace(':', "-"))).to_string()
    }
}

/// Whether a token opens an operation.
///
/// # Errors
/// [`Error::Denied`] with the scope that is missing, or because this cannot be done with a token at all.
pub fn open(token: &Token, method: &Method, route: &str) -> Result<()> {
    match openapi::scope(method, route) {
        None => Err(Error::denied("token/not-here")),
        Some(scope) if token.has(scope.name()) => Ok(()),
        Some(scope) => Err(scope.missing()),
    }
}

/// What a resident reads, as pages begin; what is somebody's own, as a subscription is, is left out.
const SUBSTITUTE_READS: &[&str] = &["/say", "/about", "/search", "/help", "/assets", "/me/standing"];
const SUBSTITUTE_READS_NOT: &[&str] = &["/say/follow", "/help/roster/mine", "/help/hub/desk"];
/// And what they do.
const SUBSTITUTE_DOES: &[&str] = &["/say/requests"];
/// Stops standing in, or leaves.
const SUBSTITUTE_LEAVES: &[&str] = &[
    "/me/standing/stop",
    "/me/standing/{id}/begin",
    "/api/v1/me/standing/stop",
    "/api/v1/me/standing/{id}/begin",
    "/sign-out",
    "/sign-in",
    "/demo/be",
];

/// Whether a page or call opens to whoever stands in for another; `runs` is false when that has ended meanwhile, and then
/// they read as themselves, but do nothing in a part that they did not mean.
///
/// # Errors
/// [`Error::Denied`] with the reason.
pub fn open_to_substitute(method: &Method, route: &str, runs: bool) -> Result<()> {
    let under = |list: &[&str]| {
        list.iter().any(|head| route.strip_prefix(head).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    let safe = matches!(*method, Method::GET | Method::HEAD);
    if SUBSTITUTE_LEAVES.contains(&route) || (safe && (!runs || route == "/" || route == "/api/v1/me/standing")) {
        return Ok(());
    }
    if !runs {
        return Err(Error::denied("standing/over"));
    }
    let page = match safe {
        true => under(SUBSTITUTE_READS) && !under(SUBSTITUTE_READS_NOT),
        false => under(SUBSTITUTE_DOES),
    };
    let call = matches!(openapi::scope(method, route), Some(Scope::RequestsRead | Scope::RequestsWrite));
    if page || call { Ok(()) } else { Err(Error::denied("standing/not-here")) }
}

pub const NAME_CHARACTERS_MAX: usize = 60;
/// How long a token may be given, in days.
pub const DAYS: &[i64] = &[30, 90, 365];

/// What is typed for a new token.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    pub name: String,
    pub scopes: Vec<String>,
    pub days: i64,
    /// For a program: the office and the path of the place where it gets it.
    #[serde(default)]
    pub office: String,
    #[serde(default)]
    pub at: String,
}

impl Typed {
    pub fn of(form: &kit::web::Form) -> Typed {
        Typed {
            name: form.text("name").to_owned(),
            scopes: form.all("scopes").map(str::to_owned).collect(),
            days: form.text("days").parse().unwrap_or(0),
            office: form.text("office").to_owned(),
            at: form.text("at").to_owned(),
        }
    }

    /// Notes what has to change, and gives the scopes.
    pub fn check(&self, problems: &mut Problems) -> Vec<&'static str> {
        let name = self.name.trim();
        problems.when(name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX, "name", "token/name");
        let scopes: Option<Vec<Scope>> = self.scopes.iter().map(|name| Scope::parse(name)).collect();
        problems.when(scopes.as_ref().is_none_or(Vec::is_empty), "scopes", "token/scopes");
        problems.when(!(1..=DAYS_MAX).contains(&self.days), "days", "token/days");
        let mut names: Vec<_> = scopes.unwrap_or_default().iter().map(|scope| scope.name()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// A token as it reads on a page.
pub struct Line {
    pub id: String,
    pub name: String,
    pub scopes: String,
    pub since: String,
    pub ends: String,
    pub used: Option<String>,
    /// Ended or run out.
    pub over: bool,
    /// Of a program: office and place.
    pub seat: String,
}

impl Line {
    pub fn of(v: &View, token: &Token, seat: String, now: Moment) -> Line {
        let told = match token.holder {
            Holder::Program { .. } => Scope::told_of_program,
            Holder::Account(_) => Scope::told,
        };
        let scopes: Vec<String> =
            token.scopes.iter().filter_map(|name| Scope::parse(name)).map(|scope| told(scope, v)).collect();
        Line {
            id: token.id.to_string(),
            name: token.name.clone(),
            scopes: scopes.join(&v.t("channels-comma")),
            since: show::day(v.lang, token.since, now),
            ends: show::day(v.lang, token.ended.unwrap_or(token.ends), now),
            used: token.used.map(|used| show::day(v.lang, used, now)),
            over: token.is_over(now),
            seat,
        }
    }
}

/// An invented token for the gallery.
pub fn sample(v: &View, n: usize, seat: String) -> Line {
    const NOW: Moment = crate::layout::gallery::NOW;
    let token = Token {
        id: kit::web::token::TokenId(kit::Uuid::from_u128(n as u128)),
        holder: match seat.is_empty() {
            true => Holder::Account(kit::Uuid::nil()),
            false => Holder::Program { tenant: kit::Uuid::nil(), person: kit::Uuid::nil() },
        },
        name: v.t("token-sample-name").to_string(),
        scopes: Scope::ALL.iter().take(n + 1).map(|scope| scope.name().to_owned()).collect(),
        since: NOW - Moment::days(40),
        ends: NOW + Moment::days(50),
        used: (n == 0).then_some(NOW),
        ended: (n == 2).then_some(NOW),
    };
    Line::of(v, &token, seat, NOW)
}

/// The choices of a form: value, words, chosen.
pub type Choice = (String, String, bool);

pub fn choices(v: &View, typed: &Typed, told: fn(Scope, &View) -> String) -> Vec<Choice> {
    Scope::ALL
        .iter()
        .map(|scope| {
            let on = typed.scopes.iter().any(|name| name == scope.name());
            (scope.name().to_owned(), told(*scope, v), on)
        })
        .collect()
}

pub fn days(v: &View, typed: &Typed, usual: i64) -> Vec<Choice> {
    let chosen = if typed.days == 0 { usual } else { typed.days };
    DAYS.iter().map(|n| (n.to_string(), v.a("token-days-n", "n", *n), *n == chosen)).collect()
}

/// A token for programs: all but the secret.
pub fn shown(token: &Token, now: Moment) -> Value {
    json!({
        "id": token.id, "name": token.name, "scopes": token.scopes,
        "since": show::rfc3339(token.since), "ends": show::rfc3339(token.ends),
        "used": token.used.map(show::rfc3339), "over": token.is_over(now),
    })
}

/// The shapes that both pages' calls share, for OpenAPI.
pub fn schemas() -> Value {
    let (text, moment) = (json!({ "type": "string" }), json!({ "type": "string", "format": "date-time" }));
    let names: Vec<&str> = Scope::ALL.iter().map(|scope| scope.name()).collect();
    let scopes = json!({ "type": "array", "minItems": 1, "items": { "enum": names } });
    let token = json!({
        "type": "object", "additionalProperties": false,
        "required": ["id", "name", "scopes", "since", "ends", "used", "over"],
        "properties": {
            "id": text, "name": text, "scopes": { "type": "array", "items": { "enum": names } }, "since": moment, "ends": moment,
            "used": { "type": ["string", "null"], "format": "date-time", "description": "The last day of use, to the day" },
            "over": { "type": "boolean" },
            "office": { "type": "string", "description": "Of an integration" }, "place": { "type": "string" } }
    });
    json!({
        "Token": token,
        "Tokens": { "type": "object", "additionalProperties": false, "required": ["tokens"],
            "properties": { "tokens": { "type": "array", "items": { "$ref": "#/components/schemas/Token" } } } },
        "NewToken": { "type": "object", "additionalProperties": false, "required": ["name", "scopes", "days"], "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": NAME_CHARACTERS_MAX }, "scopes": scopes,
            "days": { "type": "integer", "minimum": 1, "maximum": DAYS_MAX } } },
        "NewIntegration": { "type": "object", "additionalProperties": false,
            "required": ["name", "scopes", "days", "office", "at"], "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": NAME_CHARACTERS_MAX }, "scopes": scopes,
            "days": { "type": "integer", "minimum": 1, "maximum": DAYS_MAX },
            "office": { "enum": crate::office::integrations::OFFICES.iter().map(|office| office.name()).collect::<Vec<_>>() },
            "at": { "type": "string", "description": "The path of the place, e.g. shiliu" } } },
        "TokenEnded": { "type": "object", "additionalProperties": false, "required": ["id"], "properties": { "id": text } },
        "TokenMade": { "type": "object", "additionalProperties": false, "required": ["id", "token"], "properties": {
            "id": text, "token": { "type": "string", "description": "Shown this once" } } }
    })
}
