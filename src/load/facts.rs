//! Owns: the facts of every kind of page and of the whole guide, as types. Each
//! fact that readers compare between codes is a field here, and nowhere in prose.
//!
//! Must not: read them (that is `content`), or compare pages with each other
//! (that is `guide`).

use std::path::PathBuf;

use serde::{Deserialize, Serialize, Serializer};

use crate::load::accent::Accent;
use crate::load::front_matter::Located;
use crate::status::{
    Cacheability, Class, Contact, ContentRule, MethodKind, RedirectMethod, Registration, Retry,
    Seen, Sender, Specification, StatusCode, Verdict,
};

/// What holds for the whole guide.
#[derive(Debug, Default)]
pub struct SiteFacts {
    /// The name of the guide.
    pub title: String,
    /// The language of the text (BCP 47).
    pub language: String,
    /// One sentence for search results.
    pub description: String,
    /// The first crumb of every breadcrumb.
    pub breadcrumb_root: String,
    /// The crumb of the home page.
    pub breadcrumb_home: String,
    /// Where the first crumb leads, if anywhere.
    pub breadcrumb_root_url: Option<String>,
    /// Where the guide is published; `--base-url` goes before it.
    pub base_url: Option<Located<String>>,
    /// The address of the repository, for edit links.
    pub repository: Option<String>,
    /// The branch that edit links name.
    pub branch: String,
    /// The links in the head of every page.
    pub navigation: Vec<Located<NavigationFacts>>,
    /// The pages that the book has before the codes, by name, in order.
    pub book: Vec<Located<String>>,
    /// A line at the foot of every page.
    pub footer: String,
    /// Whether a hosted copy can be read without a network after the first visit.
    pub offline: bool,
    /// The folder with a team's own layer; `--overlay` goes before it.
    pub overlay: Option<Located<String>>,
}

/// A team that has a layer of its own over the guide.
#[derive(Debug, Default)]
pub struct Team {
    /// The folder of the layer.
    pub folder: PathBuf,
    /// What it is called, if it says so.
    pub name: Option<String>,
    /// Its colour.
    pub accent: Option<Accent>,
    /// Its logo.
    pub logo: Option<Logo>,
    /// The stylesheets that it links on every page, by their paths.
    pub styles: Vec<String>,
    /// Whether it has fonts of its own.
    pub has_fonts: bool,
    /// Where its files can be edited: the address before their paths.
    pub edit: Option<String>,
}

/// A picture in the head of every page.
#[derive(Debug)]
pub struct Logo {
    /// Its path in the site.
    pub path: String,
    /// What it says to those who do not see it.
    pub alt: String,
    /// Its size in pixels, or in the units of its drawing.
    pub width: u32,
    /// See there.
    pub height: u32,
}

/// What a page of an overlay says of the convention that it adds to a page.
#[derive(Debug)]
pub struct ConventionFacts {
    /// The heading.
    pub title: String,
    /// Who keeps it.
    pub owner: Option<String>,
    /// Where these can be asked: an address.
    pub contact: Option<String>,
    /// The day on which they looked at it last.
    pub checked: Option<Date>,
}

/// A link in the head of every page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NavigationFacts {
    /// What it says.
    pub text: String,
    /// The page, by the name that the text would use: `best-practices`.
    pub page: String,
}

/// The facts about one status code. Everything that a reader compares between
/// codes is here, and nowhere in prose.
#[derive(Debug)]
#[allow(missing_docs)] // The keys are documented in CONTRIBUTING.md.
pub struct CodeFacts {
    pub code: Located<StatusCode>,
    pub phrase: String,
    pub summary: Located<String>,
    pub use_case: Located<String>,
    pub registration: Located<Registration>,
    pub registration_expires: Option<Date>,
    pub specification: Option<Located<Specification>>,
    pub sent_by: Vec<Sender>,
    pub cacheable: Located<Cacheability>,
    pub cacheable_note: Option<String>,
    pub content: Located<ContentRule>,
    pub content_note: Option<String>,
    pub required_fields: Vec<Located<String>>,
    pub useful_fields: Vec<Located<String>>,
    pub retry: Retry,
    pub retry_note: Option<String>,
    pub ask: Vec<Contact>,
    pub method_on_redirect: Option<Located<RedirectMethod>>,
    pub former_names: Vec<FormerName>,
    pub topics: Vec<Located<String>>,
    pub related: Vec<Located<StatusCode>>,
    pub search: Vec<Located<String>>,
    pub checked: Date,
    pub meanings: Vec<Located<Meaning>>,
}

impl CodeFacts {
    /// Whether the IANA registry has the number.
    pub fn is_registered(&self) -> bool {
        self.registration.value != Registration::Vendor
    }

    /// What a client may do with a request of each kind.
    pub fn verdicts(&self) -> [(MethodKind, Verdict); 3] {
        let redirect = self.method_on_redirect.as_ref().map(|method| method.value);
        [
            MethodKind::Safe,
            MethodKind::Idempotent,
            MethodKind::Neither,
        ]
        .map(|kind| (kind, self.retry.verdict(kind, redirect)))
    }

    /// That, if it is the same whatever the method.
    pub fn verdict_for_any(&self) -> Option<Verdict> {
        let [(_, first), rest @ ..] = self.verdicts();
        rest.iter()
            .all(|(_, verdict)| *verdict == first)
            .then_some(first)
    }

    /// Who can put it right, as words in a row.
    pub fn contacts(&self) -> String {
        enumeration(self.ask.iter().map(|contact| contact.label()))
    }

    /// Who can have generated the response, as words in a row.
    pub fn senders(&self) -> String {
        match self.sent_by.as_slice() {
            [] => "Nobody".to_owned(),
            senders => enumeration(senders.iter().map(|sender| sender.label())),
        }
    }

    /// Who is met most often with an unregistered number, and how many others.
    pub fn main_vendor(&self) -> String {
        match self.vendors().as_slice() {
            [] => String::new(),
            [only] => (*only).to_owned(),
            [first, others @ ..] => format!("{first}, +{}", others.len()),
        }
    }

    /// Who gives an unregistered number its meanings, each once.
    pub fn vendors(&self) -> Vec<&str> {
        let mut vendors: Vec<&str> = Vec::new();
        for meaning in &self.meanings {
            if !vendors.contains(&meaning.value.by.as_str()) {
                vendors.push(&meaning.value.by);
            }
        }
        vendors
    }
}

/// Words in a row: the first as it is, the others as they stand in a sentence.
fn enumeration(words: impl Iterator<Item = &'static str>) -> String {
    let words = words.enumerate().map(|(at, word)| match at {
        0 => word.to_owned(),
        _ => word.to_lowercase(),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// What a product means by a number, beside or without the registry.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meaning {
    /// The product or company.
    pub by: String,
    /// What it calls the code, if it has a name.
    pub phrase: Option<String>,
    /// Where people meet it.
    pub seen: Seen,
    /// What it means there, in one sentence.
    pub says: String,
    /// The address of the document or source that says so.
    pub source: String,
    /// The day on which that was read.
    pub checked: Date,
}

/// A phrase that a code had once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerName {
    /// The phrase.
    pub phrase: String,
    /// The document that used it.
    pub source: Specification,
}

/// The facts about a class.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct ClassFacts {
    pub class: Located<Class>,
    pub name: String,
    pub summary: Located<String>,
    pub specification: Specification,
    pub checked: Date,
}

/// The facts about a comparison.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct ComparisonFacts {
    pub codes: Vec<Located<StatusCode>>,
    pub rule: Located<String>,
    pub summary: Located<String>,
    pub search: Vec<Located<String>>,
    pub checked: Date,
}

/// The facts about a topic.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct TopicFacts {
    pub title: String,
    pub summary: Located<String>,
    pub fields: Vec<Located<String>>,
    pub search: Vec<Located<String>>,
    pub checked: Date,
}

/// The facts about any other page.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct PageFacts {
    pub title: String,
    pub summary: Located<String>,
    pub topic: Option<String>,
    pub topics: Vec<Located<String>>,
    pub search: Vec<Located<String>>,
    pub shows: Option<Shows>,
    pub questions: Vec<Question>,
    pub checked: Date,
}

/// What a page shows besides its own text, made from the typed facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shows {
    /// The questions of its front matter and the answers in its text.
    Decisions,
    /// What to do with each code, by class.
    FirstAid,
    /// Whether to repeat a request, by code and by method.
    RetryRules,
    /// All topics.
    Topics,
    /// All registered codes on one printed page.
    CheatSheet,
    /// The counts of the guide and the rules that it is built under.
    Facts,
    /// What changed in the content, newest first.
    Changes,
}

/// A question of a decision tree.
#[derive(Debug)]
pub struct Question {
    /// The fragment.
    pub id: Located<String>,
    /// The question.
    pub ask: String,
    /// A sentence that helps to answer it.
    pub help: Option<String>,
    /// The answers, in the order in which they are tried.
    pub answers: Vec<Located<Choice>>,
}

/// An answer to a question, and where it leads.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The answer.
    pub say: String,
    /// What comes next.
    pub goal: Goal,
}

/// Where an answer leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// To the question with this id.
    Ask(String),
    /// To this code.
    Send(StatusCode),
}

/// What changed in the content, in the words of its readers.
#[derive(Debug)]
pub struct Change {
    /// The fragment on the page of changes, and a part of the entry's id in
    /// the feed: it never changes.
    pub id: Located<String>,
    /// The day of the change.
    pub date: Located<Date>,
    /// The change in a few words.
    pub title: String,
    /// The change in a sentence or two.
    pub what: String,
    /// The pages that changed, by the names that links use.
    pub pages: Vec<Located<String>>,
}

/// A day of the calendar, written `2026-11-22`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "toml::value::Datetime")]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl TryFrom<toml::value::Datetime> for Date {
    type Error = &'static str;

    fn try_from(value: toml::value::Datetime) -> Result<Self, Self::Error> {
        match value.date {
            Some(date) if value.time.is_none() => Ok(Self {
                year: date.year,
                month: date.month,
                day: date.day,
            }),
            _ => Err("a day has no time here"),
        }
    }
}

impl Date {
    /// `2026-11-22`, for machines.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.iso())
    }
}

impl std::fmt::Display for Date {
    /// `22 November 2026`, for readers.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let month = MONTHS[usize::from(self.month.clamp(1, 12) - 1)];
        write!(f, "{} {month} {}", self.day, self.year)
    }
}
