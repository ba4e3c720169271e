import CTensors

/// The windows that a convolution sees: for each row of a sequence some rows before and after it, zeros where there is none.
struct Windows {
  let lengths: [Int]
  let order: Int
  let before: Int
  let width: Int

  var rows: Int { lengths.reduce(0, +) }

  struct Quantised: ~Copyable {
    let values: Buffer<Int16>
    let offsets: Buffer<UInt32>
    let scales: Buffer<Float>
  }

  /// The rows in 14 bits with zeros around each sequence, one scale a sequence; a window is a stretch of that memory.
  func quantise(_ values: UnsafePointer<Float>) -> Quantised {
    // Before and after each sequence stand `order` - 1 rows of zeros.
    let quantised = Buffer<Int16>(count: (rows + (lengths.count + 1) * (order - 1)) * width)
    let scales = Buffer<Float>(count: rows)
    let offsets = Buffer<UInt32>(count: rows)
    let start = quantised.pointer
    var (row, place) = (0, 0)
    func skip() {
      (start + place * width).update(repeating: 0, count: (order - 1) * width)
      place += order - 1
    }
    for length in lengths where length > 0 {
      skip()
      var scale: Float = 0
      greenroom_quantize(values + row * width, 1, length * width, start + place * width, &scale)
      for step in 0..<length {
        scales.pointer[row + step] = scale
        offsets.pointer[row + step] = UInt32((place + step - before) * width)
      }
      row += length
      place += length
    }
    skip()
    return Quantised(values: quantised, offsets: offsets, scales: scales)
  }

  /// Every window written out.
  func gather(_ values: UnsafePointer<Float>) -> Buffer<Float> {
    let gathered = Buffer<Float>(count: rows * order * width)
    var start = 0
    for length in lengths {
      for step in 0..<length {
        for part in 0..<order {
          let target = gathered.pointer + ((start + step) * order + part) * width
          let source = step - before + part
          if (0..<length).contains(source) {
            target.update(from: values + (start + source) * width, count: width)
          } else {
            target.update(repeating: 0, count: width)
          }
        }
      }
      start += length
    }
    return gathered
  }
}
