//! What a form or a call brings, as values that cannot be wrong.

use super::intake::{self, More};
use commons::case::{
    Case, CaseId, Channel, Door, EntryId, EntryKind, Kind, Outcome, PhotoId, Satisfaction, WaitReason,
};
use commons::people::{Actor, Office, OrganisationId};
use commons::place::{Place, PlaceId};
use kit::i18n::Lang;
use kit::media::Prepared;
use kit::web::Form;
use kit::web::form::Problems;
use kit::{Result, names};

/// Longer words are refused with what was typed kept.
pub const WORDS_CHARACTERS_MAX: usize = 2_000;
pub const PHOTOS_MAX: usize = 4;
const CONTACT_CHARACTERS_MAX: usize = 100;

/// Who acts: the mandates of somebody signed in, or the slip that opens this one case.
#[derive(Clone, Copy)]
pub struct Hand<'a> {
    pub actor: &'a Actor,
    /// The case that the pickup code in hand opens.
    pub slip: Option<CaseId>,
}

impl<'a> Hand<'a> {
    pub fn of(actor: &'a Actor) -> Hand<'a> {
        Hand { actor, slip: None }
    }

    /// Whether this is the one who said it.
    pub fn is_author(&self, case: &Case) -> bool {
        self.slip == Some(case.id) || self.actor.is(case.tenant, case.author)
    }

    pub fn is_holder(&self, case: &Case) -> bool {
        self.actor.holds(case.holder.office, case.holder.place)
    }

    /// The organisation for which the holder's office is held, where it is held for one.
    pub fn unit_of(&self, case: &Case) -> Option<OrganisationId> {
        let seat = (case.holder.office, case.holder.place);
        let mandate = self.actor.mandates.iter().find(|mandate| (mandate.office, mandate.place) == seat);
        mandate.and_then(|mandate| mandate.organisation)
    }
}

/// What somebody says.
#[derive(Clone, Debug)]
pub struct Draft {
    pub words: String,
    /// A category's slug; without one the words suggest it.
    pub category: Option<String>,
    pub private: bool,
    pub contact: Option<String>,
    /// Typed for someone who has no phone or is on one.
    pub for_caller: bool,
    pub channel: Channel,
    /// Answers, kind, point, voice.
    pub more: More,
}

impl Draft {
    /// Reads the form of 说一声.
    ///
    /// # Errors
    /// [`kit::Error::Invalid`] with everything that is wrong.
    pub fn read(form: &Form, channel: Channel) -> Result<Draft> {
        Draft::read_as(form, channel, form.text("words"))
    }

    fn read_as(form: &Form, channel: Channel, words: &str) -> Result<Draft> {
        let draft = Draft {
            words: words.replace("\r\n", "\n"),
            category: form.opt("category").map(str::to_owned),
            private: form.checked("private"),
            contact: form.opt("contact").map(str::to_owned),
            for_caller: form.checked("for_caller"),
            channel,
            more: More::default(),
        };
        draft.check(intake::photos_in(form))?;
        Ok(draft)
    }

    /// The same where a voice may stand for the words; then a sentence in `spoken` says that there is one.
    ///
    /// # Errors
    /// [`kit::Error::Invalid`] with everything that is wrong.
    pub fn read_spoken(form: &Form, channel: Channel, spoken: Option<Lang>) -> Result<Draft> {
        match spoken.filter(|_| form.text("words").is_empty()) {
            None => Draft::read(form, channel),
            Some(lang) => Draft::read_as(form, channel, &crate::words::t(lang, "intake-voice-only")),
        }
    }

    /// # Errors
    /// [`kit::Error::Invalid`] with everything that is wrong.
    pub fn check(&self, photos: usize) -> Result<()> {
        let mut problems = Problems::default();
        problems.when(self.words.is_empty(), "words", "requests/words-empty");
        problems.when(self.words.chars().count() > WORDS_CHARACTERS_MAX, "words", "requests/words-long");
        problems.when(photos > PHOTOS_MAX, "photo", "media/too-many");
        let long = self.contact.as_ref().is_some_and(|contact| contact.chars().count() > CONTACT_CHARACTERS_MAX);
        problems.when(long, "contact", "requests/contact-long");
        problems.none()
    }
}

/// A picture that lies on the shelf and waits for its case.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: commons::case::PhotoId,
    pub width: i64,
    pub height: i64,
    /// Of the bytes on the shelf; `None` for one held by a form that is older than digests.
    pub digest: Option<[u8; 32]>,
}

impl Kept {
    pub fn of(id: commons::case::PhotoId, picture: &Prepared) -> Kept {
        Kept { id, width: picture.width.into(), height: picture.height.into(), digest: Some(picture.digest()) }
    }
}

/// Everything that can be done with a case, as its forms and calls name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    Accept,
    Note {
        words: String,
        public: bool,
    },
    Add {
        words: String,
    },
    Offer {
        to: (Office, PlaceId),
        reason: String,
    },
    TakeOver,
    /// Takes an offer back that nobody has answered.
    Recall,
    TurnDown {
        reason: String,
    },
    Report {
        outcome: Outcome,
        words: String,
    },
    Judge {
        solved: bool,
        satisfaction: Option<Satisfaction>,
        why: Option<String>,
    },
    Up {
        reason: Option<String>,
        /// The door where it stood when this was asked; where it went up meanwhile, nothing is asked any more.
        from: Option<Door>,
    },
    Pause {
        reason: WaitReason,
        words: String,
    },
    Resume,
    /// Corrects what kind of case it is.
    Sort {
        kind: Kind,
    },
    Withdraw,
    Erase,
    /// 我也是, for the household of the one who presses.
    Support,
    Unsupport,
    /// The same matter as the case with this code: go on there.
    Merge {
        into: String,
    },
    Unmerge,
    /// Other words in the first minutes: of an addition, or of the first ones when none is named.
    Edit {
        entry: Option<EntryId>,
        words: String,
    },
    /// What tells too much is covered or taken away.
    Hide(Hide),
    /// The same deed, its words only for those who work on the case.
    Aside(Box<Deed>),
}

names! {
    /// Why staff cover something in what others wrote.
    HideWhy {
        Contact = "contact",
        Identity = "identity",
        Home = "home",
        Face = "face",
        Name = "name",
    }
}

/// What is to be covered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hide {
    /// Pieces of words, as they stand there.
    pub pieces: Vec<String>,
    pub photos: Vec<PhotoId>,
    pub contact: bool,
    pub voice: bool,
    /// Staff say why; it stands in the book.
    pub why: Option<HideWhy>,
}

impl Hide {
    fn read(text: &dyn Fn(&str) -> String) -> Hide {
        let lines = |field: &str| -> Vec<String> {
            text(field).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        let mut pieces = lines("pieces");
        pieces.truncate(PIECES_MAX);
        // The longest first, so that a part of a number does not hide the whole.
        pieces.sort_by_key(|piece| std::cmp::Reverse(piece.chars().count()));
        Hide {
            pieces,
            photos: lines("photos").iter().filter_map(|id| id.parse().ok()).collect(),
            contact: matches!(text("contact").as_str(), "1" | "true"),
            voice: matches!(text("voice").as_str(), "1" | "true"),
            why: HideWhy::parse(&text("why")),
        }
    }
}

const PIECES_MAX: usize = 50;

impl Deed {
    /// Reads the form behind `/say/requests/{code}/{name}`; `None` when there is no such deed.
    ///
    /// # Errors
    /// [`kit::Error::Invalid`] with what is missing.
    pub fn read(name: &str, form: &Form) -> Result<Option<Deed>> {
        // A field that comes several times, such as ticks, is read as lines.
        let text = |field: &str| form.all(field).collect::<Vec<_>>().join("\n").replace("\r\n", "\n");
        Deed::build(name, &text, form.checked("public"))
    }

    /// The same from any source of fields: forms and JSON say the same words.
    ///
    /// # Errors
    /// [`kit::Error::Invalid`] with what is missing.
    pub fn build(name: &str, text: &dyn Fn(&str) -> String, public: bool) -> Result<Option<Deed>> {
        let mut problems = Problems::default();
        let words = text("words");
        let long = words.chars().count() > WORDS_CHARACTERS_MAX;
        problems.when(long, "words", "requests/words-long");
        let needs_words = matches!(name, "note" | "add" | "offer" | "turn-down" | "edit");
        problems.when(needs_words && words.is_empty(), "words", "requests/words-empty");
        let deed = match name {
            "accept" => Deed::Accept,
            "note" => Deed::Note { words, public },
            "add" => Deed::Add { words },
            "offer" => {
                let to = text("to");
                let seat =
                    to.split_once(':').and_then(|(office, place)| Some((Office::parse(office)?, place.parse().ok()?)));
                problems.when(seat.is_none(), "to", "requests/offer-to-whom");
                match seat {
                    Some(to) => Deed::Offer { to, reason: words },
                    None => return problems.none().map(|()| None),
                }
            }
            "take-over" => Deed::TakeOver,
            "recall" => Deed::Recall,
            "turn-down" => Deed::TurnDown { reason: words },
            "report" => {
                let outcome = Outcome::parse(&text("outcome"));
                problems.when(outcome.is_none(), "outcome", "requests/report-outcome");
                let silent = words.is_empty() && outcome != Some(Outcome::Solved);
                problems.when(silent, "words", "requests/report-words");
                match outcome {
                    Some(outcome) => Deed::Report { outcome, words },
                    None => return problems.none().map(|()| None),
                }
            }
            "judge" => {
                let solved = match text("solved").as_str() {
                    "yes" | "true" => Some(true),
                    "no" | "false" => Some(false),
                    _ => None,
                };
                problems.when(solved.is_none(), "solved", "requests/judge-say");
                let satisfaction = Satisfaction::parse(&text("satisfaction"));
                let why = Some(words).filter(|why| !why.is_empty());
                match solved {
                    Some(solved) => Deed::Judge { solved, satisfaction, why },
                    None => return problems.none().map(|()| None),
                }
            }
            "up" => {
                Deed::Up { reason: Some(words).filter(|words| !words.is_empty()), from: Door::parse(&text("door")) }
            }
            "pause" => {
                let reason = WaitReason::parse(&text("reason"));
                problems.when(reason.is_none(), "reason", "requests/pause-reason");
                match reason {
                    Some(reason) => Deed::Pause { reason, words },
                    None => return problems.none().map(|()| None),
                }
            }
            "resume" => Deed::Resume,
            "sort" => match Kind::parse(&text("kind")) {
                Some(kind) => Deed::Sort { kind },
                None => return Err(kit::Error::invalid("kind", "requests/kind-unknown")),
            },
            "withdraw" => Deed::Withdraw,
            "erase" => Deed::Erase,
            "support" => Deed::Support,
            "unsupport" => Deed::Unsupport,
            "merge" => {
                let into = text("into").trim().to_lowercase();
                problems.when(into.is_empty(), "into", "requests/merge-into-what");
                Deed::Merge { into }
            }
            "unmerge" => Deed::Unmerge,
            "edit" => Deed::Edit { entry: text("entry").parse().ok(), words },
            "hide" => Deed::Hide(Hide::read(text)),
            _ => return Ok(None),
        };
        problems.none()?;
        Ok(Some(deed))
    }

    /// What kind of text this deed leaves, if it leaves one.
    pub fn entry_kind(&self) -> Option<EntryKind> {
        match self {
            Deed::Note { .. } => Some(EntryKind::Note),
            Deed::Add { .. } => Some(EntryKind::Addition),
            Deed::Offer { .. } | Deed::TurnDown { .. } => Some(EntryKind::Handover),
            Deed::Report { .. } => Some(EntryKind::Report),
            Deed::Judge { .. } | Deed::Up { .. } => Some(EntryKind::Judgement),
            Deed::Aside(deed) => deed.entry_kind(),
            _ => None,
        }
    }
}

/// Where a case is filed: never more exact than the one who files says.
#[derive(Clone, Debug)]
pub struct Spot {
    pub place: Place,
    pub compound_code: String,
    pub root: PlaceId,
}
