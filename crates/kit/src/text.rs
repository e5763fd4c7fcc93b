//! Texts as people mean them.

/// Drops what nobody types on purpose and what makes a line read otherwise than it is written: control characters but line
/// ends and tabs, marks that turn the direction of writing around, and byte order marks.
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| !is_hidden(*c)).collect()
}

/// Full-width letters, digits and signs as their usual forms; everything else as it is.
pub fn narrow(c: char) -> char {
    match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

fn is_hidden(c: char) -> bool {
    let turns = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    turns || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// The same for every string in a JSON value, names of fields excepted.
pub fn plain_json(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) if text.chars().any(is_hidden) => *text = plain(text),
        serde_json::Value::Array(all) => all.iter_mut().for_each(plain_json),
        serde_json::Value::Object(all) => all.values_mut().for_each(plain_json),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_goes_and_what_is_written_stays() {
        assert_eq!(plain("三楼\u{202E}灯\0不亮\u{7}\n\t第二行\u{FEFF}"), "三楼灯不亮\n\t第二行");
        let mut value = serde_json::json!({ "words": ["a\u{0}b", 1], "more": { "x": "\u{2067}y" } });
        plain_json(&mut value);
        assert_eq!(value, serde_json::json!({ "words": ["ab", 1], "more": { "x": "y" } }));
    }
}
