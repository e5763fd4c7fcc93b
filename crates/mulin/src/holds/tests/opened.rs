//! What has to be there so that an address has something to show: a link that was sent, a paper that was printed, somebody who
//! stands in. Made as people make it.

use super::cast::Cast;
use super::samples::form;
use crate::holds::store;
use crate::say::follow::model::Who;
use crate::say::follow::store as follow;
use crate::say::follow::token::{For, made};
use crate::say::requests::answer;
use commons::case::store as cases;
use serde_json::json;
use std::collections::HashMap;

/// So that samples made here meet none of those made elsewhere.
const ROUND: usize = 90_000;

/// Addresses as they are declared, and as they stand where they lead to something. What is private is said already, with a voice.
pub async fn opened(cast: &Cast, private: &str) -> HashMap<&'static str, String> {
    let (stage, secrets) = (&cast.stage, &cast.stage.village.app.secrets);
    let (db, tenant) = (&stage.village.app.db, stage.tenant);
    let mut all = HashMap::new();

    let told = stage.reported("granny", ROUND).await;
    let case = cases::by_code(db, &told.code).await.unwrap().unwrap().row.case;
    let link = answer::link(secrets, &case);
    all.insert("/api/v1/answers/{token}", link.replace("/say/requests/answer/", "/api/v1/answers/"));
    all.insert("/say/requests/answer/{token}", link);

    let voice = store::one_of(db, tenant.0, "voice").await;
    all.insert("/api/v1/requests/{code}/voices/{voice}", format!("/api/v1/requests/{private}/voices/{voice}"));

    let came = json!({ "compound": "shiliu", "about": "问电梯的事", "became": "later", "name": "老周" });
    let came = stage.calls("community", "/api/v1/hub/desk/take-in", came).await;
    let code = came["code"].as_str().unwrap();
    all.insert("/api/v1/hub/slip", format!("/api/v1/hub/slip?code={code}"));
    all.insert("/help/hub/slip", format!("/help/hub/slip?code={code}"));

    let feed = stage.calls("granny", "/api/v1/roster/feed", json!({ "compound": "shiliu" })).await;
    all.insert("/help/roster/feed/{token}", feed["path"].as_str().unwrap().to_owned());
    all.insert("/help/roster/shift", format!("/help/roster/shift?compound=shiliu&id={}", stage.shift().await.0));

    let mail = "granny.opened@mail.example";
    let wish = [("mine", "1"), ("mail", mail), ("from", "22:00"), ("to", "07:00")];
    stage.does(&form("granny", "/me/notices", &wish)).await;
    let (_, granny) = stage.person("granny").await;
    let proof = secrets.mac("confirm-mail", &[granny.0.as_bytes(), mail.as_bytes()]);
    all.insert("/me/notices/confirm/{token}", format!("/me/notices/confirm/{}", hex::encode(&proof[..16])));

    let way = stage.way(ROUND).await;
    stage.calls("community", &format!("/api/v1/ways-back/{way}/confirm"), json!({})).await;
    all.insert("/office/back/paper", format!("/office/back/paper?id={way}"));

    let terms = stage.village.get("community", "/office/people/terms").await.body;
    let at = terms.find("/office/people/terms/").expect("the page names its calendar.");
    let end = terms[at..].find(['"', '<', ' ']).unwrap();
    all.insert("/office/people/terms/{token}", terms[at..at + end].to_owned());

    let reader = "opened@mail.example";
    let fields = [("case", told.code.as_str()), ("pace", "instant"), ("mail", reader)];
    stage.does(&form("reader", "/say/follow", &fields)).await;
    let followed = follow::mine(db, tenant, &Who::Mail(reader.into()).hash(secrets)).await.unwrap()[0].id;
    for (route, way) in [("/say/follow/confirm/{token}", For::Confirm), ("/say/follow/stop/{token}", For::Stop)] {
        all.insert(route, route.replace("{token}", &made(secrets, way, tenant, followed)));
    }

    let member = stage.member(ROUND).await;
    all.insert("/api/v1/homes/members/{id}/standing", format!("/api/v1/homes/members/{member}/standing"));
    for route in ["/office/homes/standing", "/office/homes/standing/done"] {
        all.insert(route, format!("{route}?member={member}"));
    }
    all.insert("/say/figures/around", "/say/figures/around?compound=shiliu".into());
    stage.does(&form("operator", "/office/farewell/export", &[])).await;
    all
}
