//! The tree: what lies below what, and that both engines keep it alike.

use super::store;
use super::*;
use kit::db::testing::context;
use kit::on_both;
use kit::time::Moment;

on_both! { crate::all_migrations();
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

    async fn a_sheet_is_tried_told_what_is_wrong_with_it_taken_over_and_comes_back_unchanged(db) {
        use super::sheet;
        use crate::sheet::Format;
        let tenant = Tenant {
            id: TenantId(kit::Uuid::from_u128(1)), parent: None, kind: TenantKind::Community, code: "liuhua".into(),
            name: "榴花社区".into(), name_en: "Liuhua".into(), zone: "Asia/Shanghai".into(),
        };
        let tenant = &tenant;
        db.transact(&context(Moment(0)), |tx| Box::pin(async move {
            store::add_tenant(tx, tenant).await?;
            let root = NewPlace::new(PlaceKind::Community, "community", "榴花社区", "Liuhua");
            store::add(tx, tenant.id, None, root).await.map(drop)
        })).await.unwrap();
        let good = "小区代号,小区,楼栋,单元,户室,设施,面积,纬度\nshiliu,石榴园,,,,,,\nshiliu,石榴园,3号楼,2单元,301,,89.50,\n\
            shiliu,石榴园,３幢,2单元,302,,90.1,\nshiliu,石榴园,,,,南门,,31.2600001\n";
        let wrong = "小区代号,小区,楼栋,户室,面积\nshi liu,石榴园,3号楼,301,89\nshiliu,石榴园,3号楼,301,about 89\nshiliu,,,,\n\
            shiliu,石榴园,3号楼,302,1\nshiliu,石榴园,3幢,302,1\n";
        let plan = sheet::plan(wrong.as_bytes(), &[]).unwrap();
        let told: Vec<(usize, &str, &str)> =
            plan.errors.iter().map(|e| (e.row, e.column.as_str(), e.reason.0)).collect();
        assert_eq!(told, [
            (2, "code", "sheet/compound-code-bad"), (3, "area_m2", "sheet/number-bad"),
            (4, "compound", "sheet/name-missing"), (6, "key", "sheet/duplicate-row"),
        ]);
        assert!(sheet::plan("小区代号,手机号\n".as_bytes(), &[]).is_err());
        assert!(sheet::plan("楼栋\n3".as_bytes(), &[]).is_err());

        let plan = sheet::plan(good.as_bytes(), &[]).unwrap();
        assert_eq!((plan.errors.len(), plan.added), (0, 4));
        let planned = &plan;
        db.transact(&context(Moment(0)), |tx| Box::pin(async move { sheet::apply(tx, tenant.id, planned).await })).await.unwrap();
        let tree = store::all(&db, tenant.id).await.unwrap();
        let home = tree.iter().find(|place| place.path == "shiliu/3/2/301").unwrap();
        assert_eq!((home.area, home.label.as_str()), (Some(8_950), "石榴园 3号楼 2单元 301"));
        assert!(tree.iter().any(|place| place.path == "shiliu/3/2/302"));
        let gate = tree.iter().find(|place| place.kind == PlaceKind::Facility).unwrap();
        assert_eq!(gate.ground.lat_e7, Some(312_600_001));
        for format in [Format::Csv, Format::Xlsx] {
            let again = sheet::plan(&sheet::write(&tree, format).unwrap(), &tree).unwrap();
            assert_eq!((again.errors, again.added, again.changed, again.unchanged), (vec![], 0, 0, 6), "{format:?}");
        }
        assert_eq!(sheet::plan(&sheet::template(Format::Xlsx).unwrap(), &tree).unwrap().errors, []);
    }
}
