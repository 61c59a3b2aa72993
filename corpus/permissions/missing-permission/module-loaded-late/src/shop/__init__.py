_modules = {}


def __getattr__(name):
    if name not in _modules:
        _modules[name] = __import__(f"shop.{name}", fromlist=["*"])
    return _modules[name]
