"""Holds the sandbox's answers against an official description of the API.

usage: check_schemas.py DESCRIPTION KNOWN -- COMMAND…

DESCRIPTION is an OpenAPI file, KNOWN the list of differences with their reasons, COMMAND starts a sandbox.
Three things are held:
  1. a valid request of each operation is answered with a good status that the description names, and with a
     body of its schema;
  2. each answered property is one that the description declares;
  3. each example of a request in the description that is valid gets a status that the description names.
What differs must stand in KNOWN, and what stands there must differ.
"""

import collections
import copy
import fnmatch
import re
import sys

import jsonschema
import yaml

import requests_by_operation as requests
from sandbox import Sandbox

METHODS = ("get", "put", "post", "delete")
NOW = 1768478400
COMPOSED = ("oneOf", "anyOf", "allOf")


class Description:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.root = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.operations = {}
        for template, item in self.root["paths"].items():
            for method in METHODS:
                if method in item:
                    self.operations[item[method]["operationId"]] = (method.upper(), template, item[method])
        self.schemas = {
            name: self.plain(schema) for name, schema in self.root["components"]["schemas"].items()}

    def plain(self, node):
        """OpenAPI 3.0 in the words of JSON Schema: `nullable` becomes a type."""
        if isinstance(node, list):
            return [self.plain(item) for item in node]
        if not isinstance(node, dict):
            return node
        made = {key: self.plain(value) for key, value in node.items() if key not in ("example", "examples")}
        if made.pop("nullable", False):
            if "enum" in made and None not in made["enum"]:
                made["enum"] = [*made["enum"], None]
            if isinstance(made.get("type"), str):
                made["type"] = [made["type"], "null"]
            else:
                made = {"anyOf": [made, {"type": "null"}]}
        return made

    def validator(self, schema):
        whole = {**self.plain(schema), "components": {"schemas": self.schemas}}
        return jsonschema.Draft4Validator(whole)

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def resolve_response(self, response):
        if "$ref" in response:
            return self.root["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        return response

    # Properties that no alternative of the schema declares.

    def alternatives(self, schema):
        schema = self.resolve(schema)
        found = [schema]
        for word in COMPOSED:
            for part in schema.get(word, ()):
                found += self.alternatives(part)
        return found

    def undeclared(self, schema, value, path="$"):
        parts = self.alternatives(schema)
        if isinstance(value, list):
            for part in parts:
                if "items" in part:
                    for item in value:
                        yield from self.undeclared(part["items"], item, path + "[]")
                    return
            return
        if not isinstance(value, dict):
            return
        declared, free = collections.defaultdict(list), False
        for part in parts:
            for name, inner in part.get("properties", {}).items():
                declared[name].append(inner)
            # An object without a word about its properties may have any.
            free = free or ("additionalProperties" in part) or (
                part.get("type") == "object" and "properties" not in part and not any(w in part for w in COMPOSED))
        for name, item in value.items():
            if name in declared:
                yield from self.undeclared({"anyOf": declared[name]}, item, f"{path}.{name}")
            elif not free:
                yield f"{path}.{name}"


def place(error):
    text = "$"
    for step in error.absolute_path:
        text += "[]" if isinstance(step, int) else f".{step}"
    return text


def leaves(error):
    """The failures under an "any of": of the alternative that comes nearest."""
    if error.validator not in ("anyOf", "oneOf") or not error.context:
        return [error]
    by_alternative = collections.defaultdict(list)
    for inner in error.context:
        by_alternative[inner.schema_path[0]] += leaves(inner)
    # A wrong type at the very place says least: another alternative is nearer.
    def distance(errors):
        shallow = any(e.validator == "type" and len(e.absolute_path) == len(error.absolute_path) for e in errors)
        return (shallow, len(errors))
    return min(by_alternative.values(), key=distance)


class Known:
    """Rows of: operation, kind, place, reason. The first three may hold * and ?."""

    def __init__(self, path):
        self.rows, self.used = [], set()
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                line = line.rstrip("\n")
                if not line or line.startswith("#"):
                    continue
                row = line.split("\t")
                if len(row) != 4 or not row[3].strip():
                    raise SystemExit(f"{path}:{number}: a row has an operation, a kind, a place and a reason")
                self.rows.append((number, *row))

    def explains(self, operation, kind, where):
        for number, wanted_operation, wanted_kind, wanted_place, _ in self.rows:
            if (fnmatch.fnmatchcase(operation, wanted_operation) and kind == wanted_kind
                    and fnmatch.fnmatchcase(where.replace("[]", "()"), wanted_place.replace("[]", "()"))):
                self.used.add(number)
                return True
        return False

    def stale(self):
        return [row for row in self.rows if row[0] not in self.used]


class Check:
    def __init__(self, description, known, sandbox):
        self.description, self.known, self.sandbox = description, known, sandbox
        self.world = requests.World(sandbox, NOW)
        self.failures, self.counts = {}, collections.Counter()

    def differs(self, operation, kind, where, detail=""):
        if self.known.explains(operation, kind, where):
            self.counts["explained"] += 1
        else:
            self.failures.setdefault((operation, kind, where), detail)

    def send(self, operation, request, body):
        method, template, _ = self.description.operations[operation]
        path = re.sub(r"\{(\w+)\}", lambda found: str(request.path[found[1]]), template)
        answer = self.sandbox.call(method, path, body, request.query, request.headers)
        request.after(answer)
        return answer

    def schema(self, operation, status):
        response = self.description.operations[operation][2]["responses"].get(str(status))
        if response is None:
            return None
        response = self.description.resolve_response(response)
        return response.get("content", {}).get("application/json", {}).get("schema", {})

    def check_body(self, operation, answer, schema):
        if not schema or not answer.body:
            return
        value = answer.json
        for error in self.description.validator(schema).iter_errors(value):
            for leaf in leaves(error):
                self.differs(operation, "schema", f"{place(leaf)} {leaf.validator}", leaf.message[:160])
        for where in self.description.undeclared(self.description.plain(schema), value):
            self.differs(operation, "undeclared", where)

    def operation(self, operation):
        request = requests.REQUESTS[operation](self.world)
        answer = self.send(operation, request, request.body)
        self.counts["operations"] += 1
        documented = self.description.operations[operation][2]["responses"]
        if answer.status >= 300 or str(answer.status) not in documented:
            self.differs(operation, "status", str(answer.status), answer.body.decode(errors="replace")[:200])
            return
        self.check_body(operation, answer, self.schema(operation, answer.status))

    def examples(self, operation):
        spec = self.description.operations[operation][2]
        content = spec.get("requestBody", {}).get("content", {}).get("application/json", {})
        examples = {name: found.get("value") for name, found in content.get("examples", {}).items()}
        if "example" in content:
            examples["example"] = content["example"]
        schema = content.get("schema", {})
        for name, body in examples.items():
            if not isinstance(body, dict):
                continue
            self.counts["examples"] += 1
            if any(self.description.validator(schema).iter_errors(body)):
                continue
            self.counts["valid examples"] += 1
            request = requests.REQUESTS[operation](self.world)
            answer = self.send(operation, request, at_home(copy.deepcopy(body), request.body))
            if str(answer.status) not in spec["responses"]:
                self.differs(operation, "example", f"{name}: {answer.status}",
                             answer.body.decode(errors="replace")[:200])
            elif answer.status >= 400:
                self.check_body(operation, answer, self.schema(operation, answer.status))
                self.counts["examples refused as documented"] += 1


def at_home(example, ours):
    """The example with the teammates of this workspace: those that it names are in another one."""
    for name in ("admin_id", "author_id", "sender_id"):
        if name in example:
            example[name] = type(example[name])(requests.ADMIN)
    if isinstance(example.get("from"), dict) and example["from"].get("type") == "admin":
        example["from"]["id"] = requests.ADMIN
    if isinstance(ours, dict) and "from" in ours and isinstance(example.get("from"), dict):
        if example["from"].get("type") != "admin":
            example["from"] = ours["from"]
    return example


def main(description_path, known_path, command):
    description, known = Description(description_path), Known(known_path)
    missing = set(description.operations) ^ set(requests.REQUESTS)
    if missing:
        print(f"failed  operations without a request here, or unknown there: {sorted(missing)}")
        return 1
    with Sandbox(command) as sandbox:
        check = Check(description, known, sandbox)
        for operation in description.operations:
            check.operation(operation)
        for operation in description.operations:
            check.examples(operation)
    for (operation, kind, where), detail in sorted(check.failures.items()):
        print(f"failed  {operation}\t{kind}\t{where}\t{detail}")
    stale = known.stale()
    for row in stale:
        print(f"stale   {known_path}:{row[0]}: {row[1]} {row[2]} {row[3]}: nothing differs there any more")
    for what, count in check.counts.items():
        print(f"{count} {what}")
    failed = len(check.failures) + len(stale)
    print(f"{check.counts['operations']} operations asked, {failed} differences without a reason")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 5 or sys.argv[3] != "--":
        print(__doc__)
        raise SystemExit(2)
    raise SystemExit(main(sys.argv[1], sys.argv[2], sys.argv[4:]))
