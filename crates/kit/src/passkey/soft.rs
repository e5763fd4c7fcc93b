//! A device for the stories: it makes keys and signs with them, rightly or as it is told.

use super::Here;
use crate::base64url;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::json;
use sha2::{Digest, Sha256};

/// A key on a device.
pub struct SoftKey {
    pub(super) pair: EcdsaKeyPair,
    pub name: Vec<u8>,
    /// Who it was made for, as the house calls them.
    pub user: Vec<u8>,
    /// Counts its uses; nought for ever where it does not.
    pub counter: u32,
    pub flags: u8,
    /// Says that it is somewhere else.
    pub origin: Option<String>,
    pub place: Option<String>,
}

/// What a browser sends when a key was made or shown, ready for a form.
#[derive(Clone, Debug)]
pub struct Sent {
    pub id: String,
    pub client: String,
    pub data: String,
    pub signature: String,
    pub user: String,
}

impl Sent {
    /// As the form of signing in has it.
    pub fn fields(&self) -> [(&'static str, &str); 5] {
        [
            ("id", &self.id),
            ("client", &self.client),
            ("device", &self.data),
            ("signature", &self.signature),
            ("user", &self.user),
        ]
    }
}

impl SoftKey {
    /// A new key of a device that counts.
    pub fn new(seed: u8, user: &[u8]) -> SoftKey {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key is made.");
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).expect("it is read.");
        let name = [&[seed; 8], &pair.public_key().as_ref()[1..25]].concat();
        SoftKey { pair, name, user: user.to_vec(), counter: 1, flags: 0b0000_0101, origin: None, place: None }
    }

    /// The public key as devices write it.
    pub fn public(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        let (x, y) = (&point[1..33], &point[33..]);
        [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], x, &[0x22, 0x58, 32], y].concat()
    }

    fn client(&self, here: &Here, deed: &str, challenge: &str) -> Vec<u8> {
        let origin = self.origin.as_deref().unwrap_or(&here.origin);
        json!({ "type": deed, "challenge": challenge, "origin": origin, "crossOrigin": false }).to_string().into_bytes()
    }

    fn data(&self, here: &Here, flags: u8) -> Vec<u8> {
        let place = Sha256::digest(self.place.as_deref().unwrap_or(&here.id).as_bytes());
        [&place[..], &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// Makes itself known; `challenge` as the house wrote it.
    pub fn make(&self, here: &Here, challenge: &str) -> Sent {
        let length = u16::try_from(self.name.len()).expect("a name is short.").to_be_bytes();
        let data = [&self.data(here, self.flags | 64)[..], &[0; 16], &length, &self.name, &self.public()].concat();
        let length = u16::try_from(data.len()).expect("the data are short.").to_be_bytes();
        let attested = [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"[..], &length, &data].concat();
        self.sent(self.client(here, "webauthn.create", challenge), &attested, &[])
    }

    /// Signs in.
    pub fn show(&mut self, here: &Here, challenge: &str) -> Sent {
        if self.counter > 0 {
            self.counter += 1;
        }
        let (client, data) = (self.client(here, "webauthn.get", challenge), self.data(here, self.flags));
        let signed = [&data[..], &Sha256::digest(&client)[..]].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &signed).expect("it signs.");
        self.sent(client, &data, signature.as_ref())
    }

    fn sent(&self, client: Vec<u8>, data: &[u8], signature: &[u8]) -> Sent {
        Sent {
            id: base64url::encode(&self.name),
            client: base64url::encode(&client),
            data: base64url::encode(data),
            signature: base64url::encode(signature),
            user: base64url::encode(&self.user),
        }
    }
}
