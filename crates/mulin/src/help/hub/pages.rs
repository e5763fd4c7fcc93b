//! The page of the hub, its entries, and the wall screen.

use super::actions::{self, Deed, WEEK};
use super::policy;
use crate::layout::line::encoded;
use crate::layout::typed::Again;
use crate::layout::{View, Visit, Wrong, page, page_again, typed};
use crate::near::compound;
use askama::Template;
use commons::calendar::Zone;
use commons::desk::Answered;
use commons::duty::{self, Hours, Month, OnNow, Spans, clock, store};
use commons::place::Place;
use kit::time::Moment;
use kit::web::answer::{Answer, see_other};
use kit::web::{Form, Path, Query, keys};
use kit::{Error, Result};
use serde::Deserialize;

const ENTRIES_MAX: i64 = 500;
const DAYS_AHEAD: i64 = 60;
/// Answers to opinions stand on the hub's page so long.
pub const ANSWERED_DAYS: i64 = 365;

/// Which hub.
#[derive(Debug, Default, Deserialize)]
pub struct At {
    /// The code of its compound; one's own, else the first, when nothing is said.
    #[serde(default)]
    pub compound: String,
    /// `2026-12`.
    #[serde(default)]
    pub month: String,
    /// `2026-12-24`.
    #[serde(default)]
    pub day: String,
    /// `1` after an opinion was left.
    #[serde(default)]
    pub left: String,
}

/// Whether it is open, in a sentence.
pub fn state(v: &View, hours: &Hours, now: Moment) -> (bool, String) {
    let civil = Zone::china().civil(now);
    let (spans, exception) = hours.on(civil.date());
    let minute = duty::minute_of(civil.time());
    let told = match (spans.open_until(minute), spans.opens_after(minute)) {
        (Some(until), _) => v.a("hub-open", "until", clock(until)),
        (None, Some(opens)) => v.a("hub-opens", "at", clock(opens)),
        (None, None) if !hours.known() && exception.is_none() => v.t("hub-hours-unknown").to_string(),
        (None, None) => match hours.opens_next(civil.date()) {
            Some((next, minute)) => {
                let args = [("day", next_day(v, next, now).into()), ("at", clock(minute).into())];
                crate::words::t_with(v.lang, "hub-opens-next", &args)
            }
            None => v.t("hub-closed").to_string(),
        },
    };
    let told = match exception {
        Some(one) => format!("{told} {}", one.why),
        None => told,
    };
    (spans.open_until(minute).is_some(), told)
}

/// `周三 11月25日`.
fn next_day(v: &View, day_: jiff::civil::Date, now: Moment) -> String {
    format!("{} {}", v.t(&format!("weekday-{}", duty::weekday(day_) + 1)), day(v, day_, now))
}

/// `今天 姓名（到12:00）`, without a name where none is to be read.
pub fn on_duty(v: &View, one: &OnNow) -> String {
    let name = one.name.as_ref().map_or_else(|| v.t("hub-someone").to_string(), |(zh, en)| v.pick(zh, en).to_owned());
    let skill = v.t(&format!("skill-{}", one.skill));
    format!("{name} · {skill} · {}", v.a("hub-until", "at", clock(one.ends)))
}

/// A post as it reads.
pub struct PostShown {
    pub id: String,
    pub name: String,
    pub duties: String,
    /// Whether it sits at the desk.
    pub desk: bool,
    /// Whoever has it; a claim that nobody said yes to is named to those who keep the hub and to the one who made it.
    pub holder: Option<String>,
    pub taken: bool,
    pub mine: bool,
    /// Those who keep the hub said yes to the holder.
    pub confirmed: bool,
    /// `11月30日前不在`, when the holder is away or will be.
    pub away: Option<String>,
    /// `某某顶到11月30日`.
    pub stands_in: Option<String>,
    /// Whether it is the visitor who stands in.
    pub deputy: bool,
}

/// `GET /help/hub`.
#[derive(Template)]
#[template(path = "help/hub/templates/hub.html")]
pub struct HubPage {
    pub v: View,
    pub wrong: Wrong,
    pub compound: String,
    pub place: String,
    pub open: bool,
    pub state: String,
    pub on_duty: Vec<String>,
    /// Field, day, spans.
    pub week: Vec<(&'static str, String, String)>,
    /// Day for a form, day to read, spans, why.
    pub exceptions: Vec<(String, String, String, String)>,
    pub posts: Vec<PostShown>,
    /// The form that came back; `id` is its post.
    pub again: Again,
    /// Their opinion was just taken down.
    pub left: bool,
    /// What people said of late, and what came of it.
    pub opinions: Vec<OpinionShown>,
    pub keeps: bool,
    pub takes: bool,
}

impl HubPage {
    /// Whether a post of theirs opens the desk; whoever has a duty finds it with their duties.
    fn serves(&self) -> bool {
        self.posts.iter().any(|post| post.mine && post.confirmed && post.desk)
    }
}

/// A topic with its answer.
pub struct OpinionShown {
    pub topic: String,
    pub n: i64,
    pub said: String,
    pub came: String,
    pub day: String,
}

pub fn opinion_shown(v: &View, one: &Answered, now: Moment) -> OpinionShown {
    OpinionShown {
        topic: one.topic.clone(),
        n: one.opinions,
        said: one.said.clone(),
        came: one.came.clone(),
        day: v.day(one.at, now),
    }
}

pub async fn show(visit: Visit, Query(at): Query<At>) -> Answer {
    let place = compound(&visit, &at.compound).await?;
    let shown = hub_page(&visit, &place, Wrong::default()).await?;
    page(&HubPage { left: at.left == "1", ..shown })
}

async fn hub_page(visit: &Visit, place: &Place, wrong: Wrong) -> Result<HubPage> {
    let (db, now, v) = (&visit.app.db, visit.call.now, visit.view("hub-title"));
    let civil = Zone::china().civil(now);
    let since = now - Moment::days(ANSWERED_DAYS);
    let at = (place.tenant, place.id);
    let (hours, answered) = store::hours_and_answers(db, at, civil.date(), since).await?;
    let posts = store::posts(db, place.tenant, place.id).await?;
    let minute = duty::minute_of(civil.time());
    let there = store::on_now(db, place.tenant, place.id, civil.date(), minute).await?;
    let me = visit.actor.person_in(place.tenant);
    let (open, told) = state(&v, &hours, now);
    let keeps = policy::keep(&visit.actor, place).is_ok();
    let spans = |spans: &Spans| if spans.0.is_empty() { String::new() } else { spans.text() };
    Ok(HubPage {
        wrong,
        compound: place.path.clone(),
        place: v.pick(&place.name, &place.name_en).to_owned(),
        open,
        state: told,
        on_duty: there.iter().map(|one| on_duty(&v, one)).collect(),
        week: (0..7)
            .map(|at| (WEEK[at], v.t(&format!("weekday-{}", at + 1)).to_string(), spans(&hours.week[at])))
            .collect(),
        exceptions: hours
            .exceptions
            .iter()
            .take(usize::try_from(DAYS_AHEAD).unwrap_or(0))
            .map(|one| (one.day.to_string(), day(&v, one.day, now), spans(&one.spans), one.why.clone()))
            .collect(),
        posts: posts
            .iter()
            .map(|post| PostShown {
                id: post.id.to_string(),
                name: post.name.clone(),
                duties: post.duties.clone(),
                desk: post.desk,
                holder: post.named_to(me, keeps).map(|(zh, en)| v.pick(zh, en).to_owned()),
                taken: post.holder.is_some(),
                mine: post.is_of(me),
                confirmed: post.confirmed.is_some(),
                away: post.leave.filter(|leave| leave.until > now).map(|leave| away(&v, leave, now)),
                stands_in: stands_in(&v, post, now),
                deputy: me.is_some() && post.leave.and_then(|leave| leave.deputy) == me,
            })
            .collect(),
        again: Again::default(),
        left: false,
        opinions: answered.iter().map(|one| opinion_shown(&v, one, now)).collect(),
        keeps,
        takes: policy::take(&visit.actor, place).is_ok(),
        v,
    })
}

/// The days on which a holder is away.
fn away(v: &View, leave: duty::Leave, now: Moment) -> String {
    let days = [("from", v.day(leave.from, now).into()), ("until", v.day(leave.until - 1, now).into())];
    crate::words::t_with(v.lang, "hub-post-away", &days)
}

fn stands_in(v: &View, post: &duty::Post, now: Moment) -> Option<String> {
    let leave = post.leave.filter(|leave| leave.until > now)?;
    let (zh, en) = post.deputy_name.as_ref()?;
    let said = [("name", v.pick(zh, en).to_owned().into()), ("until", v.day(leave.until - 1, now).into())];
    Some(crate::words::t_with(v.lang, "hub-post-stands-in", &said))
}

fn day(v: &View, day: jiff::civil::Date, now: Moment) -> String {
    Zone::china()
        .moment(day.to_datetime(jiff::civil::Time::midnight()))
        .map_or_else(|_| day.to_string(), |at| v.day(at, now))
}

/// `GET /help/hub/entries`: what was done, a month at a time; written once, read by the month's account.
#[derive(Template)]
#[template(path = "help/hub/templates/entries.html")]
pub struct EntriesPage {
    pub v: View,
    pub wrong: Wrong,
    pub compound: String,
    pub place: String,
    pub month: String,
    pub before: String,
    pub after: String,
    /// Posts one may write for: id and name.
    pub posts: Vec<(String, String)>,
    pub lines: Vec<EntryShown>,
    /// Post and how many lines the month has of it.
    pub counts: Vec<(String, i64)>,
}

/// A line of the log.
pub struct EntryShown {
    pub id: String,
    pub at: String,
    pub post: String,
    pub name: String,
    pub text: String,
    pub mine: bool,
}

/// The first and the next month's first moment.
pub fn span(month: Month) -> Result<(Moment, Moment)> {
    let (zone, midnight) = (Zone::china(), jiff::civil::Time::midnight());
    let at = |month: Month| zone.moment(month.first().to_datetime(midnight));
    Ok((at(month)?, at(month.step(1))?))
}

/// The month that an address names, this one where it names none.
///
/// # Errors
/// [`Error::NotFound`] when it means nothing.
pub fn month_of(text: &str, now: Moment) -> Result<Month> {
    match text {
        "" => Ok(Month::of(Zone::china().date(now))),
        text => Month::parse(text).ok_or(Error::NotFound),
    }
}

pub async fn entries(visit: Visit, Query(at): Query<At>) -> Answer {
    let place = compound(&visit, &at.compound).await?;
    page(&entries_page(&visit, &place, month_of(&at.month, visit.call.now)?, Wrong::default()).await?)
}

async fn entries_page(visit: &Visit, place: &Place, month: Month, wrong: Wrong) -> Result<EntriesPage> {
    policy::read_entries(&visit.actor, place)?;
    let (db, now, v) = (&visit.app.db, visit.call.now, visit.view("hub-entries-title"));
    let entries = store::entries(db, place.tenant, place.id, span(month)?, ENTRIES_MAX).await?;
    let posts = store::posts(db, place.tenant, place.id).await?;
    let me = visit.actor.person_in(place.tenant);
    let keeps = policy::keep(&visit.actor, place).is_ok();
    let mut counts: Vec<(String, i64)> = Vec::new();
    for entry in &entries {
        match counts.iter_mut().find(|one| one.0 == entry.post_name) {
            Some(one) => one.1 += 1,
            None => counts.push((entry.post_name.clone(), 1)),
        }
    }
    let mine = |post: &&duty::Post| keeps || me.is_some_and(|me| post.is_carried_by(me, now));
    Ok(EntriesPage {
        wrong,
        compound: place.path.clone(),
        place: v.pick(&place.name, &place.name_en).to_owned(),
        month: month.name(),
        before: month.step(-1).name(),
        after: month.step(1).name(),
        posts: posts.iter().filter(mine).map(|post| (post.id.to_string(), post.name.clone())).collect(),
        lines: entries
            .iter()
            .map(|entry| EntryShown {
                id: entry.id.to_string(),
                at: v.moment(entry.at, now),
                post: entry.post_name.clone(),
                name: v.pick(&entry.name, &entry.name_en).to_owned(),
                text: entry.text.clone(),
                mine: Some(entry.person) == me,
            })
            .collect(),
        counts,
        v,
    })
}

/// `GET /help/hub/wall`: read from three metres, renewed without a script, no names.
#[derive(Template)]
#[template(path = "help/hub/templates/wall.html")]
pub struct WallPage {
    pub v: View,
    pub place: String,
    pub time: String,
    pub open: bool,
    pub state: String,
    /// How many are on duty for what.
    pub on_duty: Vec<(String, i64)>,
    pub today: String,
}

pub async fn wall(visit: Visit, Query(at): Query<At>) -> Answer {
    let place = compound(&visit, &at.compound).await?;
    let (db, now, v) = (&visit.app.db, visit.call.now, visit.view("hub-wall-title"));
    let civil = Zone::china().civil(now);
    let hours = store::hours(db, place.tenant, place.id, civil.date()).await?;
    let minute = duty::minute_of(civil.time());
    let there = store::on_now(db, place.tenant, place.id, civil.date(), minute).await?;
    let (open, told) = state(&v, &hours, now);
    let spans = hours.on(civil.date()).0;
    let count = |skill: &duty::Skill| {
        let n = there.iter().filter(|one| one.skill == *skill).count();
        (v.t(&format!("skill-{skill}")).to_string(), i64::try_from(n).unwrap_or(0))
    };
    page(&WallPage {
        place: v.pick(&place.name, &place.name_en).to_owned(),
        time: clock(minute),
        open,
        state: told,
        on_duty: duty::Skill::ALL.iter().map(count).filter(|one| one.1 > 0).collect(),
        today: if spans.0.is_empty() { v.t("hub-closed-today").to_string() } else { spans.text() },
        v,
    })
}

/// What the forms of the hub's page ask.
const FIELDS: [&str; 17] = [
    "d1", "d2", "d3", "d4", "d5", "d6", "d7", "day", "spans", "why", "name", "duties", "desk", "id", "from", "until",
    "text",
];

/// `POST /help/hub/{deed}`.
pub async fn act(visit: Visit, Path(name): Path<String>, form: Form) -> Answer {
    let place = &compound(&visit, form.text("compound")).await?;
    let read = Deed::read(&name, typed::of_form(&form), visit.call.now);
    let deed = &match read {
        Ok(deed) => deed,
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            if name == "entry" {
                let month = Month::of(Zone::china().date(visit.call.now));
                return page_again(&entries_page(&visit, place, month, wrong).await?);
            }
            if name == "write-up" {
                return page_again(&super::day::again(&visit, place, &form, wrong).await?);
            }
            let mut shown = hub_page(&visit, place, wrong).await?;
            shown.again = Again::of(&form, &name, &FIELDS);
            return page_again(&shown);
        }
    };
    let (actor, office) = (&visit.actor, actions::may(&visit.actor, place, deed)?);
    let context = visit.context(place.tenant, Some(office));
    let to = keys::once(&visit.app, &context, place.tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            actions::act(tx, actor, place, deed).await?;
            let day = match deed {
                Deed::WriteUp(written) => format!("&day={}", written.day),
                Deed::Opinion(_) => "&left=1#opinions".to_owned(),
                _ => String::new(),
            };
            Ok(format!("/help/hub{}?compound={}{day}", deed.page(), encoded(&place.path)))
        })
    })
    .await?;
    Ok(see_other(&to))
}
