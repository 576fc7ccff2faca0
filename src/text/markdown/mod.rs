//! Owns: the text of a page. Turns Markdown into trusted HTML, section by section.
//! The only maker of `Html`. Each kind of thing in a text has its file beside it.
//!
//! Must not: know the frame around the text, or write files.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{
    BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd,
    html::push_html,
};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, SourceFile, first_refused};
use crate::load::guide::Guide;
use crate::route::Route;
use crate::status::StatusCode;
use crate::text::exchange::{Block, Exchange};
use crate::text::outline::{self, Outline, Part};

mod code;
mod headings;
mod links;
mod nesting;
mod tables;

pub use links::{InternalLink, destination, one_line};

use headings::{GLANCE_IDS, Heading, TEMPLATE_IDS};
use links::{FoundLinks, Links};
use nesting::deep_line;
use tables::Table;

/// What the text may have beside plain Markdown.
pub const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_SMART_PUNCTUATION);

/// How deep lists, quotations, tables and emphasis may stand in each other. The
/// minifier calls itself for each level, and a stack is not without end. The
/// guide's own texts need seven.
const DEEPEST: usize = 32;

/// How many words a reader reads in a minute.
const WORDS_PER_MINUTE: usize = 200;

/// The fragment of a team's convention on its page, and what the fragments of
/// the headings in it begin with.
pub const CONVENTION: &str = "our-convention";

/// HTML that templates may insert as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Html {}

/// What kind of page a text is for; decides its headings and further rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The page of this code.
    Code(StatusCode),
    /// The page of this code, which nobody registered.
    Vendor(StatusCode),
    /// A class page.
    Class,
    /// A comparison.
    Comparison,
    /// What a team adds to a page: a section in itself.
    Convention,
    /// Any other page.
    Free,
}

impl Kind {
    fn outline(self) -> &'static Outline {
        match self {
            Self::Code(_) => &outline::CODE,
            Self::Vendor(_) => &outline::VENDOR,
            Self::Class => &outline::CLASS,
            Self::Comparison => &outline::COMPARISON,
            Self::Convention | Self::Free => &outline::FREE,
        }
    }
}

/// The text of a page, rendered.
#[derive(Debug, Default)]
pub struct Body {
    /// What stands before the first heading.
    pub lead: Html,
    /// The parts of the page in order.
    pub sections: Vec<Section>,
    /// Words of running text, without code blocks.
    pub words: usize,
    /// Example messages that were checked.
    pub messages: usize,
    /// Links to the guide's own pages, for the check of their fragments.
    pub links: Vec<InternalLink>,
    /// The fragments of all headings, in order.
    pub headings: Vec<String>,
    /// What a team adds to the page. Its words, messages and links are among
    /// those of the page.
    pub convention: Option<Box<Body>>,
}

impl Body {
    /// Gives back the memory of what only the page itself needs, once that is
    /// made: the HTML, and the links to whole pages.
    pub fn let_go(&mut self) {
        self.lead = Html::default();
        self.sections = Vec::new();
        self.links.retain(|link| link.fragment.is_some());
        self.links.shrink_to_fit();
    }

    /// How long the text takes to read, at least one minute.
    pub fn minutes(&self) -> usize {
        self.words.div_ceil(WORDS_PER_MINUTE).max(1)
    }

    /// Adds what a team says on this page.
    pub fn add_convention(&mut self, mut convention: Self) {
        self.words += convention.words;
        self.messages += convention.messages;
        self.links.append(&mut convention.links);
        self.convention = Some(Box::new(convention));
    }
}

/// A second-level heading and what follows it.
#[derive(Debug)]
pub struct Section {
    /// The fragment.
    pub id: String,
    /// The heading as text.
    pub title: String,
    /// The heading with its markup.
    pub heading: Html,
    /// What follows.
    pub html: Html,
}

/// Renders the Markdown in `file.text[body]` as the page `route`.
pub fn render(
    guide: &Guide,
    route: &Route,
    kind: Kind,
    file: &Arc<SourceFile>,
    body: Range<usize>,
) -> (Body, Diagnostics) {
    let links = Links {
        guide,
        route,
        file,
        offset: body.start,
        found: FoundLinks::default().into(),
    };
    let text = &file.text[body.clone()];
    if let Some(range) = deep_line(text) {
        let mut writer = Writer::new(&links, kind);
        writer.too_deep(range);
        return writer.finish(false);
    }
    let callback = |link: BrokenLink<'_>| links.shorthand(&link);
    let parser = Parser::new_with_broken_link_callback(text, OPTIONS, Some(callback));
    let mut writer = Writer::new(&links, kind);
    let (mut depth, mut is_whole) = (0_usize, true);
    for (event, range) in parser.into_offset_iter() {
        writer.check_characters(&event, &range);
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            // What comes next may be as deep: it is not read.
            writer.too_deep(range);
            is_whole = false;
            break;
        }
        if depth > 1 && matches!(event, Event::Start(Tag::Heading { .. })) {
            writer.error(
                Rule::Heading,
                range.clone(),
                "this heading stands inside of a list or a quotation",
                "a heading begins a part of the page: put it before, or write bold text",
            );
        }
        writer.event(event, range);
    }
    let (mut body, mut diagnostics) = writer.finish(is_whole);
    let found = links.found.into_inner();
    diagnostics.append(found.diagnostics);
    body.links = found.internal;
    (body, diagnostics)
}

/// The events of a text that was rendered without an error, for writers of
/// other forms than HTML. `destination` says where its links lead.
pub fn events<'a>(guide: &'a Guide, text: &'a str) -> impl Iterator<Item = Event<'a>> {
    let callback = |link: BrokenLink<'_>| {
        let target = guide.resolve(&one_line(&link.reference)).ok();
        target.map(|_| (CowStr::Borrowed(""), CowStr::Borrowed("")))
    };
    Parser::new_with_broken_link_callback(text, OPTIONS, Some(callback))
}

/// The words of a text without an error, for a search: all but its examples.
pub fn words(guide: &Guide, text: &str) -> String {
    let mut words = String::new();
    let mut in_code = false;
    for event in events(guide, text) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(text) | Event::Code(text) if !in_code => words.push_str(&text),
            Event::End(
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Strikethrough,
            ) => {}
            Event::SoftBreak | Event::HardBreak | Event::End(_) => words.push(' '),
            _ => {}
        }
    }
    one_line(&words)
}

/// Turns the parser's events into sections.
struct Writer<'l, 'g, 'a> {
    links: &'l Links<'g>,
    kind: Kind,
    body: Body,
    diagnostics: Diagnostics,
    events: Vec<Event<'a>>,
    section: Option<(String, String, Html)>,
    heading: Option<Heading<'a>>,
    code: Option<Block>,
    exchange: Exchange,
    /// Whether the text of the current link is replaced by a page's title.
    replaced: bool,
    /// Whether an image's alternative text is being read, which has no markup.
    in_image: bool,
    table: Option<Table>,
    ids: BTreeSet<String>,
    /// The outline's parts that were seen: the index of each, in order.
    seen: Vec<usize>,
    part: Option<&'static Part>,
    /// Second-level headings that the outline does not have: the place and
    /// text of each, and how many of `seen` stand before it.
    strangers: Vec<(Range<usize>, String, usize)>,
    /// Where the first heading of each of `seen` stands.
    places: Vec<usize>,
    /// The HTML elements that were reported and may still end.
    opened: BTreeSet<String>,
    /// Whether a block of code has no end, so that what is missing is in it.
    unclosed: bool,
    responses_in_example: Vec<(StatusCode, Range<usize>)>,
}

impl<'l, 'g, 'a> Writer<'l, 'g, 'a> {
    fn new(links: &'l Links<'g>, kind: Kind) -> Self {
        let mut ids: BTreeSet<String> = TEMPLATE_IDS.map(str::to_owned).into();
        if matches!(kind, Kind::Code(_) | Kind::Vendor(_)) {
            ids.extend(GLANCE_IDS.map(str::to_owned));
        }
        if links.guide.conventions.contains_key(links.route) {
            ids.insert(CONVENTION.to_owned());
        }
        Self {
            links,
            kind,
            body: Body::default(),
            diagnostics: Diagnostics::default(),
            events: Vec::new(),
            section: None,
            heading: None,
            code: None,
            exchange: Exchange::default(),
            replaced: false,
            in_image: false,
            table: None,
            ids,
            seen: Vec::new(),
            part: None,
            strangers: Vec::new(),
            places: Vec::new(),
            opened: BTreeSet::new(),
            unclosed: false,
            responses_in_example: Vec::new(),
        }
    }

    fn error(
        &mut self,
        rule: Rule,
        range: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let span = self.links.span(range);
        self.diagnostics
            .push(Diagnostic::new(rule, span, message).help(help));
    }

    /// Reports a character that has no place in text. None is in the file, but
    /// a character reference, `&#27;`, can bring one in.
    fn check_characters(&mut self, event: &Event<'a>, range: &Range<usize>) {
        let texts: [&str; 2] = match event {
            Event::Text(text) | Event::Code(text) => [text, ""],
            Event::Start(
                Tag::Link {
                    dest_url, title, ..
                }
                | Tag::Image {
                    dest_url, title, ..
                },
            ) => [dest_url, title],
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => [info, ""],
            _ => return,
        };
        if let Some((_, message)) = texts.into_iter().find_map(first_refused) {
            self.error(
                Rule::Encoding,
                range.clone(),
                message,
                "delete the character reference, or put it into backticks",
            );
        }
    }

    fn too_deep(&mut self, range: Range<usize>) {
        self.error(
            Rule::Nesting,
            range,
            format!("this stands inside of {DEEPEST} other things"),
            "nobody can follow that; begin a section, or write two lists",
        );
    }

    fn push(&mut self, event: Event<'a>) {
        if let Some(heading) = &mut self.heading {
            heading.events.push(event);
            return;
        }
        self.end_exchange();
        self.events.push(event);
    }

    fn markup(&mut self, html: impl Into<CowStr<'a>>) {
        self.push(Event::Html(html.into()));
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        if let Some(code) = &mut self.code {
            match event {
                Event::Text(text) => {
                    code.push(&text, range);
                }
                Event::End(TagEnd::CodeBlock) => self.end_code(),
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => {
                self.count(&text);
                if !self.replaced {
                    self.push(Event::Text(text));
                }
            }
            Event::Code(text) => {
                self.count(&text);
                if !self.replaced {
                    self.code_span(text);
                }
            }
            // A block of HTML is reported as a whole.
            Event::Html(_) => {}
            Event::InlineHtml(html) => self.raw_html(&html, range),
            other => self.push(other),
        }
    }

    /// Code among words. In the narrow columns of a table a line may end after
    /// each `_` of a long name, rather than anywhere in it.
    fn code_span(&mut self, text: CowStr<'a>) {
        if self.table.is_none() || !text.contains('_') {
            self.push(Event::Code(text));
            return;
        }
        self.markup("<code>");
        for (i, word) in text.split_inclusive('_').enumerate() {
            if i > 0 {
                self.markup("<wbr>");
            }
            self.push(Event::Text(word.to_owned().into()));
        }
        self.markup("</code>");
    }

    fn raw_html(&mut self, html: &str, range: Range<usize>) {
        let name = html.trim_start_matches(['<', '/']);
        let name = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '!' && c != '-');
        let name = name.into_iter().next().unwrap_or_default().to_lowercase();
        // The tag that opens the element has been reported.
        if html.starts_with("</") && self.opened.remove(&name) {
            return;
        }
        let (message, help) = match name.as_str() {
            _ if html.starts_with("<!--") => (
                "a comment of HTML is no part of the text".to_owned(),
                "delete it; in the facts, a line that begins with `#` is a comment".to_owned(),
            ),
            "b" | "strong" => (String::new(), "write `**bold**`".to_owned()),
            "i" | "em" => (String::new(), "write `*emphasis*`".to_owned()),
            "code" | "kbd" | "samp" | "tt" => {
                (String::new(), "put the text in backticks".to_owned())
            }
            "br" => (
                String::new(),
                "begin a new paragraph with an empty line, or make it a list".to_owned(),
            ),
            "a" => (
                String::new(),
                "write `[text][404]` for a page of the guide, `[text](https://…)` for any other"
                    .to_owned(),
            ),
            "img" => (
                String::new(),
                "write `![what it shows](file.png)`, with the file in static/".to_owned(),
            ),
            "table" | "tr" | "td" | "th" => (
                String::new(),
                "write a table with `|` between the cells".to_owned(),
            ),
            "div" | "span" | "p" | "center" | "font" | "u" | "small" | "sup" | "sub"
            | "details" | "hr" => (
                String::new(),
                "write the text alone, with an empty line between paragraphs".to_owned(),
            ),
            _ => (
                format!("`{}` reads as HTML", one_line(html)),
                format!("put it in backticks: `` `{}` ``", one_line(html)),
            ),
        };
        let message = if message.is_empty() {
            format!("<{name}> is HTML, and the text is Markdown: HTML would escape every check")
        } else {
            message
        };
        self.opened.insert(name);
        self.error(Rule::RawHtml, range, message, help);
    }

    fn count(&mut self, text: &str) {
        self.body.words += text.split_whitespace().count();
        if let Some(table) = self.table.as_mut().filter(|table| table.in_head)
            && let Some(label) = table.head.get_mut(table.column)
        {
            label.push_str(text);
        }
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
        }
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, id, .. } => {
                self.end_exchange();
                self.heading = Some(Heading {
                    level,
                    id: id.map(String::from),
                    range,
                    events: Vec::new(),
                    text: String::new(),
                });
            }
            Tag::CodeBlock(kind) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => {
                        self.check_fence(&info, &range);
                        info.to_string()
                    }
                    CodeBlockKind::Indented => {
                        self.error(
                            Rule::Fence,
                            range.clone(),
                            "four spaces at the start of a line make it code, of no language",
                            "delete the spaces, or write a line ```sh above it and ``` below it",
                        );
                        String::new()
                    }
                };
                self.code = Some(Block::new(info, range));
            }
            Tag::BlockQuote(Some(kind)) => {
                let (class, label) = match kind {
                    BlockQuoteKind::Note => ("note", "Note"),
                    BlockQuoteKind::Tip => ("tip", "Tip"),
                    BlockQuoteKind::Important => ("important", "Important"),
                    BlockQuoteKind::Warning => ("warning", "Warning"),
                    BlockQuoteKind::Caution => ("caution", "Caution"),
                };
                self.markup(format!("<div class=\"callout {class}\" role=\"note\"><p class=\"callout-label\">{label}</p>"));
            }
            Tag::Table(alignments) => {
                let aligned_right = alignments
                    .iter()
                    .map(|a| *a == pulldown_cmark::Alignment::Right)
                    .collect();
                self.table = Some(Table {
                    aligned_right,
                    range,
                    ..Table::default()
                });
                self.markup("<div class=\"table\"><table>");
            }
            Tag::TableHead => self.row_start(true),
            Tag::TableRow => self.row_start(false),
            Tag::TableCell => self.cell(false),
            Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            } => {
                self.link_start(link_type, dest_url, title, id, range);
            }
            Tag::Image {
                dest_url,
                title,
                id,
                link_type,
            } => {
                let path = dest_url.to_string();
                self.in_image = true;
                self.check_destination(Rule::Image, &path, &range);
                if !self.links.guide.statics.contains_key(&path) {
                    let (message, help) = self.no_image(&path);
                    self.error(Rule::Image, range.clone(), message, help);
                } else if self.source(&range).starts_with("![]") {
                    self.error(
                        Rule::Image,
                        range,
                        "this image says nothing to those who cannot see it",
                        format!(
                            "write what it shows between the brackets: `![A sketch of …]({path})`"
                        ),
                    );
                }
                let route = Route::Static(path);
                let dest_url = self.links.guide.link(self.links.route, &route).into();
                self.push(Event::Start(Tag::Image {
                    link_type,
                    dest_url,
                    title,
                    id,
                }));
            }
            Tag::Paragraph => {
                let source = self.source(&range);
                let hashes = source.len() - source.trim_start_matches('#').len();
                let behind = source[hashes..].chars().next();
                if (2..=6).contains(&hashes) && behind.is_some_and(char::is_alphanumeric) {
                    let line = source.lines().next().unwrap_or_default();
                    self.error(
                        Rule::Heading,
                        range.start..range.start + line.len(),
                        "without a space behind its hash signs this is no heading",
                        format!("write `{} {}`", &line[..hashes], &line[hashes..]),
                    );
                }
                self.push(Event::Start(Tag::Paragraph));
            }
            Tag::HtmlBlock => {
                let html = self.source(&range).trim_end().to_owned();
                self.raw_html(&html, range.start..range.start + html.len());
                self.opened.clear();
            }
            other => self.push(Event::Start(other)),
        }
    }

    /// The Markdown in `range`.
    fn source(&self, range: &Range<usize>) -> &'l str {
        let links: &'l Links<'g> = self.links;
        links.file.text[links.offset..]
            .get(range.clone())
            .unwrap_or_default()
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(Some(_)) => self.markup("</div>"),
            TagEnd::Table => {
                self.markup("</tbody></table></div>");
                self.end_table();
            }
            TagEnd::TableHead => {
                self.check_columns();
                self.markup("</tr></thead><tbody>");
            }
            TagEnd::TableRow => self.markup("</tr>"),
            TagEnd::TableCell => self.cell(true),
            TagEnd::Link => {
                self.replaced = false;
                self.push(Event::End(TagEnd::Link));
            }
            TagEnd::HtmlBlock => {}
            TagEnd::Image => {
                self.in_image = false;
                self.push(Event::End(tag));
            }
            other => self.push(Event::End(other)),
        }
    }

    fn end_section(&mut self) {
        self.end_exchange();
        let mut html = String::new();
        push_html(&mut html, self.events.drain(..));
        match self.section.take() {
            Some((id, title, heading)) => self.body.sections.push(Section {
                id,
                title,
                heading,
                html: Html(html),
            }),
            None => self.body.lead = Html(html),
        }
    }

    /// The page, and what is wrong with it. Of a text that was not read to its
    /// end, nobody knows what it lacks.
    fn finish(mut self, is_whole: bool) -> (Body, Diagnostics) {
        self.end_section();
        if !is_whole {
            return (self.body, self.diagnostics);
        }
        let is_complete = self.is_complete();
        self.missing_headings(is_complete);
        self.no_text(is_complete);
        self.other_example();
        (self.body, self.diagnostics)
    }

    /// Reports a page that says nothing.
    fn no_text(&mut self, is_complete: bool) {
        let needs_lead = match self.kind {
            Kind::Code(_) => !is_complete,
            Kind::Vendor(_) => true,
            _ => false,
        };
        let short_without_text = needs_lead && self.body.lead.is_empty();
        let says_nothing =
            short_without_text || (self.body.words == 0 && self.body.sections.is_empty());
        // What is wrong may be the text that is not there.
        if says_nothing && self.diagnostics.is_empty() {
            let help = if self.kind == Kind::Convention {
                "write what your team does here, and why"
            } else if self.body.messages > 0 || !self.body.lead.is_empty() {
                "write a sentence that says what the example shows"
            } else {
                "write a paragraph below the second `+++`"
            };
            let end = self.length();
            self.error(Rule::EmptyPage, end..end, "this page has no text", help);
        }
    }

    /// Reports an example of a page about a code in which that does not come.
    fn other_example(&mut self) {
        if let Kind::Code(code) | Kind::Vendor(code) = self.kind
            && let Some((_, range)) = self.responses_in_example.first().cloned()
            && !self
                .responses_in_example
                .iter()
                .any(|(status, _)| *status == code)
        {
            self.error(
                Rule::Status,
                range,
                format!("this page is about {code}, and no response under \"Example\" is a {code}"),
                "correct the status line, or add the exchange that shows the code",
            );
        }
    }

    /// The bytes of the text, behind which stands what is nowhere in it.
    fn length(&self) -> usize {
        self.links.file.text.len() - self.links.offset
    }
}

/// Text for an attribute or an element.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    // Writing to a string cannot fail.
    let _ = pulldown_cmark_escape::escape_html(&mut html, text);
    html
}
