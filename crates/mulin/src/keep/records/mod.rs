//! Requests as records for other programs, and back: everything that was said and done, without the people who did it.
//!
//! A record holds the request itself, its words and steps, hand-overs, judgements, clocks, pauses, and its lines of the book. Places
//! go by their path, other requests by their code. It holds no author, no supporter, no name and no account; a contact only where
//! it was asked for. Pictures and voices stay in the house: a backup has them. What is listed here is what is written and what
//! is read, so the two cannot part.

pub mod read;
mod refs;
pub mod store;
#[cfg(test)]
pub mod tests;
pub mod write;

use commons::case::standards::{ClockKind, Unit};
use commons::case::{Cause, Channel, Decision, Door, EntryKind, Kind, Outcome, Satisfaction, State, WaitReason, Way};
use commons::people::Office;

/// Stands in every record. A program that reads another one says so instead of guessing.
pub const FORMAT: &str = "mulin-request/1";

/// How the records of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A line of JSON for each.
    Lines,
    /// A row for each; what is a list stands in its cell as JSON.
    Csv,
}

/// How a column looks outside.
#[derive(Clone, Copy)]
pub enum Shape {
    Text,
    /// One of the names that the house knows.
    Name(fn(&str) -> bool),
    Int,
    Bool,
    /// RFC 3339.
    Time,
    /// The path of a place.
    Place,
    /// The code of a request.
    Case,
    /// The facts of a line of the book: what they point at goes by its name.
    Facts,
}

/// A field of a record and the column that it is kept in.
#[derive(Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub column: &'static str,
    pub shape: Shape,
    pub optional: bool,
}

const fn needed(name: &'static str, shape: Shape) -> Field {
    Field { name, column: name, shape, optional: false }
}

const fn optional(name: &'static str, shape: Shape) -> Field {
    Field { name, column: name, shape, optional: true }
}

const fn kept_as(field: Field, column: &'static str) -> Field {
    Field { column, ..field }
}

const DOOR: Shape = Shape::Name(|name| Door::parse(name).is_some());
const OFFICE: Shape = Shape::Name(|name| Office::parse(name).is_some());
const STATE: Shape = Shape::Name(|name| State::parse(name).is_some());
const KIND: Shape = Shape::Name(|name| Kind::parse(name).is_some());
const SATISFACTION: Shape = Shape::Name(|name| Satisfaction::parse(name).is_some());

/// The request itself, in the order of the columns.
pub const REQUEST: &[Field] = &[
    needed("code", Shape::Text),
    needed("state", STATE),
    needed("door", DOOR),
    needed("kind", KIND),
    needed("category", Shape::Text),
    needed("holder_office", OFFICE),
    needed("round", Shape::Int),
    needed("private", Shape::Bool),
    needed("words", Shape::Text),
    needed("channel", Shape::Name(|name| Channel::parse(name).is_some())),
    needed("said", Shape::Time),
    needed("changed", Shape::Time),
    optional("closed", Shape::Time),
    optional("due", Shape::Time),
    optional("outcome", Shape::Name(|name| Outcome::parse(name).is_some())),
    optional("solved", Shape::Bool),
    optional("satisfaction", SATISFACTION),
    optional("lat_e7", Shape::Int),
    optional("lon_e7", Shape::Int),
    needed("place", Shape::Place),
    needed("holder_place", Shape::Place),
    needed("compound", Shape::Place),
    optional("building", Shape::Place),
    optional("entrance", Shape::Place),
    optional("home", Shape::Place),
    needed("provisional", Shape::Bool),
    needed("supporters", Shape::Int),
    optional("external", Shape::Text),
];

/// Told beside them: the category's names, and whether everybody may read the request.
pub const TOLD: &[&str] = &["category_name", "category_name_en", "public"];

/// Rows that hang on a request.
#[derive(Clone, Copy)]
pub struct Part {
    /// The list in the record.
    pub name: &'static str,
    pub table: &'static str,
    /// The column that names the request.
    pub of: &'static str,
    /// Whether rows have an id of their own, which is also their order.
    pub has_id: bool,
    pub fields: &'static [Field],
}

pub const ENTRIES: Part = Part {
    name: "entries",
    table: "entry",
    of: "request",
    has_id: true,
    fields: &[
        needed("at", Shape::Time),
        optional("office", OFFICE),
        needed("kind", Shape::Name(|name| EntryKind::parse(name).is_some())),
        needed("public", Shape::Bool),
        needed("text", Shape::Text),
        optional("withdrawn", Shape::Time),
        optional("edited", Shape::Time),
    ],
};

pub const HANDOVERS: Part = Part {
    name: "handovers",
    table: "handover",
    of: "request",
    has_id: true,
    fields: &[
        kept_as(needed("way", Shape::Name(|name| Way::parse(name).is_some())), "kind"),
        needed("from_office", OFFICE),
        needed("from_place", Shape::Place),
        needed("to_office", OFFICE),
        needed("to_place", Shape::Place),
        needed("to_door", DOOR),
        needed("reason", Shape::Text),
        needed("offered", Shape::Time),
        optional("decision", Shape::Name(|name| Decision::parse(name).is_some())),
        optional("decided", Shape::Time),
        optional("answer", Shape::Text),
    ],
};

/// Joined to another request, which may come later in the file.
pub const MERGINGS: Part = Part {
    name: "merged",
    table: "merging",
    of: "request",
    has_id: true,
    fields: &[
        kept_as(needed("into", Shape::Case), "into_request"),
        needed("at", Shape::Time),
        optional("undone", Shape::Time),
        optional("state", STATE),
        optional("due", Shape::Time),
        optional("provisional", Shape::Bool),
    ],
};

/// Last, because its facts point at the others.
pub const BOOK: Part = Part {
    name: "book",
    table: "activity",
    of: "thing_id",
    has_id: true,
    fields: &[
        needed("at", Shape::Time),
        optional("office", OFFICE),
        needed("stem", Shape::Text),
        optional("place", Shape::Place),
        needed("facts", Shape::Facts),
    ],
};

/// Answers to a category's own questions: an object of code and value instead of a list.
const ANSWERS: &str = "fields";

pub const PARTS: &[Part] = &[
    Part {
        name: ANSWERS,
        table: "field_value",
        of: "request",
        has_id: false,
        fields: &[needed("code", Shape::Text), needed("value", Shape::Text)],
    },
    ENTRIES,
    HANDOVERS,
    Part {
        name: "judgements",
        table: "judgement",
        of: "request",
        has_id: true,
        fields: &[
            needed("round", Shape::Int),
            needed("at", Shape::Time),
            needed("solved", Shape::Bool),
            optional("satisfaction", SATISFACTION),
            optional("why", Shape::Text),
        ],
    },
    Part {
        name: "clocks",
        table: "clock",
        of: "request",
        has_id: false,
        fields: &[
            needed("round", Shape::Int),
            needed("door", DOOR),
            needed("kind", Shape::Name(|name| ClockKind::parse(name).is_some())),
            needed("started", Shape::Time),
            needed("due", Shape::Time),
            needed("provisional", Shape::Bool),
            optional("stopped", Shape::Time),
            optional("why", Shape::Text),
            optional("amount", Shape::Int),
            optional("unit", Shape::Name(|name| Unit::parse(name).is_some())),
            optional("office", Shape::Text),
            optional("known", Shape::Int),
        ],
    },
    Part {
        name: "pauses",
        table: "pause",
        of: "request",
        has_id: true,
        fields: &[
            needed("reason", Shape::Name(|name| WaitReason::parse(name).is_some())),
            needed("starts", Shape::Time),
            optional("ends", Shape::Time),
        ],
    },
    Part {
        name: "steps_up",
        table: "step_up",
        of: "request",
        has_id: false,
        fields: &[
            needed("round", Shape::Int),
            needed("door", DOOR),
            needed("cause", Shape::Name(|name| Cause::parse(name).is_some())),
            needed("at", Shape::Time),
        ],
    },
    MERGINGS,
    BOOK,
];

/// Every column of a CSV, in order.
fn columns(contacts: bool) -> Vec<&'static str> {
    let mut all = vec!["format"];
    all.extend(REQUEST.iter().map(|field| field.name));
    all.extend(TOLD);
    all.extend(PARTS.iter().map(|part| part.name));
    if contacts {
        all.push(CONTACT);
    }
    all
}

/// How to reach the one who said it: only where it was asked for.
const CONTACT: &str = "contact";
