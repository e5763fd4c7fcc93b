//! Out of one house and into an empty one, and out again: byte for byte the same.

use super::{Form, read, write};
use crate::demo;
use crate::keep::{backup, check, export};
use crate::say::requests::actions;
use crate::say::requests::model::{Deed, Hand};
use crate::village::Village;
use commons::case::store as cases;
use commons::people::Actor;
use commons::place::{Tenant, sheet, store as places};
use commons::sheet::Format;
use kit::db::testing::fresh;
use kit::on_both;
use kit::web::App;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// Every request of a community, as it is exported.
pub async fn written(app: &App, tenant: &Tenant, form: Form) -> String {
    let mut bytes = Vec::new();
    write::requests(app, tenant, form, false, &mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

/// A file that is gone when the test is over.
struct Paper(PathBuf);

impl Paper {
    fn with(text: &str) -> Paper {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!("mulin_records_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        Paper(path)
    }
}

impl Drop for Paper {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The same places in an empty house, by way of the sheet.
async fn resettle(old: &App, tenant: &Tenant, new: &App) -> Tenant {
    let bytes = export::places_sheet(old, tenant, Format::Csv).await.unwrap();
    let made = export::new_community(new, &tenant.code, &tenant.name).await.unwrap();
    let plan = sheet::plan(&bytes, &places::all(&new.db, made.id).await.unwrap()).unwrap();
    assert_eq!(plan.errors, []);
    let (plan, id) = (&plan, made.id);
    new.db.transact(&new.context(), |tx| Box::pin(async move { sheet::apply(tx, id, plan).await })).await.unwrap();
    let again = export::places_sheet(new, &made, Format::Csv).await.unwrap();
    let (was, is) = (String::from_utf8(bytes).unwrap(), String::from_utf8(again).unwrap());
    assert!(was == is, "places: {}", first_difference(&was, &is));
    made
}

fn first_difference(was: &str, is: &str) -> String {
    let lines = was.lines().zip(is.lines()).find(|(one, other)| one != other);
    lines.map_or_else(|| format!("{} and {} bytes", was.len(), is.len()), |(one, other)| format!("\n{one}\n{other}"))
}

fn sentence(told: kit::Result<read::Counts>) -> String {
    told.map(|counts| format!("{counts:?}")).unwrap_err().to_string()
}

on_both! { &crate::migrations();
    async fn the_demo_goes_out_and_in_and_out_the_same_in_both_forms(db) {
        let old = crate::village::app_on(db.clone());
        demo::pour(&old, 150).await.unwrap();
        let tenant = export::tenant(&old, Some("liuhua")).await.unwrap();
        // Words that a spreadsheet would run, and words that begin like what keeps it from that.
        for words in ["=1+1 灯坏了", "'+引号", "@楼长", "-三楼", "\"引,号\"\r\n两行"] {
            backup::tests::say(&old, words, false).await;
        }
        for form in [Form::Lines, Form::Csv] {
            let out = written(&old, &tenant, form).await;
            assert!(out.contains("liuhua") || out.len() > 50_000, "{} bytes", out.len());
            assert!(!out.contains("13900001234"), "a contact goes out only where it is asked for");
            let other = fresh(db.dialect(), &crate::migrations()).await.unwrap();
            let new = crate::village::app_on(other.db.clone());
            let made = resettle(&old, &tenant, &new).await;
            let paper = Paper::with(&out);
            assert_eq!(read::form_of(&paper.0).unwrap(), Some(form));
            let counts = read::run(&new, &made, &paper.0, form).await.unwrap();
            assert!(counts.added > 50 && counts.read == counts.added, "{counts:?}");
            let again = written(&new, &made, form).await;
            assert!(out == again, "{form:?}: {}", first_difference(&out, &again));
            assert_eq!(check::run(&new).await.unwrap(), []);
            let twice = read::run(&new, &made, &paper.0, form).await.unwrap();
            assert_eq!((twice.added, twice.known), (0, counts.read));
            assert!(written(&new, &made, form).await == out);
        }
    }

    async fn a_broken_line_is_told_by_its_number_and_nothing_is_half_written(db) {
        let old = crate::village::app_on(db.clone());
        demo::pour(&old, 12).await.unwrap();
        let tenant = export::tenant(&old, Some("liuhua")).await.unwrap();
        let out = written(&old, &tenant, Form::Lines).await;
        let other = fresh(db.dialect(), &crate::migrations()).await.unwrap();
        let new = crate::village::app_on(other.db.clone());
        let made = resettle(&old, &tenant, &new).await;
        let lines: Vec<&str> = out.lines().collect();
        let last = lines.len();
        let code = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["code"].as_str().unwrap().to_owned();
        let spoilt = [
            (lines[last - 1].replacen("\"round\":", "\"round\":-x", 1), "line"),
            (lines[last - 1].replacen("mulin-request/1", "mulin-request/9", 1), "this program reads mulin-request/1"),
            (lines[last - 1].replacen("\"holder_place\":\"", "\"holder_place\":\"moon/", 1), "holder_place is not a place of this community"),
            (lines[last - 1].replacen("\"state\":\"", "\"state\":\"half-", 1), "state is not known"),
            (lines[last - 1].replacen("\"at\":\"20", "\"at\":\"noon 20", 1), "at is not a time"),
            (lines[0].to_owned(), "stands twice in the file"),
            ("{}".to_owned(), "this program reads"),
        ];
        for (bad, why) in &spoilt {
            let paper = Paper::with(&[&lines[..last - 1].join("\n"), bad.as_str()].join("\n"));
            let told = sentence(read::run(&new, &made, &paper.0, Form::Lines).await);
            assert!(told.contains(&format!("line {last}: ")) && told.contains(why), "{told}");
            assert!(written(&new, &made, Form::Lines).await.is_empty(), "{why}");
        }
        let csv = written(&old, &tenant, Form::Csv).await.replacen(&code(lines[last - 1]), "elsewhere-1", 1);
        let paper = Paper::with(&csv);
        let told = sentence(read::run(&new, &made, &paper.0, Form::Csv).await);
        assert!(told.contains("line ") && told.contains("elsewhere-1 does not belong to"), "{told}");
        assert!(written(&new, &made, Form::Lines).await.is_empty());
    }

    async fn joined_requests_and_contacts_come_along(db) {
        let village = Village::on(db.clone()).await;
        let app = &village.app;
        let (one, _) = backup::tests::say(app, "一楼的灯坏了", false).await;
        backup::tests::say(app, "一楼灯不亮", false).await;
        let tenant = export::tenant(app, None).await.unwrap();
        let nobody = &Actor::default();
        let context = app.context();
        let merged = app.db.transact(&context, |tx| Box::pin(async move {
            let hand = Hand { actor: nobody, slip: Some(one) };
            actions::act(tx, hand, (tenant.id, one), &Deed::Merge { into: "shiliu-2".into() }, &[]).await.map(drop)
        }));
        merged.await.unwrap();
        let tenant = export::tenant(app, None).await.unwrap();
        let mut bytes = Vec::new();
        write::requests(app, &tenant, Form::Csv, true, &mut bytes).await.unwrap();
        let out = String::from_utf8(bytes).unwrap();
        assert_eq!(out.matches("13900001234").count(), 2);
        let other = fresh(db.dialect(), &crate::migrations()).await.unwrap();
        let new = crate::village::app_on(other.db.clone());
        let made = resettle(app, &tenant, &new).await;
        let paper = Paper::with(&out);
        read::run(&new, &made, &paper.0, Form::Csv).await.unwrap();
        let mut again = Vec::new();
        write::requests(&new, &made, Form::Csv, true, &mut again).await.unwrap();
        assert!(again == out.as_bytes(), "{}", first_difference(&out, &String::from_utf8(again).unwrap()));
        assert_eq!(check::run(&new).await.unwrap(), []);
        // The next number goes on after the highest.
        let (next, _) = backup::tests::say(&new, "二楼的灯也坏了", false).await;
        let found = cases::by_code(&new.db, "shiliu-3").await.unwrap().unwrap();
        assert_eq!(found.row.case.id, next);
    }
}
