import Catalogue
import Machine

/// The catalogue's record types in a machine, each registered when it is first needed.
final class RecordTypes {
  private let machine: Machine
  private let catalogue: APICatalogue
  private var numbers: [String: UInt32] = [:]
  private var standIns: [String: UInt32] = [:]
  /// An open map: any name may be asked for.
  private(set) lazy var map = machine.register(RecordTypeInfo(name: "attributes", fields: [], isOpen: true))

  init(_ machine: Machine, _ catalogue: APICatalogue) {
    self.machine = machine
    self.catalogue = catalogue
  }

  /// 0 for a type that is not declared.
  func number(of name: String) -> UInt32 {
    if let known = numbers[name] { return known }
    guard let type = catalogue.recordType(name) else { return 0 }
    // By its name first: types refer to each other.
    let number = machine.register(RecordTypeInfo(name: name, fields: []))
    numbers[name] = number
    let fields = type.fields.compactMap { field -> RecordTypeInfo.Field? in
      // Records do not have what belongs to the search alone, unless it can be worked out.
      if field.onlySearch { return field.isComputed ? RecordTypeInfo.Field(field.name) : nil }
      return RecordTypeInfo.Field(
        field.name, conversion(of: field), wire: field.wire, mayBeCut: field.cut?.rest != nil)
    }
    var info = RecordTypeInfo(name: name, fields: fields)
    info.computed = type.fields.filter(\.isComputed).compactMap { field in
      field.computed.map { (field.name, $0) }
    }
    machine.define(number, info)
    return number
  }

  /// The type of records that a plan hands out: what is not in them only the server knows.
  func standIn(of name: String) -> UInt32 {
    if let known = standIns[name] { return known }
    var info = machine.recordType(number(of: name))
    info.isStandIn = true
    let number = machine.register(info)
    standIns[name] = number
    return number
  }

  private func conversion(of field: Field) -> RecordTypeInfo.Field.Conversion {
    if let inside = field.inside {
      guard case .list(let element) = field.type else { return .plain }
      return .wrapped(key: inside, number(of: element))
    }
    return conversion(of: field.type)
  }

  private func conversion(of type: FieldType) -> RecordTypeInfo.Field.Conversion {
    switch type {
    case .time: return .time
    case .duration: return .seconds
    case .string, .id, .reference, .name: return .id
    case .int: return .int
    case .object(let name): return .record(number(of: name))
    case .map: return .record(map)
    case .list(.id): return .ids
    case .list(let element):
      let number = number(of: element)
      return number == 0 ? .plain : .list(number)
    case .float, .bool, .any, .record, .bytes, .choice, .filter, .sort: return .plain
    }
  }

  /// The number of the record type that values of a declared type have; 0 where they are no typed records.
  func number(of type: FieldType) -> UInt32 {
    switch type {
    case .object(let name): number(of: name)
    case .map: map
    default: 0
    }
  }
}

extension Field {
  /// A field of the search that a record's own value stands for: scripts read it like any other.
  public var isComputed: Bool { onlySearch && computed != nil && function == nil && search?.doubt == nil }

  /// A record has no such field, and no value for it.
  public var isOnlySearched: Bool { onlySearch && !isComputed }
}
