//! The office of a community that signs its own people in: who it is, and which of its people is whom here. Each links
//! themselves, once, while they are signed in; nobody is matched by a name, a mail address or a telephone number.

pub mod store;

use crate::place::TenantId;
use kit::time::Moment;

/// The provider of a community.
#[derive(Clone, Debug)]
pub struct Provider {
    pub tenant: TenantId,
    /// As people know it: 榴香街道统一登录.
    pub name: String,
    pub issuer: String,
    pub client: String,
    pub secret: Option<String>,
    pub changed: Moment,
}

/// A provider as one person sees it: whether they are known there, and since when.
#[derive(Clone, Debug)]
pub struct Link {
    pub tenant: TenantId,
    pub name: String,
    pub since: Option<Moment>,
    pub used: Option<Moment>,
}
