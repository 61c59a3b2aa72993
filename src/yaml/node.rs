//! Reading a node: its place, its type, its parts.

use std::fmt;

use super::{Class, Id, Inner, InnerKind, Kind, Node, NodeId, Style, scalar};
use crate::source::Span;

impl<'d> Node<'d> {
    /// The bytes of the content. A quoted scalar has its quotes, a flow collection its brackets; a
    /// block mapping runs from its first key to the end of its last value; a block scalar is its
    /// text without the header and the last line break. Never the tag, see [`Node::full_span`].
    ///
    /// A node met through an alias has the span of the anchored node.
    pub fn span(self) -> Span {
        let inner = self.inner();
        self.document.span(inner.start, inner.end)
    }

    /// The tag as written: `!Sub`, `!!str`.
    pub fn tag(self) -> Option<&'d str> {
        self.inner().tag.as_ref().map(|(tag, _)| &**tag)
    }

    pub fn tag_span(self) -> Option<Span> {
        let (tag, start) = self.inner().tag.as_ref()?;
        let end = start.saturating_add(u32::try_from(tag.len()).unwrap_or(u32::MAX));
        Some(self.document.span(*start, end))
    }

    /// The tag, if there is one, and the content.
    pub fn full_span(self) -> Span {
        self.tag_span().map_or(self.span(), |tag| tag.to(self.span()))
    }

    /// The alias (`*name`) this node was met through.
    pub fn alias_span(self) -> Option<Span> {
        let place = self.document.inner(self.place);
        (self.place != self.id).then(|| self.document.span(place.start, place.end))
    }

    /// The same for a node and every alias of it.
    pub fn id(self) -> NodeId {
        NodeId(self.id)
    }

    pub fn kind(self) -> Kind<'d> {
        match &self.inner().kind {
            InnerKind::Scalar { value, class, .. } => match class {
                Class::Null => Kind::Null,
                Class::Bool(value) => Kind::Bool(*value),
                Class::Number => Kind::Number(value),
                Class::String => Kind::String(value),
            },
            InnerKind::Sequence { .. } => Kind::Sequence,
            InnerKind::Mapping { .. } => Kind::Mapping,
            // A handle never stands on an alias, and an alias never names another.
            InnerKind::Alias(_) => Kind::Null,
        }
    }

    /// How a scalar is written; `None` for collections.
    pub fn style(self) -> Option<Style> {
        match self.inner().kind {
            InnerKind::Scalar { style, .. } => Some(style),
            _ => None,
        }
    }

    /// Whether a collection is written with brackets.
    pub fn is_flow(self) -> bool {
        matches!(
            self.inner().kind,
            InnerKind::Sequence { flow: true, .. } | InnerKind::Mapping { flow: true, .. }
        )
    }

    /// The text of a string.
    pub fn as_str(self) -> Option<&'d str> {
        match self.kind() {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of any scalar as written (`yes`, `0x1F`); `None` for null.
    pub fn scalar(self) -> Option<&'d str> {
        match &self.inner().kind {
            InnerKind::Scalar { class: Class::Null, .. } => None,
            InnerKind::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    pub fn as_bool(self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The value of an integer that fits; `None` for floats.
    pub fn as_i64(self) -> Option<i64> {
        match self.kind() {
            Kind::Number(text) => scalar::integer(text),
            _ => None,
        }
    }

    /// The value of any number.
    pub fn as_f64(self) -> Option<f64> {
        match self.kind() {
            Kind::Number(text) => scalar::float(text),
            _ => None,
        }
    }

    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    pub fn is_mapping(self) -> bool {
        matches!(self.inner().kind, InnerKind::Mapping { .. })
    }

    pub fn is_sequence(self) -> bool {
        matches!(self.inner().kind, InnerKind::Sequence { .. })
    }

    /// The items of a sequence; none for everything else.
    pub fn items(self) -> impl ExactSizeIterator<Item = Node<'d>> + DoubleEndedIterator + use<'d> {
        let items: &'d [Id] = match &self.inner().kind {
            InnerKind::Sequence { items, .. } => items,
            _ => &[],
        };
        items.iter().map(move |id| self.document.node(*id))
    }

    /// Keys and values of a mapping as they count: merge keys (`<<`) are applied, where explicit keys
    /// win over merged ones and earlier sources over later ones; of duplicates the last value stands
    /// at the place of the first. The order is PyYAML's: merged keys come first.
    pub fn entries(
        self,
    ) -> impl ExactSizeIterator<Item = (Node<'d>, Node<'d>)> + DoubleEndedIterator + use<'d> {
        self.pairs(match &self.inner().kind {
            InnerKind::Mapping { written, resolved, .. } => resolved.as_ref().unwrap_or(written),
            _ => &[],
        })
    }

    /// Keys and values as they stand in the text, duplicates and `<<` included.
    pub fn entries_as_written(
        self,
    ) -> impl ExactSizeIterator<Item = (Node<'d>, Node<'d>)> + DoubleEndedIterator + use<'d> {
        self.pairs(match &self.inner().kind {
            InnerKind::Mapping { written, .. } => written,
            _ => &[],
        })
    }

    fn pairs(
        self,
        pairs: &'d [(Id, Id)],
    ) -> impl ExactSizeIterator<Item = (Node<'d>, Node<'d>)> + DoubleEndedIterator + use<'d> {
        pairs.iter().map(move |(key, value)| (self.document.node(*key), self.document.node(*value)))
    }

    /// The value of the key that reads `key`, whatever it resolves to: `get("200")` finds `200:` and
    /// `"200":`.
    pub fn get(self, key: &str) -> Option<Node<'d>> {
        self.get_entry(key).map(|(_, value)| value)
    }

    /// The key that reads `key`, and its value.
    pub fn get_entry(self, key: &str) -> Option<(Node<'d>, Node<'d>)> {
        self.entries().find(|(node, _)| match &node.inner().kind {
            InnerKind::Scalar { value, .. } => **value == *key,
            _ => false,
        })
    }

    pub(super) fn inner(self) -> &'d Inner {
        self.document.inner(self.id)
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Node({:?} at {:?})", self.kind(), self.span().range())
    }
}
