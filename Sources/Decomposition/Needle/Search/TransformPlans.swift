import Signal
import Synchronization

/// Planned transforms by length, kept for the life of the process.
///
/// The search asks for the same few lengths again and again; planning costs more than a transform.
enum TransformPlans {
  private static let plans = Mutex<[Int: RealFFT]>([:])

  /// The transform of one length.
  static func transform(length: Int) -> RealFFT {
    plans.withLock { plans in
      if let plan = plans[length] { return plan }
      let plan = RealFFT(length: length)
      plans[length] = plan
      return plan
    }
  }
}
