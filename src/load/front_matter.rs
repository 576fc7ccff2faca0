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
        let what = if text.trim().is_empty() {
            "the file is empty"
        } else {
            "the file does not start with front matter"
        };
        diagnostics.push(
            Diagnostic::new(
                Rule::FrontMatter,
                Span::new(file, 0..first.trim_end().len()),
                what,
            )
            .help("start with a line `+++`, then the facts in TOML, then another line `+++`"),
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
    diagnostics.push(
        Diagnostic::new(
            Rule::FrontMatter,
            Span::new(file, 0..3),
            "this front matter never ends",
        )
        .help("close it with a line `+++`"),
    );
    None
}

/// Takes values out of a TOML table one key at a time, so that every error of
/// the table is found and not only the first.
pub struct Facts<'a> {
    file: &'a Arc<SourceFile>,
    offset: usize,
    table: DeTable<'a>,
    known: Vec<String>,
    diagnostics: Diagnostics,
    /// Whether the TOML itself is broken, so that a missing key says nothing.
    broken: bool,
}

impl<'a> Facts<'a> {
    /// Reads the TOML in `range` of `file`. What is not TOML is reported.
    pub fn parse(
        file: &'a Arc<SourceFile>,
        range: Range<usize>,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let offset = range.start;
        let (table, errors) = DeTable::parse_recoverable(&file.text[range.clone()]);
        let mut facts = Self {
            file,
            offset,
            table: table.into_inner(),
            known: Vec::new(),
            diagnostics: Diagnostics::default(),
            broken: !errors.is_empty(),
        };
        for error in errors {
            let span = facts.place(error.span().unwrap_or(0..0));
            diagnostics.push(
                Diagnostic::new(Rule::FrontMatter, span, format!("this is not TOML: {}", one_line(error.message())))
                    .help("each fact is `key = value`; text stands in double quotes, a list in square brackets"),
            );
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
            self.diagnostics
                .push(Diagnostic::new(rule, span, message).help(help));
        }
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
        Span::new(
            self.file,
            self.offset + range.start..self.offset + range.end,
        )
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
        match T::deserialize(value.into_deserializer()) {
            Ok(value) => Some(Located { value, span }),
            Err(error) => {
                let span = error.span().map_or(span, |range| self.place(range));
                let message = one_line(error.message());
                let help = match nearest_variant(&message) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if message.contains("datetime") => {
                        "write a day like 2026-11-22, without quotes".to_owned()
                    }
                    None => format!("CONTRIBUTING.md says what `{key}` looks like"),
                };
                self.diagnostics
                    .push(Diagnostic::new(Rule::InvalidValue, span, message).help(help));
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
        if !self.broken {
            let end = self.file.text[..self.offset].trim_end().len();
            let span = Span::new(self.file, 0..end);
            self.diagnostics.push(
                Diagnostic::new(Rule::MissingKey, span, format!("`{key}` is missing")).help(
                    format!("add a line `{key} = …`; CONTRIBUTING.md says what belongs there"),
                ),
            );
        }
        None
    }

    /// Required text that is not empty.
    pub fn sentence(&mut self, key: &str) -> Option<Located<String>> {
        let text: Located<String> = self.required(key)?;
        if text.value.trim().is_empty() {
            self.diagnostics.push(
                Diagnostic::new(
                    Rule::InvalidValue,
                    text.span.clone(),
                    format!("`{key}` needs text"),
                )
                .help("write one sentence between double quotes"),
            );
        }
        Some(text)
    }

    /// Reports an error of a value that was taken.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports `value` unless it is `right`; `help` says what it looks like.
    pub fn check(&mut self, value: Option<&Located<String>>, right: fn(&str) -> bool, help: &str) {
        let Some(wrong) = value.filter(|value| !right(&value.value)) else {
            return;
        };
        let message = format!("`{}` does not fit here", printable(&wrong.value));
        self.diagnostics
            .push(Diagnostic::new(Rule::InvalidValue, wrong.span.clone(), message).help(help));
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
        let DeValue::Array(items) = value.into_inner() else {
            self.diagnostics.push(
                Diagnostic::new(Rule::InvalidValue, span, format!("`{key}` is a list"))
                    .help("put it in square brackets, also a single value"),
            );
            return Vec::new();
        };
        items
            .into_iter()
            .filter_map(|item| self.read(key, item))
            .collect()
    }

    /// Reports the keys that nobody asked for.
    pub fn finish(self) -> Diagnostics {
        let mut diagnostics = self.diagnostics;
        for (key, _) in self.table {
            let name = key.get_ref().to_string();
            let range = self.offset + key.span().start..self.offset + key.span().end;
            let help = match nearest(&name, self.known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys here are {}", self.known.join(", ")),
            };
            diagnostics.push(
                Diagnostic::new(
                    Rule::UnknownKey,
                    Span::new(self.file, range),
                    format!("`{name}` is not a key here"),
                )
                .help(help),
            );
        }
        diagnostics
    }
}

/// The nearest name in serde's "unknown variant `x`, expected one of `a`, `b`".
fn nearest_variant(message: &str) -> Option<&str> {
    let mut quoted = message
        .strip_prefix("unknown variant ")?
        .split('`')
        .skip(1)
        .step_by(2);
    let wrong = quoted.next()?;
    nearest(wrong, quoted)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_word_is_answered_with_the_nearest_one() {
        assert_eq!(
            nearest_variant(
                "unknown variant `heuristicaly`, expected one of `heuristically`, `never`"
            ),
            Some("heuristically")
        );
    }
}
