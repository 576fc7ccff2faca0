//! Owns: what `serve` shows: the site as it is, what is wrong with it, and what an
//! open page has to hear of a change.
//!
//! Must not: know requests and responses (that is `host`), or read files.

use std::borrow::Cow;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::author::media_type::{ending, media_type};
use crate::site::{Site, digest};

/// The folder of what `serve` adds. No file of a site has `~` in its name.
pub(super) const OWN: &str = "/~serve/";
/// The script that shows a page anew.
pub(super) const LIVE: &str = "live.js";

/// Scripts that a build makes anew with almost every change, and that change
/// nothing on a page that is open.
const DATA_SCRIPTS: [&str; 3] = ["search-index.js", "sw.js", "hosted.js"];

/// What is there to be seen.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The last site that was right.
    pub(super) site: Option<Arc<Site>>,
    /// The path of the site, which begins and ends in `/`.
    pub(super) base: String,
    /// The page that says what is wrong.
    pub(super) trouble: Option<String>,
    /// Different for each site.
    number: u64,
    /// Stand for all scripts and pictures, and for all stylesheets.
    scripts: String,
    styles: String,
}

impl Shown {
    /// A site that is right, to be served below `base`; `number` is greater than
    /// those before.
    pub fn right(site: Arc<Site>, base: &str, number: u64) -> Self {
        let is_asset = |path: &str| {
            let kind = ending(path);
            // Cards and badges lie beside pages and are on none.
            let is_companion = path.ends_with("/card.png") || path.ends_with("/badge.svg");
            (kind == "js" && !DATA_SCRIPTS.contains(&path))
                || (media_type(path).starts_with("image/") && !is_companion)
                || kind == "woff2"
        };
        let of = |is_wanted: &dyn Fn(&str) -> bool| {
            let files = site.iter().filter(|(path, _)| is_wanted(path));
            digest(files.flat_map(|(path, bytes)| [path.as_bytes(), &**bytes]))
        };
        Self {
            base: base.to_owned(),
            trouble: None,
            number,
            scripts: of(&is_asset),
            styles: of(&|path| ending(path) == "css"),
            site: Some(site),
        }
    }

    /// Nothing but a page that says what is wrong.
    pub fn nothing(base: &str, trouble: String) -> Self {
        Self {
            site: None,
            base: base.to_owned(),
            trouble: Some(trouble),
            number: 0,
            scripts: String::new(),
            styles: String::new(),
        }
    }

    /// The same site, behind a page that says what is wrong.
    #[must_use]
    pub fn wrong(&self, trouble: String) -> Self {
        Self {
            trouble: Some(trouble),
            ..self.clone()
        }
    }

    /// Whether there is a site to be seen, right now or as it was before.
    pub const fn has_site(&self) -> bool {
        self.site.is_some()
    }

    /// What a page has to hear that shows what is in `seen`.
    pub fn news(&self, seen: &Seen) -> News {
        let is_wrong = match &self.trouble {
            Some(trouble) if seen.trouble => return News::reload_unless(seen.is == mark(trouble)),
            Some(_) => true,
            None => false,
        };
        if is_wrong != (seen.trouble || seen.before) {
            return News::Reload;
        }
        if seen.is != self.mark_of(&seen.page) || seen.scripts != self.scripts {
            return News::Reload;
        }
        if seen.styles != self.styles {
            return News::Styles {
                styles: self.styles.clone(),
                number: self.number,
            };
        }
        News::Nothing
    }

    /// Stands for the bytes of a file of the site.
    fn mark_of(&self, file: &str) -> String {
        match &self.site {
            Some(site) if site.promises(file) => self.number.to_string(),
            Some(site) => site.get(file).map_or_else(String::new, mark),
            None => String::new(),
        }
    }

    /// The page `file` with the script that shows it anew.
    pub fn live(&self, file: &str, html: &[u8], before: bool) -> Vec<u8> {
        let mut data = format!(
            "data-page={file:?} data-is={:?} data-scripts={:?} data-styles={:?}",
            self.mark_of(file),
            self.scripts,
            self.styles
        );
        if before {
            data.push_str(" data-before");
        }
        self.with_script(html, &data)
    }

    /// The page that says what is wrong, with the same script.
    pub(super) fn live_trouble(&self, trouble: &str) -> Vec<u8> {
        let data = format!("data-trouble data-is={:?}", mark(trouble));
        self.with_script(trouble.as_bytes(), &data)
    }

    fn with_script(&self, html: &[u8], data: &str) -> Vec<u8> {
        let base = self.base.trim_end_matches('/');
        let script = format!("<script src=\"{base}{OWN}{LIVE}\" {data} async></script>");
        let html = allow_script(html);
        let at = find(&html, b"</head>").unwrap_or(html.len());
        let (head, rest) = html.split_at(at);
        [head, script.as_bytes(), rest].concat()
    }
}

/// A page whose Content Security Policy lets the script run and listen, also if
/// it has no use for scripts itself.
fn allow_script(html: &[u8]) -> Cow<'_, [u8]> {
    let named = find(html, b"Content-Security-Policy")
        .and_then(|at| Some(at + find(&html[at..], b"default-src 'none'")?));
    let Some(at) = named else {
        return Cow::Borrowed(html);
    };
    let end = (html[at..].iter().position(|byte| *byte == b'"')).map_or(html.len(), |len| at + len);
    let mut added = Vec::new();
    for directive in ["script-src", "connect-src"] {
        if find(&html[at..end], directive.as_bytes()).is_none() {
            added.extend_from_slice(format!("{directive} 'self'; ").as_bytes());
        }
    }
    if added.is_empty() {
        return Cow::Borrowed(html);
    }
    Cow::Owned([&html[..at], &added, &html[at..]].concat())
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// What a page that is open shows: it says so itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    page: String,
    is: String,
    scripts: String,
    /// Changes when the stylesheets were changed without a reload.
    pub styles: String,
    pub(super) trouble: bool,
    before: bool,
}

impl Seen {
    pub(super) fn read(query: &str) -> Self {
        let mut seen = Self::default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = || percent_decode_str(value).decode_utf8_lossy().into_owned();
            match name {
                "page" => seen.page = value(),
                "is" => seen.is = value(),
                "scripts" => seen.scripts = value(),
                "styles" => seen.styles = value(),
                "trouble" => seen.trouble = true,
                "before" => seen.before = true,
                _ => {}
            }
        }
        seen
    }
}

/// What an open page has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Nothing.
    Nothing,
    /// Show itself anew.
    Reload,
    /// Load its stylesheets anew.
    Styles {
        /// Stands for the new ones.
        styles: String,
        /// The number of the site that has them.
        number: u64,
    },
}

impl News {
    const fn reload_unless(is_same: bool) -> Self {
        if is_same { Self::Nothing } else { Self::Reload }
    }
}

fn mark(bytes: impl AsRef<[u8]>) -> String {
    digest([bytes.as_ref()])
}

/// What an open page hears of new stylesheets, as JSON.
pub fn styles_news(styles: &str, number: u64) -> String {
    serde_json::json!({ "styles": styles, "number": number.to_string() }).to_string()
}
