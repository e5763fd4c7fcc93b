//! A visit: a call whose caller the neighbourhood knows, or nobody in particular.

use super::{Me, View};
use crate::{scope, words};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use commons::people::{self, AccountId, Actor, Office, PersonId};
use commons::place::TenantId;
use kit::Result;
use kit::db::{By, Context};
use kit::web::token::Holder;
use kit::web::{App, Call, Fault};

/// Who comes, with which mandates, and the house they come to.
pub struct Visit {
    pub app: App,
    pub call: Call,
    pub actor: Actor,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Fault> {
        let call = Call::from_request_parts(parts, app).await?;
        Ok(Visit::of(app, call).await?)
    }
}

impl Visit {
    pub async fn of(app: &App, call: Call) -> Result<Visit> {
        if let Some(token) = &call.token {
            scope::open(token, &call.method, &call.route)?;
        }
        let actor = match call.holder() {
            Some(Holder::Account(account)) => people::store::actor(&app.db, AccountId(account), call.now).await?,
            Some(Holder::Program { tenant, person }) => {
                people::store::program(&app.db, TenantId(tenant), PersonId(person), call.now).await?
            }
            None => Actor::default(),
        };
        Ok(Visit { app: app.clone(), call, actor })
    }

    /// The frame of a page whose title has the key `title`.
    pub fn view(&self, title: &str) -> View {
        self.view_titled(words::t(self.call.lang, title).to_string())
    }

    pub fn view_titled(&self, title: String) -> View {
        View {
            lang: self.call.lang,
            elder: self.call.elder,
            demo: self.app.config.demo,
            csrf: self.call.csrf.clone(),
            key: self.call.fresh_key(&self.app),
            here: self.call.here.clone(),
            title,
            me: self.me(),
            staff: self.is_staff(),
            unseen: self.actor.unseen,
        }
    }

    fn me(&self) -> Option<Me> {
        let person = self.actor.persons.first()?;
        let lang = self.call.lang;
        let hat = |mandate: &people::Mandate| {
            let office = words::t(lang, &format!("office-{}", mandate.office.name().replace('_', "-")));
            let place = lang.pick(&mandate.place_label, &mandate.place_label_en);
            format!("{place} {office}")
        };
        let hats = self.actor.mandates.iter().take(3).map(hat).collect();
        Some(Me { name: lang.pick(&person.name, &person.name_en).to_owned(), hats })
    }

    pub fn is_staff(&self) -> bool {
        self.actor.mandates.iter().any(|mandate| mandate.office.is_staff())
    }

    /// The context of a deed of this visitor, under an office if one opened the door to it.
    pub fn context(&self, tenant: TenantId, office: Option<Office>) -> Context {
        let by = By {
            person: self.actor.person_in(tenant).map(|person| person.0),
            on_behalf: None,
            office: office.map(|office| office.name().to_owned()),
        };
        self.app.context_by(by)
    }
}
