//! The resource of the new function: the first member's, with what the others have.

use serde_yaml::Value as Yaml;

use super::code::Code;
use super::settings::{memory, timeout};
use super::{Merge, listed};
use crate::edit::Edit;
use crate::graph::merging::Candidate;
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place};
use crate::refactor::written::{list, undented};
use crate::source::Span;
use crate::template::{Value, parse};
use crate::yaml::patch;

/// What writing the resource changed besides.
#[derive(Debug, Default)]
pub struct Written {
    pub differs: Vec<String>,
}

/// Parts of a member as they stand in the text.
struct Parts {
    variables: Vec<(String, String)>,
    environment: Option<String>,
    policies: Vec<(Option<Value>, String)>,
    policy_list: Option<String>,
    events: Vec<(String, String)>,
    event_map: Option<String>,
}

/// # Errors
/// Where the layout of the template is too unusual.
pub fn write(draft: &mut Draft<'_>, merge: &Merge<'_>, code: &Code) -> Result<Written, Vec<Refusal>> {
    let resources = Place::new(merge.template.source, &["Resources"]);
    let own = resources.key(&merge.first.function.id.text).key("Properties");
    let mut written = Written::default();
    let parts: Vec<(&Candidate<'_>, Parts)> = merge
        .rest()
        .iter()
        .map(|member| (member, parts(draft, &resources.key(&member.function.id.text).key("Properties"))))
        .collect();
    for (member, _) in &parts {
        draft.remove(&resources, &member.function.id.text)?;
    }
    where_code_is(draft, merge, &own, code)?;
    sizes(draft, merge, &own, &mut written)?;
    names(draft, merge, &own, &mut written)?;
    for (member, parts) in &parts {
        variables(draft, &own, parts)?;
        policies(draft, &own, parts)?;
        events(draft, &own, member, parts)?;
    }
    rename(draft, merge, &resources)?;
    Ok(written)
}

fn parts(draft: &Draft<'_>, own: &Place) -> Parts {
    let entries = |place: &Place| {
        let entries = draft.at(place, |text, node| {
            let entry = |(key, value): (crate::yaml::Node<'_>, crate::yaml::Node<'_>)| {
                Some((key.scalar()?.to_owned(), with_comment(text, value.full_span())))
            };
            node.entries_as_written().filter_map(entry).collect::<Vec<_>>()
        });
        entries.unwrap_or_default()
    };
    let whole = |place: &Place| draft.at(place, |text, node| undented(text, node.full_span()));
    let policies = own.key("Policies");
    let count = draft.at(&policies, |_, node| node.items().len()).unwrap_or_default();
    let policy = |index: usize| {
        let place = policies.item(index);
        Some((draft.value(&place), whole(&place)?))
    };
    Parts {
        variables: entries(&own.key("Environment").key("Variables")),
        environment: whole(&own.key("Environment")),
        policies: (0..count).filter_map(policy).collect(),
        policy_list: whole(&policies),
        events: entries(&own.key("Events")),
        event_map: whole(&own.key("Events")),
    }
}

/// A value with the comment behind it, where it is written on one line.
fn with_comment(text: &str, span: Span) -> String {
    let value = undented(text, span);
    let rest = text.get(span.end as usize..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    match rest.trim_start().starts_with('#') && rest.starts_with(' ') && !value.contains('\n') {
        true => format!("{value}{}", rest.trim_end()),
        false => value,
    }
}

/// Sets a property, beside the handler where it is new.
fn set(draft: &mut Draft<'_>, own: &Place, key: &str, value: &Yaml) -> Result<(), Refusal> {
    if draft.has(&own.key(key)) {
        return draft.replace(own, key, value);
    }
    let after = ["Handler", "CodeUri", "Code"].into_iter().find(|key| draft.has(&own.key(key)));
    draft.insert(own, key, value, after)
}

fn where_code_is(draft: &mut Draft<'_>, merge: &Merge<'_>, own: &Place, code: &Code) -> Result<(), Refusal> {
    set(draft, own, "Handler", &Yaml::from(code.handler.as_str()))?;
    if let Some(uri) = &code.uri {
        let is_sam =
            merge.first.function.resource().is_some_and(|one| one.kind.text.starts_with("AWS::Serverless"));
        set(draft, own, if is_sam { "CodeUri" } else { "Code" }, &Yaml::from(uri.as_str()))?;
    }
    if let Some(entry) = &code.entry_point {
        let build = Place::new(
            own.source,
            &["Resources", &merge.first.function.id.text, "Metadata", "BuildProperties"],
        );
        draft.replace(&build, "EntryPoints", &list([entry.as_str()]))?;
    }
    Ok(())
}

/// The largest memory and timeout of all.
fn sizes(
    draft: &mut Draft<'_>,
    merge: &Merge<'_>,
    own: &Place,
    written: &mut Written,
) -> Result<(), Refusal> {
    for (name, unit, of) in
        [("MemorySize", "MB", memory as fn(&Candidate<'_>) -> Option<i64>), ("Timeout", "seconds", timeout)]
    {
        let largest = merge.members.iter().filter_map(of).max();
        let Some(largest) = largest else { continue };
        let less: Vec<&Candidate<'_>> = merge.members.iter().filter(|one| of(one) != Some(largest)).collect();
        if of(merge.first) != Some(largest) {
            set(draft, own, name, &Yaml::from(largest))?;
        }
        if !less.is_empty() {
            let names = listed(less.iter().map(|one| one.function.to_string()));
            written.differs.push(format!("the code of {names} is given {largest} {unit}, more than today"));
        }
    }
    Ok(())
}

/// A name of its own would be that of one member only; a description, too.
fn names(
    draft: &mut Draft<'_>,
    merge: &Merge<'_>,
    own: &Place,
    written: &mut Written,
) -> Result<(), Refusal> {
    if draft.has(&own.key("Description")) {
        let routes = merge.members.iter().flat_map(|member| &member.routes);
        let mut routes: Vec<String> =
            routes.map(|route| format!("{} {}", route.method, route.path)).collect();
        routes.dedup();
        draft.replace(own, "Description", &Yaml::from(format!("Serves {}", routes.join(", "))))?;
    }
    if draft.has(&own.key("FunctionName")) {
        draft.remove(own, "FunctionName")?;
    }
    let named = merge.members.iter().filter_map(|member| member.function.property("FunctionName"));
    let named: Vec<String> = named.map(Value::text).collect();
    if !named.is_empty() {
        let names = listed(named);
        written
            .differs
            .push(format!("the names {names} are gone; the new function is named by CloudFormation"));
    }
    Ok(())
}

fn variables(draft: &mut Draft<'_>, own: &Place, parts: &Parts) -> Result<(), Refusal> {
    let Some(whole) = &parts.environment else { return Ok(()) };
    let place = own.key("Environment").key("Variables");
    if !draft.has(&place) {
        return insert(draft, own, "Environment", whole, Some("Handler"));
    }
    for (name, value) in &parts.variables {
        if !draft.has(&place.key(name)) {
            insert(draft, &place, name, value, None)?;
        }
    }
    Ok(())
}

fn policies(draft: &mut Draft<'_>, own: &Place, parts: &Parts) -> Result<(), Refusal> {
    let Some(whole) = &parts.policy_list else { return Ok(()) };
    let place = own.key("Policies");
    let Some(known) = draft.value(&place) else {
        return insert(draft, own, "Policies", whole, Some("Handler"));
    };
    for (value, text) in &parts.policies {
        let known = known.as_list().unwrap_or_default();
        if !value.as_ref().is_some_and(|value| known.iter().any(|one| one.same(value))) {
            draft.edit(&place, |all, node| patch::append_item(all, node, text))?;
        }
    }
    Ok(())
}

/// Each event as it was; one whose name is taken is called after its function.
fn events(draft: &mut Draft<'_>, own: &Place, member: &Candidate<'_>, parts: &Parts) -> Result<(), Refusal> {
    let Some(whole) = &parts.event_map else { return Ok(()) };
    let place = own.key("Events");
    if !draft.has(&place) {
        return insert(draft, own, "Events", whole, None);
    }
    let id = &member.function.id.text;
    for (name, value) in &parts.events {
        let names = [name.clone(), id.clone(), format!("{id}{name}")];
        let free = names.iter().find(|name| !draft.has(&place.key(name)));
        let free =
            free.ok_or_else(|| Refusal::new(member.function.span(), "its events have names that are taken"))?;
        insert(draft, &place, free, value, None)?;
    }
    Ok(())
}

fn insert(
    draft: &mut Draft<'_>,
    place: &Place,
    key: &str,
    value: &str,
    after: Option<&str>,
) -> Result<(), Refusal> {
    let after = after.filter(|key| draft.has(&place.key(key)));
    draft.edit(place, |text, node| patch::insert_entry(text, node, key, value, after))
}

/// Gives the first member the new logical id.
fn rename(draft: &mut Draft<'_>, merge: &Merge<'_>, resources: &Place) -> Result<(), Refusal> {
    let id = &merge.first.function.id.text;
    draft.edit(resources, |text, node| {
        let (key, _) = node.get_entry(id).ok_or(patch::Refusal::NoSuchKey)?;
        let span = key.full_span();
        let written = text.get(span.range()).unwrap_or_default();
        if written.matches(id.as_str()).count() != 1 {
            return Err(patch::Refusal::Layout);
        }
        Ok(vec![Edit { span, text: written.replace(id.as_str(), &merge.id) }])
    })
}

/// The text as it is by now says what was meant: all other resources are as they were, and the new function
/// has every event and variable of the members.
///
/// # Errors
/// Where it does not.
pub fn verify(draft: &Draft<'_>, merge: &Merge<'_>) -> Result<(), Vec<Refusal>> {
    let path = &merge.template.path;
    let text = draft.text(merge.template.source).to_owned();
    let sources = merge.app.sources.changed([(path.clone(), Some(text))].into());
    let after = sources.find(path).and_then(|id| parse(&sources, id).0);
    let fault = |text: &str| Merge::refuse(merge.first, text);
    let Some(after) = after else { return fault("the template would not be read as one") };
    let Some(new) = after.resource(&merge.id) else { return fault("the new function would not be read") };
    let values = |of: &crate::template::Resource, path: &[&str]| -> Vec<Value> {
        let map = of.property(path[0]).and_then(|value| value.at(&path[1..]));
        let map = map.and_then(Value::as_map);
        map.into_iter().flat_map(|map| map.iter()).map(|(_, value)| value.clone()).collect()
    };
    for member in merge.members {
        let Some(old) = member.function.resource() else { continue };
        let all = |path: &[&str]| {
            let is = values(new, path);
            values(old, path).iter().all(|value| is.iter().any(|one| one.same(value)))
        };
        if !all(&["Events"]) || !all(&["Environment", "Variables"]) {
            return Merge::refuse(member, "its events and variables would not be read as they were");
        }
    }
    let others = merge.template.resources.iter().filter(|one| !merge.ids().any(|id| id == one.id.text));
    for old in others {
        let json = |one: &crate::template::Resource| {
            one.properties
                .iter()
                .map(|(name, value)| (name.text.clone(), value.to_json().to_string()))
                .collect::<Vec<_>>()
        };
        let speaks = |text: &str| merge.ids().any(|id| text.contains(id));
        let same = after.resource(&old.id.text).is_none_or(|new| {
            let (was, is) = (json(old), json(new));
            was.len() == is.len() && was.iter().zip(&is).all(|(was, is)| was == is || speaks(&was.1))
        });
        if !same {
            return fault(&format!("`{}` would change", old.id.text));
        }
    }
    Ok(())
}
