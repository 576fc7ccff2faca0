//! Owns: the text of a page as blocks for a terminal. Reads the same events as
//! `markdown`, after that has found no error in them.
//!
//! Must not: know the facts of a page, or how wide a terminal is.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};

use crate::load::guide::{Guide, Target};
use crate::route::Route;
use crate::status::Class;
use crate::terminal::layout::{Block, GLUE, Line, PLAIN, QUIET, Style};
use crate::terminal::lookup::name;
use crate::text::markdown::{self, Body};
use crate::text::message::{Message, Start};

/// The addresses that a page links, each once: `[1]`, `[2]`.
#[derive(Debug, Default)]
pub struct Addresses(Vec<String>);

impl Addresses {
    /// The mark that stands for `url` in the text.
    pub fn mark(&mut self, url: &str) -> String {
        let known = self.0.iter().position(|known| known == url);
        let at = known.unwrap_or_else(|| {
            self.0.push(url.to_owned());
            self.0.len() - 1
        });
        format!("[{}]", at + 1)
    }

    /// The addresses behind the marks.
    pub fn block(&self) -> Option<Block> {
        let line = |(at, url): (usize, &String)| {
            let mut line = Line::new(&format!("[{}] ", at + 1), QUIET);
            line.push(url, PLAIN);
            line
        };
        (!self.0.is_empty()).then(|| Block::Verbatim {
            label: None,
            lines: self.0.iter().enumerate().map(line).collect(),
        })
    }
}

/// The Markdown `text` of a page as blocks. `body` is the same text, rendered.
pub fn blocks(guide: &Guide, text: &str, body: &Body, addresses: &mut Addresses) -> Vec<Block> {
    let mut reader = Reader {
        guide,
        addresses,
        fragments: body.headings.iter(),
        open: vec![Open::Blocks(Vec::new())],
        line: Line::default(),
        styles: vec![PLAIN],
        links: Vec::new(),
        code: None,
    };
    for event in markdown::events(guide, text) {
        reader.event(event);
    }
    match reader.open.pop() {
        Some(Open::Blocks(blocks)) => blocks,
        _ => Vec::new(),
    }
}

/// What has begun and not ended.
enum Open {
    Blocks(Vec<Block>),
    List(Option<u64>, Vec<Vec<Block>>),
    Table(Vec<Line>, Vec<Vec<Line>>),
    Row(Vec<Line>),
}

/// A link whose text is being read.
struct Link {
    target: Target,
    /// The words that replace its text.
    title: Option<String>,
    /// What is between the second brackets of `[text][RFC 9110 §15]`.
    label: String,
    kind: LinkType,
    /// How long the line was before it.
    from: usize,
}

struct Reader<'g, 'u, I> {
    guide: &'g Guide,
    addresses: &'u mut Addresses,
    fragments: I,
    open: Vec<Open>,
    line: Line,
    styles: Vec<Style>,
    links: Vec<Link>,
    code: Option<(String, String)>,
}

impl<'b, I: Iterator<Item = &'b String>> Reader<'_, '_, I> {
    fn style(&self) -> Style {
        self.styles.last().copied().unwrap_or_default()
    }

    /// A style on top of the current one.
    fn nest(&mut self, change: impl Fn(&mut Style)) {
        let mut style = self.style();
        change(&mut style);
        self.styles.push(style);
    }

    fn text(&mut self, text: &str) {
        let replaced = self.links.last().is_some_and(|link| link.title.is_some());
        if !replaced {
            let style = self.style();
            let is_specification = (self.links.last())
                .is_some_and(|link| text.starts_with("RFC ") && link.kind != LinkType::Inline);
            if is_specification {
                self.line.push(&glued(text), style);
            } else {
                self.line.push(text, style);
            }
        }
    }

    fn block(&mut self, block: Block) {
        if let Some(Open::Blocks(blocks)) = self.open.last_mut() {
            blocks.push(block);
        }
    }

    /// Makes what was read a paragraph, as before a list inside an item.
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.block(Block::Paragraph(line));
        }
    }

    fn event(&mut self, event: Event<'_>) {
        if let Some((_, code)) = &mut self.code {
            match event {
                Event::Text(text) => code.push_str(&text),
                Event::End(TagEnd::CodeBlock) => self.end_code(),
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self.text(&format!("`{text}`")),
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            // Nothing else is in a text that has no error.
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Emphasis => self.nest(|style| style.italic = true),
            Tag::Strong => self.nest(|style| style.bold = true),
            Tag::Link {
                link_type,
                dest_url,
                id,
                ..
            } => {
                let (target, title) = markdown::destination(self.guide, link_type, &dest_url, &id);
                let hue = hue(&target);
                let quiet = id.starts_with("RFC ") && link_type != LinkType::ReferenceUnknown;
                self.nest(|style| {
                    style.hue = hue.or(style.hue);
                    style.quiet |= quiet;
                });
                self.links.push(Link {
                    target,
                    title,
                    label: id.to_string(),
                    kind: link_type,
                    from: self.line.text().len(),
                });
            }
            Tag::Image { .. } => {
                self.text("[Picture: ");
            }
            Tag::CodeBlock(kind) => {
                self.end_line();
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((info, String::new()));
            }
            Tag::List(first) => {
                self.end_line();
                self.open.push(Open::List(first, Vec::new()));
            }
            Tag::Item => self.open.push(Open::Blocks(Vec::new())),
            Tag::BlockQuote(kind) => {
                self.end_line();
                let label = kind.map(|kind| Line::new(&format!("{kind:?}"), PLAIN).bold());
                self.open.push(Open::Blocks(
                    label.into_iter().map(Block::Paragraph).collect(),
                ));
            }
            Tag::Table(_) => self.open.push(Open::Table(Vec::new(), Vec::new())),
            Tag::TableHead | Tag::TableRow => self.open.push(Open::Row(Vec::new())),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong => {
                self.styles.pop();
            }
            TagEnd::Link => self.end_link(),
            TagEnd::Image => self.text("]"),
            TagEnd::Paragraph => self.end_line(),
            TagEnd::Heading(level) => {
                let text = std::mem::take(&mut self.line);
                let id = self.fragments.next().cloned().unwrap_or_default();
                self.block(Block::Heading {
                    level: level as usize,
                    id,
                    text,
                });
            }
            TagEnd::Item => {
                self.end_line();
                if let Some(Open::Blocks(item)) = self.open.pop()
                    && let Some(Open::List(_, items)) = self.open.last_mut()
                {
                    items.push(item);
                }
            }
            TagEnd::List(_) => {
                if let Some(Open::List(first, items)) = self.open.pop() {
                    self.block(Block::List { first, items });
                }
            }
            TagEnd::BlockQuote(_) => {
                self.end_line();
                if let Some(Open::Blocks(blocks)) = self.open.pop() {
                    self.block(Block::Note(blocks));
                }
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.line);
                if let Some(Open::Row(row)) = self.open.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Some(Open::Row(row)) = self.open.pop()
                    && let Some(Open::Table(head, rows)) = self.open.last_mut()
                {
                    if tag == TagEnd::TableHead {
                        *head = row;
                    } else {
                        rows.push(row);
                    }
                }
            }
            TagEnd::Table => {
                if let Some(Open::Table(head, rows)) = self.open.pop() {
                    self.block(Block::Table { head, rows });
                }
            }
            _ => {}
        }
    }

    /// Writes what a reader must type, or where to look, to follow a link
    /// whose text does not say that already.
    fn end_link(&mut self) {
        let Some(link) = self.links.pop() else { return };
        let style = self.style();
        self.styles.pop();
        if let Some(title) = &link.title {
            self.line.push(title, style);
        }
        let shown = self
            .line
            .text()
            .get(link.from..)
            .unwrap_or_default()
            .to_owned();
        let reference = match &link.target {
            // A specification or a field: its name is all that it takes.
            Target::External(_) if link.kind == LinkType::ReferenceUnknown => {
                Some(format!("[{}]", glued(&link.label)))
            }
            Target::External(url) if link.kind == LinkType::Inline => {
                Some(self.addresses.mark(url))
            }
            Target::Page {
                route: Some(route),
                fragment,
                ..
            } => page_reference(route, fragment.as_deref(), &shown),
            _ => None,
        };
        if let Some(reference) = reference {
            self.line.push(" ", self.style());
            self.line.push(&reference, QUIET);
        }
    }

    fn end_code(&mut self) {
        let Some((info, code)) = self.code.take() else {
            return;
        };
        let mut info = info.split_whitespace();
        let language = info.next().unwrap_or_default();
        let is_wrong = info.next() == Some("wrong");
        let code = code.replace('\t', "    ");
        self.block(match Message::parse(&code) {
            Ok(message) if language == "http" => exchange(&message, &code, is_wrong),
            _ => Block::Verbatim {
                label: None,
                lines: code.lines().map(|line| listing(line, language)).collect(),
            },
        });
    }
}

/// What to type for a page, if `shown` does not say it.
fn page_reference(route: &Route, fragment: Option<&str>, shown: &str) -> Option<String> {
    let name = name(route);
    let says_name = shown.replace(' ', "-").contains(&name);
    match fragment {
        Some(fragment) => Some(format!("[{name}#{fragment}]")),
        None if says_name => None,
        None => Some(format!("[{name}]")),
    }
}

/// The hue of a link to a code or a class.
fn hue(target: &Target) -> Option<Class> {
    match target {
        Target::Page {
            route: Some(Route::Code(code)),
            ..
        } => Some(code.class()),
        Target::Page {
            route: Some(Route::Class(class)),
            ..
        } => Some(*class),
        _ => None,
    }
}

/// The name of a section with spaces at which no line ends.
pub fn glued(text: &str) -> String {
    text.replace(' ', &GLUE.to_string())
}

/// A line of code; comments of a shell script are quiet.
fn listing(line: &str, language: &str) -> Line {
    let is_comment = language == "sh" && line.trim_start().starts_with('#');
    Line::new(line, if is_comment { QUIET } else { PLAIN })
}

/// An example message with what matters of its start line in bold.
fn exchange(message: &Message<'_>, text: &str, is_wrong: bool) -> Block {
    let bold = Style {
        bold: true,
        ..PLAIN
    };
    let mut start = Line::default();
    let label = match &message.start {
        Start::Request {
            method,
            target,
            version,
        } => {
            start.push(method.text, bold);
            start.push(&format!(" {target} {version}"), PLAIN);
            "Request"
        }
        Start::Response {
            version,
            status,
            phrase,
        } => {
            let hue = Some(status.class());
            start.push(&format!("{version} "), PLAIN);
            start.push(&format!("{status} {}", phrase.text), Style { hue, ..bold });
            "Response"
        }
    };
    let label = if is_wrong {
        format!("{label}, wrong")
    } else {
        label.to_owned()
    };
    let rest = text.trim_end().lines().skip(1).map(Line::plain);
    Block::Verbatim {
        label: Some(Line::new(&label, QUIET)),
        lines: std::iter::once(start).chain(rest).collect(),
    }
}
