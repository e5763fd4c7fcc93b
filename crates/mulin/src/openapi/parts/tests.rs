//! What the makers make.

use super::*;

#[test]
fn an_operation_says_its_ways_in() {
    let said = Operation::new("x", "y", "z").in_person().gives(200, text()).done();
    assert_eq!(said["security"], json!([{ "session": [] }]));
    assert_eq!(said["responses"]["401"]["content"]["application/problem+json"]["schema"], reference("Problem"));
}
