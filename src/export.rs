//! Owns: which files the guide has besides its pages, and when each is made:
//! for programs, for search engines, for hosts.
//!
//! Must not: know how such a file looks inside, if that takes more than a few
//! lines; each of those has a file of its own.

use askama::Template;

use crate::content::Date;
use crate::guide::Guide;
use crate::output::Site;
use crate::render::Bodies;
use crate::route::{Export, Route};
use crate::search_index;

/// Adds every file that is no page to the pages of `site`. A file of the same
/// name in `static/` goes before what is made here.
///
/// # Errors
/// If one of them cannot be made.
pub fn add(guide: &Guide, bodies: &Bodies, site: &mut Site) -> anyhow::Result<()> {
    let mut insert = |export: Export, text: String| {
        site.insert(Route::Export(export).file(), text.into_bytes());
    };
    insert(Export::NoJekyll, String::new());
    insert(Export::SearchIndex, search_index::script(guide)?);
    insert(Export::Robots, robots(guide));
    if let Some(sitemap) = sitemap(guide, bodies)? {
        insert(Export::Sitemap, sitemap);
    }
    Ok(())
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
