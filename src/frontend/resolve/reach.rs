//! From where the imports of a function's code are looked for.

use super::HandlerSpec;
use super::project::Project;

/// What imports of one function's code may lead to.
pub(super) struct Reach<'r, 'a> {
    pub project: &'r Project<'a>,
    pub spec: &'r HandlerSpec,
    /// The folder that becomes `/var/task`; `None` for inline code, which has no files beside it.
    pub root: Option<&'r str>,
}
