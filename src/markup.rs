//! Owns: reading HTML and SVG tag by tag.
//!
//! Must not: know what is looked for in them.

use std::borrow::Cow;
use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, ForwardingEmitter, Span as Place, Tokenizer};

/// What comes next in a file.
#[derive(Debug, Clone, Copy)]
pub enum Event<'t> {
    /// A start tag.
    Start(&'t Tag),
    /// The name of an end tag.
    End(&'t str),
    /// Text without a tag in it; its character references are read.
    Text(&'t str),
}

/// A start tag. One after the other is read into the same memory.
#[derive(Debug, Default)]
pub struct Tag {
    name: String,
    /// Where in `text` the names and the values of its attributes are.
    attributes: Vec<(Range<usize>, Range<usize>)>,
    text: String,
}

impl Tag {
    /// The name in lower case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The attributes in the order in which they stand there: names in lower
    /// case, and values.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        let attributes = self.attributes.iter().cloned();
        attributes.map(|(name, value)| (&self.text[name], &self.text[value]))
    }

    /// The value of an attribute.
    pub fn get(&self, wanted: &str) -> Option<&str> {
        let mut attributes = self.attributes();
        attributes.find_map(|(name, value)| (name == wanted).then_some(value))
    }

    fn open(&mut self, name: &[u8]) {
        self.name.clear();
        self.name.push_str(&text(name));
        self.attributes.clear();
        self.text.clear();
    }

    fn push(&mut self, part: &[u8]) -> Range<usize> {
        let start = self.text.len();
        self.text.push_str(&text(part));
        start..self.text.len()
    }
}

/// Reads markup to its end. As in a browser, what looks like a tag in a title or
/// a script is text.
///
/// This takes no type parameter: each would be another tokenizer, and one is a
/// tenth of this program.
pub fn read(bytes: &[u8], each: &mut dyn FnMut(Event<'_>)) {
    let mut tag = Tag::default();
    let mut syntax = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Place<()>| {
        match event {
            CallbackEvent::OpenStartTag { name } => tag.open(name),
            CallbackEvent::AttributeName { name } => {
                let name = tag.push(name);
                let none = name.end..name.end;
                tag.attributes.push((name, none));
            }
            CallbackEvent::AttributeValue { value } => {
                let value = tag.push(value);
                if let Some((_, last)) = tag.attributes.last_mut() {
                    *last = value;
                }
            }
            CallbackEvent::CloseStartTag { .. } => each(Event::Start(&tag)),
            CallbackEvent::EndTag { name } => each(Event::End(&text(name))),
            CallbackEvent::String { value } => each(Event::Text(&text(value))),
            _ => {}
        }
        None
    });
    syntax.naively_switch_states(true);
    // Reading from memory cannot fail.
    let Ok(()) = Tokenizer::new_with_emitter(bytes, Syntax(syntax)).finish();
}

/// Nearly all that comes is UTF-8 indeed.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// Tells of tags and text, and not of mistakes in the syntax: looking for them
/// takes as long as all the rest, and nothing here asks for them.
struct Syntax<F: Callback<Infallible, ()>>(CallbackEmitter<F>);

impl<F: Callback<Infallible, ()>> ForwardingEmitter for Syntax<F> {
    type Token = Infallible;

    fn inner(&mut self) -> &mut impl Emitter<Token = Infallible> {
        &mut self.0
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(html: &str) -> String {
        let mut seen = Vec::new();
        read(html.as_bytes(), &mut |event| {
            seen.push(match event {
                Event::Start(tag) => {
                    let attributes: Vec<_> = tag.attributes().collect();
                    format!("<{} {attributes:?}>", tag.name())
                }
                Event::End(name) => format!("</{name}>"),
                Event::Text(text) => text.to_owned(),
            });
        });
        seen.concat()
    }

    #[test]
    fn tags_and_text_are_told_in_order() {
        assert_eq!(
            seen("<p CLASS=a id='b'>x &amp; y<br></p>"),
            r#"<p [("class", "a"), ("id", "b")]>x & y<br []></p>"#
        );
    }

    #[test]
    fn what_looks_like_a_tag_in_a_title_is_text() {
        assert_eq!(seen("<title><b></title>"), "<title []><b></title>");
    }
}
