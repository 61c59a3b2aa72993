//! Routes of WebSocket APIs whose answer nobody reads: that of `$disconnect`, and of `$connect` all but its
//! status.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html>

use super::Mapper;
use super::answer::{Response, number};
use super::decide::Tree;
use crate::refactor::Refusal;
use crate::summary::{Outcome, Shape, Test};

const CONNECT: &str = "$connect";
/// The connection is made where an answer has a status from here to below the next.
const ACCEPTED: std::ops::Range<u16> = 200..300;

impl Mapper<'_> {
    /// The responses of such a route: none.
    ///
    /// # Errors
    /// Where it matters what the handler answers, or the request reads what such a route does not have.
    pub(super) fn unanswered(&mut self, tree: &Tree<'_>, request: &str) -> Result<Vec<Response>, Refusal> {
        // The reference of WebSocket templates does not name it.
        if request.contains("$input.params") {
            return Err(
                self.cannot("reads queries or headers, which a mapping of a WebSocket API may not have")
            );
        }
        if self.route.path == CONNECT {
            self.accepts(tree)?;
            self.differs("where the call fails, it is not documented whether the connection is made");
        }
        Ok(Vec::new())
    }

    /// Whether everybody is let in after the call, with a plain answer.
    fn accepts(&mut self, tree: &Tree<'_>) -> Result<(), Refusal> {
        match tree {
            // Nothing that such a request reads can be missing.
            Tree::Ask { condition, no, .. } if condition.test == Test::Raised => self.accepts(no),
            Tree::Ask { yes, no, .. } => {
                self.accepts(yes)?;
                self.accepts(no)
            }
            Tree::End(path) => {
                let Outcome::Returns(shape, span) = &path.outcome else { return Ok(()) };
                self.place = *span;
                if !path.effects.contains(&self.what.effect) {
                    return Err(self.cannot("only calls for some of those who connect"));
                }
                let Shape::Object { entries, .. } = shape else {
                    return Err(self.cannot("answers in a form that could not be followed"));
                };
                let entry = |key: &str| entries.iter().find(|(name, _)| name == key).map(|(_, value)| value);
                if entry("headers").is_some() {
                    return Err(self.cannot("answers with headers, which may choose the protocol"));
                }
                let status = entry("statusCode").and_then(number);
                let failed =
                    path.when.iter().any(|asked| asked.holds && matches!(asked.test, Test::Failed(..)));
                match failed || status.is_some_and(|status| ACCEPTED.contains(&status)) {
                    true => Ok(()),
                    false => Err(self.cannot("turns down some of those who connect")),
                }
            }
        }
    }
}
