/// Sentences of the outputs of CMAP scans.
package enum ScanWording {
  package static let estimate =
    "An estimate with a 90 % interval, not a count of motor units; compare it only within one "
    + "method and muscle."
}
