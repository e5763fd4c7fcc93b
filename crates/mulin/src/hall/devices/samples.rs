//! Samples of the page of my ways in for the gallery.

use super::pages::{Device, DevicesPage, named};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, render};
use kit::Error;

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("devices", |v| render(&devices(v, 3, Wrong::default()))),
    PageSample::usual("devices-one", |v| render(&devices(v, 1, Wrong::default()))),
    PageSample::refused("devices-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("old", "account/old-wrong"))?;
        render(&devices(v, 1, wrong))
    }),
];

fn devices(v: View, n: usize, wrong: Wrong) -> DevicesPage {
    let kinds = ["phone/WeChat", "computer/Firefox", "web"];
    let device = |n: usize| Device {
        id: n.to_string(),
        name: named(&v, kinds[n]),
        since: v.day(NOW, NOW),
        seen: v.day(NOW, NOW),
        current: n == 0,
    };
    let devices = (0..n).map(device).collect();
    let vouched = (1..n).map(|_| format!("{} · {}", v.t("office-captain"), v.t("devices-vouched"))).collect();
    DevicesPage { wrong, login: "lin".into(), has_password: n > 1, devices, vouched, v }
}
