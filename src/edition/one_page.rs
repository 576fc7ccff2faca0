//! Owns: the one-file edition, which holds the whole guide and prints well.
//!
//! Must not: decide what is in the book.

use askama::Template;

use crate::edition::book::{Book, Chapter, Markup, Target};
use crate::load::guide::Guide;
use crate::render::views::Frame;
use crate::route::{Export, Route};

/// The level of the heading of a chapter: the book has the first, a part the
/// second.
const CHAPTER_LEVEL: u8 = 3;

#[derive(Template)]
#[template(path = "one_page.html")]
struct OnePageView<'g> {
    frame: Frame<'g>,
    book: &'g Book,
}

impl OnePageView<'_> {
    fn markup(chapter: &Chapter) -> Markup {
        chapter.markup(CHAPTER_LEVEL, |target| {
            Some(match target {
                Target::Chapter { id, part } => format!("#{}", part.as_ref().unwrap_or(id)),
                Target::File(path) => path.clone(),
                Target::External(url) => url.clone(),
            })
        })
    }
}

/// The page.
///
/// # Errors
/// If the template fails.
pub fn html(guide: &Guide, book: &Book) -> anyhow::Result<String> {
    let site = &guide.site;
    let mut frame = Frame::new(
        guide,
        Route::Export(Export::OnePage),
        format!("All of {}", site.title),
        &site.description,
        book.checked,
        // It is made of many files.
        None,
    );
    frame.has_rail = false;
    // The pages that have stylesheets of their own are chapters here.
    frame.styles = &["home.css", "topics.css", "facts.css", "book.css"];
    frame.crumb("On one page");
    Ok(OnePageView { frame, book }.render()?)
}
