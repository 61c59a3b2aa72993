//! The code of a module as a search for copies sees it: its statements by a hash in which the names of
//! its own variables and its literals are left open.
//!
//! Two statements with one hash are the same but for such names and literals; whether the names differ
//! alike, and how many literals do, is told by [`Piece::names`] and [`Piece::literals`]. An outline
//! knows no path and no source, so a hash of a text is a correct cache key for it.

#[cfg(test)]
mod tests;
mod write;

use serde::{Deserialize, Serialize};

pub use write::of;

/// A module, block by block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// The module's own block last.
    pub blocks: Vec<Block>,
    /// What the numbers of names stand for.
    pub names: Vec<Named>,
    /// Every open name, as often as it is written, in the order of the tree.
    pub occurrences: Vec<u32>,
    /// A hash of every literal, in the order of the tree.
    pub literals: Vec<u32>,
}

/// Statements that follow each other, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub pieces: Vec<Piece>,
}

/// A statement with all that is in it, or a member of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Bytes of the text.
    pub start: u32,
    pub end: u32,
    pub hash: u64,
    /// How much code it is: names, members, operators, calls. A constant counts as one.
    pub weight: u32,
    pub kind: Kind,
    /// Range of [`Outline::occurrences`].
    pub names: (u32, u32),
    /// Range of [`Outline::literals`].
    pub literals: (u32, u32),
    /// Names that it binds, and names of other statements or of the language that it uses, both by
    /// number and sorted; told of the statements of the module itself only.
    pub binds: Vec<u32>,
    pub uses: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// An import, by the text of what it imports.
    Import(String),
    /// A name for constants, or for a setting of the environment.
    Constant,
    /// A function or class, by the number of its name.
    Definition(u32),
    Other,
}

/// A name of a module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Named {
    pub text: String,
    /// It is a function or class of the module: what is not in a copy itself must be called the same.
    pub definition: bool,
}

impl Outline {
    /// The statements of the module itself.
    pub fn module(&self) -> &[Piece] {
        self.blocks.last().map_or(&[], |block| &block.pieces)
    }

    pub fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", |name| &name.text)
    }

    pub fn occurrences_in(&self, piece: &Piece) -> &[u32] {
        part(&self.occurrences, piece.names)
    }

    pub fn literals_in(&self, piece: &Piece) -> &[u32] {
        part(&self.literals, piece.literals)
    }
}

impl Piece {
    /// Whether it is code at all: not an import, not a table.
    pub fn is_code(&self) -> bool {
        matches!(self.kind, Kind::Definition(_) | Kind::Other)
    }
}

fn part(all: &[u32], (from, to): (u32, u32)) -> &[u32] {
    all.get(from as usize..to as usize).unwrap_or_default()
}
