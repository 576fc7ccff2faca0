//! Owns: `serve`: what is served, and what is told of it in the terminal.
//!
//! Must not: answer a request.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::ExitCode;

use status_guide::author::serve::{self, Event};
use status_guide::output::cache::Cache;
use status_guide::{Failure, Source};

use crate::command::{BUILT_IN, InputArgs, OUT, print, report};
use crate::embedded;

#[derive(clap::Args)]
pub(crate) struct Args {
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

/// Serves until the process ends.
pub(crate) fn run(args: Args) -> Result<ExitCode, Failure> {
    let Args { input, .. } = args;
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
    let tell = |event: &Event| match event {
        Event::Serving { url, taken } => {
            let taken = taken.map_or_else(String::new, |port| {
                format!("Port {port} is taken; this is the next that is free.\n")
            });
            print(io::stdout(), &format!("{taken}Open {url}\n{about}"));
        }
        Event::Built {
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
        Event::Failed(Failure::Content(diagnostics)) => {
            let after = "the pages that are open say so, too";
            report(diagnostics, format, after);
        }
        Event::Failed(Failure::Other(error)) => {
            print(io::stderr(), &format!("error: {error:#}\n"));
        }
    };
    match serve::run(options, &tell)? {}
}
