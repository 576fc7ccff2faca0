//! Owns: where the links and images of a text lead, and what is said of those that
//! lead nowhere.
//!
//! Must not: decide what a name means, which is for `load::guide`.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Tag};

use super::{Writer, escaped};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule, SourceFile, Span, nearest};
use crate::load::guide::{Guide, Target};
use crate::route::Route;
use crate::status::StatusCode;

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
pub(super) fn is_name(link_type: LinkType) -> bool {
    matches!(
        link_type,
        LinkType::ShortcutUnknown | LinkType::CollapsedUnknown | LinkType::ReferenceUnknown
    )
}

/// Resolves link destinations while the parser runs, and remembers them.
pub(super) struct Links<'g> {
    pub(super) guide: &'g Guide,
    pub(super) route: &'g Route,
    pub(super) file: &'g Arc<SourceFile>,
    pub(super) offset: usize,
    pub(super) found: RefCell<FoundLinks>,
}

#[derive(Default)]
pub(super) struct FoundLinks {
    pub(super) internal: Vec<InternalLink>,
    pub(super) diagnostics: Diagnostics,
}

impl Links<'_> {
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(
            self.file,
            self.offset + range.start..self.offset + range.end,
        )
    }

    /// Answers the parser's question what `[label]` or `[text][label]` is.
    pub(super) fn shorthand<'a>(&self, link: &BrokenLink<'_>) -> Option<(CowStr<'a>, CowStr<'a>)> {
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
    pub(super) fn leads_to_vendor_code(&self, label: &str) -> bool {
        let name = label.split_once('#').map_or(label, |(name, _)| name);
        let code = name.parse::<StatusCode>().ok();
        code.and_then(|code| self.guide.codes.get(&code))
            .is_some_and(|document| !document.facts.is_registered())
    }

    pub(super) fn href(&self, target: Target, range: Range<usize>) -> String {
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

impl<'a> Writer<'_, '_, 'a> {
    /// Reports a destination that does not stand in the link itself as it is:
    /// the Markdown that is published has another one in its place.
    pub(super) fn check_destination(
        &mut self,
        rule: Rule,
        destination: &str,
        range: &Range<usize>,
    ) {
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

    pub(super) fn link_start(
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
    pub(super) fn not_an_address(&self, text: &str, url: &str) -> (String, String) {
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

    /// Why there is no image at `path`, and what to write instead.
    pub(super) fn no_image(&self, path: &str) -> (String, String) {
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
}

/// The name between square brackets, which may go on in the next line.
pub fn one_line(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ")
}
