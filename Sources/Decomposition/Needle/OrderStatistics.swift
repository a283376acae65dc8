/// The quantile of a sample by linear interpolation; 0 for an empty one.
func quantile(_ values: [Float], _ probability: Double) -> Float {
  quantile(sorted: values.sorted(), probability)
}

/// The quantile of a sorted sample by linear interpolation; 0 for an empty one.
func quantile<Value: BinaryFloatingPoint>(sorted: [Value], _ probability: Double) -> Value {
  guard let last = sorted.last else { return 0 }
  let position = probability * Double(sorted.count - 1)
  let low = Int(position)
  if low + 1 >= sorted.count { return last }
  return sorted[low] + (sorted[low + 1] - sorted[low]) * Value(position - Double(low))
}

/// The median of a sample; 0 for an empty one.
func median(_ values: [Float]) -> Float { quantile(values, 0.5) }

/// The first index of a sorted sequence whose value is at least `bound`.
func lowerBound(_ values: [Int], _ bound: Int) -> Int {
  var low = 0
  var high = values.count
  while low < high {
    let middle = (low + high) / 2
    if values[middle] < bound { low = middle + 1 } else { high = middle }
  }
  return low
}

/// The quantile of the absolute values of a long sample from at most about 20,000 of its values, evenly spaced.
func quickQuantile(_ values: [Float], _ probability: Double) -> Float {
  let step = max(1, values.count / 20_000)
  return quantile(stride(from: 0, to: values.count, by: step).map { abs(values[$0]) }, probability)
}
