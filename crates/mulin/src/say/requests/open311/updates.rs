//! What became of requests, as mySociety's extension tells it: `GET servicerequestupdates` lists the steps that everybody
//! may see, `POST servicerequestupdates` adds words.
//!
//! A program's key is no office, and only the one who said a thing judges whether it is solved. So a program adds words and
//! changes no state; what would change one is refused, and then nothing of it is kept.

use super::list::{DAYS_MAX, PAGE_MAX};
use super::shape::Node;
use super::store::What;
use super::wrong::Wrong;
use super::{Asked, Told, file, request, store as sent_before};
use crate::layout::show::rfc3339;
use crate::say::requests::actions::{activity, reindex};
use crate::say::requests::model::Kept;
use axum::extract::Request;
use axum::http::StatusCode;
use commons::case::store::walk::{self, Step};
use commons::case::{self, Case, CaseId, Entry, EntryId, EntryKind, Photo, PhotoId, State};
use commons::place::TenantId;
use commons::private;
use kit::book::ActivityId;
use kit::db::Tx;
use kit::time::Moment;
use kit::web::App;
use kit::{Error, Result, names};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

names! {
    Status {
        Open = "OPEN",
        Closed = "CLOSED",
        Fixed = "FIXED",
        InProgress = "IN_PROGRESS",
        Investigating = "INVESTIGATING",
        ActionScheduled = "ACTION_SCHEDULED",
        Duplicate = "DUPLICATE",
        NotCouncils = "NOT_COUNCILS_RESPONSIBILITY",
        NoFurtherAction = "NO_FURTHER_ACTION",
        InternalReferral = "INTERNAL_REFERRAL",
        ForTriage = "FOR_TRIAGE",
        Reopen = "REOPEN",
        Cancelled = "CANCELLED",
    }
}

const UPDATE_ID_CHARACTERS_MAX: usize = 200;
const LINK_CHARACTERS_MAX: usize = 1_000;

/// The state in which a step leaves a case; a word alone leaves it open, or as it is.
fn status_of(step: &Step) -> Status {
    let fact = |name: &str| step.facts.get(name).cloned().unwrap_or_default();
    match step.stem.as_str() {
        "requests/judged" if fact("solved") == true => Status::Fixed,
        "requests/judged" | "requests/unmerged" => Status::Reopen,
        "requests/left-unrated" => Status::Closed,
        "requests/merged" => Status::Duplicate,
        "requests/taken-over" | "requests/moved-up" | "requests/came-back" => Status::InternalReferral,
        // Said to be done is not judged to be done.
        "requests/accepted" | "requests/reported" | "requests/paused" => Status::InProgress,
        _ => Status::Open,
    }
}

/// `GET servicerequestupdates`.
pub async fn all(asked: &Asked<'_>) -> Result<Told, Wrong> {
    let compound = asked.jurisdiction().await?;
    let (args, db) = (&asked.args, &asked.app.db);
    let until = args.moment("end_date")?.unwrap_or(asked.call.now);
    let from = args.moment("start_date")?.unwrap_or(until - Moment::days(DAYS_MAX));
    if from > until {
        return Err(Wrong::bad("start_date lies after end_date"));
    }
    let size = args.number("page_size", 1..=PAGE_MAX)?.unwrap_or(PAGE_MAX);
    let after = match args.get("cursor") {
        None => None,
        Some(text) => Some(read_cursor(text).ok_or_else(|| Wrong::bad("cursor is none of ours"))?),
    };
    let steps = walk::steps(db, (compound.tenant, compound.id), (from, until), after, size).await?;
    let last = steps.last().filter(|_| steps.len() as i64 == size);
    let next = last.map(|last| next(asked, (from, until), last));
    let seen = Seen::read(asked.app, compound.tenant, &steps).await?;
    let wanted = args.list("service_request_id");
    let shown = steps.iter().filter(|step| wanted.is_empty() || wanted.contains(&step.code));
    let nodes = shown.filter_map(|step| seen.node(asked, compound.tenant, step)).collect();
    Ok(Told { next, ..Told::of("service_request_updates", Node::list("request_update", nodes)) })
}

/// Behind which step a list goes on.
pub(super) fn read_cursor(text: &str) -> Option<(Moment, ActivityId)> {
    let (at, id) = text.split_once('_')?;
    Some((Moment(at.parse().ok()?), id.parse().ok()?))
}

fn next(asked: &Asked<'_>, (from, until): (Moment, Moment), last: &Step) -> String {
    let (from, until, last) = (rfc3339(from), rfc3339(until), format!("{}_{}", last.at.0, last.id.0.simple()));
    let fixed = [("start_date", from.as_str()), ("end_date", until.as_str()), ("cursor", last.as_str())];
    let kept = asked.args.iter().filter(|(name, _)| !fixed.iter().any(|(other, _)| other == name));
    let pairs: Vec<(&str, &str)> = kept.chain(fixed).collect();
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    let end = asked.call.path.rsplit('/').next().unwrap_or_default();
    format!("{}/{end}?{query}", asked.endpoint())
}

fn entry_of(facts: &Value) -> Option<EntryId> {
    facts.get("entry")?.as_str()?.parse().ok()
}

/// The words and photos of steps, as far as everybody may see them.
struct Seen {
    entries: HashMap<EntryId, Entry>,
    photos: HashMap<EntryId, PhotoId>,
}

impl Seen {
    async fn read(app: &App, tenant: TenantId, steps: &[Step]) -> Result<Seen> {
        let ids: Vec<EntryId> = steps.iter().filter_map(|step| entry_of(&step.facts)).collect();
        let mut cases: Vec<CaseId> = steps.iter().map(|step| step.case).collect();
        cases.sort();
        cases.dedup();
        let mut photos = HashMap::new();
        for photo in walk::photos(&app.db, tenant, &cases).await?.into_values().flatten() {
            photos.entry(photo.entry).or_insert(photo.id);
        }
        Ok(Seen { entries: walk::entries_by_id(&app.db, tenant, &ids).await?, photos })
    }

    /// A step that is nothing but words for the parties is no step for others.
    fn node(&self, asked: &Asked<'_>, tenant: TenantId, step: &Step) -> Option<Node> {
        let entry = entry_of(&step.facts).and_then(|id| self.entries.get(&id));
        let only_words = matches!(step.stem.as_str(), "requests/noted" | "requests/added" | "requests/relayed");
        if only_words && entry.is_none() {
            return None;
        }
        let photo = entry.and_then(|entry| self.photos.get(&entry.id)).map(|id| request::picture(asked, tenant, *id));
        let fields = vec![
            ("update_id", Node::text(&step.id.to_string())),
            ("service_request_id", Node::text(&step.code)),
            ("status", Node::text(status_of(step).name())),
            ("updated_datetime", Node::text(&rfc3339(step.at))),
            ("description", entry.map_or(Node::Nothing, |entry| Node::text(&entry.text))),
            ("media_url", photo.as_deref().map_or(Node::Nothing, Node::text)),
        ];
        Some(Node::map(fields))
    }
}

/// Whether a status says no more than what is so.
fn says_what_is(case: &Case, status: Status, now: Moment) -> bool {
    match case.state_at(now) {
        State::Said => status == Status::Open,
        State::Accepted | State::Reported => matches!(status, Status::Open | Status::InProgress),
        State::Closed if case.is_solved_at(now) => matches!(status, Status::Closed | Status::Fixed),
        State::Closed => status == Status::Closed,
        State::Merged => matches!(status, Status::Closed | Status::Duplicate),
        State::Withdrawn => false,
    }
}

/// A program's key is no office and no author: it may add words, and say of the state what is so.
fn may_relay(case: &Case, status: Option<Status>, now: Moment) -> Result<()> {
    if !case.is_public() {
        return Err(Error::NotFound);
    }
    match status {
        Some(status) if !says_what_is(case, status, now) => Err(Error::denied("open311/status")),
        _ => Ok(()),
    }
}

/// Words from elsewhere.
struct Relayed {
    tenant: TenantId,
    case: CaseId,
    status: Option<Status>,
    words: String,
    /// For those who work on the case.
    aside: Option<String>,
    photos: Vec<Kept>,
}

/// `POST servicerequestupdates`.
pub async fn add(mut asked: Asked<'_>, request: Request) -> Result<Told, Wrong> {
    let received = file::receive(&mut asked, request).await?;
    let named = asked.named().await?;
    let args = &asked.args;
    let code = args.get("service_request_id").ok_or_else(|| Wrong::bad("service_request_id is needed"))?;
    let update = args.short("update_id", UPDATE_ID_CHARACTERS_MAX)?.ok_or_else(|| Wrong::bad("update_id is needed"))?;
    let words = args.short("description", file::WORDS_CHARACTERS_MAX)?;
    let words = words.ok_or_else(|| Wrong::bad("description is needed"))?.replace("\r\n", "\n");
    let unknown = || Wrong::bad("unknown status");
    let status = args.get("status").map(|text| Status::parse(&text.to_uppercase()).ok_or_else(unknown)).transpose()?;
    let found = walk::by_code(&asked.app.db, code).await?.map(|found| found.row.case);
    let found = found.filter(|case| named.as_ref().is_none_or(|compound| case.compound == compound.id));
    let case = found.ok_or_else(|| Wrong::missing("unknown service_request_id"))?;
    received.by.may_in(case.tenant)?;
    let masked = private::covered(&words);
    let exact = (masked != words).then_some(words);
    let by = file::contact(args)?;
    let aside = [exact, by, file::line(args, "media_url", LINK_CHARACTERS_MAX)?];
    let aside: Vec<String> = aside.into_iter().flatten().collect();
    let aside = (!aside.is_empty()).then(|| aside.join("\n"));
    let (tenant, app) = (case.tenant, asked.app);
    let said: [u8; 32] = Sha256::new()
        .chain_update(received.by.mark)
        .chain_update(case.id.0.as_bytes())
        .chain_update(update)
        .finalize()
        .into();
    let body = received.hash;
    if let Some(before) = sent_before::before(&app.db, tenant, What::Update, said).await? {
        return Ok(told(&same(before, body)?));
    }
    may_relay(&case, status, asked.call.now)?;
    let photos = file::keep_photos(app, tenant, &received.sent).await?;
    let relayed = &Relayed { tenant, case: case.id, status, words: masked, aside, photos };
    let id = app
        .db
        .transact(&app.context(), |tx| {
            Box::pin(async move {
                if let Some(before) = sent_before::before_in(tx, tenant, What::Update, said).await? {
                    return same(before, body);
                }
                let id = relay(tx, relayed).await?.to_string();
                sent_before::keep(tx, tenant, What::Update, (said, body), &id).await?;
                Ok(id)
            })
        })
        .await?;
    app.bell.notify_one();
    Ok(told(&id))
}

/// The answer of before, when it is the same update that came again.
fn same(before: sent_before::Before, body: [u8; 32]) -> Result<String> {
    if before.body == body { Ok(before.answer) } else { Err(Error::conflict("open311/update-other")) }
}

fn told(id: &str) -> Told {
    let update = Node::map(vec![("update_id", Node::text(id))]);
    let told = Told::of("service_request_updates", Node::list("request_update", vec![update]));
    Told { status: StatusCode::CREATED, ..told }
}

/// Adds the words to the case; the activity is the update that others read.
async fn relay(tx: &mut Tx<'_>, relayed: &Relayed) -> Result<ActivityId> {
    let case = case::store::find(tx, relayed.tenant, relayed.case).await?;
    may_relay(&case, relayed.status, tx.now())?;
    let entry = case::store::add_entry(tx, &case, EntryKind::Note, true, (None, None), &relayed.words).await?;
    for kept in &relayed.photos {
        let photo = Photo { id: kept.id, entry, public: true, width: kept.width, height: kept.height };
        case::store::add_photo(tx, &case, entry, &photo, kept.digest).await?;
    }
    // A report waits for its answer from the day it was made; a later word does not put that off.
    let changed = if case.state == State::Reported { case.changed } else { tx.now() };
    let photos = case.photos + i64::try_from(relayed.photos.len()).unwrap_or(0);
    let case = Case { changed, photos, ..case };
    case::store::save(tx, &case).await?;
    let id = tx.record(activity(&case, "requests/relayed", json!({ "entry": entry }))).await?;
    if let Some(aside) = &relayed.aside {
        let entry = case::store::add_entry(tx, &case, EntryKind::Note, false, (None, None), aside).await?;
        tx.record(activity(&case, "requests/relayed", json!({ "entry": entry }))).await?;
    }
    reindex(tx, &case).await?;
    Ok(id)
}
