//! What hangs on a case: words, pictures, hand-overs, judgements.

use crate::case::{
    Case, CaseId, Decision, Door, Entry, EntryId, EntryKind, Handover, HandoverId, JudgementId, Photo, PhotoId,
    Satisfaction, Way,
};
use crate::people::{Office, PersonId};
use crate::place::{PlaceId, TenantId};
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Result, params};

const ADD_ENTRY: &str = "insert into entry (tenant, id, request, at, person, office, kind, public, text, withdrawn)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null)";
const ENTRIES: &str = "select id, at, person, office, kind, public, text, withdrawn, edited from entry
    where tenant = $1 and request = $2 order by id limit 500";
const ERASE_WORDS: &str = "update entry set text = '', withdrawn = $3 where tenant = $1 and request = $2
    and kind in ('words', 'addition', 'judgement') and withdrawn is null";
pub(super) const ERASE_WHY: &str = "update judgement set why = null where tenant = $1 and request = $2";
const ERASE_CONTACT: &str = "update request set contact = null where tenant = $1 and id = $2";
const ADD_PHOTO: &str = "insert into photo (tenant, id, request, entry, public, width, height, digest, withdrawn)
    values ($1, $2, $3, $4, $5, $6, $7, $8, null)";
const PHOTOS: &str = "select id, entry, public, width, height from photo
    where tenant = $1 and request = $2 and withdrawn is null order by id limit 100";
const WITHDRAW_PHOTO: &str = "update photo set withdrawn = $4 where tenant = $1 and request = $2 and id = $3
    and withdrawn is null";
const PHOTO: &str =
    "select p.tenant, p.public, r.code from photo p join request r on r.tenant = p.tenant and r.id = p.request
    where p.tenant = $1 and p.id = $2 and p.withdrawn is null";
const OFFER: &str =
    "insert into handover (tenant, id, request, kind, from_office, from_place, to_office, to_place, to_door,
    reason, offered, offered_by, decision, decided, decided_by, answer, open)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, null, null, null, null, $3)
    on conflict (tenant, open) do nothing";
const DECIDE: &str = "update handover set decision = $4, decided = $5, decided_by = $6, answer = $7, open = null
    where tenant = $1 and request = $2 and id = $3 and open is not null";
const HANDOVERS: &str =
    "select o.id, o.kind, o.from_office, o.from_place, o.to_office, o.to_place, o.to_door, o.reason,
    o.offered, o.offered_by, o.decision, l.label, l.label_en
    from handover o left join place l on l.tenant = o.tenant and l.id = o.to_place
    where o.tenant = $1 and o.request = $2 order by o.id limit 200";
const OFFERED: &str = "select o.request, o.id, o.reason, o.offered, o.from_office, l.label, l.label_en
    from mandate m join handover o on o.tenant = m.tenant and o.to_office = m.office and o.to_place = m.place
        and o.decision is null
    left join place l on l.tenant = o.tenant and l.id = o.from_place
    where m.tenant = $1 and (m.person = $2 or m.deputy = $2) and m.starts <= $3 and (m.ends is null or m.ends > $3)
        and case when m.deputy is not null and m.away_from <= $3 and m.away_until > $3 then m.deputy else m.person end = $2
        and (m.revoked is null or m.revoked > $3) and o.open is not null order by o.offered limit 100";
const ADD_JUDGEMENT: &str = "insert into judgement (tenant, id, request, round, at, solved, satisfaction, why)
    values ($1, $2, $3, $4, $5, $6, $7, $8)";
const PASS_ON: &str =
    "update request set holder_person = $5 where tenant = $1 and holder_office = $2 and holder_place = $3
    and holder_person = $4 and state in ('said', 'accepted')";
const CONTACT: &str = "select contact from request where tenant = $1 and id = $2";

pub(super) const STATEMENTS: &[&str] = &[
    ADD_ENTRY,
    ENTRIES,
    ERASE_WORDS,
    ERASE_WHY,
    ERASE_CONTACT,
    ADD_PHOTO,
    PHOTOS,
    WITHDRAW_PHOTO,
    PHOTO,
    OFFER,
    DECIDE,
    HANDOVERS,
    OFFERED,
    ADD_JUDGEMENT,
    CONTACT,
    PASS_ON,
];

/// Adds a piece of text and gives its id, which the activity points at.
pub async fn add_entry(
    tx: &mut Tx<'_>,
    case: &Case,
    kind: EntryKind,
    public: bool,
    (person, office): (Option<PersonId>, Option<Office>),
    text: &str,
) -> Result<EntryId> {
    let (id, now): (EntryId, Moment) = (tx.id(), tx.now());
    tx.run(ADD_ENTRY, params![case.tenant, id, case.id, now, person, office, kind, public, text]).await?;
    Ok(id)
}

pub async fn entries(db: &Db, tenant: TenantId, case: CaseId) -> Result<Vec<Entry>> {
    db.all(ENTRIES, params![tenant, case]).await?.iter().map(read_entry).collect()
}

pub async fn entries_in(tx: &mut Tx<'_>, tenant: TenantId, case: CaseId) -> Result<Vec<Entry>> {
    tx.all(ENTRIES, params![tenant, case]).await?.iter().map(read_entry).collect()
}

fn read_entry(row: &Row) -> Result<Entry> {
    Ok(Entry {
        id: row.get("id")?,
        at: row.get("at")?,
        person: row.get("person")?,
        office: row.get("office")?,
        kind: row.get("kind")?,
        public: row.get("public")?,
        text: row.get("text")?,
        withdrawn: row.get("withdrawn")?,
        edited: row.get("edited")?,
    })
}

/// Erases everything the author wrote, and the contact. What was done stays in the book, without the words.
pub async fn erase(tx: &mut Tx<'_>, case: &Case) -> Result<()> {
    let now = tx.now();
    tx.run(ERASE_WORDS, params![case.tenant, case.id, now]).await?;
    tx.run(ERASE_WHY, params![case.tenant, case.id]).await?;
    tx.run(ERASE_CONTACT, params![case.tenant, case.id]).await.map(drop)
}

/// Takes the contact away.
pub async fn erase_contact(tx: &mut Tx<'_>, case: &Case) -> Result<()> {
    tx.run(ERASE_CONTACT, params![case.tenant, case.id]).await.map(drop)
}

/// `digest` is of the bytes on the shelf.
pub async fn add_photo(
    tx: &mut Tx<'_>,
    case: &Case,
    entry: EntryId,
    photo: &Photo,
    digest: Option<[u8; 32]>,
) -> Result<()> {
    let row = params![case.tenant, photo.id, case.id, entry, photo.public, photo.width, photo.height, digest];
    tx.run(ADD_PHOTO, row).await.map(drop)
}

pub async fn photos(db: &Db, tenant: TenantId, case: CaseId) -> Result<Vec<Photo>> {
    db.all(PHOTOS, params![tenant, case]).await?.iter().map(read_photo).collect()
}

pub async fn photos_in(tx: &mut Tx<'_>, tenant: TenantId, case: CaseId) -> Result<Vec<Photo>> {
    tx.all(PHOTOS, params![tenant, case]).await?.iter().map(read_photo).collect()
}

fn read_photo(row: &Row) -> Result<Photo> {
    Ok(Photo {
        id: row.get("id")?,
        entry: row.get("entry")?,
        public: row.get("public")?,
        width: row.get("width")?,
        height: row.get("height")?,
    })
}

pub async fn withdraw_photo(tx: &mut Tx<'_>, case: &Case, photo: PhotoId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(WITHDRAW_PHOTO, params![case.tenant, case.id, photo, now]).await? == 1)
}

/// Whether a picture is there, whether everybody may see it, and the code of its case.
pub async fn photo(db: &Db, tenant: TenantId, photo: PhotoId) -> Result<Option<(bool, String)>> {
    let row = db.one(PHOTO, params![tenant, photo]).await?;
    row.map(|row| Ok((row.get("public")?, row.get("code")?))).transpose()
}

/// What a hand-over is offered with.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    pub way: Way,
    pub to: (Office, PlaceId),
    pub to_door: Door,
    pub reason: &'a str,
    pub by: Option<PersonId>,
}

/// Offers a case to another office; `None` when an offer is open already.
pub async fn offer(tx: &mut Tx<'_>, case: &Case, offer: Offer<'_>) -> Result<Option<HandoverId>> {
    let (id, now): (HandoverId, Moment) = (tx.id(), tx.now());
    let row = params![
        case.tenant,
        id,
        case.id,
        offer.way,
        case.holder.office,
        case.holder.place,
        offer.to.0,
        offer.to.1,
        offer.to_door,
        offer.reason,
        now,
        offer.by
    ];
    Ok((tx.run(OFFER, row).await? == 1).then_some(id))
}

/// Says yes or no to an open offer; `false` when it is not open any more.
pub async fn decide(
    tx: &mut Tx<'_>,
    case: &Case,
    handover: HandoverId,
    decision: Decision,
    by: Option<PersonId>,
    answer: Option<&str>,
) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(DECIDE, params![case.tenant, case.id, handover, decision, now, by, answer]).await? == 1)
}

pub async fn handovers(db: &Db, tenant: TenantId, case: CaseId) -> Result<Vec<Handover>> {
    db.all(HANDOVERS, params![tenant, case]).await?.iter().map(read_handover).collect()
}

/// The offer that waits for an answer, if there is one.
pub async fn open_handover(tx: &mut Tx<'_>, tenant: TenantId, case: CaseId) -> Result<Option<Handover>> {
    let rows = tx.all(HANDOVERS, params![tenant, case]).await?;
    let all: Vec<Handover> = rows.iter().map(read_handover).collect::<Result<_>>()?;
    Ok(all.into_iter().find(|handover| handover.decision.is_none()))
}

fn read_handover(row: &Row) -> Result<Handover> {
    Ok(Handover {
        id: row.get("id")?,
        way: row.get("kind")?,
        from: (row.get("from_office")?, row.get("from_place")?),
        to: (row.get("to_office")?, row.get("to_place")?),
        to_door: row.get("to_door")?,
        to_label: row.get::<Option<String>>("label")?.unwrap_or_default(),
        to_label_en: row.get::<Option<String>>("label_en")?.unwrap_or_default(),
        reason: row.get("reason")?,
        offered: row.get("offered")?,
        offered_by: row.get("offered_by")?,
        decision: row.get("decision")?,
    })
}

/// An offer on somebody's desk.
#[derive(Clone, Debug)]
pub struct Offered {
    pub case: CaseId,
    pub id: HandoverId,
    pub reason: String,
    pub offered: Moment,
    pub from_office: Office,
    pub from_label: String,
    pub from_label_en: String,
}

/// Offers that wait for an answer from this person's offices.
pub async fn offered_to(db: &Db, tenant: TenantId, person: PersonId, now: Moment) -> Result<Vec<Offered>> {
    let rows = db.all(OFFERED, params![tenant, person, now]).await?;
    rows.iter()
        .map(|row| {
            Ok(Offered {
                case: row.get("request")?,
                id: row.get("id")?,
                reason: row.get("reason")?,
                offered: row.get("offered")?,
                from_office: row.get("from_office")?,
                from_label: row.get::<Option<String>>("label")?.unwrap_or_default(),
                from_label_en: row.get::<Option<String>>("label_en")?.unwrap_or_default(),
            })
        })
        .collect()
}

/// Keeps a judgement; the next one stands beside it, never in its place.
pub async fn add_judgement(
    tx: &mut Tx<'_>,
    case: &Case,
    solved: bool,
    satisfaction: Option<Satisfaction>,
    why: Option<&str>,
) -> Result<JudgementId> {
    let (id, now): (JudgementId, Moment) = (tx.id(), tx.now());
    tx.run(ADD_JUDGEMENT, params![case.tenant, id, case.id, case.round, now, solved, satisfaction, why]).await?;
    Ok(id)
}

/// The sealed contact of a case. Whoever opens it writes that into the book.
pub async fn contact(db: &Db, tenant: TenantId, case: CaseId) -> Result<Option<Vec<u8>>> {
    db.one(CONTACT, params![tenant, case]).await?.map_or(Ok(None), |row| row.get("contact"))
}

/// What somebody has in hand at a seat goes on in their successor's. What they reported stays theirs: nobody judges for another.
pub async fn pass_on(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    (office, place): (Office, PlaceId),
    from: PersonId,
    to: PersonId,
) -> Result<u64> {
    tx.run(PASS_ON, params![tenant, office, place, from, to]).await
}
