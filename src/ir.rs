//! The common form of handler code: what every front end writes and the interpreter reads.
//!
//! A structured tree of statements and expressions, small enough that a language is one file and
//! rich enough that a call, its arguments and its surroundings are still seen. A front end only
//! translates: it knows neither AWS nor Lambda. What a language writes in its own way is lowered
//! here (`with`, `switch`, `match`, destructuring, decorators, `export`), so the interpreter never
//! asks which language it reads.
//!
//! Scopes: a name belongs to the innermost function (or module) whose `locals` list it, else to the
//! enclosing one, else it is a global of the language. Front ends with block scopes rename an inner
//! name that shadows another in the same function (`x`, `x#2`), so functions are the only scopes.

#[cfg(test)]
pub mod laws;
#[cfg(test)]
pub mod print;
pub mod walk;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::{SourceId, Span};
use rustc_hash::FxHashMap;

/// One parsed source file.
#[derive(Clone, Debug)]
pub struct Module {
    pub source: SourceId,
    pub language: Language,
    /// Names bound at the top level, in order of first binding.
    pub locals: Vec<String>,
    pub body: Vec<Statement>,
    /// What other modules see.
    pub exports: Exports,
    /// Parts that could not be parsed and were cut out.
    pub broken: Vec<Span>,
}

/// Which language a module was written in; for messages, and for globals like `process` or `os`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    Python,
    JavaScript,
}

/// What an import of a module gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exports {
    /// Its top-level names (Python).
    Locals,
    /// The object that [`ExpressionKind::Exports`] names (JavaScript, both module systems; the
    /// default export is the member `default`).
    Object,
}

#[derive(Clone, Debug)]
pub struct Statement {
    pub span: Span,
    pub kind: StatementKind,
}

#[derive(Clone, Debug)]
pub enum StatementKind {
    Expression(Expression),
    /// `target = value`; also definitions of functions and classes, and imports.
    Assign {
        target: Pattern,
        value: Expression,
    },
    /// `delete target` / `del target`.
    Delete(Expression),
    If {
        test: Expression,
        then: Vec<Statement>,
        otherwise: Vec<Statement>,
    },
    /// `for pattern of iterable`; `is_async` for `async for` and `for await`.
    ForEach {
        pattern: Pattern,
        iterable: Expression,
        body: Vec<Statement>,
        otherwise: Vec<Statement>,
    },
    /// Every other loop. `update` is the third part of a C-like `for`; `body` runs at least once
    /// where `at_least_once` (do-while).
    While {
        test: Expression,
        body: Vec<Statement>,
        update: Vec<Statement>,
        otherwise: Vec<Statement>,
        at_least_once: bool,
    },
    Try {
        body: Vec<Statement>,
        catches: Vec<Catch>,
        otherwise: Vec<Statement>,
        finally: Vec<Statement>,
    },
    /// `with value as pattern: body`: enters, runs, leaves whatever happens.
    With {
        value: Expression,
        pattern: Option<Pattern>,
        body: Vec<Statement>,
    },
    Return(Option<Expression>),
    /// `raise`, `throw`; without a value: the error at hand again.
    Raise(Option<Expression>),
    Break,
    Continue,
    /// A construct that was not translated, and why in a few words.
    Unknown(&'static str),
}

/// An `except` or `catch` clause.
#[derive(Clone, Debug)]
pub struct Catch {
    pub span: Span,
    /// Error classes it takes; empty takes all.
    pub types: Vec<Expression>,
    pub pattern: Option<Pattern>,
    pub body: Vec<Statement>,
}

/// What a value is bound to.
#[derive(Clone, Debug)]
pub struct Pattern {
    pub span: Span,
    pub kind: PatternKind,
}

#[derive(Clone, Debug)]
pub enum PatternKind {
    Name(String),
    /// `object.name = ...` and `object[key] = ...`: any place expression.
    Place(Expression),
    /// `[a, b, ...rest]`, `a, b = ...`. A hole is `None`.
    List {
        items: Vec<Option<Pattern>>,
        rest: Option<Box<Pattern>>,
    },
    /// `{a, b: c, ...rest}`.
    Object {
        entries: Vec<(Expression, Pattern)>,
        rest: Option<Box<Pattern>>,
    },
    /// `pattern = default`.
    Default {
        pattern: Box<Pattern>,
        default: Box<Expression>,
    },
}

#[derive(Clone, Debug)]
pub struct Expression {
    pub span: Span,
    pub kind: ExpressionKind,
}

#[derive(Clone, Debug)]
pub enum ExpressionKind {
    Null,
    Bool(bool),
    /// As written, without separators and suffixes: `1000`, `0.5`, `255` for `0xff`.
    Number(String),
    /// After escapes.
    String(String),
    /// Strings built of parts: f-strings, template literals. Parts are any expressions.
    Template(Vec<Expression>),
    Name(String),
    /// `object.name`, `object?.name`.
    Member {
        object: Box<Expression>,
        name: String,
        name_span: Span,
        optional: bool,
    },
    /// `object[key]`, `object?.[key]`.
    Index {
        object: Box<Expression>,
        key: Box<Expression>,
        optional: bool,
    },
    /// `object[from:to:step]`.
    Slice {
        object: Box<Expression>,
        bounds: Vec<Option<Expression>>,
    },
    /// A call; `new` where the language says so (in Python a call of a class is a plain call).
    Call {
        callee: Box<Expression>,
        arguments: Vec<Argument>,
        new: bool,
        optional: bool,
    },
    /// Lists, tuples, sets, arrays.
    List(Vec<Element>),
    /// Dictionaries and objects, in order.
    Object(Vec<Property>),
    Function(Box<Function>),
    Class(Box<Class>),
    Unary {
        operator: UnaryOperator,
        operand: Box<Expression>,
    },
    Binary {
        operator: BinaryOperator,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    /// Short-circuit operators.
    Logical {
        operator: LogicalOperator,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    Conditional {
        test: Box<Expression>,
        then: Box<Expression>,
        otherwise: Box<Expression>,
    },
    /// A list (or set, dictionary, generator) made from others: clauses from outside in. For
    /// dictionaries `element` is a two-item list and `dictionary` is set.
    Comprehension {
        element: Box<Expression>,
        clauses: Vec<Clause>,
        dictionary: bool,
    },
    /// An assignment used as a value.
    Assign {
        target: Box<Pattern>,
        value: Box<Expression>,
    },
    Await(Box<Expression>),
    Yield(Option<Box<Expression>>),
    /// A module, by the text of its import: `from .db import x` is a member `x` of `.db`, which may
    /// be the module `.db.x`. `import a.b` assigns `a` to `a` and `a.b` to the place `a.b`.
    /// `from x import *` is the pattern `{...*}`: it binds the name `*`, and a name that no scope
    /// lists may be a member of any value that `*` was bound to, the last one first.
    Import(Import),
    /// The object a module exports, see [`Exports::Object`].
    Exports,
    /// The instance a method runs on (`this`; in Python the first parameter is an ordinary one).
    This,
    /// The parent class's view of the instance.
    Super,
    Regex(String),
    /// A construct that was not translated, and why in a few words.
    Unknown(&'static str),
}

/// A reference to another module, as written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Import {
    /// `./db`, `@aws-sdk/client-s3`; in Python dotted, leading dots for relative: `..lib.db`.
    pub module: String,
    /// The default export is asked for by name elsewhere; this says that the whole may stand for it
    /// (`import x from`, `require`), which differs between module systems.
    pub interop: bool,
}

#[derive(Clone, Debug)]
pub struct Argument {
    pub kind: ArgumentKind,
    pub value: Expression,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    Positional,
    Named(String),
    /// `*list`, `...list`.
    Spread,
    /// `**dictionary`.
    SpreadNamed,
}

#[derive(Clone, Debug)]
pub enum Element {
    One(Expression),
    Spread(Expression),
}

#[derive(Clone, Debug)]
pub enum Property {
    /// Key (any expression; `{a}` has the key string `a`) and value.
    Pair(Expression, Expression),
    Spread(Expression),
}

/// One `for ... in ... if ...` of a comprehension.
#[derive(Clone, Debug)]
pub struct Clause {
    pub pattern: Pattern,
    pub iterable: Expression,
    pub conditions: Vec<Expression>,
}

/// A function, method, lambda or arrow function.
#[derive(Clone, Debug)]
pub struct Function {
    pub span: Span,
    /// The name in its definition, with its place.
    pub name: Option<(String, Span)>,
    pub parameters: Vec<Parameter>,
    /// Names bound inside, parameters included.
    pub locals: Vec<String>,
    pub body: Vec<Statement>,
    pub is_async: bool,
    pub is_generator: bool,
    /// Outermost first; each is called with the function and gives what the name is bound to.
    pub decorators: Vec<Expression>,
    /// Arrow functions take `this` from outside.
    pub own_this: bool,
}

#[derive(Clone, Debug)]
pub struct Parameter {
    pub pattern: Pattern,
    pub kind: ParameterKind,
    /// Also a decorator of the parameter, which says where a value comes from that is not given.
    pub default: Option<Expression>,
    /// A declared type, where it is a plain or dotted name: `TodoRepository`, `Session`.
    pub annotation: Option<Expression>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    Plain,
    NamedOnly,
    /// `*args`, `...rest`.
    Rest,
    /// `**kwargs`.
    RestNamed,
}

#[derive(Clone, Debug)]
pub struct Class {
    pub span: Span,
    pub name: Option<(String, Span)>,
    pub bases: Vec<Expression>,
    pub members: Vec<Member>,
    pub decorators: Vec<Expression>,
}

#[derive(Clone, Debug)]
pub struct Member {
    pub name: String,
    pub span: Span,
    pub kind: MemberKind,
    pub value: Option<Expression>,
    /// A declared type of a field, where it is a plain or dotted name; its text where it is made of parts.
    pub annotation: Option<Expression>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// Called with the instance: as `this`, or as first parameter where `own_this` is not set.
    Method,
    /// Called with the class or with nothing.
    StaticMethod,
    ClassMethod,
    /// Runs when the instance is made (`constructor`, `__init__`).
    Constructor,
    /// Read like a field (`get x()`, `@property`).
    Getter,
    Setter,
    /// Evaluated for each instance, before the constructor's body.
    Field,
    /// Evaluated once, with the class.
    StaticField,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    Not,
    Minus,
    Plus,
    BitNot,
    TypeOf,
    Void,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
    /// `==`, `===`, `is`.
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    /// `in`: left is an element or key of right.
    In,
    NotIn,
    /// `instanceof`, `isinstance` as a call stays a call.
    InstanceOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogicalOperator {
    And,
    Or,
    /// `??`.
    NullOr,
}

/// All local code one handler can reach, ready to be interpreted.
#[derive(Clone, Debug)]
pub struct Program {
    pub modules: BTreeMap<SourceId, Arc<Module>>,
    /// Where each import of each module leads.
    pub links: FxHashMap<(SourceId, String), Target>,
    pub entry: Entry,
}

/// Where an import leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A module of the program.
    Local(SourceId),
    /// A package that is not part of the project, by the full text of the import (`boto3`,
    /// `@aws-sdk/client-s3`, `aws_lambda_powertools.event_handler`).
    Package(String),
    /// A relative import, or a local file, that is not there.
    Missing,
}

/// The exported handler, as the runtime finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub source: SourceId,
    /// Members from the module's exports on: `["handler"]`, `["Api", "handle"]`; empty for a module
    /// that is itself the program (inner router started by `run.sh`).
    pub export: Vec<String>,
}
