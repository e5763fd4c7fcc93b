//! Questions that a browser takes elsewhere and brings back answered: to a device that signs, to an office that knows somebody.
//!
//! Each is asked once, of one browser (and, where somebody is signed in, of one session), is good for some minutes, and is gone
//! with its first answer, right or wrong. Of the question only a hash is kept.

use super::app::App;
use super::call::Call;
use crate::db::Tx;
use crate::time::Moment;
use crate::{Error, Result, params};
use sha2::{Digest, Sha256};

/// So long a question waits: time to find the telephone.
pub const MINUTES: i64 = 5;
const SEAL: &str = "ceremony";

const ASK: &str = "insert into ceremony (hash, purpose, bound, facts, ends) values ($1, $2, $3, $4, $5)";
const FIND: &str = "select purpose, bound, facts, ends from ceremony where hash = $1";
const TAKE: &str = "delete from ceremony where hash = $1";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[ASK, FIND, TAKE];

/// What a question is for, and whom it was asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    purpose: &'static str,
    bound: [u8; 32],
}

impl Asked {
    /// Of the browser that calls, and of the session it has.
    pub fn of(app: &App, call: &Call, purpose: &'static str) -> Asked {
        let session = call.session.as_ref().map_or(&[][..], |session| session.token_hash.as_slice());
        Asked { purpose, bound: app.secrets.mac("ceremony", &[purpose.as_bytes(), call.visitor.as_bytes(), session]) }
    }

    /// Asks anew; what has to be known when the answer comes is kept sealed. Gives 256 random bits.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn ask(&self, app: &App, tx: &mut Tx<'_>, facts: Option<&[u8]>) -> Result<[u8; 32]> {
        let mut question = [0_u8; 32];
        let (first, second) = question.split_at_mut(16);
        first.copy_from_slice(&tx.ids().secret());
        second.copy_from_slice(&tx.ids().secret());
        let facts = facts.map(|facts| app.secrets.seal(SEAL, facts)).transpose()?;
        let ends = tx.now() + Moment::minutes(MINUTES);
        tx.run(ASK, params![hash(&question), self.purpose, self.bound.to_vec(), facts, ends]).await?;
        Ok(question)
    }

    /// Takes the question away, whoever answers; gives the facts when it was theirs to answer and there is still time.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn take(&self, app: &App, tx: &mut Tx<'_>, question: &[u8]) -> Result<Option<Vec<u8>>> {
        let Some(row) = tx.one(FIND, params![hash(question)]).await? else { return Ok(None) };
        let (purpose, bound): (String, Vec<u8>) = (row.get("purpose")?, row.get("bound")?);
        if purpose != self.purpose || bound != self.bound {
            // Whoever has only seen a question cannot take it from the one who was asked.
            return Ok(None);
        }
        tx.run(TAKE, params![hash(question)]).await?;
        if row.get::<Moment>("ends")? <= tx.now() {
            return Ok(None);
        }
        let facts: Option<Vec<u8>> = row.get("facts")?;
        match facts {
            None => Ok(Some(Vec::new())),
            Some(sealed) => {
                let plain = app.secrets.unseal(SEAL, &sealed);
                plain.map(Some).ok_or_else(|| Error::internal("facts that cannot be opened"))
            }
        }
    }
}

/// Who goes on with a question that several equal calls bring at once.
#[derive(Clone, Debug)]
pub enum Claim {
    /// This call, with what [`Asked::take`] gives.
    Mine(Option<Vec<u8>>),
    /// Another one is under way.
    Anothers,
}

impl Asked {
    /// Takes the question for the call with this key; equal calls find it taken until [`done`].
    ///
    /// # Errors
    /// Those of the database.
    pub async fn claim(&self, app: &App, tx: &mut Tx<'_>, question: &[u8], key: &str) -> Result<Claim> {
        if tx.one(FIND, params![mark(key)]).await?.is_some() {
            return Ok(Claim::Anothers);
        }
        // Nothing to go on with, or another has its answer by now: then there is nothing to hold either.
        let Some(facts) = self.take(app, tx, question).await? else { return Ok(Claim::Mine(None)) };
        let ends = tx.now() + Moment::minutes(MINUTES);
        tx.run(ASK, params![mark(key), self.purpose, self.bound.to_vec(), None::<Vec<u8>>, ends]).await?;
        Ok(Claim::Mine(Some(facts)))
    }
}

/// The call with this key has its answer.
///
/// # Errors
/// Those of the database.
pub async fn done(tx: &mut Tx<'_>, key: &str) -> Result<()> {
    tx.run(TAKE, params![mark(key)]).await.map(drop)
}

fn mark(key: &str) -> Vec<u8> {
    Sha256::new().chain_update(b"claim").chain_update(key.as_bytes()).finalize().to_vec()
}

fn hash(question: &[u8]) -> Vec<u8> {
    Sha256::digest(question).to_vec()
}
