//! What a desk is asked, as it stands in the address: a view can be kept, sent and come back to.

use crate::layout::Visit;
use crate::layout::line::encoded;
use commons::case::State;
use commons::case::store::desk::{Desk, DeskFilter, Scope};
use commons::people::store::seat;
use commons::place::TenantId;
use kit::{Error, Result, search};
use serde::Deserialize;

/// Lines on a page.
pub const PAGE: i64 = 50;
/// What a search hands on to the desk at most.
const FOUND_MAX: i64 = 500;
const OFFSET_MAX: i64 = 100_000;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct DeskQuery {
    /// `hand`, `door` or `place`; `offered` shows what waits for my answer.
    #[serde(default)]
    pub scope: String,
    /// `overdue` or a state; without it what is to be done.
    #[serde(default)]
    pub show: String,
    #[serde(default)]
    pub category: String,
    /// The path of a compound or a building.
    #[serde(default)]
    pub at: String,
    #[serde(default)]
    pub q: String,
    /// The community, for those who serve in several.
    #[serde(default)]
    pub of: String,
    #[serde(default)]
    pub from: i64,
}

impl DeskQuery {
    pub fn scope(&self) -> Scope {
        Scope::parse(&self.scope).unwrap_or(Scope::Door)
    }

    pub fn only_offers(&self) -> bool {
        self.scope == "offered"
    }

    /// Whether the whole desk is looked at.
    pub fn is_plain(&self) -> bool {
        self.shows_offers() && self.q.trim().is_empty()
    }

    /// What waits for an answer leads the desk, and is found by its words there; other filters are for the queue.
    pub fn shows_offers(&self) -> bool {
        self.show.is_empty() && self.category.is_empty() && self.at.is_empty() && self.from == 0
    }

    /// The address of this view with one thing changed; another filter begins on the first page.
    pub fn with(&self, name: &str, value: &str) -> String {
        let from = if self.from > 0 { self.from.to_string() } else { String::new() };
        let kept = [
            ("of", self.of.as_str()),
            ("scope", &self.scope),
            ("show", &self.show),
            ("category", &self.category),
            ("at", &self.at),
            ("q", self.q.trim()),
            ("from", if name == "from" { &from } else { "" }),
        ];
        let pairs: Vec<String> = kept
            .iter()
            .map(|(key, old)| (*key, if *key == name { value } else { old }))
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| format!("{key}={}", encoded(value)))
            .collect();
        if pairs.is_empty() { "/office/desk".into() } else { format!("/office/desk?{}", pairs.join("&")) }
    }

    /// The desk that is asked for: of the community named, or of the first one where this person serves.
    ///
    /// # Errors
    /// [`Error::Denied`] for who serves nowhere, [`Error::NotFound`] for a community that is not theirs.
    pub async fn desk(&self, visit: &Visit) -> Result<Desk> {
        visit.call.account()?;
        if !visit.is_staff() {
            let away = on_leave(visit).await?;
            return Err(Error::denied(if away { "desk/on-leave" } else { "desk/not-staff" }));
        }
        let mut serving = visit.actor.mandates.iter().filter(|mandate| !mandate.office.is_resident());
        let tenant = match self.of.as_str() {
            "" => serving.next().map(|mandate| mandate.tenant).ok_or(Error::denied("desk/not-staff"))?,
            of => {
                let of: TenantId = of.parse().map_err(|_| Error::NotFound)?;
                serving.find(|mandate| mandate.tenant == of).map(|mandate| mandate.tenant).ok_or(Error::NotFound)?
            }
        };
        Desk::of(&visit.actor, tenant).ok_or(Error::NotFound)
    }

    /// The filter; words are looked up first.
    ///
    /// # Errors
    /// [`Error::Invalid`] on `q` when it holds nothing to look for.
    pub async fn filter(&self, visit: &Visit, desk: &Desk) -> Result<DeskFilter> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let words = self.q.trim();
        let ids = match words {
            "" => None,
            words => {
                let found = search::find(&visit.app.db, &[desk.tenant.0], &[], words, None, FOUND_MAX).await?;
                Some(found.iter().map(|one| one.thing).collect())
            }
        };
        Ok(DeskFilter {
            state: State::parse(&self.show),
            overdue_only: self.show == "overdue",
            category: some(&self.category),
            at: some(&self.at),
            ids,
            offset: self.from.clamp(0, OFFSET_MAX),
            behind: None,
        })
    }
}

/// Whether somebody stands in for this person now, wherever they serve.
async fn on_leave(visit: &Visit) -> Result<bool> {
    let now = visit.call.now;
    for person in &visit.actor.persons {
        let seats = seat::of_person(&visit.app.db, person.tenant, person.id, now).await?;
        if seats.iter().any(|seat| seat.person == person.id && seat.is_away(now)) {
            return Ok(true);
        }
    }
    Ok(false)
}
