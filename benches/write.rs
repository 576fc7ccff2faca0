//! Owns: the command line of the guides to measure with.
//!
//! Must not: do anything but write them.

use std::env;
use std::path::Path;

use anyhow::{Context, bail};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["guide", pages, folder] => {
            let pages = pages.parse().context("PAGES is no number")?;
            synthetic::guide(Path::new("."), pages, Path::new(folder))
        }
        ["peers", built, folder] => synthetic::peers(Path::new(built), Path::new(folder)),
        _ => bail!(
            "usage: synthetic guide PAGES FOLDER | synthetic peers SITE FOLDER\n\
             Run it in the folder that has content/ and static/."
        ),
    }
}
