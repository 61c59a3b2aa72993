//! Functions in a state machine that only make one AWS call.

use super::forwarding::{finding, forwards};
use crate::graph::forwarding::Trigger;
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds task states that invoke a function which makes exactly one AWS call, with parts of the
    /// state's input only projected into it and its answer only projected out.
    ///
    /// ## Why it matters
    /// Step Functions calls more than 200 services itself. The function adds its cold start and its
    /// price to each execution, and is code to keep.
    ///
    /// ## Example
    /// ```python
    /// def handler(event, context):
    ///     table.update_item(
    ///         Key={"productId": event["productId"]},
    ///         UpdateExpression="SET stock = stock + :quantity",
    ///         ExpressionAttributeValues={":quantity": event["quantity"]},
    ///     )
    ///     return {"productId": event["productId"]}
    /// ```
    ///
    /// ## Use instead
    /// An optimized integration (`arn:aws:states:::dynamodb:updateItem`) or an SDK integration
    /// (`arn:aws:states:::aws-sdk:service:action`) as the state's resource.
    ///
    /// ## When to keep it
    /// When the types of the input vary: in a state, numbers and texts are told apart when it is
    /// written.
    ///
    /// ## Refactoring safety
    /// `slslint refactor <function>` writes the state anew in its own language: the arguments of the call, a
    /// result that holds what later states read, the permission for the one action on the one resource. For
    /// each change it names what may differ; what would differ in other ways, it refuses.
    ///
    /// A text and a number are told apart by the table's keys, by arithmetic in the expression and by the
    /// context object. Where nothing tells, a value is taken as a text and the change is marked unsafe: a
    /// number there fails the state and is not stored as something else.
    ///
    /// Known differences: the names of errors; a number that comes as a text, or in Python with decimals, is
    /// an error before and stored after; spaces in JSON texts; the metadata of an invocation; the retries of
    /// the SDK.
    ///
    /// A definition may be a part of the template, a file, or a text of the template, also behind `Fn::Sub`: in a
    /// text only the state changes, and the other bytes stay.
    ///
    /// Refused: `Catch` of Lambda's errors, answers of the handler where the call fails, attributes read back
    /// from a table, times, ids that are answered, whole answers, bytes, parts of the event with a default,
    /// definitions that `Fn::Join` puts together or several machines share, functions and roles of another
    /// template. The finding says so then, and is advice.
    pub PASS_THROUGH_TASK = {
        id: "pass-through-task",
        category: Structure,
        severity: Warning,
        summary: "state's function only makes one AWS call",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for forward in forwards(app, |trigger| matches!(trigger, Trigger::Task(_)))
        .iter()
        .filter(|forward| forward.what.checks.is_empty())
    {
        let [trigger @ Trigger::Task(task)] = forward.triggers.as_slice() else { continue };
        let message = format!(
            "state {} of `{}` invokes `{}` only to call {}:{}",
            trigger.told(),
            task.state_machine,
            forward.function.id.text,
            forward.what.service,
            forward.what.operation
        );
        found.push(finding(forward, message, ""));
    }
}
