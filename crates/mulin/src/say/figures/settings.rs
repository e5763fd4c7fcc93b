//! How a community works its rates out: set by its staff, printed for everybody, written down in the book.

use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use commons::figures::settings::NAMES;
use commons::figures::{Settings, store};
use commons::people::Office;
use commons::place::{Tenant, TenantId, store as places};
use kit::book::Activity;
use kit::db::Tx;
use kit::web::Path;
use kit::web::answer::{Answer, see_other};
use kit::web::keys::RequestKey;
use kit::web::{Form, keys};
use kit::{Error, Result};
use serde_json::json;

/// The staff of a community set how its rates are worked out; those of a subdistrict for the sum of theirs.
pub fn may_set(visit: &Visit, tenant: TenantId) -> Result<Office> {
    let offices = [Office::Community, Office::Subdistrict];
    let mandate = visit.actor.in_tenant(tenant).find(|mandate| offices.contains(&mandate.office));
    mandate.map(|mandate| mandate.office).ok_or(Error::denied("figures/settings-not-staff"))
}

/// `GET /say/figures/settings/{code}`.
#[derive(Template)]
#[template(path = "say/figures/templates/settings.html")]
pub struct SettingsPage {
    pub v: View,
    pub wrong: Wrong,
    pub code: String,
    pub place: String,
    /// Name, label and value of each field, in the order of the settings.
    pub fields: Vec<(&'static str, String, String)>,
}

/// The fields of the form, in the order of [`Settings::numbers`].
pub const FIELDS: [&str; 6] = ["fair", "response", "solving", "satisfaction", "month_day", "few"];

impl SettingsPage {
    pub fn of(v: View, tenant: &Tenant, values: [String; 6]) -> SettingsPage {
        let place = v.pick(&tenant.name, &tenant.name_en).to_owned();
        let label = |name: &str| name.replace('/', "-");
        let fields = FIELDS.iter().zip(NAMES).zip(values).map(|((field, name), value)| (*field, label(name), value));
        let fields = fields.collect();
        SettingsPage { v, wrong: Wrong::default(), code: tenant.code.clone(), place, fields }
    }
}

/// The community or subdistrict behind a code, for those who set how its rates are worked out.
pub async fn tenant(visit: &Visit, code: &str) -> Result<Tenant> {
    visit.call.account()?;
    let found = places::tenants(&visit.app.db).await?.into_iter().find(|tenant| tenant.code == code);
    let found = found.ok_or(Error::NotFound)?;
    may_set(visit, found.id)?;
    Ok(found)
}

pub async fn show(visit: Visit, Path(code): Path<String>) -> Answer {
    let tenant = tenant(&visit, &code).await?;
    let settings = store::settings(&visit.app.db, tenant.id).await?;
    page(&SettingsPage::of(visit.view("figures-settings"), &tenant, settings.numbers().map(|n| n.to_string())))
}

/// `POST /say/figures/settings/{code}`.
pub async fn set(visit: Visit, Path(code): Path<String>, form: Form) -> Answer {
    let tenant = tenant(&visit, &code).await?;
    let values = FIELDS.map(|field| form.text(field).to_owned());
    let wrong = match try_set(&visit, &tenant, &form, &values).await {
        Ok(to) => return Ok(see_other(&to)),
        Err(error) => Wrong::of(visit.call.lang, error)?,
    };
    let mut again = SettingsPage::of(visit.view("figures-settings"), &tenant, values);
    again.wrong = wrong;
    page_again(&again)
}

async fn try_set(visit: &Visit, tenant: &Tenant, form: &Form, values: &[String; 6]) -> Result<String> {
    set_once(visit, tenant, &read(values)?, &form.key).await?;
    Ok(format!("/say/figures/{}", tenant.code))
}

/// Sets them, once.
pub async fn set_once(visit: &Visit, tenant: &Tenant, settings: &Settings, key: &RequestKey) -> Result<()> {
    let (id, office) = (tenant.id, may_set(visit, tenant.id)?);
    let context = visit.context(id, Some(office));
    keys::once(&visit.app, &context, id.0, key, &|tx| {
        Box::pin(async move {
            change(tx, id, settings).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// # Errors
/// [`Error::Invalid`] naming the field.
pub fn read(values: &[String; 6]) -> Result<Settings> {
    let mut n = [0; 6];
    for ((to, field), value) in n.iter_mut().zip(FIELDS).zip(values) {
        *to = value.trim().parse().map_err(|_| Error::invalid(field, "figures/setting-range"))?;
    }
    let [fair, response, solving, satisfaction, month_day, few] = n;
    Settings { fair, weights: [response, solving, satisfaction], month_day, few }.checked()
}

async fn change(tx: &mut Tx<'_>, tenant: TenantId, settings: &Settings) -> Result<()> {
    let before = store::settings_in(tx, tenant).await?;
    store::set(tx, tenant, settings).await?;
    let facts = json!({ "before": before.numbers(), "after": settings.numbers() });
    tx.record(Activity::of(tenant, "figures/set", "tenant", tenant).with(facts)).await.map(drop)
}
