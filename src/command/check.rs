//! Owns: `check`: everything that `build` does, but to write.
//!
//! Must not: write into a site.

use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use status_guide::author::format;
use status_guide::diagnostic::{Diagnostics, printable};
use status_guide::output::cache::Cache;
use status_guide::publish::Extent;
use status_guide::{Failure, Source};

use crate::command::{BUILT_IN, CONTENT, InputArgs, OUT, answer, print, totals};
use crate::embedded;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Before that, put the facts of pages into their normal form, as `fmt` does
    #[arg(long)]
    pub(crate) fix: bool,
}

/// Builds in memory, and says that all is right.
pub(crate) fn run(args: Args) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let Args { input, fix } = args;
    // Without an overlay, whoever checks means a content folder.
    let (source, guide) = match (input.folder(), &input.overlay) {
        (None, Some(_)) => (embedded::guide(), BUILT_IN),
        (folder, _) => {
            let folder = folder.unwrap_or_else(|| CONTENT.into());
            if fix {
                put_in_form(&folder)?;
            }
            (Source::folder(&folder), "")
        }
    };
    let source = source.with_overlay(input.overlay.as_deref());
    let cache = Cache::of(Path::new(OUT));
    let built = status_guide::build(&source, input.base_url, Extent::Whole, &cache)?;
    let summary = format!(
        "{guide}Right: {}, in {:.0?}.\n",
        totals(&built),
        started.elapsed()
    );
    answer(&summary)?;
    Ok(ExitCode::SUCCESS)
}

/// Normalises what has no errors; the check that follows reports those.
fn put_in_form(folder: &Path) -> anyhow::Result<()> {
    for change in &format::changes(folder, &[], &mut Diagnostics::default())? {
        format::write(change)?;
        print(
            io::stdout(),
            &format!("{}: in normal form now\n", printable(&change.name)),
        );
    }
    Ok(())
}
