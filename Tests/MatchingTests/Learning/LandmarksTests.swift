import Testing

@testable import Matching

@Suite struct LandmarksTests {
  private func length(_ vector: [Float]) -> Float { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  @Test func `each topic has one at least, and never more than it has members`() {
    let problem = Problem(seed: 41, rows: 60, topics: 6, dimension: 12, outOfScope: 5)
    for most in [0, 1, 7, 30, 1_000] {
      let chosen = Landmarks.choose(problem.rows, most: most)
      for topic in Set(problem.rows.map(\.topic)) {
        let count = chosen.count { $0.topic == topic }
        #expect((1...problem.members(of: topic).count).contains(count))
      }
      #expect(chosen.map(\.topic) == chosen.map(\.topic).sorted())
      #expect(chosen.allSatisfy { (length($0.vector) - 1).magnitude < 1e-4 })
    }
    #expect(Landmarks.choose(problem.rows, most: 1_000).count == 60)
  }

  @Test func `a topic of four times the rows has twice the landmarks`() {
    var problem = Problem(seed: 42, rows: 500, topics: 2, dimension: 12)
    for place in problem.rows.indices { problem.rows[place].topic = place % 5 == 0 ? 0 : 1 }
    let chosen = Landmarks.choose(problem.rows, most: 60)
    #expect(chosen.count { $0.topic == 0 } == 20)
    #expect(chosen.count { $0.topic == 1 } == 40)
  }

  @Test func `fewer members than wanted are themselves`() {
    let vectors: [[Float]] = [[1, 0], [0, 1]]
    #expect(Landmarks.middles(of: vectors, count: 5) == vectors)
    #expect(Landmarks.middles(of: vectors, count: 2) == vectors)
    #expect(Landmarks.middles(of: [], count: 3) == [])
  }

  @Test func `identical members, and members that cancel out, have middles of length 1`() {
    let same = [[Float]](repeating: [0.6, 0.8], count: 9)
    #expect(Landmarks.middles(of: same, count: 3).allSatisfy { distance($0, [0.6, 0.8]) < 1e-5 })
    let opposite: [[Float]] = [[1, 0], [-1, 0], [1, 0], [-1, 0]]
    #expect(Landmarks.middles(of: opposite, count: 1).allSatisfy { (length($0) - 1).magnitude < 1e-5 })
  }

  @Test func `clusters that lie apart each get a middle`() {
    let vectors = (0..<30).map { place -> [Float] in
      var vector: [Float] = [0, 0, 0]
      vector[place % 3] = 1
      vector[(place + 1) % 3] = Float(place) / 300
      return Problem.unit(vector)
    }
    let middles = Landmarks.middles(of: vectors, count: 3)
    for axis in 0..<3 { #expect(middles.contains { $0[axis] > 0.98 }) }
  }

  @Test func `the same rows give the same landmarks, whichever thread is first`() {
    let problem = Problem(seed: 43, rows: 200, topics: 20, dimension: 12)
    let first = Landmarks.choose(problem.rows, most: 50)
    for _ in 0..<5 { #expect(Landmarks.choose(problem.rows, most: 50).map(\.vector) == first.map(\.vector)) }
  }
}
