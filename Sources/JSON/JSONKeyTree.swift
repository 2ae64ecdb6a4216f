/// The lists of keys seen so far, as a tree of transitions, so that the next key can be guessed.
///
/// A node is "these keys so far". A node's `next` is the key that followed last time. Objects at different
/// places of a text hang below different roots: the value at a node has a root of its own (`inner`).
/// Node 0 stands for the whole text.
@usableFromInline
final class JSONKeyTree {
  @usableFromInline
  @frozen
  struct Node {
    /// The key's bytes and the closing quote, padded to a multiple of eight; owned by the tree.
    @usableFromInline var key: UnsafePointer<UInt8>
    /// Of the key with its quote; 0 if it must not be guessed from raw bytes (it holds `"` or `\`).
    @usableFromInline var length: Int32
    @usableFromInline var keyID: Int32
    /// -1 for a root.
    @usableFromInline var parent: Int32
    @usableFromInline var next: Int32
    @usableFromInline var inner: Int32
    /// The first of this node's children and the next of its parent's; -1 for none.
    @usableFromInline var firstChild: Int32
    @usableFromInline var sibling: Int32
    @usableFromInline var childCount: Int32
    /// The number of keys so far.
    @usableFromInline var depth: Int32
    /// Index of the builder's shape; -1 before it is made, and for good if a key comes twice.
    @usableFromInline var shape: Int32
  }

  private struct Key {
    var bytes: UnsafeMutablePointer<UInt8>
    var count: Int
    var hash: UInt64
    var guessable: Bool
    /// For finding keys that come twice: the pass that saw the key last, and at which index.
    var pass = 0
    var index = 0
  }

  /// Beyond these an object counts as a map, and its keys are gathered one by one.
  private static let maximumDepth = 256
  private static let maximumChildren = 16
  private static let maximumNodes = 8192
  /// Differs between processes, so that nobody can prepare keys that collide.
  private static let seed = UInt64.random(in: 0 ... .max)

  @exclusivity(unchecked) @usableFromInline var nodes: UnsafeMutablePointer<Node>
  @exclusivity(unchecked) private var nodeCount = 0
  private var nodeCapacity = 64
  @exclusivity(unchecked) private var keys: [Key] = []
  /// Open addressing; ids of keys, -1 for free. The count is a power of two.
  @exclusivity(unchecked) private var table: [Int32] = []
  @exclusivity(unchecked) private var pass = 0
  private let noKey: UnsafeMutablePointer<UInt8>

  @usableFromInline
  init() {
    nodes = .allocate(capacity: nodeCapacity)
    noKey = .allocate(capacity: 8)
    noKey.initialize(repeating: 0, count: 8)
    table = Array(repeating: -1, count: 64)
    let text = add(root())
    nodes[Int(text)].inner = add(root())
  }

  deinit {
    for key in keys { key.bytes.deallocate() }
    noKey.deallocate()
    nodes.deallocate()
  }

  @usableFromInline var keyCount: Int { keys.count }

  @usableFromInline
  func keyBytes(_ id: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: keys[id].bytes, count: keys[id].count)
  }

  /// Whether so much has piled up that the reader had better start afresh.
  @usableFromInline var isCrowded: Bool { nodeCount > JSONKeyTree.maximumNodes / 2 || keys.count > 65536 }

  private func root() -> Node {
    Node(
      key: UnsafePointer(noKey), length: 0, keyID: -1, parent: -1, next: -1, inner: -1, firstChild: -1,
      sibling: -1, childCount: 0, depth: 0, shape: -1)
  }

  private func add(_ node: Node) -> Int32 {
    if nodeCount == nodeCapacity {
      let larger = UnsafeMutablePointer<Node>.allocate(capacity: nodeCapacity * 2)
      larger.moveInitialize(from: nodes, count: nodeCount)
      nodes.deallocate()
      nodes = larger
      nodeCapacity *= 2
    }
    (nodes + nodeCount).initialize(to: node)
    nodeCount += 1
    return Int32(truncatingIfNeeded: nodeCount - 1)
  }

  /// The root for objects that are the value at `node`; the text's own root when there is no room left.
  @usableFromInline @inline(never)
  func makeInner(_ node: Int) -> Int32 {
    guard nodeCount < JSONKeyTree.maximumNodes else { return nodes[0].inner }
    let inner = add(root())
    nodes[node].inner = inner
    return inner
  }

  /// The child of `node` that `key` leads to, made if need be; -1 if the object is a map.
  @usableFromInline
  func child(of node: Int, key id: Int32) -> Int32 {
    var child = nodes[node].firstChild
    while child >= 0 {
      if nodes[Int(child)].keyID == id {
        nodes[node].next = child
        return child
      }
      child = nodes[Int(child)].sibling
    }
    guard nodeCount < JSONKeyTree.maximumNodes, nodes[node].childCount < JSONKeyTree.maximumChildren,
      nodes[node].depth < JSONKeyTree.maximumDepth
    else { return -1 }
    let key = keys[Int(id)]
    var made = root()
    made.key = UnsafePointer(key.bytes)
    made.length = key.guessable ? Int32(truncatingIfNeeded: key.count + 1) : 0
    made.keyID = id
    made.parent = Int32(truncatingIfNeeded: node)
    made.depth = nodes[node].depth + 1
    made.sibling = nodes[node].firstChild
    child = add(made)
    nodes[node].firstChild = child
    nodes[node].childCount += 1
    nodes[node].next = child
    return child
  }

  /// Appends the ids of the keys that lead to `node`, in order.
  @usableFromInline
  func appendPath(to node: Int, _ ids: inout [Int32]) {
    let start = ids.count
    var at = node
    while nodes[at].parent >= 0 {
      ids.append(nodes[at].keyID)
      at = Int(nodes[at].parent)
    }
    ids[start...].reverse()
  }

  /// The id of a key, new or known.
  @usableFromInline
  func intern(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    let hash = JSONKeyTree.hash(bytes)
    var at = Int(truncatingIfNeeded: hash) & (table.count - 1)
    while table[at] >= 0 {
      let key = keys[Int(table[at])]
      if key.hash == hash && key.count == bytes.count
        && UnsafeBufferPointer(start: key.bytes, count: key.count).elementsEqual(bytes)
      {
        return table[at]
      }
      at = (at + 1) & (table.count - 1)
    }
    let padded = (bytes.count + 1 + 7) / 8 * 8
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: padded)
    copy.initialize(repeating: 0, count: padded)
    for (index, byte) in bytes.enumerated() { copy[index] = byte }
    copy[bytes.count] = 0x22
    let guessable = bytes.count < 1 << 20 && !bytes.contains { $0 == 0x22 || $0 == 0x5C }
    let id = Int32(truncatingIfNeeded: keys.count)
    keys.append(Key(bytes: copy, count: bytes.count, hash: hash, guessable: guessable))
    table[at] = id
    if keys.count * 2 > table.count { rehash() }
    return id
  }

  private func rehash() {
    table = Array(repeating: -1, count: table.count * 2)
    for (id, key) in keys.enumerated() {
      var at = Int(truncatingIfNeeded: key.hash) & (table.count - 1)
      while table[at] >= 0 { at = (at + 1) & (table.count - 1) }
      table[at] = Int32(truncatingIfNeeded: id)
    }
  }

  /// For each key, the index of its first occurrence; nil if all differ.
  @usableFromInline
  func firstIndices(_ ids: ArraySlice<Int32>) -> [Int]? {
    pass += 1
    var first: [Int] = []
    first.reserveCapacity(ids.count)
    var repeated = false
    for (index, id) in ids.enumerated() {
      if keys[Int(id)].pass == pass {
        repeated = true
      } else {
        keys[Int(id)].pass = pass
        keys[Int(id)].index = index
      }
      first.append(keys[Int(id)].index)
    }
    return repeated ? first : nil
  }

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count)
    func mix(_ word: UInt64) {
      let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      hash = product.high ^ product.low
    }
    var index = 0
    while bytes.count - index >= 8 {
      var word: UInt64 = 0
      for offset in 0..<8 { word |= UInt64(bytes[index + offset]) << UInt64(offset * 8) }
      mix(word)
      index += 8
    }
    var word: UInt64 = 0
    while index < bytes.count {
      word = word << 8 | UInt64(bytes[index])
      index += 1
    }
    mix(word)
    mix(seed)
    return hash
  }
}
