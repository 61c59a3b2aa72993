//! Import statements as they are written, for who changes them.

use std::ops::Range;

use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::{Alias, Stmt};
use ruff_text_size::Ranged;

use super::recovery::{Piece, pieces};

/// An import statement and the bytes it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenImport {
    /// `from module import ...`, unless the module is relative; `at` is the module's name.
    From { module: String, at: Range<usize> },
    /// `import a, b.c as d`: modules with their aliases; `at` is the whole statement.
    Whole { names: Vec<(String, Option<String>)>, at: Range<usize> },
}

/// All import statements of a module, in no function's order but the text's.
pub fn imports(text: &str) -> Vec<WrittenImport> {
    let mut found = Found(Vec::new());
    for piece in pieces(text).unwrap_or_default() {
        if let Piece::Read(parsed) = piece {
            found.visit_body(parsed.suite());
        }
    }
    found.0
}

struct Found(Vec<WrittenImport>);

impl StatementVisitor<'_> for Found {
    fn visit_stmt(&mut self, statement: &Stmt) {
        match statement {
            Stmt::ImportFrom(import) if import.level == 0 => {
                self.0.extend(import.module.as_ref().map(|module| WrittenImport::From {
                    module: module.id.to_string(),
                    at: module.range().to_std_range(),
                }))
            }
            Stmt::Import(import) => self.0.push(WrittenImport::Whole {
                names: import.names.iter().map(named).collect(),
                at: import.range().to_std_range(),
            }),
            statement => walk_stmt(self, statement),
        }
    }
}

fn named(alias: &Alias) -> (String, Option<String>) {
    (alias.name.id.to_string(), alias.asname.as_ref().map(|name| name.id.to_string()))
}
