"""Statements of several lines, pastes, the shell's commands, the pager."""

import os

from terminal import IS_PROBE, Skip, Terminal, check


def scenario_unfinished_statement_goes_on():
    with Terminal() as t:
        t.run("let a = (1 +").current_is("     ...")
        t.run("20)").run("a").shows("\n21\n")


def scenario_recalled_statement_is_whole():
    with Terminal() as t:
        t.run("(1 +").shows("...").run("31)").shows("\n32\n")
        t.key("up").until(lambda: t.lines()[3] == "sandbox> (1 +" and t.lines()[4] == "31)", "both lines")
        t.key("enter").until(lambda: t.text().count("\n32") == 2, "the value again")


def scenario_up_in_a_further_line_brings_the_statement_back():
    with Terminal() as t:
        t.run("(1 +").shows("...").key("up").until(lambda: t.text() == "sandbox> (1 +", "the first line")
        t.type(" 5)").key("enter").shows("\n6\n")


def scenario_alt_enter_breaks_the_line():
    with Terminal() as t:
        t.type("1 + 2").key("alt-enter").type("3 + 4").until(lambda: t.lines()[1] == "3 + 4", "a second line")
        t.key("up").until(lambda: t.cursor()[0] == 0, "up within the statement")
        t.key("enter").shows("3\n7\n" if IS_PROBE else "\n7\n")


def scenario_two_blank_lines_end_an_unfinished_statement():
    with Terminal() as t:
        t.run("(1 +").shows("...").key("enter").settle().key("enter").until(
            lambda: t.current() == "sandbox>" and t.cursor()[0] > 2, "a prompt")


def scenario_pasted_line_waits_for_enter():
    with Terminal() as t:
        t.paste("1 + 8\n").current_is("sandbox> 1 + 8")
        t.settle()
        check(t.text() == "sandbox> 1 + 8", "nothing ran", t)
        t.key("enter").shows("\n9\n")


def scenario_pasted_lines_can_be_edited():
    with Terminal() as t:
        t.paste('print "a"\nprint "b"\n').until(lambda: t.lines()[1] == 'print "b"', "both lines")
        t.key("backspace").type('!"').key("enter").shows("\na\nb!\n")


def scenario_200_lines_pasted():
    with Terminal() as t:
        t.paste("\n".join(f'print "item {number}"' for number in range(1, 201)) + "\n")
        t.shows("200 lines pasted")
        check("item 5" not in t.text() and 'print "item 1"' in t.text(), "the beginning is shown", t)
        t.key("enter").until(lambda: "item 200\nsandbox>" in t.text(), "the end")
        check('item 199"' not in t.text() and "\nitem 185\n" in t.text(), "they ran in order", t)
        t.run("1 + 1").shows("\n2\n")


def scenario_200_lines_pasted_and_dropped():
    with Terminal() as t:
        t.paste("\n".join('print "item"' for _ in range(200))).shows("200 lines pasted")
        t.key("ctrl-c").until(lambda: t.current() == "sandbox>", "a prompt").run("1 + 1").shows("\n2\n")
        check("\nitem\n" not in t.text(), "nothing ran", t)


def scenario_escape_sequences_in_a_paste_are_left_out():
    with Terminal() as t:
        t.paste('print "\x1b]0;title\x07\x1b[2Jx"').until(lambda: t.current().endswith('x"'), "the text")
        check(t.current() == 'sandbox> print "]0;title[2Jx"', "without control characters", t)


def scenario_paste_without_brackets():
    with Terminal() as t:
        t.type("1 + 1\r1 + 2\r1 + 3\r").until(lambda: t.text().endswith("4\nsandbox>"), "the last value")
        check("\n2\n" in t.text() and "\n3\n" in t.text(), "each ran", t)


def scenario_typing_ahead():
    with Terminal() as t:
        t.run("while true {}").settle().type("1 + 70").settle().key("ctrl-c").shows("interrupted")
        t.key("ctrl-u").run("1 + 1").shows("\n2\n")


def scenario_line_that_starts_with_a_bar_goes_on_from_the_last_value():
    with Terminal() as t:
        t.run("[1, 2, 3]").settle().run("| count").shows("\n3\n").run("_ + 5").shows("\n8\n")


def scenario_error_leaves_the_prompt():
    with Terminal() as t:
        t.run("nothing_of_that_name").shows("nothing_of_that_name`" if IS_PROBE else "error")
        t.run("1 + 1").shows("\n2\n")


def scenario_help_on_a_topic():
    with Terminal() as t:
        t.run("tickets.search?").shows("tickets.search")
        check(t.lines()[1] != "sandbox>" and "error" not in t.text(), "help", t)
        t.run("help nothing_of_that_name").shows("apropos")


def scenario_apropos():
    with Terminal(rows=100) as t:
        t.run("apropos ticket").shows("tickets.search")


def scenario_commands_are_listed():
    with Terminal(rows=40) as t:
        t.run(":help").shows(":save FILE")
        check(":quit" in t.text() and "Ctrl-R" in t.text(), "commands and keys", t)


def scenario_unknown_command():
    with Terminal() as t:
        t.run(":sav!").settle().run(":sxyz").shows("`:help` lists them")
        check("did you mean `:save`?" in t.text(), "the nearest", t)


def scenario_save_and_load():
    with Terminal() as t:
        t.run("let a = 5").run("a + 2").shows("\n7\n").run("nothing_of_that_name").run(":save work.parl").shows("written")
        with open(t.folder + "/work.parl") as file:
            check(file.read() == ("let a = 5\na + 2\n" if IS_PROBE else "let a = 5\nprint(a + 2)\n"), "the statements that worked", t)
        t.run(":load work.parl").until(lambda: t.text().count("\n7") == 2, "the value again")
        t.run(":save work.parl").until(lambda: t.text().count("written") == 2, "its own file again")


def scenario_save_does_not_write_over_a_file():
    with Terminal() as t:
        with open(t.folder + "/mine.parl", "w") as file:
            file.write("keep\n")
        t.run("1 + 1").run(":save mine.parl").shows("is there already")
        with open(t.folder + "/mine.parl") as file:
            check(file.read() == "keep\n", "the file", t)


def scenario_load_of_a_file_that_is_not_there():
    with Terminal() as t:
        t.run(":load nowhere.parl").shows("cannot read nowhere.parl: No such file")


def scenario_time_of_a_statement():
    with Terminal() as t:
        t.run(":time 1 + 1").until(lambda: t.lines()[1] == "2" and t.lines()[2].endswith(" s"), "value and time")


def scenario_edit_in_an_editor():
    with Terminal(EDITOR="sed -i s/1/40/") as t:
        t.run("1 + 2").shows("\n3\n").run(":edit").current_is("sandbox> 40 + 2")
        t.key("enter").shows("\n42\n")


def scenario_clear():
    with Terminal() as t:
        t.run("1 + 1").shows("\n2\n").run(":clear").until(lambda: t.text() == "sandbox>", "an empty screen")


def scenario_long_value_goes_through_the_pager():
    if not IS_PROBE:
        raise Skip("needs a value of known length")
    with Terminal(PAGER="sed s/row/paged/") as t:
        t.run("rows(10)").shows("\nrow 10\nsandbox>")
        t.run("rows(100)").shows("\npaged 100\nsandbox>")


def scenario_less_and_ctrl_c_in_it():
    if not IS_PROBE or not os.path.exists("/usr/bin/less"):
        raise Skip("needs less and a value of known length")
    with Terminal(PAGER="less -X") as t:
        t.run("rows(100)").until(lambda: t.current().startswith(":"), "less")
        t.key("ctrl-c").settle().type("q").until(lambda: t.current() == "sandbox>", "a prompt")
        t.run("1 + 1").shows("\n2\n")


def scenario_no_pager_where_it_does_not_start():
    if not IS_PROBE:
        raise Skip("needs a value of known length")
    with Terminal(PAGER="no-such-pager-here") as t:
        t.run("rows(100)").shows("\nrow 100\nsandbox>")
