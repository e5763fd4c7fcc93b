//! The page of my ways in.

use super::{actions, passkeys};
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use commons::people::back::{Word, store};
use commons::people::phone::covered;
use commons::people::phone::store::SEAL;
use commons::people::{AccountId, provider};
use kit::passkey;
use kit::time::Moment;
use kit::web::answer::{Answer, see_other};
use kit::web::session::Listed;
use kit::web::{Form, session};
use kit::{Error, Result};

pub const HERE: &str = "/me/devices";

/// A session as it reads.
pub struct Device {
    pub id: String,
    pub name: String,
    pub since: String,
    pub seen: String,
    pub current: bool,
}

/// A passkey as it reads.
pub struct Key {
    pub id: String,
    pub name: String,
    pub since: String,
    pub used: Option<String>,
}

/// An office's sign-in as it reads.
pub struct ByOffice {
    pub id: String,
    pub name: String,
    pub since: Option<String>,
    pub used: Option<String>,
}

/// `GET /me/devices`.
#[derive(Template)]
#[template(path = "hall/devices/templates/devices.html")]
pub struct DevicesPage {
    pub v: View,
    pub wrong: Wrong,
    pub login: String,
    pub has_password: bool,
    pub devices: Vec<Device>,
    /// Whether the house's address allows passkeys.
    pub offers: bool,
    pub passkeys: Vec<Key>,
    /// What a new one would be called.
    pub here: String,
    /// Whether numbers can be confirmed, and whether one lets in.
    pub phones: bool,
    pub phones_enter: bool,
    /// The number of one's own, covered, and the day on which it was confirmed.
    pub phone: Option<(String, Option<String>)>,
    /// What came back with what was wrong.
    pub typed_phone: String,
    /// Offices that could sign this person in, or do.
    pub offices: Vec<ByOffice>,
    /// Who vouched, and when.
    pub vouched: Vec<String>,
}

/// A kind of device in words: `手机 · Chrome`.
pub fn named(v: &View, label: &str) -> String {
    let (device, program) = label.split_once('/').unwrap_or(("other", ""));
    let device = match device {
        "phone" | "tablet" | "computer" => v.t(&format!("device-{device}")),
        _ => v.t("device-other"),
    };
    match program {
        "" => device.to_string(),
        "WeChat" => format!("{device} · {}", v.t("device-wechat")),
        program => format!("{device} · {program}"),
    }
}

pub async fn show(visit: Visit) -> Answer {
    page(&devices_page(&visit, Wrong::default()).await?)
}

/// A number as its owner knows it again.
fn own_phone(visit: &Visit, v: &View, phone: &store::OwnPhone) -> (String, Option<String>) {
    let plain = visit.app.secrets.unseal(SEAL, &phone.sealed).and_then(|plain| String::from_utf8(plain).ok());
    let day = phone.confirmed.map(|at| v.day(at, visit.call.now));
    (covered(&plain.unwrap_or_default()), day)
}

/// The page once more, with what was wrong.
pub async fn again(visit: &Visit, wrong: Wrong) -> Answer {
    page_again(&devices_page(visit, wrong).await?)
}

/// The same with the number that was typed.
pub async fn again_with(visit: &Visit, wrong: Wrong, phone: &str) -> Answer {
    page_again(&DevicesPage { typed_phone: phone.to_owned(), ..devices_page(visit, wrong).await? })
}

/// Only those who serve are asked about; whoever does so no more still sees their link.
async fn by_office(visit: &Visit, v: &View, account: AccountId) -> Result<Vec<ByOffice>> {
    if !visit.actor.mandates.iter().any(|mandate| !mandate.office.is_resident()) {
        return Ok(Vec::new());
    }
    let mut all = provider::store::mine(&visit.app.db, account).await?;
    let works = |link: &provider::Link| visit.actor.in_tenant(link.tenant).any(|mandate| !mandate.office.is_resident());
    all.retain(|link| link.since.is_some() || (visit.app.config.public_url.is_some() && works(link)));
    let day = |at: Moment| v.day(at, visit.call.now);
    let line = |link: provider::Link| ByOffice {
        id: link.tenant.to_string(),
        name: link.name,
        since: link.since.map(day),
        used: link.used.map(day),
    };
    Ok(all.into_iter().map(line).collect())
}

async fn devices_page(visit: &Visit, wrong: Wrong) -> Result<DevicesPage> {
    let account = visit.call.in_person()?;
    let v = visit.view("devices-title");
    let (db, now) = (&visit.app.db, visit.call.now);
    let (login, phc, keys, phone) = store::own(db, AccountId(account)).await?.ok_or(Error::NotFound)?;
    let own = visit.call.session.as_ref();
    let device = |one: &Listed| Device {
        id: one.name.clone(),
        name: named(&v, &one.label),
        since: v.day(one.starts, now),
        seen: v.day(one.seen, now),
        current: own.is_some_and(|own| one.is(own)),
    };
    let key = |one: &passkey::store::Listed| Key {
        id: one.id.to_string(),
        name: one.name.clone(),
        since: v.day(one.since, now),
        used: one.used.map(|used| v.day(used, now)),
    };
    let passkeys: Vec<Key> = keys.iter().map(key).collect();
    let devices = session::mine(db, account, now).await?.iter().map(device).collect();
    let word = |word: &Word| format!("{} {}", v.office(word.office), v.pick(&word.name, &word.name_en));
    let mut vouched = Vec::new();
    for way in store::of_account(db, AccountId(account)).await? {
        let second = way.second.as_ref().map(|second| format!(" · {}", word(second))).unwrap_or_default();
        let key = match (way.used, way.stopped) {
            (Some(_), _) => "devices-vouched",
            (None, Some(_)) => "devices-vouched-stopped",
            (None, None) if way.is_open(now) => "devices-vouched-open",
            (None, None) => "devices-vouched-lapsed",
        };
        vouched.push(format!("{} · {}{second} · {}", v.moment(way.first.at, now), word(&way.first), v.t(key)));
    }
    Ok(DevicesPage {
        wrong,
        login,
        has_password: phc.is_some(),
        devices,
        offers: passkeys::offered(&visit.app).is_some(),
        passkeys,
        phones: visit.app.sms.is_some(),
        phones_enter: visit.app.sms.as_ref().is_some_and(|sms| sms.sign_in),
        typed_phone: String::new(),
        phone: phone.map(|phone| own_phone(visit, &v, &phone)),
        offices: by_office(visit, &v, AccountId(account)).await?,
        here: named(&v, &visit.call.device),
        vouched,
        v,
    })
}

/// `POST /me/devices/end`.
pub async fn end(visit: Visit, form: Form) -> Answer {
    actions::end(&visit, form.text("device"), &form.key).await?;
    Ok(see_other(HERE))
}

/// `POST /me/devices/end-others`.
pub async fn end_others(visit: Visit, form: Form) -> Answer {
    actions::end_others(&visit, &form.key).await?;
    Ok(see_other(HERE))
}

/// `POST /me/devices/password`.
pub async fn password(visit: Visit, form: Form) -> Answer {
    match actions::set_password(&visit, &form).await {
        Ok(()) => Ok(see_other(HERE)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&devices_page(&visit, wrong).await?)
        }
    }
}

/// `POST /me/devices/passkeys/remove`.
pub async fn remove_passkey(visit: Visit, form: Form) -> Answer {
    passkeys::remove(&visit, form.text("passkey"), &form.key).await?;
    Ok(see_other(HERE))
}
