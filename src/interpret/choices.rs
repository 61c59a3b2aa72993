//! Choosing among code: items of a list that a function is asked for, members whose name is computed.

use super::domain::{Arguments, Eval, Kind, Loc, Value};
use super::engine::Engine;
use super::shape;
use crate::ir::Language;
use crate::source::Span;
use crate::summary::Shape;

/// Among more than so many, no case is made of each.
pub(super) const MOST_CASES: usize = 40;

impl<'p> Engine<'p> {
    /// Whether a value is code, or data that holds some: a route with its handler.
    pub(super) fn has_code(&self, value: &Value<'p>) -> bool {
        match value {
            Value::Shape(_) => false,
            Value::Object(loc) => {
                let object = self.run.heap.get(*loc);
                let parts = || object.entries.iter().map(|(_, value)| value).chain(&object.items);
                !matches!(object.kind, Kind::List | Kind::Dictionary)
                    || parts().any(|part| !matches!(part, Value::Shape(_) | Value::Object(_)))
            }
            _ => true,
        }
    }

    /// Whether each of some items is to be looked at on its own.
    pub(super) fn are_cases(&self, items: &[Value<'p>]) -> bool {
        items.len() <= MOST_CASES && items.iter().any(|item| self.has_code(item))
    }

    /// The first item of a list of code that a function says yes to. `None` for other lists.
    pub(super) fn found_case(
        &mut self,
        over: &Value<'p>,
        function: &Value<'p>,
        span: Span,
    ) -> Eval<'p, Option<Value<'p>>> {
        let items = self.all_items(over, span);
        if items.more.is_some() || !self.are_cases(&items.known) {
            return Ok(None);
        }
        for item in items.known {
            if self.says_yes(function, &item, span)? {
                return Ok(Some(item));
            }
        }
        Ok(Some(Value::null()))
    }

    fn says_yes(&mut self, function: &Value<'p>, item: &Value<'p>, span: Span) -> Eval<'p, bool> {
        let answer = self.call(function, Arguments::of(vec![item.clone()]), None, span)?;
        let answer = self.settle(answer)?;
        self.holds(&answer, span, Language::JavaScript)
    }

    /// What is kept of an item, by the answer of a function.
    pub(super) fn keep_item(
        &mut self,
        list: Loc,
        item: Value<'p>,
        answer: &Value<'p>,
        over: &Value<'p>,
        span: Span,
    ) -> Eval<'p, ()> {
        let keeps = match self.truth_of(answer, Language::JavaScript) {
            None if self.has_code(&item) => Some(self.holds(answer, span, Language::JavaScript)?),
            known => known,
        };
        match keeps {
            Some(true) => self.run.heap.change(list).items.push(item),
            Some(false) => {}
            // Kept or not: any number of such items.
            None => {
                let of = shape::computed("filter", vec![self.shape_of(over)], span);
                self.run.heap.change(list).each = Some((of.into(), item));
            }
        }
        Ok(())
    }

    /// The entries that a computed name may stand for; of an instance, its methods too.
    pub(super) fn cases(&mut self, loc: Loc, key: &Shape, span: Span) -> Eval<'p, Vec<Case<'p>>> {
        let object = self.run.heap.get(loc).clone();
        let mut all: Vec<Case<'p>> = object
            .entries
            .iter()
            .map(|(name, value)| (Some(name.to_string()), value.clone()))
            .chain(object.items.iter().map(|item| (None, item.clone())))
            .collect();
        if let Kind::Instance(class) = object.kind {
            all.retain(|(_, value)| !matches!(value, Value::Shape(_)));
            for name in self.method_names(class) {
                let method = self.inherited(class, &name, loc, span)?;
                all.extend(method.map(|method| (Some(name), method)));
            }
        }
        let (start, end) = affixes(key);
        all.retain(|(name, _)| match name.as_deref() {
            None | Some("*") => true,
            Some(name) => name.starts_with(start) && name.ends_with(end),
        });
        Ok(all)
    }
}

/// An entry, with its name where it has one.
pub(super) type Case<'p> = (Option<String>, Value<'p>);

/// With what a text put together surely begins and ends.
fn affixes(key: &Shape) -> (&str, &str) {
    let Shape::Text(parts) = key else { return ("", "") };
    let start = parts.first().and_then(shape::as_text).unwrap_or_default();
    (start, parts.last().and_then(shape::as_text).unwrap_or_default())
}
