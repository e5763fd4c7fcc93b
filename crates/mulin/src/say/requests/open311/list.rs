//! `GET requests`: the newest of them, all of them page by page, or some by their ids.

use super::pages::Pages;
use super::request::{self, Extra};
use super::shape::Node;
use super::wrong::Wrong;
use super::{Asked, Told};
use crate::say::requests::api::degrees_e7;
use commons::case::CaseId;
use commons::case::store::walk::{self, Walk, Walked};
use commons::place::Place;
use kit::Uuid;
use kit::time::Moment;
use sha2::{Digest, Sha256};

/// The most requests of one answer, and of a list that is not asked for by pages.
pub const PAGE_MAX: i64 = 1_000;
const IDS_MAX: usize = 100;
/// A list that is not asked for by pages spans no more; without dates it spans so many up to now.
pub const DAYS_MAX: i64 = 90;
const DAY: i64 = Moment::days(1);

/// `GET requests/{id}`.
pub async fn one(asked: &Asked<'_>, code: &str) -> Result<Told, Wrong> {
    let named = asked.named().await?;
    let found = walk::by_code(&asked.app.db, code).await?.filter(|found| lies_in(found, named.as_ref()));
    let found = found.ok_or_else(|| Wrong::missing("unknown service_request_id"))?;
    told(asked, vec![found], None).await
}

fn lies_in(found: &Walked, compound: Option<&Place>) -> bool {
    compound.is_none_or(|compound| found.row.case.compound == compound.id)
}

/// `GET requests`.
pub async fn all(asked: &Asked<'_>, pages: &Pages) -> Result<Told, Wrong> {
    let ids = asked.args.list("service_request_id");
    if !ids.is_empty() {
        return by_ids(asked, &ids).await;
    }
    let compound = asked.jurisdiction().await?;
    let span = Span::read(asked)?;
    let size = asked.args.number("page_size", 1..=PAGE_MAX)?.unwrap_or(PAGE_MAX);
    let page = asked.args.number("page", 1..=i64::MAX / PAGE_MAX)?;
    let mut walk = Walk {
        tenant: compound.tenant,
        compound: compound.id,
        from: span.from,
        until: span.until,
        categories: asked.args.list("service_code"),
        open: status(asked)?,
        now: asked.call.now,
        bounds: bounds(asked)?,
        newest_first: span.newest_first,
        after: span.after,
        skip: 0,
    };
    let reader = reader(asked);
    if let Some(before) = page.map(|page| page - 1).filter(|before| *before > 0) {
        match pages.end_of((reader, before), asked.call.now) {
            Some(last) => walk.after = Some(last),
            None => walk.skip = before * size,
        }
    }
    // One more than is told says whether the list goes on.
    let mut found = walk::next(&asked.app.db, &walk, size + 1).await?;
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let more = found.len() > size;
    found.truncate(size);
    let last = found.last().filter(|_| found.len() == size).map(|last| (last.row.case.said, last.row.case.id));
    if let (Some(page), Some(last)) = (page, last) {
        pages.remember((reader, page), last, asked.call.now);
    }
    let next = last.filter(|_| more).map(|last| next(asked, &Span { after: Some(last), ..span }));
    told(asked, found, next).await
}

async fn told(asked: &Asked<'_>, found: Vec<Walked>, next: Option<String>) -> Result<Told, Wrong> {
    let extra = match asked.args.is_true("extensions") {
        true => Some(Extra::read(asked.app, &found).await?),
        false => None,
    };
    let nodes = found.iter().map(|one| request::node(asked, one, extra.as_ref()));
    Ok(Told { next, ..Told::of("service_requests", Node::list("request", nodes.collect())) })
}

/// Some by their ids: every other argument but the jurisdiction is passed over. Those that nobody may see are left out.
async fn by_ids(asked: &Asked<'_>, ids: &[String]) -> Result<Told, Wrong> {
    if ids.len() > IDS_MAX {
        return Err(Wrong::bad(format!("more than {IDS_MAX} ids in service_request_id")));
    }
    let named = asked.named().await?;
    let mut found: Vec<Walked> = Vec::new();
    for code in ids {
        let known = found.iter().any(|one| one.row.case.code == *code);
        let one = walk::by_code(&asked.app.db, code).await?.filter(|one| !known && lies_in(one, named.as_ref()));
        found.extend(one);
    }
    told(asked, found, None).await
}

/// Which time a list spans, in which order, and where it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: Moment,
    until: Moment,
    newest_first: bool,
    after: Option<(Moment, CaseId)>,
}

impl Span {
    /// Counted pages begin with the oldest, so that what is said meanwhile comes behind them, and may span any time.
    fn read(asked: &Asked<'_>) -> Result<Span, Wrong> {
        let (args, now) = (&asked.args, asked.call.now);
        let counted = args.get("page").is_some();
        if let Some(cursor) = args.get("cursor") {
            if counted {
                return Err(Wrong::bad("page and cursor exclude each other"));
            }
            return Span::of_cursor(cursor).ok_or_else(|| Wrong::bad("cursor is none of ours"));
        }
        let (start, end) = (args.moment("start_date")?, args.moment("end_date")?);
        let until = end.unwrap_or(now);
        let back = until - Moment::days(DAYS_MAX);
        // Within a day the oldest page stays where it is.
        let usual = if counted { Moment(back.0.div_euclid(DAY) * DAY) } else { back };
        let from = start.unwrap_or(usual);
        if from > until {
            return Err(Wrong::bad("start_date lies after end_date"));
        }
        if !counted && until - from > Moment::days(DAYS_MAX) {
            let why =
                format!("start_date and end_date are more than {DAYS_MAX} days apart; ask page by page, page=1 first");
            return Err(Wrong::bad(why));
        }
        Ok(Span { from, until, newest_first: !counted, after: None })
    }

    fn cursor(&self) -> String {
        let (said, id) = self.after.unwrap_or((Moment(0), CaseId(Uuid::nil())));
        let order = if self.newest_first { "n" } else { "o" };
        format!("{order}_{}_{}_{}_{}", self.from.0, self.until.0, said.0, id.0.simple())
    }

    fn of_cursor(text: &str) -> Option<Span> {
        let parts: Vec<&str> = text.split('_').collect();
        let [order, from, until, said, id] = parts[..] else { return None };
        let moment = |text: &str| text.parse().ok().map(Moment);
        Some(Span {
            newest_first: match order {
                "n" => true,
                "o" => false,
                _ => return None,
            },
            from: moment(from)?,
            until: moment(until)?,
            after: Some((moment(said)?, id.parse().ok()?)),
        })
    }
}

/// The address of the next page: whatever is said or goes away meanwhile, it ends with what was there when the list began.
fn next(asked: &Asked<'_>, span: &Span) -> String {
    let gone = ["page", "cursor", "start_date", "end_date"];
    let cursor = span.cursor();
    let kept = asked.args.iter().filter(|(name, _)| !gone.contains(name));
    let pairs: Vec<(&str, &str)> = kept.chain([("cursor", cursor.as_str())]).collect();
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    let end = asked.call.path.rsplit('/').next().unwrap_or_default();
    format!("{}/{end}?{query}", asked.endpoint())
}

/// Who asks for which list, whatever the page.
fn reader(asked: &Asked<'_>) -> [u8; 32] {
    let mut sha = Sha256::new().chain_update(asked.call.address.to_string()).chain_update([0]);
    sha.update(asked.call.path.rsplit_once('.').map_or("", |(path, _)| path));
    let mut args: Vec<_> = asked.args.iter().filter(|(name, _)| !matches!(*name, "page" | "extensions")).collect();
    args.sort();
    for text in args.into_iter().flat_map(|(name, value)| [name, value]) {
        sha.update([0]);
        sha.update(text);
    }
    sha.finalize().into()
}

/// `open`, `closed`, or both, which is all.
fn status(asked: &Asked<'_>) -> Result<Option<bool>, Wrong> {
    let (mut open, mut closed) = (false, false);
    for one in asked.args.list("status") {
        match one.to_lowercase().as_str() {
            "open" => open = true,
            "closed" => closed = true,
            _ => return Err(Wrong::bad("status is open, closed, or both with a comma between")),
        }
    }
    Ok((open != closed).then_some(open))
}

/// `south,west,north,east` in degrees.
fn bounds(asked: &Asked<'_>) -> Result<Option<[i64; 4]>, Wrong> {
    let Some(text) = asked.args.get("bbox") else { return Ok(None) };
    let edges: Option<Vec<i64>> = text.split(',').map(degrees_e7).collect();
    let edges = edges.and_then(|edges| <[i64; 4]>::try_from(edges).ok());
    let fits =
        |[south, west, north, east]: [i64; 4]| (south <= north && west <= east).then_some([south, north, west, east]);
    let wrong = || Wrong::bad("bbox is south,west,north,east in degrees");
    edges.and_then(fits).map(Some).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let id = CaseId(Uuid::from_u128(7 << 90));
        let span = Span { from: Moment(-5), until: Moment(9), newest_first: true, after: Some((Moment(3), id)) };
        assert_eq!(Span::of_cursor(&span.cursor()), Some(span));
        for bad in ["", "n_1_2_3", "x_1_2_3_00000000000000000000000000000000", "n_1_2_3_4", "n_1_2_z_0"] {
            assert_eq!(Span::of_cursor(bad), None, "{bad}");
        }
    }
}
