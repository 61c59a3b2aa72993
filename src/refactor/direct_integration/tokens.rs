//! What the body of an answer is made of: constants, parts of the request, and what the call answered.

use super::Mapper;
use super::answer::Phase;
use super::machine::{Numbers, ROUNDS, Token};
use super::request::is_number;
use super::sources::Source;
use super::velocity::{in_json, is_plain, json};
use crate::aws::limits::{limit, told};
use crate::aws::mappings;
use crate::refactor::Refusal;
use crate::summary::{Shape, Symbol, coding};

impl Mapper<'_> {
    /// What becomes of numbers of a table, and the value itself.
    pub(super) fn numbers<'s>(&self, shape: &'s Shape) -> Result<(&'s Shape, &'s str), Refusal> {
        match shape {
            Shape::Coded { coding, value } if coding::is_of_json(coding) => Ok((value, coding)),
            shape => Ok((shape, "")),
        }
    }

    /// Says what has to hold of the items, so that they are written as the handler writes them.
    pub(super) fn assume(&mut self, coding: &str) -> Result<Numbers, Refusal> {
        let table = self.table();
        let most = told(ROUNDS);
        self.differs(format!("no list or map in the items of {table} has more than {most} entries"));
        let sets = format!("the items of {table} hold no sets and no binary values");
        Ok(match coding {
            "" if self.python => Numbers::Refused,
            "" => {
                self.differs(sets);
                self.differs(format!("numbers in the items of {table} are exact as doubles"));
                Numbers::Plain
            }
            coding::DECIMAL_STRING => {
                self.differs(sets);
                self.differs(format!(
                    "no number in the items of {table} is closer to zero than 0.000001, except zero"
                ));
                Numbers::Texts
            }
            coding::DECIMAL_NUMBER | coding::DECIMAL_DOUBLE | coding::DECIMAL_POSITIVE => {
                self.differs(sets);
                self.differs(format!("numbers in the items of {table} have at most 17 digits"));
                if coding == coding::DECIMAL_POSITIVE {
                    self.differs(format!("no number in the items of {table} is a negative fraction"));
                }
                Numbers::Plain
            }
            coding::DECIMAL_WHOLE => {
                return Err(self.cannot("cuts numbers off behind the point (`int`), which a mapping cannot"));
            }
            _ => return Err(self.cannot("writes JSON by rules of its own")),
        })
    }

    pub(super) fn tokens(
        &mut self,
        shape: &Shape,
        phase: Phase,
        tokens: &mut Vec<Token>,
    ) -> Result<(), Refusal> {
        match shape {
            Shape::Null => text(tokens, "null"),
            Shape::Bool(value) => text(tokens, &value.to_string()),
            Shape::Number(number) if is_number(number) => text(tokens, number),
            Shape::Symbol(Symbol::Name(name)) => text(tokens, &json(name)),
            Shape::Object { entries, open: false } => {
                if entries.iter().any(|(name, _)| name == "...") {
                    return Err(self.cannot("merges objects"));
                }
                if phase == Phase::Done
                    && entries.iter().any(|(_, value)| self.may_be_left_out_of_answer(value))
                {
                    return self.entries(entries, phase, tokens);
                }
                text(tokens, "{");
                for (at, (name, value)) in entries.iter().enumerate() {
                    text(tokens, &format!("{}{}: ", if at == 0 { "" } else { ", " }, json(name)));
                    self.tokens(value, phase, tokens)?;
                }
                text(tokens, "}");
            }
            Shape::List(items) => {
                text(tokens, "[");
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        text(tokens, ", ");
                    }
                    self.tokens(item, phase, tokens)?;
                }
                text(tokens, "]");
            }
            shape if phase == Phase::Done && self.answer_part(shape).is_some() => {
                self.answer(shape, tokens)?
            }
            Shape::Coded { coding, value } if coding::is_of_json(coding) => {
                self.tokens(value, phase, tokens)?
            }
            shape if phase == Phase::Failed && says_error(shape) => {
                self.differs("where the call fails, the text of the error is no longer told");
                text(tokens, &json("Internal server error"));
            }
            shape => self.echo(shape, tokens)?,
        }
        Ok(())
    }

    /// A text of the request, or one put together from some.
    fn echo(&mut self, shape: &Shape, tokens: &mut Vec<Token>) -> Result<(), Refusal> {
        let parts = match shape {
            Shape::Text(parts) => &**parts,
            shape => std::slice::from_ref(shape),
        };
        if let [Shape::Symbol(Symbol::Event(path))] = parts
            && matches!(path.first().map(String::as_str), Some("body"))
        {
            return Err(self.cannot("answers with the body, which the mapping of the answer cannot see"));
        }
        let before = self.needed.len();
        text(tokens, "\"");
        for part in parts {
            match self.source(part)? {
                Source::Constant(constant) => text(tokens, &in_json(&constant)),
                Source::Filled(filled) => text(tokens, &filled),
                Source::Reference(reference) if reference.starts_with("$input.body") => {
                    return Err(
                        self.cannot("answers with the body, which the mapping of the answer cannot see")
                    );
                }
                Source::Reference(reference) => tokens.push(Token::Escaped(reference)),
            }
        }
        text(tokens, "\"");
        if self.needed.len() > before {
            return Err(self.cannot("answers with a query parameter that the call does not need"));
        }
        Ok(())
    }

    /// The member of the answer that a shape is, the path below it, and whether it is plain data that
    /// the SDK made.
    pub(super) fn answer_part<'s>(&self, shape: &'s Shape) -> Option<(&'s str, &'s [String], bool)> {
        match shape {
            Shape::Symbol(Symbol::Result(id, path)) if *id == self.what.effect => {
                let (member, rest) = path.split_first()?;
                Some((member, rest, false))
            }
            Shape::Coded { coding, value } if coding == coding::OPTIONAL => self.answer_part(value),
            Shape::Coded { coding, value } if coding == "unmarshall" => {
                let (member, rest, _) = self.answer_part(value)?;
                Some((member, rest, true))
            }
            Shape::Part { of, path } => {
                let (member, rest, plain) = self.answer_part(of)?;
                rest.is_empty().then_some((member, &**path, plain))
            }
            Shape::Default { value, default } if is_empty_list(default) => {
                let (member, rest, plain) = self.answer_part(value)?;
                (self.mapping.lists.iter().any(|list| list == member) && rest.is_empty())
                    .then_some((member, rest, plain))
            }
            _ => None,
        }
    }

    /// What the call answered.
    fn answer(&mut self, shape: &Shape, tokens: &mut Vec<Token>) -> Result<(), Refusal> {
        let Some((member, path, plain)) = self.answer_part(shape) else {
            return Err(self.cannot("answers with a value that could not be followed"));
        };
        let is_item = self.mapping.items.iter().any(|item| item == member);
        let is_list = self.mapping.lists.iter().any(|list| list == member);
        let whole = format!("$input.path('$').get('{member}')");
        match (path, plain) {
            ([], true) if is_item => {
                self.need_member(member);
                tokens.push(Token::Item(whole));
            }
            ([], true) if is_list => {
                self.assume_short();
                tokens.push(Token::Items(whole));
            }
            ([], false) if is_item || is_list => {
                if is_item {
                    return Err(self.cannot("answers with an item in the form of the service, which this refactoring does not write"));
                }
                return Err(self.cannot(
                    "answers with items in the form of the service, which this refactoring does not write",
                ));
            }
            ([name], true) if is_item && is_plain(name) && !name.contains('.') => {
                self.need_member(member);
                let flag = self.has_attribute(&whole, name);
                let value = format!("{whole}.get('{name}')");
                if super::sources::is_optional(shape) {
                    tokens.push(self.chosen(&flag, &value, "null"));
                    return Ok(());
                }
                self.items.line(format!("#if(${flag} == 'n')#set($missing = 'y')#end"));
                if !self.is_key(name) {
                    let table = self.table();
                    self.differs(format!("every item of {table} that is asked for has `{name}`"));
                }
                tokens.push(Token::Value(value));
            }
            ([name, kind], false)
                if is_item
                    && is_plain(name)
                    && !name.contains('.')
                    && matches!(kind.as_str(), "S" | "N" | "BOOL") =>
            {
                self.need_member(member);
                let flag = self.has_attribute(&whole, name);
                self.items.line(format!("#if(${flag} == 'n')#set($missing = 'y')#end"));
                let typed = self.has_attribute(&format!("{whole}.get('{name}')"), kind);
                self.items.line(format!("#if(${typed} == 'n')#set($missing = 'y')#end"));
                let table = self.table();
                self.differs(format!("every item of {table} that is asked for has `{name}`, of type {kind}"));
                let reference = format!("{whole}.get('{name}').get('{kind}')");
                match kind.as_str() {
                    "BOOL" => tokens.push(Token::Json(reference)),
                    _ => {
                        text(tokens, "\"");
                        tokens.push(Token::Escaped(reference));
                        text(tokens, "\"");
                    }
                }
            }
            ([], _) => {
                let known: Option<&mappings::Answer> = self.mapping.answer(member);
                let Some(known) = known else {
                    return Err(self.cannot(format!(
                        "answers with `{member}`, whose form this refactoring does not know"
                    )));
                };
                if known.sometimes && !self.present.iter().any(|known| known == member) {
                    return Err(self.cannot(format!(
                        "answers with `{member}`, which is only there where the outcome is known to be good"
                    )));
                }
                let reference = format!("$input.path('{}')", known.path);
                if known.number {
                    tokens.push(Token::Json(reference));
                } else {
                    text(tokens, "\"");
                    tokens.push(Token::Escaped(reference));
                    text(tokens, "\"");
                }
            }
            _ => return Err(self.cannot("answers with a deeper part of the call's answer")),
        }
        Ok(())
    }

    /// Whether a map of the answer has a key, as a variable.
    fn has_attribute(&mut self, map: &str, name: &str) -> String {
        let flag = format!("has{}", self.next_flag());
        self.items.set(&flag, "'n'");
        let found = format!("#if($key == '{name}')#set(${flag} = 'y')#end");
        self.items.line(format!("#if($missing == 'n')#foreach($key in {map}.keySet()){found}#end#end"));
        flag
    }

    /// A value, or a text where it is not there.
    fn chosen(&mut self, flag: &str, value: &str, otherwise: &str) -> Token {
        let at = self.next_flag();
        let (kind, name) = (format!("kind{at}"), format!("value{at}"));
        self.items.set(&kind, "'text'");
        self.items.set(&name, &format!("'{otherwise}'"));
        self.items.line(format!("#if(${flag} == 'y')#set(${kind} = 'value')#set(${name} = {value})#end"));
        Token::Chosen { kind: format!("${kind}"), value: format!("${name}") }
    }

    /// JavaScript leaves out what is not there.
    fn may_be_left_out_of_answer(&self, shape: &Shape) -> bool {
        if self.python {
            return false;
        }
        match self.answer_part(shape) {
            Some((member, [name], true)) => {
                self.mapping.items.iter().any(|item| item == member)
                    && is_plain(name)
                    && !name.contains('.')
                    && !self.is_key(name)
            }
            _ => false,
        }
    }

    /// An object of which entries may be left out, and with them a comma.
    fn entries(
        &mut self,
        entries: &[(String, Shape)],
        phase: Phase,
        tokens: &mut Vec<Token>,
    ) -> Result<(), Refusal> {
        let comma = format!("comma{}", self.next_flag());
        self.items.set(&comma, "''");
        text(tokens, "{");
        for (name, value) in entries {
            let at = self.next_flag();
            let (key, head) = (format!("key{at}"), format!("head{at}"));
            self.items.set(&key, &format!("'{}: '", json(name)));
            let begun = format!("#set(${head} = \"${comma}${key}\")#set(${comma} = ', ')");
            let left_out = self.may_be_left_out_of_answer(value);
            let part = self.answer_part(value).map(|(member, path, _)| (member.to_owned(), path.to_vec()));
            match part {
                Some((member, path)) if left_out => {
                    self.need_member(&member);
                    let attribute = path.first().cloned().unwrap_or_default();
                    let whole = format!("$input.path('$').get('{member}')");
                    let flag = self.has_attribute(&whole, &attribute);
                    self.items.set(&head, "''");
                    self.items.line(format!("#if(${flag} == 'y'){begun}#end"));
                    tokens.push(Token::Json(format!("${head}")));
                    let token = self.chosen(&flag, &format!("{whole}.get('{attribute}')"), "");
                    tokens.push(token);
                }
                _ => {
                    self.items.line(begun);
                    tokens.push(Token::Json(format!("${head}")));
                    self.tokens(value, phase, tokens)?;
                }
            }
        }
        text(tokens, "}");
        Ok(())
    }

    /// The member must be there: where it is not, the answer is that of a failed handler.
    fn need_member(&mut self, member: &str) {
        if self.present.iter().any(|known| known == member) {
            return;
        }
        self.items.has("there", "$input.path('$')", member);
        self.items.line("#if($there == 'n')#set($missing = 'y')#end");
        let table = self.table();
        self.differs(format!(
            "what is asked for is there in {table}; where it is not, the answer is an error (502)"
        ));
    }

    /// A list of items is only written as far as one loop goes.
    fn assume_short(&mut self) {
        let Shape::Object { entries, .. } = &self.effect.input else { return };
        let asked = entries.iter().find(|(name, _)| name == "Limit").map(|(_, value)| value);
        let few = matches!(asked, Some(Shape::Number(count)) if count.parse().is_ok_and(|count: u64| count <= limit(ROUNDS)));
        if !few {
            self.differs(format!("no answer has more than {} items", told(ROUNDS)));
        }
    }

    fn next_flag(&mut self) -> usize {
        self.variables += 1;
        self.variables
    }
}

fn text(tokens: &mut Vec<Token>, more: &str) {
    match tokens.last_mut() {
        Some(Token::Text(text)) => text.push_str(more),
        _ => tokens.push(Token::Text(more.to_owned())),
    }
}

fn is_empty_list(shape: &Shape) -> bool {
    matches!(shape, Shape::List(items) if items.is_empty())
}

/// The error of the call, or a part of it, or a text with it.
fn says_error(shape: &Shape) -> bool {
    match shape {
        Shape::Symbol(Symbol::Result(_, path)) => path.first().is_some_and(|first| first == "error"),
        Shape::Symbol(Symbol::Text(parts)) => {
            parts.iter().any(|part| says_error(&Shape::Symbol(part.clone())))
        }
        Shape::Part { of, .. } | Shape::Item { of, .. } => says_error(of),
        Shape::Coded { value, .. } | Shape::Json(value) => says_error(value),
        Shape::Default { value, .. } => says_error(value),
        Shape::Text(parts) => parts.iter().any(says_error),
        Shape::Computed { operation, from, .. } => operation == "error" || from.iter().any(says_error),
        _ => false,
    }
}
