//! Settings that all functions repeat, said once in Globals.

use super::rewriting::{Rewriting, asked_for, keys, refused};
use crate::aws::globals::{GLOBALS, adds_to};
use crate::graph::App;
use crate::refactor::draft::Step;
use crate::refactor::written::undented;
use crate::refactor::{Asked, Kind, Offers, Proposal, Proposals, Refusal};
use crate::source::Sources;
use crate::template::{Dialect, Resource, Template, parse};

pub const KIND: Kind = Kind {
    id: "lift-to-globals",
    summary: "what all functions set is set once, in Globals",
    rules: &["repeated-settings"],
    offers: Offers::OfApplication(offers),
};

/// With fewer functions there is nothing to say once.
const FEWEST: usize = 2;

fn offers<'p>(app: &'p App<'p>, asked: &'p Asked<'p>) -> Proposals<'p> {
    Box::new(asked_for(app, asked).filter_map(|template| in_template(app, template)))
}

fn in_template(app: &App<'_>, template: &Template) -> Option<Proposal> {
    if template.dialect != Dialect::Sam {
        return None;
    }
    let functions: Vec<&Resource> =
        template.resources.iter().filter(|one| one.is("AWS::Serverless::Function")).collect();
    let here = functions.iter().all(|one| one.span.source == template.source && one.ignore_globals.is_none());
    if functions.len() < FEWEST || !here {
        return None;
    }
    let same =
        GLOBALS.worth_lifting.iter().map(String::as_str).filter(|property| is_same(&functions, property));
    let (summed, lifted): (Vec<&str>, Vec<&str>) = same.partition(|property| is_summed(template, property));
    if lifted.is_empty() {
        let globals = template.globals.as_ref()?.at(&["Function", summed.first()?])?;
        let text = format!(
            "{} stands here, too, and SAM adds up the two: write what the functions have in common at its end by hand",
            summed.join(", ")
        );
        return Some(refused(app, template.source, vec![Refusal::new(globals.span, text)]));
    }
    match rewritten(app, template, &functions, &lifted) {
        Ok(file) => {
            let title = format!("{} of {} functions move to Globals", lifted.join(", "), functions.len());
            file.offer(app, KIND.id, title, Vec::new())
        }
        Err(refusal) => Some(refused(app, template.source, vec![refusal])),
    }
}

fn is_same(functions: &[&Resource], property: &str) -> bool {
    let Some(first) = functions.first().and_then(|one| one.own_properties.get(property)) else {
        return false;
    };
    functions.iter().all(|one| one.own_properties.get(property).is_some_and(|own| own.same(first)))
}

/// Whether Globals have it as well, and its lists and maps are added to those of functions: lifted as they
/// are, the sum would change.
fn is_summed(template: &Template, property: &str) -> bool {
    let set = template.globals.as_ref().and_then(|globals| globals.at(&["Function", property])).is_some();
    set && adds_to(property)
}

fn rewritten(
    app: &App<'_>,
    template: &Template,
    functions: &[&Resource],
    lifted: &[&str],
) -> Result<Rewriting, Refusal> {
    let mut file = Rewriting::new(app, template.source);
    for property in lifted {
        let first = keys(&["Resources", &functions[0].id.text, "Properties", property]);
        let value = file.at(&first, |text, node| undented(text, node.full_span()));
        let whole = functions[0].id.span;
        let value =
            value.ok_or_else(|| Refusal::new(whole, "its properties are not written where they count"))?;
        set_global(&mut file, property, &value)?;
        let entries: Vec<(Vec<Step>, &str)> = functions
            .iter()
            .map(|function| (keys(&["Resources", &function.id.text, "Properties"]), *property))
            .collect();
        file.remove_all(&entries)?;
    }
    verify(template, functions, &file)?;
    Ok(file)
}

fn set_global(file: &mut Rewriting, property: &str, value: &str) -> Result<(), Refusal> {
    let function = keys(&["Globals", "Function"]);
    if file.has(&function) {
        let mut place = function.clone();
        place.push(Step::Key(property.to_owned()));
        return match file.has(&place) {
            true => file.replace(&function, property, value),
            false => file.insert(&function, property, value, None),
        };
    }
    let entry = entry(property, value);
    if file.has(&keys(&["Globals"])) {
        return file.insert(&keys(&["Globals"]), "Function", &entry, None);
    }
    let before = ["Conditions", "Mappings", "Parameters", "Metadata", "Description", "Transform"];
    let after = before.into_iter().find(|key| file.has(&keys(&[key])));
    file.insert(&[], "Globals", &format!("Function:\n{}", indented(&entry)), after)
}

fn entry(property: &str, value: &str) -> String {
    match value.contains('\n') {
        false => format!("{property}: {value}\n"),
        true => format!("{property}:\n{}", indented(value)),
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") }).collect()
}

/// Every function must have the properties it had.
fn verify(template: &Template, functions: &[&Resource], file: &Rewriting) -> Result<(), Refusal> {
    let sources = Sources::in_memory([(template.path.clone(), file.text.clone())].into());
    let id = sources.find(&template.path);
    let after = id.and_then(|id| parse(&sources, id).0);
    let same = |function: &&&Resource| {
        let now = after.as_ref().and_then(|after| after.resource(&function.id.text));
        now.is_some_and(|now| {
            let equal = |name: &str| match (function.properties.get(name), now.properties.get(name)) {
                (Some(was), Some(is)) => was.same(is),
                (None, None) => true,
                _ => false,
            };
            let names =
                function.properties.iter().chain(now.properties.iter()).map(|(name, _)| name.text.clone());
            names.collect::<Vec<_>>().iter().all(|name| equal(name))
        })
    };
    match functions.iter().find(|function| !same(function)) {
        None => Ok(()),
        Some(function) => Err(Refusal::new(function.id.span, "its properties would change")),
    }
}
