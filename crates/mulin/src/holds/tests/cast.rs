//! Every kind of person there is to this house, in one village: some twenty, with what each is there.

use super::samples::say::{RED, VOICE};
use super::samples::{Stage, form};
use crate::holds::store;
use crate::say::requests::actions;
use crate::village::{Village, parts_on};
use axum::http::{Request, header};
use commons::case::store as cases;
use commons::people::Office;
use commons::people::store::seat;
use commons::place::{NewPlace, Place, PlaceKind, Tenant, TenantId, TenantKind, store as places};
use kit::db::Db;
use kit::outgoing::Outgoing;
use kit::time::Moment;
use kit::web::App;
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering};

/// A kind of person: the letter of its column, the name of its session, and what it is.
pub struct Kind {
    pub letter: char,
    pub who: &'static str,
    pub is: &'static str,
}

const fn kind(letter: char, who: &'static str, is: &'static str) -> Kind {
    Kind { letter, who, is }
}

pub const CAST: &[Kind] = &[
    kind('0', "stranger", "nobody who is signed in"),
    kind('a', "granny", "an owner in building 1; said whatever was said"),
    kind('n', "neighbour", "an owner in building 1, next door"),
    kind('b', "tenant", "a tenant in building 2"),
    kind('c', "away", "an owner in another compound of the same community"),
    kind('k', "captain", "the captain of building 1, in term"),
    kind('o', "former", "a captain of building 1 whose term is over"),
    kind('l', "onleave", "a captain of building 1 who is on leave"),
    kind('d', "deputy", "the deputy of the one on leave, in building 2 otherwise"),
    kind('2', "other-captain", "the captain of building 2"),
    kind('g', "grid", "the grid worker"),
    kind('w', "committee", "the owners' committee of the compound"),
    kind('p', "property", "the property service of the compound"),
    kind('u', "guard", "a guard at its gate"),
    kind('h', "hub", "the hub's staff"),
    kind('s', "community", "the community's staff"),
    kind('j', "subdistrict", "the subdistrict's staff"),
    kind('r', "partner", "a partner of the community"),
    kind('m', "operator", "whoever runs the machine"),
    kind('x', "elsewhere", "the staff of another community in the same house"),
    kind('y', "substitute", "an owner next door who stands in for the first owner, in her part"),
    kind('t', "#neighbour", "a token of the owner next door, with every scope"),
    kind('i', "#program", "a token of a program of the property service, with every scope"),
];

/// The village with all of them, and what it takes to call in their names.
pub struct Cast {
    pub stage: Stage,
    pub other: TenantId,
    tokens: [String; 2],
}

const SCOPES: [&str; 6] = ["requests:read", "requests:write", "me:read", "me:write", "office:read", "office:write"];

/// A village that writes letters and calls robots on this machine, none of which are there.
async fn village(db: Db, demo: bool) -> Village {
    static HOUSES: AtomicU64 = AtomicU64::new(0);
    let mut parts = parts_on(db, true);
    parts.config.demo = demo;
    // What lies beside one house is not another's.
    parts.config.data = parts.config.data.join(format!("cast{}", HOUSES.fetch_add(1, Ordering::Relaxed)));
    parts.config.public_url = Some("http://mulin.localhost".into());
    let from = "睦邻 <mulin@mulin.example>";
    parts.mail = Some(kit::mail::Mailer::open("smtp://127.0.0.1:1", None, from).unwrap());
    parts.outgoing = Outgoing::new(true);
    parts.sms = Some(super::samples::gateway());
    Village::of(App::new(parts)).await
}

impl Cast {
    pub async fn on(db: Db) -> Cast {
        Cast::of(db, true).await
    }

    /// The same in a house in earnest, where nobody is let in with one click.
    pub async fn in_earnest(db: Db) -> Cast {
        Cast::of(db, false).await
    }

    async fn of(db: Db, demo: bool) -> Cast {
        let mut village = village(db.clone(), demo).await;
        let (tenant, compound) = places::by_code(&db, "shiliu").await.unwrap().unwrap();
        let all = places::all(&db, tenant).await.unwrap();
        let at = |path: &str| all.iter().find(|place| place.path == path).unwrap().id;
        let root = all.iter().find(|place| place.kind == PlaceKind::Community).unwrap();
        let yulan = raise(&village, tenant, Some(root), ("yulan", "玉兰苑")).await;
        let (other, over) = (
            community(&village, TenantKind::Community, ("taohua", "桃花社区")).await,
            community(&village, TenantKind::Subdistrict, ("street", "东街街道")).await,
        );
        store::put_under(&db, tenant, over.id).await;
        let roots = [places::all(&db, other.id).await.unwrap(), places::all(&db, over.id).await.unwrap()];
        let tao = raise(&village, other.id, roots[0].first(), ("taoli", "桃李园")).await;
        let building = at("shiliu/1");
        for (name, office, place) in [
            ("neighbour", Office::Owner, at("shiliu/1/1/101")),
            ("substitute", Office::Owner, at("shiliu/1/1/101")),
            ("grid", Office::GridWorker, at("shiliu")),
            ("hub", Office::Hub, root.id),
            ("partner", Office::Partner, root.id),
            ("operator", Office::Operator, root.id),
            ("former", Office::Captain, building),
            ("onleave", Office::Captain, building),
            ("deputy", Office::Owner, at("shiliu/2/1/301")),
            ("away", Office::Owner, yulan.last().unwrap().id),
        ] {
            village.joins(name, tenant, office, place, (name == "former").then_some(-1)).await;
        }
        village.joins("subdistrict", over.id, Office::Subdistrict, roots[1][0].id, None).await;
        village.joins("elsewhere", other.id, Office::Community, roots[0][0].id, None).await;
        village.joins("far", other.id, Office::Owner, tao.last().unwrap().id, None).await;
        village.joins("far-captain", other.id, Office::Captain, tao[1].id, None).await;
        village.joins("far-property", other.id, Office::Property, tao[0].id, None).await;
        village.joins("far-committee", other.id, Office::Committee, tao[0].id, None).await;
        village.joins("far-hub", other.id, Office::Hub, roots[0][0].id, None).await;
        store::lay_out(&db, tenant).await;
        let stage = Stage { village, tenant, compound };
        stage.sends_away("onleave", "deputy").await;
        let agreed = stage.calls("granny", "/api/v1/me/standing", json!({ "days": 30 })).await;
        let stands = stage.calls("substitute", "/api/v1/me/standing/accept", json!({ "code": agreed["code"] })).await;
        let begin = format!("/api/v1/me/standing/{}/begin", stands["id"].as_str().unwrap());
        stage.calls("substitute", &begin, json!({})).await;
        let body = json!({ "name": "全部", "scopes": SCOPES, "days": 30 });
        let own = stage.calls("neighbour", "/api/v1/tokens", body.clone()).await;
        let mut program = body;
        program["office"] = "property".into();
        program["at"] = "shiliu".into();
        let program = stage.calls("community", "/api/v1/integrations", program).await;
        let text = |made: &serde_json::Value| made["token"].as_str().unwrap().to_owned();
        Cast { tokens: [text(&own), text(&program)], other: other.id, stage }
    }

    /// A request of somebody of the cast; those with a token show it instead of a session.
    pub fn as_kind(&self, kind: &Kind, mut request: Request<axum::body::Body>) -> Request<axum::body::Body> {
        let token = match kind.who {
            "#neighbour" => &self.tokens[0],
            "#program" => &self.tokens[1],
            _ => return request,
        };
        for name in [header::COOKIE.as_str(), "x-csrf-token"] {
            request.headers_mut().remove(name);
        }
        let value = format!("Bearer {token}").parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, value);
        request
    }

    /// Something private with a photo and a way to be reached: its code, the code of its slip, its photo.
    pub async fn private(&self, who: &'static str, at: &str) -> [String; 3] {
        let fields = [
            ("at", at),
            ("words", "楼上夜里很吵，睡不着"),
            ("category", "clutter"),
            ("private", "1"),
            ("contact", "13800138000"),
            ("file:photo", RED),
            ("file:voice", VOICE),
        ];
        let to = self.stage.does(&form(who, "/say/requests", &fields)).await;
        let page = to.split('?').next().unwrap().to_owned();
        let code = page.rsplit('/').next().unwrap().to_owned();
        let app = &self.stage.village.app;
        let case = cases::by_code(&app.db, &code).await.unwrap().unwrap().row.case;
        let pickup = actions::pickup_code(&app.secrets, case.id);
        [code, pickup, self.stage.photo(who, &page).await]
    }
}

impl Stage {
    /// Somebody goes on leave and somebody else stands in.
    async fn sends_away(&self, who: &str, deputy: &str) {
        let ((_, holder), (_, deputy)) = (self.person(who).await, self.person(deputy).await);
        let (app, tenant) = (&self.village.app, self.tenant);
        let now = app.clock.now();
        let id = store::mandate_of(&app.db, tenant, holder.0).await;
        let context = app.context();
        let away = (now - Moment::days(1), now + Moment::days(60));
        let sent = app.db.transact(&context, |tx| {
            Box::pin(async move {
                seat::set_deputy(tx, tenant, id.into(), Some(deputy)).await?;
                seat::set_away(tx, tenant, id.into(), Some(away)).await.map(drop)
            })
        });
        sent.await.unwrap();
    }
}

/// A community, or a subdistrict, with nothing below its root.
async fn community(village: &Village, kind: TenantKind, (code, name): (&str, &str)) -> Tenant {
    let context = village.app.context();
    let made = village.app.db.transact(&context, |tx| {
        Box::pin(async move {
            let tenant = Tenant {
                id: tx.id(),
                parent: None,
                kind,
                code: code.into(),
                name: name.into(),
                name_en: code.into(),
                zone: "Asia/Shanghai".into(),
            };
            places::add_tenant(tx, &tenant).await?;
            let root = if kind == TenantKind::Community { PlaceKind::Community } else { PlaceKind::Subdistrict };
            places::add(tx, tenant.id, None, NewPlace::new(root, code, name, code)).await?;
            for category in commons::case::starting_categories() {
                cases::add_category(tx, tenant.id, &category).await?;
            }
            Ok(tenant)
        })
    });
    made.await.unwrap()
}

/// A compound with one building, one entrance and one home, in this order.
async fn raise(village: &Village, tenant: TenantId, root: Option<&Place>, (code, name): (&str, &str)) -> Vec<Place> {
    let context = village.app.context();
    let made = village.app.db.transact(&context, |tx| {
        Box::pin(async move {
            let mut all: Vec<Place> = Vec::new();
            for (kind, step, name) in [
                (PlaceKind::Compound, code, name),
                (PlaceKind::Building, "1", "1号楼"),
                (PlaceKind::Entrance, "1", "1单元"),
                (PlaceKind::Home, "101", "101"),
            ] {
                let parent = all.last().or(root);
                let place = places::add(tx, tenant, parent, NewPlace::new(kind, step, name, step)).await?;
                all.push(place);
            }
            Ok(all)
        })
    });
    made.await.unwrap()
}
