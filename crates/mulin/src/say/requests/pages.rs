//! The HTML face: forms in, pages out.

use super::intake::{self, Held};
use super::model::{Deed, Draft, Hand, Kept, PHOTOS_MAX, Spot};
use super::personal::{self, Asked, Wish};
use super::similar::{self, Others};
use super::view::{CasePage, Choice, HotlinePage, NewPage, Read, WherePage, label_of};
use super::{actions, point, policy, timeline};
use crate::layout::line::{encoded, shortened};
use crate::layout::{Visit, Wrong, page, page_again, show};
use crate::words;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use commons::case::store::page::Around;
use commons::case::store::{self, CaseFound};
use commons::case::{Case, CaseId, Channel, PhotoId, guess};
use commons::desk::{WalkIn, store as desk};
use commons::people;
use commons::place::{self, Place, PlaceKind, TenantId};
use kit::media::{MediaKey, Size};
use kit::web::answer::{Answer, see_other};
use kit::web::keys::RequestKey;
use kit::web::{App, Call, Form, keys};
use kit::web::{Path, Query};
use kit::{Error, Result};
use serde::Deserialize;

const TITLE_CHARACTERS_MAX: usize = 24;

/// What a link to 说一声 may say.
#[derive(Debug, Default, Deserialize)]
pub struct NewQuery {
    /// The path of a place, e.g. `shiliu/3`.
    #[serde(default)]
    at: String,
    #[serde(default, rename = "for")]
    for_: String,
    /// Opened from a sign.
    #[serde(default)]
    sign: String,
    /// A line of the hub's desk that is handed in.
    #[serde(default)]
    desk: String,
    /// `captain`: a word for the captain alone.
    #[serde(default)]
    to: String,
    /// The code of a compound whose ground is shown to point at.
    #[serde(default)]
    map: String,
    #[serde(default)]
    wide: String,
    /// Where the picture of the ground was pressed, in its pixels.
    #[serde(default, rename = "p.x")]
    press_x: String,
    #[serde(default, rename = "p.y")]
    press_y: String,
    /// A chosen point, in millimetres.
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

/// `GET /say/requests/new`: choose where, then say it.
pub async fn new(visit: Visit, Query(query): Query<NewQuery>) -> Answer {
    let for_caller = query.for_ == "caller";
    if !query.map.is_empty() {
        let pressed = query.press_x.parse().ok().zip(query.press_y.parse().ok());
        return point::choose(&visit, &query.map, pressed, query.wide == "1", for_caller).await;
    }
    let home = visit.actor.homes().next().map(|mandate| (mandate.tenant, mandate.place));
    let place = match (query.at.as_str(), home) {
        ("all", _) => None,
        (at, _) if !at.is_empty() => Some(find_place(&visit.app, at).await?),
        (_, Some((tenant, home))) if !for_caller => place::store::find(&visit.app.db, tenant, home).await?,
        // Whoever files for a caller mostly does so in the compound they serve.
        _ if for_caller => own_compound(&visit).await?,
        _ => None,
    };
    match place {
        None => choose(&visit, None, place::store::compounds(&visit.app.db).await?, for_caller),
        Some(place) => {
            let inside = inside(&visit, &place).await?;
            if !query.desk.is_empty() {
                return page(&ticket_page(&visit, &place, &query.desk, &inside).await?);
            }
            if !inside.is_empty() {
                return choose(&visit, Some(place), inside, for_caller);
            }
            let mut page_ = form_page(&visit, &place).await?;
            page_.for_caller = for_caller && page_.staff;
            page_.sign = query.sign == "1";
            if query.to == "captain" {
                (page_.private, page_.to_captain) = (true, true);
                let asks = page_.categories.iter().find(|one| one.slug == guess::OTHER);
                page_.category = asks.map_or_else(String::new, |one| one.slug.clone());
            }
            page_.intake.point = Some((query.x, query.y)).filter(|(x, y)| !x.is_empty() && !y.is_empty());
            page(&page_)
        }
    }
}

/// What is chosen from in a compound. Elsewhere there is nothing to choose, and where nothing is entered yet neither: then it
/// is said of the compound itself.
pub async fn inside(visit: &Visit, place: &Place) -> Result<Vec<Place>> {
    if place.kind != PlaceKind::Compound {
        return Ok(Vec::new());
    }
    let mut below = place::store::below(&visit.app.db, place.tenant, place.id).await?;
    below.retain(|place| matches!(place.kind, PlaceKind::Building | PlaceKind::Facility));
    Ok(below)
}

/// Entrances and facilities of a building, for those who want to be more exact.
pub async fn rooms(app: &App, place: &Place) -> Result<Vec<Place>> {
    match place.kind {
        PlaceKind::Building => place::store::below(&app.db, place.tenant, place.id).await,
        _ => Ok(Vec::new()),
    }
}

/// The compound in which somebody files for others, if it is one.
async fn own_compound(visit: &Visit) -> Result<Option<Place>> {
    let filing = |mandate: &&people::Mandate| people::Office::FILING.contains(&mandate.office);
    match visit.actor.mandates.iter().find(filing).and_then(|mandate| Some((mandate.tenant, mandate.compound?))) {
        Some((tenant, compound)) => place::store::find(&visit.app.db, tenant, compound).await,
        None => Ok(None),
    }
}

/// The place behind a path that begins with a compound's code.
pub(super) async fn find_place(app: &App, path: &str) -> Result<Place> {
    place::store::by_whole_path(&app.db, path).await?.ok_or(Error::NotFound)
}

fn choose(visit: &Visit, within: Option<Place>, places: Vec<Place>, for_caller: bool) -> Answer {
    let v = visit.view("requests-where-title");
    let more = if for_caller { "&for=caller" } else { "" };
    let choices = places
        .iter()
        .map(|place| Choice {
            href: format!("/say/requests/new?at={}{more}", encoded(&place.path)),
            label: v.pick(&place.name, &place.name_en).to_owned(),
        })
        .collect();
    let drawn = within.as_ref().filter(|place| place.ground.x_mm.is_some());
    let map = drawn.map(|place| format!("/say/requests/new?map={}{more}", encoded(&place.path)));
    let chosen = within.map(|place| label_of(&v, &place));
    page(&WherePage { v, chosen, choices, map, for_caller })
}

/// The form filled in from a line of the hub's desk, for whoever took it down or files there anyway.
async fn ticket_page(visit: &Visit, place: &Place, ticket: &str, inside: &[Place]) -> Result<NewPage> {
    let id = ticket.parse().map_err(|_| Error::NotFound)?;
    let found = desk::look(&visit.app.db, &visit.app.secrets, place.tenant, id).await?.ok_or(Error::NotFound)?;
    policy::file(Hand::of(&visit.actor), place, true, Some(&found)).map_err(|_| Error::NotFound)?;
    let mut shown = form_page(visit, place).await?;
    let name = |place: &Place| (place.path.clone(), shown.v.pick(&place.name, &place.name_en).to_owned());
    if !inside.is_empty() {
        shown.inside = inside.iter().map(name).collect();
    }
    (shown.for_caller, shown.desk) = (true, ticket.to_owned());
    (shown.words, shown.contact) = (found.about, found.who.line());
    Ok(shown)
}

/// The ticket that a draft brings, looked at before anything is done.
pub(super) async fn ticket_of(visit: &Visit, tenant: TenantId, draft: &Draft) -> Result<Option<WalkIn>> {
    let Some(id) = draft.more.ticket else { return Ok(None) };
    let found = desk::look(&visit.app.db, &visit.app.secrets, tenant, id).await?;
    found.map(Some).ok_or(Error::conflict("requests/ticket-gone"))
}

async fn form_page(visit: &Visit, place: &Place) -> Result<NewPage> {
    let v = visit.view("requests-new-title");
    let inside = rooms(&visit.app, place).await?;
    let categories = store::categories_at(&visit.app.db, place.tenant, place.compound).await?;
    let staff = visit.actor.files_at(place).is_some();
    Ok(NewPage {
        wrong: Wrong::default(),
        at: place.path.clone(),
        place_label: label_of(&v, place),
        inside: inside
            .iter()
            .map(|place| (place.path.clone(), v.pick(&place.name, &place.name_en).to_owned()))
            .collect(),
        categories,
        words: String::new(),
        category: String::new(),
        private: false,
        to_captain: false,
        contact: String::new(),
        staff,
        for_caller: false,
        sign: false,
        desk: String::new(),
        intake: intake::blank(&v, place),
        personal: Asked::default(),
        v,
    })
}

/// `POST /say/requests`: filed, or the same page with what is wrong and everything kept.
pub async fn file(visit: Visit, form: Form) -> Answer {
    let at = form.opt("inside").unwrap_or(form.text("at")).to_owned();
    let place = find_place(&visit.app, &at).await?;
    let tenant = place.tenant;
    if let Some(to) = keys::answered(&visit.app, tenant.0, &form.key).await? {
        return Ok(see_other(&to));
    }
    let channel = if form.text("sign") == "1" { Channel::Sign } else { Channel::Web };
    let asks = form.checked("ask");
    let (held, outcome) = match intake::hold(&visit.app, tenant, &form).await {
        // Asked for more questions: nothing is filed yet.
        Ok(held) if asks => (held, Err(Error::Invalid(Vec::new()))),
        Ok(held) => {
            let outcome = try_file(&visit, &form, &place, channel, &held).await;
            (held, outcome)
        }
        Err(error) => (Held::default(), Err(error)),
    };
    let wrong = match outcome {
        Ok(to) => return Ok(see_other(&to)),
        Err(error) => Wrong::of(visit.call.lang, error)?,
    };
    let outer = find_place(&visit.app, form.text("at")).await?;
    let mut again = form_page(&visit, &outer).await?;
    if !form.text("desk").is_empty() {
        let within = inside(&visit, &outer).await?;
        again.inside = within
            .iter()
            .map(|place| (place.path.clone(), again.v.pick(&place.name, &place.name_en).to_owned()))
            .collect();
    }
    if wrong.on("personal").is_some() {
        again.personal = Asked::of(&again.v, "new", form.text("words"), false);
    }
    again.wrong = wrong;
    again.words = form.text("words").to_owned();
    again.category = form.text("category").to_owned();
    again.private = form.checked("private");
    again.to_captain = form.text("to") == "captain";
    again.contact = form.text("contact").to_owned();
    again.for_caller = form.checked("for_caller");
    again.sign = form.text("sign") == "1";
    again.desk = form.text("desk").to_owned();
    again.intake = intake::again(&visit, &again.v, &outer, &form, &held).await?;
    if asks {
        again.category = again.intake.category.clone();
        return page(&again);
    }
    page_again(&again)
}

async fn try_file(visit: &Visit, form: &Form, place: &Place, channel: Channel, held: &Held) -> Result<String> {
    let mut draft = Draft::read_spoken(form, channel, held.voice.is_some().then_some(visit.call.lang))?;
    draft.more = intake::more(&visit.app, form, place, &draft, held).await?;
    draft.for_caller |= draft.more.ticket.is_some();
    personal::screen_draft(&visit.app, place.tenant, &mut draft, Wish::read(form.text("personal"))).await?;
    let kept = held.kept();
    let spot = spot(&visit.app, place.clone()).await?;
    let ticket = ticket_of(visit, place.tenant, &draft).await?;
    let office = policy::file(Hand::of(&visit.actor), place, draft.for_caller, ticket.as_ref())?;
    // On the form the words stay, and it says what else one can do.
    intake::many(visit).map_err(|_| Error::invalid("words", "requests/unsigned-many"))?;
    let context = visit.context(place.tenant, office);
    let (app, actor, draft, kept, spot) = (&visit.app, &visit.actor, &draft, &kept, &spot);
    let signed_in = actor.person_in(place.tenant).is_some() && !draft.for_caller;
    keys::once(app, &context, place.tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            let case = actions::file(tx, &app.secrets, Hand::of(actor), spot, draft, kept).await?;
            if signed_in {
                return Ok(format!("/say/requests/{}?said=1", case.code));
            }
            Ok(format!("/say/requests/slip/{}?said=1", actions::pickup_code(&app.secrets, case.id)))
        })
    })
    .await
}

/// A place with what filing there needs.
pub async fn spot(app: &App, place: Place) -> Result<Spot> {
    let compound_code = place.path.split('/').next().unwrap_or_default().to_owned();
    let root = place::store::root(&app.db, place.tenant).await?.ok_or(Error::NotFound)?.id;
    Ok(Spot { place, compound_code, root })
}

/// Puts the photos of a form on the shelf, clean; the case that needs them comes after.
pub async fn keep_photos(app: &App, tenant: TenantId, form: &Form) -> Result<Vec<Kept>> {
    if intake::photos_in(form) > PHOTOS_MAX {
        return Err(Error::invalid("photo", "media/too-many"));
    }
    let mut kept = Vec::new();
    for file in form.files.iter().filter(|file| file.field != "voice") {
        kept.push(keep_bytes(app, tenant, file.bytes.clone()).await?);
    }
    Ok(kept)
}

/// Puts one picture on the shelf, written anew.
pub async fn keep_bytes(app: &App, tenant: TenantId, bytes: axum::body::Bytes) -> Result<Kept> {
    let picture = app.media.accept(bytes).await?;
    let id = PhotoId(kit::Uuid::from_bytes(app.ids.secret()));
    app.media.put(MediaKey { tenant: tenant.0, id: id.0 }, &picture).await?;
    Ok(Kept::of(id, &picture))
}

/// What a case's page may be asked.
#[derive(Debug, Default, Deserialize)]
pub struct ShowQuery {
    /// Just filed.
    #[serde(default)]
    pub said: String,
    /// A reply template to fill in.
    #[serde(default)]
    pub template: String,
    /// The same for a note on the way.
    #[serde(default)]
    pub note: String,
    /// `receipt`: for an 80 mm printer.
    #[serde(default)]
    pub paper: String,
}

/// `GET /say/requests/{code}`.
pub async fn show(visit: Visit, Path(code): Path<String>, Query(query): Query<ShowQuery>) -> Answer {
    let found = case_of(&visit, &code).await?;
    let case = found.row.case.clone();
    let mut shown = case_page(&visit, found, None).await?;
    shown.slip = None;
    super::replies::pick(&mut shown, &query.template, &query.note);
    if query.said == "1" && shown.author {
        shown.alike = alike(&visit, &case, &shown.v).await?;
        shown.v.title = words::t(visit.call.lang, "requests-said-title").to_string();
        shown.intake_alarm();
    }
    page(&shown)
}

/// A matter is called by its words; where they are gone, by its number.
fn title(visit: &Visit, case: &Case) -> String {
    match case.words.is_empty() {
        true => format!("{} {}", words::t(visit.call.lang, "requests-case-title"), case.code),
        false => shortened(&case.words, TITLE_CHARACTERS_MAX),
    }
}

/// What a case that was just said is perhaps the same as.
pub async fn alike(visit: &Visit, case: &Case, v: &crate::layout::View) -> Result<Vec<(String, similar::Found)>> {
    match case.state {
        commons::case::State::Said => similar::for_author(&visit.app, case, v, visit.call.now).await,
        _ => Ok(Vec::new()),
    }
}

/// Reads what hangs on a case and makes its page for whoever holds it in hand.
pub async fn case_page(visit: &Visit, found: CaseFound, slip: Option<CaseId>) -> Result<CasePage> {
    let hand = Hand { actor: &visit.actor, slip };
    let read = read(visit, found, hand).await?;
    // Whoever joined it still sees that its author took it back.
    if !read.others.left {
        policy::read(hand, &read.found.row.case, &read.parts.handovers)?;
    }
    super::looks::looked(visit, hand, &read).await?;
    let v = visit.view_titled(title(visit, &read.found.row.case));
    let live = format!("/say/requests/{}/live", read.found.row.case.code);
    let party = policy::is_party(hand, &read.found.row.case, &read.parts.handovers);
    let replies = super::replies::offered(visit.call.now, &v, &read);
    let extra = intake::extra(visit, &v, (hand, party), &read);
    let mut page = CasePage::of(v, visit.call.now, hand, read);
    page.extra = extra;
    page.replies = replies;
    page.live = (!page.private && slip.is_none()).then_some(live);
    Ok(page)
}

/// Everything that hangs on a case.
pub async fn read(visit: &Visit, found: CaseFound, hand: Hand<'_>) -> Result<Read> {
    let (db, now) = (&visit.app.db, visit.call.now);
    let case = &found.row.case;
    let holder = hand.is_holder(case);
    let parts = store::page::parts(db, case, policy::household(hand, case), holder).await?;
    let book = kit::book::of_thing(db, case.tenant.0, case.id.0).await?;
    let around = store::page::around(db, case, now).await?;
    let mut labels = around.labels.clone();
    // Where it has been before, and nobody sits any more.
    let unknown: Vec<_> = timeline::places(&book).into_iter().filter(|id| !labels.contains_key(id)).collect();
    // Or who acted in another's name, which is a name as well.
    let through = timeline::substitutes(&book);
    let unknown: Vec<_> = unknown.into_iter().chain(through).collect();
    if !unknown.is_empty() {
        labels.extend(place::store::labels(db, case.tenant, &unknown).await?);
    }
    let seats = if holder { seats_of(visit, case, &around) } else { Vec::new() };
    let others = Others::of(now, case, hand, &parts);
    Ok(Read { others, found, parts, book, labels, seats, holder_names: around.holders })
}

/// The seats to which a case may be handed, with the names of their places.
pub(super) fn seats_of(
    visit: &Visit,
    case: &Case,
    around: &Around,
) -> Vec<(commons::case::Door, people::Office, place::PlaceId, String)> {
    let lang = visit.call.lang;
    let elsewhere = |(door, office, place): &&(commons::case::Door, people::Office, place::PlaceId)| {
        (*office, *place) != (case.holder.office, case.holder.place)
            && (*door <= case.door || case.door.up() == Some(*door))
    };
    let named = |(door, office, place): &(commons::case::Door, people::Office, place::PlaceId)| {
        let label = around.labels.get(&place.0).map_or(String::new(), |(zh, en)| lang.pick(zh, en).to_owned());
        (*door, *office, *place, label)
    };
    around.seats.iter().filter(elsewhere).map(named).collect()
}

/// `POST /say/requests/{code}/{deed}`.
pub async fn act(visit: Visit, Path((code, deed)): Path<(String, String)>, form: Form) -> Answer {
    let found = store::by_code(&visit.app.db, &code).await?.ok_or(Error::NotFound)?;
    let to = super::bulk::back(&form).unwrap_or_else(|| format!("/say/requests/{code}"));
    act_on(&visit, &found, None, (&deed, &form), to).await
}

/// The case with this code.
pub async fn case_of(visit: &Visit, code: &str) -> Result<CaseFound> {
    store::by_code(&visit.app.db, code).await?.ok_or(Error::NotFound)
}

/// Does a deed from a form; on a wrong form the case's page comes back with what was typed.
pub async fn act_on(
    visit: &Visit,
    found: &CaseFound,
    slip: Option<CaseId>,
    (name, form): (&str, &Form),
    to: String,
) -> Answer {
    let case = &found.row.case;
    let wrong = match done(visit, found, slip, (name, form), &to).await {
        Ok(to) => return Ok(see_other(&to)),
        Err(error) => Wrong::of(visit.call.lang, error)?,
    };
    let mut again = case_page(visit, case_of(visit, &case.code).await?, slip).await?;
    if let Some(base) = slip.map(|_| to.clone()) {
        again.base = base;
    }
    if wrong.on("personal").is_some() {
        again.personal = Asked::of(&again.v, name, form.text("words"), !form.files.is_empty());
    }
    again.wrong = wrong;
    again.kept = form.text("words").to_owned();
    again.kept_choice = form.opt("outcome").unwrap_or(form.text("satisfaction")).to_owned();
    page_again(&again)
}

/// The deed of a form, and where it leads.
pub async fn done(
    visit: &Visit,
    found: &CaseFound,
    slip: Option<CaseId>,
    (name, form): (&str, &Form),
    to: &str,
) -> Result<String> {
    let case = &found.row.case;
    let hand = Hand { actor: &visit.actor, slip };
    let handovers = store::handovers(&visit.app.db, case.tenant, case.id).await?;
    policy::read(hand, case, &handovers)?;
    let open = handovers.iter().find(|handover| handover.decision.is_none());
    let deed = Deed::read(name, form)?.ok_or(Error::NotFound)?;
    if let Some(to) = keys::answered(&visit.app, case.tenant.0, &form.key).await? {
        return Ok(to);
    }
    let office = policy::act(hand, case, open, &deed)?;
    let deed = personal::screen_deed(deed, case, Wish::read(form.text("personal")))?;
    let kept = keep_photos(&visit.app, case.tenant, form).await?;
    let context = visit.context(case.tenant, office);
    let (deed, kept) = (&deed, &kept);
    keys::once(&visit.app, &context, case.tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            actions::act(tx, hand, (case.tenant, case.id), deed, kept).await?;
            Ok(to.to_owned())
        })
    })
    .await
}

/// `POST /say/requests/{code}/contact`: shows how to reach the one who said it, and writes down who looked.
pub async fn contact(visit: Visit, Path(code): Path<String>, form: Form) -> Answer {
    let found = case_of(&visit, &code).await?;
    let contact = contact_of(&visit, &found.row.case, &form.key).await?;
    let mut shown = case_page(&visit, found, None).await?;
    shown.contact = contact;
    page(&shown)
}

/// How to reach the one who said it; the look is written down, once for each key.
pub async fn contact_of(visit: &Visit, case: &Case, key: &RequestKey) -> Result<Option<String>> {
    let hand = Hand::of(&visit.actor);
    let handovers = store::handovers(&visit.app.db, case.tenant, case.id).await?;
    policy::read(hand, case, &handovers)?;
    let office = policy::see_contact(hand, case)?;
    let context = visit.context(case.tenant, Some(office));
    keys::once(&visit.app, &context, case.tenant.0, key, &|tx| {
        Box::pin(async move {
            actions::view_contact(tx, hand, (case.tenant, case.id)).await?;
            Ok(String::new())
        })
    })
    .await?;
    let sealed = match case.contact_shown(visit.call.now) {
        true => store::contact(&visit.app.db, case.tenant, case.id).await?,
        false => None,
    };
    let plain = sealed.and_then(|sealed| visit.app.secrets.unseal("contact", &sealed));
    Ok(plain.and_then(|plain| String::from_utf8(plain).ok()))
}

/// `GET /say/requests/{code}/live`: tells when something changed.
pub async fn live(State(app): State<App>, call: Call, Path(code): Path<String>) -> Answer {
    let found = store::by_code(&app.db, &code).await?.ok_or(Error::NotFound)?;
    if !found.row.case.is_public() {
        return Err(Error::NotFound.into());
    }
    Ok(app.live.stream(format!("case/{}", found.row.case.id), call.address)?.into_response())
}

/// `GET /say/requests/{code}/hotline`: the text for 12345, ready to copy or read out.
pub async fn hotline(visit: Visit, Path(code): Path<String>) -> Answer {
    let found = store::by_code(&visit.app.db, &code).await?.ok_or(Error::NotFound)?;
    let case = &found.row.case;
    let hand = Hand::of(&visit.actor);
    let handovers = store::handovers(&visit.app.db, case.tenant, case.id).await?;
    policy::read(hand, case, &handovers)?;
    page(&hotline_page(&visit, &found))
}

/// The ready text of a case.
pub fn hotline_page(visit: &Visit, found: &CaseFound) -> HotlinePage {
    let (lang, row, now) = (visit.call.lang, &found.row, visit.call.now);
    let holder = lang.pick(&row.holder_label, &row.holder_label_en);
    let args = [
        ("place", lang.pick(&row.public_label, &row.public_label_en).to_owned().into()),
        ("words", row.case.words.trim_end_matches(['。', '.', '！', '!', '；']).to_owned().into()),
        ("said", show::moment(lang, row.case.said, now).into()),
        ("holder", format!("{holder} {}", show::office(lang, row.case.holder.office)).into()),
        ("state", show::state(lang, row.case.state_at(now)).to_string().into()),
        ("code", row.case.code.clone().into()),
    ];
    let text = words::t_with(lang, "requests-hotline-text", &args);
    HotlinePage { v: visit.view("requests-hotline-title"), code: row.case.code.clone(), text }
}

/// `GET /say/requests/photos/{tenant}/{photo}/{size}`.
pub async fn photo(
    visit: Visit,
    Path((tenant, photo, size)): Path<(TenantId, PhotoId, String)>,
    headers: HeaderMap,
) -> Answer {
    if size == "voice" {
        let case = store::of_voice(&visit.app.db, tenant, photo).await?.ok_or(Error::NotFound)?;
        return intake::voice(&visit, &case, None, photo, &headers).await;
    }
    let (public, code) = store::photo(&visit.app.db, tenant, photo).await?.ok_or(Error::NotFound)?;
    let found = store::by_code(&visit.app.db, &code).await?.ok_or(Error::NotFound)?;
    let hand = Hand::of(&visit.actor);
    if !public || !found.row.case.is_public() {
        let handovers = store::handovers(&visit.app.db, tenant, found.row.case.id).await?;
        policy::read(hand, &found.row.case, &handovers)?;
    }
    picture(&visit, &headers, MediaKey { tenant: tenant.0, id: photo.0 }, &size).await
}

/// The bytes of a picture, as a picture and nothing else.
pub async fn picture(visit: &Visit, asked: &HeaderMap, key: MediaKey, size: &str) -> Answer {
    // Bytes under an id never change, but they may go: so a copy is asked about each time it is shown.
    let tag = format!("\"{}-{size}\"", key.id.simple());
    let size = match size {
        "full" => Size::Full,
        "thumb" => Size::Thumb,
        _ => return Err(Error::NotFound.into()),
    };
    if asked.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let bytes = visit.app.media.get(key, size).await?.ok_or(Error::NotFound)?;
    let headers = [
        (header::ETAG, tag.as_str()),
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"photo.jpg\""),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    let response: Response = (headers, bytes).into_response();
    Ok(response)
}
