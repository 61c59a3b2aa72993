//! `yarn.lock`, of Yarn 1 and of later ones.
//!
//! Sources: classic.yarnpkg.com/lang/en/docs/yarn-lock, yarnpkg.com/features/workspaces.

use super::{Dependency, Manifest, Registry, place};
use crate::source::{SourceId, Sources};

/// Versions of all packages, those of development too: nothing tells them apart.
pub fn read(sources: &Sources, source: SourceId) -> Option<Manifest> {
    let text = sources.text(source);
    let mut manifest = Manifest::new(Registry::Npm, source);
    manifest.is_generated = true;
    let mut header: Option<&str> = None;
    for line in text.lines() {
        if let Some(names) = line.strip_suffix(':').filter(|line| !line.starts_with([' ', '#'])) {
            header = Some(names);
            continue;
        }
        // `  version "1.2.3"` in Yarn 1, `  version: 1.2.3` later.
        let version = line.strip_prefix("  version").map(|rest| rest.trim_matches([':', ' ', '"']));
        if let (Some(version), Some(names)) = (version, header.take_if(|_| version.is_some()))
            && let Some(name) = name(names)
        {
            let span = place::part(source, text, name);
            // What is locked for development is not known to be installed.
            manifest.needed.push(Dependency {
                is_conditional: true,
                ..Dependency::new(name, Some(version.to_owned()), span)
            });
        }
    }
    Some(manifest)
}

/// `@scope/name` of `"@scope/name@npm:^1.0.0, @scope/name@npm:^1.2.0"`.
fn name(header: &str) -> Option<&str> {
    let first = header.trim_start_matches('"');
    let at = first.char_indices().skip(1).find(|(_, letter)| *letter == '@')?.0;
    let is_own =
        ["workspace:", "file:", "link:", "portal:"].iter().any(|kind| first[at + 1..].starts_with(kind));
    (!is_own).then(|| &first[..at])
}
