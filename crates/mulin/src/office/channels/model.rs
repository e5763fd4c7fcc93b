//! A channel as it is typed in, by a person or a program.

use commons::notice::channel::store::NewChannel;
use commons::notice::channel::{Event, NAME_CHARACTERS_MAX, RobotKind};
use commons::notice::delivery::Quiet;
use commons::place::PlaceId;
use kit::i18n::Lang;
use kit::outgoing::Outgoing;
use kit::web::form::Problems;
use kit::{Error, Result};
use serde::Deserialize;

const SECRET_CHARACTERS_MAX: usize = 200;
const SLUG_CHARACTERS_MAX: usize = 39;

/// What somebody typed; without a way to be printed, for an address is a password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    pub name: String,
    pub place: String,
    pub kind: String,
    pub address: String,
    pub secret: Option<String>,
    pub events: Vec<String>,
    #[serde(default)]
    pub categories: Vec<String>,
    /// The quiet hours, such as `21:00` and `08:00`; a program has none.
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub to: String,
    /// Chinese when nobody asked.
    pub lang: Option<String>,
}

impl Typed {
    /// # Errors
    /// [`Error::Invalid`] with every field that has to change.
    pub fn check(self, outgoing: &Outgoing) -> Result<NewChannel> {
        let mut problems = Problems::default();
        let long = self.name.chars().count() > NAME_CHARACTERS_MAX;
        problems.when(self.name.is_empty() || long, "name", "channels/name");
        let kind = RobotKind::parse(&self.kind);
        problems.when(kind.is_none(), "kind", "channels/kind");
        let place: Option<PlaceId> = self.place.parse().ok();
        problems.when(place.is_none(), "place", "channels/place");
        problems.when(outgoing.look_at(&self.address).is_err(), "address", "channels/address");
        let long = self.secret.as_ref().is_some_and(|secret| secret.chars().count() > SECRET_CHARACTERS_MAX);
        problems.when(long, "secret", "channels/secret");
        let events: Vec<Event> = self.events.iter().filter_map(|name| Event::parse(name)).collect();
        problems.when(events.is_empty(), "event", "channels/event");
        let lang = language(self.lang.as_deref());
        problems.when(lang.is_none(), "lang", "channels/lang");
        let program = kind == Some(RobotKind::Webhook);
        problems.when(program && self.secret.is_some(), "secret", "channels/webhook-secret");
        let quiet = if program { Some(Quiet { from: 0, to: 0 }) } else { Quiet::parse(&self.from, &self.to) };
        problems.when(quiet.is_none(), "from", "channels/quiet");
        problems.none()?;
        let missing = || Error::invalid("name", "channels/name");
        Ok(NewChannel {
            place: place.ok_or_else(missing)?,
            name: self.name,
            kind: kind.ok_or_else(missing)?,
            address: self.address,
            secret: self.secret,
            events,
            categories: self
                .categories
                .into_iter()
                .filter(|slug| slug.len() <= SLUG_CHARACTERS_MAX && !slug.contains(','))
                .collect(),
            quiet: quiet.ok_or_else(missing)?,
            lang: lang.ok_or_else(missing)?,
        })
    }
}

/// The language that was chosen; Chinese where nobody was asked.
pub fn language(typed: Option<&str>) -> Option<Lang> {
    typed.map_or(Some(Lang::default()), Lang::parse)
}
