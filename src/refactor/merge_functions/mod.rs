//! Several functions of one service become one, whose router hands each request to the handler of its route.
//!
//! Handlers are called as they are, with the event and the context as they came, and their answers go back
//! as they are: so the router is a plain table by method and resource, or by route key. A router of a
//! library would not keep that: it makes an answer of its own of what a route returns.

mod code;
mod folders;
mod names;
mod node;
mod python;
mod references;
mod resource;
mod routes;
mod safety;
mod settings;

use super::draft::Draft;
use super::{Asked, Aspect, Kind, Offer, Offers, Outcome, Proposal, Proposals, Receipt, Refusal, Subject};
use crate::evidence::enumerated;
use crate::graph::App;
use crate::graph::merging::{Candidate, Group, groups};
use crate::template::Template;

pub const KIND: Kind = Kind {
    id: "merge-functions",
    summary: "functions of one service become one, with a router to their handlers",
    rules: &["merge-candidates"],
    offers: Offers::OfApplication(offers),
};

fn offers<'p>(app: &'p App<'p>, asked: &'p Asked<'p>) -> Proposals<'p> {
    let is_whole = |group: &Group<'_>| group.members.iter().all(|one| one.function.template().is_whole());
    Box::new(groups(app).into_iter().filter(is_whole).filter_map(|group| proposal(app, &group, asked)))
}

fn proposal(app: &App<'_>, group: &Group<'_>, asked: &Asked<'_>) -> Option<Proposal> {
    let first = group.members.first()?;
    let functions: Vec<String> = group.members.iter().map(|one| one.function.to_string()).collect();
    let subject =
        Subject { path: first.function.template().path.clone(), name: functions.join(", "), functions };
    let outcome = asked(&subject).then(|| offer(app, group, first))?;
    Some(Proposal { subject, outcome })
}

/// What is merged into what.
struct Merge<'m> {
    app: &'m App<'m>,
    template: &'m Template,
    members: &'m [Candidate<'m>],
    /// The member that the others join; its place in the template is that of the new function.
    first: &'m Candidate<'m>,
    /// Logical id of the new function.
    id: String,
}

impl Merge<'_> {
    fn rest(&self) -> &[Candidate<'_>] {
        self.members.get(1..).unwrap_or_default()
    }

    fn ids(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|member| member.function.get().id.text.as_str())
    }

    fn named(&self) -> String {
        listed(self.ids().map(str::to_owned))
    }

    /// A refusal at a member.
    fn refuse<T>(member: &Candidate<'_>, text: impl Into<String>) -> Result<T, Vec<Refusal>> {
        Err(Refusal::new(member.function.span(), text).into())
    }
}

/// "`A`, `B` and `C`"
fn listed(names: impl IntoIterator<Item = String>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    enumerated(&names)
}

fn offer<'m>(app: &'m App<'m>, group: &'m Group<'m>, first: &'m Candidate<'m>) -> Outcome {
    let template = first.function.template();
    let members = group.members.as_slice();
    let id = names::logical_id(template, members);
    let merge = Merge { app, template, members, first, id };
    let mut refusals = settings::differences(&merge);
    refusals.extend(safety::in_any_layout(&merge));
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let routes = routes::table(&merge)?;
    let mut draft = Draft::new(app.sources);
    let code = code::write(&mut draft, &merge, &routes)?;
    let written = resource::write(&mut draft, &merge, &code)?;
    let followed = references::follow(&mut draft, &merge)?;
    code::is_forgotten(&draft, &merge, &code)?;
    resource::verify(&draft, &merge)?;
    let mut differs = vec![format!(
        "its name, its log group, its metrics and its role are new and the same for all: dashboards, queries and \
         callers outside of the template that speak of {} have to follow",
        merge.named()
    )];
    differs.extend(written.differs);
    differs.extend(followed);
    differs.extend(gains(group));
    let title =
        format!("{} become `{}`, which hands each request to their handlers", merge.named(), merge.id);
    let receipt = receipt(&merge, &code);
    Ok(Offer::new(KIND.id, title, draft.finish(), receipt, differs))
}

/// What the code of each member may do that it may not today.
fn gains(group: &Group<'_>) -> Vec<String> {
    let told = |(member, gains): (&Candidate<'_>, &Vec<crate::graph::merging::Gain>)| {
        let what: Vec<String> =
            gains.iter().map(|gain| format!("{} on `{}`", gain.action, gain.on)).collect();
        (!what.is_empty())
            .then(|| format!("the code of `{}` may newly do {}", member.function, what.join(", ")))
    };
    group.members.iter().zip(&group.gains).filter_map(told).collect()
}

fn receipt(merge: &Merge<'_>, code: &code::Code) -> Receipt {
    let count = merge.members.len();
    let routes: usize = merge.members.iter().map(|member| member.routes.len()).sum();
    Receipt {
        lines: vec![
            (
                Aspect::Latency,
                "one environment serves all routes, so fewer requests start cold; each start runs the module \
                 initialisation of all handlers"
                    .to_owned(),
            ),
            (Aspect::Concurrency, format!("one function's for {routes} routes, in place of {count}")),
            (
                Aspect::Upkeep,
                format!(
                    "one function, role and log group in place of {count}; `{}` is new, the handlers stay as they are",
                    code.router
                ),
            ),
            (
                Aspect::Lost,
                format!("failing alone: a fault at start or a throttle takes the {routes} routes together"),
            ),
        ],
    }
}
