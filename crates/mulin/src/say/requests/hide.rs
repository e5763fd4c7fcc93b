//! Covering what tells too much: found pieces as ticks, any piece typed in, photos one by one or parts of one.

use super::model::{Hand, HideWhy, Kept};
use super::pages::case_of;
use super::slip::opened;
use super::{policy, second};
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use commons::case::store::{self, CaseFound};
use commons::case::{Case, CaseId, Entry, Photo, PhotoId};
use commons::private;
use kit::media::{MediaKey, cover};
use kit::web::Path;
use kit::web::answer::{Answer, see_other};
use kit::web::keys::RequestKey;
use kit::web::{Form, keys};
use kit::{Error, Result};

/// 遮住: what of this case may go.
#[derive(Template)]
#[template(path = "say/requests/templates/hide.html")]
pub struct HidePage {
    pub v: View,
    pub wrong: Wrong,
    pub code: String,
    /// Where the case is shown; forms go below it.
    pub base: String,
    pub pictures: String,
    pub texts: Vec<Text>,
    pub photos: Vec<Photo>,
    pub contact: bool,
    pub voice: bool,
    /// The reasons of which staff name one; none for the one who said it.
    pub whys: Vec<Why>,
    pub kept: String,
}

/// A text with what was found in it.
pub struct Text {
    pub text: String,
    pub found: Vec<String>,
}

impl Text {
    pub fn of(text: &str) -> Text {
        let mut found: Vec<String> = private::find(text).iter().map(|found| found.piece(text)).collect();
        found.dedup();
        Text { text: text.to_owned(), found }
    }
}

/// 涂黑: a grid over a photo.
#[derive(Template)]
#[template(path = "say/requests/templates/cover.html")]
pub struct CoverPage {
    pub v: View,
    pub wrong: Wrong,
    pub base: String,
    pub picture: String,
    pub action: String,
    /// Row and column of each cell, counted from 1.
    pub cells: Vec<(u32, u32, u32)>,
    pub whys: Vec<Why>,
}

/// A reason as its form names it, and the key of its words.
pub type Why = (&'static str, &'static str);

/// The reasons that staff may name.
pub fn whys() -> Vec<Why> {
    HideWhy::ALL.iter().map(|why| (why.name(), why_key(*why))).collect()
}

/// Where a case is in hand: by its address, or by a slip.
struct Place {
    found: CaseFound,
    slip: Option<CaseId>,
    base: String,
    pictures: String,
}

async fn by_code(visit: &Visit, code: &str) -> Result<Place> {
    let found = case_of(visit, code).await?;
    let pictures = format!("/say/requests/photos/{}", found.row.case.tenant);
    Ok(Place { found, slip: None, base: format!("/say/requests/{code}"), pictures })
}

async fn by_slip(visit: &Visit, pickup: &str) -> Result<Place> {
    let found = opened(visit, pickup).await?;
    let base = format!("/say/requests/slip/{pickup}");
    Ok(Place { slip: Some(found.row.case.id), found, pictures: format!("{base}/photos"), base })
}

/// `GET /say/requests/{code}/hide`.
pub async fn show(visit: Visit, Path(code): Path<String>) -> Answer {
    let place = by_code(&visit, &code).await?;
    page(&hide_page(&visit, &place, Wrong::default(), "").await?)
}

/// `GET /say/requests/slip/{pickup}/hide`.
pub async fn show_slip(visit: Visit, Path(pickup): Path<String>) -> Answer {
    let place = by_slip(&visit, &pickup).await?;
    page(&hide_page(&visit, &place, Wrong::default(), "").await?)
}

/// `POST /say/requests/{code}/hide`.
pub async fn act(visit: Visit, Path(code): Path<String>, form: Form) -> Answer {
    do_hide(&visit, by_code(&visit, &code).await?, &form).await
}

/// `POST /say/requests/slip/{pickup}/hide`.
pub async fn act_slip(visit: Visit, Path(pickup): Path<String>, form: Form) -> Answer {
    do_hide(&visit, by_slip(&visit, &pickup).await?, &form).await
}

async fn do_hide(visit: &Visit, place: Place, form: &Form) -> Answer {
    match super::pages::done(visit, &place.found, place.slip, ("hide", form), &place.base).await {
        Ok(to) => Ok(see_other(&to)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            let typed = form.all("pieces").last().unwrap_or_default().to_owned();
            page_again(&hide_page(visit, &place, wrong, &typed).await?)
        }
    }
}

async fn hide_page(visit: &Visit, place: &Place, wrong: Wrong, kept: &str) -> Result<HidePage> {
    let case = &place.found.row.case;
    let hand = Hand { actor: &visit.actor, slip: place.slip };
    let parts = store::page::parts(&visit.app.db, case, None, false).await?;
    policy::read(hand, case, &parts.handovers)?;
    let office = policy::hide(hand, case)?;
    let party = policy::is_party(hand, case, &parts.handovers);
    let shown = |entry: &&Entry| !entry.text.is_empty() && (entry.public || party);
    Ok(HidePage {
        v: visit.view("hide-title"),
        wrong,
        code: case.code.clone(),
        base: place.base.clone(),
        pictures: place.pictures.clone(),
        texts: parts.entries.iter().filter(shown).map(|entry| Text::of(&entry.text)).collect(),
        photos: parts.photos,
        contact: office.is_none() && parts.has_contact,
        voice: office.is_none() && !parts.voices.is_empty(),
        whys: if office.is_some() { whys() } else { Vec::new() },
        kept: kept.to_owned(),
    })
}

/// `GET /say/requests/{code}/cover/{photo}`.
pub async fn cover(visit: Visit, Path((code, photo)): Path<(String, PhotoId)>) -> Answer {
    let place = by_code(&visit, &code).await?;
    page(&cover_page(&visit, &place, photo, Wrong::default()).await?)
}

/// `GET /say/requests/slip/{pickup}/cover/{photo}`.
pub async fn cover_slip(visit: Visit, Path((pickup, photo)): Path<(String, PhotoId)>) -> Answer {
    let place = by_slip(&visit, &pickup).await?;
    page(&cover_page(&visit, &place, photo, Wrong::default()).await?)
}

/// `POST /say/requests/{code}/cover/{photo}`.
pub async fn paint(visit: Visit, Path((code, photo)): Path<(String, PhotoId)>, form: Form) -> Answer {
    do_paint(&visit, by_code(&visit, &code).await?, photo, &form).await
}

/// `POST /say/requests/slip/{pickup}/cover/{photo}`.
pub async fn paint_slip(visit: Visit, Path((pickup, photo)): Path<(String, PhotoId)>, form: Form) -> Answer {
    do_paint(&visit, by_slip(&visit, &pickup).await?, photo, &form).await
}

async fn do_paint(visit: &Visit, place: Place, photo: PhotoId, form: &Form) -> Answer {
    match painted(visit, &place, photo, form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&cover_page(visit, &place, photo, wrong).await?)
        }
    }
}

async fn painted(visit: &Visit, place: &Place, photo: PhotoId, form: &Form) -> Result<String> {
    let cells: Vec<u32> = form.all("cell").filter_map(|cell| cell.parse().ok()).collect();
    let why = HideWhy::parse(form.text("why"));
    paint_once(visit, (&place.found, place.slip), photo, (cells, why), &form.key).await?;
    Ok(format!("{}/hide", place.base))
}

/// Blackens cells of a photo, once; gives the id of the photo that takes its place.
pub async fn paint_once(
    visit: &Visit,
    (found, slip): (&CaseFound, Option<CaseId>),
    photo: PhotoId,
    how: (Vec<u32>, Option<HideWhy>),
    request_key: &RequestKey,
) -> Result<String> {
    let painted = paint_anew(visit, (found, slip), photo, how, request_key).await;
    if matches!(painted, Err(Error::NotFound)) {
        // The photo may be gone because the same call, sent twice, has just put another in its place.
        let known = keys::answered(&visit.app, found.row.case.tenant.0, request_key).await?;
        return known.ok_or(Error::NotFound);
    }
    painted
}

async fn paint_anew(
    visit: &Visit,
    (found, slip): (&CaseFound, Option<CaseId>),
    photo: PhotoId,
    (cells, why): (Vec<u32>, Option<HideWhy>),
    request_key: &RequestKey,
) -> Result<String> {
    let (app, case) = (&visit.app, &found.row.case);
    let hand = Hand { actor: &visit.actor, slip };
    if let Some(known) = keys::answered(app, case.tenant.0, request_key).await? {
        return Ok(known);
    }
    let handovers = store::handovers(&app.db, case.tenant, case.id).await?;
    policy::read(hand, case, &handovers)?;
    let office = policy::hide(hand, case)?;
    in_case(visit, case, photo).await?;
    if cells.is_empty() {
        return Err(Error::invalid("cell", "requests/cover-nothing"));
    }
    if office.is_some() && why.is_none() {
        return Err(Error::invalid("why", "requests/hide-why"));
    }
    let key = |id: PhotoId| MediaKey { tenant: case.tenant.0, id: id.0 };
    let picture = app.media.covered(key(photo), cells).await?.ok_or(Error::NotFound)?;
    let context = visit.context(case.tenant, office);
    let kept = Kept::of(PhotoId(app.ids.row(visit.call.now)), &picture);
    app.media.put(key(kept.id), &picture).await?;
    let kept = &kept;
    keys::once(app, &context, case.tenant.0, request_key, &|tx| {
        Box::pin(async move {
            let case = store::find(tx, case.tenant, case.id).await?;
            let office = policy::hide(hand, &case)?;
            second::cover_photo(tx, case, photo, kept, (office, why.map(HideWhy::name))).await?;
            Ok(kept.id.to_string())
        })
    })
    .await
}

async fn in_case(visit: &Visit, case: &Case, photo: PhotoId) -> Result<()> {
    let known = store::photos(&visit.app.db, case.tenant, case.id).await?.iter().any(|one| one.id == photo);
    if known { Ok(()) } else { Err(Error::NotFound) }
}

async fn cover_page(visit: &Visit, place: &Place, photo: PhotoId, wrong: Wrong) -> Result<CoverPage> {
    let case = &place.found.row.case;
    let hand = Hand { actor: &visit.actor, slip: place.slip };
    let handovers = store::handovers(&visit.app.db, case.tenant, case.id).await?;
    policy::read(hand, case, &handovers)?;
    let office = policy::hide(hand, case)?;
    in_case(visit, case, photo).await?;
    Ok(CoverPage {
        v: visit.view("cover-title"),
        wrong,
        base: place.base.clone(),
        picture: format!("{}/{photo}/full", place.pictures),
        action: format!("{}/cover/{photo}", place.base),
        cells: cells(),
        whys: if office.is_some() { whys() } else { Vec::new() },
    })
}

/// Every cell with its row and column, counted from 1.
pub fn cells() -> Vec<(u32, u32, u32)> {
    (0..cover::COLUMNS * cover::ROWS).map(|n| (n, n / cover::COLUMNS + 1, n % cover::COLUMNS + 1)).collect()
}

fn why_key(why: HideWhy) -> &'static str {
    match why {
        HideWhy::Contact => "hide-why-contact",
        HideWhy::Identity => "hide-why-identity",
        HideWhy::Home => "hide-why-home",
        HideWhy::Face => "hide-why-face",
        HideWhy::Name => "hide-why-name",
    }
}
