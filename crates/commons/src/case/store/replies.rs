//! Reply templates: what an office says again and again, written once, filled in for the case at hand.

use crate::place::{PlaceId, TenantId};
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Result, id, params};

id!(ReplyId);

const COLUMNS: &str = "t.id, t.place, t.outcome, t.title, t.text, t.sort, t.retired, p.label, p.label_en, p.compound";
const ALL: &str = "from template t join place p on p.tenant = t.tenant and p.id = t.place
    where t.tenant = $1 order by p.sort, p.path, t.sort, t.id limit 500";
const ONE: &str =
    "from template t join place p on p.tenant = t.tenant and p.id = t.place where t.tenant = $1 and t.id = $2";
const ADD: &str = "insert into template (tenant, id, place, outcome, title, text, sort, retired)
    values ($1, $2, $3, $4, $5, $6, $7, null)";
const SAVE: &str = "update template set outcome = $3, title = $4, text = $5, sort = $6, retired = $7
    where tenant = $1 and id = $2";
const LAST: &str = "select coalesce(max(sort), 0) as n from template where tenant = $1";
const COPY: &str = "select outcome, title, text, sort from template
    where tenant = $1 and place = $2 and retired is null order by sort, id limit 100";

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = [ALL, ONE].iter().map(|tail| select(tail)).collect();
    all.extend([ADD, SAVE, LAST, COPY].map(str::to_owned));
    all
}

fn select(tail: &str) -> String {
    format!("select {COLUMNS} {tail}")
}

/// What a reply is for: any step, one outcome of a report, or a note on the way.
pub const USES: &[&str] = &["", "solved", "answered", "not_possible", "note"];

/// The replies that a new community starts with: use, title, text.
pub const STARTING: &[(&str, &str, &str)] = &[
    ("note", "收到了", "您说的{编号}收到了，我们先去看看，{期限}前给您回话。"),
    ("note", "要等配件", "{地点}的这件事要等配件，到了马上装，装好告诉您。"),
    ("solved", "修好了", "{地点}的{编号}修好了，麻烦您看一眼。没修好就按“没解决”，我们再来。"),
    ("answered", "说明一下", "您说的{编号}我们问清楚了："),
    ("not_possible", "办不了，为什么", "{编号}我们办不了，原因是："),
];

/// A reply that an office says again and again.
#[derive(Clone, Debug)]
pub struct Reply {
    pub id: ReplyId,
    /// The compound it belongs to, or the community's root.
    pub place: PlaceId,
    /// One of [`USES`].
    pub outcome: String,
    pub title: String,
    pub text: String,
    pub sort: i64,
    pub retired: Option<Moment>,
    pub label: String,
    pub label_en: String,
    /// `None` for the whole community's.
    pub compound: Option<PlaceId>,
}

impl Reply {
    /// The text with its blanks filled: `{编号}`, `{地点}`, `{期限}`, or in English `{code}`, `{place}`, `{due}`.
    pub fn filled(&self, code: &str, place: &str, due: &str) -> String {
        let blanks = [
            ("{编号}", code),
            ("{code}", code),
            ("{地点}", place),
            ("{place}", place),
            ("{期限}", due),
            ("{due}", due),
        ];
        let mut out = String::new();
        let mut rest = self.text.as_str();
        // In one pass, so that a blank in what is filled in stays as it is.
        while let Some((at, blank, value)) = blanks
            .iter()
            .filter_map(|(blank, value)| Some((rest.find(blank)?, *blank, *value)))
            .min_by_key(|found| found.0)
        {
            out.push_str(&rest[..at]);
            out.push_str(value);
            rest = &rest[at + blank.len()..];
        }
        out + rest
    }
}

fn read(row: &Row) -> Result<Reply> {
    Ok(Reply {
        id: row.get("id")?,
        place: row.get("place")?,
        outcome: row.get("outcome")?,
        title: row.get("title")?,
        text: row.get("text")?,
        sort: row.get("sort")?,
        retired: row.get("retired")?,
        label: row.get("label")?,
        label_en: row.get("label_en")?,
        compound: row.get("compound")?,
    })
}

/// Every reply of a community, retired ones too.
pub async fn all(db: &Db, tenant: TenantId) -> Result<Vec<Reply>> {
    db.all(&select(ALL), params![tenant]).await?.iter().map(read).collect()
}

pub async fn find(tx: &mut Tx<'_>, tenant: TenantId, id: ReplyId) -> Result<Option<Reply>> {
    tx.one(&select(ONE), params![tenant, id]).await?.as_ref().map(read).transpose()
}

/// Every reply, inside a deed.
pub async fn all_in(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Reply>> {
    tx.all(&select(ALL), params![tenant]).await?.iter().map(read).collect()
}

/// Adds a reply behind the others.
pub async fn add(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    place: PlaceId,
    (outcome, title, text): (&str, &str, &str),
) -> Result<ReplyId> {
    let (id, last): (ReplyId, i64) = (tx.id(), tx.number(LAST, params![tenant]).await?);
    tx.run(ADD, params![tenant, id, place, outcome, title, text, last + 1]).await?;
    Ok(id)
}

pub async fn save(tx: &mut Tx<'_>, tenant: TenantId, reply: &Reply) -> Result<()> {
    let row = params![tenant, reply.id, reply.outcome.as_str(), &reply.title, &reply.text, reply.sort, reply.retired];
    tx.run(SAVE, row).await.map(drop)
}

/// Gives a compound the replies of another; tells how many.
pub async fn copy(tx: &mut Tx<'_>, tenant: TenantId, from: PlaceId, to: PlaceId) -> Result<usize> {
    let rows = tx.all(COPY, params![tenant, from]).await?;
    for row in &rows {
        let (outcome, title, text): (String, String, String) =
            (row.get("outcome")?, row.get("title")?, row.get("text")?);
        add(tx, tenant, to, (&outcome, &title, &text)).await?;
    }
    Ok(rows.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_filled_once_and_other_braces_stay() {
        let reply = Reply {
            id: ReplyId(kit::Uuid::nil()),
            place: PlaceId(kit::Uuid::nil()),
            outcome: String::new(),
            title: String::new(),
            text: "{地点}的{编号}，{期限}前办。{姓名} {code}".into(),
            sort: 0,
            retired: None,
            label: String::new(),
            label_en: String::new(),
            compound: None,
        };
        assert_eq!(reply.filled("shiliu-1", "{编号}楼", "周五"), "{编号}楼的shiliu-1，周五前办。{姓名} shiliu-1");
    }
}
