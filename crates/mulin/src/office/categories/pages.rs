//! The pages of the categories.

use super::actions::{self, Deed};
use super::model;
use crate::layout::typed::of_form;
use crate::layout::{View, Visit, Wrong, page, page_again};
use askama::Template;
use commons::case::fields::{FIELDS_MAX, Field, FieldKind, write_options};
use commons::case::store;
use commons::case::{Category, Door, Kind};
use commons::people::Office;
use commons::place::{PlaceId, TenantId};
use kit::web::Path;
use kit::web::answer::{Answer, see_other};
use kit::web::{Form, keys};
use kit::{Error, Result};

/// A category on the list.
pub struct Line {
    pub slug: String,
    pub name: String,
    pub about: String,
    pub retired: bool,
    pub asks: bool,
}

/// `(value, label, chosen)`.
pub type Option3 = (String, String, bool);

/// `GET /office/categories`.
#[derive(Template)]
#[template(path = "office/categories/templates/list.html")]
pub struct ListPage {
    pub v: View,
    pub wrong: Wrong,
    pub lines: Vec<Line>,
    /// The order is the community's.
    pub moves: bool,
    pub form: Fields,
}

/// The fields of a category's form.
pub struct Fields {
    pub wrong: Wrong,
    pub name: String,
    pub name_en: String,
    pub kinds: Vec<Option3>,
    pub doors: Vec<Option3>,
    /// Who is asked first at that door.
    pub offices: Vec<Option3>,
    pub private: bool,
}

/// A question of a category, with its form.
pub struct Asked {
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub hint: String,
    pub hint_en: String,
    pub kind: String,
    pub required: bool,
    pub is_list: bool,
    pub options: String,
}

/// `GET /office/categories/{slug}`.
#[derive(Template)]
#[template(path = "office/categories/templates/one.html")]
pub struct OnePage {
    pub v: View,
    pub wrong: Wrong,
    pub slug: String,
    pub retired: bool,
    pub form: Fields,
    pub asked: Vec<Asked>,
    /// The form of a new question; none when there are enough.
    pub new: Option<Asked>,
    pub kinds: Vec<Option3>,
    /// The code of the question whose form is wrong; empty for the new one's, none for the category's.
    pub wrong_at: Option<String>,
}

/// Whose categories this person keeps.
#[derive(Clone, Copy)]
pub struct Keeper {
    pub tenant: TenantId,
    pub office: Office,
    /// The compound whose own categories these are; none for the community's staff, who keep all.
    pub compound: Option<PlaceId>,
}

/// The community's staff keep all categories; an owners' committee those of its own compound.
pub fn keeper(visit: &Visit) -> Result<Keeper> {
    visit.call.account()?;
    let holds = |office: Office| visit.actor.mandates.iter().find(move |mandate| mandate.office == office);
    if let Some(mandate) = holds(Office::Community) {
        return Ok(Keeper { tenant: mandate.tenant, office: Office::Community, compound: None });
    }
    let committee = holds(Office::Committee).filter(|mandate| mandate.compound.is_some());
    let mandate = committee.ok_or(Error::denied("categories/not-staff"))?;
    Ok(Keeper { tenant: mandate.tenant, office: Office::Committee, compound: mandate.compound })
}

impl Keeper {
    pub fn keeps(&self, category: &Category) -> bool {
        self.compound.is_none() || category.compound == self.compound
    }
}

impl Fields {
    fn of(v: &View, category: Option<&Category>) -> Fields {
        let kind = category.map(|c| c.kind);
        let door = category.map(|c| c.door);
        Fields::with(
            v,
            (category.map_or("", |c| &c.name), category.map_or("", |c| &c.name_en)),
            (
                kind.map_or("", Kind::name),
                door.map_or("", Door::name),
                category.and_then(|c| c.office).map_or("", Office::name),
            ),
            category.is_some_and(|c| c.private),
        )
    }

    fn typed(v: &View, form: &Form) -> Fields {
        let chosen = (form.text("kind"), form.text("door"), form.text("office"));
        Fields::with(v, (form.text("name"), form.text("name_en")), chosen, form.checked("private"))
    }

    /// From names and values as they stand or were typed.
    pub fn with(v: &View, names: (&str, &str), (kind, door, office): (&str, &str, &str), private: bool) -> Fields {
        let offices =
            Office::HOLDING.iter().map(|o| (o.name().to_owned(), v.office(*o).to_string(), o.name() == office));
        let kinds =
            Kind::ALL.iter().map(|k| (k.name().to_owned(), v.t(&format!("kind-{k}")).to_string(), k.name() == kind));
        let doors = Door::ALL.iter().map(|d| (d.name().to_owned(), v.door(*d).to_string(), d.name() == door));
        Fields {
            wrong: Wrong::default(),
            name: names.0.to_owned(),
            name_en: names.1.to_owned(),
            kinds: kinds.collect(),
            doors: doors.collect(),
            offices: offices.collect(),
            private,
        }
    }
}

impl Asked {
    pub fn of(v: &View, field: &Field) -> Asked {
        Asked {
            code: field.code.clone(),
            name: field.name.clone(),
            name_en: field.name_en.clone(),
            hint: field.hint.clone(),
            hint_en: field.hint_en.clone(),
            kind: v.t(&format!("field-{}", field.kind)).to_string(),
            required: field.required,
            is_list: field.is_list(),
            options: write_options(&field.options),
        }
    }

    fn typed(v: &View, form: &Form, known: Option<&Field>) -> Asked {
        let text = |name: &str| form.text(name).to_owned();
        Asked {
            code: known.map(|field| field.code.clone()).unwrap_or_default(),
            name: text("name"),
            name_en: text("name_en"),
            hint: text("hint"),
            hint_en: text("hint_en"),
            kind: known.map_or_else(String::new, |field| v.t(&format!("field-{}", field.kind)).to_string()),
            required: form.checked("required"),
            is_list: known.is_none_or(Field::is_list),
            options: text("options"),
        }
    }
}

/// What a line says beside the name.
fn about(v: &View, category: &Category) -> String {
    let private = if category.private { format!(" · {}", v.t("case-private")) } else { String::new() };
    format!("{} · {}{private}", v.t(&format!("kind-{}", category.kind)), v.door(category.door))
}

pub fn kinds(v: &View, chosen: &str) -> Vec<Option3> {
    let kind =
        |kind: &FieldKind| (kind.name().to_owned(), v.t(&format!("field-{kind}")).to_string(), kind.name() == chosen);
    FieldKind::ALL.iter().map(kind).collect()
}

pub async fn list(visit: Visit) -> Answer {
    let keeper = keeper(&visit)?;
    page(&list_page(&visit, keeper, Wrong::default(), None).await?)
}

async fn list_page(visit: &Visit, keeper: Keeper, wrong: Wrong, form: Option<&Form>) -> Result<ListPage> {
    let v = visit.view("categories-title");
    let asking = store::asking(&visit.app.db, keeper.tenant).await?;
    let all = store::every_category(&visit.app.db, keeper.tenant).await?;
    let line = |(category, retired): &(Category, bool)| Line {
        name: v.pick(&category.name, &category.name_en).to_owned(),
        about: about(&v, category),
        retired: *retired,
        asks: asking.contains(&category.slug),
        slug: category.slug.clone(),
    };
    let mut form = form.map_or_else(|| Fields::of(&v, None), |form| Fields::typed(&v, form));
    form.wrong = wrong.clone();
    Ok(ListPage {
        wrong,
        lines: all.iter().filter(|(category, _)| keeper.keeps(category)).map(line).collect(),
        moves: keeper.compound.is_none(),
        form,
        v,
    })
}

/// `POST /office/categories`.
pub async fn add(visit: Visit, form: Form) -> Answer {
    let keeper = keeper(&visit)?;
    let done = match model::category(&of_form(&form), "", 0) {
        Ok(new) => {
            let new = Category { compound: keeper.compound, ..new };
            does(&visit, keeper, &form, "", &Deed::Add(new)).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(to) => Ok(see_other(&to)),
        Err(error) => {
            let wrong = Wrong::of(visit.call.lang, error)?;
            page_again(&list_page(&visit, keeper, wrong, Some(&form)).await?)
        }
    }
}

/// Does a deed once for each key. Questions lead back to their category, everything else to the list.
async fn does(visit: &Visit, keeper: Keeper, form: &Form, slug: &str, deed: &Deed) -> Result<String> {
    let to = &match deed {
        Deed::Ask(_) | Deed::AskNoMore { .. } => format!("/office/categories/{slug}"),
        _ => "/office/categories".to_owned(),
    };
    let context = visit.context(keeper.tenant, Some(keeper.office));
    keys::once(&visit.app, &context, keeper.tenant.0, &form.key, &|tx| {
        Box::pin(async move {
            actions::act(tx, keeper.tenant, slug, deed).await?;
            Ok(to.clone())
        })
    })
    .await
}

pub async fn one(visit: Visit, Path(slug): Path<String>) -> Answer {
    let keeper = keeper(&visit)?;
    page(&one_page(&visit, keeper, &slug).await?)
}

/// A category that this person keeps, and whether it is retired.
pub async fn find(visit: &Visit, keeper: Keeper, slug: &str) -> Result<(Category, bool)> {
    let all = store::every_category(&visit.app.db, keeper.tenant).await?;
    let mine = |(category, _): &(Category, bool)| category.slug == slug && keeper.keeps(category);
    all.into_iter().find(mine).ok_or(Error::NotFound)
}

async fn one_page(visit: &Visit, keeper: Keeper, slug: &str) -> Result<OnePage> {
    let (category, retired) = find(visit, keeper, slug).await?;
    let fields = store::fields(&visit.app.db, keeper.tenant, slug).await?;
    let v = visit.view_titled(visit.call.lang.pick(&category.name, &category.name_en).to_owned());
    let asked: Vec<Asked> = fields.iter().map(|field| Asked::of(&v, field)).collect();
    let new = (asked.len() < FIELDS_MAX).then(Asked::empty);
    Ok(OnePage {
        wrong: Wrong::default(),
        slug: slug.to_owned(),
        retired,
        form: Fields::of(&v, Some(&category)),
        asked,
        new,
        kinds: kinds(&v, ""),
        wrong_at: None,
        v,
    })
}

impl Asked {
    pub fn empty() -> Asked {
        Asked {
            code: String::new(),
            name: String::new(),
            name_en: String::new(),
            hint: String::new(),
            hint_en: String::new(),
            kind: String::new(),
            required: false,
            is_list: true,
            options: String::new(),
        }
    }
}

/// `POST /office/categories/{slug}`: names, kind, first door.
pub async fn change(visit: Visit, Path(slug): Path<String>, form: Form) -> Answer {
    let keeper = keeper(&visit)?;
    let (old, _) = find(&visit, keeper, &slug).await?;
    let done = match model::category(&of_form(&form), &old.slug, old.sort) {
        Ok(new) => does(&visit, keeper, &form, &slug, &Deed::Change(new)).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(to) => Ok(see_other(&to)),
        Err(error) => {
            let mut again = one_page(&visit, keeper, &slug).await?;
            again.wrong = Wrong::of(visit.call.lang, error)?;
            again.form = Fields::typed(&again.v, &form);
            again.form.wrong = again.wrong.clone();
            page_again(&again)
        }
    }
}

/// The deed of this name; `None` when there is none. A new question is told apart from a known one by its code.
pub async fn deed(
    visit: &Visit,
    keeper: Keeper,
    (slug, name): (&str, &str),
    text: &(dyn Fn(&str) -> String + Sync),
) -> Result<Option<Deed>> {
    Ok(Some(match name {
        "move" if keeper.compound.is_some() => return Err(Error::denied("categories/not-staff")),
        "move" => Deed::Move { up: text("to") == "up" },
        "retire" => Deed::Retire,
        "bring-back" => Deed::BringBack,
        "ask-no-more" => Deed::AskNoMore { code: text("code") },
        "ask" => Deed::Ask(question(visit, keeper, slug, text).await?),
        _ => return Ok(None),
    }))
}

async fn question(visit: &Visit, keeper: Keeper, slug: &str, text: &(dyn Fn(&str) -> String + Sync)) -> Result<Field> {
    let every = store::every_field(&visit.app.db, keeper.tenant, slug).await?;
    let today = store::fields(&visit.app.db, keeper.tenant, slug).await?;
    let known = today.iter().find(|field| field.code == text("code"));
    if known.is_none() && today.len() >= FIELDS_MAX {
        return Err(Error::conflict("categories/fields-many"));
    }
    let taken: Vec<&str> = every.iter().map(|field| field.code.as_str()).collect();
    let sort = every.iter().map(|field| field.sort).max().unwrap_or(0) + 1;
    model::field(text, slug, known, model::free_name("q", &taken), sort)
}

/// `POST /office/categories/{slug}/{deed}`: move, retire, bring back, ask, ask no more.
pub async fn act(visit: Visit, Path((slug, name)): Path<(String, String)>, form: Form) -> Answer {
    let keeper = keeper(&visit)?;
    find(&visit, keeper, &slug).await?;
    let text = |field: &str| form.text(field).to_owned();
    let done = match deed(&visit, keeper, (&slug, &name), &text).await {
        Ok(deed) => does(&visit, keeper, &form, &slug, &deed.ok_or(Error::NotFound)?).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(to) => Ok(see_other(&to)),
        Err(error @ Error::Invalid(_)) if name == "ask" => ask_again(&visit, keeper, &slug, &form, error).await,
        Err(error) => Err(error.into()),
    }
}

/// The page again, with the question as it was typed.
async fn ask_again(visit: &Visit, keeper: Keeper, slug: &str, form: &Form, error: Error) -> Answer {
    let today = store::fields(&visit.app.db, keeper.tenant, slug).await?;
    let known = today.iter().find(|field| field.code == form.text("code"));
    let mut again = one_page(visit, keeper, slug).await?;
    again.wrong = Wrong::of(visit.call.lang, error)?;
    let typed = Asked::typed(&again.v, form, known);
    again.kinds = kinds(&again.v, form.text("kind"));
    again.wrong_at = Some(typed.code.clone());
    match again.asked.iter_mut().find(|asked| asked.code == typed.code) {
        Some(asked) => *asked = typed,
        None => again.new = Some(typed),
    }
    page_again(&again)
}
