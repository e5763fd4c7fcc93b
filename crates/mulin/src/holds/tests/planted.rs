//! A stranger goes everywhere a link leads, and to every address there is, in a house with a thousand planted telephone numbers,
//! names, unit numbers and mail addresses, and finds none of them. Those who may see them do.

use super::cast::Cast;
use super::matrix;
use super::samples::form;
use crate::holds::{declared, store};
use axum::body::{Body, to_bytes};
use axum::http::header;
use commons::people::phone::store as phones;
use commons::people::store::{self as people, NewMandate};
use commons::people::{Office, Source};
use commons::place::{NewPlace, PlaceKind, store as places};
use kit::db::Db;
use kit::time::Moment;
use serde_json::json;
use std::collections::{BTreeSet, HashMap, VecDeque};

const EACH: usize = 250;
/// So many of them come to the hub's desk as well.
const DESK: usize = 20;
/// And so many have an account: they say it themselves, have a number of their own, are in a team and on duty.
const OWN: usize = 20;
/// What every planted thing of a kind begins or ends with, and nothing else in the house.
const MARKS: [&str; 4] = ["植名", "9077", "1390077", "@planted.example"];
/// A house has no end of weeks and months to look at.
const PAGES_MAX: usize = 4_000;

struct Planted {
    name: String,
    unit: String,
    phone: String,
    mail: String,
    code: String,
}

fn named(n: usize) -> Planted {
    Planted {
        name: format!("植名{n:03}"),
        unit: format!("9077{n:03}"),
        phone: format!("1390077{n:04}"),
        mail: format!("p{n:03}@planted.example"),
        code: String::new(),
    }
}

/// Homes with somebody in them, who said something with a way to be reached: every other one in private.
async fn plant(cast: &mut Cast) -> Vec<Planted> {
    let mut all: Vec<Planted> = (0..EACH).map(named).collect();
    let app = cast.stage.village.app.clone();
    let tenant = cast.stage.tenant;
    let tree = places::all(&app.db, tenant).await.unwrap();
    let entrance = tree.iter().find(|place| place.path == "shiliu/2/1").unwrap();
    let (context, list) = (app.context(), &all);
    let planted = app.db.transact(&context, |tx| {
        Box::pin(async move {
            for one in list {
                let new = NewPlace::new(PlaceKind::Home, &one.unit, &one.unit, &one.unit);
                let home = places::add(tx, tenant, Some(entrance), new).await?;
                let person = people::add_person(tx, tenant, None, &one.name, &one.name).await?;
                let mandate = NewMandate {
                    person,
                    office: Office::Owner,
                    place: home.id,
                    organisation: None,
                    source: Source::Appointment,
                    starts: tx.now() - Moment::days(30),
                    ends: None,
                };
                people::add_mandate(tx, tenant, &mandate).await?;
            }
            Ok(())
        })
    });
    planted.await.unwrap();
    // Some of them sign in, and say it themselves; the others have it said for them.
    let tree = places::all(&app.db, tenant).await.unwrap();
    for (n, one) in all.iter_mut().enumerate().take(OWN) {
        let name: &'static str = Box::leak(format!("植名9{n:03}").into_boxed_str());
        let home = tree.iter().find(|place| place.path == format!("shiliu/2/1/{}", one.unit)).unwrap().id;
        cast.stage.village.joins(name, tenant, Office::Family, home, None).await;
        one.name = name.to_owned();
    }
    for (n, one) in all.iter_mut().enumerate() {
        let who = if n < OWN { one.name.as_str() } else { "tenant" };
        // It lies at a door; what all may read says the house at most.
        let body = json!({ "place": format!("shiliu/2/1/{}", one.unit), "words": format!("第{n}件：门口的灯不亮了"), "category": "clutter",
            "private": n % 2 == 1, "contact": format!("{} {}", one.phone, one.mail) });
        one.code = cast.stage.calls(who, "/api/v1/requests", body).await["code"].as_str().unwrap().to_owned();
    }
    at_the_desk(cast, &all).await;
    in_the_register(cast, &all).await;
    on_duty(cast, &all).await;
    for one in all.iter().step_by(2).take(OWN) {
        let fields = [("case", one.code.as_str()), ("pace", "instant"), ("mail", &one.mail)];
        cast.stage.does(&form("reader", "/say/follow", &fields)).await;
    }
    all
}

/// Owners with the number of their unit, as the committee keeps them.
async fn in_the_register(cast: &Cast, all: &[Planted]) {
    let rows: Vec<String> = all.iter().map(|one| format!("{},70,{}", one.unit, one.name)).collect();
    let sheet = hex::encode(format!("户号,专有面积,业主\n{}\n", rows.join("\n")));
    let fields = [("at", "shiliu"), ("really", "1"), ("file:file", sheet.as_str())];
    cast.stage.does(&form("committee", "/office/register", &fields)).await;
}

/// Numbers of one's own, a team of the house, and duties in a roster that is published. Nobody of them wants to be named in it.
async fn on_duty(cast: &Cast, all: &[Planted]) {
    let (stage, app) = (&cast.stage, &cast.stage.village.app);
    let month = "2026-12";
    let body = json!({ "compound": "shiliu", "month": month, "weekdays": [2], "starts": "09:00", "ends": "10:00",
        "skill": "desk", "need": 9 });
    stage.calls("community", "/api/v1/roster/shifts", body).await;
    for one in all.iter().take(OWN) {
        let (account, _) = stage.person(&one.name).await;
        let (context, secrets, phone) = (app.context(), &app.secrets, one.phone.as_str());
        let given = app.db.transact(&context, |tx| {
            Box::pin(async move {
                phones::give(tx, secrets, account, phone).await?;
                phones::confirm(tx, secrets, account, phone).await
            })
        });
        given.await.unwrap();
        stage.calls(&one.name, "/api/v1/captains/join", json!({ "at": "shiliu/2", "duty": "talks" })).await;
        let ready = json!({ "compound": "shiliu", "weekdays": [2], "month_max": 31, "rest_days": 0 });
        stage.calls(&one.name, "/api/v1/roster/ready", ready).await;
    }
    for deed in ["plan", "publish"] {
        let path = format!("/api/v1/roster/{deed}");
        stage.calls("community", &path, json!({ "compound": "shiliu", "month": month })).await;
    }
}

/// Some of them walk in at the hub: to be called back, to ask for a talk, to borrow a key.
async fn at_the_desk(cast: &Cast, all: &[Planted]) {
    for (n, one) in all.iter().enumerate().take(DESK) {
        let became = if n % 2 == 0 { "later" } else { "talk" };
        let body = json!({ "compound": "shiliu", "about": "门口的灯", "became": became, "name": one.name,
            "door": one.unit, "phone": one.phone });
        cast.stage.calls("hub", "/api/v1/hub/desk/take-in", body).await;
        let key = json!({ "compound": "shiliu", "name": format!("钥匙{n}") });
        cast.stage.calls("hub", "/api/v1/hub/desk/key", key).await;
    }
    let keys = cast.stage.village.get("hub", "/api/v1/hub/desk/keys?compound=shiliu").await.json();
    for (key, one) in keys["keys"].as_array().unwrap().iter().zip(all) {
        let body = json!({ "compound": "shiliu", "id": key["id"], "name": one.name, "phone": one.phone,
            "until": "2026-12-01T12:00" });
        cast.stage.calls("hub", "/api/v1/hub/desk/lend", body).await;
    }
}

/// Which of the planted are not to be seen by those who may.
async fn unseen(cast: &Cast, all: &[Planted]) -> Vec<String> {
    let mut unseen = Vec::new();
    for page in ["/help/hub/desk", "/help/hub/desk/talks", "/help/hub/desk/keys"] {
        let text = cast.stage.village.get("hub", page).await.body;
        let seen = all.iter().take(DESK).filter(|one| text.contains(&one.name) && text.contains(&one.phone));
        let wanted = if page.ends_with("keys") { DESK } else { DESK / 2 };
        unseen.extend((seen.count() < wanted).then(|| page.to_owned()));
    }
    let roster = cast.stage.village.get("community", "/help/roster?compound=shiliu&month=2026-12").await.body;
    let register = cast.stage.village.get("committee", "/office/register/export/csv?at=shiliu").await.body;
    let team = cast.stage.village.get("other-captain", "/help/captain/building?at=shiliu/2").await.body;
    for (n, one) in all.iter().enumerate() {
        for (what, text) in [("roster", &roster), ("team", &team)] {
            unseen.extend((n < OWN && !text.contains(&one.name)).then(|| format!("{} in the {what}", one.name)));
        }
        unseen.extend((!register.contains(&one.unit)).then(|| format!("{} in the register", one.unit)));
    }
    for one in all {
        let at = format!("/office/homes/one?at=shiliu/2/1/{}", one.unit);
        let home = cast.stage.village.get("other-captain", &at).await.body;
        let contact = format!("/api/v1/requests/{}/contact", one.code);
        let told = cast.stage.calls("other-captain", &contact, json!({})).await.to_string();
        let sought = [(&home, &one.name), (&home, &one.unit), (&told, &one.phone), (&told, &one.mail)];
        unseen.extend(sought.iter().filter(|(text, what)| !text.contains(*what)).map(|(_, what)| (*what).clone()));
    }
    unseen
}

/// Addresses of this house that a page, a feed or a call names.
fn links(body: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (at, _) in body.match_indices(['"', '>']) {
        let rest = &body[at + 1..];
        let rest = rest.strip_prefix("http://mulin.example").unwrap_or(rest);
        if rest.starts_with('/') && !rest.starts_with("//") {
            let end = rest.find(['"', '<', ' ', '#', '\\']).unwrap_or(0);
            let link = rest[..end].replace("&amp;", "&");
            // The same page once more in another language or type.
            all.extend((!["lang=", "elder="].iter().any(|with| link.contains(with))).then_some(link));
        }
    }
    all
}

/// Which of the planted stand in a text. Numbers count as a whole only: ids are made of the same digits.
fn planted_in(text: &str, planted: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for mark in MARKS {
        for (at, _) in text.match_indices(mark) {
            let joined = |c: char| c.is_ascii_alphanumeric();
            // A mail address begins before its mark.
            let begin =
                if mark.starts_with('@') { text[..at].rfind(|c| !joined(c)).map_or(0, |at| at + 1) } else { at };
            let end = text[at + mark.len()..].find(|c| !joined(c)).map_or(text.len(), |more| at + mark.len() + more);
            let alone = !text[..begin].chars().next_back().is_some_and(joined);
            if let Some(word) = text.get(begin..end).filter(|word| alone && planted.contains(*word)) {
                found.push(word.to_owned());
            }
        }
    }
    found
}

/// Goes wherever a stranger gets, and gives what of the planted stands there, with how many answers were read.
async fn crawl(cast: &Cast, begin: Vec<String>, planted: &BTreeSet<String>) -> (Vec<String>, usize) {
    let mut waiting: VecDeque<String> = begin.into();
    let (mut seen, mut found, mut read) = (BTreeSet::new(), Vec::new(), 0);
    while let Some(path) = waiting.pop_front() {
        if read >= PAGES_MAX || path.len() > 400 || !seen.insert(path.clone()) {
            continue;
        }
        let Ok(request) = cast.stage.village.request("stranger", "GET", "/").uri(&path).body(Body::empty()) else {
            continue;
        };
        let answer = cast.stage.village.answer(request).await;
        let header =
            |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let (kind, to) = (header(header::CONTENT_TYPE), header(header::LOCATION));
        if kind.starts_with("text/event-stream") {
            continue;
        }
        let heads = format!("{:?}", answer.headers());
        let body = to_bytes(answer.into_body(), 32 << 20).await.unwrap();
        let body = String::from_utf8_lossy(&body);
        read += 1;
        found.extend(
            [&*body, heads.as_str()]
                .iter()
                .flat_map(|text| planted_in(text, planted))
                .map(|one| format!("{path}: {one}")),
        );
        waiting.extend(links(&body));
        waiting.extend(Some(to).filter(|to| to.starts_with('/')));
    }
    (found, read)
}

async fn none_is_found(db: Db) {
    let mut cast = Cast::in_earnest(db.clone()).await;
    let all = plant(&mut cast).await;
    cast.stage.village.listeners().await;
    assert_eq!(unseen(&cast, &all).await, Vec::<String>::new());
    let ground = cast.stage.village.get("stranger", "/say/requests/ground/shiliu").await;
    assert!(ground.status.is_success() && ground.body.contains("<svg"), "{}", ground.text());
    let mut there: HashMap<&str, String> = matrix::things(&cast).await;
    let mut begin = vec!["/".to_owned(), "/?lang=en".into(), "/?elder=1".into()];
    for route in declared().into_iter().filter(|route| route.method == "get") {
        for one in [&all[0], &all[1], &all[21]] {
            there.insert("code", one.code.clone());
            begin.push(matrix::address(&route.path, &there));
        }
        begin.push(matrix::filled(&route.path, &there));
    }
    for one in &all {
        begin.extend([
            format!("/say/requests/{}", one.code),
            format!("/api/v1/requests/{}", one.code),
            format!("/open311/v2/requests/{}.xml", one.code),
            format!("/search?q={}", one.phone),
            format!("/api/v1/search?q={}", one.unit),
            format!("/say/requests/new?at=shiliu/2/1/{}", one.unit),
        ]);
    }
    let planted: BTreeSet<String> =
        all.iter().flat_map(|one| [&one.name, &one.unit, &one.phone, &one.mail]).cloned().collect();
    assert_eq!(planted.len(), 4 * EACH);
    let (found, read) = crawl(&cast, begin, &planted).await;
    // What was typed into an address comes back on its page; that is no news to whoever typed it.
    let news = |line: &&String| line.split_once(": ").is_none_or(|(path, word)| !path.contains(word));
    let found: Vec<&String> = found.iter().filter(news).collect();
    assert!(read > 1_000, "{read} answers are few");
    assert!(found.is_empty(), "{} of {read}: {:#?}", found.len(), &found[..found.len().min(40)]);
    assert!(store::rows(&db).await["person"] > 250);
}

kit::on_both! { &crate::migrations();
    async fn a_stranger_who_goes_everywhere_finds_none_of_a_thousand_planted_things(db) {
        none_is_found(db).await;
    }
}

#[test]
fn what_is_planted_is_found_as_a_word_of_its_own() {
    let planted = BTreeSet::from(["9077001".to_owned(), "p001@planted.example".into(), "植名001".into()]);
    let text = "ab9077001 90770012 <b>9077001</b> mailto:p001@planted.example\" 住着植名001。";
    assert_eq!(planted_in(text, &planted), ["植名001", "9077001", "p001@planted.example"]);
}

#[test]
fn links_are_found_wherever_they_stand() {
    let body =
        r##"<a href="/say?a=1&amp;b=2#x">x</a><link>http://mulin.example/say/feed</link>{"page":"/me","x":"//no"}"##;
    assert_eq!(links(body), ["/say?a=1&b=2", "/say/feed", "/me"]);
}
