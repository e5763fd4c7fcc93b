//! My page: what I am here, what I said, what I was told.

use crate::layout::line::{Line, encoded, shortened};
use crate::layout::{View, Visit, page, show};
use askama::Template;
use commons::calendar::Zone;
use commons::case::store::{self, Filter, Sees};
use commons::case::{Case, CaseId};
use commons::notice::{self, Notice};
use commons::people::Person;
use kit::Result;
use kit::db::Tx;
use kit::web::Form;
use kit::web::answer::{Answer, see_other};

const SHOWN: i64 = 50;

/// `GET /me`.
#[derive(Template)]
#[template(path = "hall/templates/me.html")]
pub struct MePage {
    pub v: View,
    pub signed_in: bool,
    /// Office, place, since, until.
    pub mandates: Vec<(String, String, String, String)>,
    pub lines: Vec<Line>,
    /// Cases of others that this household joined.
    pub joined: Vec<Line>,
    pub notices: Vec<Told>,
    pub unseen: bool,
    /// Compounds at whose hub they have shifts ahead.
    pub rosters: Vec<String>,
}

/// A notice as it reads.
pub struct Told {
    pub at: String,
    pub href: String,
    pub sentence: String,
    /// Why this person was told.
    pub because: Option<String>,
    pub new: bool,
}

pub async fn show(visit: Visit) -> Answer {
    let v = visit.view("me-title");
    let (db, now, lang) = (&visit.app.db, visit.call.now, visit.call.lang);
    let (mut lines, mut joined, mut notices, mut rosters) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for person in &visit.actor.persons {
        let filter = Filter { tenant: Some(person.tenant), author: Some(person.id), ..Filter::default() };
        let rows = store::list(db, &filter, Sees::Own, SHOWN).await?;
        lines.extend(rows.iter().map(|row| Line::of(&v, row, now)));
        let ids = store::together::supported(db, person.tenant, person.id, SHOWN).await?;
        let today = Zone::china().date(now);
        let (told, next) = notice::store::mine_and_roster(db, (person.tenant, person.id), today, SHOWN).await?;
        rosters.extend(next);
        let about = told.iter().filter(|told| told.thing == "case").map(|told| CaseId(told.thing_id));
        let mut wanted: Vec<_> = ids.iter().copied().chain(about).map(|id| (person.tenant, id)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let cases = store::by_ids(db, &wanted).await?;
        let case = |id: CaseId| cases.iter().find(|row| row.case.id == id);
        // What is private by now is nobody else's; what its author left can be gone on with.
        let shown = |row: &&store::CaseRow| row.case.was_public();
        joined.extend(ids.iter().filter_map(|id| case(*id)).filter(shown).map(|row| Line::of(&v, row, now)));
        for told in told {
            notices.push(Told {
                at: show::moment(lang, told.at, now),
                // A digest tells of several; what is followed is listed there.
                href: href(&told),
                sentence: sentence(&visit, &v, &told, case(CaseId(told.thing_id))),
                because: told.because.map(|because| v.t(&format!("me-because-{because}")).to_string()),
                new: told.seen.is_none(),
            });
        }
    }
    let mandates = visit
        .actor
        .mandates
        .iter()
        .map(|mandate| {
            let until = mandate.ends.map_or_else(|| v.t("me-open-end").to_string(), |ends| show::day(lang, ends, now));
            let place = lang.pick(&mandate.place_label, &mandate.place_label_en).to_owned();
            let office = v.office(mandate.office).to_string();
            let office = if mandate.acts_for.is_some() { v.a("me-deputy", "office", office) } else { office };
            (office, place, show::day(lang, mandate.starts, now), until)
        })
        .collect();
    let unseen = notices.iter().any(|told| told.new);
    page(&MePage { signed_in: visit.actor.account.is_some(), mandates, lines, joined, notices, unseen, rosters, v })
}

/// Where a notice leads.
fn href(told: &Notice) -> String {
    let (first, rest) = told.label.split_once(' ').unwrap_or((&told.label, ""));
    match told.thing.as_str() {
        "channel" => "/office/channels".to_owned(),
        "digest" => "/say/follow".to_owned(),
        "home" => "/me/homes".to_owned(),
        "joining" => format!("/office/homes/one?at={}", encoded(first)),
        "account" => "/me/devices".to_owned(),
        "stand_in" => "/me/standing".to_owned(),
        "seat" => "/office/people/mine".to_owned(),
        "vacant" => "/office/people".to_owned(),
        "roster" => format!("/help/roster/mine?compound={}", encoded(first)),
        "hub" => format!("/help/hub?compound={}", encoded(first)),
        "roster_gap" => {
            let month = rest.get(..7).unwrap_or_default();
            format!("/help/roster?compound={}&month={}", encoded(first), encoded(month))
        }
        _ => format!("/say/requests/{}", told.label),
    }
}

/// A notice in words. A matter is called by its words where the reader may see them, else by its number.
pub fn sentence(visit: &Visit, v: &View, told: &Notice, row: Option<&store::CaseRow>) -> String {
    let readable =
        |case: &&Case| !case.words.is_empty() && (case.is_public() || visit.actor.is(case.tenant, case.author));
    let case = row.map(|row| &row.case).filter(readable);
    let label = match (told.thing.as_str(), told.label.split_once(' ')) {
        ("joining" | "roster_gap" | "roster", Some((_, label))) => label.to_owned(),
        _ => told.label.clone(),
    };
    let name = case.map_or(label, |case| v.a("me-case-words", "words", shortened(&case.words, 16)));
    v.a(&format!("told-{}", told.stem.replace('/', "-")), "code", name)
}

/// `POST /me`: all notices seen.
pub async fn seen(visit: Visit, _form: Form) -> Answer {
    let persons = &visit.actor.persons;
    visit.app.db.transact(&visit.app.context(), |tx| Box::pin(async move { see_all(tx, persons).await })).await?;
    Ok(see_other("/me"))
}

/// Marks what these persons were told as seen.
pub async fn see_all(tx: &mut Tx<'_>, persons: &[Person]) -> Result<()> {
    for person in persons {
        notice::store::see(tx, person.tenant, person.id).await?;
    }
    Ok(())
}
