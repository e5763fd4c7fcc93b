//! Seat cards, boards and teams on the shelf; numbers are sealed.

use super::{BoardWords, DoorRow, Member, Seat, StandsIn, TeamDuty};
use crate::people::{Office, PersonId};
use crate::place::{Place, PlaceId, TenantId};
use kit::Result;
use kit::db::{Db, Row, Tx};
use kit::params;
use kit::secrets::Secrets;
use kit::time::Moment;

const LABEL: &str = "seat-phone";

const SEATS: &str = "select m.office, m.place, m.person, p.name, p.name_en, m.starts, m.ends,
    c.phone, c.person as giver, coalesce(c.duties, '') as duties, d.id as deputy, d.name as deputy_name,
    d.name_en as deputy_name_en, m.away_until, c.deputy as deputy_giver, c.deputy_phone
    from mandate m join person p on p.tenant = m.tenant and p.id = m.person
    left join person d on d.tenant = m.tenant and d.id = m.deputy and m.away_from <= $5 and m.away_until > $5
    left join seat_card c on c.tenant = m.tenant and c.place = m.place and c.office = m.office
    where m.tenant = $1 and (m.place in ($2, $3, $4)
            or m.place = (select id from place where tenant = $1 and kind = 'community' order by path limit 1))
        and m.office in ('captain', 'grid_worker', 'hub', 'committee', 'property', 'community') and m.starts <= $5
        and (m.ends is null or m.ends > $5) and (m.revoked is null or m.revoked > $5) order by m.starts, m.id limit 100";
const SAVE_PHONE: &str = "insert into seat_card (tenant, place, office, phone, person, duties, changed)
    values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant, place, office) do update set phone = excluded.phone,
        person = excluded.person, duties = excluded.duties, changed = excluded.changed";
const SAVE_DEPUTY: &str =
    "insert into seat_card (tenant, place, office, phone, person, duties, changed, deputy_phone, deputy)
    values ($1, $2, $3, null, null, '', $6, $4, $5) on conflict (tenant, place, office) do update set
        deputy_phone = excluded.deputy_phone, deputy = excluded.deputy, changed = excluded.changed";
const SAVE_DUTIES: &str = "insert into seat_card (tenant, place, office, phone, person, duties, changed)
    values ($1, $2, $3, null, null, $4, $5) on conflict (tenant, place, office) do update set duties = excluded.duties,
        changed = excluded.changed";
const WORDS: &str = "select b.place, b.area, b.supervision from board b
    where b.tenant = $1 and (b.place = $2
        or b.place = (select id from place where tenant = $1 and kind = 'community' order by path limit 1))
    order by b.place limit 2";
const SAVE_WORDS: &str = "insert into board (tenant, place, area, supervision, changed) values ($1, $2, $3, $4, $5)
    on conflict (tenant, place) do update set area = excluded.area, supervision = excluded.supervision,
        changed = excluded.changed";
const JOIN: &str = "insert into team_member (tenant, building, duty, person, since) values ($1, $2, $3, $4, $5)
    on conflict (tenant, building, duty, person) do nothing";
const LEAVE: &str = "delete from team_member where tenant = $1 and building = $2 and duty = $3 and person = $4";
const MEMBERS: &str = "select t.duty, t.person, p.name, p.name_en from team_member t
    join person p on p.tenant = t.tenant and p.id = t.person
    where t.tenant = $1 and t.building = $2 order by t.duty, t.since, t.person limit 500";
/// Something is open behind a door when everybody may read it, or when it waits for the office of whoever looks.
const DOORS: &str = "select e.name as entrance, e.name_en as entrance_en, h.name, (select count(*) from request r
        where r.tenant = h.tenant and r.home = h.id and r.state in ('said', 'accepted', 'reported')
            and ((r.private = false and r.kind <> 'dispute') or (r.holder_office = $3 and r.holder_place = $2))) as open
    from place h left join place e on e.tenant = h.tenant and e.id = h.entrance
    where h.tenant = $1 and h.building = $2 and h.kind = 'home' order by e.sort, e.path, h.sort, h.path limit 2000";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] =
    &[SEATS, SAVE_PHONE, SAVE_DEPUTY, SAVE_DUTIES, WORDS, SAVE_WORDS, JOIN, LEAVE, MEMBERS, DOORS];

/// Who answers around a place now, nearest first within an office.
pub async fn around(db: &Db, secrets: &Secrets, place: &Place, now: Moment) -> Result<Vec<Seat>> {
    let row = params![place.tenant, place.building, place.grid, place.compound, now];
    let mut seats: Vec<Seat> =
        db.all(SEATS, row).await?.iter().map(|row| read_seat(row, secrets)).collect::<Result<_>>()?;
    let order = |office: Office| super::ANSWERING.iter().position(|one| *one == office);
    // A hub of one's own compound comes before the community's.
    seats.sort_by_key(|seat| (order(seat.office), Some(seat.place) != place.compound));
    Ok(seats)
}

fn read_seat(row: &Row, secrets: &Secrets) -> Result<Seat> {
    let (person, giver): (PersonId, Option<PersonId>) = (row.get("person")?, row.get("giver")?);
    let sealed: Option<Vec<u8>> = row.get("phone")?;
    let sealed = sealed.filter(|_| giver.is_none_or(|giver| giver == person));
    let unsealed = |sealed: Vec<u8>| String::from_utf8(secrets.unseal(LABEL, &sealed)?).ok();
    let deputy: Option<(PersonId, Moment)> = row.get::<Option<PersonId>>("deputy")?.zip(row.get("away_until")?);
    if let Some((deputy, until)) = deputy {
        let own = row.get::<Option<PersonId>>("deputy_giver")? == Some(deputy);
        // A number of the seat rings whoever sits there; the holder's own does not while they are away.
        let of_seat = sealed.filter(|_| giver.is_none());
        let theirs = row.get::<Option<Vec<u8>>>("deputy_phone")?.filter(|_| own && of_seat.is_none());
        let own = theirs.is_some();
        let phone = of_seat.or(theirs);
        return Ok(Seat {
            office: row.get("office")?,
            place: row.get("place")?,
            person: deputy,
            name: row.get::<Option<String>>("deputy_name")?.unwrap_or_default(),
            name_en: row.get::<Option<String>>("deputy_name_en")?.unwrap_or_default(),
            starts: row.get("starts")?,
            ends: row.get("ends")?,
            phone: phone.and_then(unsealed),
            duties: row.get("duties")?,
            stands_in: Some(StandsIn { for_name: row.get("name")?, for_name_en: row.get("name_en")?, until, own }),
        });
    }
    Ok(Seat {
        office: row.get("office")?,
        place: row.get("place")?,
        person,
        name: row.get("name")?,
        name_en: row.get("name_en")?,
        starts: row.get("starts")?,
        ends: row.get("ends")?,
        phone: sealed.and_then(unsealed),
        duties: row.get("duties")?,
        stands_in: None,
    })
}

/// The number of somebody who stands in; the holder's card stays as it is.
pub async fn save_deputy(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (tenant, place, office): (TenantId, PlaceId, Office),
    (phone, giver): (Option<&str>, PersonId),
) -> Result<()> {
    let sealed = phone.map(|phone| secrets.seal(LABEL, phone.as_bytes())).transpose()?;
    let (now, giver) = (tx.now(), phone.map(|_| giver));
    tx.run(SAVE_DEPUTY, params![tenant, place, office, sealed, giver, now]).await.map(drop)
}

/// What a seat lets be known. `giver` is the person whose own number it is; without one it belongs to the seat.
pub async fn save_card(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (tenant, place, office): (TenantId, PlaceId, Office),
    (phone, giver): (Option<&str>, Option<PersonId>),
    duties: &str,
) -> Result<()> {
    let sealed = phone.map(|phone| secrets.seal(LABEL, phone.as_bytes())).transpose()?;
    let now = tx.now();
    tx.run(SAVE_PHONE, params![tenant, place, office, sealed, giver, duties, now]).await.map(drop)
}

/// The texts of a board: the grid's area, the community's supervision.
pub async fn words(db: &Db, tenant: TenantId, grid: Option<PlaceId>) -> Result<BoardWords> {
    let mut words = BoardWords::default();
    for row in db.all(WORDS, params![tenant, grid]).await? {
        let place: PlaceId = row.get("place")?;
        match Some(place) == grid {
            true => words.area = row.get("area")?,
            false => words.supervision = row.get("supervision")?,
        }
    }
    Ok(words)
}

pub async fn save_words(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, words: &BoardWords) -> Result<()> {
    let now = tx.now();
    tx.run(SAVE_WORDS, params![tenant, place, &words.area, &words.supervision, now]).await.map(drop)
}

/// Whether they were not in yet.
pub async fn join(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    building: PlaceId,
    duty: TeamDuty,
    person: PersonId,
) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(JOIN, params![tenant, building, duty, person, now]).await? == 1)
}

/// Whether they were in.
pub async fn leave(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    building: PlaceId,
    duty: TeamDuty,
    person: PersonId,
) -> Result<bool> {
    Ok(tx.run(LEAVE, params![tenant, building, duty, person]).await? == 1)
}

pub async fn members(db: &Db, tenant: TenantId, building: PlaceId) -> Result<Vec<Member>> {
    let rows = db.all(MEMBERS, params![tenant, building]).await?;
    let read = |row: &Row| {
        Ok(Member {
            duty: row.get("duty")?,
            person: row.get("person")?,
            name: row.get("name")?,
            name_en: row.get("name_en")?,
        })
    };
    rows.iter().map(read).collect()
}

/// The doors of a building; `office` is the seat there whose own matters count too.
pub async fn doors(db: &Db, tenant: TenantId, building: PlaceId, office: Option<Office>) -> Result<Vec<DoorRow>> {
    let office = office.map_or("", Office::name);
    let rows = db.all(DOORS, params![tenant, building, office]).await?;
    let read = |row: &Row| {
        Ok(DoorRow {
            entrance: row.get::<Option<String>>("entrance")?.unwrap_or_default(),
            entrance_en: row.get::<Option<String>>("entrance_en")?.unwrap_or_default(),
            name: row.get("name")?,
            open: row.get("open")?,
        })
    };
    rows.iter().map(read).collect()
}

/// What a seat is there for, without touching its number.
pub async fn save_duties(
    tx: &mut Tx<'_>,
    (tenant, place, office): (TenantId, PlaceId, Office),
    duties: &str,
) -> Result<()> {
    let now = tx.now();
    tx.run(SAVE_DUTIES, params![tenant, place, office, duties, now]).await.map(drop)
}
