//! Owns: the text of a page. Turns Markdown into trusted HTML, section by
//! section, resolves links, checks headings, tables and example messages.
//! The only maker of `Html`.
//!
//! Must not: know the frame around the text, or write files.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use askama::Template;
use pulldown_cmark::{
    BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options,
    Parser, Tag, TagEnd, html::push_html,
};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, SourceFile, Span, first_refused, nearest};
use crate::load::guide::{Guide, Target};
use crate::route::Route;
use crate::status::StatusCode;
use crate::text::exchange::{Block, Exchange};
use crate::text::outline::{self, Need, Outline, Part};

/// What the text may have beside plain Markdown.
pub const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_SMART_PUNCTUATION);

/// The most rows of a comparison's table: what does not decide, does not help.
const COMPARISON_ROWS: usize = 6;

/// The most bytes of a column's name: narrow screens show it beside each cell,
/// so that a long one makes a page as large as its square.
const COLUMN_BYTES: usize = 200;

/// How deep lists, quotations, tables and emphasis may stand in each other. The
/// minifier calls itself for each level, and a stack is not without end. The
/// guide's own texts need seven.
const DEEPEST: usize = 32;

/// With how many signs of quotations and lists a line may begin, before it is
/// parsed: more than can be right, so that a line of code is not taken for one.
const MOST_MARKERS: usize = 100;

/// How many words a reader reads in a minute.
const WORDS_PER_MINUTE: usize = 200;

/// The fragments that templates give to parts of their own, on some page.
const TEMPLATE_IDS: [&str; 16] = [
    "about-these-codes",
    "all",
    "all-codes",
    "all-rules",
    "all-topics",
    "at-a-glance",
    "codes",
    "codes-of-this-class",
    "comparisons",
    "contents-label",
    "counts",
    "downloads",
    "main",
    "related",
    "rule",
    "vendor-codes",
];

/// The fragments of the rows of a code's glance table.
const GLANCE_IDS: [&str; 10] = [
    "ask",
    "cacheable",
    "content",
    "fields",
    "former-names",
    "meanings",
    "method-on-redirect",
    "retry",
    "sent-by",
    "specification",
];

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

/// A link to a page of the guide.
#[derive(Debug)]
pub struct InternalLink {
    /// The page.
    pub route: Route,
    /// The part of it.
    pub fragment: Option<String>,
    /// Where the link stands.
    pub span: Span,
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
        found: RefCell::default(),
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

/// Where a link of a text leads, and the words to show in place of its own:
/// those of a page's title, if the text has the page's name alone.
pub fn destination(
    guide: &Guide,
    link_type: LinkType,
    dest_url: &str,
    id: &str,
) -> (Target, Option<String>) {
    let resolved = is_name(link_type).then(|| guide.resolve(&one_line(id)));
    match (resolved, dest_url.strip_prefix('#')) {
        (Some(Ok(target)), _) => {
            let title = match &target {
                Target::Page { title, .. } if link_type != LinkType::ReferenceUnknown => {
                    title.clone()
                }
                _ => None,
            };
            (target, title)
        }
        (_, Some(fragment)) => (Target::part(fragment), None),
        _ => (Target::External(dest_url.to_owned()), None),
    }
}

/// Whether the destination of a link is a name that the guide resolves.
fn is_name(link_type: LinkType) -> bool {
    matches!(
        link_type,
        LinkType::ShortcutUnknown | LinkType::CollapsedUnknown | LinkType::ReferenceUnknown
    )
}

/// Resolves link destinations while the parser runs, and remembers them.
struct Links<'g> {
    guide: &'g Guide,
    route: &'g Route,
    file: &'g Arc<SourceFile>,
    offset: usize,
    found: RefCell<FoundLinks>,
}

#[derive(Default)]
struct FoundLinks {
    internal: Vec<InternalLink>,
    diagnostics: Diagnostics,
}

impl Links<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(
            self.file,
            self.offset + range.start..self.offset + range.end,
        )
    }

    /// Answers the parser's question what `[label]` or `[text][label]` is.
    fn shorthand<'a>(&self, link: &BrokenLink<'_>) -> Option<(CowStr<'a>, CowStr<'a>)> {
        match self.guide.resolve(&one_line(&link.reference)) {
            Ok(target) => Some((self.href(target, link.span.clone()).into(), "".into())),
            Err((message, help)) => {
                let span = self.span(link.span.clone());
                self.found
                    .borrow_mut()
                    .diagnostics
                    .push(Diagnostic::new(Rule::Link, span, message).help(help));
                None
            }
        }
    }

    /// Whether `label` names the page of a code that nobody registered, which
    /// is marked wherever it appears.
    fn leads_to_vendor_code(&self, label: &str) -> bool {
        let name = label.split_once('#').map_or(label, |(name, _)| name);
        let code = name.parse::<StatusCode>().ok();
        code.and_then(|code| self.guide.codes.get(&code))
            .is_some_and(|document| !document.facts.is_registered())
    }

    fn href(&self, target: Target, range: Range<usize>) -> String {
        match target {
            Target::External(url) => url,
            Target::Page {
                route, fragment, ..
            } => {
                let page = route.as_ref().unwrap_or(self.route);
                let mut href = match &route {
                    Some(to) => self.guide.link(self.route, to),
                    None => String::new(),
                };
                if let Some(fragment) = &fragment {
                    href.push('#');
                    href.push_str(fragment);
                }
                let link = InternalLink {
                    route: page.clone(),
                    fragment,
                    span: self.span(range),
                };
                self.found.borrow_mut().internal.push(link);
                href
            }
        }
    }
}

/// A heading whose text is being read.
struct Heading<'a> {
    level: HeadingLevel,
    id: Option<String>,
    range: Range<usize>,
    events: Vec<Event<'a>>,
    text: String,
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

#[derive(Default)]
struct Table {
    aligned_right: Vec<bool>,
    /// The texts of the head, which narrow screens show beside each cell.
    head: Vec<String>,
    column: usize,
    in_head: bool,
    rows: usize,
    range: Range<usize>,
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
                    self.push(Event::Code(text));
                }
            }
            // A block of HTML is reported as a whole.
            Event::Html(_) => {}
            Event::InlineHtml(html) => self.raw_html(&html, range),
            other => self.push(other),
        }
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

    /// Why there is no image at `path`, and what to write instead.
    fn no_image(&self, path: &str) -> (String, String) {
        let statics = &self.links.guide.statics;
        let below = path.rsplit_once("static/").map_or(path, |(_, below)| below);
        if statics.contains_key(below) {
            return (
                "the path of an image begins inside static/".to_owned(),
                format!("write `{below}`"),
            );
        }
        if path.contains("://") {
            return (
                "this image is elsewhere, and no page loads anything from elsewhere".to_owned(),
                "put the file into static/ and write its path from there".to_owned(),
            );
        }
        let help = match nearest(below, statics.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "put the file into static/ and write its path from there".to_owned(),
        };
        (format!("there is no `{below}` in static/"), help)
    }

    /// Checks how a block of code begins and ends.
    fn check_fence(&mut self, info: &str, range: &Range<usize>) {
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

    fn row_start(&mut self, head: bool) {
        if let Some(table) = &mut self.table {
            table.column = 0;
            table.in_head = head;
            table.rows += usize::from(!head);
        }
        self.markup(if head { "<thead><tr>" } else { "<tr>" });
    }

    /// Cells are written here, since the library's writer would give aligned
    /// ones a `style` attribute, which the content security policy forbids.
    fn cell(&mut self, end: bool) {
        let Some(table) = &mut self.table else { return };
        let right = table
            .aligned_right
            .get(table.column)
            .copied()
            .unwrap_or_default();
        let (name, attributes) = match (table.in_head, table.column) {
            (true, _) => {
                table.head.resize(table.column + 1, String::new());
                ("th", " scope=\"col\"".to_owned())
            }
            (false, 0) => ("th", " scope=\"row\"".to_owned()),
            (false, column) => {
                let label = table
                    .head
                    .get(column)
                    .map(String::as_str)
                    .unwrap_or_default();
                ("td", format!(" data-label=\"{}\"", escaped(label)))
            }
        };
        if end {
            table.column += 1;
            self.markup(format!("</{name}>"));
        } else {
            let class = if right { " class=\"number\"" } else { "" };
            self.markup(format!("<{name}{attributes}{class}>"));
        }
    }

    fn check_columns(&mut self) {
        let Some(table) = &mut self.table else { return };
        let long = |name: &&mut String| name.len() > COLUMN_BYTES;
        let mut is_long = false;
        for name in table.head.iter_mut().filter(long) {
            name.clear();
            is_long = true;
        }
        let range = table.range.clone();
        if is_long {
            self.error(
                Rule::Table,
                range,
                format!("the name of a column has more than {COLUMN_BYTES} bytes"),
                "say it in two or three words; narrow screens repeat it beside each cell",
            );
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.table.take() else {
            return;
        };
        let decides =
            self.kind == Kind::Comparison && self.part.is_some_and(|p| p.id == "differences");
        if decides && table.rows > COMPARISON_ROWS {
            self.error(
                Rule::Table,
                table.range,
                format!(
                    "this table has {} rows; at most {COMPARISON_ROWS} decide",
                    table.rows
                ),
                "keep the rows by which a reader can tell the codes apart",
            );
        }
    }

    /// Reports a destination that does not stand in the link itself as it is:
    /// the Markdown that is published has another one in its place.
    fn check_destination(&mut self, rule: Rule, destination: &str, range: &Range<usize>) {
        let source = self.links.span(range.clone());
        let source = source.file.text.get(source.range).unwrap_or_default();
        if !source.contains(destination) {
            self.error(
                rule,
                range.clone(),
                format!("`{destination}` does not stand here as it is"),
                "write it between the parentheses, without backslashes and character references",
            );
        }
    }

    fn link_start(
        &mut self,
        link_type: LinkType,
        dest_url: CowStr<'a>,
        title: CowStr<'a>,
        id: CowStr<'a>,
        range: Range<usize>,
    ) {
        let resolved = is_name(link_type);
        let mut dest_url = dest_url;
        if resolved {
            // The callback has made the destination. What it cannot change is
            // the text: a page's name reads worse than its title.
            let (_, title_of_page) = destination(self.links.guide, link_type, &dest_url, &id);
            if let Some(page) = title_of_page {
                self.push(Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                }));
                self.push(Event::Text(page.into()));
                self.replaced = true;
                return;
            }
        } else if let Some(fragment) = dest_url.strip_prefix('#') {
            self.check_destination(Rule::Link, &dest_url, &range);
            dest_url = self.links.href(Target::part(fragment), range).into();
        } else if !dest_url.starts_with("https://")
            && !dest_url.starts_with("http://")
            && !dest_url.starts_with("mailto:")
        {
            let text = self.source(&range).split("](").next().unwrap_or_default();
            let text = text.trim_start_matches('[');
            let (message, help) = self.not_an_address(text, &dest_url);
            self.error(Rule::Link, range, message, help);
        }
        if resolved && !self.in_image && self.links.leads_to_vendor_code(&id) {
            self.markup(format!(
                "<a class=\"vendor\" title=\"Not a registered status code\" href=\"{}\">",
                escaped(&dest_url)
            ));
            return;
        }
        self.push(Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }));
    }

    /// What is wrong with a destination that is no address, and what to write
    /// instead.
    fn not_an_address(&self, text: &str, url: &str) -> (String, String) {
        let (path, fragment) = match url.split_once('#') {
            Some((path, fragment)) => (path, format!("#{fragment}")),
            None => (url, String::new()),
        };
        let path = path.trim_end_matches("index.html").trim_matches('/');
        let name = path.trim_end_matches(".md").trim_end_matches(".html");
        let name = name.trim_start_matches("../").trim_start_matches("./");
        let last = name.rsplit('/').next().unwrap_or_default();
        let names = [name.to_owned(), last.to_owned(), format!("topics/{last}")];
        let guide = self.links.guide;
        let page = names.iter().find(|name| {
            !name.is_empty() && matches!(guide.resolve(name), Ok(Target::Page { .. }))
        });
        if let Some(page) = page {
            return (
                format!(
                    "`{url}` is a path, and pages are linked by their names: those stay when files move"
                ),
                format!("write [{text}][{page}{fragment}]"),
            );
        }
        // `www.example.com`, `example.org/page`: a name with a dot, and no file.
        let host = url.split('/').next().unwrap_or_default();
        let is_host = [".com", ".org", ".net", ".io", ".dev"]
            .iter()
            .any(|end| host.len() > end.len() && host.ends_with(end));
        if url.starts_with("www.") || is_host {
            return (
                format!("`{url}` is no whole address"),
                format!("write [{text}](https://{url})"),
            );
        }
        (
            format!("`{url}` is neither a page's name nor an address"),
            "link a page by its name: [text][404], [text][best-practices#methods]; elsewhere: [text](https://…)".to_owned(),
        )
    }

    fn end_heading(&mut self) {
        let Some(heading) = self.heading.take() else {
            return;
        };
        let Heading {
            level,
            id,
            range,
            events,
            text,
        } = heading;
        let source_range = range;
        let level = level as usize;
        let is_convention = self.kind == Kind::Convention;
        if is_convention && level != 3 {
            self.error(
                Rule::Heading,
                source_range,
                "headings of a convention have three hash signs",
                "it is a section of its page, and its own heading is `title` in its front matter; write `### …`",
            );
            return;
        }
        if level == 1 || level > 3 {
            let (message, help) = if level == 1 {
                (
                    "the page has its title from the facts, and no other heading with one hash sign",
                    format!("delete it if it is the title, or write `## {text}`"),
                )
            } else {
                (
                    "headings of the text have two or three hash signs",
                    format!("write `### {text}`, or make it the first words of a paragraph"),
                )
            };
            self.error(Rule::Heading, source_range, message, help);
            return;
        }
        if level == 3 && self.section.is_none() && !is_convention {
            self.error(
                Rule::Heading,
                source_range,
                "this heading of the third level has no heading of the second above it",
                format!("write `## {text}`"),
            );
            return;
        }
        let known = self.check_outline(level, &text, &source_range);
        let id = known
            .map(|p| p.id.to_owned())
            .or(id)
            .unwrap_or_else(|| slug(&text));
        if !id.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)) {
            self.error(
                Rule::Heading,
                source_range.clone(),
                "this fragment cannot stand in every link",
                "use letters, digits and hyphens: `## Heading {#its-own-name}`",
            );
        }
        let id = if is_convention && !id.is_empty() {
            format!("{CONVENTION}-{id}")
        } else {
            id
        };
        let is_of_convention =
            !is_convention && id.starts_with(CONVENTION) && self.ids.contains(CONVENTION);
        if is_of_convention || id.is_empty() || !self.ids.insert(id.clone()) {
            self.error(
                Rule::Heading,
                source_range,
                if id.is_empty() {
                    "this heading has no letters of which a fragment could be made".to_owned()
                } else {
                    format!("the page already has a part `#{id}`, and a link to it could not tell them apart")
                },
                format!("give this one a name of its own: `{} {text} {{#its-own-name}}`", "#".repeat(level)),
            );
        }
        self.body.headings.push(id.clone());
        let mut inner = String::new();
        push_html(&mut inner, events.into_iter());
        if level == 2 {
            self.end_section();
            self.part = known;
            self.section = Some((id, text, Html(inner)));
        } else {
            let (id, title) = (escaped(&id), escaped(&text));
            self.markup(format!(
                "<div class=\"heading\"><h3 id=\"{id}\">{inner}</h3><a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to “{title}”\">#</a></div>"
            ));
        }
    }

    /// The part of the outline that a heading is, if its page has one.
    fn check_outline(
        &mut self,
        level: usize,
        text: &str,
        range: &Range<usize>,
    ) -> Option<&'static Part> {
        let outline = self.kind.outline();
        let (parts, open) = match (level, self.part) {
            (2, _) => (outline.parts, outline.open),
            (_, Some(part)) if !part.parts.is_empty() => (part.parts, outline.open),
            _ => return None,
        };
        let Some(index) = parts.iter().position(|p| p.title == text) else {
            if !open && level == 2 {
                let before = self.seen.len();
                self.strangers
                    .push((range.clone(), text.to_owned(), before));
            } else if !open {
                let titles: Vec<&str> = parts.iter().map(|p| p.title).collect();
                let help = match nearest(text, titles.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the headings here are: {}", titles.join(", ")),
                };
                self.error(
                    Rule::Heading,
                    range.clone(),
                    format!("`{text}` is no heading of such a page"),
                    help,
                );
            }
            return None;
        };
        if level == 2 {
            if let Some(last) = self.seen.last()
                && *last > index
            {
                let before = parts[*last].title;
                self.error(
                    Rule::Heading,
                    range.clone(),
                    format!("`{text}` stands before `{before}` on every page, so that readers know where to look"),
                    format!("move the section up, above `## {before}`"),
                );
            }
            self.seen.push(index);
            self.places.push(range.start);
        }
        Some(&parts[index])
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

    fn end_code(&mut self) {
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
    fn http(&mut self, block: &Block) {
        self.body.messages += 1;
        let added = self.exchange.add(self.links.guide, block);
        for fault in added.faults {
            self.error(fault.rule, fault.range, fault.message, fault.help);
        }
        if self.part.is_some_and(|part| part.id == "example") {
            self.responses_in_example.extend(added.response);
        }
    }

    fn end_exchange(&mut self) {
        if self.exchange.is_empty() {
            return;
        }
        let exchange = std::mem::take(&mut self.exchange);
        // A template without fallible filters fails only if memory does.
        let html = exchange.render().unwrap_or_default();
        self.events.push(Event::Html(html.into()));
    }

    /// A line of the text from its start to its end, for the byte `at`.
    fn start_of_line(&self, at: usize) -> Range<usize> {
        let text = &self.links.file.text[self.links.offset..];
        if at >= text.len() {
            // The last line that is not empty shows more than the end does.
            return text.len()..text.len();
        }
        at..at + text[at..].find('\n').unwrap_or(text.len() - at)
    }

    /// Reports the headings that the outline does not have. Returns the parts
    /// that they stand for, so that these are not reported as missing as well:
    /// the one of the nearest name, or else the only one that is missing there.
    fn strange_headings(&mut self, is_needed: &impl Fn(Need) -> bool) -> BTreeSet<usize> {
        let parts = self.kind.outline().parts;
        let mut explained = BTreeSet::new();
        for (range, text, before) in std::mem::take(&mut self.strangers) {
            let missing = |index: &usize| {
                is_needed(parts[*index].need)
                    && !self.seen.contains(index)
                    && !explained.contains(index)
            };
            let last = before.checked_sub(1).and_then(|at| self.seen.get(at));
            let first = last.map_or(0, |last| last + 1);
            let end = self.seen.get(before).copied().unwrap_or(parts.len());
            let here: Vec<usize> = (first..end.max(first)).filter(missing).collect();
            let near = nearest(&text, parts.iter().map(|part| part.title));
            let near = near.and_then(|near| parts.iter().position(|part| part.title == near));
            let meant = near.or(match here.as_slice() {
                [only] => Some(*only),
                _ => None,
            });
            let above =
                (parts.iter()).find(|part| part.parts.iter().any(|part| part.title == text));
            let message = match above {
                Some(_) => format!(
                    "`{text}` is a heading of the third level, so that its fragment is the same on every page"
                ),
                None => format!(
                    "`{text}` is no heading of such a page: all of them have the same, so that links to their parts work everywhere"
                ),
            };
            let help = match (above, meant) {
                (Some(above), _) => format!("write `### {text}`, below `## {}`", above.title),
                (None, Some(part)) => format!("did you mean `## {}`?", parts[part].title),
                (None, None) => {
                    let titles: Vec<&str> = parts.iter().map(|part| part.title).collect();
                    format!("the headings here are: {}", titles.join(", "))
                }
            };
            explained.extend(meant);
            self.error(Rule::Heading, range, message, help);
        }
        explained
    }

    /// The page, and what is wrong with it. Of a text that was not read to its
    /// end, nobody knows what it lacks.
    fn finish(mut self, is_whole: bool) -> (Body, Diagnostics) {
        self.end_section();
        if !is_whole {
            return (self.body, self.diagnostics);
        }
        let end = self.links.file.text.len() - self.links.offset;
        let outline = self.kind.outline();
        let complete = self
            .seen
            .iter()
            .any(|at| outline.parts[*at].need == Need::Complete);
        let is_needed = |need: Need| match need {
            Need::Always => true,
            Need::Complete | Need::Implied => complete,
            Need::Optional => false,
        };
        let mut explained = self.strange_headings(&is_needed);
        if self.unclosed {
            explained.extend(0..outline.parts.len());
        }
        for (index, part) in outline.parts.iter().enumerate() {
            let missing = is_needed(part.need) && !self.seen.contains(&index);
            if missing && !explained.contains(&index) {
                let next = self.seen.iter().position(|seen| *seen > index);
                let (at, place) = match next {
                    Some(next) => (
                        self.places[next],
                        format!("above `## {}`", outline.parts[self.seen[next]].title),
                    ),
                    None => (end, "at the end".to_owned()),
                };
                let at = self.start_of_line(at);
                self.error(
                    Rule::Heading,
                    at,
                    format!(
                        "this page has no section `## {}`, which others may link to as `#{}`",
                        part.title, part.id
                    ),
                    format!("add it {place}"),
                );
            }
        }
        let needs_lead = match self.kind {
            Kind::Code(_) => !complete,
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
            self.error(Rule::EmptyPage, end..end, "this page has no text", help);
        }
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
        (self.body, self.diagnostics)
    }
}

/// The first line that begins with so many quotations and lists that the parser,
/// which goes through all of them in each line that follows, would take the
/// square of the time.
fn deep_line(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let markers = markers(line);
        if markers > MOST_MARKERS && !is_rule(line) {
            return Some(start..start + line.trim_end().len());
        }
        start += line.len();
    }
    None
}

/// Whether the line is a thematic break: `- - -`.
fn is_rule(line: &str) -> bool {
    ['-', '*', '_']
        .iter()
        .any(|sign| line.chars().all(|c| c == *sign || c.is_ascii_whitespace()))
}

/// With how many signs of quotations and lists a line begins.
fn markers(line: &str) -> usize {
    let mut count = 0;
    let mut rest = line.trim_start_matches([' ', '\t']);
    loop {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let behind = match rest.strip_prefix('>') {
            Some(behind) => Some(behind),
            None if digits.len() < rest.len() => digits.strip_prefix(['.', ')']),
            None => rest.strip_prefix(['-', '+', '*']),
        };
        let Some(behind) = behind else { return count };
        let next = behind.trim_start_matches([' ', '\t']);
        if !rest.starts_with('>') && next.len() == behind.len() {
            return count;
        }
        count += 1;
        rest = next;
    }
}

/// The name between square brackets, which may go on in the next line.
pub fn one_line(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text for an attribute or an element.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    // Writing to a string cannot fail.
    let _ = pulldown_cmark_escape::escape_html(&mut html, text);
    html
}

/// A fragment made of the words of a heading.
fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fragment_of_a_template_is_kept_from_headings() {
        let templates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut found = BTreeSet::new();
        let entries = std::fs::read_dir(templates).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        for path in paths.filter(|path| path.is_file()) {
            let text = std::fs::read_to_string(path).unwrap();
            for (at, marker) in text.match_indices(" id=\"") {
                let id = text[at + marker.len()..]
                    .split('"')
                    .next()
                    .unwrap_or_default();
                if !id.contains('{') {
                    found.insert(id.to_owned());
                }
            }
        }
        // The rows at a glance stand in a list, which gives each its fragment.
        let rows = include_str!("../load/glance.rs");
        for marker in ["Row::words(\"", "Row::new(\""] {
            for (at, marker) in rows.match_indices(marker) {
                let id = rows[at + marker.len()..].split('"').next();
                found.extend(id.map(str::to_owned));
            }
        }
        let known = TEMPLATE_IDS.iter().chain(&GLANCE_IDS);
        let known: BTreeSet<String> = known.map(|id| (*id).to_owned()).collect();
        assert_eq!(found, known);
    }

    #[test]
    fn the_signs_of_quotations_and_lists_before_a_line_are_counted() {
        for (line, count) in [
            ("text", 0),
            ("> text", 1),
            ("  > - 1. 22) + * text", 6),
            ("-text", 0),
            ("1.text > - ", 0),
            (">>>", 3),
            ("2026 > a", 0),
            ("- \n", 1),
        ] {
            assert_eq!(markers(line), count, "{line:?}");
        }
        assert_eq!(deep_line(&"- ".repeat(200)), None);
        let deep = format!("a\n{}b\n", "- ".repeat(200));
        assert_eq!(deep_line(&deep), Some(2..403));
    }

    #[test]
    fn a_fragment_is_made_of_the_words_of_its_heading() {
        assert_eq!(
            slug("Never 200 with an error inside"),
            "never-200-with-an-error-inside"
        );
        assert_eq!(slug("  `Retry-After`, or not? "), "retry-after-or-not");
        assert_eq!(slug("…"), "");
    }
}
