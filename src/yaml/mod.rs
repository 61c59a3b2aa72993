//! One spanned tree for YAML and JSON.
//!
//! [`parse`] never fails: it gives the tree it could build and the problems it met. Every key and
//! value knows its exact bytes. Nothing here knows CloudFormation; tags are kept as they are.

mod parse;

use crate::evidence::Problem;
use crate::source::{SourceId, Span};

/// A parsed file: nodes in an arena. Aliases stay references, so a small file cannot grow large.
#[derive(Clone, Debug)]
pub struct Document {
    source: SourceId,
    nodes: Vec<Inner>,
    root: Option<Id>,
}

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
}

#[derive(Clone, Debug)]
enum InnerKind {
    Scalar {
        value: Box<str>,
        style: Style,
    },
    Sequence(Vec<Id>),
    /// Entries as written: duplicates and merge keys included.
    Mapping(Vec<(Id, Id)>),
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

/// A handle to a node. Aliases are followed: a handle never stands on one.
#[derive(Clone, Copy, Debug)]
pub struct Node<'d> {
    document: &'d Document,
    id: Id,
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

impl Document {
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// The root node; `None` for an empty file or one that is broken from the start.
    pub fn root(&self) -> Option<Node<'_>> {
        self.root.map(|id| Node { document: self, id })
    }
}
