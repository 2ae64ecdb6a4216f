import Machine
import Runs

/// `rehearse`: as `run --apply`, on a copy, by a journal that no other command goes on with.
extension JournaledHost {
  func rehearse(_ job: RunJob, copyOf account: String) throws(Problem) -> (ExitCode, RunReport?) {
    let attached = try attach(job, .apply) {
      $0.account = "rehearsal of \(account)"
      $0.isRehearsal = true
      $0.isLive = false
      $0.locks = false
    }
    let code = JournaledHost.end(job.workbench.run(job.script), attached, job.context)
    return (code, attached?.account)
  }

  /// A rehearsal's workspace is gone, or not what it was.
  static func refuseRehearsal(_ row: RunRow) throws(Problem) {
    guard row.mode == RunRow.rehearsal else { return }
    throw Problem(
      "\(row.id) was a rehearsal: there is nothing of it to go on with or to take back",
      hints: ["`parlance run \(row.script)` does it for good"], exit: .usage)
  }
}
