//! The house stays as it is drawn: imports go one way, and the manual for
//! contributors knows every rule.

use std::collections::BTreeMap;
use std::fs;

use status_guide::diagnostic::Rule;

use crate::project::repository;

/// The files of `src/` from the bottom up, each as a module: it may import those
/// before it. A room stands where the last of its files stands.
const ORDER: &[&str] = &[
    "diagnostic",
    "status",
    "route",
    "site",
    "markup",
    "timings",
    // A guide is read,
    "load::files",
    "load::mistakes",
    "load::front_matter",
    "load::accent",
    "load::facts",
    "load::keys",
    "load::content",
    "load::glance",
    "load::overlay",
    "load::decisions",
    "load::guide",
    "load::agreement",
    "load",
    // its text becomes HTML,
    "text::message",
    "text::lint",
    "text::exchange",
    "text::outline",
    "text::markdown::nesting",
    "text::markdown::code",
    "text::markdown::tables",
    "text::markdown::headings",
    "text::markdown::links",
    "text::markdown",
    "text",
    // its pages are made, some of it taken over from the last output,
    "output",
    "output::cache",
    "render::aliases",
    "render::metadata",
    "render::views",
    "render::pages",
    "render",
    // and so is all that is no page,
    "picture::palette",
    "picture::typeface",
    "picture::canvas",
    "picture::card",
    "picture::badge",
    "picture",
    "data::search_index",
    "data::plain",
    "data::codes",
    "data::schema",
    "data::openapi",
    "data::feed",
    "data",
    "edition::archive",
    "edition::book",
    "edition::one_page",
    "edition::epub",
    "edition",
    "publish::offline",
    "publish::downloads",
    "publish::companions",
    "publish",
    // The site is checked, and a page can be shown in a terminal.
    "check",
    "terminal::lookup",
    "terminal::layout",
    "terminal::prose",
    "terminal::page",
    "terminal",
    "author::init",
    "author::format",
    "author::new",
    "author::watch",
    "author::trouble",
    "author::media_type",
    "author::shown",
    "author::host",
    "lib",
    "author::serve",
    "author",
    "embedded",
    "command",
    "command::build",
    "command::check",
    "command::new",
    "command::fmt",
    "command::serve",
    "command::show",
    "command::init",
    "main",
];

/// What a text imports: every path after `crate::`, also those in braces. A
/// module's own tests, at its end, may use everything.
fn imports(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = (text.lines().map(str::trim_start))
        .filter(|line| !line.starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut found = Vec::new();
    for (at, marker) in code.match_indices("crate::") {
        let is_whole = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if is_whole {
            expand("", &code[at + marker.len()..], &mut found);
        }
    }
    found
}

/// Adds the paths of a use tree, `a::{b, c::{d, e}}`, and returns what is behind it.
fn expand<'t>(before: &str, tree: &'t str, found: &mut Vec<String>) -> &'t str {
    let end = tree.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let (path, mut rest) = tree.split_at(end.unwrap_or(tree.len()));
    let path = format!("{before}{path}");
    let is_group = path.is_empty() || path.ends_with("::");
    if !(is_group && rest.starts_with('{')) {
        found.push(path);
        return rest;
    }
    rest = rest[1..].trim_start();
    while !rest.is_empty() && !rest.starts_with('}') {
        rest = expand(&path, rest, found).trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    rest.strip_prefix('}').unwrap_or(rest)
}

/// The module of `ORDER` that a path leads into: `load::guide::Guide` is in
/// `load::guide`. What is no module is in `lib`.
fn module_of(path: &str) -> &str {
    let mut path = path;
    loop {
        if ORDER.contains(&path) {
            return path;
        }
        match path.rsplit_once("::") {
            Some((shorter, _)) => path = shorter,
            None => return "lib",
        }
    }
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::load::guide::{self, Guide};\nuse crate::{\n    a, b::{c::X, d}, e::f,\n};\n// crate::no\nlet x = crate::g::h();\nuse status_guide_crate::no;\n";
    let found = [
        "load::guide::self",
        "load::guide::Guide",
        "a",
        "b::c::X",
        "b::d",
        "e::f",
        "g::h",
    ];
    assert_eq!(imports(text), found);
    assert_eq!(module_of("load::guide::self"), "load::guide");
    assert_eq!(module_of("load::Somewhere"), "load");
    assert_eq!(module_of("Source"), "lib");
}

/// The text of every file of `src/`, by its module.
fn sources() -> BTreeMap<String, String> {
    let root = repository().join("src");
    let files = walkdir::WalkDir::new(&root).into_iter().map(Result::unwrap);
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(&root).unwrap();
            let name = path.with_extension("").to_str().unwrap().replace('/', "::");
            let name = name.strip_suffix("::mod").unwrap_or(&name).to_owned();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

#[test]
fn imports_go_one_way() {
    let sources = sources();
    let rank = |module: &str| ORDER.iter().position(|m| *m == module);
    for module in sources.keys() {
        assert!(
            rank(module).is_some(),
            "{module} is new in src/: give it its place in ORDER in tests/cli/architecture.rs"
        );
    }
    for module in ORDER {
        assert!(
            sources.contains_key(*module),
            "{module} is gone from src/: delete it from ORDER in tests/cli/architecture.rs"
        );
    }
    let mut count = 0;
    for (module, text) in &sources {
        for import in imports(text) {
            let to = module_of(&import);
            assert!(
                rank(to) < rank(module),
                "{module} imports crate::{import}, which stands above it; the order is {ORDER:?}"
            );
            count += 1;
        }
        let hides = text.contains("super::super::");
        assert!(
            !hides,
            "{module} imports by super::super::, which hides the direction"
        );
    }
    assert!(
        count > 100,
        "only {count} imports were found: does this test still read them?"
    );
}

#[test]
fn every_file_says_what_it_owns_and_what_it_must_not_do() {
    for (module, text) in sources() {
        if module == "lib" {
            continue;
        }
        let head: String = (text.lines())
            .take_while(|line| line.starts_with("//!"))
            .collect();
        assert!(
            head.starts_with("//! Owns: ") && head.contains("Must not: "),
            "src: {module} does not open with `//! Owns: …` and `Must not: …`"
        );
    }
}

#[test]
fn contributing_explains_every_rule() {
    let path = repository().join("CONTRIBUTING.md");
    let text =
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("cannot read {}: {e}", path.display()));
    let without: Vec<_> = (Rule::ALL.iter().map(|rule| rule.name()))
        .filter(|name| !text.contains(&format!("`{name}`")))
        .collect();
    assert!(
        without.is_empty(),
        "CONTRIBUTING.md does not mention these rules in backticks: {without:?}"
    );
}

#[test]
fn contributing_and_the_readme_name_files_that_are_there() {
    for manual in ["README.md", "CONTRIBUTING.md", "benches/README.md"] {
        let text = fs::read_to_string(repository().join(manual)).unwrap();
        let paths = text.split('`').skip(1).step_by(2).filter(|code| {
            let folders = ["src/", "tests/", "templates/", "benches/", "init/"];
            folders.iter().any(|folder| code.starts_with(folder)) && !code.contains(' ')
        });
        let gone: Vec<&str> = paths
            .filter(|path| !repository().join(path).exists())
            .collect();
        assert!(gone.is_empty(), "{manual} names what is gone: {gone:?}");
    }
}
