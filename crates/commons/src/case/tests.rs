//! How a case may move, told without a database.

use super::*;
use kit::Uuid;

fn case() -> Case {
    let place = PlaceId(Uuid::from_u128(3));
    Case {
        tenant: TenantId(Uuid::from_u128(1)),
        id: CaseId(Uuid::from_u128(2)),
        code: "shiliu-1".into(),
        compound: place,
        building: None,
        entrance: None,
        home: None,
        place,
        kind: Kind::Repair,
        category: "lift".into(),
        door: Door::Home,
        state: State::Said,
        holder: Holder { office: Office::Captain, place, person: None },
        round: 1,
        private: false,
        author: None,
        typed_by: None,
        channel: Channel::Web,
        words: "电梯坏了".into(),
        photos: 0,
        supporters: 0,
        said: Moment(0),
        changed: Moment(0),
        closed: None,
        due: Some(Moment(100)),
        provisional: false,
        outcome: None,
        solved: None,
        satisfaction: None,
        lat_e7: None,
        lon_e7: None,
    }
}

#[test]
fn the_loop_closes_when_the_one_who_said_it_says_so() {
    let reported = case().accepted(None, Moment(1)).unwrap().reported(Outcome::Solved, None, Moment(2)).unwrap();
    assert_eq!((reported.state, reported.due), (State::Reported, None));
    let closed = reported.judged(true, Some(Satisfaction::Good), Moment(3)).unwrap();
    assert_eq!((closed.state, closed.solved, closed.closed), (State::Closed, Some(true), Some(Moment(3))));
}

#[test]
fn what_is_not_solved_comes_back_in_a_new_round_and_the_second_time_may_climb() {
    let reported = case().reported(Outcome::Answered, None, Moment(2)).unwrap();
    let back = reported.judged(false, None, Moment(3)).unwrap();
    assert_eq!((back.state, back.round, back.solved, back.outcome), (State::Accepted, 2, Some(false), None));
    assert!(back.climbs_when_unsolved());
    let top = Case { door: Door::Community, ..back };
    assert!(!top.climbs_when_unsolved());
}

#[test]
fn a_report_without_an_answer_closes_unrated_and_never_as_satisfied() {
    let reported = case().reported(Outcome::Solved, None, Moment(0)).unwrap();
    let reported = Case { due: Some(Moment(Moment::days(7))), ..reported };
    assert!(reported.left_unrated(Moment(Moment::days(7) - 1)).is_err());
    let closed = reported.left_unrated(Moment(Moment::days(7))).unwrap();
    assert_eq!((closed.state, closed.solved, closed.satisfaction), (State::Closed, None, None));
    assert_eq!(reported.state_at(Moment(Moment::days(7))), State::Closed, "also with every job stopped");
    assert!(closed.judged(false, None, Moment(i64::MAX)).is_ok(), "a closed case can still come back");
}

#[test]
fn what_makes_no_sense_is_a_conflict_with_a_reason() {
    let closed = case().reported(Outcome::Solved, None, Moment(1)).unwrap().judged(true, None, Moment(2)).unwrap();
    assert!(closed.accepted(None, Moment(3)).is_err());
    assert!(closed.reported(Outcome::Solved, None, Moment(3)).is_err());
    assert!(closed.judged(true, None, Moment(3)).is_err());
    assert!(case().judged(true, None, Moment(3)).is_err());
    assert!(Case { door: Door::Community, ..case() }.moved_up(case().holder, Moment(3)).is_err());
    let withdrawn = case().withdrawn(Moment(3)).unwrap();
    assert!(withdrawn.withdrawn(Moment(4)).is_err() && !withdrawn.is_public());
}

#[test]
fn an_overdue_case_is_one_that_somebody_still_has_to_do_something_about() {
    assert!(case().is_overdue(Moment(101)) && !case().is_overdue(Moment(100)));
    assert!(!case().reported(Outcome::Solved, None, Moment(50)).unwrap().is_overdue(Moment(101)));
}
