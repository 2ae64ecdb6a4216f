"""The transcripts of docs/tour.md, typed into the real program line by line."""

import os
import pathlib
import re

import pexpect
from terminal import COMMAND, IS_PROBE, Skip

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROMPT = "sandbox> "


def transcripts(page):
    """The `repl` blocks of a page: what is typed, and the lines that follow."""
    for block in re.findall(r"^```repl\n(.*?)^```$", page.read_text(), re.M | re.S):
        steps = []
        for line in block.splitlines():
            if line.startswith(PROMPT):
                steps.append((line.removeprefix(PROMPT), []))
            elif steps:
                steps[-1][1].append(line)
        yield steps


def pattern(lines):
    """`…` alone in a line stands for any lines, within one for any text."""
    parts = []
    for line in lines:
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*".join(re.escape(part) for part in line.split("…")) + r"[ ]*\n")
    return re.compile("".join(parts))


def play(page):
    if IS_PROBE:
        raise Skip("needs the real program")
    home = os.environ.get("TMPDIR", "/tmp") + f"/tour-{os.getpid()}-{page.stem}"
    os.makedirs(home, exist_ok=True)
    # A dumb terminal: the same words without colours and without a line editor's movements. One session for the page.
    child = pexpect.spawn(os.path.abspath(COMMAND[0]), ["--sandbox", "-q"], cwd=home, encoding="utf-8", echo=False, dimensions=(200, 100), timeout=30,
                          env={"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8", "TERM": "dumb", "PAGER": "cat"})
    child.delaybeforesend = None
    child.expect_exact(PROMPT)
    for steps in transcripts(page):
        for typed, lines in steps:
            child.sendline(typed)
            child.expect_exact(PROMPT)
            printed = child.before.replace("\r\n", "\n")
            if not pattern(lines).fullmatch(printed):
                raise AssertionError(f"{page.name}: after {typed!r} the page shows\n" + "\n".join(lines) + f"\nand the program printed\n{printed}")
    child.close(force=True)


def scenario_the_tour_is_what_the_program_prints():
    play(ROOT / "docs" / "tour.md")
