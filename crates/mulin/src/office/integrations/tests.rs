//! Stories about programs that work with us.

use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;

const HERE: &str = "/office/integrations";

async fn connect(village: &Village, office: &str, at: &str, scopes: &[&str]) -> crate::village::Seen {
    let mut fields = vec![("name", "工单系统"), ("office", office), ("at", at), ("days", "365")];
    fields.extend(scopes.iter().map(|scope| ("scopes", *scope)));
    village.fill("community", HERE, HERE, &fields).await
}

on_both! { &crate::migrations();
    async fn a_program_works_under_its_own_name_and_stops_when_it_is_sent_away(db) {
        let village = Village::on(db).await;
        let new = "/say/requests/new?at=shiliu/1";
        let fields = [("at", "shiliu/1"), ("words", "大门的道闸抬不起来"), ("category", "parking")];
        let code = village.fill("granny", new, "/say/requests", &fields).await.location;
        let code = code.split("/say/requests/").nth(1).unwrap().split('?').next().unwrap().to_owned();
        let seen = connect(&village, "property", "shiliu", &["requests:read", "requests:write"]).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
        let at = seen.body.find("mulin_").unwrap();
        let token = seen.body[at..at + 38].to_owned();
        let seen = village.program(&token, "POST", &format!("/api/v1/requests/{code}/accept"), Some("{}")).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
        seen.says("\"accepted\"");
        let page = village.get("community", HERE).await;
        page.says("工单系统").says("石榴园");
        village.get("community", "/office/people").await.says("工单系统");
        let id = page.body.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let seen = village.fill("community", HERE, "/office/integrations/end", &[("token", &id)]).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER);
        village.get("community", "/office/people").await.says_not("工单系统");
        let seen = village.program(&token, "GET", &format!("/api/v1/requests/{code}"), None).await;
        assert_eq!(seen.status, StatusCode::UNAUTHORIZED);
    }

    async fn the_form_begins_with_an_office_at_a_place_where_it_is_held(db) {
        let village = Village::on(db).await;
        let page = village.get("community", HERE).await;
        page.says("<option value=\"shiliu\" selected>").says_not("看我看得到").says_not("替我").says("看它的岗位看得到的诉求");
        village.get("community", "/me/tokens").await.says("看我看得到的诉求");
        let seen = connect(&village, "property", "shiliu", &["requests:read"]).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
    }

    async fn only_keepers_connect_programs_and_not_to_offices_of_people(db) {
        let village = Village::on(db).await;
        for who in ["granny", "property", "captain"] {
            assert_eq!(village.get(who, HERE).await.status, StatusCode::FORBIDDEN, "{who}");
            assert_eq!(village.get(who, "/api/v1/integrations").await.status, StatusCode::FORBIDDEN, "{who}");
            let seen = village.forge(who, HERE, &[("name", "x")]).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{who}");
        }
        for office in ["community", "operator", "captain", "owner", "committee", "subdistrict", "nobody"] {
            let seen = connect(&village, office, "shiliu", &["requests:read"]).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{office}");
            seen.says("选一个程序能做的岗位");
        }
        connect(&village, "property", "community", &["requests:read"]).await.says("不在这样的地方");
        connect(&village, "property", "elsewhere", &["requests:read"]).await.says("不在这样的地方");
        let body = r#"{"name":"工单系统","scopes":["requests:read"],"days":365,"office":"property","at":"shiliu"}"#;
        let first = village.json("community", "POST", "/api/v1/integrations", "key-of-an-integration", body).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
        let again = village.json("community", "POST", "/api/v1/integrations", "key-of-an-integration", body).await;
        assert_eq!(again.body, first.body);
        let listed = village.get("community", "/api/v1/integrations").await;
        listed.says("\"property\"").says("石榴园");
        let id = listed.body.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let end = format!("/api/v1/integrations/{id}/end");
        let seen = village.json("community", "POST", &end, "key-of-the-end-of-it", "{}").await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
        let seen = village.json("community", "POST", &end, "key-of-another-end-it", "{}").await;
        assert_eq!(seen.status, StatusCode::NOT_FOUND);
    }
}
