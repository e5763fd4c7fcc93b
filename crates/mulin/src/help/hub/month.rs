//! A month at the hub in figures without names, counted from rows each time it is read: on the screen, on paper, as a table.

use super::day::{CountShown, bounds, counts, counts_json};
use super::pages::{At, OpinionShown, month_of, opinion_shown};
use crate::layout::{View, Visit, page};
use crate::near::compound;
use askama::Template;
use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use commons::desk::{Answered, Counted, store as desk};
use commons::duty::{HubDay, Month, store};
use commons::place::Place;
use commons::sheet::{self, Format};
use kit::web::Query;
use kit::web::answer::Answer;
use kit::{Error, Result};
use serde_json::{Value, json};

/// `GET /help/hub/month`.
#[derive(Template)]
#[template(path = "help/hub/templates/month.html")]
pub struct MonthPage {
    pub v: View,
    pub compound: String,
    pub place: String,
    pub month: String,
    pub before: String,
    pub after: String,
    pub days_open: i64,
    /// `42小时30分`.
    pub hours: String,
    pub written: i64,
    /// Days that are over and that nobody wrote up.
    pub unwritten: i64,
    pub counts: Vec<CountShown>,
    pub opinions: Vec<OpinionShown>,
    pub printed: String,
}

struct Read {
    month: Month,
    days: Vec<HubDay>,
    counted: Counted,
    answered: Vec<Answered>,
}

impl Read {
    fn days_open(&self) -> i64 {
        i64::try_from(self.days.iter().filter(|day| !day.spans.0.is_empty()).count()).unwrap_or(0)
    }

    fn minutes(&self) -> i64 {
        self.days.iter().map(|day| day.spans.minutes()).sum()
    }

    fn written(&self) -> i64 {
        i64::try_from(self.days.len()).unwrap_or(0)
    }
}

async fn read(visit: &Visit, place: &Place, month: Month) -> Result<Read> {
    let (db, at) = (&visit.app.db, (place.tenant, place.id));
    let (first, last) = (month.first(), month.last());
    let span = bounds(first, last)?;
    let now = commons::calendar::Zone::china().civil(visit.call.now);
    let now = (now.date(), commons::duty::minute_of(now.time()));
    Ok(Read {
        month,
        days: store::day::days(db, at, (first, last)).await?,
        counted: desk::counted(db, at, (first, last), span, now).await?,
        answered: desk::answered(db, at, span).await?,
    })
}

async fn month_page(visit: &Visit, at: &At) -> Result<MonthPage> {
    let place = compound(visit, &at.compound).await?;
    let (now, v) = (visit.call.now, visit.view("hub-month-title"));
    let all = read(visit, &place, month_of(&at.month, now)?).await?;
    let today = commons::calendar::Zone::china().date(now);
    let over = all.month.days().filter(|day| *day < today).count();
    let told = all.days.iter().filter(|day| day.day < today).count();
    let minutes = all.minutes();
    let hours = [("hours", (minutes / 60).into()), ("minutes", (minutes % 60).into())];
    Ok(MonthPage {
        compound: place.path.clone(),
        place: v.pick(&place.name, &place.name_en).to_owned(),
        month: all.month.name(),
        before: all.month.step(-1).name(),
        after: all.month.step(1).name(),
        days_open: all.days_open(),
        hours: crate::words::t_with(v.lang, "hub-month-hours-n", &hours),
        written: all.written(),
        unwritten: i64::try_from(over.saturating_sub(told)).unwrap_or(0),
        counts: counts(&v, &all.counted),
        opinions: all.answered.iter().map(|one| opinion_shown(&v, one, now)).collect(),
        printed: v.day(now, now - kit::time::Moment::days(400)),
        v,
    })
}

pub async fn show(visit: Visit, Query(at): Query<At>) -> Answer {
    page(&month_page(&visit, &at).await?)
}

/// `GET /help/hub/month/sheet.csv`: everything on the page, a line each.
pub async fn sheet(visit: Visit, Query(at): Query<At>) -> Answer {
    let shown = month_page(&visit, &at).await?;
    let v = &shown.v;
    let head = ["hub-month-what", "hub-month-kind", "hub-month-n"].map(|key| v.t(key).to_string());
    let mut rows: Vec<Vec<String>> = vec![head.into()];
    let mut add = |what: &str, kind: &str, n: String| rows.push(vec![what.to_owned(), kind.to_owned(), n]);
    add(&v.t("hub-month-days"), "", shown.days_open.to_string());
    add(&v.t("hub-month-hours"), "", shown.hours.clone());
    add(&v.t("hub-month-written"), "", shown.written.to_string());
    for sort in &shown.counts {
        for (kind, n) in &sort.lines {
            add(&sort.title, kind, n.to_string());
        }
    }
    for one in &shown.opinions {
        add(&v.t("hub-opinions-title"), &format!("{}: {} {}", one.topic, one.said, one.came), one.n.to_string());
    }
    let name = format!("attachment; filename=\"hub-{}-{}.csv\"", shown.compound, shown.month);
    let bytes = sheet::write(&rows, Format::Csv)?;
    let headers = [(header::CONTENT_TYPE, Format::Csv.mime().to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

/// `GET /api/v1/hub/month`.
pub async fn api(visit: Visit, Query(at): Query<At>) -> Answer {
    let place = compound(&visit, &at.compound).await?;
    let month = month_of(&at.month, visit.call.now).map_err(|_| Error::invalid("month", "hub/month"))?;
    let all = read(&visit, &place, month).await?;
    let one = |one: &Answered| {
        json!({ "topic": one.topic, "opinions": one.opinions, "said": one.said, "came": one.came,
            "answered": crate::layout::show::rfc3339(one.at) })
    };
    let opinions: Vec<Value> = all.answered.iter().map(one).collect();
    Ok(Json(json!({ "compound": place.path, "month": month.name(), "days_open": all.days_open(),
        "minutes_open": all.minutes(), "days_written": all.written(), "counts": counts_json(&all.counted),
        "opinions": opinions }))
    .into_response())
}
