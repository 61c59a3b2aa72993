//! What the Dockerfile of a function says: base runtime, command, and the folders it copies.

use super::project::Project;
use super::{Code, HandlerSpec};
use crate::source::{join, parent};

/// A Dockerfile, as far as it tells of handlers.
#[derive(Debug, Default)]
pub(super) struct Image {
    /// `python3.12` for `public.ecr.aws/lambda/python:3.12`; the bare name for other bases.
    pub runtime: Option<String>,
    pub command: Vec<String>,
    /// Copied folders, and folders of copied files, from the root.
    pub copied: Vec<String>,
}

/// Reads the Dockerfile of a function.
pub(super) fn read(spec: &HandlerSpec, project: &Project<'_>) -> Option<Image> {
    let Code::Image { context, dockerfile, .. } = &spec.code else { return None };
    let context = join(&spec.template_folder, context.as_deref().unwrap_or("."));
    let written = join(&context, dockerfile.as_deref().unwrap_or("Dockerfile"));
    let source = project.file(&written).or_else(|| {
        // A folder may be named, or the path start at the template.
        project
            .file(&join(&written, "Dockerfile"))
            .or_else(|| project.file(&join(&spec.template_folder, dockerfile.as_deref()?)))
    })?;
    let mut image = Image::default();
    let mut arguments: Vec<(String, String)> = Vec::new();
    let text = project.sources.text(source).replace("\\\n", " ");
    for line in text.lines().map(str::trim) {
        let Some((instruction, rest)) = line.split_once(char::is_whitespace) else { continue };
        // Longer names first: `$ROOT_PATH` before `$ROOT`.
        arguments.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let rest = arguments.iter().fold(rest.trim().to_owned(), |text, (name, value)| {
            text.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value)
        });
        match instruction.to_ascii_uppercase().as_str() {
            "ARG" | "ENV" => {
                if let Some((name, value)) = rest.split_once('=') {
                    arguments.push((name.trim().to_owned(), value.trim().trim_matches('"').to_owned()));
                }
            }
            "FROM" => image.runtime = base(&rest).or(image.runtime),
            "CMD" => image.command = command(&rest),
            "ENTRYPOINT" if image.command.is_empty() => image.command = command(&rest),
            "COPY" | "ADD" if !rest.contains("--from") => {
                image.copied.extend(copied(&rest, &context, project))
            }
            _ => {}
        }
    }
    image.copied.push(parent(project.sources.path(source)).to_owned());
    Some(image)
}

/// The runtime of a base image.
fn base(image: &str) -> Option<String> {
    let name = image.split_whitespace().find(|word| !word.starts_with("--"))?;
    let last = name.rsplit('/').next().unwrap_or(name);
    let (name, tag) = last.split_once(':').unwrap_or((last, ""));
    let tag = tag.split('-').next().unwrap_or(tag);
    match name {
        "python" | "nodejs" | "java" | "dotnet" | "ruby" | "go" => Some(format!("{name}{tag}")),
        "node" => Some(format!("nodejs{tag}")),
        "golang" => Some(format!("go{tag}")),
        // The SDK image builds; what it builds says which runtime.
        "sdk" | "aspnet" => Some(format!("dotnet{tag}")),
        _ => None,
    }
}

/// `["a", "b"]` or `a b` as words.
fn command(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_else(|_| text.split_whitespace().map(str::to_owned).collect())
}

fn copied(text: &str, context: &str, project: &Project<'_>) -> Vec<String> {
    let words: Vec<String> = command(text).into_iter().filter(|word| !word.starts_with("--")).collect();
    let Some((_, from)) = words.split_last() else { return Vec::new() };
    from.iter()
        .map(|path| join(context, path.trim_start_matches('/').trim_end_matches('*')))
        .filter_map(|path| {
            if project.file(&path).is_some() {
                Some(parent(&path).to_owned())
            } else {
                project.has_folder(&path).then_some(path)
            }
        })
        .collect()
}
