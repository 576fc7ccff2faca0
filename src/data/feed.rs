//! Owns: the feed of changes to the content (Atom, RFC 4287).
//!
//! Must not: know what changed; that stands in `content/changes.toml`.

use askama::Template;

use crate::data::codes::LICENCE;
use crate::load::facts::{Change, Shows};
use crate::load::guide::{Guide, Target};
use crate::route::{BaseUrl, Export, Route};

#[derive(Template)]
#[template(path = "feed.xml")]
struct FeedView<'g> {
    guide: &'g Guide,
    /// The address of the feed, which is its id.
    feed: String,
    /// The page that shows the same.
    page: String,
    licence: &'static str,
    updated: String,
    entries: Vec<EntryView<'g>>,
}

struct EntryView<'g> {
    change: &'g Change,
    /// The address of the change on its page, which is its id.
    address: String,
    updated: String,
    /// The pages that changed.
    pages: Vec<String>,
}

/// The feed, if the guide has changes, a page that shows them, and an address:
/// in Atom, ids and links are absolute. Ids are made of that address, so that
/// they stay as long as the guide stays where it is.
///
/// # Errors
/// If the template fails.
pub fn feed(guide: &Guide) -> anyhow::Result<Option<String>> {
    let (Some(base), Some(page), [newest, ..]) = (
        &guide.base,
        guide.page_that_shows(Shows::Changes),
        guide.changes.as_slice(),
    ) else {
        return Ok(None);
    };
    let page = base.absolute(&Guide::page_route(&page.slug));
    let entry = |change| entry(guide, base, &page, change);
    let view = FeedView {
        guide,
        feed: base.absolute(&Route::Export(Export::Feed)),
        licence: LICENCE.2,
        updated: instant(newest),
        entries: guide.changes.iter().map(entry).collect(),
        page: page.clone(),
    };
    Ok(Some(view.render()? + "\n"))
}

fn entry<'g>(guide: &Guide, base: &BaseUrl, page: &str, change: &'g Change) -> EntryView<'g> {
    let pages = change.pages.iter().filter_map(|page| {
        let Ok(Target::Page {
            route: Some(route), ..
        }) = guide.resolve(&page.value)
        else {
            return None;
        };
        Some(base.absolute(&route))
    });
    EntryView {
        change,
        address: format!("{page}#{}", change.id.value),
        updated: instant(change),
        pages: pages.collect(),
    }
}

/// The start of the day of a change, as RFC 3339 writes it.
fn instant(change: &Change) -> String {
    format!("{}T00:00:00Z", change.date.value.iso())
}
