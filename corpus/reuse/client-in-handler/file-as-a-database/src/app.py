import sqlite3


def handler(event, context):
    connection = sqlite3.connect("/tmp/cache.db")
    row = connection.execute("SELECT name FROM users WHERE id = ?", (event["id"],)).fetchone()
    return {"name": row[0]}
