//! Who makes the roster, and who is on it.

use crate::near;
use commons::duty::Duty;
use commons::people::{Actor, Office};
use commons::place::Place;
use jiff::civil::Date;
use kit::{Error, Result};

/// The hub's own people and the community make the shifts and the plan.
pub fn keep(actor: &Actor, compound: &Place) -> Result<Office> {
    near::keeps(actor, compound).ok_or(Error::denied("roster/not-keeper"))
}

/// Whoever lives or serves in the compound may say when they can come; nobody says it for another.
pub fn come(actor: &Actor, compound: &Place) -> Result<Office> {
    near::neighbour(actor, compound, "roster/not-neighbour")
}

/// Whose names somebody reads on the roster of a compound.
pub struct Reads {
    /// Those who make the roster, and those who take duties in it themselves, know each other.
    inside: bool,
    /// Neighbours plan their month with it.
    neighbour: bool,
    today: Date,
}

impl Reads {
    pub fn of(actor: &Actor, compound: &Place, duties: &[Duty], today: Date) -> Reads {
        let me = actor.person_in(compound.tenant);
        let takes = me.is_some_and(|me| duties.iter().any(|duty| duty.person == me));
        Reads { inside: keep(actor, compound).is_ok() || takes, neighbour: come(actor, compound).is_ok(), today }
    }

    /// Whoever agreed is named: to neighbours all month, to strangers only on the day itself. A whole month of it would tell strangers
    /// when nobody is at home.
    pub fn name(&self, duty: &Duty) -> bool {
        self.inside || duty.named && (self.neighbour || duty.day == self.today)
    }
}
