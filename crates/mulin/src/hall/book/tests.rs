//! Stories of the head on the wall.

use crate::keep::check;
use crate::keep::check_book::Published;
use crate::keep::store::spoil;
use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;
use serde_json::Value;

async fn say(village: &Village, words: &str) -> String {
    let fields = [("at", "shiliu/1"), ("words", words)];
    let said = village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", &fields).await;
    said.location.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned()
}

async fn private(village: &Village, words: &str) -> String {
    let fields = [("at", "shiliu/1"), ("words", words), ("private", "1")];
    let said = village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", &fields).await;
    said.location.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned()
}

async fn head(village: &Village) -> (i64, String) {
    crate::chores::seal(&village.app).await.unwrap();
    let told: Value = serde_json::from_str(&village.get("stranger", "/api/v1/books").await.body).unwrap();
    let book = &told["books"][0];
    assert_eq!(book["community"], "liuhua");
    (book["entries"].as_i64().unwrap(), book["digest"].as_str().unwrap_or_default().to_owned())
}

/// How often it stands in the book that staff looked at something private.
async fn looks(village: &Village) -> usize {
    spoil::looks(&village.app.db).await.unwrap()
}

on_both! { &crate::migrations();
    async fn anybody_reads_the_head_and_holds_an_old_one_against_the_book(db) {
        let village = Village::on(db).await;
        village.get("stranger", "/about/book").await.says("还没有封上的记录");
        say(&village, "三楼声控灯不亮了").await;
        let (entries, digest) = head(&village).await;
        assert!(entries > 0 && digest.len() == 64);
        let page = village.get("stranger", "/about/book").await;
        assert_eq!(page.status, StatusCode::OK);
        page.says(&digest[..8]);
        page.says("榴花社区");
        // Life goes on, and the old sheet still fits.
        say(&village, "楼道里又堆了柜子").await;
        let (more, _) = head(&village).await;
        assert!(more > entries);
        let asked = format!("/about/book?of=liuhua&entries={entries}&digest={digest}");
        village.get("stranger", &asked).await.says("对得上");
        let bent = digest.replace(&digest[..1], if digest.starts_with('0') { "1" } else { "0" });
        village.get("stranger", &format!("/about/book?entries={entries}&digest={bent}")).await.says("对不上");
        let longer = more + 1;
        village.get("stranger", &format!("/about/book?entries={longer}&digest={digest}")).await.says("没有这么多");
        let wrong = village.get("stranger", "/about/book?entries=x&digest=123").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(village.get("stranger", "/about/book?of=nowhere").await.status, StatusCode::NOT_FOUND);
        let at = village.get("stranger", &format!("/api/v1/books/liuhua/{entries}")).await;
        assert!(at.body.contains(&digest), "{}", at.body);
        for gone in [format!("/api/v1/books/liuhua/{longer}"), "/api/v1/books/liuhua/x".into(), "/api/v1/books/none/1".into()] {
            assert_eq!(village.get("stranger", &gone).await.status, StatusCode::NOT_FOUND, "{gone}");
        }
    }

    async fn the_check_reads_the_book_again_and_holds_it_against_a_published_head(db) {
        let village = Village::on(db.clone()).await;
        for words in ["三楼声控灯不亮了", "楼道里又堆了柜子", "电梯停在五楼"] {
            say(&village, words).await;
        }
        village.listeners().await;
        let (entries, digest) = head(&village).await;
        let app = &village.app;
        let paper: Vec<Published> = vec![format!("liuhua:{entries}:{digest}").parse().unwrap(), format!("{entries}: {} {}", &digest[..8], &digest[8..]).parse().unwrap()];
        assert_eq!(check::run_with(app, &paper).await.unwrap(), []);
        let elsewhere: Published = format!("yulan:{entries}:{digest}").parse().unwrap();
        assert!(check::run_with(app, &[elsewhere]).await.is_err());
        let spoil_by = async |sql: &'static str| {
            let context = app.context();
            db.transact(&context, |tx| Box::pin(async move { spoil::by(tx, sql).await })).await.unwrap();
        };
        let found = async |paper: &[Published]| {
            let all = check::run_with(app, paper).await.unwrap();
            all.into_iter().map(|one| one.what).filter(|what| what.starts_with("book-")).collect::<Vec<_>>()
        };
        spoil_by(spoil::BOOK_CHANGED).await;
        assert_eq!(found(&[]).await, ["book-entry-differs: liuhua 2"]);
        spoil_by(spoil::BOOK_CHANGED_BACK).await;
        for cut in spoil::BOOK_CUT {
            spoil_by(cut).await;
        }
        assert_eq!(found(&[]).await, Vec::<String>::new(), "a tail that was cut with care");
        assert_eq!(found(&paper[..1]).await, [format!("book-cut: liuhua {entries}")]);
    }

    async fn staff_who_open_what_is_private_stand_in_the_book_once_a_day(db) {
        let village = Village::on(db).await;
        let code = private(&village, "楼上夜里很吵").await;
        let page = format!("/say/requests/{code}");
        for _ in 0..3 {
            assert_eq!(village.get("captain", &page).await.status, StatusCode::OK);
        }
        assert_eq!(village.get("captain", &format!("/api/v1/requests/{code}")).await.status, StatusCode::OK);
        assert_eq!(looks(&village).await, 1);
        village.wait(kit::time::Moment::days(1));
        village.get("captain", &page).await;
        assert_eq!(looks(&village).await, 2);
        village.get("community", &format!("/api/v1/requests/{code}")).await;
        assert_eq!(looks(&village).await, 3);
        // The one whose words they are sees it, and does not stand there themselves.
        let mine = village.get("granny", &page).await;
        mine.says("看过");
        assert_eq!(village.get("tenant", &page).await.status, StatusCode::NOT_FOUND);
        let open = say(&village, "三楼声控灯不亮了").await;
        village.get("captain", &format!("/say/requests/{open}")).await;
        assert_eq!(looks(&village).await, 3);
        village.listeners().await;
        assert_eq!(check::run(&village.app).await.unwrap(), []);
    }
}
