// SPDX-License-Identifier: Apache-2.0

/// A whole number after an option.
enum WordNumber {
    /// Reads it.
    ///
    /// - Throws: ``Arguments/Fault`` when there is none in the range.
    static func read(
        _ option: String, _ rest: inout ArraySlice<String>, in range: ClosedRange<UInt64>
    ) throws(Arguments.Fault) -> UInt64 {
        guard let word = rest.popFirst(), let number = UInt64(word), range.contains(number) else {
            throw Arguments.Fault(
                reason: "\(option) needs a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
