//! Owns: `build`: the site in a folder.
//!
//! Must not: know what is in the site.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use status_guide::output::cache::Cache;
use status_guide::output::{self, Written};
use status_guide::publish::Extent;
use status_guide::{Failure, Source};

use crate::command::{BUILT_IN, InputArgs, OUT, answer, print, totals};
use crate::embedded;

/// Where pages alone go: in the other folder they would remove what is costly to
/// make again.
const OUT_OF_PAGES: &str = "dist-pages";

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// The folder for the site; replaced as a whole, and only if this program made it [default: dist]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Leave out preview cards, zip, e-book and print, to look at pages sooner; goes to dist-pages, and is not for publishing
    #[arg(long)]
    pages_only: bool,
    /// Print how long each stage took, what it made, and the most memory used
    #[arg(long)]
    timings: bool,
}

impl Args {
    fn extent(&self) -> Extent {
        if self.pages_only {
            Extent::Pages
        } else {
            Extent::Whole
        }
    }

    fn out(&self) -> PathBuf {
        let usual = if self.pages_only { OUT_OF_PAGES } else { OUT };
        self.out.clone().unwrap_or_else(|| PathBuf::from(usual))
    }
}

/// Builds and writes, and says what changed.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let (input, out) = (&args.input, args.out());
    let folder = input.folder();
    let mut protected = folder
        .as_deref()
        .map_or(Vec::new(), status_guide::source_folders);
    protected.extend(input.overlay.clone());
    output::refuse_overlap(&out, &protected)?;
    let (source, guide) = match &folder {
        Some(folder) => (Source::folder(folder), ""),
        None => (embedded::guide(), BUILT_IN),
    };
    let source = source.with_overlay(input.overlay.as_deref());
    let base = input.base_url.clone();
    let mut built = status_guide::build(&source, base, args.extent(), &Cache::of(&out))?;
    // Which overlay `site.toml` names is known only now.
    output::refuse_overlap(&out, built.overlay.as_slice())?;
    let Written {
        changed,
        unchanged,
        removed,
    } = output::write(&built.site, &out)
        .with_context(|| format!("{} was left as it was", out.display()))?;
    built.timings.end("write");
    if args.timings {
        print(io::stderr(), &built.timings.to_string());
    }
    let hint = match &built.base {
        Some(base) => format!("For {base}. "),
        None => "Without --base-url there is no sitemap, and 404.html serves misses at the top level only.\n".to_owned(),
    };
    let summary = format!(
        "{guide}Built {}, in {:.0?}.\nFiles: {changed} changed, {unchanged} unchanged, {removed} removed.\n{hint}Open {}\n",
        totals(&built),
        started.elapsed(),
        out.join("index.html").display()
    );
    answer(&summary)?;
    Ok(ExitCode::SUCCESS)
}
