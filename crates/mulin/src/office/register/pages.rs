//! The page of the register.

use super::{actions, policy};
use crate::layout::line::encoded;
use crate::layout::typed::of_form;
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use commons::place::Place;
use commons::place::sheet::CellError;
use commons::register::sheet::{self, Plan};
use commons::register::{Owner, Totals, Unit, UnitId, UnitKind, area_text};
use commons::sheet::Format;
use kit::web::answer::{Answer, see_other};
use kit::web::{Form, Path, Query, keys};
use kit::{Error, Result};
use serde::Deserialize;

/// A choice in a list: value, name, chosen.
pub type Pick = (String, String, bool);

/// A unit as it reads.
pub struct Line {
    pub id: String,
    pub code: String,
    pub kind: String,
    pub area: String,
    pub owners: Vec<String>,
}

/// What a sheet would put in place.
pub struct Planned {
    pub units: usize,
    pub area: String,
    /// Row, column, sentence, value.
    pub errors: Vec<(usize, String, String, String)>,
    pub more: usize,
}

/// `GET /office/register`.
#[derive(Template)]
#[template(path = "office/register/templates/register.html")]
pub struct RegisterPage {
    pub v: View,
    pub wrong: Wrong,
    pub at: String,
    pub label: String,
    pub compounds: Vec<Pick>,
    pub totals: Totals,
    pub area: String,
    pub parking_area: String,
    pub lines: Vec<Line>,
    /// Where it goes on.
    pub next: Option<String>,
    pub may_write: bool,
    pub done: bool,
    pub plan: Option<Planned>,
    pub kinds: Vec<Pick>,
    pub code: String,
    pub typed_area: String,
    pub owners: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct RegisterQuery {
    #[serde(default)]
    at: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    done: String,
}

fn href(at: &str) -> String {
    format!("/office/register?at={}", encoded(at))
}

pub async fn show(visit: Visit, Query(query): Query<RegisterQuery>) -> Answer {
    let (place, all) = actions::compound(&visit, &query.at).await?;
    let shown = actions::look(&visit, &place, &query.after, actions::PAGE).await?;
    let mut made = register_page(&visit, (&place, &all), shown, None, Wrong::default());
    made.done = query.done == "1";
    page(&made)
}

fn owner(owner: &Owner) -> String {
    let mark = if owner.mark.is_empty() { String::new() } else { format!(" ({})", owner.mark) };
    let share = owner.share.map(|share| format!(" {share}")).unwrap_or_default();
    format!("{}{mark}{share}", owner.name)
}

fn line(v: &View, (id, unit): &(UnitId, Unit)) -> Line {
    Line {
        id: id.to_string(),
        code: unit.code.clone(),
        kind: v.t(&format!("unit-{}", unit.kind)).to_string(),
        area: area_text(unit.area),
        owners: unit.owners.iter().map(owner).collect(),
    }
}

/// The kinds of units, in words.
pub fn kinds(v: &View, chosen: &str) -> Vec<Pick> {
    let pick =
        |kind: &UnitKind| (kind.name().to_owned(), v.t(&format!("unit-{kind}")).to_string(), kind.name() == chosen);
    UnitKind::ALL.iter().map(pick).collect()
}

fn register_page(
    visit: &Visit,
    (place, all): (&Place, &[Place]),
    shown: actions::Shown,
    form: Option<&Form>,
    wrong: Wrong,
) -> RegisterPage {
    let v = visit.view("register-title");
    let text = |name: &str| form.map_or(String::new(), |form| form.text(name).to_owned());
    let pick = |one: &Place| (one.path.clone(), v.pick(&one.label, &one.label_en).to_owned(), one.id == place.id);
    let next = shown.next.map(|code| format!("{}&after={}", href(&place.path), encoded(&code)));
    RegisterPage {
        wrong,
        at: place.path.clone(),
        label: v.pick(&place.label, &place.label_en).to_owned(),
        compounds: all.iter().map(pick).collect(),
        totals: shown.totals,
        area: area_text(shown.totals.area),
        parking_area: area_text(shown.totals.parking_area),
        lines: shown.units.iter().map(|unit| line(&v, unit)).collect(),
        next,
        may_write: policy::write(&visit.actor, place).is_ok(),
        done: false,
        plan: None,
        kinds: kinds(&v, &text("kind")),
        code: text("code"),
        typed_area: text("area"),
        owners: text("owners"),
        v,
    }
}

async fn again(visit: &Visit, place: &Place, form: &Form, wrong: Wrong) -> Result<RegisterPage> {
    let all = actions::compounds(visit).await?;
    let shown = actions::shown(visit, place, "", actions::PAGE).await?;
    Ok(register_page(visit, (place, &all), shown, Some(form), wrong))
}

fn planned(v: &View, plan: &Plan) -> Planned {
    let column = |name: &str| {
        let known = sheet::COLUMNS.iter().find(|(en, _)| *en == name);
        known.map_or(name, |(en, zh)| v.pick(zh, en)).to_owned()
    };
    let error = |error: &CellError| {
        (error.row, column(&error.column), v.reason(&error.reason).to_string(), error.value.clone())
    };
    Planned {
        units: plan.units.len(),
        area: area_text(plan.units.iter().map(|unit| unit.area).sum()),
        errors: plan.errors.iter().map(error).collect(),
        more: plan.more_errors,
    }
}

/// `POST /office/register`: tries a sheet, or puts it in place of the register. With one fault in it nothing is written.
pub async fn import(visit: Visit, form: Form) -> Answer {
    let place = actions::mine(&visit, form.text("at")).await?;
    let to = format!("{}&done=1", href(&place.path));
    if keys::answered(&visit.app, place.tenant.0, &form.key).await?.is_some() {
        return Ok(see_other(&to));
    }
    let outcome = async {
        let plan = actions::planned(&form).await?;
        if form.text("really") != "1" || !plan.errors.is_empty() {
            return Ok(Some(plan));
        }
        actions::replace(&visit, &place, &plan, &form.key).await.map(|_| None)
    };
    match outcome.await {
        Ok(None) => Ok(see_other(&to)),
        Ok(Some(plan)) => {
            let mut shown = again(&visit, &place, &form, Wrong::default()).await?;
            shown.plan = Some(planned(&shown.v, &plan));
            if plan.errors.is_empty() { page(&shown) } else { page_again(&shown) }
        }
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&again(&visit, &place, &form, wrong).await?)
        }
    }
}

/// `POST /office/register/unit`: a unit by hand.
pub async fn put(visit: Visit, form: Form) -> Answer {
    let place = actions::mine(&visit, form.text("at")).await?;
    let outcome = async {
        let unit = actions::read_unit(&of_form(&form))?;
        actions::put(&visit, &place, &unit, &form.key).await
    };
    match outcome.await {
        Ok(_) => Ok(see_other(&format!("{}&done=1", href(&place.path)))),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&again(&visit, &place, &form, wrong).await?)
        }
    }
}

/// `POST /office/register/remove`.
pub async fn remove(visit: Visit, form: Form) -> Answer {
    let place = actions::mine(&visit, form.text("at")).await?;
    actions::remove(&visit, &place, form.text("unit"), &form.key).await?;
    Ok(see_other(&format!("{}&done=1", href(&place.path))))
}

/// `GET /office/register/template/{format}`.
pub async fn template(visit: Visit, Path(format): Path<String>) -> Answer {
    actions::compounds(&visit).await?;
    let format = Format::parse(&format).ok_or(Error::NotFound)?;
    Ok(download("register-template", format, sheet::write(&[], format)?))
}

/// `GET /office/register/export/{format}`.
pub async fn export(visit: Visit, Path(format): Path<String>, Query(query): Query<RegisterQuery>) -> Answer {
    let (place, _) = actions::compound(&visit, &query.at).await?;
    let format = Format::parse(&format).ok_or(Error::NotFound)?;
    let units = actions::export(&visit, &place).await?;
    let bytes = tokio::task::spawn_blocking(move || sheet::write(&units, format)).await.map_err(Error::internal)??;
    Ok(download("register", format, bytes))
}

pub fn download(name: &str, format: Format, bytes: Vec<u8>) -> Response {
    let end = if format == Format::Csv { "csv" } else { "xlsx" };
    let disposition = format!("attachment; filename=\"{name}.{end}\"");
    ([(header::CONTENT_TYPE, format.mime().to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response()
}
