//! A small village to tell stories in: one compound, two buildings, and everybody who is needed.

#[cfg(test)]
pub mod described;
#[cfg(test)]
pub mod post;

use crate::boot;
use crate::features;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use commons::case;
use commons::people::store::{self as people, NewMandate};
use commons::people::{Office, PersonId, Source};
use commons::place::store as places;
use commons::place::{NewPlace, Place, PlaceId, PlaceKind, Tenant, TenantId, TenantKind};
use kit::Result;
use kit::db::{Db, Tx};
use kit::media::Media;
use kit::secrets::Secrets;
use kit::time::{Clock, Moment};
use kit::web::app::{App, Config, Parts};
use kit::web::limits::Limits;
use kit::web::session;
use std::collections::HashMap;
use tower::ServiceExt;

/// Tuesday, 24 November 2026, ten in the morning in China.
pub const MORNING: Moment = Moment(1_795_485_600_000);

/// A small red PNG, in hexadecimal.
pub const RED: &str = "89504e470d0a1a0a0000000d494844520000003c0000002808020000002dd90ea8000000394944415478daedce410900000800b1eb9fd130a6f0210c16604dbd93b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4f4a505e27d0ef92ec70e900000000049454e44ae426082";

/// A demo house on a fresh database whose clock stands still.
pub fn app_on(db: Db) -> App {
    app_with(db, true)
}

/// The same, as a demo or in earnest.
pub fn app_with(db: Db, demo: bool) -> App {
    App::new(parts_on(db, demo))
}

/// What such a house is made of, for stories that change a part.
pub fn parts_on(db: Db, demo: bool) -> Parts {
    static HOUSES: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let folder = std::env::temp_dir().join(format!("mulin_village_{}", std::process::id()));
    // A shelf for each house: one looks for what lies on it without belonging there.
    let shelf = folder.join(HOUSES.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string());
    Parts {
        db,
        clock: Clock::at(MORNING),
        ids: Default::default(),
        secrets: Secrets::from_bytes([9; 32]),
        media: Media::in_folder(&shelf).expect("the temporary folder can be made."),
        config: Config {
            data: folder,
            demo,
            first_code: Some("ABCDEFGHJK".into()),
            open311_key: Some("key-of-the-city".into()),
            mail_token: Some("token-of-the-postman".into()),
            ..Config::default()
        },
        mail: None,
        sms: None,
        outgoing: Default::default(),
        live: Default::default(),
        limits: Limits::open_wide(),
        bell: Default::default(),
        listeners: crate::heard::LISTENERS,
        error_page: crate::layout::error_page,
        error_answer: crate::say::requests::open311::tell,
        metrics: None,
        stopping: false.into(),
    }
}

/// The village and the tokens of those who are signed in.
pub struct Village {
    pub app: App,
    routes: Router,
    tokens: HashMap<&'static str, String>,
}

/// An answer, read.
#[derive(Debug)]
pub struct Seen {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
    /// The token of a session that began with this answer.
    pub session: Option<String>,
    pub headers: header::HeaderMap,
}

impl Seen {
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    }

    /// Asserts that the page says so.
    pub fn says(&self, words: &str) -> &Seen {
        assert!(self.body.contains(words), "{words} is not on the page ({}):\n{}", self.status, self.text());
        self
    }

    pub fn says_not(&self, words: &str) -> &Seen {
        assert!(!self.body.contains(words), "{words} is on the page:\n{}", self.text());
        self
    }

    /// The page without its tags.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in self.body.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => out.push(c),
                _ => {}
            }
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The answer of a call.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON ({}): {}", self.status, self.body))
    }

    /// Asserts that the call was refused like this.
    pub fn refuses(&self, status: u16, reason: &str) -> &Seen {
        assert_eq!((self.status.as_u16(), self.json()["reason"].as_str()), (status, Some(reason)), "{}", self.body);
        self
    }

    /// Asserts that the call was answered like this.
    pub fn answers(&self, status: u16) -> serde_json::Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.json()
    }

    /// The value of the hidden field `name` of the form that goes to `action`.
    fn hidden(&self, action: &str, name: &str) -> Option<String> {
        let form = &self.body[self.body.find(&format!("action=\"{action}\""))?..];
        let field = &form[form.find(&format!("name=\"{name}\" value=\""))?..];
        field.split('"').nth(3).map(str::to_owned)
    }
}

const CAST: &[(&str, Office, &str)] = &[
    ("granny", Office::Owner, "shiliu/1/1/301"),
    ("tenant", Office::Tenant, "shiliu/2/1/101"),
    ("captain", Office::Captain, "shiliu/1"),
    ("other-captain", Office::Captain, "shiliu/2"),
    ("property", Office::Property, "shiliu"),
    ("committee", Office::Committee, "shiliu"),
    ("community", Office::Community, "community"),
    ("guard", Office::Guard, "shiliu"),
];

impl Village {
    pub async fn on(db: Db) -> Village {
        Village::of(app_on(db)).await
    }

    /// The same where letters go out; they wait in the database until a story looks at them.
    pub async fn by_mail(db: Db) -> Village {
        let mut parts = parts_on(db, true);
        parts.config.public_url = Some("http://mulin.example".into());
        let from = "睦邻 <mulin@mulin.example>";
        parts.mail = Some(kit::mail::Mailer::open("smtp://127.0.0.1:1", None, from).expect("a mail server is named."));
        Village::of(App::new(parts)).await
    }

    /// The village in a house that was put together otherwise.
    pub async fn of(app: App) -> Village {
        let context = app.context();
        let tokens = app.db.transact(&context, |tx| Box::pin(async move { settle(tx).await })).await;
        let tokens = tokens.expect("the village can be settled.");
        let routes = features::routes(&app);
        Village { app, routes, tokens }
    }

    /// An empty house in earnest, where nobody can sign in yet.
    pub fn empty(db: Db) -> Village {
        let app = app_with(db, false);
        let routes = features::routes(&app);
        Village { app, routes, tokens: HashMap::new() }
    }

    /// A house that is filled already, where nobody is signed in.
    pub fn beside(app: &App) -> Village {
        Village { app: app.clone(), routes: features::routes(app), tokens: HashMap::new() }
    }

    /// Somebody new with an account and an office since a month, signed in; until when, in days from now, if not for good.
    pub async fn joins(
        &mut self,
        name: &'static str,
        tenant: TenantId,
        office: Office,
        place: PlaceId,
        until: Option<i64>,
    ) -> PersonId {
        let context = self.app.context();
        let joined = self.app.db.transact(&context, |tx| {
            Box::pin(async move {
                let account = people::add_account(tx, name, None).await?.expect("the cast has different names.");
                let person = people::add_person(tx, tenant, Some(account), name, name).await?;
                let (starts, ends) = (tx.now() - Moment::days(30), until.map(|days| tx.now() + Moment::days(days)));
                let mandate =
                    NewMandate { person, office, place, organisation: None, source: Source::Appointment, starts, ends };
                people::add_mandate(tx, tenant, &mandate).await?;
                Ok((person, session::open(tx, account.0, "test").await?))
            })
        });
        let (person, token) = joined.await.expect("somebody can join.");
        self.tokens.insert(name, token);
        person
    }

    /// Remembers the session that an answer began, under a name.
    pub fn remember(&mut self, who: &'static str, seen: &Seen) {
        let token = seen.session.clone().expect("the answer begins a session.");
        self.tokens.insert(who, token);
    }

    /// Lets time pass.
    pub fn wait(&self, ms: i64) {
        self.app.clock.advance(ms);
    }

    /// Works off the jobs that are due.
    pub async fn listeners(&self) {
        while crate::chores::worker(&self.app).round().await.expect("jobs can be read.") > 0 {}
    }

    /// Hands over what is due to leave the house.
    pub async fn post_all(&self) {
        while crate::deliver::round(&self.app).await.expect("deliveries can be read.") > 0 {}
    }

    /// A letter as the operator's mail server hands it in.
    pub async fn letter(&self, token: &str, query: &str, raw: &[u8]) -> Seen {
        let request = self
            .request("postman", "POST", &format!("/hooks/mail{query}"))
            .header(header::CONTENT_TYPE, "message/rfc822")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from(raw.to_vec()))
            .expect("a request.");
        self.send(request).await
    }

    pub async fn get(&self, who: &str, path: &str) -> Seen {
        self.send(self.request(who, "GET", path).body(Body::empty()).expect("a request.")).await
    }

    /// The same with headers of a program's own.
    pub async fn get_with(&self, who: &str, path: &str, headers: &[(&str, &str)]) -> Seen {
        let request = self.request(who, "GET", path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::empty()).expect("a request.")).await
    }

    /// A call of a program with a bearer token; with a body it has a key of its own.
    pub async fn program(&self, token: &str, method: &str, path: &str, body: Option<&str>) -> Seen {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "mulin.example")
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        if body.is_some() {
            let key = hex::encode(self.app.ids.secret());
            request = request.header(header::CONTENT_TYPE, "application/json").header("idempotency-key", key);
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_owned()));
        self.send(request.body(body).expect("a request.")).await
    }

    /// Files that a program sends with a bearer token.
    pub async fn program_sends(&self, token: &str, path: &str, fields: &[(&str, &str)]) -> Seen {
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header(header::HOST, "mulin.example")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header("idempotency-key", hex::encode(self.app.ids.secret()));
        self.send(with_parts(request, fields)).await
    }

    /// A call of somebody, as their browser begins it.
    pub fn request(&self, who: &str, method: &str, path: &str) -> axum::http::request::Builder {
        let visitor = format!("{:0>32}", who.bytes().map(|b| format!("{b:x}")).collect::<String>());
        let visitor = &visitor[visitor.len() - 32..];
        let session = self.tokens.get(who).map(|token| format!("; mulin_s={token}")).unwrap_or_default();
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "mulin.example")
            .header(header::COOKIE, format!("mulin_v={visitor}; mulin_lang=zh-CN{session}"))
    }

    /// The answer as it comes, not yet read.
    pub async fn answer(&self, request: Request<Body>) -> axum::response::Response {
        self.routes.clone().oneshot(request).await.expect("the router answers.")
    }

    pub async fn send(&self, request: Request<Body>) -> Seen {
        let (parts, body) = request.into_parts();
        let (method, path) = (parts.method.clone(), parts.uri.to_string());
        let sent = to_bytes(body, 64 << 20).await.expect("a body.");
        let request = Request::from_parts(parts, Body::from(sent.clone()));
        let response = self.answer(request).await;
        let status = response.status();
        let location = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
        let location = location.to_owned();
        let cookies = response.headers().get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
        let session =
            cookies.filter_map(|line| line.strip_prefix("mulin_s=")?.split(';').next()).next_back().map(str::to_owned);
        let headers = response.headers().clone();
        let body = to_bytes(response.into_body(), 8 << 20).await.expect("a body.");
        let (method, path, sent) = (&method, path.as_str(), sent.as_ref());
        described::check(&described::Exchange { method, path, sent, status, headers: &headers, body: &body });
        Seen { status, location, body: String::from_utf8_lossy(&body).into_owned(), session, headers }
    }

    /// Opens the page at `from`, fills in the form that goes to `action`, and sends it.
    pub async fn fill(&self, who: &str, from: &str, action: &str, fields: &[(&str, &str)]) -> Seen {
        let page = self.get(who, from).await;
        let csrf =
            page.hidden(action, "_csrf").unwrap_or_else(|| panic!("{who} finds no form to {action}: {}", page.text()));
        let key = page.hidden(action, "_key").unwrap_or_default();
        self.post(who, action, &csrf, &key, fields).await
    }

    /// Sends a form without having seen it: what somebody does who makes it up.
    pub async fn forge(&self, who: &str, action: &str, fields: &[(&str, &str)]) -> Seen {
        let page = self.get(who, "/say/requests/open").await;
        let csrf = page.hidden("/say/requests/open", "_csrf").unwrap_or_default();
        let key = hex::encode(self.app.ids.secret());
        self.post(who, action, &csrf, &key, fields).await
    }

    pub async fn post(&self, who: &str, action: &str, csrf: &str, key: &str, fields: &[(&str, &str)]) -> Seen {
        let fields = [&[("_csrf", csrf), ("_key", key)], fields].concat();
        self.send(with_parts(self.request(who, "POST", action), &fields)).await
    }

    /// Files as a program sends them: `file:photo` is a photo in hexadecimal.
    pub async fn upload(&self, who: &str, path: &str, key: &str, fields: &[(&str, &str)]) -> Seen {
        let csrf = self.csrf(who).await;
        let request = self.request(who, "POST", path).header("idempotency-key", key).header("x-csrf-token", csrf);
        self.send(with_parts(request, fields)).await
    }

    /// A form as programs send it: no page seen, no token.
    pub async fn plain_form(&self, who: &str, path: &str, body: &str) -> Seen {
        let request = self
            .request(who, "POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .expect("a request.");
        self.send(request).await
    }

    /// All of it in the address, and no body.
    pub async fn bare_post(&self, who: &str, path: &str) -> Seen {
        self.send(self.request(who, "POST", path).body(Body::empty()).expect("a request.")).await
    }

    /// The same with headers of a program's own.
    pub async fn form_with(&self, who: &str, path: &str, body: &str, headers: &[(&str, &str)]) -> Seen {
        let request = self.request(who, "POST", path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::from(body.to_owned())).expect("a request.")).await
    }

    /// What a session's pages would put into a form; nothing for whoever has none.
    async fn csrf(&self, who: &str) -> String {
        match self.tokens.contains_key(who) {
            true => self.get(who, "/say/requests/open").await.hidden("/say/requests/open", "_csrf").unwrap_or_default(),
            false => String::new(),
        }
    }

    pub async fn json(&self, who: &str, method: &str, path: &str, key: &str, body: &str) -> Seen {
        self.json_with(who, method, path, (key, body), &[]).await
    }

    /// The same with headers of a program's own.
    pub async fn json_with(
        &self,
        who: &str,
        method: &str,
        path: &str,
        (key, body): (&str, &str),
        headers: &[(&str, &str)],
    ) -> Seen {
        let csrf = self.csrf(who).await;
        let request = self
            .request(who, method, path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .header("x-csrf-token", csrf);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::from(body.to_owned())).expect("a request.")).await
    }

    /// A deed by a call; its key is padded to the length that keys have.
    pub async fn call(&self, who: &str, path: &str, key: &str, body: &serde_json::Value) -> Seen {
        self.json(who, "POST", path, &format!("{key}-0123456789abcdef"), &body.to_string()).await
    }
}

/// A request whose body comes in parts.
fn with_parts(request: axum::http::request::Builder, fields: &[(&str, &str)]) -> Request<Body> {
    let boundary = "mulinboundary";
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = match name.strip_prefix("file:") {
            Some(field) => {
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"p.jpg\"\r\n\r\n")
            }
            None => format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n"),
        };
        body.extend(head.bytes());
        match name.starts_with("file:") {
            true => body.extend(hex::decode(value).expect("a photo in hexadecimal.")),
            false => body.extend(value.bytes()),
        }
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").bytes());
    request
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"))
        .body(Body::from(body))
        .expect("a request.")
}

async fn settle(tx: &mut Tx<'_>) -> Result<HashMap<&'static str, String>> {
    let tenant = Tenant {
        id: tx.id(),
        parent: None,
        kind: TenantKind::Community,
        code: "liuhua".into(),
        name: "榴花社区".into(),
        name_en: "Liuhua".into(),
        zone: "Asia/Shanghai".into(),
    };
    places::add_tenant(tx, &tenant).await?;
    let mut all: Vec<Place> = Vec::new();
    let new = |kind, step: &str, name: &str| NewPlace::new(kind, step, name, format!("{step} (en)"));
    let root = places::add(tx, tenant.id, None, new(PlaceKind::Community, "community", "榴花社区")).await?;
    let compound = places::add(tx, tenant.id, Some(&root), new(PlaceKind::Compound, "shiliu", "石榴园")).await?;
    for building in ["1", "2"] {
        let name = format!("{building}号楼");
        let building = places::add(tx, tenant.id, Some(&compound), new(PlaceKind::Building, building, &name)).await?;
        let entrance = places::add(tx, tenant.id, Some(&building), new(PlaceKind::Entrance, "1", "1单元")).await?;
        for home in ["101", "301"] {
            all.push(places::add(tx, tenant.id, Some(&entrance), new(PlaceKind::Home, home, home)).await?);
        }
        all.extend([building, entrance]);
    }
    all.extend([root, compound]);
    for category in case::starting_categories() {
        case::store::add_category(tx, tenant.id, &category).await?;
    }
    let mut tokens = HashMap::new();
    for (name, office, path) in CAST {
        let account = people::add_account(tx, name, None).await?.expect("the cast has different names.");
        let person = people::add_person(tx, tenant.id, Some(account), name, name).await?;
        let place = all.iter().find(|place| place.path == *path).expect("the cast lives in the village.");
        let starts = tx.now() - Moment::days(30);
        let mandate = NewMandate {
            person,
            office: *office,
            place: place.id,
            organisation: None,
            source: Source::Appointment,
            starts,
            ends: (*name == "other-captain").then(|| starts + Moment::days(60)),
        };
        people::add_mandate(tx, tenant.id, &mandate).await?;
        tokens.insert(*name, session::open(tx, account.0, "test").await?);
    }
    Ok(tokens)
}

/// The start of the house is the same as in the binary.
#[test]
fn settings_name_the_database() {
    let settings = boot::Settings { data: "x".into(), ..Default::default() };
    assert_eq!(boot::database(&settings), kit::db::DbUrl::Sqlite("x/mulin.db".into()));
}
