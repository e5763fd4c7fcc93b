//! Who may do what with a case, one sentence each, every refusal with its reason.

use super::model::{Deed, Hand};
use commons::case::{Case, Handover, Kind, State};
use commons::desk::{Became, WalkIn};
use commons::people::{Mandate, Office};
use commons::place::{Place, PlaceId, TenantId};
use kit::time::Moment;
use kit::{Error, Result};

/// Everybody may read what is public; the rest only the one who said it, the office that holds it, and, unless neighbours
/// quarrel, the community's own staff.
pub fn read(hand: Hand<'_>, case: &Case, handovers: &[Handover]) -> Result<()> {
    if case.is_public() || hand.is_author(case) || is_party(hand, case, handovers) {
        return Ok(());
    }
    // What one may not see does not exist.
    Err(Error::NotFound)
}

/// The office under which somebody reads what is not for everybody; none for what is public, and for the one who said it.
pub fn reads_as(hand: Hand<'_>, case: &Case, handovers: &[Handover]) -> Option<Office> {
    if case.is_public() || hand.is_author(case) {
        return None;
    }
    let seats = handovers.iter().flat_map(|handover| [handover.to, handover.from]);
    let seat = [(case.holder.office, case.holder.place)].into_iter().chain(seats);
    let held = seat.into_iter().find(|(office, place)| hand.actor.holds(*office, *place)).map(|(office, _)| office);
    let staff = || hand.actor.in_tenant(case.tenant).any(|mandate| mandate.office == Office::Community);
    held.or_else(|| staff().then_some(Office::Community))
}

/// Whether this is more than a passer-by: the author, the holder now or before, or the one it was offered to.
pub fn is_party(hand: Hand<'_>, case: &Case, handovers: &[Handover]) -> bool {
    let staff = case.kind != Kind::Dispute
        && hand.actor.in_tenant(case.tenant).any(|mandate| mandate.office == Office::Community);
    hand.is_author(case)
        || hand.is_holder(case)
        || staff
        || handovers.iter().any(|handover| {
            hand.actor.holds(handover.to.0, handover.to.1) || hand.actor.holds(handover.from.0, handover.from.1)
        })
}

/// Anybody files for themselves; for a caller only those whose office serves the compound, and whoever took a line down at the
/// desk of the hub, for that line alone.
pub fn file(hand: Hand<'_>, place: &Place, for_caller: bool, ticket: Option<&WalkIn>) -> Result<Option<Office>> {
    if !for_caller {
        return Ok(None);
    }
    let office = hand.actor.files_at(place);
    if let Some(ticket) = ticket {
        let mine = office.is_some() || hand.actor.is(ticket.tenant, Some(ticket.taken_by));
        let here = ticket.tenant == place.tenant && place.compound == Some(ticket.place);
        if !mine || !here || ticket.done.is_some() || ticket.became != Became::Request {
            return Err(Error::conflict("requests/ticket-gone"));
        }
        return Ok(office.or(Some(Office::Hub)));
    }
    office.map(Some).ok_or(Error::denied("requests/file-for-caller-not-staff"))
}

/// The one sentence for each deed. Gives the office that opens the door to it; none for the one who said it.
pub fn act(hand: Hand<'_>, case: &Case, open: Option<&Handover>, deed: &Deed) -> Result<Option<Office>> {
    match deed {
        Deed::Accept | Deed::Note { .. } | Deed::Report { .. } | Deed::Pause { .. } | Deed::Resume => {
            holder(hand, case, "requests/not-holder")
        }
        Deed::Recall => holder(hand, case, "requests/not-holder"),
        Deed::Offer { .. } => {
            holder(hand, case, "requests/not-holder")?;
            if open.is_some() {
                return Err(Error::conflict("requests/offer-open-already"));
            }
            Ok(Some(case.holder.office))
        }
        Deed::TakeOver | Deed::TurnDown { .. } => {
            let offer = open.ok_or(Error::conflict("requests/offer-gone"))?;
            if hand.actor.holds(offer.to.0, offer.to.1) {
                return Ok(Some(offer.to.0));
            }
            Err(Error::denied("requests/offer-not-yours"))
        }
        // Staff never write, change or ask again for a judgement.
        Deed::Judge { .. } => judge(hand, case),
        Deed::Add { .. } => author(hand, case, "requests/add-not-yours"),
        Deed::Up { .. } => author(hand, case, "requests/up-not-yours"),
        Deed::Sort { .. } => author(hand, case, "requests/sort-not-yours"),
        Deed::Withdraw => author(hand, case, "requests/withdraw-not-yours"),
        // What cannot be brought back is done by whoever said it.
        Deed::Erase if hand.actor.substitute.is_some() => Err(Error::denied("standing/erase")),
        Deed::Erase => author(hand, case, "requests/erase-not-yours"),
        Deed::Support | Deed::Unsupport => support(hand, case).map(|_| None),
        // The one who said it knows best whether it is the same matter; so do those who have it on their desks.
        Deed::Merge { .. } | Deed::Unmerge => match hand.is_author(case) {
            true => Ok(None),
            false if serves(hand, case) => Ok(Some(case.holder.office)),
            false => Err(Error::denied("requests/merge-not-yours")),
        },
        Deed::Edit { .. } => author(hand, case, "requests/edit-not-yours"),
        Deed::Hide(what) => {
            let office = hide(hand, case)?;
            if office.is_some() && what.why.is_none() {
                return Err(Error::invalid("why", "requests/hide-why"));
            }
            Ok(office)
        }
        Deed::Aside(deed) => act(hand, case, open, deed),
    }
}

/// Only the one who said it judges. Nobody judges what they reported themselves; and nobody who serves there judges by a
/// slip, though it went through their hands.
pub fn judge(hand: Hand<'_>, case: &Case) -> Result<Option<Office>> {
    let me = hand.actor.person_in(case.tenant);
    let over = matches!(case.state, State::Reported | State::Closed);
    let reported = me.is_some() && over && case.holder.person == me;
    let serves = me.is_some()
        && (case.typed_by == me || hand.actor.in_tenant(case.tenant).any(|mandate| mandate.office.is_staff()));
    // Whoever works for others here says nothing about that work in another's name either.
    if hand.actor.substitute.as_ref().is_some_and(|one| one.serves) {
        return Err(Error::denied("standing/judge"));
    }
    if !hand.actor.is(case.tenant, case.author) && (serves || reported || hand.is_holder(case)) {
        return Err(Error::denied("requests/judge-not-yours"));
    }
    author(hand, case, "requests/judge-not-author")?;
    if reported {
        return Err(Error::denied("requests/judge-own-report"));
    }
    Ok(None)
}

/// The one who said it covers what tells too much at any time; in what is public, so do the office that holds it and the
/// community's staff, who name why.
pub fn hide(hand: Hand<'_>, case: &Case) -> Result<Option<Office>> {
    if hand.is_author(case) {
        return Ok(None);
    }
    let community = hand.actor.in_tenant(case.tenant).any(|mandate| mandate.office == Office::Community);
    match (case.is_public(), hand.is_holder(case), community) {
        (true, true, _) => Ok(Some(case.holder.office)),
        (true, _, true) => Ok(Some(Office::Community)),
        _ => Err(Error::denied("requests/hide-not-yours")),
    }
}

/// The household that says 我也是: a neighbour's from the same compound, and not the one that said it first.
pub fn support(hand: Hand<'_>, case: &Case) -> Result<PlaceId> {
    if !case.is_public() {
        return Err(Error::NotFound);
    }
    if hand.is_author(case) {
        return Err(Error::denied("requests/support-own"));
    }
    let home = household(hand, case).ok_or(Error::denied("requests/support-not-neighbour"))?;
    if case.home == Some(home) { Err(Error::denied("requests/support-own")) } else { Ok(home) }
}

/// The home in the case's compound where the one who looks lives.
pub fn household(hand: Hand<'_>, case: &Case) -> Option<PlaceId> {
    let here = |mandate: &&Mandate| mandate.tenant == case.tenant && mandate.compound == Some(case.compound);
    hand.actor.homes().find(here).map(|mandate| mandate.place)
}

/// Whether the case is on one's desk, or one's community answers for it.
pub fn serves(hand: Hand<'_>, case: &Case) -> bool {
    let staff = |mandate: &Mandate| mandate.office == Office::Community;
    hand.is_holder(case) || (case.kind != Kind::Dispute && hand.actor.in_tenant(case.tenant).any(staff))
}

/// An office puts a case together with another only while it has the case in its first round and in time.
pub fn staff_may_merge(case: &Case, now: Moment) -> bool {
    matches!(case.state, State::Said | State::Accepted) && case.round == 1 && !case.is_overdue(now)
}

fn author(hand: Hand<'_>, case: &Case, otherwise: &'static str) -> Result<Option<Office>> {
    if hand.is_author(case) { Ok(None) } else { Err(Error::denied(otherwise)) }
}

fn holder(hand: Hand<'_>, case: &Case, otherwise: &'static str) -> Result<Option<Office>> {
    if hand.is_holder(case) { Ok(Some(case.holder.office)) } else { Err(Error::denied(otherwise)) }
}

/// The way to reach the one who said it is shown to the office that holds the case, and each view is written down.
pub fn see_contact(hand: Hand<'_>, case: &Case) -> Result<Office> {
    holder(hand, case, "requests/contact-not-holder").map(|_| case.holder.office)
}

/// Whose desk search looks through everything that is not a quarrel: the staff of the community.
pub fn searches_all(hand: Hand<'_>, tenant: TenantId) -> bool {
    hand.actor.in_tenant(tenant).any(|mandate| mandate.office == Office::Community)
}
