//! In which language, whether at all, and who learns that a chat no longer hears.

use super::*;
use kit::db::counting_deeds;
use kit::mail::incoming;

async fn add_in(village: &Village, lang: &str, address: &str, place: &str) {
    let fields = [
        ("name", "维修组"),
        ("place", place),
        ("kind", "wecom"),
        ("address", address),
        ("event", "new"),
        ("from", "21:00"),
        ("to", "08:00"),
        ("lang", lang),
    ];
    let seen = village.fill("property", "/office/channels", "/office/channels", &fields).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
}

async fn first_id(village: &Village) -> String {
    let list: serde_json::Value =
        serde_json::from_str(&village.get("property", "/api/v1/channels").await.body).unwrap();
    list["channels"][0]["id"].as_str().unwrap().to_owned()
}

async fn posted(village: &Village) {
    village.listeners().await;
    village.post_all().await;
}

on_both! { &crate::migrations();
    async fn nothing_is_opened_while_nothing_waits(db) {
        let robot = Post::robot(&[]).await;
        let village = village(db).await;
        let app = &village.app;
        assert_eq!(counting_deeds(crate::deliver::round(app)).await.1, 0);
        let shiliu = place(&village, "property", "石榴园").await;
        add(&village, "property", "wecom", &format!("http://{}/", robot.address), "", &shiliu).await;
        village.wait(Moment::hours(13));
        say(&village, "井盖响", &[]).await;
        village.listeners().await;
        let (taken, deeds) = counting_deeds(crate::deliver::round(app)).await;
        assert_eq!((taken.unwrap(), deeds), (0, 0), "what waits for the morning is not due");
        village.wait(Moment::hours(9));
        let (taken, deeds) = counting_deeds(crate::deliver::round(app)).await;
        assert!(taken.unwrap() == 1 && deeds > 0);
        let (taken, deeds) = counting_deeds(crate::deliver::round(app)).await;
        assert_eq!((taken.unwrap(), deeds, robot.seen().len()), (0, 0, 1));
    }

    async fn a_group_chat_is_told_in_the_language_chosen_for_it(db) {
        let robot = Post::robot(&[]).await;
        let village = village(db).await;
        let shiliu = place(&village, "property", "石榴园").await;
        add_in(&village, "en", &format!("http://{}/", robot.address), &shiliu).await;
        say(&village, "井盖响", &[("category", "lighting")]).await;
        posted(&village).await;
        let got = robot.seen();
        assert!(got[0].contains("New matter shiliu-1") && got[0].contains("1 (en)") && got[0].contains("Due "), "{}", got[0]);
        assert!(!got[0].split_once('\n').unwrap().1.contains('楼'), "{}", got[0]);
        let at = format!("/office/channels/{}", first_id(&village).await);
        let page = village.get("property", "/office/channels").await;
        page.says("New matter").says("改用中文");
        village.fill("property", "/office/channels", &format!("{at}/test"), &[]).await;
        assert!(robot.seen()[1].contains("[Test] 维修组"), "{:?}", robot.seen());
        let done = village.fill("property", "/office/channels", &format!("{at}/in-chinese"), &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        say(&village, "井盖又响", &[]).await;
        posted(&village).await;
        assert!(robot.seen()[2].contains("新的事 shiliu-2"), "{:?}", robot.seen());
        let wrong = village.fill("property", "/office/channels", "/office/channels", &[("lang", "fr")]).await;
        wrong.says("请选中文或英文");
    }

    async fn programs_keep_channels_and_their_language(db) {
        let robot = Post::robot(&[]).await;
        let village = village(db).await;
        let shiliu = place(&village, "property", "石榴园").await;
        let address = format!("http://{}/hook/planted", robot.address);
        let new = format!(
            r#"{{"name":"群","place":"{shiliu}","kind":"feishu","address":"{address}","secret":"planted","events":["new"],"from":"21:00","to":"08:00","lang":"en"}}"#
        );
        for _ in 0..2 {
            let added = village.json("property", "POST", "/api/v1/channels", "channel-key-00000001", &new).await;
            assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
        }
        let list = village.get("property", "/api/v1/channels").await;
        list.says(r#""lang":"en""#).says_not("planted");
        assert_eq!(list.body.matches("\"kind\"").count(), 1);
        let at = format!("/api/v1/channels/{}/language", first_id(&village).await);
        for (who, key, body, status) in [
            ("property", "channel-key-00000002", r#"{"lang":"zh"}"#, StatusCode::OK),
            ("property", "channel-key-00000003", r#"{"lang":"fr"}"#, StatusCode::UNPROCESSABLE_ENTITY),
            ("granny", "channel-key-00000004", r#"{"lang":"en"}"#, StatusCode::FORBIDDEN),
        ] {
            let seen = village.json(who, "POST", &at, key, body).await;
            assert_eq!(seen.status, status, "{who} {body}: {}", seen.body);
        }
        village.get("property", "/api/v1/channels").await.says(r#""lang":"zh-CN""#);
        assert_eq!(village.get("granny", "/api/v1/channels").await.status, StatusCode::FORBIDDEN);
    }

    async fn those_who_keep_a_chat_learn_that_it_no_longer_hears(db) {
        let robot = Post::robot(&[r#"200 {"errcode":93000,"errmsg":"invalid webhook url"}"#, "404 gone"]).await;
        let village = village(db).await;
        let shiliu = place(&village, "property", "石榴园").await;
        add(&village, "property", "wecom", &format!("http://{}/", robot.address), "", &shiliu).await;
        for words in ["路灯不亮", "路灯还不亮"] {
            say(&village, words, &[]).await;
            posted(&village).await;
            village.wait(Moment::hours(1));
        }
        for who in ["property", "committee"] {
            let me = village.get(who, "/me").await;
            me.says("“维修组”这个群收不到消息了").says("href=\"/office/channels\"");
            assert_eq!(me.body.matches("收不到消息了").count(), 1, "told once");
            village.get(who, "/office/channels").await.says("可能在群里被删了").says("从11月24日 10:00起一直没送到");
        }
        village.get("granny", "/me").await.says_not("收不到消息了");
        let at = format!("/office/channels/{}", first_id(&village).await);
        village.fill("property", "/office/channels", &format!("{at}/test"), &[]).await;
        village.get("property", "/office/channels").await.says_not("一直没送到");
        village.fill("property", "/office/channels", &format!("{at}/retire"), &[]).await;
        village.get("committee", "/office/channels").await.says("最近停用的").says("维修组");
        village.wait(Moment::days(91));
        village.get("committee", "/office/channels").await.says_not("最近停用的");
    }

    async fn whoever_wrote_a_letter_hears_in_both_languages_until_one_is_chosen(db) {
        let post = Post::mail(&[]).await;
        let village = with_mail(db, &post).await;
        let shiliu = place(&village, "property", "石榴园").await;
        let fields = [("mailbox", "shiliu@mulin.example"), ("place", shiliu.as_str())];
        village.fill("property", "/office/channels", "/office/channels/mailbox", &fields).await;
        let raw = b"From: li@mail.example\r\nTo: shiliu@mulin.example\r\nSubject: lift\r\nMessage-ID: <1@mail.example>\r\n\r\nIt is stuck\r\n";
        village.letter("token-of-the-postman", "", raw).await.says("shiliu-1");
        posted(&village).await;
        let at = "/say/requests/shiliu-1";
        village.fill("property", at, &format!("{at}/accept"), &[]).await;
        posted(&village).await;
        let told = incoming::read(post.seen().last().unwrap().as_bytes()).unwrap();
        assert!(told.text.contains("有人接了") && told.text.contains("Answer this letter"), "{}", told.text);
        assert!(told.text.find("有人接了") < told.text.find("Answer this letter"));
        assert_eq!(told.text.matches("http://").count(), 1, "one link for both: {}", told.text);

        let follow = [("compound", "shiliu"), ("pace", "daily"), ("mail", "Li@mail.example")];
        village.forge("li", "/say/follow?lang=en", &follow).await;
        posted(&village).await;
        let asked = incoming::read(post.seen().last().unwrap().as_bytes()).unwrap().text;
        let confirm = asked.split("http://mulin.example").nth(1).unwrap().split_whitespace().next().unwrap();
        village.fill("li", confirm, confirm, &[]).await;
        let report = [("outcome", "solved"), ("words", "修好了")];
        village.fill("property", at, &format!("{at}/report"), &report).await;
        posted(&village).await;
        let told = incoming::read(post.seen().last().unwrap().as_bytes()).unwrap();
        assert!(told.text.contains("Answer this letter") && !told.text.contains("回话了"), "{}", told.text);
    }
}
