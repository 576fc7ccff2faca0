//! Owns: putting the files of a team's own copy into a folder, all or none, and
//! none over another.
//!
//! Must not: know which files those are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context, bail};

/// Where the files are put together, inside the folder, so that moving them to
/// their places is a rename and cannot run out of space.
const STAGE: &str = ".status-guide-init";

/// Writes `files` into `folder`, which is made if it is missing. A folder that
/// has anything but a `.git` is refused.
///
/// # Errors
/// If the folder is not empty, or the disk refuses. Then `folder` is as it was.
pub fn write(files: &BTreeMap<String, &[u8]>, folder: &Path) -> anyhow::Result<()> {
    let is_new = refuse_used(folder)?;
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let stage = folder.join(STAGE);
    let mut moved = Vec::new();
    let done = assemble(files, &stage).and_then(|()| {
        for name in tops(files) {
            let target = folder.join(name);
            if target.exists() {
                bail!("{} appeared in the meantime", target.display());
            }
            fs::rename(stage.join(name), &target).with_context(|| target.display().to_string())?;
            moved.push(target);
        }
        Ok(fs::remove_dir(&stage)?)
    });
    let Err(error) = done else { return Ok(()) };
    // Only what was made here a moment ago is taken away again.
    for path in moved {
        let _ = if path.is_dir() {
            fs::remove_dir_all(path)
        } else {
            fs::remove_file(path)
        };
    }
    let _ = fs::remove_dir_all(&stage);
    if is_new {
        let _ = fs::remove_dir(folder);
    }
    Err(error).with_context(|| format!("cannot write to {}; it is as it was", folder.display()))
}

/// Refuses a folder that is in use; true if there is none yet.
fn refuse_used(folder: &Path) -> anyhow::Result<bool> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            bail!("{} is a file; name a folder", folder.display())
        }
        Err(error) => {
            return Err(error).with_context(|| format!("cannot open {}", folder.display()));
        }
    };
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        if entry.file_name() != ".git" {
            bail!(
                "{} is not empty: it has {}; name a new or an empty folder",
                folder.display(),
                crate::diagnostic::printable(&entry.file_name().to_string_lossy())
            );
        }
    }
    Ok(false)
}

/// The files and folders at the top.
fn tops<'f>(files: &'f BTreeMap<String, &[u8]>) -> BTreeSet<&'f str> {
    files
        .keys()
        .filter_map(|path| path.split('/').next())
        .collect()
}

fn assemble(files: &BTreeMap<String, &[u8]>, stage: &Path) -> anyhow::Result<()> {
    fs::create_dir(stage)?;
    for (path, bytes) in files {
        let target = stage.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        File::create_new(&target)
            .and_then(|mut file| file.write_all(bytes))
            .with_context(|| path.clone())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> BTreeMap<String, &'static [u8]> {
        BTreeMap::from([
            ("README.md".to_owned(), b"read".as_slice()),
            ("content/codes/404.md".to_owned(), b"text"),
        ])
    }

    fn names(folder: &Path) -> BTreeSet<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_folder_gets_every_file_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a/b");
        write(&files(), &folder).unwrap();
        assert_eq!(
            fs::read(folder.join("content/codes/404.md")).unwrap(),
            b"text"
        );
        assert_eq!(
            names(&folder),
            BTreeSet::from(["README.md", "content"].map(str::to_owned))
        );
    }

    #[test]
    fn a_repository_without_a_file_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        write(&files(), folder.path()).unwrap();
        assert!(folder.path().join("README.md").exists());
    }

    #[test]
    fn a_failure_half_way_leaves_nothing() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("copy");
        let mut files = files();
        files.insert("README.md/under-a-file".to_owned(), b"");
        assert!(write(&files, &folder).is_err());
        assert!(!folder.exists());
        fs::create_dir(&folder).unwrap();
        assert!(write(&files, &folder).is_err());
        assert_eq!(names(&folder), BTreeSet::new());
    }
}
