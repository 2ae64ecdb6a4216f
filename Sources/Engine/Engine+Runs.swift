import Bytecode
import Machine

extension Engine {
  /// What `bulk` stands on, where no run stands behind the engine: it says so. A host that keeps a journal
  /// registers its own under the same names.
  func registerRunNatives() {
    for (name, parameters) in [
      ("__bulk_begin", ["name", "key", "on_error", "max_age", "keep"]), ("__bulk_is_frozen", []),
      ("__bulk_add", ["item"]),
      ("__bulk_frozen", []), ("__bulk_run", ["f"]),
    ] as [(String, [String])] {
      let signature = Signature(name, parameters.map { Signature.Parameter($0, optional: true) })
      machine.register(
        Native(signature) { _ in
          throw RuntimeError(
            "`bulk` needs a run that keeps a journal, and here is none", kind: .uncatchable, code: "no_run",
            hints: ["`parlance run` keeps one"])
        })
    }
    // Marks around writing statements: the compiler sets them where there are natives of these names.
    for name in ["__step_begin", "__step_end"] {
      machine.register(Native(Signature(name, [Signature.Parameter("n")])) { _ in .null })
    }
  }
}
