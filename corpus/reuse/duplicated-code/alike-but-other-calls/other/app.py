import hashlib


def prepared(text, parts):
    cleaned = text.lower()
    digest = hashlib.md5(cleaned.encode()).hexdigest()
    for part in parts:
        if part.endswith(cleaned):
            digest = digest.removesuffix(part, "")
    return {"text": cleaned, "digest": digest}


def handler(event, context):
    return prepared(event["text"], event["marks"])
