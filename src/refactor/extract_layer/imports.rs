//! Import statements of Python: what of them is needed elsewhere, and which lead to the function's own
//! code.

use super::code::File;
use crate::graph::App;
use crate::outline::{Kind, Piece};
use crate::refactor::Refusal;
use crate::source::join;

/// What an import statement binds: `a` of `import a.b`, `c` of `from a import b as c`; with its text.
pub(super) struct Statement {
    /// `from a import `, or `import `.
    head: String,
    items: Vec<(String, String)>,
}

impl Statement {
    /// The statement around an import, which may bind several names.
    pub fn around(file: &File<'_>, piece: &Piece) -> Option<Self> {
        let start = piece.start as usize;
        let line = file.text[..start].rfind('\n').map_or(0, |at| at + 1);
        // An item of a list in brackets stands lines below the head.
        let head = file.text[..piece.end as usize]
            .rmatch_indices('\n')
            .map(|(at, _)| at + 1)
            .chain([0])
            .filter(|at| *at <= line)
            .find(|at| file.text[*at..].starts_with("from ") || file.text[*at..].starts_with("import "))?;
        let rest = &file.text[head..];
        let end = match rest.split_once('\n').map_or(rest, |(first, _)| first).contains('(') {
            true => rest.find(')').map(|at| at + 1),
            false => Some(rest.find('\n').unwrap_or(rest.len())),
        }?;
        if head + end < piece.end as usize {
            return None;
        }
        Self::parse(&rest[..end])
    }

    fn parse(text: &str) -> Option<Self> {
        let plain: Vec<&str> = text.lines().map(|line| line.split('#').next().unwrap_or_default()).collect();
        let plain = plain.join(" ").replace(['(', ')', '\\'], " ");
        let (head, items) = match plain.trim().strip_prefix("import ") {
            Some(items) => ("import ".to_owned(), items.to_owned()),
            None => {
                let (from, items) = plain.trim().strip_prefix("from ")?.split_once(" import ")?;
                (format!("from {} import ", from.trim()), items.to_owned())
            }
        };
        let named = |item: &str| {
            let words: Vec<&str> = item.split_whitespace().collect();
            match words[..] {
                [name] => Some((name.split('.').next()?.to_owned(), name.to_owned())),
                [name, "as", bound] => Some((bound.to_owned(), format!("{name} as {bound}"))),
                _ => None,
            }
        };
        let items = items.split(',').map(str::trim).filter(|item| !item.is_empty());
        let items: Option<Vec<(String, String)>> = items.map(named).collect();
        Some(Self { head, items: items? })
    }

    /// The statement for some of its names; `None` where there is none of them.
    pub fn of(&self, is_needed: impl Fn(&str) -> bool) -> Option<String> {
        let items: Vec<&str> =
            self.items.iter().filter(|(bound, _)| is_needed(bound)).map(|(_, item)| item.as_str()).collect();
        (!items.is_empty()).then(|| format!("{}{}", self.head, items.join(", ")))
    }
}

/// Why an import cannot be moved to a place that all functions see: what it imports is in a function's
/// own folder.
pub(super) fn local(app: &App<'_>, file: &File<'_>, piece: &Piece, roots: &[String]) -> Option<Refusal> {
    let Kind::Import(module) = &piece.kind else { return None };
    let first = module.split('.').next().unwrap_or_default();
    let own = |root: &String| {
        let path = join(root, first);
        app.sources.find(&format!("{path}.py")).is_some() || app.sources.under(&path).next().is_some()
    };
    (module.starts_with('.') || roots.iter().any(own)).then(|| {
        Refusal::new(file.span(piece), format!("it needs `{module}`, which is in a function's own folder"))
    })
}
