//! Every stored clock, and whether it was kept, counted again from the book.

use super::check::Finding;
use super::store;
use commons::case::recheck::{Calendars, recount};
use kit::Result;
use kit::web::App;

const LOT: i64 = 500;

/// Clocks whose due time is not what the book says, with the first code that shows it.
pub async fn run(app: &App, findings: &mut Vec<Finding>) -> Result<()> {
    let (mut calendars, mut after) = (Calendars::default(), None);
    let (mut wrong, mut misjudged, mut first) = (0, 0, String::new());
    let mut tenant_years = None;
    loop {
        let lot = store::clocked(&app.db, after, LOT).await?;
        let Some(last) = lot.last() else { break };
        after = Some((last.tenant, last.id));
        for case in &lot {
            if tenant_years.as_ref().is_none_or(|(tenant, _)| *tenant != case.tenant) {
                calendars = Calendars::default();
                let years = commons::case::standards::store::years(&app.db, case.tenant).await?;
                tenant_years = Some((case.tenant, years));
            }
            let years = tenant_years.as_ref().map_or(&[][..], |(_, years)| years);
            let told = recount(&case.lines, years, &mut calendars)?;
            misjudged += i64::try_from(told.misjudged).unwrap_or(i64::MAX);
            let stored = case.clocks.iter().all(|(key, due)| told.due.get(key) == Some(due));
            if !stored || told.due.len() != case.clocks.len() {
                wrong += 1;
                if first.is_empty() {
                    first.clone_from(&case.code);
                }
            }
        }
    }
    if wrong > 0 {
        findings.push(Finding { what: format!("clocks-differ-from-book: {first}"), count: wrong });
    }
    if misjudged > 0 {
        findings.push(Finding { what: "taken-in-time-differs-from-clock".into(), count: misjudged });
    }
    Ok(())
}
