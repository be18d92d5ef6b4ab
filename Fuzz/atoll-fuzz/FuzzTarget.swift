// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// Something that takes bytes from strangers.
///
/// It must come back from any bytes: a trap, an endless wait or memory without bound is a bug.
struct FuzzTarget: Sendable {
    /// Its name on the command line and among the seeds.
    let name: String
    /// Bytes that mean something to it, to start from.
    let samples: @Sendable () -> [[UInt8]]
    /// Takes bytes; what it refuses is refused, what it accepts keeps the laws it checks.
    let take: @Sendable ([UInt8]) -> Void

    /// The most bytes of an input: larger ones find nothing that smaller ones do not.
    static let bytesMax = 64 << 10

    init(
        _ name: String, samples: @escaping @Sendable () -> [[UInt8]],
        take: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.name = name
        self.samples = samples
        self.take = take
    }

    /// Several small ones as one, which then costs the time of one: the first byte says which of
    /// them takes the rest.
    init(_ name: String, of parts: [FuzzTarget]) {
        self.init(
            name,
            samples: {
                parts.enumerated().flatMap { place, part in
                    part.samples().map { [UInt8(place)] + $0 }
                }
            }
        ) { bytes in
            guard let place = bytes.first, Int(place) < parts.count else { return }
            parts[Int(place)].take(Array(bytes.dropFirst()))
        }
    }

    /// A wire type: what it reads from bytes has those bytes and no others (ENCODING-1).
    init<Value: CanonicalCodable>(
        _ name: String, _ type: Value.Type, samples: @escaping @Sendable () -> [Value],
        check: @escaping @Sendable (Value) -> Void = { _ in }
    ) {
        self.init(name, samples: { samples().map(\.canonicalBytes) }) { bytes in
            guard let value = try? Value(canonicalBytes: bytes) else { return }
            precondition(value.canonicalBytes == bytes, "a value has one encoding")
            check(value)
        }
    }
}
