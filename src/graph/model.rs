//! What the application would contain once deployed, as typed facts; and the relations among them.
//!
//! The lists hold the facts, each self-contained and in the order of the templates. `relations` ties
//! them together for questions about paths: who reaches what, which cycles there are. Values are
//! kept as written, so a rule can evaluate them in the worlds it asks about.

use std::collections::BTreeMap;
use std::sync::Arc;

use petgraph::graph::DiGraph;

use crate::evidence::Evidence;
use crate::outline::Outline;
use crate::source::{SourceId, Span};
use crate::summary::Summary;
use crate::template::{Name, Template, Value};

/// Index into [`Graph::templates`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateId(pub usize);

#[derive(Debug, Default)]
pub struct Graph {
    pub templates: Vec<Template>,
    pub functions: Vec<Function>,
    pub apis: Vec<Api>,
    pub routes: Vec<Route>,
    pub event_sources: Vec<EventSource>,
    pub statements: Vec<Statement>,
    pub managed_policies: Vec<ManagedPolicy>,
    pub invoke_permissions: Vec<InvokePermission>,
    pub resource_policies: Vec<ResourcePolicy>,
    pub state_machines: Vec<StateMachine>,
    pub tasks: Vec<Task>,
    pub layers: Vec<Layer>,
    pub tables: Vec<Table>,
    pub connectors: Vec<Connector>,
    pub function_urls: Vec<FunctionUrl>,
    pub data_sources: Vec<DataSource>,
    pub resolvers: Vec<Resolver>,
    pub applications: Vec<Application>,
    pub relations: DiGraph<Node, Edge>,
    /// The code of functions as a search for copies sees it: of files that are the project's own.
    pub outlines: BTreeMap<SourceId, Arc<Outline>>,
}

/// What a value points at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// A resource of the same template, by logical id; also the implicit APIs.
    Resource(String),
    /// Something outside, as text in `Fn::Sub` style: an ARN, a name, `${Parameter}`.
    Text(String),
}

/// A Lambda function, whichever resource type declares it.
#[derive(Clone, Debug)]
pub struct Function {
    pub template: TemplateId,
    pub id: Name,
    pub runtime: Option<Value>,
    pub handler: Option<Value>,
    pub memory: Option<Value>,
    pub timeout: Option<Value>,
    pub ephemeral_storage: Option<Value>,
    pub package_type: Option<Value>,
    pub code: Code,
    /// In order, Globals first.
    pub layers: Vec<Value>,
    pub environment: Vec<(Name, Value)>,
    pub tracing: Option<Value>,
    pub reserved_concurrency: Option<Value>,
    pub provisioned_concurrency: Option<Value>,
    pub alias: Option<Value>,
    pub architectures: Vec<Value>,
    pub vpc: Option<Value>,
    /// Target of the dead-letter configuration.
    pub dead_letter: Option<Value>,
    /// Destinations of asynchronous invocation. A generated queue or topic has no target.
    pub on_success: Option<Value>,
    pub on_failure: Option<Value>,
    pub snap_start: Option<Value>,
    pub kms_key: Option<Value>,
    pub capacity_provider: Option<Value>,
    pub file_systems: usize,
    /// Only where the template gives the role.
    pub role: Option<Value>,
    pub condition: Option<Name>,
    /// What the code does; filled when handlers are linked.
    pub behaviour: Behaviour,
}

/// Where a function's code is, as the template says.
#[derive(Clone, Debug)]
pub enum Code {
    Inline(Value),
    /// `CodeUri`, `Code`, or nothing.
    Package(Option<Value>),
    Image(Option<Value>),
}

/// What is known of a function's code.
#[derive(Clone, Debug, Default)]
pub struct Behaviour {
    pub state: SourceState,
    /// Path of the handler's file, relative to the root.
    pub file: Option<String>,
    /// Function or method in it.
    pub function: Option<String>,
    pub summary: Option<Arc<Summary>>,
    /// Why there is no summary, where the code was found.
    pub unread: Option<Unread>,
    /// What each effect of the summary acts on, after linking; in the order of its effects.
    pub targets: Vec<Option<Reference>>,
    /// The local modules its code consists of, its layers' included; the handler's own first.
    pub modules: Vec<SourceId>,
}

/// Why code that was found has no summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// No front end reads its language.
    Language,
    /// Its file cannot be read, and why.
    File(String),
    /// Its module does not export the handler.
    NotExported {
        /// The name is somewhere in the module: it may be exported in a way that was not seen.
        spelled: bool,
    },
    /// A fault of slslint.
    Fault,
}

impl Unread {
    pub fn why(&self) -> String {
        match self {
            Self::Language => "its language is not read yet".to_owned(),
            Self::File(why) => format!("the file cannot be read: {why}"),
            Self::NotExported { .. } => "the file does not export it".to_owned(),
            Self::Fault => "it could not be analysed".to_owned(),
        }
    }
}

/// Whether the code behind a handler is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SourceState {
    /// Handlers were not looked at.
    #[default]
    NotRead,
    Found,
    Inline,
    /// It lives elsewhere, and why: an object in S3, a prebuilt image.
    NotAvailable(String),
    /// It should be here and is not; the places that were tried.
    Missing(Vec<String>),
}

impl SourceState {
    /// Why there is nothing to read.
    pub fn why(&self) -> Option<String> {
        match self {
            Self::NotRead => Some("its code was not looked at".to_owned()),
            Self::Found | Self::Inline => None,
            Self::NotAvailable(why) => Some(format!("its code is not here: {why}")),
            Self::Missing(tried) => Some(format!("its code was not found; looked at {}", tried.join(", "))),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApiKind {
    Rest,
    Http,
    WebSocket,
}

#[derive(Clone, Debug)]
pub struct Api {
    pub template: TemplateId,
    pub id: String,
    /// The resource's key; for an implicit API the first event that makes it.
    pub span: Span,
    pub kind: ApiKind,
    pub implicit: bool,
    pub authorizers: Vec<String>,
    pub condition: Option<Name>,
}

#[derive(Clone, Debug)]
pub struct Route {
    pub template: TemplateId,
    pub api: Reference,
    pub api_kind: ApiKind,
    /// Upper case; `ANY` for all.
    pub method: String,
    /// As written; `$default`; the route key of a WebSocket API.
    pub path: String,
    pub target: Target,
    /// Names of what the caller must pass; empty for nothing.
    pub auth: Vec<String>,
    /// The event, operation or resource that makes the route.
    pub span: Span,
    /// Id of the event that makes it, where one does.
    pub event: Option<Name>,
    pub patience: Patience,
    /// Mapping templates make what its function gets, and the answer of what it returns: a custom
    /// integration, where others hand on the request and the answer as they are.
    pub templated: bool,
}

/// How long a route waits for what it reaches.
#[derive(Clone, Debug, Default)]
pub struct Patience {
    /// The timeout of the integration in milliseconds, where it is set.
    pub millis: Option<Value>,
    /// The answer is streamed, so the usual limits do not hold.
    pub streams: bool,
}

/// What a route reaches.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    Function(Reference),
    /// A direct integration: `states:StartExecution`, and what it acts on.
    Service {
        action: String,
        resource: Option<Reference>,
    },
    Http(String),
    Mock,
    None,
}

/// What runs: a function or a state machine of the template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    Function(String),
    StateMachine(String),
}

/// What invokes a function or a state machine, except APIs.
#[derive(Clone, Debug)]
pub struct EventSource {
    pub template: TemplateId,
    pub subject: Subject,
    /// `sqs`, `kinesis`, `dynamodb`, `s3`, `sns`, `schedule`, `eventbridge`, ...: the published names.
    pub kind: &'static str,
    /// Queue, stream, topic, ...; `schedule`: the expression; `eventbridge`: the bus or `default`.
    pub source: Option<Reference>,
    /// The event's own settings (batch size, filters, failure destinations), as merged.
    pub properties: Value,
    pub span: Span,
    pub event: Option<Name>,
}

/// A statement of an identity policy of a role.
#[derive(Clone, Debug)]
pub struct Statement {
    pub template: TemplateId,
    pub subject: Subject,
    pub allow: bool,
    pub actions: Vec<Value>,
    pub resources: Vec<Value>,
    /// The lists are exclusions.
    pub not_action: bool,
    pub not_resource: bool,
    pub condition: Option<Value>,
    /// Conditions of the template under which it is there, and whether they are true.
    pub when: Vec<(Name, bool)>,
    /// Where the permission comes from.
    pub origin: Origin,
    pub span: Span,
}

/// Who wrote a permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A statement in the template.
    Written,
    /// A SAM policy template, by name.
    PolicyTemplate(String),
    /// A connector, by logical id.
    Connector(String),
    /// Added by the platform (dead-letter queues, destinations, brokers, tracing).
    Platform,
}

#[derive(Clone, Debug)]
pub struct ManagedPolicy {
    pub template: TemplateId,
    pub subject: Subject,
    /// ARN or bare name, in `Fn::Sub` style.
    pub arn: String,
    /// Conditions of the template under which it is there, and whether they are true.
    pub when: Vec<(Name, bool)>,
    pub origin: Origin,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct InvokePermission {
    pub template: TemplateId,
    pub function: Reference,
    pub principal: String,
    pub source: Option<Reference>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct ResourcePolicy {
    pub template: TemplateId,
    pub resource: Reference,
    pub allow: bool,
    pub principal: String,
    pub actions: Vec<String>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct StateMachine {
    pub template: TemplateId,
    pub id: Name,
    pub kind: Option<Value>,
    /// The definition is in the template or in a local file that was read.
    pub inline: bool,
    pub tracing: Option<Value>,
    pub logging: Option<Value>,
    pub role: Option<Value>,
    pub condition: Option<Name>,
    /// The definition after substitutions, where it could be read.
    pub definition: Option<Value>,
}

/// A state that calls something.
#[derive(Clone, Debug)]
pub struct Task {
    pub template: TemplateId,
    pub state_machine: String,
    pub state: Name,
    /// The `Resource` as text: `arn:aws:states:::lambda:invoke`, a function's ARN.
    pub resource: String,
    pub target: Option<Reference>,
    /// The function of another template that it calls, by its id there.
    pub elsewhere: Option<(TemplateId, String)>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Layer {
    pub template: TemplateId,
    pub id: Name,
    pub compatible_runtimes: Vec<Value>,
    pub compatible_architectures: Vec<Value>,
    pub retention: Option<String>,
    pub content: Option<Value>,
}

#[derive(Clone, Debug)]
pub struct Table {
    pub template: TemplateId,
    pub id: Name,
    pub keys: Vec<TableKey>,
    pub billing_mode: Option<Value>,
    pub stream: bool,
    pub encrypted: bool,
    pub point_in_time_recovery: bool,
    pub table_name: Option<Value>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableKey {
    pub name: String,
    /// `S`, `N`, `B`.
    pub kind: String,
    /// `HASH`, `RANGE`.
    pub role: String,
}

#[derive(Clone, Debug)]
pub struct Connector {
    pub template: TemplateId,
    pub source: Reference,
    pub destination: Reference,
    pub permissions: Vec<String>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct FunctionUrl {
    pub template: TemplateId,
    pub function: Reference,
    pub auth_type: Option<Value>,
    pub invoke_mode: Option<Value>,
    pub cors: bool,
    pub span: Span,
}

/// A data source of a GraphQL API.
#[derive(Clone, Debug)]
pub struct DataSource {
    pub template: TemplateId,
    pub api: Reference,
    pub name: String,
    pub kind: String,
    pub target: Option<Reference>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Resolver {
    pub template: TemplateId,
    pub api: Reference,
    /// `Query`, `Mutation`, ...
    pub kind: String,
    pub field: String,
    /// Names of the data sources it uses.
    pub data_sources: Vec<String>,
    pub span: Span,
}

/// A nested application or stack.
#[derive(Clone, Debug)]
pub struct Application {
    pub template: TemplateId,
    pub id: Name,
    /// The local template it deploys.
    pub location: Option<TemplateId>,
    pub parameters: Vec<(Name, Value)>,
}

/// A node of [`Graph::relations`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A resource (or implicit API) of a template.
    Resource(TemplateId, String),
    /// A route, by index into [`Graph::routes`].
    Route(usize),
    /// A state that calls something, by index into [`Graph::tasks`].
    Task(usize),
    /// Something outside all templates, by its text.
    External(String),
}

#[derive(Clone, Debug)]
pub struct Edge {
    pub relation: Relation,
    pub evidence: Evidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// API to route, state machine to state.
    Contains,
    /// Route, queue, topic, rule, ... to what it runs.
    Triggers,
    /// Route or state to a service resource it acts on without a function.
    Calls,
    /// Function to function or state machine.
    Invokes,
    Reads,
    Writes,
    /// Function to queue, topic, bus, stream.
    Sends,
    /// Function to dead-letter queue or destination.
    FailsTo,
    /// Function to layer.
    Uses,
    /// Function to role.
    Assumes,
    /// Any other `Ref`, `GetAtt` or `DependsOn`.
    References,
}
