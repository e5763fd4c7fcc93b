//! Posts of a hub on the shelf: who holds one, who stands in, and what was done.

use crate::duty::{Entry, EntryId, Leave, Post, PostDay, PostId};
use crate::people::PersonId;
use crate::place::{PlaceId, TenantId};
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Result, params};

const POST_COLUMNS: &str =
    "select o.id, o.place, o.name, o.duties, o.desk, o.holder, o.held, o.confirmed, p.name as holder_name,
    p.name_en as holder_name_en, o.deputy, o.away_from, o.away_until, d.name as deputy_name, d.name_en as deputy_name_en
    from post o left join person p on p.tenant = o.tenant and p.id = o.holder
    left join person d on d.tenant = o.tenant and d.id = o.deputy";
const ADD_POST: &str = "insert into post (tenant, id, place, name, duties, desk, holder, held, since, ended)
    values ($1, $2, $3, $4, $5, $6, null, null, $7, null)";
const HOLD_POST: &str =
    "update post set holder = $3, held = $4, confirmed = null, deputy = null, away_from = null, away_until = null
    where tenant = $1 and id = $2 and ended is null";
const CONFIRM: &str = "update post set confirmed = $3
    where tenant = $1 and id = $2 and holder is not null and confirmed is null and ended is null";
/// Of somebody who belongs to the compound no more.
const LEAVE_POSTS: &str =
    "update post set holder = null, held = null, confirmed = null, deputy = null, away_from = null,
    away_until = null where tenant = $1 and holder = $2 and place = $3";
const LEAVE_DEPUTIES: &str = "update post set deputy = null where tenant = $1 and deputy = $2 and place = $3";
const AWAY: &str = "update post set away_from = $4, away_until = $5, deputy = null
    where tenant = $1 and id = $2 and holder = $3 and ended is null";
const DEPUTY: &str =
    "update post set deputy = $3 where tenant = $1 and id = $2 and holder is not null and ended is null";
/// Posts with what was done on each in a span; a post without a line has one row all the same.
const WITH_ENTRIES: &str =
    "select o.id as post, o.name as post_name, o.holder, o.deputy, o.away_from, o.away_until, e.id, e.at, e.text, e.person,
    p.name, p.name_en,
    case when o.ended is null then 1 else 0 end as runs from post o
    left join post_entry e on e.tenant = o.tenant and e.post = o.id and e.withdrawn is null and e.at >= $3 and e.at < $4
    left join person p on p.tenant = e.tenant and p.id = e.person
    where o.tenant = $1 and o.place = $2 and (o.ended is null or e.id is not null) order by o.id, e.id limit 500";
const END_POST: &str =
    "update post set ended = $3, holder = null, deputy = null where tenant = $1 and id = $2 and ended is null";
const ENTRIES: &str =
    "select e.id, e.post, o.name as post_name, e.person, p.name, p.name_en, e.at, e.text from post_entry e
    join post o on o.tenant = e.tenant and o.id = e.post
    join person p on p.tenant = e.tenant and p.id = e.person
    where e.tenant = $1 and e.place = $2 and e.withdrawn is null and e.at >= $3 and e.at < $4
    order by e.id desc limit $5";
const ADD_ENTRY: &str = "insert into post_entry (tenant, id, place, post, person, at, text, withdrawn)
    values ($1, $2, $3, $4, $5, $6, $7, null)";
const WITHDRAW_ENTRY: &str = "update post_entry set withdrawn = $4
    where tenant = $1 and id = $2 and person = $3 and withdrawn is null";

fn post_by_id() -> String {
    format!("{POST_COLUMNS} where o.tenant = $1 and o.id = $2 and o.ended is null")
}

fn posts_of() -> String {
    format!("{POST_COLUMNS} where o.tenant = $1 and o.place = $2 and o.ended is null order by o.id limit 100")
}

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let all = [
        ADD_POST,
        HOLD_POST,
        CONFIRM,
        LEAVE_POSTS,
        LEAVE_DEPUTIES,
        AWAY,
        DEPUTY,
        END_POST,
        ENTRIES,
        ADD_ENTRY,
        WITHDRAW_ENTRY,
        WITH_ENTRIES,
    ];
    all.into_iter().map(str::to_owned).chain([post_by_id(), posts_of()]).collect()
}

fn leave(row: &Row) -> Result<Option<Leave>> {
    let (from, until): (Option<Moment>, Option<Moment>) = (row.get("away_from")?, row.get("away_until")?);
    let deputy = row.get("deputy")?;
    Ok(from.zip(until).map(|(from, until)| Leave { from, until, deputy }))
}

fn read_post(row: &Row) -> Result<Post> {
    let name: Option<String> = row.get("holder_name")?;
    let name_en: Option<String> = row.get("holder_name_en")?;
    Ok(Post {
        id: row.get("id")?,
        place: row.get("place")?,
        name: row.get("name")?,
        duties: row.get("duties")?,
        desk: row.get("desk")?,
        holder: row.get("holder")?,
        holder_name: name.zip(name_en),
        held: row.get("held")?,
        confirmed: row.get("confirmed")?,
        leave: leave(row)?,
        deputy_name: row.get::<Option<String>>("deputy_name")?.zip(row.get::<Option<String>>("deputy_name_en")?),
    })
}

pub async fn posts(db: &Db, tenant: TenantId, place: PlaceId) -> Result<Vec<Post>> {
    db.all(&posts_of(), params![tenant, place]).await?.iter().map(read_post).collect()
}

pub async fn post(tx: &mut Tx<'_>, tenant: TenantId, id: PostId) -> Result<Option<Post>> {
    tx.one(&post_by_id(), params![tenant, id]).await?.as_ref().map(read_post).transpose()
}

pub async fn add_post(
    tx: &mut Tx<'_>,
    (tenant, place): (TenantId, PlaceId),
    (name, duties): (&str, &str),
    desk: bool,
) -> Result<PostId> {
    let (id, now): (PostId, Moment) = (tx.id(), tx.now());
    tx.run(ADD_POST, params![tenant, id, place, name, duties, desk, now]).await?;
    Ok(id)
}

pub async fn hold_post(tx: &mut Tx<'_>, tenant: TenantId, id: PostId, holder: Option<PersonId>) -> Result<()> {
    let held = holder.map(|_| tx.now());
    tx.run(HOLD_POST, params![tenant, id, holder, held]).await.map(drop)
}

/// Those who keep the hub say yes to its holder; `false` when there is none, or they had.
pub async fn confirm_post(tx: &mut Tx<'_>, tenant: TenantId, id: PostId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(CONFIRM, params![tenant, id, now]).await? == 1)
}

/// Frees what somebody holds or carries at a hub; tells how many posts that were.
pub async fn leave_posts(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId, place: PlaceId) -> Result<u64> {
    tx.run(LEAVE_DEPUTIES, params![tenant, person, place]).await?;
    tx.run(LEAVE_POSTS, params![tenant, person, place]).await
}

/// Whether it had not ended.
pub async fn end_post(tx: &mut Tx<'_>, tenant: TenantId, id: PostId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(END_POST, params![tenant, id, now]).await? == 1)
}

/// What was done between two moments, newest first.
pub async fn entries(
    db: &Db,
    tenant: TenantId,
    place: PlaceId,
    (from, to): (Moment, Moment),
    limit: i64,
) -> Result<Vec<Entry>> {
    let rows = db.all(ENTRIES, params![tenant, place, from, to, limit]).await?;
    let read = |row: &Row| {
        Ok(Entry {
            id: row.get("id")?,
            post: row.get("post")?,
            post_name: row.get("post_name")?,
            person: row.get("person")?,
            name: row.get("name")?,
            name_en: row.get("name_en")?,
            at: row.get("at")?,
            text: row.get("text")?,
        })
    };
    rows.iter().map(read).collect()
}

pub async fn add_entry(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    post: &Post,
    person: PersonId,
    text: &str,
) -> Result<EntryId> {
    let (id, now): (EntryId, Moment) = (tx.id(), tx.now());
    tx.run(ADD_ENTRY, params![tenant, id, post.place, post.id, person, now, text]).await?;
    Ok(id)
}

/// Whether it was this person's and still stood.
pub async fn withdraw_entry(tx: &mut Tx<'_>, tenant: TenantId, id: EntryId, person: PersonId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(WITHDRAW_ENTRY, params![tenant, id, person, now]).await? == 1)
}

/// Says from when until when the holder is away, or that they are not; whether it is theirs.
pub async fn away_post(
    tx: &mut Tx<'_>,
    (tenant, id): (TenantId, PostId),
    holder: PersonId,
    away: Option<(Moment, Moment)>,
) -> Result<bool> {
    let (from, until) = (away.map(|away| away.0), away.map(|away| away.1));
    Ok(tx.run(AWAY, params![tenant, id, holder, from, until]).await? == 1)
}

/// Who stands in while the holder is away, or nobody any more.
pub async fn deputise(tx: &mut Tx<'_>, tenant: TenantId, id: PostId, deputy: Option<PersonId>) -> Result<()> {
    tx.run(DEPUTY, params![tenant, id, deputy]).await.map(drop)
}

/// Every post with what was done on it in a span.
pub async fn entries_with_posts(
    db: &Db,
    (tenant, place): (TenantId, PlaceId),
    (from, to): (Moment, Moment),
) -> Result<Vec<PostDay>> {
    let mut all: Vec<PostDay> = Vec::new();
    for row in db.all(WITH_ENTRIES, params![tenant, place, from, to]).await? {
        let post: PostId = row.get("post")?;
        if all.last().is_none_or(|one| one.post != post) {
            let (name, holder) = (row.get("post_name")?, row.get("holder")?);
            let runs = row.get::<i64>("runs")? == 1;
            all.push(PostDay { post, name, runs, holder, leave: leave(&row)?, entries: Vec::new() });
        }
        let Some(id) = row.get::<Option<EntryId>>("id")? else { continue };
        let post_name = row.get("post_name")?;
        let entry = Entry {
            id,
            post,
            post_name,
            person: row.get("person")?,
            name: row.get::<Option<String>>("name")?.unwrap_or_default(),
            name_en: row.get::<Option<String>>("name_en")?.unwrap_or_default(),
            at: row.get("at")?,
            text: row.get("text")?,
        };
        if let Some(last) = all.last_mut() {
            last.entries.push(entry);
        }
    }
    Ok(all)
}
