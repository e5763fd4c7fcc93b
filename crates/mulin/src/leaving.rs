//! Somebody leaves: their account and everything about them goes, except what the neighbourhood was told in public and the
//! numbers in the book. It lies beside the floors because it reaches into what several features keep.

use crate::layout::Visit;
use crate::say::requests::{actions, second};
use commons::case::{Case, PhotoId, store as cases};
use commons::kept::store::{self as kept, erase};
use commons::people::AccountId;
use commons::private;
use kit::Result;
use kit::db::Tx;
use kit::jobs::{self, Job};
use kit::media::MediaKey;
use kit::web::App;
use kit::web::keys::{self, RequestKey};
use kit::{Error, Uuid, search};
use serde_json::json;

/// Deeds about an account belong to no community.
const NOBODYS: Uuid = Uuid::nil();
/// A name of one character stands in too many other words to be covered.
const NAME_CHARACTERS_MIN: usize = 2;

/// Erases whoever is here in person, once; with `words`, what they said in public goes too.
///
/// # Errors
/// [`Error::Conflict`] when a community's register would be left without a keeper.
pub async fn leave(visit: &Visit, words: bool, key: &RequestKey) -> Result<()> {
    let account = AccountId(visit.call.in_person()?);
    let (app, context) = (&visit.app, visit.app.context());
    // Of several at once the first does it, and the others come for somebody who is gone.
    if keys::answered(app, NOBODYS, key).await?.is_some() {
        return Ok(());
    }
    let persons = &visit.actor.persons;
    let (login, _) =
        commons::people::back::store::account(&app.db, account).await?.ok_or(Error::denied("account/sign-in-first"))?;
    let login = &login;
    let told = keys::once(app, &context, NOBODYS, key, &|tx| {
        Box::pin(async move {
            let mut files = Vec::new();
            for person in persons {
                let names = [person.name.as_str(), person.name_en.as_str(), login.as_str()];
                for id in kept::own_cases(tx, person.tenant, person.id).await? {
                    let case = cases::find(tx, person.tenant, id).await?;
                    files.extend(leave_case(tx, case, words, &names).await?);
                }
                erase::person(tx, person.tenant, person.id).await?;
            }
            erase::account(tx, account).await?;
            search::purge(tx).await?;
            // What is still written anew because of it, for the search say, follows within the minute.
            second::without_trace(tx).await?;
            Ok(json!(files).to_string())
        })
    })
    .await?;
    // The jobs in the transaction do the same, should this be cut off; whoever reads the answer finds nothing any more.
    let files: Vec<(Uuid, Uuid)> = serde_json::from_str(&told).map_err(Error::internal)?;
    for (tenant, id) in files {
        if let Err(error) = app.media.remove(MediaKey { tenant, id }).await {
            tracing::warn!(%error, "a file stays on the shelf until its job runs");
        }
    }
    settle(app).await;
    app.bell.notify_one();
    Ok(())
}

/// After somebody or a whole community is gone: nothing of them stays in the log beside the database file.
pub async fn settle(app: &App) {
    if let Err(error) = app.db.settle().await {
        tracing::warn!(%error, "the log stays beside the database file for a while");
    }
}

/// The job that does the same once more, and for what was taken away alone: from the pages of the search too.
///
/// # Errors
/// When the log cannot be brought into the file; then it is tried again.
pub async fn log_settled(app: &App, job: &Job) -> Result<()> {
    app.db.transact(&app.context(), |tx| Box::pin(async move { search::purge(tx).await })).await?;
    app.db.settle().await?;
    let id = job.id;
    app.db.transact(&app.context(), |tx| Box::pin(async move { jobs::done(tx, id).await })).await.map(drop)
}

/// A case of whoever leaves; gives the files that go with it.
async fn leave_case(tx: &mut Tx<'_>, case: Case, words: bool, names: &[&str]) -> Result<Vec<(Uuid, Uuid)>> {
    let tenant = case.tenant.0;
    let files = match words || !case.was_public() {
        true => {
            let photos = cases::photos_in(tx, case.tenant, case.id).await?;
            let voices = cases::voices_in(tx, case.tenant, case.id).await?;
            let files = photos.iter().map(|photo| photo.id).chain(voices.iter().map(|(id, _)| *id)).collect();
            actions::gone(tx, case).await?;
            files
        }
        false => second::leave(tx, case, &|text| pieces(text, names)).await?,
    };
    Ok(files.into_iter().map(|id: PhotoId| (tenant, id.0)).collect())
}

/// What is covered in public words: their writer's name and login, and whatever looks personal.
fn pieces(text: &str, names: &[&str]) -> Vec<String> {
    let named = |name: &&&str| name.chars().count() >= NAME_CHARACTERS_MIN && text.contains(**name);
    let mut all: Vec<String> = private::find(text).iter().map(|found| found.piece(text)).collect();
    all.extend(names.iter().filter(named).map(|name| (*name).to_owned()));
    all.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
    all.dedup();
    all
}
