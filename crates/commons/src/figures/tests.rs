//! The worked example, the edges of months, and rounds that come back late.

use super::store::{began, of_compound, of_tenants, set, settings, settings_in};
use super::*;
use crate::calendar::Zone;
use crate::place::{NewPlace, PlaceKind, Tenant, TenantKind, store as places};
use kit::book::Activity;
use kit::db::testing::context;
use kit::db::{Db, Tx};
use kit::{Result, Uuid, on_both};
use serde_json::json;

const START: Moment = Moment(1_793_500_000_000);

fn plain() -> Settings {
    Settings::with(&[]).unwrap()
}

fn line(at: i64, deed: Deed) -> Line {
    let id = Uuid::from_u128(7);
    Line { tenant: TenantId(id), case: CaseId(id), compound: PlaceId(id), at: Moment(at), deed }
}

fn judged(round: i64, solved: bool) -> Deed {
    Deed::Judged { round, solved, satisfaction: Some(Satisfaction::Fair) }
}

fn counted(deeds: &[Deed]) -> Counts {
    let lines: Vec<Line> = (0..).zip(deeds).map(|(at, deed)| line(at, deed.clone())).collect();
    let mut counts = Counts::default();
    rounds(&lines).iter().for_each(|round| counts.add(round));
    counts
}

#[test]
fn a_round_counts_once_with_its_last_answer() {
    let said = Deed::Said { category: "lift".into() };
    let taken = |in_time| Deed::Taken { in_time };
    let reported = Deed::Reported { in_time: true, unit: None };
    // Not over yet: nothing is counted.
    assert_eq!(counted(&[said.clone(), taken(true), reported.clone()]), Counts::default());
    // Left alone: closed, and no opinion.
    let alone = counted(&[said.clone(), taken(true), reported.clone(), Deed::LeftUnrated]);
    assert_eq!(alone, Counts { closed: 1, in_time: 1, ..Counts::default() });
    // A late word is still heard, and the round does not count twice.
    let late = counted(&[said.clone(), taken(true), reported.clone(), Deed::LeftUnrated, judged(1, true)]);
    assert_eq!(late, Counts { closed: 1, in_time: 1, valid: 1, contacted: 1, solved: 1, fair: 1, ..Counts::default() });
    // Solved, and broken again: the last word counts, and that it came back is told.
    let again = [said.clone(), taken(false), reported.clone(), judged(1, true), judged(1, false)];
    let back = Counts { closed: 1, valid: 1, fair: 1, reopened: 1, ..Counts::default() };
    assert_eq!(counted(&again), back);
    // Two rounds: each its own.
    let twice = [said.clone(), taken(true), reported.clone(), judged(1, false), reported.clone(), judged(2, true)];
    let two = Counts { closed: 2, in_time: 2, valid: 2, contacted: 2, solved: 1, fair: 2, ..Counts::default() };
    assert_eq!(counted(&twice), two);
    // What climbed because nobody came was not answered in time, whoever came then.
    let climbed = counted(&[said, Deed::LateUp, taken(true), reported, judged(1, true)]);
    assert_eq!((climbed.valid, climbed.contacted), (1, 0));
}

#[test]
fn fractions_are_exact_and_nothing_is_said_of_nothing() {
    let example = Counts { valid: 80, closed: 100, contacted: 76, solved: 60, good: 50, fair: 20, ..Counts::default() };
    let says = |rate: Rate| rate.percent().unwrap();
    assert_eq!(says(example.response()), "95.0");
    assert_eq!(says(example.solving()), "75.0");
    assert_eq!(says(example.satisfaction(&plain())), "85.0");
    assert_eq!(says(example.plainly_good()), "62.5");
    assert_eq!(says(example.coverage()), "80.0");
    assert_eq!(says(example.composite(&plain())), "81.0");
    let none = Counts::default();
    for rate in
        [none.response(), none.solving(), none.satisfaction(&plain()), none.coverage(), none.composite(&plain())]
    {
        assert_eq!(rate.percent(), None);
    }
    for (part, whole, told) in [(1, 3, "33.3"), (2, 3, "66.7"), (1, 2000, "0.1"), (1, 2001, "0.0"), (7, 7, "100.0")] {
        assert_eq!(says(Rate { part, whole }), told);
    }
    let took_of = |days: &[i64]| {
        let answer = Some(Answer { solved: true, satisfaction: None });
        let of = |took: &i64| Round {
            answer,
            took: *took,
            ..rounds(&[line(0, Deed::Said { category: String::new() }), line(1, judged(1, true))]).remove(0)
        };
        took(&days.iter().map(of).collect::<Vec<_>>())
    };
    assert_eq!(took_of(&[]), None);
    assert_eq!(took_of(&[5]), Some(Took { count: 1, median: 5, p90: 5 }));
    assert_eq!(took_of(&[9, 1, 2, 3, 4, 5, 6, 7, 8, 10]), Some(Took { count: 10, median: 5, p90: 9 }));
}

#[test]
fn a_month_may_begin_on_a_day_of_the_month_before() {
    let zone = Zone::china();
    let shown = |span: Span| (span.first.to_string(), span.last().to_string());
    let of = |month, day| shown(Span::named(&zone, month, day).unwrap());
    assert_eq!(of("2026-11", 1), ("2026-11-01".into(), "2026-11-30".into()));
    assert_eq!(of("2026-11", 19), ("2026-10-19".into(), "2026-11-18".into()));
    assert_eq!(of("2026-01", 19), ("2025-12-19".into(), "2026-01-18".into()));
    assert_eq!(of("2028-03", 28), ("2028-02-28".into(), "2028-03-27".into()));
    for wrong in ["2026-13", "2026", "", "november"] {
        assert!(Span::named(&zone, wrong, 1).is_err());
    }
    for (now, day, called) in [
        ("2026-11-18T23:59:59", 19, "2026-11-01"),
        ("2026-11-19T00:00:00", 19, "2026-12-01"),
        ("2026-11-30T23:59:59", 1, "2026-11-01"),
        ("2026-12-31T12:00:00", 19, "2027-01-01"),
    ] {
        let now = zone.parse(now).unwrap();
        let twelve = Span::twelve(&zone, now, day).unwrap();
        assert_eq!(twelve.len(), 12);
        assert!(twelve[11].holds(now) && twelve[11].called().to_string() == called);
        assert!(twelve.windows(2).all(|two| two[0].until == two[1].from));
    }
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    assert_eq!(plain().checked().unwrap(), plain());
    for wrong in [
        Settings { fair: 101, ..plain() },
        Settings { weights: [30, 35, 36], ..plain() },
        Settings { weights: [-10, 60, 50], ..plain() },
        Settings { month_day: 29, ..plain() },
        Settings { few: 0, ..plain() },
    ] {
        assert!(wrong.checked().is_err(), "{wrong:?}");
    }
}

/// A community with one compound, as far as figures need it.
async fn compound(tx: &mut Tx<'_>) -> Result<(TenantId, PlaceId)> {
    let (id, kind, code) = (tx.id(), TenantKind::Community, "liuhua".to_owned());
    let (name, name_en, zone) = ("榴花社区".to_owned(), "Liuhua".to_owned(), "Asia/Shanghai".to_owned());
    places::add_tenant(tx, &Tenant { id, parent: None, kind, code, name, name_en, zone }).await?;
    let root = NewPlace::new(PlaceKind::Community, "community", "榴花社区", "Liuhua");
    let root = places::add(tx, id, None, root).await?;
    let compound = NewPlace::new(PlaceKind::Compound, "shiliu", "石榴园", "Pomegranate Garden");
    Ok((id, places::add(tx, id, Some(&root), compound).await?.id))
}

/// A hundred matters: twenty left alone, eighty judged; of those 76 in time, 60 solved, 50 good and 20 fair.
async fn hundred(tx: &mut Tx<'_>, (tenant, compound): (TenantId, PlaceId)) -> Result<()> {
    for n in 0..100 {
        let case: CaseId = tx.id();
        let judged = n < 80;
        let felt = match n {
            0..50 => Some("good"),
            50..70 => Some("fair"),
            _ => Some("bad"),
        };
        let mut lines = vec![
            ("requests/said", json!({ "category": "lift" })),
            ("requests/accepted", json!({ "in_time": n >= 4 })),
            ("requests/reported", json!({ "in_time": true, "office": "property", "unit": null })),
        ];
        lines.push(match judged {
            true => ("requests/judged", json!({ "round": 1, "solved": n < 60, "satisfaction": felt })),
            false => ("requests/left-unrated", json!({ "round": 1 })),
        });
        for (hours, (stem, facts)) in (0..).zip(lines) {
            tx.travel(START + Moment::hours(hours), Default::default());
            tx.record(Activity::of(tenant, stem, "case", case).at_place(compound).with(facts)).await?;
        }
    }
    Ok(())
}

async fn settled(db: &Db) -> (TenantId, PlaceId) {
    db.transact(&context(START), |tx| Box::pin(async move { compound(tx).await })).await.unwrap()
}

on_both! { crate::all_migrations();
    async fn the_worked_example_comes_out_of_the_book(db) {
        let here = settled(&db).await;
        db.transact(&context(START), |tx| Box::pin(async move { hundred(tx, here).await })).await.unwrap();
        let span = (START, START + Moment::days(1));
        let rounds = of_compound(&db, here, span).await.unwrap();
        assert_eq!(of_tenants(&db, here.0, span).await.unwrap(), rounds);
        let mut counts = Counts { said: began(&db, here, span).await.unwrap().len() as i64, ..Counts::default() };
        rounds.iter().for_each(|round| counts.add(round));
        let example = Counts { said: 100, closed: 100, in_time: 96, valid: 80, contacted: 76, solved: 60, good: 50, fair: 20, bad: 10, reopened: 0 };
        assert_eq!(counts, example);
        assert!(rounds.iter().all(|round| round.unit == Some(Unit::Office(Office::Property)) && round.category == "lift"));
        assert_eq!(took(&rounds), Some(Took { count: 60, median: Moment::hours(2), p90: Moment::hours(2) }));
        // Before and after there is nothing.
        for span in [(START - Moment::days(9), START), (span.1, span.1 + Moment::days(9))] {
            assert_eq!(of_compound(&db, here, span).await.unwrap(), []);
        }
    }

    async fn a_community_keeps_its_own_numbers(db) {
        let (tenant, _) = settled(&db).await;
        assert_eq!(settings(&db, tenant).await.unwrap(), plain());
        let own = Settings { fair: 60, weights: [30, 35, 35], month_day: 19, few: 5 };
        let context = context(START);
        let kept = db.transact(&context, |tx| Box::pin(async move {
            set(tx, tenant, &own).await?;
            settings_in(tx, tenant).await
        }));
        assert_eq!(kept.await.unwrap(), own);
        assert_eq!(settings(&db, TenantId(Uuid::from_u128(1))).await.unwrap(), plain());
    }
}
