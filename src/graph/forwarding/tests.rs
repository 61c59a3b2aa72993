//! What a branch asks, and where values come from.

use super::questions::{Question, question};
use super::values::{Origins, Role, Surroundings};
use crate::aws::direct;
use crate::source::{SourceId, Span};
use crate::summary::{Condition, EffectId, Shape, Symbol, Test};

const CALL: EffectId = EffectId(0);

fn span() -> Span {
    Span::new(SourceId(0), 0, 0)
}

fn words(path: &[&str]) -> Vec<String> {
    path.iter().map(|part| (*part).to_owned()).collect()
}

fn event(path: &[&str]) -> Shape {
    Shape::Symbol(Symbol::Event(words(path).into()))
}

fn answer(path: &[&str]) -> Shape {
    Shape::Symbol(Symbol::Result(CALL, words(path).into()))
}

fn around() -> Surroundings<'static> {
    let language = direct::language("rest").expect("the table has it");
    Surroundings {
        language,
        trigger: "rest",
        call: Some(CALL),
        is_set: &|name| name == "TABLE",
        tells: &|_| false,
    }
}

fn asked(test: Test) -> Question {
    question(&Condition { test, holds: true, span: span() }, &around())
}

#[test]
fn questions_are_told_apart() {
    let text = |text: &str| Shape::Symbol(Symbol::Name(text.to_owned()));
    assert_eq!(asked(Test::Truthy(event(&["queryStringParameters", "q"]))), Question::Request);
    assert_eq!(asked(Test::Has(answer(&[]), "Item".to_owned())), Question::Answer);
    assert_eq!(asked(Test::Failed(CALL, Vec::new())), Question::Failure);
    assert!(matches!(asked(Test::Equal(event(&["headers", "kind"]), text("a"))), Question::Check(_)));
    assert!(matches!(asked(Test::Equal(event(&["httpMethod"]), text("GET"))), Question::Logic(_)));
    assert!(matches!(asked(Test::Equal(answer(&["error", "Code"]), text("a"))), Question::Logic(_)));
    assert!(matches!(asked(Test::Other([].into())), Question::Logic(_)));
}

#[test]
fn values_have_an_origin_or_a_reason() {
    let reasons = |role: Role, shape: &Shape| {
        let mut origins = Origins::new(around(), role, span());
        origins.value(shape);
        origins.reasons.len()
    };
    let id = event(&["pathParameters", "id"]);
    assert_eq!(reasons(Role::Input, &id), 0);
    assert_eq!(reasons(Role::Input, &Shape::Symbol(Symbol::Env("TABLE".to_owned()))), 0);
    assert_eq!(reasons(Role::Input, &Shape::Symbol(Symbol::Env("OTHER".to_owned()))), 1);
    assert_eq!(reasons(Role::Input, &answer(&["Item"])), 1);
    assert_eq!(reasons(Role::Answer, &answer(&["Item"])), 0);
    assert_eq!(reasons(Role::Answer, &event(&["body"])), 1);
    assert_eq!(reasons(Role::Input, &Shape::Now("iso".to_owned())), 1);
    assert_eq!(reasons(Role::Input, &Shape::Text([id.clone(), id].into())), 1);
}
