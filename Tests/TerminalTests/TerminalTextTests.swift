import Testing

@testable import Terminal

@Suite("Text that a terminal shows and does not obey")
struct TerminalTextTests {
  @Test func controlCharactersAreWrittenOut() {
    #expect(TerminalText.safe("plain\ttext\n") == "plain\ttext\n")
    #expect(TerminalText.safe("µV ± é") == "µV ± é")
    #expect(TerminalText.safe("a\u{1B}[2Jb\u{7}") == "a\\u001b[2Jb\\u0007")
    #expect(TerminalText.safe("evil\u{202E}txt") == "evil\\u202etxt")
  }
}
