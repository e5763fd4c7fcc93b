//! Answering by a link: whoever holds it says whether it was solved, once for each report, without signing in.
//! Looking at it changes nothing, because programs look at links before people do.

use super::actions;
use super::model::{Deed, Hand};
use super::personal::{self, Asked, Wish};
use super::policy;
use crate::layout::{View, Visit, Wrong, page, page_again};
use crate::words;
use askama::Template;
use commons::case::store::{self, CaseFound};
use commons::case::{Case, EntryKind, State};
use kit::secrets::Secrets;
use kit::web::Path;
use kit::web::answer::{Answer, see_other};
use kit::web::keys::RequestKey;
use kit::web::limits::Knock;
use kit::web::{Form, keys};
use kit::{Error, Result};

/// Rounds further back are not looked for: nobody answers a link that old.
const ROUNDS_BACK: usize = 50;
/// What people say most often when it was not solved.
pub const WHYS: &[&str] =
    &["answer-why-nobody", "answer-why-again", "answer-why-half", "answer-why-long", "answer-why-no"];

/// The address under which the one who said it answers the report of this round; below the house's public address.
///
/// It opens the judgement, so it goes to the one who said it and to nobody else: never into a notice for staff.
pub fn link(secrets: &Secrets, case: &Case) -> String {
    format!("/say/requests/answer/{}", token(secrets, case, case.round))
}

/// The case's code and a keyed word for this round, with which nobody can guess another's.
pub fn token(secrets: &Secrets, case: &Case, round: i64) -> String {
    let thing = [case.id.0.as_bytes().as_slice(), &round.to_be_bytes()].concat();
    format!("{}.{}", case.code, secrets.code("answer", &thing))
}

/// 解决了吗, for whoever follows the link.
#[derive(Template)]
#[template(path = "say/requests/templates/answer.html")]
pub struct AnswerPage {
    pub v: View,
    pub wrong: Wrong,
    pub action: String,
    pub code: String,
    pub words: String,
    pub report: Option<String>,
    pub until: Option<String>,
    /// Whether it still asks; otherwise it says how things stand.
    pub asks: bool,
    pub said: &'static str,
    pub whys: Vec<(String, bool)>,
    pub satisfaction: String,
    pub kept: String,
    pub personal: Asked,
    pub public: bool,
}

/// A report that a link is about.
pub struct Opened {
    found: CaseFound,
    /// The round that the link is about.
    pub round: i64,
}

impl Opened {
    pub fn case(&self) -> &Case {
        &self.found.row.case
    }
}

/// Whether the report of `round` still waits to be judged; a report that closed unrated does.
pub fn asks(case: &Case, round: i64) -> bool {
    case.round == round && (case.state == State::Reported || case.state == State::Closed && case.solved.is_none())
}

/// The report that a link is about.
///
/// # Errors
/// [`Error::NotFound`] when it is not the end of one.
pub async fn opened(visit: &Visit, typed: &str) -> Result<Opened> {
    let found = match typed.rsplit_once('.') {
        Some((code, _)) => store::by_code(&visit.app.db, code).await?,
        None => None,
    };
    let round = found.as_ref().and_then(|found| {
        let case = &found.row.case;
        (1..=case.round).rev().take(ROUNDS_BACK).find(|round| token(&visit.app.secrets, case, *round) == typed)
    });
    match (found, round) {
        (Some(found), Some(round)) => Ok(Opened { found, round }),
        _ => {
            // Guessing is slow: each try counts.
            visit.app.limits.check(Knock::Code, &visit.call.address.to_string())?;
            Err(Error::NotFound)
        }
    }
}

/// `GET /say/requests/answer/{token}`.
pub async fn show(visit: Visit, Path(typed): Path<String>) -> Answer {
    let opened = opened(&visit, &typed).await?;
    page(&answer_page(&visit, &typed, &opened).await?)
}

async fn answer_page(visit: &Visit, typed: &str, opened: &Opened) -> Result<AnswerPage> {
    let (case, now) = (opened.case(), visit.call.now);
    let entries = store::entries(&visit.app.db, case.tenant, case.id).await?;
    let report = entries.iter().rev().find(|entry| entry.kind == EntryKind::Report);
    let asks = asks(case, opened.round);
    let v = visit.view("judge-title");
    Ok(AnswerPage {
        wrong: Wrong::default(),
        action: format!("/say/requests/answer/{typed}"),
        code: case.code.clone(),
        words: crate::layout::line::shortened(&case.words, 200),
        report: report.map(|entry| entry.text.clone()).filter(|text| asks && !text.is_empty()),
        until: (asks && case.state_at(now) == State::Reported).then(|| v.day(case.unrated_from(), now)),
        asks,
        said: match (case.round > opened.round, case.solved) {
            (true, _) => "answer-said-no",
            (false, Some(true)) => "answer-said-yes",
            _ => "answer-not-now",
        },
        whys: WHYS.iter().map(|key| (v.t(key).to_string(), false)).collect(),
        satisfaction: String::new(),
        kept: String::new(),
        personal: Asked::default(),
        public: case.is_public(),
        v,
    })
}

/// `POST /say/requests/answer/{token}`.
pub async fn act(visit: Visit, Path(typed): Path<String>, form: Form) -> Answer {
    let opened = opened(&visit, &typed).await?;
    let wrong = match answered(&visit, &typed, &opened, &form).await {
        Ok(to) => return Ok(see_other(&to)),
        Err(error) => Wrong::of(visit.call.lang, error)?,
    };
    let mut again = answer_page(&visit, &typed, &opened).await?;
    if wrong.on("personal").is_some() {
        again.personal = Asked::of(&again.v, "judge", form.text("words"), false);
    }
    again.wrong = wrong;
    again.kept = form.text("words").to_owned();
    again.satisfaction = form.text("satisfaction").to_owned();
    for (why, ticked) in &mut again.whys {
        *ticked = form.all("why").any(|one| one == why);
    }
    page_again(&again)
}

async fn answered(visit: &Visit, typed: &str, opened: &Opened, form: &Form) -> Result<String> {
    let known = |one: &&str| WHYS.iter().any(|key| *words::t(visit.call.lang, key) == **one);
    let ticked = form.all("why").filter(known);
    let why: Vec<&str> = ticked.chain(form.opt("words")).collect();
    let text = |field: &str| match field {
        "words" => why.join("；").replace("\r\n", "\n"),
        field => form.text(field).to_owned(),
    };
    answer_once(visit, opened, &text, Wish::read(form.text("personal")), &form.key).await?;
    Ok(format!("/say/requests/answer/{typed}"))
}

/// Judges by a link, once.
pub async fn answer_once(
    visit: &Visit,
    opened: &Opened,
    text: &(dyn Fn(&str) -> String + Sync),
    choice: Option<Wish>,
    key: &RequestKey,
) -> Result<()> {
    let (app, case, round) = (&visit.app, opened.case(), opened.round);
    if keys::answered(app, case.tenant.0, key).await?.is_some() {
        return Ok(());
    }
    let hand = Hand { actor: &visit.actor, slip: Some(case.id) };
    policy::judge(hand, case)?;
    let deed = Deed::build("judge", &|field| text(field), true)?.ok_or(Error::NotFound)?;
    let deed = personal::screen_deed(deed, case, choice)?;
    let context = visit.context(case.tenant, None);
    let deed = &deed;
    keys::once(app, &context, case.tenant.0, key, &|tx| {
        Box::pin(async move {
            // Looked at again here: of two answers at once, one counts.
            if !asks(&store::find(tx, case.tenant, case.id).await?, round) {
                return Err(Error::conflict("requests/answer-already"));
            }
            actions::act(tx, hand, (case.tenant, case.id), deed, &[]).await?;
            Ok(String::new())
        })
    })
    .await
    .map(drop)
}
