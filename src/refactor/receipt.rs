//! What a refactoring gains, and what it costs.

use crate::aws::prices;
use crate::graph::FunctionRef;
use crate::graph::forwarding::Trigger;
use crate::summary::Action;
use crate::template::Value;

use super::retire::Fate;

/// What a person weighs, aspect by aspect, in the order it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    pub lines: Vec<(Aspect, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    Latency,
    Concurrency,
    Upkeep,
    Cost,
    /// What goes with the change.
    Lost,
    /// What to set up by hand.
    ToSet,
}

impl Aspect {
    pub fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Concurrency => "concurrency",
            Self::Upkeep => "upkeep",
            Self::Cost => "cost",
            Self::Lost => "lost",
            Self::ToSet => "to set",
        }
    }
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
        let latency = format!(
            "no cold start (median {start} for an empty function, several times that with an SDK), no invocation"
        );
        let mut lines = vec![
            (Aspect::Latency, latency),
            (Aspect::Concurrency, "nothing of the account's concurrent executions is used".to_owned()),
            (Aspect::Upkeep, upkeep(function, fate)),
            (Aspect::Cost, cost(function)),
        ];
        lines.extend(lost.into_iter().map(|lost| (Aspect::Lost, lost)));
        if is_route && calls {
            let throttling =
                "throttling of the method: the function's concurrency no longer holds calls back";
            lines.push((Aspect::ToSet, throttling.to_owned()));
        }
        Self { lines }
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
