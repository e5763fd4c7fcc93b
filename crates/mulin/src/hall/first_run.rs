//! The first page of an empty house: with the code from the console, a community, its first compound and its first person.

use super::account::enter_to;
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use commons::case;
use commons::people::store::{self as people, NewMandate};
use commons::people::{AccountId, Office, Source, login};
use commons::place::pattern::{self, Pattern};
use commons::place::{NewPlace, PlaceKind, Tenant, TenantId, TenantKind, store as places};
use kit::db::Tx;
use kit::secrets::normal_code;
use kit::web::answer::Answer;
use kit::web::form::Problems;
use kit::web::limits::Knock;
use kit::web::{App, Form, keys};
use kit::{Error, Result, Uuid, password};

/// `GET /first-run`.
#[derive(Template)]
#[template(path = "hall/templates/first_run.html")]
pub struct FirstRunPage {
    pub v: View,
    pub wrong: Wrong,
    /// From the console, as it was typed.
    pub code: String,
    pub community: String,
    pub compound: String,
    pub compound_code: String,
    pub name: String,
    pub login: String,
    /// What was typed of the buildings, in the order of [`Pattern::FIELDS`].
    pub pattern: Vec<String>,
}

impl FirstRunPage {
    /// What was typed into a field of the buildings.
    pub fn typed(&self, name: &str) -> &str {
        let at = Pattern::FIELDS.iter().position(|field| *field == name);
        at.and_then(|at| self.pattern.get(at)).map_or("", String::as_str)
    }
}

pub async fn ask(visit: Visit) -> Answer {
    guarded(&visit.app).await?;
    page(&FirstRunPage {
        v: visit.view("first-run-title"),
        wrong: Wrong::default(),
        code: String::new(),
        community: String::new(),
        compound: String::new(),
        compound_code: String::new(),
        name: String::new(),
        login: String::new(),
        pattern: Pattern::FIELDS.iter().map(|field| Pattern::usual(field).to_owned()).collect(),
    })
}

/// Open only while nobody can sign in; afterwards the page does not exist.
async fn guarded(app: &App) -> Result<&str> {
    if app.config.demo || people::any_account(&app.db).await? {
        return Err(Error::NotFound);
    }
    app.config.first_code.as_deref().ok_or(Error::NotFound)
}

struct SetUp {
    community: String,
    compound: String,
    compound_code: String,
    name: String,
    login: String,
    phc: String,
    pattern: Pattern,
}

/// `POST /first-run`.
pub async fn set_up(visit: Visit, form: Form) -> Answer {
    visit.app.limits.check(Knock::Code, &visit.call.address.to_string())?;
    let code = guarded(&visit.app).await;
    // What comes next stands on the page of the new compound.
    let to = format!("/office/compounds/{}", form.text("compound_code"));
    if let Some(account) = keys::answered(&visit.app, NOBODYS, &form.key).await? {
        return enter_to(&visit, account_of(&account)?, &to).await;
    }
    let wrong = match try_set_up(&visit.app, code?, &form).await {
        Ok(account) => return enter_to(&visit, account, &to).await,
        Err(error) => Wrong::of(visit.call.lang, error)?,
    };
    let text = |field: &str| form.text(field).to_owned();
    page_again(&FirstRunPage {
        v: visit.view("first-run-title"),
        wrong,
        code: text("code"),
        community: text("community"),
        compound: text("compound"),
        compound_code: text("compound_code"),
        name: text("name"),
        login: text("login"),
        pattern: Pattern::FIELDS.iter().map(|field| text(field)).collect(),
    })
}

async fn try_set_up(app: &App, code: &str, form: &Form) -> Result<AccountId> {
    let mut problems = Problems::default();
    let right = normal_code(form.text("code")).is_some_and(|typed| typed == code);
    problems.when(!right, "code", "first-run/code");
    for field in ["community", "compound", "name"] {
        problems.when(form.text(field).is_empty() || form.text(field).chars().count() > 60, field, "first-run/name");
    }
    let compound_code = form.text("compound_code");
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let fits = (2..=20).contains(&compound_code.len()) && compound_code.bytes().all(plain);
    problems.when(!fits, "compound_code", "first-run/compound-code");
    let login = login::typed(form.text("login"));
    if let Some(fault) = login::fault(&login) {
        problems.add("login", fault);
    }
    let (pattern, wrong) = Pattern::read(&|name| form.text(name).to_owned(), false);
    wrong.iter().for_each(|one| problems.add(one.field, one.reason.0));
    problems.none()?;
    let about = [login.as_str(), form.text("name"), form.text("community"), form.text("compound"), compound_code];
    let phc = password::hash(form.text("password"), &about).await?;
    let set_up = SetUp {
        community: form.text("community").into(),
        compound: form.text("compound").into(),
        compound_code: compound_code.into(),
        name: form.text("name").into(),
        login,
        phc,
        pattern,
    };
    let set_up = &set_up;
    let account = keys::once(app, &app.context(), NOBODYS, &form.key, &|tx| {
        Box::pin(async move { Ok(build(tx, set_up).await?.to_string()) })
    })
    .await?;
    account_of(&account)
}

/// Keys of those who belong to no community yet.
pub const NOBODYS: Uuid = Uuid::nil();

/// The account that a key's answer names: sent again, a form lets in whom it let in before.
pub fn account_of(answer: &str) -> Result<AccountId> {
    answer.parse().map_err(Error::internal)
}

/// Everything at once, or nothing: two tabs cannot both be first.
async fn build(tx: &mut Tx<'_>, set_up: &SetUp) -> Result<AccountId> {
    if people::any_account_in(tx).await? {
        return Err(Error::NotFound);
    }
    let tenant = Tenant {
        id: tx.id::<TenantId>(),
        parent: None,
        kind: TenantKind::Community,
        code: format!("c-{}", set_up.compound_code),
        name: set_up.community.clone(),
        name_en: String::new(),
        zone: "Asia/Shanghai".into(),
    };
    places::add_tenant(tx, &tenant).await?;
    let root = NewPlace::new(PlaceKind::Community, "community", &set_up.community, "");
    let root = places::add(tx, tenant.id, None, root).await?;
    let compound = NewPlace::new(PlaceKind::Compound, &set_up.compound_code, &set_up.compound, "");
    let compound = places::add_compound(tx, tenant.id, &root, compound).await?;
    pattern::raise(tx, &compound, &set_up.pattern).await?;
    for category in case::starting_categories() {
        case::store::add_category(tx, tenant.id, &category).await?;
    }
    for field in case::fields::starting_fields() {
        case::store::put_field(tx, tenant.id, &field).await?;
    }
    for reply in case::replies::STARTING {
        case::replies::add(tx, tenant.id, root.id, *reply).await?;
    }
    let account = people::add_account(tx, &set_up.login, Some(&set_up.phc)).await?;
    let account = account.ok_or(Error::conflict("first-run/login-taken"))?;
    let person = people::add_person(tx, tenant.id, Some(account), &set_up.name, "").await?;
    for office in [Office::Operator, Office::Community] {
        let mandate = NewMandate {
            person,
            office,
            place: root.id,
            organisation: None,
            source: Source::FirstRun,
            starts: tx.now(),
            ends: None,
        };
        people::add_mandate(tx, tenant.id, &mandate).await?;
    }
    Ok(account)
}
