//! What follows from what was done: those concerned are told, open pages notice. Each effect happens once.

use crate::say::requests::climbing;
use crate::told;
use commons::case::{Case, CaseId, store};
use commons::notice;
use commons::notice::wish::Because;
use commons::people::store as people;
use commons::people::{Office, PersonId};
use commons::place::{PlaceId, TenantId};
use kit::book::{ActivityId, Subscription};
use kit::db::Tx;
use kit::jobs::{self, Handler, Job};
use kit::media::MediaKey;
use kit::web::App;
use kit::{Error, Result, Uuid};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Who hears of what.
pub const LISTENERS: &[Subscription] = &[("requests/", "requests-heard")];

/// The handlers of the house's jobs.
pub fn handlers(app: &App) -> HashMap<&'static str, Handler> {
    let (heard, gone, farewell) = (app.clone(), app.clone(), app.clone());
    let heard: Handler = Arc::new(move |job| {
        let app = heard.clone();
        Box::pin(async move { requests_heard(&app, &job).await })
    });
    let gone: Handler = Arc::new(move |job| {
        let app = gone.clone();
        Box::pin(async move { photo_gone(&app, &job).await })
    });
    let calendar = app.clone();
    let calendar: Handler = Arc::new(move |job| {
        let app = calendar.clone();
        Box::pin(async move { calendar_recount(&app, &job).await })
    });
    let farewell: Handler = Arc::new(move |job| {
        let app = farewell.clone();
        Box::pin(async move { crate::keep::farewell::files_gone(&app, &job).await })
    });
    let log = app.clone();
    let log: Handler = Arc::new(move |job| {
        let app = log.clone();
        Box::pin(async move { crate::leaving::log_settled(&app, &job).await })
    });
    HashMap::from([
        (crate::say::requests::second::LOG_SETTLED, log),
        (crate::keep::farewell::FILES_GONE, farewell),
        ("requests-heard", heard),
        ("photo-gone", gone),
        ("calendar-recount", calendar),
    ])
}

struct Heard {
    activity: ActivityId,
    stem: String,
    case: CaseId,
    facts: serde_json::Value,
}

impl Heard {
    fn read(job: &Job) -> Result<Heard> {
        let text = |name: &str| job.payload.get(name).and_then(|value| value.as_str()).unwrap_or_default();
        let id = |name: &str| text(name).parse::<Uuid>().map_err(Error::internal);
        Ok(Heard {
            activity: ActivityId(id("activity")?),
            stem: text("stem").to_owned(),
            case: CaseId(id("thing")?),
            facts: job.payload.get("facts").cloned().unwrap_or_default(),
        })
    }
}

async fn requests_heard(app: &App, job: &Job) -> Result<()> {
    let heard = &Heard::read(job)?;
    let (tenant, job_id) = (TenantId(job.tenant), job.id);
    let told = app
        .db
        .transact(&app.context(), |tx| {
            Box::pin(async move {
                if !jobs::done(tx, job_id).await? {
                    return Ok(Vec::new());
                }
                let case = store::find(tx, tenant, heard.case).await?;
                // A judgement comes back to the one who reported, or ends the matter for those who joined it.
                let content = heard.facts.get("solved").and_then(serde_json::Value::as_bool) == Some(true);
                let stem = if content { "requests/judged-solved" } else { heard.stem.as_str() };
                let persons = concerned(tx, &case, &heard.stem, &heard.facts).await?;
                let what = told::What { activity: heard.activity, stem: &heard.stem, facts: &heard.facts };
                told::queue_all(tx, app, (&case, &what), &persons).await?;
                for person in &persons {
                    let told = (stem, "case", case.id.0, case.code.as_str());
                    notice::store::add(tx, tenant, *person, heard.activity, told).await?;
                }
                crate::say::follow::heard::heard(tx, app, (&case, &what), &persons).await?;
                if heard.stem == "requests/overdue-at-last-door" && case.is_public() {
                    for (above, person) in people::above(tx, tenant).await? {
                        let told = (heard.stem.as_str(), "case", case.id.0, case.code.as_str());
                        notice::store::add(tx, above, (person, Because::Held), heard.activity, told).await?;
                    }
                }
                Ok(persons)
            })
        })
        .await?;
    for (person, _) in told {
        app.live.publish(&format!("person/{person}"), &heard.activity.to_string());
    }
    app.live.publish(&format!("case/{}", heard.case), &heard.activity.to_string());
    Ok(())
}

/// Who is told, each once and for their first reason. The one who said it hears of steps; whoever has to act next hears
/// that it is their turn; those who said "same here" follow.
async fn concerned(
    tx: &mut Tx<'_>,
    case: &Case,
    stem: &str,
    facts: &serde_json::Value,
) -> Result<Vec<(PersonId, Because)>> {
    let mut persons = all_concerned(tx, case, stem, facts).await?;
    persons.sort_by_key(|(_, because)| Because::ALL.iter().position(|one| one == because));
    let mut seen = HashSet::new();
    persons.retain(|(person, _)| seen.insert(*person));
    Ok(persons)
}

async fn all_concerned(
    tx: &mut Tx<'_>,
    case: &Case,
    stem: &str,
    facts: &serde_json::Value,
) -> Result<Vec<(PersonId, Because)>> {
    let solved = facts.get("solved").and_then(serde_json::Value::as_bool);
    let (author, holders) = match stem {
        "requests/said" => (false, true),
        "requests/accepted" | "requests/reported" | "requests/taken-over" | "requests/left-unrated" => (true, false),
        "requests/merged" | "requests/unmerged" => (true, false),
        // Whoever joined a matter that its author leaves can say it again.
        "requests/withdrawn" | "requests/erased" => {
            return followers(tx, case).await;
        }
        "requests/recalled" => return holders_in(tx, case, (facts, "to", "at")).await,
        "requests/paused" | "requests/resumed" => (true, false),
        "requests/moved-up" => return on_the_way_up(tx, case, facts).await,
        "requests/overdue-at-last-door" => return last_door(tx, case).await,
        "requests/added" | "requests/relayed" => (false, true),
        "requests/judged" => (false, solved == Some(false)),
        // What staff covered in somebody's words, that somebody hears of.
        "requests/hidden" => (facts.get("staff").and_then(serde_json::Value::as_bool) == Some(true), false),
        "requests/offered" => return holders_in(tx, case, (facts, "to", "at")).await,
        _ => (false, false),
    };
    let mut persons = Vec::new();
    if author {
        persons.extend(case.author.map(|person| (person, Because::Mine)));
    }
    if author || solved.is_some() {
        persons.extend(followers(tx, case).await?);
    }
    if holders {
        persons.extend(holders_at(tx, case, case.holder.place, case.holder.office).await?);
    }
    Ok(persons)
}

async fn followers(tx: &mut Tx<'_>, case: &Case) -> Result<Vec<(PersonId, Because)>> {
    let persons = store::together::followers(tx, case.tenant, case.id).await?;
    let because = |person| if case.author == Some(person) { Because::Mine } else { Because::Followed };
    Ok(persons.into_iter().map(|person| (person, because(person))).collect())
}

async fn holders_at(tx: &mut Tx<'_>, case: &Case, place: PlaceId, office: Office) -> Result<Vec<(PersonId, Because)>> {
    let persons = people::holders_at(tx, case.tenant, place, office).await?;
    Ok(persons.into_iter().map(|person| (person, Because::Held)).collect())
}

/// Whoever holds the office that the facts name.
async fn holders_in(
    tx: &mut Tx<'_>,
    case: &Case,
    (facts, office, place): (&serde_json::Value, &str, &str),
) -> Result<Vec<(PersonId, Because)>> {
    let fact = |name: &str| facts.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    match (Office::parse(fact(office)), fact(place).parse::<PlaceId>()) {
        (Some(office), Ok(place)) => holders_at(tx, case, place, office).await,
        _ => Ok(Vec::new()),
    }
}

/// Whoever said it or supports it, the holder it came from, and the one it came to.
async fn on_the_way_up(tx: &mut Tx<'_>, case: &Case, facts: &serde_json::Value) -> Result<Vec<(PersonId, Because)>> {
    let mut persons: Vec<_> = case.author.map(|person| (person, Because::Mine)).into_iter().collect();
    persons.extend(followers(tx, case).await?);
    persons.extend(holders_in(tx, case, (facts, "from", "from_at")).await?);
    persons.extend(holders_in(tx, case, (facts, "to", "at")).await?);
    Ok(persons)
}

/// Beyond the last door: the one who said it, those who support it, and the community's staff.
async fn last_door(tx: &mut Tx<'_>, case: &Case) -> Result<Vec<(PersonId, Because)>> {
    let mut persons: Vec<_> = case.author.map(|person| (person, Because::Mine)).into_iter().collect();
    persons.extend(followers(tx, case).await?);
    persons.extend(holders_at(tx, case, case.holder.place, case.holder.office).await?);
    let root = commons::place::store::root_in(tx, case.tenant).await?;
    for root in root.iter().filter(|root| root.id != case.holder.place || case.holder.office != Office::Community) {
        persons.extend(holders_at(tx, case, root.id, Office::Community).await?);
    }
    Ok(persons)
}

/// The bytes of a picture that was taken back.
async fn photo_gone(app: &App, job: &Job) -> Result<()> {
    let id = |name: &str| {
        let text = job.payload.get(name).and_then(|value| value.as_str()).unwrap_or_default();
        text.parse::<Uuid>().map_err(Error::internal)
    };
    let (tenant, file) = (TenantId(id("tenant")?), commons::case::PhotoId(id("photo")?));
    // One that was held for a form stays when a case came for it.
    let held = job.payload.get("unclaimed").is_some() && store::is_claimed(&app.db, tenant, file).await?;
    if held {
        let job_id = job.id;
        return app
            .db
            .transact(&app.context(), |tx| Box::pin(async move { jobs::done(tx, job_id).await }))
            .await
            .map(drop);
    }
    app.media.remove(MediaKey { tenant: id("tenant")?, id: id("photo")? }).await?;
    let job_id = job.id;
    app.db.transact(&app.context(), |tx| Box::pin(async move { jobs::done(tx, job_id).await })).await.map(drop)
}

/// A year was published: due times that reached into it provisionally are counted again, lot by lot.
async fn calendar_recount(app: &App, job: &Job) -> Result<()> {
    climbing::recount_all(app, TenantId(job.tenant)).await?;
    let job_id = job.id;
    app.db.transact(&app.context(), |tx| Box::pin(async move { jobs::done(tx, job_id).await })).await.map(drop)
}
