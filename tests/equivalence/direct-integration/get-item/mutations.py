"""Faults put into what slslint writes: each must show as a difference."""

FAULTS = {
    "quotes keep their backslash": (""".replaceAll("\\\\'", "'")""", ""),
    "null is not known": ("'NULL'", "'NUL'"),
    "truth is not known": ("'BOOL'", "'BOO'"),
    "numbers are not known": ("== 'N'", "== 'n'"),
    "lists are not known": ("== 'L'", "== 'l'"),
    "a missing item has another status": ("status = 404", "status = 400"),
    "another table is read": ("CartsTable", "OrdersTable"),
    "another key is read": ('"Key"', '"Keys"'),
    "errors are answered with success": ("502", "200"),
}
