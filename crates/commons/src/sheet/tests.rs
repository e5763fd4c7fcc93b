//! Sheets as offices send them, sound and broken.

use super::*;

#[test]
fn what_is_written_is_read_back_in_both_formats_and_runs_nowhere() {
    let rows: Vec<Vec<String>> = [
        vec!["小区", "楼栋", "面积"],
        vec!["石榴园", "3号楼", "89.50"],
        vec!["=1+1", "@sum", "+x"],
        vec!["'quoted", "a,b;\"c\"", "-5"],
        vec!["", "🍎 301", "-1x"],
    ]
    .iter()
    .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
    .collect();
    for format in [Format::Csv, Format::Xlsx] {
        assert_eq!(read(&write(&rows, format).unwrap()).unwrap(), rows, "{format:?}");
    }
    let csv = String::from_utf8(write(&rows, Format::Csv).unwrap()).unwrap();
    assert!(csv.contains("'=1+1") && csv.contains("'@sum"));
}

#[test]
fn delimiters_are_found_and_what_is_no_table_is_refused() {
    assert_eq!(read(b"a;b\n1;2\n").unwrap()[1], ["1", "2"]);
    assert_eq!(read(b"a\tb\n1\t2\n").unwrap()[1], ["1", "2"]);
    assert!(read(b"\xff\xfe\x00").is_err());
    assert!(read(b"a,\0b").is_err());
    let reason = |bytes: &[u8]| match read(bytes) {
        Err(Error::Invalid(fields)) => fields[0].reason.0,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(b"PK\x03\x04 but no archive"), "sheet/broken");
    assert!(read(&vec![b'a'; BYTES_MAX + 1]).is_err());
    let good = write(&[vec!["a".into()]], Format::Xlsx).unwrap();
    for part in [304, good.len() / 2, good.len() - 9] {
        assert_eq!(reason(&good[..part]), "sheet/broken", "the first {part} bytes");
    }
    let mut bomb = good;
    let at = bomb.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    bomb[at + 24..at + 28].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(read(&bomb).is_err());
}
