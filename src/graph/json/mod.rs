//! The published form of the graph: flat, versioned, every entry self-contained.
//!
//! References are logical ids or texts; values are plain JSON, with intrinsic functions as one text in
//! the style of `Fn::Sub`. What is not set is left out.

mod behaviour;

use std::collections::BTreeSet;

use serde_json::{Map as Object, Value as Json, json};

use super::model::{
    Api, ApiKind, Application, Code, Connector, DataSource, EventSource, Function, FunctionUrl, Graph,
    InvokePermission, Layer, ManagedPolicy, Reference, Resolver, ResourcePolicy, Route, StateMachine,
    Statement, Subject, Table, Target, Task, TemplateId,
};
use crate::source::Sources;
use crate::template::{Value, ValueKind};

/// Grows when a field changes its meaning; new fields do not count.
pub const VERSION: u32 = 1;

/// The graph as documented for users. Equal entries of a list are written once.
pub fn graph_json(graph: &Graph, sources: &Sources) -> Json {
    let writer = Writer { graph, sources, several: graph.templates.len() > 1 };
    let mut root = Object::new();
    root.insert("version".to_owned(), json!(VERSION));
    root.insert("templates".to_owned(), graph.templates.iter().map(|one| json!(one.path)).collect());
    let lists = [
        ("functions", writer.list(&graph.functions, Writer::function)),
        ("apis", writer.list(&graph.apis, Writer::api)),
        ("routes", writer.list(&graph.routes, Writer::route)),
        ("event_sources", writer.list(&graph.event_sources, Writer::event_source)),
        ("permissions", writer.list(&graph.statements, Writer::statement)),
        ("managed_policies", writer.list(&graph.managed_policies, Writer::managed_policy)),
        ("invoke_permissions", writer.list(&graph.invoke_permissions, Writer::invoke_permission)),
        ("resource_policies", writer.list(&graph.resource_policies, Writer::resource_policy)),
        ("state_machines", writer.list(&graph.state_machines, Writer::state_machine)),
        ("state_machine_tasks", writer.list(&graph.tasks, Writer::task)),
        ("layers", writer.list(&graph.layers, Writer::layer)),
        ("tables", writer.list(&graph.tables, Writer::table)),
        ("connectors", writer.list(&graph.connectors, Writer::connector)),
        ("function_urls", writer.list(&graph.function_urls, Writer::function_url)),
        ("graphql_datasources", writer.list(&graph.data_sources, Writer::data_source)),
        ("graphql_resolvers", writer.list(&graph.resolvers, Writer::resolver)),
        ("applications", writer.list(&graph.applications, Writer::application)),
    ];
    root.extend(lists.into_iter().map(|(name, list)| (name.to_owned(), list)));
    Json::Object(root)
}

struct Writer<'a> {
    graph: &'a Graph,
    sources: &'a Sources,
    /// Entries say which template they are of.
    several: bool,
}

/// An entry and the template it is of.
type Entry = (TemplateId, Object<String, Json>);

impl Writer<'_> {
    fn list<T>(&self, items: &[T], write: impl Fn(&Self, &T) -> Entry) -> Json {
        let mut seen = BTreeSet::new();
        items
            .iter()
            .map(|item| write(self, item))
            .map(|(template, mut entry)| {
                if self.several && !entry.contains_key("template") {
                    entry.insert("template".to_owned(), json!(self.path_of(template)));
                }
                Json::Object(entry)
            })
            .filter(|entry| seen.insert(entry.to_string()))
            .collect()
    }

    fn function(&self, function: &Function) -> Entry {
        let code = match &function.code {
            Code::Inline(_) => "inline",
            Code::Package(_) => "package",
            Code::Image(_) => "image",
        };
        let names: Vec<&str> = function.environment.iter().map(|(name, _)| name.text.as_str()).collect();
        let mut entry = entry([
            ("id", json!(function.id.text)),
            ("template", json!(self.graph.declared_in(function, self.sources))),
            ("runtime", value(function.runtime.as_ref())),
            ("handler", value(function.handler.as_ref())),
            ("memory_mb", value(function.memory.as_ref())),
            ("timeout_s", value(function.timeout.as_ref())),
            ("ephemeral_storage_mb", value(function.ephemeral_storage.as_ref())),
            ("package_type", value(function.package_type.as_ref())),
            ("code", json!(code)),
            ("layers", function.layers.iter().map(|layer| self.pointer(function.template, layer)).collect()),
            ("env", json!(names)),
            ("tracing", value(function.tracing.as_ref())),
            ("reserved_concurrency", value(function.reserved_concurrency.as_ref())),
            ("provisioned_concurrency", value(function.provisioned_concurrency.as_ref())),
            ("alias", value(function.alias.as_ref())),
            ("architectures", values(&function.architectures)),
            ("has_vpc", json!(function.vpc.is_some())),
            ("has_dlq", json!(function.dead_letter.is_some())),
            ("dlq_target", self.pointer_to(function.template, function.dead_letter.as_ref())),
            ("on_success", self.pointer_to(function.template, function.on_success.as_ref())),
            ("on_failure", self.pointer_to(function.template, function.on_failure.as_ref())),
            ("snap_start", value(function.snap_start.as_ref())),
            ("kms_key", self.pointer_to(function.template, function.kms_key.as_ref())),
            ("capacity_provider", self.pointer_to(function.template, function.capacity_provider.as_ref())),
            ("file_systems", json!(function.file_systems)),
            ("role", self.pointer_to(function.template, function.role.as_ref())),
            ("condition", json!(function.condition.as_ref().map(|name| &name.text))),
        ]);
        entry.extend(behaviour::fields(&function.behaviour, self.sources));
        (function.template, entry)
    }

    fn api(&self, api: &Api) -> Entry {
        let fields = [
            ("id", json!(api.id)),
            ("kind", json!(kind(api.kind))),
            ("implicit", json!(api.implicit)),
            ("authorizers", json!(api.authorizers)),
            ("condition", json!(api.condition.as_ref().map(|name| &name.text))),
        ];
        (api.template, entry(fields))
    }

    fn route(&self, route: &Route) -> Entry {
        let fields = [
            ("api", reference(&route.api)),
            ("api_kind", json!(kind(route.api_kind))),
            ("method", json!(route.method)),
            ("path", json!(route.path)),
            ("target", target(&route.target)),
        ];
        let mut entry = entry(fields);
        let auth = if route.auth.is_empty() { Json::Null } else { json!(route.auth) };
        entry.insert("auth".to_owned(), auth);
        (route.template, entry)
    }

    fn event_source(&self, event: &EventSource) -> Entry {
        let mut entry = of_subject(&event.subject);
        entry.insert("kind".to_owned(), json!(event.kind));
        entry.insert("source".to_owned(), event.source.as_ref().map_or(Json::Null, reference));
        (event.template, entry)
    }

    fn statement(&self, statement: &Statement) -> Entry {
        let mut entry = of_subject(&statement.subject);
        entry.insert("effect".to_owned(), json!(if statement.allow { "Allow" } else { "Deny" }));
        entry.insert("actions".to_owned(), values(&statement.actions));
        entry.insert("resources".to_owned(), values(&statement.resources));
        if statement.not_action {
            entry.insert("not_action".to_owned(), json!(true));
        }
        if statement.not_resource {
            entry.insert("not_resource".to_owned(), json!(true));
        }
        (statement.template, entry)
    }

    fn managed_policy(&self, policy: &ManagedPolicy) -> Entry {
        let mut entry = of_subject(&policy.subject);
        entry.insert("arn".to_owned(), json!(policy.arn));
        (policy.template, entry)
    }

    fn invoke_permission(&self, permission: &InvokePermission) -> Entry {
        let fields = [
            ("function", reference(&permission.function)),
            ("principal", json!(permission.principal)),
            ("source", permission.source.as_ref().map_or(Json::Null, reference)),
        ];
        (permission.template, entry(fields))
    }

    fn resource_policy(&self, policy: &ResourcePolicy) -> Entry {
        let fields = [
            ("resource", reference(&policy.resource)),
            ("principal", json!(policy.principal)),
            ("actions", json!(policy.actions)),
        ];
        (policy.template, entry(fields))
    }

    fn state_machine(&self, machine: &StateMachine) -> Entry {
        let fields = [
            ("id", json!(machine.id.text)),
            ("type", value(machine.kind.as_ref())),
            ("definition", json!(if machine.inline { "inline" } else { "s3" })),
            ("tracing", value(machine.tracing.as_ref())),
            ("logging", value(machine.logging.as_ref())),
            ("condition", json!(machine.condition.as_ref().map(|name| &name.text))),
        ];
        (machine.template, entry(fields))
    }

    fn task(&self, task: &Task) -> Entry {
        let mut entry = entry([
            ("state_machine", json!(task.state_machine)),
            ("state", json!(task.state.text)),
            ("resource", json!(task.resource)),
        ]);
        entry.insert("target".to_owned(), task.target.as_ref().map_or(Json::Null, reference));
        (task.template, entry)
    }

    fn layer(&self, layer: &Layer) -> Entry {
        let fields = [
            ("id", json!(layer.id.text)),
            ("compatible_runtimes", values(&layer.compatible_runtimes)),
            ("retention", json!(layer.retention)),
        ];
        (layer.template, entry(fields))
    }

    fn table(&self, table: &Table) -> Entry {
        let key = |key: &super::TableKey| json!({ "name": key.name, "type": key.kind, "key": key.role });
        let fields = [
            ("id", json!(table.id.text)),
            ("keys", table.keys.iter().map(key).collect()),
            ("billing_mode", value(table.billing_mode.as_ref())),
            ("stream", json!(table.stream)),
            ("sse", json!(table.encrypted)),
            ("pitr", json!(table.point_in_time_recovery)),
            ("table_name", value(table.table_name.as_ref())),
        ];
        (table.template, entry(fields))
    }

    fn connector(&self, connector: &Connector) -> Entry {
        let fields = [
            ("source", reference(&connector.source)),
            ("destination", reference(&connector.destination)),
            ("permissions", json!(connector.permissions)),
        ];
        (connector.template, entry(fields))
    }

    fn function_url(&self, url: &FunctionUrl) -> Entry {
        let fields = [
            ("function", reference(&url.function)),
            ("auth_type", value(url.auth_type.as_ref())),
            ("invoke_mode", value(url.invoke_mode.as_ref())),
            ("cors", json!(url.cors)),
        ];
        (url.template, entry(fields))
    }

    fn data_source(&self, source: &DataSource) -> Entry {
        let fields = [
            ("api", reference(&source.api)),
            ("name", json!(source.name)),
            ("type", json!(source.kind)),
            ("target", source.target.as_ref().map_or(Json::Null, reference)),
        ];
        (source.template, entry(fields))
    }

    fn resolver(&self, resolver: &Resolver) -> Entry {
        let fields = [
            ("api", reference(&resolver.api)),
            ("type", json!(resolver.kind)),
            ("field", json!(resolver.field)),
            ("data_sources", json!(resolver.data_sources)),
        ];
        (resolver.template, entry(fields))
    }

    fn application(&self, application: &Application) -> Entry {
        let location = application.location.map(|location| self.path_of(location));
        (application.template, entry([("id", json!(application.id.text)), ("location", json!(location))]))
    }

    fn path_of(&self, id: TemplateId) -> Option<&str> {
        self.graph.templates.get(id.0).map(|template| template.path.as_str())
    }

    fn pointer_to(&self, template: TemplateId, value: Option<&Value>) -> Json {
        value.map_or(Json::Null, |value| self.pointer(template, value))
    }

    /// A value that names another resource: its logical id where it is a plain reference to one of the
    /// template, else its text.
    fn pointer(&self, template: TemplateId, value: &Value) -> Json {
        match self.graph.templates.get(template.0) {
            Some(template) => reference(&super::link::reference_in(template, value)),
            None => json!(value.text()),
        }
    }
}

/// Fields that are set.
fn entry<const N: usize>(fields: [(&str, Json); N]) -> Object<String, Json> {
    fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn of_subject(subject: &Subject) -> Object<String, Json> {
    match subject {
        Subject::Function(id) => entry([("function", json!(id))]),
        Subject::StateMachine(id) => entry([("state_machine", json!(id))]),
    }
}

fn reference(reference: &Reference) -> Json {
    match reference {
        Reference::Resource(text) | Reference::Text(text) => json!(text),
    }
}

fn kind(kind: ApiKind) -> &'static str {
    match kind {
        ApiKind::Rest => "rest",
        ApiKind::Http => "http",
        ApiKind::WebSocket => "websocket",
    }
}

fn target(target: &Target) -> Json {
    match target {
        Target::Function(id) => json!({ "kind": "function", "id": reference(id) }),
        Target::Service { action, resource } => {
            json!({ "kind": "service", "id": action, "resource": resource.as_ref().map(reference) })
        }
        Target::Http(url) => json!({ "kind": "http", "id": url }),
        Target::Mock => json!({ "kind": "mock" }),
        Target::None => json!({ "kind": "none" }),
    }
}

fn values(values: &[Value]) -> Json {
    values.iter().map(|one| value(Some(one))).collect()
}

/// A plain value as it is, anything else as text.
fn value(value: Option<&Value>) -> Json {
    match value {
        None => Json::Null,
        Some(value) => match &value.kind {
            ValueKind::Null | ValueKind::Bool(_) | ValueKind::Number(_) | ValueKind::String(_) => {
                value.to_json()
            }
            _ => json!(value.text()),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::evidence::Certainty;
    use crate::graph::{SourceState, link};
    use crate::source::Span;
    use crate::summary::{Action, Effect, Shape, Summary, Symbol, Times};
    use crate::template::parse;

    const ONE: &str = "
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      MemorySize: 512
      Runtime: !Ref Runtime
      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Queue.Arn}
      Events:
        A: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn, BatchSize: 1}}
        B: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn, BatchSize: 2}}
        C: {Type: HttpApi}
";

    fn graph(texts: &[(&str, &str)]) -> (Sources, Graph) {
        let texts = texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let sources = Sources::in_memory(texts);
        let templates = sources.ids().filter_map(|id| parse(&sources, id).0).collect();
        let (graph, _) = link(templates, &sources);
        (sources, graph)
    }

    #[test]
    fn entries_stand_alone_and_are_written_once() {
        let (sources, graph) = graph(&[("a.yaml", ONE)]);
        let json = graph_json(&graph, &sources);
        assert_eq!(json["version"], 1);
        let function = &json["functions"][0];
        assert_eq!((&function["memory_mb"], &function["runtime"]), (&json!(512), &json!("${Runtime}")));
        assert_eq!((&function["dlq_target"], &function["template"]), (&json!("Queue"), &json!("a.yaml")));
        assert_eq!(function.get("calls"), None);
        assert_eq!(json["event_sources"], json!([{"function": "Work", "kind": "sqs", "source": "Queue"}]));
        let route = json!({
            "api": "ServerlessHttpApi", "api_kind": "http", "method": "ANY", "path": "$default",
            "target": {"kind": "function", "id": "Work"}, "auth": null
        });
        assert_eq!(json["routes"], json!([route]));
    }

    #[test]
    fn of_several_templates_every_entry_names_its_own() {
        let (sources, graph) = graph(&[("a.yaml", ONE), ("b/t.yaml", ONE)]);
        let json = graph_json(&graph, &sources);
        let templates = |list: &str| -> Vec<&str> {
            json[list]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|entry| entry["template"].as_str())
                .collect()
        };
        assert_eq!(templates("event_sources"), ["a.yaml", "b/t.yaml"]);
        assert_eq!(templates("functions"), ["a.yaml", "b/t.yaml"]);
    }

    #[test]
    fn behaviour_tells_calls_and_what_they_act_on() {
        let (sources, mut graph) = graph(&[("a.yaml", ONE), ("app.py", "x\ny\n")]);
        let span = Span::new(sources.find("app.py").expect("given"), 2, 3);
        let effect = |action: Action, on: Symbol, times: Times| Effect {
            action,
            on,
            input: Shape::Unknown,
            times,
            certainty: Certainty::Must,
            let_go: false,
            span,
            stack: Vec::new(),
        };
        let send = Action::Aws { service: "sqs".into(), operation: "SendMessage".into() };
        let behaviour = &mut graph.functions[0].behaviour;
        behaviour.state = SourceState::Found;
        behaviour.file = Some("app.py".into());
        behaviour.targets = vec![Some(Reference::Resource("Queue".into()))];
        behaviour.summary = Some(Arc::new(Summary {
            entry: span,
            effects: vec![
                effect(send.clone(), Symbol::Env("QUEUE_URL".into()), Times::Many),
                effect(send, Symbol::Env("OTHER".into()), Times::Init),
                effect(
                    Action::Http { method: None },
                    Symbol::Name("https://a.example/x".into()),
                    Times::Once,
                ),
            ],
            paths: Vec::new(),
            all_paths: true,
            env_reads: Vec::new(),
            event_reads: Vec::new(),
            inner_routes: Vec::new(),
            inits: Vec::new(),
            imports: Vec::new(),
            signs: Vec::new(),
            variables: Vec::new(),
            unknowns: Vec::new(),
        }));
        let json = graph_json(&graph, &sources);
        let function = &json["functions"][0];
        let call = |resource: &str, times: &str| {
            json!({"service": "sqs", "operation": "SendMessage", "resource": resource, "certainty": "must",
                   "times": times, "file": "app.py", "line": 2})
        };
        assert_eq!(function["calls"], json!([call("Queue", "many"), call("env:OTHER", "init")]));
        assert_eq!(function["effects"], json!(["http:a.example"]));
        assert_eq!((&function["source"], &function["followed"]), (&json!("found"), &json!(false)));
    }
}
