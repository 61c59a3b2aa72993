//! `slslint refactor`.

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Exit, Failure, Reading, Scope, files, print, write};
use crate::config::did_you_mean;
use crate::edit::Applicability;
use crate::graph::App;
use crate::refactor::kept::{Kept, kept};
use crate::refactor::series::{Done, Reason, Series, Wanted, reason, series};
use crate::refactor::{self, CATALOGUE, Kind, Offers, Options, Subject};

/// Where more functions stay, each has so many reasons.
const FEW: usize = 5;
const MOST_REASONS: usize = 2;

#[derive(Debug, Args)]
pub struct Arguments {
    /// What to refactor: a function by its logical id, all findings of a rule, or all that one kind of
    /// refactoring can do
    #[arg(value_name = "FUNCTION|RULE|REFACTORING")]
    target: String,

    #[command(flatten)]
    scope: Scope,

    /// Show the difference and change nothing [default]
    #[arg(long, conflicts_with = "write")]
    diff: bool,

    /// Change the files
    #[arg(long)]
    write: bool,

    /// Leave the function in the template even when nothing reaches it any more
    #[arg(long)]
    keep_function: bool,

    /// How to write what is done
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Receipts, what was refused, and the difference
    Text,
    /// The same as JSON
    Json,
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let reading = arguments.scope.read()?;
    let Some(app) = reading.application(&arguments.scope)? else {
        return Ok(Exit::NothingToCheck);
    };
    let Reading { project, settings } = &reading;
    let target = target(&arguments.target, &app)?;
    let wanted = Wanted {
        options: Options { keep_function: arguments.keep_function },
        at_least: Applicability::DisplayOnly,
        is: &|kind, subject| target.is(kind, subject),
    };
    let made = series::<Failure>(
        &project.sources,
        &|sources| match crate::analyse(sources, &settings.config, None) {
            Ok((app, _)) => Ok(app),
            Err(error) => Err(settings.failure(&error)),
        },
        &wanted,
    )?;
    let shown = |path: &str| files::shown(project, path);
    let stays = if made.done.is_empty() { target.stays(&app) } else { Vec::new() };
    match arguments.format {
        Format::Text => print(&text(&made, &stays, arguments, &shown)),
        Format::Json => print(&json(&made, &stays, arguments, &shown)),
    }
    if arguments.write {
        write::all(&project.root, &made.files)?;
    }
    Ok(if made.done.is_empty() && !made.refused.is_empty() { Exit::Findings } else { Exit::Clean })
}

/// What is asked for.
enum Target {
    Function(String),
    Kinds(Vec<&'static str>),
}

impl Target {
    fn is(&self, kind: &Kind, subject: &Subject) -> bool {
        match self {
            // What changes others as well has to be asked for by its own name.
            Self::Function(id) => {
                matches!(kind.offers, Offers::OfFunction(_)) && subject.functions.contains(id)
            }
            Self::Kinds(kinds) => kinds.contains(&kind.id),
        }
    }

    /// What the functions that are asked for are needed for.
    fn stays(&self, app: &App<'_>) -> Vec<Stays> {
        let found = match self {
            Self::Function(id) => {
                let all: Vec<&str> = CATALOGUE.iter().map(|kind| kind.id).collect();
                kept(app, &all, &|function| function.id.text == *id)
            }
            Self::Kinds(kinds) => {
                let mut found = kept(app, kinds, &|_| true);
                found.retain(|kept| kept.trigger.is_some());
                found
            }
        };
        let stays = |Kept { function, trigger, reasons }: Kept| Stays {
            function,
            trigger,
            reasons: reasons.into_iter().map(|refusal| reason(app, refusal)).collect(),
        };
        found.into_iter().map(stays).collect()
    }
}

/// A function that stays, for one of its triggers.
struct Stays {
    function: String,
    trigger: Option<String>,
    reasons: Vec<Reason>,
}

fn target(name: &str, app: &App<'_>) -> Result<Target, Failure> {
    if let Some(kind) = refactor::kind(name) {
        return Ok(Target::Kinds(vec![kind.id]));
    }
    if app.functions().any(|function| function.id.text == name) {
        return Ok(Target::Function(name.to_owned()));
    }
    let answering: Vec<&str> = refactor::answering(name).map(|kind| kind.id).collect();
    if !answering.is_empty() {
        return Ok(Target::Kinds(answering));
    }
    let kinds = || CATALOGUE.iter().map(|kind| kind.id);
    let there_are = || format!("the refactorings are {}", kinds().collect::<Vec<_>>().join(", "));
    if crate::rules::all().iter().any(|rule| rule.meta().id == *name) {
        return Err(Failure(format!("there is no refactoring for findings of `{name}`; {}", there_are())));
    }
    let functions = app.functions().map(|function| function.get().id.text.as_str());
    let answered = CATALOGUE.iter().flat_map(|kind| kind.rules.iter().copied());
    let known: Vec<&str> = functions.chain(answered).chain(kinds()).collect();
    let nearest = did_you_mean(name, &known);
    Err(Failure(format!(
        "no function, rule or refactoring is called `{name}`{}",
        if nearest.is_empty() { format!("; {}", there_are()) } else { nearest }
    )))
}

fn text(made: &Series, stays: &[Stays], arguments: &Arguments, shown: &dyn Fn(&str) -> String) -> String {
    let mut out = String::new();
    for done in &made.done {
        out.push_str(&receipt(done));
    }
    for refused in &made.refused {
        out.push_str(&format!("{} of `{}` is not possible:\n", refused.kind, refused.subject.name));
        for Reason { path, line, column, text } in &refused.reasons {
            out.push_str(&format!("  {}:{line}:{column}: {text}\n", shown(path)));
        }
        out.push('\n');
    }
    for Stays { function, trigger, reasons } in stays {
        let of = trigger.as_ref().map(|trigger| format!(" for {trigger}")).unwrap_or_default();
        out.push_str(&format!("`{function}` stays{of}:\n"));
        let shown_reasons = if stays.len() > FEW { MOST_REASONS } else { reasons.len() };
        for Reason { path, line, column, text } in reasons.iter().take(shown_reasons) {
            out.push_str(&format!("  {}:{line}:{column}: {text}\n", shown(path)));
        }
        if reasons.len() > shown_reasons {
            let left = reasons.len() - shown_reasons;
            out.push_str(&format!("  and {left} more: slslint refactor {function}\n"));
        }
        out.push('\n');
    }
    if made.files.is_empty() {
        out.push_str("nothing to change\n");
    } else if arguments.write {
        for file in &made.files {
            let what = match (&file.before, &file.after) {
                (None, _) => "new",
                (_, None) => "deleted",
                _ => "changed",
            };
            out.push_str(&format!("{what}: {}\n", shown(&file.path)));
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

fn json(made: &Series, stays: &[Stays], arguments: &Arguments, shown: &dyn Fn(&str) -> String) -> String {
    let refused = made.refused.iter().map(|refused| RefusedOut {
        id: refused.kind,
        subject: subject(&refused.subject, shown),
        reasons: reasons_out(&refused.reasons, shown),
    });
    let stays = stays.iter().map(|one| StaysOut {
        function: &one.function,
        trigger: one.trigger.as_deref(),
        reasons: reasons_out(&one.reasons, shown),
    });
    let files = made.files.iter().map(|file| FileOut {
        path: shown(&file.path),
        change: match (&file.before, &file.after) {
            (None, _) => "created",
            (_, None) => "deleted",
            _ => "modified",
        },
    });
    let output = Output {
        version: 1,
        refactorings: made.done.iter().map(|done| refactoring(done, shown)).collect(),
        refused: refused.collect(),
        stays: stays.collect(),
        files: files.collect(),
        diff: made.diff(&|path| path.to_owned()),
        written: arguments.write,
    };
    let mut text = serde_json::to_string_pretty(&output).unwrap_or_default();
    text.push('\n');
    text
}

fn reasons_out<'a>(reasons: &'a [Reason], shown: &dyn Fn(&str) -> String) -> Vec<ReasonOut<'a>> {
    let out = |Reason { path, line, column, text }: &'a Reason| ReasonOut {
        file: shown(path),
        line: *line,
        column: *column,
        text,
    };
    reasons.iter().map(out).collect()
}

fn refactoring<'a>(done: &'a Done, shown: &dyn Fn(&str) -> String) -> RefactoringOut<'a> {
    let Done { kind, subject: about, offer } = done;
    let receipt = offer.receipt.lines.iter();
    RefactoringOut {
        id: kind,
        subject: subject(about, shown),
        title: &offer.refactoring.title,
        applicability: offer.refactoring.applicability.name(),
        differs: &offer.differs,
        receipt: receipt.map(|(aspect, text)| ReceiptOut { aspect: aspect.name(), text }).collect(),
    }
}

fn subject<'a>(subject: &'a Subject, shown: &dyn Fn(&str) -> String) -> SubjectOut<'a> {
    SubjectOut { subject: &subject.name, functions: &subject.functions, path: shown(&subject.path) }
}
