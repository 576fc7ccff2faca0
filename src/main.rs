//! Owns: the command line. Parses arguments, calls, prints, chooses the exit
//! code. Must not: know anything about HTTP, Markdown or HTML.

mod embedded;

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};
use mimalloc::MiMalloc;
use status_guide::author::{format, init, new, serve};
use status_guide::diagnostic::{Diagnostics, Style, printable};
use status_guide::output::cache::Cache;
use status_guide::output::{self, Written};
use status_guide::publish::Extent;
use status_guide::route::BaseUrl;
use status_guide::terminal::lookup::{self, Candidate, Index, Meant};
use status_guide::terminal::{layout, page};
use status_guide::{Built, Failure, Source};

/// Pages are made of very many small pieces: a build takes a fifth less time
/// than with the allocator of the system.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Where the Markdown is if nobody says otherwise.
const CONTENT: &str = "content";
/// What is said where that is not there.
const BUILT_IN: &str = "There is no content folder here, so this is the built-in guide.\n";
/// Where the site goes if nobody says otherwise: the whole, and its pages alone,
/// which would remove from the other what is costly to make again.
const OUT: &str = "dist";
const OUT_OF_PAGES: &str = "dist-pages";
/// The widest that text is set when nobody asks for more: longer lines are
/// hard to read.
const WIDEST: u16 = 100;
/// The width where there is no terminal.
const USUAL: u16 = 80;

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
    build: BuildArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Build the site (the default); without a content folder, that of the built-in guide
    Build(BuildArgs),
    /// Do everything but write
    Check(CheckArgs),
    /// Begin a page: a file that is right but for the places to fill in
    #[command(
        after_help = "Examples:\n  status-guide new 499\n  status-guide new 400-vs-422\n  status-guide new page rate-limits\n  status-guide new topic rate-limits\n\nThe places are marked `FILL IN:`, and `status-guide check` lists them.\n\nExit codes:\n  0  the file was written\n  2  it was not: it exists, its name is taken, or something that it is about is missing"
    )]
    New(NewArgs),
    /// Put the facts of pages into their normal form: order, quotes, spaces and lists
    #[command(
        after_help = "Examples:\n  status-guide fmt\n  status-guide fmt --check\n  status-guide fmt content/codes/404.md\n\nThe text below the facts stays as it is, byte for byte. A file with errors is left alone.\n\nExit codes:\n  0  all pages are in normal form now\n  1  a page has errors; with --check, also: a page is not in normal form\n  2  usage, input or output trouble"
    )]
    Fmt(FmtArgs),
    /// Show the site in a browser while you write: it is built in memory, and again when you save
    #[command(
        after_help = "Examples:\n  status-guide serve\n  status-guide serve --port 8080\n  status-guide serve --base-url https://example.github.io/guide/     below /guide/, as there\n  status-guide serve --address 0.0.0.0 --host laptop.local      for others in the network\n\nWhile something is wrong, every page says what, and where; the terminal does so too.\nWithout a content folder, the built-in guide is served; to have one of your own: status-guide init DIR\nCtrl-C stops it, with exit code 130 as for any program. Nothing is written to disk."
    )]
    Serve(ServeArgs),
    /// Show a page of the built-in guide here, in the terminal
    #[command(
        after_help = "Examples:\n  status-guide show 404\n  status-guide show 401 vs 403\n  status-guide show 502 --section on-call\n  status-guide show 'best-practices#methods'\n  status-guide show forbiden              the nearest page\n  status-guide show --list | grep -i time\n  status-guide show 404 --overlay our-rules    with what our team adds\n  status-guide show 404 --color always | less -R\n\nExit codes:\n  0  the page was shown\n  1  no page, or more than one, is meant: standard error lists the nearest\n  2  usage or input trouble"
    )]
    Show(ShowArgs),
    /// Write a copy of the guide for a team of your own into a new folder
    #[command(
        after_help = "Example:\n  status-guide init our-status-codes && cd our-status-codes && status-guide build"
    )]
    Init {
        /// A folder that is new or empty
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

#[derive(Args)]
struct BuildArgs {
    #[command(flatten)]
    input: InputArgs,
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

impl BuildArgs {
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

#[derive(Args)]
struct CheckArgs {
    #[command(flatten)]
    input: InputArgs,
    /// Before that, put the facts of pages into their normal form, as `fmt` does
    #[arg(long)]
    fix: bool,
}

#[derive(Args)]
struct NewArgs {
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

#[derive(Args)]
struct FmtArgs {
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
    format: Format,
}

#[derive(Args)]
struct InputArgs {
    /// The folder with the Markdown; `static` is taken from beside it [default: content]
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
    /// A folder with a team's own rules, pages and colours, laid over the guide
    #[arg(long, value_name = "DIR")]
    overlay: Option<PathBuf>,
    /// Where the site will be published, for canonical links, the sitemap and 404.html
    #[arg(long, value_name = "URL", value_parser = |text: &str| text.parse::<BaseUrl>())]
    base_url: Option<BaseUrl>,
    /// How errors are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl InputArgs {
    /// The content folder, if there is one; otherwise the built-in guide is meant.
    fn folder(&self) -> Option<PathBuf> {
        let usual = || Path::new(CONTENT).is_dir().then(|| CONTENT.into());
        self.content.clone().or_else(usual)
    }
}

#[derive(Args)]
struct ServeArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The port; if it is taken, the next that is free. 0 is any free one
    #[arg(long, value_name = "N", default_value_t = 4000)]
    port: u16,
    /// The address to listen at. Any but a loopback address lets others read along
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// A name by which others call this machine; requests for any other host are refused
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
}

#[derive(Args)]
struct ShowArgs {
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

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the source line
    Human,
    /// path:line:col: error[rule]: text
    Short,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
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

fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| refuse(&error));
    let mut format = Format::Human;
    let done = match cli.command.unwrap_or(Command::Build(cli.build)) {
        Command::Build(args) => {
            format = args.input.format;
            build(&args)
        }
        Command::Check(args) => {
            format = args.input.format;
            check(args)
        }
        Command::New(args) => begin(&args),
        Command::Fmt(args) => {
            format = args.format;
            normalise(&args)
        }
        Command::Serve(args) => serve(args),
        Command::Show(args) => show(&args),
        Command::Init { folder } => copy(&folder),
    };
    match done {
        Ok(code) => code,
        Err(Failure::Content(diagnostics)) => {
            report(&diagnostics, format, "nothing was written");
            ExitCode::from(1)
        }
        Err(Failure::Other(error)) => {
            print(io::stderr(), &format!("error: {error:#}\n"));
            ExitCode::from(2)
        }
    }
}

fn build(args: &BuildArgs) -> Result<ExitCode, Failure> {
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

/// Writes the draft of a page.
fn begin(args: &NewArgs) -> Result<ExitCode, Failure> {
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
    let places = draft
        .text
        .matches(status_guide::load::content::FILL_IN)
        .count();
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

/// Puts pages into their normal form, or says which are not.
fn normalise(args: &FmtArgs) -> Result<ExitCode, Failure> {
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

fn serve(args: ServeArgs) -> Result<ExitCode, Failure> {
    let ServeArgs { input, .. } = args;
    let format = input.format;
    let (source, mut folders) = match input.folder() {
        Some(folder) => {
            if !folder.is_dir() {
                let error = anyhow::anyhow!("there is no content folder at {}", folder.display());
                return Err(Failure::Other(error));
            }
            let statics = status_guide::static_folder(&folder);
            (Source::folder(&folder), vec![folder, statics])
        }
        None => (embedded::guide(), Vec::new()),
    };
    folders.extend(input.overlay.clone());
    let names: Vec<String> = folders.iter().map(|f| f.display().to_string()).collect();
    let about = match names.as_slice() {
        [] => "There is no content folder here, so this is the built-in guide. To have one of your own: status-guide init DIR\nCtrl-C stops.\n".to_owned(),
        [overlay] => format!("{BUILT_IN}Watching {overlay}. Ctrl-C stops.\n"),
        [folders @ .., last] => {
            format!("Watching {} and {last}. Ctrl-C stops.\n", folders.join(", "))
        }
    };
    let options = serve::Options {
        source: source.with_overlay(input.overlay.as_deref()),
        folders,
        base: input.base_url,
        address: args.address,
        port: args.port,
        names: args.host,
        cache: Cache::of(Path::new(OUT)),
    };
    let tell = |event: &serve::Event| match event {
        serve::Event::Serving { url, taken } => {
            let taken = taken.map_or_else(String::new, |port| {
                format!("Port {port} is taken; this is the next that is free.\n")
            });
            print(io::stdout(), &format!("{taken}Open {url}\n{about}"));
        }
        serve::Event::Built {
            pages,
            changed,
            took,
        } => {
            let took = format!("{took:.0?}");
            let line = match changed {
                0 => format!("Built in {took}: {pages} pages.\n"),
                1 => format!("Rebuilt in {took}: {pages} pages. 1 file changed.\n"),
                _ => format!("Rebuilt in {took}: {pages} pages. {changed} files changed.\n"),
            };
            print(io::stdout(), &line);
        }
        serve::Event::Failed(Failure::Content(diagnostics)) => {
            let after = "the pages that are open say so, too";
            report(diagnostics, format, after);
        }
        serve::Event::Failed(Failure::Other(error)) => {
            print(io::stderr(), &format!("error: {error:#}\n"));
        }
    };
    match serve::run(options, &tell)? {}
}

fn check(args: CheckArgs) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let CheckArgs { input, fix } = args;
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

fn totals(built: &Built) -> String {
    format!(
        "{} pages, {} example messages, {} files, {} kB",
        built.pages,
        built.messages,
        built.site.len(),
        built.site.bytes().div_ceil(1000)
    )
}

fn show(args: &ShowArgs) -> Result<ExitCode, Failure> {
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

fn copy(folder: &Path) -> Result<ExitCode, Failure> {
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

/// Prints every error, their number, and what follows from it.
fn report(diagnostics: &Diagnostics, format: Format, outcome: &str) {
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
fn print(mut to: impl io::Write, text: &str) {
    let _ = to.write_all(text.as_bytes());
    let _ = to.flush();
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
