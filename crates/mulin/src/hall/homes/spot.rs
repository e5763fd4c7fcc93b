//! Which home somebody means: a building from a list, the entrance and the room as they stand on the door.

use crate::layout::View;
use commons::place::{Place, PlaceKind, TenantId, store as places};
use kit::db::Db;
use kit::web::form::Problems;
use kit::{Error, Result};

const STEP_CHARACTERS_MAX: usize = 20;

/// A choice in a list: value, name, chosen.
pub type Pick = (String, String, bool);

/// The compound that was chosen, or the only one there is, with its buildings.
pub struct Ground {
    pub compounds: Vec<Pick>,
    pub compound: String,
    pub buildings: Vec<Pick>,
}

/// What can be chosen among `compounds`.
pub async fn ground(db: &Db, v: &View, compounds: &[Place], within: &str, building: &str) -> Result<Ground> {
    let found = match compounds {
        [one] => Some(one),
        many => many.iter().find(|place| place.path == within),
    };
    let name = |place: &Place| v.pick(&place.label, &place.label_en).to_owned();
    let mut buildings = Vec::new();
    if let Some(compound) = found {
        let all = places::in_compound(db, compound.tenant, compound.id, PlaceKind::Building).await?;
        buildings = all.iter().map(|place| (place.path.clone(), name(place), place.path == building)).collect();
    }
    let here = found.map(|place| place.id);
    Ok(Ground {
        compounds: compounds.iter().map(|place| (place.path.clone(), name(place), Some(place.id) == here)).collect(),
        compound: found.map(|place| place.path.clone()).unwrap_or_default(),
        buildings,
    })
}

/// The home that was typed.
///
/// # Errors
/// [`Error::Invalid`] with the field that names none.
pub async fn find(db: &Db, tenant: TenantId, building: &str, entrance: &str, room: &str) -> Result<Place> {
    let mut problems = Problems::default();
    let bare = |text: &str| text.trim().trim_end_matches(['单', '元', '号', '室', '户']).trim().to_lowercase();
    let (entrance, room) = (bare(entrance), bare(room));
    let long = |step: &str| step.chars().count() > STEP_CHARACTERS_MAX || step.contains('/');
    problems.when(building.is_empty(), "building", "homes/building");
    problems.when(long(&entrance), "entrance", "homes/entrance");
    problems.when(room.is_empty() || long(&room), "room", "homes/room");
    problems.none()?;
    let path = match entrance.is_empty() {
        true => format!("{building}/{room}"),
        false => format!("{building}/{entrance}/{room}"),
    };
    let found = places::by_path(db, tenant, &path).await?;
    found.filter(|place| place.kind == PlaceKind::Home).ok_or(Error::invalid("room", "homes/unknown"))
}
