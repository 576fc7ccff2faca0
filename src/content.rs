//! Owns: reading the input. Walks `content/` and `static/`, splits front matter
//! from text, and reads every fact with its place in the file.
//!
//! Must not: compare files with each other (that is `guide`) or read Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use rayon::prelude::*;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use walkdir::WalkDir;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, SourceFile, Span, nearest, printable};
use crate::status::{
    Cacheability, Class, ContentRule, RedirectMethod, Registration, Retry, Sender, Specification,
    StatusCode,
};

/// The largest page, in bytes. The longest page of the guide has a tenth.
const MAX_PAGE_BYTES: u64 = 1 << 20;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its place, without the key.
    pub span: Span,
}

/// A Markdown file: its facts and where its text begins.
#[derive(Debug)]
pub struct Document<F> {
    /// The whole file.
    pub file: Arc<SourceFile>,
    /// The file name without `.md`.
    pub slug: String,
    /// The path below the content folder.
    pub relative: String,
    /// The typed front matter.
    pub facts: F,
    /// The bytes of `file.text` that are Markdown.
    pub body: Range<usize>,
}

/// Everything that was read, each file by itself.
#[derive(Debug, Default)]
pub struct Content {
    /// `site.toml`
    pub site: SiteFacts,
    /// `fields.toml`: the specification of each field, by name.
    pub fields: BTreeMap<String, Specification>,
    /// `codes/`
    pub codes: Vec<Document<CodeFacts>>,
    /// `classes/`
    pub classes: Vec<Document<ClassFacts>>,
    /// `compare/`
    pub comparisons: Vec<Document<ComparisonFacts>>,
    /// `pages/`
    pub pages: Vec<Document<PageFacts>>,
    /// `static/`: bytes by path, with `/` between folders.
    pub statics: BTreeMap<String, Vec<u8>>,
    /// The names of pages that exist and could not be read, so that links to
    /// them are not reported as well.
    pub unreadable: BTreeSet<String>,
}

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
    /// A line at the foot of every page.
    pub footer: String,
    /// The topics that codes can carry: title by id.
    pub topics: BTreeMap<String, String>,
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
    pub specification: Specification,
    pub sent_by: Vec<Sender>,
    pub cacheable: Located<Cacheability>,
    pub cacheable_note: Option<String>,
    pub content: Located<ContentRule>,
    pub content_note: Option<String>,
    pub required_fields: Vec<Located<String>>,
    pub useful_fields: Vec<Located<String>>,
    pub retry: Retry,
    pub retry_note: Option<String>,
    pub method_on_redirect: Option<Located<RedirectMethod>>,
    pub former_names: Vec<FormerName>,
    pub topics: Vec<Located<String>>,
    pub related: Vec<Located<StatusCode>>,
    pub checked: Date,
}

/// A phrase that a code had once.
#[derive(Debug, Clone, Deserialize)]
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
    pub checked: Date,
}

/// The facts about any other page.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct PageFacts {
    pub title: String,
    pub summary: Located<String>,
    pub topic: Option<String>,
    pub checked: Date,
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
            _ => Err("write a day without a time, like 2026-11-22"),
        }
    }
}

impl Date {
    /// `2026-11-22`, for machines.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl std::fmt::Display for Date {
    /// `22 November 2026`, for readers.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const MONTHS: [&str; 12] = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December",
        ];
        let month = MONTHS[usize::from(self.month.clamp(1, 12) - 1)];
        write!(f, "{} {month} {}", self.day, self.year)
    }
}

/// The folders of `content/` and what is in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Folder {
    Codes,
    Classes,
    Compare,
    Pages,
}

/// What one Markdown file turned out to be.
enum Parsed {
    Code(Document<CodeFacts>),
    Class(Document<ClassFacts>),
    Comparison(Document<ComparisonFacts>),
    Page(Document<PageFacts>),
}

/// Reads `content` and, if it exists, `statics`.
///
/// # Errors
/// Only if `content` is no folder. Whatever is wrong inside it is added to
/// `diagnostics`, and reading goes on.
pub fn load(content: &Path, statics: &Path, diagnostics: &mut Diagnostics) -> anyhow::Result<Content> {
    if !content.is_dir() {
        bail!("there is no content folder at {}; name it with --content", content.display());
    }
    let mut loaded = Content::default();
    let mut config = BTreeMap::new();
    let mut pages = Vec::new();
    for entry in walk(content, diagnostics)? {
        match entry.relative.as_str() {
            "site.toml" | "fields.toml" => {
                config.insert(entry.relative.clone(), entry);
            }
            other => match place(other) {
                Ok((folder, slug)) => pages.push((folder, slug.to_owned(), entry)),
                Err((message, help)) => diagnostics.push(
                    Diagnostic::new(Rule::FileName, entry.anonymous(), message).help(help),
                ),
            },
        }
    }
    for name in ["site.toml", "fields.toml"] {
        let Some(entry) = config.remove(name) else {
            let file = source(format!("{}/{name}", slashed(content)), String::new());
            diagnostics.push(
                Diagnostic::new(Rule::FileMissing, Span::start_of(&file), "this file is missing")
                    .help("copy it from the guide's own content folder and change what differs"),
            );
            continue;
        };
        let Some(file) = entry.read(diagnostics) else {
            continue;
        };
        let mut facts = Facts::parse(&file, 0..file.text.len(), diagnostics);
        if name == "site.toml" {
            if let Some(site) = read_site(&mut facts) {
                loaded.site = site;
            }
        } else {
            loaded.fields = read_fields(&mut facts);
        }
        diagnostics.append(facts.finish());
    }

    let parsed: Vec<(String, Option<Parsed>, Diagnostics)> = pages
        .into_par_iter()
        .map(|(folder, slug, entry)| {
            let mut diagnostics = Diagnostics::default();
            let relative = entry.relative.clone();
            let parsed = entry
                .read(&mut diagnostics)
                .and_then(|file| parse(folder, slug.clone(), relative, file, &mut diagnostics));
            (slug, parsed, diagnostics)
        })
        .collect();
    for (slug, parsed, found) in parsed {
        diagnostics.append(found);
        match parsed {
            Some(Parsed::Code(document)) => loaded.codes.push(document),
            Some(Parsed::Class(document)) => loaded.classes.push(document),
            Some(Parsed::Comparison(document)) => loaded.comparisons.push(document),
            Some(Parsed::Page(document)) => loaded.pages.push(document),
            None => {
                loaded.unreadable.insert(slug);
            }
        }
    }
    if statics.is_dir() {
        loaded.statics = load_statics(statics, diagnostics)?;
    }
    Ok(loaded)
}

/// Where a Markdown file belongs, or why it does not.
fn place(relative: &str) -> Result<(Folder, &str), (String, String)> {
    let here = "pages are codes/404.md, classes/4xx.md, compare/401-vs-403.md, pages/about.md";
    let Some((folder, name)) = relative.split_once('/') else {
        return Err(("this file has no place at the top of content".into(), here.into()));
    };
    let folder = match folder {
        "codes" => Folder::Codes,
        "classes" => Folder::Classes,
        "compare" => Folder::Compare,
        "pages" => Folder::Pages,
        other => {
            let near = nearest(other, ["codes", "classes", "compare", "pages"]);
            let help = near.map_or(here.to_owned(), |n| format!("did you mean `{n}`? {here}"));
            return Err((format!("`{}` is no folder of the guide", printable(other)), help));
        }
    };
    let slug = name.strip_suffix(".md").unwrap_or_default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let word = |w: &str| !w.is_empty() && w.chars().all(plain);
    if !slug.split('-').all(word) {
        return Err((
            format!("`{}` makes no good URL", printable(name)),
            "use lower-case letters, digits and single hyphens, and end in .md: 401-vs-403.md".into(),
        ));
    }
    Ok((folder, slug))
}

fn parse(folder: Folder, slug: String, relative: String, file: Arc<SourceFile>, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    let (front, body) = split_front_matter(&file, diagnostics)?;
    let mut facts = Facts::parse(&file, front, diagnostics);
    macro_rules! document {
        ($kind:ident, $read:expr) => {
            $read(&mut facts).map(|facts| {
                Parsed::$kind(Document { file: Arc::clone(&file), slug, relative, facts, body })
            })
        };
    }
    let parsed = match folder {
        Folder::Codes => document!(Code, read_code),
        Folder::Classes => document!(Class, read_class),
        Folder::Compare => document!(Comparison, read_comparison),
        Folder::Pages => document!(Page, read_page),
    };
    diagnostics.append(facts.finish());
    parsed
}

/// The byte ranges of front matter and body.
fn split_front_matter(file: &Arc<SourceFile>, diagnostics: &mut Diagnostics) -> Option<(Range<usize>, Range<usize>)> {
    let text = &file.text;
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.trim_end() != "+++" {
        let what = if text.trim().is_empty() {
            "the file is empty"
        } else {
            "the file does not start with front matter"
        };
        diagnostics.push(
            Diagnostic::new(Rule::FrontMatter, Span::new(file, 0..first.trim_end().len()), what)
                .help("start with a line `+++`, then the facts in TOML, then another line `+++`"),
        );
        return None;
    }
    let mut at = first.len();
    for line in text[at..].split_inclusive('\n') {
        if line.trim_end() == "+++" {
            return Some((first.len()..at, at + line.len()..text.len()));
        }
        at += line.len();
    }
    diagnostics.push(
        Diagnostic::new(Rule::FrontMatter, Span::new(file, 0..3), "this front matter never ends")
            .help("close it with a line `+++`"),
    );
    None
}

fn read_site(facts: &mut Facts<'_>) -> Option<SiteFacts> {
    let title = facts.required::<String>("title");
    let language = facts.required::<String>("language");
    let description = facts.required::<String>("description");
    let breadcrumb_root = facts.required::<String>("breadcrumb_root");
    let breadcrumb_home = facts.required::<String>("breadcrumb_home");
    let breadcrumb_root_url = facts.value("breadcrumb_root_url");
    let navigation = facts.list("navigation");
    let footer = facts.required::<String>("footer");
    let base_url = facts.optional("base_url");
    let repository = facts.value::<String>("repository");
    let branch = facts.value("branch");
    let topics = facts.required::<BTreeMap<String, String>>("topics");
    Some(SiteFacts {
        title: title?.value,
        language: language?.value,
        description: description?.value,
        breadcrumb_root: breadcrumb_root?.value,
        breadcrumb_home: breadcrumb_home?.value,
        breadcrumb_root_url,
        navigation,
        footer: footer?.value,
        base_url,
        repository: repository.map(|r| r.trim_end_matches('/').to_owned()),
        branch: branch.unwrap_or_else(|| "main".to_owned()),
        topics: topics?.value,
    })
}

fn read_fields(facts: &mut Facts<'_>) -> BTreeMap<String, Specification> {
    let names: Vec<String> = facts.table.keys().map(|key| key.get_ref().to_string()).collect();
    let mut fields = BTreeMap::new();
    for name in names {
        if let Some(specification) = facts.value(&name) {
            fields.insert(name, specification);
        }
    }
    fields
}

fn read_code(facts: &mut Facts<'_>) -> Option<CodeFacts> {
    let code = facts.required("code");
    let phrase = facts.required::<String>("phrase");
    let summary = facts.sentence("summary");
    let use_case = facts.sentence("use_case");
    let registration = facts.required("registration");
    let registration_expires = facts.value("registration_expires");
    let specification = facts.required("specification");
    let sent_by = facts.required("sent_by");
    let cacheable = facts.required("cacheable");
    let cacheable_note = facts.value("cacheable_note");
    let content = facts.required("content");
    let content_note = facts.value("content_note");
    let required_fields = facts.list("required_fields");
    let useful_fields = facts.list("useful_fields");
    let retry = facts.required("retry");
    let retry_note = facts.value("retry_note");
    let method_on_redirect = facts.optional("method_on_redirect");
    let former_names = facts.list("former_names");
    let topics = facts.list("topics");
    let related = facts.list("related");
    let checked = facts.required("checked");
    Some(CodeFacts {
        code: code?,
        phrase: phrase?.value,
        summary: summary?,
        use_case: use_case?,
        registration: registration?,
        registration_expires,
        specification: specification?.value,
        sent_by: sent_by?.value,
        cacheable: cacheable?,
        cacheable_note,
        content: content?,
        content_note,
        required_fields,
        useful_fields,
        retry: retry?.value,
        retry_note,
        method_on_redirect,
        former_names: former_names.into_iter().map(|name| name.value).collect(),
        topics,
        related,
        checked: checked?.value,
    })
}

fn read_class(facts: &mut Facts<'_>) -> Option<ClassFacts> {
    let class = facts.required("class");
    let name = facts.required::<String>("name");
    let summary = facts.sentence("summary");
    let specification = facts.required("specification");
    let checked = facts.required("checked");
    Some(ClassFacts {
        class: class?,
        name: name?.value,
        summary: summary?,
        specification: specification?.value,
        checked: checked?.value,
    })
}

fn read_comparison(facts: &mut Facts<'_>) -> Option<ComparisonFacts> {
    let codes = facts.list("codes");
    let rule = facts.sentence("rule");
    let summary = facts.sentence("summary");
    let checked = facts.required("checked");
    Some(ComparisonFacts {
        codes,
        rule: rule?,
        summary: summary?,
        checked: checked?.value,
    })
}

fn read_page(facts: &mut Facts<'_>) -> Option<PageFacts> {
    let title = facts.required::<String>("title");
    let summary = facts.sentence("summary");
    let topic = facts.value("topic");
    let checked = facts.required("checked");
    Some(PageFacts {
        title: title?.value,
        summary: summary?,
        topic,
        checked: checked?.value,
    })
}

/// Takes values out of a TOML table one key at a time, so that every error of
/// the table is found and not only the first.
struct Facts<'a> {
    file: &'a Arc<SourceFile>,
    offset: usize,
    table: DeTable<'a>,
    known: Vec<String>,
    diagnostics: Diagnostics,
    /// Whether the TOML itself is broken, so that a missing key says nothing.
    broken: bool,
}

impl<'a> Facts<'a> {
    fn parse(file: &'a Arc<SourceFile>, range: Range<usize>, diagnostics: &mut Diagnostics) -> Self {
        let offset = range.start;
        let (table, errors) = DeTable::parse_recoverable(&file.text[range.clone()]);
        let facts = Self {
            file,
            offset,
            table: table.into_inner(),
            known: Vec::new(),
            diagnostics: Diagnostics::default(),
            broken: !errors.is_empty(),
        };
        for error in errors {
            let span = facts.span(error.span().unwrap_or(0..0));
            diagnostics.push(
                Diagnostic::new(Rule::FrontMatter, span, format!("this is not TOML: {}", one_line(error.message())))
                    .help("each fact is `key = value`; text stands in double quotes, a list in square brackets"),
            );
        }
        facts
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, self.offset + range.start..self.offset + range.end)
    }

    fn take(&mut self, key: &str) -> Option<Spanned<DeValue<'a>>> {
        self.known.push(key.to_owned());
        self.table.remove(key)
    }

    fn read<T: DeserializeOwned>(&mut self, value: Spanned<DeValue<'a>>) -> Option<Located<T>> {
        let span = self.span(value.span());
        match T::deserialize(value.into_deserializer()) {
            Ok(value) => Some(Located { value, span }),
            Err(error) => {
                let span = error.span().map_or(span, |range| self.span(range));
                let message = one_line(error.message());
                let mut diagnostic = Diagnostic::new(Rule::InvalidValue, span, message.clone());
                if let Some(near) = nearest_variant(&message) {
                    diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
                }
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    /// The value of `key`, if it is there and right.
    fn optional<T: DeserializeOwned>(&mut self, key: &str) -> Option<Located<T>> {
        self.take(key).and_then(|value| self.read(value))
    }

    /// Like `optional`, for values whose place does not matter.
    fn value<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        self.optional(key).map(|located| located.value)
    }

    /// The value of `key`; its absence is an error.
    fn required<T: DeserializeOwned>(&mut self, key: &str) -> Option<Located<T>> {
        if let Some(value) = self.take(key) {
            return self.read(value);
        }
        if !self.broken {
            let end = self.file.text[..self.offset].trim_end().len();
            let span = Span::new(self.file, 0..end);
            self.diagnostics.push(
                Diagnostic::new(Rule::MissingKey, span, format!("`{key}` is missing"))
                    .help(format!("add a line `{key} = …`; CONTRIBUTING.md says what belongs there")),
            );
        }
        None
    }

    /// Required text that is neither empty nor on several lines.
    fn sentence(&mut self, key: &str) -> Option<Located<String>> {
        let text: Located<String> = self.required(key)?;
        if text.value.trim().is_empty() || text.value.contains('\n') {
            self.diagnostics.push(
                Diagnostic::new(Rule::InvalidValue, text.span.clone(), format!("`{key}` needs text on one line"))
                    .help("write one sentence between double quotes"),
            );
        }
        Some(text)
    }

    /// A required list, each item with its place. Items that are wrong are
    /// reported and left out.
    fn list<T: DeserializeOwned>(&mut self, key: &str) -> Vec<Located<T>> {
        let Some(value) = self.take(key) else {
            let _: Option<Located<()>> = self.required(key);
            return Vec::new();
        };
        let span = self.span(value.span());
        let DeValue::Array(items) = value.into_inner() else {
            self.diagnostics.push(
                Diagnostic::new(Rule::InvalidValue, span, format!("`{key}` is a list"))
                    .help("put it in square brackets, also a single value"),
            );
            return Vec::new();
        };
        items.into_iter().filter_map(|item| self.read(item)).collect()
    }

    /// Reports the keys that nobody asked for.
    fn finish(self) -> Diagnostics {
        let mut diagnostics = self.diagnostics;
        for (key, _) in self.table {
            let name = key.get_ref().to_string();
            let range = self.offset + key.span().start..self.offset + key.span().end;
            let help = match nearest(&name, self.known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys here are {}", self.known.join(", ")),
            };
            diagnostics.push(
                Diagnostic::new(Rule::UnknownKey, Span::new(self.file, range), format!("`{name}` is not a key here"))
                    .help(help),
            );
        }
        diagnostics
    }
}

/// The nearest name in serde's "unknown variant `x`, expected one of `a`, `b`".
fn nearest_variant(message: &str) -> Option<&str> {
    let mut quoted = message.strip_prefix("unknown variant ")?.split('`').skip(1).step_by(2);
    let wrong = quoted.next()?;
    nearest(wrong, quoted)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn source(name: String, text: String) -> Arc<SourceFile> {
    Arc::new(SourceFile { name, text })
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// A file that the walk found.
struct Entry {
    path: PathBuf,
    /// The path below the walked folder, with `/`.
    relative: String,
    /// The name for errors.
    name: String,
}

impl Entry {
    /// A place in this file for errors that need no text.
    fn anonymous(&self) -> Span {
        Span::start_of(&source(self.name.clone(), String::new()))
    }

    /// The text with its line ends normalised and without a byte order mark.
    fn read(self, diagnostics: &mut Diagnostics) -> Option<Arc<SourceFile>> {
        let unreadable = |error: io::Error| {
            Diagnostic::new(Rule::FileUnreadable, self.anonymous(), format!("this file cannot be read: {error}"))
                .help("check its permissions")
        };
        match fs::metadata(&self.path) {
            Ok(metadata) if metadata.len() > MAX_PAGE_BYTES => {
                let message = format!(
                    "the file has {} bytes; a page has at most {MAX_PAGE_BYTES}",
                    metadata.len()
                );
                diagnostics.push(
                    Diagnostic::new(Rule::FileSize, self.anonymous(), message)
                        .help("split the page, or put data that it needs into static/"),
                );
                return None;
            }
            Ok(_) => {}
            Err(error) => {
                diagnostics.push(unreadable(error));
                return None;
            }
        }
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) => {
                diagnostics.push(unreadable(error));
                return None;
            }
        };
        let (text, broken_at) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(at))
            }
        };
        // Byte order marks and CRLF are what some editors and git add by
        // themselves; the site is the same with and without them.
        let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let valid = broken_at.map(|at| text[mark..at].replace("\r\n", "\n").len());
        let text = text[mark..].replace("\r\n", "\n");
        let file = source(self.name.clone(), text);
        if let Some(at) = valid {
            diagnostics.push(
                Diagnostic::new(Rule::Encoding, Span::new(&file, at..at), "from here on the text is not UTF-8")
                    .help("save the file as UTF-8"),
            );
            return None;
        }
        let forbidden = |c: char| {
            (c.is_control() && c != '\n' && c != '\t') || ('\u{e000}'..='\u{f8ff}').contains(&c)
        };
        if let Some(at) = file.text.find(forbidden) {
            let wrong = file.text[at..].chars().next().unwrap_or_default();
            let range = at..at + wrong.len_utf8();
            diagnostics.push(
                Diagnostic::new(Rule::Encoding, Span::new(&file, range), format!("U+{:04X} has no place in text", u32::from(wrong)))
                    .help("delete the character"),
            );
            return None;
        }
        Some(file)
    }
}

/// The files below `root` in the order of their names. Links are followed as
/// long as they stay inside; hidden files and editors' backups are passed over.
fn walk(root: &Path, diagnostics: &mut Diagnostics) -> anyhow::Result<Vec<Entry>> {
    let real = root
        .canonicalize()
        .with_context(|| format!("cannot open {}", root.display()))?;
    let name_of = |path: &Path| {
        let relative = slashed(path.strip_prefix(&real).unwrap_or(path));
        (format!("{}/{relative}", slashed(root).trim_end_matches('/')), relative)
    };
    let mut outside = Vec::new();
    let mut entries = Vec::new();
    let walker = WalkDir::new(&real).follow_links(true).sort_by_file_name();
    let inside = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        if entry.depth() > 0 && (name.starts_with('.') || name.ends_with('~')) {
            return false;
        }
        if entry.path_is_symlink() {
            let target = entry.path().canonicalize();
            if !target.is_ok_and(|target| target.starts_with(&real)) {
                outside.push(entry.path().to_owned());
                return false;
            }
        }
        true
    };
    for entry in walker.into_iter().filter_entry(inside) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let (name, relative) = name_of(entry.path());
                entries.push(Entry { path: entry.path().to_owned(), relative, name });
            }
            Ok(_) => {}
            Err(error) => {
                let (name, _) = name_of(error.path().unwrap_or(&real));
                let span = Span::start_of(&source(name, String::new()));
                diagnostics.push(if error.loop_ancestor().is_some() {
                    Diagnostic::new(Rule::FileLink, span, "this link leads to a folder that it is in")
                        .help("delete the link")
                } else if error.path().is_some_and(Path::is_symlink) {
                    Diagnostic::new(Rule::FileLink, span, "this link leads nowhere")
                        .help("delete the link, or mend its target")
                } else {
                    let reason = error.io_error().map_or("unknown".to_owned(), io::Error::to_string);
                    Diagnostic::new(Rule::FileUnreadable, span, format!("this cannot be read: {reason}"))
                        .help("check its permissions")
                });
            }
        }
    }
    for path in outside {
        let span = Span::start_of(&source(name_of(&path).0, String::new()));
        diagnostics.push(
            Diagnostic::new(Rule::FileLink, span, format!("this link leads out of {}", slashed(root)))
                .help("copy the file instead: what is published must be in the repository"),
        );
    }
    Ok(entries)
}

fn load_statics(root: &Path, diagnostics: &mut Diagnostics) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in walk(root, diagnostics)? {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
        if !entry.relative.chars().all(plain) {
            diagnostics.push(
                Diagnostic::new(
                    Rule::FileName,
                    entry.anonymous(),
                    format!("`{}` makes no good URL", printable(&entry.relative)),
                )
                .help("use letters, digits, dots, hyphens and underscores"),
            );
            continue;
        }
        match fs::read(&entry.path) {
            Ok(bytes) => {
                files.insert(entry.relative, bytes);
            }
            Err(error) => diagnostics.push(
                Diagnostic::new(Rule::FileUnreadable, entry.anonymous(), format!("this file cannot be read: {error}"))
                    .help("check its permissions"),
            ),
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Style;

    const PAGE: &str = "title = \"About\"\nsummary = \"What this is.\"\nchecked = 2026-11-22\n";

    fn page(text: &str) -> (Option<Parsed>, String) {
        let file = source("pages/about.md".into(), text.into());
        let mut diagnostics = Diagnostics::default();
        let parsed = parse(Folder::Pages, "about".into(), "pages/about.md".into(), file, &mut diagnostics);
        (parsed, diagnostics.render(Style::Short))
    }

    #[test]
    fn front_matter_and_body_are_split_at_the_fence() {
        let (parsed, errors) = page(&format!("+++\n{PAGE}+++\nText.\n"));
        assert_eq!(errors, "");
        let Some(Parsed::Page(document)) = parsed else { panic!("no page") };
        assert_eq!(document.facts.title, "About");
        assert_eq!(&document.file.text[document.body], "Text.\n");
    }

    #[test]
    fn front_matter_that_is_absent_or_never_ends_is_an_error_on_line_one() {
        for (text, what) in [
            ("", "the file is empty"),
            ("\n\n", "the file is empty"),
            ("# About\n", "does not start with front matter"),
            ("---\ntitle: About\n---\n", "does not start with front matter"),
            ("+++\ntitle = \"About\"\n", "never ends"),
        ] {
            let (_, errors) = page(text);
            assert!(errors.starts_with("pages/about.md:1:1: error[front-matter]"), "{errors}");
            assert!(errors.contains(what), "{errors}");
        }
    }

    #[test]
    fn every_error_of_the_front_matter_is_reported_at_its_place() {
        let (_, errors) = page("+++\ntitel = \"About\"\nsummary = 7\nchecked = \"today\"\n+++\n");
        let lines: Vec<_> = errors.lines().collect();
        assert_eq!(lines.len(), 4, "{errors}");
        assert!(lines[0].starts_with("pages/about.md:1:1: error[missing-key]: `title` is missing"));
        assert!(lines[1].starts_with("pages/about.md:2:1: error[unknown-key]: `titel` is not a key here (help: did you mean `title`?"));
        assert!(lines[2].starts_with("pages/about.md:3:11: error[invalid-value]"));
        assert!(lines[3].starts_with("pages/about.md:4:11: error[invalid-value]"));
    }

    #[test]
    fn broken_toml_is_reported_without_a_flood_of_missing_keys() {
        let (_, errors) = page("+++\ntitle = \"About\nsummary = \"What this is.\"\n+++\n");
        assert!(errors.contains("pages/about.md:2:"), "{errors}");
        assert!(!errors.contains("missing-key"), "{errors}");
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_nearest_one() {
        assert_eq!(
            nearest_variant("unknown variant `heuristicaly`, expected one of `heuristically`, `never`"),
            Some("heuristically")
        );
    }

    #[test]
    fn a_day_reads_well_and_a_time_is_refused() {
        #[derive(Deserialize)]
        struct Day {
            day: Date,
        }
        let day: Day = toml::from_str("day = 2026-11-02").unwrap();
        assert_eq!(day.day.to_string(), "2 November 2026");
        assert_eq!(day.day.iso(), "2026-11-02");
        assert!(toml::from_str::<Day>("day = 2026-11-02T10:00:00Z").is_err());
        assert!(toml::from_str::<Day>("day = 2026-02-30").is_err());
    }

    #[test]
    fn a_file_name_that_makes_no_good_url_is_refused() {
        for wrong in ["codes/4 04.md", "codes/4\n04.md", "codes/404.txt", "codes/Not-Found.md", "codes/-.md", "codes/a--b.md", "kodes/404.md", "404.md", "codes/sub/404.md"] {
            assert!(place(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(place("compare/401-vs-403.md").unwrap().1, "401-vs-403");
    }
}
