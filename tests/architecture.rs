//! Who may know whom: the table is the picture of `src/lib.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// Every module may know `source` and `evidence`; what else, is said here.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("evidence", &[]),
    ("edit", &[]),
    ("cache", &[]),
    ("aws", &[]),
    ("yaml", &["edit"]),
    ("template", &["yaml", "aws", "edit"]),
    ("ir", &[]),
    ("frontend", &["ir"]),
    ("summary", &[]),
    ("interpret", &["ir", "summary", "aws"]),
    ("packages", &[]),
    ("graph", &["template", "summary", "aws", "packages"]),
    ("handlers", &["frontend", "interpret", "summary", "graph", "template", "aws", "cache"]),
    ("finding", &["edit"]),
    ("refactor", &["graph", "template", "yaml", "edit", "aws", "summary", "finding"]),
    ("rule", &["finding", "graph"]),
    (
        "rules",
        &[
            "rule", "finding", "graph", "template", "summary", "aws", "guard", "suppress", "refactor",
            "baseline", "edit", "packages",
        ],
    ),
    ("guard", &["rule", "finding", "graph", "template", "summary", "aws"]),
    ("config", &["finding", "rule", "graph", "template"]),
    ("suppress", &["config", "finding", "rule", "graph", "template"]),
    ("baseline", &["config", "finding", "rule", "graph"]),
    ("report", &["finding", "rule", "graph", "edit", "summary", "baseline", "refactor"]),
    (
        "cli",
        &[
            "config", "finding", "report", "rule", "rules", "graph", "cache", "lint", "analyse", "refactor",
            "edit", "baseline",
        ],
    ),
];

#[test]
fn modules_know_only_what_they_may() {
    let table: BTreeMap<&str, BTreeSet<&str>> =
        MAY_KNOW.iter().map(|(module, known)| (*module, known.iter().copied().collect())).collect();
    let mut faults = Vec::new();
    for (file, module) in files() {
        let text = fs::read_to_string(&file).expect("it is there");
        let Some(may) = table.get(module.as_str()) else {
            faults.push(format!("module {module} is missing from the table"));
            continue;
        };
        for known in known_by(&text) {
            let free = known == module || known == "source" || known == "evidence";
            if !free && !may.contains(known.as_str()) {
                faults.push(format!("{}: {module} must not know {known}", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn planted_imports_are_seen() {
    let planted = [
        ("use crate::report;", "report"),
        ("use crate::{yaml, source};", "yaml"),
        ("fn f() { crate::yaml::parse(); }", "yaml"),
        ("use crate::yaml::{Node as N, parse};", "yaml"),
        ("fn f(x: &crate::ir::Module) {}", "ir"),
        ("use super::super::*; pub(crate) use crate::frontend::resolve;", "frontend"),
    ];
    for (text, module) in planted {
        assert!(known_by(text).contains(module), "{text}");
    }
    assert!(known_by("#[cfg(test)] mod tests { use crate::report; }").is_empty(), "tests may use anything");
}

/// Source files with their top-level module; `lib.rs` and `main.rs` tie everything together, and files
/// of tests may use anything.
fn files() -> Vec<(PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![src.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it is a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let relative = path.strip_prefix(&src).expect("it lies below").to_string_lossy().into_owned();
            let module =
                relative.split('/').next().expect("a path has a part").trim_end_matches(".rs").to_owned();
            let of_tests = relative.split('/').any(|part| {
                let stem = part.trim_end_matches(".rs");
                stem == "testing" || stem.ends_with("tests")
            });
            if relative.ends_with(".rs") && module != "lib" && module != "main" && !of_tests {
                found.push((path, module));
            }
        }
    }
    found.sort();
    found
}

/// Names that follow `crate::` in imports and paths, outside `#[cfg(test)]`.
fn known_by(text: &str) -> BTreeSet<String> {
    let file = syn::parse_file(text).expect("it compiles");
    let mut seen = Seen::default();
    seen.visit_file(&file);
    seen.0
}

#[derive(Default)]
struct Seen(BTreeSet<String>);

impl<'a> Visit<'a> for Seen {
    fn visit_item_mod(&mut self, module: &'a syn::ItemMod) {
        let is_test = |attribute: &syn::Attribute| {
            attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Ident>().is_ok_and(|argument| argument == "test")
        };
        if !module.attrs.iter().any(is_test) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        let syn::UseTree::Path(path) = &item.tree else { return };
        if path.ident == "crate" {
            self.first_names(&path.tree);
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let mut segments = path.segments.iter();
        if segments.next().is_some_and(|first| first.ident == "crate")
            && let Some(second) = segments.next()
            && path.segments.len() > 2
        {
            self.0.insert(second.ident.to_string());
        }
        visit::visit_path(self, path);
    }
}

impl Seen {
    fn first_names(&mut self, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                self.0.insert(path.ident.to_string());
            }
            syn::UseTree::Name(name) => {
                self.0.insert(name.ident.to_string());
            }
            syn::UseTree::Rename(rename) => {
                self.0.insert(rename.ident.to_string());
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.first_names(item)),
            syn::UseTree::Glob(_) => {}
        }
    }
}
