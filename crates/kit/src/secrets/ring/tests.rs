//! Keys that change while others read.

use super::*;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("mulin_ring_{name}_{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn ring(&self) -> PathBuf {
        self.0.join("contact.keys")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_was_sealed_before_is_read_after_and_a_house_that_runs_learns_the_new_key() {
    let folder = Folder::new("rotate");
    let master = Secrets::from_bytes([7; 32]);
    let old = master.seal("contact", b"13900000000").unwrap();
    let house = master.clone().on_ring(&folder.ring(), Moment(1)).unwrap();
    assert_eq!(house.unseal("contact", &old).unwrap(), b"13900000000", "what is older than the ring");
    let first = house.seal("contact", b"1").unwrap();
    let command = master.clone().on_ring(&folder.ring(), Moment(2)).unwrap();
    let id = command.rotate(Moment(3)).unwrap();
    let second = command.seal("contact", b"2").unwrap();
    assert_eq!(second[1..5], id);
    assert_eq!(house.unseal("contact", &second).unwrap(), b"2", "the house reads the file when it meets a new name");
    assert_eq!(house.seal("contact", b"3").unwrap()[1..5], id);
    assert_eq!(command.unseal("contact", &first).unwrap(), b"1");
    assert!(command.unseal("other", &second).is_none());
    let text = std::fs::read_to_string(folder.ring()).unwrap();
    assert_eq!(text.lines().count(), 2);
    for key in command.ring().unwrap().keys() {
        assert!(!text.contains(&hex::encode(key.bytes)), "a key does not lie open in its file");
    }
}

#[test]
fn a_key_leaves_only_when_nothing_needs_it_and_time_has_passed() {
    let folder = Folder::new("forget");
    let house = Secrets::from_bytes([7; 32]).on_ring(&folder.ring(), Moment(0)).unwrap();
    let old = house.seal("contact", b"1").unwrap();
    let id: KeyId = old[1..5].try_into().unwrap();
    house.rotate(Moment(1_000)).unwrap();
    assert_eq!(house.forget(&[id], Moment(9_000)).unwrap(), 0, "something is still sealed with it");
    assert_eq!(house.forget(&[], Moment(999)).unwrap(), 0, "somebody may still be sealing with it");
    assert_eq!(house.unseal("contact", &old).unwrap(), b"1");
    assert_eq!(house.forget(&[], Moment(1_000)).unwrap(), 1);
    assert!(house.unseal("contact", &old).is_none());
    assert_eq!(house.forget(&[], Moment(9_000)).unwrap(), 0, "the newest stays");
}

#[test]
fn a_ring_of_another_house_is_refused_and_half_a_file_is_no_harm() {
    let folder = Folder::new("other");
    let house = Secrets::from_bytes([7; 32]).on_ring(&folder.ring(), Moment(0)).unwrap();
    let sealed = house.seal("contact", b"1").unwrap();
    assert!(Secrets::from_bytes([8; 32]).on_ring(&folder.ring(), Moment(0)).is_err());
    // Cut off while a new ring was being written.
    std::fs::write(folder.0.join("contact.keys.half"), "1234").unwrap();
    let again = Secrets::from_bytes([7; 32]).on_ring(&folder.ring(), Moment(0)).unwrap();
    again.rotate(Moment(1)).unwrap();
    assert_eq!(again.unseal("contact", &sealed).unwrap(), b"1");
    std::fs::write(folder.ring(), "nonsense\n").unwrap();
    assert!(again.refresh().is_err());
    assert_eq!(again.unseal("contact", &sealed).unwrap(), b"1", "what is known stays known");
}
