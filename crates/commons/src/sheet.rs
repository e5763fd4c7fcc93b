//! Tables as people keep them: CSV and XLSX, read into rows of text and written back, with limits and without formulas.

use calamine::{Data, Reader, Xlsx};
use kit::{Error, Result};
use std::io::Cursor;

pub const BYTES_MAX: usize = 8 * 1024 * 1024;
pub const ROWS_MAX: usize = 60_000;
const COLUMNS_MAX: usize = 64;
const CELL_CHARACTERS_MAX: usize = 2_000;
/// What an XLSX may unpack to: more is a bomb.
const UNPACKED_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// Deflate makes nothing smaller than this share of it.
const PACKED_RATIO_MAX: u64 = 1_032;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
}

impl Format {
    pub fn parse(name: &str) -> Option<Format> {
        match name {
            "csv" => Some(Format::Csv),
            "xlsx" => Some(Format::Xlsx),
            _ => None,
        }
    }

    pub fn mime(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Reads the rows of a CSV (comma, semicolon or tab) or of an XLSX's first sheet, header included.
///
/// # Errors
/// [`Error::Invalid`] on the field `file`: not a table, too big, too many rows, not UTF-8.
pub fn read(bytes: &[u8]) -> Result<Vec<Vec<String>>> {
    if bytes.len() > BYTES_MAX {
        return Err(wrong("sheet/too-big"));
    }
    let rows = if bytes.starts_with(b"PK\x03\x04") { read_xlsx(bytes)? } else { read_csv(bytes)? };
    if rows.len() > ROWS_MAX {
        return Err(wrong("sheet/too-many-rows"));
    }
    let too_wide =
        |row: &Vec<String>| row.len() > COLUMNS_MAX || row.iter().any(|c| c.chars().count() > CELL_CHARACTERS_MAX);
    if rows.iter().any(too_wide) {
        return Err(wrong("sheet/too-wide"));
    }
    Ok(rows)
}

fn wrong(stem: &'static str) -> Error {
    Error::invalid("file", stem)
}

fn read_csv(bytes: &[u8]) -> Result<Vec<Vec<String>>> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes))
        .map_err(|_| wrong("sheet/not-utf8"))?;
    if text.contains('\0') {
        return Err(wrong("sheet/not-a-table"));
    }
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: char| first.matches(delimiter).count();
    let delimiter = if count('\t') > count(',') {
        b'\t'
    } else if count(';') > count(',') {
        b';'
    } else {
        b','
    };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| wrong("sheet/not-a-table"))?;
        rows.push(record.iter().map(|cell| unguarded(cell.trim()).to_owned()).collect());
        if rows.len() > ROWS_MAX {
            return Err(wrong("sheet/too-many-rows"));
        }
    }
    Ok(rows)
}

fn read_xlsx(bytes: &[u8]) -> Result<Vec<Vec<String>>> {
    let broken = || wrong("sheet/broken");
    let unpacked = unpacked(bytes).ok_or_else(broken)?;
    if unpacked > UNPACKED_BYTES_MAX {
        // So little cannot hold so much: the directory is damaged, or lies.
        let possible = bytes.len() as u64 * PACKED_RATIO_MAX >= unpacked;
        return Err(if possible { wrong("sheet/too-big") } else { broken() });
    }
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|_| broken())?;
    let sheet = book.worksheet_range_at(0).ok_or_else(broken)?.map_err(|_| broken())?;
    Ok(sheet.rows().map(|row| row.iter().map(cell).collect()).collect())
}

fn cell(data: &Data) -> String {
    match data {
        Data::Empty => String::new(),
        // Excel keeps 301 as a number; a home is still called 301.
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        other => other.to_string().trim().to_owned(),
    }
}

/// The sum of the sizes that the archive's directory declares; `None` when there is no directory.
fn unpacked(bytes: &[u8]) -> Option<u64> {
    let mut sum = 0_u64;
    let mut found = false;
    let mut at = 0;
    while let Some(next) = bytes.get(at..)?.windows(4).position(|four| four == b"PK\x01\x02") {
        let entry = at + next;
        let size = bytes.get(entry + 24..entry + 28)?;
        sum += u64::from(u32::from_le_bytes(size.try_into().ok()?));
        found = true;
        at = entry + 4;
    }
    found.then_some(sum)
}

/// Writes rows, header first.
///
/// # Errors
/// [`Error::Internal`] when the writer fails.
pub fn write(rows: &[Vec<String>], format: Format) -> Result<Vec<u8>> {
    match format {
        Format::Csv => {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(b"\xEF\xBB\xBF".to_vec());
            for row in rows {
                writer.write_record(row.iter().map(|cell| guarded(cell))).map_err(Error::internal)?;
            }
            writer.into_inner().map_err(Error::internal)
        }
        Format::Xlsx => {
            let mut book = rust_xlsxwriter::Workbook::new();
            let sheet = book.add_worksheet();
            let bold = rust_xlsxwriter::Format::new().set_bold();
            sheet.set_freeze_panes(1, 0).map_err(Error::internal)?;
            for (at, row) in rows.iter().enumerate() {
                for (column, cell) in row.iter().enumerate() {
                    let (at, column) =
                        (u32::try_from(at).map_err(Error::internal)?, u16::try_from(column).map_err(Error::internal)?);
                    // Always as text: a cell never runs as a formula.
                    let written = if at == 0 {
                        sheet.write_string_with_format(at, column, cell, &bold)
                    } else {
                        sheet.write_string(at, column, cell)
                    };
                    written.map_err(Error::internal)?;
                }
            }
            book.save_to_buffer().map_err(Error::internal)
        }
    }
}

/// A spreadsheet would run a cell that begins like a formula; a quote before it makes it text again.
pub fn guarded(cell: &str) -> String {
    if needs_guard(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// The same back again.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if needs_guard(rest) => rest,
        _ => cell,
    }
}

fn needs_guard(cell: &str) -> bool {
    // A number below zero is no formula.
    let number = cell.strip_prefix('-').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) && !number
}

#[cfg(test)]
mod tests;
