//! How a start ends that must not go on.

use super::*;

#[test]
fn settings_that_would_lose_acknowledged_deeds_end_with_a_code_of_their_own() {
    let unsafe_setting = Error::Internal(kit::db::Forgetful("PostgreSQL runs with fsync=off".into()).into());
    assert_eq!(farewell(&unsafe_setting), ("PostgreSQL runs with fsync=off".to_owned(), 78));
    assert_eq!(farewell(&Error::Unavailable("nothing answers".into())), ("nothing answers".to_owned(), 1));
    assert_eq!(farewell(&Error::internal("a slip")).1, 1);
}
