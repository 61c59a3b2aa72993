//! Functions, classes and set-up of connections that move to a module of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::Moved;
use super::code::{File, mentions, without};
use super::imports::{self, Statement};
use super::library::Library;
use super::target::{Target, roots};
use crate::graph::App;
use crate::graph::clones::{Group, What};
use crate::outline::Kind;
use crate::refactor::Refusal;
use crate::refactor::draft::Draft;
use crate::source::join;

pub(super) fn write(
    app: &App<'_>,
    group: &Group,
    target: &mut Target,
    draft: &mut Draft<'_>,
) -> Result<Moved, Vec<Refusal>> {
    let files: Result<Vec<File<'_>>, Refusal> =
        group.places.iter().map(|place| File::of(app, place)).collect();
    let files = files?;
    let roots = roots(app, group);
    let handlers: Vec<Refusal> = group.places.iter().filter_map(|place| handler(app, place)).collect();
    if !handlers.is_empty() {
        return Err(handlers);
    }
    let Some(first) = files.first() else { return Err(Vec::new()) };
    let needs = needs(app, first, &roots)?;
    for file in &files {
        needs.same(first, file)?;
    }
    let opening = match group.what {
        What::Setup => Opening::of(&files)?,
        _ if group.differing > 0 => {
            let text = format!("{} texts or numbers in it are not the same everywhere", group.differing);
            return Err(Refusal::new(first.span(first.piece(first.copies[0])), text).into());
        }
        _ => None,
    };
    let what = told(first);
    let stem = what.trim_start_matches('_').to_lowercase();
    let module = free_name(app, &format!("shared_{stem}"), &roots);
    target.named(app, target.template(app), &module);
    let path = join(target.folder(), &format!("{module}.py"));
    let mut library = Library::default();
    let wanted = |name: &str| needs.names.contains(name);
    for index in &needs.imports {
        let lost =
            || Refusal::new(first.span(first.piece(*index)), "this import is written in an unusual way");
        library.import(first, *index, &wanted).ok_or_else(lost)?;
    }
    let mut moved: Vec<usize> = needs.constants.iter().chain(&first.copies).copied().collect();
    moved.sort_unstable();
    for index in moved {
        let lines = first.lines(first.piece(index))?;
        match opening.as_ref().filter(|_| first.copies.last() == Some(&index)) {
            Some(opening) => library.add(&opening.function()),
            None => library.add(first.text.get(lines).unwrap_or_default()),
        }
    }
    draft.create(&path, library.text());
    for file in &files {
        let handlers = app.handler_sources().any(|source| source == file.source);
        let text = rewritten(first, file, &needs, opening.as_ref(), &module, handlers)?;
        draft.rewrite(file.source, text);
    }
    let what = match group.what {
        What::Setup => format!("what sets up `{what}`"),
        _ => format!("`{what}`"),
    };
    Ok(Moved { what, path })
}

/// Why a place cannot be moved: it has a handler in it.
fn handler(app: &App<'_>, place: &crate::graph::clones::Place) -> Option<Refusal> {
    let function = app.functions().find(|function| {
        function.summary().is_some_and(|summary| place.spans.iter().any(|span| span.contains(summary.entry)))
    })?;
    Some(Refusal::new(
        place.span,
        format!("it has the handler of `{function}`, which Lambda looks for in its file"),
    ))
}

/// What copies need of the module around them.
struct Needs {
    /// Statements of the first copy's module.
    imports: BTreeSet<usize>,
    constants: BTreeSet<usize>,
    /// All names of these.
    names: BTreeSet<String>,
}

fn needs(app: &App<'_>, file: &File<'_>, roots: &[String]) -> Result<Needs, Vec<Refusal>> {
    let mut needs = Needs { imports: BTreeSet::new(), constants: BTreeSet::new(), names: BTreeSet::new() };
    let mut reasons = Vec::new();
    let mut waiting: Vec<usize> = file.copies.clone();
    while let Some(index) = waiting.pop() {
        let piece = file.piece(index);
        for name in file.names(&piece.uses) {
            let binding = file.binding(name);
            let own = binding.iter().all(|at| file.copies.contains(at) || needs.constants.contains(at));
            match binding[..] {
                _ if own => {}
                [only] => match &file.piece(only).kind {
                    Kind::Import(_) => {
                        reasons.extend(imports::local(app, file, file.piece(only), roots));
                        needs.imports.insert(only);
                        needs.names.insert(name.to_owned());
                    }
                    Kind::Constant => {
                        needs.constants.insert(only);
                        needs.names.insert(name.to_owned());
                        waiting.push(only);
                    }
                    _ => reasons.push(depends(file, only, name)),
                },
                _ => reasons.extend(binding.first().map(|at| depends(file, *at, name))),
            }
        }
    }
    if reasons.is_empty() { Ok(needs) } else { Err(reasons) }
}

fn depends(file: &File<'_>, at: usize, name: &str) -> Refusal {
    Refusal::new(file.span(file.piece(at)), format!("it depends on `{name}` of its own module"))
}

impl Needs {
    /// Whether another module has the same under the same names.
    fn same(&self, first: &File<'_>, other: &File<'_>) -> Result<(), Refusal> {
        for index in self.imports.iter().chain(&self.constants) {
            let piece = first.piece(*index);
            for name in first.names(&piece.binds).filter(|name| self.names.contains(*name)) {
                let found = other.binding(name);
                let same = match found[..] {
                    [only] if matches!(piece.kind, Kind::Import(_)) => other.piece(only).hash == piece.hash,
                    [only] => other.slice(other.piece(only)) == first.slice(piece),
                    _ => false,
                };
                if !same {
                    let span = found.first().map_or(first.span(piece), |at| other.span(other.piece(*at)));
                    return Err(Refusal::new(
                        span,
                        format!("`{name}` is something else here than in the other copies"),
                    ));
                }
            }
        }
        let names = |file: &File<'_>| -> BTreeSet<String> {
            let pieces = file.copies.iter().map(|index| file.piece(*index));
            pieces.flat_map(|piece| file.names(&piece.binds).map(str::to_owned).collect::<Vec<_>>()).collect()
        };
        if names(first) != names(other) && first.copies.len() > 1 {
            let span = other.copies.first().map(|index| other.span(other.piece(*index)));
            let span = span.unwrap_or_else(|| first.span(first.piece(first.copies[0])));
            return Err(Refusal::new(span, "what is defined here has other names in the other copies"));
        }
        Ok(())
    }
}

/// The last statement of a set-up, as a function of the one text that is not the same everywhere.
struct Opening {
    /// The name that it binds, and what is bound to it before and behind the text.
    bound: String,
    before: String,
    behind: String,
    /// The text of each file.
    texts: Vec<(crate::source::SourceId, String)>,
}

impl Opening {
    /// `None` where all copies are the same.
    fn of(files: &[File<'_>]) -> Result<Option<Self>, Refusal> {
        let Some(first) = files.first() else { return Ok(None) };
        let slices = |file: &File<'_>| -> Vec<String> {
            file.copies.iter().map(|index| file.slice(file.piece(*index)).to_owned()).collect()
        };
        let texts = slices(first);
        let all: Vec<Vec<String>> = files.iter().map(slices).collect();
        if all.iter().all(|other| *other == texts) {
            return Ok(None);
        }
        let refused = |file: &File<'_>, why: &str| {
            let span = file.copies.first().map(|index| file.span(file.piece(*index)));
            Refusal::new(span.unwrap_or_else(|| crate::source::Span::new(file.source, 0, 0)), why)
        };
        let Some((last, before)) = texts.split_last() else { return Ok(None) };
        for (file, other) in files.iter().zip(&all) {
            if other.split_last().map(|(_, others)| others) != Some(before) {
                return Err(refused(
                    file,
                    "more than the text in its last statement is not the same everywhere",
                ));
            }
        }
        let lasts: Vec<&str> = all.iter().filter_map(|texts| texts.last().map(String::as_str)).collect();
        let parts = last.match_indices(['"', '\'']).find_map(|(at, quote)| {
            let end = at + 1 + last[at + 1..].find(quote)? + 1;
            let (head, tail) = (&last[..at], &last[end..]);
            let inner = |text: &str| {
                let inner = text.strip_prefix(head)?.strip_suffix(tail)?;
                let plain = inner.strip_prefix(quote)?.strip_suffix(quote)?;
                (!plain.contains(quote)).then(|| inner.to_owned())
            };
            let inner: Option<Vec<String>> = lasts.iter().map(|text| inner(text)).collect();
            Some((head.to_owned(), tail.to_owned(), inner?))
        });
        let (head, behind, inner) =
            parts.ok_or_else(|| refused(first, "its copies differ in more than one text"))?;
        let (bound, before) =
            head.split_once('=').ok_or_else(|| refused(first, "its last statement binds no name"))?;
        let bound = bound.trim().to_owned();
        if bound.is_empty() || !bound.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
            return Err(refused(first, "its last statement binds more than one name"));
        }
        let opening = Self {
            before: before.trim_start().to_owned(),
            behind,
            texts: files.iter().map(|file| file.source).zip(inner).collect(),
            bound,
        };
        match files.iter().find(|file| mentions(file.text, &opening.name())) {
            Some(file) => Err(refused(file, "the name that the shared function would have is taken")),
            None => Ok(Some(opening)),
        }
    }

    fn name(&self) -> String {
        format!("open_{}", self.bound.trim_start_matches('_').to_lowercase())
    }

    fn function(&self) -> String {
        let is_variable =
            ["environ[", "getenv(", "environ.get("].iter().any(|read| self.before.ends_with(read));
        let argument = if is_variable { "variable" } else { "name" };
        format!("def {}({argument}):\n    return {}{argument}{}", self.name(), self.before, self.behind)
    }

    fn call(&self, file: &File<'_>) -> String {
        let text = self.texts.iter().find(|(source, _)| *source == file.source).map_or("", |(_, text)| text);
        format!("{} = {}({text})", self.bound, self.name())
    }
}

/// A module that imports what was moved.
fn rewritten(
    first: &File<'_>,
    file: &File<'_>,
    needs: &Needs,
    opening: Option<&Opening>,
    module: &str,
    is_handlers: bool,
) -> Result<String, Refusal> {
    let bound = |from: &File<'_>, index: usize| -> Vec<String> {
        from.names(&from.piece(index).binds).map(str::to_owned).collect()
    };
    // What is shared is called as in the first copy.
    let mut shared: BTreeMap<String, String> = BTreeMap::new();
    for index in &file.copies {
        let own = bound(file, *index);
        let named = if file.copies.len() == 1 { bound(first, first.copies[0]) } else { own.clone() };
        shared.extend(own.into_iter().zip(named));
    }
    let mut cut = Vec::new();
    for index in &file.copies {
        cut.push(file.lines(file.piece(*index))?);
    }
    for index in &needs.constants {
        for name in bound(first, *index) {
            for at in file.binding(&name) {
                cut.push(file.lines(file.piece(at))?);
            }
            shared.insert(name.clone(), name);
        }
    }
    let rest = without(file.text, cut.clone());
    let mut wanted: Vec<String> = shared
        .keys()
        .map(String::as_str)
        // A module that others import is asked for what they know by it.
        .filter(|name| !is_handlers || mentions(&rest, name))
        .filter(|name| opening.is_none_or(|opening| opening.bound != *name))
        .map(|own| match shared.get(own) {
            Some(named) if named != own => format!("{named} as {own}"),
            _ => own.to_owned(),
        })
        .collect();
    if let Some(opening) = opening {
        wanted.push(opening.name());
    }
    wanted.sort();
    let lead = (!wanted.is_empty()).then(|| format!("from {module} import {}\n", wanted.join(", ")));
    with_import(file, cut, opening, lead.as_deref().unwrap_or_default())
}

/// The module without the lines that go, and with the import below its others.
fn with_import(
    file: &File<'_>,
    mut cut: Vec<std::ops::Range<usize>>,
    opening: Option<&Opening>,
    lead: &str,
) -> Result<String, Refusal> {
    let pieces = file.outline.module();
    let rest = without(file.text, cut.clone());
    let mut last_import = None;
    let mut seen = BTreeSet::new();
    for piece in pieces.iter().take_while(|piece| !piece.is_code()) {
        if !matches!(piece.kind, Kind::Import(_)) {
            continue;
        }
        let Some(lines) = import_lines(file, piece) else { continue };
        last_import = last_import.max(Some(lines.end));
        if !seen.insert(lines.start) {
            continue;
        }
        let Some(statement) = Statement::around(file, piece) else { continue };
        let own = file.text.get(lines.clone()).unwrap_or_default();
        let others = rest.replacen(own, "", 1);
        // An import that only the moved code used goes with it.
        let used_before = |name: &str| mentions(&file.text.replacen(own, "", 1), name);
        if statement.of(|name| mentions(&others, name)).is_none() && statement.of(used_before).is_some() {
            cut.push(lines);
        }
    }
    let at = match last_import {
        Some(end) => end,
        None => pieces.first().map_or(0, |piece| file.lines(piece).map_or(0, |lines| lines.start)),
    };
    let mut call_at = None;
    if let (Some(opening), Some(last)) = (opening, file.copies.last()) {
        call_at = Some((file.lines(file.piece(*last))?.end, format!("{}\n", opening.call(file))));
    }
    let mut marks: Vec<(usize, String)> = vec![(at, lead.to_owned())];
    marks.extend(call_at);
    marks.sort();
    Ok(spaced(&assembled(file.text, cut, marks), lead))
}

/// A text without what is cut out and with what is added at some places; where two parts meet that were
/// apart, the larger of the gaps is left.
fn assembled(text: &str, mut cut: Vec<std::ops::Range<usize>>, marks: Vec<(usize, String)>) -> String {
    cut.sort_by_key(|range| range.start);
    let mut out = String::new();
    let mut at = 0;
    let mut after_cut = false;
    let mut marks = marks.into_iter().peekable();
    let ends = cut.iter().map(|range| (range.start, range.end)).chain([(text.len(), text.len())]);
    for (start, end) in ends {
        while let Some((mark, added)) = marks.next_if(|(mark, _)| *mark <= start) {
            join_up(&mut out, text.get(at..mark.max(at)).unwrap_or_default(), after_cut);
            out.push_str(&added);
            after_cut = false;
            at = at.max(mark);
        }
        join_up(&mut out, text.get(at..start.max(at)).unwrap_or_default(), after_cut);
        after_cut = true;
        at = at.max(end);
        while let Some((_, added)) = marks.next_if(|(mark, _)| *mark <= at && at < text.len()) {
            out.push_str(&added);
            after_cut = false;
        }
    }
    marks.for_each(|(_, added)| out.push_str(&added));
    let end = out.trim_end().len();
    out.truncate(end);
    out.push('\n');
    out
}

/// Adds a part of a text. Behind a cut its first empty lines count only where there are not as many before.
fn join_up(out: &mut String, part: &str, after_cut: bool) {
    if !after_cut || part.is_empty() {
        out.push_str(part);
        return;
    }
    let empty = |line: &&str| line.trim().is_empty();
    let before = out.lines().rev().take_while(empty).count();
    let ahead = part.split_inclusive('\n').take_while(empty).count();
    let cut: usize = part.split_inclusive('\n').take(ahead.min(before)).map(str::len).sum();
    let rest = if out.is_empty() { part.trim_start_matches('\n') } else { &part[cut..] };
    out.push_str(rest);
}

/// Without an import above it, what follows the new one stands apart.
fn spaced(text: &str, lead: &str) -> String {
    match text.strip_prefix(lead).filter(|_| !lead.is_empty()) {
        Some(rest) => {
            let rest = rest.trim_start_matches('\n');
            let long = ["def ", "class ", "async ", "@"].iter().any(|head| rest.starts_with(head));
            format!("{lead}{}{rest}", if long { "\n\n" } else { "\n" })
        }
        None => text.to_owned(),
    }
}

fn import_lines(file: &File<'_>, piece: &crate::outline::Piece) -> Option<std::ops::Range<usize>> {
    let start = piece.start as usize;
    let before = &file.text[..file.text[start..].find('\n').map_or(file.text.len(), |at| start + at)];
    let starts = before.rmatch_indices('\n').map(|(at, _)| at + 1).chain([0]);
    let head = starts
        .into_iter()
        .find(|at| file.text[*at..].starts_with("from ") || file.text[*at..].starts_with("import "))?;
    let rest = &file.text[head..];
    let first = rest.split_inclusive('\n').next().unwrap_or(rest);
    let end = match first.contains('(') && !first.contains(')') {
        true => {
            let close = rest.find(')')?;
            close + rest[close..].find('\n').map_or(rest.len() - close, |at| at + 1)
        }
        false => first.len(),
    };
    Some(head..head + end)
}

/// The name of what is moved: of the first definition, or of the connection.
fn told(file: &File<'_>) -> String {
    let names = file.copies.iter().rev().flat_map(|index| file.piece(*index).binds.clone());
    let definitions = file.copies.iter().find_map(|index| match file.piece(*index).kind {
        Kind::Definition(name) => Some(name),
        _ => None,
    });
    let number = definitions.or_else(|| names.into_iter().next());
    number.map_or_else(|| "code".to_owned(), |number| file.outline.name(number).to_owned())
}

/// A module name that no function has.
fn free_name(app: &App<'_>, name: &str, roots: &[String]) -> String {
    let taken = |name: &str| {
        roots.iter().any(|root| {
            let path = join(root, name);
            app.sources.find(&format!("{path}.py")).is_some() || app.sources.under(&path).next().is_some()
        })
    };
    if !taken(name) {
        return name.to_owned();
    }
    (2..).map(|number| format!("{name}_{number}")).find(|name| !taken(name)).unwrap_or_default()
}
