"""Typing, moving, deleting, wide characters, wrapped lines, resizing, narrow and dumb terminals."""

from terminal import IS_PROBE, Skip, Terminal, check


def scenario_type_a_statement_and_see_its_value():
    with Terminal() as t:
        t.run("1 + 1").until(lambda: t.lines()[1:3] == ["2", "sandbox>"], "2 and a prompt")
        check(t.lines()[0] == "sandbox> 1 + 1", "what was typed stays", t)


def scenario_insert_in_the_middle():
    with Terminal() as t:
        t.type("1 + 3").key("left", "left", "left", "left").type("0").current_is("sandbox> 10 + 3")
        check(t.cursor() == (0, 11), "the cursor follows the 0", t)
        t.key("enter").shows("\n13\n")


def scenario_home_end_and_words():
    with Terminal() as t:
        t.type("print \"b\"").key("home").until(lambda: t.cursor() == (0, 9), "the start of the line")
        t.key("end").until(lambda: t.cursor() == (0, 18), "its end")
        t.key("ctrl-w", "ctrl-w").current_is("sandbox>")


def scenario_backspace_and_delete():
    with Terminal() as t:
        t.type("1 + 12x").key("backspace").current_is("sandbox> 1 + 12")
        t.key("home", "delete", "delete", "delete", "delete").current_is("sandbox> 12")
        t.key("ctrl-k").current_is("sandbox>")


def scenario_kill_and_yank():
    with Terminal() as t:
        t.type("20 + 1").key("ctrl-u").current_is("sandbox>")
        t.key("ctrl-y").current_is("sandbox> 20 + 1")
        t.key("enter").shows("\n21\n")


def scenario_wide_characters():
    with Terminal() as t:
        t.type('print "日本語"').until(lambda: t.cursor() == (0, 23), "six columns for three characters")
        t.key("left", "backspace").until(lambda: "日本\"" in t.current().replace(" ", ""), "the last one gone")
        t.key("left").until(lambda: t.cursor() == (0, 18), "a step of two columns")
        t.key("enter").until(lambda: t.lines()[1].replace(" ", "") == "日本", "the text")


def scenario_emoji():
    with Terminal() as t:
        t.type('print "🎉!"').until(lambda: t.cursor() == (0, 20), "two columns for an emoji")
        t.key("left", "left", "backspace").current_is('sandbox> print "!"')
        t.key("enter").shows("\n!\n")


def scenario_one_backspace_deletes_a_letter_with_its_accent():
    with Terminal() as t:
        t.type("print \"ae\u0301\"").key("left", "backspace").current_is('sandbox> print "a"')
        t.key("enter").shows("\na\n")


def scenario_text_in_other_scripts_comes_back_whole():
    with Terminal() as t:
        t.run('print "Grüße, Привет, שלום"').until(lambda: t.lines()[1] == "Grüße, Привет, שלום", "the text")


def scenario_wrapped_line():
    with Terminal(columns=40) as t:
        t.type('print "' + "a" * 60 + '"').until(lambda: t.cursor() == (1, 37), "a second row")
        t.key("home").until(lambda: t.cursor() == (0, 9), "the start, a row above")
        t.key("end", "left").type("b").until(lambda: t.lines()[1].endswith('ab"'), "an edit in the second row")
        t.key("enter").until(lambda: t.lines()[2] == "a" * 40 and t.lines()[3] == "a" * 20 + "b", "the text")


def scenario_wide_character_at_the_edge_goes_to_the_next_row():
    with Terminal(columns=40) as t:
        t.type('print "' + "a" * 23 + "語" + '"').until(lambda: t.lines()[1].startswith("語"), "a second row")
        check(t.lines()[0] == 'sandbox> print "' + "a" * 23, "no half character", t)
        t.key("home").until(lambda: t.cursor() == (0, 9), "the start, a row above")


def scenario_three_rows_deleted_leave_nothing_behind():
    with Terminal(columns=40) as t:
        t.type("x" * 100).until(lambda: t.cursor()[0] == 2, "three rows")
        t.key("ctrl-u").until(lambda: t.text() == "sandbox>" and t.cursor() == (0, 9), "an empty line")


def scenario_line_at_the_bottom_of_the_screen_scrolls():
    with Terminal(columns=40, rows=6) as t:
        for number in range(3):
            t.run(f"1 + {number}").shows(f"\n{number + 1}\n")
        t.type('print "' + "z" * 60 + '"').until(lambda: t.cursor() == (5, 37), "the last row")
        t.key("enter").until(lambda: t.lines()[3:5] == ["z" * 40, "z" * 20], "the text")


def scenario_wider_terminal_keeps_the_line():
    with Terminal(columns=60) as t:
        t.type("1 + 2").current_is("sandbox> 1 + 2")
        t.resize(100, 30).type(" + 4").current_is("sandbox> 1 + 2 + 4")
        t.key("enter").shows("\n7\n")
        check(t.text().count("sandbox>") == 2, "the prompt is not repeated", t)


def scenario_narrower_terminal_wraps_at_the_new_edge():
    with Terminal(columns=80) as t:
        t.type("1 + 2").current_is("sandbox> 1 + 2")
        t.resize(40, 24).settle()
        t.type(" + 1" * 10).until(lambda: t.cursor() == (1, 14), "the second row")
        t.key("enter").shows("\n13\n")


def scenario_resize_while_a_statement_runs():
    with Terminal() as t:
        t.run("while true {}").settle()
        t.resize(40, 20).key("ctrl-c").shows("interrupted")
        t.run("1 + 5").shows("\n6\n")


def scenario_forty_columns():
    with Terminal(columns=40, rows=12) as t:
        t.type("con").key("tab", "tab").shows("conversations")
        check(all(len(line) <= 40 for line in t.lines()), "nothing beyond the edge", t)
        check(t.current() == "sandbox> con", "the line is drawn once, below", t)
        check(t.lines()[0].lstrip().startswith("contacts"), "one row for each candidate", t)


def scenario_no_color():
    with Terminal(NO_COLOR="1") as t:
        t.type("con").key("tab", "tab").shows("conversations").settle()
        t.key("ctrl-c").current_is("sandbox>").run("1 + 1").shows("\n2\n")
        check(t.colour(0, 0) == "default", "no colour", t)
        check(b"\x1b[3" not in t.output() and b"\x1b[2m" not in t.output(), "no colour sequences", t)


def scenario_colour_of_the_prompt():
    with Terminal() as t:
        check(t.colour(0, 0) == "cyan", "a calm prompt", t)
        t.type("x").until(lambda: t.cursor() == (0, 10), "a character")
        check(t.colour(0, 9) == "default", "the line has none of it", t)


def scenario_danger_is_red():
    if not IS_PROBE:
        raise Skip("needs a workspace where writes go out")
    with Terminal(PROBE_MODE="open") as t:
        check(t.lines()[0] == "acme (eu) !>", "the prompt says so", t)
        check(t.colour(0, 0) == "red" and t.is_bold(0, 0), "and is red", t)
    with Terminal(PROBE_MODE="read-only") as t:
        check(t.lines()[0] == "acme (eu, read-only)>" and t.colour(0, 0) != "red", "read-only is calm", t)


def scenario_dumb_terminal():
    with Terminal(TERM="dumb") as t:
        t.run("1 + 1").shows("\n2\nsandbox>")
        t.run('print "語"').until(lambda: "語" in t.lines()[3], "the text")
        check(b"\x1b" not in t.output(), "no escape codes", t)
        t.key("ctrl-d").ends()


def scenario_dumb_terminal_interrupts():
    with Terminal(TERM="dumb") as t:
        t.type("1 + ").settle().key("ctrl-c").until(lambda: t.text().count("sandbox>") == 2, "a new prompt")
        t.run("while true {}").settle().key("ctrl-c").shows("interrupted")
        t.run("1 + 6").shows("\n7\n")
        check(b"\x1b" not in t.output(), "no escape codes", t)


def scenario_dumb_terminal_reads_statements_of_several_lines():
    with Terminal(TERM="dumb") as t:
        t.run("(1 +").shows("...").run("2)").shows("\n3\n")


def scenario_terminal_without_a_name():
    with Terminal(TERM=None) as t:
        t.run("1 + 1").shows("\n2\n")
        check(b"\x1b" not in t.output(), "no escape codes", t)


def scenario_locale_without_utf8_still_takes_utf8():
    with Terminal(LANG="C", LC_ALL="C") as t:
        t.run('print "é語"').until(lambda: t.lines()[1].startswith("é語"), "the text")
