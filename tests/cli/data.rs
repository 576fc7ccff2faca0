//! What the files for programs promise: they say what the pages say, have the
//! form that they claim to have, and every link in them leads somewhere.
//!
//! That the data fits its schema, and the document OpenAPI's, is tested with
//! validators of others, in `tests/browser/data.mjs`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use pulldown_cmark::{BrokenLink, CowStr, Event, Parser, Tag};
use roxmltree::Document as Xml;
use serde_json::Value;
use status_guide::Source;
use status_guide::data::codes::SEPARATOR;
use status_guide::load::facts::Date;
use status_guide::load::guide::Guide;
use status_guide::output::cache::Cache;
use status_guide::publish::Extent;
use status_guide::route::{Companion, Route};
use status_guide::site::Site;
use status_guide::status::{
    Cacheability, Class, Contact, ContentRule, RedirectMethod, Registration, Retry, Seen, Sender,
    Verdict,
};
use status_guide::text::markdown::OPTIONS;

use crate::content::guide;
use crate::guide::{attributes, join, registry, words};
use crate::project::{Project, page, repository};

const BASE: &str = "https://example.com/guide/";

/// The real guide in a folder, and as it is published; each built once.
static PUBLISHED: LazyLock<Site> = LazyLock::new(|| {
    let base = BASE.parse().unwrap();
    status_guide::build(
        &Source::folder(&repository().join("content")),
        Some(base),
        Extent::Whole,
        &Cache::none(),
    )
    .unwrap()
    .site
});

fn site() -> &'static Site {
    crate::guide::site()
}

fn published() -> &'static Site {
    &PUBLISHED
}

fn text<'s>(site: &'s Site, file: &str) -> &'s str {
    let bytes = site.get(file).unwrap_or_else(|| panic!("no {file}"));
    std::str::from_utf8(bytes).unwrap()
}

fn json(site: &Site, file: &str) -> Value {
    serde_json::from_str(text(site, file)).unwrap()
}

fn codes(site: &Site) -> Vec<Value> {
    json(site, "codes.json")["codes"]
        .as_array()
        .unwrap()
        .clone()
}

fn strings(value: &Value) -> Vec<&str> {
    let values = value.as_array().unwrap().iter();
    values.map(|value| value.as_str().unwrap()).collect()
}

#[test]
fn every_registered_code_is_in_the_data_as_the_registry_has_it() {
    let codes = codes(site());
    let of_registry = codes.iter().filter(|code| code["registration"] != "vendor");
    let found: BTreeMap<u64, &Value> = of_registry
        .map(|code| (code["code"].as_u64().unwrap(), code))
        .collect();
    let registry = registry();
    let numbers: Vec<u64> = registry.keys().map(|number| u64::from(*number)).collect();
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), numbers);
    for (number, iana) in registry {
        let code = found[&u64::from(number)];
        assert_eq!(code["phrase"], iana.phrase);
        assert_eq!(code["registration"], iana.state.slug());
        assert_eq!(
            code["registration_expires"].as_str(),
            iana.expires.as_deref()
        );
        let document = code["specification"]["document"].as_str().unwrap();
        assert!(iana.reference.starts_with(document), "{number}: {document}");
    }
}

#[test]
fn the_file_beside_a_code_is_its_object_in_the_list() {
    for site in [site(), published()] {
        let codes = codes(site);
        assert_eq!(codes.len(), guide().codes.len());
        for code in codes {
            let file = format!("{}/index.json", code["code"]);
            assert_eq!(json(site, &file), code, "{file}");
        }
    }
}

/// The names of the columns that hold a part of a value, and where that is.
const PARTS: [(&str, &str); 5] = [
    ("specification_url", "/specification/url"),
    ("retry_safe", "/retry_by_method/safe"),
    ("retry_idempotent", "/retry_by_method/idempotent"),
    ("retry_neither", "/retry_by_method/neither"),
    ("meanings_by", "/meanings"),
];

/// What stands in a cell for a value of the list.
fn cell(column: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let cells: Vec<String> = values.iter().map(|value| cell(column, value)).collect();
            for cell in &cells {
                assert!(
                    !cell.contains(SEPARATOR),
                    "{column}: {cell:?} has the separator"
                );
            }
            cells.join(SEPARATOR)
        }
        Value::Object(parts) => match column {
            "specification" => match &parts["section"] {
                Value::Null => cell("", &parts["document"]),
                section => format!("{} §{}", cell("", &parts["document"]), cell("", section)),
            },
            "former_names" => cell("", &parts["phrase"]),
            "meanings_by" => cell("", &parts["by"]),
            _ => panic!("{column} is an object"),
        },
        other => other.to_string(),
    }
}

#[test]
fn the_table_says_what_the_list_says() {
    let site = site();
    let table = text(site, "codes.csv");
    let bare = table.replace("\r\n", "");
    assert!(!bare.contains(['\r', '\n']), "a line does not end in CRLF");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let columns: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let codes = codes(site);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), codes.len());
    for (row, code) in rows.iter().zip(&codes) {
        for (column, found) in columns.iter().zip(row) {
            let part = PARTS.iter().find(|(name, _)| name == column);
            let path = part.map_or(format!("/{column}"), |(_, path)| (*path).to_owned());
            // What does not apply has no parts.
            let value = code.pointer(&path).unwrap_or(&Value::Null);
            assert_eq!(found, cell(column, value), "{column} of {}", code["code"]);
        }
    }
    // And what the list has, the table has, whole or in part.
    for key in codes[0].as_object().unwrap().keys() {
        let has = |column: &String| column == key || column.starts_with(&format!("{key}_"));
        let in_part = key == "retry_by_method" && columns.contains(&"retry_safe".to_owned());
        assert!(in_part || columns.iter().any(has), "the table has no {key}");
    }
}

/// The words of the part of a page with this id, up to the end of the row.
fn row(html: &str, id: &str) -> Option<String> {
    let at = html.find(&format!("<tr id={id}>"))?;
    let end = html[at..].find("</tr>")?;
    Some(words(&html[at..at + end]).join(" ").to_lowercase())
}

#[test]
fn the_page_says_every_fact_of_the_list() {
    fn label<T: Copy>(
        all: &[T],
        slug: fn(T) -> &'static str,
        label: fn(T) -> &'static str,
        word: &Value,
    ) -> String {
        let found = all.iter().find(|value| *word == slug(**value));
        label(*found.unwrap_or_else(|| panic!("{word} is no such word"))).to_owned()
    }
    let site = site();
    let guide = guide();
    let mut compared = 0;
    for code in codes(site) {
        let number = &code["code"];
        let html = text(site, &format!("{number}/index.html"));
        let all = words(html).join(" ");
        let mut says = |row: Option<String>, what: &str| {
            let row = row.unwrap_or_else(|| panic!("{number} has no row for {what:?}"));
            let wanted = what
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .to_lowercase();
            assert!(
                row.contains(&wanted),
                "{number}: {what:?} is not in {row:?}"
            );
            compared += 1;
        };
        let everywhere = || Some(all.to_lowercase());
        for key in ["phrase", "summary"] {
            says(everywhere(), code[key].as_str().unwrap());
        }
        says(
            everywhere(),
            &label(
                Registration::ALL,
                Registration::slug,
                Registration::label,
                &code["registration"],
            ),
        );
        says(
            row(html, "retry"),
            &label(Retry::ALL, Retry::slug, Retry::label, &code["retry"]),
        );
        says(
            row(html, "cacheable"),
            &label(
                Cacheability::ALL,
                Cacheability::slug,
                Cacheability::label,
                &code["cacheable"],
            ),
        );
        says(
            row(html, "content"),
            &label(
                ContentRule::ALL,
                ContentRule::slug,
                ContentRule::label,
                &code["content"],
            ),
        );
        if !code["method_on_redirect"].is_null() {
            let method = label(
                RedirectMethod::ALL,
                RedirectMethod::slug,
                RedirectMethod::label,
                &code["method_on_redirect"],
            );
            says(row(html, "method-on-redirect"), &method);
        }
        for (key, id) in [
            ("retry_note", "retry"),
            ("cacheable_note", "cacheable"),
            ("content_note", "content"),
        ] {
            if let Some(note) = code[key].as_str() {
                says(row(html, id), note);
            }
        }
        for sender in code["sent_by"].as_array().unwrap() {
            says(
                row(html, "sent-by"),
                &label(Sender::ALL, Sender::slug, Sender::label, sender),
            );
        }
        for contact in code["ask"].as_array().unwrap() {
            says(
                row(html, "ask"),
                &label(Contact::ALL, Contact::slug, Contact::label, contact),
            );
        }
        for field in strings(&code["required_fields"]) {
            says(row(html, "fields"), &format!("{field} required"));
        }
        for field in strings(&code["useful_fields"]) {
            says(row(html, "fields"), field);
        }
        for name in code["former_names"].as_array().unwrap() {
            says(row(html, "former-names"), name["phrase"].as_str().unwrap());
        }
        for topic in strings(&code["topics"]) {
            says(everywhere(), &guide.topics[topic].facts.title);
        }
        let hrefs = attributes(html, "href");
        for url in [&code["specification"]["url"]].into_iter().chain(
            code["meanings"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| &it["source"]),
        ) {
            if let Some(url) = url.as_str() {
                assert!(
                    hrefs.iter().any(|href| href == url),
                    "{number} does not link {url}"
                );
            }
        }
        for meaning in code["meanings"].as_array().unwrap() {
            for key in ["by", "says"] {
                says(everywhere(), meaning[key].as_str().unwrap());
            }
            says(
                everywhere(),
                &label(Seen::ALL, Seen::slug, Seen::label, &meaning["seen"]),
            );
        }
        for related in code["related"].as_array().unwrap() {
            let href = format!("../{related}/index.html");
            assert!(hrefs.contains(&href), "{number} does not link {related}");
        }
        assert_eq!(code["url"], format!("{number}/"));
        assert!(html.contains(code["checked"].as_str().unwrap()));
    }
    assert!(compared > 1000, "only {compared} facts were compared");
}

#[test]
fn the_words_of_the_schema_are_those_of_the_facts() {
    fn slugs<T: Copy>(all: &[T], slug: fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|value| slug(*value)).collect()
    }
    let schema = json(site(), "codes.schema.json");
    for (place, wanted) in [
        ("code/properties/class", slugs(&Class::ALL, Class::slug)),
        (
            "code/properties/registration",
            slugs(Registration::ALL, Registration::slug),
        ),
        (
            "code/properties/sent_by/items",
            slugs(Sender::ALL, Sender::slug),
        ),
        (
            "code/properties/cacheable",
            slugs(Cacheability::ALL, Cacheability::slug),
        ),
        (
            "code/properties/content",
            slugs(ContentRule::ALL, ContentRule::slug),
        ),
        ("code/properties/retry", slugs(Retry::ALL, Retry::slug)),
        (
            "code/properties/ask/items",
            slugs(Contact::ALL, Contact::slug),
        ),
        (
            "code/properties/method_on_redirect/anyOf/0",
            slugs(RedirectMethod::ALL, RedirectMethod::slug),
        ),
        ("meaning/properties/seen", slugs(Seen::ALL, Seen::slug)),
        ("verdict", slugs(Verdict::ALL, Verdict::slug)),
    ] {
        let words = schema.pointer(&format!("/$defs/{place}/enum"));
        assert_eq!(
            strings(words.unwrap_or_else(|| panic!("no {place}"))),
            wanted,
            "{place}"
        );
    }
}

#[test]
fn the_schema_knows_every_key_in_the_order_of_the_data() {
    fn keys(value: &Value) -> Vec<&String> {
        value.as_object().unwrap().keys().collect()
    }
    let site = site();
    let schema = json(site, "codes.schema.json");
    let data = json(site, "codes.json");
    let code = &data["codes"][0];
    let with = |key: &str| {
        let codes = data["codes"].as_array().unwrap().iter();
        codes
            .flat_map(|code| code[key].as_array().unwrap())
            .next()
            .unwrap()
    };
    for (object, of) in [
        (&data, ""),
        (&data["license"], "/properties/license"),
        (code, "/$defs/code"),
        (&code["specification"], "/$defs/specification"),
        (
            &code["retry_by_method"],
            "/$defs/code/properties/retry_by_method",
        ),
        (with("meanings"), "/$defs/meaning"),
        (
            with("former_names"),
            "/$defs/code/properties/former_names/items",
        ),
    ] {
        let of = schema.pointer(of).unwrap();
        assert_eq!(keys(object), keys(&of["properties"]));
        assert_eq!(keys(object), strings(&of["required"]));
        assert_eq!(of["additionalProperties"], false);
    }
}

/// The destinations of all links and pictures in a text, and what stands in
/// square brackets and is none.
fn links(markdown: &str) -> (Vec<String>, Vec<String>) {
    let mut left = Vec::new();
    let callback = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        left.push(link.reference.to_string());
        None
    };
    let parser = Parser::new_with_broken_link_callback(markdown, OPTIONS, Some(callback));
    let mut found = Vec::new();
    for event in parser {
        if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event {
            found.push(dest_url.to_string());
        }
    }
    (found, left)
}

/// Fails unless every link of `file` leads to a file of `site`, and to a part
/// that it has. Returns how many do.
fn check_links(site: &Site, file: &str) -> usize {
    let (links, left) = links(text(site, file));
    assert!(left.is_empty(), "{file} still has {left:?} in brackets");
    let mut inside = 0;
    for link in links {
        let (path, fragment) = link.split_once('#').unwrap_or((&link, ""));
        let target = if let Some(path) = path.strip_prefix(BASE) {
            if path.is_empty() || path.ends_with('/') {
                format!("{path}index.html")
            } else {
                path.to_owned()
            }
        } else if path.contains("://") {
            continue;
        } else {
            join(file, path)
        };
        inside += 1;
        assert!(
            site.get(&target).is_some(),
            "{file}: {link} leads to no file"
        );
        if !fragment.is_empty() {
            let ids = attributes(text(site, &target), "id");
            assert!(
                ids.iter().any(|id| id == fragment),
                "{file}: {link} leads to no part"
            );
        }
    }
    inside
}

/// The pages that have a companion.
fn all_pages(guide: &Guide) -> Vec<Route> {
    let pages = crate::content::pages(guide).into_iter();
    pages
        .map(|page| page.route)
        .filter(|route| *route != Route::NotFound)
        .collect()
}

#[test]
fn every_page_is_there_as_markdown_and_its_links_lead_somewhere() {
    let guide = guide();
    for (site, most) in [(site(), 0), (published(), 1)] {
        let mut inside = 0;
        for route in all_pages(&guide) {
            let file = route.beside(Companion::Markdown).file();
            assert!(text(site, &file).starts_with("# "), "{file} has no title");
            inside += check_links(site, &file);
            let relative = text(site, &file).matches("](../").count();
            assert!(most == 0 || relative == 0, "{file} has relative links");
        }
        assert!(inside > 2000, "only {inside} links into the guide");
    }
}

#[test]
fn markdown_keeps_every_word_of_the_text() {
    // The words of running text, without what marks them up.
    fn of(markdown: &str, guide: &Guide) -> Vec<String> {
        let callback = |link: BrokenLink<'_>| {
            guide.resolve(&link.reference).ok()?;
            Some((CowStr::from("x"), CowStr::from("")))
        };
        let parser = Parser::new_with_broken_link_callback(markdown, OPTIONS, Some(callback));
        let mut words = String::new();
        for event in parser {
            match event {
                Event::Text(text) | Event::Code(text) => words.push_str(&text),
                Event::End(_) | Event::SoftBreak => words.push(' '),
                _ => {}
            }
        }
        words.split_whitespace().map(str::to_owned).collect()
    }
    let guide = guide();
    let site = site();
    for page in crate::content::pages(&guide) {
        if page.route == Route::NotFound {
            continue;
        }
        let file = page.route.beside(Companion::Markdown).file();
        let after: BTreeSet<String> = of(text(site, &file), &guide).into_iter().collect();
        let names = |word: &String| {
            guide
                .resolve(word.trim_matches(['(', ')', '.', ',', ';', ':']))
                .is_ok()
        };
        let before = of(&page.file.text[page.body.clone()], &guide);
        let lost: Vec<&String> = before
            .iter()
            .filter(|word| !after.contains(*word) && !names(word))
            .collect();
        assert!(lost.is_empty(), "{file} has lost {lost:?}");
    }
}

#[test]
fn what_is_for_language_models_leads_to_every_page() {
    let guide = guide();
    for site in [site(), published()] {
        let list = text(site, "llms.txt");
        let lines: Vec<&str> = list.lines().filter(|line| !line.is_empty()).collect();
        assert!(lines[0].starts_with("# "), "the title comes first");
        assert!(lines[1].starts_with("> "), "then what it is");
        for line in lines.iter().skip_while(|line| !line.starts_with("## ")) {
            let is_item = line.starts_with("- [") && line.contains("): ");
            assert!(
                line.starts_with("## ") || is_item,
                "{line:?} is no link with a note"
            );
        }
        let (found, _) = links(list);
        let full = text(site, "llms-full.txt");
        for route in all_pages(&guide) {
            let file = route.beside(Companion::Markdown).file();
            let is_there = |link: &String| *link == file || *link == format!("{BASE}{file}");
            assert_eq!(
                found.iter().filter(|link| is_there(link)).count(),
                1,
                "{file}"
            );
            let title = text(site, &file).lines().next().unwrap();
            assert!(full.lines().any(|line| line == title), "{title} is missing");
        }
        check_links(site, "llms.txt");
        check_links(site, "llms-full.txt");
    }
}

#[test]
fn every_reference_of_the_openapi_document_leads_somewhere() {
    fn references<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
        match value {
            Value::Object(parts) => {
                found.extend(parts.get("$ref").and_then(Value::as_str));
                parts.values().for_each(|part| references(part, found));
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = json(site(), "openapi.json");
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 10, "{found:?}");
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn the_openapi_document_has_the_fields_of_each_error() {
    let site = site();
    let document = json(site, "openapi.json");
    let responses = document["components"]["responses"].as_object().unwrap();
    let by_status: BTreeMap<u64, &Value> = responses
        .values()
        .map(|response| {
            let content = &response["content"]["application/problem+json"];
            let examples = content["examples"].as_object().unwrap();
            let statuses: BTreeSet<u64> = examples
                .values()
                .map(|example| example["value"]["status"].as_u64().unwrap())
                .collect();
            assert_eq!(statuses.len(), 1, "{response}");
            (*statuses.first().unwrap(), response)
        })
        .collect();
    let common = [
        400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 428, 429, 500, 502, 503, 504,
    ];
    for status in common {
        assert!(by_status.contains_key(&status), "{status}");
    }
    for code in codes(site) {
        let Some(response) = by_status.get(&code["code"].as_u64().unwrap()) else {
            continue;
        };
        let none = serde_json::Map::new();
        let headers = response["headers"].as_object().unwrap_or(&none);
        let required = strings(&code["required_fields"]);
        let useful = strings(&code["useful_fields"]);
        let wanted: BTreeSet<&str> = (required.iter().chain(&useful).copied())
            .filter(|name| *name != "Content-Type")
            .collect();
        assert_eq!(
            headers.keys().map(String::as_str).collect::<BTreeSet<_>>(),
            wanted
        );
        for name in required {
            assert_eq!(headers[name]["required"], true, "{name}");
        }
    }
}

const ATOM: &str = "http://www.w3.org/2005/Atom";

#[test]
fn the_feed_has_what_atom_requires() {
    let site = published();
    assert!(
        crate::guide::site().get("feed.xml").is_none(),
        "without an address there are no ids"
    );
    let xml = Xml::parse(text(site, "feed.xml")).unwrap();
    let feed = xml.root_element();
    assert!(feed.has_tag_name((ATOM, "feed")));
    let children = |node: roxmltree::Node<'_, '_>, name: &str| -> Vec<String> {
        let named = node
            .children()
            .filter(|child| child.has_tag_name((ATOM, name)));
        named
            .map(|child| child.text().unwrap_or_default().to_owned())
            .collect()
    };
    let instant = |text: &str| {
        let day = text
            .strip_suffix("T00:00:00Z")
            .unwrap_or_else(|| panic!("{text}"));
        let date: toml::value::Datetime = day.parse().unwrap();
        Date::try_from(date).unwrap()
    };
    let entries: Vec<_> = feed
        .children()
        .filter(|child| child.has_tag_name((ATOM, "entry")))
        .collect();
    assert_eq!(entries.len(), guide().changes.len());
    let mut ids = BTreeSet::new();
    let mut days = Vec::new();
    for node in [feed].into_iter().chain(entries.iter().copied()) {
        for name in ["id", "title", "updated"] {
            let found = children(node, name);
            assert_eq!(found.len(), 1, "{name} of {node:?}");
            assert!(!found[0].trim().is_empty());
        }
        let id = children(node, "id").remove(0);
        assert!(id.starts_with(BASE), "{id} is not absolute");
        assert!(ids.insert(id.clone()), "{id} is there twice");
        days.push(instant(&children(node, "updated")[0]));
        for link in node
            .children()
            .filter(|child| child.has_tag_name((ATOM, "link")))
        {
            let href = link.attribute("href").unwrap();
            assert!(href.starts_with("https://"), "{href}");
            if let Some(path) = href.strip_prefix(BASE) {
                let (path, fragment) = path.split_once('#').unwrap_or((path, ""));
                let file = if path.ends_with('/') || path.is_empty() {
                    format!("{path}index.html")
                } else {
                    path.to_owned()
                };
                let html = text(site, &file);
                assert!(
                    fragment.is_empty() || attributes(html, "id").iter().any(|it| it == fragment),
                    "{href}"
                );
            }
        }
    }
    // The feed is as new as its first entry, and no entry is newer than the
    // one before it.
    assert_eq!(days[0], days[1]);
    assert!(days.windows(2).all(|pair| pair[0] >= pair[1]));
    let author = feed
        .children()
        .find(|child| child.has_tag_name((ATOM, "author")))
        .unwrap();
    assert_eq!(children(author, "name").len(), 1);
    let own: Vec<_> = feed
        .children()
        .filter(|child| child.attribute("rel") == Some("self"))
        .collect();
    assert_eq!(own[0].attribute("href"), Some(&*format!("{BASE}feed.xml")));
    assert!(
        entries
            .iter()
            .all(|entry| children(*entry, "content")[0].ends_with('.'))
    );
}

#[test]
fn the_description_of_the_search_keeps_to_opensearch() {
    let namespace = "http://a9.com/-/spec/opensearch/1.1/";
    let site = published();
    assert!(
        crate::guide::site().get("opensearch.xml").is_none(),
        "a template is absolute"
    );
    let xml = Xml::parse(text(site, "opensearch.xml")).unwrap();
    let root = xml.root_element();
    assert!(root.has_tag_name((namespace, "OpenSearchDescription")));
    let child = |name: &str| {
        root.children()
            .find(|child| child.has_tag_name((namespace, name)))
            .unwrap()
    };
    let name = child("ShortName").text().unwrap();
    assert!((1..=16).contains(&name.chars().count()), "{name}");
    assert!((1..=1024).contains(&child("Description").text().unwrap().chars().count()));
    assert_eq!(child("Url").attribute("type"), Some("text/html"));
    let template = child("Url").attribute("template").unwrap();
    let page = template.strip_suffix("?q={searchTerms}").unwrap();
    let file = format!("{}index.html", page.strip_prefix(BASE).unwrap());
    assert!(text(site, &file).contains("name=q"), "{file} reads no `q`");
    let icon = child("Image").text().unwrap().strip_prefix(BASE).unwrap();
    assert!(site.get(icon).is_some(), "{icon}");
}

/// Where browsers and readers find the two: on pages with room for it.
#[test]
fn the_feed_and_the_search_are_announced_where_they_exist() {
    let announced = |site: &Site| -> BTreeSet<String> {
        crate::guide::pages(site)
            .filter(|(_, bytes)| {
                let html = std::str::from_utf8(bytes).unwrap();
                let hrefs = attributes(html, "href");
                ["opensearch.xml", "feed.xml"]
                    .iter()
                    .all(|name| hrefs.iter().any(|href| href.ends_with(name)))
            })
            .map(|(file, _)| file.to_owned())
            .collect()
    };
    let pages = ["changes/index.html", "index.html", "reference/index.html"];
    assert_eq!(
        announced(published()),
        BTreeSet::from(pages.map(str::to_owned))
    );
    assert_eq!(announced(site()), BTreeSet::new());
}

/// A change in a project whose page `/changes/` shows it.
fn project_with(changes: &str) -> Project {
    let project = Project::new();
    project.write("content/changes.toml", changes);
    let text = page("Changes", "News.\n").replace("checked", "shows = \"changes\"\nchecked");
    project.write("content/pages/changes.md", text);
    project.edit(
        "content/pages/home.md",
        "[the index][reference]",
        "[the index][reference], [news][changes]",
    );
    project
}

fn change(id: &str, date: &str, page: &str) -> String {
    format!(
        "[[changes]]\nid = \"{id}\"\ndate = {date}\ntitle = \"T\"\nwhat = \"It changed.\"\npages = [\"{page}\"]\n\n"
    )
}

#[test]
fn a_change_is_shown_with_its_day_and_its_pages() {
    let project = project_with(&change("first", "2026-11-22", "404"));
    let html = String::from_utf8(project.build()["changes/index.html"].clone()).unwrap();
    for part in [
        "id=first",
        "22 November 2026",
        "It changed.",
        "href=../404/index.html",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
}

#[test]
fn what_is_wrong_with_a_change_is_said_at_its_place() {
    let right = change("first", "2026-11-22", "404");
    let at = |line: usize, column: usize, rule: &str| {
        format!("content/changes.toml:{line}:{column}: error[{rule}]")
    };
    for (changes, place, help) in [
        (change("first", "2026-11-22", "40x"), at(6, 10, "link"), ""),
        (
            change("first", "2026-11-22", "401-vs-402"),
            at(6, 10, "link"),
            "did you mean [401-vs-403]?",
        ),
        (
            change("first", "2026-11-22", "404#example"),
            at(6, 10, "link"),
            "without a fragment",
        ),
        (
            change("First One", "2026-11-22", "404"),
            at(2, 6, "invalid-value"),
            "lower-case",
        ),
        (
            change("first", "\"today\"", "404"),
            at(3, 8, "invalid-value"),
            "",
        ),
        (right.clone() + &right, at(9, 6, "duplicate"), "another id"),
        (
            right.clone() + &change("second", "2026-11-23", "404"),
            at(10, 8, "contradiction"),
            "newest change first",
        ),
        (
            right.replace("what", "why"),
            at(5, 1, "unknown-key"),
            "the keys here are id, date",
        ),
        (
            "changed = 1\n".to_owned() + &right,
            at(1, 1, "unknown-key"),
            "did you mean `changes`?",
        ),
        (
            String::new(),
            "content/pages/changes.md:1:1: error[contradiction]".to_owned(),
            "add `[[changes]]`",
        ),
    ] {
        project_with(&changes)
            .check()
            .exits(1)
            .says(&place)
            .says(help);
    }
}

#[test]
fn a_file_of_the_guide_is_linked_by_its_name() {
    let project = Project::new();
    project.edit(
        "content/pages/home.md",
        "[the index][reference]",
        "[the index][reference], [codes.json], [a table][codes.csv]",
    );
    let html = String::from_utf8(project.build()["index.html"].clone()).unwrap();
    assert!(html.contains("href=codes.json>codes.json<"), "{html}");
    assert!(html.contains("href=codes.csv>a table<"), "{html}");
    project.edit("content/pages/home.md", "[codes.json]", "[codes.jsn]");
    project.check().exits(1).says("did you mean [codes.json]?");
    project.edit("content/pages/home.md", "[codes.jsn]", "[feed.xml]");
    project
        .check()
        .exits(1)
        .says("`feed.xml` is no page of the guide");
}
