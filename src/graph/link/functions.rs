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
        handler: any(&[&["Handler"]]),
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
        role: any(&[&["Role"]]),
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
    reach(properties, &["Environment", "Variables"])
        .into_iter()
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
