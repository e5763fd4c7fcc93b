//! A thousand overdue matters climb three doors while the house is killed again and again.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where it stopped")]

use commons::case::{self, CaseId, Channel, Door, Holder, Kind, State, clocks, standards, store};
use commons::people::store::{self as people, NewMandate};
use commons::people::{Office, PersonId, Source};
use commons::place::store as places;
use commons::place::{NewPlace, Place, PlaceKind, Tenant, TenantId, TenantKind};
use kit::Result;
use kit::book::Activity;
use kit::db::{By, Context, Db, DbUrl, Tx};
use kit::id::IdMaker;
use kit::params;
use kit::time::{Clock, Moment};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const CASES: usize = 1_000;
const KILLS: usize = 20;
/// Cases fall due one after another over this span, so that there is always one about to climb.
const SPAN: i64 = Moment::seconds(24);
const LATE_MAX: i64 = Moment::seconds(60);

/// The neighbourhood: one building with its captain, the property company, the community; one resident who says it all.
struct Town {
    tenant: TenantId,
    author: PersonId,
    captain: Holder,
    building: Place,
    compound: Place,
}

async fn settle(tx: &mut Tx<'_>) -> Result<Town> {
    let tenant = Tenant {
        id: tx.id(),
        parent: None,
        kind: TenantKind::Community,
        code: "liuhua".into(),
        name: "榴花社区".into(),
        name_en: "Liuhua".into(),
        zone: "Asia/Shanghai".into(),
    };
    places::add_tenant(tx, &tenant).await?;
    let id = tenant.id;
    let root = NewPlace::new(PlaceKind::Community, "community", "榴花社区", "Liuhua");
    let root = places::add(tx, id, None, root).await?;
    let compound = NewPlace::new(PlaceKind::Compound, "shiliu", "石榴园", "Shiliu");
    let compound = places::add(tx, id, Some(&root), compound).await?;
    let building = NewPlace::new(PlaceKind::Building, "1", "1号楼", "Building 1");
    let building = places::add(tx, id, Some(&compound), building).await?;
    for category in case::starting_categories() {
        store::add_category(tx, id, &category).await?;
    }
    // Nobody waits here: what comes to a door is overdue there at once.
    for door in Door::ALL {
        for clock in [standards::ClockKind::Accept, standards::ClockKind::Answer, standards::ClockKind::Settle] {
            let (category, amount, unit) = (None, 0, standards::Unit::Minutes);
            let standard = standards::Standard { category, door: *door, clock, amount, unit };
            standards::store::put(tx, id, root.id, &standard).await?;
        }
    }
    let mut author = None;
    let seats = [
        (Office::Owner, building.id),
        (Office::Captain, building.id),
        (Office::Property, compound.id),
        (Office::Community, root.id),
    ];
    for (office, place) in seats {
        let person = people::add_person(tx, id, None, office.name(), office.name()).await?;
        author = author.or(Some(person));
        let starts = tx.now() - Moment::days(1);
        let (source, organisation, ends) = (Source::Appointment, None, None);
        people::add_mandate(tx, id, &NewMandate { person, office, place, organisation, source, starts, ends }).await?;
    }
    let captain = Holder { office: Office::Captain, place: building.id, person: None };
    Ok(Town { tenant: id, author: author.expect("somebody lives here."), captain, building, compound })
}

/// Says a thousand things, each a little later than the one before: due as soon as it is said.
async fn say(tx: &mut Tx<'_>, town: &Town, from: Moment) -> Result<()> {
    for number in 1..=CASES {
        let at = from + SPAN * i64::try_from(number).unwrap() / i64::try_from(CASES).unwrap();
        tx.travel(at, By::default());
        let case = case::Case {
            tenant: town.tenant,
            id: tx.id::<CaseId>(),
            code: format!("shiliu-{number}"),
            compound: town.compound.id,
            building: Some(town.building.id),
            entrance: None,
            home: None,
            place: town.building.id,
            kind: Kind::Repair,
            category: "clutter".into(),
            door: Door::Home,
            state: State::Said,
            holder: town.captain,
            round: 1,
            private: false,
            author: Some(town.author),
            typed_by: None,
            channel: Channel::Web,
            words: "楼道里堆了柜子".into(),
            photos: 0,
            supporters: 0,
            said: at,
            changed: at,
            closed: None,
            due: None,
            provisional: false,
            outcome: None,
            solved: None,
            satisfaction: None,
            lat_e7: None,
            lon_e7: None,
        };
        let case = clocks::start(tx, case).await?;
        store::add(tx, &case, &store::Hidden::default()).await?;
        store::add_entry(tx, &case, case::EntryKind::Words, true, (case.author, None), &case.words).await?;
        let activity = Activity::of(case.tenant, "requests/said", "case", case.id).at_place(town.building.id);
        tx.record(activity.with(serde_json::json!({ "door": case.door, "round": 1 }))).await?;
        let text = store::search_text(tx, &case).await?;
        kit::search::put(tx, (case.tenant.0, "case", case.id.0), at, &["public"], &text).await?;
    }
    store::set_number(tx, town.tenant, "shiliu", i64::try_from(CASES).unwrap()).await
}

/// Random enough for when to kill.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn mulin(data: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mulin"));
    command
        .env_remove("MULIN_DATABASE")
        .env("MULIN_SECRET", "07".repeat(32))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.env("MULIN_DATA", data);
    if let Some(database) = database {
        command.env("MULIN_DATABASE", database);
    }
    command
}

fn serve(data: &Path, database: Option<&str>) -> Child {
    mulin(data, database).args(["serve", "--listen", "127.0.0.1:0"]).spawn().expect("the house can be started.")
}

/// What must be there in the end, counted in the database itself.
async fn counted(db: &Db, sql: &str) -> i64 {
    db.one(sql, params![]).await.unwrap().unwrap().get("n").unwrap()
}

const MOVED: &str = "select count(*) as n from activity where stem = 'requests/moved-up'";
const TOLD_LAST: &str = "select count(*) as n from activity where stem = 'requests/overdue-at-last-door'";
const STEPS: &str = "select count(*) as n from step_up";
const NOTICES: &str = "select count(*) as n from notice";
const JOBS: &str = "select count(*) as n from job";
const CLIMBS: &str = "select thing_id, stem, at from activity
    where stem in ('requests/said', 'requests/moved-up', 'requests/overdue-at-last-door') order by thing_id, at, id";

/// Two houses at once would only measure how busy the machine is.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

async fn climbs(data: PathBuf, database: Option<String>) {
    let _one = ONE_AT_A_TIME.lock().await;
    let clock = Clock::System;
    let url = match &database {
        Some(url) => DbUrl::parse(url),
        None => DbUrl::Sqlite(data.join("mulin.db")),
    };
    let db = Db::open(&url).await.unwrap();
    db.migrate(&mulin::migrations()).await.unwrap();
    let context = Context { now: clock.now(), ids: IdMaker::Random, by: By::default(), listeners: &[] };
    db.transact(&context, |tx| {
        Box::pin(async move {
            let town = settle(tx).await?;
            let from = Clock::System.now() + Moment::seconds(3);
            say(tx, &town, from).await
        })
    })
    .await
    .unwrap();

    let (mut dice, mut alive) = (Dice(20_261_124), Vec::new());
    for _ in 0..KILLS {
        let mut house = serve(&data, database.as_deref());
        let lived = Duration::from_millis(300 + dice.below(1_700));
        tokio::time::sleep(lived).await;
        house.kill().unwrap();
        house.wait().unwrap();
        alive.push(lived);
    }
    let mut house = serve(&data, database.as_deref());
    let cases = i64::try_from(CASES).unwrap();
    let patience = clock.now() + Moment::seconds(120);
    loop {
        let over = counted(&db, STEPS).await == 3 * cases && counted(&db, JOBS).await == 0;
        if over || clock.now() > patience {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    house.kill().unwrap();
    house.wait().unwrap();

    assert_eq!(counted(&db, MOVED).await, 2 * cases, "two moves for each");
    assert_eq!(counted(&db, TOLD_LAST).await, cases, "the last door is told of once for each");
    assert_eq!(counted(&db, STEPS).await, 3 * cases);
    // Author, old holder and new holder twice; at the last door the author and the community.
    assert_eq!(counted(&db, NOTICES).await, 8 * cases, "nobody is told twice and nobody is forgotten");
    let mut told: BTreeMap<kit::Uuid, Vec<(String, i64)>> = BTreeMap::new();
    for row in db.all(CLIMBS, params![]).await.unwrap() {
        let line = (row.get("stem").unwrap(), row.get::<i64>("at").unwrap());
        told.entry(row.get("thing_id").unwrap()).or_default().push(line);
    }
    let mut latest = 0;
    for lines in told.values() {
        let stems: Vec<&str> = lines.iter().map(|(stem, _)| stem.as_str()).collect();
        assert_eq!(stems, ["requests/said", "requests/moved-up", "requests/moved-up", "requests/overdue-at-last-door"]);
        latest = lines.windows(2).map(|pair| pair[1].1 - pair[0].1).max().unwrap_or(0).max(latest);
    }
    assert!(latest <= LATE_MAX, "a step came {latest} ms after its due time");
    let check = mulin(&data, database.as_deref()).arg("check").stdout(Stdio::piped()).output().unwrap();
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
    eprintln!("killed {} times after {alive:?}; the latest step came {latest} ms after its due time", alive.len());
}

#[tokio::test]
async fn a_thousand_overdue_matters_climb_three_doors_once_each_though_the_house_is_killed_twenty_times_on_sqlite() {
    let folder = std::env::temp_dir().join(format!("mulin_climb_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    climbs(folder.clone(), None).await;
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_thousand_overdue_matters_climb_three_doors_once_each_though_the_house_is_killed_twenty_times_on_postgres() {
    let Ok(server) = std::env::var(kit::db::testing::POSTGRES) else { return };
    let name = format!("mulin_climb_{}", std::process::id());
    let folder = std::env::temp_dir().join(format!("{name}_postgres"));
    std::fs::create_dir_all(&folder).unwrap();
    let url = kit::db::testing::schema(&server, &name).await;
    climbs(folder.clone(), Some(url)).await;
    std::fs::remove_dir_all(&folder).unwrap();
}
