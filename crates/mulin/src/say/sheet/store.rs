//! What a week's sheet reads: four short lists in one statement, each with how many there are.

use super::pages::Part;
use commons::case::{Door, State};
use commons::people::Office;
use commons::place::{PlaceId, TenantId};
use kit::db::{Db, Value};
use kit::time::Moment;
use kit::{Error, Result, params};

const COLUMNS: &str =
    "r.code, r.words, r.category, r.door, r.state, r.holder_office, r.holder_place, r.building, r.said,
    r.changed, r.closed, r.due, r.solved, r.supporters";
const PUBLIC: &str = "r.private = false and r.kind <> 'dispute' and r.state <> 'withdrawn'";
const SHOWN: &str = "b.name as place, b.name_en as place_en, h.name as holder, h.name_en as holder_en,
    c.name as category_name, c.name_en as category_name_en";

/// A case on the sheet.
#[derive(Clone, Debug)]
pub struct Found {
    pub code: String,
    pub words: String,
    pub category: (String, String),
    pub place: (String, String),
    pub holder: (String, String),
    pub office: Office,
    pub door: Door,
    pub state: State,
    pub solved: Option<bool>,
    pub said: Moment,
    pub due: Option<Moment>,
}

/// One of the four lists: its first cases, and how many there are.
#[derive(Clone, Debug, Default)]
pub struct List {
    pub found: Vec<Found>,
    pub all: i64,
}

fn sql(building: bool) -> String {
    let inside = if building { "and r.building = $7" } else { "" };
    let part = |name: &str, wanted: &str, order: &str| {
        format!(
            "select * from (select '{name}' as part, count(*) over () as all_of_them, {COLUMNS} from request r
             where r.tenant = $1 and r.compound = $2 and {PUBLIC} {inside} and {wanted} order by {order}, r.id limit $6) {name}_part"
        )
    };
    // Closed in a week means changed in it or later, and `changed` is what the index knows.
    let parts = [
        part("said", "r.said >= $3 and r.said < $4", "r.said desc"),
        part("settled", "r.state = 'closed' and r.changed >= $3 and r.closed >= $3 and r.closed < $4", "r.closed desc"),
        part("late", "r.state in ('said', 'accepted') and r.due < $5", "r.due"),
        part("asked", "r.state = 'reported' and r.due > $5", "r.changed"),
    ];
    format!(
        "select r.*, {SHOWN} from ({}) r left join place b on b.tenant = $1 and b.id = coalesce(r.building, $2)
         left join place h on h.tenant = $1 and h.id = r.holder_place
         left join category c on c.tenant = $1 and c.slug = r.category",
        parts.join(" union all ")
    )
}

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    vec![sql(false), sql(true)]
}

/// The public cases of a compound, or of a building in it, that belong on the sheet of the week `from`..`to`.
pub async fn lists(
    db: &Db,
    (tenant, compound, building): (TenantId, PlaceId, Option<PlaceId>),
    (from, to): (Moment, Moment),
    now: Moment,
    limit: i64,
) -> Result<[List; 4]> {
    let mut values = params![tenant, compound, from, to, now, limit].to_vec();
    values.extend(building.map(Value::from));
    let mut lists: [List; 4] = Default::default();
    for row in db.report(&sql(building.is_some()), &values).await? {
        let pair = |name: &str| {
            let text = |name: &str| row.get::<Option<String>>(name).map(Option::unwrap_or_default);
            Ok::<_, Error>((text(name)?, text(&format!("{name}_en"))?))
        };
        let part: String = row.get("part")?;
        let list = &mut lists[Part::parse(&part).ok_or_else(|| Error::internal("an unknown part"))? as usize];
        list.all = row.get("all_of_them")?;
        list.found.push(Found {
            code: row.get("code")?,
            words: row.get("words")?,
            category: pair("category_name")?,
            place: pair("place")?,
            holder: pair("holder")?,
            office: row.get("holder_office")?,
            door: row.get("door")?,
            state: row.get("state")?,
            solved: row.get("solved")?,
            said: row.get("said")?,
            due: row.get("due")?,
        });
    }
    Ok(lists)
}
