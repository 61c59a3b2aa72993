//! The code of one application: the files of its functions with their outlines.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

use super::super::model::TemplateId;
use super::super::query::App;
use crate::outline::{Kind, Outline, Piece};
use crate::source::{SourceId, Sources, Span};

/// The files of functions that are deployed together.
#[derive(Debug)]
pub(super) struct Code<'a> {
    pub sources: &'a Sources,
    /// In the order of the files.
    pub files: Vec<File<'a>>,
}

#[derive(Debug)]
pub(super) struct File<'a> {
    pub source: SourceId,
    pub outline: &'a Outline,
    /// The functions that it is part of, by index.
    pub functions: BTreeSet<usize>,
    /// The handlers in it, and what builds a client when it loads.
    pub entries: BTreeSet<Span>,
    pub clients: BTreeSet<Span>,
}

/// Statements of a block that follow each other; what is no code between them does not count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Run {
    /// Index into [`Code::files`].
    pub file: usize,
    pub block: usize,
    /// Indices into the pieces of the block.
    pub pieces: Vec<usize>,
}

/// The code of each application that has more than one function.
pub(super) fn applications<'a>(app: &'a App<'a>) -> Vec<Code<'a>> {
    let mut application: Vec<usize> = (0..app.graph.templates.len()).collect();
    for nested in &app.graph.applications {
        let Some(TemplateId(inner)) = nested.location else { continue };
        let (from, to) = (application[inner], application[nested.template.0]);
        application.iter_mut().filter(|one| **one == from).for_each(|one| *one = to);
    }
    let mut files: BTreeMap<usize, BTreeMap<SourceId, File<'a>>> = BTreeMap::new();
    for (index, function) in app.graph.functions.iter().enumerate() {
        let own = files.entry(application[function.template.0]).or_default();
        for source in &function.behaviour.modules {
            let Some(outline) = app.graph.outlines.get(source) else { continue };
            let file = own.entry(*source).or_insert_with(|| File {
                source: *source,
                outline,
                functions: BTreeSet::new(),
                entries: BTreeSet::new(),
                clients: BTreeSet::new(),
            });
            file.functions.insert(index);
        }
        let Some(summary) = &function.behaviour.summary else { continue };
        if let Some(file) = own.get_mut(&summary.entry.source) {
            file.entries.insert(summary.entry);
        }
        for init in summary.inits.iter().filter(|init| init.at_init) {
            if let Some(file) = own.get_mut(&init.span.source) {
                file.clients.insert(init.span);
            }
        }
    }
    files
        .into_values()
        .filter(|files| files.len() > 1)
        .map(|files| Code { sources: app.sources, files: files.into_values().collect() })
        .collect()
}

impl Code<'_> {
    pub fn piece(&self, run: &Run, index: usize) -> &Piece {
        &self.files[run.file].outline.blocks[run.block].pieces[index]
    }

    pub fn pieces<'c>(&'c self, run: &'c Run) -> impl DoubleEndedIterator<Item = &'c Piece> {
        run.pieces.iter().map(|index| self.piece(run, *index))
    }

    /// Whether its statements are the module's own.
    pub fn is_top(&self, run: &Run) -> bool {
        run.block + 1 == self.files[run.file].outline.blocks.len()
    }

    pub fn span_of(&self, file: usize, piece: &Piece) -> Span {
        Span { source: self.files[file].source, start: piece.start, end: piece.end }
    }

    /// From its first statement to its last.
    pub fn span(&self, run: &Run) -> Span {
        let spans = self.pieces(run).map(|piece| self.span_of(run.file, piece));
        let none = Span::new(self.files[run.file].source, 0, 0);
        spans.reduce(Span::to).unwrap_or(none)
    }

    pub fn weight(&self, run: &Run) -> usize {
        self.pieces(run).map(|piece| piece.weight as usize).sum()
    }

    /// The first and the last line of a piece.
    pub fn lines_of(&self, file: usize, piece: &Piece) -> (usize, usize) {
        let line = |offset| self.sources.line_of(self.files[file].source, offset);
        (line(piece.start), line(piece.end))
    }

    /// The lines of its statements.
    pub fn lines(&self, run: &Run) -> usize {
        let mut last = 0;
        let mut lines = 0;
        for piece in self.pieces(run) {
            let (start, end) = self.lines_of(run.file, piece);
            // Two statements may share a line.
            lines += end + 1 - start.max(last + 1).min(end + 1);
            last = last.max(end);
        }
        lines
    }

    pub fn has(&self, run: &Run, wanted: &BTreeSet<Span>) -> bool {
        let inside = |span: Span| wanted.iter().any(|one| span.contains(*one));
        self.pieces(run).any(|piece| inside(self.span_of(run.file, piece)))
    }

    pub fn literals<'c>(&'c self, run: &'c Run) -> impl Iterator<Item = u32> + 'c {
        let outline = self.files[run.file].outline;
        self.pieces(run).flat_map(move |piece| outline.literals_in(piece).iter().copied())
    }

    /// Equal for runs that are the same but for literals: their names differ alike.
    pub fn shape(&self, run: &Run) -> u64 {
        let outline = self.files[run.file].outline;
        let own: BTreeSet<u32> = self
            .pieces(run)
            .filter_map(|piece| match piece.kind {
                Kind::Definition(name) => Some(name),
                _ => None,
            })
            .collect();
        let mut hash = FxHasher::default();
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
        for piece in self.pieces(run) {
            hash.write_u64(piece.hash);
            for name in outline.occurrences_in(piece) {
                let named = outline.names.get(*name as usize);
                match named.filter(|named| named.definition && !own.contains(name)) {
                    // Another function of the module: what it does is not seen here.
                    Some(named) => hash.write(named.text.as_bytes()),
                    None => {
                        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                        hash.write_u32(*numbers.entry(*name).or_insert(next));
                    }
                }
            }
        }
        hash.finish()
    }
}
