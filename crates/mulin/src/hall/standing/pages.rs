//! The page of standing in, and the page in another's part.

use super::actions;
use crate::layout::line::Line;
use crate::layout::{View, Visit, Wrong, page, page_again};
use crate::standing::{Choice, Stand, days, stand};
use askama::Template;
use commons::case::store::{self as cases, Filter, Sees};
use commons::kept::store as kept;
use commons::people::Person;
use commons::people::standing::store;
use kit::web::answer::{Answer, Fault, see_other};
use kit::web::{Form, Path};
use kit::{Error, Result};

pub const HERE: &str = "/me/standing";
const CASES_SHOWN: i64 = 50;

/// `GET /me/standing`, in one's own part.
#[derive(Template)]
#[template(path = "hall/standing/templates/standing.html")]
pub struct StandingPage {
    pub v: View,
    pub wrong: Wrong,
    /// Lives here: only residents have somebody stand in for them.
    pub resident: bool,
    pub for_me: Vec<Stand>,
    pub by_me: Vec<Stand>,
    /// What was done in my name.
    pub acts: Vec<String>,
    pub days: Vec<Choice>,
    pub code: String,
}

/// `GET /me/standing`, in another's part.
#[derive(Template)]
#[template(path = "hall/standing/templates/theirs.html")]
pub struct TheirsPage {
    pub v: View,
    pub name: String,
    pub lines: Vec<Line>,
}

pub async fn show(visit: Visit) -> Answer {
    visit.call.in_person()?;
    if visit.actor.substitute.is_some() {
        return theirs(&visit).await;
    }
    page(&standing_page(&visit, None, Wrong::default()).await?)
}

async fn theirs(visit: &Visit) -> Answer {
    let v = visit.view("standing-theirs");
    let person = visit.actor.persons.first().ok_or(Error::NotFound)?;
    let filter = Filter { tenant: Some(person.tenant), author: Some(person.id), ..Filter::default() };
    let rows = cases::list(&visit.app.db, &filter, Sees::Own, CASES_SHOWN).await?;
    let lines = rows.iter().map(|row| Line::of(&v, row, visit.call.now)).collect();
    page(&TheirsPage { name: v.pick(&person.name, &person.name_en).to_owned(), lines, v })
}

async fn standing_page(visit: &Visit, form: Option<&Form>, wrong: Wrong) -> Result<StandingPage> {
    let v = visit.view("standing-title");
    let (db, now) = (&visit.app.db, visit.call.now);
    let (mut for_me, mut by_me, mut acts) = (Vec::new(), Vec::new(), Vec::new());
    for Person { tenant, id, .. } in &visit.actor.persons {
        for one in store::of_person(db, *tenant, *id, now).await? {
            let mine = one.principal == *id;
            if mine { &mut for_me } else { &mut by_me }.push(stand(visit, &v, &one, mine));
        }
        acts.extend(kept::done_for(db, *tenant, *id).await?.iter().map(|one| crate::standing::act(&v, now, one)));
    }
    let text = |name: &str| form.map_or(String::new(), |form| form.text(name).to_owned());
    Ok(StandingPage {
        wrong,
        resident: visit.actor.homes().next().is_some(),
        for_me,
        by_me,
        acts,
        days: days(&v, &text("days")),
        code: text("code"),
        v,
    })
}

/// The page again with what is wrong, or where the deed leads.
async fn done(visit: &Visit, form: &Form, outcome: Result<()>) -> Answer {
    match outcome {
        Ok(()) => Ok(see_other(HERE)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&standing_page(visit, Some(form), wrong).await?)
        }
    }
}

/// `POST /me/standing`: I agree to it. The code stands on the page until it is used.
pub async fn agree(visit: Visit, form: Form) -> Answer {
    let outcome =
        async { actions::agree(&visit, crate::standing::read_days(form.text("days"))?, &form.key).await.map(drop) };
    let outcome = outcome.await;
    done(&visit, &form, outcome).await
}

/// `POST /me/standing/accept`: I bring a code.
pub async fn accept(visit: Visit, form: Form) -> Answer {
    let outcome = actions::accept(&visit, form.text("code"), &form.key).await.map(drop);
    done(&visit, &form, outcome).await
}

/// `POST /me/standing/end`.
pub async fn end(visit: Visit, form: Form) -> Answer {
    actions::end(&visit, form.text("stand"), &form.key).await?;
    Ok(see_other(HERE))
}

/// `POST /me/standing/{id}/begin`. Pressed a second time the form is stale, for the part is another one; it is the one they want.
pub async fn begin(visit: Visit, Path(id): Path<String>, form: std::result::Result<Form, Fault>) -> Answer {
    if actions::plays(&visit, Some(&id)) != Some(true) {
        actions::begin(&visit, &id, &form?.key).await?;
    }
    Ok(see_other(HERE))
}

/// `POST /me/standing/stop`. Pressed a second time, they are themselves already.
pub async fn stop(visit: Visit, form: std::result::Result<Form, Fault>) -> Answer {
    if actions::plays(&visit, None) != Some(true) {
        actions::stop(&visit, &form?.key).await?;
    }
    Ok(see_other(HERE))
}
