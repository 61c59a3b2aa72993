//! What becomes of decimals in JSON.

use super::python;
use crate::summary::coding;

fn written(preface: &str, options: &str) -> String {
    let code = format!(
        "import json\nimport boto3\nfrom decimal import Decimal\n\n{preface}\n\ntable = boto3.resource('dynamodb').Table('t')\n\n\
         def handler(event, context):\n    item = table.get_item(Key={{'id': event['id']}})['Item']\n    \
         return json.dumps(item{options})\n"
    );
    let print = python(&code);
    print.lines().find(|line| line.trim().starts_with("returns")).unwrap_or_default().to_owned()
}

#[test]
fn defaults_and_classes_are_told_apart() {
    let method = |body: &str| {
        format!(
            "class Encoder(json.JSONEncoder):\n    def default(self, o):\n{body}\n        return super().default(o)\n"
        )
    };
    let whole = "        if isinstance(o, Decimal):\n            return int(o) if o % 1 == 0 else float(o)";
    let steps = "        if isinstance(o, (Decimal, float)):\n            if o % 1 > 0:\n                return float(o)\n            return int(o)";
    let other = "        if isinstance(o, set):\n            return list(o)\n        if isinstance(o, Decimal):\n            return str(o)";
    let cases = [
        (String::new(), "", "json(unmarshall("),
        (String::new(), ", default=str", coding::DECIMAL_STRING),
        (String::new(), ", default=int", coding::DECIMAL_WHOLE),
        (String::new(), ", default=lambda o: float(o)", coding::DECIMAL_DOUBLE),
        (String::new(), ", default=lambda o: o.isoformat()", coding::OWN_JSON),
        (String::new(), ", **OPTIONS", coding::OWN_JSON),
        (method(whole), ", cls=Encoder", coding::DECIMAL_NUMBER),
        (method(steps), ", cls=Encoder", coding::DECIMAL_POSITIVE),
        (method(other), ", cls=Encoder", coding::DECIMAL_STRING),
    ];
    for (preface, options, expected) in cases {
        let line = written(&preface, options);
        assert!(line.contains(expected), "{options} {preface}: {line}");
    }
}

#[test]
fn fractions_that_are_read_as_decimals_are_marked() {
    let print = python(
        "import json\nfrom decimal import Decimal\n\ndef handler(event, context):\n    \
         return json.loads(event['body'], parse_float=Decimal)['price']\n",
    );
    assert!(print.contains(coding::DECIMALS), "{print}");
}
