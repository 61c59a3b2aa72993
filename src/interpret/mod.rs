//! From [`ir`](crate::ir) to [`summary`](crate::summary): what a handler does, by abstract
//! interpretation over symbolic values.
//!
//! The interpreter runs a handler once per path with symbols for the event, the environment and
//! answers of calls ([`engine`]; [`trail`] chooses the paths, [`resume`] runs what they share once,
//! [`aside`] what makes no difference). Data is [`shape`], what has identity
//! lies in a heap ([`domain`]). Calls into packages are looked up in tables ([`library`],
//! [`builtins`], [`sdk`], [`routers`]) and recorded in the [`ledger`], from which the summary is
//! made ([`to_summary`]).

mod acted_on;
mod alike;
mod aside;
mod builtins;
mod calls;
mod choices;
mod chosen;
mod classes;
mod collections;
mod containers;
mod decorators;
mod domain;
mod encoders;
mod engine;
mod exchange;
mod expressions;
mod gather;
mod identity;
mod injection;
mod iterators;
mod keeping;
mod ledger;
mod library;
mod members;
mod mentions;
mod merge;
mod models;
mod operators;
mod outside;
mod patterns;
mod powertools;
mod questions;
mod resources;
mod resume;
mod routers;
mod routes;
mod schemas;
mod sdk;
mod shape;
mod skim;
mod statements;
#[cfg(test)]
mod tests;
mod texts;
mod to_summary;
mod trail;
mod unreached;
mod variables;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use rayon::prelude::*;

use self::mentions::Known;
use crate::ir::Program;
use crate::summary::Summary;

/// Programs are walked by recursion, as deep as they are nested.
const STACK: usize = 256 << 20;

/// Interprets handlers, each apart from the others: a panic is that handler's `Err`.
pub fn summarize_all(programs: &[&Program]) -> Vec<Result<Option<Summary>, Panicked>> {
    let guarded =
        |run: &dyn Fn() -> Option<Summary>| catch_unwind(AssertUnwindSafe(run)).map_err(|_| Panicked);
    let known = Known::of(programs);
    let one = |program: &&Program| guarded(&|| interpreted(program, &known));
    match rayon::ThreadPoolBuilder::new().stack_size(STACK).build() {
        Ok(pool) => pool.install(|| programs.par_iter().map(one).collect()),
        Err(_) => programs.iter().map(|program| guarded(&|| summarize(program))).collect(),
    }
}

/// A fault of the interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panicked;

/// Interprets one handler. Bounded in time and memory; what was not followed is among the unknowns.
///
/// `None` where the entry module does not export the handler.
pub fn summarize(program: &Program) -> Option<Summary> {
    thread::scope(|scope| {
        let run = || interpreted(program, &Known::of(&[program]));
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).ok()?;
        match thread.join() {
            Ok(summary) => summary,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// On a thread with a large stack.
fn interpreted(program: &Program, known: &Known) -> Option<Summary> {
    let explored = engine::explore(program)?;
    Some(to_summary::to_summary(program, explored, known.mentions(program)))
}
