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

/// The reason for which a sheet is refused.
fn refusal(bytes: &[u8]) -> &'static str {
    match read(bytes) {
        Err(Error::Invalid(fields)) => fields[0].reason.0,
        other => panic!("{:?}", other.map(|rows| rows.len())),
    }
}

/// A workbook whose first sheet holds `rows` as they are written here, packed.
fn workbook(rows: impl FnOnce(&mut dyn std::io::Write)) -> Vec<u8> {
    use std::io::Write;
    let good = write(&[vec!["a".into()]], Format::Xlsx).unwrap();
    let mut from = zip::ZipArchive::new(Cursor::new(&good)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let packed = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let mut rows = Some(rows);
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        to.start_file(name.as_str(), packed).unwrap();
        match name.ends_with("sheet1.xml") {
            true => {
                let head =
                    r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;
                to.write_all(head.as_bytes()).unwrap();
                rows.take().unwrap()(&mut to);
                to.write_all(b"</sheetData></worksheet>").unwrap();
            }
            false => drop(std::io::copy(&mut part, &mut to).unwrap()),
        }
    }
    to.finish().unwrap().into_inner()
}

fn inline(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn two_cells_at_the_ends_of_the_world_need_no_room_for_what_lies_between() {
    let row = |number: u32, cells: &str| format!("<row r=\"{number}\">{cells}</row>");
    let far = |second: String| workbook(|to| to.write_all((row(1, &inline("A1", "x")) + &second).as_bytes()).unwrap());
    assert_eq!(refusal(&far(row(1_048_576, &inline("A1048576", "y")))), "sheet/too-many-rows");
    assert_eq!(refusal(&far(row(2, &inline("XFD2", "y")))), "sheet/too-wide");
    assert_eq!(read(&far(row(3, &inline("B3", "y")))).unwrap(), [["x", ""], ["", ""], ["", "y"]]);
}

#[test]
fn an_archive_that_lies_about_its_size_is_not_unpacked_to_its_end() {
    let zeros = vec![b' '; 1 << 20];
    let mut bomb = workbook(|to| (0..=UNPACKED_BYTES_MAX >> 20).for_each(|_| to.write_all(&zeros).unwrap()));
    assert!(bomb.len() < BYTES_MAX, "{} bytes hold it", bomb.len());
    assert_eq!(refusal(&bomb), "sheet/too-big", "what it says itself");
    let directory: Vec<usize> = (0..bomb.len() - 4).filter(|at| &bomb[*at..at + 4] == b"PK\x01\x02").collect();
    for at in directory {
        bomb[at + 24..at + 28].copy_from_slice(&1_000_u32.to_le_bytes());
    }
    // Whoever unpacks may stop where the part should have ended; to its end it is never unpacked.
    assert!(["sheet/too-big", "sheet/broken"].contains(&refusal(&bomb)), "and when it lies");
    let parts = [&b"PK\x03\x04"[..], &[b"PK\x01\x02".as_slice(), &[0; 42]].concat().repeat(100_000)].concat();
    assert_eq!(refusal(&parts), "sheet/too-big", "a hundred thousand parts");
}
