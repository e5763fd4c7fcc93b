//! An errand to an office, told truly and otherwise.

use super::soft::{CLIENT, Lie, SECRET, SoftProvider};
use super::*;
use serde_json::json;

const NOW: Moment = Moment(1_795_485_600_000);

fn client() -> Client {
    Client { id: CLIENT.into(), secret: Some(SECRET.into()), back: "https://mulin.example/sign-in/office/back".into() }
}

/// Goes there, logs in, comes back.
async fn errand(provider: &SoftProvider, chance: u8) -> Checked<String> {
    let out = Outgoing::new(true);
    let errand = Errand::new(discover(&out, &provider.issuer).await?, &[chance; 64]);
    let (code, state) = provider.logs_in(&errand.address(&client(), "the-state"), "worker-7");
    assert_eq!(state, "the-state");
    errand.who(&out, &client(), &code, NOW).await
}

#[tokio::test]
async fn an_office_says_who_it_is_in_both_ways_to_sign() {
    let provider = SoftProvider::start(NOW).await;
    assert_eq!(errand(&provider, 1).await, Ok("worker-7".to_owned()));
    provider.lies(Lie { alg: Some("ES256"), ..Lie::default() });
    assert_eq!(errand(&provider, 2).await, Ok("worker-7".to_owned()));
    provider.lies(Lie { audience: Some(json!([CLIENT])), age: 330, ..Lie::default() });
    assert_eq!(errand(&provider, 3).await, Ok("worker-7".to_owned()), "half a minute over is a clock that differs");
}

#[tokio::test]
async fn what_does_not_fit_names_nobody() {
    let provider = SoftProvider::start(NOW).await;
    let lie = Lie::default;
    for (lie, why) in [
        (Lie { issuer: Some("https://evil.example".into()), ..lie() }, "another issuer has written it"),
        (Lie { audience: Some("another".into()), ..lie() }, "it is for somebody else"),
        (Lie { audience: Some(json!([CLIENT, "another"])), ..lie() }, "it is for somebody else"),
        (Lie { nonce: Some("another".into()), ..lie() }, "it belongs to another errand"),
        (Lie { age: 400, ..lie() }, "it is over"),
        (Lie { age: -120, ..lie() }, "it is from the future"),
        (Lie { alg: Some("none"), ..lie() }, "it is not signed in a way that we take"),
        (Lie { alg: Some("HS256"), ..lie() }, "it is not signed in a way that we take"),
        (Lie { foreign: true, ..lie() }, "no key of the issuer has signed it"),
        (Lie { foreign: true, alg: Some("ES256"), ..lie() }, "no key of the issuer has signed it"),
    ] {
        provider.lies(lie);
        assert_eq!(errand(&provider, 4).await, Err(Wrong::Refused(why)));
    }
    provider.lies(Lie { away: true, ..lie() });
    assert_eq!(errand(&provider, 5).await, Err(Wrong::Away("status 502".into())));
}

#[tokio::test]
async fn a_code_is_good_once_and_for_whoever_began() {
    let provider = SoftProvider::start(NOW).await;
    let out = Outgoing::new(true);
    let one = Errand::new(discover(&out, &provider.issuer).await.unwrap(), &[1; 64]);
    let other = Errand::new(one.provider.clone(), &[2; 64]);
    let (code, _) = provider.logs_in(&one.address(&client(), "s"), "worker-7");
    assert_eq!(other.who(&out, &client(), &code, NOW).await, Err(Wrong::Refused("the code is not taken")));
    let (code, _) = provider.logs_in(&one.address(&client(), "s"), "worker-7");
    assert!(one.who(&out, &client(), &code, NOW).await.is_ok());
    assert_eq!(one.who(&out, &client(), &code, NOW).await, Err(Wrong::Refused("the code is not taken")));
    let stranger = Client { secret: Some("guessed".into()), ..client() };
    let (code, _) = provider.logs_in(&one.address(&client(), "s"), "worker-7");
    assert_eq!(one.who(&out, &stranger, &code, NOW).await, Err(Wrong::Refused("the code is not taken")));
}

#[tokio::test]
async fn an_office_inside_our_own_walls_is_called_only_where_that_is_allowed() {
    let provider = SoftProvider::start(NOW).await;
    let refused = discover(&Outgoing::default(), &provider.issuer).await;
    assert!(matches!(refused, Err(Wrong::Away(why)) if why.starts_with("not called")));
    let other = discover(&Outgoing::new(true), &format!("{}/", provider.issuer)).await;
    assert_eq!(other, Err(Wrong::Refused("it is another issuer")));
    assert!(
        is_issuer("https://login.example/realms/street")
            && !is_issuer("login.example")
            && !is_issuer("https://a.example/?x")
    );
}
