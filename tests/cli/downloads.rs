//! What readers can take along: the guide on one page, the e-book, and the
//! archive. Each has all of the guide, once, and nothing in it leads nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use html5gum::{Token, Tokenizer};
use status_guide::edition::book;
use status_guide::render;
use status_guide::route::{Route, resolve};
use status_guide::site::Site;
use zip::{CompressionMethod, DateTime, ZipArchive};

use crate::content::guide;
use crate::guide::{build, site};
use crate::project::Project;

const ARCHIVE: &str = "http-status-codes.zip";
const EBOOK: &str = "http-status-codes.epub";
const ONE_PAGE: &str = "print.html";

fn file<'s>(site: &'s Site, path: &str) -> &'s [u8] {
    site.get(path).unwrap_or_else(|| panic!("no {path}"))
}

/// The files of a ZIP file in their order.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Vec::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        files.push((entry.name().unwrap().into_owned(), bytes));
    }
    files
}

/// The ids of a page, and where its links lead.
#[derive(Default)]
struct Parts {
    ids: Vec<String>,
    links: Vec<String>,
}

/// Reads HTML or XHTML; with `strict`, fails unless every element that is
/// opened is closed, in the right order.
fn parts(name: &str, bytes: &[u8], strict: bool) -> Parts {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut parts = Parts::default();
    let mut open = Vec::new();
    for token in Tokenizer::new(bytes) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                for (attribute, value) in &tag.attributes {
                    match &***attribute {
                        b"id" => parts.ids.push(text(value)),
                        b"href" | b"src" => parts.links.push(text(value)),
                        _ => {}
                    }
                }
                if !tag.self_closing {
                    open.push(text(&tag.name));
                }
            }
            Token::EndTag(tag) if strict => {
                assert_eq!(open.pop(), Some(text(&tag.name)), "{name}");
            }
            _ => {}
        }
    }
    if strict {
        assert_eq!(open, Vec::<String>::new(), "{name}");
    }
    parts
}

#[test]
fn every_page_of_the_guide_is_in_the_book_once() {
    let guide = guide();
    let mut book: Vec<Route> = (book::outline(&guide).into_iter())
        .flat_map(|(_, routes)| routes)
        .collect();
    let mut pages: Vec<Route> = (render::sources(&guide).into_iter())
        .map(|(route, ..)| route)
        .filter(|route| *route != Route::NotFound)
        .collect();
    book.sort();
    pages.sort();
    assert_eq!(book, pages);
}

#[test]
fn the_book_has_a_class_before_its_codes_and_all_codes_before_comparisons() {
    let files: Vec<String> = (book::outline(&guide()).into_iter())
        .flat_map(|(_, routes)| routes)
        .map(|route| route.file())
        .collect();
    let at = |file: &str| {
        let found = files.iter().position(|f| f == file);
        found.unwrap_or_else(|| panic!("no {file}"))
    };
    let order = [
        "index.html",
        "choose/index.html",
        "best-practices/index.html",
        "1xx/index.html",
        "100/index.html",
        "4xx/index.html",
        "404/index.html",
        "511/index.html",
        "218/index.html",
        "401-vs-403/index.html",
        "topics/index.html",
        "topics/caching/index.html",
        "reference/index.html",
    ];
    assert!(order.map(at).is_sorted(), "{files:?}");
}

#[test]
fn every_part_of_the_one_page_has_one_id_and_every_link_finds_it() {
    let page = parts(ONE_PAGE, file(site(), ONE_PAGE), false);
    let ids: BTreeSet<&String> = page.ids.iter().collect();
    assert_eq!(ids.len(), page.ids.len(), "an id is there twice");
    let inside: Vec<_> = (page.links.iter())
        .filter_map(|link| link.strip_prefix('#'))
        .collect();
    let lost: Vec<_> = inside
        .iter()
        .filter(|id| !ids.contains(&(**id).to_owned()))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(inside.len() > 1000, "only {} links", inside.len());
    // What a page of the guide says of another leads to its chapter.
    let outside: BTreeSet<_> = (page.links.iter())
        .filter(|link| link.ends_with("/index.html") && !link.contains(':'))
        .collect();
    let frame = ["reference", "choose", "got", "topics", "best-practices"];
    let frame = frame.map(|name| format!("{name}/index.html"));
    assert_eq!(outside, BTreeSet::from_iter(&frame));
}

#[test]
fn every_part_of_a_page_is_in_the_book_but_what_only_a_screen_needs() {
    let book: BTreeSet<String> = parts(ONE_PAGE, file(site(), ONE_PAGE), false)
        .ids
        .into_iter()
        .collect();
    let page = file(site(), "404/index.html");
    let page = std::str::from_utf8(page).unwrap();
    let article = &page[page.find("<article").unwrap()..page.find("</article>").unwrap()];
    let ids = parts("404", article.as_bytes(), false).ids;
    let missing: Vec<_> = ids
        .iter()
        .filter(|id| !book.contains(&format!("p-404.{id}")))
        .collect();
    assert_eq!(missing, ["contents-label"]);
}

#[test]
fn the_archive_is_the_site_in_one_folder_in_order() {
    let site = site();
    let files = unpacked(file(site, ARCHIVE));
    assert!(files.is_sorted_by(|a, b| a.0 < b.0), "sorted, none twice");
    let mut expected: BTreeMap<String, &[u8]> = site
        .iter()
        .filter(|(path, _)| *path != ARCHIVE && !path.ends_with("/card.png"))
        .map(|(path, bytes)| (format!("http-status-codes/{path}"), &**bytes))
        .collect();
    let home = expected.remove("http-status-codes/index.html").unwrap();
    let mut unpacked_home = None;
    for (path, bytes) in &files {
        if path == "http-status-codes/index.html" {
            unpacked_home = Some(std::str::from_utf8(bytes).unwrap());
        } else if path == "http-status-codes/sw.js" {
            // It knows the home page that is in the archive.
            assert!(expected.remove(path).is_some());
        } else {
            assert!(expected.remove(path) == Some(bytes.as_slice()), "{path}");
        }
    }
    assert!(expected.is_empty(), "missing: {:?}", expected.keys());
    // The page in the archive is the same but for the offer of the archive.
    let home = std::str::from_utf8(home).unwrap();
    let offer = home.find(&format!("<li><a href=\"{ARCHIVE}\"")).unwrap();
    let end = offer + home[offer..].find("</li>\n").unwrap() + "</li>\n".len();
    let without = format!("{}{}", &home[..offer], &home[end..]);
    assert_eq!(unpacked_home, Some(without.as_str()));
}

#[test]
fn no_archive_shows_when_or_where_it_was_made() {
    for name in [ARCHIVE, EBOOK] {
        let mut archive = ZipArchive::new(Cursor::new(file(site(), name))).unwrap();
        for at in 0..archive.len() {
            let entry = archive.by_index(at).unwrap();
            let path = entry.name().unwrap().into_owned();
            assert_eq!(entry.last_modified(), Some(DateTime::DEFAULT), "{path}");
            assert_eq!(entry.unix_mode(), Some(0o100_644), "{path}");
            assert!(
                entry.extra_data().is_none_or(|data| data.is_empty()),
                "{path}"
            );
            let method = match path.as_str() {
                "mimetype" => CompressionMethod::Stored,
                _ => CompressionMethod::Deflated,
            };
            assert_eq!(entry.compression(), method, "{path}");
        }
    }
}

#[test]
fn two_builds_make_the_same_downloads() {
    let again = build(None);
    for name in [ARCHIVE, EBOOK, ONE_PAGE] {
        assert!(file(site(), name) == file(&again, name), "{name}");
    }
}

#[test]
fn the_home_page_says_how_large_the_downloads_are() {
    let home = std::str::from_utf8(file(site(), "index.html")).unwrap();
    for name in [ARCHIVE, EBOOK] {
        let offer = &home[home.find(&format!("href=\"{name}\"")).unwrap()..];
        let offer = &offer[..offer.find("</li>").unwrap()];
        let words: Vec<&str> = offer.split([' ', '>', '<']).collect();
        let at = words.iter().position(|word| *word == "MB").unwrap();
        let shown: f64 = words[at - 1].parse().unwrap();
        let size = f64::from(u32::try_from(file(site(), name).len()).unwrap()) / 1e6;
        assert!(
            size <= shown && shown < size + 0.1,
            "{name} has {size} MB, and the page says {shown}"
        );
    }
}

#[test]
fn the_ebook_lists_all_of_its_files_and_every_link_in_it_leads_somewhere() {
    let bytes = file(site(), EBOOK);
    // A reading system looks for these bytes at this place.
    assert_eq!(&bytes[30..58], b"mimetypeapplication/epub+zip");
    let files: BTreeMap<String, Vec<u8>> = unpacked(bytes).into_iter().collect();
    let package = parts("package", &files["EPUB/package.opf"], true);
    let listed: BTreeSet<String> = (package.links.iter())
        .map(|path| format!("EPUB/{path}"))
        .collect();
    let others = ["mimetype", "META-INF/container.xml", "EPUB/package.opf"];
    let present: BTreeSet<String> = (files.keys())
        .filter(|path| !others.contains(&path.as_str()))
        .cloned()
        .collect();
    assert_eq!(listed, present);

    let pages: BTreeMap<&String, Parts> = (files.iter())
        .filter(|(path, _)| path.rsplit('.').next() == Some("xhtml"))
        .map(|(path, bytes)| (path, parts(path, bytes, true)))
        .collect();
    for (page, parts) in &pages {
        for link in parts.links.iter().filter(|link| !link.contains(':')) {
            let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => (*page).clone(),
                path => resolve(page, path).unwrap(),
            };
            assert!(files.contains_key(&target), "{page} links {link}");
            let known = fragment.is_empty() || pages[&target].ids.contains(&fragment.to_owned());
            assert!(known, "{page} links {link}");
        }
    }
    // The contents name every chapter; the chapters are all pages of the guide.
    let contents = &pages[&"EPUB/nav.xhtml".to_owned()].links;
    for (route, ..) in render::sources(&guide()) {
        let name = match route.url_path().trim_end_matches('/') {
            "404.html" => continue,
            "" => "p-home.xhtml".to_owned(),
            path => format!("p-{}.xhtml", path.replace('/', "_")),
        };
        assert!(contents.contains(&name), "{name} is not in the contents");
    }
}

/// A line of the package document of a small guide's e-book.
fn line(project: &Project, part: &str) -> String {
    let files: BTreeMap<_, _> = unpacked(&project.build()[EBOOK]).into_iter().collect();
    let package = String::from_utf8(files["EPUB/package.opf"].clone()).unwrap();
    let line = package.lines().find(|line| line.contains(part));
    line.unwrap_or_else(|| panic!("no {part} in {package}"))
        .to_owned()
}

#[test]
fn an_ebook_stays_the_same_book_and_is_as_new_as_its_newest_fact() {
    let project = Project::new();
    let identifier = line(&project, "<dc:identifier");
    assert!(line(&project, "dcterms:modified").contains(">2026-11-22T00:00:00Z<"));
    let text = project.read("content/codes/404.md");
    project.write(
        "content/codes/404.md",
        text.replace("checked = 2026-11-22", "checked = 2026-11-29"),
    );
    assert!(line(&project, "dcterms:modified").contains(">2026-11-29T00:00:00Z<"));
    assert_eq!(line(&project, "<dc:identifier"), identifier);
    project.edit("content/site.toml", "A Small Guide", "Another Guide");
    assert_ne!(line(&project, "<dc:identifier"), identifier);
}

#[test]
fn a_picture_comes_along_into_the_ebook() {
    let project = Project::new();
    project.write("static/pictures/hops.png", b"no real picture");
    let text = project.read("content/codes/403.md");
    project.write(
        "content/codes/403.md",
        format!("{text}\n![Two hops](pictures/hops.png)\n"),
    );
    let site = project.build();
    let files: BTreeMap<_, _> = unpacked(&site[EBOOK]).into_iter().collect();
    assert_eq!(files["EPUB/pictures/hops.png"], b"no real picture");
    let chapter = String::from_utf8(files["EPUB/p-403.xhtml"].clone()).unwrap();
    assert!(chapter.contains("src=\"pictures/hops.png\""), "{chapter}");
    let page = String::from_utf8(site[ONE_PAGE].clone()).unwrap();
    assert!(page.contains("src=\"pictures/hops.png\""));
}

#[test]
fn the_pages_before_the_codes_are_those_that_the_site_names() {
    let project = Project::with_every_kind_of_page();
    project.edit(
        "content/site.toml",
        "footer =",
        "book = [\"retry\", \"got\"]\nfooter =",
    );
    let page = String::from_utf8(project.build()[ONE_PAGE].clone()).unwrap();
    let at = |id: &str| page.find(&format!("id=\"p-{id}\"")).unwrap();
    assert!(["home", "retry", "got", "2xx", "about"].map(at).is_sorted());

    project.edit("content/site.toml", "\"got\"]", "\"gto\"]");
    project
        .check()
        .exits(1)
        .says("content/site.toml:")
        .says("error[unknown-name]: `gto` is not in pages/")
        .says("did you mean `got`?");
}
