//! One request with everything that its page shows to the same caller.

use crate::layout::Visit;
use crate::layout::json::case_json;
use crate::layout::show::rfc3339;
use crate::say::requests::hide::Text;
use crate::say::requests::model::{Hand, HideWhy};
use crate::say::requests::pages::{hotline_page, read};
use crate::say::requests::view::{Can, Read};
use crate::say::requests::waiting::pause_of;
use crate::say::requests::{intake, looks, policy, timeline};
use axum::Json;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use commons::case::store::{self, CaseFound};
use commons::case::{Case, CaseId, Entry, Handover, Photo, State};
use commons::people::Office;
use commons::slips;
use kit::secrets::normal_code;
use kit::web::Path;
use kit::web::answer::Answer;
use kit::web::limits::Knock;
use kit::{Error, Result, book};
use serde_json::{Value, json};

/// The header in which the one without an account shows the code of the slip.
const PICKUP: &str = "x-pickup-code";

/// The case that the code in the header opens, if one was sent. Guessing is slow: each try that fails counts.
async fn slip_of(visit: &Visit, headers: &HeaderMap) -> Result<Option<CaseFound>> {
    let Some(typed) = headers.get(PICKUP).and_then(|value| value.to_str().ok()) else { return Ok(None) };
    let hash = normal_code(typed).map(|code| slips::of_request(&visit.app.secrets, &code));
    let found = match hash {
        Some(hash) => store::by_pickup(&visit.app.db, hash).await?,
        None => None,
    };
    if found.is_none() {
        visit.app.limits.check(Knock::Code, &visit.call.address.to_string())?;
    }
    Ok(found)
}

/// Whether the caller may read it.
pub async fn in_hand(visit: &Visit, case: &Case, slip: Option<CaseId>) -> Result<Vec<Handover>> {
    let handovers = store::handovers(&visit.app.db, case.tenant, case.id).await?;
    policy::read(Hand { actor: &visit.actor, slip }, case, &handovers)?;
    Ok(handovers)
}

/// The case with this code, and itself once more where the code of its slip was sent.
async fn found(visit: &Visit, code: &str, headers: &HeaderMap) -> Result<(CaseFound, Option<CaseId>)> {
    let found = store::by_code(&visit.app.db, code).await?.ok_or(Error::NotFound)?;
    let slip = slip_of(visit, headers).await?.map(|slip| slip.row.case.id).filter(|id| *id == found.row.case.id);
    Ok((found, slip))
}

/// The case in hand: found, and opened by the caller's mandates or by the code of its slip.
pub async fn opened(
    visit: &Visit,
    code: &str,
    headers: &HeaderMap,
) -> Result<(CaseFound, Option<CaseId>, Vec<Handover>)> {
    let (found, slip) = found(visit, code, headers).await?;
    let handovers = in_hand(visit, &found.row.case, slip).await?;
    Ok((found, slip, handovers))
}

/// `GET /api/v1/requests/{code}`.
pub async fn show(visit: Visit, Path(code): Path<String>, headers: HeaderMap) -> Answer {
    let (found, slip) = found(&visit, &code, &headers).await?;
    Ok(Json(whole(&visit, found, slip).await?).into_response())
}

/// `GET /api/v1/requests/slip`: the case that the code in the header opens.
pub async fn by_slip(visit: Visit, headers: HeaderMap) -> Answer {
    if !headers.contains_key(PICKUP) {
        return Err(Error::invalid("X-Pickup-Code", "requests/code-shape").into());
    }
    let found = slip_of(&visit, &headers).await?.ok_or(Error::NotFound)?;
    let slip = Some(found.row.case.id);
    Ok(Json(whole(&visit, found, slip).await?).into_response())
}

async fn whole(visit: &Visit, found: CaseFound, slip: Option<CaseId>) -> Result<Value> {
    let hand = Hand { actor: &visit.actor, slip };
    let read = read(visit, found, hand).await?;
    let (case, parts, now) = (&read.found.row.case, &read.parts, visit.call.now);
    // Whoever joined it still sees that its author took it back.
    if !read.others.left {
        policy::read(hand, case, &parts.handovers)?;
    }
    looks::looked(visit, hand, &read).await?;
    let party = policy::is_party(hand, case, &parts.handovers);
    let mine = hand.is_author(case);
    let open = parts.handovers.iter().find(|handover| handover.decision.is_none());
    let lang = visit.call.lang;
    let label = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    let seen = |entry: &&Entry| (entry.public || party) && entry.withdrawn.is_none();
    let photos = |entry: &Entry| -> Vec<&Photo> {
        parts.photos.iter().filter(|photo| photo.entry == entry.id && (photo.public || party)).collect()
    };
    let entry = |entry: &Entry| {
        let editable = mine && entry.is_telling() && !entry.text.is_empty() && now < entry.editable_until();
        json!({ "id": entry.id, "at": rfc3339(entry.at), "kind": entry.kind, "office": entry.office, "text": entry.text,
            "public": entry.public, "edited": entry.edited.map(rfc3339),
            "editable_until": editable.then(|| rfc3339(entry.editable_until())),
            "photos": photos(entry).iter().map(|photo| photo.id).collect::<Vec<_>>() })
    };
    let entries: Vec<&Entry> = parts.entries.iter().filter(seen).collect();
    let picture =
        |photo: &Photo| json!({ "id": photo.id, "entry": photo.entry, "width": photo.width, "height": photo.height });
    let pictures: Vec<Value> = entries.iter().flat_map(|entry| photos(entry)).map(picture).collect();
    let offer = open.map(|open| {
        json!({ "to": { "office": open.to.0, "place": label(&open.to_label, &open.to_label_en) },
            "reason": open.reason, "since": rfc3339(open.offered) })
    });
    let seat = |(door, office, place, label): &(commons::case::Door, Office, commons::place::PlaceId, String)| json!({ "to": format!("{office}:{place}"), "door": door, "office": office, "place": label });
    let named = matches!(case.holder.office, Office::Captain | Office::GridWorker);
    let names = read.holder_names.iter().filter(|_| named).map(|(zh, en)| label(zh, en));
    let paused = pause_of(now, &read.book).filter(|_| matches!(case.state, State::Said | State::Accepted));
    let paused = paused
        .map(|(reason, since, until)| json!({ "reason": reason, "since": rfc3339(since), "until": rfc3339(until) }));
    let look = |line: &&book::Entry| timeline::LOOKS.contains(&line.stem.as_str());
    let looks: Vec<Value> =
        read.book.iter().filter(look).map(|line| json!({ "at": rfc3339(line.at), "office": line.office })).collect();
    let mut told = case_json(&read.found.row, now);
    told["page"] = super::page_of(&case.code).into();
    told["mine"] = mine.into();
    told["exact_place"] = json!(party.then(|| label(&read.found.exact_label, &read.found.exact_label_en)));
    told["holder_names"] = names.collect::<Vec<_>>().into();
    told["entries"] = entries.iter().map(|one| entry(one)).collect::<Vec<_>>().into();
    told["pictures"] = pictures.into();
    told["voices"] = if party { json!(parts.voices) } else { json!([]) };
    told["fields"] = intake::answers_json(&parts.answers, party);
    told["offer"] = json!(offer);
    told["seats"] = read.seats.iter().map(seat).collect::<Vec<_>>().into();
    told["paused"] = json!(paused);
    told["supports"] = read.others.supports.into();
    told["merged_into"] = json!(read.others.merged_into);
    told["looks"] = json!(mine.then_some(looks));
    told["replies"] = replies(visit, &read).into();
    told["timeline"] = line(visit, &read, party).into();
    told["can"] = can(visit, hand, &read, open).into();
    Ok(told)
}

/// Reply templates for the holder, with their blanks filled in.
fn replies(visit: &Visit, read: &Read) -> Vec<Value> {
    let v = visit.view("requests-case-title");
    let shown = crate::say::requests::replies::offered(visit.call.now, &v, read);
    shown
        .iter()
        .map(|one| json!({ "id": one.id, "outcome": one.outcome, "title": one.title, "text": one.text }))
        .collect()
}

fn line(visit: &Visit, read: &Read, party: bool) -> Vec<Value> {
    let (v, now) = (visit.view("requests-case-title"), visit.call.now);
    let words = (read.parts.entries.as_slice(), read.parts.photos.as_slice());
    let told = |line: &book::Entry| {
        let step = timeline::step(&v, now, line, words, &read.labels, party)?;
        let entry = line.facts.get("entry").filter(|_| step.words.is_some());
        Some(json!({ "at": rfc3339(line.at), "did": line.stem, "office": line.office, "sentence": step.sentence,
            "entry": entry }))
    };
    read.book.iter().filter_map(told).collect()
}

/// The deeds that the page would offer to this caller, by their names.
fn can(visit: &Visit, hand: Hand<'_>, read: &Read, open: Option<&Handover>) -> Vec<&'static str> {
    let (case, now) = (&read.found.row.case, visit.call.now);
    let can = Can::of(hand, case, open, now, read.parts.has_contact && case.contact_shown(now));
    let paused = pause_of(now, &read.book).is_some();
    let works = hand.is_holder(case) && case.state == State::Accepted;
    let editable = |entry: &Entry| {
        hand.is_author(case) && entry.is_telling() && !entry.text.is_empty() && now < entry.editable_until()
    };
    let all = [
        ("accept", can.accept),
        ("note", can.note),
        ("offer", can.offer),
        ("report", can.report),
        ("take-over", can.decide),
        ("turn-down", can.decide),
        ("recall", can.recall),
        ("pause", works && open.is_none() && !paused && !case.is_overdue(now)),
        ("resume", works && paused),
        ("judge", can.judge || can.reopen),
        ("add", can.add),
        ("edit", read.parts.entries.iter().any(editable)),
        ("sort", hand.is_author(case) && (case.state.is_open() || case.state == State::Closed)),
        ("up", can.up),
        ("withdraw", can.withdraw),
        ("erase", can.erase),
        ("hide", can.hide),
        ("contact", can.contact),
        ("support", read.others.can_support),
        ("unsupport", read.others.supports),
        ("merge", read.others.can_merge),
        ("unmerge", read.others.can_unmerge),
    ];
    all.into_iter().filter(|(_, may)| *may).map(|(name, _)| name).collect()
}

/// `GET /api/v1/requests/{code}/hotline`: the text for 12345.
pub async fn hotline(visit: Visit, Path(code): Path<String>, headers: HeaderMap) -> Answer {
    let (found, ..) = opened(&visit, &code, &headers).await?;
    let text = hotline_page(&visit, &found).text;
    Ok(Json(json!({ "code": found.row.case.code, "text": text })).into_response())
}

/// `GET /api/v1/requests/{code}/private`: what in it tells too much, for those who may cover it.
pub async fn private(visit: Visit, Path(code): Path<String>, headers: HeaderMap) -> Answer {
    let (found, slip) = found(&visit, &code, &headers).await?;
    let case = &found.row.case;
    let hand = Hand { actor: &visit.actor, slip };
    let parts = store::page::parts(&visit.app.db, case, None, false).await?;
    policy::read(hand, case, &parts.handovers)?;
    let own = policy::hide(hand, case)?.is_none();
    let party = policy::is_party(hand, case, &parts.handovers);
    let shown = |entry: &&Entry| !entry.text.is_empty() && (entry.public || party);
    let text = |entry: &Entry| json!({ "entry": entry.id, "text": entry.text, "found": Text::of(&entry.text).found });
    let whys: Vec<&str> = HideWhy::ALL.iter().filter(|_| !own).map(|why| why.name()).collect();
    Ok(Json(json!({
        "texts": parts.entries.iter().filter(shown).map(text).collect::<Vec<_>>(),
        "photos": parts.photos.iter().map(|photo| photo.id).collect::<Vec<_>>(),
        "contact": own && parts.has_contact,
        "voice": own && !parts.voices.is_empty(),
        "whys": whys,
    }))
    .into_response())
}
