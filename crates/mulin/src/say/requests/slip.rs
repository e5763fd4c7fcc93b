//! Without an account: a pickup code opens one case, to read, add to, judge, move up or erase.

use super::pages::{ShowQuery, act_on, alike, case_page, picture};
use super::view::{OpenPage, SlipShown};
use crate::layout::{Visit, Wrong, code, link, page, page_again, parts};
use axum::http::HeaderMap;
use commons::case::PhotoId;
use commons::case::store::{self, CaseFound};
use commons::desk::store as desk;
use commons::slips;
use kit::media::MediaKey;
use kit::secrets::{normal_code, spaced};
use kit::web::answer::{Answer, see_other};
use kit::web::limits::Knock;
use kit::web::{App, Form};
use kit::web::{Path, Query};
use kit::{Error, Result};

/// `GET /say/requests/open`: type in the code of the slip.
pub async fn ask(visit: Visit) -> Answer {
    page(&OpenPage { v: visit.view("requests-open-title"), wrong: Wrong::default(), code: String::new() })
}

/// `POST /say/requests/open`.
pub async fn open(visit: Visit, form: Form) -> Answer {
    visit.app.limits.check(Knock::Code, &visit.call.address.to_string())?;
    let typed = form.text("code");
    let found = async {
        let code = code::of(typed, "requests/code-shape")?;
        match by_code(&visit.app, &code).await {
            Ok(_) => Ok(format!("/say/requests/slip/{code}")),
            // Both slips are handed out over one desk.
            Err(Error::NotFound) if of_the_desk(&visit.app, &code).await? => Ok(format!("/help/hub/slip?code={code}")),
            Err(Error::NotFound) => Err(Error::invalid("code", "requests/code-unknown")),
            Err(other) => Err(other),
        }
    };
    match found.await {
        Ok(to) => Ok(see_other(&to)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&OpenPage { v: visit.view("requests-open-title"), wrong, code: typed.to_owned() })
        }
    }
}

async fn by_code(app: &App, code: &str) -> Result<CaseFound> {
    store::by_pickup(&app.db, slips::of_request(&app.secrets, code)).await?.ok_or(Error::NotFound)
}

async fn of_the_desk(app: &App, code: &str) -> Result<bool> {
    let found = desk::by_pickup(&app.db, &app.secrets, slips::of_desk(&app.secrets, code)).await?;
    Ok(found.is_some())
}

/// The case that a code in the address opens. Guessing is slow: each try counts.
pub async fn opened(visit: &Visit, pickup: &str) -> Result<CaseFound> {
    let code = normal_code(pickup).ok_or(Error::NotFound)?;
    match by_code(&visit.app, &code).await {
        Err(Error::NotFound) => {
            visit.app.limits.check(Knock::Code, &visit.call.address.to_string())?;
            Err(Error::NotFound)
        }
        other => other,
    }
}

/// `GET /say/requests/slip/{pickup}`: the case, and the slip to print or copy down.
pub async fn show(
    visit: Visit,
    Path(pickup): Path<String>,
    Query(query): Query<ShowQuery>,
    headers: HeaderMap,
) -> Answer {
    let found = opened(&visit, &pickup).await?;
    let case = found.row.case.clone();
    let mut shown = case_page(&visit, found, Some(case.id)).await?;
    let base = format!("/say/requests/slip/{pickup}");
    let host = link::base(&visit.app, &headers);
    let link = format!("{host}{base}");
    let label = shown.v.t("slip-qr").to_string();
    shown.slip = Some(SlipShown {
        code: spaced(&normal_code(&pickup).unwrap_or_default()),
        qr: if host.is_empty() { String::new() } else { parts::qr(&link, &label) },
        fresh: query.said == "1",
        receipt: query.paper == "receipt",
        here: base.clone(),
        address: if host.is_empty() { String::new() } else { format!("{host}/say/requests/open") },
    });
    if query.said == "1" {
        shown.alike = alike(&visit, &case, &shown.v).await?;
        shown.intake_alarm();
    }
    shown.pictures = format!("{base}/photos");
    shown.base = base;
    page(&shown)
}

/// `POST /say/requests/slip/{pickup}/{deed}`.
pub async fn act(visit: Visit, Path((pickup, deed)): Path<(String, String)>, form: Form) -> Answer {
    let found = opened(&visit, &pickup).await?;
    act_on(&visit, &found, Some(found.row.case.id), (&deed, &form), format!("/say/requests/slip/{pickup}")).await
}

/// `GET /say/requests/slip/{pickup}/photos/{photo}/{size}`.
pub async fn photo(
    visit: Visit,
    Path((pickup, photo, size)): Path<(String, PhotoId, String)>,
    headers: HeaderMap,
) -> Answer {
    let case = opened(&visit, &pickup).await?.row.case;
    if size == "voice" {
        return super::intake::voice(&visit, &case, Some(case.id), photo, &headers).await;
    }
    let (_, code) = store::photo(&visit.app.db, case.tenant, photo).await?.ok_or(Error::NotFound)?;
    if code != case.code {
        return Err(Error::NotFound.into());
    }
    picture(&visit, &headers, MediaKey { tenant: case.tenant.0, id: photo.0 }, &size).await
}
