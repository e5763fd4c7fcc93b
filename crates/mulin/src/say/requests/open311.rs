//! Open311 GeoReport v2: the same cases for programs that speak the cities' common language. A compound is a jurisdiction,
//! a category a service, a building an address; nothing more exact than a building is given out.

use super::api::degrees_e7;
use super::model::{Draft, Hand};
use super::open311_shape::{Node, Shape, errors};
use super::pages::spot;
use super::{actions, second};
use crate::layout::link;
use crate::layout::show::rfc3339;
use axum::Router;
use axum::extract::{RawForm, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use commons::case::fields::{self, Answers, Field};
use commons::case::store::{self, CaseRow, Filter, Sees};
use commons::case::{Category, Channel};
use commons::people::Actor;
use commons::place::{self, Place, PlaceKind, TenantId};
use kit::Error;
use kit::time::Moment;
use kit::web::App;
use kit::web::Path;
use kit::web::answer::OTHER_BODY;
use kit::web::limits::Knock;
use kit::web::{Call, keys};

const SPECIFICATION: &str = "http://wiki.open311.org/GeoReport_v2";
const WORDS_CHARACTERS_MAX: usize = 4_000;
const PAGE_MAX: i64 = 1_000;
const DAYS_BACK: i64 = 90;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/open311/v2/{file}", get(top).post(file))
        .route("/open311/v2/services/{file}", get(service))
        .route("/open311/v2/requests/{file}", get(one))
        .route("/open311/v2/tokens/{file}", get(token))
}

/// What is wrong with a call: status and sentence.
struct Wrong(StatusCode, String);

type Told = Result<Node, Wrong>;

fn bad(why: &str) -> Wrong {
    Wrong(StatusCode::BAD_REQUEST, why.to_owned())
}

fn missing(what: &str) -> Wrong {
    Wrong(StatusCode::NOT_FOUND, what.to_owned())
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => missing("not found"),
            Error::Invalid(fields) => {
                let told: Vec<String> =
                    fields.iter().map(|field| format!("{}: {}", field.field, field.reason)).collect();
                bad(&told.join("; "))
            }
            Error::Denied(reason) => Wrong(StatusCode::FORBIDDEN, reason.to_string()),
            Error::Conflict(reason) => Wrong(StatusCode::CONFLICT, reason.to_string()),
            Error::OtherBody(fields) => Wrong(StatusCode::CONFLICT, format!("{OTHER_BODY}: {}", fields.join(", "))),
            Error::TooMany(seconds) => Wrong(StatusCode::TOO_MANY_REQUESTS, format!("try again in {seconds} s")),
            Error::Unavailable(why) => {
                tracing::warn!("unavailable: {why}");
                Wrong(StatusCode::SERVICE_UNAVAILABLE, "try again later".to_owned())
            }
            Error::Internal(why) => {
                tracing::error!("internal: {why:#}");
                Wrong(StatusCode::INTERNAL_SERVER_ERROR, "internal error".to_owned())
            }
        }
    }
}

/// `services.xml` → (`services`, XML).
fn named(file: &str) -> Option<(&str, Shape)> {
    let (name, end) = file.rsplit_once('.')?;
    Some((name, Shape::parse(end)?))
}

fn answer(told: Told, shape: Shape, status: StatusCode) -> Response {
    match told {
        Ok(node) => node.answer(shape, status),
        Err(Wrong(status, why)) => errors(status, &why).answer(shape, status),
    }
}

/// Arguments; an empty one counts as absent.
struct Args(Vec<(String, String)>);

impl Args {
    fn read(text: &[u8]) -> Args {
        let all: Vec<(String, String)> = serde_urlencoded::from_bytes(text).unwrap_or_default();
        Args(all.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())
    }

    fn list(&self, name: &str) -> Vec<String> {
        self.get(name).map(|text| text.split(',').map(|one| one.trim().to_owned()).collect()).unwrap_or_default()
    }
}

/// The compound a call is about; needed when the house holds several.
async fn jurisdiction(app: &App, args: &Args) -> Result<Place, Wrong> {
    let all = place::store::compounds(&app.db).await?;
    match args.get("jurisdiction_id") {
        Some(code) => {
            all.into_iter().find(|place| place.path == code).ok_or_else(|| missing("unknown jurisdiction_id"))
        }
        None if all.len() == 1 => all.into_iter().next().ok_or_else(|| missing("no jurisdiction")),
        None => Err(bad("jurisdiction_id is needed")),
    }
}

async fn top(
    State(app): State<App>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some((name, shape)) = named(&file) else {
        return errors(StatusCode::NOT_FOUND, "not found").answer(Shape::Xml, StatusCode::NOT_FOUND);
    };
    let args = Args::read(query.unwrap_or_default().as_bytes());
    let base = link::base(&app, &headers);
    let told = match name {
        "discovery" => discovery(&base),
        "services" => services(&app, &args).await,
        "requests" => requests(&app, &args, &base).await,
        _ => Err(missing("not found")),
    };
    answer(told, shape, StatusCode::OK)
}

fn discovery(base: &str) -> Told {
    let url = format!("{base}/open311/v2");
    let since = rfc3339(Moment(1_767_225_600_000));
    let endpoint = |kind: &str| {
        Node::map(vec![
            ("specification", Node::text(SPECIFICATION)),
            ("url", Node::text(&url)),
            ("changeset", Node::text(&since)),
            ("type", Node::text(kind)),
            ("formats", Node::list("format", vec![Node::text("text/xml"), Node::text("application/json")])),
        ])
    };
    Ok(Node::named(
        "discovery",
        Node::map(vec![
            ("changeset", Node::text(&since)),
            ("contact", Node::text("The operator of this house; see /about")),
            ("key_service", Node::text("The operator sets the key: MULIN_OPEN311_KEY")),
            ("endpoints", Node::list("endpoint", vec![endpoint("production"), endpoint("test")])),
        ]),
    ))
}

async fn services(app: &App, args: &Args) -> Told {
    let compound = jurisdiction(app, args).await?;
    let all = store::categories_at(&app.db, compound.tenant, compound.compound).await?;
    let asking = store::asking(&app.db, compound.tenant).await?;
    let nodes = all.iter().filter(|c| !c.private).map(|c| service_node(c, asking.contains(&c.slug)));
    Ok(Node::named("services", Node::list("service", nodes.collect())))
}

fn service_node(category: &Category, asks: bool) -> Node {
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

async fn service(State(app): State<App>, Path(file): Path<String>, RawQuery(query): RawQuery) -> Response {
    let Some((code, shape)) = named(&file) else {
        return errors(StatusCode::NOT_FOUND, "not found").answer(Shape::Xml, StatusCode::NOT_FOUND);
    };
    let args = Args::read(query.unwrap_or_default().as_bytes());
    let told = async {
        let compound = jurisdiction(&app, &args).await?;
        let all = store::categories_at(&app.db, compound.tenant, compound.compound).await?;
        let known = all.iter().any(|category| category.slug == code && !category.private);
        if !known {
            return Err(missing("unknown service_code"));
        }
        let asked = store::fields(&app.db, compound.tenant, code).await?;
        let attributes = asked.iter().enumerate().map(|(at, field)| attribute_node(at, field));
        Ok(Node::named(
            "service_definition",
            Node::map(vec![
                ("service_code", Node::text(code)),
                ("attributes", Node::list("attribute", attributes.collect())),
            ]),
        ))
    };
    answer(told.await, shape, StatusCode::OK)
}

/// A question of a category, as cities' programs know questions.
fn attribute_node(at: usize, field: &Field) -> Node {
    let value = |choice: &fields::Choice| {
        Node::map(vec![("key", Node::text(&choice.name)), ("name", Node::text(&choice.name))])
    };
    let mut told = vec![
        ("variable", Node::yes(true)),
        ("code", Node::text(&field.code)),
        ("datatype", Node::text(field.kind.name())),
        ("required", Node::yes(field.required)),
        ("datatype_description", Node::text(&field.hint)),
        ("order", Node::text(&(at + 1).to_string())),
        ("description", Node::text(&field.name)),
    ];
    if field.is_list() {
        told.push(("values", Node::list("value", field.options.iter().map(value).collect())));
    }
    Node::map(told)
}

/// The answers of a call: `attribute[CODE]=…`, or `attribute[CODE][]=…` for several.
async fn attributes(app: &App, tenant: TenantId, slug: &str, args: &Args) -> Result<Answers, Wrong> {
    let asked = store::fields(&app.db, tenant, slug).await?;
    let code_of = |name: &str| {
        let inner = name.strip_prefix("attribute[")?;
        inner.strip_suffix("][]").or_else(|| inner.strip_suffix(']')).map(str::to_owned)
    };
    let sent: Vec<(String, String)> =
        args.0.iter().filter_map(|(name, value)| Some((code_of(name)?, value.clone()))).collect();
    if let Some((code, _)) = sent.iter().find(|(code, _)| !asked.iter().any(|field| field.code == *code)) {
        return Err(bad(&format!("unknown attribute {code}")));
    }
    let given = |code: &str| sent.iter().filter(|(one, _)| one == code).map(|(_, value)| value.clone()).collect();
    fields::read(&asked, false, &given).map_err(|unfit| {
        let told: Vec<String> = unfit.iter().map(|one| format!("attribute {}: {}", one.code, one.reason)).collect();
        bad(&told.join("; "))
    })
}

async fn requests(app: &App, args: &Args, base: &str) -> Told {
    let ids = args.list("service_request_id");
    let now = app.clock.now();
    let mut nodes = Vec::new();
    if !ids.is_empty() {
        for code in ids.iter().take(100) {
            if let Some(found) = store::by_code(&app.db, code).await?.filter(|found| found.row.case.is_public()) {
                nodes.push(request_node(base, &found.row, now));
            }
        }
        return Ok(Node::named("service_requests", Node::list("request", nodes)));
    }
    let compound = jurisdiction(app, args).await?;
    let instant = |name: &str| -> Result<Option<Moment>, Wrong> {
        let Some(text) = args.get(name) else { return Ok(None) };
        let stamp: jiff::Timestamp = text.parse().map_err(|_| bad(&format!("{name} is no W3C date with a zone")))?;
        Ok(Some(Moment(stamp.as_millisecond())))
    };
    let to = instant("end_date")?.unwrap_or(now);
    let from = instant("start_date")?.unwrap_or(to - Moment::days(DAYS_BACK)).max(to - Moment::days(DAYS_BACK));
    let size: i64 =
        args.get("page_size").map_or(Ok(PAGE_MAX), str::parse).map_err(|_| bad("page_size is no number"))?;
    let page: i64 = args.get("page").map_or(Ok(1), str::parse).map_err(|_| bad("page is no number"))?;
    let (size, page) = (size.clamp(1, PAGE_MAX), page.clamp(1, 10_000));
    let (codes, states) = (args.list("service_code"), args.list("status"));
    let wanted = |row: &&CaseRow| {
        let open = row.case.state_at(now).is_open();
        let status = if open { "open" } else { "closed" };
        row.case.said >= from
            && (codes.is_empty() || codes.contains(&row.case.category))
            && (states.is_empty() || states.iter().any(|one| one == status))
    };
    let rows = between(app, &compound, to).await?;
    let skip = usize::try_from((page - 1) * size).unwrap_or(usize::MAX);
    let some = rows.iter().filter(wanted).skip(skip).take(usize::try_from(size).unwrap_or(0));
    nodes.extend(some.map(|row| request_node(base, row, now)));
    Ok(Node::named("service_requests", Node::list("request", nodes)))
}

/// The newest public cases of a compound said up to `to`.
async fn between(app: &App, compound: &Place, to: Moment) -> Result<Vec<CaseRow>, Wrong> {
    let after_all = commons::case::CaseId(kit::Uuid::max());
    let filter = Filter {
        tenant: Some(compound.tenant),
        compound: Some(compound.id),
        before: Some((to, after_all)),
        ..Filter::default()
    };
    Ok(store::list(&app.db, &filter, Sees::Public, PAGE_MAX).await?)
}

fn request_node(base: &str, row: &CaseRow, now: Moment) -> Node {
    let case = &row.case;
    let open = case.state_at(now).is_open();
    let degrees = |e7: Option<i64>| e7.map_or(Node::Nothing, Node::degrees);
    Node::map(vec![
        ("service_request_id", Node::text(&case.code)),
        ("status", Node::text(if open { "open" } else { "closed" })),
        ("status_notes", Node::text(&notes(case, now))),
        ("service_name", Node::text(&row.category_name)),
        ("service_code", Node::text(&case.category)),
        ("description", Node::text(&case.words)),
        ("agency_responsible", Node::text(&format!("{} {}", row.holder_label, case.holder.office))),
        ("service_notice", Node::text(&format!("{base}/say/requests/{}", case.code))),
        ("requested_datetime", Node::text(&rfc3339(case.said))),
        ("updated_datetime", Node::text(&rfc3339(case.closed.unwrap_or(case.changed)))),
        ("expected_datetime", case.due.map_or(Node::Nothing, |due| Node::text(&rfc3339(due)))),
        ("address", Node::text(&row.public_label)),
        ("address_id", Node::Nothing),
        ("zipcode", Node::Nothing),
        ("lat", degrees(case.lat_e7)),
        ("long", degrees(case.lon_e7)),
        ("media_url", Node::Nothing),
    ])
}

/// The state in one word; of a closed case also whether it was solved or merely ran out of days.
fn notes(case: &commons::case::Case, now: Moment) -> String {
    match case.state_at(now) {
        commons::case::State::Closed if case.is_solved_at(now) => "closed: solved".to_owned(),
        commons::case::State::Closed => "closed: not rated".to_owned(),
        state => state.name().to_owned(),
    }
}

async fn one(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let Some((code, shape)) = named(&file) else {
        return errors(StatusCode::NOT_FOUND, "not found").answer(Shape::Xml, StatusCode::NOT_FOUND);
    };
    let told = async {
        let found = store::by_code(&app.db, code).await?.filter(|found| found.row.case.is_public());
        let found = found.ok_or_else(|| missing("unknown service_request_id"))?;
        let node = request_node(&link::base(&app, &headers), &found.row, app.clock.now());
        Ok(Node::named("service_requests", Node::list("request", vec![node])))
    };
    answer(told.await, shape, StatusCode::OK)
}

/// Requests get their number at once, so no token is ever given out.
async fn token(Path(file): Path<String>) -> Response {
    let shape = named(&file).map_or(Shape::Xml, |(_, shape)| shape);
    answer(Err(missing("unknown token")), shape, StatusCode::OK)
}

async fn file(
    State(app): State<App>,
    call: Call,
    Path(file): Path<String>,
    headers: HeaderMap,
    form: RawForm,
) -> Response {
    let Some(("requests", shape)) = named(&file) else {
        return errors(StatusCode::NOT_FOUND, "not found").answer(Shape::Xml, StatusCode::NOT_FOUND);
    };
    let args = Args::read(&form.0);
    let told = async {
        app.limits.check(Knock::Deed, &call.address.to_string())?;
        let key = app.config.open311_key.as_deref();
        if key.is_none() || args.get("api_key") != key {
            return Err(Wrong(StatusCode::FORBIDDEN, "api_key is missing or unknown".to_owned()));
        }
        let compound = jurisdiction(&app, &args).await?;
        let slug = args.get("service_code").ok_or_else(|| bad("service_code is needed"))?;
        let known = store::categories_at(&app.db, compound.tenant, compound.compound).await?;
        if !known.iter().any(|category| category.slug == slug && !category.private) {
            return Err(missing("unknown service_code"));
        }
        let words = args.get("description").unwrap_or_default();
        if words.chars().count() > WORDS_CHARACTERS_MAX {
            return Err(bad("description is longer than 4000 characters"));
        }
        let answers = attributes(&app, compound.tenant, slug, &args).await?;
        let at = located(&app, &compound, &args).await?;
        let code = create(&app, (&call, &headers), at, (slug, words, answers), &args).await?;
        let node = Node::map(vec![
            ("service_request_id", Node::text(&code)),
            ("service_notice", Node::text("Follow it under its number")),
            ("account_id", Node::Nothing),
        ]);
        Ok(Node::named("service_requests", Node::list("request", vec![node])))
    };
    answer(told.await, shape, StatusCode::CREATED)
}

/// The place that a call names: by its path, by a name that matches a building, or by a point in the compound.
async fn located(app: &App, compound: &Place, args: &Args) -> Result<Place, Wrong> {
    if let Some(path) = args.get("address_id") {
        let found = place::store::by_path(&app.db, compound.tenant, path).await?;
        return found.filter(|place| compound.holds(place)).ok_or_else(|| bad("unknown address_id"));
    }
    let mut at = compound.clone();
    match (args.get("lat"), args.get("long"), args.get("address_string")) {
        (Some(lat), Some(long), _) => {
            at.ground.lat_e7 = Some(degrees_e7(lat).ok_or_else(|| bad("lat is no number of degrees"))?);
            at.ground.lon_e7 = Some(degrees_e7(long).ok_or_else(|| bad("long is no number of degrees"))?);
        }
        (_, _, Some(address)) => {
            let buildings =
                place::store::in_compound(&app.db, compound.tenant, compound.id, PlaceKind::Building).await?;
            if let Some(building) = buildings.into_iter().find(|place| address.contains(&place.name)) {
                at = building;
            }
        }
        _ => return Err(bad("a location is needed: lat and long, address_string or address_id")),
    }
    Ok(at)
}

async fn create(
    app: &App,
    (call, headers): (&Call, &HeaderMap),
    at: Place,
    (slug, words, answers): (&str, &str, Answers),
    args: &Args,
) -> Result<String, Wrong> {
    let words = if words.is_empty() { slug.to_owned() } else { words.to_owned() };
    // A program cannot be asked: what everybody reads is masked, those who work on it find the exact words.
    let masked = commons::private::covered(&words);
    let aside = &Some(words).filter(|words| *words != masked);
    let draft = Draft {
        words: masked,
        category: Some(slug.to_owned()),
        private: false,
        contact: None,
        for_caller: false,
        channel: Channel::Api,
        more: super::intake::More { answers, ..Default::default() },
    };
    let sent = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).filter(|key| keys::is_key(key));
    let sent = sent.map_or_else(|| hex::encode(app.ids.secret()), str::to_owned);
    let said = args.0.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let key = keys::RequestKey::of(app, call, sent, said);
    let tenant = at.tenant;
    let (spot, context, nobody) = (spot(app, at).await?, app.context(), Actor::default());
    let (spot, draft, nobody) = (&spot, &draft, &nobody);
    let code = keys::once(app, &context, tenant.0, &key, &|tx| {
        Box::pin(async move {
            let case = actions::file(tx, &app.secrets, Hand::of(nobody), spot, draft, &[]).await?;
            if let Some(words) = aside {
                second::keep_aside(tx, &case, words).await?;
            }
            Ok(case.code)
        })
    })
    .await?;
    Ok(code)
}
