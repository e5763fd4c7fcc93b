//! What two places of the house share about standing in: the page of a resident, and the page of an office that keeps a
//! household.

use crate::layout::show::rfc3339;
use crate::layout::{View, Visit};
use commons::kept::store::Look;
use commons::notice;
use commons::notice::wish::Because;
use commons::people::standing::{DAYS, StandIn, StandInId, store};
use commons::people::{Office, PersonId};
use commons::place::TenantId;
use kit::book::Activity;
use kit::db::Tx;
use kit::secrets::spaced;
use kit::time::Moment;
use kit::web::keys::{self, RequestKey};
use kit::{Error, Result};
use serde_json::{Value, json};

/// For how many days, as typed.
///
/// # Errors
/// [`Error::Invalid`] on `days`.
pub fn read_days(text: &str) -> Result<i64> {
    let days = text.parse().ok().filter(|days| DAYS.contains(days));
    days.ok_or(Error::invalid("days", "standing/days"))
}

/// Records that it was agreed to, in the book and for whom it is about.
pub async fn record(
    tx: &mut Tx<'_>,
    stem: &'static str,
    (tenant, id): (TenantId, StandInId),
    told: &[PersonId],
) -> Result<()> {
    let activity = tx.record(Activity::of(tenant, stem, "stand_in", id).with(json!({}))).await?;
    for person in told {
        notice::store::add(tx, tenant, (*person, Because::Mine), activity, (stem, "stand_in", id.0, "")).await?;
    }
    Ok(())
}

/// Ends one, and tells those it is about.
pub async fn finish(
    visit: &Visit,
    found: &StandIn,
    office: Option<Office>,
    told: Vec<PersonId>,
    key: &RequestKey,
) -> Result<()> {
    let (tenant, id, told) = (found.tenant, found.id, &told);
    keys::once(&visit.app, &visit.context(tenant, office), tenant.0, key, &|tx| {
        Box::pin(async move {
            if !store::end(tx, tenant, id).await? {
                return Err(Error::conflict("standing/ended"));
            }
            record(tx, "standing/ended", (tenant, id), told).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// One who stands in, or for whom I do.
pub struct Stand {
    pub id: String,
    /// The other's name; none while the code waits.
    pub name: Option<String>,
    pub code: Option<String>,
    /// How it was agreed to, and before whom.
    pub consent: String,
    pub until: String,
    pub runs: bool,
    pub waits: bool,
}

/// A choice of days: value, words, chosen.
pub type Choice = (String, String, bool);

/// How many days can be agreed to, in words.
pub fn days(v: &View, chosen: &str) -> Vec<Choice> {
    let usual = if chosen.is_empty() { "90" } else { chosen };
    DAYS.iter().map(|n| (n.to_string(), v.a("standing-days-n", "n", *n), n.to_string() == usual)).collect()
}

/// One as it reads from the side of `me`, the principal or the one who stands in.
pub fn stand(visit: &Visit, v: &View, one: &StandIn, mine: bool) -> Stand {
    let now = visit.call.now;
    let other = if mine { one.person_name.clone() } else { Some(one.principal_name.clone()) };
    let waits = one.waits(now);
    let office = one.office.map(|office| format!(" · {}", v.office(office))).unwrap_or_default();
    let until = match one.ended {
        Some(ended) => v.a("standing-ended-on", "day", v.day(ended, now)),
        None if waits => v.a("standing-code-until", "day", v.day(one.code_ends, now)),
        None => v.a("standing-until", "day", v.day(one.ends, now)),
    };
    Stand {
        id: one.id.to_string(),
        name: other.map(|(zh, en)| v.pick(&zh, &en).to_owned()),
        code: (mine && waits).then(|| spaced(&store::code(&visit.app.secrets, one.id))),
        consent: format!("{}{office} · {}", v.t(&format!("consent-by-{}", one.consent.name())), v.day(one.made, now)),
        until,
        runs: one.runs(now),
        waits,
    }
}

/// One for programs.
pub fn shown(one: &StandIn, now: Moment) -> Value {
    json!({ "id": one.id, "for": one.principal_name.0, "by": one.person_name.as_ref().map(|(name, _)| name),
        "consent": one.consent, "heard_by": one.office, "made": rfc3339(one.made), "ends": rfc3339(one.ends),
        "accepted": one.accepted.map(rfc3339), "ended": one.ended.map(rfc3339), "runs": one.runs(now) })
}

/// One thing that was done for somebody, as they read it.
pub fn act(v: &View, now: Moment, one: &Look) -> String {
    let area = one.stem.split('/').next().unwrap_or_default();
    let area = match area {
        "requests" => v.t("data-act-requests"),
        "homes" => v.t("data-act-homes"),
        _ => v.t("data-act-other"),
    };
    let about = if one.about.is_empty() { String::new() } else { format!(" · {}", one.about) };
    format!("{} · {} · {area}{about}", v.moment(one.at, now), v.pick(&one.name, &one.name_en))
}
