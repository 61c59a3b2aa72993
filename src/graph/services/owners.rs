//! Whose code a file is, by the repository's CODEOWNERS.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::source::Sources;

/// Where the file may be.
/// <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>
const PLACES: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// The lines of a CODEOWNERS file; the last one that fits a path counts.
#[derive(Debug, Default)]
pub struct Owners(Vec<(Gitignore, Vec<String>)>);

impl Owners {
    /// Of the analysed root; nothing where there is no such file.
    pub fn read(sources: &Sources) -> Self {
        let Some(id) = PLACES.iter().find_map(|path| sources.find(path)) else { return Self::default() };
        Self::parse(sources.text(id))
    }

    fn parse(text: &str) -> Self {
        let lines = text.lines().map(|line| line.split(" #").next().unwrap_or(line).trim());
        let entries = lines.filter(|line| !line.is_empty() && !line.starts_with(['#', '[', '^']));
        Self(entries.filter_map(entry).collect())
    }

    /// Sorted; empty where nobody is named.
    pub fn of(&self, path: &str) -> Vec<String> {
        let fits = |patterns: &Gitignore| patterns.matched_path_or_any_parents(path, false).is_ignore();
        let line =
            if path.starts_with("../") { None } else { self.0.iter().rev().find(|(line, _)| fits(line)) };
        line.map(|(_, owners)| owners.clone()).unwrap_or_default()
    }
}

/// One line; its pattern reads like one of `.gitignore`.
fn entry(line: &str) -> Option<(Gitignore, Vec<String>)> {
    let mut words = line.split_whitespace();
    let pattern = words.next()?;
    let mut owners: Vec<String> = words.map(str::to_owned).collect();
    owners.sort();
    let mut lines = GitignoreBuilder::new("");
    lines.add_line(None, pattern).ok()?;
    Some((lines.build().ok()?, owners))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_fits_counts() {
        let owners = Owners::parse("# all\n* @shop/core\n/carts/ @shop/cart @ann # ours\n*.md\n");
        assert_eq!(owners.of("carts/add/app.py"), ["@ann", "@shop/cart"]);
        assert_eq!(owners.of("src/carts/app.py"), ["@shop/core"]);
        assert!(owners.of("carts/README.md").is_empty());
        assert!(Owners::default().of("x").is_empty());
    }
}
