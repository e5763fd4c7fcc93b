//! Cases on the shelf. What a reader may not see is filtered in the statement.

pub mod desk;
mod fields;
mod intake;
mod map;
mod over;
pub mod page;
mod parts;
pub mod replies;
mod second;
mod time;
pub mod together;
mod told;
pub mod walk;

pub use fields::*;
pub use intake::*;
pub use map::*;
pub use over::*;
pub use parts::*;
pub use second::*;
pub use time::*;
pub use told::*;

use super::{Case, CaseId, Category, Door, Holder, State};
use crate::people::{Office, PersonId};
use crate::place::{PlaceId, TenantId};
use kit::db::{Db, Row, Tx, Value};
use kit::time::Moment;
use kit::{Error, Result, params, search};

const COLUMNS: &str = "r.tenant, r.id, r.code, r.compound, r.building, r.entrance, r.home, r.place, r.kind, r.category, r.door,
    r.state, r.holder_office, r.holder_place, r.holder_person, r.round, r.private, r.author, r.typed_by, r.channel, r.words,
    r.photos, r.supporters, r.said, r.changed, r.closed, r.due, r.provisional, r.outcome, r.solved, r.satisfaction,
    r.lat_e7, r.lon_e7";
const SHOWN: &str = "b.label as public_label, b.label_en as public_label_en, h.label as holder_label,
    h.label_en as holder_label_en, c.name as category_name, c.name_en as category_name_en";
const JOINS: &str = "left join place b on b.tenant = r.tenant and b.id = coalesce(r.building, r.place)
    left join place h on h.tenant = r.tenant and h.id = r.holder_place
    left join category c on c.tenant = r.tenant and c.slug = r.category";
const EXACT: &str = "p.label as exact_label, p.label_en as exact_label_en, t.parent as tenant_parent, t.zone";
const EXACT_JOINS: &str = "left join place p on p.tenant = r.tenant and p.id = r.place
    left join tenant t on t.id = r.tenant";
const BY_CODE: &str = "from compound_code k join request r on r.tenant = k.tenant and r.code = $2";
const BY_ID: &str = "from request r where r.tenant = $1 and r.id = $2";
const ADD: &str = "insert into request (tenant, id, code, compound, building, entrance, home, place, kind, category, door, state,
    holder_office, holder_place, holder_person, round, private, author, typed_by, channel, words, photos, supporters, said,
    changed, closed, due, provisional, outcome, solved, satisfaction, lat_e7, lon_e7, pickup, contact, external)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
    $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36)";
const ADD_ONCE: &str = "insert into request (tenant, id, code, compound, building, entrance, home, place, kind, category, door, state,
    holder_office, holder_place, holder_person, round, private, author, typed_by, channel, words, photos, supporters, said,
    changed, closed, due, provisional, outcome, solved, satisfaction, lat_e7, lon_e7, pickup, contact, external)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
    $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36)
    on conflict (tenant, external) do nothing";
const SAVE: &str = "update request set door = $3, state = $4, holder_office = $5, holder_place = $6, holder_person = $7, round = $8,
    words = $9, photos = $10, supporters = $11, changed = $12, closed = $13, due = $14, provisional = $15, outcome = $16,
    solved = $17, satisfaction = $18, private = $19 where tenant = $1 and id = $2";
const NEXT_NUMBER: &str = "insert into counter (tenant, name, value) values ($1, $2, 1)
    on conflict (tenant, name) do update set value = counter.value + 1 returning value as n";
const LAST_NUMBER: &str = "select value as n from counter where tenant = $1 and name = $2";
const POINTS: &str = "select code, category, state, changed, solved, lat_e7, lon_e7 from request
    where tenant = $1 and compound = $2 and private = false and kind <> 'dispute' and state <> 'withdrawn'
        and lat_e7 between $3 and $4 and lon_e7 between $5 and $6
    order by said desc, id desc limit $7";
const SET_COUNTER: &str = "insert into counter (tenant, name, value) values ($1, $2, $3)
    on conflict (tenant, name) do update set value = excluded.value";

const UNANSWERED: &str = "select tenant, id from request where state = 'reported' and due <= $1 order by due limit $2";
const ADD_CATEGORY: &str = "insert into category (tenant, slug, name, name_en, kind, door, private, sort, retired,
    office, compound) values ($1, $2, $3, $4, $5, $6, $7, $8, null, $9, $10) on conflict (tenant, slug) do nothing";
const CATEGORIES: &str = "select slug, name, name_en, kind, door, private, sort, office, compound from category
    where tenant = $1 and retired is null order by sort, slug limit 200";

const SEARCH_TEXT: &str =
    "select text, true as own from entry where tenant = $1 and request = $2 and public = true and withdrawn is null
    union all select name || ' ' || name_en, false from category where tenant = $1 and slug = $3
    union all select label || ' ' || label_en, false from place where tenant = $1 and id = $4";

/// A case with the names that its page shows.
#[derive(Clone, Debug)]
pub struct CaseRow {
    pub case: Case,
    /// Down to the building: what everybody may know.
    pub public_label: String,
    pub public_label_en: String,
    pub holder_label: String,
    pub holder_label_en: String,
    pub category_name: String,
    pub category_name_en: String,
}

/// A case found by its code or by that of its slip, with what only the parties may know.
#[derive(Clone, Debug)]
pub struct CaseFound {
    pub row: CaseRow,
    /// Down to the home.
    pub exact_label: String,
    pub exact_label_en: String,
    pub tenant_parent: Option<TenantId>,
    pub zone: String,
}

/// What a list asks for; every field narrows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub tenant: Option<TenantId>,
    pub compound: Option<PlaceId>,
    pub building: Option<PlaceId>,
    pub category: Option<String>,
    /// As a reader sees it at `now`: a report that nobody answered in time is closed, though no job has said so.
    pub state: Option<State>,
    pub now: Moment,
    /// Open ones only.
    pub open: bool,
    pub door: Option<Door>,
    /// Only what its holder should have done something about before `now`.
    pub overdue: bool,
    pub author: Option<PersonId>,
    /// Go on after this one: said at, id.
    pub before: Option<(Moment, CaseId)>,
}

/// Whose cases a list may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sees {
    /// What is not private.
    Public,
    /// Everything that matches the filter: only for the author's own and for the office that holds them.
    Own,
}

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = [
        ADD,
        ADD_ONCE,
        SAVE,
        LAST_NUMBER,
        POINTS,
        NEXT_NUMBER,
        SET_COUNTER,
        ADD_CATEGORY,
        CATEGORIES,
        SEARCH_TEXT,
        UNANSWERED,
    ]
    .map(str::to_owned)
    .into();
    all.extend([by_code_sql(), format!("select {COLUMNS} {BY_ID}"), by_pickup_sql()]);
    let full = Filter {
        tenant: Some(TenantId(kit::Uuid::nil())),
        compound: Some(PlaceId(kit::Uuid::nil())),
        building: Some(PlaceId(kit::Uuid::nil())),
        category: Some(String::new()),
        state: Some(State::Closed),
        now: Moment(0),
        open: true,
        door: Some(Door::Home),
        overdue: true,
        author: Some(PersonId(kit::Uuid::nil())),
        before: Some((Moment(0), CaseId(kit::Uuid::nil()))),
    };
    all.push(list_sql(&full, Sees::Public, 1).0);
    all.push(count_sql(&full, Sees::Public).0);
    all.push(by_ids_sql(3));
    all.extend(parts::STATEMENTS.iter().chain(time::STATEMENTS).map(|sql| sql.to_string()));
    all.extend(together::statements());
    all.extend(fields::STATEMENTS.iter().chain(intake::STATEMENTS).chain(over::STATEMENTS).map(|sql| sql.to_string()));
    all.extend(desk::statements());
    all.extend(second::STATEMENTS.iter().map(|sql| sql.to_string()));
    all.extend(map::statements());
    all.extend(page::STATEMENTS.iter().map(|sql| sql.to_string()));
    all.extend(walk::statements());
    all.extend(told::TOLD.iter().map(|sql| sql.to_string()));
    all
}

fn by_code_sql() -> String {
    format!("select {COLUMNS}, {SHOWN}, {EXACT} {BY_CODE} {EXACT_JOINS} {JOINS} where k.code = $1")
}

fn by_pickup_sql() -> String {
    format!("select {COLUMNS}, {SHOWN}, {EXACT} from request r {EXACT_JOINS} {JOINS} where r.pickup = $1")
}

/// `shiliu-12` → `shiliu`; `None` when it cannot be a code.
pub fn compound_of(code: &str) -> Option<&str> {
    let (compound, number) = code.rsplit_once('-')?;
    (!compound.is_empty() && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(compound)
}

pub async fn by_code(db: &Db, code: &str) -> Result<Option<CaseFound>> {
    let Some(compound) = compound_of(code) else { return Ok(None) };
    let row = db.one(&by_code_sql(), params![compound, code]).await?;
    row.as_ref().map(read_found).transpose()
}

fn read_found(row: &Row) -> Result<CaseFound> {
    Ok(CaseFound {
        row: read_row(row)?,
        exact_label: row.get("exact_label")?,
        exact_label_en: row.get("exact_label_en")?,
        tenant_parent: row.get("tenant_parent")?,
        zone: row.get("zone")?,
    })
}

pub async fn find(tx: &mut Tx<'_>, tenant: TenantId, id: CaseId) -> Result<Case> {
    let row = tx.one(&format!("select {COLUMNS} {BY_ID}"), params![tenant, id]).await?;
    read(&row.ok_or(Error::NotFound)?)
}

/// The case that a pickup code opens; the code itself is not stored, only its keyed hash.
pub async fn by_pickup(db: &Db, hash: [u8; 32]) -> Result<Option<CaseFound>> {
    let row = db.one(&by_pickup_sql(), params![hash]).await?;
    row.as_ref().map(read_found).transpose()
}

/// What is stored beside the case and never shown with it.
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    pub pickup: Option<[u8; 32]>,
    /// Sealed; the key is outside the database.
    pub contact: Option<Vec<u8>>,
    /// The record's id where it was imported from.
    pub external: Option<String>,
}

pub async fn add(tx: &mut Tx<'_>, case: &Case, hidden: &Hidden) -> Result<()> {
    tx.run(ADD, &row_of(case, hidden)).await.map(drop)
}

fn row_of(case: &Case, hidden: &Hidden) -> Vec<Value> {
    params![
        case.tenant,
        case.id,
        &case.code,
        case.compound,
        case.building,
        case.entrance,
        case.home,
        case.place,
        case.kind,
        &case.category,
        case.door,
        case.state,
        case.holder.office,
        case.holder.place,
        case.holder.person,
        case.round,
        case.private,
        case.author,
        case.typed_by,
        case.channel,
        &case.words,
        case.photos,
        case.supporters,
        case.said,
        case.changed,
        case.closed,
        case.due,
        case.provisional,
        case.outcome,
        case.solved,
        case.satisfaction,
        case.lat_e7,
        case.lon_e7,
        hidden.pickup,
        hidden.contact.clone(),
        hidden.external.clone()
    ]
    .to_vec()
}

/// Adds a case taken over from foreign records; `false` when that record is here already.
pub async fn add_once(tx: &mut Tx<'_>, case: &Case, external: &str) -> Result<bool> {
    let hidden = Hidden { external: Some(external.to_owned()), ..Hidden::default() };
    Ok(tx.run(ADD_ONCE, &row_of(case, &hidden)).await? == 1)
}

pub async fn save(tx: &mut Tx<'_>, case: &Case) -> Result<()> {
    let row = params![
        case.tenant,
        case.id,
        case.door,
        case.state,
        case.holder.office,
        case.holder.place,
        case.holder.person,
        case.round,
        &case.words,
        case.photos,
        case.supporters,
        case.changed,
        case.closed,
        case.due,
        case.provisional,
        case.outcome,
        case.solved,
        case.satisfaction,
        case.private
    ];
    match tx.run(SAVE, row).await? {
        1 => Ok(()),
        _ => Err(Error::NotFound),
    }
}

/// The next number of a compound: counts from 1, without gaps.
pub async fn next_number(tx: &mut Tx<'_>, tenant: TenantId, compound_code: &str) -> Result<i64> {
    tx.number(NEXT_NUMBER, params![tenant, format!("request/{compound_code}")]).await
}

/// The number given last in a compound; 0 before the first.
pub async fn last_number(tx: &mut Tx<'_>, tenant: TenantId, compound_code: &str) -> Result<i64> {
    let row = tx.one(LAST_NUMBER, params![tenant, format!("request/{compound_code}")]).await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

/// A public case on the map.
#[derive(Clone, Debug)]
pub struct Point {
    pub code: String,
    pub category: String,
    pub state: State,
    /// In 1e-7 degrees, WGS 84.
    pub lat_e7: i64,
    pub lon_e7: i64,
}

/// The newest public cases of a compound inside a box of degrees (south, north, west, east; in 1e-7).
pub async fn points(
    db: &Db,
    (tenant, compound): (TenantId, PlaceId),
    [south, north, west, east]: [i64; 4],
    limit: i64,
) -> Result<Vec<Point>> {
    let rows = db.all(POINTS, params![tenant, compound, south, north, west, east, limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(Point {
                code: row.get("code")?,
                category: row.get("category")?,
                state: row.get("state")?,
                lat_e7: row.get("lat_e7")?,
                lon_e7: row.get("lon_e7")?,
            })
        })
        .collect()
}

/// Lets the numbers of a compound go on after `last`; for imports that number many at once.
pub async fn set_number(tx: &mut Tx<'_>, tenant: TenantId, compound_code: &str, last: i64) -> Result<()> {
    tx.run(SET_COUNTER, params![tenant, format!("request/{compound_code}"), last]).await.map(drop)
}

pub async fn add_category(tx: &mut Tx<'_>, tenant: TenantId, category: &Category) -> Result<()> {
    let row = params![
        tenant,
        &category.slug,
        &category.name,
        &category.name_en,
        category.kind,
        category.door,
        category.private,
        category.sort,
        category.office,
        category.compound
    ];
    tx.run(ADD_CATEGORY, row).await.map(drop)
}

/// What may be said something about here, in the order in which it is offered.
pub async fn categories(db: &Db, tenant: TenantId) -> Result<Vec<Category>> {
    db.all(CATEGORIES, params![tenant]).await?.iter().map(read_category).collect()
}

pub async fn categories_in(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Category>> {
    tx.all(CATEGORIES, params![tenant]).await?.iter().map(read_category).collect()
}

/// Everything of a case that may be searched for: public words, the category's names, the building.
/// Under which the author finds what nobody else may.
pub fn author_mark(author: PersonId) -> String {
    format!("by{}", author.0.simple())
}

/// Who finds a case.
pub fn search_mark(public: bool, author: Option<PersonId>) -> Option<String> {
    if public { Some("public".to_owned()) } else { author.map(author_mark) }
}

/// The words by which a case is found.
pub async fn search_text(tx: &mut Tx<'_>, case: &Case) -> Result<search::Text> {
    let rows = tx.all(SEARCH_TEXT, params![case.tenant, case.id, case.category.as_str(), case.building]).await?;
    let mut text = search::Text { own: case.code.clone(), names: String::new() };
    for row in &rows {
        let to = if row.get("own")? { &mut text.own } else { &mut text.names };
        to.push('\n');
        to.push_str(&row.get::<String>("text")?);
    }
    Ok(text)
}

fn read_category(row: &Row) -> Result<Category> {
    Ok(Category {
        slug: row.get("slug")?,
        name: row.get("name")?,
        name_en: row.get("name_en")?,
        kind: row.get("kind")?,
        door: row.get("door")?,
        private: row.get("private")?,
        sort: row.get("sort")?,
        office: row.get("office")?,
        compound: row.get("compound")?,
    })
}

/// Reports whose days for an answer are over at `now`.
pub async fn unanswered(db: &Db, now: Moment, limit: i64) -> Result<Vec<(TenantId, CaseId)>> {
    let rows = db.all(UNANSWERED, params![now, limit]).await?;
    rows.iter().map(|row| Ok((row.get("tenant")?, row.get("id")?))).collect()
}

/// A page of cases, newest first.
pub async fn list(db: &Db, filter: &Filter, sees: Sees, limit: i64) -> Result<Vec<CaseRow>> {
    let (sql, values) = list_sql(filter, sees, limit);
    db.all(&sql, &values).await?.iter().map(read_row).collect()
}

/// How many match, counted no further than `up_to`.
pub async fn count(db: &Db, filter: &Filter, sees: Sees, up_to: i64) -> Result<i64> {
    let (sql, mut values) = count_sql(filter, sees);
    values.push(Value::Int(up_to));
    db.one(&sql, &values).await?.map_or(Ok(0), |row| row.get("n"))
}

fn conditions(filter: &Filter, sees: Sees) -> (String, Vec<Value>) {
    let mut wanted = vec!["1 = 1".to_owned()];
    let mut values: Vec<Value> = Vec::new();
    let mut is = |column: &str, value: Value| {
        values.push(value);
        format!("r.{column} = ${}", values.len())
    };
    if let Some(tenant) = filter.tenant {
        wanted.push(is("tenant", tenant.into()));
    }
    if let Some(compound) = filter.compound {
        wanted.push(is("compound", compound.into()));
    }
    if let Some(building) = filter.building {
        wanted.push(is("building", building.into()));
    }
    if let Some(category) = &filter.category {
        wanted.push(is("category", category.into()));
    }
    if let Some(author) = filter.author {
        wanted.push(is("author", author.into()));
    }
    if let Some(door) = filter.door {
        wanted.push(is("door", door.into()));
    }
    if filter.overdue {
        values.push(filter.now.into());
        wanted.push(format!("r.state in ('said', 'accepted') and r.due < ${}", values.len()));
    }
    let unanswered = |values: &mut Vec<Value>| {
        values.push(filter.now.into());
        format!("(r.state = 'reported' and {} <= ${})", desk::LATE, values.len())
    };
    if sees == Sees::Public {
        wanted.push("r.private = false and r.kind <> 'dispute' and r.state <> 'withdrawn'".into());
    }
    match filter.state {
        Some(State::Closed) => wanted.push(format!("(r.state = 'closed' or {})", unanswered(&mut values))),
        Some(State::Reported) => {
            wanted.push(format!("r.state = 'reported' and not {}", unanswered(&mut values)));
        }
        Some(state) => wanted.push(format!("r.state = '{state}'")),
        None => {}
    }
    if filter.open {
        let unanswered = unanswered(&mut values);
        wanted.push(format!("r.state in ('said', 'accepted', 'reported') and not {unanswered}"));
    }
    if let Some((said, id)) = filter.before {
        values.push(said.into());
        values.push(id.into());
        wanted.push(format!("(r.said, r.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    (wanted.join(" and "), values)
}

fn list_sql(filter: &Filter, sees: Sees, limit: i64) -> (String, Vec<Value>) {
    let (wanted, mut values) = conditions(filter, sees);
    values.push(Value::Int(limit));
    let inner = format!(
        "select {COLUMNS} from request r where {wanted} order by r.said desc, r.id desc limit ${}",
        values.len()
    );
    (format!("select r.*, {SHOWN} from ({inner}) r {JOINS} order by r.said desc, r.id desc"), values)
}

fn count_sql(filter: &Filter, sees: Sees) -> (String, Vec<Value>) {
    let (wanted, values) = conditions(filter, sees);
    let sql = format!(
        "select count(*) as n from (select 1 as one from request r where {wanted} limit ${}) counted",
        values.len() + 1
    );
    (sql, values)
}

fn by_ids_sql(count: usize) -> String {
    let wanted: Vec<String> =
        (0..count).map(|n| format!("(r.tenant = ${} and r.id = ${})", 2 * n + 1, 2 * n + 2)).collect();
    format!("select {COLUMNS}, {SHOWN} from request r {JOINS} where {}", wanted.join(" or "))
}

/// Cases by their ids, in the order of `ids`; those that are gone are left out.
pub async fn by_ids(db: &Db, ids: &[(TenantId, CaseId)]) -> Result<Vec<CaseRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let values: Vec<Value> = ids.iter().flat_map(|(tenant, id)| [Value::from(*tenant), Value::from(*id)]).collect();
    let mut found: Vec<CaseRow> =
        db.all(&by_ids_sql(ids.len()), &values).await?.iter().map(read_row).collect::<Result<_>>()?;
    found.sort_by_key(|row| ids.iter().position(|(_, id)| *id == row.case.id));
    Ok(found)
}

fn read_row(row: &Row) -> Result<CaseRow> {
    let text = |name: &str| Ok::<_, Error>(row.get::<Option<String>>(name)?.unwrap_or_default());
    Ok(CaseRow {
        case: read(row)?,
        public_label: text("public_label")?,
        public_label_en: text("public_label_en")?,
        holder_label: text("holder_label")?,
        holder_label_en: text("holder_label_en")?,
        category_name: text("category_name")?,
        category_name_en: text("category_name_en")?,
    })
}

fn read(row: &Row) -> Result<Case> {
    let holder = Holder {
        office: row.get::<Office>("holder_office")?,
        place: row.get("holder_place")?,
        person: row.get("holder_person")?,
    };
    Ok(Case {
        tenant: row.get("tenant")?,
        id: row.get("id")?,
        code: row.get("code")?,
        compound: row.get("compound")?,
        building: row.get("building")?,
        entrance: row.get("entrance")?,
        home: row.get("home")?,
        place: row.get("place")?,
        kind: row.get("kind")?,
        category: row.get("category")?,
        door: row.get::<Door>("door")?,
        state: row.get("state")?,
        holder,
        round: row.get("round")?,
        private: row.get("private")?,
        author: row.get("author")?,
        typed_by: row.get("typed_by")?,
        channel: row.get("channel")?,
        words: row.get("words")?,
        photos: row.get("photos")?,
        supporters: row.get("supporters")?,
        said: row.get("said")?,
        changed: row.get("changed")?,
        closed: row.get("closed")?,
        due: row.get("due")?,
        provisional: row.get("provisional")?,
        outcome: row.get("outcome")?,
        solved: row.get("solved")?,
        satisfaction: row.get("satisfaction")?,
        lat_e7: row.get("lat_e7")?,
        lon_e7: row.get("lon_e7")?,
    })
}
