//! Owns: example exchanges. Takes the `http` blocks of a page one by one,
//! checks each message against the facts of its status code, and shows the
//! messages that follow each other as one exchange.
//!
//! Must not: know the rest of the page, or the rules of HTTP (see `message`).

use std::ops::Range;

use askama::Template;

use crate::diagnostic::{Rule, nearest};
use crate::load::guide::Guide;
use crate::status::{Class, Registration, StatusCode};
use crate::text::lint::{self, Known};
use crate::text::message::{Fault, Message, Start};

/// A code block, with the place in the Markdown of each piece of its text.
#[derive(Debug, Default)]
pub struct Block {
    /// What stands behind the opening fence.
    pub info: String,
    /// The code.
    pub text: String,
    /// The whole block in the Markdown.
    pub range: Range<usize>,
    pieces: Vec<(usize, Range<usize>)>,
}

impl Block {
    /// An empty block that stands at `range`.
    pub fn new(info: String, range: Range<usize>) -> Self {
        Self {
            info,
            range,
            ..Self::default()
        }
    }

    /// Adds text that stands at `range`.
    pub fn push(&mut self, text: &str, range: Range<usize>) {
        self.pieces.push((self.text.len(), range));
        self.text.push_str(text);
    }

    /// The place in the Markdown of what stands behind the opening fence.
    fn fence(&self) -> Range<usize> {
        let start = self.range.start + "```".len();
        start..start + self.info.len()
    }

    /// The place in the Markdown of a range of the text.
    fn locate(&self, range: &Range<usize>) -> Range<usize> {
        let map = |at: usize| {
            let behind = self.pieces.partition_point(|(start, _)| *start <= at);
            let piece = behind.checked_sub(1).map(|last| &self.pieces[last]);
            piece.map_or(self.range.start, |(start, source)| {
                (source.start + (at - start)).min(source.end)
            })
        };
        let start = map(range.start);
        start..map(range.end).max(start)
    }
}

/// Messages that are shown together.
#[derive(Template, Default)]
#[template(path = "exchange.html")]
pub struct Exchange {
    messages: Vec<MessageView>,
    /// The text of the last request, which the responses after it answer.
    request: Option<String>,
}

struct MessageView {
    wrong: bool,
    label: &'static str,
    class: String,
    /// Before, in and after the part that matters.
    start: (String, String, String),
    fields: Vec<(String, String)>,
    content: Option<String>,
}

/// What came of adding a message.
#[derive(Debug, Default)]
pub struct Added {
    /// Everything that is wrong, at its place in the Markdown.
    pub faults: Vec<Fault>,
    /// The status code and its place, if the message is a response.
    pub response: Option<(StatusCode, Range<usize>)>,
}

impl Exchange {
    /// Whether there is no message.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Checks the message in `block` and adds it.
    pub fn add(&mut self, guide: &Guide, block: &Block) -> Added {
        let mut added = Added::default();
        match Message::parse(&block.text) {
            Ok(message) => {
                let expected = expected(block, &mut added.faults);
                // What a misspelt rule stands for is not known.
                if added.faults.is_empty() {
                    let faults = self.lint(guide, &message);
                    added.faults.extend(unexpected(&message, faults, &expected));
                }
                added.response = message
                    .status()
                    .map(|status| (status, message.start_range()));
                let wrong = block.info.split_whitespace().nth(1) == Some("wrong");
                if message.method().is_some() {
                    self.request = Some(block.text.clone());
                }
                self.messages.push(MessageView::new(&message, wrong));
            }
            Err(faults) => added.faults = faults,
        }
        for fault in &mut added.faults {
            fault.range = match fault.rule {
                Rule::Fence => block.fence(),
                _ => block.locate(&fault.range),
            };
        }
        if let Some((_, range)) = &mut added.response {
            *range = block.locate(range);
        }
        added
    }

    fn lint(&self, guide: &Guide, message: &Message<'_>) -> Vec<Fault> {
        let status = message.status();
        let known = status.and_then(|status| known(guide, status));
        let request = self.request.as_deref();
        let request = request.and_then(|text| Message::parse(text).ok());
        let mut faults = lint::lint(message, request.as_ref(), known.as_ref());
        if status.is_some_and(|status| guide.unreadable.contains(&status.to_string())) {
            faults.retain(|fault| fault.rule != Rule::Status);
        }
        faults
    }
}

/// The facts of a code's page that its examples must agree with.
fn known(guide: &Guide, status: StatusCode) -> Option<Known<'_>> {
    let facts = &guide.codes.get(&status)?.facts;
    let mut phrases = vec![facts.phrase.as_str()];
    // Nobody sends "(Unused)": a reserved number has its former phrase.
    if facts.registration.value == Registration::Reserved {
        phrases.extend(facts.former_names.iter().map(|name| name.phrase.as_str()));
    }
    let required = facts.required_fields.iter();
    Some(Known {
        phrases,
        required: required.map(|field| field.value.as_str()).collect(),
        redirect: facts.method_on_redirect.is_some() && status.class() == Class::Redirection,
    })
}

/// The rules that a message breaks on purpose: those named behind `wrong`.
fn expected(block: &Block, faults: &mut Vec<Fault>) -> Vec<Rule> {
    let mut expected = Vec::new();
    for (at, flag) in block.info.split_whitespace().skip(1).enumerate() {
        let rule = Rule::ALL.iter().find(|rule| rule.name() == flag);
        match (at, flag, rule) {
            (0, "wrong", _) => {}
            (1.., _, Some(rule)) if expected.contains(rule) => {}
            (1.., _, Some(rule)) => expected.push(*rule),
            _ => {
                let names = Rule::ALL.iter().map(|rule| rule.name());
                let near = match at {
                    0 => nearest(flag, ["wrong"]),
                    _ => nearest(flag, names),
                };
                faults.push(Fault {
                    rule: Rule::Fence,
                    range: 0..0,
                    message: format!("`{flag}` behind the fence says nothing about an example"),
                    help: match near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "write ```http for a right message, ```http wrong for a bad one, and behind that the rules that it breaks".into(),
                    },
                });
            }
        }
    }
    expected
}

/// The faults that nobody announced, and one for each that is announced and
/// not there.
fn unexpected(message: &Message<'_>, faults: Vec<Fault>, expected: &[Rule]) -> Vec<Fault> {
    let kept = expected
        .iter()
        .filter(|rule| !faults.iter().any(|fault| fault.rule == **rule));
    let kept: Vec<Fault> = kept
        .map(|rule| Fault {
            rule: Rule::Content,
            range: message.start_range(),
            message: format!(
                "this message is said to break `{}`, and does not",
                rule.name()
            ),
            help: format!("delete `{}` from the fence", rule.name()),
        })
        .collect();
    let faults = faults
        .into_iter()
        .filter(|fault| !expected.contains(&fault.rule));
    faults.chain(kept).collect()
}

impl MessageView {
    fn new(message: &Message<'_>, wrong: bool) -> Self {
        let (class, label, start) = match &message.start {
            Start::Request {
                method,
                target,
                version,
            } => (
                "request".to_owned(),
                "Request",
                (
                    String::new(),
                    method.text.to_owned(),
                    format!(" {target} {version}"),
                ),
            ),
            Start::Response {
                version,
                status,
                phrase,
            } => (
                format!("response c{}", status.class()),
                "Response",
                (
                    format!("{version} "),
                    format!("{status} {}", phrase.text).trim_end().to_owned(),
                    String::new(),
                ),
            ),
        };
        let fields = message.fields.iter();
        Self {
            wrong,
            label,
            class,
            start,
            fields: fields
                .map(|field| (field.name.to_owned(), field.value.text.to_owned()))
                .collect(),
            content: message.content.map(|content| content.text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::load::{self, content::Content};

    fn guide() -> Guide {
        load::assemble(Content::default(), None, &mut Diagnostics::default())
    }

    fn block(info: &str, text: &str) -> Block {
        let mut block = Block::new(info.into(), 10..100);
        block.push(text, 20..20 + text.len());
        block
    }

    const REQUEST: &str = "GET /orders HTTP/1.1\nAccept: text/html\n";

    #[test]
    fn a_fault_stands_at_its_place_in_the_markdown() {
        let added = Exchange::default().add(&guide(), &block("http", REQUEST));
        assert_eq!(added.faults.len(), 1);
        assert_eq!(added.faults[0].rule, Rule::MissingField);
        assert_eq!(added.faults[0].range, 20..23);
    }

    #[test]
    fn a_wrong_message_may_break_the_rules_that_it_names_and_no_others() {
        let rules = |info: &str, text: &str| {
            let added = Exchange::default().add(&guide(), &block(info, text));
            added
                .faults
                .iter()
                .map(|fault| fault.rule)
                .collect::<Vec<_>>()
        };
        assert_eq!(rules("http wrong missing-field", REQUEST), []);
        assert_eq!(rules("http wrong", REQUEST), [Rule::MissingField]);
        assert_eq!(
            rules("http wrong date", REQUEST),
            [Rule::MissingField, Rule::Content]
        );
        assert_eq!(rules("http missing-field", REQUEST), [Rule::Fence]);
    }
}
