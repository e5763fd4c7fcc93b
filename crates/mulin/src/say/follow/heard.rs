//! What followers hear at once, in the transaction that tells those concerned.

use super::model::Pace;
use super::{letter, store};
use crate::layout::went;
use crate::told::What;
use commons::case::Case;
use commons::notice;
use commons::notice::wish::Because;
use commons::people::PersonId;
use commons::place::store as places;
use kit::Result;
use kit::db::Tx;
use kit::web::App;
use std::collections::HashSet;

/// Tells everybody who follows the case, or the place or category it belongs to. Who is `concerned` is told as such; one
/// letter for each address.
pub async fn heard(
    tx: &mut Tx<'_>,
    app: &App,
    (case, what): (&Case, &What<'_>),
    concerned: &[(PersonId, Because)],
) -> Result<()> {
    let Some(key) = went::key(what.stem, what.facts).filter(|_| case.is_public()) else { return Ok(()) };
    let followers = store::concerned(tx, case).await?;
    if followers.is_empty() {
        return Ok(());
    }
    let stem = key.replacen("went-", "follow/", 1);
    let mut place = None;
    let mut told_to = HashSet::new();
    for one in followers {
        if one.pace != Pace::Instant || (one.what.request.is_none() && !is_for_a_place(key)) {
            continue;
        }
        if let Some(person) = one.person {
            if concerned.iter().any(|(other, _)| *other == person) {
                continue;
            }
            let told = (stem.as_str(), "case", case.id.0, case.code.as_str());
            notice::store::add(tx, case.tenant, (person, Because::Followed), what.activity, told).await?;
        }
        let Some(to) = letter::address(tx, app, &one).await? else { continue };
        if !told_to.insert(to.clone()) {
            continue;
        }
        if place.is_none() {
            place = places::find_in(tx, case.tenant, case.building.unwrap_or(case.compound)).await?;
        }
        let label = place.as_ref().map_or("", |place| one.lang.pick(&place.label, &place.label_en));
        letter::step(tx, app, (&one, &to), (what.activity, key), (case, label)).await?;
    }
    Ok(())
}

/// Who follows a whole place hears of what is new and what came of it; each step between is for those who follow the case.
fn is_for_a_place(key: &str) -> bool {
    !matches!(key, "went-accepted" | "went-added" | "went-offered" | "went-taken-over")
}
