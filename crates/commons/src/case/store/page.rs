//! Everything that the page of a case shows besides the case itself, in two statements, so that a page costs few trips to
//! the database however much has happened.

use crate::case::fields::{Field, read_options};
use crate::case::road::Seats;
use crate::case::store::replies::Reply;
use crate::case::{Case, Door, Entry, Handover, Photo, PhotoId};
use crate::people::Office;
use crate::place::{PlaceId, PlaceKind};
use kit::db::{Db, Row};
use kit::time::Moment;
use kit::{Error, Result, Uuid, params};
use std::collections::HashMap;

/// One row for each thing; what a column holds depends on `part`. The first branch gives the columns their types.
const PARTS: &str = "
    select 'entry' as part, e.id as id, e.person as one, e.person as two, e.person as three, e.at as at,
        e.withdrawn as number, e.edited as other, e.public as yes, e.office as a, e.kind as b, e.text as c, '' as d,
        '' as e, '' as f, '' as g, '' as h
    from entry e where e.tenant = $1 and e.request = $2
    union all select 'photo', p.id, p.entry, null, null, 0, p.width, p.height, p.public, '', '', '', '', '', '', '', ''
    from photo p where p.tenant = $1 and p.request = $2 and p.withdrawn is null
    union all select 'handover', o.id, o.from_place, o.to_place, o.offered_by, o.offered, 0, 0, false, o.kind,
        o.from_office, o.to_office, o.to_door, o.reason, o.decision, l.label, l.label_en
    from handover o left join place l on l.tenant = o.tenant and l.id = o.to_place
    where o.tenant = $1 and o.request = $2
    union all select 'voice', v.id, null, null, null, 0, 0, 0, false, '', '', '', '', '', '', '', ''
    from voice v where v.tenant = $1 and v.request = $2 and v.withdrawn is null
    union all select 'answer', f.request, null, null, null, 0, q.sort, 0, q.required, f.code, f.value, q.kind, q.options,
        q.name, q.name_en, q.hint, q.hint_en
    from field_value f join category_field q on q.tenant = f.tenant and q.category = $6 and q.code = f.code
    where f.tenant = $1 and f.request = $2
    union all select 'supports', s.home, null, null, null, 0, 0, 0, false, '', '', '', '', '', '', '', ''
    from supporter s where s.tenant = $1 and s.request = $2 and s.home = $3
    union all select 'into', r.id, null, null, null, 0, 0, 0, false, r.code, '', '', '', '', '', '', ''
    from merging m join request r on r.tenant = m.tenant and r.id = m.into_request
    where m.tenant = $1 and m.request = $2 and m.undone is null
    union all select 'contact', r.id, null, null, null, 0, 0, 0, false, '', '', '', '', '', '', '', ''
    from request r where r.tenant = $1 and r.id = $2 and r.contact is not null
    union all select 'reply', t.id, t.place, null, null, t.sort, 0, 0, false, t.outcome, t.title, t.text, '', '', '', '', ''
    from template t join place q on q.tenant = t.tenant and q.id = t.place
    where t.tenant = $1 and (t.place = $4 or q.compound is null) and $5 and t.retired is null
    order by part, id, a limit 2000";

/// Who sits where around a place, with the places' names and the first names of those who hold the case.
const AROUND: &str = "
    select l.id as place, l.label, l.label_en, h.building, h.grid, h.compound, l.kind, m.office, m.starts,
        p.id as person, p.name, p.name_en
    from place h
    join place l on l.tenant = h.tenant and l.id in (h.building, h.grid, h.compound,
        (select c.id from place c where c.tenant = $1 and c.kind = 'community' order by c.id limit 1))
    left join mandate m on m.tenant = l.tenant and m.place = l.id and m.starts <= $3
        and (m.ends is null or m.ends > $3) and (m.revoked is null or m.revoked > $3)
    left join person p on p.tenant = m.tenant and p.id = case when m.deputy is not null and m.away_from <= $3 and m.away_until > $3 then m.deputy else m.person end
    where h.tenant = $1 and h.id = $2 order by m.starts, m.id limit 500";

pub(super) const STATEMENTS: &[&str] = &[PARTS, AROUND];

/// What hangs on a case.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    pub entries: Vec<Entry>,
    pub photos: Vec<Photo>,
    pub handovers: Vec<Handover>,
    pub voices: Vec<PhotoId>,
    /// Questions of its category, and what was answered, in the order in which they are asked.
    pub answers: Vec<(Field, String)>,
    /// Whether the household that was asked about is among those who joined it.
    pub supports: bool,
    /// The code of the case in which this one goes on.
    pub merged_into: Option<String>,
    pub has_contact: bool,
    /// What its holder may pick to say.
    pub replies: Vec<Reply>,
}

/// Reads what hangs on a case. `home` is the household that asks whether it has joined; `holder` asks for the replies.
pub async fn parts(db: &Db, case: &Case, home: Option<PlaceId>, holder: bool) -> Result<Parts> {
    let home = home.unwrap_or(PlaceId(Uuid::nil()));
    let mut parts = Parts::default();
    for row in db.all(PARTS, params![case.tenant, case.id, home, case.compound, holder, &case.category]).await? {
        match row.get::<String>("part")?.as_str() {
            "entry" => parts.entries.push(entry(&row)?),
            "photo" => parts.photos.push(photo(&row)?),
            "handover" => parts.handovers.push(handover(&row)?),
            "voice" => parts.voices.push(row.get("id")?),
            "answer" => parts.answers.push((field(&row, &case.category)?, row.get("b")?)),
            "supports" => parts.supports = true,
            "into" => parts.merged_into = row.get("a")?,
            "contact" => parts.has_contact = true,
            "reply" => parts.replies.push(reply(&row)?),
            other => return Err(Error::internal(format!("a part called {other}"))),
        }
    }
    parts.replies.sort_by_key(|reply| (reply.sort, reply.id.0));
    // Of one order they stay as the statement gave them: by code.
    parts.answers.sort_by_key(|(field, _)| field.sort);
    Ok(parts)
}

fn entry(row: &Row) -> Result<Entry> {
    Ok(Entry {
        id: row.get("id")?,
        at: row.get("at")?,
        person: row.get("one")?,
        office: row.get("a")?,
        kind: row.get("b")?,
        public: row.get("yes")?,
        text: row.get("c")?,
        withdrawn: row.get("number")?,
        edited: row.get("other")?,
    })
}

fn photo(row: &Row) -> Result<Photo> {
    Ok(Photo {
        id: row.get("id")?,
        entry: row.get("one")?,
        public: row.get("yes")?,
        width: row.get("number")?,
        height: row.get("other")?,
    })
}

fn handover(row: &Row) -> Result<Handover> {
    Ok(Handover {
        id: row.get("id")?,
        way: row.get("a")?,
        from: (row.get("b")?, row.get("one")?),
        to: (row.get("c")?, row.get("two")?),
        to_door: row.get("d")?,
        to_label: row.get::<Option<String>>("g")?.unwrap_or_default(),
        to_label_en: row.get::<Option<String>>("h")?.unwrap_or_default(),
        reason: row.get("e")?,
        offered: row.get("at")?,
        offered_by: row.get("three")?,
        decision: row.get("f")?,
    })
}

fn field(row: &Row, category: &str) -> Result<Field> {
    Ok(Field {
        category: category.to_owned(),
        code: row.get("a")?,
        name: row.get("e")?,
        name_en: row.get("f")?,
        hint: row.get("g")?,
        hint_en: row.get("h")?,
        kind: row.get("c")?,
        required: row.get("yes")?,
        options: read_options(&row.get::<String>("d")?),
        sort: row.get("number")?,
    })
}

fn reply(row: &Row) -> Result<Reply> {
    Ok(Reply {
        id: row.get("id")?,
        place: row.get("one")?,
        outcome: row.get("a")?,
        title: row.get("b")?,
        text: row.get("c")?,
        sort: row.get("at")?,
        retired: None,
        label: String::new(),
        label_en: String::new(),
        compound: None,
    })
}

/// The seats around a case.
#[derive(Debug, Default)]
pub struct Around {
    /// To which a case may be handed.
    pub seats: Vec<(Door, Office, PlaceId)>,
    /// Names of the places, in Chinese and English.
    pub labels: HashMap<Uuid, (String, String)>,
    /// The first names of those who hold the case, in Chinese and English.
    pub holders: Vec<(String, String)>,
}

const NAMES_MAX: usize = 5;

/// Reads who sits around the place of a case at `now`.
pub async fn around(db: &Db, case: &Case, now: Moment) -> Result<Around> {
    let rows = db.all(AROUND, params![case.tenant, case.place, now]).await?;
    let first = rows.first().ok_or(Error::NotFound)?;
    let (building, grid, compound) = (first.get("building")?, first.get("grid")?, first.get("compound")?);
    let (mut community, mut filled) = (None, Vec::new());
    let mut around = Around::default();
    for row in &rows {
        let place: PlaceId = row.get("place")?;
        around.labels.insert(place.0, (row.get("label")?, row.get("label_en")?));
        if row.get::<PlaceKind>("kind")? == PlaceKind::Community {
            community = Some(place);
        }
        let Some(office) = row.get::<Option<Office>>("office")? else { continue };
        if !filled.contains(&(office, place)) {
            filled.push((office, place));
        }
        let holds = (office, place) == (case.holder.office, case.holder.place);
        if holds && around.holders.len() < NAMES_MAX {
            around.holders.push((row.get("name")?, row.get("name_en")?));
        }
    }
    let community = community.ok_or(Error::NotFound)?;
    around.seats = Seats { filled, building, grid, compound, community }.all();
    Ok(around)
}
