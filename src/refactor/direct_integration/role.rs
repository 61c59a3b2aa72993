//! The role that API Gateway takes for one call: the action on what the handler acts on.

use serde_yaml::Value as Yaml;

use super::{Mapper, role_of};
use crate::aws::{iam, resource_arns};
use crate::graph::Reference;
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place};
use crate::refactor::written::{get_att, reference, sub};
use crate::summary::{Shape, Symbol};

/// The logical id of the role for a mapping, and the role.
///
/// # Errors
/// Where it is not known what the call acts on.
pub(super) fn role(draft: &Draft<'_>, mapper: &Mapper<'_>) -> Result<(String, Yaml), Refusal> {
    let what = mapper.what;
    let needs = iam::needs(&what.service, &what.operation)
        .ok_or_else(|| Refusal::new(what.call, "needs permissions that are not known"))?;
    let actions: Vec<String> = needs.all.iter().map(ToString::to_string).collect();
    let role = role_of(&actions, &resources(mapper)?);
    let taken = |id: &str| draft.value(&Place::new(mapper.function.template().source, &["Resources", id]));
    let base = format!("{}IntegrationRole", mapper.function.id.text);
    let text = serde_yaml::to_string(&role).unwrap_or_default();
    // Two routes of one function make the same call with the same role.
    let same = |known: &crate::template::Value| {
        let (document, _) = crate::yaml::parse(known.span.source, "", &text);
        document.root().is_some_and(|root| crate::template::Value::from_node(root, &text).same(known))
    };
    let id = (1..)
        .map(|count: usize| if count == 1 { base.clone() } else { format!("{base}{count}") })
        .take(20)
        .find(|id| taken(id).is_none_or(|known| same(&known)))
        .ok_or_else(|| Refusal::new(what.call, "has no free name for its role"))?;
    Ok((id, role))
}

fn resources(mapper: &Mapper<'_>) -> Result<Vec<Yaml>, Refusal> {
    let what = mapper.what;
    let unknown =
        || Refusal::new(what.call, "acts on something that is not known, so its role cannot be written");
    let prefix = iam::prefix(&what.service);
    let index = index_of(mapper);
    match what.target.as_ref().ok_or_else(unknown)? {
        Reference::Resource(id) => {
            let resource = mapper.function.template().resource(id).ok_or_else(unknown)?;
            let kind = resource_arns::resource_type(&resource.kind.text).ok_or_else(unknown)?;
            if let Some(index) = index {
                let arn = kind.arns.first().ok_or_else(unknown)?;
                return Ok(vec![sub(&format!("${{{id}.{arn}}}/index/{index}"))]);
            }
            Ok(vec![match kind.r#ref {
                resource_arns::Gives::Arn => reference(id),
                _ => get_att(id, kind.arns.first().ok_or_else(unknown)?),
            }])
        }
        Reference::Text(text) => {
            let plain = !text.contains("${Fn::");
            if !plain || index.is_some() {
                return Err(unknown());
            }
            if text.starts_with("arn:") || text.starts_with("${") && text.ends_with("Arn}") {
                return Ok(vec![sub(text)]);
            }
            let kind = resource_arns::named_type(prefix).ok_or_else(unknown)?;
            let tail =
                kind.arn.replace("{account}", "${AWS::Region}:${AWS::AccountId}").replace("{name}", text);
            if tail.contains('{') && tail.contains("{*}") {
                return Err(unknown());
            }
            Ok(vec![sub(&format!("arn:${{AWS::Partition}}:{tail}"))])
        }
    }
}

/// The index that a query reads.
fn index_of(mapper: &Mapper<'_>) -> Option<String> {
    let Shape::Object { entries, .. } = &mapper.effect.input else { return None };
    let (_, value) = entries.iter().find(|(name, _)| name == "IndexName")?;
    match value {
        Shape::Symbol(Symbol::Name(name)) => Some(name.clone()),
        _ => Some("*".to_owned()),
    }
}
