//! Who is told outside the house: those who asked for letters, the one who wrote a letter, and group chats with a robot.
//!
//! Written in the transaction that ends the job, each keyed by activity, way and target: once each, whatever happens.

use crate::layout::show;
use crate::say::follow::model::Who;
use crate::say::follow::store as follow;
use crate::say::requests::actions::pickup_code;
use crate::say::requests::answer;
use crate::words;
use commons::calendar::Zone;
use commons::case::{Case, CaseId, Channel as CameBy, State, store};
use commons::notice::channel::{Event, RobotKind, store as channels};
use commons::notice::delivery::{self, Content, NewDelivery, Quiet, Via, queue};
use commons::notice::wish::{Because, store as wishes};
use commons::people::PersonId;
use commons::place::{TenantId, store as places};
use kit::book::ActivityId;
use kit::db::Tx;
use kit::i18n::Lang;
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::web::App;
use kit::{Result, Uuid};
use serde_json::json;
use std::sync::LazyLock;

static ZONE: LazyLock<Zone> = LazyLock::new(Zone::china);

/// What happened, as the book told it.
pub struct What<'a> {
    pub activity: ActivityId,
    pub stem: &'a str,
    pub facts: &'a serde_json::Value,
}

/// Leaves everything that has to go out because of an activity.
pub async fn queue_all(
    tx: &mut Tx<'_>,
    app: &App,
    (case, what): (&Case, &What<'_>),
    persons: &[(PersonId, Because)],
) -> Result<()> {
    if what.stem == "requests/erased" || what.stem == "requests/withdrawn" {
        delivery::store::forget(tx, case.tenant, case.id.0).await?;
    }
    robots(tx, app, case, what).await?;
    if app.mail.is_some() {
        for (person, because) in persons {
            to_person(tx, app, (case, what), *person, *because).await?;
        }
        to_writer(tx, app, case, what).await?;
    }
    Ok(())
}

/// A link as residents see it; empty when the house does not know its own address.
pub fn link(app: &App, path: &str) -> String {
    app.config.public_url.as_ref().map_or(String::new(), |url| format!("{}{path}", url.trim_end_matches('/')))
}

async fn to_person(
    tx: &mut Tx<'_>,
    app: &App,
    (case, what): (&Case, &What<'_>),
    person: PersonId,
    because: Because,
) -> Result<()> {
    let wish = wishes::find_in(tx, &app.secrets, case.tenant, person).await?;
    let Some(to) = wish.address(because) else { return Ok(()) };
    let lang = Lang::parse(&wish.lang).unwrap_or_default();
    let why = if because == Because::Followed { "channels-mail-why-followed" } else { "channels-mail-why" };
    let here = match (because, asks(what, case)) {
        (Because::Mine, true) => link(app, &answer::link(&app.secrets, case)),
        _ => link(app, &format!("/say/requests/{}", case.code)),
    };
    let content = letter(&[lang], to, (case, what), &here, why);
    let new = NewDelivery {
        key: format!("{}/mail/{person}", what.activity),
        via: Via::Mail,
        channel: None,
        person: Some(person),
        about: Some(case.id.0),
        content,
        due: wish.quiet.after(&ZONE, tx.now()),
    };
    queue(tx, &app.secrets, case.tenant, &new).await.map(drop)
}

/// Whether the one who said it is asked whether it was solved; the letter then holds the link that answers.
fn asks(what: &What<'_>, case: &Case) -> bool {
    what.stem == "requests/reported" && case.state == State::Reported
}

/// What the one who wrote a letter hears of.
const WRITER_HEARS: &[&str] =
    &["requests/accepted", "requests/reported", "requests/taken-over", "requests/moved-up", "requests/merged"];

/// Whoever said it by letter hears by letter, at the address that lies sealed as the contact.
async fn to_writer(tx: &mut Tx<'_>, app: &App, case: &Case, what: &What<'_>) -> Result<()> {
    if case.channel != CameBy::Mail || !WRITER_HEARS.contains(&what.stem) {
        return Ok(());
    }
    let Some(to) = contact(tx, &app.secrets, case.tenant, case.id).await? else { return Ok(()) };
    let langs = languages(tx, app, case.tenant, &to).await?;
    let slip = match asks(what, case) {
        true => link(app, &answer::link(&app.secrets, case)),
        false => link(app, &format!("/say/requests/slip/{}", pickup_code(&app.secrets, case.id))),
    };
    let mut content = letter(&langs, &to, (case, what), &slip, "channels-mail-answer");
    content.subject = format!("{} {}", tag(&app.secrets, &case.code, case.id), content.subject);
    content.headers.extend(reply_to(tx, case).await?);
    let new = NewDelivery {
        key: format!("{}/mail/writer", what.activity),
        via: Via::Mail,
        channel: None,
        person: None,
        about: Some(case.id.0),
        content,
        due: Quiet::default().after(&ZONE, tx.now()),
    };
    queue(tx, &app.secrets, case.tenant, &new).await.map(drop)
}

async fn contact(tx: &mut Tx<'_>, secrets: &Secrets, tenant: TenantId, case: CaseId) -> Result<Option<String>> {
    let sealed = store::contact_in(tx, tenant, case).await?;
    let plain = sealed.and_then(|sealed| String::from_utf8(secrets.unseal("contact", &sealed)?).ok());
    Ok(plain.filter(|address| kit::mail::is_address(address)))
}

/// The languages of a letter to somebody without an account: the one in which this address last said yes to letters;
/// both where that is not known, Chinese first.
pub async fn languages(tx: &mut Tx<'_>, app: &App, tenant: TenantId, to: &str) -> Result<Vec<Lang>> {
    let hash = Who::Mail(to.to_lowercase()).hash(&app.secrets);
    Ok(follow::lang(tx, tenant, &hash).await?.map_or_else(|| Lang::ALL.to_vec(), |lang| vec![lang]))
}

/// `[shiliu-12 7KQ2MX9PRT]`: the second half shows that an answer comes from somebody who had our letter.
pub fn tag(secrets: &Secrets, code: &str, case: CaseId) -> String {
    format!("[{code} {}]", secrets.code("mail-tag", case.0.as_bytes()))
}

/// Answers go to the mailbox of the compound, if it has one.
pub async fn reply_to(tx: &mut Tx<'_>, case: &Case) -> Result<Option<(String, String)>> {
    let address = channels::mailbox_of(tx, case.tenant, case.compound).await?;
    Ok(address.map(|address| ("Reply-To".to_owned(), address)))
}

fn letter(langs: &[Lang], to: &str, (case, what): (&Case, &What<'_>), link: &str, why: &str) -> Content {
    let key = format!("told-{}", what.stem.replace('/', "-"));
    let told: Vec<String> =
        langs.iter().map(|lang| words::t_with(*lang, &key, &[("code", case.code.clone().into())])).collect();
    let whys: Vec<_> = langs.iter().map(|lang| words::t(*lang, why).to_string()).collect();
    let text = format!("{}\n\n{link}\n\n{}\n", told.join("\n"), whys.join("\n"));
    Content { to: to.to_owned(), subject: told.join(" / "), text, ..Content::default() }
}

/// Each channel that wants to hear of it gets its line.
async fn robots(tx: &mut Tx<'_>, app: &App, case: &Case, what: &What<'_>) -> Result<()> {
    let cause = what.facts.get("cause").and_then(serde_json::Value::as_str);
    let solved = what.facts.get("solved").and_then(serde_json::Value::as_bool);
    let events: &[Event] = match what.stem {
        "requests/said" => &[Event::New, Event::Step],
        "requests/moved-up" if cause == Some("overdue") => &[Event::Up, Event::Overdue, Event::Step],
        "requests/moved-up" => &[Event::Up, Event::Step],
        "requests/overdue-at-last-door" => &[Event::Overdue, Event::Step],
        "requests/reported" => &[Event::Reported, Event::Step],
        "requests/judged" if solved == Some(false) => &[Event::Unsolved, Event::Step],
        // Who looked at a telephone number, or joined, is nobody else's business.
        stem if STEPS.contains(&stem) => &[Event::Step],
        _ => return Ok(()),
    };
    let all = channels::all_in(tx, &app.secrets, case.tenant).await?;
    let hearing: Vec<_> = all.into_iter().filter(|channel| channel.hears(case, events)).collect();
    if hearing.is_empty() {
        return Ok(());
    }
    let names = Names::of(tx, case).await?;
    for channel in hearing {
        let event = *events.iter().find(|event| channel.events.contains(event)).unwrap_or(&events[0]);
        let told = Told::of(channel.lang, case, &names, tx.now());
        let text = match channel.kind {
            RobotKind::Webhook => for_program(app, case, what, &told, tx.now()),
            _ => line(app, channel.lang, event, &told),
        };
        let new = NewDelivery {
            key: format!("{}/robot/{}", what.activity, channel.id),
            via: Via::Robot,
            channel: Some(channel.id),
            person: None,
            about: Some(case.id.0),
            content: Content { text, ..Content::default() },
            due: channel.quiet.after(&ZONE, tx.now()),
        };
        queue(tx, &app.secrets, case.tenant, &new).await?;
    }
    Ok(())
}

/// Steps that everybody can read on the page of a request, beside those that have an event of their own.
const STEPS: &[&str] = &[
    "requests/accepted",
    "requests/added",
    "requests/came-back",
    "requests/edited",
    "requests/erased",
    "requests/hidden",
    "requests/judged",
    "requests/left-unrated",
    "requests/merged",
    "requests/noted",
    "requests/offered",
    "requests/paused",
    "requests/recalled",
    "requests/relayed",
    "requests/resumed",
    "requests/sorted",
    "requests/taken-over",
    "requests/turned-down",
    "requests/unmerged",
    "requests/withdrawn",
];

/// What a program is told: what a resident may read of a public request, and of any other its code and that it changed.
/// Whoever may see more asks for it with a token.
fn for_program(app: &App, case: &Case, what: &What<'_>, told: &Told, now: Moment) -> String {
    let mut request = json!({
        "code": case.code,
        "private": told.more.is_none(),
        "href": link(app, &format!("/api/v1/requests/{}", case.code)),
    });
    if let Some((place, _)) = &told.more {
        request["category"] = case.category.as_str().into();
        request["place"] = place.as_str().into();
        request["door"] = case.door.name().into();
        request["state"] = case.state_at(now).name().into();
        request["due"] = case.due.map(show::rfc3339).into();
        request["page"] = link(app, &format!("/say/requests/{}", case.code)).into();
    }
    json!({ "type": what.stem, "timestamp": show::rfc3339(now), "activity": what.activity, "data": request })
        .to_string()
}

/// A try, so that whoever sets a receiver up sees something come.
pub fn try_program(now: Moment) -> String {
    json!({ "type": "channels/tested", "timestamp": show::rfc3339(now), "data": {} }).to_string()
}

/// What a program would be told of the request that stands for all on the page.
pub fn sample_for_program(app: &App, told: &Told, now: Moment) -> String {
    let data = match &told.more {
        Some((place, _)) => json!({ "code": told.code, "private": false, "category": "lighting", "place": place,
            "door": "home", "state": "said", "due": show::rfc3339(now), "href": link(app, "/api/v1/requests/shiliu-12"),
            "page": link(app, "/say/requests/shiliu-12") }),
        None => json!({ "code": told.code, "private": true, "href": link(app, "/api/v1/requests/shiliu-12") }),
    };
    json!({ "type": "requests/said", "timestamp": show::rfc3339(now), "activity": kit::Uuid::nil(), "data": data })
        .to_string()
}

/// What category and building are called, in both languages.
struct Names {
    category: (String, String),
    place: (String, String),
}

impl Names {
    async fn of(tx: &mut Tx<'_>, case: &Case) -> Result<Names> {
        let (category, place) = store::names(tx, case).await?;
        let all = store::categories_in(tx, case.tenant).await?;
        let category_en = all.into_iter().find(|one| one.slug == case.category).map(|one| one.name_en);
        let found = places::find_in(tx, case.tenant, case.building.unwrap_or(case.compound)).await?;
        Ok(Names {
            category: (category, category_en.unwrap_or_default()),
            place: (place, found.map_or_else(String::new, |place| place.label_en)),
        })
    }
}

/// What a line in a group chat may say of a case.
pub struct Told {
    pub code: String,
    pub category: String,
    /// Down to the building, when it is due, and where to look; left out when it is for the parties only.
    pub more: Option<(String, Option<String>)>,
}

impl Told {
    fn of(lang: Lang, case: &Case, names: &Names, now: Moment) -> Told {
        let due = case.due.filter(|_| case.state.is_open()).map(|due| show::moment(lang, due, now));
        let pick = |pair: &(String, String)| lang.pick(&pair.0, &pair.1).to_owned();
        Told {
            code: case.code.clone(),
            category: pick(&names.category),
            more: case.is_public().then(|| (pick(&names.place), due)),
        }
    }
}

/// The line, in the language of the chat.
pub fn line(app: &App, lang: Lang, event: Event, told: &Told) -> String {
    let mut lines = vec![format!("{} {}", words::t(lang, &format!("channels-says-{event}")), told.code)];
    match &told.more {
        None => lines.push(told.category.clone()),
        Some((place, due)) => {
            lines.push(format!("{place} · {}", told.category));
            lines.extend(
                due.as_ref().map(|due| words::t_with(lang, "channels-says-due", &[("due", due.clone().into())])),
            );
            let link = link(app, &format!("/say/requests/{}", told.code));
            lines.extend((!link.is_empty()).then_some(link));
        }
    }
    lines.join("\n")
}

/// The id of a delivery in a Message-ID of ours: `{delivery}.{tenant}@…`.
pub fn message_id(delivery: Uuid, tenant: TenantId) -> String {
    format!("{}.{}", delivery.simple(), tenant.0.simple())
}

/// Back from one.
pub fn of_message_id(id: &str) -> Option<(Uuid, TenantId)> {
    let (delivery, tenant) = id.split('@').next()?.split_once('.')?;
    Some((Uuid::parse_str(delivery).ok()?, TenantId(Uuid::parse_str(tenant).ok()?)))
}
