import importlib


def handler(event, context):
    module = importlib.import_module(f"tables.{event['table']}")
    return module.answer(event)
