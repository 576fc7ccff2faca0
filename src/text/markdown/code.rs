//! Owns: blocks of code: their fences, their languages, and the example messages
//! among them.
//!
//! Must not: judge a message, which is for `lint`.

use std::ops::Range;

use askama::Template;
use pulldown_cmark::Event;

use super::Writer;
use crate::diagnostic::Rule;
use crate::text::exchange::Block;

impl Writer<'_, '_, '_> {
    /// Checks how a block of code begins and ends.
    pub(super) fn check_fence(&mut self, info: &str, range: &Range<usize>) {
        let source = self.source(range);
        let first = source.lines().next().unwrap_or_default();
        let opening = range.start..range.start + first.len();
        let mark: String = {
            let open = first.chars().next().unwrap_or('`');
            first.chars().take_while(|c| *c == open).collect()
        };
        let last = source.trim_end().rsplit('\n').next().unwrap_or_default();
        let closes = last.trim_matches(['>', ' ', '\t']).starts_with(&mark);
        if !closes || source.trim_end().lines().count() < 2 {
            self.error(
                Rule::Fence,
                opening,
                "this block of code never ends: all that follows is part of it",
                format!("write a line {mark} below the code"),
            );
            self.unclosed = true;
            return;
        }
        let language = info.split_whitespace().next().unwrap_or_default();
        let known = |name: &str| name != language && name == language.to_lowercase();
        if language.is_empty() {
            let inside = source.lines().nth(1).unwrap_or_default();
            let guess = if inside.contains("HTTP/1") {
                "http"
            } else {
                "sh"
            };
            self.error(
                Rule::Fence,
                opening,
                "this block of code does not say in which language it is",
                format!("write {mark}{guess}; others are http, sh, json, js, yaml, nginx, and text for none"),
            );
        } else if known("http") {
            self.error(
                Rule::Fence,
                opening,
                format!("`{language}` is no message that is checked"),
                format!("write {mark}http"),
            );
        }
    }

    pub(super) fn end_code(&mut self) {
        let Some(code) = self.code.take() else { return };
        let language = code.info.split_whitespace().next().unwrap_or_default();
        // A message without its end says nothing about HTTP.
        if language == "http" && self.heading.is_none() && !self.unclosed {
            self.http(&code);
            return;
        }
        let class: String = language
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        self.markup(format!(
            "<pre class=\"code\"><code class=\"language-{class}\">"
        ));
        self.push(Event::Text(
            code.text.trim_end_matches('\n').to_owned().into(),
        ));
        self.markup("</code></pre>");
    }

    /// Checks an example message and adds it to the exchange.
    pub(super) fn http(&mut self, block: &Block) {
        self.body.messages += 1;
        let added = self.exchange.add(self.links.guide, block);
        for fault in added.faults {
            self.error(fault.rule, fault.range, fault.message, fault.help);
        }
        if self.part.is_some_and(|part| part.id == "example") {
            self.responses_in_example.extend(added.response);
        }
    }

    pub(super) fn end_exchange(&mut self) {
        if self.exchange.is_empty() {
            return;
        }
        let exchange = std::mem::take(&mut self.exchange);
        // A template without fallible filters fails only if memory does.
        let html = exchange.render().unwrap_or_default();
        self.events.push(Event::Html(html.into()));
    }
}
