//! Owns: finding and reading the input's files. Walks folders in order, keeps
//! links from leading outside, and reads text as UTF-8 with plain line ends.
//!
//! Must not: know what the files say.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use walkdir::WalkDir;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, SourceFile, Span, printable};

/// The largest page, in bytes. The longest page of the guide has a tenth.
const MAX_PAGE_BYTES: u64 = 1 << 20;

/// A source file.
pub fn source(name: String, text: String) -> Arc<SourceFile> {
    Arc::new(SourceFile { name, text })
}

/// A path with `/` between folders on every system.
pub fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// A file that the walk found.
pub struct Entry {
    path: PathBuf,
    /// The path below the walked folder, with `/`.
    pub relative: String,
    /// The name for errors.
    name: String,
}

impl Entry {
    /// A place in this file for errors that need no text.
    pub fn anonymous(&self) -> Span {
        Span::start_of(&source(self.name.clone(), String::new()))
    }

    /// The text with its line ends normalised and without a byte order mark.
    pub fn read(self, diagnostics: &mut Diagnostics) -> Option<Arc<SourceFile>> {
        let unreadable = |error: io::Error| {
            Diagnostic::new(
                Rule::FileUnreadable,
                self.anonymous(),
                format!("this file cannot be read: {error}"),
            )
            .help("check its permissions")
        };
        match fs::metadata(&self.path) {
            Ok(metadata) if metadata.len() > MAX_PAGE_BYTES => {
                let message = format!(
                    "the file has {} bytes; a page has at most {MAX_PAGE_BYTES}",
                    metadata.len()
                );
                diagnostics.push(
                    Diagnostic::new(Rule::FileSize, self.anonymous(), message)
                        .help("split the page, or put data that it needs into static/"),
                );
                return None;
            }
            Ok(_) => {}
            Err(error) => {
                diagnostics.push(unreadable(error));
                return None;
            }
        }
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) => {
                diagnostics.push(unreadable(error));
                return None;
            }
        };
        let (text, broken_at) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                (
                    String::from_utf8_lossy(error.as_bytes()).into_owned(),
                    Some(at),
                )
            }
        };
        // Byte order marks and CRLF are what some editors and git add by
        // themselves; the site is the same with and without them.
        let mark = if text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        let valid = broken_at.map(|at| text[mark..at].replace("\r\n", "\n").len());
        let text = text[mark..].replace("\r\n", "\n");
        let file = source(self.name.clone(), text);
        if let Some(at) = valid {
            diagnostics.push(
                Diagnostic::new(
                    Rule::Encoding,
                    Span::new(&file, at..at),
                    "from here on the text is not UTF-8",
                )
                .help("save the file as UTF-8"),
            );
            return None;
        }
        let forbidden = |c: char| {
            (c.is_control() && c != '\n' && c != '\t') || ('\u{e000}'..='\u{f8ff}').contains(&c)
        };
        if let Some(at) = file.text.find(forbidden) {
            let wrong = file.text[at..].chars().next().unwrap_or_default();
            let range = at..at + wrong.len_utf8();
            diagnostics.push(
                Diagnostic::new(
                    Rule::Encoding,
                    Span::new(&file, range),
                    format!("U+{:04X} has no place in text", u32::from(wrong)),
                )
                .help("delete the character"),
            );
            return None;
        }
        Some(file)
    }
}

/// The files below `root` in the order of their names. Links are followed as
/// long as they stay inside; hidden files (but `.well-known`, RFC 8615) and
/// editors' backups are passed over.
///
/// # Errors
/// If `root` cannot be opened; whatever is wrong inside is reported.
pub fn walk(root: &Path, diagnostics: &mut Diagnostics) -> anyhow::Result<Vec<Entry>> {
    let real = root
        .canonicalize()
        .with_context(|| format!("cannot open {}", root.display()))?;
    let name_of = |path: &Path| {
        let relative = slashed(path.strip_prefix(&real).unwrap_or(path));
        (
            format!("{}/{relative}", slashed(root).trim_end_matches('/')),
            relative,
        )
    };
    let mut outside = Vec::new();
    let mut entries = Vec::new();
    let walker = WalkDir::new(&real).follow_links(true).sort_by_file_name();
    let inside = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        let is_hidden = name.starts_with('.') && name != ".well-known";
        if entry.depth() > 0 && (is_hidden || name.ends_with('~')) {
            return false;
        }
        if entry.path_is_symlink() {
            let target = entry.path().canonicalize();
            if !target.is_ok_and(|target| target.starts_with(&real)) {
                outside.push(entry.path().to_owned());
                return false;
            }
        }
        true
    };
    for entry in walker.into_iter().filter_entry(inside) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let (name, relative) = name_of(entry.path());
                entries.push(Entry {
                    path: entry.path().to_owned(),
                    relative,
                    name,
                });
            }
            Ok(_) => {}
            Err(error) => {
                let (name, _) = name_of(error.path().unwrap_or(&real));
                let span = Span::start_of(&source(name, String::new()));
                diagnostics.push(if error.loop_ancestor().is_some() {
                    Diagnostic::new(
                        Rule::FileLink,
                        span,
                        "this link leads to a folder that it is in",
                    )
                    .help("delete the link")
                } else if error.path().is_some_and(Path::is_symlink) {
                    Diagnostic::new(Rule::FileLink, span, "this link leads nowhere")
                        .help("delete the link, or mend its target")
                } else {
                    let reason = error
                        .io_error()
                        .map_or("unknown".to_owned(), io::Error::to_string);
                    Diagnostic::new(
                        Rule::FileUnreadable,
                        span,
                        format!("this cannot be read: {reason}"),
                    )
                    .help("check its permissions")
                });
            }
        }
    }
    for path in outside {
        let span = Span::start_of(&source(name_of(&path).0, String::new()));
        diagnostics.push(
            Diagnostic::new(
                Rule::FileLink,
                span,
                format!("this link leads out of {}", slashed(root)),
            )
            .help("copy the file instead: what is published must be in the repository"),
        );
    }
    Ok(entries)
}

/// The files below `root` as they are, by path.
///
/// # Errors
/// If `root` cannot be opened; whatever is wrong inside is reported.
pub fn load_statics(
    root: &Path,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in walk(root, diagnostics)? {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
        if !entry.relative.chars().all(plain) {
            diagnostics.push(
                Diagnostic::new(
                    Rule::FileName,
                    entry.anonymous(),
                    format!("`{}` makes no good URL", printable(&entry.relative)),
                )
                .help("use letters, digits, dots, hyphens and underscores"),
            );
            continue;
        }
        match fs::read(&entry.path) {
            Ok(bytes) => {
                files.insert(entry.relative, bytes);
            }
            Err(error) => diagnostics.push(
                Diagnostic::new(
                    Rule::FileUnreadable,
                    entry.anonymous(),
                    format!("this file cannot be read: {error}"),
                )
                .help("check its permissions"),
            ),
        }
    }
    Ok(files)
}
