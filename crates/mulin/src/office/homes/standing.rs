//! Consents of those who are not here themselves: said to the office that keeps their household or shown to it on paper, with
//! the code for whoever is to stand in; ending it at their word; and a sheet of what was done in their name.

use super::actions;
use super::pages::href;
use crate::layout::json::{Nothing, told};
use crate::layout::{View, Visit, Wrong, page, page_again};
use crate::standing::{self, Choice, Stand, days, shown, stand};
use askama::Template;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use commons::kept::store as kept;
use commons::people::household::{self, Member};
use commons::people::standing::{Consent, StandIn, StandInId, store};
use commons::people::{Office, PersonId};
use commons::place::{Place, TenantId, store as places};
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
        .route("/api/v1/homes/members/{id}/standing", get(list_json).post(agree_json))
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
    let days = standing::read_days(days)?;
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

/// `GET /office/homes/standing`: who stands in for somebody, and a consent to record.
#[derive(Template)]
#[template(path = "office/homes/templates/standing.html")]
pub struct StandingPage {
    pub v: View,
    pub wrong: Wrong,
    pub name: String,
    pub member: String,
    pub back: String,
    pub stands: Vec<Stand>,
    pub consents: Vec<Choice>,
    pub days: Vec<Choice>,
}

#[derive(Deserialize)]
pub struct OfMember {
    #[serde(default)]
    member: String,
}

/// The address of somebody's page.
fn here(member: &Member) -> String {
    format!("/office/homes/standing?member={}", member.mandate)
}

/// How a consent can be given before an office, in words.
pub fn consents(v: &View, chosen: &str) -> Vec<Choice> {
    let pick = |one: &Consent| {
        (one.name().to_owned(), v.t(&format!("consent-by-{}", one.name())).to_string(), one.name() == chosen)
    };
    Consent::ALL.iter().filter(|one| **one != Consent::Own).map(pick).collect()
}

async fn of_member(visit: &Visit, home: &Place, member: &Member) -> Result<Vec<StandIn>> {
    let mut all = store::of_person(&visit.app.db, home.tenant, member.person, visit.call.now).await?;
    all.retain(|one| one.principal == member.person);
    Ok(all)
}

async fn standing_page(
    visit: &Visit,
    (home, office, member): (&Place, Office, &Member),
    form: Option<&Form>,
    wrong: Wrong,
) -> Result<StandingPage> {
    actions::looked(visit, home, office).await?;
    let v = visit.view("standing-home");
    let stands = of_member(visit, home, member).await?.iter().map(|one| stand(visit, &v, one, true)).collect();
    let text = |name: &str| form.map_or(String::new(), |form| form.text(name).to_owned());
    Ok(StandingPage {
        wrong,
        name: v.pick(&member.name, &member.name_en).to_owned(),
        member: member.mandate.to_string(),
        back: href(&home.path),
        stands,
        consents: consents(&v, &text("consent")),
        days: days(&v, &text("days")),
        v,
    })
}

pub async fn show(visit: Visit, Query(query): Query<OfMember>) -> Answer {
    let (home, office, member) = actions::member(&visit, &query.member).await?;
    page(&standing_page(&visit, (&home, office, &member), None, Wrong::default()).await?)
}

/// `POST /office/homes/standing`.
pub async fn agree(visit: Visit, form: Form) -> Answer {
    let (home, office, member) = actions::member(&visit, form.text("member")).await?;
    let said = (form.text("consent"), form.text("days"));
    match heard(&visit, (&home, office, &member), said, &form.key).await {
        Ok(_) => Ok(see_other(&here(&member))),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&standing_page(&visit, (&home, office, &member), Some(&form), wrong).await?)
        }
    }
}

/// `POST /office/homes/standing/end`.
pub async fn end(visit: Visit, form: Form) -> Answer {
    let (_, _, member) = actions::member(&visit, form.text("member")).await?;
    finish(&visit, form.text("stand"), &form.key).await?;
    Ok(see_other(&here(&member)))
}

async fn list_json(visit: Visit, Path(id): Path<String>) -> Answer {
    let (home, office, member) = actions::member(&visit, &id).await?;
    actions::looked(&visit, &home, office).await?;
    let now = visit.call.now;
    let all: Vec<_> = of_member(&visit, &home, &member).await?.iter().map(|one| shown(one, now)).collect();
    Ok(Json(json!({ "standing": all })).into_response())
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

/// `GET /office/homes/standing/done`: to be printed for somebody who does not come here.
#[derive(Template)]
#[template(path = "office/homes/templates/done.html")]
pub struct DonePage {
    pub v: View,
    pub name: String,
    pub back: String,
    pub lines: Vec<String>,
}

pub async fn done(visit: Visit, Query(query): Query<OfMember>) -> Answer {
    let (home, office, member) = actions::member(&visit, &query.member).await?;
    actions::looked(&visit, &home, office).await?;
    let v = visit.view("standing-sheet");
    let all = kept::done_for(&visit.app.db, home.tenant, member.person).await?;
    let lines = all.iter().map(|one| crate::standing::act(&v, visit.call.now, one)).collect();
    page(&DonePage { name: v.pick(&member.name, &member.name_en).to_owned(), back: here(&member), lines, v })
}
