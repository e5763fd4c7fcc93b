//! `mulin import requests FILE.csv`: takes over a city's request records into a tree of compounds made from their districts.
//!
//! Nine columns without a header: id, local time, district, service, subject, words, address, latitude, longitude. The way
//! each becomes a case is written down in `docs/operate/import-requests.md`. A record that is here already is left alone, so
//! a run that was cut off can be started again, and a second run adds nothing.

use super::api::degrees_e7;
use commons::calendar::Zone;
use commons::case::store;
use commons::case::{Case, CaseId, Category, Channel, Door, EntryKind, Holder, Kind, State};
use commons::people::Office;
use commons::place::store as places;
use commons::place::{NewPlace, Place, PlaceKind, Tenant, TenantId, TenantKind};
use kit::book::Activity;
use kit::db::{By, Tx};
use kit::time::Moment;
use kit::web::App;
use kit::{Error, Result, search};
use std::collections::HashMap;
use std::io::Read;

/// Records taken over in one transaction.
const AT_ONCE: usize = 2_000;
/// Records younger than this, counted back from the newest, are still open.
const OPEN_DAYS: i64 = 30;
const NO_DISTRICT: &str = "未分區";

/// A line of the file.
#[derive(Clone, Debug)]
struct Record {
    id: String,
    at: Moment,
    district: String,
    service: String,
    words: String,
    lat_e7: Option<i64>,
    lon_e7: Option<i64>,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub read: u64,
    pub added: u64,
    pub known: u64,
    pub skipped: u64,
}

/// Categories that a city's words mean here: their slug, ours, whether it is a quarrel.
const SERVICES: &[(&str, &str, Kind)] = &[
    ("違規停車", "parking", Kind::Complaint),
    ("噪音舉發", "noise", Kind::Complaint),
    ("妨害安寧", "noise", Kind::Complaint),
    ("髒亂及汙染", "garbage", Kind::Complaint),
    ("髒亂及污染", "garbage", Kind::Complaint),
    ("路燈故障", "lighting", Kind::Repair),
    ("交通運輸", "traffic", Kind::Complaint),
    ("道路維修", "road", Kind::Repair),
    ("民生管線", "pipes", Kind::Repair),
    ("動物救援", "animals", Kind::Help),
    ("騎樓舉發", "arcade", Kind::Complaint),
    ("地震通報", "disaster", Kind::Help),
    ("天然災害", "disaster", Kind::Help),
    ("建築物傾倒", "disaster", Kind::Help),
    ("登革熱通報", "health", Kind::Help),
];

fn category(service: &str) -> (&'static str, Kind) {
    let known = SERVICES.iter().find(|(name, ..)| *name == service);
    known.map_or(("other", Kind::Question), |(_, slug, kind)| (slug, *kind))
}

/// Takes over a file. `tell` hears of progress.
///
/// # Errors
/// With the line that cannot be read; what was taken over before stays.
pub async fn run(app: &App, file: impl Read, tell: impl Fn(Counts)) -> Result<Counts> {
    let (records, skipped) = read(file)?;
    let newest = records.iter().map(|record| record.at).max().unwrap_or_default();
    let mut counts = Counts { read: records.len() as u64 + skipped, skipped, ..Counts::default() };
    let mut town = settle(app, &records).await?;
    for some in records.chunks(AT_ONCE) {
        let known = &town;
        let context = app.context();
        let (added, after) = app
            .db
            .transact(&context, |tx| Box::pin(async move { take_over(tx, known.clone(), some, newest).await }))
            .await?;
        town = after;
        counts.added += added;
        counts.known += some.len() as u64 - added;
        tell(counts);
    }
    Ok(counts)
}

/// Reads a file, and keeps nothing.
#[cfg(any(test, feature = "testing"))]
pub fn fed(data: &[u8]) {
    let _ = read(data);
}

fn read(file: impl Read) -> Result<(Vec<Record>, u64)> {
    let mut lines = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    // Eight hours ahead of UTC all year, like the city that the records come from.
    let zone = Zone::china();
    let (mut records, mut skipped) = (Vec::new(), 0);
    for (at, line) in lines.records().enumerate() {
        let wrong = |why: &str| Error::Unavailable(format!("line {}: {why}", at + 1));
        let line = line.map_err(|e| wrong(&e.to_string()))?;
        if at == 0 && line.get(0).is_some_and(|first| first.eq_ignore_ascii_case("id")) {
            continue;
        }
        if line.len() != 9 {
            return Err(wrong(&format!("{} columns instead of 9", line.len())));
        }
        let field = |n: usize| line.get(n).unwrap_or_default().trim();
        if field(0).is_empty() || field(5).is_empty() && field(4).is_empty() {
            skipped += 1;
            continue;
        }
        records.push(Record {
            id: field(0).to_owned(),
            at: zone.parse(field(1)).ok_or_else(|| wrong("the time is not YYYY-MM-DD HH:MM:SS"))?,
            district: district(field(2)),
            service: field(3).to_owned(),
            words: words(field(4), field(5)),
            lat_e7: degrees_e7(field(7)),
            lon_e7: degrees_e7(field(8)),
        });
    }
    Ok((records, skipped))
}

/// `:東 區` → `東區`, `安南` → `安南區`, `永康區中華路…` → `永康區`; nothing is guessed beyond that.
fn district(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    match text.split_once('區') {
        Some((name, _)) if !name.is_empty() => format!("{name}區"),
        _ if text.is_empty() || text.chars().count() > 3 => NO_DISTRICT.to_owned(),
        _ => format!("{text}區"),
    }
}

fn words(subject: &str, description: &str) -> String {
    let words = match (subject, description) {
        ("", description) => description.to_owned(),
        (subject, "") => subject.to_owned(),
        (subject, description) if description.contains(subject) => description.to_owned(),
        (subject, description) => format!("{subject}：{description}"),
    };
    commons::private::covered(&words.chars().filter(|c| *c != '\0').take(2_000).collect::<String>())
}

/// The tenant and its compounds, with the number that each gave last.
#[derive(Clone)]
struct Town {
    tenant: TenantId,
    root: Place,
    compounds: HashMap<String, (Place, i64)>,
}

const TENANT: &str = "import-1999";

/// Makes what the records need and is not there: the tenant, its categories, a compound for each district.
async fn settle(app: &App, records: &[Record]) -> Result<Town> {
    let known = places::tenants(&app.db).await?.into_iter().find(|tenant| tenant.code == TENANT);
    let known = &known;
    let context = app.context();
    app.db
        .transact(&context, |tx| {
            Box::pin(async move {
                let (tenant, root) = match known {
                    Some(tenant) => {
                        let root = places::by_path_in(tx, tenant.id, "community").await?;
                        (tenant.id, root.ok_or(Error::NotFound)?)
                    }
                    None => new_tenant(tx).await?,
                };
                let mut compounds = HashMap::new();
                for place in places::of_kind_in(tx, tenant, PlaceKind::Compound).await? {
                    let last = store::last_number(tx, tenant, &place.path).await?;
                    compounds.insert(place.name.clone(), (place, last));
                }
                for record in records {
                    if !compounds.contains_key(&record.district) {
                        let code = format!("d{}", compounds.len() + 1);
                        let mut new = NewPlace::new(PlaceKind::Compound, code, record.district.clone(), "");
                        new.sort = 1_000 + compounds.len() as i64;
                        let place = places::add(tx, tenant, Some(&root), new).await?;
                        compounds.insert(record.district.clone(), (place, 0));
                    }
                }
                Ok(Town { tenant, root, compounds })
            })
        })
        .await
}

async fn new_tenant(tx: &mut Tx<'_>) -> Result<(TenantId, Place)> {
    let tenant = Tenant {
        id: tx.id(),
        parent: None,
        kind: TenantKind::Community,
        code: TENANT.into(),
        name: "导入的记录".into(),
        name_en: "Imported records".into(),
        zone: "Asia/Taipei".into(),
    };
    places::add_tenant(tx, &tenant).await?;
    let root = NewPlace::new(PlaceKind::Community, "community", &tenant.name, &tenant.name_en);
    let root = places::add(tx, tenant.id, None, root).await?;
    let mut categories: Vec<Category> = Vec::new();
    for (service, slug, kind) in SERVICES {
        if !categories.iter().any(|category| category.slug == *slug) {
            categories.push(Category {
                slug: (*slug).to_owned(),
                name: (*service).to_owned(),
                name_en: String::new(),
                kind: *kind,
                door: Door::Community,
                private: false,
                sort: categories.len() as i64,
                office: None,
                compound: None,
            });
        }
    }
    categories.push(Category {
        slug: "other".into(),
        name: "其它".into(),
        name_en: "Something else".into(),
        kind: Kind::Question,
        door: Door::Community,
        private: false,
        sort: 99,
        office: None,
        compound: None,
    });
    for category in &categories {
        store::add_category(tx, tenant.id, category).await?;
    }
    Ok((tenant.id, root))
}

async fn take_over(tx: &mut Tx<'_>, mut town: Town, records: &[Record], newest: Moment) -> Result<(u64, Town)> {
    let (mut added, mut touched) = (0, std::collections::BTreeSet::new());
    for record in records {
        let (place, last) = town.compounds.get_mut(&record.district).ok_or(Error::NotFound)?;
        tx.travel(record.at, By::default());
        let case = case_of(tx, town.tenant, &town.root, place, *last + 1, record, newest);
        if !store::add_once(tx, &case, &record.id).await? {
            continue;
        }
        *last += 1;
        added += 1;
        touched.insert(record.district.clone());
        store::add_entry(tx, &case, EntryKind::Words, true, (None, None), &record.words).await?;
        let facts = serde_json::json!({ "external": record.id, "category": case.category });
        let activity = Activity::of(case.tenant, "requests/imported", "case", case.id).at_place(case.compound);
        tx.record(activity.with(facts)).await?;
        let text = search::Text {
            own: format!("{}\n{}", case.code, record.words),
            names: format!("{} {}", record.service, record.district),
        };
        search::add(tx, (case.tenant.0, "case", case.id.0), case.said, &["public"], &text).await?;
    }
    for district in touched {
        let (place, last) = &town.compounds[&district];
        store::set_number(tx, town.tenant, &place.path, *last).await?;
    }
    Ok((added, town))
}

fn case_of(
    tx: &Tx<'_>,
    tenant: TenantId,
    root: &Place,
    place: &Place,
    number: i64,
    record: &Record,
    newest: Moment,
) -> Case {
    let (slug, kind) = category(&record.service);
    let open = record.at > newest - Moment::days(OPEN_DAYS);
    Case {
        tenant,
        id: tx.id::<CaseId>(),
        code: format!("{}-{number}", place.path),
        compound: place.id,
        building: None,
        entrance: None,
        home: None,
        place: place.id,
        kind,
        category: slug.to_owned(),
        door: Door::Community,
        state: if open { State::Said } else { State::Closed },
        holder: Holder { office: Office::Community, place: root.id, person: None },
        round: 1,
        private: false,
        author: None,
        typed_by: None,
        channel: Channel::Import,
        words: record.words.clone(),
        photos: 0,
        supporters: 0,
        said: record.at,
        changed: record.at,
        closed: if open { None } else { Some(record.at) },
        due: open.then(|| record.at + Moment::days(15)),
        provisional: false,
        outcome: None,
        // What came of it is not in the records: closed without a judgement.
        solved: None,
        satisfaction: None,
        lat_e7: record.lat_e7,
        lon_e7: record.lon_e7,
    }
}

#[cfg(test)]
mod tests;
