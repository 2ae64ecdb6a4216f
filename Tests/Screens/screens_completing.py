"""Tab: one candidate, many, fields in a block, lists, files, commands."""

from terminal import IS_PROBE, Terminal, check


def scenario_one_candidate_is_inserted():
    with Terminal() as t:
        t.type("contac").key("tab").current_is("sandbox> contacts")
        t.type(" | cou").key("tab").current_is("sandbox> contacts | count")
        t.key("enter").shows("\n2000\n" if IS_PROBE else "2")


def scenario_common_prefix_is_inserted():
    with Terminal() as t:
        t.type("tickets.s").key("tab").until(lambda: t.current().startswith("sandbox> tickets.search"), "the operation")


def scenario_field_in_a_block():
    with Terminal() as t:
        t.type("contacts | filter { .em").key("tab").current_is("sandbox> contacts | filter { .email")


def scenario_completion_in_the_middle_of_a_line():
    with Terminal() as t:
        t.type("contac | count").key(*["left"] * 8).key("tab").current_is("sandbox> contacts | count")
        check(t.cursor() == (0, 17), "the cursor follows the word", t)


def scenario_second_tab_lists_with_a_line_of_help():
    with Terminal() as t:
        t.type("con").current_is("sandbox> con").key("tab").settle()
        check(t.text() == "sandbox> con", "the first Tab only waits", t)
        t.key("tab").until(lambda: t.current() == "sandbox> con" and t.cursor()[0] > 0, "a list above")
        names = [line.split()[0] for line in t.lines() if line.startswith("  ")]
        check("contacts" in names and "conversations" in names, "both names", t)
        first = next(line for line in t.lines() if line.strip().startswith("contacts"))
        check(len(first.split()) > 3, "what it is for", t)


def scenario_third_tab_lists_again_without_harm():
    with Terminal() as t:
        t.type("con").current_is("sandbox> con").key("tab", "tab", "tab").shows("conversations").current_is("sandbox> con")
        t.type("versations").current_is("sandbox> conversations")


def scenario_nothing_to_complete():
    with Terminal() as t:
        t.type("zzzqq").key("tab", "tab").settle()
        check(t.text() == "sandbox> zzzqq", "nothing happens", t)


def scenario_completion_in_a_further_line():
    with Terminal() as t:
        t.run("contacts |").shows("...").type("cou").key("tab").current_is("     ... count")


def scenario_command_names():
    with Terminal() as t:
        t.type(":sa").key("tab").type("x").current_is("sandbox> :save x")


def scenario_file_names():
    with Terminal() as t:
        with open(t.folder + "/statements.parl", "w") as file:
            file.write("1 + 40\n")
        t.type(":load stat").key("tab").current_is("sandbox> :load statements.parl")
        t.key("enter").shows("\n41\n")


def scenario_list_longer_than_the_screen_says_how_many_more():
    with Terminal(rows=6) as t:
        t.type(":").key("tab", "tab").shows("more")
        check(t.current() == "sandbox> :", "the line is at hand", t)
