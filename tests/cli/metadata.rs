//! What the heads of pages say to machines: fields for link previews, and
//! JSON-LD in the vocabulary of schema.org.

use std::collections::BTreeMap;

use serde_json::Value;
use status_guide::site::Site;

use crate::guide::{BASE, is_linked, loaded, pages, published_site, site};

/// The types that the guide uses, and the properties of each that schema.org
/// has and the guide may use; a star marks those that must be there.
const VOCABULARY: &[(&str, &[&str])] = &[
    ("WebSite", &["name*", "url*", "description", "inLanguage"]),
    (
        "TechArticle",
        &[
            "headline*",
            "description*",
            "url*",
            "image*",
            "dateModified*",
            "inLanguage*",
            "isPartOf*",
            "about",
        ],
    ),
    ("DefinedTerm", &["name*", "termCode*", "inDefinedTermSet*"]),
    ("DefinedTermSet", &["name*", "url*"]),
    ("BreadcrumbList", &["itemListElement*"]),
    ("ListItem", &["position*", "name*", "item*"]),
];

/// What a page says: its canonical address, its fields by name, and its data.
#[derive(Default)]
struct Head {
    canonical: Option<String>,
    fields: BTreeMap<String, String>,
    data: Vec<Value>,
}

fn head(html: &[u8]) -> Head {
    let mut head = Head::default();
    let mut in_data = false;
    for token in html5gum::Tokenizer::new(html) {
        let Ok(token) = token;
        match token {
            html5gum::Token::StartTag(tag) => {
                let get = |name: &str| {
                    let value = tag
                        .attributes
                        .iter()
                        .find(|(n, _)| ***n == *name.as_bytes());
                    value.map(|(_, value)| String::from_utf8(value.to_vec()).unwrap())
                };
                in_data = get("type").as_deref() == Some("application/ld+json");
                if *tag.name == *b"meta"
                    && let Some(name) = get("property").or_else(|| get("name"))
                {
                    let value = get("content").unwrap_or_default();
                    let before = head.fields.insert(name.clone(), value);
                    assert_eq!(before, None, "{name} is there twice");
                }
                if get("rel").as_deref() == Some("canonical") {
                    head.canonical = get("href");
                }
            }
            html5gum::Token::String(text) if in_data => {
                head.data.push(serde_json::from_slice(&text).unwrap());
            }
            html5gum::Token::EndTag(_) => in_data = false,
            _ => {}
        }
    }
    head
}

/// The file of an address of the site.
fn file_of(url: &str) -> String {
    let path = url
        .strip_prefix(BASE)
        .unwrap_or_else(|| panic!("{url} is not in {BASE}"));
    if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    }
}

/// Checks a thing of schema.org and everything in it.
fn check(site: &Site, file: &str, thing: &Value) {
    let kind = thing["@type"]
        .as_str()
        .unwrap_or_else(|| panic!("{file}: {thing} has no type"));
    let known = VOCABULARY.iter().find(|(name, _)| *name == kind);
    let (_, properties) = known.unwrap_or_else(|| panic!("{file}: {kind} is no type that is used"));
    let has = thing.as_object().unwrap();
    for property in has.keys().filter(|name| *name != "@type") {
        let is_known = properties
            .iter()
            .any(|known| known.trim_end_matches('*') == property);
        assert!(is_known, "{file}: {kind} has no {property}");
    }
    for needed in properties.iter().filter_map(|name| name.strip_suffix('*')) {
        assert!(has.contains_key(needed), "{file}: {kind} without {needed}");
    }
    for (name, value) in has {
        match (name.as_str(), value) {
            ("url" | "item" | "image", url) => {
                let target = file_of(url.as_str().unwrap());
                assert!(site.get(&target).is_some(), "{file}: {name} {url}");
            }
            ("position", number) => assert!(number.as_u64().is_some_and(|n| n > 0), "{file}"),
            ("itemListElement", list) => {
                for (at, item) in list.as_array().unwrap().iter().enumerate() {
                    assert_eq!(item["position"], at + 1, "{file}");
                    check(site, file, item);
                }
            }
            (_, Value::Object(_)) => check(site, file, value),
            (_, Value::String(text)) => assert!(!text.is_empty(), "{file}: {name} is empty"),
            other => panic!("{file}: {other:?}"),
        }
    }
}

#[test]
fn every_page_is_described_in_the_vocabulary_of_schema_org() {
    let site = published_site();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (file, html) in pages(site).filter(|(file, html)| is_linked(file, html)) {
        let head = head(html);
        let [data] = head.data.as_slice() else {
            panic!("{file} has {} data blocks", head.data.len());
        };
        assert_eq!(data["@context"], "https://schema.org", "{file}");
        let graph = data["@graph"].as_array().unwrap();
        for thing in graph {
            check(site, file, thing);
            *kinds.entry(thing["@type"].to_string()).or_default() += 1;
        }
        let page = &graph[0];
        assert_eq!(page["url"].as_str(), head.canonical.as_deref(), "{file}");
        assert_eq!(
            page["description"].as_str(),
            head.fields.get("description").map(String::as_str)
        );
        let Some(crumbs) = graph.get(1) else {
            assert_eq!(file, "index.html", "a page without breadcrumbs");
            continue;
        };
        let crumbs = crumbs["itemListElement"].as_array().unwrap();
        assert!(crumbs.len() > 1, "{file}");
        assert_eq!(crumbs[0]["item"], BASE, "{file}");
        assert_eq!(crumbs[crumbs.len() - 1]["item"], page["url"], "{file}");
    }
    assert_eq!(kinds["\"WebSite\""], 1);
    assert_eq!(kinds["\"TechArticle\""], kinds["\"BreadcrumbList\""]);
}

#[test]
fn the_page_of_a_code_defines_a_term() {
    let site = published_site();
    for document in loaded().codes {
        let facts = document.facts;
        let code = facts.code.value;
        let head = head(site.get(&format!("{code}/index.html")).unwrap());
        let term = &head.data[0]["@graph"][0]["about"];
        assert_eq!(term["@type"], "DefinedTerm");
        assert_eq!(term["termCode"], code.to_string());
        assert_eq!(term["name"], facts.phrase);
    }
}

#[test]
fn a_link_to_a_page_is_shown_with_its_title_and_a_picture_of_the_site() {
    let site = published_site();
    for (file, html) in pages(site).filter(|(file, html)| is_linked(file, html)) {
        let head = head(html);
        let field = |name: &str| {
            let value = head.fields.get(name);
            value
                .unwrap_or_else(|| panic!("{file} has no {name}"))
                .as_str()
        };
        assert_eq!(Some(field("og:url")), head.canonical.as_deref(), "{file}");
        assert_eq!(field("og:description"), field("description"), "{file}");
        assert_eq!(field("twitter:card"), "summary_large_image", "{file}");
        assert!(["article", "website"].contains(&field("og:type")), "{file}");
        let image = file_of(field("og:image"));
        assert!(site.get(&image).is_some(), "{file}: {image}");
        let own = file.strip_suffix("index.html");
        let own = own.map(|folder| format!("{folder}card.png"));
        let own = own.filter(|card| site.get(card).is_some());
        assert_eq!(image, own.as_deref().unwrap_or("card.png"), "{file}");
        assert_eq!(
            (field("og:image:width"), field("og:image:height")),
            ("1200", "630")
        );
        assert!(
            !field("og:image:alt").is_empty() && !field("og:title").is_empty(),
            "{file}"
        );
    }
}

#[test]
fn without_an_address_a_page_claims_nothing_about_it() {
    for (site, file) in [(site(), "404/index.html"), (published_site(), "404.html")] {
        let head = head(site.get(file).unwrap());
        assert_eq!((head.canonical, head.data.len()), (None, 0), "{file}");
        let previews = head.fields.keys().filter(|name| name.contains(':'));
        assert_eq!(previews.collect::<Vec<_>>(), [""; 0], "{file}");
    }
}

#[test]
fn a_card_for_other_pages_sends_search_engines_to_the_page_itself() {
    let site = published_site();
    let cards = pages(site).filter(|(file, _)| file.ends_with("/card.html"));
    let mut count = 0;
    for (file, html) in cards {
        let head = head(html);
        assert_eq!(head.fields["robots"], "noindex", "{file}");
        let page = file_of(&head.canonical.unwrap());
        assert_eq!(page, file.replace("card.html", "index.html"));
        count += 1;
    }
    assert_eq!(count, loaded().codes.len());
}

#[test]
fn no_text_can_end_the_data_block() {
    let project = crate::project::Project::new();
    project.edit(
        "content/codes/404.md",
        "summary = \"",
        "summary = \"A </script><b> ends it & \\\"so\\\" on. ",
    );
    project.run(&["build", "--base-url", BASE]).exits(0);
    let html = project.read("dist/404/index.html");
    let head = head(html.as_bytes());
    let description = head.data[0]["@graph"][0]["description"].as_str().unwrap();
    assert!(
        description.starts_with("A </script><b> ends it & \"so\" on. "),
        "{description}"
    );
}
