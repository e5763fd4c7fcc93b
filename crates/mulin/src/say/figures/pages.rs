//! The HTML face, and the sheet.

use super::count::{self, Figures};
use super::model::Asked;
use super::view::{AroundPage, FiguresPage, PaperPage};
use crate::layout::{Visit, page, show};
use axum::http::header;
use axum::response::IntoResponse;
use commons::calendar::Zone;
use commons::figures::{Counts, Settings};
use commons::place::{Place, store as places};
use commons::sheet::{self, Format};
use jiff::ToSpan;
use kit::web::answer::{Answer, see_other};
use kit::web::{Path, Query};
use kit::{Error, Result};
use std::collections::HashMap;

type Asking = Query<HashMap<String, String>>;

/// The compound that is asked for: by its code, else the visitor's own, else the first.
fn chosen<'p>(visit: &Visit, compounds: &'p [Place], asked: &Asked) -> Result<Option<&'p Place>> {
    let home = visit.actor.mandates.iter().find_map(|mandate| mandate.compound);
    match asked.compound.as_str() {
        "" => Ok(compounds.iter().find(|place| Some(place.id) == home).or(compounds.first())),
        code => compounds.iter().find(|place| place.path == code).map(Some).ok_or(Error::NotFound),
    }
}

async fn counted(visit: &Visit, asked: &Asked) -> Result<(Figures, Vec<Place>)> {
    let compounds = places::compounds(&visit.app.db).await?;
    let compound = chosen(visit, &compounds, asked)?.ok_or(Error::NotFound)?.clone();
    Ok((count::compound(&visit.app.db, visit.call.now, &compound, asked).await?, compounds))
}

async fn figures_page(visit: &Visit, asked: &Asked) -> Result<FiguresPage> {
    let (figures, compounds) = counted(visit, asked).await?;
    let v = visit.view("figures-title");
    let names: Vec<(String, String)> =
        compounds.iter().map(|place| (place.path.clone(), v.pick(&place.name, &place.name_en).to_owned())).collect();
    let asked = Asked { compound: figures.compound.path.clone(), ..asked.clone() };
    let mut shown = FiguresPage::of(v, &asked, &figures, &names);
    let today = Zone::china().date(visit.call.now);
    let monday = today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).unwrap_or(today);
    let week = |day: jiff::civil::Date| day.to_string();
    let last = Asked {
        month: String::new(),
        since: week(monday.checked_sub(7.days()).unwrap_or(monday)),
        until: week(monday),
        ..asked
    };
    shown.week = last.query();
    Ok(shown)
}

/// `GET /say/figures`.
pub async fn show(visit: Visit, Query(query): Asking) -> Answer {
    page(&figures_page(&visit, &Asked::read(&query)?).await?)
}

/// `GET /say/figures/paper`: a week, a month or a year on A4.
pub async fn paper(visit: Visit, Query(query): Asking) -> Answer {
    let shown = figures_page(&visit, &Asked::read(&query)?).await?;
    let printed = show::day(visit.call.lang, visit.call.now, visit.call.now - kit::time::Moment::days(400));
    page(&PaperPage { v: shown.v.clone(), page: shown, printed })
}

/// `GET /say/figures/around?compound=…`: leads to the community of a compound.
pub async fn community(visit: Visit, Query(query): Asking) -> Answer {
    let asked = Asked::read(&query)?;
    let (tenant, _) = places::by_code(&visit.app.db, &asked.compound).await?.ok_or(Error::NotFound)?;
    let tenants = places::tenants(&visit.app.db).await?;
    let found = tenants.into_iter().find(|one| one.id == tenant).ok_or(Error::NotFound)?;
    Ok(see_other(&format!("/say/figures/{}", found.code)))
}

/// `GET /say/figures/{code}`: a community or a subdistrict.
pub async fn around(visit: Visit, Path(code): Path<String>, Query(query): Asking) -> Answer {
    let asked = Asked::read(&query)?;
    let around = count::around(&visit.app.db, visit.call.now, &code, &asked).await?;
    let mut shown = AroundPage::of(visit.view("figures-title"), &asked, &around);
    shown.sets = super::settings::may_set(&visit, around.tenant.id).is_ok();
    page(&shown)
}

/// `GET /say/figures/sheet.csv`: everything on the page, a line each.
pub async fn sheet(visit: Visit, Query(query): Asking) -> Answer {
    let asked = Asked::read(&query)?;
    let (figures, _) = counted(&visit, &asked).await?;
    let v = visit.view("figures-title");
    let mut head: Vec<String> = vec![v.t("figures-sheet-what").to_string(), v.t("figures-sheet-name").to_string()];
    head.extend(COLUMNS.map(|key| v.t(key).to_string()));
    head.extend(RATE_COLUMNS.map(|key| format!("{} %", v.t(key))));
    let mut rows = vec![head];
    let mut add = |what: &str, name: String, counts: &Counts| {
        let mut row = vec![v.t(what).to_string(), name];
        row.extend(numbers(counts).map(|n| n.to_string()));
        if what == "figures-sheet-unit" {
            // Things are said in places, not to units.
            row[2].clear();
        }
        row.extend(rates(counts, &figures.settings));
        rows.push(row);
    };
    let span = format!("{} – {}", figures.span.first, figures.span.last());
    add("figures-sheet-total", span, &figures.total);
    for (span, counts) in &figures.months {
        add("figures-sheet-month", span.called().strftime("%Y-%m").to_string(), counts);
    }
    for one in &figures.categories {
        add("figures-sheet-category", v.pick(&one.name, &one.name_en).to_owned(), &one.counts);
    }
    for one in &figures.units {
        add("figures-sheet-unit", super::view::unit_name(&v, one), &one.counts);
    }
    let name = format!("attachment; filename=\"figures-{}.csv\"", figures.compound.path);
    let bytes = sheet::write(&rows, Format::Csv)?;
    let headers = [(header::CONTENT_TYPE, Format::Csv.mime().to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

const COLUMNS: [&str; 10] = [
    "figures-said",
    "figures-closed",
    "figures-in-time",
    "figures-valid",
    "figures-contacted",
    "figures-solved",
    "satisfaction-good",
    "satisfaction-fair",
    "satisfaction-bad",
    "figures-reopened",
];
const RATE_COLUMNS: [&str; 5] =
    ["figures-response", "figures-solving", "figures-satisfaction", "figures-covered", "figures-points"];

fn numbers(c: &Counts) -> [i64; 10] {
    [c.said, c.closed, c.in_time, c.valid, c.contacted, c.solved, c.good, c.fair, c.bad, c.reopened]
}

/// Empty where there is nothing to tell: a sheet adds up zeros.
fn rates(counts: &Counts, settings: &Settings) -> [String; 5] {
    let rates = [
        counts.response(),
        counts.solving(),
        counts.satisfaction(settings),
        counts.coverage(),
        counts.composite(settings),
    ];
    rates.map(|rate| rate.percent().unwrap_or_default())
}
