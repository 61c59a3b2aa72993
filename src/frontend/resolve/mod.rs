//! From a function in a template to the program of its handler.
//!
//! [`resolve`] finds the file a handler was written in, [`bundle`] follows its imports and gives
//! all local code it can reach. Both know what Lambda's runtimes define (how a handler is named,
//! where layers unpack) and what builds usually do to paths; neither knows a template or AWS.

mod bundle;
mod bundler;
mod compiled;
mod conventions;
mod digest;
mod exports;
mod files;
mod image;
mod inline;
mod javascript;
mod json_module;
mod jsonc;
mod language;
mod makefile;
mod modules;
mod own;
mod packages;
mod paths;
mod places;
mod project;
mod python;
mod reach;
mod script;
mod start;
mod tsconfig;
mod walk;

#[cfg(test)]
mod bundle_tests;
#[cfg(test)]
mod tests;

pub use bundle::{Bundle, NoProgram, bundle};
pub use conventions::CodeLanguage;
pub use project::Project;

use std::collections::BTreeMap;
use std::fmt;

use crate::source::{SourceId, Span};

/// What a template says of a function's code; intrinsics are resolved or left out.
#[derive(Clone, Debug, Default)]
pub struct HandlerSpec {
    pub logical_id: String,
    /// `python3.13`, `nodejs22.x`, `provided.al2023`.
    pub runtime: Option<String>,
    /// As written: `src/app.handler`, `com.example.Handler::handle`, `run.sh`.
    pub handler: Option<String>,
    pub code: Code,
    /// Folder of the template, from the analysed root; what [`Code`] says is relative to it.
    pub template_folder: String,
    pub layers: Vec<LayerCode>,
    pub build: Option<Build>,
    /// Environment variables with constant values: some name the true handler or import paths.
    pub variables: BTreeMap<String, String>,
}

/// Where a function's code lies, with paths as the template writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Code {
    /// Neither `CodeUri` nor any other.
    #[default]
    Unset,
    Folder(String),
    /// A `.zip` or `.jar`.
    Archive(String),
    /// `InlineCode` or `ZipFile`: the scalar in the template and its value.
    Inline {
        span: Span,
        text: String,
    },
    /// An object in S3, an image in a registry, a value the template does not give; with a few words
    /// on what it is.
    Remote(String),
    /// An image built here.
    Image {
        context: Option<String>,
        dockerfile: Option<String>,
        command: Vec<String>,
    },
}

/// The code of a layer that the project holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerCode {
    /// Its `ContentUri`, from the analysed root.
    pub folder: String,
}

/// How a function is built, by its `Metadata`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Build {
    /// `esbuild`, `makefile`, `go1.x`, `rust-cargolambda`, ...
    pub method: Option<String>,
    pub entry_points: Vec<String>,
    /// `BuildProperties.Binary`.
    pub binary: Option<String>,
}

/// Where a handler's code is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    Found(Found),
    /// In the template itself.
    Inline {
        source: SourceId,
        language: CodeLanguage,
        export: Vec<String>,
    },
    /// Nobody could know from the project: "in an S3 object", "a class of a framework".
    NotAvailable {
        why: String,
    },
    /// The project should have it and does not.
    Missing {
        why: String,
        looked_at: Vec<String>,
    },
}

/// A handler's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub source: SourceId,
    pub language: CodeLanguage,
    /// As in [`Entry`](crate::ir::Entry).
    pub export: Vec<String>,
    /// Where absolute imports start: the folder that becomes `/var/task`.
    pub root: String,
    pub how: How,
}

/// What led to a file, from the most literal to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// `CodeUri` and `Handler` as they stand.
    AsWritten,
    /// The folder's own module: `<handler>/index.ts`, `<handler>/__init__.py`.
    FolderModule,
    /// In a layer of the function.
    Layer,
    /// An entry point of a build.
    EntryPoint,
    /// The recipe of a make target.
    Makefile,
    /// The command of an image.
    Image,
    /// A start script.
    StartScript,
    /// The source behind the folder a build writes to.
    BuildFolder,
    /// The source folder an archive is named after.
    Archive,
    /// From a folder above the template's, where the build is run.
    FolderAbove,
    /// By the name of a class, type or binary.
    Name,
    /// The only file of the project that fits.
    OnlyCandidate,
}

impl fmt::Display for How {
    /// As the end of "found ...".
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::AsWritten => "as written",
            Self::FolderModule => "as the module of its folder",
            Self::Layer => "in a layer",
            Self::EntryPoint => "as an entry point of the build",
            Self::Makefile => "by its make target",
            Self::Image => "by the command of its image",
            Self::StartScript => "by its start script",
            Self::BuildFolder => "as the source of built code",
            Self::Archive => "in the folder its archive is named after",
            Self::FolderAbove => "from a folder above its template",
            Self::Name => "by its name",
            Self::OnlyCandidate => "as the only file that fits",
        })
    }
}

impl Resolution {
    /// The file that holds the handler.
    pub fn source(&self) -> Option<SourceId> {
        match self {
            Self::Found(found) => Some(found.source),
            Self::Inline { source, .. } => Some(*source),
            Self::NotAvailable { .. } | Self::Missing { .. } => None,
        }
    }
}

/// Finds the code of a function's handler.
pub fn resolve(spec: &HandlerSpec, project: &Project<'_>) -> Resolution {
    match &spec.code {
        Code::Inline { span, .. } => inline::resolve(spec, *span),
        Code::Remote(what) => Resolution::NotAvailable { why: what.clone() },
        Code::Unset | Code::Folder(_) | Code::Archive(_) => in_project(spec, project),
        Code::Image { command, .. } => in_image(spec, command, project),
    }
}

/// An image's handler is its command, from the template or else from the Dockerfile.
fn in_image(spec: &HandlerSpec, command: &[String], project: &Project<'_>) -> Resolution {
    let Some(image) = image::read(spec, project) else {
        return Resolution::NotAvailable { why: "in an image whose Dockerfile is not there".to_owned() };
    };
    let command = if command.is_empty() { image.command.as_slice() } else { command };
    let handler = match command {
        [handler] => Some(handler.clone()),
        _ => None,
    };
    let spec = HandlerSpec {
        runtime: image.runtime.or_else(|| spec.runtime.clone()),
        handler: handler.or_else(|| (!command.is_empty()).then(|| command.join(" "))),
        ..spec.clone()
    };
    in_project(&spec, project)
}

fn in_project(spec: &HandlerSpec, project: &Project<'_>) -> Resolution {
    match language::language(spec, project) {
        Some(language) => of_language(spec, language, project),
        None => {
            let tried = [CodeLanguage::Python, CodeLanguage::JavaScript, CodeLanguage::Ruby]
                .map(|language| of_language(spec, language, project));
            let [first, ..] = &tried;
            tried.iter().find(|resolution| resolution.source().is_some()).unwrap_or(first).clone()
        }
    }
}

fn of_language(spec: &HandlerSpec, language: CodeLanguage, project: &Project<'_>) -> Resolution {
    match language {
        CodeLanguage::Python | CodeLanguage::JavaScript | CodeLanguage::Ruby => {
            script::resolve(spec, language, project)
        }
        CodeLanguage::Java | CodeLanguage::Go | CodeLanguage::DotNet | CodeLanguage::Rust => {
            compiled::resolve(spec, language, project)
        }
    }
}
