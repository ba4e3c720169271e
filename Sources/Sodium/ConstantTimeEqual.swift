import CSodium

/// Whether two secrets are the same, without telling by the time it takes where they differ. Only that their lengths
/// differ can be told.
package func constantTimeEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
  first.count == second.count && sodium_memcmp(first, second, first.count) == 0
}
