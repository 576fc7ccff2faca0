//! Owns: a team's own layer over a guide. What an overlay may have, and how it
//! joins what the content folder has: new pages, conventions for pages that are
//! there, settings and static files. What both have is an error.
//!
//! Must not: know what a convention looks like on its page.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;
use std::sync::Arc;

use anyhow::bail;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, SourceFile, Span, nearest, printable};
use crate::load::content::{self, CHANGES, Content, Document, FIELDS, Layer, Placed, SITE};
use crate::load::facts::{ConventionFacts, Logo, Team};
use crate::load::files::{self, Root, StaticFile, ending, load_statics, source};
use crate::load::front_matter::{self, Facts, Key, Located};
use crate::load::keys::{self, CHANGES_KEYS, is_address, is_branch};
use crate::markup::{self, Event};
use crate::status::Specification;

/// The folder of an overlay whose files are published as they are.
const STATIC: &str = "static";

/// The heading of a convention that has no other.
const TITLE: &str = "Our convention";

/// How an address is put right.
const AN_ADDRESS: &str = "write an address, like \"https://wiki.example.com/\"";

/// What may lie in an overlay.
const HERE: &str = "an overlay has site.toml, 404.md to add to the page of 404, \
    codes/, classes/, compare/, topics/ and pages/ for new pages, fields.toml, changes.toml, and static/";

/// The keys of its site.toml, and those of a convention.
const SITE_KEYS: &[Key] = &[
    ("title", "\"Our status codes\""),
    ("team", "\"Platform team\""),
    (
        "description",
        "\"Every HTTP status code, and how we use it.\"",
    ),
    ("accent", "\"#0b6e4f\""),
    ("logo", "\"logo.svg\""),
    ("footer", "\"Questions: #platform\""),
    ("breadcrumb_root", "\"Wiki\""),
    ("breadcrumb_home", "\"HTTP\""),
    ("breadcrumb_root_url", "\"https://wiki.example.com/\""),
    (
        "navigation",
        "[{ text = \"Our errors\", page = \"our-errors\" }]",
    ),
    ("base_url", "\"https://docs.example.com/status/\""),
    ("repository", "\"https://github.com/example/our-rules\""),
    ("branch", "\"main\""),
    ("folder", "\"docs/status\""),
    ("offline", "false"),
];
const CONVENTION_KEYS: &[Key] = &[
    ("title", "\"Our convention\""),
    ("owner", "\"API guild\""),
    ("contact", "\"https://chat.example.com/api-guild\""),
    ("checked", "2026-11-22"),
];

/// Reads the overlay in `folder` and lays it over `content`, which was read from
/// `guide`.
///
/// # Errors
/// Only if there is no such folder. Whatever is wrong inside it is added to
/// `diagnostics`, and reading goes on.
pub fn lay(
    folder: &Path,
    guide: &Root,
    content: &mut Content,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<()> {
    let root = Root::Disk(folder.to_owned());
    if !root.exists() {
        bail!("there is no overlay folder at {root}; name it with --overlay");
    }
    let mut config = BTreeMap::new();
    let mut pages = Vec::new();
    for entry in root.files(diagnostics)? {
        match Part::of(&entry.relative) {
            Ok(Part::Static | Part::ForTheTeam) => {}
            Ok(Part::Config(name)) => {
                config.insert(name, entry);
            }
            Ok(Part::Page(folder, slug)) => {
                let name = folder.name_of(slug);
                if let Some(other) = content.files.get(&name) {
                    diagnostics.push(conflict(&root, slug, &entry, other));
                } else {
                    content.files.insert(name, entry.name().to_owned());
                    pages.push((folder, slug.to_owned(), entry));
                }
            }
            Ok(Part::Convention(slug)) => {
                let slug = slug.to_owned();
                if let Some(convention) = convention(slug, entry, diagnostics) {
                    content.conventions.push(convention);
                }
            }
            Err((message, help)) => diagnostics
                .push(Diagnostic::new(Rule::FileName, entry.anonymous(), message).help(help)),
        }
    }
    refuse_turned_comparisons(&mut pages, content, diagnostics);
    content.read_pages(pages, Layer::Team, diagnostics);

    let mut read = |name: &str, diagnostics: &mut Diagnostics| {
        config
            .remove(name)
            .and_then(|entry| entry.read(diagnostics))
    };
    if let Some(file) = read(FIELDS, diagnostics) {
        let mut facts = Facts::parse(&file, 0..file.text.len(), &[]);
        let fields = keys::read_fields(&mut facts);
        diagnostics.append(facts.finish());
        add_fields(
            &file,
            fields,
            &format!("{guide}/{FIELDS}"),
            content,
            diagnostics,
        );
    }
    if let Some(file) = read(CHANGES, diagnostics) {
        let mut facts = Facts::parse(&file, 0..file.text.len(), CHANGES_KEYS);
        let changes = keys::read_changes(&mut facts);
        diagnostics.append(facts.finish());
        content.changes.extend(changes);
        // The newest first, and of one day first those of the guide.
        content
            .changes
            .sort_by_key(|change| std::cmp::Reverse(change.date.value));
    }
    let statics = Root::Disk(folder.join(STATIC));
    let statics = if statics.exists() {
        load_statics(&statics, diagnostics)?
    } else {
        BTreeMap::new()
    };
    let mut team = Team {
        folder: folder.to_owned(),
        styles: (statics.keys())
            .filter(|path| ending(path) == "css" && !path.contains('/'))
            .cloned()
            .collect(),
        has_fonts: statics.keys().any(|path| is_font(path)),
        ..Team::default()
    };
    if let Some(file) = read(SITE, diagnostics) {
        let mut facts = Facts::parse(&file, 0..file.text.len(), SITE_KEYS);
        read_site(&mut facts, &statics, &mut team, content);
        diagnostics.append(facts.finish());
    }
    add_statics(statics, content, diagnostics);
    content.team = Some(team);
    Ok(())
}

/// What a file of an overlay is for.
enum Part<'p> {
    /// A setting of the whole guide.
    Config(&'static str),
    /// A new page: its folder and its name there.
    Page(content::Folder, &'p str),
    /// A convention for the page of this name.
    Convention(&'p str),
    /// Published as it is.
    Static,
    /// Nothing that is published: a README, a licence.
    ForTheTeam,
}

impl<'p> Part<'p> {
    fn of(relative: &'p str) -> Result<Self, (String, String)> {
        if let Some((folder, _)) = relative.split_once('/') {
            if folder == STATIC {
                return Ok(Self::Static);
            }
            let (folder, slug) = content::place(relative)?;
            return Ok(Self::Page(folder, slug));
        }
        let config = [SITE, FIELDS, CHANGES];
        if let Some(name) = config.into_iter().find(|name| *name == relative) {
            return Ok(Self::Config(name));
        }
        let stem = relative.split('.').next().unwrap_or_default();
        let is_capital = |c: char| c.is_ascii_uppercase() || "-_".contains(c);
        if stem.len() > 1 && stem.chars().all(is_capital) {
            return Ok(Self::ForTheTeam);
        }
        match relative.strip_suffix(".md") {
            Some(slug) if content::is_slug(slug) => Ok(Self::Convention(slug)),
            _ => {
                let near = nearest(relative, config);
                let help = near.map_or(HERE.to_owned(), |near| {
                    format!("did you mean `{near}`? {HERE}")
                });
                let name = printable(relative);
                Err((
                    format!("`{name}` has no place at the top of an overlay"),
                    help,
                ))
            }
        }
    }
}

/// A page of the overlay that the guide has as well, in the file `other`.
fn conflict(root: &Root, slug: &str, entry: &files::Entry, other: &str) -> Diagnostic {
    let message = format!("the guide has this page already: {other}");
    Diagnostic::new(Rule::Duplicate, entry.anonymous(), message).help(format!(
        "to add to that page, write {root}/{slug}.md; to have another page, give this file another name"
    ))
}

/// Takes out of `pages` the comparisons that the guide has with its codes in
/// another order.
fn refuse_turned_comparisons(
    pages: &mut Vec<Placed>,
    content: &Content,
    diagnostics: &mut Diagnostics,
) {
    let codes = |slug: &str| {
        let mut codes: Vec<String> = slug.split("-vs-").map(str::to_owned).collect();
        codes.sort();
        codes
    };
    pages.retain(|(folder, slug, entry)| {
        let mut guide = content.comparisons.iter();
        let same = |other: &&Document<_>| codes(&other.slug) == codes(slug);
        let Some(other) = guide
            .find(same)
            .filter(|_| *folder == content::Folder::Compare)
        else {
            return true;
        };
        let message = format!(
            "the guide compares these codes already: {}",
            other.file.name
        );
        diagnostics.push(
            Diagnostic::new(Rule::Duplicate, entry.anonymous(), message).help(format!(
                "to add to that page, write {}.md at the top of the overlay",
                other.slug
            )),
        );
        false
    });
}

/// A file at the top of an overlay: front matter, if it has any, and a text.
fn convention(
    slug: String,
    entry: files::Entry,
    diagnostics: &mut Diagnostics,
) -> Option<Document<ConventionFacts>> {
    let relative = entry.relative.clone();
    let file = entry.read(diagnostics)?;
    let (front, body) = if file.text.starts_with("+++") {
        front_matter::split(&file, diagnostics)?
    } else {
        (0..0, 0..file.text.len())
    };
    let mut facts = Facts::parse(&file, front, CONVENTION_KEYS);
    let title = facts.optional_sentence("title");
    let owner = facts.optional_sentence("owner");
    let contact: Option<Located<String>> = facts.optional("contact");
    let checked = facts.value("checked");
    if let Some(contact) = &contact {
        let mail = contact.value.strip_prefix("mailto:");
        let is_mail = mail.is_some_and(|to| is_address(&format!("http://{to}")));
        if !is_mail && !is_address(&contact.value) {
            let message = format!("{:?} is no address", contact.value);
            let help = "write where the owner can be asked: \"https://…\" or \"mailto:…\"";
            facts.error(Rule::InvalidValue, contact.span.clone(), message, help);
        }
        if owner.is_none() {
            let help = "add a line `owner = \"…\"`";
            facts.error(
                Rule::InvalidValue,
                contact.span.clone(),
                "nobody says whose address this is",
                help,
            );
        }
    }
    diagnostics.append(facts.finish());
    Some(Document {
        slug,
        layer: Layer::Team,
        relative,
        aliases: Vec::new(),
        facts: ConventionFacts {
            title: title.map_or(TITLE.to_owned(), |title| title.value),
            owner: owner.map(|owner| owner.value),
            contact: contact.map(|contact| contact.value),
            checked,
        },
        body,
        file,
    })
}

/// The settings of a team. Those of the guide stay where it says nothing.
fn read_site(
    facts: &mut Facts<'_>,
    statics: &BTreeMap<String, StaticFile>,
    team: &mut Team,
    content: &mut Content,
) {
    let site = &mut content.site;
    if let Some(title) = facts.optional_sentence("title") {
        // The home page is called like the guide.
        for page in &mut content.pages {
            if page.facts.title == site.title {
                page.facts.title.clone_from(&title.value);
            }
        }
        site.title = title.value;
    }
    for (key, setting) in [
        ("description", &mut site.description),
        ("breadcrumb_root", &mut site.breadcrumb_root),
        ("breadcrumb_home", &mut site.breadcrumb_home),
    ] {
        if let Some(text) = facts.optional_sentence(key) {
            *setting = text.value;
        }
    }
    if let Some(footer) = facts.optional_sentence("footer") {
        // The guide's own line says whose text it is: its licence asks for that.
        let both = [footer.value.trim(), site.footer.as_str()];
        both.join(" ").trim().clone_into(&mut site.footer);
    }
    let root_url = facts.optional("breadcrumb_root_url");
    facts.check(root_url.as_ref(), is_address, AN_ADDRESS);
    if let Some(url) = root_url {
        site.breadcrumb_root_url = Some(url.value);
    }
    if let Some(url) = facts.optional("base_url") {
        site.base_url = Some(url);
    }
    if let Some(offline) = facts.value("offline") {
        site.offline = offline;
    }
    // First, since on a narrow screen the end of the row is out of sight. The
    // guide's own links stay, so that a new page of it is found.
    let mut navigation = facts.optional_list("navigation");
    navigation.append(&mut site.navigation);
    site.navigation = navigation;

    team.name = facts.optional_sentence("team").map(|name| name.value);
    team.accent = facts.value("accent");
    if let Some(path) = facts.optional::<String>("logo") {
        team.logo = logo(&path, statics, team.name.as_deref(), facts);
    }
    let repository: Option<Located<String>> = facts.optional("repository");
    let branch: Option<Located<String>> = facts.optional("branch");
    let folder: Option<Located<String>> = facts.optional("folder");
    facts.check(repository.as_ref(), is_address, AN_ADDRESS);
    for name in [&branch, &folder] {
        let help = "write letters, digits, hyphens, full stops and slashes";
        facts.check(name.as_ref(), is_branch, help);
    }
    team.edit = repository.map(|repository| {
        let branch = branch
            .as_ref()
            .map_or("main", |branch| branch.value.as_str());
        let repository = repository.value.trim_end_matches('/');
        match folder.as_ref().map(|folder| folder.value.trim_matches('/')) {
            None | Some("" | ".") => format!("{repository}/edit/{branch}"),
            Some(folder) => format!("{repository}/edit/{branch}/{folder}"),
        }
    });
}

/// The logo, if it can be shown.
fn logo(
    path: &Located<String>,
    statics: &BTreeMap<String, StaticFile>,
    team: Option<&str>,
    facts: &mut Facts<'_>,
) -> Option<Logo> {
    let name = path.value.as_str();
    let mut reject = |message: String, help: String| {
        facts.error(Rule::InvalidValue, path.span.clone(), message, help);
        None
    };
    let Some(file) = statics.get(name) else {
        let help = match nearest(name, statics.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "put the file into static/ of the overlay and write its path from there".to_owned()
            }
        };
        return reject(
            format!("there is no `{name}` in static/ of the overlay"),
            help,
        );
    };
    let Some(alt) = team else {
        let help = "add a line `team = \"…\"`: that is what they hear";
        return reject(
            "nothing says the logo to those who do not see it".to_owned(),
            help.to_owned(),
        );
    };
    let size = match name.rsplit_once('.') {
        Some((_, "svg")) => svg_size(&file.bytes),
        Some((_, "png")) => png_size(&file.bytes),
        _ => {
            let help = "a logo is an SVG or a PNG";
            return reject(format!("`{name}` cannot be a logo"), help.to_owned());
        }
    };
    match size {
        Ok((width, height)) => Some(Logo {
            path: name.to_owned(),
            alt: alt.to_owned(),
            width,
            height,
        }),
        Err(message) => {
            let help = "an SVG says `viewBox=\"0 0 120 40\"` or `width` and `height` in its first tag, and loads nothing";
            reject(format!("{}: {message}", file.name), help.to_owned())
        }
    }
}

/// Width and height of a PNG.
fn png_size(bytes: &[u8]) -> Result<(u32, u32), String> {
    let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info();
    let reader = reader.map_err(|error| format!("this is no PNG: {error}"))?;
    Ok(reader.info().size())
}

/// Width and height of a drawing, in whatever units: what counts is how they
/// relate. Inside of a page, a drawing can load nothing, and would lack it.
fn svg_size(bytes: &[u8]) -> Result<(u32, u32), String> {
    let (mut size, mut elsewhere) = (None, None);
    markup::read(bytes, &mut |event| {
        let Event::Start(tag) = event else { return };
        if tag.name() == "svg" && size.is_none() {
            let number = |text: &str| text.trim_end_matches("px").trim().parse::<f64>().ok();
            let own = tag.get("width").and_then(number);
            let own = own.zip(tag.get("height").and_then(number));
            let view = tag.get("viewbox").and_then(|text| {
                let numbers: Vec<f64> = (text.split([' ', ',']))
                    .filter_map(|number| number.parse().ok())
                    .collect();
                Some((*numbers.get(2)?, *numbers.get(3)?))
            });
            size = own.or(view);
        }
        let names = ["href", "xlink:href", "src"].into_iter();
        let mut loaded = names.filter_map(|name| tag.get(name));
        let is_elsewhere = |url: &&str| url.contains("://") || url.starts_with("//");
        if tag.name() != "a" && elsewhere.is_none() {
            elsewhere = loaded.find(is_elsewhere).map(str::to_owned);
        }
    });
    if let Some(url) = elsewhere {
        return Err(format!("this drawing loads {url} from elsewhere"));
    }
    let (width, height) = size.ok_or("this drawing has no size")?;
    let whole = |length: f64| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let whole = length.ceil() as u32;
        (1..=10_000).contains(&whole).then_some(whole)
    };
    (whole(width).zip(whole(height))).ok_or_else(|| "this drawing has no size".to_owned())
}

/// Whether a file is a font, by its name.
pub fn is_font(path: &str) -> bool {
    ["woff2", "woff", "ttf", "otf"].contains(&ending(path))
}

/// Adds the specifications of fields that the guide does not have.
fn add_fields(
    file: &Arc<SourceFile>,
    fields: BTreeMap<String, Specification>,
    guide: &str,
    content: &mut Content,
    diagnostics: &mut Diagnostics,
) {
    for (name, specification) in fields {
        match content.fields.entry(name) {
            Entry::Vacant(free) => {
                free.insert(specification);
            }
            Entry::Occupied(taken) => {
                let name = taken.key();
                let at = file.text.find(name.as_str()).unwrap_or_default();
                let message = format!("`{name}` is in {guide} already");
                diagnostics.push(
                    Diagnostic::new(
                        Rule::Duplicate,
                        Span::new(file, at..at + name.len()),
                        message,
                    )
                    .help("delete the line: the guide knows the field"),
                );
            }
        }
    }
}

/// Adds the files of the overlay to those of the guide. Two whose paths differ
/// by capitals alone are one file on many disks.
fn add_statics(
    statics: BTreeMap<String, StaticFile>,
    content: &mut Content,
    diagnostics: &mut Diagnostics,
) {
    let mut taken: BTreeMap<String, String> = (content.statics.iter())
        .map(|(path, file)| (path.to_ascii_lowercase(), file.name.clone()))
        .collect();
    for (path, file) in statics {
        let own = source(file.name.clone(), String::new());
        if let Some(other) = taken.insert(path.to_ascii_lowercase(), file.name.clone()) {
            let message = format!("{other} is published at this address already");
            diagnostics.push(
                Diagnostic::new(Rule::Duplicate, Span::start_of(&own), message).help(
                    "give this file another name; a stylesheet of the overlay comes after the guide's and goes before it",
                ),
            );
            continue;
        }
        content.statics.insert(path, file);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_says_how_large_it_is() {
        for (drawing, size) in [
            ("<svg viewBox='0 0 120 40'>", Ok((120, 40))),
            (
                "<svg width=\"24px\" height=\"12\" viewBox=\"0 0 1 1\">",
                Ok((24, 12)),
            ),
            (
                "<?xml version=\"1.0\"?><svg viewBox=\"0,0,99.5,20\">",
                Ok((100, 20)),
            ),
            ("<svg>", Err("this drawing has no size")),
            ("<svg viewBox='0 0 0 9'>", Err("this drawing has no size")),
            ("no drawing", Err("this drawing has no size")),
            (
                "<svg viewBox='0 0 9 9'><image href='https://example.com/x.png'/>",
                Err("this drawing loads https://example.com/x.png from elsewhere"),
            ),
            (
                "<svg viewBox='0 0 9 9'><a href='https://example.com/'>",
                Ok((9, 9)),
            ),
        ] {
            let size = size.map_err(str::to_owned);
            assert_eq!(svg_size(drawing.as_bytes()), size, "{drawing}");
        }
    }

    #[test]
    fn what_is_in_capitals_is_for_the_team() {
        for name in ["README.md", "LICENSE", "CODE_OF_CONDUCT.md", "CHANGELOG.md"] {
            assert!(matches!(Part::of(name), Ok(Part::ForTheTeam)), "{name}");
        }
        for name in ["Readme.md", "notes.txt", "4 04.md", "404.MD", ".md"] {
            assert!(Part::of(name).is_err(), "{name}");
        }
        assert!(matches!(Part::of("404.md"), Ok(Part::Convention("404"))));
        let error = Part::of("sites.toml")
            .err()
            .map(|(_, help)| help)
            .unwrap_or_default();
        assert!(error.starts_with("did you mean `site.toml`?"), "{error}");
    }
}
