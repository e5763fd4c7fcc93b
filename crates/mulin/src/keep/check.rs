//! `mulin check`: does everything agree with everything else, and with what was published of the book? Says what does not.

use super::check_book::Published;
use super::store;
use commons::kept::store::timers;
use kit::Result;
use kit::web::App;

/// More damage than this is only counted.
const DAMAGE_SHOWN_MAX: usize = 20;

/// Something that does not agree.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    pub what: String,
    pub count: i64,
}

/// Looks at database, search, numbers, clocks, jobs and pictures.
///
/// # Errors
/// When something cannot even be read.
pub async fn run(app: &App) -> Result<Vec<Finding>> {
    run_with(app, &[]).await
}

/// The same, also held against heads of the book that somebody has on paper.
///
/// # Errors
/// When something cannot even be read, or a head is of no community here.
pub async fn run_with(app: &App, published: &[Published]) -> Result<Vec<Finding>> {
    let damaged = damage(app).await?;
    if !damaged.is_empty() {
        // What stands on a damaged page cannot be counted again: the rest would only stumble over it.
        return Ok(damaged);
    }
    let mut findings = Vec::new();
    for line in store::damage(&app.db).await? {
        findings.push(Finding { what: format!("database-damaged: {line}"), count: 1 });
    }
    for (what, sql) in store::MUST_BE_ZERO {
        let count = store::broken(&app.db, sql).await?;
        if count > 0 {
            findings.push(Finding { what: (*what).to_owned(), count });
        }
    }
    findings.extend(super::check_figures::run(app).await?);
    super::check_book::run(app, published, &mut findings).await?;
    super::check_clocks::run(app, &mut findings).await?;
    super::check_search::run(app, &mut findings).await?;
    super::check_media::run(app, &mut findings).await?;
    let unreadable = super::keys::unreadable(app).await?;
    if unreadable > 0 {
        findings.push(Finding { what: "sealed-without-key".to_owned(), count: unreadable });
    }
    for (name, count) in timers::overdue(&app.db, app.clock.now()).await? {
        findings.push(Finding { what: format!("overdue-to-remove: {name}"), count });
    }
    Ok(findings)
}

/// What on the disk is not what was written.
async fn damage(app: &App) -> Result<Vec<Finding>> {
    if !app.db.notices_damage().await? {
        eprintln!(
            "note: this PostgreSQL server keeps no data checksums (data_checksums=off), so a bit that flips on its disk \
             is not noticed; `pg_checksums --enable` on the stopped server turns them on"
        );
    }
    let lines = app.db.damage().await?;
    let more = lines.len().saturating_sub(DAMAGE_SHOWN_MAX);
    let named = lines.into_iter().take(DAMAGE_SHOWN_MAX).map(|line| (format!("database-damaged: {line}"), 1));
    let rest = (more > 0).then(|| ("database-damaged: further places".to_owned(), more as i64));
    Ok(named.chain(rest).map(|(what, count)| Finding { what, count }).collect())
}

#[cfg(test)]
mod tests;
