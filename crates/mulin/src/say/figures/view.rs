//! The pages, ready to be shown: every rate with its parts, every chart with its sentence and its table.

use super::count::{Around, Figures, Named};
use super::model::Asked;
use crate::layout::View;
use crate::layout::chart::{Frame, Lines, Point, Stack};
use crate::words;
use askama::Template;
use commons::figures::{Counts, Rate, Settings, Span, Took, Unit, decimal};
use commons::people::Office;
use commons::rulebook;
use jiff::civil::Date;
use kit::i18n::Lang;
use kit::time::Moment;

/// A rate with what it is made of.
pub struct RateShown {
    pub key: &'static str,
    /// `95.0 %`, or nothing when nobody was asked.
    pub percent: Option<String>,
    /// `76 / 80`.
    pub parts: String,
    pub how: String,
}

/// A line of a table: a month, a category, a unit or a place.
pub struct LineShown {
    pub name: String,
    pub href: Option<String>,
    /// Nothing for a unit: things are said in places.
    pub said: String,
    pub counts: Counts,
    /// Response, solving, satisfaction: `95.0 %（76 / 80）`.
    pub rates: [String; 3],
    /// The share that was solved, in tenths of a percent, when there are enough call-backs to compare.
    pub bar: Option<i64>,
}

/// A setting as it is printed.
pub struct SettingShown {
    pub name: String,
    pub value: String,
    pub source: String,
}

/// What every page of figures shows.
pub struct Shown {
    pub span: String,
    pub counts: Counts,
    pub rates: Vec<RateShown>,
    pub coverage: String,
    pub composite: Option<String>,
    pub took: Option<String>,
    /// Somebody has judged in these twelve months.
    pub drawn: bool,
    pub curve: String,
    pub curve_says: String,
    pub lines: String,
    pub lines_say: String,
    pub months: Vec<LineShown>,
    pub settings: Vec<SettingShown>,
    pub few: i64,
}

/// Everything that was counted, whatever for.
pub struct Counted<'c> {
    pub settings: &'c Settings,
    pub span: &'c Span,
    pub total: &'c Counts,
    pub took: Option<Took>,
    pub months: &'c [(Span, Counts)],
}

/// `95.0 %`, or that there is nothing to tell.
pub fn percent(v: &View, rate: Rate) -> String {
    rate.percent().map_or_else(|| v.t("figures-none").to_string(), |percent| format!("{percent} %"))
}

/// A satisfaction's numerator, in hundredths: `68`, or `67.9`.
fn hundredths(n: i64) -> String {
    decimal(n, 2).trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `95.0 %（76 / 80）`.
fn with_parts(v: &View, rate: Rate, parts: &str) -> String {
    match rate.percent() {
        None => v.t("figures-none").to_string(),
        Some(percent) if v.lang == Lang::Zh => format!("{percent} %（{parts}）"),
        Some(percent) => format!("{percent} % ({parts})"),
    }
}

fn parts(counts: &Counts, settings: &Settings) -> [(Rate, String); 3] {
    let of = |part: String| format!("{part} / {}", counts.valid);
    let satisfaction = counts.satisfaction(settings);
    [
        (counts.response(), of(counts.contacted.to_string())),
        (counts.solving(), of(counts.solved.to_string())),
        (satisfaction, of(hundredths(satisfaction.part))),
    ]
}

const RATES: [&str; 3] = ["figures-response", "figures-solving", "figures-satisfaction"];

fn rates(v: &View, counts: &Counts, settings: &Settings) -> Vec<RateShown> {
    let blanks = |key: &str, blanks: &[(&str, String)]| {
        let blanks: Vec<_> = blanks.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
        words::t_with(v.lang, key, &blanks)
    };
    let whole = ("whole", counts.valid.to_string());
    let hows = [
        blanks("figures-response-how", &[whole.clone(), ("part", counts.contacted.to_string())]),
        blanks("figures-solving-how", &[whole.clone(), ("part", counts.solved.to_string())]),
        blanks(
            "figures-satisfaction-how",
            &[
                whole,
                ("good", counts.good.to_string()),
                ("fair", counts.fair.to_string()),
                ("weight", hundredths(settings.fair)),
                ("plain", percent(v, counts.plainly_good())),
            ],
        ),
    ];
    let shown = |((key, (rate, parts)), how)| RateShown { key, percent: percent_of(rate), parts, how };
    RATES.into_iter().zip(parts(counts, settings)).zip(hows).map(shown).collect()
}

fn percent_of(rate: Rate) -> Option<String> {
    rate.percent().map(|percent| format!("{percent} %"))
}

/// `2026年11月` or `Nov 2026`.
pub fn month(lang: Lang, span: &Span) -> String {
    let (called, short) = (span.called(), month_short(lang, span));
    match lang {
        Lang::Zh => format!("{}年{short}", called.year()),
        Lang::En => format!("{short} {}", called.year()),
    }
}

fn month_short(lang: Lang, span: &Span) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = usize::try_from(span.called().month()).unwrap_or(1);
    match lang {
        Lang::Zh => format!("{month}月"),
        Lang::En => MONTHS[month - 1].to_owned(),
    }
}

fn date(lang: Lang, date: Date) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Lang::En => date.to_string(),
    }
}

/// Days with one decimal, half of one rounded up.
fn days(ms: i64) -> String {
    decimal((2 * 10 * ms + Moment::days(1)) / (2 * Moment::days(1)), 1)
}

impl Shown {
    pub fn of(v: &View, counted: &Counted<'_>) -> Shown {
        let Counted { settings, span, total, .. } = *counted;
        let say = |key: &str, blanks: &[(&str, String)]| {
            let blanks: Vec<_> = blanks.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
            words::t_with(v.lang, key, &blanks)
        };
        let n = |n: i64| n.to_string();
        let [response, solving, satisfaction] = settings.weights;
        let composite = total.composite(settings).percent().map(|points| {
            let weights = [("response", response), ("solving", solving), ("satisfaction", satisfaction)];
            let weights = weights.map(|(name, weight)| (name, n(weight)));
            say("figures-composite", &[("points", points)].into_iter().chain(weights).collect::<Vec<_>>())
        });
        let took = counted.took.map(|took| {
            say("figures-took", &[("median", days(took.median)), ("p90", days(took.p90)), ("count", n(took.count))])
        });
        let (curve, curve_says) = curve(v, counted.months);
        let (lines, lines_say) = lines(v, counted.months, settings);
        Shown {
            span: say("figures-span", &[("first", date(v.lang, span.first)), ("last", date(v.lang, span.last()))]),
            counts: *total,
            rates: rates(v, total, settings),
            coverage: say(
                "figures-coverage",
                &[
                    ("closed", n(total.closed)),
                    ("valid", n(total.valid)),
                    ("silent", n(total.closed - total.valid)),
                    ("rate", percent(v, total.coverage())),
                ],
            ),
            composite,
            took,
            drawn: counted.months.iter().any(|(_, counts)| counts.valid > 0),
            curve,
            curve_says,
            lines,
            lines_say,
            months: counted.months.iter().rev().map(|(span, c)| line(v, month(v.lang, span), c, settings)).collect(),
            settings: printed(v, settings),
            few: settings.few,
        }
    }
}

fn line(v: &View, name: String, counts: &Counts, settings: &Settings) -> LineShown {
    let rates = parts(counts, settings).map(|(rate, parts)| with_parts(v, rate, &parts));
    let bar = counts.solving().tenths().filter(|_| counts.valid >= settings.few);
    LineShown { name, href: None, said: counts.said.to_string(), counts: *counts, rates, bar }
}

/// From 不满意 to 满意, month by month, as counts.
fn curve(v: &View, months: &[(Span, Counts)]) -> (String, String) {
    let sum = |of: fn(&Counts) -> i64| months.iter().map(|(_, counts)| of(counts)).sum::<i64>().to_string();
    let blanks = [("good", sum(|c| c.good)), ("fair", sum(|c| c.fair)), ("bad", sum(|c| c.bad))];
    let blanks: Vec<_> = blanks.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
    let says = words::t_with(v.lang, "figures-curve-says", &blanks);
    let frame = frame(v, "curve", v.t("figures-curve").to_string(), &says, months);
    let parts = [("satisfaction-bad", "bad"), ("satisfaction-fair", "fair"), ("satisfaction-good", "good")];
    let parts = parts.map(|(key, class)| (v.t(key).to_string(), class)).to_vec();
    let steps = months.iter().map(|(_, counts)| vec![counts.bad, counts.fair, counts.good]).collect();
    (Stack { frame, parts, steps }.svg(), says)
}

fn lines(v: &View, months: &[(Span, Counts)], settings: &Settings) -> (String, String) {
    let mut series: Vec<(String, Vec<Option<Point>>)> = Vec::new();
    let mut says: Vec<String> = Vec::new();
    for (at, key) in RATES.into_iter().enumerate() {
        let name = v.t(key).to_string();
        let told: Vec<(&Span, Rate, Option<Point>)> = months
            .iter()
            .map(|(span, counts)| {
                let (rate, _) = parts(counts, settings)[at];
                (span, rate, rate.tenths().map(|tenths| Point { tenths, few: counts.valid < settings.few }))
            })
            .collect();
        let known = || told.iter().filter_map(|(span, rate, point)| point.map(|point| (*span, *rate, point.tenths)));
        let at = |one: Option<(&Span, Rate, i64)>| {
            one.map(|(span, rate, _)| (month(v.lang, span), percent(v, rate))).unwrap_or_default()
        };
        let (low, high, last) =
            (at(known().min_by_key(|one| one.2)), at(known().max_by_key(|one| one.2)), at(known().next_back()));
        if !last.0.is_empty() {
            let blanks = [
                ("name", &name),
                ("last", &last.1),
                ("month", &last.0),
                ("low", &low.1),
                ("low_month", &low.0),
                ("high", &high.1),
                ("high_month", &high.0),
            ];
            let blanks: Vec<_> = blanks.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
            says.push(words::t_with(v.lang, "figures-lines-says", &blanks));
        }
        series.push((name, told.iter().map(|(_, _, point)| *point).collect()));
    }
    let says = if says.is_empty() {
        v.t("figures-none").to_string()
    } else {
        says.join(if v.lang == Lang::Zh { "" } else { " " })
    };
    let frame = frame(v, "lines", v.t("figures-lines").to_string(), &says, months);
    (Lines { frame, series }.svg(), says)
}

fn frame(v: &View, id: &'static str, title: String, says: &str, months: &[(Span, Counts)]) -> Frame {
    let labels = months.iter().map(|(span, _)| month_short(v.lang, span)).collect();
    Frame { id, title, desc: says.to_owned(), labels }
}

/// The settings with where they come from: the rulebook, or the community itself.
fn printed(v: &View, settings: &Settings) -> Vec<SettingShown> {
    commons::figures::settings::NAMES
        .iter()
        .zip(settings.numbers())
        .map(|(name, number)| {
            let rule = rulebook::rule(name).ok();
            let unit = rule.map_or("", |rule| rule.unit.as_str()).replace('_', "-");
            let shipped = rule.is_some_and(|rule| rule.amount == number);
            let source = rule.filter(|_| shipped).map_or_else(
                || v.t("figures-own").to_string(),
                |rule| v.pick(&rule.source, &rule.source_en).to_owned(),
            );
            let value = match unit.as_str() {
                "percent" => format!("{number} %"),
                unit => format!("{number} {}", v.t(&format!("unit-{unit}"))),
            };
            SettingShown { name: v.t(&name.replace('/', "-")).to_string(), value, source }
        })
        .collect()
}

/// What stands for a unit on a page.
pub fn unit_name(v: &View, unit: &Named<Unit>) -> String {
    match unit.key {
        Unit::Organisation(_) => v.pick(&unit.name, &unit.name_en).to_owned(),
        Unit::Office(Office::Captain) => v.t("figures-captains").to_string(),
        Unit::Office(office) => v.office(office).to_string(),
    }
}

/// A choice of a form: value, name, whether it is the one.
pub type Choice = (String, String, bool);

/// `GET /say/figures`, and the same on paper.
#[derive(Template)]
#[template(path = "say/figures/templates/figures.html")]
pub struct FiguresPage {
    pub v: View,
    pub shown: Shown,
    pub compounds: Vec<Choice>,
    pub categories: Vec<Choice>,
    pub choices: Vec<Choice>,
    pub by_category: Vec<LineShown>,
    pub by_unit: Vec<LineShown>,
    /// The same question for other addresses.
    pub query: String,
    /// The week before this one, for paper.
    pub week: String,
}

impl FiguresPage {
    pub fn of(mut v: View, asked: &Asked, figures: &Figures, compounds: &[(String, String)]) -> FiguresPage {
        let place = v.pick(&figures.compound.name, &figures.compound.name_en).to_owned();
        v.title = v.a("figures-of", "place", place);
        let Figures { settings, span, total, took, months, .. } = figures;
        let shown = Shown::of(&v, &Counted { settings, span, total, took: *took, months });
        let named = |name: String, counts: &Counts| line(&v, name, counts, settings);
        let month_choices = months.iter().rev().map(|(span, _)| {
            let value = span.called().strftime("%Y-%m").to_string();
            let here = value == asked.month;
            (value, month(v.lang, span), here)
        });
        FiguresPage {
            compounds: compounds
                .iter()
                .map(|(path, name)| (path.clone(), name.clone(), *path == figures.compound.path))
                .collect(),
            categories: figures
                .choices
                .iter()
                .map(|one| (one.key.clone(), v.pick(&one.name, &one.name_en).to_owned(), one.key == asked.category))
                .collect(),
            choices: month_choices.collect(),
            by_category: figures
                .categories
                .iter()
                .map(|one| named(v.pick(&one.name, &one.name_en).to_owned(), &one.counts))
                .collect(),
            by_unit: figures
                .units
                .iter()
                .map(|one| LineShown { said: "–".into(), ..named(unit_name(&v, one), &one.counts) })
                .collect(),
            query: asked.query(),
            week: String::new(),
            shown,
            v,
        }
    }
}

/// The same on A4, without what only a screen needs.
#[derive(Template)]
#[template(path = "say/figures/templates/paper.html")]
pub struct PaperPage {
    pub v: View,
    pub page: FiguresPage,
    pub printed: String,
}

/// `GET /say/figures/{code}`.
#[derive(Template)]
#[template(path = "say/figures/templates/around.html")]
pub struct AroundPage {
    pub v: View,
    pub shown: Shown,
    pub parts: Vec<LineShown>,
    pub choices: Vec<Choice>,
    pub subdistrict: bool,
    pub code: String,
    /// The subdistrict above: address and name.
    pub above: Option<(String, String)>,
    /// Whether the visitor may set how it is worked out.
    pub sets: bool,
}

impl AroundPage {
    pub fn of(mut v: View, asked: &Asked, around: &Around) -> AroundPage {
        let Around { tenant, settings, span, total, took, months, parts, .. } = around;
        v.title = v.a("figures-of", "place", v.pick(&tenant.name, &tenant.name_en).to_owned());
        let subdistrict = tenant.kind == commons::place::TenantKind::Subdistrict;
        let part = |one: &Named<String>| {
            let mut shown = line(&v, v.pick(&one.name, &one.name_en).to_owned(), &one.counts, settings);
            let code = crate::layout::line::encoded(&one.key);
            shown.href = Some(match subdistrict {
                true => format!("/say/figures/{code}"),
                false => format!("/say/figures?compound={code}"),
            });
            shown
        };
        let month_choices = months.iter().rev().map(|(span, _)| {
            let value = span.called().strftime("%Y-%m").to_string();
            let here = value == asked.month;
            (value, month(v.lang, span), here)
        });
        AroundPage {
            shown: Shown::of(&v, &Counted { settings, span, total, took: *took, months }),
            parts: parts.iter().map(part).collect(),
            choices: month_choices.collect(),
            subdistrict,
            code: tenant.code.clone(),
            above: around
                .above
                .as_ref()
                .map(|above| (format!("/say/figures/{}", above.code), v.pick(&above.name, &above.name_en).to_owned())),
            sets: false,
            v,
        }
    }
}
