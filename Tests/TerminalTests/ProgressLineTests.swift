import Testing

@testable import Terminal

@Suite struct ProgressLineTests {
  final class Stage {
    var time: Duration = .zero
    var output = ""
    var columns = 20

    func line(isTerminal: Bool) -> ProgressLine {
      ProgressLine(
        isTerminal: isTerminal, columns: { self.columns }, now: { self.time }, write: { self.output += $0 })
    }

    func take() -> String {
      defer { output = "" }
      return output
    }
  }

  @Test func repaintsOnATerminal() {
    let stage = Stage()
    var line = stage.line(isTerminal: true)
    line.update("1 of 9")
    #expect(stage.take() == "\r1 of 9\u{1B}[K")
    stage.time += .milliseconds(50)
    line.update("2 of 9")
    #expect(stage.take() == "")
    stage.time += .milliseconds(60)
    line.update("3 of 9")
    #expect(stage.take() == "\r3 of 9\u{1B}[K")
    stage.time += .seconds(1)
    line.update("3 of 9")
    #expect(stage.take() == "")
    line.message("note")
    #expect(stage.take() == "\r\u{1B}[Knote\n\r3 of 9\u{1B}[K")
    line.finish("done")
    #expect(stage.take() == "\r\u{1B}[Kdone\n")
    line.message("later")
    #expect(stage.take() == "later\n")
  }

  @Test func neverWraps() {
    let stage = Stage()
    var line = stage.line(isTerminal: true)
    line.update("a text that is longer\nthan the terminal")
    #expect(stage.take() == "\ra text that is lon…\u{1B}[K")
    stage.columns = 0
    stage.time += .seconds(1)
    line.update("b")
    #expect(stage.take() == "\rb\u{1B}[K")
    line.finish()
    #expect(stage.take() == "\r\u{1B}[K")
  }

  @Test func printsNowAndThenWithoutATerminal() {
    let stage = Stage()
    var line = stage.line(isTerminal: false)
    var printed: [Int] = []
    for second in 0...95 {
      stage.time = .seconds(second)
      line.update("at \(second)")
      if !stage.output.isEmpty {
        #expect(stage.take() == "at \(second)\n")
        printed.append(second)
      }
    }
    #expect(printed == [30, 60, 90])
    line.message("note")
    #expect(stage.take() == "note\n")
    line.finish("done")
    #expect(stage.take() == "done\n")
  }
}
