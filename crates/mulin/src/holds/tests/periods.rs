//! Every period of the public page takes something away, and all of what it is about.

use super::cast::Cast;
use super::erased::everything_is_done;
use super::samples::{Stage, form};
use crate::chores;
use commons::kept::store::timers::{self, TIMERS};
use kit::db::Db;
use kit::time::Moment;
use serde_json::json;
use std::collections::BTreeSet;

/// Longer than the longest period.
const LATER_DAYS: i64 = 1_200;

/// Is due within a round, when the last sign-in is gone, and never between two; a story about `/me/data` sees it.
const WITHIN: &str = "unused-accounts";

/// The periods that have something to take away by now.
async fn over(db: &Db, now: Moment) -> BTreeSet<&'static str> {
    timers::overdue(db, now).await.unwrap().into_iter().map(|(name, _)| name).collect()
}

/// What no sample leaves behind: a way to reach somebody in a matter that is over, and an address that nobody confirmed.
async fn and_two_more(stage: &Stage) {
    let told = json!({ "place": "shiliu/1", "words": "楼道的窗关不严", "contact": "13912345678" });
    let code = stage.calls("granny", "/api/v1/requests", told).await["code"].as_str().unwrap().to_owned();
    stage.calls("granny", &format!("/api/v1/requests/{code}/withdraw"), json!({})).await;
    let open =
        stage.calls("granny", "/api/v1/requests", json!({ "place": "shiliu/1", "words": "楼道的门关不严" })).await;
    let fields = [("case", open["code"].as_str().unwrap()), ("pace", "instant"), ("mail", "late@mail.example")];
    stage.does(&form("reader", "/say/follow", &fields)).await;
}

kit::on_both! { &crate::migrations();
    async fn everything_that_was_left_anywhere_goes_when_its_period_is_over(db) {
        let cast = Cast::on(db.clone()).await;
        everything_is_done(&cast).await;
        and_two_more(&cast.stage).await;
        let app = &cast.stage.village.app;
        cast.stage.village.wait(Moment::days(LATER_DAYS));
        // What comes after something else has gone waits for the next round.
        let mut met = BTreeSet::from([WITHIN]);
        for _ in 0..4 {
            met.extend(over(&db, app.clock.now()).await);
            chores::round(app).await.unwrap();
        }
        let idle: Vec<&str> = TIMERS.iter().map(|timer| timer.name).filter(|name| !met.contains(name)).collect();
        assert_eq!(idle, Vec::<&str>::new(), "nothing was left that these could take away");
        assert_eq!(over(&db, app.clock.now()).await, BTreeSet::new());
    }
}
