//! Functions, whichever resource type declares them, and their URLs.

use std::collections::BTreeSet;

use super::Scope;
use super::reference::{items, listed, property, reach};
use crate::aws::resource_types::{Role, role};
use crate::graph::model::{Behaviour, Code, Function, FunctionUrl, Graph, Reference};
use crate::template::{Map, Name, Resource, Value};

pub(super) fn link(scope: &Scope<'_>, graph: &mut Graph) {
    for resource in &scope.template.resources {
        if role(&resource.kind.text) == Some(Role::Function) {
            graph.functions.push(function(scope, resource));
            graph.function_urls.extend(own_urls(scope, resource));
        }
    }
    for resource in &scope.template.resources {
        if resource.is("AWS::Lambda::Url") {
            graph.function_urls.extend(url_resource(scope, resource));
        }
    }
}

fn function(scope: &Scope<'_>, resource: &Resource) -> Function {
    let properties = &resource.properties;
    let any = |paths: &[&[&str]]| paths.iter().find_map(|path| property(properties, path)).cloned();
    let destination = |name: &str| destination(scope, resource, name);
    Function {
        template: scope.id,
        id: resource.id.clone(),
        runtime: any(&[&["Runtime"]]),
        handler: any(&[&["Handler"], &["EntryPoint"]]),
        memory: any(&[&["MemorySize"]]),
        timeout: any(&[&["Timeout"]]),
        ephemeral_storage: any(&[&["EphemeralStorage", "Size"]]),
        package_type: any(&[&["PackageType"]]),
        code: code(properties),
        layers: listed(property(properties, &["Layers"])),
        environment: environment(properties),
        tracing: any(&[&["TracingConfig", "Mode"], &["Tracing"]]),
        reserved_concurrency: any(&[&["ReservedConcurrentExecutions"]]),
        provisioned_concurrency: any(&[&["ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"]])
            .or_else(|| provisioned_elsewhere(scope, resource)),
        alias: any(&[&["AutoPublishAlias"]]),
        architectures: listed(property(properties, &["Architectures"])),
        vpc: any(&[&["VpcConfig"]]),
        dead_letter: any(&[&["DeadLetterQueue", "TargetArn"], &["DeadLetterConfig", "TargetArn"]]),
        on_success: destination("OnSuccess"),
        on_failure: destination("OnFailure"),
        snap_start: any(&[&["SnapStart", "ApplyOn"]]),
        kms_key: any(&[&["KmsKeyArn"]]),
        capacity_provider: any(&[
            &["CapacityProviderConfig", "Arn"],
            &[
                "CapacityProviderConfig",
                "LambdaManagedInstancesCapacityProviderConfig",
                "CapacityProviderArn",
            ],
        ]),
        file_systems: items(properties.get("FileSystemConfigs")).len(),
        role: any(&[&["Role"], &["ExecutionRoleArn"]]),
        condition: resource.condition.clone(),
        behaviour: Behaviour::default(),
    }
}

fn code(properties: &Map) -> Code {
    let value = |path: &[&str]| property(properties, path).cloned();
    if let Some(text) = value(&["InlineCode"]).or_else(|| value(&["Code", "ZipFile"])) {
        return Code::Inline(text);
    }
    let image = value(&["ImageUri"]).or_else(|| value(&["Code", "ImageUri"]));
    let is_image = property(properties, &["PackageType"]).and_then(Value::as_str) == Some("Image");
    if image.is_some() || is_image {
        return Code::Image(image);
    }
    Code::Package(value(&["CodeUri"]).or_else(|| value(&["Code"])))
}

/// Variables of every branch, each name once.
fn environment(properties: &Map) -> Vec<(Name, Value)> {
    let mut seen = BTreeSet::new();
    [&["Environment", "Variables"][..], &["EnvironmentVariables"]]
        .into_iter()
        .flat_map(|path| reach(properties, path))
        .filter_map(Value::as_map)
        .flat_map(Map::iter)
        .filter(|(_, value)| !value.is_no_value())
        .filter(|(name, _)| seen.insert(name.text.clone()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Where the results of asynchronous invocation go: a property of the function, or a resource of its own.
fn destination(scope: &Scope<'_>, function: &Resource, name: &str) -> Option<Value> {
    let own =
        property(&function.properties, &["EventInvokeConfig", "DestinationConfig", name, "Destination"]);
    let elsewhere = || {
        about(scope, function, "AWS::Lambda::EventInvokeConfig")
            .find_map(|config| property(&config.properties, &["DestinationConfig", name, "Destination"]))
    };
    own.or_else(elsewhere).cloned()
}

fn provisioned_elsewhere(scope: &Scope<'_>, function: &Resource) -> Option<Value> {
    let alias = &["ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"];
    let mut found = about(scope, function, "AWS::Lambda::Alias")
        .chain(about(scope, function, "AWS::Lambda::Version"))
        .filter_map(|resource| property(&resource.properties, alias));
    found.next().cloned()
}

/// Resources of a type whose `FunctionName` is this function.
fn about<'a>(scope: &Scope<'a>, function: &Resource, kind: &str) -> impl Iterator<Item = &'a Resource> {
    let scope = *scope;
    let wanted = Reference::Resource(function.id.text.clone());
    scope.template.resources.iter().filter(move |resource| resource.kind.text == kind).filter(
        move |resource| resource.property("FunctionName").is_some_and(|name| scope.reference(name) == wanted),
    )
}

fn own_urls(scope: &Scope<'_>, resource: &Resource) -> Vec<FunctionUrl> {
    let Some(written) = resource.properties.entry("FunctionUrlConfig") else { return Vec::new() };
    let function = Reference::Resource(resource.id.text.clone());
    reach(&resource.properties, &["FunctionUrlConfig"])
        .into_iter()
        .filter_map(Value::as_map)
        .map(|config| url(scope, function.clone(), config, &written.0))
        .collect()
}

fn url_resource(scope: &Scope<'_>, resource: &Resource) -> Vec<FunctionUrl> {
    reach(&resource.properties, &["TargetFunctionArn"])
        .into_iter()
        .map(|target| url(scope, scope.reference(target), &resource.properties, &resource.id))
        .collect()
}

fn url(scope: &Scope<'_>, function: Reference, config: &Map, name: &Name) -> FunctionUrl {
    FunctionUrl {
        template: scope.id,
        function,
        auth_type: property(config, &["AuthType"]).cloned(),
        invoke_mode: property(config, &["InvokeMode"]).cloned(),
        cors: property(config, &["Cors"]).is_some(),
        span: name.span,
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::link::tests::{linked, text};
    use crate::graph::model::Code;
    use crate::template::Value;

    #[test]
    fn both_types_of_functions_are_one() {
        let (graph, _) = linked(
            "
Globals:
  Function: {Timeout: 5, Layers: [arn:global], Environment: {Variables: {A: 1}}}
Resources:
  Sam:
    Type: AWS::Serverless::Function
    Condition: Prod
    Properties:
      InlineCode: pass
      Layers: [arn:own]
      Environment: {Variables: {B: 2}}
      Tracing: Active
      AutoPublishAlias: live
      DeadLetterQueue: {Type: SQS, TargetArn: arn:dead}
      EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS, Destination: arn:failed}, OnSuccess: {Type: SNS}}}
      VpcConfig: !If [Prod, {SubnetIds: [s]}, !Ref AWS::NoValue]
      FunctionUrlConfig: !If [Prod, {AuthType: AWS_IAM, Cors: {AllowOrigins: ['*']}}, !Ref AWS::NoValue]
  Plain:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ImageUri: image}
      PackageType: Image
      TracingConfig: {Mode: PassThrough}
      DeadLetterConfig: {TargetArn: arn:dead}
      FileSystemConfigs: [{Arn: a, LocalMountPath: /mnt/a}]
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      FunctionName: !Ref Plain
      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 3}
  Results:
    Type: AWS::Lambda::EventInvokeConfig
    Properties: {FunctionName: !Ref Plain, DestinationConfig: {OnSuccess: {Destination: arn:done}}}
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Live, AuthType: NONE}}
",
            &[],
        );
        let [sam, plain] = graph.functions.as_slice() else { panic!("two functions") };
        let read = |value: &Option<Value>| value.as_ref().map(Value::text);
        let all = |values: &[Value]| values.iter().map(Value::text).collect::<Vec<_>>();
        let names = |function: &crate::graph::Function| {
            function.environment.iter().map(|(name, _)| name.text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(all(&sam.layers), ["arn:global", "arn:own"]);
        assert_eq!((read(&sam.timeout), names(sam)), (Some("5".into()), vec!["A".into(), "B".into()]));
        assert_eq!((read(&sam.tracing), read(&sam.alias)), (Some("Active".into()), Some("live".into())));
        assert_eq!((read(&sam.on_failure), &sam.on_success), (Some("arn:failed".into()), &None));
        assert!(sam.vpc.is_some() && sam.condition.is_some());
        assert!(matches!((&sam.code, &plain.code), (Code::Inline(_), Code::Image(Some(_)))));
        assert_eq!(
            (read(&plain.tracing), read(&plain.dead_letter)),
            (Some("PassThrough".into()), Some("arn:dead".into()))
        );
        assert_eq!(
            (read(&plain.provisioned_concurrency), read(&plain.on_success)),
            (Some("3".into()), Some("arn:done".into()))
        );
        assert_eq!((plain.file_systems, read(&plain.timeout)), (1, None));
        let urls: Vec<_> = graph
            .function_urls
            .iter()
            .map(|url| (text(Some(&url.function)), read(&url.auth_type), url.cors))
            .collect();
        assert_eq!(
            urls,
            [("Sam".into(), Some("AWS_IAM".into()), true), ("Plain".into(), Some("NONE".into()), false)]
        );
    }
}
