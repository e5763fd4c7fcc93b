//! How a start ends that must not go on.

use super::*;

#[test]
fn settings_that_would_lose_acknowledged_deeds_end_with_a_code_of_their_own() {
    let unsafe_setting = Error::Internal(kit::db::Forgetful("PostgreSQL runs with fsync=off".into()).into());
    assert_eq!(farewell(&unsafe_setting), ("PostgreSQL runs with fsync=off".to_owned(), 78));
    assert_eq!(farewell(&Error::Unavailable("nothing answers".into())), ("nothing answers".to_owned(), 1));
    assert_eq!(farewell(&Error::internal("a slip")).1, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_without_the_keys_of_its_contacts_does_not_begin_new_ones() {
    let data = std::env::temp_dir().join(format!("mulin_keys_gone_{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&data);
    let settings = Settings { data: data.clone(), ..Settings::default() };
    let app = open(&settings).await.unwrap();
    crate::demo::pour(&app, 3).await.unwrap();
    drop(app);
    std::fs::remove_file(ring(&data)).unwrap();
    let Err(Error::Unavailable(why)) = open(&settings).await else { panic!("it began new keys") };
    assert!(why.contains("contact.keys is missing") && why.contains("--keys"), "{why}");
    // Lost for good: said by hand, and the rest of the house goes on.
    std::fs::write(ring(&data), "").unwrap();
    let app = open(&settings).await.unwrap();
    let found = crate::keep::check::run(&app).await.unwrap();
    assert!(found.iter().all(|one| one.what == "sealed-without-key") && found.len() == 1, "{found:?}");
    let _ = std::fs::remove_dir_all(&data);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn no_other_user_of_the_machine_reads_what_lies_in_the_data_folder() {
    use std::os::unix::fs::PermissionsExt;
    let data = std::env::temp_dir().join(format!("mulin_own_data_{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&data);
    let settings = Settings { data: data.clone(), ..Settings::default() };
    let app = open(&settings).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for entry in std::fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
    drop(app);
    // A folder that was there already keeps its mode; what lies in it is nobody else's all the same.
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::set_permissions(file(&data), std::fs::Permissions::from_mode(0o644)).unwrap();
    let app = open(&settings).await.unwrap();
    assert_eq!((mode(&data), mode(&file(&data)) & 0o007), (0o755, 0));
    drop(app);
    let _ = std::fs::remove_dir_all(&data);
}
