//! Owns: every page and file of the site, what it is called on disk, and how
//! one links to another. The only place that knows file names.
//!
//! Must not: know what is on a page.

use std::fmt;
use std::str::FromStr;

use crate::status::{Class, StatusCode};

/// A page or file of the finished site. The URLs are a public contract:
/// a route may be added, and never renamed without an alias.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// The home page.
    Home,
    /// The page of a class.
    Class(Class),
    /// The page of a code.
    Code(StatusCode),
    /// A comparison: `401-vs-403`.
    Comparison(String),
    /// A page of its own: `best-practices`.
    Page(String),
    /// A topic: `caching`, at `topics/caching/`.
    Topic(String),
    /// An address that a page had once: `old-name`, `topics/old-name`.
    Alias(String),
    /// The host's page for misses. Not the page about 404.
    NotFound,
    /// A file of `static/`, by its path.
    Static(String),
    /// A file that belongs to a page and lies beside it: `404/index.json`.
    Beside(Box<Route>, Companion),
    /// A file about the whole guide: `sitemap.xml`.
    Export(Export),
}

/// A file that lies in the folder of a page and says the same in another form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Companion {
    /// The page as plain Markdown.
    Markdown,
    /// The facts of a code.
    Json,
    /// The picture that is shown beside a link to the page.
    PreviewCard,
    /// A small picture for README files.
    Badge,
    /// A small page to show inside another one.
    Embed,
}

impl Companion {
    /// The name in the folder of its page.
    const fn name(self) -> &'static str {
        match self {
            Self::Markdown => "index.md",
            Self::Json => "index.json",
            Self::PreviewCard => "card.png",
            Self::Badge => "badge.svg",
            Self::Embed => "card.html",
        }
    }
}

/// A file about the whole guide that is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Export {
    /// What the search reads.
    SearchIndex,
    /// All pages, for search engines.
    Sitemap,
    /// What search engines may read.
    Robots,
    /// Tells GitHub Pages to serve the files as they are.
    NoJekyll,
    /// The facts of all codes.
    CodesJson,
    /// The same as a table.
    CodesCsv,
    /// What the facts look like.
    CodesSchema,
    /// The errors as responses for descriptions of APIs.
    OpenApi,
    /// Where language models find what.
    Llms,
    /// The text of the whole guide.
    LlmsFull,
    /// How browsers search the guide.
    OpenSearch,
    /// What changed.
    Feed,
    /// The whole guide on one page.
    OnePage,
    /// The whole guide as an e-book.
    Ebook,
    /// The whole site in one file, to unpack and read without a network.
    Archive,
    /// What a page of a hosted copy does more than one on a disk.
    Hosted,
    /// The service worker.
    Worker,
    /// What the guide is called when it is installed.
    Manifest,
}

impl Export {
    /// The files that every guide has, also without a base URL, and that the
    /// text can therefore link by their names.
    pub const LINKED: [Self; 6] = [
        Self::CodesJson,
        Self::CodesCsv,
        Self::CodesSchema,
        Self::OpenApi,
        Self::Llms,
        Self::LlmsFull,
    ];

    /// The file that a link in the text names.
    pub fn named(name: &str) -> Option<Self> {
        Self::LINKED
            .into_iter()
            .find(|export| export.name() == name)
    }

    /// The path below the output folder.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SearchIndex => "search-index.js",
            Self::Sitemap => "sitemap.xml",
            Self::Robots => "robots.txt",
            Self::NoJekyll => ".nojekyll",
            Self::CodesJson => "codes.json",
            Self::CodesCsv => "codes.csv",
            Self::CodesSchema => "codes.schema.json",
            Self::OpenApi => "openapi.json",
            Self::Llms => "llms.txt",
            Self::LlmsFull => "llms-full.txt",
            Self::OpenSearch => "opensearch.xml",
            Self::Feed => "feed.xml",
            Self::OnePage => "print.html",
            Self::Ebook => "http-status-codes.epub",
            Self::Archive => "http-status-codes.zip",
            Self::Hosted => "hosted.js",
            Self::Worker => "sw.js",
            Self::Manifest => "manifest.webmanifest",
        }
    }
}

impl Route {
    /// The file `companion` of this page.
    #[must_use]
    pub fn beside(&self, companion: Companion) -> Self {
        Self::Beside(Box::new(self.clone()), companion)
    }

    /// The file below the output folder, with `/` between folders.
    pub fn file(&self) -> String {
        match self {
            Self::Home => "index.html".to_owned(),
            Self::Class(class) => format!("{class}/index.html"),
            Self::Code(code) => format!("{code}/index.html"),
            Self::Comparison(slug) | Self::Page(slug) | Self::Alias(slug) => {
                format!("{slug}/index.html")
            }
            Self::Topic(slug) => format!("topics/{slug}/index.html"),
            Self::NotFound => "404.html".to_owned(),
            Self::Static(path) => path.clone(),
            Self::Beside(page, companion) => {
                let file = page.file();
                let folder = file.rfind('/').map_or("", |at| &file[..=at]);
                format!("{folder}{}", companion.name())
            }
            Self::Export(export) => export.name().to_owned(),
        }
    }

    /// The path below the base URL: the file without `index.html`.
    pub fn url_path(&self) -> String {
        url_path(&self.file()).to_owned()
    }

    /// A relative link from this page to `target`. It names the file, so that
    /// it works from a disk as well as from a server under any path.
    pub fn link_to(&self, target: &Self) -> String {
        let up = "../".repeat(self.file().matches('/').count());
        format!("{up}{}", target.file())
    }
}

/// The path below the base URL of a file.
fn url_path(file: &str) -> &str {
    file.strip_suffix("index.html").unwrap_or(file)
}

/// The file that the relative link `path` means on the page `file`; `None`
/// above the root.
pub fn resolve(file: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let folder = file.rfind('/').map_or("", |at| &file[..at]);
    let mut resolved = String::with_capacity(folder.len() + 1 + path.len());
    resolved.push_str(folder);
    for part in path.split('/') {
        match part {
            ".." if resolved.is_empty() => return None,
            ".." => resolved.truncate(resolved.rfind('/').unwrap_or_default()),
            "." => {}
            part => {
                if !resolved.is_empty() {
                    resolved.push('/');
                }
                resolved.push_str(part);
            }
        }
    }
    Some(resolved)
}

/// Where the site is published: scheme, host and a path that ends in `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    path_at: usize,
}

impl BaseUrl {
    /// The absolute URL of `route`.
    pub fn absolute(&self, route: &Route) -> String {
        self.absolute_file(&route.file())
    }

    /// The absolute URL of a file, by its path below the output folder.
    pub fn absolute_file(&self, file: &str) -> String {
        format!("{}{}", self.text, url_path(file))
    }

    /// The path of `route` from the host's root, naming the file.
    pub fn rooted(&self, route: &Route) -> String {
        format!("{}{}", self.path(), route.file())
    }

    /// The path from the host's root, which begins and ends in `/`.
    pub fn path(&self) -> &str {
        &self.text[self.path_at..]
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for BaseUrl {
    type Err = String;

    /// Reads `https://host/path/`; a missing final `/` is added.
    fn from_str(text: &str) -> Result<Self, String> {
        let example = "write it like https://example.github.io/guide/";
        let rest = ["https://", "http://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme))
            .ok_or_else(|| format!("a base URL starts with https:// or http://; {example}"))?;
        if rest.is_empty() || rest.starts_with('/') {
            return Err(format!("a base URL has a host; {example}"));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]%".contains(c);
        if let Some(wrong) = rest.chars().find(|c| !allowed(*c)) {
            return Err(format!("a base URL has no {wrong:?}; {example}"));
        }
        if rest.contains("//") || rest.split('/').any(|part| matches!(part, "." | "..")) {
            return Err(format!(
                "a base URL has no empty or dotted folders; {example}"
            ));
        }
        let mut text = text.to_owned();
        if !text.ends_with('/') {
            text.push('/');
        }
        let host_at = text.len() - text.split_once("://").map_or(0, |(_, rest)| rest.len());
        let path_at = host_at + text[host_at..].find('/').unwrap_or_default();
        Ok(Self { text, path_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(number: u16) -> Route {
        Route::Code(StatusCode::new(number).unwrap())
    }

    #[test]
    fn links_are_relative_and_name_the_file() {
        assert_eq!(code(404).link_to(&code(403)), "../403/index.html");
        assert_eq!(Route::Home.link_to(&code(403)), "403/index.html");
        assert_eq!(code(404).link_to(&Route::Home), "../index.html");
        assert_eq!(
            code(404).link_to(&Route::Static("style.css".into())),
            "../style.css"
        );
    }

    #[test]
    fn the_page_about_404_and_the_page_for_misses_are_two_files() {
        assert_eq!(code(404).file(), "404/index.html");
        assert_eq!(Route::NotFound.file(), "404.html");
    }

    #[test]
    fn a_base_url_ends_in_a_slash_and_knows_its_path() {
        let base: BaseUrl = "https://example.github.io/guide".parse().unwrap();
        assert_eq!(base.to_string(), "https://example.github.io/guide/");
        assert_eq!(
            base.absolute(&code(404)),
            "https://example.github.io/guide/404/"
        );
        assert_eq!(base.rooted(&code(404)), "/guide/404/index.html");
        let root: BaseUrl = "http://127.0.0.1:8080".parse().unwrap();
        assert_eq!(root.rooted(&Route::Home), "/index.html");
    }

    #[test]
    fn what_is_no_base_url_is_refused_with_an_example() {
        for wrong in [
            "example.com",
            "ftp://example.com",
            "https://",
            "https:///x",
            "https://a/b?c",
            "https://a/b#c",
            "https://a//b",
            "https://a/../b",
            "https://a b/",
        ] {
            assert!(
                wrong
                    .parse::<BaseUrl>()
                    .unwrap_err()
                    .contains("write it like"),
                "{wrong}"
            );
        }
    }
}
