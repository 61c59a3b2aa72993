//! The facts of one template, without a look at those of all others.

use std::ops::Range;

use super::model::{
    Api, EventSource, Function, Layer, ManagedPolicy, Route, StateMachine, Statement, TemplateId,
};

/// A fact that belongs to a template.
pub trait Placed {
    fn template(&self) -> TemplateId;
}

macro_rules! placed {
    ($($fact:ty),*) => {
        $(impl Placed for $fact {
            fn template(&self) -> TemplateId {
                self.template
            }
        })*
    };
}

placed!(Api, EventSource, Function, Layer, ManagedPolicy, Route, StateMachine, Statement);

/// The facts of a template among those of all templates, which come in the order of templates.
pub fn of_template<T: Placed>(facts: &[T], template: TemplateId) -> &[T] {
    &facts[range(facts, template)]
}

/// The same, each with its index among all.
pub fn numbered<T: Placed>(facts: &[T], template: TemplateId) -> impl Iterator<Item = (usize, &T)> {
    let range = range(facts, template);
    range.clone().zip(&facts[range])
}

fn range<T: Placed>(facts: &[T], template: TemplateId) -> Range<usize> {
    let start = facts.partition_point(|fact| fact.template() < template);
    let count = facts[start..].partition_point(|fact| fact.template() == template);
    start..start + count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::link;
    use crate::source::Sources;
    use crate::template;

    #[test]
    fn a_template_has_its_own_facts() {
        let text = "Transform: AWS::Serverless-2016-10-31
Resources:
  One:
    Type: AWS::Serverless::Function
    Properties: {Events: {A: {Type: HttpApi}, Q: {Type: SQS, Properties: {Queue: arn}}}, Policies: [AWSLambdaExecute, {Statement: {Effect: Allow, Action: s3:GetObject, Resource: x}}]}
  Two: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: Api, Properties: {Path: /, Method: get}}}}}
  Machine: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {}}}
  Shared: {Type: AWS::Serverless::LayerVersion}
";
        let files = ["a/t.yaml", "b/t.yaml", "c/t.yaml"].map(|path| (path.to_owned(), text.to_owned()));
        let sources = Sources::in_memory(files.into_iter().collect());
        let (graph, _) = link(template::parse_all(&sources, &|_| false, &[]).templates, &sources);
        fn check<T: Placed + std::fmt::Debug>(facts: &[T]) {
            assert!(!facts.is_empty(), "{}", std::any::type_name::<T>());
            for index in 0..3 {
                let scanned = facts.iter().filter(|fact| fact.template() == TemplateId(index));
                let found = of_template(facts, TemplateId(index));
                assert!(scanned.map(std::ptr::from_ref).eq(found.iter().map(std::ptr::from_ref)));
                assert!(numbered(facts, TemplateId(index)).all(|(at, fact)| std::ptr::eq(&facts[at], fact)));
            }
            assert!(of_template(facts, TemplateId(3)).is_empty());
        }
        check(&graph.functions);
        check(&graph.apis);
        check(&graph.layers);
        check(&graph.routes);
        check(&graph.event_sources);
        check(&graph.statements);
        check(&graph.managed_policies);
        check(&graph.state_machines);
    }
}
