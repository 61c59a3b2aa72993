//! The interpreter: its state, and the run of one handler over all its paths.

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::aside::Asides;
use super::domain::{Eval, Frame, FrameId, Heap, Loc, Object, Raised, Stop, Value};
use super::ledger::{EventMet, Finished, Ledger, Met};
use super::resume::Stands;
use super::shape;
use super::skim::{self, Skim};
use super::trail::{Frontier, Trail};
use super::unreached::Reached;
use super::variables::Variables;
use crate::ir::{
    Entry, Expression, ExpressionKind, Language, Module, PatternKind, Program, Statement, StatementKind,
};
use crate::source::{SourceId, Span};
use crate::summary::{Action, Condition, EffectId, Names, Outcome, Shape, Symbol, Test, Times};

/// Paths beyond this are run only for code that no other path has reached.
const MOST_PATHS: usize = 32;
/// After this many, only paths to code that none has reached the same way are run.
const MOST_RUNS: usize = 320;
/// Expressions and statements of one path, and of all.
const MOST_STEPS_OF_PATH: u64 = 60_000;
const MOST_STEPS: u64 = 500_000;
/// After those, only paths to code that none has reached are run, up to here.
const MOST_STEPS_TO_UNSEEN: u64 = 800_000;
/// Where so many paths in a row from the first on were too long, the others are not run.
const MOST_ENDLESS: usize = 3;
const MOST_OBJECTS: usize = 60_000;

/// The state of one run.
#[derive(Clone, Debug, Default)]
pub(super) struct Run<'p> {
    pub heap: Heap<'p>,
    pub trail: Trail,
    pub met: Met,
    pub modules: FxHashMap<SourceId, ModuleState>,
    pub stack: Vec<Call>,
    pub loops: Vec<Loop>,
    pub guards: Vec<Guard>,
    /// Lists that take what running generators yield.
    pub yields: Vec<Loc>,
    pub at_init: bool,
    /// Which code the modules have chosen, see `chosen`.
    pub chosen: u64,
    /// Inside a function whose answers are kept.
    pub cached: u32,
    /// What a handler in callback style has answered.
    pub answer: Option<Value<'p>>,
    pub steps: u64,
    pub depth: u32,
    /// Blocks that were entered, see `resume`.
    pub blocks: u32,
    /// Errors that running `catch` clauses hold.
    pub errors: Vec<Raised<'p>>,
    /// Classes of which instances are being made because a declared type asks for one.
    pub making: Vec<Loc>,
    /// Objects with functions that run around the handler.
    pub middleware: Vec<Value<'p>>,
    /// Effects of wrappers around the handler.
    pub wrapping: Vec<(Action, Symbol, Span)>,
    /// Controllers, and what containers make for them.
    pub controllers: super::injection::Controllers<'p>,
    /// Functions registered for events of a package's own handler.
    pub registry: Option<Loc>,
    /// Data of which only the origin is known, that was changed in place.
    pub changed: Vec<(Shape, Span)>,
    /// What was given to packages while modules loaded, for them to run later.
    pub waiting: Vec<Value<'p>>,
    /// Clients that were built, with the place.
    pub built: Vec<(Value<'p>, Span)>,
}

/// A loop that is running once for all its turns.
#[derive(Clone, Debug)]
pub(super) struct Loop {
    /// The list it walks over, where that is known.
    pub of: Option<Shape>,
    /// It is no loop, but a branch that may run.
    pub maybe: bool,
    /// Objects from here on were made in it.
    objects_from: u32,
}

impl Loop {
    pub(super) fn is_around(&self, object: Loc) -> bool {
        object.0 < self.objects_from
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct ModuleState {
    pub frame: FrameId,
    /// The object that a module exports, where it does so by an object.
    pub exports: Loc,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    pub span: Span,
    pub function: Span,
    /// Clients that were built before it.
    pub built: usize,
}

/// A `try` whose body is running: what its clauses take.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    pub clauses: Vec<Takes>,
    /// Whether a clause was already offered an error on this path.
    pub offered: Vec<bool>,
}

/// Which errors a clause takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    All,
    /// Errors of calls that leave the function, of these classes.
    Calls(Vec<String>),
    /// Errors of the code itself: missing keys, bad numbers, bad JSON.
    Values(Vec<String>),
    /// Error classes of the program, thrown by `raise` only; and imports that fail.
    Thrown,
}

pub(super) struct Engine<'p> {
    pub program: &'p Program,
    pub run: Run<'p>,
    pub ledger: Ledger,
    pub reached: Reached<'p>,
    pub stands: Stands<'p>,
    pub asides: Asides<'p>,
    /// While all there may be is run at once.
    pub skimming: Option<Skim<'p>>,
    /// Literals by where they lie.
    pub constants: FxHashMap<usize, Value<'p>>,
    /// The answers with which the modules loaded first, see `chosen`.
    pub through: Vec<Arc<Condition>>,
    steps: u64,
    /// Parts of values that were copied since the last step: work too.
    pub work: Cell<u64>,
}

/// So many parts of values are copied in the time of a step.
const PARTS_OF_A_STEP: u64 = 16;

/// All that the runs over a handler have shown.
pub(super) struct Explored {
    pub entry: Span,
    pub ledger: Ledger,
    /// No path was left out.
    pub all_paths: bool,
}

pub(super) fn explore(program: &Program) -> Option<Explored> {
    let mut engine = Engine {
        program,
        run: Run::default(),
        ledger: Ledger::default(),
        reached: Reached::default(),
        stands: Stands::default(),
        asides: Asides::default(),
        skimming: None,
        constants: FxHashMap::default(),
        through: Vec::new(),
        steps: 0,
        work: Cell::default(),
    };
    let module = program.modules.get(&program.entry.source)?;
    let mut frontier = Frontier::default();
    let mut snapshots: Vec<Run<'_>> = Vec::new();
    let mut entry = None;
    let mut next = Some(Vec::new());
    let mut runs = 0;
    while let Some(prescribed) = next {
        let found = engine.run_path(prescribed, &mut snapshots);
        if runs == 0 && found.is_none() {
            // The handler may be in a part of the module that was not read.
            let entry = *module.broken.first()?;
            return Some(Explored { entry, ledger: engine.ledger, all_paths: false });
        }
        entry = entry.or(found);
        if found.is_some()
            && let Some(prescribed) = engine.begin_again()
        {
            engine.ledger.finished.pop();
            frontier.learn(&engine.run.trail);
            snapshots.retain(|snapshot| snapshot.trail.taken.len() <= prescribed.len());
            if engine.through.len() > prescribed.len() {
                engine.through.clear();
            }
            next = Some(prescribed);
            continue;
        }
        frontier.learn(&engine.run.trail);
        runs += 1;
        if engine.steps >= MOST_STEPS_TO_UNSEEN || engine.comes_to_no_end(runs) {
            break;
        }
        next = match () {
            () if engine.steps >= MOST_STEPS => frontier.next_unseen(),
            () if runs >= MOST_RUNS => frontier.next_unseen().or_else(|| frontier.next_fresh()),
            () => frontier.next(runs < MOST_PATHS),
        };
    }
    // A handler of a package, or one that is imported, is defined nowhere in this module.
    let entry = entry
        .flatten()
        .or_else(|| definition(module, &program.entry))
        .unwrap_or_else(|| module.body.first().map_or(Span::new(module.source, 0, 0), |first| first.span));
    let all_paths = frontier.is_done();
    let missed = if all_paths { None } else { engine.reached.first_missed(program) };
    let has_more = snapshots.into_iter().next().is_some_and(|loaded| engine.skim(loaded, all_paths));
    if !all_paths {
        let may_have_effects = frontier.has_unseen() || missed.is_some() || has_more;
        engine.ledger.unknown(missed.unwrap_or(entry), "too many paths", may_have_effects);
    } else if has_more {
        engine.ledger.unknown(entry, "functions given to a package", true);
    }
    Some(Explored { entry, ledger: engine.ledger, all_paths })
}

impl<'p> Engine<'p> {
    /// Runs one path. `None` where the handler is not there; inside, the place of its definition
    /// where the value tells it.
    fn run_path(&mut self, prescribed: Vec<bool>, snapshots: &mut Vec<Run<'p>>) -> Option<Option<Span>> {
        let start = snapshots
            .iter()
            .filter(|snapshot| prescribed.starts_with(&snapshot.trail.taken))
            .max_by_key(|snapshot| snapshot.trail.taken.len());
        let resumed = start.is_some();
        self.run = start.cloned().unwrap_or_default();
        self.run.trail.prescribed = prescribed;
        self.stands.begin_run();
        let entry = &self.program.entry;
        if !resumed {
            self.run.at_init = true;
            if let Err(stop) = self.load(entry.source) {
                self.finish(Err(stop), Span::new(entry.source, 0, 0));
                return Some(None);
            }
            self.run.chosen = self.chosen();
            if self.through.is_empty() {
                self.through.clone_from(&self.run.trail.conditions);
            }
            if snapshots.len() < 16 {
                let mut snapshot = self.run.clone();
                snapshot.trail.open.clear();
                snapshots.push(snapshot);
            }
        }
        let handler = self.handler()?;
        let span = match &handler {
            Value::Function(closure) => Some(closure.function.span),
            _ => definition(self.program.modules.get(&entry.source)?, entry),
        };
        let place = span.unwrap_or(Span::new(entry.source, 0, 0));
        self.run.at_init = false;
        self.run.steps = 0;
        let answer = self.invoke(handler, place);
        self.finish(answer, place);
        Some(span)
    }

    /// Whether no path was followed to its end, of enough.
    fn comes_to_no_end(&self, runs: usize) -> bool {
        let finished = &self.ledger.finished;
        runs == MOST_ENDLESS
            && finished.len() >= MOST_ENDLESS
            && finished.iter().all(|path| path.outcome == Outcome::Unknown)
    }

    /// The exported handler, after its module has loaded.
    pub(super) fn handler(&mut self) -> Option<Value<'p>> {
        let entry = &self.program.entry;
        let state = *self.run.modules.get(&entry.source)?;
        let Some((first, rest)) = entry.export.split_first() else {
            return Some(Value::Object(state.exports));
        };
        let mut value = self.module_member(entry.source, first)?;
        let span = Span::new(entry.source, 0, 0);
        for name in rest {
            value = self.member(&value, name, span, false).ok()?;
        }
        (!value.is_null()).then_some(value)
    }

    pub(super) fn invoke(&mut self, handler: Value<'p>, span: Span) -> Eval<'p> {
        if self.program.entry.export.is_empty() {
            return self.serve_all();
        }
        let event = Value::shape(Shape::Symbol(Symbol::Event(Names::default())));
        let context = Value::shape(Shape::Symbol(Symbol::Context(Names::default())));
        let callback = Value::external("lambda.callback");
        let handler = self.instance_of_handler_class(handler, span)?;
        self.wrap()?;
        let arguments = super::domain::Arguments::of(vec![event, context, callback]);
        let answer = self.call(&handler, arguments, None, span)?;
        let answer = self.settle(answer)?;
        Ok(match self.run.answer.take() {
            Some(answered) if answer.is_null() || answer.as_shape() == Some(&Shape::Unknown) => answered,
            _ => answer,
        })
    }

    /// Closes a path.
    fn finish(&mut self, answer: Eval<'p>, place: Span) {
        let outcome = match answer {
            Ok(value) => {
                let span = self.run.trail.conditions.last().map_or(place, |_| place);
                let shape = shape::after_changes(&self.seen(&value), &self.run.changed);
                Outcome::Returns(shape, self.returned_at(span))
            }
            Err(Stop::Raise(raised)) => Outcome::Raises {
                class: raised.class.as_deref().map(str::to_owned),
                message: raised.message.clone(),
                span: raised.span,
            },
            Err(Stop::Exhausted) => {
                self.ledger.unknown(place, "too much code on one path", true);
                Outcome::Unknown
            }
        };
        self.ledger.finished.push(Finished {
            decisions: self.run.trail.usual.clone(),
            // The next path starts from a state of its own.
            conditions: std::mem::take(&mut self.run.trail.conditions),
            met: std::mem::take(&mut self.run.met),
            outcome,
        });
    }

    fn returned_at(&self, otherwise: Span) -> Span {
        self.run.trail.returned.unwrap_or(otherwise)
    }

    /// Forgets the work that was done.
    pub(super) fn begin_anew(&mut self) {
        (self.steps, self.run.steps) = (0, 0);
    }

    /// Counts work; an error when the budget is used up.
    pub(super) fn step(&mut self) -> Eval<'p, ()> {
        let steps = 1 + self.work.take() / PARTS_OF_A_STEP;
        self.run.steps += steps;
        self.steps += steps;
        let most = if self.skimming.is_some() { skim::MOST_STEPS } else { MOST_STEPS_OF_PATH };
        let within = self.run.steps <= most
            && self.steps <= MOST_STEPS_TO_UNSEEN
            && self.run.heap.size() <= MOST_OBJECTS;
        if within { Ok(()) } else { Err(Stop::Exhausted) }
    }

    /// Runs a module once. A module that is being loaded is given as far as it is.
    pub(super) fn load(&mut self, source: SourceId) -> Eval<'p, Option<ModuleState>> {
        if let Some(state) = self.run.modules.get(&source) {
            return Ok(Some(*state));
        }
        let Some(module) = self.program.modules.get(&source) else { return Ok(None) };
        let module: &'p Module = module;
        self.reached.module(source);
        let frame = self.run.heap.add_frame(Frame {
            parent: None,
            variables: Variables::named(&module.locals),
            stars: None,
            this: None,
            home: None,
            receiver: None,
            source,
            at_init: true,
        });
        // What a handler imports on its way loads once too, and not with each invocation.
        let at_init = std::mem::replace(&mut self.run.at_init, true);
        let exports = self.new_object(Object::new(super::domain::Kind::Dictionary));
        let state = ModuleState { frame, exports };
        self.run.modules.insert(source, state);
        for span in &module.broken {
            self.ledger.unknown(*span, "code that could not be parsed", true);
        }
        // What surrounds an import does not surround the code of the module.
        let loops = std::mem::take(&mut self.run.loops);
        let result = self.block(frame, &module.body);
        self.run.loops = loops;
        self.run.at_init = at_init;
        result.map(|_| Some(state))
    }

    pub(super) fn module(&self, frame: FrameId) -> Option<&'p Module> {
        self.program.modules.get(&self.run.heap.frame(frame).source).map(|module| &**module)
    }

    pub(super) fn language(&self, frame: FrameId) -> Language {
        self.module(frame).map_or(Language::Python, |module| module.language)
    }

    pub(super) fn new_object(&mut self, mut object: Object<'p>) -> Loc {
        object.at_init = self.run.at_init;
        self.run.heap.add(object)
    }

    pub(super) fn enter_loop(&mut self, of: Option<Shape>) {
        let objects_from = self.run.heap.next().0;
        self.run.loops.push(Loop { of, maybe: false, objects_from });
    }

    pub(super) fn leave_loop(&mut self) {
        self.run.loops.pop();
    }

    /// The loop that makes one item per turn for an object that was made before it.
    pub(super) fn loop_around(&self, object: Loc) -> Option<&Loop> {
        self.run.loops.last().filter(|inner| inner.is_around(object))
    }

    /// Asks the trail.
    pub(super) fn decide(&mut self, test: Test, span: Span) -> bool {
        if let Some(answer) = self.skims(&test) {
            return answer;
        }
        let test = shape::asked(test);
        let mut hasher = rustc_hash::FxHasher::default();
        self.run.chosen.hash(&mut hasher);
        for call in &self.run.stack {
            call.span.hash(&mut hasher);
        }
        let usual = self.usual(&test, span);
        self.run.trail.decide(test, span, hasher.finish(), usual)
    }

    /// Asks whether a request takes a route.
    pub(super) fn decide_route(&mut self, test: Test, span: Span) -> bool {
        let at = self.run.trail.taken.len();
        let holds = self.decide(test, span);
        if self.run.trail.taken.len() > at {
            self.run.trail.routing.push(at);
        }
        holds
    }

    pub(super) fn unknown(
        &mut self,
        span: Span,
        why: impl Into<String>,
        may_have_effects: bool,
    ) -> Value<'p> {
        self.ledger.unknown(span, why, may_have_effects);
        Value::unknown()
    }

    /// Notes that a part of the event is read.
    pub(super) fn event_read(&mut self, value: &Shape, required: bool, span: Span) {
        let Some(path) = shape::event_path(value) else { return };
        if path.is_empty() || path.iter().any(|part| part.len() > 200) {
            return;
        }
        let read = self.ledger.event_reads.number(EventMet { path, required, has_default: false, span });
        if self.run.met.event_reads.last() != Some(&read) {
            self.run.met.event_reads.push(read);
        }
    }

    /// Records an effect and lets it fail where something waits for the failure.
    pub(super) fn effect(
        &mut self,
        action: Action,
        on: Symbol,
        input: Shape,
        span: Span,
    ) -> Eval<'p, EffectId> {
        if self.asides.most_effects.is_some_and(|most| self.run.met.all_effects() >= most) {
            return Err(Stop::Exhausted);
        }
        let times = match self.run.loops.last() {
            _ if self.run.at_init => Times::Init,
            None => Times::Once,
            Some(Loop { of: Some(of), .. }) => Times::PerItemOf(of.clone()),
            Some(Loop { of: None, .. }) => Times::Many,
        };
        let stack =
            self.run.stack.iter().skip(usize::from(!self.run.at_init)).map(|call| call.span).collect();
        let id = self.ledger.effect(action, on, input, times, span, stack);
        if self.run.at_init {
            self.run.met.init_effects.push(id);
        } else {
            self.run.met.effects.push(id);
        }
        self.may_fail(id, span)?;
        Ok(id)
    }

    fn may_fail(&mut self, id: EffectId, span: Span) -> Eval<'p, ()> {
        for depth in (0..self.run.guards.len()).rev() {
            for clause in 0..self.run.guards[depth].clauses.len() {
                let classes = match &self.run.guards[depth].clauses[clause] {
                    Takes::All => Vec::new(),
                    Takes::Calls(classes) => classes.clone(),
                    Takes::Values(_) | Takes::Thrown => continue,
                };
                self.run.guards[depth].offered[clause] = true;
                let all = classes.is_empty();
                if self.decide(Test::Failed(id, classes.clone()), span) {
                    return Err(Stop::Raise(Box::new(self.failure(id, classes, span, (depth, clause)))));
                }
                if all {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn failure(
        &mut self,
        id: EffectId,
        classes: Vec<String>,
        span: Span,
        clause: (usize, usize),
    ) -> Raised<'p> {
        let error = Shape::Symbol(Symbol::Result(id, ["error".to_owned()].into()));
        Raised {
            class: classes.first().map(|class| Rc::from(class.as_str())),
            value: Value::shape(error.clone()),
            message: Some(error),
            span,
            clause: Some(clause),
        }
    }

    /// An awaited value.
    pub(super) fn settle(&mut self, value: Value<'p>) -> Eval<'p> {
        match value {
            Value::Rejected(_) if self.skimming.is_some() => Ok(Value::unknown()),
            Value::Rejected(raised) => Err(Stop::Raise(Box::new((*raised).clone()))),
            Value::Object(loc) => {
                let object = self.run.heap.get(loc);
                match (&object.kind, object.entry("settled")) {
                    (super::domain::Kind::Library(path), settled) if &**path == "Promise()" => {
                        let value = settled.cloned();
                        value.map_or_else(|| Ok(Value::unknown()), |value| self.settle(value))
                    }
                    _ => Ok(Value::Object(loc)),
                }
            }
            value => Ok(value),
        }
    }
}

/// Where the exported name is defined, as far as the text shows it.
fn definition(module: &Module, entry: &Entry) -> Option<Span> {
    let Some(name) = entry.export.first() else {
        return module
            .body
            .first()
            .map(|first| module.body.last().map_or(first.span, |last| first.span.to(last.span)));
    };
    module.body.iter().find_map(|statement| defines(statement, name))
}

fn defines(statement: &Statement, name: &str) -> Option<Span> {
    let StatementKind::Assign { target, value } = &statement.kind else { return None };
    let matches = match &target.kind {
        PatternKind::Name(bound) => bound == name,
        PatternKind::Place(Expression {
            kind: ExpressionKind::Member { object, name: member, .. }, ..
        }) => member == name && matches!(object.kind, ExpressionKind::Exports),
        _ => false,
    };
    let defined = match &value.kind {
        ExpressionKind::Function(function) => function.span,
        _ => statement.span,
    };
    matches.then_some(defined)
}
