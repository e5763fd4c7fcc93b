//! How a home is found by what stands on its door; the stories stand with those who verify.

use super::spot;
use crate::village::Village;
use commons::place::store as places;
use kit::{Error, on_both};

on_both! { &crate::migrations();
    async fn a_home_is_found_by_what_stands_on_its_door(db) {
        let village = Village::on(db).await;
        let db = &village.app.db;
        let (tenant, _) = places::by_code(db, "shiliu").await.unwrap().unwrap();
        for (entrance, room) in [
            ("1", "301"),
            ("1单元", "301室"),
            (" 1 ", " 301 号"),
            ("一单元", "301"),
            ("一", "３０１室"),
            ("第１单元", "301"),
        ] {
            let home = spot::find(db, tenant, "shiliu/1", entrance, room).await.unwrap();
            assert_eq!(home.path, "shiliu/1/1/301", "{entrance} {room}");
        }
        for (building, entrance, room, field) in [
            ("", "1", "301", "building"),
            ("shiliu/1", "1/1", "301", "entrance"),
            ("shiliu/1", "1", "", "room"),
            ("shiliu/1", "1", "999", "room"),
            ("shiliu", "1", "1", "room"),
            ("shiliu/1", "七单元", "301", "entrance"),
        ] {
            match spot::find(db, tenant, building, entrance, room).await {
                Err(Error::Invalid(wrong)) => assert_eq!(wrong[0].field, field, "{building} {entrance} {room}"),
                other => panic!("{building} {entrance} {room}: {other:?}"),
            }
        }
    }
}

#[test]
fn an_entrance_is_read_in_chinese_figures() {
    for (typed, read) in
        [("一", "1"), ("十", "10"), ("十二", "12"), ("二十", "20"), ("二十三", "23"), ("东", "东"), ("", "")]
    {
        assert_eq!(spot::figures(typed), read);
    }
}
