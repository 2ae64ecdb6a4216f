/// Every command and option, in the order of `parlance help`.
enum CommandTable {
  static let everywhere: [OptionSpec] = [
    OptionSpec("workspace", value: .required("NAME"), "work on the workspace of this name"),
    OptionSpec(
      "sandbox", value: .optional("SEED", among: ["demo", "empty"]),
      "work in a sandbox inside this process: demo, empty, or so many made-up contacts"),
    OptionSpec("base-url", value: .required("URL"), "the API's address: https, or http on this machine"),
    OptionSpec("read-only", "send no write, whatever the workspace allows"),
    OptionSpec("budget", value: .required("P%"), "the share of the rate limit to use; 80% by default"),
    OptionSpec(
      "deadlines", value: .required("LIST"),
      "the longest waits: connect=10s,stall=30s,total=90s, or some of them"),
    OptionSpec("ca-file", value: .required("FILE"), "trust these certificates instead of the system's"),
    OptionSpec(
      "trace", value: .optional("=DETAIL", among: []),
      "a line on stderr for each request; =bodies with the bodies, =curl as commands"),
    OptionSpec("har", value: .required("FILE"), "record the requests, bodies included, as an HTTP archive"),
    OptionSpec("no-color", "no colours"),
    OptionSpec("q", short: "q", "say nothing but errors"),
    OptionSpec("help", short: "h", "what the command does, with its options"),
    OptionSpec("version", "the version"),
  ]

  private static let json = OptionSpec("json", "for programs: JSON on stdout")

  static let run: [OptionSpec] = [
    OptionSpec("apply", "write without asking; needed where nobody can be asked"),
    OptionSpec("limit", value: .required("N"), "work on the first N items of each step"),
    OptionSpec("max-writes", value: .required("N"), "stop before write N + 1"),
    OptionSpec("max-destroys", value: .required("N"), "stop before destroying write N + 1"),
    OptionSpec("max-errors", value: .required("N|P%"), "stop after so many failed items"),
    OptionSpec(
      "max-age", value: .required("DURATION"), "read a record again if what is known of it is older"),
    OptionSpec("key", value: .required("K"), "one run for each key: the same command again goes on with it"),
    OptionSpec("new", "start anew though an unfinished run lies there"),
    OptionSpec("reason", value: .required("TEXT"), "why; goes into the journal"),
    OptionSpec("as", value: .required("ADMIN"), "the teammate who signs"),
    OptionSpec("params", value: .required("FILE"), "the script's parameters from a JSON file"),
    OptionSpec("journal", value: .required("DIR"), "where the journal lies"),
  ]

  /// Of `rehearse`: long names, since each is one that a script's parameter cannot have.
  private static let copy: [OptionSpec] = [
    OptionSpec("copy-to", value: .required("FILE"), "keep the copy, as the script left it"),
    OptionSpec("copy-of", value: .required("FILE"), "copy this sandbox file instead of a workspace"),
    OptionSpec("copy-records", value: .required("N"), "at most so many contacts, conversations and tickets"),
    OptionSpec("copy-pseudonyms", "people and companies under other names, as `sandbox pull` does"),
  ]

  /// What a script's `param` may not be called, since a command that takes scripts has an option of that name.
  static let reservedNames: [String] =
    (run + copy + everywhere).map { $0.name }.filter { $0.count > 1 } + ["output", "json", "plan", "o"]

  private static let sandboxData = OptionSpec("data", value: .required("FILE"), "the sandbox's file")

  private static let sandboxSeed: [OptionSpec] = [
    OptionSpec("seed", value: .required("SEED"), "demo (the default) or empty"),
    OptionSpec("contacts", value: .required("N"), "so many made-up contacts instead of a seed"),
    OptionSpec("seed-number", value: .required("N"), "another number, another workspace of the same make"),
    OptionSpec("clock", value: .required("SECONDS"), "a clock that stands still at this unix time"),
    OptionSpec("timezone", value: .required("ZONE"), "the workspace's zone; UTC by default"),
  ]

  static let all: [CommandSpec] = [
    CommandSpec("eval", "EXPR", "print the value of an expression", options: [json]),
    CommandSpec(
      "run", "FILE-or-RUNBOOK [--PARAM VALUE …]", "run a script", options: run, takesParameters: true),
    CommandSpec(
      "plan", "FILE-or-RUNBOOK [--PARAM VALUE …]", "show what a script would write; sends nothing",
      options: run + [OptionSpec("output", short: "o", value: .required("PLAN"), "keep the plan in a file")],
      takesParameters: true),
    CommandSpec("apply", "PLAN", "send exactly the writes of a plan", options: run),
    CommandSpec(
      "rehearse", "FILE-or-RUNBOOK [--PARAM VALUE …]", "run a script on a copy of the workspace",
      options: run.filter { !["apply", "key", "new"].contains($0.name) } + copy, takesParameters: true),
    CommandSpec(
      "resume", "RUN", "go on with a run that stopped or died",
      options: run + [OptionSpec("plan", "show what comes next of an applied plan, and write nothing of it")]),
    CommandSpec("retry", "RUN", "the items of a run that failed", options: run),
    CommandSpec(
      "undo", "RUN", "take a run's writes back",
      options: run + [OptionSpec("created", "remove only what the run made")]),
    CommandSpec(
      "settle", "RUN WRITE done|not-done", "say what became of a write",
      options: [OptionSpec("journal", value: .required("DIR"), "where the journal lies")]),
    CommandSpec(
      "runs", "[show RUN | report RUN | control RUN ACTION | prune]", "runs and their accounts",
      options: [
        OptionSpec("journal", value: .required("DIR"), "where the journals lie"),
        OptionSpec("html", "report: as a page with charts instead of Markdown"),
        OptionSpec("output", short: "o", value: .required("FILE"), "report: write it to a file"),
        OptionSpec("older", value: .required("DURATION"), "prune: what ended longer ago than this (90d)"),
        OptionSpec("all", "prune: remove the runs instead of cutting them down to their counts"),
      ]),
    CommandSpec("runbooks", "", "the scripts that ship, and those on PARLANCE_PATH", options: [json]),
    CommandSpec(
      "check", "FILE…", "find mistakes without running; show what a script can do", options: [json]),
    CommandSpec(
      "fmt", "FILE…", "write scripts in the canonical style",
      options: [OptionSpec("check", "change nothing; fail if something would change")]),
    CommandSpec(
      "test", "FILE…", "run the tests in scripts, each in a fresh sandbox",
      options: [OptionSpec("filter", value: .required("TEXT"), "only tests whose name contains it"), json]),
    CommandSpec(
      "docs", "FILE-or-RUNBOOK", "a script's title, parameters, functions and effects as Markdown",
      options: [OptionSpec("stdlib", "instead: every function of the language, with examples")]),
    CommandSpec(
      "sandbox serve", "", "a workspace on this machine for any client",
      options: [OptionSpec("port", value: .required("N"), "the port; 0, the default, for a free one")]
        + sandboxSeed + [
          OptionSpec("data", value: .required("FILE"), "keep the workspace in a file"),
          OptionSpec(
            "fault", value: .required("SPEC"), repeats: true,
            "what goes wrong: 429:2%, slow:200ms, reset:#3, 500@createTag"),
          OptionSpec("token", value: .required("T"), "let in nobody but this token"),
          OptionSpec("region", value: .required("R"), "us (the default), eu or au"),
          OptionSpec("no-rate-limit", "count no requests"),
          OptionSpec(
            "rate-limit", value: .required("N"), "so many requests in 10 seconds, in place of the API's"),
        ]),
    CommandSpec("sandbox seed", "", "make a sandbox file", options: [sandboxData] + sandboxSeed),
    CommandSpec(
      "sandbox pull", "", "copy a live workspace into a sandbox file",
      options: [
        sandboxData,
        OptionSpec("keep-names", "people and companies under their own names and addresses"),
        OptionSpec("parts", "conversations with their parts, contacts with their notes: a request for each"),
        OptionSpec("limit", value: .required("N"), "at most so many contacts, conversations and tickets"),
      ]),
    CommandSpec(
      "sandbox reset", "", "a sandbox, in a file or served, as its seed made it", options: [sandboxData]),
    CommandSpec(
      "sandbox log", "", "the requests that a sandbox saw",
      options: [
        sandboxData, OptionSpec("writes", "only those that may change something"),
        OptionSpec("after", value: .required("N"), "those after request N"),
        OptionSpec("limit", value: .required("N"), "at most so many; 1000 by default"), json,
      ]),
    CommandSpec(
      "api spec-drift", "FILE",
      "what differs between the declarations and an official description of the API",
      options: [
        OptionSpec("all", "show what differs on purpose, too, with the reasons"),
        OptionSpec("strict", "a known difference that is none any more is a failure"),
        OptionSpec("known", value: .required("TSV"), "another list of known differences"), json,
      ]),
    CommandSpec("api operations", "", "every resource, operation, verb and type as Markdown"),
    CommandSpec(
      "login", "[NAME]", "keep a workspace's token, read from the terminal or from stdin",
      options: [
        OptionSpec("region", value: .required("R"), "us, eu or au; found out if it is not given"),
        OptionSpec("protection", value: .required("MODE"), "read-only, ask (the default) or open"),
        OptionSpec("api-version", value: .required("V"), "sent as Intercom-Version; 2.12 by default"),
        OptionSpec("file", "keep the token in a file of mode 0600, not in the keyring"),
      ]),
    CommandSpec("logout", "[NAME]", "forget a workspace's token"),
    CommandSpec(
      "workspaces", "[use NAME | protect NAME MODE]", "the workspaces that you are logged in to",
      options: [json]),
    CommandSpec("completions", "bash|zsh|fish", "what makes the shell complete these commands with Tab"),
    CommandSpec("help", "[TOPIC]", "help on a command, or on a name of the language"),
  ]

  static var names: [String] { all.map(\.name) }

  static func command(_ name: String) -> CommandSpec? { all.first { $0.name == name } }

  /// The first words of commands that have two: `sandbox`, `api`.
  static func group(_ word: String) -> [CommandSpec] {
    all.filter { $0.words.count > 1 && $0.words[0] == word }
  }
}
