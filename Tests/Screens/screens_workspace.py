"""The real program on a sandbox: what looking shows and asks for, completion from the workspace, help, long readings."""

import os
import re
import subprocess
import time

from terminal import COMMAND, IS_PROBE, Skip, Terminal, check
from workspace import Workspace


def real(function):
    def scenario():
        if IS_PROBE:
            raise Skip("needs the real program")
        function()

    return scenario


def on(workspace, **options):
    return Terminal(arguments=["-q", "--base-url", workspace.url], **options)


def scripts(terminal, name="session.parl"):
    return os.path.join(terminal.folder, name)


# Looking

@real
def scenario_a_sequence_shows_its_first_page():
    with Terminal(columns=100, rows=40) as t:
        t.run("contacts").shows("1–20 of 2,000; `:more` shows the next")
        head = next(line for line in t.lines() if line.startswith("id "))
        check(head.split() == ["id", "email", "name", "role", "last_seen_at"], "the telling columns", t)
        check(all(len(line) <= 100 for line in t.lines()), "as wide as the terminal", t)
        check(re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d$", t.text(), re.M), "times to the minute", t)


@real
def scenario_looking_sends_one_request_for_one_page():
    with Workspace() as w, on(w, columns=120, rows=40) as t:
        for statement, end in [("contacts", "of 2,000"), ('contacts | filter { .role == "lead" }', "1–20 of"),
                               ("tickets", "of 200"), ("tags", "1–20 of"), ("admins", "6 in all")]:
            before = len(w.requests)
            t.run(statement).shows(end).settle()
            check(len(w.requests) == before + 1, f"one request for {statement}, not {w.requests[before:]}", t)
            t.run(":clear").settle()


@real
def scenario_more_shows_the_next_page():
    with Terminal(columns=100, rows=60) as t:
        t.run("contacts").shows("1–20 of 2,000").run(":more").shows("21–40 of 2,000")
        t.run("1..45").shows("1–20 of 45").run(":more").shows("21–40 of 45").run(":more").shows("41–45, the last")
        t.run(":more").shows("nothing more to show")


@real
def scenario_a_million_records_are_a_page_at_once():
    # The long lane has a million contacts on the server; filling it takes half a minute.
    contacts = 1_000_000 if os.environ.get("PARLANCE_LONG_TESTS") else 20_000
    with Terminal(arguments=["-q", "--sandbox", str(contacts)], columns=100, rows=40) as t:
        t.run("admins | count").until(lambda: re.search(r"^\d+$", t.text(), re.M), "the sandbox is there", 120)
        start = time.monotonic()
        t.run("contacts").shows(f"1–20 of {contacts:,}", 30)
        check(time.monotonic() - start < 10, f"soon, not after {time.monotonic() - start:.1f} s", t)


@real
def scenario_a_million_items_are_a_page_at_once():
    with Terminal(columns=100, rows=60) as t:
        t.run("1..1000000").shows("1–20 of 1,000,000")
        t.run("1..1000000 | map { n -> {n: n, square: n * n} }").shows("1–20, and there are more")
        t.run("| count").shows("\n1000000\n")


@real
def scenario_a_record_shows_aligned_fields():
    with Terminal(columns=100, rows=50) as t:
        t.run("contacts | first").shows("null: ")
        lines = t.lines()
        check(lines[1] == "contact", "its type", t)
        fields = lines[2:lines.index(next(line for line in lines if line.startswith("null: ")))]
        check(len({re.match(r"\S+ +", line).end() for line in fields}) == 1, "one column of values", t)
        check(re.search(r"created_at +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC  .* ago", t.text()), "how long ago", t)


@real
def scenario_ids_bear_the_names_that_are_known():
    with Workspace() as w, on(w, columns=140, rows=40) as t:
        t.run("admins").shows("6 in all").run(":clear").settle()
        before = len(w.requests)
        t.run("tickets | filter { .open } | take(3)").shows("3 in all")
        check(re.search(r"\d{9} [A-Z][a-z]+ [A-Z][a-z]+", t.text()), "a teammate's name beside the id", t)
        check(len(w.requests) == before + 1, "no request for it", t)


@real
def scenario_forty_columns():
    with Terminal(columns=40, rows=30) as t:
        t.run("contacts | take(3)").shows("3 in all")
        check(all(len(line) <= 40 for line in t.lines()), "no line is broken", t)
        t.run(":clear").settle().run("help tags.apply").shows("  > ")
        t.run("tickets | count_by { .category } | chart").shows("█")


@real
def scenario_wide_characters_and_emoji_stay_in_their_columns():
    with Terminal(columns=80) as t:
        t.run('[{a: "日本語", b: 1}, {a: "👩‍👩‍👧 ok", b: 2}, {a: "e\u0301te\u0301", b: 3}, {a: "plain", b: 4}] | table').shows("plain")
        with t.lock:
            rows = {row: [t.screen.buffer[row][column].data for column in range(30)] for row in range(24)}
        places = {row.index(digit) for digit in "1234" for row in rows.values()
                  if digit in row and "".join(row).rstrip().endswith(digit) and "sandbox" not in "".join(row)}
        # pyte counts a joined emoji as its parts; the row with it may stand further to the right.
        check(len(places) <= 2, f"numbers in one column, not {places}", t)


@real
def scenario_long_output_goes_through_the_pager():
    with Terminal(columns=100, rows=20, PAGER="sed -n 1,3p") as t:
        t.run("contacts | first").until(lambda: t.current().startswith("sandbox>") and t.text().count("\n") >= 4, "the pager's lines")
        check("null:" not in t.text(), "the pager had it", t)
        check("workspace_id" in t.text(), "its first lines", t)


# Completing from the workspace: a Tab waits for an answer 200 ms at most, so a slow machine needs another.

def tab_until(t, condition, what):
    for _ in range(100):
        t.key("tab").settle()
        if condition():
            return
    raise AssertionError(f"waited for {what}; the screen:\n{t.frame()}")


@real
def scenario_tag_names_complete_inside_a_text():
    with Terminal(columns=100) as t:
        t.type('contacts | first | tags.apply("new')
        tab_until(t, lambda: t.current() == 'sandbox> contacts | first | tags.apply("newsletter"', "the tag")


@real
def scenario_teammates_complete_by_name_to_their_id():
    with Terminal(columns=100) as t:
        t.type('tickets | filter { .admin_assignee_id == "kim')
        tab_until(t, lambda: t.current() == 'sandbox> tickets | filter { .admin_assignee_id == "991267702"', "her id")


@real
def scenario_teammates_are_listed_with_their_names():
    with Terminal(columns=100) as t:
        t.type('tickets | first | tickets.assign(to: "')
        tab_until(t, lambda: "Kim Archer" in t.text(), "the teammates")
        check('991267702"' in t.text() and t.current().endswith('(to: "99126770'), "their ids", t)


@real
def scenario_words_of_a_choice_complete():
    with Terminal(columns=100) as t:
        t.type('conversations | filter { .state == "sn').key("tab")
        t.current_is('sandbox> conversations | filter { .state == "snoozed"')


@real
def scenario_choices_complete_without_a_quote():
    with Terminal(columns=100) as t:
        t.type("contacts.create(role: l").key("tab").current_is('sandbox> contacts.create(role: "lead"')


@real
def scenario_fields_are_offered_at_the_start_of_a_block():
    with Terminal(columns=100, rows=70) as t:
        t.type("tickets | filter { ").key("tab", "tab", "tab").shows(".category").shows(".ticket_state")


@real
def scenario_fields_of_a_variable_complete():
    with Terminal(columns=100) as t:
        t.run("let leads = contacts | filter { .role == \"lead\" }").until(lambda: t.current() == "sandbox>", "a prompt").settle()
        t.type("leads | filter { .unsub").key("tab").current_is("sandbox> leads | filter { .unsubscribed_from_emails")


@real
def scenario_fields_of_the_last_value_complete():
    with Terminal(columns=100, rows=50) as t:
        t.run("contacts | first").until(lambda: t.current() == "sandbox>", "a prompt").settle()
        t.type("_.exter").key("tab").current_is("sandbox> _.external_id")


@real
def scenario_argument_names_complete_once():
    with Terminal(columns=100) as t:
        t.type("contacts.create(em").key("tab").current_is("sandbox> contacts.create(email:")
        t.type('"a@example.com", em').key("tab").settle()
        check(t.current().endswith(", em"), "it is given already", t)


@real
def scenario_topics_complete_behind_help():
    with Terminal(columns=100) as t:
        t.type("help tickets.se").key("tab").current_is("sandbox> help tickets.search")


@real
def scenario_a_workspace_that_does_not_answer_holds_no_line_up():
    with Workspace(hold="/tags") as w, on(w, columns=100) as t:
        t.type('tags.delete("a')
        t.until(lambda: t.current().endswith('"a'), "the text")
        start = time.monotonic()
        t.key("tab").type("b").until(lambda: t.current().endswith('"ab'), "the next key")
        check(time.monotonic() - start < 0.6, f"held up for {time.monotonic() - start:.2f} s", t)


# Hints and colours

@real
def scenario_a_hint_says_what_a_call_wants():
    with Terminal(columns=100) as t:
        t.type("contacts | take(").until(lambda: t.hint().startswith("take(s, n)"), "the signature")
        t.key("ctrl-u").until(lambda: t.hint() == "", "no hint on an empty line")


@real
def scenario_a_hint_is_gone_from_a_line_that_ran():
    with Terminal(columns=100) as t:
        t.type("1..3 | count").until(lambda: "How many" in t.hint(), "what it does").key("enter").shows("\n3\n")
        check(t.lines()[0] == "sandbox> 1..3 | count", "only what was typed", t)


@real
def scenario_a_hint_is_gone_from_a_line_that_was_dropped():
    with Terminal(columns=100) as t:
        t.type("1..3 | take(").until(lambda: t.hint().startswith("take("), "the hint").key("ctrl-c")
        t.until(lambda: t.lines()[:2] == ["sandbox> 1..3 | take(^C", "sandbox>"], "only what was typed")


@real
def scenario_a_hint_stays_within_the_row():
    with Terminal(columns=60) as t:
        t.type("contacts | filter { .role == \"lead\" } | take(").settle()
        check(t.lines()[1] == "", "no second row", t)
        t.type("5) | count").settle()
        t.key("enter").shows("\n5\n")


@real
def scenario_colours_follow_what_is_typed():
    with Terminal(columns=100) as t:
        t.type('contacts | filter { .role == "lead" } | take(5)').settle()
        row = 0
        start = len("sandbox> ")
        line = t.lines()[row]
        check(t.colour(row, start) == "cyan", "a resource", t)
        check(t.colour(row, line.index('"lead"')) == "green", "a text", t)
        check(t.colour(row, line.index("5)")) == "magenta", "a number", t)
        check(t.colour(row, line.index("filter")) == "default", "a function is plain", t)
        t.key("ctrl-u").type("let x = true").settle()
        check(t.colour(row, start) == "blue" and t.colour(row, start + 4) == "default", "a keyword", t)


@real
def scenario_colours_on_wrapped_lines():
    with Terminal(columns=40, rows=12) as t:
        t.type('let a = "' + "語" * 40 + '" + "end"').settle()
        check(t.lines()[0].startswith("sandbox> let a = "), "the first row", t)
        check(t.colour(1, 0) == "green" and t.colour(2, 0) == "green", "the text on its rows", t)
        t.key("home").type("\x06" * 4).settle().type("bc").settle()
        check(t.lines()[0].startswith("sandbox> let bca = "), "insertion moves all rows", t)
        check(t.text().count("end") == 1 and t.text().count("語") == 40, "nothing is left behind", t)


@real
def scenario_colours_at_the_bottom_of_the_screen():
    with Terminal(columns=40, rows=6) as t:
        t.run("for i in 1..10 { print i }").settle().type('"' + "x" * 60).settle()
        check(t.lines()[-1].count("x") > 10 and t.lines()[-2].startswith('sandbox> "x'), "two rows at the end", t)
        t.type('" + "y"').settle()
        check(t.colour(5, t.lines()[-1].rindex('"y"')) == "green", "the second text", t)
        check(t.text().count('sandbox> "x') == 1, "drawn once", t)


@real
def scenario_no_color_has_neither_colour_nor_hint():
    with Terminal(columns=100, NO_COLOR="1") as t:
        t.type('contacts | take(').current_is("sandbox> contacts | take(").settle()
        check(t.hint() == "" and t.colour(0, 9) == "default", "plain", t)
        t.key("ctrl-c").current_is("sandbox>").run("contacts | take(2)").shows("2 in all")
        check(b"\x1b[1m" not in t.output() and b"\x1b[36m" not in t.output(), "no colours in tables", t)


# Help

@real
def scenario_help_says_where_to_begin():
    with Terminal(columns=100, rows=40) as t:
        t.run("help").shows("help contacts").shows("apropos merge").shows("Tab completes")


@real
def scenario_help_on_an_operation():
    with Terminal(columns=100, rows=40) as t:
        t.run("tickets.move?").shows("Arguments:").shows("A customer sees it").shows("  > tickets | first | tickets.move")


@real
def scenario_examples_of_help_run():
    with Terminal(columns=100, rows=60) as t:
        t.run("help contacts.search").shows("  > ")
        example = next(line for line in t.lines() if line.startswith("  > "))[4:]
        t.run(":clear").settle().run(example).until(lambda: re.search(r"^\d+$", t.text(), re.M), "its value")


@real
def scenario_help_on_a_slip_names_the_nearest():
    with Terminal(columns=100) as t:
        t.run("help contcts").shows("Did you mean `contacts`?")
        t.run(":sve x").shows("did you mean `:save`?")


@real
def scenario_apropos_is_aligned():
    with Terminal(columns=80) as t:
        t.run("apropos merge").shows("contacts.merge")
        check(all(len(line) <= 80 for line in t.lines()), "lines are wrapped", t)


# Long readings, interrupts, writes

@real
def scenario_a_long_reading_says_how_long():
    with Workspace("--contacts", "6000", delay=0.15) as w, on(w, columns=100) as t:
        t.run('contacts | map { .email } | filter { it contains "zzzz" } | count').until(
            lambda: re.search(r"about \d+ requests, \d+ s; Ctrl-C to stop", t.text()) or "error" in t.text(), "the notice")
        start = time.monotonic()
        t.key("ctrl-c").shows("interrupted")
        check(time.monotonic() - start < 0.5, "stopped soon", t)
        t.run("1 + 1").shows("\n2\n")


@real
def scenario_a_short_reading_says_nothing():
    with Workspace() as w, on(w, columns=100) as t:
        t.run('contacts | map { .role } | unique | count').shows("\n2\n")
        check("requests" not in t.text(), "no notice", t)


@real
def scenario_a_request_that_hangs_is_stopped():
    with Workspace(hold="/contacts") as w, on(w, columns=100) as t:
        t.run("contacts").until(lambda: w.requests, "the request")
        start = time.monotonic()
        t.key("ctrl-c").shows("interrupted")
        check(time.monotonic() - start < 0.5, f"within {time.monotonic() - start:.2f} s", t)
        t.run("1 + 1").shows("\n2\n").run("admins | count").shows("\n6\n")


@real
def scenario_a_live_workspace_is_marked_and_asks():
    with Workspace() as w, on(w, columns=100, rows=40) as t:
        check(t.current() == "127.0.0.1 (asks) !>", "the danger is said", t)
        check(t.colour(0, 0) in ("brown", "yellow", "red"), f"in colour, not {t.colour(0, 0)}", t)
        t.run('tags.create("from the prompt")').shows("Send it, and")
        check(not any(line.startswith("POST") for line in w.requests), "nothing is sent yet", t)
        t.type("n").shows("you said no")
        check(not any(line.startswith("POST") for line in w.requests), "nothing was sent", t)
        t.run(":clear").settle().run('tags.create("from the prompt")').shows("Send it, and").type("y")
        t.until(lambda: any(line.startswith("POST /tags") for line in w.requests), "the request")
        t.shows("from the prompt")


@real
def scenario_a_write_that_is_interrupted_at_the_question():
    with Workspace() as w, on(w, columns=100) as t:
        t.run('tags.create("x")').shows("Send it, and").key("ctrl-c").until(lambda: t.current() == "127.0.0.1 (asks) !>", "a prompt")
        check(not any(line.startswith("POST") for line in w.requests), "nothing was sent", t)
        t.run("1 + 1").shows("\n2\n")


# Sessions

@real
def scenario_a_saved_session_runs_as_a_script():
    with Terminal(columns=100, rows=50) as t:
        t.run('let leads = contacts | filter { .role == "lead" }').run("leads | count").until(
            lambda: re.search(r"^\d+$", t.text(), re.M), "how many")
        count = re.search(r"^\d+$", t.text(), re.M).group()
        t.run("nonsense").shows("error").run("| print").settle().run('print "leads: \\(leads | count)"').shows(f"leads: {count}\n")
        t.run(":save session.parl").shows("statements written").key("ctrl-d").ends()
        program = os.path.abspath(COMMAND[0])
        result = subprocess.run([program, "run", scripts(t), "--sandbox", "-q"], capture_output=True, text=True, timeout=60)
        check(result.returncode == 0, f"exit {result.returncode}: {result.stderr}", t)
        check(result.stdout.splitlines()[-1] == f"leads: {count}", f"the same, not {result.stdout!r}", t)
        with Terminal(columns=100, home=t.folder) as later:
            later.run(":load session.parl").shows(f"leads: {count}")


@real
def scenario_edit_takes_the_last_statement():
    with Terminal(columns=100, EDITOR="sed -i s/1/40/") as t:
        t.run("1 + 2").shows("\n3\n").run(":edit").current_is("sandbox> 40 + 2").key("enter").shows("\n42\n")


@real
def scenario_time_explain_stats_workspace():
    with Terminal(columns=100, rows=60) as t:
        t.run(":time contacts | count").until(lambda: re.search(r"^\d+\.\d{3} s$", t.text(), re.M), "the time")
        t.run(":stats").shows("1 request, 0 failed").run(":workspace").shows("here: sandbox")
        t.run(':explain contacts | filter { .role == "lead" }').shows("POST /contacts/search")


@real
def scenario_output_stages():
    with Terminal(columns=100, rows=60) as t:
        t.run("contacts | take(2) | table(\"email\", \"role\")").shows("email")
        t.run('[{a: 1}] | json').shows('[{"a":1}]').run('[{a: 1}, {a: 2}] | csv').shows("a\n1\n2")
        t.run('{a: [1, 2]} | yaml').shows("a:\n  - 1\n  - 2")
        t.run('contacts | take(3) | map { {.email} } | save("people.csv")').until(lambda: os.path.exists(scripts(t, "people.csv")), "the file")
        check(open(scripts(t, "people.csv")).read().count("\n") == 4, "a header and three rows", t)
        t.run('tickets | count_by { .category } | chart(file: "chart.svg")').until(lambda: os.path.exists(scripts(t, "chart.svg")), "the picture")
        check(open(scripts(t, "chart.svg")).read().startswith("<svg"), "a picture", t)


@real
def scenario_two_hundred_pasted_lines_run():
    with Terminal(columns=100, rows=24) as t:
        t.paste("let sum = 0\n" + "\n".join(f"print({number})" for number in range(200))).shows("lines pasted")
        t.key("enter").shows("\n199\n")


@real
def scenario_pipe_counts_leads():
    program = os.path.abspath(COMMAND[0])
    result = subprocess.run([program], input='contacts | filter { .role == "lead" } | count\n', text=True, capture_output=True, timeout=60)
    if result.returncode != 0 or not result.stdout.strip().isdigit():
        raise AssertionError(f"printed {result.stdout!r}, {result.stderr!r}")
