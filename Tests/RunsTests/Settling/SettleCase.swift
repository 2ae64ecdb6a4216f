import Catalogue
import Foundation

@testable import Runs

/// A line of `settle-cases.tsv`: how one writing operation is called, what settling comes to when its outcome is
/// unknown, and what undo gives back.
struct SettleCase: Sendable, CustomStringConvertible {
  /// What became of the write.
  enum Verdict: Sendable, Equatable, CustomStringConvertible {
    /// Done: known by this, after so many sends.
    case done(VerdictSource, sends: Int)
    case unknown
    case changed
    case failed

    init?(_ text: String) {
      let words = text.split(separator: " ").map(String.init)
      switch words.first {
      case "unknown": self = .unknown
      case "changed": self = .changed
      case "failed": self = .failed
      default:
        guard words.count == 2, let how = VerdictSource(rawValue: words[0]), let sends = Int(words[1]) else {
          return nil
        }
        self = .done(how, sends: sends)
      }
    }

    var description: String {
      switch self {
      case .done(let how, let sends): "\(how.rawValue) \(sends)"
      case .unknown: "unknown"
      case .changed: "changed"
      case .failed: "failed"
      }
    }
  }

  enum Undo: String, Sendable { case restored, partly, stays }

  /// `tags.apply(contact,tag)`, and ` #2` for the second rule of how it is settled.
  var operation: String
  /// A script that makes what the call needs; empty if the demo workspace has it.
  var setup: String
  /// A script whose last statement makes the write.
  var call: String
  /// The answer was lost, and the write had taken effect.
  var applied: Verdict
  /// The request was lost.
  var lost: Verdict
  var undo: Undo

  var description: String { operation }

  // MARK: The table

  struct Fault: Error, CustomStringConvertible {
    var description: String
  }

  static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "settle-cases.tsv")

  /// In the file's order. A cell spells a line's end as `; `.
  static let all: [SettleCase] = {
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst().map { line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      func cell(_ index: Int) -> String { cells.indices.contains(index) ? cells[index] : "" }
      // A verdict that cannot be read is one that no run comes to.
      return SettleCase(
        operation: cell(0), setup: script(cell(1)), call: script(cell(2)),
        applied: Verdict(cell(3)) ?? .done(.person, sends: 0),
        lost: Verdict(cell(4)) ?? .done(.person, sends: 0), undo: Undo(rawValue: cell(5)) ?? .restored)
    }
  }()

  private static func script(_ cell: String) -> String {
    cell == "-" ? "" : cell.replacing("; ", with: "\n")
  }

  // MARK: Names

  /// All writing operations with each of their rules.
  static let names: [String] = APICatalogue.standard.allResources().flatMap { resource in
    resource.operations.filter(isWriting).flatMap { operation in
      operation.settle.indices.map { name(of: operation, rule: $0) }
    }
  }

  static func isWriting(_ operation: APIOperation) -> Bool { operation.effect != .read }

  static func name(of operation: APIOperation, rule: Int) -> String {
    let all = APICatalogue.standard.operations(operation.resource, operation.name)
    let types = operation.parameters.compactMap { parameter in
      parameter.type.namesRecord && parameter.name != "as" ? parameter.type.recordType : nil
    }
    return operation.qualifiedName + (all.count > 1 ? "(\(types.joined(separator: ",")))" : "")
      + (operation.settle.count > 1 ? " #\(rule + 1)" : "")
  }

  /// The line is about this operation, settled like this.
  func names(_ operation: APIOperation, _ settle: Runs.SettleClass) -> Bool {
    operation.settle.enumerated().contains { index, rule in
      Self.name(of: operation, rule: index) == self.operation
        && rule.settleClass.rawValue == settle.rawValue.lowercased()
    }
  }

  /// Lines of operations that delete without a body, and can be read.
  static let bodyless = all.filter { one in
    guard let operation = operation(of: one.operation) else { return false }
    let takesBody = operation.parameters.contains { $0.place == .body } || !operation.fixedFields.isEmpty
    return operation.method == .delete && !takesBody
      && APICatalogue.standard.operations(operation.resource, "get").count > 0
  }

  private static func operation(of name: String) -> APIOperation? {
    APICatalogue.standard.allResources().flatMap(\.operations).first { operation in
      operation.settle.indices.contains { self.name(of: operation, rule: $0) == name }
    }
  }

  /// What the official description calls the operation's request.
  static func officialName(_ name: String) -> String? { operation(of: name)?.officialName }
}
