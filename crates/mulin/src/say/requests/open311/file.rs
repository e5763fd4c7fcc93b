//! `POST requests`: a program files for somebody. It cannot be asked back, so what tells too much is covered in what
//! everybody reads, and the exact words wait for those who work on the case.

use super::args::Args;
use super::key::{Integration, integration};
use super::shape::Node;
use super::store::{SAME_WITHIN, What};
use super::wrong::Wrong;
use super::{Asked, Told, header_of, request, services, store as sent_before};
use crate::say::requests::api::degrees_e7;
use crate::say::requests::intake::More;
use crate::say::requests::model::{Draft, Hand, Kept, PHOTOS_MAX, Spot};
use crate::say::requests::pages::{keep_bytes, spot};
use crate::say::requests::{actions, second};
use axum::extract::Request;
use axum::http::StatusCode;
use commons::case::fields::{self, Answers};
use commons::case::{Channel, store};
use commons::people::Actor;
use commons::place::{self, Place, PlaceKind, TenantId};
use commons::private;
use kit::db::Tx;
use kit::web::limits::Knock;
use kit::web::sent::Sent;
use kit::web::token::Programs;
use kit::web::{App, keys};
use kit::{Error, Result};
use sha2::{Digest, Sha256};

pub const WORDS_CHARACTERS_MAX: usize = 4_000;
const CONTACT_CHARACTERS_MAX: usize = 254;
const ADDRESS_CHARACTERS_MAX: usize = 500;
const LINK_CHARACTERS_MAX: usize = 1_000;

/// A form from a program that may hand something in.
pub struct Received {
    pub sent: Sent,
    pub by: Integration,
    /// Of all that was said, in the form and in the address.
    pub hash: [u8; 32],
    pub idempotency_key: Option<String>,
}

/// Reads the form of a program with a good key. Its fields come before those of the address.
pub async fn receive(asked: &mut Asked<'_>, request: Request) -> Result<Received, Wrong> {
    let (app, address) = (asked.app, asked.call.address);
    app.limits.check(Knock::Deed, &address.to_string())?;
    if !Sent::is_form(&request) {
        let why = "the body must be application/x-www-form-urlencoded or multipart/form-data";
        return Err(Wrong::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
    }
    let idempotency_key = match header_of(request.headers(), "idempotency-key") {
        Some(key) if !keys::is_key(key) => {
            return Err(Wrong::bad("Idempotency-Key is 16 to 64 letters, digits, - and _"));
        }
        key => key.map(str::to_owned),
    };
    let query = request.uri().query().unwrap_or_default().to_owned();
    let in_address = asked.args.get("api_key").map(str::to_owned);
    let key = |fields: &[(String, String)]| -> String {
        let shown = fields.iter().find(|(name, _)| name == "api_key").map(|(_, value)| value.trim().to_owned());
        shown.or_else(|| in_address.clone()).unwrap_or_default()
    };
    let programs = &Programs::live(&app.db, asked.call.now).await?;
    let known = |fields: &[(String, String)]| integration(app, address, programs, &key(fields));
    let sent = Sent::read(request, app, |fields| known(fields).map(drop)).await?;
    let by = known(&sent.fields)?;
    if sent.files.len() > PHOTOS_MAX {
        return Err(Wrong::bad(format!("more than {PHOTOS_MAX} files")));
    }
    asked.args = Args::of(sent.fields.clone()).before(std::mem::take(&mut asked.args));
    let hash = Sha256::new().chain_update(sent.hash).chain_update(query).finalize().into();
    Ok(Received { sent, by, hash, idempotency_key })
}

/// What is filed, and what is kept of it for those who work on it.
struct Filing {
    spot: Spot,
    draft: Draft,
    aside: Option<String>,
    photos: Vec<Kept>,
}

pub async fn file(mut asked: Asked<'_>, request: Request) -> Result<Told, Wrong> {
    let received = receive(&mut asked, request).await?;
    let compound = asked.jurisdiction().await?;
    let args = &asked.args;
    let slug = args.get("service_code").ok_or_else(|| Wrong::bad("service_code is needed"))?;
    let offered = services::offered(&asked, &compound).await?;
    let category = offered.iter().find(|category| category.slug == slug);
    let category = category.ok_or_else(|| Wrong::missing("unknown service_code"))?;
    let said = args.short("description", WORDS_CHARACTERS_MAX)?;
    let words = said.unwrap_or(&category.name).replace("\r\n", "\n");
    let answers = attributes(asked.app, compound.tenant, slug, args).await?;
    let (at, point) = located(asked.app, &compound, args).await?;
    let contact = contact(args)?;
    let masked = private::covered(&words);
    let exact = (masked != words).then_some(words);
    let draft = Draft {
        words: masked,
        category: Some(slug.to_owned()),
        private: false,
        contact,
        for_caller: false,
        channel: Channel::Api,
        more: More { answers, point, ..More::default() },
    };
    let aside =
        [exact, line(args, "address_string", ADDRESS_CHARACTERS_MAX)?, line(args, "media_url", LINK_CHARACTERS_MAX)?];
    let aside: Vec<String> = aside.into_iter().flatten().collect();
    let aside = (!aside.is_empty()).then(|| aside.join("\n"));
    let spot = spot(asked.app, at).await?;
    let filing = Filing { spot, draft, aside, photos: Vec::new() };
    let code = once(asked.app, received, filing).await?;
    let fields = vec![
        ("service_request_id", Node::text(&code)),
        ("service_notice", Node::text(&request::page(&asked, &code))),
        ("account_id", Node::Nothing),
    ];
    let told = Told::of("service_requests", Node::list("request", vec![Node::map(fields)]));
    Ok(Told { status: StatusCode::CREATED, ..told })
}

/// What staff are told beside the words, e.g. `media_url: https://…`.
pub fn line(args: &Args, name: &'static str, characters_max: usize) -> Result<Option<String>, Wrong> {
    Ok(args.short(name, characters_max)?.map(|text| format!("{name}: {text}")))
}

/// How to reach the one for whom it is filed: sealed, and shown to the office that holds the case.
pub fn contact(args: &Args) -> Result<Option<String>, Wrong> {
    let part = |name| args.short(name, CONTACT_CHARACTERS_MAX);
    let name: Vec<&str> = [part("first_name")?, part("last_name")?].into_iter().flatten().collect();
    let name = Some(name.join(" ")).filter(|name| !name.is_empty());
    let ways = [part("phone")?.map(str::to_owned), part("email")?.map(str::to_owned)];
    let all: Vec<String> = std::iter::once(name).chain(ways).flatten().collect();
    Ok((!all.is_empty()).then(|| all.join(" · ")))
}

/// The answers of a call: `attribute[CODE]=…`, or `attribute[CODE][]=…` for several.
async fn attributes(app: &App, tenant: TenantId, slug: &str, args: &Args) -> Result<Answers, Wrong> {
    let questions = store::fields(&app.db, tenant, slug).await?;
    let code_of = |name: &str| {
        let inner = name.strip_prefix("attribute[")?;
        inner.strip_suffix("][]").or_else(|| inner.strip_suffix(']')).map(str::to_owned)
    };
    let sent: Vec<(String, String)> =
        args.iter().filter_map(|(name, value)| Some((code_of(name)?, value.to_owned()))).collect();
    if let Some((code, _)) = sent.iter().find(|(code, _)| !questions.iter().any(|field| field.code == *code)) {
        return Err(Wrong::bad(format!("unknown attribute {code}")));
    }
    let given = |code: &str| sent.iter().filter(|(one, _)| one == code).map(|(_, value)| value.clone()).collect();
    fields::read(&questions, false, &given).map_err(|unfit| {
        let why = |one: &fields::Unfit| {
            format!("attribute {}: {}", one.code, crate::words::reason(kit::i18n::Lang::En, one.reason))
        };
        Wrong::all(unfit.iter().map(why).collect())
    })
}

/// The place that a call names: by its path, by a name that matches a building, or by a point in the compound.
async fn located(app: &App, compound: &Place, args: &Args) -> Result<(Place, Option<(i64, i64)>), Wrong> {
    let degrees = |name: &'static str, most: i64| match args.get(name) {
        None => Ok(None),
        Some(text) => degrees_e7(text)
            .filter(|e7| e7.abs() <= most * 10_000_000)
            .map(Some)
            .ok_or_else(|| Wrong::bad(format!("{name} is no number of degrees"))),
    };
    let point = degrees("lat", 90)?.zip(degrees("long", 180)?);
    if let Some(path) = args.get("address_id") {
        let found = place::store::by_path(&app.db, compound.tenant, path).await?;
        let found = found.filter(|place| compound.holds(place)).ok_or_else(|| Wrong::bad("unknown address_id"))?;
        return Ok((found, point));
    }
    let Some(address) = args.get("address_string") else {
        let why = "a location is needed: lat and long, address_string or address_id";
        return point.map(|point| (compound.clone(), Some(point))).ok_or_else(|| Wrong::bad(why));
    };
    let mut buildings = place::store::in_compound(&app.db, compound.tenant, compound.id, PlaceKind::Building).await?;
    buildings.retain(|building| names(address, &building.name));
    let building = buildings.into_iter().max_by_key(|building| building.name.chars().count());
    Ok((building.unwrap_or_else(|| compound.clone()), point))
}

/// Whether an address names a building: `石榴园11号楼` does not name `1号楼`.
fn names(address: &str, building: &str) -> bool {
    !building.is_empty()
        && address.match_indices(building).any(|(at, _)| {
            let joined =
                |c: char| c.is_ascii_alphanumeric() && building.starts_with(|c: char| c.is_ascii_alphanumeric());
            !address[..at].chars().next_back().is_some_and(joined)
        })
}

/// Puts the files of a call on the shelf, written anew.
pub async fn keep_photos(app: &App, tenant: TenantId, sent: &Sent) -> Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for file in &sent.files {
        kept.push(keep_bytes(app, tenant, file.bytes.clone()).await?);
    }
    Ok(kept)
}

/// Files it, unless this is what was filed before: under the same key, or, from programs without keys, all the same within
/// ten minutes, which is what their retries look like.
async fn once(app: &App, received: Received, mut filing: Filing) -> Result<String> {
    let tenant = filing.spot.place.tenant;
    received.by.may_in(tenant)?;
    let said: [u8; 32] = Sha256::new()
        .chain_update(received.by.mark)
        .chain_update(filing.spot.compound_code.as_bytes())
        .chain_update(received.hash)
        .finalize()
        .into();
    let Some(key) = received.idempotency_key else {
        let fresh = |before: &sent_before::Before, now| now - before.at < SAME_WITHIN;
        let before = sent_before::before(&app.db, tenant, What::Request, said).await?;
        if let Some(before) = before.filter(|before| fresh(before, app.clock.now())) {
            return Ok(before.answer);
        }
        filing.photos = keep_photos(app, tenant, &received.sent).await?;
        let filing = &filing;
        let code = app
            .db
            .transact(&app.context(), |tx| {
                Box::pin(async move {
                    let before = sent_before::before_in(tx, tenant, What::Request, said).await?;
                    if let Some(before) = before.filter(|before| fresh(before, tx.now())) {
                        return Ok(before.answer);
                    }
                    let code = write(tx, app, filing).await?;
                    sent_before::keep(tx, tenant, What::Request, (said, said), &code).await?;
                    Ok(code)
                })
            })
            .await?;
        app.bell.notify_one();
        return Ok(code);
    };
    let sent = &received.sent;
    let fields = sent.fields.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let files = sent.files.iter().map(|file| (file.field.as_str(), &file.bytes[..]));
    let place = std::iter::once(("jurisdiction_id", filing.spot.compound_code.as_bytes()));
    let all = place.chain(fields.filter(|(name, _)| *name != "jurisdiction_id")).chain(files);
    let route = "POST /open311/v2/requests".to_owned();
    let key = keys::RequestKey::by(app, &received.by.mark, (key, route), all);
    if let Some(code) = keys::answered(app, tenant.0, &key).await? {
        return Ok(code);
    }
    filing.photos = keep_photos(app, tenant, &received.sent).await?;
    let filing = &filing;
    keys::once(app, &app.context(), tenant.0, &key, &|tx| Box::pin(write(tx, app, filing))).await
}

async fn write(tx: &mut Tx<'_>, app: &App, filing: &Filing) -> Result<String, Error> {
    let nobody = Actor::default();
    let Filing { spot, draft, aside, photos } = filing;
    let case = actions::file(tx, &app.secrets, Hand::of(&nobody), spot, draft, photos).await?;
    if let Some(words) = aside {
        second::keep_aside(tx, &case, words).await?;
    }
    Ok(case.code)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn an_address_names_the_building_it_means() {
        assert!(names("石榴园 1号楼 301", "1号楼") && names("1号楼", "1号楼") && names("石榴园1号楼", "1号楼"));
        assert!(!names("石榴园11号楼", "1号楼") && !names("B1号楼", "1号楼") && !names("石榴园", ""));
    }
}
