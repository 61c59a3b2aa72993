//! The folders of the services, and what moves there: code and definitions that only one of them uses.

use std::collections::{BTreeMap, BTreeSet};

use super::homes::{Home, Plan};
use crate::aws::splitting::is_local_path;
use crate::graph::{App, TemplateId};
use crate::refactor::Refusal;
use crate::source::{SourceId, Sources, join, parent};
use crate::template::{Template, Value};

#[derive(Clone, Debug, Default)]
pub(super) struct Folders {
    /// Folder of each service, by home.
    pub of: BTreeMap<Home, String>,
    /// Where folders and files move to.
    pub moves: BTreeMap<String, String>,
}

/// A file or folder that a template names.
struct Use {
    path: String,
    /// `None` for another template, or for all functions of this one.
    home: Option<Home>,
    /// The property may follow a move.
    moves: bool,
}

/// The name of a service as a folder.
pub(super) fn slug(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    last.chars().map(plain).collect::<String>().trim_matches('-').to_lowercase()
}

/// Where a path is as seen from a folder.
pub(super) fn relative(folder: &str, path: &str) -> String {
    let parts = |path: &'_ str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (from, to) = (parts(folder), parts(path));
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from.iter().skip(common).map(|_| "..".to_owned());
    up.chain(to.into_iter().skip(common)).collect::<Vec<_>>().join("/")
}

impl Folders {
    /// Chooses folders, and moves what can be moved.
    ///
    /// # Errors
    /// A template is in the way.
    pub(super) fn choose(app: &App<'_>, id: TemplateId, plan: &Plan) -> Result<Self, Refusal> {
        let template = app.template(id);
        let uses = uses(app, id, plan);
        let mut folders = Self::default();
        let mut taken = BTreeSet::new();
        for home in plan.homes() {
            let Home::Service(_) = home else { continue };
            let slug = slug(plan.name(home));
            let names = [slug.clone(), format!("{slug}-service")];
            let free = |folder: &String| {
                !taken.contains(folder)
                    && app.sources.find(&format!("{folder}/{}", file_name(template))).is_none()
                    && !uses.iter().any(|one| is_within(folder, &one.path))
            };
            let above = parent(&template.path);
            let found = names.iter().filter(|name| !name.is_empty()).map(|name| join(above, name)).find(free);
            let text = || format!("there is no free folder for the service `{}`", plan.name(home));
            let folder = found.ok_or_else(|| Refusal::new(whole(template), text()))?;
            taken.insert(folder.clone());
            folders.of.insert(home, folder);
        }
        for one in uses.iter().filter(|one| one.moves) {
            folders.consider(app.sources, template, one, &uses);
        }
        Ok(folders)
    }

    /// Moves a folder or file where nothing else uses it, and nothing in it looks outside.
    fn consider(&mut self, sources: &Sources, template: &Template, one: &Use, uses: &[Use]) {
        let Some(folder) = one.home.and_then(|home| self.of.get(&home)) else { return };
        let inside_of_root = parent(&template.path);
        let below = one.path.strip_prefix(inside_of_root).map(|rest| rest.trim_start_matches('/'));
        let Some(below) = below.filter(|below| !below.is_empty()) else { return };
        if is_within(&one.path, folder) || one.path.starts_with("..") {
            return;
        }
        let others = uses
            .iter()
            .filter(|other| is_within(&other.path, &one.path) || is_within(&one.path, &other.path));
        if !others.into_iter().all(|other| other.home == one.home && (other.path == one.path)) {
            return;
        }
        let files = files(sources, &one.path);
        if files.is_empty()
            || files.len() > MOST_FILES
            || !files.iter().all(|file| stays_whole(sources, *file))
        {
            return;
        }
        if is_spoken_of(sources, template, &one.path, uses) {
            return;
        }
        let last = below.rsplit('/').next().unwrap_or(below);
        let is_free = |path: &String| {
            sources.find(path).is_none()
                && sources.under(path).next().is_none()
                && !self.moves.iter().any(|(old, new)| new == path && *old != one.path)
        };
        let wanted = if sources.find(&one.path).is_some() { [below, below] } else { [last, below] };
        let new = wanted.into_iter().map(|name| join(folder, name)).find(is_free);
        if let Some(new) = new {
            self.moves.insert(one.path.clone(), new);
        }
    }

    /// Where a path is after the moves.
    fn moved(&self, path: &str) -> Option<String> {
        self.moves.iter().find_map(|(old, new)| {
            let rest = path.strip_prefix(old.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| format!("{new}{rest}"))
        })
    }

    /// A path of the template as the template of a service writes it.
    pub(super) fn rewritten(&self, template: &Template, home: Home, written: &str) -> Option<String> {
        let folder = self.of.get(&home)?;
        let target = join(parent(&template.path), written);
        let now = self.moved(&target).unwrap_or(target);
        let path = relative(folder, &now);
        let slash = if written.ends_with('/') && !path.is_empty() { "/" } else { "" };
        Some(match path.as_str() {
            "" => "./".to_owned(),
            _ if written.starts_with("./") && !path.starts_with("..") => format!("./{path}{slash}"),
            _ if path.split('/').all(|part| part == "..") => format!("{path}/"),
            _ => format!("{path}{slash}"),
        })
    }

    /// Old and new paths of all files that move.
    pub(super) fn files(&self, sources: &Sources) -> Vec<(SourceId, String)> {
        let moved = self.moves.keys().flat_map(|old| files(sources, old));
        moved.filter_map(|file| Some((file, self.moved(sources.path(file))?))).collect()
    }
}

/// Files of a folder beyond which it is not moved: what else is in there is too much to know.
const MOST_FILES: usize = 200;
/// Larger files are not looked into for what they speak of.
const LONGEST: usize = 1 << 19;
/// Repositories with more files are not searched.
const MOST_SEARCHED: usize = 4000;

/// The name of the template of a service.
pub(super) fn file_name(template: &Template) -> String {
    let name = template.path.rsplit('/').next().unwrap_or_default();
    format!("template.{}", name.rsplit_once('.').map_or("yaml", |(_, ending)| ending))
}

fn whole(template: &Template) -> crate::source::Span {
    crate::source::Span::new(template.source, 0, 0)
}

fn is_within(path: &str, folder: &str) -> bool {
    path == folder || folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// What all templates name.
fn uses(app: &App<'_>, id: TemplateId, plan: &Plan) -> Vec<Use> {
    let mut uses = Vec::new();
    for (other, resource) in app.resources() {
        let template = app.template(other);
        let home = plan.of.get(&resource.id.text).copied().filter(|_| other == id);
        for (name, value) in resource.properties.iter().filter(|(name, _)| is_local_path(&name.text)) {
            let Some(written) = value.as_str().filter(|text| is_path(text)) else { continue };
            let own = resource.own_properties.get(&name.text).is_some();
            let moves = matches!(home, Some(Home::Service(_))) && own && name.text != "ContentUri";
            uses.push(Use { path: join(parent(&template.path), written), home: home.filter(|_| own), moves });
        }
    }
    uses
}

/// Whether a text is a path here and not an address.
pub(super) fn is_path(text: &str) -> bool {
    !text.contains("://") && !text.starts_with("arn:") && !text.contains("{{") && !text.contains('\n')
}

fn files(sources: &Sources, path: &str) -> Vec<SourceId> {
    sources.find(path).into_iter().chain(sources.under(path)).collect()
}

/// Whether a file is the same in another folder: text that names nothing above it, and no program, which
/// would have to stay executable.
fn stays_whole(sources: &Sources, file: SourceId) -> bool {
    let text = sources.text(file);
    sources.error(file).is_none() && !text.contains("../") && !text.starts_with("#!")
}

/// Whether other files may speak of a path.
fn is_spoken_of(sources: &Sources, template: &Template, path: &str, uses: &[Use]) -> bool {
    if sources.ids().count() > MOST_SEARCHED {
        return true;
    }
    let last = path.rsplit('/').next().unwrap_or(path);
    let from_code = [format!("../{last}")];
    let from_elsewhere = [
        format!("/{last}"),
        format!("{last}/"),
        format!(".{last}"),
        format!("{last}."),
        format!("\"{last}\""),
    ];
    sources.ids().any(|file| {
        let other = sources.path(file);
        let is_text = !other.ends_with(".md") && !other.ends_with(".lock") && !other.contains("samconfig");
        if file == template.source || is_within(other, path) || !is_text {
            return false;
        }
        let text = sources.text(file);
        let is_code = uses.iter().any(|one| !one.path.is_empty() && is_within(other, &one.path));
        let needles = if is_code { &from_code[..] } else { &from_elsewhere[..] };
        text.len() > LONGEST || needles.iter().any(|needle| text.contains(needle.as_str()))
    })
}

/// Whether the code of a function is where its template is, because nothing says otherwise.
pub(super) fn has_no_path(template: &Template, id: &str) -> bool {
    let Some(resource) = template.resource(id) else { return false };
    let has = |name: &str| resource.property(name).is_some();
    let is_image = resource.property("PackageType").and_then(Value::as_str) == Some("Image");
    resource.is("AWS::Serverless::Function")
        && !has("CodeUri")
        && !has("InlineCode")
        && !has("ImageUri")
        && !is_image
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_a_folder() {
        assert_eq!(relative("carts", "functions/add"), "../functions/add");
        assert_eq!(relative("a/carts", "a/carts/add"), "add");
        assert_eq!(relative("a/carts", "a"), "..");
        assert_eq!(slug("shop/Order Management"), "order-management");
    }
}
