//! What waits to go out goes out: letters by the operator's mail server, lines in group chats by their robots.
//!
//! Beside the jobs, so that a deaf robot keeps nobody waiting. Taken on a lease, handed over, and noted as sent or failed;
//! if the house falls in between, it is handed over again under the same Message-ID.

use commons::notice;
use commons::notice::channel::{Channel, ChannelId, RobotKind, Verdict, store as channels};
use commons::notice::channel::{signed, verdict, webhook_verdict, written};
use commons::notice::delivery::store::{self, Target};
use commons::notice::delivery::{Delivery, Via};
use commons::notice::wish::Because;
use commons::people::store as people;
use commons::people::{Office, PersonId};
use commons::place::TenantId;
use kit::book::ActivityId;
use kit::db::Tx;
use kit::mail::{Letter, Refusal, covered, pieces};
use kit::outgoing::Trouble;
use kit::time::Moment;
use kit::web::App;
use kit::{Error, Result};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

const EVERY: Duration = Duration::from_secs(2);
/// So many at a time; to those who failed or were slow the last time, half of them, so that the others never wait for them.
const AT_ONCE: usize = 32;
const AT_ONCE_TO_THE_SLOW: usize = AT_ONCE / 2;
/// To one robot, and to the mail server or the gateway.
const AT_ONCE_TO_ONE: usize = 2;
const AT_ONCE_TO_SERVERS: usize = 8;
/// Whoever takes longer is slow.
const SLOW_MS: i64 = Moment::seconds(3);
/// So many are remembered; one that is forgotten is found out again by its next line.
const SLOW_KNOWN_MAX: usize = 200;
/// Of what a robot says; the rest helps nobody.
const WHY_CHARACTERS_MAX: usize = 100;

/// Hands over until `stop` turns true.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let mut hands = Hands::default();
    while !*stop.borrow() {
        let taken = match hands.take(&app).await {
            Ok(taken) => taken,
            Err(error) => {
                tracing::warn!(%error, "deliveries cannot be read");
                0
            }
        };
        if taken > 0 && hands.under_way.len() < AT_ONCE {
            continue;
        }
        tokio::select! {
            () = hands.put_down(), if !hands.under_way.is_empty() => {}
            () = tokio::time::sleep(EVERY), if hands.under_way.len() < AT_ONCE => {}
            _ = stop.changed() => {}
        }
    }
    // What is handed over at this moment gets to its end, or to the house's patience with it.
    while !hands.under_way.is_empty() {
        hands.put_down().await;
    }
}

/// Hands over what is due, waits for it, and tells how many it took.
pub async fn round(app: &App) -> Result<usize> {
    let mut hands = Hands::default();
    let taken = hands.take(app).await?;
    while let Some(done) = hands.under_way.join_next().await {
        done.map_err(Error::internal)?.1?;
    }
    Ok(taken)
}

/// What is handed over right now, and to whom.
#[derive(Default)]
struct Hands {
    under_way: JoinSet<(Target, Result<bool>)>,
    busy: HashMap<Target, usize>,
    slow: HashSet<Target>,
}

impl Hands {
    /// Takes what is due and fits into the hands, and tells how many that was.
    async fn take(&mut self, app: &App) -> Result<usize> {
        let free = AT_ONCE.saturating_sub(self.under_way.len());
        if free == 0 || !store::waits(&app.db, app.clock.now()).await? {
            return Ok(0);
        }
        let to_the_slow: usize =
            self.busy.iter().filter(|(target, _)| self.slow.contains(target)).map(|(_, count)| count).sum();
        let room = |target: Target| most(target).saturating_sub(self.busy.get(&target).copied().unwrap_or(0));
        let mut full: Vec<Target> = self.busy.keys().copied().filter(|target| room(*target) == 0).collect();
        if to_the_slow >= AT_ONCE_TO_THE_SLOW {
            full.extend(self.slow.iter().filter(|target| room(**target) > 0));
        }
        let (full, limit) = (&full, i64::try_from(free).map_err(Error::internal)?);
        let taken = app
            .db
            .transact(&app.context(), |tx| {
                Box::pin(async move { store::take(tx, &app.secrets, limit, full, &room).await })
            })
            .await?;
        for delivery in &taken {
            *self.busy.entry(delivery.target()).or_default() += 1;
        }
        let count = taken.len();
        for delivery in taken {
            let app = app.clone();
            self.under_way.spawn(async move {
                let begun = app.clock.now();
                let sent = one(&app, &delivery).await;
                (delivery.target(), sent.map(|sent| sent && app.clock.now() - begun < SLOW_MS))
            });
        }
        Ok(count)
    }

    /// Waits for the next that is done.
    async fn put_down(&mut self) {
        match self.under_way.join_next().await {
            Some(Ok((target, well))) => self.done(target, well),
            // A hand that fell: nobody knows any more whose it was.
            Some(Err(error)) => {
                tracing::error!(%error, "a delivery fell");
                self.busy.clear();
            }
            None => {}
        }
    }

    fn done(&mut self, target: Target, well: Result<bool>) {
        if let Some(count) = self.busy.get_mut(&target) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.busy.remove(&target);
            }
        }
        match well {
            Ok(true) => {
                self.slow.remove(&target);
            }
            Ok(false) if self.slow.len() < SLOW_KNOWN_MAX => {
                self.slow.insert(target);
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "a delivery cannot be noted"),
        }
    }
}

fn most(target: Target) -> usize {
    match target {
        Target::Robot(..) => AT_ONCE_TO_ONE,
        Target::Other(_) => AT_ONCE_TO_SERVERS,
    }
}

/// Hands one over; whether it was taken.
async fn one(app: &App, delivery: &Delivery) -> Result<bool> {
    let told = match delivery.via {
        Via::Mail => mail(app, delivery).await,
        Via::Robot => robot(app, delivery).await,
        Via::Sms => sms(app, delivery).await,
    };
    let told = &told;
    let (over, persons) = app
        .db
        .transact(&app.context(), |tx| {
            Box::pin(async move {
                if let Some(channel) = delivery.channel {
                    let error = told.as_ref().err().map(ToString::to_string);
                    channels::note(tx, delivery.tenant, channel, error.as_deref()).await?;
                }
                let over = match told {
                    Ok(()) => store::sent(tx, delivery).await.map(|()| false),
                    Err(Refusal::Later(why)) => store::failed(tx, delivery, why, false).await,
                    Err(Refusal::Never(why)) => store::failed(tx, delivery, why, true).await,
                }?;
                match delivery.channel.filter(|_| over) {
                    Some(channel) => Ok((over, silent(tx, delivery.tenant, channel).await?)),
                    None => Ok((over, Vec::new())),
                }
            })
        })
        .await?;
    for person in persons {
        app.live.publish(&format!("person/{person}"), &delivery.id.to_string());
    }
    match told {
        Ok(()) => tracing::info!(delivery = %delivery.id, via = %delivery.via, "sent"),
        // The reason is kept in the row: it may name an address, and logs are read by more people.
        Err(_) => tracing::warn!(delivery = %delivery.id, via = %delivery.via, over, "not sent"),
    }
    Ok(told.is_ok())
}

/// When a line was given up for the first time since one arrived, those who keep the channel are told.
async fn silent(tx: &mut Tx<'_>, tenant: TenantId, channel: ChannelId) -> Result<Vec<PersonId>> {
    let Some((place, name)) = channels::fell_silent(tx, tenant, channel).await? else { return Ok(Vec::new()) };
    let mut persons = Vec::new();
    for office in [Office::Community, Office::Committee, Office::Property] {
        persons.extend(people::holders_at(tx, tenant, place, office).await?);
    }
    let id: ActivityId = tx.id();
    for person in &persons {
        let told = ("channels/silent", "channel", channel.0, name.as_str());
        notice::store::add(tx, tenant, (*person, Because::Held), id, told).await?;
    }
    Ok(persons)
}

async fn mail(app: &App, delivery: &Delivery) -> Result<(), Refusal> {
    let mailer = app.mail.as_ref().ok_or_else(|| Refusal::Later("no mail server is set".to_owned()))?;
    let content = delivery.content.clone().ok_or_else(|| Refusal::Never("sealed with another secret".to_owned()))?;
    let letter = Letter {
        to: content.to,
        subject: content.subject,
        text: content.text,
        html: content.html,
        id: crate::told::message_id(delivery.id.0, delivery.tenant),
        headers: content.headers,
    };
    mailer.send(&letter, app.clock.now()).await
}

/// A code is of no use after its minutes, so it is not sent then.
async fn sms(app: &App, delivery: &Delivery) -> Result<(), Refusal> {
    let gateway = app.sms.as_ref().ok_or_else(|| Refusal::Never("no gateway is set".to_owned()))?;
    let content = delivery.content.clone().ok_or_else(|| Refusal::Never("sealed with another secret".to_owned()))?;
    if content.subject.parse::<i64>().is_ok_and(|ends| ends <= app.clock.now().0) {
        return Err(Refusal::Never("too late".to_owned()));
    }
    gateway.send(&app.outgoing, &content.to, &content.text).await
}

async fn robot(app: &App, delivery: &Delivery) -> Result<(), Refusal> {
    let later = |error: Error| Refusal::Later(error.to_string());
    let id = delivery.channel.ok_or_else(|| Refusal::Never("no channel".to_owned()))?;
    let channel = channels::find(&app.db, &app.secrets, delivery.tenant, id).await.map_err(later)?;
    let channel = channel.ok_or_else(|| Refusal::Never("retired".to_owned()))?;
    let opened = delivery.content.as_ref().zip(channel.address.as_ref());
    let (content, address) = opened.ok_or_else(|| Refusal::Never("sealed with another secret".to_owned()))?;
    if channel.kind == RobotKind::Webhook {
        return webhook(app, delivery, &channel, (address, &content.text)).await;
    }
    let (end, body) = written(channel.kind, channel.secret.as_deref(), &content.text, app.clock.now());
    let end = if address.contains('?') { end } else { end.replacen('&', "?", 1) };
    let never = &secrets_of(address, channel.secret.as_deref(), &end, &body);
    let why = |told: &str| -> String { covered(told, never).chars().take(WHY_CHARACTERS_MAX).collect() };
    let posted = app.outgoing.post(&format!("{address}{end}"), "application/json", body.to_string().into_bytes()).await;
    match posted {
        Ok(reply) => match verdict(reply.status, &reply.body) {
            Verdict::Taken => Ok(()),
            Verdict::Later(told) => Err(Refusal::Later(why(&told))),
            Verdict::Never(told) => Err(Refusal::Never(why(&told))),
        },
        Err(trouble @ Trouble::Refused(_)) => Err(Refusal::Never(why(&trouble.to_string()))),
        Err(trouble) => Err(Refusal::Later(why(&trouble.to_string()))),
    }
}

/// A program is told: signed, and taken when its status says so.
async fn webhook(
    app: &App,
    delivery: &Delivery,
    channel: &Channel,
    (address, body): (&str, &str),
) -> Result<(), Refusal> {
    let secret = channel.secret.as_ref().and_then(|text| hex::decode(text).ok());
    let secret = secret.ok_or_else(|| Refusal::Never("no secret".to_owned()))?;
    let lines = signed(&secret, &delivery.id.to_string(), body, app.clock.now());
    let sent = app.outgoing.post_with(address, "application/json", &lines, body.as_bytes().to_vec()).await;
    let never = &secrets_of(address, None, "", &serde_json::Value::Null);
    let why = |told: &str| -> String { covered(told, never).chars().take(WHY_CHARACTERS_MAX).collect() };
    match sent {
        Ok(reply) => match webhook_verdict(reply.status) {
            Verdict::Taken => Ok(()),
            Verdict::Later(told) => Err(Refusal::Later(told)),
            Verdict::Never(told) => Err(Refusal::Never(told)),
        },
        Err(trouble @ Trouble::Refused(_)) => Err(Refusal::Never(why(&trouble.to_string()))),
        Err(trouble) => Err(Refusal::Later(why(&trouble.to_string()))),
    }
}

/// What an answer must not repeat: the parts of the address, the secret, and what was signed with it.
fn secrets_of(address: &str, secret: Option<&str>, end: &str, body: &serde_json::Value) -> Vec<String> {
    let mut never = pieces(&format!("{address}{end}"));
    never.push(address.to_owned());
    never.extend(secret.map(str::to_owned));
    never.extend(body.get("sign").and_then(|sign| sign.as_str()).map(str::to_owned));
    let plain: Vec<String> = never.iter().filter_map(|one| unescaped(one)).collect();
    never.extend(plain);
    never
}

/// The same without percent signs, as a robot may say it back.
fn unescaped(text: &str) -> Option<String> {
    let read = serde_urlencoded::from_str::<Vec<(String, String)>>(&format!("x={}", text.replace('+', "%2B"))).ok()?;
    read.into_iter().next().map(|(_, plain)| plain).filter(|plain| plain != text)
}
