//! Owns: what the commands share: the arguments for input, how errors are
//! printed, and printing. Each command has a file here: its arguments, what it
//! calls, what it says.
//!
//! Must not: know anything about HTTP, Markdown or HTML.

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod fmt;
pub(crate) mod init;
pub(crate) mod new;
pub(crate) mod serve;
pub(crate) mod show;

use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;
use status_guide::Built;
use status_guide::diagnostic::{Diagnostics, Style};
use status_guide::route::BaseUrl;

/// Where the Markdown is if nobody says otherwise.
const CONTENT: &str = "content";
/// What is said where that is not there.
const BUILT_IN: &str = "There is no content folder here, so this is the built-in guide.\n";
/// Where the site goes if nobody says otherwise.
const OUT: &str = "dist";

#[derive(clap::Args)]
pub(crate) struct InputArgs {
    /// The folder with the Markdown; `static` is taken from beside it [default: content]
    #[arg(long, value_name = "DIR")]
    pub(crate) content: Option<PathBuf>,
    /// A folder with a team's own rules, pages and colours, laid over the guide
    #[arg(long, value_name = "DIR")]
    pub(crate) overlay: Option<PathBuf>,
    /// Where the site will be published, for canonical links, the sitemap and 404.html
    #[arg(long, value_name = "URL", value_parser = |text: &str| text.parse::<BaseUrl>())]
    pub(crate) base_url: Option<BaseUrl>,
    /// How errors are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

impl InputArgs {
    /// The content folder, if there is one; otherwise the built-in guide is meant.
    fn folder(&self) -> Option<PathBuf> {
        let usual = || Path::new(CONTENT).is_dir().then(|| CONTENT.into());
        self.content.clone().or_else(usual)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With the source line
    Human,
    /// path:line:col: error[rule]: text
    Short,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// If standard output is a terminal
    Auto,
    /// Also in a pipe
    Always,
    /// Not at all
    Never,
}

impl Color {
    fn wanted(self, stream: &impl IsTerminal) -> bool {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                let is_dumb = set("TERM").is_some_and(|term| term == "dumb");
                stream.is_terminal() && set("NO_COLOR").is_none() && !is_dumb
            }
        }
    }
}

/// What a build made, in a line.
fn totals(built: &Built) -> String {
    format!(
        "{} pages, {} example messages, {} files, {} kB",
        built.pages,
        built.messages,
        built.site.len(),
        built.site.bytes().div_ceil(1000)
    )
}

/// Prints every error, their number, and what follows from it.
pub(crate) fn report(diagnostics: &Diagnostics, format: Format, outcome: &str) {
    let style = match format {
        Format::Human => Style::Human {
            color: Color::Auto.wanted(&io::stderr()),
        },
        Format::Short => Style::Short,
    };
    print(io::stderr(), &diagnostics.render(style));
    if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        print(io::stdout(), &diagnostics.render(Style::GitHub));
    }
    let count = diagnostics.sorted().len();
    let errors = if count == 1 { "error" } else { "errors" };
    print(io::stderr(), &format!("{count} {errors}; {outcome}.\n"));
}

/// Prints what was asked for, and does not mind a reader that went away.
fn answer(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}

/// Says something about that. Where it cannot be said, nobody can be told.
pub(crate) fn print(mut to: impl io::Write, text: &str) {
    let _ = to.write_all(text.as_bytes());
    let _ = to.flush();
}
