//! The small guide's site, byte for byte, so that a change of a template
//! shows what it does to every kind of page.
//!
//! After a change that is meant: `UPDATE_GOLDEN=1 cargo test golden`, and read
//! the difference before you commit it.

use std::fs;
use std::path::PathBuf;

use crate::project::{Project, Tree, repository, tree};

fn folder() -> PathBuf {
    repository().join("tests/golden")
}

/// The rendered files. Those of `static/` are the same in the repository, and
/// archives show no difference that one could read: `downloads` opens them.
fn rendered() -> Tree {
    let project = Project::with_every_kind_of_page();
    project
        .run(&["build", "--base-url", "https://example.com/guide/"])
        .exits(0);
    let mut site = tree(&project.path("dist"));
    let statics = tree(&project.path("static"));
    // One picture shows that machines draw the same; more would only be weight.
    let is_other_picture = |name: &str| name.ends_with("card.png") && name != "404/card.png";
    site.retain(|name, _| {
        !statics.contains_key(name) && name != ".status-guide" && !is_other_picture(name)
    });
    // What holds or lists the whole site changes with every file of it.
    site.retain(|name, _| {
        !matches!(name.rsplit('.').next(), Some("epub" | "zip")) && name != "sw.js"
    });
    site
}

#[test]
fn the_site_of_the_small_guide_is_as_it_was() {
    let site = rendered();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let _ = fs::remove_dir_all(folder());
        for (name, bytes) in &site {
            let path = folder().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        return;
    }
    let golden = if folder().is_dir() {
        tree(&folder())
    } else {
        Tree::new()
    };
    let update =
        "if that is meant, run UPDATE_GOLDEN=1 cargo test golden, and read `git diff tests/golden`";
    let names = |tree: &Tree| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        names(&site),
        names(&golden),
        "the site has other files (left) than tests/golden (right); {update}"
    );
    let differ: Vec<&String> = site
        .keys()
        .filter(|name| site[*name] != golden[*name])
        .collect();
    if let Some(name) = differ.first() {
        panic!(
            "{} of {} files differ: {differ:?}\nthe first difference is in {name}:\n{}\n{update}",
            differ.len(),
            site.len(),
            difference(&golden[*name], &site[*name])
        );
    }
}

/// What stands around the first byte that differs, before and now.
fn difference(old: &[u8], new: &[u8]) -> String {
    let at = old
        .iter()
        .zip(new)
        .position(|(a, b)| a != b)
        .unwrap_or(old.len().min(new.len()));
    let line = old[..at].split(|byte| *byte == b'\n').count();
    let around = |bytes: &[u8]| {
        let range = at.saturating_sub(60).min(bytes.len())..(at + 60).min(bytes.len());
        String::from_utf8_lossy(&bytes[range]).replace('\n', "⏎")
    };
    format!(
        "  line {line}, byte {at}\n  golden: …{}…\n  now:    …{}…",
        around(old),
        around(new)
    )
}

#[test]
fn a_difference_is_shown_with_what_is_around_it() {
    let text = difference(b"one\ntwo <b>x</b>", b"one\ntwo <i>x</i>");
    assert_eq!(
        text,
        "  line 2, byte 9\n  golden: …one⏎two <b>x</b>…\n  now:    …one⏎two <i>x</i>…"
    );
    assert!(difference(b"one", b"one more").contains("byte 3"));
}
