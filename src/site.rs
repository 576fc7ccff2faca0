//! Owns: the finished site as a value: every file of it, by its path.
//!
//! Must not: know what is in the files, or where they end up.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

/// The file in an output folder that says who made it, and what was made.
pub const MANIFEST: &str = ".status-guide";

/// The finished site: bytes by path, with `/` between folders, in order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Site {
    files: BTreeMap<String, Vec<u8>>,
    /// Of what the files were made that the next build may take over.
    fingerprints: BTreeMap<String, String>,
    /// Files that are made when somebody asks for them.
    promised: BTreeSet<String>,
}

impl Site {
    /// Adds a file; false if the path is taken, also by a folder or a file
    /// that the path would have to go through.
    pub fn insert(&mut self, path: String, mut bytes: Vec<u8>) -> bool {
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
        // What was made piece by piece has room for more pieces.
        bytes.shrink_to_fit();
        self.files.insert(path, bytes);
        true
    }

    /// Gives a file that is there other bytes. The next build does not take it
    /// over: of what it was made no longer says what it is.
    pub fn replace(&mut self, path: &str, bytes: Vec<u8>) {
        if let Some(old) = self.files.get_mut(path) {
            *old = bytes;
            self.fingerprints.remove(path);
        }
    }

    /// Adds a file that the next build may take over if it would be made of
    /// the same things, which `fingerprint` stands for.
    pub fn insert_costly(&mut self, path: String, bytes: Vec<u8>, fingerprint: String) -> bool {
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

    /// The bytes of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// All files in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// All files, on all cores.
    pub fn par_iter(&self) -> impl ParallelIterator<Item = (&str, &[u8])> {
        self.files
            .par_iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
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
        self.files.values().map(Vec::len).sum()
    }
}

/// Stands for parts of bytes: other parts have another digest. It notices
/// accidents, and is no protection from an attacker.
pub fn digest<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> String {
    let mut hasher = Xxh3::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    format!("{:032x}", hasher.digest128())
}
