//! Areas are exact, heads are counted as the law counts them, and a sheet comes back as it went.

use super::*;
use crate::place::TenantId;
use crate::sheet::Format;
use kit::Uuid;
use kit::db::testing::context;
use kit::on_both;
use kit::time::Moment;

fn unit(code: &str, area: i64, owners: &[(&str, &str)]) -> Unit {
    let owner = |(name, mark): &(&str, &str)| Owner { name: (*name).into(), mark: (*mark).into(), share: None };
    Unit { code: code.into(), kind: UnitKind::Home, area, owners: owners.iter().map(owner).collect() }
}

#[test]
fn areas_are_read_exactly_or_not_at_all() {
    for (text, hundredths) in
        [("88", 8_800), ("88.5", 8_850), ("88.05", 8_805), (" 0.01 ", 1), ("1000000", 100_000_000)]
    {
        assert_eq!(area(text), Some(hundredths), "{text}");
    }
    for text in ["", "0", "0.00", "-1", "88.555", "1e3", "88,5", "1000000.01", "99999999999999999999", ".5", "八十八"]
    {
        assert_eq!(area(text), None, "{text}");
    }
    assert_eq!((area_text(8_805), area_text(1)), ("88.05".into(), "0.01".into()));
}

#[test]
fn a_line_is_an_owner() {
    let read = owners("沈云舟\n 林小满 , 2 , 1/3\n\n周明，，50%").unwrap();
    assert_eq!(read.len(), 3);
    assert_eq!((read[1].mark.as_str(), read[1].share), ("2", Some(Share { part: 1, whole: 3 })));
    assert_eq!((read[2].mark.as_str(), read[2].share), ("", Some(Share { part: 50, whole: 100 })));
    assert!(owners("a,b,1/2,c").is_err());
    assert!(owners("a,b,2/1").is_err());
}

#[test]
fn an_identity_number_is_no_mark() {
    let with = |mark: &str| Owner { name: "沈云舟".into(), mark: mark.into(), share: None };
    assert!(with("0042").check().is_ok());
    assert!(with("11010119900307123X").check().is_err());
    assert!(with("110101900307123").check().is_err());
}

#[test]
fn a_sheet_comes_back_as_it_went_and_every_fault_is_told_by_its_row() {
    let mut units =
        vec![unit("1-1-101", 8_850, &[("沈云舟", ""), ("林小满", "2")]), unit("B-07", 1_325, &[("周明", "")])];
    units[0].owners[0].share = Some(Share { part: 1, whole: 3 });
    units[1].kind = UnitKind::Parking;
    for format in [Format::Csv, Format::Xlsx] {
        let read = sheet::plan(&sheet::write(&units, format).unwrap()).unwrap();
        assert_eq!((read.units, read.errors), (units.clone(), Vec::new()));
    }
    let text = "户号,类型,专有面积,业主,编号,份额\n1,住宅,88,沈,,\n,住宅,88,林,,\n2,别墅,88,周,,\n3,住宅,八十,吴,,\n4,住宅,88,,,\n\
        5,住宅,88,郑,110101199003071234,\n1,住宅,89,王,,\n1,商铺,,冯,,\n6,住宅,60,甲,,2/3\n6,,,乙,,2/3\n7,,50,丙,,\n7,,,丙,,\n8,住宅,1,丁,,9/1\n";
    let plan = sheet::plan(text.as_bytes()).unwrap();
    let faults: Vec<(usize, &str, &str)> =
        plan.errors.iter().map(|error| (error.row, error.column.as_str(), error.reason.0)).collect();
    assert_eq!(
        faults,
        [
            (3, "unit", "register/code"),
            (4, "kind", "register/kind"),
            (5, "area_m2", "register/area"),
            (6, "owner", "register/owner-name"),
            (7, "mark", "register/owner-mark"),
            (8, "area_m2", "register/area-differs"),
            (9, "kind", "register/kind-differs"),
            (11, "owner", "homes/share-too-much"),
            (13, "owner", "register/owner-twice"),
            (14, "share", "homes/share"),
        ]
    );
    for (text, reason) in [
        ("户号,业主\n1,沈\n", "register/columns"),
        ("户号,专有面积,业主,身份证号\n1,88,沈,x\n", "sheet/column-not-wanted"),
        ("户号,专有面积,业主\n", "register/empty"),
    ] {
        match sheet::plan(text.as_bytes()) {
            Err(Error::Invalid(fields)) => assert_eq!(fields[0].reason.0, reason),
            other => panic!("{text}: {other:?}"),
        }
    }
}

on_both! { crate::all_migrations();
    async fn six_hundred_parts_are_five_hundred_and_sixty_seven_heads(db) {
        let secrets = &kit::secrets::Secrets::from_bytes([7; 32]);
        let at = (TenantId(Uuid::from_u128(1)), PlaceId(Uuid::from_u128(2)));
        let mut units = Vec::new();
        for n in 0..600 {
            let (code, single) = (format!("{n:03}"), format!("业主{n}"));
            // The developer holds thirty that are not sold, one buyer has five, and one part has two owners.
            units.push(match n {
                0..30 => unit(&code, 10_000, &[("开发商", "")]),
                30..35 => unit(&code, 10_000, &[("一位买主", "")]),
                35 => unit(&code, 10_000, &[("夫", ""), ("妻", "")]),
                // Two of the same name are two, where the committee tells them apart.
                36 => unit(&code, 10_000, &[("张伟", "1")]),
                37 => unit(&code, 10_000, &[("张伟", "2")]),
                _ => unit(&code, 10_000, &[(&single, "")]),
            });
        }
        let all = &units;
        db.transact(&context(Moment(0)), |tx| Box::pin(async move { store::replace(tx, secrets, at, all).await })).await.unwrap();
        let totals = store::totals(&db, at).await.unwrap();
        assert_eq!((totals.units, totals.area, totals.heads), (600, 6_000_000, 567));
        let (first, rest) = (store::units(&db, secrets, at, ("", 400)).await.unwrap(), store::units(&db, secrets, at, ("399", 400)).await.unwrap());
        assert_eq!((first.len(), rest.len()), (400, 200));
        let read: Vec<Unit> = first.into_iter().chain(rest).map(|(_, unit)| unit).collect();
        assert_eq!(read, units);
        // Another compound has a register of its own.
        let other = (at.0, PlaceId(Uuid::from_u128(3)));
        assert_eq!(store::totals(&db, other).await.unwrap(), Totals::default());
        let few = &units[..2];
        db.transact(&context(Moment(0)), |tx| Box::pin(async move { store::replace(tx, secrets, at, few).await })).await.unwrap();
        assert_eq!(store::totals(&db, at).await.unwrap().heads, 1);
    }
}
