//! Stories of my data.

use crate::holds::store::left;
use crate::village::{RED, Village};
use axum::http::StatusCode;
use commons::kept::Consent;
use commons::kept::store as kept;
use commons::people::store as people;
use kit::media::{MediaKey, Size};
use kit::time::Moment;
use kit::{Uuid, on_both};
use serde_json::json;

const HERE: &str = "/me/data";
const NAME: &str = "欧阳石榴子";
const PHONE: &str = "13912345678";
const MAIL: &str = "ouyang@mail.example";
const SECRET: &str = "夜里总有人在三楼吵架";

/// Everything a person leaves behind in a life here; gives their numbers and the code of the public matter.
async fn live(village: &Village) -> (Uuid, Uuid, String) {
    let renamed = [("name", NAME), ("name_en", "Ouyang Shiliuzi")];
    village.fill("granny", HERE, "/me/data/name", &renamed).await;
    let new = "/say/requests/new?at=shiliu/1";
    let open = format!("三楼声控灯不亮了，我是{NAME}");
    let public = [("at", "shiliu/1"), ("words", open.as_str()), ("contact", PHONE), ("file:photo", RED)];
    let said = village.fill("granny", new, "/say/requests", &public).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text());
    let private = format!("{SECRET}，打我电话{PHONE}");
    let private = [("at", "shiliu/1"), ("words", private.as_str()), ("private", "1"), ("file:photo", RED)];
    let said = village.fill("granny", new, "/say/requests", &private).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text());
    let told = [("mine", "1"), ("mail", MAIL), ("from", "22:00"), ("to", "07:00")];
    village.forge("granny", "/me/notices", &told).await;
    let more = json!({ "words": format!("还是我，{NAME}") });
    village.call("granny", "/api/v1/requests/shiliu-1/add", "more", &more).await.answers(200);
    village.listeners().await;
    let (account, _) = people::account(&village.app.db, "granny").await.unwrap().unwrap();
    let actor = people::actor(&village.app.db, account, village.app.clock.now()).await.unwrap();
    (account.0, actor.persons[0].id.0, "shiliu-1".to_owned())
}

/// How many times the bytes of some words stand in the files of a SQLite database.
fn on_disk(folder: &std::path::Path, words: &[&str]) -> usize {
    let times = |bytes: &[u8], word: &str| bytes.windows(word.len()).filter(|piece| *piece == word.as_bytes()).count();
    let files = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files.map(|bytes| words.iter().map(|word| times(&bytes, word)).sum::<usize>()).sum()
}

#[tokio::test]
async fn of_somebody_who_is_erased_no_byte_stays_in_free_pages_or_the_log() {
    let fresh = kit::db::testing::fresh(kit::db::Dialect::Sqlite, &crate::migrations()).await.unwrap();
    let village = Village::on(fresh.db.clone()).await;
    live(&village).await;
    assert!(on_disk(fresh.folder(), &[NAME, SECRET]) > 0, "the scan finds what is there");
    village.call("granny", "/api/v1/me/data/erase", "all", &json!({ "sure": true, "words": true })).await.answers(200);
    assert_eq!(on_disk(fresh.folder(), &[NAME]), 0, "at once");
    village.listeners().await;
    village.wait(Moment::minutes(2));
    village.listeners().await;
    assert_eq!(on_disk(fresh.folder(), &[NAME, "Ouyang Shiliuzi", SECRET]), 0);
}

#[tokio::test]
async fn of_a_matter_that_is_erased_or_covered_no_byte_stays_in_the_search_or_the_log() {
    let fresh = kit::db::testing::fresh(kit::db::Dialect::Sqlite, &crate::migrations()).await.unwrap();
    let village = Village::on(fresh.db.clone()).await;
    // Single Chinese pairs are everywhere; a word of letters stands in the index as itself, in small ones.
    for (words, key) in
        [("Zyxwtraun 在三楼", "first-0123456789abcdef"), ("Qvorbelin 在四楼", "second-0123456789abcdef")]
    {
        let said = json!({ "place": "shiliu/1", "words": words });
        village.call("granny", "/api/v1/requests", key, &said).await.answers(201);
    }
    village.listeners().await;
    assert!(on_disk(fresh.folder(), &["zyxwtraun"]) > 0 && on_disk(fresh.folder(), &["qvorbelin"]) > 0);
    village.call("granny", "/api/v1/requests/shiliu-1/erase", "gone", &json!({})).await.answers(200);
    village
        .call("granny", "/api/v1/requests/shiliu-2/hide", "hidden", &json!({ "pieces": ["Qvorbelin"] }))
        .await
        .answers(200);
    village.wait(Moment::minutes(2));
    village.listeners().await;
    assert_eq!(on_disk(fresh.folder(), &["zyxwtraun", "Zyxwtraun"]), 0, "erased");
    assert_eq!(on_disk(fresh.folder(), &["qvorbelin", "Qvorbelin"]), 0, "covered");
}

on_both! { &crate::migrations();
    async fn somebody_sees_all_that_is_kept_takes_it_along_and_corrects_it(db) {
        let village = Village::by_mail(db).await;
        let (.., code) = live(&village).await;
        let contact = village.fill("property", &format!("/say/requests/{code}"), &format!("/say/requests/{code}/contact"), &[]).await;
        assert!(contact.status.is_success() || contact.status.is_redirection(), "{} {}", contact.status, contact.text());
        village.get("captain", "/office/homes/one?at=shiliu/1/1/301").await.says(NAME);
        village.get("captain", "/say/requests/shiliu-2").await.says(SECRET);
        let page = village.get("granny", HERE).await;
        page.says("打开了不公开的 shiliu-2").says("我的数据").says(NAME).says(&format!("看了 {code} 的联系方式")).says("物业").says("楼栋长").says("往我的邮箱发信");
        let told = village.get("granny", "/api/v1/me/data").await.answers(200);
        let text = told.to_string();
        for word in [NAME, PHONE, MAIL, SECRET] {
            assert!(text.contains(word), "{word} is not in the export");
        }
        let person = &told["persons"][0];
        assert_eq!(person["photos"].as_array().map(Vec::len), Some(2));
        assert_eq!(person["requests"].as_array().map(Vec::len), Some(2));
        let zip = village.get("granny", "/me/data/export.zip").await;
        assert_eq!((zip.status, zip.header("content-type").as_str()), (StatusCode::OK, "application/zip"));
        village.get("granny", "/me/data/export.json").await.says("mulin-my-data-1");
        // Nobody else's, and nobody's who is not there.
        let other = village.get("tenant", "/api/v1/me/data").await.answers(200).to_string();
        assert!(!other.contains(NAME) && !other.contains(SECRET));
        village.get("nobody", "/api/v1/me/data").await.refuses(401, "account/sign-in-first");
        let wrong = village.fill("granny", HERE, "/me/data/name", &[("name", ""), ("name_en", "")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("名字要 1 到 40 个字");
    }

    async fn a_consent_is_taken_back_by_one_button_and_nothing_else_changes(db) {
        let village = Village::by_mail(db).await;
        live(&village).await;
        let before = village.get("granny", "/api/v1/me/data").await.answers(200);
        assert_eq!(before["persons"][0]["letters"][0]["mail"], MAIL);
        let done = village.fill("granny", HERE, "/me/data/withdraw", &[("consent", "mail")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        let mut after = village.get("granny", "/api/v1/me/data").await.answers(200);
        assert_eq!(after["persons"][0]["letters"][0]["mail"], json!(null));
        assert_eq!(after["persons"][0]["deliveries"], json!([]), "no letter waits any more");
        for same in ["requests", "words", "memberships", "notices", "photos"] {
            assert_eq!(after["persons"][0][same].take(), before["persons"][0][same], "{same}");
        }
        village.get("granny", HERE).await.says_not("往我的邮箱发信");
        village.call("granny", "/api/v1/me/data/withdraw", "none", &json!({ "consent": "tracks" })).await.refuses(422, "data/consent");
    }

    async fn each_of_six_consents_is_taken_back_in_one_step_and_the_others_stay(db) {
        let village = Village::by_mail(db).await;
        live(&village).await;
        let calls = async |path: &str, key: &str, body: serde_json::Value| {
            let seen = village.call("captain", path, key, &body).await;
            assert!(seen.status.is_success(), "{path}: {}", seen.body);
        };
        let wish = json!({ "mine": true, "held": true, "followed": true, "mail": MAIL, "from": "22:00", "to": "07:00" });
        calls("/api/v1/me/wishes", "wish", wish).await;
        calls("/api/v1/subscriptions", "follow", json!({ "case": "shiliu-1", "pace": "instant" })).await;
        calls("/api/v1/captains/card", "card", json!({ "at": "shiliu/1", "office": "captain", "phone": PHONE })).await;
        let ready = json!({ "compound": "shiliu", "weekdays": [2], "month_max": 4, "rest_days": 1, "named": true });
        calls("/api/v1/roster/ready", "ready", ready).await;
        calls("/api/v1/captains/join", "join", json!({ "at": "shiliu/1", "duty": "talks" })).await;
        let given = async || {
            let page = village.get("captain", HERE).await.text();
            let words = |one: &Consent| crate::words::t(kit::i18n::Lang::Zh, &format!("consent-{}", one.name()));
            Consent::ALL.iter().copied().filter(|one| page.contains(&*words(one))).collect::<Vec<_>>()
        };
        // Standing in is told with its own story.
        let mut left: Vec<Consent> = Consent::ALL.iter().copied().filter(|one| *one != Consent::Standing).collect();
        assert_eq!(given().await, left);
        // Being named is part of being planned, so it goes first.
        while let Some(one) = left.first().copied() {
            let body = json!({ "consent": one });
            village.call("captain", "/api/v1/me/data/withdraw", one.name(), &body).await.answers(200);
            left.remove(0);
            assert_eq!(given().await, left, "{}", one.name());
        }
    }

    async fn erasing_leaves_no_word_of_them_in_any_table_nor_on_the_shelf_nor_in_the_search(db) {
        let village = Village::by_mail(db).await;
        let (account, person, code) = live(&village).await;
        let words = [NAME, "Ouyang", PHONE, MAIL, SECRET];
        assert!(left(&village.app.db, &words, &[account, person]).await.len() > 5, "the scan finds what is there");
        village.get("granny", "/me/data/erase").await.says("业主").says("不再是这一户的人");
        let unsure = village.fill("granny", "/me/data/erase", "/me/data/erase", &[]).await;
        assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
        let pictures = village.get("granny", "/api/v1/me/data").await.answers(200)["persons"][0]["photos"].clone();
        let erased = village.fill("granny", "/me/data/erase", "/me/data/erase", &[("sure", "1")]).await;
        assert_eq!((erased.status, erased.location.as_str()), (StatusCode::SEE_OTHER, "/me/data/erased"));
        assert_eq!(erased.header("clear-site-data"), "\"cache\", \"storage\"");
        village.get("granny", "/me/data/erased").await.says("已经抹掉了");
        assert_eq!(left(&village.app.db, &words, &[account, person]).await, Vec::<String>::new());
        // One request was enough: the bytes are gone before any job has run.
        let (tenant, _) = commons::place::store::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
        let mut lying = Vec::new();
        for one in pictures.as_array().unwrap() {
            let id = one["file"].as_str().unwrap().parse().unwrap();
            let bytes = village.app.media.get(MediaKey { tenant: tenant.0, id }, Size::Full).await.unwrap();
            lying.extend(bytes.map(|_| one["code"].clone()));
        }
        assert_eq!(lying, [json!(code)], "the picture that everybody saw stays, the private one is gone");
        village.listeners().await;
        village.get("tenant", &format!("/say/requests/{code}")).await.says("三楼声控灯不亮了").says("****").says_not(NAME);
        assert_eq!(village.get("community", "/search?q=吵架").await.body.matches("shiliu-2").count(), 0);
        let findings = crate::keep::check::run(&village.app).await.unwrap();
        assert_eq!(findings, [], "the house agrees with itself");
        // The session is over, and the name can be taken by another.
        village.get("granny", "/me/homes").await.says("登录");
        let again = village.post("granny", "/me/data/erase", "x", "another-key-0123456", &[("sure", "1")]).await;
        assert_eq!((again.status, again.location.as_str()), (StatusCode::SEE_OTHER, "/me/data/erased"));
    }

    async fn with_the_tick_public_words_go_too(db) {
        let village = Village::on(db).await;
        let (account, person, code) = live(&village).await;
        village.call("granny", "/api/v1/me/data/erase", "all", &json!({ "sure": true, "words": true })).await.answers(200);
        let words = [NAME, SECRET, "声控灯不亮"];
        assert_eq!(left(&village.app.db, &words, &[account, person]).await, Vec::<String>::new());
        village.get("tenant", &format!("/say/requests/{code}")).await.says_not("声控灯不亮");
        assert_eq!(crate::keep::check::run(&village.app).await.unwrap(), []);
    }

    async fn sixteen_presses_at_once_erase_once(db) {
        let village = Village::on(db).await;
        live(&village).await;
        let page = village.get("granny", "/me/data/erase").await;
        let csrf = page.body.split("name=\"_csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let presses = (0..16).map(|_| village.post("granny", "/me/data/erase", &csrf, "one-key-of-sixteen", &[("sure", "1")]));
        for seen in futures_util::future::join_all(presses).await {
            assert_eq!((seen.status, seen.location.as_str()), (StatusCode::SEE_OTHER, "/me/data/erased"), "{}", seen.text());
        }
        let (tenant, _) = commons::place::store::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
        let erased = kept::erased_count(&village.app.db, tenant).await.unwrap();
        assert_eq!(erased, 1);
    }

    async fn an_office_is_not_orphaned_and_the_last_keeper_hands_over_first(db) {
        let village = Village::on(db).await;
        village.get("captain", "/me/data/erase").await.says("由社区指定接任");
        village.call("captain", "/api/v1/me/data/erase", "captain", &json!({ "sure": true })).await.answers(200);
        village.get("community", "/me").await.says("1号楼有个职务空出来了");
        let refused = village.fill("community", "/me/data/erase", "/me/data/erase", &[("sure", "1")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        refused.says("第四十七条").says("最后一位");
        village.get("community", HERE).await.says("我的数据");
    }
}

on_both! { &crate::migrations();
    async fn what_is_over_goes_by_itself_and_the_check_names_what_did_not(db) {
        let village = Village::by_mail(db).await;
        live(&village).await;
        let joined = [("building", "shiliu/1"), ("entrance", "1"), ("room", "301"), ("as", "tenant"), ("name", "新来的"), ("login", "newcomer"),
            ("password", "石榴园的春天很长")];
        let asked = village.fill("newcomer", "/sign-in/join?within=shiliu", "/sign-in/join", &joined).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
        let page = village.get("granny", "/me").await;
        assert!(page.status.is_success());
        village.fill("captain", "/me", "/me", &[]).await;
        village.wait(Moment::days(200));
        let overdue = crate::keep::check::run(&village.app).await.unwrap();
        let named: Vec<&str> = overdue.iter().filter_map(|one| one.what.strip_prefix("overdue-to-remove: ")).collect();
        assert!(named.contains(&"sessions-idle") && named.contains(&"request-keys"), "{named:?}");
        crate::chores::round(&village.app).await.unwrap();
        crate::chores::round(&village.app).await.unwrap();
        let left = crate::keep::check::run(&village.app).await.unwrap();
        assert_eq!(left.iter().filter(|one| one.what.starts_with("overdue")).count(), 0, "{left:?}");
        if people::account(&village.app.db, "newcomer").await.unwrap().is_some() {
            panic!("an account that nobody verified and nobody used is gone");
        }
        assert!(people::account(&village.app.db, "granny").await.unwrap().is_some(), "who lives here stays");
        village.get("nobody", "/about/data").await.says("没再用的登录").says("30 天");
        village.get("nobody", "/about/who").await.says("业委会").says("民法典第278条");
    }

    async fn the_page_about_data_says_who_else_gets_some_by_what_is_set(db) {
        let village = Village::on(db).await;
        village.get("nobody", "/about/data").await.says("不给别的公司。").says_not("还有谁收到什么");
        let body = r#"{"name":"工单系统","scopes":["requests:read"],"days":365,"office":"property","at":"shiliu"}"#;
        let made = village.json("community", "POST", "/api/v1/integrations", "key-of-an-integration", body).await;
        assert!(made.status.is_success(), "{}", made.body);
        let page = village.get("nobody", "/about/data").await;
        page.says_not("不给别的公司。").says("还有谁收到什么").says("接进来的程序").says_not("发短信的公司");
    }

    async fn where_letters_go_out_the_page_about_data_names_the_mail_server(db) {
        let village = Village::by_mail(db).await;
        village.get("nobody", "/about/data").await.says_not("不给别的公司。").says("发信的邮件服务器").says_not("工作群");
    }
}

#[test]
fn everything_that_is_told_by_its_name_has_words() {
    let kinds = commons::kept::Kind::ALL
        .iter()
        .flat_map(|kind| ["", "-what", "-why", "-until"].map(|of| format!("kept-{}{of}", kind.name())));
    let consents = commons::kept::Consent::ALL.iter().map(|consent| format!("consent-{}", consent.name()));
    let parts = kept::PARTS.iter().map(|part| format!("data-part-{}", part.name.replace('_', "-")));
    let timers = kept::timers::TIMERS.iter().flat_map(|one| ["", "-why"].map(|of| format!("timer-{}{of}", one.name)));
    let all = kinds.chain(consents).chain(parts).chain(timers);
    let missing: Vec<String> = all.filter(|key| !crate::words::words().has(kit::i18n::Lang::Zh, key)).collect();
    assert_eq!(missing, Vec::<String>::new());
}
