//! The parsers of the commons that take what strangers send, with seeds; see [`kit::foreign`].

use crate::calendar::{OfficeHours, WorkCalendar};
use crate::case::{danger, fields, guess};
use crate::notice::{channel, delivery};
use crate::place::pattern::Pattern;
use crate::place::sheet as places;
use crate::register::{self, Owner, Unit, UnitKind};
use crate::{private, sheet};
use kit::foreign::Target;

pub const TARGETS: &[Target] = &[
    Target { name: "sheet", feed: sheets, seeds: tables, rounds: 300 },
    Target { name: "register", feed: register, seeds: registers, rounds: 300 },
    Target { name: "calendar", feed: calendar, seeds: years, rounds: 1_000 },
    Target { name: "hours", feed: hours, seeds: clocks, rounds: 3_000 },
    Target { name: "pattern", feed: pattern, seeds: clocks, rounds: 3_000 },
    Target { name: "robot", feed: robot, seeds: replies, rounds: 3_000 },
    Target { name: "said", feed: said, seeds: sayings, rounds: 1_000 },
];

fn sheets(data: &[u8]) {
    if let Ok(rows) = sheet::read(data) {
        assert!(rows.len() <= sheet::ROWS_MAX);
    }
    let _ = places::plan(data, &[]);
}

fn tables() -> Vec<Vec<u8>> {
    let rows = [vec!["小区代号", "小区", "楼栋"], vec!["shiliu", "石榴园", "1号楼"]]
        .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect());
    let written = |format| sheet::write(&rows, format).expect("a table is written.");
    let template = |format| places::template(format).expect("a template is written.");
    vec![
        written(sheet::Format::Csv),
        written(sheet::Format::Xlsx),
        template(sheet::Format::Csv),
        template(sheet::Format::Xlsx),
    ]
}

fn register(data: &[u8]) {
    let _ = register::sheet::plan(data);
}

fn registers() -> Vec<Vec<u8>> {
    let owner = |name: &str| Owner { name: name.into(), mark: String::new(), share: None };
    let unit =
        Unit { code: "3-2-301".into(), kind: UnitKind::Home, area: 8_950, owners: vec![owner("李"), owner("王")] };
    [sheet::Format::Csv, sheet::Format::Xlsx]
        .map(|format| register::sheet::write(std::slice::from_ref(&unit), format).expect("a register is written."))
        .to_vec()
}

fn calendar(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let _ = (WorkCalendar::year_of(&text), WorkCalendar::china().with_year(&text));
}

fn years() -> Vec<Vec<u8>> {
    let year =
        "year = 2027\nsource = \"x\"\n\n[[holiday]]\nname = \"元旦\"\noff = [\"01-01/01-03\"]\nwork = [\"01-04\"]\n";
    vec![year.into()]
}

fn hours(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (from, to) = text.split_once('-').unwrap_or((&text, ""));
    let _ = (OfficeHours::parse(&text), delivery::Quiet::parse(from, to));
}

fn pattern(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (pattern, _) = Pattern::read(&|_| text.to_string(), true);
    assert!(pattern.buildings.len() <= 20_000);
    let _ = fields::read_options(&text);
}

fn clocks() -> Vec<Vec<u8>> {
    ["09:00-12:00,13:30-17:30", "9：00－11：30", "21:00-08:00", "1-12", "1-3,5,7-9", "左边=Left\n右边=Right"]
        .map(|text| text.as_bytes().to_vec())
        .to_vec()
}

fn robot(data: &[u8]) {
    let (status, body) = data.split_first().map_or((200, data), |(first, rest)| (u16::from(*first) * 3, rest));
    let _ = channel::verdict(status, body);
}

fn replies() -> Vec<Vec<u8>> {
    [r#"C{"errcode":0,"errmsg":"ok"}"#, r#"C{"code":19024,"msg":"Key Words Not Found"}"#, r#"C{"StatusCode":0}"#]
        .map(|text| text.as_bytes().to_vec())
        .to_vec()
}

fn said(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let found = private::find(&text);
    assert!(found.iter().all(|one| one.start < one.end));
    let _ = (private::covered(&text), danger::of(&text), guess::category(&text));
}

fn sayings() -> Vec<Vec<u8>> {
    [
        "3-2-301漏水，打13800000000找我",
        "身份证11010119900101001X，住石榴园3号楼2单元301",
        "楼道里有煤气味，孩子困在电梯里",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// Feeds the target of this name once, as a fuzzer does.
///
/// # Panics
/// When there is none, or it stumbles.
pub fn fed(name: &str, data: &[u8]) {
    kit::foreign::feed_one(TARGETS, name, data);
}

#[cfg(test)]
mod tests;
