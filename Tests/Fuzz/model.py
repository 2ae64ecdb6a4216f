"""A reference evaluator: Parlance's meaning in the plainest way, with values that cannot change."""

import math
import re
import struct

INT_MIN, INT_MAX = -(1 << 63), (1 << 63) - 1


class Failure(Exception):
    """A script's error; `code` is what `e.code` says."""

    def __init__(self, code="error"):
        super().__init__(code)
        self.code = code


class TooMuch(Exception):
    """The program does more than a test should; the generator throws it away."""


class Break(Exception):
    pass


class Continue(Exception):
    pass


class Return(Exception):
    def __init__(self, value):
        self.value = value


class Record:
    """Keys in their order; never changed once made."""

    __slots__ = ("entries",)

    def __init__(self, entries):
        self.entries = entries

    def setting(self, key, value):
        return Record({**self.entries, key: value})


class Range:
    __slots__ = ("low", "high")

    def __init__(self, low, high):
        self.low, self.high = low, high

    def __iter__(self):
        return iter(range(self.low, self.high + 1))

    def __len__(self):
        return max(0, self.high - self.low + 1)


class Lazy:
    """A sequence: `open` gives a fresh iterator."""

    __slots__ = ("open",)

    def __init__(self, open):
        self.open = open


class Function:
    __slots__ = ("call",)

    def __init__(self, call):
        self.call = call


def is_number(value):
    return type(value) in (int, float)


def equal(a, b):
    if is_number(a) and is_number(b):
        return a == b
    if type(a) is not type(b):
        return False
    if type(a) is tuple:
        return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b))
    if type(a) is Record:
        return a.entries.keys() == b.entries.keys() and all(
            equal(value, b.entries[key]) for key, value in a.entries.items())
    if type(a) is Range:
        return (a.low, a.high) == (b.low, b.high)
    if type(a) in (Function, Lazy):
        return a is b
    return a == b


def order(a, b):
    """-1, 0, 1; None with null."""
    if a is None or b is None:
        return None
    if (is_number(a) and is_number(b)) or (type(a) is str and type(b) is str):
        return (a > b) - (a < b)
    raise Failure()


def truth(value):
    if value is None:
        return False
    if type(value) is bool:
        return value
    raise Failure()


def integer(value):
    if not INT_MIN <= value <= INT_MAX:
        raise Failure("overflow")
    return value


def real(value):
    if not math.isfinite(value):
        raise Failure("overflow")
    return value


def size_limited(value):
    if len(value) > 20_000:
        raise TooMuch()
    return value


def arithmetic(op, a, b):
    if op == "+":
        if type(a) is str and type(b) is str:
            return size_limited(a + b)
        if type(a) is tuple and type(b) is tuple:
            return size_limited(a + b)
    if not (is_number(a) and is_number(b)):
        raise Failure()
    if op == "/":
        if b == 0:
            raise Failure("division")
        return real(float(a) / float(b))
    if type(a) is int and type(b) is int:
        if op == "+":
            return integer(a + b)
        if op == "-":
            return integer(a - b)
        if op == "*":
            return integer(a * b)
        if b == 0:
            raise Failure("division")
        return a % b
    a, b = float(a), float(b)
    try:
        if op == "+":
            return real(a + b)
        if op == "-":
            return real(a - b)
        if op == "*":
            return real(a * b)
    except OverflowError:
        raise Failure("overflow") from None
    if b == 0:
        raise Failure("division")
    rest = math.fmod(a, b)
    return real(rest + b if rest != 0 and (rest < 0) != (b < 0) else rest)


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def number_text(value):
    if type(value) is int:
        return str(value)
    text = repr(value)
    # Beyond 2^53 with an exponent.
    if 2**53 < abs(value) < 1e16:
        digits = str(abs(int(value)))
        text = f"{'-' if value < 0 else ''}{digits[0]}.{digits[1:].rstrip('0') or '0'}e15"
    # Python writes `1e+16` and `1e-07`.
    return re.sub(r"e(-?)\+?0*", r"e\1", text)


def line(value):
    if value is None:
        return "null"
    if type(value) is bool:
        return "true" if value else "false"
    if is_number(value):
        return number_text(value)
    if type(value) is str:
        return quoted(value)
    if type(value) is tuple:
        return "[" + ", ".join(line(item) for item in value) + "]"
    if type(value) is Record:
        return "{" + ", ".join(f"{key}: {line(item)}" for key, item in value.entries.items()) + "}"
    if type(value) is Range:
        return f"{value.low}..{value.high}"
    raise TooMuch()


def block(value, depth, taken):
    """`taken`: columns of the line that are taken already."""
    text = line(value)
    if type(value) not in (tuple, Record) or len(text) + taken <= 80:
        return text
    indent = "  " * (depth + 1)
    if type(value) is tuple:
        lines = [f"{indent}{block(item, depth + 1, len(indent) + 1)},\n" for item in value]
        return "[\n" + "".join(lines) + "  " * depth + "]"
    lines = [
        f"{indent}{key}: {block(item, depth + 1, len(indent) + len(key) + 3)},\n"
        for key, item in value.entries.items()]
    return "{\n" + "".join(lines) + "  " * depth + "}"


def text(value):
    return value if type(value) is str else block(value, 0, 0)


def clip(bounds, count):
    low = max(0, bounds.low + count if bounds.low < 0 else bounds.low)
    high = min(count - 1, bounds.high + count if bounds.high < 0 else bounds.high)
    return (low, high + 1) if low <= high else (0, 0)


def index(value, key):
    if value is None:
        return None
    if type(value) is tuple and type(key) is int:
        at = key + len(value) if key < 0 else key
        if not 0 <= at < len(value):
            raise Failure("no_item")
        return value[at]
    if type(value) is Record and type(key) is str:
        return value.entries.get(key)
    if type(value) is tuple and type(key) is Range:
        low, high = clip(key, len(value))
        return value[low:high]
    if type(value) is str and type(key) is Range:
        low, high = clip(key, len(value))
        return value[low:high]
    if type(value) is Range and type(key) is int:
        at = value.high + key + 1 if key < 0 else value.low + key
        if not value.low <= at <= value.high:
            raise Failure("no_item")
        return at
    raise Failure()


def field(value, name):
    if value is None:
        return None
    if type(value) is not Record:
        raise Failure("no_field")
    if name not in value.entries:
        raise Failure("no_field")
    return value.entries[name]


def set_index(value, key, item):
    if type(value) is tuple and type(key) is int:
        at = key + len(value) if key < 0 else key
        if not 0 <= at < len(value):
            raise Failure("no_item")
        return value[:at] + (item,) + value[at + 1:]
    if type(value) is Record and type(key) is str:
        return value.setting(key, item)
    raise Failure()


def set_field(value, name, item):
    if type(value) is not Record:
        raise Failure()
    return value.setting(name, item)


def items(value):
    """What a `for` goes through."""
    if type(value) is tuple or type(value) is Range:
        return iter(value)
    if type(value) is Lazy:
        return value.open()
    raise Failure()


def is_lazy(value):
    if type(value) in (Range, Lazy):
        return True
    if type(value) is tuple:
        return False
    raise Failure()


class Scope:
    __slots__ = ("names", "parent")

    def __init__(self, parent=None):
        self.names, self.parent = {}, parent

    def find(self, name):
        scope = self
        while name not in scope.names:
            scope = scope.parent
        return scope

    def get(self, name):
        return self.find(name).names[name]


class Evaluator:
    """Runs the generator's trees. What it prints is in `output`."""

    def __init__(self, steps=40_000):
        self.output = []
        self.steps = steps
        self.depth = 0

    def run(self, body):
        """The code of the error that ended the program, or None."""
        scope = Scope()
        try:
            for statement in body:
                if statement[0] == "fn":
                    self.declare(statement, scope)
            for statement in body:
                if statement[0] != "fn":
                    self.statement(statement, scope)
        except Failure as failure:
            return failure.code
        return None

    def tick(self):
        self.steps -= 1
        if self.steps < 0:
            raise TooMuch()

    # Statements

    def body(self, statements, scope, name=None, value=None):
        """The value of the last expression."""
        inner = Scope(scope)
        if name is not None:
            inner.names[name] = value
        result = None
        for statement in statements:
            result = self.statement(statement, inner)
        return result

    def statement(self, statement, scope):
        self.tick()
        return getattr(self, "do_" + statement[0])(statement, scope)

    def do_let(self, statement, scope):
        scope.names[statement[2]] = self.value(statement[3], scope)

    def do_fn(self, statement, scope):
        self.declare(statement, scope)

    def declare(self, statement, scope):
        _, name, parameters, body = statement

        def call(arguments):
            """`arguments`: by parameter name."""
            self.depth += 1
            if self.depth > 60:
                raise TooMuch()
            inner = Scope(scope)
            for parameter, default in parameters:
                if parameter in arguments:
                    inner.names[parameter] = arguments[parameter]
                else:
                    inner.names[parameter] = self.value(default, inner)
            try:
                return self.body(body, inner)
            except Return as returned:
                return returned.value
            finally:
                self.depth -= 1

        scope.names[name] = call

    def do_for(self, statement, scope):
        _, name, source, body = statement
        for item in items(self.value(source, scope)):
            self.tick()
            try:
                self.body(body, scope, name, item)
            except Break:
                break
            except Continue:
                continue

    def do_while(self, statement, scope):
        _, condition, body = statement
        while truth(self.value(condition, scope)):
            self.tick()
            try:
                self.body(body, scope)
            except Break:
                break
            except Continue:
                continue

    def do_return(self, statement, scope):
        raise Return(None if statement[1] is None else self.value(statement[1], scope))

    def do_break(self, statement, scope):
        raise Break()

    def do_continue(self, statement, scope):
        raise Continue()

    def do_expression(self, statement, scope):
        return self.value(statement[1], scope)

    def do_print(self, statement, scope):
        self.output.append(" ".join([text(self.value(argument, scope)) for argument in statement[1]]))
        size_limited(self.output)

    def do_assign(self, statement, scope):
        _, name, steps, op, expression = statement
        keys = [self.value(step[1], scope) if step[0] == "index" else step[1] for step in steps]
        home = scope.find(name)
        if not steps:
            if op == "=":
                value = self.value(expression, scope)
            else:
                # The right side first: it may change the variable itself.
                right = self.value(expression, scope)
                value = arithmetic(op[0], home.names[name], right)
            home.names[name] = value
            return

        def down(value, place):
            kind, key = steps[place][0], keys[place]
            if place == len(steps) - 1:
                if op == "=":
                    new = assigned
                else:
                    old = index(value, key) if kind == "index" else field(value, key)
                    new = arithmetic(op[0], old, assigned)
            else:
                new = down(index(value, key) if kind == "index" else field(value, key), place + 1)
            return set_index(value, key, new) if kind == "index" else set_field(value, key, new)

        # The right side before the way down: what it changes is there when the path is walked.
        assigned = self.value(expression, scope)
        home.names[name] = down(home.names[name], 0)

    # Expressions

    def value(self, tree, scope):
        self.tick()
        return getattr(self, "on_" + tree[0])(tree, scope)

    def on_literal(self, tree, scope):
        return tree[1]

    def on_name(self, tree, scope):
        return scope.get(tree[1])

    def on_list(self, tree, scope):
        return tuple([self.value(item, scope) for item in tree[1]])

    def on_record(self, tree, scope):
        entries = {}
        for key, item in tree[1]:
            value = self.value(item, scope)
            if key is None:
                if value is None:
                    continue
                if type(value) is not Record:
                    raise Failure()
                entries.update(value.entries)
            else:
                entries[key] = value
        return Record(entries)

    def on_arithmetic(self, tree, scope):
        left = self.value(tree[2], scope)
        return arithmetic(tree[1], left, self.value(tree[3], scope))

    def on_negate(self, tree, scope):
        value = self.value(tree[1], scope)
        if not is_number(value):
            raise Failure()
        return integer(-value) if type(value) is int else -value

    def on_compare(self, tree, scope):
        op = tree[1]
        left = self.value(tree[2], scope)
        right = self.value(tree[3], scope)
        if op == "==":
            return equal(left, right)
        if op == "!=":
            return not equal(left, right)
        sign = order(left, right)
        if sign is None:
            return False
        return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[op]

    def on_in(self, tree, scope):
        left = self.value(tree[1], scope)
        right = self.value(tree[2], scope)
        if right is None:
            return False
        if type(right) is tuple:
            return any(equal(left, item) for item in right)
        if type(right) is Range:
            return is_number(left) and left == int(left) and right.low <= left <= right.high
        if type(right) is Record:
            return type(left) is str and left in right.entries
        raise Failure()

    def on_and(self, tree, scope):
        return truth(self.value(tree[1], scope)) and truth(self.value(tree[2], scope))

    def on_or(self, tree, scope):
        return truth(self.value(tree[1], scope)) or truth(self.value(tree[2], scope))

    def on_not(self, tree, scope):
        return not truth(self.value(tree[1], scope))

    def on_coalesce(self, tree, scope):
        value = self.value(tree[1], scope)
        return self.value(tree[2], scope) if value is None else value

    def on_if(self, tree, scope):
        for condition, body in tree[1]:
            if condition is None or truth(self.value(condition, scope)):
                return self.body(body, scope)
        return None

    def on_try(self, tree, scope):
        depth = self.depth
        try:
            return self.body(tree[1], scope)
        except Failure as failure:
            self.depth = depth
            return self.body(tree[3], scope, tree[2], Record({"code": failure.code}))

    def on_index(self, tree, scope):
        value = self.value(tree[1], scope)
        return index(value, self.value(tree[2], scope))

    def on_field(self, tree, scope):
        return field(self.value(tree[1], scope), tree[2])

    def on_range(self, tree, scope):
        low = self.value(tree[1], scope)
        high = self.value(tree[2], scope)
        if type(low) is not int or type(high) is not int:
            raise Failure()
        return Range(low, high)

    def on_interpolate(self, tree, scope):
        parts = [part if type(part) is str else self.value(part, scope) for part in tree[1]]
        if any(part is None for part in parts):
            raise Failure()
        return size_limited("".join(text(part) for part in parts))

    def on_block(self, tree, scope):
        _, names, body = tree

        def call(*arguments):
            inner = Scope(scope)
            for name, argument in zip(names, arguments):
                inner.names[name] = argument
            try:
                return self.body(body, inner)
            except Return as returned:
                return returned.value

        return call

    def on_call(self, tree, scope):
        _, name, positional, named, parameters = tree
        function = scope.get(name)
        arguments = {}
        given = [*zip(parameters, positional), *named]
        # In the order of the parameters.
        for parameter, argument in sorted(given, key=lambda pair: parameters.index(pair[0])):
            arguments[parameter] = self.value(argument, scope)
        return function(arguments)

    def on_stage(self, tree, scope):
        _, source, stage, arguments, closure = tree
        value = self.value(source, scope)
        arguments = [self.value(argument, scope) for argument in arguments]
        call = self.on_block(closure, scope) if closure else None
        return getattr(self, "stage_" + stage)(value, *arguments, *([call] if call else []))

    def lazily(self, value, make):
        """At once over a list, later over anything else."""
        if is_lazy(value):
            return Lazy(lambda: make(items(value)))
        return size_limited(tuple(make(iter(value))))

    def stage_map(self, value, f):
        return self.lazily(value, lambda source: (f(item) for item in source))

    def stage_filter(self, value, f):
        return self.lazily(value, lambda source: (item for item in source if truth(f(item))))

    def stage_flat_map(self, value, f):
        return self.lazily(value, lambda source: (inner for item in source for inner in items(f(item))))

    def stage_take(self, value, count):
        def taking(source):
            for _ in range(count):
                try:
                    item = next(source)
                except StopIteration:
                    return
                yield item

        return self.lazily(value, taking)

    def stage_drop(self, value, count):
        def dropping(source):
            for _ in range(count):
                try:
                    next(source)
                except StopIteration:
                    return
            yield from source

        return self.lazily(value, dropping)

    def stage_take_while(self, value, f):
        def taking(source):
            for item in source:
                if not truth(f(item)):
                    return
                yield item

        return self.lazily(value, taking)

    def stage_chunk(self, value, count):
        def chunks(source):
            part = []
            for item in source:
                part.append(item)
                if len(part) == count:
                    yield tuple(part)
                    part = []
            if part:
                yield tuple(part)

        return self.lazily(value, chunks)

    def stage_zip(self, value, other):
        def pairs(source):
            others = items(other)
            for item in source:
                try:
                    yield (item, next(others))
                except StopIteration:
                    return

        if is_lazy(value) or is_lazy(other):
            return Lazy(lambda: pairs(items(value)))
        return tuple(pairs(iter(value)))

    def stage_enumerate(self, value):
        return self.lazily(
            value, lambda source: (Record({"index": n, "item": item}) for n, item in enumerate(source)))

    def stage_collect(self, value):
        if type(value) is tuple:
            return value
        return tuple(self.counted(items(value)))

    def counted(self, source):
        for item in source:
            self.tick()
            yield item

    def stage_first(self, value):
        for item in items(value):
            return item
        return None

    def stage_last(self, value):
        result = None
        for item in self.counted(items(value)):
            result = item
        return result

    def stage_count(self, value):
        return sum(1 for _ in self.counted(items(value)))

    def stage_sum(self, value, f=None):
        total = None
        for item in self.counted(items(value)):
            item = f(item) if f else item
            if item is not None:
                total = item if total is None else arithmetic("+", total, item)
        return 0 if total is None else total

    def stage_any(self, value, f):
        return any(truth(f(item)) for item in items(value))

    def stage_all(self, value, f):
        return all(truth(f(item)) for item in items(value))

    def stage_find(self, value, f):
        for item in items(value):
            if truth(f(item)):
                return item
        return None

    def stage_reduce(self, value, start, f):
        total = start
        for item in self.counted(items(value)):
            total = f(total, item)
        return total

    def stage_sort_by(self, value, f):
        things = [(f(item), item) for item in self.counted(items(value))]
        nulls = [item for key, item in things if key is None]
        rest = [(key, item) for key, item in things if key is not None]
        if any(type(key) not in (int, float, str) for key, _ in rest) and len(rest) > 1:
            raise TooMuch()
        if len({type(key) is str for key, _ in rest}) > 1:
            raise Failure()
        return tuple([item for _, item in sorted(rest, key=lambda pair: pair[0])] + nulls)

    def stage_reverse(self, value):
        return tuple(reversed(self.stage_collect(value)))

    def groups(self, value, f):
        keys, groups = [], []
        for item in self.counted(items(value)):
            key = f(item)
            for place, known in enumerate(keys):
                if equal(known, key):
                    groups[place].append(item)
                    break
            else:
                keys.append(key)
                groups.append([item])
        return keys, groups

    def stage_group_by(self, value, f):
        return tuple(Record({"key": key, "items": tuple(group)}) for key, group in zip(*self.groups(value, f)))

    def stage_count_by(self, value, f):
        pairs = sorted(zip(*self.groups(value, f)), key=lambda pair: -len(pair[1]))
        return tuple(Record({"key": key, "count": len(group)}) for key, group in pairs)

    def stage_unique(self, value, f=None):
        def fresh(source):
            seen = []
            for item in source:
                key = f(item) if f else item
                if not any(equal(key, known) for known in seen):
                    seen.append(key)
                    yield item

        return self.lazily(value, fresh)

    def stage_join(self, value, with_):
        value = self.stage_collect(value)
        if any(item is None for item in value):
            raise Failure()
        return size_limited(with_.join(text(item) for item in value))
