//! What comes in at the desk on the shelf; names are sealed.

use super::{
    Answered, Aside, Became, Counted, KeyId, Loan, LoanId, NewWalkIn, Opinion, OpinionId, Parties, RoomKey, Talk,
    TalkId, Topic, TopicId, WalkIn, WalkInId, Way, Who,
};
use crate::people::PersonId;
use crate::place::{PlaceId, TenantId};
use jiff::civil::Date;
use kit::db::{Db, Row, Tx};
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::{Error, Result, params};

/// Under these labels names are sealed.
pub const WHO: &str = "desk-who";
pub const PARTIES: &str = "talk-parties";

const NEXT: &str =
    "select coalesce(max(number), 0) + 1 as n from walk_in where tenant = $1 and place = $2 and day = $3";
const ADD: &str =
    "insert into walk_in (tenant, id, place, day, number, at, became, about, who, pickup, taken_by, takes,
    done, done_by, line, code) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, null, $12, $13, $14, '')";
const COLUMNS: &str =
    "select w.tenant, w.id, w.place, w.day, w.number, w.at, w.became, w.about, w.who, w.taken_by, w.takes,
    p.name as takes_name, p.name_en as takes_name_en, w.done, w.line, w.code, t.id as talk from walk_in w
    left join person p on p.tenant = w.tenant and p.id = w.takes
    left join talk t on t.tenant = w.tenant and t.walk_in = w.id";
const TAKE: &str = "update walk_in set takes = $3 where tenant = $1 and id = $2 and done is null";
const DONE: &str = "update walk_in set done = $3, done_by = $4, line = $5, who = null
    where tenant = $1 and id = $2 and done is null";
const HANDED_IN: &str = "update walk_in set done = $3, done_by = $4, code = $5, who = null
    where tenant = $1 and id = $2 and done is null and became = 'request'";

const ADD_TALK: &str = "insert into talk (tenant, id, place, walk_in, state, about, parties, asked, meets, meets_where,
    held, ended, passed_to, changed) values ($1, $2, $3, $4, 'asked', $5, $6, $7, null, '', null, null, '', $7)";
const TALK_COLUMNS: &str =
    "select tenant, id, place, walk_in, state, about, parties, asked, meets, meets_where, held, ended,
    passed_to from talk";
const SAVE_TALK: &str = "update talk set state = $3, parties = $4, meets = $5, meets_where = $6, held = $7, ended = $8,
    passed_to = $9, changed = $10 where tenant = $1 and id = $2";

const LOOKED: &str = "select count(*) as n from activity where tenant = $1 and stem = $2 and person = $3
    and thing_id = $4 and at >= $5";
const ADD_TOPIC: &str = "insert into opinion_topic (tenant, id, place, name, since, said, came, answered, answered_by)
    values ($1, $2, $3, $4, $5, '', '', null, null)";
const TOPICS: &str = "select t.id, t.place, t.name, t.said, t.came, t.answered, (select count(*) from opinion o
        where o.tenant = t.tenant and o.topic = t.id) as opinions from opinion_topic t
    where t.tenant = $1 and t.place = $2 order by t.id desc limit 200";
const TOPIC: &str = "select t.id, t.place, t.name, t.said, t.came, t.answered, cast(0 as bigint) as opinions
    from opinion_topic t where t.tenant = $1 and t.id = $2";
/// What was answered, for everybody.
const ANSWERED: &str = "select t.name, t.said, t.came, t.answered, (select count(*) from opinion o
        where o.tenant = t.tenant and o.topic = t.id) as opinions from opinion_topic t
    where t.tenant = $1 and t.place = $2 and t.answered >= $3 and t.answered < $4 order by t.answered desc, t.id limit 50";
const ANSWER_TOPIC: &str = "update opinion_topic set said = $3, came = $4, answered = $5, answered_by = $6
    where tenant = $1 and id = $2 and answered is null";
const ADD_OPINION: &str = "insert into opinion (tenant, id, place, topic, text, at) values ($1, $2, $3, null, $4, $5)";
/// What somebody left on the page; who it was stays with it until they were told the answer, and the desk reads it nowhere.
const LEAVE_OPINION: &str =
    "insert into opinion (tenant, id, place, topic, text, at, person) values ($1, $2, $3, null, $4, $5, $6)";
const LEFT_LATELY: &str =
    "select count(*) as n from opinion where tenant = $1 and place = $2 and person = $3 and at >= $4";
const TELLERS: &str = "select distinct person from opinion where tenant = $1 and topic = $2 and person is not null
    order by person limit 2000";
const FORGET_TELLERS: &str = "update opinion set person = null where tenant = $1 and topic = $2 and person is not null";
const OPINIONS: &str = "select id, topic, text, at from opinion where tenant = $1 and place = $2 and text <> ''
    and (topic is null or topic in (select t.id from opinion_topic t where t.tenant = $1 and t.answered is null))
    order by id desc limit 500";
const SORT_LOOSE: &str = "update opinion set topic = $3 where tenant = $1 and place = $2 and topic is null";
const SORT: &str = "update opinion set topic = $4 where tenant = $1 and place = $2 and id = $3";

const ADD_KEY: &str = "insert into room_key (tenant, id, place, name, since, ended) values ($1, $2, $3, $4, $5, null)";
const END_KEY: &str = "update room_key set ended = $3 where tenant = $1 and id = $2 and ended is null";
const KEY_COLUMNS: &str = "select k.id, k.place, k.name, l.id as loan, l.who, l.given, l.due from room_key k
    left join key_loan l on l.tenant = k.tenant and l.out_key = k.id";
const LEND: &str =
    "insert into key_loan (tenant, id, place, room_key, who, given, given_by, due, back, back_by, out_key)
    values ($1, $2, $3, $4, $5, $6, $7, $8, null, null, $4) on conflict (tenant, out_key) do nothing";
const BACK: &str = "update key_loan set back = $4, back_by = $5, out_key = null
    where tenant = $1 and place = $2 and id = $3 and out_key is not null";

const ASIDE: &str = "select 'overdue' as what, k.name as kind, cast(1 as bigint) as n from key_loan l
        join room_key k on k.tenant = l.tenant and k.id = l.room_key
        where l.tenant = $1 and l.place = $2 and l.out_key is not null and l.due < $3
    union all select 'out', '', count(*) from key_loan where tenant = $1 and place = $2 and out_key is not null
    union all select 'unsorted', '', count(*) from opinion where tenant = $1 and place = $2 and topic is null and text <> ''
    union all select 'talks', '', count(*) from talk where tenant = $1 and place = $2 and ended is null
    order by 1, 2 limit 200";
/// Everything of a span that can be counted: `$3` to `$4` are days, `$5` to `$6` the moments at which they begin and are over. A shift
/// counts once it is over at `$8` minutes of the day `$7`. Who left an opinion on the page from home came to no desk: no code leads
/// to that line, its id stands in the code's place.
const COUNTED: &str = "select 'walk_in' as what, became as kind, count(*) as n from walk_in
        where tenant = $1 and place = $2 and day >= $3 and day <= $4 and pickup <> id group by became
    union all select 'open', '', count(*) from walk_in
        where tenant = $1 and place = $2 and day >= $3 and day <= $4 and done is null
    union all select 'talk', 'asked', count(*) from talk where tenant = $1 and place = $2 and asked >= $5 and asked < $6
    union all select 'talk', 'held', count(*) from talk where tenant = $1 and place = $2 and held >= $5 and held < $6
    union all select 'talk', state, count(*) from talk
        where tenant = $1 and place = $2 and ended >= $5 and ended < $6 group by state
    union all select 'opinion', '', count(*) from opinion where tenant = $1 and place = $2 and at >= $5 and at < $6
    union all select 'key', 'given', count(*) from key_loan where tenant = $1 and place = $2 and given >= $5 and given < $6
    union all select 'key', 'back', count(*) from key_loan where tenant = $1 and place = $2 and back >= $5 and back < $6
    union all select 'shift', skill, cast(coalesce(sum(need), 0) as bigint) from shift
        where tenant = $1 and place = $2 and day >= $3 and day <= $4 and (day < $7 or (day = $7 and ends <= $8)) group by skill
    union all select 'covered', s.skill, count(*) from duty d join shift s on s.tenant = d.tenant and s.id = d.shift
        where d.tenant = $1 and d.place = $2 and d.day >= $3 and d.day <= $4
            and (d.day < $7 or (d.day = $7 and s.ends <= $8)) and (d.how <> 'plan' or exists
            (select 1 from roster_month m where m.tenant = d.tenant and m.place = d.place and m.month = substr(d.day, 1, 7)
                and m.published is not null)) group by s.skill
    union all select 'entry', o.name, count(*) from post_entry e join post o on o.tenant = e.tenant and o.id = e.post
        where e.tenant = $1 and e.place = $2 and e.at >= $5 and e.at < $6 and e.withdrawn is null group by o.name
    order by 1, 2 limit 300";

fn one() -> String {
    format!("{COLUMNS} where w.tenant = $1 and w.id = $2")
}

/// Today's lines, and whatever is still open from before.
fn list_sql() -> String {
    format!(
        "{COLUMNS} where w.tenant = $1 and w.place = $2 and (w.day = $3 or (w.done is null and w.day < $3))
        order by w.day, w.number limit 500"
    )
}

fn by_pickup_sql() -> String {
    format!("{COLUMNS} where w.pickup = $1 limit 1")
}

fn talk_sql() -> String {
    format!("{TALK_COLUMNS} where tenant = $1 and id = $2")
}

fn talks_sql() -> String {
    format!(
        "{TALK_COLUMNS} where tenant = $1 and place = $2 and (ended is null or ended >= $3) order by asked desc, id limit 200"
    )
}

fn keys_sql() -> String {
    format!("{KEY_COLUMNS} where k.tenant = $1 and k.place = $2 and k.ended is null order by k.id limit 200")
}

fn key_sql() -> String {
    format!("{KEY_COLUMNS} where k.tenant = $1 and k.id = $2 and k.ended is null")
}

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let all = [
        NEXT,
        ADD,
        TAKE,
        DONE,
        HANDED_IN,
        ADD_TALK,
        SAVE_TALK,
        LOOKED,
        ADD_TOPIC,
        TOPICS,
        TOPIC,
        ANSWERED,
        ANSWER_TOPIC,
        ADD_OPINION,
        LEAVE_OPINION,
        LEFT_LATELY,
        TELLERS,
        FORGET_TELLERS,
        OPINIONS,
        SORT,
        SORT_LOOSE,
        ADD_KEY,
        END_KEY,
        LEND,
        BACK,
        ASIDE,
        COUNTED,
    ];
    let put = [one(), list_sql(), by_pickup_sql(), talk_sql(), talks_sql(), keys_sql(), key_sql()];
    all.into_iter().map(str::to_owned).chain(put).collect()
}

fn sealed<T: serde::Serialize>(secrets: &Secrets, label: &str, what: &T) -> Result<Vec<u8>> {
    secrets.seal(label, &serde_json::to_vec(what).map_err(Error::internal)?)
}

/// What was sealed; nothing where it is gone or no key opens it.
fn opened<T: serde::de::DeserializeOwned + Default>(secrets: &Secrets, label: &str, sealed: Option<Vec<u8>>) -> T {
    let plain = sealed.and_then(|sealed| secrets.unseal(label, &sealed));
    plain.and_then(|plain| serde_json::from_slice(&plain).ok()).unwrap_or_default()
}

fn read(row: &Row, secrets: &Secrets) -> Result<WalkIn> {
    let name: Option<String> = row.get("takes_name")?;
    let name_en: Option<String> = row.get("takes_name_en")?;
    Ok(WalkIn {
        id: row.get("id")?,
        tenant: row.get("tenant")?,
        place: row.get("place")?,
        day: row.get::<String>("day")?.parse().map_err(Error::internal)?,
        number: row.get("number")?,
        at: row.get("at")?,
        became: row.get("became")?,
        about: row.get("about")?,
        who: opened(secrets, WHO, row.get("who")?),
        taken_by: row.get("taken_by")?,
        takes: row.get("takes")?,
        takes_name: name.zip(name_en),
        done: row.get("done")?,
        line: row.get("line")?,
        code: row.get("code")?,
        talk: row.get("talk")?,
    })
}

/// Writes down what somebody came with. `pickup` is what is kept of a code: it finds the line again. What was answered at once, and what is an
/// opinion, is done with it and keeps nobody's name.
pub async fn add(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (tenant, place, day): (TenantId, PlaceId, Date),
    (id, pickup, by): (WalkInId, [u8; 32], PersonId),
    new: &NewWalkIn,
) -> Result<i64> {
    let now = tx.now();
    let number: i64 = tx.number(NEXT, params![tenant, place, day.to_string()]).await?;
    let done = matches!(new.became, Became::Answer | Became::Opinion);
    let kept = matches!(new.became, Became::Request | Became::Later) && !new.who.is_empty();
    let who = kept.then(|| sealed(secrets, WHO, &new.who)).transpose()?;
    // The line of a talk, and the text of an opinion, stand once, with them.
    let apart = matches!(new.became, Became::Talk | Became::Opinion);
    let about = if apart { "" } else { new.about.as_str() };
    let (ended, ended_by) = (done.then_some(now), done.then_some(by));
    let row = params![
        tenant,
        id,
        place,
        day.to_string(),
        number,
        now,
        new.became,
        about,
        who,
        pickup.to_vec(),
        by,
        ended,
        ended_by,
        &new.line
    ];
    tx.run(ADD, row).await?;
    match new.became {
        Became::Talk => {
            let parties = Parties { asked: new.who.line(), other: String::new() };
            let (talk, parties): (TalkId, _) = (tx.id(), sealed(secrets, PARTIES, &parties)?);
            tx.run(ADD_TALK, params![tenant, talk, place, id, &new.about, parties, now]).await?;
        }
        Became::Opinion => {
            let opinion: OpinionId = tx.id();
            tx.run(ADD_OPINION, params![tenant, opinion, place, &new.about, now]).await?;
        }
        Became::Request | Became::Answer | Became::Later => {}
    }
    Ok(number)
}

/// An opinion that somebody leaves on the page: a line of the day like any other, written by nobody at the desk.
pub async fn leave_opinion(
    tx: &mut Tx<'_>,
    (tenant, place, day): (TenantId, PlaceId, Date),
    person: PersonId,
    text: &str,
) -> Result<OpinionId> {
    let (id, opinion, now): (WalkInId, OpinionId, Moment) = (tx.id(), tx.id(), tx.now());
    let number: i64 = tx.number(NEXT, params![tenant, place, day.to_string()]).await?;
    // No code leads to it, and nobody took it down.
    let (pickup, nobody) = (id.0.as_bytes().to_vec(), PersonId(kit::Uuid::nil()));
    let (who, became, day) = (None::<Vec<u8>>, Became::Opinion, day.to_string());
    let row = params![tenant, id, place, day, number, now, became, "", who, pickup, nobody, now, nobody, ""];
    tx.run(ADD, row).await?;
    tx.run(LEAVE_OPINION, params![tenant, opinion, place, text, now, person]).await?;
    Ok(opinion)
}

/// How many opinions somebody has left since a moment, of those that still know it.
pub async fn left_lately(
    tx: &mut Tx<'_>,
    (tenant, place): (TenantId, PlaceId),
    person: PersonId,
    since: Moment,
) -> Result<i64> {
    tx.number(LEFT_LATELY, params![tenant, place, person, since]).await
}

/// Those who left an opinion under a topic and are to hear the answer; who it was is forgotten with it.
pub async fn take_tellers(tx: &mut Tx<'_>, tenant: TenantId, topic: TopicId) -> Result<Vec<PersonId>> {
    let rows = tx.all(TELLERS, params![tenant, topic]).await?;
    tx.run(FORGET_TELLERS, params![tenant, topic]).await?;
    rows.iter().map(|row| row.get("person")).collect()
}

pub async fn find(tx: &mut Tx<'_>, secrets: &Secrets, tenant: TenantId, id: WalkInId) -> Result<Option<WalkIn>> {
    tx.one(&one(), params![tenant, id]).await?.as_ref().map(|row| read(row, secrets)).transpose()
}

pub async fn look(db: &Db, secrets: &Secrets, tenant: TenantId, id: WalkInId) -> Result<Option<WalkIn>> {
    db.one(&one(), params![tenant, id]).await?.as_ref().map(|row| read(row, secrets)).transpose()
}

/// Everything that came in on a day, and what is still open from the days before.
pub async fn list(db: &Db, secrets: &Secrets, (tenant, place): (TenantId, PlaceId), day: Date) -> Result<Vec<WalkIn>> {
    let rows = db.all(&list_sql(), params![tenant, place, day.to_string()]).await?;
    rows.iter().map(|row| read(row, secrets)).collect()
}

/// The line that a code finds.
pub async fn by_pickup(db: &Db, secrets: &Secrets, pickup: [u8; 32]) -> Result<Option<WalkIn>> {
    db.one(&by_pickup_sql(), params![pickup.to_vec()]).await?.as_ref().map(|row| read(row, secrets)).transpose()
}

/// Whether it was open.
pub async fn take(tx: &mut Tx<'_>, tenant: TenantId, id: WalkInId, person: PersonId) -> Result<bool> {
    Ok(tx.run(TAKE, params![tenant, id, person]).await? == 1)
}

/// Whether it was open; nobody's name is left in it.
pub async fn finish(tx: &mut Tx<'_>, tenant: TenantId, id: WalkInId, (by, line): (PersonId, &str)) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(DONE, params![tenant, id, now, by, line]).await? == 1)
}

/// A ticket became the request with this code. Whether it had not become one before.
pub async fn handed_in(tx: &mut Tx<'_>, tenant: TenantId, id: WalkInId, (by, code): (PersonId, &str)) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(HANDED_IN, params![tenant, id, now, by, code]).await? == 1)
}

fn read_talk(row: &Row, secrets: &Secrets) -> Result<Talk> {
    Ok(Talk {
        id: row.get("id")?,
        tenant: row.get("tenant")?,
        place: row.get("place")?,
        walk_in: row.get("walk_in")?,
        state: row.get("state")?,
        about: row.get("about")?,
        parties: opened(secrets, PARTIES, row.get("parties")?),
        asked: row.get("asked")?,
        meets: row.get("meets")?,
        meets_where: row.get("meets_where")?,
        held: row.get("held")?,
        ended: row.get("ended")?,
        passed_to: Way::parse(&row.get::<String>("passed_to")?),
    })
}

pub async fn talk(tx: &mut Tx<'_>, secrets: &Secrets, tenant: TenantId, id: TalkId) -> Result<Option<Talk>> {
    tx.one(&talk_sql(), params![tenant, id]).await?.as_ref().map(|row| read_talk(row, secrets)).transpose()
}

/// Open talks, and those that ended since a moment.
pub async fn talks(
    db: &Db,
    secrets: &Secrets,
    (tenant, place): (TenantId, PlaceId),
    since: Moment,
) -> Result<Vec<Talk>> {
    let rows = db.all(&talks_sql(), params![tenant, place, since]).await?;
    rows.iter().map(|row| read_talk(row, secrets)).collect()
}

/// Saves a step of a talk; the line of the desk that it came from is done when it is over.
pub async fn save_talk(tx: &mut Tx<'_>, secrets: &Secrets, talk: &Talk, by: PersonId) -> Result<()> {
    let (now, parties) = (tx.now(), sealed(secrets, PARTIES, &talk.parties)?);
    let passed = talk.passed_to.map_or("", Way::name);
    let row = params![
        talk.tenant,
        talk.id,
        talk.state,
        parties,
        talk.meets,
        &talk.meets_where,
        talk.held,
        talk.ended,
        passed,
        now
    ];
    tx.run(SAVE_TALK, row).await?;
    if talk.state.is_over() {
        tx.run(DONE, params![talk.tenant, talk.walk_in, now, by, ""]).await?;
    }
    Ok(())
}

/// Whether somebody has read one of the desk's lists since a moment, as the book has it.
pub async fn looked(
    tx: &mut Tx<'_>,
    (tenant, place): (TenantId, PlaceId),
    (stem, by): (&str, PersonId),
    since: Moment,
) -> Result<bool> {
    Ok(tx.number::<i64>(LOOKED, params![tenant, stem, by, place, since]).await? > 0)
}

fn read_topic(row: &Row) -> Result<Topic> {
    Ok(Topic {
        id: row.get("id")?,
        place: row.get("place")?,
        name: row.get("name")?,
        opinions: row.get("opinions")?,
        said: row.get("said")?,
        came: row.get("came")?,
        answered: row.get("answered")?,
    })
}

pub async fn add_topic(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, name: &str) -> Result<TopicId> {
    let (id, now): (TopicId, Moment) = (tx.id(), tx.now());
    tx.run(ADD_TOPIC, params![tenant, id, place, name, now]).await?;
    Ok(id)
}

pub async fn topics(db: &Db, tenant: TenantId, place: PlaceId) -> Result<Vec<Topic>> {
    db.all(TOPICS, params![tenant, place]).await?.iter().map(read_topic).collect()
}

pub async fn topic(tx: &mut Tx<'_>, tenant: TenantId, id: TopicId) -> Result<Option<Topic>> {
    tx.one(TOPIC, params![tenant, id]).await?.as_ref().map(read_topic).transpose()
}

/// What was answered in a span, the newest first.
pub async fn answered(
    db: &Db,
    (tenant, place): (TenantId, PlaceId),
    (from, to): (Moment, Moment),
) -> Result<Vec<Answered>> {
    let read = |row: &Row| {
        Ok(Answered {
            topic: row.get("name")?,
            opinions: row.get("opinions")?,
            said: row.get("said")?,
            came: row.get("came")?,
            at: row.get("answered")?,
        })
    };
    db.all(ANSWERED, params![tenant, place, from, to]).await?.iter().map(read).collect()
}

/// Whether it was not answered before.
pub async fn answer_topic(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: TopicId,
    (said, came): (&str, &str),
    by: PersonId,
) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(ANSWER_TOPIC, params![tenant, id, said, came, now, by]).await? == 1)
}

/// Opinions that no answer has met yet, the newest first.
pub async fn opinions(db: &Db, tenant: TenantId, place: PlaceId) -> Result<Vec<Opinion>> {
    let rows = db.all(OPINIONS, params![tenant, place]).await?;
    let read = |row: &Row| {
        Ok(Opinion { id: row.get("id")?, topic: row.get("topic")?, text: row.get("text")?, at: row.get("at")? })
    };
    rows.iter().map(read).collect()
}

/// Puts an opinion under a topic; whether there is such an opinion.
pub async fn sort(
    tx: &mut Tx<'_>,
    (tenant, place): (TenantId, PlaceId),
    id: OpinionId,
    topic: TopicId,
) -> Result<bool> {
    Ok(tx.run(SORT, params![tenant, place, id, topic]).await? == 1)
}

/// Puts everything that lies under no topic under this one.
pub async fn sort_loose(tx: &mut Tx<'_>, (tenant, place): (TenantId, PlaceId), topic: TopicId) -> Result<()> {
    tx.run(SORT_LOOSE, params![tenant, place, topic]).await.map(drop)
}

fn read_key(row: &Row, secrets: &Secrets) -> Result<RoomKey> {
    let loan = match row.get::<Option<LoanId>>("loan")? {
        Some(id) => Some(Loan {
            id,
            who: opened(secrets, WHO, row.get("who")?),
            given: row.get("given")?,
            due: row.get("due")?,
        }),
        None => None,
    };
    Ok(RoomKey { id: row.get("id")?, place: row.get("place")?, name: row.get("name")?, loan })
}

pub async fn add_key(tx: &mut Tx<'_>, tenant: TenantId, place: PlaceId, name: &str) -> Result<KeyId> {
    let (id, now): (KeyId, Moment) = (tx.id(), tx.now());
    tx.run(ADD_KEY, params![tenant, id, place, name, now]).await?;
    Ok(id)
}

pub async fn end_key(tx: &mut Tx<'_>, tenant: TenantId, id: KeyId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(END_KEY, params![tenant, id, now]).await? == 1)
}

pub async fn keys(db: &Db, secrets: &Secrets, tenant: TenantId, place: PlaceId) -> Result<Vec<RoomKey>> {
    let rows = db.all(&keys_sql(), params![tenant, place]).await?;
    rows.iter().map(|row| read_key(row, secrets)).collect()
}

pub async fn key(tx: &mut Tx<'_>, secrets: &Secrets, tenant: TenantId, id: KeyId) -> Result<Option<RoomKey>> {
    tx.one(&key_sql(), params![tenant, id]).await?.as_ref().map(|row| read_key(row, secrets)).transpose()
}

/// Hands a key out; nothing where somebody has it.
pub async fn lend(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (tenant, place, key): (TenantId, PlaceId, KeyId),
    (who, due): (&Who, Moment),
    by: PersonId,
) -> Result<Option<LoanId>> {
    let (id, now): (LoanId, Moment) = (tx.id(), tx.now());
    let who = (!who.is_empty()).then(|| sealed(secrets, WHO, who)).transpose()?;
    let row = params![tenant, id, place, key, who, now, by, due];
    Ok((tx.run(LEND, row).await? == 1).then_some(id))
}

/// Whether it was out.
pub async fn bring_back(
    tx: &mut Tx<'_>,
    (tenant, place): (TenantId, PlaceId),
    id: LoanId,
    by: PersonId,
) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(BACK, params![tenant, place, id, now, by]).await? == 1)
}

/// What stands beside the day's list.
pub async fn aside(db: &Db, tenant: TenantId, place: PlaceId, now: Moment) -> Result<Aside> {
    let mut aside = Aside::default();
    for row in db.all(ASIDE, params![tenant, place, now]).await? {
        let n: i64 = row.get("n")?;
        match row.get::<String>("what")?.as_str() {
            "overdue" => aside.overdue.push(row.get("kind")?),
            "out" => aside.keys_out = n,
            "unsorted" => aside.unsorted = n,
            _ => aside.talks_open = n,
        }
    }
    Ok(aside)
}

/// Counts a span of days; `from` and `to` are its first and last day, the moments are where it begins and where it is over.
pub async fn counted(
    db: &Db,
    (tenant, place): (TenantId, PlaceId),
    (from, to): (Date, Date),
    (begins, over): (Moment, Moment),
    (today, minute): (Date, i64),
) -> Result<Counted> {
    let (from, to, today) = (from.to_string(), to.to_string(), today.to_string());
    let rows = db.all(COUNTED, params![tenant, place, from, to, begins, over, today, minute]).await?;
    let read = |row: &Row| Ok((row.get("what")?, row.get("kind")?, row.get("n")?));
    Ok(Counted { all: rows.iter().map(read).collect::<Result<_>>()? })
}
