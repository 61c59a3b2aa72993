//! State machines and the states that call something.

use super::Scope;
use super::reference::{property, reach};
use crate::aws::integrations::task_targets;
use crate::aws::resource_types::{Role, role};
use crate::evidence::Problem;
use crate::graph::model::{Graph, Reference, StateMachine, Task};
use crate::template::{
    DefinitionTexts, Map, Name, Resource, Value, parse_definition, read_definition, substitute,
};

/// Maps and parallel states inside each other; more is no definition.
const MAX_NESTING: usize = 50;

pub(super) fn link(scope: &Scope<'_>, graph: &mut Graph, problems: &mut Vec<Problem>) {
    let texts = DefinitionTexts::of(scope.sources, scope.template.source);
    for resource in &scope.template.resources {
        if role(&resource.kind.text) != Some(Role::StateMachine) {
            continue;
        }
        let definitions = definitions(scope, resource, &texts, problems);
        for definition in &definitions {
            let mut found = Vec::new();
            states(definition, 0, &mut found);
            graph
                .tasks
                .extend(found.into_iter().filter_map(|(name, state)| task(scope, resource, name, state)));
        }
        graph.state_machines.push(state_machine(scope, resource, definitions));
    }
}

fn state_machine(scope: &Scope<'_>, resource: &Resource, definitions: Vec<Value>) -> StateMachine {
    let any = |paths: &[&[&str]]| paths.iter().find_map(|path| property(&resource.properties, path)).cloned();
    StateMachine {
        template: scope.id,
        id: resource.id.clone(),
        kind: any(&[&["Type"], &["StateMachineType"]]),
        inline: !definitions.is_empty() || any(&[&["Definition"], &["DefinitionString"]]).is_some(),
        tracing: any(&[&["Tracing", "Enabled"], &["TracingConfiguration", "Enabled"]]),
        logging: any(&[&["Logging", "Level"], &["LoggingConfiguration", "Level"]]),
        role: any(&[&["Role"], &["RoleArn"]]),
        condition: resource.condition.clone(),
        definition: definitions.into_iter().next(),
    }
}

/// The definition with its substitutions made, one for each branch.
fn definitions(
    scope: &Scope<'_>,
    resource: &Resource,
    texts: &DefinitionTexts<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Value> {
    let properties = &resource.properties;
    let substitutions: Map = reach(properties, &["DefinitionSubstitutions"])
        .into_iter()
        .filter_map(Value::as_map)
        .flat_map(Map::iter)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut found = Vec::new();
    for value in reach(properties, &["Definition"]) {
        found.push(substitute(value, &substitutions, false));
    }
    let strings = reach(properties, &["DefinitionString"]);
    let whole = if strings.is_empty() { None } else { texts.definition(&resource.id.text) };
    if let Some(mut text) = whole {
        text.variables.entries.extend(substitutions.entries.iter().cloned());
        found.push(substitute(&text.definition, &text.variables, text.is_open));
        return found;
    }
    for value in strings {
        // Intrinsics leave references behind in the text; a plain text has none.
        let open = value.as_intrinsic().is_some();
        let parsed = parse_definition(&text_of(value), value.span);
        found.extend(parsed.map(|definition| substitute(&definition, &substitutions, open)));
    }
    for key in ["DefinitionUri", "DefinitionS3Location"] {
        for value in reach(properties, &[key]) {
            let Some(source) = scope.local_file(value, problems) else { continue };
            let (definition, more) = read_definition(scope.sources, source);
            problems.extend(more);
            found.extend(definition.map(|definition| substitute(&definition, &substitutions, false)));
        }
    }
    found
}

/// The text a definition is written in; of `Fn::ToJsonString` the value is the definition.
fn text_of(value: &Value) -> String {
    match value.as_intrinsic() {
        Some(crate::template::Intrinsic::ToJsonString(inner)) => inner.to_json().to_string(),
        _ => value.text(),
    }
}

/// All states, also those in branches and maps, in the order of the text.
fn states<'v>(definition: &'v Value, depth: usize, found: &mut Vec<(&'v Name, &'v Value)>) {
    if depth > MAX_NESTING {
        return;
    }
    for (name, state) in definition.get("States").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
        found.push((name, state));
        for branch in state.get("Branches").and_then(Value::as_list).unwrap_or_default() {
            states(branch, depth + 1, found);
        }
        for key in ["Iterator", "ItemProcessor"] {
            if let Some(inner) = state.get(key) {
                states(inner, depth + 1, found);
            }
        }
    }
}

fn task(scope: &Scope<'_>, machine: &Resource, name: &Name, state: &Value) -> Option<Task> {
    let resource =
        state.get("Resource").filter(|_| state.get("Type").and_then(Value::as_str) == Some("Task"))?;
    Some(Task {
        template: scope.id,
        state_machine: machine.id.text.clone(),
        state: name.clone(),
        resource: resource.text(),
        target: target(scope, resource, state),
        elsewhere: None,
        span: name.span,
    })
}

/// What a task acts on: what its resource names, or what the parameters of its call name.
fn target(scope: &Scope<'_>, resource: &Value, state: &Value) -> Option<Reference> {
    let text = resource.text();
    if !is_call(&text) {
        return Some(scope.reference_of(&text));
    }
    let parameters = ["Parameters", "Arguments"].iter().find_map(|key| state.get(key)?.as_map())?;
    let told = task_targets().iter().find_map(|name| parameters.get(name)).or_else(|| bus(parameters));
    if let Some(value) = told {
        let target = scope.reference(value);
        return match &target {
            Reference::Text(_) if is_dynamic(&target) => None,
            Reference::Text(name) => scope.quoted_in(service(&text), &format!("\"{name}\"")).or(Some(target)),
            Reference::Resource(_) => Some(target),
        };
    }
    only_resource(scope, parameters)
}

/// `dynamodb` of `arn:aws:states:::dynamodb:putItem`, and of `arn:aws:states:::aws-sdk:dynamodb:putItem`.
fn service(resource: &str) -> &str {
    let call = resource.split_once(":states:::").map_or(resource, |(_, call)| call);
    call.strip_prefix("aws-sdk:").unwrap_or(call).split(':').next().unwrap_or_default()
}

/// `arn:aws:states:::service:action`: a call, where the parameters tell what it acts on.
fn is_call(resource: &str) -> bool {
    resource.contains(":states:::")
}

fn bus(parameters: &Map) -> Option<&Value> {
    parameters.get("Entries")?.as_list()?.iter().find_map(|entry| entry.get("EventBusName"))
}

/// Computed from the input of the state.
fn is_dynamic(target: &Reference) -> bool {
    matches!(target, Reference::Text(text) if text.starts_with("{%") || text.starts_with("$."))
}

/// The only resource of the template that any parameter speaks of.
fn only_resource(scope: &Scope<'_>, parameters: &Map) -> Option<Reference> {
    let mut found = Vec::new();
    for (_, value) in parameters.iter() {
        for mention in value.mentions() {
            if let Some(resource) = scope.template.resource(&mention.name.text) {
                found.push(Reference::Resource(resource.id.text.clone()));
            }
        }
    }
    found.dedup();
    match found.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::Task;
    use crate::graph::link::tests::{linked, text};

    const FILE: &str = r#"{"States": {
        "Many": {"Type": "Map", "Items": ${Items}, "ItemProcessor": {"States": {
            "Put": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "${Table}"}}}}},
        "Both": {"Type": "Parallel", "Branches": [{"States": {
            "Named": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "called"}}}}]},
        "Dynamic": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "{% $f %}"}},
        "End": {"Type": "Pass"}}}"#;

    #[test]
    fn tasks_are_found_wherever_the_definition_is() {
        let template = r#"
Resources:
  Work: {Type: AWS::Lambda::Function, Properties: {FunctionName: called}}
  Store: {Type: AWS::DynamoDB::Table}
  InFile:
    Type: AWS::Serverless::StateMachine
    Properties: {DefinitionUri: machine.asl.json, DefinitionSubstitutions: {Table: !Ref Store, Items: '[]'}}
  Inline:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {States: {A: {Type: Task, Resource: !GetAtt Work.Arn}}}
  Text:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub |
        {"States": {"B": {"Type": "Task", "Resource": "${Work.Arn}"},
                    "C": {"Type": "Task", "Resource": "arn:${AWS::Partition}:states:::states:startExecution.sync:2",
                          "Parameters": {"StateMachineArn": "${Inline}"}}}}
  Away: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: {Bucket: b, Key: k}}}
"#;
        let (graph, problems) = linked(template, &[("machine.asl.json", FILE)]);
        assert_eq!(problems, []);
        let line = |task: &Task| {
            format!("{} {} {}", task.state_machine, task.state.text, text(task.target.as_ref()))
        };
        let tasks: Vec<String> = graph.tasks.iter().map(line).collect();
        let expected = [
            "InFile Put Store",
            "InFile Named Work",
            "InFile Dynamic -",
            "Inline A Work",
            "Text B Work",
            "Text C Inline",
        ];
        assert_eq!(tasks, expected);
        let inline: Vec<bool> = graph.state_machines.iter().map(|machine| machine.inline).collect();
        assert_eq!(inline, [true, true, true, false]);
    }
}
