//! Tenants, places and streets of the demo.

use super::ground::{self, COMMUNITIES, House, Plan};
use commons::case;
use commons::case::fields::{Choice, Field, FieldKind};
use commons::place::{Ground, NewPlace, Place, PlaceId, PlaceKind, Tenant, TenantId, TenantKind, store};
use kit::Result;
use kit::db::Tx;
use kit::web::App;

/// A community as it stands in the database.
#[derive(Clone, Debug)]
pub struct Community {
    pub tenant: TenantId,
    pub root: Place,
    pub compounds: Vec<Compound>,
}

#[derive(Clone, Debug)]
pub struct Compound {
    pub code: &'static str,
    pub place: Place,
    pub grid: PlaceId,
    pub buildings: Vec<Building>,
    pub facilities: Vec<Place>,
    pub gated: bool,
}

#[derive(Clone, Debug)]
pub struct Building {
    pub place: Place,
    pub entrances: Vec<Place>,
    pub homes: Vec<Place>,
}

#[derive(Clone, Debug)]
pub struct Town {
    pub subdistrict: TenantId,
    pub subdistrict_root: Place,
    pub communities: Vec<Community>,
}

/// Degrees of the communities' origins, in 1e-7: a plain somewhere in the lower Yangtze.
const ORIGINS: [(i64, i64); 2] = [(312_600_000, 1_206_100_000), (312_660_000, 1_206_180_000)];
/// A millimetre north and east in 1e-7 degrees there, times a thousand.
const NORTH_PER_M: i64 = 90;
const EAST_PER_M: i64 = 105;

pub async fn pour(app: &App) -> Result<Town> {
    let context = app.context();
    app.db.transact(&context, |tx| Box::pin(async move { build(tx).await })).await
}

async fn build(tx: &mut Tx<'_>) -> Result<Town> {
    let subdistrict = tenant(tx, None, TenantKind::Subdistrict, "liuxiang", "榴香街道", "Liuxiang Subdistrict").await?;
    let new = NewPlace::new(PlaceKind::Subdistrict, "subdistrict", "榴香街道", "Liuxiang Subdistrict");
    let subdistrict_root = store::add(tx, subdistrict, None, new).await?;
    let mut communities = Vec::new();
    for ((code, name, name_en, plans), origin) in COMMUNITIES.iter().zip(ORIGINS) {
        let id = tenant(tx, Some(subdistrict), TenantKind::Community, code, name, name_en).await?;
        let root = store::add(tx, id, None, NewPlace::new(PlaceKind::Community, "community", *name, *name_en)).await?;
        for category in case::starting_categories() {
            case::store::add_category(tx, id, &category).await?;
        }
        for field in case::fields::starting_fields() {
            case::store::put_field(tx, id, &field).await?;
        }
        case::store::put_field(tx, id, &lead()).await?;
        for reply in case::replies::STARTING {
            case::replies::add(tx, id, root.id, *reply).await?;
        }
        let mut compounds = Vec::new();
        for (at, plan) in plans.iter().enumerate() {
            compounds.push(compound(tx, id, &root, plan, at, origin).await?);
        }
        communities.push(Community { tenant: id, root, compounds });
    }
    Ok(Town { subdistrict, subdistrict_root, communities })
}

/// A question that must be answered, so that programs can see what happens when it is not. The starting categories have none.
fn lead() -> Field {
    let choice = |name: &str, name_en: &str| Choice { name: name.into(), name_en: name_en.into() };
    Field {
        category: "dogs".into(),
        code: "lead".into(),
        name: "牵绳了吗".into(),
        name_en: "Was it on a lead".into(),
        hint: "没看清就选没看清。".into(),
        hint_en: "Say so where you could not see.".into(),
        kind: FieldKind::One,
        required: true,
        options: vec![choice("牵着", "Yes"), choice("没牵", "No"), choice("没看清", "Could not see")],
        sort: 1,
    }
}

async fn tenant(
    tx: &mut Tx<'_>,
    parent: Option<TenantId>,
    kind: TenantKind,
    code: &str,
    name: &str,
    name_en: &str,
) -> Result<TenantId> {
    let tenant = Tenant {
        id: tx.id(),
        parent,
        kind,
        code: code.into(),
        name: name.into(),
        name_en: name_en.into(),
        zone: "Asia/Shanghai".into(),
    };
    store::add_tenant(tx, &tenant).await?;
    Ok(tenant.id)
}

fn lies(at: (i64, i64), ring: Option<Vec<(i64, i64)>>, origin: (i64, i64)) -> Ground {
    Ground {
        x_mm: Some(at.0),
        y_mm: Some(at.1),
        lat_e7: Some(origin.0 + at.1 * NORTH_PER_M / 1_000),
        lon_e7: Some(origin.1 + at.0 * EAST_PER_M / 1_000),
        footprint: ring.map(|ring| serde_json::json!(ring).to_string()),
    }
}

async fn compound(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    root: &Place,
    plan: &Plan,
    at: usize,
    origin: (i64, i64),
) -> Result<Compound> {
    let number = format!("grid-{:03}", at + 1);
    let grid = NewPlace::new(PlaceKind::Grid, number, format!("第{}网格", at + 1), format!("Grid {}", at + 1));
    let grid = store::add(tx, tenant, Some(root), grid).await?.id;
    let mut new = NewPlace::new(PlaceKind::Compound, plan.code, plan.name, plan.name_en);
    new.grid = Some(grid);
    new.ground = lies(plan.corner, Some(ground::ring(plan.corner, plan.size)), origin);
    let place = store::add(tx, tenant, Some(root), new).await?;
    let mut facilities = Vec::new();
    for spot in ground::spots(plan) {
        let mut new = NewPlace::new(PlaceKind::Facility, spot.step, spot.name, spot.name_en);
        new.facility_kind = Some(spot.kind.to_owned());
        new.ground = lies(spot.at, None, origin);
        facilities.push(store::add(tx, tenant, Some(&place), new).await?);
    }
    let mut buildings = Vec::new();
    for house in ground::houses(plan) {
        buildings.push(building(tx, &place, plan, &house, origin).await?);
    }
    for way in ground::ways(plan, ("榴香路", "Liuxiang Road")) {
        let points = serde_json::json!(way.points).to_string();
        store::add_street(tx, tenant, (way.kind, &way.name, &way.name_en), way.width, &points).await?;
    }
    let gated = plan.shape != ground::Shape::WalkUps;
    Ok(Compound { code: plan.code, place, grid, buildings, facilities, gated })
}

async fn building(
    tx: &mut Tx<'_>,
    compound: &Place,
    plan: &Plan,
    house: &House,
    origin: (i64, i64),
) -> Result<Building> {
    let tenant = compound.tenant;
    let n = house.number;
    let mut new = NewPlace::new(PlaceKind::Building, n.to_string(), format!("{n}号楼"), format!("Building {n}"));
    new.sort = n;
    new.floor = Some(house.floors);
    new.ground = lies(house.at, Some(ground::ring(house.at, house.size)), origin);
    let place = store::add(tx, tenant, Some(compound), new).await?;
    let (mut entrances, mut homes) = (Vec::new(), Vec::new());
    for (at, door) in house.entrances.iter().enumerate() {
        let n = at as i64 + 1;
        let mut new = NewPlace::new(PlaceKind::Entrance, n.to_string(), format!("{n}单元"), format!("Entrance {n}"));
        new.sort = n;
        new.ground = lies(*door, None, origin);
        let entrance = store::add(tx, tenant, Some(&place), new).await?;
        for floor in 1..=house.floors {
            for home in 1..=plan.homes {
                let number = format!("{floor}{home:02}");
                let mut new = NewPlace::new(PlaceKind::Home, &number, &number, &number);
                new.floor = Some(floor);
                // Between 54 and 118 m², by where on the floor it lies.
                new.area = Some(5_400 + (home * 1_730 + n * 610) % 6_400);
                new.sort = floor * 100 + home;
                homes.push(store::add(tx, tenant, Some(&entrance), new).await?);
            }
        }
        entrances.push(entrance);
    }
    if plan.lifts {
        let mut new = NewPlace::new(PlaceKind::Facility, "lift", "电梯", "Lift");
        new.facility_kind = Some("lift".into());
        new.ground = lies(house.at, None, origin);
        store::add(tx, tenant, Some(&place), new).await?;
    }
    Ok(Building { place, entrances, homes })
}
