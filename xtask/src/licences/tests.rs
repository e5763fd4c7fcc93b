//! Which licences are taken.

use super::*;

#[test]
fn an_expression_is_taken_when_one_of_its_ways_is() {
    for fine in [
        "MIT",
        "MIT OR Apache-2.0",
        "MIT/Apache-2.0",
        "Apache-2.0 / MIT",
        "Apache-2.0 OR GPL-2.0-only",
        "GPL-3.0-only OR (MIT AND Unicode-3.0)",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception",
        "Apache-2.0 WITH LLVM-exception OR MIT",
    ] {
        assert!(may_take(fine), "{fine}");
    }
    for refused in [
        "GPL-3.0-only",
        "AGPL-3.0-or-later",
        "MIT AND GPL-2.0-only",
        "(MIT OR Apache-2.0) AND LGPL-3.0-only",
        "SSPL-1.0 OR BUSL-1.1",
        "(MIT",
        "MIT)",
        "mine",
        "",
    ] {
        assert!(!may_take(refused), "{refused}");
    }
}

#[test]
fn a_crate_under_another_licence_is_named() {
    let (crates, faults) = judged("a v1.0.0|MIT\na v1.0.0|MIT (*)\nb v2.0.0|AGPL-3.0-only\n\nc v0.1.0 (proc-macro)|\n");
    assert_eq!((crates, faults.len()), (3, 2));
    assert!(
        faults[0].starts_with("b v2.0.0 is under `AGPL-3.0-only`") && faults[1].starts_with("c v0.1.0"),
        "{faults:?}"
    );
}
