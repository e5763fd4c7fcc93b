//! Counting: the book's rounds, sorted into months, categories and units. Page, paper, CSV and API show what comes out here.

use super::model::Asked;
use commons::calendar::Zone;
use commons::figures::store::{Frame, Name};
use commons::figures::{Counts, Round, Settings, Span, Took, Unit, store, took};
use commons::people::OrganisationId;
use commons::place::store as places;
use commons::place::{Place, PlaceId, Tenant, TenantId, TenantKind};
use kit::db::Db;
use kit::time::Moment;
use kit::{Error, Result};
use std::collections::BTreeMap;

/// What is counted for a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<K> {
    pub key: K,
    pub name: String,
    pub name_en: String,
    pub counts: Counts,
}

/// How it went in a compound.
#[derive(Clone, Debug)]
pub struct Figures {
    pub compound: Place,
    pub settings: Settings,
    pub span: Span,
    pub total: Counts,
    pub took: Option<Took>,
    pub months: Vec<(Span, Counts)>,
    /// In the community's order; those that had something in the span.
    pub categories: Vec<Named<String>>,
    /// Captains first, then by name; never by rate. Nothing is said by a unit, so `said` stays 0.
    pub units: Vec<Named<Unit>>,
    /// Every category that can be chosen.
    pub choices: Vec<Name<String>>,
}

/// Counts for one compound.
///
/// # Errors
/// [`Error::NotFound`] for a category nobody knows, [`Error::Invalid`] for a span that is none.
pub async fn compound(db: &Db, now: Moment, compound: &Place, asked: &Asked) -> Result<Figures> {
    let zone = Zone::china();
    let at = (compound.tenant, compound.id);
    let Frame { settings, categories: choices, units, .. } = store::frame(db, compound.tenant).await?;
    let (span, months) = asked.spans(&zone, now, &settings)?;
    if !asked.category.is_empty() && !choices.iter().any(|one| one.key == asked.category) {
        return Err(Error::NotFound);
    }
    let over = reach(&span, &months);
    let (rounds, began) = (store::of_compound(db, at, over).await?, store::began(db, at, over).await?);
    let wanted = |category: &str| asked.category.is_empty() || asked.category == category;
    let mut by_category: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut by_unit: BTreeMap<Unit, Counts> = BTreeMap::new();
    let (mut total, mut months) = (Counts::default(), zeros(months));
    for (at, category) in &began {
        if span.holds(*at) {
            by_category.entry(category).or_default().said += 1;
        }
        if wanted(category) {
            if let Some(month) = into(&mut months, *at) {
                month.said += 1;
            }
            total.said += i64::from(span.holds(*at));
        }
    }
    let mut inside: Vec<&Round> = Vec::new();
    for round in &rounds {
        if span.holds(round.closed) {
            by_category.entry(&round.category).or_default().add(round);
        }
        if wanted(&round.category) {
            if let Some(month) = into(&mut months, round.closed) {
                month.add(round);
            }
            if span.holds(round.closed) {
                total.add(round);
                inside.push(round);
                if let Some(unit) = round.unit {
                    by_unit.entry(unit).or_default().add(round);
                }
            }
        }
    }
    let units = name_units(&units, by_unit);
    let took = took(inside);
    let categories = name_categories(&choices, by_category);
    Ok(Figures { compound: compound.clone(), settings, span, total, took, months, categories, units, choices })
}

/// From when until when the book has to be read.
fn reach(span: &Span, months: &[Span]) -> (Moment, Moment) {
    let from = months.iter().map(|month| month.from).fold(span.from, Moment::min);
    (from, months.iter().map(|month| month.until).fold(span.until, Moment::max))
}

fn zeros(months: Vec<Span>) -> Vec<(Span, Counts)> {
    months.into_iter().map(|month| (month, Counts::default())).collect()
}

fn into(months: &mut [(Span, Counts)], at: Moment) -> Option<&mut Counts> {
    months.iter_mut().find(|(month, _)| month.holds(at)).map(|(_, counts)| counts)
}

fn name_categories(choices: &[Name<String>], counted: BTreeMap<&str, Counts>) -> Vec<Named<String>> {
    let rank = |slug: &str| choices.iter().position(|known| known.key == slug).unwrap_or(usize::MAX);
    let mut all: Vec<Named<String>> = counted
        .into_iter()
        .map(|(slug, counts)| {
            // A category that was taken away keeps what was counted for it, under its slug.
            let known = choices.iter().find(|known| known.key == slug);
            let (name, name_en) = known.map_or((slug, slug), |known| (&known.name, &known.name_en));
            Named { key: slug.to_owned(), name: name.to_owned(), name_en: name_en.to_owned(), counts }
        })
        .collect();
    all.sort_by_key(|one| rank(&one.key));
    all
}

/// Organisations get their names here; offices get theirs where the language is known.
fn name_units(known: &[Name<OrganisationId>], counted: BTreeMap<Unit, Counts>) -> Vec<Named<Unit>> {
    let mut all: Vec<Named<Unit>> = counted
        .into_iter()
        .map(|(key, counts)| {
            let named = known.iter().find(|known| key == Unit::Organisation(known.key));
            let (name, name_en) =
                named.map_or_else(Default::default, |known| (known.name.clone(), known.name_en.clone()));
            Named { key, name, name_en, counts }
        })
        .collect();
    all.sort_by(|a, b| {
        let rank = |one: &Named<Unit>| matches!(one.key, Unit::Organisation(_));
        (rank(a), &a.name, a.key).cmp(&(rank(b), &b.name, b.key))
    });
    all
}

/// How it went in a community, or in the communities below a subdistrict.
#[derive(Clone, Debug)]
pub struct Around {
    pub tenant: Tenant,
    pub above: Option<Tenant>,
    pub settings: Settings,
    pub span: Span,
    pub total: Counts,
    pub took: Option<Took>,
    pub months: Vec<(Span, Counts)>,
    /// Each compound (of a community) or community (of a subdistrict) with its code, in the order of the places.
    pub parts: Vec<Named<String>>,
}

/// Counts for the tenant called `code`.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn around(db: &Db, now: Moment, code: &str, asked: &Asked) -> Result<Around> {
    let tenants = places::tenants(db).await?;
    let tenant = tenants.iter().find(|tenant| tenant.code == code).cloned().ok_or(Error::NotFound)?;
    let Frame { settings, compounds, .. } = store::frame(db, tenant.id).await?;
    let (span, months) = asked.spans(&Zone::china(), now, &settings)?;
    let subdistrict = tenant.kind == TenantKind::Subdistrict;
    let mut parts: Vec<(Key, Named<String>)> = Vec::new();
    let mut part = |key, code: &str, name: &str, name_en: &str| {
        let (name, name_en) = (name.to_owned(), name_en.to_owned());
        parts.push((key, Named { key: code.to_owned(), name, name_en, counts: Counts::default() }));
    };
    if subdistrict {
        for below in tenants.iter().filter(|below| below.parent == Some(tenant.id)) {
            part((below.id, None), &below.code, &below.name, &below.name_en);
        }
    } else {
        for below in &compounds {
            let (id, code) = &below.key;
            part((tenant.id, Some(*id)), code, &below.name, &below.name_en);
        }
    }
    let key = |tenant, compound| if subdistrict { (tenant, None) } else { (tenant, Some(compound)) };
    let over = reach(&span, &months);
    let rounds = store::of_tenants(db, tenant.id, over).await?;
    let (mut total, mut months) = (Counts::default(), zeros(months));
    let mut add = |key: Key, counts: &Counts| {
        total.plus(counts);
        if let Some((_, part)) = parts.iter_mut().find(|(known, _)| *known == key) {
            part.counts.plus(counts);
        }
    };
    // The months, and after them the span itself.
    let spans: Vec<Span> = months.iter().map(|(month, _)| *month).chain([span]).collect();
    for began in store::began_counted(db, tenant.id, &spans).await? {
        let mut said = began.said.iter();
        for ((_, month), said) in months.iter_mut().zip(said.by_ref()) {
            month.said += said;
        }
        said.for_each(|said| {
            add(key(began.tenant, began.compound), &Counts { said: *said, ..Counts::default() });
        });
    }
    let mut inside: Vec<&Round> = Vec::new();
    for round in &rounds {
        if let Some(month) = into(&mut months, round.closed) {
            month.add(round);
        }
        if span.holds(round.closed) {
            let mut counts = Counts::default();
            counts.add(round);
            add(key(round.tenant, round.compound), &counts);
            inside.push(round);
        }
    }
    let parts = parts.into_iter().map(|(_, part)| part).collect();
    let above = tenants.into_iter().find(|above| Some(above.id) == tenant.parent);
    Ok(Around { took: took(inside), above, tenant, settings, span, total, months, parts })
}

type Key = (TenantId, Option<PlaceId>);
