//! The variables of a scope by name: few are searched in a row, many by a table.

use rustc_hash::FxHashMap;

use super::domain::Value;

/// Up to so many, a look at each is faster than a table, and much faster to make and to copy.
const FEW: usize = 16;

/// Values by name, `None` until bound.
#[derive(Clone, Debug)]
pub(super) enum Variables<'p> {
    Few(Vec<(&'p str, Option<Value<'p>>)>),
    Many(FxHashMap<&'p str, Option<Value<'p>>>),
}

impl Default for Variables<'_> {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl<'p> Variables<'p> {
    /// None of them is bound yet.
    pub(super) fn named(names: &'p [String]) -> Self {
        let unbound = names.iter().map(|name| (name.as_str(), None));
        if names.len() <= FEW { Self::Few(unbound.collect()) } else { Self::Many(unbound.collect()) }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Option<Value<'p>>> {
        match self {
            Self::Few(all) => all.iter().find(|(known, _)| *known == name).map(|(_, value)| value),
            Self::Many(all) => all.get(name),
        }
    }

    pub(super) fn count(&self) -> usize {
        match self {
            Self::Few(all) => all.len(),
            Self::Many(all) => all.len(),
        }
    }

    /// Those that are bound.
    pub(super) fn values(&self) -> impl Iterator<Item = &Value<'p>> {
        let (few, many) = match self {
            Self::Few(all) => (Some(all.iter().map(|(_, value)| value)), None),
            Self::Many(all) => (None, Some(all.values())),
        };
        few.into_iter().flatten().chain(many.into_iter().flatten()).flatten()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Binds a variable that is there.
    pub(super) fn rebind(&mut self, name: &str, value: Value<'p>) {
        let known = match self {
            Self::Few(all) => all.iter_mut().find(|(known, _)| *known == name).map(|(_, value)| value),
            Self::Many(all) => all.get_mut(name),
        };
        if let Some(known) = known {
            *known = Some(value);
        }
    }

    pub(super) fn bind(&mut self, name: &'p str, value: Value<'p>) {
        match self {
            Self::Few(all) => match all.iter().position(|(known, _)| *known == name) {
                Some(at) => all[at].1 = Some(value),
                None if all.len() < FEW => all.push((name, Some(value))),
                None => {
                    let mut many: FxHashMap<_, _> = all.drain(..).collect();
                    many.insert(name, Some(value));
                    *self = Self::Many(many);
                }
            },
            Self::Many(all) => {
                all.insert(name, Some(value));
            }
        }
    }

    /// Whether it has the same variables as another, each the same by `same`.
    pub(super) fn agree(&self, other: &Self, mut same: impl FnMut(&Value<'p>, &Value<'p>) -> bool) -> bool {
        let mut same = |one: &Option<Value<'p>>, two: &Option<Value<'p>>| match (one, two) {
            (Some(one), Some(two)) => same(one, two),
            (None, None) => true,
            _ => false,
        };
        match (self, other) {
            (Self::Few(one), Self::Few(two)) => {
                one.len() == two.len()
                    && one.iter().zip(two).all(|(one, two)| one.0 == two.0 && same(&one.1, &two.1))
            }
            (Self::Many(one), Self::Many(two)) => {
                one.len() == two.len()
                    && one.iter().all(|(name, one)| two.get(name).is_some_and(|two| same(one, two)))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_kept_as_few_are() {
        let names: Vec<String> = (0..3 * FEW).map(|number| format!("v{number}")).collect();
        let mut all = Variables::named(&names[..1]);
        assert!(all.has("v0") && all.get("v0").is_some_and(Option::is_none));
        for name in &names {
            all.bind(name, Value::text(name));
            all.rebind("unheard", Value::null());
        }
        assert!(matches!(all, Variables::Many(_)) && !all.has("unheard"));
        assert!(
            names
                .iter()
                .all(|name| matches!(all.get(name), Some(Some(value)) if value.same(&Value::text(name))))
        );
        assert!(all.agree(&all.clone(), Value::same));
        all.rebind("v1", Value::null());
        assert!(!all.agree(&Variables::named(&names), Value::same));
    }
}
