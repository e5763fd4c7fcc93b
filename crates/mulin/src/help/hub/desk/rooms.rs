//! Talks, opinions and keys, a page each.

use super::{actions, looks, policy};
use crate::help::hub::pages::At;
use crate::help::hub::policy as hub;
use crate::layout::{View, Visit, Wrong, page};
use crate::near::compound;
use askama::Template;
use commons::calendar::Zone;
use commons::desk::{RoomKey, Talk, TalkState, Way, store};
use commons::place::Place;
use commons::private;
use kit::Result;
use kit::time::Moment;
use kit::web::answer::Answer;
use kit::web::{Form, Query};

/// Talks that have ended stay in sight so long.
const ENDED_DAYS: i64 = 30;
/// A key is mostly wanted for so many hours.
const LENT_HOURS: i64 = 3;

/// A talk as it reads.
pub struct TalkShown {
    pub id: String,
    pub about: String,
    pub state: String,
    pub asked: String,
    pub meets: Option<String>,
    pub one_side: String,
    pub other_side: String,
    pub passed_to: Option<String>,
    pub over: bool,
    /// What may come next.
    pub agrees: bool,
    pub holds: bool,
    pub settles: bool,
}

/// `GET /help/hub/desk/talks`.
#[derive(Template)]
#[template(path = "help/hub/desk/templates/talks.html")]
pub struct TalksPage {
    pub v: View,
    pub wrong: Wrong,
    pub compound: String,
    pub place: String,
    pub talks: Vec<TalkShown>,
    /// Name and words.
    pub ways: Vec<(&'static str, String)>,
    /// The talk whose form came back, with what was typed: when, where, other.
    pub typed: (String, [String; 3]),
}

pub async fn talks(visit: Visit, Query(at): Query<At>) -> Answer {
    let place = compound(&visit, &at.compound).await?;
    page(&talks_page(&visit, &place, None, Wrong::default()).await?)
}

pub async fn talks_page(visit: &Visit, place: &Place, form: Option<&Form>, wrong: Wrong) -> Result<TalksPage> {
    let (db, now, v) = (&visit.app.db, visit.call.now, visit.view("desk-talks-title"));
    let chair = policy::reads_talks(&visit.actor, actions::chair(db, &visit.actor, place, now).await)?;
    let since = now - Moment::days(ENDED_DAYS);
    let all = store::talks(db, &visit.app.secrets, (place.tenant, place.id), since).await?;
    looks::at_talks(visit, (place, chair.office), &all).await?;
    let typed = |name: &str| form.map(|form| form.text(name).to_owned()).unwrap_or_default();
    Ok(TalksPage {
        wrong,
        compound: place.path.clone(),
        place: v.pick(&place.name, &place.name_en).to_owned(),
        talks: all.iter().map(|talk| talk_shown(&v, talk, now)).collect(),
        ways: ways(&v),
        typed: (typed("id"), ["when", "where", "other"].map(typed)),
        v,
    })
}

pub fn ways(v: &View) -> Vec<(&'static str, String)> {
    Way::ALL.iter().map(|way| (way.name(), v.t(&format!("way-{way}")).to_string())).collect()
}

fn talk_shown(v: &View, talk: &Talk, now: Moment) -> TalkShown {
    TalkShown {
        id: talk.id.to_string(),
        about: talk.about.clone(),
        state: v.t(&format!("talk-{}", talk.state.name().replace('_', "-"))).to_string(),
        asked: v.day(talk.asked, now),
        meets: talk.meets.map(|at| format!("{} · {}", v.moment(at, now), talk.meets_where)),
        one_side: talk.parties.asked.clone(),
        other_side: talk.parties.other.clone(),
        passed_to: talk.passed_to.map(|way| v.t(&format!("way-{way}")).to_string()),
        over: talk.state.is_over(),
        agrees: matches!(talk.state, TalkState::Asked | TalkState::Agreed),
        holds: talk.state == TalkState::Agreed,
        settles: talk.state == TalkState::Held,
    }
}

/// A topic as it reads at the desk.
pub struct TopicShown {
    pub id: String,
    pub name: String,
    pub opinions: i64,
    pub texts: Vec<String>,
    pub answered: Option<String>,
    pub said: String,
    pub came: String,
}

/// `GET /help/hub/desk/opinions`.
#[derive(Template)]
#[template(path = "help/hub/desk/templates/opinions.html")]
pub struct OpinionsPage {
    pub v: View,
    pub wrong: Wrong,
    pub compound: String,
    pub place: String,
    /// Under no topic yet: id and text.
    pub loose: Vec<(String, String)>,
    /// Topics that are open: id and name.
    pub choices: Vec<(String, String)>,
    pub topics: Vec<TopicShown>,
    pub keeps: bool,
    /// What would tell strangers who somebody is, in what is to be public: kind and piece.
    pub personal: Vec<(String, String)>,
    /// The name of a topic that came back.
    pub name: String,
    /// The topic whose form came back, with what was typed.
    pub typed: (String, [String; 2]),
}

pub async fn opinions(visit: Visit, Query(at): Query<At>) -> Answer {
    let place = compound(&visit, &at.compound).await?;
    page(&opinions_page(&visit, &place, None, Wrong::default()).await?)
}

pub async fn opinions_page(visit: &Visit, place: &Place, form: Option<&Form>, wrong: Wrong) -> Result<OpinionsPage> {
    let (db, now, v) = (&visit.app.db, visit.call.now, visit.view("desk-opinions-title"));
    actions::chair(db, &visit.actor, place, now).await?;
    let topics = store::topics(db, place.tenant, place.id).await?;
    let opinions = store::opinions(db, place.tenant, place.id).await?;
    let typed = |name: &str| form.map(|form| form.text(name).to_owned()).unwrap_or_default();
    let within = |id| opinions.iter().filter(move |one| one.topic == id);
    let shown = |topic: &commons::desk::Topic| TopicShown {
        id: topic.id.to_string(),
        name: topic.name.clone(),
        opinions: topic.opinions,
        texts: within(Some(topic.id)).map(|one| one.text.clone()).collect(),
        answered: topic.answered.map(|at| v.day(at, now)),
        said: topic.said.clone(),
        came: topic.came.clone(),
    };
    let open = topics.iter().filter(|topic| topic.answered.is_none());
    Ok(OpinionsPage {
        compound: place.path.clone(),
        place: v.pick(&place.name, &place.name_en).to_owned(),
        loose: within(None).map(|one| (one.id.to_string(), one.text.clone())).collect(),
        choices: open.map(|topic| (topic.id.to_string(), topic.name.clone())).collect(),
        topics: topics.iter().map(shown).collect(),
        keeps: hub::keep(&visit.actor, place).is_ok(),
        personal: if wrong.on("personal").is_some() {
            personal(&v, &["name", "said", "came"].map(typed))
        } else {
            Vec::new()
        },
        name: typed("name"),
        wrong,
        typed: (typed("id"), ["said", "came"].map(typed)),
        v,
    })
}

/// What was found, in words.
pub fn personal(v: &View, texts: &[String]) -> Vec<(String, String)> {
    let kind = |found: &private::Found| v.t(&format!("private-{}", found.kind.name().replace('_', "-"))).to_string();
    let of =
        |text: &String| private::find(text).iter().map(|found| (kind(found), found.piece(text))).collect::<Vec<_>>();
    texts.iter().flat_map(of).collect()
}

/// A key as it reads.
pub struct KeyShown {
    pub id: String,
    pub name: String,
    /// Loan, who has it, since when, until when, whether that is over.
    pub loan: Option<LoanShown>,
}

/// Who has a key.
pub struct LoanShown {
    pub id: String,
    pub who: String,
    pub since: String,
    pub until: String,
    pub overdue: bool,
}

/// `GET /help/hub/desk/keys`.
#[derive(Template)]
#[template(path = "help/hub/desk/templates/keys.html")]
pub struct KeysPage {
    pub v: View,
    pub wrong: Wrong,
    pub compound: String,
    pub place: String,
    pub keys: Vec<KeyShown>,
    /// When a key is wanted back unless somebody says otherwise, as a form's field has it.
    pub until: String,
    pub keeps: bool,
    /// The key whose form came back, with what was typed: name, phone, until.
    pub typed: (String, [String; 3]),
}

pub async fn keys(visit: Visit, Query(at): Query<At>) -> Answer {
    let place = compound(&visit, &at.compound).await?;
    page(&keys_page(&visit, &place, None, Wrong::default()).await?)
}

pub async fn keys_page(visit: &Visit, place: &Place, form: Option<&Form>, wrong: Wrong) -> Result<KeysPage> {
    let (db, now, v) = (&visit.app.db, visit.call.now, visit.view("desk-keys-title"));
    let chair = actions::chair(db, &visit.actor, place, now).await?;
    let all = store::keys(db, &visit.app.secrets, place.tenant, place.id).await?;
    looks::at_keys(visit, (place, chair.office), &all).await?;
    let typed = |name: &str| form.map(|form| form.text(name).to_owned()).unwrap_or_default();
    Ok(KeysPage {
        wrong,
        compound: place.path.clone(),
        place: v.pick(&place.name, &place.name_en).to_owned(),
        keys: all.iter().map(|key| key_shown(&v, key, now)).collect(),
        until: Zone::china().civil(now + Moment::hours(LENT_HOURS)).strftime("%Y-%m-%dT%H:00").to_string(),
        keeps: hub::keep(&visit.actor, place).is_ok(),
        typed: (typed("id"), ["name", "phone", "until"].map(typed)),
        v,
    })
}

fn key_shown(v: &View, key: &RoomKey, now: Moment) -> KeyShown {
    let loan = key.loan.as_ref().map(|loan| LoanShown {
        id: loan.id.to_string(),
        who: loan.who.line(),
        since: v.moment(loan.given, now),
        until: v.moment(loan.due, now),
        overdue: loan.due < now,
    });
    KeyShown { id: key.id.to_string(), name: key.name.clone(), loan }
}
