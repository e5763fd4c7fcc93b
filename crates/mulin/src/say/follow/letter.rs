//! The letters: asking an address, telling at once, telling once a day. Each is left to be sent in the transaction of what
//! it tells of, and each ends with the way to stop.

use super::actions::Wish;
use super::model::{Subscription, SubscriptionId};
use super::store::Changed;
use super::token::{self, For};
use crate::layout::line::shortened;
use crate::layout::show;
use crate::words::{t, t_with};
use commons::calendar::Zone;
use commons::case::Case;
use commons::notice::delivery::{self, Content, NewDelivery, Quiet, Via};
use commons::notice::wish::{self, Because};
use commons::place::TenantId;
use kit::Result;
use kit::book::ActivityId;
use kit::db::Tx;
use kit::i18n::Lang;
use kit::web::App;

/// What links in letters begin with; `None` where no letters go out.
pub fn base(app: &App) -> Option<String> {
    app.mail.as_ref()?;
    app.config.public_url.as_deref().map(|url| url.trim_end_matches('/').to_owned())
}

/// Where letters of a subscription go: its own address, or the one at which a person wants to hear of what they follow.
pub async fn address(tx: &mut Tx<'_>, app: &App, one: &Subscription) -> Result<Option<String>> {
    let Some(person) = one.person else { return Ok(one.address(&app.secrets)) };
    let wish = wish::store::find_in(tx, &app.secrets, one.tenant, person).await?;
    Ok(wish.address(Because::Followed).map(str::to_owned))
}

/// Asks an address whether it was its owner who typed it in.
pub async fn confirm(
    tx: &mut Tx<'_>,
    app: &App,
    (tenant, id): (TenantId, SubscriptionId),
    to: &str,
    wish: &Wish,
) -> Result<()> {
    let Some(base) = base(app) else { return Ok(()) };
    let (lang, now) = (wish.lang, tx.now());
    let link = format!("{base}/say/follow/confirm/{}", token::made(&app.secrets, For::Confirm, tenant, id));
    let args = [("what", wish.label.clone().into()), ("link", link.into())];
    let content = Content {
        to: to.to_owned(),
        subject: t_with(lang, "follow-letter-confirm-subject", &[("what", wish.label.clone().into())]),
        text: t_with(lang, "follow-letter-confirm", &args),
        headers: vec![automatic()],
        ..Content::default()
    };
    let key = format!("follow/confirm/{id}/{}", now.0);
    let new = NewDelivery { key, via: Via::Mail, channel: None, person: None, about: None, content, due: now };
    delivery::queue(tx, &app.secrets, tenant, &new).await.map(drop)
}

/// Tells at once what happened to a case. `key` names the sentence.
pub async fn step(
    tx: &mut Tx<'_>,
    app: &App,
    (one, to): (&Subscription, &str),
    (activity, key): (ActivityId, &str),
    (case, place): (&Case, &str),
) -> Result<()> {
    let Some(base) = base(app) else { return Ok(()) };
    let lang = one.lang;
    let went = t(lang, key);
    let link = format!("{base}/say/requests/{}", case.code);
    let text = format!("{went}\n\n{}\n{place} · {}\n{link}\n", words_of(lang, &case.words), case.code);
    let due = Quiet::default().after(&Zone::china(), tx.now());
    let content = content(app, &base, one, to, format!("{} {went}", case.code), text);
    let key = format!("{activity}/follow/{}", one.id);
    let about = Some(case.id.0);
    let new = NewDelivery { key, via: Via::Mail, channel: None, person: one.person, about, content, due };
    delivery::queue(tx, &app.secrets, one.tenant, &new).await.map(drop)
}

/// Tells once a day which cases moved on.
pub async fn digest(
    tx: &mut Tx<'_>,
    app: &App,
    (one, to): (&Subscription, &str),
    day: &str,
    (changed, all): (&[Changed], i64),
) -> Result<()> {
    let Some(base) = base(app) else { return Ok(()) };
    let lang = one.lang;
    let subject = t_with(lang, "follow-letter-digest-subject", &[("n", all.into())]);
    let mut text = format!("{subject}\n");
    for case in changed {
        let new = if case.new { format!("{} · ", t(lang, "follow-new")) } else { String::new() };
        let place = lang.pick(&case.place.0, &case.place.1);
        let (words, state) = (words_of(lang, &case.words), show::state(lang, case.state));
        text.push_str(&format!(
            "\n{words}\n{new}{place} · {state} · {}\n{base}/say/requests/{}\n",
            case.code, case.code
        ));
    }
    let more = all - changed.len() as i64;
    if more > 0 {
        text.push_str(&format!(
            "\n{}\n{base}/say/requests?{}\n",
            t_with(lang, "sheet-more", &[("n", more.into())]),
            one.what.name
        ));
    }
    let content = content(app, &base, one, to, subject, text);
    let key = format!("digest/{day}/{}", one.id);
    let new =
        NewDelivery { key, via: Via::Mail, channel: None, person: one.person, about: None, content, due: tx.now() };
    delivery::queue(tx, &app.secrets, one.tenant, &new).await.map(drop)
}

/// A letter with its way to stop: in words, and as mail programs know it (RFC 8058).
fn content(app: &App, base: &str, one: &Subscription, to: &str, subject: String, text: String) -> Content {
    let stop = format!("{base}/say/follow/stop/{}", token::made(&app.secrets, For::Stop, one.tenant, one.id));
    Content {
        to: to.to_owned(),
        subject: format!("{subject} · {}", t(one.lang, "house-name")),
        text: format!("{text}\n--\n{}\n{stop}\n", t(one.lang, "follow-letter-stop")),
        headers: vec![
            automatic(),
            ("List-Unsubscribe".to_owned(), format!("<{stop}>")),
            ("List-Unsubscribe-Post".to_owned(), "List-Unsubscribe=One-Click".to_owned()),
        ],
        ..Content::default()
    }
}

/// Tells other machines that nobody waits for an answer.
fn automatic() -> (String, String) {
    ("Auto-Submitted".to_owned(), "auto-generated".to_owned())
}

fn words_of(lang: Lang, words: &str) -> String {
    if words.is_empty() { t(lang, "requests-words-erased").to_string() } else { shortened(words, 200) }
}
