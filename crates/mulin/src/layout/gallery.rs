//! The gallery: every small part with its states, and every page's samples (a usual one, an empty one, a long one, a
//! refused one), so that a change of style or words can be looked at in one place. Open in the demo only.

use super::parts::{Doors, Loop, qr};
use super::{View, Visit, Wrong, page, render, show};
use askama::Template;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use commons::case::{Door, State};
use kit::time::Moment;
use kit::web::Path;
use kit::web::answer::{Answer, html};
use kit::{Error, Result};

/// A page of a feature with made-up content: its name in the gallery, its status, and how it is made.
pub struct PageSample {
    pub id: &'static str,
    pub status: StatusCode,
    pub make: fn(View) -> Result<String>,
}

impl PageSample {
    pub const fn usual(id: &'static str, make: fn(View) -> Result<String>) -> PageSample {
        PageSample { id, status: StatusCode::OK, make }
    }

    pub const fn refused(id: &'static str, make: fn(View) -> Result<String>) -> PageSample {
        PageSample { id, status: StatusCode::UNPROCESSABLE_ENTITY, make }
    }
}

/// Samples show the same day whenever they are looked at.
pub const NOW: Moment = Moment(1_795_485_600_000);

/// `GET /gallery`.
#[derive(Template)]
#[template(path = "layout/templates/gallery.html")]
pub struct GalleryPage {
    pub v: View,
    pub pages: Vec<&'static str>,
    pub doors: Vec<String>,
    pub rounds: Vec<String>,
    pub states: Vec<State>,
    pub wrong: Wrong,
    pub none: Wrong,
    pub code: String,
    pub late: String,
}

impl GalleryPage {
    pub fn of(v: View, pages: Vec<&'static str>) -> Result<GalleryPage> {
        let door = |door: Door, over: bool, until: Option<Moment>| {
            render(&Doors {
                v: v.clone(),
                steps: Doors::steps(Door::Home, door),
                over,
                holder: format!("{} {}", v.t("gallery-place"), show::office(v.lang, commons::people::Office::Property)),
                since: v.moment(NOW - Moment::days(2), NOW),
                until: until.map(|until| v.until(until, NOW)),
                overdue: until.is_some_and(|until| until < NOW),
                provisional: until.is_some_and(|until| until > NOW + Moment::days(20)),
                next: v.t("next-accepted").to_string(),
            })
        };
        let round = |state, judged| render(&Loop::of(v.clone(), state, judged));
        Ok(GalleryPage {
            pages,
            doors: vec![
                door(Door::Home, false, Some(NOW + Moment::hours(5)))?,
                door(Door::Compound, false, Some(NOW - Moment::days(1)))?,
                door(Door::Community, false, Some(NOW + Moment::days(40)))?,
                door(Door::Compound, true, None)?,
            ],
            rounds: vec![
                round(State::Said, false)?,
                round(State::Accepted, false)?,
                round(State::Reported, false)?,
                round(State::Closed, true)?,
            ],
            states: State::ALL.to_vec(),
            wrong: Wrong::of(v.lang, Error::invalid("words", "requests/words-empty"))?,
            none: Wrong::default(),
            code: qr("https://mulin.example/say/requests/new?at=shiliu/3", &v.t("slip-qr")),
            late: v.until(NOW - Moment::days(1), NOW),
            v,
        })
    }
}

/// `GET /gallery`, when `pages` are the samples of the features.
pub async fn index(visit: Visit, pages: &'static [&'static [PageSample]]) -> Answer {
    if !visit.app.config.demo {
        return Err(Error::NotFound.into());
    }
    let v = visit.view("gallery-title");
    page(&GalleryPage::of(v, pages.iter().flat_map(|some| some.iter()).map(|sample| sample.id).collect())?)
}

/// `GET /gallery/{id}`.
pub async fn one(visit: Visit, Path(id): Path<String>, pages: &'static [&'static [PageSample]]) -> Answer {
    let found = pages.iter().flat_map(|some| some.iter()).find(|sample| sample.id == id);
    match found {
        Some(sample) if visit.app.config.demo => {
            Ok((sample.status, html((sample.make)(visit.view("gallery-title"))?)).into_response())
        }
        _ => Err(Error::NotFound.into()),
    }
}
