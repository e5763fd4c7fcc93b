//! The page of a new compound and what it leads to.

use super::model::Plan;
use crate::layout::line::encoded;
use crate::layout::typed::of_form;
use crate::layout::{View, Visit, Wrong, link, page, page_again, parts};
use askama::Template;
use axum::http::HeaderMap;
use commons::case::{replies, standards};
use commons::people::store::{self as people, NewMandate};
use commons::people::{Office, OrganisationId, PersonId, Source, invite};
use commons::place::pattern::{self, Pattern};
use commons::place::{NewPlace, Place, PlaceId, PlaceKind, TenantId, sheet, store as places};
use kit::book::Activity;
use kit::db::Tx;
use kit::secrets::{Secrets, spaced};
use kit::web::Path;
use kit::web::answer::{Answer, see_other};
use kit::web::form::Problems;
use kit::web::keys::RequestKey;
use kit::web::{Form, keys};
use kit::{Error, Result};
use serde_json::json;

/// The fields of the form, kept as they were typed.
pub const FIELDS: [&str; 10] =
    ["name", "code", "buildings", "entrances", "floors", "per_floor", "property", "manager", "captains", "copy"];

/// `GET /office/compounds/new`.
#[derive(Template)]
#[template(path = "office/compounds/templates/new.html")]
pub struct NewPage {
    pub v: View,
    pub wrong: Wrong,
    pub typed: Vec<String>,
    /// Compounds whose replies can be taken over: id, name.
    pub others: Vec<(String, String)>,
}

impl NewPage {
    /// What was typed into a field.
    pub fn typed(&self, name: &str) -> &str {
        FIELDS.iter().position(|field| *field == name).and_then(|at| self.typed.get(at)).map_or("", String::as_str)
    }
}

/// `GET /office/compounds/{code}`.
#[derive(Template)]
#[template(path = "office/compounds/templates/made.html")]
pub struct MadePage {
    pub v: View,
    pub wrong: Wrong,
    pub name: String,
    pub at: String,
    pub buildings: i64,
    pub homes: i64,
    pub letters: i64,
    /// Where people say something, in full, and as a code to scan.
    pub link: String,
    pub qr: String,
    /// Nobody but this computer can open the link.
    pub only_here: bool,
    /// What was typed of buildings to be added.
    pub typed: Vec<String>,
}

impl MadePage {
    /// What was typed into a field.
    pub fn typed(&self, name: &str) -> &str {
        let at = Pattern::FIELDS.iter().position(|field| *field == name);
        at.and_then(|at| self.typed.get(at)).map_or("", String::as_str)
    }
}

/// A letter as it is printed.
pub struct Letter {
    pub name: String,
    pub office: String,
    pub place: String,
    pub code: String,
    pub link: String,
    pub qr: String,
    pub until: String,
}

/// `GET /office/compounds/{code}/letters`.
#[derive(Template)]
#[template(path = "office/compounds/templates/letters.html")]
pub struct LettersPage {
    pub v: View,
    /// The compound; none where they are the community's own.
    pub at: Option<String>,
    pub letters: Vec<Letter>,
    /// Who writes: the community, and the office that prints them.
    pub community: String,
    pub printed_by: String,
    /// Nobody but this computer can open the links.
    pub only_here: bool,
}

impl LettersPage {
    /// Whom to ask about a letter: somebody to be met.
    pub fn ask(&self) -> String {
        let args = [("office", self.printed_by.clone().into()), ("community", self.community.clone().into())];
        crate::words::t_with(self.v.lang, "letters-ask", &args)
    }
}

/// Stands for the community and its grids where a compound is named; no compound can have this code.
pub const COMMUNITY: &str = "-";

/// Only those who keep the community's register.
pub fn keeper(visit: &Visit) -> Result<(TenantId, Office)> {
    visit.call.account()?;
    let keeps = |mandate: &&commons::people::Mandate| matches!(mandate.office, Office::Community | Office::Operator);
    let found = visit.actor.mandates.iter().find(keeps).map(|mandate| (mandate.tenant, mandate.office));
    found.ok_or(Error::denied("compounds/not-keeper"))
}

pub async fn ask(visit: Visit) -> Answer {
    let (tenant, _) = keeper(&visit)?;
    let typed = FIELDS.iter().map(|field| Pattern::usual(field).to_owned()).collect();
    page(&new_page(&visit, tenant, typed, Wrong::default()).await?)
}

async fn new_page(visit: &Visit, tenant: TenantId, typed: Vec<String>, wrong: Wrong) -> Result<NewPage> {
    let v = visit.view("compounds-new-title");
    let others = places::of_kind(&visit.app.db, tenant, PlaceKind::Compound).await?;
    let others =
        others.iter().map(|place| (place.id.to_string(), v.pick(&place.name, &place.name_en).to_owned())).collect();
    Ok(NewPage { wrong, typed, others, v })
}

/// `POST /office/compounds/new`: everything at once, or nothing.
pub async fn make(visit: Visit, form: Form) -> Answer {
    let (tenant, office) = keeper(&visit)?;
    if let Some(code) = keys::answered(&visit.app, tenant.0, &form.key).await? {
        return Ok(see_other(&format!("/office/compounds/{code}")));
    }
    let done = async {
        let file = form.files.first().map(|file| file.bytes.clone()).filter(|bytes| !bytes.is_empty());
        let plan = Plan::read(&|name| form.text(name).to_owned(), file.is_some())?;
        let sheet = match file {
            None => None,
            Some(bytes) => Some(of_sheet(&visit, tenant, &plan, bytes).await?),
        };
        let copy = form.text("copy").parse().ok();
        build(&visit, (tenant, office), &Wish { plan, sheet, copy }, &form.key).await
    };
    match done.await {
        Ok(code) => Ok(see_other(&format!("/office/compounds/{code}"))),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            let typed = FIELDS.iter().map(|field| form.text(field).to_owned()).collect();
            page_again(&new_page(&visit, tenant, typed, wrong).await?)
        }
    }
}

/// What is to be built.
pub struct Wish {
    pub plan: Plan,
    pub sheet: Option<sheet::Plan>,
    pub copy: Option<PlaceId>,
}

/// The homes of a sheet for the compound that is being made.
///
/// # Errors
/// [`Error::Invalid`] on `file` when there is a fault in it, or it is about other compounds.
pub async fn of_sheet(
    visit: &Visit,
    tenant: TenantId,
    plan: &Plan,
    bytes: impl AsRef<[u8]> + Send + 'static,
) -> Result<sheet::Plan> {
    let mut tree = places::all(&visit.app.db, tenant).await?;
    // The sheet is about the compound that is being made, so it counts as there.
    let new = NewPlace::new(PlaceKind::Compound, &plan.code, &plan.name, "");
    tree.push(new.below(PlaceId(kit::Uuid::nil()), tenant, None));
    let read = tokio::task::spawn_blocking(move || sheet::plan(bytes.as_ref(), &tree));
    let sheet = read.await.map_err(Error::internal)??;
    if !sheet.errors.is_empty() {
        return Err(Error::invalid("file", "sheet/has-errors"));
    }
    if !sheet.compounds.is_empty() {
        return Err(Error::invalid("file", "compounds/sheet-elsewhere"));
    }
    Ok(sheet)
}

/// Builds it, once; gives its code.
pub async fn build(
    visit: &Visit,
    (tenant, office): (TenantId, Office),
    wish: &Wish,
    key: &RequestKey,
) -> Result<String> {
    let context = visit.context(tenant, Some(office));
    let secrets = &visit.app.secrets;
    keys::once(&visit.app, &context, tenant.0, key, &|tx| {
        Box::pin(async move {
            let plan = &wish.plan;
            if places::code_taken(tx, &plan.code).await? {
                return Err(Error::invalid("code", "compounds/code-taken"));
            }
            let root = places::root_in(tx, tenant).await?.ok_or(Error::NotFound)?;
            let compound = NewPlace::new(PlaceKind::Compound, &plan.code, &plan.name, "");
            let compound = places::add_compound(tx, tenant, &root, compound).await?;
            pattern::raise(tx, &compound, &plan.pattern).await?;
            if let Some(sheet) = &wish.sheet {
                sheet::apply(tx, tenant, sheet).await?;
            }
            settle(tx, secrets, &compound, plan).await?;
            let copied = match wish.copy {
                // What is not a compound of this community has nothing to copy.
                Some(from) => {
                    standards::store::copy(tx, tenant, from, compound.id).await?;
                    replies::copy(tx, tenant, from, compound.id).await?
                }
                None => 0,
            };
            let (buildings, captains) = (plan.pattern.buildings.len(), plan.captains.len());
            let facts = json!({ "buildings": buildings, "captains": captains, "templates": copied });
            let made = Activity::of(tenant, "compounds/made", "place", compound.id).at_place(compound.id);
            tx.record(made.with(facts)).await?;
            Ok(plan.code.clone())
        })
    })
    .await
}

/// The property company and the captains, each with a letter.
async fn settle(tx: &mut Tx<'_>, secrets: &Secrets, compound: &Place, plan: &Plan) -> Result<()> {
    let tenant = compound.tenant;
    if let Some(company) = &plan.property {
        let organisation = people::add_organisation(tx, tenant, "property", company, "").await?;
        if let Some(manager) = &plan.manager {
            let seat = (Office::Property, compound.id, Some(organisation), Source::Contract);
            trust(tx, secrets, compound, manager, seat).await?;
        }
    }
    for (at, name) in &plan.captains {
        let path = format!("{}/{at}", compound.path);
        let building = places::by_path_in(tx, tenant, &path).await?;
        let building = building.filter(|place| place.kind == PlaceKind::Building);
        let building = building.ok_or(Error::invalid("captains", "compounds/captains"))?;
        trust(tx, secrets, compound, name, (Office::Captain, building.id, None, Source::Election)).await?;
    }
    Ok(())
}

async fn trust(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    compound: &Place,
    name: &str,
    (office, place, organisation, source): (Office, PlaceId, Option<OrganisationId>, Source),
) -> Result<()> {
    let tenant = compound.tenant;
    let person: PersonId = people::add_person(tx, tenant, None, name, "").await?;
    let starts = tx.now();
    let new = NewMandate { person, office, place, organisation, source, starts, ends: source.ends(starts)? };
    let mandate = people::add_mandate(tx, tenant, &new).await?;
    let given = Activity::of(tenant, "people/mandate-given", "mandate", mandate).at_place(place);
    tx.record(given.with(json!({ "office": office, "source": source }))).await?;
    invite::invite(tx, secrets, tenant, compound.id, person).await.map(drop)
}

/// The compound behind a code, for those who keep its community.
pub async fn compound(visit: &Visit, code: &str) -> Result<Place> {
    let (tenant, _) = keeper(visit)?;
    let found = places::compound(&visit.app.db, code).await?;
    found.filter(|place| place.tenant == tenant).ok_or(Error::NotFound)
}

pub async fn made(visit: Visit, Path(code): Path<String>, headers: HeaderMap) -> Answer {
    let place = compound(&visit, &code).await?;
    let typed = Pattern::FIELDS.iter().map(|field| Pattern::usual(field).to_owned()).collect();
    page(&made_page(&visit, place, &headers, typed, Wrong::default()).await?)
}

async fn made_page(
    visit: &Visit,
    place: Place,
    headers: &HeaderMap,
    typed: Vec<String>,
    wrong: Wrong,
) -> Result<MadePage> {
    let (db, now) = (&visit.app.db, visit.call.now);
    let counts = places::counts(db, place.tenant, place.id).await?;
    let count = |kind| counts.get(&kind).copied().unwrap_or(0);
    let letters = invite::waiting(db, place.tenant, place.id, now).await?;
    let v = visit.view("compounds-made-title");
    let base = link::base(&visit.app, headers);
    let link = format!("{base}/say/requests/new?at={}", encoded(&place.path));
    Ok(MadePage {
        wrong,
        name: v.pick(&place.name, &place.name_en).to_owned(),
        buildings: count(PlaceKind::Building),
        homes: count(PlaceKind::Home),
        letters: i64::try_from(letters.len()).unwrap_or(i64::MAX),
        qr: parts::qr(&link, &v.a("sign-qr", "place", place.name.clone())),
        at: place.path,
        link,
        only_here: link::only_here(&base),
        typed,
        v,
    })
}

/// `POST /office/compounds/{code}/buildings`: by the pattern.
pub async fn raise(visit: Visit, Path(code): Path<String>, headers: HeaderMap, form: Form) -> Answer {
    let (tenant, office) = keeper(&visit)?;
    let place = compound(&visit, &code).await?;
    let to = format!("/office/compounds/{}", encoded(&place.path));
    if keys::answered(&visit.app, tenant.0, &form.key).await?.is_some() {
        return Ok(see_other(&to));
    }
    match raise_once(&visit, office, &place, &of_form(&form), &form.key).await {
        Ok(()) => Ok(see_other(&to)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            let typed = Pattern::FIELDS.iter().map(|field| form.text(field).to_owned()).collect();
            page_again(&made_page(&visit, place, &headers, typed, wrong).await?)
        }
    }
}

/// Raises buildings by a pattern, once: the first ones of a compound, or some more later.
///
/// # Errors
/// [`Error::Invalid`] with everything that is wrong, a building that is there already with it.
pub async fn raise_once(
    visit: &Visit,
    office: Office,
    place: &Place,
    text: &(dyn Fn(&str) -> String + Sync),
    key: &RequestKey,
) -> Result<()> {
    let mut problems = Problems::default();
    let (pattern, wrong) = Pattern::read(&|name| text(name), true);
    wrong.iter().for_each(|one| problems.add(one.field, one.reason.0));
    problems.none()?;
    let (tenant, context, pattern) = (place.tenant, visit.context(place.tenant, Some(office)), &pattern);
    keys::once(&visit.app, &context, tenant.0, key, &|tx| {
        Box::pin(async move {
            pattern::raise(tx, place, pattern).await?;
            let raised = Activity::of(tenant, "compounds/raised", "place", place.id).at_place(place.id);
            tx.record(raised.with(json!({ "buildings": pattern.buildings.len() }))).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// The letters that wait at a compound; those of a whole community, and of its grids, at [`COMMUNITY`].
pub async fn waiting(visit: &Visit, code: &str) -> Result<(Option<Place>, Vec<invite::Letter>)> {
    let (tenant, _) = keeper(visit)?;
    let (db, now) = (&visit.app.db, visit.call.now);
    if code != COMMUNITY {
        let place = compound(visit, code).await?;
        let waiting = invite::waiting(db, place.tenant, place.id, now).await?;
        return Ok((Some(place), waiting));
    }
    Ok((None, invite::waiting_elsewhere(db, tenant, now).await?))
}

pub async fn letters(visit: Visit, Path(code): Path<String>, headers: HeaderMap) -> Answer {
    let (tenant, keeper) = keeper(&visit)?;
    let (place, waiting) = waiting(&visit, &code).await?;
    let v = visit.view("letters-title");
    let root = places::root(&visit.app.db, tenant).await?.ok_or(Error::NotFound)?;
    let base = link::base(&visit.app, &headers);
    let letter = |one: &invite::Letter| {
        let code = invite::code(&visit.app.secrets, one.id);
        let link = format!("{base}/sign-in/letter?code={code}");
        Letter {
            name: v.pick(&one.name, &one.name_en).to_owned(),
            office: v.role(one.office).to_string(),
            place: v.pick(&one.label, &one.label_en).to_owned(),
            code: spaced(&code),
            qr: parts::qr(&link, &v.t("letters-qr")),
            link: format!("{base}/sign-in/letter"),
            until: v.day(one.ends, visit.call.now),
        }
    };
    let letters = waiting.iter().map(letter).collect();
    page(&LettersPage {
        at: place.map(|place| place.path),
        letters,
        community: v.pick(&root.name, &root.name_en).to_owned(),
        printed_by: v.role(keeper).to_string(),
        only_here: link::only_here(&base),
        v,
    })
}
