//! The pages of ways back.

use super::actions;
use crate::layout::{View, Visit, link, page, parts};
use askama::Template;
use axum::http::HeaderMap;
use commons::people::back::{WayBack, Word, store};
use kit::Error;
use kit::secrets::spaced;
use kit::web::answer::{Answer, see_other};
use kit::web::{Form, Query};
use serde::Deserialize;

const HERE: &str = "/office/back";

/// A way back as it reads.
pub struct Way {
    pub id: String,
    pub name: String,
    pub first: String,
    pub second: Option<String>,
    pub until: String,
    /// Whether the second word can be mine.
    pub mine_to_confirm: bool,
}

/// `GET /office/back`.
#[derive(Template)]
#[template(path = "office/back/templates/back.html")]
pub struct BackPage {
    pub v: View,
    pub ways: Vec<Way>,
}

/// `GET /office/back/paper`.
#[derive(Template)]
#[template(path = "office/back/templates/paper.html")]
pub struct PaperPage {
    pub v: View,
    pub name: String,
    pub login: String,
    pub code: String,
    pub link: String,
    pub qr: String,
    pub until: String,
    pub words: Vec<String>,
    /// Nobody but this computer can open the link.
    pub only_here: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct PaperQuery {
    #[serde(default)]
    id: String,
}

fn word(v: &View, word: &Word) -> String {
    format!("{} {}", v.office(word.office), v.pick(&word.name, &word.name_en))
}

pub async fn show(visit: Visit) -> Answer {
    let v = visit.view("backs-title");
    let way = |one: &WayBack| Way {
        id: one.id.to_string(),
        name: v.pick(&one.name, &one.name_en).to_owned(),
        first: word(&v, &one.first),
        second: one.second.as_ref().map(|second| word(&v, second)),
        until: v.moment(one.ends, visit.call.now),
        mine_to_confirm: one.second.is_none() && !visit.actor.is(one.tenant, Some(one.first.by)),
    };
    let ways = actions::waiting(&visit).await?.iter().map(way).collect();
    page(&BackPage { ways, v })
}

/// `POST /office/back`: the first word.
pub async fn open(visit: Visit, form: Form) -> Answer {
    actions::open(&visit, form.text("mandate"), &form.key).await?;
    Ok(see_other(HERE))
}

/// `POST /office/back/confirm`: the second word; the paper comes with it.
pub async fn confirm(visit: Visit, form: Form) -> Answer {
    let id = form.text("way");
    actions::confirm(&visit, id, &form.key).await?;
    let way = actions::find(&visit, id).await?;
    Ok(see_other(&format!("/office/back/paper?id={}", way.id)))
}

/// `POST /office/back/stop`.
pub async fn stop(visit: Visit, form: Form) -> Answer {
    actions::stop(&visit, form.text("way"), &form.key).await?;
    Ok(see_other(HERE))
}

/// The paper with the code, once both words are there; for the one who gave the second.
pub async fn paper(visit: Visit, Query(query): Query<PaperQuery>, headers: HeaderMap) -> Answer {
    let way = actions::find(&visit, &query.id).await?;
    let second = way.second.as_ref().filter(|_| way.is_open(visit.call.now)).ok_or(Error::NotFound)?;
    if !visit.actor.is(way.tenant, Some(second.by)) {
        return Err(Error::NotFound.into());
    }
    let v = visit.view("backs-paper");
    let base = link::base(&visit.app, &headers);
    let code = store::code(&visit.app.secrets, way.id);
    let qr = parts::qr(&format!("{base}/sign-in/back?code={code}"), &v.t("letters-qr"));
    page(&PaperPage {
        name: v.pick(&way.name, &way.name_en).to_owned(),
        login: way.login.clone(),
        code: spaced(&code),
        link: format!("{base}/sign-in/back"),
        qr,
        until: v.moment(way.ends, visit.call.now),
        words: vec![word(&v, &way.first), word(&v, second)],
        only_here: link::only_here(&base),
        v,
    })
}
