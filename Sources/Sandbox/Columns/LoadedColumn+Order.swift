import SQLite

extension LoadedColumn {
  /// The first members of a set by the column's values, equal ones by number, without those that have no value;
  /// beyond a contact if one is given.
  func first(
    of set: ContactSet, descending: Bool, after bound: (value: SQLiteValue, number: Int64)?, limit: Int
  ) -> [Int64] {
    func precedes(_ a: Int64, _ b: Int64) -> Bool {
      let order = order(a, b)
      return order == 0 ? (a < b) != descending : (order < 0) != descending
    }
    let relation = bound.map { order(to: $0.value) }
    func isBeyond(_ number: Int64) -> Bool {
      guard let bound, let relation else { return true }
      let order = relation(number)
      return order == 0
        ? number != bound.number && (number > bound.number) != descending : (order > 0) != descending
    }

    // Never many at once: what cannot be among the first is let go.
    var found: [Int64] = []
    var last: Int64?
    set.intersection(some).forEach(descending: descending) { number in
      guard isBeyond(number), last.map({ precedes(number, $0) }) ?? true else { return }
      found.append(number)
      guard found.count >= 4 * max(limit, 64) else { return }
      found.sort(by: precedes)
      found.removeSubrange(limit...)
      last = found.last
    }
    found.sort(by: precedes)
    return Array(found.prefix(limit))
  }
}

extension ContactColumns {
  /// The first members of a set in an order, those without a value after the rest; nil if only the store can tell.
  func first(
    of set: ContactSet, by column: ContactColumn, index: String?, _ order: SortOrder,
    after cursor: PageCursor?,
    number: Int64?, limit: Int
  ) throws -> [Int64]? {
    guard let column = try self.column(column, index: index) else { return nil }
    var found: [Int64] = []
    let isPast = cursor?.sortValue == PageCursor.SortValue.none
    if !isPast {
      let bound = cursor.flatMap { cursor in number.map { (order.value(of: cursor), $0) } }
      found = column.first(of: set, descending: order.descending, after: bound, limit: limit)
    }
    if found.count < limit {
      found += set.subtracting(column.some).numbers(
        descending: order.descending, beyond: isPast ? number : nil, limit: limit - found.count)
    }
    return found
  }

  private func column(_ column: ContactColumn, index: String?) throws -> (any LoadedColumn)? {
    switch column.values {
    case .many:
      let texts = try texts(column.name)
      // What has a zero byte, or is told apart by case, lies in another order.
      return texts.hasZero || !column.isNoCase ? nil : texts
    case .few, .flag: return try codes(column, index: index)
    case .date: return try numbers(column.name, index: index)
    }
  }
}

extension SortOrder {
  /// The sort value of a cursor as the store has it.
  func value(of cursor: PageCursor) -> SQLiteValue {
    switch cursor.sortValue {
    case .int(let number): .integer(isDate ? number / 1_000 : number)
    case .text(let text): .text(text)
    }
  }
}
