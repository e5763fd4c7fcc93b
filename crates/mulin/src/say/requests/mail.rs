//! Letters that come in: a letter to the mailbox of a compound is a request, an answer to one of ours is added to it.
//!
//! What no person wrote (automatic answers, bounces, lists, our own letters) never becomes a request. A letter is for the
//! parties only: who writes one has not been asked whether everybody may read it. The same Message-ID counts once.

use super::actions;
use super::model::{Deed, Draft, Hand, Kept, PHOTOS_MAX, WORDS_CHARACTERS_MAX};
use super::pages::{keep_bytes, spot};
use crate::told::{languages, link, of_message_id, reply_to, tag};
use crate::words;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use commons::case::{Case, CaseId, Channel, store};
use commons::notice::channel::store as channels;
use commons::notice::delivery::{self, Content, DeliveryId, NewDelivery, Via, queue};
use commons::notice::wish::store as wishes;
use commons::people::Actor;
use commons::place::{self, Place, TenantId};
use commons::private;
use kit::db::Tx;
use kit::i18n::Lang;
use kit::mail::incoming::{self, Incoming};
use kit::web::Query;
use kit::web::answer::Answer;
use kit::web::limits::Knock;
use kit::web::{App, Call};
use kit::{Error, Result};
use serde::{Deserialize, Serialize};

/// So much of a letter is taken, in pieces of what one entry holds; the slip says when there was more.
const LETTER_CHARACTERS_MAX: usize = 20 * WORDS_CHARACTERS_MAX;

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fate", rename_all = "kebab-case")]
pub enum Fate {
    Filed {
        code: String,
    },
    Added {
        code: String,
    },
    /// It was here before.
    Known,
    /// Nobody's request, and why.
    Ignored {
        why: &'static str,
    },
}

fn ignored(why: &'static str) -> Fate {
    Fate::Ignored { why }
}

/// What the mail server may say about the envelope.
#[derive(Debug, Default, Deserialize)]
pub struct Envelope {
    /// To whom it was really handed.
    #[serde(default)]
    pub to: String,
    /// By whom; an empty one marks a bounce.
    pub from: Option<String>,
}

/// `POST /hooks/mail`: a letter as it is, from the operator's own mail server.
pub async fn hook(
    State(app): State<App>,
    call: Call,
    headers: HeaderMap,
    Query(envelope): Query<Envelope>,
    raw: Bytes,
) -> Answer {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let known = app.config.mail_token.as_deref().ok_or(Error::NotFound)?;
    if !kit::secrets::same(bearer.unwrap_or_default(), known) {
        app.limits.check(Knock::Code, &call.address.to_string())?;
        return Err(Error::NotFound.into());
    }
    Ok(Json(receive(&app, &raw, &envelope).await?).into_response())
}

/// Takes a letter in.
///
/// # Errors
/// [`Error::NotFound`] when it is for no mailbox of ours; [`Error::TooMany`] when one sender writes too often.
pub async fn receive(app: &App, raw: &[u8], envelope: &Envelope) -> Result<Fate> {
    let Some(mut letter) = incoming::read(raw) else { return Ok(ignored("unreadable")) };
    // The envelope knows better than the letter to whom it was handed.
    if !envelope.to.is_empty() {
        letter.to = vec![envelope.to.trim().to_lowercase()];
    }
    if envelope.from.as_ref().is_some_and(|from| matches!(from.trim(), "" | "<>")) {
        return Ok(ignored("bounce"));
    }
    if let Some(why) = letter.machine {
        return Ok(ignored(why));
    }
    let own = app.mail.as_ref().map(|mailer| mailer.from().to_lowercase());
    if !kit::mail::is_address(&letter.from) || own.as_ref() == Some(&letter.from) {
        return Ok(ignored("sender"));
    }
    if channels::mailbox(&app.db, &letter.from).await?.is_some() {
        return Ok(ignored("ours"));
    }
    let sender = app.secrets.mac("mail-sender", &[letter.from.as_bytes()]);
    app.limits.check(Knock::Deed, &hex::encode(sender))?;
    let mut mailbox = None;
    for to in &letter.to {
        mailbox = mailbox.or(channels::mailbox(&app.db, to).await?);
    }
    let answers = letter.answers.iter().find_map(|id| of_message_id(id));
    let to_us = own.is_some_and(|own| letter.to.contains(&own));
    let tenant = match (mailbox, answers) {
        (Some((tenant, _)), _) => tenant,
        (None, Some((_, tenant))) if to_us => tenant,
        _ => return Err(Error::NotFound),
    };
    let place = match mailbox {
        Some((tenant, place)) => place::store::find(&app.db, tenant, place).await?,
        None => None,
    };
    let kept = keep(app, tenant, &mut letter).await?;
    // Without a Message-ID the letter itself says which one it is.
    let unique = if letter.id.is_empty() { raw } else { letter.id.as_bytes() };
    // Anybody may choose a Message-ID, and one letter may go to the mailboxes of two compounds.
    let at = mailbox.map_or([0; 16], |(_, place)| place.0.into_bytes());
    let id = app.secrets.mac("mail-id", &[letter.from.as_bytes(), &at, unique]);
    let spot = match place {
        Some(place) => Some(spot(app, place).await?),
        None => None,
    };
    let (letter, kept, spot) = (&letter, &kept, &spot);
    let fate = app
        .db
        .transact(&app.context(), |tx| {
            Box::pin(async move {
                if !channels::see_mail(tx, tenant, id, sender).await? {
                    return Ok(Fate::Known);
                }
                if let Some(case) = answered(tx, app, tenant, (letter, sender)).await? {
                    let hand = Hand { actor: &Actor::default(), slip: Some(case.id) };
                    let said = if letter.text.is_empty() { &letter.subject } else { &letter.text };
                    // Nobody can be asked here, so what strangers should not read is covered.
                    let said = if case.is_public() { &private::covered(said) } else { said };
                    let (first, rest) = pieces(said);
                    actions::act(tx, hand, (tenant, case.id), &Deed::Add { words: first }, kept).await?;
                    add_rest(tx, (tenant, case.id), rest).await?;
                    channels::bind_mail(tx, tenant, id, case.id.0).await?;
                    return Ok(Fate::Added { code: case.code });
                }
                let Some(spot) = spot else { return Err(Error::NotFound) };
                let (draft, rest) = draft(letter);
                if draft.words.is_empty() {
                    return Ok(ignored("empty"));
                }
                let hand = Hand { actor: &Actor::default(), slip: None };
                let case = actions::file(tx, &app.secrets, hand, spot, &draft, kept).await?;
                add_rest(tx, (tenant, case.id), rest).await?;
                channels::bind_mail(tx, tenant, id, case.id.0).await?;
                slip(tx, app, (&case, &spot.place), letter, kept.len()).await?;
                Ok(Fate::Filed { code: case.code })
            })
        })
        .await?;
    app.bell.notify_one();
    Ok(fate)
}

/// The first pictures that can be opened; what is left out is counted with the other files.
async fn keep(app: &App, tenant: TenantId, letter: &mut Incoming) -> Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for picture in std::mem::take(&mut letter.pictures) {
        match kept.len() < PHOTOS_MAX {
            true => match keep_bytes(app, tenant, picture.into()).await {
                Ok(one) => kept.push(one),
                Err(Error::Invalid(_)) => letter.others += 1,
                Err(other) => return Err(other),
            },
            false => letter.others += 1,
        }
    }
    Ok(kept)
}

/// A long letter goes on in additions, so that nothing of it is lost.
fn pieces(text: &str) -> (String, Vec<String>) {
    let characters: Vec<char> = text.chars().take(LETTER_CHARACTERS_MAX).collect();
    let mut all = characters.chunks(WORDS_CHARACTERS_MAX).map(|some| some.iter().collect::<String>());
    (all.next().unwrap_or_default(), all.filter(|piece| !piece.trim().is_empty()).collect())
}

async fn add_rest(tx: &mut Tx<'_>, (tenant, case): (TenantId, CaseId), rest: Vec<String>) -> Result<()> {
    let hand = Hand { actor: &Actor::default(), slip: Some(case) };
    for words in rest {
        actions::act(tx, hand, (tenant, case), &Deed::Add { words }, &[]).await?;
    }
    Ok(())
}

fn draft(letter: &Incoming) -> (Draft, Vec<String>) {
    let words = match (letter.subject.as_str(), letter.text.as_str()) {
        ("", text) => text.to_owned(),
        (subject, "") => subject.to_owned(),
        (subject, text) => format!("{subject}\n{text}"),
    };
    let (first, rest) = pieces(&words);
    let draft = Draft {
        words: first,
        category: None,
        private: true,
        contact: Some(letter.from.clone()),
        for_caller: false,
        channel: Channel::Mail,
        more: Default::default(),
    };
    (draft, rest)
}

/// The case that a letter answers to, when its sender is the one who said it: they wrote the first letter, or it is
/// their own confirmed address.
async fn answered(
    tx: &mut Tx<'_>,
    app: &App,
    tenant: TenantId,
    (letter, sender): (&Incoming, [u8; 32]),
) -> Result<Option<Case>> {
    let mut found = None;
    for (delivery, of) in letter.answers.iter().filter_map(|id| of_message_id(id)) {
        if found.is_none() && of == tenant {
            found = delivery::store::about(tx, tenant, DeliveryId(delivery)).await?;
        }
    }
    let case = match found {
        Some(id) => store::find(tx, tenant, id.into()).await?,
        None => match tagged(app, &letter.subject).await? {
            Some(case) if case.tenant == tenant => case,
            _ => return Ok(None),
        },
    };
    if channels::wrote(tx, tenant, case.id.0, sender).await? {
        return Ok(Some(case));
    }
    let Some(author) = case.author else { return Ok(None) };
    let wish = wishes::find_in(tx, &app.secrets, tenant, author).await?;
    let own = wish.confirmed.is_some() && wish.mail.as_deref() == Some(letter.from.as_str());
    Ok(own.then_some(case))
}

/// The case of a tag in the subject, for mail programs that forget what they answer to.
async fn tagged(app: &App, subject: &str) -> Result<Option<Case>> {
    let Some((code, _)) = subject.split_once('[').and_then(|(_, rest)| rest.split_once(' ')) else { return Ok(None) };
    let Some(found) = store::by_code(&app.db, code).await? else { return Ok(None) };
    let case = found.row.case;
    Ok(subject.contains(&tag(&app.secrets, &case.code, case.id)).then_some(case))
}

/// The slip, as a letter: number, code, link, and what was left out.
async fn slip(
    tx: &mut Tx<'_>,
    app: &App,
    (case, place): (&Case, &Place),
    letter: &Incoming,
    photos: usize,
) -> Result<()> {
    if app.mail.is_none() {
        return Ok(());
    }
    let langs = languages(tx, app, case.tenant, &letter.from).await?;
    let pickup = actions::pickup_code(&app.secrets, case.id);
    let link = link(app, &format!("/say/requests/slip/{pickup}"));
    let args = |lang: Lang| {
        [
            ("code", case.code.clone().into()),
            ("place", lang.pick(&place.label, &place.label_en).to_owned().into()),
            ("pickup", kit::secrets::spaced(&pickup).into()),
            ("link", link.clone().into()),
            ("photos", (photos as i64).into()),
            ("others", (letter.others as i64).into()),
        ]
    };
    let said = |lang: Lang| {
        let mut text = words::t_with(lang, "channels-slip-text", &args(lang));
        if letter.text.chars().count() > LETTER_CHARACTERS_MAX {
            text = format!("{text}\n{}", words::t(lang, "channels-slip-cut"));
        }
        if letter.others > 0 {
            text = format!("{text}\n{}", words::t_with(lang, "channels-slip-others", &args(lang)));
        }
        text
    };
    let text = langs.iter().map(|lang| said(*lang)).collect::<Vec<_>>().join("\n\n");
    let subjects: Vec<String> = langs.iter().map(|lang| words::t(*lang, "channels-slip-subject").to_string()).collect();
    let subject = format!("{} {}", tag(&app.secrets, &case.code, case.id), subjects.join(" / "));
    let mut headers: Vec<(String, String)> = reply_to(tx, case).await?.into_iter().collect();
    if !letter.id.is_empty() && letter.id.is_ascii() {
        headers.extend(["In-Reply-To", "References"].map(|name| (name.to_owned(), format!("<{}>", letter.id))));
    }
    let new = NewDelivery {
        key: format!("{}/mail/slip", case.id),
        via: Via::Mail,
        channel: None,
        person: None,
        about: Some(case.id.0),
        content: Content { to: letter.from.clone(), subject, text, html: None, headers },
        due: tx.now(),
    };
    queue(tx, &app.secrets, case.tenant, &new).await.map(drop)
}
