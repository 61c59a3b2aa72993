//! What a handler does, as plain data: the waist between code and template.
//!
//! A summary is like an object file. It depends on nothing but its own code, so names that only the
//! template knows stay open: `Symbol::Env("TABLE_NAME")`. The linker resolves them.
//!
//! `Serialize` is here for the cache alone; the published form is the graph's.

pub mod coding;
mod constants;
pub mod print;
mod spans;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::evidence::Certainty;
use crate::source::Span;

/// Everything that is known of one exported handler.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The handler's definition.
    pub entry: Span,
    /// Every effect that some path can reach, once per call site; [`EffectId`] is the index.
    pub effects: Vec<Effect>,
    /// What one invocation can do. Empty where the handler could not be entered.
    pub paths: Vec<Path>,
    /// No path was left out, and each was followed to its end.
    pub all_paths: bool,
    pub env_reads: Vec<EnvRead>,
    pub event_reads: Vec<EventRead>,
    /// Routes of a router inside the function.
    pub inner_routes: Vec<InnerRoute>,
    /// Clients and connections, with where they are built.
    pub inits: Vec<Init>,
    pub imports: Vec<Import>,
    /// Which of the table's words (`aws::permission_use`) the code has in a name, a text or an import:
    /// calls may hide behind them. Sorted.
    pub signs: Vec<String>,
    /// Names in the code that may be those of environment variables, read or not. Sorted.
    pub variables: Vec<String>,
    /// What was not followed. Empty: every path was followed to its end.
    pub unknowns: Vec<Unknown>,
}

impl Summary {
    /// Whether every call the handler can make is known: some path ends, and nothing hides where the
    /// interpreter stopped.
    pub fn is_followed(&self) -> bool {
        !self.paths.is_empty() && !self.unknowns.iter().any(|unknown| unknown.may_have_effects)
    }

    pub fn effect(&self, id: EffectId) -> Option<&Effect> {
        self.effects.get(id.index())
    }
}

/// Index into [`Summary::effects`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EffectId(pub u32);

impl EffectId {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One way through the handler.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Path {
    /// What must hold for this path, in the order it was asked. Paths that begin alike share them.
    pub when: Vec<Arc<Condition>>,
    /// In the order they happen; module initialisation is not repeated here.
    pub effects: Vec<EffectId>,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    Returns(Shape, Span),
    /// Raises an error, with its class and message where they are known.
    Raises {
        class: Option<String>,
        message: Option<Shape>,
        span: Span,
    },
    /// Ends where the interpreter stopped; the reason is among the unknowns.
    Unknown,
}

/// A thing that leaves the function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    pub action: Action,
    /// What it acts on: table, queue, bucket, function, host, path, ...
    pub on: Symbol,
    /// The input of the call as the AWS API (or the library) takes it.
    pub input: Shape,
    pub times: Times,
    /// Over all paths of the handler.
    pub certainty: Certainty,
    /// Where it fails, the handler may go on all the same.
    pub let_go: bool,
    /// The call itself.
    pub span: Span,
    /// The calls that lead there from the handler, outermost first.
    pub stack: Vec<Span>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Action {
    /// An AWS API operation: service by its command line name, operation as the API spells it.
    Aws {
        service: String,
        operation: String,
    },
    /// A request to some host.
    Http {
        method: Option<String>,
    },
    /// A query to a database of this kind: `postgres`, `mysql`, `redis`, `mongodb`, ...
    Database(String),
    Email,
    FileRead,
    FileWrite,
    /// Another program.
    Process,
    /// Waiting, in seconds where known.
    Sleep(Option<u32>),
    /// Logs, metrics, traces: listed so that they can be ignored.
    Telemetry,
    Random,
    Clock,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Times {
    Once,
    /// In a loop; over the items of this value where it is known.
    PerItemOf(Shape),
    Many,
    /// When the module loads.
    Init,
}

/// The names from a value to a part of it. Values are copied much more often than their parts change.
pub type Names = Arc<[String]>;

/// A name whose meaning the code alone does not settle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Symbol {
    /// A constant in the code.
    Name(String),
    Env(String),
    /// A text with open parts: `"${Env}/orders"` as pieces.
    Text(Vec<Symbol>),
    /// Part of the event: `["pathParameters", "id"]`; `[]` is the whole.
    Event(Names),
    /// Part of the Lambda context.
    Context(Names),
    /// Part of the answer to an effect: `GetParameter`'s `["Parameter", "Value"]`.
    Result(EffectId, Names),
    Unknown,
}

/// Shapes that others are made of.
pub type Parts = Arc<[Shape]>;

/// Where a value comes from and what was done to it. Values that are made of others share them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Shape {
    Unknown,
    Null,
    Bool(bool),
    Number(String),
    Symbol(Symbol),
    /// Parts put together to a text.
    Text(Parts),
    List(Parts),
    /// Entries in order; `open` where more may be there. Under the key `...`: another object whose
    /// entries are all copied in.
    Object {
        entries: Arc<[(String, Shape)]>,
        open: bool,
    },
    /// The JSON text of a value.
    Json(Arc<Shape>),
    /// The value of a JSON text.
    Parsed(Arc<Shape>),
    /// Other codings that lose nothing: `base64`, `number`, `string`, `marshall`, `unmarshall`, `uri`, ...
    Coded {
        coding: String,
        value: Arc<Shape>,
    },
    /// One of these, depending on the path.
    Choice(Parts),
    /// `value` (or, where it is absent, `default`).
    Default {
        value: Arc<Shape>,
        default: Arc<Shape>,
    },
    /// One shape per item of a list.
    Each {
        of: Arc<Shape>,
        item: Arc<Shape>,
    },
    /// The item at hand of the innermost [`Shape::Each`] or loop over `of`, and a part of it.
    Item {
        of: Arc<Shape>,
        path: Names,
    },
    /// A part of a value that is not a symbol: of the parsed body, of an unmarshalled item.
    Part {
        of: Arc<Shape>,
        path: Names,
    },
    /// A new random id (`uuid4`).
    RandomId,
    /// The time of the call, with its form (`iso`, `epoch`, `epoch-ms`, or the format).
    Now(String),
    /// Anything else made from these.
    Computed {
        operation: String,
        from: Parts,
        span: Span,
    },
}

impl Shape {
    /// Visits what it is made of, one level down.
    pub fn each_part<'s>(&'s self, mut visit: impl FnMut(&'s Self)) {
        self.all_parts(|part| {
            visit(part);
            true
        });
    }

    /// Whether `holds` for all it is made of, one level down; asks no further than the first for which not.
    #[inline]
    pub fn all_parts<'s>(&'s self, mut holds: impl FnMut(&'s Self) -> bool) -> bool {
        match self {
            Self::Text(parts) | Self::List(parts) | Self::Choice(parts) => parts.iter().all(holds),
            Self::Object { entries, .. } => entries.iter().all(|(_, value)| holds(value)),
            Self::Json(value) | Self::Parsed(value) | Self::Coded { value, .. } => holds(value),
            Self::Default { value, default } => holds(value) && holds(default),
            Self::Each { of, item } => holds(of) && holds(item),
            Self::Item { of, .. } | Self::Part { of, .. } => holds(of),
            Self::Computed { from, .. } => from.iter().all(holds),
            Self::Unknown
            | Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::Symbol(_)
            | Self::RandomId
            | Self::Now(_) => true,
        }
    }
}

/// What a branch asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    pub test: Test,
    pub holds: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Test {
    /// The value is there and not empty, zero or false.
    Truthy(Shape),
    /// The value is there (not null, not undefined).
    Present(Shape),
    /// The key is in the value.
    Has(Shape, String),
    Equal(Shape, Shape),
    /// The value is one of these.
    OneOf(Shape, Parts),
    /// The value's text starts with this.
    StartsWith(Shape, String),
    /// The effect failed, with one of these error classes (any where empty).
    Failed(EffectId, Vec<String>),
    /// Something raised an error between two places: a `catch` without a known cause.
    Raised,
    /// A list has another item.
    Iterates(Shape),
    /// Anything else asked of these.
    Other(Parts),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EnvRead {
    /// Or [`EnvRead::ANY`].
    pub name: String,
    /// A default stands by (`os.environ.get("X", "y")`, `process.env.X ?? "y"`), or absence is asked.
    pub has_default: bool,
    pub certainty: Certainty,
    pub at_init: bool,
    pub span: Span,
}

impl EnvRead {
    /// The name of a read that may concern any variable: all are handed on, or the name is computed.
    pub const ANY: &str = "*";
}

/// A part of the event that is read, by its path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventRead {
    /// `["pathParameters", "id"]`, `["Records", "*", "body"]`.
    pub path: Vec<String>,
    /// Read so that absence is an error (`event["x"]`), not `event.get("x")`.
    pub required: bool,
    /// Absence is thought of: it is asked for, or a default stands by (`event.x?.y`, `event.x || y`).
    pub has_default: bool,
    pub certainty: Certainty,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InnerRoute {
    /// Upper case; `ANY` for all.
    pub method: String,
    /// As API Gateway writes it: `/carts/{id}`.
    pub path: String,
    pub span: Span,
    /// Effects its own handler can reach.
    pub effects: Vec<EffectId>,
}

/// A client or connection that is built.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Init {
    /// Service by its command line name, or the kind of database.
    pub what: String,
    pub at_init: bool,
    /// Built anew on each invocation although nothing of the request goes into it.
    pub invariant: bool,
    /// It may have credentials that are not those of the function's role.
    pub own_credentials: bool,
    pub span: Span,
}

impl Init {
    /// What is said to be built where credentials are set for all clients.
    pub const ALL: &str = "*";
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Import {
    /// Path of a local module, or the name of a package.
    pub module: String,
    pub local: bool,
}

/// A place where the interpreter stopped, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unknown {
    pub span: Span,
    /// In a few words: "call of a function from `lodash`", "too many paths".
    pub why: String,
    /// Whether an AWS call could hide behind it; if not, only a value is lost.
    pub may_have_effects: bool,
}
