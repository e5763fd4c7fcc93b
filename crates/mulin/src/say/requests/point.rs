//! A place by pointing at the ground: the drawing with every house as a link, the same links as a list, and a picture
//! on which any spot can be pressed, without a script.

use crate::layout::ground::{self, Frame, Spot};
use crate::layout::line::encoded;
use crate::layout::{View, Visit, page};
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use commons::place::{self, Place, PlaceKind, Street, TenantId};
use kit::web::App;
use kit::web::Path;
use kit::web::answer::{Answer, see_other};
use kit::{Error, Result};

/// The widths of the picture to press: the page in the smallest window, and a larger one for desks.
const WIDTHS: (i64, i64) = (280, 640);

/// `GET /say/requests/new?map={code}`.
#[derive(Template)]
#[template(path = "say/requests/templates/map.html")]
pub struct MapPage {
    pub v: View,
    pub code: String,
    pub place: String,
    pub drawing: String,
    /// Links to the same places, for those who cannot use the drawing.
    pub choices: Vec<super::view::Choice>,
    pub picture: String,
    pub width: i64,
    pub height: i64,
    pub wide: bool,
    pub more: &'static str,
}

/// The ground of a compound.
pub struct Yard {
    pub compound: Place,
    pub places: Vec<Place>,
    pub streets: Vec<Street>,
}

impl Yard {
    /// What can be drawn of a compound.
    pub async fn read(app: &App, code: &str) -> Result<Yard> {
        let (tenant, id): (TenantId, _) = place::store::by_code(&app.db, code).await?.ok_or(Error::NotFound)?;
        let compound = place::store::find(&app.db, tenant, id).await?.ok_or(Error::NotFound)?;
        let mut places = place::store::in_compound(&app.db, tenant, id, PlaceKind::Building).await?;
        // What is inside a house, such as its lift, is chosen on the form of the house.
        let facilities = place::store::in_compound(&app.db, tenant, id, PlaceKind::Facility).await?;
        places.extend(facilities.into_iter().filter(|place| place.building.is_none()));
        let streets = place::store::streets(&app.db, tenant).await?;
        Ok(Yard { compound, places, streets })
    }

    /// Houses and facilities with links made by `href`.
    pub fn spots(&self, lang: kit::i18n::Lang, href: &dyn Fn(&Place) -> Option<String>) -> Vec<Spot> {
        let spot = |place: &Place| Spot::of(place, lang.pick(&place.name, &place.name_en), href(place));
        self.places.iter().filter_map(spot).collect()
    }

    pub fn frame(&self) -> Option<Frame> {
        Frame::around(&self.spots(kit::i18n::Lang::Zh, &|_| None))
    }

    fn nearest(&self, at: (i64, i64)) -> Option<&Place> {
        let spot = |place: &'_ Place| Spot::of(place, "", None).map(|spot| spot.distance(at));
        self.places.iter().filter_map(|place| Some((spot(place)?, place))).min_by_key(|(far, _)| *far).map(|(_, p)| p)
    }
}

/// The page, or, when a spot of the picture was pressed, the form at the nearest place.
pub async fn choose(visit: &Visit, code: &str, pressed: Option<(i64, i64)>, wide: bool, for_caller: bool) -> Answer {
    let yard = Yard::read(&visit.app, code).await?;
    let more = if for_caller { "&for=caller" } else { "" };
    let Some(frame) = yard.frame() else {
        return Ok(see_other(&format!("/say/requests/new?at={}{more}", encoded(code))));
    };
    let width = if wide { WIDTHS.1 } else { WIDTHS.0 };
    if let Some(pressed) = pressed {
        let at = frame.under(pressed, width);
        let place = yard.nearest(at).ok_or(Error::NotFound)?;
        let (path, (x, y)) = (encoded(&place.path), at);
        return Ok(see_other(&format!("/say/requests/new?at={path}&x={x}&y={y}{more}")));
    }
    let v = visit.view("intake-map-title");
    let href = |place: &Place| Some(format!("/say/requests/new?at={}{more}", encoded(&place.path)));
    let spots = yard.spots(visit.call.lang, &href);
    let label = v.pick(&yard.compound.name, &yard.compound.name_en).to_owned();
    let choices = spots
        .iter()
        .map(|spot| super::view::Choice { href: spot.href.clone().unwrap_or_default(), label: spot.label.clone() });
    let outline = ground::ring_of(&yard.compound);
    page(&MapPage {
        code: code.to_owned(),
        drawing: ground::draw(frame, &label, &outline, &yard.streets, &spots),
        choices: choices.collect(),
        picture: format!("/say/requests/ground/{}", encoded(code)),
        width,
        height: frame.height_of(width),
        wide,
        place: label,
        more: if for_caller { "caller" } else { "" },
        v,
    })
}

/// `GET /say/requests/ground/{code}`: the ground as a picture of its own.
pub async fn picture(State(app): State<App>, Path(code): Path<String>) -> Answer {
    let yard = Yard::read(&app, &code).await?;
    let frame = yard.frame().ok_or(Error::NotFound)?;
    let spots = yard.spots(kit::i18n::Lang::Zh, &|_| None);
    let svg = ground::draw(frame, &yard.compound.name, &ground::ring_of(&yard.compound), &yard.streets, &spots);
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, svg).into_response())
}
