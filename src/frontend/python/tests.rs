//! What Python code becomes.

use super::Python;
use crate::frontend::Frontend;
use crate::ir::{Module, print};
use crate::source::SourceId;

fn lower(text: &str) -> Module {
    Python.lower(SourceId(0), "app.py", text)
}

#[test]
fn a_handler() {
    let module = lower(concat!(
        "import os, boto3.dynamodb.conditions\n",
        "from ..lib import db as store, log\n",
        "from x import *\n",
        "table = boto3.resource('dynamodb').Table(os.environ['TABLE'])\n",
        "@trace(1)\nasync def handler(event: Event, context=None, *a, k: 'x.Y' = 1, **rest):\n",
        "  \"\"\"Doc.\"\"\"\n",
        "  if event['m'] == 'GET' and not context: return {'a': 1, **event}\n",
        "  elif a: pass\n",
        "  else:\n    x, *y = await f(*a, k=k, **rest)\n",
        "  for i, (b, c) in enumerate(y):\n    print(f'a{i!r}b{b:>{c}}')\n  else: x += 1\n",
        "  try:\n    with open('f') as f, g: yield x\n  except (A, b.B) as e: raise X() from e\n  except C: raise\n  finally: del x, y[0]\n",
        "class A(B, metaclass=M):\n  z: int = 1\n  w = z + 1\n  def __init__(self): super().__init__(1)\n  @property\n  def p(self): return self._p\n  @p.setter\n  def p(self, v): self._p = v\n  @staticmethod\n  def s(): return [q for q in A if q for r in q]\n",
    ));
    let text = print::module(&module);
    assert!(text.contains("handler = @(call trace 1) function handler(event: Event"), "{text}");
}
