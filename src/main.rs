//! Owns: the command line. Parses arguments, calls, prints, chooses the exit
//! code. Must not: know anything about HTTP, Markdown or HTML.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};
use status_guide::diagnostic::{Diagnostics, Style};
use status_guide::output::{self, Written};
use status_guide::route::BaseUrl;
use status_guide::{Built, Failure};

/// Builds a static guide to HTTP status codes from Markdown.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
#[command(
    after_help = "Exit codes:\n  0  the site was built, or is right\n  1  the content is wrong; every error was printed and nothing was written\n  2  usage, input or output trouble; an existing site is as it was"
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    build: BuildArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Build the site (the default)
    Build(BuildArgs),
    /// Do everything but write
    Check(InputArgs),
}

#[derive(Args)]
struct BuildArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The folder for the site; replaced as a whole, and only if this program made it
    #[arg(long, default_value = "dist", value_name = "DIR")]
    out: PathBuf,
}

#[derive(Args)]
struct InputArgs {
    /// The folder with the Markdown; `static` is taken from beside it
    #[arg(long, default_value = "content", value_name = "DIR")]
    content: PathBuf,
    /// Where the site will be published, for canonical links, the sitemap and 404.html
    #[arg(long, value_name = "URL", value_parser = |text: &str| text.parse::<BaseUrl>())]
    base_url: Option<BaseUrl>,
    /// How errors are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the source line
    Human,
    /// path:line:col: error[rule]: text
    Short,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let started = Instant::now();
    let (input, out) = match cli.command {
        None => (cli.build.input, Some(cli.build.out)),
        Some(Command::Build(args)) => (args.input, Some(args.out)),
        Some(Command::Check(input)) => (input, None),
    };
    let format = input.format;
    match run(input, out, started) {
        Ok(summary) => {
            print(io::stdout(), &summary);
            ExitCode::SUCCESS
        }
        Err(Failure::Content(diagnostics)) => {
            report(&diagnostics, format);
            ExitCode::from(1)
        }
        Err(Failure::Other(error)) => {
            print(io::stderr(), &format!("error: {error:#}\n"));
            ExitCode::from(2)
        }
    }
}

fn run(input: InputArgs, out: Option<PathBuf>, started: Instant) -> Result<String, Failure> {
    if let Some(out) = &out {
        output::refuse_overlap(out, &status_guide::source_folders(&input.content))?;
    }
    let built = status_guide::build(&input.content, input.base_url)?;
    let Built {
        site,
        pages,
        messages,
        base,
    } = &built;
    let size = site.bytes().div_ceil(1000);
    let facts = format!(
        "{pages} pages, {messages} example messages, {} files, {size} kB",
        site.len()
    );
    let Some(out) = out else {
        return Ok(format!("Right: {facts}, in {:.0?}.\n", started.elapsed()));
    };
    let Written {
        changed,
        unchanged,
        removed,
    } = output::write(site, &out)
        .with_context(|| format!("{} was left as it was", out.display()))?;
    let hint = match base {
        Some(base) => format!("For {base}. "),
        None => "Without --base-url there is no sitemap, and 404.html serves misses at the top level only.\n".to_owned(),
    };
    Ok(format!(
        "Built {facts}, in {:.0?}.\nFiles: {changed} changed, {unchanged} unchanged, {removed} removed.\n{hint}Open {}\n",
        started.elapsed(),
        out.join("index.html").display()
    ))
}

fn report(diagnostics: &Diagnostics, format: Format) {
    let color = io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let style = match format {
        Format::Human => Style::Human { color },
        Format::Short => Style::Short,
    };
    print(io::stderr(), &diagnostics.render(style));
    if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        print(io::stdout(), &diagnostics.render(Style::GitHub));
    }
    let count = diagnostics.sorted().len();
    let errors = if count == 1 { "error" } else { "errors" };
    print(
        io::stderr(),
        &format!("{count} {errors}; nothing was written.\n"),
    );
}

/// Prints, and does not mind a reader that went away.
fn print(mut to: impl io::Write, text: &str) {
    let _ = to.write_all(text.as_bytes());
    let _ = to.flush();
}
