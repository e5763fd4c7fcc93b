//! Whether every picture and voice lies on the shelf as it was put there, and nothing else does.

use super::check::Finding;
use super::store::{self, Shelved};
use commons::case::PhotoId;
use commons::place::TenantId;
use kit::Result;
use kit::media::{Media, MediaKey, Size, kept_digest};
use kit::time::Moment;
use kit::web::App;
use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// What nobody came for yet, or what was taken back a moment ago, may still lie there for so long.
const GRACE: i64 = Moment::days(1);

/// How something on the shelf is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Sound,
    Missing,
    Damaged,
}

/// Says what is missing, what is not what it was, and what belongs to nothing, each with the first that shows it.
pub async fn run(app: &App, findings: &mut Vec<Finding>) -> Result<()> {
    let (mut missing, mut damaged) = (Named::of("pictures-missing"), Named::of("pictures-damaged"));
    let mut known: HashSet<(TenantId, PhotoId)> = HashSet::new();
    let since = app.clock.now() - GRACE;
    for voice in [false, true] {
        for one in store::shelved(&app.db, voice).await? {
            let there = one.withdrawn.is_none_or(|withdrawn| withdrawn > since);
            if there {
                known.insert((one.tenant, one.id));
            }
            if one.withdrawn.is_some() {
                continue;
            }
            match state(&app.media, &one, voice).await? {
                State::Sound => {}
                State::Missing => missing.add(&one.code),
                State::Damaged => damaged.add(&one.code),
            }
        }
    }
    let mut orphaned = Named::of("pictures-orphaned");
    for lying in app.media.lying().await? {
        let belongs = lying.what.is_some_and(|(key, _)| known.contains(&(TenantId(key.tenant), PhotoId(key.id))));
        if !belongs && lying.changed < since {
            orphaned.add(&lying.name);
        }
    }
    findings.extend([missing, damaged, orphaned].into_iter().filter_map(Named::finding));
    Ok(())
}

async fn state(media: &Media, one: &Shelved, voice: bool) -> Result<State> {
    let key = MediaKey { tenant: one.tenant.0, id: one.id.0 };
    let (digest, whole) = if voice {
        let Some(sound) = media.get_voice(key).await? else { return Ok(State::Missing) };
        (<[u8; 32]>::from(Sha256::digest(&sound)), i64::try_from(sound.len()).ok() == one.bytes)
    } else {
        let (full, thumb) = (media.get(key, Size::Full).await?, media.get(key, Size::Thumb).await?);
        let (Some(full), Some(thumb)) = (full, thumb) else { return Ok(State::Missing) };
        // Begin and end of a JPEG: all that is known of a picture from before digests were kept.
        let framed = |bytes: &[u8]| bytes.starts_with(b"\xFF\xD8") && bytes.ends_with(b"\xFF\xD9");
        (kept_digest(&full, &thumb), framed(&full) && framed(&thumb))
    };
    let same = one.digest.as_ref().is_none_or(|known| *known == digest);
    Ok(if same && whole { State::Sound } else { State::Damaged })
}

/// How many, and the first of them.
struct Named {
    what: &'static str,
    first: Option<String>,
    count: i64,
}

impl Named {
    fn of(what: &'static str) -> Named {
        Named { what, first: None, count: 0 }
    }

    fn add(&mut self, name: &str) {
        self.count += 1;
        self.first.get_or_insert_with(|| name.to_owned());
    }

    fn finding(self) -> Option<Finding> {
        let first = self.first?;
        Some(Finding { what: format!("{}: {first}", self.what), count: self.count })
    }
}
