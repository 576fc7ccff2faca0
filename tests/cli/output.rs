//! Writing is all or nothing: exit codes, what is kept, what is refused, and
//! what is on disk when the disk is full or the program is killed.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use crate::project::{Project, Tree, assert_same, finish, names, page, snapshot, tree};

/// The file that says what a build made.
const MANIFEST: &str = ".status-guide";

#[test]
fn the_exit_code_says_what_went_wrong() {
    let project = Project::new();
    project.run(&["build"]).exits(0);
    project.run(&[]).exits(0);
    project.run(&["check"]).exits(0);
    project.run(&["--version"]).exits(0);
    project.run(&["--help"]).exits(0);
    project.run(&["biuld"]).exits(2);
    project.run(&["build", "--no-such-option"]).exits(2);
    project.run(&["check", "--out", "x"]).exits(2);
    project
        .run(&["build", "--base-url", "example.com"])
        .exits(2)
        .says("write it like");
    project
        .run(&["build", "--content", "nowhere"])
        .exits(2)
        .says("no content folder at nowhere");
    project
        .run(&["build", "--content", "content/site.toml"])
        .exits(2);
    project.write("content/pages/about.md", page("About", "See [nowhere].\n"));
    project.run(&["build"]).exits(1);
    project.run(&["check"]).exits(1);
}

#[test]
fn a_build_says_what_it_did() {
    let project = Project::new();
    let first = project.run(&["build"]).exits(0);
    assert!(
        first.stdout.contains("0 unchanged, 0 removed."),
        "{}",
        first.stdout
    );
    assert!(
        first.stdout.contains("Open dist/index.html"),
        "{}",
        first.stdout
    );
    let second = project.run(&["build"]).exits(0);
    assert!(
        second.stdout.contains("Files: 0 changed, "),
        "{}",
        second.stdout
    );
    assert_eq!(second.stderr, "");
}

#[test]
fn files_that_did_not_change_keep_their_modification_time() {
    let project = Project::new();
    project.run(&["build"]).exits(0);
    let before = snapshot(&project.path("dist"));
    sleep(Duration::from_millis(20));
    // The footer of one page differs: the day on which it was checked. So does
    // that of its Markdown, which is also a part of the text of the whole.
    project.edit("content/pages/reference.md", "2026-11-22", "2026-11-21");
    project.run(&["build"]).exits(0);
    let after = snapshot(&project.path("dist"));
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    let changed: Vec<_> = after
        .keys()
        .filter(|name| after[*name].0 != before[*name].0)
        .collect();
    // The archive has all files in it, the worker knows them all, and the list
    // says what the archive was made of.
    let expected = [
        MANIFEST,
        "http-status-codes.zip",
        "llms-full.txt",
        "reference/index.html",
        "reference/index.md",
        "sw.js",
    ];
    assert_eq!(changed, expected);
    let touched: Vec<_> = after
        .keys()
        .filter(|name| after[*name].1 != before[*name].1)
        .collect();
    assert_eq!(touched, expected);
}

#[test]
fn pages_alone_are_the_same_pages_in_a_folder_of_their_own() {
    let project = Project::with_every_kind_of_page();
    let whole = project.build();
    project.run(&["build", "--pages-only"]).exits(0);
    let pages = tree(&project.path("dist-pages"));
    let costly = |name: &str| {
        let ends = ["/card.png", ".epub", ".zip"];
        name == "card.png" || name == "print.html" || ends.iter().any(|end| name.ends_with(end))
    };
    let expected: Vec<&String> = whole.keys().filter(|name| !costly(name)).collect();
    assert_eq!(pages.keys().collect::<Vec<_>>(), expected);
    assert!(expected.len() < whole.len(), "something is left out");
    let different: Vec<&String> = (pages.keys())
        .filter(|name| pages[*name] != whole[*name])
        .collect();
    // The home page has nothing to offer, and the worker knows the home page.
    assert_eq!(different, [MANIFEST, "index.html", "sw.js"]);
    let home = String::from_utf8(pages["index.html"].clone()).unwrap();
    assert!(home.contains("This build has none of it."), "{home}");
    // The whole site, and what was costly to make, is still there.
    assert_same("after --pages-only", &whole, &tree(&project.path("dist")));
    project
        .run(&["build", "--pages-only", "--out", "elsewhere"])
        .exits(0);
    assert_same("elsewhere", &pages, &tree(&project.path("elsewhere")));
}

#[test]
fn a_build_tells_how_long_each_stage_took_if_it_is_asked() {
    let project = Project::new();
    let quiet = project.run(&["build"]).exits(0);
    assert_eq!(quiet.stderr, "");
    let told = project.run(&["build", "--timings"]).exits(0);
    let stages: Vec<&str> = (told.stderr.lines())
        .filter_map(|line| line.split("  ").next())
        .collect();
    for stage in [
        "load",
        "text",
        "pages",
        "preview cards",
        "check",
        "write",
        "all",
    ] {
        assert!(stages.contains(&stage), "{stage}: {}", told.stderr);
    }
    let files = tree(&project.path("dist")).len() - 1;
    let all = told.stderr.lines().find(|line| line.starts_with("all"));
    let counted = all.and_then(|line| line.split_whitespace().nth(2));
    assert_eq!(counted, Some(files.to_string().as_str()), "{}", told.stderr);
}

#[test]
fn files_that_are_gone_from_the_guide_are_gone_from_the_site() {
    let project = Project::new();
    let plain = project.build();
    project.write("content/pages/about.md", page("About", "Text.\n"));
    project.write("static/deep/er/sketch.txt", "x");
    let more = project.build();
    assert!(more.contains_key("about/index.html") && more.contains_key("deep/er/sketch.txt"));
    project
        .remove("content/pages/about.md")
        .remove("static/deep");
    assert_same("after a removal", &project.build(), &plain);
    assert!(!project.path("dist/about").exists() && !project.path("dist/deep").exists());
}

#[test]
fn a_file_of_the_site_that_somebody_changed_or_deleted_is_mended() {
    let project = Project::new();
    let plain = project.build();
    project
        .write("dist/404/index.html", "broken")
        .remove("dist/index.html");
    assert_same("mended", &project.build(), &plain);
}

#[test]
fn a_folder_of_somebody_else_is_refused_and_left_alone() {
    for (file, text) in [
        ("thesis.txt", "mine"),
        ("index.html", "another site"),
        ("deep/er/thesis.txt", "mine"),
        (MANIFEST, "made by something else"),
    ] {
        let project = Project::new();
        project.write(Path::new("dist").join(file), text);
        let before = snapshot(&project.path("dist"));
        project.run(&["build"]).exits(2).says("did not make");
        assert!(
            snapshot(&project.path("dist")) == before,
            "{file} was touched"
        );
    }
}

#[test]
fn a_file_that_somebody_put_into_the_site_is_named_and_the_site_left_alone() {
    for file in ["CNAME", "404/notes.txt", ".hidden", "new/folder/x"] {
        let project = Project::new();
        project.build();
        project.write(Path::new("dist").join(file), "mine");
        project.edit(
            "content/codes/403.md",
            "Signing in again does not help.",
            "Changed.",
        );
        let before = snapshot(&project.path("dist"));
        project
            .run(&["build"])
            .exits(2)
            .says(&format!("dist/{file} was put there by someone else"));
        assert!(
            snapshot(&project.path("dist")) == before,
            "{file}: the site was touched"
        );
        assert!(
            !names(&project.path(""))
                .iter()
                .any(|name| name.starts_with(".dist"))
        );
    }
}

#[test]
fn an_output_folder_on_in_or_around_the_sources_is_refused() {
    let project = Project::new();
    project.write("src/main.rs", "fn main() {}");
    project.write("templates/x.html", "x");
    project.write("tests/x.rs", "x");
    let before = tree(&project.path(""));
    let absolute = project.path("content");
    for out in [
        "content",
        "content/",
        "./content",
        "content/site",
        "content/codes/new/deep",
        "static",
        "static/site",
        "src",
        "src/site",
        "templates",
        "tests/site",
        ".",
        "..",
        "/",
        "content/..",
        "nowhere/../content",
        "static/../src",
        absolute.to_str().unwrap(),
    ] {
        project.run(&["build", "--out", out]).exits(2);
        assert_same(out, &tree(&project.path("")), &before);
    }
}

#[test]
#[cfg(unix)]
fn a_link_to_the_sources_is_refused_and_a_link_to_a_site_is_followed() {
    use std::os::unix::fs::symlink;

    let project = Project::new();
    let before = tree(&project.path("content"));
    symlink("content", project.path("dist")).unwrap();
    project.run(&["build"]).exits(2).says("would overwrite");
    assert_same("content", &tree(&project.path("content")), &before);

    project.remove_link("dist");
    fs::create_dir(project.path("public")).unwrap();
    symlink("public", project.path("dist")).unwrap();
    project.run(&["build"]).exits(0);
    assert!(project.path("dist").is_symlink());
    assert!(project.path("public/index.html").is_file());
}

impl Project {
    #[cfg(unix)]
    fn remove_link(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }
}

#[test]
fn the_content_can_be_built_from_anywhere() {
    let project = Project::new();
    let plain = project.build();
    let content = project.path("content");
    let out = project.path("other/new/site");
    let arguments = [
        "build",
        "--content",
        content.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ];
    finish(
        project
            .command(&arguments)
            .current_dir(std::env::temp_dir()),
    )
    .exits(0);
    assert_same("from elsewhere", &tree(&out), &plain);
    let trailing = project.run(&["build", "--content", "./content/", "--out", "two"]);
    trailing.exits(0);
    assert_same("with a slash", &tree(&project.path("two")), &plain);
}

#[test]
fn the_content_can_be_built_from_inside_it() {
    let project = Project::new();
    let plain = project.build();
    finish(
        project
            .command(&["build", "--content", ".", "--out", "../inside"])
            .current_dir(project.path("content")),
    )
    .exits(0);
    assert_same("from inside", &tree(&project.path("inside")), &plain);
}

#[test]
fn an_output_folder_that_cannot_be_made_is_named() {
    let project = Project::new();
    project.write("file", "mine");
    for out in ["file", "file/site", "file/a/b", ""] {
        project.run(&["build", "--out", out]).exits(2);
        assert_eq!(project.read("file"), "mine");
    }
}

/// A small file system of its own; unmounted when dropped.
struct Disk<'p>(&'p Path);

impl<'p> Disk<'p> {
    /// `None` where the tests may not mount.
    fn mount(at: &'p Path, size: &str) -> Option<Self> {
        fs::create_dir(at).unwrap();
        let options = format!("size={size}");
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(at)
            .stderr(Stdio::null());
        mount
            .status()
            .is_ok_and(|status| status.success())
            .then_some(Self(at))
    }
}

impl Disk<'_> {
    fn make_read_only(&self) {
        let mut mount = Command::new("mount");
        mount.args(["-o", "remount,ro"]).arg(self.0);
        assert!(mount.status().unwrap().success());
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_the_old_site_whole() {
    let project = Project::new();
    let at = project.path("disk");
    let Some(_disk) = Disk::mount(&at, "8m") else {
        eprintln!("skipped: a file system cannot be mounted here");
        return;
    };
    let build = ["build", "--out", "disk/dist"];
    project.write("static/large.txt", "old ".repeat(400_000));
    project.run(&build).exits(0);
    let before = snapshot(&at.join("dist"));
    project.edit("content/site.toml", "For tests.", "For other tests.");
    project.write("static/large.txt", "new ".repeat(400_000));
    // Leave more and more room: in every case some pages fit and some do not.
    for room in [0, 4096, 20_000, 1_000_000] {
        let mut filler = vec![0; 8 << 20];
        while fs::write(at.join("filler"), &filler).is_err() {
            filler.truncate(filler.len() - 4096);
        }
        let left = filler.len().saturating_sub(room);
        fs::File::options()
            .write(true)
            .open(at.join("filler"))
            .unwrap()
            .set_len(left as u64)
            .unwrap();
        project.run(&build).exits(2).says("was left as it was");
        assert!(
            snapshot(&at.join("dist")) == before,
            "with room for {room} bytes"
        );
        assert_eq!(names(&at), ["dist", "filler"]);
        fs::remove_file(at.join("filler")).unwrap();
    }
    project.run(&build).exits(0);
    assert!(snapshot(&at.join("dist")) != before);
    assert_eq!(names(&at), ["dist"]);
}

#[test]
fn a_read_only_output_leaves_the_old_site_whole() {
    let project = Project::new();
    let at = project.path("disk");
    let Some(disk) = Disk::mount(&at, "8m") else {
        eprintln!("skipped: a file system cannot be mounted here");
        return;
    };
    let build = ["build", "--out", "disk/dist"];
    project.run(&build).exits(0);
    let before = snapshot(&at.join("dist"));
    project.edit("content/site.toml", "For tests.", "For other tests.");
    disk.make_read_only();
    project
        .run(&build)
        .exits(2)
        .says("Read-only file system")
        .says("was left as it was");
    assert!(snapshot(&at.join("dist")) == before);
}

#[test]
#[cfg(target_os = "linux")]
fn an_answer_that_cannot_be_written_is_an_error_and_a_reader_that_goes_away_is_none() {
    let project = Project::new();
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    for arguments in [
        &["show", "404"][..],
        &["show", "--list"],
        &["check"],
        &["build"],
    ] {
        let mut command = project.command(arguments);
        let output = finish(command.stdout(full()).stderr(Stdio::piped())).exits(2);
        assert!(
            output.stderr.contains("cannot write to standard output"),
            "{}",
            output.stderr
        );
    }
    let mut child = project
        .command(&["show", "--list"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn neither_a_home_nor_a_folder_for_temporary_files_is_needed() {
    let project = Project::new();
    let plain = project.build();
    project.remove("dist");
    let mut command = project.command(&["build"]);
    finish(command.env_clear().env("TMPDIR", "/nonexistent")).exits(0);
    assert_same(
        "without an environment",
        &tree(&project.path("dist")),
        &plain,
    );
}

/// Two guides whose sites differ in every page and in many large files, and
/// the folder that both are built into.
struct Alternating {
    a: (Project, Tree),
    b: (Project, Tree),
    out: String,
    folder: tempfile::TempDir,
}

impl Alternating {
    fn new() -> Self {
        let guide = |name: &str| {
            let project = Project::new();
            project.edit(
                "content/site.toml",
                "For tests.",
                &format!("For test {name}."),
            );
            for n in 0..60 {
                project.write(
                    format!("static/data/{n}.txt"),
                    format!("{name} {n}\n").repeat(2000),
                );
            }
            project.write(format!("static/only-{name}/file.txt"), name);
            project.write("static/same.txt", "the same in both");
            let site = project.build();
            (project, site)
        };
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("dist").to_str().unwrap().to_owned();
        Self {
            a: guide("a"),
            b: guide("b"),
            out,
            folder,
        }
    }

    fn start(&self, project: &Project) -> Child {
        let mut command = project.command(&["build", "--out", &self.out]);
        command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Which site is in the folder; neither is a failure.
    #[track_caller]
    fn current(&self, when: &str) -> char {
        let site = tree(Path::new(&self.out));
        if site == self.a.1 {
            return 'a';
        }
        if site == self.b.1 {
            return 'b';
        }
        assert_same(&format!("{when}: not site a"), &site, &self.a.1);
        unreachable!()
    }
}

/// Numbers that look random (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u128) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u64::try_from(u128::from(self.0) % limit.max(1)).unwrap()
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number"))
    })
}

#[test]
fn a_killed_build_leaves_one_whole_site_and_the_next_one_succeeds() {
    let kills = setting("KILLS").unwrap_or(40);
    let seed = setting("SEED").unwrap_or_else(|| {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap();
        now.as_secs() ^ u64::from(now.subsec_nanos())
    });
    let mut random = Random(seed | 1);
    let sites = Alternating::new();
    let stage = sites.folder.path().join(".dist.stage");
    let build = |project: &Project| project.run(&["build", "--out", &sites.out]).exits(0);

    build(&sites.a.0);
    let started = Instant::now();
    build(&sites.b.0);
    let whole = started.elapsed();
    let (mut old, mut new, mut finished, mut litter) = (0, 0, 0, 0);
    for kill in 0..kills {
        let (from, to) = if kill % 2 == 0 {
            (&sites.a, &sites.b)
        } else {
            (&sites.b, &sites.a)
        };
        build(&from.0);
        assert_eq!(
            names(sites.folder.path()),
            ["dist"],
            "litter after a build, seed {seed}"
        );
        assert_same(
            &format!("the build after kill {kill}, seed {seed}"),
            &tree(Path::new(&sites.out)),
            &from.1,
        );

        let started = Instant::now();
        let mut child = sites.start(&to.0);
        // Every second kill comes at any moment, the others while it writes.
        if kill / 2 % 2 == 0 {
            sleep(Duration::from_nanos(random.below(whole.as_nanos() * 6 / 5)));
        } else {
            while !stage.exists() && child.try_wait().unwrap().is_none() {
                std::hint::spin_loop();
            }
            let rest = whole
                .saturating_sub(started.elapsed())
                .max(Duration::from_millis(5));
            sleep(Duration::from_nanos(random.below(rest.as_nanos())));
        }
        let _ = child.kill();
        let status = child.wait().unwrap();
        finished += u64::from(status.success());
        litter += u64::from(names(sites.folder.path()).len() > 1);
        let is = sites.current(&format!("after kill {kill}, seed {seed}"));
        if (is == 'a') == (kill % 2 == 0) {
            old += 1;
        } else {
            new += 1;
        }
    }
    eprintln!(
        "{kills} kills within {whole:.0?}, seed {seed}: {old} left the old site, {new} the new one; {litter} left a stage; {finished} came too late"
    );
    build(&sites.a.0);
    assert_eq!(names(sites.folder.path()), ["dist"]);
}

#[test]
fn two_builds_into_one_folder_both_succeed_and_leave_one_whole_site() {
    let sites = Alternating::new();
    for round in 0..setting("ROUNDS").unwrap_or(6) {
        // Also when there is no site yet.
        if round == 3 {
            fs::remove_dir_all(&sites.out).unwrap();
        }
        let children = [&sites.a.0, &sites.b.0, &sites.a.0].map(|project| sites.start(project));
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(
                output.status.success(),
                "round {round}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        sites.current(&format!("round {round}"));
        assert_eq!(names(sites.folder.path()), ["dist"]);
    }
}
