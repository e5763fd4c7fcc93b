//! PostgreSQL: a pool, SERIALIZABLE deeds, and a new try when two deeds collide.

use super::tx::Inner;
use super::{Context, Migration, Row, Tx, Value, forgetful};
use crate::{Error, Result};
use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

pub(super) struct Postgres {
    pool: Pool,
    turns: RwLock<()>,
}

/// How a deed of this program goes among the others.
#[expect(dead_code, reason = "they are held, not read")]
enum Turn<'p> {
    Beside(RwLockReadGuard<'p, ()>),
    Alone(RwLockWriteGuard<'p, ()>),
    AsItComes,
}

/// A deed on its own connection. Dropping it unfinished closes the connection, and the server takes everything back.
pub(crate) struct Deed {
    client: Option<Client>,
    /// The server asked for another try.
    collided: bool,
}

/// The tables of this house, quoted where that is needed.
const TABLES: &str = "select c.oid::regclass::text as name from pg_class c
    where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace order by c.relname limit 10000";
const TRIES: u32 = 12;
const TURN_WAITS: Duration = Duration::from_secs(2);
const POOL_SIZE: usize = 16;

impl Postgres {
    pub(super) async fn open(url: &str) -> Result<Self> {
        let config: tokio_postgres::Config =
            url.parse().map_err(|e| Error::Unavailable(format!("the database address cannot be read: {e}")))?;
        let manager = Manager::from_config(config, tls(), ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager)
            .max_size(POOL_SIZE)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_secs(20)))
            .create_timeout(Some(Duration::from_secs(5)))
            .build()
            .map_err(|e| Error::Unavailable(e.to_string()))?;
        let postgres = Postgres { pool, turns: RwLock::default() };
        postgres.refuse_forgetful().await?;
        Ok(postgres)
    }

    /// A server that does not flush its log would lose what we acknowledged. The settings may be the server's, the
    /// database's or the role's.
    async fn refuse_forgetful(&self) -> Result<()> {
        for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
            if self.setting(setting).await? == "off" {
                let why = format!("PostgreSQL runs with {setting}=off and would lose acknowledged deeds; turn it on");
                return Err(forgetful(why));
            }
        }
        Ok(())
    }

    pub(super) async fn setting(&self, name: &str) -> Result<String> {
        let rows = self.read("select current_setting($1) as n", &[Value::Text(name.to_owned())]).await?;
        rows.first().ok_or_else(|| Error::internal("no setting"))?.get("n")
    }

    /// Reads every row of every table, long values too; the server looks at the checksums of what it reads.
    pub(super) async fn damage(&self) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        for table in self.read(TABLES, &[]).await? {
            let table: String = table.get("name")?;
            let sql = format!("select coalesce(sum(length(t::text)), 0)::bigint as n from {table} t");
            match self.read(&sql, &[]).await {
                Ok(_) => {}
                Err(Error::Internal(why)) => lines.push(format!("{table} cannot be read: {why}")),
                Err(why) => return Err(why),
            }
        }
        Ok(lines)
    }

    /// Deeds go side by side until some collide; those go on one after the other, alone, and nobody new comes between. Behind a
    /// deed that takes long nobody waits for ever: then they take their chances.
    async fn turn(&self, alone: bool) -> Turn<'_> {
        let waits = async {
            match alone {
                true => Turn::Alone(self.turns.write().await),
                false => Turn::Beside(self.turns.read().await),
            }
        };
        tokio::time::timeout(TURN_WAITS, waits).await.unwrap_or(Turn::AsItComes)
    }

    async fn client(&self) -> Result<Client> {
        self.pool.get().await.map_err(|e| Error::Unavailable(format!("the database cannot be reached: {e}")))
    }

    pub(super) async fn read(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let client = self.client().await?;
        rows(&client, sql, params).await.map_err(|e| said(sql, e))
    }

    pub(super) async fn prepare(&self, sql: &str) -> Result<()> {
        self.client().await?.prepare(sql).await.map(drop).map_err(|e| said(sql, e))
    }

    pub(super) async fn migrate(&self, migrations: &[Migration]) -> Result<()> {
        super::migrate::on_postgres(&mut self.client().await?, migrations).await
    }

    pub(super) async fn transact<'env, T, F>(&self, context: &Context, keeps: bool, deed: F) -> Result<T>
    where
        F: for<'t> Fn(&'t mut Tx<'env>) -> BoxFuture<'t, Result<T>> + Send + Sync,
    {
        for turn in 0..TRIES {
            if turn > 1 {
                // It went alone here, so it met somebody of another program; they should not meet again at once.
                let spread = u64::from(context.ids.secret()[0]) % 8 + 1;
                tokio::time::sleep(Duration::from_millis(spread << turn.min(5))).await;
            }
            let _turn = self.turn(turn > 0).await;
            let client = self.client().await?;
            client.batch_execute("begin isolation level serializable").await.map_err(|e| said("begin", e))?;
            let inner = Inner::Postgres(Deed { client: Some(client), collided: false });
            let mut tx = Tx { inner, context: context.clone(), env: std::marker::PhantomData };
            let out = deed(&mut tx).await;
            let Inner::Postgres(mut done) = tx.inner else {
                return Err(Error::internal("a PostgreSQL deed ended on another engine"));
            };
            match out {
                _ if done.collided => done.take_back().await,
                Err(why) => {
                    done.take_back().await;
                    return Err(why);
                }
                Ok(value) if !keeps => {
                    done.take_back().await;
                    return Ok(value);
                }
                Ok(value) => match done.commit().await {
                    Ok(()) => return Ok(value),
                    Err(Commit::Collided) => {}
                    Err(Commit::Failed(why)) => return Err(why),
                },
            }
        }
        Err(Error::Unavailable("many changed the same thing at once; please try again".into()))
    }
}

/// One instant of the database, on a connection of its own that ends with it.
pub(super) struct Look {
    client: Option<Client>,
}

impl Postgres {
    pub(super) async fn look(&self) -> Result<Look> {
        let client = self.client().await?;
        let begin = "begin isolation level repeatable read read only";
        client.batch_execute(begin).await.map_err(|e| said(begin, e))?;
        let look = Look { client: Some(client) };
        // The instant is that of the first statement.
        look.all("select 1 as n").await?;
        Ok(look)
    }
}

impl Look {
    fn client(&self) -> Result<&Client> {
        self.client.as_ref().ok_or_else(|| Error::internal("the look is over"))
    }

    pub(super) async fn all(&self, sql: &str) -> Result<Vec<Row>> {
        let client = self.client()?;
        let statement = client.prepare(sql).await.map_err(|e| said(sql, e))?;
        read_rows(client, &statement, &[]).await.map_err(|e| said(sql, e))
    }

    /// The server keeps the answer and gives it lot by lot, so that neither side holds all of it.
    pub(super) async fn begin_reading(&self, sql: &str) -> Result<()> {
        let sql = format!("declare reading no scroll cursor for {sql}");
        self.client()?.batch_execute(&sql).await.map_err(|e| said(&sql, e))
    }

    pub(super) async fn next(&self, lot: usize) -> Result<Vec<Row>> {
        self.all(&format!("fetch {lot} from reading")).await
    }

    pub(super) async fn end_reading(&self) -> Result<()> {
        self.client()?.batch_execute("close reading").await.map_err(|e| said("close", e))
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        // Never back into the pool: its transaction is still open.
        if let Some(client) = self.client.take() {
            let _ = Client::take(client);
        }
    }
}

enum Commit {
    Collided,
    Failed(Error),
}

impl Deed {
    fn client(&self) -> Result<&Client> {
        self.client.as_ref().ok_or_else(|| Error::internal("the deed is over"))
    }

    pub(super) async fn run(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        let client = self.client()?;
        let outcome = async {
            let statement = client.prepare_cached(sql).await?;
            client.execute_raw(&statement, params).await
        };
        let outcome = outcome.await;
        self.hear(sql, outcome)
    }

    pub(super) async fn all(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let outcome = rows(self.client()?, sql, params).await;
        self.hear(sql, outcome)
    }

    fn hear<T>(&mut self, sql: &str, outcome: Result<T, tokio_postgres::Error>) -> Result<T> {
        outcome.map_err(|error| {
            self.collided |= collided(&error);
            said(sql, error)
        })
    }

    async fn commit(&mut self) -> Result<(), Commit> {
        let Some(client) = self.client.take() else { return Err(Commit::Failed(Error::internal("the deed is over"))) };
        match client.batch_execute("commit").await {
            Ok(()) => {
                metrics::counter!("mulin_db_commits_total").increment(1);
                metrics::counter!("mulin_db_deeds_total").increment(1);
                Ok(())
            }
            Err(error) if collided(&error) => Err(Commit::Collided),
            Err(error) if error.is_closed() => {
                let _ = Client::take(client);
                let why = "the connection broke while saving: not known whether it was saved; sending again is safe";
                Err(Commit::Failed(Error::Unavailable(why.into())))
            }
            Err(error) => Err(Commit::Failed(said("commit", error))),
        }
    }

    async fn take_back(&mut self) {
        if let Some(client) = self.client.take()
            && client.batch_execute("rollback").await.is_err()
        {
            let _ = Client::take(client);
        }
    }
}

impl Drop for Deed {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            let _ = Client::take(client);
        }
    }
}

async fn rows(client: &Client, sql: &str, params: &[Value]) -> Result<Vec<Row>, tokio_postgres::Error> {
    let statement = client.prepare_cached(sql).await?;
    read_rows(client, &statement, params).await
}

async fn read_rows(
    client: &Client,
    statement: &tokio_postgres::Statement,
    params: &[Value],
) -> Result<Vec<Row>, tokio_postgres::Error> {
    let columns: Arc<[String]> = statement.columns().iter().map(|column| column.name().to_owned()).collect();
    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as _).collect();
    let found = client.query(statement, &params).await?;
    found
        .iter()
        .map(|row| {
            let values = (0..columns.len()).map(|at| row.try_get(at)).collect::<Result<Vec<Value>, _>>()?;
            Ok(Row::new(columns.clone(), values))
        })
        .collect()
}

impl<'a> tokio_postgres::types::FromSql<'a> for Value {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *kind {
            Type::BOOL => Value::Bool(bool::from_sql(kind, raw)?),
            Type::INT8 => Value::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(kind, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(kind, raw)?.into()),
            Type::BYTEA => Value::Blob(raw.to_vec()),
            _ => Value::Text(String::from_sql(kind, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::BOOL | Type::INT8 | Type::INT4 | Type::INT2 | Type::BYTEA)
            || <String as tokio_postgres::types::FromSql>::accepts(kind)
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut bytes::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(n) => match *kind {
                Type::INT4 => i32::try_from(*n)?.to_sql(kind, out),
                _ => n.to_sql_checked(kind, out),
            },
            Value::Bool(b) => b.to_sql_checked(kind, out),
            // A NUL cannot be stored there; the forms refuse it before, imports may carry one.
            Value::Text(text) => text.replace('\0', "").to_sql_checked(kind, out),
            Value::Blob(bytes) => bytes.to_sql_checked(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn collided(error: &tokio_postgres::Error) -> bool {
    matches!(
        error.code(),
        Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
    )
}

fn said(sql: &str, error: tokio_postgres::Error) -> Error {
    let passing = error.is_closed()
        || collided(&error)
        || error
            .code()
            .is_some_and(|code| ["08", "53", "57", "58", "25"].iter().any(|class| code.code().starts_with(class)));
    if passing {
        return Error::Unavailable(error.to_string());
    }
    let detail = error.as_db_error().map(|e| e.message().to_owned()).unwrap_or_default();
    Error::Internal(anyhow::Error::new(error).context(format!("{detail} in: {sql}")))
}

fn tls() -> tokio_postgres_rustls::MakeRustlsConnect {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring supports the default protocol versions.")
        .with_root_certificates(roots)
        .with_no_client_auth();
    tokio_postgres_rustls::MakeRustlsConnect::new(config)
}
