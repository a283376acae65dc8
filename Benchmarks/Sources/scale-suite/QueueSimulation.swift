import Signal

/// A cluster's queue: tasks of several recordings on nodes, some of them killed.
struct QueueSimulation {
  /// Cores that work at once.
  var cores: Int
  /// Processor seconds of each recording, in the packs of its task.
  var packs: [[Double]]
  /// Seconds between the starts of two tasks: what a scheduler needs for one.
  var dispatchSeconds = 0.5
  /// Seconds until a task begins its work: program start, list and hashes.
  var startSeconds = 2.0
  /// Probability that a task is killed at a moment of its run.
  var killProbability = 0.01
  /// Seconds until a task that was killed may start again.
  var requeueSeconds = 120.0
  /// Most times that a task is started again.
  var retries = 3

  /// How a run went.
  struct Outcome {
    /// Seconds from the first start to the last end.
    var wallSeconds = 0.0
    /// Processor seconds, with those of work that was lost.
    var busySeconds = 0.0
    /// Processor seconds of work that a kill threw away.
    var lostSeconds = 0.0
    /// Tasks that were killed.
    var kills = 0
    /// Recordings without a result in the end.
    var lostRecordings = 0
  }

  /// Runs the queue.
  ///
  /// Tasks start in order as cores become free; one that was killed waits behind the others until it
  /// may start again, keeps the recordings that it had finished and does the one it was in again.
  func run(_ generator: inout SeededGenerator) -> Outcome {
    struct Task {
      var left: ArraySlice<Double>
      var tries = 0
      var ready = 0.0
    }
    var outcome = Outcome()
    var waiting = packs.map { Task(left: $0[...]) }[...]
    var again: [Task] = []
    var free = MinimumHeap([Double](repeating: 0, count: cores))
    var dispatcher = 0.0
    while !waiting.isEmpty || !again.isEmpty {
      let core = free.popMinimum()
      // The dispatcher does one task after the other, requeued ones when their time has come.
      let now = max(core, dispatcher)
      var task: Task
      let readiest = again.indices.min { again[$0].ready < again[$1].ready }
      if let readiest, again[readiest].ready <= now || waiting.isEmpty {
        task = again.remove(at: readiest)
      } else {
        task = waiting.removeFirst()
      }
      let start = max(now, task.ready)
      dispatcher = start + dispatchSeconds
      let whole = startSeconds + task.left.reduce(0, +)
      var used = whole
      if generator.uniform() < killProbability {
        outcome.kills += 1
        used = whole * generator.uniform()
        var done = startSeconds
        while let next = task.left.first, done + next <= used {
          done += next
          task.left.removeFirst()
        }
        outcome.lostSeconds += max(0, used - done)
        task.tries += 1
        task.ready = start + used + requeueSeconds
        if task.left.isEmpty {
          // Killed between its last recording and its end.
        } else if task.tries <= retries {
          again.append(task)
        } else {
          outcome.lostRecordings += task.left.count
        }
      }
      outcome.busySeconds += used
      outcome.wallSeconds = max(outcome.wallSeconds, start + used)
      free.insert(start + used)
    }
    return outcome
  }
}

/// A heap that gives its least number.
struct MinimumHeap {
  private var items: [Double] = []

  init(_ items: [Double]) { for item in items { insert(item) } }

  mutating func insert(_ item: Double) {
    items.append(item)
    var child = items.count - 1
    while child > 0, items[child] < items[(child - 1) / 2] {
      items.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popMinimum() -> Double {
    items.swapAt(0, items.count - 1)
    let least = items.removeLast()
    var parent = 0
    while true {
      let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < items.count }
      guard let child = children.min(by: { items[$0] < items[$1] }), items[child] < items[parent]
      else { return least }
      items.swapAt(parent, child)
      parent = child
    }
  }
}
