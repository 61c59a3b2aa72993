//! What differs between the environments of a template, and what should and does not.

use std::collections::BTreeSet;

use crate::aws::physical_names::physical_name;
use crate::template::environments::{Environment, Said};
use crate::template::{Template, Value, World};

/// The environments of one template, side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Path of the template.
    pub template: String,
    pub environments: Vec<String>,
    pub rows: Vec<Row>,
}

/// One thing, and what it is in each environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `account`, `region`, `role`, `stack`, `parameter`, `resource`, `setting`.
    pub kind: &'static str,
    pub name: String,
    /// In the order of the environments; `None` where it is not known or not there.
    pub values: Vec<Option<String>>,
    /// Why it should differ, where it does not.
    pub note: Option<String>,
}

impl Row {
    pub fn differs(&self) -> bool {
        self.values.iter().any(|value| value != &self.values[0])
    }
}

/// Properties whose values decide what an environment costs and bears.
const SIZES: [&str; 4] =
    ["MemorySize", "ReservedConcurrentExecutions", "RetentionInDays", "ProvisionedConcurrencyConfig"];

/// Longer values are cut.
const LONGEST: usize = 60;

/// Compares environments of a template; those of these names, or all that are deployed and, where no
/// file deploys any, all that are possible.
pub fn compare(template: &Template, names: &[String]) -> Option<Comparison> {
    let environments: Vec<&Environment> = match names {
        [] => {
            let deployed: Vec<&Environment> = template.deployed_environments().collect();
            if deployed.len() > 1 { deployed } else { template.environments.iter().collect() }
        }
        names => names.iter().filter_map(|name| template.environment(name)).collect(),
    };
    if environments.len() < 2 || (!names.is_empty() && environments.len() < names.len()) {
        return None;
    }
    let mut rows = places(&environments);
    rows.extend(parameters(template, &environments));
    let worlds: Vec<World> = environments.iter().map(|one| template.world_of(one)).collect();
    rows.extend(resources(template, &worlds));
    rows.retain(|row| row.differs() || row.note.is_some());
    let environments = environments.into_iter().map(|environment| environment.name.clone()).collect();
    Some(Comparison { template: template.path.clone(), environments, rows })
}

/// Where environments are: account, Region, role, stack.
fn places(environments: &[&Environment]) -> Vec<Row> {
    let row = |kind, of: &dyn Fn(&Environment) -> Option<String>| Row {
        kind,
        name: String::new(),
        values: environments.iter().map(|environment| of(environment)).collect(),
        note: None,
    };
    let text = |said: &Option<Said>| said.as_ref().and_then(Said::literal).map(str::to_owned);
    let account = |one: &Environment| one.accounts.iter().next().cloned();
    let mut rows = vec![
        row("account", &account),
        row("profile", &|one| text(&one.profile)),
        row("region", &|one| text(&one.region)),
        row("role", &|one| one.roles.first().map(|role| role.text.clone())),
        row("stack", &|one| text(&one.stack_name)),
    ];
    let mixed =
        environments.iter().any(|one| one.is_production) && environments.iter().any(|one| !one.is_production);
    let apart = rows.iter().any(|row| matches!(row.kind, "account" | "profile" | "role") && row.differs());
    for row in &mut rows {
        let known = row.values.iter().all(Option::is_some) && !row.differs();
        row.note = match row.kind {
            "account" | "profile" | "role" if known && mixed && !apart => {
                Some("production should have an account of its own".to_owned())
            }
            "stack" if known && !apart => Some("the environments replace each other".to_owned()),
            _ => None,
        };
    }
    rows
}

fn parameters(template: &Template, environments: &[&Environment]) -> Vec<Row> {
    let value = |environment: &Environment, name: &str| match environment.parameters.get(name) {
        Some(said) => Some(cut(&said.text)),
        None => template.parameter(name)?.default.as_ref().map(|default| cut(&default.text())),
    };
    let hidden = |name: &str| template.parameter(name).is_some_and(|parameter| parameter.no_echo);
    let names = template.parameters.iter().map(|parameter| &parameter.name.text).filter(|name| !hidden(name));
    names
        .map(|name| Row {
            kind: "parameter",
            name: name.clone(),
            values: environments.iter().map(|environment| value(environment, name)).collect(),
            note: None,
        })
        .collect()
}

fn resources(template: &Template, worlds: &[World]) -> Vec<Row> {
    let mut rows = Vec::new();
    for resource in &template.resources {
        let id = &resource.id.text;
        if let Some(condition) = &resource.condition {
            let there = |world: &World| {
                let text = match world.holds(&condition.text) {
                    Some(true) => "yes",
                    Some(false) => "no",
                    None => return None,
                };
                Some(text.to_owned())
            };
            rows.push(Row {
                kind: "resource",
                name: id.clone(),
                values: worlds.iter().map(there).collect(),
                note: None,
            });
        }
        let naming = physical_name(&resource.kind.text).map(|naming| naming.property.as_str());
        for (property, value) in resource.properties.iter() {
            let name = format!("{id}.{}", property.text);
            let known: Vec<Value> = worlds.iter().map(|world| value.evaluate(world, template)).collect();
            let before = rows.len();
            if !value.is_literal() {
                settings(&name, &known.iter().map(Some).collect::<Vec<_>>(), &mut rows);
            }
            if rows.len() > before || resource.condition.is_some() {
                continue;
            }
            let fixed = value.is_literal() && Some(property.text.as_str()) == naming;
            let sized = value.is_literal() && SIZES.contains(&property.text.as_str());
            let note = match (fixed, sized) {
                (true, _) => "one account cannot have both",
                (_, true) => "the size is the same in all",
                _ => continue,
            };
            let values = known.iter().map(|value| Some(cut(&value.text()))).collect();
            rows.push(Row { kind: "setting", name, values, note: Some(note.to_owned()) });
        }
    }
    rows
}

/// The innermost parts of a value that differ.
fn settings(name: &str, values: &[Option<&Value>], rows: &mut Vec<Row>) {
    let maps: Vec<_> = values.iter().filter_map(|value| value.and_then(Value::as_map)).collect();
    if maps.len() == values.len() && !maps.is_empty() {
        let keys: BTreeSet<&str> =
            maps.iter().flat_map(|map| map.iter().map(|(key, _)| key.text.as_str())).collect();
        for key in keys {
            let inner: Vec<Option<&Value>> = maps.iter().map(|map| map.get(key)).collect();
            settings(&format!("{name}.{key}"), &inner, rows);
        }
        return;
    }
    let values = values.iter().map(|value| value.map(|value| cut(&value.text()))).collect();
    let row = Row { kind: "setting", name: name.to_owned(), values, note: None };
    rows.extend(Some(row).filter(Row::differs));
}

fn cut(text: &str) -> String {
    let line = text.replace('\n', " ");
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line,
    }
}
