//! The desk: what is in somebody's hands, at their door, at their place; what is overdue comes first.
//!
//! Each list is the union of a few short walks along an index, one for each seat (or ground) and state, so a page takes as long
//! with a hundred thousand cases as with a hundred.

use super::{COLUMNS, CaseRow, JOINS, SHOWN, read_row};
use crate::case::{Case, CaseId, HandoverId, State};
use crate::people::{Actor, Office, PersonId};
use crate::place::{PlaceId, PlaceKind, TenantId};
use kit::db::{Db, Row, Value};
use kit::time::Moment;
use kit::{Result, Uuid, names, params};

names! {
    /// How far a desk looks.
    Scope {
        /// What this very person has taken.
        Hand = "hand",
        /// What waits for the offices of this person.
        Door = "door",
        /// What goes on at the places of these offices, whoever holds it.
        Place = "place",
    }
}

/// Counted no further: a page then says "999+".
pub const COUNT_MAX: i64 = 1_000;
/// Without a due time a case comes after all that have one.
pub(super) const LATE: &str = "coalesce(r.due, 9223372036854775807)";

/// A piece of ground that an office looks after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ground {
    All,
    Compound(PlaceId),
    Building(PlaceId),
    Grid(PlaceId),
}

/// Who looks at a desk of one tenant, and how far they may see.
#[derive(Clone, Debug)]
pub struct Desk {
    pub tenant: TenantId,
    person: PersonId,
    seats: Vec<(Office, PlaceId)>,
    grounds: Vec<Ground>,
    compounds: Vec<PlaceId>,
    /// Reads everything but quarrels.
    staff: bool,
}

impl Desk {
    /// The desk of an actor in a tenant; `None` for who is not known there.
    pub fn of(actor: &Actor, tenant: TenantId) -> Option<Desk> {
        let person = actor.person_in(tenant)?;
        let mut desk =
            Desk { tenant, person, seats: Vec::new(), grounds: Vec::new(), compounds: Vec::new(), staff: false };
        let serving =
            |office: Office| Office::HOLDING.contains(&office) || matches!(office, Office::Guard | Office::Operator);
        for mandate in actor.in_tenant(tenant).filter(|mandate| serving(mandate.office)) {
            let seat = (mandate.office, mandate.place);
            if Office::HOLDING.contains(&mandate.office) && !desk.seats.contains(&seat) {
                desk.seats.push(seat);
            }
            desk.staff |= mandate.office == Office::Community;
            desk.compounds.extend(mandate.compound);
            desk.grounds.extend(match mandate.place_kind {
                PlaceKind::Community | PlaceKind::Subdistrict => Some(Ground::All),
                PlaceKind::Compound => Some(Ground::Compound(mandate.place)),
                PlaceKind::Building => Some(Ground::Building(mandate.place)),
                PlaceKind::Grid => Some(Ground::Grid(mandate.place)),
                PlaceKind::Entrance | PlaceKind::Home | PlaceKind::Facility => mandate.building.map(Ground::Building),
            });
        }
        if desk.grounds.contains(&Ground::All) {
            desk.grounds = vec![Ground::All];
        }
        Some(desk)
    }

    /// Whether this desk holds cases of this office at this place.
    pub fn has_seat(&self, office: Office, place: PlaceId) -> bool {
        self.seats.contains(&(office, place))
    }
}

/// What a desk is asked; every field narrows.
#[derive(Clone, Debug, Default)]
pub struct DeskFilter {
    /// `None`: what is still to be done.
    pub state: Option<State>,
    pub overdue_only: bool,
    pub category: Option<String>,
    /// The path of a compound or a building.
    pub at: Option<String>,
    /// Only these, e.g. what a search found.
    pub ids: Option<Vec<Uuid>>,
    pub offset: i64,
    /// Go on behind this one, in the order of the list.
    pub behind: Option<Behind>,
}

/// Where a list of a desk goes on: the due time, when it was said, and which it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behind {
    pub late: i64,
    pub said: Moment,
    pub id: CaseId,
}

impl Behind {
    pub fn of(case: &Case) -> Behind {
        Behind { late: case.due.map_or(i64::MAX, |due| due.0), said: case.said, id: case.id }
    }
}

/// How many lie where, each up to [`COUNT_MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub hand: i64,
    pub door: i64,
    pub place: i64,
    /// Overdue in the scope that is looked at.
    pub overdue: i64,
}

/// Numbers the values of a statement as it grows.
#[derive(Default)]
struct Said(Vec<Value>);

impl Said {
    fn put(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }
}

/// The walks whose union is the list: conditions on `request r`.
fn walks(desk: &Desk, scope: Scope, filter: &DeskFilter, now: Moment, said: &mut Said) -> Vec<String> {
    let tenant = said.put(desk.tenant);
    let mut narrow = String::new();
    if let Some(category) = &filter.category {
        narrow.push_str(&format!(" and r.category = {}", said.put(category.as_str())));
    }
    if let Some(path) = &filter.at {
        let place =
            format!("(select p.id from place p where p.tenant = {tenant} and p.path = {})", said.put(path.as_str()));
        // A building's path has two steps; each kind has an index of its own.
        let column = if path.contains('/') { "building" } else { "compound" };
        narrow.push_str(&format!(" and r.{column} = {place}"));
    }
    if filter.overdue_only {
        let now = said.put(now);
        narrow.push_str(&format!(" and {LATE} < {now}"));
    }
    if let Some(ids) = &filter.ids {
        let ids: Vec<String> = ids.iter().map(|id| said.put(*id)).collect();
        narrow.push_str(&if ids.is_empty() {
            " and 1 = 0".into()
        } else {
            format!(" and r.id in ({})", ids.join(", "))
        });
    }
    if let Some(Behind { late, said: at, id }) = filter.behind {
        let way = if is_over(filter) { "<" } else { ">" };
        let (late, at, id) = (said.put(late), said.put(at), said.put(id));
        narrow.push_str(&format!(" and ({LATE}, r.said, r.id) {way} ({late}, {at}, {id})"));
    }
    let bases = match scope {
        Scope::Hand => vec![format!("r.holder_person = {}", said.put(desk.person))],
        Scope::Door => seats(desk, said),
        Scope::Place => grounds(desk, said),
    };
    let state = |state: State| format!("r.state = '{state}'");
    // A report that nobody has answered in time is closed, though no job has said so.
    let states: Vec<String> = match filter.state {
        Some(State::Reported) => vec![format!("{} and {LATE} > {}", state(State::Reported), said.put(now))],
        Some(State::Closed) => {
            vec![state(State::Closed), format!("{} and {LATE} <= {}", state(State::Reported), said.put(now))]
        }
        Some(other) => vec![state(other)],
        None => vec![state(State::Said), state(State::Accepted)],
    };
    let walk = |base: &String, state: &String| format!("r.tenant = {tenant} and {base} and {state}{narrow}");
    let walks = bases.iter().flat_map(|base| states.iter().map(move |state| walk(base, state)));
    let walks: Vec<String> = walks.collect();
    // Somebody without a seat has an empty door.
    if walks.is_empty() { vec![format!("r.tenant = {tenant} and 1 = 0{narrow}")] } else { walks }
}

fn seats(desk: &Desk, said: &mut Said) -> Vec<String> {
    let seat = |(office, place): &(Office, PlaceId)| {
        format!("r.holder_office = {} and r.holder_place = {}", said.put(*office), said.put(*place))
    };
    desk.seats.iter().map(seat).collect()
}

/// What this desk may read: what is public, what it holds, and for the community's staff all but quarrels.
fn may(desk: &Desk, said: &mut Said) -> String {
    let mut may = vec!["r.private = false and r.kind <> 'dispute'".to_owned()];
    may.extend(seats(desk, said));
    if desk.staff {
        may.push("r.kind <> 'dispute'".into());
    }
    format!("(({}))", may.join(") or ("))
}

/// What lies on the grounds of a desk and may be read there.
fn grounds(desk: &Desk, said: &mut Said) -> Vec<String> {
    if desk.grounds.is_empty() {
        return Vec::new();
    }
    let may = may(desk, said);
    let ground = |ground: &Ground| match ground {
        Ground::All => may.clone(),
        Ground::Compound(id) => format!("r.compound = {} and {may}", said.put(*id)),
        Ground::Building(id) => format!("r.building = {} and {may}", said.put(*id)),
        Ground::Grid(id) => {
            let grid = said.put(*id);
            format!(
                "exists (select 1 from place g where g.tenant = r.tenant and g.id = r.place and g.grid = {grid}) and {may}"
            )
        }
    };
    desk.grounds.iter().map(ground).collect()
}

/// What is over is read newest first, what is to be done in the order in which it is due.
fn is_over(filter: &DeskFilter) -> bool {
    filter.state.is_some_and(|state| !state.is_open())
}

fn list_sql(desk: &Desk, scope: Scope, filter: &DeskFilter, now: Moment, limit: i64) -> (String, Vec<Value>) {
    let mut said = Said::default();
    let walks = walks(desk, scope, filter, now, &mut said);
    let (reach, limit, offset) = (said.put(limit + filter.offset), said.put(limit), said.put(filter.offset));
    let way = if is_over(filter) { " desc" } else { "" };
    let order = |late: &str, of: &str| format!("order by {late}{way}, {of}said{way}, {of}id{way}");
    let walk = |(at, walk): (usize, &String)| {
        let inner = order(LATE, "r.");
        format!(
            "select * from (select r.id, {LATE} as late, r.said from request r where {walk} {inner} limit {reach}) w{at}"
        )
    };
    let union: Vec<String> = walks.iter().enumerate().map(walk).collect();
    let sql = format!(
        "select {COLUMNS}, {SHOWN}, u.late from (select * from ({}) w {} limit {limit} offset {offset}) u
         join request r on r.tenant = $1 and r.id = u.id {JOINS} {}",
        union.join(" union "),
        order("late", ""),
        order("u.late", "r.")
    );
    (sql, said.0)
}

/// The cases of a desk.
pub async fn list(
    db: &Db,
    desk: &Desk,
    scope: Scope,
    filter: &DeskFilter,
    now: Moment,
    limit: i64,
) -> Result<Vec<CaseRow>> {
    let (sql, values) = list_sql(desk, scope, filter, now, limit);
    db.all(&sql, &values).await?.iter().map(read_row).collect()
}

fn counts_sql(desk: &Desk, scope: Scope, filter: &DeskFilter, now: Moment) -> (String, Vec<Value>) {
    let mut said = Said::default();
    let todo = DeskFilter { category: filter.category.clone(), at: filter.at.clone(), ..DeskFilter::default() };
    let late = DeskFilter { overdue_only: true, ..todo.clone() };
    let mut count = |scope: Scope, filter: &DeskFilter| {
        let walks = walks(desk, scope, filter, now, &mut said);
        let one = |(at, walk): (usize, &String)| {
            format!("select * from (select r.id from request r where {walk} limit {COUNT_MAX}) w{at}")
        };
        let union: Vec<String> = walks.iter().enumerate().map(one).collect();
        format!("(select count(*) from ({}) c)", union.join(" union "))
    };
    let sql = format!(
        "select {} as hand, {} as door, {} as place, {} as overdue",
        count(Scope::Hand, &todo),
        count(Scope::Door, &todo),
        count(Scope::Place, &todo),
        count(scope, &late)
    );
    (sql, said.0)
}

/// How much there is to do in each scope, and how much of the looked-at one is overdue.
pub async fn counts(db: &Db, desk: &Desk, scope: Scope, filter: &DeskFilter, now: Moment) -> Result<Counts> {
    let (sql, values) = counts_sql(desk, scope, filter, now);
    let Some(row) = db.one(&sql, &values).await? else { return Ok(Counts::default()) };
    let n = |name: &str| Ok::<_, kit::Error>(row.get::<i64>(name)?.min(COUNT_MAX));
    Ok(Counts { hand: n("hand")?, door: n("door")?, place: n("place")?, overdue: n("overdue")? })
}

/// An offer on somebody's desk, with its case.
#[derive(Clone, Debug)]
pub struct OfferedCase {
    pub row: CaseRow,
    pub id: HandoverId,
    pub reason: String,
    pub from_office: Office,
    pub from_label: String,
    pub from_label_en: String,
}

fn offered_sql() -> String {
    format!(
        "select {COLUMNS}, {SHOWN}, o.id as handover, o.reason as offer_reason, o.from_office, l.label as from_label,
            l.label_en as from_label_en
        from mandate m join handover o on o.tenant = m.tenant and o.to_office = m.office and o.to_place = m.place
            and o.decision is null
        join request r on r.tenant = o.tenant and r.id = o.request
        left join place l on l.tenant = o.tenant and l.id = o.from_place {JOINS}
        where m.tenant = $1 and (m.person = $2 or m.deputy = $2) and m.starts <= $3 and (m.ends is null or m.ends > $3)
            and case when m.deputy is not null and m.away_from <= $3 and m.away_until > $3 then m.deputy else m.person end = $2
            and (m.revoked is null or m.revoked > $3) and o.open is not null
            and r.state in ('said', 'accepted') order by o.offered limit 100"
    )
}

/// The offers that wait for an answer from the offices of this desk.
pub async fn offered(db: &Db, desk: &Desk, now: Moment) -> Result<Vec<OfferedCase>> {
    let rows = db.all(&offered_sql(), params![desk.tenant, desk.person, now]).await?;
    let read = |row: &Row| {
        Ok(OfferedCase {
            row: read_row(row)?,
            id: row.get("handover")?,
            reason: row.get("offer_reason")?,
            from_office: row.get("from_office")?,
            from_label: row.get::<Option<String>>("from_label")?.unwrap_or_default(),
            from_label_en: row.get::<Option<String>>("from_label_en")?.unwrap_or_default(),
        })
    };
    rows.iter().map(read).collect()
}

/// Something that a desk can be narrowed to: a category's slug or a place's path, with its names.
#[derive(Clone, Debug)]
pub struct Choice {
    pub is_place: bool,
    pub code: String,
    pub name: String,
    pub name_en: String,
}

fn choices_sql(desk: &Desk) -> (String, Vec<Value>) {
    let mut said = Said::default();
    let tenant = said.put(desk.tenant);
    let within = match desk.grounds.first() {
        Some(Ground::All) => String::new(),
        _ => {
            let ids: Vec<String> = desk.compounds.iter().map(|id| said.put(*id)).collect();
            if ids.is_empty() { " and 1 = 0".into() } else { format!(" and p.compound in ({})", ids.join(", ")) }
        }
    };
    let sql = format!(
        "select 'category' as what, slug as code, name, name_en, sort from category where tenant = {tenant} and retired is null
         union all select 'place', p.path, p.label, p.label_en, p.sort from place p
            where p.tenant = {tenant} and p.kind in ('compound', 'building'){within}
         order by what, sort, code limit 600"
    );
    (sql, said.0)
}

/// What the filters of a desk offer.
pub async fn choices(db: &Db, desk: &Desk) -> Result<Vec<Choice>> {
    let (sql, values) = choices_sql(desk);
    let read = |row: &Row| {
        Ok(Choice {
            is_place: row.get::<String>("what")? == "place",
            code: row.get("code")?,
            name: row.get("name")?,
            name_en: row.get("name_en")?,
        })
    };
    db.all(&sql, &values).await?.iter().map(read).collect()
}

/// An open case in a building, with where exactly it is for those who hold it.
#[derive(Clone, Debug)]
pub struct OnStairs {
    pub row: CaseRow,
    pub entrance: Option<(String, String)>,
    /// Name and floor of the home; only where this desk holds the case.
    pub home: Option<(String, Option<i64>)>,
}

fn stairs_sql(desk: &Desk, path: &str) -> (String, Vec<Value>) {
    let mut said = Said::default();
    let (tenant, path) = (said.put(desk.tenant), said.put(path));
    let may = may(desk, &mut said);
    let sql = format!(
        "select {COLUMNS}, {SHOWN}, e.name as entrance_name, e.name_en as entrance_name_en, f.name as home_name, f.floor
         from place s join request r on r.tenant = s.tenant and r.building = s.id and r.state in ('said', 'accepted')
         left join place e on e.tenant = r.tenant and e.id = r.entrance
         left join place f on f.tenant = r.tenant and f.id = r.home {JOINS}
         where s.tenant = {tenant} and s.path = {path} and s.kind = 'building' and {may}
         order by coalesce(e.sort, -1), e.path, coalesce(f.floor, -1), f.path, {LATE}, r.id limit 200"
    );
    (sql, said.0)
}

/// What is open in a building, by entrance and floor.
pub async fn on_stairs(db: &Db, desk: &Desk, path: &str) -> Result<Vec<OnStairs>> {
    let (sql, values) = stairs_sql(desk, path);
    let read = |row: &Row| {
        let case = read_row(row)?;
        let held = desk.has_seat(case.case.holder.office, case.case.holder.place);
        let entrance: Option<String> = row.get("entrance_name")?;
        let entrance_en: Option<String> = row.get("entrance_name_en")?;
        let home: Option<String> = row.get("home_name")?;
        let floor: Option<i64> = row.get("floor")?;
        Ok(OnStairs {
            row: case,
            entrance: entrance.filter(|_| held).map(|name| (name, entrance_en.unwrap_or_default())),
            home: home.filter(|_| held).map(|name| (name, floor)),
        })
    };
    db.all(&sql, &values).await?.iter().map(read).collect()
}

fn by_codes_sql(count: usize) -> String {
    let codes: Vec<String> = (2..count + 2).map(|n| format!("${n}")).collect();
    format!("select {COLUMNS}, {SHOWN} from request r {JOINS} where r.tenant = $1 and r.code in ({})", codes.join(", "))
}

/// Cases of a tenant by their codes, in the order of `codes`; those that are not there are left out.
pub async fn by_codes(db: &Db, tenant: TenantId, codes: &[String]) -> Result<Vec<CaseRow>> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = vec![Value::from(tenant)];
    values.extend(codes.iter().map(|code| Value::from(code.as_str())));
    let mut found: Vec<CaseRow> =
        db.all(&by_codes_sql(codes.len()), &values).await?.iter().map(read_row).collect::<Result<_>>()?;
    found.sort_by_key(|row| codes.iter().position(|code| *code == row.case.code));
    Ok(found)
}

/// The statements of this file in their widest form, so that a test can prepare each on both engines.
pub(super) fn statements() -> Vec<String> {
    let place = PlaceId(Uuid::nil());
    let grounds = vec![Ground::All, Ground::Compound(place), Ground::Building(place), Ground::Grid(place)];
    let seats = vec![(Office::Captain, place), (Office::Community, place)];
    let (tenant, person) = (TenantId(Uuid::nil()), PersonId(Uuid::nil()));
    let desk = Desk { tenant, person, seats, grounds, compounds: vec![place], staff: true };
    let bare = Desk { seats: Vec::new(), grounds: Vec::new(), compounds: Vec::new(), ..desk.clone() };
    let filter = DeskFilter {
        state: Some(State::Closed),
        overdue_only: true,
        category: Some(String::new()),
        at: Some(String::new()),
        ids: Some(vec![Uuid::nil()]),
        offset: 0,
        behind: Some(Behind { late: 0, said: Moment(0), id: CaseId(Uuid::nil()) }),
    };
    let now = Moment(0);
    let mut all =
        vec![offered_sql(), choices_sql(&desk).0, choices_sql(&bare).0, stairs_sql(&desk, "").0, by_codes_sql(2)];
    for scope in Scope::ALL {
        all.push(list_sql(&desk, *scope, &filter, now, 1).0);
        all.push(list_sql(&bare, *scope, &DeskFilter::default(), now, 1).0);
        all.push(counts_sql(&desk, *scope, &filter, now).0);
    }
    all
}
