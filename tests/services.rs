//! Services: found, declared, measured; and what merging says of them.

mod support;

use std::collections::BTreeMap;

use slslint::config::Config;
use slslint::graph::App;
use slslint::graph::merging::groups;
use slslint::graph::services::{Basis, dependencies, metrics};
use slslint::source::Sources;
use support::cases;

fn with<T>(texts: BTreeMap<String, String>, config: &str, ask: impl FnOnce(&App<'_>, Vec<String>) -> T) -> T {
    let sources = Sources::in_memory(texts);
    let config = Config::parse(config).expect("it is valid");
    let (app, problems) = slslint::analyse(&sources, &config, None).expect("it is valid");
    ask(&app, problems.into_iter().map(|problem| problem.text).collect())
}

fn shop() -> BTreeMap<String, String> {
    cases().into_iter().find(|case| case.name == "apps/shop").expect("the shop is there").texts
}

fn listed(app: &App<'_>) -> Vec<(String, Vec<String>)> {
    let member = |service: &slslint::graph::services::Service| {
        service.members.iter().map(|own| own.member.id.clone()).collect::<Vec<_>>()
    };
    app.services.all.iter().map(|service| (service.name.clone(), member(service))).collect()
}

#[test]
fn the_shop_has_five_services_and_each_membership_a_reason() {
    with(shop(), "", |app, problems| {
        let expected: [(&str, &[&str]); 5] = [
            ("carts", &["AddCart", "GetCart", "RemoveCart"]),
            ("inventory", &["ReserveInventory", "ReleaseInventory"]),
            ("orders", &["SubmitOrder", "CreateOrder", "FulfilOrder", "OrderMachine"]),
            ("payments", &["TakePayment"]),
            ("products", &["GetProduct"]),
        ];
        let expected =
            expected.map(|(name, own)| (name.to_owned(), own.iter().map(ToString::to_string).collect()));
        assert_eq!(listed(app), expected);
        let mut members = app.services.all.iter().flat_map(|service| &service.members);
        assert!(members.all(|own| !own.reasons.is_empty()));
        assert!(app.services.all.iter().all(|service| service.basis == Basis::Common));
        assert!(problems.is_empty(), "{problems:?}");
    });
}

#[test]
fn declared_services_come_first_and_what_fits_nothing_is_told() {
    let config = "[services.checkout]\nresources = ['*Order', 'OrderMachine', 'TakePayment']\n\
                  [services.gone]\npaths = ['nowhere']\n\
                  [[contracts]]\nname = 'n'\nkind = 'acyclic'\nservices = ['stock']\n";
    with(shop(), config, |app, problems| {
        let checkout = app.services.named("checkout").expect("it is declared");
        assert_eq!(app.services.all[checkout].members.len(), 5);
        assert!(app.services.named("orders").is_none() && app.services.named("payments").is_none());
        assert!(app.services.named("carts").is_some());
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].contains("`gone`") && problems[1].contains("`stock`"));
    });
}

#[test]
fn what_a_machine_starts_is_coupling() {
    with(shop(), "", |app, _| {
        let found = dependencies(&app.graph, app.sources, &app.services);
        let rows = metrics(&app.graph, &app.services, &found);
        let orders = rows.iter().find(|row| row.name == "orders").expect("it is there");
        assert_eq!((orders.afferent, orders.efferent, orders.functions, orders.routes), (0, 2, 3, 1));
        assert_eq!(orders.instability(), Some(1.0));
        assert!(rows.iter().all(|row| row.chain.is_empty()));
    });
}

#[test]
fn adding_and_removing_are_merged_and_reading_stays_a_direct_integration() {
    with(shop(), "", |app, _| {
        let groups = groups(app);
        let [group] = groups.as_slice() else { panic!("one group: {groups:?}") };
        let members: Vec<&str> =
            group.members.iter().map(|member| member.function.id.text.as_str()).collect();
        assert_eq!(members, ["AddCart", "RemoveCart"]);
        let gains =
            |index: usize| group.gains[index].iter().map(|gain| gain.action.as_str()).collect::<Vec<_>>();
        assert_eq!(gains(0), ["dynamodb:DeleteItem"]);
        assert_eq!(gains(1), ["dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]);
        let [(stays, why)] = group.apart.as_slice() else { panic!("one stays: {:?}", group.apart) };
        assert!(stays.id.text == "GetCart" && why.contains("direct integration"), "{why}");
    });
}

#[test]
fn owners_and_tags_keep_functions_apart_that_share_a_table() {
    let template = |tags: &str| {
        let function = |id: &str, tag: &str| {
            format!(
                "  {id}: {{Type: AWS::Serverless::Function, Properties: {{CodeUri: src/{id}/, Handler: a.h, \
                 Runtime: python3.13, Tags: {{{tag}}}, Environment: {{Variables: {{T: !Ref T}}}}}}}}\n"
            )
        };
        let (one, other) = tags.split_once('|').expect("two of them");
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n{}{}{}{}  T: {{Type: AWS::Serverless::SimpleTable}}\n",
            function("SaveA", one),
            function("DropA", one),
            function("SaveB", other),
            function("DropB", other)
        )
    };
    let code = "import os\nimport boto3\ntable = boto3.resource('dynamodb').Table(os.environ['T'])\n\
                def h(event, context):\n    table.put_item(Item=event)\n";
    let app = |tags: &str, owners: &str| {
        let mut texts = BTreeMap::from([("template.yaml".to_owned(), template(tags))]);
        for id in ["SaveA", "DropA", "SaveB", "DropB"] {
            texts.insert(format!("src/{id}/a.py"), code.to_owned());
        }
        texts.insert("CODEOWNERS".to_owned(), owners.to_owned());
        with(texts, "", |app, _| listed(app).len())
    };
    assert_eq!(app("|", ""), 1);
    assert_eq!(app("Service: a|Service: b", ""), 2);
    assert_eq!(app("Stage: a|Stage: b", ""), 1);
    assert_eq!(app("|", "src/SaveA @a\nsrc/DropA @a\nsrc/SaveB @b\nsrc/DropB @b\n"), 2);
}

#[test]
fn unknown_keys_and_kinds_are_errors() {
    assert!(Config::parse("[services.a]\npath = ['x']\n").is_err());
    assert!(Config::parse("[[contracts]]\nname = 'n'\nkind = 'forbiden'\n").is_err());
    assert!(Config::parse("[[contracts]]\nname = 'n'\nkind = 'acyclic'\nlayers = []\n").is_err());
}
