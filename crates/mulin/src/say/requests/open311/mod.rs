//! Open311 GeoReport v2: the same cases for programs that speak the cities' common language. A compound is a jurisdiction,
//! a category a service, a building an address; nothing more exact than a building is given out.
//!
//! `/open311/v2/…` is the whole house and asks for a `jurisdiction_id` where there are several compounds;
//! `/open311/v2/<compound>/…` is one of them. [`Target`] tells the two apart.

mod args;
mod bulk;
mod file;
mod key;
mod list;
mod pages;
mod request;
mod services;
pub mod shape;
pub mod store;
mod updates;
mod wrong;

pub use wrong::tell;

use args::Args;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::any;
use axum::{Extension, Router};
use commons::place::{self, Place};
use kit::web::{App, Call, Path};
use pages::Pages;
use shape::{Node, Shape};
use std::sync::Arc;
use wrong::Wrong;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/open311/v2/{file}", any(enter))
        .route("/open311/v2/{part}/{file}", any(enter))
        .route("/open311/v2/{compound}/{part}/{file}", any(enter))
        .layer(Extension(Arc::new(Pages::default())))
}

/// What a call is about: all of the house or one compound, a resource, and how the answer is to be written.
#[derive(Debug, PartialEq, Eq)]
struct Target<'p> {
    compound: Option<&'p str>,
    resource: Resource<'p>,
    shape: Shape,
}

#[derive(Debug, PartialEq, Eq)]
enum Resource<'p> {
    Discovery,
    Services,
    Service(&'p str),
    Requests,
    Request(&'p str),
    Token,
    Updates,
    /// All of a compound as CSV.
    Bulk,
}

impl<'p> Target<'p> {
    /// Reads the path below `/open311/v2/`. Three words stand for resources there; a compound that has one of them for a
    /// code is reached by its `jurisdiction_id` alone.
    fn parse(parts: &[&'p str]) -> Option<Target<'p>> {
        let (compound, rest) = match parts {
            [_] | ["services" | "requests" | "tokens", _] => (None, parts),
            [compound, rest @ ..] => (Some(*compound), rest),
            [] => return None,
        };
        if rest == ["requests.csv"] {
            return Some(Target { compound, resource: Resource::Bulk, shape: Shape::Xml });
        }
        let (name, shape) = Shape::split(rest.last()?)?;
        let resource = match rest {
            [_] => match name {
                "discovery" => Resource::Discovery,
                "services" => Resource::Services,
                "requests" => Resource::Requests,
                "servicerequestupdates" => Resource::Updates,
                _ => return None,
            },
            ["services", _] => Resource::Service(name),
            ["requests", _] => Resource::Request(name),
            ["tokens", _] => Resource::Token,
            _ => return None,
        };
        Some(Target { compound, resource, shape })
    }
}

/// A good answer.
struct Told {
    node: Node,
    status: StatusCode,
    /// Where the list goes on.
    next: Option<String>,
}

impl Told {
    fn of(name: &'static str, node: Node) -> Told {
        Told { node: Node::named(name, node), status: StatusCode::OK, next: None }
    }

    fn answer(self, shape: Shape) -> Response {
        let mut response = self.node.answer(shape, self.status);
        let next = self.next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
        next.map(|next| response.headers_mut().insert(header::LINK, next));
        response
    }
}

/// Everything that a handler here is asked with.
struct Asked<'a> {
    app: &'a App,
    call: &'a Call,
    /// What addresses begin with, e.g. `https://mulin.example`.
    base: String,
    /// The compound whose endpoint was called.
    compound: Option<&'a str>,
    args: Args,
}

impl Asked<'_> {
    /// The address of this endpoint.
    fn endpoint(&self) -> String {
        let own = self.compound.map_or_else(String::new, |code| format!("/{code}"));
        format!("{}/open311/v2{own}", self.base)
    }

    /// The compound that is named, by the endpoint or by the call.
    async fn named(&self) -> Result<Option<Place>, Wrong> {
        let code = match (self.compound, self.args.get("jurisdiction_id")) {
            (Some(own), Some(other)) if own != other => return Err(Wrong::missing("unknown jurisdiction_id")),
            (Some(code), _) | (None, Some(code)) => code,
            (None, None) => return Ok(None),
        };
        let found = place::store::compound(&self.app.db, code).await?;
        found.map(Some).ok_or_else(|| Wrong::missing("unknown jurisdiction_id"))
    }

    /// The compound a call is about; it must be named when the house holds several.
    async fn jurisdiction(&self) -> Result<Place, Wrong> {
        if let Some(named) = self.named().await? {
            return Ok(named);
        }
        let mut all = place::store::compounds(&self.app.db).await?;
        match (all.pop(), all.is_empty()) {
            (Some(only), true) => Ok(only),
            (None, _) => Err(Wrong::missing("no jurisdiction yet")),
            _ => Err(Wrong::bad("jurisdiction_id is needed")),
        }
    }
}

async fn enter(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    call: Call,
    Path(parts): Path<Vec<String>>,
    request: Request,
) -> Response {
    let shape = Shape::of(&call.path);
    match answer(&app, &pages, &call, &parts, request).await {
        Ok(response) => response,
        Err(wrong) => wrong.answer(shape),
    }
}

async fn answer(app: &App, pages: &Pages, call: &Call, parts: &[String], request: Request) -> Result<Response, Wrong> {
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let target = Target::parse(&parts).ok_or_else(|| Wrong::missing("there is no such resource"))?;
    let posting = allowed(&target.resource, request.method())?;
    let args = Args::read(request.uri().query().unwrap_or_default())?;
    let base = crate::layout::link::base(app, request.headers());
    let asked = Asked { app, call, base, compound: target.compound, args };
    let told = match (target.resource, posting) {
        (Resource::Discovery, _) => services::discovery(&asked).await?,
        (Resource::Services, _) => services::all(&asked).await?,
        (Resource::Service(code), _) => services::one(&asked, code).await?,
        (Resource::Requests, false) => list::all(&asked, pages).await?,
        (Resource::Requests, true) => file::file(asked, request).await?,
        (Resource::Request(code), _) => list::one(&asked, code).await?,
        (Resource::Token, _) => {
            // Requests get their number at once, so no token is ever given out.
            asked.named().await?;
            return Err(Wrong::missing("unknown token"));
        }
        (Resource::Updates, false) => updates::all(&asked).await?,
        (Resource::Updates, true) => updates::add(asked, request).await?,
        (Resource::Bulk, _) => return bulk::csv(&asked).await,
    };
    Ok(told.answer(target.shape))
}

/// Whether something is handed in, if it may be.
fn allowed(resource: &Resource<'_>, method: &Method) -> Result<bool, Wrong> {
    let takes = matches!(resource, Resource::Requests | Resource::Updates);
    match *method {
        Method::GET | Method::HEAD => Ok(false),
        Method::POST if takes => Ok(true),
        _ => Err(Wrong::method(if takes { "GET, HEAD, POST" } else { "GET, HEAD" })),
    }
}

/// The value of a header that is text.
fn header_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Reads a question as every list does, and answers nothing.
#[cfg(any(test, feature = "testing"))]
pub fn fed(query: &str) {
    let Ok(args) = Args::read(query) else { return };
    for name in ["start_date", "end_date"] {
        let _ = args.moment(name);
    }
    let (_, _) = (args.number("page", 1..=i64::MAX), args.number("page_size", 1..=1_000));
    assert!(args.list("status").iter().all(|one| !one.is_empty()));
    if let Ok(Some(text)) = args.short("description", 4_000) {
        assert!(text.chars().count() <= 4_000);
    }
    let _ = args.get("cursor").map(updates::read_cursor);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compound_is_told_from_a_resource() {
        let read = |path: &'static str| Target::parse(&path.split('/').collect::<Vec<_>>());
        let target = |compound, resource, shape| Some(Target { compound, resource, shape });
        assert_eq!(read("services.xml"), target(None, Resource::Services, Shape::Xml));
        assert_eq!(read("services/lift.json"), target(None, Resource::Service("lift"), Shape::Json));
        assert_eq!(read("shiliu/services.json"), target(Some("shiliu"), Resource::Services, Shape::Json));
        assert_eq!(
            read("shiliu/requests/shiliu-1.xml"),
            target(Some("shiliu"), Resource::Request("shiliu-1"), Shape::Xml)
        );
        assert_eq!(read("services/services.xml"), target(None, Resource::Service("services"), Shape::Xml));
        assert_eq!(read("shiliu/requests.csv"), target(Some("shiliu"), Resource::Bulk, Shape::Xml));
        for nothing in ["services", "services.html", "x.xml", "shiliu/x.xml", "shiliu/x/y.xml", "shiliu/services"] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }
}
