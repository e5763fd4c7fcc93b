//! Links that were touched.

use super::*;

#[test]
fn a_link_opens_what_it_is_for_and_nothing_else() {
    let (secrets, other) = (Secrets::from_bytes([9; 32]), Secrets::from_bytes([8; 32]));
    let ids = (TenantId(Uuid::from_u128(1)), SubscriptionId(Uuid::from_u128(2)));
    let token = made(&secrets, For::Stop, ids.0, ids.1);
    assert_eq!(read(&secrets, For::Stop, &token).unwrap(), ids);
    assert!(read(&secrets, For::Confirm, &token).is_err());
    assert!(read(&other, For::Stop, &token).is_err());
    for bad in ["", "zz", &token[..94], &format!("{token}00"), &token.replacen('0', "1", 1)] {
        assert!(read(&secrets, For::Stop, bad).is_err(), "{bad}");
    }
}
