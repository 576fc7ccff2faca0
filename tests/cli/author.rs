//! Help for those who write: a draft is right but for its marked places, and
//! the normal form of front matter says what was there before.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use status_guide::Source;
use status_guide::author::format;
use status_guide::author::new::{self, Subject};
use status_guide::diagnostic::Diagnostics;
use status_guide::load::content::{FILL_IN, Folder};
use status_guide::status::StatusCode;

use crate::project::{Output, Project, Tree, assert_same, copy, repository, tree};

/// How many places of each file are to be filled in. Fails if `check` says
/// anything else.
#[track_caller]
fn places(output: &Output) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for line in output
        .stderr
        .lines()
        .filter(|line| line.contains(": error["))
    {
        assert!(line.contains(": error[fill-in]: "), "{line}");
        let file = line.split(':').next().unwrap_or_default();
        *found.entry(file.to_owned()).or_default() += 1;
    }
    found
}

#[test]
fn a_draft_of_each_kind_has_no_errors_but_its_places_to_fill_in_each_once() {
    let project = Project::with_every_kind_of_page();
    let drafts: [(&[&str], &str); 8] = [
        (&["new", "409"], "content/codes/409.md"),
        (&["new", "477"], "content/codes/477.md"),
        (&["new", "299"], "content/codes/299.md"),
        (&["new", "427", "--registered"], "content/codes/427.md"),
        (&["new", "403-vs-404"], "content/compare/403-vs-404.md"),
        (
            &["new", "401", "vs", "403", "vs", "404"],
            "content/compare/401-vs-403-vs-404.md",
        ),
        (
            &["new", "page", "rate-limits"],
            "content/pages/rate-limits.md",
        ),
        (
            &["new", "topic", "rate-limits"],
            "content/topics/rate-limits.md",
        ),
    ];
    let mut expected = BTreeMap::new();
    for (arguments, path) in drafts {
        let output = project.run(arguments).exits(0);
        let marks = project.read(path).matches(FILL_IN).count();
        assert!(marks >= 5, "{path} has {marks} places");
        let said = format!("Wrote {path}, with {marks} places to fill in.");
        assert!(output.stdout.starts_with(&said), "{}", output.stdout);
        expected.insert(path.to_owned(), marks);
    }
    assert_eq!(places(&project.check().exits(1)), expected);
    project.run(&["fmt", "--check"]).exits(0);
}

#[test]
fn a_draft_of_every_code_that_the_program_knows_passes_the_checks() {
    let real = repository().join("content");
    let carried = status_guide::outline(&Source::folder(&real)).unwrap();
    let codes: Vec<StatusCode> = carried.codes.keys().copied().collect();
    assert!(codes.len() > 90);
    // Every second page is a draft, so that drafts have others to link to.
    for half in [0, 1] {
        let project = Project::empty();
        copy(&real, &project.path("content"));
        copy(&repository().join("static"), &project.path("static"));
        let drafted: Vec<StatusCode> = codes.iter().copied().skip(half).step_by(2).collect();
        let path = |code: &StatusCode| format!("content/codes/{code}.md");
        for code in &drafted {
            project.remove(&path(code));
        }
        let guide = status_guide::outline(&Source::folder(&project.path("content"))).unwrap();
        for code in &drafted {
            let draft = new::draft(&Subject::Code(*code), &guide, &carried, false).unwrap();
            new::write(&project.path("content"), &draft).unwrap();
        }
        let output = project.check().exits(1);
        for line in output.stderr.lines().filter(|l| l.contains(": error[")) {
            let is_draft = drafted.iter().any(|code| line.starts_with(&path(code)));
            // What other pages say of a part that the draft has not yet.
            let expected: &[&str] = if is_draft {
                &["fill-in"]
            } else {
                &["fragment", "related"]
            };
            let is_expected = |rule: &&str| line.contains(&format!(": error[{rule}]: "));
            assert!(expected.iter().any(is_expected), "{line}");
        }
        for code in &drafted {
            assert!(output.stderr.contains(&path(code)), "{code} has no mark");
        }
    }
}

#[test]
fn a_page_that_was_begun_can_be_finished_place_by_place() {
    let project = Project::new();
    project.run(&["new", "page", "rate-limits"]).exits(0);
    let path = "content/pages/rate-limits.md";
    let text = project.read(path);
    let lines = text.lines().map(|line| match line.split_once(FILL_IN) {
        Some((before, _)) if before.ends_with("# ") => before.trim_end_matches("# ").to_owned(),
        Some((before, _)) if before.ends_with('"') => format!("{before}A sentence.\""),
        Some(_) => "A paragraph.".to_owned(),
        None => line.to_owned(),
    });
    let finished: Vec<String> = lines.collect();
    project.write(
        path,
        finished.join("\n").replace("2000-01-01", "2026-11-22"),
    );
    project.run(&["fmt"]).exits(0);
    project.build();
}

#[test]
fn nothing_is_written_over_and_every_refusal_says_what_to_type() {
    let project = Project::with_every_kind_of_page();
    project.edit(
        "content/codes/404.md",
        "checked = 2026-11-22\n",
        "checked = 2026-11-22\naliases = [\"gone-away\"]\n",
    );
    let before = tree(&project.path("content"));
    for (arguments, said) in [
        (&["new", "404"][..], "the guide has /404/ already"),
        (
            &["new", "403-vs-401"],
            "the guide compares these codes already: content/compare/401-vs-403.md, which is found in either order",
        ),
        (
            &["new", "401-vs-409"],
            "the guide has no page for 409; begin with: status-guide new 409",
        ),
        (&["new", "401-vs-401"], "401 is there twice"),
        (
            &["new", "4040"],
            "4040 is no status code: it has three digits",
        ),
        (
            &["new", "Rate limits"],
            "for a page: status-guide new page rate-limits",
        ),
        (
            &["new", "page", "Rate Limits"],
            "type: status-guide new page rate-limits",
        ),
        (
            &["new", "page", "404"],
            "/404/ is the address of a code; type: status-guide new 404",
        ),
        (
            &["new", "page", "gone-away"],
            "/gone-away/ leads on to another page: it is an alias in content/codes/404.md",
        ),
        (
            &["new", "topic", "testing"],
            "the guide has /topics/testing/ already",
        ),
        (
            &["new", "777", "--registered"],
            "777 cannot be registered: valid codes end at 599",
        ),
        (
            &["new", "200", "--content", "nowhere"],
            "there is no content folder at nowhere, and the built-in guide cannot be changed",
        ),
    ] {
        project.run(arguments).exits(2).says(said);
    }
    assert_same("after refusals", &tree(&project.path("content")), &before);
    // A file whose facts cannot be read is there as well.
    project.write("content/codes/409.md", "mine");
    project.run(&["new", "409"]).exits(2).says("/409/");
    assert_eq!(project.read("content/codes/409.md"), "mine");
}

/// The Markdown files of the repository's guide, by path.
fn real_pages() -> Tree {
    let files = tree(&repository().join("content")).into_iter();
    files
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|e| e == "md"))
        .collect()
}

fn folder(path: &str) -> Folder {
    let name = path.split('/').next().unwrap();
    Folder::ALL.into_iter().find(|f| f.name() == name).unwrap()
}

fn front(text: &str) -> &str {
    text.strip_prefix("+++\n")
        .unwrap()
        .split("\n+++\n")
        .next()
        .unwrap()
}

fn parsed(text: &str) -> toml::Table {
    toml::from_str(text).unwrap()
}

#[test]
fn the_guide_s_own_front_matter_is_in_normal_form() {
    let mut diagnostics = Diagnostics::default();
    let content = repository().join("content");
    let changes = format::changes(&content, &[], &mut diagnostics).unwrap();
    let names: Vec<&String> = changes.iter().map(|change| &change.name).collect();
    assert!(
        names.is_empty(),
        "run `cargo run --release -- fmt`: {names:?}"
    );
}

/// A careless way to write the same facts, with its name.
type Mutation = (&'static str, fn(&str) -> String);

const MUTATIONS: &[Mutation] = &[
    ("as it is", str::to_owned),
    ("the lines turned round", |text| {
        // Only where each fact has one line, and no blocks follow.
        let lines: Vec<&str> = text.lines().collect();
        let plain = lines
            .iter()
            .all(|line| line.contains(" = ") && !line.ends_with('['));
        let turned: Vec<&str> = lines.iter().rev().copied().collect();
        if plain {
            turned.join("\n") + "\n"
        } else {
            text.to_owned()
        }
    }),
    ("no space around equals signs", |text| {
        text.replace(" = ", "=")
    }),
    ("empty lines everywhere", |text| text.replace('\n', "\n\n")),
    ("comments above and behind", |text| {
        let line = |line: &str| {
            if line.contains(" = ") && !line.ends_with(['[', ',']) {
                format!("# About this.\n{line} # why\n")
            } else {
                format!("{line}\n")
            }
        };
        text.lines().map(line).collect()
    }),
    ("indented", |text| {
        format!("  {}  \n", text.trim_end().replace('\n', "  \n  "))
    }),
    ("lists closed up", |text| text.replace("\", \"", "\",\"")),
    ("literal strings", |text| {
        let line = |line: &str| match line.split_once(" = \"") {
            _ if line.starts_with(' ') => format!("{line}\n"),
            Some((key, value))
                if !value.contains(['\'', '\\']) && value.matches('"').count() == 1 =>
            {
                format!("{key} = '{}'\n", value.trim_end_matches('"'))
            }
            _ => format!("{line}\n"),
        };
        text.lines().map(line).collect()
    }),
];

#[test]
fn the_normal_form_says_the_same_and_is_its_own_normal_form_however_it_was_written() {
    let mut changed = 0;
    for (path, bytes) in real_pages() {
        let text = String::from_utf8(bytes).unwrap();
        let front = format!("{}\n", front(&text));
        let normal = format::normal(folder(&path), &front).unwrap();
        for (name, mutate) in MUTATIONS {
            let mutant = mutate(&front);
            changed += usize::from(mutant != front);
            let once = format::normal(folder(&path), &mutant)
                .unwrap_or_else(|| panic!("{path}, {name}, has no normal form:\n{mutant}"));
            assert_eq!(parsed(&once), parsed(&front), "{path}, {name}");
            let twice = format::normal(folder(&path), &once);
            assert_eq!(twice.as_ref(), Some(&once), "{path}, {name}");
            let comments = mutant.matches("# why").count();
            assert_eq!(once.matches("# why").count(), comments, "{path}, {name}");
            if comments == 0 {
                assert_eq!(once, normal, "{path}, {name}");
            }
        }
    }
    assert!(changed > 800, "only {changed} mutants differ");
}

const CARELESS: &str = "+++\nchecked=2026-11-22 # today\ntitle = 'About'\n\nsummary   =   \"A page.\"\n+++\n\nA line,  \nand more.\t\n";
const NORMAL: &str = "+++\ntitle = \"About\"\nsummary = \"A page.\"\nchecked = 2026-11-22 # today\n+++\n\nA line,  \nand more.\t\n";

#[test]
fn fmt_writes_the_normal_form_and_leaves_the_text_as_it_is() {
    let project = Project::new();
    project.write("content/pages/about.md", CARELESS);
    let before = tree(&project.path("content"));
    let output = project.run(&["fmt", "--check"]).exits(1);
    assert_eq!(
        output.stdout,
        "content/pages/about.md is not in normal form:\n  - checked=2026-11-22 # today\n  - title = 'About'\n  - \n  + title = \"About\"\n  + summary = \"A page.\"\n  + checked = 2026-11-22 # today\n1 page; `status-guide fmt` puts that right.\n"
    );
    assert_same("after --check", &tree(&project.path("content")), &before);
    let output = project.run(&["fmt"]).exits(0);
    assert_eq!(output.stdout, "content/pages/about.md\n1 page changed.\n");
    assert_eq!(project.read("content/pages/about.md"), NORMAL);
    project.run(&["fmt", "--check"]).exits(0);
    assert_eq!(tree(&project.path("content")).len(), before.len());
}

#[test]
fn fmt_takes_single_files_and_check_can_do_it_first() {
    let project = Project::new();
    project.write("content/pages/one.md", CARELESS.replace("About", "One"));
    project.write("content/pages/two.md", CARELESS.replace("About", "Two"));
    project.run(&["fmt", "content/pages/two.md"]).exits(0);
    assert!(
        project
            .read("content/pages/one.md")
            .contains("checked=2026")
    );
    assert_eq!(
        project.read("content/pages/two.md"),
        NORMAL.replace("About", "Two")
    );
    project
        .run(&["fmt", "content/pages/three.md"])
        .exits(2)
        .says("cannot open content/pages/three.md");
    project
        .run(&["fmt", "content/site.toml"])
        .exits(2)
        .says("is no page below content");
    // What is wrong elsewhere keeps it from nothing, and it does not say so.
    project.write("content/pages/wrong.md", format!("{CARELESS}[nowhere]\n"));
    let wrong = project.run(&["check", "--fix"]).exits(1);
    assert!(
        wrong
            .stderr
            .ends_with("; pages without errors in their facts are in normal form now.\n"),
        "{}",
        wrong.stderr
    );
    assert_eq!(
        project.read("content/pages/one.md"),
        NORMAL.replace("About", "One")
    );
    project
        .run(&["check"])
        .exits(1)
        .says("; nothing was written.");
    std::fs::remove_file(project.path("content/pages/wrong.md")).unwrap();
    project.run(&["check", "--fix"]).exits(0);
}

#[test]
fn fmt_keeps_line_ends_and_permissions_and_leaves_files_with_errors_alone() {
    let project = Project::new();
    let crlf = |text: &str| text.replace('\n', "\r\n");
    project.write(
        "content/pages/about.md",
        format!("\u{feff}{}", crlf(CARELESS)),
    );
    let broken = CARELESS.replace("'About'", "About");
    project.write("content/pages/broken.md", &broken);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = project.path("content/pages/about.md");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    }
    let output = project.run(&["fmt", "--format", "short"]).exits(1);
    assert_eq!(output.stdout, "content/pages/about.md\n1 page changed.\n");
    let said = "content/pages/broken.md:3:9: error[front-matter]: text stands in double quotes";
    let output = output
        .says(said)
        .says("1 error; files with errors were left alone.");
    assert_eq!(output.stderr.lines().count(), 2, "{}", output.stderr);
    assert_eq!(project.read("content/pages/about.md"), crlf(NORMAL));
    assert_eq!(project.read("content/pages/broken.md"), broken);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(project.path("content/pages/about.md"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o640);
    }
}
