//! The roster of a month, one's own part of it, and a single shift.

use super::actions::{self, Deed, Here, MONTH_MAX, NEED_MAX, REST_DAYS_MAX};
use super::{feed as calendar, planning, policy};
use crate::layout::line::encoded;
use crate::layout::typed::Again;
use crate::layout::{View, Visit, Wrong, link, page, page_again};
use crate::near::compound;
use askama::Template;
use axum::http::HeaderMap;
use commons::calendar::Zone;
use commons::duty::store::day;
use commons::duty::{self, Duty, How, Month, Shift, ShiftId, Skill, clock, store};
use commons::people::PersonId;
use commons::place::Place;
use jiff::civil::Date;
use kit::time::Moment;
use kit::web::answer::{Answer, see_other};
use kit::web::{Form, Path, Query, keys};
use kit::{Error, Result};
use serde::Deserialize;

/// Which roster.
#[derive(Debug, Default, Deserialize)]
pub struct At {
    /// The code of the compound; one's own, else the first, when nothing is said.
    #[serde(default)]
    pub compound: String,
    /// `2026-12`.
    #[serde(default)]
    pub month: String,
    /// The id of a shift.
    #[serde(default)]
    pub id: String,
}

/// The month that an address names, this one where it names none.
///
/// # Errors
/// [`Error::NotFound`] when it means nothing.
pub fn month_of(text: &str, now: Moment) -> Result<Month> {
    match text {
        "" => Ok(Month::of(actions::today(now))),
        text => Month::parse(text).ok_or(Error::NotFound),
    }
}

/// A shift as it reads.
pub struct ShiftShown {
    pub id: String,
    pub times: String,
    pub skill: String,
    /// Names, where they may be read, and whether their owner agreed to be named: only those stand on paper.
    pub names: Vec<(String, bool)>,
    pub people: i64,
    pub open: i64,
    pub mine: bool,
    /// Why places stay open, in counts.
    pub why: Vec<String>,
    /// That the hub is closed on that day, and why.
    pub closed: Option<String>,
}

impl ShiftShown {
    /// Whether paper names nobody, though somebody comes.
    pub fn nameless(&self) -> bool {
        self.people > 0 && !self.names.iter().any(|name| name.1)
    }
}

/// A day with its shifts.
pub struct DayShown {
    pub title: String,
    pub shifts: Vec<ShiftShown>,
}

/// `GET /help/roster`.
#[derive(Template)]
#[template(path = "help/roster/templates/roster.html")]
pub struct RosterPage {
    pub v: View,
    pub wrong: Wrong,
    pub compound: String,
    pub place: String,
    pub month: String,
    pub before: String,
    pub after: String,
    pub days: Vec<DayShown>,
    pub keeps: bool,
    pub comes: bool,
    /// How far it is.
    pub state: String,
    pub draft: bool,
    /// Everybody reads it; planning fills what is open.
    pub published: bool,
    /// Places fell free after it was published.
    pub freed: bool,
    pub skills: Vec<(&'static str, String)>,
    pub weekdays: Vec<(i64, String)>,
    pub again: Again,
}

pub async fn show(visit: Visit, Query(at): Query<At>) -> Answer {
    let place = compound(&visit, &at.compound).await?;
    page(&roster_page(&visit, &place, month_of(&at.month, visit.call.now)?, Wrong::default()).await?)
}

async fn roster_page(visit: &Visit, place: &Place, month: Month, wrong: Wrong) -> Result<RosterPage> {
    let (db, now, v) = (&visit.app.db, visit.call.now, visit.view("roster-title"));
    let span = (month.first(), month.last());
    let shifts = store::shifts(db, place.tenant, place.id, span).await?;
    let duties = store::duties(db, place.tenant, place.id, span).await?;
    let (state, hours) = store::month(db, (place.tenant, place.id), month).await?;
    let (keeps, comes) = (policy::keep(&visit.actor, place).is_ok(), policy::come(&visit.actor, place).is_ok());
    let published = state.as_ref().is_some_and(|state| state.published.is_some());
    let me = visit.actor.person_in(place.tenant);
    let duties = actions::visible(duties, published, keeps);
    let gaps = state.as_ref().map(|state| state.gaps.as_slice()).unwrap_or_default();
    let why = |shift: &Shift| {
        let gap = gaps.iter().find(|gap| gap.shift == shift.id).filter(|_| keeps);
        gap.map(|gap| gap.out.iter().map(|(out, n)| v.a(&format!("roster-out-{}", out.name()), "n", *n)).collect())
            .unwrap_or_default()
    };
    let (mut days, mut freed, today): (Vec<DayShown>, i64, Date) = (Vec::new(), 0, actions::today(now));
    let reads = policy::Reads::of(&visit.actor, place, &duties, today);
    for shift in &shifts {
        let title = day_title(&v, shift.day, now);
        let mut shown = shift_shown(&v, shift, &duties, (me, &reads), why(shift));
        if let Some(reason) = hours.closed(shift.day) {
            let reason = reason
                .map_or_else(|| v.t(&format!("weekday-{}", duty::weekday(shift.day) + 1)).to_string(), str::to_owned);
            (shown.open, shown.why) = (0, Vec::new());
            shown.closed = Some(v.a("roster-closed", "why", reason));
        } else if shift.day >= today {
            let known = gaps.iter().find(|gap| gap.shift == shift.id).map_or(0, |gap| gap.open);
            freed += (shown.open - known).max(0);
        }
        match days.last_mut().filter(|day| day.title == title) {
            Some(day) => day.shifts.push(shown),
            None => days.push(DayShown { title, shifts: vec![shown] }),
        }
    }
    let told = match &state {
        None => v.t("roster-unplanned").to_string(),
        Some(state) if state.published.is_none() => v.t("roster-draft").to_string(),
        // What was proved of the plan is said no more once places fell free.
        Some(_) if freed > 0 => v.a("roster-freed", "n", freed),
        Some(state) if state.exact && !state.best(&duties) => v.t("roster-changed").to_string(),
        Some(state) if state.exact => v.t("roster-exact").to_string(),
        Some(_) => v.t("roster-rough").to_string(),
    };
    Ok(RosterPage {
        wrong,
        compound: place.path.clone(),
        place: v.pick(&place.name, &place.name_en).to_owned(),
        month: month.name(),
        before: month.step(-1).name(),
        after: month.step(1).name(),
        days,
        keeps,
        comes,
        state: if shifts.is_empty() { String::new() } else { told },
        freed: freed > 0 && published,
        published,
        draft: state.is_some_and(|state| state.published.is_none()),
        skills: skills(&v),
        weekdays: weekdays(&v),
        again: Again::default(),
        v,
    })
}

fn skills(v: &View) -> Vec<(&'static str, String)> {
    Skill::ALL.iter().map(|skill| (skill.name(), v.t(&format!("skill-{skill}")).to_string())).collect()
}

fn weekdays(v: &View) -> Vec<(i64, String)> {
    (1..=7).map(|n| (n, v.t(&format!("weekday-{n}")).to_string())).collect()
}

fn day_title(v: &View, day: Date, now: Moment) -> String {
    let at = Zone::china().moment(day.to_datetime(jiff::civil::Time::midnight()));
    let told = at.map_or_else(|_| day.to_string(), |at| v.day(at, now));
    format!("{told} {}", v.t(&format!("weekday-{}", commons::duty::weekday(day) + 1)))
}

fn shift_shown(
    v: &View,
    shift: &Shift,
    duties: &[Duty],
    (me, reads): (Option<PersonId>, &policy::Reads),
    why: Vec<String>,
) -> ShiftShown {
    let here: Vec<&Duty> = duties.iter().filter(|duty| duty.shift == shift.id).collect();
    let people = i64::try_from(here.len()).unwrap_or(0);
    ShiftShown {
        id: shift.id.to_string(),
        times: actions::times(shift),
        skill: v.t(&format!("skill-{}", shift.skill)).to_string(),
        names: here
            .iter()
            .filter(|duty| reads.name(duty))
            .map(|duty| (v.pick(&duty.name, &duty.name_en).to_owned(), duty.named))
            .collect(),
        people,
        open: (shift.need - people).max(0),
        mine: me.is_some() && here.iter().any(|duty| Some(duty.person) == me),
        why,
        closed: None,
    }
}

/// A duty of one's own.
pub struct MineShown {
    pub shift: String,
    pub title: String,
}

/// A question between two people.
pub struct SwapShown {
    pub id: String,
    pub sentence: String,
    /// Whether it waits for the one who looks.
    pub answer: bool,
}

/// When somebody can come, as the form shows it.
pub struct ReadyShown {
    /// Number, name, ticked.
    pub weekdays: Vec<(i64, String, bool)>,
    pub skills: Vec<(&'static str, String, bool)>,
    pub month_max: String,
    pub rest_days: String,
    pub named: bool,
    pub is: bool,
}

impl ReadyShown {
    /// As it was typed, where its form is the one that comes back.
    fn typed(&mut self, again: &Again) {
        let deed = "ready";
        for day in &mut self.weekdays {
            day.2 = again.has(deed, "weekdays", &day.0.to_string(), day.2);
        }
        for skill in &mut self.skills {
            skill.2 = again.has(deed, "skills", skill.0, skill.2);
        }
        self.month_max = again.text(deed, "month_max", &self.month_max);
        self.rest_days = again.text(deed, "rest_days", &self.rest_days);
        self.named = again.has(deed, "named", "1", self.named);
    }
}

/// What the forms of one's own part ask.
const MINE_FIELDS: [&str; 8] = ["weekdays", "skills", "month_max", "rest_days", "named", "weekday", "starts", "until"];

/// `GET /help/roster/mine`.
#[derive(Template)]
#[template(path = "help/roster/templates/mine.html")]
pub struct MinePage {
    pub v: View,
    pub wrong: Wrong,
    pub compound: String,
    pub place: String,
    pub ready: ReadyShown,
    pub duties: Vec<MineShown>,
    pub swaps: Vec<SwapShown>,
    /// Id and sentence.
    pub claims: Vec<(String, String)>,
    /// The address of the calendar, this once.
    pub feed: Option<String>,
    /// A duty of theirs runs, so the desk of the hub is open to them.
    pub serves: bool,
    pub again: Again,
}

pub async fn mine(visit: Visit, Query(at): Query<At>) -> Answer {
    let place = compound(&visit, &at.compound).await?;
    page(&mine_page(&visit, &place, Wrong::default(), None).await?)
}

async fn mine_page(visit: &Visit, place: &Place, wrong: Wrong, feed: Option<String>) -> Result<MinePage> {
    policy::come(&visit.actor, place)?;
    let (db, now, v) = (&visit.app.db, visit.call.now, visit.view("roster-mine-title"));
    let me = visit.actor.person_in(place.tenant).ok_or(Error::denied("account/sign-in-first"))?;
    let today = actions::today(now);
    let part = store::part(db, place.tenant, place.id, me, today).await?;
    let duties = store::mine(db, place.tenant, me, today).await?;
    let swaps = store::swaps(db, place.tenant, place.id, me).await?;
    let duty = |one: &commons::duty::Mine| MineShown {
        shift: one.shift.id.to_string(),
        title: format!(
            "{} {} · {}",
            day_title(&v, one.shift.day, now),
            actions::times(&one.shift),
            v.t(&format!("skill-{}", one.shift.skill))
        ),
    };
    let minute = commons::duty::minute_of(Zone::china().civil(now).time());
    let runs = |one: &commons::duty::Mine| {
        let (begins, over) = (one.shift.starts - day::AROUND_MINUTES, one.shift.ends + day::AROUND_MINUTES);
        one.how != How::Claim && one.shift.day == today && (begins..over).contains(&minute)
    };
    let here: Vec<_> = duties.iter().filter(|one| one.shift.place == place.id).collect();
    let swap = |one: &commons::duty::Swap| {
        let when = format!("{} {}", day_title(&v, one.day, now), clock(one.starts));
        let answer = one.asked == me;
        let (zh, en) = match answer {
            true => (&one.asked_by_name, &one.asked_by_name_en),
            false => (&one.asked_name, &one.asked_name_en),
        };
        let key = if answer { "roster-asks-you" } else { "roster-you-asked" };
        let name = v.pick(zh, en).to_owned();
        let args = [("name", name.into()), ("when", when.into())];
        SwapShown { id: one.id.to_string(), sentence: crate::words::t_with(v.lang, key, &args), answer }
    };
    let claim = |one: &commons::duty::Claim| {
        let args = [
            ("weekday", v.t(&format!("weekday-{}", one.weekday)).to_string().into()),
            ("time", clock(one.starts).into()),
            ("until", one.until.to_string().into()),
        ];
        (one.id.to_string(), crate::words::t_with(v.lang, "roster-claim-line", &args))
    };
    Ok(MinePage {
        wrong,
        compound: place.path.clone(),
        place: v.pick(&place.name, &place.name_en).to_owned(),
        ready: ready_shown(&v, part.ready.as_ref()),
        serves: here.iter().any(|one| runs(one)),
        duties: here.iter().copied().map(duty).collect(),
        swaps: swaps.iter().map(swap).collect(),
        claims: part.claims.iter().map(claim).collect(),
        feed,
        again: Again::default(),
        v,
    })
}

pub fn ready_shown(v: &View, ready: Option<&commons::duty::Ready>) -> ReadyShown {
    let (weekdays_on, most, rest) = ready.map_or((0, 4, 1), |one| (one.weekdays, one.month_max, one.rest_days));
    let has = |skill: &str| ready.map_or(skill == "desk", |one| one.skills.iter().any(|own| own.name() == skill));
    ReadyShown {
        weekdays: weekdays(v).into_iter().map(|(n, name)| (n, name, weekdays_on >> (n - 1) & 1 == 1)).collect(),
        skills: skills(v).into_iter().map(|(skill, name)| (skill, name, has(skill))).collect(),
        month_max: most.to_string(),
        rest_days: rest.to_string(),
        named: ready.is_some_and(|one| one.named),
        is: ready.is_some(),
    }
}

/// `GET /help/roster/shift`: one shift, for those who make the roster and for whoever has it.
#[derive(Template)]
#[template(path = "help/roster/templates/shift.html")]
pub struct ShiftPage {
    pub v: View,
    pub compound: String,
    pub id: String,
    pub title: String,
    pub open: i64,
    /// Person, name, how it came about.
    pub on: Vec<(String, String, String)>,
    /// Who could be put on it or asked: person and name.
    pub others: Vec<(String, String)>,
    pub keeps: bool,
    pub mine: bool,
}

pub async fn shift(visit: Visit, Query(at): Query<At>) -> Answer {
    let place = compound(&visit, &at.compound).await?;
    let (db, now, v) = (&visit.app.db, visit.call.now, visit.view("roster-shift-title"));
    let id: ShiftId = at.id.parse().map_err(|_| Error::NotFound)?;
    let shift = store::look_shift(db, place.tenant, id).await?.filter(|shift| shift.place == place.id);
    let shift = shift.ok_or(Error::NotFound)?;
    let mut on = store::duties(db, place.tenant, place.id, (shift.day, shift.day)).await?;
    on.retain(|duty| duty.shift == shift.id);
    let me = visit.actor.person_in(place.tenant);
    let (keeps, mine) = (policy::keep(&visit.actor, &place).is_ok(), on.iter().any(|duty| Some(duty.person) == me));
    if !keeps && !mine {
        return Err(Error::denied("roster/not-keeper").into());
    }
    let ready = store::ready(db, place.tenant, place.id).await?;
    let free = |one: &&commons::duty::Ready| !on.iter().any(|duty| duty.person == one.person);
    page(&ShiftPage {
        compound: place.path.clone(),
        id: shift.id.to_string(),
        title: format!(
            "{} {} · {}",
            day_title(&v, shift.day, now),
            actions::times(&shift),
            v.t(&format!("skill-{}", shift.skill))
        ),
        open: (shift.need - i64::try_from(on.len()).unwrap_or(0)).max(0),
        others: ready
            .iter()
            .filter(free)
            .map(|one| (one.person.to_string(), v.pick(&one.name, &one.name_en).to_owned()))
            .collect(),
        on: on
            .iter()
            .map(|duty| {
                let how = v.t(&format!("roster-how-{}", duty.how)).to_string();
                (duty.person.to_string(), v.pick(&duty.name, &duty.name_en).to_owned(), how)
            })
            .collect(),
        keeps,
        mine,
        v,
    })
}

/// `POST /help/roster/plan`.
pub async fn plan(visit: Visit, form: Form) -> Answer {
    let place = compound(&visit, form.text("compound")).await?;
    let month = Month::parse(form.text("month")).ok_or(Error::NotFound)?;
    planning::plan(&visit, &place, month, &form.key).await?;
    Ok(see_other(&format!("/help/roster?compound={}&month={}", encoded(&place.path), month.name())))
}

/// `POST /help/roster/feed`. Answered by the page itself: what is shown once must not stand in an address.
pub async fn feed(visit: Visit, headers: HeaderMap, form: Form) -> Answer {
    let place = compound(&visit, form.text("compound")).await?;
    let token = made_feed(&visit, &place, &form.key).await?;
    let address = format!("{}/help/roster/feed/{token}.ics", link::base(&visit.app, &headers));
    page(&mine_page(&visit, &place, Wrong::default(), Some(address)).await?)
}

/// A new private address; the one before leads nowhere from now on.
pub async fn made_feed(visit: &Visit, place: &Place, key: &keys::RequestKey) -> Result<String> {
    let office = policy::come(&visit.actor, place)?;
    let me = visit.actor.person_in(place.tenant).ok_or(Error::denied("account/sign-in-first"))?;
    let app = &visit.app;
    let token = &hex::encode(app.ids.secret());
    keys::once(app, &visit.context(place.tenant, Some(office)), place.tenant.0, key, &|tx| {
        Box::pin(async move {
            store::save_feed(tx, place.tenant, me, &calendar::hashed(app, token)).await?;
            let activity = kit::book::Activity::of(place.tenant, "roster/feed", "person", me);
            tx.record(activity).await?;
            Ok(token.clone())
        })
    })
    .await
}

/// `POST /help/roster/{deed}`.
pub async fn act(visit: Visit, Path(name): Path<String>, form: Form) -> Answer {
    let place = &compound(&visit, form.text("compound")).await?;
    let get = |field: &str| match field {
        "weekdays" | "skills" => form.all(field).collect::<Vec<_>>().join("\n"),
        _ => form.text(field).to_owned(),
    };
    let deed = &match Deed::read(&name, get) {
        Ok(deed) => deed,
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            if name == "shifts" {
                let month = month_of(form.text("month"), visit.call.now)?;
                policy::keep(&visit.actor, place)?;
                let again = Again::of(&form, &name, &["weekdays", "starts", "ends", "skill", "need"]);
                return page_again(&RosterPage { again, ..roster_page(&visit, place, month, wrong).await? });
            }
            let mut shown = mine_page(&visit, place, wrong, None).await?;
            shown.again = Again::of(&form, &name, &MINE_FIELDS);
            shown.ready.typed(&shown.again);
            return page_again(&shown);
        }
    };
    let here = Here { actor: &visit.actor, compound: place, today: actions::today(visit.call.now) };
    let context = visit.context(place.tenant, Some(actions::may(&visit.actor, place, deed)?));
    let month = Month::parse(form.text("month")).map_or_else(String::new, |month| format!("&month={}", month.name()));
    let month = &month;
    let to = keys::once(&visit.app, &context, place.tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            actions::act(tx, here, deed).await?;
            Ok(format!("/help/roster{}?compound={}{month}", deed.page(), encoded(&place.path)))
        })
    })
    .await?;
    Ok(see_other(&to))
}

/// The limits of the numbers on the forms, for templates.
impl RosterPage {
    pub fn need_max(&self) -> i64 {
        NEED_MAX
    }
}

impl MinePage {
    pub fn month_max(&self) -> i64 {
        MONTH_MAX
    }
    pub fn rest_days_max(&self) -> i64 {
        REST_DAYS_MAX
    }
}
