//! Owns: the addresses that pages had once. Which there are, that none of them
//! is taken, and the small page at each that leads on.
//!
//! Must not: know what else a page has, or write files.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, SourceFile, Span};
use crate::load::content::{Alias, Document};
use crate::load::front_matter::Located;
use crate::load::guide::Guide;
use crate::route::Route;

/// Where an old address leads.
struct Lead {
    target: Route,
    title: String,
    /// Where the alias is written.
    alias: Span,
}

impl Lead {
    fn new(page: &Page<'_>, alias: Span) -> Self {
        Self {
            target: page.route.clone(),
            title: page.title.clone(),
            alias,
        }
    }
}

/// The page at an old address.
#[derive(Template)]
#[template(path = "alias.html")]
struct AliasView<'g> {
    site_title: &'g str,
    language: &'g str,
    /// The old address.
    address: &'g str,
    /// Where the page is now.
    href: String,
    /// Its title.
    title: &'g str,
    /// Its address, if the guide knows where it is published.
    canonical: Option<String>,
    script: String,
}

/// The page at each old address. An address that two pages claim goes to
/// `diagnostics`.
///
/// # Errors
/// If the template fails.
pub fn pages(guide: &Guide, diagnostics: &mut Diagnostics) -> askama::Result<Vec<(Route, String)>> {
    let leads = leads(guide, diagnostics);
    let pages = leads.iter().map(|(address, lead)| {
        let route = Route::Alias(address.clone());
        let view = AliasView {
            site_title: &guide.site.title,
            language: &guide.site.language,
            address,
            href: route.link_to(&lead.target),
            title: &lead.title,
            canonical: guide.base.as_ref().map(|base| base.absolute(&lead.target)),
            script: route.link_to(&Route::Static("alias.js".to_owned())),
        };
        Ok((route, view.render()?))
    });
    pages.collect()
}

/// A page of the guide, and what its file says of its former addresses.
struct Page<'g> {
    route: Route,
    title: String,
    file: &'g Arc<SourceFile>,
    aliases: &'g [Located<Alias>],
}

impl<'g> Page<'g> {
    fn new<F>(route: Route, title: String, document: &'g Document<F>) -> Self {
        Self {
            route,
            title,
            file: &document.file,
            aliases: &document.aliases,
        }
    }
}

fn all_pages(guide: &Guide) -> impl Iterator<Item = Page<'_>> {
    let codes = guide.codes.iter().map(|(code, d)| {
        let title = format!("{code} {}", d.facts.phrase);
        Page::new(Route::Code(*code), title, d)
    });
    let classes = guide.classes.iter().map(|(class, d)| {
        let title = format!("{class} {}", d.facts.name);
        Page::new(Route::Class(*class), title, d)
    });
    let comparisons = guide.comparisons.iter().map(|(slug, d)| {
        let title = slug.replace('-', " ");
        Page::new(Route::Comparison(slug.clone()), title, d)
    });
    let topics = (guide.topics.iter())
        .map(|(slug, d)| Page::new(Route::Topic(slug.clone()), d.facts.title.clone(), d));
    let pages = (guide.pages.iter())
        .map(|(slug, d)| Page::new(Guide::page_route(slug), d.facts.title.clone(), d));
    codes
        .chain(classes)
        .chain(comparisons)
        .chain(topics)
        .chain(pages)
}

/// Every old address and where it leads. A comparison of two codes is found in
/// the other order as well, unless a page or an alias is there.
fn leads(guide: &Guide, diagnostics: &mut Diagnostics) -> BTreeMap<String, Lead> {
    let taken: BTreeMap<String, &Arc<SourceFile>> = all_pages(guide)
        .map(|page| (page.route.file(), page.file))
        .collect();
    let page_at = |address: &str| taken.get(&Route::Alias(address.to_owned()).file());
    let mut leads: BTreeMap<String, Lead> = BTreeMap::new();
    for page in all_pages(guide) {
        for alias in page.aliases {
            let address = alias.value.as_str();
            let other = match (page_at(address), leads.get(address)) {
                (Some(file), _) => format!("the page of {}", file.name),
                (None, Some(Lead { alias, .. })) => {
                    let (line, column) = alias.position();
                    format!("an alias in {}:{line}:{column}", alias.file.name)
                }
                (None, None) => {
                    let lead = Lead::new(&page, alias.span.clone());
                    leads.insert(address.to_owned(), lead);
                    continue;
                }
            };
            diagnostics.push(
                Diagnostic::new(
                    Rule::Duplicate,
                    alias.span.clone(),
                    format!("/{address}/ is the address of {other} already"),
                )
                .help("delete this alias: it is for an address that no page has any more"),
            );
        }
    }
    for page in all_pages(guide) {
        if let Some(address) = reversed(guide, &page.route)
            && page_at(&address).is_none()
        {
            let lead = || Lead::new(&page, Span::start_of(page.file));
            leads.entry(address).or_insert_with(lead);
        }
    }
    leads
}

/// The name of a comparison of two codes in the other order: `403-vs-401`.
fn reversed(guide: &Guide, route: &Route) -> Option<String> {
    let Route::Comparison(slug) = route else {
        return None;
    };
    match guide.comparisons.get(slug)?.facts.codes.as_slice() {
        [first, second] => Some(format!("{}-vs-{}", second.value, first.value)),
        _ => None,
    }
}
