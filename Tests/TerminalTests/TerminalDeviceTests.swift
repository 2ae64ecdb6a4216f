import Glibc
import Testing

@testable import Terminal

@Suite struct TerminalDeviceTests {
  @Test func aFileIsNoTerminal() {
    let descriptor = open("/dev/null", O_RDWR)
    defer { close(descriptor) }
    let device = TerminalDevice(descriptor: descriptor)
    #expect(!device.isTerminal)
    #expect(device.size == nil)
    #expect(device.columns(environment: [:]) == 80)
    #expect(device.columns(environment: ["COLUMNS": "120"]) == 120)
    for text in ["", "0", "-5", "wide", "99999999999999999999"] {
      #expect(device.columns(environment: ["COLUMNS": text]) == 80)
    }
    #expect(!TerminalDevice(descriptor: -1).isTerminal)
  }

  @Test func aTerminalSaysItsSize() throws {
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    try #require(master >= 0)
    defer { close(master) }
    var size = winsize(ws_row: 33, ws_col: 101, ws_xpixel: 0, ws_ypixel: 0)
    #expect(ioctl(master, UInt(TIOCSWINSZ), &size) == 0)
    let device = TerminalDevice(descriptor: master)
    #expect(device.isTerminal)
    #expect(device.size == TerminalDevice.Size(columns: 101, rows: 33))
    #expect(device.columns(environment: ["COLUMNS": "50"]) == 101)
  }
}
