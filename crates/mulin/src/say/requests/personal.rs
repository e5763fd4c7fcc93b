//! Before words are public: what would tell strangers who somebody is or where they live is named, and the writer chooses.

use super::model::{Deed, Draft};
use crate::layout::View;
use commons::case::{Case, guess, store};
use commons::place::TenantId;
use commons::private;
use kit::web::App;
use kit::{Error, Result};

/// What the writer wants done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// `138****`.
    Mask,
    /// Only those who work on it may read it.
    Private,
    AsIs,
}

impl Wish {
    pub fn read(text: &str) -> Option<Wish> {
        match text {
            "mask" => Some(Wish::Mask),
            "private" => Some(Wish::Private),
            "as-is" => Some(Wish::AsIs),
            _ => None,
        }
    }

    /// The same from a program, for which `confirm_private: true` means: as it is.
    pub fn of_call(text: &str, confirmed: bool) -> Option<Wish> {
        Wish::read(text).or(confirmed.then_some(Wish::AsIs))
    }
}

/// The words as they go out, and whether only the parties may read them.
///
/// # Errors
/// [`Error::Invalid`] on `personal` while something is found and nothing was chosen.
fn screen(words: String, choice: Option<Wish>) -> Result<(String, bool)> {
    if private::find(&words).is_empty() {
        return Ok((words, false));
    }
    match choice {
        None => Err(Error::invalid("personal", "private/found")),
        Some(Wish::Mask) => Ok((private::covered(&words), false)),
        Some(Wish::Private) => Ok((words, true)),
        Some(Wish::AsIs) => Ok((words, false)),
    }
}

/// The deed as it may be done in public, or the question what to do with what was found.
///
/// # Errors
/// [`Error::Invalid`] on `personal` while something is found and nothing was chosen.
pub fn screen_deed(deed: Deed, case: &Case, choice: Option<Wish>) -> Result<Deed> {
    if !case.is_public() {
        return Ok(deed);
    }
    // A reason for handing over, and words that are public already, cannot go aside: they are masked instead.
    let open = choice.map(|choice| if choice == Wish::Private { Wish::Mask } else { choice });
    let (deed, aside) = match deed {
        Deed::Note { words, public: true } => {
            let (words, aside) = screen(words, choice)?;
            (Deed::Note { words, public: !aside }, false)
        }
        Deed::Add { words } => {
            let (words, aside) = screen(words, choice)?;
            (Deed::Add { words }, aside)
        }
        Deed::Report { outcome, words } => {
            let (words, aside) = screen(words, choice)?;
            (Deed::Report { outcome, words }, aside)
        }
        Deed::Judge { solved, satisfaction, why: Some(why) } => {
            let (why, aside) = screen(why, choice)?;
            (Deed::Judge { solved, satisfaction, why: Some(why) }, aside)
        }
        Deed::Offer { to, reason } => (Deed::Offer { to, reason: screen(reason, open)?.0 }, false),
        Deed::TurnDown { reason } => (Deed::TurnDown { reason: screen(reason, open)?.0 }, false),
        Deed::Up { reason: Some(reason), from } => (Deed::Up { reason: Some(screen(reason, open)?.0), from }, false),
        Deed::Edit { entry, words } => (Deed::Edit { entry, words: screen(words, open)?.0 }, false),
        other => (other, false),
    };
    Ok(if aside { Deed::Aside(Box::new(deed)) } else { deed })
}

/// The draft as it may be filed.
///
/// # Errors
/// [`Error::Invalid`] on `personal` while something is found and nothing was chosen.
pub async fn screen_draft(app: &App, tenant: TenantId, draft: &mut Draft, choice: Option<Wish>) -> Result<()> {
    if draft.private || private::find(&draft.words).is_empty() {
        return Ok(());
    }
    let slug = draft.category.as_deref().unwrap_or_else(|| guess::category(&draft.words));
    let hidden = |category: &commons::case::Category| category.private || category.kind == commons::case::Kind::Dispute;
    if store::categories(&app.db, tenant).await?.iter().any(|category| category.slug == slug && hidden(category)) {
        return Ok(());
    }
    (draft.words, draft.private) = screen(std::mem::take(&mut draft.words), choice)?;
    Ok(())
}

/// What a page shows of it: to which deed's form it belongs, each kind with its piece, and whether it can stay unpublished.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub deed: String,
    pub found: Vec<(String, String)>,
    pub aside: bool,
    /// Photos cannot be kept in a form that comes back.
    pub photos: bool,
}

impl Asked {
    pub fn of(v: &View, deed: &str, words: &str, photos: bool) -> Asked {
        let found = private::find(words)
            .iter()
            .map(|found| {
                (v.t(&format!("private-{}", found.kind.name().replace('_', "-"))).to_string(), found.piece(words))
            })
            .collect();
        Asked {
            deed: deed.to_owned(),
            found,
            aside: matches!(deed, "new" | "note" | "add" | "report" | "judge"),
            photos,
        }
    }

    /// Whether the form of this deed asks.
    pub fn on(&self, deed: &str) -> bool {
        self.deed == deed && !self.found.is_empty()
    }
}
