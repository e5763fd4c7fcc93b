//! Reply templates on the page of a case: picked, filled in, changed if need be, and only then said.

use super::model::Hand;
use super::view::CasePage;
use crate::layout::{View, Visit};
use commons::case::replies;
use commons::case::store::CaseFound;
use kit::Result;

/// A template with its blanks filled in for the case at hand.
pub struct Shown {
    pub id: String,
    pub title: String,
    pub text: String,
    pub here: bool,
}

/// What the one who holds the case may pick from; nothing for everybody else.
pub async fn offered(visit: &Visit, v: &View, hand: Hand<'_>, found: &CaseFound) -> Result<Vec<Shown>> {
    let case = &found.row.case;
    if !hand.is_holder(case) || !case.state_at(visit.call.now).is_open() {
        return Ok(Vec::new());
    }
    let place = v.pick(&found.row.public_label, &found.row.public_label_en);
    let due = case.due.map(|due| v.moment(due, visit.call.now)).unwrap_or_default();
    let all = replies::for_case(&visit.app.db, case.tenant, case.compound).await?;
    let shown = all.iter().map(|reply| Shown {
        id: reply.id.to_string(),
        title: reply.title.clone(),
        text: reply.filled(&case.code, place, &due),
        here: false,
    });
    Ok(shown.collect())
}

/// Puts the picked one into the form.
pub fn pick(page: &mut CasePage, id: &str) {
    for reply in &mut page.replies {
        reply.here = reply.id == id;
        if reply.here {
            page.kept.clone_from(&reply.text);
        }
    }
}

/// A sample for the gallery.
pub fn sample(v: &View, offered: bool) -> Vec<Shown> {
    let one = Shown {
        id: "1".into(),
        title: v.t("outcome-solved").to_string(),
        text: v.t("front-text").to_string(),
        here: true,
    };
    if offered { vec![one] } else { Vec::new() }
}
