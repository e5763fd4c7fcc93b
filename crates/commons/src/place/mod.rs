//! Places: one tree inside a tenant, community → compound → building → entrance → home, with facilities anywhere below.
//!
//! Each row knows the compound, building, entrance and grid it lies in, so "is this below that" needs no walk up the tree.

pub mod pattern;
pub mod sheet;
pub mod store;
#[cfg(test)]
mod tests;

use kit::db::Row;
use kit::{Result, id, names};

id!(TenantId, PlaceId);

names! {
    /// The levels of the tree, and facilities beside them.
    PlaceKind {
        Subdistrict = "subdistrict",
        Community = "community",
        Compound = "compound",
        Building = "building",
        Entrance = "entrance",
        Home = "home",
        Facility = "facility",
        /// A part of a community's homes, looked after by one grid worker.
        Grid = "grid",
    }
    TenantKind {
        Subdistrict = "subdistrict",
        Community = "community",
    }
}

/// A community, or the subdistrict above some.
#[derive(Clone, Debug)]
pub struct Tenant {
    pub id: TenantId,
    pub parent: Option<TenantId>,
    pub kind: TenantKind,
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// IANA name of the zone in which its days begin.
    pub zone: String,
}

/// One node of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub tenant: TenantId,
    pub id: PlaceId,
    pub parent: Option<PlaceId>,
    pub kind: PlaceKind,
    /// Unique in the tenant and stable over imports, e.g. `shiliu/3/2/301`.
    pub path: String,
    pub name: String,
    pub name_en: String,
    /// The name with those above it up to the compound, e.g. `石榴园 3号楼 2单元`.
    pub label: String,
    pub label_en: String,
    pub compound: Option<PlaceId>,
    pub building: Option<PlaceId>,
    pub entrance: Option<PlaceId>,
    pub grid: Option<PlaceId>,
    pub facility_kind: Option<String>,
    pub floor: Option<i64>,
    /// In 0.01 m².
    pub area: Option<i64>,
    pub ground: Ground,
    pub sort: i64,
}

/// Where a place lies: millimetres east and north of the tenant's origin, and degrees for the map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    pub x_mm: Option<i64>,
    pub y_mm: Option<i64>,
    /// In 1e-7 degrees, WGS 84.
    pub lat_e7: Option<i64>,
    pub lon_e7: Option<i64>,
    /// A JSON ring `[[x_mm, y_mm], …]`.
    pub footprint: Option<String>,
}

impl Place {
    /// Whether `other` is this place or lies in it.
    pub fn holds(&self, other: &Place) -> bool {
        if self.tenant != other.tenant {
            return false;
        }
        self.id == other.id
            || match self.kind {
                PlaceKind::Subdistrict | PlaceKind::Community => true,
                PlaceKind::Compound => other.compound == Some(self.id),
                PlaceKind::Building => other.building == Some(self.id),
                PlaceKind::Entrance => other.entrance == Some(self.id),
                PlaceKind::Grid => other.grid == Some(self.id),
                PlaceKind::Home | PlaceKind::Facility => false,
            }
    }

    /// The home itself when this is one.
    pub fn home(&self) -> Option<PlaceId> {
        (self.kind == PlaceKind::Home).then_some(self.id)
    }

    pub(crate) fn read(row: &Row) -> Result<Place> {
        Ok(Place {
            tenant: row.get("tenant")?,
            id: row.get("id")?,
            parent: row.get("parent")?,
            kind: row.get("kind")?,
            path: row.get("path")?,
            name: row.get("name")?,
            name_en: row.get("name_en")?,
            label: row.get("label")?,
            label_en: row.get("label_en")?,
            compound: row.get("compound")?,
            building: row.get("building")?,
            entrance: row.get("entrance")?,
            grid: row.get("grid")?,
            facility_kind: row.get("facility_kind")?,
            floor: row.get("floor")?,
            area: row.get("area")?,
            ground: Ground {
                x_mm: row.get("x_mm")?,
                y_mm: row.get("y_mm")?,
                lat_e7: row.get("lat_e7")?,
                lon_e7: row.get("lon_e7")?,
                footprint: row.get("footprint")?,
            },
            sort: row.get("sort")?,
        })
    }
}

/// A street, lane or path.
#[derive(Clone, Debug)]
pub struct Street {
    /// `road`, `lane` or `path`.
    pub kind: String,
    pub name: String,
    pub name_en: String,
    pub width_mm: i64,
    /// In millimetres east and north of the tenant's origin.
    pub points: Vec<(i64, i64)>,
}

/// A place to be added below `parent`; what can be told from the parent is.
#[derive(Clone, Debug)]
pub struct NewPlace {
    pub kind: PlaceKind,
    /// The last step of the path, e.g. `301`.
    pub step: String,
    pub name: String,
    pub name_en: String,
    pub grid: Option<PlaceId>,
    pub facility_kind: Option<String>,
    pub floor: Option<i64>,
    pub area: Option<i64>,
    pub ground: Ground,
    pub sort: i64,
}

impl NewPlace {
    pub fn new(kind: PlaceKind, step: impl Into<String>, name: impl Into<String>, name_en: impl Into<String>) -> Self {
        NewPlace {
            kind,
            step: step.into(),
            name: name.into(),
            name_en: name_en.into(),
            grid: None,
            facility_kind: None,
            floor: None,
            area: None,
            ground: Ground::default(),
            sort: 0,
        }
    }

    /// The row below `parent` (or a tenant's root without one).
    pub fn below(self, id: PlaceId, tenant: TenantId, parent: Option<&Place>) -> Place {
        let inside = |kind: PlaceKind, above: Option<PlaceId>| if self.kind == kind { Some(id) } else { above };
        let within_compound = parent.is_some_and(|parent| parent.compound.is_some());
        let joined = |above: Option<&str>, own: &str, gap: &str| match above {
            Some(above) if within_compound => format!("{above}{gap}{own}"),
            _ => own.to_owned(),
        };
        let path = match parent {
            Some(parent) if within_compound || self.kind == PlaceKind::Facility || self.kind == PlaceKind::Grid => {
                format!("{}/{}", parent.path, self.step)
            }
            _ => self.step.clone(),
        };
        Place {
            tenant,
            id,
            parent: parent.map(|parent| parent.id),
            kind: self.kind,
            path,
            label: joined(parent.map(|p| p.label.as_str()), &self.name, " "),
            label_en: joined(parent.map(|p| p.label_en.as_str()), &self.name_en, ", "),
            name: self.name,
            name_en: self.name_en,
            compound: inside(PlaceKind::Compound, parent.and_then(|p| p.compound)),
            building: inside(PlaceKind::Building, parent.and_then(|p| p.building)),
            entrance: inside(PlaceKind::Entrance, parent.and_then(|p| p.entrance)),
            grid: inside(PlaceKind::Grid, self.grid.or(parent.and_then(|p| p.grid))),
            facility_kind: self.facility_kind,
            floor: self.floor,
            area: self.area,
            ground: self.ground,
            sort: self.sort,
        }
    }
}
