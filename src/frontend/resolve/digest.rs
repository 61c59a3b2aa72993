//! A hash of a program that depends on its code alone.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use super::files::Files;
use crate::ir::{Program, Target};
use crate::source::SourceId;

/// Hashes the texts of all modules, in the order they were reached, with what their imports lead
/// to. Paths do not count, so moving a folder changes nothing. `inline` stands for the text of the entry.
pub(super) fn digest(
    program: &Program,
    order: &[SourceId],
    sources: &Files<'_>,
    inline: Option<&str>,
) -> String {
    let place: FxHashMap<SourceId, usize> =
        order.iter().enumerate().map(|(at, source)| (*source, at)).collect();
    let mut hash = Sha256::new();
    // Lengths go in first: no two lists of parts run together to the same bytes.
    let mut add = |part: &str| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    };
    add(env!("CARGO_PKG_VERSION"));
    program.entry.export.iter().for_each(|name| add(name));
    for &source in order {
        add("module");
        if let Some(module) = program.modules.get(&source) {
            add(&format!("{:?}", module.language));
        }
        let text = inline.filter(|_| source == program.entry.source).unwrap_or_else(|| sources.text(source));
        add(text);
        // The ending of the name chooses the grammar.
        add(sources.path(source).rsplit_once('.').map_or("", |(_, ending)| ending));
    }
    let mut links: Vec<(usize, &str, &Target)> = program
        .links
        .iter()
        .filter_map(|((source, text), target)| Some((*place.get(source)?, text.as_str(), target)))
        .collect();
    links.sort_by_key(|(at, text, _)| (*at, *text));
    for (at, text, target) in links {
        add(&at.to_string());
        add(text);
        match target {
            Target::Local(target) => add(&place.get(target).map_or_else(String::new, usize::to_string)),
            Target::Package(name) => add(name),
            Target::Missing => add("missing"),
        }
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
