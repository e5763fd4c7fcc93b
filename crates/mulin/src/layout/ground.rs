//! The ground of a compound as a drawing: streets, houses, gates, each a link where a page wants one. Drawn by the server,
//! north above, so that a map needs no script, no tiles and nobody else's machine. A list of the same links always
//! stands beside it: the drawing is for those who see it and can hit it.

use commons::place::{Place, PlaceKind, Street};
use std::fmt::Write;

/// Ground around what is drawn, so that nothing touches the edge.
const MARGIN_MM: i64 = 12_000;
/// The length of a degree of latitude, in millimetres.
const DEGREE_MM: f64 = 111_320_000.0;

/// A piece of ground, in millimetres east and north of the tenant's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    pub west: i64,
    pub north: i64,
    pub width: i64,
    pub depth: i64,
}

impl Frame {
    /// The frame around some spots; `None` when nothing of them has a place on the ground.
    pub fn around<'s>(spots: impl IntoIterator<Item = &'s Spot>) -> Option<Frame> {
        let points: Vec<(i64, i64)> =
            spots.into_iter().flat_map(|spot| spot.ring.iter().copied().chain([spot.at])).collect();
        let (west, east) = (points.iter().map(|p| p.0).min()?, points.iter().map(|p| p.0).max()?);
        let (south, north) = (points.iter().map(|p| p.1).min()?, points.iter().map(|p| p.1).max()?);
        Some(Frame {
            west: west - MARGIN_MM,
            north: north + MARGIN_MM,
            width: east - west + 2 * MARGIN_MM,
            depth: north - south + 2 * MARGIN_MM,
        })
    }

    /// How high a drawing of this width is.
    pub fn height_of(&self, width_px: i64) -> i64 {
        width_px * self.depth / self.width
    }

    /// The point on the ground under a point of a drawing that is `width_px` wide.
    pub fn under(&self, (x, y): (i64, i64), width_px: i64) -> (i64, i64) {
        (self.west + x * self.width / width_px, self.north - y * self.width / width_px)
    }
}

/// Something on the ground: a house with its outline, or a point such as a gate.
#[derive(Clone, Debug)]
pub struct Spot {
    pub at: (i64, i64),
    /// Empty for a point.
    pub ring: Vec<(i64, i64)>,
    /// The full name, told to those who do not see the drawing.
    pub label: String,
    /// What is written on the drawing: a number or a short name.
    pub short: String,
    pub href: Option<String>,
    /// One word for the style: `house`, `gate`, `open`, `late` …
    pub class: String,
}

impl Spot {
    /// A building or facility that has a place on the ground. `name` is in the reader's language.
    pub fn of(place: &Place, name: &str, href: Option<String>) -> Option<Spot> {
        let ring = ring_of(place);
        let middle = middle(&ring).or(place.ground.x_mm.zip(place.ground.y_mm))?;
        let number: String = name.chars().take_while(char::is_ascii_digit).collect();
        let class = if place.kind == PlaceKind::Building { "house" } else { "spot" };
        let short = match (place.kind, number.is_empty()) {
            (PlaceKind::Building, true) => name.chars().filter(char::is_ascii_digit).collect(),
            (PlaceKind::Building, false) => number,
            _ => sign_of(name),
        };
        Some(Spot { at: middle, ring, label: name.to_owned(), short, href, class: class.into() })
    }

    /// The square of the distance in millimetres to a point; 0 inside the outline's box.
    pub fn distance(&self, (x, y): (i64, i64)) -> i64 {
        let all = || self.ring.iter().copied().chain([self.at]);
        let gap =
            |at: i64, low: Option<i64>, high: Option<i64>| (low.unwrap_or(at) - at).max(at - high.unwrap_or(at)).max(0);
        let dx = gap(x, all().map(|p| p.0).min(), all().map(|p| p.0).max());
        let dy = gap(y, all().map(|p| p.1).min(), all().map(|p| p.1).max());
        dx * dx + dy * dy
    }
}

/// One sign for a point: the last of a Chinese name tells what it is (南门 → 门), the first of an English one how it begins.
fn sign_of(name: &str) -> String {
    let last = name.chars().next_back().filter(|c| !c.is_ascii());
    last.or(name.chars().next()).map(String::from).unwrap_or_default()
}

/// The outline of a place; empty when none is known.
pub fn ring_of(place: &Place) -> Vec<(i64, i64)> {
    place.ground.footprint.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn middle(ring: &[(i64, i64)]) -> Option<(i64, i64)> {
    let (west, east) = (ring.iter().map(|p| p.0).min()?, ring.iter().map(|p| p.0).max()?);
    let (south, north) = (ring.iter().map(|p| p.1).min()?, ring.iter().map(|p| p.1).max()?);
    Some(((west + east) / 2, (south + north) / 2))
}

/// Degrees (1e-7, WGS 84) of a point, told from a place near it whose degrees are known. Good for some kilometres.
pub fn degrees_at(near: &Place, (x, y): (i64, i64)) -> Option<(i64, i64)> {
    let (lat, lon) = near.ground.lat_e7.zip(near.ground.lon_e7)?;
    let (x0, y0) = near.ground.x_mm.zip(near.ground.y_mm)?;
    let shrink = (lat as f64 / 1e7).to_radians().cos().max(0.01);
    let (north, east) = ((y - y0) as f64 / DEGREE_MM * 1e7, (x - x0) as f64 / (DEGREE_MM * shrink) * 1e7);
    Some((lat + north.round() as i64, lon + east.round() as i64))
}

/// Draws the ground. `grounds` is the outline of the compound; lengths in the drawing are decimetres.
pub fn draw(frame: Frame, label: &str, grounds: &[(i64, i64)], streets: &[Street], spots: &[Spot]) -> String {
    let to = |(x, y): (i64, i64)| ((x - frame.west) / 100, (frame.north - y) / 100);
    let path = |points: &[(i64, i64)]| {
        let mut out = String::new();
        for (at, point) in points.iter().enumerate() {
            let (x, y) = to(*point);
            let _ = write!(out, "{}{x} {y}", if at == 0 { 'M' } else { 'L' });
        }
        out
    };
    let (width, depth) = (frame.width / 100, frame.depth / 100);
    // Colours stand in the drawing as well, for where it is an image of its own and no style sheet reaches it.
    let mut svg = format!(
        "<svg class=\"ground\" xmlns=\"http://www.w3.org/2000/svg\" role=\"group\" aria-label=\"{}\" viewBox=\"0 0 {width} {depth}\" \
         font-family=\"sans-serif\"><path class=\"yard\" fill=\"#EFF3E8\" d=\"{}Z\"/>",
        escaped(label),
        if grounds.is_empty() { format!("M0 0H{width}V{depth}H0") } else { path(grounds) },
    );
    for street in streets {
        let _ = write!(
            svg,
            "<path class=\"street\" fill=\"none\" stroke=\"#DAD3C6\" stroke-width=\"{}\" d=\"{}\"/>",
            street.width_mm / 100,
            path(&street.points)
        );
    }
    for spot in spots {
        let (x, y) = to(spot.at);
        let (open, close) = match &spot.href {
            Some(href) => (format!("<a href=\"{}\" aria-label=\"{}\">", escaped(href), escaped(&spot.label)), "</a>"),
            None => (String::new(), ""),
        };
        let _ = write!(svg, "{open}<g class=\"{}\"><title>{}</title>", escaped(&spot.class), escaped(&spot.label));
        if spot.ring.is_empty() {
            let _ = write!(svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"58\" fill=\"#3E5C76\"/>");
        } else {
            let _ = write!(
                svg,
                "<path fill=\"#FFFFFF\" stroke=\"#857C6E\" stroke-width=\"6\" d=\"{}Z\"/>",
                path(&spot.ring)
            );
        }
        if !spot.short.is_empty() {
            let (size, ink) = if spot.ring.is_empty() { (76, "#FFFFFF") } else { (90, "#22201C") };
            let _ = write!(
                svg,
                "<text x=\"{x}\" y=\"{}\" font-size=\"{size}\" text-anchor=\"middle\" fill=\"{ink}\">{}</text>",
                y + size * 36 / 100,
                escaped(&spot.short)
            );
        }
        svg.push_str("</g>");
        svg.push_str(close);
    }
    svg.push_str("</svg>");
    svg
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
