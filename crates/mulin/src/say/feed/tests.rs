//! Reading along with a program: what is public is there, well-formed, once; what is not is nowhere.

use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;

/// Whether every element of a document is closed by its own end, and no loose `&` or `<` stands in it.
fn is_well_formed(xml: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some((text, tag)) = rest.split_once('<') {
        if text.match_indices('&').any(|(at, _)| {
            let name = text[at + 1..].split(';').next().unwrap_or_default();
            !matches!(name, "amp" | "lt" | "gt" | "quot")
        }) {
            return false;
        }
        let Some((tag, after)) = tag.split_once('>') else { return false };
        let name = tag.split_whitespace().next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(name) if open.pop() != Some(name) => return false,
            None if !tag.starts_with('?') && !tag.ends_with('/') => open.push(name),
            _ => {}
        }
        rest = after;
    }
    open.is_empty() && !xml.chars().any(|c| c < ' ' && !matches!(c, '\n' | '\r' | '\t'))
}

async fn says(village: &Village, words: &str, more: &[(&str, &str)]) -> String {
    let fields = [&[("at", "shiliu/1"), ("words", words)][..], more].concat();
    village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", &fields).await.location
}

on_both! { &crate::migrations();
    async fn a_feed_tells_what_is_public_and_nothing_else(db) {
        let village = Village::on(db).await;
        says(&village, "三楼<灯>不亮 & 闪\u{1b}", &[("category", "lighting")]).await;
        says(&village, "只给办事的人看的话", &[("private", "1")]).await;
        says(&village, "楼道里堆了柜子", &[("category", "clutter")]).await;
        let feed = village.get("stranger", "/say/feed?compound=shiliu").await;
        assert_eq!(feed.status, StatusCode::OK);
        assert!(is_well_formed(&feed.body), "{}", feed.body);
        feed.says("三楼&lt;灯&gt;不亮 &amp; 闪").says("楼道里堆了柜子").says("<link>http://mulin.example/say/requests/shiliu-1</link>");
        feed.says_not("只给办事的人看的话").says_not("granny").says_not(" 301").says_not("/301").says_not("shiliu-2<");
        assert_eq!(feed.body.matches("<item>").count(), 2);
        let one = village.get("stranger", "/say/feed?compound=shiliu&building=1&category=clutter&lang=en").await;
        one.says("what people say").says("楼道里堆了柜子").says_not("闪");
        let other = village.get("stranger", "/say/feed?building=shiliu/2").await;
        other.says_not("<item>");
        assert!(is_well_formed(&other.body));
        for nothing in ["?compound=nowhere", "?compound=shiliu&building=9", "?compound=shiliu&category=x", "?case=shiliu-2"] {
            let seen = village.get("stranger", &format!("/say/feed{nothing}")).await;
            assert_eq!(seen.status, StatusCode::NOT_FOUND, "{nothing}");
        }
        village.get("stranger", "/say/requests?compound=shiliu").await.says("application/rss+xml");
    }

    async fn the_feed_of_a_case_tells_its_steps(db) {
        let village = Village::on(db).await;
        says(&village, "三楼灯不亮", &[("category", "lighting")]).await;
        let page = "/say/requests/shiliu-1";
        village.fill("property", page, "/say/requests/shiliu-1/accept", &[]).await;
        village.fill("property", page, "/say/requests/shiliu-1/note", &[("words", "内部一句话")]).await;
        village.fill("property", page, "/say/requests/shiliu-1/report", &[("outcome", "solved"), ("words", "换了")]).await;
        village.get("stranger", page).await.says("/say/feed?case=shiliu-1");
        let feed = village.get("stranger", "/say/feed?case=shiliu-1").await;
        assert!(is_well_formed(&feed.body));
        feed.says("有人说了一件事").says("有人接了").says("回话了：办好了").says_not("内部一句话");
        assert_eq!(feed.body.matches("<item>").count(), 3);
    }

    async fn a_reader_who_has_the_feed_is_told_so(db) {
        let village = Village::on(db).await;
        says(&village, "三楼灯不亮", &[]).await;
        let path = "/say/feed?compound=shiliu";
        let first = village.get("reader", path).await;
        let tag = first.header("etag");
        let since = first.header("last-modified");
        assert_eq!(village.get_with("reader", path, &[("if-none-match", &tag)]).await.status, StatusCode::NOT_MODIFIED);
        assert_eq!(village.get_with("reader", path, &[("if-modified-since", &since)]).await.status, StatusCode::NOT_MODIFIED);
        village.wait(2_000);
        says(&village, "又一件", &[]).await;
        for headers in [[("if-none-match", tag.as_str())], [("if-modified-since", since.as_str())]] {
            assert_eq!(village.get_with("reader", path, &headers).await.status, StatusCode::OK);
        }
    }
}
