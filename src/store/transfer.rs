//! Every row of a SQLite database into a PostgreSQL one, and whether both hold the same afterwards.
//!
//! Names of tables and columns come from the schema that the migrations made, never from input. While rows are on their way
//! the target has no foreign keys, so that their order does not matter; the table `_moving` keeps what they were, and as long
//! as it is there no server starts on that database.

use futures_util::TryStreamExt as _;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use sqlx::{
    AssertSqlSafe, Column as _, PgConnection, PgPool, Row as _, SqliteConnection, TypeInfo as _, ValueRef as _,
    postgres::{PgArguments, PgRow},
    sqlite::SqliteRow,
};
use uuid::Uuid;

use super::{Store, StoreError};
use crate::model::time::Timestamp;

/// Rows of one statement.
const TOGETHER: usize = 500;

/// What a column holds on PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Uuid,
    Bytes,
    Text,
    Integer,
    Boolean,
    Time,
    Date,
    Json,
    Real,
}

impl Kind {
    fn of(declared: &str) -> Option<Self> {
        Some(match declared {
            "uuid" => Self::Uuid,
            "bytea" => Self::Bytes,
            "text" => Self::Text,
            "bigint" => Self::Integer,
            "boolean" => Self::Boolean,
            "timestamp with time zone" => Self::Time,
            "date" => Self::Date,
            "jsonb" => Self::Json,
            "double precision" => Self::Real,
            _ => return None,
        })
    }

    /// The type of the array that carries it, and what makes the column's type of an element.
    fn carried(self) -> (&'static str, &'static str) {
        match self {
            Self::Uuid => ("uuid[]", ""),
            Self::Bytes => ("bytea[]", ""),
            Self::Text => ("text[]", ""),
            Self::Integer => ("bigint[]", ""),
            Self::Boolean => ("boolean[]", ""),
            Self::Time => ("text[]", "::timestamptz"),
            Self::Date => ("text[]", "::date"),
            Self::Json => ("text[]", "::jsonb"),
            Self::Real => ("double precision[]", ""),
        }
    }

    /// An expression that reads a column as one of the plain kinds of [`Cell`].
    fn read(self, column: &str) -> String {
        match self {
            Self::Uuid => format!("uuid_send({column})"),
            Self::Boolean => format!("{column}::int::bigint"),
            Self::Time => format!("(EXTRACT(EPOCH FROM {column}) * 1000000)::bigint"),
            Self::Date => format!("to_char({column}, 'YYYY-MM-DD')"),
            Self::Json => format!("{column}::text"),
            Self::Bytes | Self::Text | Self::Integer | Self::Real => column.to_owned(),
        }
    }
}

/// A value as SQLite has it.
#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Null,
    Bytes(Vec<u8>),
    Text(String),
    Integer(i64),
    Real(f64),
}

/// A table that is moved.
#[derive(Clone, Debug)]
struct Table {
    name: String,
    columns: Vec<(String, Kind)>,
}

/// How many rows, and a sum of their hashes that does not hang on their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    rows: u64,
    hashes: [u64; 4],
}

impl Sum {
    fn add(&mut self, table: &Table, cells: &[Cell]) {
        let mut hash = Sha256::new();
        for (cell, (_, kind)) in cells.iter().zip(&table.columns) {
            let (tag, bytes) = canonical(cell, *kind);
            hash.update([tag]);
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
        self.rows += 1;
        for (lane, bytes) in self.hashes.iter_mut().zip(hash.finalize().chunks_exact(8)) {
            *lane = lane.wrapping_add(bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }
}

/// A value as both engines agree on it.
fn canonical(cell: &Cell, kind: Kind) -> (u8, Vec<u8>) {
    match (cell, kind) {
        (Cell::Null, _) => (0, Vec::new()),
        (Cell::Text(text), Kind::Json) => {
            let value = serde_json::from_str(text).map(plain_numbers);
            (5, value.map_or_else(|_| text.clone(), |value: Json| value.to_string()).into_bytes())
        }
        (Cell::Bytes(bytes), _) => (1, bytes.clone()),
        (Cell::Text(text), _) => (2, text.clone().into_bytes()),
        (Cell::Integer(number), Kind::Real) => (4, (*number as f64).to_be_bytes().to_vec()),
        (Cell::Integer(number), _) => (3, number.to_be_bytes().to_vec()),
        (Cell::Real(number), _) => (4, number.to_be_bytes().to_vec()),
    }
}

/// `1e5`, `100000` and `100000.0` are one number.
fn plain_numbers(value: Json) -> Json {
    match value {
        Json::Number(number) if !number.is_i64() && !number.is_u64() => {
            let real = number.as_f64().unwrap_or(f64::NAN);
            if real.fract() == 0.0 && real.abs() < 9e15 { Json::from(real as i64) } else { Json::from(real) }
        }
        Json::Array(items) => Json::Array(items.into_iter().map(plain_numbers).collect()),
        Json::Object(fields) => fields.into_iter().map(|(name, field)| (name, plain_numbers(field))).collect(),
        other => other,
    }
}

/// Rows on their way from SQLite to PostgreSQL. Nobody writes to the source meanwhile.
pub struct Transfer {
    source: SqliteConnection,
    target: PgPool,
    tables: Vec<Table>,
}

impl Transfer {
    /// Begins, or goes on. The target is brought up to date and has to be empty at the beginning.
    ///
    /// # Errors
    /// [`StoreError::Url`] for any other pair of engines, [`StoreError::NotEmpty`], and those of both databases.
    pub async fn begin(from: &Store, to: &Store) -> Result<Self, StoreError> {
        let (Store::Sqlite { write, .. }, Store::Postgres(target)) = (from, to) else { return Err(StoreError::Url) };
        let mut source = write.acquire().await?.detach();
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut source).await?;
        if !is_moving(target).await? {
            to.migrate().await?;
            let (people,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM units").fetch_one(target).await?;
            if people > 0 {
                return Err(StoreError::NotEmpty);
            }
            begin(target).await?;
        }
        Ok(Self { source, target: target.clone(), tables: tables(target).await? })
    }

    /// Copies every table; `told` hears of which, and how many rows of it were read. Rows that are there stay as they are.
    ///
    /// # Errors
    /// [`StoreError`]; what was copied before stays, and the next run goes on.
    pub async fn copy(&mut self, mut told: impl FnMut(&str, u64)) -> Result<(), StoreError> {
        for table in &self.tables {
            copy(&mut self.source, &self.target, table, |count| told(&table.name, count)).await?;
        }
        Ok(())
    }

    /// Compares every table, row by row; gives how many rows there are, and the tables that differ.
    ///
    /// # Errors
    /// [`StoreError`] when one of them does not answer.
    pub async fn compare(&mut self) -> Result<(u64, Vec<String>), StoreError> {
        let mut target = self.target.acquire().await?;
        let (mut rows, mut different) = (0, Vec::new());
        for table in &self.tables {
            let there = sum_of_source(&mut self.source, table).await?;
            let here = sum_of_target(&mut target, table).await?;
            rows += there.rows;
            if there != here {
                different.push(format!("{} ({} rows there, {} here)", table.name, there.rows, here.rows));
            }
        }
        Ok((rows, different))
    }

    /// Puts the foreign keys back, which checks them; from now on a server may use the target.
    ///
    /// # Errors
    /// [`StoreError`]; it still counts as moving then.
    pub async fn end(self) -> Result<(), StoreError> {
        end(&self.target).await
    }
}

/// The tables of a database that the migrations made, by name.
async fn tables(target: &PgPool) -> Result<Vec<Table>, StoreError> {
    let columns: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name NOT LIKE '\\_%' ORDER BY table_name, ordinal_position",
    )
    .fetch_all(target)
    .await?;
    let mut tables: Vec<Table> = Vec::new();
    for (table, column, declared) in columns {
        let unknown = || StoreError::Statement(sqlx::Error::Protocol(format!("{table}.{column} is a {declared}")));
        let kind = Kind::of(&declared).ok_or_else(unknown)?;
        match tables.last_mut().filter(|last| last.name == table) {
            Some(last) => last.columns.push((column, kind)),
            None => tables.push(Table { name: table, columns: vec![(column, kind)] }),
        }
    }
    Ok(tables)
}

/// Takes the foreign keys away, and keeps what they were.
async fn begin(target: &PgPool) -> Result<(), StoreError> {
    if is_moving(target).await? {
        return Ok(());
    }
    #[expect(clippy::disallowed_methods, reason = "this is PostgreSQL alone")]
    let mut tx = target.begin().await?;
    sqlx::raw_sql(
        "CREATE TABLE _moving AS SELECT conrelid::regclass::text AS relation, conname::text AS name,
            pg_get_constraintdef(oid) AS definition
        FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace",
    )
    .execute(&mut *tx)
    .await?;
    let keys: Vec<(String, String)> = sqlx::query_as("SELECT relation, name FROM _moving").fetch_all(&mut *tx).await?;
    for (relation, name) in keys {
        let sql = format!("ALTER TABLE {relation} DROP CONSTRAINT \"{name}\"");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await?;
    }
    Ok(tx.commit().await?)
}

/// Puts the foreign keys back, which checks them; from now on a server may use the database.
async fn end(target: &PgPool) -> Result<(), StoreError> {
    #[expect(clippy::disallowed_methods, reason = "this is PostgreSQL alone")]
    let mut tx = target.begin().await?;
    let keys: Vec<(String, String, String)> =
        sqlx::query_as("SELECT relation, name, definition FROM _moving").fetch_all(&mut *tx).await?;
    for (relation, name, definition) in keys {
        let sql = format!("ALTER TABLE {relation} ADD CONSTRAINT \"{name}\" {definition}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await?;
    }
    sqlx::raw_sql("DROP TABLE _moving").execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// Whether rows are on their way into a database.
///
/// # Errors
/// [`StoreError`] when it does not answer.
pub async fn is_moving(target: &PgPool) -> Result<bool, StoreError> {
    let (found,): (bool,) =
        sqlx::query_as("SELECT to_regclass('public._moving') IS NOT NULL").fetch_one(target).await?;
    Ok(found)
}

/// Copies a table; rows that are there stay as they are. `told` hears how many were read.
async fn copy(
    source: &mut SqliteConnection,
    target: &PgPool,
    table: &Table,
    mut told: impl FnMut(u64),
) -> Result<(), StoreError> {
    let (mut waiting, mut count) = (Vec::with_capacity(TOGETHER), 0);
    let mut rows = sqlx::query(AssertSqlSafe(table.select(|(name, _)| format!("\"{name}\"")))).fetch(source);
    while let Some(row) = rows.try_next().await? {
        waiting.push(cells(&row)?);
        count += 1;
        if waiting.len() == TOGETHER {
            table.insert(target, std::mem::take(&mut waiting)).await?;
            told(count);
        }
    }
    table.insert(target, waiting).await?;
    told(count);
    Ok(())
}

/// What the source holds of a table.
async fn sum_of_source(source: &mut SqliteConnection, table: &Table) -> Result<Sum, StoreError> {
    let mut sum = Sum::default();
    let mut rows = sqlx::query(AssertSqlSafe(table.select(|(name, _)| format!("\"{name}\"")))).fetch(source);
    while let Some(row) = rows.try_next().await? {
        sum.add(table, &cells(&row)?);
    }
    Ok(sum)
}

/// What the target holds of a table.
async fn sum_of_target(target: &mut PgConnection, table: &Table) -> Result<Sum, StoreError> {
    let mut sum = Sum::default();
    let read = table.select(|(name, kind)| kind.read(&format!("\"{name}\"")));
    let mut rows = sqlx::query(AssertSqlSafe(read)).fetch(target);
    while let Some(row) = rows.try_next().await? {
        let cells: Result<Vec<Cell>, sqlx::Error> =
            table.columns.iter().enumerate().map(|(place, (_, kind))| postgres_cell(&row, place, *kind)).collect();
        sum.add(table, &cells?);
    }
    Ok(sum)
}

impl Table {
    fn select(&self, read: impl Fn(&(String, Kind)) -> String) -> String {
        format!("SELECT {} FROM \"{}\"", self.columns.iter().map(read).collect::<Vec<_>>().join(", "), self.name)
    }

    async fn insert(&self, target: &PgPool, rows: Vec<Vec<Cell>>) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let (mut names, mut arrays, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (name, kind)) in self.columns.iter().enumerate() {
            let (array, cast) = kind.carried();
            names.push(format!("\"{name}\""));
            arrays.push(format!("${}::{array}", place + 1));
            values.push(format!("x.\"{name}\"{cast}"));
        }
        let (names, arrays, values) = (names.join(", "), arrays.join(", "), values.join(", "));
        let sql = format!(
            "INSERT INTO \"{}\" ({names}) SELECT {values} FROM UNNEST({arrays}) AS x ({names}) ON CONFLICT DO NOTHING",
            self.name
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (place, (_, kind)) in self.columns.iter().enumerate() {
            query = bind(query, *kind, rows.iter().map(|row| row[place].clone()));
        }
        query.execute(target).await?;
        Ok(())
    }
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Postgres, PgArguments>;

/// Binds a column of many rows.
fn bind(query: Query<'_>, kind: Kind, cells: impl Iterator<Item = Cell>) -> Query<'_> {
    match kind {
        Kind::Uuid => query.bind(cells.map(|cell| Uuid::from_slice(&cell.bytes()?).ok()).collect::<Vec<_>>()),
        Kind::Bytes => query.bind(cells.map(Cell::bytes).collect::<Vec<_>>()),
        Kind::Integer => query.bind(cells.map(|cell| cell.integer()).collect::<Vec<_>>()),
        Kind::Boolean => query.bind(cells.map(|cell| Some(cell.integer()? != 0)).collect::<Vec<_>>()),
        Kind::Time => {
            let text = |cell: Cell| Some(Timestamp::from_microsecond(cell.integer()?).to_string());
            query.bind(cells.map(text).collect::<Vec<_>>())
        }
        Kind::Text | Kind::Date | Kind::Json => query.bind(cells.map(Cell::text).collect::<Vec<_>>()),
        Kind::Real => query.bind(cells.map(|cell| cell.real()).collect::<Vec<_>>()),
    }
}

impl Cell {
    fn bytes(self) -> Option<Vec<u8>> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    fn text(self) -> Option<String> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    fn real(&self) -> Option<f64> {
        match self {
            Self::Real(number) => Some(*number),
            Self::Integer(number) => Some(*number as f64),
            _ => None,
        }
    }
}

fn cells(row: &SqliteRow) -> Result<Vec<Cell>, sqlx::Error> {
    let cell = |place: usize| {
        let raw = row.try_get_raw(place)?;
        if raw.is_null() {
            return Ok(Cell::Null);
        }
        // What is stored counts, not what was declared.
        Ok(match raw.type_info().name() {
            "BLOB" => Cell::Bytes(row.try_get_unchecked(place)?),
            "INTEGER" => Cell::Integer(row.try_get_unchecked(place)?),
            "REAL" => Cell::Real(row.try_get_unchecked(place)?),
            _ => Cell::Text(row.try_get_unchecked(place)?),
        })
    };
    row.columns().iter().map(|column| cell(column.ordinal())).collect()
}

fn postgres_cell(row: &PgRow, place: usize, kind: Kind) -> Result<Cell, sqlx::Error> {
    let cell = match kind {
        Kind::Uuid | Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(place)?.map(Cell::Bytes),
        Kind::Integer | Kind::Boolean | Kind::Time => row.try_get::<Option<i64>, _>(place)?.map(Cell::Integer),
        Kind::Real => row.try_get::<Option<f64>, _>(place)?.map(Cell::Real),
        Kind::Text | Kind::Date | Kind::Json => row.try_get::<Option<String>, _>(place)?.map(Cell::Text),
    };
    Ok(cell.unwrap_or(Cell::Null))
}
