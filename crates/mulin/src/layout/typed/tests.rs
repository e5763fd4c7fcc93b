//! What a program sends reads like a form.

use super::*;
use serde_json::json;

#[test]
fn a_body_reads_like_a_form() {
    let body = Body::of(&json!({ "name": " 电梯 ", "private": true, "years": 3, "hint": null, "pieces": ["a", "b"] }));
    assert_eq!(body.text("name"), "电梯");
    assert!(ticked(&body.text("private")));
    assert_eq!(body.text("years"), "3");
    assert_eq!((body.text("hint"), body.text("unsent")), (String::new(), String::new()));
    assert_eq!(body.text("pieces"), "a\nb");
    assert!(!ticked("false") && !ticked("") && ticked("1"));
}
