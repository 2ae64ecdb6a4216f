"""JSON texts, sound and damaged, and whether each is one: said by Python's own reader."""

import json
import math
import random
import sys

sys.set_int_max_str_digits(0)
SCALARS = [
    "0", "-0", "1", "-1", "12", "0.5", "-0.0", "1e5", "1E+2", "1e-400", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "123456789012345678901234567890", "0.1", "1.7976931348623157e308", "5e-324", "true",
    "false", "null", '""', '"a"', '"\\n\\u0041\\ud83d\\ude00"', '"é日🙂"', '"\\ud800"', '"a\tb"', '"\\\\\\""',
    '"' + "x" * 50 + '"',
]
BROKEN = ["01", "1.", ".5", "+1", "1e", "-", "nul", "True", "NaN", "Infinity", "1e400", '"', '"\\x"', "'a'", ",", "]", "\ufeff"]
KEYS = ["id", "name", "email", "a", "b", "tags", "data", "x" * 20, "é", "a\\nb", "\\u0061", "", '\\"']
SPACE = ["", "", "", " ", "\n", "\t", "\r\n", "  ", "          "]
BYTES = b'[]{}:,"\\/\x00\x01\t\n\r -+.0123456789eEtrufalsn\x7f\x80\xbf\xc0\xc3\xe2\xed\xef\xf0\xf4\xff'


def value(chance, depth):
    space = lambda: chance.choice(SPACE)  # noqa: E731
    kind = chance.random()
    if depth == 0 or kind < 0.4:
        return space() + chance.choice(SCALARS) + space()
    if kind < 0.45:
        deep = chance.choice([3, 50, 300])
        return "[" * deep + value(chance, 0) + "]" * deep
    if kind < 0.7:
        return space() + "[" + ",".join(value(chance, depth - 1) for _ in range(chance.randint(0, 6))) + space() + "]"
    keys = [chance.choice(KEYS) for _ in range(chance.randint(0, 6))]
    if kind > 0.97:
        depth = 1  # 300 within 300 within 300 would be 100 MB
        keys = [f"key{n}" for n in range(chance.choice([17, 65, 300]))]
    one = lambda: "{" + ",".join(  # noqa: E731
        f'{space()}"{key}"{space()}:{value(chance, depth - 1)}' for key in keys) + space() + "}"
    if kind > 0.85:
        # Records alike, as servers send them: what the reader guesses.
        return "[" + ",".join(one() for _ in range(chance.randint(1, 5))) + "]"
    return space() + one()


def make(seed):
    chance = random.Random(seed)
    text = bytearray(value(chance, chance.randint(0, 4)).encode())
    for _ in range(chance.choice([0, 0, 1, 1, 2, 5])):
        at = chance.randrange(len(text) + 1)
        kind = chance.random()
        if kind < 0.3:
            text[at:at + chance.randint(0, 3)] = b""
        elif kind < 0.6:
            text[at:at] = bytes([chance.choice(BYTES)])
        elif kind < 0.8:
            text[at:at + 1] = bytes([chance.choice(BYTES)])
        elif kind < 0.9:
            text[at:at] = chance.choice(BROKEN + SCALARS).encode("utf-8", "surrogatepass")
        else:
            del text[at:]
    return bytes(text)


def refuse(_):
    raise ValueError


def finite(text):
    number = float(text)
    if math.isinf(number):
        raise ValueError
    return number


def whole(text):
    finite(text)
    return int(text)


DECODER = json.JSONDecoder(strict=False, parse_constant=refuse, parse_float=finite, parse_int=whole)


def is_json(text):
    """Whether Parlance takes it: RFC 8259 and raw control bytes, without numbers that no double holds."""
    try:
        decoded = text.decode()
        if decoded.startswith("\ufeff"):
            return False
        rest = decoded.lstrip(" \t\r\n")
        _, end = DECODER.raw_decode(rest)
        return not rest[end:].strip(" \t\r\n")
    except (ValueError, OverflowError):
        return False
