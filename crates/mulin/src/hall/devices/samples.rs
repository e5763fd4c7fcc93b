//! Samples of the page of my ways in for the gallery.

use super::pages::{ByOffice, Device, DevicesPage, Key, named};
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
    let key = |n: usize| Key {
        id: n.to_string(),
        name: named(&v, kinds[n]),
        since: v.day(NOW, NOW),
        used: (n > 0).then(|| v.day(NOW, NOW)),
    };
    let office = |n: usize| ByOffice {
        id: n.to_string(),
        name: "榴香街道统一登录".into(),
        since: (n > 0).then(|| v.day(NOW, NOW)),
        used: None,
    };
    let offices = (0..n.min(2)).map(office).collect();
    let passkeys = (0..n.min(2)).map(key).collect();
    let (here, has_password) = (named(&v, kinds[0]), n > 1);
    DevicesPage {
        wrong,
        login: "lin".into(),
        has_password,
        devices,
        offers: true,
        passkeys,
        phones: true,
        phones_enter: n > 1,
        typed_phone: String::new(),
        phone: (n > 1).then(|| ("138****8000".into(), (n > 2).then(|| v.day(NOW, NOW)))),
        offices,
        here,
        vouched,
        v,
    }
}
