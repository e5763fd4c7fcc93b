//! A request as cities' programs read it. Only what everybody may know is in it, and no place more exact than a building.

use super::Asked;
use super::shape::Node;
use crate::layout::show::{self, rfc3339};
use commons::case::fields::{Answers, Field, FieldKind};
use commons::case::store::{self, walk, walk::Walked};
use commons::case::{self, Case, CaseId, EntryKind, Photo, PhotoId, State};
use commons::place::TenantId;
use kit::Result;
use kit::time::Moment;
use kit::web::App;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

pub fn node(asked: &Asked<'_>, walked: &Walked, extra: Option<&Extra>) -> Node {
    let (row, now, lang) = (&walked.row, asked.call.now, asked.call.lang);
    let case = &row.case;
    let degrees = |e7: Option<i64>| e7.map_or(Node::Nothing, Node::degrees);
    let holder =
        format!("{} {}", lang.pick(&row.holder_label, &row.holder_label_en), show::office(lang, case.holder.office));
    let photo = walked.photo.map(|photo| picture(asked, case.tenant, photo));
    let mut fields = vec![
        ("service_request_id", Node::text(&case.code)),
        ("status", Node::text(status(case, now))),
        ("status_notes", Node::text(&notes(case, walked.note.as_deref(), now))),
        ("service_name", Node::text(&row.category_name)),
        ("service_code", Node::text(&case.category)),
        ("description", Node::text(&case.words)),
        ("agency_responsible", Node::text(holder.trim())),
        ("service_notice", Node::text(&page(asked, &case.code))),
        ("requested_datetime", Node::text(&rfc3339(case.said))),
        ("updated_datetime", Node::text(&rfc3339(updated(case, now)))),
        ("expected_datetime", case.due.map_or(Node::Nothing, |due| Node::text(&rfc3339(due)))),
        ("address", Node::text(lang.pick(&row.public_label, &row.public_label_en))),
        ("address_id", Node::text(&walked.path)),
        ("zipcode", Node::Nothing),
        ("lat", degrees(case.lat_e7)),
        ("long", degrees(case.lon_e7)),
        ("media_url", photo.as_deref().map_or(Node::Nothing, Node::text)),
    ];
    if let Some(extra) = extra {
        fields.extend(extra.fields(asked, case, now));
    }
    Node::map(fields)
}

/// Where people read it.
pub fn page(asked: &Asked<'_>, code: &str) -> String {
    format!("{}/say/requests/{code}", asked.base)
}

/// Where a photo is found.
pub fn picture(asked: &Asked<'_>, tenant: TenantId, photo: PhotoId) -> String {
    format!("{}/say/requests/photos/{tenant}/{photo}/full", asked.base)
}

pub fn status(case: &Case, now: Moment) -> &'static str {
    if case.state_at(now).is_open() { "open" } else { "closed" }
}

/// When it changed last; of a closed one, when it closed.
pub fn updated(case: &Case, now: Moment) -> Moment {
    match (case.closed, case.state_at(now)) {
        (Some(closed), _) => closed,
        // The days for an answer have run out, though no job has written it down.
        (None, State::Closed) => case.unrated_from(),
        _ => case.changed,
    }
}

/// What its holder told everybody last, or the state in one word. Of a closed one it always says whether it was solved or
/// merely ran out of days.
pub fn notes(case: &Case, note: Option<&str>, now: Moment) -> String {
    let state = match case.state_at(now) {
        State::Closed if case.is_solved_at(now) => "closed: solved",
        State::Closed => "closed: not rated",
        state => state.name(),
    };
    match note {
        Some(note) if status(case, now) == "closed" => format!("{state}; {note}"),
        Some(note) => note.to_owned(),
        None => state.to_owned(),
    }
}

/// What `extensions=true` adds, read for a whole list at once.
#[derive(Debug, Default)]
pub struct Extra {
    entries: HashMap<CaseId, Vec<case::Entry>>,
    photos: HashMap<CaseId, Vec<Photo>>,
    answers: HashMap<CaseId, Answers>,
    /// The questions of each category, asked today or before.
    fields: HashMap<String, Vec<Field>>,
}

impl Extra {
    /// All of `walked` belong to one tenant, or are few.
    pub async fn read(app: &App, walked: &[Walked]) -> Result<Extra> {
        let mut extra = Extra::default();
        let mut by_tenant: HashMap<TenantId, Vec<&Walked>> = HashMap::new();
        for one in walked {
            by_tenant.entry(one.row.case.tenant).or_default().push(one);
        }
        for (tenant, some) in by_tenant {
            let ids: Vec<CaseId> = some.iter().map(|one| one.row.case.id).collect();
            extra.entries.extend(walk::entries(&app.db, tenant, &ids).await?);
            extra.photos.extend(walk::photos(&app.db, tenant, &ids).await?);
            let answers = walk::answers(&app.db, tenant, &ids).await?;
            for one in some.iter().filter(|one| answers.contains_key(&one.row.case.id)) {
                let slug = &one.row.case.category;
                if let Entry::Vacant(place) = extra.fields.entry(format!("{tenant}/{slug}")) {
                    place.insert(store::every_field(&app.db, tenant, slug).await?);
                }
            }
            extra.answers.extend(answers);
        }
        Ok(extra)
    }

    fn fields(&self, asked: &Asked<'_>, case: &Case, now: Moment) -> Vec<(&'static str, Node)> {
        let photos = self.photos.get(&case.id).map_or(&[][..], Vec::as_slice);
        let pictures = photos.iter().map(|photo| Node::text(&picture(asked, case.tenant, photo.id))).collect();
        let extended = vec![
            ("state", Node::text(case.state_at(now).name())),
            ("door", Node::text(case.door.name())),
            ("supporters", Node::number(case.supporters)),
            ("media_urls", Node::list("media_url", pictures)),
        ];
        vec![
            ("attributes", Node::list("attribute", self.attributes(case))),
            ("notes", Node::list("note", self.notes(case))),
            ("extended_attributes", Node::map(extended)),
        ]
    }

    /// What was answered to the questions, as far as everybody may read it.
    fn attributes(&self, case: &Case) -> Vec<Node> {
        let asked = self.fields.get(&format!("{}/{}", case.tenant, case.category)).map_or(&[][..], Vec::as_slice);
        let given = self.answers.get(&case.id).map_or(&[][..], Vec::as_slice);
        let mut nodes = Vec::new();
        for field in asked.iter().filter(|field| field.is_public()) {
            for (_, value) in given.iter().filter(|(code, _)| *code == field.code) {
                let values: Vec<&str> = match field.kind {
                    FieldKind::Many => value.lines().collect(),
                    _ => vec![value],
                };
                let node = |value: &&str| {
                    Node::map(vec![
                        ("code", Node::text(&field.code)),
                        ("label", Node::text(&field.name)),
                        ("value", Node::text(value)),
                    ])
                };
                nodes.extend(values.iter().map(node));
            }
        }
        nodes
    }

    /// What everybody may read below the first words.
    fn notes(&self, case: &Case) -> Vec<Node> {
        let entries = self.entries.get(&case.id).map_or(&[][..], Vec::as_slice);
        let told = entries.iter().filter(|entry| entry.kind != EntryKind::Words && !entry.text.is_empty());
        told.map(|entry| {
            Node::map(vec![
                ("datetime", Node::text(&rfc3339(entry.at))),
                ("type", Node::text(entry.kind.name())),
                ("description", Node::text(&entry.text)),
            ])
        })
        .collect()
    }
}
