import hashlib


def prepared(text, parts):
    cleaned = text.strip()
    digest = hashlib.sha256(cleaned.encode()).hexdigest()
    for part in parts:
        if part.startswith(cleaned):
            digest = digest.replace(part, "")
    return {"text": cleaned, "digest": digest}


def handler(event, context):
    return prepared(event["text"], event["parts"])
