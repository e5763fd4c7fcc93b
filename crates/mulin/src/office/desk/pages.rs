//! The desk as a page; its filters live in the address, so a view can be kept or sent.

use super::query::{DeskQuery, PAGE};
use crate::layout::line::Line;
use crate::layout::{View, Visit, Wrong, page};
use askama::Template;
use commons::case::store::desk::{self, COUNT_MAX, Counts, DeskFilter, Scope};
use commons::people::{Mandate, Office};
use commons::place::PlaceKind;
use kit::Result;
use kit::web::Query;
use kit::web::answer::{Answer, see_other};

/// An offer that waits for an answer.
pub struct OfferLine {
    pub line: Line,
    pub from: String,
    pub reason: String,
}

/// A way to look at the desk, or a choice in one of its filters.
pub struct Tab {
    pub href: String,
    pub label: String,
    pub count: String,
    pub here: bool,
}

/// A choice of a filter.
pub struct Choice {
    pub code: String,
    pub name: String,
    pub here: bool,
}

/// `GET /office/desk`.
#[derive(Template)]
#[template(path = "office/desk/templates/desk.html")]
pub struct DeskPage {
    pub v: View,
    pub wrong: Wrong,
    pub tabs: Vec<Tab>,
    /// The communities of somebody who serves in several.
    pub houses: Vec<Tab>,
    pub offers: Vec<OfferLine>,
    pub lines: Vec<Line>,
    /// Overdue ones in this scope, when there are some that are not shown alone.
    pub overdue: Option<Tab>,
    pub query: DeskQuery,
    pub shows: Vec<Choice>,
    pub categories: Vec<Choice>,
    pub places: Vec<Choice>,
    pub earlier: Option<String>,
    pub next: Option<String>,
    pub hats: Vec<String>,
    pub files: bool,
    /// May offer what waits here to others.
    pub hands_over: bool,
    /// Keeps the community's register.
    pub keeps: bool,
    /// Keeps one in which compounds can lie.
    pub raises: bool,
    /// Serves a community, or communities below: there are standards to read.
    pub promised: bool,
    /// Whether they verify who lives where.
    pub verifies: bool,
    /// Whether they read the register for votes.
    pub registers: bool,
    /// Whether reply templates are of any use to this person.
    pub replies: bool,
    /// Keeps channels and mailboxes.
    pub tells: bool,
    /// Whether the matters people may name are one's own to arrange.
    pub sorts: bool,
    /// Runs the machine: takes a community out of the house.
    pub runs: bool,
    pub filtered: bool,
}

/// `GET /office`.
pub async fn office() -> Answer {
    Ok(see_other("/office/desk"))
}

pub async fn show(visit: Visit, Query(query): Query<DeskQuery>) -> Answer {
    let desk = query.desk(&visit).await?;
    let (db, now) = (&visit.app.db, visit.call.now);
    let (scope, v) = (query.scope(), visit.view("desk-title"));
    let mut wrong = Wrong::default();
    let filter = match query.filter(&visit, &desk).await {
        Ok(filter) => filter,
        Err(error) => {
            wrong = Wrong::of(visit.call.lang, error)?;
            DeskFilter { ids: Some(Vec::new()), ..DeskFilter::default() }
        }
    };
    let mut rows = match query.only_offers() {
        true => Vec::new(),
        false => desk::list(db, &desk, scope, &filter, now, PAGE + 1).await?,
    };
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let counts = desk::counts(db, &desk, scope, &filter, now).await?;
    let mut offered = if query.shows_offers() { desk::offered(db, &desk, now).await? } else { Vec::new() };
    if let Some(found) = &filter.ids {
        offered.retain(|offer| found.contains(&offer.row.case.id.into()));
    }
    let choices = desk::choices(db, &desk).await?;
    // A subdistrict has no homes of its own.
    let keeps_home =
        |mandate: &Mandate| Office::KEEPING.contains(&mandate.office) && mandate.place_kind == PlaceKind::Community;
    let serves = |mandate: &Mandate| {
        let machine = mandate.office == Office::Operator && mandate.place_kind == PlaceKind::Subdistrict;
        !mandate.office.is_resident() && !machine
    };
    let keeps_homes = visit.actor.mandates.iter().any(keeps_home);
    let offer = |offer: &desk::OfferedCase| OfferLine {
        from: format!("{} {}", v.pick(&offer.from_label, &offer.from_label_en), v.office(offer.from_office)),
        reason: offer.reason.clone(),
        line: Line::of(&v, &offer.row, now),
    };
    let choice = |choice: &&desk::Choice| Choice {
        here: choice.code == if choice.is_place { query.at.as_str() } else { query.category.as_str() },
        name: v.pick(&choice.name, &choice.name_en).to_owned(),
        code: choice.code.clone(),
    };
    page(&DeskPage {
        wrong,
        tabs: tabs(&v, &query, counts, query.is_plain().then_some(offered.len())),
        houses: houses(&visit, &query),
        offers: offered.iter().map(offer).collect(),
        lines: rows.iter().map(|row| Line::of(&v, row, now)).collect(),
        overdue: overdue(&v, &query, counts.overdue),
        shows: shows(&v, &query.show),
        categories: choices.iter().filter(|choice| !choice.is_place).map(|one| choice(&one)).collect(),
        places: choices.iter().filter(|choice| choice.is_place).map(|one| choice(&one)).collect(),
        earlier: (filter.offset > 0).then(|| query.with("from", &(filter.offset - PAGE).max(0).to_string())),
        next: more.then(|| query.with("from", &(filter.offset + PAGE).to_string())),
        hats: v.me.as_ref().map(|me| me.hats.clone()).unwrap_or_default(),
        files: visit.actor.has_any(Office::FILING),
        hands_over: scope != Scope::Place && matches!(query.show.as_str(), "" | "overdue" | "said" | "accepted"),
        keeps: visit.actor.has_any(Office::KEEPING),
        raises: keeps_homes,
        promised: visit.actor.mandates.iter().any(serves),
        verifies: keeps_homes || visit.actor.has_any(&[Office::Captain, Office::GridWorker]),
        registers: keeps_homes || visit.actor.has_any(&[Office::Committee]),
        replies: keeps_homes || visit.actor.has_any(Office::HOLDING),
        tells: visit.actor.has_any(&[Office::Community, Office::Committee, Office::Property]),
        sorts: visit.actor.has_any(&[Office::Community, Office::Committee]),
        runs: visit.actor.has_any(&[Office::Operator]),
        filtered: !query.is_plain(),
        query,
        v,
    })
}

fn counted(n: i64) -> String {
    if n >= COUNT_MAX { format!("{}+", COUNT_MAX - 1) } else { n.to_string() }
}

fn tabs(v: &View, query: &DeskQuery, counts: Counts, offered: Option<usize>) -> Vec<Tab> {
    let tab = |name: &str, count: String| Tab {
        // A tab keeps what the view is narrowed to, and begins with what is to be done.
        href: DeskQuery { show: String::new(), ..query.clone() }.with("scope", name),
        label: v.t(&format!("desk-scope-{name}")).to_string(),
        count,
        here: if query.only_offers() { name == "offered" } else { name == query.scope().name() },
    };
    let mut tabs =
        vec![tab("hand", counted(counts.hand)), tab("door", counted(counts.door)), tab("place", counted(counts.place))];
    if let Some(offered) = offered {
        tabs.push(tab("offered", offered.to_string()));
    }
    tabs
}

fn houses(visit: &Visit, query: &DeskQuery) -> Vec<Tab> {
    let mut known: Vec<commons::place::TenantId> = Vec::new();
    let mut houses = Vec::new();
    for mandate in visit.actor.mandates.iter().filter(|mandate| !mandate.office.is_resident()) {
        if known.contains(&mandate.tenant) {
            continue;
        }
        let here = if query.of.is_empty() { known.is_empty() } else { query.of == mandate.tenant.to_string() };
        known.push(mandate.tenant);
        houses.push(Tab {
            href: DeskQuery::default().with("of", &mandate.tenant.to_string()),
            label: visit.call.lang.pick(&mandate.place_label, &mandate.place_label_en).to_owned(),
            count: String::new(),
            here,
        });
    }
    if houses.len() > 1 { houses } else { Vec::new() }
}

fn overdue(v: &View, query: &DeskQuery, count: i64) -> Option<Tab> {
    (count > 0 && query.show != "overdue" && !query.only_offers()).then(|| Tab {
        href: query.with("show", "overdue"),
        label: v.a("desk-overdue", "n", counted(count)),
        count: String::new(),
        here: false,
    })
}

fn shows(v: &View, here: &str) -> Vec<Choice> {
    let name = |code: &str| match code {
        "" => v.t("desk-show-open"),
        "overdue" => v.t("desk-show-overdue"),
        state => v.t(&format!("state-{state}")),
    };
    let choice = |code: &str| Choice { code: code.into(), name: name(code).to_string(), here: code == here };
    ["", "overdue", "said", "accepted", "reported", "closed"].into_iter().map(choice).collect()
}

/// The cases of a view, for the faces of the desk that are not its page.
pub async fn rows_of(
    visit: &Visit,
    query: &DeskQuery,
    limit: i64,
) -> Result<(desk::Desk, Vec<commons::case::store::CaseRow>)> {
    let desk = query.desk(visit).await?;
    let filter = query.filter(visit, &desk).await?;
    let rows = desk::list(&visit.app.db, &desk, query.scope(), &filter, visit.call.now, limit).await?;
    Ok((desk, rows))
}
