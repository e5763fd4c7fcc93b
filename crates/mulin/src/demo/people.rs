//! The people of the demo: residents, captains, grid workers, property, committee, hub, community, subdistrict.

use super::names;
use super::places::{Community, Compound, Town as Ground};
use super::rng::Rng;
use commons::people::store::{self, NewMandate};
use commons::people::{Actor, Mandate, MandateId, Office, OrganisationId, Person, PersonId, Source};
use commons::place::{Place, PlaceId, TenantId};
use kit::Result;
use kit::db::Tx;
use kit::time::Moment;
use kit::web::App;
use std::collections::HashMap;

/// Who sits where: enough to act as each of them.
#[derive(Clone, Debug, Default)]
pub struct Town {
    pub seats: HashMap<(Office, PlaceId), Actor>,
    /// The residents of each home.
    pub homes: HashMap<PlaceId, Actor>,
}

struct Making<'r> {
    rng: &'r mut Rng,
    now: Moment,
    town: Town,
    cast: usize,
}

/// Sign-in names of the cast, in the order in which they are made.
const TERM_DAYS: i64 = 3 * 365;

pub async fn pour(app: &App, rng: &mut Rng, ground: &Ground) -> Result<Town> {
    let (context, seed) = (app.context(), rng.clone());
    let seed = &seed;
    let town = app
        .db
        .transact(&context, |tx| {
            Box::pin(async move {
                let mut rng = seed.clone();
                let now = tx.now();
                let mut making = Making { rng: &mut rng, now, town: Town::default(), cast: 0 };
                for (at, community) in ground.communities.iter().enumerate() {
                    making.community(tx, community, at == 0).await?;
                }
                let root = &ground.subdistrict_root;
                making
                    .seat(tx, ground.subdistrict, root, Office::Subdistrict, Source::Appointment, None, Some("jiedao"))
                    .await?;
                Ok(making.town)
            })
        })
        .await?;
    // The people took their share of chance; what follows goes on elsewhere.
    *rng = Rng::new(super::SEED ^ 0x5EED);
    Ok(town)
}

impl Making<'_> {
    async fn community(&mut self, tx: &mut Tx<'_>, community: &Community, first: bool) -> Result<()> {
        let (tenant, root) = (community.tenant, &community.root);
        let office = store::add_organisation(
            tx,
            tenant,
            "community",
            &format!("{}居委会", root.name),
            &format!("{} Residents' Committee", root.name_en),
        )
        .await?;
        let login = first.then_some("shequ");
        self.seat(tx, tenant, root, Office::Community, Source::Appointment, Some(office), login).await?;
        let partner =
            store::add_organisation(tx, tenant, "partner", "暖邻社工站", "Warm Neighbours Social Work").await?;
        self.seat(tx, tenant, root, Office::Partner, Source::Contract, Some(partner), first.then_some("shegong"))
            .await?;
        self.seat(tx, tenant, root, Office::Mediator, Source::Appointment, None, first.then_some("tiaojie")).await?;
        for (at, compound) in community.compounds.iter().enumerate() {
            self.compound(tx, tenant, compound, first && at == 0, first).await?;
        }
        Ok(())
    }

    async fn compound(
        &mut self,
        tx: &mut Tx<'_>,
        tenant: TenantId,
        compound: &Compound,
        showcase: bool,
        first: bool,
    ) -> Result<()> {
        let (place, name) = (&compound.place, &compound.place.name);
        let company = format!("{name}物业服务站");
        let company_en = format!("{} Property Service", compound.place.name_en);
        let company = store::add_organisation(tx, tenant, "property", &company, &company_en).await?;
        let login = |name: &'static str| showcase.then_some(name);
        self.seat(tx, tenant, place, Office::Property, Source::Contract, Some(company), login("wuye")).await?;
        self.seat(tx, tenant, place, Office::Guard, Source::Contract, Some(company), login("baoan")).await?;
        let hub = if compound.gated { None } else { Some(place) };
        if let Some(hub) = hub {
            self.seat(tx, tenant, hub, Office::Hub, Source::Appointment, None, login("hongxiaolou")).await?;
        }
        if compound.gated {
            let login = (first && compound.code == "jinxiu").then_some("yeweihui");
            let committee = store::add_organisation(
                tx,
                tenant,
                "committee",
                &format!("{name}业主委员会"),
                &format!("{} Owners' Committee", place.name_en),
            )
            .await?;
            self.seat(tx, tenant, place, Office::Committee, Source::Election, Some(committee), login).await?;
        }
        let grid = Place {
            id: compound.grid,
            kind: commons::place::PlaceKind::Grid,
            label: format!("{name}网格"),
            label_en: format!("{} grid", place.name_en),
            compound: None,
            ..place.clone()
        };
        self.seat(tx, tenant, &grid, Office::GridWorker, Source::Appointment, None, login("wangge")).await?;
        for (at, building) in compound.buildings.iter().enumerate() {
            let shown = showcase && at == 2;
            let captain = shown.then_some("louzhang");
            self.seat(tx, tenant, &building.place, Office::Captain, Source::Election, None, captain).await?;
            for (at, home) in building.homes.iter().enumerate() {
                let login = match (shown, at) {
                    (true, 5) => Some("nainai"),
                    (true, 8) => Some("zuhu"),
                    (true, 9) => Some("yezhu"),
                    _ => None,
                };
                self.home(tx, tenant, home, login).await?;
            }
        }
        let volunteer = showcase.then_some("zhiyuan");
        self.seat(tx, tenant, place, Office::Volunteer, Source::Verified, None, volunteer).await.map(drop)
    }

    /// Those who live in a home: an owner or a tenant, now and then with family.
    async fn home(&mut self, tx: &mut Tx<'_>, tenant: TenantId, home: &Place, login: Option<&str>) -> Result<()> {
        let office = match login {
            Some("zuhu") => Office::Tenant,
            Some(_) => Office::Owner,
            None if self.rng.percent(28) => Office::Tenant,
            None => Office::Owner,
        };
        let actor = self.person(tx, tenant, home, (office, Source::Verified, None), login, None).await?;
        self.town.homes.insert(home.id, actor);
        if self.rng.percent(35) {
            self.person(tx, tenant, home, (Office::Family, Source::Verified, None), None, None).await?;
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    async fn seat(
        &mut self,
        tx: &mut Tx<'_>,
        tenant: TenantId,
        place: &Place,
        office: Office,
        source: Source,
        organisation: Option<OrganisationId>,
        login: Option<&str>,
    ) -> Result<()> {
        let term = (source == Source::Election).then_some(TERM_DAYS);
        let actor = self.person(tx, tenant, place, (office, source, organisation), login, term).await?;
        self.town.seats.insert((office, place.id), actor);
        Ok(())
    }

    async fn person(
        &mut self,
        tx: &mut Tx<'_>,
        tenant: TenantId,
        place: &Place,
        (office, source, organisation): (Office, Source, Option<OrganisationId>),
        login: Option<&str>,
        term: Option<i64>,
    ) -> Result<Actor> {
        let (name, name_en) = names::name(self.rng);
        let account = match login {
            Some(login) => {
                self.cast += 1;
                store::add_account(tx, login, None).await?
            }
            None => None,
        };
        let person = store::add_person(tx, tenant, account, &name, &name_en).await?;
        let starts = self.now - Moment::days(400 + self.rng.between(0, 300));
        let ends = term.map(|days| starts + Moment::days(days));
        let new = NewMandate { person, office, place: place.id, organisation, source, starts, ends };
        let id = store::add_mandate(tx, tenant, &new).await?;
        Ok(actor_of(tenant, (person, name, name_en), place, id, &new))
    }
}

fn actor_of(
    tenant: TenantId,
    (person, name, name_en): (PersonId, String, String),
    place: &Place,
    id: MandateId,
    new: &NewMandate,
) -> Actor {
    let mandate = Mandate {
        id,
        tenant,
        person,
        office: new.office,
        place: place.id,
        place_kind: place.kind,
        place_label: place.label.clone(),
        place_label_en: place.label_en.clone(),
        compound: place.compound,
        building: place.building,
        organisation: new.organisation,
        source: new.source,
        starts: new.starts,
        ends: new.ends,
        acts_for: None,
    };
    Actor {
        account: None,
        persons: vec![Person { tenant, id: person, name, name_en }],
        mandates: vec![mandate],
        unseen: 0,
        substitute: None,
    }
}
