import Bytecode
import Catalogue
import Machine

/// Several operations of one name as the one function that scripts see; the type of the record given for the
/// first parameter in which they differ decides.
struct MergedSignature {
  let operations: [APIOperation]

  init(_ operations: [APIOperation]) { self.operations = operations }

  private static let signing = "as"

  private func placed(_ operation: APIOperation) -> [Parameter] {
    operation.parameters.filter { $0.name != MergedSignature.signing }
  }

  private var width: Int { operations.map { placed($0).count }.max() ?? 0 }

  private var signs: Bool { operations.contains { $0.parameter(MergedSignature.signing) != nil } }

  var signature: Signature {
    guard let first = operations.first else { return Signature("", []) }
    var parameters: [Signature.Parameter] = []
    for index in 0..<width {
      let here = operations.compactMap { operation -> Parameter? in
        let placed = placed(operation)
        return index < placed.count ? placed[index] : nil
      }
      guard let name = here.first?.name else { continue }
      var types: [String] = []
      for parameter in here where !types.contains(parameter.type.description) {
        types.append(parameter.type.description)
      }
      let isOptional = here.count < operations.count || here.contains { !$0.isRequired }
      parameters.append(
        Signature.Parameter(
          name, types.joined(separator: " | ") + (isOptional ? "?" : ""), optional: isOptional))
    }
    if signs {
      parameters.append(
        Signature.Parameter(MergedSignature.signing, "ref<admin>?", optional: true, namedOnly: true))
    }
    let effect: Signature.Effect =
      switch operations.map(\.effect).max() ?? .read {
      case .read: .read
      case .write: .write
      case .outward: .outward
      case .destroy: .destroy
      }
    return Signature(
      first.qualifiedName, parameters, effect: effect, result: result(first),
      documentation: first.documentation,
      example: first.examples.first ?? "")
  }

  private func result(_ operation: APIOperation) -> String {
    switch operation.result {
    case .nothing: "null"
    case .value(let type): type.description
    case .sequence(let type): "sequence<\(type)>"
    }
  }

  /// Where the argument for parameter `index` of operation `chosen` stands in a call.
  func place(of index: Int, in chosen: Int) -> Int {
    let parameters = operations[chosen].parameters
    if parameters[index].name == MergedSignature.signing { return width }
    return parameters[..<index].count { $0.name != MergedSignature.signing }
  }

  /// The operation that a call means.
  func choose(_ reader: ArgumentReader, _ value: (Int) -> Value) throws(RuntimeError) -> Int {
    guard operations.count > 1, let name = operations.first?.qualifiedName else { return 0 }
    for index in 0..<width {
      let types = operations.map { operation -> String? in
        let placed = placed(operation)
        return index < placed.count ? placed[index].type.recordType : nil
      }
      guard Set(types).count > 1 else { continue }
      let given = value(index)
      if let type = reader.machine.typeName(of: given), let declared = reader.catalogue.recordType(type),
        let key = reader.keyType(of: declared), let chosen = types.firstIndex(of: key)
      {
        return chosen
      }
      let wanted = types.compactMap { $0.map(APIMessages.article) }
      let isBare = given.tag == .string || given.tag == .int
      throw RuntimeError(
        "`\(name)` needs \(APIMessages.oneOf(wanted)), not \(isBare ? "a bare id" : reader.describe(given))",
        code: "argument",
        hints: isBare ? ["an id does not tell what it is of: give the record, or `contacts.ref(id)`"] : [])
    }
    return 0
  }
}
