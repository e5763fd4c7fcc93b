//! A part of the neighbourhood as an address names it: a compound, a building in it, a category, or one case. Lists, feeds,
//! maps, sheets and those who follow all mean the same thing by it.

use super::View;
use super::line::encoded;
use commons::case::Category;
use commons::case::store::{self as cases, CaseRow, Filter};
use commons::place::{Place, PlaceKind, TenantId, store as places};
use kit::db::Db;
use kit::{Error, Result};
use serde::Deserialize;

/// What an address may say; every field narrows.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ScopeQuery {
    /// A compound's code, e.g. `shiliu`; the first one when nothing else says which.
    #[serde(default)]
    pub compound: String,
    /// A building's path, e.g. `shiliu/3`, or its last step.
    #[serde(default)]
    pub building: String,
    #[serde(default)]
    pub category: String,
    /// The code of one public case; then the rest does not count.
    #[serde(default)]
    pub case: String,
}

/// The same, found.
#[derive(Clone, Debug)]
pub struct Scope {
    pub tenant: TenantId,
    pub compound: Option<Place>,
    pub building: Option<Place>,
    pub category: Option<Category>,
    pub case: Option<CaseRow>,
    /// What the compound's community talks about, for those who offer a choice.
    pub categories: Vec<Category>,
}

impl Scope {
    /// Finds what `query` names, in two reads where it names a place.
    ///
    /// # Errors
    /// [`Error::NotFound`] when one of the names means nothing here, or a case is not for everybody.
    pub async fn of(db: &Db, query: &ScopeQuery) -> Result<Scope> {
        if !query.case.is_empty() {
            let found = cases::by_code(db, &query.case).await?.filter(|found| found.row.case.is_public());
            let row = found.ok_or(Error::NotFound)?.row;
            let tenant = row.case.tenant;
            return Ok(Scope {
                tenant,
                compound: None,
                building: None,
                category: None,
                case: Some(row),
                categories: Vec::new(),
            });
        }
        Scope::ground(db, query).await?.with_categories(db, query).await
    }

    /// A compound, or a building in it, in one read where one of them is named; categories do not count.
    ///
    /// # Errors
    /// [`Error::NotFound`] when one of the names means nothing here.
    pub async fn ground(db: &Db, query: &ScopeQuery) -> Result<Scope> {
        let (head, _) = query.building.split_once('/').unwrap_or_default();
        let code = if query.compound.is_empty() { head } else { query.compound.as_str() };
        if code.is_empty() {
            let first = places::compounds(db).await?.into_iter().next();
            return Scope::standing(db, first.ok_or(Error::NotFound)?, query).await;
        }
        let path = building_path(code, query);
        let mut found = places::by_code_and_path(db, code, path.as_deref().unwrap_or(code)).await?.into_iter();
        let compound = found.next().filter(|place| place.path == code).ok_or(Error::NotFound)?;
        let building = path.map(|_| building_of(found.next())).transpose()?;
        Ok(Scope::at(compound, building))
    }

    /// The same as [`Scope::of`] in a compound that is known already, in at most two reads.
    ///
    /// # Errors
    /// [`Error::NotFound`] when building or category mean nothing there.
    pub async fn within(db: &Db, compound: Place, query: &ScopeQuery) -> Result<Scope> {
        Scope::standing(db, compound, query).await?.with_categories(db, query).await
    }

    async fn standing(db: &Db, compound: Place, query: &ScopeQuery) -> Result<Scope> {
        let building = match building_path(&compound.path, query) {
            Some(path) => Some(building_of(places::by_path(db, compound.tenant, &path).await?)?),
            None => None,
        };
        Ok(Scope::at(compound, building))
    }

    /// A compound, or a building in it, that is known already; categories do not count.
    pub fn at(compound: Place, building: Option<Place>) -> Scope {
        let tenant = compound.tenant;
        Scope { tenant, compound: Some(compound), building, category: None, case: None, categories: Vec::new() }
    }

    async fn with_categories(self, db: &Db, query: &ScopeQuery) -> Result<Scope> {
        let categories = cases::categories(db, self.tenant).await?;
        let category = match query.category.as_str() {
            "" => None,
            slug => Some(categories.iter().find(|category| category.slug == slug).ok_or(Error::NotFound)?.clone()),
        };
        Ok(Scope { category, categories, ..self })
    }

    /// What a list of cases is asked for.
    pub fn filter(&self) -> Filter {
        Filter {
            tenant: Some(self.tenant),
            compound: self.compound.as_ref().map(|place| place.id),
            building: self.building.as_ref().map(|place| place.id),
            category: self.category.as_ref().map(|category| category.slug.clone()),
            ..Filter::default()
        }
    }

    /// The query that names it again, e.g. `compound=shiliu&building=3`.
    pub fn query(&self) -> String {
        if let Some(row) = &self.case {
            return format!("case={}", encoded(&row.case.code));
        }
        let compound = self.compound.as_ref().map_or("", |place| place.path.as_str());
        let mut query = format!("compound={}", encoded(compound));
        if let Some(place) = &self.building {
            query.push_str(&format!("&building={}", encoded(place.path.rsplit('/').next().unwrap_or_default())));
        }
        if let Some(category) = &self.category {
            query.push_str(&format!("&category={}", encoded(&category.slug)));
        }
        query
    }

    /// What to call it, e.g. `石榴园 3号楼 · 电梯`, or the code of the case.
    pub fn label(&self, v: &View) -> String {
        if let Some(row) = &self.case {
            return row.case.code.clone();
        }
        let place = self.building.as_ref().or(self.compound.as_ref());
        let place = place.map_or("", |place| v.pick(&place.label, &place.label_en));
        match &self.category {
            Some(category) => format!("{place} · {}", v.pick(&category.name, &category.name_en)),
            None => place.to_owned(),
        }
    }
}

/// The path of the building that `query` names in a compound.
fn building_path(compound: &str, query: &ScopeQuery) -> Option<String> {
    let step = query.building.strip_prefix(&format!("{compound}/")).unwrap_or(&query.building);
    (!step.is_empty()).then(|| format!("{compound}/{step}"))
}

fn building_of(found: Option<Place>) -> Result<Place> {
    found.filter(|place| place.kind == PlaceKind::Building).ok_or(Error::NotFound)
}
