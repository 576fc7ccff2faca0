//! Owns: the e-book, an EPUB 3 publication: its files, and what reading
//! systems are told about it.
//!
//! Must not: decide what is in the book, or know how a ZIP file is made.

use anyhow::Context;
use askama::Template;
use uuid::Uuid;

use crate::edition::archive::{self, Entry};
use crate::edition::book::{Book, Chapter, Markup, Target};
use crate::load::guide::Guide;
use crate::status::StatusCode;

/// Says which file the publication begins with.
/// Everything but the guide that decides on the bytes of an e-book.
pub const SOURCES: &[&[u8]] = &[
    include_bytes!("epub.rs"),
    include_bytes!("../../templates/epub/chapter.xhtml"),
    include_bytes!("../../templates/epub/container.xml"),
    include_bytes!("../../templates/epub/cover.svg"),
    include_bytes!("../../templates/epub/cover.xhtml"),
    include_bytes!("../../templates/epub/nav.xhtml"),
    include_bytes!("../../templates/epub/package.opf"),
    include_bytes!("../../templates/epub/style.css"),
    include_bytes!("../../templates/epub/title.xhtml"),
];

const CONTAINER: &str = include_str!("../../templates/epub/container.xml");
const STYLE: &str = include_str!("../../templates/epub/style.css");

/// The most letters of a line of the title on the cover.
const COVER_LINE: usize = 12;

/// What the book as a whole says of itself.
struct Facts<'g> {
    title: &'g str,
    language: &'g str,
    description: &'g str,
    rights: &'g str,
    book: &'g Book,
}

#[derive(Template)]
#[template(path = "epub/package.opf", escape = "html")]
struct PackageView<'g> {
    facts: &'g Facts<'g>,
    identifier: String,
    cover: &'g Picture,
    pictures: Vec<(&'g str, &'static str)>,
}

#[derive(Template)]
#[template(path = "epub/nav.xhtml", escape = "html")]
struct NavigationView<'g> {
    facts: &'g Facts<'g>,
}

#[derive(Template)]
#[template(path = "epub/cover.xhtml", escape = "html")]
struct CoverView<'g> {
    facts: &'g Facts<'g>,
    cover: &'g Picture,
}

#[derive(Template)]
#[template(path = "epub/title.xhtml", escape = "html")]
struct TitleView<'g> {
    facts: &'g Facts<'g>,
}

#[derive(Template)]
#[template(path = "epub/chapter.xhtml", escape = "html")]
struct ChapterView<'g> {
    facts: &'g Facts<'g>,
    /// Of the part that the chapter opens.
    part: Option<&'g str>,
    chapter: &'g Chapter,
    markup: Markup,
}

#[derive(Template)]
#[template(path = "epub/cover.svg")]
struct CoverPicture<'g> {
    lines: Vec<String>,
    codes: Vec<(StatusCode, usize, usize)>,
    facts: &'g Facts<'g>,
}

/// A picture of the publication.
struct Picture {
    name: &'static str,
    media_type: &'static str,
    bytes: Vec<u8>,
}

/// The e-book of `book`, in bytes.
///
/// # Errors
/// If a template fails, or a picture is of a kind that e-books do not show.
pub fn file(guide: &Guide, book: &Book) -> anyhow::Result<Vec<u8>> {
    let facts = Facts {
        title: &guide.site.title,
        language: &guide.site.language,
        description: &guide.site.description,
        rights: &guide.site.footer,
        book,
    };
    let cover = cover(guide, &facts)?;
    let mut pictures = Vec::new();
    for path in book.pictures() {
        let kind = media_type(path).with_context(|| {
            format!("static/{path}: e-books show PNG, JPEG, GIF, SVG and WebP only")
        })?;
        pictures.push((path, kind));
    }
    let package = PackageView {
        identifier: identifier(&facts),
        cover: &cover,
        pictures: pictures.clone(),
        facts: &facts,
    };
    let package = package.render()?;
    let navigation = NavigationView { facts: &facts }.render()?;
    let title = TitleView { facts: &facts }.render()?;
    let cover_page = CoverView {
        facts: &facts,
        cover: &cover,
    };
    let cover_page = cover_page.render()?;
    let address = |target: &Target| match target {
        Target::Chapter { id, part } => Some(match part {
            Some(part) => format!("{id}.xhtml#{part}"),
            None => format!("{id}.xhtml"),
        }),
        Target::File(path) if pictures.iter().any(|(picture, _)| picture == path) => {
            Some(path.clone())
        }
        Target::File(path) => guide.base.as_ref().map(|base| format!("{base}{path}")),
        Target::External(url) => Some(url.clone()),
    };
    let mut chapters = Vec::new();
    for part in &book.parts {
        for (at, chapter) in part.chapters.iter().enumerate() {
            let view = ChapterView {
                facts: &facts,
                part: (at == 0).then_some(part.title.as_str()),
                markup: chapter.markup(1, address),
                chapter,
            };
            chapters.push((format!("EPUB/{}.xhtml", chapter.id), view.render()?));
        }
    }
    let cover_path = format!("EPUB/{}", cover.name);
    let mut entries = vec![
        // The first file, and not compressed: it tells what the archive is.
        Entry::stored("mimetype", b"application/epub+zip"),
        Entry::new("META-INF/container.xml", CONTAINER.as_bytes()),
        Entry::new("EPUB/package.opf", package.as_bytes()),
        Entry::new(cover_path, &cover.bytes),
        Entry::new("EPUB/cover.xhtml", cover_page.as_bytes()),
        Entry::new("EPUB/title.xhtml", title.as_bytes()),
        Entry::new("EPUB/nav.xhtml", navigation.as_bytes()),
        Entry::new("EPUB/style.css", STYLE.as_bytes()),
    ];
    let chapters = chapters.iter();
    entries.extend(chapters.map(|(path, text)| Entry::new(path, text.as_bytes())));
    for (path, _) in &pictures {
        if let Some(file) = guide.statics.get(*path) {
            entries.push(Entry::new(format!("EPUB/{path}"), &file.bytes));
        }
    }
    archive::zip(&entries)
}

/// What reading systems know the book by, through all its versions. A copy
/// with a title of its own is another book.
fn identifier(facts: &Facts<'_>) -> String {
    let name = format!("{}\n{}", facts.title, facts.language);
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())
        .urn()
        .to_string()
}

/// The kinds of pictures that every reading system shows.
fn media_type(path: &str) -> Option<&'static str> {
    match path.rsplit_once('.')?.1 {
        "gif" => Some("image/gif"),
        "jpg" | "jpeg" => Some("image/jpeg"),
        "png" => Some("image/png"),
        "svg" => Some("image/svg+xml"),
        "webp" => Some("image/webp"),
        _ => None,
    }
}

/// The cover: the title, and the registered codes in rows of eight.
fn cover(guide: &Guide, facts: &Facts<'_>) -> anyhow::Result<Picture> {
    let codes = guide.codes.values().filter(|d| d.facts.is_registered());
    let codes = codes.map(|d| d.facts.code.value).enumerate();
    let picture = CoverPicture {
        lines: lines(facts.title, COVER_LINE),
        codes: codes.map(|(at, code)| (code, at % 8, at / 8)).collect(),
        facts,
    };
    Ok(Picture {
        name: "cover.svg",
        media_type: "image/svg+xml",
        bytes: picture.render()?.into_bytes(),
    })
}

/// Breaks a title into lines of at most `most` letters, where its words allow.
fn lines(title: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in title.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_broken_between_words() {
        assert_eq!(
            lines("HTTP Status Codes Explained", 12),
            ["HTTP Status", "Codes", "Explained"]
        );
        assert_eq!(
            lines("Incomprehensibilities", 12),
            ["Incomprehensibilities"]
        );
    }

    #[test]
    fn only_pictures_that_reading_systems_know_are_taken() {
        assert_eq!(media_type("a/b.png"), Some("image/png"));
        assert_eq!(media_type("a/b.tiff"), None);
        assert_eq!(media_type("b"), None);
    }
}
