//! Consents of those who are not here themselves: said to the office that keeps their household or shown to it on paper, with
//! the code for whoever is to stand in; ending it at their word; and a sheet of what was done in their name.

use super::actions;
use super::pages::href;
use crate::hall::standing::actions as standing;
use crate::hall::standing::api::shown;
use crate::layout::json::{Nothing, told};
use crate::layout::{View, Visit, page};
use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use commons::kept::store as kept;
use commons::people::household::{self, Member};
use commons::people::standing::{Consent, StandIn, StandInId, store};
use commons::people::{Office, PersonId};
use commons::place::{Place, TenantId, store as places};
use kit::book::Activity;
use kit::web::answer::{Answer, see_other};
use kit::web::json::JsonCall;
use kit::web::keys::{self, RequestKey};
use kit::web::{App, Form, Path, Query};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::json;

/// The calls of this file.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/homes/members/{id}/standing", post(agree_json))
        .route("/api/v1/homes/standing/{id}/end", post(end_json))
}

/// Records what was said or shown; nobody hears it of their own household.
async fn heard(
    visit: &Visit,
    (home, office, member): (&Place, Office, &Member),
    (consent, days): (&str, &str),
    key: &RequestKey,
) -> Result<String> {
    household::verify(&visit.actor, home, Some(member.person))?;
    let tenant = home.tenant;
    if let Some(kept) = keys::answered(&visit.app, tenant.0, key).await? {
        return Ok(kept);
    }
    let consent = Consent::parse(consent).filter(|consent| *consent != Consent::Own);
    let consent = consent.ok_or(Error::invalid("consent", "standing/consent"))?;
    let days = standing::days(days)?;
    let (secrets, person) = (&visit.app.secrets, member.person);
    if member.ended.is_some_and(|ended| ended <= visit.call.now) {
        return Err(Error::NotFound);
    }
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            let made = store::agree(tx, secrets, (tenant, person), Some((consent, office)), days).await?;
            standing::record(tx, "standing/agreed", (tenant, made), &[person]).await?;
            Ok(json!({ "id": made, "code": store::code(secrets, made) }).to_string())
        })
    })
    .await
}

/// One of the people of a home that this office keeps.
async fn kept_one(visit: &Visit, tenant: TenantId, id: &str) -> Result<(StandIn, Office)> {
    let id: StandInId = id.parse().map_err(|_| Error::NotFound)?;
    let found = store::one(&visit.app.db, tenant, id).await?;
    for member in household::store::of_person(&visit.app.db, tenant, found.principal).await? {
        let home = places::find(&visit.app.db, tenant, member.home).await?.ok_or(Error::NotFound)?;
        if let Ok(office) = household::keep(&visit.actor, &home) {
            return Ok((found, office));
        }
    }
    Err(Error::NotFound)
}

async fn finish(visit: &Visit, id: &str, key: &RequestKey) -> Result<()> {
    let tenant = actions::tenant_of(visit)?;
    let (found, office) = kept_one(visit, tenant, id).await?;
    let told: Vec<PersonId> = [Some(found.principal), found.person].into_iter().flatten().collect();
    standing::finish(visit, &found, Some(office), told, key).await
}

/// `POST /office/homes/standing`.
pub async fn agree(visit: Visit, form: Form) -> Answer {
    let (home, office, member) = actions::member(&visit, form.text("member")).await?;
    heard(&visit, (&home, office, &member), (form.text("consent"), form.text("days")), &form.key).await?;
    Ok(see_other(&href(&home.path)))
}

/// `POST /office/homes/standing/end`.
pub async fn end(visit: Visit, form: Form) -> Answer {
    let (home, _) = actions::home(&visit, form.text("at")).await?;
    finish(&visit, form.text("stand"), &form.key).await?;
    Ok(see_other(&href(&home.path)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hearing {
    /// `spoken` or `paper`.
    consent: String,
    days: i64,
}

async fn agree_json(visit: Visit, Path(id): Path<String>, call: JsonCall<Hearing>) -> Answer {
    let (home, office, member) = actions::member(&visit, &id).await?;
    let said = (call.body.consent.as_str(), call.body.days.to_string());
    told(StatusCode::CREATED, &heard(&visit, (&home, office, &member), (said.0, &said.1), &call.key).await?)
}

async fn end_json(visit: Visit, Path(id): Path<String>, call: JsonCall<Nothing>) -> Answer {
    finish(&visit, &id, &call.key).await?;
    told(StatusCode::OK, "{}")
}

/// Those that run or wait for the people of a home, as its page shows them: whose, and how.
pub async fn of_home(visit: &Visit, v: &View, home: &Place) -> Result<Vec<(PersonId, Stand)>> {
    let all = store::for_home(&visit.app.db, home, visit.call.now).await?;
    Ok(all.iter().map(|one| (one.principal, crate::hall::standing::pages::stand(visit, v, one, true))).collect())
}

pub use crate::hall::standing::pages::Stand;

#[derive(Deserialize)]
pub struct DoneQuery {
    #[serde(default)]
    member: String,
}

/// `GET /office/homes/standing/done`: to be printed for somebody who does not come here.
#[derive(Template)]
#[template(path = "office/homes/templates/done.html")]
pub struct DonePage {
    pub v: View,
    pub name: String,
    pub back: String,
    pub lines: Vec<String>,
}

pub async fn done(visit: Visit, Query(query): Query<DoneQuery>) -> Answer {
    let (home, office, member) = actions::member(&visit, &query.member).await?;
    let (tenant, id) = (home.tenant, home.id);
    let context = visit.context(tenant, Some(office));
    let viewed = visit.app.db.transact(&context, |tx| {
        Box::pin(
            async move { tx.record(Activity::of(tenant, "homes/viewed", "home", id).at_place(id)).await.map(drop) },
        )
    });
    viewed.await?;
    let v = visit.view("standing-sheet");
    let all = kept::done_for(&visit.app.db, tenant, member.person).await?;
    let lines = all.iter().map(|one| crate::hall::data::pages::act(&v, visit.call.now, one)).collect();
    page(&DonePage { name: v.pick(&member.name, &member.name_en).to_owned(), back: href(&home.path), lines, v })
}

/// For programs, beside the household.
pub async fn of_home_json(visit: &Visit, home: &Place) -> Result<Vec<serde_json::Value>> {
    let now = visit.call.now;
    Ok(store::for_home(&visit.app.db, home, now).await?.iter().map(|one| shown(one, now)).collect())
}
