//! Incidents with people's data: what the personal information protection law, article 57, wants to be told, and to whom it was.

pub mod store;

use kit::id;
use kit::time::Moment;

id!(IncidentId);

/// What is written down when something has gone wrong.
#[derive(Clone, Debug)]
pub struct NewIncident {
    pub found: Moment,
    /// What happened, and why.
    pub what: String,
    /// Which kinds of data.
    pub kinds: String,
    /// Whom it concerns, and how many.
    pub affected: String,
    /// What harm may come of it.
    pub harm: String,
    /// What was done, and what people can do themselves.
    pub measures: String,
}

/// The same, with who was told when.
#[derive(Clone, Debug)]
pub struct Incident {
    pub id: IncidentId,
    pub said: NewIncident,
    pub told_people: Option<Moment>,
    pub told_authority: Option<Moment>,
    pub closed: Option<Moment>,
}
