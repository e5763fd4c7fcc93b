//! Samples of the channels' page for the gallery.

use super::pages::{ChannelsPage, Ended, Line};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, render};
use commons::notice::channel::{Event, RobotKind};
use kit::Error;
use kit::i18n::Lang;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("channels", |v| render(&channels(v, 2, Wrong::default()))),
    PageSample::usual("channels-empty", |v| render(&channels(v, 0, Wrong::default()))),
    PageSample::refused("channels-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("address", "channels/address"))?;
        render(&channels(v, 0, wrong))
    }),
];

fn line(v: &View, n: usize) -> Line {
    let broken = n == 1;
    Line {
        id: n.to_string(),
        name: v.t("channels-sample-name").to_string(),
        kind: v.t("channels-kind-wecom").to_string(),
        place: v.t("gallery-place").to_string(),
        events: v.t("channels-event-new").to_string(),
        categories: v.t("channels-all").to_string(),
        quiet: "21:00 – 08:00".into(),
        lang: (super::pages::named_lang(v, Lang::En), true),
        paused: n == 0,
        broken: broken.then(|| (super::why::sentence(v.lang, "HTTP 500"), "HTTP 500".into())),
        failing: broken.then(|| v.moment(NOW, NOW)),
        worked: Some(v.moment(NOW, NOW)),
        sent: vec![
            (v.moment(NOW, NOW), v.t("channels-stage-sent").to_string(), String::new()),
            (v.moment(NOW, NOW), v.t("channels-stage-given-up").to_string(), "93000 invalid webhook url".into()),
        ],
        preview: "{\n  \"msgtype\": \"text\"\n}".into(),
    }
}

fn channels(v: View, count: usize, wrong: Wrong) -> ChannelsPage {
    ChannelsPage {
        wrong,
        lines: (0..count).map(|n| line(&v, n)).collect(),
        ended: (0..count.min(1))
            .map(|_| Ended {
                name: v.t("channels-sample-name").to_string(),
                kind: v.t("channels-kind-feishu").to_string(),
                place: v.t("gallery-place").to_string(),
                at: v.moment(NOW, NOW),
                why: Some(super::why::sentence(v.lang, "HTTP 404")),
            })
            .collect(),
        places: vec![("1".into(), v.t("gallery-place").to_string(), true)],
        kinds: RobotKind::ALL
            .iter()
            .map(|kind| (kind.name().into(), v.t(&format!("channels-kind-{kind}")).to_string(), false))
            .collect(),
        langs: Lang::ALL.iter().map(|lang| (lang.code().into(), super::pages::named_lang(&v, *lang), false)).collect(),
        events: Event::ALL
            .iter()
            .map(|event| (event.name().into(), v.t(&format!("channels-event-{event}")).to_string(), true))
            .collect(),
        categories: vec![("lift".into(), v.t("channels-sample-category").to_string(), false)],
        name: String::new(),
        from: "21:00".into(),
        to: "08:00".into(),
        preview: (count > 0).then(|| "{\n  \"msgtype\": \"text\"\n}".into()),
        mailboxes: (0..count)
            .map(|n| (format!("shiliu{n}@mulin.example"), v.t("gallery-place").to_string(), String::new()))
            .collect(),
        mailbox: String::new(),
        mail_out: count > 0,
        made: None,
        mail_in: count > 0,
        v,
    }
}
