//! Channels, and the mailboxes of compounds, on the shelf.

use super::{Channel, ChannelId, Event, RobotKind};
use crate::notice::delivery::{Outcome, Quiet};
use crate::place::{PlaceId, PlaceKind, TenantId};
use kit::db::{Db, Row, Tx};
use kit::i18n::Lang;
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::{Result, Uuid, params};

const LABEL: &str = "channel";

const COLUMNS: &str =
    "select tenant, id, place, name, kind, address, secret, events, categories, quiet_from, quiet_to, lang, paused,
    worked, failed, error, failing, retired,
    (select p.kind from place p where p.tenant = channel.tenant and p.id = channel.place) as place_kind from channel";
const ADD: &str =
    "insert into channel (tenant, id, place, name, kind, address, secret, events, categories, quiet_from, quiet_to,
    since, lang, paused, retired, worked, failed, error)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, null, null, null, null, null)";
const PAUSE: &str = "update channel set paused = $3 where tenant = $1 and id = $2 and retired is null";
const SPEAK: &str = "update channel set lang = $3 where tenant = $1 and id = $2 and retired is null";
/// Whoever retires a channel wants its address and secret gone.
const RETIRE: &str =
    "update channel set retired = $3, address = $4, secret = null where tenant = $1 and id = $2 and retired is null";
const WORKED: &str = "update channel set worked = $3, error = null, failing = null, silent = null
    where tenant = $1 and id = $2 and retired is null";
const FAILED: &str = "update channel set failed = $3, error = $4,
    failing = case when error is null then $3 else coalesce(failing, $3) end
    where tenant = $1 and id = $2 and retired is null";
const SILENT: &str =
    "update channel set silent = $3 where tenant = $1 and id = $2 and retired is null and silent is null";

const MAILBOXES: &str = "select m.address, m.place, p.label, p.label_en from mailbox m
    join place p on p.tenant = m.tenant and p.id = m.place where m.tenant = $1 order by m.address limit 200";
const MAILBOX: &str = "select tenant, place from mailbox where address = $1";
const MAILBOX_OF: &str = "select address from mailbox where tenant = $1 and place = $2 order by since, address limit 1";
const ADD_MAILBOX: &str =
    "insert into mailbox (tenant, address, place, since) values ($1, $2, $3, $4) on conflict (address) do nothing";
const DROP_MAILBOX: &str = "delete from mailbox where tenant = $1 and address = $2";

const SEE_MAIL: &str = "insert into mail_seen (tenant, id, request, sender, at) values ($1, $2, $3, $4, $5)
    on conflict (tenant, id) do nothing";
const BIND_MAIL: &str = "update mail_seen set request = $3 where tenant = $1 and id = $2";
const WROTE: &str = "select count(*) as n from mail_seen where tenant = $1 and request = $2 and sender = $3";

fn of_tenant() -> String {
    format!("{COLUMNS} where tenant = $1 and retired is null order by place, id limit 200")
}

/// Those of today with their last deliveries, the newest first, and those that were retired since.
fn told_of_tenant() -> String {
    format!(
        "select c.*, d.at as told_at, d.state as told_state, d.error as told_error, d.sent as told_sent
         from ({COLUMNS} where tenant = $1 and (retired is null or retired > $2)) c
         left join delivery d on d.tenant = c.tenant and c.retired is null and d.id in (select e.id from delivery e
             where e.tenant = c.tenant and e.channel = c.id order by e.id desc limit $3)
         order by c.place, c.id, d.id desc limit 2000"
    )
}

fn one() -> String {
    format!("{COLUMNS} where tenant = $1 and id = $2 and retired is null")
}

/// Every statement of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let fixed = [
        MAILBOX_OF,
        ADD,
        PAUSE,
        SPEAK,
        RETIRE,
        WORKED,
        FAILED,
        SILENT,
        MAILBOXES,
        MAILBOX,
        ADD_MAILBOX,
        DROP_MAILBOX,
        SEE_MAIL,
        BIND_MAIL,
        WROTE,
    ];
    fixed.iter().map(|sql| sql.to_string()).chain([of_tenant(), told_of_tenant(), one()]).collect()
}

/// What a new channel needs.
#[derive(Clone)]
pub struct NewChannel {
    pub place: PlaceId,
    pub name: String,
    pub kind: RobotKind,
    pub address: String,
    pub secret: Option<String>,
    pub events: Vec<Event>,
    pub categories: Vec<String>,
    pub quiet: Quiet,
    pub lang: Lang,
}

pub async fn add(tx: &mut Tx<'_>, secrets: &Secrets, tenant: TenantId, new: &NewChannel) -> Result<ChannelId> {
    let (id, now): (ChannelId, _) = (tx.id(), tx.now());
    let address = secrets.seal(LABEL, new.address.as_bytes())?;
    let secret = new.secret.as_ref().map(|secret| secrets.seal(LABEL, secret.as_bytes())).transpose()?;
    let events = new.events.iter().map(|event| event.name()).collect::<Vec<_>>().join(",");
    let categories = new.categories.join(",");
    let (from, to) = (new.quiet.from, new.quiet.to);
    let lang = new.lang.code();
    let row =
        params![tenant, id, new.place, &new.name, new.kind, address, secret, events, categories, from, to, now, lang];
    tx.run(ADD, row).await?;
    Ok(id)
}

fn read(row: &Row, secrets: &Secrets) -> Result<Channel> {
    let open = |sealed: Vec<u8>| String::from_utf8(secrets.unseal(LABEL, &sealed)?).ok();
    let (address, secret): (Vec<u8>, Option<Vec<u8>>) = (row.get("address")?, row.get("secret")?);
    let (events, categories): (String, String) = (row.get("events")?, row.get("categories")?);
    Ok(Channel {
        tenant: row.get("tenant")?,
        id: row.get("id")?,
        place: row.get("place")?,
        community: row.get::<Option<PlaceKind>>("place_kind")? == Some(PlaceKind::Community),
        name: row.get("name")?,
        kind: row.get("kind")?,
        address: open(address),
        secret: secret.and_then(open),
        events: events.split(',').filter_map(Event::parse).collect(),
        categories: categories.split(',').filter(|slug| !slug.is_empty()).map(str::to_owned).collect(),
        quiet: Quiet { from: row.get("quiet_from")?, to: row.get("quiet_to")? },
        lang: Lang::parse(&row.get::<String>("lang")?).unwrap_or_default(),
        paused: row.get("paused")?,
        worked: row.get("worked")?,
        failed: row.get("failed")?,
        error: row.get("error")?,
        failing: row.get("failing")?,
        retired: row.get("retired")?,
    })
}

/// The channels of a community, as they are told and kept.
pub async fn all(db: &Db, secrets: &Secrets, tenant: TenantId) -> Result<Vec<Channel>> {
    db.all(&of_tenant(), params![tenant]).await?.iter().map(|row| read(row, secrets)).collect()
}

/// The same, each with what it was given last, at most `lines` of it; and those that were retired since a moment, with
/// nothing.
pub async fn told(
    db: &Db,
    secrets: &Secrets,
    tenant: TenantId,
    since: Moment,
    lines: i64,
) -> Result<Vec<(Channel, Vec<Outcome>)>> {
    let mut all: Vec<(Channel, Vec<Outcome>)> = Vec::new();
    for row in db.all(&told_of_tenant(), params![tenant, since, lines]).await? {
        let id: ChannelId = row.get("id")?;
        if all.last().is_none_or(|(last, _)| last.id != id) {
            all.push((read(&row, secrets)?, Vec::new()));
        }
        let told = row.get::<Option<Moment>>("told_at")?.zip(all.last_mut());
        if let Some((at, (_, outcomes))) = told {
            let (stage, error, sent) = (row.get("told_state")?, row.get("told_error")?, row.get("told_sent")?);
            outcomes.push(Outcome { at, stage, error, sent });
        }
    }
    Ok(all)
}

/// The same as [`all`] inside a deed.
pub async fn all_in(tx: &mut Tx<'_>, secrets: &Secrets, tenant: TenantId) -> Result<Vec<Channel>> {
    tx.all(&of_tenant(), params![tenant]).await?.iter().map(|row| read(row, secrets)).collect()
}

/// One channel, unless it is retired.
pub async fn find(db: &Db, secrets: &Secrets, tenant: TenantId, id: ChannelId) -> Result<Option<Channel>> {
    db.one(&one(), params![tenant, id]).await?.map(|row| read(&row, secrets)).transpose()
}

/// Pauses a channel, or lets it go on.
pub async fn pause(tx: &mut Tx<'_>, tenant: TenantId, id: ChannelId, pause: bool) -> Result<bool> {
    let since = pause.then(|| tx.now());
    Ok(tx.run(PAUSE, params![tenant, id, since]).await? == 1)
}

/// Sets the language of its lines.
pub async fn speak(tx: &mut Tx<'_>, tenant: TenantId, id: ChannelId, lang: Lang) -> Result<bool> {
    Ok(tx.run(SPEAK, params![tenant, id, lang.code()]).await? == 1)
}

pub async fn retire(tx: &mut Tx<'_>, tenant: TenantId, id: ChannelId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(RETIRE, params![tenant, id, now, Vec::<u8>::new()]).await? == 1)
}

/// Notes how the last line went.
pub async fn note(tx: &mut Tx<'_>, tenant: TenantId, id: ChannelId, error: Option<&str>) -> Result<()> {
    let now = tx.now();
    match error {
        None => tx.run(WORKED, params![tenant, id, now]).await.map(drop),
        Some(error) => tx.run(FAILED, params![tenant, id, now, error]).await.map(drop),
    }
}

/// Notes that a line was given up; gives the place and the name when its office has not been told of that yet.
pub async fn fell_silent(tx: &mut Tx<'_>, tenant: TenantId, id: ChannelId) -> Result<Option<(PlaceId, String)>> {
    let now = tx.now();
    if tx.run(SILENT, params![tenant, id, now]).await? == 0 {
        return Ok(None);
    }
    let row = tx.one(&one(), params![tenant, id]).await?;
    row.map(|row| Ok((row.get("place")?, row.get("name")?))).transpose()
}

/// An address and the place whose requests come there.
#[derive(Clone, Debug)]
pub struct Mailbox {
    pub address: String,
    pub place: PlaceId,
    pub label: String,
    pub label_en: String,
}

pub async fn mailboxes(db: &Db, tenant: TenantId) -> Result<Vec<Mailbox>> {
    let rows = db.all(MAILBOXES, params![tenant]).await?;
    rows.iter()
        .map(|row| {
            Ok(Mailbox {
                address: row.get("address")?,
                place: row.get("place")?,
                label: row.get("label")?,
                label_en: row.get("label_en")?,
            })
        })
        .collect()
}

/// Whose mailbox an address is.
pub async fn mailbox(db: &Db, address: &str) -> Result<Option<(TenantId, PlaceId)>> {
    let row = db.one(MAILBOX, params![address]).await?;
    row.map(|row| Ok((row.get("tenant")?, row.get("place")?))).transpose()
}

/// The mailbox of a place.
pub async fn mailbox_of(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId) -> Result<Option<String>> {
    tx.one(MAILBOX_OF, params![tenant, place]).await?.map(|row| row.get("address")).transpose()
}

/// `false` when the address is taken.
pub async fn add_mailbox(tx: &mut Tx<'_>, tenant: TenantId, address: &str, place: PlaceId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(ADD_MAILBOX, params![tenant, address, place, now]).await? == 1)
}

pub async fn drop_mailbox(tx: &mut Tx<'_>, tenant: TenantId, address: &str) -> Result<bool> {
    Ok(tx.run(DROP_MAILBOX, params![tenant, address]).await? == 1)
}

/// Notes a letter by the hash of its Message-ID; `false` when it was here before.
pub async fn see_mail(tx: &mut Tx<'_>, tenant: TenantId, id: [u8; 32], sender: [u8; 32]) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(SEE_MAIL, params![tenant, id, None::<Uuid>, sender, now]).await? == 1)
}

/// Remembers what became of a letter.
pub async fn bind_mail(tx: &mut Tx<'_>, tenant: TenantId, id: [u8; 32], request: Uuid) -> Result<()> {
    tx.run(BIND_MAIL, params![tenant, id, request]).await.map(drop)
}

/// Whether a sender wrote about a request before.
pub async fn wrote(tx: &mut Tx<'_>, tenant: TenantId, request: Uuid, sender: [u8; 32]) -> Result<bool> {
    Ok(tx.number::<i64>(WROTE, params![tenant, request, sender]).await? > 0)
}

#[cfg(test)]
mod tests;
