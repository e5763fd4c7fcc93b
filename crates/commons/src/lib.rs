//! The nouns that features share. They know no URL and no page.
//!
//! Start with [`place`] and [`people`] (who may do what, where), then [`case`] (what was said and how it travels).

pub mod calendar;
pub mod case;
pub mod desk;
pub mod duty;
pub mod figures;
#[cfg(any(test, feature = "testing"))]
pub mod foreign;
pub mod incident;
pub mod kept;
pub mod likeness;
pub mod notice;
pub mod people;
pub mod place;
pub mod private;
pub mod register;
pub mod rulebook;
pub mod seat;
pub mod sheet;
pub mod slips;

use kit::db::Migration;

/// The tables of the nouns.
pub const MIGRATIONS: &[Migration] = &[
    Migration::shared("0010_commons", include_str!("../migrations/0010_commons.sql")),
    Migration::shared("0011_standards", include_str!("../migrations/0011_standards.sql")),
    Migration::shared("0012_fields", include_str!("../migrations/0012_fields.sql")),
    Migration::shared("0013_second_thoughts", include_str!("../migrations/0013_second_thoughts.sql")),
    Migration::shared("0014_together", include_str!("../migrations/0014_together.sql")),
    Migration::shared("0015_desk", include_str!("../migrations/0015_desk.sql")),
    Migration::shared("0016_follow", include_str!("../migrations/0016_follow.sql")),
    Migration::shared("0017_figures", include_str!("../migrations/0017_figures.sql")),
    Migration::shared("0018_told", include_str!("../migrations/0018_told.sql")),
    Migration::shared("0019_tongues", include_str!("../migrations/0019_tongues.sql")),
    Migration::shared("0021_open311", include_str!("../migrations/0021_open311.sql")),
    Migration::shared("0022_digests", include_str!("../migrations/0022_digests.sql")),
    Migration::shared("0023_households", include_str!("../migrations/0023_households.sql")),
    Migration::shared("0024_deputies", include_str!("../migrations/0024_deputies.sql")),
    Migration::shared("0025_register", include_str!("../migrations/0025_register.sql")),
    Migration::shared("0026_ways_back", include_str!("../migrations/0026_ways_back.sql")),
    Migration::shared("0030_captains", include_str!("../migrations/0030_captains.sql")),
    Migration::shared("0031_roster", include_str!("../migrations/0031_roster.sql")),
    Migration::shared("0050_incidents", include_str!("../migrations/0050_incidents.sql")),
    Migration::shared("0060_desk", include_str!("../migrations/0060_desk.sql")),
    Migration::shared("0061_opinion_teller", include_str!("../migrations/0061_opinion_teller.sql")),
    Migration::shared("0070_phones", include_str!("../migrations/0070_phones.sql")),
    Migration::shared("0071_providers", include_str!("../migrations/0071_providers.sql")),
    Migration::shared("0080_stand_in", include_str!("../migrations/0080_stand_in.sql")),
    Migration::shared("0081_leaner", include_str!("../migrations/0081_leaner.sql")),
    Migration::shared("0090_post_away", include_str!("../migrations/0090_post_away.sql")),
    Migration::shared("0091_words_over", include_str!("../migrations/0091_words_over.sql")),
    Migration::shared("0092_post_desk", include_str!("../migrations/0092_post_desk.sql")),
];

/// Every statement of the nouns, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let mut all = place::store::statements();
    all.extend(case::store::statements());
    all.extend(case::standards::store::STATEMENTS.iter().map(|sql| sql.to_string()));
    all.extend(case::standards::store::statements());
    all.extend(case::replies::statements());
    all.extend(figures::store::statements());
    all.extend(
        people::store::STATEMENTS
            .iter()
            .chain(people::invite::STATEMENTS)
            .chain(notice::store::STATEMENTS)
            .map(|sql| sql.to_string()),
    );
    all.extend(people::store::STATEMENTS.iter().chain(notice::store::STATEMENTS).map(|sql| sql.to_string()));
    all.extend(people::store::statements());
    all.extend(people::household::store::statements());
    all.extend(people::standing::store::statements());
    all.extend(people::store::seat::statements());
    all.extend(people::back::store::statements());
    all.extend(people::provider::store::STATEMENTS.iter().map(|sql| sql.to_string()));
    all.extend(people::phone::store::STATEMENTS.iter().map(|sql| sql.to_string()));
    all.extend(register::store::STATEMENTS.iter().map(|sql| sql.to_string()));
    all.extend(notice::channel::store::statements());
    all.extend(notice::wish::store::STATEMENTS.iter().map(|sql| sql.to_string()));
    all.extend(notice::delivery::store::statements());
    all.extend(duty::store::statements());
    all.extend(desk::store::statements());
    all.extend(kept::store::statements());
    all.extend(incident::store::STATEMENTS.iter().map(|sql| sql.to_string()));
    all.extend(seat::store::STATEMENTS.iter().map(|sql| sql.to_string()));
    all
}

/// The kit's tables and ours, for tests.
#[cfg(test)]
pub(crate) fn all_migrations() -> &'static [Migration] {
    static ALL: std::sync::LazyLock<Vec<Migration>> =
        std::sync::LazyLock::new(|| kit::MIGRATIONS.iter().chain(MIGRATIONS).copied().collect());
    &ALL
}
