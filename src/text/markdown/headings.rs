//! Owns: the headings of a text: their fragments, and which of them a page of its
//! kind has, in which order.
//!
//! Must not: say which these are, which is for `outline`.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, html::push_html};

use super::{CONVENTION, Html, Kind, Writer, escaped};
use crate::diagnostic::{Rule, nearest};
use crate::text::outline::{Need, Part};

/// The fragments that templates give to parts of their own, on some page.
pub(super) const TEMPLATE_IDS: [&str; 16] = [
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
pub(super) const GLANCE_IDS: [&str; 10] = [
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

/// A heading whose text is being read.
pub(super) struct Heading<'a> {
    pub(super) level: HeadingLevel,
    pub(super) id: Option<String>,
    pub(super) range: Range<usize>,
    pub(super) events: Vec<Event<'a>>,
    pub(super) text: String,
}

impl Writer<'_, '_, '_> {
    pub(super) fn end_heading(&mut self) {
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
    pub(super) fn check_outline(
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

    /// A line of the text from its start to its end, for the byte `at`.
    pub(super) fn start_of_line(&self, at: usize) -> Range<usize> {
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
    pub(super) fn strange_headings(
        &mut self,
        is_needed: &impl Fn(Need) -> bool,
    ) -> BTreeSet<usize> {
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

    /// Whether the page has one of the parts that none but a complete page has.
    pub(super) fn is_complete(&self) -> bool {
        let parts = self.kind.outline().parts;
        (self.seen.iter()).any(|at| parts[*at].need == Need::Complete)
    }

    /// Reports the parts that are not there and must be.
    pub(super) fn missing_headings(&mut self, is_complete: bool) {
        let outline = self.kind.outline();
        let is_needed = |need: Need| match need {
            Need::Always => true,
            Need::Complete | Need::Implied => is_complete,
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
                    None => (self.length(), "at the end".to_owned()),
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
    }
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
        let rows = include_str!("../../load/glance.rs");
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
    fn a_fragment_is_made_of_the_words_of_its_heading() {
        assert_eq!(
            slug("Never 200 with an error inside"),
            "never-200-with-an-error-inside"
        );
        assert_eq!(slug("  `Retry-After`, or not? "), "retry-after-or-not");
        assert_eq!(slug("…"), "");
    }
}
