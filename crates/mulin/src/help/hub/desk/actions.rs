//! What is done at the desk, each deed by its name.

use super::policy;
use crate::help::hub::actions::typed;
use commons::calendar::Zone;
use commons::desk::{
    Became, Chair, KeyId, LoanId, NewWalkIn, OpinionId, Pass, Talk, TalkId, TalkState, TopicId, WalkInId, Way, Who,
    store,
};
use commons::duty::store::gaps;
use commons::duty::{self, store::day};
use commons::notice::{store as notices, wish::Because};
use commons::people::{Actor, PersonId};
use commons::place::Place;
use commons::private;
use commons::seat;
use commons::slips;
use kit::book::Activity;
use kit::db::{Db, Tx};
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::web::form::Problems;
use kit::{Error, Result};
use serde_json::json;

pub const ABOUT_CHARACTERS_MAX: usize = 200;
pub const NAME_CHARACTERS_MAX: usize = 30;
pub const TEXT_CHARACTERS_MAX: usize = 600;
const CONTACT_CHARACTERS_MAX: usize = 100;
/// A key comes back within so many days.
const LENT_DAYS_MAX: i64 = 31;
/// A talk is agreed for a day within half a year.
const AGREED_DAYS_MAX: i64 = 180;

/// What is done at the desk.
#[derive(Clone, Debug)]
pub enum Deed {
    TakeIn(NewWalkIn),
    /// I see to it.
    Take(WalkInId),
    Done {
        id: WalkInId,
        line: String,
    },
    /// Both sides said yes to a talk, at a time and a place.
    Agree {
        id: TalkId,
        meets: Moment,
        place: String,
        other: String,
    },
    Held(TalkId),
    End {
        id: TalkId,
        how: TalkState,
        to: Option<Way>,
    },
    Topic(String),
    Sort {
        id: OpinionId,
        topic: TopicId,
    },
    Answer {
        topic: TopicId,
        said: String,
        came: String,
    },
    Key(String),
    EndKey(KeyId),
    Lend {
        key: KeyId,
        who: Who,
        due: Moment,
    },
    Back(LoanId),
}

/// Which page a deed leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    Desk,
    Talks,
    Opinions,
    Keys,
}

/// What a deed left: the line of the desk with its number, if it made one.
#[derive(Clone, Debug)]
pub struct Left {
    pub walk_in: Option<(WalkInId, i64)>,
}

impl Deed {
    /// A deed as it was typed.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is no deed or no id; [`Error::Invalid`] with every field that has to change.
    pub fn read(name: &str, get: impl Fn(&str) -> String, now: Moment) -> Result<Deed> {
        let mut problems = Problems::default();
        let mut text = |name, most, must| typed(&mut problems, &get, name, most, must);
        fn id<T: std::str::FromStr>(text: &str) -> Result<T> {
            text.parse().map_err(|_| Error::NotFound)
        }
        let one = || get("id");
        let deed = match name {
            "take-in" => {
                let about = text("about", ABOUT_CHARACTERS_MAX, true);
                let who = who(&mut text);
                let line = text("line", ABOUT_CHARACTERS_MAX, false);
                let became = Became::parse(&get("became"));
                problems.when(became.is_none(), "became", "hub/became");
                bad_phone(&mut problems, &who);
                let Some(became) = became else { return problems.none().and(Err(Error::NotFound)) };
                Deed::TakeIn(NewWalkIn { became, about, who, line })
            }
            "take" => Deed::Take(id(&one())?),
            "done" => Deed::Done { id: id(&one())?, line: text("line", ABOUT_CHARACTERS_MAX, true) },
            "talk-agreed" => {
                let (id, place) = (id(&one())?, text("where", ABOUT_CHARACTERS_MAX, true));
                let other = text("other", CONTACT_CHARACTERS_MAX, false);
                let meets = at(&get("when"), now, AGREED_DAYS_MAX);
                problems.when(meets.is_none(), "when", "hub/when");
                problems.when(!matches!(get("both").as_str(), "1" | "true" | "on"), "both", "hub/both");
                Deed::Agree { id, meets: meets.unwrap_or(now), place, other }
            }
            "talk-held" => Deed::Held(id(&one())?),
            "talk-ended" => {
                let how = TalkState::parse(&get("how")).filter(|how| how.is_over());
                let to = Way::parse(&get("to"));
                problems.when(how.is_none(), "how", "hub/how");
                problems.when(how == Some(TalkState::PassedOn) && to.is_none(), "to", "hub/to-where");
                Deed::End { id: id(&one())?, how: how.unwrap_or(TalkState::Stopped), to }
            }
            "topic" => {
                let name = text("name", NAME_CHARACTERS_MAX, true);
                Deed::Topic(public(&mut problems, &get, name))
            }
            "sort" => Deed::Sort { id: id(&one())?, topic: id(&get("topic"))? },
            "answer" => {
                let (said, came) = (text("said", TEXT_CHARACTERS_MAX, true), text("came", TEXT_CHARACTERS_MAX, true));
                let (said, came) = (public(&mut problems, &get, said), public(&mut problems, &get, came));
                Deed::Answer { topic: id(&one())?, said, came }
            }
            "key" => Deed::Key(text("name", NAME_CHARACTERS_MAX, true)),
            "end-key" => Deed::EndKey(id(&one())?),
            "lend" => {
                let who = who(&mut text);
                let due = at(&get("until"), now, LENT_DAYS_MAX);
                problems.when(due.is_none(), "until", "hub/until");
                problems.when(who.name.is_empty(), "name", "hub/key-who");
                bad_phone(&mut problems, &who);
                Deed::Lend { key: id(&one())?, who, due: due.unwrap_or(now) }
            }
            "back" => Deed::Back(id(&one())?),
            _ => return Err(Error::NotFound),
        };
        problems.none()?;
        Ok(deed)
    }

    pub fn room(&self) -> Room {
        match self {
            Deed::TakeIn(_) | Deed::Take(_) | Deed::Done { .. } => Room::Desk,
            Deed::Agree { .. } | Deed::Held(_) | Deed::End { .. } => Room::Talks,
            Deed::Topic(_) | Deed::Sort { .. } | Deed::Answer { .. } => Room::Opinions,
            Deed::Key(_) | Deed::EndKey(_) | Deed::Lend { .. } | Deed::Back(_) => Room::Keys,
        }
    }
}

/// The page on which a deed is typed.
pub fn room_of(name: &str) -> Room {
    match name {
        "talk-agreed" | "talk-held" | "talk-ended" => Room::Talks,
        "topic" | "sort" | "answer" => Room::Opinions,
        "key" | "end-key" | "lend" | "back" => Room::Keys,
        _ => Room::Desk,
    }
}

fn who(text: &mut impl FnMut(&'static str, usize, bool) -> String) -> Who {
    Who {
        name: text("name", NAME_CHARACTERS_MAX, false),
        door: text("door", NAME_CHARACTERS_MAX, false),
        phone: text("phone", NAME_CHARACTERS_MAX, false),
    }
}

/// Words that everybody will read: what would tell strangers who somebody is or where they live is named, and the writer chooses.
fn public(problems: &mut Problems, get: &impl Fn(&str) -> String, words: String) -> String {
    if private::find(&words).is_empty() {
        return words;
    }
    match get("personal").as_str() {
        "mask" => private::covered(&words),
        "as-is" => words,
        _ => {
            problems.add("personal", "private/found");
            words
        }
    }
}

fn bad_phone(problems: &mut Problems, who: &Who) {
    problems.when(!who.phone.is_empty() && !seat::is_phone(&who.phone), "phone", "hub/phone");
}

/// A moment to come, as a form says it: `2026-11-24T15:00`.
fn at(text: &str, now: Moment, days_max: i64) -> Option<Moment> {
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    let at = Zone::china().moment(civil).ok()?;
    (at > now && at - now <= Moment::days(days_max)).then_some(at)
}

/// The code on the slip of a line: always the same, so that it can be printed again.
pub fn code(secrets: &Secrets, id: WalkInId) -> String {
    secrets.code("desk", id.0.as_bytes())
}

/// The chair of whoever looks.
pub async fn chair(db: &Db, actor: &Actor, compound: &Place, now: Moment) -> Result<Chair> {
    let civil = Zone::china().civil(now);
    let at = (now, civil.date(), duty::minute_of(civil.time()));
    let pass = match actor.person_in(compound.tenant) {
        Some(person) => day::pass(db, (compound.tenant, compound.id), person, at).await?,
        None => Pass::default(),
    };
    policy::serve(actor, compound, pass)
}

/// The chair of whoever does something, at the moment of doing it.
async fn chair_in(tx: &mut Tx<'_>, actor: &Actor, compound: &Place) -> Result<(Chair, PersonId)> {
    let person = actor.person_in(compound.tenant).ok_or(Error::denied("account/sign-in-first"))?;
    let civil = Zone::china().civil(tx.now());
    let at = (civil.date(), duty::minute_of(civil.time()));
    let pass = day::pass_in(tx, (compound.tenant, compound.id), person, at).await?;
    Ok((policy::serve(actor, compound, pass)?, person))
}

/// Topics and keys are kept by those who keep the hub.
fn kept(actor: &Actor, compound: &Place) -> Result<()> {
    crate::help::hub::policy::keep(actor, compound).map(drop)
}

/// Does it.
pub async fn act(tx: &mut Tx<'_>, (actor, secrets): (&Actor, &Secrets), compound: &Place, deed: &Deed) -> Result<Left> {
    let (chair, me) = chair_in(tx, actor, compound).await?;
    let (tenant, place) = (compound.tenant, compound.id);
    let (mut left, mut tellers) = (Left { walk_in: None }, Vec::new());
    let (stem, facts) = match deed {
        Deed::TakeIn(new) => {
            let (id, today) = (tx.id::<WalkInId>(), Zone::china().date(tx.now()));
            let pickup = slips::of_desk(secrets, &code(secrets, id));
            let number = store::add(tx, secrets, (tenant, place, today), (id, pickup, me), new).await?;
            left.walk_in = Some((id, number));
            ("hub/taken-in", json!({ "walk_in": id, "became": new.became }))
        }
        Deed::Take(id) => {
            walk_in(tx, secrets, compound, *id).await?;
            if !store::take(tx, tenant, *id, me).await? {
                return Err(Error::conflict("hub/done-already"));
            }
            ("hub/taken", json!({ "walk_in": id }))
        }
        Deed::Done { id, line } => {
            // A talk ends on its own page, and what was to become a request may end without one.
            if walk_in(tx, secrets, compound, *id).await?.became == Became::Talk {
                return Err(Error::conflict("hub/talk-ends-there"));
            }
            if !store::finish(tx, tenant, *id, (me, line)).await? {
                return Err(Error::conflict("hub/done-already"));
            }
            ("hub/done", json!({ "walk_in": id }))
        }
        Deed::Agree { .. } | Deed::Held(_) | Deed::End { .. } => {
            policy::talk(chair)?;
            talk(tx, secrets, compound, (deed, me)).await?
        }
        Deed::Topic(name) => {
            kept(actor, compound)?;
            ("hub/topic", json!({ "topic": store::add_topic(tx, tenant, place, name).await? }))
        }
        Deed::Sort { id, topic } => {
            let under =
                store::topic(tx, tenant, *topic).await?.filter(|one| one.place == place).ok_or(Error::NotFound)?;
            if under.answered.is_some() {
                return Err(Error::conflict("hub/topic-answered"));
            }
            if !store::sort(tx, (tenant, place), *id, *topic).await? {
                return Err(Error::NotFound);
            }
            ("hub/opinion-sorted", json!({ "opinion": id, "topic": topic }))
        }
        Deed::Answer { topic, said, came } => {
            kept(actor, compound)?;
            store::topic(tx, tenant, *topic).await?.filter(|one| one.place == place).ok_or(Error::NotFound)?;
            if !store::answer_topic(tx, tenant, *topic, (said, came), me).await? {
                return Err(Error::conflict("hub/topic-answered"));
            }
            tellers = store::take_tellers(tx, tenant, *topic).await?;
            ("hub/topic-answered", json!({ "topic": topic }))
        }
        Deed::Key(name) => {
            kept(actor, compound)?;
            ("hub/key", json!({ "room_key": store::add_key(tx, tenant, place, name).await? }))
        }
        Deed::EndKey(id) => {
            kept(actor, compound)?;
            if key_loan(tx, secrets, compound, *id).await? || !store::end_key(tx, tenant, *id).await? {
                return Err(Error::conflict("hub/key-out"));
            }
            ("hub/key-ended", json!({ "room_key": id }))
        }
        Deed::Lend { key, who, due } => {
            key_loan(tx, secrets, compound, *key).await?;
            let loan = store::lend(tx, secrets, (tenant, place, *key), (who, *due), me).await?;
            let loan = loan.ok_or(Error::conflict("hub/key-out"))?;
            ("hub/key-lent", json!({ "room_key": key, "loan": loan }))
        }
        Deed::Back(id) => {
            if !store::bring_back(tx, (tenant, place), *id, me).await? {
                return Err(Error::conflict("hub/key-in"));
            }
            ("hub/key-back", json!({ "loan": id }))
        }
    };
    let activity = tx.record(Activity::of(tenant, stem, "place", place).at_place(place).with(facts)).await?;
    for person in tellers {
        let told = (stem, gaps::HUB, place.0, compound.path.as_str());
        notices::add(tx, tenant, (person, Because::Mine), activity, told).await?;
    }
    Ok(left)
}

async fn walk_in(tx: &mut Tx<'_>, secrets: &Secrets, compound: &Place, id: WalkInId) -> Result<commons::desk::WalkIn> {
    let found = store::find(tx, secrets, compound.tenant, id).await?;
    found.filter(|one| one.place == compound.id).ok_or(Error::NotFound)
}

/// Whether a key of this hub is out.
async fn key_loan(tx: &mut Tx<'_>, secrets: &Secrets, compound: &Place, id: KeyId) -> Result<bool> {
    let found = store::key(tx, secrets, compound.tenant, id).await?;
    let key = found.filter(|one| one.place == compound.id).ok_or(Error::NotFound)?;
    Ok(key.loan.is_some())
}

/// A step of a talk: either side may end it from any state, and nothing goes back.
async fn talk(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    compound: &Place,
    (deed, me): (&Deed, PersonId),
) -> Result<(&'static str, serde_json::Value)> {
    let (Deed::Agree { id, .. } | Deed::Held(id) | Deed::End { id, .. }) = deed else { return Err(Error::NotFound) };
    let found = store::talk(tx, secrets, compound.tenant, *id).await?;
    let mut talk: Talk = found.filter(|one| one.place == compound.id).ok_or(Error::NotFound)?;
    let over = || Error::conflict("hub/talk-not-so");
    let now = tx.now();
    let stem = match deed {
        Deed::Agree { meets, place, other, .. } => {
            if !matches!(talk.state, TalkState::Asked | TalkState::Agreed) {
                return Err(over());
            }
            (talk.meets, talk.meets_where) = (Some(*meets), place.clone());
            // Agreed anew for another day, nobody need be named again.
            if !other.is_empty() {
                talk.parties.other = other.clone();
            }
            talk.state = TalkState::Agreed;
            "hub/talk-agreed"
        }
        Deed::Held(_) => {
            if talk.state != TalkState::Agreed {
                return Err(over());
            }
            (talk.state, talk.held) = (TalkState::Held, Some(now));
            "hub/talk-held"
        }
        Deed::End { how, to, .. } => {
            let talked = matches!(how, TalkState::Settled | TalkState::Unsettled);
            if talk.state.is_over() || talked && talk.state != TalkState::Held {
                return Err(over());
            }
            (talk.state, talk.ended) = (*how, Some(now));
            talk.passed_to = to.filter(|_| *how == TalkState::PassedOn);
            "hub/talk-ended"
        }
        _ => return Err(Error::NotFound),
    };
    store::save_talk(tx, secrets, &talk, me).await?;
    Ok((stem, json!({ "talk": talk.id, "state": talk.state })))
}
