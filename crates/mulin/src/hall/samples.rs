//! Samples of the hall's pages for the gallery.

use super::account::{Cast, SignInPage};
use super::back::BackPage;
use super::by_office::{BackPage as OfficeBackPage, GoPage};
use super::first_run::FirstRunPage;
use super::front::{AboutPage, FrontPage};
use super::homes;
use super::join::JoinPage;
use super::me::{MePage, Told};
use super::phone::PhonePage;
use super::promise;
use super::search::SearchPage;
use super::told::{ConfirmPage, ToldPage};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::line::Line;
use crate::layout::{ErrorPage, Me, View, Wrong, render};
use commons::case::{Door, State};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("promise", |v| {
        let communities = vec![v.t("gallery-place").to_string()];
        let receivers = ["mail", "sms", "robot", "program"].map(str::to_owned);
        render(&promise::promise(v, communities, Some("data@mulin.example".into()), &receivers))
    }),
    PageSample::usual("promise-plain", |v| render(&promise::promise(v, Vec::new(), None, &[]))),
    PageSample::usual("who", |v| render(&promise::who(v))),
    PageSample::usual("hall-front", |v| render(&front(v, 3))),
    PageSample::usual("hall-front-empty", |v| render(&front(v, 0))),
    PageSample::usual("hall-about", |v| {
        let rules = vec![("request/settle-home".into(), "3".into(), v.t("front-text").to_string())];
        render(&AboutPage { v, rules, version: "0" })
    }),
    PageSample::usual("hall-sign-in", |v| render(&sign_in(v, Wrong::default()))),
    PageSample::refused("hall-sign-in-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("login", "account/wrong"))?;
        render(&sign_in(v, wrong))
    }),
    PageSample::usual("hall-phone", |v| render(&phone(v, false, Wrong::default()))),
    PageSample::usual("hall-phone-code", |v| render(&phone(v, true, Wrong::default()))),
    PageSample::refused("hall-phone-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("code", "phones/code"))?;
        render(&phone(v, true, wrong))
    }),
    PageSample::usual("hall-office-go", |v| {
        render(&GoPage { v, name: "榴香街道统一登录".into(), address: "https://login.example/".into() })
    }),
    PageSample::usual("hall-office-back", |v| render(&OfficeBackPage { v, code: "1".into(), state: "2".into() })),
    PageSample::usual("hall-letter", |v| render(&letter(v, Wrong::default()))),
    PageSample::refused("hall-letter-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("code", "letter/unknown"))?;
        render(&letter(v, wrong))
    }),
    PageSample::usual("hall-back", |v| render(&BackPage { v, wrong: Wrong::default(), code: "ABCDE-FGHJK".into() })),
    PageSample::refused("hall-back-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("code", "back/unknown"))?;
        render(&BackPage { v, wrong, code: "ABCDE-FGHJK".into() })
    }),
    PageSample::usual("hall-join", |v| render(&join(v, Wrong::default()))),
    PageSample::refused("hall-join-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("room", "homes/unknown"))?;
        render(&join(v, wrong))
    }),
    PageSample::usual("hall-me", |v| render(&me(v, 3))),
    PageSample::usual("hall-me-empty", |v| render(&me(v, 0))),
    PageSample::usual("hall-told", |v| render(&told(v, true, Wrong::default()))),
    PageSample::usual("hall-told-off", |v| render(&told(v, false, Wrong::default()))),
    PageSample::refused("hall-told-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("mail", "channels/mailbox"))?;
        render(&told(v, true, wrong))
    }),
    PageSample::usual("hall-told-confirm", |v| {
        render(&ConfirmPage { v, mail: "li@mail.example".into(), token: "0".into() })
    }),
    PageSample::usual("hall-search", |v| render(&search(v, 4, Wrong::default()))),
    PageSample::usual("hall-search-none", |v| render(&search(v, 0, Wrong::default()))),
    PageSample::refused("hall-first-run", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("code", "first-run/code"))?;
        let empty = String::new;
        render(&FirstRunPage {
            v,
            wrong,
            code: empty(),
            community: empty(),
            compound: empty(),
            compound_code: empty(),
            name: empty(),
            login: empty(),
            pattern: ["1-12", "2", "6", "2"].map(str::to_owned).to_vec(),
        })
    }),
    PageSample::usual("hall-error", |v| {
        let sentence = v.t("no-house-internal");
        render(&ErrorPage { v, sentence, incident: Some("0a1b2c3d".into()), sign_in: true, way: None })
    }),
];

fn line(v: &View, n: usize) -> Line {
    Line {
        href: "/gallery".into(),
        code: format!("shiliu-{n}"),
        words: v.t("front-lead").to_string(),
        place: v.t("gallery-place").to_string(),
        category: v.t("office-property").to_string(),
        state: State::ALL[n % 4],
        door: Door::Home,
        holder: v.t("office-captain").to_string(),
        said: v.day(NOW, NOW),
        until: None,
        overdue: n == 1,
        photos: 1,
        households: Some(7),
        unrated: n == 3,
    }
}

fn front(v: View, count: usize) -> FrontPage {
    FrontPage {
        waiting: (0..count).map(|n| (format!("shiliu-{n}"), v.t("front-lead").to_string())).collect(),
        offered: count,
        bare: (0..count / 3).map(|_| ("shiliu".into(), v.t("gallery-place").to_string())).collect(),
        compound: Some(("shiliu".into(), v.t("gallery-place").to_string())),
        lines: (0..count).map(|n| line(&v, n)).collect(),
        on_duty: (0..count / 2).map(|_| v.t("hub-someone").to_string()).collect(),
        v,
    }
}

fn phone(v: View, asked: bool, wrong: Wrong) -> PhonePage {
    PhonePage { v, wrong, phone: "13800138000".into(), asked }
}

fn sign_in(v: View, wrong: Wrong) -> SignInPage {
    let cast =
        Cast { login: "nainai".into(), name: v.t("gallery-name").to_string(), hats: v.t("gallery-place").to_string() };
    SignInPage {
        wrong,
        login: "nainai".into(),
        passkeys: true,
        by_phone: true,
        offices: vec![("1".into(), "榴香街道统一登录".into())],
        cast: vec![cast],
        v,
    }
}

fn me(mut v: View, count: usize) -> MePage {
    v.me = Some(Me { name: v.t("gallery-name").to_string(), hats: vec![] });
    let told = |n: usize| Told {
        at: v.moment(NOW, NOW),
        href: "/gallery".into(),
        sentence: v.a("told-requests-reported", "code", format!("shiliu-{n}")),
        because: (n < 2).then(|| v.t(if n == 0 { "me-because-mine" } else { "me-because-followed" }).to_string()),
        new: n == 0,
    };
    MePage {
        signed_in: true,
        mandates: vec![(
            v.t("office-owner").to_string(),
            v.t("gallery-place").to_string(),
            v.day(NOW, NOW),
            v.t("me-open-end").to_string(),
        )],
        lines: (0..count).map(|n| line(&v, n)).collect(),
        joined: (0..count / 2).map(|n| line(&v, n)).collect(),
        notices: (0..count).map(told).collect(),
        unseen: count > 0,
        rosters: (0..count.min(1)).map(|_| "shiliu".to_owned()).collect(),
        v,
    }
}

fn told(mut v: View, mail_out: bool, wrong: Wrong) -> ToldPage {
    v.me = Some(Me { name: v.t("gallery-name").to_string(), hats: vec![] });
    v.unseen = 3;
    ToldPage {
        wrong,
        mail_out,
        mail: "li@mail.example".into(),
        confirmed: true,
        mine: true,
        held: false,
        followed: true,
        holds: true,
        from: "21:00".into(),
        to: "08:00".into(),
        v,
    }
}

fn search(v: View, count: usize, wrong: Wrong) -> SearchPage {
    let lines = (0..count).map(|n| line(&v, n)).collect();
    SearchPage { q: "电梯".into(), wrong, asked: true, lines, next: (count > 0).then(|| "/gallery".into()), v }
}

fn letter(v: View, wrong: Wrong) -> super::letter::LetterPage {
    super::letter::LetterPage { v, wrong, code: "ABCDE-FGHJK".into(), login: String::new() }
}

fn join(v: View, wrong: Wrong) -> JoinPage {
    JoinPage {
        wrong,
        ground: homes::samples::ground(&v),
        name: v.t("gallery-name").to_string(),
        login: "lin".into(),
        entrance: "1".into(),
        room: "301".into(),
        offices: homes::pages::offices(&v, "tenant"),
        v,
    }
}
