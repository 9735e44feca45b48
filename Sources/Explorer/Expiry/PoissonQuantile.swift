/// How many of rare events there may be by chance.
package enum Poisson {
  /// The least number that is exceeded with a probability of at most `tail`, when `mean` events are
  /// expected. By summation up to a mean of 500; above by the normal distribution with the first
  /// term of Cornish and Fisher's expansion (1938), which is within one there.
  package static func quantile(mean: Double, tail: Double) -> Int {
    guard mean > 0, mean.isFinite else { return 0 }
    guard mean <= 500 else {
      let z = normalQuantile(tail)
      return Int((mean + z * mean.squareRoot() + (z * z - 1) / 6).rounded(.up))
    }
    // From the top down, so that a small tail is not lost in rounding.
    let top = Int(mean + 12 * mean.squareRoot() + 30)
    var terms = [exponential(-mean)]
    for count in 1...top { terms.append(terms[count - 1] * mean / Double(count)) }
    var beyond = 0.0
    var count = top
    while count > 0, beyond + terms[count] <= tail {
      beyond += terms[count]
      count -= 1
    }
    return count
  }

  /// The bounds within which the mean lies in 95 of 100 cases and more, when so many events were
  /// seen. Byar's approximation to the exact bounds (Breslow and Day 1987, formula 2.13).
  package static func bounds(of count: Int) -> ClosedRange<Double> {
    let (low, high) = (Double(count), Double(count + 1))
    let z = 1.96
    func byar(_ count: Double, _ sign: Double) -> Double {
      let root = 1 - 1 / (9 * count) + sign * z / (3 * count.squareRoot())
      return max(0, count * root * root * root)
    }
    return (count > 0 ? byar(low, -1) : 0)...byar(high, 1)
  }

  /// The value that a normal variable exceeds with a probability of `tail`, below a half, with an
  /// error below 0.0005 (Abramowitz and Stegun 26.2.23).
  private static func normalQuantile(_ tail: Double) -> Double {
    let t = (-2 * logarithm(max(tail, 1e-300))).squareRoot()
    let above = 2.515517 + t * (0.802853 + t * 0.010328)
    let below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    return t - above / below
  }

  /// e to a power, by halving it until the series converges fast.
  static func exponential(_ power: Double) -> Double {
    guard power > -700 else { return 0 }
    guard power < 700 else { return .infinity }
    let halvings = 10
    let small = power / 1024
    var (term, sum) = (1.0, 1.0)
    for step in 1...10 {
      term *= small / Double(step)
      sum += term
    }
    for _ in 0..<halvings { sum *= sum }
    return sum
  }

  /// The natural logarithm of a number above 0: of its binary exponent and of what is left.
  static func logarithm(_ number: Double) -> Double {
    guard number > 0, number.isFinite else { return number > 0 ? .infinity : -.infinity }
    let rest = number.significand
    // 2 artanh((x - 1) / (x + 1)), for x from 1 to 2.
    let base = (rest - 1) / (rest + 1)
    var (power, sum) = (base, 0.0)
    for step in stride(from: 1, through: 25, by: 2) {
      sum += power / Double(step)
      power *= base * base
    }
    return Double(number.exponent) * 0.693_147_180_559_945_3 + 2 * sum
  }
}
