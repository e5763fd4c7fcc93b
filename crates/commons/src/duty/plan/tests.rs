//! The plan against every plan there is, and against another solver where one is installed.
//!
//! `MULIN_HIGHS=python3` names a Python that has `highspy`: then fifty months are solved by HiGHS as well, and have to cost the
//! same.

use super::*;
use std::io::Write;
use std::process::{Command, Stdio};

/// A small generator, so that each run sees the same months.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % n
    }
}

fn month(dice: &mut Dice, people: i64, days: i64, posts: i64) -> (Vec<Helper>, Vec<Slot>) {
    let skills = |dice: &mut Dice| {
        Skill::ALL.iter().copied().filter(|skill| *skill == Skill::Desk || dice.below(2) == 0).collect::<Vec<_>>()
    };
    let helper = |dice: &mut Dice| {
        let taken: Vec<i64> = if dice.below(5) == 0 { vec![dice.below(days)] } else { Vec::new() };
        Helper {
            weekdays: 1 + dice.below(127),
            skills: skills(dice),
            month_max: 1 + dice.below(5),
            rest_days: dice.below(3),
            load: i64::try_from(taken.len()).unwrap(),
            taken,
        }
    };
    let helpers = (0..people).map(|_| helper(dice)).collect();
    let slot = |dice: &mut Dice, day: i64| Slot {
        day,
        weekday: day % 7,
        skill: Skill::ALL[usize::try_from(dice.below(3)).unwrap()],
        need: 1 + dice.below(2),
        on: Vec::new(),
    };
    let mut slots = Vec::new();
    for day in 0..days {
        for _ in 0..posts {
            slots.push(slot(dice, day));
        }
    }
    (helpers, slots)
}

/// The best cost of all plans, by trying each.
fn tried(helpers: &[Helper], slots: &[Slot]) -> (i64, i64) {
    fn go(
        helpers: &[Helper],
        slots: &[Slot],
        pairs: &[(usize, usize)],
        chosen: &mut Vec<(usize, usize)>,
        best: &mut (i64, i64),
    ) {
        if allowed(helpers, slots, chosen) {
            *best = (*best).min(cost(helpers, slots, chosen));
        } else {
            return;
        }
        for (at, pair) in pairs.iter().enumerate() {
            chosen.push(*pair);
            go(helpers, slots, &pairs[at + 1..], chosen, best);
            chosen.pop();
        }
    }
    let pairs: Vec<(usize, usize)> = (0..slots.len())
        .flat_map(|slot| (0..helpers.len()).map(move |helper| (slot, helper)))
        .filter(|(slot, helper)| possible(&helpers[*helper], *helper, &slots[*slot]))
        .collect();
    let mut best = (i64::MAX, i64::MAX);
    go(helpers, slots, &pairs, &mut Vec::new(), &mut best);
    best
}

#[test]
fn no_plan_is_better_than_ours() {
    let mut dice = Dice(20_261_125);
    let mut covered = 0;
    for round in 0..60 {
        let (people, days) = (2 + dice.below(3), 2 + dice.below(4));
        let (helpers, slots) = month(&mut dice, people, days, 1);
        let plan = plan(&helpers, &slots);
        assert!(plan.exact, "round {round}");
        assert!(allowed(&helpers, &slots, &plan.duties), "round {round}");
        assert_eq!(
            cost(&helpers, &slots, &plan.duties),
            tried(&helpers, &slots),
            "round {round}: {helpers:?} {slots:?}"
        );
        covered += plan.duties.len();
    }
    assert!(covered > 60, "{covered}");
}

#[test]
fn loads_lie_within_one_when_everybody_can_come() {
    let helper =
        Helper { weekdays: 127, skills: Skill::ALL.to_vec(), month_max: 31, rest_days: 1, taken: Vec::new(), load: 0 };
    let helpers = vec![helper; 20];
    let slot = |day: i64| Slot { day, weekday: day % 7, skill: Skill::Desk, need: 1, on: Vec::new() };
    let slots: Vec<Slot> = (0..28).flat_map(|day| [slot(day), slot(day), slot(day)]).collect();
    let plan = plan(&helpers, &slots);
    assert_eq!((plan.gaps.len(), plan.duties.len()), (0, 84));
    let loads: Vec<usize> = (0..20).map(|one| plan.duties.iter().filter(|duty| duty.1 == one).count()).collect();
    assert!(loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1, "{loads:?}");
}

#[test]
fn what_stays_open_says_why() {
    let helper = |weekdays, month_max, skills: &[Skill], taken: &[i64]| Helper {
        weekdays,
        skills: skills.to_vec(),
        month_max,
        rest_days: 1,
        taken: taken.to_vec(),
        load: i64::try_from(taken.len()).unwrap(),
    };
    let helpers = [
        helper(0b000_0010, 5, &[Skill::Desk, Skill::Talks], &[]),
        helper(0b000_0001, 5, &[Skill::Desk], &[]),
        helper(0b000_0001, 1, &[Skill::Talks], &[20]),
        helper(0b000_0001, 5, &[Skill::Talks], &[1]),
    ];
    let slots = [Slot { day: 0, weekday: 0, skill: Skill::Talks, need: 2, on: Vec::new() }];
    let plan = plan(&helpers, &slots);
    let out = vec![(Out::Day, 1), (Out::Skill, 1), (Out::Most, 1), (Out::Rest, 1)];
    assert_eq!(plan.gaps, [Gap { slot: 0, open: 2, out }]);
    assert!(plan.exact && plan.duties.is_empty());
}

#[test]
fn without_a_solver_no_rule_is_broken_either() {
    let mut dice = Dice(7);
    for _ in 0..50 {
        let (helpers, slots) = month(&mut dice, 8, 14, 2);
        let pairs: Vec<(usize, usize)> = (0..slots.len())
            .flat_map(|slot| (0..helpers.len()).map(move |helper| (slot, helper)))
            .filter(|(slot, helper)| possible(&helpers[*helper], *helper, &slots[*slot]))
            .collect();
        let duties = filled(&helpers, &slots, &pairs);
        assert!(allowed(&helpers, &slots, &duties));
        assert!(!duties.is_empty());
    }
}

/// The same program in the words of HiGHS; it prints the cost.
const HIGHS: &str = r#"
import sys, json, highspy
for line in sys.stdin:
    m = json.loads(line)
    h = highspy.Highs(); h.setOptionValue("output_flag", False)
    H, S, P = m["helpers"], m["slots"], m["pairs"]
    dear = 1.0 + sum(x["most"] ** 2 for x in H)
    take = [h.addVariable(0, 1, 0, highspy.HighsVarType.kInteger) for _ in P]
    opens = [h.addVariable(0, s["need"], dear) for s in S]
    for i, s in enumerate(S):
        h.addConstr(sum([take[k] for k, p in enumerate(P) if p[0] == i], opens[i]) == s["need"])
    for j, x in enumerate(H):
        own = [k for k, p in enumerate(P) if p[1] == j]
        if not own: continue
        steps = [h.addVariable(0, 1, 2 * (x["load"] + t) + 1) for t in range(max(0, x["most"] - x["load"]))]
        h.addConstr(sum(take[k] for k in own) - sum(steps) == 0)
        for d in sorted({S[P[k][0]]["day"] for k in own}):
            w = [take[k] for k in own if d <= S[P[k][0]]["day"] <= d + x["rest"]]
            if len(w) > 1: h.addConstr(sum(w) <= 1)
    h.minimize()
    print("cost", round(h.getObjectiveValue()), flush=True)
"#;

#[test]
fn another_solver_finds_nothing_better() {
    let Ok(python) = std::env::var("MULIN_HIGHS") else {
        eprintln!("skipped: MULIN_HIGHS names no Python with highspy");
        return;
    };
    let mut dice = Dice(50);
    let (mut lines, mut ours) = (String::new(), Vec::new());
    for _ in 0..50 {
        let (helpers, slots) = month(&mut dice, 20, 28, 2);
        let plan = plan(&helpers, &slots);
        assert!(plan.exact);
        let (open, squares) = cost(&helpers, &slots, &plan.duties);
        let dear = 1 + helpers.iter().map(|one| one.month_max * one.month_max).sum::<i64>();
        let before: i64 = helpers.iter().map(|one| one.load * one.load).sum();
        ours.push(open * dear + squares - before);
        let pairs: Vec<(usize, usize)> = (0..slots.len())
            .flat_map(|slot| (0..helpers.len()).map(move |helper| (slot, helper)))
            .filter(|(slot, helper)| possible(&helpers[*helper], *helper, &slots[*slot]))
            .collect();
        let people: Vec<_> = helpers
            .iter()
            .map(|one| serde_json::json!({ "most": one.month_max, "load": one.load, "rest": one.rest_days }))
            .collect();
        let places: Vec<_> = slots.iter().map(|one| serde_json::json!({ "need": one.need, "day": one.day })).collect();
        let told = serde_json::json!({ "helpers": people, "slots": places, "pairs": pairs });
        lines.push_str(&format!("{told}\n"));
    }
    let mut child = Command::new(python)
        .args(["-c", HIGHS])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("MULIN_HIGHS can be run.");
    let mut stdin = child.stdin.take().unwrap();
    let writing = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    // The solver speaks of itself between the lines.
    let theirs: Vec<i64> =
        told.lines().filter_map(|line| line.strip_prefix("cost ")).map(|cost| cost.parse().unwrap()).collect();
    assert_eq!(ours, theirs);
}
