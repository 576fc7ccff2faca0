//! Owns: finding and reading the input's files, on disk or carried by the
//! program. Walks folders in order, keeps links from leading outside, and reads
//! text as UTF-8 with plain line ends.
//!
//! Must not: know what the files say.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use walkdir::WalkDir;

use crate::diagnostic::{
    Diagnostic, Diagnostics, Rule, SourceFile, Span, first_refused, printable,
};

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

/// The ending of a file name: `css`; empty if it has none.
pub fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// A folder of the input.
#[derive(Debug, Clone)]
pub enum Root {
    /// On disk.
    Disk(PathBuf),
    /// In the program: bytes by path, with `/` between folders.
    BuiltIn(BTreeMap<&'static str, &'static [u8]>),
}

impl Root {
    /// Whether there is such a folder.
    pub fn exists(&self) -> bool {
        match self {
            Self::Disk(path) => path.is_dir(),
            Self::BuiltIn(_) => true,
        }
    }

    /// The files in the order of their names.
    ///
    /// # Errors
    /// If the folder cannot be opened; whatever is wrong inside is reported.
    pub fn files(&self, diagnostics: &mut Diagnostics) -> anyhow::Result<Vec<Entry>> {
        match self {
            Self::Disk(path) => walk(path, diagnostics),
            Self::BuiltIn(files) => Ok((files.iter())
                .map(|(path, bytes)| Entry {
                    place: Place::Memory(bytes),
                    relative: (*path).to_owned(),
                    name: format!("{self}/{path}"),
                })
                .collect()),
        }
    }
}

impl fmt::Display for Root {
    /// The name for errors, with `/` between folders.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disk(path) => f.write_str(slashed(path).trim_end_matches('/')),
            Self::BuiltIn(_) => f.write_str("(built in)"),
        }
    }
}

/// Whether a file or folder with this name is meant for the guide: hidden ones
/// (but `.well-known`, RFC 8615) and editors' backups are passed over.
pub fn is_input(name: &str) -> bool {
    (!name.starts_with('.') || name == ".well-known") && !name.ends_with('~')
}

/// Where the bytes of a file are.
enum Place {
    Disk(PathBuf),
    Memory(&'static [u8]),
}

impl Place {
    fn size(&self) -> io::Result<u64> {
        match self {
            Self::Disk(path) => Ok(fs::metadata(path)?.len()),
            Self::Memory(bytes) => Ok(bytes.len() as u64),
        }
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::Disk(path) => fs::read(path),
            Self::Memory(bytes) => Ok(bytes.to_vec()),
        }
    }
}

/// A file of the input.
pub struct Entry {
    place: Place,
    /// The path below its folder, with `/`.
    pub relative: String,
    /// The name for errors.
    name: String,
}

impl Entry {
    /// Where it is, if it is on disk.
    pub fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::Disk(path) => Some(path),
            Place::Memory(_) => None,
        }
    }

    /// The name for errors.
    pub fn name(&self) -> &str {
        &self.name
    }

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
        match self.place.size() {
            Ok(size) if size > MAX_PAGE_BYTES => {
                let message =
                    format!("the file has {size} bytes; a page has at most {MAX_PAGE_BYTES}");
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
        let bytes = match self.place.read() {
            Ok(bytes) => bytes,
            Err(error) => {
                diagnostics.push(unreadable(error));
                return None;
            }
        };
        let is_utf_16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
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
        let text = if mark > 0 || text.contains('\r') {
            text[mark..].replace("\r\n", "\n")
        } else {
            text
        };
        let file = source(self.name.clone(), text);
        if let Some(at) = valid {
            let (message, help) = if is_utf_16 {
                (
                    "this file is UTF-16, and pages are UTF-8",
                    "save it as UTF-8; in PowerShell, `Out-File -Encoding utf8` writes that",
                )
            } else {
                (
                    "from here on the text is not UTF-8",
                    "open the file in the encoding in which it was saved, often Windows-1252, and save it as UTF-8",
                )
            };
            diagnostics.push(
                Diagnostic::new(Rule::Encoding, Span::new(&file, at..at), message).help(help),
            );
            return None;
        }
        if let Some((range, message)) = first_refused(&file.text) {
            diagnostics.push(
                Diagnostic::new(Rule::Encoding, Span::new(&file, range), message)
                    .help("delete it; some editors show it as a box or a question mark"),
            );
            return None;
        }
        Some(file)
    }
}

/// The files below `root` in the order of their names. Links are followed as
/// long as they stay inside.
fn walk(root: &Path, diagnostics: &mut Diagnostics) -> anyhow::Result<Vec<Entry>> {
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
        if entry.depth() > 0 && !is_input(&entry.file_name().to_string_lossy()) {
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
                    place: Place::Disk(entry.path().to_owned()),
                    relative,
                    name,
                });
            }
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                // Reading a pipe or a device may never end.
                let span = Span::start_of(&source(name_of(entry.path()).0, String::new()));
                diagnostics.push(
                    Diagnostic::new(
                        Rule::FileUnreadable,
                        span,
                        "this is neither a file nor a folder",
                    )
                    .help("delete it"),
                );
            }
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

/// A file that is published as it is.
#[derive(Debug, Clone)]
pub struct StaticFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The name for errors.
    pub name: String,
}

/// The files below `root` as they are, by path.
///
/// # Errors
/// If `root` cannot be opened; whatever is wrong inside is reported.
pub fn load_statics(
    root: &Root,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<BTreeMap<String, StaticFile>> {
    let mut files = BTreeMap::new();
    for entry in root.files(diagnostics)? {
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
        match entry.place.read() {
            Ok(bytes) => {
                let name = entry.name;
                if ending(&entry.relative) == "css" {
                    refuse_loads_from_elsewhere(&name, &bytes, diagnostics);
                }
                files.insert(entry.relative, StaticFile { bytes, name });
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

/// Reports what a stylesheet loads from other hosts: the guide loads nothing
/// from elsewhere, and the policy of its pages would not let it.
fn refuse_loads_from_elsewhere(name: &str, bytes: &[u8], diagnostics: &mut Diagnostics) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let lower = text.to_ascii_lowercase();
    let file = source(name.to_owned(), text.to_owned());
    for marker in ["url(", "@import"] {
        for (at, _) in lower.match_indices(marker) {
            let start = at + marker.len();
            let is_before = |c: char| c.is_whitespace() || c == '"' || c == '\'';
            let address = lower[start..].trim_start_matches(is_before);
            if !["http:", "https:", "//"]
                .iter()
                .any(|begin| address.starts_with(begin))
            {
                continue;
            }
            let from = lower.len() - address.len();
            let ends = |c: char| c.is_whitespace() || "\"');".contains(c);
            let to = address.find(ends).map_or(lower.len(), |end| from + end);
            diagnostics.push(
                Diagnostic::new(
                    Rule::Page,
                    Span::new(&file, from..to),
                    "this stylesheet loads something from elsewhere",
                )
                .help("put the file into the same static/ and write its path from the stylesheet"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Style;

    #[test]
    fn a_fault_in_the_program_s_own_guide_names_the_file() {
        let files = BTreeMap::from([("codes/404.md", b"a\xffb".as_slice())]);
        let mut diagnostics = Diagnostics::default();
        for entry in Root::BuiltIn(files).files(&mut diagnostics).unwrap() {
            assert!(entry.read(&mut diagnostics).is_none());
        }
        let printed = diagnostics.render(Style::Short);
        assert!(
            printed.starts_with("(built in)/codes/404.md:1:2: error[encoding]"),
            "{printed}"
        );
    }

    #[test]
    fn a_stylesheet_that_loads_from_elsewhere_is_found() {
        for (style, places) in [
            ("a { background: url(x.svg) } /* https://example.com */", 0),
            ("@import \"other.css\";", 0),
            ("@import 'https://example.com/a.css';", 1),
            ("@import url( \"//example.com/a.css\" );", 1),
            (
                "a { src: URL(HTTP://example.com/x) url(http://example.com/y) }",
                2,
            ),
        ] {
            let mut diagnostics = Diagnostics::default();
            refuse_loads_from_elsewhere("a.css", style.as_bytes(), &mut diagnostics);
            assert_eq!(diagnostics.sorted().len(), places, "{style}");
        }
    }

    #[test]
    fn what_an_editor_leaves_is_no_input() {
        for name in [".404.md.swp", "404.md~", ".git"] {
            assert!(!is_input(name), "{name}");
        }
        assert!(is_input("404.md") && is_input(".well-known"));
    }
}
