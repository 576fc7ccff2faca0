//! Owns: what an error in the input looks like. `SourceFile`, `Span`, `Rule`,
//! `Diagnostic`, and how a list of them is sorted and printed; and which
//! characters no text has.
//!
//! Must not: know what any rule checks, or read a file.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

/// A text file of the input, with the name under which errors mention it.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path as the user would type it, with `/` between folders.
    pub name: String,
    /// Text with line ends normalised to `\n`; empty where there is none.
    pub text: String,
}

/// A range of bytes in one source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The file that the range is in.
    pub file: Arc<SourceFile>,
    /// Byte offsets into `file.text`.
    pub range: Range<usize>,
}

impl Span {
    /// A span of `range` in `file`, and of the whole of each character in it:
    /// whoever reports a place need not know how long the character there is.
    pub fn new(file: &Arc<SourceFile>, range: Range<usize>) -> Self {
        let start = file.text.floor_char_boundary(range.start);
        let end = file.text.ceil_char_boundary(range.end);
        Self {
            file: Arc::clone(file),
            range: start..end.max(start),
        }
    }

    /// The very start of `file`, for errors about the file as a whole.
    pub fn start_of(file: &Arc<SourceFile>) -> Self {
        Self::new(file, 0..0)
    }

    /// Line and column, both from 1; the column counts characters.
    pub fn position(&self) -> (usize, usize) {
        let place = Cursor::default().seek(self);
        (place.line, place.column)
    }

    /// The lines that the span touches, and the span within them.
    pub fn excerpt(&self) -> Option<Excerpt<'_>> {
        self.excerpt_from(Cursor::default().seek(self).line_start)
    }

    /// The lines that the span touches, and the span within them: at most
    /// three lines, and of a line that is very long the part around the span.
    /// `line_start` is where the first of them begins.
    fn excerpt_from(&self, line_start: usize) -> Option<Excerpt<'_>> {
        let text = self.file.text.as_str();
        let floor = |at: usize| text.floor_char_boundary(at);
        let start = floor(self.range.start);
        let from = floor(line_start.max(start.saturating_sub(EXCERPT)));
        let most = floor(start.saturating_add(EXCERPT));
        let mut end = start;
        for _ in 0..3 {
            end += text[end..most]
                .find('\n')
                .map_or(most - end, |length| length + 1);
            if end >= self.range.end || end >= most {
                break;
            }
        }
        let excerpt = text[from..end].trim_end_matches('\n');
        let within = |at: usize| floor(at.min(from + excerpt.len())).saturating_sub(from);
        let within = within(start)..within(self.range.end.max(start));
        (!excerpt.is_empty()).then_some(Excerpt {
            text: excerpt,
            within,
            is_cut: from > line_start,
        })
    }
}

/// What is shown of a file.
pub struct Excerpt<'t> {
    /// The lines, without the end of the last.
    pub text: &'t str,
    /// The bytes of it that are wrong.
    pub within: Range<usize>,
    /// Whether the first line is shown from its middle on.
    is_cut: bool,
}

/// How many bytes of a line are shown before and behind the start of an error.
/// Without a limit, a line with thousands of errors is printed thousands of
/// times.
const EXCERPT: usize = 400;

/// A place in a file, as people count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    line: usize,
    column: usize,
    /// Where the line begins.
    line_start: usize,
}

/// Finds places that come in order in one pass over the text: counting from
/// the start for each would take the square of the time.
#[derive(Default)]
struct Cursor<'d> {
    file: Option<&'d Arc<SourceFile>>,
    at: usize,
    place: Option<Place>,
}

impl<'d> Cursor<'d> {
    /// The place of the start of `span`.
    fn seek(&mut self, span: &'d Span) -> Place {
        let text = span.file.text.as_str();
        let to = text.floor_char_boundary(span.range.start);
        let goes_on = self.file.is_some_and(|file| Arc::ptr_eq(file, &span.file)) && self.at <= to;
        let first = Place {
            line: 1,
            column: 1,
            line_start: 0,
        };
        let (at, mut place) = match self.place {
            Some(place) if goes_on => (self.at, place),
            _ => (0, first),
        };
        let between = &text[at..to];
        if let Some(last) = between.rfind('\n') {
            place.line += between.matches('\n').count();
            place.line_start = at + last + 1;
            place.column = 1;
        }
        let counted = at.max(place.line_start);
        place.column += text[counted..to].chars().count();
        *self = Self {
            file: Some(&span.file),
            at: to,
            place: Some(place),
        };
        place
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// Every rule that content can break. CONTRIBUTING.md gives the reason
        /// and the cure for each, and a test keeps the two lists the same.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[doc = $doc])+ $variant,)+ }

        impl Rule {
            /// All rules, in the order of this file.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name that errors print and that documentation uses.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What breaks it, in a sentence.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+),)+ }
            }
        }
    };
}

rules! {
    /// A place that is marked to be filled in.
    FillIn = "fill-in",
    /// A file that the guide needs is not there.
    FileMissing = "file-missing",
    /// A file or folder has a name that makes no good URL, or no place here.
    FileName = "file-name",
    /// A page is larger than any reader would want.
    FileSize = "file-size",
    /// A file cannot be read.
    FileUnreadable = "file-unreadable",
    /// A link in the file system leads outside, nowhere, or in a circle.
    FileLink = "file-link",
    /// Text is not UTF-8, or has characters that no text has.
    Encoding = "encoding",
    /// Front matter is absent, unfinished or not TOML.
    FrontMatter = "front-matter",
    /// A key of front matter or configuration is not known here.
    UnknownKey = "unknown-key",
    /// A required key is not there.
    MissingKey = "missing-key",
    /// A value has the wrong type or form.
    InvalidValue = "invalid-value",
    /// Two pages claim the same code, name or file.
    Duplicate = "duplicate",
    /// A fact disagrees with another fact of the same page.
    Contradiction = "contradiction",
    /// A value names a topic, field or code that the guide does not have.
    UnknownName = "unknown-name",
    /// A sentence is longer than its place allows.
    TooLong = "too-long",
    /// Headings are missing, unknown, out of order or repeated.
    Heading = "heading",
    /// A page has no text where it needs some.
    EmptyPage = "empty-page",
    /// Lists, quotations or emphasis stand too deep in each other.
    Nesting = "nesting",
    /// A table does not have the form that its page needs.
    Table = "table",
    /// A decision tree leads in a circle, nowhere, or too far.
    Decision = "decision",
    /// A code is called related by a page that does not say how.
    Related = "related",
    /// Code without a fence, without its end, or without its language.
    Fence = "fence",
    /// Raw HTML in Markdown.
    RawHtml = "raw-html",
    /// A link leads nowhere, or is not written as links are written here.
    Link = "link",
    /// A link's fragment does not exist on its page.
    Fragment = "fragment",
    /// An image has no alternative text, or no file.
    Image = "image",
    /// An example's start line is not one of HTTP/1.1.
    StartLine = "start-line",
    /// An example's status line disagrees with the registry or with its page.
    Status = "status",
    /// A line of an example's header section is malformed.
    FieldLine = "field-line",
    /// An example lacks a field that its status code or method requires.
    MissingField = "missing-field",
    /// `Content-Length` is absent, wrong or not allowed.
    ContentLength = "content-length",
    /// An example has content where there must be none, or none where needed.
    Content = "content",
    /// A date is impossible, in the wrong form or on the wrong weekday.
    Date = "date",
    /// JSON content does not parse.
    Json = "json",
    /// Problem details disagree with their response.
    Problem = "problem",
    /// A finished page breaks a promise that every page keeps.
    Page = "page",
}

/// One error: what is wrong, where, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that is broken.
    pub rule: Rule,
    /// Where it is broken.
    pub span: Span,
    /// What is wrong, in one sentence without a final full stop.
    pub message: String,
    /// What to type instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without a suggestion.
    pub fn new(rule: Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            span,
            message: message.into(),
            help: None,
        }
    }

    /// The same error with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// With the source line; coloured if `color`.
    Human {
        /// Whether to write ANSI colours.
        color: bool,
    },
    /// `path:line:col: error[rule]: text`, a line each.
    Short,
    /// Workflow commands that GitHub Actions shows beside the changed lines.
    GitHub,
}

/// The errors of one run.
#[derive(Debug, Default, Clone)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one error.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all errors of `other`.
    pub fn append(&mut self, mut other: Self) {
        self.list.append(&mut other.list);
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The errors in the order of file, place and rule, each once.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut list: Vec<_> = self.list.iter().collect();
        list.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.span.range.start, d.rule, d.span.range.end);
            (a.span.file.name.cmp(&b.span.file.name))
                .then_with(|| key(a).cmp(&key(b)))
                .then_with(|| a.message.cmp(&b.message))
        });
        list.dedup();
        list
    }

    /// All errors as text in `style`; every error ends in a line end.
    pub fn render(&self, style: Style) -> String {
        let mut out = String::new();
        let mut cursor = Cursor::default();
        for diagnostic in self.sorted() {
            let place = cursor.seek(&diagnostic.span);
            match style {
                Style::Human { color } => human(&mut out, diagnostic, place, color),
                Style::Short => short(&mut out, diagnostic, place),
                Style::GitHub => github(&mut out, diagnostic, place),
            }
        }
        out
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, iter: T) {
        self.list.extend(iter);
    }
}

/// Why a character has no place in the text of a guide, if it has none. XML and
/// terminals cannot hold some of them; others make people read something else
/// than programs do, or hide text from them.
pub fn refused(c: char) -> Option<&'static str> {
    match c {
        '\n' | '\t' => None,
        _ if c.is_control() => Some("it is a control character"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(
            "it turns the direction of the text, so that people read something else than programs",
        ),
        '\u{2028}' | '\u{2029}' => Some("it ends a line for some programs and not for others"),
        '\u{feff}' | '\u{e0000}'..='\u{e007f}' => Some("nobody can see it"),
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => Some("it is for private use"),
        '\u{fdd0}'..='\u{fdef}' => Some("it is no character"),
        _ if u32::from(c) & 0xfffe == 0xfffe => Some("it is no character"),
        _ => None,
    }
}

/// The first character of `text` that has no place in it: where it stands, and
/// what to say of it.
pub fn first_refused(text: &str) -> Option<(Range<usize>, String)> {
    // Nearly all text is plain, and every text is looked through.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    let mut at = 0;
    loop {
        at += text[at..].bytes().position(|byte| !is_plain(byte))?;
        let c = text[at..].chars().next()?;
        let end = at + c.len_utf8();
        if let Some(why) = refused(c) {
            let message = format!("U+{:04X} has no place in text: {why}", u32::from(c));
            return Some((at..end, message));
        }
        at = end;
    }
}

/// A text on one line, whatever characters it has.
pub fn printable(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' || c == '\t' || refused(c).is_some() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// The longest name that is compared with others: comparing takes the product
/// of the lengths.
const LONGEST_NAME: usize = 100;

/// The candidate nearest to `wrong`, if one is near enough to be meant.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = wrong.chars().count();
    if length > LONGEST_NAME {
        return None;
    }
    let limit = (length / 3).max(1);
    let wrong = wrong.to_lowercase();
    candidates
        .into_iter()
        // Each character that one has more than the other is a difference.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= limit)
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&wrong, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

fn origin(name: &str, place: Place) -> Origin<'_> {
    Origin::path(name)
        .line(place.line)
        .char_column(place.column)
}

/// Source text with a sign in the place of each character that would steer
/// whoever reads it.
fn shown(text: &str) -> String {
    let sign = |c| if refused(c).is_some() { '\u{fffd}' } else { c };
    text.chars().map(sign).collect()
}

fn human(out: &mut String, diagnostic: &Diagnostic, place: Place, color: bool) {
    let name = printable(&diagnostic.span.file.name);
    let message = printable(&diagnostic.message);
    let title = Level::ERROR
        .primary_title(message.as_str())
        .id(diagnostic.rule.name());
    let excerpt = diagnostic.span.excerpt_from(place.line_start);
    let mut group = match excerpt {
        Some(Excerpt {
            text,
            within,
            is_cut,
        }) => {
            let before = shown(&text[..within.start]);
            let marked = shown(&text[within.clone()]);
            let range = before.len()..before.len() + marked.len();
            let snippet = Snippet::source([before, marked, shown(&text[within.end..])].concat())
                .line_start(place.line)
                .annotation(AnnotationKind::Primary.span(range));
            if is_cut {
                // The renderer would count the column from where the excerpt begins.
                title.element(origin(&name, place)).element(snippet)
            } else {
                title.element(snippet.path(name.as_str()))
            }
        }
        None => title.element(origin(&name, place)),
    };
    let help = diagnostic.help.as_deref().map(printable);
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let _ = writeln!(out, "{}\n", renderer.render(&[group]));
}

fn short(out: &mut String, diagnostic: &Diagnostic, place: Place) {
    let Place { line, column, .. } = place;
    let name = printable(&diagnostic.span.file.name);
    let rule = diagnostic.rule.name();
    let message = printable(&diagnostic.message);
    let _ = write!(out, "{name}:{line}:{column}: error[{rule}]: {message}");
    if let Some(help) = &diagnostic.help {
        let _ = write!(out, " (help: {})", printable(help));
    }
    out.push('\n');
}

fn github(out: &mut String, diagnostic: &Diagnostic, place: Place) {
    let Place { line, column, .. } = place;
    let data = |text: &str| {
        let lines: Vec<String> = text.split('\n').map(printable).collect();
        lines.join("\n").replace('%', "%25").replace('\n', "%0A")
    };
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let help = diagnostic.help.as_deref().map(|h| format!("\nhelp: {h}"));
    let _ = writeln!(
        out,
        "::error file={},line={line},col={column},title={}::{}",
        property(&diagnostic.span.file.name),
        property(diagnostic.rule.name()),
        data(&format!(
            "{}{}",
            diagnostic.message,
            help.unwrap_or_default()
        )),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Arc<SourceFile> {
        Arc::new(SourceFile {
            name: "content/codes/404.md".into(),
            text: text.into(),
        })
    }

    fn one(text: &str, range: Range<usize>) -> Diagnostics {
        let mut all = Diagnostics::default();
        all.push(
            Diagnostic::new(Rule::Link, Span::new(&file(text), range), "no such page")
                .help("write [404]"),
        );
        all
    }

    #[test]
    fn columns_count_characters_and_start_at_one() {
        let span = Span::new(&file("one\nzwölf [4o4]\n"), 11..16);
        assert_eq!(span.position(), (2, 7));
    }

    #[test]
    fn a_span_past_the_end_of_the_text_does_not_panic() {
        for end in [3, 4, 900] {
            let all = one("abc", 3..end);
            assert!(
                all.render(Style::Human { color: false })
                    .contains("no such page")
            );
        }
        assert!(
            one("", 0..0)
                .render(Style::Short)
                .starts_with("content/codes/404.md:1:1:")
        );
    }

    #[test]
    fn a_span_that_cuts_a_character_does_not_panic() {
        let all = one("ä", 1..2);
        assert_eq!(all.sorted()[0].span.range, 0..2);
        assert!(all.render(Style::Human { color: false }).contains("link"));
    }

    #[test]
    fn the_short_form_is_one_line_with_path_line_column_and_rule() {
        assert_eq!(
            one("see [4o4]", 4..9).render(Style::Short),
            "content/codes/404.md:1:5: error[link]: no such page (help: write [404])\n"
        );
    }

    #[test]
    fn a_file_name_with_a_line_end_stays_on_one_line() {
        let source = Arc::new(SourceFile {
            name: "a\nb.md".into(),
            text: String::new(),
        });
        let mut all = Diagnostics::default();
        all.push(Diagnostic::new(
            Rule::FileName,
            Span::start_of(&source),
            "odd name",
        ));
        assert_eq!(
            all.render(Style::Short),
            "a\\nb.md:1:1: error[file-name]: odd name\n"
        );
        assert_eq!(
            all.render(Style::GitHub),
            "::error file=a%0Ab.md,line=1,col=1,title=file-name::odd name\n"
        );
    }

    #[test]
    fn the_human_form_shows_the_source_line_and_the_way_out() {
        let text = one("first\nsee [4o4] there\n", 10..15).render(Style::Human { color: false });
        for part in [
            "error[link]: no such page",
            "content/codes/404.md:2:5",
            "see [4o4] there",
            "^^^^^",
            "help: write [404]",
        ] {
            assert!(text.contains(part), "{part:?} is not in:\n{text}");
        }
    }

    #[test]
    fn errors_are_sorted_by_file_and_place_and_printed_once() {
        let mut all = one("see [4o4]", 4..9);
        all.append(one("see [4o4]", 4..9));
        all.append(one("see [4o4]", 0..3));
        let places: Vec<_> = all.sorted().iter().map(|d| d.span.position().1).collect();
        assert_eq!(places, [1, 5]);
    }

    #[test]
    fn only_a_near_candidate_is_suggested() {
        assert_eq!(nearest("retyr", ["code", "retry"]), Some("retry"));
        assert_eq!(nearest("colour", ["code", "retry"]), None);
    }
}
