//! Owns: the normal form of front matter: the order of its keys, its blank
//! lines, quotes and lists. Comments stay with their keys, and the text below
//! is not touched.
//!
//! Lists keep the order of their items: readers see it, and what `fmt` changes
//! must mean the same. `site.toml` and its kin are arranged by hand and left
//! alone.
//!
//! Must not: change what the facts say, or touch a file that has errors.

use std::fs;
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostics, SourceFile};
use crate::load::content::{self, Folder};
use crate::load::files::{Root, slashed};

/// How wide a list may be on one line.
const WIDTH: usize = 100;

/// A page whose front matter is not in normal form.
#[derive(Debug)]
pub struct Change {
    /// The file, as errors name it.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// The first lines that differ: `- ` what is there, `+ ` what belongs there.
    pub difference: Vec<String>,
    /// The whole file as it should be.
    pub text: String,
}

/// The pages below the folder `content` that are not in normal form: all, or
/// those of `files`. What is wrong in them goes to `diagnostics`.
///
/// # Errors
/// If the folder cannot be read, or one of `files` is no page in it.
pub fn changes(
    content: &Path,
    files: &[PathBuf],
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<Vec<Change>> {
    let root = Root::Disk(content.to_owned());
    if !root.exists() {
        bail!(
            "there is no content folder at {root}; run this where `content` is, or name the folder with --content DIR"
        );
    }
    let mut asked = Vec::new();
    for file in files {
        let real = file
            .canonicalize()
            .with_context(|| format!("cannot open {}", file.display()))?;
        asked.push((file, real, false));
    }
    let mut changes = Vec::new();
    for entry in root.files(diagnostics)? {
        let Some(path) = entry.path().map(Path::to_owned) else {
            continue;
        };
        let path = path.canonicalize().unwrap_or(path);
        let Ok((folder, slug)) = content::place(&entry.relative) else {
            continue;
        };
        if !files.is_empty() {
            let Some(named) = asked.iter_mut().find(|(_, real, _)| *real == path) else {
                continue;
            };
            named.2 = true;
        }
        let slug = slug.to_owned();
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let Some(file) = entry.read(diagnostics) else {
            continue;
        };
        let Some(front) = content::front_matter(folder, &slug, &file, diagnostics) else {
            continue;
        };
        let old = &file.text[front.clone()];
        let Some(new) = normal(folder, old) else {
            continue;
        };
        let text = with_front(
            &String::from_utf8_lossy(&bytes),
            &file,
            front.start,
            old,
            &new,
        );
        if text.as_bytes() != bytes {
            changes.push(Change {
                name: file.name.clone(),
                path,
                difference: difference(old, &new),
                text,
            });
        }
    }
    match asked.iter().find(|(.., found)| !found) {
        Some((file, ..)) => bail!(
            "{} is no page below {}; pages are {}/codes/404.md and the like",
            file.display(),
            slashed(content),
            slashed(content).trim_end_matches('/')
        ),
        None => Ok(changes),
    }
}

/// The whole file with another front matter. Line ends are those that it has;
/// what follows is the same, byte for byte, up to a line end where the file
/// lacks its last.
fn with_front(bytes: &str, file: &Arc<SourceFile>, start: usize, old: &str, new: &str) -> String {
    let plain = bytes.strip_prefix('\u{feff}').unwrap_or(bytes);
    let crlf = plain.lines().next().is_some_and(|_| {
        let first = plain.split_inclusive('\n').next().unwrap_or_default();
        first.ends_with("\r\n")
    });
    // `file` is `plain` with other line ends, so its front matter is found by
    // counting lines.
    let before = file.text[..start].matches('\n').count();
    let lines = before + old.matches('\n').count();
    let at =
        |count: usize| -> usize { plain.split_inclusive('\n').take(count).map(str::len).sum() };
    let new = if crlf {
        new.replace('\n', "\r\n")
    } else {
        new.to_owned()
    };
    let mut text = format!("{}{new}{}", &plain[..at(before)], &plain[at(lines)..]);
    if !text.ends_with('\n') {
        text.push_str(if crlf { "\r\n" } else { "\n" });
    }
    text
}

/// The lines in which two texts differ, at most three of each: `- old`, `+ new`.
fn difference(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[same..], &new[same..]);
    let same = (old.iter().rev().zip(new.iter().rev()))
        .take_while(|(a, b)| a == b)
        .count();
    let lines = |mark: &'static str, lines: &[&str]| -> Vec<String> {
        let shown = lines.iter().take(lines.len() - same).take(3);
        shown.map(|line| format!("{mark} {line}")).collect()
    };
    [lines("-", old), lines("+", new)].concat()
}

/// Writes the file anew: whole, or not at all.
///
/// # Errors
/// If the disk refuses; the file is then as it was.
pub fn write(change: &Change) -> anyhow::Result<()> {
    let Change { path, text, .. } = change;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stage = path.with_file_name(format!(".{name}.fmt"));
    let done = (|| -> io::Result<()> {
        let permissions = fs::metadata(path)?.permissions();
        let mut file = fs::File::create(&stage)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::set_permissions(&stage, permissions)?;
        fs::rename(&stage, path)
    })();
    if done.is_err() {
        let _ = fs::remove_file(&stage);
    }
    done.with_context(|| format!("cannot write {}; it is as it was", path.display()))
}

/// The normal form of the front matter `text` of a page in `folder`. `None` if
/// it is no TOML, or has a form that this does not know.
pub fn normal(folder: Folder, text: &str) -> Option<String> {
    let table = DeTable::parse(text).ok()?.into_inner();
    let mut facts = Vec::new();
    let mut blocks = Vec::new();
    for (key, value) in &table {
        let name = key.get_ref().to_string();
        let rank = folder.keys().iter().position(|(known, _)| *known == name)?;
        match value.get_ref() {
            DeValue::Array(items) if !items.is_empty() && is_block(text, &items[0]) => {
                for item in items {
                    let DeValue::Table(table) = item.get_ref() else {
                        return None;
                    };
                    blocks.push((item.span(), name.clone(), table));
                }
            }
            DeValue::Table(_) => return None,
            value_of => facts.push((
                rank,
                Fact::new(text, &name, key.span().start, value.span(), value_of)?,
            )),
        }
    }
    // Where each fact and block begins: what stands between belongs to the next.
    blocks.sort_by_key(|(span, ..)| span.start);
    let mut parts: Vec<Part<'_>> = facts
        .into_iter()
        .map(|(rank, fact)| Part::Fact(rank, fact))
        .collect();
    for (span, name, table) in blocks {
        let line = text[span.start..]
            .find('\n')
            .map_or(text.len(), |n| span.start + n);
        let head = text[span.start..line]
            .split('#')
            .next()
            .unwrap_or_default()
            .trim_end();
        parts.push(Part::Head(
            format!("[[{name}]]"),
            span.start..span.start + head.len(),
        ));
        for (key, value) in table {
            if matches!(value.get_ref(), DeValue::Table(_)) {
                return None;
            }
            let name = key.get_ref().to_string();
            let fact = Fact::new(text, &name, key.span().start, value.span(), value.get_ref())?;
            parts.push(Part::Fact(usize::MAX, fact));
        }
    }
    parts.sort_by_key(Part::start);
    let mut end = 0;
    let mut written = Vec::new();
    let mut in_block = false;
    for part in parts {
        let gap = text.get(end..part.start())?;
        end = part.end();
        let (behind, above) = if written.is_empty() {
            comments(&format!("\n{gap}"))?
        } else {
            comments(gap)?
        };
        if let Some(Written { line, .. }) = written.last_mut() {
            line.push_str(&behind);
        } else if !behind.is_empty() {
            return None;
        }
        in_block |= matches!(part, Part::Head(..));
        let (rank, line) = match &part {
            Part::Head(line, _) => (usize::MAX, format!("\n{}{line}", above.concat())),
            Part::Fact(rank, fact) => (*rank, above.concat() + &fact.line()?),
        };
        // A fact below a block's head is in the block, and stays there.
        let rank = if in_block { usize::MAX } else { rank };
        written.push(Written { rank, line });
    }
    let (behind, below) = comments(text.get(end..)?)?;
    if let Some(Written { line, .. }) = written.last_mut() {
        line.push_str(&behind);
    }
    written.sort_by_key(|written| written.rank);
    let lines = written.into_iter().map(|written| written.line + "\n");
    let new = lines.collect::<String>() + &below.concat();
    // What is written must say what was read; a doubt leaves the file alone.
    let same =
        toml::from_str::<toml::Table>(&new).ok()? == toml::from_str::<toml::Table>(text).ok()?;
    same.then_some(new)
}

struct Written {
    rank: usize,
    line: String,
}

/// A line of front matter: a fact, or the head of a block.
enum Part<'t> {
    Fact(usize, Fact<'t>),
    Head(String, Range<usize>),
}

impl Part<'_> {
    fn start(&self) -> usize {
        match self {
            Self::Fact(_, fact) => fact.start,
            Self::Head(_, range) => range.start,
        }
    }

    fn end(&self) -> usize {
        match self {
            Self::Fact(_, fact) => fact.end,
            Self::Head(_, range) => range.end,
        }
    }
}

/// Whether an item of a list stands below a line `[[name]]`.
fn is_block(text: &str, item: &Spanned<DeValue<'_>>) -> bool {
    matches!(item.get_ref(), DeValue::Table(_)) && text[item.span().start..].starts_with("[[")
}

/// What stands between two facts: the comment behind the first, and the lines
/// of comment above the second. `None` if there is something else.
fn comments(gap: &str) -> Option<(String, Vec<String>)> {
    let (behind, above) = gap.split_once('\n').unwrap_or((gap, ""));
    let comment = |line: &str| -> Option<String> {
        let line = line.trim();
        (line.is_empty() || line.starts_with('#')).then(|| line.to_owned())
    };
    let behind = comment(behind)?;
    let behind = if behind.is_empty() {
        behind
    } else {
        format!(" {behind}")
    };
    let mut lines = Vec::new();
    for line in above.lines() {
        let line = comment(line)?;
        if !line.is_empty() {
            lines.push(line + "\n");
        }
    }
    Some((behind, lines))
}

/// A key with its value.
struct Fact<'t> {
    text: &'t str,
    name: String,
    start: usize,
    end: usize,
    value: String,
}

impl<'t> Fact<'t> {
    fn new(
        text: &'t str,
        name: &str,
        start: usize,
        span: Range<usize>,
        value: &DeValue<'_>,
    ) -> Option<Self> {
        let source = text.get(span.clone())?;
        Some(Self {
            text,
            name: name.to_owned(),
            start,
            end: span.end,
            value: list_of(text, name, source, value)?,
        })
    }

    fn line(&self) -> Option<String> {
        // A key in quotes or with dots is none that a page has.
        let written = self.text.get(self.start..)?;
        written
            .starts_with(&self.name)
            .then(|| format!("{} = {}", self.name, self.value))
    }
}

/// A value in normal form, behind `name = `.
fn list_of(text: &str, name: &str, source: &str, value: &DeValue<'_>) -> Option<String> {
    let DeValue::Array(items) = value else {
        return plain(text, source, value);
    };
    let has_comment = {
        let mut at = 0;
        let mut found = false;
        let base = source.as_ptr() as usize - text.as_ptr() as usize;
        for item in items {
            let start = item.span().start - base;
            found |= source[at..start].contains('#');
            at = item.span().end - base;
        }
        found || source[at..].contains('#')
    };
    if has_comment {
        return Some(source.to_owned());
    }
    let mut words = Vec::new();
    let mut has_tables = false;
    for item in items {
        has_tables |= matches!(item.get_ref(), DeValue::Table(_));
        words.push(plain(text, text.get(item.span())?, item.get_ref())?);
    }
    let whole = format!("[{}]", words.join(", "));
    // A table on each line is easier to read, whatever would fit.
    let is_one = words.len() == 1;
    let fits = name.chars().count() + " = ".len() + whole.chars().count() <= WIDTH;
    if is_one || (fits && !has_tables) {
        return Some(whole);
    }
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        let word = word + ",";
        match lines.last_mut() {
            Some(line)
                if !has_tables && line.chars().count() + 1 + word.chars().count() <= WIDTH =>
            {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(format!("  {word}")),
        }
    }
    Some(format!("[\n{}\n]", lines.join("\n")))
}

/// A value on one line.
fn plain(text: &str, source: &str, value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(string) => {
            let odd = |c: char| matches!(c, '"' | '\\') || c.is_control();
            // What needs escapes keeps those that it has.
            Some(if string.contains(odd) {
                source.to_owned()
            } else {
                format!("\"{string}\"")
            })
        }
        DeValue::Array(items) => {
            let items: Option<Vec<String>> = (items.iter())
                .map(|item| plain(text, text.get(item.span())?, item.get_ref()))
                .collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        DeValue::Table(table) => {
            let mut entries: Vec<_> = table.iter().collect();
            entries.sort_by_key(|(key, _)| key.span().start);
            let entries: Option<Vec<String>> = (entries.into_iter())
                .map(|(key, value)| {
                    let written = text.get(key.span())?;
                    let value = plain(text, text.get(value.span())?, value.get_ref())?;
                    Some(format!("{written} = {value}"))
                })
                .collect();
            (!source.contains('#') || !source.contains('\n'))
                .then_some(())
                .and(entries)
                .map(|entries| {
                    if entries.is_empty() {
                        "{}".to_owned()
                    } else {
                        format!("{{ {} }}", entries.join(", "))
                    }
                })
        }
        _ => Some(source.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Option<String> {
        normal(Folder::Pages, text)
    }

    #[test]
    fn keys_are_put_in_order_and_take_their_comments_along() {
        let text = "# About the day.\nchecked=2026-11-22   # read again\n\n\ntitle   =   'Mine'\n# Below all.\n";
        let normal =
            "title = \"Mine\"\n# About the day.\nchecked = 2026-11-22 # read again\n# Below all.\n";
        assert_eq!(page(text).as_deref(), Some(normal));
    }

    #[test]
    fn a_list_that_is_too_long_is_broken_and_one_that_fits_is_joined() {
        let short = "search = [\n\"a\" ,\"b\",\n]\n";
        assert_eq!(page(short).as_deref(), Some("search = [\"a\", \"b\"]\n"));
        let words = ["\"twelve chars\""; 9].join(",");
        let long = page(&format!("search = [{words}]\n")).unwrap();
        assert_eq!(long.lines().count(), 4, "{long}");
        assert!(long.lines().all(|line| line.len() <= WIDTH));
        assert!(long.ends_with(",\n]\n"));
    }

    #[test]
    fn blocks_keep_their_order_and_have_an_empty_line_above() {
        let text =
            "title = \"T\"\n[[questions]]\nid = \"b\"\n[[questions]]\n# The first.\nid='a'\n";
        let normal = "title = \"T\"\n\n[[questions]]\nid = \"b\"\n\n[[questions]]\n# The first.\nid = \"a\"\n";
        assert_eq!(page(text).as_deref(), Some(normal));
    }

    #[test]
    fn what_is_not_known_is_left_alone() {
        for text in [
            "colour = 1\n",
            "title.x = 1\n",
            "[title]\nx = 1\n",
            "title = \n",
        ] {
            assert_eq!(page(text), None, "{text}");
        }
        let commented = "search = [\n  \"a\", # why\n  \"b\",\n]\n";
        assert_eq!(page(commented).as_deref(), Some(commented));
        let escaped = "title = \"a \\\"b\\\" c\"\n";
        assert_eq!(page(escaped).as_deref(), Some(escaped));
    }
}
