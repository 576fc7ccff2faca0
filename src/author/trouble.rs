//! Owns: the page that `serve` shows while something is wrong.
//!
//! Must not: decide when it is shown.

use askama::Template;
use unicode_width::UnicodeWidthStr;

use crate::diagnostic::{Diagnostic, Diagnostics, printable};

/// The page. It has no script and needs no other file.
#[derive(Template)]
#[template(path = "trouble.html")]
struct TroubleView {
    title: String,
    errors: Vec<ErrorView>,
    /// Why there is no site, if that is no error of the content.
    reason: Option<String>,
    /// A link to the page as it was before, if there was one.
    before: Option<&'static str>,
}

struct ErrorView {
    message: String,
    file: String,
    line: usize,
    column: usize,
    rule: &'static str,
    lines: Vec<LineView>,
    help: Option<String>,
}

/// A line of the source, and what is under it.
struct LineView {
    number: usize,
    text: String,
    carets: String,
}

/// The page about errors of the content; `before` is the link to the page as it
/// was.
///
/// # Errors
/// If the template fails.
pub fn of_content(
    diagnostics: &Diagnostics,
    before: Option<&'static str>,
) -> anyhow::Result<String> {
    let errors: Vec<ErrorView> = (diagnostics.sorted().into_iter())
        .map(ErrorView::new)
        .collect();
    let title = match errors.len() {
        1 => "1 error in the content".to_owned(),
        count => format!("{count} errors in the content"),
    };
    let view = TroubleView {
        title,
        errors,
        reason: None,
        before,
    };
    Ok(view.render()?)
}

/// The page about anything else that is wrong.
///
/// # Errors
/// If the template fails.
pub fn of_program(error: &anyhow::Error, before: Option<&'static str>) -> anyhow::Result<String> {
    let view = TroubleView {
        title: "The site could not be built".to_owned(),
        errors: Vec::new(),
        reason: Some(format!("{error:#}")),
        before,
    };
    Ok(view.render()?)
}

impl ErrorView {
    fn new(diagnostic: &Diagnostic) -> Self {
        let (line, column) = diagnostic.span.position();
        let lines = (diagnostic.span.excerpt())
            .map(|excerpt| lines(excerpt.text, line, excerpt.within))
            .unwrap_or_default();
        Self {
            message: diagnostic.message.clone(),
            file: printable(&diagnostic.span.file.name),
            line,
            column,
            rule: diagnostic.rule.name(),
            lines,
            help: diagnostic.help.clone(),
        }
    }
}

/// The lines of an excerpt, with carets below what is in `within`.
fn lines(text: &str, first: usize, within: std::ops::Range<usize>) -> Vec<LineView> {
    let mut start = 0;
    let mut views = Vec::new();
    for (at, line) in text.split('\n').enumerate() {
        let end = start + line.len();
        let from = within.start.clamp(start, end) - start;
        let to = within.end.clamp(start, end) - start;
        let is_touched = within.start <= end && (within.end > start || within.is_empty());
        let (before, marked) = (line.get(..from), line.get(from..to));
        let carets = match (before, marked) {
            (Some(before), Some(marked)) if is_touched => {
                format!(
                    "{}{}",
                    " ".repeat(columns(before)),
                    "^".repeat(columns(marked).max(1))
                )
            }
            _ => String::new(),
        };
        views.push(LineView {
            number: first + at,
            text: line.replace('\t', TAB),
            carets,
        });
        start = end + 1;
    }
    views
}

/// What is shown for a tab, so that carets stand where they should.
const TAB: &str = "    ";

fn columns(text: &str) -> usize {
    text.replace('\t', TAB).width()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::{Rule, SourceFile, Span};

    fn page(text: &str, range: std::ops::Range<usize>, message: &str) -> String {
        let file = Arc::new(SourceFile {
            name: "content/<b>.md".to_owned(),
            text: text.to_owned(),
        });
        let error = Diagnostic::new(Rule::Link, Span::new(&file, range), message);
        let mut all = Diagnostics::default();
        all.push(error.help("write <this> & that"));
        of_content(&all, None).unwrap()
    }

    #[test]
    fn the_page_says_what_is_wrong_and_where_and_the_way_out() {
        let html = page("one\n\tsee [4o4]\n", 9..14, "no such page");
        for part in [
            "1 error in the content",
            "no such page",
            ":2:6",
            "link",
            "    see [4o4]",
            "        ^^^^^",
        ] {
            assert!(html.contains(part), "{part:?} is not in:\n{html}");
        }
    }

    #[test]
    fn everything_is_escaped() {
        let html = page("a <script>x</script>", 2..10, "no <i>");
        for part in ["<script>", "<i>", "<b>.md", "<this>"] {
            assert!(!html.contains(part), "{part:?} is in:\n{html}");
        }
    }

    #[test]
    fn carets_stand_under_the_characters_that_are_meant() {
        let carets = |text, range| -> Vec<String> {
            lines(text, 1, range)
                .into_iter()
                .map(|l| l.carets)
                .collect()
        };
        assert_eq!(carets("zwölf x", 7..8), ["      ^"]);
        assert_eq!(carets("漢字 x", 7..8), ["     ^"]);
        assert_eq!(carets("abc", 3..3), ["   ^"]);
        assert_eq!(carets("ab\ncd\nef", 1..4), [" ^", "^", ""]);
    }
}
