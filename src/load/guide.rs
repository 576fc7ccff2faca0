//! Owns: the whole checked model. What pages there are, how they relate, and
//! what a name in square brackets means.
//!
//! Must not: read files, or know Markdown and templates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, SourceFile, Span, nearest};
use crate::load::content::{Content, Document, FIELDS, Folder, Layer, is_slug};
use crate::load::facts::{
    Change, ClassFacts, CodeFacts, ComparisonFacts, ConventionFacts, Date, PageFacts, Shows,
    SiteFacts, Team, TopicFacts,
};
use crate::load::files::StaticFile;
use crate::route::{BaseUrl, Export, Route};
use crate::site::digest;
use crate::status::{Class, Specification, StatusCode};

/// How the help begins for what is no name at all.
pub(super) const PLAIN_BRACKETS: &str = "for plain brackets";

/// The names of the pages that every guide has.
pub(super) const HOME: &str = "home";
pub(super) const NOT_FOUND: &str = "not-found";
/// The page that carries the table of all codes.
pub const REFERENCE: &str = "reference";

/// The whole guide, ready to render.
#[derive(Debug)]
pub struct Guide {
    /// What holds for every page.
    pub site: SiteFacts,
    /// Where it is published, if that is known.
    pub base: Option<BaseUrl>,
    /// The specification of each field, by name.
    pub fields: BTreeMap<String, Specification>,
    /// What changed in the content, newest first.
    pub changes: Vec<Change>,
    /// The codes in numerical order.
    pub codes: BTreeMap<StatusCode, Document<CodeFacts>>,
    /// The classes in order.
    pub classes: BTreeMap<Class, Document<ClassFacts>>,
    /// The comparisons by name.
    pub comparisons: BTreeMap<String, Document<ComparisonFacts>>,
    /// The topics by id.
    pub topics: BTreeMap<String, Document<TopicFacts>>,
    /// All other pages by name.
    pub pages: BTreeMap<String, Document<PageFacts>>,
    /// The name of the first page that shows each of these.
    shown: BTreeMap<Shows, String>,
    /// The files of `static/`, by path.
    pub statics: BTreeMap<String, StaticFile>,
    /// The team that has a layer of its own over the guide, if there is one.
    pub team: Option<Team>,
    /// The convention that the team adds to a page, by that page.
    pub conventions: BTreeMap<Route, Document<ConventionFacts>>,
    /// Conventions that have no page, which may have errors of their own.
    pub stray_conventions: Vec<Document<ConventionFacts>>,
    /// The names of pages that exist and whose facts could not be read.
    pub unreadable: BTreeSet<String>,
    /// Those of them that have a text.
    pub texts_alone: Vec<Document<Folder>>,
}

/// What a name in square brackets leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A page of the guide.
    Page {
        /// The page; `None` is the page that has the link.
        route: Option<Route>,
        /// The part of the page.
        fragment: Option<String>,
        /// The text to show in place of the name, if the name reads badly.
        title: Option<String>,
    },
    /// An address elsewhere.
    External(String),
}

impl Target {
    /// A part of the page that has the link.
    pub fn part(fragment: &str) -> Self {
        Self::Page {
            route: None,
            fragment: Some(fragment.to_owned()),
            title: None,
        }
    }
}

impl Guide {
    /// Puts what was read together: two pages with one name are an error, and a
    /// convention goes to its page. `assemble` has it checked as well.
    pub(super) fn new(
        content: Content,
        base: Option<BaseUrl>,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let Content {
            site,
            fields,
            changes,
            codes,
            classes,
            comparisons,
            topics,
            pages,
            statics,
            files: _,
            team,
            conventions,
            mut unreadable,
            mut texts_alone,
        } = content;
        let codes = well_named(codes, &mut unreadable, &mut texts_alone, diagnostics);
        for document in &comparisons {
            // Whoever links to either name of it has made no mistake.
            let name = comparison_name(&document.facts);
            if document.slug != name {
                unreadable.extend([name, document.slug.clone()]);
            }
        }
        let mut guide = Self {
            base,
            shown: BTreeMap::new(),
            codes: unique(codes, diagnostics, |d| {
                (d.facts.code.value, d.facts.code.span.clone())
            }),
            classes: unique(classes, diagnostics, |d| {
                (d.facts.class.value, d.facts.class.span.clone())
            }),
            comparisons: unique(comparisons, diagnostics, |d| {
                (d.slug.clone(), Span::start_of(&d.file))
            }),
            topics: unique(topics, diagnostics, |d| {
                (d.slug.clone(), Span::start_of(&d.file))
            }),
            pages: unique(pages, diagnostics, |d| {
                (d.slug.clone(), Span::start_of(&d.file))
            }),
            site,
            fields,
            changes,
            statics,
            team,
            conventions: BTreeMap::new(),
            stray_conventions: Vec::new(),
            unreadable,
            texts_alone,
        };
        for (slug, document) in &guide.pages {
            if let Some(what) = document.facts.shows {
                guide.shown.entry(what).or_insert_with(|| slug.clone());
            }
        }
        for convention in conventions {
            guide.add_convention(convention, diagnostics);
        }
        guide
    }

    /// Adds a convention to the page that it is called after.
    fn add_convention(
        &mut self,
        convention: Document<ConventionFacts>,
        diagnostics: &mut Diagnostics,
    ) {
        let name = convention.slug.as_str();
        let start = Span::start_of(&convention.file);
        match self.page_called(name) {
            Some(route) => {
                let Some((Layer::Team, other)) = self.file_of(&route) else {
                    self.conventions.insert(route, convention);
                    return;
                };
                let message = format!("this adds to a page of the same overlay: {}", other.name);
                diagnostics.push(
                    Diagnostic::new(Rule::Duplicate, start, message)
                        .help("write the convention there: it is your page"),
                );
            }
            // The page is there, and has errors.
            None if self.unreadable.contains(name)
                || self.unreadable.contains(&Folder::Topics.name_of(name)) => {}
            None => {
                let codes: Vec<String> = self.codes.keys().map(ToString::to_string).collect();
                let names = (codes.iter().map(String::as_str))
                    .chain(self.classes.keys().map(|class| class.slug()))
                    .chain(self.comparisons.keys().map(String::as_str))
                    .chain(self.topics.keys().map(String::as_str))
                    .chain(self.pages.keys().map(String::as_str));
                let help = match nearest(name, names) {
                    Some(near) => format!("did you mean {near}.md?"),
                    None => "a file at the top of an overlay is called like the page that it adds to; new pages go into codes/, compare/, topics/ or pages/".to_owned(),
                };
                let message = format!("the guide has no page `{name}` to add this to");
                diagnostics.push(Diagnostic::new(Rule::UnknownName, start, message).help(help));
            }
        }
        self.stray_conventions.push(convention);
    }

    /// The page of this name; a topic needs no `topics/` before it, unless
    /// another page is called so.
    fn page_called(&self, name: &str) -> Option<Route> {
        let topic = Folder::Topics.name_of(name);
        [name, topic.as_str()]
            .into_iter()
            .find_map(|name| match self.resolve(name).ok()? {
                Target::Page { route, .. } => route.filter(|route| self.file_of(route).is_some()),
                Target::External(_) => None,
            })
    }

    /// The file of a page, and whose it is.
    fn file_of(&self, route: &Route) -> Option<(Layer, &Arc<SourceFile>)> {
        fn of<F>(document: &Document<F>) -> (Layer, &Arc<SourceFile>) {
            (document.layer, &document.file)
        }
        match route {
            Route::Code(code) => self.codes.get(code).map(of),
            Route::Class(class) => self.classes.get(class).map(of),
            Route::Comparison(slug) => self.comparisons.get(slug).map(of),
            Route::Topic(slug) => self.topics.get(slug).map(of),
            Route::Home => self.pages.get(HOME).map(of),
            Route::NotFound => self.pages.get(NOT_FOUND).map(of),
            Route::Page(slug) => self.pages.get(slug).map(of),
            Route::Alias(_) | Route::Static(_) | Route::Beside(..) | Route::Export(_) => None,
        }
    }

    /// Where a file of the guide, or of the team, can be edited.
    pub fn edit_link<F>(&self, document: &Document<F>) -> Option<String> {
        let relative = &document.relative;
        match document.layer {
            Layer::Guide => {
                let repository = self.site.repository.as_ref()?;
                let branch = &self.site.branch;
                Some(format!("{repository}/edit/{branch}/content/{relative}"))
            }
            Layer::Team => {
                let folder = self.team.as_ref()?.edit.as_ref()?;
                Some(format!("{folder}/{relative}"))
            }
        }
    }

    /// The page that a document in `pages/` becomes.
    pub fn page_route(slug: &str) -> Route {
        match slug {
            HOME => Route::Home,
            NOT_FOUND => Route::NotFound,
            other => Route::Page(other.to_owned()),
        }
    }

    /// The document in `pages/` that becomes `route`, if there is one.
    pub fn page(&self, route: &Route) -> Option<&Document<PageFacts>> {
        let slug = match route {
            Route::Home => HOME,
            Route::NotFound => NOT_FOUND,
            Route::Page(slug) => slug,
            _ => return None,
        };
        self.pages.get(slug)
    }

    /// The link from one page to another. Only the host's error page, which is
    /// shown at any depth, links from the root where the root is known.
    pub fn link(&self, from: &Route, to: &Route) -> String {
        match (&self.base, from) {
            (Some(base), Route::NotFound) => base.rooted(to),
            _ => from.link_to(to),
        }
    }

    /// The address of a page in a file that people take away: absolute where
    /// the guide knows where it is published, and otherwise the link from the
    /// file.
    pub fn address(&self, from: &Route, to: &Route) -> String {
        match &self.base {
            Some(base) => base.absolute(to),
            None => from.link_to(to),
        }
    }

    /// The day on which the facts of a page were checked; `None` for the page
    /// for misses, and for what is no page.
    pub fn checked(&self, route: &Route) -> Option<Date> {
        match route {
            Route::Code(code) => self.codes.get(code).map(|d| d.facts.checked),
            Route::Class(class) => self.classes.get(class).map(|d| d.facts.checked),
            Route::Comparison(slug) => self.comparisons.get(slug).map(|d| d.facts.checked),
            Route::Topic(slug) => self.topics.get(slug).map(|d| d.facts.checked),
            Route::Home | Route::Page(_) => self.page(route).map(|d| d.facts.checked),
            Route::NotFound
            | Route::Alias(_)
            | Route::Static(_)
            | Route::Beside(..)
            | Route::Export(_) => None,
        }
    }

    /// The codes of `class`, in order.
    pub fn codes_of(&self, class: Class) -> impl Iterator<Item = &Document<CodeFacts>> {
        self.codes
            .values()
            .filter(move |d| d.facts.code.value.class() == class)
    }

    /// The codes that carry `topic`, in order.
    pub fn codes_about(&self, topic: &str) -> impl Iterator<Item = &Document<CodeFacts>> {
        self.codes
            .values()
            .filter(move |d| d.facts.topics.iter().any(|t| t.value == topic))
    }

    /// The comparisons of which at least two codes carry `topic`, by name.
    pub fn comparisons_about(
        &self,
        topic: &str,
    ) -> impl Iterator<Item = &Document<ComparisonFacts>> {
        let about: BTreeSet<StatusCode> = self
            .codes_about(topic)
            .map(|d| d.facts.code.value)
            .collect();
        self.comparisons.values().filter(move |d| {
            let codes = d.facts.codes.iter();
            codes.filter(|c| about.contains(&c.value)).count() >= 2
        })
    }

    /// The pages that carry `topic`, by name.
    pub fn pages_about(&self, topic: &str) -> impl Iterator<Item = &Document<PageFacts>> {
        self.pages
            .values()
            .filter(move |d| d.facts.topics.iter().any(|t| t.value == topic))
    }

    /// The page that shows all topics, if there is one.
    pub fn topics_page(&self) -> Option<&Document<PageFacts>> {
        self.page_that_shows(Shows::Topics)
    }

    /// The first page that shows `what`, if there is one.
    pub fn page_that_shows(&self, what: Shows) -> Option<&Document<PageFacts>> {
        self.pages.get(self.shown.get(&what)?)
    }

    /// The comparisons that `code` is part of, by name.
    pub fn comparisons_of(
        &self,
        code: StatusCode,
    ) -> impl Iterator<Item = &Document<ComparisonFacts>> {
        self.comparisons
            .values()
            .filter(move |d| d.facts.codes.iter().any(|c| c.value == code))
    }

    /// Stands for all that a text can ask the guide for beside what it says
    /// itself: while this is the same, the same text becomes the same HTML.
    pub fn ground(&self) -> String {
        fn facts<F>(document: &Document<F>) -> [&[u8]; 2] {
            let Document { file, body, .. } = document;
            [file.name.as_bytes(), &file.text.as_bytes()[..body.start]]
        }
        let settings = format!("{:?} {:?} {:?}", self.base, self.unreadable, self.fields);
        let statics =
            (self.statics.iter()).flat_map(|(path, file)| [path.as_bytes(), file.bytes.as_slice()]);
        digest(
            (self.codes.values().flat_map(facts))
                .chain(self.classes.values().flat_map(facts))
                .chain(self.comparisons.values().flat_map(facts))
                .chain(self.topics.values().flat_map(facts))
                .chain(self.pages.values().flat_map(facts))
                .chain(self.conventions.values().flat_map(facts))
                .chain(statics)
                .chain([settings.as_bytes()]),
        )
    }

    /// What the text between square brackets leads to.
    ///
    /// # Errors
    /// Says what is wrong, and what to write instead.
    pub fn resolve(&self, label: &str) -> Result<Target, (String, String)> {
        if let Some(name) = label.strip_prefix('`').and_then(|l| l.strip_suffix('`')) {
            return self.resolve_field(name);
        }
        if label.starts_with("RFC") || label.starts_with("draft-") {
            return label
                .parse::<Specification>()
                .map(|s| Target::External(s.url()))
                .map_err(|()| {
                    let help = match Specification::meant(label) {
                        Some(meant) => format!("did you mean [{meant}]?"),
                        None => "write it like [RFC 9110 §15.5.5] or [RFC 9110]".to_owned(),
                    };
                    (
                        format!("`{label}` names no section of a specification"),
                        help,
                    )
                });
        }
        let (name, fragment) = match label.split_once('#') {
            Some((name, fragment)) => (name, Some(fragment.to_owned())),
            None => (label, None),
        };
        let page = |route, title| Target::Page {
            route,
            fragment: fragment.clone(),
            title,
        };
        if name.is_empty() && fragment.is_some() {
            return Ok(page(None, None));
        }
        if self.unreadable.contains(name) {
            // Its parts are not known either.
            return Ok(Target::Page {
                route: None,
                fragment: None,
                title: None,
            });
        }
        if let Ok(code) = name.parse::<StatusCode>() {
            if self.codes.contains_key(&code) {
                return Ok(page(Some(Route::Code(code)), None));
            }
            return Err((
                format!("the guide has no page for {code}"),
                format!(
                    "write the number without brackets, or begin its page: status-guide new {code}"
                ),
            ));
        }
        if let Ok(class) = name.parse::<Class>()
            && self.classes.contains_key(&class)
        {
            return Ok(page(Some(Route::Class(class)), None));
        }
        if self.comparisons.contains_key(name) {
            let title = name.replace('-', " ");
            return Ok(page(Some(Route::Comparison(name.to_owned())), Some(title)));
        }
        if let Some((topic, document)) =
            (name.strip_prefix("topics/")).and_then(|topic| self.topics.get_key_value(topic))
        {
            let title = document.facts.title.clone();
            return Ok(page(Some(Route::Topic(topic.clone())), Some(title)));
        }
        if let Some(document) = self.pages.get(name) {
            return Ok(page(
                Some(Self::page_route(name)),
                Some(document.facts.title.clone()),
            ));
        }
        if let Some(export) = Export::named(name) {
            return Ok(page(Some(Route::Export(export)), None));
        }
        let codes: Vec<String> = self.codes.keys().map(ToString::to_string).collect();
        let topics: Vec<String> = (self.topics.keys())
            .map(|topic| Folder::Topics.name_of(topic))
            .collect();
        let names = (codes.iter().map(String::as_str))
            .chain(topics.iter().map(String::as_str))
            .chain(self.classes.keys().map(|c| c.slug()))
            .chain(self.comparisons.keys().map(String::as_str))
            .chain(self.pages.keys().map(String::as_str))
            .chain(Export::LINKED.map(Export::name));
        let in_topics = Folder::Topics.name_of(name);
        let field = (self.fields.keys()).find(|field| field.eq_ignore_ascii_case(name));
        let message = format!("`{name}` is no page of the guide");
        Err(match nearest(name, names) {
            _ if self.topics.contains_key(name) => {
                (message, format!("did you mean [{in_topics}]?"))
            }
            _ if field.is_some() => (
                format!("`{name}` is a field, and fields stand in backticks"),
                format!("write [`{}`]", field.map_or(name, |f| f)),
            ),
            Some(near) => (message, format!("did you mean [{near}]?")),
            None if name.starts_with("topics/") && is_slug(&name["topics/".len()..]) => {
                let topic = &name["topics/".len()..];
                (
                    message,
                    format!("delete the link, or begin the page: status-guide new topic {topic}"),
                )
            }
            None if name.contains("-vs-") && is_slug(name) => (
                message,
                format!("delete the link, or begin the page: status-guide new {name}"),
            ),
            None if name.starts_with('^') => (
                "there are no footnotes here".to_owned(),
                "put the note into the sentence, or below it as `> [!NOTE]` and a line `> …`"
                    .to_owned(),
            ),
            None => (
                message,
                format!(
                    r"{PLAIN_BRACKETS} write \[{name}]; links are [404], [4xx], [401-vs-403], [`Allow`], [RFC 9110 §15]"
                ),
            ),
        })
    }

    /// The file of the page that had the address `name` once, if there is one.
    pub fn alias(&self, name: &str) -> Option<&str> {
        fn had<F>(document: &Document<F>, name: &str) -> bool {
            let mut aliases = document.aliases.iter();
            aliases.any(|alias| alias.value.as_str() == name)
        }
        let files = (self
            .codes
            .values()
            .filter(|d| had(d, name))
            .map(|d| &d.file))
        .chain(
            self.classes
                .values()
                .filter(|d| had(d, name))
                .map(|d| &d.file),
        )
        .chain(
            self.comparisons
                .values()
                .filter(|d| had(d, name))
                .map(|d| &d.file),
        )
        .chain(
            self.topics
                .values()
                .filter(|d| had(d, name))
                .map(|d| &d.file),
        )
        .chain(
            self.pages
                .values()
                .filter(|d| had(d, name))
                .map(|d| &d.file),
        );
        files.map(|file| file.name.as_str()).next()
    }

    fn resolve_field(&self, name: &str) -> Result<Target, (String, String)> {
        if let Some(specification) = self.fields.get(name) {
            return Ok(Target::External(specification.url()));
        }
        if self.unreadable.contains(FIELDS) {
            return Ok(Target::External(String::new()));
        }
        Err((
            format!("`{name}` is not in fields.toml"),
            self.field_help(name),
        ))
    }

    pub(super) fn field_help(&self, name: &str) -> String {
        match nearest(name, self.fields.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "add a line `\"{name}\" = \"RFC 9110 §…\"` to fields.toml, with the section that defines it"
            ),
        }
    }
}

/// The name of a comparison, made of its codes.
pub(super) fn comparison_name(facts: &ComparisonFacts) -> String {
    let numbers: Vec<String> = facts.codes.iter().map(|c| c.value.to_string()).collect();
    numbers.join("-vs-")
}

/// The pages of codes whose file has the name of the code. Any other is an
/// error, and nothing is said of the links to either of its two names; of two
/// pages about one code, `unique` speaks.
fn well_named(
    codes: Vec<Document<CodeFacts>>,
    unreadable: &mut BTreeSet<String>,
    texts_alone: &mut Vec<Document<Folder>>,
    diagnostics: &mut Diagnostics,
) -> Vec<Document<CodeFacts>> {
    let names: BTreeSet<String> = codes.iter().map(|d| d.slug.clone()).collect();
    let (kept, misnamed): (Vec<_>, Vec<_>) = codes.into_iter().partition(|document| {
        let name = document.facts.code.value.to_string();
        document.slug == name || names.contains(&name)
    });
    for document in misnamed {
        let code = &document.facts.code;
        let name = code.value.to_string();
        check_name(&document.slug, &name, &code.span, diagnostics);
        unreadable.extend([name, document.slug.clone()]);
        texts_alone.push(document.text_alone(Folder::Codes));
    }
    kept
}

/// Documents by their key. The second of two with one key is an error that
/// names the first.
fn unique<K: Ord + std::fmt::Display, F>(
    documents: Vec<Document<F>>,
    diagnostics: &mut Diagnostics,
    key: impl Fn(&Document<F>) -> (K, Span),
) -> BTreeMap<K, Document<F>> {
    let mut map: BTreeMap<K, Document<F>> = BTreeMap::new();
    for document in documents {
        let (key, span) = key(&document);
        if let Some(first) = map.get(&key) {
            diagnostics.push(
                Diagnostic::new(
                    Rule::Duplicate,
                    span,
                    format!("{key} already has a page: {}", first.file.name),
                )
                .help("delete one of the two, or correct its front matter"),
            );
        } else {
            map.insert(key, document);
        }
    }
    map
}

pub(super) fn check_name(slug: &str, name: &str, span: &Span, diagnostics: &mut Diagnostics) {
    if slug != name {
        diagnostics.push(
            Diagnostic::new(
                Rule::Contradiction,
                span.clone(),
                format!("this page is about {name}, and its file is called {slug}.md"),
            )
            .help(format!(
                "rename the file to {name}.md, or correct the front matter"
            )),
        );
    }
}
