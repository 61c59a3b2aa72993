//! Layers, tables and nested applications.

use super::Scope;
use super::reference::{items, listed, property, reach};
use crate::aws::resource_types::{Role, role};
use crate::graph::model::{Application, Graph, Layer, Table, TableKey, TemplateId};
use crate::template::{Map, Resource, Value};

pub(super) fn link(scope: &Scope<'_>, graph: &mut Graph) {
    for resource in &scope.template.resources {
        match role(&resource.kind.text) {
            Some(Role::Layer) => graph.layers.push(layer(scope, resource)),
            Some(Role::Table) => graph.tables.push(table(scope, resource)),
            Some(Role::Application) => graph.applications.push(application(scope, resource)),
            _ => {}
        }
    }
}

fn layer(scope: &Scope<'_>, resource: &Resource) -> Layer {
    let value = |name: &str| property(&resource.properties, &[name]);
    Layer {
        template: scope.id,
        id: resource.id.clone(),
        compatible_runtimes: listed(value("CompatibleRuntimes")),
        compatible_architectures: listed(value("CompatibleArchitectures")),
        retention: retention(scope, resource),
        content: value("ContentUri").or_else(|| value("Content")).cloned(),
    }
}

/// SAM keeps layers unless told otherwise; its own property counts more than the attribute.
fn retention(scope: &Scope<'_>, resource: &Resource) -> Option<String> {
    let own = property(&resource.properties, &["RetentionPolicy"]).map(|value| literal(scope, value));
    let own = own.map(|policy| match policy.to_ascii_lowercase().as_str() {
        "retain" => "Retain".to_owned(),
        "delete" => "Delete".to_owned(),
        _ => policy,
    });
    let attribute = || resource.deletion_policy.as_ref().map(|value| literal(scope, value));
    let sam = resource.is("AWS::Serverless::LayerVersion");
    own.filter(|_| sam).or_else(attribute).or_else(|| sam.then(|| "Retain".to_owned()))
}

/// The text of a value; of a parameter its default.
fn literal(scope: &Scope<'_>, value: &Value) -> String {
    let text = value.text();
    let default = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .and_then(|name| scope.template.parameter(name)?.default.as_ref())
        .map(Value::text);
    default.unwrap_or(text)
}

fn table(scope: &Scope<'_>, resource: &Resource) -> Table {
    let properties = &resource.properties;
    let simple = resource.is("AWS::Serverless::SimpleTable");
    let value = |path: &[&str]| property(properties, path);
    let on_demand = || Value::string("PAY_PER_REQUEST", resource.id.span);
    let implied = simple && value(&["ProvisionedThroughput"]).is_none();
    let billing = value(&["BillingMode"]).filter(|_| !simple).cloned();
    let provisioned =
        || value(&["ProvisionedThroughput"]).map(|_| Value::string("PROVISIONED", resource.id.span));
    Table {
        template: scope.id,
        id: resource.id.clone(),
        keys: if simple { vec![primary_key(properties)] } else { keys(properties) },
        billing_mode: if implied { Some(on_demand()) } else { billing.or_else(provisioned) },
        stream: value(&["StreamSpecification"]).is_some(),
        encrypted: value(&["SSESpecification", "SSEEnabled"]).is_some_and(may_be_on),
        point_in_time_recovery: recovery(properties),
        table_name: value(&["TableName"]).cloned(),
    }
}

fn may_be_on(value: &Value) -> bool {
    value.as_bool().unwrap_or(value.as_intrinsic().is_some())
}

/// Of a global table each replica tells it for itself.
fn recovery(properties: &Map) -> bool {
    let path = ["PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"];
    let replicas = items(properties.get("Replicas"));
    let of_replicas =
        replicas.into_iter().filter_map(Value::as_map).flat_map(|replica| reach(replica, &path));
    reach(properties, &path).into_iter().chain(of_replicas).any(may_be_on)
}

/// The key of a simple table; SAM's default is `id`.
fn primary_key(properties: &Map) -> TableKey {
    let text = |name: &str| property(properties, &["PrimaryKey", name]).map(Value::text);
    let kind = match text("Type").as_deref() {
        None | Some("String") => "S".to_owned(),
        Some("Number") => "N".to_owned(),
        Some("Binary") => "B".to_owned(),
        Some(other) => other.to_owned(),
    };
    TableKey { name: text("Name").unwrap_or_else(|| "id".to_owned()), kind, role: "HASH".to_owned() }
}

fn keys(properties: &Map) -> Vec<TableKey> {
    let text = |item: &Value, name: &str| item.get(name).map(Value::text);
    let definitions = items(properties.get("AttributeDefinitions"));
    items(properties.get("KeySchema"))
        .into_iter()
        .filter_map(|item| {
            let name = text(item, "AttributeName")?;
            let defined = definitions.iter().find(|item| text(item, "AttributeName").as_ref() == Some(&name));
            let kind = defined.and_then(|item| text(item, "AttributeType")).unwrap_or_default();
            let role = text(item, "KeyType").unwrap_or_else(|| "HASH".to_owned());
            Some(TableKey { name, kind, role })
        })
        .collect()
}

fn application(scope: &Scope<'_>, resource: &Resource) -> Application {
    let location = scope.nested.iter().find(|nested| nested.parent == scope.id.0 && nested.id == resource.id);
    let parameters = reach(&resource.properties, &["Parameters"])
        .into_iter()
        .filter_map(Value::as_map)
        .flat_map(Map::iter)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Application {
        template: scope.id,
        id: resource.id.clone(),
        location: location.map(|nested| TemplateId(nested.child)),
        parameters,
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::link::tests::linked;
    use crate::graph::model::Table;
    use crate::template::Value;

    #[test]
    fn layers_and_tables_have_the_defaults_of_their_types() {
        let (graph, _) = linked(
            "
Parameters: {Keep: {Type: String, Default: delete}}
Resources:
  Kept: {Type: AWS::Serverless::LayerVersion}
  Dropped: {Type: AWS::Serverless::LayerVersion, Properties: {RetentionPolicy: !Ref Keep, CompatibleRuntimes: [go1.x]}}
  Plain: {Type: AWS::Lambda::LayerVersion}
  Simple: {Type: AWS::Serverless::SimpleTable}
  Keyed:
    Type: AWS::Serverless::SimpleTable
    Properties: {PrimaryKey: {Name: n, Type: Number}, ProvisionedThroughput: {ReadCapacityUnits: 1}}
  Full:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: a, AttributeType: S}, {AttributeName: b, AttributeType: N}]
      KeySchema: [{AttributeName: a, KeyType: HASH}, {AttributeName: b, KeyType: RANGE}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
      SSESpecification: {SSEEnabled: true}
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: !If [Prod, true, false]}
",
            &[],
        );
        let layers: Vec<_> = graph.layers.iter().map(|layer| layer.retention.as_deref()).collect();
        assert_eq!(layers, [Some("Retain"), Some("Delete"), None]);
        let line = |table: &Table| {
            let keys: Vec<String> =
                table.keys.iter().map(|key| format!("{}:{}:{}", key.name, key.kind, key.role)).collect();
            let billing = table.billing_mode.as_ref().map(Value::text).unwrap_or_default();
            let flags = [table.stream, table.encrypted, table.point_in_time_recovery];
            format!("{} {billing} {flags:?}", keys.join(" "))
        };
        let tables: Vec<String> = graph.tables.iter().map(line).collect();
        let expected = [
            "id:S:HASH PAY_PER_REQUEST [false, false, false]",
            "n:N:HASH PROVISIONED [false, false, false]",
            "a:S:HASH b:N:RANGE PAY_PER_REQUEST [true, true, true]",
        ];
        assert_eq!(tables, expected);
    }
}
