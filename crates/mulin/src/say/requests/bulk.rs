//! Several cases offered to another office at once: picked on a desk, one reason, one press, and told for each what became of it.
//!
//! Each case keeps its own rules. What cannot be offered stays as it is and says why; the others go.

use super::model::{Deed, Hand, WORDS_CHARACTERS_MAX};
use super::{actions, pages};
use crate::layout::line::{Line, encoded};
use crate::layout::{View, Visit, Wrong, page, page_again};
use crate::words;
use askama::Template;
use axum::Json;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use commons::case::store::{self, CaseRow};
use commons::people::Office;
use commons::place::{self, PlaceId, TenantId};
use kit::db::By;
use kit::web::answer::{Answer, see_other};
use kit::web::form::Problems;
use kit::web::json::JsonCall;
use kit::web::keys::RequestKey;
use kit::web::{Form, Query, keys};
use kit::{Error, Reason, Result};
use serde::{Deserialize, Serialize};

pub const CASES_MAX: usize = 50;

/// A case that was not offered, and the sentence why.
pub struct Kept {
    pub code: String,
    pub why: String,
}

/// `GET /say/requests/hand-over`.
#[derive(Template)]
#[template(path = "say/requests/templates/hand_over.html")]
pub struct HandOverPage {
    pub v: View,
    pub wrong: Wrong,
    pub picked: Vec<Line>,
    /// `office:place` and how it reads.
    pub seats: Vec<(String, String, bool)>,
    pub words: String,
    /// After the press: what went, and what did not.
    pub gone: Vec<String>,
    pub kept: Vec<Kept>,
}

/// What became of it.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Became {
    done: Vec<String>,
    not: Vec<(String, String)>,
}

/// `GET /say/requests/hand-over?case=…&case=…`: to whom and why; after the press, what became of each.
pub async fn ask(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    visit.call.account()?;
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let all = |name: &str| -> Vec<String> {
        pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).take(CASES_MAX).collect()
    };
    let picked = all("case");
    let mut shown = asked(&visit, &picked, "").await?;
    shown.gone = all("done");
    shown.kept = all("not").iter().filter_map(|one| kept(&shown.v, one)).collect();
    page(&shown)
}

/// `shiliu-3.requests/offer-open-already`; only reasons that this house knows are said.
fn kept(v: &View, text: &str) -> Option<Kept> {
    let (code, stem) = text.split_once('.')?;
    let known = WHYS.iter().find(|why| **why == stem)?;
    Some(Kept { code: code.to_owned(), why: v.reason(&Reason(known)).to_string() })
}

const WHYS: &[&str] = &[
    "requests/not-holder",
    "requests/offer-open-already",
    "requests/offer-to-whom",
    "requests/offer-one-door",
    "requests/handover-not-open",
];

/// The picked cases that this person holds; the others are nobody's business here.
async fn held(visit: &Visit, codes: &[String]) -> Result<Vec<CaseRow>> {
    let Some(compound) = codes.first().and_then(|code| store::compound_of(code)) else { return Ok(Vec::new()) };
    let Some((tenant, _)) = place::store::by_code(&visit.app.db, compound).await? else { return Ok(Vec::new()) };
    let mut rows = store::desk::by_codes(&visit.app.db, tenant, &codes[..codes.len().min(CASES_MAX)]).await?;
    rows.retain(|row| Hand::of(&visit.actor).is_holder(&row.case));
    Ok(rows)
}

/// What can be picked for several at once: those that are held, and to whom each may go, by value and words.
async fn seats(visit: &Visit, rows: &[CaseRow]) -> Result<Vec<(String, String)>> {
    let v = visit.view("hand-over-title");
    let mut seats: Vec<(String, String)> = Vec::new();
    let mut looked = Vec::new();
    for CaseRow { case, .. } in rows {
        let around = (case.building.unwrap_or(case.place), case.holder.office, case.door);
        if looked.contains(&around) {
            continue;
        }
        looked.push(around);
        let near = store::page::around(&visit.app.db, case, visit.call.now).await?;
        for (door, office, place, label) in pages::seats_of(visit, case, &near) {
            let value = format!("{office}:{place}");
            if !seats.iter().any(|(known, ..)| *known == value) {
                seats.push((value, format!("{} · {label} {}", v.door(door), v.office(office))));
            }
        }
    }
    Ok(seats)
}

async fn asked(visit: &Visit, codes: &[String], chosen: &str) -> Result<HandOverPage> {
    let v = visit.view("hand-over-title");
    let rows = held(visit, codes).await?;
    let seats = seats(visit, &rows).await?.into_iter();
    let seats = seats.map(|(value, words)| (value.clone(), words, value == chosen)).collect();
    let picked = rows.iter().map(|row| Line::of(&v, row, visit.call.now)).collect();
    Ok(HandOverPage {
        wrong: Wrong::default(),
        picked,
        seats,
        words: String::new(),
        gone: Vec::new(),
        kept: Vec::new(),
        v,
    })
}

/// What a form or a call wants done.
struct Wish {
    codes: Vec<String>,
    to: (Office, PlaceId),
    reason: String,
}

impl Wish {
    fn read(codes: Vec<String>, to: &str, reason: &str) -> Result<Wish> {
        let mut problems = Problems::default();
        problems.when(codes.is_empty() || codes.len() > CASES_MAX, "case", "requests/hand-over-which");
        problems.when(reason.is_empty(), "words", "requests/words-empty");
        problems.when(reason.chars().count() > WORDS_CHARACTERS_MAX, "words", "requests/words-long");
        let seat = to.split_once(':').and_then(|(office, place)| Some((Office::parse(office)?, place.parse().ok()?)));
        problems.when(seat.is_none(), "to", "requests/offer-to-whom");
        problems.none()?;
        let to = seat.ok_or(Error::invalid("to", "requests/offer-to-whom"))?;
        Ok(Wish { codes, to, reason: reason.replace("\r\n", "\n") })
    }
}

/// `POST /say/requests/hand-over`.
pub async fn send(visit: Visit, form: Form) -> Answer {
    visit.call.account()?;
    let codes: Vec<String> = form.all("case").map(str::to_owned).collect();
    let done = async {
        let wish = Wish::read(codes.clone(), form.text("to"), form.text("words"))?;
        offer_all(&visit, &wish, &form.key).await
    };
    match done.await {
        Ok(became) => {
            let done = became.done.iter().map(|code| format!("done={}", encoded(code)));
            let not = became.not.iter().map(|(code, why)| format!("not={}", encoded(&format!("{code}.{why}"))));
            let pairs: Vec<String> = done.chain(not).collect();
            Ok(see_other(&format!("/say/requests/hand-over?{}", pairs.join("&"))))
        }
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            let mut again = asked(&visit, &codes, form.text("to")).await?;
            again.wrong = wrong;
            again.words = form.text("words").to_owned();
            page_again(&again)
        }
    }
}

/// Each by its own rules, all in one transaction under one key.
async fn offer_all(visit: &Visit, wish: &Wish, key: &RequestKey) -> Result<Became> {
    let rows = held(visit, &wish.codes).await?;
    let compound = wish.codes.first().and_then(|code| store::compound_of(code)).ok_or(Error::NotFound)?;
    let (tenant, _) = place::store::by_code(&visit.app.db, compound).await?.ok_or(Error::NotFound)?;
    let (rows, context) = (&rows, visit.context(tenant, None));
    let answer = keys::once(&visit.app, &context, tenant.0, key, &|tx| {
        Box::pin(async move {
            let mut became = Became::default();
            for code in &wish.codes {
                let Some(row) = rows.iter().find(|row| row.case.code == *code) else {
                    became.not.push((code.clone(), "requests/not-holder".into()));
                    continue;
                };
                let why = offer_one(tx, visit, row, wish, tenant).await?;
                match why {
                    None => became.done.push(code.clone()),
                    Some(why) => became.not.push((code.clone(), why.0.to_owned())),
                }
            }
            serde_json::to_string(&became).map_err(Error::internal)
        })
    })
    .await?;
    serde_json::from_str(&answer).map_err(Error::internal)
}

/// Offers one; a refusal is told and stops nobody else. A refused offer has written nothing.
async fn offer_one(
    tx: &mut kit::db::Tx<'_>,
    visit: &Visit,
    row: &CaseRow,
    wish: &Wish,
    tenant: TenantId,
) -> Result<Option<Reason>> {
    let (now, by) = (tx.now(), tx.by().clone());
    tx.travel(now, By { office: Some(row.case.holder.office.name().to_owned()), ..by });
    let deed = Deed::Offer { to: wish.to, reason: wish.reason.clone() };
    match actions::act(tx, Hand::of(&visit.actor), (tenant, row.case.id), &deed, &[]).await {
        Ok(_) => Ok(None),
        Err(Error::Denied(why) | Error::Conflict(why)) => Ok(Some(why)),
        Err(Error::Invalid(fields)) => Ok(fields.first().map(|field| field.reason)),
        Err(other) => Err(other),
    }
}

/// Which are to be offered, with commas between them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picked {
    cases: String,
}

/// `GET /api/v1/requests/hand-over?cases=shiliu-1,shiliu-2`: those that the caller holds, and to whom they may go.
pub async fn api_ask(visit: Visit, Query(picked): Query<Picked>) -> Answer {
    visit.call.account()?;
    let codes: Vec<String> = picked.cases.split(',').map(str::to_owned).collect();
    let rows = held(&visit, &codes).await?;
    let seats = seats(&visit, &rows).await?;
    let seats: Vec<_> = seats.iter().map(|(to, label)| serde_json::json!({ "to": to, "label": label })).collect();
    let codes: Vec<&str> = rows.iter().map(|row| row.case.code.as_str()).collect();
    Ok(Json(serde_json::json!({ "cases": codes, "seats": seats })).into_response())
}

/// The same wish as JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    cases: Vec<String>,
    /// `office:place`
    to: String,
    reason: String,
}

/// `POST /api/v1/requests/hand-over`.
pub async fn api(visit: Visit, call: JsonCall<HandOver>) -> Answer {
    visit.call.account()?;
    let HandOver { cases, to, reason } = call.body;
    let wish = Wish::read(cases, &to, reason.trim())?;
    let became = offer_all(&visit, &wish, &call.key).await?;
    let not: Vec<_> = became.not.iter().map(|(code, why)| serde_json::json!({ "code": code, "reason": why })).collect();
    Ok(Json(serde_json::json!({ "offered": became.done, "kept": not })).into_response())
}

/// Where a form may lead back to: the stairs it was pressed on, never elsewhere.
pub fn back(form: &Form) -> Option<String> {
    form.opt("back").filter(|back| back.starts_with("/office/desk/stairs")).map(str::to_owned)
}

/// A sample for the gallery.
pub fn sample(v: View, picked: Vec<Line>, wrong: Wrong) -> HandOverPage {
    let over = picked.is_empty();
    let why = words::reason(v.lang, Reason("requests/offer-open-already")).to_string();
    HandOverPage {
        wrong,
        seats: vec![("property:1".into(), v.office(Office::Property).to_string(), false)],
        words: String::new(),
        gone: if over { vec!["shiliu-1".into(), "shiliu-2".into()] } else { Vec::new() },
        kept: if over { vec![Kept { code: "shiliu-3".into(), why }] } else { Vec::new() },
        picked,
        v,
    }
}
