import os


def level():
    return os.environ["LEVEL"]
