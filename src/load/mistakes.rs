//! Owns: the words for what is wrong in TOML. Parsers name the token that they
//! expected; a writer wants to know what to type.
//!
//! Must not: know which keys there are, or report an error by itself.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};

use crate::diagnostic::{Rule, nearest};

/// What is wrong, in the words of somebody who writes facts.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The rule that is broken.
    pub rule: Rule,
    /// The bytes that are wrong.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to type instead.
    pub help: String,
}

/// An error of the parser: where it stumbled, and what it said.
pub struct Stumble {
    /// The bytes of the TOML.
    pub range: Range<usize>,
    /// The parser's own words.
    pub message: String,
}

/// The mistakes behind the parser's errors, one for each, and the bytes in
/// which nothing can be trusted. A list or text that never ends makes the
/// parser stumble over every line that follows: only its beginning is reported.
pub fn in_toml(text: &str, mut errors: Vec<Stumble>) -> (Vec<Mistake>, Vec<Range<usize>>) {
    let mut found: Vec<Mistake> = Vec::new();
    let mut broken: Vec<Range<usize>> = Vec::new();
    errors.sort_by_key(|error| error.range.start);
    for error in errors {
        let at = error.range.start.min(text.len());
        if broken.iter().any(|range| range.contains(&at)) {
            continue;
        }
        let (mistake, until) = diagnose(text, &error);
        let line = line_at(text, mistake.range.start.min(at));
        broken.push(line.start..until.max(line.end + 1));
        found.push(mistake);
    }
    (found, broken)
}

/// The line of `text` that has the byte `at`, without its end.
fn line_at(text: &str, at: usize) -> Range<usize> {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
    let end = text[start..].find('\n').map_or(text.len(), |n| start + n);
    start..end
}

/// Whether a line begins a fact, a block or a comment, or is empty: whatever
/// ran on from the lines above should have ended there.
fn begins_anew(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || line.starts_with(['#', '['])
        || line
            .split_once('=')
            .is_some_and(|(key, _)| is_key(key.trim()))
}

/// Whether `text` can stand before an equals sign.
fn is_key(text: &str) -> bool {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let quoted = text.len() > 2 && text.starts_with('"') && text.ends_with('"');
    !text.is_empty() && (quoted || text.chars().all(bare))
}

/// The mistake behind one error, and where the parser may be trusted again.
fn diagnose(text: &str, error: &Stumble) -> (Mistake, usize) {
    let line = line_at(text, error.range.start);
    let source = &text[line.clone()];
    let made = |range: Range<usize>, message: String, help: String| Mistake {
        rule: Rule::FrontMatter,
        range,
        message,
        help,
    };
    let whole = {
        let start = line.start + (source.len() - source.trim_start().len());
        start..line.start + source.trim_end().len()
    };
    if error.message.starts_with("duplicate key") {
        let key = source.split('=').next().unwrap_or_default().trim();
        let mistake = Mistake {
            rule: Rule::Duplicate,
            ..made(
                error.range.clone(),
                format!("`{key}` is there twice"),
                "delete one of the two lines: a fact has one value".to_owned(),
            )
        };
        return (mistake, line.end);
    }
    if let Some(mistake) = unclosed_list(text, &line, error) {
        return (mistake, text.len() + 1);
    }
    if !begins_anew(source)
        && let Some(mistake) = in_list_below(text, &line, error, &made)
    {
        return (mistake, line.end);
    }
    let Some((key, value)) = source.split_once('=') else {
        return (without_equals(source.trim(), whole, &made), line.end);
    };
    let key = key.trim();
    let rest = value.trim_start();
    let at = line.start + source.len() - rest.len();
    let value = rest.trim_end();
    let place = at..(at + value.len()).max(at);
    if !is_key(key) {
        let (message, help) = if key.contains(':') && !key.starts_with('"') {
            (
                "a fact has one equals sign between its name and its value".to_owned(),
                "write `name = \"value\"`".to_owned(),
            )
        } else {
            (
                format!(
                    "`{key}` is no name of a fact: a name with such characters stands in double quotes"
                ),
                format!("write `\"{}\" = {value}`", key.trim_matches('"')),
            )
        };
        let start = whole.start;
        return (made(start..start + key.len(), message, help), line.end);
    }
    if value.is_empty() || value.starts_with('#') {
        let end = line.start + source.trim_end().len();
        return (
            made(
                whole.start..end.max(whole.start + 1),
                format!("`{key}` has no value"),
                format!("write one behind the equals sign, `{key} = \"…\"`, or delete the line"),
            ),
            line.end,
        );
    }
    // Text in quotes may go on below; those lines are no mistakes of their own.
    let mut until = line.end;
    if value.starts_with('"') && closing_quote(value).is_none() {
        while until < text.len() {
            let next = line_at(text, until + 1);
            if next.start <= until || begins_anew(&text[next.clone()]) {
                break;
            }
            until = next.end;
        }
    }
    let below = one_line(&text[line.end..until]);
    let below = match below.trim_end_matches('"') {
        "" => String::new(),
        more => format!(" {more}"),
    };
    if let Some(mistake) = in_value(key, value, &below, &place, error, &made) {
        return (mistake, until);
    }
    let message = one_line(&error.message);
    (
        made(
            error.range.clone(),
            format!("this is not TOML: {message}"),
            "a fact is `name = value`: text stands in double quotes, a list in square brackets"
                .to_owned(),
        ),
        line.end,
    )
}

/// The line of the fact whose list is still open above `line`, if there is one.
fn open_list(text: &str, line: &Range<usize>) -> Option<Range<usize>> {
    let mut start = line.start;
    while start > 0 {
        let above = line_at(text, start - 1);
        let source = text[above.clone()].trim_end();
        let opens = source
            .split_once('=')
            .is_some_and(|(key, value)| is_key(key.trim()) && value.trim_start().starts_with('['));
        if opens && !source.ends_with(']') {
            return Some(above);
        }
        let is_comment = source.is_empty() || source.trim_start().starts_with('#');
        if source.starts_with(']') || (begins_anew(source) && !is_comment) {
            return None;
        }
        start = above.start;
    }
    None
}

/// A list whose bracket never closes, reported where it begins: the parser
/// stumbles over the next fact, or over the end.
fn unclosed_list(text: &str, line: &Range<usize>, error: &Stumble) -> Option<Mistake> {
    let here = text[line.clone()].trim_start();
    let at = if error.message.starts_with("unclosed array") {
        let end = text.len()..text.len();
        open_list(text, &end)?
    } else if begins_anew(here) && !here.is_empty() && !here.starts_with('#') {
        open_list(text, line)?
    } else {
        return None;
    };
    let source = &text[at.clone()];
    let (key, value) = source.split_once('=')?;
    let start = at.start + source.len() - value.trim_start().len();
    let value = value.trim();
    let help = match value.trim_end_matches(',') {
        "[" if at.end < line.start && line_at(text, line.start - 1).start > at.start => {
            "close it with a line `]`".to_owned()
        }
        items => format!("write `{} = {items}]`", key.trim()),
    };
    Some(Mistake {
        rule: Rule::FrontMatter,
        range: start..start + value.len(),
        message: "this list never ends: its closing bracket is missing".to_owned(),
        help,
    })
}

/// What is wrong on a line that stands inside a list of several lines.
fn in_list_below(
    text: &str,
    line: &Range<usize>,
    error: &Stumble,
    made: &impl Fn(Range<usize>, String, String) -> Mistake,
) -> Option<Mistake> {
    open_list(text, line)?;
    if error.message.starts_with("missing comma")
        && text[line.start..error.range.start].trim().is_empty()
    {
        let above = line_at(text, line.start.checked_sub(1)?);
        let source = text[above.clone()].trim_end();
        let end = above.start + source.len();
        return Some(made(
            end.saturating_sub(1)..end,
            "a comma is missing between this item of the list and the next".to_owned(),
            format!("write `{},`", source.trim_start()),
        ));
    }
    in_list(&text[line.clone()], line, error, made)
}

/// A line that has no equals sign.
fn without_equals(
    line: &str,
    place: Range<usize>,
    made: &impl Fn(Range<usize>, String, String) -> Mistake,
) -> Mistake {
    if let Some((key, value)) = line.split_once(':')
        && is_key(key.trim())
    {
        let key = key.trim();
        return made(
            place.start..place.start + line.len(),
            format!(
                "an equals sign belongs between `{key}` and its value, and no colon: facts are TOML, not YAML"
            ),
            format!("write `{key} = {}`", as_value(value.trim())),
        );
    }
    if is_key(line) {
        return made(
            place,
            format!("`{line}` has no value"),
            format!("write `{line} = \"…\"`, or delete the line"),
        );
    }
    if line.starts_with('[') {
        return made(
            place,
            "this block has no proper name".to_owned(),
            "a block begins with a line like `[[meanings]]`".to_owned(),
        );
    }
    made(
        place,
        "this line states no fact".to_owned(),
        "write `name = \"value\"` on one line; text for readers stands below the second `+++`"
            .to_owned(),
    )
}

/// What is wrong in the value of a fact.
fn in_value(
    key: &str,
    value: &str,
    below: &str,
    place: &Range<usize>,
    error: &Stumble,
    made: &impl Fn(Range<usize>, String, String) -> Mistake,
) -> Option<Mistake> {
    if value.starts_with(['“', '”', '„', '‘', '’', '«', '»']) {
        let inner = value.trim_matches(['“', '”', '„', '‘', '’', '«', '»', '"']);
        return Some(made(
            place.clone(),
            "these are typographic quotes, which mark no text here".to_owned(),
            format!("write `{key} = \"{inner}\"`, with plain double quotes"),
        ));
    }
    if value.starts_with('"') && !value.starts_with("\"\"\"") {
        return in_quotes(key, value, below, place, error, made);
    }
    if value.starts_with('[') {
        return in_list(value, place, error, made);
    }
    let first = value.chars().next().unwrap_or_default();
    let bare = value.split(" #").next().unwrap_or_default().trim_end();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if is_number(bare) && bare.starts_with('0') {
        return Some(made(
            place.start..place.start + bare.len(),
            "a number has no zero in front".to_owned(),
            format!("write `{key} = {}`", bare.trim_start_matches('0')),
        ));
    }
    let like_a_day = first.is_ascii_digit() && {
        let parts: Vec<&str> = bare.split(['-', '/', '.']).collect();
        parts.len() == 3 && parts.iter().all(|part| is_number(part))
    };
    if like_a_day {
        let parts: Vec<&str> = bare.split('-').collect();
        let (message, help) = match parts.as_slice() {
            [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 => (
                format!("the calendar has no day {bare}"),
                "a day is written year-month-day: correct the month or the day".to_owned(),
            ),
            [year, month, day] if year.len() == 4 => (
                "a day has two digits for the month and two for the day".to_owned(),
                format!("write `{key} = {year}-{month:0>2}-{day:0>2}`"),
            ),
            _ => (
                "a day is written year-month-day".to_owned(),
                format!("write it like `{key} = 2026-11-22`"),
            ),
        };
        return Some(made(place.start..place.start + bare.len(), message, help));
    }
    if matches!(bare, "True" | "False" | "TRUE" | "FALSE") {
        return Some(made(
            place.start..place.start + bare.len(),
            format!("`{bare}` has capitals, and the word has none here"),
            format!("write `{key} = {}`", bare.to_lowercase()),
        ));
    }
    let is_text =
        first.is_alphabetic() || error.message.starts_with("string values must be quoted");
    is_text.then(|| {
        made(
            place.start..place.start + bare.len(),
            "text stands in double quotes".to_owned(),
            format!("write `{key} = {}`", quoted(bare.trim_matches('\''))),
        )
    })
}

/// What is wrong in or behind a text in double quotes.
fn in_quotes(
    key: &str,
    value: &str,
    below: &str,
    place: &Range<usize>,
    error: &Stumble,
    made: &impl Fn(Range<usize>, String, String) -> Mistake,
) -> Option<Mistake> {
    if error.message.contains("escaped value") || error.message.contains("escape") {
        let inner = value.trim_end_matches('"').trim_start_matches('"');
        return Some(made(
            error.range.start.saturating_sub(1)..error.range.end.max(error.range.start),
            "a backslash stands for itself only if there are two".to_owned(),
            format!("write `{key} = \"{}\"`", inner.replace('\\', "\\\\")),
        ));
    }
    let Some(close) = closing_quote(value) else {
        return Some(made(
            place.clone(),
            "this text has no closing quote on its line, and stays on one".to_owned(),
            format!("write `{key} = {value}{below}\"`"),
        ));
    };
    let behind = value[close + 1..].trim_start();
    if behind.is_empty() || behind.starts_with('#') {
        return None;
    }
    let at = place.start + value.len() - behind.len();
    if matches!(behind, "," | ";") {
        return Some(made(
            at..at + 1,
            format!("a fact ends with its line, without a `{behind}`"),
            format!("write `{key} = {}`", &value[..=close]),
        ));
    }
    if !value.ends_with('"') {
        return Some(made(
            at..at + behind.len(),
            "more follows behind the closing quote".to_owned(),
            "delete it, or put it into the quotes; a comment begins with `#`".to_owned(),
        ));
    }
    let inner = &value[1..value.len() - 1];
    Some(made(
        place.start + close..place.start + close + 1,
        "the text ends at this quote, and more follows".to_owned(),
        format!(
            "write a backslash before each quote inside: `{key} = \"{}\"`",
            inner.replace('"', "\\\"")
        ),
    ))
}

/// What is wrong in a list that stands on one line.
fn in_list(
    value: &str,
    place: &Range<usize>,
    error: &Stumble,
    made: &impl Fn(Range<usize>, String, String) -> Mistake,
) -> Option<Mistake> {
    let at = error.range.start.checked_sub(place.start)?;
    let behind = value.get(at..)?;
    if error.message.starts_with("missing comma") {
        let next = behind.chars().next().map_or(0, char::len_utf8);
        return Some(made(
            error.range.start..error.range.start + next,
            "a comma is missing between two values of this list".to_owned(),
            "write `[\"one\", \"two\"]`, with a comma between values".to_owned(),
        ));
    }
    if error.message.starts_with("extra comma") {
        return Some(made(
            error.range.clone(),
            "there is a comma too many in this list".to_owned(),
            "delete it".to_owned(),
        ));
    }
    let word: &str = behind.split([',', ']']).next().unwrap_or_default().trim();
    let inner = word.trim_matches(['“', '”', '„', '‘', '’', '\'']);
    (!inner.is_empty()).then(|| {
        made(
            error.range.start..error.range.start + word.len(),
            "each text of a list stands in plain double quotes".to_owned(),
            format!("write `{}`", quoted(inner)),
        )
    })
}

/// Where the text that opens `value` ends.
fn closing_quote(value: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in value.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at),
            _ => {}
        }
    }
    None
}

/// `text` in double quotes.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// What somebody meant who wrote `text` without the form of TOML.
fn as_value(text: &str) -> String {
    let is_day = text.len() == 10
        && text.chars().enumerate().all(|(at, c)| match at {
            4 | 7 => c == '-',
            _ => c.is_ascii_digit(),
        });
    let plain = is_day
        || text.starts_with(['"', '['])
        || matches!(text, "true" | "false")
        || (!text.is_empty() && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()));
    if plain {
        text.to_owned()
    } else {
        quoted(text.trim_matches('\''))
    }
}

/// What is known about a fact whose value is wrong.
pub struct Fact<'a> {
    /// Its key.
    pub key: &'a str,
    /// How its value looks: `"Not Found"`, `404`.
    pub example: Option<&'a str>,
    /// All keys beside it.
    pub keys: &'a [&'a str],
    /// The value as it is written.
    pub source: &'a str,
}

/// What is wrong with a value that is TOML and no `T`, from the reader's own
/// words.
pub fn in_fact<T: DeserializeOwned>(fact: &Fact<'_>, said: &str) -> (Rule, String, String) {
    let Fact { key, source, .. } = *fact;
    let said = one_line(said);
    let like = match fact.example {
        Some(example) => format!("write it like `{key} = {example}`"),
        None => "CONTRIBUTING.md says what belongs there".to_owned(),
    };
    let text = source.strip_prefix('"').and_then(|s| s.strip_suffix('"'));
    let wrong = |message: String, help: String| (Rule::InvalidValue, message, help);
    let quoted_names = |said: &str| -> Vec<String> {
        let names = said.split('`').skip(1).step_by(2);
        names.map(str::to_owned).collect()
    };
    if let Some(name) = said.strip_prefix("missing field ") {
        let name = name.trim_matches('`');
        return (
            Rule::MissingKey,
            format!("`{name}` is missing here"),
            format!("add `{name} = …`; CONTRIBUTING.md says what belongs into `{key}`"),
        );
    }
    if said.starts_with("unknown field ") {
        let names = quoted_names(&said);
        let (name, others) = names.split_first().map_or(("", &[][..]), |(n, o)| (n, o));
        let help = match nearest(name, others.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if fact.keys.contains(&name) => format!(
                "what stands below `[[{key}]]` belongs to it: move the line up, above the first `[[{key}]]`"
            ),
            None => format!("the keys here are {}", others.join(", ")),
        };
        return (
            Rule::UnknownKey,
            format!("`{name}` is not a key of `{key}`"),
            help,
        );
    }
    // A closed set of words, whether the value is another word or no text.
    let words = T::deserialize(no_word())
        .err()
        .map(|error| error.to_string());
    let words = (words.as_deref())
        .filter(|said| said.starts_with("unknown variant"))
        .map(|said| quoted_names(said).split_off(1));
    if let Some(words) = words {
        let all = words.join(", ");
        let (given, near) = match text {
            Some(given) => (given, nearest(given, words.iter().map(String::as_str))),
            None => (source, None),
        };
        let help = match near {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("write one of these words, in double quotes: {all}"),
        };
        return wrong(format!("`{key}` cannot be `{given}`"), help);
    }
    if said.starts_with("unknown variant") {
        let names = quoted_names(&said);
        let (given, words) = names.split_first().map_or(("", &[][..]), |(n, o)| (n, o));
        let help = match nearest(given, words.iter().map(String::as_str)) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("write one of these words: {}", words.join(", ")),
        };
        return wrong(format!("`{key}` cannot be `{given}`"), help);
    }
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if said.contains("datetime") {
        return match text {
            Some(day) if as_value(day) == day && !is_digits(day) && day.contains('-') => wrong(
                "a day stands without quotes".to_owned(),
                format!("write `{key} = {day}`"),
            ),
            _ => wrong("this is no day".to_owned(), like_a_day(key)),
        };
    }
    let expected = said.rsplit_once("expected ").map_or("", |(_, e)| e);
    match (expected, text) {
        ("i64", Some(digits)) if is_digits(digits) => wrong(
            "a number stands without quotes".to_owned(),
            format!("write `{digits}`"),
        ),
        ("i64", _) => wrong("this is no number".to_owned(), like),
        ("a string", _) if is_digits(source) => wrong(
            format!("`{key}` is text, and text stands in double quotes"),
            format!("write `\"{source}\"`"),
        ),
        ("a string", _) => wrong(format!("`{key}` is text"), like),
        ("a boolean", _) => wrong(
            format!("`{key}` is either true or false, without quotes"),
            format!("write `{key} = true` or `{key} = false`"),
        ),
        ("a sequence", _) => wrong(
            format!("`{key}` is a list"),
            format!("write `{key} = [{source}]`, in square brackets also if it is one"),
        ),
        (other, _) if other.starts_with("struct") || other.contains("map") => {
            wrong(format!("each item of `{key}` has several parts"), like)
        }
        _ => match said.split_once("; did you mean `") {
            Some((what, meant)) => wrong(
                what.to_owned(),
                format!("write `\"{}\"`", meant.trim_end_matches(['`', '?'])),
            ),
            None => wrong(said, like),
        },
    }
}

fn like_a_day(key: &str) -> String {
    format!("write it like `{key} = 2026-11-22`, without quotes and without a time")
}

/// A word that no closed set has.
fn no_word() -> StrDeserializer<'static, ValueError> {
    "\u{0}".into_deserializer()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
