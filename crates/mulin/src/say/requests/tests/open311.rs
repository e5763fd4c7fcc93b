//! The programs of cities: what they read, what they hand in, and what they are told when something is wrong.

use crate::village::{MORNING, Seen, Village, parts_on};
use axum::http::StatusCode;
use commons::case::fields::{Choice, Field, FieldKind};
use commons::case::{self, store};
use commons::place::{NewPlace, PlaceKind, Tenant, TenantKind, store as places};
use kit::on_both;
use kit::time::Moment;
use kit::web::App;
use kit::web::limits::Limits;
use serde_json::Value;

/// A red square with a place in its metadata.
const RED: &str = "89504e470d0a1a0a0000000d494844520000003c0000002808020000002dd90ea8000000394944415478daedce410900000800b1eb9fd130a6f0210c16604dbd93b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4f4a505e27d0ef92ec70e900000000049454e44ae426082";
const KEY: &str = "api_key=key-of-the-city";
const BASE: &str = "/open311/v2";

/// A neighbouring community with a compound of its own.
async fn next_door(village: &Village) {
    let context = village.app.context();
    let done = village.app.db.transact(&context, |tx| {
        Box::pin(async move {
            let tenant = Tenant {
                id: tx.id(),
                parent: None,
                kind: TenantKind::Community,
                code: "jinxiu".into(),
                name: "锦绣社区".into(),
                name_en: "Jinxiu".into(),
                zone: "Asia/Shanghai".into(),
            };
            places::add_tenant(tx, &tenant).await?;
            let root = NewPlace::new(PlaceKind::Community, "community", "锦绣社区", "Jinxiu");
            let root = places::add(tx, tenant.id, None, root).await?;
            let compound = NewPlace::new(PlaceKind::Compound, "jinxiu", "锦绣园", "Jinxiu Court");
            places::add(tx, tenant.id, Some(&root), compound).await?;
            for category in case::starting_categories() {
                store::add_category(tx, tenant.id, &category).await?;
            }
            Ok(())
        })
    });
    done.await.expect("a neighbour can be settled.");
}

/// The lift of the village asks which one it is.
async fn lift_asks(village: &Village) {
    let (tenant, _) = places::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
    let field = |code: &str, kind, required| Field {
        category: "lift".into(),
        code: code.into(),
        name: "哪部".into(),
        name_en: "Which".into(),
        hint: String::new(),
        hint_en: String::new(),
        kind,
        required,
        options: ["左边", "右边"].map(|name| Choice { name: name.into(), name_en: String::new() }).into(),
        sort: 0,
    };
    let fields = &[field("which", FieldKind::Many, true), field("who", FieldKind::String, false)];
    let context = village.app.context();
    let done = village.app.db.transact(&context, |tx| {
        Box::pin(async move {
            for field in fields {
                store::put_field(tx, tenant, field).await?;
            }
            Ok(())
        })
    });
    done.await.expect("questions can be asked.");
}

fn json(seen: &Seen) -> Value {
    serde_json::from_str(&seen.body).unwrap_or_else(|_| panic!("no JSON: {}", seen.body))
}

/// Asserts that an answer is an error told in the words of the standard.
fn is_wrong(seen: &Seen, status: u16, shape: &str, what: &str) {
    assert_eq!(seen.status.as_u16(), status, "{what}: {}", seen.body);
    match shape {
        "json" => {
            assert_eq!(seen.header("content-type"), "application/json; charset=utf-8", "{what}");
            let errors = json(seen);
            let first = &errors.as_array().unwrap()[0];
            assert_eq!(first["code"], status.to_string(), "{what}");
            assert!(!first["description"].as_str().unwrap().is_empty(), "{what}");
        }
        _ => {
            assert_eq!(seen.header("content-type"), "text/xml; charset=utf-8", "{what}");
            seen.says("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
            seen.says(&format!("<errors><error><code>{status}</code><description>"));
        }
    }
}

async fn files(village: &Village, more: &str) -> Seen {
    let body = format!("{KEY}&service_code=leak&address_id=shiliu/1&{more}");
    village.plain_form("city", &format!("{BASE}/shiliu/requests.json"), &body).await
}

on_both! { &crate::migrations();
    async fn ten_wrong_calls_are_each_told_what_is_wrong_with_them(db) {
        let village = Village::on(db).await;
        next_door(&village).await;
        lift_asks(&village).await;
        for shape in ["xml", "json"] {
            let get = async |path: &str| village.get("city", &format!("{BASE}/{path}")).await;
            let post = async |body: &str| village.plain_form("city", &format!("{BASE}/requests.{shape}"), body).await;
            let here = "jurisdiction_id=shiliu";
            let good = format!("{KEY}&{here}&service_code=leak&address_id=shiliu/1&description=x");
            is_wrong(&get(&format!("services.{shape}?jurisdiction_id=nowhere")).await, 404, shape, "unknown jurisdiction");
            is_wrong(&get(&format!("services.{shape}")).await, 400, shape, "no jurisdiction");
            is_wrong(&get(&format!("requests.{shape}")).await, 400, shape, "no jurisdiction");
            is_wrong(&post(&good.replace(here, "jurisdiction_id=")).await, 400, shape, "no jurisdiction");
            is_wrong(&post(&good.replace("leak", "none")).await, 404, shape, "unknown service");
            is_wrong(&get(&format!("services/none.{shape}?{here}")).await, 404, shape, "unknown service");
            is_wrong(&post(&good.replace("service_code=leak", "service_code=")).await, 400, shape, "no service");
            is_wrong(&post(&good.replace("address_id", "somewhere")).await, 400, shape, "no location");
            is_wrong(&post(&good.replace("the-city", "a-guess")).await, 403, shape, "bad key");
            is_wrong(&post(&good.replace(KEY, "")).await, 403, shape, "no key");
            is_wrong(&get(&format!("requests/shiliu-999.{shape}?{here}")).await, 404, shape, "unknown request");
            is_wrong(&get(&format!("tokens/abc.{shape}?{here}")).await, 404, shape, "unknown token");
            is_wrong(&post(&good.replace("leak", "lift")).await, 400, shape, "missing attribute");
            let long = good.replace("description=x", &format!("description={}", "长".repeat(4_001)));
            is_wrong(&post(&long).await, 400, shape, "long description");
            let most = good.replace("description=x", &format!("description={}{shape}", "长".repeat(3_996)));
            assert_eq!(post(&most).await.status, StatusCode::CREATED);
            assert_eq!(post(&good).await.status, StatusCode::CREATED);
        }
    }

    async fn each_compound_has_an_endpoint_of_its_own(db) {
        let village = Village::on(db).await;
        let root = village.get("city", "/open311/v2/discovery.json").await;
        root.says("\"url\":\"http://mulin.example/open311/v2\"").says("\"type\":\"production\"").says("\"type\":\"test\"");
        assert_eq!(village.get("city", "/open311/v2/services.xml").await.status, StatusCode::OK, "one compound needs no name");
        next_door(&village).await;
        let own = village.get("city", "/open311/v2/jinxiu/discovery.xml").await;
        own.says("<url>http://mulin.example/open311/v2/jinxiu</url>").says("<specification>http://wiki.open311.org/GeoReport_v2</specification>");
        let filed = files(&village, "description=x").await;
        filed.says("\"service_request_id\":\"shiliu-1\"");
        for path in ["shiliu/requests/shiliu-1.xml", "requests/shiliu-1.xml", "requests/shiliu-1.xml?jurisdiction_id=shiliu", "shiliu/services/lift.json?jurisdiction_id=shiliu"] {
            assert_eq!(village.get("city", &format!("{BASE}/{path}")).await.status, StatusCode::OK, "{path}");
        }
        for path in ["jinxiu/requests/shiliu-1.xml", "requests/shiliu-1.xml?jurisdiction_id=jinxiu", "shiliu/services.xml?jurisdiction_id=jinxiu", "nowhere/services.xml", "nowhere/discovery.xml"] {
            is_wrong(&village.get("city", &format!("{BASE}/{path}")).await, 404, "xml", path);
        }
        village.get("city", &format!("{BASE}/jinxiu/requests.json?service_request_id=shiliu-1")).await.says("[]");
    }

    async fn whatever_is_wrong_is_told_in_xml_or_json(db) {
        let mut parts = parts_on(db, true);
        parts.limits = Limits::default();
        let village = Village::of(App::new(parts)).await;
        for (path, shape) in [("/open311", "xml"), ("/open311/v2/nothing.json", "json"), ("/open311/v2/a/b/c/d.json", "json"), ("/open311/v3/services.html", "xml"), ("/open311/v2/shiliu/x.xml", "xml"), ("/open311/v2/%ff.json", "json")] {
            is_wrong(&village.get("city", path).await, 404, shape, path);
        }
        let put = village.json("city", "PUT", "/open311/v2/requests.json", "key-of-the-call-1", "{}").await;
        is_wrong(&put, 405, "json", "PUT");
        assert_eq!(put.header("allow"), "GET, HEAD, POST");
        is_wrong(&village.plain_form("city", "/open311/v2/services.xml", KEY).await, 405, "xml", "POST services");
        is_wrong(&village.json("city", "POST", "/open311/v2/requests.json", "key-of-the-call-2", "{}").await, 415, "json", "JSON");
        is_wrong(&village.plain_form("city", "/open311/v2/requests.xml", &"x".repeat(300_000)).await, 413, "xml", "too large");
        is_wrong(&village.plain_form("city", "/open311/v2/requests.xml", &format!("{KEY}&description=%C4%E3")).await, 400, "xml", "GBK");
        is_wrong(&village.get("city", "/open311/v2/requests.json?page=0").await, 400, "json", "page");
        is_wrong(&village.get("city", "/open311/v2/requests.json?page_size=1001").await, 400, "json", "page_size");
        is_wrong(&village.get("city", "/open311/v2/requests.json?status=half").await, 400, "json", "status");
        is_wrong(&village.get("city", "/open311/v2/requests.json?start_date=yesterday").await, 400, "json", "date");
        is_wrong(&village.get("city", "/open311/v2/requests.json?bbox=1,2,3").await, 400, "json", "bbox");
        let mut last = None;
        for _ in 0..50 {
            last = Some(village.plain_form("city", "/open311/v2/requests.xml", "api_key=guess").await);
        }
        let last = last.unwrap();
        is_wrong(&last, 429, "xml", "guessing");
        assert!(last.header("retry-after").parse::<u32>().unwrap() > 0);
    }

    async fn photos_come_with_a_call_and_are_shown_and_who_it_is_for_is_not(db) {
        let village = Village::on(db).await;
        let fields = [("api_key", "key-of-the-city"), ("service_code", "leak"), ("address_string", "石榴园 2号楼 1单元 301"), ("description", "水管漏水"),
            ("first_name", "燕"), ("last_name", "王"), ("phone", "13800000000"), ("email", "yan@mulin.example"), ("media_url", "https://photos.example/1.jpg"), ("lat", "31.2"), ("long", "121.5"), ("file:media", RED), ("file:media", RED)];
        let filed = village.post("city", "/open311/v2/requests.json", "", "", &fields).await;
        assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.body);
        let read = json(&village.get("city", "/open311/v2/requests/shiliu-1.json?extensions=true").await);
        let one = &read[0];
        assert_eq!((&one["address"], &one["address_id"], &one["lat"]), (&"石榴园 2号楼".into(), &"shiliu/2".into(), &31.2.into()));
        assert_eq!(one["extended_attributes"]["media_urls"].as_array().unwrap().len(), 2);
        let photo = one["media_url"].as_str().unwrap().strip_prefix("http://mulin.example").unwrap();
        let picture = village.get("stranger", photo).await;
        assert_eq!((picture.status, picture.header("content-type").as_str()), (StatusCode::OK, "image/jpeg"));
        for path in ["/open311/v2/requests.json?extensions=true", "/open311/v2/requests.xml", "/open311/v2/shiliu/requests.csv", "/say/requests/shiliu-1", "/open311/v2/servicerequestupdates.json"] {
            village.get("stranger", path).await.says_not("13800000000").says_not("yan@").says_not(" 301").says_not("/301").says_not("photos.example");
        }
        village.get("property", "/say/requests/shiliu-1").await.says("https://photos.example/1.jpg").says("1单元 301");
        village.forge("property", "/say/requests/shiliu-1/contact", &[]).await.says("燕 王 · 13800000000 · yan@mulin.example");
        let first = [("service_code", "leak"), ("file:media", RED), ("api_key", "key-of-the-city")];
        is_wrong(&village.post("city", "/open311/v2/requests.xml", "", "", &first).await, 403, "xml", "the key behind a file");
        let text = [("api_key", "key-of-the-city"), ("service_code", "leak"), ("address_id", "shiliu/1"), ("file:media", "616263")];
        is_wrong(&village.post("city", "/open311/v2/requests.xml", "", "", &text).await, 400, "xml", "a file that is no photo");
    }

    async fn the_same_call_twice_within_minutes_is_one_request(db) {
        let village = Village::on(db).await;
        files(&village, "description=x").await.says("shiliu-1");
        let with_key = village.plain_form("city", &format!("{BASE}/requests.json?{KEY}"), "service_code=leak&address_id=shiliu/1&description=w").await;
        with_key.says("shiliu-2");
        let bare = async |words: &str| {
            let path = format!("{BASE}/requests.json?{KEY}&service_code=leak&address_id=shiliu/1&description={words}");
            village.bare_post("city", &path).await
        };
        bare("v").await.says("shiliu-3");
        bare("v").await.says("shiliu-3");
        bare("u").await.says("shiliu-4");
        village.wait(Moment::minutes(9));
        files(&village, "description=x").await.says("shiliu-1");
        files(&village, "description=y").await.says("shiliu-5");
        village.wait(Moment::minutes(1));
        files(&village, "description=x").await.says("shiliu-6");
        let fields = [("api_key", "key-of-the-city"), ("service_code", "leak"), ("address_id", "shiliu/1"), ("file:media", RED)];
        village.post("city", "/open311/v2/requests.json", "", "", &fields).await.says("shiliu-7");
        village.post("city", "/open311/v2/requests.json", "", "", &fields).await.says("shiliu-7");
        let keyed = async |key: &str, words: &str| {
            let body = format!("{KEY}&service_code=leak&address_id=shiliu/1&description={words}");
            village.form_with("city", "/open311/v2/requests.json", &body, &[("idempotency-key", key)]).await
        };
        keyed("a-key-of-a-program", "x").await.says("shiliu-8");
        village.wait(Moment::days(1));
        keyed("a-key-of-a-program", "x").await.says("shiliu-8");
        is_wrong(&keyed("a-key-of-a-program", "z").await, 409, "json", "another body");
        is_wrong(&keyed("short", "z").await, 400, "json", "no key");
    }

    async fn lists_are_narrowed_exactly_and_ids_override_everything(db) {
        let village = Village::on(db).await;
        lift_asks(&village).await;
        files(&village, "description=a").await;
        village.wait(Moment::hours(1));
        let lift = format!("{KEY}&service_code=lift&lat=31.25&long=121.45&description=b&attribute[which][]=%E5%B7%A6%E8%BE%B9&attribute[which][]=%E5%8F%B3%E8%BE%B9&attribute[who]=Yan");
        assert_eq!(village.plain_form("city", "/open311/v2/requests.json", &lift).await.status, StatusCode::CREATED);
        let ids = async |query: &str| {
            let list = json(&village.get("city", &format!("/open311/v2/requests.json?{query}")).await);
            list.as_array().unwrap().iter().map(|one| one["service_request_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(ids("").await, ["shiliu-2", "shiliu-1"], "the newest first");
        assert_eq!(ids("page=1").await, ["shiliu-1", "shiliu-2"], "the oldest first");
        assert_eq!(ids("service_code=lift,none").await, ["shiliu-2"]);
        assert!(ids("service_code=none").await.is_empty());
        assert_eq!(ids("status=open,closed").await.len(), 2);
        assert!(ids("status=closed").await.is_empty());
        assert_eq!(ids("service_request_id=shiliu-1,shiliu-2,shiliu-9&status=closed&page=0&start_date=x").await, ["shiliu-1", "shiliu-2"]);
        assert_eq!(ids("bbox=31.2,121.4,31.3,121.5").await, ["shiliu-2"]);
        let (first, second) = (MORNING.to_string(), (MORNING + Moment::hours(1)).to_string());
        assert_eq!(ids(&format!("start_date={second}")).await, ["shiliu-2"]);
        assert_eq!(ids(&format!("end_date={first}")).await, ["shiliu-1"]);
        assert_eq!(ids(&format!("start_date={first}&end_date={first}")).await, ["shiliu-1"]);
        is_wrong(&village.get("city", "/open311/v2/requests.xml?start_date=2015-01-01T00:00:00Z").await, 400, "xml", "91 days");
        assert_eq!(ids("start_date=2015-01-01T00:00:00Z&page=1").await.len(), 2);
        let own = json(&village.get("city", "/open311/v2/requests.json?service_code=lift&extensions=true").await);
        let values: Vec<&str> = own[0]["attributes"].as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap()).collect();
        assert_eq!(values, ["左边", "右边"], "what was typed freely is for the parties");
        assert_eq!(own[0]["extended_attributes"]["state"], "said");
        village.get("city", "/open311/v2/requests.json").await.says_not("attributes");
        let definition = json(&village.get("city", "/open311/v2/services/lift.json").await);
        assert_eq!((&definition["attributes"][0]["order"], &definition["attributes"][0]["required"]), (&1.into(), &true.into()));
    }

    async fn what_became_of_requests_is_told_and_programs_add_words_but_close_nothing(db) {
        let village = Village::on(db).await;
        files(&village, "description=x").await;
        let page = "/say/requests/shiliu-1";
        let act = async |who: &str, deed: &str, fields: &[(&str, &str)]| village.fill(who, page, &format!("{page}/{deed}"), fields).await;
        village.wait(Moment::minutes(1));
        act("property", "accept", &[]).await;
        village.wait(Moment::minutes(1));
        act("property", "note", &[("words", "下午来修"), ("public", "1")]).await;
        act("property", "note", &[("words", "钥匙在门卫")]).await;
        let path = "/open311/v2/servicerequestupdates.json";
        let updates = async || json(&village.get("city", path).await).as_array().unwrap().clone();
        let told = updates().await;
        let statuses: Vec<&str> = told.iter().map(|one| one["status"].as_str().unwrap()).collect();
        assert_eq!(statuses, ["IN_PROGRESS", "OPEN"]);
        assert_eq!((&told[1]["description"], &told[1]["service_request_id"]), (&"下午来修".into(), &"shiliu-1".into()));
        village.get("city", "/open311/v2/requests/shiliu-1.json").await.says("\"status_notes\":\"下午来修\"");
        let add = async |more: &str| village.plain_form("city", path, &format!("{KEY}&service_request_id=shiliu-1&{more}")).await;
        let first = add("update_id=7&status=OPEN&description=Call+13800000000").await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
        let id = json(&first)[0]["update_id"].as_str().unwrap().to_owned();
        village.wait(Moment::days(20));
        assert_eq!(add("update_id=7&status=OPEN&description=Call+13800000000").await.body, first.body);
        is_wrong(&add("update_id=7&description=other").await, 409, "json", "another text");
        for status in ["CLOSED", "FIXED", "REOPEN", "NO_FURTHER_ACTION", "DUPLICATE"] {
            is_wrong(&add(&format!("update_id=8&status={status}&description=y")).await, 403, "json", status);
        }
        is_wrong(&add("update_id=8&status=DONE&description=y").await, 400, "json", "status");
        is_wrong(&add("update_id=8").await, 400, "json", "no words");
        is_wrong(&add("description=y").await, 400, "json", "no update_id");
        is_wrong(&village.plain_form("city", path, "update_id=1").await, 403, "json", "no key");
        is_wrong(&village.plain_form("city", path, &format!("{KEY}&service_request_id=shiliu-9&update_id=1&description=y")).await, 404, "json", "unknown request");
        let told = updates().await;
        assert_eq!((told.len(), &told[2]["update_id"], &told[2]["description"]), (3, &id.into(), &"Call 138****".into()));
        village.get("stranger", page).await.says("别的系统转来一句话").says("Call 138****").says_not("13800000000");
        village.get("property", page).await.says("13800000000");
        act("property", "report", &[("outcome", "solved"), ("words", "好了")]).await;
        village.wait(Moment::days(30));
        crate::chores::round(&village.app).await.unwrap();
        let told = updates().await;
        assert_eq!(told.last().unwrap()["status"], "CLOSED");
        is_wrong(&add("update_id=9&status=REOPEN&description=y").await, 403, "json", "reopening");
        assert_eq!(add("update_id=9&status=CLOSED&description=y").await.status, StatusCode::CREATED);
        let xml = village.get("city", "/open311/v2/shiliu/servicerequestupdates.xml?page_size=1").await;
        xml.says("<service_request_updates><request_update><update_id>");
        assert!(xml.header("link").contains("/open311/v2/shiliu/servicerequestupdates.xml?"), "{}", xml.header("link"));
        let (mut seen, mut next) = (Vec::new(), format!("{path}?page_size=2"));
        while !next.is_empty() {
            let page = village.get("city", &next).await;
            seen.extend(json(&page).as_array().unwrap().iter().map(|one| one["update_id"].clone()));
            next = page.header("link").split(['<', '>']).nth(1).unwrap_or_default().replace("http://mulin.example", "");
        }
        assert_eq!(seen, updates().await.iter().map(|one| one["update_id"].clone()).collect::<Vec<_>>());
    }

    async fn all_of_a_compound_is_one_sheet(db) {
        let village = Village::on(db).await;
        files(&village, "description=%22a%2C%22%0Ab").await;
        let sheet = village.get("city", "/open311/v2/shiliu/requests.csv").await;
        assert_eq!(sheet.header("content-type"), "text/csv; charset=utf-8");
        let mut read = csv::Reader::from_reader(sheet.body.as_bytes());
        assert_eq!(read.headers().unwrap().len(), 14);
        let lines: Vec<csv::StringRecord> = read.records().map(Result::unwrap).collect();
        assert_eq!((lines.len(), &lines[0][0], &lines[0][9], &lines[0][4]), (1, "shiliu-1", "\"a,\"\nb", "open"));
    }

    async fn every_statement_of_what_was_sent_can_be_prepared(db) {
        for sql in crate::say::requests::open311::store::STATEMENTS {
            db.prepare(sql).await.unwrap();
        }
    }
}

on_both! { &crate::migrations();
    async fn a_program_with_a_token_of_its_own_files_where_it_is_at_home(db) {
        let village = Village::on(db).await;
        next_door(&village).await;
        let make = async |key: &str, scopes: &[&str]| {
            let body = serde_json::json!({ "name": key, "scopes": scopes, "days": 30, "office": "property", "at": "shiliu" }).to_string();
            let made = village.json("community", "POST", "/api/v1/integrations", key, &body).await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
            let made: Value = serde_json::from_str(&made.text()).unwrap();
            (made["id"].as_str().unwrap().to_owned(), made["token"].as_str().unwrap().to_owned())
        };
        let (id, writes) = make("integration-that-writes", &["requests:write"]).await;
        let (_, reads) = make("integration-that-reads", &["requests:read"]).await;
        let post = async |token: &str, place: &str| {
            let (compound, _) = place.split_once('/').unwrap_or((place, ""));
            let body = format!("api_key={token}&jurisdiction_id={compound}&service_code=leak&address_id={place}&description=x");
            village.plain_form("city", &format!("{BASE}/requests.json"), &body).await
        };
        let first = post(&writes, "shiliu/1").await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        assert_eq!(post(&writes, "shiliu/1").await.text(), first.text(), "a retry");
        is_wrong(&post(&writes, "jinxiu").await, 403, "json", "a token from elsewhere");
        is_wrong(&post(&reads, "shiliu/1").await, 403, "json", "a token that may only read");
        let ended = village.json("community", "POST", &format!("/api/v1/integrations/{id}/end"), "end-of-integration", "{}").await;
        assert_eq!(ended.status, StatusCode::OK);
        is_wrong(&post(&writes, "shiliu/2").await, 403, "json", "a token that was ended");
    }
}
