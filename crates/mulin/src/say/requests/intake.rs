//! What 说一声 asks beyond the words, and keeps when the page comes back: questions of the category, the kind, a point on
//! the map, a voice note, photos that were sent already; and the numbers to call when the words tell of danger.

use super::model::{Draft, Hand, Kept, PHOTOS_MAX};
use crate::layout::{View, Visit, ground, page};
use askama::Template;
use axum::http::HeaderMap;
use commons::case::danger::{self, Danger};
use commons::case::fields::{self, Answers, Field, FieldKind, Unfit};
use commons::case::store;
use commons::case::{Case, Kind, PhotoId, guess};
use commons::desk::WalkInId;
use commons::place::{Place, TenantId};
use kit::media::{MediaKey, VoiceForm, listen};
use kit::time::Moment;
use kit::web::Query;
use kit::web::answer::Answer;
use kit::web::limits::Knock;
use kit::web::{App, Form};
use kit::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a request brings beside its words.
#[derive(Clone, Debug, Default)]
pub struct More {
    pub answers: Answers,
    /// As the one who says it sees it; without one the category's.
    pub kind: Option<Kind>,
    /// Chosen on the map, in 1e-7 degrees north and east.
    pub point: Option<(i64, i64)>,
    pub voice: Option<KeptVoice>,
    /// A line of the hub's desk that this hands in.
    pub ticket: Option<WalkInId>,
}

/// A voice note on the shelf.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptVoice {
    pub id: PhotoId,
    pub form: String,
    pub bytes: i64,
    /// Of the bytes, in hexadecimal.
    #[serde(default)]
    pub digest: Option<String>,
}

impl KeptVoice {
    pub fn digest(&self) -> Option<[u8; 32]> {
        self.digest.as_deref().and_then(digest_of)
    }
}

/// What was sent already and lies on the shelf: no one has to choose or record it again because a word was missing.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Held {
    pub photos: Vec<(PhotoId, i64, i64)>,
    /// Of the photos' bytes, in hexadecimal.
    #[serde(default)]
    pub digests: BTreeMap<String, String>,
    pub voice: Option<KeptVoice>,
}

const HELD: &str = "held-files";
/// The lot of files that no case came for.
const UNCLAIMED_AFTER: i64 = Moment::days(1);

impl Held {
    fn is_empty(&self) -> bool {
        self.photos.is_empty() && self.voice.is_none()
    }

    pub fn kept(&self) -> Vec<Kept> {
        let digest = |id: &PhotoId| self.digests.get(&id.to_string()).and_then(|text| digest_of(text));
        let kept = |(id, width, height): &(PhotoId, i64, i64)| Kept {
            id: *id,
            width: *width,
            height: *height,
            digest: digest(id),
        };
        self.photos.iter().map(kept).collect()
    }

    /// Sealed for the form, so that nobody names a file that is not theirs.
    pub fn sealed(&self, app: &App, tenant: TenantId) -> Result<String> {
        let plain = serde_json::to_vec(&(tenant, self)).map_err(Error::internal)?;
        Ok(hex::encode(app.secrets.seal(HELD, &plain)?))
    }

    /// What was sealed for this community; nothing for another.
    pub fn opened(app: &App, tenant: TenantId, text: &str) -> Option<Held> {
        let plain = app.secrets.unseal(HELD, &hex::decode(text).ok()?)?;
        let (of, held): (TenantId, Held) = serde_json::from_slice(&plain).ok()?;
        (of == tenant).then_some(held)
    }
}

fn digest_of(text: &str) -> Option<[u8; 32]> {
    hex::decode(text).ok()?.try_into().ok()
}

/// The photos of a form, without its voice.
pub fn photos_in(form: &Form) -> usize {
    form.files.iter().filter(|file| file.field != "voice").count()
}

/// Puts the files of a form on the shelf, beside those that came with an earlier try.
///
/// # Errors
/// [`Error::Invalid`] when there are too many, or one is no photo or no voice.
pub async fn hold(app: &App, tenant: TenantId, form: &Form) -> Result<Held> {
    let mut held = form.opt("held").and_then(|text| Held::opened(app, tenant, text)).unwrap_or_default();
    if held.photos.len() + photos_in(form) > PHOTOS_MAX {
        return Err(Error::invalid("photo", "media/too-many"));
    }
    for kept in super::pages::keep_photos(app, tenant, form).await? {
        held.photos.push((kept.id, kept.width, kept.height));
        held.digests.extend(kept.digest.map(|digest| (kept.id.to_string(), hex::encode(digest))));
    }
    if let Some(file) = form.files.iter().find(|file| file.field == "voice") {
        let voice = listen(&file.bytes)?;
        let id = PhotoId(kit::Uuid::from_bytes(app.ids.secret()));
        app.media.put_voice(MediaKey { tenant: tenant.0, id: id.0 }, &voice).await?;
        let bytes = i64::try_from(voice.bytes.len()).unwrap_or(0);
        let digest = Some(hex::encode(voice.digest()));
        held.voice = Some(KeptVoice { id, form: voice.form.name().to_owned(), bytes, digest });
    }
    Ok(held)
}

/// What the form says beside the words. The questions of a category are asked of those who chose it; a category that we
/// guessed asks nothing, and neither does anything while there is danger.
///
/// # Errors
/// [`Error::Invalid`] on `fields`; [`wrongs`] tells which.
pub async fn more(app: &App, form: &Form, place: &Place, draft: &Draft, held: &Held) -> Result<More> {
    let answers = match &draft.category {
        Some(slug) => {
            let asked = store::fields(&app.db, place.tenant, slug).await?;
            let lenient = !danger::of(&draft.words).is_empty();
            fields::read(&asked, lenient, &|code| given(form, code)).map_err(|unfit| {
                Error::invalid("fields", unfit.first().map_or("requests/field-needed", |one| one.reason.0))
            })?
        }
        None => Vec::new(),
    };
    let point = form.text("x").parse().ok().zip(form.text("y").parse().ok());
    Ok(More {
        answers,
        kind: Kind::parse(form.text("kind")),
        point: point.filter(|at| near(place, *at)).and_then(|at| ground::degrees_at(place, at)),
        voice: held.voice.clone(),
        ticket: form.parse("desk", "requests/ticket-gone")?,
    })
}

/// A point farther than two kilometres from its place is a slip of somebody's hand or program.
fn near(place: &Place, (x, y): (i64, i64)) -> bool {
    const FAR_MM: i64 = 2_000_000;
    let (x0, y0) = (place.ground.x_mm.unwrap_or(x), place.ground.y_mm.unwrap_or(y));
    x.saturating_sub(x0).saturating_abs() < FAR_MM && y.saturating_sub(y0).saturating_abs() < FAR_MM
}

fn given(form: &Form, code: &str) -> Vec<String> {
    let name = format!("f-{code}");
    form.all(&name).map(|text| text.replace("\r\n", "\n")).collect()
}

/// The blocks of the form that this file answers for.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    pub alarm: Vec<Danger>,
    pub asked: Vec<Asked>,
    /// The category whose questions these are.
    pub category: String,
    pub guess: Option<Guess>,
    /// `(value, label, chosen)`.
    pub kinds: Vec<(String, String, bool)>,
    /// What is held, sealed; with the number of photos and whether there is a voice.
    pub held: Option<(String, usize, bool)>,
    pub point: Option<(String, String)>,
    /// Leads to the map, where there is one.
    pub map: Option<String>,
    /// Some of the block below the fold is filled in.
    pub open: bool,
}

/// A category that the words point to.
#[derive(Clone, Debug)]
pub struct Guess {
    pub slug: String,
    pub name: String,
    pub kind: String,
}

/// A question on the form.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `f-which`.
    pub name: String,
    pub label: String,
    pub hint: String,
    pub kind: FieldKind,
    pub required: bool,
    pub value: String,
    /// `(value, label, chosen)`.
    pub options: Vec<(String, String, bool)>,
    pub wrong: Option<String>,
}

impl Asked {
    pub fn of(v: &View, field: &Field, given: &[String], unfit: Option<&Unfit>) -> Asked {
        let option = |choice: &fields::Choice| {
            let label = v.pick(&choice.name, if choice.name_en.is_empty() { &choice.name } else { &choice.name_en });
            (choice.name.clone(), label.to_owned(), given.contains(&choice.name))
        };
        Asked {
            name: format!("f-{}", field.code),
            label: v.pick(&field.name, &field.name_en).to_owned(),
            hint: v.pick(&field.hint, &field.hint_en).to_owned(),
            kind: field.kind,
            required: field.required,
            value: given.first().cloned().unwrap_or_default(),
            options: field.options.iter().map(option).collect(),
            wrong: unfit.map(|unfit| v.reason(&unfit.reason).to_string()),
        }
    }

    pub fn is(&self, kind: &str) -> bool {
        self.kind.name() == kind
    }
}

/// The kinds to choose from.
pub fn kinds(v: &View, chosen: &str) -> Vec<(String, String, bool)> {
    let kind = |kind: &Kind| (kind.name().to_owned(), v.t(&format!("kind-{kind}")).to_string(), kind.name() == chosen);
    Kind::ALL.iter().map(kind).collect()
}

/// The blocks of a fresh form.
pub fn blank(v: &View, place: &Place) -> Intake {
    let compound = place.path.split('/').next().unwrap_or_default();
    let map = place.ground.x_mm.map(|_| format!("/say/requests/new?map={compound}"));
    Intake { kinds: kinds(v, ""), map, ..Intake::default() }
}

/// The blocks of a form that comes back, with everything that was said in them.
pub async fn again(visit: &Visit, v: &View, place: &Place, form: &Form, held: &Held) -> Result<Intake> {
    let app = &visit.app;
    let mut intake = blank(v, place);
    intake.alarm = danger::of(form.text("words"));
    intake.category = form.text("category").to_owned();
    if intake.category.is_empty() && form.checked("ask") {
        let known = store::categories_at(&app.db, place.tenant, place.compound).await?;
        intake.category = guess::among(form.text("words"), &known).map(|one| one.slug.clone()).unwrap_or_default();
    }
    let asked = store::fields(&app.db, place.tenant, &intake.category).await?;
    let unfit = match form.checked("ask") {
        true => Vec::new(),
        false => {
            let lenient = !intake.alarm.is_empty();
            fields::read(&asked, lenient, &|code| given(form, code)).err().unwrap_or_default()
        }
    };
    let shown = |field: &Field| {
        let wrong = unfit.iter().find(|one| one.code == field.code);
        Asked::of(v, field, &given(form, &field.code), wrong)
    };
    intake.asked = asked.iter().map(shown).collect();
    intake.kinds = kinds(v, form.text("kind"));
    intake.open = !form.text("kind").is_empty();
    if !held.is_empty() {
        intake.held = Some((held.sealed(app, place.tenant)?, held.photos.len(), held.voice.is_some()));
        unclaimed(app, place.tenant, held).await?;
    }
    intake.point = form.opt("x").zip(form.opt("y")).map(|(x, y)| (x.to_owned(), y.to_owned()));
    Ok(intake)
}

/// Files that no case comes for within a day go again.
pub async fn unclaimed(app: &App, tenant: TenantId, held: &Held) -> Result<()> {
    let ids: Vec<PhotoId> = held.photos.iter().map(|(id, ..)| *id).chain(held.voice.iter().map(|v| v.id)).collect();
    let ids = &ids;
    app.db
        .transact(&app.context(), |tx| {
            Box::pin(async move {
                let due = tx.now() + UNCLAIMED_AFTER;
                for id in ids {
                    let gone = serde_json::json!({ "tenant": tenant, "photo": id, "unclaimed": true });
                    kit::jobs::enqueue(tx, tenant.0, "photo-gone", &gone, due).await?;
                }
                Ok(())
            })
        })
        .await
        .map(drop)
}

/// What the script asks while somebody writes.
#[derive(Debug, Default, Deserialize)]
pub struct SuggestQuery {
    at: String,
    #[serde(default)]
    category: String,
}

/// The header that carries the words, percent-encoded: an address would stand in the logs of every machine on the way.
pub const WORDS: &str = "x-words";

/// `GET /say/requests/suggest`: the numbers to call, the category that fits, and what it asks.
#[derive(Template)]
#[template(path = "say/requests/templates/suggest.html")]
pub struct SuggestPart {
    pub v: View,
    pub intake: Intake,
}

pub async fn suggest(visit: Visit, Query(query): Query<SuggestQuery>, headers: HeaderMap) -> Answer {
    let place = super::pages::find_place(&visit.app, &query.at).await?;
    let sent = headers.get(WORDS).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let words = decoded(sent);
    let v = visit.view("requests-new-title");
    let mut intake = Intake { alarm: danger::of(&words), category: query.category, ..Intake::default() };
    let known = store::categories_at(&visit.app.db, place.tenant, place.compound).await?;
    if intake.category.is_empty() {
        let guessed = guess::among(&words, &known);
        intake.guess = guessed.map(|one| Guess {
            slug: one.slug.clone(),
            name: v.pick(&one.name, &one.name_en).to_owned(),
            kind: v.t(&format!("kind-{}", one.kind)).to_string(),
        });
    }
    let asked = store::fields(&visit.app.db, place.tenant, &intake.category).await?;
    intake.asked = asked.iter().map(|field| Asked::of(&v, field, &[], None)).collect();
    page(&SuggestPart { v, intake })
}

pub fn decoded(text: &str) -> String {
    let text = text.replace('+', "%2B");
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&format!("w={text}")).unwrap_or_default();
    pairs.into_iter().next().map(|(_, value)| value).unwrap_or_default()
}

/// What a case's page shows of all this.
#[derive(Clone, Debug, Default)]
pub struct Extra {
    pub kind: String,
    /// `(question, answer)`.
    pub answers: Vec<(String, String)>,
    pub voices: Vec<PhotoId>,
    /// Just said, and it tells of danger.
    pub alarm: Vec<Danger>,
    /// Who looked at the contact, and when; none where there was no contact, or for others than its owner.
    pub looks: Option<Vec<String>>,
    /// `(value, label, chosen)`: to correct the kind.
    pub kinds: Vec<(String, String, bool)>,
}

/// Reads it; those outside the case see the answers that were chosen from a list or are numbers, and hear nothing.
pub fn extra(visit: &Visit, v: &View, (hand, party): (Hand<'_>, bool), read: &super::view::Read) -> Extra {
    let now = visit.call.now;
    let (case, book, parts) = (&read.found.row.case, &read.book, &read.parts);
    let look = |line: &kit::book::Entry| {
        let office = line.office.as_deref().and_then(commons::people::Office::parse);
        format!(
            "{} · {}",
            v.moment(line.at, now),
            office.map_or_else(String::new, |office| v.office(office).to_string())
        )
    };
    let looks: Vec<String> = book.iter().filter(|line| line.stem == "requests/contact-viewed").map(look).collect();
    let mine = hand.is_author(case);
    let kept = mine && (!looks.is_empty() || parts.has_contact);
    let zh = v.lang == kit::i18n::Lang::Zh;
    let answer =
        |(field, value): &(Field, String)| (v.pick(&field.name, &field.name_en).to_owned(), field.shown(value, zh));
    Extra {
        kind: v.t(&format!("kind-{}", case.kind)).to_string(),
        answers: seen(&parts.answers, party).map(answer).collect(),
        voices: if party { parts.voices.clone() } else { Vec::new() },
        alarm: Vec::new(),
        looks: kept.then_some(looks),
        kinds: if mine { kinds(v, case.kind.name()) } else { Vec::new() },
    }
}

/// The answers of a case that this reader may see, with their questions.
fn seen(answers: &[(Field, String)], party: bool) -> impl Iterator<Item = &(Field, String)> {
    answers.iter().filter(move |(field, _)| party || field.is_public())
}

/// The answers in the words of programs: `{ code: text }`, or a list where several may be chosen.
pub fn answers_json(answers: &[(Field, String)], party: bool) -> serde_json::Value {
    let answer = |(field, value): &(Field, String)| {
        let told: serde_json::Value = match field.kind {
            FieldKind::Many => value.lines().collect::<Vec<_>>().into(),
            _ => value.as_str().into(),
        };
        (field.code.clone(), told)
    };
    seen(answers, party).map(answer).collect::<serde_json::Map<_, _>>().into()
}

/// A question in the words of programs.
pub fn field_json(field: &Field) -> serde_json::Value {
    let options: Vec<&str> = field.options.iter().map(|choice| choice.name.as_str()).collect();
    serde_json::json!({ "code": field.code, "name": field.name, "name_en": field.name_en, "kind": field.kind,
        "required": field.required, "options": options })
}

/// What a program gave as an answer: a text, a number, or a list of them.
pub fn texts(value: Option<&serde_json::Value>) -> Vec<String> {
    match value {
        None | Some(serde_json::Value::Null) => Vec::new(),
        Some(serde_json::Value::String(text)) => vec![text.clone()],
        Some(serde_json::Value::Array(all)) => all.iter().flat_map(|one| texts(Some(one))).collect(),
        Some(other) => vec![other.to_string()],
    }
}

/// A voice note, to those who are in the case: as a sound and nothing else, in parts where the player asks for a part.
pub async fn voice(
    visit: &Visit,
    case: &Case,
    slip: Option<commons::case::CaseId>,
    id: PhotoId,
    headers: &HeaderMap,
) -> Answer {
    let handovers = store::handovers(&visit.app.db, case.tenant, case.id).await?;
    let hand = Hand { actor: &visit.actor, slip };
    let voices = store::voices(&visit.app.db, case.tenant, case.id).await?;
    let found = voices.iter().find(|(voice, _)| *voice == id);
    let form = found.and_then(|(_, form)| VoiceForm::parse(form)).ok_or(Error::NotFound)?;
    if !super::policy::is_party(hand, case, &handovers) {
        return Err(Error::NotFound.into());
    }
    let bytes =
        visit.app.media.get_voice(MediaKey { tenant: case.tenant.0, id: id.0 }).await?.ok_or(Error::NotFound)?;
    Ok(sound(form, bytes, headers))
}

fn sound(form: VoiceForm, bytes: axum::body::Bytes, headers: &HeaderMap) -> axum::response::Response {
    use axum::http::{StatusCode, header};
    use axum::response::IntoResponse;
    let told = [
        (header::CONTENT_TYPE, form.content_type().to_owned()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"voice.{form}\"")),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; media-src 'self'; sandbox".to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
    ];
    let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let all = bytes.len();
    match range.and_then(|text| part(text, all)) {
        Some((from, to)) => {
            let within = [(header::CONTENT_RANGE, format!("bytes {from}-{to}/{all}"))];
            (StatusCode::PARTIAL_CONTENT, told, within, bytes.slice(from..=to)).into_response()
        }
        None => (told, bytes).into_response(),
    }
}

/// `bytes=2-5`, `bytes=2-`: the first and the last byte that is wanted.
fn part(text: &str, all: usize) -> Option<(usize, usize)> {
    let (from, to) = text.strip_prefix("bytes=")?.split_once('-')?;
    let from: usize = from.parse().ok()?;
    let to = if to.is_empty() { all.checked_sub(1)? } else { to.parse::<usize>().ok()?.min(all.checked_sub(1)?) };
    (from <= to).then_some((from, to))
}

/// One address says only so much without an account: nobody shall fill everybody's list.
///
/// # Errors
/// [`Error::TooMany`] for some minutes.
pub fn many(visit: &Visit) -> Result<()> {
    match visit.call.holder() {
        Some(_) => Ok(()),
        None => visit.app.limits.check(Knock::Unsigned, &visit.call.address.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_whole_through_a_header_and_parts_of_a_sound_are_counted_right() {
        assert_eq!(decoded("%E7%94%B5%E6%A2%AF+%261"), "电梯+&1");
        assert_eq!(part("bytes=0-", 10), Some((0, 9)));
        assert_eq!(part("bytes=2-5", 10), Some((2, 5)));
        assert_eq!(part("bytes=2-50", 10), Some((2, 9)));
        for bad in ["bytes=9-2", "bytes=-", "items=0-1", "bytes=x-1"] {
            assert_eq!(part(bad, 10), None, "{bad}");
        }
        assert_eq!(part("bytes=0-", 0), None);
    }
}
