//! Whoever did everything that can be done here, and is erased then, is in no table any more: not by an id that was to be cut, not
//! by a name, a number or an address.

use super::cast::Cast;
use super::samples::Sample;
use crate::holds::{store, unsafe_calls};
use commons::kept::Fate;
use commons::kept::store::NAMING;
use commons::people::invite;
use serde_json::json;

/// Who goes, and what they are called until then.
const GOING: [(&str, &str); 3] = [("granny", "欧阳石榴子"), ("captain", "司徒楼栋子"), ("tenant", "慕容租户子")];
/// What they leave once more at the end, where a later sample took it away again.
const AGAIN: &[&str] = &[
    "POST /api/v1/me/homes",
    "POST /api/v1/me/passkeys",
    "POST /api/v1/me/phone",
    "POST /api/v1/me/standing",
    "POST /api/v1/me/wishes",
    "POST /api/v1/captains/card",
    "POST /api/v1/captains/join",
    "POST /api/v1/hub/away",
    "POST /api/v1/hub/desk/take",
    "POST /api/v1/hub/stand-in",
    "POST /api/v1/roster/claim",
    "POST /api/v1/roster/ask",
    "POST /api/v1/roster/put",
    "POST /api/v1/subscriptions",
    "POST /api/v1/tokens",
    "POST /help/captain/card",
    "POST /help/captain/join",
    "POST /say/follow",
    "POST /say/requests",
    "POST /say/requests/{code}/support",
];
/// Where none of them stands before, and why.
const ELSEWHERE: &[(&str, &str)] = &[(
    "swap.open",
    "the shift about which there is one question at a time; its row names who asks, and is cut by that",
)];

async fn does(cast: &Cast, call: &str, n: usize) {
    let stage = &cast.stage;
    if let Some(Sample::Keyed(sent, ..) | Sample::Same(sent, _) | Sample::Status(sent, _)) = stage.sample(call, n).await
    {
        let request = stage.request(&sent, &stage.key(), &stage.csrf(sent.who).await);
        stage.village.send(request).await;
        stage.village.wait(1_000);
    }
}

/// What others do for them: a paper with a code, a way back, the chair of a captain for whom one of them stands in; and what a
/// captain takes over at the hub's desk.
async fn others_do(cast: &Cast) {
    let (stage, db) = (&cast.stage, &cast.stage.village.app.db);
    let own = async |who: &str| {
        let person = stage.person(who).await.1;
        (person.to_string(), store::mandate_of(db, stage.tenant, person.0).await.to_string())
    };
    let (_, granny) = own("granny").await;
    stage.calls("captain", "/api/v1/ways-back", json!({ "mandate": granny })).await;
    let (app, tenant, place) = (&stage.village.app, stage.tenant, stage.compound);
    let (context, (_, person)) = (app.context(), stage.person("granny").await);
    let letter = app.db.transact(&context, |tx| {
        Box::pin(async move { invite::invite(tx, &app.secrets, tenant, place, person).await })
    });
    letter.await.unwrap();
    let ((tenant, _), (_, seat)) = (own("tenant").await, own("other-captain").await);
    stage.calls("community", &format!("/api/v1/people/{seat}/deputy"), json!({ "to": tenant })).await;
    let days = json!({ "from": "2026-11-20", "until": "2027-02-01" });
    stage.calls("community", &format!("/api/v1/people/{seat}/away"), days).await;
    let card = json!({ "at": "shiliu/2", "office": "captain", "phone": "0512-7000" });
    stage.calls("tenant", "/api/v1/captains/card", card).await;
    let line = stage.desk_line_for_a_captain().await;
    stage.calls("captain", "/api/v1/hub/desk/take", json!({ "compound": "shiliu", "id": line })).await;
}

/// Every deed that there is, by whoever its sample says.
pub(super) async fn everything_is_done(cast: &Cast) {
    for (at, call) in unsafe_calls().iter().enumerate() {
        // Nobody signs out on the way.
        if call != "POST /sign-out" {
            does(cast, call, 12 * (400 + at) + at % 3).await;
        }
    }
    for (at, call) in AGAIN.iter().enumerate() {
        does(cast, call, 12 * (900 + at)).await;
    }
    others_do(cast).await;
    cast.stage.village.listeners().await;
}

kit::on_both! { &crate::migrations();
    async fn whoever_did_everything_and_is_erased_is_in_no_table_any_more(db) {
        let cast = Cast::on(db.clone()).await;
        let stage = &cast.stage;
        let (mut ids, mut words) = (Vec::new(), vec!["石榴树下的人".to_owned(), "Under the tree".to_owned()]);
        for (who, name) in GOING {
            let (account, person) = stage.person(who).await;
            ids.extend([account.0, person.0]);
            let english = format!("Called {who} here");
            stage.calls(who, "/api/v1/me/data/name", json!({ "name": name, "name_en": english })).await;
            let mails = [format!("{who}@mail.example"), format!("{who}.api@mail.example")];
            words.extend([vec![name.to_owned(), english], mails.to_vec()].concat());
        }
        everything_is_done(&cast).await;
        let before = store::naming(&db, &ids).await;
        let cut = NAMING.iter().filter(|(.., fate)| *fate == Fate::Cut);
        let missing: Vec<String> = cut.map(|(table, column, _)| format!("{table}.{column}"))
            .filter(|column| !before.contains(column) && !ELSEWHERE.iter().any(|(one, why)| one == column && why.len() > 20))
            .collect();
        assert!(missing.is_empty(), "what shall be cut stands nowhere yet in {missing:?}");
        let idle: Vec<_> = ELSEWHERE.iter().filter(|(one, _)| before.contains(*one)).collect();
        assert!(idle.is_empty(), "by now they stand in {idle:?}");

        for (who, _) in GOING {
            stage.calls(who, "/api/v1/me/data/erase", json!({ "sure": true })).await;
        }
        stage.village.listeners().await;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut left = store::left(&db, &words, &ids).await;
        left.sort();
        left.dedup();
        assert_eq!(left, Vec::<String>::new());
        assert_eq!(crate::keep::check::run(&stage.village.app).await.unwrap(), []);
    }
}
