//! What functions and state machines may do, and who may call them.

use super::Scope;
use crate::evidence::Problem;
use crate::graph::Graph;

pub(super) fn link(_scope: &Scope<'_>, _graph: &mut Graph, _problems: &mut Vec<Problem>) {}
