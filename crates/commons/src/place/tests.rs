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
        let good = "小区代号,小区,楼栋,单元,户室,设施,面积,纬度,经度\nshiliu,石榴园,,,,,,,\nshiliu,石榴园,3号楼,2单元,301,,89.50,,\n\
            shiliu,石榴园,３幢,2单元,302,,90.1,,\nshiliu,石榴园,,,,南门,,31.2600001,120.61\n";
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
        assert_eq!((&plan.errors, plan.added), (&vec![], 4));
        assert_eq!(plan.compounds, [("shiliu".to_owned(), "石榴园".to_owned())]);
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

/// What a sheet of one row is told: column and reason of each fault.
fn told(header: &str, row: &str, tree: &[Place]) -> Vec<(String, &'static str)> {
    let plan = sheet::plan(format!("{header}\n{row}\n").as_bytes(), tree).unwrap();
    plan.errors.into_iter().map(|error| (error.column, error.reason.0)).collect()
}

#[test]
fn a_row_that_makes_no_sense_is_told_by_its_column() {
    let tenant = TenantId(kit::Uuid::from_u128(1));
    let new = NewPlace::new(PlaceKind::Compound, "shiliu", "石榴园", "Pomegranate Court");
    let compound = new.below(PlaceId(kit::Uuid::from_u128(2)), tenant, None);
    let new = NewPlace::new(PlaceKind::Building, "3", "3号楼", "Building 3");
    let tree = [compound.clone(), new.below(PlaceId(kit::Uuid::from_u128(3)), tenant, Some(&compound))];
    let header = "键,小区代号,小区,楼栋,单元,户室,设施,设施类型,面积,纬度,经度,东,北";
    let table = [
        // A home or an entrance says in which building.
        (",shiliu,石榴园,,2单元,201,,,,,,,", vec![("building", "sheet/parent-missing")]),
        (",shiliu,石榴园,,,201,,,,,,,", vec![("building", "sheet/parent-missing")]),
        (",shiliu,石榴园,,2单元,,电梯,lift,,,,,", vec![("building", "sheet/parent-missing")]),
        ("shiliu/201,shiliu,石榴园,,,201,,,,,,,", vec![("key", "sheet/key-depth")]),
        ("shiliu/3,shiliu,石榴园,,,,小花园,garden,,,,,", vec![("key", "sheet/kind-differs")]),
        ("wutong/3,shiliu,石榴园,3号楼,,,,,,,,,", vec![("key", "sheet/key-elsewhere")]),
        // A compound that nobody knows needs a name, and one that is known keeps its own.
        (",wutong,,2号楼,,,,,,,,,", vec![("code", "sheet/compound-unknown")]),
        (",shiliu,石榴苑,3号楼,,,,,,,,,", vec![("compound", "sheet/compound-name-differs")]),
        (",shiliu,石榴苑,,,,,,,,,,", vec![("compound", "sheet/compound-name-differs")]),
        (",shiliu,石榴园,,,,南门,door,,,,,", vec![("facility_kind", "sheet/facility-kind-unknown")]),
        (",shiliu,石榴园,3号楼,1单元,301,,,-5,,,,", vec![("area_m2", "sheet/area-bad")]),
        (",shiliu,石榴园,3号楼,1单元,301,,,0,,,,", vec![("area_m2", "sheet/area-bad")]),
        (",shiliu,石榴园,3号楼,1单元,301,,,89500,,,,", vec![("area_m2", "sheet/area-bad")]),
        (",shiliu,石榴园,,,,南门,gate,,31.26,,,", vec![("lon", "sheet/pair-missing")]),
        (",shiliu,石榴园,,,,南门,gate,,,120.61,,", vec![("lat", "sheet/pair-missing")]),
        (",shiliu,石榴园,,,,南门,gate,,,,5,", vec![("y_m", "sheet/pair-missing")]),
        (",shiliu,石榴园,,,,南门,gate,,91,120.61,,", vec![("lat", "sheet/number-bad")]),
        (",shiliu,石榴园,,,,南门,gate,,31.26,-180.5,,", vec![("lon", "sheet/number-bad")]),
        (",shiliu,石榴园,..,,,,,,,,,", vec![("building", "sheet/name-bad"), ("key", "sheet/key-bad")]),
        (",shiliu,石榴园,,,,东/西门,gate,,,,,", vec![("facility", "sheet/name-bad")]),
        (",shiliu,石榴园,,,,\"东\n门\",gate,,,,,", vec![("facility", "sheet/name-bad"), ("key", "sheet/key-bad")]),
        (",shiliu,石榴园,3号楼,1单元,301,,,89.5,31.26,120.61,1,2", vec![]),
        (",shiliu,Pomegranate Court,,,,南门,大门,,,,,", vec![]),
    ];
    for (row, faults) in table {
        let faults: Vec<(String, &str)> = faults.into_iter().map(|(column, why)| (column.to_owned(), why)).collect();
        assert_eq!(told(header, row, &tree), faults, "{row}");
    }
    let two = "小区代号,小区,楼栋\nwutong,梧桐里,1号楼\nwutong,梧桐院,2号楼\n";
    let plan = sheet::plan(two.as_bytes(), &tree).unwrap();
    assert_eq!(
        plan.errors.iter().map(|error| (error.row, error.reason.0)).collect::<Vec<_>>(),
        [(3, "sheet/compound-name-differs")]
    );
}
