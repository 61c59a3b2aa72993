//! The ways a template can be deployed: values of its parameters, and which conditions hold.
//!
//! Only what the question touches is told apart, so that most questions have one world or two.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::{Scope, compared};
use super::value::{Intrinsic, Mention, MentionKind, Name, Value};
use super::{Parameter, Template};

/// Worlds one question may have; what would be more is left out, and [`Worlds::capped`] says so.
pub const MAX_WORLDS: usize = 64;

/// One way to deploy a template. What is not in it is unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct World {
    /// Values of parameters, and of pseudo parameters that conditions ask for.
    pub parameters: BTreeMap<String, Value>,
    pub conditions: BTreeMap<String, bool>,
    /// Parameters that are something else than all that conditions compare them with.
    others: BTreeSet<String>,
}

/// The answer of [`Template::worlds`].
#[derive(Clone, Debug)]
pub struct Worlds {
    /// Never empty; the defaults come first.
    pub worlds: Vec<World>,
    /// There are more.
    pub capped: bool,
}

impl World {
    /// Every parameter has its default; no condition is decided.
    pub(super) fn of_defaults(parameters: &[Parameter]) -> Self {
        let known = parameters
            .iter()
            .filter_map(|parameter| Some((parameter.name.text.clone(), parameter.known_default()?.clone())));
        Self { parameters: known.collect(), ..Self::default() }
    }

    /// Whether a condition holds; `None` where that is unknown.
    pub fn holds(&self, condition: &str) -> Option<bool> {
        self.conditions.get(condition).copied()
    }

    /// Whether a thing under this condition may exist: there is none, it holds, or it is unknown.
    pub fn allows(&self, condition: Option<&Name>) -> bool {
        condition.is_none_or(|name| self.holds(&name.text) != Some(false))
    }

    /// Whether all of a branch's conditions may be as it needs them.
    pub fn allows_all(&self, when: &[(Name, bool)]) -> bool {
        when.iter().all(|(name, wanted)| self.holds(&name.text).is_none_or(|holds| holds == *wanted))
    }

    /// Leaves a parameter unknown, and with it every condition.
    pub(super) fn forget(&mut self, parameter: &str) {
        if self.parameters.remove(parameter).is_some() {
            self.conditions.clear();
        }
    }

    /// Whether what is known of two worlds agrees.
    pub fn agrees(&self, other: &Self) -> bool {
        let same = |(name, value): (&String, &Value)| {
            other.parameters.get(name).is_none_or(|known| known.scalar() == value.scalar())
        };
        let conditions =
            |(name, holds): (&String, &bool)| other.holds(name).is_none_or(|known| known == *holds);
        self.parameters.iter().all(same) && self.conditions.iter().all(conditions)
    }

    /// Whether a parameter has this value.
    pub(super) fn reads(&self, name: &str, literal: &Value) -> Option<bool> {
        if self.others.contains(name) {
            return Some(false);
        }
        Some(self.parameters.get(name)?.scalar()? == literal.scalar()?)
    }

    /// Puts the conditions in that follow from the parameters; `None` for the first that does not.
    fn decide<'v>(&mut self, template: &Template, order: &[(&'v str, &'v Value)]) -> Option<&'v str> {
        for (name, value) in order {
            if self.conditions.contains_key(*name) {
                continue;
            }
            match template.scope(self).holds(value) {
                Some(holds) => self.conditions.insert((*name).to_owned(), holds),
                None => return Some(name),
            };
        }
        None
    }
}

impl Template {
    /// All worlds in which the given values and conditions can differ.
    ///
    /// Parameters vary over their allowed values; one without such a list has its default and
    /// everything the touched conditions compare it with; without any of these it is unknown. A
    /// condition that cannot be decided is true in one world and false in another. Conditions and
    /// parameters agree within a world. The result is the same for the same question, and has at most
    /// [`MAX_WORLDS`] worlds.
    pub fn worlds<'v>(
        &'v self,
        values: impl IntoIterator<Item = &'v Value>,
        conditions: impl IntoIterator<Item = &'v Name>,
    ) -> Worlds {
        let mut touched = Touched::new(self);
        conditions.into_iter().for_each(|name| touched.condition(&name.text));
        values.into_iter().for_each(|value| touched.mentions(value.mentions()));
        let mut capped = false;
        let mut worlds = vec![World::default()];
        for (name, choices) in touched.choices() {
            let mut next = Vec::with_capacity(worlds.len());
            for (choice, world) in
                choices.iter().flat_map(|choice| worlds.iter().map(move |world| (choice, world)))
            {
                if next.len() == MAX_WORLDS {
                    capped = true;
                    break;
                }
                let mut world = world.clone();
                match choice {
                    Some(value) => {
                        world.parameters.insert(name.clone(), value.clone());
                    }
                    None => {
                        world.others.insert(name.clone());
                    }
                }
                next.push(world);
            }
            worlds = next;
        }
        self.branch(worlds, &touched.order, capped)
    }

    /// The world of one deployment: the given parameters, defaults for the others, and every condition
    /// that follows.
    pub fn world(&self, parameters: impl IntoIterator<Item = (String, Value)>) -> World {
        let mut world = World::default();
        let defaults = self
            .parameters
            .iter()
            .filter_map(|parameter| Some((parameter.name.text.clone(), parameter.known_default()?.clone())));
        let fixed = self.fixed.iter().map(|(name, value)| (name.clone(), value.clone()));
        world.parameters = defaults.chain(fixed).chain(parameters).collect();
        let mut touched = Touched::new(self);
        self.conditions.iter().for_each(|(name, _)| touched.condition(&name.text));
        let mut order = touched.order;
        // What does not follow stays unknown, and with it what depends on it.
        while let Some(unknown) = world.decide(self, &order) {
            order.retain(|(name, _)| *name != unknown);
        }
        world
    }

    fn branch(&self, worlds: Vec<World>, order: &[(&str, &Value)], mut capped: bool) -> Worlds {
        let mut decided = Vec::new();
        // A stack, so that the order is that of the worlds, each with "true" first.
        let mut open: Vec<World> = worlds.into_iter().rev().collect();
        while let Some(mut world) = open.pop() {
            if decided.len() == MAX_WORLDS {
                capped = true;
                break;
            }
            match world.decide(self, order) {
                None => decided.push(world),
                Some(unknown) => {
                    for holds in [false, true] {
                        let mut world = world.clone();
                        world.conditions.insert(unknown.to_owned(), holds);
                        open.push(world);
                    }
                }
            }
        }
        Worlds { worlds: decided, capped }
    }

    fn scope<'a>(&'a self, world: &'a World) -> Scope<'a> {
        Scope { world, parameters: &self.parameters, mappings: &self.mappings }
    }
}

impl Parameter {
    /// Whether `Ref` gives a list.
    pub fn is_list(&self) -> bool {
        self.kind == "CommaDelimitedList" || self.kind.starts_with("List<")
    }

    /// The default, where it is the value itself and not the name of one in the Parameter Store.
    pub fn known_default(&self) -> Option<&Value> {
        self.default.as_ref().filter(|_| !self.kind.starts_with("AWS::SSM::"))
    }
}

/// The conditions and parameters a question depends on.
struct Touched<'v> {
    template: &'v Template,
    /// Conditions after those they are made of.
    order: Vec<(&'v str, &'v Value)>,
    seen: BTreeSet<String>,
    parameters: BTreeSet<String>,
    /// What conditions compare names with.
    compared: BTreeMap<String, Vec<&'v Value>>,
}

impl<'v> Touched<'v> {
    fn new(template: &'v Template) -> Self {
        Self {
            template,
            order: Vec::new(),
            seen: BTreeSet::new(),
            parameters: BTreeSet::new(),
            compared: BTreeMap::new(),
        }
    }

    /// Adds a condition after all it depends on; conditions that go in circles stay undecided.
    fn condition(&mut self, name: &str) {
        if !self.seen.insert(name.to_owned()) {
            return;
        }
        let Some((name, value)) = self.template.conditions.iter().find(|(known, _)| known.text == name)
        else {
            return;
        };
        self.mentions(value.mentions());
        value.walk(&mut |part| {
            if let Some(Intrinsic::Equals(left, right)) = part.as_intrinsic()
                && let Some((name, literal)) = compared(left, right)
            {
                self.compared.entry(name.to_owned()).or_default().push(literal);
            }
        });
        self.order.push((&name.text, value));
    }

    fn mentions(&mut self, mentions: Vec<Mention>) {
        for mention in mentions {
            match mention.kind {
                MentionKind::Condition => self.condition(&mention.name.text),
                MentionKind::Ref => {
                    self.parameters.insert(mention.name.text);
                }
                MentionKind::GetAtt => {}
            }
        }
    }

    /// What every touched name can be; `None` is anything else. Those that conditions ask for come
    /// first, so that a cap does not hide a condition.
    fn choices(&self) -> Vec<(String, Vec<Option<Value>>)> {
        let parameters =
            self.template.parameters.iter().filter(|one| self.parameters.contains(&one.name.text));
        let mut choices: Vec<_> = parameters
            .map(|parameter| (parameter.name.text.clone(), self.of(&parameter.name.text, Some(parameter))))
            .collect();
        let pseudo = self.compared.keys().filter(|name| name.starts_with("AWS::"));
        choices.extend(pseudo.map(|name| (name.clone(), self.of(name, None))));
        choices.retain(|(_, values)| !values.is_empty());
        choices.sort_by_key(|(name, _)| !self.compared.contains_key(name));
        choices
    }

    fn of(&self, name: &str, parameter: Option<&Parameter>) -> Vec<Option<Value>> {
        if let Some(fixed) = self.template.fixed.get(name) {
            return vec![Some(fixed.clone())];
        }
        let default = parameter.and_then(Parameter::known_default);
        let allowed = parameter.map(|parameter| parameter.allowed_values.as_slice()).unwrap_or_default();
        let compared = self.compared.get(name).map(Vec::as_slice).unwrap_or_default();
        let mut values: Vec<Option<Value>> = Vec::new();
        let wanted: Vec<&Value> = match allowed {
            [] => default.into_iter().chain(compared.iter().copied()).collect(),
            allowed => default.into_iter().chain(allowed).collect(),
        };
        for value in wanted {
            let text = value.scalar();
            if values.len() > MAX_WORLDS {
                break;
            }
            if !values.iter().flatten().any(|known| known.scalar() == text) {
                values.push(Some(value.clone()));
            }
        }
        if allowed.is_empty() && !compared.is_empty() {
            values.push(None);
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::tests::template;
    use super::*;

    const TEMPLATE: &str = "
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod], Default: dev}
  Size: {Type: Number, Default: 128}
  Existing: {Type: String, Default: ''}
  Free: {Type: String}
  Ids: {Type: CommaDelimitedList, Default: 'a, b'}
Mappings:
  Memory: {dev: {Size: 256}, prod: {Size: 1024}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  Makes: !Equals [!Ref Existing, '']
  Ireland: !Equals [!Ref AWS::Region, eu-west-1]
  NotIreland: !Not [!Equals [!Ref AWS::Region, eu-west-1]]
  Open: !Equals [!Ref Free, !Ref AWS::StackName]
  OpenProd: !And [!Condition Open, !Condition IsProd]
  Circle: !Not [!Condition Circle]
Resources:
  R:
    Type: T
    Properties:
      A: !If [IsProd, !FindInMap [Memory, !Ref Stage, Size], !Ref Size]
      B: [!If [IsDev, x, !Ref AWS::NoValue], !Sub 'arn:${AWS::Region}:${Stage}']
      C: !If [OpenProd, !If [Ireland, 1, 2], !If [NotIreland, 3, 4]]
      D: !Join ['-', [!Select [1, !Ref Ids], !Select [0, !Split ['/', 'p/q']], !Length [1, 2]]]
      E: !Sub ['${a}/${b}', {a: !Ref Free, b: !Sub '${Stage}!'}]
      F: !FindInMap [Memory, none, Size, {DefaultValue: 5}]
";

    fn answers(property: &str) -> Vec<String> {
        let (template, problems) = template(TEMPLATE);
        assert_eq!(problems, []);
        let value = template.resources[0].property(property).expect("a property");
        let worlds = template.worlds([value], []);
        assert!(!worlds.capped);
        worlds.worlds.iter().map(|world| value.evaluate(world, &template).text()).collect()
    }

    #[test]
    fn values_have_an_answer_in_every_world() {
        assert_eq!(answers("A"), ["128", "1024"]);
        assert_eq!(answers("B"), ["[x,arn:${AWS::Region}:dev]", "[arn:${AWS::Region}:prod]"]);
        assert_eq!(answers("D"), ["b-p-2"]);
        assert_eq!(answers("E"), ["${Free}/dev!", "${Free}/prod!"]);
        assert_eq!(answers("F"), ["5"]);
        let mut regions = answers("C");
        regions.sort();
        // Two worlds of `Open` for each stage and region; never 1 with 3's region.
        assert_eq!(regions, ["1", "2", "3", "3", "3", "4", "4", "4"]);
    }

    #[test]
    fn worlds_follow_the_conditions_they_are_asked_for() {
        let (template, _) = template(TEMPLATE);
        let name =
            |text: &str| template.conditions.iter().find(|(name, _)| name.text == text).map(|(name, _)| name);
        let holds = |text: &str| -> Vec<_> {
            template.worlds([], name(text)).worlds.iter().map(|world| world.holds(text)).collect()
        };
        assert_eq!(holds("Makes"), [Some(true), Some(false)]);
        assert_eq!(holds("IsDev"), [Some(true), Some(false)]);
        assert_eq!(holds("Circle"), [Some(true), Some(false)]);
        let world = template.world([]);
        assert_eq!(
            (world.holds("IsDev"), world.holds("Open"), world.holds("OpenProd")),
            (Some(true), None, Some(false))
        );
    }

    #[test]
    fn too_many_worlds_are_capped() {
        let mut text = "Conditions:\n".to_owned();
        for index in 0..20 {
            text.push_str(&format!("  C{index}: !Equals [!Ref P{index}, !Ref AWS::StackId]\n"));
        }
        let (template, _) = template(&text);
        let worlds = template.worlds([], template.conditions.iter().map(|(name, _)| name));
        assert_eq!((worlds.worlds.len(), worlds.capped), (MAX_WORLDS, true));
    }

    #[test]
    fn conditions_made_of_conditions_take_no_time() {
        let mut text = "Conditions:\n  C0: !Equals [!Ref AWS::Region, a]\n".to_owned();
        for index in 1..60 {
            let before = index - 1;
            text.push_str(&format!("  C{index}: !And [!Condition C{before}, !Condition C{before}]\n"));
        }
        let (template, _) = template(&text);
        let worlds = template.worlds([], template.conditions.iter().map(|(name, _)| name));
        assert_eq!(worlds.worlds.len(), 2);
    }
}
