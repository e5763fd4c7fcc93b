//! Letters as people and machines send them.

use super::*;

fn letter(extra: &str, body: &str) -> Vec<u8> {
    format!(
        "From: Li <Li@Mail.example>\r\nTo: shiliu@mulin.example\r\nSubject: =?UTF-8?B?55S15qKv5Z2P5LqG?=\r\n\
         Message-ID: <1@mail.example>\r\n{extra}\r\n{body}"
    )
    .into_bytes()
}

#[test]
fn a_letter_is_read() {
    let told = read(&letter("", "3号楼的电梯不动了。\r\n\r\n-- \r\n李\r\n")).unwrap();
    assert_eq!(told.id, "1@mail.example");
    assert_eq!(told.from, "li@mail.example");
    assert_eq!(told.to, ["shiliu@mulin.example"]);
    assert_eq!(told.subject, "电梯坏了");
    assert_eq!(told.text, "3号楼的电梯不动了。");
    assert_eq!(told.machine, None);
}

#[test]
fn html_is_read_aloud_and_pictures_are_kept() {
    let body = "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>水管<b>漏</b>了</p><script>x()</script>\r\n\
        --b\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\
        Content-Disposition: attachment; filename=a.jpg\r\n\r\n/9j/\r\n\
        --b\r\nContent-Type: application/zip\r\nContent-Disposition: attachment; filename=a.zip\r\n\r\nPK\r\n--b--\r\n";
    let told = read(&letter("Content-Type: multipart/mixed; boundary=b\r\n", body)).unwrap();
    assert!(told.text.contains("水管漏了"), "{}", told.text);
    assert_eq!(told.pictures, [vec![0xff, 0xd8, 0xff]]);
    assert_eq!(told.others, 1);
}

#[test]
fn an_answer_is_told_without_what_it_answers_to() {
    let head = "In-Reply-To: <2@mulin.example>\r\nReferences: <0@mail.example> <2@mulin.example>\r\n";
    for quote in ["On Tue, Mulin wrote:\r\n> 收到了", "在 2026年11月24日，睦邻 写道：\r\n> 收到了", "> 收到了"]
    {
        let told = read(&letter(head, &format!("还在漏。\r\n\r\n{quote}\r\n"))).unwrap();
        assert_eq!(told.text, "还在漏。", "{quote}");
        assert_eq!(told.answers, ["2@mulin.example", "2@mulin.example", "0@mail.example"]);
    }
}

#[test]
fn what_no_person_wrote_is_known() {
    let machines = [
        ("Auto-Submitted: auto-replied\r\n", "automatic"),
        ("X-Auto-Response-Suppress: All\r\n", "automatic"),
        ("Precedence: bulk\r\n", "bulk"),
        ("Precedence: junk\r\n", "bulk"),
        ("List-Id: <news.example>\r\n", "list"),
        ("Return-Path: <>\r\n", "bounce"),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n", "bounce"),
        ("X-Mulin: 1\r\n", "ours"),
    ];
    for (head, why) in machines {
        assert_eq!(read(&letter(head, "x")).unwrap().machine, Some(why), "{head}");
    }
    for head in ["Auto-Submitted: no\r\n", "Return-Path: <li@mail.example>\r\n", "Precedence: first-class\r\n"] {
        assert_eq!(read(&letter(head, "x")).unwrap().machine, None, "{head}");
    }
    let from = "From: MAILER-DAEMON@mail.example\r\nSubject: x\r\n\r\nx";
    assert_eq!(read(from.as_bytes()).unwrap().machine, Some("bounce"));
    for subject in ["Out of Office: holiday", "Automatic reply: x", "自动回复：在外地"] {
        let raw = format!("From: li@mail.example\r\nSubject: {subject}\r\n\r\nx");
        assert_eq!(read(raw.as_bytes()).unwrap().machine, Some("away"), "{subject}");
    }
}

/// Whatever comes, nothing falls over: every letter above cut short, bent and repeated, with a fixed sort of chance.
#[test]
fn broken_letters_do_no_harm() {
    let nested = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".repeat(300);
    let whole = letter("Content-Type: multipart/mixed; boundary=b\r\n", &format!("--b\r\n{nested}"));
    let mut chance: u64 = 7;
    let mut next = move || {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) as usize
    };
    for _ in 0..2_000 {
        let mut bent = whole[..next() % 2_000.min(whole.len())].to_vec();
        for _ in 0..next() % 20 {
            if !bent.is_empty() {
                let at = next() % bent.len();
                bent[at] = (next() % 256) as u8;
            }
        }
        let _ = read(&bent);
    }
    let _ = read(&whole);
    for odd in [&b""[..], b"\0", b"\r\n\r\n", b":", b"From:", &[0xff; 100], b"Subject: =?x?B?!!!?=\r\n\r\n"] {
        let _ = read(odd);
    }
    // A bomb of tags is cut before it is read aloud.
    let bomb = letter("Content-Type: text/html\r\n", &"<div>".repeat(400_000));
    assert!(read(&bomb).unwrap().text.len() < TEXT_BYTES_MAX);
    assert_eq!(read(&vec![b'x'; LETTER_BYTES_MAX + 1]), None);
}
