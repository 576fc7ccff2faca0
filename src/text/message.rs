//! Owns: HTTP messages in examples. Parses one message as RFC 9112 frames it.
//!
//! Must not: judge what it says (that is `lint`), or know Markdown, templates or
//! which page an example is on.

use std::ops::Range;

use crate::diagnostic::Rule;
use crate::status::StatusCode;

/// A request or a response.
#[derive(Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The first line, taken apart.
    pub start: Start<'a>,
    /// The fields in order.
    pub fields: Vec<Field<'a>>,
    /// The content, if there is any.
    pub content: Option<Part<'a>>,
}

/// The start line (RFC 9112 §2.1).
#[derive(Debug, PartialEq, Eq)]
pub enum Start<'a> {
    /// `GET /orders HTTP/1.1`
    Request {
        /// The method.
        method: Part<'a>,
        /// The request target.
        target: &'a str,
        /// `HTTP/1.1`
        version: &'a str,
    },
    /// `HTTP/1.1 404 Not Found`
    Response {
        /// `HTTP/1.1`
        version: &'a str,
        /// The status code.
        status: StatusCode,
        /// The reason phrase; may be empty.
        phrase: Part<'a>,
    },
}

/// A field line.
#[derive(Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// The name as written.
    pub name: &'a str,
    /// The value without the white space around it.
    pub value: Part<'a>,
}

/// A piece of the message and where it begins in the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// The text.
    pub text: &'a str,
    at: usize,
}

impl Part<'_> {
    /// The bytes of the block that this is.
    pub fn range(&self) -> Range<usize> {
        self.at..self.at + self.text.len()
    }
}

/// Something wrong in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The rule that is broken.
    pub rule: Rule,
    /// The bytes of the block.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl<'a> Message<'a> {
    /// Reads the text of one block.
    ///
    /// # Errors
    /// Every line that is no start line or no field line.
    pub fn parse(text: &'a str) -> Result<Self, Vec<Fault>> {
        let (head, content) = match text.split_once("\n\n") {
            Some((head, content)) => (head, content.trim_end_matches('\n')),
            None => (text.trim_end_matches('\n'), ""),
        };
        let content = (!content.is_empty()).then(|| Part {
            text: content,
            at: head.len() + 2,
        });
        if text.starts_with('\n') {
            return Err(vec![Fault {
                rule: Rule::StartLine,
                range: 0..0,
                message: "this message begins with an empty line".into(),
                help: "delete it: the start line comes first".into(),
            }]);
        }
        let mut at = 0;
        let mut start = None;
        let mut fields = Vec::new();
        let mut faults = Vec::new();
        for line in head.split('\n') {
            let range = at..at + line.len();
            if at == 0 {
                start = parse_start(line);
                if start.is_none() {
                    let (message, help) = no_start(line);
                    faults.push(Fault {
                        rule: Rule::StartLine,
                        range,
                        message,
                        help,
                    });
                }
            } else if let Some(field) = parse_field(line, at) {
                fields.push(field);
            } else {
                let (message, help) = no_field(line);
                faults.push(Fault {
                    rule: Rule::FieldLine,
                    range,
                    message,
                    help,
                });
                // The rest may be content that lacks the empty line above it.
                if line.starts_with(['{', '[', '<']) {
                    break;
                }
            }
            at += line.len() + 1;
        }
        if start.is_some()
            && let Some(content) = &content
            && parse_start(content.text.lines().next().unwrap_or_default()).is_some()
        {
            faults.push(Fault {
                rule: Rule::Content,
                range: content.at
                    ..content.at + content.text.find('\n').unwrap_or(content.text.len()),
                message: "a second message begins here, in the block of the first".into(),
                help:
                    "write ``` and a new line ```http above it: each message has a block of its own"
                        .into(),
            });
        }
        match start {
            Some(start) if faults.is_empty() => Ok(Self {
                start,
                fields,
                content,
            }),
            _ => Err(faults),
        }
    }

    /// The method, if this is a request.
    pub fn method(&self) -> Option<&'a str> {
        match &self.start {
            Start::Request { method, .. } => Some(method.text),
            Start::Response { .. } => None,
        }
    }

    /// The status code, if this is a response.
    pub fn status(&self) -> Option<StatusCode> {
        match &self.start {
            Start::Response { status, .. } => Some(*status),
            Start::Request { .. } => None,
        }
    }

    /// The value of the field `name`; names are case-insensitive.
    pub fn field(&self, name: &str) -> Option<Part<'a>> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value)
    }

    /// Where the start line says what this message is: the method or phrase.
    pub fn start_range(&self) -> Range<usize> {
        match &self.start {
            Start::Request { method, .. } => method.range(),
            Start::Response {
                phrase, version, ..
            } => version.len() + 1..phrase.range().end,
        }
    }

    /// Whether the list-valued field `name` has the member `member`.
    pub(super) fn lists(&self, name: &str, member: &str) -> bool {
        self.fields
            .iter()
            .filter(|field| field.name.eq_ignore_ascii_case(name))
            .flat_map(|field| field.value.text.split(','))
            .any(|item| item.trim().eq_ignore_ascii_case(member))
    }

    /// The media type of the content, without parameters, in lower case.
    pub(super) fn media_type(&self) -> Option<String> {
        let value = self.field("Content-Type")?.text;
        Some(value.split(';').next()?.trim().to_ascii_lowercase())
    }
}

fn parse_start(line: &str) -> Option<Start<'_>> {
    let is_version = |text: &str| matches!(text, "HTTP/1.1" | "HTTP/1.0");
    let (first, rest) = line.split_once(' ')?;
    if is_version(first) {
        let (digits, phrase) = rest.split_once(' ').unwrap_or((rest, ""));
        let at = line.len() - phrase.len();
        return Some(Start::Response {
            version: first,
            status: digits.parse().ok()?,
            phrase: Part { text: phrase, at },
        });
    }
    let (target, version) = rest.split_once(' ')?;
    let is_method = first.bytes().all(|b| b.is_ascii_uppercase() || b == b'-');
    let is_target = match first {
        "CONNECT" => target.contains(':') && !target.contains('/'),
        "OPTIONS" => target.starts_with('/') || target == "*" || target.starts_with("http"),
        _ => {
            target.starts_with('/')
                || target.starts_with("http://")
                || target.starts_with("https://")
        }
    };
    (is_version(version) && is_method && !first.is_empty() && is_target && target.is_ascii())
        .then_some(Start::Request {
            method: Part { text: first, at: 0 },
            target,
            version,
        })
}

/// What is wrong with a line that is no start line, and what to write instead.
fn no_start(line: &str) -> (String, String) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_method = |word: &str| {
        let known = [
            "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT",
        ];
        known.contains(&word.to_uppercase().as_str())
    };
    let is_version = |word: &str| word.to_uppercase().starts_with("HTTP/");
    match words.as_slice() {
        [version, code, phrase @ ..]
            if is_version(version) && code.parse::<StatusCode>().is_ok() =>
        {
            (
                "examples have the form of HTTP/1.1, whatever version carried them".to_owned(),
                format!(
                    "write `{}`",
                    format!("HTTP/1.1 {code} {}", phrase.join(" ")).trim_end()
                ),
            )
        }
        [version, code, ..] if is_version(version) => (
            format!("`{code}` is no status code: it has three digits"),
            "write it like `HTTP/1.1 200 OK`".to_owned(),
        ),
        [method, version] if is_method(method) && is_version(version) => (
            "this request has no target".to_owned(),
            format!("write `{} /orders HTTP/1.1`", method.to_uppercase()),
        ),
        [method, target] if is_method(method) => (
            "this request line ends without its version".to_owned(),
            format!("write `{} {target} HTTP/1.1`", method.to_uppercase()),
        ),
        [method, target, version] if is_method(method) && is_version(version) => {
            let upper = method.to_uppercase();
            if *method != upper {
                (
                    "methods are case-sensitive, and have capitals (RFC 9110 §9.1)".to_owned(),
                    format!("write `{upper} {target} HTTP/1.1`"),
                )
            } else if *version != "HTTP/1.1" {
                (
                    "examples have the form of HTTP/1.1, whatever version carried them".to_owned(),
                    format!("write `{upper} {target} HTTP/1.1`"),
                )
            } else {
                (
                    "this target is neither a path nor an address (RFC 9112 §3.2)".to_owned(),
                    format!("write it like `{upper} /orders HTTP/1.1`"),
                )
            }
        }
        [command, ..] if matches!(*command, "curl" | "$" | "wget" | "http" | "#") => (
            "this is a command, and an `http` block is a message".to_owned(),
            "write ```sh above it in place of ```http".to_owned(),
        ),
        _ => (
            "this is no start line of HTTP/1.1".to_owned(),
            "begin with `GET /orders HTTP/1.1` or `HTTP/1.1 200 OK`".to_owned(),
        ),
    }
}

/// What is wrong with a line that is no field line, and what to write instead.
fn no_field(line: &str) -> (String, String) {
    if line.starts_with(['{', '[', '<']) {
        return (
            "the content begins without an empty line above it".to_owned(),
            "put an empty line between the fields and the content".to_owned(),
        );
    }
    if let Some((name, value)) = line.split_once(':')
        && name.trim_end() != name
        && parse_field(&format!("{}:", name.trim()), 0).is_some()
    {
        return (
            "there is a space before the colon, which servers refuse (RFC 9112 §5.1)".to_owned(),
            format!("write `{}: {}`", name.trim(), value.trim()),
        );
    }
    if line.starts_with([' ', '\t']) {
        return (
            "a field is one line: this form of going on is obsolete (RFC 9112 §5.2)".to_owned(),
            "put it at the end of the line above".to_owned(),
        );
    }
    if line.starts_with(['#', '/']) {
        return (
            "a header section has no comments".to_owned(),
            "say it in the text above or below the example".to_owned(),
        );
    }
    if line.trim_matches(['.', '…', ' ', '[', ']']).is_empty() {
        return (
            "an example leaves nothing out: readers paste it".to_owned(),
            "delete the line, or write the fields".to_owned(),
        );
    }
    (
        "this is no field line".to_owned(),
        "write `Name: value`; content follows an empty line".to_owned(),
    )
}

/// A value that a field could have, for those who lack it.
pub fn sample(field: &str) -> &'static str {
    match field.to_lowercase().as_str() {
        "host" => "api.example.com",
        "date" => "Sun, 22 Nov 2026 09:14:07 GMT",
        "content-type" => "application/json",
        "location" => "/orders/7315",
        "www-authenticate" => "Bearer realm=\"orders\"",
        "proxy-authenticate" => "Basic realm=\"proxy\"",
        "allow" => "GET, HEAD",
        "upgrade" => "websocket",
        "connection" => "upgrade",
        "content-range" => "bytes 0-499/1234",
        "retry-after" => "120",
        _ => "…",
    }
}

fn parse_field(line: &str, at: usize) -> Option<Field<'_>> {
    let (name, value) = line.split_once(':')?;
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_token) {
        return None;
    }
    let text = value.trim();
    let before = value.len() - value.trim_start().len();
    let at = at + name.len() + 1 + before;
    Some(Field {
        name,
        value: Part { text, at },
    })
}

/// The bytes and media type of `[5242880 bytes of image/png]`, which stands for
/// content that cannot be shown.
pub fn elided(content: &str) -> Option<(u64, &str)> {
    let inner = content.strip_prefix('[')?.strip_suffix(']')?;
    let (length, media_type) = inner.split_once(" bytes of ")?;
    (media_type.contains('/') && !media_type.contains([' ', '\n']))
        .then(|| Some((length.parse().ok()?, media_type)))?
}
