//! Where the program's dependencies come from, and that each has a reason.
//! `cargo deny check`, by hand, looks for known vulnerabilities as well.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;
use toml::Table;

use crate::project::repository;

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap()
}

fn parsed(path: &str) -> Table {
    read(path).parse().unwrap()
}

/// The crates that `Cargo.toml` names, those of the tests apart.
fn direct() -> (BTreeSet<String>, BTreeSet<String>) {
    let manifest = parsed("Cargo.toml");
    let names = |table: &toml::Value, key: &str| -> Vec<String> {
        let table = table.get(key).and_then(toml::Value::as_table);
        table.into_iter().flat_map(Table::keys).cloned().collect()
    };
    let root = toml::Value::Table(manifest.clone());
    let mut program: BTreeSet<String> = names(&root, "dependencies").into_iter().collect();
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    for target in targets.into_iter().flat_map(Table::values) {
        program.extend(names(target, "dependencies"));
    }
    let tests = names(&root, "dev-dependencies");
    (program, tests.into_iter().collect())
}

#[test]
fn each_dependency_has_its_reason_in_the_manual() {
    let text = read("CONTRIBUTING.md");
    let table = text
        .split("A dependency has to earn its place")
        .nth(1)
        .unwrap();
    let table = table.split("\n## ").next().unwrap();
    let named: BTreeSet<String> = (table.lines())
        .filter_map(|line| line.strip_prefix("| `")?.split(" |").next())
        .flat_map(|cell| cell.split(", "))
        .map(|name| name.trim_matches('`').to_owned())
        .collect();
    let (mut all, tests) = direct();
    all.extend(tests);
    assert_eq!(named, all);
}

#[test]
fn every_crate_is_locked_and_comes_from_the_registry() {
    let lock = parsed("Cargo.lock");
    let packages = lock["package"].as_array().unwrap();
    assert!(packages.len() > 50);
    for package in packages {
        let name = package["name"].as_str().unwrap();
        if ["status-guide", "status-guide-benches"].contains(&name) {
            continue;
        }
        let source = package.get("source").and_then(toml::Value::as_str);
        assert!(
            source.is_some_and(|it| it.starts_with("registry+")),
            "{name} comes from {source:?}"
        );
        assert!(package.get("checksum").is_some(), "{name} has no checksum");
    }
}

/// Whether a licence expression (SPDX) can be met with `allowed`.
fn is_met(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let expression = expression.trim();
    // Outside of parentheses, `OR` binds least.
    for (word, all) in [(" OR ", false), ("/", false), (" AND ", true)] {
        let mut parts = vec![String::new()];
        let mut depth = 0;
        let mut rest = expression;
        while let Some(c) = rest.chars().next() {
            depth += i32::from(c == '(') - i32::from(c == ')');
            if depth == 0 && rest.starts_with(word) {
                parts.push(String::new());
                rest = &rest[word.len()..];
            } else {
                parts.last_mut().unwrap().push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        if parts.len() > 1 {
            let met = |part: &String| is_met(part, allowed);
            return if all {
                parts.iter().all(met)
            } else {
                parts.iter().any(met)
            };
        }
    }
    match expression
        .strip_prefix('(')
        .and_then(|it| it.strip_suffix(')'))
    {
        Some(inner) => is_met(inner, allowed),
        None => allowed.contains(expression),
    }
}

#[test]
fn a_licence_is_met_by_one_of_its_alternatives_and_all_of_its_parts() {
    let allowed = BTreeSet::from(["MIT", "Unicode-3.0"]);
    for right in [
        "MIT",
        "GPL-2.0-only OR MIT",
        "Apache-2.0/MIT",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
    ] {
        assert!(is_met(right, &allowed), "{right}");
    }
    for wrong in [
        "",
        "GPL-2.0-only",
        "MIT AND GPL-2.0-only",
        "(GPL-2.0-only OR Zlib) AND MIT",
    ] {
        assert!(!is_met(wrong, &allowed), "{wrong}");
    }
}

#[test]
fn every_crate_has_a_licence_that_the_program_can_meet() {
    let rules = parsed("deny.toml");
    let allowed = rules["licenses"]["allow"].as_array().unwrap();
    let allowed: BTreeSet<&str> = allowed.iter().map(|it| it.as_str().unwrap()).collect();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    // Of other systems, what is not built here need not be here.
    let host = Command::new(&cargo).arg("-vV").output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let host = host
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap();
    let output = Command::new(&cargo)
        // It fetches what only `benches/` needs, if nobody built that here.
        .args(["metadata", "--format-version=1", "--locked"])
        .args(["--filter-platform", host])
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut wrong = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        let licence = package["license"].as_str().unwrap_or_default();
        if !is_met(licence, &allowed) {
            wrong.insert(package["name"].to_string(), licence.to_owned());
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
