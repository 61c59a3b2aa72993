//! One spanned tree for YAML and JSON.
//!
//! [`parse`] never fails: it gives the tree it could build and the problems it met. Every key and
//! value knows its exact bytes. Nothing here knows CloudFormation; tags are kept as they are.

mod merge;
mod node;
mod parse;
pub mod patch;
mod scalar;
mod spelled;
mod syntax;

use crate::evidence::Problem;
use crate::source::{SourceId, Span};
use scalar::Class;
pub use scalar::{float, integer};
pub use spelled::Spelled;

/// A parsed file: nodes in an arena. Aliases stay references, so a small file cannot grow large.
///
/// The tree is free of cycles and at most [`MAX_DEPTH`] deep even through aliases, so a reader may
/// recurse. It may still *unfold* to an enormous one where aliases name lists of aliases: a reader
/// that follows every path needs a budget, or must remember the [`Node::id`]s it has seen.
#[derive(Clone, Debug)]
pub struct Document {
    source: SourceId,
    nodes: Vec<Inner>,
    root: Option<Id>,
}

/// Collections inside each other, aliases followed.
pub const MAX_DEPTH: usize = 200;
/// Larger files are not read: CloudFormation stops at 1 MB.
pub const MAX_BYTES: usize = 8 << 20;
/// Keys, values and items of one file.
pub const MAX_NODES: usize = 2_000_000;

type Id = u32;

#[derive(Clone, Debug)]
struct Inner {
    kind: InnerKind,
    /// Bytes of the content: a scalar with its quotes, a mapping from its first key to the end of
    /// its last value, a flow collection with its brackets. Never the tag.
    start: u32,
    end: u32,
    /// The tag as written (`!Sub`) and where it starts.
    tag: Option<(Box<str>, u32)>,
    /// An alias names this node: a change to it shows in several places.
    shared: bool,
}

#[derive(Clone, Debug)]
enum InnerKind {
    Scalar {
        value: Box<str>,
        style: Style,
        class: Class,
    },
    Sequence {
        items: Box<[Id]>,
        flow: bool,
    },
    Mapping {
        /// Entries as written: duplicates and merge keys included.
        written: Box<[(Id, Id)]>,
        /// Entries as they count, where that differs.
        resolved: Option<Box<[(Id, Id)]>>,
        flow: bool,
    },
    Alias(Id),
}

/// How a scalar is written. Only plain scalars are resolved to null, booleans and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

/// Parses the first document of a YAML stream, or JSON.
///
/// Problems: syntax errors (with the line that is wrong), duplicate keys (with both places), unknown
/// aliases, nesting over the limit, files over the limit. `path` is used in problems only.
pub fn parse(source: SourceId, path: &str, text: &str) -> (Document, Vec<Problem>) {
    parse::parse(source, path, text)
}

/// A handle to a node. Aliases are followed: a handle never stands on one, though it remembers the
/// alias it came through ([`Node::alias_span`]).
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document,
    id: Id,
    /// Where it was met: an alias, or `id` itself.
    place: Id,
}

/// What a node is, after YAML 1.1 resolution as PyYAML does it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind<'d> {
    Null,
    Bool(bool),
    /// A number as written; [`Node::as_i64`], [`Node::as_f64`] read it.
    Number(&'d str),
    /// Text, and dates, which templates treat as text.
    String(&'d str),
    Sequence,
    Mapping,
}

/// Tells whether two handles stand on one node; aliases and their anchors share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(Id);

impl Document {
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// The root node; `None` for an empty file or one that is broken from the start.
    pub fn root(&self) -> Option<Node<'_>> {
        self.root.map(|id| self.node(id))
    }

    fn node(&self, place: Id) -> Node<'_> {
        let id = match self.inner(place).kind {
            InnerKind::Alias(target) => target,
            _ => place,
        };
        Node { document: self, id, place }
    }

    fn inner(&self, id: Id) -> &Inner {
        &self.nodes[id as usize]
    }

    fn span(&self, start: u32, end: u32) -> Span {
        Span { source: self.source, start, end }
    }
}

#[cfg(test)]
mod tests;
