//! What the interpreter computes with: values, and the objects they may point to.
//!
//! Data of which only the origin is known is a [`Shape`]; what has identity (lists, dictionaries,
//! instances, classes, scopes) lies in the [`Heap`], so that two names for it see each other's
//! changes. Objects are shared between the paths of a handler until one of them writes.

use std::rc::Rc;

use super::variables::Variables;
use crate::ir;
use crate::source::{SourceId, Span};
use crate::summary::Shape;

pub(super) type Text = Rc<str>;

#[derive(Clone, Debug)]
pub(super) enum Value<'p> {
    Shape(Rc<Shape>),
    Object(Loc),
    Function(Rc<Closure<'p>>),
    /// A function with its receiver.
    Method(Rc<Method<'p>>),
    /// The namespace of a local module.
    Module(SourceId),
    /// Something of a package or of the language, by dotted path; `()` stands for a call:
    /// `redis.Redis().pipeline`. With the values that went into it.
    Extern(Rc<Extern<'p>>),
    Aws(Rc<Aws<'p>>),
    /// The functions that settle a promise which the code makes itself.
    Settle {
        promise: Loc,
        fails: bool,
    },
    /// A promise that failed.
    Rejected(Rc<Raised<'p>>),
    /// A function that a table describes, with values it closes over: `functools.partial(f, x)`.
    Partial(Rc<(Value<'p>, Arguments<'p>)>),
}

#[derive(Debug)]
pub(super) struct Closure<'p> {
    pub function: &'p ir::Function,
    pub frame: FrameId,
    /// The class it was defined in.
    pub home: Option<Loc>,
    /// Calls give the same answer for the life of the process (`lru_cache`).
    pub cached: bool,
    /// A context manager made of a generator: calling gives what it yields.
    pub context_manager: bool,
}

#[derive(Debug)]
pub(super) struct Method<'p> {
    pub receiver: Value<'p>,
    pub function: Value<'p>,
}

#[derive(Debug)]
pub(super) struct Extern<'p> {
    pub path: Text,
    /// Arguments of the calls in the path.
    pub arguments: Arguments<'p>,
    pub span: Option<Span>,
}

/// A value of an AWS SDK.
#[derive(Clone, Debug)]
pub(super) enum Aws<'p> {
    /// A session, or the root of an SDK which makes clients.
    Session {
        /// It may have credentials that are not those of the role.
        own_credentials: bool,
        /// Something of the request goes into it.
        varies: bool,
    },
    Client {
        service: Text,
        document: bool,
    },
    /// A resource object of boto3 with what identifies it.
    Resource {
        service: Text,
        kind: Text,
        identity: Vec<(Text, Value<'p>)>,
    },
    /// A collection of a resource: `bucket.objects`.
    Collection {
        service: Text,
        kind: Text,
        name: Text,
        identity: Vec<(Text, Value<'p>)>,
    },
    /// An operation with its input, not yet sent.
    Command {
        service: Text,
        operation: Text,
        input: Value<'p>,
        document: bool,
    },
    /// A method of a client, not yet called.
    Operation {
        service: Text,
        operation: Text,
        document: bool,
    },
    Waiter {
        service: Text,
        operation: Text,
    },
    /// `table.batch_writer()`.
    BatchWriter {
        table: Value<'p>,
    },
    /// An entity of a mapper over DynamoDB: PynamoDB, Dynamoose, ElectroDB.
    Entity {
        mapper: Text,
        table: Value<'p>,
        operation: Option<Text>,
        input: Value<'p>,
    },
}

/// Place of an object in the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Loc(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct FrameId(pub u32);

/// An error on its way to a `catch`.
#[derive(Clone, Debug)]
pub(super) struct Raised<'p> {
    /// Last part of the class's name.
    pub class: Option<Text>,
    pub value: Value<'p>,
    pub message: Option<Shape>,
    pub span: Span,
    /// The clause that was chosen for it when it was raised: depth of the guard and clause.
    pub clause: Option<(usize, usize)>,
}

#[derive(Clone, Debug)]
pub(super) enum Stop<'p> {
    Raise(Box<Raised<'p>>),
    /// The budget is used up.
    Exhausted,
}

pub(super) type Eval<'p, T = Value<'p>> = Result<T, Stop<'p>>;

#[derive(Clone, Debug, Default)]
pub(super) struct Arguments<'p> {
    pub positional: Vec<Value<'p>>,
    pub named: Vec<(Text, Value<'p>)>,
    /// A spread list of which the items are not known.
    pub rest: Option<Value<'p>>,
    /// A spread dictionary with further keys.
    pub rest_named: Option<Value<'p>>,
}

impl<'p> Arguments<'p> {
    pub(super) fn of(positional: Vec<Value<'p>>) -> Self {
        Self { positional, ..Self::default() }
    }

    /// An argument by position or by name.
    pub(super) fn get(&self, index: usize, name: &str) -> Option<Value<'p>> {
        self.positional.get(index).cloned().or_else(|| self.named(name)).or_else(|| {
            self.rest.as_ref().and_then(|rest| match rest {
                Value::Shape(shape) => Some(Value::shape(super::shape::item(shape))),
                _ => None,
            })
        })
    }

    pub(super) fn named(&self, name: &str) -> Option<Value<'p>> {
        self.named.iter().find(|(key, _)| &**key == name).map(|(_, value)| value.clone())
    }

    pub(super) fn first(&self) -> Option<Value<'p>> {
        self.positional.first().cloned()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Value<'p>> {
        self.positional
            .iter()
            .chain(self.named.iter().map(|(_, value)| value))
            .chain(&self.rest)
            .chain(&self.rest_named)
    }
}

impl<'p> Value<'p> {
    pub(super) fn shape(shape: Shape) -> Self {
        Self::Shape(Rc::new(shape))
    }

    pub(super) fn null() -> Self {
        Self::shape(Shape::Null)
    }

    pub(super) fn unknown() -> Self {
        Self::shape(Shape::Unknown)
    }

    pub(super) fn text(text: &str) -> Self {
        Self::shape(super::shape::text(text))
    }

    pub(super) fn bool(value: bool) -> Self {
        Self::shape(Shape::Bool(value))
    }

    pub(super) fn external(path: impl AsRef<str>) -> Self {
        Self::Extern(Rc::new(Extern {
            path: Rc::from(path.as_ref()),
            arguments: Arguments::default(),
            span: None,
        }))
    }

    pub(super) fn as_shape(&self) -> Option<&Shape> {
        match self {
            Self::Shape(shape) => Some(shape),
            _ => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        self.as_shape() == Some(&Shape::Null)
    }

    pub(super) fn is_callable(&self) -> bool {
        matches!(self, Self::Function(_) | Self::Method(_) | Self::Partial(_))
    }

    /// The same client of the same service.
    pub(super) fn same_client(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Aws(left), Self::Aws(right)) => match (&**left, &**right) {
                // A table is kept with the resource it was made of.
                (Aws::Resource { service, .. }, Aws::Resource { service: other, .. }) => service == other,
                _ => Rc::ptr_eq(left, right),
            },
            (Self::Extern(left), Self::Extern(right)) => Rc::ptr_eq(left, right),
            (Self::Object(left), Self::Object(right)) => left == right,
            _ => false,
        }
    }

    /// The same object or the same data.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Shape(left), Self::Shape(right)) => left == right,
            (Self::Object(left), Self::Object(right)) => left == right,
            (Self::Module(left), Self::Module(right)) => left == right,
            (Self::Extern(left), Self::Extern(right)) => left.path == right.path,
            (Self::Function(left), Self::Function(right)) => Rc::ptr_eq(left, right),
            _ => false,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Kind<'p> {
    List,
    Dictionary,
    Instance(Loc),
    Class(Rc<ClassOf<'p>>),
    /// An object of a package that keeps state: a router, a map, a promise.
    Library(Text),
}

#[derive(Debug)]
pub(super) struct ClassOf<'p> {
    pub class: &'p ir::Class,
    pub frame: FrameId,
    pub bases: Vec<Value<'p>>,
}

/// A list, dictionary, instance, class or library object.
#[derive(Clone, Debug)]
pub(super) struct Object<'p> {
    pub kind: Kind<'p>,
    pub entries: Vec<(Text, Value<'p>)>,
    pub items: Vec<Value<'p>>,
    /// What a list gets in a loop: one of this for each item of that.
    pub each: Option<(Rc<Shape>, Value<'p>)>,
    /// Data that was copied in as a whole and of which the keys are not known.
    pub copied: Option<Rc<Shape>>,
    /// Further keys or items may be there.
    pub open: bool,
    /// The order of its items was made, and is not that of what they come from.
    pub sorted: bool,
    /// Functions stand under keys that are not known.
    pub lost_code: bool,
    pub routes: Vec<Route<'p>>,
    /// Made while modules load.
    pub at_init: bool,
}

/// A route registered with a router of a library.
#[derive(Clone, Debug)]
pub(super) struct Route<'p> {
    pub method: Text,
    pub path: Text,
    pub handlers: Vec<Value<'p>>,
    pub span: Span,
    /// Runs for many routes and then passes on.
    pub middleware: bool,
}

impl<'p> Object<'p> {
    pub(super) fn new(kind: Kind<'p>) -> Self {
        Self {
            kind,
            entries: Vec::new(),
            items: Vec::new(),
            each: None,
            copied: None,
            open: false,
            sorted: false,
            lost_code: false,
            routes: Vec::new(),
            at_init: false,
        }
    }

    pub(super) fn entry(&self, name: &str) -> Option<&Value<'p>> {
        self.entries.iter().find(|(key, _)| &**key == name).map(|(_, value)| value)
    }

    pub(super) fn set(&mut self, name: &str, value: Value<'p>) {
        match self.entries.iter_mut().find(|(key, _)| &**key == name) {
            Some((_, old)) => *old = value,
            None => self.entries.push((Rc::from(name), value)),
        }
    }

    /// Sets an entry whose key is not known: one such entry, `*`, stands for all, so of several that differ
    /// nothing is known.
    pub(super) fn set_unnamed(&mut self, value: Value<'p>) {
        self.open = true;
        let other = self.entry("*").filter(|known| !known.same(&value));
        let is_code = |value: &Value<'p>| !matches!(value, Value::Shape(_));
        let is_lost = other.is_some_and(|known| is_code(known) || is_code(&value));
        let value = if other.is_some() { Value::unknown() } else { value };
        self.lost_code |= is_lost;
        self.set("*", value);
    }

    /// All of it is known.
    pub(super) fn is_closed(&self) -> bool {
        !self.open && self.each.is_none() && self.copied.is_none()
    }
}

/// The variables of one call of a function, or of a module.
#[derive(Clone, Debug)]
pub(super) struct Frame<'p> {
    pub parent: Option<FrameId>,
    pub variables: Variables<'p>,
    /// The list of what `from x import *` names.
    pub stars: Option<Loc>,
    pub this: Option<Value<'p>>,
    /// Class of the running method, for `super`.
    pub home: Option<Loc>,
    pub receiver: Option<Value<'p>>,
    pub source: SourceId,
    pub at_init: bool,
}

/// Objects and frames, copied on write.
#[derive(Clone, Debug, Default)]
pub(super) struct Heap<'p> {
    objects: Vec<Rc<Object<'p>>>,
    frames: Vec<Rc<Frame<'p>>>,
    /// Counts changes of what was there before, see `speculate`.
    pub writes: u64,
    /// How many variables the frames were made with.
    variables: usize,
}

impl<'p> Heap<'p> {
    pub(super) fn add(&mut self, object: Object<'p>) -> Loc {
        self.objects.push(Rc::new(object));
        Loc(u32::try_from(self.objects.len() - 1).unwrap_or(u32::MAX))
    }

    /// Where the next object will lie.
    pub(super) fn next(&self) -> Loc {
        Loc(u32::try_from(self.objects.len()).unwrap_or(u32::MAX))
    }

    pub(super) fn get(&self, loc: Loc) -> &Object<'p> {
        &self.objects[loc.0 as usize]
    }

    pub(super) fn change(&mut self, loc: Loc) -> &mut Object<'p> {
        self.writes += 1;
        Rc::make_mut(&mut self.objects[loc.0 as usize])
    }

    pub(super) fn add_frame(&mut self, frame: Frame<'p>) -> FrameId {
        self.variables += frame.variables.count();
        self.frames.push(Rc::new(frame));
        FrameId(u32::try_from(self.frames.len() - 1).unwrap_or(u32::MAX))
    }

    pub(super) fn frame(&self, id: FrameId) -> &Frame<'p> {
        &self.frames[id.0 as usize]
    }

    pub(super) fn change_frame(&mut self, id: FrameId) -> &mut Frame<'p> {
        self.writes += 1;
        Rc::make_mut(&mut self.frames[id.0 as usize])
    }

    pub(super) fn size(&self) -> usize {
        self.objects.len() + self.frames.len()
    }

    /// How much a copy of it may cost, before and after it is changed.
    pub(super) fn extent(&self) -> usize {
        self.size() + self.variables
    }

    /// How many objects and frames there are.
    pub(super) fn count(&self) -> (usize, usize) {
        (self.objects.len(), self.frames.len())
    }

    pub(super) fn objects(&self) -> impl Iterator<Item = &Rc<Object<'p>>> {
        self.objects.iter()
    }

    pub(super) fn object(&self, loc: Loc) -> Option<&Rc<Object<'p>>> {
        self.objects.get(loc.0 as usize)
    }

    pub(super) fn frames(&self) -> impl Iterator<Item = &Rc<Frame<'p>>> {
        self.frames.iter()
    }
}
