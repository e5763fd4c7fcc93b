//! The drawn parts of pages: the three doors, the loop, a state, a pager, a QR code. Each is a small template with samples.

use super::View;
use askama::Template;
use commons::case::{Door, State};

/// How a door stands to the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It began at a later door.
    Skipped,
    Past,
    Here,
    Ahead,
}

/// One of the three doors, as drawn.
#[derive(Clone, Debug)]
pub struct DoorStep {
    pub door: Door,
    pub stand: Stand,
}

/// 家门 → 小区门 → 社区门: where it stands, who, since, until, what next.
#[derive(Template)]
#[template(path = "layout/templates/doors.html")]
pub struct Doors {
    pub v: View,
    pub steps: Vec<DoorStep>,
    /// Nothing is to be done at any door any more.
    pub over: bool,
    pub holder: String,
    pub since: String,
    pub until: Option<String>,
    pub overdue: bool,
    pub provisional: bool,
    pub next: String,
}

impl Doors {
    /// The doors of a case that was said at `first` and stands at `at`.
    pub fn steps(first: Door, at: Door) -> Vec<DoorStep> {
        let stand = |door: Door| match door.cmp(&at) {
            std::cmp::Ordering::Less if door < first => Stand::Skipped,
            std::cmp::Ordering::Less => Stand::Past,
            std::cmp::Ordering::Equal => Stand::Here,
            std::cmp::Ordering::Greater => Stand::Ahead,
        };
        Door::ALL.iter().map(|door| DoorStep { door: *door, stand: stand(*door) }).collect()
    }
}

/// 说了 → 有人接了 → 办了 → 回你了 → 你说好不好.
#[derive(Template)]
#[template(path = "layout/templates/loop.html")]
pub struct Loop {
    pub v: View,
    /// How many of the five steps are done.
    pub done: usize,
    /// No further step is waited for.
    pub over: bool,
}

impl Loop {
    /// The steps behind a state; `judged` when the one who said it has answered.
    pub fn of(v: View, state: State, judged: bool) -> Loop {
        let done = match state {
            State::Said => 1,
            State::Accepted => 2,
            State::Reported => 4,
            State::Closed if judged => 5,
            State::Closed => 4,
            State::Withdrawn | State::Merged => 1,
        };
        Loop { v, done, over: matches!(state, State::Withdrawn | State::Merged) }
    }

    pub fn steps(&self) -> Vec<(&'static str, &'static str)> {
        let keys = ["loop-said", "loop-taken", "loop-done", "loop-told", "loop-judged"];
        // What is waited for is named as such.
        let now = ["loop-said", "loop-now-taken", "loop-now-done", "loop-now-told", "loop-now-judged"];
        let mark = |at: usize| match at {
            at if at < self.done => (keys[at], "done"),
            at if at == self.done && !self.over => (now[at], "now"),
            at => (keys[at], "ahead"),
        };
        (0..keys.len()).map(mark).collect()
    }
}

/// A QR code as an SVG drawing, dark on white whatever the scheme.
pub fn qr(text: &str, label: &str) -> String {
    use qrcode::{EcLevel, QrCode};
    let Ok(code) = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::Q) else { return String::new() };
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (at, color) in colors.iter().enumerate() {
        if *color == qrcode::Color::Dark {
            path.push_str(&format!("M{} {}h1v1h-1z", at % width + 4, at / width + 4));
        }
    }
    let side = width + 8;
    let label = label.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    format!(
        "<svg class=\"qr\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    )
}
