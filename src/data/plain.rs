//! Owns: every page as plain Markdown, for people and programs that read text:
//! facts first, and every shorthand written out as an ordinary link. Also the
//! two files that lead language models to these texts.
//!
//! Must not: report errors; `markdown` has found them all.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{
    BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Parser, Tag,
};

use crate::diagnostic::SourceFile;
use crate::load::content::Document;
use crate::load::decisions;
use crate::load::facts::{
    Change, ClassFacts, CodeFacts, ComparisonFacts, Date, Goal, PageFacts, Question, Shows,
    TopicFacts,
};
use crate::load::front_matter::Located;
use crate::load::glance::{self, Value};
use crate::load::guide::{Guide, REFERENCE, Target};
use crate::route::{Companion, Export, Route};
use crate::site::Bytes;
use crate::status::{Class, MethodKind, Specification, StatusCode};
use crate::text::markdown::{OPTIONS, one_line};

/// What stands between two pages in one file.
const PAGE_BREAK: &str = "\n---\n\n";

/// What stands around the number of a place that a draft links. No text of a
/// guide has such a sign.
const MARK: char = '\u{e000}';

/// A text that may stand in several files, from which relative links start.
#[derive(Debug)]
pub struct Draft {
    /// With the number of a place, between two marks, where its address belongs.
    text: String,
    places: Vec<Route>,
}

impl Draft {
    /// The text as it stands in `file`.
    pub fn in_file(&self, guide: &Guide, file: &Route) -> String {
        let mut text = String::with_capacity(self.text.len() + self.text.len() / 8);
        for (at, part) in self.text.split(MARK).enumerate() {
            let place = (at % 2 == 1).then(|| self.places.get(part.parse::<usize>().ok()?));
            match place.flatten() {
                Some(place) => text.push_str(&guide.address(file, place)),
                None => text.push_str(part),
            }
        }
        text
    }

    /// The page `route` as `404/index.md` has it.
    pub fn beside(&self, guide: &Guide, route: &Route) -> String {
        self.in_file(guide, &route.beside(Companion::Markdown))
    }
}

/// A page that is written as Markdown.
struct Plain<'g> {
    guide: &'g Guide,
    page: Route,
    /// The places that it links so far.
    places: RefCell<Vec<Route>>,
}

/// The page `route` as Markdown, if it is one of the guide.
pub fn page(guide: &Guide, route: &Route) -> Option<Draft> {
    let plain = Plain::new(guide, route);
    let text = match route {
        Route::Code(code) => guide.codes.get(code).map(|d| plain.code(d)),
        Route::Class(class) => guide.classes.get(class).map(|d| plain.class(d)),
        Route::Comparison(slug) => guide.comparisons.get(slug).map(|d| plain.comparison(d)),
        Route::Topic(slug) => guide.topics.get(slug).map(|d| plain.topic(d)),
        Route::Home | Route::Page(_) => guide.page(route).map(|d| plain.page(d)),
        Route::NotFound
        | Route::Alias(_)
        | Route::Static(_)
        | Route::Beside(..)
        | Route::Export(_) => None,
    };
    Some(plain.draft(text?))
}

/// What a team says on the page `route`, as Markdown whose links start at the
/// root of the guide, unless they are absolute.
pub fn convention(guide: &Guide, route: &Route) -> Option<String> {
    let document = guide.conventions.get(route)?;
    let plain = Plain::new(guide, route);
    let (lead, rest) = plain.body(&document.file.text[document.body.clone()]);
    let draft = plain.draft(format!("{lead}{rest}").trim().to_owned());
    Some(draft.in_file(guide, &Route::Home))
}

/// A page in a list.
struct Entry<'g> {
    route: Route,
    title: String,
    summary: &'g str,
}

/// The lists of `llms.txt`: pages, codes, comparisons, and what can be left
/// out if room is scarce. Together they are the guide in reading order.
fn lists(guide: &Guide) -> Vec<(&'static str, Vec<Entry<'_>>)> {
    let page = |d: &'_ Document<PageFacts>| Guide::page_route(&d.slug);
    let mut pages: Vec<Entry<'_>> = (guide.pages.values())
        .filter(|d| page(d) != Route::NotFound)
        .map(|d| Entry {
            route: page(d),
            title: d.facts.title.clone(),
            summary: &d.facts.summary.value,
        })
        .collect();
    // The home page first, the others by name.
    pages.sort_by_key(|entry| entry.route != Route::Home);
    let code = |d: &'_ Document<CodeFacts>| Route::Code(d.facts.code.value);
    let codes = |registered: bool| -> Vec<Entry<'_>> {
        (guide.codes.values())
            .filter(|d| d.facts.is_registered() == registered)
            .map(|d| Entry {
                route: code(d),
                title: code_title(&d.facts),
                summary: &d.facts.summary.value,
            })
            .collect()
    };
    let classes = guide.classes.iter().map(|(class, d)| Entry {
        route: Route::Class(*class),
        title: class_title(&d.facts),
        summary: &d.facts.summary.value,
    });
    let comparisons = guide.comparisons.iter().map(|(slug, d)| Entry {
        route: Route::Comparison(slug.clone()),
        title: slug.replace('-', " "),
        summary: &d.facts.summary.value,
    });
    let topics = guide.topics.iter().map(|(slug, d)| Entry {
        route: Route::Topic(slug.clone()),
        title: d.facts.title.clone(),
        summary: &d.facts.summary.value,
    });
    vec![
        ("Pages", pages),
        ("Classes", classes.collect()),
        ("Registered codes", codes(true)),
        ("Comparisons", comparisons.collect()),
        // The word has a meaning in such files: skip it if room is scarce.
        ("Optional", codes(false).into_iter().chain(topics).collect()),
    ]
}

/// `llms.txt`: what there is, as links to the Markdown of every page. The form
/// is a convention: a title, a quotation that sums up, lists of links.
pub fn llms(guide: &Guide) -> String {
    let here = Route::Export(Export::Llms);
    let mut text = head(guide);
    text.push_str("Each link leads to a page as Markdown. Under \"Optional\" are the codes that nobody registered, and the topics.\n");
    for (name, entries) in lists(guide) {
        if entries.is_empty() {
            continue;
        }
        let _ = write!(text, "\n## {name}\n\n");
        for entry in entries {
            let file = entry.route.beside(Companion::Markdown);
            item(
                &mut text,
                &entry.title,
                &guide.address(&here, &file),
                entry.summary,
            );
        }
        if name == "Pages" {
            text.push_str("\n## Data\n\n");
            for (export, about) in [
                (Export::LlmsFull, "The text of all pages in one file."),
                (
                    Export::CodesJson,
                    "The facts about all codes; those about one are beside its page, as in 404/index.json.",
                ),
                (Export::CodesSchema, "The JSON Schema of both."),
                (Export::CodesCsv, "The facts as a table."),
                (
                    Export::OpenApi,
                    "The errors as responses for a description of an API.",
                ),
            ] {
                let address = guide.address(&here, &Route::Export(export));
                item(&mut text, export.name(), &address, about);
            }
        }
    }
    text
}

/// `llms-full.txt`: the text of every page, one after the other, as `page` has
/// it. That is as large as all of them, and so is not put together.
pub fn llms_full(guide: &Guide, page: impl Fn(&Route) -> Option<Arc<[u8]>>) -> Bytes {
    let entries = lists(guide).into_iter().flat_map(|(_, entries)| entries);
    let pages = entries.filter_map(|entry| page(&entry.route));
    let head: Arc<[u8]> = head(guide).into_bytes().into();
    Bytes::of([head].into_iter().chain(pages))
}

/// A page as it stands there, with what parts it from the one before.
pub fn page_in_full(guide: &Guide, draft: &Draft) -> Arc<[u8]> {
    let page = draft.in_file(guide, &Route::Export(Export::LlmsFull));
    [PAGE_BREAK, &page].concat().into_bytes().into()
}

fn head(guide: &Guide) -> String {
    let site = &guide.site;
    let (title, description, footer) = (
        escaped(&site.title),
        escaped(&site.description),
        escaped(&site.footer),
    );
    format!("# {title}\n\n> {description}\n\n{footer}\n\n")
}

fn item(text: &mut String, title: &str, address: &str, about: &str) {
    let (title, about) = (escaped(title), escaped(about));
    let _ = writeln!(text, "- [{title}]({address}): {about}");
}

fn code_title(facts: &CodeFacts) -> String {
    format!("{} {}", facts.code.value, facts.phrase)
}

fn class_title(facts: &ClassFacts) -> String {
    format!("{} {}", facts.class.value, facts.name)
}

/// Where a text stands in its file.
type Source<'a> = (&'a SourceFile, Range<usize>);

impl<'g> Plain<'g> {
    fn new(guide: &'g Guide, page: &Route) -> Self {
        Self {
            guide,
            page: page.clone(),
            places: RefCell::default(),
        }
    }

    fn draft(self, text: String) -> Draft {
        Draft {
            text,
            places: self.places.into_inner(),
        }
    }

    /// The mark where the address of a place belongs.
    fn address(&self, place: &Route) -> String {
        let mut places = self.places.borrow_mut();
        places.push(place.clone());
        format!("{MARK}{}{MARK}", places.len() - 1)
    }

    /// The link to a page.
    fn link(&self, text: &str, route: &Route) -> String {
        format!("[{}]({})", escaped(text), self.address(route))
    }

    fn code_link(&self, facts: &CodeFacts) -> String {
        self.link(&code_title(facts), &Route::Code(facts.code.value))
    }

    fn topic_link(&self, document: &Document<TopicFacts>) -> String {
        self.link(&document.facts.title, &Route::Topic(document.slug.clone()))
    }

    fn comparison_link(&self, document: &Document<ComparisonFacts>) -> String {
        let name = document.slug.replace('-', " ");
        self.link(&name, &Route::Comparison(document.slug.clone()))
    }

    fn code(&self, document: &Document<CodeFacts>) -> String {
        let facts = &document.facts;
        let mut text = opening(&code_title(facts), &facts.summary.value);
        if !facts.is_registered() {
            let code = facts.code.value;
            let _ = write!(
                text,
                "{code} is not in the registry of IANA. What it means depends on who sends it.\n\n"
            );
        }
        text.push_str(&self.glance(facts));
        let source = (&*document.file, document.body.clone());
        self.close(text, source, &meanings(facts), facts.checked)
    }

    /// The facts about a code, as a list.
    fn glance(&self, facts: &CodeFacts) -> String {
        let mut text = "## At a glance\n\n".to_owned();
        let mut row = |name: &str, value: String, note: Option<&str>| {
            let note = note.map_or(String::new(), |note| format!(". {}", escaped(note)));
            let _ = writeln!(text, "- **{name}:** {value}{note}");
        };
        let registration = facts.registration.value.label();
        row("Registration", registration.to_owned(), None);
        for fact in glance::rows(facts) {
            row(fact.label, self.fact(&fact.value), fact.note.as_deref());
        }
        let topics = facts
            .topics
            .iter()
            .filter_map(|topic| self.guide.topics.get(&topic.value));
        let topics: Vec<String> = topics.map(|d| self.topic_link(d)).collect();
        if !topics.is_empty() {
            row("Topics", topics.join(", "), None);
        }
        let related = self.codes(facts.related.iter().map(|code| code.value));
        if !related.is_empty() {
            row("Related", related.join(", "), None);
        }
        let comparisons = self.guide.comparisons_of(facts.code.value);
        let comparisons: Vec<String> = comparisons.map(|d| self.comparison_link(d)).collect();
        if !comparisons.is_empty() {
            row("Compared", comparisons.join(", "), None);
        }
        text.push('\n');
        text
    }

    fn fact(&self, value: &Value<'_>) -> String {
        match value {
            Value::Words(words) => words.to_string(),
            Value::Fields { required, useful } => {
                let required = required
                    .iter()
                    .map(|field| self.field(field) + " (required)");
                let useful = useful.iter().map(|field| self.field(field));
                required.chain(useful).collect::<Vec<_>>().join(", ")
            }
            Value::Specification(specification) => section(specification),
            Value::FormerNames(names) => {
                let names = names.iter();
                let names = names
                    .map(|name| format!("{} ({})", escaped(&name.phrase), section(&name.source)));
                names.collect::<Vec<_>>().join(", ")
            }
        }
    }

    fn class(&self, document: &Document<ClassFacts>) -> String {
        let facts = &document.facts;
        let mut text = opening(&class_title(facts), &facts.summary.value);
        let _ = write!(text, "Defined in {}.\n\n", section(&facts.specification));
        text.push_str(&self.codes_of(facts.class.value, "## Codes of this class"));
        self.close(
            text,
            (&document.file, document.body.clone()),
            "",
            facts.checked,
        )
    }

    fn comparison(&self, document: &Document<ComparisonFacts>) -> String {
        let facts = &document.facts;
        let mut text = opening(&document.slug.replace('-', " "), &facts.summary.value);
        let codes = self.codes(facts.codes.iter().map(|code| code.value));
        let _ = write!(
            text,
            "- **Rule:** {}\n- **Codes:** {}\n\n",
            escaped(&facts.rule.value),
            codes.join(", ")
        );
        self.close(
            text,
            (&document.file, document.body.clone()),
            "",
            facts.checked,
        )
    }

    fn topic(&self, document: &Document<TopicFacts>) -> String {
        let facts = &document.facts;
        let topic = document.slug.as_str();
        let mut text = opening(&facts.title, &facts.summary.value);
        let codes = self
            .guide
            .codes_about(topic)
            .map(|d| self.code_link(&d.facts));
        let comparisons = self
            .guide
            .comparisons_about(topic)
            .map(|d| self.comparison_link(d));
        let pages = self.guide.pages_about(topic);
        let pages = pages.map(|d| self.link(&d.facts.title, &Guide::page_route(&d.slug)));
        let fields = facts.fields.iter().map(|field| self.field(field));
        for (name, links) in [
            ("Codes", codes.collect::<Vec<_>>()),
            ("Comparisons", comparisons.collect()),
            ("Pages", pages.collect()),
            ("Fields", fields.collect()),
        ] {
            if !links.is_empty() {
                let _ = writeln!(text, "- **{name}:** {}", links.join(", "));
            }
        }
        text.push('\n');
        self.close(
            text,
            (&document.file, document.body.clone()),
            "",
            facts.checked,
        )
    }

    fn page(&self, document: &Document<PageFacts>) -> String {
        let facts = &document.facts;
        let text = opening(&facts.title, &facts.summary.value);
        let made = match facts.shows {
            Some(Shows::Decisions) => self.decisions(&facts.questions),
            Some(Shows::FirstAid) => self.list_of_codes("What to do", |facts| {
                let note = facts.retry_note.as_deref().unwrap_or_default();
                let ask = facts.contacts();
                format!("{}. {} Ask: {ask}", facts.retry, sentence(note))
            }),
            Some(Shows::RetryRules) => self.retry_rules(),
            Some(Shows::Topics) => self.topics(),
            Some(Shows::Changes) => self.changes(),
            Some(Shows::CheatSheet) => self.all_codes(),
            Some(Shows::Facts) => {
                let page = self.link("the page on the web", &self.page);
                format!(
                    "The counts of the guide, and the rules that it is built under, are on {page}.\n\n"
                )
            }
            None if self.page == Route::Home || document.slug == REFERENCE => self.all_codes(),
            None => String::new(),
        };
        self.close(
            text,
            (&document.file, document.body.clone()),
            &made,
            facts.checked,
        )
    }

    /// The questions as nested lists. The tree has no circles, and the limit
    /// holds where that was reported.
    fn decisions(&self, questions: &[Question]) -> String {
        let mut text = "## The questions\n\n".to_owned();
        self.question(&mut text, questions, 0, 0);
        text.push('\n');
        text
    }

    fn question(&self, text: &mut String, questions: &[Question], at: usize, depth: usize) {
        let Some(question) = questions.get(at).filter(|_| depth <= questions.len()) else {
            return;
        };
        let indent = "    ".repeat(depth);
        let help = question
            .help
            .as_ref()
            .map(|help| format!(" {}", escaped(help)));
        let _ = writeln!(
            text,
            "{indent}- **{}**{}",
            escaped(&question.ask),
            help.unwrap_or_default()
        );
        for answer in &question.answers {
            let say = sentence(&answer.value.say);
            match &answer.value.goal {
                Goal::Send(code) => {
                    let code = self.codes([*code]).join("");
                    let _ = writeln!(text, "{indent}  - {say} Send {code}.");
                }
                Goal::Ask(id) => {
                    let _ = writeln!(text, "{indent}  - {say}");
                    if let Some(next) = decisions::position(questions, id) {
                        self.question(text, questions, next, depth + 1);
                    }
                }
            }
        }
    }

    fn retry_rules(&self) -> String {
        let mut text = "## All rules\n\n| code |".to_owned();
        for kind in MethodKind::ALL {
            let _ = write!(text, " {kind}: {} |", kind.methods());
        }
        text.push_str("\n|---|---|---|---|\n");
        for document in self.guide.codes.values() {
            let _ = write!(text, "| {} |", self.code_link(&document.facts));
            for (_, verdict) in document.facts.verdicts() {
                let _ = write!(text, " {verdict} |");
            }
            text.push('\n');
        }
        text.push('\n');
        text
    }

    fn topics(&self) -> String {
        let mut text = "## All topics\n\n".to_owned();
        for document in self.guide.topics.values() {
            let codes = self.guide.codes_about(&document.slug);
            let codes: Vec<String> = codes.map(|d| d.facts.code.value.to_string()).collect();
            let topic = self.topic_link(document);
            let about = escaped(&document.facts.summary.value);
            let _ = writeln!(text, "- {topic}: {about} {}", codes.join(", "));
        }
        text.push('\n');
        text
    }

    fn changes(&self) -> String {
        let mut text = String::new();
        for Change {
            date,
            title,
            what,
            pages,
            ..
        } in &self.guide.changes
        {
            let _ = write!(
                text,
                "## {}: {}\n\n{}\n\n",
                date.value,
                escaped(title),
                escaped(what)
            );
            let links = pages.iter().filter_map(|page| self.resolve(&page.value));
            let links: Vec<String> = links
                .map(|(name, href)| format!("[{name}]({href})"))
                .collect();
            if !links.is_empty() {
                let _ = write!(text, "Pages: {}\n\n", links.join(", "));
            }
        }
        text
    }

    /// All codes by class, each with its use.
    fn all_codes(&self) -> String {
        self.list_of_codes("All codes", |facts| escaped(&facts.use_case.value))
    }

    fn list_of_codes(&self, title: &str, about: impl Fn(&CodeFacts) -> String) -> String {
        let mut text = format!("## {title}\n\n");
        for class in self.guide.classes.keys() {
            text.push_str(&self.rows(*class, &format!("### {class}"), &about));
        }
        text
    }

    fn codes_of(&self, class: Class, heading: &str) -> String {
        self.rows(class, heading, |facts| escaped(&facts.summary.value))
    }

    fn rows(&self, class: Class, heading: &str, about: impl Fn(&CodeFacts) -> String) -> String {
        let mut text = format!("{heading}\n\n");
        for document in self.guide.codes_of(class) {
            let facts = &document.facts;
            let mark = if facts.is_registered() {
                ""
            } else {
                " (not registered)"
            };
            let _ = writeln!(text, "- {}{mark}: {}", self.code_link(facts), about(facts));
        }
        text.push('\n');
        text
    }

    fn codes(&self, codes: impl IntoIterator<Item = StatusCode>) -> Vec<String> {
        let known = codes
            .into_iter()
            .filter_map(|code| self.guide.codes.get(&code));
        known
            .map(|document| self.code_link(&document.facts))
            .collect()
    }

    fn field(&self, field: &Located<String>) -> String {
        let name = &field.value;
        match self.guide.fields.get(name) {
            Some(specification) => format!("[`{name}`]({})", specification.url()),
            None => format!("`{name}`"),
        }
    }

    /// Adds the text of the page, with `made` before its first heading, and
    /// says where the page is.
    fn close(&self, mut text: String, source: Source<'_>, made: &str, checked: Date) -> String {
        if let Some(convention) = self.convention() {
            text.push_str(&convention);
        }
        let (file, range) = source;
        let (lead, rest) = self.body(&file.text[range]);
        let parts = [lead.as_str(), made, rest.as_str()];
        for part in parts.iter().map(|part| without_empty_lines(part)) {
            if !part.is_empty() {
                text.push_str(part);
                text.push_str("\n\n");
            }
        }
        let page = self.link("This page on the web", &self.page);
        let footer = escaped(&self.guide.site.footer);
        let _ = writeln!(text, "---\n\n{page}. Facts checked on {checked}. {footer}");
        text
    }

    /// What a team says on the page, as a section of its own.
    fn convention(&self) -> Option<String> {
        let document = self.guide.conventions.get(&self.page)?;
        let facts = &document.facts;
        let team = self
            .guide
            .team
            .as_ref()
            .and_then(|team| team.name.as_deref());
        let mut text = format!("## {}\n\n", escaped(&facts.title));
        let whose = team.map_or("our own".to_owned(), escaped);
        let _ = write!(text, "A rule of {whose}, not of the specification.");
        if let Some(owner) = &facts.owner {
            let owner = escaped(owner);
            let _ = match &facts.contact {
                Some(contact) => write!(text, " Kept by [{owner}]({contact})."),
                None => write!(text, " Kept by {owner}."),
            };
        }
        if let Some(date) = facts.checked {
            let _ = write!(text, " Checked on {date}.");
        }
        // No heading of two hash signs is in it, and so all of it is the lead.
        let (lead, rest) = self.body(&document.file.text[document.body.clone()]);
        let _ = write!(text, "\n\n{}\n\n", format!("{lead}{rest}").trim());
        Some(text)
    }

    /// The text of a page with all shorthand written out: what stands before
    /// the first heading, and the rest.
    fn body(&self, source: &str) -> (String, String) {
        let callback = |link: BrokenLink<'_>| {
            let (_, href) = self.resolve(&one_line(&link.reference))?;
            Some((CowStr::from(href), CowStr::from("")))
        };
        let parser = Parser::new_with_broken_link_callback(source, OPTIONS, Some(callback));
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        let mut first_heading = source.len();
        for (event, range) in parser.into_offset_iter() {
            let Event::Start(tag) = event else { continue };
            if let Tag::Heading {
                level: HeadingLevel::H2,
                ..
            } = tag
            {
                first_heading = first_heading.min(range.start);
            }
            edits.extend(self.edits(source, &tag, &range));
        }
        edits.sort_by_key(|(range, _)| range.start);
        let (mut lead, mut rest) = (String::new(), String::new());
        let mut done = 0;
        for (range, text) in edits
            .into_iter()
            .chain([(source.len()..source.len(), String::new())])
        {
            let split = first_heading.clamp(done, range.start);
            lead.push_str(&source[done..split]);
            rest.push_str(&source[split..range.start]);
            let side = if range.start < first_heading {
                &mut lead
            } else {
                &mut rest
            };
            side.push_str(&text);
            done = range.end;
        }
        (lead, rest)
    }

    /// What to change in the source so that a piece of it is plain Markdown.
    fn edits(
        &self,
        source: &str,
        tag: &Tag<'_>,
        range: &Range<usize>,
    ) -> Vec<(Range<usize>, String)> {
        let here = &source[range.clone()];
        let place = |at: usize, length: usize| range.start + at..range.start + at + length;
        match tag {
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => match link_type {
                LinkType::ReferenceUnknown => {
                    let label = here.rfind('[').unwrap_or_default();
                    vec![(place(label, here.len() - label), format!("({dest_url})"))]
                }
                LinkType::ShortcutUnknown | LinkType::CollapsedUnknown => {
                    let label = here.strip_suffix("[]").unwrap_or(here);
                    let label = label.trim_start_matches('[').trim_end_matches(']');
                    let name = self
                        .resolve(&one_line(label))
                        .map_or(label.to_owned(), |it| it.0);
                    vec![(range.clone(), format!("[{name}]({dest_url})"))]
                }
                // A part of the same page: the fragments are those of the web.
                _ if dest_url.starts_with('#') => {
                    let page = self.address(&self.page);
                    let at = destination(here, dest_url);
                    at.map(|at| (place(at, 0), page)).into_iter().collect()
                }
                _ => Vec::new(),
            },
            Tag::Image { dest_url, .. } => {
                let file = Route::Static(dest_url.to_string());
                let address = self.address(&file);
                let at = destination(here, dest_url);
                at.map(|at| (place(at, dest_url.len()), address))
                    .into_iter()
                    .collect()
            }
            Tag::Heading { id: Some(id), .. } => {
                let attribute = format!("{{#{id}}}");
                let Some(at) = here.rfind(&attribute) else {
                    return Vec::new();
                };
                let start = here[..at].trim_end().len();
                vec![(place(start, at + attribute.len() - start), String::new())]
            }
            Tag::BlockQuote(Some(kind)) => {
                let (marker, label) = match kind {
                    BlockQuoteKind::Note => ("[!NOTE]", "Note"),
                    BlockQuoteKind::Tip => ("[!TIP]", "Tip"),
                    BlockQuoteKind::Important => ("[!IMPORTANT]", "Important"),
                    BlockQuoteKind::Warning => ("[!WARNING]", "Warning"),
                    BlockQuoteKind::Caution => ("[!CAUTION]", "Caution"),
                };
                let Some(at) = here.find(marker) else {
                    return Vec::new();
                };
                vec![(place(at, marker.len()), format!("**{label}:**"))]
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                let Some(rules) = info.strip_prefix("http wrong") else {
                    return Vec::new();
                };
                let Some(at) = here.find(&**info) else {
                    return Vec::new();
                };
                let line = source[..range.start].rfind('\n').map_or(0, |at| at + 1);
                let indent: String = (source[line..range.start].chars())
                    .map(|c| if c == '>' { c } else { ' ' })
                    .collect();
                let mark = format!("Wrong on purpose:\n{}\n{indent}", indent.trim_end());
                let after = at + info.len() - rules.len() - " wrong".len();
                let length = rules.len() + " wrong".len();
                vec![(place(0, 0), mark), (place(after, length), String::new())]
            }
            _ => Vec::new(),
        }
    }

    /// The text and the address that a name in square brackets stands for.
    fn resolve(&self, label: &str) -> Option<(String, String)> {
        match self.guide.resolve(label).ok()? {
            Target::External(url) => Some((label.to_owned(), url)),
            Target::Page {
                route,
                fragment,
                title,
            } => {
                let page = route.as_ref().unwrap_or(&self.page);
                let mut href = self.address(page);
                if let Some(fragment) = fragment {
                    href.push('#');
                    href.push_str(&fragment);
                }
                let name = title.map_or(label.to_owned(), |title| escaped(&title));
                Some((name, href))
            }
        }
    }
}

/// A text without the empty lines around it. What its first line begins with
/// stays: that may make it code.
fn without_empty_lines(text: &str) -> &str {
    let mut rest = text;
    while let Some((line, next)) = rest.split_once('\n') {
        if !line.trim().is_empty() {
            break;
        }
        rest = next;
    }
    rest.trim_end()
}

/// Where its destination stands in a link or an image: behind the text, and
/// before a title that may say the same.
fn destination(link: &str, destination: &str) -> Option<usize> {
    let behind = link.rfind("](").map_or(0, |at| at + 2);
    let found = link[behind..].find(destination).map(|at| behind + at);
    found.or_else(|| link.rfind(destination))
}

/// What products mean by a number, as a section of its own.
fn meanings(facts: &CodeFacts) -> String {
    if facts.meanings.is_empty() {
        return String::new();
    }
    let title = if facts.is_registered() {
        "Other meanings"
    } else {
        "Who means what"
    };
    let mut text = format!("## {title}\n\n");
    for meaning in facts.meanings.iter().map(|meaning| &meaning.value) {
        let phrase = meaning
            .phrase
            .as_ref()
            .map(|phrase| format!("{}. ", escaped(phrase)));
        let _ = writeln!(
            text,
            "- **{}:** {}{} {}. [Source]({}), checked {}.",
            escaped(&meaning.by),
            phrase.unwrap_or_default(),
            escaped(&meaning.says),
            meaning.seen,
            meaning.source,
            meaning.checked
        );
    }
    text.push('\n');
    text
}

fn opening(title: &str, summary: &str) -> String {
    format!("# {}\n\n{}\n\n", escaped(title), escaped(summary))
}

fn section(specification: &Specification) -> String {
    format!("[{specification}]({})", specification.url())
}

/// A text with a full stop, if it ends in none.
fn sentence(text: &str) -> String {
    let text = escaped(text);
    match text.chars().next_back() {
        Some('.' | '?' | '!') | None => text,
        Some(_) => text + ".",
    }
}

/// Text that Markdown takes as it stands.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    // Whether what begins a heading, a list or a quotation would do so here.
    let mut begins = true;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek();
        let has_letter = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        let in_word = has_letter(before.as_ref()) && has_letter(next);
        let is_syntax = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' => true,
            '_' => !in_word,
            // A character reference.
            '&' => next.is_some_and(|c| *c == '#' || c.is_ascii_alphabetic()),
            '#' | '>' | '+' | '-' | '=' => begins && before.is_none(),
            '.' | ')' => begins && before.is_some() && next.is_none_or(|c| *c == ' '),
            _ => false,
        };
        if is_syntax {
            out.push('\\');
        }
        begins &= c.is_ascii_digit();
        out.push(c);
        before = Some(c);
    }
    out
}
