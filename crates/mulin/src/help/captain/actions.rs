//! Joining and leaving a team, giving a number, filling in a board.

use super::policy::{self, Card};
use commons::people::{Actor, Office};
use commons::place::{Place, PlaceId, PlaceKind, store as places};
use commons::seat::{self, ANSWERING, BoardWords, TeamDuty, store};
use kit::book::Activity;
use kit::db::{Db, Tx};
use kit::secrets::Secrets;
use kit::web::form::Problems;
use kit::{Error, Result};
use serde_json::json;

pub const DUTIES_CHARACTERS_MAX: usize = 300;
pub const AREA_CHARACTERS_MAX: usize = 300;

/// A building by the path of itself or of something in it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such place, or it lies in no building.
pub async fn building(db: &Db, path: &str) -> Result<Place> {
    let place = places::by_whole_path(db, path).await?.ok_or(Error::NotFound)?;
    match (place.kind, place.building) {
        (PlaceKind::Building, _) => Ok(place),
        (_, Some(building)) => places::find(db, place.tenant, building).await?.ok_or(Error::NotFound),
        _ => Err(Error::NotFound),
    }
}

/// # Errors
/// [`Error::Invalid`] on `duty`.
pub fn duty(text: &str) -> Result<TeamDuty> {
    TeamDuty::parse(text).ok_or(Error::invalid("duty", "captains/duty"))
}

pub async fn join(tx: &mut Tx<'_>, actor: &Actor, building: &Place, duty: TeamDuty) -> Result<()> {
    policy::join(actor, building)?;
    let person = actor.person_in(building.tenant).ok_or(Error::denied("captains/not-neighbour"))?;
    if !store::join(tx, building.tenant, building.id, duty, person).await? {
        return Err(Error::conflict("captains/in-already"));
    }
    record(tx, building, "captains/joined", json!({ "duty": duty })).await
}

/// Leaving needs no reason and no office: whoever is in may go.
pub async fn leave(tx: &mut Tx<'_>, actor: &Actor, building: &Place, duty: TeamDuty) -> Result<()> {
    let person = actor.person_in(building.tenant).ok_or(Error::denied("account/sign-in-first"))?;
    if !store::leave(tx, building.tenant, building.id, duty, person).await? {
        return Err(Error::conflict("captains/not-in"));
    }
    record(tx, building, "captains/left", json!({ "duty": duty })).await
}

/// What is typed for a seat.
#[derive(Clone, Debug)]
pub struct NewCard {
    pub office: Office,
    pub phone: Option<String>,
    pub duties: String,
}

impl NewCard {
    /// # Errors
    /// [`Error::Invalid`] with every field that has to change.
    pub fn check(get: impl Fn(&str) -> String) -> Result<NewCard> {
        let mut problems = Problems::default();
        let office = Office::parse(&get("office")).filter(|office| ANSWERING.contains(office));
        let (phone, duties) = (get("phone"), get("duties"));
        problems.when(office.is_none(), "office", "captains/office");
        problems.when(!phone.is_empty() && !seat::is_phone(&phone), "phone", "captains/phone");
        problems.when(duties.chars().count() > DUTIES_CHARACTERS_MAX, "duties", "captains/too-long");
        problems.none()?;
        let office = office.ok_or(Error::invalid("office", "captains/office"))?;
        Ok(NewCard { office, phone: Some(phone).filter(|phone| !phone.is_empty()), duties })
    }
}

/// Where an office that answers for a building has its seat.
pub async fn seat_of(db: &Db, building: &Place, office: Office) -> Result<PlaceId> {
    let place = match office {
        Office::Captain => Some(building.id),
        Office::GridWorker => building.grid,
        Office::Community => places::root(db, building.tenant).await?.map(|root| root.id),
        _ => building.compound,
    };
    place.ok_or(Error::NotFound)
}

pub async fn card(
    tx: &mut Tx<'_>,
    (actor, secrets): (&Actor, &Secrets),
    building: &Place,
    seat: PlaceId,
    new: &NewCard,
) -> Result<()> {
    let tenant = building.tenant;
    let at = (tenant, seat, new.office);
    match policy::card(actor, tenant, new.office, seat)?.0 {
        Card::Own => {
            let giver = actor.person_in(tenant).filter(|_| new.phone.is_some());
            store::save_card(tx, secrets, at, (new.phone.as_deref(), giver), &new.duties).await?;
        }
        Card::Deputy => {
            let giver = actor.person_in(tenant).ok_or(Error::denied("account/sign-in-first"))?;
            store::save_deputy(tx, secrets, at, (new.phone.as_deref(), giver)).await?;
        }
        Card::OfSeat => store::save_card(tx, secrets, at, (new.phone.as_deref(), None), &new.duties).await?,
        Card::DutiesAlone if new.phone.is_some() => return Err(Error::denied("captains/phone-own")),
        Card::DutiesAlone => store::save_duties(tx, at, &new.duties).await?,
    }
    record(tx, building, "captains/card", json!({ "office": new.office, "phone": new.phone.is_some() })).await
}

/// # Errors
/// [`Error::Invalid`] with every field that has to change.
pub fn check_board(get: impl Fn(&str) -> String) -> Result<BoardWords> {
    let words = BoardWords { area: get("area"), supervision: get("supervision") };
    let mut problems = Problems::default();
    problems.when(words.area.chars().count() > AREA_CHARACTERS_MAX, "area", "captains/too-long");
    let wrong = !words.supervision.is_empty() && !seat::is_phone(&words.supervision);
    problems.when(wrong, "supervision", "captains/phone");
    problems.none()?;
    Ok(words)
}

/// The area belongs to the grid of this building, the supervision number to the whole community.
pub async fn board(tx: &mut Tx<'_>, actor: &Actor, building: &Place, words: &BoardWords) -> Result<()> {
    let tenant = building.tenant;
    policy::keeper(actor, tenant)?;
    let root = places::root_in(tx, tenant).await?;
    if let Some(grid) = building.grid {
        let area = BoardWords { area: words.area.clone(), ..BoardWords::default() };
        store::save_words(tx, tenant, grid, &area).await?;
    } else if !words.area.is_empty() {
        return Err(Error::invalid("area", "captains/no-grid"));
    }
    if let Some(root) = root {
        let supervision = BoardWords { supervision: words.supervision.clone(), ..BoardWords::default() };
        store::save_words(tx, tenant, root.id, &supervision).await?;
    }
    record(tx, building, "captains/board", json!({})).await
}

async fn record(tx: &mut Tx<'_>, building: &Place, stem: &'static str, facts: serde_json::Value) -> Result<()> {
    let activity = Activity::of(building.tenant, stem, "place", building.id).at_place(building.id).with(facts);
    tx.record(activity).await.map(drop)
}
