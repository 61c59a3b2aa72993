//! Guard files as rules.
//!
//! What can be said about one node, without an edit, is a Guard file under `rules/`: a header with
//! the same fields as a native rule, its documentation in comments, then the rule. It reads a view of
//! the graph: one object per node, with its facts inlined and what is unknown left out.

#[cfg(feature = "guard")]
mod engine;
#[cfg(feature = "guard")]
mod policy;
#[cfg(feature = "guard")]
mod project;
#[cfg(feature = "guard")]
mod recursion;
#[cfg(feature = "guard")]
mod view;

#[cfg(feature = "guard")]
pub use policy::{Policy, shipped};
#[cfg(feature = "guard")]
pub use project::of_project;

/// The files that come with slslint.
#[cfg(feature = "guard")]
const FILES: &[&str] = &[
    include_str!("../../rules/reliability/async-without-failure-destination.guard"),
    include_str!("../../rules/reliability/default-memory.guard"),
    include_str!("../../rules/reliability/default-timeout.guard"),
    include_str!("../../rules/reliability/intel-function.guard"),
    include_str!("../../rules/reliability/maximum-timeout.guard"),
    include_str!("../../rules/reliability/open-route.guard"),
    include_str!("../../rules/reliability/queue-without-redrive.guard"),
    include_str!("../../rules/reliability/shared-role.guard"),
    include_str!("../../rules/reliability/short-visibility-timeout.guard"),
    include_str!("../../rules/reliability/stream-without-failure-destination.guard"),
    include_str!("../../rules/reliability/subscription-without-redrive.guard"),
    include_str!("../../rules/reliability/target-without-dead-letter-queue.guard"),
    include_str!("../../rules/reliability/unlimited-log-retention.guard"),
    include_str!("../../rules/reliability/unprotected-data.guard"),
    include_str!("../../rules/reliability/unthrottled-stage.guard"),
    include_str!("../../rules/reuse/too-many-layers.guard"),
];

/// Without the feature there are no Guard rules.
#[cfg(not(feature = "guard"))]
pub fn shipped() -> Vec<&'static dyn crate::rule::Rule> {
    Vec::new()
}

/// The same for the files of a project's own, which cannot be run.
#[cfg(not(feature = "guard"))]
pub fn of_project(
    _: &crate::source::Sources,
    folders: &[String],
    _: &[&str],
) -> (Vec<crate::rule::Native>, Vec<crate::evidence::Problem>) {
    let text = "Guard files are not run: this slslint was built without them";
    let problem = |folder: &String| crate::evidence::Problem::of_file(folder.as_str(), text);
    (Vec::new(), folders.iter().map(problem).collect())
}
