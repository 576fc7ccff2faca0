//! Owns: the finished site as a value: every file of it, by its path.
//!
//! Must not: know what is in the files, or where they end up.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

/// The file in an output folder that says who made it, and what was made.
pub const MANIFEST: &str = ".status-guide";

/// The bytes of a file, in one piece or in several. What many files have in
/// common is a piece that they hold together: half of each page is the list of
/// all codes.
#[derive(Debug, Default, Clone)]
pub struct Bytes {
    pieces: Vec<Arc<[u8]>>,
    whole: OnceLock<Box<[u8]>>,
}

impl Bytes {
    /// These pieces, one after the other.
    pub fn of(pieces: impl IntoIterator<Item = Arc<[u8]>>) -> Self {
        Self {
            pieces: pieces.into_iter().collect(),
            whole: OnceLock::new(),
        }
    }

    /// The same bytes. If `piece` is among them, it is held together with others
    /// from now on.
    #[must_use]
    pub fn sharing(self, piece: &Arc<[u8]>) -> Self {
        let [all] = self.pieces.as_slice() else {
            return self;
        };
        let texts = std::str::from_utf8(all)
            .ok()
            .zip(std::str::from_utf8(piece).ok());
        match texts.and_then(|(all, piece)| all.split_once(piece)) {
            Some((before, after)) if !piece.is_empty() => Self::of([
                before.as_bytes().into(),
                Arc::clone(piece),
                after.as_bytes().into(),
            ]),
            _ => self,
        }
    }

    /// The pieces in order.
    pub fn pieces(&self) -> &[Arc<[u8]>] {
        &self.pieces
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.len()).sum()
    }

    /// Whether there is no byte.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text in one piece, which is not kept.
    pub fn text(&self) -> Cow<'_, str> {
        match self.pieces.as_slice() {
            [all] => String::from_utf8_lossy(all),
            pieces => String::from_utf8_lossy(&pieces.concat())
                .into_owned()
                .into(),
        }
    }

    /// Stands for the bytes, whatever pieces they are in.
    pub fn digest(&self) -> String {
        let pieces = self.pieces.iter().map(|piece| &**piece);
        digest_in_pieces([(self.len(), pieces)])
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::of([bytes.into()])
    }
}

impl From<String> for Bytes {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

/// The bytes in one piece, which is put together when somebody wants it, and
/// kept. Where that may be all files, `pieces` and `text` take less memory.
impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self.pieces.as_slice() {
            [all] => all,
            pieces => self.whole.get_or_init(|| pieces.concat().into()),
        }
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Self) -> bool {
        let pairs = || self.pieces.iter().zip(&other.pieces);
        if self.pieces.len() == other.pieces.len() && pairs().all(|(a, b)| a.len() == b.len()) {
            return pairs().all(|(a, b)| Arc::ptr_eq(a, b) || a == b);
        }
        self.len() == other.len() && **self == **other
    }
}

impl Eq for Bytes {}

/// The finished site: bytes by path, with `/` between folders, in order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Site {
    files: BTreeMap<String, Bytes>,
    /// Of what the files were made that the next build may take over.
    fingerprints: BTreeMap<String, String>,
    /// Files that are made when somebody asks for them.
    promised: BTreeSet<String>,
}

impl Site {
    /// Adds a file; false if the path is taken, also by a folder or a file
    /// that the path would have to go through.
    pub fn insert(&mut self, path: String, bytes: impl Into<Bytes>) -> bool {
        let below = format!("{path}/");
        let is_folder = self
            .files
            .range(below.clone()..)
            .next()
            .is_some_and(|(p, _)| p.starts_with(&below));
        let through_file = path
            .match_indices('/')
            .any(|(at, _)| self.files.contains_key(&path[..at]));
        if is_folder || through_file || self.files.contains_key(&path) || path == MANIFEST {
            return false;
        }
        self.files.insert(path, bytes.into());
        true
    }

    /// Gives a file that is there other bytes. The next build does not take it
    /// over: of what it was made no longer says what it is.
    pub fn replace(&mut self, path: &str, bytes: Vec<u8>) {
        if let Some(old) = self.files.get_mut(path) {
            *old = bytes.into();
            self.fingerprints.remove(path);
        }
    }

    /// Adds a file that the next build may take over if it would be made of
    /// the same things, which `fingerprint` stands for.
    pub fn insert_costly(
        &mut self,
        path: String,
        bytes: impl Into<Bytes>,
        fingerprint: String,
    ) -> bool {
        let is_free = self.insert(path.clone(), bytes);
        if is_free {
            self.fingerprints.insert(path, fingerprint);
        }
        is_free
    }

    /// Of what a file was made, if the next build may take it over.
    pub fn fingerprint(&self, path: &str) -> Option<&str> {
        self.fingerprints.get(path).map(String::as_str)
    }

    /// Says that there is such a file, whose bytes are made when somebody asks
    /// for them. A file that is there goes before.
    pub fn promise(&mut self, path: String) {
        if !self.files.contains_key(&path) {
            self.promised.insert(path);
        }
    }

    /// Whether a file is promised.
    pub fn promises(&self, path: &str) -> bool {
        self.promised.contains(path)
    }

    /// Whether links to both sites lead somewhere alike.
    pub fn has_the_files_of(&self, other: &Self) -> bool {
        self.files.keys().eq(other.files.keys()) && self.promised == other.promised
    }

    /// The bytes of a file in one piece, which is kept.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.file(path).map(|bytes| &**bytes)
    }

    /// The bytes of a file.
    pub fn file(&self, path: &str) -> Option<&Bytes> {
        self.files.get(path)
    }

    /// All files in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes))
    }

    /// All files, on all cores.
    pub fn par_iter(&self) -> impl ParallelIterator<Item = (&str, &Bytes)> {
        let files = self.files.par_iter();
        files.map(|(path, bytes)| (path.as_str(), bytes))
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The size of all files in bytes.
    pub fn bytes(&self) -> usize {
        self.files.values().map(Bytes::len).sum()
    }
}

/// Stands for parts of bytes: other parts have another digest. It notices
/// accidents, and is no protection from an attacker.
pub fn digest<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> String {
    digest_in_pieces(parts.into_iter().map(|part| (part.len(), [part])))
}

/// The same of parts that are in pieces, each with its length in bytes.
fn digest_in_pieces<'p, P: IntoIterator<Item = &'p [u8]>>(
    parts: impl IntoIterator<Item = (usize, P)>,
) -> String {
    let mut hasher = Xxh3::new();
    for (length, pieces) in parts {
        hasher.update(&(length as u64).to_le_bytes());
        for piece in pieces {
            hasher.update(piece);
        }
    }
    format!("{:032x}", hasher.digest128())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(pieces: &[&str]) -> Bytes {
        Bytes::of(pieces.iter().map(|piece| piece.as_bytes().into()))
    }

    #[test]
    fn bytes_are_the_same_in_whatever_pieces() {
        let one = bytes(&["abc"]);
        for other in [bytes(&["a", "bc"]), bytes(&["", "ab", "c"])] {
            assert_eq!(one, other);
            assert_eq!(one.digest(), other.digest());
            assert_eq!(one.digest(), digest([b"abc".as_slice()]));
            assert_eq!((&*other, &*other.text()), (b"abc".as_slice(), "abc"));
            for wrong in ["ab", "abcd", "xbc", ""] {
                assert_ne!(other, bytes(&[wrong]));
            }
        }
    }

    #[test]
    fn a_piece_that_files_have_in_common_is_held_together() {
        let piece: Arc<[u8]> = b"list".as_slice().into();
        let page = bytes(&["a list."]).sharing(&piece);
        assert!(Arc::ptr_eq(&page.pieces()[1], &piece));
        assert_eq!(&*page, b"a list.");
        assert_eq!(bytes(&["none"]).sharing(&piece).pieces().len(), 1);
    }
}
