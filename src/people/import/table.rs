//! A CSV file as rows of named cells, where every mistake knows its line and column.

use std::fmt;

/// One mistake in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Which file.
    pub file: String,
    /// Which line, from 1.
    pub line: u64,
    /// Number (from 1) and name of the column, where it is about one.
    pub column: Option<(usize, String)>,
    /// What is wrong and what to write instead.
    pub reason: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some((number, name)) => {
                write!(f, "{}, line {}, column {number} ({name}): {}", self.file, self.line, self.reason)
            }
            None => write!(f, "{}, line {}: {}", self.file, self.line, self.reason),
        }
    }
}

/// A file.
pub struct Table {
    file: String,
    header: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

impl Table {
    /// Splits a text into cells; a byte order mark and spaces around cells are dropped, empty lines skipped.
    pub fn read(file: &str, text: &str) -> Result<Self, Mistake> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut lines = Vec::new();
        for record in reader.records() {
            let at = |line| Mistake { file: file.to_owned(), line, column: None, reason: String::new() };
            let record = record.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                Mistake { reason: error.to_string(), ..at(line) }
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            lines.push((line, record.iter().map(str::to_owned).collect::<Vec<_>>()));
        }
        let mut lines = lines.into_iter();
        let nothing =
            || Mistake { file: file.to_owned(), line: 1, column: None, reason: "the file is empty".to_owned() };
        let (_, header) = lines.next().ok_or_else(nothing)?;
        let header = header.into_iter().map(|name| name.to_ascii_lowercase()).collect();
        Ok(Self { file: file.to_owned(), header, rows: lines.collect() })
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// A mistake in the header line.
    pub fn header_mistake(&self, reason: String) -> Mistake {
        Mistake { file: self.file.clone(), line: 1, column: None, reason }
    }

    /// The rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row { table: self, line: *line, cells })
    }
}

/// A row.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    line: u64,
    cells: &'a [String],
}

impl<'a> Row<'a> {
    /// A mistake in a column of this row.
    pub fn mistake(&self, column: &str, reason: impl Into<String>) -> Mistake {
        let number = self.table.header.iter().position(|name| name == column).map_or(0, |index| index + 1);
        Mistake {
            file: self.table.file.clone(),
            line: self.line,
            column: Some((number, column.to_owned())),
            reason: reason.into(),
        }
    }

    /// A row has as many cells as the header has names.
    pub fn check_width(&self) -> Result<(), Mistake> {
        let (expected, found) = (self.table.header.len(), self.cells.len());
        if expected == found {
            return Ok(());
        }
        let reason = format!("{found} cells where the header has {expected}");
        Err(Mistake { file: self.table.file.clone(), line: self.line, column: None, reason })
    }

    /// A cell, or nothing when the column is not there or the cell is empty.
    pub fn optional(&self, column: &str) -> Option<&'a str> {
        let index = self.table.header.iter().position(|name| name == column)?;
        self.cells.get(index).map(String::as_str).filter(|cell| !cell.is_empty())
    }

    /// A cell that has to be there.
    pub fn required(&self, column: &str) -> Result<&'a str, Mistake> {
        self.optional(column).ok_or_else(|| self.mistake(column, "is empty"))
    }

    /// A cell read as something, or nothing when it is empty.
    pub fn parsed<T>(
        &self,
        column: &str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Mistake> {
        let Some(cell) = self.optional(column) else { return Ok(None) };
        read(cell).map(Some).ok_or_else(|| self.mistake(column, format!("`{cell}` is not {expected}")))
    }

    /// A cell that has to be there, read as something.
    pub fn needed<T>(&self, column: &str, expected: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Mistake> {
        self.required(column)?;
        self.parsed(column, expected, read)?.ok_or_else(|| self.mistake(column, "is empty"))
    }
}

/// A value with the place it came from.
pub struct Placed<T> {
    /// The value.
    pub value: T,
    place: Mistake,
}

impl<T> Placed<T> {
    /// Remembers where a value came from.
    pub fn new(row: Row<'_>, value: T) -> Self {
        Self {
            value,
            place: Mistake { file: row.table.file.clone(), line: row.line, column: None, reason: String::new() },
        }
    }

    /// A mistake found later about this row.
    pub fn mistake(&self, reason: impl Into<String>) -> Mistake {
        Mistake { reason: reason.into(), ..self.place.clone() }
    }
}
