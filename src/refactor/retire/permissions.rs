//! Permissions that a function which stays needs no more.

use std::collections::BTreeSet;

use super::{Retired, Work, mentions};
use crate::aws::platform::principals;
use crate::graph::forwarding::Trigger;
use crate::graph::{App, FunctionRef, Reference, Route};
use crate::refactor::draft::{Draft, Place};
use crate::template::Value;

/// Takes away what lets APIs invoke a function that serves none of their routes any more; gives what it was.
/// One that does not name the API is for others, too, and one that cannot be taken away stays.
pub(super) fn revoke(
    draft: &mut Draft<'_>,
    app: &App<'_>,
    function: FunctionRef<'_>,
    moved: &[Trigger<'_>],
) -> Vec<String> {
    let (template, id) = (function.template(), &function.id.text);
    let mut trial = draft.clone();
    let gone = Retired::default();
    let mut work = Work { draft: &mut trial, app, template, function, gone, left: BTreeSet::new() };
    let owners = owners(&mentions::all(work.draft, template, id));
    // An authorizer is called by its API as well.
    let is_api = |owner: &String| work.kind(owner).is_some_and(|kind| kind.contains("Api"));
    if owners.iter().any(is_api) {
        return Vec::new();
    }
    let apis = left(function, moved);
    for owner in owners.iter().filter(|owner| is_for(&work, owner, &apis)).collect::<Vec<_>>() {
        if work.resource(owner).is_err() {
            return Vec::new();
        }
    }
    let gone = work.gone.resources;
    *draft = trial;
    gone
}

/// Resources that speak of a function, each once.
fn owners(places: &[Place]) -> BTreeSet<String> {
    let owner = |place: &Place| match place.keys().as_slice() {
        ["Resources", owner, ..] => Some((*owner).to_owned()),
        _ => None,
    };
    places.iter().filter_map(owner).collect()
}

/// APIs that have lost all of their routes to a function.
fn left<'m>(function: FunctionRef<'_>, moved: &[Trigger<'m>]) -> Vec<&'m str> {
    let is_moved = |route: &Route| moved.iter().any(|one| one.is(&Trigger::Route(route)));
    let api = |trigger: &Trigger<'m>| match trigger {
        Trigger::Route(Route { api: api @ Reference::Resource(id), .. }) => {
            let mut stays = function.routes().filter(|route| route.api == *api && !is_moved(route));
            stays.next().is_none().then_some(id.as_str())
        }
        _ => None,
    };
    moved.iter().filter_map(api).collect()
}

/// Whether it lets one of these APIs invoke its function.
fn is_for(work: &Work<'_, '_, '_>, id: &str, apis: &[&str]) -> bool {
    if work.kind(id).as_deref() != Some("AWS::Lambda::Permission") {
        return false;
    }
    let property = |name: &str| work.draft.value(&work.place(&["Resources", id, "Properties", name]));
    let is_of_gateway =
        property("Principal").as_ref().and_then(Value::as_str) == Some(principals().api.as_str());
    let source = property("SourceArn");
    let mentions = source.as_ref().map(Value::mentions).unwrap_or_default();
    is_of_gateway && mentions.iter().any(|mention| apis.contains(&mention.name.text.as_str()))
}
