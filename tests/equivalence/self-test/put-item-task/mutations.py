"""Faults put into the task by hand: each must show as a difference."""

FAULTS = {
    "another attribute": ('"amount"', '"sum"'),
    "another type": ("N.$", "S.$"),
    "another field": ("$.amount", "$.id"),
    "another output": ("saved.$", "id.$"),
    "another table": ('"Orders"', '"Others"'),
    "another operation": ("dynamodb:putItem", "dynamodb:getItem"),
}
