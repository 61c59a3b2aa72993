//! From parser events to the tree.

use std::borrow::Cow;

use granit_parser::{
    ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span as EventSpan, StructureStyle, Tag,
};
use rustc_hash::FxHashMap;

use super::merge::Merger;
use super::{Class, Document, Id, Inner, InnerKind, MAX_BYTES, MAX_DEPTH, MAX_NODES, Style, scalar, syntax};
use crate::evidence::Problem;
use crate::source::{SourceId, Span};

pub(super) fn parse(source: SourceId, path: &str, text: &str) -> (Document, Vec<Problem>) {
    if text.len() > MAX_BYTES {
        let limit = MAX_BYTES >> 20;
        let problem = Problem::of_file(path, format!("the file is larger than {limit} MB and was not read"));
        return (Document { source, nodes: Vec::new(), root: None }, vec![problem]);
    }
    let mut readable = Cow::Borrowed(text);
    let mut budget = 4 * MAX_BYTES;
    loop {
        let mut builder = Builder::new(source, path, text);
        match builder.read(&readable) {
            Some(dash) if budget >= text.len() => {
                budget -= text.len();
                readable.to_mut().replace_range(dash..=dash, DASH_STAND_IN);
            }
            _ => return (builder.document, builder.problems),
        }
    }
}

/// PyYAML reads the dash of `!Split [-, x]` as text, our parser does not. Such a file is read again
/// with a letter in place of the dash; the tree takes its text from the file itself.
const DASH_STAND_IN: &str = "x";

struct Builder<'t> {
    path: &'t str,
    text: &'t str,
    document: Document,
    problems: Vec<Problem>,
    /// Collections that are open, outermost first.
    open: Vec<Frame>,
    anchors: FxHashMap<usize, Anchor>,
    merger: Merger,
    /// Where the last token that is content ended.
    last_end: u32,
}

struct Frame {
    id: Id,
    anchor: usize,
    flow: bool,
    content: Content,
    /// Collections inside each other from here down, this one included.
    height: usize,
}

enum Content {
    Items(Vec<Id>),
    Entries(Vec<(Id, Id)>, Option<Id>),
}

#[derive(Clone, Copy)]
struct Anchor {
    node: Id,
    /// `None` while the node is still open: an alias of it would be a cycle.
    height: Option<usize>,
}

/// Why reading ended before the end of the document.
struct Stop;

impl<'t> Builder<'t> {
    fn new(source: SourceId, path: &'t str, text: &'t str) -> Self {
        Self {
            path,
            text,
            document: Document { source, nodes: Vec::new(), root: None },
            problems: Vec::new(),
            open: Vec::new(),
            anchors: FxHashMap::default(),
            merger: Merger::default(),
            last_end: 0,
        }
    }

    /// Reads `text`, which is `self.text` but for lone dashes. Gives the place of a lone dash that is
    /// in the way.
    fn read(&mut self, text: &str) -> Option<usize> {
        let mut documents = 0;
        let mut lone_dash = None;
        for event in Parser::new_from_str_with_options(text, options()) {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    lone_dash = self.lone_dash(&error);
                    self.syntax_error(&error);
                    break;
                }
            };
            if matches!(event, Event::DocumentStart(..)) {
                documents += 1;
                if documents > 1 {
                    let place = self.place(&span);
                    self.report(place, "a second document starts here; only the first one is read");
                    break;
                }
            }
            if self.event(event, &span).is_err() {
                break;
            }
        }
        // After an error the tree built so far is kept.
        while let Some(frame) = self.open.pop() {
            self.close(frame, None);
        }
        lone_dash
    }

    fn lone_dash(&self, error: &ScanError) -> Option<usize> {
        let at = error.marker().byte_offset()?;
        let found = matches!(self.text.as_bytes().get(at..at + 2)?, [b'-', b',' | b']' | b'}']);
        (found && *error.kind() == ErrorKind::PlainScalarStartsWithDashFlowIndicator).then_some(at)
    }

    fn event(&mut self, event: Event<'_>, span: &EventSpan) -> Result<(), Stop> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                self.scalar(&value, style, anchor, tag.as_deref(), span)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.start(Content::Items(Vec::new()), style, anchor, tag.as_deref(), span)
            }
            Event::MappingStart(style, anchor, tag) => {
                self.start(Content::Entries(Vec::new(), None), style, anchor, tag.as_deref(), span)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(frame) = self.open.pop() {
                    self.close(frame, span.byte_range());
                }
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => {
                let place = self.place(span);
                self.report(place, format!("the alias `*{name}` has no anchor `&{name}` above it"));
                self.dangling(span)
            }
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: &EventSpan,
    ) -> Result<(), Stop> {
        let unspecific = tag.is_some_and(|tag| tag.original() == "!");
        let mut place = self.place(span);
        if place.start == place.end && style == ScalarStyle::Plain && anchor == 0 && tag.is_none() {
            place = self.empty_place(place);
        }
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            place = self.block_place(place, value);
        }
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let value = match style {
            // The parser gives an empty scalar the text `~`.
            Style::Plain if place.start == place.end => "",
            Style::Plain if value == DASH_STAND_IN => self.text.get(place.range()).unwrap_or(value),
            _ => value,
        };
        // PyYAML takes `! x` for an untagged plain scalar, quoted or not.
        let class = if unspecific { scalar::resolve(value) } else { classify(value, style, tag) };
        let kind = InnerKind::Scalar { value: value.into(), style, class };
        let id = self.add(kind, place.start, place.end, self.written_tag(tag, span))?;
        self.remember(anchor, id, Some(0));
        self.attach(id, 0);
        self.last_end = self.last_end.max(place.end);
        Ok(())
    }

    fn start(
        &mut self,
        content: Content,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: &EventSpan,
    ) -> Result<(), Stop> {
        let mut place = self.place(span);
        if self.open.len() >= MAX_DEPTH {
            self.report(place, syntax::TOO_DEEP);
            return Err(Stop);
        }
        let flow = style == StructureStyle::Flow;
        if !flow && matches!(content, Content::Items(_)) {
            place.start = self.first_dash(place.start);
        }
        let kind = InnerKind::Sequence { items: Box::default(), flow };
        let id = self.add(kind, place.start, place.end, self.written_tag(tag, span))?;
        self.remember(anchor, id, None);
        self.last_end = self.last_end.max(if flow { place.end } else { place.start });
        self.open.push(Frame { id, anchor, flow, content, height: 1 });
        Ok(())
    }

    fn close(&mut self, frame: Frame, end: Option<std::ops::Range<usize>>) {
        // Block collections end where the next token begins: the last child tells their true end.
        if let Some(range) = end.filter(|_| frame.flow)
            && matches!(self.text.get(range.clone()), Some("]" | "}"))
        {
            self.last_end = self.last_end.max(offset(range.end));
        }
        let last_end = self.last_end;
        let kind = match frame.content {
            Content::Items(items) => InnerKind::Sequence { items: items.into(), flow: frame.flow },
            Content::Entries(mut entries, key) => {
                if let Some(key) = key {
                    let empty =
                        InnerKind::Scalar { value: "".into(), style: Style::Plain, class: Class::Null };
                    if let Ok(value) = self.add(empty, last_end, last_end, None) {
                        entries.push((key, value));
                    }
                }
                let resolved = self.merger.resolve(&self.document, &entries);
                self.problems.extend(self.merger.take_problems(self.path));
                InnerKind::Mapping { written: entries.into(), resolved, flow: frame.flow }
            }
        };
        let inner = &mut self.document.nodes[frame.id as usize];
        inner.kind = kind;
        inner.end = last_end.max(inner.start);
        self.remember(frame.anchor, frame.id, Some(frame.height));
        self.attach(frame.id, frame.height);
    }

    fn alias(&mut self, anchor: usize, span: &EventSpan) -> Result<(), Stop> {
        let place = self.place(span);
        let Some(target) = self.anchors.get(&anchor).copied() else {
            return self.dangling(span);
        };
        let Some(height) = target.height else {
            self.report(place, "the alias stands inside its own anchor, so it has no end");
            return self.dangling(span);
        };
        if self.open.len() + height > MAX_DEPTH {
            self.report(place, syntax::TOO_DEEP);
            return self.dangling(span);
        }
        let id = self.add(InnerKind::Alias(target.node), place.start, place.end, None)?;
        self.document.nodes[target.node as usize].shared = true;
        self.attach(id, height);
        self.last_end = self.last_end.max(place.end);
        Ok(())
    }

    /// An alias that leads nowhere reads as null.
    fn dangling(&mut self, span: &EventSpan) -> Result<(), Stop> {
        let place = self.place(span);
        let null = InnerKind::Scalar { value: "".into(), style: Style::Plain, class: Class::Null };
        let id = self.add(null, place.start, place.end, None)?;
        self.attach(id, 0);
        self.last_end = self.last_end.max(place.end);
        Ok(())
    }

    fn add(
        &mut self,
        kind: InnerKind,
        start: u32,
        end: u32,
        tag: Option<(Box<str>, u32)>,
    ) -> Result<Id, Stop> {
        let nodes = &mut self.document.nodes;
        let id = offset(nodes.len());
        if nodes.len() >= MAX_NODES {
            let place = self.document.span(start, start);
            self.report(place, format!("the file has more than {MAX_NODES} values; the rest was not read"));
            return Err(Stop);
        }
        nodes.push(Inner { kind, start, end: end.max(start), tag, shared: false });
        Ok(id)
    }

    /// Puts a finished node into the collection that is open.
    fn attach(&mut self, id: Id, height: usize) {
        let Some(frame) = self.open.last_mut() else {
            self.document.root = Some(id);
            return;
        };
        frame.height = frame.height.max(height + 1);
        match &mut frame.content {
            Content::Items(items) => items.push(id),
            Content::Entries(entries, key) => match key.take() {
                Some(key) => entries.push((key, id)),
                None => *key = Some(id),
            },
        }
    }

    fn remember(&mut self, anchor: usize, node: Id, height: Option<usize>) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor { node, height });
        }
    }

    fn written_tag(&self, tag: Option<&Tag>, span: &EventSpan) -> Option<(Box<str>, u32)> {
        let tag = tag?;
        let range = span.tag_span()?.byte_range()?;
        if self.text.get(range.clone()) == Some("!") {
            return None;
        }
        let written = self.text.get(range.clone()).map_or_else(|| tag.original().into(), Box::from);
        Some((written, offset(range.start)))
    }

    /// Where an empty scalar stands: after its `:`, `-` or `?`, or after the key when there is none. The
    /// parser puts it somewhere from the key to the next token, which may be lines below.
    fn empty_place(&self, place: Span) -> Span {
        let indicator = match self.open.last().map(|frame| &frame.content) {
            Some(Content::Entries(_, Some(_))) => b':',
            Some(Content::Items(_)) => b'-',
            Some(Content::Entries(_, None)) => b'?',
            None => return place,
        };
        let token = self.token_after(self.last_end);
        // A key that is not announced stands where the parser says: right before its `:`.
        if indicator == b'?' && self.text.as_bytes().get(token as usize) != Some(&b'?') {
            return place;
        }
        // The parser names the token itself only where it belongs to the next entry.
        let next = indicator == b':' && token == place.start && token > self.last_end;
        let found = !next && self.text.as_bytes().get(token as usize) == Some(&indicator);
        let at = if found { token + 1 } else { self.last_end };
        self.document.span(at, at)
    }

    /// The first dash of a block sequence. The parser gives the place after it where the sequence is
    /// not indented below its key, so it is sought from the key on.
    fn first_dash(&self, start: u32) -> u32 {
        if !matches!(self.open.last(), Some(Frame { content: Content::Entries(..), .. })) {
            return start;
        }
        let mut at = self.last_end;
        loop {
            at = self.token_after(at);
            match self.text.as_bytes().get(at as usize) {
                Some(b':' | b'?') => at += 1,
                Some(b'!' | b'&') => {
                    at += offset(self.text[at as usize..].find(char::is_whitespace).unwrap_or(1))
                }
                Some(b'-') if at < start => return at,
                _ => return start,
            }
        }
    }

    fn token_after(&self, at: u32) -> u32 {
        offset(token_after(self.text, at as usize))
    }

    /// The text of a block scalar to the end of its last line: the parser's span runs into the next
    /// one. Without any visible text, the place after the header.
    fn block_place(&self, place: Span, value: &str) -> Span {
        let text = self.text.get(place.range()).unwrap_or("");
        let visible = text.trim_end().len();
        if value.is_empty() && visible > 0 {
            // A header that ends the file is all there is.
            let at = place.start + offset(visible);
            return self.document.span(at, at);
        }
        if visible == 0 {
            let before = self.text.get(..place.start as usize).unwrap_or("");
            let at = offset(before.trim_end().len());
            return self.document.span(at, at);
        }
        let line = text[visible..].find(['\n', '\r']).map_or(text.len(), |at| visible + at);
        self.document.span(place.start, place.start + offset(line))
    }

    fn syntax_error(&mut self, error: &ScanError) {
        let start = error.marker().byte_offset().unwrap_or(self.text.len()).min(self.text.len());
        let width = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let place = Span::new(self.document.source, start, start + width);
        self.problems.push(syntax::problem(self.path, self.text, place, error));
    }

    fn place(&self, span: &EventSpan) -> Span {
        let range = span.byte_range().unwrap_or(0..0);
        Span::new(self.document.source, range.start, range.end)
    }

    fn report(&mut self, place: Span, text: impl Into<String>) {
        self.problems.push(Problem::at(self.path, place, text));
    }
}

/// The first byte from `at` on that is neither white space nor part of a comment.
pub(super) fn token_after(text: &str, at: usize) -> usize {
    let mut rest = text.get(at..).unwrap_or("").trim_start();
    while rest.starts_with('#') {
        rest = rest.find(['\n', '\r']).map_or("", |end| &rest[end..]).trim_start();
    }
    text.len() - rest.len()
}

fn options() -> Options {
    let mut options = Options::default();
    // PyYAML, and with it the AWS tools, adds no line feed at the end of the file.
    options.block_scalar_eof_without_line_feed = true;
    options.emit_unresolved_aliases = true;
    options.set_emit_comments(false);
    options
}

/// Tags of the standard set decide the type; others make a string, as CloudFormation's do.
fn classify(value: &str, style: Style, tag: Option<&Tag>) -> Class {
    match tag {
        None if style == Style::Plain => scalar::resolve(value),
        None => Class::String,
        Some(tag) => tag.core_suffix().map_or(Class::String, |name| scalar::resolve_as(name, value)),
    }
}

fn offset(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
