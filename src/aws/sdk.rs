//! Names of services and operations in the SDKs.
//!
//! Most names follow a rule; `sdk.yaml` holds the others, with its sources.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
struct Tables {
    packages: FxHashMap<String, String>,
    classes: FxHashMap<String, String>,
    irregular: FxHashMap<String, String>,
    methods: FxHashMap<String, FxHashMap<String, String>>,
    document: FxHashMap<String, String>,
    /// By operation: the waiters that poll with it.
    waiters: BTreeMap<String, String>,
    resources: FxHashMap<String, String>,
    boto3: FxHashMap<String, FxHashMap<String, ResourceKind>>,
    transfers: FxHashMap<String, FxHashMap<String, Vec<String>>>,
    mappers: FxHashMap<String, Mapper>,
    mapper_commands: FxHashMap<String, String>,
    credentials: Vec<String>,
    marshalled: Marshalled,
    javascript: JavaScript,
    stubs: Vec<String>,
    /// By the place of the part.
    identifiers: Vec<Vec<String>>,
}

/// What layers over DynamoDB that take and give plain data make it of.
#[derive(Debug, Default, Deserialize)]
struct Marshalled {
    input: Vec<String>,
    output: Vec<String>,
}

/// Where the SDKs for JavaScript keep their classes.
#[derive(Debug, Default, Deserialize)]
struct JavaScript {
    clients: String,
    document: String,
    older: Older,
}

#[derive(Debug, Default, Deserialize)]
struct Older {
    names: Vec<String>,
    modules: String,
    all: String,
    document: String,
    not_clients: Vec<String>,
}

/// A class or function of the SDK for JavaScript v3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassOfV3<'p> {
    pub service: String,
    /// It is of the layer over DynamoDB that takes plain data.
    pub document: bool,
    pub name: &'p str,
}

impl ClassOfV3<'_> {
    /// `DynamoDBClient`, or `DynamoDB`: the class named like the service has all operations as methods.
    pub fn is_client(&self) -> bool {
        let flat = || self.service.chars().filter(char::is_ascii_alphanumeric);
        let name = self.name.to_lowercase();
        self.name.ends_with("Client") || name.chars().eq(flat()) || service_of_class(&name) == self.service
    }
}

/// The class or function of the SDK for JavaScript v3 at a path: `@aws-sdk/client-s3.S3Client`.
pub fn class_of_v3(path: &str) -> Option<ClassOfV3<'_>> {
    let packages = &tables().javascript;
    if let Some(rest) = path.strip_prefix(packages.document.as_str()) {
        let (_, name) = rest.split_once('.').filter(|(_, name)| !name.contains(['.', '(']))?;
        return Some(ClassOfV3 { service: "dynamodb".to_owned(), document: true, name });
    }
    let (package, name) = path.strip_prefix(packages.clients.as_str())?.split_once('.')?;
    let package = package.split('/').next().filter(|_| !name.contains(['.', '(']))?;
    Some(ClassOfV3 { service: service_of_package(package), document: false, name })
}

/// The class of the SDK for JavaScript v2 at a path: `aws-sdk.S3`, `aws-sdk/clients/s3`.
pub fn class_of_v2(path: &str) -> Option<&str> {
    let older = &tables().javascript.older;
    let rest = older.names.iter().find_map(|name| path.strip_prefix(name.as_str()))?;
    if let Some(module) = rest.strip_prefix(older.modules.as_str()) {
        return Some(module.strip_prefix(older.all.as_str()).unwrap_or(module));
    }
    rest.strip_prefix('.').filter(|class| class.starts_with(char::is_uppercase))
}

/// Whether a class of the SDK for JavaScript v2 is the client of a service.
pub fn is_client_of_v2(class: &str) -> bool {
    !class.contains(['.', '(']) && !tables().javascript.older.not_clients.iter().any(|known| known == class)
}

/// Whether a path is that of the layer over DynamoDB in the SDK for JavaScript v2, which takes plain data.
pub fn is_document_client_of_v2(path: &str) -> bool {
    let older = &tables().javascript.older;
    path.ends_with(&older.document) && older.names.iter().any(|name| path.starts_with(name.as_str()))
}

/// The service and the class that a type stub of boto3 describes: `mypy_boto3_dynamodb.client.DynamoDBClient`.
pub fn class_of_stub(path: &str) -> Option<(String, &str)> {
    let stub = tables().stubs.iter().find_map(|prefix| path.strip_prefix(prefix.as_str()))?;
    let (service, rest) = stub.split_once('.')?;
    Some((service.replace('_', "-"), rest.rsplit('.').next().unwrap_or(rest)))
}

/// The place among what identifies a resource object of boto3 that a member of it gives.
pub fn identifier(member: &str) -> Option<usize> {
    tables().identifiers.iter().position(|names| names.iter().any(|name| name == member))
}

/// A kind of resource object of boto3.
#[derive(Debug, Default, Deserialize)]
pub struct ResourceKind {
    #[serde(default)]
    identity: String,
    #[serde(default)]
    methods: FxHashMap<String, String>,
}

/// A mapper of classes or schemas to items of DynamoDB.
#[derive(Debug, Default, Deserialize)]
struct Mapper {
    /// What makes an entity, by dotted path.
    made_by: String,
    /// Calls only describe; a last one sends.
    #[serde(default)]
    lazy: bool,
    methods: FxHashMap<String, String>,
}

impl ResourceKind {
    /// Members of an operation's input that identify it, in the order they are given.
    pub fn identity(&self) -> impl Iterator<Item = &str> {
        self.identity.split(' ').filter(|member| !member.is_empty())
    }

    /// The operation a method or collection stands for, and the kind of resource it gives.
    pub fn method(&self, name: &str) -> Option<(&str, Option<&str>)> {
        let row = self.methods.get(name)?;
        Some(row.split_once(' ').map_or((row.as_str(), None), |(operation, gives)| (operation, Some(gives))))
    }
}

/// Whether a client that is given this has credentials of its own.
pub fn gives_credentials(argument: &str) -> bool {
    tables().credentials.iter().any(|known| known == argument)
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| serde_yaml::from_str(include_str!("sdk.yaml")).unwrap_or_default())
}

/// Command line name of the service of `@aws-sdk/client-{name}`.
pub fn service_of_package(name: &str) -> String {
    tables().packages.get(name).map_or_else(|| name.to_owned(), Clone::clone)
}

/// Command line name of the service of a class of the older JavaScript SDK: `AWS.StepFunctions`.
pub fn service_of_class(name: &str) -> String {
    let name = name.to_lowercase();
    tables().classes.get(&name).cloned().unwrap_or(name)
}

/// What a method of a client calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    Operation(String),
    /// It stays inside the SDK.
    Nothing,
}

/// What a method of a client of a service calls; `document` for the document layers over DynamoDB.
pub fn call_of_method(service: &str, method: &str, document: bool) -> Call {
    let tables = tables();
    for of in [service, "*"] {
        match tables.methods.get(of).and_then(|methods| methods.get(method)).map(String::as_str) {
            Some("-") => return Call::Nothing,
            Some(operation) => return Call::Operation(operation.to_owned()),
            None => {}
        }
    }
    if document && let Some(operation) = tables.document.get(method) {
        return Call::Operation(operation.clone());
    }
    Call::Operation(irregular(service, method).map_or_else(|| pascal(method), str::to_owned))
}

/// The operation of a service with the words of a method, where these have capitals of their own.
fn irregular(service: &str, method: &str) -> Option<&'static str> {
    let letters = || method.chars().filter(|letter| *letter != '_');
    let is_it = |operation: &&str| operation.chars().map(|letter| letter.to_ascii_lowercase()).eq(letters());
    tables().irregular.get(service)?.split(' ').find(is_it)
}

/// The operation of a command class without `Command`.
pub fn operation_of_command(name: &str, document: bool) -> String {
    let first_lower: String =
        name.chars().take(1).flat_map(char::to_lowercase).chain(name.chars().skip(1)).collect();
    match tables().document.get(&first_lower) {
        Some(operation) if document => operation.clone(),
        _ => name.to_owned(),
    }
}

/// The operation that a waiter polls with.
pub fn operation_of_waiter(name: &str) -> Option<&'static str> {
    let snake = snake(name);
    let known = |(_, waiters): &(&String, &String)| waiters.split(' ').any(|waiter| waiter == snake);
    tables().waiters.iter().find(known).map(|(operation, _)| operation.as_str())
}

/// Members of the input that name what an operation of a service acts on, first present first.
pub fn resource_members(service: &str) -> impl Iterator<Item = &'static str> {
    tables().resources.get(service).map_or("", String::as_str).split(' ').filter(|member| !member.is_empty())
}

/// A kind of resource object of boto3; `ServiceResource` is the root.
pub fn resource_kind(service: &str, kind: &str) -> Option<&'static ResourceKind> {
    tables().boto3.get(service)?.get(kind)
}

/// Members of the input that the positional arguments of a transfer method give.
pub fn transfer_input(service: &str, method: &str) -> Option<&'static [String]> {
    Some(tables().transfers.get(service)?.get(method)?)
}

/// The mapper that a function or class of a package makes entities of.
pub fn mapper_of(path: &str) -> Option<&'static str> {
    let mappers = &tables().mappers;
    let mut names: Vec<&String> = mappers.keys().collect();
    names.sort();
    names
        .into_iter()
        .find(|name| mappers[*name].made_by.split(' ').any(|made_by| made_by == path))
        .map(String::as_str)
}

/// The operation that a method of an entity stands for.
pub fn mapper_operation(mapper: &str, method: &str) -> Option<&'static str> {
    tables().mappers.get(mapper)?.methods.get(method).map(String::as_str)
}

/// The operation that a command of an entity stands for.
pub fn mapper_command(name: &str) -> Option<&'static str> {
    tables().mapper_commands.get(name).map(String::as_str)
}

pub fn mapper_is_lazy(mapper: &str) -> bool {
    tables().mappers.get(mapper).is_some_and(|mapper| mapper.lazy)
}

/// Whether a layer over DynamoDB takes this part of an input as plain data.
pub fn is_marshalled_input(member: &str) -> bool {
    tables().marshalled.input.iter().any(|known| known == member)
}

/// Whether a layer over DynamoDB gives this part of an answer as plain data.
pub fn is_marshalled_output(member: &str) -> bool {
    tables().marshalled.output.iter().any(|known| known == member)
}

fn pascal(snake: &str) -> String {
    snake
        .split('_')
        .map(|part| {
            part.chars().take(1).flat_map(char::to_uppercase).chain(part.chars().skip(1)).collect::<String>()
        })
        .collect()
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read() {
        serde_yaml::from_str::<Tables>(include_str!("sdk.yaml"))
            .expect("the tables have the form of `Tables`");
        assert_eq!(service_of_package("sfn"), "stepfunctions");
        assert_eq!(service_of_package("dynamodb"), "dynamodb");
        let client = class_of_v3("@aws-sdk/client-sfn.SFN").expect("it is a class of v3");
        assert!(client.service == "stepfunctions" && client.is_client() && !client.document);
        assert!(class_of_v3("@aws-sdk/lib-dynamodb.PutCommand").is_some_and(|class| class.document));
        assert!(class_of_v3("@aws-sdk/client-s3.S3.name").is_none());
        assert_eq!(class_of_v2("aws-sdk/clients/s3"), Some("s3"));
        assert_eq!((class_of_v2("AWS.S3"), class_of_v2("AWS.config")), (Some("S3"), None));
        assert!(is_document_client_of_v2("aws-sdk/lib/dynamodb/document_client.DocumentClient"));
        assert!(is_client_of_v2("S3") && !is_client_of_v2("Endpoint"));
        assert_eq!(
            class_of_stub("types_boto3_cognito_idp.client.Any"),
            Some(("cognito-idp".to_owned(), "Any"))
        );
        assert_eq!(
            (identifier("queue_url"), identifier("key"), identifier("size")),
            (Some(0), Some(1), None)
        );
        assert_eq!(service_of_class("CognitoIdentityServiceProvider"), "cognito-idp");
        assert_eq!(
            call_of_method("s3", "list_objects_v2", false),
            Call::Operation("ListObjectsV2".to_owned())
        );
        assert_eq!(
            call_of_method("rds", "copy_db_snapshot", false),
            Call::Operation("CopyDBSnapshot".to_owned())
        );
        assert_eq!(
            call_of_method("rds", "copyDBSnapshot", false),
            Call::Operation("CopyDBSnapshot".to_owned())
        );
        assert_eq!(call_of_method("dynamodb", "get", true), Call::Operation("GetItem".to_owned()));
        assert_eq!(call_of_method("s3", "getSignedUrl", false), Call::Nothing);
        assert_eq!(call_of_method("lambda", "getFunction", false), Call::Operation("GetFunction".to_owned()));
        assert_eq!(operation_of_command("BatchWrite", true), "BatchWriteItem");
        assert_eq!(service_of_class("SFN"), "stepfunctions");
        assert_eq!(transfer_input("s3", "download_file").map(<[String]>::len), Some(2));
        assert_eq!(operation_of_waiter("stackCreateComplete"), Some("DescribeStacks"));
        let table = resource_kind("dynamodb", "Table").expect("tables are resources");
        assert_eq!(table.method("put_item"), Some(("PutItem", None)));
        assert_eq!(table.identity().collect::<Vec<_>>(), ["TableName"]);
    }
}
