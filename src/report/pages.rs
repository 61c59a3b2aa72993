//! The documentation of the rules as Markdown: a page for each, and an index.

use std::fmt::Write as _;

use crate::refactor;
use crate::rule::{Category, Meta};

/// The page of one rule.
pub fn page(meta: &Meta) -> String {
    let mut page = format!(
        "# {}\n\n{}\n\ncategory {} · severity {} · profile {}\n",
        meta.id,
        meta.summary,
        meta.category.name(),
        meta.severity.name(),
        meta.profile.name(),
    );
    for kind in refactor::answering(&meta.id) {
        let _ = writeln!(page, "\nrefactoring `{}`: {}", kind.id, kind.summary);
    }
    let _ = write!(page, "\n{}", meta.documentation());
    page
}

/// All pages by file name, `README.md` the index; the same whatever the order of `rules`.
pub fn pages(rules: &[&Meta]) -> Vec<(String, String)> {
    let mut sorted = rules.to_vec();
    sorted.sort_by(|a, b| a.id.cmp(&b.id));
    let mut pages = vec![("README.md".to_owned(), index(&sorted))];
    pages.extend(sorted.iter().map(|meta| (format!("{}.md", meta.id), page(meta))));
    pages
}

fn index(rules: &[&Meta]) -> String {
    let mut index = format!(
        "# Rules\n\nThe {} rules that come with slslint; `slslint docs` writes these pages, and `slslint explain \
         RULE` prints one.\n",
        rules.len()
    );
    for category in Category::ALL {
        let of_category: Vec<_> = rules.iter().filter(|meta| meta.category == category).collect();
        if of_category.is_empty() {
            continue;
        }
        let _ = write!(
            index,
            "\n## {}\n\n| rule | severity | profile | finds |\n|---|---|---|---|\n",
            category.name()
        );
        for meta in of_category {
            let (id, severity, profile) = (&meta.id, meta.severity.name(), meta.profile.name());
            let summary = meta.summary.replace('|', "\\|");
            let _ = writeln!(index, "| [{id}]({id}.md) | {severity} | {profile} | {summary} |");
        }
    }
    index
}
