"""A sandbox in a process of its own, seen through a proxy that counts, delays or holds back requests."""

import http.client
import http.server
import os
import subprocess
import threading
import time
import urllib.parse

from terminal import COMMAND


class Workspace:
    """`requests` are the lines `METHOD /path?query` that the server has been asked; `hold` a path whose requests are
    never answered, `delay` the seconds before each answer."""

    def __init__(self, *options, hold=None, delay=0):
        self.requests, self.hold, self.delay = [], hold, delay
        program = os.path.abspath(COMMAND[0])
        self.process = subprocess.Popen([program, "sandbox", "serve", "--port", "0", *options], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.origin = urllib.parse.urlsplit(self.process.stdout.readline().strip())
        workspace = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                workspace.requests.append(f"{self.command} {self.path}")
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if workspace.hold and self.path.startswith(workspace.hold):
                    time.sleep(60)
                    return
                time.sleep(workspace.delay)
                connection = http.client.HTTPConnection(workspace.origin.hostname, workspace.origin.port, timeout=30)
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                connection.request(self.command, self.path, body or None, headers)
                response = connection.getresponse()
                content = response.read()
                self.send_response(response.status)
                for name, value in response.getheaders():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                try:
                    self.wfile.write(content)
                except OSError:
                    pass
                connection.close()

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that went away

        self.proxy = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.proxy.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.proxy.server_address[1]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.proxy.shutdown()
        self.proxy.server_close()
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()
