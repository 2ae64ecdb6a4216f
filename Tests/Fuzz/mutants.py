"""Mutated scripts: what an editor that crashed, a bad copy or a hostile hand makes of a good one."""

import functools
import random
import re

TOKENS = (
    "( ) [ ] { } , ; : . .. ... -> = == != < <= > >= + - * / % | ?? += -= \" ' \"\"\" \\( # ## @ \n"
    " let var fn if else for while break continue return try catch in not and or it null true false param use"
    " test resource type contains matches starts_with 0 1 -1 1e308 9223372036854775807 9223372036854775808"
    " 1..3 0.5 5m @2026-01-31 map filter count x \ufeff \u200d \u0000 \u202e é 🧑‍🚀"
).split(" ")
BYTES = [0, 1, 9, 10, 13, 0x20, 0x22, 0x27, 0x5C, 0x7B, 0x7D, 0x7F, 0x80, 0xC0, 0xE2, 0xED, 0xEF, 0xF0, 0xFF]


@functools.cache
def scripts(folder):
    # The limits' own scripts are long on purpose; they stand for themselves.
    return [path.read_bytes() for path in sorted(folder.rglob("*.parl")) if path.stat().st_size < 8_000]


def golden(seed, folder):
    return random.Random(seed).choice(scripts(folder))


def make(seed, folder):
    chance = random.Random(seed)
    text = chance.choice(scripts(folder))
    for _ in range(chance.randint(1, 4)):
        text = chance.choice([cut, swapped, noisy, inserted, repeated, crossed])(text, chance, folder)
    return text[:20_000]


def cut(text, chance, folder):
    at = chance.randint(0, len(text))
    return text[:at] if chance.random() < 0.7 else text[at:]


def pieces(text):
    return re.findall(rb"\w+|\s+|[^\w\s]+", text)


def swapped(text, chance, folder):
    parts = pieces(text)
    if len(parts) > 1:
        a, b = chance.randrange(len(parts)), chance.randrange(len(parts))
        parts[a], parts[b] = parts[b], parts[a]
    return b"".join(parts)


def noisy(text, chance, folder):
    out = bytearray(text)
    for _ in range(chance.randint(1, 4)):
        if out:
            out[chance.randrange(len(out))] = chance.choice(BYTES) if chance.random() < 0.7 else chance.randrange(256)
    return bytes(out)


def inserted(text, chance, folder):
    parts = pieces(text)
    for _ in range(chance.randint(1, 3)):
        token = chance.choice(TOKENS).encode()
        at = chance.randint(0, len(parts))
        if chance.random() < 0.5 and parts:
            parts[min(at, len(parts) - 1)] = token
        else:
            parts.insert(at, b" " + token + b" ")
    return b"".join(parts)


def repeated(text, chance, folder):
    """A part many times over: nesting, long chains."""
    parts = pieces(text)
    if not parts:
        return text
    start = chance.randrange(len(parts))
    end = min(len(parts), start + chance.randint(1, 6))
    return b"".join(parts[:start]) + b"".join(parts[start:end]) * chance.choice([2, 3, 20, 300]) + b"".join(parts[end:])


def crossed(text, chance, folder):
    other = chance.choice(scripts(folder))
    return text[: chance.randint(0, len(text))] + other[chance.randint(0, len(other)):]
