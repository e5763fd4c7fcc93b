//! Categories as an office keeps them, their own fields, and the answers.

use crate::case::fields::{Answers, Field, read_options, write_options};
use crate::case::{Case, Category};
use crate::place::{PlaceId, TenantId};
use kit::db::{Db, Row, Tx};
use kit::{Error, Result, params};
use std::collections::HashMap;

const ALL_CATEGORIES: &str =
    "select slug, name, name_en, kind, door, private, sort, office, compound, retired from category
    where tenant = $1 order by sort, slug limit 500";
const CHANGE_CATEGORY: &str = "update category set name = $3, name_en = $4, kind = $5, door = $6, private = $7,
    office = $8
    where tenant = $1 and slug = $2";
const RETIRE_CATEGORY: &str = "update category set retired = $3 where tenant = $1 and slug = $2";
const SORT_CATEGORY: &str = "update category set sort = $3 where tenant = $1 and slug = $2";
const PUT_FIELD: &str =
    "insert into category_field (tenant, category, code, name, name_en, hint, hint_en, kind, required,
    options, sort, retired) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, null)
    on conflict (tenant, category, code) do update set name = excluded.name, name_en = excluded.name_en,
    hint = excluded.hint, hint_en = excluded.hint_en, required = excluded.required, options = excluded.options,
    sort = excluded.sort, retired = null";
const RETIRE_FIELD: &str = "update category_field set retired = $4 where tenant = $1 and category = $2 and code = $3";
const FIELDS: &str = "select category, code, name, name_en, hint, hint_en, kind, required, options, sort
    from category_field where tenant = $1 and category = $2 and retired is null order by sort, code limit 50";
const EVERY_FIELD: &str = "select category, code, name, name_en, hint, hint_en, kind, required, options, sort
    from category_field where tenant = $1 and category = $2 order by sort, code limit 200";
const ALL_FIELDS: &str = "select category, code, name, name_en, hint, hint_en, kind, required, options, sort
    from category_field where tenant = $1 and retired is null order by category, sort, code limit 25000";
const ASKING: &str =
    "select distinct category from category_field where tenant = $1 and retired is null order by category limit 500";
const ADD_VALUE: &str = "insert into field_value (tenant, request, code, value) values ($1, $2, $3, $4)
    on conflict (tenant, request, code) do update set value = excluded.value";
const ERASE_VALUES: &str = "delete from field_value where tenant = $1 and request = $2";

/// The statements of this file, so that a test can prepare each on both engines.
pub(in crate::case) const STATEMENTS: &[&str] = &[
    ALL_CATEGORIES,
    CHANGE_CATEGORY,
    RETIRE_CATEGORY,
    SORT_CATEGORY,
    PUT_FIELD,
    RETIRE_FIELD,
    FIELDS,
    EVERY_FIELD,
    ALL_FIELDS,
    ASKING,
    ADD_VALUE,
    ERASE_VALUES,
];

/// Every category with whether it is retired, in the order in which it is offered.
pub async fn all_categories(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<(Category, bool)>> {
    tx.all(ALL_CATEGORIES, params![tenant]).await?.iter().map(with_retired).collect()
}

/// The same for a page.
pub async fn every_category(db: &Db, tenant: TenantId) -> Result<Vec<(Category, bool)>> {
    db.all(ALL_CATEGORIES, params![tenant]).await?.iter().map(with_retired).collect()
}

/// What may be said something about in a compound: the community's categories, and those of the compound's own.
pub async fn categories_at(db: &Db, tenant: TenantId, compound: Option<PlaceId>) -> Result<Vec<Category>> {
    let mut all = super::categories(db, tenant).await?;
    all.retain(|category| category.offered_in(compound));
    Ok(all)
}

fn with_retired(row: &Row) -> Result<(Category, bool)> {
    Ok((super::read_category(row)?, row.get::<Option<i64>>("retired")?.is_some()))
}

/// Writes what may change of a category; never its slug, which old cases carry.
pub async fn change_category(tx: &mut Tx<'_>, tenant: TenantId, category: &Category) -> Result<()> {
    let row = params![
        tenant,
        &category.slug,
        &category.name,
        &category.name_en,
        category.kind,
        category.door,
        category.private,
        category.office
    ];
    found(tx.run(CHANGE_CATEGORY, row).await?)
}

/// Takes a category out of what is offered, or brings it back; cases that have it keep it.
pub async fn retire_category(tx: &mut Tx<'_>, tenant: TenantId, slug: &str, retired: bool) -> Result<()> {
    let at = retired.then(|| tx.now());
    found(tx.run(RETIRE_CATEGORY, params![tenant, slug, at]).await?)
}

pub async fn sort_category(tx: &mut Tx<'_>, tenant: TenantId, slug: &str, sort: i64) -> Result<()> {
    found(tx.run(SORT_CATEGORY, params![tenant, slug, sort]).await?)
}

fn found(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Adds a field or writes it anew. The kind of one that exists stays, because old answers were given to it.
pub async fn put_field(tx: &mut Tx<'_>, tenant: TenantId, field: &Field) -> Result<()> {
    let row = params![
        tenant,
        &field.category,
        &field.code,
        &field.name,
        &field.name_en,
        &field.hint,
        &field.hint_en,
        field.kind,
        field.required,
        write_options(&field.options),
        field.sort
    ];
    tx.run(PUT_FIELD, row).await.map(drop)
}

/// Asks a field no more; what was answered to it stays with its cases.
pub async fn retire_field(tx: &mut Tx<'_>, tenant: TenantId, category: &str, code: &str) -> Result<()> {
    let now = tx.now();
    found(tx.run(RETIRE_FIELD, params![tenant, category, code, now]).await?)
}

/// What a category asks today.
pub async fn fields(db: &Db, tenant: TenantId, category: &str) -> Result<Vec<Field>> {
    db.all(FIELDS, params![tenant, category]).await?.iter().map(read_field).collect()
}

/// What every category asks today, by its slug.
pub async fn all_fields(db: &Db, tenant: TenantId) -> Result<HashMap<String, Vec<Field>>> {
    let mut all: HashMap<String, Vec<Field>> = HashMap::new();
    for row in db.all(ALL_FIELDS, params![tenant]).await? {
        let field = read_field(&row)?;
        all.entry(field.category.clone()).or_default().push(field);
    }
    Ok(all)
}

/// What a category asks or ever asked: to read old answers by.
pub async fn every_field(db: &Db, tenant: TenantId, category: &str) -> Result<Vec<Field>> {
    db.all(EVERY_FIELD, params![tenant, category]).await?.iter().map(read_field).collect()
}

/// The categories that ask something.
pub async fn asking(db: &Db, tenant: TenantId) -> Result<Vec<String>> {
    db.all(ASKING, params![tenant]).await?.iter().map(|row| row.get("category")).collect()
}

fn read_field(row: &Row) -> Result<Field> {
    let options: String = row.get("options")?;
    Ok(Field {
        category: row.get("category")?,
        code: row.get("code")?,
        name: row.get("name")?,
        name_en: row.get("name_en")?,
        hint: row.get("hint")?,
        hint_en: row.get("hint_en")?,
        kind: row.get("kind")?,
        required: row.get("required")?,
        options: read_options(&options),
        sort: row.get("sort")?,
    })
}

/// Keeps the answers of a case.
pub async fn add_answers(tx: &mut Tx<'_>, case: &Case, answers: &Answers) -> Result<()> {
    for (code, value) in answers {
        tx.run(ADD_VALUE, params![case.tenant, case.id, code, value]).await?;
    }
    Ok(())
}

pub async fn erase_answers(tx: &mut Tx<'_>, case: &Case) -> Result<()> {
    tx.run(ERASE_VALUES, params![case.tenant, case.id]).await.map(drop)
}
