//! Stories of replies that are written once and said often.

mod api;

use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;

/// The id of the first place that a new template can belong to.
fn first_place(body: &str) -> String {
    let select = &body[body.find("name=\"place\"").expect("places can be chosen.")..];
    select.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a place.").to_owned()
}

on_both! { &crate::migrations();
    async fn a_template_is_written_once_and_filled_in_for_the_case(db) {
        let village = Village::on(db).await;
        let page = village.get("property", "/office/templates").await;
        page.says("还没有常用回话");
        let place = first_place(&page.body);
        let fields = [("title", "灯好了"), ("place", &place), ("outcome", "solved"), ("text", "{地点}的{编号}换了灯泡。")];
        let kept = village.fill("property", "/office/templates", "/office/templates", &fields).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
        let filed = [("at", "shiliu/1"), ("words", "单元灯不亮"), ("category", "lighting")];
        village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", &filed).await;
        let case = village.get("property", "/say/requests/shiliu-1").await;
        case.says("灯好了").says("data-text=\"石榴园 1号楼的shiliu-1换了灯泡。\"");
        let select = case.body.split("data-fill=\"report-words\"").nth(1).expect("a choice of replies.");
        let id = select.split("option value=\"").nth(2).and_then(|rest| rest.split('"').next()).expect("a reply.");
        let picked = village.get("property", &format!("/say/requests/shiliu-1?template={id}")).await;
        picked.says("maxlength=\"2000\">石榴园 1号楼的shiliu-1换了灯泡。</textarea>");
        picked.says("value=\"solved\" checked");
        village.get("granny", "/say/requests/shiliu-1").await.says_not("灯好了");
        village.fill("property", "/office/templates", "/office/templates/retire", &[("id", id)]).await;
        village.get("property", "/say/requests/shiliu-1").await.says_not("灯好了");
        village.get("property", "/office/templates").await.says("再用");
    }

    async fn each_office_keeps_its_own_templates_and_the_community_all(db) {
        let village = Village::on(db).await;
        let root = first_place(&village.get("community", "/office/templates").await.body);
        let fields = [("title", "社区的"), ("place", root.as_str()), ("outcome", ""), ("text", "收到了，三天内回您。")];
        village.fill("community", "/office/templates", "/office/templates", &fields).await;
        let seen = village.get("property", "/office/templates").await;
        seen.says("社区的").says_not("/office/templates/retire");
        let forged = village.forge("property", "/office/templates", &fields).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        let captain = village.get("captain", "/office/templates").await;
        captain.says("社区的").says_not("写一条新的");
        for who in ["granny", "guard"] {
            assert_eq!(village.get(who, "/office/templates").await.status, StatusCode::FORBIDDEN, "{who}");
        }
        let empty = village.fill("community", "/office/templates", "/office/templates", &[("text", "写了一半"), ("place", &root)]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        empty.says("写了一半").says("起个40字以内的名字");
        let body = format!("{{\"place\":\"{root}\",\"title\":\"又一条\",\"text\":\"好的\"}}");
        let added = village.json("community", "POST", "/api/v1/templates", "0123456789abcdef-t", &body).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
        village.get("community", "/api/v1/templates").await.says("又一条").says("社区的");
    }
}
