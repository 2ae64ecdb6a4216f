import Glibc

/// Expressions and values may nest as deep as the language allows: the program runs on a thread whose stack
/// has room for that. The pages that it does not touch cost nothing.
private func runWithRoom(_ body: @escaping @Sendable () -> Int32) -> Int32 {
  final class Job: @unchecked Sendable {
    // Written by the thread before it ends, read after the join.
    var code: Int32 = 0
    let body: @Sendable () -> Int32
    init(_ body: @escaping @Sendable () -> Int32) { self.body = body }
  }
  let job = Job(body)
  var attributes = pthread_attr_t()
  var thread = pthread_t()
  pthread_attr_init(&attributes)
  guard pthread_attr_setstacksize(&attributes, 512 << 20) == 0,
    pthread_create(
      &thread, &attributes,
      { raw in
        guard let raw else { return nil }
        let job = Unmanaged<Job>.fromOpaque(raw).takeUnretainedValue()
        job.code = job.body()
        return nil
      }, Unmanaged.passUnretained(job).toOpaque()) == 0
  else { return body() }
  pthread_join(thread, nil)
  return job.code
}

exit(runWithRoom { Tool(arguments: Array(CommandLine.arguments.dropFirst())).run() })
