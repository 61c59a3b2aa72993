//! Texts that the code writes out, wherever they go in a value.

use super::{Shape, Summary, Symbol};
use crate::source::Span;

impl Summary {
    /// The constants in what effects act on and in their inputs, with the call they go into.
    pub fn constants(&self) -> Vec<(&str, Span)> {
        let mut found = Vec::new();
        for effect in &self.effects {
            let mut texts = Vec::new();
            of_symbol(&effect.on, &mut texts);
            of_shape(&effect.input, &mut texts);
            found.extend(texts.into_iter().map(|text| (text, effect.span)));
        }
        found
    }
}

fn of_symbol<'s>(symbol: &'s Symbol, found: &mut Vec<&'s str>) {
    match symbol {
        Symbol::Name(text) => found.push(text),
        Symbol::Text(parts) => parts.iter().for_each(|part| of_symbol(part, found)),
        _ => {}
    }
}

fn of_shape<'s>(shape: &'s Shape, found: &mut Vec<&'s str>) {
    match shape {
        Shape::Symbol(symbol) => of_symbol(symbol, found),
        other => other.each_part(|part| of_shape(part, found)),
    }
}
