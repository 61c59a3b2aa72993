//! Imports.
//!
//! | Python | common form |
//! |---|---|
//! | `import a` | `a = import a` |
//! | `import a.b` | `a = import a`, `a.b = import a.b` |
//! | `import a.b as c` | `c = import a.b` |
//! | `from .x import y as z` | `z = (import .x).y` |
//! | `from x import *` | `{...*} = import x` |

use tree_sitter::Node;

use super::grammar::{Child, Field, Kind, field, named};
use super::{Lowering, name};
use crate::ir::{Expression, ExpressionKind, Import, Pattern, PatternKind, Statement, StatementKind};
use crate::source::Span;

impl<'t> Lowering<'t> {
    pub(super) fn import_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let span = self.span(node);
        for child in named(&self.children(node)) {
            if child.kind == Kind::AliasedImport {
                let parts = self.children(child.node);
                let (Some(module), Some(alias)) = (field(&parts, Field::Name), field(&parts, Field::Alias))
                else {
                    continue;
                };
                let value = self.import(module.node);
                let target = self.target(alias.node);
                out.push(Statement { span, kind: StatementKind::Assign { target, value } });
            } else {
                self.import_parents(child.node, span, out);
            }
        }
    }

    /// `import a.b.c` binds `a`, and makes `b` a member of `a` and `c` one of `a.b`.
    fn import_parents(&mut self, node: Node<'t>, span: Span, out: &mut Vec<Statement>) {
        let parts = self.children(node);
        let mut place: Option<Expression> = None;
        let mut module = String::new();
        let mut reached = self.span(node);
        for part in named(&parts) {
            let text = self.text(part.node);
            let part_span = self.span(part.node);
            reached.end = part_span.end;
            if !module.is_empty() {
                module.push('.');
            }
            module.push_str(text);
            let pattern = match place.take() {
                None => {
                    let bound = self.scopes.bind(text);
                    place = Some(name(part_span, bound.clone()));
                    PatternKind::Name(bound)
                }
                Some(object) => {
                    let member = member(reached, object, text, part_span);
                    place = Some(member.clone());
                    PatternKind::Place(member)
                }
            };
            let target = Pattern { span: reached, kind: pattern };
            let value = import(reached, module.clone());
            out.push(Statement { span, kind: StatementKind::Assign { target, value } });
            // What stands deeper than any real package is left to its parent.
            if out.len() > super::DEEPEST as usize && module.matches('.').count() > 32 {
                return;
            }
        }
    }

    pub(super) fn import_from_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let span = self.span(node);
        let children = self.children(node);
        let Some(module) = field(&children, Field::ModuleName) else { return };
        for child in children {
            let (pattern, value) = match child.kind {
                Kind::WildcardImport => {
                    let all =
                        Pattern { span: self.span(child.node), kind: PatternKind::Name("*".to_owned()) };
                    self.scopes.list("*");
                    let rest = Some(Box::new(all));
                    let kind = PatternKind::Object { entries: Vec::new(), rest };
                    (Pattern { span: self.span(child.node), kind }, self.import(module.node))
                }
                _ if child.field == Field::Name => {
                    let Some(named) = self.imported_name(child) else { continue };
                    let (name, target) = named;
                    let object = self.import(module.node);
                    (self.target(target), member(span, object, self.text(name), self.span(name)))
                }
                _ => continue,
            };
            out.push(Statement { span, kind: StatementKind::Assign { target: pattern, value } });
        }
    }

    /// The name in the module and the name it gets here.
    fn imported_name(&mut self, child: Child<'t>) -> Option<(Node<'t>, Node<'t>)> {
        let parts = self.children(child.node);
        if child.kind == Kind::AliasedImport {
            Some((field(&parts, Field::Name)?.node, field(&parts, Field::Alias)?.node))
        } else {
            let name = named(&parts).next()?.node;
            Some((name, name))
        }
    }

    fn import(&mut self, node: Node<'t>) -> Expression {
        let module = self.text(node).chars().filter(|letter| !letter.is_whitespace()).collect();
        import(self.span(node), module)
    }
}

fn import(span: Span, module: String) -> Expression {
    Expression { span, kind: ExpressionKind::Import(Import { module, interop: false }) }
}

pub(super) fn member(span: Span, object: Expression, name: &str, name_span: Span) -> Expression {
    let object = Box::new(object);
    Expression {
        span,
        kind: ExpressionKind::Member { object, name: name.to_owned(), name_span, optional: false },
    }
}
