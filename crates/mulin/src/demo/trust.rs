//! Who vouched for whom: what was seen in one building's homes, somebody who asks to belong, a deputy, and a register for votes.

use super::names;
use super::people::Town;
use super::places::{Building, Community, Town as Ground};
use super::rng::Rng;
use commons::people::household::{Proof, Seen, Share, store as households};
use commons::people::store::seat;
use commons::people::{Actor, Office, PersonId};
use commons::place::Place;
use commons::register::{Owner, Unit, UnitKind, store as register};
use kit::db::{By, Tx};
use kit::time::Moment;
use kit::web::App;
use kit::{Error, Result};

/// Units poured in one transaction.
const AT_ONCE: usize = 100;

pub async fn pour(app: &App, ground: &Ground, town: &Town) -> Result<()> {
    let first = ground.communities.first().ok_or(Error::NotFound)?;
    let showcase = first.compounds.first().and_then(|compound| compound.buildings.get(2)).ok_or(Error::NotFound)?;
    let context = app.context();
    let told = app.db.transact(&context, |tx| {
        Box::pin(async move {
            homes(tx, showcase, town).await?;
            deputy(tx, showcase, town).await
        })
    });
    told.await?;
    for community in &ground.communities {
        units(app, community).await?;
    }
    Ok(())
}

fn seat_of(town: &Town, office: Office, place: &Place) -> Result<(Actor, PersonId)> {
    let actor = town.seats.get(&(office, place.id)).ok_or(Error::NotFound)?;
    let person = actor.persons.first().ok_or(Error::NotFound)?.id;
    Ok((actor.clone(), person))
}

/// The captain has seen something for every home, and somebody from next door asks to belong to one.
async fn homes(tx: &mut Tx<'_>, building: &Building, town: &Town) -> Result<()> {
    let (_, captain) = seat_of(town, Office::Captain, &building.place)?;
    let now = tx.now();
    tx.travel(now - Moment::days(200), By { person: Some(captain.0), on_behalf: None, office: Some("captain".into()) });
    let mut neighbour = None;
    for (at, home) in building.homes.iter().enumerate() {
        let Some(mandate) = town.homes.get(&home.id).and_then(|actor| actor.mandates.first()) else { continue };
        let proof = match mandate.office {
            Office::Owner => Proof::Certificate,
            Office::Tenant => Proof::Lease,
            _ => Proof::Known,
        };
        let share = (mandate.office == Office::Owner).then_some(Share::ALL);
        households::record(tx, home, (mandate.id, mandate.office), Seen { proof, share }, Office::Captain).await?;
        if at == 8 {
            neighbour = Some(mandate.person);
        }
    }
    if let (Some(person), Some(home)) = (neighbour, building.homes.first()) {
        tx.travel(now - Moment::hours(5), By { person: Some(person.0), on_behalf: None, office: None });
        households::ask(tx, home, person, Office::Family).await?;
    }
    tx.travel(now, By::default());
    Ok(())
}

/// The captain has named a neighbour who stands in, and is away for a fortnight in spring.
async fn deputy(tx: &mut Tx<'_>, building: &Building, town: &Town) -> Result<()> {
    let (captain, _) = seat_of(town, Office::Captain, &building.place)?;
    let mandate = captain.mandates.first().ok_or(Error::NotFound)?;
    let neighbour = building.homes.get(5).and_then(|home| town.homes.get(&home.id));
    let Some(person) = neighbour.and_then(|actor| actor.persons.first()) else { return Ok(()) };
    seat::set_deputy(tx, mandate.tenant, mandate.id, Some(person.id)).await?;
    let from = tx.now() + Moment::days(90);
    seat::set_away(tx, mandate.tenant, mandate.id, Some((from, from + Moment::days(14)))).await.map(drop)
}

/// Where there is an owners' committee there is a register: a unit for every home of two buildings, parking spaces, and what
/// the developer has not sold.
async fn units(app: &App, community: &Community) -> Result<()> {
    let mut rng = Rng::new(super::SEED ^ 0x0714);
    for compound in community.compounds.iter().filter(|compound| compound.gated) {
        let at = (community.tenant, compound.place.id);
        let mut all = Vec::new();
        for building in compound.buildings.iter().take(2) {
            for (n, home) in building.homes.iter().enumerate() {
                let mut owner = || Owner { name: names::name(&mut rng).0, mark: String::new(), share: None };
                let mut owners = vec![owner()];
                match n % 10 {
                    3 => {
                        owners.push(owner());
                        owners.iter_mut().for_each(|one| one.share = Some(Share { part: 1, whole: 2 }));
                    }
                    7 => owners[0].name = "榴香置业".to_owned(),
                    _ => {}
                }
                owners.dedup_by(|one, other| one.name == other.name);
                let code = home.path.split_once('/').map_or(home.path.as_str(), |(_, code)| code).replace('/', "-");
                all.push(Unit { code, kind: UnitKind::Home, area: home.area.unwrap_or(8_800), owners });
            }
        }
        for n in 1..=12 {
            let owners = vec![Owner { name: names::name(&mut rng).0, mark: String::new(), share: None }];
            all.push(Unit { code: format!("B-{n:03}"), kind: UnitKind::Parking, area: 1_325, owners });
        }
        for some in all.chunks(AT_ONCE) {
            let context = app.context();
            let poured = app.db.transact(&context, |tx| {
                Box::pin(async move {
                    for unit in some {
                        register::put(tx, &app.secrets, at, unit).await?;
                    }
                    Ok(())
                })
            });
            poured.await?;
        }
    }
    Ok(())
}
