//! One bit of a house's database flips, anywhere.

use super::*;
use crate::boot::{self, Settings};
use std::fs;
use std::path::{Path, PathBuf};

/// Spread over the whole file.
const FLIPS: usize = 200;

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("mulin_check_{name}_{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    path
}

fn settings(data: &Path) -> Settings {
    Settings { data: data.to_owned(), ..Settings::default() }
}

/// What `mulin check` would end with.
async fn checked(data: &Path) -> Result<Vec<Finding>> {
    run(&boot::open_existing(&settings(data)).await?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_flipped_bit_in_the_house_is_found() {
    let (data, copy, bad) = (folder("house"), folder("copy"), folder("bad"));
    let app = boot::open(&settings(&data)).await.unwrap();
    crate::demo::pour(&app, 30).await.unwrap();
    fs::create_dir_all(&copy).unwrap();
    app.db.copy_to(boot::file(&copy)).await.unwrap();
    for part in ["secret.key", "contact.keys", "media"] {
        let done = std::process::Command::new("cp").arg("-r").args([data.join(part), copy.join(part)]).status();
        assert!(done.unwrap().success());
    }
    assert_eq!(checked(&copy).await.unwrap(), []);
    let bytes = fs::read(boot::file(&copy)).unwrap();
    fs::create_dir_all(&bad).unwrap();
    for key in ["secret.key", "contact.keys"] {
        fs::copy(copy.join(key), bad.join(key)).unwrap();
    }
    let done = std::process::Command::new("cp").arg("-r").args([copy.join("media"), bad.join("media")]).status();
    assert!(done.unwrap().success());
    for turn in 0..FLIPS {
        // Spread over the whole file, and over the bits of a byte.
        let place = (bytes.len() / FLIPS * turn + 7919 * turn) % bytes.len();
        let mut flipped = bytes.clone();
        flipped[place] ^= 1 << (turn % 8);
        fs::write(boot::file(&bad), flipped).unwrap();
        let page = place / 4096 + 1;
        match checked(&bad).await {
            Ok(findings) => {
                assert_eq!(
                    findings.first().unwrap().what,
                    format!("database-damaged: page {page} differs from its sum")
                );
            }
            // What the house needs for its start cannot even be read.
            Err(why) => assert!(matches!(why, kit::Error::Unavailable(_)), "byte {place}: {why}"),
        }
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(bad.join(format!("mulin.db{end}")));
        }
    }
    for path in [data, copy, bad] {
        fs::remove_dir_all(path).unwrap();
    }
}
