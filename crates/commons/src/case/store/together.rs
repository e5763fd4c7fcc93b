//! What is said by several: 我也是, a household each; cases that are the same matter and go on as one.

use super::{COLUMNS, read};
use crate::case::{Case, CaseId, State};
use crate::people::PersonId;
use crate::place::{PlaceId, TenantId};
use kit::db::{Db, Tx};
use kit::time::Moment;
use kit::{Result, Uuid, id, params};

id!(MergingId);

const SUPPORT: &str = "insert into supporter (tenant, request, home, person, at) values ($1, $2, $3, $4, $5)
    on conflict (tenant, request, home) do nothing";
const UNSUPPORT: &str = "delete from supporter where tenant = $1 and request = $2 and home = $3";
// The household of the one who said it first is no supporter of itself, whichever way it came in. A household is the home that
// was named, or the home in this compound where the author lives.
const COUNT: &str = "with home_of (request, home) as (
        select r.id, r.home from request r where r.tenant = $1 and r.home is not null
            and r.id in (select request from merging where tenant = $1 and into_request = $2 and undone is null union select $2)
        union select r.id, d.place from request r
            join mandate d on d.tenant = r.tenant and d.person = r.author and d.office in ('owner', 'tenant', 'family')
                and d.revoked is null
            join place p on p.tenant = d.tenant and p.id = d.place and p.compound = r.compound
            where r.tenant = $1 and r.id in
                (select request from merging where tenant = $1 and into_request = $2 and undone is null union select $2)
    )
    select count(*) as n from (
        select s.home from supporter s where s.tenant = $1 and s.request = $2
        union select s.home from merging m join supporter s on s.tenant = m.tenant and s.request = m.request
            where m.tenant = $1 and m.into_request = $2 and m.undone is null
        union select home from home_of where request <> $2
    ) homes where homes.home not in (select home from home_of where request = $2)";
/// Whether a home is one where somebody lives.
const LIVES: &str = "select count(*) as n from mandate d where d.tenant = $1 and d.person = $2 and d.place = $3
    and d.office in ('owner', 'tenant', 'family') and d.revoked is null";
const FOLLOWERS: &str =
    "select s.person from supporter s where s.tenant = $1 and s.request = $2 and s.person is not null
    union select s.person from merging m join supporter s on s.tenant = m.tenant and s.request = m.request
        where m.tenant = $1 and m.into_request = $2 and m.undone is null and s.person is not null
    union select r.author from merging m join request r on r.tenant = m.tenant and r.id = m.request
        where m.tenant = $1 and m.into_request = $2 and m.undone is null and r.author is not null";
const SUPPORTED: &str = "select request from supporter where tenant = $1 and person = $2 order by at desc limit $3";
const MERGE: &str =
    "insert into merging (tenant, id, request, into_request, at, undone, by_person, state, due, provisional)
    values ($1, $2, $3, $4, $5, null, $6, $7, $8, $9)";
const MERGED: &str = "select id, into_request, state, due, provisional from merging
    where tenant = $1 and request = $2 and undone is null";
const PARTED: &str = "select count(*) as n from merging where tenant = $1 and request = $2 and undone is not null";
const JOINED: &str =
    "select request from merging where tenant = $1 and into_request = $2 and undone is null order by id";
const UNMERGE: &str = "update merging set undone = $3 where tenant = $1 and id = $2 and undone is null";
const REST_CLOCKS: &str =
    "update clock set stopped = $3, why = 'merged' where tenant = $1 and request = $2 and stopped is null";
const WAKE_CLOCKS: &str =
    "update clock set stopped = null, why = null where tenant = $1 and request = $2 and why = 'merged'";
const RECENT: &str = "select id, building, category, state, words from request
    where tenant = $1 and compound = $2 and private = false and kind <> 'dispute' and state not in ('withdrawn', 'merged')
    order by said desc, id desc limit $3";

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = [
        SUPPORT,
        UNSUPPORT,
        COUNT,
        LIVES,
        FOLLOWERS,
        SUPPORTED,
        MERGE,
        MERGED,
        PARTED,
        JOINED,
        UNMERGE,
        REST_CLOCKS,
        WAKE_CLOCKS,
        RECENT,
    ]
    .map(str::to_owned)
    .into();
    all.push(by_code_sql());
    all
}

fn by_code_sql() -> String {
    format!("select {COLUMNS} from request r where r.tenant = $1 and r.code = $2")
}

/// A case of this community by its code, inside a deed.
pub async fn by_code(tx: &mut Tx<'_>, tenant: TenantId, code: &str) -> Result<Option<Case>> {
    tx.one(&by_code_sql(), params![tenant, code]).await?.as_ref().map(read).transpose()
}

/// 我也是: one voice a household. `false` when this home has said so.
pub async fn support(tx: &mut Tx<'_>, case: &Case, home: PlaceId, person: Option<PersonId>) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(SUPPORT, params![case.tenant, case.id, home, person, now]).await? == 1)
}

/// Takes it back. `false` when this home had not said so.
pub async fn unsupport(tx: &mut Tx<'_>, case: &Case, home: PlaceId) -> Result<bool> {
    Ok(tx.run(UNSUPPORT, params![case.tenant, case.id, home]).await? == 1)
}

/// How many households besides the first say it, those of merged cases among them.
pub async fn count(tx: &mut Tx<'_>, tenant: TenantId, case: CaseId) -> Result<i64> {
    tx.number(COUNT, params![tenant, case]).await
}

/// Whether it is the household of the one who said it first: its voice is no second one.
pub async fn is_own(tx: &mut Tx<'_>, case: &Case, home: PlaceId) -> Result<bool> {
    let Some(author) = case.author else { return Ok(false) };
    let lives: i64 = tx.number(LIVES, params![case.tenant, author, home]).await?;
    Ok(lives > 0)
}

/// Who hears of what becomes of a case without having said it first.
pub async fn followers(tx: &mut Tx<'_>, tenant: TenantId, case: CaseId) -> Result<Vec<PersonId>> {
    tx.all(FOLLOWERS, params![tenant, case]).await?.iter().map(|row| row.get("person")).collect()
}

/// What this person's household has joined, the newest first.
pub async fn supported(db: &Db, tenant: TenantId, person: PersonId, limit: i64) -> Result<Vec<CaseId>> {
    db.all(SUPPORTED, params![tenant, person, limit]).await?.iter().map(|row| row.get("request")).collect()
}

/// A merging that holds.
#[derive(Clone, Debug)]
pub struct Merged {
    pub id: MergingId,
    pub into: CaseId,
    /// How the case stood before, so that it can stand there again.
    pub state: State,
    pub due: Option<Moment>,
    pub provisional: bool,
}

/// Notes that `case` goes on in another, and lets its clocks rest.
pub async fn merge(tx: &mut Tx<'_>, case: &Case, into: CaseId, by: Option<PersonId>) -> Result<()> {
    let (id, now): (MergingId, Moment) = (tx.id(), tx.now());
    let row = params![case.tenant, id, case.id, into, now, by, case.state, case.due, case.provisional];
    tx.run(MERGE, row).await?;
    tx.run(REST_CLOCKS, params![case.tenant, case.id, now]).await.map(drop)
}

/// Where a case goes on, if it was merged.
pub async fn merged(tx: &mut Tx<'_>, tenant: TenantId, case: CaseId) -> Result<Option<Merged>> {
    let row = tx.one(MERGED, params![tenant, case]).await?;
    row.map(|row| {
        Ok(Merged {
            id: row.get("id")?,
            into: row.get("into_request")?,
            state: row.get("state")?,
            due: row.get("due")?,
            provisional: row.get("provisional")?,
        })
    })
    .transpose()
}

/// Ends a merging and wakes the clocks; `false` when it was ended before.
pub async fn unmerge(tx: &mut Tx<'_>, case: &Case, merging: MergingId) -> Result<bool> {
    let now = tx.now();
    if tx.run(UNMERGE, params![case.tenant, merging, now]).await? == 0 {
        return Ok(false);
    }
    tx.run(WAKE_CLOCKS, params![case.tenant, case.id]).await?;
    Ok(true)
}

/// Whether a case has gone together with another before and was parted again.
pub async fn was_parted(tx: &mut Tx<'_>, case: &Case) -> Result<bool> {
    Ok(tx.number::<i64>(PARTED, params![case.tenant, case.id]).await? > 0)
}

/// The cases that go on in this one.
pub async fn joined(tx: &mut Tx<'_>, tenant: TenantId, case: CaseId) -> Result<Vec<CaseId>> {
    tx.all(JOINED, params![tenant, case]).await?.iter().map(|row| row.get("request")).collect()
}

/// What a new text is compared with.
#[derive(Clone, Debug)]
pub struct Earlier {
    pub id: CaseId,
    pub building: Option<Uuid>,
    pub category: String,
    pub state: State,
    pub words: String,
}

/// The newest public cases of a compound, the oldest first.
pub async fn recent(db: &Db, tenant: TenantId, compound: PlaceId, limit: i64) -> Result<Vec<Earlier>> {
    let rows = db.all(RECENT, params![tenant, compound, limit]).await?;
    let read = |row: &kit::db::Row| {
        Ok(Earlier {
            id: row.get("id")?,
            building: row.get("building")?,
            category: row.get("category")?,
            state: row.get("state")?,
            words: row.get("words")?,
        })
    };
    rows.iter().rev().map(read).collect()
}
