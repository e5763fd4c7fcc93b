//! Samples of this folder's pages for the gallery.

use super::count::{Around, Figures, Named};
use super::model::Asked;
use super::settings::SettingsPage;
use super::view::{AroundPage, FiguresPage, PaperPage};
use crate::layout::gallery::{NOW, PageSample};
use crate::layout::{View, Wrong, render};
use commons::calendar::Zone;
use commons::case::starting_categories;
use commons::figures::store::Name;
use commons::figures::{Counts, Settings, Span, Took, Unit};
use commons::people::Office;
use commons::place::{NewPlace, Place, PlaceId, PlaceKind, Tenant, TenantId, TenantKind};
use kit::time::Moment;
use kit::{Error, Result, Uuid};

pub const SAMPLES: &[PageSample] = &[
    PageSample::usual("figures", |v| render(&figures_page(v, 12, 3)?)),
    PageSample::usual("figures-none", |v| render(&figures_page(v, 0, 0)?)),
    PageSample::usual("figures-long", |v| render(&figures_page(v, 10_000, 40)?)),
    PageSample::usual("figures-paper", |v| {
        let page = figures_page(v.clone(), 12, 3)?;
        render(&PaperPage { printed: v.day(NOW, NOW), v, page })
    }),
    PageSample::usual("figures-around", |v| render(&around_page(v)?)),
    PageSample::usual("figures-settings", |v| render(&settings_page(v)?)),
    PageSample::refused("figures-settings-refused", |v| {
        let wrong = Wrong::of(v.lang, Error::invalid("response", "figures/weights-sum"))?;
        render(&SettingsPage { wrong, ..settings_page(v)? })
    }),
];

fn place(v: &View) -> Place {
    let id = Uuid::from_u128(1);
    let name = v.t("gallery-place").to_string();
    NewPlace::new(PlaceKind::Compound, "shiliu", name, "").below(PlaceId(id), TenantId(id), None)
}

fn tenant(v: &View) -> Tenant {
    Tenant {
        id: TenantId(Uuid::from_u128(1)),
        parent: None,
        kind: TenantKind::Community,
        code: "liuhua".into(),
        name: v.t("gallery-place").to_string(),
        name_en: String::new(),
        zone: "Asia/Shanghai".into(),
    }
}

/// The worked example, `times` twelfths of it; in some months there is little or nothing.
fn counts(times: i64) -> Counts {
    let of = |n: i64| n * times / 12;
    Counts {
        said: of(110),
        closed: of(100),
        in_time: of(93),
        valid: of(80),
        contacted: of(76),
        solved: of(60),
        good: of(50),
        fair: of(20),
        bad: of(10),
        reopened: of(4),
    }
}

fn months(times: i64) -> Result<Vec<(Span, Counts)>> {
    let months = Span::twelve(&Zone::china(), NOW, 1)?.into_iter().zip(0..);
    Ok(months
        .map(|(month, n)| (month, if n % 5 == 3 { Counts::default() } else { counts(times * (n % 4) / 4) }))
        .collect())
}

fn figures_page(v: View, times: i64, units: i64) -> Result<FiguresPage> {
    let asked = Asked { compound: "shiliu".into(), ..Asked::default() };
    let settings = Settings::with(&[])?;
    let months = months(times)?;
    let all = starting_categories().into_iter();
    let figures = Figures {
        compound: place(&v),
        span: Span { until: months[11].0.until, after: months[11].0.after, ..months[0].0 },
        settings,
        total: counts(times),
        took: (times > 0).then_some(Took { count: 60, median: Moment::hours(77), p90: Moment::days(9) }),
        months,
        categories: all
            .clone()
            .filter(|_| times > 0)
            .map(|c| Named { key: c.slug, name: c.name, name_en: c.name_en, counts: counts(times / 4) })
            .collect(),
        units: (0..units)
            .map(|n| Named {
                key: Unit::Office(Office::HOLDING[n as usize % Office::HOLDING.len()]),
                name: String::new(),
                name_en: String::new(),
                counts: counts(times * n / 12),
            })
            .collect(),
        choices: all.map(|c| Name { key: c.slug, name: c.name, name_en: c.name_en }).collect(),
    };
    let compounds = [("shiliu".to_owned(), v.t("gallery-place").to_string())];
    Ok(FiguresPage::of(v, &asked, &figures, &compounds))
}

fn around_page(v: View) -> Result<AroundPage> {
    let months = months(12)?;
    let part = |n: i64| Named {
        key: format!("c{n}"),
        name: format!("{} {n}", v.t("gallery-place")),
        name_en: String::new(),
        counts: counts(n * 4),
    };
    let around = Around {
        tenant: tenant(&v),
        above: Some(tenant(&v)),
        settings: Settings::with(&[])?,
        span: months[0].0,
        total: counts(24),
        took: None,
        months,
        parts: (0..4).map(part).collect(),
    };
    let mut page = AroundPage::of(v, &Asked::default(), &around);
    page.sets = true;
    Ok(page)
}

fn settings_page(v: View) -> Result<SettingsPage> {
    let numbers = Settings::with(&[])?.numbers().map(|n| n.to_string());
    let tenant = tenant(&v);
    Ok(SettingsPage::of(v, &tenant, numbers))
}
