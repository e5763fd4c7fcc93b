//! Notices: what somebody should hear of, kept until they have seen it.
//!
//! A notice's id is the activity it tells of, so that a listener that runs twice leaves one.

pub mod channel;
pub mod delivery;
pub mod store;
pub mod wish;

use self::wish::Because;
use kit::Uuid;
use kit::book::ActivityId;
use kit::time::Moment;

/// One line of somebody's inbox.
#[derive(Clone, Debug)]
pub struct Notice {
    pub id: ActivityId,
    pub at: Moment,
    /// The activity's stem, which the locale files say in words.
    pub stem: String,
    pub thing: String,
    pub thing_id: Uuid,
    /// What to call the thing, e.g. `shiliu-12`.
    pub label: String,
    /// Why this person was told; unknown for what is older than the question.
    pub because: Option<Because>,
    pub seen: Option<Moment>,
}
