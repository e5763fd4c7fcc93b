//! What is kept about somebody: one list of parts that feeds the page, the export and the erasing, and the periods after which
//! what was kept goes by itself.
//!
//! Left out on purpose: the register for votes, which knows no account, and whatever an office wrote about its own work.

pub mod store;
#[cfg(test)]
mod tests;

use kit::names;

names! {
    /// What is told together on the page. The names are keys of the locale files (`kept-homes`).
    Kind {
        Account = "account",
        Devices = "devices",
        Name = "name",
        Homes = "homes",
        Offices = "offices",
        Requests = "requests",
        Support = "support",
        Letters = "letters",
        Service = "service",
        Card = "card",
        /// Who acts for whom.
        Standing = "standing",
        Book = "book",
    }
    /// What somebody has agreed to and may take back; nothing else changes with it.
    Consent {
        /// Letters to one's own address.
        Mail = "mail",
        /// Hearing of what others say.
        Follow = "follow",
        /// One's own number on the board of an office.
        Phone = "phone",
        /// One's name in the published roster.
        Named = "named",
        /// Being in teams of the building.
        Team = "team",
        /// Being planned for duty.
        Ready = "ready",
        /// Somebody standing in for them.
        Standing = "standing",
    }
}

/// One statement that tells what a table holds about one person (`$1` the tenant, `$2` the person), the newest first.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub kind: Kind,
    pub name: &'static str,
    pub sql: &'static str,
    /// Columns that are sealed, with the label they are sealed under.
    pub sealed: &'static [(&'static str, &'static str)],
}

/// What becomes of a column that can name a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// After erasing no row holds the person here any more.
    Cut,
    /// The number stays, and why; it leads to no name.
    Stays(&'static str),
}

/// Columns of moments, so that an export says days and not numbers.
pub const MOMENTS: &[&str] = &[
    "accepted",
    "answered",
    "asked",
    "at",
    "away_from",
    "away_until",
    "back",
    "changed",
    "closed",
    "confirmed",
    "decided",
    "done",
    "edited",
    "ended",
    "ends",
    "first_at",
    "given",
    "made",
    "offered",
    "revoked",
    "said",
    "second_at",
    "seen",
    "sent",
    "since",
    "starts",
    "stopped",
    "used",
    "verified",
    "withdrawn",
];
