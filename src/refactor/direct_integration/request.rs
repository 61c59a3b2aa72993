//! The request: the input of the call as the service takes it.

use super::Mapper;
use super::decide::Tree;
use super::sources::{BodyPart, Source, body_part, is_optional, reads_decimals};
use super::velocity::{Velocity, escaped, in_json, is_plain, json, literal};
use crate::refactor::Refusal;
use crate::summary::{Shape, Symbol, coding};

/// Members of a call to a table that name conditions.
const CONDITIONS: &[&str] = &[KEY_CONDITION, "FilterExpression", "ConditionExpression"];
const KEY_CONDITION: &str = "KeyConditionExpression";
/// A value that no table can read, so that the request is turned down.
const NO_VALUE: &str = "{\"N\": true}";

/// A part of the call's input.
type Member = (String, Shape);

impl Mapper<'_> {
    /// The template of the request.
    pub(super) fn request(&mut self, tree: &Tree<'_>) -> Result<String, Refusal> {
        let input = self.effect.input.clone();
        let Shape::Object { entries, open: false } = &input else {
            return Err(self.cannot("builds the input of the call in a way that could not be followed"));
        };
        for (name, _) in entries.iter() {
            if !self.mapping.takes(name) {
                return Err(self.cannot(format!("sets `{name}`, which this refactoring does not know")));
            }
        }
        let mut call = Velocity::default();
        if self.mapping.form {
            self.form(entries, &mut call)?
        } else {
            self.document(entries, &mut call)?
        }
        let mut out = Velocity::default();
        out.append(std::mem::take(&mut self.setup));
        let guarded = self.guards(&mut out);
        let mut whole = Velocity::default();
        if guarded {
            whole.open("$complete == 'y'");
            whole.append(call);
            whole.otherwise();
            whole.line(self.mapping.refused.clone());
            whole.close();
        } else {
            whole = call;
        }
        self.choose(tree, &whole, &mut out)?;
        Ok(if self.mapping.form { out.tight() } else { out.lines() })
    }

    /// What the request must have: sets `$complete`.
    fn guards(&mut self, out: &mut Velocity) -> bool {
        if self.needed.is_empty() {
            return false;
        }
        out.set("complete", "'y'");
        for flag in &self.needed {
            out.line(format!("#if(${flag} == 'n')#set($complete = 'n')#end"));
        }
        true
    }

    /// The call where the handler makes it, and a refused one where it does not.
    fn choose(&mut self, tree: &Tree<'_>, call: &Velocity, out: &mut Velocity) -> Result<(), Refusal> {
        match (tree.calls(self.what.effect), tree) {
            (Some(true), _) | (None, Tree::End(_)) => out.append(call.clone()),
            (Some(false), _) => out.line(self.mapping.refused.clone()),
            (None, Tree::Ask { condition, yes, no }) => {
                let asked = self.asks_request(condition, out)?;
                out.open(&asked);
                self.choose(yes, call, out)?;
                out.otherwise();
                self.choose(no, call, out)?;
                out.close();
            }
        }
        Ok(())
    }

    fn form(&mut self, entries: &[(String, Shape)], out: &mut Velocity) -> Result<(), Refusal> {
        let mut text = format!("Action={}", self.what.operation);
        for (name, value) in entries {
            if self.mapping.kind.is_some() && self.mapping.target.as_deref() == Some(name) {
                continue;
            }
            let reference = match self.message(value)? {
                Source::Constant(text) => {
                    literal(&text).ok_or_else(|| self.cannot("has a constant with both kinds of quotes"))?
                }
                Source::Filled(text) => format!("'{text}'"),
                Source::Reference(reference) => reference,
            };
            text.push_str(&format!("&{name}=$util.urlEncode({reference})"));
        }
        out.line(text);
        Ok(())
    }

    fn document(&mut self, entries: &[(String, Shape)], out: &mut Velocity) -> Result<(), Refusal> {
        let (entries, conditions) = self.conditions(entries)?;
        let mut parts = Vec::new();
        for (name, value) in &entries {
            let text = if self.mapping.encoded.contains(name) {
                let message = self.message(value)?;
                let reference = self.reference(&message)?;
                format!("\"$util.base64Encode({reference})\"")
            } else {
                self.json(value)?
            };
            parts.push(format!("{}: {text}", json(name)));
        }
        parts.extend(conditions);
        out.line("{");
        let last = parts.len().saturating_sub(1);
        for (at, part) in parts.into_iter().enumerate() {
            out.line(format!("  {part}{}", if at == last { "" } else { "," }));
        }
        out.line("}");
        Ok(())
    }

    /// A part of a JSON document.
    fn json(&mut self, shape: &Shape) -> Result<String, Refusal> {
        Ok(match shape {
            Shape::Null => "null".to_owned(),
            Shape::Bool(value) => value.to_string(),
            Shape::Number(number) if is_number(number) => number.clone(),
            Shape::Object { entries, open: false } => {
                let mut parts = Vec::new();
                for (name, value) in entries.iter() {
                    if name == "..." {
                        return Err(self.cannot("merges objects"));
                    }
                    parts.push(format!("{}: {}", json(name), self.json(value)?));
                }
                format!("{{{}}}", parts.join(", "))
            }
            Shape::List(items) => {
                let items: Result<Vec<String>, Refusal> = items.iter().map(|item| self.json(item)).collect();
                format!("[{}]", items?.join(", "))
            }
            Shape::Coded { coding, value } if coding == "marshall" => self.attributes(value)?,
            Shape::Json(_) => {
                let message = self.message(shape)?;
                format!("\"{}\"", message.in_json())
            }
            shape => match body_part(shape) {
                Some(BodyPart::Field(name)) => {
                    // A member of the call is a text here; anything else the service refuses.
                    let name = name.to_owned();
                    self.differs(format!("`{name}` of the body is a text"));
                    self.json_field(&name, false)
                }
                Some(_) => return Err(self.cannot("uses a deeper part of the body")),
                None => format!("\"{}\"", self.source(shape)?.in_json()),
            },
        })
    }

    /// A text that is sent: the body, or JSON that is put together.
    fn message(&mut self, shape: &Shape) -> Result<Source, Refusal> {
        match shape {
            Shape::Json(value) => self.json_text(value),
            Shape::Coded { coding, value } if matches!(coding.as_str(), "string" | "utf8" | "bytes") => {
                self.message(value)
            }
            shape => match body_part(shape) {
                Some(BodyPart::Field(name)) => {
                    let name = name.to_owned();
                    self.need_field(&name);
                    self.differs(format!("`{name}` of the body is a text"));
                    Ok(Source::Reference(format!("$input.path('$.{name}')")))
                }
                Some(_) => Err(self.cannot("uses a deeper part of the body")),
                None => self.source(shape),
            },
        }
    }

    /// JSON as a text of its own, in a variable.
    fn json_text(&mut self, shape: &Shape) -> Result<Source, Refusal> {
        let mut parts = Vec::new();
        self.json_parts(shape, &mut parts)?;
        let mut merged: Vec<Source> = Vec::new();
        for part in parts {
            match (merged.last_mut(), &part) {
                (Some(Source::Filled(before)), Source::Filled(after)) => before.push_str(after),
                _ => merged.push(part),
            }
        }
        if let [Source::Reference(reference)] = merged.as_slice() {
            return Ok(Source::Reference(reference.clone()));
        }
        let mut whole = String::new();
        for part in &merged {
            whole.push_str(&self.in_variable(part));
        }
        let name = self.variable_name();
        self.setup.set(&name, &format!("\"{whole}\""));
        Ok(Source::Reference(format!("${name}")))
    }

    /// A reference to a variable with the text.
    fn in_variable(&mut self, part: &Source) -> String {
        let value = match part {
            Source::Filled(text) | Source::Constant(text) => format!("'{text}'"),
            Source::Reference(reference) => reference.clone(),
        };
        let is_variable = value.starts_with("$part") && !value.contains(['.', '(']);
        if is_variable {
            return value;
        }
        let name = self.variable_name();
        self.setup.set(&name, &value);
        format!("${name}")
    }

    /// Pieces of JSON: what is written as it is, and references.
    fn json_parts(&mut self, shape: &Shape, parts: &mut Vec<Source>) -> Result<(), Refusal> {
        let (comma, colon) = if self.python { (", ", ": ") } else { (",", ":") };
        let plain = |text: &str| Source::Filled(text.to_owned());
        match shape {
            Shape::Null => parts.push(plain("null")),
            Shape::Bool(value) => parts.push(plain(&value.to_string())),
            Shape::Number(number) if is_number(number) => parts.push(plain(number)),
            Shape::Object { entries, open: false } => {
                if entries.iter().any(|(name, _)| name == "...") {
                    return Err(self.cannot("merges objects"));
                }
                if entries.iter().any(|(_, value)| self.may_be_left_out(value)) {
                    return self.json_entries(entries, parts);
                }
                parts.push(plain("{"));
                for (at, (name, value)) in entries.iter().enumerate() {
                    let comma = if at == 0 { "" } else { comma };
                    parts.push(plain(&format!("{comma}{}{colon}", json(name))));
                    self.json_parts(value, parts)?;
                }
                parts.push(plain("}"));
            }
            Shape::List(items) => {
                parts.push(plain("["));
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        parts.push(plain(comma));
                    }
                    self.json_parts(item, parts)?;
                }
                parts.push(plain("]"));
            }
            Shape::Coded { coding, .. } if coding == coding::OWN_JSON => {
                return Err(self.cannot("writes JSON by rules of its own"));
            }
            shape => match body_part(shape) {
                Some(BodyPart::Whole) => {
                    self.reads_body();
                    parts.push(Source::Reference("$input.json('$')".to_owned()));
                }
                Some(BodyPart::Field(name)) => {
                    let name = name.to_owned();
                    let field = self.json_field(&name, is_optional(shape));
                    parts.push(Source::Reference(field));
                }
                Some(BodyPart::Deep) => return Err(self.cannot("uses a deeper part of the body")),
                None => match shape {
                    Shape::Coded { coding, value } if coding::is_of_json(coding) => {
                        self.json_parts(value, parts)?
                    }
                    shape => {
                        parts.push(plain("\""));
                        match self.source(shape)? {
                            Source::Reference(reference) => {
                                parts.push(Source::Reference(escaped(&reference)))
                            }
                            Source::Constant(text) => parts.push(plain(&in_json(&text))),
                            Source::Filled(text) => parts.push(Source::Filled(text)),
                        }
                        parts.push(plain("\""));
                    }
                },
            },
        }
        Ok(())
    }

    /// JavaScript leaves out what is not there.
    fn may_be_left_out(&self, shape: &Shape) -> bool {
        !self.python && matches!(body_part(shape), Some(BodyPart::Field(_)))
    }

    /// An object of which entries may be left out, each entry in a variable.
    fn json_entries(&mut self, entries: &[(String, Shape)], parts: &mut Vec<Source>) -> Result<(), Refusal> {
        let comma = self.variable_name();
        self.setup.set(&comma, "''");
        parts.push(Source::Filled("{".to_owned()));
        for (name, value) in entries {
            let value_of = match body_part(value) {
                Some(BodyPart::Field(field)) => {
                    let field = field.to_owned();
                    let reference = self.json_field(&field, true);
                    (self.in_variable(&Source::Reference(reference)), Some(self.field_flag(&field)))
                }
                _ => {
                    let text = self.json_text(value)?;
                    (self.in_variable(&text), None)
                }
            };
            let (reference, flag) = value_of;
            let key = self.in_variable(&Source::Filled(format!("{}:", json(name))));
            let entry = self.variable_name();
            self.setup.set(&entry, "''");
            let set = format!("#set(${entry} = \"${comma}{key}{reference}\")#set(${comma} = ',')");
            self.setup.line(match flag {
                Some(flag) => format!("#if(${flag} == 'y'){set}#end"),
                None => set,
            });
            parts.push(Source::Reference(format!("${entry}")));
        }
        parts.push(Source::Filled("}".to_owned()));
        Ok(())
    }

    /// A field of the body as JSON. Engines write a null like an empty text.
    fn json_field(&mut self, name: &str, optional: bool) -> String {
        if optional {
            self.need_body();
            let _ = self.field_flag(name);
        } else {
            self.need_field(name);
        }
        self.differs("numbers in the body are exact as doubles");
        let (value, length) = (self.variable_name(), self.variable_name());
        self.setup.set(&value, &format!("$input.json('$.{name}')"));
        self.setup.set(&length, &format!("\"$!input.path('$.{name}').length()\""));
        self.setup.line(format!("#if(${value} == '\"\"' && ${length} != '0')#set(${value} = 'null')#end"));
        if self.python {
            // Python writes a number beyond what a double holds by its name, JavaScript as a null.
            let said = self.variable_name();
            self.setup.set(&said, &format!("\"$!input.path('$.{name}')\""));
            self.setup.line(format!("#if(${value} == 'null' && ${said} != '')#set(${value} = ${said})#end"));
        }
        format!("${value}")
    }

    fn variable_name(&mut self) -> String {
        self.variables += 1;
        format!("part{}", self.variables)
    }

    fn reference(&self, source: &Source) -> Result<String, Refusal> {
        match source {
            Source::Reference(reference) => Ok(reference.clone()),
            Source::Filled(text) => Ok(format!("'{text}'")),
            Source::Constant(text) => {
                literal(text).ok_or_else(|| self.cannot("has a constant with both kinds of quotes"))
            }
        }
    }

    /// An item or a key, with the type of each attribute.
    fn attributes(&mut self, shape: &Shape) -> Result<String, Refusal> {
        let Shape::Object { entries, open: false } = shape else {
            return Err(self.cannot("stores an object whose attributes are not known before the request"));
        };
        let mut parts = Vec::new();
        for (name, value) in entries.iter() {
            if name == "..." {
                return Err(self.cannot("stores an object whose attributes are not known before the request"));
            }
            parts.push(format!("{}: {}", json(name), self.attribute(value)?));
        }
        Ok(format!("{{{}}}", parts.join(", ")))
    }

    /// A value with its type.
    pub(super) fn attribute(&mut self, shape: &Shape) -> Result<String, Refusal> {
        Ok(match shape {
            Shape::Null => "{\"NULL\": true}".to_owned(),
            Shape::Bool(value) => format!("{{\"BOOL\": {value}}}"),
            Shape::Number(number) if is_number(number) => {
                if self.python && number.contains(['.', 'e', 'E']) {
                    return Err(self.cannot("stores a float, which the SDK refuses"));
                }
                format!("{{\"N\": \"{number}\"}}")
            }
            Shape::Object { .. } => format!("{{\"M\": {}}}", self.attributes(shape)?),
            Shape::List(items) => {
                let items: Result<Vec<String>, Refusal> =
                    items.iter().map(|item| self.attribute(item)).collect();
                format!("{{\"L\": [{}]}}", items?.join(", "))
            }
            Shape::Coded { coding, value } if coding == "number" => self.number(value)?,
            Shape::Coded { coding, value } if coding == "string" && body_part(value).is_some() => {
                self.field(value, true)?
            }
            Shape::Default { value, default } if **default == Shape::Null => self.attribute(value)?,
            shape if body_part(shape).is_some() => self.field(shape, false)?,
            Shape::Coded { coding, value } if coding::is_of_json(coding) => self.attribute(value)?,
            shape => format!("{{\"S\": \"{}\"}}", self.source(shape)?.in_json()),
        })
    }

    /// A text that code makes a number of.
    fn number(&mut self, shape: &Shape) -> Result<String, Refusal> {
        match shape {
            Shape::Symbol(Symbol::Event(path)) => {
                let name = path.last().cloned().unwrap_or_default();
                let Source::Reference(reference) = self.source(shape)? else {
                    return Err(self.cannot("makes a number of a value"));
                };
                self.unfit = true;
                self.differs(format!("`{name}` is a whole number written with digits only"));
                let test = format!("#if({reference}.matches('-?[0-9]+'))");
                Ok(format!("{test}{{\"N\": \"{reference}\"}}#{{else}}{NO_VALUE}#end"))
            }
            Shape::Number(number) => Ok(format!("{{\"N\": \"{number}\"}}")),
            _ => Err(self.cannot("makes a number of a value")),
        }
    }

    /// A field of the body, whose type is seen in its JSON.
    fn field(&mut self, shape: &Shape, text: bool) -> Result<String, Refusal> {
        let Some(BodyPart::Field(name)) = body_part(shape) else {
            return Err(self.cannot("stores a deeper part of the body"));
        };
        let fractions = !self.python || reads_decimals(shape);
        let optional = is_optional(shape);
        let name = name.to_owned();
        if optional {
            self.need_body();
            let _ = self.field_flag(&name);
        } else {
            self.need_field(&name);
        }
        let kinds =
            if text { "a text" } else { "a text, a number, a boolean or null, but no list or object" };
        // The SDK for JavaScript leaves out what is not there, or fails at it, by its version.
        let checked = self.validation.as_ref().is_some_and(|checks| checks.requires(&name));
        let there = if self.python || optional || checked { "" } else { "there: " };
        self.differs(format!("`{name}` of the body is {there}{kinds}"));
        self.unfit = true;
        let variable = self.variable_name();
        self.setup.set(&variable, &format!("$input.json('$.{name}')"));
        let length = self.variable_name();
        self.setup.set(&length, &format!("\"$!input.path('$.{name}').length()\""));
        let is = |test: String, then: &str| format!("#elseif({test}){then}");
        let mut out = format!("#if(${variable} == '\"\"' && ${length} == '0'){{\"S\": \"\"}}");
        if text {
            out.push_str(&is(format!("${variable} == '\"\"'"), NO_VALUE));
            out.push_str(&is(format!("${variable}.startsWith('\"')"), &format!("{{\"S\": ${variable}}}")));
            out.push_str(&format!("#{{else}}{NO_VALUE}#end"));
            return Ok(out);
        }
        // The JSON of a number beyond what a double holds is that of a null, but it is not nothing.
        let said = self.variable_name();
        self.setup.set(&said, &format!("\"$!input.path('$.{name}')\""));
        out.push_str(&is(format!("${variable} == 'null' && ${said} != ''"), NO_VALUE));
        out.push_str(&is(format!("${variable} == '\"\"' || ${variable} == 'null'"), "{\"NULL\": true}"));
        out.push_str(&is(format!("${variable}.startsWith('\"')"), &format!("{{\"S\": ${variable}}}")));
        out.push_str(&is(
            format!("${variable} == 'true' || ${variable} == 'false'"),
            &format!("{{\"BOOL\": ${variable}}}"),
        ));
        out.push_str(&is(format!("${variable}.startsWith('{{') || ${variable}.startsWith('[')"), NO_VALUE));
        if !fractions {
            out.push_str(&is(format!("${variable}.matches('.*[.eE].*')"), NO_VALUE));
        }
        out.push_str(&format!("#{{else}}{{\"N\": \"${variable}\"}}#end"));
        Ok(out)
    }

    /// Conditions written as functions, as texts with names and values. Other members stay.
    fn conditions(&mut self, entries: &[(String, Shape)]) -> Result<(Vec<Member>, Vec<String>), Refusal> {
        let is_function = |shape: &Shape| matches!(shape, Shape::Computed { .. });
        let (functions, rest): (Vec<_>, Vec<_>) = entries
            .iter()
            .cloned()
            .partition(|(name, value)| CONDITIONS.contains(&name.as_str()) && is_function(value));
        if functions.is_empty() {
            return Ok((rest, Vec::new()));
        }
        if rest.iter().any(|(name, _)| name.starts_with("ExpressionAttribute")) {
            return Err(self.cannot("names attributes both by functions and by expressions"));
        }
        let mut made = Conditions::default();
        let mut parts = Vec::new();
        for (name, value) in &functions {
            let text = self.condition(value, name == KEY_CONDITION, &mut made)?;
            parts.push(format!("{}: \"{text}\"", json(name)));
        }
        let names: Vec<String> =
            made.names.iter().enumerate().map(|(at, name)| format!("\"#n{at}\": {}", json(name))).collect();
        let values: Vec<String> =
            made.values.iter().enumerate().map(|(at, value)| format!("\":v{at}\": {value}")).collect();
        parts.push(format!("\"ExpressionAttributeNames\": {{{}}}", names.join(", ")));
        if !values.is_empty() {
            parts.push(format!("\"ExpressionAttributeValues\": {{{}}}", values.join(", ")));
        }
        Ok((rest, parts))
    }

    fn condition(&mut self, shape: &Shape, of_keys: bool, made: &mut Conditions) -> Result<String, Refusal> {
        let Shape::Computed { operation, from, .. } = shape else {
            return Err(self.cannot("has a condition that could not be followed"));
        };
        let sign = match operation.as_str() {
            "eq" => "=",
            "lt" => "<",
            "lte" => "<=",
            "gt" => ">",
            "gte" => ">=",
            "begins_with" | "between" | "exists" | "not_exists" | "bits" => "",
            other => {
                return Err(
                    self.cannot(format!("has a condition `{other}` that this refactoring does not know"))
                );
            }
        };
        if operation == "bits" {
            // `&` and `|` look alike here; conditions on keys are only joined by `&`.
            let [left, right] = &**from else {
                return Err(self.cannot("has a condition that could not be followed"));
            };
            if !of_keys {
                return Err(self.cannot("joins conditions in a way that could not be followed"));
            }
            let (left, right) = (self.condition(left, true, made)?, self.condition(right, true, made)?);
            return Ok(format!("{left} AND {right}"));
        }
        let [attribute, values @ ..] = &**from else {
            return Err(self.cannot("has a condition that could not be followed"));
        };
        let name = made.name(&self.attribute_name(attribute)?);
        let mut texts = Vec::new();
        for value in values {
            let typed = self.attribute(value)?;
            made.values.push(typed);
            texts.push(format!(":v{}", made.values.len() - 1));
        }
        Ok(match (operation.as_str(), texts.as_slice()) {
            ("begins_with", [prefix]) => format!("begins_with({name}, {prefix})"),
            ("between", [low, high]) => format!("{name} BETWEEN {low} AND {high}"),
            ("exists", []) => format!("attribute_exists({name})"),
            ("not_exists", []) => format!("attribute_not_exists({name})"),
            (_, [value]) if !sign.is_empty() => format!("{name} {sign} {value}"),
            _ => return Err(self.cannot("has a condition that could not be followed")),
        })
    }

    /// `Key("id")`, `Attr("id")`.
    fn attribute_name(&self, shape: &Shape) -> Result<String, Refusal> {
        let name = match shape {
            Shape::Computed { operation, from, .. } if operation == "Key" || operation == "Attr" => {
                from.first()
            }
            shape => Some(shape),
        };
        match name {
            Some(Shape::Symbol(Symbol::Name(name))) if is_plain(name) && !name.contains('.') => {
                Ok(name.clone())
            }
            _ => Err(self.cannot("has a condition on an attribute that could not be followed")),
        }
    }
}

/// Names and values of conditions.
#[derive(Default)]
struct Conditions {
    names: Vec<String>,
    values: Vec<String>,
}

impl Conditions {
    fn name(&mut self, name: &str) -> String {
        let at = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        format!("#n{at}")
    }
}

/// A number that JSON can say.
pub(super) fn is_number(text: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(text).is_ok()
}
