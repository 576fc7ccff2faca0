//! Owns: putting a site on disk so that a reader sees the whole old one or the
//! whole new one at every moment.
//!
//! Must not: know what is in the files.

pub mod cache;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, BufWriter, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::site::{Bytes, MANIFEST, Site};

/// How the list of files in an output folder begins.
const MANIFEST_HEAD: &str = "Made by status-guide. The next build replaces this folder.";

/// How much of a file is read or written at once, in bytes: nearly all of them.
const BUFFER: usize = 64 * 1024;

/// What the list in the output folder says of a file that the next build may
/// take over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Of what it was made.
    pub fingerprint: String,
    /// The digest of its bytes.
    pub digest: String,
}

/// The list that goes into the output folder: a line for each file. A file
/// that the next build may take over has its fingerprint and its digest
/// behind its path.
fn list(site: &Site) -> String {
    let mut list = format!("{MANIFEST_HEAD}\n");
    for (path, bytes) in site.iter() {
        list.push_str(path);
        if let Some(fingerprint) = site.fingerprint(path) {
            for part in [fingerprint, &bytes.digest()] {
                list.push('\t');
                list.push_str(part);
            }
        }
        list.push('\n');
    }
    list
}

/// The files in `folder` that this program made and may take over. None, if
/// it did not make the folder.
pub fn kept(folder: &Path) -> BTreeMap<String, Kept> {
    let made = manifest(folder).ok().flatten().unwrap_or_default();
    made.into_iter()
        .filter_map(|(path, kept)| Some((path, kept?)))
        .collect()
}

/// What a write did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or have new bytes.
    pub changed: usize,
    /// Files that were left as they were.
    pub unchanged: usize,
    /// Files of the last build that this one does not have.
    pub removed: usize,
}

/// The output folder as it is before a write.
enum Current {
    /// There is none, or it is empty.
    Empty,
    /// This program made it: the files that it has.
    Made(BTreeSet<String>),
}

/// Refuses an output folder that is, contains or lies in one of `sources`.
///
/// # Errors
/// Names both folders.
pub fn refuse_overlap(out: &Path, sources: &[PathBuf]) -> anyhow::Result<()> {
    let out = real(out)?;
    for source in sources {
        let real_source = real(source)?;
        if out.starts_with(&real_source) || real_source.starts_with(&out) {
            bail!(
                "the output folder {} would overwrite {}; choose another with --out",
                out.display(),
                source.display()
            );
        }
    }
    Ok(())
}

/// Makes `out` hold exactly `site`. The new site is put together beside the
/// old one and the two are exchanged in one step, so a crash or a full disk
/// leaves the old site whole. Files that did not change are linked, and so
/// keep their modification time.
///
/// # Errors
/// If `out` has files that this program did not make, or the disk refuses.
pub fn write(site: &Site, out: &Path) -> anyhow::Result<Written> {
    let out = real(out)?;
    let (Some(parent), Some(name)) = (out.parent(), out.file_name()) else {
        bail!("{} cannot be an output folder", out.display());
    };
    fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
    let _lock = lock(parent);
    let beside = |suffix: &str| parent.join(format!(".{}.{suffix}", name.to_string_lossy()));
    let (stage, old) = (beside("stage"), beside("old"));
    recover(&out, &old)?;
    discard(&stage)?;
    discard(&old)?;

    let current = inspect(&out)?;
    let before = match &current {
        Current::Empty => BTreeSet::new(),
        Current::Made(files) => files.clone(),
    };
    let unchanged: BTreeSet<&str> = (site.par_iter())
        .filter(|(path, bytes)| before.contains(*path) && same(&out.join(path), bytes))
        .map(|(path, _)| path)
        .collect();
    let written = Written {
        changed: site.len() - unchanged.len(),
        unchanged: unchanged.len(),
        removed: before
            .iter()
            .filter(|path| site.file(path).is_none())
            .count(),
    };
    let list = Bytes::from(list(site).into_bytes());
    let is_same = written.changed == 0 && written.removed == 0 && same(&out.join(MANIFEST), &list);
    if matches!(current, Current::Made(_)) && is_same {
        return Ok(written);
    }
    let staged = assemble(site, &list, &out, &stage, &unchanged)
        .with_context(|| format!("cannot write the new site to {}", stage.display()))
        .and_then(|()| put_in_place(&stage, &out, &old, &current));
    if let Err(error) = staged {
        // The old site is whole; what is left of the new one is only litter.
        let _ = discard(&stage);
        return Err(error);
    }
    sync(parent);
    discard(&stage)?;
    discard(&old)?;
    Ok(written)
}

/// The path of the output folder without links.
fn real(out: &Path) -> anyhow::Result<PathBuf> {
    let absolute =
        std::path::absolute(out).with_context(|| format!("cannot find {}", out.display()))?;
    let mut missing = Vec::new();
    let mut existing = absolute.as_path();
    loop {
        match existing.canonicalize() {
            Ok(real) => {
                return Ok(missing
                    .iter()
                    .rev()
                    .fold(real, |path, name| path.join(name)));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot open {}", existing.display()));
            }
        }
        match (existing.parent(), existing.file_name()) {
            (Some(parent), Some(name)) => {
                missing.push(name);
                existing = parent;
            }
            _ => bail!("{} cannot be an output folder", out.display()),
        }
    }
}

/// Two builds into one folder wait for each other. Where the system cannot
/// lock a folder, they do not.
fn lock(parent: &Path) -> Option<File> {
    let folder = File::open(parent).ok()?;
    folder.lock().ok()?;
    Some(folder)
}

/// Brings the old site back if a build died between moving it away and moving
/// the new one in, which can be only where the two cannot be exchanged.
fn recover(out: &Path, old: &Path) -> anyhow::Result<()> {
    if !out.exists() && old.join(MANIFEST).exists() {
        fs::rename(old, out).with_context(|| format!("cannot bring back {}", out.display()))?;
    }
    Ok(())
}

/// What is in the output folder now.
fn inspect(out: &Path) -> anyhow::Result<Current> {
    let mut entries = match fs::read_dir(out) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Current::Empty),
        Err(error) => {
            return Err(error)
                .with_context(|| format!("cannot read the output folder {}", out.display()));
        }
    };
    if entries.next().is_none() {
        return Ok(Current::Empty);
    }
    let Some(made) = manifest(out)? else {
        bail!(
            "{} has files that this program did not make; it will not touch them. Choose another folder with --out, or empty this one",
            out.display()
        );
    };
    for entry in WalkDir::new(out).sort_by_file_name() {
        let entry =
            entry.with_context(|| format!("cannot read the output folder {}", out.display()))?;
        if entry.file_type().is_dir() {
            continue;
        }
        let relative = relative(out, entry.path());
        if relative != MANIFEST && !made.contains_key(&relative) {
            bail!(
                "{} was put there by someone else, and the next site would not have it. Move it to static/ to publish it, or away",
                entry.path().display()
            );
        }
    }
    Ok(Current::Made(made.into_keys().collect()))
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}

/// The files that this program put into `folder`, and what the next build may
/// take over of them; `None` if it did not make it.
fn manifest(folder: &Path) -> anyhow::Result<Option<BTreeMap<String, Option<Kept>>>> {
    let path = folder.join(MANIFEST);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text.strip_prefix(MANIFEST_HEAD).map(|list| {
            let inside = |path: &&str| {
                !path.is_empty() && !path.starts_with('/') && !path.split('/').any(|p| p == "..")
            };
            list.lines().filter(inside).map(entry).collect()
        })),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// A line of the list.
fn entry(line: &str) -> (String, Option<Kept>) {
    let mut parts = line.split('\t').map(str::to_owned);
    let path = parts.next().unwrap_or_default();
    let kept = parts.next().zip(parts.next());
    let kept = kept.map(|(fingerprint, digest)| Kept {
        fingerprint,
        digest,
    });
    (path, kept)
}

/// Whether there is a file with these bytes.
fn same(path: &Path, bytes: &Bytes) -> bool {
    fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() == bytes.len() as u64)
        && File::open(path).is_ok_and(|file| begins_with(file, bytes).unwrap_or(false))
}

/// Whether a file begins with these bytes, which are compared as they are read:
/// some files are as large as all pages.
fn begins_with(file: File, bytes: &Bytes) -> io::Result<bool> {
    let mut file = BufReader::with_capacity(BUFFER, file);
    for mut rest in bytes.pieces().iter().map(|piece| &**piece) {
        while !rest.is_empty() {
            let read = file.fill_buf()?;
            let length = read.len().min(rest.len());
            if length == 0 || read[..length] != rest[..length] {
                return Ok(false);
            }
            file.consume(length);
            rest = &rest[length..];
        }
    }
    Ok(true)
}

/// Puts the new site together in `stage`. The list of files comes first, so
/// that whatever happens next, the litter can be told from people's work.
fn assemble(
    site: &Site,
    list: &Bytes,
    out: &Path,
    stage: &Path,
    unchanged: &BTreeSet<&str>,
) -> anyhow::Result<()> {
    fs::create_dir(stage)?;
    write_file(&stage.join(MANIFEST), list)?;
    let folders: BTreeSet<&Path> = (site.iter())
        .filter_map(|(path, _)| Path::new(path).parent())
        .collect();
    for folder in folders {
        fs::create_dir_all(stage.join(folder))?;
    }
    site.par_iter().try_for_each(|(path, bytes)| {
        let target = stage.join(path);
        let linked = unchanged.contains(path) && keep(&out.join(path), &target).is_ok();
        if linked {
            Ok(())
        } else {
            write_file(&target, bytes)
        }
        .with_context(|| path.to_owned())
    })
}

/// Takes an unchanged file over with its modification time.
fn keep(old: &Path, new: &Path) -> io::Result<()> {
    if fs::hard_link(old, new).is_ok() {
        return Ok(());
    }
    fs::copy(old, new)?;
    let modified = fs::metadata(old)?.modified()?;
    File::options()
        .write(true)
        .open(new)?
        .set_modified(modified)
}

fn write_file(path: &Path, bytes: &Bytes) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(BUFFER, File::create(path)?);
    for piece in bytes.pieces() {
        file.write_all(piece)?;
    }
    let file = file.into_inner()?;
    // Without this, a power cut soon after could leave the new names with
    // empty files behind them.
    file.sync_data()
}

/// Makes the staged site the current one.
fn put_in_place(stage: &Path, out: &Path, old: &Path, current: &Current) -> anyhow::Result<()> {
    let context = || {
        format!(
            "cannot put the new site in place at {}; if that is a mount point, build into a folder inside it",
            out.display()
        )
    };
    if matches!(current, Current::Empty) {
        // Renaming replaces an empty folder on Unix; elsewhere it must go first.
        if cfg!(not(unix)) && out.exists() {
            fs::remove_dir(out).with_context(context)?;
        }
        return fs::rename(stage, out).with_context(context);
    }
    match exchange(stage, out) {
        Ok(()) => return Ok(()),
        Err(error)
            if error.kind() == ErrorKind::Unsupported
                || error.kind() == ErrorKind::InvalidInput => {}
        Err(error) => return Err(error).with_context(context),
    }
    fs::rename(out, old).with_context(context)?;
    if let Err(error) = fs::rename(stage, out) {
        fs::rename(old, out).with_context(context)?;
        return Err(error).with_context(context);
    }
    Ok(())
}

/// Exchanges two folders in one step.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Makes a rename in `folder` last. Not every system can; none needs it for
/// the promise that the site is whole.
fn sync(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Removes a folder that this program made, and nothing that it did not make.
fn discard(folder: &Path) -> anyhow::Result<()> {
    let remove = || -> anyhow::Result<()> {
        for file in manifest(folder)?.unwrap_or_default().into_keys() {
            forgive_absent(fs::remove_file(folder.join(file)))?;
        }
        let mut folders = Vec::new();
        for entry in WalkDir::new(folder).min_depth(1).contents_first(true) {
            let entry = entry?;
            if entry.file_type().is_dir() {
                folders.push(entry.into_path());
            }
        }
        for folder in folders {
            fs::remove_dir(folder)?;
        }
        forgive_absent(fs::remove_file(folder.join(MANIFEST)))?;
        Ok(fs::remove_dir(folder)?)
    };
    if !folder.exists() {
        return Ok(());
    }
    remove().with_context(|| {
        format!(
            "cannot remove {}, left by an earlier build; move its files away",
            folder.display()
        )
    })
}

fn forgive_absent(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> Site {
        let mut site = Site::default();
        for (path, text) in files {
            assert!(
                site.insert((*path).to_owned(), text.as_bytes().to_vec()),
                "{path}"
            );
        }
        site
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_path_is_taken_once_and_not_by_a_folder_too() {
        let mut site = site(&[("404/index.html", "a")]);
        for path in ["404/index.html", "404", "404/index.html/x", MANIFEST] {
            assert!(!site.insert(path.to_owned(), Vec::new()), "{path}");
        }
        assert!(site.insert("404.html".to_owned(), Vec::new()));
    }

    #[test]
    fn a_second_write_changes_what_differs_and_removes_what_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("dist");
        let first = write(
            &site(&[("a.html", "1"), ("b/c.html", "2"), ("d.html", "3")]),
            &out,
        )
        .unwrap();
        assert_eq!(
            first,
            Written {
                changed: 3,
                unchanged: 0,
                removed: 0
            }
        );
        let kept = fs::metadata(out.join("a.html"))
            .unwrap()
            .modified()
            .unwrap();
        let second = write(&site(&[("a.html", "1"), ("d.html", "4")]), &out).unwrap();
        assert_eq!(
            second,
            Written {
                changed: 1,
                unchanged: 1,
                removed: 1
            }
        );
        assert_eq!(
            fs::metadata(out.join("a.html"))
                .unwrap()
                .modified()
                .unwrap(),
            kept
        );
        assert_eq!(names(&out), [MANIFEST, "a.html", "d.html"]);
        assert_eq!(names(folder.path()), ["dist"]);
    }

    #[test]
    fn a_write_of_the_same_site_touches_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("dist");
        let site = site(&[("a.html", "1")]);
        write(&site, &out).unwrap();
        let before = fs::metadata(&out).unwrap().modified().unwrap();
        assert_eq!(
            write(&site, &out).unwrap(),
            Written {
                changed: 0,
                unchanged: 1,
                removed: 0
            }
        );
        assert_eq!(fs::metadata(&out).unwrap().modified().unwrap(), before);
    }

    #[test]
    fn a_folder_of_somebody_else_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("dist");
        fs::create_dir(&out).unwrap();
        fs::write(out.join("thesis.txt"), "mine").unwrap();
        let error = write(&site(&[("a.html", "1")]), &out).unwrap_err();
        assert!(error.to_string().contains("did not make"), "{error}");
        assert_eq!(names(&out), ["thesis.txt"]);
    }

    #[test]
    fn a_file_that_somebody_added_is_named_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("dist");
        write(&site(&[("a.html", "1")]), &out).unwrap();
        fs::write(out.join("CNAME"), "example.com").unwrap();
        let error = write(&site(&[("a.html", "2")]), &out).unwrap_err();
        assert!(error.to_string().contains("CNAME"), "{error}");
        assert_eq!(fs::read_to_string(out.join("a.html")).unwrap(), "1");
    }

    #[test]
    fn litter_of_a_killed_build_is_cleared_away() {
        let folder = tempfile::tempdir().unwrap();
        let (out, stage) = (
            folder.path().join("dist"),
            folder.path().join(".dist.stage"),
        );
        fs::create_dir_all(stage.join("404")).unwrap();
        fs::write(
            stage.join(MANIFEST),
            format!("{MANIFEST_HEAD}\n404/index.html\na.html\n"),
        )
        .unwrap();
        fs::write(stage.join("404/index.html"), "half").unwrap();
        write(&site(&[("a.html", "1")]), &out).unwrap();
        assert_eq!(names(folder.path()), ["dist"]);
    }

    #[test]
    fn a_site_that_was_moved_away_by_a_killed_build_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let (out, old) = (folder.path().join("dist"), folder.path().join(".dist.old"));
        write(&site(&[("a.html", "1"), ("b.html", "1")]), &out).unwrap();
        fs::rename(&out, &old).unwrap();
        let written = write(&site(&[("a.html", "1"), ("b.html", "2")]), &out).unwrap();
        assert_eq!(
            written,
            Written {
                changed: 1,
                unchanged: 1,
                removed: 0
            }
        );
        assert_eq!(names(folder.path()), ["dist"]);
    }

    #[test]
    fn a_list_of_files_cannot_name_files_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join(MANIFEST),
            format!("{MANIFEST_HEAD}\n../x\n/etc/x\na/../../x\na.html\n"),
        )
        .unwrap();
        let files: Vec<_> = manifest(folder.path())
            .unwrap()
            .unwrap()
            .into_keys()
            .collect();
        assert_eq!(files, ["a.html"]);
    }

    #[test]
    fn an_output_folder_on_or_around_the_sources_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let content = folder.path().join("content");
        fs::create_dir_all(content.join("codes")).unwrap();
        for out in ["content", "content/dist", ".", "content/codes/../dist"] {
            assert!(
                refuse_overlap(&folder.path().join(out), std::slice::from_ref(&content)).is_err(),
                "{out}"
            );
        }
        assert!(refuse_overlap(&folder.path().join("dist"), &[content]).is_ok());
    }
}
