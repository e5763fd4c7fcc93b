//! Numbers and duties on the boards of the demo, and who lends a hand in its buildings.

use super::people::Town;
use super::places::{Community, Town as Ground};
use super::rng::Rng;
use commons::people::Office;
use commons::seat::{BoardWords, TeamDuty, store};
use kit::Result;
use kit::db::Tx;
use kit::web::App;

const CAPTAIN: &[&str] = &[
    "请大家议事，劝和邻里，留意楼道，常去看看独居的老人。晚饭后都在家。",
    "楼里的事先来问我。周三、周六上午在单元门口坐坐。",
    "议事、劝和、看环境、走一走。急事可以直接敲门，201室。",
];
const WORKER: &str = "入户走访，代办跑腿，上门问三件事：有建议吗？邻里有疙瘩吗？要帮忙吗？";
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
