//! Patterns of buildings as offices write them.

use super::*;

#[test]
fn buildings_are_read_as_people_write_them() {
    assert_eq!(buildings("1-3、5号楼, A1").unwrap(), ["1", "2", "3", "5", "a1"]);
    assert_eq!(buildings("2，2").unwrap(), ["2"]);
    for wrong in ["3-1", "1-5000", "东楼", "1-"] {
        assert_eq!(buildings(wrong), None, "{wrong}");
    }
}

#[test]
fn no_building_at_all_is_wrong_only_where_some_are_wanted() {
    let nothing = |_: &str| String::new();
    assert_eq!(Pattern::read(&nothing, false).1, []);
    assert_eq!(Pattern::read(&nothing, true).1.len(), 1);
    let typed = |field: &str| if field == "buildings" { "东楼".to_owned() } else { "0".to_owned() };
    let wrong: Vec<&str> = Pattern::read(&typed, false).1.iter().map(|one| one.field).collect();
    assert_eq!(wrong, ["buildings", "entrances", "floors", "per_floor"]);
}
