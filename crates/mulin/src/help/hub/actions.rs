//! Hours, posts and entries, each deed by its name.

use super::policy;
use commons::calendar::Zone;
use commons::desk::store as desk;
use commons::duty::store::gaps;
use commons::duty::{EntryId, Exception, HubDay, PostId, Spans, minute_of, number, store};
use commons::notice::store as notices;
use commons::notice::wish::Because;
use commons::people::{Actor, Office, PersonId};
use commons::place::Place;
use jiff::civil::Date;
use kit::book::{Activity, ActivityId};
use kit::db::Tx;
use kit::time::Moment;
use kit::web::form::Problems;
use kit::{Error, Result};
use serde_json::json;

pub const NAME_CHARACTERS_MAX: usize = 30;
pub const TEXT_CHARACTERS_MAX: usize = 200;
/// A holder is away for at most so long.
const AWAY_DAYS_MAX: i64 = 180;
/// So many opinions of one person in a day.
const OPINIONS_A_DAY: i64 = 10;
/// A day can be written up so long after it.
const WRITTEN_UP_DAYS: i64 = 62;
/// The fields of the week, Monday first.
pub const WEEK: [&str; 7] = ["d1", "d2", "d3", "d4", "d5", "d6", "d7"];

/// What is done at the hub.
#[derive(Clone, Debug)]
pub enum Deed {
    Hours([Spans; 7]),
    Exception(Exception),
    /// A day is like any other again.
    Usual(Date),
    Post {
        name: String,
        duties: String,
        /// Whether it sits at the desk.
        desk: bool,
    },
    Hold(PostId),
    GiveBack(PostId),
    End(PostId),
    Entry {
        post: PostId,
        text: String,
    },
    Withdraw(EntryId),
    /// The holder of a post is away; somebody may stand in.
    Away {
        post: PostId,
        from: Moment,
        until: Moment,
    },
    /// Back before the time.
    Here(PostId),
    StandIn(PostId),
    StandDown(PostId),
    /// Those who keep the hub say yes to the holder of a post.
    Confirm(PostId),
    /// What a resident thinks, left on the page.
    Opinion(String),
    /// A day is written up: when it was open, and one sentence.
    WriteUp(HubDay),
}

impl Deed {
    /// A deed as it was typed.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is no deed or no id; [`Error::Invalid`] with every field that has to change.
    pub fn read(name: &str, get: impl Fn(&str) -> String, now: Moment) -> Result<Deed> {
        let mut problems = Problems::default();
        let mut text = |name, most, must| typed(&mut problems, &get, name, most, must);
        let id = || get("id").parse().map_err(|_| Error::NotFound);
        let day = || get("day").parse::<Date>().map_err(|_| Error::invalid("day", "hub/day"));
        let spans = |name: &'static str| Spans::parse(&get(name)).ok_or(Error::invalid(name, "hub/hours"));
        let deed = match name {
            "hours" => {
                let mut week: [Spans; 7] = Default::default();
                for (at, name) in WEEK.into_iter().enumerate() {
                    week[at] = spans(name)?;
                }
                Deed::Hours(week)
            }
            "exception" => {
                let why = text("why", TEXT_CHARACTERS_MAX, true);
                Deed::Exception(Exception { day: day()?, spans: spans("spans")?, why })
            }
            "usual" => Deed::Usual(day()?),
            "post" => {
                let name = text("name", NAME_CHARACTERS_MAX, true);
                let duties = text("duties", TEXT_CHARACTERS_MAX, true);
                Deed::Post { name, duties, desk: crate::layout::typed::ticked(&get("desk")) }
            }
            "hold" => Deed::Hold(id()?),
            "confirm" => Deed::Confirm(id()?),
            "give-back" => Deed::GiveBack(id()?),
            "end" => Deed::End(id()?),
            "entry" => Deed::Entry { post: id()?, text: text("text", TEXT_CHARACTERS_MAX, true) },
            "opinion" => Deed::Opinion(text("text", TEXT_CHARACTERS_MAX, true)),
            "withdraw" => Deed::Withdraw(get("id").parse().map_err(|_| Error::NotFound)?),
            "away" => {
                let (post, (from, until)) = (id()?, leave(&get, now)?);
                Deed::Away { post, from, until }
            }
            "here" => Deed::Here(id()?),
            "stand-in" => Deed::StandIn(id()?),
            "stand-down" => Deed::StandDown(id()?),
            "write-up" => {
                let note = text("note", TEXT_CHARACTERS_MAX, false);
                let (day, today) = (day()?, Zone::china().date(now));
                if day > today || number(today) - number(day) > WRITTEN_UP_DAYS {
                    return Err(Error::invalid("day", "hub/day-to-write"));
                }
                Deed::WriteUp(HubDay { day, spans: spans("spans")?, note })
            }
            _ => return Err(Error::NotFound),
        };
        problems.none()?;
        Ok(deed)
    }

    /// The page it belongs on.
    pub fn page(&self) -> &'static str {
        match self {
            Deed::Entry { .. } | Deed::Withdraw(_) => "/entries",
            Deed::WriteUp(_) => "/day",
            _ => "",
        }
    }
}

/// A field as it was typed; `most` counts characters.
pub fn typed(
    problems: &mut Problems,
    get: &impl Fn(&str) -> String,
    name: &'static str,
    most: usize,
    must: bool,
) -> String {
    let text = get(name);
    problems.when(must && text.is_empty(), name, "hub/empty");
    problems.when(text.chars().count() > most, name, "hub/too-long");
    text
}

/// From the morning of one day until the evening of another.
fn leave(get: &impl Fn(&str) -> String, now: Moment) -> Result<(Moment, Moment)> {
    let day = |name: &'static str, after: i64| {
        let day: Date = get(name).parse().map_err(|_| Error::invalid(name, "hub/day"))?;
        let day = day.checked_add(jiff::Span::new().days(after)).map_err(|_| Error::invalid(name, "hub/day"))?;
        Zone::china().moment(day.to_datetime(jiff::civil::Time::midnight()))
    };
    let (from, until) = (day("from", 0)?, day("until", 1)?);
    if from >= until || until <= now || until - from > Moment::days(AWAY_DAYS_MAX) {
        return Err(Error::invalid("until", "hub/away-until"));
    }
    Ok((from, until))
}

/// The office that opens the door to a deed, before anything is changed.
pub fn may(actor: &Actor, compound: &Place, deed: &Deed) -> Result<Office> {
    match deed {
        Deed::Hours(_) | Deed::Exception(_) | Deed::Usual(_) | Deed::Post { .. } | Deed::Confirm(_) | Deed::End(_) => {
            policy::keep(actor, compound)
        }
        Deed::Opinion(_) => policy::take(actor, compound),
        Deed::Hold(_)
        | Deed::GiveBack(_)
        | Deed::Entry { .. }
        | Deed::Withdraw(_)
        | Deed::Away { .. }
        | Deed::Here(_)
        | Deed::StandIn(_)
        | Deed::StandDown(_)
        | Deed::WriteUp(_) => policy::read_entries(actor, compound),
    }
}

/// Does it.
pub async fn act(tx: &mut Tx<'_>, actor: &Actor, compound: &Place, deed: &Deed) -> Result<()> {
    may(actor, compound, deed)?;
    let (tenant, place) = (compound.tenant, compound.id);
    let me = actor.person_in(tenant).ok_or(Error::denied("account/sign-in-first"))?;
    let (stem, facts) = match deed {
        Deed::Hours(week) => {
            store::set_hours(tx, tenant, place, week).await?;
            ("hub/hours", json!({}))
        }
        Deed::Exception(one) => {
            store::set_exception(tx, tenant, place, one).await?;
            ("hub/exception", json!({ "day": one.day.to_string() }))
        }
        Deed::Usual(day) => {
            if !store::drop_exception(tx, tenant, place, *day).await? {
                return Err(Error::NotFound);
            }
            ("hub/usual", json!({ "day": day.to_string() }))
        }
        Deed::Post { name, duties, desk } => {
            let id = store::add_post(tx, (tenant, place), (name, duties), *desk).await?;
            ("hub/post-made", json!({ "post": id, "desk": desk }))
        }
        Deed::Hold(id) => {
            policy::take(actor, compound)?;
            let post = post_here(tx, compound, *id).await?;
            if post.holder.is_some() {
                return Err(Error::conflict("hub/post-taken"));
            }
            store::hold_post(tx, tenant, *id, Some(me)).await?;
            let activity = record(tx, compound, "hub/post-held", *id).await?;
            if policy::keep(actor, compound).is_err() {
                let what = ("hub/post-held", gaps::HUB, compound.path.as_str());
                gaps::tell(tx, (tenant, place), me, activity, what).await?;
            }
            return Ok(());
        }
        Deed::Confirm(id) => {
            let post = post_here(tx, compound, *id).await?;
            if post.holder == Some(me) {
                return Err(Error::denied("hub/confirm-own"));
            }
            if !store::confirm_post(tx, tenant, *id).await? {
                return Err(Error::conflict("hub/confirmed"));
            }
            let activity = record(tx, compound, "hub/post-confirmed", *id).await?;
            if let Some(holder) = post.holder {
                let what = ("hub/post-confirmed", gaps::HUB, place.0, compound.path.as_str());
                notices::add(tx, tenant, (holder, Because::Held), activity, what).await?;
            }
            return Ok(());
        }
        Deed::GiveBack(id) => {
            let post = post_here(tx, compound, *id).await?;
            if post.holder.is_none() {
                return Err(Error::conflict("hub/post-free"));
            }
            // A keeper can free a post whose holder has moved away.
            if post.holder != Some(me) {
                policy::keep(actor, compound)?;
            }
            store::hold_post(tx, tenant, *id, None).await?;
            return freed(tx, actor, compound, "hub/post-freed", (*id, post.holder)).await;
        }
        Deed::End(id) => {
            post_here(tx, compound, *id).await?;
            store::end_post(tx, tenant, *id).await?;
            ("hub/post-ended", json!({ "post": id }))
        }
        Deed::Entry { post, text } => {
            let post = post_here(tx, compound, *post).await?;
            may_write(actor, compound, &post, (me, tx.now()))?;
            let id = store::add_entry(tx, tenant, &post, me, text).await?;
            ("hub/entry", json!({ "entry": id, "post": post.id }))
        }
        Deed::Withdraw(id) => {
            if !store::withdraw_entry(tx, tenant, *id, me).await? {
                return Err(Error::NotFound);
            }
            ("hub/entry-withdrawn", json!({ "entry": id }))
        }
        Deed::Away { post, from, until } => {
            post_here(tx, compound, *post).await?;
            if !store::away_post(tx, (tenant, *post), me, Some((*from, *until))).await? {
                return Err(Error::denied("hub/not-holder"));
            }
            ("hub/post-away", json!({ "post": post, "from": from, "until": until }))
        }
        Deed::Here(post) => {
            post_here(tx, compound, *post).await?;
            if !store::away_post(tx, (tenant, *post), me, None).await? {
                return Err(Error::denied("hub/not-holder"));
            }
            ("hub/post-back", json!({ "post": post }))
        }
        Deed::StandIn(id) => {
            policy::take(actor, compound)?;
            let post = post_here(tx, compound, *id).await?;
            let open = post.leave.filter(|leave| leave.until > tx.now() && leave.deputy.is_none());
            if open.is_none() || post.holder == Some(me) {
                return Err(Error::conflict("hub/no-stand-in"));
            }
            store::deputise(tx, tenant, *id, Some(me)).await?;
            ("hub/post-stood-in", json!({ "post": id }))
        }
        Deed::StandDown(id) => {
            let deputy = post_here(tx, compound, *id).await?.leave.and_then(|leave| leave.deputy);
            if deputy != Some(me) {
                policy::keep(actor, compound)?;
            }
            if deputy.is_none() {
                return Err(Error::conflict("hub/post-free"));
            }
            store::deputise(tx, tenant, *id, None).await?;
            return freed(tx, actor, compound, "hub/post-stood-down", (*id, deputy)).await;
        }
        Deed::Opinion(text) => {
            let now = tx.now();
            if desk::left_lately(tx, (tenant, place), me, now - Moment::days(1)).await? >= OPINIONS_A_DAY {
                return Err(Error::conflict("hub/opinions-many"));
            }
            desk::leave_opinion(tx, (tenant, place, Zone::china().date(now)), me, text).await?;
            // The book says that one came in; whose it was and which one is not for the book.
            ("hub/opinion-left", json!({}))
        }
        Deed::WriteUp(written) => {
            may_write_up(tx, actor, compound, me).await?;
            store::day::write(tx, (tenant, place), written, me).await?;
            ("hub/day-written", json!({ "day": written.day.to_string() }))
        }
    };
    tx.record(Activity::of(tenant, stem, "place", place).at_place(place).with(facts)).await.map(drop)
}

async fn record(tx: &mut Tx<'_>, compound: &Place, stem: &'static str, post: PostId) -> Result<ActivityId> {
    let activity = Activity::of(compound.tenant, stem, "place", compound.id).at_place(compound.id);
    tx.record(activity.with(json!({ "post": post }))).await
}

/// Records that a post has nobody, or nobody who stands in, and lets those who keep the hub know if it was not one of them.
async fn freed(
    tx: &mut Tx<'_>,
    actor: &Actor,
    compound: &Place,
    stem: &'static str,
    (post, left): (PostId, Option<PersonId>),
) -> Result<()> {
    let (tenant, place) = (compound.tenant, compound.id);
    let activity = record(tx, compound, stem, post).await?;
    match left {
        Some(left) if policy::keep(actor, compound).is_err() => {
            gaps::tell(tx, (tenant, place), left, activity, (stem, gaps::HUB, &compound.path)).await
        }
        _ => Ok(()),
    }
}

/// Whoever serves at the desk writes its day up.
async fn may_write_up(tx: &mut Tx<'_>, actor: &Actor, compound: &Place, me: PersonId) -> Result<()> {
    let civil = Zone::china().civil(tx.now());
    let at = (civil.date(), minute_of(civil.time()));
    let pass = store::day::pass_in(tx, (compound.tenant, compound.id), me, at).await?;
    super::desk::policy::serve(actor, compound, pass).map(drop)
}

/// The holder writes for the post, and who stands in; so do the hub's people, for a post that nobody holds.
fn may_write(actor: &Actor, compound: &Place, post: &commons::duty::Post, (me, now): (PersonId, Moment)) -> Result<()> {
    if post.is_carried_by(me, now) {
        return Ok(());
    }
    policy::keep(actor, compound).map(drop).map_err(|_| Error::denied("hub/not-holder"))
}

async fn post_here(tx: &mut Tx<'_>, compound: &Place, id: PostId) -> Result<commons::duty::Post> {
    store::post(tx, compound.tenant, id).await?.filter(|post| post.place == compound.id).ok_or(Error::NotFound)
}
