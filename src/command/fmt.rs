//! Owns: `fmt`: the facts of pages in their normal form.
//!
//! Must not: know what that form is.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use status_guide::Failure;
use status_guide::author::format;
use status_guide::diagnostic::{Diagnostics, printable};

use crate::command::{CONTENT, Format, answer, report};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The pages; without any, all
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write nothing; say which pages are not in normal form
    #[arg(long)]
    check: bool,
    /// The folder with the Markdown
    #[arg(long, value_name = "DIR", default_value = CONTENT)]
    content: PathBuf,
    /// How errors are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

/// Puts pages into their normal form, or says which are not.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let mut diagnostics = Diagnostics::default();
    let changes = format::changes(&args.content, &args.files, &mut diagnostics)?;
    let mut text = String::new();
    for change in &changes {
        let name = printable(&change.name);
        if args.check {
            let _ = writeln!(text, "{name} is not in normal form:");
            for line in &change.difference {
                let _ = writeln!(text, "  {}", printable(line));
            }
        } else {
            format::write(change)?;
            let _ = writeln!(text, "{name}");
        }
    }
    let count = changes.len();
    let pages = if count == 1 { "page" } else { "pages" };
    let _ = match (count, args.check) {
        (0, _) => writeln!(text, "All pages that have no errors are in normal form."),
        (_, true) => writeln!(text, "{count} {pages}; `status-guide fmt` puts that right."),
        (_, false) => writeln!(text, "{count} {pages} changed."),
    };
    answer(&text)?;
    if !diagnostics.is_empty() {
        report(
            &diagnostics,
            args.format,
            "files with errors were left alone",
        );
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::from(u8::from(args.check && count > 0)))
}
