//! The register for votes: units with their exclusive area, and their owners as they stand in the land register.
//!
//! It knows no account, no person and no telephone: an owner whom nobody can reach is in it like any other.

pub mod sheet;
pub mod store;
#[cfg(test)]
mod tests;

use crate::people::household::Share;
use crate::place::PlaceId;
use kit::secrets::Secrets;
use kit::{Error, Result, id, names};
use std::collections::HashSet;

id!(UnitId);

const CODE_CHARACTERS_MAX: usize = 60;
const NAME_CHARACTERS_MAX: usize = 60;
const MARK_CHARACTERS_MAX: usize = 20;
/// So many owners can stand for one unit.
pub const OWNERS_MAX: usize = 20;
/// So many units can a compound have.
pub const UNITS_MAX: usize = 30_000;
/// A unit larger than this is a slip of the pen, in 0.01 m².
const AREA_MAX: i64 = 1_000_000 * 100;

names! {
    /// What a unit is. The names are keys of the locale files (`unit-home`).
    UnitKind {
        Home = "home",
        Shop = "shop",
        Parking = "parking",
        Other = "other",
    }
}

impl UnitKind {
    /// As it stands in a sheet.
    pub fn zh(self) -> &'static str {
        match self {
            UnitKind::Home => "住宅",
            UnitKind::Shop => "商铺",
            UnitKind::Parking => "车位",
            UnitKind::Other => "其他",
        }
    }

    /// Either name of it; a home where nothing is said.
    pub fn read(text: &str) -> Option<UnitKind> {
        match text {
            "" => Some(UnitKind::Home),
            text => UnitKind::parse(text).or_else(|| UnitKind::ALL.iter().copied().find(|kind| kind.zh() == text)),
        }
    }
}

/// An owner as the land register calls them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    pub name: String,
    /// Tells two of the same name apart: a number in the committee's own list, never one of an identity card.
    pub mark: String,
    /// None where they own it jointly without parts.
    pub share: Option<Share>,
}

impl Owner {
    /// # Errors
    /// The reason why it cannot stand so.
    pub fn check(&self) -> std::result::Result<(), &'static str> {
        let odd = |text: &str| text.chars().any(char::is_control);
        if self.name.is_empty() || self.name.chars().count() > NAME_CHARACTERS_MAX || odd(&self.name) {
            return Err("register/owner-name");
        }
        let long = self.mark.chars().count() > MARK_CHARACTERS_MAX || odd(&self.mark);
        // Fifteen digits in a row are the beginning of an identity number, and have no place here.
        let digits = self.mark.chars().filter(char::is_ascii_digit).count();
        if long || digits >= 15 { Err("register/owner-mark") } else { Ok(()) }
    }

    /// By what the same owner of several units is known in a compound.
    pub fn who(&self, secrets: &Secrets, compound: PlaceId) -> [u8; 32] {
        secrets.mac("register-owner", &[compound.0.as_bytes(), self.name.as_bytes(), self.mark.as_bytes()])
    }
}

/// A unit with its owners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// As it stands in the land register, e.g. `3-2-301`; unique in the compound.
    pub code: String,
    pub kind: UnitKind,
    /// In 0.01 m².
    pub area: i64,
    pub owners: Vec<Owner>,
}

impl Unit {
    /// # Errors
    /// [`Error::Invalid`] with the field that cannot stand so.
    pub fn check(&self) -> Result<()> {
        let odd = self.code.chars().any(char::is_control);
        if self.code.is_empty() || self.code.chars().count() > CODE_CHARACTERS_MAX || odd {
            return Err(Error::invalid("code", "register/code"));
        }
        if !(1..=AREA_MAX).contains(&self.area) {
            return Err(Error::invalid("area", "register/area"));
        }
        if self.owners.is_empty() || self.owners.len() > OWNERS_MAX {
            return Err(Error::invalid("owners", "register/owners"));
        }
        for owner in &self.owners {
            owner.check().map_err(|reason| Error::invalid("owners", reason))?;
        }
        let mut seen = HashSet::new();
        if !self.owners.iter().all(|owner| seen.insert((&owner.name, &owner.mark))) {
            return Err(Error::invalid("owners", "register/owner-twice"));
        }
        let shares: Vec<Share> = self.owners.iter().filter_map(|owner| owner.share).collect();
        if Share::exceed(&shares) { Err(Error::invalid("owners", "homes/share-too-much")) } else { Ok(()) }
    }
}

/// What a compound has in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub units: i64,
    /// In 0.01 m².
    pub area: i64,
    /// Owners as they count in a vote: one for each different set of owners.
    pub heads: i64,
    pub parking_units: i64,
    pub parking_area: i64,
}

/// An area as it is written, `88.5`, exactly in 0.01 m².
pub fn area(text: &str) -> Option<i64> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || whole.len() > 7 || fraction.len() > 2 {
        return None;
    }
    let area = whole.parse::<i64>().ok()? * 100 + format!("{fraction:0<2}").parse::<i64>().ok()?;
    (1..=AREA_MAX).contains(&area).then_some(area)
}

/// The same as text: `88.50`.
pub fn area_text(area: i64) -> String {
    format!("{}.{:02}", area / 100, area % 100)
}

/// One owner a line: name, what tells them apart, share; the latter two may be left out.
///
/// # Errors
/// [`Error::Invalid`] on `owners`.
pub fn owners(text: &str) -> Result<Vec<Owner>> {
    let line = |line: &str| {
        let mut parts = line.split([',', '，', '\t', ';', '；']).map(str::trim);
        let name = parts.next().unwrap_or_default().to_owned();
        let mark = parts.next().unwrap_or_default().to_owned();
        let share = parts.next().filter(|share| !share.is_empty());
        let share = share.map(Share::parse).transpose().map_err(|_| Error::invalid("owners", "homes/share"))?;
        if parts.next().is_some() {
            return Err(Error::invalid("owners", "register/owner-line"));
        }
        Ok(Owner { name, mark, share })
    };
    text.lines().map(str::trim).filter(|text| !text.is_empty()).take(OWNERS_MAX + 1).map(line).collect()
}
