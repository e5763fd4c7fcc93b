//! The parsers of the house that take what strangers send, with seeds; see [`kit::foreign`].

use crate::keep::records;
use crate::layout::json;
use crate::say::requests::{import, open311};
use kit::foreign::Target;

pub const TARGETS: &[Target] = &[
    Target { name: "args", feed: args, seeds: questions, rounds: 3_000 },
    Target { name: "cursor", feed: cursor, seeds: cursors, rounds: 3_000 },
    Target { name: "city", feed: import::fed, seeds: cities, rounds: 2_000 },
    Target { name: "records", feed: records, seeds: files, rounds: 2_000 },
];

fn args(data: &[u8]) {
    open311::fed(&String::from_utf8_lossy(data));
}

fn questions() -> Vec<Vec<u8>> {
    [
        "jurisdiction_id=shiliu&service_code=lighting&status=open,closed&start_date=2026-01-01T00:00:00+08:00",
        "lat=30.1&long=104.2&radius=500&bbox=104.1,30.0,104.3,30.2&page=2&page_size=1000&extensions=true",
        "attribute[WHEN]=2026-01-02&attribute[WHICH][]=a&attribute[WHICH][]=b&cursor=1795485600000_00ff&q=%E7%81%AF",
    ]
    .map(|line| line.as_bytes().to_vec())
    .to_vec()
}

fn cursor(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(Some((at, id))) = json::before(Some(&text)) {
        let again = format!("{}_{id}", at.0);
        assert_eq!(json::before(Some(&again)).ok().flatten(), Some((at, id)), "a cursor is read as it is written");
    }
}

fn cursors() -> Vec<Vec<u8>> {
    ["1795485600000_0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "-1_0197a1b2c3d47e5f8a9b0c1d2e3f4a5b", "_"]
        .map(|line| line.as_bytes().to_vec())
        .to_vec()
}

fn cities() -> Vec<Vec<u8>> {
    let lines = "id,requested_datetime,area,service_name,subject,description,status,lat,long\n\
        1,2016-01-02 03:04:05,安南,路燈故障,燈不亮,\"晚上看不見\",closed,23.04,120.18\n2,2016-13-02 03:04:05,:東 區,,,壞了,,91,\n";
    vec![lines.as_bytes().to_vec()]
}

fn records(data: &[u8]) {
    records::read::fed(data, records::Form::Lines);
    records::read::fed(data, records::Form::Csv);
}

fn files() -> Vec<Vec<u8>> {
    [
        "{\"format\":\"mulin-request/1\",\"code\":\"shiliu-1\",\"words\":\"灯不亮\",\"book\":[]}\n\n{\"format\":1}\n",
        "format,code,words,photos,book\r\nmulin-request/1,shiliu-1,\"灯不亮\n又不亮\",2,\"[{\"\"stem\"\":1}]\"\r\n",
    ]
    .map(|line| line.as_bytes().to_vec())
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
