//! Owns: the guide as a book. Which pages it has and in which order, and the
//! text of each, read from the finished page without what only a screen needs.
//!
//! Must not: know how an edition looks, or what its files are called: the
//! editions are `one_page` and `epub`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::Context;
use pulldown_cmark_escape::{escape_html, escape_html_body_text};
use rayon::prelude::*;

use crate::load::facts::Date;
use crate::load::guide::Guide;
use crate::markup::{self, Event, Tag};
use crate::route::{Route, resolve};
use crate::site::{Bytes, Site};
use crate::status::Class;

/// The code that decides how a book reads.
pub const SOURCES: &[&[u8]] = &[include_bytes!("book.rs")];

/// What the chapter made of the home page is called; its own title is that of
/// the whole book.
const INTRODUCTION: &str = "Introduction";

/// Elements, and classes of elements, that do something only on a screen.
const SCREEN_ELEMENTS: [&str; 3] = ["button", "form", "script"];
const SCREEN_CLASSES: [&str; 5] = ["anchor", "contents", "downloads", "edit", "minutes"];

/// Elements without an end tag: all that HTML has.
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// Attributes whose words are ids.
const IDS: [&str; 5] = [
    "id",
    "aria-controls",
    "aria-describedby",
    "aria-labelledby",
    "headers",
];

/// The guide, page by page, in the order in which one reads a book.
#[derive(Debug)]
pub struct Book {
    /// Its parts; each has a chapter.
    pub parts: Vec<Part>,
    /// The newest day on which the facts of a page were checked.
    pub checked: Date,
}

/// Chapters that belong together.
#[derive(Debug)]
pub struct Part {
    /// What it is called.
    pub title: String,
    /// Its chapters in order.
    pub chapters: Vec<Chapter>,
}

/// A page of the guide.
#[derive(Debug)]
pub struct Chapter {
    /// The page.
    pub route: Route,
    /// A name that no other chapter has: an XML name, and part of a file name.
    pub id: String,
    /// The heading, in plain text.
    pub title: String,
    /// Its CSS classes: what kind of page it is, and its hue.
    pub classes: String,
    pieces: Vec<Piece>,
}

/// A piece of a chapter. What is not the same in every edition is no markup.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// Well-formed XML, and HTML as well.
    Markup(String),
    /// The level of a heading, in its tag.
    Level(u8),
    /// An address: the attribute, and what it leads to.
    Address(String, Target),
}

/// What a link of the book leads to, or a picture in it shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A chapter, or a part of it.
    Chapter {
        /// The id of the chapter.
        id: String,
        /// The id of the part; all ids of a book are different.
        part: Option<String>,
    },
    /// A file of the site that is no chapter, by its path from the root.
    File(String),
    /// An address elsewhere.
    External(String),
}

/// Markup that templates may insert as it is: all text in it is escaped.
pub struct Markup(String);

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Markup {}

impl Book {
    /// Reads the pages of `guide` from `site`.
    ///
    /// # Errors
    /// If `site` lacks one of them.
    pub fn read(guide: &Guide, site: &Site) -> anyhow::Result<Self> {
        let outline = outline(guide);
        let routes = || outline.iter().flat_map(|(_, routes)| routes);
        let files: BTreeMap<String, String> = routes().map(|r| (r.file(), id(r))).collect();
        let parts = outline.par_iter().map(|(title, routes)| {
            let chapters = routes
                .par_iter()
                .map(|route| Chapter::read(guide, site, &files, route));
            Ok(Part {
                title: title.clone(),
                chapters: chapters.collect::<anyhow::Result<_>>()?,
            })
        });
        Ok(Self {
            parts: parts.collect::<anyhow::Result<_>>()?,
            checked: routes()
                .filter_map(|route| guide.checked(route))
                .max()
                .context("no page has a day on which it was checked")?,
        })
    }

    /// All chapters in order.
    pub fn chapters(&self) -> impl Iterator<Item = &Chapter> {
        self.parts.iter().flat_map(|part| &part.chapters)
    }

    /// The files of the site that are shown in chapters, by their paths.
    pub fn pictures(&self) -> BTreeSet<&str> {
        let pieces = self.chapters().flat_map(|chapter| &chapter.pieces);
        pieces
            .filter_map(|piece| match piece {
                Piece::Address(attribute, Target::File(path)) if attribute == "src" => {
                    Some(path.as_str())
                }
                _ => None,
            })
            .collect()
    }
}

/// The parts of the book and the pages of each: first what everybody needs,
/// then the codes, each class with its own, then what puts them side by side,
/// and at the end what one looks something up in. The host's page for misses
/// is no part of it.
pub fn outline(guide: &Guide) -> Vec<(String, Vec<Route>)> {
    let page = |slug: &str| Guide::page_route(slug);
    let mut first = vec![Route::Home];
    first.extend(guide.site.book.iter().map(|name| page(&name.value)));
    let mut parts = vec![("Start here".to_owned(), first)];
    for class in Class::ALL {
        if !guide.classes.contains_key(&class) {
            continue;
        }
        let codes = guide.codes_of(class).filter(|d| d.facts.is_registered());
        let codes = codes.map(|d| Route::Code(d.facts.code.value));
        parts.push((
            ["00", "99"]
                .map(|end| class.slug().replace("xx", end))
                .join(" to "),
            std::iter::once(Route::Class(class)).chain(codes).collect(),
        ));
    }
    let vendors = guide.codes.values().filter(|d| !d.facts.is_registered());
    parts.push((
        "Codes that nobody registered".to_owned(),
        vendors.map(|d| Route::Code(d.facts.code.value)).collect(),
    ));
    let comparisons = guide.comparisons.keys();
    parts.push((
        "Codes that are mixed up".to_owned(),
        comparisons.cloned().map(Route::Comparison).collect(),
    ));
    let topics = guide.topics.keys().cloned().map(Route::Topic);
    let topics_page = guide.topics_page().map(|d| page(&d.slug));
    parts.push((
        "Topics".to_owned(),
        topics_page.into_iter().chain(topics).collect(),
    ));
    let pages = guide.pages.keys().map(|slug| page(slug));
    parts.push((
        "To look things up".to_owned(),
        pages.filter(|route| *route != Route::NotFound).collect(),
    ));
    // A page stands where it is named first.
    let mut seen = BTreeSet::new();
    for (_, routes) in &mut parts {
        routes.retain(|route| seen.insert(route.clone()));
    }
    parts.retain(|(_, routes)| !routes.is_empty());
    parts
}

/// The id of the chapter of `route`. An XML name does not start with a digit;
/// addresses have neither `_` nor `.`, so that no two ids are the same.
fn id(route: &Route) -> String {
    let path = route.url_path();
    match path.trim_end_matches('/') {
        "" => "p-home".to_owned(),
        path => format!("p-{}", path.replace('/', "_")),
    }
}

/// The id of a part of the chapter `chapter`.
fn part_id(chapter: &str, fragment: &str) -> String {
    format!("{chapter}.{fragment}")
}

/// The CSS classes of the chapter of `route`.
fn classes(guide: &Guide, route: &Route) -> String {
    match route {
        Route::Class(class) => format!("chapter of-class c{class}"),
        Route::Code(code) => {
            let registered = guide
                .codes
                .get(code)
                .is_some_and(|d| d.facts.is_registered());
            let kind = if registered { "code" } else { "vendor" };
            format!("chapter of-{kind} c{}", code.class())
        }
        Route::Comparison(_) => "chapter of-comparison".to_owned(),
        Route::Topic(_) => "chapter of-topic".to_owned(),
        _ => "chapter".to_owned(),
    }
}

impl Chapter {
    fn read(
        guide: &Guide,
        site: &Site,
        chapters: &BTreeMap<String, String>,
        route: &Route,
    ) -> anyhow::Result<Self> {
        let file = route.file();
        let page = site.file(&file).map(Bytes::text);
        let article = page.as_deref().and_then(|page| {
            let (_, rest) = page.split_once("<article")?;
            let (_, rest) = rest.split_once('>')?;
            Some(rest.rsplit_once("</article>")?.0)
        });
        let article = article.with_context(|| format!("{file} has no article"))?;
        let id = id(route);
        let links = Links {
            chapters,
            file: &file,
            id: &id,
        };
        let heading = (*route == Route::Home).then_some(INTRODUCTION);
        let mut reader = Reader::new(links, heading);
        reader.read(article);
        Ok(reader.chapter(route.clone(), classes(guide, route)))
    }

    /// The text of the chapter. Its heading is of the level `level`; `address`
    /// says where a link leads in this edition, or nothing if it has no place
    /// for it: then the words of the link are plain text.
    pub fn markup(&self, level: u8, address: impl Fn(&Target) -> Option<String>) -> Markup {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Markup(markup) => out.push_str(markup),
                Piece::Level(own) => out.push_str(&(own + level - 1).to_string()),
                Piece::Address(attribute, target) => {
                    if let Some(address) = address(target) {
                        attributes(&mut out, attribute, &address);
                    }
                }
            }
        }
        Markup(out)
    }
}

/// What a link on one page leads to in the book.
struct Links<'a> {
    /// The ids of all chapters by their files.
    chapters: &'a BTreeMap<String, String>,
    /// The file of the page.
    file: &'a str,
    /// The id of its chapter.
    id: &'a str,
}

impl Links<'_> {
    fn target(&self, href: &str) -> Target {
        if href.contains(':') {
            return Target::External(href.to_owned());
        }
        let (path, fragment) = match href.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment)),
            None => (href, None),
        };
        let path = path.split('?').next().unwrap_or_default();
        let file = if path.is_empty() {
            self.file.to_owned()
        } else {
            resolve(self.file, path).unwrap_or_else(|| path.to_owned())
        };
        match self.chapters.get(&file) {
            Some(id) => Target::Chapter {
                id: id.clone(),
                part: fragment.map(|fragment| part_id(id, fragment)),
            },
            None => Target::File(file),
        }
    }
}

/// Reads an article, tag by tag.
struct Reader<'a> {
    links: Links<'a>,
    /// What stands in the main heading in place of what the page has there.
    heading: Option<&'static str>,
    title: String,
    in_title: bool,
    /// What was read; the markup at its end is still growing.
    pieces: Vec<Piece>,
    markup: String,
}

impl<'a> Reader<'a> {
    fn new(links: Links<'a>, heading: Option<&'static str>) -> Self {
        Self {
            links,
            heading,
            title: String::new(),
            in_title: false,
            pieces: Vec::new(),
            markup: String::new(),
        }
    }

    /// What was read.
    fn chapter(mut self, route: Route, classes: String) -> Chapter {
        self.pieces.push(Piece::Markup(self.markup));
        Chapter {
            id: self.links.id.to_owned(),
            title: self.title.trim().to_owned(),
            pieces: self.pieces,
            classes,
            route,
        }
    }

    fn read(&mut self, article: &str) {
        // How many elements are open from the one on that is left out.
        let mut left_out = 0_usize;
        markup::read(article.as_bytes(), &mut |event| match event {
            Event::Start(tag) if left_out > 0 || is_for_the_screen(tag) => {
                left_out += usize::from(!VOID.contains(&tag.name()));
            }
            Event::Start(tag) => self.start(tag),
            Event::End(name) if left_out == 0 => self.end(name),
            Event::End(_) => left_out -= 1,
            Event::Text(text) if left_out == 0 => self.text(text),
            Event::Text(_) => {}
        });
    }

    fn start(&mut self, tag: &Tag) {
        let name = tag.name();
        self.markup.push('<');
        self.name(name);
        // The minifier's order depends on the values, and here nobody counts bytes.
        for (attribute, value) in tag.attributes().collect::<BTreeMap<_, _>>() {
            self.attribute(attribute, value);
        }
        let end = if VOID.contains(&name) { "/>" } else { ">" };
        self.markup.push_str(end);
        if level(name) == Some(1) {
            self.in_title = true;
            let heading = self.heading.unwrap_or_default();
            self.title.push_str(heading);
            self.markup.push_str(heading);
        }
    }

    fn end(&mut self, name: &str) {
        self.markup.push_str("</");
        self.name(name);
        self.markup.push('>');
        self.in_title &= level(name) != Some(1);
    }

    /// The name of an element: that of a heading is not the same everywhere.
    fn name(&mut self, name: &str) {
        if let Some(level) = level(name) {
            self.markup.push('h');
            self.push(Piece::Level(level));
        } else {
            self.markup.push_str(name);
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_title {
            if self.heading.is_some() {
                return;
            }
            self.title.push_str(text);
        }
        escaped_text(&mut self.markup, text);
    }

    fn attribute(&mut self, name: &str, value: &str) {
        match name {
            "href" | "src" => {
                let target = self.links.target(value);
                self.push(Piece::Address(name.to_owned(), target));
            }
            name if IDS.contains(&name) => {
                let ids = value.split_whitespace();
                let ids: Vec<_> = ids.map(|id| part_id(self.links.id, id)).collect();
                attributes(&mut self.markup, name, &ids.join(" "));
            }
            // For scripts; only the name of a cell in a narrow table is for readers.
            name if name.starts_with("data-") && name != "data-label" => {}
            name => attributes(&mut self.markup, name, value),
        }
    }

    /// Adds what is not the same in every edition.
    fn push(&mut self, piece: Piece) {
        let markup = std::mem::take(&mut self.markup);
        self.pieces.extend([Piece::Markup(markup), piece]);
    }
}

/// The level of a heading.
fn level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

fn is_for_the_screen(tag: &Tag) -> bool {
    let mut classes = tag.get("class").unwrap_or_default().split_whitespace();
    SCREEN_ELEMENTS.contains(&tag.name()) || classes.any(|class| SCREEN_CLASSES.contains(&class))
}

/// Writing into a string cannot fail.
fn escaped_text(out: &mut String, text: &str) {
    let _ = escape_html_body_text(out, text);
}

fn attributes(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    let _ = escape_html(&mut *out, value);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(article: &str, heading: Option<&'static str>) -> Chapter {
        let chapters = [("404/index.html", "p-404"), ("403/index.html", "p-403")];
        let chapters = chapters.map(|(file, id)| (file.to_owned(), id.to_owned()));
        let links = Links {
            chapters: &BTreeMap::from(chapters),
            file: "404/index.html",
            id: "p-404",
        };
        let mut reader = Reader::new(links, heading);
        reader.read(article);
        reader.chapter(Route::NotFound, String::new())
    }

    /// An edition that shows what each link leads to.
    fn shown(article: &str) -> String {
        let address = |target: &Target| match target {
            Target::Chapter { id, part } => {
                Some(format!("{id}|{}", part.as_deref().unwrap_or_default()))
            }
            Target::File(path) => (path != "gone.txt").then(|| format!("file {path}")),
            Target::External(url) => Some(url.clone()),
        };
        read(article, None).markup(1, address).to_string()
    }

    #[test]
    fn what_is_only_for_a_screen_is_left_out_with_all_that_is_in_it() {
        for (article, rest) in [
            ("<p>a<button><b>x</b></button>b</p>", "<p>ab</p>"),
            ("<form><input><label>x</label></form><hr>", "<hr/>"),
            ("<a class='x anchor' href=#a>#</a>c", "c"),
            ("<nav class=contents><ul><li>x</li></ul></nav>d", "d"),
        ] {
            assert_eq!(shown(article), rest, "{article}");
        }
    }

    #[test]
    fn links_lead_to_chapters_files_and_elsewhere() {
        for (href, target) in [
            ("../403/index.html", "p-403|"),
            ("../403/index.html#retry", "p-403|p-403.retry"),
            ("../403/index.html?q=1#retry", "p-403|p-403.retry"),
            ("#retry", "p-404|p-404.retry"),
            ("../404.html", "file 404.html"),
            (
                "https://example.com/?a&amp;b#c",
                "https://example.com/?a&amp;b#c",
            ),
        ] {
            let wanted = format!("<a href=\"{target}\">x</a>");
            assert_eq!(shown(&format!("<a href={href}>x</a>")), wanted);
        }
        assert_eq!(shown("<a href=../gone.txt>x</a>"), "<a>x</a>");
    }

    #[test]
    fn ids_and_what_names_them_carry_the_chapter() {
        assert_eq!(
            shown("<p id=a aria-labelledby='a b' data-sort=x data-label=y hidden>"),
            r#"<p aria-labelledby="p-404.a p-404.b" data-label="y" hidden="" id="p-404.a">"#
        );
    }

    #[test]
    fn text_and_attributes_are_escaped_again() {
        let article = r#"<p title='"&lt;&amp;'>a &lt; b &amp;amp; "c"</p>"#;
        let wanted = r#"<p title="&quot;&lt;&amp;">a &lt; b &amp;amp; "c"</p>"#;
        assert_eq!(shown(article), wanted);
    }

    #[test]
    fn headings_move_down_together() {
        let chapter = read("<h1>404 <b>Not</b> Found</h1><h2 id=a>A</h2>", None);
        assert_eq!(chapter.title, "404 Not Found");
        assert_eq!(
            chapter.markup(3, |_| None).to_string(),
            "<h3>404 <b>Not</b> Found</h3><h4 id=\"p-404.a\">A</h4>"
        );
        let chapter = read("<h1>The <b>Guide</b></h1><p>x</p>", Some("Introduction"));
        assert_eq!(chapter.title, "Introduction");
        assert_eq!(
            chapter.markup(1, |_| None).to_string(),
            "<h1>Introduction<b></b></h1><p>x</p>"
        );
    }
}
