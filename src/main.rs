//! Owns: the command line as a whole: which commands there are, and the exit
//! code. Must not: do what a command does.

mod command;
mod embedded;

use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;
use status_guide::Failure;
use status_guide::diagnostic::printable;

use crate::command::{Format, build, check, fmt, init, new, print, report, serve, show};

/// Pages are made of very many small pieces: a build takes a fifth less time
/// than with the allocator of the system.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// A guide to HTTP status codes: read it in the terminal, or build its site.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
#[command(
    after_help = "Exit codes:\n  0  the page was shown; the site was built, or is right\n  1  no page, or more than one, is meant; or the content is wrong: every error was printed and nothing was written\n  2  usage, input or output trouble; an existing site is as it was"
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    build: build::Args,
}

#[derive(Subcommand)]
enum Command {
    /// Build the site (the default); without a content folder, that of the built-in guide
    Build(build::Args),
    /// Do everything but write
    Check(check::Args),
    /// Begin a page: a file that is right but for the places to fill in
    #[command(
        after_help = "Examples:\n  status-guide new 499\n  status-guide new 400-vs-422\n  status-guide new page rate-limits\n  status-guide new topic rate-limits\n\nThe places are marked `FILL IN:`, and `status-guide check` lists them.\n\nExit codes:\n  0  the file was written\n  2  it was not: it exists, its name is taken, or something that it is about is missing"
    )]
    New(new::Args),
    /// Put the facts of pages into their normal form: order, quotes, spaces and lists
    #[command(
        after_help = "Examples:\n  status-guide fmt\n  status-guide fmt --check\n  status-guide fmt content/codes/404.md\n\nThe text below the facts stays as it is, byte for byte. A file with errors is left alone.\n\nExit codes:\n  0  all pages are in normal form now\n  1  a page has errors; with --check, also: a page is not in normal form\n  2  usage, input or output trouble"
    )]
    Fmt(fmt::Args),
    /// Show the site in a browser while you write: it is built in memory, and again when you save
    #[command(
        after_help = "Examples:\n  status-guide serve\n  status-guide serve --port 8080\n  status-guide serve --base-url https://example.github.io/guide/     below /guide/, as there\n  status-guide serve --address 0.0.0.0 --host laptop.local      for others in the network\n\nWhile something is wrong, every page says what, and where; the terminal does so too.\nWithout a content folder, the built-in guide is served; to have one of your own: status-guide init DIR\nCtrl-C stops it, with exit code 130 as for any program. Nothing is written to disk."
    )]
    Serve(serve::Args),
    /// Show a page of the built-in guide here, in the terminal
    #[command(
        after_help = "Examples:\n  status-guide show 404\n  status-guide show 401 vs 403\n  status-guide show 502 --section on-call\n  status-guide show 'best-practices#methods'\n  status-guide show forbiden              the nearest page\n  status-guide show --list | grep -i time\n  status-guide show 404 --overlay our-rules    with what our team adds\n  status-guide show 404 --color always | less -R\n\nExit codes:\n  0  the page was shown\n  1  no page, or more than one, is meant: standard error lists the nearest\n  2  usage or input trouble"
    )]
    Show(show::Args),
    /// Write a copy of the guide for a team of your own into a new folder
    #[command(
        after_help = "Example:\n  status-guide init our-status-codes && cd our-status-codes && status-guide build"
    )]
    Init(init::Args),
}

fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| refuse(&error));
    let command = cli.command.unwrap_or(Command::Build(cli.build));
    let format = command.format();
    let outcome = command.outcome();
    let done = match command {
        Command::Build(args) => build::run(&args),
        Command::Check(args) => check::run(args),
        Command::New(args) => new::run(&args),
        Command::Fmt(args) => fmt::run(&args),
        Command::Serve(args) => serve::run(args),
        Command::Show(args) => show::run(&args),
        Command::Init(args) => init::run(&args),
    };
    match done {
        Ok(code) => code,
        Err(Failure::Content(diagnostics)) => {
            report(&diagnostics, format, outcome);
            ExitCode::from(1)
        }
        Err(Failure::Other(error)) => {
            print(io::stderr(), &format!("error: {error:#}\n"));
            ExitCode::from(2)
        }
    }
}

impl Command {
    /// How errors are printed.
    const fn format(&self) -> Format {
        match self {
            Self::Build(args) => args.input.format,
            Self::Check(args) => args.input.format,
            Self::Fmt(args) => args.format,
            Self::Serve(_) | Self::New(_) | Self::Show(_) | Self::Init(_) => Format::Human,
        }
    }

    /// What is true of files when the content has errors.
    const fn outcome(&self) -> &'static str {
        match self {
            Self::Check(args) if args.fix => {
                "pages without errors in their facts are in normal form now"
            }
            _ => "nothing was written",
        }
    }
}

/// Ends the program over a command line that it cannot read, with a tip where
/// the words mean something.
fn refuse(error: &clap::Error) -> ! {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    let wrong = match (error.kind(), error.get(ContextKind::InvalidSubcommand)) {
        (ErrorKind::InvalidSubcommand, Some(ContextValue::String(word))) => word.as_str(),
        _ => error.exit(),
    };
    let is_file = Path::new(wrong).extension().is_some_and(|e| e == "md");
    let has_digit = wrong.starts_with(|c: char| c.is_ascii_digit());
    let tip = match wrong {
        _ if is_file => Some(format!(
            "`check` looks at all pages, since they link to each other: status-guide check\n       `fmt` takes single ones: status-guide fmt {wrong}"
        )),
        _ if has_digit => Some(format!("to read that page: status-guide show {wrong}")),
        "watch" | "preview" => Some("to see what you write: status-guide serve".to_owned()),
        _ => None,
    };
    let Some(tip) = tip else { error.exit() };
    let wrong = printable(wrong);
    print(
        io::stderr(),
        &format!(
            "error: there is no command `{wrong}`\n\n  tip: {tip}\n\nFor all commands, try '--help'.\n"
        ),
    );
    std::process::exit(2)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
