//! The role that API Gateway takes for one call: the action on what the handler acts on.

use serde_yaml::Value as Yaml;

use super::Mapper;
use crate::aws::platform::principals;
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place};
use crate::refactor::permission::{self, Call};
use crate::summary::{Shape, Symbol};

/// The logical id of the role for a mapping, and the role.
///
/// # Errors
/// Where it is not known what the call acts on.
pub(super) fn role(draft: &Draft<'_>, mapper: &Mapper<'_>) -> Result<(String, Yaml), Refusal> {
    let what = mapper.what;
    let call = Call {
        service: what.service.clone(),
        operation: what.operation.clone(),
        target: what.target.clone(),
        part: Some(index_of(mapper).map_or_else(String::new, |index| format!("/index/{index}"))),
    };
    let statement = call.statement(mapper.function.template());
    let statement = statement.map_err(|text| Refusal::new(what.call, text))?;
    let role = permission::role(&principals().api, "call", [statement]);
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

/// The index that a query reads.
fn index_of(mapper: &Mapper<'_>) -> Option<String> {
    let Shape::Object { entries, .. } = &mapper.effect.input else { return None };
    let (_, value) = entries.iter().find(|(name, _)| name == "IndexName")?;
    match value {
        Shape::Symbol(Symbol::Name(name)) => Some(name.clone()),
        _ => Some("*".to_owned()),
    }
}
