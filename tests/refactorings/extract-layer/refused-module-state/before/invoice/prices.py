def load(kind):
    return {"invoice": 1}
