//! The lint of example messages, proven on the real examples: each is given
//! one fault of every kind that fits it, and every fault is found.
//!
//! `cargo test --test cli mutations -- --nocapture` prints the counts.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use status_guide::diagnostic::{Rule, SourceFile, Style};
use status_guide::load::guide::Guide;
use status_guide::text::markdown;
use status_guide::text::message::{Message, Start, elided};

use crate::content;

/// An example in a page: the page, and where the message stands in its file.
struct Example<'g> {
    page: &'g content::Page<'g>,
    range: Range<usize>,
    /// The message right before it, in the same exchange.
    before: Option<Range<usize>>,
}

impl Example<'_> {
    fn text(&self) -> &str {
        &self.page.file.text[self.range.clone()]
    }

    /// The method of the request that it answers, if that stands before it.
    fn answers(&self) -> Option<&str> {
        let before = &self.page.file.text[self.before.clone()?];
        Message::parse(before).ok()?.method()
    }
}

/// The messages of a page that are not wrong on purpose.
fn examples<'g>(page: &'g content::Page<'g>) -> Vec<Example<'g>> {
    let text = &page.file.text;
    let mut found: Vec<Example<'g>> = Vec::new();
    let mut at = page.body.start;
    while let Some(start) = text[at..].find("```http") {
        let open = at + start;
        let line_end = open + text[open..].find('\n').unwrap() + 1;
        let close = line_end + text[line_end..].find("\n```").unwrap();
        if text[open..line_end].trim_end() == "```http" {
            let before = found.last().map(|last| last.range.clone());
            let follows = |range: &Range<usize>| text[range.end + 4..open].trim().is_empty();
            found.push(Example {
                page,
                range: line_end..close,
                before: before.filter(follows),
            });
        }
        at = close + 4;
    }
    found
}

/// Takes the line of `field` out of a message.
fn without(text: &str, field: &str) -> Option<String> {
    let prefix = format!("{}:", field.to_lowercase());
    let (head, content) = text.split_once("\n\n").unwrap_or((text, ""));
    let lines: Vec<&str> = (head.lines())
        .filter(|line| !line.to_lowercase().starts_with(&prefix))
        .collect();
    if lines.len() == head.lines().count() {
        return None;
    }
    let content = if content.is_empty() {
        String::new()
    } else {
        format!("\n\n{content}")
    };
    Some(lines.join("\n") + &content)
}

/// Sets a field that is there.
fn with(text: &str, field: &str, value: &str) -> Option<String> {
    let message = Message::parse(text).ok()?;
    let old = message.field(field)?.range();
    Some(format!("{}{value}{}", &text[..old.start], &text[old.end..]))
}

fn announced(text: &str) -> Option<u64> {
    let message = Message::parse(text).ok()?;
    message.field("Content-Length")?.text.parse().ok()
}

/// What a fault may depend on beside the message.
struct Context<'g> {
    guide: &'g Guide,
    /// The method of the request that the message answers.
    method: Option<&'g str>,
}

/// A kind of fault: its name, the rule that finds it, and how to make it.
struct Fault(&'static str, Rule, fn(&str, &Context<'_>) -> Option<String>);

const FAULTS: &[Fault] = &[
    Fault("no version of HTTP/1", Rule::StartLine, |text, _| {
        text.contains("HTTP/1.1")
            .then(|| text.replacen("HTTP/1.1", "HTTP/4.1", 1))
    }),
    Fault("a former or invented phrase", Rule::Status, |text, _| {
        let message = Message::parse(text).ok()?;
        let Start::Response { phrase, .. } = message.start else {
            return None;
        };
        let at = phrase.range();
        Some(format!("{} Perhaps{}", &text[..at.end], &text[at.end..]))
    }),
    Fault("a number without a page", Rule::Status, |text, _| {
        let status = Message::parse(text).ok()?.status()?;
        Some(text.replacen(&format!(" {status} "), " 299 ", 1))
    }),
    Fault("a space before the colon", Rule::FieldLine, |text, _| {
        let message = Message::parse(text).ok()?;
        let name = message.fields.first()?.name;
        Some(text.replacen(&format!("\n{name}:"), &format!("\n{name} :"), 1))
    }),
    Fault("a request without Host", Rule::MissingField, |text, _| {
        Message::parse(text).ok()?.method()?;
        without(text, "Host")
    }),
    Fault("a response without Date", Rule::MissingField, |text, _| {
        let status = Message::parse(text).ok()?.status()?;
        (200..500).contains(&status.number()).then_some(())?;
        without(text, "Date")
    }),
    Fault(
        "a required field is missing",
        Rule::MissingField,
        |text, context| {
            let message = Message::parse(text).ok()?;
            let facts = &context.guide.codes[&message.status()?].facts;
            let parts = message.field("Content-Type").map(|part| part.text);
            let field = &facts.required_fields.first()?.value;
            if parts.is_some_and(|t| t.starts_with("multipart/byteranges")) {
                return None;
            }
            without(text, field)
        },
    ),
    Fault(
        "a redirect without Location",
        Rule::MissingField,
        |text, context| {
            let status = Message::parse(text).ok()?.status()?;
            context.guide.codes[&status]
                .facts
                .method_on_redirect
                .as_ref()?;
            without(text, "Location")
        },
    ),
    Fault(
        "Upgrade without Connection",
        Rule::MissingField,
        |text, _| {
            Message::parse(text).ok()?.field("Upgrade")?;
            without(text, "Connection")
        },
    ),
    Fault("content of no type", Rule::MissingField, |text, _| {
        Message::parse(text).ok()?.content?;
        without(text, "Content-Type")
    }),
    Fault(
        "a byte too many announced",
        Rule::ContentLength,
        |text, _| {
            Message::parse(text).ok()?.content?;
            with(text, "Content-Length", &(announced(text)? + 1).to_string())
        },
    ),
    Fault(
        "nothing says where content ends",
        Rule::ContentLength,
        |text, _| {
            Message::parse(text).ok()?.content?;
            without(text, "Content-Length")
        },
    ),
    Fault(
        "content announced and absent",
        Rule::ContentLength,
        |text, _| {
            Message::parse(text).ok()?.content?;
            announced(text)?;
            Some(text.split_once("\n\n")?.0.to_owned())
        },
    ),
    Fault(
        "a length that is no number",
        Rule::ContentLength,
        |text, _| {
            Message::parse(text).ok()?.content?;
            with(text, "Content-Length", "many")
        },
    ),
    Fault("content where none may be", Rule::Content, |text, _| {
        let status = Message::parse(text).ok()?.status()?;
        status
            .forbids_content()
            .then(|| format!("{text}\nContent-Type: text/plain\n\nHello"))
    }),
    Fault(
        "Content-Length where none may be",
        Rule::ContentLength,
        |text, _| {
            let status = Message::parse(text).ok()?.status()?;
            (status.number() < 200 || status.number() == 204)
                .then(|| format!("{}\nContent-Length: 0", text.trim_end()))
        },
    ),
    Fault(
        "elided content of another type",
        Rule::Content,
        |text, _| {
            let message = Message::parse(text).ok()?;
            let (bytes, _) = elided(message.content?.text)?;
            let head = text.split_once("\n\n")?.0;
            Some(format!("{head}\n\n[{bytes} bytes of font/woff]"))
        },
    ),
    Fault("a wrong weekday", Rule::Date, |text, _| {
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon"];
        let date = Message::parse(text).ok()?.field("Date")?.text;
        let day = days.iter().position(|day| date.starts_with(day))?;
        with(text, "Date", &date.replacen(days[day], days[day + 1], 1))
    }),
    Fault("a day that does not exist", Rule::Date, |text, _| {
        with(text, "Date", "Tue, 31 Nov 2026 09:14:07 GMT")
    }),
    Fault("an old form of date", Rule::Date, |text, _| {
        with(text, "Date", "Sunday, 22-Nov-26 09:14:07 GMT")
    }),
    Fault(
        "a range that ends before it begins",
        Rule::FieldLine,
        |text, _| {
            let range = Message::parse(text).ok()?.field("Content-Range")?.text;
            range.contains('-').then_some(())?;
            with(text, "Content-Range", "bytes 499-0/1234")
        },
    ),
    Fault(
        "a range of another length",
        Rule::ContentLength,
        |text, _| {
            let range = Message::parse(text).ok()?.field("Content-Range")?.text;
            range.contains('-').then_some(())?;
            with(text, "Content-Range", "bytes 0-1/99999999")
        },
    ),
    Fault("JSON with a comma at the end", Rule::Json, |text, _| {
        let message = Message::parse(text).ok()?;
        let content = message.content?;
        let kind = message.field("Content-Type")?.text;
        (kind.contains("json") && elided(content.text).is_none()).then_some(())?;
        let length = announced(text)?;
        let longer = with(text, "Content-Length", &(length + 1).to_string())?;
        Some(longer.trim_end().to_owned() + ",")
    }),
    Fault("a problem of another status", Rule::Problem, |text, _| {
        let message = Message::parse(text).ok()?;
        let status = message.status()?;
        let kind = message.field("Content-Type")?.text;
        let given = format!("\"status\": {status}");
        (kind == "application/problem+json" && text.contains(&given)).then_some(())?;
        Some(text.replacen(&given, "\"status\": 299", 1))
    }),
    Fault(
        "Allow lists what is refused",
        Rule::Contradiction,
        |text, context| {
            let message = Message::parse(text).ok()?;
            (message.status()?.number() == 405).then_some(())?;
            let allow = message.field("Allow")?.text;
            with(text, "Allow", &format!("{allow}, {}", context.method?))
        },
    ),
];

/// Whether the page, with `mutant` in the place of the example, breaks `rule`.
fn finds(guide: &Guide, example: &Example<'_>, mutant: &str, rule: Rule) -> bool {
    let page = example.page;
    let text = &page.file.text;
    let file = Arc::new(SourceFile {
        name: page.file.name.clone(),
        text: format!(
            "{}{mutant}{}",
            &text[..example.range.start],
            &text[example.range.end..]
        ),
    });
    let body = page.body.start..file.text.len();
    let (_, diagnostics) = markdown::render(guide, &page.route, page.kind, &file, body);
    let found = format!("error[{}]", rule.name());
    diagnostics.render(Style::Short).contains(&found)
}

#[test]
fn every_fault_of_every_kind_in_every_example_is_found() {
    let guide = content::guide();
    let pages = content::pages(&guide);
    let examples: Vec<Example<'_>> = pages.iter().flat_map(examples).collect();
    assert!(examples.len() > 200, "only {} examples", examples.len());

    let tried: Vec<(&str, bool, String)> = examples
        .par_iter()
        .flat_map_iter(|example| {
            FAULTS.iter().filter_map(|Fault(name, rule, make)| {
                let context = Context {
                    guide: &guide,
                    method: example.answers(),
                };
                let mutant = make(example.text(), &context)?;
                assert_ne!(mutant, example.text(), "{name} changed nothing");
                let found = finds(&guide, example, &mutant, *rule);
                let place = format!("{} in {}: {}", name, example.page.file.name, {
                    example.text().lines().next().unwrap_or_default()
                });
                Some((*name, found, place))
            })
        })
        .collect();

    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (name, found, _) in &tried {
        let count = counts.entry(name).or_default();
        count.0 += 1;
        count.1 += usize::from(*found);
    }
    println!("{} examples", examples.len());
    for Fault(name, ..) in FAULTS {
        let (tried, found) = counts.get(name).copied().unwrap_or_default();
        println!("{name:<36} {tried:>5} tried {found:>5} found");
        assert!(tried > 0, "no example can have the fault {name:?}");
    }
    println!("{:<36} {:>5} tried", "all", tried.len());
    let missed: Vec<&String> = (tried.iter())
        .filter(|(_, found, _)| !found)
        .map(|(_, _, place)| place)
        .collect();
    assert!(missed.is_empty(), "not found: {missed:#?}");
}

#[test]
fn examples_as_they_stand_have_no_fault() {
    let guide = content::guide();
    for page in content::pages(&guide) {
        let body = page.body.clone();
        let (_, diagnostics) = markdown::render(&guide, &page.route, page.kind, page.file, body);
        assert!(diagnostics.is_empty(), "{}", page.file.name);
    }
}
