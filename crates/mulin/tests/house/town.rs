//! A neighbourhood for a house: one building with a home for every writer, its captain, the property company, the community.

use super::{House, call};
use commons::case::{self, Door, standards, store};
use commons::people::store::{self as people, NewMandate};
use commons::people::{Office, Source};
use commons::place::store as places;
use commons::place::{NewPlace, PlaceKind, Tenant, TenantKind};
use kit::Result;
use kit::db::{By, Context, Db, DbUrl, Tx};
use kit::id::IdMaker;
use kit::time::{Clock, Moment};
use kit::web::session;
use std::collections::BTreeMap;

/// Settles a house before it starts: its database, the sessions by name, and the property service's seat.
pub async fn settled(house: &House, writers: usize) -> (Db, BTreeMap<String, String>, String) {
    let file = || DbUrl::Sqlite(house.data.join("mulin.db"));
    let url = house.database.as_ref().map_or_else(file, |url| DbUrl::parse(url));
    let db = Db::open(&url).await.unwrap();
    db.migrate(&mulin::migrations()).await.unwrap();
    let context = Context { now: Clock::System.now(), ids: IdMaker::Random, by: By::default(), listeners: &[] };
    let settling = db.transact(&context, |tx| Box::pin(async move { settle(tx, writers).await }));
    let (tokens, seat) = settling.await.unwrap();
    (db, tokens, seat)
}

/// The token of somebody's forms.
pub async fn csrf(port: u16, session: &str) -> String {
    let cookie = format!("mulin_s={session}");
    let page = call(port, "GET", "/say/requests/open", &[("Cookie", &cookie)], b"").await.unwrap().text();
    page.split("name=\"_csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

async fn settle(tx: &mut Tx<'_>, writers: usize) -> Result<(BTreeMap<String, String>, String)> {
    let id = tx.id();
    let (zone, kind) = ("Asia/Shanghai".into(), TenantKind::Community);
    let (name, name_en) = ("榴花社区".to_owned(), "Liuhua".to_owned());
    places::add_tenant(tx, &Tenant { id, parent: None, kind, code: "liuhua".into(), name, name_en, zone }).await?;
    let new = |kind, step: &str| NewPlace::new(kind, step, step, step);
    let root = places::add(tx, id, None, new(PlaceKind::Community, "community")).await?;
    let compound = places::add(tx, id, Some(&root), new(PlaceKind::Compound, "shiliu")).await?;
    let building = places::add(tx, id, Some(&compound), new(PlaceKind::Building, "1")).await?;
    let entrance = places::add(tx, id, Some(&building), new(PlaceKind::Entrance, "1")).await?;
    let mut seats = vec![
        ("captain".to_owned(), Office::Captain, building.id),
        ("property".to_owned(), Office::Property, compound.id),
        ("community".to_owned(), Office::Community, root.id),
    ];
    for n in 0..writers {
        let home = places::add(tx, id, Some(&entrance), new(PlaceKind::Home, &format!("10{n}"))).await?;
        seats.push((format!("writer-{n}"), Office::Owner, home.id));
    }
    for category in case::starting_categories() {
        store::add_category(tx, id, &category).await?;
    }
    // Noise waits nowhere: it climbs by itself, whenever somebody looks at the clock.
    for door in Door::ALL {
        for clock in [standards::ClockKind::Accept, standards::ClockKind::Answer, standards::ClockKind::Settle] {
            let (category, amount, unit) = (Some("noise".to_owned()), 0, standards::Unit::Minutes);
            standards::store::put(tx, id, root.id, &standards::Standard { category, door: *door, clock, amount, unit })
                .await?;
        }
    }
    let mut tokens = BTreeMap::new();
    for (name, office, place) in seats {
        let account = people::add_account(tx, &name, None).await?.expect("nobody has this name yet.");
        let person = people::add_person(tx, id, Some(account), &name, &name).await?;
        let (source, organisation, ends, starts) = (Source::Appointment, None, None, tx.now() - Moment::days(1));
        people::add_mandate(tx, id, &NewMandate { person, office, place, organisation, source, starts, ends }).await?;
        tokens.insert(name, session::open(tx, account.0, "test").await?);
    }
    Ok((tokens, format!("property:{}", compound.id)))
}
