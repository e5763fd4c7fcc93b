//! `mulin check`: does everything agree with everything else? Says what does not.

use super::store;
use kit::Result;
use kit::web::App;

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
    super::check_clocks::run(app, &mut findings).await?;
    super::check_search::run(app, &mut findings).await?;
    super::check_media::run(app, &mut findings).await?;
    Ok(findings)
}
