//! The words in the links of letters: which subscription, and a proof that we wrote it. Nothing of them is stored.

use super::model::SubscriptionId;
use commons::place::TenantId;
use kit::secrets::Secrets;
use kit::{Error, Result, Uuid};

/// What a link is for; one does not open the other.
#[derive(Clone, Copy, Debug)]
pub enum For {
    Confirm,
    Stop,
}

impl For {
    fn label(self) -> &'static str {
        match self {
            For::Confirm => "follow/confirm",
            For::Stop => "follow/stop",
        }
    }
}

const PROOF_BYTES: usize = 16;

/// 96 hexadecimal digits: tenant, subscription, proof.
pub fn made(secrets: &Secrets, what_for: For, tenant: TenantId, id: SubscriptionId) -> String {
    let named = [*tenant.0.as_bytes(), *id.0.as_bytes()].concat();
    hex::encode([&named, &secrets.mac(what_for.label(), &[&named])[..PROOF_BYTES]].concat())
}

/// # Errors
/// [`Error::NotFound`] when we did not write it, or for something else.
pub fn read(secrets: &Secrets, what_for: For, token: &str) -> Result<(TenantId, SubscriptionId)> {
    let uuid = |bytes: &[u8]| Uuid::from_slice(bytes).map_err(|_| Error::NotFound);
    let bytes = hex::decode(token).map_err(|_| Error::NotFound)?;
    let named = bytes.get(..32).ok_or(Error::NotFound)?;
    let ids = (TenantId(uuid(&named[..16])?), SubscriptionId(uuid(&named[16..])?));
    // Made anew and compared as a hash of a hash, so that the time it takes tells nothing.
    let again = made(secrets, what_for, ids.0, ids.1);
    let proof = secrets.mac("follow/compare", &[again.as_bytes()]);
    if secrets.verify("follow/compare", &[token.to_lowercase().as_bytes()], &proof) {
        Ok(ids)
    } else {
        Err(Error::NotFound)
    }
}

#[cfg(test)]
mod tests;
