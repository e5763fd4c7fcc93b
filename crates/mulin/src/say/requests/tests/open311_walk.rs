//! A program reads everything page by page while others go on filing, closing and taking back.

use crate::say::requests::import;
use crate::village::{Village, app_on};
use commons::case::State;
use commons::case::store;
use kit::on_both;
use kit::time::Moment;
use serde_json::Value;
use std::collections::BTreeMap;

/// Names a file of a city's records, with which the walk is made over all of them.
const CITY: &str = "MULIN_OPEN311_CSV";
const SIZE: usize = 250;

/// Records of a city that does not exist, three in a minute.
fn records(count: usize) -> String {
    let line = |n: usize| {
        let (minute, hour, day) = (n / 3 % 60, n / 180 % 24, 1 + n / 4_320 % 28);
        format!("A{n},\"2015-04-{day:02} {hour:02}:{minute:02}:00\",東區,路燈故障,,\"第{n}盏灯\",x,23.0,120.2\n")
    };
    (0..count).map(line).collect()
}

/// How a program goes from page to page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Counting,
    Linked,
}

/// Walks over a compound; `between` is what happens while it does. Gives how often each id came.
async fn walked(
    village: &Village,
    way: Way,
    more: &str,
    size: usize,
    between: &dyn Fn(usize) -> What,
) -> BTreeMap<String, usize> {
    let mut seen = BTreeMap::new();
    let query = format!("page_size={size}&start_date=2000-01-01T00:00:00Z{more}");
    let (mut number, mut next) = (1, format!("/open311/v2/d1/requests.json?page=1&{query}"));
    loop {
        let page = village.get("reader", &next).await;
        let list: Value = serde_json::from_str(&page.body).unwrap_or_else(|_| panic!("{}", page.body));
        let list = list.as_array().unwrap_or_else(|| panic!("{}", page.body));
        for one in list {
            *seen.entry(one["service_request_id"].as_str().unwrap().to_owned()).or_insert(0) += 1;
        }
        let ids: Vec<&str> = list.iter().map(|one| one["service_request_id"].as_str().unwrap()).collect();
        happens(village, between(number), &ids).await;
        number += 1;
        next = match way {
            Way::Counting if list.len() < size => return seen,
            Way::Counting => format!("/open311/v2/d1/requests.json?page={number}&{query}"),
            Way::Linked => match page.header("link").split(['<', '>']).nth(1) {
                Some(link) => link.replace("http://mulin.example", ""),
                None => return seen,
            },
        };
    }
}

/// What others do between two pages.
#[derive(Clone, Copy, Default)]
struct What {
    filed: usize,
    /// So many on the page that was just read go away, and as many close.
    gone: usize,
}

async fn happens(village: &Village, what: What, ids: &[&str]) {
    for n in 0..what.filed {
        village.wait(1);
        let body = format!(
            "api_key=key-of-the-city&service_code=road&lat=23&long=120&description={}-{n}",
            village.app.clock.now()
        );
        let filed = village.plain_form("city", "/open311/v2/d1/requests.json", &body).await;
        assert_eq!(filed.status.as_u16(), 201, "{}", filed.body);
    }
    for (at, code) in ids.iter().take(what.gone * 2).enumerate() {
        let case = store::by_code(&village.app.db, code).await.unwrap().unwrap().row.case;
        let case = &case;
        let context = village.app.context();
        let done = village.app.db.transact(&context, |tx| {
            Box::pin(async move {
                let mut case = store::find(tx, case.tenant, case.id).await?;
                case.state = if at % 2 == 0 { State::Withdrawn } else { State::Closed };
                case.closed = Some(tx.now());
                store::save(tx, &case).await
            })
        });
        done.await.unwrap();
    }
}

fn old_once(seen: &BTreeMap<String, usize>, old: std::ops::RangeInclusive<usize>) {
    for n in old {
        assert_eq!(seen.get(&format!("d1-{n}")), Some(&1), "d1-{n}");
    }
}

on_both! { &crate::migrations();
    async fn every_request_comes_exactly_once_however_a_program_goes_and_whatever_happens_meanwhile(db) {
        let village = Village::beside(&app_on(db));
        import::run(&village.app, records(2_600).as_bytes(), |_| {}).await.unwrap();
        let seen = walked(&village, Way::Counting, "", SIZE, &|_| What { filed: 5, gone: 0 }).await;
        old_once(&seen, 1..=2_600);
        assert!(seen.values().all(|times| *times == 1));
        let filed = seen.len();
        assert!(filed > 2_600, "what came meanwhile stands behind the rest");
        let seen = walked(&village, Way::Linked, "", SIZE, &|_| What { filed: 5, gone: 0 }).await;
        old_once(&seen, 1..=2_600);
        assert!(seen.values().all(|times| *times == 1));
        assert_eq!(seen.len(), filed + 5, "a list ends with what was there when it began");
        // Those that close or go away on pages already read shift nothing.
        let seen = walked(&village, Way::Counting, "&service_code=lighting", SIZE, &|_| What { filed: 3, gone: 4 }).await;
        old_once(&seen, 1..=2_600);
        let seen = walked(&village, Way::Linked, "&service_code=lighting", SIZE, &|_| What { filed: 3, gone: 4 }).await;
        assert!(seen.values().all(|times| *times == 1));
        let left = 2_600 - 4 * (2_600_usize.div_ceil(SIZE));
        assert_eq!(seen.len(), left, "what was taken back in the walk before is gone");
    }

    async fn a_list_that_is_not_counted_goes_on_to_older_ones_and_ends_where_it_began(db) {
        let village = Village::beside(&app_on(db));
        import::run(&village.app, records(40).as_bytes(), |_| {}).await.unwrap();
        let query = "/open311/v2/d1/requests.json?page_size=15&start_date=2015-03-20T00:00:00Z&end_date=2015-05-20T00:00:00Z";
        let (mut seen, mut next) = (Vec::new(), query.to_owned());
        while !next.is_empty() {
            let page = village.get("reader", &next).await;
            let list: Vec<Value> = serde_json::from_str(&page.body).unwrap();
            seen.extend(list.iter().map(|one| one["service_request_id"].as_str().unwrap().to_owned()));
            next = page.header("link").split(['<', '>']).nth(1).unwrap_or_default().replace("http://mulin.example", "");
        }
        let expected: Vec<String> = (1..=40).rev().map(|n| format!("d1-{n}")).collect();
        let mut sorted = seen.clone();
        sorted.sort_by_key(|code| std::cmp::Reverse(code[3..].parse::<usize>().unwrap()));
        assert_eq!((sorted, seen.len()), (expected, 40));
        let first = &seen[0];
        assert!(first[3..].parse::<usize>().unwrap() > 36, "the newest minute comes first: {first}");
    }

    async fn pages_that_nobody_remembers_are_counted_off(db) {
        let village = Village::beside(&app_on(db));
        import::run(&village.app, records(50).as_bytes(), |_| {}).await.unwrap();
        let page = async |n: usize| {
            let path = format!("/open311/v2/d1/requests.json?page_size=20&start_date=2015-01-01T00:00:00Z&page={n}");
            serde_json::from_str::<Vec<Value>>(&village.get("reader", &path).await.body).unwrap().len()
        };
        assert_eq!((page(3).await, page(2).await, page(1).await, page(9).await), (10, 20, 20, 0));
    }

    async fn every_record_of_a_named_city_comes_exactly_once_while_others_file(db) {
        let Ok(path) = std::env::var(CITY) else {
            eprintln!("skipped: {CITY} names no file");
            return;
        };
        let village = Village::beside(&app_on(db));
        let file = std::fs::File::open(&path).unwrap();
        let counts = import::run(&village.app, file, |_| {}).await.unwrap();
        let mut total = 0;
        for compound in commons::place::store::compounds(&village.app.db).await.unwrap() {
            let (context, at) = (village.app.context(), &compound);
            let last = village.app.db.transact(&context, |tx| {
                Box::pin(async move { store::last_number(tx, at.tenant, &at.path).await })
            });
            let last = last.await.unwrap();
            let query = format!("/open311/v2/{}/requests.json?page_size=1000&start_date=2000-01-01T00:00:00Z", compound.path);
            let mut seen = BTreeMap::new();
            for page in 1.. {
                let list: Vec<Value> = serde_json::from_str(&village.get("reader", &format!("{query}&page={page}")).await.body).unwrap();
                for one in &list {
                    *seen.entry(one["service_request_id"].as_str().unwrap().to_owned()).or_insert(0) += 1;
                }
                let body = format!("api_key=key-of-the-city&service_code=road&lat=23&long=120&description={}-{page}", compound.path);
                village.wait(Moment::seconds(1));
                village.plain_form("city", &format!("/open311/v2/{}/requests.json", compound.path), &body).await;
                if list.len() < 1_000 {
                    break;
                }
            }
            for n in 1..=last {
                assert_eq!(seen.get(&format!("{}-{n}", compound.path)), Some(&1), "{}-{n}", compound.path);
            }
            total += last;
        }
        assert_eq!(u64::try_from(total).unwrap(), counts.added);
    }
}
