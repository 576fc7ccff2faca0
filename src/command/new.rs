//! Owns: `new`: the draft of a page, and what comes next.
//!
//! Must not: know what a draft consists of.

use std::path::PathBuf;
use std::process::ExitCode;

use status_guide::author::new;
use status_guide::load::content::FILL_IN;
use status_guide::{Failure, Source};

use crate::command::{CONTENT, answer};
use crate::embedded;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A code (499), a comparison (400-vs-422), `page NAME` or `topic NAME`
    #[arg(value_name = "WHAT", required = true)]
    what: Vec<String>,
    /// The IANA registry has the code, though this program does not know it yet
    #[arg(long)]
    registered: bool,
    /// The folder with the Markdown
    #[arg(long, value_name = "DIR", default_value = CONTENT)]
    content: PathBuf,
}

/// Writes the draft of a page.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let refused = |message: String| anyhow::anyhow!(message);
    let subject = new::Subject::parse(&args.what).map_err(refused)?;
    if !args.content.is_dir() {
        return Err(refused(format!(
            "there is no content folder at {}, and the built-in guide cannot be changed; name the folder with --content DIR, or write a guide of your own: status-guide init DIR",
            args.content.display()
        ))
        .into());
    }
    let guide = status_guide::outline(&Source::folder(&args.content))?;
    let carried = status_guide::outline(&embedded::guide())?;
    let draft = new::draft(&subject, &guide, &carried, args.registered).map_err(refused)?;
    let path = new::write(&args.content, &draft)?;
    let places = draft.text.matches(FILL_IN).count();
    let permalinks = args.content.join("../tests/permalinks.txt").exists();
    let last = if permalinks {
        "\n  3. Add its address to the list of links that stay: UPDATE_PERMALINKS=1 cargo test --test cli"
    } else {
        ""
    };
    let message = format!(
        "Wrote {}, with {places} places to fill in. Next:\n  1. Fill them in; each begins with FILL IN.\n  2. Run `status-guide check`, which lists those that are left.{last}\n",
        path.display()
    );
    answer(&message)?;
    Ok(ExitCode::SUCCESS)
}
