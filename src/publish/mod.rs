//! Owns: which files the guide has besides its pages, and when each is made:
//! for programs, for search engines, for hosts.
//!
//! Must not: know how such a file looks inside, if that takes more than a few
//! lines; each of those has a file of its own.

pub mod companions;
pub mod downloads;
pub mod offline;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use rayon::prelude::*;

use crate::data::codes;
use crate::data::feed;
use crate::data::openapi;
use crate::data::plain;
use crate::data::schema;
use crate::data::search_index;
use crate::load::facts::Date;
use crate::load::guide::{Guide, REFERENCE};
use crate::output::cache::Cache;
use crate::render::Bodies;
use crate::route::{Companion, Export, Route};
use crate::site::{Bytes, Site};
use crate::timings::Timings;

/// The most characters of a search engine's name (OpenSearch 1.1).
const SHORT_NAME: usize = 16;

/// How much of a site is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything.
    Whole,
    /// Pages and the data beside them, without what takes longest and holds the
    /// same again: preview cards, the e-book, the archive, the one-file edition.
    Pages,
    /// What somebody sees who writes: the plain texts, the editions and the
    /// archive are promised alone, and no worker stays behind in the writer's browser.
    Preview,
}

/// The files that are made of the guide alone, those first that take longest.
const EXPORTS: [Export; 11] = [
    Export::SearchIndex,
    Export::CodesJson,
    Export::CodesCsv,
    Export::CodesSchema,
    Export::OpenApi,
    Export::Llms,
    Export::Feed,
    Export::Sitemap,
    Export::OpenSearch,
    Export::NoJekyll,
    Export::Robots,
];

/// One of them; none if this guide has none.
fn export(export: Export, guide: &Guide, bodies: &Bodies) -> anyhow::Result<Option<String>> {
    Ok(match export {
        Export::SearchIndex => Some(search_index::script(guide)?),
        Export::CodesJson => Some(codes::codes_json(guide)?),
        Export::CodesCsv => Some(codes::codes_csv(guide)?),
        Export::CodesSchema => Some(schema::schema(guide)?),
        Export::OpenApi => Some(openapi::document(guide)?),
        Export::Llms => Some(plain::llms(guide)),
        Export::Feed => feed::feed(guide)?,
        Export::Sitemap => sitemap(guide, bodies)?,
        Export::OpenSearch => open_search(guide)?,
        Export::NoJekyll => Some(String::new()),
        Export::Robots => Some(robots(guide)),
        // Made of the pages.
        Export::LlmsFull
        | Export::OnePage
        | Export::Ebook
        | Export::Archive
        | Export::Manifest
        | Export::Hosted
        | Export::Worker => None,
    })
}

/// Adds every file that is no page to the pages of `site`. A file of the same
/// name in `static/` goes before what is made here.
///
/// # Errors
/// If one of them cannot be made.
pub fn add(
    guide: &Guide,
    bodies: &Bodies,
    extent: Extent,
    cache: &Cache,
    timings: &mut Timings,
    site: &mut Site,
) -> anyhow::Result<()> {
    if extent != Extent::Pages {
        companions::add_preview_cards(guide, bodies, cache, site)?;
        timings.made("preview cards", site);
    }
    companions::add(guide, site)?;
    timings.made("badges, cards", site);
    let exports: Vec<Option<String>> = (EXPORTS.par_iter())
        .map(|it| export(*it, guide, bodies))
        .collect::<anyhow::Result<_>>()?;
    for (export, text) in EXPORTS.iter().zip(exports) {
        if let Some(text) = text {
            site.insert(Route::Export(*export).file(), text);
        }
    }
    for document in guide.codes.values() {
        let file = Route::Code(document.facts.code.value).beside(Companion::Json);
        let json = codes::code_json(guide, &document.facts)?;
        site.insert(file.file(), json.into_bytes());
    }
    timings.made("data", site);
    if extent == Extent::Preview {
        promise_texts(bodies, site);
    } else {
        add_texts(guide, bodies, site);
        timings.made("Markdown", site);
    }
    // Last, because the archive has everything else in it.
    match extent {
        Extent::Whole => {
            downloads::add(guide, cache, site)?;
            timings.made("downloads", site);
        }
        Extent::Pages => downloads::offer_none(site)?,
        Extent::Preview => downloads::promise(site)?,
    }
    // After that nothing changes, and what a hosted copy needs can list it.
    let offline = guide.site.offline && extent != Extent::Preview;
    offline::add(guide, offline, site)?;
    timings.made("offline", site);
    Ok(())
}

/// Promises what says again what the pages say, as plain text.
fn promise_texts(bodies: &Bodies, site: &mut Site) {
    for page in bodies.keys().filter(|page| **page != Route::NotFound) {
        site.promise(page.beside(Companion::Markdown).file());
    }
    site.promise(Route::Export(Export::LlmsFull).file());
}

/// Adds it.
fn add_texts(guide: &Guide, bodies: &Bodies, site: &mut Site) {
    let texts: BTreeMap<&Route, (Bytes, Arc<[u8]>)> = (bodies.par_iter())
        .filter_map(|(page, _)| {
            let draft = plain::page(guide, page)?;
            let beside = draft.beside(guide, page).into();
            Some((page, (beside, plain::page_in_full(guide, &draft))))
        })
        .collect();
    let all = plain::llms_full(guide, |page| Some(Arc::clone(&texts.get(page)?.1)));
    site.insert(Route::Export(Export::LlmsFull).file(), all);
    for (page, (beside, _)) in texts {
        site.insert(page.beside(Companion::Markdown).file(), beside);
    }
}

/// One of them, if `file` is one.
pub fn promised_text(guide: &Guide, bodies: &Bodies, file: &str) -> Option<Bytes> {
    if file == Route::Export(Export::LlmsFull).file() {
        return Some(plain::llms_full(guide, |page| {
            Some(plain::page_in_full(guide, &plain::page(guide, page)?))
        }));
    }
    let mut pages = bodies.keys();
    let page = pages.find(|page| page.beside(Companion::Markdown).file() == file)?;
    Some(plain::page(guide, page)?.beside(guide, page).into())
}

fn robots(guide: &Guide) -> String {
    let mut text = "User-agent: *\nAllow: /\n".to_owned();
    if let Some(base) = &guide.base {
        text.push_str("Sitemap: ");
        text.push_str(&base.absolute(&Route::Export(Export::Sitemap)));
        text.push('\n');
    }
    text
}

#[derive(Template)]
#[template(path = "sitemap.xml")]
struct SitemapView {
    pages: Vec<(String, Date)>,
}

/// The sitemap, if the guide knows where it is published.
fn sitemap(guide: &Guide, bodies: &Bodies) -> anyhow::Result<Option<String>> {
    let Some(base) = &guide.base else {
        return Ok(None);
    };
    let pages = bodies
        .keys()
        .filter_map(|route| Some((base.absolute(route), guide.checked(route)?)));
    Ok(Some(
        SitemapView {
            pages: pages.collect(),
        }
        .render()?,
    ))
}

#[derive(Template)]
#[template(path = "opensearch.xml")]
struct OpenSearchView<'g> {
    name: String,
    description: &'g str,
    results: String,
    icon: String,
    language: &'g str,
}

/// How a browser searches the guide, if the guide knows where it is published.
fn open_search(guide: &Guide) -> anyhow::Result<Option<String>> {
    let Some(base) = &guide.base else {
        return Ok(None);
    };
    let view = OpenSearchView {
        name: first_words(&guide.site.title, SHORT_NAME),
        description: &guide.site.description,
        results: base.absolute(&Route::Page(REFERENCE.to_owned())),
        icon: base.absolute(&Route::Static("favicon.svg".to_owned())),
        language: &guide.site.language,
    };
    Ok(Some(view.render()? + "\n"))
}

/// As many words of `text` as fit into `most` characters, or a part of the
/// first.
fn first_words(text: &str, most: usize) -> String {
    let mut short = String::new();
    for word in text.split_whitespace() {
        let more = usize::from(!short.is_empty()) + word.chars().count();
        if short.chars().count() + more > most {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    if short.is_empty() {
        short = text.chars().take(most).collect();
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_the_words_that_fit() {
        assert_eq!(
            first_words("HTTP Status Codes Explained", 16),
            "HTTP Status"
        );
        assert_eq!(first_words("Codes", 5), "Codes");
        assert_eq!(first_words("Statuscodes", 6), "Status");
    }
}
