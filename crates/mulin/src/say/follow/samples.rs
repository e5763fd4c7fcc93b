//! Samples of these pages for the gallery.

use super::model::SubscriptionId;
use super::pages::{AskPage, FollowPage, MineShown};
use crate::layout::gallery::PageSample;
use crate::layout::{View, Wrong, render};
use commons::place::TenantId;
use kit::{Error, Uuid};

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("follow", |v| render(&follow(v, true, 3))),
    PageSample::usual("follow-by-mail", |v| render(&follow(v, false, 0))),
    PageSample::usual("follow-empty", |v| render(&follow(v, true, 0))),
    PageSample::refused("follow-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("mail", "follow/mail-shape"))?;
        render(&FollowPage { wrong, mail: "granny@".into(), ..follow(v, false, 0) })
    }),
    PageSample::usual("follow-confirm", |v| {
        let (text, button) = (v.t("follow-confirm-text").to_string(), v.t("follow-confirm-send").to_string());
        render(&AskPage { v, text, action: Some("/gallery".into()), button })
    }),
    PageSample::usual("follow-stopped", |v| {
        let text = v.t("follow-stopped").to_string();
        render(&AskPage { v, text, action: None, button: String::new() })
    }),
];

fn follow(v: View, known: bool, count: u128) -> FollowPage {
    let mine = |n: u128| MineShown {
        id: SubscriptionId(Uuid::from_u128(n)),
        tenant: TenantId(Uuid::from_u128(0)),
        label: format!("{} · {}", v.t("gallery-place"), n + 1),
        href: "/gallery".into(),
        pace: v.t(if n == 1 { "follow-instant" } else { "follow-daily" }).to_string(),
    };
    let choice = || vec![("shiliu".to_owned(), v.t("gallery-place").to_string(), true)];
    FollowPage {
        wrong: Wrong::default(),
        label: v.t("gallery-place").to_string(),
        fields: vec![("compound", "shiliu".into())],
        query: "compound=shiliu".into(),
        is_case: false,
        known,
        letters: true,
        mail: String::new(),
        daily: true,
        note: (count > 0).then(|| v.t("follow-done").to_string()),
        mine: (0..count).map(mine).collect(),
        signed_in: known,
        compounds: choice(),
        buildings: choice(),
        categories: choice(),
        v,
    }
}
