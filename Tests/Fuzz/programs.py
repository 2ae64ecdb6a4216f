"""Random well-formed programs: trees for the reference evaluator (model.py) and their text."""

import random

# Types: "int", "float", "string", "bool", ("list", T), ("record", ((key, T), …)).
SCALARS = ["int", "int", "float", "string", "bool"]
KEYS = ["a", "b", "c", "name", "if", "items", "x1"]
STRINGS = ["", "a", "b", "héllo", "x y", 'q"q', "back\\slash", "long text that goes on for a while"]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = 0
        self.scopes = [[]]  # entries: [name, type, is_variable, depth of function]
        self.depth = 0  # of functions and blocks
        self.functions = []  # (name, parameters [(name, type, has default)], result)
        self.loops = 0
        self.budget = 120
        self.returns = None

    # Helpers

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, things):
        return self.random.choice(things)

    def name(self, prefix="v"):
        self.names += 1
        return f"{prefix}{self.names}"

    def type(self, depth=2):
        if depth == 0 or self.chance(0.45):
            return self.pick(SCALARS)
        if self.chance(0.55):
            return ("list", self.type(depth - 1))
        keys = self.random.sample(KEYS, self.random.randint(1, 3))
        return ("record", tuple((key, self.type(depth - 1)) for key in keys))

    def visible(self, wanted=None, variables=None):
        """Bindings in sight: a `var` of the code around a block or function is not."""
        seen, found = set(), []
        for scope in reversed(self.scopes):
            for entry in reversed(scope):
                if entry[0] in seen:
                    continue
                seen.add(entry[0])
                if entry[2] and entry[3] != self.depth:
                    continue
                if variables is not None and entry[2] != variables:
                    continue
                if entry[1] == wanted or wanted is None and entry[1][0] != "function":
                    found.append(entry)
        return found

    def bind(self, name, type, is_variable):
        self.scopes[-1].append([name, type, is_variable, self.depth])

    # Programs

    def program(self):
        body = []
        for _ in range(self.random.randint(1, 3)):
            body.append(self.binding())
        for _ in range(self.random.randint(0, 3)):
            body.append(self.function())
        body += self.statements(self.random.randint(4, 12), 3)
        for entry in self.visible():
            body.append(("print", [("name", entry[0])]))
        return body

    def statements(self, count, depth):
        out = []
        for _ in range(count):
            if self.budget <= 0:
                break
            self.budget -= 1
            out.append(self.statement(depth))
        return out

    def body(self, count, depth):
        self.scopes.append([])
        out = self.statements(count, depth)
        self.scopes.pop()
        return out

    def statement(self, depth):
        choice = self.random.random()
        if choice < 0.18:
            return self.binding()
        if choice < 0.52 and self.visible(variables=True):
            return self.assignment()
        if choice < 0.60:
            return ("print", [self.expression(self.type(), 2) for _ in range(self.random.randint(1, 2))])
        if depth <= 0:
            return self.assignment() if self.visible(variables=True) else self.binding()
        if choice < 0.70:
            return ("expression", self.if_(None, depth))
        if choice < 0.82:
            return self.for_(depth)
        if choice < 0.87:
            return self.while_(depth)
        if choice < 0.91:
            return ("expression", self.try_(None, depth))
        if choice < 0.94 and self.loops:
            return ("expression", ("if", [(self.expression("bool", 1), [(self.pick(["break", "continue"]),)])]))
        if choice < 0.96 and self.returns is not None:
            return ("expression", ("if", [(self.expression("bool", 1), [("return", self.expression(self.returns, 1))])]))
        if choice < 0.98 and self.depth < 3:
            return self.function()
        return ("expression", self.expression(self.type(), 2))

    def binding(self):
        type = self.type()
        if self.chance(0.35) and self.visible():
            type = self.pick(self.visible())[1]
            if type[0] == "error":
                type = "string"
        value = self.expression(type, 3)
        is_variable = self.chance(0.65)
        # Hiding an outer name is allowed; the same name twice in a scope is not.
        outer = [entry for scope in self.scopes[1:-1] for entry in scope]
        here = {entry[0] for entry in self.scopes[-1]}
        if outer and self.chance(0.12) and len(self.scopes) > 2:
            name = self.pick(outer)[0]
            if name in here or name in self.used_here():
                name = self.name()
        else:
            name = self.name()
        self.bind(name, type, is_variable)
        return ("let", is_variable, name, value)

    def used_here(self):
        return {name for name, *_ in self.functions}

    def place(self, type, limit=3):
        """Steps from a value of this type to a part of it, and the part's type."""
        steps = []
        while len(steps) < limit and not isinstance(type, str) and self.chance(0.7):
            if type[0] == "list":
                steps.append(("index", ("literal", self.pick([0, 0, 0, 1, -1, 2]))))
                type = type[1]
            else:
                key, type = self.pick(type[1])
                if self.chance(0.25):
                    steps.append(("index", ("literal", key)))
                else:
                    steps.append(("field", key))
        return steps, type

    def assignment(self):
        entry = self.pick(self.visible(variables=True))
        steps, type = self.place(entry[1])
        if type in ("int", "float", "string") or type[0] == "list":
            op = self.pick(["=", "+=", "+="] + (["-="] if type in ("int", "float") else []))
        else:
            op = "="
        if not isinstance(type, str) and type[0] == "list" and op == "+=" and self.chance(0.6):
            value = ("list", [self.expression(type[1], 2)])
        else:
            value = self.expression(type, 2)
        return ("assign", entry[0], steps, op, value)

    def for_(self, depth):
        type = self.type(1)
        source = self.iterable(type, 2)
        self.scopes.append([])
        name = self.name("i")
        self.bind(name, type, False)
        self.loops += 1
        body = self.body(self.random.randint(1, 4), depth - 1)
        self.loops -= 1
        self.scopes.pop()
        return ("for", name, source, body)

    def while_(self, depth):
        """Counted down by a variable of its own, so that it ends."""
        name = self.name("w")
        self.scopes.append([])
        self.loops += 1
        body = self.body(self.random.randint(1, 3), depth - 1)
        self.loops -= 1
        self.scopes.pop()
        return ("expression", ("if", [(("literal", True), [
            ("let", True, name, ("literal", self.random.randint(1, 5))),
            ("while", ("compare", ">", ("name", name), ("literal", 0)),
             [("assign", name, [], "-=", ("literal", 1))] + body),
        ])]))

    def if_(self, type, depth):
        """With a type it is a value: every branch ends in one."""
        branches = [(self.condition(), self.branch(type, depth))]
        while self.chance(0.3):
            branches.append((self.condition(), self.branch(type, depth)))
        if type is not None or self.chance(0.5):
            branches.append((None, self.branch(type, depth)))
        return ("if", branches)

    def condition(self):
        if self.chance(0.1):
            return ("literal", self.chance(0.5))
        return self.expression("bool", 2)

    def branch(self, type, depth):
        self.scopes.append([])
        body = self.statements(self.random.randint(0 if type else 1, 2), depth - 1)
        if type is not None:
            body.append(("expression", self.expression(type, 1)))
        self.scopes.pop()
        return body

    def try_(self, type, depth):
        body = self.branch(type, depth)
        name = self.name("e")
        self.scopes.append([])
        # A record of more than the evaluator knows: only its code is used.
        self.bind(name, ("error", (("code", "string"),)), False)
        handler = self.branch(type, depth)
        self.scopes.pop()
        return ("try", body, name, handler)

    def function(self):
        name = self.name("f")
        result = self.type()
        parameters, described = [], []
        self.depth += 1
        outer_loops, self.loops = self.loops, 0
        outer_returns, self.returns = self.returns, result
        self.scopes.append([])
        for number in range(self.random.randint(0, 4)):
            type = self.type()
            default = None
            if described and described[-1][2] or self.chance(0.3):
                default = self.expression(type, 1)
            parameter = self.name("p")
            self.bind(parameter, type, False)
            parameters.append((parameter, default))
            described.append((parameter, type, default is not None))
        body = self.body(self.random.randint(0, 4), 2)
        self.scopes.append([])
        body = body + [("expression", self.expression(result, 2))]
        self.scopes.pop()
        self.scopes.pop()
        self.depth -= 1
        self.loops, self.returns = outer_loops, outer_returns
        self.functions.append((name, described, result, len(self.scopes), self.depth))
        self.scopes[-1].append([name, ("function",), False, self.depth])
        return ("fn", name, parameters, body)

    # Expressions

    def expression(self, type, depth):
        if self.budget <= 0:
            depth = min(depth, 0)
        self.budget -= 1
        options = []
        if self.visible(type):
            options += ["name"] * 4
        options += ["literal"] * (2 if isinstance(type, str) else 3)
        if depth > 0:
            options += ["part", "part", "if", "call", "call", "stage", "coalesce"]
            if self.chance(0.3):
                options += ["try"]
            if isinstance(type, str):
                options += {"int": ["arithmetic"] * 4, "float": ["arithmetic"] * 3,
                            "string": ["arithmetic", "interpolate"], "bool": ["compare"] * 5}[type]
            elif type[0] == "list":
                options += ["concatenate", "slice", "list-stage", "list-stage"]
            else:
                options += ["spread"]
        for _ in range(4):
            made = getattr(self, "make_" + self.pick(options).replace("-", "_"))(type, depth - 1)
            if made is not None:
                return made
        return self.make_literal(type, 0)

    def make_name(self, type, depth):
        return ("name", self.pick(self.visible(type))[0])

    def make_literal(self, type, depth):
        if type == "int":
            if self.chance(0.03):
                return ("literal", self.pick([(1 << 63) - 1, -(1 << 63) + 1, 1 << 53, (1 << 53) + 1]))
            return ("literal", self.random.randint(-3, 12))
        if type == "float":
            return ("literal", self.pick([0.0, 0.5, 1.0, 2.5, -1.25, 1e9, 0.1, 3.0]))
        if type == "string":
            return ("literal", self.pick(STRINGS))
        if type == "bool":
            return ("literal", self.chance(0.5))
        if type[0] == "list":
            return ("list", [self.expression(type[1], depth - 1) for _ in range(self.random.randint(0, 3))])
        if type[0] == "record":
            return ("record", [(key, self.expression(part, depth - 1)) for key, part in type[1]])
        return None

    def make_part(self, type, depth):
        """A part of a variable that is made of more."""
        for entry in self.random.sample(self.visible(), min(4, len(self.visible()))):
            path, part = self.place(entry[1])
            if path and part == type:
                tree = ("name", entry[0])
                for kind, key in path:
                    tree = ("index", tree, key) if kind == "index" else ("field", tree, key)
                return tree
        return None

    def make_if(self, type, depth):
        return self.if_(type, min(depth, 1))

    def make_try(self, type, depth):
        return self.try_(type, min(depth, 1))

    def make_coalesce(self, type, depth):
        left = ("literal", None) if self.chance(0.3) else self.expression(type, depth)
        return ("coalesce", left, self.expression(type, depth))

    def make_call(self, type, depth):
        names = {entry[0] for entry in self.visible(("function",))}
        usable = [f for f in self.functions if f[2] == type and f[0] in names]
        if not usable:
            return None
        name, parameters, *_ = self.pick(usable)
        positional, named = [], []
        for place, (parameter, part, has_default) in enumerate(parameters):
            if has_default and self.chance(0.4):
                for later, later_part, later_default in parameters[place + 1:]:
                    if not later_default or self.chance(0.5):
                        named.append((later, self.expression(later_part, depth)))
                break
            positional.append(self.expression(part, depth))
        self.random.shuffle(named)
        return ("call", name, positional, named, [parameter for parameter, *_ in parameters])

    def make_arithmetic(self, type, depth):
        if type == "string":
            return ("arithmetic", "+", self.expression(type, depth), self.expression(type, depth))
        if type == "int":
            if self.chance(0.08):
                return ("negate", self.expression(type, depth))
            op = self.pick(["+", "+", "-", "-", "*", "%"])
            return ("arithmetic", op, self.expression("int", depth), self.expression("int", depth))
        if self.chance(0.3):
            return ("arithmetic", "/", self.expression("int", depth), self.expression("int", depth))
        op = self.pick(["+", "-", "*", "/", "%"])
        other = self.pick(["int", "float"])
        sides = [self.expression("float", depth), self.expression(other, depth)]
        self.random.shuffle(sides)
        return ("arithmetic", op, *sides)

    def make_interpolate(self, type, depth):
        parts = []
        for _ in range(self.random.randint(1, 3)):
            parts.append(self.pick(STRINGS))
            parts.append(self.expression(self.type(1), depth))
        return ("interpolate", parts)

    def make_compare(self, type, depth):
        choice = self.random.random()
        if choice < 0.25:
            return (self.pick(["and", "or"]), self.expression("bool", depth), self.expression("bool", depth))
        if choice < 0.35:
            return ("not", self.expression("bool", depth))
        if choice < 0.45:
            part = self.type(1)
            return ("in", self.expression(part, depth), self.expression(("list", part), depth))
        if choice < 0.7:
            part = self.type(2)
            return ("compare", self.pick(["==", "!="]), self.expression(part, depth), self.expression(part, depth))
        part = self.pick(["int", "int", "float", "string"])
        other = self.pick(["int", "float"]) if part != "string" else part
        return ("compare", self.pick(["<", "<=", ">", ">="]), self.expression(part, depth),
                self.expression(other, depth))

    def make_concatenate(self, type, depth):
        return ("arithmetic", "+", self.expression(type, depth), self.expression(type, depth))

    def make_slice(self, type, depth):
        return ("index", self.expression(type, depth),
                ("range", ("literal", self.random.randint(-4, 3)), ("literal", self.random.randint(-3, 6))))

    def make_spread(self, type, depth):
        entries = [(None, self.expression(type, depth))]
        for key, part in type[1]:
            if self.chance(0.5):
                entries.append((key, self.expression(part, depth)))
        return ("record", entries)

    def iterable(self, type, depth):
        """A list, a range or something lazy."""
        choice = self.random.random()
        if type == "int" and choice < 0.3:
            low = self.random.randint(-2, 5)
            return ("range", ("literal", low), ("literal", low + self.random.randint(-1, 5)))
        if choice < 0.6 or depth <= 0:
            return self.expression(("list", type), depth)
        if choice < 0.75:
            return ("stage", self.iterable(type, depth - 1), "filter", [], self.block([type], "bool", depth - 1))
        if choice < 0.9:
            source = self.type(1)
            return ("stage", self.iterable(source, depth - 1), "map", [], self.block([source], type, depth - 1))
        return ("stage", self.iterable(type, depth - 1), self.pick(["take", "drop"]),
                [("literal", self.random.randint(0, 4))], None)

    def block(self, types, result, depth):
        self.depth += 1
        outer_loops, self.loops = self.loops, 0
        outer_returns, self.returns = self.returns, result
        self.scopes.append([])
        names = [self.name("b") for _ in types]
        for name, type in zip(names, types):
            self.bind(name, type, False)
        body = []
        if self.chance(0.2):
            body = self.statements(self.random.randint(1, 2), 1)
        if self.chance(0.15) and types:
            body.append(("print", [("name", names[0])]))
        body.append(("expression", self.expression(result, max(depth, 1))))
        self.scopes.pop()
        self.depth -= 1
        self.loops, self.returns = outer_loops, outer_returns
        return ("block", names, body)

    def make_stage(self, type, depth):
        """One value out of many."""
        choice = self.random.random()
        if type == "int" and choice < 0.3:
            return ("stage", self.iterable(self.type(1), depth), "count", [], None)
        if type in ("int", "float") and choice < 0.5:
            part = self.type(1)
            return ("coalesce", ("stage", self.iterable(part, depth), "sum", [], self.block([part], type, depth)),
                    self.expression(type, depth))
        if type == "bool" and choice < 0.5:
            part = self.type(1)
            return ("stage", self.iterable(part, depth), self.pick(["any", "all"]), [],
                    self.block([part], "bool", depth))
        if type == "string" and choice < 0.4:
            return ("stage", self.iterable(self.type(1), depth), "join", [("literal", self.pick([", ", "", "-"]))],
                    None)
        if choice < 0.75:
            stage = self.pick(["first", "last"])
            tree = ("stage", self.iterable(type, depth), stage, [], None)
            if self.chance(0.3):
                tree = ("stage", self.iterable(type, depth), "find", [], self.block([type], "bool", depth))
            return ("coalesce", tree, self.expression(type, 0)) if self.chance(0.7) else tree
        part = self.type(1)
        return ("stage", self.iterable(part, depth), "reduce", [self.expression(type, depth)],
                self.block([type, part], type, depth))

    def make_list_stage(self, type, depth):
        choice = self.random.random()
        part = type[1]
        if choice < 0.3:
            return ("stage", self.iterable(part, depth), "collect", [], None)
        if choice < 0.45:
            source = self.type(1)
            return ("stage", self.expression(("list", source), depth), "map", [], self.block([source], part, depth))
        if choice < 0.6:
            return ("stage", self.expression(type, depth), "filter", [], self.block([part], "bool", depth))
        if choice < 0.7:
            key = self.pick(["int", "string"])
            return ("stage", ("stage", self.iterable(part, depth), "collect", [], None), "sort_by", [],
                    self.block([part], key, depth))
        if choice < 0.78:
            return ("stage", self.iterable(part, depth), "reverse", [], None)
        if choice < 0.86:
            return ("stage", ("stage", self.iterable(part, depth), "unique", [],
                              self.block([part], self.type(1), depth) if self.chance(0.5) else None),
                    "collect", [], None)
        if choice < 0.93:
            source = self.type(1)
            return ("stage", ("stage", self.iterable(source, depth), "flat_map", [],
                              self.block([source], type, depth)), "collect", [], None)
        if isinstance(part, tuple) and part[0] == "list":
            return ("stage", ("stage", self.iterable(part[1], depth), "chunk",
                              [("literal", self.random.randint(1, 3))], None), "collect", [], None)
        return ("stage", ("stage", self.iterable(part, depth), "take_while", [],
                          self.block([part], "bool", depth)), "collect", [], None)


class Text:
    """Trees as source text."""

    def program(self, body):
        return "\n".join(self.statement(statement, 0) for statement in body) + "\n"

    def body(self, statements, level):
        if not statements:
            return "{}"
        if level < 0:
            # Inside a text: on one line.
            return "{ " + "; ".join(self.statement(statement, level) for statement in statements) + " }"
        indent = "  " * (level + 1)
        return ("{\n" + "".join(indent + self.statement(statement, level + 1) + "\n" for statement in statements)
                + "  " * level + "}")

    def statement(self, statement, level):
        kind = statement[0]
        if kind == "let":
            return f"{'var' if statement[1] else 'let'} {statement[2]} = {self.value(statement[3], level)}"
        if kind == "fn":
            parameters = ", ".join(
                name if default is None else f"{name} = {self.value(default, level)}"
                for name, default in statement[2])
            return f"fn {statement[1]}({parameters}) {self.body(statement[3], level)}"
        if kind == "for":
            return f"for {statement[1]} in {self.value(statement[2], level)} {self.body(statement[3], level)}"
        if kind == "while":
            return f"while {self.value(statement[1], level)} {self.body(statement[2], level)}"
        if kind == "return":
            return "return" if statement[1] is None else f"return {self.value(statement[1], level)}"
        if kind in ("break", "continue"):
            return kind
        if kind == "print":
            return f"print({', '.join(self.value(argument, level) for argument in statement[1])})"
        if kind == "assign":
            _, name, steps, op, value = statement
            path = "".join(
                f"[{self.value(step[1], level)}]" if step[0] == "index" else f".{step[1]}" for step in steps)
            return f"{name}{path} {op} {self.value(value, level)}"
        return self.value(statement[1], level, bare=True)

    def text(self, part):
        return part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

    def value(self, tree, level, bare=False):
        kind = tree[0]
        if kind == "literal":
            value = tree[1]
            if value is None:
                return "null"
            if isinstance(value, bool):
                return "true" if value else "false"
            if isinstance(value, str):
                return f'"{self.text(value)}"'
            if isinstance(value, float):
                return "1e9" if value == 1e9 else repr(value)
            return str(value)
        if kind == "name":
            return tree[1]
        if kind == "list":
            return "[" + ", ".join(self.value(item, level) for item in tree[1]) + "]"
        if kind == "record":
            return "{" + ", ".join(
                f"...{self.value(item, level)}" if key is None else f"{key}: {self.value(item, level)}"
                for key, item in tree[1]) + "}"
        if kind in ("arithmetic", "compare"):
            return f"({self.value(tree[2], level)} {tree[1]} {self.value(tree[3], level)})"
        if kind in ("and", "or", "in"):
            return f"({self.value(tree[1], level)} {kind} {self.value(tree[2], level)})"
        if kind == "coalesce":
            return f"({self.value(tree[1], level)} ?? {self.value(tree[2], level)})"
        if kind == "not":
            return f"(not {self.value(tree[1], level)})"
        if kind == "negate":
            return f"(- {self.value(tree[1], level)})"
        if kind == "range":
            return f"({self.value(tree[1], level)}..{self.value(tree[2], level)})"
        if kind == "index":
            return f"({self.value(tree[1], level)})[{self.value(tree[2], level)}]"
        if kind == "field":
            return f"({self.value(tree[1], level)}).{tree[2]}"
        if kind == "interpolate":
            return '"' + "".join(
                self.text(part) if isinstance(part, str) else f"\\({self.value(part, -1)})"
                for part in tree[1]) + '"'
        if kind == "call":
            arguments = [self.value(argument, level) for argument in tree[2]]
            arguments += [f"{name}: {self.value(argument, level)}" for name, argument in tree[3]]
            return f"{tree[1]}({', '.join(arguments)})"
        if kind == "stage":
            _, source, stage, arguments, closure = tree
            text = f"{self.value(source, level)} | {stage}"
            if arguments:
                text += "(" + ", ".join(self.value(argument, level) for argument in arguments) + ")"
            if closure:
                names = ", ".join(closure[1])
                body = self.body(closure[2], level)
                text += " { " + names + " -> " + body[1:].lstrip()
            return f"({text})"
        if kind == "if":
            text = ""
            for condition, body in tree[1]:
                if condition is None:
                    text += f" else {self.body(body, level)}"
                else:
                    text += f"{' else ' if text else ''}if {self.value(condition, level)} {self.body(body, level)}"
            return text if bare else f"({text})"
        if kind == "try":
            text = f"try {self.body(tree[1], level)} catch {tree[2]} {self.body(tree[3], level)}"
            return text if bare else f"({text})"
        raise ValueError(kind)


def make(seed):
    """The tree and the text of program number `seed`."""
    tree = Generator(seed).program()
    return tree, Text().program(tree)
