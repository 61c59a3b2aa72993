//! Whole files, lowered.

use super::*;

#[test]
fn a_handler_is_lowered_without_gaps() {
    let text = "import { a } from './a';\nexport const handler = async (event) => { for (const r of event.Records) { await a(r); } };\n";
    let module = JavaScript.lower(SourceId(0), "a.mjs", text);
    assert_eq!(module.locals, ["a", "handler"]);
    assert_eq!(module.body.len(), 3);
    assert!(module.broken.is_empty());
    assert!(!format!("{module:?}").contains("Unknown"));
}
