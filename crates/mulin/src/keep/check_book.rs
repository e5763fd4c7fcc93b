//! Whether the book is still the one that was written: every entry as it was sealed, in its place, up to its end.

use super::check::Finding;
use commons::place::store as places;
use kit::book::chain::{self, Fault, Seal};
use kit::web::App;
use kit::{Error, Result, Uuid};
use std::collections::BTreeMap;

/// A head that somebody has on paper: `liuhua:1284:8f0c…`, or without the community where there is only one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub community: Option<String>,
    pub entries: i64,
    pub digest: Seal,
}

impl std::str::FromStr for Published {
    type Err = String;

    fn from_str(text: &str) -> Result<Published, String> {
        let told = || "write it as community:entries:digest, with the 64 digits from the sheet".to_owned();
        let parts: Vec<&str> = text.split(':').map(str::trim).collect();
        let (community, entries, digest) = match parts[..] {
            [entries, digest] => (None, entries, digest),
            [community, entries, digest] => (Some(community.to_owned()), entries, digest),
            _ => return Err(told()),
        };
        let entries = entries.parse().ok().filter(|entries| *entries > 0).ok_or_else(told)?;
        Ok(Published { community, entries, digest: digest_of(digest).ok_or_else(told)? })
    }
}

/// A digest as it is read off a sheet: 64 digits, in groups or not.
pub fn digest_of(text: &str) -> Option<Seal> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    hex::decode(digits).ok()?.try_into().ok()
}

/// Reads every book again and names what is wrong with it, by community and position.
///
/// # Errors
/// When a book cannot be read, or a published head names a community that is not here.
pub async fn run(app: &App, published: &[Published], findings: &mut Vec<Finding>) -> Result<()> {
    let tenants = places::tenants(&app.db).await?;
    let mut on_paper: BTreeMap<Uuid, Vec<(i64, Seal)>> = BTreeMap::new();
    let books = chain::books(&app.db).await?;
    for one in published {
        let tenant = match &one.community {
            Some(code) => tenants.iter().find(|tenant| tenant.code == *code).map(|tenant| tenant.id.0),
            None if books.len() == 1 => books.first().copied(),
            None if tenants.len() == 1 => tenants.first().map(|tenant| tenant.id.0),
            None => None,
        };
        let names: Vec<&str> = tenants.iter().map(|tenant| tenant.code.as_str()).collect();
        let unknown = || Error::Unavailable(format!("--head: name the community; there are: {}", names.join(", ")));
        on_paper.entry(tenant.ok_or_else(unknown)?).or_default().push((one.entries, one.digest));
    }
    for tenant in books {
        on_paper.entry(tenant).or_default();
    }
    for (tenant, published) in &on_paper {
        let code = tenants.iter().find(|one| one.id.0 == *tenant).map_or("house", |one| one.code.as_str());
        for fault in chain::verify(&app.db, *tenant, published).await? {
            let what = match fault {
                Fault::Differs(at) => format!("book-entry-differs: {code} {at}"),
                Fault::Missing(at) => format!("book-entry-missing: {code} {at}"),
                Fault::Cut(at) => format!("book-cut: {code} {at}"),
                Fault::HeadDiffers(at) => format!("book-head-differs: {code} {at}"),
            };
            findings.push(Finding { what, count: 1 });
        }
    }
    Ok(())
}
