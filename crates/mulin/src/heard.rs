//! What follows from what was done: those concerned are told, open pages notice. Each effect happens once.

use commons::case::{Case, CaseId, store};
use commons::notice;
use commons::people::store as people;
use commons::people::{Office, PersonId};
use commons::place::{PlaceId, TenantId};
use kit::book::{ActivityId, Subscription};
use kit::db::Tx;
use kit::jobs::{self, Handler, Job};
use kit::media::MediaKey;
use kit::web::App;
use kit::{Error, Result, Uuid};
use std::collections::HashMap;
use std::sync::Arc;

/// Who hears of what.
pub const LISTENERS: &[Subscription] = &[("requests/", "requests-heard")];

/// The handlers of the house's jobs.
pub fn handlers(app: &App) -> HashMap<&'static str, Handler> {
    let (heard, gone) = (app.clone(), app.clone());
    let heard: Handler = Arc::new(move |job| {
        let app = heard.clone();
        Box::pin(async move { requests_heard(&app, &job).await })
    });
    let gone: Handler = Arc::new(move |job| {
        let app = gone.clone();
        Box::pin(async move { photo_gone(&app, &job).await })
    });
    HashMap::from([("requests-heard", heard), ("photo-gone", gone)])
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
    app.db
        .transact(&app.context(), |tx| {
            Box::pin(async move {
                if !jobs::done(tx, job_id).await? {
                    return Ok(());
                }
                let case = store::find(tx, tenant, heard.case).await?;
                for person in concerned(tx, &case, heard).await? {
                    let told = (heard.stem.as_str(), "case", case.id.0, case.code.as_str());
                    notice::store::add(tx, tenant, person, heard.activity, told).await?;
                }
                Ok(())
            })
        })
        .await?;
    app.live.publish(&format!("case/{}", heard.case), &heard.activity.to_string());
    Ok(())
}

/// The one who said it hears of steps; whoever has to act next hears that it is their turn.
async fn concerned(tx: &mut Tx<'_>, case: &Case, heard: &Heard) -> Result<Vec<PersonId>> {
    let solved = heard.facts.get("solved").and_then(serde_json::Value::as_bool);
    let (author, holders) = match heard.stem.as_str() {
        "requests/said" => (false, true),
        "requests/accepted" | "requests/reported" | "requests/taken-over" => (true, false),
        "requests/moved-up" => (true, true),
        "requests/added" => (false, true),
        "requests/judged" => (false, solved == Some(false)),
        // What staff covered in somebody's words, that somebody hears of.
        "requests/hidden" => (heard.facts.get("staff").and_then(serde_json::Value::as_bool) == Some(true), false),
        "requests/offered" => return offered_to(tx, case, heard).await,
        _ => (false, false),
    };
    let mut persons = Vec::new();
    if author {
        persons.extend(case.author);
    }
    if holders {
        persons.extend(people::holders_at(tx, case.tenant, case.holder.place, case.holder.office).await?);
    }
    Ok(persons)
}

async fn offered_to(tx: &mut Tx<'_>, case: &Case, heard: &Heard) -> Result<Vec<PersonId>> {
    let fact = |name: &str| heard.facts.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    match (Office::parse(fact("to")), fact("at").parse::<PlaceId>()) {
        (Some(office), Ok(place)) => people::holders_at(tx, case.tenant, place, office).await,
        _ => Ok(Vec::new()),
    }
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
