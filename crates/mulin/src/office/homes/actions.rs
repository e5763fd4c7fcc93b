//! Taking somebody into a household, recording what was seen, letters, and moving out.

use crate::layout::Visit;
use commons::people::household::{self, JoinDecision, Joining, JoiningId, Member, Proof, Seen, Share, store};
use commons::people::store as people;
use commons::people::{Actor, MandateId, Office, invite};
use commons::place::{Place, PlaceId, PlaceKind, TenantId, store as places};
use kit::book::Activity;
use kit::db::Tx;
use kit::secrets::Secrets;
use kit::web::form::Problems;
use kit::web::keys::{self, RequestKey};
use kit::{Error, Result};
use serde_json::json;
use std::collections::HashSet;

const NAME_CHARACTERS_MAX: usize = 60;

/// What a form or a body says, field by field.
pub type Text<'t> = &'t (dyn Fn(&str) -> String + Sync);

/// An office that keeps households, and the ground it keeps.
pub struct Ground {
    pub tenant: TenantId,
    pub office: Office,
    pub place: PlaceId,
    pub label: String,
    pub label_en: String,
}

/// What somebody keeps: the buildings and grids of their own, and whether the whole community.
pub fn grounds(actor: &Actor) -> (Vec<Ground>, Option<TenantId>) {
    let own = |mandate: &&commons::people::Mandate| matches!(mandate.office, Office::Captain | Office::GridWorker);
    let ground = |mandate: &commons::people::Mandate| Ground {
        tenant: mandate.tenant,
        office: mandate.office,
        place: mandate.place,
        label: mandate.place_label.clone(),
        label_en: mandate.place_label_en.clone(),
    };
    let keeper = actor.mandates.iter().find(|mandate| Office::KEEPING.contains(&mandate.office));
    let keeper = keeper.filter(|mandate| mandate.place_kind == PlaceKind::Community);
    (actor.mandates.iter().filter(own).map(ground).collect(), keeper.map(|mandate| mandate.tenant))
}

/// The home at a path that this person keeps, and in which office.
///
/// # Errors
/// [`Error::Denied`] when they keep none, [`Error::NotFound`] when it is no home of theirs.
pub async fn home(visit: &Visit, path: &str) -> Result<(Place, Office)> {
    kept(visit, path, &[PlaceKind::Home]).await
}

/// The same of a home or a whole building.
///
/// # Errors
/// Those of [`home`].
pub async fn home_or_building(visit: &Visit, path: &str) -> Result<(Place, Office)> {
    kept(visit, path, &[PlaceKind::Home, PlaceKind::Building]).await
}

async fn kept(visit: &Visit, path: &str, kinds: &[PlaceKind]) -> Result<(Place, Office)> {
    visit.call.account()?;
    let (own, whole) = grounds(&visit.actor);
    let tenant = own.first().map(|ground| ground.tenant).or(whole).ok_or(Error::denied("homes/not-keeper"))?;
    let place = places::by_path(&visit.app.db, tenant, path).await?;
    let place = place.filter(|place| kinds.contains(&place.kind)).ok_or(Error::NotFound)?;
    // Another's home is not there for whoever keeps only some.
    let office = household::keep(&visit.actor, &place).map_err(|_| Error::NotFound)?;
    Ok((place, office))
}

async fn home_of(visit: &Visit, tenant: TenantId, id: PlaceId) -> Result<(Place, Office)> {
    let place = places::find(&visit.app.db, tenant, id).await?.ok_or(Error::NotFound)?;
    let office = household::keep(&visit.actor, &place).map_err(|_| Error::NotFound)?;
    Ok((place, office))
}

pub fn tenant_of(visit: &Visit) -> Result<TenantId> {
    visit.call.account()?;
    let (own, whole) = grounds(&visit.actor);
    own.first().map(|ground| ground.tenant).or(whole).ok_or(Error::denied("homes/not-keeper"))
}

/// A membership of a home that this person keeps.
pub async fn member(visit: &Visit, id: &str) -> Result<(Place, Office, Member)> {
    let tenant = tenant_of(visit)?;
    let id: MandateId = id.parse().map_err(|_| Error::NotFound)?;
    let member = store::one(&visit.app.db, tenant, id).await?.ok_or(Error::NotFound)?;
    let (place, office) = home_of(visit, tenant, member.home).await?;
    Ok((place, office, member))
}

/// A question about a home that this person keeps.
pub async fn joining(visit: &Visit, id: &str) -> Result<(Place, Office, Joining)> {
    let tenant = tenant_of(visit)?;
    let id: JoiningId = id.parse().map_err(|_| Error::NotFound)?;
    let joining = store::joining_one(&visit.app.db, tenant, id).await?.ok_or(Error::NotFound)?;
    let (place, office) = home_of(visit, tenant, joining.home).await?;
    Ok((place, office, joining))
}

/// Writes down that an office has looked at a household.
pub async fn looked(visit: &Visit, home: &Place, office: Office) -> Result<()> {
    let (tenant, id) = (home.tenant, home.id);
    let context = visit.context(tenant, Some(office));
    let viewed = visit.app.db.transact(&context, |tx| {
        Box::pin(
            async move { tx.record(Activity::of(tenant, "homes/viewed", "home", id).at_place(id)).await.map(drop) },
        )
    });
    viewed.await
}

fn seen(text: Text<'_>, office: Option<Office>, problems: &mut Problems) -> Result<Seen> {
    let proof = Proof::parse(&text("proof"));
    problems.when(proof.is_none(), "proof", "homes/proof");
    let share = match office {
        Some(Office::Owner) => match Share::parse(&text("share")) {
            Ok(share) => Some(share),
            Err(_) => {
                problems.add("share", "homes/share");
                None
            }
        },
        _ => None,
    };
    Ok(Seen { proof: proof.unwrap_or(Proof::Known), share })
}

/// Somebody new for a home, as typed and checked.
pub struct New {
    pub name: String,
    pub office: Office,
    pub seen: Seen,
}

/// # Errors
/// [`Error::Invalid`] with every field that has to change.
pub fn read_new(text: Text<'_>) -> Result<New> {
    let mut problems = Problems::default();
    let name = text("name");
    problems.when(name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX, "name", "people/name");
    let office = Office::parse(&text("office")).filter(|office| office.is_resident());
    problems.when(office.is_none(), "office", "homes/office");
    let seen = seen(text, office, &mut problems)?;
    problems.none()?;
    Ok(New { name, office: office.unwrap_or(Office::Family), seen })
}

/// A new person in a household, and the letter that lets them in.
pub async fn add(visit: &Visit, (home, office): (&Place, Office), new: &New, key: &RequestKey) -> Result<String> {
    household::verify(&visit.actor, home, None)?;
    let (tenant, secrets) = (home.tenant, &visit.app.secrets);
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            let person = people::add_person(tx, tenant, None, &new.name, "").await?;
            let mandate = store::add(tx, home, (person, new.office), new.seen, office).await?;
            let letter = invite::invite(tx, secrets, tenant, home.id, person).await?;
            Ok(json!({ "id": mandate, "letter": invite::code(secrets, letter) }).to_string())
        })
    })
    .await
}

/// Answers a question: with what was seen, or no.
pub async fn decide(
    visit: &Visit,
    (home, office, joining): (&Place, Office, &Joining),
    text: Text<'_>,
    key: &RequestKey,
) -> Result<()> {
    let yes = match text("answer").as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::invalid("answer", "homes/answer")),
    };
    let seen = if yes {
        household::verify(&visit.actor, home, Some(joining.person))?;
        let mut problems = Problems::default();
        let seen = seen(text, Some(joining.office), &mut problems)?;
        problems.none()?;
        Some((seen, office))
    } else {
        None
    };
    let decision = if yes { JoinDecision::Verified } else { JoinDecision::TurnedDown };
    let tenant = home.tenant;
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            store::decide(tx, home, joining, decision, seen).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// Records anew what was seen for a membership.
pub async fn verify(
    visit: &Visit,
    (home, office, member): (&Place, Office, &Member),
    text: Text<'_>,
    key: &RequestKey,
) -> Result<()> {
    household::verify(&visit.actor, home, Some(member.person))?;
    let mut problems = Problems::default();
    let seen = seen(text, Some(member.office), &mut problems)?;
    problems.none()?;
    let tenant = home.tenant;
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            if member.ended.is_some_and(|ended| ended <= tx.now()) {
                return Err(Error::NotFound);
            }
            store::record(tx, home, (member.mandate, member.office), seen, office).await?;
            let facts = json!({ "office": member.office, "proof": seen.proof, "mandate": member.mandate });
            let activity = Activity::of(tenant, "homes/reverified", "home", home.id).at_place(home.id);
            tx.record(activity.with(facts)).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}

/// One more letter for a member who cannot sign in yet. Gives its code.
pub async fn letter(
    visit: &Visit,
    (home, office, member): (&Place, Office, &Member),
    key: &RequestKey,
) -> Result<String> {
    let (tenant, secrets) = (home.tenant, &visit.app.secrets);
    household::verify(&visit.actor, home, Some(member.person))?;
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move { write_letter(tx, secrets, tenant, member).await })
    })
    .await
}

/// A new letter for everybody in a building who cannot sign in yet; the ones they had and did not use end. One's own household is
/// left out. Tells how many.
///
/// # Errors
/// [`Error::Conflict`] when nobody there needs one.
pub async fn letters(visit: &Visit, (building, office): (&Place, Office), key: &RequestKey) -> Result<String> {
    if building.kind != PlaceKind::Building {
        return Err(Error::NotFound);
    }
    let (tenant, secrets) = (building.tenant, &visit.app.secrets);
    let own: &Vec<PlaceId> = &visit.actor.homes().map(|mandate| mandate.place).collect();
    keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, key, &|tx| {
        Box::pin(async move {
            let mut all = store::outside(tx, tenant, building.id).await?;
            all.retain(|member| !own.contains(&member.home));
            let mut written = HashSet::new();
            for member in &all {
                if written.insert(member.person) {
                    write_letter(tx, secrets, tenant, member).await?;
                }
            }
            match written.len() {
                0 => Err(Error::conflict("homes/no-letters")),
                n => Ok(json!({ "letters": n }).to_string()),
            }
        })
    })
    .await
}

async fn write_letter(tx: &mut Tx<'_>, secrets: &Secrets, tenant: TenantId, member: &Member) -> Result<String> {
    if member.ended.is_some_and(|ended| ended <= tx.now()) {
        return Err(Error::NotFound);
    }
    if member.enters {
        return Err(Error::conflict("homes/enters-already"));
    }
    let letter = invite::again(tx, secrets, tenant, member.home, member.person).await?;
    let facts = json!({ "mandate": member.mandate });
    let activity = Activity::of(tenant, "homes/letter", "home", member.home).at_place(member.home);
    tx.record(activity.with(facts)).await?;
    Ok(json!({ "letter": invite::code(secrets, letter) }).to_string())
}

/// Somebody has moved out.
pub async fn end(visit: &Visit, (home, member): (&Place, &Member), key: &RequestKey) -> Result<()> {
    let office = household::end(&visit.actor, home, member.person)?;
    let tenant = home.tenant;
    keys::once(&visit.app, &visit.context(tenant, office), tenant.0, key, &|tx| {
        Box::pin(async move {
            store::move_out(tx, home, member).await?;
            Ok("{}".to_owned())
        })
    })
    .await
    .map(drop)
}
