//! The tree: what lies below what, and that both engines keep it alike.

use super::store;
use super::*;
use kit::db::testing::context;
use kit::on_both;
use kit::time::Moment;

const ALL: &[kit::db::Migration] = &{
    let [commons] = crate::MIGRATIONS else { panic!("one migration") };
    let [one, two, three] = kit::MIGRATIONS else { panic!("three migrations") };
    [*one, *two, *three, *commons]
};

on_both! { ALL;
    async fn every_statement_of_the_nouns_is_understood(db) {
        for sql in crate::statements() {
            db.prepare(&sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        }
    }

    async fn a_home_lies_in_its_entrance_building_and_compound_and_in_no_other(db) {
        let tenant = Tenant {
            id: TenantId(kit::Uuid::from_u128(1)), parent: None, kind: TenantKind::Community, code: "liuhua".into(),
            name: "榴花社区".into(), name_en: "Liuhua".into(), zone: "Asia/Shanghai".into(),
        };
        let tenant = &tenant;
        let (root, two, home) = db.transact(&context(Moment(0)), |tx| Box::pin(async move {
            store::add_tenant(tx, tenant).await?;
            let root = NewPlace::new(PlaceKind::Community, "liuhua", "榴花社区", "Liuhua");
            let root = store::add(tx, tenant.id, None, root).await?;
            let new = NewPlace::new(PlaceKind::Compound, "shiliu", "石榴园", "Shiliu Yuan");
            let compound = store::add(tx, tenant.id, Some(&root), new).await?;
            let new = |n: &str| NewPlace::new(PlaceKind::Building, n, format!("{n}号楼"), format!("Building {n}"));
            let one = store::add(tx, tenant.id, Some(&compound), new("1")).await?;
            let two = store::add(tx, tenant.id, Some(&compound), new("2")).await?;
            let new = NewPlace::new(PlaceKind::Entrance, "1", "1单元", "Entrance 1");
            let entrance = store::add(tx, tenant.id, Some(&one), new).await?;
            let new = NewPlace::new(PlaceKind::Home, "301", "301", "301");
            let home = store::add(tx, tenant.id, Some(&entrance), new).await?;
            Ok((root, two, home))
        })).await.unwrap();
        assert_eq!(home.path, "shiliu/1/1/301");
        assert_eq!(home.label, "石榴园 1号楼 1单元 301");
        assert!(root.holds(&home) && !two.holds(&home));
        let found = store::by_path(&db, tenant.id, "shiliu/1/1/301").await.unwrap().unwrap();
        assert_eq!(found, home);
        let one = store::find(&db, tenant.id, home.building.unwrap()).await.unwrap().unwrap();
        assert!(one.holds(&home));
        assert_eq!(store::by_code(&db, "shiliu").await.unwrap().unwrap().0, tenant.id);
        assert_eq!(store::all(&db, tenant.id).await.unwrap().len(), 6);
    }
}
