//! A whole module that moves as it is.

use std::collections::BTreeSet;

use super::code::File;
use super::target::{Target, roots};
use super::{Moved, imports};
use crate::graph::App;
use crate::graph::clones::Group;
use crate::outline::Kind;
use crate::refactor::Refusal;
use crate::refactor::draft::Draft;
use crate::source::Span;

pub(super) fn write(
    app: &App<'_>,
    group: &Group,
    target: &mut Target,
    draft: &mut Draft<'_>,
) -> Result<Moved, Vec<Refusal>> {
    let template = target.template(app);
    let roots = roots(app, group);
    let mut reasons = Vec::new();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut bound: Vec<BTreeSet<String>> = Vec::new();
    for place in &group.places {
        let path = app.sources.path(place.source);
        let module = roots.iter().chain([&target.folder().to_owned()]).find_map(|root| {
            let rest = path.strip_prefix(root.as_str())?.trim_start_matches('/').strip_suffix(".py")?;
            (!rest.contains('/')).then_some(rest)
        });
        match module {
            Some(module) => {
                names.insert(module);
            }
            None => reasons.push(Refusal::new(place.span, "it is a part of a package of the function")),
        }
        let handler = app.functions().find(|function| function.behaviour.file.as_deref() == Some(path));
        if let Some(function) = handler {
            let text = format!("it has the handler of `{function}`, which Lambda looks for in the package");
            reasons.push(Refusal::new(place.span, text));
        }
        let file = File::of_module(app, place.source);
        let Some(file) = file else { continue };
        bound.push(
            file.outline
                .module()
                .iter()
                .flat_map(|piece| file.names(&piece.binds))
                .map(str::to_owned)
                .collect(),
        );
        reasons.extend(
            file.outline.module().iter().filter_map(|piece| imports::local(app, &file, piece, &roots)),
        );
    }
    if matches!(target, Target::Folder { .. }) {
        let text = "its copies are modules of one package, and are imported by different names";
        reasons.extend(group.places.first().map(|place| Refusal::new(place.span, text)));
    }
    if names.len() > 1 {
        let text = format!(
            "its copies have different names: {}",
            names.iter().copied().collect::<Vec<_>>().join(", ")
        );
        reasons.extend(group.places.first().map(|place| Refusal::new(place.span, text)));
    }
    if bound.iter().any(|names| Some(names) != bound.first()) {
        let text = "what it defines has other names in another copy";
        reasons.extend(group.places.first().map(|place| Refusal::new(place.span, text)));
    }
    reasons.extend(relative(app, group));
    let (Some(name), true, Some(first)) = (names.first(), reasons.is_empty(), group.places.first()) else {
        return Err(reasons);
    };
    let name = (*name).to_owned();
    target.named(app, template, &name);
    let path = format!("{}/{name}.py", target.folder());
    if app.sources.find(&path).is_none() {
        draft.create(&path, app.sources.text(first.source).to_owned());
    }
    for place in group.places.iter().filter(|place| app.sources.path(place.source) != path) {
        draft.delete(place.source);
    }
    Ok(Moved { what: format!("the module `{name}`"), path })
}

/// Imports of a copy by a path from the importer: they would look for it in the package.
fn relative(app: &App<'_>, group: &Group) -> Vec<Refusal> {
    let mut found = BTreeSet::new();
    for place in &group.places {
        let path = app.sources.path(place.source);
        let name = path.rsplit('/').next().and_then(|name| name.strip_suffix(".py")).unwrap_or_default();
        let users = app.functions().filter(|function| function.behaviour.modules.contains(&place.source));
        for module in users.flat_map(|function| function.behaviour.modules.clone()) {
            let Some(outline) = app.graph.outlines.get(&module) else { continue };
            for piece in outline.module() {
                let Kind::Import(text) = &piece.kind else { continue };
                if text.starts_with('.') || text != name && text.ends_with(&format!(".{name}")) {
                    let span = Span { source: module, start: piece.start, end: piece.end };
                    found
                        .insert(Refusal::new(span, format!("`{text}` is imported as a part of the package")));
                }
            }
        }
    }
    found.into_iter().collect()
}
