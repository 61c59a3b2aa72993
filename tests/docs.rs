//! The pages in `docs/rules` are what the program writes; `BLESS=1` writes them anew.

mod support;

use std::collections::BTreeMap;
use std::fs;

use slslint::report::pages;

#[test]
fn the_pages_of_the_rules_are_current() {
    let folder = support::root().join("docs/rules");
    let rules = slslint::rules::all();
    let metas: Vec<_> = rules.iter().map(|rule| rule.meta()).collect();
    let expected: BTreeMap<String, String> = pages(&metas).into_iter().collect();
    if std::env::var_os("BLESS").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        for (name, text) in &expected {
            fs::write(folder.join(name), text).expect("a file");
        }
    }
    let mut there = BTreeMap::new();
    support::read_below(&folder, &folder, &mut there);
    let wrong: Vec<&String> =
        expected.keys().chain(there.keys()).filter(|name| expected.get(*name) != there.get(*name)).collect();
    assert!(wrong.is_empty(), "docs/rules is not what `slslint docs` writes: {wrong:?} (BLESS=1 writes it)");
}
