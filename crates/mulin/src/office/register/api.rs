//! The JSON face of the same.

use super::{actions, pages};
use crate::layout::Visit;
use crate::layout::json::{Files, limit, paged, told};
use crate::layout::typed::Body;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use commons::register::sheet::{self, Plan};
use commons::register::{Unit, UnitId, area_text};
use commons::sheet::Format;
use kit::Error;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{App, Path, Query, keys};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/register", get(list))
        .route("/api/v1/register/import", post(import))
        .route("/api/v1/register/units", post(put))
        .route("/api/v1/register/units/{id}/remove", post(remove))
        .route("/api/v1/register/template/{format}", get(template))
        .route("/api/v1/register/export/{format}", get(export))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    #[serde(default)]
    at: String,
    after: Option<String>,
    limit: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    #[serde(default)]
    at: String,
}

fn unit_json((id, unit): &(UnitId, Unit)) -> Value {
    let owner = |one: &commons::register::Owner| json!({ "name": one.name, "mark": one.mark, "share": one.share.map(|share| share.to_string()) });
    let owners: Vec<Value> = unit.owners.iter().map(owner).collect();
    json!({ "id": id, "code": unit.code, "kind": unit.kind.name(), "area_m2": area_text(unit.area), "owners": owners })
}

async fn list(visit: Visit, Query(which): Query<Which>) -> Answer {
    let (place, _) = actions::compound(&visit, &which.at).await?;
    let after = which.after.unwrap_or_default();
    let shown = actions::look(&visit, &place, &after, limit(which.limit)?).await?;
    let (units, totals): (Vec<Value>, _) = (shown.units.iter().map(unit_json).collect(), shown.totals);
    let totals = json!({ "units": totals.units, "area_m2": area_text(totals.area), "heads": totals.heads,
        "parking_units": totals.parking_units, "parking_area_m2": area_text(totals.parking_area) });
    Ok(paged(&visit.call, json!({ "at": place.path, "totals": totals, "units": units }), "after", shown.next))
}

fn plan_json(plan: &Plan) -> Value {
    let error = |error: &commons::place::sheet::CellError| json!({ "row": error.row, "column": error.column, "reason": error.reason.0, "value": error.value });
    let errors: Vec<Value> = plan.errors.iter().map(error).collect();
    json!({ "done": false, "units": plan.units.len(), "faults": errors, "more_faults": plan.more_errors })
}

async fn import(visit: Visit, Files(form): Files) -> Answer {
    let place = actions::mine(&visit, form.text("at")).await?;
    if let Some(kept) = keys::answered(&visit.app, place.tenant.0, &form.key).await? {
        return told(StatusCode::OK, &kept);
    }
    let plan = actions::planned(&form).await?;
    if form.text("really") != "1" || !plan.errors.is_empty() {
        return told(StatusCode::OK, &plan_json(&plan).to_string());
    }
    let kept = actions::replace(&visit, &place, &plan, &form.key).await?;
    told(StatusCode::OK, &kept)
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct OwnerBody {
    name: String,
    mark: Option<String>,
    share: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitBody {
    at: Option<String>,
    code: String,
    kind: String,
    area_m2: String,
    owners: Vec<OwnerBody>,
}

async fn put(visit: Visit, call: JsonCall<UnitBody>) -> Answer {
    let unit = &call.body;
    let place = actions::mine(&visit, unit.at.as_deref().unwrap_or_default()).await?;
    // A comma or a line's end in a name would be read as the next part.
    let plain = |text: &str| !text.contains([',', '，', '\t', ';', '；', '\n', '\r']);
    let mut lines = Vec::new();
    for owner in &unit.owners {
        let (mark, share) = (owner.mark.as_deref().unwrap_or_default(), owner.share.as_deref().unwrap_or_default());
        if ![owner.name.as_str(), mark, share].into_iter().all(plain) {
            return Err(Error::invalid("owners", "register/owner-name").into());
        }
        lines.push(format!("{},{mark},{share}", owner.name));
    }
    let fields = json!({ "code": unit.code, "kind": unit.kind, "area": unit.area_m2, "owners": lines.join("\n") });
    let body = Body::of(&fields);
    let unit = actions::read_unit(&|name| body.text(name))?;
    told(StatusCode::CREATED, &actions::put(&visit, &place, &unit, &call.key).await?)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Where {
    at: Option<String>,
}

async fn remove(visit: Visit, Path(id): Path<String>, call: JsonCall<Where>) -> Answer {
    let place = actions::mine(&visit, call.body.at.as_deref().unwrap_or_default()).await?;
    actions::remove(&visit, &place, &id, &call.key).await?;
    told(StatusCode::OK, "{}")
}

async fn template(visit: Visit, Path(format): Path<String>) -> Answer {
    actions::compounds(&visit).await?;
    let format = Format::parse(&format).ok_or(Error::NotFound)?;
    Ok(pages::download("register-template", format, sheet::write(&[], format)?))
}

async fn export(visit: Visit, Path(format): Path<String>, Query(query): Query<At>) -> Answer {
    let (place, _) = actions::compound(&visit, &query.at).await?;
    let format = Format::parse(&format).ok_or(Error::NotFound)?;
    let units = actions::export(&visit, &place).await?;
    let bytes = tokio::task::spawn_blocking(move || sheet::write(&units, format)).await.map_err(Error::internal)??;
    Ok(pages::download("register", format, bytes))
}
