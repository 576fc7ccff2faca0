//! The house stays as it is drawn: imports go one way, and the manual for
//! contributors knows every rule.

use std::collections::BTreeMap;
use std::fs;

use status_guide::diagnostic::Rule;

use crate::project::repository;

/// The modules from the bottom up: each may import those before it.
const ORDER: &[&str] = &[
    "diagnostic",
    "status",
    "palette",
    "typeface",
    "canvas",
    "route",
    "files",
    "init",
    "front_matter",
    "content",
    "decisions",
    "guide",
    "metadata",
    "card",
    "badge",
    "message",
    "exchange",
    "aliases",
    "outline",
    "markdown",
    "output",
    "cache",
    "views",
    "pages",
    "archive",
    "book",
    "one_page",
    "epub",
    "search_index",
    "data",
    "schema",
    "openapi",
    "feed",
    "plain",
    "lookup",
    "render",
    "layout",
    "prose",
    "terminal",
    "offline",
    "downloads",
    "companions",
    "export",
    "check",
    "lib",
    "embedded",
    "main",
];

/// The names after every `crate::` in a text, also those in braces. `crate::x`
/// where `x` is no module is something of `lib.rs`. A module's own tests, at
/// its end, may use everything.
fn imports(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = (text.lines().map(str::trim_start))
        .filter(|line| !line.starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut found = Vec::new();
    for (at, marker) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + marker.len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(first_names(group)),
            None => found.push(name(rest)),
        }
    }
    found
}

/// The first name of each item in `a, b::{c, d}, e::f}`.
fn first_names(group: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.push(name(group[start..at].trim()));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(name(group[start..at].trim()));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

fn name(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::guide::{self, Guide};\nuse crate::{\n    a, b::{c, d}, e::f,\n};\n// crate::no\nlet x = crate::g::h();\nuse status_guide_crate::no;\n";
    assert_eq!(imports(text), ["guide", "a", "b", "e", "g"]);
}

#[test]
fn imports_go_one_way() {
    let mut sources = BTreeMap::new();
    for entry in fs::read_dir(repository().join("src")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
            sources.insert(module, fs::read_to_string(&path).unwrap());
        } else {
            panic!(
                "{} is no module: give it a place in tests/cli/architecture.rs",
                path.display()
            );
        }
    }
    let rank = |module: &str| ORDER.iter().position(|m| *m == module);
    for module in sources.keys() {
        assert!(
            rank(module).is_some(),
            "src/{module}.rs is new: give it its place in ORDER in tests/cli/architecture.rs"
        );
    }
    for module in ORDER {
        assert!(
            sources.contains_key(*module),
            "src/{module}.rs is gone: delete it from ORDER in tests/cli/architecture.rs"
        );
    }
    let mut count = 0;
    for (module, text) in &sources {
        for import in imports(text) {
            let from = rank(module);
            let to = rank(&import).or(rank("lib"));
            assert!(
                to < from,
                "src/{module}.rs imports crate::{import}, which stands above it; the order is {ORDER:?}"
            );
            count += 1;
        }
        let reaches_up = text.contains("super::super::");
        assert!(
            !reaches_up,
            "src/{module}.rs imports by super::super::, which hides the direction"
        );
    }
    assert!(
        count > 20,
        "only {count} imports were found: does this test still read them?"
    );
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
