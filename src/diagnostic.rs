//! Owns: what an error in the input looks like. `SourceFile`, `Span`, `Rule`,
//! `Diagnostic`, and how a list of them is sorted and printed.
//!
//! Must not: know what any rule checks, or read a file.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

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
    /// A span of `range` in `file`.
    pub fn new(file: &Arc<SourceFile>, range: Range<usize>) -> Self {
        Self {
            file: Arc::clone(file),
            range,
        }
    }

    /// The very start of `file`, for errors about the file as a whole.
    pub fn start_of(file: &Arc<SourceFile>) -> Self {
        Self::new(file, 0..0)
    }

    /// Line and column, both from 1; the column counts characters.
    pub fn position(&self) -> (usize, usize) {
        let before = self.file.text.get(..self.range.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }

    /// The lines that the span touches (at most three), where they start, and
    /// the span within them.
    fn excerpt(&self) -> Option<(&str, Range<usize>)> {
        let text = self.file.text.as_str();
        let start = text
            .get(..self.range.start)?
            .rfind('\n')
            .map_or(0, |n| n + 1);
        let mut end = start;
        for _ in 0..3 {
            end += text[end..].find('\n').map_or(text.len() - end, |n| n + 1);
            if end >= self.range.end {
                break;
            }
        }
        let excerpt = text[start..end].trim_end_matches('\n');
        let within = |offset: usize| {
            let mut at = offset.saturating_sub(start).min(excerpt.len());
            while !excerpt.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        (!excerpt.is_empty()).then(|| (excerpt, within(self.range.start)..within(self.range.end)))
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
    /// A table does not have the form that its page needs.
    Table = "table",
    /// A decision tree leads in a circle, nowhere, or too far.
    Decision = "decision",
    /// A code is called related by a page that does not say how.
    Related = "related",
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
        for diagnostic in self.sorted() {
            match style {
                Style::Human { color } => human(&mut out, diagnostic, color),
                Style::Short => short(&mut out, diagnostic),
                Style::GitHub => github(&mut out, diagnostic),
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

/// A name on one line, whatever characters a file name has.
pub fn printable(name: &str) -> String {
    let escape = |c: char| -> String {
        if c.is_control() {
            c.escape_default().collect()
        } else {
            c.to_string()
        }
    };
    name.chars().map(escape).collect()
}

/// The candidate nearest to `wrong`, if one is near enough to be meant.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (wrong.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| {
            let distance =
                strsim::damerau_levenshtein(&wrong.to_lowercase(), &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

fn human(out: &mut String, diagnostic: &Diagnostic, color: bool) {
    let name = printable(&diagnostic.span.file.name);
    let (line, column) = diagnostic.span.position();
    let title = Level::ERROR
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.rule.name());
    let mut group = match diagnostic.span.excerpt() {
        Some((excerpt, within)) => title.element(
            Snippet::source(excerpt)
                .path(name.as_str())
                .line_start(line)
                .annotation(AnnotationKind::Primary.span(within)),
        ),
        None => title.element(
            annotate_snippets::Origin::path(name.as_str())
                .line(line)
                .char_column(column),
        ),
    };
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let _ = writeln!(out, "{}\n", renderer.render(&[group]));
}

fn short(out: &mut String, diagnostic: &Diagnostic) {
    let (line, column) = diagnostic.span.position();
    let name = printable(&diagnostic.span.file.name);
    let rule = diagnostic.rule.name();
    let message = printable(&diagnostic.message);
    let _ = write!(out, "{name}:{line}:{column}: error[{rule}]: {message}");
    if let Some(help) = &diagnostic.help {
        let _ = write!(out, " (help: {})", printable(help));
    }
    out.push('\n');
}

fn github(out: &mut String, diagnostic: &Diagnostic) {
    let data = |text: &str| {
        text.replace('%', "%25")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let (line, column) = diagnostic.span.position();
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
