//! Owns: `init`: a copy of the guide for a team, and what comes next.
//!
//! Must not: know what a copy consists of.

use std::path::PathBuf;
use std::process::ExitCode;

use status_guide::Failure;
use status_guide::author::init;

use crate::command::answer;
use crate::embedded;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A folder that is new or empty
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Writes the copy.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let folder = &args.folder;
    let files = embedded::copy();
    init::write(&files, folder)?;
    let message = format!(
        "Wrote {} files to {}. Next:\n  1. Change the title in content/site.toml.\n  2. In that folder, run: status-guide build\n  3. Open dist/index.html\nREADME.md says how to publish and update it.\n",
        files.len(),
        folder.display()
    );
    answer(&message)?;
    Ok(ExitCode::SUCCESS)
}
