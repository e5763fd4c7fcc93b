//! The drill: a backup is taken while people go on, comes back whole into either database, and is refused when one bit of it is
//! not what it was.

use super::{DERIVED, SCHEMA, key, put_back, rows, take};
use crate::boot::{self, Settings};
use crate::demo;
use crate::keep::check;
use crate::say::requests::actions;
use crate::say::requests::model::{Draft, Hand, Kept};
use crate::say::requests::pages::spot;
use commons::case::{CaseId, Channel};
use commons::people::Actor;
use commons::place::{PlaceKind, store as places};
use kit::db::Dialect;
use kit::db::testing::{POSTGRES, schema};
use kit::media::{MediaKey, Size};
use kit::on_both;
use kit::secrets::Secrets;
use kit::secrets::stream::StreamKey;
use kit::web::App;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

static COUNT: AtomicU64 = AtomicU64::new(0);

/// A name that nobody else has, and a folder with it that goes when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let name = format!("mulin_keep_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A house in `data` whose tables lie in the folder, or in a schema of their own on the server.
async fn settings(data: PathBuf, postgres: bool) -> Option<Settings> {
    let database = match (postgres, std::env::var(POSTGRES)) {
        (false, _) => None,
        (true, Ok(server)) => {
            let name = format!("mulin_keep_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
            Some(schema(&server, &name).await)
        }
        (true, Err(_)) => return None,
    };
    Some(Settings { data, database, demo: true, ..Settings::default() })
}

/// Says something at a building, with a picture on request; acknowledged when this returns.
pub async fn say(app: &App, words: &str, with_photo: bool) -> (CaseId, Vec<MediaKey>) {
    let tenant = places::tenants(&app.db).await.unwrap();
    let tenant = tenant.iter().find(|tenant| tenant.code == "liuhua").unwrap().id;
    let place = places::of_kind(&app.db, tenant, PlaceKind::Building).await.unwrap().remove(0);
    let spot = &spot(app, place).await.unwrap();
    let mut photos: Vec<Kept> = Vec::new();
    if with_photo {
        photos.push(
            crate::say::requests::pages::keep_bytes(app, tenant, hex::decode(crate::village::RED).unwrap().into())
                .await
                .unwrap(),
        );
    }
    let draft = &Draft {
        words: words.to_owned(),
        category: None,
        private: false,
        contact: Some("13900001234".into()),
        for_caller: false,
        channel: Channel::Web,
        more: Default::default(),
    };
    let (nobody, kept) = (&Actor::default(), &photos);
    let context = app.context();
    let id = loop {
        let case = app.db.transact(&context, |tx| {
            Box::pin(async move { actions::file(tx, &app.secrets, Hand::of(nobody), spot, draft, kept).await })
        });
        match case.await {
            // Others number their words in the same compound; whoever hears that does it again.
            Err(kit::Error::Unavailable(why)) if why.contains("please try again") => {}
            said => break said.unwrap().id,
        }
    };
    (id, photos.iter().map(|kept: &Kept| MediaKey { tenant: tenant.0, id: kept.id.0 }).collect())
}

/// Rows and digest of every table but those of the schema itself; what is derived is there too, where both engines know it.
async fn sums(app: &App) -> BTreeMap<String, rows::Sum> {
    let mut look = app.db.snapshot().await.unwrap();
    let mut all = BTreeMap::new();
    for mut table in look.tables().await.unwrap() {
        if table.name == SCHEMA {
            continue;
        }
        table.columns.retain(|column| column.kind.is_some());
        let mut adding = rows::Adding::default();
        look.rows(&table, &mut |row| {
            adding.add(&rows::line(&row));
            Ok(())
        })
        .await
        .unwrap();
        all.insert(table.name, adding.sum());
    }
    all
}

async fn there(app: &App, case: CaseId) -> bool {
    let tenants = places::tenants(&app.db).await.unwrap();
    let tenant = tenants.iter().find(|tenant| tenant.code == "liuhua").unwrap().id;
    let context = app.context();
    let found = app
        .db
        .transact(&context, |tx| Box::pin(async move { commons::case::store::find(tx, tenant, case).await.map(drop) }));
    found.await.is_ok()
}

async fn sound(app: &App) {
    assert_eq!(check::run(app).await.unwrap(), []);
}

/// The whole drill from one kind of database into another.
async fn drill(from_postgres: bool, to_postgres: bool, key: Option<StreamKey>) {
    let folder = Folder::new();
    let (Some(old), Some(new)) =
        (settings(folder.at("old"), from_postgres).await, settings(folder.at("new"), to_postgres).await)
    else {
        return;
    };
    let app = boot::open(&old).await.unwrap();
    demo::pour(&app, 25).await.unwrap();
    let mut acknowledged = Vec::new();
    for n in 0..5 {
        acknowledged.push(say(&app, &format!("走廊的灯第{n}次坏了"), true).await);
    }
    let done = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (app, done) = (app.clone(), done.clone());
            tokio::spawn(async move {
                let mut written = 0;
                // At least thirty each, and on until the backup is taken.
                while written < 30 || !done.load(Ordering::SeqCst) {
                    say(&app, &format!("{writer}号写的第{written}件事"), false).await;
                    written += 1;
                }
                written
            })
        })
        .collect();
    let taken = take(&app, &folder.at("kept"), key.as_ref()).await.unwrap();
    done.store(true, Ordering::SeqCst);
    let mut written = 0;
    for writer in writers {
        written += writer.await.unwrap();
    }
    assert!(written >= 100 && taken.pictures == 10 && taken.pictures_missing == 0, "{written} {taken:?}");

    let restored = put_back(&folder.at("kept"), &new, key.as_ref()).await.unwrap();
    assert_eq!((restored.rows, restored.pictures, restored.secret), (taken.rows, 10, true));
    let again = boot::open(&new).await.unwrap();
    sound(&again).await;
    for (case, pictures) in &acknowledged {
        assert!(there(&again, *case).await, "{case} was acknowledged before the backup began");
        for picture in pictures {
            for size in [Size::Full, Size::Thumb] {
                let (was, is) =
                    (app.media.get(*picture, size).await.unwrap(), again.media.get(*picture, size).await.unwrap());
                assert!(was.is_some() && was == is, "the picture of {case} byte for byte");
            }
        }
    }
    let (was, is) = (sums(&app).await, sums(&again).await);
    assert!(is["request"].rows >= 25 + 5 && is["request"].rows <= was["request"].rows);

    // Now that all is quiet: the same once more, table by table.
    let third = folder.at("third");
    let quiet = settings(third, to_postgres).await.unwrap();
    take(&app, &folder.at("quiet"), key.as_ref()).await.unwrap();
    put_back(&folder.at("quiet"), &quiet, key.as_ref()).await.unwrap();
    let still = boot::open(&quiet).await.unwrap();
    assert_eq!(sums(&still).await, was);
    sound(&still).await;
    // What is there already is not written over.
    assert!(take(&app, &folder.at("kept"), None).await.is_err());
    assert!(put_back(&folder.at("quiet"), &quiet, key.as_ref()).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drill_on_sqlite() {
    drill(false, false, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drill_on_postgres() {
    drill(true, true, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drill_from_sqlite_to_postgres_sealed() {
    drill(false, true, Some(StreamKey::parse("a key for this drill").unwrap())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drill_from_postgres_to_sqlite() {
    drill(true, false, None).await;
}

/// Small, whole and taken on SQLite; what it holds is planted.
async fn kept(folder: &Folder, key: Option<&StreamKey>) -> PathBuf {
    let app = boot::open(&settings(folder.at("data"), false).await.unwrap()).await.unwrap();
    demo::pour(&app, 3).await.unwrap();
    say(&app, "石榴树下的秘密", true).await;
    let to = folder.at("kept");
    take(&app, &to, key).await.unwrap();
    to
}

fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// xorshift: the seed alone tells what was tried.
fn chance(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_damaged_backups_are_refused_and_nothing_is_written() {
    let seed = std::env::var("MULIN_TEST_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_124_u64);
    println!("MULIN_TEST_SEED={seed}");
    let folder = Folder::new();
    let sealing = StreamKey::parse("a key for this drill").unwrap();
    let open = kept(&folder, None).await;
    let other = Folder::new();
    let sealed = kept(&other, Some(&sealing)).await;
    let (bad, target) = (folder.at("bad"), Settings { data: folder.at("never"), ..Settings::default() });
    let refused = async |what: &str| {
        let told = put_back(&bad, &target, Some(&sealing)).await;
        assert!(told.is_err(), "seed {seed}: {what} was restored");
        assert!(!target.data.exists(), "seed {seed}: {what} left something");
    };
    let mut state = seed;
    for (from, times) in [(&open, 120), (&sealed, 80)] {
        copy(from, &bad);
        let mut names: Vec<PathBuf> = std::fs::read_dir(&bad).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        for _ in 0..times {
            // Every file as often as the others: the list is as dear as what it lists.
            let path = &names[(chance(&mut state) % names.len() as u64) as usize];
            let whole = std::fs::read(path).unwrap();
            let bit = chance(&mut state) % (whole.len() as u64 * 8);
            let mut bytes = whole.clone();
            bytes[(bit / 8) as usize] ^= 1 << (bit % 8);
            std::fs::write(path, bytes).unwrap();
            refused(&format!("bit {bit} of {}", path.display())).await;
            std::fs::write(path, whole).unwrap();
        }
        for path in &names {
            let whole = std::fs::read(path).unwrap();
            for length in [0, whole.len() / 2, whole.len() - 1] {
                std::fs::write(path, &whole[..length]).unwrap();
                refused(&format!("{} cut to {length}", path.display())).await;
            }
            std::fs::remove_file(path).unwrap();
            refused(&format!("one without {}", path.display())).await;
            std::fs::write(path, [&whole[..], b"\n"].concat()).unwrap();
            refused(&format!("one with more in {}", path.display())).await;
            std::fs::write(path, whole).unwrap();
        }
        std::fs::write(bad.join("more"), b"").unwrap();
        refused("one with a file more").await;
        std::fs::remove_file(bad.join("more")).unwrap();
        put_back(&bad, &target, Some(&sealing)).await.unwrap();
        std::fs::remove_dir_all(&target.data).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_backup_shows_nothing_and_opens_to_its_key_alone() {
    let folder = Folder::new();
    let right = StreamKey::parse("the right key, kept elsewhere").unwrap();
    let to = kept(&folder, Some(&right)).await;
    let mut all = Vec::new();
    for entry in std::fs::read_dir(&to).unwrap() {
        let entry = entry.unwrap();
        all.extend_from_slice(entry.file_name().as_encoded_bytes());
        all.extend(std::fs::read(entry.path()).unwrap());
    }
    let secret = std::fs::read(folder.at("data").join("secret.key")).unwrap();
    for planted in ["石榴树下的秘密".as_bytes(), b"13900001234", b"tables/", b"-full.jpg", b"secret.key", &secret]
    {
        assert!(!all.windows(planted.len()).any(|some| some == planted), "{}", String::from_utf8_lossy(planted));
    }
    let target = Settings { data: folder.at("back"), ..Settings::default() };
    let wrong = StreamKey::parse("another key, just as long").unwrap();
    let told = put_back(&to, &target, Some(&wrong)).await.unwrap_err().to_string();
    assert!(told.contains("the key is not the one it was sealed with"), "{told}");
    let told = put_back(&to, &target, None).await.unwrap_err().to_string();
    assert!(told.contains("--key-file"), "{told}");
    assert!(!target.data.exists());
    put_back(&to, &target, Some(&right)).await.unwrap();
    assert_eq!(std::fs::read(folder.at("back").join("secret.key")).unwrap(), secret);
    let file = folder.at("key");
    std::fs::write(&file, "short").unwrap();
    assert!(key(Some(&file)).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_table_is_missed_and_the_tables_of_both_databases_are_the_same() {
    let folder = Folder::new();
    let mut seen = Vec::new();
    for postgres in [false, true] {
        let Some(settings) = settings(folder.at(if postgres { "p" } else { "s" }), postgres).await else { continue };
        let app = boot::open(&settings).await.unwrap();
        let mut raw = crate::keep::store::spoil::tables(&app.db).await.unwrap();
        // The full text of SQLite's search, and what it is made of; made anew with the documents.
        raw.retain(|name| !name.starts_with("search_text"));
        let tables = app.db.snapshot().await.unwrap().tables().await.unwrap();
        let kept = super::take::kept(tables);
        let mut known: Vec<String> = kept.iter().map(|table| table.name.clone()).collect();
        known.extend(DERIVED.iter().chain(&[SCHEMA]).map(|name| (*name).to_owned()));
        known.sort();
        raw.sort();
        assert_eq!(known, raw);
        assert!(kept.iter().all(|table| table.columns.iter().all(|column| column.kind.is_some())));
        seen.push(kept.iter().map(super::take::head_of).collect::<Vec<_>>());
    }
    assert!(seen.windows(2).all(|two| two[0] == two[1]), "the same tables, with the same columns in the same order");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_was_cut_off_is_no_house_and_can_be_run_again() {
    let folder = Folder::new();
    let to = kept(&folder, None).await;
    let target = Settings { data: folder.at("back"), ..Settings::default() };
    // As if it had been killed when some of it had its place already.
    std::fs::create_dir_all(target.data.join(".restoring")).unwrap();
    std::fs::create_dir_all(target.data.join("media")).unwrap();
    std::fs::write(target.data.join("mulin.db-wal"), b"of another database").unwrap();
    for told in [boot::open(&target).await.err(), boot::open_existing(&target).await.err()] {
        assert!(told.unwrap().to_string().contains("cut off"));
    }
    put_back(&to, &target, None).await.unwrap();
    sound(&boot::open_existing(&target).await.unwrap()).await;
    // Something of the operator's own is never taken away.
    std::fs::create_dir_all(target.data.join(".restoring")).unwrap();
    std::fs::write(target.data.join("notes.txt"), b"mine").unwrap();
    assert!(put_back(&to, &target, None).await.is_err());
    assert!(target.data.join("notes.txt").exists() && target.data.join("mulin.db").exists());
}

on_both! { &crate::migrations()[..crate::migrations().len() - 1];
    async fn a_backup_from_before_the_last_migration_is_brought_up_to_date(db) {
        let folder = Folder::new();
        let app = crate::village::app_on(db.clone());
        // The older house had no table for what the newest migration brings.
        demo::settle(&app, 10).await.unwrap();
        let was = sums(&app).await;
        take(&app, &folder.at("kept"), None).await.unwrap();
        let new = settings(folder.at("new"), db.dialect() == Dialect::Postgres).await.unwrap();
        let restored = put_back(&folder.at("kept"), &new, None).await.unwrap();
        // The secret of this house is not in its folder.
        assert!(!restored.secret && restored.rows > 1_000);
        std::fs::write(Secrets::file(&new.data), hex::encode([9; 32])).unwrap();
        let again = boot::open(&new).await.unwrap();
        sound(&again).await;
        let is = sums(&again).await;
        for table in ["request", "entry", "activity", "place", "search_doc"] {
            assert_eq!(was[table], is[table], "{table}");
        }
    }
}
