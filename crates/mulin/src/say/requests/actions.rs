//! The deeds: find → may → change → save → record, each in one transaction.

use super::model::{Deed, Draft, Hand, Kept, Spot};
use super::{pausing, policy, second, together};
use commons::case::road::Seats;
use commons::case::store::{self, Hidden, Offer};
use commons::case::{
    Case, CaseId, Cause, Channel, Decision, Door, EntryId, EntryKind, Holder, Kind, Photo, State, Way, clocks, guess,
};
use commons::desk::{WalkIn, WalkInId, store as desk};
use commons::people::{Office, PersonId};
use commons::place::{Place, TenantId};
use commons::slips;
use kit::book::Activity;
use kit::db::Tx;
use kit::secrets::Secrets;
use kit::{Error, Result, search};
use serde_json::json;

/// What is said is filed at its first door; its pickup code is worked out from its id and never stored.
pub async fn file(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    hand: Hand<'_>,
    spot: &Spot,
    draft: &Draft,
    photos: &[Kept],
) -> Result<Case> {
    let place = &spot.place;
    let ticket = ticket_in(tx, secrets, place.tenant, draft.more.ticket).await?;
    let office = policy::file(hand, place, draft.for_caller, ticket.as_ref())?;
    let category = category_of(tx, place, draft).await?;
    let seats = Seats::around(tx, place.tenant, place, spot.root).await?;
    let (door, holder) = seats.holder(category.door, category.office);
    let number = store::next_number(tx, place.tenant, &spot.compound_code).await?;
    let (person, now, id) = (hand.actor.person_in(place.tenant), tx.now(), tx.id::<CaseId>());
    let case = Case {
        tenant: place.tenant,
        id,
        code: format!("{}-{number}", spot.compound_code),
        compound: place.compound.ok_or(Error::invalid("place", "requests/place-compound"))?,
        building: place.building,
        entrance: place.entrance,
        home: place.home(),
        place: place.id,
        kind: draft.more.kind.unwrap_or(category.kind),
        category: category.slug,
        door,
        state: State::Said,
        holder,
        round: 1,
        // A quarrel is for the parties, whatever is ticked.
        private: draft.private || category.private || draft.more.kind == Some(Kind::Dispute),
        author: if office.is_some() { None } else { person },
        typed_by: if office.is_some() { person } else { None },
        channel: if office.is_some() { Channel::Desk } else { draft.channel },
        words: draft.words.clone(),
        photos: i64::try_from(photos.len()).unwrap_or(0),
        supporters: 0,
        said: now,
        changed: now,
        closed: None,
        due: None,
        provisional: false,
        outcome: None,
        solved: None,
        satisfaction: None,
        lat_e7: draft.more.point.map_or(place.ground.lat_e7, |(lat, _)| Some(lat)),
        lon_e7: draft.more.point.map_or(place.ground.lon_e7, |(_, lon)| Some(lon)),
    };
    let case = clocks::start(tx, case).await?;
    let contact = draft.contact.as_ref().map(|contact| secrets.seal("contact", contact.as_bytes())).transpose()?;
    let pickup = slips::of_request(secrets, &pickup_code(secrets, case.id));
    store::add(tx, &case, &Hidden { pickup: Some(pickup), contact, external: None }).await?;
    let entry = store::add_entry(tx, &case, EntryKind::Words, true, (person, office), &draft.words).await?;
    add_photos(tx, &case, entry, photos).await?;
    store::add_answers(tx, &case, &draft.more.answers).await?;
    if let Some(voice) = &draft.more.voice {
        store::add_voice(tx, &case, entry, (voice.id, &voice.form, voice.bytes), voice.digest()).await?;
    }
    if let (Some(ticket), Some(by)) = (ticket, person)
        && !desk::handed_in(tx, place.tenant, ticket.id, (by, &case.code)).await?
    {
        return Err(Error::conflict("requests/ticket-gone"));
    }
    let facts = json!({ "entry": entry, "door": case.door, "holder": case.holder.office, "at": case.holder.place,
        "typed": office.is_some(), "category": case.category, "channel": case.channel });
    tx.record(activity(&case, "requests/said", facts)).await?;
    index(tx, &case).await?;
    Ok(case)
}

/// The line of the desk that is handed in, if it is one.
async fn ticket_in(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    tenant: TenantId,
    ticket: Option<WalkInId>,
) -> Result<Option<WalkIn>> {
    let Some(id) = ticket else { return Ok(None) };
    desk::find(tx, secrets, tenant, id).await?.map(Some).ok_or(Error::conflict("requests/ticket-gone"))
}

struct Sorted {
    slug: String,
    kind: Kind,
    door: Door,
    office: Option<Office>,
    private: bool,
}

async fn category_of(tx: &mut Tx<'_>, place: &Place, draft: &Draft) -> Result<Sorted> {
    let mut known = store::categories_in(tx, place.tenant).await?;
    known.retain(|category| category.offered_in(place.compound));
    let slug = match &draft.category {
        Some(slug) => slug.as_str(),
        None => guess::among(&draft.words, &known).map_or(guess::OTHER, |category| &category.slug),
    };
    let found = known.iter().find(|category| category.slug == slug);
    if found.is_none() && draft.category.is_some() {
        return Err(Error::invalid("category", "requests/category-unknown"));
    }
    let found = found.or_else(|| known.iter().find(|category| category.slug == guess::OTHER));
    Ok(match found {
        Some(category) => Sorted {
            slug: category.slug.clone(),
            kind: category.kind,
            door: category.door,
            office: category.office,
            private: category.private,
        },
        None => {
            let (slug, kind, door) = (guess::OTHER.into(), Kind::Question, Door::Compound);
            Sorted { slug, kind, door, office: None, private: false }
        }
    })
}

async fn add_photos(tx: &mut Tx<'_>, case: &Case, entry: EntryId, photos: &[Kept]) -> Result<()> {
    for kept in photos {
        let photo = Photo { id: kept.id, entry, public: !case.private, width: kept.width, height: kept.height };
        store::add_photo(tx, case, entry, &photo, kept.digest).await?;
    }
    Ok(())
}

/// The code on the slip: always the same for a case, so that it can be printed again.
pub fn pickup_code(secrets: &Secrets, case: CaseId) -> String {
    secrets.code("pickup", case.0.as_bytes())
}

pub(super) fn activity(case: &Case, stem: &'static str, facts: serde_json::Value) -> Activity {
    Activity::of(case.tenant, stem, "case", case.id).at_place(case.building.unwrap_or(case.compound)).with(facts)
}

/// Does one deed with a case.
pub async fn act(
    tx: &mut Tx<'_>,
    hand: Hand<'_>,
    (tenant, id): (TenantId, CaseId),
    deed: &Deed,
    photos: &[Kept],
) -> Result<Case> {
    let case = store::find(tx, tenant, id).await?;
    let open = store::open_handover(tx, tenant, id).await?;
    let office = policy::act(hand, &case, open.as_ref(), deed)?;
    let by = (hand.actor.person_in(tenant), office);
    let (deed, aside) = match deed {
        Deed::Aside(deed) => (deed.as_ref(), true),
        deed => (deed, false),
    };
    let case = match deed {
        Deed::Accept => accept(tx, case, by).await?,
        Deed::Note { words, public } => {
            let entry = store::add_entry(tx, &case, EntryKind::Note, *public, by, words).await?;
            tx.record(activity(&case, "requests/noted", json!({ "entry": entry }))).await?;
            let case = if *public && case.state != State::Reported { clocks::answered(tx, case).await? } else { case };
            touched(tx, case).await?
        }
        Deed::Add { words } => {
            let entry = store::add_entry(tx, &case, EntryKind::Addition, true, by, words).await?;
            add_photos(tx, &case, entry, photos).await?;
            tx.record(activity(&case, "requests/added", json!({ "entry": entry }))).await?;
            let photos = case.photos + i64::try_from(photos.len()).unwrap_or(0);
            touched(tx, Case { photos, ..case }).await?
        }
        Deed::Offer { to, reason } => offer(tx, case, *to, reason, by).await?,
        Deed::TakeOver => {
            let open = open.ok_or(Error::conflict("requests/offer-gone"))?;
            take_over(tx, case, &open, by).await?
        }
        Deed::Recall => {
            let open = open.ok_or(Error::conflict("requests/offer-gone"))?;
            if !store::decide(tx, &case, open.id, Decision::Withdrawn, by.0, None).await? {
                return Err(Error::conflict("requests/offer-gone"));
            }
            let facts = json!({ "to": open.to.0, "at": open.to.1 });
            tx.record(activity(&case, "requests/recalled", facts)).await?;
            touched(tx, case).await?
        }
        Deed::TurnDown { reason } => {
            let open = open.ok_or(Error::conflict("requests/offer-gone"))?;
            if !store::decide(tx, &case, open.id, Decision::Refused, by.0, Some(reason)).await? {
                return Err(Error::conflict("requests/offer-gone"));
            }
            let entry = store::add_entry(tx, &case, EntryKind::Handover, true, by, reason).await?;
            let facts = json!({ "entry": entry, "to": open.to.0, "at": open.to.1 });
            tx.record(activity(&case, "requests/turned-down", facts)).await?;
            case
        }
        Deed::Report { outcome, words } => {
            if open.is_some() {
                return Err(Error::conflict("requests/offer-open-already"));
            }
            let in_time = !case.is_overdue(tx.now());
            let case = case.reported(*outcome, by.0, tx.now())?;
            let case = clocks::reported(tx, case).await?;
            store::save(tx, &case).await?;
            let entry = match words.is_empty() {
                true => None,
                false => Some(store::add_entry(tx, &case, EntryKind::Report, true, by, words).await?),
            };
            add_report_photos(tx, &case, entry, photos, by).await?;
            let facts = json!({ "entry": entry, "outcome": outcome, "round": case.round, "in_time": in_time,
                "office": case.holder.office, "at": case.holder.place, "unit": hand.unit_of(&case) });
            tx.record(activity(&case, "requests/reported", facts)).await?;
            case
        }
        Deed::Judge { solved, satisfaction, why } => {
            let judged = case.judged(*solved, *satisfaction, tx.now())?;
            store::add_judgement(tx, &case, *solved, *satisfaction, why.as_deref()).await?;
            let entry = match why {
                Some(why) => Some(store::add_entry(tx, &case, EntryKind::Judgement, true, by, why).await?),
                None => None,
            };
            let slip = !hand.actor.is(case.tenant, case.author);
            let facts = json!({ "entry": entry, "solved": solved, "satisfaction": satisfaction, "round": case.round,
                "slip": slip });
            tx.record(activity(&case, "requests/judged", facts)).await?;
            match solved {
                true => {
                    let judged = clocks::stop(tx, judged, "judged").await?;
                    saved(tx, judged).await?
                }
                false => come_back(tx, &case, judged).await?,
            }
        }
        Deed::Up { from: Some(door), .. } if *door != case.door => {
            return Err(Error::conflict("requests/up-meanwhile"));
        }
        Deed::Up { reason, .. } => {
            let entry = match reason {
                Some(reason) => Some(store::add_entry(tx, &case, EntryKind::Judgement, true, by, reason).await?),
                None => None,
            };
            up(tx, case, Cause::Resident, entry).await?
        }
        Deed::Pause { reason, words } => {
            let paused = pausing::pause(tx, case, *reason, words, by).await?;
            saved(tx, paused).await?
        }
        Deed::Resume => {
            let resumed = pausing::resume(tx, case).await?;
            saved(tx, resumed).await?
        }
        Deed::Sort { kind } => {
            if !case.state.is_open() && case.state != State::Closed {
                return Err(Error::conflict("requests/withdraw-already"));
            }
            let sorted = Case { kind: *kind, ..case };
            store::set_kind(tx, &sorted).await?;
            tx.record(activity(&sorted, "requests/sorted", json!({ "kind": kind }))).await?;
            touched(tx, sorted).await?
        }
        Deed::Withdraw => {
            together::release(tx, &case).await?;
            drop_offer(tx, &case).await?;
            let case = case.withdrawn(tx.now())?;
            store::stop_clocks(tx, &case, "withdrawn").await?;
            store::save(tx, &case).await?;
            tx.record(activity(&case, "requests/withdrawn", json!({}))).await?;
            search::remove(tx, (tenant.0, "case", id.0)).await?;
            return Ok(case);
        }
        Deed::Erase => return gone(tx, case).await,
        Deed::Support => together::support(tx, hand, case, by).await?,
        Deed::Unsupport => together::unsupport(tx, hand, case).await?,
        Deed::Merge { into } => together::merge(tx, hand, case, into, by).await?,
        Deed::Unmerge => together::unmerge(tx, case).await?,
        Deed::Edit { entry, words } => second::edit(tx, case, *entry, words).await?,
        Deed::Hide(what) => second::hide(tx, case, what, office).await?,
        Deed::Aside(_) => return Err(Error::NotFound),
    };
    if aside {
        store::set_aside(tx, &case).await?;
    }
    reindex(tx, &case).await?;
    Ok(case)
}

pub(super) type By = (Option<PersonId>, Option<Office>);

async fn accept(tx: &mut Tx<'_>, case: Case, by: By) -> Result<Case> {
    let in_time = !case.is_overdue(tx.now());
    let case = case.accepted(by.0, tx.now())?;
    let case = clocks::accepted(tx, case).await?;
    store::save(tx, &case).await?;
    let facts = json!({ "door": case.door, "holder": case.holder.office, "at": case.holder.place, "in_time": in_time });
    tx.record(activity(&case, "requests/accepted", facts)).await?;
    Ok(case)
}

/// The old holder stays responsible until the new one says yes.
async fn offer(
    tx: &mut Tx<'_>,
    case: Case,
    to: (Office, commons::place::PlaceId),
    reason: &str,
    by: By,
) -> Result<Case> {
    if !matches!(case.state, State::Said | State::Accepted) {
        return Err(Error::conflict("requests/handover-not-open"));
    }
    let seats = seats_of(tx, &case).await?;
    let (to_door, ..) = seats
        .all()
        .into_iter()
        .find(|(_, office, place)| (*office, *place) == to && to != (case.holder.office, case.holder.place))
        .ok_or(Error::invalid("to", "requests/offer-to-whom"))?;
    let way = match to_door.cmp(&case.door) {
        std::cmp::Ordering::Less => Way::Back,
        std::cmp::Ordering::Equal => Way::Sideways,
        std::cmp::Ordering::Greater if case.door.up() == Some(to_door) => Way::Up,
        std::cmp::Ordering::Greater => return Err(Error::invalid("to", "requests/offer-one-door")),
    };
    let offered = store::offer(tx, &case, Offer { way, to, to_door, reason, by: by.0 }).await?;
    let handover = offered.ok_or(Error::conflict("requests/offer-open-already"))?;
    let entry = store::add_entry(tx, &case, EntryKind::Handover, true, by, reason).await?;
    let facts = json!({ "entry": entry, "handover": handover, "to": to.0, "at": to.1, "door": to_door, "way": way });
    tx.record(activity(&case, "requests/offered", facts)).await?;
    touched(tx, case).await
}

async fn take_over(tx: &mut Tx<'_>, case: Case, open: &commons::case::Handover, by: By) -> Result<Case> {
    if !store::decide(tx, &case, open.id, Decision::Accepted, by.0, None).await? {
        return Err(Error::conflict("requests/offer-gone"));
    }
    let in_time = !case.is_overdue(tx.now());
    let to = Holder { office: open.to.0, place: open.to.1, person: by.0 };
    let from = case.door;
    let case = clocks::taken_over(tx, case.handed_over(to, open.to_door, tx.now())?, from).await?;
    store::save(tx, &case).await?;
    let facts = json!({ "to": to.office, "at": to.place, "door": open.to_door, "way": open.way,
        "in_time": in_time });
    tx.record(activity(&case, "requests/taken-over", facts)).await?;
    Ok(case)
}

/// 没解决: back to whoever reported it, with new clocks; the second time also up a door.
async fn come_back(tx: &mut Tx<'_>, before: &Case, judged: Case) -> Result<Case> {
    let climbs = before.climbs_when_unsolved();
    let judged = seated(tx, judged).await?;
    let judged = clocks::restart(tx, judged, "unsolved").await?;
    let judged = clocks::accepted(tx, judged).await?;
    store::save(tx, &judged).await?;
    if !climbs {
        let facts = json!({ "to": judged.holder.office, "at": judged.holder.place, "door": judged.door });
        tx.record(activity(&judged, "requests/came-back", facts)).await?;
    }
    if climbs { up(tx, judged, Cause::Unsolved, None).await } else { Ok(judged) }
}

/// Back to the person who reported it while their mandate runs, else to their office; where nobody sits there any more, to
/// whoever answers at this door now.
async fn seated(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    let there = commons::people::store::holders_at(tx, case.tenant, case.holder.place, case.holder.office).await?;
    if there.is_empty() {
        let (door, holder) = seats_of(tx, &case).await?.holder(case.door, None);
        return Ok(Case { door, holder, ..case });
    }
    let person = case.holder.person.filter(|person| there.contains(person));
    Ok(Case { holder: Holder { person, ..case.holder }, ..case })
}

pub(super) async fn up(tx: &mut Tx<'_>, case: Case, cause: Cause, entry: Option<EntryId>) -> Result<Case> {
    let next = case.door.up().ok_or(Error::conflict("requests/up-last-door"))?;
    if !store::step_up(tx, &case, cause).await? {
        // By itself it goes up once for each round and door; who said it may always move it.
        if cause != Cause::Resident {
            return Err(Error::conflict("requests/up-already"));
        }
        store::step_up_again(tx, &case, cause).await?;
    }
    drop_offer(tx, &case).await?;
    let (door, holder) = seats_of(tx, &case).await?.holder(next, None);
    let from = case.holder;
    let moved = Case { door, ..case.moved_up(holder, tx.now())? };
    let moved = clocks::restart(tx, moved, "moved-up").await?;
    store::save(tx, &moved).await?;
    let facts = json!({ "cause": cause, "entry": entry, "door": door, "to": holder.office, "at": holder.place,
        "from": from.office, "from_at": from.place });
    tx.record(activity(&moved, "requests/moved-up", facts)).await?;
    Ok(moved)
}

/// An offer that nobody has answered ends with what it offered.
async fn drop_offer(tx: &mut Tx<'_>, case: &Case) -> Result<()> {
    if let Some(open) = store::open_handover(tx, case.tenant, case.id).await? {
        store::decide(tx, case, open.id, Decision::Withdrawn, None, None).await?;
    }
    Ok(())
}

/// Everything that was said goes, whatever waited for it first.
pub async fn gone(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    together::release(tx, &case).await?;
    drop_offer(tx, &case).await?;
    erase(tx, case).await
}

/// The words, pictures and the contact go; that something was said and done stays.
async fn erase(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    store::erase(tx, &case).await?;
    store::erase_answers(tx, &case).await?;
    second::drop_voices(tx, &case).await?;
    for photo in store::photos_in(tx, case.tenant, case.id).await? {
        store::withdraw_photo(tx, &case, photo.id).await?;
        let gone = json!({ "tenant": case.tenant, "photo": photo.id });
        let now = tx.now();
        kit::jobs::enqueue(tx, case.tenant.0, "photo-gone", &gone, now).await?;
    }
    let now = tx.now();
    let mut erased = Case { words: String::new(), photos: 0, changed: now, ..case };
    if erased.state.is_open() {
        erased = erased.withdrawn(now)?;
        store::stop_clocks(tx, &erased, "erased").await?;
    }
    store::save(tx, &erased).await?;
    tx.record(activity(&erased, "requests/erased", json!({}))).await?;
    search::remove(tx, (erased.tenant.0, "case", erased.id.0)).await?;
    second::without_trace(tx).await?;
    Ok(erased)
}

/// Writes down that an office has looked at the contact, and gives it.
pub async fn view_contact(tx: &mut Tx<'_>, hand: Hand<'_>, (tenant, id): (TenantId, CaseId)) -> Result<()> {
    let case = store::find(tx, tenant, id).await?;
    let office = policy::see_contact(hand, &case)?;
    if store::contact_in(tx, tenant, id).await?.is_none() {
        return Err(Error::NotFound);
    }
    tx.record(activity(&case, "requests/contact-viewed", json!({ "office": office }))).await.map(drop)
}

async fn add_report_photos(
    tx: &mut Tx<'_>,
    case: &Case,
    entry: Option<EntryId>,
    photos: &[Kept],
    by: By,
) -> Result<()> {
    if photos.is_empty() {
        return Ok(());
    }
    let entry = match entry {
        Some(entry) => entry,
        None => store::add_entry(tx, case, EntryKind::Report, true, by, "").await?,
    };
    add_photos(tx, case, entry, photos).await
}

async fn seats_of(tx: &mut Tx<'_>, case: &Case) -> Result<Seats> {
    let place = commons::place::store::find_in(tx, case.tenant, case.place).await?.ok_or(Error::NotFound)?;
    let root = root_of(tx, case.tenant).await?;
    Seats::around(tx, case.tenant, &place, root).await
}

/// The community's own place: the top of the tenant's tree.
pub async fn root_of(tx: &mut Tx<'_>, tenant: TenantId) -> Result<commons::place::PlaceId> {
    commons::place::store::root_in(tx, tenant).await?.map(|root| root.id).ok_or(Error::NotFound)
}

async fn touched(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    let now = tx.now();
    // A report waits for its answer from the day it was made; a later word does not put that off.
    let changed = if case.state == State::Reported { case.changed } else { now };
    saved(tx, Case { changed, ..case }).await
}

pub async fn saved(tx: &mut Tx<'_>, case: Case) -> Result<Case> {
    store::save(tx, &case).await?;
    Ok(case)
}

/// Puts the case into the search as it reads now.
pub async fn reindex(tx: &mut Tx<'_>, case: &Case) -> Result<()> {
    let key = (case.tenant.0, "case", case.id.0);
    if case.state == State::Withdrawn {
        return search::remove(tx, key).await;
    }
    let text = store::search_text(tx, case).await?;
    let mark = store::search_mark(case.is_public(), case.author);
    let marks: Vec<&str> = mark.iter().map(String::as_str).collect();
    search::put(tx, key, case.said, &marks, &text).await
}

/// The same for a case that is new, so that nothing of it can be found yet.
async fn index(tx: &mut Tx<'_>, case: &Case) -> Result<()> {
    let text = store::search_text(tx, case).await?;
    let mark = store::search_mark(case.is_public(), case.author);
    let marks: Vec<&str> = mark.iter().map(String::as_str).collect();
    search::add(tx, (case.tenant.0, "case", case.id.0), case.said, &marks, &text).await
}
