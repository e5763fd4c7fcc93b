//! The deeds of the roster, each by its name.

use super::policy;
use commons::duty::store::gaps;
use commons::duty::{
    self, ClaimId, Duty, How, Month, Ready, Shift, ShiftId, Skill, SwapId, minutes, number, store, weekday,
};
use commons::notice::{store as notices, wish::Because};
use commons::people::{Actor, Office, PersonId};
use commons::place::Place;
use jiff::civil::Date;
use kit::book::Activity;
use kit::db::Tx;
use kit::web::form::Problems;
use kit::{Error, Result};
use serde_json::json;

pub const MONTH_MAX: i64 = 31;
pub const REST_DAYS_MAX: i64 = 7;
pub const NEED_MAX: i64 = 9;
/// As far as a claim may run.
const CLAIM_DAYS_MAX: i64 = 366;

/// What is done with the roster.
#[derive(Clone, Debug)]
pub enum Deed {
    /// When I can come.
    Ready {
        weekdays: i64,
        skills: Vec<Skill>,
        month_max: i64,
        rest_days: i64,
        named: bool,
    },
    NotReady,
    Shifts {
        month: Month,
        weekdays: i64,
        starts: i64,
        ends: i64,
        skill: Skill,
        need: i64,
    },
    DropShift(ShiftId),
    Publish(Month),
    Put {
        shift: ShiftId,
        person: PersonId,
    },
    TakeOff {
        shift: ShiftId,
        person: Option<PersonId>,
    },
    Claim {
        weekday: i64,
        starts: i64,
        until: Date,
    },
    Unclaim(ClaimId),
    Ask {
        shift: ShiftId,
        person: PersonId,
    },
    Answer {
        swap: SwapId,
        yes: bool,
    },
}

impl Deed {
    /// A deed as it was typed.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is no deed or no id; [`Error::Invalid`] with every field that has to change.
    pub fn read(name: &str, get: impl Fn(&str) -> String) -> Result<Deed> {
        let whole = |name: &'static str, from: i64, to: i64| {
            let read = get(name).parse::<i64>().ok().filter(|n| (from..=to).contains(n));
            read.ok_or(Error::invalid(name, "roster/number"))
        };
        let clock = |name: &'static str| minutes(&get(name)).ok_or(Error::invalid(name, "roster/clock"));
        let month = || Month::parse(&get("month")).ok_or(Error::invalid("month", "roster/month"));
        let shift = || get("shift").parse().map_err(|_| Error::NotFound);
        let person = || get("person").parse().map_err(|_| Error::invalid("person", "roster/person"));
        let weekdays = || {
            let days = get("weekdays");
            let days = days.split(['\n', ' ', ',']).filter(|day| !day.is_empty());
            let mut bits = 0;
            for day in days {
                let day = day.parse::<u32>().ok().filter(|day| (1..=7).contains(day));
                bits |= 1 << (day.ok_or(Error::invalid("weekdays", "roster/weekdays"))? - 1);
            }
            if bits == 0 { Err(Error::invalid("weekdays", "roster/weekdays")) } else { Ok(i64::from(bits)) }
        };
        let skill = |text: &str| Skill::parse(text).ok_or(Error::invalid("skill", "roster/skill"));
        let deed = match name {
            "ready" => {
                let skills = get("skills");
                let typed = skills.split(['\n', ' ', ',']).filter(|one| !one.is_empty());
                let mut skills: Vec<Skill> = typed.map(skill).collect::<Result<_>>()?;
                if skills.is_empty() {
                    skills.push(Skill::Desk);
                }
                skills.sort_unstable();
                skills.dedup();
                Deed::Ready {
                    weekdays: weekdays()?,
                    skills,
                    month_max: whole("month_max", 1, MONTH_MAX)?,
                    rest_days: whole("rest_days", 0, REST_DAYS_MAX)?,
                    named: crate::layout::typed::ticked(&get("named")),
                }
            }
            "not-ready" => Deed::NotReady,
            "shifts" => {
                let (starts, ends) = (clock("starts")?, clock("ends")?);
                let mut problems = Problems::default();
                problems.when(ends <= starts, "ends", "roster/backwards");
                problems.none()?;
                let need = whole("need", 1, NEED_MAX)?;
                Deed::Shifts {
                    month: month()?,
                    weekdays: weekdays()?,
                    starts,
                    ends,
                    skill: skill(&get("skill"))?,
                    need,
                }
            }
            "drop-shift" => Deed::DropShift(shift()?),
            "publish" => Deed::Publish(month()?),
            "put" => Deed::Put { shift: shift()?, person: person()? },
            "take-off" => {
                Deed::TakeOff { shift: shift()?, person: if get("person").is_empty() { None } else { Some(person()?) } }
            }
            "claim" => {
                let until = get("until").parse().map_err(|_| Error::invalid("until", "roster/day"))?;
                Deed::Claim { weekday: whole("weekday", 1, 7)?, starts: clock("starts")?, until }
            }
            "unclaim" => Deed::Unclaim(get("claim").parse().map_err(|_| Error::NotFound)?),
            "ask" => Deed::Ask { shift: shift()?, person: person()? },
            "answer" => Deed::Answer {
                swap: get("swap").parse().map_err(|_| Error::NotFound)?,
                yes: crate::layout::typed::ticked(&get("yes")),
            },
            _ => return Err(Error::NotFound),
        };
        Ok(deed)
    }

    /// The page on which it is done.
    pub fn page(&self) -> &'static str {
        match self {
            Deed::Shifts { .. } | Deed::DropShift(_) | Deed::Publish(_) | Deed::Put { .. } => "",
            _ => "/mine",
        }
    }
}

/// The office that opens the door to a deed, before anything is changed.
pub fn may(actor: &Actor, compound: &Place, deed: &Deed) -> Result<Office> {
    match deed {
        Deed::Shifts { .. } | Deed::DropShift(_) | Deed::Publish(_) | Deed::Put { .. } => policy::keep(actor, compound),
        Deed::TakeOff { person: Some(person), .. } if actor.person_in(compound.tenant) != Some(*person) => {
            policy::keep(actor, compound)
        }
        _ => policy::come(actor, compound),
    }
}

/// Where and when it happens.
#[derive(Clone, Copy)]
pub struct Here<'h> {
    pub actor: &'h Actor,
    pub compound: &'h Place,
    pub today: Date,
}

/// Does it.
pub async fn act(tx: &mut Tx<'_>, here: Here<'_>, deed: &Deed) -> Result<()> {
    let Here { actor, compound, today } = here;
    may(actor, compound, deed)?;
    let (tenant, place) = (compound.tenant, compound.id);
    let me = actor.person_in(tenant).ok_or(Error::denied("account/sign-in-first"))?;
    let (stem, facts) = match deed {
        Deed::Ready { weekdays, skills, month_max, rest_days, named } => {
            let ready = Ready {
                person: me,
                name: String::new(),
                name_en: String::new(),
                weekdays: *weekdays,
                skills: skills.clone(),
                month_max: *month_max,
                rest_days: *rest_days,
                named: *named,
            };
            store::save_ready(tx, tenant, place, &ready).await?;
            ("roster/ready", json!({}))
        }
        Deed::NotReady => {
            if !store::drop_ready(tx, tenant, place, me).await? {
                return Err(Error::conflict("roster/not-ready"));
            }
            ("roster/not-ready", json!({}))
        }
        Deed::Shifts { month, weekdays, starts, ends, skill, need } => {
            let days = month.days().filter(|day| weekdays >> weekday(*day) & 1 == 1 && *day >= today);
            let claims = store::claims_in(tx, tenant, place, today).await?;
            let hours = store::hours_in(tx, tenant, place, today).await?;
            let mut made = 0;
            for day in days {
                let new = store::NewShift { day, starts: *starts, ends: *ends, skill: *skill, need: *need };
                if let Some(id) = store::add_shift(tx, tenant, place, new).await? {
                    let shift =
                        Shift { id, tenant, place, day, starts: *starts, ends: *ends, skill: *skill, need: *need };
                    made += 1;
                    // Nobody's promise to come every week means a day on which the hub is closed.
                    if hours.closed(day).is_some() {
                        continue;
                    }
                    let takes = claims
                        .iter()
                        .filter(|one| one.weekday == weekday(day) + 1 && one.starts == *starts && one.until >= day);
                    for claim in takes.take(usize::try_from(*need).unwrap_or(0)) {
                        store::put(tx, &shift, claim.person, How::Claim).await?;
                    }
                }
            }
            if made == 0 {
                return Err(Error::conflict("roster/no-new-shift"));
            }
            ("roster/shifts", json!({ "month": month.name(), "shifts": made }))
        }
        Deed::DropShift(id) => {
            let shift = shift_ahead(tx, here, *id).await?;
            if !of_shift(tx, &shift).await?.is_empty() {
                return Err(Error::conflict("roster/shift-taken"));
            }
            store::drop_shift(tx, tenant, shift.id).await?;
            ("roster/shift-dropped", json!({ "day": shift.day.to_string() }))
        }
        Deed::Publish(month) => {
            if !store::publish(tx, tenant, place, &month.name()).await? {
                return Err(Error::conflict("roster/no-draft"));
            }
            let activity = record(tx, compound, "roster/published", json!({ "month": month.name() })).await?;
            let ahead = (month.first().max(today), month.last().max(today));
            let mut persons: Vec<PersonId> =
                store::duties_in(tx, tenant, place, ahead).await?.iter().map(|duty| duty.person).collect();
            persons.sort_unstable();
            persons.dedup();
            let label = format!("{} {}", compound.path, month.name());
            let what = ("roster/published", gaps::SHIFT, place.0, label.as_str());
            for person in persons {
                notices::add(tx, tenant, (person, Because::Held), activity, what).await?;
            }
            return Ok(());
        }
        Deed::Put { shift, person } => {
            let shift = shift_ahead(tx, here, *shift).await?;
            put(tx, &shift, *person, How::Hand).await?;
            let activity = record(tx, compound, "roster/put", json!({ "shift": shift.id, "person": person })).await?;
            return changed(tx, (compound, &shift), (me, *person), (activity, "roster/put-on")).await;
        }
        Deed::TakeOff { shift, person } => {
            let shift = shift_ahead(tx, here, *shift).await?;
            let person = person.unwrap_or(me);
            if !store::take_off(tx, &shift, person).await? {
                return Err(Error::conflict("roster/not-on"));
            }
            let facts = json!({ "shift": shift.id, "person": person });
            let activity = record(tx, compound, "roster/taken-off", facts).await?;
            // Whoever makes the roster knows what they do; of a gap in what everybody reads they are told.
            if policy::keep(actor, compound).is_ok() {
                return changed(tx, (compound, &shift), (me, person), (activity, "roster/put-off")).await;
            }
            if store::is_published(tx, tenant, place, Month::of(shift.day)).await? {
                let label = gaps::shift_label(&compound.path, shift.day);
                gaps::tell(tx, (tenant, place), person, activity, ("roster/taken-off", gaps::SHIFT, &label)).await?;
            }
            return Ok(());
        }
        Deed::Claim { weekday: on, starts, until } => {
            if *until < today || number(*until) - number(today) > CLAIM_DAYS_MAX {
                return Err(Error::invalid("until", "roster/claim-span"));
            }
            must_be_ready(tx, compound, me).await?;
            store::add_claim(tx, (tenant, place), me, (*on, *starts), *until).await?;
            let hours = store::hours_in(tx, tenant, place, today).await?;
            for shift in store::shifts_in(tx, tenant, place, (today, *until)).await? {
                if hours.closed(shift.day).is_none() && weekday(shift.day) + 1 == *on && shift.starts == *starts {
                    let there = of_shift(tx, &shift).await?;
                    if i64::try_from(there.len()).unwrap_or(0) < shift.need {
                        store::put(tx, &shift, me, How::Claim).await?;
                    }
                }
            }
            ("roster/claimed", json!({ "weekday": on, "until": until.to_string() }))
        }
        Deed::Unclaim(id) => {
            if !store::drop_claim(tx, tenant, *id, me).await? {
                return Err(Error::NotFound);
            }
            ("roster/unclaimed", json!({}))
        }
        Deed::Ask { shift, person } => {
            let shift = shift_ahead(tx, here, *shift).await?;
            if !of_shift(tx, &shift).await?.iter().any(|duty| duty.person == me) {
                return Err(Error::conflict("roster/not-on"));
            }
            may_stand(tx, &shift, *person).await?;
            store::ask(tx, &shift, me, *person).await?.ok_or(Error::conflict("roster/asked-already"))?;
            return told(tx, (compound, &shift), *person, "roster/asked").await;
        }
        Deed::Answer { swap, yes } => {
            let (shift, by, asked) = store::swap(tx, tenant, *swap).await?.ok_or(Error::NotFound)?;
            if asked != me {
                return Err(Error::NotFound);
            }
            let shift = shift_ahead(tx, here, shift).await?;
            store::decide(tx, tenant, *swap, if *yes { "yes" } else { "no" }).await?;
            if *yes {
                may_stand(tx, &shift, me).await?;
                if !store::take_off(tx, &shift, by).await? {
                    return Err(Error::conflict("roster/not-on"));
                }
                store::put(tx, &shift, me, How::Swap).await?;
            }
            let stem = if *yes { "roster/swapped" } else { "roster/declined" };
            return told(tx, (compound, &shift), by, stem).await;
        }
    };
    record(tx, compound, stem, facts).await.map(drop)
}

async fn record(
    tx: &mut Tx<'_>,
    compound: &Place,
    stem: &'static str,
    facts: serde_json::Value,
) -> Result<kit::book::ActivityId> {
    let activity = Activity::of(compound.tenant, stem, "place", compound.id).at_place(compound.id);
    tx.record(activity.with(facts)).await
}

/// Records it, and lets one person know, with the day and the time of the shift.
async fn told(
    tx: &mut Tx<'_>,
    (compound, shift): (&Place, &Shift),
    person: PersonId,
    stem: &'static str,
) -> Result<()> {
    let activity = record(tx, compound, stem, json!({ "shift": shift.id })).await?;
    let label = format!("{} {}", gaps::shift_label(&compound.path, shift.day), duty::clock(shift.starts));
    let dated = format!("{stem}-day");
    let what = (dated.as_str(), "roster", compound.id.0, label.as_str());
    notices::add(tx, compound.tenant, (person, Because::Held), activity, what).await
}

/// Lets whoever was put on a published shift or taken off it by somebody else know.
async fn changed(
    tx: &mut Tx<'_>,
    (compound, shift): (&Place, &Shift),
    (by, person): (PersonId, PersonId),
    (activity, stem): (kit::book::ActivityId, &str),
) -> Result<()> {
    if by == person || !store::is_published(tx, shift.tenant, shift.place, Month::of(shift.day)).await? {
        return Ok(());
    }
    let label = gaps::shift_label(&compound.path, shift.day);
    let what = (stem, gaps::SHIFT, compound.id.0, label.as_str());
    notices::add(tx, shift.tenant, (person, Because::Held), activity, what).await
}

async fn shift_ahead(tx: &mut Tx<'_>, here: Here<'_>, id: ShiftId) -> Result<Shift> {
    let shift = store::shift(tx, here.compound.tenant, id).await?;
    let shift = shift.filter(|shift| shift.place == here.compound.id).ok_or(Error::NotFound)?;
    if shift.day < here.today { Err(Error::conflict("roster/past")) } else { Ok(shift) }
}

async fn of_shift(tx: &mut Tx<'_>, shift: &Shift) -> Result<Vec<Duty>> {
    let mut all = store::duties_in(tx, shift.tenant, shift.place, (shift.day, shift.day)).await?;
    all.retain(|duty| duty.shift == shift.id);
    Ok(all)
}

async fn must_be_ready(tx: &mut Tx<'_>, compound: &Place, person: PersonId) -> Result<()> {
    let ready = store::ready_in(tx, compound.tenant, compound.id).await?;
    let is = ready.iter().any(|one| one.person == person);
    if is { Ok(()) } else { Err(Error::conflict("roster/not-ready")) }
}

/// Whether somebody can be on a shift beside what they have: by their own word, once, and not twice at the same time.
async fn may_stand(tx: &mut Tx<'_>, shift: &Shift, person: PersonId) -> Result<()> {
    let ready = store::ready_in(tx, shift.tenant, shift.place).await?;
    if !ready.iter().any(|one| one.person == person) {
        return Err(Error::conflict("roster/not-ready"));
    }
    let day = store::duties_in(tx, shift.tenant, shift.place, (shift.day, shift.day)).await?;
    let shifts = store::shifts_in(tx, shift.tenant, shift.place, (shift.day, shift.day)).await?;
    let theirs: Vec<&Duty> = day.iter().filter(|duty| duty.person == person).collect();
    let meets = |duty: &&Duty| {
        let other = shifts.iter().find(|one| one.id == duty.shift);
        other.is_some_and(|other| other.starts < shift.ends && shift.starts < other.ends)
    };
    if theirs.iter().any(meets) { Err(Error::conflict("roster/on-already")) } else { Ok(()) }
}

async fn put(tx: &mut Tx<'_>, shift: &Shift, person: PersonId, how: How) -> Result<()> {
    may_stand(tx, shift, person).await?;
    if i64::try_from(of_shift(tx, shift).await?.len()).unwrap_or(0) >= shift.need {
        return Err(Error::conflict("roster/full"));
    }
    store::put(tx, shift, person, how).await.map(drop)
}

/// The part of the roster that is shown to somebody: a draft is for those who make it.
pub fn visible(duties: Vec<Duty>, published: bool, keeps: bool) -> Vec<Duty> {
    let shown = |duty: &Duty| keeps || published || duty.how.stands();
    duties.into_iter().filter(shown).collect()
}

/// Today, where duties are done.
pub fn today(now: kit::time::Moment) -> Date {
    commons::calendar::Zone::china().date(now)
}

/// A shift's times: `09:00–11:30`.
pub fn times(shift: &Shift) -> String {
    format!("{}–{}", duty::clock(shift.starts), duty::clock(shift.ends))
}
