//! What programs can call here, said in OpenAPI 3.1.

use crate::openapi::parts::{self, Operation, day, list, maybe, object, one_of, reference, said, text, whole};
use commons::people::Office;
use serde_json::{Value, json};

fn new(id: &str, summary: &str) -> Operation {
    Operation::new(id, "figures", summary)
}

/// Which days are counted.
fn span(operation: Operation) -> Operation {
    operation
        .query("month", "2026-11; without it and without days the last twelve months")
        .query_of("since", day(), "The first day, instead of a month")
        .query_of("until", day(), "The day after the last")
        .may(&[404, 422])
}

/// The paths of this folder.
pub fn paths() -> Value {
    let code = "The code of a community or a subdistrict";
    let settings = || reference("FigureSettings");
    json!({
        "/api/v1/figures": { "get": span(new("figuresOfCompound",
            "How it went in a compound: counts and rates with numerator and denominator, by month, category and service unit. A question for a person has no answer: 404")
            .anybody("requests:read")
            .needs("compound", "The compound's code, e.g. shiliu")
            .query("category", "A category's slug"))
            .gives(200, reference("Figures"))
            .done() },
        "/api/v1/figures/{code}": { "get": span(new("figuresAround",
            "The same for a community or a subdistrict, by compound or community in the order of the places")
            .anybody("requests:read")
            .path("code", code))
            .gives(200, reference("FiguresAround"))
            .done() },
        "/api/v1/figures/{code}/settings": {
            "get": new("getFigureSettings", "How the rates are worked out, for those who set it")
                .known("office:read")
                .path("code", code)
                .gives(200, settings())
                .done(),
            "post": new("setFigureSettings", "Sets how the rates are worked out; the weights make 100 together")
                .known("office:write")
                .path("code", code)
                .body(settings())
                .gives(200, settings())
                .done()
        }
    })
}

/// Counts and rates, with what else stands beside them.
fn counts(more: &[(&str, Value)]) -> Value {
    let rate = || reference("Rate");
    let mut fields = vec![("said", said("Null for a unit: things are said in places", maybe(whole())))];
    for name in ["closed", "in_time", "valid", "contacted", "solved", "good", "fair", "bad", "reopened"] {
        fields.push((name, whole()));
    }
    for name in ["response", "solving", "satisfaction", "plainly_good", "coverage", "composite"] {
        fields.push((name, rate()));
    }
    fields.extend(more.iter().cloned());
    object(&fields)
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    let took = said(
        "Until what was called solved; by nearest rank",
        maybe(object(&[("count", whole()), ("median_ms", whole()), ("p90_ms", whole())])),
    );
    let weights = object(&[("response", whole()), ("solving", whole()), ("satisfaction", whole())]);
    let month = counts(&[("month", text()), ("since", day()), ("until", day())]);
    let offices: Vec<&str> = Office::ALL.iter().map(|office| office.name()).collect();
    let named = |key: (&'static str, Value)| counts(&[key, ("name", text()), ("name_en", text())]);
    let unit = json!({ "anyOf": [named(("organisation", parts::id())), named(("office", one_of(&offices)))] });
    let common = |more: Vec<(&'static str, Value)>| {
        let mut fields = vec![
            ("since", day()),
            ("until", day()),
            ("settings", reference("FigureSettings")),
            ("total", reference("Counts")),
            ("took", took.clone()),
            ("months", list(month.clone())),
        ];
        fields.extend(more);
        object(&fields)
    };
    json!({
        "Rate": object(&[
            ("part", whole()),
            ("whole", whole()),
            ("percent", said("One decimal, half rounded up; null when the whole is 0", maybe(text()))),
        ]),
        "Counts": counts(&[]),
        "FigureSettings": object(&[
            ("fair_hundredths", whole()),
            ("month_day", whole()),
            ("few", whole()),
            ("weights", weights),
        ]),
        "Figures": common(vec![
            ("compound", text()),
            ("category", maybe(text())),
            ("categories", list(named(("slug", text())))),
            ("units", list(unit)),
        ]),
        "FiguresAround": common(vec![("code", text()), ("parts", list(named(("code", text()))))]),
    })
}
