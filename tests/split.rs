//! A split application is the one it was: all its templates together have the resources, routes,
//! permissions and relations that the one template had.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use slslint::config::Config;
use slslint::edit::Applicability;
use slslint::graph::services::Resolver;
use slslint::graph::{App, Node, Reference, Relation, Subject, Target, TemplateId};
use slslint::refactor::Options;
use slslint::refactor::series::{Series, Wanted, series};
use slslint::source::Sources;
use slslint::template::{MentionKind, Value};
use support::{folders_in, read_below, root};

type Texts = BTreeMap<String, String>;

#[test]
fn the_shop_becomes_five_services() {
    let before = texts(&root().join("corpus/apps/shop"));
    let made = split(&before);
    let templates = ["carts", "inventory", "orders", "payments", "products"];
    for name in templates {
        let path = format!("{name}/template.yaml");
        assert!(made.files.iter().any(|file| file.path == path), "{path} is not written");
    }
    let after = applied(&before, &made);
    assert!(!after.contains_key("template.yaml") && after.contains_key("carts/add_cart/app.py"));
    assert_same(&before, &after, "shop");
    assert!(split(&after).files.is_empty(), "it is split again");
}

#[test]
fn templates_together_are_what_the_one_was() {
    let mut split_any = false;
    for case in folders_in(&root().join("tests/refactorings/split-template")) {
        let before = texts(&case.join("before"));
        let made = split(&before);
        split_any |= !made.files.is_empty();
        assert_same(&before, &applied(&before, &made), &case.to_string_lossy());
    }
    assert!(split_any);
}

fn assert_same(before: &Texts, after: &Texts, name: &str) {
    let (was, is) = (facts(before, &BTreeSet::new()), facts(after, &ids(before)));
    let lost: Vec<&String> = was.difference(&is).collect();
    let new: Vec<&String> = is.difference(&was).collect();
    assert!(lost.is_empty() && new.is_empty(), "{name} lost {lost:#?}\nand has new {new:#?}");
}

fn split(texts: &Texts) -> Series {
    let wanted = Wanted {
        options: Options::default(),
        at_least: Applicability::DisplayOnly,
        is: &|kind, _| kind.id == "split-template",
    };
    let sources = Sources::in_memory(texts.clone());
    series::<String>(
        &sources,
        &|sources| match slslint::analyse(sources, &Config::default(), None) {
            Ok((app, _)) => Ok(app),
            Err(error) => Err(error.text),
        },
        &wanted,
    )
    .expect("it reads")
}

fn applied(before: &Texts, made: &Series) -> Texts {
    let mut after = before.clone();
    for file in &made.files {
        match &file.after {
            Some(text) => after.insert(file.path.clone(), text.clone()),
            None => after.remove(&file.path),
        };
    }
    after
}

fn ids(texts: &Texts) -> BTreeSet<String> {
    let sources = Sources::in_memory(texts.clone());
    let (app, _) = slslint::analyse(&sources, &Config::default(), None).expect("it reads");
    app.resources().map(|(_, resource)| resource.id.text.clone()).collect()
}

/// Everything there is, a line each. With `known` resources, parameters of Systems Manager that are new are
/// left out: they only hand on.
fn facts(texts: &Texts, known: &BTreeSet<String>) -> BTreeSet<String> {
    let sources = Sources::in_memory(texts.clone());
    let (app, _): (App<'_>, _) = slslint::analyse(&sources, &Config::default(), None).expect("it reads");
    let mut facts = BTreeSet::new();
    let only_hands_on =
        |id: &str, kind: &str| kind == "AWS::SSM::Parameter" && !known.is_empty() && !known.contains(id);
    for (template, resource) in app.resources() {
        let id = &resource.id.text;
        if only_hands_on(id, &resource.kind.text) {
            continue;
        }
        facts.insert(format!("{id} is a {}", resource.kind.text));
        for (name, value) in resource.properties.iter() {
            for target in spoken_of(&app, template, value) {
                facts.insert(format!("{id}.{} speaks of {target}", name.text));
            }
        }
    }
    for route in &app.graph.routes {
        let target = match &route.target {
            Target::Function(function) => resolved(&app, route.template, function),
            other => format!("{other:?}"),
        };
        let (method, path, auth) = (&route.method, &route.path, &route.auth);
        facts.insert(format!(
            "{method} {path} of {} {auth:?}: {target}",
            resolved(&app, route.template, &route.api)
        ));
    }
    for statement in &app.graph.statements {
        let (Subject::Function(subject) | Subject::StateMachine(subject)) = &statement.subject;
        let actions: Vec<String> = statement.actions.iter().map(Value::text).collect();
        for resource in &statement.resources {
            let on = spoken_of(&app, statement.template, resource);
            facts.insert(format!("{subject} may {} {actions:?} on {on:?}", statement.allow));
        }
    }
    for function in app.functions() {
        for (name, value) in &function.environment {
            let of = spoken_of(&app, function.template, value);
            facts.insert(format!("{} has {} of {of:?}", function.id.text, name.text));
        }
    }
    for edge in
        app.graph.relations.raw_edges().iter().filter(|edge| edge.weight.relation != Relation::References)
    {
        let (from, to) = (&app.graph.relations[edge.source()], &app.graph.relations[edge.target()]);
        facts.insert(format!("{} {:?} {}", name(&app, from), edge.weight.relation, name(&app, to)));
    }
    facts
}

/// The resources that a value speaks of, also where another template hands them on.
fn spoken_of(app: &App<'_>, template: TemplateId, value: &Value) -> BTreeSet<String> {
    let here = app.template(template);
    let mentions = value.mentions().into_iter().filter(|mention| mention.kind != MentionKind::Condition);
    mentions
        .map(|mention| match here.parameter(&mention.name.text) {
            Some(_) => resolved(app, template, &Reference::Text(format!("${{{}}}", mention.name.text))),
            None => mention.name.text,
        })
        .collect()
}

fn resolved(app: &App<'_>, template: TemplateId, reference: &Reference) -> String {
    match (Resolver { graph: &app.graph }).resource(template, reference) {
        Some(member) => member.id,
        None => format!("{reference:?}"),
    }
}

fn name(app: &App<'_>, node: &Node) -> String {
    match node {
        Node::Resource(_, id) => id.clone(),
        Node::Route(index) => {
            let route = &app.graph.routes[*index];
            format!("{} {}", route.method, route.path)
        }
        Node::Task(index) => {
            let task = &app.graph.tasks[*index];
            format!("{}/{}", task.state_machine, task.state.text)
        }
        Node::External(text) => text.clone(),
    }
}

fn texts(folder: &std::path::Path) -> Texts {
    let mut texts = Texts::new();
    read_below(folder, folder, &mut texts);
    texts
}
