//! Who sits at the desk of a hub.

use commons::desk::{Chair, Pass};
use commons::people::{Actor, Office};
use commons::place::Place;
use kit::{Error, Result};

/// The hub's own people, the community, whoever holds a post here or stands in for one, and whoever has a duty now.
pub fn serve(actor: &Actor, compound: &Place, pass: Pass) -> Result<Chair> {
    if pass.post || actor.covers(Office::Hub, compound) {
        return Ok(Chair { office: Office::Hub, talks: true });
    }
    if actor.covers(Office::Community, compound) {
        return Ok(Chair { office: Office::Community, talks: false });
    }
    if pass.duty {
        return Ok(Chair { office: Office::Hub, talks: false });
    }
    if actor.persons.is_empty() {
        return Err(Error::denied("account/sign-in-first"));
    }
    Err(Error::denied("hub/not-at-desk"))
}

/// A talk is read and led by the hub's people and the holders of its posts, and by nobody else.
pub fn talk(chair: Chair) -> Result<()> {
    if chair.talks { Ok(()) } else { Err(Error::denied("hub/talk-not-holder")) }
}

/// The same for whoever may have no chair at all: the reason is that of the talks, a mediator's as well.
pub fn reads_talks(actor: &Actor, chair: Result<Chair>) -> Result<Chair> {
    match chair {
        Ok(chair) => talk(chair).map(|()| chair),
        Err(Error::Denied(_)) if actor.has_any(&[Office::Mediator]) => Err(Error::denied("hub/talk-not-mediation")),
        Err(Error::Denied(_)) if !actor.persons.is_empty() => Err(Error::denied("hub/talk-not-holder")),
        Err(other) => Err(other),
    }
}
