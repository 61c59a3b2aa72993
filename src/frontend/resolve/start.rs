//! What a start command runs: the application behind a web adapter, or a runtime client.

use super::conventions::{CONVENTIONS, CodeLanguage};
use super::paths::without_extension;
use super::project::Project;
use crate::source::join;

/// What a command starts, as the path of a module without ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Started {
    /// A program, or an application that a server takes from it.
    Module(String),
    /// A handler, by a runtime client.
    Handler(String),
}

/// Reads a shell script, or the words of a command; the last command that starts something counts.
pub(super) fn started(text: &str, folder: &str, project: &Project<'_>) -> Option<Started> {
    let joined = text.replace("\\\n", " ");
    let commands = joined.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let commands: Vec<&str> = commands.flat_map(|line| line.split("&&")).collect();
    let handler = commands.iter().rev().find_map(|command| of_runtime_client(command));
    handler.or_else(|| commands.iter().rev().find_map(|command| of_command(command, folder, project)))
}

fn words(command: &str) -> impl Iterator<Item = &str> {
    command.split_whitespace().map(|word| word.trim_matches(['"', '\'', ',', '[', ']']))
}

fn of_runtime_client(command: &str) -> Option<Started> {
    let mut words = words(command).skip_while(|word| !matches!(*word, "awslambdaric" | "aws-lambda-ric"));
    words.next()?;
    words.next().filter(|word| word.contains('.')).map(|word| Started::Handler(word.to_owned()))
}

fn of_command(command: &str, folder: &str, project: &Project<'_>) -> Option<Started> {
    let name = |word: &str| word.rsplit('/').next().unwrap_or(word).to_owned();
    let is = |word: &str, known: &[String]| known.iter().any(|known| *known == name(word));
    if words(command).any(|word| is(word, &CONVENTIONS.python_servers)) {
        // `package.module:application`
        let application = words(command).filter(|word| !word.starts_with('-')).find_map(|word| {
            let (module, name) = word.split_once(':')?;
            let plain =
                |text: &str| text.chars().all(|letter| letter.is_alphanumeric() || "._()".contains(letter));
            let named = name.starts_with(|letter: char| letter.is_alphabetic()) && plain(name);
            (named && !module.is_empty() && plain(module)).then(|| module.replace('.', "/"))
        })?;
        return Some(Started::Module(application));
    }
    let mut words = words(command)
        .skip_while(|word| !is(word, &CONVENTIONS.script_programs) && !is_package_manager(word));
    let program = words.next()?;
    if is_package_manager(program) {
        return of_script(words.find(|word| *word != "run")?, folder, project);
    }
    let mut previous = "";
    for word in words {
        if previous == "-m" {
            return Some(Started::Module(word.replace('.', "/")));
        }
        if !word.starts_with('-') && CodeLanguage::of_path(word).is_some() {
            let path = word.trim_start_matches("/var/task/").trim_start_matches("./");
            return Some(Started::Module(without_extension(path).to_owned()));
        }
        previous = word;
    }
    None
}

fn is_package_manager(word: &str) -> bool {
    matches!(word, "npm" | "yarn" | "pnpm")
}

/// A script of the package in a folder.
fn of_script(name: &str, folder: &str, project: &Project<'_>) -> Option<Started> {
    let manifest = project.packages().manifest(folder)?;
    let command = manifest["scripts"][name].as_str()?;
    // A script that calls another one is not followed further.
    if words(command).any(is_package_manager) { None } else { of_command(command, folder, project) }
}

/// The script that `Handler` names, in a folder.
pub(super) fn script(handler: &str, folder: &str, project: &Project<'_>) -> Option<Started> {
    let path = join(folder, handler.trim_start_matches("/var/task/"));
    let source = project.file(&path).filter(|_| handler.ends_with(".sh"))?;
    started(project.sources.text(source), project.sources.folder(source), project)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::source::Sources;

    #[test]
    fn commands_start_programs() {
        let manifest = "{\"scripts\": {\"start\": \"node dist/server.js\"}}".to_owned();
        let sources = Sources::in_memory(BTreeMap::from([("package.json".to_owned(), manifest)]));
        let project = Project::new(&sources);
        let module = |path: &str| Some(Started::Module(path.to_owned()));
        let started = |text: &str| started(text, "", &project);
        assert_eq!(
            started(
                "#!/bin/sh\n# node x.js\nexec python -m uvicorn --port=$PORT \\\n  api.main:app --reload"
            ),
            module("api/main")
        );
        assert_eq!(started("gunicorn --bind 0.0.0.0:8000 application:app"), module("application"));
        assert_eq!(started("#!/bin/bash\n\nnode index.js"), module("index"));
        assert_eq!(started("npm run start"), module("dist/server"));
        assert_eq!(started("python -m service.run"), module("service/run"));
        let handler = "gunicorn app:app --daemon\npython -m awslambdaric lambda.handler";
        assert_eq!(started(handler), Some(Started::Handler("lambda.handler".to_owned())));
        assert_eq!(started("java -jar app.jar"), None);
    }
}
