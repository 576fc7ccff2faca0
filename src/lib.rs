//! A static guide to HTTP status codes, built from Markdown.
//!
//! One flow, pure between two impure ends: `content` loads files, `guide`
//! checks them against each other, `markdown` and `views` feed `render`, which
//! makes a `Site` (path to bytes), `export` adds what is no page, and takes what
//! is costly to make from `cache`, the last output folder, if it can; `check`
//! proves its promises, and `output` puts it on disk. For a reader in a terminal,
//! `lookup` finds the page, `terminal` and `prose` make blocks of it, and `layout`
//! fills lines with them. Imports go one way, in the order of the list below from
//! the bottom up; `tests/cli/architecture.rs` keeps that true.

use std::path::{Path, PathBuf};

pub mod aliases;
pub mod archive;
pub mod badge;
pub mod book;
pub mod cache;
pub mod canvas;
pub mod card;
pub mod check;
pub mod companions;
pub mod content;
pub mod data;
pub mod decisions;
pub mod diagnostic;
pub mod downloads;
pub mod epub;
pub mod exchange;
pub mod export;
pub mod feed;
pub mod files;
pub mod front_matter;
pub mod guide;
pub mod init;
pub mod layout;
pub mod lookup;
pub mod markdown;
pub mod message;
pub mod metadata;
pub mod offline;
pub mod one_page;
pub mod openapi;
pub mod outline;
pub mod output;
pub mod pages;
pub mod palette;
pub mod plain;
pub mod prose;
pub mod render;
pub mod route;
pub mod schema;
pub mod search_index;
pub mod status;
pub mod terminal;
pub mod typeface;
pub mod views;

use cache::Cache;
use diagnostic::{Diagnostic, Diagnostics, Rule};
use files::Root;
use guide::Guide;
use output::Site;
use render::Bodies;
use route::BaseUrl;

/// A site that kept every promise, and what went into it.
#[derive(Debug)]
pub struct Built {
    /// The files.
    pub site: Site,
    /// HTML pages.
    pub pages: usize,
    /// Example messages that were checked.
    pub messages: usize,
    /// Where the site is published, if that is known.
    pub base: Option<BaseUrl>,
}

/// Why there is no site.
#[derive(Debug)]
pub enum Failure {
    /// The content is wrong: every error that was found.
    Content(Diagnostics),
    /// The content could not be read at all, or the program failed.
    Other(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// The folder that has the content folder in it, also if that is `.`.
fn project_folder(content: &Path) -> PathBuf {
    match (content.file_name(), content.parent()) {
        (Some(_), Some(parent)) => parent.to_owned(),
        _ => content.join(".."),
    }
}

/// The folder of static files that belongs to a content folder.
pub fn static_folder(content: &Path) -> PathBuf {
    project_folder(content).join("static")
}

/// The folders that no output may replace or go into.
pub fn source_folders(content: &Path) -> Vec<PathBuf> {
    let root = project_folder(content);
    let mut folders = vec![content.to_owned()];
    folders.extend(
        ["static", "src", "templates", "tests", "fonts", ".git"].map(|name| root.join(name)),
    );
    folders
}

/// Where a guide comes from.
#[derive(Debug, Clone)]
pub struct Source {
    /// The folder with the Markdown.
    pub content: Root,
    /// The folder with the files that are published as they are.
    pub statics: Root,
}

impl Source {
    /// A content folder on disk; `static` is taken from beside it.
    pub fn folder(content: &Path) -> Self {
        Self {
            content: Root::Disk(content.to_owned()),
            statics: Root::Disk(static_folder(content)),
        }
    }
}

/// Reads a guide and its texts. `base` goes before the base URL of `site.toml`.
///
/// # Errors
/// If there is no content folder. Whatever is wrong inside it is added to
/// `diagnostics`.
pub fn read(
    source: &Source,
    base: Option<BaseUrl>,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<(Guide, Bodies)> {
    let loaded = content::load(&source.content, &source.statics, diagnostics)?;
    let base = base.or_else(|| configured_base(&loaded.site, diagnostics));
    let guide = Guide::new(loaded, base, diagnostics);
    let bodies = render::texts(&guide, diagnostics);
    Ok((guide, bodies))
}

/// Builds the site in memory: load, render, check. `base` goes before the base
/// URL of `site.toml`; what is costly to make may come from `cache`.
///
/// # Errors
/// Every error of the content, or the one that stopped the program.
pub fn build(source: &Source, base: Option<BaseUrl>, cache: &Cache) -> Result<Built, Failure> {
    let mut diagnostics = Diagnostics::default();
    let (guide, bodies) = read(source, base, &mut diagnostics)?;
    check::relations(&guide, &bodies, &mut diagnostics);
    let rendered = render::site(&guide, &bodies, &mut diagnostics).and_then(|mut site| {
        export::add(&guide, &bodies, cache, &mut site)?;
        Ok(site)
    });
    if let Ok(site) = &rendered {
        let pages = check::Pages::read(site);
        pages.check_texts(&guide, &bodies, &mut diagnostics);
        // Promises about the bytes are of interest once the content is right:
        // before that, they repeat its errors in other words.
        if diagnostics.is_empty() {
            pages.check(site, guide.base.as_ref(), &mut diagnostics);
        }
    }
    if !diagnostics.is_empty() {
        return Err(Failure::Content(diagnostics));
    }
    Ok(Built {
        site: rendered?,
        pages: bodies.len(),
        messages: bodies.values().map(|body| body.messages).sum(),
        base: guide.base,
    })
}

fn configured_base(site: &content::SiteFacts, diagnostics: &mut Diagnostics) -> Option<BaseUrl> {
    let located = site.base_url.as_ref()?;
    match located.value.parse() {
        Ok(base) => Some(base),
        Err(message) => {
            diagnostics.push(
                Diagnostic::new(Rule::InvalidValue, located.span.clone(), message)
                    .help("or delete the line: without it, everything works but canonical links and the sitemap"),
            );
            None
        }
    }
}
