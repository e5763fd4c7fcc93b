//! What `mulin export` and `mulin import` share: the community they are about, and its places. Requests are in [`super::records`].

use commons::case;
use commons::place::{NewPlace, PlaceKind, Tenant, TenantKind, store as places};
use commons::sheet::Format;
use kit::web::App;
use kit::{Error, Result};

/// The tenant with this code; the only one when none is named.
///
/// # Errors
/// When there is none, or several and none was named.
pub async fn tenant(app: &App, code: Option<&str>) -> Result<Tenant> {
    let all = places::tenants(&app.db).await?;
    let names: Vec<String> = all.iter().map(|tenant| tenant.code.clone()).collect();
    let wrong = |why: &str| Error::Unavailable(format!("{why}; there are: {}", names.join(", ")));
    let found = match code {
        Some(code) => all.into_iter().find(|tenant| tenant.code == code),
        None if all.len() == 1 => all.into_iter().next(),
        None => return Err(wrong("name a community with --tenant")),
    };
    found.ok_or_else(|| wrong("no such community"))
}

/// The places of a tenant as a sheet that can be imported again.
pub async fn places_sheet(app: &App, tenant: &Tenant, format: Format) -> Result<Vec<u8>> {
    let mut tree = places::all(&app.db, tenant.id).await?;
    // Two databases have two ideas of the order of paths.
    tree.sort_by(|one, other| one.path.cmp(&other.path));
    commons::place::sheet::write(&tree, format)
}

/// Makes a community with nothing in it but what every new one has, unless it is there.
///
/// # Errors
/// When it cannot be written.
pub async fn new_community(app: &App, code: &str, name: &str) -> Result<Tenant> {
    if let Some(tenant) = places::tenants(&app.db).await?.into_iter().find(|tenant| tenant.code == code) {
        return Ok(tenant);
    }
    app.db
        .transact(&app.context(), |tx| {
            Box::pin(async move {
                let tenant = Tenant {
                    id: tx.id(),
                    parent: None,
                    kind: TenantKind::Community,
                    code: code.to_owned(),
                    name: name.to_owned(),
                    name_en: name.to_owned(),
                    zone: "Asia/Shanghai".into(),
                };
                places::add_tenant(tx, &tenant).await?;
                places::add(tx, tenant.id, None, NewPlace::new(PlaceKind::Community, "community", name, name)).await?;
                for category in case::starting_categories() {
                    case::store::add_category(tx, tenant.id, &category).await?;
                }
                for field in case::fields::starting_fields() {
                    case::store::put_field(tx, tenant.id, &field).await?;
                }
                Ok(tenant)
            })
        })
        .await
}
