//! The board that hangs in every building: grid, area, names, duties, numbers. It says what it lacks.

use super::actions::{self, NewCard};
use super::building::{CardShown, building_page};
use super::pages::At;
use super::policy;
use super::shown::{Phone, SeatShown};
use crate::layout::line::encoded;
use crate::layout::parts::qr;
use crate::layout::{View, Visit, Wrong, link, page, page_again, typed};
use askama::Template;
use axum::http::HeaderMap;
use commons::people::Office;
use commons::place::{Place, store as places};
use commons::seat::{self, BoardWords, Missing, ON_BOARD, REACHED_BY_WORK, store};
use kit::Result;
use kit::web::answer::{Answer, see_other};
use kit::web::{Form, Query, keys};

/// `GET /help/captain/board`.
#[derive(Template)]
#[template(path = "help/captain/templates/board.html")]
pub struct BoardPage {
    pub v: View,
    pub wrong: Wrong,
    pub at: String,
    pub place: String,
    pub grid: Option<String>,
    pub words: BoardWords,
    pub supervision: Option<Phone>,
    pub lines: Vec<SeatShown>,
    pub missing: Vec<String>,
    /// For the keepers of the register.
    pub keeps: bool,
    /// What is still missing is for those who can put it right or carry it on, not for whoever passes by.
    pub serves: bool,
    pub cards: Vec<CardShown>,
    pub qr: String,
}

pub async fn show(visit: Visit, Query(query): Query<At>, headers: HeaderMap) -> Answer {
    let building = actions::building(&visit.app.db, &query.at).await?;
    page(&board_page(&visit, &building, &link::base(&visit.app, &headers), None).await?)
}

async fn board_page(
    visit: &Visit,
    building: &Place,
    base: &str,
    again: Option<(BoardWords, Wrong)>,
) -> Result<BoardPage> {
    let (db, now, v) = (&visit.app.db, visit.call.now, visit.view("board-title"));
    let seats = store::around(db, &visit.app.secrets, building, now).await?;
    let words = store::words(db, building.tenant, building.grid).await?;
    let grid = match building.grid {
        Some(grid) => places::find(db, building.tenant, grid).await?,
        None => None,
    };
    let missing = seat::missing(building, &seats, &words);
    let supervision = Some(words.supervision.as_str()).filter(|text| !text.is_empty()).map(Phone::of);
    let keeps = policy::keeper(&visit.actor, building.tenant).is_ok();
    let (words, wrong) = again.unwrap_or((words, Wrong::default()));
    let card = |office: &Office| {
        let seat = seats.iter().find(|seat| seat.office == *office)?;
        let own = seat.stands_in.as_ref().is_some_and(|one| one.own);
        let number = REACHED_BY_WORK.contains(office);
        Some(CardShown {
            office: office.name(),
            title: v.office(*office).to_string(),
            phone: seat.phone.clone().filter(|_| number && !own).unwrap_or_default(),
            duties: seat.duties.clone(),
            number,
            deputy: false,
        })
    };
    let say = format!("{base}/help/captain?at={}", encoded(&building.path));
    Ok(BoardPage {
        wrong,
        at: building.path.clone(),
        place: v.pick(&building.label, &building.label_en).to_owned(),
        grid: grid.map(|grid| v.pick(&grid.name, &grid.name_en).to_owned()),
        words,
        supervision,
        lines: seats
            .iter()
            .filter(|seat| ON_BOARD.contains(&seat.office))
            .map(|seat| SeatShown::of(&v, seat, now))
            .collect(),
        missing: missing.iter().map(|one| told(&v, *one)).collect(),
        keeps,
        serves: keeps || policy::see_doors(&visit.actor, building).is_ok(),
        cards: if keeps { ON_BOARD.iter().filter_map(card).collect() } else { Vec::new() },
        qr: qr(&say, &v.t("board-qr")),
        v,
    })
}

pub fn told(v: &View, missing: Missing) -> String {
    match missing {
        Missing::Grid => v.t("board-no-grid").to_string(),
        Missing::Area => v.t("board-no-area").to_string(),
        Missing::Supervision => v.t("board-no-supervision").to_string(),
        Missing::Empty(office) => v.a("board-no-one", "office", v.office(office).to_string()),
        Missing::Phone(office) => v.a("board-no-phone", "office", v.office(office).to_string()),
        Missing::Duties(office) => v.a("board-no-duties", "office", v.office(office).to_string()),
    }
}

/// `POST /help/captain/board`.
pub async fn save(visit: Visit, headers: HeaderMap, form: Form) -> Answer {
    let building = &actions::building(&visit.app.db, form.text("at")).await?;
    let office = policy::keeper(&visit.actor, building.tenant)?;
    let words = &match actions::check_board(typed::of_form(&form)) {
        Ok(words) => words,
        Err(error) => {
            let words =
                BoardWords { area: form.text("area").to_owned(), supervision: form.text("supervision").to_owned() };
            let wrong = Wrong::of(visit.call.lang, error)?;
            let base = link::base(&visit.app, &headers);
            return page_again(&board_page(&visit, building, &base, Some((words, wrong))).await?);
        }
    };
    let actor = &visit.actor;
    let context = visit.context(building.tenant, Some(office));
    let to = keys::once(&visit.app, &context, building.tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            actions::board(tx, actor, building, words).await?;
            Ok(format!("/help/captain/board?at={}", encoded(&building.path)))
        })
    })
    .await?;
    Ok(see_other(&to))
}

/// `POST /help/captain/card`: from the captain's page for one's own seat, from the board for those that the keepers fill in.
pub async fn card(visit: Visit, headers: HeaderMap, form: Form) -> Answer {
    let building = &actions::building(&visit.app.db, form.text("at")).await?;
    let from_board = form.text("from") == "board";
    let new = &match NewCard::check(typed::of_form(&form)) {
        Ok(new) => new,
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            if !from_board {
                return page_again(&building_page(&visit, &building.path, wrong).await?);
            }
            policy::keeper(&visit.actor, building.tenant)?;
            let words = store::words(&visit.app.db, building.tenant, building.grid).await?;
            let base = link::base(&visit.app, &headers);
            return page_again(&board_page(&visit, building, &base, Some((words, wrong))).await?);
        }
    };
    let seat = actions::seat_of(&visit.app.db, building, new.office).await?;
    let (_, office) = policy::card(&visit.actor, building.tenant, new.office, seat)?;
    let (who, context) = ((&visit.actor, &visit.app.secrets), visit.context(building.tenant, Some(office)));
    let page = if from_board { "board" } else { "building" };
    let to = keys::once(&visit.app, &context, building.tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            actions::card(tx, who, building, seat, new).await?;
            Ok(format!("/help/captain/{page}?at={}", encoded(&building.path)))
        })
    })
    .await?;
    Ok(see_other(&to))
}
