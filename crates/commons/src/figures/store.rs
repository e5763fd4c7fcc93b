//! The book, read for figures.

use super::settings::NAMES;
use super::{Deed, Line, Round, Settings, Span, Unit, rounds};
use crate::case::{CaseId, Satisfaction};
use crate::people::{Office, OrganisationId};
use crate::place::{PlaceId, TenantId};
use kit::db::{Db, Row, Tx, Value};
use kit::time::Moment;
use kit::{Error, Result, params};
use serde::Deserialize;
use std::borrow::Cow;

const OWN: &str = "select name, value from setting where tenant = $1 and name like 'figures/%' order by name limit 20";
const SET: &str = "insert into setting (tenant, name, value) values ($1, $2, $3)
    on conflict (tenant, name) do update set value = excluded.value";
/// The organisations, categories and compounds of a community, and its own numbers: each row one of them.
const FRAME: &str = "select 'unit' as part, id, name, name_en, '' as code, cast(0 as bigint) as sort
    from organisation where tenant = $1
    union all select 'category', null, name, name_en, slug, sort from category where tenant = $1 and retired is null
    union all select 'compound', id, name, name_en, path, sort from place where tenant = $1 and kind = 'compound'
    union all select 'setting', null, name, value, '', 0 from setting where tenant = $1 and name like 'figures/%'
    order by part, sort, code, name, id limit 5000";
/// What began: said here, or taken over from elsewhere. `cross join` lets SQLite begin with the places, which are few.
const BEGAN: &str = "select a.at, a.facts from place p cross join activity a
    where p.tenant = $1 and p.compound = $2 and a.tenant = p.tenant and a.place = p.id
        and a.stem in ('requests/said', 'requests/imported') and a.at >= $3 and a.at < $4 order by a.at, a.id limit 1000000";
const LINES: &str = "select a.tenant, a.thing_id, a.at, a.stem, a.facts, p.compound
    from activity a join place p on p.tenant = a.tenant and p.id = a.place
    where a.stem in ('requests/said', 'requests/imported', 'requests/accepted', 'requests/taken-over', 'requests/moved-up', 'requests/reported',
        'requests/judged', 'requests/left-unrated') and";
/// Cases of a compound of which a round ended in the span.
const OF_COMPOUND: &str = "a.tenant = $1 and a.thing_id in (select e.thing_id from place q cross join activity e
        where q.tenant = $1 and q.compound = $2 and e.tenant = q.tenant and e.place = q.id
            and e.stem in ('requests/judged', 'requests/left-unrated') and e.at >= $3 and e.at < $4)
    order by a.tenant, a.thing_id, a.at, a.id limit 10000000";
const OF_TENANTS: &str = "a.tenant in (select t.id from tenant t where t.id = $1 or t.parent = $1)
        and a.thing_id in (select e.thing_id from tenant t join activity e on e.tenant = t.id
            and e.stem in ('requests/judged', 'requests/left-unrated') and e.at >= $2 and e.at < $3
        where t.id = $1 or t.parent = $1)
    order by a.tenant, a.thing_id, a.at, a.id limit 10000000";

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = [OWN, SET, FRAME, BEGAN].iter().map(|sql| sql.to_string()).collect();
    all.push(began_counted_sql(2));
    all.extend([OF_COMPOUND, OF_TENANTS].map(|tail| format!("{LINES} {tail}")));
    all
}

/// How a community works its rates out.
pub async fn settings(db: &Db, tenant: TenantId) -> Result<Settings> {
    read_settings(&db.all(OWN, params![tenant]).await?)
}

pub async fn settings_in(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Settings> {
    read_settings(&tx.all(OWN, params![tenant]).await?)
}

fn read_settings(rows: &[Row]) -> Result<Settings> {
    let own: Vec<(String, String)> =
        rows.iter().map(|row| Ok((row.get("name")?, row.get("value")?))).collect::<Result<_>>()?;
    Settings::with(&own)
}

/// Keeps a community's own numbers.
pub async fn set(tx: &mut Tx<'_>, tenant: TenantId, settings: &Settings) -> Result<()> {
    for (name, number) in NAMES.iter().zip(settings.numbers()) {
        tx.run(SET, params![tenant, *name, number.to_string()]).await?;
    }
    Ok(())
}

/// Something that figures are told for, with its names in both languages.
#[derive(Clone, Debug)]
pub struct Name<K> {
    pub key: K,
    pub name: String,
    pub name_en: String,
}

/// What a community's figures are put into.
#[derive(Debug)]
pub struct Frame {
    pub settings: Settings,
    /// By their slugs, in the community's order; those that can be chosen.
    pub categories: Vec<Name<String>>,
    /// With their codes, in their order.
    pub compounds: Vec<Name<(PlaceId, String)>>,
    /// Who closes what was said, by name.
    pub units: Vec<Name<OrganisationId>>,
}

/// Reads what a community's figures are put into.
pub async fn frame(db: &Db, tenant: TenantId) -> Result<Frame> {
    let (mut categories, mut compounds, mut units, mut own) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in db.all(FRAME, params![tenant]).await? {
        let (name, name_en) = (row.get("name")?, row.get("name_en")?);
        match row.get::<String>("part")?.as_str() {
            "unit" => units.push(Name { key: row.get("id")?, name, name_en }),
            "category" => categories.push(Name { key: row.get("code")?, name, name_en }),
            "compound" => compounds.push(Name { key: (row.get("id")?, row.get("code")?), name, name_en }),
            "setting" => own.push((name, name_en)),
            other => return Err(Error::internal(format!("a part called {other}"))),
        }
    }
    Ok(Frame { settings: Settings::with(&own)?, categories, compounds, units })
}

/// What began in a compound, oldest first: when, and the category's slug.
pub async fn began(
    db: &Db,
    (tenant, compound): (TenantId, PlaceId),
    (from, until): (Moment, Moment),
) -> Result<Vec<(Moment, String)>> {
    let rows = db.report(BEGAN, params![tenant, compound, from, until]).await?;
    rows.iter()
        .map(|row| {
            let text: String = row.get("facts")?;
            Ok((row.get("at")?, facts(&text)?.category.map_or(String::new(), Cow::into_owned)))
        })
        .collect()
}

/// How much began in a compound.
#[derive(Clone, Debug)]
pub struct BeganCounted {
    pub tenant: TenantId,
    pub compound: PlaceId,
    /// One number for each span.
    pub said: Vec<i64>,
}

/// The same for a whole community, or for those below a subdistrict, counted for `spans` spans; an index alone answers it.
fn began_counted_sql(spans: usize) -> String {
    let sum = |n: usize| {
        format!("sum(case when a.at >= ${} and a.at < ${} then 1 else 0 end) as said{n}", 2 * n + 4, 2 * n + 5)
    };
    format!(
        "select p.tenant, p.compound, {}
         from tenant t join place p on p.tenant = t.id and p.compound is not null
         join activity a on a.tenant = p.tenant and a.place = p.id
             and a.stem in ('requests/said', 'requests/imported') and a.at >= $2 and a.at < $3
         where t.id = $1 or t.parent = $1
         group by p.tenant, p.compound order by p.tenant, p.compound limit 100000",
        (0..spans).map(sum).collect::<Vec<_>>().join(", ")
    )
}

/// How much began in each compound of a community, or of those below a subdistrict.
pub async fn began_counted(db: &Db, tenant: TenantId, spans: &[Span]) -> Result<Vec<BeganCounted>> {
    let from = spans.iter().map(|span| span.from).min().unwrap_or_default();
    let until = spans.iter().map(|span| span.until).max().unwrap_or_default();
    let mut values = params![tenant, from, until].to_vec();
    values.extend(spans.iter().flat_map(|span| [Value::from(span.from), Value::from(span.until)]));
    let rows = db.report(&began_counted_sql(spans.len()), &values).await?;
    let read = |row: &Row| {
        let said = (0..spans.len()).map(|n| row.get(&format!("said{n}"))).collect::<Result<_>>()?;
        Ok(BeganCounted { tenant: row.get("tenant")?, compound: row.get("compound")?, said })
    };
    rows.iter().map(read).collect()
}

/// The rounds of a compound that count in a span.
pub async fn of_compound(
    db: &Db,
    (tenant, compound): (TenantId, PlaceId),
    (from, until): (Moment, Moment),
) -> Result<Vec<Round>> {
    let rows = db.report(&format!("{LINES} {OF_COMPOUND}"), params![tenant, compound, from, until]).await?;
    fold(&rows, (from, until))
}

/// The rounds of a community, or of those below a subdistrict, that count in a span.
pub async fn of_tenants(db: &Db, tenant: TenantId, (from, until): (Moment, Moment)) -> Result<Vec<Round>> {
    let rows = db.report(&format!("{LINES} {OF_TENANTS}"), params![tenant, from, until]).await?;
    fold(&rows, (from, until))
}

fn fold(rows: &[Row], (from, until): (Moment, Moment)) -> Result<Vec<Round>> {
    let mut lines: Vec<Line> = Vec::with_capacity(rows.len());
    for row in rows {
        lines.extend(read(row)?);
    }
    let cases = lines.chunk_by(|a, b| a.case == b.case);
    Ok(cases.flat_map(rounds).filter(|round| from <= round.closed && round.closed < until).collect())
}

/// The facts that figures are made of; others are left unread.
#[derive(Default, Deserialize)]
struct Facts<'t> {
    #[serde(borrow)]
    category: Option<Cow<'t, str>>,
    in_time: Option<bool>,
    unit: Option<OrganisationId>,
    office: Option<&'t str>,
    cause: Option<&'t str>,
    round: Option<i64>,
    solved: Option<bool>,
    satisfaction: Option<&'t str>,
}

fn facts(text: &str) -> Result<Facts<'_>> {
    serde_json::from_str(text).map_err(Error::internal)
}

fn read(row: &Row) -> Result<Option<Line>> {
    let (stem, text): (String, String) = (row.get("stem")?, row.get("facts")?);
    let facts = facts(&text)?;
    // What the book does not say to have been in time was not.
    let in_time = facts.in_time.unwrap_or(false);
    let deed = match stem.as_str() {
        "requests/said" | "requests/imported" => {
            Deed::Said { category: facts.category.map_or(String::new(), Cow::into_owned) }
        }
        "requests/accepted" | "requests/taken-over" => Deed::Taken { in_time },
        "requests/moved-up" if facts.cause == Some("overdue") => Deed::LateUp,
        "requests/reported" => {
            let unit = facts.office.and_then(Office::parse).map(|office| Unit::of(office, facts.unit));
            Deed::Reported { in_time, unit }
        }
        "requests/judged" => Deed::Judged {
            round: facts.round.unwrap_or(1),
            solved: facts.solved.unwrap_or(false),
            satisfaction: facts.satisfaction.and_then(Satisfaction::parse),
        },
        "requests/left-unrated" => Deed::LeftUnrated,
        _ => return Ok(None),
    };
    Ok(Some(Line {
        tenant: row.get("tenant")?,
        case: row.get::<CaseId>("thing_id")?,
        compound: row.get("compound")?,
        at: row.get("at")?,
        deed,
    }))
}
