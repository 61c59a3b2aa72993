//! GraphQL APIs: data sources and resolvers.

use super::Scope;
use super::reference::{items, property, reach, reach_in};
use crate::aws::integrations::data_source_target;
use crate::graph::model::{DataSource, Graph, Reference, Resolver};
use crate::template::{Map, Name, Resource, Value};

const LAMBDA: &str = "AWS_LAMBDA";
const DYNAMODB: &str = "AMAZON_DYNAMODB";
const NONE: &str = "NONE";

pub(super) fn link(scope: &Scope<'_>, graph: &mut Graph) {
    for resource in &scope.template.resources {
        match resource.kind.text.as_str() {
            "AWS::Serverless::GraphQLApi" => api(scope, resource, graph),
            "AWS::AppSync::DataSource" => graph.data_sources.push(data_source(scope, resource)),
            "AWS::AppSync::Resolver" => graph.resolvers.push(resolver(scope, resource)),
            _ => {}
        }
    }
}

fn data_source(scope: &Scope<'_>, resource: &Resource) -> DataSource {
    let text = |name: &str| property(&resource.properties, &[name]).map(Value::text).unwrap_or_default();
    let kind = text("Type");
    let target = data_source_target(&kind).and_then(|path| property(&resource.properties, &path));
    DataSource {
        template: scope.id,
        api: of_api(scope, resource),
        name: text("Name"),
        target: target.map(|value| scope.reference(value)),
        kind,
        span: resource.id.span,
    }
}

fn resolver(scope: &Scope<'_>, resource: &Resource) -> Resolver {
    let text = |name: &str| property(&resource.properties, &[name]).map(Value::text).unwrap_or_default();
    let direct =
        reach(&resource.properties, &["DataSourceName"]).into_iter().map(|value| source_name(scope, value));
    let functions = reach(&resource.properties, &["PipelineConfig", "Functions"]);
    let piped = functions.into_iter().flat_map(|list| items(Some(list))).filter_map(|function| {
        let configuration = scope.resource(&scope.reference(function))?.property("DataSourceName")?;
        Some(source_name(scope, configuration))
    });
    Resolver {
        template: scope.id,
        api: of_api(scope, resource),
        kind: text("TypeName"),
        field: text("FieldName"),
        data_sources: direct.chain(piped).collect(),
        span: resource.id.span,
    }
}

fn of_api(scope: &Scope<'_>, resource: &Resource) -> Reference {
    match property(&resource.properties, &["ApiId"]) {
        Some(value) => scope.reference(value),
        None => Reference::Text(String::new()),
    }
}

/// A data source is named by its name; where a resource of the template is meant, by that one's.
fn source_name(scope: &Scope<'_>, value: &Value) -> String {
    let named = |reference: &Reference| {
        let resource =
            scope.resource(reference).filter(|resource| resource.is("AWS::AppSync::DataSource"))?;
        Some(resource.property("Name")?.text())
    };
    named(&scope.reference(value)).unwrap_or_else(|| value.text())
}

fn api(scope: &Scope<'_>, resource: &Resource, graph: &mut Graph) {
    let properties = &resource.properties;
    let api = Reference::Resource(resource.id.text.clone());
    for (section, kind, targets) in [
        ("DynamoDb", DYNAMODB, ["TableName", "TableArn"]),
        ("Lambda", LAMBDA, ["FunctionArn", "FunctionArn"]),
    ] {
        for (name, settings) in entries(properties, &["DataSources", section]) {
            let text = settings.get("Name").map(Value::text);
            let target = targets.iter().find_map(|key| settings.get(key));
            graph.data_sources.push(DataSource {
                template: scope.id,
                api: api.clone(),
                name: text.unwrap_or_else(|| name.text.clone()),
                kind: kind.to_owned(),
                target: target.map(|value| scope.reference(value)),
                span: name.span,
            });
        }
    }
    let functions: Vec<(&Name, &Map)> = entries(properties, &["Functions"]);
    // One source without data serves all functions that ask for none.
    if let Some((name, _)) = functions.iter().find(|(_, settings)| asks_for_none(settings)) {
        graph.data_sources.push(DataSource {
            template: scope.id,
            api: api.clone(),
            name: none_source(resource),
            kind: NONE.to_owned(),
            target: None,
            span: name.span,
        });
    }
    for (kind, resolvers) in
        reach(properties, &["Resolvers"]).into_iter().filter_map(Value::as_map).flat_map(Map::iter)
    {
        for (name, settings) in
            reach_in(resolvers, &[]).into_iter().filter_map(Value::as_map).flat_map(Map::iter)
        {
            let pipeline = reach_in(settings, &["Pipeline"]).into_iter().flat_map(|list| items(Some(list)));
            graph.resolvers.push(Resolver {
                template: scope.id,
                api: api.clone(),
                kind: kind.text.clone(),
                field: settings.get("FieldName").map_or_else(|| name.text.clone(), Value::text),
                data_sources: pipeline.filter_map(|step| used(scope, resource, &functions, step)).collect(),
                span: name.span,
            });
        }
    }
}

fn entries<'v>(properties: &'v Map, path: &[&str]) -> Vec<(&'v Name, &'v Map)> {
    reach(properties, path)
        .into_iter()
        .filter_map(Value::as_map)
        .flat_map(Map::iter)
        .filter_map(|(name, value)| Some((name, value.as_map()?)))
        .collect()
}

fn asks_for_none(settings: &Map) -> bool {
    settings.get("DataSource").and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case(NONE))
}

/// The name SAM gives to the source without data.
fn none_source(resource: &Resource) -> String {
    format!("{}NoneDataSource", resource.id.text)
}

/// The data source of a step of a pipeline: a function of the API, or one declared elsewhere.
fn used(scope: &Scope<'_>, resource: &Resource, functions: &[(&Name, &Map)], step: &Value) -> Option<String> {
    let (_, settings) = functions.iter().find(|(name, _)| step.as_str() == Some(&name.text))?;
    if asks_for_none(settings) {
        return Some(none_source(resource));
    }
    if let Some(id) = settings.get("Id") {
        let configuration = scope.resource(&scope.reference(id))?.property("DataSourceName")?;
        return Some(source_name(scope, configuration));
    }
    let source = settings.get("DataSource")?;
    let relative = ["DynamoDb", "Lambda"]
        .iter()
        .flat_map(|section| entries(&resource.properties, &["DataSources", section]))
        .find(|(name, _)| source.as_str() == Some(&name.text));
    match relative {
        Some((name, settings)) => Some(settings.get("Name").map_or_else(|| name.text.clone(), Value::text)),
        None => Some(source_name(scope, source)),
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::link::tests::{linked, text};

    #[test]
    fn sam_and_plain_apis_have_sources_and_resolvers() {
        let (graph, _) = linked(
            "
Resources:
  Work: {Type: AWS::Lambda::Function}
  Store: {Type: AWS::DynamoDB::Table}
  Api:
    Type: AWS::Serverless::GraphQLApi
    Properties:
      DataSources:
        Lambda: {Worker: {FunctionArn: !GetAtt Work.Arn, Name: worker}}
        DynamoDb: {Items: {TableName: !Ref Store, TableArn: !GetAtt Store.Arn}}
      Functions:
        one: {DataSource: Worker}
        two: {DataSource: none}
      Resolvers:
        Query: {get: {FieldName: item, Pipeline: [one, two]}}
  Plain: {Type: AWS::AppSync::GraphQLApi}
  Source:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Plain.ApiId, Name: source, Type: AWS_LAMBDA, LambdaConfig: {LambdaFunctionArn: !GetAtt Work.Arn}}
  Step: {Type: AWS::AppSync::FunctionConfiguration, Properties: {DataSourceName: !GetAtt Source.Name}}
  Resolver:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: !GetAtt Plain.ApiId, TypeName: Query, FieldName: all, PipelineConfig: {Functions: [!GetAtt Step.FunctionId]}}
",
            &[],
        );
        let sources: Vec<String> = graph
            .data_sources
            .iter()
            .map(|source| {
                format!(
                    "{} {} {} {}",
                    text(Some(&source.api)),
                    source.name,
                    source.kind,
                    text(source.target.as_ref())
                )
            })
            .collect();
        let expected = [
            "Api Items AMAZON_DYNAMODB Store",
            "Api worker AWS_LAMBDA Work",
            "Api ApiNoneDataSource NONE -",
            "Plain source AWS_LAMBDA Work",
        ];
        assert_eq!(sources, expected);
        let resolvers: Vec<String> = graph
            .resolvers
            .iter()
            .map(|one| {
                format!("{} {}.{} {}", text(Some(&one.api)), one.kind, one.field, one.data_sources.join(" "))
            })
            .collect();
        assert_eq!(resolvers, ["Api Query.item worker ApiNoneDataSource", "Plain Query.all source"]);
    }
}
