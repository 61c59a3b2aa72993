from clock import now


def entry(actor, action, **details):
    record = {"actor": actor, "action": action, "at": now()}
    for name, value in details.items():
        if value is not None and name not in record:
            record[name] = value
    return record
