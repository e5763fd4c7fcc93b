//! Deliveries on the shelf.

use super::{Content, Delivery, DeliveryId, NewDelivery, Outcome, Stage, TRIES_MAX, again};
use crate::notice::channel::ChannelId;
use crate::place::TenantId;
use kit::db::{Db, Row, Tx, Value};
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::{Error, Result, Uuid, params};

const LEASE_MS: i64 = Moment::minutes(2);
const ERROR_CHARACTERS_MAX: usize = 300;
const LABEL: &str = "delivery";

const ADD: &str =
    "insert into delivery (tenant, id, key, via, channel, person, about, content, due, leased_until, tries, state,
    error, at, sent) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 'queued', null, $10, null)
    on conflict (tenant, key) do nothing";
const WAITS: &str = "select id from delivery where state = 'queued' and due <= $1 and leased_until <= $1
    order by due, id limit 1";
const LEASE: &str =
    "update delivery set leased_until = $3 where tenant = $1 and id = $2 and state = 'queued' and leased_until <= $4";
const SENT: &str = "update delivery set state = 'sent', sent = $3, tries = tries + 1, content = null, error = null
    where tenant = $1 and id = $2";
const FAILED: &str = "update delivery set tries = tries + 1, due = $3, leased_until = 0, error = $4
    where tenant = $1 and id = $2";
const GIVE_UP: &str = "update delivery set state = 'given_up', tries = tries + 1, content = null, error = $3
    where tenant = $1 and id = $2";
const FORGET: &str = "update delivery set state = 'given_up', content = null, error = 'erased'
    where tenant = $1 and about = $2 and state = 'queued'";
const OF_CHANNEL: &str = "select at, state, error, sent from delivery where tenant = $1 and channel = $2
    order by id desc limit $3";
const ABOUT: &str = "select about from delivery where tenant = $1 and id = $2";
const COUNTS: &str = "select state, count(*) as n from delivery where via = $1 group by state order by state";

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let all = [ADD, WAITS, LEASE, SENT, FAILED, GIVE_UP, FORGET, OF_CHANNEL, ABOUT, COUNTS];
    let mut all: Vec<String> = all.map(str::to_owned).into();
    let channel = ChannelId(Uuid::nil());
    let full = [Target::Robot(TenantId(Uuid::nil()), channel), Target::Other(super::Via::Mail)];
    all.extend([due_sql(&[]).0, due_sql(&full).0]);
    all
}

/// Where something goes; each is given so many at a time, so that one who does not answer keeps nobody else waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    Robot(TenantId, ChannelId),
    /// The mail server, or the gateway for text messages.
    Other(super::Via),
}

impl Delivery {
    pub fn target(&self) -> Target {
        self.channel.map_or(Target::Other(self.via), |channel| Target::Robot(self.tenant, channel))
    }
}

fn due_sql(full: &[Target]) -> (String, Vec<Value>) {
    let mut values = Vec::new();
    let mut but = String::new();
    for target in full {
        match target {
            Target::Robot(tenant, channel) => {
                values.extend([Value::from(*tenant), Value::from(*channel)]);
                let at = values.len() + 2;
                but.push_str(&format!(" and not (channel is not null and tenant = ${} and channel = ${at})", at - 1));
            }
            Target::Other(via) => {
                values.push(Value::from(*via));
                but.push_str(&format!(" and not (channel is null and via = ${})", values.len() + 2));
            }
        }
    }
    let sql = format!(
        "select tenant, id, via, channel, about, content, tries from delivery
        where state = 'queued' and due <= $1 and leased_until <= $1{but} order by due, id limit $2"
    );
    (sql, values)
}

/// Leaves something to be sent; `false` when the same thing was left before.
pub async fn queue(tx: &mut Tx<'_>, secrets: &Secrets, tenant: TenantId, new: &NewDelivery) -> Result<bool> {
    let (id, now): (DeliveryId, Moment) = (tx.id(), tx.now());
    let plain = serde_json::to_vec(&new.content).map_err(Error::internal)?;
    let content = secrets.seal(LABEL, &plain)?;
    let row = params![tenant, id, &new.key, new.via, new.channel, new.person, new.about, content, new.due, now];
    Ok(tx.run(ADD, row).await? == 1)
}

/// Whether anything is due and in nobody's hands: a read, so that a quiet house writes nothing.
pub async fn waits(db: &Db, now: Moment) -> Result<bool> {
    Ok(db.one(WAITS, params![now]).await?.is_some())
}

/// Takes what is due on a lease, so that no two send the same: none for those who are `full`, and for each other target no
/// more than `room` says.
pub async fn take(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    limit: i64,
    full: &[Target],
    room: &(dyn Fn(Target) -> usize + Sync),
) -> Result<Vec<Delivery>> {
    let now = tx.now();
    let mut taken: Vec<Delivery> = Vec::new();
    let (sql, but) = due_sql(full);
    let values = [&[Value::from(now), Value::from(limit)], &but[..]].concat();
    for row in tx.all(&sql, &values).await? {
        let delivery = read(&row, secrets)?;
        let target = delivery.target();
        if taken.iter().filter(|other| other.target() == target).count() >= room(target) {
            continue;
        }
        if tx.run(LEASE, params![delivery.tenant, delivery.id, now + LEASE_MS, now]).await? == 1 {
            taken.push(delivery);
        }
    }
    Ok(taken)
}

fn read(row: &Row, secrets: &Secrets) -> Result<Delivery> {
    let sealed: Option<Vec<u8>> = row.get("content")?;
    let plain = sealed.and_then(|sealed| secrets.unseal(LABEL, &sealed));
    Ok(Delivery {
        tenant: row.get("tenant")?,
        id: row.get("id")?,
        via: row.get("via")?,
        channel: row.get("channel")?,
        about: row.get("about")?,
        content: plain.and_then(|plain| serde_json::from_slice::<Content>(&plain).ok()),
        tries: row.get("tries")?,
    })
}

pub async fn sent(tx: &mut Tx<'_>, delivery: &Delivery) -> Result<()> {
    let now = tx.now();
    tx.run(SENT, params![delivery.tenant, delivery.id, now]).await.map(drop)
}

/// Notes why it did not go; tells whether it is given up now.
pub async fn failed(tx: &mut Tx<'_>, delivery: &Delivery, why: &str, never: bool) -> Result<bool> {
    let now = tx.now();
    let why: String = why.chars().take(ERROR_CHARACTERS_MAX).collect();
    let over = never || delivery.tries + 1 >= TRIES_MAX;
    match over {
        true => tx.run(GIVE_UP, params![delivery.tenant, delivery.id, why]).await?,
        false => tx.run(FAILED, params![delivery.tenant, delivery.id, again(now, delivery.tries), why]).await?,
    };
    Ok(over)
}

/// What still waits about a thing whose words were erased is not sent.
pub async fn forget(tx: &mut Tx<'_>, tenant: TenantId, about: Uuid) -> Result<()> {
    tx.run(FORGET, params![tenant, about]).await.map(drop)
}

/// What a channel was given last, newest first.
pub async fn of_channel(db: &Db, tenant: TenantId, channel: ChannelId, limit: i64) -> Result<Vec<Outcome>> {
    let rows = db.all(OF_CHANNEL, params![tenant, channel, limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(Outcome {
                at: row.get("at")?,
                stage: row.get("state")?,
                error: row.get("error")?,
                sent: row.get("sent")?,
            })
        })
        .collect()
}

/// The thing that a letter of ours told of.
pub async fn about(tx: &mut Tx<'_>, tenant: TenantId, id: DeliveryId) -> Result<Option<Uuid>> {
    tx.one(ABOUT, params![tenant, id]).await?.map_or(Ok(None), |row| row.get("about"))
}

/// How many there are of each stage.
pub async fn counts(db: &Db, via: super::Via) -> Result<Vec<(Stage, i64)>> {
    let rows = db.all(COUNTS, params![via]).await?;
    rows.iter().map(|row| Ok((row.get("state")?, row.get("n")?))).collect()
}
