//! What is wrong with a call, told as GeoReport tells it: a list of errors, in XML or JSON, under a status that says so too.

use super::shape::{Node, Shape};
use crate::words;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kit::i18n::Lang;
use kit::web::{Call, Told};
use kit::{Error, Reason};

/// Each reason in a sentence of English: whoever reads it writes programs.
#[derive(Debug)]
pub struct Wrong {
    pub status: StatusCode,
    pub why: Vec<String>,
    allow: Option<&'static str>,
    retry_after: Option<u32>,
}

impl Wrong {
    pub fn new(status: StatusCode, why: impl Into<String>) -> Wrong {
        Wrong { status, why: vec![why.into()], allow: None, retry_after: None }
    }

    pub fn bad(why: impl Into<String>) -> Wrong {
        Wrong::new(StatusCode::BAD_REQUEST, why)
    }

    pub fn missing(what: impl Into<String>) -> Wrong {
        Wrong::new(StatusCode::NOT_FOUND, what)
    }

    /// Several things that are wrong at once.
    pub fn all(why: Vec<String>) -> Wrong {
        Wrong { why, ..Wrong::bad("") }
    }

    pub fn method(allow: &'static str) -> Wrong {
        let wrong = Wrong::new(StatusCode::METHOD_NOT_ALLOWED, format!("this takes {allow} only"));
        Wrong { allow: Some(allow), ..wrong }
    }

    fn told(told: &Told) -> Wrong {
        let sentence = |reason: Reason| words::reason(Lang::En, reason).to_string();
        let status = match (told.status, told.reason.0) {
            // GeoReport knows no 422, and a broken form is no question of rights.
            (StatusCode::UNPROCESSABLE_ENTITY, _) | (_, "form/not-a-form") => StatusCode::BAD_REQUEST,
            (status, _) => status,
        };
        let mut why: Vec<String> =
            told.fields.iter().map(|field| format!("{}: {}", field.field, sentence(field.reason))).collect();
        if why.is_empty() {
            why.push(sentence(told.reason));
        }
        if let Some(incident) = &told.incident {
            why.push(format!("incident {incident}"));
        }
        Wrong { status, why, allow: None, retry_after: told.retry_after }
    }

    pub fn answer(self, shape: Shape) -> Response {
        let error = |why: &String| {
            Node::map(vec![("code", Node::text(self.status.as_str())), ("description", Node::text(why))])
        };
        let errors = Node::list("error", self.why.iter().map(error).collect());
        let mut response = Node::named("errors", errors).answer(shape, self.status);
        let headers = response.headers_mut();
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Wrong::told(&Told::of(&error))
    }
}

/// How the door tells what it refuses itself below `/open311/`: unknown addresses, bodies that are too large, a database
/// that is away.
pub fn tell(call: &Call, told: &Told) -> Option<Response> {
    let ours = call.path == "/open311" || call.path.starts_with("/open311/");
    ours.then(|| Wrong::told(told).answer(Shape::of(&call.path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_house_cannot_do_keeps_its_status_and_what_a_form_lacks_becomes_400() {
        for (error, status, retry) in [
            (Error::Unavailable("the database is away".into()), 503, true),
            (Error::TooMany(7), 429, true),
            (Error::internal("a slip"), 500, false),
            (Error::invalid("photo", "media/too-many"), 400, false),
            (Error::denied("form/not-a-form"), 400, false),
            (Error::denied("form/too-large"), 413, false),
            (Error::NotFound, 404, false),
        ] {
            let wrong = Wrong::from(error);
            assert_eq!(wrong.status.as_u16(), status, "{:?}", wrong.why);
            assert!(!wrong.why[0].is_empty() && !wrong.why[0].contains("database"));
            let answer = wrong.answer(Shape::Json);
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json; charset=utf-8");
            assert_eq!(answer.headers().contains_key(header::RETRY_AFTER), retry, "{status}");
        }
    }
}
