//! The pages of the places.

use crate::layout::{View, Visit, Wrong, link, page, page_again, parts};
use askama::Template;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use commons::people::Office;
use commons::place::sheet::{self, CellError, Plan};
use commons::place::{Place, PlaceKind, TenantId, store};
use commons::sheet::Format;
use kit::book::Activity;
use kit::web::answer::{Answer, see_other};
use kit::web::{Form, keys};
use kit::web::{Path, Query};
use kit::{Error, Result};
use serde::Deserialize;

/// A node of the tree on the page.
pub struct Node {
    pub label: String,
    pub kind: String,
    pub path: String,
    /// Leads to what lies below; empty for homes.
    pub href: Option<String>,
    pub count: usize,
}

/// `GET /office/places`.
#[derive(Template)]
#[template(path = "office/places/templates/places.html")]
pub struct PlacesPage {
    pub v: View,
    pub wrong: Wrong,
    /// The place whose children are shown.
    pub at: Option<(String, String)>,
    pub nodes: Vec<Node>,
    pub may_import: bool,
    pub plan: Option<PlanShown>,
    pub done: bool,
}

impl PlacesPage {
    /// The code of the compound in which one looks.
    fn code(&self) -> &str {
        self.at.as_ref().map_or("", |at| at.0.split('/').next().unwrap_or_default())
    }
}

/// What a sheet would do, or did.
pub struct PlanShown {
    /// Compounds that would come into being: code and name.
    pub compounds: Vec<(String, String)>,
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// Row, column, sentence, value.
    pub errors: Vec<(usize, String, String, String)>,
    pub more: usize,
}

/// A sign for a wall or a door.
pub struct Sign {
    pub label: String,
    pub qr: String,
    pub link: String,
}

/// `GET /office/places/signs`.
#[derive(Template)]
#[template(path = "office/places/templates/signs.html")]
pub struct SignsPage {
    pub v: View,
    pub at: String,
    pub signs: Vec<Sign>,
    /// Nobody but this computer can open the links.
    pub only_here: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct PlacesQuery {
    #[serde(default)]
    at: String,
    #[serde(default)]
    done: String,
}

/// The tenant whose places this person looks after, and whether they may change them.
pub fn mine(visit: &Visit) -> Result<(TenantId, bool)> {
    visit.call.account()?;
    if !visit.is_staff() {
        return Err(Error::denied("places/not-staff"));
    }
    let keeps = |mandate: &&commons::people::Mandate| matches!(mandate.office, Office::Community | Office::Operator);
    let keeper = visit.actor.mandates.iter().find(keeps);
    let any = visit.actor.mandates.first();
    let tenant = keeper.or(any).map(|mandate| mandate.tenant).ok_or(Error::denied("places/not-staff"))?;
    Ok((tenant, keeper.is_some()))
}

pub async fn show(visit: Visit, Query(query): Query<PlacesQuery>) -> Answer {
    let (tenant, may_import) = mine(&visit)?;
    let mut shown = tree_page(&visit, tenant, may_import, &query.at).await?;
    shown.done = query.done == "1";
    page(&shown)
}

async fn tree_page(visit: &Visit, tenant: TenantId, may_import: bool, at: &str) -> Result<PlacesPage> {
    let v = visit.view("places-title");
    let db = &visit.app.db;
    let here = match at {
        "" => store::root(db, tenant).await?,
        path => Some(store::by_path(db, tenant, path).await?.ok_or(Error::NotFound)?),
    };
    let mut nodes = Vec::new();
    if let Some(here) = &here {
        for place in store::below(db, tenant, here.id).await? {
            let leaf = matches!(place.kind, PlaceKind::Home | PlaceKind::Facility | PlaceKind::Grid);
            let inner = crate::layout::line::encoded(&place.path);
            nodes.push(Node {
                label: v.pick(&place.name, &place.name_en).to_owned(),
                kind: v.t(&format!("place-{}", place.kind)).to_string(),
                href: (!leaf).then(|| format!("/office/places?at={inner}")),
                count: 0,
                path: place.path,
            });
        }
    }
    let at = here.filter(|place| place.kind != PlaceKind::Community);
    let at = at.map(|place| (place.path.clone(), v.pick(&place.label, &place.label_en).to_owned()));
    Ok(PlacesPage { wrong: Wrong::default(), at, nodes, may_import, plan: None, done: false, v })
}

/// `POST /office/places`: tries a sheet, or takes it over. With one error in it nothing is written.
pub async fn import(visit: Visit, form: Form) -> Answer {
    let (tenant, may_import) = mine(&visit)?;
    if !may_import {
        return Err(Error::denied("places/not-keeper").into());
    }
    if keys::answered(&visit.app, tenant.0, &form.key).await?.is_some() {
        return Ok(see_other("/office/places?done=1"));
    }
    let outcome = async {
        let plan = planned(&visit, tenant, &form).await?;
        if form.text("really") != "1" || !plan.errors.is_empty() {
            return Ok(Err(plan));
        }
        take_over(&visit, tenant, &form, &plan).await.map(|_| Ok("/office/places?done=1".to_owned()))
    };
    match outcome.await {
        Ok(Ok(to)) => Ok(see_other(&to)),
        Ok(Err(plan)) => {
            let fine = plan.errors.is_empty();
            let mut shown = tree_page(&visit, tenant, may_import, "").await?;
            shown.plan = Some(plan_shown(&shown.v, plan));
            if fine { page(&shown) } else { page_again(&shown) }
        }
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            let mut shown = tree_page(&visit, tenant, may_import, "").await?;
            shown.wrong = wrong;
            page_again(&shown)
        }
    }
}

/// What the sheet of a form would do.
///
/// # Errors
/// [`Error::Invalid`] on `file` when it is missing or no sheet of places.
pub async fn planned(visit: &Visit, tenant: TenantId, form: &Form) -> Result<Plan> {
    let file = form.files.first().ok_or(Error::invalid("file", "places/file-missing"))?;
    let tree = store::all(&visit.app.db, tenant).await?;
    let bytes = file.bytes.clone();
    tokio::task::spawn_blocking(move || sheet::plan(&bytes, &tree)).await.map_err(Error::internal)?
}

/// Does it, once. Gives what was done, in the words of programs.
pub async fn take_over(visit: &Visit, tenant: TenantId, form: &Form, plan: &Plan) -> Result<String> {
    let context = visit.context(tenant, Some(Office::Community));
    keys::once(&visit.app, &context, tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            sheet::apply(tx, tenant, plan).await?;
            let facts = serde_json::json!({ "added": plan.added, "changed": plan.changed });
            tx.record(Activity::of(tenant, "places/imported", "tenant", tenant).with(facts)).await?;
            Ok(super::api::plan_json(plan, true).to_string())
        })
    })
    .await
}

fn plan_shown(v: &View, plan: Plan) -> PlanShown {
    let error = |error: &CellError| {
        (
            error.row,
            v.t(&format!("column-{}", error.column.replace('_', "-"))).to_string(),
            v.reason(&error.reason).to_string(),
            error.value.clone(),
        )
    };
    PlanShown {
        compounds: plan.compounds.clone(),
        added: plan.added,
        changed: plan.changed,
        unchanged: plan.unchanged,
        errors: plan.errors.iter().map(error).collect(),
        more: plan.more_errors,
    }
}

/// `GET /office/places/template/{format}`.
pub async fn template(visit: Visit, Path(format): Path<String>) -> Answer {
    mine(&visit)?;
    let format = Format::parse(&format).ok_or(Error::NotFound)?;
    Ok(download("places-template", format, sheet::template(format)?))
}

/// `GET /office/places/export/{format}`.
pub async fn export(visit: Visit, Path(format): Path<String>) -> Answer {
    let (tenant, _) = mine(&visit)?;
    let format = Format::parse(&format).ok_or(Error::NotFound)?;
    let tree = store::all(&visit.app.db, tenant).await?;
    let bytes = tokio::task::spawn_blocking(move || sheet::write(&tree, format)).await.map_err(Error::internal)??;
    Ok(download("places", format, bytes))
}

fn download(name: &str, format: Format, bytes: Vec<u8>) -> axum::response::Response {
    let end = if format == Format::Csv { "csv" } else { "xlsx" };
    let disposition = format!("attachment; filename=\"{name}.{end}\"");
    ([(header::CONTENT_TYPE, format.mime().to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response()
}

/// `GET /office/places/signs?at=…`: a sign for the place, its entrances and what stands in it; one a sheet.
pub async fn signs(visit: Visit, Query(query): Query<PlacesQuery>, headers: HeaderMap) -> Answer {
    let (tenant, _) = mine(&visit)?;
    let v = visit.view("signs-title");
    let place = store::by_path(&visit.app.db, tenant, &query.at).await?.ok_or(Error::NotFound)?;
    let inside = store::below(&visit.app.db, tenant, place.id).await?;
    let wanted = |place: &&Place| matches!(place.kind, PlaceKind::Building | PlaceKind::Entrance | PlaceKind::Facility);
    let base = link::base(&visit.app, &headers);
    let sign = |place: &Place| {
        let path = crate::layout::line::encoded(&place.path);
        let link = format!("{base}/say/requests/new?at={path}&sign=1");
        let label = v.pick(&place.label, &place.label_en).to_owned();
        Sign { qr: parts::qr(&link, &v.a("sign-qr", "place", label.clone())), label, link }
    };
    let signs = std::iter::once(&place).chain(inside.iter().filter(wanted)).map(sign).collect();
    let at = v.pick(&place.label, &place.label_en).to_owned();
    page(&SignsPage { at, signs, only_here: link::only_here(&base), v })
}
