//! Three years after a matter is over, what only its parties could read goes by itself; what the neighbourhood was told stays,
//! and so does that something was said, done and judged.

use super::{actions, second};
use commons::case::{Case, store};
use commons::kept::store::timers::WORDS_DAYS;
use kit::db::Tx;
use kit::time::Moment;
use kit::web::App;
use kit::{Result, search};
use serde_json::json;

/// So many at a time, so that nobody waits long behind them.
const LOT: i64 = 100;

/// Forgets what is due, each matter exactly once.
///
/// # Errors
/// When the database cannot be reached; what was forgotten until then stays forgotten.
pub async fn forget_words(app: &App) -> Result<()> {
    let until = app.clock.now() - Moment::days(WORDS_DAYS);
    for (tenant, id) in store::worded(&app.db, until, LOT).await? {
        let context = app.context();
        let forgotten = app.db.transact(&context, |tx| {
            Box::pin(async move {
                let case = store::find(tx, tenant, id).await?;
                forget(tx, case).await
            })
        });
        forgotten.await?;
    }
    Ok(())
}

async fn forget(tx: &mut Tx<'_>, case: Case) -> Result<()> {
    if !store::mark_words_over(tx, &case).await? {
        return Ok(());
    }
    let public = case.was_public();
    let mut anything = store::forget_words(tx, &case).await? > 0;
    for photo in store::photos_in(tx, case.tenant, case.id).await? {
        if !(public && photo.public) && second::drop_photo(tx, &case, photo.id).await? {
            anything = true;
        }
    }
    anything |= second::drop_voices(tx, &case).await?;
    store::erase_answers(tx, &case).await?;
    store::erase_contact(tx, &case).await?;
    if !anything {
        return Ok(());
    }
    if public {
        actions::reindex(tx, &case).await?;
    } else {
        let key = (case.tenant.0, "case", case.id.0);
        store::save(tx, &Case { words: String::new(), photos: 0, ..case.clone() }).await?;
        search::remove(tx, key).await?;
    }
    second::without_trace(tx).await?;
    tx.record(actions::activity(&case, "requests/words-over", json!({}))).await.map(drop)
}
