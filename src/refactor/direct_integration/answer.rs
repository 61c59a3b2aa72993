//! The answers: one template where the call went well, one where it failed or was never made.

use super::Mapper;
use super::decide::Tree;
use super::errors::{self, Caught};
use super::machine::{self, Numbers, Token};
use super::velocity::{Velocity, is_plain, literal};
use crate::refactor::Refusal;
use crate::summary::{Condition, Outcome, Shape, Symbol, Test};

/// A response of an integration.
#[derive(Clone, Debug)]
pub(super) struct Response {
    /// A pattern on the status of the service.
    pub on: &'static str,
    pub status: u16,
    pub template: String,
    /// Constant headers.
    pub headers: Vec<(String, String)>,
    /// Statuses that the template sets.
    pub others: Vec<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Done,
    Failed,
}

/// What is written so far.
#[derive(Debug, Default)]
struct Page {
    /// What the response has without being told.
    base: u16,
    statuses: Vec<u16>,
    headers: Option<Vec<(String, String)>>,
    /// White space would show.
    tight: bool,
    flags: usize,
    /// It asks which error it was.
    tells_errors: bool,
}

/// What a response says.
enum Body {
    Empty,
    Text(String),
    /// A text that the call answered with.
    Answer(String),
    Json(Vec<Token>, Numbers),
}

const OWN: &str = "catches errors of its own code, which a mapping cannot tell from those of the call";

/// Status, headers and body.
type Parts<'s> = (u16, Vec<(String, String)>, Option<&'s Shape>);

impl Mapper<'_> {
    pub(super) fn responses(&mut self, tree: &Tree<'_>) -> Result<Vec<Response>, Refusal> {
        let done = self.response(tree, Phase::Done, "2\\d{2}")?;
        let failed = self.response(tree, Phase::Failed, "4\\d{2}|5\\d{2}")?;
        Ok(vec![done, failed])
    }

    fn response(&mut self, tree: &Tree<'_>, phase: Phase, on: &'static str) -> Result<Response, Refusal> {
        let first = if phase == Phase::Failed { 502 } else { 0 };
        let mut page = Page { base: first, ..Page::default() };
        let mut out = Velocity::default();
        self.branch(tree, phase, &mut page, &mut out)?;
        let only = page.statuses.iter().all(|status| Some(status) == page.statuses.first());
        let base = match page.statuses.first() {
            Some(status) if only || phase == Phase::Done => *status,
            _ => first,
        };
        if base != page.base {
            page = Page { base, ..Page::default() };
            out = Velocity::default();
            self.branch(tree, phase, &mut page, &mut out)?;
        }
        let mut others: Vec<u16> = page.statuses.iter().copied().filter(|status| *status != base).collect();
        others.sort_unstable();
        others.dedup();
        if page.tells_errors {
            let told = std::mem::take(&mut out);
            errors::set_error(&mut out);
            out.append(told);
        }
        let template = if page.tight { out.tight() } else { out.lines() };
        Ok(Response { on, status: base, template, headers: page.headers.unwrap_or_default(), others })
    }

    fn branch(
        &mut self,
        tree: &Tree<'_>,
        phase: Phase,
        page: &mut Page,
        out: &mut Velocity,
    ) -> Result<(), Refusal> {
        let (condition, yes, no) = match tree {
            Tree::End(path) => {
                let made = path.effects.contains(&self.what.effect);
                let handled = path
                    .when
                    .iter()
                    .any(|condition| condition.holds && matches!(condition.test, Test::Failed(..)));
                return match (phase, made, handled) {
                    (Phase::Done, false, _) | (Phase::Failed, true, false) => {
                        self.unhandled(phase, page, out);
                        Ok(())
                    }
                    _ => self.end(&path.outcome, phase, page, out),
                };
            }
            Tree::Ask { condition, yes, no } => (condition, yes, no),
        };
        match &condition.test {
            Test::Raised => {
                if self.lacking {
                    self.place = condition.span;
                    return Err(self.cannot(OWN));
                }
                self.branch(no, phase, page, out)
            }
            Test::Failed(..) if phase == Phase::Done => self.branch(no, phase, page, out),
            Test::Failed(_, classes) => match Caught::of(classes) {
                Caught::Nothing => self.branch(no, phase, page, out),
                Caught::NamedAndOwn(_) if self.may_turn_down() => {
                    self.place = condition.span;
                    Err(self.cannot(OWN))
                }
                Caught::Named(names) | Caught::NamedAndOwn(names) => {
                    self.fork_by_error(condition, &names, yes, no, page, out)
                }
                Caught::Service => match self.asks_own(condition)? {
                    Some(own) => {
                        page.tells_errors = true;
                        self.fork(&own, no, yes, phase, page, out)
                    }
                    None => self.branch(yes, phase, page, out),
                },
                Caught::Everything => {
                    if self.may_turn_down() && !self.raises_other(yes) {
                        self.differs(
                            "a request that lacks what the call needs is answered like a call that fails",
                        );
                    }
                    self.branch(yes, phase, page, out)
                }
            },
            test if let Some(names) = self.named_errors(test) => match phase {
                Phase::Done => self.branch(no, phase, page, out),
                Phase::Failed => self.fork_by_error(condition, &names, yes, no, page, out),
            },
            test if let Some(names) = self.named_outcomes(test) => match phase {
                Phase::Failed => {
                    self.unhandled(phase, page, out);
                    Ok(())
                }
                Phase::Done => self.fork_by_outcome(&names, yes, no, page, out),
            },
            _ if self.is_about_answer(condition) => match phase {
                Phase::Failed => {
                    self.unhandled(phase, page, out);
                    Ok(())
                }
                Phase::Done => {
                    let asked = self.asks_answer(condition, page, out)?;
                    let known = self.present.len();
                    self.present.extend(member_asked(&condition.test));
                    let done = self.fork(&asked, yes, no, phase, page, out);
                    self.present.truncate(known);
                    done
                }
            },
            _ if phase == Phase::Done && self.is_only_guard(yes, no) => {
                let side = if yes.calls(self.what.effect) == Some(false) { no } else { yes };
                self.branch(side, phase, page, out)
            }
            _ => {
                let asked = self.asks_request(condition, out)?;
                self.fork(&asked, yes, no, phase, page, out)
            }
        }
    }

    /// One side never makes the call, so a call that went well is of the other.
    fn is_only_guard(&self, yes: &Tree<'_>, no: &Tree<'_>) -> bool {
        [yes, no].iter().any(|side| side.calls(self.what.effect) == Some(false))
    }

    fn fork(
        &mut self,
        asked: &str,
        yes: &Tree<'_>,
        no: &Tree<'_>,
        phase: Phase,
        page: &mut Page,
        out: &mut Velocity,
    ) -> Result<(), Refusal> {
        let (mut then, mut otherwise) = (Velocity::default(), Velocity::default());
        self.branch(yes, phase, page, &mut then)?;
        self.branch(no, phase, page, &mut otherwise)?;
        out.open(asked);
        out.append(then);
        out.otherwise();
        out.append(otherwise);
        out.close();
        Ok(())
    }

    /// Whether errors that no question names are raised again, as they are where nobody catches them.
    fn raises_other(&self, tree: &Tree<'_>) -> bool {
        match tree {
            Tree::End(path) => matches!(path.outcome, Outcome::Raises { .. }),
            Tree::Ask { condition, no, .. } => {
                self.named_errors(&condition.test).is_some() && self.raises_other(no)
            }
        }
    }

    /// By the outcome of what the call began.
    fn fork_by_outcome(
        &mut self,
        names: &[String],
        yes: &Tree<'_>,
        no: &Tree<'_>,
        page: &mut Page,
        out: &mut Velocity,
    ) -> Result<(), Refusal> {
        let Some(outcome) = self.mapping.outcome.as_ref() else { return Ok(()) };
        if names.iter().any(|name| !is_plain(name)) {
            return Err(self.cannot("asks something of the answer that a mapping cannot"));
        }
        let status = format!("$input.path('$').get('{}')", outcome.member);
        let tests: Vec<String> = names.iter().map(|name| format!("{status} == '{name}'")).collect();
        let (mut then, mut otherwise) = (Velocity::default(), Velocity::default());
        let known = self.present.len();
        if *names == [outcome.well.clone()] {
            self.present.extend(self.mapping.sometimes().map(str::to_owned));
        }
        self.branch(yes, Phase::Done, page, &mut then)?;
        self.present.truncate(known);
        self.branch(no, Phase::Done, page, &mut otherwise)?;
        out.open(&tests.join(" || "));
        out.append(then);
        out.otherwise();
        out.append(otherwise);
        out.close();
        Ok(())
    }

    /// By the name of the error that the call failed with.
    fn fork_by_error(
        &mut self,
        condition: &Condition,
        names: &[String],
        yes: &Tree<'_>,
        no: &Tree<'_>,
        page: &mut Page,
        out: &mut Velocity,
    ) -> Result<(), Refusal> {
        let asked = self.asks_error(condition, names)?;
        page.tells_errors = true;
        self.fork(&asked, yes, no, Phase::Failed, page, out)
    }

    /// Nobody catches it.
    fn unhandled(&mut self, phase: Phase, page: &mut Page, out: &mut Velocity) {
        // A call that went well never comes here.
        if phase == Phase::Failed {
            fail(page, out);
        }
    }

    fn end(
        &mut self,
        outcome: &Outcome,
        phase: Phase,
        page: &mut Page,
        out: &mut Velocity,
    ) -> Result<(), Refusal> {
        let (shape, span) = match outcome {
            Outcome::Returns(shape, span) => (shape, *span),
            Outcome::Raises { .. } => {
                fail(page, out);
                return Ok(());
            }
            Outcome::Unknown => return Err(self.cannot("ends in a place that was not followed")),
        };
        self.place = span;
        let (status, headers, body) = self.parts(shape)?;
        match &page.headers {
            None => page.headers = Some(headers),
            Some(known) if *known == headers => {}
            Some(_) => return Err(self.cannot("answers with other headers than elsewhere")),
        }
        page.statuses.push(status);
        let set_status = |out: &mut Velocity, page: &Page| {
            if page.base != status {
                out.set("context.responseOverride.status", &status.to_string());
            }
        };
        match self.body(body, phase)? {
            Body::Empty => {
                page.tight = true;
                set_status(out, page);
                out.line("#set($nothing = '')$nothing");
            }
            Body::Text(text) => {
                page.tight = true;
                set_status(out, page);
                let text = literal(&text)
                    .ok_or_else(|| self.cannot("answers with a text that has both kinds of quotes"))?;
                out.line(format!("#set($body = {text})$body"));
            }
            Body::Answer(member) => {
                page.tight = true;
                let whole = format!("$input.path('$').get('{member}')");
                if self.present.contains(&member) {
                    set_status(out, page);
                    out.line(whole);
                } else if self.python {
                    page.statuses.push(502);
                    out.has("there", "$input.path('$')", &member);
                    out.open("$there == 'n'");
                    machine::fail(out);
                    out.otherwise();
                    set_status(out, page);
                    out.line(whole);
                    out.close();
                } else {
                    // A response without a body.
                    set_status(out, page);
                    let set = format!("#if($key == '{member}')#set($body = {whole})#end");
                    out.set("body", "''");
                    out.line(format!("#foreach($key in $input.path('$').keySet()){set}#end$body"));
                }
            }
            Body::Json(tokens, numbers) if tokens.iter().any(Token::is_typed) => {
                page.statuses.push(502);
                let items = std::mem::take(&mut self.items);
                let may_miss = !items.is_empty();
                out.append(items);
                if may_miss {
                    out.set("bad", "'y'");
                    out.open("$missing == 'n'");
                }
                machine::write(out, &tokens, numbers);
                if may_miss {
                    out.close();
                }
                out.open("$bad == 'y'");
                machine::fail(out);
                out.otherwise();
                set_status(out, page);
                out.line("$out");
                out.close();
            }
            Body::Json(tokens, _) => {
                let items = std::mem::take(&mut self.items);
                let may_miss = !items.is_empty();
                out.append(items);
                if may_miss {
                    page.statuses.push(502);
                    out.open("$missing == 'y'");
                    machine::fail(out);
                    out.otherwise();
                }
                set_status(out, page);
                let text = tokens.iter().map(|token| match token {
                    Token::Escaped(reference) => super::velocity::escaped(reference),
                    Token::Text(text) | Token::Json(text) => text.clone(),
                    Token::Value(_) | Token::Item(_) | Token::Items(_) | Token::Chosen { .. } => {
                        String::new()
                    }
                });
                out.line(text.collect::<String>());
                if may_miss {
                    out.close();
                }
            }
        }
        Ok(())
    }

    /// Status, headers and body of a response.
    fn parts<'s>(&self, shape: &'s Shape) -> Result<Parts<'s>, Refusal> {
        let Shape::Object { entries, .. } = shape else {
            return Err(self.cannot("answers in a form that could not be followed"));
        };
        let (mut status, mut headers, mut body) = (None, Vec::new(), None);
        for (name, value) in entries.iter() {
            match (name.as_str(), value) {
                ("statusCode", value) => status = number(value),
                ("headers", value) => headers = self.headers(value)?,
                ("body", value) => body = Some(value),
                ("isBase64Encoded", Shape::Bool(false)) => {}
                ("multiValueHeaders" | "cookies" | "isBase64Encoded" | "...", _) => {
                    return Err(self.cannot(format!(
                        "answers with `{name}`, which this refactoring does not carry over"
                    )));
                }
                _ => {}
            }
        }
        let status = status.ok_or_else(|| self.cannot("answers with a status that is not constant"))?;
        Ok((status, headers, body))
    }

    /// Constant headers; the one that an integration answers with anyway is left out.
    fn headers(&self, shape: &Shape) -> Result<Vec<(String, String)>, Refusal> {
        let Shape::Object { entries, open: false } = shape else {
            return Err(self.cannot("answers with headers that are not constant"));
        };
        let mut found = Vec::new();
        for (name, value) in entries.iter() {
            let text = match value {
                Shape::Symbol(Symbol::Name(text)) => text.clone(),
                Shape::Bool(value) => value.to_string(),
                Shape::Number(number) => number.clone(),
                _ => return Err(self.cannot(format!("answers with a header `{name}` that is not constant"))),
            };
            if text.contains('\'') || !is_plain(name) {
                return Err(
                    self.cannot(format!("answers with a header `{name}` that a mapping cannot write"))
                );
            }
            let kind = text.split(';').next().unwrap_or_default().trim();
            if !(name.eq_ignore_ascii_case("content-type") && kind.eq_ignore_ascii_case("application/json")) {
                found.push((name.clone(), text));
            }
        }
        found.sort();
        Ok(found)
    }

    fn body(&mut self, shape: Option<&Shape>, phase: Phase) -> Result<Body, Refusal> {
        Ok(match shape {
            None | Some(Shape::Null) => Body::Empty,
            Some(Shape::Symbol(Symbol::Name(text))) if text.is_empty() => Body::Empty,
            Some(Shape::Symbol(Symbol::Name(text))) => Body::Text(text.clone()),
            Some(shape) if phase == Phase::Done && self.answered_text(shape).is_some() => {
                Body::Answer(self.answered_text(shape).unwrap_or_default())
            }
            Some(Shape::Json(value)) => {
                let (value, numbers) = self.numbers(value)?;
                let mut tokens = Vec::new();
                self.items = Velocity::default();
                self.tokens(value, phase, &mut tokens)?;
                if !self.items.is_empty() {
                    let rest = std::mem::take(&mut self.items);
                    self.items.set("missing", "'n'");
                    self.items.append(rest);
                }
                let numbers =
                    if tokens.iter().any(Token::is_typed) { self.assume(numbers)? } else { Numbers::Plain };
                Body::Json(tokens, numbers)
            }
            Some(_) => return Err(self.cannot("answers with a body that could not be followed")),
        })
    }

    /// The member of the answer that a body is as it is.
    fn answered_text(&self, shape: &Shape) -> Option<String> {
        let (member, path, plain) = self.answer_part(shape)?;
        let known = self.mapping.answer(member)?;
        let is_whole = path.is_empty() && !plain && !known.number && known.path == format!("$.{member}");
        is_whole.then(|| member.to_owned())
    }

    fn is_about_answer(&self, condition: &Condition) -> bool {
        let part = |shape: &Shape| {
            self.answer_part(shape).is_some()
                || matches!(shape, Shape::Symbol(Symbol::Result(id, _)) if *id == self.what.effect)
        };
        match &condition.test {
            Test::Truthy(value) | Test::Present(value) | Test::Has(value, _) | Test::Iterates(value) => {
                part(value) || matches!(value, Shape::Coded { value, .. } if part(value))
            }
            _ => false,
        }
    }

    /// A question about the answer, as a test of Velocity.
    fn asks_answer(
        &mut self,
        condition: &Condition,
        page: &mut Page,
        out: &mut Velocity,
    ) -> Result<String, Refusal> {
        page.flags += 1;
        let flag = format!("found{}", page.flags);
        self.place = condition.span;
        if let Some(member) = member_asked(&condition.test) {
            let is_list = self.mapping.lists.contains(&member);
            if is_list && !matches!(condition.test, Test::Has(..)) {
                return Ok(format!("$input.path('$').get('{member}').size() > 0"));
            }
            if self.mapping.items.contains(&member) || is_list {
                out.has(&flag, "$input.path('$')", &member);
                return Ok(format!("${flag} == 'y'"));
            }
        }
        Err(self.cannot("asks something of the answer that a mapping cannot"))
    }
}

/// The member of an answer that a question is about.
fn member_asked(test: &Test) -> Option<String> {
    let member = |shape: &Shape| match shape {
        Shape::Symbol(Symbol::Result(_, path)) => match &**path {
            [member] => Some(member.clone()),
            _ => None,
        },
        _ => None,
    };
    match test {
        Test::Has(Shape::Symbol(Symbol::Result(_, path)), name) if path.is_empty() => Some(name.clone()),
        Test::Has(Shape::Coded { value, .. }, name) => match &**value {
            Shape::Symbol(Symbol::Result(_, path)) if path.is_empty() => Some(name.clone()),
            _ => None,
        },
        Test::Truthy(value) | Test::Present(value) | Test::Iterates(value) => match value {
            Shape::Coded { value, .. } | Shape::Default { value, .. } => match &**value {
                Shape::Coded { value, .. } => member(value),
                value => member(value),
            },
            value => member(value),
        },
        _ => None,
    }
}

/// The answer of Lambda's proxy to a function that fails.
fn fail(page: &mut Page, out: &mut Velocity) {
    page.statuses.push(502);
    if page.base != 502 {
        out.set("context.responseOverride.status", "502");
    }
    out.line(machine::FAILURE);
}

pub(super) fn number(shape: &Shape) -> Option<u16> {
    match shape {
        Shape::Number(text) | Shape::Symbol(Symbol::Name(text)) => text.parse().ok(),
        Shape::Coded { value, .. } => number(value),
        _ => None,
    }
}
