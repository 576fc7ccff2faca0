//! Owns: front matter. Finds it in a file and takes values out of it one key
//! at a time, each with its place, so that every error is found at once.
//!
//! Must not: know which keys there are.

use std::ops::Range;
use std::sync::Arc;

use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{
    Diagnostic, Diagnostics, Rule, SourceFile, Span, first_refused, nearest, printable,
};
use crate::load::mistakes::{self, Fact, Mistake, Stumble};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its place, without the key.
    pub span: Span,
}

/// The byte ranges of front matter and body.
pub fn split(
    file: &Arc<SourceFile>,
    diagnostics: &mut Diagnostics,
) -> Option<(Range<usize>, Range<usize>)> {
    let text = &file.text;
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.trim_end() != "+++" {
        let facts =
            "begin with a line `+++`, a line `title = \"…\"` for each fact, and another line `+++`";
        let (what, help) = if text.trim().is_empty() {
            (
                "the file is empty",
                "`status-guide new` writes a file with all that belongs into it".to_owned(),
            )
        } else if first.trim_end() == "---" {
            (
                "the facts stand between lines `+++`, and are TOML, not YAML",
                "write `+++` in place of both lines `---`, and `title = \"…\"` in place of `title: …`".to_owned(),
            )
        } else if text.trim_start().starts_with("+++\n") {
            (
                "something stands before the first line `+++`",
                "delete the lines above it: the facts begin the file".to_owned(),
            )
        } else {
            (
                "the file does not start with front matter",
                facts.to_owned(),
            )
        };
        diagnostics.push(
            Diagnostic::new(
                Rule::FrontMatter,
                Span::new(file, 0..first.trim_end().len()),
                what,
            )
            .help(help),
        );
        return None;
    }
    let mut at = first.len();
    for line in text[at..].split_inclusive('\n') {
        if line.trim_end() == "+++" {
            return Some((first.len()..at, at + line.len()..text.len()));
        }
        at += line.len();
    }
    // Where the writer may have meant it to end.
    let mut at = first.len();
    let mut last = 0..3;
    for line in text[at..].split_inclusive('\n') {
        let written = line.trim_end();
        let is_fence =
            written.len() > 1 && (written.trim_matches('+').is_empty() || written == "---");
        if is_fence {
            diagnostics.push(
                Diagnostic::new(
                    Rule::FrontMatter,
                    Span::new(file, at..at + written.len()),
                    "this front matter never ends: its last line has exactly three plus signs",
                )
                .help("write `+++` here"),
            );
            return None;
        }
        if written.is_empty() || written.starts_with("## ") {
            break;
        }
        last = at..at + written.len();
        at += line.len();
    }
    diagnostics.push(
        Diagnostic::new(
            Rule::FrontMatter,
            Span::new(file, last),
            "this front matter never ends",
        )
        .help("write a line `+++` below the last fact; the text follows it"),
    );
    None
}

/// A key of front matter, and how its value looks in TOML.
pub type Key = (&'static str, &'static str);

/// Takes values out of a TOML table one key at a time, so that every error of
/// the table is found and not only the first.
pub struct Facts<'a> {
    file: &'a Arc<SourceFile>,
    offset: usize,
    table: DeTable<'a>,
    keys: &'static [Key],
    known: Vec<String>,
    diagnostics: Diagnostics,
    /// Where the TOML itself is broken. Then a missing key says nothing, nor
    /// does a value that stands there.
    broken: Vec<Range<usize>>,
}

impl<'a> Facts<'a> {
    /// Reads the TOML in `range` of `file`, which may have `keys`. What is not
    /// TOML is reported.
    pub fn parse(file: &'a Arc<SourceFile>, range: Range<usize>, keys: &'static [Key]) -> Self {
        let offset = range.start;
        let text = &file.text[range];
        let (table, errors) = DeTable::parse_recoverable(text);
        let errors = errors.into_iter().map(|error| Stumble {
            range: error.span().unwrap_or(0..0),
            message: error.message().to_owned(),
        });
        let (found, broken) = mistakes::in_toml(text, errors.collect());
        let mut facts = Self {
            file,
            offset,
            table: table.into_inner(),
            keys,
            known: Vec::new(),
            diagnostics: Diagnostics::default(),
            broken,
        };
        for Mistake {
            rule,
            range,
            message,
            help,
        } in found
        {
            let span = facts.place(range);
            facts.error(rule, span, message, help);
        }
        // The file itself has no such character; an escape can bring one in.
        facts.check_texts(|text| {
            if let Some((_, message)) = first_refused(text) {
                return Some((Rule::Encoding, message, "delete the escape"));
            }
            text.contains(['\n', '\t']).then(|| {
                let message = "text of the front matter stands on one line".to_owned();
                (
                    Rule::InvalidValue,
                    message,
                    "write it between double quotes, with spaces alone between its words",
                )
            })
        });
        facts
    }

    /// Reports each text among the keys and values, however deep, for which
    /// `wrong` has a rule, a message and a way out.
    pub fn check_texts(&mut self, wrong: impl Fn(&str) -> Option<(Rule, String, &'static str)>) {
        let mut found = Vec::new();
        let mut tables: Vec<&DeTable<'a>> = vec![&self.table];
        let mut values: Vec<&Spanned<DeValue<'a>>> = Vec::new();
        while let Some(table) = tables.pop() {
            for (key, value) in table {
                found.extend(wrong(key.get_ref()).map(|fault| (key.span(), fault)));
                values.push(value);
            }
            while let Some(value) = values.pop() {
                match value.get_ref() {
                    DeValue::String(text) => {
                        found.extend(wrong(text).map(|fault| (value.span(), fault)));
                    }
                    DeValue::Array(items) => values.extend(items.iter()),
                    DeValue::Table(table) => tables.push(table),
                    _ => {}
                }
            }
        }
        for (range, (rule, message, help)) in found {
            let span = self.place(range);
            self.error(rule, span, message, help);
        }
    }

    /// Reports what is wrong with a value beyond its form.
    pub fn error(
        &mut self,
        rule: Rule,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.diagnostics
            .push(Diagnostic::new(rule, span, message).help(help));
    }

    /// The key to whose value the byte `at` belongs, if it is on the same line.
    fn key_before(&self, at: usize) -> Option<&'a str> {
        let before = self.file.text.get(..at)?.rsplit('\n').next()?;
        let key = before.rsplit_once('=')?.0.trim_end();
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let name = key.trim_end_matches(is_part).len();
        Some(&key[name..]).filter(|name| !name.is_empty())
    }

    fn example(&self, key: &str) -> Option<&'static str> {
        let mut keys = self.keys.iter();
        keys.find(|(name, _)| *name == key)
            .map(|(_, example)| *example)
    }

    /// The keys that have not been taken yet.
    pub fn keys(&self) -> Vec<String> {
        self.table
            .keys()
            .map(|key| key.get_ref().to_string())
            .collect()
    }

    /// The place in the file of a range of this TOML.
    pub fn place(&self, range: Range<usize>) -> Span {
        // Some ranges are a byte long, whatever character is there.
        let text = self.file.text.as_str();
        let start = text.floor_char_boundary(self.offset + range.start);
        let end = text.ceil_char_boundary(self.offset + range.end);
        Span::new(self.file, start..end.max(start))
    }

    fn take(&mut self, key: &str) -> Option<Spanned<DeValue<'a>>> {
        self.known.push(key.to_owned());
        self.table.remove(key)
    }

    fn read<T: DeserializeOwned>(
        &mut self,
        key: &str,
        value: Spanned<DeValue<'a>>,
    ) -> Option<Located<T>> {
        let span = self.place(value.span());
        let at = value.span().start;
        match T::deserialize(value.into_deserializer()) {
            Ok(value) => Some(Located { value, span }),
            Err(_) if self.broken.iter().any(|range| range.contains(&at)) => None,
            Err(error) => {
                let span = error.span().map_or(span, |range| self.place(range));
                let keys: Vec<&str> = self.keys.iter().map(|(key, _)| *key).collect();
                let source = (self.file.text.get(span.range.clone())).unwrap_or_default();
                // A value inside a list of blocks has a key of its own.
                let own = self.key_before(span.range.start).filter(|own| *own != key);
                let is_inside = own.is_some() && !matches!(source.get(..1), Some("[" | "{"));
                let fact = Fact {
                    key: own.filter(|_| is_inside).unwrap_or(key),
                    example: if is_inside { None } else { self.example(key) },
                    keys: &keys,
                    source,
                };
                let (rule, message, help) = mistakes::in_fact::<T>(&fact, error.message());
                self.error(rule, span, message, help);
                None
            }
        }
    }

    /// The value of `key`, if it is there and right.
    pub fn optional<T: DeserializeOwned>(&mut self, key: &str) -> Option<Located<T>> {
        self.take(key).and_then(|value| self.read(key, value))
    }

    /// Like `optional`, for values whose place does not matter.
    pub fn value<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        self.optional(key).map(|located| located.value)
    }

    /// The value of `key`; its absence is an error.
    pub fn required<T: DeserializeOwned>(&mut self, key: &str) -> Option<Located<T>> {
        if let Some(value) = self.take(key) {
            return self.read(key, value);
        }
        if self.broken.is_empty() && !self.is_misspelt(key) {
            let end = self.file.text[..self.offset].trim_end().len();
            let span = Span::new(self.file, 0..end);
            let help = match self.example(key) {
                Some(example) => format!("add a line `{key} = …`, for example `{key} = {example}`"),
                None => format!("add a line `{key} = …`"),
            };
            self.error(Rule::MissingKey, span, format!("`{key}` is missing"), help);
        }
        None
    }

    /// Whether a key of the table is `key` with a typing error, which is
    /// reported as that and not once more as a key that is missing.
    fn is_misspelt(&self, key: &str) -> bool {
        let names = || self.keys.iter().map(|(name, _)| *name);
        let mut others = self.table.keys().map(|name| name.get_ref().as_ref());
        others.any(|other: &str| {
            names().all(|name| name != other) && nearest(other, names()) == Some(key)
        })
    }

    /// Required text that is not empty.
    pub fn sentence(&mut self, key: &str) -> Option<Located<String>> {
        let text = self.required(key)?;
        Some(self.not_empty(key, text))
    }

    /// Text that may be absent, and otherwise is as in `sentence`.
    pub fn optional_sentence(&mut self, key: &str) -> Option<Located<String>> {
        let text = self.optional(key)?;
        Some(self.not_empty(key, text))
    }

    fn not_empty(&mut self, key: &str, text: Located<String>) -> Located<String> {
        if text.value.trim().is_empty() {
            let help = match self.example(key) {
                Some(example) => format!("write one sentence, like `{key} = {example}`"),
                None => "write one sentence between double quotes".to_owned(),
            };
            let message = format!("`{key}` is empty");
            self.error(Rule::InvalidValue, text.span.clone(), message, help);
        }
        text
    }

    /// Reports `value` unless it is `right`; `help` says what it looks like.
    pub fn check(&mut self, value: Option<&Located<String>>, right: fn(&str) -> bool, help: &str) {
        let Some(wrong) = value.filter(|value| !right(&value.value)) else {
            return;
        };
        let message = format!("`{}` does not fit here", printable(&wrong.value));
        self.error(Rule::InvalidValue, wrong.span.clone(), message, help);
    }

    /// A required list, each item with its place. Items that are wrong are
    /// reported and left out.
    pub fn list<T: DeserializeOwned>(&mut self, key: &str) -> Vec<Located<T>> {
        if self.table.contains_key(key) {
            return self.optional_list(key);
        }
        let _: Option<Located<()>> = self.required(key);
        Vec::new()
    }

    /// A list that may be absent, which is an empty one.
    pub fn optional_list<T: DeserializeOwned>(&mut self, key: &str) -> Vec<Located<T>> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let span = self.place(value.span());
        let is_block = matches!(value.get_ref(), DeValue::Table(_));
        let DeValue::Array(items) = value.into_inner() else {
            let source = self.file.text.get(span.range.clone()).unwrap_or_default();
            let help = if is_block {
                format!("write `[[{key}]]`, with two brackets, above each block")
            } else {
                format!("write `{key} = [{source}]`, in square brackets also if it is one")
            };
            if !self
                .broken
                .iter()
                .any(|range| range.contains(&(span.range.start - self.offset)))
            {
                self.error(Rule::InvalidValue, span, format!("`{key}` is a list"), help);
            }
            return Vec::new();
        };
        items
            .into_iter()
            .filter_map(|item| self.read(key, item))
            .collect()
    }

    /// Everything that was wrong, the keys that nobody asked for included.
    pub fn finish(mut self) -> Diagnostics {
        for (key, _) in std::mem::replace(&mut self.table, DeTable::new()) {
            if self
                .broken
                .iter()
                .any(|range| range.contains(&key.span().start))
            {
                continue;
            }
            let name = key.get_ref().to_string();
            let span = self.place(key.span());
            let help = match nearest(&name, self.known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys here are {}", self.known.join(", ")),
            };
            self.error(
                Rule::UnknownKey,
                span,
                format!("`{name}` is not a key here"),
                help,
            );
        }
        self.diagnostics
    }
}
