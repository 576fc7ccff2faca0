//! Owns: noticing that files below some folders changed, within milliseconds,
//! and not before whoever writes them is done.
//!
//! What changed is found by looking at every file: that misses nothing, however
//! an editor saves, and on every file system. When to look, Linux says (inotify);
//! elsewhere, or where it has no room for that, one looks often.
//!
//! Must not: read a file, or know what the files are for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use walkdir::WalkDir;

use crate::load::files::is_input;

/// How long files stay as they are before they count as written.
const QUIET: Duration = Duration::from_millis(10);
/// The longest that one waits for that: then what is there is taken.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often one looks where the system says when: in case it did not.
const SELDOM: Duration = Duration::from_secs(1);
/// How often one looks where it does not.
const OFTEN: Duration = Duration::from_millis(50);

/// What tells two versions of a file apart.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    modified: Option<SystemTime>,
    length: u64,
    /// The file that has the name: an editor may put another in its place.
    #[cfg(unix)]
    identity: (u64, u64, i64, i64),
}

/// Every file and folder, and what it is like. Folders only have to be there.
type Files = BTreeMap<PathBuf, Option<Mark>>;

/// Folders whose files are watched.
#[derive(Debug)]
pub struct Watch {
    folders: Vec<PathBuf>,
    files: Files,
    bell: Bell,
}

impl Watch {
    /// Watches from now on. A folder that is missing may come later.
    pub fn new(folders: Vec<PathBuf>) -> Self {
        let mut watch = Self {
            files: Files::new(),
            bell: Bell::new(),
            folders,
        };
        // Only what happens after this look rings the bell.
        watch.files = look(&watch.folders);
        watch.hang_bell();
        let now = look(&watch.folders);
        if now != watch.files {
            watch.files = now;
            watch.hang_bell();
        }
        watch
    }

    /// Watches this folder as well.
    pub fn also(&mut self, folder: &Path) {
        if self.folders.iter().all(|known| known != folder) {
            self.folders.push(folder.to_owned());
            self.files
                .extend(look(&self.folders[self.folders.len() - 1..]));
            self.hang_bell();
        }
    }

    /// Waits until something changed and is written; the number of files that
    /// are new, other or gone since the last time.
    pub fn wait(&mut self) -> usize {
        loop {
            if let Some(count) = self.changes_within(SELDOM) {
                return count;
            }
        }
    }

    /// The same, for at most about `limit`.
    pub fn changes_within(&mut self, limit: Duration) -> Option<usize> {
        let end = Instant::now() + limit;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            self.bell.wait(left);
            let mut now = look(&self.folders);
            if now != self.files {
                let patience = Instant::now() + PATIENCE;
                loop {
                    sleep(QUIET);
                    let next = look(&self.folders);
                    let is_quiet = next == now || Instant::now() > patience;
                    now = next;
                    if is_quiet {
                        break;
                    }
                }
                let count = difference(&self.files, &now);
                self.files = now;
                self.hang_bell();
                if count > 0 {
                    return Some(count);
                }
            }
            if left.is_zero() {
                return None;
            }
        }
    }

    fn hang_bell(&mut self) {
        let folders = self.files.iter().filter(|(_, mark)| mark.is_none());
        self.bell.hang(folders.map(|(path, _)| path.as_path()));
    }
}

/// Every file and folder that may be input.
fn look(folders: &[PathBuf]) -> Files {
    let mut files = Files::new();
    for folder in folders {
        let walker = WalkDir::new(folder).follow_links(true).into_iter();
        let inputs = walker.filter_entry(|entry| {
            entry.depth() == 0 || is_input(&entry.file_name().to_string_lossy())
        });
        // What cannot be read is not there; the build says why.
        for entry in inputs.filter_map(Result::ok) {
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            let mark = metadata.is_file().then(|| Mark::of(&metadata));
            files.insert(entry.into_path(), mark);
        }
    }
    files
}

/// How many files are new, other or gone.
fn difference(before: &Files, after: &Files) -> usize {
    let marked = |files: &Files, path: &Path| files.get(path).cloned().flatten();
    let gone = (before.iter())
        .filter(|(path, mark)| mark.is_some() && marked(after, path).is_none())
        .count();
    let new = (after.iter())
        .filter(|(path, mark)| mark.is_some() && marked(before, path) != **mark)
        .count();
    gone + new
}

impl Mark {
    fn of(metadata: &std::fs::Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt as _;
        Self {
            modified: metadata.modified().ok(),
            length: metadata.len(),
            #[cfg(unix)]
            identity: (
                metadata.dev(),
                metadata.ino(),
                metadata.ctime(),
                metadata.ctime_nsec(),
            ),
        }
    }
}

/// Rings when something happens in a folder, or when it is time to look anyway.
#[derive(Debug)]
struct Bell {
    #[cfg(target_os = "linux")]
    inotify: Option<std::os::fd::OwnedFd>,
}

#[cfg(target_os = "linux")]
impl Bell {
    fn new() -> Self {
        use rustix::fs::inotify::{CreateFlags, init};
        Self {
            inotify: init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok(),
        }
    }

    /// Listens to these folders as well. One that is listened to already, and
    /// one that is gone, makes no difference.
    fn hang<'p>(&mut self, folders: impl Iterator<Item = &'p Path>) {
        use rustix::fs::inotify::{WatchFlags, add_watch};
        use rustix::io::Errno;
        let happens = WatchFlags::ATTRIB
            | WatchFlags::CLOSE_WRITE
            | WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::DELETE_SELF
            | WatchFlags::MODIFY
            | WatchFlags::MOVE;
        let Some(inotify) = &self.inotify else { return };
        for folder in folders {
            let added = add_watch(inotify, folder, happens);
            if matches!(added, Err(Errno::NOSPC | Errno::NOMEM)) {
                // The table of the system is full: then one looks often.
                self.inotify = None;
                return;
            }
        }
    }

    /// Waits for the bell, for at most `limit`.
    fn wait(&self, limit: Duration) {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let Some(inotify) = &self.inotify else {
            sleep(limit.min(OFTEN));
            return;
        };
        let limit = limit.min(SELDOM);
        let timeout = Timespec {
            tv_sec: limit.as_secs().try_into().unwrap_or_default(),
            tv_nsec: limit.subsec_nanos().into(),
        };
        let mut listened = [PollFd::new(inotify, PollFlags::IN)];
        if poll(&mut listened, Some(&timeout)).is_err() {
            sleep(limit.min(OFTEN));
        }
        // Whatever rang before this look has been heard.
        let mut buffer = [0; 4096];
        while rustix::io::read(inotify, &mut buffer).is_ok_and(|read| read > 0) {}
    }
}

#[cfg(not(target_os = "linux"))]
impl Bell {
    const fn new() -> Self {
        Self {}
    }

    fn hang<'p>(&mut self, _: impl Iterator<Item = &'p Path>) {}

    fn wait(&self, limit: Duration) {
        sleep(limit.min(OFTEN));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// More than any machine needs.
    const LONG: Duration = Duration::from_secs(30);

    fn folder() -> (tempfile::TempDir, PathBuf, Watch) {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("content");
        fs::create_dir_all(folder.join("codes")).unwrap();
        fs::write(folder.join("codes/404.md"), "one").unwrap();
        let watch = Watch::new(vec![folder.clone(), parent.path().join("static")]);
        (parent, folder, watch)
    }

    #[test]
    fn every_way_to_save_is_noticed_once() {
        let (parent, folder, mut watch) = folder();
        let page = folder.join("codes/404.md");
        let expect = |watch: &mut Watch, count| {
            assert_eq!(watch.changes_within(LONG), Some(count));
            assert_eq!(watch.changes_within(Duration::ZERO), None);
        };
        fs::write(&page, "two").unwrap();
        expect(&mut watch, 1);
        // vim: the old file moves away, a new one comes, the old one goes.
        fs::rename(&page, folder.join("codes/404.md~")).unwrap();
        fs::write(&page, "six").unwrap();
        fs::remove_file(folder.join("codes/404.md~")).unwrap();
        expect(&mut watch, 1);
        // Others write beside the file and rename.
        fs::write(folder.join("codes/.404.md.tmp"), "ten").unwrap();
        fs::rename(folder.join("codes/.404.md.tmp"), &page).unwrap();
        expect(&mut watch, 1);
        fs::remove_file(&page).unwrap();
        expect(&mut watch, 1);
        // A new folder, and then a file in it.
        fs::create_dir(folder.join("pages")).unwrap();
        fs::write(folder.join("pages/a.md"), "a").unwrap();
        expect(&mut watch, 1);
        fs::write(folder.join("pages/a.md"), "b").unwrap();
        expect(&mut watch, 1);
        // A folder that was not there when this began.
        fs::create_dir(parent.path().join("static")).unwrap();
        fs::write(parent.path().join("static/a.css"), "a").unwrap();
        expect(&mut watch, 1);
        // All of it goes and comes back, as when a branch is changed.
        fs::remove_dir_all(&folder).unwrap();
        expect(&mut watch, 1);
        fs::create_dir_all(folder.join("codes")).unwrap();
        fs::write(&page, "new").unwrap();
        expect(&mut watch, 1);
        fs::write(&page, "old").unwrap();
        expect(&mut watch, 1);
    }

    #[test]
    fn what_an_editor_keeps_for_itself_is_no_change() {
        let (_parent, folder, mut watch) = folder();
        fs::write(folder.join("codes/.404.md.swp"), "x").unwrap();
        fs::write(folder.join("codes/404.md~"), "x").unwrap();
        fs::read(folder.join("codes/404.md")).unwrap();
        assert_eq!(watch.changes_within(QUIET), None);
    }

    #[test]
    fn without_a_bell_changes_are_found_by_looking() {
        let (_parent, folder, mut watch) = folder();
        #[cfg(target_os = "linux")]
        {
            watch.bell.inotify = None;
        }
        fs::write(folder.join("codes/404.md"), "other").unwrap();
        assert_eq!(watch.wait(), 1);
    }
}
