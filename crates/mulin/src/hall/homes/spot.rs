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
    let (entrance, room) = (figures(&bare(entrance)), bare(room));
    let long = |step: &str| step.chars().count() > STEP_CHARACTERS_MAX || step.contains('/');
    problems.when(building.is_empty(), "building", "homes/building");
    problems.when(long(&entrance), "entrance", "homes/entrance");
    problems.when(room.is_empty() || long(&room), "room", "homes/room");
    problems.none()?;
    let path = match entrance.is_empty() {
        true => format!("{building}/{room}"),
        false => format!("{building}/{entrance}/{room}"),
    };
    let unknown = Error::invalid("room", "homes/unknown");
    if let Some(home) = places::by_path(db, tenant, &path).await?.filter(|place| place.kind == PlaceKind::Home) {
        return Ok(home);
    }
    let Some(house) = places::by_path(db, tenant, building).await?.filter(|place| place.kind == PlaceKind::Building)
    else {
        return Err(unknown);
    };
    let mut entrances = places::below(db, tenant, house.id).await?;
    entrances.retain(|place| place.kind == PlaceKind::Entrance);
    match (entrance.is_empty(), entrances.as_slice()) {
        // Who lives behind the only entrance need not know its number.
        (true, [only]) => {
            let home = places::by_path(db, tenant, &format!("{}/{room}", only.path)).await?;
            home.filter(|place| place.kind == PlaceKind::Home).ok_or(unknown)
        }
        (true, [_, _, ..]) => Err(Error::invalid("entrance", "homes/entrance-needed")),
        (false, all) if !all.is_empty() && !all.iter().any(|one| one.path == format!("{building}/{entrance}")) => {
            Err(Error::invalid("entrance", "homes/entrance-unknown"))
        }
        _ => Err(unknown),
    }
}

/// What stands on a door without the word for what it is: `1` for 1单元 and 第1单元, `301` for 301室, whatever keyboard typed it.
fn bare(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    };
    let plain: String = text.chars().map(narrow).collect();
    plain.trim().trim_start_matches('第').trim_end_matches(['单', '元', '门', '号', '室', '户']).trim().to_lowercase()
}

/// `12` for 十二; anything else as it is.
pub(super) fn figures(text: &str) -> String {
    let digit = |c: char| "零一二三四五六七八九".chars().position(|one| one == c);
    let read = |text: &str, none: usize| match text.chars().collect::<Vec<_>>().as_slice() {
        [] => Some(none),
        [one] => digit(*one),
        _ => None,
    };
    let number = match text.split_once('十') {
        Some((tens, ones)) => read(tens, 1).zip(read(ones, 0)).map(|(tens, ones)| tens * 10 + ones),
        None if text.is_empty() => None,
        None => read(text, 0),
    };
    number.map_or_else(|| text.to_owned(), |number| number.to_string())
}
