//! Seals, codes and tokens, and what happens to one that was touched.

use super::*;

#[test]
fn base64_pads_what_is_short() {
    for (plain, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
        assert_eq!(base64(plain.as_bytes()), text);
    }
    assert_eq!(base64(&[0xff, 0xfe, 0xfd]), "//79");
}

#[test]
fn what_is_sealed_opens_with_its_label_only_and_a_change_is_noticed() {
    let secrets = Secrets::from_bytes([7; 32]);
    let mut sealed = secrets.seal("contact", "13900000000".as_bytes()).unwrap();
    assert_eq!(secrets.unseal("contact", &sealed).unwrap(), b"13900000000");
    assert!(secrets.unseal("other", &sealed).is_none());
    assert!(Secrets::from_bytes([8; 32]).unseal("contact", &sealed).is_none());
    *sealed.last_mut().unwrap() ^= 1;
    assert!(secrets.unseal("contact", &sealed).is_none());
    assert!(secrets.unseal("contact", &[]).is_none());
}

#[test]
fn borders_between_parts_count() {
    let secrets = Secrets::from_bytes([7; 32]);
    assert_ne!(secrets.mac("a", &[b"bc"]), secrets.mac("ab", &[b"c"]));
    assert_ne!(secrets.mac("a", &[b"b", b"c"]), secrets.mac("a", &[b"bc"]));
}

#[test]
fn a_tag_holds_for_its_label_its_parts_and_its_secret_only() {
    let secrets = Secrets::from_bytes([7; 32]);
    let tag = secrets.mac("csrf", &[b"visitor"]);
    assert!(secrets.verify("csrf", &[b"visitor"], &tag));
    assert!(!secrets.verify("session", &[b"visitor"], &tag));
    assert!(!secrets.verify("csrf", &[b"visitors"], &tag));
    assert!(!secrets.verify("csrf", &[b"visitor"], &tag[..31]));
    assert!(!secrets.verify("csrf", &[b"visitor"], &[]));
    assert!(!Secrets::from_bytes([8; 32]).verify("csrf", &[b"visitor"], &tag));
}

#[test]
fn the_same_words_are_sealed_differently_each_time() {
    let secrets = Secrets::from_bytes([7; 32]);
    assert_ne!(secrets.seal("contact", b"x").unwrap(), secrets.seal("contact", b"x").unwrap());
    let sealed = secrets.seal("contact", b"x").unwrap();
    assert_eq!(sealed[0], SEAL_VERSION);
    for end in 0..sealed.len() {
        assert!(secrets.unseal("contact", &sealed[..end]).is_none());
    }
    let later = [&[RING_VERSION + 1], &sealed[1..]].concat();
    assert!(secrets.unseal("contact", &later).is_none());
}

#[test]
fn codes_differ_by_thing_label_and_secret_and_have_no_look_alikes() {
    let secrets = Secrets::from_bytes([7; 32]);
    let mut seen = std::collections::HashSet::new();
    for n in 0..2_000_u32 {
        let code = secrets.code("pickup", &n.to_be_bytes());
        assert_eq!(code.len(), CODE_CHARACTERS);
        assert!(!code.contains(['0', 'O', '1', 'I', 'L', 'U']), "{code}");
        assert!(seen.insert(code));
    }
    assert!(seen.insert(secrets.code("other", &0_u32.to_be_bytes())));
    assert!(seen.insert(Secrets::from_bytes([8; 32]).code("pickup", &0_u32.to_be_bytes())));
}

#[test]
fn a_code_is_forgiven_its_dress() {
    let code = Secrets::from_bytes([7; 32]).code("pickup", b"x");
    assert_eq!(code, Secrets::from_bytes([7; 32]).code("pickup", b"x"));
    let typed = format!(" {} ", spaced(&code).to_lowercase().replace('-', " – "));
    assert_eq!(normal_code(&typed), Some(code.clone()));
    let wide: String = code.chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect();
    assert_eq!(normal_code(&wide), Some(code.clone()));
    let dashed = format!("{}－\u{3000}{}", &code[..5], &code[5..]);
    assert_eq!(normal_code(&dashed), Some(code.clone()));
    assert_eq!(normal_code(&code[..9]), None);
    assert_eq!(normal_code(&format!("{code}2")), None);
    assert_eq!(normal_code("石榴园一二三四五六七"), None);
    assert_eq!(normal_code("0OIL1-U2345"), None);
}

struct Scratch(std::path::PathBuf);

impl Scratch {
    fn named(name: &str) -> Scratch {
        let folder = std::env::temp_dir().join(format!("mulin_secret_{name}_{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Scratch(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_secret_is_made_once_and_read_again() {
    let scratch = Scratch::named("once");
    let first = Secrets::open(&scratch.0).unwrap();
    assert_eq!(first.mac("x", &[]), Secrets::open(&scratch.0).unwrap().mac("x", &[]));
    let files: Vec<_> = std::fs::read_dir(&scratch.0).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["secret.key"]);
    for damaged in ["zz", "", &"a".repeat(62)] {
        std::fs::write(scratch.0.join("secret.key"), damaged).unwrap();
        assert!(matches!(Secrets::open(&scratch.0), Err(Error::Unavailable(_))));
    }
    assert!(matches!(Secrets::open(&scratch.0.join("nowhere")), Err(Error::Unavailable(_))));
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_the_secret() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::named("owner");
    Secrets::open(&scratch.0).unwrap();
    let mode = std::fs::metadata(scratch.0.join("secret.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn of_two_first_starts_both_use_the_earlier_secret() {
    let scratch = Scratch::named("two");
    let first = Secrets::open(&scratch.0).unwrap();
    make(&scratch.0, &scratch.0.join("secret.key")).unwrap();
    assert_eq!(first.mac("x", &[]), Secrets::open(&scratch.0).unwrap().mac("x", &[]));
}

#[test]
fn a_given_secret_has_64_digits() {
    let given = Secrets::parse(&format!("{}\n", "07".repeat(32))).unwrap();
    assert_eq!(given.mac("x", &[]), Secrets::from_bytes([7; 32]).mac("x", &[]));
    assert!(Secrets::parse("0707").is_none());
    assert!(Secrets::parse(&"zz".repeat(32)).is_none());
}
