//! Code inside the template.

use super::conventions::CodeLanguage;
use super::modules::Lowered;
use super::paths::file_name;
use super::project::Project;
use super::walk::{Visitor, walk};
use super::{HandlerSpec, Resolution};
use crate::source::{SourceId, Span};

/// Which language inline code is in, and what it exports.
pub(super) fn resolve(spec: &HandlerSpec, span: Span) -> Resolution {
    let Some(language) = spec.runtime.as_deref().and_then(CodeLanguage::of_runtime) else {
        return Resolution::NotAvailable { why: "inline code without a known runtime".to_owned() };
    };
    // Lambda calls the file `index`, and takes the rest of `Handler` for the export.
    let export = spec
        .handler
        .as_deref()
        .and_then(|handler| file_name(handler).split_once('.'))
        .map(|(_, export)| export.split('.').map(str::to_owned).collect())
        .unwrap_or_default();
    Resolution::Inline { source: span.source, language, export }
}

/// Lowers inline code; its spans point into the template.
pub(super) fn lower(
    project: &Project<'_>,
    language: CodeLanguage,
    span: Span,
    text: &str,
) -> Option<Lowered> {
    let path = format!("index.{}", if language == CodeLanguage::Python { "py" } else { "js" });
    let mut module = super::super::for_path(&path)?.lower(span.source, &path, text);
    let mut places = Places { lines: line_places(project, span, text), source: span.source, whole: span };
    walk(&mut module, &mut places);
    Some(Lowered::new(module))
}

/// Moves spans of the value to the scalar that was written.
struct Places {
    /// For each line of the value: where it starts in the value, and in the template.
    lines: Vec<(usize, Option<usize>)>,
    source: SourceId,
    whole: Span,
}

impl Visitor for Places {
    fn span(&mut self, span: &mut Span) {
        let place = |offset: u32| {
            let offset = offset as usize;
            let line = self.lines.partition_point(|(start, _)| *start <= offset).checked_sub(1)?;
            let (start, written) = self.lines[line];
            Some(written? + (offset - start))
        };
        *span = match (place(span.start), place(span.end)) {
            (Some(start), Some(end)) => Span::new(self.source, start, end),
            _ => self.whole,
        };
    }
}

/// Finds each line of a value in the scalar it was written as: block scalars keep lines as they
/// are but for their indentation. What is escaped or folded has no place of its own.
fn line_places(project: &Project<'_>, span: Span, text: &str) -> Vec<(usize, Option<usize>)> {
    let written = project.sources.slice(span);
    let mut rest = 0;
    let mut start = 0;
    let mut places = Vec::new();
    for line in text.split('\n') {
        let content = line.trim_end();
        let indent = content.len() - content.trim_start().len();
        let place = if content.is_empty() {
            None
        } else {
            line_in(written, rest, content.trim_start()).map(|(at, end)| {
                rest = end;
                (span.start as usize + at).saturating_sub(indent)
            })
        };
        // An empty line has nothing to point at but the place before the next.
        places.push((start, place.or_else(|| content.is_empty().then_some(span.start as usize + rest))));
        start += line.len() + 1;
    }
    places
}

/// The next line, from an offset on, whose content is this: where the content starts and ends.
fn line_in(written: &str, from: usize, content: &str) -> Option<(usize, usize)> {
    let mut offset = from;
    for line in written.get(from..)?.split_inclusive('\n') {
        if line.trim() == content {
            let start = offset + (line.len() - line.trim_start().len());
            return Some((start, start + content.len()));
        }
        offset += line.len();
    }
    None
}
