//! A year of life: what people said, who took it, what came of it. Done through the very deeds that people do.

use super::people::Town;
use super::places::{Building, Community, Compound, Town as Ground};
use super::rng::Rng;
use super::sayings;
use crate::say::requests::actions;
use crate::say::requests::model::{Deed, Draft, Hand, Spot};
use commons::case::road::Seats;
use commons::case::{Case, Channel, Door, Outcome, Satisfaction, State, WaitReason, clocks, store};
use commons::people::{Actor, Office};
use commons::place::Place;
use kit::book::Activity;
use kit::db::{By, Tx};
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::web::App;
use kit::{Error, Result};

/// Matters poured in one transaction.
const AT_ONCE: usize = 50;
const YEAR: i64 = 365;

/// One matter as chance has it, before it is done.
#[derive(Clone)]
struct Matter {
    said: Moment,
    community: usize,
    compound: usize,
    rng: Rng,
}

pub async fn pour(app: &App, rng: &mut Rng, ground: &Ground, town: &Town, matters: usize) -> Result<()> {
    let today = app.clock.now();
    let mut all: Vec<Matter> = (0..matters).map(|n| matter(rng, ground, today, n)).collect();
    all.sort_by_key(|matter| matter.said);
    for some in all.chunks(AT_ONCE) {
        let context = app.context();
        app.db
            .transact(&context, |tx| {
                Box::pin(async move {
                    for matter in some {
                        live(tx, &app.secrets, ground, town, matter.clone(), today).await?;
                    }
                    Ok(())
                })
            })
            .await?;
    }
    Ok(())
}

fn matter(rng: &mut Rng, ground: &Ground, today: Moment, n: usize) -> Matter {
    // A tenth of them in the last ten days, so that desks have something to do.
    let days = if n.is_multiple_of(10) { rng.between(0, 9) } else { rng.between(1, YEAR) };
    let hour = *rng.pick(&[7, 8, 8, 9, 9, 10, 11, 13, 14, 16, 17, 18, 18, 19, 19, 20, 21]);
    let midnight = today - today.0.rem_euclid(Moment::days(1));
    // The day in China begins eight hours before the one in UTC.
    let said = midnight - Moment::days(days) + Moment::hours(hour - 8) + Moment::minutes(rng.between(0, 59));
    let said = said.min(today - Moment::minutes(rng.between(10, 300)));
    let community = rng.below(ground.communities.len());
    let compound = rng.below(ground.communities[community].compounds.len());
    let seed = rng.between(0, i64::MAX - 1);
    Matter { said, community, compound, rng: Rng::new(seed as u64) }
}

/// One matter with what it needs at hand.
struct Life<'a, 't, 'env> {
    tx: &'a mut Tx<'env>,
    rng: Rng,
    now: Moment,
    today: Moment,
    town: &'t Town,
}

async fn live(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    ground: &Ground,
    town: &Town,
    matter: Matter,
    today: Moment,
) -> Result<()> {
    let community = &ground.communities[matter.community];
    let compound = &community.compounds[matter.compound];
    let mut life = Life { tx, rng: matter.rng, now: matter.said, today, town };
    let building = &compound.buildings[life.rng.below(compound.buildings.len())];
    let case = life.said(secrets, community, compound, building).await?;
    let told = match life.supported(compound, case).await {
        Ok(case) => life.handled(case).await,
        Err(other) => Err(other),
    };
    match told {
        // Beyond today nothing has happened yet.
        Err(Error::Conflict(reason)) if reason.0 == "demo/tomorrow" => Ok(()),
        other => other.map(drop),
    }
}

const TOMORROW: Error = Error::Conflict(kit::Reason("demo/tomorrow"));

impl Life<'_, '_, '_> {
    async fn said(
        &mut self,
        secrets: &Secrets,
        community: &Community,
        compound: &Compound,
        building: &Building,
    ) -> Result<Case> {
        let (slug, words) = sayings::saying(&mut self.rng);
        let home = building.homes[self.rng.below(building.homes.len())].clone();
        let place: Place = match slug {
            "parking" | "garbage" | "gate" | "ebike" | "greenery" | "facilities" if self.rng.percent(60) => {
                self.rng.pick(&compound.facilities).clone()
            }
            "leak" | "help" | "dispute" if self.rng.percent(50) => home.clone(),
            _ if self.rng.percent(40) => self.rng.pick(&building.entrances).clone(),
            _ => building.place.clone(),
        };
        let typist = self.town.seats.get(&(Office::Captain, building.place.id));
        let resident = self.town.homes.get(&home.id);
        let nobody = Actor::default();
        let chance = self.rng.below(100);
        let (actor, for_caller) = match (chance, typist, resident) {
            (0..12, Some(captain), _) => (captain, true),
            (12..80, _, Some(resident)) => (resident, false),
            _ => (&nobody, false),
        };
        let spot = Spot { place, compound_code: compound.code.into(), root: community.root.id };
        let channel = if chance >= 92 { Channel::Sign } else { Channel::Web };
        let private = self.rng.percent(6);
        let draft = Draft {
            words,
            category: Some(slug.into()),
            private,
            contact: None,
            for_caller,
            channel,
            more: Default::default(),
        };
        let office = for_caller.then_some(Office::Captain);
        self.travel(community.tenant, actor, office);
        actions::file(self.tx, secrets, Hand::of(actor), &spot, &draft, &[]).await
    }

    /// Neighbours who have the same trouble say so in the first hours.
    async fn supported(&mut self, compound: &Compound, mut case: Case) -> Result<Case> {
        if !case.is_public() || !self.rng.percent(22) {
            return Ok(case);
        }
        for _ in 0..self.rng.between(1, 6) {
            self.now = self.now + Moment::minutes(self.rng.between(4, 55));
            if self.now >= self.today {
                return Err(TOMORROW);
            }
            let building = &compound.buildings[self.rng.below(compound.buildings.len())];
            let home = &building.homes[self.rng.below(building.homes.len())];
            let neighbour = self.town.homes.get(&home.id).filter(|actor| !actor.is(case.tenant, case.author));
            let Some(neighbour) = neighbour.filter(|_| case.home != Some(home.id)) else { continue };
            self.travel(case.tenant, neighbour, None);
            case = actions::act(self.tx, Hand::of(neighbour), (case.tenant, case.id), &Deed::Support, &[]).await?;
        }
        Ok(case)
    }

    fn travel(&mut self, tenant: commons::place::TenantId, actor: &Actor, office: Option<Office>) {
        let by = By {
            person: actor.person_in(tenant).map(|person| person.0),
            on_behalf: None,
            office: office.map(|office| office.name().to_owned()),
        };
        self.tx.travel(self.now, by);
    }

    /// Lets hours pass; stops the story when they reach past today.
    fn wait(&mut self, from: i64, to: i64) -> Result<()> {
        self.now = self.now + Moment::minutes(self.rng.between(from * 60, to * 60));
        if self.now >= self.today { Err(TOMORROW) } else { Ok(()) }
    }

    /// A deed of whoever holds the case.
    async fn holder(&mut self, case: &Case, deed: Deed) -> Result<Case> {
        let seat = (case.holder.office, case.holder.place);
        self.office(case, seat, deed).await
    }

    async fn office(&mut self, case: &Case, seat: (Office, commons::place::PlaceId), deed: Deed) -> Result<Case> {
        let actor = self.town.seats.get(&seat).ok_or_else(|| Error::internal(format!("nobody sits at {}", seat.0)))?;
        self.travel(case.tenant, actor, Some(seat.0));
        actions::act(self.tx, Hand::of(actor), (case.tenant, case.id), &deed, &[]).await
    }

    /// A deed of the one who said it, by account or by slip.
    async fn author(&mut self, case: &Case, deed: Deed) -> Result<Case> {
        let nobody = Actor::default();
        let home = self.town.homes.values().find(|actor| case.author.is_some() && actor.is(case.tenant, case.author));
        let actor = home.unwrap_or(&nobody);
        self.travel(case.tenant, actor, None);
        let hand = Hand { actor, slip: Some(case.id) };
        actions::act(self.tx, hand, (case.tenant, case.id), &deed, &[]).await
    }

    async fn handled(&mut self, case: Case) -> Result<Case> {
        if self.rng.percent(3) {
            // Nobody took it; after some days the one who said it moves it up.
            self.wait(60, 200)?;
            let case = self.author(&case, Deed::Up { reason: None, from: None }).await;
            return match case {
                Ok(case) => self.worked(case).await,
                Err(Error::Conflict(_)) => Err(TOMORROW),
                Err(other) => Err(other),
            };
        }
        self.worked(case).await
    }

    async fn worked(&mut self, case: Case) -> Result<Case> {
        self.wait(1, 22)?;
        let mut case = self.holder(&case, Deed::Accept).await?;
        if self.rng.percent(16) {
            case = self.handed_on(case).await?;
        }
        if self.rng.percent(30) {
            self.wait(1, 20)?;
            let words = sayings::step(&mut self.rng, "note");
            case = self.holder(&case, Deed::Note { words, public: true }).await?;
        }
        if self.rng.percent(8) {
            case = self.paused(case).await?;
        }
        let case = self.reported(case).await?;
        self.judged(case).await
    }

    /// Waits for something that nobody here can hurry, unless it is late already.
    async fn paused(&mut self, case: Case) -> Result<Case> {
        self.wait(1, 6)?;
        let reason = *self.rng.pick(WaitReason::ALL);
        let case = match self.holder(&case, Deed::Pause { reason, words: String::new() }).await {
            Err(Error::Conflict(_)) => return Ok(case),
            paused => paused?,
        };
        self.wait(20, 70)?;
        match self.holder(&case, Deed::Resume).await {
            // The longest that the standard allows was over before.
            Err(Error::Conflict(_)) => Ok(case),
            resumed => resumed,
        }
    }

    /// Offers the case to another office, which mostly takes it.
    async fn handed_on(&mut self, case: Case) -> Result<Case> {
        self.wait(1, 12)?;
        let place = commons::place::store::find_in(self.tx, case.tenant, case.place).await?.ok_or(Error::NotFound)?;
        let root = actions::root_of(self.tx, case.tenant).await?;
        let seats = Seats::around(self.tx, case.tenant, &place, root).await?;
        let others: Vec<(Door, Office, commons::place::PlaceId)> = seats
            .all()
            .into_iter()
            .filter(|(door, office, place)| {
                (*office, *place) != (case.holder.office, case.holder.place)
                    && (*door == case.door || case.door.up() == Some(*door))
                    && self.town.seats.contains_key(&(*office, *place))
            })
            .collect();
        if others.is_empty() {
            return Ok(case);
        }
        let (_, office, place) = *self.rng.pick(&others);
        let reason = sayings::step(&mut self.rng, "reason");
        let case = self.holder(&case, Deed::Offer { to: (office, place), reason }).await?;
        self.wait(1, 20)?;
        if self.rng.percent(20) {
            let reason = sayings::step(&mut self.rng, "refused");
            return self.office(&case, (office, place), Deed::TurnDown { reason }).await;
        }
        self.office(&case, (office, place), Deed::TakeOver).await
    }

    async fn reported(&mut self, case: Case) -> Result<Case> {
        self.wait(4, 110)?;
        let outcome = match self.rng.below(100) {
            0..78 => Outcome::Solved,
            78..93 => Outcome::Answered,
            _ => Outcome::NotPossible,
        };
        let words = sayings::step(&mut self.rng, outcome.name());
        self.holder(&case, Deed::Report { outcome, words }).await
    }

    async fn judged(&mut self, mut case: Case) -> Result<Case> {
        for round in 0..3 {
            if self.rng.percent(16) {
                return self.left_unrated(case).await;
            }
            self.wait(2, 70)?;
            let solved = round == 2 || self.rng.percent(90);
            let satisfaction = Some(match (solved, self.rng.below(100)) {
                (true, 0..80) => Satisfaction::Good,
                (true, _) | (false, 0..40) => Satisfaction::Fair,
                _ => Satisfaction::Bad,
            });
            let why = sayings::step(&mut self.rng, if solved { "thanks" } else { "unsolved" });
            let why = Some(why).filter(|why| !why.is_empty());
            case = self.author(&case, Deed::Judge { solved, satisfaction, why }).await?;
            if solved {
                return Ok(case);
            }
            if case.state == State::Said {
                self.wait(1, 20)?;
                case = self.holder(&case, Deed::Accept).await?;
            }
            case = self.reported(case).await?;
        }
        Ok(case)
    }

    async fn left_unrated(&mut self, case: Case) -> Result<Case> {
        self.wait(24 * 7 + 1, 24 * 7 + 2)?;
        self.travel(case.tenant, &Actor::default(), None);
        let closed = clocks::stop(self.tx, case.left_unrated(self.now)?, "left-unrated").await?;
        store::save(self.tx, &closed).await?;
        let activity = Activity::of(case.tenant, "requests/left-unrated", "case", case.id)
            .at_place(case.building.unwrap_or(case.compound))
            .with(serde_json::json!({ "round": case.round }));
        self.tx.record(activity).await?;
        if !self.rng.percent(20) {
            return Ok(closed);
        }
        // Late, but still heard.
        self.wait(5, 400)?;
        let solved = self.rng.percent(60);
        let satisfaction = Some(if solved { Satisfaction::Good } else { Satisfaction::Bad });
        self.author(&closed, Deed::Judge { solved, satisfaction, why: None }).await
    }
}
