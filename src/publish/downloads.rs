//! Owns: the forms in which the whole guide can be taken along, and what the
//! home page says of them.
//!
//! Must not: know how any of them looks inside.

use askama::Template;
use rayon::prelude::*;

use crate::edition::archive::{self, Entry};
use crate::edition::book::{self, Book};
use crate::edition::epub;
use crate::edition::one_page;
use crate::load::guide::Guide;
use crate::output::cache::Cache;
use crate::publish::offline;
use crate::render::views::DOWNLOADS_SLOT;
use crate::route::{Export, Route};
use crate::site::{Bytes, Site, digest};

/// The folder that everything in the archive lies in.
const FOLDER: &str = "http-status-codes";

/// The preview cards, which lie beside pages. Only a network asks for them,
/// to show what a link leads to, and they are large.
const CARD: &str = "/card.png";

/// What the home page offers.
#[derive(Template)]
#[template(path = "downloads.html")]
struct DownloadsView {
    /// The archive and its size, where it is there to be had. What is made when
    /// somebody asks for it has no size yet.
    archive: Option<(String, Option<Size>)>,
    ebook: (String, Option<Size>),
    one_page: String,
}

/// What it says where there is nothing.
#[derive(Template)]
#[template(source = "<p>This build has none of it.</p>", ext = "html")]
struct NothingView;

/// A number of bytes as readers see it: in megabytes, rounded up.
struct Size(usize);

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = self.0.div_ceil(100_000);
        write!(f, "{}.{} MB", tenths / 10, tenths % 10)
    }
}

/// Adds the one-file edition, the e-book and the archive to `site`, which has
/// all its other files, and offers them on the home page. The archive also has
/// what a hosted copy needs, since it may be unpacked on a host.
///
/// # Errors
/// If one of them cannot be made.
pub fn add(guide: &Guide, cache: &Cache, site: &mut Site) -> anyhow::Result<()> {
    let home = Route::Home.file();
    let page = site.file(&home).map(Bytes::text);
    let page = page.unwrap_or_default().into_owned();
    let book = Book::read(guide, site)?;
    let one_page = one_page::html(guide, &book)?;
    let ebook = {
        let all = digest_of(site);
        let mut parts = [epub::SOURCES, book::SOURCES, archive::SOURCES].concat();
        parts.extend([one_page.as_bytes(), all.as_bytes()]);
        cache.get_or_make(&file(Export::Ebook), &parts, || epub::file(guide, &book))?
    };
    let offer = |archive: Option<&[u8]>| {
        let view = DownloadsView {
            archive: archive.map(|bytes| (link(Export::Archive), Some(Size(bytes.len())))),
            ebook: (link(Export::Ebook), Some(Size(ebook.bytes.len()))),
            one_page: link(Export::OnePage),
        };
        let html = view.render()?;
        anyhow::Ok(page.replace(DOWNLOADS_SLOT, &html).into_bytes())
    };
    // The home page shows the size of an archive that has a home page in it.
    // The one in there does not offer the archive: so its size does not depend
    // on itself, and whoever has unpacked it finds no link to what is not there.
    site.replace(&home, offer(None)?);
    site.insert(file(Export::OnePage), one_page.into_bytes());
    site.insert_costly(
        file(Export::Ebook),
        ebook.bytes.clone(),
        ebook.fingerprint.clone(),
    );
    let mut inside = site.clone();
    offline::add(guide, guide.site.offline, &mut inside)?;
    let all = digest_of(&inside);
    let mut parts = archive::SOURCES.to_vec();
    parts.push(all.as_bytes());
    let archive = cache.get_or_make(&file(Export::Archive), &parts, || archive(&inside))?;
    site.replace(&home, offer(Some(&archive.bytes))?);
    site.insert_costly(file(Export::Archive), archive.bytes, archive.fingerprint);
    Ok(())
}

/// Promises the editions and the archive, and offers them on the home page:
/// most of the time that a build takes goes into them, and who writes seldom
/// looks at one.
///
/// # Errors
/// If the template fails.
pub fn promise(site: &mut Site) -> anyhow::Result<()> {
    let view = DownloadsView {
        archive: Some((link(Export::Archive), None)),
        ebook: (link(Export::Ebook), None),
        one_page: link(Export::OnePage),
    };
    show_offer(site, &view.render()?);
    for export in [Export::OnePage, Export::Ebook, Export::Archive] {
        site.promise(file(export));
    }
    Ok(())
}

/// Says on the home page of `site` that it has nothing to take along.
///
/// # Errors
/// If the template fails.
pub fn offer_none(site: &mut Site) -> anyhow::Result<()> {
    show_offer(site, &NothingView.render()?);
    Ok(())
}

/// Puts `html` on the home page, where what can be taken along is offered.
fn show_offer(site: &mut Site, html: &str) {
    let home = Route::Home.file();
    let page = site.file(&home).map(Bytes::text);
    let page = page.unwrap_or_default().replace(DOWNLOADS_SLOT, html);
    site.replace(&home, page.into_bytes());
}

/// Stands for everything in `site`: what a file that holds all of it is made of.
fn digest_of(site: &Site) -> String {
    let files: Vec<[String; 2]> = (site.par_iter())
        .map(|(path, bytes)| [path.to_owned(), bytes.digest()])
        .collect();
    digest(files.iter().flatten().map(String::as_bytes))
}

fn file(export: Export) -> String {
    Route::Export(export).file()
}

/// The link from the home page.
fn link(export: Export) -> String {
    Route::Home.link_to(&Route::Export(export))
}

/// Everything in `site` but the preview cards, in one folder, so that whoever
/// unpacks it finds it again.
fn archive(site: &Site) -> anyhow::Result<Vec<u8>> {
    let entries = site.iter().filter(|(path, _)| !path.ends_with(CARD));
    let entries = entries.map(|(path, bytes)| {
        let pieces = bytes.pieces().iter().map(|piece| &**piece);
        Entry::in_pieces(format!("{FOLDER}/{path}"), pieces)
    });
    archive::zip(&entries.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_never_less_than_it_is() {
        for (bytes, shown) in [
            (1, "0.1 MB"),
            (100_000, "0.1 MB"),
            (100_001, "0.2 MB"),
            (1_234_567, "1.3 MB"),
        ] {
            assert_eq!(Size(bytes).to_string(), shown);
        }
    }
}
