"""Runs the scenarios of the files beside it; a scenario is a function that starts with `scenario_`."""

import collections
import concurrent.futures
import importlib
import pathlib
import signal
import sys

from terminal import Skip


def scenarios(words):
    for path in sorted(pathlib.Path(__file__).parent.glob("screens_*.py")):
        for name, function in list(vars(importlib.import_module(path.stem)).items()):
            title = f"{path.stem.removeprefix('screens_')}: {name.removeprefix('scenario_').replace('_', ' ')}"
            if name.startswith("scenario_") and (not words or any(word in title for word in words)):
                yield title, function


def outcome(scenario):
    title, function = scenario
    try:
        function()
    except Skip as reason:
        return "SKIPPED", f"{title}: {reason}"
    except Exception as error:  # the next scenario must run all the same
        return "FAILED", f"{title}\n{type(error).__name__}: {error}"
    return "ok", title


# Under nohup the programs would be deaf to a terminal that goes away.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
counts = collections.Counter()
# Scenarios mostly wait; each has a terminal and a home of its own.
with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
    for state, text in pool.map(outcome, list(scenarios(sys.argv[1:]))):
        counts[state] += 1
        print(f"{state:7} {text}", flush=True)
print(f"{counts['ok']} passed, {counts['FAILED']} failed, {counts['SKIPPED']} skipped")
sys.exit(1 if counts["FAILED"] or not counts else 0)
