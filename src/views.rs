//! Owns: what templates see. One typed struct for each kind of page, built
//! from the guide and the rendered text.
//!
//! Must not: turn views into bytes, or decide what pages there are.

use askama::Template;

use crate::content::{CodeFacts, ComparisonFacts, Date, Document};
use crate::front_matter::Located;
use crate::guide::{Guide, REFERENCE, Target};
use crate::markdown::Body;
use crate::route::Route;
use crate::status::{Class, StatusCode};

/// Stands in a page where the list of all codes goes. The list is the same on
/// every page, so it is minified once and put in afterwards. Content cannot
/// contain the character: it is for private use.
pub const RAIL_SLOT: char = '\u{e000}';

/// How many words a reader reads in a minute.
const WORDS_PER_MINUTE: usize = 200;

/// A link as templates see it.
#[derive(Debug, Clone)]
pub struct Link {
    /// The destination.
    pub href: String,
    /// The text.
    pub text: String,
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
    /// Its codes in order.
    pub codes: Vec<CodeLink<'g>>,
}

/// What stands around the text of every page.
pub struct Frame<'g> {
    guide: &'g Guide,
    route: Route,
    /// For the browser's tab and search results.
    pub title: String,
    /// For search results.
    pub description: String,
    /// The name of the guide.
    pub site_title: &'g str,
    /// The language of the text.
    pub language: &'g str,
    /// The CSS class that sets the hue: `c4xx`, or nothing.
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
    /// The day on which the facts were checked.
    pub checked: Date,
    /// Where the source can be edited.
    pub edit: Option<String>,
}

impl<'g> Frame<'g> {
    fn new(
        guide: &'g Guide,
        route: Route,
        title: String,
        description: &str,
        checked: Date,
        relative: &str,
    ) -> Self {
        let site = &guide.site;
        let edit = (site.repository.as_ref())
            .map(|repository| format!("{repository}/edit/{}/content/{relative}", site.branch));
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
            checked,
            edit,
            route,
        }
    }

    fn crumb(&mut self, text: impl Into<String>) {
        self.crumbs.push((None, text.into()));
    }

    fn contents(&mut self, body: &Body) {
        if body.sections.len() > 3 {
            self.contents = body
                .sections
                .iter()
                .map(|s| (s.id.clone(), s.title.clone()))
                .collect();
        }
    }

    fn hue(&mut self, class: Class) {
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

    /// The address of this page, if the guide knows where it is published.
    pub fn canonical(&self) -> Option<String> {
        let base = self.guide.base.as_ref()?;
        (self.route != Route::NotFound).then(|| base.absolute(&self.route))
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
                let link = Link {
                    href: self.link(&route) + &fragment.unwrap_or_default(),
                    text: entry.value.text.clone(),
                };
                Some((link, is_here))
            })
            .collect()
    }

    /// The line at the foot of the page.
    pub fn footer(&self) -> &str {
        &self.guide.site.footer
    }

    /// Stands where the list of all codes goes.
    pub fn rail_slot(&self) -> char {
        RAIL_SLOT
    }

    fn code_link(&self, document: &'g Document<CodeFacts>) -> CodeLink<'g> {
        let code = document.facts.code.value;
        CodeLink {
            href: self.link(&Route::Code(code)),
            code,
            facts: &document.facts,
        }
    }

    fn class_groups(&self) -> Vec<ClassGroup<'g>> {
        let classes = self.guide.classes.iter();
        classes
            .map(|(class, document)| ClassGroup {
                href: self.link(&Route::Class(*class)),
                class: *class,
                name: &document.facts.name,
                summary: &document.facts.summary.value,
                codes: self
                    .guide
                    .codes_of(*class)
                    .map(|d| self.code_link(d))
                    .collect(),
            })
            .collect()
    }

    fn comparison_link(&self, document: &'g Document<ComparisonFacts>) -> ComparisonLink<'g> {
        ComparisonLink {
            href: self.link(&Route::Comparison(document.slug.clone())),
            name: document.slug.replace('-', " "),
            rule: &document.facts.rule.value,
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
        let link = |to: &Route| guide.link(route, to);
        let groups = guide.classes.iter().map(|(class, document)| ClassGroup {
            href: link(&Route::Class(*class)),
            class: *class,
            name: &document.facts.name,
            summary: &document.facts.summary.value,
            codes: guide
                .codes_of(*class)
                .map(|d| CodeLink {
                    href: link(&Route::Code(d.facts.code.value)),
                    code: d.facts.code.value,
                    facts: &d.facts,
                })
                .collect(),
        });
        Self {
            groups: groups.collect(),
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
    required: Vec<FieldLink<'g>>,
    useful: Vec<FieldLink<'g>>,
    topics: Vec<&'g str>,
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
            &document.relative,
        );
        frame.hue(class);
        frame.contents(body);
        let class_route = Route::Class(class);
        let class_name = guide
            .classes
            .get(&class)
            .map_or("", |d| d.facts.name.as_str());
        let class = Link {
            href: frame.link(&class_route),
            text: format!("{class} {class_name}"),
        };
        frame
            .crumbs
            .push((Some(class.href.clone()), class.text.clone()));
        frame.crumb(title);
        let neighbour = |d: &'g Document<CodeFacts>| Link {
            href: frame.link(&Route::Code(d.facts.code.value)),
            text: format!("{} {}", d.facts.code.value, d.facts.phrase),
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
            required: field_links(guide, &facts.required_fields),
            useful: field_links(guide, &facts.useful_fields),
            topics: topics(guide, facts),
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
            &document.relative,
        );
        frame.hue(class);
        frame.crumb(title);
        let neighbour = |class: &Class| {
            let name = guide
                .classes
                .get(class)
                .map_or("", |d| d.facts.name.as_str());
            Link {
                href: frame.link(&Route::Class(*class)),
                text: format!("{class} {name}"),
            }
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
        let specification = Link {
            href: facts.specification.url(),
            text: facts.specification.to_string(),
        };
        Some(Self {
            class,
            name: &facts.name,
            summary: &facts.summary.value,
            specification,
            codes: guide.codes_of(class).map(|d| frame.code_link(d)).collect(),
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
            &document.relative,
        );
        frame.crumb(title);
        let neighbour = |d: &'g Document<ComparisonFacts>| {
            let ComparisonLink { href, name, .. } = frame.comparison_link(d);
            Link { href, text: name }
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

/// The home page.
#[derive(Template)]
#[template(path = "home.html")]
pub struct HomeView<'g> {
    frame: Frame<'g>,
    summary: &'g str,
    topic: &'g str,
    minutes: usize,
    groups: Vec<ClassGroup<'g>>,
    comparisons: Vec<ComparisonLink<'g>>,
    body: &'g Body,
}

/// The index of all codes.
#[derive(Template)]
#[template(path = "reference.html")]
pub struct ReferenceView<'g> {
    frame: Frame<'g>,
    title: &'g str,
    groups: Vec<ClassGroup<'g>>,
    body: &'g Body,
}

impl ReferenceView<'_> {
    /// The titles of a code's topics.
    fn categories(&self, facts: &CodeFacts) -> String {
        topics(self.frame.guide, facts).join(", ")
    }
}

/// The host's page for misses.
#[derive(Template)]
#[template(path = "not_found.html")]
pub struct NotFoundView<'g> {
    frame: Frame<'g>,
    title: &'g str,
    groups: Vec<ClassGroup<'g>>,
    body: &'g Body,
}

/// Any other page.
#[derive(Template)]
#[template(path = "page.html")]
pub struct PageView<'g> {
    frame: Frame<'g>,
    title: &'g str,
    summary: &'g str,
    minutes: usize,
    body: &'g Body,
}

/// A document of `pages/` as the page that its name makes it.
pub enum AnyPage<'g> {
    /// `pages/home.md`
    Home(HomeView<'g>),
    /// `pages/reference.md`
    Reference(ReferenceView<'g>),
    /// `pages/not-found.md`
    NotFound(NotFoundView<'g>),
    /// All others.
    Page(PageView<'g>),
}

impl<'g> AnyPage<'g> {
    /// The view of the page `slug`.
    pub fn new(guide: &'g Guide, slug: &str, body: &'g Body) -> Option<Self> {
        let document = guide.pages.get(slug)?;
        let facts = &document.facts;
        let route = Guide::page_route(slug);
        let mut frame = Frame::new(
            guide,
            route.clone(),
            facts.title.clone(),
            &facts.summary.value,
            facts.checked,
            &document.relative,
        );
        let minutes = body.words.div_ceil(WORDS_PER_MINUTE).max(1);
        let title = facts.title.as_str();
        let summary = facts.summary.value.as_str();
        if route == Route::Home {
            if let Some((href, _)) = frame.crumbs.last_mut() {
                *href = None;
            }
        } else {
            frame.crumb(title);
        }
        frame.has_rail = matches!(route, Route::Page(_)) && slug != REFERENCE;
        Some(match route {
            Route::Home => Self::Home(HomeView {
                summary,
                topic: facts.topic.as_deref().unwrap_or_default(),
                minutes,
                groups: frame.class_groups(),
                comparisons: guide
                    .comparisons
                    .values()
                    .map(|d| frame.comparison_link(d))
                    .collect(),
                body,
                frame,
            }),
            Route::NotFound => Self::NotFound(NotFoundView {
                title,
                groups: frame.class_groups(),
                body,
                frame,
            }),
            _ if slug == REFERENCE => Self::Reference(ReferenceView {
                title,
                groups: frame.class_groups(),
                body,
                frame,
            }),
            _ => {
                frame.contents(body);
                Self::Page(PageView {
                    frame,
                    title,
                    summary,
                    minutes,
                    body,
                })
            }
        })
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

fn topics<'g>(guide: &'g Guide, facts: &'g CodeFacts) -> Vec<&'g str> {
    let titles = facts
        .topics
        .iter()
        .filter_map(|topic| guide.site.topics.get(&topic.value));
    titles.map(String::as_str).collect()
}
