//! The environments of templates side by side, as a table and as JSON.

use serde_json::{Map, Value as Json, json};

use super::Style;
use crate::graph::environments::{Comparison, Row};

/// Grows when a field changes its meaning.
const VERSION: u32 = 1;

/// A table per template: what differs, then what should and does not.
pub fn environments_text(comparisons: &[Comparison], style: &Style) -> String {
    let tables = comparisons.iter().map(|comparison| table(comparison, style));
    tables.collect::<Vec<_>>().join("\n")
}

fn table(comparison: &Comparison, style: &Style) -> String {
    let mut out = format!("{}\n", style.path(&comparison.template));
    let (noted, plain): (Vec<&Row>, Vec<&Row>) = comparison.rows.iter().partition(|row| row.note.is_some());
    if plain.is_empty() {
        out.push_str("  nothing differs that files tell\n");
    } else {
        out.push_str(&aligned(&comparison.environments, &plain));
    }
    if !noted.is_empty() {
        out.push_str("\n  the same, and should differ:\n");
        out.push_str(&aligned(&comparison.environments, &noted));
    }
    out
}

/// Columns: what it is, one per environment, the note.
fn aligned(environments: &[String], rows: &[&Row]) -> String {
    let mut lines: Vec<Vec<String>> =
        vec![std::iter::once(String::new()).chain(environments.iter().cloned()).collect()];
    for row in rows {
        let what =
            if row.name.is_empty() { row.kind.to_owned() } else { format!("{} {}", row.kind, row.name) };
        let values = row.values.iter().map(|value| value.clone().unwrap_or_else(|| "-".to_owned()));
        lines.push(std::iter::once(what).chain(values).chain(row.note.clone()).collect());
    }
    let columns = environments.len() + 1;
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for line in &lines {
        let cells = line.iter().enumerate().map(|(column, cell)| {
            let width = widths.get(column).copied().unwrap_or(0);
            format!("{cell:width$}")
        });
        let text = cells.collect::<Vec<_>>().join("  ");
        out.push_str(&format!("  {}\n", text.trim_end()));
    }
    out
}

/// The same for machines.
pub fn environments_json(comparisons: &[Comparison]) -> Json {
    let row = |comparison: &Comparison, row: &Row| {
        let values: Map<String, Json> = comparison
            .environments
            .iter()
            .zip(&row.values)
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        let mut out = json!({"kind": row.kind, "values": values, "differs": row.differs()});
        if let Some(fields) = out.as_object_mut() {
            if !row.name.is_empty() {
                fields.insert("name".to_owned(), json!(row.name));
            }
            if let Some(note) = &row.note {
                fields.insert("note".to_owned(), json!(note));
            }
        }
        out
    };
    let templates: Vec<Json> = comparisons
        .iter()
        .map(|comparison| {
            let rows: Vec<Json> = comparison.rows.iter().map(|one| row(comparison, one)).collect();
            json!({"template": comparison.template, "environments": comparison.environments, "rows": rows})
        })
        .collect();
    json!({"version": VERSION, "templates": templates})
}
