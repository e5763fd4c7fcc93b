//! The map as a page: a drawing and, beside it, the same as a list.

use crate::layout::ground::{self, Frame, Spot};
use crate::layout::line::encoded;
use crate::layout::scope::{Scope, ScopeQuery};
use crate::layout::{View, Visit, page};
use askama::Template;
use commons::case::store::{self, Bounds, CELLS, CellCount, MapFilter, PlaceCount};
use commons::place::{PlaceKind, Street, store as places};
use kit::Error;
use kit::time::Moment;
use kit::web::Query;
use kit::web::answer::Answer;
use serde::Deserialize;

/// What was closed stays on the map for so many days.
pub const CLOSED_DAYS: i64 = 30;
/// The whole world, where no box is asked for.
const WORLD: Bounds = [-900_000_000, 900_000_000, -1_800_000_000, 1_800_000_000];
/// Width of the drawing of cells on the ground it pretends to be, in millimetres.
const CELLS_WIDTH_MM: i64 = 300_000;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct MapQuery {
    #[serde(default)]
    compound: String,
    #[serde(default)]
    category: String,
    /// `open`, `closed` or nothing for both.
    #[serde(default)]
    show: String,
    /// `south,north,west,east` in 1e-7 degrees: a closer look where no ground is known.
    #[serde(default)]
    area: String,
}

/// `GET /say/map`.
#[derive(Template)]
#[template(path = "say/map/templates/map.html")]
pub struct MapPage {
    pub v: View,
    pub place: String,
    pub drawing: Option<String>,
    /// `12件，其中2件超时`.
    pub summary: String,
    pub rows: Vec<RowShown>,
    pub compounds: Vec<(String, String, bool)>,
    pub categories: Vec<(String, String, bool)>,
    pub show: String,
    /// The page and the feed of the same.
    pub query: String,
    /// Back from a closer look.
    pub whole: Option<String>,
}

/// A place of the list.
pub struct RowShown {
    pub label: String,
    pub href: String,
    pub cases: String,
    pub late: Option<String>,
}

pub async fn show(visit: Visit, Query(query): Query<MapQuery>) -> Answer {
    let (v, db, now) = (visit.view("map-title"), &visit.app.db, visit.call.now);
    let all = places::compounds(db).await?;
    let home = visit.actor.mandates.iter().find_map(|mandate| mandate.compound);
    let compound = match query.compound.as_str() {
        "" => all.iter().find(|place| Some(place.id) == home).or(all.first()),
        code => all.iter().find(|place| place.path == code),
    };
    let compound = compound.ok_or(Error::NotFound)?;
    let narrowed = ScopeQuery { category: query.category.clone(), ..ScopeQuery::default() };
    let scope = Scope::within(db, compound.clone(), &narrowed).await?;
    let filter = MapFilter {
        tenant: scope.tenant,
        compound: compound.id,
        category: scope.filter().category,
        open: query.show != "closed",
        closed_since: (query.show != "open").then_some(now - Moment::days(CLOSED_DAYS)),
        now,
    };
    let link = Link { scope: scope.query(), show: &query.show };
    let counts = store::counts_by_place(db, &filter).await?;
    let drawn = match houses(&v, &link, &counts) {
        Some((frame, spots)) => {
            let streets = places::streets(db, scope.tenant).await?;
            Some(draw(&v, frame, &ground::ring_of(compound), &streets, &spots))
        }
        None => None,
    };
    let (drawing, rows, whole) = match (drawn, area(&query.area)) {
        (Some(drawing), _) => (Some(drawing), rows(&v, &link, &counts), None),
        (None, area) => {
            let cells = store::counts_by_cell(db, &filter, area.unwrap_or(WORLD)).await?;
            let (frame, spots) = cells_drawn(&v, &link, &cells);
            let drawing = frame.map(|frame| draw(&v, frame, &[], &[], &spots));
            (drawing, rows(&v, &link, &counts), area.map(|_| link.map("")))
        }
    };
    let named = |place: &commons::place::Place| v.pick(&place.name, &place.name_en).to_owned();
    page(&MapPage {
        place: scope.label(&v),
        drawing,
        summary: summary(&v, counts.iter().map(|one| (one.cases, one.late))),
        rows,
        compounds: all.iter().map(|place| (place.path.clone(), named(place), place.id == compound.id)).collect(),
        categories: scope
            .categories
            .iter()
            .filter(|category| !category.private)
            .map(|c| (c.slug.clone(), v.pick(&c.name, &c.name_en).to_owned(), c.slug == query.category))
            .collect(),
        show: query.show.clone(),
        query: scope.query(),
        whole,
        v,
    })
}

/// How links of this map go on.
pub struct Link<'s> {
    pub scope: String,
    pub show: &'s str,
}

impl Link<'_> {
    /// The list of what was said there.
    fn list(&self, building: &str) -> String {
        let building = if building.is_empty() { String::new() } else { format!("&building={}", encoded(building)) };
        format!("/say/requests?{}{building}&show={}", self.scope, encoded(self.show))
    }

    /// This map, closer where `area` says so.
    fn map(&self, area: &str) -> String {
        let area = if area.is_empty() { String::new() } else { format!("&area={area}") };
        format!("/say/map?{}&show={}{area}", self.scope, encoded(self.show))
    }
}

fn area(text: &str) -> Option<Bounds> {
    let parts: Vec<i64> = text.split(',').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [south, north, west, east] = parts[..] else { return None };
    let inside = (WORLD[0]..=WORLD[1]).contains(&south) && (WORLD[0]..=WORLD[1]).contains(&north);
    (inside && WORLD[2] <= west && east <= WORLD[3]).then_some([south, north, west, east])
}

/// `12件，2件超时`, or that there is nothing.
pub fn summary(v: &View, counts: impl Iterator<Item = (i64, i64)>) -> String {
    let (cases, late) = counts.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    match (cases, late) {
        (0, _) => v.t("map-none").to_string(),
        (n, 0) => v.a("map-cases", "n", n),
        (n, late) => format!("{} · {}", v.a("map-cases", "n", n), v.a("map-late", "n", late)),
    }
}

/// Where a case of this place is listed: by its building, else with the whole compound.
fn href(link: &Link<'_>, one: &PlaceCount) -> String {
    match one.place.kind {
        PlaceKind::Building => link.list(one.place.path.rsplit('/').next().unwrap_or_default()),
        _ => link.list(""),
    }
}

fn rows(v: &View, link: &Link<'_>, counts: &[PlaceCount]) -> Vec<RowShown> {
    let row = |one: &PlaceCount| RowShown {
        label: v.pick(&one.place.name, &one.place.name_en).to_owned(),
        href: href(link, one),
        cases: v.a("map-cases", "n", one.cases),
        late: (one.late > 0).then(|| v.a("map-late", "n", one.late)),
    };
    counts.iter().filter(|one| one.cases > 0).map(row).collect()
}

/// The houses and what else has a place on the ground, each with its number; `None` when no house has one.
pub fn houses(v: &View, link: &Link<'_>, counts: &[PlaceCount]) -> Option<(Frame, Vec<Spot>)> {
    let mut spots = Vec::new();
    for one in counts {
        let name = v.pick(&one.place.name, &one.place.name_en);
        let href = (one.cases > 0).then(|| href(link, one));
        let Some(mut spot) = Spot::of(&one.place, name, href) else { continue };
        spot.label = format!("{name} · {}", summary(v, std::iter::once((one.cases, one.late))));
        if one.cases == 0 {
            spot.label = name.to_owned();
        }
        spots.push(spot);
    }
    let frame = Frame::around(&spots)?;
    spots.iter().any(|spot| !spot.ring.is_empty() || spot.class == "house").then_some(())?;
    let marks: Vec<Spot> = counts
        .iter()
        .filter(|one| one.cases > 0)
        .filter_map(|one| {
            let spot = Spot::of(&one.place, "", None)?;
            let east = spot.ring.iter().map(|point| point.0).max().unwrap_or(spot.at.0);
            let north = spot.ring.iter().map(|point| point.1).max().unwrap_or(spot.at.1);
            Some(mark((east, north), (one.cases, one.late), None, String::new()))
        })
        .collect();
    spots.extend(marks);
    Some((frame, spots))
}

/// A number in a circle.
fn mark(at: (i64, i64), (cases, late): (i64, i64), href: Option<String>, label: String) -> Spot {
    let class = if late > 0 { "count late" } else { "count" };
    let short = if cases > 999 { "999+".to_owned() } else { cases.to_string() };
    Spot { at, ring: Vec::new(), label, short, href, class: class.into() }
}

/// The cells of the grid as numbers, each leading to a closer look at itself.
pub fn cells_drawn(v: &View, link: &Link<'_>, cells: &[CellCount]) -> (Option<Frame>, Vec<Spot>) {
    let edge =
        |at: usize, pick: fn(i64, i64) -> i64| cells.iter().map(|cell| cell.bounds[at]).reduce(pick).unwrap_or(0);
    let (south, north, west, east) = (edge(0, i64::min), edge(1, i64::max), edge(2, i64::min), edge(3, i64::max));
    // A degree of longitude is shorter the farther from the equator; whole hundredths are exact enough for a drawing.
    let shrink = (((south + north) as f64 / 2e7).to_radians().cos() * 100.0).round().max(1.0) as i64;
    let across = ((east - west) * shrink / 100).max(north - south).max(1);
    let place = |middle: i64, low: i64, scale: i64| (middle - low) * scale / 100 * CELLS_WIDTH_MM / across;
    let spot = |cell: &CellCount| {
        let [s, n, w, e] = cell.bounds;
        let at = (place((w + e) / 2, west, shrink), place((s + n) / 2, south, 100));
        let near = (cell.cases > 1 && (s, w) != (n, e)).then(|| link.map(&format!("{s},{n},{w},{e}")));
        let label = summary(v, std::iter::once((cell.cases, cell.late)));
        mark(at, (cell.cases, cell.late), near, label)
    };
    let spots: Vec<Spot> = cells.iter().take((CELLS * CELLS) as usize).map(spot).collect();
    (Frame::around(&spots), spots)
}

fn draw(v: &View, frame: Frame, yard: &[(i64, i64)], streets: &[Street], spots: &[Spot]) -> String {
    ground::draw(frame, &v.t("map-drawing"), yard, streets, spots)
}
