//! Owns: "At a glance": the facts that stand first on every page of a code, in
//! which order, under which names, and what is said where there is nothing to
//! say. Pages, plain Markdown and the terminal all show this list.
//!
//! Must not: know how any of them shows it.

use std::borrow::Cow;

use crate::load::facts::{CodeFacts, FormerName};
use crate::load::front_matter::Located;
use crate::status::Specification;

/// A fact of the list.
pub struct Row<'g> {
    /// The fragment that leads to it: `retry`. Wikis link to it.
    pub id: &'static str,
    /// What the fact is about.
    pub label: &'static str,
    /// The fact.
    pub value: Value<'g>,
    /// A sentence that belongs to it.
    pub note: Option<Cow<'g, str>>,
    /// Whether it is among what a client looks for first.
    pub is_strong: bool,
}

/// What a row says.
pub enum Value<'g> {
    /// Words.
    Words(Cow<'g, str>),
    /// Fields that go with the code.
    Fields {
        /// Those that the specification requires.
        required: &'g [Located<String>],
        /// Those that are worth sending.
        useful: &'g [Located<String>],
    },
    /// Where the code is defined.
    Specification(&'g Specification),
    /// What it was called before, and where.
    FormerNames(&'g [FormerName]),
}

impl<'g> Row<'g> {
    fn new(id: &'static str, label: &'static str, value: Value<'g>) -> Self {
        Self {
            id,
            label,
            value,
            note: None,
            is_strong: false,
        }
    }

    fn words(id: &'static str, label: &'static str, words: impl Into<Cow<'g, str>>) -> Self {
        Self::new(id, label, Value::Words(words.into()))
    }

    fn noted(self, note: Option<impl Into<Cow<'g, str>>>) -> Self {
        let note = note.map(Into::into);
        Self { note, ..self }
    }

    fn strong(self) -> Self {
        Self {
            is_strong: true,
            ..self
        }
    }
}

/// The facts about a code, in the order in which readers ask for them.
pub fn rows(facts: &CodeFacts) -> Vec<Row<'_>> {
    let (required, useful) = (&facts.required_fields, &facts.useful_fields);
    let fields = if required.is_empty() && useful.is_empty() {
        Value::Words("None needed".into())
    } else {
        Value::Fields { required, useful }
    };
    let defined = match &facts.specification {
        Some(specification) => Value::Specification(&specification.value),
        None => Value::Words("Not registered".into()),
    };
    let until = facts.registration_expires;
    let until = until.map(|date| format!("The registration was made until {date}"));

    let retry = Row::words("retry", "Retry", facts.retry.label());
    let mut rows = vec![retry.noted(facts.retry_note.as_deref()).strong()];
    if let Some(method) = &facts.method_on_redirect {
        let method = Row::words("method-on-redirect", "Method", method.value.label());
        let note = Some("When the client follows the redirect");
        rows.push(method.noted(note).strong());
    }
    rows.extend([
        Row::words("cacheable", "Cacheable", facts.cacheable.value.label())
            .noted(facts.cacheable_note.as_deref()),
        Row::words("ask", "Ask", facts.contacts()).noted(Some("Who can put it right")),
        Row::words("sent-by", "Sent by", facts.senders()),
        Row::words("content", "Content", facts.content.value.label())
            .noted(facts.content_note.as_deref()),
        Row::new("fields", "Fields", fields),
        Row::new("specification", "Defined in", defined).noted(until),
    ]);
    if !facts.former_names.is_empty() {
        let names = Value::FormerNames(&facts.former_names);
        rows.push(Row::new("former-names", "Once called", names));
    }
    rows
}
