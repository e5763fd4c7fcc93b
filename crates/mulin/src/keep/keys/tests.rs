//! Stories of keys that change under a house that goes on.

use super::*;
use crate::village::{Village, parts_on};
use kit::db::Value;
use kit::db::snapshot::Snapshot;
use kit::on_both;
use serde_json::json;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

const PHONE: &str = "13912345678";
const MAIL: &str = "lin@mail.example";
/// Whoever owns a home, walks in and borrows a key.
const OWNER: &str = "欧阳石榴子";
/// Where one of them lies sealed.
const LYING: [&str; 8] = [
    "delivery.content",
    "key_loan.who",
    "own_phone.phone",
    "preference.mail",
    "request.contact",
    "seat_card.phone",
    "unit_owner.name",
    "walk_in.who",
];

/// A village whose contacts hang on a ring, and the folder of it.
async fn village(db: kit::db::Db) -> (Village, PathBuf) {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = format!("mulin_keys_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let ring = folder.join("elsewhere.keys");
    let mut parts = parts_on(db, true);
    parts.secrets = parts.secrets.on_ring(&ring, parts.clock.now()).unwrap();
    parts.config.public_url = Some("http://mulin.example".into());
    parts.mail = Some(kit::mail::Mailer::open("smtp://127.0.0.1:1", None, "睦邻 <mulin@mulin.example>").unwrap());
    (Village::of(App::new(parts)).await, ring)
}

async fn say(village: &Village, n: usize) {
    let new = "/say/requests/new?at=shiliu/1";
    let words = format!("第{n}件事：三楼的灯不亮了");
    let said = [("at", "shiliu/1"), ("words", words.as_str()), ("contact", PHONE)];
    village.fill("granny", new, "/say/requests", &said).await;
}

/// Every way in which a number or a name gets here: with a matter, at the desk, on a board, as one's own, in the register.
async fn live(village: &Village) {
    for n in 0..3 {
        say(village, n).await;
    }
    let calls = async |who: &str, path: &str, key: &str, body: serde_json::Value| {
        let seen = village.call(who, path, key, &body).await;
        assert!(seen.status.is_success(), "{path}: {}", seen.body);
    };
    let came = json!({ "compound": "shiliu", "about": "问电梯的事", "became": "later", "name": OWNER, "phone": PHONE });
    calls("community", "/api/v1/hub/desk/take-in", "came", came).await;
    calls("community", "/api/v1/hub/desk/key", "key", json!({ "compound": "shiliu", "name": "二楼活动室" })).await;
    let keys = village.get("community", "/api/v1/hub/desk/keys?compound=shiliu").await.json();
    let lent = json!({ "compound": "shiliu", "id": keys["keys"][0]["id"], "name": OWNER, "phone": PHONE,
        "until": "2026-12-01T12:00" });
    calls("community", "/api/v1/hub/desk/lend", "lend", lent).await;
    let card = json!({ "at": "shiliu/1", "office": "captain", "phone": PHONE });
    calls("captain", "/api/v1/captains/card", "card", card).await;
    let unit = json!({ "code": "1-101", "kind": "home", "area_m2": "88.50", "owners": [{ "name": OWNER }] });
    calls("committee", "/api/v1/register/units", "unit", unit).await;
    let app = &village.app;
    let (account, _) = commons::people::store::account(&app.db, "granny").await.unwrap().unwrap();
    let context = app.context();
    let given = app.db.transact(&context, |tx| {
        Box::pin(async move { commons::people::phone::store::give(tx, &app.secrets, account, PHONE).await })
    });
    given.await.unwrap();
    let told = [("mine", "1"), ("mail", MAIL), ("from", "22:00"), ("to", "07:00")];
    village.forge("granny", "/me/notices", &told).await;
}

/// Every value of every table for which `wanted` is true, as `table.column`.
async fn where_is(mut look: Snapshot, wanted: impl Fn(&[u8]) -> bool + Send + Sync) -> Vec<String> {
    let mut found = Vec::new();
    for table in look.tables().await.unwrap() {
        if table.columns.iter().any(|column| column.kind.is_none()) {
            continue;
        }
        let mut here = Vec::new();
        look.rows(&table, &mut |row| {
            for (column, value) in table.columns.iter().zip(&row) {
                let bytes = match value {
                    Value::Text(text) => text.as_bytes(),
                    Value::Blob(bytes) => bytes,
                    _ => continue,
                };
                if wanted(bytes) {
                    here.push(format!("{}.{}", table.name, column.name));
                }
            }
            Ok(())
        })
        .await
        .unwrap();
        found.extend(here);
    }
    found.sort();
    found.dedup();
    found
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|part| part == word.as_bytes())
}

on_both! { &crate::migrations();
    async fn no_telephone_number_and_no_mail_address_lies_open_in_the_database(db) {
        let (village, _) = village(db).await;
        live(&village).await;
        let found = where_is(village.app.db.snapshot().await.unwrap(), |bytes| {
            [PHONE, MAIL, OWNER].iter().any(|word| holds(bytes, word))
        }).await;
        assert_eq!(found, Vec::<String>::new());
        let hidden = where_is(village.app.db.snapshot().await.unwrap(), |bytes| {
            kit::secrets::Secrets::key_of(bytes).is_some() && bytes.len() > 40
        });
        let listed: Vec<String> = SEALED.iter().map(|of| format!("{}.{}", of.table, of.column)).collect();
        let hidden = hidden.await;
        for place in LYING {
            assert!(hidden.contains(&place.to_owned()), "{place} not in {hidden:?}");
        }
        let lost: Vec<_> = hidden.iter().filter(|place| !listed.contains(place)).collect();
        assert!(lost.is_empty(), "sealed, and never sealed anew: {lost:?}");
    }

    async fn keys_change_while_the_house_is_open_and_the_old_one_goes_when_nothing_needs_it(db) {
        let (village, ring) = village(db).await;
        live(&village).await;
        let old: KeyId = village.app.secrets.ring().unwrap().keys()[0].id;
        // Another program turns the ring; this house has not looked yet and goes on.
        let mut parts = parts_on(village.app.db.clone(), true);
        parts.secrets = parts.secrets.on_ring(&ring, parts.clock.now()).unwrap();
        let command = App::new(parts);
        let done = rotate(&command).await.unwrap();
        assert!(done.anew >= 4, "{done:?}");
        assert_eq!((done.unreadable, done.forgotten, done.keys), (0, 0, 2));
        say(&village, 7).await;
        let with_old = |bytes: &[u8]| kit::secrets::Secrets::key_of(bytes) == Some(old);
        assert!(!where_is(command.db.snapshot().await.unwrap(), with_old).await.is_empty(), "sealed by the house meanwhile");
        let told = village.get("granny", "/api/v1/me/data").await.answers(200).to_string();
        assert!(told.contains(PHONE) && told.contains(MAIL), "both keys read");
        // The chore of the house looks into the ring, does the rest, and forgets the old key a day later.
        crate::chores::round(&village.app).await.unwrap();
        assert_eq!(where_is(command.db.snapshot().await.unwrap(), with_old).await, Vec::<String>::new());
        village.wait(Moment::days(2));
        crate::chores::round(&village.app).await.unwrap();
        assert_eq!(village.app.secrets.ring().unwrap().keys().len(), 1);
        assert!(village.app.secrets.ring().unwrap().keys()[0].id != old);
        let told = village.get("granny", "/api/v1/me/data").await.answers(200).to_string();
        assert!(told.contains(PHONE) && told.contains(MAIL), "nothing was lost");
    }

    async fn what_a_kill_cuts_off_goes_on_where_it_stood(db) {
        let (village, _) = village(db).await;
        live(&village).await;
        // Turned, and killed before one row was sealed anew.
        village.app.secrets.rotate(village.app.clock.now()).unwrap();
        let first = go_on(&village.app).await.unwrap();
        assert!(first.anew >= 4);
        assert_eq!(go_on(&village.app).await.unwrap().anew, 0, "a second time there is nothing to do");
        // What nothing opens is told and left alone.
        store::spoil(&village.app.db, &village.app.context()).await.unwrap();
        let spoilt = rotate(&village.app).await.unwrap();
        assert_eq!(spoilt.unreadable, 1);
        assert_eq!(crate::keep::check::run(&village.app).await.unwrap().len(), 1, "the check names it");
    }
}
