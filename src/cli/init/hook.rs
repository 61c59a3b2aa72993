//! An entry in the configuration of pre-commit, where a project has one.

use std::fs;
use std::path::Path;

use super::super::{Failure, files};

/// Adds the hook at the end of the list of repositories, and says so. A file that ends in another way is
/// left alone, and the entry is told.
pub fn add(top: &Path, checked: &str) -> Result<String, Failure> {
    let path = top.join(".pre-commit-config.yaml");
    let Ok(text) = fs::read_to_string(&path) else { return Ok(String::new()) };
    let name = files::for_people(&path);
    if text.contains("slslint") {
        return Ok(format!("kept  {name}, which names slslint\n"));
    }
    let Some(with) = with_entry(&text, checked) else {
        return Ok(format!("{name}: add this to its `repos`\n\n{}\n", entry("  ", checked)));
    };
    fs::write(&path, with).map_err(|error| Failure(format!("{name}: {error}")))?;
    Ok(format!("added a hook to {name}\n"))
}

/// The text with the entry, where `repos` is the last key and its list is written in lines.
fn with_entry(text: &str, checked: &str) -> Option<String> {
    let is_key = |line: &&str| {
        !line.trim().is_empty() && !line.starts_with([' ', '#', '-', '\t']) && line.contains(':')
    };
    if text.lines().rfind(is_key)?.trim_end() != "repos:" {
        return None;
    }
    let first = text.lines().find(|line| line.trim_start().starts_with("- repo:"))?;
    let indent = &first[..first.len() - first.trim_start().len()];
    let end = if text.ends_with('\n') { "" } else { "\n" };
    Some(format!("{text}{end}{}", entry(indent, checked)))
}

/// The slslint that is installed checks the applications of the whole repository.
fn entry(indent: &str, checked: &str) -> String {
    let path = if checked.is_empty() { String::new() } else { format!(" {checked}") };
    let lines = [
        "- repo: local".to_owned(),
        "  hooks:".to_owned(),
        "    - id: slslint".to_owned(),
        "      name: slslint".to_owned(),
        format!("      entry: slslint check{path} --format concise"),
        "      language: system".to_owned(),
        "      pass_filenames: false".to_owned(),
        "      types_or: [yaml, json, toml, python, javascript, jsx, ts, tsx]".to_owned(),
    ];
    lines.iter().map(|line| format!("{indent}{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_takes_the_indent_of_the_others() {
        let text = "# hooks\nrepos:\n- repo: local\n  hooks: []";
        let with = with_entry(text, "app").expect("repos is last");
        let expected =
            "# hooks\nrepos:\n- repo: local\n  hooks: []\n- repo: local\n  hooks:\n    - id: slslint\n";
        assert!(with.starts_with(expected) && with.contains("entry: slslint check app --format"), "{with}");
        let deeper = with_entry("repos:\n  - repo: local\n    hooks: []\n", "").expect("repos is last");
        assert!(deeper.contains("\n  - repo: local\n    hooks:\n      - id: slslint\n"), "{deeper}");
    }

    #[test]
    fn a_file_that_ends_in_another_way_is_left_alone() {
        assert_eq!(with_entry("repos:\n- repo: local\n  hooks: []\nfail_fast: true\n", ""), None);
        assert_eq!(with_entry("repos: [{repo: local, hooks: []}]\n", ""), None);
        assert_eq!(with_entry("", ""), None);
    }
}
