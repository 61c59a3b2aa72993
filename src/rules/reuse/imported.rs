//! Whether code imports a package: by its texts, so that no way of importing is missed.

use std::collections::BTreeMap;

use crate::aws::limits::limit;
use crate::packages::Registry;
use crate::packages::names::Package;
use crate::source::{SourceId, Sources};

/// Texts in which a package may be named to be used.
const NAMING: &[&str] = &[
    "py", "pyi", "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "json", "yaml", "yml", "toml",
    "cfg", "ini", "sh", "html", "j2", "mk",
];

/// Files that name packages without using them.
const LISTING: &[&str] =
    &["package.json", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "poetry.lock", "uv.lock"];

/// The texts of some folders, searched once for each name.
pub struct Texts<'a> {
    sources: &'a Sources,
    files: Vec<SourceId>,
    known: BTreeMap<String, bool>,
}

impl<'a> Texts<'a> {
    /// `None` where there is no code of the registry's language, or so much that reading it takes long.
    pub fn of<'f>(
        sources: &'a Sources,
        registry: Registry,
        folders: impl IntoIterator<Item = &'f str>,
    ) -> Option<Self> {
        let mut files = Vec::new();
        for folder in folders {
            let texts = sources.under(folder).filter(|id| may_name(sources.path(*id)));
            files.extend(texts);
        }
        let endings: &[&str] = match registry {
            Registry::Pypi => &[".py"],
            _ => &[".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx"],
        };
        let is_code = |id: &SourceId| endings.iter().any(|ending| sources.path(*id).ends_with(ending));
        let most = usize::try_from(limit("slslint.searched_files")).unwrap_or(usize::MAX);
        (files.len() <= most && files.iter().any(is_code)).then(|| Self {
            sources,
            files,
            known: BTreeMap::new(),
        })
    }

    /// Whether a package is named anywhere as it must be to be imported.
    pub fn name(&mut self, registry: Registry, package: &Package) -> bool {
        package.imports().any(|module| self.has(registry, module))
    }

    fn has(&mut self, registry: Registry, module: &str) -> bool {
        if let Some(known) = self.known.get(module) {
            return *known;
        }
        let found = self.files.iter().any(|id| match registry {
            Registry::Pypi => has_word(self.sources.text(*id), module),
            _ => has_quoted(self.sources.text(*id), module),
        });
        self.known.insert(module.to_owned(), found);
        found
    }
}

fn may_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_script = ["Makefile", "Dockerfile"].iter().any(|script| name.starts_with(script));
    (is_script || NAMING.contains(&ending)) && !LISTING.contains(&name)
}

/// The name with no letter of a longer name beside it.
fn has_word(text: &str, word: &str) -> bool {
    let is_part =
        |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    text.match_indices(word).any(|(at, _)| {
        !is_part(text[..at].chars().next_back()) && !is_part(text[at + word.len()..].chars().next())
    })
}

/// The name in quotes, alone or with the path of a module of it.
fn has_quoted(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        text[..at].ends_with(['"', '\'', '`', '!'])
            && text[at + name.len()..].starts_with(['"', '\'', '`', '/'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole() {
        assert!(has_word("import yaml\n", "yaml") && has_word("x = 'yaml'", "yaml"));
        assert!(!has_word("import ruamel_yaml", "yaml") && !has_word("yamls", "yaml"));
        assert!(has_quoted("import x from 'lodash/merge'", "lodash"));
        assert!(!has_quoted("import x from 'lodash.merge'; // lodash", "lodash"));
    }
}
