//! What `refactor` did, would do, or refused: a text that ends in a patch, and JSON.

use serde::Serialize;

use super::Style;
use crate::refactor::Subject;
use crate::refactor::kept::Kept;
use crate::refactor::series::{Done, Reason, Series};

/// Grows when a field changes its meaning.
const VERSION: u32 = 1;

/// Where more functions stay, each has so many reasons.
const FEW: usize = 5;
const MOST_REASONS: usize = 2;

/// A series of refactorings, and the functions that stay when there is none.
#[derive(Clone, Copy, Debug)]
pub struct Refactorings<'r> {
    pub made: &'r Series,
    pub kept: &'r [Kept],
    /// Whether the files were changed.
    pub written: bool,
}

/// What was done with its receipt, what was refused, what stays, and the difference.
pub fn refactorings_text(result: &Refactorings<'_>, style: &Style) -> String {
    let Refactorings { made, kept, written } = *result;
    let mut out = String::new();
    for done in &made.done {
        out.push_str(&receipt(done));
    }
    for refused in &made.refused {
        out.push_str(&format!("{} of `{}` is not possible:\n", refused.kind, refused.subject.name));
        for Reason { path, line, column, text } in &refused.reasons {
            out.push_str(&format!("  {}:{line}:{column}: {text}\n", style.path(path)));
        }
        out.push('\n');
    }
    for Kept { function, trigger, reasons } in kept {
        let of = trigger.as_ref().map(|trigger| format!(" for {trigger}")).unwrap_or_default();
        out.push_str(&format!("`{function}` stays{of}:\n"));
        let shown_reasons = if kept.len() > FEW { MOST_REASONS } else { reasons.len() };
        for Reason { path, line, column, text } in reasons.iter().take(shown_reasons) {
            out.push_str(&format!("  {}:{line}:{column}: {text}\n", style.path(path)));
        }
        if reasons.len() > shown_reasons {
            let left = reasons.len() - shown_reasons;
            out.push_str(&format!("  and {left} more: slslint refactor {function}\n"));
        }
        out.push('\n');
    }
    if made.files.is_empty() {
        out.push_str("nothing to change\n");
    } else if written {
        for file in &made.files {
            let what = match (&file.before, &file.after) {
                (None, _) => "new",
                (_, None) => "deleted",
                _ => "changed",
            };
            out.push_str(&format!("{what}: {}\n", style.path(&file.path)));
        }
    } else {
        // The patch comes last, so that `git apply` and `patch` can read the whole output.
        out.push_str(&made.diff(&|path| path.to_owned()));
    }
    out
}

fn receipt(done: &Done) -> String {
    let Done { kind, offer, .. } = done;
    let mut out = format!("{kind}: {}\n", offer.refactoring.title);
    match offer.differs.as_slice() {
        [] => out.push_str(&format!("  {:12} does the same\n", "meaning")),
        [one] => out.push_str(&format!("  {:12} does the same, except: {one}\n", "meaning")),
        several => {
            out.push_str(&format!("  {:12} does the same, except:\n", "meaning"));
            several.iter().for_each(|one| out.push_str(&format!("  {:12} - {one}\n", "")));
        }
    }
    for (name, text) in &offer.receipt.lines {
        out.push_str(&format!("  {:12} {text}\n", name.name()));
    }
    out.push('\n');
    out
}

#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    refactorings: Vec<RefactoringOut<'a>>,
    refused: Vec<RefusedOut<'a>>,
    stays: Vec<StaysOut<'a>>,
    files: Vec<FileOut>,
    diff: String,
    written: bool,
}

#[derive(Serialize)]
struct RefactoringOut<'a> {
    id: &'a str,
    #[serde(flatten)]
    subject: SubjectOut<'a>,
    title: &'a str,
    applicability: &'a str,
    differs: &'a [String],
    receipt: Vec<ReceiptOut<'a>>,
}

#[derive(Serialize)]
struct SubjectOut<'a> {
    subject: &'a str,
    functions: &'a [String],
    path: String,
}

#[derive(Serialize)]
struct ReceiptOut<'a> {
    aspect: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
struct RefusedOut<'a> {
    id: &'a str,
    #[serde(flatten)]
    subject: SubjectOut<'a>,
    reasons: Vec<ReasonOut<'a>>,
}

#[derive(Serialize)]
struct StaysOut<'a> {
    function: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger: Option<&'a str>,
    reasons: Vec<ReasonOut<'a>>,
}

#[derive(Serialize)]
struct ReasonOut<'a> {
    file: String,
    line: usize,
    column: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct FileOut {
    path: String,
    change: &'static str,
}

/// The same as JSON.
pub fn refactorings_json(result: &Refactorings<'_>, style: &Style) -> String {
    let Refactorings { made, kept, written } = *result;
    let refused = made.refused.iter().map(|refused| RefusedOut {
        id: refused.kind,
        subject: subject(&refused.subject, style),
        reasons: reasons_out(&refused.reasons, style),
    });
    let stays = kept.iter().map(|one| StaysOut {
        function: &one.function,
        trigger: one.trigger.as_deref(),
        reasons: reasons_out(&one.reasons, style),
    });
    let files = made.files.iter().map(|file| FileOut {
        path: style.path(&file.path),
        change: match (&file.before, &file.after) {
            (None, _) => "created",
            (_, None) => "deleted",
            _ => "modified",
        },
    });
    let output = Output {
        version: VERSION,
        refactorings: made.done.iter().map(|done| refactoring(done, style)).collect(),
        refused: refused.collect(),
        stays: stays.collect(),
        files: files.collect(),
        diff: made.diff(&|path| path.to_owned()),
        written,
    };
    let mut text = serde_json::to_string_pretty(&output).unwrap_or_default();
    text.push('\n');
    text
}

fn reasons_out<'a>(reasons: &'a [Reason], style: &Style) -> Vec<ReasonOut<'a>> {
    let out = |Reason { path, line, column, text }: &'a Reason| ReasonOut {
        file: style.path(path),
        line: *line,
        column: *column,
        text,
    };
    reasons.iter().map(out).collect()
}

fn refactoring<'a>(done: &'a Done, style: &Style) -> RefactoringOut<'a> {
    let Done { kind, subject: about, offer } = done;
    let receipt = offer.receipt.lines.iter();
    RefactoringOut {
        id: kind,
        subject: subject(about, style),
        title: &offer.refactoring.title,
        applicability: offer.refactoring.applicability.name(),
        differs: &offer.differs,
        receipt: receipt.map(|(aspect, text)| ReceiptOut { aspect: aspect.name(), text }).collect(),
    }
}

fn subject<'a>(subject: &'a Subject, style: &Style) -> SubjectOut<'a> {
    SubjectOut { subject: &subject.name, functions: &subject.functions, path: style.path(&subject.path) }
}
