//! The HTML face: a head for the wall, and a look at one that hung there before.

use super::shown::{Book, Fits, books, fits, grouped};
use crate::keep::check_book::digest_of;
use crate::layout::line::encoded;
use crate::layout::parts::qr;
use crate::layout::{View, Visit, Wrong, link, page, page_again};
use askama::Template;
use axum::http::HeaderMap;
use kit::book::chain::Seal;
use kit::web::Query;
use kit::web::answer::Answer;
use kit::{Error, Result};
use serde::Deserialize;

/// Whose book, and what stands on the sheet that is looked at.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    of: String,
    #[serde(default)]
    entries: String,
    #[serde(default)]
    digest: String,
}

/// `GET /about/book`.
#[derive(Template)]
#[template(path = "hall/book/templates/book.html")]
pub struct BookPage {
    pub v: View,
    pub wrong: Wrong,
    /// Other communities of the house: code and name.
    pub others: Vec<(String, String)>,
    pub of: String,
    pub name: String,
    pub head: Option<HeadShown>,
    pub entries: String,
    pub digest: String,
    pub answer: Option<Told>,
}

pub struct HeadShown {
    pub entries: i64,
    pub digest: String,
    pub at: String,
    pub qr: String,
}

/// What is said of a sheet.
pub struct Told {
    pub fine: bool,
    pub sentence: String,
}

pub async fn show(visit: Visit, Query(asked): Query<Asked>, headers: HeaderMap) -> Answer {
    let (v, db) = (visit.view("book-title"), &visit.app.db);
    let all = books(db).await?;
    let mine = visit.actor.persons.first().map(|person| person.tenant);
    let chosen = match asked.of.as_str() {
        "" => all.iter().find(|book| Some(book.tenant.id) == mine).or(all.first()),
        code => all.iter().find(|book| book.tenant.code == code),
    };
    let chosen = chosen.ok_or(Error::NotFound)?;
    let typed = !asked.entries.is_empty() || !asked.digest.is_empty();
    let (mut wrong, mut answer) = (Wrong::default(), None);
    if typed {
        match read(&asked) {
            Ok((entries, digest)) => answer = Some(told(&v, fits(db, chosen, entries, &digest).await?, entries)),
            Err(error) => wrong = Wrong::of(v.lang, error)?,
        }
    }
    let name = |book: &Book| v.pick(&book.tenant.name, &book.tenant.name_en).to_owned();
    let base = link::base(&visit.app, &headers);
    let head = chosen.head.map(|head| {
        let (code, digest) = (encoded(&chosen.tenant.code), hex::encode(head.digest));
        let to = format!("{base}/about/book?of={code}&entries={}&digest={digest}", head.entries);
        HeadShown {
            entries: head.entries,
            digest: grouped(&head.digest),
            at: v.moment(head.at, visit.call.now),
            qr: qr(&to, &v.t("book-qr")),
        }
    });
    let others = all.iter().filter(|book| book.tenant.id != chosen.tenant.id);
    let shown = BookPage {
        others: others.map(|book| (book.tenant.code.clone(), name(book))).collect(),
        of: chosen.tenant.code.clone(),
        name: name(chosen),
        head,
        entries: asked.entries,
        digest: asked.digest,
        answer,
        wrong,
        v,
    };
    if shown.wrong.0.is_empty() { page(&shown) } else { page_again(&shown) }
}

fn read(asked: &Asked) -> Result<(i64, Seal)> {
    let entries = asked.entries.trim().parse().ok().filter(|entries| *entries > 0);
    let entries = entries.ok_or(Error::invalid("entries", "book/entries"))?;
    let digest = digest_of(&asked.digest).ok_or(Error::invalid("digest", "book/digest"))?;
    Ok((entries, digest))
}

pub fn told(v: &View, fits: Fits, entries: i64) -> Told {
    let key = match fits {
        Fits::Yes => "book-fits",
        Fits::No => "book-differs",
        Fits::Shorter => "book-shorter",
    };
    Told { fine: fits == Fits::Yes, sentence: v.a(key, "n", entries) }
}
