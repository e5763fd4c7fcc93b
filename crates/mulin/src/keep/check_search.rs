//! Whether the search holds what the cases say now, and for whom.

use super::check::Finding;
use super::store;
use kit::web::App;
use kit::{Result, search};

const LOT: i64 = 500;

/// Cases that the search knows with other words, or for other eyes, with the first code that shows it.
pub async fn run(app: &App, findings: &mut Vec<Finding>) -> Result<()> {
    let (mut after, mut wrong, mut first) = (None, 0, String::new());
    loop {
        let lot = store::searched(&app.db, after, LOT).await?;
        let Some(last) = lot.last() else { break };
        after = Some((last.tenant, last.id));
        for case in lot.iter().filter(|case| !case.withdrawn) {
            let marks: Vec<&str> = case.mark.iter().map(String::as_str).collect();
            let Some(kept) = case.digest else { continue };
            if kept != search::digest(case.tenant.0, &marks, &case.words) {
                wrong += 1;
                if first.is_empty() {
                    first.clone_from(&case.code);
                }
            }
        }
    }
    if wrong > 0 {
        findings.push(Finding { what: format!("search-differs-from-words: {first}"), count: wrong });
    }
    Ok(())
}
