//! Owns: how long each stage of a build took and what it made, and the table
//! that says so.
//!
//! Must not: know what the stages do. Reading the clock a dozen times costs
//! nothing that could be measured, so that every build does.

use std::fmt;
use std::time::{Duration, Instant};

use crate::site::Site;

/// The stages of a build, one after the other.
#[derive(Debug)]
pub struct Timings {
    stages: Vec<Stage>,
    /// When the last stage ended.
    since: Instant,
    /// What the site had then.
    files: usize,
    bytes: usize,
}

#[derive(Debug)]
struct Stage {
    name: &'static str,
    time: Duration,
    /// What came to the site, if the stage makes files: how many, and what they
    /// weigh in bytes.
    made: Option<(usize, usize)>,
}

impl Timings {
    /// The first stage begins.
    pub fn start() -> Self {
        Self {
            stages: Vec::new(),
            since: Instant::now(),
            files: 0,
            bytes: 0,
        }
    }

    /// The stage `name` ends, which makes no files; the next begins.
    pub fn end(&mut self, name: &'static str) {
        self.push(name, None);
    }

    /// The stage `name` ends, which made what `site` has now and had not when
    /// the last such stage ended; the next begins.
    pub fn made(&mut self, name: &'static str, site: &Site) {
        let (files, bytes) = (site.len(), site.bytes());
        let made = (
            files.saturating_sub(self.files),
            bytes.saturating_sub(self.bytes),
        );
        (self.files, self.bytes) = (files, bytes);
        self.push(name, Some(made));
    }

    fn push(&mut self, name: &'static str, made: Option<(usize, usize)>) {
        let now = Instant::now();
        self.stages.push(Stage {
            name,
            time: now - self.since,
            made,
        });
        self.since = now;
    }
}

impl fmt::Display for Timings {
    /// A line for each stage, and one for all. The last names the most memory
    /// that the program had, where the system tells.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<16} {:>9}  {:>6}  {:>9}",
            "stage", "ms", "files", "kB"
        )?;
        let all = Stage {
            name: "all",
            time: self.stages.iter().map(|stage| stage.time).sum(),
            made: Some((self.files, self.bytes)),
        };
        for stage in self.stages.iter().chain([&all]) {
            let ms = stage.time.as_secs_f64() * 1000.0;
            write!(f, "{:<16} {ms:>9.1}", stage.name)?;
            if let Some((files, bytes)) = stage.made {
                write!(f, "  {files:>6}  {:>9}", bytes.div_ceil(1000))?;
            }
            writeln!(f)?;
        }
        match peak_memory() {
            Some(bytes) => writeln!(f, "Peak memory: {} MB", bytes.div_ceil(1_000_000)),
            None => Ok(()),
        }
    }
}

/// The most memory that this process had, in bytes. Linux tells in a file.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_shown_with_what_it_added_to_the_site() {
        let mut timings = Timings::start();
        let mut site = Site::default();
        timings.end("load");
        site.insert("a.html".to_owned(), vec![0; 1500]);
        timings.made("pages", &site);
        site.insert("b.json".to_owned(), vec![0; 500]);
        timings.made("data", &site);
        let table = timings.to_string();
        let row = |name: &str| -> Vec<String> {
            let line = table.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().map(str::to_owned).collect()
        };
        assert_eq!(row("load").len(), 2, "{table}");
        assert_eq!(row("pages")[2..], ["1", "2"], "{table}");
        assert_eq!(row("data")[2..], ["1", "1"], "{table}");
        assert_eq!(row("all")[2..], ["2", "2"], "{table}");
    }
}
