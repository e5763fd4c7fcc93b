//! Samples of the channels' page for the gallery.

use super::pages::{ChannelsPage, Line};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, render};
use commons::notice::channel::{Event, RobotKind};
use kit::Error;

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
        paused: n == 0,
        broken: broken.then(|| "HTTP 500".into()),
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
        places: vec![("1".into(), v.t("gallery-place").to_string(), true)],
        kinds: RobotKind::ALL
            .iter()
            .map(|kind| (kind.name().into(), v.t(&format!("channels-kind-{kind}")).to_string(), false))
            .collect(),
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
        mail_in: count > 0,
        v,
    }
}
