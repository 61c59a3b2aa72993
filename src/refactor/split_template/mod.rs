//! A template of several services becomes one template for each, in a folder of its own with what is the
//! service's alone: functions, routes, tables, code.
//!
//! What crosses from one to another is made explicit: its owner writes it to Systems Manager, and who
//! takes it has a parameter that reads it there ([`handed`]). What belongs to no service stays where it
//! is. A service that shared an API has one of its own. Where services need each other there is no order
//! in which their stacks can be made, and nothing is offered.

mod differs;
mod folders;
mod handed;
mod homes;
mod links;
mod obstacles;
mod samconfig;
mod sites;
mod writing;

use std::collections::BTreeSet;

use super::draft::Draft;
use super::retire::is_idle;
use super::{Asked, Aspect, Kind, Offer, Offers, Proposal, Proposals, Receipt, Refusal, Subject};
use crate::aws::limits::limit;
use crate::graph::services::Basis;
use crate::graph::{App, TemplateId};
use crate::source::{Sources, Span, join, parent};
use crate::template::{Template, parse, readable};
use crate::yaml;
use folders::Folders;
use handed::{Handed, Namespace, handed};
use homes::{Home, Plan, crossings, in_order, plan};
use links::Links;
use samconfig::Configuring;
use writing::Desk;

pub(super) const KIND: Kind = Kind {
    id: "split-template",
    summary: "each service has a folder and a template of its own",
    rules: &["mixed-bounded-contexts"],
    offers: Offers::OfApplication(offers),
};

fn offers<'p>(app: &'p App<'p>, asked: &'p Asked<'p>) -> Proposals<'p> {
    let candidates = app.templates().filter(|(id, template)| template.is_whole() && is_mixed(app, *id));
    Box::new(candidates.filter_map(|(id, template)| {
        let own = app.functions_of(id);
        let functions = own.map(|function| function.id.text.clone()).collect();
        let path = template.path.clone();
        let subject = Subject { name: path.clone(), path, functions };
        let outcome = asked(&subject).then(|| offer(app, id))?.transpose()?;
        Some(Proposal { subject, outcome })
    }))
}

/// Whether a template holds several services: as the project says, or so large that their parts are apart.
fn is_mixed(app: &App<'_>, id: TemplateId) -> bool {
    let functions = app.functions_of(id).count() as u64;
    let own =
        app.services.all.iter().filter(|service| {
            !service.is_rest && service.members.iter().any(|one| one.member.template == id)
        });
    let own: Vec<_> = own.collect();
    let several = |service: &&&crate::graph::services::Service| {
        service.members.iter().filter(|one| one.is_function).count() > 1
    };
    let enough = functions >= limit("slslint.mixed_contexts_functions")
        && own.iter().filter(several).count() as u64 >= limit("slslint.mixed_contexts");
    own.len() > 1 && (enough || own.iter().any(|service| service.basis == Basis::Declared))
}

fn offer(app: &App<'_>, id: TemplateId) -> Result<Option<Offer>, Vec<Refusal>> {
    let template = app.template(id);
    let source = template.source;
    let text = app.sources.text(source);
    let refuse = |text: &str| Err(vec![Refusal::new(Span::new(source, 0, 0), text)]);
    if readable(text) != text {
        return refuse("it has placeholders of another tool");
    }
    let (document, problems) = yaml::parse(source, "", text);
    if !problems.is_empty() {
        return refuse("it does not read without problems");
    }
    let idle = |function: &str, variable: &str| is_idle(app, id, function, variable);
    let links = Links::read(template, text, &document, &idle);
    let Some(plan) = plan(app, id, &links)? else { return Ok(None) };
    let crossings = crossings(&plan, &links);
    obstacles::none(app, id, &plan, &links, &crossings)?;
    let folders = Folders::choose(app, id, &plan)?;
    let names = namespace(template);
    let handed = handed(template, &plan, &crossings);
    let desk = Desk {
        template,
        text,
        document: &document,
        plan: &plan,
        links: &links,
        handed: &handed,
        names: &names,
        folders: &folders,
        idle: &idle,
    };
    let order = in_order(&plan, &crossings);
    let split = Split { app, template, desk: &desk, order: &order };
    let draft = split.draft()?;
    let differs = differs::lines(app, template, &plan, &handed, &names, &crossings);
    let receipt = Receipt { lines: split.receipt() };
    let title = split.title();
    Ok(Some(Offer::new(KIND.id, title, draft.finish(), receipt, differs)))
}

/// The name of the application: that of its stacks without the environment, else of its folder.
fn namespace(template: &Template) -> Namespace {
    let known = template.environments.iter().filter(|one| !one.is_possible_only);
    let stacks = known.filter_map(|one| Some((one.name.as_str(), one.stack_name.as_ref()?.literal()?)));
    let named = stacks.map(|(environment, stack)| {
        let bare = stack.strip_suffix(environment).or_else(|| stack.strip_prefix(environment));
        folders::slug(bare.unwrap_or(stack))
    });
    let application = named.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| of_path(template));
    if let Some((parameter, default)) = environment_of(template) {
        return Namespace { application, parameter, default, is_new: false };
    }
    let mut taken = template.parameters.iter().map(|one| one.name.text.clone()).collect();
    let parameter = handed::unique("Application", &mut taken);
    Namespace { default: Some(application.clone()), application, parameter, is_new: true }
}

/// What folder and file are called, as far as that says something.
fn of_path(template: &Template) -> String {
    let name = template.path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let parts = [parent(&template.path), if stem == "template" { "" } else { stem }];
    let parts: Vec<String> = parts.into_iter().map(folders::slug).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "app".to_owned() } else { parts.join("-") }
}

/// The parameter that tells environments apart, and its default, where names can be made of it.
fn environment_of(template: &Template) -> Option<(String, Option<String>)> {
    let parameter = template.environment_parameter().filter(|parameter| parameter.kind == "String")?;
    let default = parameter.default.as_ref().and_then(|value| value.scalar()).map(|value| value.to_string());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let fits = default.as_ref().is_none_or(|value| !value.is_empty() && value.chars().all(plain));
    fits.then(|| (parameter.name.text.clone(), default))
}

struct Split<'a> {
    app: &'a App<'a>,
    template: &'a Template,
    desk: &'a Desk<'a>,
    order: &'a [Home],
}

impl<'a> Split<'a> {
    fn plan(&self) -> &Plan {
        self.desk.plan
    }

    fn draft(&self) -> Result<Draft<'a>, Refusal> {
        let mut draft = Draft::new(self.app.sources);
        let config = samconfig::of(self.app, self.template);
        for home in self.order {
            let text = self.desk.write(*home)?;
            let parameters = self.verified(*home, &text)?;
            match self.desk.folders.of.get(home) {
                Some(folder) => draft.create(&join(folder, &folders::file_name(self.template)), text),
                None => draft.rewrite(self.template.source, text),
            }
            let Some(config) = config else { continue };
            let configuring = Configuring {
                app: self.app,
                template: self.template,
                config,
                plan: self.desk.plan,
                handed: self.desk.handed,
                names: self.desk.names,
                folders: self.desk.folders,
            };
            match configuring.write(*home, &parameters) {
                Some((_, text)) if *home == Home::Shared => draft.rewrite(config.source, text),
                Some((path, text)) => draft.create(&path, text),
                None => {}
            }
        }
        if !self.order.contains(&Home::Shared) {
            draft.delete(self.template.source);
            config.into_iter().for_each(|config| draft.delete(config.source));
        }
        for (file, path) in self.desk.folders.files(self.app.sources) {
            draft.create(&path, self.app.sources.text(file).to_owned());
            draft.delete(file);
        }
        Ok(draft)
    }

    /// The parameters of a written template, which has what is its own and nothing else.
    fn verified(&self, home: Home, text: &str) -> Result<Vec<String>, Refusal> {
        let path = &self.template.path;
        let sources = Sources::in_memory([(path.clone(), text.to_owned())].into());
        let read = sources.find(path).and_then(|id| parse(&sources, id).0);
        let read = read.ok_or_else(|| self.refusal("cannot be taken apart: a part of it does not read"))?;
        let is: BTreeSet<&str> = read.resources.iter().map(|one| one.id.text.as_str()).collect();
        let own = self.template.resources.iter().map(|one| one.id.text.as_str());
        let mut meant: BTreeSet<&str> = own.filter(|id| self.plan().is_in(id, home)).collect();
        let published = self.desk.handed.iter().filter(|one| one.owner == home);
        meant.extend(published.map(|one| one.published.as_str()));
        if is != meant {
            return Err(self.refusal("cannot be taken apart: the layout is too unusual"));
        }
        Ok(read.parameters.into_iter().map(|parameter| parameter.name.text).collect())
    }

    fn refusal(&self, text: &str) -> Refusal {
        Refusal::new(Span::new(self.template.source, 0, 0), text)
    }

    fn title(&self) -> String {
        let services: Vec<&str> = self
            .order
            .iter()
            .filter(|home| **home != Home::Shared)
            .map(|home| self.plan().name(*home))
            .collect();
        let mut services = services;
        services.sort_unstable();
        let rest = if self.order.contains(&Home::Shared) { "; what they share stays" } else { "" };
        let path = &self.template.path;
        format!(
            "`{path}` becomes {} templates, one for each service: {}{rest}",
            services.len(),
            services.join(", ")
        )
    }

    fn receipt(&self) -> Vec<(Aspect, String)> {
        let folder = |home: &Home| match self.desk.folders.of.get(home) {
            Some(folder) => format!("{folder}/{}", folders::file_name(self.template)),
            None => self.template.path.clone(),
        };
        let order: Vec<String> = self.order.iter().map(folder).collect();
        let mut lines = vec![(
            Aspect::Upkeep,
            "each service is built, deployed and rolled back on its own, and has the limits of a stack to itself".to_owned(),
        )];
        let crosses: BTreeSet<String> = self.desk.handed.iter().map(Handed::told).collect();
        if !crosses.is_empty() {
            let crosses: Vec<String> = crosses.into_iter().collect();
            lines.push((
                Aspect::Cost,
                format!("nothing: {} standard parameters of Systems Manager", crosses.len()),
            ));
        }
        lines.push((Aspect::ToSet, format!("the first deployment in this order: {}", order.join(", "))));
        lines
    }
}
