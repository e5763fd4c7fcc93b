//! Letters as they are handed to a mail server.

use super::*;

#[test]
fn the_address_of_the_mail_server_is_understood_or_refused_in_a_sentence() {
    let open = |url: &str, password| Mailer::open(url, password, "睦邻 <mulin@mulin.example>");
    assert_eq!(open("smtp://127.0.0.1:2525", None).unwrap().domain(), "mulin.example");
    assert!(open("smtp://clerk@mail.example:587", Some("secret")).is_ok());
    assert!(open("smtps://clerk%40mail.example@mail.example", Some("secret")).is_ok());
    for (url, password) in [
        ("mail.example", None),
        ("http://mail.example", None),
        ("smtp://clerk@mail.example", None),
        ("smtp://clerk:secret@mail.example", Some("secret")),
        ("smtp://mail.example:many", None),
    ] {
        assert!(open(url, password).is_err(), "{url}");
    }
    assert!(Mailer::open("smtp://localhost", None, "nobody").is_err());
    let shown = format!("{:?}", open("smtp://clerk@mail.example", Some("do-not-show")).unwrap());
    assert!(!shown.contains("do-not-show"));
}

#[test]
fn what_a_machine_repeats_of_a_secret_is_covered() {
    let never = ["hunter2hunter2".to_owned(), "key-4711-4711".to_owned(), "pass".to_owned()];
    for (told, kept) in [
        ("550 no such user", "550 no such user"),
        ("535 hunter2hunter2 is wrong", "535 … is wrong"),
        ("bad key \"key-4711-47\"", "bad key \"…\""),
        ("pass is short", "… is short"),
        ("see https://robot.example/hook?k=1, please", "see …, please"),
        ("密钥hunter2h不对", "密钥…不对"),
        ("", ""),
    ] {
        assert_eq!(covered(told, &never), kept);
    }
    assert_eq!(
        pieces("https://robot.example/a/long-enough?key=long-enough-too&x=1"),
        ["long-enough", "long-enough-too"]
    );
    assert!(pieces("https://robot.example").is_empty());
}

#[test]
fn a_letter_keeps_its_headers_on_one_line_each() {
    let mailer = Mailer::open("smtp://localhost", None, "mulin@mulin.example").unwrap();
    let letter = Letter {
        to: "li@mail.example".into(),
        subject: "石榴园\r\nBcc: everyone@mail.example".into(),
        text: "您说的事有人接了。".into(),
        html: None,
        id: "0a1b".into(),
        headers: vec![("In-Reply-To".into(), "<1@mail.example>\r\nX: y".into())],
    };
    let written = String::from_utf8(mailer.write(&letter, Moment(1_795_485_600_000)).unwrap().formatted()).unwrap();
    assert!(written.contains("Message-ID: <0a1b@mulin.example>\r\n"), "{written}");
    assert!(written.contains("Auto-Submitted: auto-generated\r\n"), "{written}");
    assert!(written.contains("Date: Tue, 24 Nov 2026 02:00:00 +0000\r\n"), "{written}");
    assert!(!written.contains("\nBcc:") && !written.contains("\nX:"), "{written}");
}
