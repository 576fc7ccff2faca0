//! Owns: what templates see: the frame of every page, and a typed struct for
//! codes, classes, comparisons and topics. Single pages are in `pages`.
//!
//! Must not: turn views into bytes, or decide what pages there are.

use askama::Template;

use crate::load::accent::Accent;
use crate::load::content::Document;
use crate::load::facts::{
    CodeFacts, ComparisonFacts, ConventionFacts, Date, Logo, Shows, Team, TopicFacts,
};
use crate::load::front_matter::Located;
use crate::load::glance::{self, Value};
use crate::load::guide::{Guide, REFERENCE, Target};
use crate::render::metadata::{About, Metadata};
use crate::route::{Export, Route};
use crate::status::{Class, StatusCode};
use crate::text::markdown::{Body, CONVENTION, Html};

/// Stands in a page where the list of all codes goes. The list is the same on
/// every page, so it is minified once and put in afterwards. Content cannot
/// contain the character: it is for private use.
pub const RAIL_SLOT: char = '\u{e000}';

/// Stands on the home page where the files to take along are offered: how
/// large they are is known only after all pages are made.
pub const DOWNLOADS_SLOT: char = '\u{e001}';

/// A link as templates see it.
#[derive(Debug, Clone)]
pub struct Link {
    /// The destination.
    pub href: String,
    /// The text.
    pub text: String,
    /// Whether it leads to a code that nobody registered.
    pub vendor: bool,
}

impl Link {
    pub(crate) fn new(href: String, text: impl Into<String>) -> Self {
        Self {
            href,
            text: text.into(),
            vendor: false,
        }
    }
}

impl From<CodeLink<'_>> for Link {
    fn from(code: CodeLink<'_>) -> Self {
        Self {
            vendor: !code.facts.is_registered(),
            ..Self::new(code.href, code.code.to_string())
        }
    }
}

/// A status code in a list.
#[derive(Debug, Clone)]
pub struct CodeLink<'g> {
    /// The destination.
    pub href: String,
    /// The number.
    pub code: StatusCode,
    /// The facts of its page.
    pub facts: &'g CodeFacts,
    /// The link to a team's convention on its page, if there is one.
    pub convention: Option<String>,
}

/// A class and its codes.
pub struct ClassGroup<'g> {
    /// The link to its page.
    pub href: String,
    /// `4xx`
    pub class: Class,
    /// `Client Error`
    pub name: &'g str,
    /// The sentence about it.
    pub summary: &'g str,
    /// Its registered codes in order.
    pub codes: Vec<CodeLink<'g>>,
    /// The codes of its hundred that nobody registered, in order.
    pub vendors: Vec<CodeLink<'g>>,
}

impl<'g> ClassGroup<'g> {
    fn all_of(guide: &'g Guide, route: &Route) -> Vec<Self> {
        let classes = guide.classes.iter();
        classes
            .map(|(class, document)| {
                let (codes, vendors) = codes_of(guide, route, *class);
                Self {
                    href: guide.link(route, &Route::Class(*class)),
                    class: *class,
                    name: &document.facts.name,
                    summary: &document.facts.summary.value,
                    codes,
                    vendors,
                }
            })
            .collect()
    }

    /// All its codes by number, registered or not.
    pub fn all(&self) -> Vec<&CodeLink<'g>> {
        let mut all: Vec<_> = self.codes.iter().chain(&self.vendors).collect();
        all.sort_by_key(|link| link.code);
        all
    }
}

/// The registered codes of `class` and the others, as links from `route`.
fn codes_of<'g>(
    guide: &'g Guide,
    route: &Route,
    class: Class,
) -> (Vec<CodeLink<'g>>, Vec<CodeLink<'g>>) {
    let links = guide.codes_of(class).map(|d| code_link(guide, route, d));
    links.partition(|link| link.facts.is_registered())
}

fn code_link<'g>(
    guide: &'g Guide,
    route: &Route,
    document: &'g Document<CodeFacts>,
) -> CodeLink<'g> {
    let code = document.facts.code.value;
    let page = Route::Code(code);
    let href = guide.link(route, &page);
    let convention = guide.conventions.get(&page);
    CodeLink {
        convention: convention.map(|_| format!("{href}#{CONVENTION}")),
        href,
        code,
        facts: &document.facts,
    }
}

/// What the guide counts of itself.
#[derive(Debug, Clone, Copy)]
pub struct Totals {
    /// HTML pages.
    pub pages: usize,
    /// Codes whose page has every part.
    pub complete: usize,
    /// Example messages that were checked.
    pub messages: usize,
}

/// What stands around the text of every page.
pub struct Frame<'g> {
    pub(crate) guide: &'g Guide,
    pub(crate) route: Route,
    /// For the browser's tab and search results.
    pub title: String,
    /// For search results.
    pub description: String,
    /// The name of the guide.
    pub site_title: &'g str,
    /// The language of the text.
    pub language: &'g str,
    /// The CSS classes of the page: the one that sets the hue, `c4xx`, and
    /// `vendor-page` for a code that nobody registered; or nothing.
    pub hue: String,
    /// From the root to this page; the last has no link.
    pub crumbs: Vec<(Option<String>, String)>,
    /// The page before this one.
    pub previous: Option<Link>,
    /// The page after this one.
    pub next: Option<Link>,
    /// The sections of this page, if they are many.
    pub contents: Vec<(String, String)>,
    /// Whether the list of all codes stands beside the text.
    pub has_rail: bool,
    /// Files in `static/` that make this kind of page more convenient.
    pub scripts: &'static [&'static str],
    /// Files in `static/` for what only this kind of page has.
    pub styles: &'static [&'static str],
    /// The day on which the facts were checked.
    pub checked: Date,
    /// Where the source can be edited.
    pub edit: Option<String>,
}

impl<'g> Frame<'g> {
    pub(crate) fn new(
        guide: &'g Guide,
        route: Route,
        title: String,
        description: &str,
        checked: Date,
        edit: Option<String>,
    ) -> Self {
        let site = &guide.site;
        Self {
            guide,
            title,
            description: description.to_owned(),
            site_title: &site.title,
            language: &site.language,
            hue: String::new(),
            crumbs: vec![
                (
                    site.breadcrumb_root_url.clone(),
                    site.breadcrumb_root.clone(),
                ),
                (
                    Some(guide.link(&route, &Route::Home)),
                    site.breadcrumb_home.clone(),
                ),
            ],
            previous: None,
            next: None,
            contents: Vec::new(),
            has_rail: true,
            scripts: &[],
            styles: &[],
            checked,
            edit,
            route,
        }
    }

    pub(crate) fn crumb(&mut self, text: impl Into<String>) {
        self.crumbs.push((None, text.into()));
    }

    pub(crate) fn contents(&mut self, body: &Body) {
        if body.sections.len() > 3 {
            let convention = self.guide.conventions.get(&self.route);
            let convention = convention.map(|d| (CONVENTION.to_owned(), d.facts.title.clone()));
            let sections = body.sections.iter();
            self.contents = (convention.into_iter())
                .chain(sections.map(|s| (s.id.clone(), s.title.clone())))
                .collect();
        }
    }

    /// What a team adds to this page, whose text is `body`.
    pub fn convention<'b>(&self, body: &'b Body) -> Option<ConventionView<'g, 'b>> {
        let document = self.guide.conventions.get(&self.route)?;
        let team = self.guide.team.as_ref();
        Some(ConventionView {
            id: CONVENTION,
            facts: &document.facts,
            team: team.and_then(|team| team.name.as_deref()),
            edit: self.guide.edit_link(document),
            html: &body.convention.as_ref()?.lead,
        })
    }

    /// The stylesheets of the team, after that for what it adds.
    pub fn team_styles(&self) -> Vec<&str> {
        let team = self.guide.team.iter();
        team.flat_map(|team| {
            let own = team.styles.iter().map(String::as_str);
            std::iter::once(TEAM_STYLE).chain(own)
        })
        .collect()
    }

    /// The logo of the team.
    pub fn logo(&self) -> Option<&'g Logo> {
        self.guide.team.as_ref()?.logo.as_ref()
    }

    /// Whether the team has fonts, which a page without a team may not load.
    pub fn has_fonts(&self) -> bool {
        self.guide.team.as_ref().is_some_and(|team| team.has_fonts)
    }

    pub(crate) fn hue(&mut self, class: Class) {
        self.hue = format!("c{class}");
    }

    /// The link to another page.
    pub fn link(&self, route: &Route) -> String {
        self.guide.link(&self.route, route)
    }

    /// The link to a file in `static/`.
    pub fn file(&self, path: &str) -> String {
        self.link(&Route::Static(path.to_owned()))
    }

    /// The link to the home page.
    pub fn home(&self) -> String {
        self.link(&Route::Home)
    }

    /// The link to the index of all codes.
    pub fn reference(&self) -> String {
        self.link(&Route::Page(REFERENCE.to_owned()))
    }

    /// The link to a file that only a guide has which knows its address.
    fn published(&self, export: Export) -> Option<String> {
        self.guide.base.as_ref()?;
        Some(self.link(&Route::Export(export)))
    }

    /// The link to the description of the search, if there is one.
    pub fn search_description(&self) -> Option<String> {
        self.published(Export::OpenSearch)
    }

    /// The link to the feed of changes, if there is one.
    pub fn feed(&self) -> Option<String> {
        if self.guide.changes.is_empty() {
            return None;
        }
        self.guide.page_that_shows(Shows::Changes)?;
        self.published(Export::Feed)
    }

    /// Whether the guide can be installed from this page; the first view of
    /// the others has no room for the link.
    pub fn has_manifest(&self) -> bool {
        match &self.route {
            Route::Home => true,
            Route::Page(slug) => slug == REFERENCE,
            _ => false,
        }
    }

    /// The link to what the guide is called when it is installed.
    pub fn manifest(&self) -> String {
        self.link(&Route::Export(Export::Manifest))
    }

    /// The address of this page, if the guide knows where it is published.
    pub fn canonical(&self) -> Option<String> {
        let base = self.guide.base.as_ref()?;
        (self.route != Route::NotFound).then(|| base.absolute(&self.route))
    }

    /// What the head of this page says to machines.
    pub fn metadata(&self) -> Option<Metadata> {
        Metadata::of(&About {
            guide: self.guide,
            route: &self.route,
            title: &self.title,
            description: &self.description,
            crumbs: &self.crumbs,
            checked: self.checked,
        })
    }

    /// The links in the head of the page, and which one is this page.
    pub fn navigation(&self) -> Vec<(Link, bool)> {
        let entries = self.guide.site.navigation.iter();
        entries
            .filter_map(|entry| {
                let Ok(Target::Page {
                    route: Some(route),
                    fragment,
                    ..
                }) = self.guide.resolve(&entry.value.page)
                else {
                    return None;
                };
                let is_here = route == self.route && fragment.is_none();
                let fragment = fragment.map(|fragment| format!("#{fragment}"));
                let href = self.link(&route) + &fragment.unwrap_or_default();
                let link = Link::new(href, &entry.value.text);
                Some((link, is_here))
            })
            .collect()
    }

    /// The line at the foot of the page.
    pub fn footer(&self) -> &str {
        &self.guide.site.footer
    }

    /// Stands where the files to take along are offered.
    pub fn downloads_slot(&self) -> char {
        DOWNLOADS_SLOT
    }

    /// Stands where the list of all codes goes.
    pub fn rail_slot(&self) -> char {
        RAIL_SLOT
    }

    pub(crate) fn code_link(&self, document: &'g Document<CodeFacts>) -> CodeLink<'g> {
        code_link(self.guide, &self.route, document)
    }

    pub(crate) fn class_groups(&self) -> Vec<ClassGroup<'g>> {
        ClassGroup::all_of(self.guide, &self.route)
    }

    /// The links to topics by their ids.
    pub(crate) fn topic_links(&self, topics: &[Located<String>]) -> Vec<Link> {
        let known = topics
            .iter()
            .filter_map(|t| self.guide.topics.get(&t.value));
        known.map(|document| self.topic_link(document)).collect()
    }

    pub(crate) fn topic_link(&self, document: &Document<TopicFacts>) -> Link {
        let href = self.link(&Route::Topic(document.slug.clone()));
        Link::new(href, &document.facts.title)
    }

    pub(crate) fn comparison_link(
        &self,
        document: &'g Document<ComparisonFacts>,
    ) -> ComparisonLink<'g> {
        ComparisonLink {
            href: self.link(&Route::Comparison(document.slug.clone())),
            name: document.slug.replace('-', " "),
            rule: &document.facts.rule.value,
        }
    }
}

/// What a team adds to a page.
pub struct ConventionView<'g, 'b> {
    /// The fragment.
    pub id: &'static str,
    /// What its file says of it.
    pub facts: &'g ConventionFacts,
    /// The name of the team.
    pub team: Option<&'g str>,
    /// Where its file can be edited.
    pub edit: Option<String>,
    /// The text.
    pub html: &'b Html,
}

/// The stylesheet for what a team adds. No page has it without a team: then
/// the first view costs nothing more.
pub const TEAM_STYLE: &str = "convention.css";

/// What is in it.
#[derive(Template)]
#[template(path = "convention.css", escape = "none")]
pub struct TeamStyle<'g> {
    accent: Option<&'g Accent>,
}

impl<'g> TeamStyle<'g> {
    /// The look of what `team` adds, in its colour.
    pub fn new(team: &'g Team) -> Self {
        Self {
            accent: team.accent.as_ref(),
        }
    }
}

/// A comparison in a list.
pub struct ComparisonLink<'g> {
    /// The destination.
    pub href: String,
    /// `401 vs 403`
    pub name: String,
    /// The rule in one sentence.
    pub rule: &'g str,
}

/// A field and where it is specified.
pub struct FieldLink<'g> {
    /// The name.
    pub name: &'g str,
    /// The address of its specification.
    pub url: String,
}

/// The list of all codes beside the text.
#[derive(Template)]
#[template(path = "rail.html")]
pub struct RailView<'g> {
    /// The classes and their codes.
    pub groups: Vec<ClassGroup<'g>>,
}

impl<'g> RailView<'g> {
    /// The list with links as they are on `route`.
    pub fn new(guide: &'g Guide, route: &Route) -> Self {
        Self {
            groups: ClassGroup::all_of(guide, route),
        }
    }
}

/// The page of a code.
#[derive(Template)]
#[template(path = "code.html")]
pub struct CodeView<'g> {
    frame: Frame<'g>,
    code: StatusCode,
    facts: &'g CodeFacts,
    glance: Vec<glance::Row<'g>>,
    required: Vec<FieldLink<'g>>,
    useful: Vec<FieldLink<'g>>,
    topics: Vec<Link>,
    comparisons: Vec<ComparisonLink<'g>>,
    related: Vec<CodeLink<'g>>,
    body: &'g Body,
}

impl<'g> CodeView<'g> {
    /// The view of `document`.
    pub fn new(guide: &'g Guide, document: &'g Document<CodeFacts>, body: &'g Body) -> Self {
        let facts = &document.facts;
        let code = facts.code.value;
        let class = code.class();
        let title = format!("{code} {}", facts.phrase);
        let mut frame = Frame::new(
            guide,
            Route::Code(code),
            title.clone(),
            &facts.summary.value,
            facts.checked,
            guide.edit_link(document),
        );
        frame.hue(class);
        if !facts.is_registered() {
            frame.hue.push_str(" vendor-page");
        }
        frame.contents(body);
        let class_route = Route::Class(class);
        let class_name = guide
            .classes
            .get(&class)
            .map_or("", |d| d.facts.name.as_str());
        let class_href = frame.link(&class_route);
        frame
            .crumbs
            .push((Some(class_href), format!("{class} {class_name}")));
        frame.crumb(title);
        let neighbour = |d: &'g Document<CodeFacts>| Link {
            href: frame.link(&Route::Code(d.facts.code.value)),
            text: format!("{} {}", d.facts.code.value, d.facts.phrase),
            vendor: !d.facts.is_registered(),
        };
        let previous = guide
            .codes
            .range(..code)
            .next_back()
            .map(|(_, d)| neighbour(d));
        let next = guide.codes.range(code..).nth(1).map(|(_, d)| neighbour(d));
        frame.previous = previous;
        frame.next = next;
        let related = (facts.related.iter())
            .filter_map(|code| guide.codes.get(&code.value))
            .map(|document| frame.code_link(document))
            .collect();
        Self {
            code,
            facts,
            glance: glance::rows(facts),
            required: field_links(guide, &facts.required_fields),
            useful: field_links(guide, &facts.useful_fields),
            topics: frame.topic_links(&facts.topics),
            comparisons: guide
                .comparisons_of(code)
                .map(|d| frame.comparison_link(d))
                .collect(),
            related,
            body,
            frame,
        }
    }
}

/// A class page.
#[derive(Template)]
#[template(path = "class.html")]
pub struct ClassView<'g> {
    frame: Frame<'g>,
    class: Class,
    name: &'g str,
    summary: &'g str,
    specification: Link,
    codes: Vec<CodeLink<'g>>,
    vendors: Vec<CodeLink<'g>>,
    body: &'g Body,
}

impl<'g> ClassView<'g> {
    /// The view of `class`.
    pub fn new(guide: &'g Guide, class: Class, body: &'g Body) -> Option<Self> {
        let document = guide.classes.get(&class)?;
        let facts = &document.facts;
        let title = format!("{class} {}", facts.name);
        let mut frame = Frame::new(
            guide,
            Route::Class(class),
            title.clone(),
            &facts.summary.value,
            facts.checked,
            guide.edit_link(document),
        );
        frame.hue(class);
        frame.crumb(title);
        let neighbour = |class: &Class| {
            let name = guide
                .classes
                .get(class)
                .map_or("", |d| d.facts.name.as_str());
            let href = frame.link(&Route::Class(*class));
            Link::new(href, format!("{class} {name}"))
        };
        let previous = guide
            .classes
            .range(..class)
            .next_back()
            .map(|(c, _)| neighbour(c));
        let next = guide
            .classes
            .range(class..)
            .nth(1)
            .map(|(c, _)| neighbour(c));
        frame.previous = previous;
        frame.next = next;
        let specification = Link::new(facts.specification.url(), facts.specification.to_string());
        let (codes, vendors) = codes_of(guide, &frame.route, class);
        Some(Self {
            class,
            name: &facts.name,
            summary: &facts.summary.value,
            specification,
            codes,
            vendors,
            body,
            frame,
        })
    }
}

/// A comparison.
#[derive(Template)]
#[template(path = "comparison.html")]
pub struct ComparisonView<'g> {
    frame: Frame<'g>,
    rule: &'g str,
    codes: Vec<CodeLink<'g>>,
    body: &'g Body,
}

impl<'g> ComparisonView<'g> {
    /// The view of `document`.
    pub fn new(guide: &'g Guide, document: &'g Document<ComparisonFacts>, body: &'g Body) -> Self {
        let facts = &document.facts;
        let title = document.slug.replace('-', " ");
        let mut frame = Frame::new(
            guide,
            Route::Comparison(document.slug.clone()),
            title.clone(),
            &facts.summary.value,
            facts.checked,
            guide.edit_link(document),
        );
        frame.crumb(title);
        let neighbour = |d: &'g Document<ComparisonFacts>| {
            let ComparisonLink { href, name, .. } = frame.comparison_link(d);
            Link::new(href, name)
        };
        let previous = guide.comparisons.range(..document.slug.clone()).next_back();
        let next = guide.comparisons.range(document.slug.clone()..).nth(1);
        let (previous, next) = (
            previous.map(|(_, d)| neighbour(d)),
            next.map(|(_, d)| neighbour(d)),
        );
        frame.previous = previous;
        frame.next = next;
        let codes = (facts.codes.iter())
            .filter_map(|code| guide.codes.get(&code.value))
            .map(|document| frame.code_link(document))
            .collect();
        Self {
            rule: &facts.rule.value,
            codes,
            body,
            frame,
        }
    }
}

/// The page of a topic.
#[derive(Template)]
#[template(path = "topic.html")]
pub struct TopicView<'g> {
    frame: Frame<'g>,
    title: &'g str,
    summary: &'g str,
    codes: Vec<CodeLink<'g>>,
    comparisons: Vec<ComparisonLink<'g>>,
    pages: Vec<(Link, &'g str)>,
    fields: Vec<FieldLink<'g>>,
    body: &'g Body,
}

impl<'g> TopicView<'g> {
    /// The view of `document`.
    pub fn new(guide: &'g Guide, document: &'g Document<TopicFacts>, body: &'g Body) -> Self {
        let facts = &document.facts;
        let topic = document.slug.as_str();
        let mut frame = Frame::new(
            guide,
            Route::Topic(topic.to_owned()),
            format!("{}: status codes", facts.title),
            &facts.summary.value,
            facts.checked,
            guide.edit_link(document),
        );
        if let Some(index) = guide.topics_page() {
            let href = frame.link(&Guide::page_route(&index.slug));
            frame.crumbs.push((Some(href), index.facts.title.clone()));
        }
        frame.crumb(&facts.title);
        let previous = guide.topics.range(..topic.to_owned()).next_back();
        let next = guide.topics.range(topic.to_owned()..).nth(1);
        let (previous, next) = (
            previous.map(|(_, d)| frame.topic_link(d)),
            next.map(|(_, d)| frame.topic_link(d)),
        );
        frame.previous = previous;
        frame.next = next;
        let pages = guide.pages_about(topic).map(|d| {
            let href = frame.link(&Guide::page_route(&d.slug));
            let link = Link::new(href, &d.facts.title);
            (link, d.facts.summary.value.as_str())
        });
        Self {
            title: &facts.title,
            summary: &facts.summary.value,
            codes: (guide.codes_about(topic))
                .map(|d| frame.code_link(d))
                .collect(),
            comparisons: (guide.comparisons_about(topic))
                .map(|d| frame.comparison_link(d))
                .collect(),
            pages: pages.collect(),
            fields: field_links(guide, &facts.fields),
            body,
            frame,
        }
    }
}

fn field_links<'g>(guide: &'g Guide, names: &'g [Located<String>]) -> Vec<FieldLink<'g>> {
    let known = names
        .iter()
        .filter_map(|name| guide.fields.get_key_value(&name.value));
    known
        .map(|(name, specification)| FieldLink {
            name,
            url: specification.url(),
        })
        .collect()
}
