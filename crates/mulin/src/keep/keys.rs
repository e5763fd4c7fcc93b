//! `mulin keys rotate`: a new key for contacts, and everything that older keys sealed is sealed anew, while the house is open.
//!
//! Nothing has to be remembered between two runs: what is still to be done is what does not begin with the newest key's name.
//! So whatever is cut off goes on where it stood, by the command or by the chore of the house.

use super::store::keys::{self as store, SEALED};
use kit::secrets::ring::KeyId;
use kit::time::Moment;
use kit::web::App;
use kit::{Error, Result};

/// So long after a newer key came, an older one stays even where nothing needs it: a house that runs looks into the ring each
/// minute, and a backup that is being taken holds rows of the moment it began.
const FORGET_AFTER_DAYS: i64 = 1;

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Sealed {
    /// Values that are sealed with the newest key now and were not before.
    pub anew: u64,
    /// Values that no key opens; they stay as they are.
    pub unreadable: u64,
    /// Keys that left the ring.
    pub forgotten: usize,
    /// Keys on the ring.
    pub keys: usize,
}

/// Adds a key and seals everything anew.
///
/// # Errors
/// [`Error::Unavailable`] when the ring or the database cannot be written; what is done stays done.
pub async fn rotate(app: &App) -> Result<Sealed> {
    app.secrets.rotate(app.clock.now())?;
    go_on(app).await
}

/// Seals anew what older keys sealed, and takes off the ring what nothing needs. Does nothing without a ring.
///
/// # Errors
/// As [`rotate`].
pub async fn go_on(app: &App) -> Result<Sealed> {
    if app.secrets.ring().is_none() {
        return Ok(Sealed::default());
    }
    app.secrets.refresh()?;
    let mut done = Sealed::default();
    for of in SEALED {
        seal_anew(app, of, &mut done).await?;
    }
    let (used, _) = store::used(&app.db).await?;
    let used: Vec<KeyId> = used.into_iter().collect();
    done.forgotten = app.secrets.forget(&used, app.clock.now() - Moment::days(FORGET_AFTER_DAYS))?;
    done.keys = app.secrets.ring().map_or(0, |ring| ring.keys().len());
    Ok(done)
}

/// How many sealed values no key opens.
///
/// # Errors
/// When the database is away.
pub async fn unreadable(app: &App) -> Result<i64> {
    let mut unreadable = 0;
    for of in SEALED {
        let mut seen = 0;
        loop {
            let lot = store::values(&app.db, of, seen).await?;
            if lot.is_empty() {
                break;
            }
            seen += i64::try_from(lot.len()).map_err(Error::internal)?;
            unreadable += lot.iter().filter(|sealed| app.secrets.unseal(of.label, sealed).is_none()).count() as i64;
        }
    }
    Ok(unreadable)
}

async fn seal_anew(app: &App, of: &store::Sealed, done: &mut Sealed) -> Result<()> {
    let mut skipped = 0;
    loop {
        let newest = app.secrets.seal_prefix()?;
        let lot = store::old_ones(&app.db, of, &newest, skipped).await?;
        if lot.is_empty() {
            done.unreadable += u64::try_from(skipped).unwrap_or(0);
            return Ok(());
        }
        let mut anew = Vec::new();
        for old in &lot {
            match app.secrets.unseal(of.label, &old.sealed) {
                Some(plain) => anew.push((old, app.secrets.seal(of.label, &plain)?)),
                None => skipped += 1,
            }
        }
        let anew = &anew;
        let context = app.context();
        let written = app.db.transact(&context, |tx| {
            Box::pin(async move {
                let mut written = 0;
                for (old, sealed) in anew {
                    written += store::put_anew(tx, of, old, sealed.clone()).await?;
                }
                Ok::<u64, Error>(written)
            })
        });
        done.anew += written.await?;
    }
}

#[cfg(test)]
mod tests;
