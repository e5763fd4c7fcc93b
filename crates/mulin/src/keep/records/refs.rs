//! What rows point at, by names that mean the same in another house: `@place:shiliu/1`, `@entry:0`, `@unit:property:石榴物业`.

use super::store;
use commons::case::CaseId;
use commons::place::{TenantId, store as places};
use kit::db::Db;
use kit::{Error, Result, Uuid};
use serde_json::Value as Json;
use std::collections::HashMap;

const PLACE: &str = "place";
const ENTRY: &str = "entry";
const HANDOVER: &str = "handover";
const UNIT: &str = "unit";

/// Places, requests and units of a community, by id and by name.
#[derive(Clone, Default)]
pub struct Refs {
    paths: HashMap<Uuid, String>,
    places: HashMap<String, Uuid>,
    codes: HashMap<Uuid, String>,
    cases: HashMap<String, Uuid>,
    unit_names: HashMap<Uuid, String>,
    units: HashMap<String, Uuid>,
}

/// The rows of one request that its book may point at, in their order.
#[derive(Clone, Default)]
pub struct Own {
    pub entries: Vec<Uuid>,
    pub handovers: Vec<Uuid>,
}

impl Refs {
    pub async fn of(db: &Db, tenant: TenantId) -> Result<Refs> {
        let mut refs = Refs::default();
        for place in places::all(db, tenant).await? {
            refs.add_place(place.id.0, &place.path);
        }
        for (id, code) in store::codes(db, tenant).await? {
            refs.add_case(id, code);
        }
        for (id, kind, name) in store::units(db, tenant).await? {
            refs.add_unit(id, &kind, &name);
        }
        Ok(refs)
    }

    pub fn add_case(&mut self, id: CaseId, code: String) {
        self.codes.insert(id.0, code.clone());
        self.cases.insert(code, id.0);
    }

    pub fn add_place(&mut self, id: Uuid, path: &str) {
        self.paths.insert(id, path.to_owned());
        self.places.insert(path.to_owned(), id);
    }

    pub fn add_unit(&mut self, id: Uuid, kind: &str, name: &str) {
        let told = format!("{kind}:{name}");
        // Two of one name are one to a reader; the first is the one that is found again.
        self.units.entry(told.clone()).or_insert(id);
        self.unit_names.insert(id, told);
    }

    pub fn path(&self, id: Uuid) -> Option<&str> {
        self.paths.get(&id).map(String::as_str)
    }

    pub fn place(&self, path: &str) -> Option<Uuid> {
        self.places.get(path).copied()
    }

    pub fn code(&self, id: Uuid) -> Option<&str> {
        self.codes.get(&id).map(String::as_str)
    }

    pub fn case(&self, code: &str) -> Option<Uuid> {
        self.cases.get(code).copied()
    }

    /// Facts as they leave the house. A person or anything else that has no name outside becomes nothing.
    pub fn outwards(&self, facts: Json, own: &Own) -> Json {
        match facts {
            Json::String(text) => match text.parse::<Uuid>() {
                Ok(id) if text.len() == 36 => self.named(id, own).map_or(Json::Null, Json::from),
                _ if text.starts_with('@') => Json::from(format!("@{text}")),
                _ => Json::from(text),
            },
            Json::Array(all) => all.into_iter().map(|one| self.outwards(one, own)).collect(),
            Json::Object(all) => all.into_iter().map(|(name, one)| (name, self.outwards(one, own))).collect(),
            other => other,
        }
    }

    fn named(&self, id: Uuid, own: &Own) -> Option<String> {
        let nth = |kind: &str, all: &[Uuid]| all.iter().position(|one| *one == id).map(|at| format!("@{kind}:{at}"));
        let place = || self.paths.get(&id).map(|path| format!("@{PLACE}:{path}"));
        let unit = || self.unit_names.get(&id).map(|name| format!("@{UNIT}:{name}"));
        nth(ENTRY, &own.entries).or_else(|| nth(HANDOVER, &own.handovers)).or_else(place).or_else(unit)
    }

    /// The same back again.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with what is not known here.
    pub fn inwards(&self, facts: Json, own: &Own) -> Result<Json> {
        let unknown = |text: &str| Error::Unavailable(format!("{text} is not known here"));
        Ok(match facts {
            Json::String(text) => match text.strip_prefix('@') {
                None => Json::from(text),
                Some(rest) if rest.starts_with('@') => Json::from(rest),
                Some(rest) => {
                    let (kind, name) = rest.split_once(':').ok_or_else(|| unknown(&text))?;
                    let nth = |all: &[Uuid]| name.parse::<usize>().ok().and_then(|at| all.get(at).copied());
                    let id = match kind {
                        PLACE => self.place(name),
                        UNIT => self.units.get(name).copied(),
                        ENTRY => nth(&own.entries),
                        HANDOVER => nth(&own.handovers),
                        _ => None,
                    };
                    Json::from(id.ok_or_else(|| unknown(&text))?.to_string())
                }
            },
            Json::Array(all) => all.into_iter().map(|one| self.inwards(one, own)).collect::<Result<_>>()?,
            Json::Object(all) => {
                let each = all.into_iter().map(|(name, one)| Ok((name, self.inwards(one, own)?)));
                Json::Object(each.collect::<Result<_>>()?)
            }
            other => other,
        })
    }

    /// The units that facts name and that are not here yet: kind and name.
    pub fn new_units(&self, facts: &Json, found: &mut Vec<(String, String)>) {
        match facts {
            Json::String(text) => {
                let named = text.strip_prefix('@').and_then(|rest| rest.strip_prefix(UNIT)?.strip_prefix(':'));
                if let Some((kind, name)) =
                    named.filter(|told| !self.units.contains_key(*told)).and_then(|told| told.split_once(':'))
                {
                    found.push((kind.to_owned(), name.to_owned()));
                }
            }
            Json::Array(all) => all.iter().for_each(|one| self.new_units(one, found)),
            Json::Object(all) => all.values().for_each(|one| self.new_units(one, found)),
            _ => {}
        }
    }
}

/// The paths of the places that facts name.
pub fn places_in(facts: &Json, found: &mut Vec<String>) {
    match facts {
        Json::String(text) => {
            let named = text.strip_prefix('@').and_then(|rest| rest.strip_prefix(PLACE)?.strip_prefix(':'));
            found.extend(named.map(str::to_owned));
        }
        Json::Array(all) => all.iter().for_each(|one| places_in(one, found)),
        Json::Object(all) => all.values().for_each(|one| places_in(one, found)),
        _ => {}
    }
}
