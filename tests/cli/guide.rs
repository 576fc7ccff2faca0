//! What holds for the real guide: it has every registered code, every page is
//! in reach, nothing comes from elsewhere, and no published address is lost.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::sync::LazyLock;

use askama::Template;
use html5gum::{Token, Tokenizer};
use status_guide::diagnostic::{Diagnostics, Style};
use status_guide::load::facts::Date;
use status_guide::load::guide::Guide;
use status_guide::load::{
    self,
    content::{self, Content},
};
use status_guide::output::cache::Cache;
use status_guide::publish::Extent;
use status_guide::render::Texts;
use status_guide::render::views::{RAIL_SLOT, RailView};
use status_guide::render::{self, Bodies};
use status_guide::route::Route;
use status_guide::site::Site;
use status_guide::status::Registration;
use status_guide::text::outline::{CODE, Need};
use status_guide::{Failure, Source};

use crate::project::repository;

/// The codes whose pages have every section.
const COMPLETE: [u16; 25] = [
    100, 101, 200, 201, 204, 206, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 409, 410, 422,
    429, 500, 501, 502, 503, 504,
];

/// The pages of their own whose parts people link to.
const PROMISED: [&str; 9] = [
    "best-practices",
    "changes",
    "choose",
    "data",
    "got",
    "iis-sub-status",
    "not-status-codes",
    "retry",
    "who-sent-it",
];

pub fn loaded() -> Content {
    let source = Source::folder(&repository().join("content"));
    let mut diagnostics = Diagnostics::default();
    let content = content::load(&source.content, &source.statics, &mut diagnostics).unwrap();
    assert!(
        diagnostics.is_empty(),
        "{}",
        diagnostics.render(Style::Short)
    );
    content
}

/// Where the published guide of the tests is.
pub const BASE: &str = "https://example.github.io/some/sub/path/";

/// The site of the guide, built once for all tests.
pub fn site() -> &'static Site {
    static SITE: LazyLock<Site> = LazyLock::new(|| build(None));
    &SITE
}

/// The site as it is published at `BASE`.
pub fn published_site() -> &'static Site {
    static SITE: LazyLock<Site> = LazyLock::new(|| build(Some(BASE)));
    &SITE
}

/// The site, made anew, with no help of an earlier build.
pub fn build(base: Option<&str>) -> Site {
    let base = base.map(|base| base.parse().unwrap());
    match status_guide::build(
        &Source::folder(&repository().join("content")),
        base,
        Extent::Whole,
        &Cache::none(),
    ) {
        Ok(built) => built.site,
        Err(Failure::Content(diagnostics)) => panic!("{}", diagnostics.render(Style::Short)),
        Err(Failure::Other(error)) => panic!("{error:#}"),
    }
}

pub fn is_html(file: &str) -> bool {
    file.rsplit('.').next() == Some("html")
}

pub fn pages(site: &Site) -> impl Iterator<Item = (&str, &[u8])> {
    let files = site.iter().map(|(file, bytes)| (file, &**bytes));
    files.filter(|(file, _)| is_html(file))
}

/// Whether a page is for those who read the guide. The host shows 404.html, a
/// card is for other sites, and old addresses lead on.
pub fn is_linked(file: &str, html: &[u8]) -> bool {
    let html = String::from_utf8_lossy(html);
    file != "404.html" && !file.ends_with("/card.html") && !html.contains("http-equiv=refresh")
}

/// A code of the registry of IANA.
#[derive(Debug, PartialEq)]
pub struct Registered {
    pub phrase: String,
    pub state: Registration,
    pub expires: Option<String>,
    pub reference: String,
}

/// `registry.csv`: a code, its phrase with what the registry notes behind it,
/// and where it is specified. No value has a comma.
pub fn registry() -> BTreeMap<u16, Registered> {
    let text = fs::read_to_string(repository().join("tests/registry.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("code,phrase,reference"));
    let mut registry = BTreeMap::new();
    for line in lines {
        let [code, phrase, reference] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("registry.csv: three values in {line:?}")
        };
        let (phrase, state, expires) = if phrase == "(Unused)" {
            (phrase, Registration::Reserved, None)
        } else if let Some((phrase, until)) = phrase.split_once(" (temporary; expires ") {
            (
                phrase,
                Registration::Temporary,
                until.strip_suffix(')').map(str::to_owned),
            )
        } else if let Some(phrase) = phrase.strip_suffix(" (OBSOLETED)") {
            (phrase, Registration::Obsolete, None)
        } else {
            (phrase, Registration::Standard, None)
        };
        let registered = Registered {
            phrase: phrase.to_owned(),
            state,
            expires,
            reference: reference.to_owned(),
        };
        assert!(
            registry.insert(code.parse().unwrap(), registered).is_none(),
            "{code} is there twice"
        );
    }
    registry
}

#[test]
fn every_registered_code_has_a_page_and_no_other_code_calls_itself_registered() {
    let content = loaded();
    let registry = registry();
    assert_eq!(registry.len(), 64, "the registry of 15 September 2025");
    let pages: BTreeSet<u16> = content
        .codes
        .iter()
        .filter(|d| d.facts.is_registered())
        .map(|d| d.facts.code.value.number())
        .collect();
    let registered: BTreeSet<u16> = registry.keys().copied().collect();
    assert_eq!(pages, registered);
    for document in content.codes.iter().filter(|d| d.facts.is_registered()) {
        let facts = &document.facts;
        let code = facts.code.value;
        let iana = &registry[&code.number()];
        assert_eq!(facts.phrase, iana.phrase, "phrase of {code}");
        assert_eq!(
            facts.registration.value, iana.state,
            "registration of {code}"
        );
        let expires = facts.registration_expires.map(Date::iso);
        assert_eq!(expires, iana.expires, "end of the registration of {code}");
        // Where the registry names a section, the page names the same one;
        // where it names a document, the page may say more.
        let specification = facts.specification.as_ref().unwrap().value.to_string();
        let rest = specification.strip_prefix(&iana.reference);
        assert!(
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" §")),
            "{code} is specified by {}, not by {specification}",
            iana.reference
        );
    }
    let site = site();
    for code in registered {
        let html = std::str::from_utf8(site.get(&format!("{code}/index.html")).unwrap()).unwrap();
        let title = format!("{code} {}", registry[&code].phrase);
        assert!(
            words(html).join(" ").contains(&title),
            "/{code}/ does not say {title:?}"
        );
    }
}

#[test]
fn the_codes_that_people_meet_have_complete_pages() {
    let site = site();
    for code in COMPLETE {
        let html = std::str::from_utf8(site.get(&format!("{code}/index.html")).unwrap()).unwrap();
        let ids = attributes(html, "id");
        for part in CODE.parts.iter().filter(|part| part.need != Need::Optional) {
            assert!(
                ids.iter().any(|id| id == part.id),
                "/{code}/ has no #{}",
                part.id
            );
        }
    }
}

#[test]
fn every_page_can_be_reached_from_the_home_page() {
    let site = site();
    let mut queue = VecDeque::from(["index.html".to_owned()]);
    let mut reached = BTreeSet::from(["index.html".to_owned()]);
    while let Some(file) = queue.pop_front() {
        let html = std::str::from_utf8(site.get(&file).unwrap()).unwrap();
        for href in links(html) {
            let path = href.split('#').next().unwrap();
            if path.is_empty() || path.contains(':') {
                continue;
            }
            let target = join(&file, path);
            assert!(
                site.get(&target).is_some(),
                "{file} links to {href}, which does not exist"
            );
            if is_html(&target) && reached.insert(target.clone()) {
                queue.push_back(target);
            }
        }
    }
    let all: BTreeSet<String> = pages(site)
        .filter(|(file, html)| is_linked(file, html))
        .map(|(file, _)| file.to_owned())
        .collect();
    let lost: Vec<_> = all.difference(&reached).collect();
    assert!(
        lost.is_empty(),
        "no path leads from the home page to {lost:?}"
    );
}

pub fn join(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        if part == ".." {
            parts
                .pop()
                .unwrap_or_else(|| panic!("{path} on {file} leads out of the site"));
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    let site = site();
    let elsewhere = |url: &str| url.contains("//");
    for (file, bytes) in site.iter() {
        let extension = file.rsplit('.').next().unwrap_or_default();
        if matches!(extension, "html" | "svg") {
            for (tag, name, value) in tokens(bytes) {
                let loads = match name.as_str() {
                    "src" | "srcset" | "poster" | "data" | "action" | "formaction" | "ping"
                    | "background" | "manifest" | "style" | "imagesrcset" => true,
                    "href" | "xlink:href" => !matches!(tag.as_str(), "a" | "link canonical"),
                    _ => false,
                };
                assert!(
                    !loads || !elsewhere(&value),
                    "{file}: <{tag} {name}={value:?}>"
                );
            }
        }
        if matches!(extension, "css" | "svg" | "html" | "js") {
            let text = String::from_utf8_lossy(bytes).to_lowercase();
            for (at, _) in text.match_indices("url(") {
                let url = text[at + 4..].split(')').next().unwrap_or_default();
                assert!(!elsewhere(url), "{file} loads {url}");
            }
            if extension == "css" {
                assert!(!text.contains("@import"), "{file} imports another sheet");
            }
            if extension == "js" {
                for wrong in [
                    "https://",
                    "http://",
                    "fetch(",
                    "xmlhttprequest",
                    "import(",
                    "sendbeacon",
                    "new websocket",
                ] {
                    // No page on a disk can have the service worker.
                    let may = file == "sw.js" && wrong == "fetch(";
                    assert!(may || !text.contains(wrong), "{file} has {wrong}");
                }
            }
        }
        if extension == "html" {
            let policy = std::str::from_utf8(bytes).unwrap();
            assert!(
                policy.contains("default-src 'none'"),
                "{file} has no strict policy"
            );
        }
    }
}

/// The name, attribute and value of every attribute; a `link` with its `rel`.
fn tokens(bytes: &[u8]) -> Vec<(String, String, String)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut found = Vec::new();
    for token in Tokenizer::new(bytes) {
        let Ok(Token::StartTag(tag)) = token else {
            continue;
        };
        let mut name = text(&tag.name);
        for (attribute, value) in &tag.attributes {
            if name == "link" && text(attribute) == "rel" {
                name = format!("link {}", text(value));
            }
        }
        for (attribute, value) in &tag.attributes {
            found.push((name.clone(), text(attribute), text(value)));
        }
    }
    found
}

/// The values of an attribute in order.
pub fn attributes(html: &str, wanted: &str) -> Vec<String> {
    let all = tokens(html.as_bytes()).into_iter();
    all.filter(|(_, name, _)| name == wanted)
        .map(|(_, _, value)| value)
        .collect()
}

fn links(html: &str) -> Vec<String> {
    let all = tokens(html.as_bytes()).into_iter();
    all.filter(|(tag, name, _)| tag == "a" && name == "href")
        .map(|(_, _, value)| value)
        .collect()
}

/// What a reader reads, word by word. Only a block ends a word: two inline
/// elements without a space between them make one.
pub fn words(html: &str) -> Vec<String> {
    let mut out = String::new();
    let mut pre = 0;
    for token in Tokenizer::new(html.as_bytes()) {
        let (name, starts) = match token {
            Ok(Token::String(text)) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                // White space in `pre` is text like any other.
                out.push_str(&if pre > 0 {
                    text.trim_matches('\n')
                        .replace('\n', " ⏎ ")
                        .replace("  ", " ␣ ")
                } else {
                    text
                });
                continue;
            }
            Ok(Token::StartTag(tag)) => (tag.name, true),
            Ok(Token::EndTag(tag)) => (tag.name, false),
            _ => continue,
        };
        let name = String::from_utf8_lossy(&name).into_owned();
        if name == "pre" {
            pre += if starts { 1 } else { -1 };
        }
        let inline = matches!(
            name.as_str(),
            "a" | "abbr"
                | "b"
                | "button"
                | "cite"
                | "code"
                | "del"
                | "dfn"
                | "em"
                | "i"
                | "input"
                | "kbd"
                | "label"
                | "mark"
                | "q"
                | "s"
                | "samp"
                | "small"
                | "span"
                | "strong"
                | "sub"
                | "sup"
                | "time"
                | "var"
                | "wbr"
        );
        if !inline {
            out.push('\n');
        }
    }
    out.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn words_are_split_by_blocks_and_spaces_and_not_by_inline_elements() {
    let html = "<p><b>404</b> <span>Not</span><i>Found</i><li>x<li>y<pre>a\n  b</pre>";
    assert_eq!(
        words(html),
        ["404", "NotFound", "x", "y", "a", "⏎", "␣", "b"]
    );
}

/// A page as its template made it, with the list of codes in its place.
fn unminified(guide: &Guide, route: &Route, bodies: &Bodies) -> String {
    let totals = render::totals(guide, bodies);
    let html = render::view(guide, &totals, route, &bodies[route]).unwrap();
    let rail = RailView::new(guide, route).render().unwrap();
    html.replace(RAIL_SLOT, &rail)
}

#[test]
fn the_list_of_codes_marks_the_page_that_it_is_on() {
    let page = "404/index.html";
    let html = std::str::from_utf8(site().get(page).unwrap()).unwrap();
    let marked = format!("aria-current=page href=../{page}");
    assert_eq!(html.matches(&marked).count(), 1);
    assert!(!html.contains(RAIL_SLOT));
}

#[test]
fn minifying_keeps_every_word_id_and_link() {
    let mut diagnostics = Diagnostics::default();
    let guide = load::assemble(loaded(), None, &mut diagnostics);
    let bodies = render::texts(&guide, None, &mut diagnostics);
    assert!(
        diagnostics.is_empty(),
        "{}",
        diagnostics.render(Style::Short)
    );
    let site = render::site(
        &guide,
        Texts::Keep(&bodies),
        &Cache::none(),
        &mut diagnostics,
    )
    .unwrap();
    for route in bodies.keys() {
        let file = route.file();
        let before = unminified(&guide, route, &bodies);
        let after = std::str::from_utf8(site.get(&file).unwrap()).unwrap();
        for name in ["id", "href"] {
            let (before, after) = (attributes(&before, name), attributes(after, name));
            let at = before.iter().zip(&after).position(|(a, b)| a != b);
            assert!(
                before == after,
                "{file}: {name}: {:?}",
                at.map(|at| (&before[at], &after[at]))
            );
        }
        let (before, after) = (words(&before), words(after));
        if before != after {
            let at = before
                .iter()
                .zip(&after)
                .take_while(|(a, b)| a == b)
                .count();
            let show = |words: &[String]| {
                words[at.saturating_sub(5).min(words.len())..(at + 5).min(words.len())].join(" ")
            };
            panic!(
                "{file}:\n  before: {}\n  after:  {}",
                show(&before),
                show(&after)
            );
        }
    }
}

/// The ids inside `main` but those of the frame around every text.
fn fragments(html: &str) -> BTreeSet<String> {
    let start = html.find("<main").unwrap_or_default();
    let end = html.find("</main>").unwrap_or(html.len());
    let ids = attributes(&html[start..end], "id");
    let frame = ["main", "contents-label"];
    let of_the_text = ids.into_iter().filter(|id| !frame.contains(&id.as_str()));
    of_the_text.collect()
}

/// The endings of files that others link to, show or read.
const FILES: [&str; 8] = ["csv", "epub", "json", "md", "png", "svg", "txt", "zip"];

/// Every address that is a promise: each page, each fragment of the pages whose
/// parts people link to, and each file for others.
fn addresses(site: &Site) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (file, bytes) in pages(site) {
        let path = file.strip_suffix("index.html").unwrap_or(file);
        let name = path.trim_end_matches('/');
        found.insert(if path.is_empty() {
            "./".to_owned()
        } else {
            path.to_owned()
        });
        let has_promised_parts = path.starts_with(|c: char| c.is_ascii_digit())
            && path.ends_with('/')
            || PROMISED.contains(&name);
        if has_promised_parts {
            let html = std::str::from_utf8(bytes).unwrap();
            found.extend(fragments(html).into_iter().map(|id| format!("{path}#{id}")));
        }
    }
    let files = site.iter().map(|(file, _)| file);
    let promised = files.filter(|file| {
        let ending = file.rsplit('.').next().unwrap_or_default();
        FILES.contains(&ending)
    });
    found.extend(promised.map(str::to_owned));
    found
}

#[test]
fn no_published_address_is_lost() {
    let path = repository().join("tests/permalinks.txt");
    let list = fs::read_to_string(&path).unwrap_or_default();
    let listed: BTreeSet<String> = list.lines().map(str::to_owned).collect();
    let site = site();
    let now = addresses(site);
    if std::env::var_os("UPDATE_PERMALINKS").is_some() {
        let all: Vec<&str> = listed.union(&now).map(String::as_str).collect();
        fs::write(&path, all.join("\n") + "\n").unwrap();
    }
    let ids: BTreeMap<&str, Vec<String>> = pages(site)
        .map(|(file, bytes)| (file, attributes(std::str::from_utf8(bytes).unwrap(), "id")))
        .collect();
    let exists = |address: &str| {
        let (path, id) = address.split_once('#').unwrap_or((address, ""));
        let file = if path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path.to_owned()
        };
        let file = file.strip_prefix("./").unwrap_or(&file);
        let has_part = || ids.get(file).is_some_and(|ids| ids.iter().any(|i| i == id));
        site.get(file).is_some() && (id.is_empty() || has_part())
    };
    let gone: Vec<_> = listed.iter().filter(|address| !exists(address)).collect();
    assert!(
        gone.is_empty(),
        "these addresses were published, and are gone: {gone:#?}\nbring each back: keep the id with `## Heading {{#id}}`, or leave a page at the old address"
    );
    if std::env::var_os("UPDATE_PERMALINKS").is_none() {
        let new: Vec<_> = now.difference(&listed).collect();
        assert!(
            new.is_empty(),
            "these addresses are new: {new:#?}\nif they may stay for ever, run UPDATE_PERMALINKS=1 cargo test no_published, and commit tests/permalinks.txt"
        );
    }
    let sorted: Vec<&str> = listed.iter().map(String::as_str).collect();
    assert!(
        listed.is_empty() || list.lines().eq(sorted),
        "tests/permalinks.txt is not sorted, or has a line twice"
    );
}
