"""Faults put into the integration by hand: each must show as a difference."""

# By name: what is replaced in the templates and statuses, and by what.
FAULTS = {
    "the key is not escaped": (
        """$util.escapeJavaScript($input.params('id')).replaceAll("\\\\'", "'")""",
        "$input.params('id')",
    ),
    "the key keeps the backslash of an escaped quote": (
        """$input.params('id')).replaceAll("\\\\'", "'")""",
        "$input.params('id'))",
    ),
    "the text is not escaped": (
        """$util.escapeJavaScript($item.get('text').get('S')).replaceAll("\\\\'", "'")""",
        "$item.get('text').get('S')",
    ),
    "a field is missing": ("""\"votes\":""", '"vote":'),
    "a number is not quoted": ("\"$item.get('votes').get('N')\"", "$item.get('votes').get('N')"),
    "another table is read": ('"TableName": "Notes"', '"TableName": "Other"'),
    "a missing item is not noticed": ("$key == 'Item'", "$key != 'Item'"),
    "another status for a missing item": ("status = 404", "status = 400"),
    "another text for a missing item": ("There is no such note", "Not found"),
    "errors are answered with success": ("502", "200"),
    "another key attribute": ('"Key": {"id"', '"Key": {"ID"'),
}
