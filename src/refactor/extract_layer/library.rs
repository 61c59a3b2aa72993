//! The text of a new module of shared code.

use super::code::{File, tidy};
use super::imports::Statement;

/// Imports, then what was moved, from one copy; in the order of its text.
#[derive(Default)]
pub(super) struct Library {
    imports: Vec<String>,
    /// Whether an empty line stood before the import.
    apart: Vec<bool>,
    body: Vec<String>,
}

impl Library {
    /// Adds what is needed of an import.
    pub fn import(&mut self, file: &File<'_>, index: usize, needed: &dyn Fn(&str) -> bool) -> Option<()> {
        let piece = file.piece(index);
        let text = Statement::around(file, piece)?.of(needed)?;
        if !self.imports.contains(&text) {
            let line = file.text[..piece.start as usize].rfind('\n').map_or(0, |at| at + 1);
            self.apart.push(file.text[..line].ends_with("\n\n"));
            self.imports.push(text);
        }
        Some(())
    }

    pub fn add(&mut self, text: &str) {
        self.body.push(text.trim_end().to_owned());
    }

    /// The module. Statements of one line stand together, definitions apart.
    pub fn text(&self) -> String {
        let mut out = String::from("\"\"\"What several functions share.\"\"\"\n\n");
        for (import, apart) in self.imports.iter().zip(&self.apart) {
            if *apart && !out.ends_with("\n\n") {
                out.push('\n');
            }
            out.push_str(import);
            out.push('\n');
        }
        let mut long = false;
        for (at, part) in self.body.iter().enumerate() {
            let is_long = part.lines().any(|line| {
                line.starts_with("def ") || line.starts_with("class ") || line.starts_with("async def ")
            });
            let gap = match (at, long || is_long) {
                (_, true) => "\n\n",
                (0, false) => "\n",
                _ => "",
            };
            long = is_long;
            out.push_str(&format!("{gap}{part}\n"));
        }
        tidy(&out)
    }
}
