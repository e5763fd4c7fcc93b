//! The pages of households.

use super::actions::{self, Ground};
use crate::layout::line::encoded;
use crate::layout::typed::of_form;
use crate::layout::{View, Visit, Wrong, link, page, page_again, parts};
use askama::Template;
use axum::http::HeaderMap;
use commons::people::household::{Joining, Member, Proof, store};
use commons::people::{Office, invite};
use commons::place::{Place, PlaceKind, TenantId, store as places};
use kit::secrets::spaced;
use kit::web::answer::{Answer, see_other};
use kit::web::{Form, Query, keys};
use kit::{Error, Result};
use serde::Deserialize;

/// A choice in a list: value, name, chosen.
pub type Pick = (String, String, bool);

/// A home as it reads in a list.
pub struct HomeRow {
    pub label: String,
    pub href: String,
    pub members: i64,
    pub waiting: i64,
}

/// `GET /office/homes`.
#[derive(Template)]
#[template(path = "office/homes/templates/list.html")]
pub struct ListPage {
    pub v: View,
    /// What can be looked into: path, name, chosen.
    pub insides: Vec<Pick>,
    pub at: String,
    /// The letters of the building that is shown.
    pub letters: Option<String>,
    pub asking: Vec<Asking>,
    pub homes: Vec<HomeRow>,
}

/// Somebody who asks, as it reads.
pub struct Asking {
    pub id: String,
    pub name: String,
    pub office: String,
    pub label: String,
    pub href: String,
    pub asked: String,
    pub owner: bool,
}

/// A member as it reads.
pub struct Line {
    pub id: String,
    pub name: String,
    pub office: String,
    pub share: String,
    /// What was seen, by which office, when; none where nobody recorded it.
    pub verified: Option<String>,
    pub since: String,
    pub enters: bool,
    pub owner: bool,
}

/// `GET /office/homes/one`.
#[derive(Template)]
#[template(path = "office/homes/templates/one.html")]
pub struct OnePage {
    pub v: View,
    pub wrong: Wrong,
    pub at: String,
    pub label: String,
    pub lines: Vec<Line>,
    pub asking: Vec<Asking>,
    /// Whether somebody may still need their letter.
    pub letters: bool,
    pub name: String,
    pub share: String,
    pub offices: Vec<Pick>,
    pub proofs: Vec<Pick>,
}

/// A letter as it is printed.
pub struct Letter {
    pub name: String,
    pub office: String,
    pub place: String,
    pub code: String,
    pub link: String,
    pub qr: String,
    pub until: String,
}

/// `GET /office/homes/letters`.
#[derive(Template)]
#[template(path = "office/homes/templates/letters.html")]
pub struct LettersPage {
    pub v: View,
    pub back: String,
    /// The building whose letters these are; empty for a single home.
    pub building: String,
    pub letters: Vec<Letter>,
    /// Who writes: the community, and the office that prints them.
    pub community: String,
    pub printed_by: String,
    /// Nobody but this computer can open the links.
    pub only_here: bool,
}

impl LettersPage {
    /// Whom to ask about a letter: somebody to be met.
    pub fn ask(&self) -> String {
        let args = [("office", self.printed_by.clone().into()), ("community", self.community.clone().into())];
        crate::words::t_with(self.v.lang, "letters-ask", &args)
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct HomesQuery {
    #[serde(default)]
    at: String,
    #[serde(default)]
    within: String,
}

/// The address of a household's page.
pub fn href(path: &str) -> String {
    format!("/office/homes/one?at={}", encoded(path))
}

/// The ground whose homes are listed, and what can be chosen besides.
pub async fn chosen(visit: &Visit, within: &str) -> Result<(Vec<Place>, Option<Place>)> {
    visit.call.account()?;
    let (own, whole) = actions::grounds(&visit.actor);
    let db = &visit.app.db;
    let mut all: Vec<Place> = Vec::new();
    if let Some(tenant) = whole {
        let wide = places::wide(db, tenant).await?;
        let compound = match within.split('/').next().unwrap_or_default() {
            "" => wide.iter().find(|place| place.kind == PlaceKind::Compound),
            code => wide.iter().find(|place| place.kind == PlaceKind::Compound && place.path == code),
        };
        if let Some(compound) = compound {
            all.extend(places::in_compound(db, tenant, compound.id, PlaceKind::Building).await?);
        }
        let others = wide.into_iter().filter(|place| matches!(place.kind, PlaceKind::Compound | PlaceKind::Grid));
        all.extend(others);
    } else {
        for Ground { tenant, place, .. } in &own {
            all.extend(places::find(db, *tenant, *place).await?);
        }
    }
    if all.is_empty() && whole.is_none() {
        return Err(Error::denied("homes/not-keeper"));
    }
    let ground = |place: &&Place| place.kind != PlaceKind::Compound;
    let asked = all.iter().filter(ground).find(|place| place.path == within);
    let found = asked.or_else(|| all.iter().find(ground)).cloned();
    Ok((all, found))
}

pub async fn list(visit: Visit, Query(query): Query<HomesQuery>) -> Answer {
    let v = visit.view("homes-title");
    let (all, found) = chosen(&visit, &query.within).await?;
    let (mut asking, mut homes) = (Vec::new(), Vec::new());
    if let Some(ground) = &found {
        let joinings = store::joinings_in(&visit.app.db, ground.tenant, ground.id).await?;
        asking = joinings.iter().map(|joining| asking_line(&visit, &v, joining)).collect();
        let rows = store::homes_in(&visit.app.db, ground.tenant, ground.id, visit.call.now).await?;
        let row = |home: &store::HomeLine| HomeRow {
            label: v.pick(&home.label, &home.label_en).to_owned(),
            href: href(&home.path),
            members: home.members,
            waiting: home.waiting,
        };
        homes = rows.iter().map(row).collect();
    }
    let here = found.as_ref().map(|place| place.id);
    let pick =
        |place: &Place| (place.path.clone(), v.pick(&place.label, &place.label_en).to_owned(), Some(place.id) == here);
    let insides = all.iter().map(pick).collect();
    let building = found.as_ref().filter(|place| place.kind == PlaceKind::Building);
    let letters = building.map(|place| format!("/office/homes/letters?at={}", encoded(&place.path)));
    let at = found.map(|place| v.pick(&place.label, &place.label_en).to_owned()).unwrap_or_default();
    page(&ListPage { insides, at, letters, asking, homes, v })
}

fn asking_line(visit: &Visit, v: &View, joining: &Joining) -> Asking {
    Asking {
        id: joining.id.to_string(),
        name: v.pick(&joining.name, &joining.name_en).to_owned(),
        office: v.office(joining.office).to_string(),
        label: v.pick(&joining.label, &joining.label_en).to_owned(),
        href: href(&joining.path),
        asked: v.day(joining.asked, visit.call.now),
        owner: joining.office == Office::Owner,
    }
}

fn line(visit: &Visit, v: &View, member: &Member) -> Line {
    let now = visit.call.now;
    let verified = member.proof.zip(member.verified).map(|(proof, at)| {
        let office = member.verified_office.map(|office| v.office(office).to_string()).unwrap_or_default();
        let proof = v.t(&format!("proof-{}", proof.name().replace('_', "-")));
        format!("{proof} · {office} · {}", v.day(at, now))
    });
    Line {
        id: member.mandate.to_string(),
        name: v.pick(&member.name, &member.name_en).to_owned(),
        office: v.office(member.office).to_string(),
        share: member.share.map(|share| share.to_string()).unwrap_or_default(),
        verified,
        since: v.day(member.starts, now),
        enters: member.enters,
        owner: member.office == Office::Owner,
    }
}

/// The kinds of things that can be seen, in words.
pub fn proofs(v: &View, chosen: &str) -> Vec<Pick> {
    let pick = |proof: &Proof| {
        let name = v.t(&format!("proof-{}", proof.name().replace('_', "-"))).to_string();
        (proof.name().to_owned(), name, proof.name() == chosen)
    };
    Proof::ALL.iter().map(pick).collect()
}

/// What one can be in a home, in words.
pub fn offices(v: &View, chosen: &str) -> Vec<Pick> {
    let pick = |office: &Office| (office.name().to_owned(), v.office(*office).to_string(), office.name() == chosen);
    Office::RESIDENT.iter().map(pick).collect()
}

pub async fn one(visit: Visit, Query(query): Query<HomesQuery>) -> Answer {
    let (home, office) = actions::home(&visit, &query.at).await?;
    actions::looked(&visit, &home, office).await?;
    page(&one_page(&visit, &home, None, Wrong::default()).await?)
}

async fn one_page(visit: &Visit, home: &Place, form: Option<&Form>, wrong: Wrong) -> Result<OnePage> {
    let v = visit.view_titled(visit.call.lang.pick(&home.label, &home.label_en).to_owned());
    let (db, now) = (&visit.app.db, visit.call.now);
    let members = store::members(db, home.tenant, home.id, now).await?;
    let joinings = store::joinings_at(db, home.tenant, home.id).await?;
    let typed = |name: &str| form.map_or(String::new(), |form| form.text(name).to_owned());
    Ok(OnePage {
        wrong,
        at: home.path.clone(),
        label: v.title.clone(),
        lines: members.iter().map(|member| line(visit, &v, member)).collect(),
        asking: joinings.iter().map(|joining| asking_line(visit, &v, joining)).collect(),
        letters: members.iter().any(|member| !member.enters),
        name: typed("name"),
        share: typed("share"),
        offices: offices(&v, &typed("office")),
        proofs: proofs(&v, &typed("proof")),
        v,
    })
}

/// Where a deed about a household leads, or its page again with what is wrong.
async fn done(visit: &Visit, home: &Place, form: &Form, outcome: Result<()>) -> Answer {
    match outcome {
        Ok(()) => Ok(see_other(&href(&home.path))),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&one_page(visit, home, Some(form), wrong).await?)
        }
    }
}

/// Whether this very form was answered before: then nothing is looked up anew that may be gone.
async fn was_done(visit: &Visit, tenant: TenantId, form: &Form) -> Result<bool> {
    Ok(keys::answered(&visit.app, tenant.0, &form.key).await?.is_some())
}

/// `POST /office/homes`: somebody new in a household, with a letter.
pub async fn add(visit: Visit, form: Form) -> Answer {
    let (home, office) = actions::home(&visit, form.text("at")).await?;
    if was_done(&visit, home.tenant, &form).await? {
        return Ok(see_other(&href(&home.path)));
    }
    let text = of_form(&form);
    let outcome = async {
        let new = actions::read_new(&text)?;
        actions::add(&visit, (&home, office), &new, &form.key).await.map(drop)
    };
    let outcome = outcome.await;
    done(&visit, &home, &form, outcome).await
}

/// `POST /office/homes/decide`: an answer to somebody who asks.
pub async fn decide(visit: Visit, form: Form) -> Answer {
    let (home, office, joining) = actions::joining(&visit, form.text("joining")).await?;
    let outcome = match was_done(&visit, home.tenant, &form).await? {
        true => Ok(()),
        false => actions::decide(&visit, (&home, office, &joining), &of_form(&form), &form.key).await,
    };
    done(&visit, &home, &form, outcome).await
}

/// `POST /office/homes/verify`: what was seen for a member.
pub async fn verify(visit: Visit, form: Form) -> Answer {
    let (home, office, member) = actions::member(&visit, form.text("member")).await?;
    let outcome = match was_done(&visit, home.tenant, &form).await? {
        true => Ok(()),
        false => actions::verify(&visit, (&home, office, &member), &of_form(&form), &form.key).await,
    };
    done(&visit, &home, &form, outcome).await
}

/// `POST /office/homes/letter`: one more letter.
pub async fn letter(visit: Visit, form: Form) -> Answer {
    let (home, office, member) = actions::member(&visit, form.text("member")).await?;
    actions::letter(&visit, (&home, office, &member), &form.key).await?;
    Ok(see_other(&format!("/office/homes/letters?at={}", encoded(&home.path))))
}

/// `POST /office/homes/end`: somebody has moved out.
pub async fn end(visit: Visit, form: Form) -> Answer {
    let (home, _, member) = actions::member(&visit, form.text("member")).await?;
    actions::end(&visit, (&home, &member), &form.key).await?;
    Ok(see_other(&href(&home.path)))
}

/// The letters of a home, or of all homes of a building, that nobody has used yet.
pub async fn waiting(visit: &Visit, home: &Place, headers: &HeaderMap, v: &View) -> Result<Vec<Letter>> {
    let (db, now) = (&visit.app.db, visit.call.now);
    let waiting = match home.kind {
        PlaceKind::Building => invite::waiting_in(db, home.tenant, home.id, now).await?,
        _ => invite::waiting(db, home.tenant, home.id, now).await?,
    };
    let base = link::base(&visit.app, headers);
    let letter = |one: &invite::Letter| {
        let code = invite::code(&visit.app.secrets, one.id);
        Letter {
            name: v.pick(&one.name, &one.name_en).to_owned(),
            office: v.office(one.office).to_string(),
            place: v.pick(&one.label, &one.label_en).to_owned(),
            code: spaced(&code),
            qr: parts::qr(&format!("{base}/sign-in/letter?code={code}"), &v.t("letters-qr")),
            link: format!("{base}/sign-in/letter"),
            until: v.day(one.ends, visit.call.now),
        }
    };
    Ok(waiting.iter().map(letter).collect())
}

pub async fn letters(visit: Visit, Query(query): Query<HomesQuery>, headers: HeaderMap) -> Answer {
    let (home, office) = actions::home_or_building(&visit, &query.at).await?;
    let v = visit.view("letters-title");
    let root = places::root(&visit.app.db, home.tenant).await?.ok_or(Error::NotFound)?;
    let letters = waiting(&visit, &home, &headers, &v).await?;
    let only_here = link::only_here(&link::base(&visit.app, &headers));
    let whole = home.kind == PlaceKind::Building;
    let back = if whole { format!("/office/homes?within={}", encoded(&home.path)) } else { href(&home.path) };
    page(&LettersPage {
        back,
        building: if whole { home.path } else { String::new() },
        letters,
        community: v.pick(&root.name, &root.name_en).to_owned(),
        printed_by: v.role(office).to_string(),
        only_here,
        v,
    })
}

/// `POST /office/homes/letters`: new letters for a whole building.
pub async fn write_letters(visit: Visit, form: Form) -> Answer {
    let (building, office) = actions::home_or_building(&visit, form.text("at")).await?;
    actions::letters(&visit, (&building, office), &form.key).await?;
    Ok(see_other(&format!("/office/homes/letters?at={}", encoded(&building.path))))
}
