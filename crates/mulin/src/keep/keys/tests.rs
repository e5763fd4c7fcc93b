//! Stories of keys that change under a house that goes on.

use super::*;
use crate::village::{Village, parts_on};
use kit::db::Value;
use kit::db::snapshot::Snapshot;
use kit::on_both;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

const PHONE: &str = "13912345678";
const MAIL: &str = "lin@mail.example";

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

async fn live(village: &Village) {
    for n in 0..3 {
        say(village, n).await;
    }
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
        let found = where_is(village.app.db.snapshot().await.unwrap(), |bytes| holds(bytes, PHONE) || holds(bytes, MAIL)).await;
        assert_eq!(found, Vec::<String>::new());
        let hidden = where_is(village.app.db.snapshot().await.unwrap(), |bytes| {
            kit::secrets::Secrets::key_of(bytes).is_some() && bytes.len() > 40
        });
        let listed: Vec<String> = SEALED.iter().map(|of| format!("{}.{}", of.table, of.column)).collect();
        let hidden = hidden.await;
        assert!(hidden.contains(&"request.contact".to_owned()) && hidden.contains(&"preference.mail".to_owned()), "{hidden:?}");
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
