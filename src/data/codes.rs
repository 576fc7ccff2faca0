//! Owns: the facts about codes as data. One typed view of them, as JSON and as
//! a table.
//!
//! Must not: know anything that a page does not show, or describe the view
//! (that is `schema`).

use anyhow::Context;
use serde::Serialize;
use serde_json::Value;

use crate::data::plain;
use crate::load::facts::{CodeFacts, Date, FormerName, Meaning};
use crate::load::front_matter::Located;
use crate::load::guide::Guide;
use crate::route::{Export, Route};
use crate::status::{
    Cacheability, Class, Contact, ContentRule, MethodKind, RedirectMethod, Registration, Retry,
    Sender, Specification, StatusCode, Verdict,
};
use crate::text::markdown::{self, CONVENTION};

/// The version of the view. The second number grows with a field or a word
/// that is new; the first when one is renamed, is gone or means something else.
pub const VERSION: &str = "1.1";

/// Between the values of a list in one cell of the table.
pub const SEPARATOR: &str = "|";

/// The licence of the facts, as its name, its SPDX identifier and its address.
pub const LICENCE: (&str, &str, &str) = (
    "Creative Commons Attribution 4.0 International",
    "CC-BY-4.0",
    "https://creativecommons.org/licenses/by/4.0/",
);

/// The facts about all codes.
#[derive(Serialize)]
struct AllCodes<'g> {
    #[serde(rename = "$schema")]
    schema: String,
    schema_version: &'static str,
    title: &'g str,
    url: Option<String>,
    license: Licence,
    codes: Vec<CodeData<'g>>,
}

#[derive(Serialize)]
struct Licence {
    name: &'static str,
    identifier: &'static str,
    url: &'static str,
}

/// The facts about one code. Every key is there for every code; what does not
/// apply is null or an empty list.
#[derive(Serialize)]
pub struct CodeData<'g> {
    code: StatusCode,
    phrase: &'g str,
    class: Class,
    summary: &'g str,
    use_case: &'g str,
    registration: Registration,
    registration_expires: Option<Date>,
    specification: Option<&'g Specification>,
    sent_by: &'g [Sender],
    cacheable: Cacheability,
    cacheable_note: Option<&'g str>,
    content: ContentRule,
    content_note: Option<&'g str>,
    required_fields: Vec<&'g str>,
    useful_fields: Vec<&'g str>,
    retry: Retry,
    retry_note: Option<&'g str>,
    retry_by_method: RetryByMethod,
    ask: &'g [Contact],
    method_on_redirect: Option<RedirectMethod>,
    former_names: &'g [FormerName],
    topics: Vec<&'g str>,
    related: Vec<StatusCode>,
    meanings: Vec<&'g Meaning>,
    checked: Date,
    url: String,
    convention: Option<Convention<'g>>,
}

/// What a team says of a code, beside the specification.
#[derive(Serialize)]
struct Convention<'g> {
    title: &'g str,
    team: Option<&'g str>,
    owner: Option<&'g str>,
    contact: Option<&'g str>,
    checked: Option<Date>,
    markdown: String,
    url: String,
    /// Its words alone, for a cell of the table.
    #[serde(skip)]
    words: String,
}

impl<'g> Convention<'g> {
    /// The convention on the page `route`; `url` is the address of that page.
    fn of(guide: &'g Guide, route: &Route, url: &str) -> Option<Self> {
        let document = guide.conventions.get(route)?;
        let facts = &document.facts;
        Some(Self {
            words: markdown::words(guide, &document.file.text[document.body.clone()]),
            title: &facts.title,
            team: guide.team.as_ref().and_then(|team| team.name.as_deref()),
            owner: facts.owner.as_deref(),
            contact: facts.contact.as_deref(),
            checked: facts.checked,
            markdown: plain::convention(guide, route)?,
            url: format!("{url}#{CONVENTION}"),
        })
    }
}

/// What a client may do with a request of each kind.
#[derive(Serialize)]
struct RetryByMethod {
    safe: Verdict,
    idempotent: Verdict,
    neither: Verdict,
}

impl<'g> CodeData<'g> {
    /// The facts of a code. Without a base URL, its address is the path from
    /// the root of the guide.
    pub fn new(guide: &'g Guide, facts: &'g CodeFacts) -> Self {
        let redirect = facts.method_on_redirect.as_ref().map(|it| it.value);
        let verdict = |kind| facts.retry.verdict(kind, redirect);
        let route = Route::Code(facts.code.value);
        let url = match &guide.base {
            Some(base) => base.absolute(&route),
            None => route.url_path(),
        };
        Self {
            code: facts.code.value,
            phrase: &facts.phrase,
            class: facts.code.value.class(),
            summary: &facts.summary.value,
            use_case: &facts.use_case.value,
            registration: facts.registration.value,
            registration_expires: facts.registration_expires,
            specification: facts.specification.as_ref().map(|it| &it.value),
            sent_by: &facts.sent_by,
            cacheable: facts.cacheable.value,
            cacheable_note: facts.cacheable_note.as_deref(),
            content: facts.content.value,
            content_note: facts.content_note.as_deref(),
            required_fields: texts(&facts.required_fields),
            useful_fields: texts(&facts.useful_fields),
            retry: facts.retry,
            retry_note: facts.retry_note.as_deref(),
            retry_by_method: RetryByMethod {
                safe: verdict(MethodKind::Safe),
                idempotent: verdict(MethodKind::Idempotent),
                neither: verdict(MethodKind::Neither),
            },
            ask: &facts.ask,
            method_on_redirect: redirect,
            former_names: &facts.former_names,
            topics: texts(&facts.topics),
            related: facts.related.iter().map(|code| code.value).collect(),
            meanings: facts.meanings.iter().map(|it| &it.value).collect(),
            checked: facts.checked,
            convention: Convention::of(guide, &route, &url),
            url,
        }
    }
}

fn texts(located: &[Located<String>]) -> Vec<&str> {
    located.iter().map(|text| text.value.as_str()).collect()
}

fn all(guide: &Guide) -> impl Iterator<Item = CodeData<'_>> {
    let codes = guide.codes.values();
    codes.map(|document| CodeData::new(guide, &document.facts))
}

/// `codes.json`: the facts about all codes.
///
/// # Errors
/// If they cannot be written as JSON.
pub fn codes_json(guide: &Guide) -> anyhow::Result<String> {
    let (name, identifier, url) = LICENCE;
    let codes = AllCodes {
        schema: guide.address(
            &Route::Export(Export::CodesJson),
            &Route::Export(Export::CodesSchema),
        ),
        schema_version: VERSION,
        title: &guide.site.title,
        url: guide.base.as_ref().map(ToString::to_string),
        license: Licence {
            name,
            identifier,
            url,
        },
        codes: all(guide).collect(),
    };
    // The object, its list of codes, and each code.
    json(&codes, 3)
}

/// `404/index.json`: the facts about one code, as they stand in `codes.json`.
///
/// # Errors
/// If they cannot be written as JSON.
pub fn code_json(guide: &Guide, facts: &CodeFacts) -> anyhow::Result<String> {
    json(&CodeData::new(guide, facts), 1)
}

/// JSON with a line for each value down to `depth`, and with what lies deeper
/// on the line of its key: a change of one fact is a change of one line.
fn json(value: &impl Serialize, depth: usize) -> anyhow::Result<String> {
    let mut text = String::new();
    write(&serde_json::to_value(value)?, depth, "\n", &mut text);
    text.push('\n');
    Ok(text)
}

/// `line` starts a new line, with the indentation that is left of the value.
fn write(value: &Value, depth: usize, line: &str, text: &mut String) {
    let (open, close, members): (_, _, Vec<(Option<&String>, &Value)>) = match value {
        Value::Array(items) => ("[", "]", items.iter().map(|item| (None, item)).collect()),
        Value::Object(map) => {
            let members = map.iter().map(|(key, member)| (Some(key), member));
            ("{", "}", members.collect())
        }
        scalar => return text.push_str(&scalar.to_string()),
    };
    let inner = format!("{line}  ");
    let (first, next, last) = match (depth, value) {
        _ if members.is_empty() => ("", "", ""),
        (0, Value::Object(_)) => (" ", ", ", " "),
        (0, _) => ("", ", ", ""),
        _ => (inner.as_str(), &*format!(",{inner}"), line),
    };
    text.push_str(open);
    for (at, (key, member)) in members.into_iter().enumerate() {
        text.push_str(if at == 0 { first } else { next });
        if let Some(key) = key {
            text.push_str(&Value::from(key.as_str()).to_string());
            text.push_str(": ");
        }
        write(member, depth.saturating_sub(1), &inner, text);
    }
    text.push_str(last);
    text.push_str(close);
}

/// A row of the table. The names are those of `CodeData`, and of its parts
/// where a cell has a part.
#[derive(Serialize)]
struct Row<'g> {
    code: StatusCode,
    phrase: &'g str,
    class: Class,
    summary: &'g str,
    use_case: &'g str,
    registration: Registration,
    registration_expires: Option<Date>,
    specification: Option<String>,
    specification_url: Option<String>,
    sent_by: String,
    cacheable: Cacheability,
    cacheable_note: Option<&'g str>,
    content: ContentRule,
    content_note: Option<&'g str>,
    required_fields: String,
    useful_fields: String,
    retry: Retry,
    retry_note: Option<&'g str>,
    retry_safe: Verdict,
    retry_idempotent: Verdict,
    retry_neither: Verdict,
    ask: String,
    method_on_redirect: Option<RedirectMethod>,
    former_names: String,
    topics: String,
    related: String,
    meanings_by: String,
    checked: Date,
    url: String,
    convention: Option<String>,
}

impl<'g> From<CodeData<'g>> for Row<'g> {
    fn from(data: CodeData<'g>) -> Self {
        Self {
            code: data.code,
            phrase: data.phrase,
            class: data.class,
            summary: data.summary,
            use_case: data.use_case,
            registration: data.registration,
            registration_expires: data.registration_expires,
            specification: data.specification.map(ToString::to_string),
            specification_url: data.specification.map(Specification::url),
            sent_by: list(data.sent_by.iter().map(|sender| sender.slug())),
            cacheable: data.cacheable,
            cacheable_note: data.cacheable_note,
            content: data.content,
            content_note: data.content_note,
            required_fields: list(data.required_fields),
            useful_fields: list(data.useful_fields),
            retry: data.retry,
            retry_note: data.retry_note,
            retry_safe: data.retry_by_method.safe,
            retry_idempotent: data.retry_by_method.idempotent,
            retry_neither: data.retry_by_method.neither,
            ask: list(data.ask.iter().map(|contact| contact.slug())),
            method_on_redirect: data.method_on_redirect,
            former_names: list(data.former_names.iter().map(|name| name.phrase.as_str())),
            topics: list(data.topics),
            related: list(data.related.iter().map(ToString::to_string)),
            meanings_by: list(data.meanings.iter().map(|meaning| meaning.by.as_str())),
            checked: data.checked,
            url: data.url,
            convention: data.convention.map(|it| it.words),
        }
    }
}

/// The values of a list in one cell.
fn list<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> String {
    let mut cell = String::new();
    for value in values {
        if !cell.is_empty() {
            cell.push_str(SEPARATOR);
        }
        cell.push_str(value.as_ref());
    }
    cell
}

/// `codes.csv`: a row for each code, after one with the names (RFC 4180).
///
/// # Errors
/// If it cannot be written.
pub fn codes_csv(guide: &Guide) -> anyhow::Result<String> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for data in all(guide) {
        writer.serialize(Row::from(data))?;
    }
    let bytes = writer.into_inner().context("cannot finish codes.csv")?;
    String::from_utf8(bytes).context("a table of text is UTF-8")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_have_lines_of_their_own_down_to_a_depth() {
        let value =
            json!({ "a": [1, { "b": [], "c": {} }], "d": { "e": [2, 3], "f": "x" }, "g": [] });
        let text = json(&value, 1).unwrap();
        assert_eq!(
            text,
            "{\n  \"a\": [1, { \"b\": [], \"c\": {} }],\n  \"d\": { \"e\": [2, 3], \"f\": \"x\" },\n  \"g\": []\n}\n"
        );
        for depth in 0..5 {
            let text = json(&value, depth).unwrap();
            let read: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(read, value, "{text}");
        }
    }

    #[test]
    fn a_list_in_a_cell_has_its_separator_between_values_only() {
        assert_eq!(list(["a", "b", "c"]), "a|b|c");
        assert_eq!(list([""; 0]), "");
    }
}
