//! Do the figures that the book gives agree with the cases and judgements as they are stored?

use super::check::Finding;
use super::store;
use commons::figures::{Counts, Span, store as figures};
use commons::place::{PlaceId, TenantKind, store as places};
use kit::Result;
use kit::web::App;
use std::collections::BTreeMap;

/// Counts every compound twice, from the book and from the rows, and says what differs.
///
/// # Errors
/// When something cannot be read.
pub async fn run(app: &App) -> Result<Vec<Finding>> {
    let mut off: BTreeMap<&'static str, i64> = BTreeMap::new();
    let (rows, ever) = (store::figures(&app.db).await?, Span::ever());
    for tenant in places::tenants(&app.db).await?.iter().filter(|tenant| tenant.kind == TenantKind::Community) {
        let mut told: BTreeMap<PlaceId, Counts> = BTreeMap::new();
        for round in figures::of_tenants(&app.db, tenant.id, (ever.from, ever.until)).await? {
            told.entry(round.compound).or_default().add(&round);
        }
        for began in figures::began_counted(&app.db, tenant.id, &[ever]).await? {
            told.entry(began.compound).or_default().said += began.said.iter().sum::<i64>();
        }
        let mut kept: BTreeMap<PlaceId, Counts> = BTreeMap::new();
        for (_, compound, counts) in rows.iter().filter(|(of, ..)| *of == tenant.id) {
            kept.entry(*compound).or_default().plus(counts);
        }
        for compound in told.keys().chain(kept.keys()).collect::<std::collections::BTreeSet<_>>() {
            let of = |all: &BTreeMap<PlaceId, Counts>| all.get(compound).copied().unwrap_or_default();
            for (what, book, row) in pairs(&of(&told), &of(&kept)) {
                if book != row {
                    *off.entry(what).or_default() += (book - row).abs();
                }
            }
        }
    }
    Ok(off.into_iter().map(|(what, count)| Finding { what: what.to_owned(), count }).collect())
}

fn pairs(book: &Counts, rows: &Counts) -> [(&'static str, i64, i64); 7] {
    [
        ("figures-said-differ", book.said, rows.said),
        ("figures-closed-differ", book.closed, rows.closed),
        ("figures-answers-differ", book.valid, rows.valid),
        ("figures-solved-differ", book.solved, rows.solved),
        ("figures-good-differ", book.good, rows.good),
        ("figures-fair-differ", book.fair, rows.fair),
        ("figures-bad-differ", book.bad, rows.bad),
    ]
}
