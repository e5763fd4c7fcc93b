//! Who may be trusted with what and where, and that somebody always remains who manages it.

mod api;
mod seats;

use crate::village::{Seen, Village};
use axum::http::StatusCode;
use kit::on_both;

const PAGE: &str = "/office/people";

/// The id of the mandate that a line of the page ends.
fn mandate(page: &Seen, name: &str) -> String {
    let line = page.body.split(&format!("<h2>{name} ·")).nth(1).unwrap_or_else(|| panic!("{name} is not listed"));
    line.split("name=\"mandate\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
}

async fn give(village: &Village, office: &str, at: &str, name: &str) -> Seen {
    let fields = [("name", name), ("office", office), ("at", at), ("source", "appointment"), ("years", "")];
    village.fill("community", PAGE, PAGE, &fields).await
}

/// A second person of the community who can sign in.
async fn colleague(village: &mut Village) {
    let fields = [
        ("name", "colleague"),
        ("office", "community"),
        ("at", ""),
        ("source", "appointment"),
        ("login", "colleague"),
        ("password", "石榴园的春天很长"),
    ];
    assert_eq!(village.fill("community", PAGE, PAGE, &fields).await.status, StatusCode::SEE_OTHER);
    let entered = village.fill("colleague", "/sign-in", "/demo/be", &[("login", "colleague")]).await;
    village.remember("colleague", &entered);
}

on_both! { &crate::migrations();
    async fn the_last_who_manages_people_stays_until_somebody_takes_over(db) {
        let mut village = Village::on(db).await;
        let own = mandate(&village.get("community", PAGE).await, "community");
        // Somebody who cannot sign in is nobody to leave the house to.
        assert_eq!(give(&village, "community", "", "without-login").await.status, StatusCode::SEE_OTHER);
        let refused = village.fill("community", PAGE, "/office/people/end", &[("mandate", &own)]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        refused.says("总要留一个能登录、能管人和岗位的人");
        assert_eq!(village.get("community", PAGE).await.status, StatusCode::OK);
        // Others end as before.
        let page = village.get("community", PAGE).await;
        let captain = mandate(&page, "captain");
        let ended = village.fill("community", PAGE, "/office/people/end", &[("mandate", &captain)]).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER);
        colleague(&mut village).await;
        let ended = village.fill("community", PAGE, "/office/people/end", &[("mandate", &own)]).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text());
        assert_eq!(village.get("community", PAGE).await.status, StatusCode::FORBIDDEN);
        assert_eq!(village.get("colleague", PAGE).await.status, StatusCode::OK);
    }

    async fn of_two_who_end_each_other_at_once_one_stays(db) {
        let mut village = Village::on(db).await;
        colleague(&mut village).await;
        let page = village.get("community", PAGE).await;
        let (one, other) = (mandate(&page, "community"), mandate(&page, "colleague"));
        let (one, other) = ([("mandate", one.as_str())], [("mandate", other.as_str())]);
        let (first, second) = tokio::join!(
            village.forge("community", "/office/people/end", &other),
            village.forge("colleague", "/office/people/end", &one),
        );
        let ended = [&first, &second].iter().filter(|seen| seen.status == StatusCode::SEE_OTHER).count();
        assert_eq!(ended, 1, "{}: {} / {}: {}", first.status, first.text(), second.status, second.text());
        let mut left = 0;
        for who in ["community", "colleague"] {
            left += usize::from(village.get(who, PAGE).await.status == StatusCode::OK);
        }
        assert_eq!(left, 1);
    }

    async fn an_office_is_given_where_it_is_held_and_nowhere_else(db) {
        let village = Village::on(db).await;
        for (office, at, said) in [
            ("captain", "", "要选一栋楼"),
            ("captain", "shiliu", "要选一栋楼"),
            ("captain", "shiliu/1/1/301", "要选一栋楼"),
            ("grid_worker", "shiliu/1", "要选一个网格"),
            ("property", "shiliu/1/1/301", "要选一个小区"),
            ("committee", "", "要选一个小区"),
            ("hub", "shiliu/1", "要选一个小区，或者整个社区"),
            ("owner", "shiliu/1", "要选一户"),
            ("community", "shiliu", "要选整个社区"),
            ("subdistrict", "", "街道的岗位不在社区里给"),
            ("captain", "shiliu/9", "没有这个地方"),
        ] {
            let refused = give(&village, office, at, "周明").await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{office} at {at}");
            refused.says(said).says("周明").says("id=\"at-wrong\"");
        }
        for (office, at) in [("captain", "shiliu/1"), ("property", "shiliu"), ("hub", ""), ("owner", "shiliu/1/1/301")] {
            let given = give(&village, office, at, &format!("周明{office}")).await;
            assert_eq!(given.status, StatusCode::SEE_OTHER, "{office} at {at}: {}", given.text());
        }
    }

    async fn a_place_is_chosen_by_its_name_step_by_step(db) {
        let village = Village::on(db).await;
        let page = village.get("community", PAGE).await;
        page.says("<option value=\"shiliu/1\">石榴园 1号楼</option>").says("<option value=\"shiliu\">石榴园</option>");
        page.says_not("value=\"shiliu/1/1/301\"");
        let inside = village.get("community", "/office/people?within=shiliu/1").await;
        inside.says("<option value=\"shiliu/1/1/301\">石榴园 1号楼 1单元 301</option>").says_not("value=\"shiliu/2/1/101\"");
        // What was chosen is still chosen when something else was wrong.
        let fields = [("name", ""), ("office", "owner"), ("at", "shiliu/2/1/101"), ("source", "verified")];
        let wrong = village.fill("community", PAGE, PAGE, &fields).await;
        wrong.says("<option value=\"shiliu/2/1/101\" selected>");
    }

    async fn who_is_elected_serves_three_years_if_nobody_says_otherwise(db) {
        let village = Village::on(db).await;
        let fields = |source| [("name", "周明"), ("office", "captain"), ("at", "shiliu/1"), ("source", source), ("years", "")];
        village.fill("community", PAGE, PAGE, &fields("election")).await;
        village.get("community", PAGE).await.says("2029年11月23日");
    }
}
