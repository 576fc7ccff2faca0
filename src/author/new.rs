//! Owns: drafts. A new page of each kind that is right but for the places that
//! its writer has to fill in, each of them marked.
//!
//! A date is such a place as well: it says when a person opened the sources,
//! which no clock knows.
//!
//! Must not: guess a fact without a mark, or write over a file.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::author::format;
use crate::load::content::{FILL_IN, Folder, as_slug, is_slug};
use crate::load::facts::CodeFacts;
use crate::load::guide::Guide;
use crate::status::{
    Cacheability, Class, Contact, ContentRule, Registration, Retry, Seen, Sender, StatusCode,
};
use crate::text::message::sample;
use crate::text::outline::{self, Need, Outline};

/// A day on which nobody checked anything.
const NO_DAY: &str = "2000-01-01";

/// What somebody wants to write about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A status code.
    Code(StatusCode),
    /// Several codes, side by side.
    Comparison(Vec<StatusCode>),
    /// A page of its own.
    Page(String),
    /// A topic.
    Topic(String),
}

/// A file that is not written yet.
#[derive(Debug)]
pub struct Draft {
    /// The path below the content folder.
    pub relative: String,
    /// The whole file.
    pub text: String,
}

impl Subject {
    /// Reads `499`, `400-vs-422`, `400 vs 422`, `page name`, `topic name`.
    ///
    /// # Errors
    /// Says what can be typed instead.
    pub fn parse(words: &[String]) -> Result<Self, String> {
        let named = |kind: &str, rest: &[String]| -> Result<String, String> {
            let given = rest.join(" ");
            let given = given.strip_suffix(".md").unwrap_or(&given);
            let better = as_slug(given);
            match (is_slug(given), better.as_str()) {
                (true, _) => Ok(given.to_owned()),
                (false, "") => Err(format!(
                    "a {kind} needs a name, which becomes its address: status-guide new {kind} rate-limits"
                )),
                (false, better) => Err(format!(
                    "`{given}` makes no good address; type: status-guide new {kind} {better}"
                )),
            }
        };
        match words.split_first() {
            Some((kind, rest)) if kind == "page" => Ok(Self::Page(named("page", rest)?)),
            Some((kind, rest)) if kind == "topic" => Ok(Self::Topic(named("topic", rest)?)),
            _ => Self::codes(&words.join(" ")),
        }
    }

    fn codes(text: &str) -> Result<Self, String> {
        let text = text.trim_end_matches(".md");
        let separate = text.to_lowercase().replace([',', '-'], " ");
        let parts: Vec<&str> = separate.split_whitespace().collect();
        let is_word = |part: &&str| !matches!(*part, "vs" | "vs." | "versus" | "and" | "or");
        let mut codes = Vec::new();
        for part in parts.iter().copied().filter(is_word) {
            let Ok(code) = part.parse::<StatusCode>() else {
                let slug = as_slug(text);
                return Err(if part.bytes().all(|b| b.is_ascii_digit()) {
                    format!("{part} is no status code: it has three digits, from 100 to 999")
                } else {
                    format!(
                        "`{text}` is neither a code (499) nor a comparison (400-vs-422); for a page: status-guide new page {slug}"
                    )
                });
            };
            if codes.contains(&code) {
                return Err(format!(
                    "{code} is there twice; a comparison is of different codes"
                ));
            }
            codes.push(code);
        }
        match codes.as_slice() {
            [] => Err(
                "name a code (499), a comparison (400-vs-422), `page NAME` or `topic NAME`".into(),
            ),
            [code] => Ok(Self::Code(*code)),
            _ => Ok(Self::Comparison(codes)),
        }
    }
}

/// Drafts a page of `guide`. What `carried`, the program's own guide, knows of
/// a code is taken over; a number that it does not know is one that nobody
/// registered, unless `registered` says otherwise.
///
/// # Errors
/// If the guide has the page, or lacks what it would be about.
pub fn draft(
    subject: &Subject,
    guide: &Guide,
    carried: &Guide,
    registered: bool,
) -> Result<Draft, String> {
    match subject {
        Subject::Code(code) => {
            free(guide, &code.to_string())?;
            let known = carried.codes.get(code).map(|document| &document.facts);
            Ok(Draft {
                relative: format!("codes/{code}.md"),
                text: code_page(*code, guide, known, registered)?,
            })
        }
        Subject::Comparison(codes) => {
            let name = joined(codes, "-vs-");
            let same = |other: &&String| {
                let mut theirs: Vec<&str> = other.split("-vs-").collect();
                let mut ours: Vec<&str> = name.split("-vs-").collect();
                theirs.sort_unstable();
                ours.sort_unstable();
                theirs == ours
            };
            if let Some(other) = guide.comparisons.keys().find(same) {
                return Err(format!(
                    "the guide compares these codes already: content/compare/{other}.md, which is found in either order"
                ));
            }
            free(guide, &name)?;
            let missing: Vec<&StatusCode> = (codes.iter())
                .filter(|code| !guide.codes.contains_key(code))
                .collect();
            if let Some(code) = missing.first() {
                let all: Vec<String> = missing.iter().map(ToString::to_string).collect();
                return Err(format!(
                    "the guide has no page for {}; begin with: status-guide new {code}",
                    all.join(" and ")
                ));
            }
            for code in codes {
                let facts = guide.codes.get(code).map(|document| &document.facts);
                if facts.is_some_and(|facts| facts.phrase.contains(FILL_IN)) {
                    return Err(format!(
                        "the page about {code} has no phrase yet: fill that in first, in codes/{code}.md"
                    ));
                }
            }
            Ok(Draft {
                relative: format!("compare/{name}.md"),
                text: comparison(codes, guide),
            })
        }
        Subject::Page(name) => {
            if let Ok(other @ (Subject::Code(_) | Subject::Comparison(_))) = Subject::codes(name) {
                let what = match other {
                    Subject::Code(_) => "a code",
                    _ => "a comparison",
                };
                return Err(format!(
                    "/{name}/ is the address of {what}; type: status-guide new {name}"
                ));
            }
            free(guide, name)?;
            Ok(Draft {
                relative: format!("pages/{name}.md"),
                text: page(name),
            })
        }
        Subject::Topic(name) => {
            free(guide, &Folder::Topics.name_of(name))?;
            Ok(Draft {
                relative: format!("topics/{name}.md"),
                text: topic(name),
            })
        }
    }
}

/// Refuses an address that a page has, or had.
fn free(guide: &Guide, name: &str) -> Result<(), String> {
    if guide.resolve(name).is_ok() {
        return Err(format!("the guide has /{name}/ already"));
    }
    match guide.alias(name) {
        Some(file) => Err(format!(
            "/{name}/ leads on to another page: it is an alias in {file}"
        )),
        None => Ok(()),
    }
}

/// Writes a draft into the content folder, and returns its path.
///
/// # Errors
/// If the file exists, or the disk refuses.
pub fn write(content: &Path, draft: &Draft) -> anyhow::Result<PathBuf> {
    let path = content.join(&draft.relative);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    match File::create_new(&path) {
        Ok(mut file) => file
            .write_all(draft.text.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!(
            "{} exists; `new` writes over nothing. Delete it first, or edit it",
            path.display()
        ),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot write {}", path.display()));
        }
    }
    Ok(path)
}

/// A file that grows line by line.
#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, line: impl AsRef<str>) {
        self.0.push_str(line.as_ref());
        self.0.push('\n');
    }

    /// A fact that is known.
    fn fact(&mut self, key: &str, value: impl AsRef<str>) {
        self.line(format!("{key} = {}", value.as_ref()));
    }

    /// A fact whose value is a guess: the mark says what to find out.
    fn guess(&mut self, key: &str, value: impl AsRef<str>, what: &str) {
        self.line(format!("{key} = {} # {FILL_IN} {what}", value.as_ref()));
    }

    /// A fact that is text, and is to be written.
    fn blank(&mut self, key: &str, what: &str) {
        self.fact(key, quoted(&format!("{FILL_IN} {what}")));
    }

    fn checked(&mut self) {
        self.guess("checked", NO_DAY, "the day on which you opened the sources");
    }

    fn paragraph(&mut self, what: &str) {
        self.line(format!("{FILL_IN} {what}"));
        self.line("");
    }

    fn heading(&mut self, level: usize, title: &str) {
        self.line(format!("{} {title}", "#".repeat(level)));
        self.line("");
    }

    /// The whole file, its facts in normal form.
    fn end(self, folder: Folder) -> String {
        let text = self.0.trim_end().to_owned() + "\n";
        let parts = text
            .strip_prefix("+++\n")
            .and_then(|t| t.split_once("\n+++\n"));
        let normal = parts.and_then(|(front, body)| {
            let front = format::normal(folder, &format!("{front}\n"))?;
            Some(format!("+++\n{front}+++\n{body}"))
        });
        normal.unwrap_or(text)
    }
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

fn list<T>(items: impl IntoIterator<Item = T>, word: impl Fn(T) -> String) -> String {
    let items: Vec<String> = items.into_iter().map(word).collect();
    format!("[{}]", items.join(", "))
}

fn joined(codes: &[StatusCode], between: &str) -> String {
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    codes.join(between)
}

/// A page about `code`; `known` is what the program's own guide says of it.
fn code_page(
    code: StatusCode,
    guide: &Guide,
    known: Option<&CodeFacts>,
    registered: bool,
) -> Result<String, String> {
    let is_registered = known.map_or(registered, CodeFacts::is_registered);
    if is_registered && !code.is_valid() {
        return Err(format!(
            "{code} cannot be registered: valid codes end at 599 (RFC 9110 §15). Leave --registered out"
        ));
    }
    let mut text = Text::default();
    text.line("+++");
    facts(&mut text, code, guide, known, is_registered);
    text.line("+++");
    text.line("");
    let outline = if is_registered {
        &outline::CODE
    } else {
        text.paragraph("two or three sentences: who sends it, and what a reader should know first");
        &outline::VENDOR
    };
    let related: Vec<StatusCode> = known.map_or(Vec::new(), |facts| related(facts, guide));
    sections(&mut text, outline, |text, id| {
        match id {
        "example" => match known {
            Some(facts) => {
                text.paragraph("what the client asks for, and why it gets this answer; change the messages to match");
                text.line(request(code));
                text.line(response(facts));
            }
            None => text.paragraph("the exchange: a request and this response, each in a block of its own that begins with ```http"),
        },
        "versus" | "when-not-to-use" if !related.is_empty() && (id == "versus") == is_registered => {
            for other in &related {
                text.line(format!("- **[{other}]**: {FILL_IN} how it differs from {code}"));
            }
            text.line("");
        }
        _ => text.paragraph(what_belongs(id)),
    }
    });
    Ok(text.end(Folder::Codes))
}

/// The related codes of the carried page that this guide has.
fn related(facts: &CodeFacts, guide: &Guide) -> Vec<StatusCode> {
    let codes = facts.related.iter().map(|related| related.value);
    codes
        .filter(|code| guide.codes.contains_key(code))
        .collect()
}

fn facts(
    text: &mut Text,
    code: StatusCode,
    guide: &Guide,
    known: Option<&CodeFacts>,
    is_registered: bool,
) {
    let fields = |names: &[crate::load::front_matter::Located<String>]| {
        let names = names.iter().map(|name| name.value.as_str());
        list(
            names.filter(|name| guide.fields.contains_key(*name)),
            quoted,
        )
    };
    let note = |text: &mut Text, key: &str, note: Option<&String>| {
        if let Some(note) = note {
            text.fact(key, quoted(note));
        }
    };
    text.fact("code", code.to_string());
    match known {
        Some(facts) => text.fact("phrase", quoted(&facts.phrase)),
        None if is_registered => text.blank("phrase", "exactly as the IANA registry has it"),
        None => text.blank("phrase", "what its users call it"),
    }
    text.blank(
        "summary",
        "one sentence of at most 25 words: who says what, and why",
    );
    text.blank("use_case", "at most 15 words for the index");
    match known {
        Some(facts) => {
            text.fact("registration", quoted(facts.registration.value.slug()));
            if let Some(day) = facts.registration_expires {
                text.fact("registration_expires", day.iso());
            }
            if let Some(specification) = &facts.specification {
                text.fact("specification", quoted(&specification.value.to_string()));
            }
            text.fact("sent_by", list(&facts.sent_by, |s| quoted(s.slug())));
            text.fact("cacheable", quoted(facts.cacheable.value.slug()));
            note(text, "cacheable_note", facts.cacheable_note.as_ref());
            text.fact("content", quoted(facts.content.value.slug()));
            note(text, "content_note", facts.content_note.as_ref());
            text.fact("required_fields", fields(&facts.required_fields));
            text.fact("useful_fields", fields(&facts.useful_fields));
            text.fact("retry", quoted(facts.retry.slug()));
            note(text, "retry_note", facts.retry_note.as_ref());
            text.fact("ask", list(&facts.ask, |c| quoted(c.slug())));
            if let Some(method) = &facts.method_on_redirect {
                text.fact("method_on_redirect", quoted(method.value.slug()));
            }
            let former = list(&facts.former_names, |name| {
                format!(
                    "{{ phrase = {}, source = {} }}",
                    quoted(&name.phrase),
                    quoted(&name.source.to_string())
                )
            });
            text.fact("former_names", former);
        }
        None => guessed_facts(text, code, is_registered),
    }
    let topics: Vec<&str> = known.map_or(Vec::new(), |facts| {
        let topics = facts.topics.iter().map(|topic| topic.value.as_str());
        topics
            .filter(|topic| guide.topics.contains_key(*topic))
            .collect()
    });
    if topics.is_empty() {
        text.guess(
            "topics",
            "[]",
            "names of files in content/topics/, the main one first",
        );
    } else {
        text.fact("topics", list(topics, quoted));
    }
    let related = known.map_or(Vec::new(), |facts| related(facts, guide));
    if related.is_empty() {
        text.guess(
            "related",
            "[]",
            "the codes that it is confused with; the text links each",
        );
    } else {
        text.fact("related", list(related, |code| code.to_string()));
    }
    text.guess(
        "search",
        "[]",
        "what people type when they need this page; or delete the line",
    );
    text.checked();
    if is_registered {
        return;
    }
    let meanings = known.map_or(&[][..], |facts| &facts.meanings);
    for meaning in meanings.iter().map(|meaning| &meaning.value) {
        text.line("");
        text.line("[[meanings]]");
        text.fact("by", quoted(&meaning.by));
        note(text, "phrase", meaning.phrase.as_ref());
        text.fact("seen", quoted(meaning.seen.slug()));
        text.fact("says", quoted(&meaning.says));
        text.fact("source", quoted(&meaning.source));
        text.fact("checked", meaning.checked.iso());
    }
    if meanings.is_empty() {
        text.line("");
        text.line("[[meanings]]");
        text.blank("by", "the product or company");
        let seen = list(Seen::ALL, |seen| seen.slug().to_owned());
        text.guess(
            "seen",
            quoted(Seen::OnTheWire.slug()),
            &format!("where people meet it: one of {seen}"),
        );
        text.blank("says", "what it means there, in at most 30 words");
        text.guess(
            "source",
            "\"https://example.com/\"",
            "the page that says so, opened by you",
        );
        text.checked();
    }
}

/// What the class of an unknown code makes likely, each marked; what the number
/// itself decides, unmarked.
fn guessed_facts(text: &mut Text, code: StatusCode, is_registered: bool) {
    if is_registered {
        let words = list(Registration::REGISTERED, |word| word.slug().to_owned());
        text.guess(
            "registration",
            quoted(Registration::Standard.slug()),
            &format!("one of {words}"),
        );
        text.guess(
            "specification",
            "\"RFC 9110 §15\"",
            "the section that defines it",
        );
    } else {
        text.fact("registration", quoted(Registration::Vendor.slug()));
    }
    let senders = list(Sender::ALL, |sender| sender.slug().to_owned());
    text.guess(
        "sent_by",
        "[\"origin-server\"]",
        &format!("any of {senders}"),
    );
    if code.heuristically_cacheable() {
        text.fact("cacheable", quoted(Cacheability::Heuristically.slug()));
    } else {
        text.guess(
            "cacheable",
            quoted(Cacheability::Explicitly.slug()),
            "explicitly or never",
        );
    }
    if code.forbids_content() {
        text.fact("content", quoted(ContentRule::None.slug()));
    } else {
        text.guess(
            "content",
            quoted(ContentRule::Optional.slug()),
            "expected or optional",
        );
    }
    text.guess(
        "required_fields",
        "[]",
        "fields that its specification requires",
    );
    text.guess("useful_fields", "[]", "fields worth sending");
    let retry = match code.class() {
        Class::Informational | Class::Successful => Retry::NotNeeded,
        Class::Redirection => Retry::Follow,
        Class::ClientError => Retry::AfterChange,
        Class::ServerError => Retry::IfIdempotent,
    };
    let rules = list(Retry::ALL, |rule| rule.slug().to_owned());
    text.guess("retry", quoted(retry.slug()), &format!("one of {rules}"));
    text.blank("retry_note", "what to do before the request is sent again");
    let contacts = list(Contact::ALL, |contact| contact.slug().to_owned());
    text.guess(
        "ask",
        "[\"service\"]",
        &format!("who can put it right: any of {contacts}"),
    );
    if code.class() == Class::Redirection {
        text.line(format!(
            "# {FILL_IN} `method_on_redirect = \"kept\"`, \"may-become-get\" or \"becomes-get\", if it sends clients elsewhere"
        ));
    }
    text.fact("former_names", "[]");
}

/// The sections of an outline, each with what `write` puts into it.
fn sections(text: &mut Text, outline: &Outline, write: impl Fn(&mut Text, &str)) {
    for part in outline.parts {
        // An optional section is a choice, and this one is made by the facts.
        if part.need == Need::Optional && matches!(part.id, "example" | "who-sent-it" | "mistakes")
        {
            continue;
        }
        text.heading(2, part.title);
        if part.parts.is_empty() {
            write(text, part.id);
        }
        for part in part.parts {
            text.heading(3, part.title);
            write(text, part.id);
        }
    }
}

/// What stands in the part `id` of a code's page.
fn what_belongs(id: &str) -> &'static str {
    match id {
        "when-to-use" => "a short list of the cases",
        "when-not-to-use" => "a short list: for each case, the right code and its link",
        "visitor" => "three plain sentences, or delete this section",
        "client" => {
            "whether to repeat the request, and what to change first; or delete this section"
        }
        "on-call" => {
            "the causes, the likeliest first, and commands that tell them apart; or delete this section"
        }
        "versus" => "one to three lines for each code that it is confused with",
        "mistakes" => "each false belief, and the section that refutes it",
        "history" => "where it comes from, with the section or the source",
        _ => "what belongs here",
    }
}

/// A request that ends in `code`.
fn request(code: StatusCode) -> String {
    // A 405 that allows GET does not answer one.
    let method = if code.number() == 405 {
        "DELETE"
    } else {
        "GET"
    };
    format!("```http\n{method} /orders/7315 HTTP/1.1\nHost: api.example.com\n```\n")
}

/// A response with all that its code requires.
fn response(facts: &CodeFacts) -> String {
    let code = facts.code.value;
    let mut head = format!("HTTP/1.1 {code} {}\n", facts.phrase);
    let mut add = |name: &str, value: &str| {
        let _ = writeln!(head, "{name}: {value}");
    };
    if code.class() != Class::Informational {
        add("Date", sample("Date"));
    }
    let required: Vec<&str> = facts
        .required_fields
        .iter()
        .map(|f| f.value.as_str())
        .collect();
    for name in &required {
        let value = match code.number() {
            416 if *name == "Content-Range" => "bytes */1234",
            _ => sample(name),
        };
        add(name, value);
    }
    let has = |name: &str| {
        required
            .iter()
            .any(|field| field.eq_ignore_ascii_case(name))
    };
    if has("Upgrade") && !has("Connection") {
        add("Connection", sample("Connection"));
    }
    if facts.method_on_redirect.is_some() && !has("Location") {
        add("Location", sample("Location"));
    }
    let (media_type, content) = match (code.number(), code.class()) {
        _ if code.forbids_content() || facts.content.value == ContentRule::None => {
            ("", String::new())
        }
        (206, _) => ("image/png", "[500 bytes of image/png]".to_owned()),
        (_, Class::ClientError | Class::ServerError) => (
            "application/problem+json",
            format!(
                "{{ \"title\": {}, \"status\": {code} }}",
                quoted(&facts.phrase)
            ),
        ),
        (_, Class::Successful) => (
            "application/json",
            "{ \"id\": 7315, \"state\": \"packed\" }".to_owned(),
        ),
        _ => ("", String::new()),
    };
    if !content.is_empty() {
        let length = if code.number() == 206 {
            500
        } else {
            content.len()
        };
        if !has("Content-Type") {
            add("Content-Type", media_type);
        }
        add("Content-Length", &length.to_string());
        head.push('\n');
        head.push_str(&content);
        head.push('\n');
    }
    format!("```http\n{head}```\n")
}

fn comparison(codes: &[StatusCode], guide: &Guide) -> String {
    let facts: Vec<&CodeFacts> = (codes.iter())
        .filter_map(|code| guide.codes.get(code).map(|document| &document.facts))
        .collect();
    let mut text = Text::default();
    text.line("+++");
    text.fact("codes", list(codes, ToString::to_string));
    text.blank(
        "rule",
        "Send one when …; send the other when …. At most 40 words",
    );
    text.blank("summary", "how they differ, in at most 25 words");
    text.guess(
        "search",
        "[]",
        "what people type who mix them up; or delete the line",
    );
    text.checked();
    text.line("+++");
    text.line("");
    sections(&mut text, &outline::COMPARISON, |text, id| match id {
        "differences" => {
            let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
            let heads = facts
                .iter()
                .map(|f| format!("{} {}", f.code.value, f.phrase));
            text.line(row(std::iter::once("Question".to_owned())
                .chain(heads)
                .collect()));
            text.line(row(vec!["---".to_owned(); facts.len() + 1]));
            let cells = facts
                .iter()
                .map(|f| format!("{FILL_IN} {}'s answer", f.code.value));
            let question =
                format!("{FILL_IN} a question that tells them apart, one of at most six");
            text.line(row(std::iter::once(question).chain(cells).collect()));
            text.line("");
        }
        "scenario" => {
            text.paragraph(
                "one request that can get each of these answers; change the messages to match",
            );
            for facts in &facts {
                text.line(format!("{FILL_IN} when the answer is {}", facts.code.value));
                text.line("");
                text.line(request(facts.code.value));
                text.line(response(facts));
            }
        }
        _ => text.paragraph("what to send when both seem right, and why"),
    });
    text.end(Folder::Compare)
}

fn page(name: &str) -> String {
    let mut text = Text::default();
    text.line("+++");
    text.guess("title", quoted(&title(name)), "the title that you want");
    text.blank("summary", "one sentence of at most 25 words");
    text.guess(
        "topics",
        "[]",
        "the topics whose pages should list it; or delete the line",
    );
    text.guess(
        "search",
        "[]",
        "what people type when they need this page; or delete the line",
    );
    text.checked();
    text.line("+++");
    text.line("");
    text.paragraph("a paragraph that answers before it explains; headings begin with ##");
    text.end(Folder::Pages)
}

fn topic(name: &str) -> String {
    let mut text = Text::default();
    text.line("+++");
    text.guess("title", quoted(&title(name)), "the title that you want");
    text.blank("summary", "one sentence of at most 25 words");
    text.guess(
        "fields",
        "[]",
        "the fields that belong to it, from fields.toml",
    );
    text.guess(
        "search",
        "[]",
        "what people type when they need this page; or delete the line",
    );
    text.checked();
    text.line("+++");
    text.line("");
    text.paragraph("a paragraph about what the codes of this topic have in common");
    text.end(Folder::Topics)
}

/// The words of a name: `rate-limits` is `Rate limits`.
fn title(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    let first: String = letters
        .next()
        .iter()
        .flat_map(|c| c.to_uppercase())
        .collect();
    first + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(text: &str) -> Result<Subject, String> {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        Subject::parse(&words)
    }

    fn codes(numbers: &[u16]) -> Vec<StatusCode> {
        let codes = numbers.iter().map(|number| StatusCode::new(*number));
        codes.map(Option::unwrap).collect()
    }

    #[test]
    fn a_subject_is_typed_as_it_is_said() {
        for text in [
            "400-vs-422",
            "400 vs 422",
            "400 422",
            "400, 422",
            "400 and 422",
            "400-vs-422.md",
        ] {
            assert_eq!(
                subject(text),
                Ok(Subject::Comparison(codes(&[400, 422]))),
                "{text}"
            );
        }
        assert_eq!(subject("499"), Ok(Subject::Code(codes(&[499])[0])));
        assert_eq!(
            subject("page rate-limits"),
            Ok(Subject::Page("rate-limits".into()))
        );
        assert_eq!(subject("topic tls"), Ok(Subject::Topic("tls".into())));
    }

    #[test]
    fn what_is_no_subject_is_answered_with_what_to_type() {
        for (text, answer) in [
            ("4999", "4999 is no status code: it has three digits"),
            ("099", "099 is no status code"),
            ("401-vs-401", "401 is there twice"),
            ("Rate limits", "status-guide new page rate-limits"),
            (
                "page Rate limits",
                "type: status-guide new page rate-limits",
            ),
            ("page", "a page needs a name"),
            ("topic ?!", "a topic needs a name"),
            ("", "name a code (499)"),
        ] {
            let error = subject(text).unwrap_err();
            assert!(error.contains(answer), "{text:?}: {error}");
        }
    }
}
