//! Photos and voice notes: sent first, named by a sealed handle in the request or the deed, and given out to whoever may see
//! them on the page.

use super::one::opened;
use crate::layout::Visit;
use crate::layout::json::{Files, told};
use crate::say::requests::intake::{self, Held, KeptVoice};
use crate::say::requests::model::{Kept, PHOTOS_MAX};
use crate::say::requests::pages::picture;
use axum::http::{HeaderMap, StatusCode};
use commons::case::{PhotoId, store};
use commons::place::{self, TenantId};
use kit::db::Tx;
use kit::media::MediaKey;
use kit::web::answer::Answer;
use kit::web::{App, Path, Query, keys};
use kit::{Error, Result};
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Where {
    compound: String,
}

/// `POST /api/v1/photos?compound=…`: puts photos and a voice note on the shelf. What no request comes for within a day goes again.
pub async fn keep(visit: Visit, Query(at): Query<Where>, Files(form): Files) -> Answer {
    let (tenant, _) = place::store::by_code(&visit.app.db, &at.compound).await?.ok_or(Error::NotFound)?;
    if let Some(kept) = keys::answered(&visit.app, tenant.0, &form.key).await? {
        return told(StatusCode::CREATED, &kept);
    }
    if form.files.is_empty() {
        return Err(Error::invalid("photo", "requests/photo-missing").into());
    }
    let app = &visit.app;
    let held = intake::hold(app, tenant, &form).await?;
    intake::unclaimed(app, tenant, &held).await?;
    // Each handle holds one file with its digest.
    let seal = |photos, voice| Held { photos, voice, digests: held.digests.clone() }.sealed(app, tenant);
    let photos: Vec<String> = held.photos.iter().map(|one| seal(vec![*one], None)).collect::<Result<_>>()?;
    let voice = held.voice.clone().map(|voice| seal(Vec::new(), Some(voice))).transpose()?;
    let answer = &json!({ "photos": photos, "voice": voice }).to_string();
    let kept = keys::once(app, &visit.context(tenant, None), tenant.0, &form.key, &|_| {
        Box::pin(async move { Ok(answer.clone()) })
    })
    .await?;
    told(StatusCode::CREATED, &kept)
}

/// The photos behind handles.
pub fn photos(app: &App, tenant: TenantId, handles: &[String]) -> Result<Vec<Kept>> {
    if handles.len() > PHOTOS_MAX {
        return Err(Error::invalid("photo", "media/too-many"));
    }
    let mut kept: Vec<Kept> = Vec::new();
    for handle in handles {
        let held = Held::opened(app, tenant, handle).ok_or(Error::invalid("photos", "requests/photo-handle"))?;
        let photo = held.kept().into_iter().next().ok_or(Error::invalid("photos", "requests/photo-handle"))?;
        if kept.iter().any(|known| known.id == photo.id) {
            return Err(Error::invalid("photos", "requests/photo-handle-used"));
        }
        kept.push(photo);
    }
    Ok(kept)
}

/// The voice note behind a handle.
pub fn voice_of(app: &App, tenant: TenantId, handle: &str) -> Result<KeptVoice> {
    let held = Held::opened(app, tenant, handle);
    held.and_then(|held| held.voice).ok_or(Error::invalid("voice", "requests/photo-handle"))
}

/// Each handle is good for one request.
pub async fn unclaimed(tx: &mut Tx<'_>, tenant: TenantId, photos: &[Kept], voice: Option<&KeptVoice>) -> Result<()> {
    for file in photos.iter().map(|photo| photo.id).chain(voice.map(|voice| voice.id)) {
        if store::is_claimed_in(tx, tenant, file).await? {
            return Err(Error::conflict("requests/photo-handle-used"));
        }
    }
    Ok(())
}

/// `GET /api/v1/requests/{code}/photos/{photo}/{size}`.
pub async fn photo(
    visit: Visit,
    Path((code, photo, size)): Path<(String, PhotoId, String)>,
    headers: HeaderMap,
) -> Answer {
    let (found, ..) = opened(&visit, &code, &headers).await?;
    let (_, of) = store::photo(&visit.app.db, found.row.case.tenant, photo).await?.ok_or(Error::NotFound)?;
    if of != found.row.case.code {
        return Err(Error::NotFound.into());
    }
    picture(&visit, &headers, MediaKey { tenant: found.row.case.tenant.0, id: photo.0 }, &size).await
}

/// `GET /api/v1/requests/{code}/voices/{voice}`.
pub async fn voice(visit: Visit, Path((code, voice)): Path<(String, PhotoId)>, headers: HeaderMap) -> Answer {
    let (found, slip, _) = opened(&visit, &code, &headers).await?;
    intake::voice(&visit, &found.row.case, slip, voice, &headers).await
}
