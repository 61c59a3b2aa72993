//! New values as YAML, with the intrinsic functions that templates use.

use serde_yaml::value::{Tag, TaggedValue};
use serde_yaml::{Mapping, Value as Yaml};

/// A mapping of these entries, in order.
pub fn map<K: Into<String>, V: Into<Yaml>>(entries: impl IntoIterator<Item = (K, V)>) -> Yaml {
    let entries = entries.into_iter().map(|(key, value)| (Yaml::from(key.into()), value.into()));
    Yaml::Mapping(entries.collect::<Mapping>())
}

pub fn list<V: Into<Yaml>>(items: impl IntoIterator<Item = V>) -> Yaml {
    Yaml::Sequence(items.into_iter().map(Into::into).collect())
}

/// `!Ref id`
pub fn reference(id: &str) -> Yaml {
    tagged("Ref", Yaml::from(id))
}

/// `!GetAtt id.attribute`
pub fn get_att(id: &str, attribute: &str) -> Yaml {
    tagged("GetAtt", Yaml::from(format!("{id}.{attribute}")))
}

/// `!Sub text`
pub fn sub(text: &str) -> Yaml {
    tagged("Sub", Yaml::from(text))
}

fn tagged(name: &str, value: Yaml) -> Yaml {
    Yaml::Tagged(Box::new(TaggedValue { tag: Tag::new(name), value }))
}

/// The value in block style; with `json`, tags in their long form.
pub(super) fn text_of(value: &Yaml, json: bool) -> Option<String> {
    serde_yaml::to_string(&if json { long(value) } else { value.clone() }).ok()
}

fn long(value: &Yaml) -> Yaml {
    match value {
        Yaml::Sequence(items) => list(items.iter().map(long)),
        Yaml::Mapping(entries) => {
            Yaml::Mapping(entries.iter().map(|(key, value)| (key.clone(), long(value))).collect())
        }
        Yaml::Tagged(tagged) => {
            let name = tagged.tag.to_string();
            let name = name.trim_start_matches('!');
            let key = if name == "Ref" { name.to_owned() } else { format!("Fn::{name}") };
            map([(key, long(&tagged.value))])
        }
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intrinsics_are_short_in_yaml_and_long_in_json() {
        let value = map([("A", reference("T")), ("B", list([get_att("T", "Arn")])), ("C", sub("${T}-x"))]);
        assert_eq!(
            text_of(&value, false).as_deref(),
            Some("A: !Ref T\nB:\n- !GetAtt T.Arn\nC: !Sub ${T}-x\n")
        );
        let long = text_of(&value, true).expect("it can be written");
        assert!(long.contains("Fn::GetAtt: T.Arn") && long.contains("Fn::Sub: ${T}-x"), "{long}");
    }
}
