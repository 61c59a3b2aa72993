//! Which error a call failed with, as a question of the answer's template.
//!
//! Services of JSON name it in the `__type` of the body. A request that lacks what the code needs is sent in
//! a form that the service does not even read, so that its error is told from all that a call can fail with.

use super::Mapper;
use super::velocity::{Velocity, is_plain};
use crate::aws::errors::{self, ErrorKind};
use crate::graph::forwarding;
use crate::refactor::Refusal;
use crate::summary::{Condition, Test};

/// What a clause takes of the errors of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Caught {
    /// None of them.
    Nothing,
    /// Those of some names.
    Named(Vec<String>),
    /// Those, and some that the code itself raises.
    NamedAndOwn(Vec<String>),
    /// All of them, but none that the code itself raises.
    Service,
    /// Whatever goes wrong.
    Everything,
}

impl Caught {
    /// By the classes of a clause; without any, it takes everything.
    pub(super) fn of(classes: &[String]) -> Self {
        let names: Vec<&str> =
            classes.iter().map(|class| class.rsplit('.').next().unwrap_or(class)).collect();
        let has = |kind: ErrorKind| names.iter().any(|name| errors::kind(name) == kind);
        if names.is_empty() || has(ErrorKind::Any) {
            return Self::Everything;
        }
        let own = has(ErrorKind::Value);
        if names.iter().any(|name| errors::is_of_services(name)) {
            return if own { Self::Everything } else { Self::Service };
        }
        let of_service =
            names.iter().filter(|name| errors::kind(name) == ErrorKind::Call && !errors::is_of_sdk(name));
        let named: Vec<String> = of_service.map(|name| (*name).to_owned()).collect();
        match own {
            true => Self::NamedAndOwn(named),
            false if named.is_empty() => Self::Nothing,
            false => Self::Named(named),
        }
    }
}

impl Mapper<'_> {
    /// The names of errors that a question asks for.
    pub(super) fn named_errors(&self, test: &Test) -> Option<Vec<String>> {
        forwarding::named_errors(test, self.what.effect, &self.summary.imports)
    }

    /// The outcomes that a question asks for.
    pub(super) fn named_outcomes(&self, test: &Test) -> Option<Vec<String>> {
        forwarding::named_outcomes(test, self.what.effect, &self.mapping.outcome.as_ref()?.member)
    }

    /// Whether the call failed with one of these, as a test of Velocity on `$error`.
    pub(super) fn asks_error(&mut self, condition: &Condition, names: &[String]) -> Result<String, Refusal> {
        self.place = condition.span;
        if self.mapping.form || names.iter().any(|name| !is_plain(name)) {
            return Err(self.cannot("tells errors of the call apart, which this mapping cannot"));
        }
        self.is_told_from_own()?;
        if names.iter().any(|name| self.mapping.unread.as_ref() == Some(name)) {
            return Err(
                self.cannot("asks for an error that only a request can have that is no request at all")
            );
        }
        Ok(is_one_of(names))
    }

    /// Whether it was the code that would have failed, before the call or in it, as a test on `$error`.
    /// `None` where it cannot.
    pub(super) fn asks_own(&mut self, condition: &Condition) -> Result<Option<String>, Refusal> {
        self.place = condition.span;
        if !self.may_turn_down() {
            return Ok(None);
        }
        self.is_told_from_own()?;
        Ok(self.mapping.unread.clone().map(|name| is_one_of(&[name])))
    }

    fn is_told_from_own(&self) -> Result<(), Refusal> {
        if self.may_turn_down() && self.mapping.unread.is_none() {
            return Err(self.cannot(
                "answers errors of the call otherwise than those of its own code, which this mapping cannot tell apart",
            ));
        }
        Ok(())
    }
}

/// Sets `$error` to the type of the error that a service answered with.
pub(super) fn set_error(out: &mut Velocity) {
    out.set("error", "\"$!input.path('$').get('__type')\"");
}

/// A type may stand behind the name of its namespace.
fn is_one_of(names: &[String]) -> String {
    let names = match names {
        [only] => only.clone(),
        names => format!("({})", names.join("|")),
    };
    format!("$error.matches('(.*[^A-Za-z0-9])?{names}')")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_take_what_their_classes_say() {
        let of = |classes: &[&str]| {
            Caught::of(&classes.iter().map(|class| (*class).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(of(&[]), Caught::Everything);
        assert_eq!(of(&["KeyError", "Exception"]), Caught::Everything);
        assert_eq!(of(&["BotoCoreError", "ClientError"]), Caught::Service);
        assert_eq!(of(&["ClientError", "KeyError"]), Caught::Everything);
        assert_eq!(of(&["BotoCoreError"]), Caught::Nothing);
        let gone = vec!["Gone".to_owned()];
        assert_eq!(of(&["client.exceptions.Gone"]), Caught::Named(gone.clone()));
        assert_eq!(of(&["Gone", "KeyError"]), Caught::NamedAndOwn(gone));
    }
}
