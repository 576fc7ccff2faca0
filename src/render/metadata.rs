//! Owns: what the head of a page says to machines, if the guide knows where it
//! is published: the fields that make a link preview (Open Graph), and the same
//! page in the vocabulary of schema.org (JSON-LD).
//!
//! Must not: say anything that the page does not say.

use std::fmt;

use askama::filters::HtmlSafe;
use serde::Serialize;

use crate::load::facts::Date;
use crate::load::guide::{Guide, REFERENCE};
use crate::route::{BaseUrl, Companion, Route, resolve};

/// What is known of a page before it is rendered.
pub struct About<'g> {
    /// The guide.
    pub guide: &'g Guide,
    /// Which page.
    pub route: &'g Route,
    /// Its title.
    pub title: &'g str,
    /// The sentence about it.
    pub description: &'g str,
    /// From the root to the page, with relative links; the last has none.
    pub crumbs: &'g [(Option<String>, String)],
    /// The day on which its facts were checked.
    pub checked: Date,
}

/// What the head of a page says to machines.
pub struct Metadata {
    /// The address of the page.
    pub url: String,
    /// What kind of thing it is, in the words of Open Graph.
    pub kind: &'static str,
    /// The address of the picture, and what it shows.
    pub image: String,
    /// See there.
    pub image_text: String,
    /// The language with its country, if that is known: `en_GB`.
    pub locale: Option<String>,
    /// The page as JSON-LD.
    pub json_ld: JsonLd,
}

impl Metadata {
    /// What the head of a page says; `None` if the guide does not know where it
    /// is published, or the page has no address of its own.
    pub fn of(about: &About<'_>) -> Option<Self> {
        let base = about.guide.base.as_ref()?;
        if *about.route == Route::NotFound {
            return None;
        }
        let site = &about.guide.site;
        let pictured = pictured(about.route);
        let is_own = pictured == about.route;
        Some(Self {
            url: base.absolute(about.route),
            kind: if *about.route == Route::Home {
                "website"
            } else {
                "article"
            },
            image: base.absolute(&pictured.beside(Companion::PreviewCard)),
            image_text: if is_own { about.title } else { &site.title }.to_owned(),
            locale: (site.language.split_once('-'))
                .map(|(language, country)| format!("{language}_{country}")),
            json_ld: JsonLd::of(about, base),
        })
    }
}

/// The page whose preview card stands for `route`: pages without one of their
/// own have that of the guide.
fn pictured(route: &Route) -> &Route {
    match route {
        Route::Code(_) | Route::Class(_) | Route::Comparison(_) => route,
        _ => &Route::Home,
    }
}

/// A data block that can stand in a page as it is: no `<` is left in it that
/// could end it.
pub struct JsonLd(String);

impl fmt::Display for JsonLd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for JsonLd {}

impl JsonLd {
    fn of(about: &About<'_>, base: &BaseUrl) -> Self {
        let mut graph = vec![node(about, base)];
        graph.extend(breadcrumbs(about, base));
        let document = Document {
            context: "https://schema.org",
            graph,
        };
        // Strings and numbers can always be written.
        let text = serde_json::to_string(&document).unwrap_or_default();
        Self(text.replace('<', "\\u003c"))
    }
}

#[derive(Serialize)]
struct Document {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    graph: Vec<Node>,
}

/// The types of schema.org that the guide uses, with the properties of each.
#[derive(Serialize)]
#[serde(tag = "@type", rename_all_fields = "camelCase")]
enum Node {
    WebSite {
        name: String,
        url: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        in_language: Option<String>,
    },
    TechArticle {
        headline: String,
        description: String,
        url: String,
        image: String,
        date_modified: String,
        in_language: String,
        is_part_of: Box<Node>,
        #[serde(skip_serializing_if = "Option::is_none")]
        about: Option<Box<Node>>,
    },
    DefinedTerm {
        name: String,
        term_code: String,
        in_defined_term_set: Box<Node>,
    },
    DefinedTermSet {
        name: String,
        url: String,
    },
    BreadcrumbList {
        item_list_element: Vec<Node>,
    },
    ListItem {
        position: usize,
        name: String,
        item: String,
    },
}

/// The page itself.
fn node(about: &About<'_>, base: &BaseUrl) -> Node {
    let site = &about.guide.site;
    let (name, url) = (site.title.clone(), base.absolute(&Route::Home));
    if *about.route == Route::Home {
        return Node::WebSite {
            name,
            url,
            description: Some(about.description.to_owned()),
            in_language: Some(site.language.clone()),
        };
    }
    Node::TechArticle {
        headline: about.title.to_owned(),
        description: about.description.to_owned(),
        url: base.absolute(about.route),
        image: base.absolute(&pictured(about.route).beside(Companion::PreviewCard)),
        date_modified: about.checked.iso(),
        in_language: site.language.clone(),
        is_part_of: Box::new(Node::WebSite {
            name,
            url,
            description: None,
            in_language: None,
        }),
        about: term(about, base).map(Box::new),
    }
}

/// The code that the page is about.
fn term(about: &About<'_>, base: &BaseUrl) -> Option<Node> {
    let Route::Code(code) = about.route else {
        return None;
    };
    let facts = &about.guide.codes.get(code)?.facts;
    let index = about.guide.pages.get(REFERENCE)?;
    Some(Node::DefinedTerm {
        name: facts.phrase.clone(),
        term_code: code.to_string(),
        in_defined_term_set: Box::new(Node::DefinedTermSet {
            name: index.facts.title.clone(),
            url: base.absolute(&Route::Page(REFERENCE.to_owned())),
        }),
    })
}

/// The way to the page, if there is one: crumbs that lead nowhere are no part
/// of it.
fn breadcrumbs(about: &About<'_>, base: &BaseUrl) -> Option<Node> {
    let own = base.absolute(about.route);
    let last = about.crumbs.len().checked_sub(1)?;
    let steps = about.crumbs.iter().enumerate().filter_map(|(at, crumb)| {
        let (href, text) = crumb;
        let item = match href {
            Some(href) if href.contains("://") => href.clone(),
            Some(href) => base.absolute_file(&resolve(&about.route.file(), href)?),
            None if at == last => own.clone(),
            None => return None,
        };
        Some((text.clone(), item))
    });
    let steps: Vec<(String, String)> = steps.collect();
    (steps.len() > 1).then(|| Node::BreadcrumbList {
        item_list_element: (1..)
            .zip(steps)
            .map(|(position, (name, item))| Node::ListItem {
                position,
                name,
                item,
            })
            .collect(),
    })
}
