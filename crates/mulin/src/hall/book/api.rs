//! The JSON face, and how it is described.

use super::shown::{Book, books};
use crate::layout::Visit;
use crate::layout::show::rfc3339;
use crate::openapi::parts::{Operation, list, maybe, moment, object, reference, said, text, whole};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use kit::Error;
use kit::book::chain;
use kit::web::answer::Answer;
use kit::web::{App, Path};
use serde_json::{Value, json};

const TAG: &str = "book";
const HOW: &str = "Who runs the house gives a head to `mulin check --head community:entries:digest`, which reads the whole book \
    again: SHA-256 over each entry with its position and the digest before it. Anybody else asks for the digest at the number of \
    entries that they wrote down, and compares.";

pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/books", get(all)).route("/api/v1/books/{community}/{entries}", get(one))
}

async fn all(visit: Visit) -> Answer {
    let book = |book: &Book| {
        json!({ "community": book.tenant.code, "name": book.tenant.name, "name_en": book.tenant.name_en,
            "entries": book.head.map_or(0, |head| head.entries),
            "digest": book.head.map(|head| hex::encode(head.digest)), "at": book.head.map(|head| rfc3339(head.at)) })
    };
    let books: Vec<Value> = books(&visit.app.db).await?.iter().map(book).collect();
    Ok(Json(json!({ "books": books })).into_response())
}

async fn one(visit: Visit, Path((community, entries)): Path<(String, String)>) -> Answer {
    let all = books(&visit.app.db).await?;
    let book = all.iter().find(|book| book.tenant.code == community).ok_or(Error::NotFound)?;
    let entries: i64 = entries.parse().map_err(|_| Error::NotFound)?;
    let digest = chain::at(&visit.app.db, book.tenant.id.0, entries).await?.ok_or(Error::NotFound)?;
    Ok(Json(json!({ "community": community, "entries": entries, "digest": hex::encode(digest) })).into_response())
}

pub fn paths() -> Value {
    let all = Operation::new("listBooks", TAG, "The heads of the book, a community each").anybody("requests:read");
    let one = Operation::new("showBookAt", TAG, "The digest at an earlier length of a book").anybody("requests:read");
    let one = one.about(HOW).path("community", "Its code").path("entries", "How many entries there were");
    json!({
        "/api/v1/books": { "get": all.about(HOW).gives(200, object(&[("books", list(reference("Book")))])).done() },
        "/api/v1/books/{community}/{entries}": { "get": one.gives(200, reference("BookAt")).done() }
    })
}

pub fn schemas() -> Value {
    let digest = said("64 hexadecimal digits, of the last entry and all before it", text());
    json!({
        "Book": object(&[("community", text()), ("name", text()), ("name_en", text()), ("entries", whole()),
            ("digest", maybe(digest.clone())), ("at", said("When it was sealed up to there", maybe(moment())))]),
        "BookAt": object(&[("community", text()), ("entries", whole()), ("digest", digest)])
    })
}
