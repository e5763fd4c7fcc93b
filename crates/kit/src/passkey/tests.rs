//! Keys that fit, and everything that does not.

use super::soft::{Sent, SoftKey};
use super::*;

const HERE: &str = "https://mulin.example";

fn here() -> Here {
    Here::of(Some(HERE)).unwrap()
}

fn bytes(text: &str) -> Vec<u8> {
    base64url::decode(text).unwrap()
}

fn made_by(sent: &Sent, challenge: &[u8]) -> Checked<New> {
    made(&here(), challenge, &bytes(&sent.client), &bytes(&sent.data))
}

fn shown_by(sent: &Sent, challenge: &[u8], key: &[u8], counter: i64) -> Checked<i64> {
    let (client, device, signature) = (bytes(&sent.client), bytes(&sent.data), bytes(&sent.signature));
    let what = Shown { client: &client, device: &device, signature: &signature };
    shown(&here(), challenge, &what, key, counter)
}

#[test]
fn a_key_belongs_to_a_named_house_with_encryption() {
    for (url, id, origin) in [
        ("https://mulin.example", "mulin.example", "https://mulin.example"),
        ("https://Mulin.Example:443/", "mulin.example", "https://mulin.example"),
        ("https://mulin.example:8443/x", "mulin.example", "https://mulin.example:8443"),
        ("http://localhost:3000", "localhost", "http://localhost:3000"),
    ] {
        assert_eq!(Here::of(Some(url)), Some(Here { id: id.into(), origin: origin.into() }), "{url}");
    }
    for url in [
        "http://mulin.example",
        "https://192.168.1.5",
        "http://127.0.0.1:3000",
        "https://[::1]",
        "mulin.example",
        "https://",
        "https://a b",
    ] {
        assert_eq!(Here::of(Some(url)), None, "{url}");
    }
    assert_eq!(Here::of(None), None);
}

#[test]
fn a_key_is_made_and_opens_and_its_counter_goes_on() {
    let (challenge, text) = ([7_u8; 32], base64url::encode(&[7; 32]));
    let mut device = SoftKey::new(1, b"somebody");
    let new = made_by(&device.make(&here(), &text), &challenge).unwrap();
    assert_eq!((&new.name, &new.key, new.counter), (&device.name, &device.public(), 1));
    let first = device.show(&here(), &text);
    assert_eq!(shown_by(&first, &challenge, &new.key, 1), Ok(2));
    assert_eq!(
        shown_by(&first, &challenge, &new.key, 2),
        Err(Wrong("it counts less than before: there may be a copy"))
    );
    // A key that travels does not count, and always opens.
    device.counter = 0;
    let travelling = device.show(&here(), &text);
    assert_eq!(shown_by(&travelling, &challenge, &new.key, 0), Ok(0));
}

#[test]
fn what_was_not_asked_so_opens_nothing() {
    let (challenge, text) = ([7_u8; 32], base64url::encode(&[7; 32]));
    let fresh = || SoftKey::new(1, b"somebody");
    let both = |device: &mut SoftKey, why: &'static str| {
        assert_eq!(made_by(&device.make(&here(), &text), &challenge), Err(Wrong(why)));
        let key = device.public();
        assert_eq!(shown_by(&device.show(&here(), &text), &challenge, &key, 0), Err(Wrong(why)));
    };
    for origin in ["https://mulin.example.evil", "http://mulin.example", "https://mulin.example:8443", "null"] {
        both(&mut SoftKey { origin: Some(origin.into()), ..fresh() }, "it was made on another page");
    }
    both(&mut SoftKey { place: Some("evil.example".into()), ..fresh() }, "the key belongs to another place");
    both(&mut SoftKey { flags: 1, ..fresh() }, "the device has recognised nobody");
    both(&mut SoftKey { flags: 4, ..fresh() }, "the device has recognised nobody");
    both(&mut SoftKey { flags: 0b0001_0101, ..fresh() }, "it is copied and may not be");
    both(&mut SoftKey { flags: 0b1000_0101, ..fresh() }, "something else hangs on it");
    let mut device = fresh();
    let key = device.public();
    let right = device.show(&here(), &text);
    assert_eq!(shown_by(&right, &[8; 32], &key, 0), Err(Wrong("it answers another question")));
    assert_eq!(shown_by(&right, &challenge, &fresh().public(), 0), Err(Wrong("the signature is another one")));
    assert_eq!(made_by(&right, &challenge), Err(Wrong("it is an answer to another deed")));
    let made = device.make(&here(), &text);
    assert_eq!(shown_by(&made, &challenge, &key, 0), Err(Wrong("it is an answer to another deed")));
    let inside = Sent {
        client: base64url::encode(
            format!(
                "{{\"type\":\"webauthn.get\",\"challenge\":\"{text}\",\"origin\":\"{HERE}\",\"crossOrigin\":true}}"
            )
            .as_bytes(),
        ),
        ..right.clone()
    };
    assert_eq!(shown_by(&inside, &challenge, &key, 0), Err(Wrong("it was made inside another's page")));
    // Every single bit counts, and nothing that is cut is taken for whole.
    for (at, bit) in (0..bytes(&right.data).len()).map(|at| (at, 1 << (at % 8))) {
        let mut data = bytes(&right.data);
        data[at] ^= bit;
        let bent = Sent { data: base64url::encode(&data), ..right.clone() };
        assert!(shown_by(&bent, &challenge, &key, 0).is_err(), "byte {at}");
    }
    let whole = bytes(&made.data);
    for end in 0..whole.len() {
        let cut = Sent { data: base64url::encode(&whole[..end]), ..made.clone() };
        assert!(made_by(&cut, &challenge).is_err(), "cut at {end}");
    }
}

#[test]
fn keys_of_three_kinds_are_known_and_no_others() {
    let device = SoftKey::new(1, b"somebody");
    assert!(Key::of(&device.public()).is_ok());
    let ed25519 = [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32][..], &[5; 32]].concat();
    assert!(Key::of(&ed25519).is_ok());
    let rsa = [&[0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59, 1, 0][..], &[0xc1; 256], &[0x21, 0x43, 1, 0, 1]].concat();
    assert!(Key::of(&rsa).is_ok());
    let mut none = device.public();
    none[4] = 0x27;
    assert!(Key::of(&none).is_err(), "an algorithm that is not the curve's");
    let short = [&[0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x41, 1][..], &[0x21, 0x43, 1, 0, 1]].concat();
    assert!(Key::of(&short).is_err(), "a key of eight bits");
    let symmetric = [0xa3, 1, 4, 3, 5, 0x20, 0x41, 1];
    assert!(Key::of(&symmetric).is_err());
}
