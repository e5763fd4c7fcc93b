//! Passwords, right, wrong and too weak.

use super::*;

#[tokio::test]
async fn the_right_password_opens_and_no_other() {
    let phc = hash("石榴园的春天很长", &[]).await.unwrap();
    assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert!(verify("石榴园的春天很长", Some(&phc)).await.unwrap());
    assert!(!verify("石榴园的春天很短", Some(&phc)).await.unwrap());
    // The salt is new each time.
    assert_ne!(hash("石榴园的春天很长", &[]).await.unwrap(), phc);
    assert!(matches!(verify("石榴园的春天很长", Some("plain words")).await, Err(Error::Internal(_))));
}

#[tokio::test]
async fn eight_characters_are_enough_in_any_writing() {
    for short in ["", "1234567", "石榴园的春天长"] {
        match hash(short, &[]).await {
            Err(Error::Invalid(fields)) => {
                assert_eq!((fields[0].field, fields[0].reason.0), ("password", "account/password-short"));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(hash("石榴园的春天很长", &[]).await.is_ok());
}

#[tokio::test]
async fn a_name_without_an_account_costs_the_same_work_and_opens_nothing() {
    let nobodys = std::str::from_utf8(NOBODYS_PASSWORD).unwrap();
    // That it matches shows that it was hashed; that nobody gets in shows that it does not help.
    assert!(matches(nobodys, None).unwrap());
    assert!(!matches("another password", None).unwrap());
    assert!(!verify(nobodys, None).await.unwrap());
}

#[tokio::test]
async fn a_visitor_who_leaves_does_not_free_a_turn_before_the_work_is_done() {
    let (started, has_started) = tokio::sync::oneshot::channel();
    let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
    let (ended, has_ended) = std::sync::mpsc::channel::<()>();
    let visit = tokio::spawn(aside(move || {
        let _ = started.send(());
        let _ = may_go_on.recv();
        drop(ended);
        Ok(())
    }));
    has_started.await.unwrap();
    visit.abort();
    assert!(visit.await.unwrap_err().is_cancelled());
    // Other tests may take the second turn meanwhile, but nobody can have both.
    assert!(AT_ONCE.try_acquire_many(2).is_err());
    go_on.send(()).unwrap();
    assert!(has_ended.recv().is_err());
}
