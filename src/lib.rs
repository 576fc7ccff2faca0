//! A static guide to HTTP status codes, built from Markdown.
//!
//! One flow, pure between two impure ends, and a room of `src/` for each step:
//!
//! | room | what happens there |
//! |---|---|
//! | [`load`] | files become a [`Guide`], checked file by file and across files |
//! | [`text`] | Markdown and example messages become HTML, checked as they are read |
//! | [`render`] | each page becomes bytes of a [`Site`], through the templates |
//! | [`publish`] | all that is no page is added, made in [`data`], [`picture`] and [`edition`] |
//! | [`check`] | the finished bytes keep every promise |
//! | [`output`] | the site goes to disk, as a whole; its cache hands over what is costly to make |
//!
//! [`terminal`] shows a page to a reader who has no browser open, and [`author`]
//! helps those who write. [`diagnostic`], [`status`], [`route`], [`site`],
//! [`markup`] and [`timings`] are what all rooms talk about: errors, codes,
//! addresses, files, tags, time. Imports go one way; `tests/cli/architecture.rs` has the order and keeps it.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

pub mod author;
pub mod check;
pub mod data;
pub mod diagnostic;
pub mod edition;
pub mod load;
pub mod markup;
pub mod output;
pub mod picture;
pub mod publish;
pub mod render;
pub mod route;
pub mod site;
pub mod status;
pub mod terminal;
pub mod text;
pub mod timings;

use diagnostic::{Diagnostic, Diagnostics, Rule};
use load::content;
use load::facts::SiteFacts;
use load::files::{Root, slashed};
use load::guide::Guide;
use load::overlay;
use output::cache::Cache;
use publish::Extent;
use render::{Bodies, Texts};
use route::BaseUrl;
use site::{Bytes, Site};
use timings::Timings;

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
    /// The folder with a team's own layer, if there is one.
    pub overlay: Option<PathBuf>,
    /// How long each stage took.
    pub timings: Timings,
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
    /// The folder with a team's own layer. It goes before what `site.toml` says.
    pub overlay: Option<PathBuf>,
}

impl Source {
    /// A content folder on disk; `static` is taken from beside it.
    pub fn folder(content: &Path) -> Self {
        Self {
            content: Root::Disk(content.to_owned()),
            statics: Root::Disk(static_folder(content)),
            overlay: None,
        }
    }

    /// The same with this overlay, if there is one.
    #[must_use]
    pub fn with_overlay(self, overlay: Option<&Path>) -> Self {
        Self {
            overlay: overlay.map(Path::to_owned).or(self.overlay),
            ..self
        }
    }

    /// The overlay: the one that this source has, or the one that `site.toml`
    /// names, from its own folder. A built-in guide names none.
    fn overlay(&self, site: &SiteFacts, diagnostics: &mut Diagnostics) -> Option<PathBuf> {
        if self.overlay.is_some() {
            return self.overlay.clone();
        }
        let (located, Root::Disk(content)) = (site.overlay.as_ref()?, &self.content) else {
            return None;
        };
        let mut folder = content.clone();
        for part in Path::new(&located.value).components() {
            match part {
                Component::ParentDir => folder = project_folder(&folder),
                Component::CurDir => {}
                other => folder.push(other),
            }
        }
        if folder.is_dir() {
            return Some(folder);
        }
        let message = format!("there is no overlay folder at {}", slashed(&folder));
        diagnostics.push(
            Diagnostic::new(Rule::InvalidValue, located.span.clone(), message)
                .help("write the path from the folder of this file: overlay = \"../our-rules\""),
        );
        None
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
    let guide = load(source, base, None, diagnostics)?;
    let bodies = render::texts(&guide, None, diagnostics);
    Ok((guide, bodies))
}

/// Reads a guide without its texts; `otherwise` is the base URL if there is no
/// other.
fn load(
    source: &Source,
    base: Option<BaseUrl>,
    otherwise: Option<&BaseUrl>,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<Guide> {
    let mut loaded = content::load(&source.content, &source.statics, diagnostics)?;
    if let Some(folder) = source.overlay(&loaded.site, diagnostics) {
        overlay::lay(&folder, &source.content, &mut loaded, diagnostics)?;
    }
    let base = base
        .or_else(|| configured_base(&loaded.site, diagnostics))
        .or_else(|| otherwise.cloned());
    Ok(load::assemble(loaded, base, diagnostics))
}

/// The facts of a guide as far as they can be read, for those who write: what
/// is wrong is theirs to find with a check.
///
/// # Errors
/// If there is no content folder.
pub fn outline(source: &Source) -> anyhow::Result<Guide> {
    let mut ignored = Diagnostics::default();
    let loaded = content::load(&source.content, &source.statics, &mut ignored)?;
    Ok(load::assemble(loaded, None, &mut ignored))
}

/// Builds the site in memory: load, render, check. `base` goes before the base
/// URL of `site.toml`; what is costly to make may come from `cache`.
///
/// # Errors
/// Every error of the content, or the one that stopped the program.
pub fn build(
    source: &Source,
    base: Option<BaseUrl>,
    extent: Extent,
    cache: &Cache,
) -> Result<Built, Failure> {
    let made = make(source, base, None, extent, cache, None)?;
    Ok(Built {
        site: made.site,
        pages: made.bodies.len(),
        messages: made.bodies.values().map(|body| body.messages).sum(),
        base: made.guide.base,
        overlay: made.guide.team.map(|team| team.folder),
        timings: made.timings,
    })
}

/// A site for those who write it, which kept every promise that it could: what
/// takes long to make is made when somebody asks for it.
#[derive(Debug)]
pub struct Preview {
    /// The files. Some are promised alone.
    pub site: Arc<Site>,
    guide: Guide,
    bodies: Bodies,
    pages: check::Pages,
}

impl Preview {
    /// HTML pages.
    pub fn pages(&self) -> usize {
        self.bodies.len()
    }

    /// Where the site takes itself to be published; there is always such a place.
    pub const fn base(&self) -> Option<&BaseUrl> {
        self.guide.base.as_ref()
    }

    /// The folder of the overlay, if there is one.
    pub fn overlay(&self) -> Option<&Path> {
        let team = self.guide.team.as_ref();
        team.map(|team| team.folder.as_path())
    }

    /// A plain text that was promised, if `file` is one.
    pub fn text(&self, file: &str) -> Option<Bytes> {
        publish::promised_text(&self.guide, &self.bodies, file)
    }

    /// The site with everything that was promised, of the same content.
    ///
    /// # Errors
    /// If a file cannot be made.
    pub fn whole(&self) -> anyhow::Result<Site> {
        let (cache, guide) = (Cache::after(Arc::clone(&self.site)), &self.guide);
        // What is wrong was found when this was made.
        let mut known = Diagnostics::default();
        let mut site = render::site(guide, Texts::Keep(&self.bodies), &cache, &mut known)?;
        let mut timings = Timings::start();
        publish::add(
            guide,
            &self.bodies,
            Extent::Whole,
            &cache,
            &mut timings,
            &mut site,
        )?;
        Ok(site)
    }
}

/// Builds the site as a [`Preview`]. `base` goes before the base URL of
/// `site.toml`, and that before `otherwise`. What is as it was in the preview
/// `before` is not made again.
///
/// # Errors
/// Every error of the content, or the one that stopped the program.
pub fn preview(
    source: &Source,
    base: Option<BaseUrl>,
    otherwise: &BaseUrl,
    cache: &Cache,
    before: Option<&Preview>,
) -> Result<Preview, Failure> {
    let after = before.map(|before| Cache::after(Arc::clone(&before.site)));
    let cache = after.as_ref().unwrap_or(cache);
    let made = make(
        source,
        base,
        Some(otherwise),
        Extent::Preview,
        cache,
        before,
    )?;
    Ok(Preview {
        site: Arc::new(made.site),
        guide: made.guide,
        bodies: made.bodies,
        pages: made.pages,
    })
}

/// What was made of a source, and on the way.
struct Made {
    guide: Guide,
    bodies: Bodies,
    pages: check::Pages,
    site: Site,
    timings: Timings,
}

/// Loads, renders, adds what is no page, and checks it all.
fn make(
    source: &Source,
    base: Option<BaseUrl>,
    otherwise: Option<&BaseUrl>,
    extent: Extent,
    cache: &Cache,
    before: Option<&Preview>,
) -> Result<Made, Failure> {
    let mut timings = Timings::start();
    let mut diagnostics = Diagnostics::default();
    let guide = load(source, base, otherwise, &mut diagnostics)?;
    timings.end("load");
    let known = before.map(|before| (&before.guide, &before.bodies));
    let mut bodies = render::texts(&guide, known, &mut diagnostics);
    timings.end("text");
    check::relations(&guide, &bodies, &mut diagnostics);
    let texts = match extent {
        Extent::Preview => Texts::Keep(&bodies),
        Extent::Whole | Extent::Pages => Texts::LetGo(&mut bodies),
    };
    let mut rendered = render::site(&guide, texts, cache, &mut diagnostics);
    // What nobody will publish need not be made: errors come sooner, and a tree
    // of questions, written out, is only as large as its limit allows.
    if let (Ok(site), true) = (&mut rendered, diagnostics.is_empty()) {
        timings.made("pages", site);
        publish::add(&guide, &bodies, extent, cache, &mut timings, site)?;
    }
    let mut pages = check::Pages::default();
    if let Ok(site) = &rendered {
        let known = before.map(|before| (&*before.site, &before.pages));
        pages = check::Pages::read(site, guide.base.as_ref(), known);
        pages.check_texts(&guide, &bodies, &mut diagnostics);
        // Promises about the bytes are of interest once the content is right:
        // before that, they repeat its errors in other words.
        if diagnostics.is_empty() {
            pages.check(&mut diagnostics);
        }
    }
    timings.end("check");
    if !diagnostics.is_empty() {
        return Err(Failure::Content(diagnostics));
    }
    Ok(Made {
        site: rendered?,
        guide,
        bodies,
        pages,
        timings,
    })
}

fn configured_base(site: &SiteFacts, diagnostics: &mut Diagnostics) -> Option<BaseUrl> {
    let located = site.base_url.as_ref()?;
    match located.value.parse() {
        Ok(base) => Some(base),
        Err(message) => {
            diagnostics.push(
                Diagnostic::new(Rule::InvalidValue, located.span.clone(), message).help(
                    "without this line, everything works but canonical links and the sitemap",
                ),
            );
            None
        }
    }
}
