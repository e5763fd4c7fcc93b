//! The desk today, and the slip that opens one line of it.

use super::actions::{self, Deed, Room};
use super::{looks, rooms};
use crate::layout::line::encoded;
use crate::layout::{View, Visit, Wrong, code, page, page_again, typed};
use crate::near::compound;
use askama::Template;
use commons::calendar::Zone;
use commons::case::store as cases;
use commons::desk::{Became, Chair, WalkIn, store};
use commons::place::{Place, store as places};
use commons::slips;
use kit::secrets::{normal_code, spaced};
use kit::time::Moment;
use kit::web::answer::{Answer, see_other};
use kit::web::limits::Knock;
use kit::web::{Form, Path, Query, keys};
use kit::{Error, Result};
use serde::Deserialize;

/// A line of the desk as it reads.
pub struct LineShown {
    pub id: String,
    /// `3`, or `11月23日 3` for one from before.
    pub number: String,
    pub became: String,
    pub about: String,
    /// As far as they said, while it is open.
    pub who: String,
    pub takes: Option<String>,
    pub mine: bool,
    pub done: bool,
    pub line: String,
    /// Where it goes on: the request it became, the form that waits for it, the talks.
    pub href: String,
    pub goes_on: String,
    /// Whether a line ends it.
    pub ends_here: bool,
    pub slip: String,
}

/// `GET /help/hub/desk`.
#[derive(Template)]
#[template(path = "help/hub/desk/templates/desk.html")]
pub struct DeskPage {
    pub v: View,
    pub wrong: Wrong,
    pub compound: String,
    pub place: String,
    pub today: String,
    /// The number of what was just taken down.
    pub taken: Option<String>,
    pub typed: [String; 4],
    /// The line whose form came back.
    pub again_id: String,
    pub open: Vec<LineShown>,
    pub done: Vec<LineShown>,
    pub overdue: Vec<String>,
    pub talks: bool,
    pub talks_open: i64,
    pub keys_out: i64,
    pub unsorted: i64,
}

/// What beside the compound an address of the desk may say.
#[derive(Debug, Default, Deserialize)]
pub struct DeskQuery {
    #[serde(default)]
    pub compound: String,
    #[serde(default)]
    pub taken: String,
}

pub async fn show(visit: Visit, Query(query): Query<DeskQuery>) -> Answer {
    let place = compound(&visit, &query.compound).await?;
    let mut shown = desk_page(&visit, &place, None, Wrong::default()).await?;
    shown.taken = query.taken.parse::<i64>().ok().map(|n| shown.v.a("desk-today-taken", "n", n));
    page(&shown)
}

async fn desk_page(visit: &Visit, place: &Place, form: Option<&Form>, wrong: Wrong) -> Result<DeskPage> {
    let (db, now, v) = (&visit.app.db, visit.call.now, visit.view("desk-today-title"));
    let chair = actions::chair(db, &visit.actor, place, now).await?;
    let today = Zone::china().date(now);
    let all = store::list(db, &visit.app.secrets, (place.tenant, place.id), today).await?;
    looks::at_lines(visit, (place, chair.office), &all).await?;
    let aside = store::aside(db, place.tenant, place.id, now).await?;
    let shown = |one: &WalkIn| line(visit, &v, place, (one, chair));
    let (done, open): (Vec<&WalkIn>, Vec<&WalkIn>) = all.iter().partition(|one| one.done.is_some());
    let typed = |name: &str| form.map(|form| form.text(name).to_owned()).unwrap_or_default();
    Ok(DeskPage {
        wrong,
        compound: place.path.clone(),
        place: v.pick(&place.name, &place.name_en).to_owned(),
        today: v.day(now, now),
        taken: None,
        typed: ["about", "name", "door", "phone"].map(typed),
        again_id: typed("id"),
        open: open.into_iter().map(shown).collect(),
        done: done.into_iter().rev().map(shown).collect(),
        overdue: aside.overdue,
        talks: chair.talks,
        talks_open: aside.talks_open,
        keys_out: aside.keys_out,
        unsorted: aside.unsorted,
        v,
    })
}

/// Where a request is handed in that was begun at the desk.
pub fn hand_in(place: &Place, one: &str) -> String {
    format!("/say/requests/new?for=caller&at={}&desk={one}", encoded(&place.path))
}

fn line(visit: &Visit, v: &View, place: &Place, (one, chair): (&WalkIn, Chair)) -> LineShown {
    let now = visit.call.now;
    let today = one.day == Zone::china().date(now);
    let me = visit.actor.person_in(place.tenant);
    let mine = me.is_some() && one.takes == me;
    let (href, goes_on) = match one.became {
        Became::Request if !one.code.is_empty() => (format!("/say/requests/{}", one.code), one.code.clone()),
        Became::Request if one.done.is_none() => {
            (hand_in(place, &one.id.to_string()), v.t("desk-today-hand-in").to_string())
        }
        Became::Talk if chair.talks => {
            (format!("/help/hub/desk/talks?compound={}", encoded(&place.path)), v.t("desk-talks-title").to_string())
        }
        Became::Opinion => (
            format!("/help/hub/desk/opinions?compound={}", encoded(&place.path)),
            v.t("desk-opinions-title").to_string(),
        ),
        _ => (String::new(), String::new()),
    };
    let day = if today { String::new() } else { v.day(one.at, now) };
    LineShown {
        id: one.id.to_string(),
        number: format!("{day} {}", v.a("desk-today-number", "n", one.number)).trim().to_owned(),
        became: v.t(&format!("became-{}", one.became)).to_string(),
        about: one.about.clone(),
        who: if looks::knows(one, me) { one.who.line() } else { String::new() },
        takes: one.takes_name.as_ref().map(|(zh, en)| v.pick(zh, en).to_owned()),
        mine,
        done: one.done.is_some(),
        line: one.line.clone(),
        href,
        goes_on,
        ends_here: one.done.is_none() && matches!(one.became, Became::Later | Became::Request),
        slip: slip_of(visit, one, false),
    }
}

fn slip_of(visit: &Visit, one: &WalkIn, fresh: bool) -> String {
    let fresh = if fresh { "&taken=1" } else { "" };
    format!("/help/hub/slip?code={}{fresh}", actions::code(&visit.app.secrets, one.id))
}

/// `GET /help/hub/slip`: how a line stands, for whoever has its code.
#[derive(Template)]
#[template(path = "help/hub/desk/templates/slip.html")]
pub struct SlipPage {
    pub v: View,
    pub wrong: Wrong,
    pub code: String,
    pub found: Option<SlipShown>,
}

/// What a slip says.
pub struct SlipShown {
    pub place: String,
    pub number: String,
    pub day: String,
    pub became: String,
    pub state: String,
    pub line: String,
    /// To go on reading, where it became a request.
    pub request: String,
    /// Back to the desk, for whoever has just written it.
    pub desk: Option<String>,
}

/// The code of a slip.
#[derive(Debug, Default, Deserialize)]
pub struct SlipQuery {
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub taken: String,
}

pub async fn slip(visit: Visit, Query(query): Query<SlipQuery>) -> Answer {
    let v = visit.view("desk-slip-title");
    if query.code.is_empty() {
        return page(&SlipPage { v, wrong: Wrong::default(), code: String::new(), found: None });
    }
    match found(&visit, &query.code).await {
        Ok((one, place)) => {
            let mut shown = slip_shown(&v, &one, &place, visit.call.now);
            let back = || format!("/help/hub/desk?compound={}", encoded(&place.path));
            shown.desk = (query.taken == "1" && visit.actor.person_in(place.tenant).is_some()).then(back);
            let code = spaced(&normal_code(&query.code).unwrap_or_default());
            page(&SlipPage { v, wrong: Wrong::default(), code, found: Some(shown) })
        }
        Err(error) => {
            if let Some(to) = of_a_request(&visit, &query.code).await? {
                return Ok(see_other(&to));
            }
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&SlipPage { v, wrong, code: query.code, found: None })
        }
    }
}

/// Where a code leads that is of a request's slip.
async fn of_a_request(visit: &Visit, typed: &str) -> Result<Option<String>> {
    let Some(code) = normal_code(typed) else { return Ok(None) };
    let found = cases::by_pickup(&visit.app.db, slips::of_request(&visit.app.secrets, &code)).await?;
    Ok(found.map(|_| format!("/say/requests/slip/{code}")))
}

/// The line that a code opens. Guessing is slow: each miss counts.
///
/// # Errors
/// [`Error::Invalid`] on `code`.
pub async fn found(visit: &Visit, typed: &str) -> Result<(WalkIn, Place)> {
    let (db, secrets) = (&visit.app.db, &visit.app.secrets);
    let code = code::of(typed, "hub/slip-code")?;
    let one = store::by_pickup(db, secrets, slips::of_desk(secrets, &code)).await?;
    let Some(one) = one else {
        visit.app.limits.check(Knock::Code, &visit.call.address.to_string())?;
        return Err(Error::invalid("code", "hub/slip-code"));
    };
    let place = places::find(db, one.tenant, one.place).await?.ok_or(Error::NotFound)?;
    Ok((one, place))
}

fn slip_shown(v: &View, one: &WalkIn, place: &Place, now: Moment) -> SlipShown {
    let state = match (one.done, &one.takes_name) {
        (Some(done), _) => v.a("desk-slip-done", "day", v.day(done, now)),
        (None, Some(_)) => v.t("desk-slip-taken").to_string(),
        (None, None) => v.t("desk-slip-open").to_string(),
    };
    SlipShown {
        place: v.pick(&place.name, &place.name_en).to_owned(),
        number: v.a("desk-today-number", "n", one.number),
        day: v.day(one.at, now),
        became: v.t(&format!("became-{}", one.became)).to_string(),
        state,
        line: one.line.clone(),
        request: one.code.clone(),
        desk: None,
    }
}

/// `POST /help/hub/desk/{deed}`.
pub async fn act(visit: Visit, Path(name): Path<String>, form: Form) -> Answer {
    let place = &compound(&visit, form.text("compound")).await?;
    let deed = &match Deed::read(&name, typed::of_form(&form), visit.call.now) {
        Ok(deed) => deed,
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            return match actions::room_of(&name) {
                Room::Desk => page_again(&desk_page(&visit, place, Some(&form), wrong).await?),
                Room::Talks => page_again(&rooms::talks_page(&visit, place, Some(&form), wrong).await?),
                Room::Opinions => page_again(&rooms::opinions_page(&visit, place, Some(&form), wrong).await?),
                Room::Keys => page_again(&rooms::keys_page(&visit, place, Some(&form), wrong).await?),
            };
        }
    };
    // Whether the chair is theirs is asked in the deed; which office it is in the book is known here.
    let chair = actions::chair(&visit.app.db, &visit.actor, place, visit.call.now).await?;
    let context = visit.context(place.tenant, Some(chair.office));
    let (who, at) = ((&visit.actor, &visit.app.secrets), encoded(&place.path));
    let at = &at;
    let to = keys::once(&visit.app, &context, place.tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            let left = actions::act(tx, who, place, deed).await?;
            Ok(match (deed, left.walk_in) {
                (Deed::TakeIn(new), Some((id, number))) => match new.became {
                    Became::Request => hand_in(place, &id.to_string()),
                    Became::Talk | Became::Later => {
                        format!("/help/hub/slip?code={}&taken=1", actions::code(who.1, id))
                    }
                    Became::Opinion | Became::Answer => format!("/help/hub/desk?compound={at}&taken={number}"),
                },
                _ => match deed.room() {
                    Room::Desk => format!("/help/hub/desk?compound={at}"),
                    Room::Talks => format!("/help/hub/desk/talks?compound={at}"),
                    Room::Opinions => format!("/help/hub/desk/opinions?compound={at}"),
                    Room::Keys => format!("/help/hub/desk/keys?compound={at}"),
                },
            })
        })
    })
    .await?;
    Ok(see_other(&to))
}
