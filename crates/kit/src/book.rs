//! The book: what was done, by whom, to what. An activity is written with the row it tells of, or not at all.
//!
//! Those who want to hear of an activity (search, notices, live pages) subscribe to stems; recording one leaves a job for each
//! of them in the same transaction, so nobody is told of what did not happen, and nobody misses what did.

pub mod chain;

use crate::db::{Row, Tx};
use crate::id;
use crate::time::Moment;
use crate::{Result, jobs, params};
use serde_json::json;
use uuid::Uuid;

id!(ActivityId);

/// What is written down. `facts` hold no free words: when words are erased, the book can stay.
#[derive(Clone, Debug)]
pub struct Activity {
    pub tenant: Uuid,
    /// Feature and deed, e.g. `requests/accepted`.
    pub stem: &'static str,
    /// What kind of thing it happened to, e.g. `case`.
    pub thing: &'static str,
    pub thing_id: Uuid,
    pub place: Option<Uuid>,
    pub facts: serde_json::Value,
}

impl Activity {
    pub fn of(tenant: impl Into<Uuid>, stem: &'static str, thing: &'static str, thing_id: impl Into<Uuid>) -> Self {
        Activity { tenant: tenant.into(), stem, thing, thing_id: thing_id.into(), place: None, facts: json!({}) }
    }

    pub fn at_place(mut self, place: impl Into<Uuid>) -> Self {
        self.place = Some(place.into());
        self
    }

    pub fn with(mut self, facts: serde_json::Value) -> Self {
        self.facts = facts;
        self
    }
}

/// Who hears of which stems: `("requests/", "search")` starts the job kind `search` after every `requests/…`.
pub type Subscription = (&'static str, &'static str);

/// An activity read back.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: ActivityId,
    pub at: Moment,
    pub person: Option<Uuid>,
    pub on_behalf: Option<Uuid>,
    pub office: Option<String>,
    pub stem: String,
    pub place: Option<Uuid>,
    pub facts: serde_json::Value,
}

const WRITE: &str =
    "insert into activity (tenant, id, at, person, on_behalf, office, stem, thing, thing_id, place, facts)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const OF_THING: &str = "select id, at, person, on_behalf, office, stem, place, facts from activity
    where tenant = $1 and thing_id = $2 order by id limit 1000";

impl Tx<'_> {
    /// Writes the activity and leaves a job for everyone who listens to its stem.
    pub async fn record(&mut self, activity: Activity) -> Result<ActivityId> {
        let id: ActivityId = self.id();
        let (now, by) = (self.now(), self.by().clone());
        let facts = activity.facts.to_string();
        let row = params![
            activity.tenant,
            id,
            now,
            by.person,
            by.on_behalf,
            by.office,
            activity.stem,
            activity.thing,
            activity.thing_id,
            activity.place,
            facts
        ];
        self.run(WRITE, row).await?;
        let listeners: Vec<&str> = self
            .listeners()
            .iter()
            .filter(|(prefix, _)| activity.stem.starts_with(prefix))
            .map(|(_, kind)| *kind)
            .collect();
        for kind in listeners {
            let told =
                json!({ "activity": id, "stem": activity.stem, "thing": activity.thing_id, "facts": activity.facts });
            jobs::enqueue(self, activity.tenant, kind, &told, now).await?;
        }
        Ok(id)
    }
}

impl Entry {
    fn read(row: &Row) -> Result<Entry> {
        let facts: String = row.get("facts")?;
        Ok(Entry {
            id: row.get("id")?,
            at: row.get("at")?,
            person: row.get("person")?,
            on_behalf: row.get("on_behalf")?,
            office: row.get("office")?,
            stem: row.get("stem")?,
            place: row.get("place")?,
            facts: serde_json::from_str(&facts).map_err(crate::Error::internal)?,
        })
    }
}

/// What was done to a thing, oldest first.
pub async fn of_thing(db: &crate::db::Db, tenant: Uuid, thing: Uuid) -> Result<Vec<Entry>> {
    db.all(OF_THING, params![tenant, thing]).await?.iter().map(Entry::read).collect()
}

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[WRITE, OF_THING];
