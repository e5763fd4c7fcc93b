//! The desk of each hub in the demo: who walked in with what, a talk or two, opinions with an answer, keys, and days written up.

use super::rng::Rng;
use commons::calendar::Zone;
use commons::desk::{Became, NewWalkIn, TalkState, WalkInId, Way, Who, store};
use commons::duty::{HubDay, Spans, store::day, weekday};
use commons::people::PersonId;
use commons::place::{PlaceId, TenantId};
use kit::Result;
use kit::db::{By, Tx};
use kit::secrets::Secrets;
use kit::time::Moment;

const ANSWERED: &[(&str, &str)] = &[
    ("问社区医院几点开门", "早上八点，周日不开"),
    ("问医保怎么转", "讲了三步，带走一张单子"),
    ("来打印一份租房合同", "打好了"),
    ("问快递柜取不出来找谁", "给了物业的电话"),
    ("来量血压", "量好了，让他下周再来"),
    ("手机字太小，想调大", "调好了"),
];
const LATER: &[(&str, &str)] = &[
    ("想请人上门看看水表", "师傅约在周四上午"),
    ("问加装电梯能补多少", "电话里说清楚了"),
    ("想把活动室借给合唱队", "排在周六下午"),
];
const TALKS: &[&str] = &["楼上楼下晚上的响动", "空调外机对着窗", "门口的鞋柜占了走道"];
const OPINIONS: &[&str] = &["装在南边，太阳好", "别挡住二楼的窗", "要能收起来的那种", "东边风大，被子会吹走"];
const NOTES: &[&str] = &["", "下雨，来的人少", "", "停电半小时，照常开", ""];
const CALLED: &[&str] = &["王阿姨", "老周", "三楼的小陈", "李师傅", ""];

/// Who serves, as whom the lines are written.
pub async fn pour(
    tx: &mut Tx<'_>,
    (rng, secrets): (&mut Rng, &Secrets),
    (tenant, place): (TenantId, PlaceId),
    team: &[PersonId],
) -> Result<()> {
    let (Some(first), now) = (team.first().copied(), tx.now()) else { return Ok(()) };
    topics(tx, secrets, (tenant, place), (now, first)).await?;
    for days in (0..25).rev() {
        let at = now - Moment::days(days);
        let date = Zone::china().date(at);
        if weekday(date) == 6 {
            continue;
        }
        let by = *rng.pick(team);
        let travel = By { person: Some(by.0), on_behalf: None, office: Some("hub".into()) };
        tx.travel(at - Moment::minutes(40), travel);
        let lines = if days == 0 { 2 } else { rng.between(1, 3) };
        for n in 0..lines {
            line(tx, (rng, secrets), (tenant, place), (by, days == 0, n)).await?;
        }
        if days > 0 && !rng.percent(10) {
            let saturday = weekday(date) == 5;
            let spans = if saturday { "09:00-11:30" } else { "09:00-11:30,14:00-17:00" };
            let note = (*rng.pick(NOTES)).to_owned();
            let written = HubDay { day: date, spans: Spans::parse(spans).unwrap_or_default(), note };
            day::write(tx, (tenant, place), &written, by).await?;
        }
    }
    talks(tx, (rng, secrets), (tenant, place), (now, first)).await?;
    keys(tx, secrets, (tenant, place), (now, first)).await?;
    tx.travel(now, By::default());
    Ok(())
}

async fn line(
    tx: &mut Tx<'_>,
    (rng, secrets): (&mut Rng, &Secrets),
    (tenant, place): (TenantId, PlaceId),
    (by, today, n): (PersonId, bool, i64),
) -> Result<WalkInId> {
    let answered = if today { n == 0 } else { rng.percent(70) };
    let ((about, line), became) = match answered {
        true => (*rng.pick(ANSWERED), Became::Answer),
        false => (*rng.pick(LATER), Became::Later),
    };
    let who = Who { name: (*rng.pick(CALLED)).to_owned(), ..Who::default() };
    let said = if answered { line.to_owned() } else { String::new() };
    let new = NewWalkIn { became, about: about.to_owned(), who, line: said };
    let id = walk_in(tx, secrets, (tenant, place), by, &new).await?;
    if !answered && !today {
        store::finish(tx, tenant, id, (by, line)).await?;
    }
    Ok(id)
}

async fn walk_in(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (tenant, place): (TenantId, PlaceId),
    by: PersonId,
    new: &NewWalkIn,
) -> Result<WalkInId> {
    let (id, day) = (tx.id::<WalkInId>(), Zone::china().date(tx.now()));
    let code = secrets.code("desk", id.0.as_bytes());
    let pickup = commons::slips::of_desk(secrets, &code);
    store::add(tx, secrets, (tenant, place, day), (id, pickup, by), new).await?;
    Ok(id)
}

/// A topic with opinions and an answer, and one that is open.
async fn topics(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (tenant, place): (TenantId, PlaceId),
    (now, by): (Moment, PersonId),
) -> Result<()> {
    let office = || By { person: Some(by.0), on_behalf: None, office: Some("hub".into()) };
    tx.travel(now - Moment::days(20), office());
    let racks = store::add_topic(tx, tenant, place, "晾衣架装在哪儿").await?;
    store::add_topic(tx, tenant, place, "电动车棚几点锁门").await?;
    for text in OPINIONS {
        let new =
            NewWalkIn { became: Became::Opinion, about: (*text).to_owned(), who: Who::default(), line: String::new() };
        walk_in(tx, secrets, (tenant, place), by, &new).await?;
    }
    store::sort_loose(tx, (tenant, place), racks).await?;
    tx.travel(now - Moment::days(3), office());
    let (said, came) = ("多数人要装在南边，不挡二楼的窗", "物业十二月在南边装四组能收起来的，装好了请大家来看");
    store::answer_topic(tx, tenant, racks, (said, came), by).await?;
    Ok(())
}

async fn talks(
    tx: &mut Tx<'_>,
    (rng, secrets): (&mut Rng, &Secrets),
    (tenant, place): (TenantId, PlaceId),
    (now, by): (Moment, PersonId),
) -> Result<()> {
    for (n, about) in TALKS.iter().enumerate() {
        let days = [9, 6, 1][n % 3];
        tx.travel(now - Moment::days(days), By { person: Some(by.0), on_behalf: None, office: Some("hub".into()) });
        let who = Who { name: (*rng.pick(CALLED)).to_owned(), ..Who::default() };
        let new = NewWalkIn { became: Became::Talk, about: (*about).to_owned(), who, line: String::new() };
        let id = walk_in(tx, secrets, (tenant, place), by, &new).await?;
        let Some(talk) = store::find(tx, secrets, tenant, id).await?.and_then(|one| one.talk) else { continue };
        let Some(mut talk) = store::talk(tx, secrets, tenant, talk).await? else { continue };
        if n == 2 {
            continue;
        }
        (talk.meets, talk.meets_where) = (Some(tx.now() + Moment::days(1)), "红小楼二楼".to_owned());
        talk.parties.other = "楼下那家".to_owned();
        tx.travel(now - Moment::days(days - 2), By { person: Some(by.0), on_behalf: None, office: Some("hub".into()) });
        (talk.held, talk.ended) = (Some(tx.now()), Some(tx.now()));
        talk.state = if n == 0 { TalkState::Settled } else { TalkState::PassedOn };
        talk.passed_to = (n == 1).then_some(Way::Mediation);
        store::save_talk(tx, secrets, &talk, by).await?;
    }
    Ok(())
}

async fn keys(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (tenant, place): (TenantId, PlaceId),
    (now, by): (Moment, PersonId),
) -> Result<()> {
    tx.travel(now - Moment::hours(1), By { person: Some(by.0), on_behalf: None, office: Some("hub".into()) });
    for (n, name) in ["二楼活动室", "棋牌室", "工具间"].iter().enumerate() {
        let key = store::add_key(tx, tenant, place, name).await?;
        if n == 0 {
            let who = Who { name: "合唱队的李师傅".into(), ..Who::default() };
            store::lend(tx, secrets, (tenant, place, key), (&who, now + Moment::hours(3)), by).await?;
        }
    }
    Ok(())
}
