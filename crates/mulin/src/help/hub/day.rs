//! A day at the hub, put together from rows; its team adds when it was open and one sentence, once.

use super::pages::At;
use super::policy;
use crate::layout::{View, Visit, Wrong, page};
use crate::near::compound;
use askama::Template;
use axum::Json;
use axum::response::IntoResponse;
use commons::calendar::Zone;
use commons::desk::{Counted, store as desk};
use commons::duty::store::day::OneDay;
use commons::duty::{PostDay, minute_of, store};
use commons::people::PersonId;
use commons::place::Place;
use jiff::civil::{Date, Time};
use kit::time::Moment;
use kit::web::answer::Answer;
use kit::web::{Form, Query};
use kit::{Error, Result};
use serde_json::{Value, json};

/// What was done on one post.
pub struct PostShown {
    pub id: String,
    pub name: String,
    pub lines: Vec<(String, String)>,
    /// Whether the visitor writes for it.
    pub mine: bool,
}

/// `GET /help/hub/day`.
#[derive(Template)]
#[template(path = "help/hub/templates/day.html")]
pub struct DayPage {
    pub v: View,
    pub wrong: Wrong,
    pub compound: String,
    pub place: String,
    /// As its address has it, and as it reads.
    pub day: String,
    pub reads: String,
    pub before: String,
    pub after: Option<String>,
    pub written: bool,
    pub spans: String,
    pub note: String,
    pub posts: Vec<PostShown>,
    pub counts: Vec<CountShown>,
    /// Whether the visitor may write the day up.
    pub writes: bool,
}

/// Things of one sort, and how many.
pub struct CountShown {
    pub title: String,
    pub lines: Vec<(String, i64)>,
}

/// The words for what was counted, sort by sort; what did not happen is not told.
pub fn counts(v: &View, counted: &Counted) -> Vec<CountShown> {
    let lines = |what: &str, word: &dyn Fn(&str) -> String| -> Vec<(String, i64)> {
        counted.kinds(what).filter(|one| one.1 > 0).map(|(kind, n)| (word(kind), n)).collect()
    };
    let of = |prefix: &'static str| move |kind: &str| v.t(&format!("{prefix}-{}", kind.replace('_', "-"))).to_string();
    let skill = |kind: &str| v.t(&format!("skill-{kind}")).to_string();
    let came = [lines("walk_in", &of("became")), lines("open", &|_| v.t("hub-counts-open").to_string())];
    let duties = [
        lines("shift", &|kind| v.a("hub-counts-need", "skill", skill(kind))),
        lines("covered", &|kind| v.a("hub-counts-covered", "skill", skill(kind))),
    ];
    let all = [
        ("hub-counts-walk-in", came.concat()),
        ("desk-opinions-title", lines("opinion", &|_| v.t("hub-counts-opinion").to_string())),
        ("desk-talks-title", lines("talk", &of("talk"))),
        ("desk-keys-title", lines("key", &of("hub-counts-key"))),
        ("hub-counts-shift", duties.concat()),
        ("hub-entries-title", lines("entry", &|kind| kind.to_owned())),
    ];
    let told = all.into_iter().filter(|(_, lines)| !lines.is_empty());
    told.map(|(title, lines)| CountShown { title: v.t(title).to_string(), lines }).collect()
}

/// The same for programs.
pub fn counts_json(counted: &Counted) -> Value {
    let of = |what: &str| counted.kinds(what).map(|(kind, n)| json!({ "kind": kind, "n": n })).collect::<Vec<_>>();
    json!({ "walk_in": of("walk_in"), "talk": of("talk"), "opinion": counted.of("opinion", ""), "key": of("key"),
        "shift": of("shift"), "covered": of("covered"), "entry": of("entry"), "open": counted.of("open", "") })
}

/// The first moment of a day.
pub fn begins(day: Date) -> Result<Moment> {
    Zone::china().moment(day.to_datetime(Time::midnight()))
}

/// A day and the moment at which it is over.
pub fn bounds(first: Date, last: Date) -> Result<(Moment, Moment)> {
    Ok((begins(first)?, begins(last.tomorrow().unwrap_or(last))?))
}

struct Read {
    day: Date,
    posts: Vec<PostDay>,
    counted: Counted,
    one: OneDay,
}

async fn read(visit: &Visit, place: &Place, text: &str) -> Result<Read> {
    policy::read_entries(&visit.actor, place)?;
    let (db, today) = (&visit.app.db, Zone::china().date(visit.call.now));
    let day: Date = match text {
        "" => today,
        text => text.parse().map_err(|_| Error::invalid("day", "hub/day"))?,
    };
    let (at, span) = ((place.tenant, place.id), bounds(day, day)?);
    let posts = store::entries_with_posts(db, at, span).await?;
    let civil = Zone::china().civil(visit.call.now);
    let counted = desk::counted(db, at, (day, day), span, (today, minute_of(civil.time()))).await?;
    let me = visit.actor.person_in(place.tenant).unwrap_or(PersonId(kit::Uuid::nil()));
    let one = store::day::one(db, at, day, me, (today, minute_of(civil.time()))).await?;
    Ok(Read { day, posts, counted, one })
}

pub async fn show(visit: Visit, Query(at): Query<At>) -> Answer {
    let place = compound(&visit, &at.compound).await?;
    let all = read(&visit, &place, &at.day).await;
    page(&day_page(&visit, &place, all.map_err(unknown)?, Wrong::default())?)
}

/// A page that is asked for a day which is none is not there.
fn unknown(error: Error) -> Error {
    if matches!(error, Error::Invalid(_)) { Error::NotFound } else { error }
}

/// The same page with what is wrong and what was typed.
pub async fn again(visit: &Visit, place: &Place, form: &Form, wrong: Wrong) -> Result<DayPage> {
    let all = match read(visit, place, form.text("day")).await {
        Err(Error::Invalid(_)) => read(visit, place, "").await?,
        other => other?,
    };
    let mut shown = day_page(visit, place, all, wrong)?;
    (shown.spans, shown.note) = (form.text("spans").to_owned(), form.text("note").to_owned());
    Ok(shown)
}

fn day_page(visit: &Visit, place: &Place, all: Read, wrong: Wrong) -> Result<DayPage> {
    let (now, v) = (visit.call.now, visit.view("hub-day-title"));
    let (today, me) = (Zone::china().date(now), visit.actor.person_in(place.tenant));
    let keeps = policy::keep(&visit.actor, place).is_ok();
    let carries = |post: &PostDay| me.is_some_and(|me| post.is_carried_by(me, now));
    let writes = keeps || all.one.duty || all.posts.iter().any(carries);
    // What the hub says of that weekday stands there, to be changed where it was otherwise.
    let spans = all.one.written.as_ref().map_or(&all.one.usual, |written| &written.spans).text();
    let post = |post: &PostDay| PostShown {
        id: post.post.to_string(),
        name: post.name.clone(),
        lines: post
            .entries
            .iter()
            .map(|entry| (entry.text.clone(), v.pick(&entry.name, &entry.name_en).to_owned()))
            .collect(),
        mine: post.runs && (keeps || carries(post)),
    };
    Ok(DayPage {
        wrong,
        compound: place.path.clone(),
        place: v.pick(&place.name, &place.name_en).to_owned(),
        day: all.day.to_string(),
        reads: v.day(begins(all.day)?, now),
        before: all.day.yesterday().unwrap_or(all.day).to_string(),
        after: all.day.tomorrow().ok().filter(|day| *day <= today).map(|day| day.to_string()),
        written: all.one.written.is_some(),
        spans,
        note: all.one.written.map(|written| written.note).unwrap_or_default(),
        posts: all.posts.iter().map(post).collect(),
        // What was done stands above, line by line.
        counts: counts(&v, &all.counted.without("entry")),
        writes: writes && all.day <= today,
        v,
    })
}

/// `GET /api/v1/hub/day`.
pub async fn api(visit: Visit, Query(at): Query<At>) -> Answer {
    let place = compound(&visit, &at.compound).await?;
    let all = read(&visit, &place, &at.day).await?;
    let post = |post: &PostDay| {
        let lines: Vec<&str> = post.entries.iter().map(|entry| entry.text.as_str()).collect();
        json!({ "id": post.post, "name": post.name, "lines": lines })
    };
    let posts: Vec<Value> = all.posts.iter().map(post).collect();
    let (spans, note) = all.one.written.as_ref().map(|one| (one.spans.text(), one.note.clone())).unwrap_or_default();
    Ok(Json(
        json!({ "compound": place.path, "day": all.day.to_string(), "written": all.one.written.is_some(), "spans": spans,
        "note": note, "posts": posts, "counts": counts_json(&all.counted) }),
    )
    .into_response())
}
