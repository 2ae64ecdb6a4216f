// Over 600 lines, because it is one switch: its cases share the loop's local variables, which would be fields of the
// machine in functions of their own, and slower.
import Bytecode

extension Machine {
  /// Steps between two looks at the interrupt flag and the limits: well under a millisecond.
  static let fuel = 4096
  /// Registers in reserve behind each frame: arguments that a call left out are filled in there before the
  /// callee's frame is made. No function has more parameters than registers.
  static let slack = 256

  /// Runs a fiber until it finishes, fails or waits.
  ///
  /// Everything hot lies in local variables; a slow path is a function of its own that gets the base
  /// pointer and leaves its error in `pendingError`. There is no reference counting in here, and no
  /// exclusivity check (`scripts/check-loop` looks at the assembly).
  func execute(_ fiber: Fiber) {
    var frame = fiber.frames + (fiber.frameCount - 1)
    var pc = frame.pointee.pc
    var base = fiber.stack + frame.pointee.base
    var constants = frame.pointee.code.pointee.constants
    var fuel = Machine.fuel
    let heap = self.heap
    let globals = self.globals

    if fiber.isRaising {
      guard raiseResumed(fiber) else { return }
      frame = fiber.frames + (fiber.frameCount - 1)
      pc = frame.pointee.pc
      base = fiber.stack + frame.pointee.base
      constants = frame.pointee.code.pointee.constants
    }

    while true {
      // Left by `break` with an error pending; every other way on is a `continue`.
      run: while true {
        let word = pc.pointee
        pc += 1
        switch unsafeBitCast(word.opcodeByte, to: Opcode.self) {
        case .move:
          base[word.a] = base[word.b]
        case .loadConstant:
          base[word.a] = constants[word.bx]
        case .loadInt:
          base[word.a] = .int(Int64(word.sbx))
        case .loadNull:
          base[word.a] = .null
        case .loadTrue:
          base[word.a] = .bool(true)
        case .loadFalse:
          base[word.a] = .bool(false)
        case .loadAbsent:
          base[word.a] = .absent
        case .getGlobal:
          let value = globals[word.bx]
          if value.tag == .undefined {
            failUndefined()
            break run
          }
          base[word.a] = value
        case .setGlobal:
          globals[word.bx] = base[word.a]
        case .getCapture:
          base[word.a] = frame.pointee.function.unsafelyUnwrapped.slots[word.b &+ 1]
        case .getSelf:
          base[word.a] = .object(.function, frame.pointee.function.unsafelyUnwrapped)
        case .share:
          let value = base[word.a]
          if value.tag == .list || value.tag == .record { value.object.setShared() }
        case .own:
          let value = base[word.a]
          if value.tag == .list || value.tag == .record, value.object.isShared { own(base + word.a) }

        case .add:
          let left = base[word.b]
          let right = base[word.c]
          if left.tag == .int, right.tag == .int {
            let (sum, overflow) = left.asInt.addingReportingOverflow(right.asInt)
            if !overflow {
              base[word.a] = .int(sum)
              continue run
            }
          } else if left.tag == .float, right.tag == .float {
            let sum = left.asDouble + right.asDouble
            if sum.isFinite {
              base[word.a] = .float(sum)
              continue run
            }
          } else if let (a, b) = Value.numbers(left, right) {
            let sum = a + b
            if sum.isFinite {
              base[word.a] = .float(sum)
              continue run
            }
          }
          if !addSlowly(base + word.a, left, right) { break run }
        case .addConstant:
          let left = base[word.b]
          let right = constants[word.c]
          if left.tag == .int, right.tag == .int {
            let (sum, overflow) = left.asInt.addingReportingOverflow(right.asInt)
            if !overflow {
              base[word.a] = .int(sum)
              continue run
            }
          } else if left.tag == .float, right.tag == .float {
            let sum = left.asDouble + right.asDouble
            if sum.isFinite {
              base[word.a] = .float(sum)
              continue run
            }
          } else if let (a, b) = Value.numbers(left, right) {
            let sum = a + b
            if sum.isFinite {
              base[word.a] = .float(sum)
              continue run
            }
          }
          if !addSlowly(base + word.a, left, right) { break run }
        case .subtract:
          let left = base[word.b]
          let right = base[word.c]
          if left.tag == .int, right.tag == .int {
            let (difference, overflow) = left.asInt.subtractingReportingOverflow(right.asInt)
            if !overflow {
              base[word.a] = .int(difference)
              continue run
            }
          } else if left.tag == .float, right.tag == .float {
            let difference = left.asDouble - right.asDouble
            if difference.isFinite {
              base[word.a] = .float(difference)
              continue run
            }
          } else if let (a, b) = Value.numbers(left, right) {
            let difference = a - b
            if difference.isFinite {
              base[word.a] = .float(difference)
              continue run
            }
          }
          if !arithmeticSlowly(.subtract, base + word.a, left, right) { break run }
        case .subtractConstant:
          let left = base[word.b]
          let right = constants[word.c]
          if left.tag == .int, right.tag == .int {
            let (difference, overflow) = left.asInt.subtractingReportingOverflow(right.asInt)
            if !overflow {
              base[word.a] = .int(difference)
              continue run
            }
          } else if left.tag == .float, right.tag == .float {
            let difference = left.asDouble - right.asDouble
            if difference.isFinite {
              base[word.a] = .float(difference)
              continue run
            }
          } else if let (a, b) = Value.numbers(left, right) {
            let difference = a - b
            if difference.isFinite {
              base[word.a] = .float(difference)
              continue run
            }
          }
          if !arithmeticSlowly(.subtract, base + word.a, left, right) { break run }
        case .multiply:
          let left = base[word.b]
          let right = base[word.c]
          if left.tag == .float, right.tag == .float {
            let product = left.asDouble * right.asDouble
            if product.isFinite {
              base[word.a] = .float(product)
              continue run
            }
          } else if left.tag == .int, right.tag == .int {
            let (product, overflow) = left.asInt.multipliedReportingOverflow(by: right.asInt)
            if !overflow {
              base[word.a] = .int(product)
              continue run
            }
          } else if let (a, b) = Value.numbers(left, right) {
            let product = a * b
            if product.isFinite {
              base[word.a] = .float(product)
              continue run
            }
          }
          if !arithmeticSlowly(.multiply, base + word.a, left, right) { break run }
        case .multiplyConstant:
          let left = base[word.b]
          let right = constants[word.c]
          if left.tag == .int, right.tag == .int {
            let (product, overflow) = left.asInt.multipliedReportingOverflow(by: right.asInt)
            if !overflow {
              base[word.a] = .int(product)
              continue run
            }
          } else if left.tag == .float, right.tag == .float {
            let product = left.asDouble * right.asDouble
            if product.isFinite {
              base[word.a] = .float(product)
              continue run
            }
          } else if let (a, b) = Value.numbers(left, right) {
            let product = a * b
            if product.isFinite {
              base[word.a] = .float(product)
              continue run
            }
          }
          if !arithmeticSlowly(.multiply, base + word.a, left, right) { break run }
        case .divide:
          let left = base[word.b]
          let right = base[word.c]
          if let (a, b) = Value.numbers(left, right) {
            let quotient = a / b
            if quotient.isFinite {
              base[word.a] = .float(quotient)
              continue run
            }
          }
          if !arithmeticSlowly(.divide, base + word.a, left, right) { break run }
        case .divideConstant:
          let left = base[word.b]
          let right = constants[word.c]
          if let (a, b) = Value.numbers(left, right) {
            let quotient = a / b
            if quotient.isFinite {
              base[word.a] = .float(quotient)
              continue run
            }
          }
          if !arithmeticSlowly(.divide, base + word.a, left, right) { break run }
        case .remainder:
          let left = base[word.b]
          let right = base[word.c]
          if left.tag == .int, right.tag == .int, right.asInt > 0 {
            let rest = left.asInt % right.asInt
            base[word.a] = .int(rest < 0 ? rest &+ right.asInt : rest)
            continue run
          }
          if !arithmeticSlowly(.remainder, base + word.a, left, right) { break run }
        case .remainderConstant:
          let left = base[word.b]
          let right = constants[word.c]
          if left.tag == .int, right.tag == .int, right.asInt > 0 {
            let rest = left.asInt % right.asInt
            base[word.a] = .int(rest < 0 ? rest &+ right.asInt : rest)
            continue run
          }
          if !arithmeticSlowly(.remainder, base + word.a, left, right) { break run }
        case .negate:
          let value = base[word.b]
          if value.tag == .int, value.asInt != Int64.min {
            base[word.a] = .int(0 &- value.asInt)
          } else if value.tag == .float {
            base[word.a] = .float(-value.asDouble)
          } else if !negateSlowly(base + word.a, value) {
            break run
          }
        case .not:
          let value = base[word.b]
          if value.tag == .bool {
            base[word.a] = .bool(value.bits == 0)
          } else if value.tag == .null {
            base[word.a] = .bool(true)
          } else {
            failCondition(value)
            break run
          }
        case .push:
          let target = base[word.a]
          if target.tag == .list {
            let object = target.object
            if object.count32 < object.extra, !object.isShared {
              object.slots[object.count] = base[word.b]
              object.count32 &+= 1
              continue run
            }
          }
          if !pushSlowly(base + word.a, base[word.b]) { break run }
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }
        case .appendTo:
          let left = base[word.a]
          let right = base[word.b]
          if left.tag == .int, right.tag == .int {
            let (sum, overflow) = left.asInt.addingReportingOverflow(right.asInt)
            if !overflow {
              base[word.a] = .int(sum)
              continue run
            }
          } else if left.tag == .float, right.tag == .float {
            let sum = left.asDouble + right.asDouble
            if sum.isFinite {
              base[word.a] = .float(sum)
              continue run
            }
          } else if let (a, b) = Value.numbers(left, right) {
            let sum = a + b
            if sum.isFinite {
              base[word.a] = .float(sum)
              continue run
            }
          }
          if !append(base + word.a, base[word.b]) { break run }
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }

        case .equal:
          base[word.a] = .bool(isEqual(base[word.b], base[word.c]))
        case .notEqual:
          base[word.a] = .bool(!isEqual(base[word.b], base[word.c]))
        case .less:
          let left = base[word.b]
          let right = base[word.c]
          if left.tag == .int, right.tag == .int {
            base[word.a] = .bool(left.asInt < right.asInt)
          } else {
            switch compareSlowly(left, right) {
            case .less: base[word.a] = .bool(true)
            case .failed: break run
            default: base[word.a] = .bool(false)
            }
          }
        case .lessOrEqual:
          let left = base[word.b]
          let right = base[word.c]
          if left.tag == .int, right.tag == .int {
            base[word.a] = .bool(left.asInt <= right.asInt)
          } else {
            switch compareSlowly(left, right) {
            case .less, .equal: base[word.a] = .bool(true)
            case .failed: break run
            default: base[word.a] = .bool(false)
            }
          }
        case .word:
          let kind = pc.pointee
          pc += 1
          if !wordOperator(kind, base + word.a, base[word.b], base[word.c]) { break run }
        case .makeRange:
          if !makeRange(base + word.a, base[word.b], base[word.c]) { break run }
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }

        case .jump:
          pc += word.sax
        case .jumpBack:
          pc += word.sax
          fuel &-= 1
          if fuel <= 0 {
            frame.pointee.pc = pc
            fuel = Machine.fuel
            if !refuel() { break run }
          }
          // Most loops begin by comparing integers: done here, each turn is one jump through the table shorter.
          let head = pc.pointee
          if head.opcodeByte == Opcode.jumpUnlessLessConstant.rawValue {
            let left = base[head.a]
            let right = constants[head.b]
            if left.tag == .int, right.tag == .int {
              let offset = pc[1].signed
              pc += left.asInt < right.asInt ? 2 : 2 + offset
            }
          }
        case .jumpIfFalse:
          let value = base[word.a]
          if value.tag == .bool {
            if value.bits == 0 { pc += word.sbx }
          } else if value.tag == .null {
            pc += word.sbx
          } else {
            failCondition(value)
            break run
          }
        case .jumpIfTrue:
          let value = base[word.a]
          if value.tag == .bool {
            if value.bits != 0 { pc += word.sbx }
          } else if value.tag != .null {
            failCondition(value)
            break run
          }
        case .jumpIfNull:
          if base[word.a].tag == .null { pc += word.sbx }
        case .jumpIfNotNull:
          if base[word.a].tag != .null { pc += word.sbx }
        case .jumpIfPresent:
          if base[word.a].tag != .absent { pc += word.sbx }
        case .jumpIfEnd:
          if base[word.a].tag == .end { pc += word.sbx }
        case .jumpIfEqual:
          let offset = pc.pointee.signed
          pc += 1
          if isEqual(base[word.a], base[word.b]) { pc += offset }
        case .jumpUnlessEqual:
          let offset = pc.pointee.signed
          pc += 1
          if !isEqual(base[word.a], base[word.b]) { pc += offset }
        case .jumpIfEqualConstant:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = constants[word.b]
          // Interned constants of one text are one object; other texts have to be looked at.
          if left.tag == right.tag && left.bits == right.bits {
            pc += offset
          } else if left.tag != right.tag || left.tag == .string || left.tag == .float {
            if isEqual(left, right) { pc += offset }
          }
        case .jumpUnlessEqualConstant:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = constants[word.b]
          if left.tag == right.tag && left.bits == right.bits { continue run }
          if left.tag != right.tag || left.tag == .string || left.tag == .float {
            if !isEqual(left, right) { pc += offset }
          } else {
            pc += offset
          }
        case .jumpIfLess:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = base[word.b]
          if left.tag == .int, right.tag == .int {
            if left.asInt < right.asInt { pc += offset }
          } else {
            let order = compareSlowly(left, right)
            if order == .failed { break run }
            if order == .less { pc += offset }
          }
        case .jumpUnlessLess:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = base[word.b]
          if left.tag == .int, right.tag == .int {
            if left.asInt >= right.asInt { pc += offset }
          } else {
            let order = compareSlowly(left, right)
            if order == .failed { break run }
            if order != .less { pc += offset }
          }
        case .jumpIfLessOrEqual:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = base[word.b]
          if left.tag == .int, right.tag == .int {
            if left.asInt <= right.asInt { pc += offset }
          } else {
            let order = compareSlowly(left, right)
            if order == .failed { break run }
            if order == .less || order == .equal { pc += offset }
          }
        case .jumpUnlessLessOrEqual:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = base[word.b]
          if left.tag == .int, right.tag == .int {
            if left.asInt > right.asInt { pc += offset }
          } else {
            let order = compareSlowly(left, right)
            if order == .failed { break run }
            if order != .less && order != .equal { pc += offset }
          }
        case .jumpIfLessConstant:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = constants[word.b]
          if left.tag == .int, right.tag == .int {
            if left.asInt < right.asInt { pc += offset }
          } else {
            let order = compareSlowly(left, right)
            if order == .failed { break run }
            if order == .less { pc += offset }
          }
        case .jumpUnlessLessConstant:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = constants[word.b]
          if left.tag == .int, right.tag == .int {
            if left.asInt >= right.asInt { pc += offset }
          } else {
            let order = compareSlowly(left, right)
            if order == .failed { break run }
            if order != .less { pc += offset }
          }
        case .jumpIfLessOrEqualConstant:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = constants[word.b]
          if left.tag == .int, right.tag == .int {
            if left.asInt <= right.asInt { pc += offset }
          } else {
            let order = compareSlowly(left, right)
            if order == .failed { break run }
            if order == .less || order == .equal { pc += offset }
          }
        case .jumpUnlessLessOrEqualConstant:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = constants[word.b]
          if left.tag == .int, right.tag == .int {
            if left.asInt > right.asInt { pc += offset }
          } else {
            let order = compareSlowly(left, right)
            if order == .failed { break run }
            if order != .less && order != .equal { pc += offset }
          }
        case .jumpIfGreaterConstant:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = constants[word.b]
          if left.tag == .int, right.tag == .int {
            if left.asInt > right.asInt { pc += offset }
          } else {
            let order = compareSlowly(left, right)
            if order == .failed { break run }
            if order == .greater { pc += offset }
          }
        case .jumpUnlessGreaterConstant:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = constants[word.b]
          if left.tag == .int, right.tag == .int {
            if left.asInt <= right.asInt { pc += offset }
          } else {
            let order = compareSlowly(left, right)
            if order == .failed { break run }
            if order != .greater { pc += offset }
          }
        case .jumpIfGreaterOrEqualConstant:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = constants[word.b]
          if left.tag == .int, right.tag == .int {
            if left.asInt >= right.asInt { pc += offset }
          } else {
            let order = compareSlowly(left, right)
            if order == .failed { break run }
            if order == .greater || order == .equal { pc += offset }
          }
        case .jumpUnlessGreaterOrEqualConstant:
          let offset = pc.pointee.signed
          pc += 1
          let left = base[word.a]
          let right = constants[word.b]
          if left.tag == .int, right.tag == .int {
            if left.asInt < right.asInt { pc += offset }
          } else {
            let order = compareSlowly(left, right)
            if order == .failed { break run }
            if order != .greater && order != .equal { pc += offset }
          }

        case .makeList:
          let count = word.c
          let object = heap.list(capacity: count)
          object.count32 = UInt32(truncatingIfNeeded: count)
          object.slots.update(from: base + word.b, count: count)
          base[word.a] = .object(.list, object)
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }
        case .makeRecord:
          let shape = pc.pointee
          pc += 1
          let count = recordLiteralCount(shape)
          let object = heap.record(shape: shape, count: count)
          object.slots.update(from: base + word.b, count: count)
          base[word.a] = .object(.record, object)
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }
        case .spread:
          if !spread(base + word.a, base[word.b]) { break run }
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }
        case .getField:
          let value = base[word.b]
          let cache = pc[1]
          if value.tag == .record {
            let object = value.object
            if object.aux == cache >> 8, cache != 0 {
              base[word.a] = object.slots[Int(cache & 0xFF)]
              pc += 2
              continue run
            }
          }
          if !getField(base + word.a, value, pc) { break run }
          pc += 2
        case .setField:
          let target = base[word.a]
          let cache = pc[1]
          if target.tag == .record {
            let object = target.object
            if object.aux == cache >> 8, cache != 0, !object.isShared {
              object.slots[Int(cache & 0xFF)] = base[word.b]
              pc += 2
              continue run
            }
          }
          if !setField(base + word.a, base[word.b], pc) { break run }
          pc += 2
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }
        case .putField:
          let target = base[word.a]
          let cache = pc[1]
          if target.tag == .record {
            let object = target.object
            if object.aux == cache >> 8, cache != 0, !object.isShared {
              object.slots[Int(cache & 0xFF)] = base[word.b]
              pc += 3 &+ pc[2].signed
              continue run
            }
          }
          if !setField(base + word.a, base[word.b], pc) { break run }
          pc += 3
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }
        case .getIndex:
          let value = base[word.b]
          let index = base[word.c]
          if value.tag == .list, index.tag == .int {
            let object = value.object
            if UInt64(bitPattern: index.asInt) < UInt64(object.count32) {
              base[word.a] = object.slots[Int(truncatingIfNeeded: index.asInt)]
              pc += 2
              continue run
            }
          } else if value.tag == .record, index.tag == .string {
            let cache = pc[0]
            if value.object.aux == cache >> 8, cache != 0, index.object.aux == pc[1] {
              base[word.a] = value.object.slots[Int(cache & 0xFF)]
              pc += 2
              continue run
            }
          }
          if !getIndex(base + word.a, value, index, pc) { break run }
          pc += 2
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }
        case .setIndex:
          let target = base[word.a]
          let index = base[word.b]
          if target.tag == .list, index.tag == .int {
            let object = target.object
            if UInt64(bitPattern: index.asInt) < UInt64(object.count32), !object.isShared {
              object.slots[Int(truncatingIfNeeded: index.asInt)] = base[word.c]
              continue run
            }
          }
          if !setIndex(base + word.a, index, base[word.c]) { break run }
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }
        case .getItemField:
          let value = base[word.b]
          let index = base[word.c]
          if value.tag == .list, index.tag == .int {
            let list = value.object
            if UInt64(bitPattern: index.asInt) < UInt64(list.count32) {
              let item = list.slots[Int(truncatingIfNeeded: index.asInt)]
              let cache = pc[1]
              if item.tag == .record, item.object.aux == cache >> 8, cache != 0 {
                base[word.a] = item.object.slots[Int(cache & 0xFF)]
                pc += 4
                continue run
              }
            }
          }
          if !getItem(base + word.a, value, index, pc + 2) { break run }
          // From here on a failure is the field's.
          pc += 1
          if !getField(base + word.a, base[word.a], pc - 1) { break run }
          pc += 3
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }
        case .takeIndex:
          let holder = base[word.b]
          let index = base[word.c]
          if holder.tag == .list, index.tag == .int {
            let object = holder.object
            if UInt64(bitPattern: index.asInt) < UInt64(object.count32), !object.isShared {
              let item = object.slots[Int(truncatingIfNeeded: index.asInt)]
              if (item.tag != .record && item.tag != .list) || !item.object.isShared {
                base[word.a] = item
                continue run
              }
            }
          }
          if !takeIndex(base + word.a, base + word.b, index) { break run }
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }
        case .takeField:
          let holder = base[word.b]
          let cache = pc[1]
          if holder.tag == .record {
            let object = holder.object
            if object.aux == cache >> 8, cache != 0, !object.isShared {
              let item = object.slots[Int(cache & 0xFF)]
              if (item.tag != .record && item.tag != .list) || !item.object.isShared {
                base[word.a] = item
                pc += 2
                continue run
              }
            }
          }
          if !takeField(base + word.a, base + word.b, pc) { break run }
          pc += 2
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }
        case .concatenate:
          if !concatenate(base + word.a, base + word.b, word.c) { break run }
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }

        case .call:
          let callee = base[word.a]
          if callee.tag != .function {
            failCall(callee)
            break run
          }
          let function = callee.object
          let code = function.loadedCode
          let argument = base + word.a + 1
          if word.b != code.pointee.parameters, !fill(code, argument, word.b) { break run }
          frame.pointee.pc = pc
          let newBase = frame.pointee.base &+ word.a &+ 1
          if fiber.frameCount >= fiber.frameCapacity
            || newBase &+ code.pointee.registers &+ Machine.slack > fiber.stackCapacity
          {
            if !grow(fiber, newBase &+ code.pointee.registers &+ Machine.slack) { break run }
          }
          frame = fiber.frames + fiber.frameCount
          fiber.frameCount &+= 1
          frame.enter(code, base: newBase, result: newBase &- 1, function)
          base = fiber.stack + newBase
          pc = code.pointee.code
          constants = code.pointee.constants
          fuel &-= 1
          if fuel <= 0 {
            frame.pointee.pc = pc
            fuel = Machine.fuel
            if !refuel() { break run }
          }
        case .callStatic:
          let code = frame.pointee.code.pointee.statics[Int(pc.pointee)]
          pc += 1
          let argument = base + word.a + 1
          if word.b != code.pointee.parameters, !fill(code, argument, word.b) { break run }
          frame.pointee.pc = pc
          let newBase = frame.pointee.base &+ word.a &+ 1
          if fiber.frameCount >= fiber.frameCapacity
            || newBase &+ code.pointee.registers &+ Machine.slack > fiber.stackCapacity
          {
            if !grow(fiber, newBase &+ code.pointee.registers &+ Machine.slack) { break run }
          }
          frame = fiber.frames + fiber.frameCount
          fiber.frameCount &+= 1
          frame.enter(code, base: newBase, result: newBase &- 1, nil)
          base = fiber.stack + newBase
          pc = code.pointee.code
          constants = code.pointee.constants
          fuel &-= 1
          if fuel <= 0 {
            frame.pointee.pc = pc
            fuel = Machine.fuel
            if !refuel() { break run }
          }
        case .callNative:
          let number = Int(pc.pointee)
          pc += 1
          frame.pointee.pc = pc
          let value = invoke(number, fiber, base + word.a + 1, word.b)
          if value.tag.rawValue >= Tag.pending.rawValue {
            if value.tag == .undefined { break run }
            suspend(fiber, result: frame.pointee.base &+ word.a)
            return
          }
          base[word.a] = value
          if heap.isDue, !collect(fiber) { break run }
        case .returnValue:
          let value = base[word.a]
          fiber.stack[frame.pointee.result] = value
          fiber.frameCount &-= 1
          if fiber.frameCount == 0 {
            finish(fiber, value)
            return
          }
          frame -= 1
          pc = frame.pointee.pc
          base = fiber.stack + frame.pointee.base
          constants = frame.pointee.code.pointee.constants
        case .returnShared:
          let value = base[word.a]
          if value.tag == .list || value.tag == .record { value.object.setShared() }
          fiber.stack[frame.pointee.result] = value
          fiber.frameCount &-= 1
          if fiber.frameCount == 0 {
            finish(fiber, value)
            return
          }
          frame -= 1
          pc = frame.pointee.pc
          base = fiber.stack + frame.pointee.base
          constants = frame.pointee.code.pointee.constants
        case .returnNull:
          fiber.stack[frame.pointee.result] = .null
          fiber.frameCount &-= 1
          if fiber.frameCount == 0 {
            finish(fiber, .null)
            return
          }
          frame -= 1
          pc = frame.pointee.pc
          base = fiber.stack + frame.pointee.base
          constants = frame.pointee.code.pointee.constants
        case .makeFunction:
          makeFunction(base, word, frame)
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }

        case .countPrepare:
          let low = base[word.a]
          let high = base[word.a &+ 1]
          if low.tag != .int || high.tag != .int {
            failRange(low, high)
            break run
          }
          base[word.a &+ 1] = Value(tag: .int, bits: rangeCount(low.asInt, high.asInt))
          base[word.a &+ 2] = .int(low.asInt &- 1)
        case .countNext:
          let state = base + word.a
          let left = state[1].bits
          if left != 0 {
            // The tags too: nothing else says that they are what they were.
            state[1] = Value(tag: .int, bits: left &- 1)
            state[2] = Value(tag: .int, bits: state[2].bits &+ 1)
            pc += word.sbx
            fuel &-= 1
            if fuel <= 0 {
              frame.pointee.pc = pc
              fuel = Machine.fuel
              if !refuel() { break run }
            }
          }
        case .loopPrepare:
          let value = base[word.a]
          if value.tag == .list {
            base[word.a &+ 1] = .int(Int64(0))
          } else if value.tag == .range {
            let low = value.object.rangeLow
            base[word.a] = .int(low)
            base[word.a &+ 1] = Value(tag: .int, bits: rangeCount(low, value.object.rangeHigh))
          } else if value.tag == .sequence {
            frame.pointee.pc = pc
            if !pushIteratorCall(fiber, value, result: frame.pointee.base &+ word.a) { break run }
            frame = fiber.frames + (fiber.frameCount - 1)
            base = fiber.stack + frame.pointee.base
            pc = frame.pointee.pc
            constants = frame.pointee.code.pointee.constants
          } else if value.tag != .iterator {
            failIteration(value)
            break run
          }
        case .loopNext:
          let state = base[word.a]
          if state.tag == .int {
            let left = base[word.a &+ 1].bits
            if left == 0 {
              pc += 1
              continue run
            }
            base[word.a &+ 2] = state
            base[word.a] = .int(state.asInt &+ 1)
            base[word.a &+ 1].bits = left &- 1
            pc += word.sbx
          } else if state.tag == .list {
            let index = base[word.a &+ 1].bits
            if index >= UInt64(state.object.count32) {
              pc += 1
              continue run
            }
            base[word.a &+ 2] = state.object.slots[Int(truncatingIfNeeded: index)]
            base[word.a &+ 1].bits = index &+ 1
            pc += word.sbx
          } else {
            frame.pointee.pc = pc
            switch advance(fiber, state, result: frame.pointee.base &+ word.a &+ 2) {
            case .value: break
            case .pushed:
              frame = fiber.frames + (fiber.frameCount - 1)
              base = fiber.stack + frame.pointee.base
              pc = frame.pointee.pc
              constants = frame.pointee.code.pointee.constants
            case .waiting: return
            case .failed: break run
            }
          }
          fuel &-= 1
          if fuel <= 0 {
            frame.pointee.pc = pc
            fuel = Machine.fuel
            if !refuel() { break run }
          }
        case .loopCheck:
          if base[word.a &+ 2].tag != .end { pc += word.sbx }
          if heap.isDue {
            frame.pointee.pc = pc
            if !collect(fiber) { break run }
          }
          fuel &-= 1
          if fuel <= 0 {
            frame.pointee.pc = pc
            fuel = Machine.fuel
            if !refuel() { break run }
          }
        case .iterate:
          let value = base[word.b]
          if value.tag == .sequence {
            frame.pointee.pc = pc
            if !pushIteratorCall(fiber, value, result: frame.pointee.base &+ word.a) { break run }
            frame = fiber.frames + (fiber.frameCount - 1)
            base = fiber.stack + frame.pointee.base
            pc = frame.pointee.pc
            constants = frame.pointee.code.pointee.constants
          } else {
            if !makeIterator(base + word.a, value) { break run }
            if heap.isDue {
              frame.pointee.pc = pc
              if !collect(fiber) { break run }
            }
          }
        case .advance:
          frame.pointee.pc = pc
          switch advance(fiber, base[word.b], result: frame.pointee.base &+ word.a) {
          case .value: break
          case .pushed:
            frame = fiber.frames + (fiber.frameCount - 1)
            base = fiber.stack + frame.pointee.base
            pc = frame.pointee.pc
            constants = frame.pointee.code.pointee.constants
          case .waiting: return
          case .failed: break run
          }
        case .getSlot:
          let object = base[word.b]
          guard object.hasSlot(word.c) else {
            failSlot(object)
            break run
          }
          base[word.a] = object.object.slots[word.c]
        case .setSlot:
          let object = base[word.a]
          guard object.hasSlot(word.c) else {
            failSlot(object)
            break run
          }
          object.object.slots[word.c] = base[word.b]
        case .raise:
          failRaise(base[word.a])
          break run
        }
      }

      frame.pointee.pc = pc
      guard unwind(fiber) else { return }
      frame = fiber.frames + (fiber.frameCount - 1)
      pc = frame.pointee.pc
      base = fiber.stack + frame.pointee.base
      constants = frame.pointee.code.pointee.constants
    }
  }
}
