//! What is waited for, for the page of a case: what the door has promised, which clock is nearest, and pauses. All of it
//! is told by the book, so it is right though no job has run.

use super::model::Hand;
use crate::layout::{View, show};
use crate::words;
use commons::case::{Case, Handover, State, WaitReason};
use kit::book::Entry;
use kit::time::Moment;
use serde_json::Value;
use std::collections::BTreeMap;

/// A pause that runs.
#[derive(Clone, Debug)]
pub struct Paused {
    pub reason: String,
    pub since: String,
    pub until: String,
}

/// What the page says about time.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// What the door has promised, in a sentence.
    pub promised: Option<String>,
    /// What is waited for first.
    pub nearest: Option<String>,
    pub paused: Option<Paused>,
    pub may_pause: bool,
    pub may_resume: bool,
}

impl Waiting {
    pub fn of(v: &View, now: Moment, hand: Hand<'_>, (case, open): (&Case, Option<&Handover>), book: &[Entry]) -> Self {
        let running = matches!(case.state, State::Said | State::Accepted);
        if !running {
            return Waiting::default();
        }
        let started = book.iter().rposition(|line| line.stem == "clocks/started").unwrap_or(0);
        let since = book.get(started..).unwrap_or_default();
        let paused = paused(v, now, book);
        let holder = hand.is_holder(case) && case.state == State::Accepted;
        Waiting {
            promised: since.first().and_then(|line| promised(v, &line.facts)),
            nearest: nearest(since, case.due).map(|kind| v.t(&format!("due-next-{kind}")).to_string()),
            may_pause: holder && open.is_none() && paused.is_none() && !case.is_overdue(now),
            may_resume: holder && paused.is_some(),
            paused,
        }
    }

    /// What comes next, where time decides it.
    pub fn next(&self, v: &View, now: Moment, case: &Case) -> Option<String> {
        let key = match (case.is_overdue(now), case.door.up()) {
            (true, Some(_)) => "next-overdue",
            (true, None) => "next-overdue-last",
            (false, _) if self.paused.is_some() => "next-paused",
            _ => return None,
        };
        Some(v.t(key).to_string())
    }

    /// The names of the reasons, for the form.
    pub fn reasons(&self, v: &View) -> Vec<(String, String)> {
        WaitReason::ALL.iter().map(|reason| (reason.to_string(), v.t(&format!("wait-{reason}")).to_string())).collect()
    }
}

fn promised(v: &View, facts: &Value) -> Option<String> {
    let amount = |kind: &str| {
        let told = facts.get("clocks")?.get(kind)?;
        Some(show::amount(v.lang, told.get(0)?.as_i64()?, told.get(1)?.as_str()?))
    };
    let args = [
        ("accept", amount("accept")?.into()),
        ("answer", amount("answer")?.into()),
        ("settle", amount("settle")?.into()),
    ];
    Some(words::t_with(v.lang, "standard-sentence", &args))
}

/// Which of the door's clocks the due time is.
fn nearest(since: &[Entry], due: Option<Moment>) -> Option<&'static str> {
    let mut times: BTreeMap<&str, i64> = BTreeMap::new();
    for line in since {
        for (kind, told) in line.facts.get("clocks").and_then(Value::as_object).into_iter().flatten() {
            // A clock that starts tells amount, unit and due time; one that is counted again only the due time.
            let at = told.as_array().and_then(|told| told.iter().rev().nth(1)?.as_i64());
            times.extend(at.map(|at| (kind.as_str(), at)));
        }
    }
    ["accept", "answer", "settle"].into_iter().find(|kind| times.get(kind).copied() == due.map(|due| due.0))
}

/// The pause that runs, from the lines since the clocks were started: why, since when, until when at most.
pub fn pause_of(now: Moment, book: &[Entry]) -> Option<(WaitReason, Moment, Moment)> {
    let started = book.iter().rposition(|line| line.stem == "clocks/started").unwrap_or(0);
    let since = book.get(started..).unwrap_or_default();
    let last = since.iter().rev().find(|line| matches!(line.stem.as_str(), "requests/paused" | "requests/resumed"))?;
    let until = Moment(last.facts.get("until")?.as_i64()?);
    let reason = WaitReason::parse(last.facts.get("reason")?.as_str()?)?;
    (now < until).then_some((reason, last.at, until))
}

fn paused(v: &View, now: Moment, book: &[Entry]) -> Option<Paused> {
    let (reason, since, until) = pause_of(now, book)?;
    let reason = v.t(&format!("wait-{reason}")).to_string();
    Some(Paused { reason, since: v.moment(since, now), until: v.moment(until, now) })
}
