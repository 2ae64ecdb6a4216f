"""A sandbox in a process of its own, and the plainest client there is."""

import http.client
import json
import re
import subprocess
import urllib.parse


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body) if self.body else None


class Sandbox:
    """Runs `command` until the block ends; its first line of output names the address."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            self.process.kill()
            raise SystemExit(f"the sandbox did not start: {line.strip() or 'it said nothing'}")
        self.address, self.port = found.group(0), int(found.group(1))
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.process.terminate()
        self.process.wait()

    def call(self, method, path, body=None, query=None, headers=None):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        sent = {"Authorization": "Bearer sandbox", "Accept": "application/json", **(headers or {})}
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        self.connection.request(method, path, data, sent)
        response = self.connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())

    def get(self, path, **query):
        return self._good("GET", path, None, query)

    def post(self, path, body=None):
        return self._good("POST", path, body, None)

    def _good(self, method, path, body, query):
        """The body of an answer that must be a good one: what a check stands on."""
        answer = self.call(method, path, body, query)
        if answer.status >= 300:
            raise SystemExit(f"{method} {path} was refused: {answer.status} {answer.body.decode()}")
        return answer.json
