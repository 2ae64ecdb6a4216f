import CCurl

/// Header lines in libcurl's form; transfers share them.
final class CurlHeaderList {
  private(set) var list: UnsafeMutablePointer<curl_slist>?

  init(_ lines: [String]) {
    for line in lines {
      // Without memory for one more line the list stays as it was.
      if let longer = ccurl_list_append(list, line) { list = longer }
    }
  }

  deinit { ccurl_list_free(list) }
}

/// The lists of requests that bring no headers of their own: nearly all.
struct HeaderLists {
  private var token = ""
  private var lists: [CurlHeaderList?] = [nil, nil, nil]

  /// - Parameter kind: 0 without a body, 1 with one, 2 without one where its length must be stated.
  mutating func list(
    kind: Int, token: String, make: () throws(HTTPFailure) -> CurlHeaderList
  ) throws(HTTPFailure) -> CurlHeaderList {
    if token != self.token {
      self.token = token
      lists = [nil, nil, nil]
    }
    guard lists.indices.contains(kind) else { return try make() }
    if let list = lists[kind] { return list }
    let list = try make()
    lists[kind] = list
    return list
  }
}
