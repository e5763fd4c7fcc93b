//! The list of parts against the schema.

use super::store::timers::TIMERS;
use super::store::{NAMING, PARTS};
use kit::db::snapshot::Kind as Column;
use kit::on_both;
use std::collections::BTreeSet;

/// Columns of bytes that name something else than a person or an account.
const OTHERS: &[&str] = &[
    "about",
    "address",
    "answer",
    "body",
    "bound",
    "building",
    "channel",
    "code",
    "compound",
    "contact",
    "content",
    "credential",
    "deputy_phone",
    "digest",
    "doc",
    "entrance",
    "entry",
    "facts",
    "fields",
    "first_mandate",
    "from_place",
    "grid",
    "hash",
    // A stand-in, which names both and goes with either.
    "hat",
    "holder_place",
    "home",
    "id",
    "into_request",
    "mail",
    "mandate",
    "name",
    "organisation",
    "out_key",
    "parent",
    "parties",
    "phone",
    "pickup",
    "place",
    "post",
    "public_key",
    "request",
    "room_key",
    "said",
    "second_mandate",
    "secret",
    "sender",
    "shift",
    "subscription",
    "tenant",
    "thing_id",
    "to_place",
    "topic",
    "token",
    "unit",
    "walk_in",
    "who",
];
/// Where an id is a person's or an account's, or `open` is.
const IDS: &[&str] = &["person", "account"];

on_both! { crate::all_migrations();
    async fn every_column_that_can_name_somebody_has_its_fate(db) {
        let tables = db.snapshot().await.unwrap().tables().await.unwrap();
        let mut found = BTreeSet::new();
        for table in tables {
            for column in table.columns.iter().filter(|column| column.kind == Some(Column::Blob)) {
                let id = column.name == "id" && IDS.contains(&table.name.as_str());
                // What is open of a hand-over is its case.
                let open = column.name == "open" && table.name == "handover";
                if id || !(OTHERS.contains(&column.name.as_str()) || open) {
                    found.insert((table.name.clone(), column.name.clone()));
                }
            }
        }
        let listed: BTreeSet<_> = NAMING.iter().map(|(table, column, _)| ((*table).to_owned(), (*column).to_owned())).collect();
        assert_eq!(found, listed, "each column that can name a person needs a line in NAMING, a part, and its erasing");
        assert!(listed.len() > 30);
    }
}

#[test]
fn every_part_has_a_name_of_its_own() {
    let names: BTreeSet<_> = PARTS.iter().map(|part| part.name).collect();
    assert_eq!(names.len(), PARTS.len());
}

#[test]
fn contacts_go_when_the_rulebook_says_so() {
    let timer = TIMERS.iter().find(|timer| timer.name == "contacts").unwrap();
    assert_eq!(timer.days, crate::case::contact_days().unwrap());
}
