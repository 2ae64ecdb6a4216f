"""Ctrl-C in each state, Ctrl-D, Ctrl-Z, signals, output while a line is being typed, pipes."""

import os
import signal
import subprocess
import time

from terminal import COMMAND, IS_PROBE, Skip, Terminal, check


def scenario_ctrl_c_on_an_empty_line():
    with Terminal() as t:
        t.key("ctrl-c").until(lambda: t.lines()[:2] == ["sandbox> ^C", "sandbox>"], "a new prompt")


def scenario_ctrl_c_drops_the_line():
    with Terminal() as t:
        t.type("1 + 1").key("left", "left").until(lambda: t.cursor() == (0, 12), "the middle")
        t.key("ctrl-c").until(lambda: t.lines()[0] == "sandbox> 1 + 1^C", "the mark at its end")
        t.run("2 + 2").shows("\n4\n")
        check("\n2\n" not in t.text(), "the line did not run", t)


def scenario_ctrl_c_on_a_wrapped_line():
    with Terminal(columns=40) as t:
        t.type("x" * 60).until(lambda: t.cursor() == (1, 29), "the end").key("home")
        t.until(lambda: t.cursor() == (0, 9), "the start")
        t.key("ctrl-c").until(lambda: t.lines()[2] == "sandbox>", "a prompt below both rows")


def scenario_ctrl_c_drops_an_unfinished_statement():
    with Terminal() as t:
        t.run("(1 +").shows("...").key("ctrl-c").until(lambda: t.current() == "sandbox>", "a prompt")
        t.run("1 + 3").shows("\n4\n")


def scenario_ctrl_c_stops_what_runs():
    with Terminal() as t:
        t.run("while true {}").settle()
        start = time.monotonic()
        t.key("ctrl-c").shows("interrupted\nsandbox>")
        check(time.monotonic() - start < 0.5, "soon", t)
        t.run("1 + 1").shows("\n2\n")


def scenario_ctrl_c_twice_while_running():
    with Terminal() as t:
        t.run("while true {}").settle().key("ctrl-c", "ctrl-c").shows("interrupted")
        t.run("1 + 1").shows("\n2\n")


def scenario_interrupt_does_not_reach_the_next_statement():
    with Terminal() as t:
        for _ in range(5):
            t.key("ctrl-c").settle(0.03)
        t.run("1 + 1").shows("\n2\n")


def scenario_ctrl_d_leaves():
    with Terminal() as t:
        t.key("ctrl-d").ends()
        check(t.child.exitstatus == 0, f"status {t.child.exitstatus}", t)
        t.until(lambda: b"\x1b[?2004l" in t.output(), "the terminal as it was")


def scenario_ctrl_d_on_a_line_deletes():
    with Terminal() as t:
        t.type("1 + 12").key("home", "ctrl-d").current_is("sandbox>  + 12")
        check(t.child.isalive(), "it goes on", t)


def scenario_quit_and_exit():
    for word in ["quit", "exit", ":quit", ":q"]:
        with Terminal() as t:
            t.run(word).ends()


def scenario_terminal_that_goes_away():
    with Terminal() as t:
        t.signal(signal.SIGHUP)
        t.ends()


def scenario_suspended_and_continued():
    with Terminal() as t:
        t.type("1 + 1").current_is("sandbox> 1 + 1").key("ctrl-z")
        path = f"/proc/{t.child.pid}/stat"
        t.until(lambda: open(path).read().split()[2] == "T", "a stopped process")
        t.signal(signal.SIGCONT)
        t.until(lambda: t.lines()[1] == "sandbox> 1 + 1", "the line again")
        t.key("enter").shows("\n2\n")


def scenario_200_lines_printed():
    with Terminal() as t:
        t.run('for i in 1..200 { print "line \\(i)" }').shows("line 200\nsandbox>")
        check("line 178" in t.text(), "the last ones are to be seen", t)


def scenario_output_while_a_line_is_typed():
    if not IS_PROBE:
        raise Skip("needs output from another thread")
    with Terminal() as t:
        t.run("later 3").type("1 + 4").shows("tick 3\nsandbox> 1 + 4")
        check(t.lines()[1:4] == ["tick 1", "tick 2", "tick 3"], "the lines, in order, above", t)
        check(t.cursor() == (4, 14), "the cursor stays in the line", t)
        t.key("enter").shows("\n5\n")


def scenario_output_while_a_wrapped_line_is_typed():
    if not IS_PROBE:
        raise Skip("needs output from another thread")
    with Terminal(columns=40) as t:
        t.run("later 2").type('print "' + "語" * 20 + '"').shows("tick 2")
        t.settle()
        check(t.lines()[1:3] == ["tick 1", "tick 2"], "the lines above", t)
        check(t.text().count('print "') == 1, "the typed line once", t)


def scenario_output_while_completing_and_searching():
    if not IS_PROBE:
        raise Skip("needs output from another thread")
    with Terminal() as t:
        t.run("1 + 1").shows("\n2\n").run("later 2").key("ctrl-r").type("1 +").shows("tick 2\nsearch `1 +`: 1 + 1")


def scenario_pipe_without_prompt_and_colour():
    result = subprocess.run([os.path.abspath(COMMAND[0])] + COMMAND[1:], input=b"1 + 1\nprint \"end\"\n", capture_output=True,
                            timeout=10, env={**os.environ, "TERM": "xterm-256color"})
    # The real program prints the last value of a script, and what it prints itself.
    if result.stdout != (b"2\nend\n" if IS_PROBE else b"end\n"):
        raise AssertionError(f"printed {result.stdout!r}, {result.stderr!r}")
