//! The community keeps its categories and what they ask; others do not.

mod api;

use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;

const LIST: &str = "/office/categories";

on_both! { &crate::migrations();
    async fn staff_add_rename_move_and_retire_categories_and_forms_follow_at_once(db) {
        let village = Village::on(db).await;
        let new = [("name", "晾衣架"), ("kind", "repair"), ("door", "compound")];
        let added = village.fill("community", LIST, LIST, &new).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
        let form = "/say/requests/new?at=shiliu/1";
        village.get("granny", form).await.says("晾衣架");
        let page = "/office/categories/own-1";
        let renamed = [("name", "晾衣杆"), ("kind", "repair"), ("door", "home"), ("private", "1")];
        village.fill("community", page, page, &renamed).await;
        village.get("granny", form).await.says("晾衣杆").says_not("晾衣架");
        let filed = village.fill("granny", form, "/say/requests", &[("at", "shiliu/1"), ("words", "杆子松了"), ("category", "own-1")]).await;
        village.get("granny", &filed.location).await.says("不公开").says("1号楼 楼栋长");
        village.fill("community", LIST, &format!("{page}/move"), &[("to", "up")]).await;
        let list = village.get("community", LIST).await;
        let at = |text: &str| list.body.find(text).unwrap();
        assert!(at("晾衣杆") < list.body.rfind("class=\"row").unwrap());
        village.fill("community", page, &format!("{page}/retire"), &[]).await;
        village.get("granny", form).await.says_not("晾衣杆");
        village.get("granny", "/say/requests/shiliu-1").await.says("晾衣杆");
        village.fill("community", page, &format!("{page}/bring-back"), &[]).await;
        village.get("granny", form).await.says("晾衣杆");
    }

    async fn what_is_wrong_is_said_and_what_was_typed_is_kept(db) {
        let village = Village::on(db).await;
        let seen = village.fill("community", LIST, LIST, &[("name", ""), ("name_en", "Rack"), ("kind", "repair")]).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.says("写个名称").says("选一下先送到哪道门").says("Rack");
        let page = "/office/categories/lift";
        let seen = village.fill("community", page, &format!("{page}/ask"), &[("name", "哪部"), ("kind", "multivaluelist"), ("options", "左边")]).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.says("至少要有两个选项").says("哪部").says("左边");
        village.fill("community", page, &format!("{page}/ask"), &[("name", "哪部"), ("kind", "string")]).await;
        village.get("community", page).await.says("哪部");
        village.fill("community", page, &format!("{page}/ask-no-more"), &[("code", "q1")]).await;
        village.get("community", page).await.says("现在什么都不问");
    }

    async fn only_the_communitys_staff_keep_categories(db) {
        let village = Village::on(db).await;
        for who in ["granny", "captain", "property", "guard"] {
            assert_eq!(village.get(who, LIST).await.status, StatusCode::FORBIDDEN, "{who}");
            let forged = village.forge(who, LIST, &[("name", "x"), ("kind", "repair"), ("door", "home")]).await;
            assert_eq!(forged.status, StatusCode::FORBIDDEN, "{who}");
        }
        assert_eq!(village.get("stranger", LIST).await.status, StatusCode::FORBIDDEN);
        assert_eq!(village.get("community", "/office/categories/none").await.status, StatusCode::NOT_FOUND);
    }

    async fn a_committee_keeps_the_categories_of_its_own_compound_alone(db) {
        let village = Village::on(db).await;
        let new = [("name", "晾衣架"), ("kind", "repair"), ("door", "compound"), ("office", "committee")];
        let added = village.fill("committee", LIST, LIST, &new).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
        village.get("committee", LIST).await.says("晾衣架").says_not("路灯楼道灯");
        village.get("community", LIST).await.says("晾衣架").says("路灯楼道灯");
        for path in ["/office/categories/lift", "/office/categories/lift/ask", "/office/categories/own-1/move"] {
            let forged = village.forge("committee", path, &[("name", "x"), ("to", "up")]).await;
            assert!(forged.status.is_client_error(), "{path} {}", forged.status);
        }
        let fields = [("at", "shiliu/1"), ("words", "晾衣架松了")];
        let filed = village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", &fields).await;
        village.get("granny", &filed.location).await.says("晾衣架").says("石榴园 业委会");
        let wrong = [("name", "x"), ("kind", "repair"), ("door", "home"), ("office", "property")];
        let wrong = village.fill("community", LIST, LIST, &wrong).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("不在这道门");
    }
}
