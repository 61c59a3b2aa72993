"""The Invoke operation of Lambda over HTTP, for state machines: hands the event to a worker."""

import json
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from functions import Failed
from names import last


class Lambdas:
    """Listens until closed; `functions` changes from case to case."""

    def __init__(self):
        self.functions = None
        owner = self

        class Invoke(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Headers and body in one packet: two would wait for each other.
            wbufsize = -1
            disable_nagle_algorithm = True

            def do_POST(self):
                event = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                name = last(urllib.parse.unquote(self.path.split("/functions/")[1].split("/invocations")[0]))
                body, failed = owner.invoke(name, json.loads(event or b"{}"))
                self.send_response(200)
                if failed:
                    self.send_header("X-Amz-Function-Error", "Unhandled")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Invoke)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def invoke(self, name, event):
        try:
            return self.functions.invoke(name, event).encode(), False
        except Failed as error:
            said = {"errorMessage": error.message, "errorType": error.kind, "stackTrace": []}
            return json.dumps(said).encode(), True

    def close(self):
        self.server.shutdown()
        self.server.server_close()
