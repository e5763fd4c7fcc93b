//! Hours, posts and entries, each deed by its name.

use super::policy;
use commons::duty::{EntryId, Exception, PostId, Spans, store};
use commons::people::{Actor, Office, PersonId};
use commons::place::Place;
use jiff::civil::Date;
use kit::book::Activity;
use kit::db::Tx;
use kit::web::form::Problems;
use kit::{Error, Result};
use serde_json::json;

pub const NAME_CHARACTERS_MAX: usize = 30;
pub const TEXT_CHARACTERS_MAX: usize = 200;
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
    },
    Hold(PostId),
    GiveBack(PostId),
    End(PostId),
    Entry {
        post: PostId,
        text: String,
    },
    Withdraw(EntryId),
}

impl Deed {
    /// A deed as it was typed.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is no deed or no id; [`Error::Invalid`] with every field that has to change.
    pub fn read(name: &str, get: impl Fn(&str) -> String) -> Result<Deed> {
        let mut problems = Problems::default();
        let mut text = |name: &'static str, most: usize, must: bool| {
            let text = get(name);
            problems.when(must && text.is_empty(), name, "hub/empty");
            problems.when(text.chars().count() > most, name, "hub/too-long");
            text
        };
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
                Deed::Post { name, duties: text("duties", TEXT_CHARACTERS_MAX, true) }
            }
            "hold" => Deed::Hold(id()?),
            "give-back" => Deed::GiveBack(id()?),
            "end" => Deed::End(id()?),
            "entry" => Deed::Entry { post: id()?, text: text("text", TEXT_CHARACTERS_MAX, true) },
            "withdraw" => Deed::Withdraw(get("id").parse().map_err(|_| Error::NotFound)?),
            _ => return Err(Error::NotFound),
        };
        problems.none()?;
        Ok(deed)
    }

    /// Whether it belongs on the page of entries.
    pub fn is_entry(&self) -> bool {
        matches!(self, Deed::Entry { .. } | Deed::Withdraw(_))
    }
}

/// The office that opens the door to a deed, before anything is changed.
pub fn may(actor: &Actor, compound: &Place, deed: &Deed) -> Result<Office> {
    match deed {
        Deed::Hours(_) | Deed::Exception(_) | Deed::Usual(_) | Deed::Post { .. } | Deed::End(_) => {
            policy::keep(actor, compound)
        }
        Deed::Hold(_) | Deed::GiveBack(_) | Deed::Entry { .. } | Deed::Withdraw(_) => {
            policy::read_entries(actor, compound)
        }
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
        Deed::Post { name, duties } => {
            let id = store::add_post(tx, tenant, place, name, duties).await?;
            ("hub/post-made", json!({ "post": id }))
        }
        Deed::Hold(id) => {
            policy::take(actor, compound)?;
            let post = post_here(tx, compound, *id).await?;
            if post.holder.is_some() {
                return Err(Error::conflict("hub/post-taken"));
            }
            store::hold_post(tx, tenant, *id, Some(me)).await?;
            ("hub/post-held", json!({ "post": id }))
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
            ("hub/post-freed", json!({ "post": id }))
        }
        Deed::End(id) => {
            post_here(tx, compound, *id).await?;
            store::end_post(tx, tenant, *id).await?;
            ("hub/post-ended", json!({ "post": id }))
        }
        Deed::Entry { post, text } => {
            let post = post_here(tx, compound, *post).await?;
            may_write(actor, compound, &post, me)?;
            let id = store::add_entry(tx, tenant, &post, me, text).await?;
            ("hub/entry", json!({ "entry": id, "post": post.id }))
        }
        Deed::Withdraw(id) => {
            if !store::withdraw_entry(tx, tenant, *id, me).await? {
                return Err(Error::NotFound);
            }
            ("hub/entry-withdrawn", json!({ "entry": id }))
        }
    };
    tx.record(Activity::of(tenant, stem, "place", place).at_place(place).with(facts)).await.map(drop)
}

/// The holder writes for the post; so do the hub's people, for a post that nobody holds.
fn may_write(actor: &Actor, compound: &Place, post: &commons::duty::Post, me: PersonId) -> Result<()> {
    if post.holder == Some(me) {
        return Ok(());
    }
    policy::keep(actor, compound).map(drop).map_err(|_| Error::denied("hub/not-holder"))
}

async fn post_here(tx: &mut Tx<'_>, compound: &Place, id: PostId) -> Result<commons::duty::Post> {
    store::post(tx, compound.tenant, id).await?.filter(|post| post.place == compound.id).ok_or(Error::NotFound)
}
