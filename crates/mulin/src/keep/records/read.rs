//! Records on their way in: all of the file is looked at before anything is written, and all of it is written at once or nothing.
//! A request that is here already is left as it is, so a second run adds nothing.

use super::refs::{Own, Refs};
use super::{ANSWERS, BOOK, CONTACT, ENTRIES, FORMAT, Field, Form, HANDOVERS, MERGINGS, PARTS, REQUEST, Shape, store};
use crate::say::requests::actions;
use commons::case::store as cases;
use commons::case::{CaseId, Category, Door, Kind};
use commons::people::store as people;
use commons::place::{NewPlace, PlaceKind, Tenant, TenantId, store as places};
use commons::sheet::unguarded;
use commons::slips;
use kit::db::{By, Tx, Value};
use kit::time::Moment;
use kit::web::App;
use kit::{Error, Result, Uuid};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

pub use crate::say::requests::import::Counts;

/// Which of our forms a file has; `None` when it holds no records of ours.
///
/// # Errors
/// When it cannot be read.
pub fn form_of(path: &Path) -> Result<Option<Form>> {
    let mut head = Vec::new();
    open(path)?.take(64).read_to_end(&mut head).map_err(|e| said(path, e))?;
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
    Ok(if head.starts_with(b"{") {
        Some(Form::Lines)
    } else if head.starts_with(b"format,") {
        Some(Form::Csv)
    } else {
        None
    })
}

fn open(path: &Path) -> Result<BufReader<File>> {
    File::open(path).map(BufReader::new).map_err(|e| said(path, e))
}

fn said(path: &Path, error: std::io::Error) -> Error {
    Error::Unavailable(format!("{}: {error}", path.display()))
}

/// The path of a community's own place.
const ROOT: &str = "community";

/// What the records need and the house does not have yet.
#[derive(Default)]
struct Needs {
    grids: BTreeSet<String>,
    categories: BTreeMap<String, Category>,
    units: BTreeSet<(String, String)>,
}

/// Takes over a file of records.
///
/// # Errors
/// With the line that cannot be taken, and why; then nothing was written.
pub async fn run(app: &App, tenant: &Tenant, path: &Path, form: Form) -> Result<Counts> {
    let refs = Refs::of(&app.db, tenant.id).await?;
    let known = store::category_names(&app.db, tenant.id).await?;
    let needs = {
        let mut look =
            Look { refs: refs.clone(), needs: Needs::default(), codes: HashSet::new(), externals: HashSet::new() };
        each(path, form, &mut |record| look.at(record, &|slug| known.contains_key(slug)))?;
        look.joined(path, form)?;
        look.needs
    };
    let (refs, needs) = (&refs, &needs);
    app.db
        .transact(&app.context(), |tx| {
            Box::pin(
                async move { Writing::begin(app, tx, tenant.id, refs.clone(), needs).await?.all(path, form).await },
            )
        })
        .await
}

/// Gives every record of a file to `take`, and says at which line something is wrong.
fn each(path: &Path, form: Form, take: &mut (dyn FnMut(Map<String, Json>) -> Result<()> + Send)) -> Result<()> {
    let mut records = Records::of(open(path)?, form)?;
    while let Some((line, record)) = records.next()? {
        take(record).map_err(|e| at_line(line, e))?;
    }
    Ok(())
}

fn at_line(line: u64, error: Error) -> Error {
    let why = match error {
        Error::Unavailable(why) => why,
        other => other.to_string(),
    };
    Error::Unavailable(format!("line {line}: {why}; nothing was imported"))
}

/// The records of a file, one after the other.
enum Records<R> {
    Lines(std::iter::Enumerate<std::io::Split<R>>),
    Csv(Vec<String>, Box<csv::Reader<R>>),
}

impl<R: BufRead> Records<R> {
    fn of(file: R, form: Form) -> Result<Records<R>> {
        Ok(match form {
            Form::Lines => Records::Lines(file.split(b'\n').enumerate()),
            Form::Csv => {
                let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(file);
                let header = reader.headers().map_err(|e| at_line(1, Error::Unavailable(e.to_string())))?;
                Records::Csv(
                    header.iter().map(|name| unguarded(name.trim_start_matches('\u{feff}')).to_owned()).collect(),
                    Box::new(reader),
                )
            }
        })
    }

    fn next(&mut self) -> Result<Option<(u64, Map<String, Json>)>> {
        let unreadable = |why: &dyn std::fmt::Display| Error::Unavailable(why.to_string());
        match self {
            Records::Lines(lines) => {
                for (at, line) in lines {
                    let number = at as u64 + 1;
                    let line = line.map_err(|e| at_line(number, unreadable(&e)))?;
                    if line.iter().all(u8::is_ascii_whitespace) {
                        continue;
                    }
                    let record = serde_json::from_slice(&line).map_err(|e| at_line(number, unreadable(&e)))?;
                    return Ok(Some((number, record)));
                }
                Ok(None)
            }
            Records::Csv(header, reader) => {
                let mut row = csv::StringRecord::new();
                let number = reader.position().line();
                if !reader.read_record(&mut row).map_err(|e| at_line(number, unreadable(&e)))? {
                    return Ok(None);
                }
                let number = row.position().map_or(number, csv::Position::line);
                let cells = header.iter().map(String::as_str).zip(row.iter());
                let record = cells.map(|(name, cell)| Ok((name.to_owned(), of_cell(name, unguarded(cell))?)));
                record.collect::<Result<_>>().map(|record| Some((number, record))).map_err(|e| at_line(number, e))
            }
        }
    }
}

/// Reads everything, and keeps nothing.
#[cfg(any(test, feature = "testing"))]
pub fn fed(data: &[u8], form: Form) {
    let Ok(mut records) = Records::of(data, form) else { return };
    while let Ok(Some(_)) = records.next() {}
}

/// A cell as the same record has it in JSON.
fn of_cell(name: &str, cell: &str) -> Result<Json> {
    let wrong = |what: &str| Error::Unavailable(format!("{name} is not {what}"));
    if PARTS.iter().any(|part| part.name == name) {
        return serde_json::from_str(cell).map_err(|_| wrong("a list in JSON"));
    }
    let field = REQUEST.iter().find(|field| field.name == name);
    Ok(match field.map(|field| field.shape) {
        Some(Shape::Text) if cell.is_empty() && field.is_some_and(|field| !field.optional) => Json::from(""),
        _ if cell.is_empty() && name != "category_name" && name != "category_name_en" => Json::Null,
        Some(Shape::Int) => cell.parse::<i64>().map_err(|_| wrong("a whole number"))?.into(),
        Some(Shape::Bool) => cell.parse::<bool>().map_err(|_| wrong("true or false"))?.into(),
        _ => Json::from(cell),
    })
}

/// One value as its column keeps it.
fn value(refs: &Refs, field: &Field, own: &Own, record: &Map<String, Json>) -> Result<Value> {
    let wrong = |what: &str| Error::Unavailable(format!("{} is not {what}", field.name));
    Ok(match (field.shape, record.get(field.name).unwrap_or(&Json::Null)) {
        (_, Json::Null) if field.optional => Value::Null,
        (_, Json::Null) => return Err(Error::Unavailable(format!("{} is missing", field.name))),
        (Shape::Text, Json::String(text)) if !text.contains('\0') => text.as_str().into(),
        (Shape::Text, _) => return Err(wrong("a text")),
        (Shape::Name(known), Json::String(name)) if known(name) => name.as_str().into(),
        (Shape::Name(_), other) => return Err(wrong(&format!("known: {other}"))),
        (Shape::Int, number) => number.as_i64().ok_or_else(|| wrong("a whole number"))?.into(),
        (Shape::Bool, Json::Bool(yes)) => (*yes).into(),
        (Shape::Bool, _) => return Err(wrong("true or false")),
        (Shape::Time, time) => moment(time).ok_or_else(|| wrong("a time such as 2026-01-31T08:30:00+08:00"))?.into(),
        (Shape::Place, path) => {
            let found = path.as_str().and_then(|path| refs.place(path));
            found.ok_or_else(|| wrong(&format!("a place of this community: {path}; import its places first")))?.into()
        }
        (Shape::Case, code) => {
            let found = code.as_str().and_then(|code| refs.case(code));
            found.ok_or_else(|| wrong(&format!("a request of this community: {code}")))?.into()
        }
        (Shape::Facts, facts @ Json::Object(_)) => refs.inwards(facts.clone(), own)?.to_string().into(),
        (Shape::Facts, _) => return Err(wrong("an object")),
    })
}

fn moment(text: &Json) -> Option<Moment> {
    text.as_str()?.parse::<jiff::Timestamp>().ok().map(|at| Moment(at.as_millisecond()))
}

fn values(refs: &Refs, fields: &[Field], own: &Own, record: &Map<String, Json>) -> Result<Vec<Value>> {
    fields.iter().map(|field| value(refs, field, own, record)).collect()
}

/// The rows of a part.
fn list(record: &Map<String, Json>, name: &str) -> Result<Vec<Map<String, Json>>> {
    let wrong = || Error::Unavailable(format!("{name} is not a list of objects"));
    match record.get(name) {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::Object(answers)) if name == ANSWERS => {
            let row = |(code, value): (&String, &Json)| {
                Map::from_iter([("code".to_owned(), code.as_str().into()), ("value".to_owned(), value.clone())])
            };
            Ok(answers.iter().map(row).collect())
        }
        Some(Json::Array(all)) => all.iter().map(|one| one.as_object().cloned().ok_or_else(wrong)).collect(),
        Some(_) => Err(wrong()),
    }
}

/// Looking at every record before anything is written.
struct Look {
    /// What is here, and what will be made, under no id yet.
    refs: Refs,
    needs: Needs,
    codes: HashSet<String>,
    externals: HashSet<String>,
}

impl Look {
    fn at(&mut self, record: Map<String, Json>, known: &dyn Fn(&str) -> bool) -> Result<()> {
        let text = |name: &str| record.get(name).and_then(Json::as_str).unwrap_or_default();
        if text("format") != FORMAT {
            return Err(Error::Unavailable(format!("this program reads {FORMAT}, not {:?}", text("format"))));
        }
        self.learn(&record)?;
        values(&self.refs, REQUEST, &Own::default(), &record)?;
        let code = text("code");
        if cases::compound_of(code) != Some(text("compound")) {
            return Err(Error::Unavailable(format!("the code {code} does not belong to {}", text("compound"))));
        }
        if !self.codes.insert(code.to_owned()) {
            return Err(Error::Unavailable(format!("{code} stands twice in the file")));
        }
        if !text("external").is_empty() && !self.externals.insert(text("external").to_owned()) {
            return Err(Error::Unavailable(format!("external {} stands twice in the file", text("external"))));
        }
        let (entries, handovers) = (list(&record, ENTRIES.name)?.len(), list(&record, HANDOVERS.name)?.len());
        // Rows that are not there yet stand for themselves.
        let own = Own { entries: vec![Uuid::nil(); entries], handovers: vec![Uuid::nil(); handovers] };
        for part in PARTS.iter().filter(|part| !store::is_late(part)) {
            for (at, row) in list(&record, part.name)?.into_iter().enumerate() {
                let within = |e: Error| Error::Unavailable(format!("{}[{at}]: {}", part.name, plain(&e)));
                values(&self.refs, part.fields, &own, &row).map_err(within)?;
            }
        }
        let slug = text("category");
        if !known(slug) && !self.needs.categories.contains_key(slug) {
            let name = if text("category_name").is_empty() { slug } else { text("category_name") };
            let category = Category {
                slug: slug.to_owned(),
                name: name.to_owned(),
                name_en: text("category_name_en").to_owned(),
                kind: Kind::parse(text("kind")).unwrap_or(Kind::Question),
                door: Door::parse(text("door")).unwrap_or(Door::Compound),
                private: false,
                sort: 99,
                office: None,
                compound: None,
            };
            self.needs.categories.insert(slug.to_owned(), category);
        }
        Ok(())
    }

    /// Units and grids that a record names come into being with it: no sheet brings them.
    fn learn(&mut self, record: &Map<String, Json>) -> Result<()> {
        let mut paths: Vec<String> = vec![text_of(record, "holder_place")];
        for row in list(record, HANDOVERS.name)? {
            paths.extend(["from_place", "to_place"].map(|name| text_of(&row, name)));
        }
        let (mut units, mut named) = (Vec::new(), Vec::new());
        for row in list(record, BOOK.name)? {
            let facts = row.get("facts").unwrap_or(&Json::Null);
            self.refs.new_units(facts, &mut units);
            super::refs::places_in(facts, &mut named);
        }
        for (kind, name) in units {
            self.refs.add_unit(Uuid::nil(), &kind, &name);
            self.needs.units.insert((kind, name));
        }
        for path in paths.into_iter().chain(named) {
            if self.refs.place(&path).is_none() && is_grid(&path) {
                self.refs.add_place(Uuid::nil(), &path);
                self.needs.grids.insert(path);
            }
        }
        Ok(())
    }

    /// What goes on in another request goes on in one that is here or comes with the file.
    fn joined(&self, path: &Path, form: Form) -> Result<()> {
        let mut refs = self.refs.clone();
        for code in &self.codes {
            refs.add_case(CaseId(Uuid::nil()), code.clone());
        }
        each(path, form, &mut |record| {
            for row in list(&record, MERGINGS.name)? {
                values(&refs, MERGINGS.fields, &Own::default(), &row)?;
            }
            Ok(())
        })
    }
}

fn text_of(record: &Map<String, Json>, name: &str) -> String {
    record.get(name).and_then(Json::as_str).unwrap_or_default().to_owned()
}

/// `community/grid-3`: the path that the house gives to grids.
fn is_grid(path: &str) -> bool {
    let step = path.strip_prefix(ROOT).and_then(|rest| rest.strip_prefix("/grid-"));
    step.is_some_and(|step| !step.is_empty() && step.len() <= 40 && step.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn plain(error: &Error) -> String {
    match error {
        Error::Unavailable(why) => why.clone(),
        other => other.to_string(),
    }
}

/// Writing them.
struct Writing<'w, 't, 'env> {
    app: &'w App,
    tx: &'t mut Tx<'env>,
    tenant: TenantId,
    refs: Refs,
}

impl<'w, 't, 'env> Writing<'w, 't, 'env> {
    async fn begin(
        app: &'w App,
        tx: &'t mut Tx<'env>,
        tenant: TenantId,
        mut refs: Refs,
        needs: &Needs,
    ) -> Result<Writing<'w, 't, 'env>> {
        for category in needs.categories.values() {
            cases::add_category(tx, tenant, category).await?;
        }
        for path in &needs.grids {
            let root = places::by_path_in(tx, tenant, ROOT).await?.ok_or(Error::NotFound)?;
            let step = path.rsplit('/').next().unwrap_or(path);
            let made = places::add(tx, tenant, Some(&root), NewPlace::new(PlaceKind::Grid, step, step, step)).await?;
            refs.add_place(made.id.0, path);
        }
        for (kind, name) in &needs.units {
            let id = people::add_organisation(tx, tenant, kind, name, "").await?;
            refs.add_unit(id.0, kind, name);
        }
        Ok(Writing { app, tx, tenant, refs })
    }

    async fn all(mut self, path: &Path, form: Form) -> Result<Counts> {
        let (mut counts, mut last, mut late) = (Counts::default(), BTreeMap::<String, i64>::new(), Vec::new());
        let mut records = Records::of(open(path)?, form)?;
        while let Some((line, record)) = records.next()? {
            counts.read += 1;
            let code = record.get("code").and_then(Json::as_str).unwrap_or_default().to_owned();
            if store::is_here(self.tx, self.tenant, &code).await? {
                counts.known += 1;
                continue;
            }
            let id = self.one(&record).await.map_err(|e| at_line(line, e))?;
            counts.added += 1;
            if let Some((compound, number)) = code.rsplit_once('-') {
                let number = number.parse().unwrap_or(0);
                let known = last.entry(compound.to_owned()).or_default();
                *known = number.max(*known);
            }
            let merged = list(&record, MERGINGS.name)?;
            if !merged.is_empty() {
                late.push((id, merged));
            }
        }
        for (id, rows) in late {
            for row in rows {
                let values = values(&self.refs, MERGINGS.fields, &Own::default(), &row)?;
                store::add_part(self.tx, &MERGINGS, (self.tenant, id), &values).await?;
            }
        }
        for (compound, number) in last {
            let known = cases::last_number(self.tx, self.tenant, &compound).await?;
            cases::set_number(self.tx, self.tenant, &compound, number.max(known)).await?;
        }
        Ok(counts)
    }

    async fn one(&mut self, record: &Map<String, Json>) -> Result<CaseId> {
        let said = record.get("said").and_then(moment).unwrap_or_default();
        self.tx.travel(said, By::default());
        let id: CaseId = self.tx.id();
        let request = values(&self.refs, REQUEST, &Own::default(), record)?;
        let secrets = &self.app.secrets;
        let contact = record.get(CONTACT).and_then(Json::as_str);
        let contact = contact.map(|contact| secrets.seal("contact", contact.as_bytes())).transpose()?;
        let pickup = slips::of_request(secrets, &actions::pickup_code(secrets, id));
        store::add(self.tx, (self.tenant, id), pickup, contact, &request).await?;
        self.refs.add_case(id, record.get("code").and_then(Json::as_str).unwrap_or_default().to_owned());
        let mut own = Own::default();
        for part in PARTS.iter().filter(|part| !store::is_late(part)) {
            for row in list(record, part.name)? {
                let values = values(&self.refs, part.fields, &own, &row)?;
                // Rows lie in the order of their time, as they did.
                if let Some(at) = ["at", "offered", "starts"].iter().find_map(|name| row.get(*name)).and_then(moment) {
                    self.tx.travel(at, By::default());
                }
                let made = store::add_part(self.tx, part, (self.tenant, id), &values).await?;
                match part.name {
                    name if name == ENTRIES.name => own.entries.extend(made),
                    name if name == HANDOVERS.name => own.handovers.extend(made),
                    _ => {}
                }
            }
        }
        store::open_offers(self.tx, self.tenant, id).await?;
        let case = cases::find(self.tx, self.tenant, id).await?;
        actions::reindex(self.tx, &case).await?;
        Ok(id)
    }
}
