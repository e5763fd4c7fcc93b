//! The deeds with a request, as JSON.

use super::files;
use super::one::{in_hand, opened};
use crate::layout::Visit;
use crate::layout::json::{Nothing, case_json};
use crate::layout::typed::Body;
use crate::say::requests::hide::paint_once;
use crate::say::requests::model::{Deed, Hand, HideWhy};
use crate::say::requests::pages::contact_of;
use crate::say::requests::personal::{self, Wish};
use crate::say::requests::{actions, policy};
use axum::Json;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use commons::case::{PhotoId, store};
use kit::Error;
use kit::web::answer::Answer;
use kit::web::json::JsonCall;
use kit::web::{Path, keys};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What a deed brings; which of it is needed depends on the deed.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewDeed {
    words: Option<String>,
    #[serde(skip_serializing)]
    public: Option<bool>,
    /// `office:place`, for offer.
    to: Option<String>,
    outcome: Option<String>,
    solved: Option<bool>,
    satisfaction: Option<String>,
    /// For up: the door where it stood; for pause: why.
    door: Option<String>,
    reason: Option<String>,
    kind: Option<String>,
    /// For merge: the code of the other request.
    into: Option<String>,
    /// For edit: which addition.
    entry: Option<String>,
    pieces: Vec<String>,
    /// For hide the ids of photos; for add and report handles of new ones.
    photos: Vec<String>,
    contact: Option<bool>,
    voice: Option<bool>,
    why: Option<String>,
    #[serde(skip_serializing)]
    personal: String,
    #[serde(skip_serializing)]
    confirm_private: bool,
}

/// `POST /api/v1/requests/{code}/{deed}`.
pub async fn act(
    visit: Visit,
    Path((code, name)): Path<(String, String)>,
    headers: HeaderMap,
    call: JsonCall<NewDeed>,
) -> Answer {
    let (found, slip, handovers) = opened(&visit, &code, &headers).await?;
    let case = &found.row.case;
    let hand = Hand { actor: &visit.actor, slip };
    let (new, body) = (&call.body, Body::of(&call.body));
    let deed = Deed::build(&name, &|field| body.text(field).replace("\r\n", "\n"), new.public.unwrap_or(true))?;
    let deed = deed.ok_or(Error::NotFound)?;
    let open = handovers.iter().find(|handover| handover.decision.is_none());
    if keys::answered(&visit.app, case.tenant.0, &call.key).await?.is_none() {
        let office = policy::act(hand, case, open, &deed)?;
        let deed = personal::screen_deed(deed, case, Wish::of_call(&new.personal, new.confirm_private))?;
        let photos = match name.as_str() {
            "hide" => Vec::new(),
            _ => files::photos(&visit.app, case.tenant, &new.photos)?,
        };
        if !photos.is_empty() && !matches!(name.as_str(), "add" | "report") {
            return Err(Error::invalid("photos", "requests/photo-not-here").into());
        }
        let context = visit.context(case.tenant, office);
        let (deed, photos) = (&deed, &photos);
        keys::once(&visit.app, &context, case.tenant.0, &call.key, &|tx| {
            Box::pin(async move {
                files::unclaimed(tx, case.tenant, photos, None).await?;
                actions::act(tx, hand, (case.tenant, case.id), deed, photos).await?;
                Ok(String::new())
            })
        })
        .await?;
    }
    let after = store::by_code(&visit.app.db, &code).await?.ok_or(Error::NotFound)?;
    Ok(Json(case_json(&after.row, visit.call.now)).into_response())
}

/// `POST /api/v1/requests/{code}/contact`: how to reach the one who said it; who looked is written down.
pub async fn contact(visit: Visit, Path(code): Path<String>, call: JsonCall<Nothing>) -> Answer {
    let found = store::by_code(&visit.app.db, &code).await?.ok_or(Error::NotFound)?;
    in_hand(&visit, &found.row.case, None).await?;
    let contact = contact_of(&visit, &found.row.case, &call.key).await?;
    Ok(Json(json!({ "contact": contact })).into_response())
}

/// Which cells of the grid over a photo are blackened, counted from 0 along the rows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cells {
    cells: Vec<u32>,
    why: Option<String>,
}

/// `POST /api/v1/requests/{code}/cover/{photo}`.
pub async fn cover(
    visit: Visit,
    Path((code, photo)): Path<(String, PhotoId)>,
    headers: HeaderMap,
    call: JsonCall<Cells>,
) -> Answer {
    let (found, slip, _) = opened(&visit, &code, &headers).await?;
    let why = call.body.why.as_deref().and_then(HideWhy::parse);
    let kept = paint_once(&visit, (&found, slip), photo, (call.body.cells, why), &call.key).await?;
    Ok(Json(json!({ "photo": kept })).into_response())
}
