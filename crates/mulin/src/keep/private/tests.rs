//! A line in, a line out.

use super::*;

#[test]
fn a_line_in_is_a_line_out_and_a_wrong_line_is_named() {
    let mut out = Vec::new();
    let lines = "{\"id\":7,\"text\":\"电话13812345678\"}\n\n{\"id\":\"b\",\"text\":\"打12345\"}\n";
    stream(lines.as_bytes(), &mut out).unwrap();
    let told = String::from_utf8(out).unwrap();
    assert_eq!(
        told,
        "{\"found\":[{\"end\":13,\"kind\":\"phone\",\"start\":2}],\"id\":7}\n{\"found\":[],\"id\":\"b\"}\n"
    );
    let wrong = stream("{\"id\":1}".as_bytes(), Vec::new()).unwrap_err();
    assert!(wrong.to_string().contains("line 1"), "{wrong}");
}
