//! The page of channels and mailboxes.

use super::actions::{self, Deed};
use super::{model::Typed, policy, why};
use crate::layout::{View, Visit, Wrong, page, page_again};
use crate::told::{self, Told};
use crate::{deliver, words};
use askama::Template;
use commons::case;
use commons::notice::channel::store::{self as channels, Mailbox, NewChannel};
use commons::notice::channel::{Channel, ChannelId, Event, RobotKind, written};
use commons::notice::delivery::{self, Outcome, Quiet, Stage};
use commons::place::{PlaceId, PlaceKind, TenantId, store as places};
use kit::i18n::Lang;
use kit::mail::is_address;
use kit::time::Moment;
use kit::web::Path;
use kit::web::answer::{Answer, see_other};
use kit::web::{Form, keys};
use kit::{Error, Result};

const LINES_SHOWN: i64 = 5;
const ENDED_SHOWN: usize = 50;
/// The channel's page, where every deed leads back to.
const HERE: &str = "/office/channels";

/// A channel as it reads.
pub struct Line {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub place: String,
    pub events: String,
    pub categories: String,
    pub quiet: String,
    /// The language of its lines, and whether it is English.
    pub lang: (String, bool),
    pub paused: bool,
    /// The last one did not go, or the address cannot be opened any more: in a sentence, and as the robot said it.
    pub broken: Option<(String, String)>,
    /// Since when nothing arrives.
    pub failing: Option<String>,
    pub worked: Option<String>,
    /// When, how it went, why not.
    pub sent: Vec<(String, String, String)>,
    pub preview: String,
}

/// A channel that was retired not long ago.
pub struct Ended {
    pub name: String,
    pub kind: String,
    pub place: String,
    pub at: String,
    /// Why its last line did not arrive, if it did not.
    pub why: Option<String>,
}

/// A choice with its value, its words and whether it is chosen.
pub type Choice = (String, String, bool);

/// `GET /office/channels`.
#[derive(Template)]
#[template(path = "office/channels/templates/channels.html")]
pub struct ChannelsPage {
    pub v: View,
    pub wrong: Wrong,
    pub lines: Vec<Line>,
    pub ended: Vec<Ended>,
    pub places: Vec<Choice>,
    pub kinds: Vec<Choice>,
    pub langs: Vec<Choice>,
    pub events: Vec<Choice>,
    pub categories: Vec<Choice>,
    pub name: String,
    pub from: String,
    pub to: String,
    /// What would be posted, when somebody asked to see it.
    pub preview: Option<String>,
    /// Address and place.
    pub mailboxes: Vec<(String, String, String)>,
    pub mailbox: String,
    pub mail_out: bool,
    pub mail_in: bool,
    /// The secret of a webhook that was just added, this once.
    pub made: Option<String>,
}

pub async fn show(visit: Visit) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    page(&channels_page(&visit, tenant, None, Wrong::default()).await?)
}

async fn my_places(visit: &Visit, tenant: TenantId) -> Result<Vec<(PlaceId, String)>> {
    let lang = visit.call.lang;
    Ok(places::wide(&visit.app.db, tenant)
        .await?
        .into_iter()
        .filter(|place| matches!(place.kind, PlaceKind::Community | PlaceKind::Compound))
        .filter(|place| policy::keep(&visit.actor, tenant, place.id).is_ok())
        .map(|place| (place.id, lang.pick(&place.name, &place.name_en).to_owned()))
        .collect())
}

async fn channels_page(visit: &Visit, tenant: TenantId, form: Option<&Form>, wrong: Wrong) -> Result<ChannelsPage> {
    let v = visit.view("channels-title");
    let (app, lang) = (&visit.app, visit.call.lang);
    let mine = my_places(visit, tenant).await?;
    let categories = case::store::categories(&app.db, tenant).await?;
    let named: Vec<(String, String)> = categories
        .iter()
        .map(|category| (category.slug.clone(), lang.pick(&category.name, &category.name_en).to_owned()))
        .collect();
    let since = visit.call.now - Moment::days(delivery::KEPT_DAYS);
    let told = channels::told(&app.db, &app.secrets, tenant, since, LINES_SHOWN).await?;
    let (mut lines, mut ended) = (Vec::new(), Vec::new());
    for (channel, outcomes) in told {
        let Some((_, place)) = mine.iter().find(|(id, _)| *id == channel.place) else { continue };
        match channel.retired {
            Some(at) => ended.push((at, ended_shown(visit, &v, &channel, place, at))),
            None => lines.push(line(visit, &v, &channel, place, (&named, outcomes))),
        }
    }
    ended.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let ended = ended.into_iter().map(|(_, shown)| shown).take(ENDED_SHOWN).collect();
    let boxes = channels::mailboxes(&app.db, tenant).await?;
    let (from, to) = Quiet::default().shown();
    let text = |field: &str| form.map_or("", |form| form.text(field)).to_owned();
    let or = |text: String, usual: String| if text.is_empty() { usual } else { text };
    let ticked = |field: &str, value: &str| form.is_some_and(|form| form.all(field).any(|one| one == value));
    let event = |event: &Event| {
        let on = form.map_or(*event != Event::Reported, |_| ticked("event", event.name()));
        (event.name().to_owned(), v.t(&format!("channels-event-{event}")).to_string(), on)
    };
    let kind = |kind: &RobotKind| {
        (kind.name().to_owned(), v.t(&format!("channels-kind-{kind}")).to_string(), text("kind") == kind.name())
    };
    Ok(ChannelsPage {
        wrong,
        lines,
        ended,
        places: mine.iter().map(|(id, name)| (id.to_string(), name.clone(), text("place") == id.to_string())).collect(),
        kinds: RobotKind::ALL.iter().map(kind).collect(),
        langs: Lang::ALL
            .iter()
            .map(|one| (one.code().to_owned(), named_lang(&v, *one), text("lang") == one.code()))
            .collect(),
        events: Event::ALL.iter().map(event).collect(),
        categories: named.into_iter().map(|(slug, name)| (slug.clone(), name, ticked("category", &slug))).collect(),
        name: text("name"),
        from: or(text("from"), from),
        to: or(text("to"), to),
        preview: None,
        made: None,
        mailboxes: boxes
            .iter()
            .filter(|one| mine.iter().any(|(id, _)| *id == one.place))
            .map(|one| shown(one, lang))
            .collect(),
        mailbox: text("mailbox"),
        mail_out: app.mail.is_some(),
        mail_in: app.config.mail_token.is_some(),
        v,
    })
}

/// What a language is called.
pub fn named_lang(v: &View, lang: Lang) -> String {
    v.t(if lang == Lang::En { "channels-lang-en" } else { "channels-lang-zh" }).to_string()
}

fn shown(mailbox: &Mailbox, lang: Lang) -> (String, String, String) {
    (mailbox.address.clone(), lang.pick(&mailbox.label, &mailbox.label_en).to_owned(), mailbox.place.to_string())
}

fn ended_shown(visit: &Visit, v: &View, channel: &Channel, place: &str, at: Moment) -> Ended {
    Ended {
        name: channel.name.clone(),
        kind: v.t(&format!("channels-kind-{}", channel.kind)).to_string(),
        place: place.to_owned(),
        at: v.moment(at, visit.call.now),
        why: channel.error.as_ref().map(|error| why::sentence(v.lang, error)),
    }
}

fn line(
    visit: &Visit,
    v: &View,
    channel: &Channel,
    place: &str,
    (named, outcomes): (&[(String, String)], Vec<Outcome>),
) -> Line {
    let now = visit.call.now;
    let (from, to) = channel.quiet.shown();
    let names: Vec<String> = channel.events.iter().map(|e| v.t(&format!("channels-event-{e}")).to_string()).collect();
    let wanted: Vec<&str> =
        named.iter().filter(|(slug, _)| channel.categories.contains(slug)).map(|(_, name)| name.as_str()).collect();
    let comma = v.t("channels-comma");
    let broken = match (&channel.address, &channel.error) {
        (None, _) => Some((v.t("channels-sealed-elsewhere").to_string(), String::new())),
        (_, error) => error.as_ref().map(|error| (why::sentence(v.lang, error), error.clone())),
    };
    Line {
        id: channel.id.to_string(),
        name: channel.name.clone(),
        kind: v.t(&format!("channels-kind-{}", channel.kind)).to_string(),
        place: place.to_owned(),
        events: names.join(&comma),
        categories: if wanted.is_empty() { v.t("channels-all").to_string() } else { wanted.join(&comma) },
        quiet: if from == to { v.t("channels-never-quiet").to_string() } else { format!("{from} – {to}") },
        lang: (named_lang(v, channel.lang), channel.lang == Lang::En),
        paused: channel.paused.is_some(),
        failing: channel.failing.filter(|_| broken.is_some()).map(|at| v.moment(at, now)),
        broken,
        worked: channel.worked.map(|at| v.moment(at, now)),
        sent: outcomes
            .into_iter()
            .map(|one| {
                let stage = match (one.stage, &one.error) {
                    (Stage::Queued, Some(_)) => v.t("channels-stage-again"),
                    (stage, _) => v.t(&format!("channels-stage-{}", stage.name().replace('_', "-"))),
                };
                (v.moment(one.sent.unwrap_or(one.at), now), stage.to_string(), one.error.unwrap_or_default())
            })
            .collect(),
        preview: preview(visit, channel.lang, channel.kind, channel.secret.is_some()),
    }
}

/// Exactly what would be posted, but for the signature: a public request, and one that is for the parties only.
fn preview(visit: &Visit, lang: Lang, kind: RobotKind, signed: bool) -> String {
    let told = |more| Told {
        code: "shiliu-12".into(),
        category: words::t(lang, "channels-sample-category").to_string(),
        more,
    };
    let place = words::t(lang, "channels-sample-place").to_string();
    let due = crate::layout::show::moment(lang, visit.call.now, visit.call.now);
    let texts = [told(Some((place, Some(due)))), told(None)].map(|told| match kind {
        RobotKind::Webhook => told::sample_for_program(&visit.app, &told, visit.call.now),
        _ => told::line(&visit.app, lang, Event::New, &told),
    });
    texts
        .map(|text| {
            let (end, mut body) = written(kind, signed.then_some("…"), &text, visit.call.now);
            if let Some(sign) = body.get_mut("sign") {
                *sign = "…".into();
            }
            let end = end.split("&sign=").next().map_or(String::new(), |start| match start {
                "" => String::new(),
                start => format!("POST …{start}&sign=…\n"),
            });
            format!("{end}{}", serde_json::to_string_pretty(&body).unwrap_or_default())
        })
        .join("\n\n")
}

fn read(visit: &Visit, form: &Form) -> Result<NewChannel> {
    let typed = Typed {
        name: form.text("name").to_owned(),
        place: form.text("place").to_owned(),
        kind: form.text("kind").to_owned(),
        address: form.text("address").to_owned(),
        secret: form.opt("secret").map(str::to_owned),
        events: form.all("event").map(str::to_owned).collect(),
        categories: form.all("category").map(str::to_owned).collect(),
        from: form.text("from").to_owned(),
        to: form.text("to").to_owned(),
        lang: form.opt("lang").map(str::to_owned),
    };
    typed.check(&visit.app.outgoing)
}

/// `POST /office/channels`: a new channel, or a look at what it would be told.
pub async fn add(visit: Visit, form: Form) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    if form.text("do") == "preview" {
        let mut shown = channels_page(&visit, tenant, Some(&form), Wrong::default()).await?;
        let kind = RobotKind::parse(form.text("kind")).unwrap_or(RobotKind::WeCom);
        shown.preview = Some(preview(
            &visit,
            Lang::parse(form.text("lang")).unwrap_or_default(),
            kind,
            form.opt("secret").is_some(),
        ));
        return page(&shown);
    }
    if let Some(made) = keys::answered(&visit.app, tenant.0, &form.key).await? {
        return added(&visit, tenant, made).await;
    }
    let done = async {
        let new = &read(&visit, &form)?;
        let office = policy::keep(&visit.actor, tenant, new.place)?;
        let (app, actor) = (&visit.app, &visit.actor);
        keys::once(app, &visit.context(tenant, Some(office)), tenant.0, &form.key, &|tx| {
            Box::pin(async move {
                let (_, made) = actions::add(tx, &app.secrets, actor, tenant, new).await?;
                Ok(made.unwrap_or_default())
            })
        })
        .await
    };
    match done.await {
        Ok(made) => added(&visit, tenant, made).await,
        refused => again(&visit, tenant, &form, refused).await,
    }
}

/// A secret that is shown once is shown by the answer itself: it must not stand in an address.
async fn added(visit: &Visit, tenant: TenantId, made: String) -> Answer {
    if made.is_empty() {
        return Ok(see_other(HERE));
    }
    page(&ChannelsPage { made: Some(made), ..channels_page(visit, tenant, None, Wrong::default()).await? })
}

async fn again(visit: &Visit, tenant: TenantId, form: &Form, done: Result<String>) -> Answer {
    match done {
        Ok(to) => Ok(see_other(&to)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&channels_page(visit, tenant, Some(form), wrong).await?)
        }
    }
}

/// `POST /office/channels/{id}/{deed}`: test, pause, go on, retire.
pub async fn act(visit: Visit, Path((id, deed)): Path<(ChannelId, String)>, form: Form) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    let deed = Deed::parse(&deed).ok_or(Error::NotFound)?;
    let (app, actor) = (&visit.app, &visit.actor);
    let channel = channels::find(&app.db, &app.secrets, tenant, id).await?;
    if let Some(to) = keys::answered(app, tenant.0, &form.key).await? {
        return Ok(see_other(&to));
    }
    let channel = &channel.ok_or(Error::NotFound)?;
    let office = policy::keep(actor, tenant, channel.place)?;
    let text = &try_text(channel, visit.call.now);
    let key = form.key.key.as_str();
    let to = keys::once(app, &visit.context(tenant, Some(office)), tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            actions::act(tx, &app.secrets, actor, channel, (deed, text, key)).await?;
            Ok(HERE.to_owned())
        })
    })
    .await?;
    if deed == Deed::Test {
        // So that the page that comes next can already say how it went.
        deliver::round(app).await?;
    }
    Ok(see_other(&to))
}

/// What is sent to try a channel.
pub fn try_text(channel: &Channel, now: Moment) -> String {
    match channel.kind {
        RobotKind::Webhook => told::try_program(now),
        _ => words::t_with(channel.lang, "channels-test-text", &[("name", channel.name.clone().into())]),
    }
}

/// `POST /office/channels/mailbox`.
pub async fn add_mailbox(visit: Visit, form: Form) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    if let Some(to) = keys::answered(&visit.app, tenant.0, &form.key).await? {
        return Ok(see_other(&to));
    }
    let done = async {
        let address = &form.text("mailbox").to_lowercase();
        if !is_address(address) {
            return Err(Error::invalid("mailbox", "channels/mailbox"));
        }
        let place = form.text("place").parse().map_err(|_| Error::invalid("place", "channels/place"))?;
        let office = policy::keep(&visit.actor, tenant, place)?;
        let actor = &visit.actor;
        keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, &form.key, &|tx| {
            Box::pin(async move {
                actions::add_mailbox(tx, actor, tenant, address, place).await?;
                Ok(HERE.to_owned())
            })
        })
        .await
    };
    again(&visit, tenant, &form, done.await).await
}

/// `POST /office/channels/mailbox/drop`.
pub async fn drop_mailbox(visit: Visit, form: Form) -> Answer {
    visit.call.account()?;
    let tenant = policy::keeper(&visit.actor)?;
    let address = form.text("mailbox");
    let boxes = channels::mailboxes(&visit.app.db, tenant).await?;
    if let Some(to) = keys::answered(&visit.app, tenant.0, &form.key).await? {
        return Ok(see_other(&to));
    }
    let place = boxes.iter().find(|one| one.address == address).ok_or(Error::NotFound)?.place;
    let office = policy::keep(&visit.actor, tenant, place)?;
    let actor = &visit.actor;
    let to = keys::once(&visit.app, &visit.context(tenant, Some(office)), tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            actions::drop_mailbox(tx, actor, tenant, address, place).await?;
            Ok(HERE.to_owned())
        })
    })
    .await?;
    Ok(see_other(&to))
}
