//! The catalogue is in order: ids, files, folders and documentation agree.

mod support;

use std::collections::BTreeSet;
use std::fs;

use slslint::rule::Category;
use support::{folders_in, root};

const HEADINGS: &[&str] =
    &["## What it does", "## Why it matters", "## Example", "## Use instead", "## When to keep it"];

#[test]
fn ids_are_unique_and_kebab_case() {
    let mut seen = BTreeSet::new();
    for rule in slslint::rules::all() {
        let id = rule.meta().id.to_string();
        assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{id}");
        assert!(seen.insert(id.clone()), "{id} is there twice");
    }
}

#[test]
fn every_rule_has_its_file_and_its_cases() {
    for rule in slslint::rules::all() {
        let meta = rule.meta();
        if meta.category == Category::Suppression {
            continue;
        }
        let category = meta.category.name();
        let native = root().join(format!("src/rules/{category}/{}.rs", meta.id.replace('-', "_")));
        let guard = root().join(format!("rules/{category}/{}.guard", meta.id));
        assert!(native.exists() != guard.exists(), "{} has one file, native or Guard", meta.id);
        let cases = folders_in(&root().join(format!("corpus/{category}/{}", meta.id)));
        let marked = cases.iter().filter(|case| has_mark(case, &meta.id)).count();
        assert!(marked > 0, "{} has a case with a mark", meta.id);
        assert!(cases.len() > marked, "{} has a near miss: a case without its mark", meta.id);
    }
}

fn has_mark(case: &std::path::Path, id: &str) -> bool {
    support::cases()
        .iter()
        .filter(|known| known.folder == case)
        .any(|case| support::marks(case).iter().any(|mark| mark.rule == id))
}

#[test]
fn every_folder_of_the_corpus_belongs_to_a_rule() {
    let ids: BTreeSet<String> = slslint::rules::all().iter().map(|rule| rule.meta().id.to_string()).collect();
    for category in folders_in(&root().join("corpus")) {
        if category.ends_with("apps") {
            continue;
        }
        for folder in folders_in(&category) {
            let id = folder.file_name().expect("it has a name").to_string_lossy().into_owned();
            assert!(ids.contains(&id), "{} belongs to no rule", folder.display());
        }
    }
}

#[test]
fn documentation_has_its_headings_in_order() {
    for rule in slslint::rules::all() {
        let meta = rule.meta();
        let mut from = 0;
        for heading in HEADINGS {
            let at = meta.docs[from..].find(heading);
            from += at.unwrap_or_else(|| panic!("{} lacks `{heading}`, or has it too early", meta.id));
        }
        assert!(!meta.summary.ends_with('.'), "{}: a summary is no sentence", meta.id);
    }
}

#[test]
fn files_have_one_idea_and_say_it_first() {
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("it is a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("it is text");
                assert!(text.starts_with("//! "), "{} begins with its sentence", path.display());
            }
        }
    }
}

#[test]
fn packages_have_the_version_of_the_crate() {
    let text = fs::read_to_string(root().join("packaging/npm/package.json")).expect("it is there");
    let package: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(package["version"], version);
    let platforms = package["optionalDependencies"].as_object().expect("there are platforms");
    assert!(
        !platforms.is_empty() && platforms.values().all(|of_platform| of_platform == version),
        "{platforms:?}"
    );
}
