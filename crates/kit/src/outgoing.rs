//! Calls to addresses that people typed in, such as the robot of a group chat.
//!
//! Whoever may type an address could point it at what only this machine can reach. So the host is looked up first, every
//! address it has must be public, and the call goes to the very address that was looked at. Only `https`, no redirects,
//! a time and a size that are bounded. An intranet's own robots need `--allow-private-targets`.

use axum::http::{Method, Request, Uri, header};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// From looking the host up to the last byte of its answer.
const PATIENCE: Duration = Duration::from_secs(10);
const ANSWER_BYTES_MAX: usize = 64 * 1024;
const URL_CHARACTERS_MAX: usize = 1_000;

/// Finds the addresses of a host.
pub type Resolver = Arc<dyn Fn(String, u16) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// The way out. Cloning shares it.
#[derive(Clone)]
pub struct Outgoing {
    resolver: Resolver,
    allow_private: bool,
    patience: Duration,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").field("allow_private", &self.allow_private).finish_non_exhaustive()
    }
}

/// A header line: its name and what it says.
pub type Line = (&'static str, String);

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// We do not call there; the text says why, without the address.
    #[error("not called: {0}")]
    Refused(&'static str),
    /// It could not be reached, or its answer was too slow, too long or broken.
    #[error("no answer: {0}")]
    Failed(String),
}

impl Default for Outgoing {
    fn default() -> Self {
        Outgoing::new(false)
    }
}

impl Outgoing {
    /// `allow_private` opens the way into the operator's own network, and to `http` there.
    pub fn new(allow_private: bool) -> Outgoing {
        let resolver: Resolver = Arc::new(|host, port| {
            Box::pin(async move { Ok(tokio::net::lookup_host((host.as_str(), port)).await?.collect()) })
        });
        Outgoing { resolver, allow_private, patience: PATIENCE }
    }

    /// With names that a test answers.
    pub fn resolving(self, resolver: Resolver) -> Outgoing {
        Outgoing { resolver, ..self }
    }

    pub fn patient(self, patience: Duration) -> Outgoing {
        Outgoing { patience, ..self }
    }

    /// Whether an address can be called at all, as far as its letters tell.
    ///
    /// # Errors
    /// [`Trouble::Refused`] with the reason.
    pub fn look_at(&self, url: &str) -> Result<(), Trouble> {
        self.target(url).map(drop)
    }

    fn target(&self, url: &str) -> Result<Target, Trouble> {
        if url.len() > URL_CHARACTERS_MAX {
            return Err(Trouble::Refused("the address is too long"));
        }
        let uri: Uri = url.parse().map_err(|_| Trouble::Refused("this is no address"))?;
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if self.allow_private => false,
            _ => return Err(Trouble::Refused("the address must begin with https://")),
        };
        let authority = uri.authority().ok_or(Trouble::Refused("the address names no host"))?;
        if authority.as_str().contains('@') {
            return Err(Trouble::Refused("the address must hold no user name"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() {
            return Err(Trouble::Refused("the address names no host"));
        }
        let port = authority.port_u16().unwrap_or(if tls { 443 } else { 80 });
        if let Ok(ip) = host.parse::<IpAddr>() {
            self.may(ip)?;
        }
        Ok(Target { authority: authority.to_string(), host, port, tls, path: path_of(&uri) })
    }

    fn may(&self, ip: IpAddr) -> Result<(), Trouble> {
        if self.allow_private || is_public(ip) { Ok(()) } else { Err(Trouble::Refused("the address is not public")) }
    }

    /// Posts a body and reads the answer.
    ///
    /// # Errors
    /// [`Trouble`] when the address is not for us to call, or nothing useful came back.
    pub async fn post(&self, url: &str, kind: &str, body: Vec<u8>) -> Result<Reply, Trouble> {
        self.post_with(url, kind, &[], body).await
    }

    /// The same with further header lines.
    ///
    /// # Errors
    /// As for [`Outgoing::post`].
    pub async fn post_with(&self, url: &str, kind: &str, lines: &[Line], body: Vec<u8>) -> Result<Reply, Trouble> {
        self.call(url, lines, Some((kind, body))).await
    }

    /// Asks and reads the answer.
    ///
    /// # Errors
    /// As for [`Outgoing::post`].
    pub async fn get(&self, url: &str, lines: &[Line]) -> Result<Reply, Trouble> {
        self.call(url, lines, None).await
    }

    async fn call(&self, url: &str, lines: &[Line], body: Option<(&str, Vec<u8>)>) -> Result<Reply, Trouble> {
        let target = self.target(url)?;
        let call = async {
            let found = (self.resolver)(target.host.clone(), target.port).await.map_err(failed)?;
            let first = *found.first().ok_or_else(|| Trouble::Failed("the host has no address".to_owned()))?;
            // One bad apple refuses the host: of its addresses no good one is picked.
            found.iter().try_for_each(|address| self.may(address.ip()))?;
            let stream = TcpStream::connect(first).await.map_err(failed)?;
            if !target.tls {
                return talk(stream, &target, lines, body).await;
            }
            let name = ServerName::try_from(target.host.clone()).map_err(failed)?;
            let stream = TLS.connect(name, stream).await.map_err(failed)?;
            talk(stream, &target, lines, body).await
        };
        match tokio::time::timeout(self.patience, call).await {
            Ok(told) => told,
            Err(_) => Err(Trouble::Failed("too slow".to_owned())),
        }
    }
}

struct Target {
    authority: String,
    host: String,
    port: u16,
    tls: bool,
    path: String,
}

fn path_of(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", |path| path.as_str()).to_owned()
}

/// Never with the address in it: a webhook's address is its password.
fn failed(error: impl fmt::Display) -> Trouble {
    Trouble::Failed(error.to_string())
}

static TLS: LazyLock<TlsConnector> = LazyLock::new(|| {
    let mut roots = rustls::RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        let _ = roots.add(certificate);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows the versions that we allow.")
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
});

async fn talk<S>(stream: S, target: &Target, lines: &[Line], body: Option<(&str, Vec<u8>)>) -> Result<Reply, Trouble>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
    let request = lines.iter().fold(Request::builder(), |request, (name, value)| request.header(*name, value));
    let request = request.uri(&target.path).header(header::HOST, &target.authority).header(header::CONNECTION, "close");
    let request = request.header(header::USER_AGENT, concat!("mulin/", env!("CARGO_PKG_VERSION")));
    let request = match body {
        Some((kind, body)) => request
            .method(Method::POST)
            .header(header::CONTENT_TYPE, kind)
            .body(Full::new(Bytes::from(body)))
            .map_err(failed)?,
        None => request.method(Method::GET).body(Full::default()).map_err(failed)?,
    };
    let answer = async {
        let response = sender.send_request(request).await.map_err(failed)?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await.map_err(failed)?;
        Ok(Reply { status, body: body.to_bytes().to_vec() })
    };
    // The connection lives exactly as long as the question.
    tokio::pin!(answer);
    tokio::select! {
        told = &mut answer => told,
        ended = connection => match ended {
            Ok(()) => answer.await,
            Err(error) => Err(failed(error)),
        },
    }
}

/// Whether an address lies in the open network: not on this machine, not in anybody's house, not a special one.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        // Shared by a provider's customers.
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        // For measuring devices.
        || (a == 198 && (18..20).contains(&b))
        || a >= 240;
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    // An old address in a new coat is judged by what is inside.
    if s[..5] == [0; 5] && s[5] == 0xffff || s[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return is_public_v4(inner(s[6], s[7]));
    }
    if s[0] == 0x2002 {
        return is_public_v4(inner(s[1], s[2]));
    }
    // Of the whole space only 2000::/3 is given out to the open network.
    s[0] & 0xe000 == 0x2000
        // Teredo, benchmarking, ORCHID, documentation.
        && !(s[0] == 0x2001 && (s[1] < 0x0200 || s[1] == 0x0db8))
        && !(s[0] == 0x3fff && s[1] < 0x1000)
}

#[cfg(test)]
mod tests;
