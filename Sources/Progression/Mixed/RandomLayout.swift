/// Where the random effects of one patient stand and how their variances are parametrised.
///
/// Every term has a relative factor lambda (lower triangle, column by column in theta) shared by its
/// copies; the covariance of the effects relative to the residual is D = Lambda Lambda'. Theta and
/// the variance components D_ab share one index: both run over the lower triangles.
struct RandomLayout: Sendable, Equatable {
  /// A group of correlated effects, with one copy for each muscle where it is nested.
  struct Term: Sendable, Equatable {
    /// The grouping: "subject" or "subject:muscle".
    let grouping: String
    /// The names of its effects.
    let effects: [String]
    /// For each copy the positions of its effects among the patient's q random effects.
    let copies: [[Int]]
    /// The position of its first parameter.
    let offset: Int

    var size: Int { effects.count }
  }

  /// One parameter: a place in the lower triangle of a term.
  struct Place: Sendable, Equatable {
    let term: Int
    let row: Int
    let column: Int
  }

  let terms: [Term]
  let places: [Place]
  /// Random effects of one patient.
  let q: Int
  /// For each component the ordered positions (a, b) where dD/d(component) is one.
  let pairs: [[(Int, Int)]]

  static func == (a: RandomLayout, b: RandomLayout) -> Bool { a.terms == b.terms && a.q == b.q }

  init(_ groups: [(grouping: String, effects: [String], copies: [[Int]])], q: Int) {
    var terms: [Term] = []
    var places: [Place] = []
    for (index, group) in groups.enumerated() {
      terms.append(
        Term(
          grouping: group.grouping, effects: group.effects, copies: group.copies,
          offset: places.count))
      for column in group.effects.indices {
        for row in column..<group.effects.count {
          places.append(Place(term: index, row: row, column: column))
        }
      }
    }
    self.terms = terms
    self.places = places
    self.q = q
    pairs = places.map { place in
      terms[place.term].copies.flatMap { copy -> [(Int, Int)] in
        let (a, b) = (copy[place.row], copy[place.column])
        return a == b ? [(a, b)] : [(a, b), (b, a)]
      }
    }
  }

  var count: Int { places.count }

  /// The position of the parameter (row, column) of a term, row >= column.
  func index(_ term: Int, _ row: Int, _ column: Int) -> Int {
    let size = terms[term].size
    return terms[term].offset + column * size - column * (column - 1) / 2 + row - column
  }

  /// The q x q factor Lambda, row-major.
  func lambda(_ theta: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: q * q)
    for (value, place) in zip(theta, places) {
      for copy in terms[place.term].copies {
        result[copy[place.row] * q + copy[place.column]] = value
      }
    }
    return result
  }

  /// The lower triangles of lambda lambda', in the order of the parameters.
  func components(_ theta: [Double]) -> [Double] {
    places.map { place in
      var sum = 0.0
      for k in 0...place.column {
        sum += theta[index(place.term, place.row, k)] * theta[index(place.term, place.column, k)]
      }
      return sum
    }
  }

  /// d(component r) / d(theta k), row-major count x count.
  func jacobian(_ theta: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count * count)
    for (r, component) in places.enumerated() {
      for k in 0...component.column {
        let x = index(component.term, component.row, k)
        let y = index(component.term, component.column, k)
        result[r * count + x] += theta[y]
        result[r * count + y] += theta[x]
      }
    }
    return result
  }

  /// The sum over components of gradient_r d2(component r)/d(theta)d(theta'), row-major.
  func curvature(_ gradient: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count * count)
    for (r, component) in places.enumerated() {
      for k in 0...component.column {
        let x = index(component.term, component.row, k)
        let y = index(component.term, component.column, k)
        result[x * count + y] += gradient[r]
        result[y * count + x] += gradient[r]
      }
    }
    return result
  }

  /// Theta with the sign of every column of lambda chosen so that its diagonal is not negative.
  func canonical(_ theta: [Double]) -> [Double] {
    var result = theta
    for (t, term) in terms.enumerated() {
      for column in 0..<term.size where result[index(t, column, column)] < 0 {
        for row in column..<term.size { result[index(t, row, column)] *= -1 }
      }
    }
    return result
  }
}
