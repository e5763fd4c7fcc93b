//! The chain of the book: each entry gets a position in its tenant's book and a digest over itself and the digest before it,
//! so that nobody changes, drops, inserts or reorders one unseen, and whoever holds a head on paper sees a cut tail as well.
//!
//! Entries are sealed a moment after their deeds, many at once, by whoever looks after the house: a deed writes no more than it
//! did, and two deeds never wait for each other's place in the chain. An entry that is not sealed yet is simply next.

use crate::db::{Context, Db, Row};
use crate::time::Moment;
use crate::{Error, Result, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// SHA-256.
pub type Seal = [u8; 32];

/// What stands before the first entry.
const BEFORE_ALL: Seal = [0; 32];
/// Says which encoding was digested, should there ever be another.
const ENCODING: &[u8] = b"mulin book 1";
/// How many are sealed in one transaction.
const LOT: i64 = 200;
const CHECKED_AT_ONCE: i64 = 1_000;
/// Of one book; more are not worth naming.
const FAULTS_MAX: usize = 20;

/// How far a book is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub tenant: Uuid,
    pub entries: i64,
    /// Of the last of them.
    pub digest: Seal,
    pub at: Moment,
}

/// What is wrong with a book, and from which position on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What stands there is not what was sealed there: changed, inserted, or moved.
    Differs(i64),
    /// Nothing stands there, and something stands behind it.
    Missing(i64),
    /// The book once went on from here.
    Cut(i64),
    /// The digest that was written down for this position is not the one that stands there.
    HeadDiffers(i64),
}

const UNSEALED: &str =
    "select tenant, id, at, person, on_behalf, office, stem, thing, thing_id, place, facts, position, digest
    from activity where position is null order by tenant, id limit $1";
const SEALED: &str =
    "select tenant, id, at, person, on_behalf, office, stem, thing, thing_id, place, facts, position, digest
    from activity where tenant = $1 and position > $2 order by position limit $3";
const FIRST: &str = "select min(position) as n from activity where tenant = $1";
const SEAL: &str = "update activity set position = $3, digest = $4 where tenant = $1 and id = $2 and position is null";
const HEAD: &str = "select tenant, entries, digest, at from book_head where tenant = $1";
const HEADS: &str = "select tenant, entries, digest, at from book_head order by tenant limit 10000";
const PUT_HEAD: &str = "insert into book_head (tenant, entries, digest, at) values ($1, $2, $3, $4)
    on conflict (tenant) do update set entries = excluded.entries, digest = excluded.digest, at = excluded.at";
const AT: &str = "select digest from activity where tenant = $1 and position = $2";
const BOOKS: &str =
    "select tenant from activity where position is not null group by tenant order by tenant limit 10000";

/// The statements of this file, so that a test can prepare each on both engines.
pub const STATEMENTS: &[&str] = &[UNSEALED, SEALED, FIRST, SEAL, HEAD, HEADS, PUT_HEAD, AT, BOOKS];

/// An entry with everything that its digest covers.
struct Link {
    tenant: Uuid,
    id: Uuid,
    at: Moment,
    person: Option<Uuid>,
    on_behalf: Option<Uuid>,
    office: Option<String>,
    stem: String,
    thing: String,
    thing_id: Uuid,
    place: Option<Uuid>,
    /// As it is stored, to the byte.
    facts: String,
    position: Option<i64>,
    digest: Option<Seal>,
}

impl Link {
    fn read(row: &Row) -> Result<Link> {
        Ok(Link {
            tenant: row.get("tenant")?,
            id: row.get("id")?,
            at: row.get("at")?,
            person: row.get("person")?,
            on_behalf: row.get("on_behalf")?,
            office: row.get("office")?,
            stem: row.get("stem")?,
            thing: row.get("thing")?,
            thing_id: row.get("thing_id")?,
            place: row.get("place")?,
            facts: row.get("facts")?,
            position: row.get("position")?,
            digest: seal_of(row.get("digest")?),
        })
    }

    /// SHA-256 over each part with its length before it (eight bytes, the highest first; a part that is missing is a length of
    /// all ones), so that no two entries have the same encoding.
    fn sealed_at(&self, position: i64, before: &Seal) -> Seal {
        let mut sha = Sha256::new();
        let mut part = |bytes: Option<&[u8]>| {
            sha.update(bytes.map_or(u64::MAX, |bytes| bytes.len() as u64).to_be_bytes());
            sha.update(bytes.unwrap_or_default());
        };
        part(Some(ENCODING));
        part(Some(self.tenant.as_bytes()));
        part(Some(&position.to_be_bytes()));
        part(Some(before));
        part(Some(self.id.as_bytes()));
        part(Some(&self.at.0.to_be_bytes()));
        part(self.person.as_ref().map(|id| &id.as_bytes()[..]));
        part(self.on_behalf.as_ref().map(|id| &id.as_bytes()[..]));
        part(self.office.as_ref().map(String::as_bytes));
        part(Some(self.stem.as_bytes()));
        part(Some(self.thing.as_bytes()));
        part(Some(self.thing_id.as_bytes()));
        part(self.place.as_ref().map(|id| &id.as_bytes()[..]));
        part(Some(self.facts.as_bytes()));
        sha.finalize().into()
    }
}

/// One of another length is none of ours, and fits nothing.
fn seal_of(bytes: Option<Vec<u8>>) -> Option<Seal> {
    bytes.map(|bytes| bytes.try_into().unwrap_or_default())
}

fn head(row: &Row) -> Result<Head> {
    Ok(Head {
        tenant: row.get("tenant")?,
        entries: row.get("entries")?,
        digest: seal_of(row.get("digest")?).unwrap_or_default(),
        at: row.get("at")?,
    })
}

/// Seals the next entries and tells how many; call it again until there are none. Where nothing waits it only reads.
///
/// # Errors
/// When the database is away.
pub async fn seal(db: &Db, context: &Context) -> Result<usize> {
    // Outside of the transaction, so that on PostgreSQL it collides with nobody who is writing an entry.
    let waiting = db.all(UNSEALED, params![LOT]).await?.iter().map(Link::read).collect::<Result<Vec<_>>>()?;
    let mut sealed = 0;
    for lot in waiting.chunk_by(|one, other| one.tenant == other.tenant) {
        let done = db.transact(context, |tx| {
            Box::pin(async move {
                let tenant = lot[0].tenant;
                let before = tx.one(HEAD, params![tenant]).await?.as_ref().map(head).transpose()?;
                let (mut position, mut digest) = before.map_or((0, BEFORE_ALL), |head| (head.entries, head.digest));
                for link in lot {
                    position += 1;
                    digest = link.sealed_at(position, &digest);
                    let row = params![tenant, link.id, position, digest.to_vec()];
                    if tx.run(SEAL, row).await? != 1 {
                        return Err(Error::NotFound);
                    }
                }
                tx.run(PUT_HEAD, params![tenant, position, digest.to_vec(), tx.now()]).await.map(drop)
            })
        });
        match done.await {
            Ok(()) => sealed += lot.len(),
            // Another node was there before us, or the tenant is gone.
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sealed)
}

/// The heads of all books.
pub async fn heads(db: &Db) -> Result<Vec<Head>> {
    db.all(HEADS, params![]).await?.iter().map(head).collect()
}

/// The digest at a position of a book; none where it does not reach so far.
pub async fn at(db: &Db, tenant: Uuid, position: i64) -> Result<Option<Seal>> {
    match db.one(AT, params![tenant, position]).await? {
        Some(row) => Ok(seal_of(row.get("digest")?)),
        None => Ok(None),
    }
}

/// Every book in which anything is sealed, or ever was.
pub async fn books(db: &Db) -> Result<Vec<Uuid>> {
    let mut all: Vec<Uuid> =
        db.report(BOOKS, params![]).await?.iter().map(|row| row.get("tenant")).collect::<Result<_>>()?;
    all.extend(heads(db).await?.iter().map(|head| head.tenant));
    all.sort();
    all.dedup();
    Ok(all)
}

/// Reads a whole book again and tells what is wrong with it. `published` are heads that somebody has on paper: how many entries
/// there were, and the digest of the last.
///
/// # Errors
/// When the book cannot be read.
pub async fn verify(db: &Db, tenant: Uuid, published: &[(i64, Seal)]) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let (mut last, mut before) = (0, Some(BEFORE_ALL));
    // What somebody put before the first is looked at like the rest.
    let first: Option<i64> = match db.one(FIRST, params![tenant]).await? {
        Some(row) => row.get("n")?,
        None => None,
    };
    let mut after = first.unwrap_or(1).min(1) - 1;
    loop {
        let rows = db.report(SEALED, params![tenant, after, CHECKED_AT_ONCE]).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let link = Link::read(row)?;
            let position = link.position.unwrap_or_default();
            after = position;
            if position < 1 {
                faults.push(Fault::Differs(position));
                continue;
            }
            if position > last + 1 {
                faults.push(Fault::Missing(last + 1));
                before = None;
            }
            let stored = link.digest.unwrap_or_default();
            // Behind a gap nobody knows what stood before: that entry is believed, and the chain goes on from it.
            if before.is_some_and(|before| link.sealed_at(position, &before) != stored) {
                faults.push(Fault::Differs(position));
            }
            if published.iter().any(|(entries, digest)| *entries == position && *digest != stored) {
                faults.push(Fault::HeadDiffers(position));
            }
            (last, before) = (position, Some(stored));
        }
        if faults.len() > FAULTS_MAX {
            break;
        }
    }
    if faults.len() <= FAULTS_MAX {
        let kept = db.one(HEAD, params![tenant]).await?.as_ref().map(head).transpose()?;
        let kept = kept.map_or((0, BEFORE_ALL), |head| (head.entries, head.digest));
        let longest = published.iter().map(|(entries, _)| *entries).chain([kept.0]).max().unwrap_or_default();
        if longest > last {
            faults.push(Fault::Cut(last + 1));
        } else if kept != (last, before.unwrap_or_default()) {
            faults.push(Fault::HeadDiffers(kept.0));
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests;
