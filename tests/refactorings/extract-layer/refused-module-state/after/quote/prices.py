def load(kind):
    return {"quote": 1}
