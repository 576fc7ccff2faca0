//! Owns: the guide that the program carries, so that an installed one needs no
//! checkout: `content/`, `static/` and what a team's own copy has besides.
//! Part of the binary alone: a change of a page compiles this file and links,
//! and leaves the library as it is.
//!
//! Must not: read a file when it runs.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use status_guide::Source;
use status_guide::load::files::{Root, is_input};

/// The compiler knows the files of the last time that it read the folders. A
/// page that was added since then is missing until this file is compiled again.
static CONTENT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content");
static STATICS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

/// The files of a copy that are neither content nor static.
const BESIDES: [(&str, &str); 4] = [
    ("README.md", include_str!("../init/README.md")),
    (
        ".github/workflows/pages.yml",
        include_str!("../init/pages.yml"),
    ),
    (".gitignore", "/dist/\n/.dist.*/\n"),
    ("LICENSE-CC-BY-4.0", include_str!("../LICENSE-CC-BY-4.0")),
];

/// The guide that the program carries.
pub(crate) fn guide() -> Source {
    Source {
        content: Root::BuiltIn(files(&CONTENT)),
        statics: Root::BuiltIn(files(&STATICS)),
        overlay: None,
    }
}

/// Every file of a team's own copy, by path.
pub(crate) fn copy() -> BTreeMap<String, &'static [u8]> {
    let mut copy = BTreeMap::new();
    for (folder, dir) in [("content", &CONTENT), ("static", &STATICS)] {
        let files = files(dir).into_iter();
        copy.extend(files.map(|(path, bytes)| (format!("{folder}/{path}"), bytes)));
    }
    copy.extend(BESIDES.map(|(path, text)| (path.to_owned(), text.as_bytes())));
    copy
}

/// The files of a folder by path, without what an editor left there.
fn files(dir: &'static Dir<'static>) -> BTreeMap<&'static str, &'static [u8]> {
    let mut found = BTreeMap::new();
    for file in dir.files() {
        if let Some(path) = file.path().to_str()
            && path.split('/').all(is_input)
        {
            found.insert(path, file.contents());
        }
    }
    for inner in dir.dirs() {
        found.extend(files(inner));
    }
    found
}
