//! An office that signs people in, for the stories: a small provider on this machine that tells the truth or lies as it is told.

use crate::base64url;
use crate::time::Moment;
use crate::web::serve::{Patience, serve};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair as RsaKeyPair, PublicKeyComponents};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::watch;

/// Opens nothing anywhere: it was made for these stories.
const KEY: &str = "MIIEpQIBAAKCAQEA08xfkiSlo7Fz7EFaqkxAWwGa8sk47uZ60AVH-Z0PJHEHy68CdZvcHteqxWnf09gtWPpwouH2mVth7xNvWCn-1uz7MaL1E6\
    l-MBEi4eCRrpNlqMBTJ_kaF-gf0SC9VbEHryKGofNhWhpPFxBNnN0waXtSEkUQ03bGfW9OSr9L0FHNS7q5FvAVVN55n3yUBRxM-MVjLnZH-H0H\
    4oYYcdaV8S5qy6Alb7ZiLAORr5fP6TrM-bXm-mOZVA7g8ssg9Y64sxFQy4m0_pAE4Dl8tlAUO4KDAAG90Oj43oMbkb_Cd4VdcSXmnTCeaE95BX\
    A3Olll3ZgyjY_yiC0xK8DLd8CIjwIDAQABAoIBAFLBTSpmJU5TfM74LjvSNWcZtnhcxWEbLytulNPkWVFM1NXyGMzpTFXEwNYH60vz8KwOlsod\
    7mO3gAmRF3VkW02RJQkc-hNnq4WOfImzXFjRAOyx0QwSWe6zZRMqbrA3zp_QprhKx2QUWYjSdvDuwAbHB6dZ0xw9EYtbXUT5f97yEYQLEVD10V\
    _OV7h1nJ5DLgvP7NeK28syNzs_Z4vPlXjWfOAS_6fRvNHLsRhi473qgYZV41XLMK9kQSAZ45BA0s1l3hSIop-4U-Y69mvLpGX_hMa1yo_t93XD\
    vSBoOhwxVAI69hTMR48QmZHmLgLQNELBIakYCwQpDFJhX0btVnECgYEA6jtgmlXCP-dBUohP1AhVJw6HZUpfw2FDwWLa-b6H2sLZbDEWvRloSc\
    fSPPK1NShH7SKP0axQv7ueo49zfIvXshDaZdBJLp8QZtlQ66F271IO91BKziLcnY1a4vLtq4x1Qn5WyrDM2NyE4PClnFFYvq0ZJwrQUdO0GBBn\
    PRVbIKcCgYEA53tG5twPctvgZie_OBiISD7mOB7QnRp83NU9GiEn_SsxeiTuH2s8Q4Y1Ui2BKO1BDv_GBdUXafhc4UJ7L5Vef-NmZm8F8weffg\
    zWlcrl1roVyyWREum8lanrvSH4pNCyG-SDYvyC_-L8Z3MUAYWtdIDzSf3MQNG0U7n9UJknrdkCgYEAhJCUbOSqaoZURwSUwXjx0If9gwsjxa0v\
    rqxnKD94Hgx3By-FIgLWLiOkThBDFFG223PbF5zBmrHx57nRb6Spr8KwCD1onbUykDLgBGu-p1W22KudmqrKV3TgAl_guV1mI_ri3hZP6VBs9-\
    3anOzBIDFRcfJB0n3RiGkINN74UzMCgYEAxi14qjVE1KUCHPNydmgqZQ_Usb9QAvCmbbnyMeio_8p29Yeghi2czoKcK9rhdVSKGnlH475n6UXE\
    3uW36SkMWpkpFhF_Gm4wUg5TuLKYy5lNBzsGVRbfaZKsTKRE53X0xoSBJ8HftYtzZG3VdugndFLh9zreH7BpnjThdptoqSECgYEAlntvq6WSr7\
    U7NNG42YDbrF6WpS0-jHpbSpKf9PEmBIMVRRlADADG9A0z-T85-oeFIohvoWLSOZ-CIBBvKswcsBAXMIh1Qfrxr1EI0LXp8moln3gTNc7Rq8Ex\
    qHeOMs8c1dORWIakDocAT2JAGYCFPJeDou2g5jXeWPEFMk9D9fs";

/// How the next token lies.
#[derive(Clone, Debug, Default)]
pub struct Lie {
    pub issuer: Option<String>,
    pub audience: Option<Value>,
    pub nonce: Option<String>,
    pub alg: Option<&'static str>,
    /// Seconds that the token is old.
    pub age: i64,
    /// Signs with a key that nobody knows.
    pub foreign: bool,
    /// Answers nobody.
    pub away: bool,
}

/// What somebody has logged in for.
struct Errand {
    subject: String,
    query: HashMap<String, String>,
}

struct Inside {
    issuer: String,
    now: Moment,
    lie: Lie,
    errands: HashMap<String, Errand>,
    count: u64,
    rsa: RsaKeyPair,
    ec: EcdsaKeyPair,
    foreign: EcdsaKeyPair,
}

/// The provider; it goes away with its last handle.
pub struct SoftProvider {
    pub issuer: String,
    inside: Arc<Mutex<Inside>>,
    _stop: watch::Sender<bool>,
}

/// Who it knows us as.
pub const CLIENT: &str = "mulin";
pub const SECRET: &str = "s3cret of the/office";

fn pair() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key is made.");
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).expect("it is read.")
}

type Shared = State<Arc<Mutex<Inside>>>;

fn open(inside: &Mutex<Inside>) -> MutexGuard<'_, Inside> {
    inside.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl SoftProvider {
    pub async fn start(now: Moment) -> SoftProvider {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free.");
        let issuer = format!("http://{}/office", listener.local_addr().expect("it has an address."));
        let rsa = RsaKeyPair::from_der(&base64url::decode(KEY).expect("it is written well.")).expect("it is a key.");
        let inside = Inside {
            issuer: issuer.clone(),
            now,
            lie: Lie::default(),
            errands: HashMap::new(),
            count: 0,
            rsa,
            ec: pair(),
            foreign: pair(),
        };
        let inside = Arc::new(Mutex::new(inside));
        let routes = Router::new()
            .route("/office/.well-known/openid-configuration", get(discovery))
            .route("/office/keys", get(keys))
            .route("/office/token", post(token))
            .with_state(inside.clone());
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(serve(listener, routes, Patience::default(), stopped));
        SoftProvider { issuer, inside, _stop: stop }
    }

    pub fn lies(&self, lie: Lie) {
        open(&self.inside).lie = lie;
    }

    /// Somebody follows the address and logs in; gives code and state, as the browser brings them back.
    pub fn logs_in(&self, address: &str, subject: &str) -> (String, String) {
        let query = address.split_once('?').map_or("", |(_, query)| query);
        let query: HashMap<String, String> = serde_urlencoded::from_str(query).expect("it is a query.");
        let state = query.get("state").cloned().unwrap_or_default();
        let mut inside = open(&self.inside);
        inside.count += 1;
        let code = format!("code-{}", inside.count);
        inside.errands.insert(code.clone(), Errand { subject: subject.to_owned(), query });
        (code, state)
    }
}

async fn discovery(State(inside): Shared) -> (StatusCode, Json<Value>) {
    let inside = open(&inside);
    if inside.lie.away {
        return (StatusCode::BAD_GATEWAY, Json(json!({})));
    }
    let at = |end: &str| format!("{}/{end}", inside.issuer);
    let issuer = &inside.issuer;
    (
        StatusCode::OK,
        Json(json!({ "issuer": issuer, "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
        "jwks_uri": at("keys"), "token_endpoint_auth_methods_supported": ["client_secret_basic"] })),
    )
}

async fn keys(State(inside): Shared) -> Json<Value> {
    let inside = open(&inside);
    let PublicKeyComponents { n, e }: PublicKeyComponents<Vec<u8>> = inside.rsa.public().into();
    let point = inside.ec.public_key().as_ref();
    let text = |bytes: &[u8]| base64url::encode(bytes);
    Json(json!({ "keys": [
        { "kty": "RSA", "kid": "one", "use": "sig", "n": text(&n), "e": text(&e) },
        { "kty": "EC", "kid": "two", "crv": "P-256", "alg": "ES256", "x": text(&point[1..33]), "y": text(&point[33..]) },
    ] }))
}

async fn token(State(inside): Shared, headers: HeaderMap, body: String) -> (StatusCode, Json<Value>) {
    let refused = |why: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": why })));
    let form: HashMap<String, String> = serde_urlencoded::from_str(&body).unwrap_or_default();
    let said = |name: &str| form.get(name).map_or("", String::as_str);
    let mut inside = open(&inside);
    let basic = crate::secrets::base64(b"mulin:s3cret+of+the%2Foffice");
    if headers.get("authorization").and_then(|line| line.to_str().ok()) != Some(format!("Basic {basic}").as_str()) {
        return refused("invalid_client");
    }
    let Some(errand) = inside.errands.remove(said("code")) else { return refused("invalid_grant") };
    let asked = |name: &str| errand.query.get(name).map_or("", String::as_str);
    let challenge = base64url::encode(&Sha256::digest(said("code_verifier").as_bytes()));
    let right = challenge == asked("code_challenge")
        && asked("code_challenge_method") == "S256"
        && said("redirect_uri") == asked("redirect_uri")
        && asked("client_id") == CLIENT;
    if !right {
        return refused("invalid_grant");
    }
    let lie = inside.lie.clone();
    let made = inside.now.0 / 1000 - lie.age;
    let claims = json!({ "iss": lie.issuer.as_deref().unwrap_or(&inside.issuer), "sub": errand.subject,
        "aud": lie.audience.clone().unwrap_or(CLIENT.into()), "nonce": lie.nonce.as_deref().unwrap_or(asked("nonce")),
        "iat": made, "exp": made + 300 });
    let alg = lie.alg.unwrap_or("RS256");
    let kid = if alg == "ES256" { "two" } else { "one" };
    let part = |value: &Value| base64url::encode(value.to_string().as_bytes());
    let text = format!("{}.{}", part(&json!({ "alg": alg, "kid": kid, "typ": "JWT" })), part(&claims));
    let random = SystemRandom::new();
    let sign = match alg {
        "none" => Vec::new(),
        "ES256" => {
            let pair = if lie.foreign { &inside.foreign } else { &inside.ec };
            pair.sign(&random, text.as_bytes()).expect("it signs.").as_ref().to_vec()
        }
        _ => {
            let mut sign = vec![0; inside.rsa.public().modulus_len()];
            inside.rsa.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut sign).expect("it signs.");
            if lie.foreign {
                sign[7] ^= 1;
            }
            sign
        }
    };
    let id = format!("{text}.{}", base64url::encode(&sign));
    (StatusCode::OK, Json(json!({ "access_token": "not used", "token_type": "Bearer", "id_token": id })))
}
