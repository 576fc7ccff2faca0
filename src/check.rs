//! Owns: the promises that every finished page keeps, checked on its bytes:
//! links and fragments lead somewhere, ids are unique, nothing is inline,
//! nothing is loaded from elsewhere.
//!
//! Must not: change the site.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use html5gum::{State, Token, Tokenizer};
use rayon::prelude::*;
use serde::de::IgnoredAny;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, SourceFile, Span, nearest};
use crate::load::content::Goal;
use crate::load::guide::Guide;
use crate::render::pages::{LEAF, leaf_id};
use crate::render::{self, Bodies};
use crate::route::{BaseUrl, Route, resolve};
use crate::site::Site;

/// The one type of script that may stand in a page: a data block, which no
/// browser runs and no Content Security Policy governs.
const DATA: &str = "application/ld+json";

/// With how many fragments of a page a wrong one is compared. A page that
/// people read has a tenth.
const MOST_COMPARED: usize = 1000;

/// What one finished page has and links to.
#[derive(Debug, Default)]
struct Page {
    ids: BTreeSet<String>,
    links: BTreeSet<String>,
    title: String,
    problems: Vec<String>,
}

/// The finished pages, read once.
pub struct Pages(BTreeMap<String, Page>);

impl Pages {
    /// Reads every HTML file of `site`.
    pub fn read(site: &Site) -> Self {
        let files: Vec<_> = site.iter().filter(|(file, _)| is_html(file)).collect();
        let pages = files
            .into_par_iter()
            .map(|(file, bytes)| (file.to_owned(), Page::read(bytes)));
        Self(pages.collect())
    }

    /// Checks the fragment of every link in the texts, at its place there.
    pub fn check_texts(&self, guide: &Guide, bodies: &Bodies, diagnostics: &mut Diagnostics) {
        for link in render::links(bodies) {
            let (Some(fragment), Some(page)) = (&link.fragment, self.0.get(&link.route.file()))
            else {
                continue;
            };
            let name = link.route.url_path();
            if page.ids.contains(fragment) || guide.unreadable.contains(name.trim_end_matches('/'))
            {
                continue;
            }
            let ids = page.ids.iter().map(String::as_str);
            let headings = bodies.get(&link.route).map(|body| body.headings.as_slice());
            let help = match (nearest(fragment, ids.take(MOST_COMPARED)), headings) {
                (Some(near), _) => format!("did you mean `#{near}`?"),
                (None, Some(parts)) if !parts.is_empty() => {
                    format!("its parts are #{}", parts.join(", #"))
                }
                _ => "link the page without a fragment, or give its heading this one: `## Heading {#name}`".into(),
            };
            let message = format!("/{name} has no part `#{fragment}`");
            diagnostics
                .push(Diagnostic::new(Rule::Fragment, link.span.clone(), message).help(help));
        }
    }

    /// Checks every promise on the finished bytes.
    pub fn check(&self, site: &Site, base: Option<&BaseUrl>, diagnostics: &mut Diagnostics) {
        let mut titles: BTreeMap<&str, &str> = BTreeMap::new();
        for (file, page) in &self.0 {
            let source = Arc::new(SourceFile {
                name: format!("{file} (built)"),
                text: String::new(),
            });
            let mut problem = |message: String| {
                diagnostics.push(
                    Diagnostic::new(Rule::Page, Span::start_of(&source), message)
                        .help("this comes from a template or a file in static/; correct it there"),
                );
            };
            for message in &page.problems {
                problem(message.clone());
            }
            if let Some(other) = titles.insert(&page.title, file) {
                problem(format!("the title {:?} is that of {other}", page.title));
            }
            for href in &page.links {
                if let Err(message) = self.check_link(site, base, file, href) {
                    problem(message);
                }
            }
        }
    }

    fn check_link(
        &self,
        site: &Site,
        base: Option<&BaseUrl>,
        file: &str,
        href: &str,
    ) -> Result<(), String> {
        let (path, fragment) = match href.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment)),
            None => (href, None),
        };
        if path
            .split_once(':')
            .is_some_and(|(scheme, _)| scheme.bytes().all(|b| b.is_ascii_alphabetic()))
        {
            return Ok(());
        }
        let root = base
            .map(|base| base.rooted(&Route::Home))
            .and_then(|home| home.strip_suffix("index.html").map(str::to_owned));
        let target = match (path, root) {
            ("", _) => Some(file.to_owned()),
            (path, Some(root)) if path.starts_with('/') => {
                path.strip_prefix(&root).map(str::to_owned)
            }
            (path, _) => resolve(file, path),
        };
        let target = target.ok_or_else(|| format!("the link {href:?} leads out of the site"))?;
        if site.get(&target).is_none() && !site.promises(&target) {
            return Err(format!(
                "the link {href:?} leads to {target}, which does not exist"
            ));
        }
        match (fragment, self.0.get(&target)) {
            (Some(fragment), Some(page)) if !page.ids.contains(fragment) => Err(format!(
                "the link {href:?} leads to a part that {target} does not have"
            )),
            _ => Ok(()),
        }
    }
}

/// Checks what only the texts together show: that each relation between
/// two codes is explained, and each answer of a decision tree written.
pub fn relations(guide: &Guide, bodies: &Bodies, diagnostics: &mut Diagnostics) {
    for document in guide.codes.values() {
        let code = document.facts.code.value;
        let body = bodies.get(&Route::Code(code));
        for related in &document.facts.related {
            let Some(other) = guide.codes.get(&related.value) else {
                continue;
            };
            let route = Route::Code(related.value);
            let explained =
                body.is_some_and(|body| body.links.iter().any(|link| link.route == route));
            let mutual = other.facts.related.iter().any(|back| back.value == code);
            if !explained && !mutual {
                diagnostics.push(
                    Diagnostic::new(
                        Rule::Related,
                        related.span.clone(),
                        format!(
                            "no text says how {code} and {} are related, and the link between them helps nobody",
                            related.value
                        ),
                    )
                    .help(format!(
                        "link [{}] in the text, add {code} to `related` in codes/{}.md, or delete the number",
                        related.value, related.value
                    )),
                );
            }
        }
    }
    for document in guide.pages.values() {
        let facts = &document.facts;
        let body = bodies.get(&Guide::page_route(&document.slug));
        let written: BTreeSet<&str> = (body.iter())
            .flat_map(|body| body.sections.iter().map(|section| section.id.as_str()))
            .collect();
        let mut needed = BTreeSet::new();
        for answer in facts.questions.iter().flat_map(|q| &q.answers) {
            let Goal::Send(code) = answer.value.goal else {
                continue;
            };
            let id = leaf_id(code);
            if !written.contains(id.as_str()) && needed.insert(id.clone()) {
                let message = format!("nothing says how to send {code}");
                diagnostics.push(
                    Diagnostic::new(Rule::Decision, answer.span.clone(), message)
                        .help(format!("add a section `## Send {code} {{#{id}}}`")),
                );
            }
            needed.insert(id);
        }
        if facts.questions.is_empty() {
            continue;
        }
        let leaves = written.iter().filter(|id| id.starts_with(LEAF));
        for id in leaves.filter(|id| !needed.contains(**id)) {
            diagnostics.push(
                Diagnostic::new(
                    Rule::Decision,
                    Span::start_of(&document.file),
                    format!("no question leads to the section `#{id}`"),
                )
                .help("lead an answer to it, or delete it"),
            );
        }
    }
}

fn is_html(file: &str) -> bool {
    std::path::Path::new(file)
        .extension()
        .is_some_and(|extension| extension == "html")
}

/// The pieces of a page, as a browser reads them: what looks like a tag inside
/// of a title or a script is text.
pub fn tokens(html: &[u8]) -> impl Iterator<Item = Token> {
    let mut tokenizer = Tokenizer::new(html);
    std::iter::from_fn(move || {
        // Reading from memory cannot fail.
        let Ok(token) = tokenizer.next()?;
        if let Token::StartTag(tag) = &token {
            let inside = match &**tag.name {
                b"title" | b"textarea" => Some(State::RcData),
                b"script" => Some(State::ScriptData),
                b"style" => Some(State::RawText),
                _ => None,
            };
            if let Some(state) = inside {
                tokenizer.set_state(state);
            }
        }
        Some(token)
    })
}

impl Page {
    fn read(bytes: &[u8]) -> Self {
        let mut page = Self::default();
        let mut headings = 0;
        let mut meta = BTreeSet::new();
        let mut has_lang = false;
        let mut in_title = false;
        let mut in_data = false;
        for token in tokens(bytes) {
            match token {
                Token::StartTag(tag) => {
                    let name = text(&tag.name);
                    let attribute = |wanted: &str| {
                        tag.attributes
                            .iter()
                            .find(|(name, _)| ***name == *wanted.as_bytes())
                            .map(|(_, value)| text(value))
                    };
                    in_title = name == "title" && page.title.is_empty();
                    headings += usize::from(name == "h1");
                    has_lang |=
                        name == "html" && attribute("lang").is_some_and(|lang| !lang.is_empty());
                    if name == "meta"
                        && attribute("content").is_some_and(|content| !content.trim().is_empty())
                    {
                        meta.extend(
                            attribute("name")
                                .or_else(|| attribute("http-equiv"))
                                .map(|n| n.to_lowercase()),
                        );
                    }
                    in_data = name == "script" && attribute("type").as_deref() == Some(DATA);
                    let is_inline = name == "script" && attribute("src").is_none() && !in_data;
                    if name == "style" || is_inline {
                        page.problems.push(format!("<{name}> is inline"));
                    }
                    for attribute in tag.attributes.keys() {
                        let attribute = text(attribute);
                        if attribute == "style" || attribute.starts_with("on") {
                            page.problems
                                .push(format!("<{name}> has the inline attribute `{attribute}`"));
                        }
                    }
                    if let Some(id) = attribute("id")
                        && !page.ids.insert(id.clone())
                    {
                        page.problems.push(format!("the id `{id}` is there twice"));
                    }
                    let loads = match name.as_str() {
                        "link" => attribute("rel").is_none_or(|rel| rel != "canonical"),
                        "a" => false,
                        _ => true,
                    };
                    let leads_on = attribute("content")
                        .filter(|_| attribute("http-equiv").is_some_and(|name| name == "refresh"))
                        .and_then(|content| {
                            content.split_once("url=").map(|(_, url)| url.to_owned())
                        });
                    let urls = [attribute("href"), attribute("src"), leads_on];
                    for url in urls.into_iter().flatten() {
                        if loads && (url.contains("://") || url.starts_with("//")) {
                            page.problems
                                .push(format!("<{name}> loads {url} from elsewhere"));
                        }
                        page.links.insert(url);
                    }
                }
                Token::String(string) if in_title => page.title.push_str(&text(&string)),
                Token::String(string) if in_data => {
                    if let Err(error) = serde_json::from_slice::<IgnoredAny>(&string) {
                        page.problems
                            .push(format!("<script> is no {DATA}: {error}"));
                    }
                }
                Token::EndTag(_) => (in_title, in_data) = (false, false),
                _ => {}
            }
        }
        if headings != 1 {
            page.problems.push(format!(
                "the page has {headings} first-level headings, not one"
            ));
        }
        if !has_lang {
            page.problems.push("<html> has no `lang`".into());
        }
        if page.title.trim().is_empty() {
            page.problems.push("the page has no title".into());
        }
        for name in ["description", "viewport", "content-security-policy"] {
            if !meta.contains(name) {
                page.problems
                    .push(format!("<meta> for {name} is missing or empty"));
            }
        }
        page
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> String {
        format!(
            "<!doctype html><html lang=en><head><meta http-equiv=Content-Security-Policy content=x><meta name=viewport content=x><meta name=description content=x><title>T{}</title></head><body><h1>T</h1>{body}</body></html>",
            body.len()
        )
    }

    fn problems(files: &[(&str, String)]) -> Vec<String> {
        let mut site = Site::default();
        for (file, html) in files {
            site.insert((*file).to_owned(), html.clone().into_bytes());
        }
        let mut diagnostics = Diagnostics::default();
        Pages::read(&site).check(&site, None, &mut diagnostics);
        diagnostics
            .sorted()
            .iter()
            .map(|d| d.message.clone())
            .collect()
    }

    #[test]
    fn a_link_to_an_existing_part_of_an_existing_file_is_right() {
        let files = [
            ("index.html", page("<a href=404/index.html#retry>x</a>")),
            (
                "404/index.html",
                page("<p id=retry><a href=../index.html>home</a><a href=#retry>x</a>"),
            ),
        ];
        assert_eq!(problems(&files), Vec::<String>::new());
    }

    #[test]
    fn what_looks_like_a_tag_in_a_title_is_text() {
        let shown = page("").replace("<title>T", "<title>T <script> onclick=");
        assert_eq!(problems(&[("index.html", shown)]), [""; 0]);
    }

    #[test]
    fn every_broken_promise_is_found() {
        for (body, part) in [
            (
                "<a href=405/index.html>x</a>",
                "405/index.html, which does not exist",
            ),
            ("<a href=../x.html>x</a>", "leads out of the site"),
            (
                "<a href=#nowhere>x</a>",
                "a part that index.html does not have",
            ),
            ("<p id=a></p><p id=a></p>", "`a` is there twice"),
            ("<h1>again</h1>", "2 first-level headings"),
            ("<p style=color:red></p>", "inline attribute `style`"),
            ("<p onclick=x()></p>", "inline attribute `onclick`"),
            ("<script>x()</script>", "<script> is inline"),
            (
                "<title><script>x()</script></title><script>x()</script>",
                "<script> is inline",
            ),
            (
                "<script type=application/ld+json>{\"a\":}</script>",
                "is no application/ld+json",
            ),
            ("<img src=https://example.com/x.png>", "from elsewhere"),
            (
                "<meta http-equiv=refresh content='0; url=gone/index.html'>",
                "gone/index.html, which does not exist",
            ),
        ] {
            let found = problems(&[("index.html", page(body))]);
            assert_eq!(found.len(), 1, "{body}: {found:?}");
            assert!(found[0].contains(part), "{found:?}");
        }
    }

    #[test]
    fn a_data_block_may_stand_in_a_page() {
        let body = "<script type=application/ld+json>{\"a\":\"b\"}</script>";
        assert_eq!(
            problems(&[("index.html", page(body))]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_page_without_its_head_is_found() {
        let found = problems(&[("index.html", "<h1>x</h1>".to_owned())]);
        assert_eq!(found.len(), 5, "{found:?}");
    }

    #[test]
    fn two_pages_with_one_title_are_found() {
        let found = problems(&[("a.html", page("")), ("b.html", page(""))]);
        assert!(found[0].contains("is that of a.html"), "{found:?}");
    }
}
