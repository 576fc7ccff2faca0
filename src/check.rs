//! Owns: the promises that every finished page keeps, checked on its bytes:
//! links and fragments lead somewhere, ids are unique, nothing is inline,
//! nothing is loaded from elsewhere.
//!
//! Must not: change the site.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde::de::IgnoredAny;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, SourceFile, Span, nearest};
use crate::load::facts::Goal;
use crate::load::guide::Guide;
use crate::markup::{self, Event, Tag};
use crate::render::pages::{LEAF, leaf_id};
use crate::render::{self, Bodies};
use crate::route::{BaseUrl, Route, resolve};
use crate::site::{Bytes, Site};

/// The one type of script that may stand in a page: a data block, which no
/// browser runs and no Content Security Policy governs.
const DATA: &str = "application/ld+json";

/// With how many fragments of a page a wrong one is compared. A page that
/// people read has a tenth.
const MOST_COMPARED: usize = 1000;

/// What one finished page has and links to.
#[derive(Debug, Default)]
struct Page {
    ids: Ids,
    /// The links to parts of other pages.
    parts: Vec<PartLink>,
    title: String,
    problems: Vec<String>,
}

/// The ids of a page, each with a space behind it, which no id has in it. A
/// page has dozens, and is asked for few.
#[derive(Debug, Default)]
struct Ids(String);

impl Ids {
    fn contains(&self, id: &str) -> bool {
        self.iter().any(|known| known == id)
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split_terminator(' ')
    }
}

impl FromIterator<String> for Ids {
    fn from_iter<I: IntoIterator<Item = String>>(ids: I) -> Self {
        Self(
            ids.into_iter()
                .flat_map(|id| [id, " ".to_owned()])
                .collect(),
        )
    }
}

/// A link to a part of another page.
#[derive(Debug, Clone)]
struct PartLink {
    href: String,
    /// The file that it leads to.
    target: String,
}

/// The finished pages, read once.
#[derive(Debug, Default)]
pub struct Pages {
    by_file: BTreeMap<String, Arc<Page>>,
    /// The path of the site from the root of its host, if that is known.
    root: Option<String>,
}

impl Pages {
    /// Reads every HTML file of `site`, which is published at `base`. What was
    /// read of a site `before` is not read again, as far as it is the same and
    /// links lead to the same files.
    pub fn read(site: &Site, base: Option<&BaseUrl>, before: Option<(&Site, &Self)>) -> Self {
        let links = Links::of(site, base);
        let before =
            before.filter(|(old, pages)| old.has_the_files_of(site) && pages.root == links.root);
        let known = |file: &str, bytes: &Bytes| {
            let (old, pages) = before?;
            let is_same = old.file(file) == Some(bytes);
            pages.by_file.get(file).filter(|_| is_same).cloned()
        };
        let files: Vec<_> = site.iter().filter(|(file, _)| is_html(file)).collect();
        let common = Common::of(&links, &files);
        let pages = files.into_par_iter().map(|(file, bytes)| {
            let page = known(file, bytes);
            let read = || Arc::new(Reader::new(&links, file).page(bytes, &common));
            (file.to_owned(), page.unwrap_or_else(read))
        });
        Self {
            by_file: pages.collect(),
            root: links.root,
        }
    }

    /// Checks the fragment of every link in the texts, at its place there.
    pub fn check_texts(&self, guide: &Guide, bodies: &Bodies, diagnostics: &mut Diagnostics) {
        for link in render::links(bodies) {
            let Some(fragment) = &link.fragment else {
                continue;
            };
            let Some(page) = self.by_file.get(&link.route.file()) else {
                continue;
            };
            let name = link.route.url_path();
            if page.ids.contains(fragment) || guide.unreadable.contains(name.trim_end_matches('/'))
            {
                continue;
            }
            let ids = page.ids.iter();
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
    pub fn check(&self, diagnostics: &mut Diagnostics) {
        let mut titles: BTreeMap<&str, &str> = BTreeMap::new();
        for (file, page) in &self.by_file {
            let mut problem = |message: String| {
                let source = Arc::new(SourceFile {
                    name: format!("{file} (built)"),
                    text: String::new(),
                });
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
            for link in &page.parts {
                let target = self.by_file.get(&link.target);
                if target.is_some_and(|page| !page.ids.contains(link.part())) {
                    problem(link.problem());
                }
            }
        }
    }
}

impl PartLink {
    fn part(&self) -> &str {
        self.href.split_once('#').map_or("", |(_, part)| part)
    }

    fn problem(&self) -> String {
        let Self { href, target } = self;
        format!("the link {href:?} leads to a part that {target} does not have")
    }
}

/// What links can lead to.
struct Links<'s> {
    site: &'s Site,
    files: HashSet<&'s str>,
    /// The path of the site from the root of its host, if that is known.
    root: Option<String>,
}

impl<'s> Links<'s> {
    fn of(site: &'s Site, base: Option<&BaseUrl>) -> Self {
        let home = base.map(|base| base.rooted(&Route::Home));
        Self {
            site,
            files: site.iter().map(|(path, _)| path).collect(),
            root: home.and_then(|home| home.strip_suffix("index.html").map(str::to_owned)),
        }
    }

    /// The file of the site that `href` on the page `file` leads to; none, if
    /// it leads elsewhere.
    fn target(&self, file: &str, href: &str) -> Result<Option<String>, String> {
        let path = href.split('#').next().unwrap_or_default();
        let is_elsewhere = path
            .split_once(':')
            .is_some_and(|(scheme, _)| scheme.bytes().all(|b| b.is_ascii_alphabetic()));
        if is_elsewhere {
            return Ok(None);
        }
        if path.is_empty() {
            return Ok(Some(file.to_owned()));
        }
        let target = match &self.root {
            Some(root) if path.starts_with('/') => path.strip_prefix(root).map(str::to_owned),
            _ => resolve(file, path),
        };
        let target = target.ok_or_else(|| format!("the link {href:?} leads out of the site"))?;
        if !self.site.promises(&target) && !self.files.contains(target.as_str()) {
            return Err(format!(
                "the link {href:?} leads to {target}, which does not exist"
            ));
        }
        Ok(Some(target))
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

/// Reads one page, tag by tag.
struct Reader<'s> {
    links: &'s Links<'s>,
    file: &'s str,
    found: Found,
    in_title: bool,
    in_data: bool,
}

/// What was found in a page so far.
#[derive(Debug, Default)]
struct Found {
    page: Page,
    ids: BTreeSet<String>,
    headings: usize,
    meta: BTreeSet<String>,
    has_lang: bool,
}

impl Found {
    fn id(&mut self, id: &str) {
        if !self.ids.insert(id.to_owned()) {
            let problem = format!("the id `{id}` is there twice");
            self.page.problems.push(problem);
        }
    }

    /// Adds what was found in another piece of the page.
    fn add(&mut self, piece: &Self) {
        for id in &piece.ids {
            self.id(id);
        }
        self.page.parts.extend(piece.page.parts.iter().cloned());
        self.page.problems.extend_from_slice(&piece.page.problems);
        self.page.title.push_str(&piece.page.title);
        self.headings += piece.headings;
        self.meta.extend(piece.meta.iter().cloned());
        self.has_lang |= piece.has_lang;
    }
}

/// What is in the pieces that pages share, by where they are in memory. Pages
/// that share a piece lie equally deep, so that its links mean the same to all.
struct Common(BTreeMap<usize, Found>);

impl Common {
    fn of<'s>(links: &'s Links<'s>, files: &[(&'s str, &'s Bytes)]) -> Self {
        let mut pages: BTreeMap<usize, (usize, &str, &[u8])> = BTreeMap::new();
        for (file, bytes) in files.iter().filter(|(_, bytes)| bytes.pieces().len() > 1) {
            for piece in bytes.pieces() {
                let (pages, ..) = pages.entry(address(piece)).or_insert((0, file, piece));
                *pages += 1;
            }
        }
        let shared = pages.into_iter().filter(|(_, (pages, ..))| *pages > 1);
        let common = shared.map(|(address, (_, file, piece))| {
            let mut reader = Reader::new(links, file);
            reader.piece(piece);
            (address, reader.found)
        });
        Self(common.collect())
    }
}

fn address(piece: &Arc<[u8]>) -> usize {
    piece.as_ptr().addr()
}

impl<'s> Reader<'s> {
    fn new(links: &'s Links<'s>, file: &'s str) -> Self {
        Self {
            links,
            file,
            found: Found::default(),
            in_title: false,
            in_data: false,
        }
    }

    /// The page of these bytes, whose pieces begin and end between tags.
    fn page(mut self, bytes: &Bytes, common: &Common) -> Page {
        for piece in bytes.pieces() {
            match common.0.get(&address(piece)) {
                Some(found) => self.found.add(found),
                None => self.piece(piece),
            }
        }
        self.finish()
    }

    fn piece(&mut self, bytes: &[u8]) {
        markup::read(bytes, &mut |event| match event {
            Event::Start(tag) => self.start_tag(tag),
            Event::End(_) => (self.in_title, self.in_data) = (false, false),
            Event::Text(text) if self.in_title => self.found.page.title.push_str(text),
            Event::Text(text) if self.in_data => {
                if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
                    let problem = format!("<script> is no {DATA}: {error}");
                    self.found.page.problems.push(problem);
                }
            }
            Event::Text(_) => {}
        });
    }

    fn start_tag(&mut self, tag: &Tag) {
        let Self {
            links, file, found, ..
        } = self;
        let name = tag.name();
        self.in_title = name == "title" && found.page.title.is_empty();
        found.headings += usize::from(name == "h1");
        found.has_lang |= name == "html" && tag.get("lang").is_some_and(|lang| !lang.is_empty());
        if name == "meta" && tag.get("content").is_some_and(|it| !it.trim().is_empty()) {
            let about = tag.get("name").or_else(|| tag.get("http-equiv"));
            found.meta.extend(about.map(str::to_lowercase));
        }
        self.in_data = name == "script" && tag.get("type") == Some(DATA);
        let is_inline = name == "script" && tag.get("src").is_none() && !self.in_data;
        if name == "style" || is_inline {
            found.page.problems.push(format!("<{name}> is inline"));
        }
        for (attribute, _) in tag.attributes() {
            if attribute == "style" || attribute.starts_with("on") {
                found
                    .page
                    .problems
                    .push(format!("<{name}> has the inline attribute `{attribute}`"));
            }
        }
        if let Some(id) = tag.get("id") {
            found.id(id);
        }
        let loads = match name {
            "link" => tag.get("rel").is_none_or(|rel| rel != "canonical"),
            "a" => false,
            _ => true,
        };
        let leads_on = (tag.get("http-equiv") == Some("refresh"))
            .then(|| tag.get("content")?.split_once("url="))
            .flatten()
            .map(|(_, url)| url);
        for url in [tag.get("href"), tag.get("src"), leads_on]
            .into_iter()
            .flatten()
        {
            if loads && (url.contains("://") || url.starts_with("//")) {
                found
                    .page
                    .problems
                    .push(format!("<{name}> loads {url} from elsewhere"));
            }
            match links.target(file, url) {
                Err(problem) => found.page.problems.push(problem),
                Ok(Some(target)) if url.contains('#') => found.page.parts.push(PartLink {
                    href: url.to_owned(),
                    target,
                }),
                Ok(_) => {}
            }
        }
    }

    /// The page, after its last tag.
    fn finish(self) -> Page {
        let Found {
            mut page,
            ids,
            headings,
            meta,
            has_lang,
        } = self.found;
        // Its own parts are known now.
        let (own, others) = (page.parts.into_iter()).partition(|link| link.target == self.file);
        page.parts = others;
        let own: Vec<PartLink> = own;
        let broken = own.iter().filter(|link| !ids.contains(link.part()));
        page.problems.extend(broken.map(PartLink::problem));
        page.ids = ids.into_iter().collect();
        if headings != 1 {
            let problem = format!("the page has {headings} first-level headings, not one");
            page.problems.push(problem);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> String {
        format!(
            "<!doctype html><html lang=en><head><meta http-equiv=Content-Security-Policy content=x><meta name=viewport content=x><meta name=description content=x><title>T{}</title></head><body><h1>T</h1>{body}</body></html>",
            body.len()
        )
    }

    fn site(files: &[(&str, String)]) -> Site {
        let mut site = Site::default();
        for (file, html) in files {
            site.insert((*file).to_owned(), html.clone().into_bytes());
        }
        site
    }

    fn problems_of(pages: &Pages) -> Vec<String> {
        let mut diagnostics = Diagnostics::default();
        pages.check(&mut diagnostics);
        let sorted = diagnostics.sorted();
        sorted.iter().map(|d| d.message.clone()).collect()
    }

    fn problems(files: &[(&str, String)]) -> Vec<String> {
        problems_of(&Pages::read(&site(files), None, None))
    }

    #[test]
    fn a_page_that_stayed_as_it_was_is_read_again_when_its_links_lead_to_other_files() {
        let home = ("index.html", page("<a href=a.html>x</a>"));
        let both = site(&[home.clone(), ("a.html", page("a"))]);
        let before = Pages::read(&both, None, None);
        assert_eq!(problems_of(&before), [""; 0]);
        let alone = site(&[home]);
        let after = Pages::read(&alone, None, Some((&both, &before)));
        assert_eq!(problems_of(&after).len(), 1);
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
