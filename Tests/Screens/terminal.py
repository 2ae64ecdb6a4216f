"""A program in a real pseudo-terminal, its output drawn by a terminal emulator (pyte)."""

import os
import shlex
import signal
import tempfile
import threading
import time

import pexpect
import pyte

COMMAND = shlex.split(os.environ.get("PARLANCE_SCREENS_COMMAND", ".build/debug/REPLProbe"))
IS_PROBE = "PARLANCE_SCREENS_COMMAND" not in os.environ

# The colour that hints are drawn in.
HINT = "brightblack"


class Skip(Exception):
    """A scenario that needs what the program under test does not have."""


class Terminal:
    """Type with `type` and `key`, look with `lines`, wait with `until`. Ends the program on leaving."""

    KEYS = {
        "enter": "\r", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
        "home": "\x1b[H", "end": "\x1b[F", "backspace": "\x7f", "delete": "\x1b[3~", "alt-enter": "\x1b\r",
        "escape": "\x1b", "ctrl-left": "\x1b[1;5D", "ctrl-right": "\x1b[1;5C",
    }

    def __init__(self, columns=80, rows=24, home=None, ready=True, arguments=None, **environment):
        self.folder = home or tempfile.mkdtemp(prefix="screens-")
        variables = {
            "PATH": os.environ["PATH"], "HOME": self.folder, "LANG": "C.UTF-8", "TERM": "xterm-256color",
            "XDG_STATE_HOME": self.folder + "/state", "PAGER": "cat",
        }
        variables.update(environment)
        variables = {name: value for name, value in variables.items() if value is not None}
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.lock = threading.Lock()
        given = COMMAND[1:] if arguments is None else arguments
        command = [os.path.abspath(COMMAND[0]) if "/" in COMMAND[0] else COMMAND[0]] + given
        self.child = pexpect.spawn(
            command[0], command[1:], env=variables, dimensions=(rows, columns), cwd=self.folder, timeout=5, echo=True)
        self.child.delaybeforesend = None
        threading.Thread(target=self._pump, daemon=True).start()
        if ready:
            self.until(lambda: self.current().endswith(">"), "a prompt")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.isalive():
            self.child.kill(signal.SIGKILL)
        self.child.delayafterclose = self.child.ptyproc.delayafterclose = 0
        self.child.delayafterterminate = self.child.ptyproc.delayafterterminate = 0.5
        try:
            self.child.close(force=True)
        except (pexpect.ExceptionPexpect, OSError):
            pass  # a large process takes its time to go

    def _pump(self):
        while True:
            try:
                data = os.read(self.child.child_fd, 65536)
            except OSError:
                return
            if not data:
                return
            with self.lock:
                self.raw += data
                self.stream.feed(data)

    # Doing

    def type(self, text):
        self.child.send(text)
        return self

    def key(self, *names):
        for name in names:
            if name.startswith("ctrl-") and len(name) == 6:
                self.child.send(chr(ord(name[5].upper()) - 64))
            else:
                self.child.send(self.KEYS[name])
        return self

    def run(self, text):
        return self.type(text).key("enter")

    def paste(self, text):
        return self.type("\x1b[200~" + text + "\x1b[201~")

    def resize(self, columns, rows):
        with self.lock:
            self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)
        return self

    def signal(self, number):
        self.child.kill(number)

    # Looking

    def lines(self):
        with self.lock:
            return [line.rstrip() for line in self.screen.display]

    def text(self):
        return "\n".join(self.lines()).rstrip()

    def cursor(self):
        with self.lock:
            return (self.screen.cursor.y, self.screen.cursor.x)

    def current(self):
        """The line that the cursor is in, without the hint behind it."""
        with self.lock:
            row = self.screen.buffer[self.screen.cursor.y]
            cells = [row[column] for column in range(self.screen.columns)]
        return "".join(cell.data for cell in cells if cell.fg != HINT).rstrip()

    def hint(self):
        with self.lock:
            row = self.screen.buffer[self.screen.cursor.y]
            return "".join(row[column].data for column in range(self.screen.columns) if row[column].fg == HINT).strip()

    def colour(self, row, column):
        with self.lock:
            return self.screen.buffer[row][column].fg

    def is_bold(self, row, column):
        with self.lock:
            return self.screen.buffer[row][column].bold

    def output(self):
        with self.lock:
            return self.raw

    def until(self, condition, what, seconds=25):
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if condition():
                return self
            time.sleep(0.005)
        raise AssertionError(f"waited for {what}; the screen:\n{self.frame()}")

    def shows(self, text, seconds=25):
        return self.until(lambda: text in self.text(), repr(text), seconds)

    def current_is(self, line, seconds=25):
        return self.until(lambda: self.current() == line, f"the line {line!r}", seconds)

    def settle(self, quiet=0.15):
        """Waits until nothing has been written for a while; only to assert that something does not happen."""
        last, since = -1, time.monotonic()
        while time.monotonic() - since < quiet:
            size = len(self.output())
            if size != last:
                last, since = size, time.monotonic()
            time.sleep(0.01)
        return self

    def ends(self, seconds=25):
        return self.until(lambda: not self.child.isalive(), "the end of the program", seconds)

    def frame(self):
        width = self.screen.columns
        body = "\n".join("|" + line.ljust(width) + "|" for line in self.lines())
        return f"+{'-' * width}+\n{body}\n+{'-' * width}+ cursor {self.cursor()}"


def check(condition, what, terminal):
    if not condition:
        raise AssertionError(f"{what}; the screen:\n{terminal.frame()}")
