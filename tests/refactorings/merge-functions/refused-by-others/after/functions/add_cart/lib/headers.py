HEADERS = {"Content-Type": "application/json"}
