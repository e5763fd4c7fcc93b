//! Stories about group chats, mailboxes and letters that go out.

mod secrets;
mod store;
mod telling;
mod webhooks;

use crate::village::post::Post;
use crate::village::{Village, parts_on};
use axum::http::StatusCode;
use kit::db::Db;
use kit::mail::Mailer;
use kit::on_both;
use kit::outgoing::Outgoing;
use kit::time::Moment;
use kit::web::App;
use std::time::Duration;

/// A village whose robots may live on this machine.
async fn village(db: Db) -> Village {
    let mut parts = parts_on(db, true);
    parts.outgoing = Outgoing::new(true).patient(Duration::from_millis(500));
    Village::of(App::new(parts)).await
}

async fn with_mail(db: Db, post: &Post) -> Village {
    let mut parts = parts_on(db, true);
    parts.config.public_url = Some("http://mulin.example".into());
    parts.mail = Some(Mailer::open(&format!("smtp://{}", post.address), None, "睦邻 <mulin@mulin.example>").unwrap());
    Village::of(App::new(parts)).await
}

async fn place(village: &Village, who: &str, name: &str) -> String {
    let page = village.get(who, "/office/channels").await.body;
    let before = page.split(&format!(">{name}</option>")).next().unwrap();
    before.rsplit("value=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

async fn add(
    village: &Village,
    who: &str,
    kind: &str,
    address: &str,
    secret: &str,
    place: &str,
) -> crate::village::Seen {
    let fields = [
        ("name", "维修组"),
        ("place", place),
        ("kind", kind),
        ("address", address),
        ("secret", secret),
        ("event", "new"),
        ("event", "up"),
        ("from", "21:00"),
        ("to", "08:00"),
    ];
    village.fill(who, "/office/channels", "/office/channels", &fields).await
}

async fn say(village: &Village, words: &str, more: &[(&str, &str)]) -> String {
    let from = "/say/requests/new?at=shiliu/1";
    let fields: Vec<(&str, &str)> = [("at", "shiliu/1"), ("words", words)].iter().chain(more).copied().collect();
    village.fill("granny", from, "/say/requests", &fields).await.location
}

on_both! { &crate::migrations();
    async fn a_group_chat_hears_of_a_new_matter_once_and_of_no_words(db) {
        let robot = Post::robot(&[]).await;
        let village = village(db).await;
        let shiliu = place(&village, "property", "石榴园").await;
        let seen = add(&village, "property", "feishu", &format!("http://{}/hook/1", robot.address), "abc", &shiliu).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        let page = village.get("property", "/office/channels").await;
        page.says("维修组").says_not("/hook/1").says_not(">abc<");
        say(&village, "301的水龙头滴答响", &[("contact", "13800000000")]).await;
        say(&village, "楼上的吵架", &[("private", "1")]).await;
        village.listeners().await;
        village.post_all().await;
        village.post_all().await;
        let got = robot.seen();
        assert_eq!(got.len(), 2, "{got:?}");
        for one in &got {
            let body: serde_json::Value = serde_json::from_str(one.split_once('\n').unwrap().1).unwrap();
            assert_eq!(body["msg_type"], "text");
            assert!(body["sign"].is_string() && body["timestamp"].is_string());
            let text = body["content"]["text"].as_str().unwrap();
            assert!(text.contains("shiliu-"), "{text}");
            for never in ["301", "滴答", "吵架", "13800000000", "granny"] {
                assert!(!text.contains(never), "{never} in {text}");
            }
        }
        let private = got.iter().find(|one| one.contains("shiliu-2")).unwrap();
        assert!(!private.contains("号楼"), "{private}");
    }

    async fn a_deaf_robot_is_tried_again_and_then_given_up_for_all_to_see(db) {
        let robot = Post::robot(&["500 oops", "slow", "200 <html>", r#"200 {"errcode":45009,"errmsg":"busy"}"#]).await;
        let village = village(db).await;
        let shiliu = place(&village, "property", "石榴园").await;
        add(&village, "property", "wecom", &format!("http://{}/", robot.address), "", &shiliu).await;
        say(&village, "路灯不亮", &[]).await;
        village.listeners().await;
        for tries in 1..=4 {
            village.post_all().await;
            assert_eq!(robot.seen().len(), tries);
            village.get("property", "/office/channels").await.says("没成，还会再试");
            // Not before its time.
            village.post_all().await;
            assert_eq!(robot.seen().len(), tries);
            village.wait(Moment::minutes(1) << (tries - 1));
        }
        village.post_all().await;
        village.get("property", "/office/channels").await.says("送到了").says_not("上一条没送到");
        assert_eq!(robot.seen().len(), 5);
        let deaf = Post::robot(&[r#"200 {"errcode":93000,"errmsg":"invalid webhook url"}"#]).await;
        add(&village, "property", "wecom", &format!("http://{}/", deaf.address), "", &shiliu).await;
        say(&village, "路灯又不亮", &[]).await;
        village.listeners().await;
        village.post_all().await;
        village.get("property", "/office/channels").await.says("没送到，不再试").says("93000 invalid webhook url");
        village.wait(Moment::days(1));
        village.post_all().await;
        assert_eq!(deaf.seen().len(), 1);
    }

    async fn nothing_is_sent_at_night_that_can_wait(db) {
        let robot = Post::robot(&[]).await;
        let village = village(db).await;
        let shiliu = place(&village, "property", "石榴园").await;
        add(&village, "property", "dingtalk", &format!("http://{}/robot/send?access_token=x", robot.address), "SEC", &shiliu).await;
        // From ten in the morning to eleven at night.
        village.wait(Moment::hours(13));
        say(&village, "井盖响", &[]).await;
        village.listeners().await;
        village.post_all().await;
        assert_eq!(robot.seen().len(), 0);
        village.wait(Moment::hours(9));
        village.post_all().await;
        let got = robot.seen();
        assert_eq!(got.len(), 1);
        assert!(got[0].starts_with("POST /robot/send?access_token=x&timestamp="), "{}", got[0]);
        assert!(got[0].contains("&sign="), "{}", got[0]);
    }

    async fn a_channel_is_tried_paused_and_retired(db) {
        let robot = Post::robot(&[]).await;
        let village = village(db).await;
        let shiliu = place(&village, "committee", "石榴园").await;
        add(&village, "committee", "wecom", &format!("http://{}/", robot.address), "", &shiliu).await;
        let page = village.get("committee", "/office/channels").await.body;
        let at = page.split("action=\"/office/channels/").find(|rest| rest.contains("/test\"")).unwrap();
        let at = format!("/office/channels/{}", at.split('/').next().unwrap());
        let done = village.fill("committee", "/office/channels", &format!("{at}/test"), &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert!(robot.seen()[0].contains("试发"), "{:?}", robot.seen());
        village.get("committee", "/office/channels").await.says("送到了");
        village.fill("committee", "/office/channels", &format!("{at}/pause"), &[]).await;
        say(&village, "门铃坏了", &[]).await;
        village.listeners().await;
        village.post_all().await;
        assert_eq!(robot.seen().len(), 1);
        village.fill("committee", "/office/channels", &format!("{at}/go-on"), &[]).await;
        village.fill("committee", "/office/channels", &format!("{at}/retire"), &[]).await;
        village.get("committee", "/office/channels").await.says("最近停用的").says_not(&format!("{at}/test"));
        let gone = village.forge("committee", &format!("{at}/test"), &[]).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
    }

    async fn only_those_who_keep_a_place_keep_its_channels(db) {
        let village = village(db).await;
        for (who, status) in [
            ("granny", StatusCode::FORBIDDEN), ("captain", StatusCode::FORBIDDEN), ("guard", StatusCode::FORBIDDEN),
            ("nobody", StatusCode::FORBIDDEN), ("property", StatusCode::OK), ("committee", StatusCode::OK),
            ("community", StatusCode::OK),
        ] {
            assert_eq!(village.get(who, "/office/channels").await.status, status, "{who}");
        }
        let community = place(&village, "community", "榴花社区").await;
        let fields = [
            ("name", "x"), ("place", community.as_str()), ("kind", "wecom"), ("address", "http://127.0.0.1:1/"),
            ("event", "new"), ("from", "21:00"), ("to", "08:00"),
        ];
        let refused = village.fill("property", "/office/channels", "/office/channels", &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        refused.says("这个小区的群和邮箱不归您管");
        let wrong = village.fill("property", "/office/channels", "/office/channels", &[("name", "留着的名字"), ("address", "ftp://x")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("留着的名字").says("至少选一样").says("https://");
        let looked = village.fill("property", "/office/channels", "/office/channels", &[("do", "preview"), ("kind", "feishu"), ("secret", "s")]).await;
        assert_eq!(looked.status, StatusCode::OK);
        looked.says("msg_type").says("shiliu-12");
    }

    async fn a_letter_is_sent_to_a_confirmed_address_only(db) {
        let post = Post::mail(&[]).await;
        let village = with_mail(db, &post).await;
        let code = say(&village, "单元门关不上", &[]).await;
        let code = code.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
        let fields = [("mail", "Li@mail.example"), ("mine", "1"), ("from", "21:00"), ("to", "08:00")];
        let saved = village.fill("granny", "/me/notices", "/me/notices", &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
        village.post_all().await;
        let asked = post.seen();
        assert_eq!(asked.len(), 1, "{asked:?}");
        let text = kit::mail::incoming::read(asked[0].as_bytes()).unwrap().text;
        let link = text.split("http://mulin.example").nth(1).unwrap().split_whitespace().next().unwrap();
        // Somebody else's link opens nothing.
        assert_eq!(village.get("tenant", link).await.status, StatusCode::NOT_FOUND);
        let at = format!("/say/requests/{code}");
        village.fill("property", &at, &format!("{at}/accept"), &[]).await;
        village.listeners().await;
        village.post_all().await;
        assert_eq!(post.seen().len(), 1, "not confirmed yet");
        village.fill("granny", link, link, &[]).await;
        village.get("granny", "/me/notices").await.says("确认过了");
        village.fill("property", &at, &format!("{at}/report"), &[("outcome", "solved"), ("words", "换了闭门器")]).await;
        village.listeners().await;
        village.post_all().await;
        village.post_all().await;
        let got = post.seen();
        assert_eq!(got.len(), 2, "{got:?}");
        assert!(got[1].contains("To: li@mail.example") && got[1].contains("Auto-Submitted: auto-generated"), "{}", got[1]);
    }

    async fn a_letter_refused_for_now_goes_later_and_one_refused_for_good_does_not(db) {
        let post = Post::mail(&["451 later", "250 yes", "550 no such user"]).await;
        let village = with_mail(db, &post).await;
        let fields = [("mail", "li@mail.example"), ("mine", "1"), ("from", "21:00"), ("to", "08:00")];
        village.fill("granny", "/me/notices", "/me/notices", &fields).await;
        village.post_all().await;
        assert_eq!(post.seen(), ["451 later"]);
        village.wait(Moment::minutes(1));
        village.post_all().await;
        assert_eq!(post.seen().len(), 2);
        let fields = [("mail", "wang@mail.example"), ("mine", "1"), ("from", "21:00"), ("to", "08:00")];
        village.fill("granny", "/me/notices", "/me/notices", &fields).await;
        village.post_all().await;
        village.wait(Moment::days(1));
        village.post_all().await;
        assert_eq!(post.seen().len(), 3);
        assert_eq!(post.seen()[2], "550 no such user");
    }

    async fn without_a_mail_server_nothing_waits_to_be_sent_and_the_page_says_so(db) {
        let village = village(db).await;
        let page = village.get("granny", "/me/notices").await;
        page.says("还没有接上发信").says_not("name=\"mail\"");
        let code = say(&village, "没有邮件", &[]).await;
        assert!(!code.is_empty());
        village.listeners().await;
        let counts = commons::notice::delivery::store::counts(&village.app.db, commons::notice::delivery::Via::Mail).await;
        assert_eq!(counts.unwrap(), []);
    }

    async fn what_waits_is_counted_at_the_top_until_it_is_seen(db) {
        let village = village(db).await;
        say(&village, "灯坏了", &[]).await;
        village.listeners().await;
        village.get("property", "/").await.says("没看过的消息：1 条");
        village.fill("property", "/me", "/me", &[]).await;
        village.get("property", "/").await.says("没看过的消息：0 条");
        assert_eq!(village.get("nobody", "/me/live").await.status, StatusCode::FORBIDDEN);
    }
}
