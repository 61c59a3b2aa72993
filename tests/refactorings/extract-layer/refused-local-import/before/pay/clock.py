import time


def now():
    return int(time.time())
