//! A plan as it is typed.

use super::*;

#[test]
fn captains_are_read_one_a_line() {
    assert_eq!(captains("1 周明\n\n2号楼：李兰 ").unwrap(), [("1".into(), "周明".into()), ("2".into(), "李兰".into())]);
    assert_eq!(captains("周明"), None);
}
