//! Bits are flipped, pages swapped, programs cut off in the middle, and other tools let loose on the file.

use super::*;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("pagesum_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("some.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const FULL: &str = "pragma journal_mode = wal; pragma synchronous = off;
    create table note (id integer primary key, text text not null, long blob);
    create index note_text on note (text);
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 6000)
    insert into note select i, hex(i * 2654435761) || ' 路灯不亮了', iif(i % 100 = 0, zeroblob(9000), null) from n;
    delete from note where id % 3 = 0;";

fn fill(connection: &Connection) {
    connection.execute_batch(FULL).unwrap();
}

/// A file of a few hundred pages: texts, an index, long values, free pages.
fn filled(folder: &Folder) -> PathBuf {
    let connection = establish(&folder.file()).unwrap();
    fill(&connection);
    folder.file()
}

fn reading(path: &Path) -> Result<Connection> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

fn damage_of(path: &Path) -> Vec<Damage> {
    verify(&reading(path).unwrap()).unwrap()
}

fn count(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("select count(*) from note where long is null or length(long) > 0", [], |row| row.get(0))
}

fn sound(path: &Path) {
    assert_eq!(damage_of(path), []);
    let connection = reading(path).unwrap();
    let said: String = connection.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(said, "ok");
    assert_eq!(count(&connection).unwrap(), 4000);
}

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

#[test]
fn one_flipped_bit_is_found_wherever_it_is() {
    let folder = Folder::new();
    let path = filled(&folder);
    sound(&path);
    let bytes = fs::read(&path).unwrap();
    assert!(bytes.len() > 200 * 4096, "{} bytes", bytes.len());
    let mut found = 0;
    for seed in 1..=200_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        for _ in 0..8 {
            dice.below(2);
        }
        let bit = dice.below(bytes.len() as u64 * 8) as usize;
        let mut bad = bytes.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, &bad).unwrap();
        let told = reading(&path).map(|connection| verify(&connection));
        let page = Damage::Page((bit / 8 / 4096) as u32 + 1);
        found += u32::from(match told {
            Ok(Ok(damage)) => damage == [page] || damage == [Damage::Header],
            _ => true,
        });
    }
    assert_eq!(found, 200);
}

#[test]
fn every_bit_of_the_header_is_watched() {
    let folder = Folder::new();
    let path = filled(&folder);
    let bytes = fs::read(&path).unwrap();
    for bit in 0..header::BYTES * 8 {
        let mut bad = bytes.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, &bad).unwrap();
        let verified = reading(&path).map(|connection| verify(&connection).unwrap());
        assert!(verified.is_err() || verified.is_ok_and(|damage| !damage.is_empty()), "bit {bit} of the header");
        assert!(establish(&path).is_err(), "bit {bit} of the header");
        assert_eq!(fs::read(&path).unwrap(), bad, "what is damaged is left alone: bit {bit}");
    }
}

#[test]
fn a_damaged_page_is_not_handed_out() {
    let folder = Folder::new();
    let path = filled(&folder);
    let mut bytes = fs::read(&path).unwrap();
    let places: Vec<usize> = (0..bytes.len() - 6).filter(|at| bytes[*at..].starts_with("路灯".as_bytes())).collect();
    for place in places {
        bytes[place] ^= 1;
    }
    fs::write(&path, &bytes).unwrap();
    let connection = reading(&path).unwrap();
    let all: rusqlite::Result<i64> =
        connection.query_row("select sum(length(text)) from note not indexed", [], |row| row.get(0));
    assert!(is_damage(&all.unwrap_err()));
}

#[test]
fn pages_in_each_others_place_are_found() {
    let folder = Folder::new();
    let path = filled(&folder);
    let mut bytes = fs::read(&path).unwrap();
    let (one, other) = (bytes[5 * 4096..6 * 4096].to_vec(), bytes[9 * 4096..10 * 4096].to_vec());
    bytes[5 * 4096..6 * 4096].copy_from_slice(&other);
    bytes[9 * 4096..10 * 4096].copy_from_slice(&one);
    fs::write(&path, bytes).unwrap();
    assert_eq!(damage_of(&path), [Damage::Page(6), Damage::Page(10)]);
}

#[test]
fn a_file_from_before_there_were_sums_is_made_anew_once() {
    for mode in ["wal", "delete"] {
        let folder = Folder::new();
        let path = folder.file();
        let plain = Connection::open(&path).unwrap();
        fill(&plain);
        plain.execute_batch(&format!("pragma journal_mode = {mode}")).unwrap();
        if mode == "wal" {
            assert!(establish(&path).is_err(), "it is in use");
        }
        drop(plain);
        drop(establish(&path).unwrap());
        sound(&path);
        let made = fs::read(&path).unwrap();
        drop(establish(&path).unwrap());
        assert_eq!(fs::read(&path).unwrap(), made, "only once");
    }
}

#[test]
fn a_program_that_was_cut_off_while_making_a_file_anew_finishes_it_the_next_time() {
    let folder = Folder::new();
    let path = folder.file();
    fill(&Connection::open(&path).unwrap());
    make_room(&path).unwrap();
    assert!(damage_of(&path) == [Damage::Header], "not yet");
    drop(establish(&path).unwrap());
    sound(&path);
}

#[test]
fn a_log_that_was_left_behind_is_taken_over() {
    let folder = Folder::new();
    let path = folder.file();
    let connection = establish(&path).unwrap();
    fill(&connection);
    let left = Folder::new();
    fs::copy(&path, left.file()).unwrap();
    fs::copy(log::beside(&path), log::beside(&left.file())).unwrap();
    drop(connection);
    let again = establish(&left.file()).unwrap();
    assert_eq!(count(&again).unwrap(), 4000);
    drop(again);
    assert!(!log::beside(&left.file()).exists());
    sound(&left.file());
}

#[test]
fn copies_have_their_sums() {
    let folder = Folder::new();
    let connection = establish(&filled(&folder)).unwrap();
    connection.execute_batch("update note set text = text || '。'; pragma cache_size = 20").unwrap();
    let into = folder.0.join("into.db");
    connection.execute("vacuum into $1", [into.to_str().unwrap()]).unwrap();
    sound(&into);
}

#[test]
fn what_a_plain_tool_writes_is_told_and_can_be_stamped_anew() {
    let folder = Folder::new();
    let path = filled(&folder);
    Connection::open(&path).unwrap().execute_batch("update note set text = '别的' where id = 1").unwrap();
    assert_ne!(damage_of(&path), []);
    assert!(is_damage(&count(&establish(&path).unwrap()).unwrap_err()));
    Connection::open(&path).unwrap().execute_batch("pragma application_id = 0").unwrap();
    drop(establish(&path).unwrap());
    sound(&path);
}

#[test]
fn a_file_can_grow_shrink_and_be_rolled_back() {
    let folder = Folder::new();
    let path = filled(&folder);
    let connection = establish(&path).unwrap();
    for mode in ["delete", "wal"] {
        connection
            .execute_batch(&format!("pragma journal_mode = {mode}; pragma cache_size = 10; pragma synchronous = off"))
            .unwrap();
        for _ in 0..3 {
            connection
                .execute_batch(
                    "begin; insert into note select id + 100000, text, zeroblob(5000) from note; savepoint half;
                     insert into note select id + 500000, text, long from note; rollback to half; rollback;
                     begin; create table more as select * from note; insert into more select * from more; drop table more; commit;
                     begin; create table more (b); insert into more select zeroblob(20000) from note limit 300; commit; drop table more;",
                )
                .unwrap();
            assert_eq!(verify(&connection).unwrap(), [], "{mode}");
        }
        connection.execute_batch("vacuum").unwrap();
        assert_eq!(verify(&connection).unwrap(), [], "{mode}");
    }
    drop(connection);
    sound(&path);
}

#[test]
fn a_file_that_another_program_made_is_left_alone() {
    let folder = Folder::new();
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("pragma application_id = 7; create table t (a)").unwrap();
    drop(other);
    let before = fs::read(folder.file()).unwrap();
    assert!(matches!(establish(&folder.file()), Err(Error::Refused(STRANGE))));
    fs::write(folder.file(), "not a database at all ".repeat(50)).unwrap();
    assert!(matches!(establish(&folder.file()), Err(Error::Refused(STRANGE))));
    assert_ne!(before, []);
}

#[test]
fn a_house_is_looked_at_while_it_is_open() {
    let folder = Folder::new();
    let path = filled(&folder);
    let writer = std::thread::spawn({
        let path = path.clone();
        move || {
            let connection = establish(&path).unwrap();
            connection.execute_batch("pragma wal_autocheckpoint = 5; pragma synchronous = off").unwrap();
            for n in 0..400 {
                connection.execute("update note set text = text || '!' where id % 50 = $1", [n % 50]).unwrap();
            }
        }
    });
    while !writer.is_finished() {
        assert_eq!(damage_of(&path), []);
        assert_eq!(log::damage(&path).unwrap(), None);
    }
    writer.join().unwrap();
    sound(&path);
}

/// A log of ten commits of some frames each, left behind.
fn log_left_behind(folder: &Folder) -> Vec<u8> {
    let connection = establish(&folder.file()).unwrap();
    connection.execute_batch("pragma journal_mode = wal; create table t (a)").unwrap();
    for _ in 0..10 {
        connection.execute_batch("insert into t values (zeroblob(10000))").unwrap();
    }
    fs::read(log::beside(&folder.file())).unwrap()
}

#[test]
fn a_bit_flipped_in_the_log_is_told_from_a_power_cut() {
    let folder = Folder::new();
    let whole = log_left_behind(&folder);
    let (database, path) = (folder.0.join("left.db"), folder.0.join("left.db-wal"));
    let told = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        log::damage(&database).unwrap()
    };
    assert_eq!(log::damage(&database).unwrap(), None, "no log at all");
    assert_eq!(told(&whole), None);
    let frame = 24 + 4096;
    let frames = (whole.len() - 32) / frame;
    assert!(frames > 20);
    for at in [40, 32 + 3 * frame + 9, 32 + 5 * frame + 17, 32 + 7 * frame + 2000] {
        let mut bad = whole.clone();
        bad[at] ^= 4;
        assert_eq!(told(&bad), Some(((at - 32) / frame) as u32 + 1), "byte {at}");
    }
    // The last commit alone may be half there: nobody was told it is kept.
    let mut torn = whole.clone();
    torn[32 + (frames - 2) * frame + 100..32 + (frames - 1) * frame].fill(0);
    assert_eq!(told(&torn), None);
    assert_eq!(told(&whole[..whole.len() - 100]), None);
    let mut header = whole;
    header[9] ^= 1;
    assert_eq!(told(&header), Some(0));
    fs::copy(folder.file(), &database).unwrap();
    assert!(matches!(establish(&database), Err(Error::Log(0))));
    assert_eq!(fs::read(&path).unwrap(), header, "what is damaged is left alone");
}

#[test]
fn pages_are_known_by_their_place() {
    let mut page = vec![7_u8; 512];
    page::stamp(&mut page, 3);
    assert!(page::sound(&page, 3) && !page::sound(&page, 4) && !page::sound(&[], 1));
    for bit in 0..512 * 8 {
        page[bit / 8] ^= 1 << (bit % 8);
        assert!(!page::sound(&page, 3), "bit {bit}");
        page[bit / 8] ^= 1 << (bit % 8);
    }
    assert!(page::holds_locks(262_145, 4096) && !page::holds_locks(262_144, 4096));
    assert!(page::is_whole(4096, 8192) && !page::is_whole(4096, 100) && !page::is_whole(100, 0));
    assert!(!page::sound(&[0; 4096], 1), "zeros are no page");
}
