//! What the house is measured against, by `cargo xtask bench`: a bare server, the same list without the house around it,
//! and one durable row for each call.
//!
//!     cargo run --release --example baseline -- DATABASE COMPOUND CATEGORY

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::{get, post};
use commons::case::store::{self, Filter, Sees};
use commons::place;
use kit::db::{By, Context, Db, DbUrl};
use kit::i18n::Lang;
use kit::id::IdMaker;
use kit::params;
use kit::time::{Clock, Moment};
use mulin::layout::View;
use mulin::layout::line::Line;
use mulin::say::requests::view::ListPage;
use std::sync::Arc;

struct Baseline {
    db: Db,
    filter: Filter,
}

const INSERT: &str = "insert into setting (tenant, name, value) values ($1, $2, $3)";

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, compound, category] = arguments.as_slice() else {
        anyhow::bail!("baseline DATABASE COMPOUND CATEGORY");
    };
    let db = Db::open(&DbUrl::parse(database)).await?;
    let (tenant, place) = place::store::by_code(&db, compound).await?.context("there is no such compound")?;
    let filter =
        Filter { tenant: Some(tenant), compound: Some(place), category: Some(category.clone()), ..Filter::default() };
    let routes = Router::new()
        .route("/bare", get(async || "ok"))
        .route("/list", get(list))
        .route("/insert", post(insert))
        .with_state(Arc::new(Baseline { db, filter }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    axum::serve(listener, routes).await?;
    Ok(())
}

async fn list(State(baseline): State<Arc<Baseline>>) -> Html<String> {
    let now = Clock::System.now();
    let rows = store::list(&baseline.db, &baseline.filter, Sees::Public, 25).await.expect("the list can be read.");
    let v = View {
        lang: Lang::Zh,
        elder: false,
        demo: false,
        csrf: String::new(),
        key: String::new(),
        here: "/list".into(),
        title: "list".into(),
        me: None,
        part: mulin::layout::Part::Own,
        unseen: 0,
        staff: false,
    };
    let page = ListPage {
        lines: rows.iter().map(|row| Line::of(&v, row, now)).collect(),
        wrong: Default::default(),
        q: String::new(),
        count: None,
        buildings: Vec::new(),
        compounds: Vec::new(),
        categories: Vec::new(),
        show: String::new(),
        next: None,
        first_page: true,
        filtered: true,
        scope: Default::default(),
        v,
    };
    Html(mulin::layout::render(&page).expect("the list can be shown."))
}

async fn insert(State(baseline): State<Arc<Baseline>>) -> &'static str {
    let context = Context { now: Moment(0), ids: IdMaker::Random, by: By::default(), listeners: &[] };
    let (tenant, name) = (kit::Uuid::nil(), hex::encode(IdMaker::Random.secret()));
    let name = name.as_str();
    baseline
        .db
        .transact(&context, |tx| {
            Box::pin(async move { tx.run(INSERT, params![tenant, name, "one row"]).await.map(drop) })
        })
        .await
        .expect("a row can be kept.");
    "ok"
}
