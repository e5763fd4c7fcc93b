//! Subscriptions on the shelf, and what digests read.

use super::model::{MINE_MAX, Pace, Subscription, SubscriptionId, What, Who};
use commons::case::{Case, CaseId, State};
use commons::place::TenantId;
use kit::db::{Db, Row, Tx, Value};
use kit::i18n::Lang;
use kit::secrets::Secrets;
use kit::time::Moment;
use kit::{Error, Result, params};

const COLUMNS: &str = "s.tenant, s.id, s.person, s.mail, s.lang, s.what, s.compound, s.building, s.category, s.request,
    s.pace, s.asked, s.confirmed, s.told";
const BY_ID: &str = "from subscription s where s.tenant = $1 and s.id = $2";
const BY_WHAT: &str = "from subscription s where s.tenant = $1 and s.who = $2 and s.what = $3";
const CONCERNED: &str = "from subscription s where s.tenant = $1 and s.pace = 'instant' and s.confirmed is not null
    and (s.request = $2 or (s.compound = $3 and (s.building is null or s.building = $4) and (s.category = '' or s.category = $5)))
    order by s.id limit 20000";
const LANG: &str = "select lang from subscription where tenant = $1 and who = $2 and confirmed is not null
    order by confirmed desc, id desc limit 1";
const ADD: &str = "insert into subscription (tenant, id, who, person, mail, lang, what, compound, building, category, request,
    pace, since, asked, confirmed, told) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $13)";
const COUNT: &str = "select count(*) as n from subscription where tenant = $1 and who = $2";
const SET_PACE: &str = "update subscription set pace = $3, lang = $4, told = $5 where tenant = $1 and id = $2";
const ASKED: &str = "update subscription set asked = $3, pace = $4, lang = $5 where tenant = $1 and id = $2";
const CONFIRM: &str =
    "update subscription set confirmed = $3, told = $3 where tenant = $1 and id = $2 and confirmed is null";
const END: &str = "delete from subscription where tenant = $1 and id = $2";
const END_DIGESTS: &str = "delete from digest where tenant = $1 and subscription = $2";
const MINE: &str =
    "select s.id, s.what, s.pace, s.request, p.label as place, p.label_en as place_en, c.name as category,
    c.name_en as category_en, r.code from subscription s
    left join place p on p.tenant = s.tenant and p.id = coalesce(s.building, s.compound)
    left join category c on c.tenant = s.tenant and c.slug = s.category
    left join request r on r.tenant = s.tenant and r.id = s.request
    where s.tenant = $1 and s.who = $2 order by s.id limit $3";
const DUE: &str = "select tenant, id from subscription where pace = 'daily' and confirmed is not null and told < $1
    order by told limit $2";
const ADD_DIGEST: &str = "insert into digest (tenant, subscription, day, at, cases) values ($1, $2, $3, $4, $5)
    on conflict (tenant, subscription, day) do nothing";
const TOLD: &str = "update subscription set told = $3 where tenant = $1 and id = $2 and told < $3";

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let all = [LANG, ADD, COUNT, SET_PACE, ASKED, CONFIRM, END, END_DIGESTS, MINE, DUE, ADD_DIGEST, TOLD];
    let mut all: Vec<String> = all.map(str::to_owned).into();
    all.extend([BY_ID, BY_WHAT, CONCERNED].map(select));
    let nil = kit::Uuid::nil();
    let mut what = What {
        tenant: nil.into(),
        name: String::new(),
        compound: Some(nil.into()),
        building: Some(nil.into()),
        category: "lift".into(),
        request: None,
    };
    all.push(changed_sql(&what).0);
    what.request = Some(nil.into());
    all.push(changed_sql(&what).0);
    all
}

fn select(tail: &str) -> String {
    format!("select {COLUMNS} {tail}")
}

pub async fn find(tx: &mut Tx<'_>, tenant: TenantId, id: SubscriptionId) -> Result<Option<Subscription>> {
    tx.one(&select(BY_ID), params![tenant, id]).await?.as_ref().map(read).transpose()
}

/// The same outside a deed.
pub async fn look(db: &Db, tenant: TenantId, id: SubscriptionId) -> Result<Option<Subscription>> {
    db.one(&select(BY_ID), params![tenant, id]).await?.as_ref().map(read).transpose()
}

pub async fn of(tx: &mut Tx<'_>, tenant: TenantId, who: &[u8], what: &str) -> Result<Option<Subscription>> {
    tx.one(&select(BY_WHAT), params![tenant, who, what]).await?.as_ref().map(read).transpose()
}

/// Adds a subscription; one of a person counts at once, one of an address when it has said yes.
pub async fn add(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    (what, who): (&What, &Who),
    pace: Pace,
    lang: Lang,
) -> Result<SubscriptionId> {
    let (id, now): (SubscriptionId, Moment) = (tx.id(), tx.now());
    let (person, mail) = match who {
        Who::Person(person) => (Some(*person), None),
        Who::Mail(mail) => (None, Some(secrets.seal(super::model::SEAL, mail.as_bytes())?)),
    };
    let confirmed = person.map(|_| now);
    let row = params![
        what.tenant,
        id,
        who.hash(secrets),
        person,
        mail,
        lang.code(),
        &what.name,
        what.compound,
        what.building,
        &what.category,
        what.request,
        pace,
        now,
        confirmed
    ];
    tx.run(ADD, row).await?;
    Ok(id)
}

/// The language in which somebody last said yes to letters. What was only typed in tells nothing of its owner.
pub async fn lang(tx: &mut Tx<'_>, tenant: TenantId, who: &[u8]) -> Result<Option<Lang>> {
    let row = tx.one(LANG, params![tenant, who]).await?;
    row.map_or(Ok(None), |row| Ok(Lang::parse(&row.get::<String>("lang")?)))
}

pub async fn count(tx: &mut Tx<'_>, tenant: TenantId, who: &[u8]) -> Result<i64> {
    tx.number(COUNT, params![tenant, who]).await
}

pub async fn set_pace(tx: &mut Tx<'_>, old: &Subscription, pace: Pace, lang: Lang) -> Result<()> {
    let now = tx.now();
    // Who changes over to a daily digest has heard everything so far.
    let told = if old.pace == pace { old.told } else { now };
    tx.run(SET_PACE, params![old.tenant, old.id, pace, lang.code(), told]).await.map(drop)
}

pub async fn asked(tx: &mut Tx<'_>, old: &Subscription, pace: Pace, lang: Lang) -> Result<()> {
    let now = tx.now();
    tx.run(ASKED, params![old.tenant, old.id, now, pace, lang.code()]).await.map(drop)
}

/// `false` when the address had said yes before.
pub async fn confirm(tx: &mut Tx<'_>, tenant: TenantId, id: SubscriptionId) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(CONFIRM, params![tenant, id, now]).await? == 1)
}

/// Ends it and forgets the address; `false` when it had ended before.
pub async fn end(tx: &mut Tx<'_>, tenant: TenantId, id: SubscriptionId) -> Result<bool> {
    tx.run(END_DIGESTS, params![tenant, id]).await?;
    Ok(tx.run(END, params![tenant, id]).await? == 1)
}

/// A line of somebody's own list.
#[derive(Clone, Debug)]
pub struct Mine {
    pub id: SubscriptionId,
    /// The query that names it.
    pub what: String,
    pub pace: Pace,
    pub place: (String, String),
    pub category: (String, String),
    pub code: Option<String>,
}

pub async fn mine(db: &Db, tenant: TenantId, who: &[u8]) -> Result<Vec<Mine>> {
    let rows = db.all(MINE, params![tenant, who, MINE_MAX]).await?;
    let pair = |row: &Row, name: &str| {
        let text = |name: &str| row.get::<Option<String>>(name).map(Option::unwrap_or_default);
        Ok::<_, Error>((text(name)?, text(&format!("{name}_en"))?))
    };
    rows.iter()
        .map(|row| {
            Ok(Mine {
                id: row.get("id")?,
                what: row.get("what")?,
                pace: row.get("pace")?,
                place: pair(row, "place")?,
                category: pair(row, "category")?,
                code: row.get("code")?,
            })
        })
        .collect()
}

/// Those who want to hear at once of what happens to a case.
pub async fn concerned(tx: &mut Tx<'_>, case: &Case) -> Result<Vec<Subscription>> {
    let row = params![case.tenant, case.id, case.compound, case.building, &case.category];
    tx.all(&select(CONCERNED), row).await?.iter().map(read).collect()
}

/// Daily ones that have not been told up to `cut`.
pub async fn due(db: &Db, cut: Moment, limit: i64) -> Result<Vec<(TenantId, SubscriptionId)>> {
    let rows = db.all(DUE, params![cut, limit]).await?;
    rows.iter().map(|row| Ok((row.get("tenant")?, row.get("id")?))).collect()
}

/// Writes down that a day's digest was made; `false` when it was before.
pub async fn add_digest(tx: &mut Tx<'_>, one: &Subscription, day: &str, cases: i64) -> Result<bool> {
    let now = tx.now();
    Ok(tx.run(ADD_DIGEST, params![one.tenant, one.id, day, now, cases]).await? == 1)
}

pub async fn told(tx: &mut Tx<'_>, one: &Subscription, until: Moment) -> Result<()> {
    tx.run(TOLD, params![one.tenant, one.id, until]).await.map(drop)
}

/// A case that a digest tells of.
#[derive(Clone, Debug)]
pub struct Changed {
    pub case: CaseId,
    pub code: String,
    pub words: String,
    pub place: (String, String),
    pub state: State,
    /// Said since the last digest.
    pub new: bool,
}

fn changed_sql(what: &What) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = Vec::new();
    let mut wanted = String::new();
    let mut is = |column: &str, value: Value| {
        values.push(value);
        // The first four are tenant, from, until and limit.
        wanted.push_str(&format!(" and r.{column} = ${}", values.len() + 4));
    };
    match what.request {
        Some(request) => is("id", request.into()),
        None => {
            is("compound", what.compound.into());
            if let Some(building) = what.building {
                is("building", building.into());
            }
            if !what.category.is_empty() {
                is("category", (&what.category).into());
            }
        }
    }
    let sql = format!(
        "select r.id, r.code, r.words, r.state, r.said, b.label as place, b.label_en as place_en, count(*) over () as n
         from request r left join place b on b.tenant = r.tenant and b.id = coalesce(r.building, r.place)
         where r.tenant = $1 and r.private = false and r.kind <> 'dispute'
            and r.state in ('said', 'accepted', 'reported', 'closed') and r.changed > $2 and r.changed <= $3{wanted}
         order by r.changed, r.id limit $4"
    );
    (sql, values)
}

/// The public cases of what is followed that changed after `from`, up to `until`: the first of them, and how many.
pub async fn changed(
    tx: &mut Tx<'_>,
    what: &What,
    (from, until): (Moment, Moment),
    limit: i64,
) -> Result<(Vec<Changed>, i64)> {
    let (sql, more) = changed_sql(what);
    let values = [params![what.tenant, from, until, limit].to_vec(), more].concat();
    let rows = tx.all(&sql, &values).await?;
    let all = rows.first().map_or(Ok(0), |row| row.get("n"))?;
    let text = |row: &Row, name: &str| row.get::<Option<String>>(name).map(Option::unwrap_or_default);
    let read = |row: &Row| {
        Ok(Changed {
            case: row.get("id")?,
            code: row.get("code")?,
            words: row.get("words")?,
            place: (text(row, "place")?, text(row, "place_en")?),
            state: row.get("state")?,
            new: row.get::<Moment>("said")? > from,
        })
    };
    Ok((rows.iter().map(read).collect::<Result<_>>()?, all))
}

fn read(row: &Row) -> Result<Subscription> {
    let tenant: TenantId = row.get("tenant")?;
    Ok(Subscription {
        tenant,
        id: row.get("id")?,
        person: row.get("person")?,
        mail: row.get("mail")?,
        lang: Lang::parse(&row.get::<String>("lang")?).unwrap_or_default(),
        what: What {
            tenant,
            name: row.get("what")?,
            compound: row.get("compound")?,
            building: row.get("building")?,
            category: row.get("category")?,
            request: row.get("request")?,
        },
        pace: row.get("pace")?,
        asked: row.get("asked")?,
        confirmed: row.get("confirmed")?,
        told: row.get("told")?,
    })
}
