import Testing

@Suite("What is to be stated is said in options")
struct RemedyTests {
  @Test(arguments: [
    ("a,b\n1,2\n3,4\n", [], "state it in Hz with --fs"),
    ("a,b\n1,2\n3,4\n", ["--fs", "1000"], "state it with --unit uV, mV or V"),
    (
      "a [uV],b [uV]\n1,2\n3,4\n", ["--fs", "1000", "--grid", "8x8"],
      "choose them with --channels"
    ),
  ]) func errorsOfRecordings(_ table: String, _ options: [String], _ words: String) throws {
    let folder = try CommandFolder()
    try folder.write(table, to: "t.csv")
    let run = try folder.run(["info", "t.csv"] + options)
    #expect(run.code != 0 && run.errorLines.count == 1)
    #expect(run.errors.contains(words), "\(run.errors)")
  }
}
