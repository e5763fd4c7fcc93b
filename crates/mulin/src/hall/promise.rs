//! What this house promises about people's data, and who is responsible for what: two pages for everybody.

use crate::layout::{View, Visit, page};
use askama::Template;
use commons::kept::Kind;
use commons::kept::store::{self as kept, timers::TIMERS};
use commons::place::store as places;
use kit::web::answer::Answer;

/// Who stands beside whom in the neighbourhood, each answering for something else.
pub const BODIES: &[&str] = &["residents", "owners", "property", "subdistrict", "captain", "hub", "police", "operator"];

/// `GET /about/data`.
#[derive(Template)]
#[template(path = "hall/promise/templates/promise.html")]
pub struct PromisePage {
    pub v: View,
    /// Title, what, why, until.
    pub kinds: Vec<[String; 4]>,
    /// What, after how many days, why.
    pub timers: Vec<[String; 3]>,
    /// The communities that answer here.
    pub communities: Vec<String>,
    /// Whom to write to, as the operator set it.
    pub contact: Option<String>,
    /// Whether letters leave this house.
    pub mail: bool,
    /// Who else is told what, in sentences; nobody where there is none.
    pub receivers: Vec<String>,
}

/// `GET /about/who`.
#[derive(Template)]
#[template(path = "hall/promise/templates/who.html")]
pub struct WhoPage {
    pub v: View,
    /// Who, what they must do, what they may not, how they are reached.
    pub bodies: Vec<[String; 4]>,
}

/// The page with these facts.
pub fn promise(v: View, communities: Vec<String>, contact: Option<String>, receivers: &[String]) -> PromisePage {
    let kind =
        |kind: &Kind| ["", "-what", "-why", "-until"].map(|of| v.t(&format!("kept-{}{of}", kind.name())).to_string());
    let timer = |name: &str, days: i64| {
        let days = if days == 0 { v.t("promise-at-once").to_string() } else { v.a("promise-days", "n", days) };
        [v.t(&format!("timer-{name}")).to_string(), days, v.t(&format!("timer-{name}-why")).to_string()]
    };
    PromisePage {
        kinds: Kind::ALL.iter().map(kind).collect(),
        timers: TIMERS.iter().map(|one| timer(one.name, one.days)).collect(),
        communities,
        contact,
        mail: receivers.iter().any(|one| one == "mail"),
        receivers: receivers.iter().map(|one| v.t(&format!("promise-to-{one}")).to_string()).collect(),
        v,
    }
}

/// The page of who is responsible for what.
pub fn who(v: View) -> WhoPage {
    let body = |name: &&str| ["", "-must", "-not", "-reach"].map(|of| v.t(&format!("who-{name}{of}")).to_string());
    WhoPage { bodies: BODIES.iter().map(body).collect(), v }
}

pub async fn show(visit: Visit) -> Answer {
    let v = visit.view("promise-title");
    let tenants = places::tenants(&visit.app.db).await?;
    let communities = tenants.iter().map(|tenant| v.pick(&tenant.name, &tenant.name_en).to_owned()).collect();
    let app = &visit.app;
    let set = [("mail", app.mail.is_some()), ("sms", app.sms.is_some()), ("objects", app.media.is_elsewhere())];
    let mut receivers: Vec<String> = set.iter().filter(|one| one.1).map(|one| one.0.to_owned()).collect();
    receivers.extend(kept::receivers(&app.db, visit.call.now).await?);
    page(&promise(v, communities, app.config.contact.clone(), &receivers))
}

pub async fn show_who(visit: Visit) -> Answer {
    page(&who(visit.view("who-title")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_receiver_is_told_of_in_words() {
        let names = ["mail", "sms", "objects", "robot", "program", "provider"];
        let missing: Vec<String> = names.iter().map(|name| format!("promise-to-{name}")).collect();
        assert!(missing.iter().all(|key| crate::words::words().has(kit::i18n::Lang::Zh, key)));
    }

    #[test]
    fn every_body_is_told_of_in_words() {
        let keys = BODIES.iter().flat_map(|name| ["", "-must", "-not", "-reach"].map(|of| format!("who-{name}{of}")));
        let missing: Vec<String> = keys.filter(|key| !crate::words::words().has(kit::i18n::Lang::Zh, key)).collect();
        assert_eq!(missing, Vec::<String>::new());
    }
}
