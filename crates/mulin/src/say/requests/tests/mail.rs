//! Stories about letters that come in.

use crate::village::post::Post;
use crate::village::{Village, parts_on};
use axum::http::StatusCode;
use kit::db::Db;
use kit::mail::{Mailer, incoming};
use kit::on_both;
use kit::web::App;

const TOKEN: &str = "token-of-the-postman";

/// A village with a mail server and a mailbox for its compound.
async fn village(db: Db, post: &Post) -> Village {
    let mut parts = parts_on(db, true);
    parts.config.public_url = Some("http://mulin.example".into());
    parts.mail = Some(Mailer::open(&format!("smtp://{}", post.address), None, "睦邻 <mulin@mulin.example>").unwrap());
    let village = Village::of(App::new(parts)).await;
    let page = village.get("property", "/office/channels").await.body;
    let place = page.split(">石榴园</option>").next().unwrap().rsplit("value=\"").next().unwrap();
    let fields = [("mailbox", "Shiliu@mulin.example"), ("place", place.split('"').next().unwrap())];
    let seen = village.fill("property", "/office/channels", "/office/channels/mailbox", &fields).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
    village
}

fn letter(id: &str, from: &str, more: &str, body: &str) -> Vec<u8> {
    format!(
        "From: {from}\r\nTo: shiliu@mulin.example\r\nSubject: lift\r\nMessage-ID: <{id}@mail.example>\r\n{more}\r\n{body}\r\n"
    )
    .into_bytes()
}

async fn requests(village: &Village) -> i64 {
    let found = commons::case::store::by_code(&village.app.db, "shiliu-9").await.unwrap();
    assert!(found.is_none());
    let mut n = 0;
    while commons::case::store::by_code(&village.app.db, &format!("shiliu-{}", n + 1)).await.unwrap().is_some() {
        n += 1;
    }
    n
}

on_both! { &crate::migrations();
    async fn a_long_letter_is_kept_whole_in_pieces(db) {
        let post = Post::mail(&[]).await;
        let village = village(db, &post).await;
        let body = format!("{}{}最后一句", "甲".repeat(2_500), "乙".repeat(2_000));
        let plain = "Content-Type: text/plain; charset=utf-8\r\n";
        village.letter(TOKEN, "", &letter("1", "li@mail.example", plain, &body)).await.says("filed");
        village.post_all().await;
        let page = village.get("community", "/say/requests/shiliu-1").await.body;
        // The first piece stands twice: as the words, and in its step.
        assert_eq!(page.matches('乙').count(), 2_000);
        assert!(page.contains("最后一句"));
        let slip = post.seen().join("\n");
        assert!(slip.contains("shiliu-1") && !slip.contains("4万字"), "{slip}");
    }

    async fn a_slip_opens_a_closed_case_again(db) {
        let village = Village::on(db).await;
        let said = [("at", "shiliu/1"), ("words", "单元门关不上"), ("category", "gate")];
        let slip = village.fill("walker", "/say/requests/new?at=shiliu/1", "/say/requests", &said).await.location;
        let slip = slip.split('?').next().unwrap_or_default().to_owned();
        let page = "/say/requests/shiliu-1";
        let does = async |who: &str, on: &str, deed: &str, fields: &[(&str, &str)]| {
            let seen = village.fill(who, on, &format!("{on}/{deed}"), fields).await;
            assert_eq!(seen.status, StatusCode::SEE_OTHER, "{deed}: {}", seen.text());
        };
        does("property", page, "report", &[("outcome", "solved"), ("words", "修好了")]).await;
        does("walker", &slip, "judge", &[("solved", "yes")]).await;
        village.get("stranger", page).await.says("已了结");
        does("walker", &slip, "judge", &[("solved", "no"), ("words", "又合不上了")]).await;
        village.get("stranger", page).await.says("又合不上了").says("正在办");
        does("walker", &slip, "add", &[("words", "门轴松了")]).await;
        village.get("stranger", page).await.says("门轴松了");
    }

    async fn a_letter_becomes_a_request_and_its_writer_gets_a_slip(db) {
        let post = Post::mail(&[]).await;
        let village = village(db, &post).await;
        let photo = "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n\
            iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\r\n";
        let body = format!(
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n三号楼电梯不动了\r\n{photo}\
             --b\r\nContent-Type: application/zip\r\nContent-Disposition: attachment\r\n\r\nPK\r\n--b--\r\n"
        );
        let raw = letter("1", "Li <Li@mail.example>", "Content-Type: multipart/mixed; boundary=b\r\n", &body);
        let seen = village.letter(TOKEN, "", &raw).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
        seen.says(r#""fate":"filed""#).says("shiliu-1");
        village.letter(TOKEN, "", &raw).await.says("known");
        assert_eq!(requests(&village).await, 1);
        // For the parties only; the way to reach the writer is sealed as the contact.
        assert_eq!(village.get("nobody", "/say/requests/shiliu-1").await.status, StatusCode::NOT_FOUND);
        let case = village.get("captain", "/say/requests/shiliu-1").await;
        let holder = if case.status == StatusCode::OK { "captain" } else { "property" };
        let case = village.get(holder, "/say/requests/shiliu-1").await;
        case.says("三号楼电梯不动了").says_not("li@mail.example");
        village.post_all().await;
        let slip = incoming::read(post.seen()[0].as_bytes()).unwrap();
        assert_eq!(slip.to, ["li@mail.example"]);
        assert_eq!(slip.answers, ["1@mail.example", "1@mail.example"]);
        assert!(slip.text.contains("shiliu-1") && slip.text.contains("1 张") && slip.text.contains("另有 1 个附件"), "{}", slip.text);
        let link = slip.text.split("http://mulin.example").nth(1).unwrap().split_whitespace().next().unwrap();
        village.get("nobody", link).await.says("三号楼电梯不动了");

        // What happens is told by letter, and an answer to it is added.
        village.fill(holder, "/say/requests/shiliu-1", "/say/requests/shiliu-1/accept", &[]).await;
        village.listeners().await;
        village.post_all().await;
        let told = incoming::read(post.seen()[1].as_bytes()).unwrap();
        assert!(told.subject.contains("shiliu-1"), "{}", told.subject);
        let more = format!("In-Reply-To: <{}>\r\n", told.id);
        let stranger = letter("2", "wang@mail.example", &more, "其实是我家的事");
        village.letter(TOKEN, "", &stranger).await.says(r#""fate":"filed""#).says("shiliu-2");
        let answer = letter("3", "li@mail.example", &more, "还是不动\r\n\r\n> 有人接了");
        village.letter(TOKEN, "", &answer).await.says(r#""fate":"added""#).says("shiliu-1");
        village.get(holder, "/say/requests/shiliu-1").await.says("还是不动").says_not("&gt; 有人接了");
        // A program that forgets what it answers to still has the tag in its subject.
        let tagged = String::from_utf8(letter("4", "li@mail.example", "", "又动了")).unwrap();
        let subject = told.subject.split(']').next().unwrap();
        let tagged = tagged.replace("Subject: lift", &format!("Subject: Re: {subject}]"));
        village.letter(TOKEN, "", tagged.as_bytes()).await.says(r#""fate":"added""#);
        assert_eq!(requests(&village).await, 2);

        // The report asks, and its link answers.
        let fields = [("outcome", "solved"), ("words", "换了板子")];
        let reported = village.fill(holder, "/say/requests/shiliu-1", "/say/requests/shiliu-1/report", &fields).await;
        assert_eq!(reported.status, StatusCode::SEE_OTHER, "{}", reported.text());
        village.listeners().await;
        village.post_all().await;
        let letters = post.seen();
        let mut read = letters.iter().map(|letter| incoming::read(letter.as_bytes()).unwrap());
        let asked = read.find(|letter| letter.text.contains("/answer/")).expect("the report asks by letter.");
        let link = asked.text.split("http://mulin.example").nth(1).unwrap().split_whitespace().next().unwrap();
        assert!(link.starts_with("/say/requests/answer/"), "{link}");
        assert_eq!(village.get("nobody", link).await.status, StatusCode::OK);
    }

    async fn what_no_person_wrote_is_no_request(db) {
        let post = Post::mail(&[]).await;
        let village = village(db, &post).await;
        let li = "li@mail.example";
        for (n, (from, more, why)) in [
            (li, "Auto-Submitted: auto-replied\r\n", "automatic"),
            (li, "X-Auto-Response-Suppress: All\r\n", "automatic"),
            (li, "Precedence: bulk\r\n", "bulk"),
            (li, "List-Id: <a.example>\r\n", "list"),
            (li, "Return-Path: <>\r\n", "bounce"),
            (li, "Content-Type: multipart/report; boundary=b\r\n", "bounce"),
            ("MAILER-DAEMON@mail.example", "", "bounce"),
            (li, "X-Mulin: 1\r\n", "ours"),
            ("mulin@mulin.example", "", "sender"),
            ("shiliu@mulin.example", "", "ours"),
            ("nonsense", "", "sender"),
        ].into_iter().enumerate() {
            let raw = letter(&n.to_string(), from, more, "x");
            village.letter(TOKEN, "", &raw).await.says("ignored").says(why);
        }
        village.letter(TOKEN, "?from=", &letter("a", li, "", "x")).await.says("bounce");
        village.letter(TOKEN, "", b"").await.says("ignored");
        assert_eq!(requests(&village).await, 0);
        village.post_all().await;
        assert_eq!(post.seen(), Vec::<String>::new());
    }

    async fn only_the_mail_server_hands_letters_in_and_only_for_our_mailboxes(db) {
        let post = Post::mail(&[]).await;
        let village = village(db, &post).await;
        let raw = letter("1", "li@mail.example", "", "x");
        assert_eq!(village.letter("wrong", "", &raw).await.status, StatusCode::NOT_FOUND);
        let elsewhere = String::from_utf8(raw.clone()).unwrap().replace("To: shiliu@", "To: other@");
        assert_eq!(village.letter(TOKEN, "", elsewhere.as_bytes()).await.status, StatusCode::NOT_FOUND);
        village.letter(TOKEN, "?to=shiliu@mulin.example", elsewhere.as_bytes()).await.says("filed");
        let taken = [("mailbox", "shiliu@mulin.example"), ("place", "")];
        let page = village.get("community", "/office/channels").await.body;
        let place = page.split(">石榴园</option>").next().unwrap().rsplit("value=\"").next().unwrap();
        let taken = [taken[0], ("place", place.split('"').next().unwrap())];
        let seen = village.fill("community", "/office/channels", "/office/channels/mailbox", &taken).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.says("这个邮箱已经有人用了");
        let dropped = [("mailbox", "shiliu@mulin.example")];
        village.fill("community", "/office/channels", "/office/channels/mailbox/drop", &dropped).await;
        assert_eq!(village.letter(TOKEN, "", &letter("2", "li@mail.example", "", "x")).await.status, StatusCode::NOT_FOUND);
    }
}
