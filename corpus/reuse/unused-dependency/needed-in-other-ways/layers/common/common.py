import requests


def size():
    return len(requests.__name__)
