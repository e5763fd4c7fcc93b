//! Three years after the end: what only the parties read is gone, what the neighbourhood was told is there.

use super::intake::WAV;
use super::stories::{NEW, does};
use crate::chores;
use crate::village::{RED, Village};
use axum::http::StatusCode;
use commons::case::{Case, store};
use commons::kept::store::timers::{self, WORDS_DAYS};
use kit::media::{MediaKey, Size};
use kit::on_both;
use kit::time::Moment;
use serde_json::json;

const PRIVATE: &str = "/say/requests/shiliu-1";
const PUBLIC: &str = "/say/requests/shiliu-2";

/// A matter between neighbours and a lamp for everybody, both said with pictures, answered and over.
async fn both_over(village: &Village) {
    let fields = [
        ("at", "shiliu/1"),
        ("words", "夜里总有人吵架"),
        ("category", "lighting"),
        ("private", "1"),
        ("file:photo", RED),
    ];
    let said = village.fill("granny", NEW, "/say/requests", &fields).await;
    assert_eq!(said.location.split('?').next(), Some(PRIVATE), "{}", said.text());
    let voice = hex::encode(WAV);
    let fields = [
        ("at", "shiliu/1"),
        ("words", "声控灯不亮"),
        ("category", "lighting"),
        ("file:photo", RED),
        ("file:voice", &voice),
    ];
    let said = village.fill("granny", NEW, "/say/requests", &fields).await;
    assert_eq!(said.location.split('?').next(), Some(PUBLIC), "{}", said.text());
    let aside = json!({ "words": "打13912345678找我", "personal": "private" });
    village.call("granny", "/api/v1/requests/shiliu-2/add", "aside", &aside).await.answers(200);
    for page in [PRIVATE, PUBLIC] {
        does(village, "property", page, "report", &[("outcome", "solved"), ("words", "办好了，话在这里")]).await;
        let judged = does(village, "granny", page, "judge", &[("solved", "yes"), ("words", "多谢")]).await;
        assert_eq!(judged.status, StatusCode::SEE_OTHER, "{}", judged.text());
    }
    village.listeners().await;
}

async fn case(village: &Village, code: &str) -> Case {
    store::by_code(&village.app.db, code).await.unwrap().unwrap().row.case
}

/// How many lines, pictures and voices of a case still have something to them.
async fn left(village: &Village, case: &Case) -> (usize, usize, usize) {
    let entries = store::entries(&village.app.db, case.tenant, case.id).await.unwrap();
    let photos = store::photos(&village.app.db, case.tenant, case.id).await.unwrap();
    let voices = store::voices(&village.app.db, case.tenant, case.id).await.unwrap();
    (entries.iter().filter(|entry| !entry.text.is_empty()).count(), photos.len(), voices.len())
}

on_both! { &crate::migrations();
    async fn what_only_the_parties_read_goes_three_years_after_the_end_and_once(db) {
        let village = Village::on(db).await;
        both_over(&village).await;
        let (private, public) = (case(&village, "shiliu-1").await, case(&village, "shiliu-2").await);
        let shown = store::photos(&village.app.db, private.tenant, private.id).await.unwrap();
        let picture = MediaKey { tenant: private.tenant.0, id: shown[0].id.0 };
        assert!(village.app.media.get(picture, Size::Full).await.unwrap().is_some());
        let before = (left(&village, &private).await, left(&village, &public).await);
        village.wait(Moment::days(WORDS_DAYS));
        chores::round(&village.app).await.unwrap();
        assert_eq!((left(&village, &private).await, left(&village, &public).await), before, "not a day too early");
        village.wait(Moment::days(3));
        let late = timers::overdue(&village.app.db, village.app.clock.now()).await.unwrap();
        assert!(late.contains(&("words", 2)), "the check would say so: {late:?}");
        chores::round(&village.app).await.unwrap();
        chores::round(&village.app).await.unwrap();
        assert_eq!(left(&village, &private).await, (0, 0, 0), "nothing of what was theirs alone");
        assert_eq!(left(&village, &public).await, (before.1.0 - 1, 1, 0), "the words to all and their picture stay");
        let now = case(&village, "shiliu-1").await;
        assert_eq!((now.words.as_str(), now.state, now.solved), ("", private.state, private.solved), "it was done and judged");
        assert_eq!(timers::overdue(&village.app.db, village.app.clock.now()).await.unwrap(), []);
        for case in [&private, &public] {
            let book = kit::book::of_thing(&village.app.db, case.tenant.0, case.id.0).await.unwrap();
            assert_eq!(book.iter().filter(|line| line.stem == "requests/words-over").count(), 1);
        }
        village.get("stranger", PUBLIC).await.says("声控灯不亮").says("办好了").says("办结满三年").says_not("13912345678");
        village.get("stranger", "/search?q=声控灯").await.says("声控灯不亮");
        village.get("stranger", "/about/data").await.says("民法典第188条");
        // The bytes of the pictures go with a job.
        village.listeners().await;
        assert_eq!(village.app.media.get(picture, Size::Full).await.unwrap(), None);
    }
}
