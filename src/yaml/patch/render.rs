//! New values as text: in block style for a column, in flow style, as JSON.

use super::super::{Document, Kind, Node, Style, parse};
use super::Refusal;
use crate::source::SourceId;

/// A value somebody wants to write, as they wrote it and as it reads.
pub(super) struct Value {
    text: String,
    document: Document,
}

impl Value {
    /// # Errors
    /// When the text is no single value, or holds a tag that JSON cannot express.
    pub(super) fn new(text: &str, json: bool) -> Result<Self, Refusal> {
        let text = text.trim_end().to_owned();
        // Without its last line break a text block would lose it.
        let (document, problems) = parse(SourceId(0), "", &format!("{text}\n"));
        let usable = problems.is_empty() && document.root().is_some();
        let tagged = || document.nodes.iter().any(|inner| inner.tag.is_some());
        if !usable || json && tagged() { Err(Refusal::Value) } else { Ok(Self { text, document }) }
    }

    pub(super) fn root(&self) -> Node<'_> {
        self.document.root().expect("`new` has seen the root")
    }

    pub(super) fn is_sequence(&self) -> bool {
        self.root().is_sequence()
    }

    /// Text for behind a colon, with its space, and for the lines below; the key stands at `column`.
    pub(super) fn block(&self, column: usize, step: usize, line_break: &str) -> (String, String) {
        let root = self.root();
        let mut own_column = 0;
        let (head, tail) = if is_block_collection(root) {
            // A tag stays on the key's line; the collection begins below.
            let start = root.span().range().start;
            let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
            own_column = start - line;
            (self.text[..start].trim(), &self.text[line..])
        } else {
            self.text.split_once('\n').unwrap_or((&self.text, ""))
        };
        // Text blocks bring their own indentation; it counts from the key.
        let text_block = matches!(root.style(), Some(Style::Literal | Style::Folded));
        let column = if text_block { column } else { column + step };
        let head = if head.is_empty() { String::new() } else { format!(" {}", head.trim_end_matches('\r')) };
        (head, indented(tail, own_column, column, line_break))
    }

    /// Text for behind a dash at `column`.
    pub(super) fn item(&self, column: usize, line_break: &str) -> String {
        let (head, tail) = self.text.split_once('\n').unwrap_or((&self.text, ""));
        format!("{}{}", head.trim_end_matches('\r'), indented(tail, 0, column + 2, line_break))
    }

    /// Text for between brackets.
    ///
    /// # Errors
    /// When it cannot be expressed there.
    pub(super) fn flow(&self, json: bool) -> Result<String, Refusal> {
        let root = self.root();
        let as_written = !json && !self.text.contains(['\n', '#']) && !is_block_collection(root);
        if as_written && (root.is_flow() || root.style() != Some(Style::Plain) || is_plain(&self.text)) {
            return Ok(self.text.clone());
        }
        let mut out = String::new();
        flow(root, json, &mut out);
        Ok(out)
    }
}

/// JSON over several lines below a column, where one line would be long.
pub(super) fn spread(node: Node<'_>, column: usize, step: usize, line_break: &str) -> String {
    let mut line = String::new();
    flow(node, true, &mut line);
    let parts = node.items().len() + node.entries().len();
    if line.len() <= LONGEST_LINE || parts == 0 {
        return line;
    }
    let inside = column + step;
    let inner = |node: Node<'_>| spread(node, inside, step, line_break);
    let parts: Vec<String> = match node.is_sequence() {
        true => node.items().map(inner).collect(),
        false => node
            .entries()
            .map(|(key, value)| format!("{}: {}", quoted(key.scalar().unwrap_or_default()), inner(value)))
            .collect(),
    };
    let (open, close) = if node.is_sequence() { ('[', ']') } else { ('{', '}') };
    let indent = |column: usize| format!("{line_break}{}", " ".repeat(column));
    let separator = format!(",{}", indent(inside));
    format!("{open}{}{}{}{close}", indent(inside), parts.join(&separator), indent(column))
}

/// Longer objects and lists of JSON go over several lines.
const LONGEST_LINE: usize = 60;

fn is_block_collection(node: Node<'_>) -> bool {
    (node.is_mapping() || node.is_sequence()) && !node.is_flow()
}

/// Lines moved from one column to another, each with a line break before it. Empty lines stay empty.
fn indented(lines: &str, from: usize, column: usize, line_break: &str) -> String {
    let indent = " ".repeat(column);
    let mut out = String::new();
    for line in lines.lines() {
        out.push_str(line_break);
        if !line.trim().is_empty() {
            out.push_str(&indent);
            out.push_str(line.get(from..).unwrap_or(""));
        }
    }
    out
}

fn flow(node: Node<'_>, json: bool, out: &mut String) {
    if let Some(tag) = node.tag() {
        out.push_str(tag);
        out.push(' ');
    }
    match node.kind() {
        Kind::Null => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Kind::Number(text) => match (json, node.as_i64(), node.as_f64()) {
            (true, Some(integer), _) => out.push_str(&integer.to_string()),
            (true, None, Some(float)) if float.is_finite() => out.push_str(&format!("{float:?}")),
            _ => out.push_str(text),
        },
        Kind::String(text) if !json && is_plain(text) => out.push_str(text),
        Kind::String(text) => out.push_str(&quoted(text)),
        Kind::Sequence => {
            out.push('[');
            for (index, item) in node.items().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                flow(item, json, out);
            }
            out.push(']');
        }
        Kind::Mapping => {
            out.push('{');
            for (index, (key, value)) in node.entries().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                flow(key, json, out);
                out.push_str(": ");
                flow(value, json, out);
            }
            out.push('}');
        }
    }
}

/// Whether a text reads as itself without quotes, in block and flow style and as a key.
pub(super) fn is_plain(text: &str) -> bool {
    let (document, problems) = parse(SourceId(0), "", &format!("[{text}]"));
    let mut items = document.root().into_iter().flat_map(Node::items);
    let reads =
        items.next().is_some_and(|item| item.as_str() == Some(text) && item.style() == Some(Style::Plain));
    reads
        && items.next().is_none()
        && problems.is_empty()
        && !text.ends_with(':')
        && text != "<<"
        && text != "-"
}

/// A text in double quotes, as JSON and YAML both read it.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
