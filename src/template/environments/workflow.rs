//! GitHub Actions workflows as written.

use super::said::Said;
use crate::source::{SourceId, Sources, Span};
use crate::template::convert;
use crate::template::value::{Map, Name, Value};

/// A file of `.github/workflows/`.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>
#[derive(Clone, Debug)]
pub struct Workflow {
    pub source: SourceId,
    pub triggers: Vec<Trigger>,
    pub permissions: Option<Value>,
    pub env: Option<Value>,
    /// Inputs of `workflow_call` and their defaults.
    pub inputs: Vec<(String, Option<String>)>,
    pub working_directory: Option<Said>,
    pub jobs: Vec<Job>,
}

impl Workflow {
    /// Whether only other workflows start it.
    pub fn is_only_called(&self) -> bool {
        self.triggers.iter().all(|trigger| trigger.name.text == "workflow_call")
    }
}

/// What starts a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    pub name: Name,
    /// Only for some branches, tags or types.
    pub is_filtered: bool,
    /// Only for tags.
    pub is_for_tags: bool,
}

#[derive(Clone, Debug)]
pub struct Job {
    pub id: Name,
    pub span: Span,
    pub environment: Option<Said>,
    pub needs: Vec<String>,
    pub permissions: Option<Value>,
    pub condition: Option<Said>,
    pub runs_on: Option<Said>,
    pub env: Option<Value>,
    pub matrix: Option<Value>,
    pub working_directory: Option<Said>,
    pub steps: Vec<Step>,
    /// The reusable workflow it calls.
    pub calls: Option<Said>,
    /// Inputs and secrets of that call.
    pub with: Option<Value>,
    pub secrets: Option<Value>,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub span: Span,
    pub uses: Option<Said>,
    pub with: Option<Value>,
    pub env: Option<Value>,
    pub run: Option<Said>,
    pub working_directory: Option<Said>,
}

/// The folder GitHub reads, wherever the root of the analysis lies.
const FOLDER: &str = ".github/workflows/";

pub(super) fn is_workflow(path: &str) -> bool {
    let Some(at) = path.find(FOLDER) else { return false };
    let own = at == 0 || path[..at].split('/').all(|part| matches!(part, ".." | ""));
    let name = &path[at + FOLDER.len()..];
    own && !name.contains('/') && (name.ends_with(".yml") || name.ends_with(".yaml"))
}

pub(super) fn read(sources: &Sources, source: SourceId) -> Option<Workflow> {
    let root = convert::read(sources, source).0?;
    let root = root.as_map()?;
    let jobs = root.get("jobs")?.as_map()?;
    let on = root.get("on").or_else(|| root.get("true"));
    Some(Workflow {
        source,
        triggers: on.map(triggers).unwrap_or_default(),
        permissions: root.get("permissions").cloned(),
        env: root.get("env").cloned(),
        inputs: on.and_then(|on| on.at(&["workflow_call", "inputs"])).map(inputs).unwrap_or_default(),
        working_directory: root.get("defaults").and_then(directory),
        jobs: jobs.iter().filter_map(|(id, value)| Some(job(id, value, value.as_map()?))).collect(),
    })
}

fn triggers(on: &Value) -> Vec<Trigger> {
    let plain = |value: &Value| {
        let name = Name { text: value.as_str()?.to_owned(), span: value.span };
        Some(Trigger { name, is_filtered: false, is_for_tags: false })
    };
    match on.as_map() {
        Some(map) => map
            .iter()
            .map(|(name, value)| {
                let has = |keys: &[&str]| keys.iter().any(|key| value.get(key).is_some());
                Trigger {
                    name: name.clone(),
                    is_filtered: has(&["branches", "tags", "types", "workflows"]),
                    is_for_tags: has(&["tags"]) && !has(&["branches", "branches-ignore"]),
                }
            })
            .collect(),
        None => on.as_list().unwrap_or(std::slice::from_ref(on)).iter().filter_map(plain).collect(),
    }
}

/// Inputs with their defaults, of a workflow or an action.
pub(super) fn inputs(value: &Value) -> Vec<(String, Option<String>)> {
    let entries = value.as_map().into_iter().flat_map(Map::iter);
    let default = |value: &Value| Some(value.get("default")?.scalar()?.into_owned());
    entries.map(|(name, value)| (name.text.clone(), default(value))).collect()
}

/// `run.working-directory` of `defaults`.
fn directory(defaults: &Value) -> Option<Said> {
    Said::of(defaults.at(&["run", "working-directory"])?)
}

fn job(id: &Name, value: &Value, body: &Map) -> Job {
    let said = |key: &str| body.get(key).and_then(Said::of);
    let environment = body.get("environment");
    let needs = body.get("needs").map(|needs| needs.as_list().unwrap_or(std::slice::from_ref(needs)));
    Job {
        id: id.clone(),
        span: value.span,
        environment: environment.and_then(|value| Said::of(value.get("name").unwrap_or(value))),
        needs: needs.unwrap_or_default().iter().filter_map(|one| Some(one.as_str()?.to_owned())).collect(),
        permissions: body.get("permissions").cloned(),
        condition: said("if"),
        runs_on: said("runs-on"),
        env: body.get("env").cloned(),
        matrix: body.get("strategy").and_then(|strategy| strategy.get("matrix")).cloned(),
        working_directory: body.get("defaults").and_then(directory),
        steps: steps(body.get("steps")),
        calls: said("uses"),
        with: body.get("with").cloned(),
        secrets: body.get("secrets").cloned(),
    }
}

pub(super) fn steps(value: Option<&Value>) -> Vec<Step> {
    let steps = value.and_then(Value::as_list).unwrap_or_default().iter();
    steps
        .map(|step| {
            let said = |key: &str| step.get(key).and_then(Said::of);
            Step {
                span: step.span,
                uses: said("uses"),
                with: step.get("with").cloned(),
                env: step.get("env").cloned(),
                run: said("run"),
                working_directory: said("working-directory"),
            }
        })
        .collect()
}
