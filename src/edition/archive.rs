//! Owns: ZIP files that are the same bytes whenever and wherever they are made.
//!
//! Must not: know what the files in them are for.

use std::io::{Cursor, Write as _};

use rayon::prelude::*;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

/// The code that decides how an archive is packed.
pub const SOURCES: &[&[u8]] = &[include_bytes!("archive.rs")];

/// A file to put into an archive.
pub struct Entry<'b> {
    /// Its path in the archive.
    pub path: String,
    /// Its bytes, piece by piece.
    pub pieces: Vec<&'b [u8]>,
    /// Whether it is compressed.
    pub compressed: bool,
}

impl<'b> Entry<'b> {
    /// A file that becomes smaller.
    pub fn new(path: impl Into<String>, bytes: &'b [u8]) -> Self {
        Self::in_pieces(path, [bytes])
    }

    /// The same, of several pieces.
    pub fn in_pieces(path: impl Into<String>, pieces: impl IntoIterator<Item = &'b [u8]>) -> Self {
        Self {
            path: path.into(),
            pieces: pieces.into_iter().collect(),
            compressed: true,
        }
    }

    /// A file that is taken as it is.
    pub fn stored(path: impl Into<String>, bytes: &'b [u8]) -> Self {
        Self {
            compressed: false,
            ..Self::new(path, bytes)
        }
    }
}

/// The archive of `entries`, in their order.
///
/// # Errors
/// If two entries have one path, or one is larger than ZIP allows.
pub fn zip(entries: &[Entry<'_>]) -> anyhow::Result<Vec<u8>> {
    // Each entry is compressed by itself, on all cores, and then copied.
    // It is finished at once: what compresses it takes hundreds of kilobytes.
    let singles: Vec<ZipResult<ZipArchive<_>>> = entries.par_iter().map(single).collect();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for single in singles {
        archive.merge_archive(single?)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// An archive of one entry. Time, permissions and system are fixed: those of
/// the machine must not show.
fn single(entry: &Entry<'_>) -> ZipResult<ZipArchive<Cursor<Vec<u8>>>> {
    let (method, level) = if entry.compressed {
        (CompressionMethod::Deflated, Some(9))
    } else {
        (CompressionMethod::Stored, None)
    };
    let options = SimpleFileOptions::DEFAULT
        .compression_method(method)
        .compression_level(level)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644)
        .system(System::Unix);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(entry.path.as_str(), options)?;
    // At once, so that it makes no difference where a piece ends.
    writer.write_all(&entry.pieces.concat())?;
    writer.finish_into_readable()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn what_was_put_in_comes_out_in_its_order() {
        let text = "status ".repeat(100);
        let entries = [
            Entry::stored("mimetype", b"text/plain"),
            Entry::new("b/é.txt", text.as_bytes()),
            Entry::new("a.txt", b""),
        ];
        let bytes = zip(&entries).unwrap();
        let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        for (at, entry) in entries.iter().enumerate() {
            let mut file = archive.by_index(at).unwrap();
            let mut found = Vec::new();
            file.read_to_end(&mut found).unwrap();
            assert_eq!(
                (&*file.name().unwrap(), found.as_slice()),
                (entry.path.as_str(), entry.pieces.concat().as_slice())
            );
            assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o644));
            assert_eq!(file.last_modified(), Some(DateTime::DEFAULT));
            assert_eq!(file.extra_data(), None);
        }
        assert!(bytes.len() < text.len(), "it is compressed");
        // The local header, the name, and then the bytes themselves.
        assert_eq!(&bytes[30..48], b"mimetypetext/plain");
    }

    #[test]
    fn two_files_cannot_have_one_path() {
        assert!(zip(&[Entry::new("a", b"1"), Entry::new("a", b"2")]).is_err());
    }
}
