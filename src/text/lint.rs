//! Owns: the rules for example messages: what a real implementation, or a careful
//! reader, would refuse.
//!
//! Must not: take messages apart (that is `message`), or know Markdown and pages.

use std::ops::Range;

use crate::diagnostic::Rule;
use crate::status::Class;
use crate::text::message::{Fault, Message, Start, elided, sample};

/// What the lint needs to know about a status code: the facts of its page.
#[derive(Debug, Default)]
pub struct Known<'a> {
    /// The reason phrases that may stand in the status line.
    pub phrases: Vec<&'a str>,
    /// The fields that the specification requires.
    pub required: Vec<&'a str>,
    /// Whether it sends the client elsewhere.
    pub redirect: bool,
}

/// Fields whose value is a date (RFC 9110 §5.6.7).
const DATES: [&str; 6] = [
    "Date",
    "Expires",
    "Last-Modified",
    "If-Modified-Since",
    "If-Unmodified-Since",
    "Sunset",
];

/// Everything that is wrong with a message. `request` is the request that it
/// answers, `known` the facts about its status code.
pub fn lint(
    message: &Message<'_>,
    request: Option<&Message<'_>>,
    known: Option<&Known<'_>>,
) -> Vec<Fault> {
    let mut lint = Lint {
        message,
        faults: Vec::new(),
    };
    lint.start_line(known);
    lint.required(known);
    lint.content(request);
    lint.content_range();
    lint.dates();
    lint.json();
    if let Some(request) = request {
        lint.allow(request);
    }
    lint.faults
}

struct Lint<'m, 'a> {
    message: &'m Message<'a>,
    faults: Vec<Fault>,
}

impl Lint<'_, '_> {
    fn fault(
        &mut self,
        rule: Rule,
        range: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.faults.push(Fault {
            rule,
            range,
            message: message.into(),
            help: help.into(),
        });
    }

    fn missing(&mut self, field: &str, why: &str) {
        if self
            .message
            .field(field)
            .is_none_or(|value| value.text.is_empty())
        {
            let range = self.message.start_range();
            self.fault(
                Rule::MissingField,
                range,
                format!("`{field}` is missing: {why}"),
                format!("add a line `{field}: {}`", sample(field)),
            );
        }
    }

    fn start_line(&mut self, known: Option<&Known<'_>>) {
        let Start::Response { status, phrase, .. } = &self.message.start else {
            return;
        };
        let range = self.message.start_range();
        match known {
            None => self.fault(
                Rule::Status,
                range,
                format!("the guide has no page for {status}"),
                format!(
                    "use a code that it explains, or begin the page: status-guide new {status}"
                ),
            ),
            Some(known) if phrase.text.is_empty() => {
                let right = known.phrases.first().copied().unwrap_or_default();
                self.fault(
                    Rule::Status,
                    range,
                    "the phrase behind the number is missing: readers know codes by it",
                    format!("write `{status} {right}`"),
                );
            }
            Some(known) if !known.phrases.contains(&phrase.text) => {
                let right = known.phrases.first().copied().unwrap_or_default();
                self.fault(
                    Rule::Status,
                    range,
                    format!("{status} is not called {:?} in the registry", phrase.text),
                    format!("write `{status} {right}`, or correct the number"),
                );
            }
            Some(_) => {}
        }
    }

    fn required(&mut self, known: Option<&Known<'_>>) {
        let message = self.message;
        if message.method().is_some() {
            self.missing("Host", "every request of HTTP/1.1 has it (RFC 9112 §3.2)");
        }
        if message.content.is_some() {
            self.missing(
                "Content-Type",
                "content is of no use without its media type (RFC 9110 §8.3)",
            );
        }
        if message.field("Upgrade").is_some() && !message.lists("Connection", "upgrade") {
            let range = message.start_range();
            self.fault(
                Rule::MissingField,
                range,
                "`Upgrade` comes with the connection option `upgrade` (RFC 9110 §7.8)",
                "add a line `Connection: upgrade`",
            );
        }
        let Some(status) = message.status() else {
            return;
        };
        if !matches!(status.class(), Class::Informational | Class::ServerError) {
            self.missing(
                "Date",
                "an origin server with a clock sends it with 2xx, 3xx and 4xx (RFC 9110 §6.6.1)",
            );
        }
        let Some(known) = known else { return };
        let multipart = message
            .media_type()
            .is_some_and(|t| t == "multipart/byteranges");
        for field in &known.required {
            if multipart && field.eq_ignore_ascii_case("Content-Range") {
                continue;
            }
            self.missing(field, &format!("the specification of {status} requires it"));
        }
        if known.redirect {
            self.missing("Location", "a redirect says where to (RFC 9110 §10.2.2)");
        }
        if multipart && let Some(range) = message.field("Content-Range") {
            self.fault(
                Rule::Content,
                range.range(),
                "with several parts, `Content-Range` stands in the parts (RFC 9110 §15.3.7.2)",
                "delete the line",
            );
        }
    }

    fn content(&mut self, request: Option<&Message<'_>>) {
        let message = self.message;
        let status = message.status();
        let to_head = status.is_some() && request.and_then(Message::method) == Some("HEAD");
        let length = message.field("Content-Length");
        if let Some(status) = status.filter(|s| s.forbids_content()) {
            if let Some(content) = message.content {
                self.fault(
                    Rule::Content,
                    content.range(),
                    format!("a {status} response has no content"),
                    "delete it",
                );
            }
            // RFC 9110 §8.6 and RFC 9112 §6.1; a 304 may tell the length that
            // a 200 would have, and a 205 may say 0 (RFC 9110 §15.3.6).
            if status.class() == Class::Informational || status.number() == 204 {
                for name in ["Content-Length", "Transfer-Encoding"] {
                    if let Some(field) = message.field(name) {
                        self.fault(
                            Rule::ContentLength,
                            field.range(),
                            format!("a {status} response must not have `{name}`"),
                            "delete the line",
                        );
                    }
                }
            }
            return;
        }
        if to_head {
            if let Some(content) = message.content {
                self.fault(
                    Rule::Content,
                    content.range(),
                    "a response to HEAD has no content",
                    "delete it",
                );
            }
            return;
        }
        let given = match length.map(|l| (l, l.text.parse::<u64>())) {
            Some((field, Err(_))) => {
                self.fault(
                    Rule::ContentLength,
                    field.range(),
                    "this is no number of bytes",
                    match message.content {
                        Some(content) if elided(content.text).is_none() => {
                            format!("write `Content-Length: {}`", content.text.len())
                        }
                        _ => "write it in decimal digits".to_owned(),
                    },
                );
                return;
            }
            Some((field, Ok(number))) => Some((field, number)),
            None => None,
        };
        let Some(content) = message.content else {
            if let Some((field, number)) = given
                && number > 0
            {
                self.fault(
                    Rule::ContentLength,
                    field.range(),
                    format!("{number} bytes are announced, and there is no content"),
                    format!(
                        "add the content, or a line `[{number} bytes of image/png]` in its place"
                    ),
                );
            }
            return;
        };
        let real = match elided(content.text) {
            Some((bytes, media_type)) => {
                if message
                    .media_type()
                    .is_some_and(|t| t != media_type.to_ascii_lowercase())
                {
                    self.fault(
                        Rule::Content,
                        content.range(),
                        format!("this is {media_type}, and `Content-Type` says something else"),
                        "make the two agree",
                    );
                }
                bytes
            }
            None => content.text.len() as u64,
        };
        match given {
            Some((field, number)) if number != real => self.fault(
                Rule::ContentLength,
                field.range(),
                format!("the content has {real} bytes, not {number}"),
                format!("write `Content-Length: {real}`"),
            ),
            None if message.field("Transfer-Encoding").is_none() => {
                let range = message.start_range();
                self.fault(
                    Rule::ContentLength,
                    range,
                    "nothing says where the content ends (RFC 9112 §6.3)",
                    format!("add a line `Content-Length: {real}`"),
                );
            }
            _ => {}
        }
    }

    /// A range has as many bytes as the content (RFC 9110 §14.4).
    fn content_range(&mut self) {
        let message = self.message;
        let Some(field) = message.field("Content-Range") else {
            return;
        };
        let help = "write `bytes 0-499/1234`, or `bytes */1234` with 416";
        let Some((range, size)) = field
            .text
            .strip_prefix("bytes ")
            .and_then(|r| r.split_once('/'))
        else {
            self.fault(
                Rule::FieldLine,
                field.range(),
                "this is no range of bytes",
                help,
            );
            return;
        };
        let size = size.parse::<u64>().ok();
        if range == "*" {
            return;
        }
        let ends = range
            .split_once('-')
            .and_then(|(a, b)| Some((a.parse::<u64>().ok()?, b.parse::<u64>().ok()?)));
        match ends {
            Some((first, last)) if first <= last && size.is_none_or(|size| last < size) => {
                // Both ends count; the largest number has no next one.
                let bytes = (last - first).saturating_add(1);
                let length = message
                    .field("Content-Length")
                    .and_then(|l| l.text.parse::<u64>().ok());
                if let Some(length) = length.filter(|length| *length != bytes) {
                    self.fault(
                        Rule::ContentLength,
                        field.range(),
                        format!("this range has {bytes} bytes, and the content {length}"),
                        "make the two agree; both ends of a range count",
                    );
                }
            }
            _ => self.fault(
                Rule::FieldLine,
                field.range(),
                "this range is not inside its representation",
                help,
            ),
        }
    }

    fn dates(&mut self) {
        for field in &self.message.fields {
            let is = |name: &&str| field.name.eq_ignore_ascii_case(name);
            let value = field.value;
            let is_seconds =
                !value.text.is_empty() && value.text.bytes().all(|b| b.is_ascii_digit());
            let is_date = DATES.iter().any(is) || (is(&"Retry-After") && !is_seconds);
            if !is_date || (is(&"Expires") && value.text == "0") {
                continue;
            }
            let format = "write it like `Sun, 22 Nov 2026 09:14:07 GMT` (RFC 9110 §5.6.7)";
            match httpdate::parse_http_date(value.text) {
                Ok(date) => {
                    let right = httpdate::fmt_http_date(date);
                    if right != value.text {
                        let message = "this is an old form of dates";
                        self.fault(
                            Rule::Date,
                            value.range(),
                            message,
                            format!("write `{right}`"),
                        );
                    }
                }
                Err(_) => match with_right_weekday(value.text) {
                    Some(right) => {
                        let message = "the weekday does not match the date";
                        self.fault(
                            Rule::Date,
                            value.range(),
                            message,
                            format!("write `{right}`"),
                        );
                    }
                    None => {
                        self.fault(Rule::Date, value.range(), "this is no date of HTTP", format);
                    }
                },
            }
        }
    }

    fn json(&mut self) {
        let message = self.message;
        let (Some(content), Some(media_type)) = (message.content, message.media_type()) else {
            return;
        };
        if elided(content.text).is_some() {
            return;
        }
        let is_json = media_type == "application/json" || media_type.ends_with("+json");
        if !is_json {
            return;
        }
        let value: serde_json::Value = match serde_json::from_str(content.text) {
            Ok(value) => value,
            Err(error) => {
                let line_start = content
                    .text
                    .split_inclusive('\n')
                    .take(error.line().saturating_sub(1))
                    .map(str::len)
                    .sum::<usize>();
                let at = (line_start + error.column().saturating_sub(1)).min(content.text.len());
                let (range, message, help) = no_json(content.text, at, &error);
                let start = content.range().start;
                self.fault(
                    Rule::Json,
                    start + range.start..start + range.end,
                    message,
                    help,
                );
                return;
            }
        };
        if media_type != "application/problem+json" {
            return;
        }
        let Some(object) = value.as_object() else {
            self.fault(
                Rule::Problem,
                content.range(),
                "problem details are an object (RFC 9457 §3)",
                "write `{ \"type\": …, \"title\": … }`",
            );
            return;
        };
        if let (Some(status), Some(member)) = (message.status(), object.get("status"))
            && member.as_u64() != Some(u64::from(status.number()))
        {
            let at = content.text.find("\"status\"").unwrap_or_default() + content.range().start;
            self.fault(
                Rule::Problem,
                at..at + "\"status\"".len(),
                format!(
                    "`status` is {member}, and the status line says {status} (RFC 9457 §3.1.2)"
                ),
                format!("write `\"status\": {status}`"),
            );
        }
    }

    /// A 405 does not list the method that it refuses (RFC 9110 §15.5.6).
    fn allow(&mut self, request: &Message<'_>) {
        let message = self.message;
        let refused = message.status().is_some_and(|s| s.number() == 405);
        if let (true, Some(method), Some(allow)) =
            (refused, request.method(), message.field("Allow"))
            && message.lists("Allow", method)
        {
            self.fault(
                Rule::Contradiction,
                allow.range(),
                format!("`Allow` lists {method}, which this response refuses"),
                format!("take {method} out of the list"),
            );
        }
    }
}

/// The date with the weekday that it has, if only that is wrong.
fn with_right_weekday(text: &str) -> Option<String> {
    let (_, rest) = text.split_once(", ")?;
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        .iter()
        .map(|day| format!("{day}, {rest}"))
        .find(|date| httpdate::parse_http_date(date).is_ok())
}

/// What is wrong in JSON that the parser gave up at the byte `at`, and what to
/// write instead.
fn no_json(text: &str, at: usize, error: &serde_json::Error) -> (Range<usize>, String, String) {
    let said = error.to_string();
    // The place is shown; the parser counts lines from the start of the content.
    let said = said
        .split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned();
    let mut at = at;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = text[..at].trim_end();
    let here = text[at..].chars().next().unwrap_or_default();
    let one = |at: usize| at..at + text[at..].chars().next().map_or(0, char::len_utf8);
    if before.ends_with(',') && matches!(here, '}' | ']') {
        let comma = before.len() - 1;
        return (
            one(comma),
            "this is not JSON: no comma stands before a closing bracket".to_owned(),
            "delete the comma".to_owned(),
        );
    }
    if error.is_eof() {
        return (
            before.len().saturating_sub(1)..before.len(),
            "this is not JSON: it ends before its last bracket or quote is closed".to_owned(),
            "close what is open, or write an example that is whole".to_owned(),
        );
    }
    let rest = &text[at..];
    if here == '\'' {
        return (
            one(at),
            "this is not JSON: names and text stand in double quotes".to_owned(),
            "write `\"` in place of each `'`".to_owned(),
        );
    }
    if rest.starts_with("//") || rest.starts_with("/*") || here == '#' {
        return (
            at..at + rest.find('\n').unwrap_or(rest.len()),
            "this is not JSON: it has no comments".to_owned(),
            "say it in the text above or below the example".to_owned(),
        );
    }
    if rest.starts_with("...") || here == '…' {
        return (
            one(at),
            "this is not JSON: nothing can be left out".to_owned(),
            "write an example that is whole, or one line like `[5242880 bytes of application/json]`".to_owned(),
        );
    }
    if said.starts_with("key must be a string") {
        return (
            at..at + rest.find([':', '\n', ' ']).unwrap_or(rest.len()),
            "this is not JSON: names stand in double quotes".to_owned(),
            "write it like `\"status\": 404`".to_owned(),
        );
    }
    if said.starts_with("expected `,`") {
        return (
            one(at),
            "this is not JSON: a comma is missing before this".to_owned(),
            "write a comma at the end of the value above it".to_owned(),
        );
    }
    (
        one(at),
        format!("this is not JSON: {said}"),
        "JSON has no comments and no final commas; names and text stand in double quotes"
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known<'static> {
        Known {
            phrases: vec!["Unauthorized"],
            required: vec!["WWW-Authenticate"],
            redirect: false,
        }
    }

    fn rules(text: &str) -> Vec<Rule> {
        match Message::parse(text) {
            Ok(message) => lint(&message, None, Some(&known())),
            Err(faults) => faults,
        }
        .into_iter()
        .map(|fault| fault.rule)
        .collect()
    }

    const GOOD: &str = "HTTP/1.1 401 Unauthorized\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nWWW-Authenticate: Bearer realm=\"orders\"\nContent-Type: application/problem+json\nContent-Length: 15\n\n{\"status\": 401}\n";

    #[test]
    fn a_right_message_has_no_fault() {
        assert_eq!(rules(GOOD), []);
        assert_eq!(rules("GET /orders HTTP/1.1\nHost: api.example.com\n"), []);
    }

    #[test]
    fn every_kind_of_fault_is_found() {
        for (from, to, rule) in [
            ("HTTP/1.1", "HTTP/3", Rule::StartLine),
            ("401 Unauthorized", "401 Forbidden", Rule::Status),
            ("Date: Sun", "Date: Mon", Rule::Date),
            ("22 Nov", "31 Nov", Rule::Date),
            (
                "Date: Sun, 22 Nov 2026 09:14:07 GMT",
                "Date: 2026-11-22",
                Rule::Date,
            ),
            (
                "Date: Sun, 22 Nov 2026 09:14:07 GMT\n",
                "",
                Rule::MissingField,
            ),
            (
                "WWW-Authenticate: Bearer realm=\"orders\"\n",
                "",
                Rule::MissingField,
            ),
            (
                "Content-Type: application/problem+json\n",
                "",
                Rule::MissingField,
            ),
            (
                "Content-Length: 15",
                "Content-Length: 16",
                Rule::ContentLength,
            ),
            (
                "Content-Length: 15",
                "Content-Length: many",
                Rule::ContentLength,
            ),
            ("Content-Length: 15\n", "", Rule::ContentLength),
            ("\n\n{\"status\": 401}", "", Rule::ContentLength),
            ("401}", "401,", Rule::Json),
            ("\": 401}", "\": 403}", Rule::Problem),
            ("Content-Type:", "Content Type:", Rule::FieldLine),
        ] {
            let text = GOOD.replacen(from, to, 1);
            assert_ne!(text, GOOD, "{from}");
            assert_eq!(rules(&text), [rule], "{text}");
        }
    }

    #[test]
    fn a_wrong_weekday_is_answered_with_the_right_one() {
        assert_eq!(
            with_right_weekday("Mon, 22 Nov 2026 09:14:07 GMT").as_deref(),
            Some("Sun, 22 Nov 2026 09:14:07 GMT")
        );
        assert_eq!(with_right_weekday("Sun, 31 Nov 2026 09:14:07 GMT"), None);
        let text = GOOD.replace("Date: Sun", "Date: Mon");
        let faults = lint(&Message::parse(&text).unwrap(), None, Some(&known()));
        assert_eq!(faults[0].message, "the weekday does not match the date");
        assert_eq!(faults[0].help, "write `Sun, 22 Nov 2026 09:14:07 GMT`");
    }

    #[test]
    fn codes_without_content_refuse_content_and_its_length() {
        let none = Known {
            phrases: vec!["No Content"],
            ..Known::default()
        };
        let text = "HTTP/1.1 204 No Content\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nContent-Type: text/plain\nContent-Length: 2\n\nhi";
        let faults = lint(&Message::parse(text).unwrap(), None, Some(&none));
        let found: Vec<_> = faults.iter().map(|f| f.rule).collect();
        assert_eq!(found, [Rule::Content, Rule::ContentLength]);
    }

    #[test]
    fn a_range_agrees_with_the_length() {
        let partial = Known {
            phrases: vec!["Partial Content"],
            required: vec!["Content-Range"],
            redirect: false,
        };
        let text = |range: &str| {
            format!(
                "HTTP/1.1 206 Partial Content\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nContent-Type: video/mp4\nContent-Range: {range}\nContent-Length: 500\n\n[500 bytes of video/mp4]"
            )
        };
        for (range, faults) in [
            ("bytes 0-499/1234", vec![]),
            ("bytes 0-500/1234", vec![Rule::ContentLength]),
            ("bytes 1000-1499/1234", vec![Rule::FieldLine]),
            ("0-499", vec![Rule::FieldLine]),
        ] {
            let text = text(range);
            let found: Vec<_> = lint(&Message::parse(&text).unwrap(), None, Some(&partial))
                .iter()
                .map(|f| f.rule)
                .collect();
            assert_eq!(found, faults, "{range}");
        }
    }

    #[test]
    fn a_response_to_head_announces_a_length_and_has_no_content() {
        let request = Message::parse("HEAD /report HTTP/1.1\nHost: example.com").unwrap();
        let ok = Known {
            phrases: vec!["OK"],
            ..Known::default()
        };
        let head = "HTTP/1.1 200 OK\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nContent-Type: text/plain\nContent-Length: 3000";
        let message = Message::parse(head).unwrap();
        assert_eq!(lint(&message, Some(&request), Some(&ok)), []);
        assert_eq!(lint(&message, None, Some(&ok)).len(), 1);
    }

    #[test]
    fn a_405_does_not_allow_what_it_refuses() {
        let request = Message::parse("DELETE /orders HTTP/1.1\nHost: example.com").unwrap();
        let not_allowed = Known {
            phrases: vec!["Method Not Allowed"],
            required: vec!["Allow"],
            redirect: false,
        };
        let text = "HTTP/1.1 405 Method Not Allowed\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nAllow: GET, DELETE";
        let message = Message::parse(text).unwrap();
        let faults = lint(&message, Some(&request), Some(&not_allowed));
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].rule, Rule::Contradiction);
    }

    #[test]
    fn an_upgrade_names_itself_as_a_connection_option() {
        let text = "GET /chat HTTP/1.1\nHost: example.com\nUpgrade: websocket\n";
        assert_eq!(rules(text), [Rule::MissingField]);
        assert_eq!(rules(&format!("{text}Connection: keep-alive, Upgrade")), []);
    }

    #[test]
    fn odd_text_is_refused_and_never_panics() {
        for text in [
            "",
            "\n",
            "\n\n",
            "HTTP/1.1",
            "HTTP/1.1 ",
            "HTTP/1.1 99 Low",
            "GET",
            "GET /x",
            " GET / HTTP/1.1",
            "GET x HTTP/1.1",
            "ä",
            "HTTP/1.1 200 OK\n:",
            "HTTP/1.1 200 OK\nä: b",
        ] {
            assert!(Message::parse(text).is_err(), "{text:?}");
        }
    }
}
