//! The books of the house and their heads.

use commons::place::{Tenant, TenantKind, store as places};
use kit::Result;
use kit::book::chain::{self, Head, Seal};
use kit::db::Db;

/// A community's book.
pub struct Book {
    pub tenant: Tenant,
    /// None before the first entry is sealed.
    pub head: Option<Head>,
}

/// What somebody asks who has a sheet in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fits {
    Yes,
    No,
    /// The book is not so long.
    Shorter,
}

/// Every community's book.
pub async fn books(db: &Db) -> Result<Vec<Book>> {
    let heads = chain::heads(db).await?;
    let all = places::tenants(db).await?.into_iter().filter(|tenant| tenant.kind == TenantKind::Community);
    let book = |tenant: Tenant| Book { head: heads.iter().find(|head| head.tenant == tenant.id.0).copied(), tenant };
    Ok(all.map(book).collect())
}

/// Whether the entry that a sheet names still has the digest that stands on the sheet.
pub async fn fits(db: &Db, book: &Book, entries: i64, digest: &Seal) -> Result<Fits> {
    Ok(match chain::at(db, book.tenant.id.0, entries).await? {
        None => Fits::Shorter,
        Some(stands) if stands == *digest => Fits::Yes,
        Some(_) => Fits::No,
    })
}

/// A digest as it reads on paper: eight groups of eight digits.
pub fn grouped(digest: &Seal) -> String {
    let digits = hex::encode(digest);
    let groups: Vec<&str> = (0..8).map(|at| &digits[at * 8..at * 8 + 8]).collect();
    groups.join(" ")
}
