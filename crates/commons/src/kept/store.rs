//! What tables hold about one person.

pub mod erase;
pub mod timers;

use super::{Consent, Fate, Kind, Part};
use crate::case::CaseId;
use crate::notice::{self, wish::Because};
use crate::people::PersonId;
use crate::people::standing::{self, StandInId};
use crate::place::TenantId;
use kit::book::Activity;
use kit::db::{Db, Row, Tx};
use kit::time::Moment;
use kit::{Result, Uuid, params};

const fn part(kind: Kind, name: &'static str, sql: &'static str) -> Part {
    Part { kind, name, sql, sealed: &[] }
}

const fn sealed(
    kind: Kind,
    name: &'static str,
    sql: &'static str,
    sealed: &'static [(&'static str, &'static str)],
) -> Part {
    Part { kind, name, sql, sealed }
}

/// Who else is told something, as far as the database knows: kinds of channels, programs with an office, sign-ins of offices.
const RECEIVERS: &str =
    "select distinct case when kind = 'webhook' then 'program' else 'robot' end as name from channel
    where retired is null
    union select 'program' from token where tenant is not null and ended is null and ends > $1
    union select 'provider' from provider order by name limit 10";

/// Everything, in the order in which it is told.
pub const PARTS: &[Part] = &[
    part(
        Kind::Account,
        "account",
        "select a.login, a.since, case when a.password is null then 0 else 1 end as has_password
        from person p join account a on a.id = p.account where p.tenant = $1 and p.id = $2",
    ),
    sealed(
        Kind::Account,
        "own_phone",
        "select o.phone, o.since, o.confirmed from person p join own_phone o on o.account = p.account
        where p.tenant = $1 and p.id = $2",
        &[("phone", "own-phone")],
    ),
    part(
        Kind::Account,
        "ways_back",
        "select w.first_office, w.first_at, w.second_office, w.second_at, w.ends, w.used, w.stopped
        from way_back w where w.tenant = $1 and w.person = $2 order by w.id desc",
    ),
    part(
        Kind::Account,
        "invitations",
        "select l.label as place, i.made, i.ends, i.used from invitation i
        left join place l on l.tenant = i.tenant and l.id = i.place where i.tenant = $1 and i.person = $2 order by i.id desc",
    ),
    part(
        Kind::Devices,
        "sessions",
        "select s.label as device, s.starts, s.seen, s.ends from person p join session s on s.account = p.account
        where p.tenant = $1 and p.id = $2 order by s.seen desc, s.starts desc",
    ),
    part(
        Kind::Devices,
        "passkeys",
        "select k.name, k.since, k.used from person p join passkey k on k.account = p.account
        where p.tenant = $1 and p.id = $2 order by k.id",
    ),
    part(
        Kind::Devices,
        "office_sign_in",
        "select p.name, l.since, l.used from provider_link l left join provider p on p.tenant = l.tenant
        where l.tenant = $1 and l.person = $2",
    ),
    part(
        Kind::Devices,
        "tokens",
        "select t.name, t.scopes, t.since, t.ends, t.used, t.ended from person p join token t on t.account = p.account
        where p.tenant = $1 and p.id = $2 order by t.since desc, t.id",
    ),
    part(
        Kind::Name,
        "name",
        "select p.name, p.name_en, p.since from person p where p.tenant = $1 and p.id = $2",
    ),
    part(
        Kind::Homes,
        "memberships",
        "select m.office as membership, l.label as home, m.starts, m.ends, m.revoked, r.share_part, r.share_whole,
        r.proof, r.verified_office, r.verified from mandate m
        left join place l on l.tenant = m.tenant and l.id = m.place
        left join residence r on r.tenant = m.tenant and r.mandate = m.id
        where m.tenant = $1 and m.person = $2 and m.office in ('owner', 'tenant', 'family') order by m.starts desc, m.id desc",
    ),
    part(
        Kind::Homes,
        "joinings",
        "select j.office as membership, l.label as home, j.asked, j.decision, j.decided from joining j
        left join place l on l.tenant = j.tenant and l.id = j.home
        where j.tenant = $1 and j.person = $2 order by j.id desc",
    ),
    part(
        Kind::Offices,
        "offices",
        "select m.office, l.label as place, m.source, m.starts, m.ends, m.revoked, m.away_from, m.away_until,
        case when m.person = $2 then 0 else 1 end as as_deputy from mandate m
        left join place l on l.tenant = m.tenant and l.id = m.place
        where m.tenant = $1 and (m.person = $2 or m.deputy = $2) and m.office not in ('owner', 'tenant', 'family')
        order by m.starts desc, m.id desc",
    ),
    sealed(
        Kind::Requests,
        "requests",
        "select r.code, r.kind, r.category, r.state, r.private, r.channel, r.words, r.contact, b.label as place,
        h.label as home, r.said, r.changed, r.closed, r.outcome, r.solved, r.satisfaction, r.lat_e7, r.lon_e7
        from request r left join place b on b.tenant = r.tenant and b.id = r.place
        left join place h on h.tenant = r.tenant and h.id = r.home
        where r.tenant = $1 and r.author = $2 order by r.said desc, r.id desc",
        &[("contact", "contact")],
    ),
    part(
        Kind::Requests,
        "words",
        "select r.code, e.kind, e.office, e.public, e.text, e.at, e.edited, e.withdrawn from entry e
        join request r on r.tenant = e.tenant and r.id = e.request
        where e.tenant = $1 and (e.person = $2 or (r.author = $2 and e.office is null)) order by e.id desc",
    ),
    part(
        Kind::Requests,
        "answers",
        "select r.code, f.code as field, f.value from request r join field_value f on f.tenant = r.tenant and f.request = r.id
        where r.tenant = $1 and r.author = $2 order by r.said desc, f.code",
    ),
    part(
        Kind::Requests,
        "judgements",
        "select r.code, j.round, j.solved, j.satisfaction, j.why, j.at from request r
        join judgement j on j.tenant = r.tenant and j.request = r.id
        where r.tenant = $1 and r.author = $2 order by j.id desc",
    ),
    part(
        Kind::Requests,
        "photos",
        "select r.code, p.id as file, p.public, p.width, p.height from photo p
        join request r on r.tenant = p.tenant and r.id = p.request
        join entry e on e.tenant = p.tenant and e.id = p.entry
        where p.tenant = $1 and p.withdrawn is null and (e.person = $2 or (r.author = $2 and e.office is null)) order by p.id desc",
    ),
    part(
        Kind::Requests,
        "voices",
        "select r.code, v.id as file, v.form, v.bytes from voice v
        join request r on r.tenant = v.tenant and r.id = v.request
        where v.tenant = $1 and v.withdrawn is null and r.author = $2 order by v.id desc",
    ),
    part(
        Kind::Requests,
        "typed",
        "select r.code, r.said from request r where r.tenant = $1 and r.typed_by = $2 order by r.said desc, r.id desc",
    ),
    part(
        Kind::Requests,
        "in_hand",
        "select r.code, r.holder_office, r.state from request r where r.tenant = $1 and r.holder_person = $2
        order by r.said desc, r.id desc",
    ),
    part(
        Kind::Requests,
        "handovers",
        "select r.code, o.reason, o.answer, o.decision, o.offered, o.decided from handover o
        join request r on r.tenant = o.tenant and r.id = o.request
        where o.tenant = $1 and (o.offered_by = $2 or o.decided_by = $2) order by o.id desc",
    ),
    part(
        Kind::Support,
        "supports",
        "select r.code, l.label as home, s.at from supporter s join request r on r.tenant = s.tenant and r.id = s.request
        left join place l on l.tenant = s.tenant and l.id = s.home
        where s.tenant = $1 and s.person = $2 order by s.at desc, r.code",
    ),
    part(
        Kind::Letters,
        "notices",
        "select n.stem, n.label, n.because, n.at, n.seen from notice n where n.tenant = $1 and n.person = $2 order by n.id desc",
    ),
    sealed(
        Kind::Letters,
        "letters",
        "select w.mail, w.confirmed, w.mine, w.held, w.followed, w.quiet_from, w.quiet_to, w.lang from preference w
        where w.tenant = $1 and w.person = $2",
        &[("mail", "own-mail")],
    ),
    part(
        Kind::Letters,
        "follows",
        "select s.what, s.pace, s.lang, s.since, s.confirmed from subscription s
        where s.tenant = $1 and s.person = $2 order by s.id desc",
    ),
    sealed(
        Kind::Letters,
        "deliveries",
        "select d.via, d.state, d.content, d.at, d.sent from delivery d where d.tenant = $1 and d.person = $2 order by d.id desc",
        &[("content", "delivery")],
    ),
    part(
        Kind::Service,
        "teams",
        "select l.label as building, t.duty, t.since from team_member t
        left join place l on l.tenant = t.tenant and l.id = t.building
        where t.tenant = $1 and t.person = $2 order by t.since desc, t.duty",
    ),
    part(
        Kind::Service,
        "ready",
        "select l.label as place, r.weekdays, r.skills, r.month_max, r.rest_days, r.named, r.changed from ready r
        left join place l on l.tenant = r.tenant and l.id = r.place where r.tenant = $1 and r.person = $2 order by r.changed desc",
    ),
    part(
        Kind::Service,
        "duties",
        "select d.day, l.label as place, d.how, d.at from duty d left join place l on l.tenant = d.tenant and l.id = d.place
        where d.tenant = $1 and d.person = $2 order by d.day desc, d.shift",
    ),
    part(
        Kind::Service,
        "claims",
        "select l.label as place, c.weekday, c.starts as minute, c.until, c.since from duty_claim c
        left join place l on l.tenant = c.tenant and l.id = c.place where c.tenant = $1 and c.person = $2 order by c.id desc",
    ),
    part(
        Kind::Service,
        "swaps",
        "select case when s.asked_by = $2 then 1 else 0 end as by_me, s.at, s.decision, s.decided from swap s
        where s.tenant = $1 and (s.asked_by = $2 or s.asked = $2) order by s.id desc",
    ),
    part(
        Kind::Service,
        "calendars",
        "select f.made from duty_feed f where f.tenant = $1 and f.person = $2",
    ),
    part(
        Kind::Service,
        "posts",
        "select p.name as post, p.duties, p.held as since, p.away_from, p.away_until,
        case when p.holder = $2 then 0 else 1 end as as_deputy from post p
        where p.tenant = $1 and (p.holder = $2 or p.deputy = $2) order by p.id desc",
    ),
    part(
        Kind::Service,
        "post_entries",
        "select e.text, e.at, e.withdrawn from post_entry e where e.tenant = $1 and e.person = $2 order by e.id desc",
    ),
    part(
        Kind::Service,
        "desk",
        "select w.day, w.number, w.became, w.at, w.done, case when w.taken_by = $2 then 1 else 0 end as i_wrote,
        case when w.takes = $2 then 1 else 0 end as i_take from walk_in w
        where w.tenant = $1 and (w.taken_by = $2 or w.takes = $2 or w.done_by = $2) order by w.at desc, w.id",
    ),
    part(
        Kind::Service,
        "room_keys",
        "select k.name as room_key, l.given, l.back from key_loan l
        join room_key k on k.tenant = l.tenant and k.id = l.room_key
        where l.tenant = $1 and (l.given_by = $2 or l.back_by = $2) order by l.id desc",
    ),
    part(
        Kind::Service,
        "opinions",
        "select o.text, o.at from opinion o where o.tenant = $1 and o.person = $2 order by o.id desc",
    ),
    part(
        Kind::Service,
        "topics_answered",
        "select t.name as topic, t.answered from opinion_topic t where t.tenant = $1 and t.answered_by = $2 order by t.id desc",
    ),
    part(
        Kind::Service,
        "hub_days",
        "select d.day, d.at from hub_day d where d.tenant = $1 and d.person = $2 order by d.day desc, d.at desc",
    ),
    sealed(
        Kind::Card,
        "deputy_numbers",
        "select l.label as place, c.office, c.deputy_phone, c.changed from seat_card c
        left join place l on l.tenant = c.tenant and l.id = c.place
        where c.tenant = $1 and c.deputy = $2 order by c.office, l.label",
        &[("deputy_phone", "seat-phone")],
    ),
    sealed(
        Kind::Card,
        "numbers",
        "select l.label as place, c.office, c.phone, c.changed from seat_card c
        left join place l on l.tenant = c.tenant and l.id = c.place
        where c.tenant = $1 and c.person = $2 order by c.office, l.label",
        &[("phone", "seat-phone")],
    ),
    part(
        Kind::Standing,
        "stand_ins",
        "select s.consent, s.office, p.name as for_name, h.name as by_name, s.made, s.ends, s.accepted, s.ended from stand_in s
        join person p on p.tenant = s.tenant and p.id = s.principal
        left join person h on h.tenant = s.tenant and h.id = s.person
        where s.tenant = $1 and (s.principal = $2 or s.person = $2) order by s.id desc",
    ),
    part(
        Kind::Book,
        "done",
        "select a.stem, a.thing, a.office, a.at from activity a where a.tenant = $1 and a.person = $2 order by a.id desc",
    ),
    part(
        Kind::Book,
        "done_for_me",
        "select a.stem, a.thing, a.office, a.at from activity a where a.tenant = $1 and a.on_behalf = $2 order by a.id desc",
    ),
    part(Kind::Book, "looks", LOOKS),
];

/// Each look of an office at this person's contact or private matter, at their household while they belonged to it, and each list with
/// contacts in it that was taken along. Whoever looks at their own is left out.
const LOOKS: &str = "select a.at, a.stem, a.office, a.person as who, p.name, p.name_en, r.code as about, '' as about_en
    from request r join activity a on a.tenant = r.tenant and a.thing_id = r.id and a.stem in ('requests/contact-viewed', 'looks/case')
    left join person p on p.tenant = a.tenant and p.id = a.person
    where r.tenant = $1 and r.author = $2 and (a.person is null or a.person <> $2)
    union all select a.at, a.stem, a.office, a.person, p.name, p.name_en, l.label, l.label_en
    from activity a join place l on l.tenant = a.tenant and l.id = a.thing_id
    left join person p on p.tenant = a.tenant and p.id = a.person
    where a.tenant = $1 and a.stem = 'homes/viewed' and (a.person is null or a.person <> $2) and a.thing_id in
        (select m.place from mandate m where m.tenant = $1 and m.person = $2 and m.office in ('owner', 'tenant', 'family')
            and m.starts <= a.at and (m.ends is null or m.ends > a.at) and (m.revoked is null or m.revoked > a.at))
    union all select a.at, a.stem, a.office, a.person, p.name, p.name_en, '', ''
    from activity a left join person p on p.tenant = a.tenant and p.id = a.person
    where a.tenant = $1 and a.stem = 'requests/contacts-exported' and exists
        (select 1 from request r where r.tenant = $1 and r.author = $2 and r.said <= a.at)
    order by 1 desc";

/// Columns that can name a person, with what becomes of them. `*` is every table.
pub const NAMING: &[(&str, &str, Fate)] = &[
    ("account", "id", Fate::Cut),
    ("activity", "on_behalf", Fate::Stays("the book")),
    ("activity", "person", Fate::Stays("the book")),
    ("delivery", "person", Fate::Cut),
    ("duty", "person", Fate::Cut),
    ("duty_claim", "person", Fate::Cut),
    ("duty_feed", "person", Fate::Cut),
    ("entry", "person", Fate::Stays("what an office wrote; cut where somebody wrote for themselves")),
    ("handover", "decided_by", Fate::Stays("what an office decided")),
    ("handover", "offered_by", Fate::Stays("what an office offered")),
    ("hub_day", "person", Fate::Stays("who wrote a day of the hub up")),
    ("invitation", "person", Fate::Cut),
    ("joining", "decided_by", Fate::Stays("what an office decided")),
    ("joining", "open", Fate::Cut),
    ("joining", "person", Fate::Cut),
    ("key_loan", "back_by", Fate::Stays("who took a key back for the hub")),
    ("key_loan", "given_by", Fate::Stays("who handed a key out for the hub")),
    ("mandate", "deputy", Fate::Cut),
    ("mandate", "person", Fate::Stays("who was in which office when, ended")),
    ("merging", "by_person", Fate::Stays("what somebody put together")),
    ("notice", "person", Fate::Cut),
    ("opinion", "person", Fate::Cut),
    ("opinion_topic", "answered_by", Fate::Stays("who answered for the hub")),
    ("own_phone", "account", Fate::Cut),
    ("passkey", "account", Fate::Cut),
    ("person", "account", Fate::Cut),
    ("person", "id", Fate::Stays("the number the book knows, without a name")),
    ("phone_code", "account", Fate::Cut),
    ("post", "deputy", Fate::Cut),
    ("post", "holder", Fate::Cut),
    ("post_entry", "person", Fate::Stays("what was done on a post")),
    ("preference", "person", Fate::Cut),
    ("provider_link", "account", Fate::Cut),
    ("provider_link", "person", Fate::Cut),
    ("ready", "person", Fate::Cut),
    ("request", "author", Fate::Cut),
    ("request", "holder_person", Fate::Cut),
    ("request", "typed_by", Fate::Stays("what an office took down for others")),
    ("residence", "verified_by", Fate::Stays("what an office saw for others")),
    ("seat_card", "deputy", Fate::Cut),
    ("seat_card", "person", Fate::Cut),
    ("session", "account", Fate::Cut),
    ("stand_in", "person", Fate::Cut),
    ("stand_in", "principal", Fate::Cut),
    ("stand_in", "witness", Fate::Stays("what an office heard for others")),
    ("subscription", "person", Fate::Cut),
    ("supporter", "person", Fate::Cut),
    ("swap", "asked", Fate::Cut),
    ("swap", "asked_by", Fate::Cut),
    ("swap", "open", Fate::Cut),
    ("team_member", "person", Fate::Cut),
    ("token", "account", Fate::Cut),
    ("token", "person", Fate::Stays("tokens of programs, who have no account")),
    ("walk_in", "done_by", Fate::Stays("what the desk did for others")),
    ("walk_in", "taken_by", Fate::Stays("what the desk took down for others")),
    ("walk_in", "takes", Fate::Cut),
    ("way_back", "account", Fate::Cut),
    ("way_back", "first_by", Fate::Stays("who vouched for somebody else")),
    ("way_back", "person", Fate::Cut),
    ("way_back", "second_by", Fate::Stays("who vouched for somebody else")),
];

fn counts() -> String {
    let one = |part: &Part| format!("select '{}' as part, count(*) as n from ({}) x", part.name, part.sql);
    PARTS.iter().map(one).collect::<Vec<_>>().join(" union all ")
}

const LOOKS_SHOWN: &str = "limit 100";
/// The clocks that a request starts are nobody's deed.
const FOR_ME: &str =
    "select a.at, a.stem, a.office, p.name, p.name_en, r.code as about, r.code as about_en from activity a
    left join person p on p.tenant = a.tenant and p.id = a.person
    left join request r on r.tenant = a.tenant and r.id = a.thing_id
    where a.tenant = $1 and a.on_behalf = $2 and a.stem not like 'clocks/%' order by a.id desc limit 100";
const CONSENTS: &str =
    "select 'mail' as consent, count(*) as n from preference where tenant = $1 and person = $2 and mail is not null
    union all select 'follow', count(*) from subscription where tenant = $1 and person = $2
    union all select 'phone', count(*) from seat_card where tenant = $1
        and ((person = $2 and phone is not null) or (deputy = $2 and deputy_phone is not null))
    union all select 'named', count(*) from ready where tenant = $1 and person = $2 and named = true
    union all select 'team', count(*) from team_member where tenant = $1 and person = $2
    union all select 'ready', count(*) from ready where tenant = $1 and person = $2
    union all select 'standing', count(*) from stand_in where tenant = $1 and principal = $2 and ended is null and ends > $3
        and (accepted is not null or code_ends > $3)";
/// Those who stand in for somebody, and codes that wait for one who will.
const STANDING: &str =
    "select id, person from stand_in where tenant = $1 and principal = $2 and ended is null and ends > $3
    and (accepted is not null or code_ends > $3) order by id limit 100";
const END_MAIL: &str = "update preference set mail = null, confirmed = null where tenant = $1 and person = $2";
const END_WAITING: &str =
    "delete from delivery where tenant = $1 and person = $2 and via = 'mail' and state = 'queued'";
const END_DIGESTS: &str = "delete from digest where tenant = $1 and subscription in
    (select s.id from subscription s where s.tenant = $1 and s.person = $2)";
const END_FOLLOW: &str = "delete from subscription where tenant = $1 and person = $2";
const END_PHONE: &str = "update seat_card set phone = case when person = $2 then null else phone end,
    deputy_phone = case when deputy = $2 then null else deputy_phone end,
    deputy = case when deputy = $2 then null else deputy end, person = case when person = $2 then null else person end
    where tenant = $1 and (person = $2 or deputy = $2)";
const END_NAMED: &str = "update ready set named = false where tenant = $1 and person = $2";
const END_TEAM: &str = "delete from team_member where tenant = $1 and person = $2";
const END_READY: &str = "delete from ready where tenant = $1 and person = $2";
const END_CLAIMS: &str = "delete from duty_claim where tenant = $1 and person = $2";
const RENAME: &str = "update person set name = $3, name_en = $4 where tenant = $1 and id = $2 and account is not null";
const ERASED: &str = "select count(*) as n from activity where tenant = $1 and stem = 'people/erased'";
const OWN_CASES: &str = "select id from request where tenant = $1 and author = $2 order by id limit 100000";

/// The statements of this file, so that a test can prepare each on both engines.
pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = PARTS.iter().map(|part| part.sql.to_owned()).collect();
    all.extend([counts(), format!("{LOOKS} {LOOKS_SHOWN}")]);
    all.extend(
        [FOR_ME, CONSENTS, END_MAIL, END_WAITING, END_DIGESTS, END_FOLLOW, END_PHONE, END_NAMED].map(str::to_owned),
    );
    all.push(RECEIVERS.to_owned());
    all.extend([STANDING, END_TEAM, END_READY, END_CLAIMS, RENAME, ERASED, OWN_CASES].map(str::to_owned));
    all.extend(timers::statements().iter().map(|sql| (*sql).to_owned()));
    all.extend(erase::statements().iter().map(|sql| (*sql).to_owned()));
    all
}

/// Who else is told something: `robot`, `program`, `provider`.
pub async fn receivers(db: &Db, now: Moment) -> Result<Vec<String>> {
    db.all(RECEIVERS, params![now]).await?.iter().map(|row| row.get("name")).collect()
}

/// How many rows each kind has about a person.
pub async fn counted(db: &Db, tenant: TenantId, person: PersonId) -> Result<Vec<(Kind, i64)>> {
    let rows = db.all(&counts(), params![tenant, person]).await?;
    let mut all: Vec<(Kind, i64)> = Kind::ALL.iter().map(|kind| (*kind, 0)).collect();
    for row in &rows {
        let (name, n): (String, i64) = (row.get("part")?, row.get("n")?);
        let kind = PARTS.iter().find(|part| part.name == name).map(|part| part.kind);
        if let Some((_, sum)) = all.iter_mut().find(|(one, _)| Some(*one) == kind) {
            *sum += n;
        }
    }
    Ok(all)
}

/// The rows of a part.
pub async fn rows(db: &Db, part: &Part, tenant: TenantId, person: PersonId) -> Result<Vec<Row>> {
    db.report(part.sql, params![tenant, person]).await
}

/// Somebody of an office who looked, or who acted in this person's name.
#[derive(Clone, Debug)]
pub struct Look {
    pub at: Moment,
    pub stem: String,
    pub office: Option<String>,
    pub name: String,
    pub name_en: String,
    /// The matter or the home; empty for a list with everybody in it.
    pub about: String,
    pub about_en: String,
}

fn look(row: &Row, about: (&str, &str)) -> Result<Look> {
    let text = |name: &str| Ok::<String, kit::Error>(row.get::<Option<String>>(name)?.unwrap_or_default());
    let (about, about_en) = match about {
        ("", _) => (String::new(), String::new()),
        (zh, en) => (text(zh)?, text(en)?),
    };
    Ok(Look {
        at: row.get("at")?,
        stem: row.get("stem")?,
        office: row.get("office")?,
        name: text("name")?,
        name_en: text("name_en")?,
        about,
        about_en,
    })
}

/// The newest looks.
pub async fn looks(db: &Db, tenant: TenantId, person: PersonId) -> Result<Vec<Look>> {
    let rows = db.all(&format!("{LOOKS} {LOOKS_SHOWN}"), params![tenant, person]).await?;
    rows.iter().map(|row| look(row, ("about", "about_en"))).collect()
}

/// What was done in this person's name by somebody else, the newest first.
pub async fn done_for(db: &Db, tenant: TenantId, person: PersonId) -> Result<Vec<Look>> {
    db.all(FOR_ME, params![tenant, person]).await?.iter().map(|row| look(row, ("about", "about_en"))).collect()
}

/// What runs on this person's consent, with how much of it there is.
pub async fn consents(db: &Db, tenant: TenantId, person: PersonId, now: Moment) -> Result<Vec<(Consent, i64)>> {
    let rows = db.all(CONSENTS, params![tenant, person, now]).await?;
    rows.iter().map(|row| Ok((row.get("consent")?, row.get("n")?))).collect()
}

/// Takes a consent back; everything that hung on it alone goes. Gives how many rows that were.
pub async fn withdraw(tx: &mut Tx<'_>, consent: Consent, tenant: TenantId, person: PersonId) -> Result<u64> {
    let statements: &[&str] = match consent {
        Consent::Mail => &[END_WAITING, END_MAIL],
        Consent::Follow => &[END_DIGESTS, END_FOLLOW],
        Consent::Phone => &[END_PHONE],
        Consent::Named => &[END_NAMED],
        Consent::Team => &[END_TEAM],
        Consent::Ready => &[END_CLAIMS, END_READY],
        Consent::Standing => return end_standing(tx, tenant, person).await,
    };
    let mut ended = 0;
    for sql in statements {
        ended = tx.run(sql, params![tenant, person]).await?;
    }
    Ok(ended)
}

/// Nobody stands in for this person any more; whoever did is told.
async fn end_standing(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId) -> Result<u64> {
    let (now, mut ended) = (tx.now(), 0);
    for row in tx.all(STANDING, params![tenant, person, now]).await? {
        let (id, other): (StandInId, Option<PersonId>) = (row.get("id")?, row.get("person")?);
        if standing::store::end(tx, tenant, id).await? {
            ended += 1;
            let activity = tx.record(Activity::of(tenant, "standing/ended", "stand_in", id)).await?;
            if let Some(other) = other {
                let told = ("standing/ended", "stand_in", id.0, "");
                notice::store::add(tx, tenant, (other, Because::Mine), activity, told).await?;
            }
        }
    }
    Ok(ended)
}

/// Another name for somebody who has an account.
pub async fn rename(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId, name: (&str, &str)) -> Result<()> {
    tx.run(RENAME, params![tenant, person, name.0, name.1]).await.map(drop)
}

/// How many have been erased in a community.
pub async fn erased_count(db: &Db, tenant: TenantId) -> Result<i64> {
    db.one(ERASED, params![tenant]).await?.map_or(Ok(0), |row| row.get("n"))
}

/// Everything that this person said.
pub async fn own_cases(tx: &mut Tx<'_>, tenant: TenantId, person: PersonId) -> Result<Vec<CaseId>> {
    tx.all(OWN_CASES, params![tenant, person]).await?.iter().map(|row| Ok(CaseId(row.get::<Uuid>("id")?))).collect()
}
