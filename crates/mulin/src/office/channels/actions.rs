//! The deeds with channels and mailboxes.

use super::policy;
use commons::notice::channel::store::{self, NewChannel};
use commons::notice::channel::{Channel, ChannelId, RobotKind, webhook_secret};
use commons::notice::delivery::{Content, NewDelivery, Via, queue};
use commons::people::Actor;
use commons::place::{PlaceId, TenantId, store as places};
use kit::book::Activity;
use kit::db::Tx;
use kit::i18n::Lang;
use kit::secrets::Secrets;
use kit::{Error, Result};
use serde_json::json;

/// Whoever keeps a place keeps one of this community; elsewhere there is none.
async fn keeps(tx: &mut Tx<'_>, actor: &Actor, tenant: TenantId, place: PlaceId) -> Result<()> {
    policy::keep(actor, tenant, place)?;
    places::find_in(tx, tenant, place).await?.map(drop).ok_or(Error::NotFound)
}

/// Adds a channel; gives the secret of a webhook, which is shown this once.
pub async fn add(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    actor: &Actor,
    tenant: TenantId,
    new: &NewChannel,
) -> Result<(ChannelId, Option<String>)> {
    keeps(tx, actor, tenant, new.place).await?;
    // The secret of a program is made here: what people make up can be guessed.
    let made = (new.kind == RobotKind::Webhook).then(|| [tx.ids().secret(), tx.ids().secret()].concat());
    let new = &NewChannel { secret: made.as_ref().map(hex::encode).or(new.secret.clone()), ..new.clone() };
    let id = store::add(tx, secrets, tenant, new).await?;
    let activity = Activity::of(tenant, "channels/added", "channel", id).at_place(new.place);
    tx.record(activity.with(json!({ "kind": new.kind, "lang": new.lang.code() }))).await?;
    Ok((id, made.map(|bytes| webhook_secret(&bytes))))
}

/// What can be done with a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Test,
    Pause,
    GoOn,
    /// Its lines are written in this language from now on.
    Speak(Lang),
    Retire,
}

impl Deed {
    pub fn parse(name: &str) -> Option<Deed> {
        Some(match name {
            "test" => Deed::Test,
            "pause" => Deed::Pause,
            "go-on" => Deed::GoOn,
            "in-chinese" => Deed::Speak(Lang::Zh),
            "in-english" => Deed::Speak(Lang::En),
            "retire" => Deed::Retire,
            _ => return None,
        })
    }
}

pub async fn act(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    actor: &Actor,
    channel: &Channel,
    (deed, text, key): (Deed, &str, &str),
) -> Result<()> {
    let (tenant, id) = (channel.tenant, channel.id);
    policy::keep(actor, tenant, channel.place)?;
    let (done, stem) = match deed {
        Deed::Test => {
            let new = NewDelivery {
                key: format!("{key}/robot/{id}"),
                via: Via::Robot,
                channel: Some(id),
                person: None,
                about: None,
                content: Content { text: text.to_owned(), ..Content::default() },
                due: tx.now(),
            };
            (queue(tx, secrets, tenant, &new).await?, "channels/tested")
        }
        Deed::Pause => (store::pause(tx, tenant, id, true).await?, "channels/paused"),
        Deed::GoOn => (store::pause(tx, tenant, id, false).await?, "channels/resumed"),
        Deed::Speak(lang) => (store::speak(tx, tenant, id, lang).await?, "channels/language-set"),
        Deed::Retire => (store::retire(tx, tenant, id).await?, "channels/retired"),
    };
    if !done {
        return Err(Error::NotFound);
    }
    tx.record(Activity::of(tenant, stem, "channel", id).at_place(channel.place)).await.map(drop)
}

pub async fn add_mailbox(
    tx: &mut Tx<'_>,
    actor: &Actor,
    tenant: TenantId,
    address: &str,
    place: PlaceId,
) -> Result<()> {
    keeps(tx, actor, tenant, place).await?;
    if !store::add_mailbox(tx, tenant, address, place).await? {
        return Err(Error::invalid("mailbox", "channels/mailbox-taken"));
    }
    tx.record(Activity::of(tenant, "channels/mailbox-added", "place", place).at_place(place)).await.map(drop)
}

pub async fn drop_mailbox(
    tx: &mut Tx<'_>,
    actor: &Actor,
    tenant: TenantId,
    address: &str,
    place: PlaceId,
) -> Result<()> {
    keeps(tx, actor, tenant, place).await?;
    if !store::drop_mailbox(tx, tenant, address).await? {
        return Err(Error::NotFound);
    }
    tx.record(Activity::of(tenant, "channels/mailbox-dropped", "place", place).at_place(place)).await.map(drop)
}
