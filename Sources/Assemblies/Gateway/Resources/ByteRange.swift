// SPDX-License-Identifier: Apache-2.0
import HTTPServer

/// One range of bytes of a representation (RFC 9110 section 14.1.2).
struct ByteRange: Hashable, Sendable {
    let first: UInt64
    let last: UInt64

    var count: UInt64 { last - first + 1 }

    /// Reads a `Range` field against a size; nothing when there is none to honour.
    ///
    /// A field in another unit, of several ranges, or malformed is passed over, as RFC 9110
    /// section 14.2 allows.
    ///
    /// - Throws: ``GatewayProblem/rangeNotSatisfiable`` when the range begins after the end.
    init?(_ field: String?, size: UInt64) throws(Problem) {
        guard let field, field.hasPrefix("bytes="), !field.contains(",") else { return nil }
        let parts = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.isEmpty || Self.number($0) != nil }) else {
            return nil
        }
        switch (Self.number(parts[0]), Self.number(parts[1])) {
        case (let first?, let last?) where last < first: return nil
        case (let first?, let last):
            guard first < size else { throw Self.outside(size) }
            self.first = first
            self.last = min(last ?? .max, size - 1)
        case (nil, let count?):
            guard count > 0, size > 0 else { throw Self.outside(size) }
            first = size - min(count, size)
            last = size - 1
        case (nil, nil): return nil
        }
    }

    private static func number(_ text: Substring) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return UInt64(text)
    }

    private static func outside(_ size: UInt64) -> Problem {
        var problem = GatewayProblem.rangeNotSatisfiable.problem("the blob has \(size) bytes")
        problem.fields["Content-Range"] = "bytes */\(size)"
        return problem
    }
}
