//! How a person wants to be told beside the inbox: by mail or not, about what, and not at which hours.

pub mod store;

use super::delivery::Quiet;
use kit::names;
use kit::time::Moment;

names! {
    /// Why somebody is told; of several reasons the first counts.
    Because {
        /// They said it.
        Mine = "mine",
        /// Their office holds it.
        Held = "held",
        /// They follow it, or said "same here", and that is all.
        Followed = "followed",
    }
}

/// What somebody wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Their own address; used once confirmed.
    pub mail: Option<String>,
    pub confirmed: Option<Moment>,
    pub mine: bool,
    pub held: bool,
    pub followed: bool,
    pub quiet: Quiet,
    /// The language of letters: `zh-CN` or `en`.
    pub lang: String,
}

impl Wish {
    /// The address to write to, if they want a letter for this.
    pub fn address(&self, because: Because) -> Option<&str> {
        let wanted = match because {
            Because::Mine => self.mine,
            Because::Held => self.held,
            Because::Followed => self.followed,
        };
        self.confirmed?;
        self.mail.as_deref().filter(|_| wanted)
    }
}
