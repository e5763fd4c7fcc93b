//! Who may do what with a case, one sentence each, every refusal with its reason.

use super::model::{Deed, Hand};
use commons::case::{Case, Handover, Kind};
use commons::people::Office;
use commons::place::{Place, TenantId};
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

/// Anybody files for themselves; for a caller only those whose office serves the compound.
pub fn file(hand: Hand<'_>, place: &Place, for_caller: bool) -> Result<Option<Office>> {
    if !for_caller {
        return Ok(None);
    }
    hand.actor.files_at(place).map(Some).ok_or(Error::denied("requests/file-for-caller-not-staff"))
}

/// The one sentence for each deed. Gives the office that opens the door to it; none for the one who said it.
pub fn act(hand: Hand<'_>, case: &Case, open: Option<&Handover>, deed: &Deed) -> Result<Option<Office>> {
    match deed {
        Deed::Accept | Deed::Note { .. } | Deed::Report { .. } => holder(hand, case, "requests/not-holder"),
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
        Deed::Judge { .. } => author(hand, case, "requests/judge-not-yours"),
        Deed::Add { .. } => author(hand, case, "requests/add-not-yours"),
        Deed::Up { .. } => author(hand, case, "requests/up-not-yours"),
        Deed::Sort { .. } => author(hand, case, "requests/sort-not-yours"),
        Deed::Withdraw => author(hand, case, "requests/withdraw-not-yours"),
        Deed::Erase => author(hand, case, "requests/erase-not-yours"),
    }
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
