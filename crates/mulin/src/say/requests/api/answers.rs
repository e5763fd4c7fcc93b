//! Answering by the end of the link in a letter: whoever holds it says whether it was solved, once for each report.

use crate::layout::Visit;
use crate::layout::show::rfc3339;
use crate::layout::typed::Body;
use crate::say::requests::answer::{Opened, answer_once, asks, opened};
use crate::say::requests::personal::Wish;
use axum::Json;
use axum::response::IntoResponse;
use commons::case::{EntryKind, State, store};
use kit::Result;
use kit::web::Path;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// `GET /api/v1/answers/{token}`.
pub async fn show(visit: Visit, Path(token): Path<String>) -> Answer {
    let opened = opened(&visit, &token).await?;
    Ok(Json(shown(&visit, &opened).await?).into_response())
}

async fn shown(visit: &Visit, opened: &Opened) -> Result<Value> {
    let case = opened.case();
    let asks = asks(case, opened.round);
    let entries = store::entries(&visit.app.db, case.tenant, case.id).await?;
    let report = entries.iter().rev().find(|entry| entry.kind == EntryKind::Report);
    let until = (asks && case.state_at(visit.call.now) == State::Reported).then(|| rfc3339(case.unrated_from()));
    Ok(json!({
        "code": case.code,
        "words": case.words,
        "asks": asks,
        "report": report.filter(|entry| asks && !entry.text.is_empty()).map(|entry| &entry.text),
        "until": until,
        "answered": if case.round > opened.round { Some(false) } else { case.solved },
    }))
}

/// Whether it was solved.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    solved: bool,
    satisfaction: Option<String>,
    words: Option<String>,
    #[serde(default, skip_serializing)]
    personal: String,
    #[serde(default, skip_serializing)]
    confirm_private: bool,
}

/// `POST /api/v1/answers/{token}`.
pub async fn act(visit: Visit, Path(token): Path<String>, call: JsonCall<Judgement>) -> Answer {
    let found = opened(&visit, &token).await?;
    let body = Body::of(&call.body);
    let choice = Wish::of_call(&call.body.personal, call.body.confirm_private);
    answer_once(&visit, &found, &|field| body.text(field), choice, &call.key).await?;
    let after = opened(&visit, &token).await?;
    Ok(Json(shown(&visit, &after).await?).into_response())
}
