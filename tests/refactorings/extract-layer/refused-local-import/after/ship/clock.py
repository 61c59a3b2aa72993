import time


def now():
    return int(time.time() * 1000)
