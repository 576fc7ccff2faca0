//! Owns: the files of a content folder: which folders there are, what may stand
//! in them, and each file as a document with the facts that `keys` makes of it.
//!
//! Must not: compare files with each other (that is `guide`) or read Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use anyhow::bail;
use rayon::prelude::*;
use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, SourceFile, Span, nearest, printable};
use crate::load::facts::{
    Change, ClassFacts, CodeFacts, ComparisonFacts, ConventionFacts, PageFacts, SiteFacts, Team,
    TopicFacts,
};
use crate::load::files::{Entry, Root, StaticFile, load_statics, source};
use crate::load::front_matter::{self, Facts, Key, Located};
use crate::load::keys;
use crate::status::Specification;

/// The files of `content/` that are no pages. A guide without changes has no
/// third one.
pub(crate) const SITE: &str = "site.toml";
pub(crate) const FIELDS: &str = "fields.toml";
pub(crate) const CHANGES: &str = "changes.toml";

/// What marks a place that `new` left for the writer.
pub const FILL_IN: &str = "FILL IN:";

/// A Markdown file: its facts and where its text begins.
#[derive(Debug)]
pub struct Document<F> {
    /// The whole file.
    pub file: Arc<SourceFile>,
    /// The file name without `.md`.
    pub slug: String,
    /// Whose file it is.
    pub layer: Layer,
    /// The path below the folder of its layer.
    pub relative: String,
    /// The addresses that the page had once.
    pub aliases: Vec<Located<Alias>>,
    /// The typed front matter.
    pub facts: F,
    /// The bytes of `file.text` that are Markdown.
    pub body: Range<usize>,
}

/// Whose a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// It is in the content folder.
    Guide,
    /// It is in a team's overlay.
    Team,
}

/// An address that a page had once, without the slash at its end: `old-name`,
/// `topics/old-name`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Alias(String);

impl TryFrom<String> for Alias {
    type Error = &'static str;

    fn try_from(address: String) -> Result<Self, Self::Error> {
        if address.split('/').all(is_slug) {
            Ok(Self(address))
        } else {
            Err("an alias is an address in lower case, without the slashes around it")
        }
    }
}

impl Alias {
    /// The text of the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Everything that was read, each file by itself.
#[derive(Debug, Default)]
pub struct Content {
    /// `site.toml`
    pub site: SiteFacts,
    /// `fields.toml`: the specification of each field, by name.
    pub fields: BTreeMap<String, Specification>,
    /// `changes.toml`: what changed in the content, newest first.
    pub changes: Vec<Change>,
    /// `codes/`
    pub codes: Vec<Document<CodeFacts>>,
    /// `classes/`
    pub classes: Vec<Document<ClassFacts>>,
    /// `compare/`
    pub comparisons: Vec<Document<ComparisonFacts>>,
    /// `topics/`
    pub topics: Vec<Document<TopicFacts>>,
    /// `pages/`
    pub pages: Vec<Document<PageFacts>>,
    /// `static/`: files by path, with `/` between folders.
    pub statics: BTreeMap<String, StaticFile>,
    /// The file of each page, by the name that links use.
    pub files: BTreeMap<String, String>,
    /// What a team adds to all that.
    pub team: Option<Team>,
    /// What a team adds to single pages: each is called like its page.
    pub conventions: Vec<Document<ConventionFacts>>,
    /// The names of pages that exist and whose facts could not be read, so
    /// that links to them are not reported as well; also `fields.toml` and
    /// `changes.toml`, if these have errors.
    pub unreadable: BTreeSet<String>,
    /// Those of them that have a text, which may have errors of its own.
    pub texts_alone: Vec<Document<Folder>>,
}

/// A Markdown file in its folder, not yet read: where it belongs, what the page
/// is called there, and the file.
pub(crate) type Placed = (Folder, String, Entry);

impl Content {
    /// Reads pages and adds them.
    pub(crate) fn read_pages(
        &mut self,
        pages: Vec<Placed>,
        layer: Layer,
        diagnostics: &mut Diagnostics,
    ) {
        let parsed: Vec<(String, Option<Document<AnyFacts>>, Diagnostics)> = pages
            .into_par_iter()
            .map(|(folder, slug, entry)| {
                let mut diagnostics = Diagnostics::default();
                let relative = entry.relative.clone();
                let name = folder.name_of(&slug);
                let parsed = entry.read(&mut diagnostics).and_then(|file| {
                    to_fill_in(&file, &mut diagnostics);
                    parse(folder, slug, layer, relative, &file, &mut diagnostics)
                });
                (name, parsed, diagnostics)
            })
            .collect();
        for (name, parsed, found) in parsed {
            diagnostics.append(found);
            match parsed {
                Some(document) => self.add(document),
                None => {
                    self.unreadable.insert(name);
                }
            }
        }
    }

    fn add(&mut self, document: Document<AnyFacts>) {
        let (document, facts) = document.split();
        match facts {
            AnyFacts::Code(facts) => self.codes.push(document.with(*facts)),
            AnyFacts::Class(facts) => self.classes.push(document.with(facts)),
            AnyFacts::Comparison(facts) => self.comparisons.push(document.with(facts)),
            AnyFacts::Topic(facts) => self.topics.push(document.with(facts)),
            AnyFacts::Page(facts) => self.pages.push(document.with(*facts)),
            AnyFacts::Unreadable(folder) => {
                self.unreadable.insert(folder.name_of(&document.slug));
                self.texts_alone.push(document.with(folder));
            }
        }
    }
}

/// The folders of `content/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// `codes/`
    Codes,
    /// `classes/`
    Classes,
    /// `compare/`
    Compare,
    /// `topics/`
    Topics,
    /// `pages/`
    Pages,
}

impl Folder {
    /// All folders.
    pub const ALL: [Self; 5] = [
        Self::Codes,
        Self::Classes,
        Self::Compare,
        Self::Topics,
        Self::Pages,
    ];

    /// The name on disk.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Codes => "codes",
            Self::Classes => "classes",
            Self::Compare => "compare",
            Self::Topics => "topics",
            Self::Pages => "pages",
        }
    }

    /// The keys of its pages, in order.
    pub fn keys(self) -> &'static [Key] {
        match self {
            Self::Codes => keys::CODE_KEYS,
            Self::Classes => keys::CLASS_KEYS,
            Self::Compare => keys::COMPARISON_KEYS,
            Self::Topics => keys::TOPIC_KEYS,
            Self::Pages => keys::PAGE_KEYS,
        }
    }

    /// What links call the page `slug` of this folder.
    pub fn name_of(self, slug: &str) -> String {
        match self {
            Self::Topics => format!("topics/{slug}"),
            _ => slug.to_owned(),
        }
    }
}

/// The facts of a page of any kind.
enum AnyFacts {
    Code(Box<CodeFacts>),
    Class(ClassFacts),
    Comparison(ComparisonFacts),
    Topic(TopicFacts),
    Page(Box<PageFacts>),
    Unreadable(Folder),
}

/// Reads `content` and, if it exists, `statics`.
///
/// # Errors
/// Only if `content` is no folder. Whatever is wrong inside it is added to
/// `diagnostics`, and reading goes on.
pub fn load(
    content: &Root,
    statics: &Root,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<Content> {
    if !content.exists() {
        let is_file = matches!(content, Root::Disk(path) if path.is_file());
        if is_file {
            bail!("{content} is a file; name the folder that has `site.toml` in it with --content");
        }
        bail!(
            "there is no content folder at {content}; run this where `content` is, name the folder with --content DIR, or write a guide of your own: status-guide init DIR"
        );
    }
    let mut loaded = Content::default();
    let mut config = BTreeMap::new();
    let mut pages = Vec::new();
    for entry in content.files(diagnostics)? {
        match entry.relative.as_str() {
            SITE | FIELDS | CHANGES => {
                config.insert(entry.relative.clone(), entry);
            }
            other => match place(other) {
                Ok((folder, slug)) => {
                    loaded
                        .files
                        .insert(folder.name_of(slug), entry.name().to_owned());
                    pages.push((folder, slug.to_owned(), entry));
                }
                Err((message, help)) => diagnostics
                    .push(Diagnostic::new(Rule::FileName, entry.anonymous(), message).help(help)),
            },
        }
    }
    for name in [SITE, FIELDS, CHANGES] {
        let Some(entry) = config.remove(name) else {
            if name == CHANGES {
                continue;
            }
            loaded.unreadable.insert(name.to_owned());
            let file = source(format!("{content}/{name}"), String::new());
            diagnostics.push(
                Diagnostic::new(
                    Rule::FileMissing,
                    Span::start_of(&file),
                    "this file is missing",
                )
                .help("`status-guide init DIR` writes a whole guide: copy the file from its content folder"),
            );
            continue;
        };
        let Some(file) = entry.read(diagnostics) else {
            loaded.unreadable.insert(name.to_owned());
            continue;
        };
        let keys = match name {
            SITE => keys::SITE_KEYS,
            FIELDS => &[],
            _ => keys::CHANGES_KEYS,
        };
        let mut facts = Facts::parse(&file, 0..file.text.len(), keys);
        match name {
            SITE => loaded.site = keys::read_site(&mut facts).unwrap_or_default(),
            FIELDS => loaded.fields = keys::read_fields(&mut facts),
            _ => loaded.changes = keys::read_changes(&mut facts),
        }
        let found = facts.finish();
        if !found.is_empty() {
            loaded.unreadable.insert(name.to_owned());
        }
        diagnostics.append(found);
    }

    loaded.read_pages(pages, Layer::Guide, diagnostics);
    if statics.exists() {
        loaded.statics = load_statics(statics, diagnostics)?;
    }
    Ok(loaded)
}

/// Where a Markdown file belongs, or why it does not.
pub fn place(relative: &str) -> Result<(Folder, &str), (String, String)> {
    let here = "pages are codes/404.md, classes/4xx.md, compare/401-vs-403.md, topics/caching.md, pages/about.md";
    let Some((folder, name)) = relative.split_once('/') else {
        let help = match relative.strip_suffix(".md").map(as_slug) {
            Some(slug) if !slug.is_empty() => format!("move it to pages/{slug}.md; {here}"),
            _ => here.to_owned(),
        };
        return Err(("this file has no place at the top of content".into(), help));
    };
    let Some(folder) = Folder::ALL.into_iter().find(|f| f.name() == folder) else {
        let near = nearest(folder, Folder::ALL.map(Folder::name));
        let help = near.map_or(here.to_owned(), |n| format!("did you mean `{n}`? {here}"));
        return Err((
            format!("`{}` is no folder of the guide", printable(folder)),
            help,
        ));
    };
    let slug = name.strip_suffix(".md").unwrap_or_default();
    if is_slug(slug) {
        return Ok((folder, slug));
    }
    let shown = printable(name);
    let kind = folder.name();
    let (before, last) = name.rsplit_once('/').unwrap_or(("", name));
    let (stem, extension) = last.rsplit_once('.').unwrap_or((last, ""));
    let better = as_slug(stem);
    let rename = if better.is_empty() {
        "use lower-case letters, digits and single hyphens, and end in .md: 401-vs-403.md"
            .to_owned()
    } else {
        format!("rename it to {kind}/{better}.md")
    };
    Err(match extension.to_lowercase().as_str() {
        "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "avif" | "ico" | "css" | "js" => (
            format!("`{shown}` is no page, and content has pages alone"),
            "put it into static/, beside the content folder".to_owned(),
        ),
        _ if !before.is_empty() => (
            format!(
                "`{shown}` is in a folder of its own, and {kind}/ has none: addresses have one part"
            ),
            rename,
        ),
        "md" => (
            format!(
                "`{shown}` makes no good URL: addresses have lower-case letters, digits and single hyphens"
            ),
            rename,
        ),
        _ => (
            format!("`{shown}` does not end in .md, as pages do"),
            rename,
        ),
    })
}

/// The part of a URL that is nearest to a name; may be empty.
pub fn as_slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Whether `text` makes a good part of a URL: `401-vs-403`.
pub fn is_slug(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.split('-')
        .all(|word| !word.is_empty() && word.chars().all(plain))
}

/// Reports each place that is marked to be filled in.
fn to_fill_in(file: &Arc<SourceFile>, diagnostics: &mut Diagnostics) {
    for (at, mark) in file.text.match_indices(FILL_IN) {
        let line = file.text[at..].lines().next().unwrap_or_default();
        let before = file.text[..at].rsplit('\n').next().unwrap_or_default();
        let is_comment = before.trim_end().ends_with('#');
        let end = match before {
            _ if is_comment => line.len(),
            _ if before.starts_with('|') => line.find(" |").unwrap_or(line.len()),
            _ => line.find('"').unwrap_or(line.len()),
        };
        let what = line[mark.len()..end].trim();
        let help = if is_comment {
            "put the right value before it, and delete the comment"
        } else {
            "write it in place of the mark"
        };
        diagnostics.push(
            Diagnostic::new(
                Rule::FillIn,
                Span::new(file, at..at + end),
                format!("this is still to be filled in: {what}"),
            )
            .help(help),
        );
    }
}

/// Reads the facts of one page alone, and reports what is wrong with them.
/// Returns the bytes of its front matter, if the facts are right.
pub fn front_matter(
    folder: Folder,
    slug: &str,
    file: &Arc<SourceFile>,
    diagnostics: &mut Diagnostics,
) -> Option<Range<usize>> {
    let parsed = parse(
        folder,
        slug.to_owned(),
        Layer::Guide,
        String::new(),
        file,
        diagnostics,
    )?;
    let (document, facts) = parsed.split();
    if matches!(facts, AnyFacts::Unreadable(_)) {
        return None;
    }
    let (front, body) = front_matter::split(file, diagnostics)?;
    (body == document.body).then_some(front)
}

fn parse(
    folder: Folder,
    slug: String,
    layer: Layer,
    relative: String,
    file: &Arc<SourceFile>,
    diagnostics: &mut Diagnostics,
) -> Option<Document<AnyFacts>> {
    let (front, body) = front_matter::split(file, diagnostics)?;
    let mut facts = Facts::parse(file, front, folder.keys());
    let aliases = facts.optional_list("aliases");
    let place = |facts| Document {
        file: Arc::clone(file),
        slug,
        layer,
        relative,
        aliases,
        facts,
        body,
    };
    let read = match folder {
        Folder::Codes => keys::read_code(&mut facts).map(|code| AnyFacts::Code(Box::new(code))),
        Folder::Classes => keys::read_class(&mut facts).map(AnyFacts::Class),
        Folder::Compare => keys::read_comparison(&mut facts).map(AnyFacts::Comparison),
        Folder::Topics => keys::read_topic(&mut facts).map(AnyFacts::Topic),
        Folder::Pages => keys::read_page(&mut facts).map(|page| AnyFacts::Page(Box::new(page))),
    };
    let found = facts.finish();
    // Facts of which one is wrong would be compared with others in vain.
    let read = read.filter(|_| found.is_empty());
    diagnostics.append(found);
    Some(place(read.unwrap_or(AnyFacts::Unreadable(folder))))
}

impl<F> Document<F> {
    /// The page of which only the text is of use.
    pub fn text_alone(self, folder: Folder) -> Document<Folder> {
        self.split().0.with(folder)
    }

    /// The page without its facts, and the facts.
    fn split(self) -> (Document<()>, F) {
        let Self {
            file,
            slug,
            layer,
            relative,
            aliases,
            facts,
            body,
        } = self;
        let document = Document {
            file,
            slug,
            layer,
            relative,
            aliases,
            facts: (),
            body,
        };
        (document, facts)
    }
}

impl Document<()> {
    /// The page with these facts.
    fn with<F>(self, facts: F) -> Document<F> {
        let Self {
            file,
            slug,
            layer,
            relative,
            aliases,
            body,
            ..
        } = self;
        Document {
            file,
            slug,
            layer,
            relative,
            aliases,
            facts,
            body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Style;

    const PAGE: &str = "title = \"About\"\nsummary = \"What this is.\"\nchecked = 2026-11-22\n";

    fn page(text: &str) -> (Option<Document<AnyFacts>>, String) {
        let file = source("pages/about.md".into(), text.into());
        let mut diagnostics = Diagnostics::default();
        let parsed = parse(
            Folder::Pages,
            "about".into(),
            Layer::Guide,
            "pages/about.md".into(),
            &file,
            &mut diagnostics,
        );
        (parsed, diagnostics.render(Style::Short))
    }

    #[test]
    fn front_matter_and_body_are_split_at_the_fence() {
        let (parsed, errors) = page(&format!("+++\n{PAGE}+++\nText.\n"));
        assert_eq!(errors, "");
        let (document, facts) = parsed.unwrap().split();
        let AnyFacts::Page(facts) = facts else {
            panic!("no page")
        };
        assert_eq!(facts.title, "About");
        assert_eq!(&document.file.text[document.body], "Text.\n");
    }

    #[test]
    fn front_matter_that_is_absent_or_never_ends_is_an_error() {
        for (text, what) in [
            ("", "the file is empty"),
            ("\n\n", "the file is empty"),
            ("# About\n", "does not start with front matter"),
            ("---\ntitle: About\n---\n", "TOML, not YAML"),
            ("+++\ntitle = \"About\"\n", "never ends"),
        ] {
            let (_, errors) = page(text);
            assert!(
                errors.starts_with("pages/about.md:") && errors.contains("error[front-matter]"),
                "{errors}"
            );
            assert_eq!(errors.lines().count(), 1, "{errors}");
            assert!(errors.contains(what), "{errors}");
        }
    }

    #[test]
    fn every_error_of_the_front_matter_is_reported_at_its_place() {
        let (_, errors) = page("+++\ntitel = \"About\"\nsummary = 7\nchecked = \"today\"\n+++\n");
        assert_eq!(
            errors,
            "pages/about.md:2:1: error[unknown-key]: `titel` is not a key here (help: did you mean `title`?)\n\
             pages/about.md:3:11: error[invalid-value]: `summary` is text, and text stands in double quotes (help: write `\"7\"`)\n\
             pages/about.md:4:11: error[invalid-value]: this is no day (help: write it like `checked = 2026-11-22`, without quotes and without a time)\n"
        );
    }

    #[test]
    fn the_list_of_keys_is_what_is_read_in_that_order() {
        for folder in Folder::ALL {
            let text = "+++\nunheard-of = 1\n+++\n";
            let file = source("x.md".into(), text.into());
            let mut diagnostics = Diagnostics::default();
            parse(
                folder,
                "x".into(),
                Layer::Guide,
                "x.md".into(),
                &file,
                &mut diagnostics,
            );
            let keys = |with: &str| -> Vec<String> {
                let keys = folder.keys().iter().map(|(key, _)| (*key).to_owned());
                keys.filter(|key| key != with).collect()
            };
            let expected = format!("the keys here are aliases, {}", keys("aliases").join(", "));
            let errors = diagnostics.render(Style::Short);
            assert!(errors.contains(&expected), "{expected}\n{errors}");
        }
    }

    #[test]
    fn the_example_of_every_key_is_a_value_that_it_can_have() {
        for folder in Folder::ALL {
            let facts = folder
                .keys()
                .iter()
                .map(|(key, value)| format!("{key} = {value}\n"));
            let text = format!("+++\n{}+++\n", facts.collect::<String>());
            let file = source("x.md".into(), text);
            let mut diagnostics = Diagnostics::default();
            parse(
                folder,
                "x".into(),
                Layer::Guide,
                "x.md".into(),
                &file,
                &mut diagnostics,
            );
            assert_eq!(diagnostics.render(Style::Short), "");
        }
    }

    #[test]
    fn broken_toml_is_reported_without_a_flood_of_missing_keys() {
        let (_, errors) = page("+++\ntitle = \"About\nsummary = \"What this is.\"\n+++\n");
        assert!(errors.contains("pages/about.md:2:"), "{errors}");
        assert!(!errors.contains("missing-key"), "{errors}");
    }

    #[test]
    fn a_file_name_that_makes_no_good_url_is_refused() {
        for wrong in [
            "codes/4 04.md",
            "codes/4\n04.md",
            "codes/404.txt",
            "codes/Not-Found.md",
            "codes/-.md",
            "codes/a--b.md",
            "kodes/404.md",
            "404.md",
            "codes/sub/404.md",
        ] {
            assert!(place(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(place("compare/401-vs-403.md").unwrap().1, "401-vs-403");
    }
}
