HEADERS = {"Content-Type": "application/json"}
import os

os.environ["TZ"] = "UTC"
