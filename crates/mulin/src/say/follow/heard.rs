//! What followers hear at once, as a job of its own behind each activity.

use super::model::Pace;
use super::{letter, store};
use crate::layout::went;
use commons::case::{CaseId, store as cases};
use commons::notice;
use commons::notice::wish::Because;
use commons::place::{TenantId, store as places};
use kit::book::ActivityId;
use kit::jobs::{self, Job};
use kit::web::App;
use kit::{Error, Result, Uuid};
use std::collections::HashSet;

/// Tells everybody who follows the case, or the place or category it belongs to.
pub async fn heard(app: &App, job: &Job) -> Result<()> {
    let text = |name: &str| job.payload.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    let id = |name: &str| text(name).parse::<Uuid>().map_err(Error::internal);
    let facts = job.payload.get("facts").cloned().unwrap_or_default();
    let (activity_stem, facts) = (text("stem"), &facts);
    let key = went::key(activity_stem, facts);
    let (tenant, job_id) = (TenantId(job.tenant), job.id);
    let (case_id, activity) = (CaseId(id("thing")?), ActivityId(id("activity")?));
    let context = app.context();
    let told = app.db.transact(&context, |tx| {
        Box::pin(async move {
            let (true, Some(key)) = (jobs::done(tx, job_id).await?, key) else { return Ok(()) };
            let case = cases::find(tx, tenant, case_id).await?;
            if !case.is_public() {
                return Ok(());
            }
            let followers = store::concerned(tx, &case).await?;
            if followers.is_empty() {
                return Ok(());
            }
            let stem = key.replacen("went-", "follow/", 1);
            let mut place = None;
            // Who is concerned is told as such, by the other listener; one letter for each address.
            let concerned = crate::heard::concerned(tx, &case, activity_stem, facts).await?;
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
                    notice::store::add(tx, tenant, (person, Because::Followed), activity, told).await?;
                }
                let Some(to) = letter::address(tx, app, &one).await? else { continue };
                if !told_to.insert(to.clone()) {
                    continue;
                }
                if place.is_none() {
                    place = places::find_in(tx, tenant, case.building.unwrap_or(case.compound)).await?;
                }
                let label = place.as_ref().map_or("", |place| one.lang.pick(&place.label, &place.label_en));
                letter::step(tx, app, (&one, &to), (activity, key), (&case, label)).await?;
            }
            Ok(())
        })
    });
    told.await
}

/// Who follows a whole place hears of what is new and what came of it; each step between is for those who follow the case.
fn is_for_a_place(key: &str) -> bool {
    !matches!(key, "went-accepted" | "went-added" | "went-offered" | "went-taken-over")
}
