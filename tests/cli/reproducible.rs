//! Same input, same bytes, on any machine at any time.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use status_guide::output;
use status_guide::output::cache::Cache;
use status_guide::publish::Extent;

use crate::guide::is_html;
use crate::project::{Project, Tree, assert_same, finish, tree};

/// The site of a fresh copy of the guide, built in `environment`.
fn site(environment: &[(&str, &str)], base: &[&str]) -> Tree {
    let project = Project::new();
    let mut command = project.command(&["build"]);
    command.args(base).envs(environment.iter().copied());
    finish(&mut command).exits(0);
    tree(&project.path("dist"))
}

#[test]
fn zone_language_and_number_of_threads_change_nothing() {
    for base in [&[][..], &["--base-url", "https://example.com/guide/"]] {
        let here = site(&[], base);
        for environment in [
            [
                ("TZ", "Pacific/Kiritimati"),
                ("LC_ALL", "de_DE.UTF-8"),
                ("RAYON_NUM_THREADS", "1"),
            ],
            [
                ("TZ", "America/Los_Angeles"),
                ("LANG", "tr_TR.UTF-8"),
                ("RAYON_NUM_THREADS", "8"),
            ],
            [("TZ", "UTC"), ("LC_ALL", "C"), ("RAYON_NUM_THREADS", "3")],
            [
                ("SOURCE_DATE_EPOCH", "0"),
                ("USER", "somebody"),
                ("HOME", "/nonexistent"),
            ],
        ] {
            assert_same(
                &format!("{environment:?}"),
                &site(&environment, base),
                &here,
            );
        }
    }
}

#[test]
fn the_time_of_the_build_and_of_the_files_changes_nothing() {
    let early = Project::new();
    let first = early.build();
    std::thread::sleep(Duration::from_millis(1100));
    let late = Project::new();
    age(
        &late.path("content"),
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000),
    );
    assert_same("a second later", &late.build(), &first);
}

/// Gives every file below `folder` the same old modification time.
fn age(folder: &Path, time: SystemTime) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            age(&path, time);
        } else {
            File::options()
                .write(true)
                .open(path)
                .unwrap()
                .set_modified(time)
                .unwrap();
        }
    }
}

#[test]
fn the_order_in_which_files_were_made_changes_nothing() {
    let plain = Project::new();
    let shuffled = Project::new();
    let files = tree(&shuffled.path("content"));
    shuffled.remove("content");
    for (name, bytes) in files.iter().rev() {
        shuffled.write(format!("content/{name}"), bytes);
    }
    assert_same("the other way round", &shuffled.build(), &plain.build());
}

#[test]
fn a_build_over_another_site_is_as_good_as_a_fresh_one() {
    let project = Project::new();
    let fresh = project.build();
    let text = project.read("content/codes/403.md");
    project.write(
        "content/codes/403.md",
        text.replace("does not help", "helps"),
    );
    project.build();
    project.write("content/codes/403.md", text);
    assert_same("there and back", &project.build(), &fresh);
}

/// Builds over what is there, and returns what had to be made for that.
fn made_by_a_build(project: &Project) -> Vec<String> {
    let out = project.path("dist");
    let cache = Cache::of(&out);
    let built = status_guide::build(
        &status_guide::Source::folder(&project.path("content")),
        None,
        Extent::Whole,
        &cache,
    );
    output::write(&built.unwrap().site, &out).unwrap();
    cache.made().into_iter().collect()
}

/// The same without pages.
fn made_beside_pages(project: &Project) -> Vec<String> {
    let mut made = made_by_a_build(project);
    made.retain(|file| !is_html(file));
    made
}

#[test]
fn pictures_are_taken_over_from_the_last_build_and_made_only_of_what_changed() {
    let project = Project::new();
    let first = made_by_a_build(&project);
    assert!(first.contains(&"404/card.png".to_owned()), "{first:?}");
    let site = tree(&project.path("dist"));
    assert_eq!(made_beside_pages(&project), [""; 0], "nothing changed");
    project.edit(
        "content/codes/404.md",
        "summary = \"",
        "summary = \"Another summary. ",
    );
    assert_eq!(
        made_beside_pages(&project),
        [
            "404/card.png",
            "http-status-codes.epub",
            "http-status-codes.zip"
        ],
        "one picture, and what holds the whole guide"
    );
    let changed = tree(&project.path("dist"));
    assert_ne!(changed["404/card.png"], site["404/card.png"]);
    project.remove("dist");
    made_by_a_build(&project);
    assert_same("a fresh folder", &tree(&project.path("dist")), &changed);
}

#[test]
fn a_picture_that_somebody_changed_or_removed_is_made_again() {
    let project = Project::new();
    let site = project.build();
    project.write("dist/404/card.png", b"no picture");
    project.remove("dist/403/card.png");
    assert_eq!(
        made_beside_pages(&project),
        ["403/card.png", "404/card.png"]
    );
    assert_same("mended", &tree(&project.path("dist")), &site);
}

#[test]
fn only_the_page_whose_text_changed_is_minified_again() {
    let project = Project::new();
    project.build();
    project.edit("content/codes/403.md", "does not help", "helps");
    let made = made_by_a_build(&project);
    let pages = made.iter().filter(|file| is_html(file));
    // The home page gets the sizes of what is offered there once it is made.
    assert_eq!(pages.collect::<Vec<_>>(), ["403/index.html", "index.html"]);
}

#[test]
fn a_page_that_somebody_changed_is_made_again() {
    let project = Project::new();
    let site = project.build();
    project.write("dist/404/index.html", b"no page");
    assert_eq!(made_by_a_build(&project), ["404/index.html", "index.html"]);
    assert_same("mended", &tree(&project.path("dist")), &site);
}
