//! Inline code that stands in for code which something else deploys.

use crate::graph::{Code, Function};
use crate::summary::{Action, Summary};

/// Why the code of a function says nothing of what runs: it is written into the template, does nothing, and
/// either says so or is given variables that it takes no note of.
pub fn why(function: &Function, summary: &Summary) -> Option<&'static str> {
    let Code::Inline(text) = &function.code else { return None };
    let calls = summary.effects.iter().any(|effect| effect.action != Action::Telemetry);
    let is_idle = !calls
        && summary.env_reads.is_empty()
        && summary.event_reads.is_empty()
        && summary.inits.is_empty()
        && summary.unknowns.is_empty();
    let says_so = || text.text().to_lowercase().contains("placeholder");
    let has_settings = !function.environment.is_empty();
    (is_idle && (has_settings || says_so())).then_some(
        "its inline code does nothing with what it is given, as what stands in for code deployed later",
    )
}
