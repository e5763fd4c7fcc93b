//! Eight writers say, hand over, settle, rate, support and send photos while the house is killed again and again. Each sends
//! what was cut again under the same key until it is answered. In the end everything that was answered is there, once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where it stopped")]

mod house;

use house::town::{csrf, settled};
use house::{Answer, Dice, House, call, multipart};
use kit::db::Db;
use kit::params;
use kit::time::{Clock, Moment};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const WRITERS: usize = 8;
const KILLS_USUAL: u64 = 20;

/// What all writers share.
struct Town {
    port: u16,
    /// Name → session and the token of its forms.
    people: BTreeMap<String, (String, String)>,
    /// The property service's seat, as a hand-over names it.
    seat: String,
    over: AtomicBool,
    calls: AtomicUsize,
    cuts: AtomicUsize,
}

/// What a writer was told: every line of it was acknowledged.
#[derive(Default)]
struct Log {
    /// Code of the case → stem of the activity → how often.
    done: BTreeMap<String, BTreeMap<&'static str, i64>>,
    /// Code of the case → the colours of its photos.
    photos: BTreeMap<String, Vec<[u8; 3]>>,
    supported: BTreeSet<String>,
    /// Left to climb.
    noise: BTreeSet<String>,
    keys: i64,
}

impl Log {
    fn note(&mut self, code: &str, stem: &'static str) {
        *self.done.entry(code.to_owned()).or_default().entry(stem).or_default() += 1;
    }
}

impl Town {
    /// Sends a call under one key until it is answered, whatever happens to the house meanwhile.
    async fn surely(&self, who: &str, path: &str, key: &str, (kind, body): (&str, &[u8])) -> Answer {
        let (session, csrf) = &self.people[who];
        let cookie = format!("mulin_s={session}");
        // Every call comes from another address, so that none is one too many.
        let digits = u128::from_str_radix(key, 16).unwrap();
        let address = std::net::Ipv6Addr::from(digits).to_string();
        let headers = [
            ("Cookie", cookie.as_str()),
            ("X-CSRF-Token", csrf),
            ("Idempotency-Key", key),
            ("Content-Type", kind),
            ("X-Forwarded-For", &address),
        ];
        self.calls.fetch_add(1, Ordering::Relaxed);
        loop {
            match call(self.port, "POST", path, &headers, body).await {
                Ok(answer) if answer.status != 503 => return answer,
                _ => {
                    self.cuts.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(30)).await;
                }
            }
        }
    }
}

struct Writer {
    town: Arc<Town>,
    me: String,
    neighbour: String,
    dice: Dice,
    log: Log,
}

impl Writer {
    fn key(&mut self) -> String {
        self.log.keys += 1;
        (0..4).map(|_| format!("{:08x}", self.dice.below(1 << 31))).collect()
    }

    /// A small photo in a colour that can be told from every other.
    fn photo(&mut self) -> ([u8; 3], Vec<u8>) {
        let colour = [0; 3].map(|_| told_apart(u8::try_from(self.dice.below(256)).unwrap()));
        let picture = image::RgbImage::from_pixel(64, 48, image::Rgb(colour));
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
        (colour, bytes.into_inner())
    }

    async fn says(&mut self, category: &str, photos: usize) -> String {
        let key = self.key();
        // Letters alone: eleven digits in a row would be asked about as somebody's telephone.
        let letters: String =
            key.chars().map(|digit| (b'a' + u8::try_from(digit.to_digit(16).unwrap()).unwrap()) as char).collect();
        let words = format!("说一声 {letters}");
        let me = self.me.clone();
        let code = if photos == 0 {
            let body = json!({ "place": "shiliu/1", "words": words, "category": category }).to_string();
            let answer = self.town.surely(&me, "/api/v1/requests", &key, ("application/json", body.as_bytes())).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
            let told: Value = serde_json::from_slice(&answer.body).unwrap();
            told["code"].as_str().unwrap().to_owned()
        } else {
            let (colours, pictures): (Vec<_>, Vec<_>) = (0..photos).map(|_| self.photo()).unzip();
            let csrf = self.town.people[&me].1.clone();
            let fields = [
                ("_csrf", csrf.as_str()),
                ("_key", &key),
                ("at", "shiliu/1"),
                ("words", &words),
                ("category", category),
            ];
            let (kind, body) = multipart(&fields, &pictures);
            let answer = self.town.surely(&me, "/say/requests", &key, (kind, &body)).await;
            assert_eq!(answer.status, 303, "{}", answer.text());
            let to = answer.header("location").unwrap();
            let code = to.strip_prefix("/say/requests/").unwrap().split('?').next().unwrap().to_owned();
            self.log.photos.entry(code.clone()).or_default().extend(colours);
            code
        };
        self.log.note(&code, "requests/said");
        code
    }

    async fn does(&mut self, who: &str, code: &str, deed: &str, stem: &'static str, body: Value) {
        let (key, path) = (self.key(), format!("/api/v1/requests/{code}/{deed}"));
        let body = body.to_string();
        let answer = self.town.surely(who, &path, &key, ("application/json", body.as_bytes())).await;
        assert_eq!(answer.status, 200, "{who} {path}: {}", answer.text());
        self.log.note(code, stem);
    }

    /// The same by the page, with a photo.
    async fn shows(&mut self, who: &str, code: &str, deed: &str, stem: &'static str, more: &[(&str, &str)]) {
        let (key, path) = (self.key(), format!("/say/requests/{code}/{deed}"));
        let (colour, picture) = self.photo();
        let csrf = self.town.people[who].1.clone();
        let fields = [&[("_csrf", csrf.as_str()), ("_key", &key), ("words", "照片为证")][..], more].concat();
        let (kind, body) = multipart(&fields, &[picture]);
        let answer = self.town.surely(who, &path, &key, (kind, &body)).await;
        assert_eq!(answer.status, 303, "{who} {path}: {}", answer.text());
        self.log.photos.entry(code.to_owned()).or_default().push(colour);
        self.log.note(code, stem);
    }

    async fn supported(&mut self, code: &str) {
        let neighbour = self.neighbour.clone();
        self.does(&neighbour, code, "support", "requests/supported", json!({})).await;
        self.log.supported.insert(code.to_owned());
    }

    async fn round(&mut self, n: usize) {
        let (me, solved) = (self.me.clone(), json!({ "outcome": "solved", "words": "好了" }));
        let offer = json!({ "to": self.town.seat, "words": "要用车拉走" });
        match n % 4 {
            0 => {
                let code = self.says("lift", 0).await;
                self.does("property", &code, "accept", "requests/accepted", json!({})).await;
                self.shows("property", &code, "report", "requests/reported", &[("outcome", "solved")]).await;
                self.does(&me, &code, "judge", "requests/judged", json!({ "solved": true, "satisfaction": "good" }))
                    .await;
            }
            1 => {
                let code = self.says("clutter", 2).await;
                self.supported(&code).await;
                self.does("captain", &code, "accept", "requests/accepted", json!({})).await;
                self.does("captain", &code, "offer", "requests/offered", offer).await;
                self.does("property", &code, "take-over", "requests/taken-over", json!({})).await;
                self.does("property", &code, "report", "requests/reported", solved.clone()).await;
                self.does(&me, &code, "judge", "requests/judged", json!({ "solved": false, "words": "还在" })).await;
                self.does("property", &code, "report", "requests/reported", solved).await;
                self.does(&me, &code, "judge", "requests/judged", json!({ "solved": true, "satisfaction": "fair" }))
                    .await;
            }
            2 => {
                let code = self.says("clutter", 1).await;
                self.does("captain", &code, "accept", "requests/accepted", json!({})).await;
                self.does("captain", &code, "offer", "requests/offered", offer).await;
                self.does("property", &code, "turn-down", "requests/turned-down", json!({ "words": "不归我们" })).await;
                self.shows(&me, &code, "add", "requests/added", &[]).await;
                self.does("captain", &code, "report", "requests/reported", solved).await;
                self.does(&me, &code, "judge", "requests/judged", json!({ "solved": true, "satisfaction": "bad" }))
                    .await;
            }
            _ => {
                let code = self.says("noise", 0).await;
                self.log.noise.insert(code);
            }
        }
    }

    async fn writes(mut self) -> Log {
        let mut n = usize::try_from(self.dice.below(4)).unwrap();
        while !self.town.over.load(Ordering::Relaxed) {
            self.round(n).await;
            n += 1;
        }
        self.log
    }
}

/// The middle of the sixteen shades around one. Packing a picture twice moves a shade by 3 at most, so it stays among its sixteen.
fn told_apart(shade: u8) -> u8 {
    shade / 16 * 16 + 8
}

/// How many persons are told of an activity: whoever said it, the seat it is at or goes to, and the neighbour who joined.
fn told(stem: &str, supported: bool, solved: Option<bool>) -> i64 {
    let joined = i64::from(supported);
    match (stem, solved) {
        ("requests/said" | "requests/offered" | "requests/added", _) => 1,
        ("requests/accepted" | "requests/taken-over" | "requests/reported", _) => 1 + joined,
        ("requests/judged", Some(true)) => joined,
        ("requests/judged", _) => 1 + joined,
        ("requests/moved-up", _) => 3,
        ("requests/overdue-at-last-door", _) => 2,
        _ => 0,
    }
}

const ACTIVITIES: &str = "select a.id, a.stem, a.facts, r.code, (select count(*) from notice n where n.tenant = a.tenant and n.id = a.id) as told
    from activity a left join request r on r.tenant = a.tenant and r.id = a.thing_id where a.stem like 'requests/%' order by a.id";
const PHOTOS: &str = "select p.tenant, p.id, r.code from photo p join request r on r.tenant = p.tenant and r.id = p.request order by r.code, p.id";
const NOTICES_OF_NOTHING: &str = "select count(*) as n from notice n where not exists
    (select 1 from activity a where a.tenant = n.tenant and a.id = n.id)";
const ROWS_WITHOUT_ACTIVITY: &[(&str, &str)] = &[
    (
        "request",
        "select count(*) as n from request r where (select count(*) from activity a where a.tenant = r.tenant
        and a.thing_id = r.id and a.stem = 'requests/said') <> 1",
    ),
    (
        "judgement",
        "select abs((select count(*) from judgement) - (select count(*) from activity where stem = 'requests/judged')) as n",
    ),
    (
        "handover",
        "select abs((select count(*) from handover) - (select count(*) from activity where stem = 'requests/offered')) as n",
    ),
    (
        "supporter",
        "select abs((select count(*) from supporter) - (select count(*) from activity where stem = 'requests/supported')) as n",
    ),
    (
        "step_up",
        "select abs((select count(*) from step_up)
        - (select count(*) from activity where stem in ('requests/moved-up', 'requests/overdue-at-last-door'))) as n",
    ),
];

async fn counted(db: &Db, sql: &str) -> i64 {
    db.one(sql, params![]).await.unwrap().unwrap().get("n").unwrap()
}

/// Two houses at once would only measure how busy the machine is.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

async fn nothing_is_lost_or_doubled(name: &str, database: Option<String>) {
    let _one = ONE_AT_A_TIME.lock().await;
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let kills = number("MULIN_KILLS").unwrap_or(KILLS_USUAL);
    let seed =
        number("MULIN_SEED").unwrap_or_else(|| u64::from(std::process::id()) ^ Clock::System.now().0.cast_unsigned());
    eprintln!("MULIN_SEED={seed} MULIN_KILLS={kills}");
    let mut dice = Dice(seed);
    let mut house = House::new(name, database);
    let (db, tokens, seat) = settled(&house, WRITERS).await;
    house.start();
    assert!(house.ready().await);
    let mut people = BTreeMap::new();
    for (name, token) in tokens {
        let csrf = csrf(house.port, &token).await;
        people.insert(name, (token, csrf));
    }
    let (over, calls, cuts) = Default::default();
    let town = Arc::new(Town { port: house.port, people, seat, over, calls, cuts });
    let mut writers = Vec::new();
    for n in 0..WRITERS {
        let (me, neighbour) = (format!("writer-{n}"), format!("writer-{}", (n + 1) % WRITERS));
        let dice = Dice(seed ^ (n as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        writers.push(tokio::spawn(Writer { town: town.clone(), me, neighbour, dice, log: Log::default() }.writes()));
    }
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(200 + dice.below(1_000))).await;
        house.kill();
        house.start();
    }
    town.over.store(true, Ordering::Relaxed);
    let mut logs = Vec::new();
    for writer in writers {
        logs.push(writer.await.unwrap());
    }
    // What follows from it: everybody is told, and what nobody took has climbed to the last door.
    let noise: usize = logs.iter().map(|log| log.noise.len()).sum();
    let steps = 3 * i64::try_from(noise).unwrap();
    let patience = Clock::System.now() + Moment::seconds(60);
    while counted(&db, "select count(*) as n from job").await > 0
        || counted(&db, "select count(*) as n from step_up").await < steps
    {
        assert!(Clock::System.now() < patience, "what follows does not come to its end");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    audit(&db, &logs).await;
    let photos = photographs(&db, house.port, &logs).await;
    house.kill();
    let (fine, said) = house.check();
    assert!(fine, "{said}");
    let cases: usize = logs.iter().map(|log| log.done.len()).sum();
    eprintln!(
        "killed {kills} times: {} calls, {} sent again, {cases} cases, {noise} of them climbed, {photos} photos: none lost, none doubled",
        town.calls.load(Ordering::Relaxed),
        town.cuts.load(Ordering::Relaxed)
    );
    assert!(
        town.cuts.load(Ordering::Relaxed) > usize::try_from(kills).unwrap(),
        "the house was killed, and hardly anybody noticed"
    );
}

/// Compares what the writers were told with what is there.
async fn audit(db: &Db, logs: &[Log]) {
    let mut there: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in db.all(ACTIVITIES, params![]).await.unwrap() {
        let stem: String = row.get("stem").unwrap();
        let Some(code) = row.get::<Option<String>>("code").unwrap() else {
            faults.push(format!("{stem} tells of a case that is not there"));
            continue;
        };
        let facts: Value = serde_json::from_str(&row.get::<String>("facts").unwrap()).unwrap();
        let supported = logs.iter().any(|log| log.supported.contains(&code));
        let (told_there, told_rule) =
            (row.get::<i64>("told").unwrap(), told(&stem, supported, facts["solved"].as_bool()));
        if told_there != told_rule {
            faults.push(format!("{code}: {told_there} are told of {stem}, not {told_rule}"));
        }
        *there.entry(code).or_default().entry(stem).or_default() += 1;
    }
    let acknowledged: BTreeMap<&String, &BTreeMap<&'static str, i64>> = logs.iter().flat_map(|log| &log.done).collect();
    let all: usize = logs.iter().map(|log| log.done.len()).sum();
    assert_eq!(acknowledged.len(), all, "no number was given out twice");
    assert_eq!(
        there.keys().collect::<Vec<_>>(),
        acknowledged.keys().copied().collect::<Vec<_>>(),
        "these cases, and no others"
    );
    for (code, stems) in &acknowledged {
        let noise = logs.iter().any(|log| log.noise.contains(*code));
        let mut expected: BTreeMap<String, i64> = stems.iter().map(|(stem, n)| ((*stem).to_owned(), *n)).collect();
        if noise {
            expected.extend([("requests/moved-up".to_owned(), 2), ("requests/overdue-at-last-door".to_owned(), 1)]);
        }
        let mut found = there[*code].clone();
        found.remove("requests/came-back");
        if found != expected {
            faults.push(format!("{code}: acknowledged {expected:?}, there {found:?}"));
        }
    }
    for (table, sql) in ROWS_WITHOUT_ACTIVITY {
        let n = counted(db, sql).await;
        if n != 0 {
            faults.push(format!("{n} rows of {table} without their activity, or activities without their row"));
        }
    }
    let of_nothing = counted(db, NOTICES_OF_NOTHING).await;
    let keys: i64 = logs.iter().map(|log| log.keys).sum();
    assert_eq!((of_nothing, counted(db, "select count(*) as n from request_key").await), (0, keys));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Looks at every photo that was sent, in full and small; gives how many there are.
async fn photographs(db: &Db, port: u16, logs: &[Log]) -> usize {
    let mut there: BTreeMap<String, Vec<[u8; 3]>> = BTreeMap::new();
    let mut count = 0;
    for row in db.all(PHOTOS, params![]).await.unwrap() {
        let (tenant, id, code): (kit::Uuid, kit::Uuid, String) =
            (row.get("tenant").unwrap(), row.get("id").unwrap(), row.get("code").unwrap());
        for size in ["full", "thumb"] {
            let path = format!("/say/requests/photos/{tenant}/{id}/{size}");
            let answer = call(port, "GET", &path, &[], b"").await.unwrap();
            assert_eq!(answer.status, 200, "{code}: {path}");
            let picture = image::load_from_memory(&answer.body).unwrap().to_rgb8();
            if size == "full" {
                let colour = picture.get_pixel(picture.width() / 2, picture.height() / 2).0;
                there.entry(code.clone()).or_default().push(colour.map(told_apart));
            }
        }
        count += 1;
    }
    for (code, mut sent) in logs.iter().flat_map(|log| log.photos.clone()) {
        let mut found = there.remove(&code).unwrap_or_default();
        sent.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, sent, "{code}: the photos that were sent, and no others");
    }
    assert!(there.is_empty(), "photos that nobody was told of: {:?}", there.keys());
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_there_once_though_the_house_is_killed_twenty_times_on_sqlite() {
    nothing_is_lost_or_doubled("kill9", None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_there_once_though_the_house_is_killed_twenty_times_on_postgres() {
    let Ok(server) = std::env::var(kit::db::testing::POSTGRES) else { return };
    let name = format!("mulin_kill9_{}", std::process::id());
    let url = kit::db::testing::schema(&server, &name).await;
    nothing_is_lost_or_doubled("kill9_postgres", Some(url)).await;
}
