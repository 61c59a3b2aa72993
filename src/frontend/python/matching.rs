//! `match`.
use tree_sitter::Node;

use super::Lowering;
use crate::ir::{Statement, StatementKind};

impl<'t> Lowering<'t> {
    pub(super) fn match_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        out.push(Statement { span: self.span(node), kind: StatementKind::Unknown("match") });
    }
}
