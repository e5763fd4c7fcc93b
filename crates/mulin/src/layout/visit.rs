//! A visit: a call whose caller the neighbourhood knows, or nobody in particular.

use super::{Me, Part, View};
use crate::{scope, words};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use commons::people::standing::{self, StandInId};
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
            Some(Holder::Account(account)) => Visit::signed_in(app, &call, AccountId(account)).await?,
            Some(Holder::Program { tenant, person }) => {
                people::store::program(&app.db, TenantId(tenant), PersonId(person), call.now).await?
            }
            None => Actor::default(),
        };
        Ok(Visit { app: app.clone(), call, actor })
    }

    /// The owner of the account, or whom they stand in for just now. Where that has ended, nothing is done before they know.
    async fn signed_in(app: &App, call: &Call, account: AccountId) -> Result<Actor> {
        let hat = call.session.as_ref().and_then(|session| session.hat);
        if let Some(hat) = hat {
            let other = standing::store::actor(&app.db, account, StandInId(hat), call.now).await?;
            scope::open_to_substitute(&call.method, &call.route, other.is_some())?;
            if let Some(actor) = other {
                return Ok(actor);
            }
        }
        people::store::actor(&app.db, account, call.now).await
    }

    /// In whose part this page is opened.
    fn part(&self) -> Part {
        let hat = self.call.session.as_ref().and_then(|session| session.hat);
        match (hat, &self.actor.substitute, self.actor.persons.first()) {
            (None, ..) => Part::Own,
            (_, Some(_), Some(person)) => Part::For(self.call.lang.pick(&person.name, &person.name_en).to_owned()),
            _ => Part::Over,
        }
    }

    /// That whoever is here acts for nobody but themselves.
    ///
    /// # Errors
    /// [`kit::Error::Denied`] for whoever stands in for another.
    pub fn as_self(&self) -> Result<()> {
        match self.part() {
            Part::Own => Ok(()),
            _ => Err(kit::Error::denied("standing/not-here")),
        }
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
            part: self.part(),
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
        let person = self.actor.person_in(tenant).map(|person| person.0);
        let substitute = self.actor.substitute.as_ref().map(|substitute| substitute.person.0);
        let by = By {
            person: substitute.or(person),
            on_behalf: substitute.and(person),
            office: office.map(|office| office.name().to_owned()),
        };
        self.app.context_by(by)
    }
}
