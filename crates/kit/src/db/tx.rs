//! A deed's view of the database: read and write, with who, when and fresh ids at hand.

use super::{FromValue, Row, Value, count_query, postgres, sqlite};
use crate::id::IdMaker;
use crate::time::Moment;
use crate::{Error, Result};
use std::marker::PhantomData;
use uuid::Uuid;

/// Who does it, as the book keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct By {
    /// `None` for someone without an account, and for the house itself.
    pub person: Option<Uuid>,
    /// For whom, when someone acts in another's name.
    pub on_behalf: Option<Uuid>,
    /// The office that opened the door to this deed, e.g. `captain`.
    pub office: Option<String>,
}

/// What a deed needs to be repeatable: the instant, the ids, the actor.
#[derive(Clone, Debug)]
pub struct Context {
    pub now: Moment,
    pub ids: IdMaker,
    pub by: By,
    /// Who hears of which activities.
    pub listeners: &'static [crate::book::Subscription],
}

/// An open deed. `'env` lets the deed's closure borrow from its surroundings.
pub struct Tx<'env> {
    pub(super) inner: Inner,
    pub(super) context: Context,
    pub(super) env: PhantomData<&'env ()>,
}

#[expect(clippy::large_enum_variant, reason = "one lives for each open deed; a box would only add an allocation")]
pub(super) enum Inner {
    Sqlite(sqlite::Deed),
    Postgres(postgres::Deed),
}

impl Tx<'_> {
    pub fn now(&self) -> Moment {
        self.context.now
    }

    /// Goes on at another instant, as somebody else, unheard: for taking over records of what happened before.
    pub fn travel(&mut self, now: Moment, by: By) {
        self.context.now = now;
        self.context.by = by;
        self.context.listeners = &[];
    }

    pub fn by(&self) -> &By {
        &self.context.by
    }

    /// A fresh row id.
    pub fn id<T: From<Uuid>>(&self) -> T {
        T::from(self.context.ids.row(self.context.now))
    }

    pub(crate) fn listeners(&self) -> &'static [crate::book::Subscription] {
        self.context.listeners
    }

    pub fn ids(&self) -> &IdMaker {
        &self.context.ids
    }

    /// Runs a statement and tells how many rows it touched.
    pub async fn run(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        count_query();
        match &mut self.inner {
            Inner::Sqlite(deed) => deed.run(sql, params),
            Inner::Postgres(deed) => deed.run(sql, params).await,
        }
    }

    pub async fn all(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        count_query();
        match &mut self.inner {
            Inner::Sqlite(deed) => deed.all(sql, params),
            Inner::Postgres(deed) => deed.all(sql, params).await,
        }
    }

    pub async fn one(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.all(sql, params).await?.into_iter().next())
    }

    /// The single column called `n` of a statement such as `select count(*) as n …`.
    pub async fn number<T: FromValue>(&mut self, sql: &str, params: &[Value]) -> Result<T> {
        self.one(sql, params).await?.ok_or_else(|| Error::internal("the statement gave no row"))?.get("n")
    }

    /// The engine, for the few kit files where the dialects differ.
    pub(crate) fn dialect(&self) -> super::Dialect {
        match self.inner {
            Inner::Sqlite(_) => super::Dialect::Sqlite,
            Inner::Postgres(_) => super::Dialect::Postgres,
        }
    }
}
