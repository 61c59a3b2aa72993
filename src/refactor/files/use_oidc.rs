//! Workflows that assume a role by OpenID Connect instead of keeping keys.

use super::rewriting::{Rewriting, keys, refused};
use crate::graph::App;
use crate::refactor::draft::Step;
use crate::refactor::{Asked, Kind, Offers, Proposal, Proposals, Refusal, Subject};
use crate::template::Value;
use crate::template::environments::{Job, Step as WorkflowStep, Workflow};

pub const KIND: Kind = Kind {
    id: "use-oidc",
    summary: "a workflow assumes a role instead of keeping keys",
    rules: &["long-lived-credentials"],
    offers: Offers::OfApplication(offers),
};

const KEYS: [&str; 2] = ["aws-access-key-id", "aws-secret-access-key"];

fn offers<'p>(app: &'p App<'p>, asked: &'p Asked<'p>) -> Proposals<'p> {
    let own = app.deployments.workflows.iter().filter(move |one| {
        let path = app.sources.path(one.source);
        !path.starts_with("../") && asked(&Subject::file(path))
    });
    Box::new(own.filter_map(|workflow| in_workflow(app, workflow)))
}

fn in_workflow(app: &App<'_>, workflow: &Workflow) -> Option<Proposal> {
    let mut file = Rewriting::new(app, workflow.source);
    let mut roles: Vec<String> = Vec::new();
    let mut jobs = Vec::new();
    for job in &workflow.jobs {
        for (index, step) in job.steps.iter().enumerate() {
            let Some(role) = role_instead(step) else { continue };
            if let Err(refusal) = rewrite(&mut file, workflow, job, index, &role) {
                return Some(refused(app, workflow.source, vec![refusal]));
            }
            roles.extend(Some(role).filter(|role| !roles.contains(role)));
            jobs.push(job.id.text.clone());
        }
    }
    jobs.dedup();
    let title = format!("{} assume a role by OpenID Connect", jobs.join(", "));
    let mut differs = vec![format!(
        "a role that trusts this repository has to be there and be named: {}",
        roles.join(", ")
    )];
    let bare = workflow.permissions.is_none()
        && workflow.jobs.iter().any(|job| jobs.contains(&job.id.text) && job.permissions.is_none());
    if bare {
        differs.push("the jobs keep `contents: read` of what their token could do by default".to_owned());
    }
    file.offer(app, KIND.id, title, differs)
}

/// The role for a step that has keys: the one it assumes with them, or a variable named like the key.
fn role_instead(step: &WorkflowStep) -> Option<String> {
    let uses = step.uses.as_ref()?.text.starts_with("aws-actions/configure-aws-credentials@");
    let with = step.with.as_ref().filter(|_| uses)?;
    let key = with.get(KEYS[0])?.as_str()?;
    let temporary = with.get("aws-session-token").is_some();
    if let Some(role) = with.get("role-to-assume").and_then(Value::as_str) {
        return (!temporary).then(|| role.to_owned());
    }
    // Which secret a computed name stands for is not known here.
    let name = key.trim().strip_prefix("${{")?.strip_suffix("}}")?.trim();
    let name = ["secrets.", "vars.", "env."].iter().find_map(|store| name.strip_prefix(store))?;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let stem = Some(name).filter(|_| plain)?.replace("ACCESS_KEY_ID", "").replace("ACCESS_KEY", "");
    let stem = stem.trim_matches('_');
    let stem = if stem.is_empty() { "AWS" } else { stem };
    (!temporary).then(|| format!("${{{{ vars.{stem}_ROLE_ARN }}}}"))
}

fn rewrite(
    file: &mut Rewriting,
    workflow: &Workflow,
    job: &Job,
    index: usize,
    role: &str,
) -> Result<(), Refusal> {
    let job_place = keys(&["jobs", &job.id.text]);
    let mut with = job_place.clone();
    with.extend([Step::Key("steps".to_owned()), Step::Item(index), Step::Key("with".to_owned())]);
    let mut role_place = with.clone();
    role_place.push(Step::Key("role-to-assume".to_owned()));
    if !file.has(&role_place) {
        file.insert(&with, "role-to-assume", role, Some(KEYS[1]))
            .or_else(|_| file.insert(&with, "role-to-assume", role, None))?;
    }
    for key in KEYS {
        let mut place = with.clone();
        place.push(Step::Key(key.to_owned()));
        if file.has(&place) {
            file.remove(&with, key)?;
        }
    }
    grant(file, workflow, job, &job_place)
}

/// Lets the job have a token, and keeps what it may do besides.
fn grant(file: &mut Rewriting, workflow: &Workflow, job: &Job, place: &[Step]) -> Result<(), Refusal> {
    const TOKEN: &str = "id-token";
    let mut own = place.to_vec();
    own.push(Step::Key("permissions".to_owned()));
    if file.has(&own) {
        let permissions = job.permissions.as_ref();
        let is_map = permissions.is_none_or(|value| value.as_map().is_some());
        let is_all = permissions.and_then(Value::as_str) == Some("write-all");
        own.push(Step::Key(TOKEN.to_owned()));
        if is_all || file.at(&own, |_, node| node.scalar() == Some("write")) == Some(true) {
            return Ok(());
        }
        own.pop();
        return match (is_map, permissions.and_then(|value| value.get(TOKEN)).is_some()) {
            (true, true) => file.replace(&own, TOKEN, "write"),
            (true, false) => file.insert(&own, TOKEN, "write", None),
            (false, _) => file.replace(place, "permissions", "id-token: write\ncontents: read\n"),
        };
    }
    let shared = workflow.permissions.as_ref();
    if shared.and_then(Value::as_str) == Some("write-all")
        || shared.and_then(|value| value.get(TOKEN)).and_then(Value::as_str) == Some("write")
    {
        return Ok(());
    }
    // The job's own permissions replace those of the workflow.
    let mut granted = String::from("id-token: write\n");
    let others = shared.and_then(Value::as_map).into_iter().flat_map(|map| map.iter());
    let others: Vec<String> = others
        .filter(|(name, _)| name.text != TOKEN)
        .filter_map(|(name, value)| Some(format!("{}: {}\n", name.text, value.as_str()?)))
        .collect();
    if others.iter().all(|line| !line.starts_with("contents:")) {
        granted.push_str("contents: read\n");
    }
    granted.push_str(&others.concat());
    let after = ["runs-on", "needs", "name"].into_iter().find(|key| {
        let mut place = place.to_vec();
        place.push(Step::Key((*key).to_owned()));
        file.has(&place)
    });
    file.insert(place, "permissions", &granted, after)
}
