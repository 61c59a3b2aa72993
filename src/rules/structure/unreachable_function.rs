//! Functions that nothing in the project invokes.

use crate::aws::companions;
use crate::graph::{FunctionRef, Reference, Subject, Target};
use crate::rule::prelude::*;
use crate::summary::Symbol;
use crate::template::{Resource, Template, Value};

rule! {
    /// ## What it does
    /// Finds functions without a name of their own that nothing triggers, invokes, exports or refers to: no
    /// event, route, state, permission, connector, output or other resource, and no code.
    ///
    /// ## Why it matters
    /// It is deployed, patched and audited for nothing, or its trigger was forgotten.
    ///
    /// ## Example
    /// ```yaml
    /// OldImport:
    ///   Type: AWS::Serverless::Function
    ///   Properties:
    ///     Handler: old_import.handler
    /// ```
    /// and no other line with `OldImport`.
    ///
    /// ## Use instead
    /// The trigger it lacks, or nothing.
    ///
    /// ## When to keep it
    /// When people or other projects invoke it: an output or a `FunctionName` says so. The only function of
    /// a template is not reported, nor are those of a template that wires hardly any of its functions, nor
    /// those whose role CloudFront may assume.
    pub UNREACHABLE_FUNCTION = {
        id: "unreachable-function",
        category: Structure,
        severity: Info,
        summary: "nothing in the project invokes the function",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (id, template) in app.templates().filter(|(_, template)| template.is_whole()) {
        let own = || app.functions_of(id);
        let count = own().count();
        // The only function of a template is what the template is for, whoever invokes it.
        if count < 2 {
            continue;
        }
        let unreached: Vec<FunctionRef<'_>> = own().filter(|function| !is_reached(app, *function)).collect();
        // A template that wires hardly any of its functions leaves that to something else.
        if unreached.len() > 1 && unreached.len() * 2 >= count {
            for function in unreached {
                found.abstain(
                    function.span(),
                    format!("what invokes the functions of {} is not in the project", template.path),
                );
            }
            continue;
        }
        for function in unreached {
            let message = format!("nothing in the project invokes `{function}` or refers to it");
            let finding = Finding::at(function.span(), message)
                .help("remove it, add its trigger, or name it in `Outputs` if it is invoked from elsewhere");
            let finding = finding.function(function.declared_in(), &function.id.text);
            found.push(finding.one_of_template("", &function.id.text));
        }
    }
}

fn is_reached(app: &App<'_>, function: FunctionRef<'_>) -> bool {
    let events = function.property("Events").is_some_and(|events| !events.is_null());
    // A name of its own is given so that others can call it.
    let named = function.property("FunctionName").is_some();
    events
        || named
        || is_generated(function)
        || is_listed(app, function)
        || is_mentioned(function)
        || is_looked_up(app, &function.id.text)
        || is_written_out(app, &function.id.text)
        || is_for_the_edge(function)
}

/// CloudFront invokes it, by a distribution that may be of another Region's stack.
fn is_for_the_edge(function: FunctionRef<'_>) -> bool {
    let role = function.role.as_ref().map(Value::mentions).unwrap_or_default();
    let own = function.property("AssumeRolePolicyDocument").into_iter();
    let roles = role.iter().filter_map(|mention| function.template().resource(&mention.name.text));
    let trusted = roles.filter_map(|role| role.property("AssumeRolePolicyDocument"));
    own.chain(trusted).any(|document| {
        let mut is_named = false;
        document.walk(&mut |value| is_named |= value.as_str() == Some(companions::edge()));
        is_named
    })
}

/// Whether some code has the name that CloudFormation gave it in a deployment: `stack-OldImport-1A2B3C4D5E6F`.
fn is_written_out(app: &App<'_>, id: &str) -> bool {
    let name = format!("-{id}-");
    let mut modules = app.functions().flat_map(|function| &function.get().behaviour.modules);
    modules.any(|module| app.sources.text(*module).contains(&name))
}

/// What a tool writes from code may be wired by other tools.
fn is_generated(function: FunctionRef<'_>) -> bool {
    let metadata = function.resource().and_then(|resource| resource.metadata.as_ref());
    metadata.is_some_and(|metadata| metadata.get("Tool").is_some())
}

/// Whether the graph knows who reaches it.
fn is_listed(app: &App<'_>, function: FunctionRef<'_>) -> bool {
    let graph = &app.graph;
    let here = Reference::Resource(function.id.text.clone());
    let is_it = |template, reference: &Reference| template == function.template && *reference == here;
    let invoked = app.functions_of(function.template).any(|other| {
        other.id.text != function.id.text && other.behaviour.targets.iter().flatten().any(|to| *to == here)
    });
    invoked
        || graph
            .routes
            .iter()
            .any(|route| matches!(&route.target, Target::Function(target) if is_it(route.template, target)))
        || graph.event_sources.iter().any(|event| {
            event.template == function.template
                && matches!(&event.subject, Subject::Function(id) if *id == function.id.text)
        })
        || graph.function_urls.iter().any(|url| is_it(url.template, &url.function))
        || graph.invoke_permissions.iter().any(|permission| is_it(permission.template, &permission.function))
        || graph
            .tasks
            .iter()
            .any(|task| task.target.as_ref().is_some_and(|target| is_it(task.template, target)))
        || graph
            .data_sources
            .iter()
            .any(|source| source.target.as_ref().is_some_and(|target| is_it(source.template, target)))
        || graph.connectors.iter().any(|connector| is_it(connector.template, &connector.destination))
}

/// Whether an output or another resource speaks of it, or of its versions and aliases.
fn is_mentioned(function: FunctionRef<'_>) -> bool {
    let template = function.template();
    let mut names = vec![function.id.text.clone()];
    let stands_for_it = |resource: &&Resource| {
        ["AWS::Lambda::Alias", "AWS::Lambda::Version"].iter().any(|kind| resource.is(kind))
            && resource.property("FunctionName").is_some_and(|value| speaks_of(value, &function.id.text))
    };
    names.extend(template.resources.iter().filter(stands_for_it).map(|resource| resource.id.text.clone()));
    names.iter().any(|name| is_named(template, name))
}

fn is_named(template: &Template, name: &str) -> bool {
    let mut outputs = template.outputs.iter().filter_map(|output| output.value.as_ref());
    let mut resources =
        template.resources.iter().filter(|resource| resource.id.text != name && !is_watching(resource));
    outputs.any(|value| speaks_of(value, name))
        || resources.any(|resource| {
            let values = resource.properties.iter().map(|(_, value)| value);
            let mut values = values.chain(&resource.connectors).chain(&resource.metadata);
            values.any(|value| speaks_of(value, name))
                || resource.depends_on.iter().any(|after| after.text == name)
        })
}

/// An alarm that acts by invoking does so by an action, which only a permission allows.
fn is_watching(resource: &Resource) -> bool {
    let acts = ["AlarmActions", "OKActions", "InsufficientDataActions"];
    companions::watches(&resource.kind.text) && acts.iter().all(|name| resource.property(name).is_none())
}

/// References to the resource or to what SAM makes of it (`WorkAliaslive`), and its bare id as a text.
fn speaks_of(value: &Value, name: &str) -> bool {
    let generated = |mention: &str| mention == name || mention.starts_with(name);
    let mut said = value.mentions().iter().any(|mention| generated(&mention.name.text));
    value.walk(&mut |value| said |= value.as_str().is_some_and(|text| text.contains(name)));
    said
}

/// Whether some code calls something by a name that has this piece.
fn is_looked_up(app: &App<'_>, piece: &str) -> bool {
    app.functions().filter_map(|function| function.summary()).any(|summary| {
        summary.effects.iter().any(|effect| names(&effect.on).iter().any(|name| name.contains(piece)))
    })
}

fn names(symbol: &Symbol) -> Vec<&str> {
    match symbol {
        Symbol::Name(name) => vec![name],
        Symbol::Text(parts) => parts.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}
