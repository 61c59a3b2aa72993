//! What a refactoring gains, and what it costs.

use crate::aws::prices;
use crate::graph::FunctionRef;
use crate::graph::forwarding::Trigger;
use crate::summary::Action;
use crate::template::Value;

use super::retire::Fate;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub latency: String,
    pub concurrency: String,
    pub upkeep: String,
    pub cost: String,
    /// What goes with the function.
    pub lost: Vec<String>,
    /// What to set up in its place.
    pub to_set: Vec<String>,
}

impl Receipt {
    /// The receipt for taking a function out of the way of some triggers.
    pub fn of(function: FunctionRef<'_>, moved: &[Trigger<'_>], fate: &Fate) -> Self {
        let text = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
        let start = prices::start(text(&function.runtime).as_deref());
        let is_route = moved.iter().any(|trigger| matches!(trigger, Trigger::Route(_)));
        let mut lost = vec!["log lines, metrics and traces that the code writes".to_owned()];
        let effects = function.summary().map(|summary| summary.effects.as_slice()).unwrap_or_default();
        let calls = effects.iter().any(|effect| matches!(effect.action, Action::Aws { .. }));
        match is_route {
            _ if !calls => {}
            true => lost.push("the retries of the SDK; API Gateway makes the call once".to_owned()),
            false => {
                lost.push("the retries of the SDK, where the new integration has none of its own".to_owned())
            }
        }
        if let Fate::Retired(gone) = fate {
            if !gone.outputs.is_empty() {
                lost.push(format!("the outputs {}", listed(&gone.outputs)));
            }
            lost.push("unit tests of the handler".to_owned());
        }
        let to_set = match is_route && calls {
            true => vec![
                "throttling of the method: the function's concurrency no longer holds calls back".to_owned(),
            ],
            false => Vec::new(),
        };
        Self {
            latency: format!(
                "no cold start (median {start} for an empty function, several times that with an SDK), no invocation"
            ),
            concurrency: "nothing of the account's concurrent executions is used".to_owned(),
            upkeep: upkeep(function, fate),
            cost: cost(function),
            lost,
            to_set,
        }
    }

    /// The parts by name, in the order they are read.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![
            ("latency", self.latency.clone()),
            ("concurrency", self.concurrency.clone()),
            ("upkeep", self.upkeep.clone()),
            ("cost", self.cost.clone()),
        ];
        lines.extend(self.lost.iter().map(|lost| ("lost", lost.clone())));
        lines.extend(self.to_set.iter().map(|set| ("to set", set.clone())));
        lines
    }
}

/// The receipt in half a sentence, for the help of a finding.
pub fn in_short(function: FunctionRef<'_>) -> String {
    let runtime = function.runtime.as_ref().and_then(Value::as_str);
    format!(
        "saves its cold start ({} or more), its concurrency and about {} per million calls; its logs, metrics and retries go, too",
        prices::start(runtime),
        dollars(price(function).dollars),
    )
}

fn upkeep(function: FunctionRef<'_>, fate: &Fate) -> String {
    match fate {
        Fate::Kept(why) => format!("`{}` stays: {why}", function.id.text),
        Fate::Retired(gone) => {
            let code = match gone.lines {
                0 => "its code can go where nothing else uses it".to_owned(),
                lines => format!("{lines} lines of code go"),
            };
            format!("{}; without {}", code, listed(&gone.resources))
        }
    }
}

fn cost(function: FunctionRef<'_>) -> String {
    let price = price(function);
    format!(
        "about {} less per million calls, which is little ({} MB, {} ms, {}; {} in {}, without the free tier)",
        dollars(price.dollars),
        price.memory,
        price.millis,
        price.architecture,
        prices::region(),
        prices::as_of(),
    )
}

fn price(function: FunctionRef<'_>) -> prices::Price {
    let memory = function.memory.as_ref().and_then(Value::as_i64).and_then(|memory| memory.try_into().ok());
    let architecture = function.architectures.first().and_then(Value::as_str);
    prices::million_invocations(memory, architecture)
}

fn dollars(amount: f64) -> String {
    format!("{amount:.2} USD")
}

fn listed(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
