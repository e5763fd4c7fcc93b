//! Numbers as they are typed, and codes as they are tried.

use super::store::{self, Tried};
use super::*;
use crate::people::AccountId;
use kit::db::Db;
use kit::db::testing::context;
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::{Error, Uuid, on_both};

#[test]
fn a_number_is_read_as_people_type_it() {
    for typed in [
        "13800138000",
        " 138 0013 8000",
        "+86 138-0013-8000",
        "008613800138000",
        "１３８００１３８０００",
        "86 13800138000",
    ] {
        assert_eq!(normal(typed).as_deref(), Some("13800138000"), "{typed}");
    }
    for typed in ["", "1380013800", "23800138000", "10800138000", "0551-62345678", "abc", "138001380001"] {
        assert_eq!(normal(typed), None, "{typed}");
    }
    assert_eq!(covered("13800138000"), "138****8000");
}

const PHONE: &str = "13800138000";
const HERE: (Purpose, &[u8]) = (Purpose::Enter, b"this browser");

fn me() -> AccountId {
    AccountId(Uuid::from_u128(1))
}

async fn asked(db: &Db, at: Moment, phone: &'static str) -> kit::Result<(PhoneCodeId, String)> {
    let secrets = &Secrets::from_bytes([9; 32]);
    db.transact(&context(at), |tx| Box::pin(store::ask(tx, secrets, HERE, (phone, Some(me()))))).await
}

async fn tried(db: &Db, at: Moment, of: (Purpose, &'static [u8]), code: &str) -> Tried {
    let secrets = &Secrets::from_bytes([9; 32]);
    db.transact(&context(at), |tx| Box::pin(store::try_code(tx, secrets, of, (PHONE, code)))).await.unwrap()
}

on_both! { crate::all_migrations();
    async fn a_code_is_good_once_for_five_minutes_in_one_browser(db) {
        let now = Moment(1_000_000_000_000);
        let (_, code) = asked(&db, now, PHONE).await.unwrap();
        assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()));
        assert_eq!(tried(&db, now, (Purpose::Enter, b"another"), &code).await, Tried::Wrong);
        assert_eq!(tried(&db, now, (Purpose::Confirm, b"this browser"), &code).await, Tried::Wrong);
        assert_eq!(tried(&db, now + Moment::minutes(5), HERE, &code).await, Tried::Wrong);
        assert_eq!(tried(&db, now, HERE, &code).await, Tried::Right(Some(me())));
        assert_eq!(tried(&db, now, HERE, &code).await, Tried::Wrong, "used up");
    }

    async fn five_wrong_ones_and_the_right_one_is_wrong_too(db) {
        let now = Moment(1_000_000_000_000);
        let (_, code) = asked(&db, now, PHONE).await.unwrap();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..TRIES_MAX {
            assert_eq!(tried(&db, now, HERE, wrong).await, Tried::Wrong);
        }
        assert_eq!(tried(&db, now, HERE, &code).await, Tried::Wrong);
    }

    async fn codes_have_their_limits_whoever_has_the_number(db) {
        let mut now = Moment(1_000_000_000_000);
        asked(&db, now, PHONE).await.unwrap();
        assert!(matches!(asked(&db, now + 1, PHONE).await, Err(Error::TooMany(60))));
        for _ in 1..DAY_MAX[0] {
            now = now + Moment::minutes(2);
            asked(&db, now, PHONE).await.unwrap();
        }
        now = now + Moment::minutes(2);
        assert!(matches!(asked(&db, now, PHONE).await, Err(Error::TooMany(86_400))));
        for phone in ["13800138001", "13800138002", "13800138003", "13800138004", "13800138005"] {
            asked(&db, now, phone).await.unwrap();
        }
        assert!(matches!(asked(&db, now, "13800138006").await, Err(Error::TooMany(_))), "one account asks for ten a day");
        asked(&db, now + Moment::days(1), PHONE).await.unwrap();
    }
}
