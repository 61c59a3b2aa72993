//! SAM and CloudFormation templates as they are meant: parameters, conditions and resources with
//! Globals merged, loops expanded, local includes read, and intrinsics kept symbolic.
//!
//! Nothing here knows handlers or rules. A template that is half broken gives what could be read and
//! the problems.

mod asl;
mod assemble;
mod convert;
mod definition_text;
mod discover;
pub mod environments;
mod evaluate;
mod foreach;
mod globals;
mod include;
#[cfg(test)]
mod laws;
mod nested;
mod parse;
mod text;
mod toml;
mod value;
mod worlds;

pub use asl::{parse_definition, read_definition, readable, substitute};
pub use convert::{MAX_VALUES, read};
pub use definition_text::DefinitionTexts;
pub use discover::{Skipped, Templates, parse_all};
pub use nested::{Nested, link as nested_stacks};
pub use parse::parse;
pub use value::{Branch, Intrinsic, Map, Mention, MentionKind, Name, SubPart, Value, ValueKind};
pub use worlds::{MAX_WORLDS, World, Worlds};

use std::collections::BTreeMap;

use crate::source::{SourceId, Span};

/// One template file.
#[derive(Clone, Debug)]
pub struct Template {
    pub source: SourceId,
    /// Relative to the root.
    pub path: String,
    pub dialect: Dialect,
    pub transforms: Vec<Value>,
    pub parameters: Vec<Parameter>,
    pub mappings: Map,
    pub conditions: Vec<(Name, Value)>,
    /// `Globals` as written; already merged into `resources`.
    pub globals: Option<Value>,
    /// Loops expanded; in the order of the file.
    pub resources: Vec<Resource>,
    /// Keys of `Resources` that gave no resource: macros, unrolled in part or not at all, and broken
    /// entries.
    pub left_out: Vec<Name>,
    /// What a section has that another section of the same name replaces.
    pub replaced: Vec<Name>,
    pub outputs: Vec<Output>,
    pub metadata: Option<Value>,
    /// `Rules` as written.
    pub rules: Option<Value>,
    /// Where it is deployed to, as far as files tell.
    pub environments: Vec<environments::Environment>,
    /// Parameters of the environment that was asked for; worlds that differ from it are left out.
    pub fixed: BTreeMap<String, Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sam,
    CloudFormation,
    /// Resources without the SAM transform, although they are `AWS::Serverless::*`: a part that is
    /// merged into a template at build time.
    Fragment,
}

#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: Name,
    /// `String`, `Number`, `CommaDelimitedList`, `AWS::SSM::Parameter::Value<String>`, ...
    pub kind: String,
    pub default: Option<Value>,
    pub allowed_values: Vec<Value>,
    pub allowed_pattern: Option<String>,
    pub no_echo: bool,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Resource {
    /// Logical id; its span is the key in the file.
    pub id: Name,
    /// `AWS::Serverless::Function`, ...; empty where a macro that is not expanded brings it.
    pub kind: Name,
    /// After Globals.
    pub properties: Map,
    /// What the resource itself says, before Globals.
    pub own_properties: Map,
    /// `IgnoreGlobals`: `*`, or names of properties.
    pub ignore_globals: Option<Value>,
    pub condition: Option<Name>,
    pub depends_on: Vec<Name>,
    pub deletion_policy: Option<Value>,
    pub update_replace_policy: Option<Value>,
    pub metadata: Option<Value>,
    /// The `Connectors` attribute.
    pub connectors: Option<Value>,
    /// The whole body, without the key.
    pub span: Span,
    /// The file that declares it: the part it comes from, where parts are merged at build time and the
    /// merged template does not have it.
    pub declared_in: SourceId,
}

#[derive(Clone, Debug)]
pub struct Output {
    pub name: Name,
    pub value: Option<Value>,
    /// `Export.Name`.
    pub export: Option<Value>,
    pub condition: Option<Name>,
    pub span: Span,
}

impl Template {
    pub fn resource(&self, id: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.id.text == id)
    }

    /// Whether what it does not say is not there: it is no fragment that is merged into something
    /// larger, and no macro may add to it.
    pub fn is_whole(&self) -> bool {
        self.dialect != Dialect::Fragment && self.has_known_transforms()
    }

    /// Whether all macros are those of AWS; another may change anything.
    pub fn has_known_transforms(&self) -> bool {
        let name = |transform: &Value| match transform.as_str() {
            Some(name) => name.trim().starts_with("AWS::"),
            None => transform
                .get("Name")
                .and_then(Value::as_str)
                .is_some_and(|name| name.trim().starts_with("AWS::")),
        };
        self.transforms.iter().all(name)
    }

    /// The text of a value in a world, of its first branch where conditions leave several.
    pub fn settled(&self, world: &World, value: &Value) -> Option<String> {
        let known = value.evaluate(world, self);
        let (branch, _) = known.branches().into_iter().next()?;
        branch.scalar().map(std::borrow::Cow::into_owned)
    }

    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name.text == name)
    }

    pub fn condition(&self, name: &str) -> Option<&Value> {
        self.conditions.iter().find(|(known, _)| known.text == name).map(|(_, value)| value)
    }

    /// The properties a resource of this type would have if it wrote `own`: Globals merged. For what
    /// the platform adds, such as the implicit APIs.
    pub fn with_globals(&self, kind: &str, own: &Map) -> Map {
        globals::merged(self.globals.as_ref(), kind, own)
    }
}

impl Resource {
    pub fn property(&self, name: &str) -> Option<&Value> {
        self.properties.get(name)
    }

    pub fn is(&self, kind: &str) -> bool {
        self.kind.text == kind
    }
}
