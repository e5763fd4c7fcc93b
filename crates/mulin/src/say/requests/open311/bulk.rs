//! `GET requests.csv`: every public request of a compound in one sheet, oldest first, in the columns of the GeoReport bulk
//! format. It is written while it is read, so it may be as long as it likes.

use super::list::PAGE_MAX;
use super::shape::decimal;
use super::wrong::Wrong;
use super::{Asked, request};
use crate::layout::show::{self, rfc3339};
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use commons::case::store::walk::{self, Walk, Walked};
use futures_util::stream;
use kit::i18n::Lang;
use kit::time::Moment;
use kit::web::App;
use kit::{Error, Result};

const COLUMNS: [&str; 14] = [
    "service_request_id",
    "requested_datetime",
    "updated_datetime",
    "closed_date",
    "status_description",
    "status_notes",
    "source",
    "service_name",
    "service_subtype",
    "description",
    "agency_responsible",
    "address",
    "lat",
    "long",
];

pub async fn csv(asked: &Asked<'_>) -> Result<Response, Wrong> {
    let compound = asked.jurisdiction().await?;
    let now = asked.call.now;
    let walk = Walk {
        tenant: compound.tenant,
        compound: compound.id,
        from: asked.args.moment("start_date")?.unwrap_or(Moment(i64::MIN)),
        until: asked.args.moment("end_date")?.unwrap_or(now),
        categories: Vec::new(),
        open: None,
        now,
        bounds: None,
        newest_first: false,
        after: None,
        skip: 0,
    };
    let reading = Reading { app: asked.app.clone(), lang: asked.call.lang, walk, head: true, over: false };
    let name = format!("attachment; filename=\"{}.csv\"", compound.path);
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(stream::try_unfold(reading, Reading::more))).into_response())
}

/// A sheet while it is written.
struct Reading {
    app: App,
    lang: Lang,
    walk: Walk,
    /// The names of the columns are still to come.
    head: bool,
    over: bool,
}

impl Reading {
    /// The next lines, and what is to come behind them.
    async fn more(mut self) -> Result<Option<(Vec<u8>, Reading)>> {
        if self.over {
            return Ok(None);
        }
        let found = walk::next(&self.app.db, &self.walk, PAGE_MAX).await?;
        let mut sheet = csv::Writer::from_writer(Vec::new());
        if std::mem::take(&mut self.head) {
            sheet.write_record(COLUMNS).map_err(Error::internal)?;
        }
        for one in &found {
            sheet.write_record(line(one, self.lang, self.walk.now)).map_err(Error::internal)?;
        }
        self.over = (found.len() as i64) < PAGE_MAX;
        self.walk.after = found.last().map(|last| (last.row.case.said, last.row.case.id));
        Ok(Some((sheet.into_inner().map_err(Error::internal)?, self)))
    }
}

fn line(walked: &Walked, lang: Lang, now: Moment) -> [String; 14] {
    let (row, case) = (&walked.row, &walked.row.case);
    let status = request::status(case, now);
    let updated = rfc3339(request::updated(case, now));
    let degrees = |e7: Option<i64>| e7.map_or_else(String::new, decimal);
    let holder = lang.pick(&row.holder_label, &row.holder_label_en);
    [
        case.code.clone(),
        rfc3339(case.said),
        updated.clone(),
        if status == "closed" { updated } else { String::new() },
        status.to_owned(),
        request::notes(case, walked.note.as_deref(), now),
        case.channel.name().to_owned(),
        row.category_name.clone(),
        String::new(),
        case.words.clone(),
        format!("{holder} {}", show::office(lang, case.holder.office)).trim().to_owned(),
        lang.pick(&row.public_label, &row.public_label_en).to_owned(),
        degrees(case.lat_e7),
        degrees(case.lon_e7),
    ]
}
