"""History: arrows, search, the file and what it leaves out."""

import os
import stat

from terminal import Terminal, check


def history(terminal):
    path = terminal.folder + "/state/parlance/history"
    return open(path).read() if os.path.exists(path) else ""


def scenario_arrows_and_the_draft():
    with Terminal() as t:
        t.run("1 + 1").shows("\n2\n").run("1 + 2").shows("\n3\n").type("draft")
        t.key("up").current_is("sandbox> 1 + 2").key("up").current_is("sandbox> 1 + 1")
        t.key("up").settle().current_is("sandbox> 1 + 1")
        t.key("down", "down").current_is("sandbox> draft")


def scenario_search():
    with Terminal() as t:
        t.run("1 + 1").shows("\n2\n").run("2 + 2").shows("\n4\n").run("1 + 5").shows("\n6\n")
        t.key("ctrl-r").type("1 +").current_is("search `1 +`: 1 + 5")
        t.key("ctrl-r").current_is("search `1 +`: 1 + 1")
        t.key("enter").until(lambda: t.text().count("\n2\n") == 2, "its value")
        check(t.lines()[-1] == "" and t.lines()[6] == "sandbox> 1 + 1", "the line as if typed", t)


def scenario_search_edited():
    with Terminal() as t:
        t.run("10 + 1").shows("\n11\n").key("ctrl-r").type("10").current_is("search `10`: 10 + 1")
        t.key("right").type("5").current_is("sandbox> 10 + 15")


def scenario_search_without_a_match():
    with Terminal() as t:
        t.run("1 + 1").shows("\n2\n").type("draft").key("ctrl-r").type("qqq").shows("no match `qqq`")
        t.key("ctrl-g").current_is("sandbox> draft")


def scenario_search_dropped_by_ctrl_c():
    with Terminal() as t:
        t.run("1 + 1").shows("\n2\n").key("ctrl-r").type("1").shows("search").key("ctrl-c")
        t.until(lambda: t.current() == "sandbox>", "a prompt").run("2 + 2").shows("\n4\n")


def scenario_kept_between_runs_for_its_owner_only():
    with Terminal() as t:
        t.run("(1 +").shows("...").run("31)").shows("\n32\n").key("ctrl-d").ends()
        mode = stat.S_IMODE(os.stat(t.folder + "/state/parlance/history").st_mode)
        check(mode == 0o600, f"mode {mode:o}", t)
        with Terminal(home=t.folder) as later:
            later.key("up").until(lambda: later.lines()[:2] == ["sandbox> (1 +", "31)"], "the whole statement")


def scenario_secrets_are_not_kept():
    with Terminal() as t:
        for line in ['let token = "abc123"', "print \"Bearer abcdef123456\"", 'print "dG9rOjEyMzQ1Njc4OTBhYmNk"']:
            t.run(line).settle()
        t.run("1 + 1").shows("\n2\n")
        check(history(t) == "1 + 1\n", f"only the sum, not {history(t)!r}", t)
        t.key("up", "up").settle().current_is("sandbox> 1 + 1")


def scenario_ten_thousand_lines():
    with Terminal() as t:
        t.key("ctrl-d").ends()
    os.makedirs(t.folder + "/state/parlance", exist_ok=True)
    with open(t.folder + "/state/parlance/history", "w") as file:
        file.writelines(f"1 + {number}\n" for number in range(1, 10_001))
    with Terminal(home=t.folder) as t:
        t.key("up").current_is("sandbox> 1 + 10000")
        t.key("ctrl-u", "ctrl-r").type("+ 123").shows("search `+ 123`: 1 + 1239")
        t.key("enter").shows("\n1240\n")


def scenario_history_command():
    with Terminal() as t:
        t.run("1 + 1").shows("\n2\n").run("2 + 2").shows("\n4\n").run(":history 2 +").shows("\n2 + 2\n")


def scenario_unwritable_state_folder():
    with Terminal(XDG_STATE_HOME="/proc/nowhere") as t:
        t.run("1 + 1").shows("\n2\n").key("up").current_is("sandbox> 1 + 1")
