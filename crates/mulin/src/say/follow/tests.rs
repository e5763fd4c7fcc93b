//! Following with an account and by mail: heard once, at once or daily, and stopped with one click.

use super::store;
use crate::village::{Seen, Village};
use axum::http::StatusCode;
use commons::notice::delivery;
use commons::notice::wish::{self, Wish};
use kit::on_both;
use kit::time::Moment;

const FORM: &str = "/say/follow";

async fn follows(village: &Village, who: &str, query: &str, pace: &str, mail: &str) -> Seen {
    let mut fields: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    fields.extend([("pace", pace), ("mail", mail)]);
    village.fill(who, &format!("/say/follow?{query}"), FORM, &fields).await
}

async fn says(village: &Village, words: &str, more: &[(&str, &str)]) -> String {
    let fields = [&[("at", "shiliu/1"), ("words", words)][..], more].concat();
    let seen = village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", &fields).await;
    village.listeners().await;
    seen.location.split('?').next().unwrap_or_default().to_owned()
}

async fn reports(village: &Village, page: &str) {
    let fields = [("outcome", "solved"), ("words", "换了")];
    village.fill("property", page, &format!("{page}/report"), &fields).await;
    village.listeners().await;
}

/// What waits to be sent, as the mail server would get it.
async fn letters(village: &Village) -> Vec<delivery::Content> {
    let app = &village.app;
    let context = app.context();
    let taken = app.db.transact(&context, |tx| {
        Box::pin(async move {
            let taken = delivery::store::take(tx, &app.secrets, 100, &[], &|_| 100).await?;
            for one in &taken {
                delivery::store::sent(tx, one).await?;
            }
            Ok(taken)
        })
    });
    taken.await.unwrap().into_iter().filter_map(|one| one.content).collect()
}

fn link<'t>(text: &'t str, path: &str) -> &'t str {
    let at = text.find(path).unwrap_or_else(|| panic!("no {path} in {text}"));
    text[at..].split_whitespace().next().unwrap()
}

on_both! { &crate::migrations();
    async fn somebody_with_an_account_hears_in_the_inbox(db) {
        let village = Village::on(db).await;
        let done = follows(&village, "tenant", "compound=shiliu&category=lighting", "instant", "").await;
        assert_eq!(done.location, "/say/follow?compound=shiliu&category=lighting&done=1", "{}", done.text());
        follows(&village, "tenant", "compound=shiliu&category=lighting", "instant", "").await;
        village.get("tenant", FORM).await.says("石榴园 · 路灯楼道灯");
        let page = says(&village, "三楼灯不亮", &[("category", "lighting")]).await;
        says(&village, "柜子挡路", &[("category", "clutter")]).await;
        says(&village, "只给办事的人看的话", &[("category", "lighting"), ("private", "1")]).await;
        reports(&village, &page).await;
        let told = village.get("tenant", "/me").await;
        told.says("”：有人说了").says("”：回话了，办好了").says_not("shiliu-2").says_not("shiliu-3");
        let list = village.get("tenant", FORM).await;
        let field = |name: &str| list.body.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
        let stop = [("tenant", field("tenant")), ("id", field("id"))];
        let stop: Vec<(&str, &str)> = stop.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(village.forge("granny", "/say/follow/end", &stop).await.status, StatusCode::NOT_FOUND);
        let ended = village.fill("tenant", FORM, "/say/follow/end", &stop).await;
        assert_eq!(ended.location, "/say/follow?done=ended");
        village.get("tenant", FORM).await.says("还没有关注什么");
        let hidden = village.get("tenant", "/say/follow?case=shiliu-3").await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    }

    async fn an_address_is_asked_first_and_hears_after_it_said_yes(db) {
        let village = Village::by_mail(db).await;
        let refused = follows(&village, "reader", "compound=shiliu", "instant", "reader@").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("邮箱").says("value=\"reader@\"");
        for _ in 0..2 {
            let asked = follows(&village, "reader", "compound=shiliu", "instant", "Reader@mulin.example").await;
            assert_eq!(asked.location, "/say/follow?compound=shiliu&done=asked");
        }
        says(&village, "还没说好的时候说的", &[]).await;
        let sent = letters(&village).await;
        assert_eq!(sent.len(), 1, "one letter asks, and nothing else is sent: {sent:?}");
        assert_eq!(sent[0].to, "reader@mulin.example");
        let confirm = link(&sent[0].text, "/say/follow/confirm/");
        village.get("scanner", confirm).await.says("要收吗");
        says(&village, "只是看过链接", &[]).await;
        assert!(letters(&village).await.is_empty());
        village.fill("reader", confirm, confirm, &[]).await;
        village.get("reader", confirm).await.says("记下了");
        let page = says(&village, "三楼灯不亮", &[]).await;
        says(&village, "只给办事的人看的话", &[("private", "1")]).await;
        let sent = letters(&village).await;
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert!(sent[0].text.contains("三楼灯不亮") && sent[0].text.contains(&page) && sent[0].subject.contains("shiliu-3"));
        let header = |name: &str| sent[0].headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap();
        assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        let stop = link(&sent[0].text, "/say/follow/stop/");
        assert!(header("List-Unsubscribe").ends_with(&format!("{stop}>")));
        village.get("scanner", stop).await.says("不再收");
        reports(&village, &page).await;
        assert_eq!(letters(&village).await.len(), 1, "looking at the link stopped nothing");
        let clicked = village.plain_form("mail-program", stop, "List-Unsubscribe=One-Click").await;
        assert_eq!(clicked.status, StatusCode::OK);
        assert_eq!(village.plain_form("mail-program", stop, "List-Unsubscribe=One-Click").await.status, StatusCode::OK);
        village.get("reader", stop).await.says("不会再收到");
        says(&village, "停了以后说的", &[]).await;
        assert!(letters(&village).await.is_empty());
        let forged = village.plain_form("mail-program", &stop.replace(&stop[stop.len() - 4..], "0000"), "").await;
        assert_eq!(forged.status, StatusCode::NOT_FOUND);
    }

    async fn a_digest_comes_once_a_day_and_never_empty(db) {
        let village = Village::by_mail(db).await;
        follows(&village, "reader", "compound=shiliu&building=1", "daily", "reader@mulin.example").await;
        follows(&village, "tenant", "compound=shiliu", "daily", "").await;
        let asked = letters(&village).await;
        let confirm = link(&asked[0].text, "/say/follow/confirm/");
        village.fill("reader", confirm, confirm, &[]).await;
        village.wait(1_000);
        says(&village, "三楼灯不亮", &[]).await;
        says(&village, "只给办事的人看的话", &[("private", "1")]).await;
        crate::chores::round(&village.app).await.unwrap();
        assert!(letters(&village).await.is_empty(), "it is not yet six");
        village.wait(Moment::hours(8));
        for _ in 0..3 {
            crate::chores::round(&village.app).await.unwrap();
            village.wait(Moment::minutes(1));
        }
        let sent = letters(&village).await;
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert!(sent[0].text.contains("三楼灯不亮") && !sent[0].text.contains("只给办事"), "{}", sent[0].text);
        assert_eq!(village.get("tenant", "/me").await.body.matches("您关注的有1件有进展").count(), 1);
        village.wait(Moment::days(1));
        crate::chores::round(&village.app).await.unwrap();
        assert!(letters(&village).await.is_empty(), "a day without news makes no letter");
        // A standstill of two days: one digest reaches back over it.
        says(&village, "停机前说的", &[]).await;
        village.wait(Moment::days(2));
        crate::chores::round(&village.app).await.unwrap();
        crate::chores::round(&village.app).await.unwrap();
        let sent = letters(&village).await;
        assert_eq!(sent.len(), 1);
        assert!(sent[0].text.contains("停机前说的") && !sent[0].text.contains("三楼灯不亮"));
    }

    async fn a_person_who_wants_letters_gets_them_at_the_address_they_confirmed(db) {
        let village = Village::by_mail(db).await;
        follows(&village, "tenant", "compound=shiliu", "instant", "").await;
        says(&village, "还没要信", &[]).await;
        assert!(letters(&village).await.is_empty());
        let app = &village.app;
        let login = commons::people::store::account(&app.db, "tenant").await.unwrap().unwrap();
        let actor = commons::people::store::actor(&app.db, login.0, app.clock.now()).await.unwrap();
        let (tenant, person) = (actor.persons[0].tenant, actor.persons[0].id);
        let context = app.context();
        let saved = app.db.transact(&context, |tx| {
            Box::pin(async move {
                let mail = Some("tenant@mulin.example".to_owned());
                let wish = Wish { mail, confirmed: Some(tx.now()), followed: true, lang: "zh-CN".into(), ..Wish::default() };
                wish::store::save(tx, &app.secrets, (tenant, person), &wish).await
            })
        });
        saved.await.unwrap();
        says(&village, "要了信以后", &[]).await;
        let sent = letters(&village).await;
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert!(sent[0].to == "tenant@mulin.example" && sent[0].text.contains("要了信以后"));
        let stop = link(&sent[0].text, "/say/follow/stop/");
        village.plain_form("mail-program", stop, "List-Unsubscribe=One-Click").await;
        village.get("tenant", FORM).await.says("还没有关注什么");
    }

    async fn who_only_follows_is_told_as_such_and_by_a_switch_of_its_own(db) {
        let village = Village::by_mail(db).await;
        let wants = async |held: bool, followed: bool| {
            for who in ["tenant", "property"] {
                let app = &village.app;
                let login = commons::people::store::account(&app.db, who).await.unwrap().unwrap();
                let actor = commons::people::store::actor(&app.db, login.0, app.clock.now()).await.unwrap();
                let (tenant, person) = (actor.persons[0].tenant, actor.persons[0].id);
                let mail = Some(format!("{who}@mulin.example"));
                let context = app.context();
                let saved = app.db.transact(&context, |tx| {
                    let mail = mail.clone();
                    Box::pin(async move {
                        let (confirmed, lang) = (Some(tx.now()), "zh-CN".into());
                        let wish = Wish { mail, confirmed, mine: true, held, followed, lang, ..Wish::default() };
                        wish::store::save(tx, &app.secrets, (tenant, person), &wish).await
                    })
                });
                saved.await.unwrap();
            }
        };
        // The property company follows what it also holds; the neighbour says "same here" and follows twice over.
        wants(true, true).await;
        follows(&village, "property", "compound=shiliu", "instant", "").await;
        let page = says(&village, "三楼灯不亮", &[]).await;
        letters(&village).await;
        village.forge("tenant", &format!("{page}/support"), &[]).await;
        let code = page.rsplit('/').next().unwrap().to_owned();
        follows(&village, "tenant", &format!("case={code}"), "instant", "").await;
        follows(&village, "tenant", "compound=shiliu", "instant", "").await;
        village.fill("granny", &page, &format!("{page}/up"), &[("words", "太久了")]).await;
        village.listeners().await;
        let sent = letters(&village).await;
        let to = |who: &str| sent.iter().filter(|one| one.to == format!("{who}@mulin.example")).count();
        assert_eq!((to("tenant"), to("property")), (1, 1), "one letter each: {sent:?}");
        let why = "您说过“我也是”";
        assert!(sent.iter().all(|one| one.text.contains(why) == (one.to == "tenant@mulin.example")), "{sent:?}");
        village.get("tenant", "/me").await.says("我关注的").says_not("归我办");
        village.get("property", "/me").await.says("归我办").says_not("我关注的</span>");
        village.get("granny", "/me").await.says("我说的");
        // The switch for what one follows is its own: neither the one for held matters nor the one for own ones turns it.
        wants(true, false).await;
        says(&village, "二楼灯不亮", &[]).await;
        let sent = letters(&village).await;
        assert!(sent.iter().all(|one| one.to == "property@mulin.example"), "{sent:?}");
        wants(false, true).await;
        says(&village, "一楼灯不亮", &[]).await;
        let sent = letters(&village).await;
        assert!(sent.iter().all(|one| one.to == "tenant@mulin.example") && sent.len() == 1, "{sent:?}");
    }

    async fn programs_list_add_and_end_their_own(db) {
        let village = Village::on(db).await;
        let (key, other) = ("follow-key-0000000001", "follow-key-0000000002");
        let new = r#"{"compound":"shiliu","pace":"daily"}"#;
        for _ in 0..2 {
            let added = village.json("tenant", "POST", "/api/v1/subscriptions", key, new).await;
            assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
        }
        let list: serde_json::Value = serde_json::from_str(&village.get("tenant", "/api/v1/subscriptions").await.body).unwrap();
        assert_eq!(list["subscriptions"].as_array().map(Vec::len), Some(1));
        let end = format!("/api/v1/subscriptions/{}/end", list["subscriptions"][0]["id"].as_str().unwrap());
        assert_eq!(village.json("granny", "POST", &end, other, "{}").await.status, StatusCode::NOT_FOUND);
        assert_eq!(village.json("tenant", "POST", &end, other, "{}").await.status, StatusCode::OK);
        village.get("tenant", "/api/v1/subscriptions").await.says("\"subscriptions\":[]");
        assert_eq!(village.get("stranger", "/api/v1/subscriptions").await.status, StatusCode::UNAUTHORIZED);
    }

    async fn the_statements_of_following_are_understood(db) {
        for sql in store::statements() {
            db.prepare(&sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        }
    }
}
