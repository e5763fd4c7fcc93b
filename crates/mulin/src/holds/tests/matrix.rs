//! Who may call what: every address and every deed of the house, tried by every kind of person. The answers stand in
//! `docs/who-may.txt`, which somebody has read; whoever changes one of them changes that file with it, in the same commit.
//!
//! Deeds are rehearsed: each is played to its end and taken back, so that all try the same thing in the same house.

use super::cast::{CAST, Cast, Kind};
use super::samples::{Said, Sample, Sent};
use crate::holds::{declared, store, unsafe_calls};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use kit::db::Db;
use std::collections::HashMap;
use std::fmt::Write;
use std::time::Duration;

/// What is said beside an address so that it has something to show.
const BESIDE: &[(&str, &str)] = &[
    ("/api/v1/categories", "compound=shiliu"),
    ("/api/v1/desk/stairs", "at=shiliu/1"),
    ("/api/v1/figures", "compound=shiliu"),
    ("/api/v1/register", "at=shiliu"),
    ("/api/v1/register/export/{format}", "at=shiliu"),
    ("/api/v1/requests", "compound=shiliu"),
    ("/api/v1/requests/hand-over", "cases=shiliu-1"),
    ("/api/v1/requests/places", "at=shiliu/1"),
    ("/api/v1/requests/similar", "at=shiliu/1"),
    ("/api/v1/requests/suggest", "at=shiliu/1"),
    ("/office/register", "at=shiliu"),
    ("/office/register/export/{format}", "at=shiliu"),
    ("/api/v1/captains", "at=shiliu/1"),
    ("/api/v1/captains/board", "at=shiliu/1"),
    ("/api/v1/captains/building", "at=shiliu/1"),
    ("/api/v1/homes/letters", "at=shiliu/1/1/301"),
    ("/api/v1/homes/one", "at=shiliu/1/1/301"),
    ("/api/v1/hub", "compound=shiliu"),
    ("/api/v1/hub/day", "compound=shiliu"),
    ("/api/v1/hub/desk", "compound=shiliu"),
    ("/api/v1/hub/desk/keys", "compound=shiliu"),
    ("/api/v1/hub/desk/opinions", "compound=shiliu"),
    ("/api/v1/hub/desk/talks", "compound=shiliu"),
    ("/api/v1/hub/entries", "compound=shiliu"),
    ("/api/v1/hub/month", "compound=shiliu"),
    ("/api/v1/map", "compound=shiliu"),
    ("/api/v1/places", "at=shiliu"),
    ("/api/v1/requests/points", "compound=shiliu"),
    ("/api/v1/roster", "compound=shiliu"),
    ("/api/v1/search", "q=%E7%81%AF"),
    ("/api/v1/sheet", "building=shiliu/1"),
    ("/help/captain", "at=shiliu/1"),
    ("/help/captain/board", "at=shiliu/1"),
    ("/help/captain/building", "at=shiliu/1"),
    ("/help/captain/notice", "at=shiliu/1"),
    ("/help/hub", "compound=shiliu"),
    ("/help/hub/day", "compound=shiliu"),
    ("/help/hub/desk", "compound=shiliu"),
    ("/help/hub/desk/keys", "compound=shiliu"),
    ("/help/hub/desk/opinions", "compound=shiliu"),
    ("/help/hub/desk/talks", "compound=shiliu"),
    ("/help/hub/entries", "compound=shiliu"),
    ("/help/hub/month", "compound=shiliu"),
    ("/help/hub/month/sheet.csv", "compound=shiliu"),
    ("/help/hub/wall", "compound=shiliu"),
    ("/help/roster", "compound=shiliu"),
    ("/office/homes/letters", "at=shiliu/1/1/301"),
    ("/office/homes/one", "at=shiliu/1/1/301"),
    ("/office/places", "at=shiliu"),
    ("/office/places/signs", "at=shiliu"),
    ("/say/feed", "compound=shiliu"),
    ("/say/map", "compound=shiliu"),
    ("/say/requests/similar", "at=shiliu/1&words=%E7%81%AF%E4%B8%8D%E4%BA%AE%E4%BA%86"),
    ("/say/requests/suggest", "at=shiliu/1&words=%E7%81%AF%E4%B8%8D%E4%BA%AE%E4%BA%86"),
    ("/say/sheet", "building=shiliu/1"),
    ("/search", "q=%E7%81%AF"),
];

/// Addresses whose `{code}` is a compound, or a community.
const CODES: &[(&str, &str)] = &[
    ("/api/v1/compounds/", "shiliu"),
    ("/api/v1/figures/{code}/settings", "liuhua"),
    ("/api/v1/figures/", "liuhua"),
    ("/office/compounds/", "shiliu"),
    ("/say/figures/settings/", "liuhua"),
    ("/say/figures/", "liuhua"),
    ("/say/requests/ground/", "shiliu"),
];

/// Says the code of a slip beside its address.
const BY_SLIP: &str = "/api/v1/requests/slip";

/// What nobody of the cast may do, and why: to everything else somebody is let in.
const FOR_NOBODY: &[(&str, &str)] = &[
    ("GET /first-run", "only in an empty house; a story of the hall sets one up"),
    ("GET /metrics", "this house keeps no counts; the kit's stories of the door read them"),
    ("GET /api/v1/requests/{code}/voices/{voice} (public)", "the voice belongs to the private matter of the row above"),
    (
        "GET /say/requests/{code}/live (private)",
        "what is private has no stream; whoever may read it loads the page again",
    ),
    ("POST /sign-in/office/back", "whoever comes back is in the browser that went; sixteen at once do come in"),
    ("POST /sign-in/passkey", "the question stands in the browser that asked; sixteen at once do come in"),
    ("POST /sign-in/phone/code", "the code fits the browser that asked for it; sixteen at once do come in"),
];

/// Every row lets somebody in, or says why nobody: a row of refusals alone proves nothing.
fn somebody_may(told: &[(String, String)]) {
    let shut = |(name, row): &&(String, String)| !row.is_empty() && !row.contains('A') && !name.is_empty();
    let shut: Vec<&str> = told.iter().filter(shut).map(|(name, _)| name.as_str()).collect();
    let unsaid: Vec<&&str> =
        shut.iter().filter(|name| !FOR_NOBODY.iter().any(|(one, why)| one == *name && why.len() > 20)).collect();
    let idle: Vec<&&str> = FOR_NOBODY.iter().map(|(name, _)| name).filter(|name| !shut.contains(name)).collect();
    assert!(unsaid.is_empty() && idle.is_empty(), "nobody may {unsaid:#?}\nand somebody may by now {idle:#?}");
}

/// Nobody reads a stream to its end, and what is refused is refused before it begins.
async fn answered(cast: &Cast, kind: &Kind, request: &(dyn Fn() -> Request<Body> + Sync)) -> char {
    let village = &cast.stage.village;
    let db = &village.app.db;
    let send = async || {
        let before = db.ended();
        let answer = village.answer(cast.as_kind(kind, request())).await;
        (db.ended() > before, answer)
    };
    let (mut ended, mut answer) = send().await;
    let slipped = |status: StatusCode| status == StatusCode::NOT_FOUND || status == StatusCode::INTERNAL_SERVER_ERROR;
    // The door notes now and then that somebody was here; that is no deed of theirs, so it is got over with.
    for _ in 0..3 {
        if !ended || !slipped(answer.status()) {
            break;
        }
        db.rehearse(false);
        let here = village.request(kind.who, "GET", "/api/v1/books").body(Body::empty()).unwrap();
        village.answer(cast.as_kind(kind, here)).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        db.rehearse(true);
        (ended, answer) = send().await;
    }
    let status = answer.status();
    let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
    if status.is_redirection() {
        return if to.starts_with("/sign-in") { 'S' } else { 'A' };
    }
    if status.is_success() {
        return 'A';
    }
    // A deed that came to its end and was taken back is not found by whoever wants to tell of it.
    if ended && slipped(status) {
        return 'A';
    }
    let body = to_bytes(answer.into_body(), 8 << 20).await.unwrap_or_default();
    let body = String::from_utf8_lossy(&body);
    match status.as_u16() {
        401 => 'S',
        403 if body.contains("account/sign-in-first") || body.contains(">先登录<") || body.contains("请先登录") => {
            'S'
        }
        403 => 'F',
        404 => '.',
        409 => 'C',
        400 | 413 | 415 | 422 => '?',
        405 => '-',
        429 => 'L',
        _ => panic!("{} is answered {status}: {body}", kind.who),
    }
}

/// An address with its parts filled in.
pub fn filled(path: &str, there: &HashMap<&str, String>) -> String {
    match path {
        "/gallery/{id}" => return "/gallery/hall-front".into(),
        "/about/api/{file}" => return "/about/api/swagger-ui.css".into(),
        "/assets/{name}" => return crate::assets::href("style.css"),
        "/api/v1/people/{id}" => return format!("/api/v1/people/{}", there["seat"]),
        "/office/people/seat" => return format!("{path}?id={}", there["seat"]),
        _ => {}
    }
    let code = CODES.iter().find(|(begins, _)| path.starts_with(begins)).map(|(_, code)| (*code).to_owned());
    let step = |step: &str| match step.strip_prefix('{').and_then(|step| step.strip_suffix('}')) {
        Some("code") if code.is_some() => code.clone().unwrap_or_default(),
        Some(name) => there.get(name).cloned().unwrap_or_else(|| panic!("what is {{{name}}} in {path}?")),
        None => step.to_owned(),
    };
    path.split('/').map(step).collect::<Vec<_>>().join("/")
}

/// The same with what is said beside it, or as it was opened.
pub fn address(route: &str, there: &HashMap<&str, String>) -> String {
    if let Some(opened) = there.get(route) {
        return opened.clone();
    }
    let path = filled(route, there);
    match BESIDE.iter().find(|(path, _)| *path == route) {
        Some((_, beside)) => format!("{path}?{beside}"),
        None => path,
    }
}

pub async fn things(cast: &Cast) -> HashMap<&'static str, String> {
    let [code, pickup, photo] = cast.private("granny", "shiliu/1").await;
    let nil = || kit::Uuid::nil().to_string();
    let channel = cast.stage.new_channel(900).await;
    let (_, captain) = cast.stage.person("captain").await;
    let seat = store::mandate_of(&cast.stage.village.app.db, cast.stage.tenant, captain.0).await;
    crate::chores::seal(&cast.stage.village.app).await.unwrap();
    let mut there = super::opened::opened(cast, &code).await;
    there.extend([
        ("code", code),
        ("pickup", pickup),
        ("photo", photo),
        ("voice", nil()),
        ("tenant", cast.stage.tenant.to_string()),
        ("size", "full".into()),
        ("id", channel),
        ("slug", "lift".into()),
        ("file", "read_requests.py".into()),
        ("format", "csv".into()),
        ("token", "x.y".into()),
        ("name", "style.css".into()),
        ("community", "liuhua".into()),
        ("entries", "1".into()),
        ("seat", seat.to_string()),
    ]);
    there
}

async fn looks(cast: &Cast, told: &mut Vec<(String, String)>) {
    let there = things(cast).await;
    let public = cast.stage.said("granny", "lift", 0).await.code;
    cast.stage.village.app.db.rehearse(true);
    for route in declared().into_iter().filter(|route| route.method == "get") {
        let path = address(&route.path, &there);
        let mut rows = vec![(format!("GET {}", route.path), path.clone())];
        if path.contains(&there["code"]) && !path.contains("photos") && !path.contains("cover") {
            rows[0].0.push_str(" (private)");
            rows.push((format!("GET {} (public)", route.path), path.replace(&there["code"], &public)));
        }
        for (name, path) in rows {
            let mut row = String::new();
            for kind in CAST {
                let request = || {
                    let request = cast.stage.village.request(kind.who, "GET", &path);
                    let request = match route.path.as_str() {
                        BY_SLIP => request.header("x-pickup-code", &there["pickup"]),
                        _ => request,
                    };
                    request.body(Body::empty()).unwrap()
                };
                row.push(answered(cast, kind, &request).await);
            }
            told.push((name, row));
        }
    }
    cast.stage.village.app.db.rehearse(false);
}

async fn deeds(cast: &Cast, told: &mut Vec<(String, String)>) {
    let stage = &cast.stage;
    let mut proofs: HashMap<&str, String> = HashMap::new();
    for kind in CAST.iter().filter(|kind| !kind.who.starts_with('#')) {
        proofs.insert(kind.who, stage.csrf(kind.who).await);
    }
    for (at, call) in unsafe_calls().iter().enumerate() {
        // Whose sample it is hangs on the call alone, so that a new call changes no other line.
        let mark = call.bytes().fold(0_usize, |mark, byte| (mark * 31 + usize::from(byte)) % 12);
        let sent = match stage.sample(call, 12 * (20 + at) + mark).await {
            Some(Sample::Keyed(sent, ..) | Sample::Same(sent, _) | Sample::Status(sent, _)) => sent,
            Some(Sample::Left(why)) => {
                told.push((format!("{call} is left out: {why}"), String::new()));
                continue;
            }
            None => panic!("{call} has no sample; write one in holds/tests/samples"),
        };
        let letter = matches!(sent.said, Said::Raw("message/rfc822", _));
        stage.village.app.db.rehearse(true);
        let mut row = String::new();
        for kind in CAST {
            if letter && kind.who.starts_with('#') {
                row.push('-');
                continue;
            }
            let csrf = proofs.get(kind.who).map_or("", String::as_str);
            let sent = Sent { who: kind.who, ..sent.clone() };
            let request = || stage.request(&sent, &stage.key(), csrf);
            row.push(answered(cast, kind, &request).await);
        }
        stage.village.app.db.rehearse(false);
        stage.village.wait(1_000);
        told.push((call.clone(), row));
    }
}

/// The whole of it as it is read: letters first, so that the eye can go down a column.
fn written(told: &[(String, String)]) -> String {
    let mut out = String::from(
        "Who may call what. Written by `MULIN_REVIEW=1 cargo test -p mulin --lib holds::tests::matrix` and read by somebody before\n\
         it is kept; the test fails where an answer is another one than here.\n\n\
         A  answered, or done     S  sign in first     F  forbidden, with its reason     .  there is no such thing (for them)\n\
         ?  not as it is asked    C  not as it stands  L  too often                      -  not for this way of calling\n\n",
    );
    for kind in CAST {
        writeln!(out, "{}  {}", kind.letter, kind.is).unwrap();
    }
    let letters: String = CAST.iter().map(|kind| kind.letter).collect();
    let mut floor = String::new();
    for (name, row) in told {
        let path = name.split(' ').nth(1).unwrap_or_default();
        let api = path.starts_with("/api/");
        let here: Vec<&str> = path.split('/').skip(1).take(if api { 3 } else { 2 }).collect();
        let here = if here.len() < 2 { here.concat() } else { here.join("/") };
        if here != floor {
            writeln!(out, "\n{letters}  {here}").unwrap();
            floor = here;
        }
        writeln!(out, "{row:<width$}  {name}", width = letters.len()).unwrap();
    }
    out
}

async fn as_reviewed(db: Db) {
    let dialect = db.dialect();
    let cast = Cast::on(db).await;
    let mut told = Vec::new();
    looks(&cast, &mut told).await;
    deeds(&cast, &mut told).await;
    assert!(told.len() > 300, "{} are few", told.len());
    somebody_may(&told);
    let path_of =
        |line: &(String, String)| line.0.split_once(' ').map(|(method, path)| (path.to_owned(), method.to_owned()));
    told.sort_by_key(path_of);
    let now = written(&told);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/who-may.txt");
    if std::env::var_os("MULIN_REVIEW").is_some() && dialect == kit::db::Dialect::Sqlite {
        std::fs::write(path, &now).unwrap();
    }
    let reviewed = std::fs::read_to_string(path).unwrap();
    let (now, then): (Vec<&str>, Vec<&str>) = (now.lines().collect(), reviewed.lines().collect());
    let news: Vec<&&str> = now.iter().filter(|line| !then.contains(line)).collect();
    let gone: Vec<&&str> = then.iter().filter(|line| !now.contains(line)).collect();
    assert!(news.is_empty() && gone.is_empty(), "docs/who-may.txt says\n{gone:#?}\nand the house\n{news:#?}");
}

kit::on_both! { &crate::migrations();
    async fn everybody_is_answered_as_was_reviewed(db) {
        as_reviewed(db).await;
    }
}
