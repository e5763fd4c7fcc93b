//! Numbers and duties on the boards of the demo, and who lends a hand in its buildings.

use super::people::Town;
use super::places::{Community, Compound, Town as Ground};
use super::rng::Rng;
use commons::calendar::Zone;
use commons::duty::{self, GapTold, How, Month, Ready, Skill, Spans, plan};
use commons::people::{Actor, Office, PersonId};
use commons::place::TenantId;
use commons::seat::{BoardWords, TeamDuty, store};
use kit::Result;
use kit::db::{By, Tx};
use kit::time::Moment;
use kit::web::App;

const CAPTAIN: &[&str] = &[
    "请大家议事，劝和邻里，留意楼道，常去看看独居的老人。晚饭后都在家。",
    "楼里的事先来问我。周三、周六上午在单元门口坐坐。",
    "议事、劝和、看环境、走一走。急事可以直接敲门，201室。",
];
const WORKER: &str = "入户走访，代办跑腿，上门问三件事：有建议吗？邻里有疙瘩吗？要帮忙吗？";
/// Name, duties, and whether the post sits at the desk.
const POSTS: &[(&str, &str, bool)] = &[
    ("接待岗", "来了人先倒杯水，听清楚，记下来，告诉他谁来办、什么时候回话", true),
    ("劝导岗", "邻里有疙瘩，两边坐下来说一说；说不拢就讲清楚还能找谁", true),
    ("政策岗", "医保、养老、加装电梯的政策，用大白话讲给大家听", false),
    ("环境岗", "楼道、绿地、车位走一圈，看见的记下来", false),
];
const DONE: &[&str] = &[
    "陪两位老人填了医保表",
    "记下三条对晾衣架的意见，交给社区",
    "楼上楼下为空调滴水的事坐下来说开了",
    "讲了加装电梯怎么报名，来了九个人",
    "借出活动室钥匙，傍晚收回",
    "走了一圈，两处楼道堆物已经说了",
    "帮一位邻居在网上约了号",
];
const COMMUNITY: &str = "统筹全社区的事，网格员和楼栋长办不了的，到这里来。";

pub async fn pour(app: &App, rng: &mut Rng, ground: &Ground, town: &Town) -> Result<()> {
    let (context, seed) = (app.context(), rng.clone());
    let seed = &seed;
    app.db
        .transact(&context, |tx| {
            Box::pin(async move {
                let mut rng = seed.clone();
                for community in &ground.communities {
                    boards(tx, app, &mut rng, community, town).await?;
                    for compound in &community.compounds {
                        hub(tx, app, &mut rng, (community.tenant, compound), town).await?;
                    }
                }
                Ok(())
            })
        })
        .await
}

fn number(rng: &mut Rng) -> String {
    format!("0512-5550 {:04}", rng.between(0, 9999))
}

async fn boards(tx: &mut Tx<'_>, app: &App, rng: &mut Rng, community: &Community, town: &Town) -> Result<()> {
    let (tenant, root, secrets) = (community.tenant, &community.root, &app.secrets);
    let words = BoardWords { supervision: number(rng), ..BoardWords::default() };
    store::save_words(tx, tenant, root.id, &words).await?;
    let phone = number(rng);
    store::save_card(tx, secrets, (tenant, root.id, Office::Community), (Some(&phone), None), COMMUNITY).await?;
    for compound in &community.compounds {
        let (name, n) = (&compound.place.name, compound.buildings.len());
        let words = BoardWords {
            area: format!("{name}1号楼到{n}号楼，连同门前道路和绿地"), ..BoardWords::default()
        };
        store::save_words(tx, tenant, compound.grid, &words).await?;
        let phone = number(rng);
        store::save_card(tx, secrets, (tenant, compound.grid, Office::GridWorker), (Some(&phone), None), WORKER)
            .await?;
        for (at, building) in compound.buildings.iter().enumerate() {
            let place = &building.place;
            let captain = town.seats.get(&(Office::Captain, place.id));
            let giver = captain.and_then(|actor| actor.person_in(tenant)).filter(|_| at == 2 || rng.percent(60));
            let phone = giver.map(|_| number(rng));
            let duties = CAPTAIN[at % CAPTAIN.len()];
            store::save_card(tx, secrets, (tenant, place.id, Office::Captain), (phone.as_deref(), giver), duties)
                .await?;
            for home in &building.homes {
                let person = town.homes.get(&home.id).and_then(|actor| actor.person_in(tenant));
                if let Some(person) = person.filter(|_| rng.percent(20)) {
                    let duty = TeamDuty::ALL[usize::try_from(rng.between(0, 3)).unwrap_or(0)];
                    store::join(tx, tenant, place.id, duty, person).await?;
                }
            }
        }
    }
    Ok(())
}

/// Hours, posts, what was done, and a roster of this month and the next, planned as it is planned on the page.
async fn hub(
    tx: &mut Tx<'_>,
    app: &App,
    rng: &mut Rng,
    (tenant, compound): (TenantId, &Compound),
    town: &Town,
) -> Result<()> {
    let (place, now) = (compound.place.id, tx.now());
    let day = Spans::parse("09:00-11:30,14:00-17:00").unwrap_or_default();
    let saturday = Spans::parse("09:00-11:30").unwrap_or_default();
    let week = [day.clone(), day.clone(), day.clone(), day.clone(), day, saturday, Spans::default()];
    duty::store::set_hours(tx, tenant, place, &week).await?;
    let captains = compound.buildings.iter().filter_map(|one| town.seats.get(&(Office::Captain, one.place.id)));
    let volunteer = town.seats.get(&(Office::Volunteer, place));
    let person = |actor: &Actor| actor.person_in(tenant);
    let helpers: Vec<PersonId> = volunteer.into_iter().chain(captains).filter_map(person).take(10).collect();
    for (at, (name, duties, desk)) in POSTS.iter().enumerate() {
        let id = duty::store::add_post(tx, (tenant, place), (name, duties), *desk).await?;
        let Some(holder) = helpers.get(at).filter(|_| at != 3) else { continue };
        duty::store::hold_post(tx, tenant, id, Some(*holder)).await?;
        duty::store::confirm_post(tx, tenant, id).await?;
        let Some(post) = duty::store::post(tx, tenant, id).await? else { continue };
        for days in 0..12 {
            if rng.percent(60) {
                let by = By { person: Some(holder.0), ..By::default() };
                tx.travel(now - Moment::days(days * 2) - Moment::hours(rng.between(1, 6)), by);
                let done = *rng.pick(DONE);
                duty::store::add_entry(tx, tenant, &post, *holder, done).await?;
            }
        }
        tx.travel(now, By::default());
    }
    let staff = town.seats.get(&(Office::Hub, place)).and_then(|actor| actor.person_in(tenant));
    let team: Vec<PersonId> = staff.into_iter().chain(helpers.iter().take(3).copied()).collect();
    super::desk::pour(tx, (rng, &app.secrets), (tenant, place), &team).await?;
    for person in &helpers {
        let ready = Ready {
            person: *person,
            name: String::new(),
            name_en: String::new(),
            weekdays: rng.between(1, 127) | 1 << rng.between(0, 5),
            skills: Skill::ALL.iter().copied().filter(|one| *one == Skill::Desk || rng.percent(40)).collect(),
            month_max: rng.between(3, 8),
            rest_days: rng.between(0, 2),
            named: rng.percent(60),
        };
        duty::store::save_ready(tx, tenant, place, &ready).await?;
    }
    let this = Month::of(Zone::china().date(now));
    for month in [this, this.step(1)] {
        roster(tx, tenant, compound, month).await?;
        if month == this {
            duty::store::publish(tx, tenant, place, &month.name()).await?;
        }
    }
    Ok(())
}

async fn roster(tx: &mut Tx<'_>, tenant: TenantId, compound: &Compound, month: Month) -> Result<()> {
    let place = compound.place.id;
    for day in month.days() {
        let weekday = duty::weekday(day);
        let spans: &[(i64, i64, Skill)] = match weekday {
            0..=4 => &[(540, 690, Skill::Desk), (840, 1020, Skill::Desk)],
            5 => &[(540, 690, Skill::Talks)],
            _ => &[],
        };
        for (starts, ends, skill) in spans {
            let new = duty::store::NewShift { day, starts: *starts, ends: *ends, skill: *skill, need: 1 };
            duty::store::add_shift(tx, tenant, place, new).await?;
        }
    }
    let span = (month.first(), month.last());
    let shifts = duty::store::shifts_in(tx, tenant, place, span).await?;
    let ready = duty::store::ready_in(tx, tenant, place).await?;
    let (helpers, slots) = plan::tables(&ready, &shifts, &[], span);
    let plan = plan::plan(&helpers, &slots);
    for (slot, helper) in &plan.duties {
        duty::store::put(tx, &shifts[*slot], ready[*helper].person, How::Plan).await?;
    }
    let told = |gap: &plan::Gap| GapTold { shift: shifts[gap.slot].id, open: gap.open, out: gap.out.clone() };
    let gaps: Vec<GapTold> = plan.gaps.iter().map(told).collect();
    duty::store::save_month(tx, (tenant, place), &month.name(), plan.exact, &gaps).await
}
