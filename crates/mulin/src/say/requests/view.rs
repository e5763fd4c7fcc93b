//! The pages of this folder as values; templates only show them.

use super::intake::{Extra, Intake};
use super::model::Hand;
use super::personal::Asked;
use super::similar::{Found, Others};
use super::timeline::{self, Labels, Step};
use super::waiting::Waiting;
use super::{model, policy};
use crate::layout::line::Line;
use crate::layout::parts::{Doors, Loop};
use crate::layout::{View, Wrong, show};
use askama::Template;
use commons::case::store::CaseFound;
use commons::case::store::page::Parts;
use commons::case::{Case, Category, Door, Entry, Handover, Outcome, Photo, State};
use commons::people::Office;
use commons::place::{Place, PlaceId};
use kit::book;
use kit::time::Moment;

/// Where could it be: the compounds, or what lies in the chosen place.
#[derive(Template)]
#[template(path = "say/requests/templates/where.html")]
pub struct WherePage {
    pub v: View,
    /// The place chosen so far.
    pub chosen: Option<String>,
    pub choices: Vec<Choice>,
    /// Leads to the map of the chosen compound, where there is one.
    pub map: Option<String>,
    /// Filing for a caller goes on to the next page.
    pub for_caller: bool,
}

/// A tile that leads on.
#[derive(Clone, Debug)]
pub struct Choice {
    pub href: String,
    pub label: String,
}

/// 说一声.
#[derive(Template)]
#[template(path = "say/requests/templates/new.html")]
pub struct NewPage {
    pub v: View,
    pub wrong: Wrong,
    pub at: String,
    pub place_label: String,
    /// Entrances and facilities, for those who want to be more exact.
    pub inside: Vec<(String, String)>,
    pub categories: Vec<Category>,
    pub words: String,
    pub category: String,
    pub private: bool,
    /// It comes from the captain's page: private, and it says to whom it goes.
    pub to_captain: bool,
    pub contact: String,
    pub staff: bool,
    pub for_caller: bool,
    pub sign: bool,
    /// The line of the hub's desk that is handed in, if it is one.
    pub desk: String,
    pub intake: Intake,
    pub personal: Asked,
}

/// 大家说的: the public list.
#[derive(Template)]
#[template(path = "say/requests/templates/list.html")]
pub struct ListPage {
    pub v: View,
    pub wrong: Wrong,
    pub lines: Vec<Line>,
    pub compounds: Vec<(String, String, bool)>,
    pub buildings: Vec<(String, String, bool)>,
    pub categories: Vec<(String, String, bool)>,
    pub show: String,
    pub next: Option<String>,
    pub first_page: bool,
    pub filtered: bool,
    /// Words that were looked for.
    pub q: String,
    /// How many there are, as far as the first page tells.
    pub count: Option<String>,
    /// The query under which feed, map and those who follow know the same.
    pub scope: String,
}

/// A seat to which a case may be handed.
#[derive(Clone, Debug)]
pub struct Seat {
    /// `office:place`.
    pub value: String,
    pub label: String,
}

/// What the one who looks may do here.
#[derive(Clone, Debug, Default)]
pub struct Can {
    pub accept: bool,
    pub note: bool,
    pub offer: bool,
    pub report: bool,
    pub decide: bool,
    pub recall: bool,
    pub judge: bool,
    pub reopen: bool,
    pub add: bool,
    pub up: bool,
    pub withdraw: bool,
    pub erase: bool,
    pub contact: bool,
    pub hide: bool,
}

impl Can {
    pub fn of(hand: Hand<'_>, case: &Case, open: Option<&Handover>, now: Moment, has_contact: bool) -> Can {
        let state = case.state_at(now);
        let (author, holder) = (hand.is_author(case), hand.is_holder(case));
        let working = matches!(state, State::Said | State::Accepted);
        let gone = matches!(state, State::Withdrawn | State::Merged);
        Can {
            accept: holder && state == State::Said && open.is_none(),
            note: holder && !gone,
            offer: holder && working && open.is_none(),
            report: holder && working && open.is_none(),
            decide: open.is_some_and(|open| hand.actor.holds(open.to.0, open.to.1)),
            recall: holder && open.is_some(),
            judge: policy::judge(hand, case).is_ok() && state == State::Reported,
            reopen: policy::judge(hand, case).is_ok() && state == State::Closed,
            add: author && !gone,
            up: author && state.is_open() && case.door.up().is_some(),
            withdraw: author && state.is_open(),
            erase: author && hand.actor.substitute.is_none() && !case.words.is_empty(),
            contact: holder && has_contact,
            hide: policy::hide(hand, case).is_ok() && !gone && !case.words.is_empty(),
        }
    }

    pub fn staff(&self) -> bool {
        self.accept || self.note || self.offer || self.report || self.decide || self.recall
    }
}

/// Everything that was read for a case's page.
pub struct Read {
    pub found: CaseFound,
    pub parts: Parts,
    pub book: Vec<book::Entry>,
    pub labels: Labels,
    pub seats: Vec<(Door, Office, PlaceId, String)>,
    pub holder_names: Vec<(String, String)>,
    pub others: Others,
}

/// A case: the doors, the loop, what was said and done, and what can be done now.
#[derive(Template)]
#[template(path = "say/requests/templates/case.html")]
pub struct CasePage {
    pub v: View,
    pub wrong: Wrong,
    /// What was typed into the form that was wrong.
    pub kept: String,
    /// The outcome or satisfaction that was chosen in it.
    pub kept_choice: String,
    pub personal: Asked,
    /// What its writer may still change, until when.
    pub editable: Vec<Editable>,
    pub code: String,
    /// Forms go to `{base}/{deed}`.
    pub base: String,
    /// Pictures come from `{pictures}/{photo}/{size}`.
    pub pictures: String,
    pub live: Option<String>,
    /// The newest activity that this page shows.
    pub latest: String,
    pub place: String,
    pub category: String,
    pub state: State,
    pub private: bool,
    pub words: String,
    pub erased: bool,
    pub said: String,
    pub doors: String,
    pub round: String,
    pub steps: Vec<Step>,
    pub photos: Vec<Photo>,
    pub can: Can,
    pub seats: Vec<Seat>,
    pub offer: Option<OfferShown>,
    pub outcome: Option<Outcome>,
    pub report: Option<String>,
    pub author: bool,
    pub last_door: bool,
    pub door: Door,
    pub climbs: bool,
    pub contact: Option<String>,
    pub slip: Option<SlipShown>,
    pub judge_until: Option<String>,
    pub unrated: bool,
    pub others: Others,
    /// Earlier cases that are perhaps the same matter, with their codes: shown to the author of a fresh one.
    pub alike: Vec<(String, Found)>,
    pub extra: Extra,
    /// What the holder may pick to say.
    pub replies: Vec<super::replies::Shown>,
    pub waiting: Waiting,
}

/// Words in their first minutes.
#[derive(Clone, Debug)]
pub struct Editable {
    pub id: String,
    pub text: String,
    pub until: String,
}

/// A hand-over that waits for an answer.
pub struct OfferShown {
    pub to: String,
    pub reason: String,
    pub since: String,
}

/// The slip: how somebody without an account comes back.
pub struct SlipShown {
    pub code: String,
    pub qr: String,
    pub fresh: bool,
    pub receipt: bool,
    pub here: String,
    /// Where the code is typed in, to read from paper; empty when the house does not know its own address.
    pub address: String,
}

impl CasePage {
    /// The code of the compound that the case's own code begins with.
    pub fn compound(&self) -> &str {
        commons::case::store::compound_of(&self.code).unwrap_or_default()
    }

    /// Whether this is the slip of something just said: on paper its one step says nothing that the words above do not.
    pub fn is_fresh_slip(&self) -> bool {
        self.slip.as_ref().is_some_and(|slip| slip.fresh)
    }

    /// Just said: where the words tell of danger, the number to call stands before everything else.
    pub fn intake_alarm(&mut self) {
        self.extra.alarm = commons::case::danger::of(&self.words);
    }

    pub fn of(v: View, now: Moment, hand: Hand<'_>, read: Read) -> CasePage {
        let case = &read.found.row.case;
        let party = policy::is_party(hand, case, &read.parts.handovers);
        let open = read.parts.handovers.iter().find(|handover| handover.decision.is_none());
        let state = case.state_at(now);
        let can = Can::of(hand, case, open, now, read.parts.has_contact && case.contact_shown(now));
        let steps =
            timeline::steps(&v, now, &read.book, (&read.parts.entries, &read.parts.photos), &read.labels, party);
        let label = if party {
            v.pick(&read.found.exact_label, &read.found.exact_label_en)
        } else {
            v.pick(&read.found.row.public_label, &read.found.row.public_label_en)
        };
        let report = read.parts.entries.iter().rev().find(|entry| entry.kind == commons::case::EntryKind::Report);
        let seat = |(door, office, place, label): &(Door, Office, PlaceId, String)| Seat {
            value: format!("{office}:{place}"),
            label: format!("{} · {label} {}", v.door(*door), v.office(*office)),
        };
        let offered = open.map(|open| OfferShown {
            to: format!("{} {}", v.pick(&open.to_label, &open.to_label_en), v.office(open.to.0)),
            reason: open.reason.clone(),
            since: v.moment(open.offered, now),
        });
        let judged = case.solved == Some(true);
        let waiting = Waiting::of(&v, now, hand, (case, open), &read.book);
        let first = read.parts.entries.first().map(|entry| entry.id);
        let editable = |entry: &&Entry| {
            hand.is_author(case) && entry.is_telling() && !entry.text.is_empty() && now < entry.editable_until()
        };
        CasePage {
            wrong: Wrong::default(),
            kept: String::new(),
            kept_choice: String::new(),
            personal: Asked::default(),
            editable: read
                .parts
                .entries
                .iter()
                .filter(editable)
                .map(|entry| Editable {
                    id: entry.id.to_string(),
                    text: entry.text.clone(),
                    until: v.moment(entry.editable_until(), now),
                })
                .collect(),
            code: case.code.clone(),
            base: format!("/say/requests/{}", case.code),
            pictures: format!("/say/requests/photos/{}", case.tenant),
            live: None,
            latest: read.book.last().map_or(String::new(), |line| line.id.to_string()),
            place: label.to_owned(),
            category: v.pick(&read.found.row.category_name, &read.found.row.category_name_en).to_owned(),
            state,
            private: !case.is_public(),
            words: case.words.clone(),
            erased: case.words.is_empty(),
            said: v.moment(case.said, now),
            doors: doors(&v, now, &read, open, &waiting),
            round: crate::layout::render(&Loop::of(v.clone(), state, judged)).unwrap_or_default(),
            steps,
            photos: read
                .parts
                .photos
                .iter()
                .filter(|photo| Some(photo.entry) == first && (photo.public || party))
                .cloned()
                .collect(),
            seats: read.seats.iter().map(seat).collect(),
            offer: offered,
            outcome: case.outcome,
            report: report
                .filter(|entry| entry.public || party)
                .map(|entry| entry.text.clone())
                .filter(|text| !text.is_empty()),
            author: hand.is_author(case),
            last_door: case.door.up().is_none(),
            door: case.door,
            climbs: case.climbs_when_unsolved(),
            contact: None,
            slip: None,
            judge_until: (state == State::Reported).then(|| v.day(case.unrated_from(), now)),
            others: read.others.clone(),
            alike: Vec::new(),
            extra: Extra::default(),
            replies: Vec::new(),
            unrated: state == State::Closed && !case.is_solved_at(now),
            waiting,
            can,
            v,
        }
    }
}

fn doors(v: &View, now: Moment, read: &Read, open: Option<&Handover>, waiting: &Waiting) -> String {
    let row = &read.found.row;
    let case = &row.case;
    let state = case.state_at(now);
    let names: Vec<&str> = read.holder_names.iter().map(|(zh, en)| v.pick(zh, en)).collect();
    let office = format!("{} {}", v.pick(&row.holder_label, &row.holder_label_en), v.office(case.holder.office));
    let named = matches!(case.holder.office, Office::Captain | Office::GridWorker) && !names.is_empty();
    let holder = if named { format!("{office} · {}", names.join("、")) } else { office };
    let since = read.book.iter().rev().find(|line| takes_hold(&line.stem)).map_or(case.said, |line| line.at);
    let next = match state {
        State::Said if open.is_some() => v.t("next-offered").to_string(),
        State::Said if case.door.up().is_none() => v.t("next-said-last").to_string(),
        State::Said => v.t("next-said").to_string(),
        State::Accepted if open.is_some() => v.t("next-offered").to_string(),
        State::Accepted => v.t("next-accepted").to_string(),
        State::Reported => v.t("next-reported").to_string(),
        State::Closed if !case.is_solved_at(now) => v.t("next-unrated").to_string(),
        State::Closed => v.t("next-closed").to_string(),
        State::Withdrawn => v.t("next-withdrawn").to_string(),
        State::Merged => v.t("next-merged").to_string(),
    };
    let next = waiting.next(v, now, case).unwrap_or(next);
    let until = case
        .due
        .filter(|_| matches!(state, State::Said | State::Accepted))
        .map(|due| format!("{} · {}", show::moment(v.lang, due, now), show::until(v.lang, due, now)));
    let doors = Doors {
        v: v.clone(),
        steps: Doors::steps(first_door(&read.book).unwrap_or(case.door), case.door),
        over: !state.is_open(),
        holder,
        since: v.moment(since, now),
        until,
        overdue: case.is_overdue(now),
        provisional: case.provisional && state.is_open(),
        next,
    };
    crate::layout::render(&doors).unwrap_or_default()
}

/// The door at which it was said; imported cases do not tell.
fn first_door(book: &[book::Entry]) -> Option<Door> {
    let said = book.iter().find(|line| line.stem == "requests/said")?;
    Door::parse(said.facts.get("door")?.as_str()?)
}

fn takes_hold(stem: &str) -> bool {
    matches!(stem, "requests/said" | "requests/taken-over" | "requests/moved-up")
}

/// Where a pickup code is typed in.
#[derive(Template)]
#[template(path = "say/requests/templates/open.html")]
pub struct OpenPage {
    pub v: View,
    pub wrong: Wrong,
    pub code: String,
}

/// A ready text for the city's hotline.
#[derive(Template)]
#[template(path = "say/requests/templates/hotline.html")]
pub struct HotlinePage {
    pub v: View,
    pub code: String,
    pub text: String,
}

/// The label of a place for a page: down to the home only for those who chose it.
pub fn label_of(v: &View, place: &Place) -> String {
    v.pick(&place.label, &place.label_en).to_owned()
}

/// How many photos a form takes, for its hint.
pub const PHOTOS_MAX: usize = model::PHOTOS_MAX;
