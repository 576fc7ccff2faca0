//! Owns: files that are costly to make: minified pages, pictures, archives.
//! Takes them over from the site that the last build left, on disk or in memory,
//! if they would be made of the same things now and nobody changed them since.
//!
//! Must not: know what is in the files, or how they are made.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::output::{self, Kept};
use crate::site::{Bytes, Site, digest};

/// The libraries that make such files, in the versions that this program has.
static LIBRARIES: LazyLock<String> =
    LazyLock::new(|| digest([include_bytes!("../../Cargo.lock").as_slice()]));

/// The costly files of an output folder, or of a site in memory.
#[derive(Debug, Default)]
pub struct Cache {
    folder: PathBuf,
    kept: BTreeMap<String, Kept>,
    last: Option<Arc<Site>>,
    made: Mutex<BTreeSet<String>>,
}

/// A file that was costly to make, or would have been.
#[derive(Debug)]
pub struct Costly {
    /// The file.
    pub bytes: Bytes,
    /// Stands for everything that it is made of.
    pub fingerprint: String,
}

impl Cache {
    /// No files: everything is made.
    pub fn none() -> Self {
        Self::default()
    }

    /// The files in `folder`, if this program made it.
    pub fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            kept: output::kept(folder),
            ..Self::default()
        }
    }

    /// The files of `site`, which the last build made.
    pub fn after(site: Arc<Site>) -> Self {
        Self {
            last: Some(site),
            ..Self::default()
        }
    }

    /// The file `path` as `make` makes it of `parts`, which must be everything
    /// that decides on its bytes: data, and the source text of the code.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn get_or_make<B: Into<Bytes>>(
        &self,
        path: &str,
        parts: &[&[u8]],
        make: impl FnOnce() -> anyhow::Result<B>,
    ) -> anyhow::Result<Costly> {
        let libraries = LIBRARIES.as_bytes();
        let fingerprint = digest([libraries].into_iter().chain(parts.iter().copied()));
        if let Some(bytes) = self.take_over(path, &fingerprint) {
            return Ok(Costly { bytes, fingerprint });
        }
        let mut log = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        log.insert(path.to_owned());
        drop(log);
        let bytes = make()?.into();
        Ok(Costly { bytes, fingerprint })
    }

    /// The file of the last build, if it was made of the same and is as it was.
    fn take_over(&self, path: &str, fingerprint: &str) -> Option<Bytes> {
        if let Some(site) = &self.last {
            let is_same = site.fingerprint(path) == Some(fingerprint);
            return site.file(path).filter(|_| is_same).cloned();
        }
        let kept = self.kept.get(path)?;
        if kept.fingerprint != fingerprint {
            return None;
        }
        let bytes = Bytes::from(fs::read(self.folder.join(path)).ok()?);
        (bytes.digest() == kept.digest).then_some(bytes)
    }

    /// The files that had to be made.
    pub fn made(&self) -> BTreeSet<String> {
        let log = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        log.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "404/card.png";

    /// A site with a file that was made of `part`.
    fn site(part: &[u8], bytes: &[u8]) -> Site {
        let made = Cache::none().get_or_make(PATH, &[part], || Ok(bytes.to_owned()));
        let made = made.unwrap();
        let mut site = Site::default();
        site.insert_costly(PATH.to_owned(), made.bytes, made.fingerprint);
        site
    }

    /// A folder with that site.
    fn folder(part: &[u8], bytes: &[u8]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        output::write(&site(part, bytes), &folder.path().join("dist")).unwrap();
        folder
    }

    /// What is in the file, and whether it was made for that.
    fn get(folder: &tempfile::TempDir, parts: &[&[u8]]) -> (String, bool) {
        let cache = Cache::of(&folder.path().join("dist"));
        let file = cache
            .get_or_make(PATH, parts, || Ok(b"new".to_vec()))
            .unwrap();
        let is_made = cache.made().contains(PATH);
        (file.bytes.text().into_owned(), is_made)
    }

    #[test]
    fn a_file_is_taken_over_if_it_would_be_made_of_the_same() {
        let folder = folder(b"part", b"old");
        assert_eq!(get(&folder, &[b"part"]), ("old".to_owned(), false));
        assert_eq!(get(&folder, &[b"other"]), ("new".to_owned(), true));
        assert_eq!(get(&folder, &[b"pa", b"rt"]), ("new".to_owned(), true));
    }

    #[test]
    fn a_file_is_taken_over_from_a_site_in_memory() {
        let site = Arc::new(site(b"part", b"old"));
        for (part, bytes) in [(b"part".as_slice(), b"old"), (b"other", b"new")] {
            let cache = Cache::after(Arc::clone(&site));
            let file = cache.get_or_make(PATH, &[part], || Ok(b"new".to_vec()));
            assert_eq!(&*file.unwrap().bytes, bytes);
            assert_eq!(cache.made().contains(PATH), bytes == b"new");
        }
    }

    #[test]
    fn a_file_that_got_other_bytes_later_is_made_again() {
        let mut site = site(b"part", b"old");
        site.replace(PATH, b"other".to_vec());
        let cache = Cache::after(Arc::new(site));
        let file = cache.get_or_make(PATH, &[b"part"], || Ok(b"new".to_vec()));
        assert_eq!(&*file.unwrap().bytes, b"new");
    }

    #[test]
    fn a_file_that_somebody_changed_or_removed_is_made_again() {
        let folder = folder(b"part", b"old");
        let path = folder.path().join("dist").join(PATH);
        fs::write(&path, b"odd").unwrap();
        assert_eq!(get(&folder, &[b"part"]), ("new".to_owned(), true));
        fs::remove_file(&path).unwrap();
        assert_eq!(get(&folder, &[b"part"]), ("new".to_owned(), true));
    }
}
