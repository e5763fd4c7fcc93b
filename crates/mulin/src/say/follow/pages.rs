//! The pages: what to follow and how often, one's own list, and the two links of letters.

use super::actions::{self, Wish};
use super::model::{Pace, SubscriptionId, What, Who, mail};
use super::token::{self, For};
use super::{letter, policy, store};
use crate::layout::scope::{Scope, ScopeQuery};
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use axum::extract::State;
use commons::place::{Place, PlaceKind, TenantId, store as places};
use kit::web::answer::{Answer, see_other};
use kit::web::{App, Form, keys};
use kit::web::{Path, Query};
use kit::{Error, Result};
use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct FollowQuery {
    #[serde(default)]
    compound: String,
    #[serde(default)]
    building: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    case: String,
    /// `1` after following, `asked` after a letter went out, `ended` after stopping.
    #[serde(default)]
    done: String,
}

impl FollowQuery {
    fn scope(&self) -> ScopeQuery {
        ScopeQuery {
            compound: self.compound.clone(),
            building: self.building.clone(),
            category: self.category.clone(),
            case: self.case.clone(),
        }
    }
}

/// `GET /say/follow`.
#[derive(Template)]
#[template(path = "say/follow/templates/follow.html")]
pub struct FollowPage {
    pub v: View,
    pub wrong: Wrong,
    /// What is about to be followed.
    pub label: String,
    /// The same as fields of the form: name, value.
    pub fields: Vec<(&'static str, String)>,
    /// The page and the feed of the same.
    pub query: String,
    pub is_case: bool,
    /// Follows with their account.
    pub known: bool,
    /// Letters go out from here.
    pub letters: bool,
    pub mail: String,
    pub daily: bool,
    pub note: Option<String>,
    pub mine: Vec<MineShown>,
    pub signed_in: bool,
    pub compounds: Vec<(String, String, bool)>,
    pub buildings: Vec<(String, String, bool)>,
    pub categories: Vec<(String, String, bool)>,
}

/// A line of one's own list.
pub struct MineShown {
    pub id: SubscriptionId,
    pub tenant: TenantId,
    pub label: String,
    pub href: String,
    pub pace: String,
}

/// The page behind a link of a letter: one question, one button.
#[derive(Template)]
#[template(path = "say/follow/templates/ask.html")]
pub struct AskPage {
    pub v: View,
    pub text: String,
    /// Where the button goes; nothing when all is done.
    pub action: Option<String>,
    pub button: String,
}

pub async fn show(visit: Visit, Query(query): Query<FollowQuery>) -> Answer {
    let mut shown = follow_page(&visit, &query.scope()).await?;
    let note = |key: &str| Some(shown.v.t(key).to_string());
    shown.note = match query.done.as_str() {
        "1" => note("follow-done"),
        "asked" => note("follow-asked"),
        "ended" => note("follow-ended"),
        _ => None,
    };
    page(&shown)
}

async fn follow_page(visit: &Visit, query: &ScopeQuery) -> Result<FollowPage> {
    let (v, db) = (visit.view("follow-title"), &visit.app.db);
    let all = places::compounds(db).await?;
    let home = visit.actor.mandates.iter().find_map(|mandate| mandate.compound);
    let scope = match (query.case.is_empty(), query.compound.is_empty() && query.building.is_empty()) {
        (true, true) => {
            let compound = all.iter().find(|place| Some(place.id) == home).or(all.first());
            Scope::within(db, compound.cloned().ok_or(Error::NotFound)?, query).await?
        }
        _ => Scope::of(db, query).await?,
    };
    let buildings = match &scope.compound {
        Some(compound) => places::in_compound(db, scope.tenant, compound.id, PlaceKind::Building).await?,
        None => Vec::new(),
    };
    let mut mine = Vec::new();
    for person in &visit.actor.persons {
        let hash = Who::Person(person.id).hash(&visit.app.secrets);
        for one in store::mine(db, person.tenant, &hash).await? {
            mine.push(mine_shown(&v, person.tenant, one));
        }
    }
    let last = |place: &Place| place.path.rsplit('/').next().unwrap_or_default().to_owned();
    let named = |place: &Place| v.pick(&place.name, &place.name_en).to_owned();
    let is = |chosen: Option<&Place>, place: &Place| chosen.is_some_and(|chosen| chosen.id == place.id);
    Ok(FollowPage {
        wrong: Wrong::default(),
        label: scope.label(&v),
        fields: fields(&scope),
        query: scope.query(),
        is_case: scope.case.is_some(),
        known: policy::person(&visit.actor, scope.tenant).is_some(),
        letters: letter::base(&visit.app).is_some(),
        mail: String::new(),
        daily: scope.case.is_none(),
        note: None,
        mine,
        signed_in: visit.actor.account.is_some(),
        compounds: all
            .iter()
            .map(|place| (place.path.clone(), named(place), is(scope.compound.as_ref(), place)))
            .collect(),
        buildings: buildings
            .iter()
            .map(|place| (last(place), named(place), is(scope.building.as_ref(), place)))
            .collect(),
        categories: scope
            .categories
            .iter()
            .filter(|category| !category.private)
            .map(|category| {
                let chosen = scope.category.as_ref().is_some_and(|chosen| chosen.slug == category.slug);
                (category.slug.clone(), v.pick(&category.name, &category.name_en).to_owned(), chosen)
            })
            .collect(),
        v,
    })
}

/// The scope as the hidden fields of the form that follows it.
fn fields(scope: &Scope) -> Vec<(&'static str, String)> {
    if let Some(row) = &scope.case {
        return vec![("case", row.case.code.clone())];
    }
    let compound = scope.compound.as_ref().map(|place| ("compound", place.path.clone()));
    let building = scope.building.as_ref().map(|place| ("building", place.path.clone()));
    let category = scope.category.as_ref().map(|category| ("category", category.slug.clone()));
    [compound, building, category].into_iter().flatten().collect()
}

fn mine_shown(v: &View, tenant: TenantId, one: store::Mine) -> MineShown {
    let place = v.pick(&one.place.0, &one.place.1);
    let category = v.pick(&one.category.0, &one.category.1);
    let (label, href) = match &one.code {
        Some(code) => (code.clone(), format!("/say/requests/{code}")),
        None if category.is_empty() => (place.to_owned(), format!("/say/requests?{}", one.what)),
        None => (format!("{place} · {category}"), format!("/say/requests?{}", one.what)),
    };
    MineShown { id: one.id, tenant, label, href, pace: v.t(&format!("follow-{}", one.pace)).to_string() }
}

/// `POST /say/follow`.
pub async fn add(visit: Visit, form: Form) -> Answer {
    let text = |name: &str| form.text(name).to_owned();
    let query = ScopeQuery {
        compound: text("compound"),
        building: text("building"),
        category: text("category"),
        case: text("case"),
    };
    let scope = Scope::of(&visit.app.db, &query).await?;
    let wrong = match try_add(&visit, &form, &scope).await {
        Ok(to) => return Ok(see_other(&to)),
        Err(error) => Wrong::of(visit.call.lang, error)?,
    };
    let mut again = follow_page(&visit, &query).await?;
    again.wrong = wrong;
    again.mail = text("mail");
    again.daily = form.text("pace") != Pace::Instant.name();
    page_again(&again)
}

async fn try_add(visit: &Visit, form: &Form, scope: &Scope) -> Result<String> {
    let pace = Pace::parse(form.text("pace")).ok_or(Error::invalid("pace", "follow/pace"))?;
    let person = policy::person(&visit.actor, scope.tenant);
    let who = match person {
        Some(person) => Who::Person(person),
        None => Who::Mail(mail(form.text("mail"))?),
    };
    if person.is_none() {
        // Each may send a letter to somebody who never asked for one.
        visit.app.limits.check(kit::web::limits::Knock::Code, &visit.call.address.to_string())?;
        letter::base(&visit.app).ok_or(Error::conflict("follow/no-letters"))?;
    }
    let v = visit.view("follow-title");
    let wish = &Wish { what: What::of(scope), label: scope.label(&v), who, pace, lang: visit.call.lang };
    let to = format!("/say/follow?{}&done={}", scope.query(), if person.is_some() { "1" } else { "asked" });
    let (app, to) = (&visit.app, &to);
    keys::once(app, &visit.context(scope.tenant, None), scope.tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            actions::add(tx, app, wish).await?;
            Ok(to.clone())
        })
    })
    .await
}

/// `POST /say/follow/end`: one's own, from the list.
pub async fn end(visit: Visit, form: Form) -> Answer {
    let id = |name: &'static str| form.text(name).parse::<kit::Uuid>().map_err(|_| Error::NotFound);
    let ids = (TenantId(id("tenant")?), SubscriptionId(id("id")?));
    let actor = &visit.actor;
    let to = keys::once(&visit.app, &visit.context(ids.0, None), ids.0.0, &form.key, &|tx| {
        Box::pin(async move {
            policy::end(actor, &actions::own(tx, ids).await?)?;
            actions::end(tx, ids).await?;
            Ok("/say/follow?done=ended".to_owned())
        })
    })
    .await?;
    Ok(see_other(&to))
}

/// `GET /say/follow/confirm/{token}`: asks; mail programs that look at every link say nothing by it.
pub async fn ask_confirm(visit: Visit, Path(token): Path<String>) -> Answer {
    let (tenant, id) = token::read(&visit.app.secrets, For::Confirm, &token)?;
    let one = store::look(&visit.app.db, tenant, id).await?.ok_or(Error::NotFound)?;
    let v = visit.view("follow-confirm-title");
    let open = one.confirmed.is_none();
    page(&AskPage {
        text: v.t(if open { "follow-confirm-text" } else { "follow-confirmed" }).to_string(),
        action: open.then(|| format!("/say/follow/confirm/{token}")),
        button: v.t("follow-confirm-send").to_string(),
        v,
    })
}

/// `POST /say/follow/confirm/{token}`.
pub async fn confirm(visit: Visit, Path(token): Path<String>, form: Form) -> Answer {
    let ids = token::read(&visit.app.secrets, For::Confirm, &token)?;
    let to = &format!("/say/follow/confirm/{token}");
    let to = keys::once(&visit.app, &visit.app.context(), ids.0.0, &form.key, &|tx| {
        Box::pin(async move {
            actions::own(tx, ids).await?;
            actions::confirm(tx, ids).await?;
            Ok(to.clone())
        })
    })
    .await?;
    Ok(see_other(&to))
}

/// `GET /say/follow/stop/{token}`: a button; looking at it stops nothing.
pub async fn ask_stop(visit: Visit, Path(token): Path<String>) -> Answer {
    let (tenant, id) = token::read(&visit.app.secrets, For::Stop, &token)?;
    let open = store::look(&visit.app.db, tenant, id).await?.is_some();
    page(&stop_page(&visit, open.then_some(&token)))
}

/// `POST /say/follow/stop/{token}`: one click, from our page or from a mail program (RFC 8058), which has neither a
/// cookie nor a token of a form: the address in the letter is the proof. Stopping twice is stopping once.
pub async fn stop(visit: Visit, State(app): State<App>, Path(token): Path<String>) -> Answer {
    app.limits.check(kit::web::limits::Knock::Deed, &visit.call.address.to_string())?;
    let ids = token::read(&app.secrets, For::Stop, &token)?;
    app.db.transact(&app.context(), |tx| Box::pin(async move { actions::end(tx, ids).await })).await?;
    page(&stop_page(&visit, None))
}

fn stop_page(visit: &Visit, token: Option<&String>) -> AskPage {
    let v = visit.view("follow-stop-title");
    AskPage {
        text: v.t(if token.is_some() { "follow-stop-text" } else { "follow-stopped" }).to_string(),
        action: token.map(|token| format!("/say/follow/stop/{token}")),
        button: v.t("follow-stop-send").to_string(),
        v,
    }
}
