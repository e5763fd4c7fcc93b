//! The same figures by another way: one statement over the book that counts, adds and divides by itself, with each engine's own
//! way into the facts. It shares nothing with the code that it is held against.

use kit::Uuid;
use kit::db::{Db, Dialect, Row};
use kit::params;

/// What is asked of the book.
#[derive(Clone, Debug, Default)]
pub struct Question {
    pub tenant: Option<Uuid>,
    pub compound: Option<Uuid>,
    pub category: String,
    /// An organisation's id or an office's name.
    pub unit: String,
    pub from: i64,
    pub until: i64,
}

/// Names of the numbers that [`ask`] gives, in its order.
pub const NUMBERS: [&str; 10] =
    ["said", "closed", "in_time", "valid", "contacted", "solved", "good", "fair", "bad", "reopened"];
/// Names of the rates, in tenths of a percent; -1 where there is no whole.
pub const RATES: [&str; 6] = ["response", "solving", "satisfaction", "plainly_good", "coverage", "composite"];

fn statement(dialect: Dialect) -> String {
    let fact = |name: &str, of: &str| match dialect {
        Dialect::Sqlite => format!("cast({of}.facts ->> '{name}' as text)"),
        Dialect::Postgres => format!("(cast({of}.facts as json)->>'{name}')"),
    };
    let yes = |name: &str, of: &str| format!("(case when {} in ('1', 'true') then 1 else 0 end)", fact(name, of));
    let id = |column: &str| match dialect {
        Dialect::Sqlite => format!("lower(hex({column}))"),
        Dialect::Postgres => format!("encode({column}, 'hex')"),
    };
    let (thing, compound, tenant) = (id("a.thing_id"), id("p.compound"), id("a.tenant"));
    let tenth = |part: &str, whole: &str| {
        format!(
            "case when sum({whole}) > 0 then cast((2000 * sum({part}) + sum({whole})) / (2 * sum({whole})) as bigint) else -1 end"
        )
    };
    format!(
        "with book as materialized (
            select {thing} as thing, {tenant} as tenant, {compound} as compound, a.at, a.stem, {category} as category,
                {round} as round, {solved} as solved, {felt} as felt, {in_time} as in_time, {cause} as cause,
                case when {office} in ('captain', 'grid_worker') then 'captain'
                    else coalesce({unit}, {office}) end as unit
            from activity a join place p on p.tenant = a.tenant and p.id = a.place where a.stem like 'requests/%'
                and ({tenant} = $1 or $1 = '') and ({compound} = $2 or $2 = '')),
        begun as materialized (select thing, category, at from book where stem = 'requests/said'),
        ends as materialized (select thing, round, min(at) as closed, max(case when stem = 'requests/judged' then at end) as judged,
                max(case when stem = 'requests/judged' and solved = 0 then at end) as unsolved
            from book where stem in ('requests/judged', 'requests/left-unrated') group by thing, round),
        rounds as (select begun.category, ends.closed,
                (select book.unit from book where book.thing = ends.thing and book.stem = 'requests/reported'
                    and book.at <= ends.closed order by book.at desc limit 1) as unit,
                coalesce((select book.in_time from book where book.thing = ends.thing
                    and (book.stem in ('requests/accepted', 'requests/taken-over', 'requests/reported')
                        or book.stem = 'requests/moved-up' and book.cause = 'overdue')
                    and book.at > coalesce((select max(earlier.judged) from ends earlier where earlier.thing = ends.thing
                        and cast(earlier.round as bigint) + 1 = cast(ends.round as bigint)), 0)
                    order by book.at limit 1), 0) as in_time,
                case when ends.judged is null then 0 else 1 end as valid,
                coalesce(last.solved, 0) as solved, coalesce(last.felt, '') as felt,
                case when ends.unsolved > ends.closed then 1 else 0 end as reopened
            from ends join begun on begun.thing = ends.thing
            left join book last on last.thing = ends.thing and last.stem = 'requests/judged' and last.at = ends.judged),
        told as (select rounds.*, in_time * valid as contacted, case when felt = 'good' then 1 else 0 end as good,
                case when felt = 'fair' then 1 else 0 end as fair, case when felt = 'bad' then 1 else 0 end as bad
            from rounds where closed >= $5 and closed < $6 and (category = $3 or $3 = '') and (unit = $4 or $4 = ''))
        select (select count(*) from begun where begun.at >= $5 and begun.at < $6 and (category = $3 or $3 = '') and $4 = '') as said,
            count(*) as closed, {sums},
            {response} as response_t, {solving} as solving_t, {satisfaction} as satisfaction_t, {plain} as plainly_good_t,
            {coverage} as coverage_t, {composite} as composite_t from told",
        category = fact("category", "a"),
        round = fact("round", "a"),
        solved = yes("solved", "a"),
        felt = fact("satisfaction", "a"),
        in_time = yes("in_time", "a"),
        cause = fact("cause", "a"),
        office = fact("office", "a"),
        unit = fact("unit", "a"),
        sums = NUMBERS[2..].iter().map(|n| format!("cast(coalesce(sum({n}), 0) as bigint) as {n}")).collect::<Vec<_>>().join(", "),
        response = tenth("contacted", "valid"),
        solving = tenth("solved", "valid"),
        satisfaction = tenth("10 * good + 9 * fair", "10 * valid"),
        plain = tenth("good", "valid"),
        coverage = tenth("valid", "1"),
        composite = tenth("10 * contacted + 50 * solved + 40 * good + 36 * fair", "100 * valid"),
    )
}

/// Numbers and rates as the book itself gives them.
pub async fn ask(db: &Db, question: &Question) -> (Vec<i64>, Vec<i64>) {
    let simple = |id: Option<Uuid>| id.map_or(String::new(), |id| id.simple().to_string());
    let values = params![
        simple(question.tenant),
        simple(question.compound),
        &question.category,
        &question.unit,
        question.from,
        question.until
    ];
    // Parameters that are compared with nothing else need their type said on PostgreSQL.
    let mut sql = statement(db.dialect());
    for n in 1..=4 {
        sql = sql
            .replace(&format!("${n} "), &format!("cast(${n} as text) "))
            .replace(&format!("${n})"), &format!("cast(${n} as text))"));
    }
    let row: Row = db.one(&sql, values).await.unwrap().unwrap();
    let numbers = NUMBERS.iter().map(|name| row.get::<i64>(name).unwrap()).collect();
    (numbers, RATES.iter().map(|name| row.get::<i64>(&format!("{name}_t")).unwrap()).collect())
}
