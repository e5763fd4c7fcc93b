//! The deeds: what an office changes about its categories, each in one transaction.

use super::model;
use commons::case::fields::Field;
use commons::case::{Category, store};
use commons::place::TenantId;
use kit::book::Activity;
use kit::db::Tx;
use kit::{Error, Result};
use serde_json::json;

/// Everything that can be done here.
#[derive(Clone, Debug)]
pub enum Deed {
    Add(Category),
    Change(Category),
    /// Up the list, or down.
    Move {
        up: bool,
    },
    Retire,
    BringBack,
    /// Asks something, or asks it in other words.
    Ask(Field),
    AskNoMore {
        code: String,
    },
}

/// Does one deed with the category `slug`; a new one gets its own. Gives the slug.
pub async fn act(tx: &mut Tx<'_>, tenant: TenantId, slug: &str, deed: &Deed) -> Result<String> {
    let mut slug = slug.to_owned();
    let stem = match deed {
        Deed::Add(new) => {
            let all = store::all_categories(tx, tenant).await?;
            let taken: Vec<&str> = all.iter().map(|(category, _)| category.slug.as_str()).collect();
            let sort = all.iter().map(|(category, _)| category.sort).max().unwrap_or(0) + 1;
            slug = model::free_name("own-", &taken);
            store::add_category(tx, tenant, &Category { slug: slug.clone(), sort, ..new.clone() }).await?;
            "categories/added"
        }
        Deed::Change(new) => {
            store::change_category(tx, tenant, new).await?;
            "categories/changed"
        }
        Deed::Move { up } => {
            move_one(tx, tenant, &slug, *up).await?;
            "categories/moved"
        }
        Deed::Retire => {
            store::retire_category(tx, tenant, &slug, true).await?;
            "categories/retired"
        }
        Deed::BringBack => {
            store::retire_category(tx, tenant, &slug, false).await?;
            "categories/brought-back"
        }
        Deed::Ask(field) => {
            store::put_field(tx, tenant, field).await?;
            "categories/field-asked"
        }
        Deed::AskNoMore { code } => {
            store::retire_field(tx, tenant, &slug, code).await?;
            "categories/field-retired"
        }
    };
    // A category has no id of its own: the book keeps the tenant's, and its slug as a fact.
    tx.record(Activity::of(tenant, stem, "category", tenant).with(json!({ "slug": slug }))).await?;
    Ok(slug)
}

async fn move_one(tx: &mut Tx<'_>, tenant: TenantId, slug: &str, up: bool) -> Result<()> {
    let all = store::all_categories(tx, tenant).await?;
    let mut slugs: Vec<&str> = all.iter().map(|(category, _)| category.slug.as_str()).collect();
    let at = slugs.iter().position(|one| *one == slug).ok_or(Error::NotFound)?;
    let to = if up { at.saturating_sub(1) } else { (at + 1).min(slugs.len() - 1) };
    slugs.swap(at, to);
    for (sort, slug) in slugs.iter().enumerate() {
        store::sort_category(tx, tenant, slug, i64::try_from(sort).unwrap_or(0)).await?;
    }
    Ok(())
}
