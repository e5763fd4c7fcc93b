//! Charts drawn by the server: lines over months, and bars that are stacked. Text stays text; what they show is also said in
//! a sentence and stands in a table beside them. Series differ by shape and dash, not by colour alone.

use std::fmt::Write;

const WIDTH: i64 = 340;
const HEIGHT: i64 = 208;
const LEFT: i64 = 48;
const RIGHT: i64 = 330;
const TOP: i64 = 36;
const BOTTOM: i64 = 178;

/// A value between nothing and everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// In tenths of a percent.
    pub tenths: i64,
    /// It stands for little: drawn hollow.
    pub few: bool,
}

/// What both charts have.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Unique on the page.
    pub id: &'static str,
    pub title: String,
    /// The same in a sentence.
    pub desc: String,
    /// One for each step along the bottom.
    pub labels: Vec<String>,
}

/// Lines of rates; a step without a value leaves a gap.
#[derive(Clone, Debug)]
pub struct Lines {
    pub frame: Frame,
    pub series: Vec<(String, Vec<Option<Point>>)>,
}

/// Bars of counts, the first part at the bottom.
#[derive(Clone, Debug)]
pub struct Stack {
    pub frame: Frame,
    /// Name and class of each part.
    pub parts: Vec<(String, &'static str)>,
    /// For each step the count of each part.
    pub steps: Vec<Vec<i64>>,
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Frame {
    /// Title, sentence, and what lies under the drawing: three lines with what they mean, and the names of the steps.
    fn open(&self, marks: [&str; 3]) -> String {
        let Frame { id, title, desc, .. } = self;
        let mut out = format!(
            "<svg class=\"chart\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">\
             <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
            escaped(title),
            escaped(desc)
        );
        for (mark, y) in marks.iter().zip([BOTTOM, (TOP + BOTTOM) / 2, TOP]) {
            let _ = write!(out, "<path class=\"grid\" d=\"M{LEFT} {y}H{RIGHT}\"/>");
            let _ = write!(out, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{mark}</text>", LEFT - 6, y + 4);
        }
        let last = self.labels.len().saturating_sub(1);
        for (at, label) in self.labels.iter().enumerate().filter(|(at, _)| (last - at).is_multiple_of(3)) {
            let y = BOTTOM + 20;
            let _ =
                write!(out, "<text x=\"{}\" y=\"{y}\" text-anchor=\"middle\">{}</text>", self.x(at), escaped(label));
        }
        out
    }

    /// The middle of a step.
    fn x(&self, at: usize) -> i64 {
        let (at, steps) = (i64::try_from(at).unwrap_or(0), i64::try_from(self.labels.len().max(1)).unwrap_or(1));
        LEFT + (RIGHT - LEFT) * (2 * at + 1) / (2 * steps)
    }
}

/// Dot, square, triangle: told apart without colour.
fn mark(series: usize, (x, y): (i64, i64), few: bool) -> String {
    let few = if few { " few" } else { "" };
    match series {
        0 => format!("<circle class=\"mark s0{few}\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>"),
        1 => format!("<path class=\"mark s1{few}\" d=\"M{} {}h8v8h-8z\"/>", x - 4, y - 4),
        _ => format!("<path class=\"mark s2{few}\" d=\"M{x} {}l5 9h-10z\"/>", y - 5),
    }
}

/// The names over the drawing; `sign` draws what stands before the n-th.
fn legend<'t>(names: impl Iterator<Item = &'t str>, sign: impl Fn(usize, i64) -> String) -> String {
    let (mut out, mut x) = (String::new(), 12);
    for (at, name) in names.enumerate() {
        let _ = write!(out, "{}<text x=\"{}\" y=\"19\">{}</text>", sign(at, x), x + 10, escaped(name));
        // A Chinese character is about as wide as the type is high, a Latin one half of that.
        let wide: i64 = name.chars().map(|c| if c.is_ascii() { 7 } else { 13 }).sum();
        x += wide + 30;
    }
    out
}

impl Lines {
    pub fn svg(&self) -> String {
        let mut out = self.frame.open(["0 %", "50 %", "100 %"]);
        let names = self.series.iter().map(|(name, _)| name.as_str());
        out += &legend(names, |at, x| mark(at, (x, 15), false));
        for (series, (_, points)) in self.series.iter().enumerate() {
            let place = |at: usize, point: &Point| {
                let tenths = point.tenths.clamp(0, 1000);
                (self.frame.x(at), BOTTOM - ((BOTTOM - TOP) * tenths + 500) / 1000)
            };
            let (mut way, mut pen) = (String::new(), 'M');
            for (at, point) in points.iter().enumerate() {
                match point {
                    None => pen = 'M',
                    Some(point) => {
                        let (x, y) = place(at, point);
                        let _ = write!(way, "{pen}{x} {y}");
                        pen = 'L';
                    }
                }
            }
            let _ = write!(out, "<path class=\"line s{series}\" d=\"{way}\"/>");
            for (at, point) in points.iter().enumerate() {
                if let Some(point) = point {
                    out += &mark(series, place(at, point), point.few);
                }
            }
        }
        out + "</svg>"
    }
}

impl Stack {
    pub fn svg(&self) -> String {
        let most = self.steps.iter().map(|step| step.iter().sum::<i64>()).max().unwrap_or(0).max(2);
        // An even number, so that the line in the middle stands for a whole one.
        let most = most + most % 2;
        let mut out = self.frame.open(["0", &(most / 2).to_string(), &most.to_string()]);
        let names = self.parts.iter().map(|(name, _)| name.as_str());
        out += &legend(names, |at, x| {
            format!("<rect class=\"part {}\" x=\"{}\" y=\"10\" width=\"10\" height=\"10\"/>", self.parts[at].1, x - 5)
        });
        for (at, step) in self.steps.iter().enumerate() {
            let (mut below, x) = (0, self.frame.x(at) - 8);
            for (count, (_, class)) in step.iter().zip(&self.parts) {
                let y = |n: i64| BOTTOM - (BOTTOM - TOP) * n / most;
                let (top, bottom) = (y(below + count), y(below));
                below += count;
                if *count > 0 {
                    let high = bottom - top;
                    let _ = write!(
                        out,
                        "<rect class=\"part {class}\" x=\"{x}\" y=\"{top}\" width=\"16\" height=\"{high}\"/>"
                    );
                }
            }
        }
        out + "</svg>"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        let labels = (1..=12).map(|month| format!("{month}月")).collect();
        Frame { id: "c", title: "<三个率>".into(), desc: "a & b".into(), labels }
    }

    #[test]
    fn a_chart_says_what_it_shows_and_leaves_gaps_where_nothing_is() {
        let point = |tenths| Some(Point { tenths, few: tenths == 0 });
        let svg =
            Lines { frame: frame(), series: vec![("响应率".into(), vec![point(1000), None, point(0), point(500)])] }
                .svg();
        assert!(svg.contains("role=\"img\"") && svg.contains("&lt;三个率&gt;") && svg.contains("a &amp; b"));
        assert!(svg.contains(&format!("M59 {TOP}M106 {BOTTOM}L130 107")), "{svg}");
        assert_eq!(svg.matches(" few\"").count(), 1);
        assert!(svg.contains(">12月<") && !svg.contains(">11月<") && !svg.contains("style="));
    }

    #[test]
    fn stacked_parts_fill_the_bar_and_none_is_drawn_for_nothing() {
        let parts = vec![("不满意".to_owned(), "bad"), ("满意".to_owned(), "good")];
        let svg = Stack { frame: frame(), parts, steps: vec![vec![1, 3], vec![0, 2], vec![]] }.svg();
        // Two in the legend, three in the bars.
        assert_eq!(svg.matches("<rect").count(), 5);
        assert!(svg.contains(">4<") && svg.contains(">2<"));
    }
}
