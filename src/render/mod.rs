//! Owns: what pages there are, and their bytes. Renders the text of every page,
//! then every view, minifies, and adds the files of `static/`.
//!
//! Must not: make files that are no pages (that is `publish`), check the result
//! (that is `check`) or write it (that is `output`).

pub mod aliases;
pub mod metadata;
pub mod pages;
pub mod views;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use std::sync::Arc;

use anyhow::{Context, bail};
use askama::Template;
use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, SourceFile, Span};
use crate::load::content::{Document, Folder};
use crate::load::facts::ConventionFacts;
use crate::load::files::{StaticFile, source};
use crate::load::guide::Guide;
use crate::output::cache::Cache;
use crate::render::pages::AnyPage;
use crate::render::views::{
    ClassView, CodeView, ComparisonView, RAIL_SLOT, RailView, TEAM_STYLE, TeamStyle, TopicView,
    Totals,
};
use crate::route::Route;
use crate::site::{Bytes, Site};
use crate::text::markdown::{self, Body, InternalLink, Kind};

/// What decides on a minified file beside its bytes and the libraries.
const SOURCE: &[u8] = include_bytes!("mod.rs");

/// The part that only a complete page of a code has.
const COMPLETE: &str = "when-to-use";

/// The texts of all pages, by the page that they are for.
pub type Bodies = BTreeMap<Route, Arc<Body>>;

/// What becomes of the texts once each has its page.
pub enum Texts<'b> {
    /// They are wanted again.
    Keep(&'b Bodies),
    /// What only the page needs goes as soon as the page is made: together, texts
    /// and pages would take nearly twice the memory.
    LetGo(&'b mut Bodies),
}

impl Texts<'_> {
    const fn all(&self) -> &Bodies {
        match self {
            Self::Keep(bodies) => bodies,
            Self::LetGo(bodies) => bodies,
        }
    }
}

/// The texts of the last build, which had no errors, and what they were made of.
struct Before<'b> {
    files: BTreeMap<Route, &'b Arc<SourceFile>>,
    bodies: &'b Bodies,
}

impl<'b> Before<'b> {
    /// None, if a text could become other HTML now.
    fn of(guide: &Guide, (before, bodies): (&'b Guide, &'b Bodies)) -> Option<Self> {
        let files = || sources(before).into_iter();
        (before.ground() == guide.ground()).then(|| Self {
            files: files().map(|(route, _, file, _)| (route, file)).collect(),
            bodies,
        })
    }

    /// The text of the page `route`, if it was made of the same file.
    fn text(&self, guide: &Guide, route: &Route, file: &SourceFile) -> Option<Arc<Body>> {
        let is_same = self
            .files
            .get(route)
            .is_some_and(|before| ***before == *file);
        // One that has a convention in it is put together anew.
        let is_whole = !guide.conventions.contains_key(route);
        self.bodies
            .get(route)
            .filter(|_| is_same && is_whole)
            .cloned()
    }
}

/// A text of the guide: the page that it is for, what kind that is, its file,
/// and where in it the text stands.
pub type Text<'g> = (Route, Kind, &'g Arc<SourceFile>, Range<usize>);

/// The texts of all pages, kind by kind.
pub fn sources(guide: &Guide) -> Vec<Text<'_>> {
    let mut sources = Vec::new();
    for (code, d) in &guide.codes {
        let kind = if d.facts.is_registered() {
            Kind::Code(*code)
        } else {
            Kind::Vendor(*code)
        };
        sources.push((Route::Code(*code), kind, &d.file, d.body.clone()));
    }
    for (class, d) in &guide.classes {
        sources.push((Route::Class(*class), Kind::Class, &d.file, d.body.clone()));
    }
    for (slug, d) in &guide.comparisons {
        sources.push((
            Route::Comparison(slug.clone()),
            Kind::Comparison,
            &d.file,
            d.body.clone(),
        ));
    }
    for (slug, d) in &guide.topics {
        sources.push((
            Route::Topic(slug.clone()),
            Kind::Free,
            &d.file,
            d.body.clone(),
        ));
    }
    for (slug, d) in &guide.pages {
        sources.push((Guide::page_route(slug), Kind::Free, &d.file, d.body.clone()));
    }
    sources
}

/// Renders the text of every page, or takes it over from the build `before`,
/// which had no errors. What is wrong goes to `diagnostics`.
pub fn texts(
    guide: &Guide,
    before: Option<(&Guide, &Bodies)>,
    diagnostics: &mut Diagnostics,
) -> Bodies {
    let before = before.and_then(|before| Before::of(guide, before));
    let rendered: Vec<_> = sources(guide)
        .into_par_iter()
        .map(|(route, kind, file, body)| {
            let known = (before.as_ref()).and_then(|before| before.text(guide, &route, file));
            if let Some(body) = known {
                return (route, body, Diagnostics::default());
            }
            let (mut body, mut found) = markdown::render(guide, &route, kind, file, body);
            if let Some(document) = guide.conventions.get(&route) {
                let (convention, wrong) = convention(guide, &route, document);
                body.add_convention(convention);
                found.append(wrong);
            }
            (route, Arc::new(body), found)
        })
        .collect();
    // Pages without facts are not published, but all their errors are found.
    for document in &guide.texts_alone {
        let kind = match document.facts {
            Folder::Codes => {
                let facts = &document.file.text[..document.body.start];
                let kind = if facts.contains("registration = \"vendor\"") {
                    Kind::Vendor
                } else {
                    Kind::Code
                };
                document.slug.parse().map_or(Kind::Free, kind)
            }
            Folder::Classes => Kind::Class,
            Folder::Compare => Kind::Comparison,
            Folder::Topics | Folder::Pages => Kind::Free,
        };
        let route = Route::Page(document.slug.clone());
        let (_, found) =
            markdown::render(guide, &route, kind, &document.file, document.body.clone());
        diagnostics.append(found);
    }
    for document in &guide.stray_conventions {
        let route = Route::Page(document.slug.clone());
        diagnostics.append(convention(guide, &route, document).1);
    }
    let mut bodies = Bodies::new();
    for (route, body, found) in rendered {
        diagnostics.append(found);
        bodies.insert(route, body);
    }
    bodies
}

fn convention(
    guide: &Guide,
    route: &Route,
    document: &Document<ConventionFacts>,
) -> (Body, Diagnostics) {
    let body = document.body.clone();
    markdown::render(guide, route, Kind::Convention, &document.file, body)
}

/// All links between pages that stand in the texts.
pub fn links(bodies: &Bodies) -> impl Iterator<Item = &InternalLink> {
    bodies.values().flat_map(|body| &body.links)
}

/// The pages and the files of `static/`, minified or from `cache`. One of those
/// files that has the address of a page goes to `diagnostics`.
///
/// # Errors
/// If a template fails.
pub fn site(
    guide: &Guide,
    texts: Texts<'_>,
    cache: &Cache,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<Site> {
    let rails = Rails::new(guide, texts.all())?;
    let totals = totals(guide, texts.all());
    let page = |route: &Route, body: &Body| {
        let file = route.file();
        let html =
            view(guide, &totals, route, body).with_context(|| format!("cannot render {file}"))?;
        let rail = rails.of(guide, route);
        let parts = [SOURCE, html.as_bytes(), rail.all];
        let small = || Ok(rail.insert(&minified(&html)));
        let mut small = cache.get_or_make(&file, &parts, small)?;
        if rail.own.is_none() {
            small.bytes = small.bytes.sharing(rail.all);
        }
        anyhow::Ok((file, small))
    };
    let minified_file = |(path, file): (&String, &StaticFile)| {
        let parts = [SOURCE, &file.bytes];
        let small = || Ok(minified_static(path, &file.bytes));
        let small = cache.get_or_make(path, &parts, small)?;
        anyhow::Ok((path.clone(), file.name.clone(), small))
    };
    let (pages, statics) = rayon::join(
        || match texts {
            Texts::Keep(bodies) => (bodies.par_iter())
                .map(|(route, body)| page(route, body))
                .collect::<anyhow::Result<Vec<_>>>(),
            Texts::LetGo(bodies) => (bodies.par_iter_mut())
                .map(|(route, body)| {
                    let made = page(route, body);
                    if let Some(body) = Arc::get_mut(body) {
                        body.let_go();
                    }
                    made
                })
                .collect(),
        },
        || {
            guide
                .statics
                .par_iter()
                .map(minified_file)
                .collect::<anyhow::Result<Vec<_>>>()
        },
    );

    let mut site = Site::default();
    for (path, file) in pages? {
        // Two pages with one address were reported when the guide was checked.
        site.insert_costly(path, file.bytes, file.fingerprint);
    }
    for (route, html) in aliases::pages(guide, diagnostics)? {
        site.insert(route.file(), minified(&html).into_bytes());
    }
    if let Some(team) = &guide.team {
        let style = TeamStyle::new(team).render()?;
        let bytes = minified_static(TEAM_STYLE, style.as_bytes());
        site.insert(TEAM_STYLE.to_owned(), bytes);
    }
    for (path, name, file) in statics? {
        if !site.insert_costly(path, file.bytes, file.fingerprint) {
            let file = source(name, String::new());
            diagnostics.push(
                Diagnostic::new(
                    Rule::Duplicate,
                    Span::start_of(&file),
                    "a page of the guide has this address",
                )
                .help("give the file another name"),
            );
        }
    }
    Ok(site)
}

/// What the guide counts of itself.
pub fn totals(guide: &Guide, bodies: &Bodies) -> Totals {
    let complete = guide.codes.keys().filter(|code| {
        let body = bodies.get(&Route::Code(**code));
        body.is_some_and(|body| body.sections.iter().any(|s| s.id == COMPLETE))
    });
    Totals {
        pages: bodies.len(),
        complete: complete.count(),
        messages: bodies.values().map(|body| body.messages).sum(),
    }
}

/// The page `route` as its template makes it, before it is minified.
///
/// # Errors
/// If the guide has no such page, or its template fails.
pub fn view(guide: &Guide, totals: &Totals, route: &Route, body: &Body) -> anyhow::Result<String> {
    let html = match route {
        Route::Code(code) => match guide.codes.get(code) {
            Some(document) => CodeView::new(guide, document, body).render()?,
            None => bail!("there is no such code"),
        },
        Route::Class(class) => match ClassView::new(guide, *class, body) {
            Some(view) => view.render()?,
            None => bail!("there is no such class"),
        },
        Route::Comparison(slug) => match guide.comparisons.get(slug) {
            Some(document) => ComparisonView::new(guide, document, body).render()?,
            None => bail!("there is no such comparison"),
        },
        Route::Topic(slug) => match guide.topics.get(slug) {
            Some(document) => TopicView::new(guide, document, body).render()?,
            None => bail!("there is no such topic"),
        },
        Route::Home | Route::Page(_) | Route::NotFound => {
            let document = guide.page(route);
            match document.map(|document| AnyPage::new(guide, totals, document, body)) {
                Some(AnyPage::Home(view)) => view.render()?,
                Some(AnyPage::Reference(view)) => view.render()?,
                Some(AnyPage::NotFound(view)) => view.render()?,
                Some(AnyPage::Decisions(view)) => view.render()?,
                Some(AnyPage::FirstAid(view)) => view.render()?,
                Some(AnyPage::RetryRules(view)) => view.render()?,
                Some(AnyPage::CheatSheet(view)) => view.render()?,
                Some(AnyPage::Topics(view)) => view.render()?,
                Some(AnyPage::Facts(view)) => view.render()?,
                Some(AnyPage::Changes(view)) => view.render()?,
                Some(AnyPage::Page(view)) => view.render()?,
                None => bail!("there is no such page"),
            }
        }
        Route::Alias(_) | Route::Static(_) | Route::Beside(..) | Route::Export(_) => {
            bail!("this is no page")
        }
    };
    Ok(html)
}

/// HTML without the white space and comments that nobody sees. Closing tags
/// stay, so that the source is readable and every parser agrees on it.
fn minified(html: &str) -> String {
    let options = minify_html::Cfg {
        keep_closing_tags: true,
        keep_html_and_head_opening_tags: true,
        ..minify_html::Cfg::default()
    };
    let bytes = minify_html::minify(html.as_bytes(), &options);
    // The minifier moves and drops bytes of ASCII syntax only, so what was
    // UTF-8 stays UTF-8; the lossy reading copies nothing then.
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A stylesheet or script of `static/` without comments and white space; any
/// other file, and one that cannot be read as such, as it is.
pub fn minified_static(path: &str, bytes: &[u8]) -> Vec<u8> {
    let element = match path.rsplit_once('.') {
        Some((_, "css")) => "style",
        Some((_, "js")) => "script",
        _ => return bytes.to_owned(),
    };
    let options = minify_html::Cfg {
        keep_closing_tags: true,
        minify_css: true,
        minify_js: true,
        ..minify_html::Cfg::default()
    };
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if element == "script" => without_comments(text),
        _ => None,
    };
    let source = text.as_ref().map_or(bytes, |text| text.as_bytes());
    let wrapped = [open.as_bytes(), source, close.as_bytes()].concat();
    let small = minify_html::minify(&wrapped, &options);
    let inner = small
        .strip_prefix(open.as_bytes())
        .and_then(|rest| rest.strip_suffix(close.as_bytes()));
    match inner {
        Some(inner) if !inner.is_empty() || bytes.is_empty() => inner.to_owned(),
        _ => bytes.to_owned(),
    }
}

/// A script without the comments that stand on lines of their own, which the
/// minifier keeps. `None` if a line may be inside of a text.
fn without_comments(script: &str) -> Option<String> {
    let is_text_whole = |line: &str| line.matches('`').count().is_multiple_of(2);
    let is_comment = |line: &str| {
        let line = line.trim();
        line.starts_with("//")
            || (line.starts_with("/*") && line.find("*/") == Some(line.len() - 2))
    };
    let code = script.lines().filter(|line| !is_comment(line));
    script
        .lines()
        .all(is_text_whole)
        .then(|| code.collect::<Vec<_>>().join("\n"))
}

/// The list of all codes, minified once for each way that links are written.
struct Rails {
    by_prefix: BTreeMap<String, Arc<[u8]>>,
    none: Arc<[u8]>,
}

impl Rails {
    fn new(guide: &Guide, bodies: &Bodies) -> anyhow::Result<Self> {
        let mut by_prefix = BTreeMap::new();
        for route in bodies.keys() {
            let prefix = guide.link(route, &Route::Home);
            if let Entry::Vacant(entry) = by_prefix.entry(prefix) {
                let rail = RailView::new(guide, route)
                    .render()
                    .context("cannot render the list of codes")?;
                entry.insert(minified(&rail).into_bytes().into());
            }
        }
        let none = Arc::default();
        Ok(Self { by_prefix, none })
    }

    /// The list for the page `route`.
    fn of(&self, guide: &Guide, route: &Route) -> Rail<'_> {
        let all = self.by_prefix.get(&guide.link(route, &Route::Home));
        let all = all.unwrap_or(&self.none);
        let own = format!(" href={}>", guide.link(route, route));
        let text = std::str::from_utf8(all).unwrap_or_default();
        Rail {
            all,
            own: text.find(&own),
        }
    }
}

/// The list of all codes on a page.
struct Rail<'r> {
    all: &'r Arc<[u8]>,
    /// Where the page's own entry is marked, if it has one.
    own: Option<usize>,
}

impl Rail<'_> {
    /// `page` with the list in its slot. A page without an entry of its own holds
    /// the list together with others.
    fn insert(&self, page: &str) -> Bytes {
        let Some((before, after)) = page.split_once(RAIL_SLOT) else {
            return page.to_owned().into();
        };
        let (before, after) = (before.as_bytes(), after.as_bytes());
        let Some(own) = self.own else {
            return Bytes::of([before.into(), Arc::clone(self.all), after.into()]);
        };
        let (start, end) = self.all.split_at(own);
        [before, start, b" aria-current=page", end, after]
            .concat()
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(script: &str) -> String {
        String::from_utf8(minified_static("x.js", script.as_bytes())).unwrap()
    }

    #[test]
    fn a_script_is_published_without_its_comments() {
        let text = small("// One.\nlet a = 1; // two\n/** Three. */\n  f(a, `//`);\n");
        for comment in ["One", "Three"] {
            assert!(!text.contains(comment), "{text}");
        }
        assert!(text.contains("`//`"), "{text}");
    }

    #[test]
    fn a_line_of_a_text_that_looks_like_a_comment_stays() {
        let text = small("window.a = `one\n// two\n`;\n");
        assert!(text.contains("// two"), "{text}");
    }
}
