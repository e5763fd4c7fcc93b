//! Stories about the desk of the hub. It is Tuesday, 24 November 2026, ten in the morning.

mod month;

use crate::village::Village;
use axum::http::StatusCode;
use commons::desk::{Parties, Talk, TalkState, store};
use commons::kept::store::timers;
use commons::people::Office;
use commons::place::store as places;
use kit::on_both;
use kit::time::Moment;
use serde_json::{Value, json};

const DESK: &str = "/help/hub/desk?compound=shiliu";
const TALKS: &str = "/help/hub/desk/talks?compound=shiliu";
const OPINIONS: &str = "/help/hub/desk/opinions?compound=shiliu";
const KEYS: &str = "/help/hub/desk/keys?compound=shiliu";

/// A post of the hub that granny holds.
async fn post(village: &Village, holder: &str) -> String {
    let body = json!({ "compound": "shiliu", "name": "接待岗", "duties": "听清楚，记下来", "desk": true });
    village.call("community", "/api/v1/hub/post", "a-post", &body).await.answers(200);
    let told = village.get("stranger", "/api/v1/hub?compound=shiliu").await.answers(200);
    let id = told["posts"][0]["id"].as_str().unwrap().to_owned();
    let hold = json!({ "compound": "shiliu", "id": id });
    village.call(holder, "/api/v1/hub/hold", "holds-it", &hold).await.answers(200);
    // Until those who keep the hub say yes, it opens nothing.
    assert_eq!(village.get(holder, TALKS).await.status, StatusCode::FORBIDDEN);
    village.call("community", "/api/v1/hub/confirm", "says-yes", &hold).await.answers(200);
    id
}

/// The village with somebody of the hub's own.
async fn with_hub(db: kit::db::Db) -> Village {
    let mut village = Village::on(db).await;
    let (tenant, compound) = places::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
    village.joins("hub", tenant, Office::Hub, compound, None).await;
    village
}

async fn does(village: &Village, who: &str, deed: &str, key: &str, body: Value) -> Value {
    let mut body = body;
    body["compound"] = "shiliu".into();
    village.call(who, &format!("/api/v1/hub/desk/{deed}"), key, &body).await.answers(200)
}

async fn lines(village: &Village, who: &str) -> Vec<Value> {
    village.get(who, "/api/v1/hub/desk?compound=shiliu").await.answers(200)["lines"].as_array().unwrap().clone()
}

async fn forget(village: &Village) {
    let context = village.app.context();
    let gone = village.app.db.transact(&context, |tx| Box::pin(async move { timers::run(tx).await }));
    gone.await.unwrap();
}

/// How often the book has that somebody read one of the desk's lists.
async fn looks(village: &Village, stem: &str) -> usize {
    let (tenant, compound) = places::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
    let book = kit::book::of_thing(&village.app.db, tenant.0, compound.0).await.unwrap();
    book.iter().filter(|line| line.stem == stem).count()
}

/// Every talk as it lies on the shelf.
async fn talks_of(village: &Village) -> Vec<Talk> {
    let (tenant, compound) = places::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
    store::talks(&village.app.db, &village.app.secrets, (tenant, compound), Moment(0)).await.unwrap()
}

on_both! { &crate::migrations();
    async fn whoever_walks_in_is_taken_down_and_their_request_is_handed_in_without_an_account(db) {
        let village = Village::on(db).await;
        post(&village, "granny").await;
        let typed = [("compound", "shiliu"), ("about", "三楼声控灯不亮了"), ("name", "王阿姨"), ("phone", "0512-5550 0000"), ("became", "request")];
        let seen = village.fill("granny", DESK, "/help/hub/desk/take-in", &typed).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        assert!(seen.location.starts_with("/say/requests/new?for=caller&at=shiliu&desk="), "{}", seen.location);
        let ticket = seen.location.rsplit('=').next().unwrap().to_owned();
        // It stays open on the list until it is handed in.
        village.get("granny", DESK).await.says("接着写完交上去").says("王阿姨 · 0512-5550 0000");
        let form = village.get("granny", &seen.location).await;
        form.says("三楼声控灯不亮了").says("王阿姨 · 0512-5550 0000").says("value=\"shiliu/1\"");
        // Nobody else hands it in, and nobody hands anything in without it.
        assert_eq!(village.get("tenant", &seen.location).await.status, StatusCode::NOT_FOUND);
        let filed = [("at", "shiliu"), ("inside", "shiliu/1"), ("words", "三楼声控灯不亮了"), ("contact", "王阿姨 · 0512-5550 0000"), ("desk", ticket.as_str())];
        assert_eq!(village.forge("tenant", "/say/requests", &filed).await.status, StatusCode::CONFLICT);
        let without = [&filed[..4], &[("for_caller", "1")]].concat();
        assert_eq!(village.forge("granny", "/say/requests", &without).await.status, StatusCode::FORBIDDEN);
        let slip = village.fill("granny", &seen.location, "/say/requests", &filed).await;
        assert!(slip.location.starts_with("/say/requests/slip/"), "{} {}", slip.location, slip.text());
        village.get("walks-in", &slip.location).await.says("三楼声控灯不亮了");
        let again = village.forge("granny", "/say/requests", &filed).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        let all = lines(&village, "granny").await;
        assert_eq!((all[0]["request"].as_str(), all[0]["who"].as_str()), (Some("shiliu-1"), Some("")));
        village.get("granny", DESK).await.says("都办完了").says("shiliu-1").says_not("王阿姨");
    }

    async fn the_same_is_done_by_calls(db) {
        let village = Village::on(db).await;
        post(&village, "granny").await;
        let taken = does(&village, "granny", "take-in", "in", json!({ "about": "电梯停在五楼", "became": "request" })).await;
        let body = json!({ "place": "shiliu/1", "words": "电梯停在五楼", "desk": taken["id"] });
        let filed = village.call("granny", "/api/v1/requests", "filed", &body).await.answers(201);
        assert_eq!(lines(&village, "granny").await[0]["request"], filed["code"]);
        let body = json!({ "place": "shiliu/1", "words": "又来一次", "desk": taken["id"] });
        village.call("granny", "/api/v1/requests", "again", &body).await.refuses(409, "requests/ticket-gone");
        let body = json!({ "place": "shiliu/1", "words": "x", "desk": kit::Uuid::nil() });
        village.call("granny", "/api/v1/requests", "none", &body).await.refuses(409, "requests/ticket-gone");
        let wrong = json!({ "compound": "shiliu", "about": "", "became": "gossip", "phone": "abc" });
        let seen = village.call("granny", "/api/v1/hub/desk/take-in", "wrong", &wrong).await;
        assert_eq!(seen.json()["errors"].as_array().unwrap().len(), 3, "{}", seen.body);
    }

    async fn what_is_open_stays_over_midnight_and_its_slip_says_how_it_stands(db) {
        let village = with_hub(db).await;
        let typed = [("compound", "shiliu"), ("about", "问加装电梯怎么报名"), ("name", "老周"), ("phone", "0512-5550 1111"), ("became", "later")];
        let seen = village.fill("hub", DESK, "/help/hub/desk/take-in", &typed).await;
        assert!(seen.location.starts_with("/help/hub/slip?code="), "{}", seen.location);
        let slip = seen.location.split('&').next().unwrap().to_owned();
        village.get("stranger", &slip).await.says("1号").says("还没人接").says_not("老周").says_not("加装电梯");
        village.wait(Moment::days(1));
        village.get("hub", DESK).await.says("11月24日 1号").says("问加装电梯怎么报名").says("老周");
        // Who it was is read by whoever takes it on.
        village.get("community", DESK).await.says("问加装电梯怎么报名").says_not("老周");
        let id = lines(&village, "hub").await[0]["id"].as_str().unwrap().to_owned();
        let take = [("compound", "shiliu"), ("id", id.as_str())];
        village.fill("community", DESK, "/help/hub/desk/take", &take).await;
        assert_eq!(looks(&village, "looks/desk").await, 0, "what one wrote down oneself is not a look");
        village.get("community", DESK).await.says("老周 · 0512-5550 1111");
        village.get("community", DESK).await.says("老周");
        village.get("community", "/api/v1/hub/desk?compound=shiliu").await.answers(200);
        assert_eq!(looks(&village, "looks/desk").await, 1, "whoever takes it on stands in the book, once a day");
        village.get("stranger", &slip).await.says("有人接了");
        let empty = village.fill("community", DESK, "/help/hub/desk/done", &take).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = [("compound", "shiliu"), ("id", id.as_str()), ("line", "电话里讲清楚了")];
        village.fill("community", DESK, "/help/hub/desk/done", &done).await;
        village.get("stranger", &slip).await.says("11月25日办完").says("电话里讲清楚了");
        village.get("community", DESK).await.says("都办完了").says_not("老周");
        assert_eq!(village.forge("hub", "/help/hub/desk/done", &done).await.status, StatusCode::CONFLICT);
        let unknown = village.get("stranger", "/help/hub/slip?code=AAAAA-AAAAA").await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        village.get("stranger", "/help/hub/slip").await.says("小条上的码");
    }

    async fn either_page_opens_either_slip(db) {
        let village = with_hub(db).await;
        let later = does(&village, "hub", "take-in", "later", json!({ "about": "问医保", "became": "later" })).await;
        let code = later["code"].as_str().unwrap().to_owned();
        let opened = village.fill("stranger", "/say/requests/open", "/say/requests/open", &[("code", &code)]).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text());
        village.get("stranger", &opened.location).await.says("红小楼").says("还没人接");
        let said = json!({ "place": "shiliu/1", "words": "楼道灯坏了", "category": "lighting" });
        let told = village.call("stranger", "/api/v1/requests", "a-lamp", &said).await.answers(201);
        let pickup = told["pickup"].as_str().unwrap();
        let shown = village.get("stranger", &format!("/help/hub/slip?code={pickup}")).await;
        assert_eq!(shown.status, StatusCode::SEE_OTHER);
        village.get("stranger", &shown.location).await.says("楼道灯坏了");
        let neither = village.fill("stranger", "/say/requests/open", "/say/requests/open", &[("code", "AAAAA-AAAAA")]).await;
        assert_eq!(neither.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_talk_names_the_other_side_only_when_they_agreed_and_forgets_both(db) {
        let village = with_hub(db).await;
        post(&village, "granny").await;
        let new = json!({ "about": "楼上晚上的响动", "became": "talk", "name": "三楼的老李" });
        does(&village, "community", "take-in", "in", new).await;
        // The desk's list does not say what it is about, and the community does not read on.
        village.get("community", DESK).await.says("邻里劝导").says_not("楼上晚上的响动").says_not("老李");
        assert_eq!(village.get("community", TALKS).await.status, StatusCode::FORBIDDEN);
        village.get("granny", TALKS).await.says("楼上晚上的响动").says("三楼的老李").says("还没同意谈").says("人民调解委员会").says_not("协议");
        // Who read it stands in the book, once a day.
        village.get("granny", TALKS).await;
        assert_eq!(looks(&village, "looks/talks").await, 1);
        let talks = async || village.get("hub", "/api/v1/hub/desk/talks?compound=shiliu").await.answers(200)["talks"].clone();
        let id = talks().await[0]["id"].as_str().unwrap().to_owned();
        let agree = [("compound", "shiliu"), ("id", id.as_str()), ("when", "2026-11-25T15:00"), ("where", "红小楼二楼"), ("other", "四楼小陈")];
        let alone = village.fill("granny", TALKS, "/help/hub/desk/talk-agreed", &agree).await;
        assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);
        alone.says("两边都愿意才能约").says("四楼小陈");
        assert_eq!(talks().await[0]["other_side"], "");
        let settle = json!({ "compound": "shiliu", "id": id, "how": "settled" });
        village.call("hub", "/api/v1/hub/desk/talk-ended", "early", &settle).await.refuses(409, "hub/talk-not-so");
        village.fill("granny", TALKS, "/help/hub/desk/talk-agreed", &[&agree[..], &[("both", "1")]].concat()).await;
        village.get("hub", TALKS).await.says("四楼小陈").says("红小楼二楼");
        does(&village, "hub", "talk-held", "held", json!({ "id": id })).await;
        does(&village, "hub", "talk-ended", "ended", json!({ "id": id, "how": "settled" })).await;
        village.get("granny", DESK).await.says("都办完了");
        village.call("hub", "/api/v1/hub/desk/talk-ended", "late", &settle).await.refuses(409, "hub/talk-not-so");
        for nobody in ["tenant", "captain", "property", "committee", "guard"] {
            let seen = village.get(nobody, "/api/v1/hub/desk/talks?compound=shiliu").await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{nobody}");
        }
        village.get("stranger", "/api/v1/hub/desk/talks?compound=shiliu").await.refuses(401, "account/sign-in-first");
        village.wait(Moment::days(31));
        forget(&village).await;
        let context = village.app.context();
        let left = village.app.db.transact(&context, |tx| Box::pin(async move { timers::run(tx).await })).await.unwrap();
        assert_eq!(left, 0, "what is over goes at once and once");
        let all = talks_of(&village).await;
        assert!(all.iter().all(|talk| talk.parties == Parties::default() && talk.state == TalkState::Settled), "{all:?}");
    }

    async fn either_side_stops_a_talk_at_any_time_and_what_is_passed_on_says_where(db) {
        let village = with_hub(db).await;
        for (n, how) in ["stopped", "passed_on"].iter().enumerate() {
            let new = json!({ "about": format!("第{n}件"), "became": "talk" });
            does(&village, "hub", "take-in", &format!("in-{n}"), new).await;
            let talks = village.get("hub", "/api/v1/hub/desk/talks?compound=shiliu").await.answers(200)["talks"].clone();
            let open = talks.as_array().unwrap().iter().find(|talk| talk["state"] == "asked").unwrap();
            let id = open["id"].as_str().unwrap();
            let end = json!({ "compound": "shiliu", "id": id, "how": how });
            let seen = village.call("hub", "/api/v1/hub/desk/talk-ended", &format!("end-{n}"), &end).await;
            if *how == "passed_on" {
                assert_eq!(seen.json()["errors"][0]["reason"], "hub/to-where");
                let end = json!({ "id": id, "how": how, "to": "mediation" });
                does(&village, "hub", "talk-ended", "passed", end).await;
            } else {
                seen.answers(200);
            }
        }
        village.get("hub", TALKS).await.says("不谈了").says("转到别处");
        // A talk that nobody moves ends by itself, and so does its line at the desk.
        does(&village, "hub", "take-in", "asleep", json!({ "about": "没人再提", "became": "talk", "name": "老李" })).await;
        village.wait(Moment::days(91));
        forget(&village).await;
        let all = talks_of(&village).await;
        assert!(all.iter().all(|talk| talk.state.is_over() && talk.parties == Parties::default()), "{all:?}");
        let (tenant, compound) = places::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
        let day = commons::calendar::Zone::china().date(village.app.clock.now());
        let open = store::list(&village.app.db, &village.app.secrets, (tenant, compound), day).await.unwrap();
        assert!(open.is_empty(), "{open:?}");
    }

    async fn opinions_have_no_name_and_a_topic_is_answered_once_for_everybody(db) {
        let village = with_hub(db).await;
        for n in 0..2 {
            let new = json!({ "about": format!("晾衣架装南边，第{n}位说"), "became": "opinion", "name": "老李" });
            does(&village, "hub", "take-in", &format!("in-{n}"), new).await;
        }
        village.get("hub", DESK).await.says("都办完了").says_not("老李");
        village.fill("hub", OPINIONS, "/help/hub/desk/topic", &[("compound", "shiliu"), ("name", "晾衣架装在哪儿")]).await;
        let told = village.get("hub", "/api/v1/hub/desk/opinions?compound=shiliu").await.answers(200);
        let topic = told["topics"][0]["id"].as_str().unwrap().to_owned();
        for opinion in told["opinions"].as_array().unwrap() {
            let fields = [("compound", "shiliu"), ("id", opinion["id"].as_str().unwrap()), ("topic", topic.as_str())];
            village.fill("hub", OPINIONS, "/help/hub/desk/sort", &fields).await;
        }
        village.get("hub", OPINIONS).await.says("2条").says("第1位说");
        village.get("stranger", "/help/hub?compound=shiliu").await.says_not("晾衣架");
        let answer = [("compound", "shiliu"), ("id", topic.as_str()), ("said", "多数要装在南边"), ("came", "十二月装好四组")];
        let half = village.fill("hub", OPINIONS, "/help/hub/desk/answer", &answer[..3]).await;
        assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
        half.says("多数要装在南边");
        village.fill("hub", OPINIONS, "/help/hub/desk/answer", &answer).await;
        village.get("stranger", "/help/hub?compound=shiliu").await.says("晾衣架装在哪儿").says("十二月装好四组").says("2条").says_not("第1位说");
        assert_eq!(village.forge("hub", "/help/hub/desk/answer", &answer).await.status, StatusCode::CONFLICT);
    }

    async fn a_resident_leaves_an_opinion_on_the_page_and_hears_the_answer(db) {
        let village = with_hub(db).await;
        let hub = "/help/hub?compound=shiliu";
        let empty = village.fill("tenant", hub, "/help/hub/opinion", &[("compound", "shiliu"), ("text", "")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let left = village.fill("tenant", hub, "/help/hub/opinion", &[("compound", "shiliu"), ("text", "晾衣架装南边")]).await;
        assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.text());
        village.get("tenant", left.location.split('#').next().unwrap()).await.says("收下了");
        village.get("stranger", hub).await.says_not("说说您的看法").says_not("晾衣架");
        let no = json!({ "compound": "shiliu", "text": "路过" });
        village.call("stranger", "/api/v1/hub/opinion", "no", &no).await.refuses(401, "account/sign-in-first");
        village.call("property", "/api/v1/hub/opinion", "no", &no).await.refuses(403, "hub/not-neighbour");
        // It stands among what came in at the desk, and nobody there reads whose it is.
        let day = lines(&village, "hub").await;
        assert_eq!((&day[0]["became"], &day[0]["who"], &day[0]["number"]), (&json!("opinion"), &json!(""), &json!(1)));
        village.get("hub", OPINIONS).await.says("晾衣架装南边").says_not("tenant");
        let told = village.get("tenant", "/api/v1/me/data").await.answers(200);
        assert_eq!(told["persons"][0]["opinions"][0]["text"], "晾衣架装南边");
        village.call("hub", "/api/v1/hub/desk/topic", "topic", &json!({ "compound": "shiliu", "name": "晾衣架" })).await.answers(200);
        let told = village.get("hub", "/api/v1/hub/desk/opinions?compound=shiliu").await.answers(200);
        let (topic, opinion) = (&told["topics"][0]["id"], &told["opinions"][0]["id"]);
        does(&village, "hub", "sort", "sort", json!({ "id": opinion, "topic": topic })).await;
        does(&village, "hub", "answer", "answer", json!({ "id": topic, "said": "要装南边", "came": "十二月装" })).await;
        village.get("tenant", "/me").await.says("您留的看法，红小楼答复了").says("/help/hub?compound=shiliu");
        let told = village.get("tenant", "/api/v1/me/data").await.answers(200);
        assert_eq!(told["persons"][0]["opinions"], json!([]), "once answered, nothing says whose it was");
        for n in 0..9 {
            let more = json!({ "compound": "shiliu", "text": format!("第{n}条") });
            village.call("tenant", "/api/v1/hub/opinion", &format!("more-{n}"), &more).await.answers(200);
        }
        let more = json!({ "compound": "shiliu", "text": "再来一条" });
        village.call("tenant", "/api/v1/hub/opinion", "more-10", &more).await.answers(200);
        village.call("tenant", "/api/v1/hub/opinion", "more-11", &more).await.refuses(409, "hub/opinions-many");
    }

    async fn a_public_answer_with_somebodys_number_is_asked_about_first(db) {
        let village = with_hub(db).await;
        let number = village.fill("hub", OPINIONS, "/help/hub/desk/topic", &[("compound", "shiliu"), ("name", "找13812345678")]).await;
        assert_eq!(number.status, StatusCode::UNPROCESSABLE_ENTITY);
        number.says("13812345678").says("name=\"personal\"");
        village.fill("hub", OPINIONS, "/help/hub/desk/topic", &[("compound", "shiliu"), ("name", "晾衣架")]).await;
        let told = village.get("hub", "/api/v1/hub/desk/opinions?compound=shiliu").await.answers(200);
        let id = told["topics"][0]["id"].as_str().unwrap().to_owned();
        let answer = [("compound", "shiliu"), ("id", id.as_str()), ("said", "老李 13812345678 说装南边"), ("came", "十二月装")];
        let asked = village.fill("hub", OPINIONS, "/help/hub/desk/answer", &answer).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        asked.says("手机").says("name=\"personal\"").says("老李 13812345678 说装南边");
        let call = json!({ "compound": "shiliu", "id": id, "said": "老李 13812345678 说装南边", "came": "十二月装" });
        village.call("hub", "/api/v1/hub/desk/answer", "asked", &call).await.refuses(422, "private/found");
        let masked = village.fill("hub", OPINIONS, "/help/hub/desk/answer", &[&answer[..], &[("personal", "mask")]].concat()).await;
        assert_eq!(masked.status, StatusCode::SEE_OTHER, "{}", masked.text());
        village.get("stranger", "/help/hub?compound=shiliu").await.says("老李 138**** 说装南边").says_not("12345678");
    }

    async fn a_number_that_rings_nowhere_is_refused_and_what_was_typed_is_kept(db) {
        let village = with_hub(db).await;
        let new = [("compound", "shiliu"), ("about", "问电梯"), ("name", "老周"), ("door", "3-201"), ("phone", "139000"), ("became", "later")];
        let refused = village.fill("hub", DESK, "/help/hub/desk/take-in", &new).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("手机是11位").says("问电梯").says("老周").says("3-201").says("139000");
    }

    async fn whoever_may_not_read_talks_is_told_why(db) {
        let mut village = with_hub(db).await;
        let (tenant, compound) = places::by_code(&village.app.db, "shiliu").await.unwrap().unwrap();
        village.joins("mediator", tenant, Office::Mediator, compound, None).await;
        for (who, why) in [("mediator", "邻里劝导不是人民调解"), ("community", "邻里劝导只给红小楼的人和带岗的人看"), ("granny", "邻里劝导只给")] {
            let seen = village.get(who, TALKS).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{who}");
            seen.says(why);
        }
        village.get("mediator", "/api/v1/hub/desk/talks?compound=shiliu").await.refuses(403, "hub/talk-not-mediation");
    }

    async fn a_key_is_out_once_at_a_time_and_overdue_is_told_first(db) {
        let village = with_hub(db).await;
        post(&village, "granny").await;
        village.get("hub", KEYS).await.says("还没有登记钥匙");
        village.fill("hub", KEYS, "/help/hub/desk/key", &[("compound", "shiliu"), ("name", "三楼小厅")]).await;
        let keys = async || village.get("granny", "/api/v1/hub/desk/keys?compound=shiliu").await.answers(200)["keys"].clone();
        let id = keys().await[0]["id"].as_str().unwrap().to_owned();
        let lend = [("compound", "shiliu"), ("id", id.as_str()), ("name", "老周"), ("until", "2026-11-24T12:00")];
        let past = village.fill("granny", KEYS, "/help/hub/desk/lend", &[&lend[..3], &[("until", "2026-11-24T09:00")]].concat()).await;
        assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
        past.says("老周");
        village.fill("granny", KEYS, "/help/hub/desk/lend", &lend).await;
        assert_eq!(village.forge("hub", "/help/hub/desk/lend", &lend).await.status, StatusCode::CONFLICT);
        assert_eq!(village.forge("hub", "/help/hub/desk/end-key", &lend[..2]).await.status, StatusCode::CONFLICT);
        village.get("hub", KEYS).await.says("老周").says("借出去了");
        village.wait(Moment::hours(3));
        village.get("hub", DESK).await.says("钥匙到时候没还").says("三楼小厅");
        let loan = keys().await[0]["loan"]["id"].as_str().unwrap().to_owned();
        let back = [("compound", "shiliu"), ("id", loan.as_str())];
        village.fill("granny", KEYS, "/help/hub/desk/back", &back).await;
        assert_eq!(village.forge("granny", "/help/hub/desk/back", &back).await.status, StatusCode::CONFLICT);
        village.get("hub", DESK).await.says_not("钥匙到时候没还");
        let ended = village.fill("hub", KEYS, "/help/hub/desk/end-key", &[("compound", "shiliu"), ("id", id.as_str())]).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER);
        village.get("hub", KEYS).await.says_not("三楼小厅");
    }

    async fn whoever_has_a_duty_sits_at_the_desk_for_that_time(db) {
        let village = Village::on(db).await;
        let ready = json!({ "compound": "shiliu", "weekdays": [2], "skills": ["desk"], "month_max": 4, "rest_days": 0 });
        village.call("granny", "/api/v1/roster/ready", "ready", &ready).await.answers(200);
        let shift = json!({ "compound": "shiliu", "month": "2026-11", "weekdays": [2], "starts": "10:20", "ends": "11:30", "skill": "desk", "need": 1 });
        village.call("community", "/api/v1/roster/shifts", "shift", &shift).await.answers(200);
        let all = village.get("community", "/api/v1/roster?compound=shiliu&month=2026-11").await.answers(200);
        let today = all["shifts"].as_array().unwrap().iter().find(|shift| shift["day"] == "2026-11-24").unwrap();
        let (_, person) = { let people = &village.app.db; let (account, _) = commons::people::store::account(people, "granny").await.unwrap().unwrap();
            let actor = commons::people::store::actor(people, account, village.app.clock.now()).await.unwrap(); (account, actor.persons[0].id) };
        assert_eq!(village.get("granny", DESK).await.status, StatusCode::FORBIDDEN);
        let put = json!({ "compound": "shiliu", "shift": today["id"], "person": person });
        village.call("community", "/api/v1/roster/put", "put", &put).await.answers(200);
        village.get("granny", DESK).await.says("今天的前台").says_not("desk/talks");
        assert_eq!(village.get("granny", TALKS).await.status, StatusCode::FORBIDDEN);
        does(&village, "granny", "take-in", "in", json!({ "about": "问路", "became": "answer" })).await;
        village.get("granny", DESK).await.says("当场答复了");
        village.wait(Moment::hours(3));
        assert_eq!(village.get("granny", DESK).await.status, StatusCode::FORBIDDEN);
        let late = json!({ "compound": "shiliu", "about": "问路", "became": "answer" });
        village.call("granny", "/api/v1/hub/desk/take-in", "late", &late).await.refuses(403, "hub/not-at-desk");
    }

    async fn nobody_else_sits_at_the_desk(db) {
        let village = with_hub(db).await;
        let new = json!({ "compound": "shiliu", "about": "问路", "became": "answer" });
        for who in ["granny", "tenant", "captain", "property", "committee", "guard"] {
            for page in [DESK, TALKS, OPINIONS, KEYS] {
                assert_eq!(village.get(who, page).await.status, StatusCode::FORBIDDEN, "{who} {page}");
            }
            village.call(who, "/api/v1/hub/desk/take-in", &format!("in-{who}"), &new).await.refuses(403, "hub/not-at-desk");
        }
        village.call("stranger", "/api/v1/hub/desk/take-in", "in-stranger", &new).await.refuses(401, "account/sign-in-first");
        // Topics and keys are made by those who keep the hub.
        post(&village, "granny").await;
        let key = json!({ "compound": "shiliu", "name": "三楼小厅" });
        village.call("granny", "/api/v1/hub/desk/key", "key", &key).await.refuses(403, "hub/not-keeper");
        village.call("hub", "/api/v1/hub/desk/burn", "burn", &new).await.refuses(404, "house/not-found");
    }
}
