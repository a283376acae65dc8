import Testing

@testable import Batch

@Suite struct SlurmQueueTests {
  @Test func theNumberOfAJobIsTheFirstWord() {
    #expect(SlurmQueue.number(in: "4711\n") == "4711")
    #expect(SlurmQueue.number(in: "4711;cluster\n") == "4711")
    #expect(SlurmQueue.number(in: "sbatch: error\n") == nil)
    #expect(SlurmQueue.number(in: "") == nil)
  }
}
