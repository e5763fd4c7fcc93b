//! Who sets limits, who may not, and what is kept when a form is wrong.

mod api;

use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;

const SET: &[(&str, &str)] = &[
    ("place", "shiliu"),
    ("category", "lighting"),
    ("door", "compound"),
    ("clock", "accept"),
    ("amount", "2"),
    ("unit", "hours"),
    ("what", "set"),
];

on_both! { &crate::migrations();
    async fn a_committee_sets_its_compounds_limit_and_new_clocks_keep_to_it(db) {
        let village = Village::on(db).await;
        let page = "/office/standards?place=shiliu";
        let set = village.fill("committee", page, "/office/standards", SET).await;
        assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text());
        village.get("property", page).await.says("小区给这类事定的").says("2小时");
        let fields = [("at", "shiliu/1"), ("words", "路灯不亮"), ("category", "lighting")];
        let filed = village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", &fields).await;
        let case = filed.location.split('?').next().unwrap();
        village.get("granny", case).await.says("2小时内有人接").says("11月24日 12:00");
        let hours = [("place", "shiliu"), ("door", "compound"), ("hours", "9：00－11：30")];
        let set = village.fill("committee", page, "/office/standards/hours", &hours).await;
        assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text());
        village.get("property", page).await.says("9:00-11:30");
        let told = village.get("stranger", "/api/v1/standards?compound=shiliu").await;
        told.says(r#""hours":"9:00-11:30","origin":"compound""#).says(r#""amount":2,"category":"lighting","clock":"accept""#);
        let mut back: Vec<(&str, &str)> = SET.to_vec();
        back[6] = ("what", "drop");
        let dropped = village.fill("committee", page, "/office/standards", &back).await;
        assert_eq!(dropped.status, StatusCode::SEE_OTHER, "{}", dropped.text());
        village.get("property", page).await.says_not("小区给这类事定的");
        let nothing = village.fill("committee", page, "/office/standards", &back).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_wrong_limit_comes_back_with_what_was_typed(db) {
        let village = Village::on(db).await;
        let mut fields: Vec<(&str, &str)> = SET.to_vec();
        fields[4] = ("amount", "777777");
        let page = "/office/standards?place=shiliu";
        let wrong = village.fill("committee", page, "/office/standards", &fields).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("777777").says("请写一个合适的整数");
        let hours = [("place", "shiliu"), ("door", "compound"), ("hours", "后门一直开")];
        let wrong = village.fill("committee", page, "/office/standards/hours", &hours).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("后门一直开");
    }

    async fn nobody_sets_what_is_not_theirs(db) {
        let village = Village::on(db).await;
        for who in ["property", "captain", "guard"] {
            let seen = village.forge(who, "/office/standards", SET).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{who}");
        }
        for who in ["granny", "tenant"] {
            assert_eq!(village.get(who, "/office/standards").await.status, StatusCode::FORBIDDEN, "{who}");
        }
        let mut whole: Vec<(&str, &str)> = SET.to_vec();
        whole[0] = ("place", "");
        assert_eq!(village.forge("committee", "/office/standards", &whole).await.status, StatusCode::FORBIDDEN);
        let year = [("year", "year = 2027\nsource = \"x\"\n")];
        assert_eq!(village.forge("committee", "/office/standards/calendar", &year).await.status, StatusCode::FORBIDDEN);
        whole[0] = ("place", "elsewhere");
        assert_eq!(village.forge("community", "/office/standards", &whole).await.status, StatusCode::NOT_FOUND);
    }
}
