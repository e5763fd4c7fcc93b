//! The page of reply templates.

use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use commons::case::replies::{self, Reply, ReplyId, USES};
use commons::people::{Mandate, Office};
use commons::place::{PlaceId, PlaceKind, TenantId};
use kit::book::Activity;
use kit::db::Tx;
use kit::web::answer::{Answer, see_other};
use kit::web::form::Problems;
use kit::web::keys::RequestKey;
use kit::web::{Form, keys};
use kit::web::{Path, Query};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::json;

pub const TITLE_CHARACTERS_MAX: usize = 40;
pub const TEXT_CHARACTERS_MAX: usize = 1_000;

/// A template as it reads.
pub struct Line {
    pub id: String,
    pub title: String,
    pub text: String,
    pub place: String,
    pub use_: String,
    pub retired: bool,
    /// May be changed by the one who looks.
    pub mine: bool,
    pub first: bool,
}

/// `GET /office/templates`.
#[derive(Template)]
#[template(path = "office/templates/templates/templates.html")]
pub struct TemplatesPage {
    pub v: View,
    pub wrong: Wrong,
    pub lines: Vec<Line>,
    /// Where a new one may belong: id, name, chosen.
    pub places: Vec<(String, String, bool)>,
    pub uses: Vec<(String, String, bool)>,
    /// The one that is being changed; empty for a new one.
    pub id: String,
    pub title: String,
    pub text: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct TemplatesQuery {
    #[serde(default)]
    edit: String,
}

/// The offices that may keep templates: the community's for everybody, a compound's for the compound.
fn keeps(mandate: &&Mandate) -> bool {
    match mandate.office {
        Office::Community | Office::Operator => mandate.place_kind == PlaceKind::Community,
        Office::Property | Office::Committee | Office::Hub => {
            matches!(mandate.place_kind, PlaceKind::Compound | PlaceKind::Community)
        }
        _ => false,
    }
}

/// The community in hand, and whether this person serves there at all.
pub fn tenant_of(visit: &Visit) -> Result<TenantId> {
    visit.call.account()?;
    let keeper = visit.actor.mandates.iter().find(keeps);
    let holder = visit.actor.mandates.iter().find(|mandate| Office::HOLDING.contains(&mandate.office));
    keeper.or(holder).map(|mandate| mandate.tenant).ok_or(Error::denied("templates/not-staff"))
}

/// A community keeper may change every template, an office of a compound the compound's own.
fn may_keep(visit: &Visit, tenant: TenantId, place: PlaceId) -> bool {
    let over =
        |mandate: &Mandate| mandate.place == place || matches!(mandate.office, Office::Community | Office::Operator);
    visit.actor.in_tenant(tenant).filter(keeps).any(over)
}

pub async fn show(visit: Visit, Query(query): Query<TemplatesQuery>) -> Answer {
    let tenant = tenant_of(&visit)?;
    let mut shown = templates_page(&visit, tenant, Wrong::default()).await?;
    let all = replies::all(&visit.app.db, tenant).await?;
    if let Some(reply) = all.iter().find(|reply| reply.id.to_string() == query.edit) {
        fill(&mut shown, &reply.id.to_string(), (&reply.outcome, &reply.title, &reply.text), &reply.place.to_string());
    }
    page(&shown)
}

fn fill(shown: &mut TemplatesPage, id: &str, (outcome, title, text): (&str, &str, &str), place: &str) {
    shown.id = id.to_owned();
    shown.title = title.to_owned();
    shown.text = text.to_owned();
    shown.uses.iter_mut().for_each(|one| one.2 = one.0 == outcome);
    shown.places.iter_mut().for_each(|one| one.2 = one.0 == place);
}

async fn templates_page(visit: &Visit, tenant: TenantId, wrong: Wrong) -> Result<TemplatesPage> {
    let v = visit.view("templates-title");
    let all = replies::all(&visit.app.db, tenant).await?;
    let line = |(at, reply): (usize, &Reply)| Line {
        id: reply.id.to_string(),
        title: reply.title.clone(),
        text: reply.text.clone(),
        place: v.pick(&reply.label, &reply.label_en).to_owned(),
        use_: use_of(&v, &reply.outcome),
        retired: reply.retired.is_some(),
        mine: may_keep(visit, tenant, reply.place),
        first: at == 0 || all[at - 1].place != reply.place,
    };
    let mut places: Vec<(String, String, bool)> = Vec::new();
    for mandate in visit.actor.in_tenant(tenant).filter(keeps) {
        let place =
            (mandate.place.to_string(), v.pick(&mandate.place_label, &mandate.place_label_en).to_owned(), false);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    if visit.actor.in_tenant(tenant).any(|mandate| matches!(mandate.office, Office::Community | Office::Operator)) {
        for compound in commons::place::store::of_kind(&visit.app.db, tenant, PlaceKind::Compound).await? {
            let place = (compound.id.to_string(), v.pick(&compound.name, &compound.name_en).to_owned(), false);
            if !places.iter().any(|known| known.0 == place.0) {
                places.push(place);
            }
        }
    }
    Ok(TemplatesPage {
        wrong,
        lines: all.iter().enumerate().map(line).collect(),
        places,
        uses: USES.iter().map(|name| ((*name).to_owned(), use_of(&v, name), false)).collect(),
        id: String::new(),
        title: String::new(),
        text: String::new(),
        v,
    })
}

/// What a template is for, in words.
pub fn use_of(v: &View, outcome: &str) -> String {
    match outcome {
        "" => v.t("templates-any").to_string(),
        "note" => v.t("templates-note").to_string(),
        outcome => v.t(&format!("outcome-{}", outcome.replace('_', "-"))).to_string(),
    }
}

/// What a form or a call brings.
pub struct New {
    id: Option<ReplyId>,
    place: Option<PlaceId>,
    outcome: String,
    title: String,
    text: String,
}

impl New {
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong.
    pub fn read(id: &str, place: &str, outcome: &str, title: &str, text: &str) -> Result<New> {
        let mut problems = Problems::default();
        problems.when(title.is_empty() || title.chars().count() > TITLE_CHARACTERS_MAX, "title", "templates/title");
        problems.when(text.is_empty() || text.chars().count() > TEXT_CHARACTERS_MAX, "text", "templates/text");
        problems.when(!USES.contains(&outcome), "outcome", "templates/outcome");
        problems.when(id.is_empty() && place.parse::<PlaceId>().is_err(), "place", "templates/place");
        problems.none()?;
        Ok(New {
            id: id.parse().ok(),
            place: place.parse().ok(),
            outcome: outcome.to_owned(),
            title: title.to_owned(),
            text: text.replace("\r\n", "\n"),
        })
    }
}

/// `POST /office/templates`: a new one, or a change to one.
pub async fn save(visit: Visit, form: Form) -> Answer {
    let tenant = tenant_of(&visit)?;
    let text = |name: &str| form.text(name).to_owned();
    let (id, place, outcome) = (text("id"), text("place"), text("outcome"));
    let done = async {
        let new = New::read(&id, &place, &outcome, form.text("title"), form.text("text"))?;
        keep(&visit, tenant, &new, &form.key).await
    };
    match done.await {
        Ok(_) => Ok(see_other("/office/templates")),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            let mut again = templates_page(&visit, tenant, wrong).await?;
            fill(&mut again, &id, (&outcome, form.text("title"), form.text("text")), &place);
            page_again(&again)
        }
    }
}

/// Keeps a new one, or a change to one; gives its id.
pub async fn keep(visit: &Visit, tenant: TenantId, new: &New, key: &RequestKey) -> Result<String> {
    let context = visit.context(tenant, office(visit, tenant));
    keys::once(&visit.app, &context, tenant.0, key, &|tx| {
        Box::pin(async move {
            let id = match (new.id, new.place) {
                (Some(id), _) => {
                    let mut reply = mine(tx, visit, tenant, id).await?;
                    (reply.outcome, reply.title, reply.text) =
                        (new.outcome.clone(), new.title.clone(), new.text.clone());
                    replies::save(tx, tenant, &reply).await?;
                    record(tx, tenant, "templates/changed", &reply).await?;
                    id
                }
                (None, Some(place)) => {
                    // What is not a compound or the root of this community is no place to keep one.
                    let place = commons::place::store::find_in(tx, tenant, place).await?;
                    let place = place.filter(|place| matches!(place.kind, PlaceKind::Compound | PlaceKind::Community));
                    let place = place.ok_or(Error::invalid("place", "templates/place"))?.id;
                    if !may_keep(visit, tenant, place) {
                        return Err(Error::denied("templates/not-keeper"));
                    }
                    let id = replies::add(tx, tenant, place, (&new.outcome, &new.title, &new.text)).await?;
                    let reply = replies::find(tx, tenant, id).await?.ok_or(Error::NotFound)?;
                    record(tx, tenant, "templates/added", &reply).await?;
                    id
                }
                (None, None) => return Err(Error::NotFound),
            };
            Ok(id.to_string())
        })
    })
    .await
}

/// The office under which the templates are kept.
fn office(visit: &Visit, tenant: TenantId) -> Option<Office> {
    visit.actor.in_tenant(tenant).find(keeps).map(|mandate| mandate.office)
}

async fn mine(tx: &mut Tx<'_>, visit: &Visit, tenant: TenantId, id: ReplyId) -> Result<Reply> {
    let reply = replies::find(tx, tenant, id).await?.ok_or(Error::NotFound)?;
    if may_keep(visit, tenant, reply.place) { Ok(reply) } else { Err(Error::denied("templates/not-keeper")) }
}

async fn record(tx: &mut Tx<'_>, tenant: TenantId, stem: &'static str, reply: &Reply) -> Result<()> {
    let activity = Activity::of(tenant, stem, "template", reply.id).at_place(reply.place);
    tx.record(activity.with(json!({ "outcome": reply.outcome }))).await.map(drop)
}

/// `POST /office/templates/{retire|restore|up}`.
pub async fn act(visit: Visit, Path(deed): Path<String>, form: Form) -> Answer {
    let tenant = tenant_of(&visit)?;
    let id: ReplyId = form.text("id").parse().map_err(|_| Error::NotFound)?;
    does(&visit, tenant, (id, &deed), &form.key).await?;
    Ok(see_other("/office/templates"))
}

/// Does one deed with a template, once.
///
/// # Errors
/// [`Error::NotFound`] when there is no such deed or template.
pub async fn does(visit: &Visit, tenant: TenantId, (id, deed): (ReplyId, &str), key: &RequestKey) -> Result<()> {
    let context = visit.context(tenant, office(visit, tenant));
    keys::once(&visit.app, &context, tenant.0, key, &|tx| {
        Box::pin(async move {
            let mut reply = mine(tx, visit, tenant, id).await?;
            let stem = match deed {
                "retire" => {
                    reply.retired = Some(tx.now());
                    "templates/retired"
                }
                "restore" => {
                    reply.retired = None;
                    "templates/restored"
                }
                "up" => {
                    let all = replies::all_in(tx, tenant).await?;
                    let before =
                        all.iter().take_while(|one| one.id != id).filter(|one| one.place == reply.place).last();
                    if let Some(before) = before {
                        let mut before = before.clone();
                        (before.sort, reply.sort) = (reply.sort, before.sort);
                        replies::save(tx, tenant, &before).await?;
                    }
                    "templates/moved"
                }
                _ => return Err(Error::NotFound),
            };
            replies::save(tx, tenant, &reply).await?;
            record(tx, tenant, stem, &reply).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}
