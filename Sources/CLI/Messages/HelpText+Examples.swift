extension HelpText {
  /// What one would type, by command. A test reads each by the table.
  static let examples: [String: [String]] = [
    "eval": [
      "parlance eval 'contacts | count'", "parlance eval --json 'tags | map { .name }'",
      "parlance eval --sandbox empty 'admins | count'",
    ],
    "run": [
      "parlance run remove-tag --help",
      "parlance run close.parl --apply --max-writes 500 --reason \"spring clean\"",
    ],
    "plan": ["parlance plan tag-dormant-contacts --quiet 90d", "parlance plan close.parl -o close.plan"],
    "rehearse": [
      "parlance rehearse merge-duplicate-leads",
      "parlance rehearse close.parl --workspace shop --copy-to copy.sandbox --copy-records 500",
    ],
    "apply": ["parlance apply close.plan"],
    "resume": ["parlance resume r-20260131-abcd"],
    "retry": ["parlance retry r-20260131-abcd"],
    "undo": ["parlance undo r-20260131-abcd"],
    "settle": ["parlance settle r-20260131-abcd 1.7.1 done"],
    "runs": ["parlance runs", "parlance runs show r-20260131-abcd"],
    "check": ["parlance check jobs/close.parl jobs/merge.parl"],
    "fmt": ["parlance fmt jobs/close.parl", "parlance fmt --check jobs/close.parl"],
    "test": ["parlance test jobs/close.parl --filter stale"],
    "docs": ["parlance docs tag-dormant-contacts"],
    "sandbox serve": [
      "parlance sandbox serve --port 8080", "parlance sandbox serve --contacts 100000 --fault 429:2%",
    ],
    "completions": [
      "source <(parlance completions bash)",
      "parlance completions fish > ~/.config/fish/completions/parlance.fish",
    ],
    "help": ["parlance help run", "parlance help contacts.search", "parlance help filter"],
  ]
}
