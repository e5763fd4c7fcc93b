//! The demo neighbourhood: one subdistrict, two communities, five compounds, some 1,800 homes and a year of their life.
//! Everybody in it is invented. It is poured in through the same deeds that people use.

pub mod desk;
pub mod ground;
pub mod help;
pub mod life;
pub mod names;
pub mod people;
pub mod places;
pub mod rng;
pub mod sayings;
pub mod trust;

use commons::kept::store::timers;
use kit::Result;
use kit::web::App;
use rng::Rng;

/// The seed of the neighbourhood that everybody sees.
pub const SEED: u64 = 20_241_124;
/// How many matters a year brings.
pub const MATTERS: usize = 1_500;

/// Pours the neighbourhood into an empty database; does nothing when somebody lives there already.
///
/// # Errors
/// When the database cannot be written.
pub async fn pour(app: &App, matters: usize) -> Result<bool> {
    if !commons::place::store::tenants(&app.db).await?.is_empty() {
        return Ok(false);
    }
    let (ground, town) = settle(app, matters).await?;
    help::pour(app, &mut Rng::new(SEED ^ 0x4E19), &ground, &town).await?;
    Ok(true)
}

/// The ground, its people and what they said: the neighbourhood without its boards, hubs and rosters.
///
/// # Errors
/// When the database cannot be written.
pub async fn settle(app: &App, matters: usize) -> Result<(places::Town, people::Town)> {
    let mut rng = Rng::new(SEED);
    let ground = places::pour(app).await?;
    let town = people::pour(app, &mut rng, &ground).await?;
    trust::pour(app, &ground, &town).await?;
    life::pour(app, &mut rng, &ground, &town, matters).await?;
    // A year passed in a moment: what would have gone by itself meanwhile goes now.
    app.db.transact(&app.context(), |tx| Box::pin(async move { timers::run(tx).await.map(drop) })).await?;
    Ok((ground, town))
}
