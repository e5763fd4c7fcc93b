//! Where to call, what can be said, and what is asked about it.

use super::shape::Node;
use super::wrong::Wrong;
use super::{Asked, Told};
use crate::layout::show::rfc3339;
use commons::case::Category;
use commons::case::fields::{Choice, Field};
use commons::case::store;
use commons::place::Place;
use kit::time::Moment;

const SPECIFICATION: &str = "http://wiki.open311.org/GeoReport_v2";
/// When these endpoints last changed: the first day of 2026.
const CHANGESET: Moment = Moment(1_767_225_600_000);

/// `GET discovery`: names the endpoint that was called.
pub async fn discovery(asked: &Asked<'_>) -> Result<Told, Wrong> {
    asked.named().await?;
    let (url, since) = (asked.endpoint(), rfc3339(CHANGESET));
    let endpoint = |kind: &str| {
        Node::map(vec![
            ("specification", Node::text(SPECIFICATION)),
            ("url", Node::text(&url)),
            ("changeset", Node::text(&since)),
            ("type", Node::text(kind)),
            ("formats", Node::list("format", vec![Node::text("text/xml"), Node::text("application/json")])),
        ])
    };
    let fields = vec![
        ("changeset", Node::text(&since)),
        ("contact", Node::text(&format!("The operator of this house; see {}/about", asked.base))),
        ("key_service", Node::text("The operator of this house gives keys to those who ask")),
        ("endpoints", Node::list("endpoint", vec![endpoint("production"), endpoint("test")])),
    ];
    Ok(Told::of("discovery", Node::map(fields)))
}

/// What programs may say something about here.
pub async fn offered(asked: &Asked<'_>, compound: &Place) -> Result<Vec<Category>, Wrong> {
    let mut all = store::categories_at(&asked.app.db, compound.tenant, compound.compound).await?;
    all.retain(|category| !category.private);
    Ok(all)
}

/// `GET services`.
pub async fn all(asked: &Asked<'_>) -> Result<Told, Wrong> {
    let compound = asked.jurisdiction().await?;
    let asking = store::asking(&asked.app.db, compound.tenant).await?;
    let nodes = offered(asked, &compound).await?;
    let nodes = nodes.iter().map(|category| service(category, asking.contains(&category.slug)));
    Ok(Told::of("services", Node::list("service", nodes.collect())))
}

fn service(category: &Category, asks: bool) -> Node {
    Node::map(vec![
        ("service_code", Node::text(&category.slug)),
        ("service_name", Node::text(&category.name)),
        ("description", Node::text(&category.name_en)),
        ("metadata", Node::yes(asks)),
        ("type", Node::text("realtime")),
        ("keywords", Node::text(category.kind.name())),
        ("group", Node::text(category.door.name())),
    ])
}

/// `GET services/{code}`.
pub async fn one(asked: &Asked<'_>, code: &str) -> Result<Told, Wrong> {
    let compound = asked.jurisdiction().await?;
    if !offered(asked, &compound).await?.iter().any(|category| category.slug == code) {
        return Err(Wrong::missing("unknown service_code"));
    }
    let questions = store::fields(&asked.app.db, compound.tenant, code).await?;
    let attributes = questions.iter().enumerate().map(|(at, field)| attribute(at, field));
    let fields =
        vec![("service_code", Node::text(code)), ("attributes", Node::list("attribute", attributes.collect()))];
    Ok(Told::of("service_definition", Node::map(fields)))
}

/// A question of a category, as cities' programs know questions.
fn attribute(at: usize, field: &Field) -> Node {
    let value =
        |choice: &Choice| Node::map(vec![("key", Node::text(&choice.name)), ("name", Node::text(&choice.name))]);
    let mut told = vec![
        ("variable", Node::yes(true)),
        ("code", Node::text(&field.code)),
        ("datatype", Node::text(field.kind.name())),
        ("required", Node::yes(field.required)),
        ("datatype_description", Node::text(&field.hint)),
        ("order", Node::number(i64::try_from(at + 1).unwrap_or(i64::MAX))),
        ("description", Node::text(&field.name)),
    ];
    if field.is_list() {
        told.push(("values", Node::list("value", field.options.iter().map(value).collect())));
    }
    Node::map(told)
}
