//! Consumers of batches in which one failed record fails all of them.

use std::collections::BTreeSet;

use crate::aws::event_shapes::{batch_answer, batch_setting};
use crate::aws::triggers;
use crate::graph::EventSource;
use crate::rule::prelude::*;
use crate::rules::code::{Judged, has_entry, judged};
use crate::source::Span;
use crate::summary::{Effect, Outcome, Shape, Symbol, Times};

rule! {
    /// ## What it does
    /// Finds functions that a queue or stream feeds in batches, and that do something for each record,
    /// where either the event source lacks `ReportBatchItemFailures`, or it has it and the handler never
    /// answers with `batchItemFailures`. It stands at the event source.
    ///
    /// ## Why it matters
    /// If one record fails, the whole batch comes again: what was done for the others is done twice, and
    /// one bad record can hold up all of them until they end in the dead-letter queue. With the setting
    /// and without the answer, failed records count as done.
    ///
    /// ## Example
    /// ```yaml
    /// Type: SQS
    /// Properties:
    ///   Queue: !GetAtt Orders.Arn
    /// ```
    /// on a handler with `for record in event["Records"]: table.put_item(...)`.
    ///
    /// ## Use instead
    /// `FunctionResponseTypes: [ReportBatchItemFailures]`, and the ids of failed records in the answer
    /// (the batch utility of Powertools does it).
    ///
    /// ## When to keep it
    /// With a batch size of 1, or where the failure of a record is caught and let go (neither is
    /// reported); or where all records must fail together.
    pub UNHANDLED_BATCH_FAILURE = {
        id: "unhandled-batch-failure",
        category: Contract,
        severity: Warning,
        summary: "one failed record fails its whole batch",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    // A function may have two queues; one event source may be written once for several functions.
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for judged in judged(app) {
        let sources = judged.function.event_sources().filter(|event| is_batched(event));
        for event in sources {
            if let Some(finding) = finding(&judged, event, found)
                && seen.insert(event.span)
            {
                found.push(finding);
            }
        }
    }
}

/// A queue or stream that gives more than one record at a time.
fn is_batched(event: &EventSource) -> bool {
    let size = event.properties.get("BatchSize");
    triggers::is_batched(event.kind) && size.is_none_or(|size| size.as_i64() != Some(1))
}

fn finding(judged: &Judged<'_>, event: &EventSource, found: &mut Found) -> Option<Finding> {
    let function = judged.function;
    let (answer, setting) = (batch_answer(), batch_setting());
    let answers = judged.answers().any(|returned| has_entry(returned, |entry| entry == batch_answer()));
    let happening = judged.happening().into_iter();
    let mut works = happening.filter(|(_, effect)| is_per_record(effect) && (answers || !effect.let_go));
    let (_, work) = works.next()?;
    let types = event.properties.get("FunctionResponseTypes");
    let reports = match types {
        None => false,
        Some(types) => match types.as_list() {
            Some(items) => items.iter().any(|item| item.as_str() == Some(setting)),
            None => {
                found.abstain(types.span, "which response types there are is not known");
                return None;
            }
        },
    };
    let message = match (reports, answers) {
        (true, true) => return None,
        (false, false) => format!("one failed record makes `{function}` fail its whole batch"),
        (false, true) => {
            format!("`{function}` answers with `{answer}`, but its event source does not read it")
        }
        (true, false) if never_answers(judged) => {
            format!("the event source reads `{answer}`, but `{function}` never answers with it")
        }
        (true, false) => {
            found.abstain(judged.summary.entry, format!("what `{function}` returns is not known"));
            return None;
        }
    };
    let help = match (reports, answers) {
        (true, _) => format!("return the ids of failed records in `{answer}`"),
        (false, true) => format!("add `FunctionResponseTypes: [{setting}]`"),
        (false, false) => format!(
            "add `FunctionResponseTypes: [{setting}]` and return the ids of failed records in `{answer}`"
        ),
    };
    Some(
        Finding::at(event.span, message)
            .because_it(work.certainty, work.span, "this is done for each record")
            .because(judged.summary.entry, "the handler")
            .help(help)
            .function(&function.template().path, &function.id.text),
    )
}

/// Done for each of the event's records.
fn is_per_record(effect: &Effect) -> bool {
    use crate::summary::Action::{Aws, Database, Email, FileRead, FileWrite, Http, Process};
    let leaves = matches!(
        effect.action,
        Aws { .. } | Database(_) | Email | FileRead | FileWrite | Http { .. } | Process
    );
    leaves && matches!(&effect.times, Times::PerItemOf(of) if is_records(of))
}

fn is_records(shape: &Shape) -> bool {
    match shape {
        Shape::Symbol(Symbol::Event(path)) => path.first().is_some_and(|first| first == "Records"),
        Shape::Each { of, .. } | Shape::Default { value: of, .. } => is_records(of),
        _ => false,
    }
}

fn never_answers(judged: &Judged<'_>) -> bool {
    let outcomes: Vec<&Outcome> = judged.summary.paths.iter().map(|path| &path.outcome).collect();
    outcomes.iter().any(|outcome| matches!(outcome, Outcome::Returns(..)))
        && outcomes.iter().all(|outcome| match outcome {
            Outcome::Returns(shape, _) => is_known(shape),
            Outcome::Raises { .. } => true,
            Outcome::Unknown => false,
        })
}

/// Not an object in which the answer could be.
fn is_known(shape: &Shape) -> bool {
    match shape {
        Shape::Object { entries, open } => !open && entries.iter().all(|(key, _)| key != "..."),
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) | Shape::List(_) => true,
        Shape::Symbol(Symbol::Name(_)) | Shape::Json(_) => true,
        _ => false,
    }
}
