//! Owns: `show`: a page in the terminal. Which one is meant, how wide it is,
//! and whether in colour.
//!
//! Must not: know what a page consists of.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use status_guide::diagnostic::{Diagnostics, printable};
use status_guide::terminal::lookup::{self, Candidate, Index, Meant};
use status_guide::terminal::{layout, page};
use status_guide::{Failure, Source};

use crate::command::{Color, answer, print};
use crate::embedded;

/// The widest that text is set when nobody asks for more: longer lines are
/// hard to read.
const WIDEST: u16 = 100;
/// The width where there is no terminal.
const USUAL: u16 = 80;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A number, a class, a name, a phrase, or words: 404, 4xx, 401 vs 403, not found
    #[arg(value_name = "WHAT")]
    what: Vec<String>,
    /// Show one part of the page, by its fragment: retry, example, on-call
    #[arg(long, value_name = "NAME")]
    section: Option<String>,
    /// List all codes, a line each
    #[arg(long, conflicts_with_all = ["what", "section"])]
    list: bool,
    /// How wide the text is; else as the terminal, at most 100, and 80 in a pipe
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(20..=1000))]
    width: Option<u16>,
    #[arg(
        long,
        value_enum,
        default_value_t = Color::Auto,
        value_name = "WHEN",
        help = "Whether to use colours; auto heeds NO_COLOR and TERM=dumb"
    )]
    color: Color,
    /// Show a page of the guide in this content folder instead
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
    /// A folder with a team's own rules and pages, laid over the guide
    #[arg(long, value_name = "DIR")]
    overlay: Option<PathBuf>,
}

/// Shows the page that is meant, or says which are near.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    if args.what.is_empty() && !args.list {
        print(
            io::stderr(),
            "error: say what to show\n\n  status-guide show 404           a code\n  status-guide show 401 vs 403    a comparison\n  status-guide show not found     words\n  status-guide show --list        all codes\n\nFor more, try 'status-guide show --help'.\n",
        );
        return Ok(ExitCode::from(2));
    }
    let source = match &args.content {
        Some(folder) => Source::folder(folder),
        None => embedded::guide(),
    };
    let source = source.with_overlay(args.overlay.as_deref());
    let mut diagnostics = Diagnostics::default();
    let (guide, bodies) = status_guide::read(&source, None, &mut diagnostics)?;
    if !diagnostics.is_empty() {
        return Err(Failure::Content(diagnostics));
    }
    let out = io::stdout();
    let color = args.color.wanted(&out);
    let width = terminal_size::terminal_size_of(&out).map(|(width, _)| width.0);
    if args.list {
        // A pipe gets whole lines: what is cut cannot be searched.
        let limit = args.width.or(width).map(usize::from);
        answer(&page::list(&guide, limit, color))?;
        return Ok(ExitCode::SUCCESS);
    }
    let width =
        (args.width).unwrap_or_else(|| width.map_or(USUAL, |width| width.clamp(20, WIDEST)));

    let asked = args.what.join(" ");
    let (query, fragment) = match asked.split_once('#') {
        Some((query, fragment)) => (query, Some(fragment)),
        None => (asked.as_str(), None),
    };
    let route = match Index::new(&guide).find(query) {
        Meant::Page(route) => route,
        Meant::Nearest(pages) => {
            print(io::stderr(), &nearest(query, &pages));
            let Some(page) = pages.into_iter().next() else {
                return Ok(ExitCode::from(1));
            };
            page.route
        }
        Meant::Several(pages) => {
            print(io::stderr(), &candidates(query, &pages));
            return Ok(ExitCode::from(1));
        }
    };
    let mut blocks = page::page(&guide, &bodies, &route);
    if let Some(id) = args.section.as_deref().or(fragment) {
        match page::part(&blocks, id.trim_start_matches('#')) {
            Ok(part) => blocks = part,
            Err(hint) => {
                let name = lookup::name(&route);
                let message = format!("{name} has no part `{}`; {hint}\n", printable(id));
                print(io::stderr(), &message);
                return Ok(ExitCode::from(1));
            }
        }
    }
    answer(&layout::page(&blocks, usize::from(width), color))?;
    Ok(ExitCode::SUCCESS)
}

/// Which page is shown for words that are no page's name, and what else is near.
fn nearest(query: &str, pages: &[Candidate]) -> String {
    let mut names = pages.iter().skip(1).map(|page| lookup::name(&page.route));
    let others: Vec<String> = names.by_ref().take(3).collect();
    let title = pages.first().map_or("", |page| page.title.as_str());
    let near = if others.is_empty() {
        String::new()
    } else {
        format!(" Also near: {}.", others.join(", "))
    };
    format!("Showing {title} for “{}”.{near}\n\n", printable(query))
}

/// The pages that somebody may have meant, each as it is typed.
fn candidates(query: &str, pages: &[Candidate]) -> String {
    let query = printable(query);
    if pages.is_empty() {
        return format!(
            "No page of the guide is like “{query}”. All codes: status-guide show --list\n"
        );
    }
    let names: Vec<String> = pages.iter().map(|page| lookup::name(&page.route)).collect();
    let column = names.iter().map(String::len).max().unwrap_or_default();
    let mut text = format!("No page is called “{query}”. The nearest:\n");
    for (name, page) in names.iter().zip(pages) {
        let title = page.title.strip_prefix(name).unwrap_or(&page.title);
        let line = format!("  {name:column$}  {}", title.trim_start());
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
