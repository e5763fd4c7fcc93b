//! Stories of those who serve, at their desks and on the stairs.

mod api;

use crate::village::Village;
use axum::http::StatusCode;
use commons::people::Office;
use commons::place::{PlaceKind, TenantKind, store as places};
use kit::db::counting;
use kit::on_both;

/// The path of what somebody has said at a place.
async fn says(village: &Village, who: &str, at: &str, words: &str, category: &str) -> String {
    let fields = [("at", at), ("words", words), ("category", category)];
    let filed = village.fill(who, &format!("/say/requests/new?at={at}"), "/say/requests", &fields).await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text());
    filed.location.split('?').next().unwrap().to_owned()
}

on_both! { &crate::migrations();
    async fn a_desk_shows_what_is_in_my_hands_at_my_door_and_at_my_place(db) {
        let village = Village::on(db).await;
        says(&village, "granny", "shiliu/1", "楼上一直拖椅子", "noise").await;
        says(&village, "granny", "shiliu/1", "单元灯不亮", "lighting").await;
        says(&village, "tenant", "shiliu/2", "垃圾桶满了", "lighting").await;
        // The captain's door has the noise; the lights wait at the property company's.
        let door = village.get("captain", "/office/desk").await;
        door.says("楼上一直拖椅子").says_not("单元灯不亮").says_not("垃圾桶满了");
        village.get("captain", "/office/desk?scope=place").await.says("单元灯不亮").says_not("垃圾桶满了");
        village.get("captain", "/office/desk?scope=hand").await.says("这里没有等着的事");
        village.fill("captain", "/say/requests/shiliu-1", "/say/requests/shiliu-1/accept", &[]).await;
        village.get("captain", "/office/desk?scope=hand").await.says("楼上一直拖椅子");
        village.get("community", "/office/desk?scope=place").await.says("垃圾桶满了").says("单元灯不亮");
        let stranger = village.get("granny", "/office/desk").await;
        assert_eq!(stranger.status, StatusCode::FORBIDDEN);
    }

    async fn a_view_is_its_address(db) {
        let village = Village::on(db).await;
        says(&village, "granny", "shiliu/1", "单元灯不亮", "lighting").await;
        says(&village, "tenant", "shiliu/2", "车棚灯坏了", "lighting").await;
        says(&village, "tenant", "shiliu/2", "电梯咣当响", "lift").await;
        village.get("property", "/office/desk?at=shiliu/2").await.says("车棚灯坏了").says("电梯").says_not("单元灯不亮");
        village.get("property", "/office/desk?category=lighting&at=shiliu/2").await.says("车棚灯坏了").says_not("咣当响");
        village.get("property", "/office/desk?q=%E5%92%A3%E5%BD%93").await.says("电梯咣当响").says_not("车棚灯坏了");
        village.get("property", "/office/desk?show=accepted").await.says("没有符合的");
        village.get("property", "/office/desk?show=overdue").await.says("没有符合的");
        village.wait(kit::time::Moment::days(20));
        village.get("property", "/office/desk?show=overdue").await.says("单元灯不亮").says("超时");
        village.get("property", "/office/desk").await.says("有3件超时了");
        village.get("property", "/office/desk?q=!").await.says("请写一个要找的词");
        let (seen, queries) = counting(village.get("property", "/office/desk?show=said&category=lighting")).await;
        assert_eq!(seen.status, StatusCode::OK);
        assert!(queries <= 6, "{queries} statements for one page");
    }

    async fn a_quarrel_stays_with_those_who_settle_it(db) {
        let village = Village::on(db).await;
        says(&village, "granny", "shiliu/1", "和楼上吵起来了", "dispute").await;
        village.get("captain", "/office/desk").await.says("和楼上吵起来了");
        for who in ["property", "community", "other-captain", "guard"] {
            village.get(who, "/office/desk?scope=place").await.says_not("和楼上吵起来了");
            village.get(who, "/office/desk/stairs?at=shiliu/1").await.says_not("和楼上吵起来了");
        }
    }

    async fn a_view_can_be_taken_along_as_a_table_and_that_is_written_down(db) {
        let village = Village::on(db).await;
        says(&village, "granny", "shiliu/1", "=HYPERLINK(1)灯不亮", "lighting").await;
        says(&village, "tenant", "shiliu/2", "车棚灯坏了", "lighting").await;
        let fields = [("of", ""), ("scope", ""), ("show", ""), ("category", ""), ("at", "shiliu/1"), ("q", "")];
        let table = village.fill("property", "/office/desk?at=shiliu/1", "/office/desk/export", &fields).await;
        assert_eq!(table.status, StatusCode::OK);
        assert!(table.body.starts_with('\u{feff}'));
        table.says("shiliu-1,'=HYPERLINK(1)灯不亮,石榴园 1号楼").says_not("车棚灯坏了").says_not(" 301").says_not("/301");
        let db = &village.app.db;
        let (tenant, _) = commons::place::store::by_code(db, "shiliu").await.unwrap().unwrap();
        let book = kit::book::of_thing(db, tenant.0, tenant.0).await.unwrap();
        assert_eq!(book.iter().filter(|line| line.stem == "desk/exported").count(), 1);
        let refused = village.forge("granny", "/office/desk/export", &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        village.get("property", "/api/v1/desk?at=shiliu/2").await.says("\"code\":\"shiliu-2\"").says_not("shiliu-1");
    }

    async fn a_captain_on_the_stairs_takes_looks_and_is_done(db) {
        let village = Village::on(db).await;
        let case = says(&village, "granny", "shiliu/1/1/301", "楼上一直拖椅子", "noise").await;
        let stairs = "/office/desk/stairs?at=shiliu/1";
        village.get("captain", "/office/desk/stairs").await.says("1单元").says("301").says("我来办");
        for deed in ["accept", "note"] {
            let done = village.fill("captain", stairs, &format!("{case}/{deed}"), &[("back", stairs), ("words", "看过了")]).await;
            assert_eq!(done.location, stairs, "{}", done.text());
        }
        let fields = [("back", "//elsewhere.example"), ("outcome", "solved")];
        let done = village.fill("captain", stairs, &format!("{case}/report"), &fields).await;
        assert_eq!(done.location, case);
        village.get("captain", stairs).await.says("这栋楼没有等着的事");
        village.get("granny", &case).await.says("看过了");
        // Others see that something is open in the building, not behind which door.
        says(&village, "granny", "shiliu/1/1/301", "楼道有人吸烟", "noise").await;
        village.get("property", stairs).await.says("楼道有人吸烟").says_not(" 301").says_not("/301").says_not("我来办");
    }

    async fn several_cases_are_offered_with_one_press_and_each_says_what_became_of_it(db) {
        let village = Village::on(db).await;
        for (who, at, words) in [("granny", "shiliu/1", "单元灯不亮"), ("tenant", "shiliu/2", "车棚灯坏了"), ("tenant", "shiliu/2", "门口灯闪")] {
            says(&village, who, at, words, "lighting").await;
        }
        says(&village, "granny", "shiliu/1", "楼上吵", "noise").await;
        let picked = "/say/requests/hand-over?case=shiliu-1&case=shiliu-2&case=shiliu-4";
        let asked = village.get("property", picked).await;
        // The fourth is the captain's: it cannot be picked here.
        asked.says("单元灯不亮").says("车棚灯坏了").says_not("楼上吵").says("业委会");
        let to = asked.body.split("<option value=\"committee:").nth(1).unwrap().split('"').next().unwrap();
        let to = format!("committee:{to}");
        let bare = [("case", "shiliu-1"), ("to", to.as_str()), ("words", "")];
        let refused = village.fill("property", picked, "/say/requests/hand-over", &bare).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("单元灯不亮");
        let fields = [("case", "shiliu-1"), ("case", "shiliu-2"), ("case", "shiliu-4"), ("to", to.as_str()), ("words", "要换灯杆")];
        let sent = village.fill("property", picked, "/say/requests/hand-over", &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        village.get("property", &sent.location).await.says("2件已经送去").says("1件没有转").says("不在您手上");
        village.get("committee", "/office/desk?scope=offered").await.says("单元灯不亮").says("车棚灯坏了").says("要换灯杆").says_not("楼上吵");
        village.get("committee", "/office/desk?q=车棚灯").await.says("车棚灯坏了").says("要换灯杆").says_not("单元灯不亮");
        let body = format!("{{\"cases\":[\"shiliu-1\",\"shiliu-3\"],\"to\":\"{to}\",\"reason\":\"一起换\"}}");
        let told = village.json("property", "POST", "/api/v1/requests/hand-over", "0123456789abcdef-h", &body).await;
        told.says("\"offered\":[\"shiliu-3\"]").says("requests/offer-open-already");
        let again = village.json("property", "POST", "/api/v1/requests/hand-over", "0123456789abcdef-h", &body).await;
        assert_eq!(told.body, again.body);
    }

    async fn no_link_of_a_desk_refuses_whose_desk_it_is(db) {
        let app = crate::village::app_on(db);
        crate::demo::pour(&app, 5).await.unwrap();
        let mut village = Village::beside(&app);
        let be = |login: &'static str| [("login", login)];
        let entered = village.fill("shequ", "/sign-in", "/demo/be", &be("shequ")).await;
        village.remember("shequ", &entered);
        let people = "/office/people";
        let operator = [("name", "技术员"), ("office", "operator"), ("at", ""), ("source", "appointment"), ("login", "jishu"),
            ("password", "石榴园的春天很长")];
        assert_eq!(village.fill("shequ", people, people, &operator).await.status, StatusCode::SEE_OTHER);
        // Whoever runs the machine for a whole subdistrict has no homes and no register there.
        let street = places::tenants(&village.app.db).await.unwrap().into_iter().find(|one| one.kind == TenantKind::Subdistrict).unwrap();
        let root = places::of_kind(&village.app.db, street.id, PlaceKind::Subdistrict).await.unwrap().remove(0);
        village.joins("jieji", street.id, Office::Operator, root.id, None).await;
        for who in ["jiedao", "shequ", "wuye", "baoan", "hongxiaolou", "yeweihui", "wangge", "louzhang", "jishu", "jieji"] {
            if who != "jieji" {
                let entered = village.fill(who, "/sign-in", "/demo/be", &be(who)).await;
                assert_eq!(entered.status, StatusCode::SEE_OTHER, "{who}");
                village.remember(who, &entered);
            }
            let desk = village.get(who, "/office/desk").await;
            let links: std::collections::BTreeSet<String> = desk.body.split("href=\"").skip(1)
                .filter_map(|rest| rest.split('"').next()).filter(|link| link.starts_with('/') && !link.starts_with("/assets/"))
                .map(|link| link.replace("&#38;", "&").replace("&amp;", "&")).collect();
            assert!(links.contains("/office/standards") != (who == "jieji") && links.len() > 10, "{who}: {links:?}");
            for link in links {
                let mut seen = village.get(who, &link).await;
                while seen.status == StatusCode::SEE_OTHER {
                    seen = village.get(who, &seen.location).await;
                }
                assert_eq!(seen.status, StatusCode::OK, "{who} follows {link}: {}", seen.text());
            }
        }
        // The subdistrict reads what each of its communities has promised, and sets none of it.
        let read = village.get("jiedao", "/office/standards").await;
        read.says("/office/standards?of=").says_not("name=\"amount\"");
        let houses: std::collections::BTreeSet<&str> = read.body.split("/office/standards?of=").skip(1)
            .filter_map(|rest| rest.get(..36)).collect();
        let mut open = 0;
        for house in &houses {
            let page = format!("/office/standards?of={house}");
            assert_eq!(village.get("jiedao", &page).await.status, StatusCode::OK);
            open += usize::from(village.get("wuye", &page).await.status == StatusCode::OK);
        }
        assert!(houses.len() > 1 && open == 1, "{houses:?}, of which the property company's staff read {open}");
    }
}
