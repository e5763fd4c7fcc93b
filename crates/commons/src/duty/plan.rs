//! The plan of a month: as many places covered as can be, and among all such plans the one whose loads lie closest together.
//!
//! Written as an integer program. For each pair of a person and a shift that is possible at all there is a yes or no; for each
//! shift a number of places left open. Loads cost their square: the first shift of somebody costs 1, the second 3, the third 5,
//! so giving the next one to whoever has least is never worse. An open place costs more than any rearranging could save. Rest
//! after duty is one constraint for each person and each window of days.

use super::{Duty, Ready, Shift, Skill, number, weekday};
use good_lp::{
    Expression, ProblemVariables, Solution, SolutionStatus, SolverModel, Variable, WithTimeLimit, constraint, microlp,
    variable,
};
use jiff::civil::Date;
use std::collections::HashMap;

/// After so long the best that is known has to do.
pub const SECONDS_MAX: f64 = 10.0;
const HALF: f64 = 0.5;

/// Somebody who can take duties.
#[derive(Clone, Debug)]
pub struct Helper {
    /// Monday is bit 0.
    pub weekdays: i64,
    pub skills: Vec<Skill>,
    /// Shifts in the month at most, those that stand already among them.
    pub month_max: i64,
    /// Days without duty after a duty.
    pub rest_days: i64,
    /// Days (as numbers that grow by one) on which they have duty already: this month's, and those just around it.
    pub taken: Vec<i64>,
    /// How many of these lie in the month.
    pub load: i64,
}

/// A shift with places to fill.
#[derive(Clone, Debug)]
pub struct Slot {
    pub day: i64,
    /// Monday is 0.
    pub weekday: i64,
    pub skill: Skill,
    /// Places still open.
    pub need: i64,
    /// Who is on it already, by their place in the list.
    pub on: Vec<usize>,
}

/// Why somebody is not on a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Out {
    Day,
    Skill,
    Most,
    Rest,
}

impl Out {
    pub const ALL: &'static [Out] = &[Out::Day, Out::Skill, Out::Most, Out::Rest];

    pub fn name(self) -> &'static str {
        match self {
            Out::Day => "day",
            Out::Skill => "skill",
            Out::Most => "most",
            Out::Rest => "rest",
        }
    }
}

/// A shift with open places, and how many people are out for which reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub slot: usize,
    pub open: i64,
    pub out: Vec<(Out, i64)>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Slot and helper, by their places in the lists.
    pub duties: Vec<(usize, usize)>,
    pub gaps: Vec<Gap>,
    /// Whether it is proved that nothing is better.
    pub exact: bool,
}

/// What a plan is made from: those who are ready and the shifts, with who stands on them already.
pub fn tables(
    ready: &[Ready],
    shifts: &[Shift],
    standing: &[Duty],
    (from, to): (Date, Date),
) -> (Vec<Helper>, Vec<Slot>) {
    let helper = |one: &Ready| {
        let days = standing.iter().filter(|duty| duty.person == one.person).map(|duty| duty.day);
        let taken: Vec<Date> = days.collect();
        Helper {
            weekdays: one.weekdays,
            skills: one.skills.clone(),
            month_max: one.month_max,
            rest_days: one.rest_days,
            load: i64::try_from(taken.iter().filter(|day| (from..=to).contains(*day)).count()).unwrap_or(0),
            taken: taken.into_iter().map(number).collect(),
        }
    };
    let slot = |shift: &Shift| {
        let here: Vec<&Duty> = standing.iter().filter(|duty| duty.shift == shift.id).collect();
        let on = here.iter().filter_map(|duty| ready.iter().position(|one| one.person == duty.person));
        Slot {
            day: number(shift.day),
            weekday: weekday(shift.day),
            skill: shift.skill,
            need: (shift.need - i64::try_from(here.len()).unwrap_or(0)).max(0),
            on: on.collect(),
        }
    };
    (ready.iter().map(helper).collect(), shifts.iter().map(slot).collect())
}

/// What a plan costs, so that two can be compared: open places first, then the sum of squares of loads.
pub fn cost(helpers: &[Helper], slots: &[Slot], duties: &[(usize, usize)]) -> (i64, i64) {
    let mut loads: Vec<i64> = helpers.iter().map(|helper| helper.load).collect();
    duties.iter().for_each(|(_, helper)| loads[*helper] += 1);
    let need: i64 = slots.iter().map(|slot| slot.need).sum();
    let covered = i64::try_from(duties.len()).unwrap_or(i64::MAX);
    (need - covered, loads.iter().map(|load| load * load).sum())
}

/// Whether the two days are too close for somebody who rests `rest` days.
fn too_close(a: i64, b: i64, rest: i64) -> bool {
    (a - b).abs() <= rest
}

/// Whether somebody could take a shift if nothing else were planned.
fn possible(helper: &Helper, at: usize, slot: &Slot) -> bool {
    !slot.on.contains(&at)
        && helper.weekdays >> slot.weekday & 1 == 1
        && helper.skills.contains(&slot.skill)
        && helper.load < helper.month_max
        && !helper.taken.iter().any(|day| too_close(*day, slot.day, helper.rest_days))
}

/// Makes the plan.
pub fn plan(helpers: &[Helper], slots: &[Slot]) -> Plan {
    let pairs: Vec<(usize, usize)> = (0..slots.len())
        .flat_map(|slot| (0..helpers.len()).map(move |helper| (slot, helper)))
        .filter(|(slot, helper)| possible(&helpers[*helper], *helper, &slots[*slot]))
        .collect();
    let (mut duties, exact) = match solved(helpers, slots, &pairs) {
        Some((duties, exact)) if allowed(helpers, slots, &duties) => (duties, exact),
        _ => (filled(helpers, slots, &pairs), false),
    };
    duties.sort_unstable();
    Plan { gaps: gaps(helpers, slots, &duties), duties, exact }
}

/// The program, solved; whether the solver proved it best.
fn solved(helpers: &[Helper], slots: &[Slot], pairs: &[(usize, usize)]) -> Option<(Vec<(usize, usize)>, bool)> {
    if pairs.is_empty() {
        return Some((Vec::new(), true));
    }
    let mut vars = ProblemVariables::new();
    let takes: Vec<Variable> = pairs.iter().map(|_| vars.add(variable().binary())).collect();
    let open: Vec<Variable> = slots.iter().map(|slot| vars.add(variable().min(0).max(slot.need as f64))).collect();
    let mut mine: Vec<Vec<usize>> = vec![Vec::new(); helpers.len()];
    let mut theirs: Vec<Vec<usize>> = vec![Vec::new(); slots.len()];
    for (at, (slot, helper)) in pairs.iter().enumerate() {
        mine[*helper].push(at);
        theirs[*slot].push(at);
    }
    let most = |helper: usize| {
        let room = usize::try_from((helpers[helper].month_max - helpers[helper].load).max(0)).unwrap_or(0);
        room.min(mine[helper].len())
    };
    // Dearer than all squares together.
    let dear = 1.0 + helpers.iter().map(|helper| (helper.month_max * helper.month_max) as f64).sum::<f64>();
    let mut objective: Expression = open.iter().map(|open| *open * dear).sum();
    let mut steps: Vec<Vec<Variable>> = Vec::new();
    for (at, helper) in helpers.iter().enumerate() {
        let own: Vec<Variable> = (0..most(at)).map(|_| vars.add(variable().min(0).max(1))).collect();
        for (step, var) in own.iter().enumerate() {
            objective += *var * (2.0 * (helper.load as f64 + step as f64) + 1.0);
        }
        steps.push(own);
    }
    let mut model = vars.minimise(objective).using(microlp).with_time_limit(SECONDS_MAX);
    for (at, slot) in slots.iter().enumerate() {
        let sum: Expression = theirs[at].iter().map(|pair| takes[*pair]).sum();
        model.add_constraint(constraint!(sum + open[at] == slot.need as f64));
    }
    for (at, helper) in helpers.iter().enumerate() {
        let sum: Expression = mine[at].iter().map(|pair| takes[*pair]).sum();
        let paid: Expression = steps[at].iter().sum();
        model.add_constraint(constraint!(sum == paid));
        let days: Vec<i64> = mine[at].iter().map(|pair| slots[pairs[*pair].0].day).collect();
        let mut starts = days.clone();
        starts.sort_unstable();
        starts.dedup();
        for start in starts {
            let window =
                mine[at].iter().zip(&days).filter(|(_, day)| (start..=start + helper.rest_days).contains(*day));
            let window: Vec<Variable> = window.map(|(pair, _)| takes[*pair]).collect();
            if window.len() > 1 {
                let sum: Expression = window.iter().sum();
                model.add_constraint(constraint!(sum <= 1));
            }
        }
    }
    let solution = model.solve().ok()?;
    let duties = pairs.iter().zip(&takes).filter(|(_, var)| solution.value(**var) > HALF).map(|(pair, _)| *pair);
    Some((duties.collect(), matches!(solution.status(), SolutionStatus::Optimal)))
}

/// Whether a plan breaks no rule: what a solver says is looked at before people are told.
pub fn allowed(helpers: &[Helper], slots: &[Slot], duties: &[(usize, usize)]) -> bool {
    let mut days: Vec<Vec<i64>> = vec![Vec::new(); helpers.len()];
    let mut on: HashMap<usize, i64> = HashMap::new();
    for (slot, helper) in duties {
        if !possible(&helpers[*helper], *helper, &slots[*slot]) {
            return false;
        }
        let day = slots[*slot].day;
        if days[*helper].iter().any(|other| too_close(*other, day, helpers[*helper].rest_days)) {
            return false;
        }
        days[*helper].push(day);
        *on.entry(*slot).or_default() += 1;
    }
    let loads = days.iter().zip(helpers).all(|(days, helper)| {
        helper.load + i64::try_from(days.len()).unwrap_or(i64::MAX) <= helper.month_max || days.is_empty()
    });
    loads && on.iter().all(|(slot, count)| *count <= slots[*slot].need)
}

/// Without a solver: the hardest shifts first, each to whoever has least.
fn filled(helpers: &[Helper], slots: &[Slot], pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..slots.len()).collect();
    order.sort_by_key(|slot| (pairs.iter().filter(|pair| pair.0 == *slot).count(), slots[*slot].day));
    let mut duties: Vec<(usize, usize)> = Vec::new();
    let mut days: Vec<Vec<i64>> = helpers.iter().map(|helper| helper.taken.clone()).collect();
    let mut loads: Vec<i64> = helpers.iter().map(|helper| helper.load).collect();
    for slot in order {
        for _ in 0..slots[slot].need {
            let day = slots[slot].day;
            let free = pairs.iter().filter(|(at, helper)| {
                let rest = helpers[*helper].rest_days;
                *at == slot
                    && loads[*helper] < helpers[*helper].month_max
                    && !days[*helper].iter().any(|other| too_close(*other, day, rest))
            });
            let Some((_, helper)) = free.min_by_key(|(_, helper)| loads[*helper]) else { break };
            duties.push((slot, *helper));
            days[*helper].push(day);
            loads[*helper] += 1;
        }
    }
    duties
}

/// What stays open, and why each person is out of it.
fn gaps(helpers: &[Helper], slots: &[Slot], duties: &[(usize, usize)]) -> Vec<Gap> {
    let mut days: Vec<Vec<i64>> = helpers.iter().map(|helper| helper.taken.clone()).collect();
    let mut loads: Vec<i64> = helpers.iter().map(|helper| helper.load).collect();
    for (slot, helper) in duties {
        days[*helper].push(slots[*slot].day);
        loads[*helper] += 1;
    }
    let mut all = Vec::new();
    for (at, slot) in slots.iter().enumerate() {
        let on: Vec<usize> = duties.iter().filter(|duty| duty.0 == at).map(|duty| duty.1).collect();
        let open = slot.need - i64::try_from(on.len()).unwrap_or(0);
        if open <= 0 {
            continue;
        }
        let mut out: Vec<(Out, i64)> = Vec::new();
        for (person, helper) in helpers.iter().enumerate() {
            if on.contains(&person) || slot.on.contains(&person) {
                continue;
            }
            let why = if helper.weekdays >> slot.weekday & 1 == 0 {
                Out::Day
            } else if !helper.skills.contains(&slot.skill) {
                Out::Skill
            } else if loads[person] >= helper.month_max {
                Out::Most
            } else {
                Out::Rest
            };
            match out.iter_mut().find(|one| one.0 == why) {
                Some(one) => one.1 += 1,
                None => out.push((why, 1)),
            }
        }
        out.sort_unstable();
        all.push(Gap { slot: at, open, out });
    }
    all
}

#[cfg(test)]
mod tests;
