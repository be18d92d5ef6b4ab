// SPDX-License-Identifier: Apache-2.0
import Consensus
public import Ledger
import Vocabulary

/// A trail as its reader keeps it, to begin with the next time (LIGHT-17).
///
/// The bytes are the mark `ATOLLTR1`, the chain, the newest epoch, and the stretches {first epoch,
/// set} in canonical form. They prove nothing: whoever reads a trail trusts who wrote it. What is
/// to convince others are the handovers themselves (``HandoverFile``).
extension ValidatorTrail {
    /// The first eight bytes of every file.
    public static let fileMark: [UInt8] = Array("ATOLLTR1".utf8)
    /// The most bytes of a file: ``stretchesMax`` sets of 6.2 KB, and a little.
    public static let fileBytesMax = 32 << 20

    /// The trail's bytes.
    public var fileBytes: [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.writeFixed(Self.fileMark)
        encoder.write(chain)
        encoder.write(newest)
        encoder.writeList(stretches)
        return encoder.bytes
    }

    /// Reads a trail that the reader saved itself, or has from somebody it trusts.
    ///
    /// - Throws: ``TrailFileFailure``.
    public init(genesis: Genesis, fileBytes bytes: [UInt8]) throws(TrailFileFailure) {
        guard bytes.count <= Self.fileBytesMax else { throw .tooLarge(bytes.count) }
        guard bytes.starts(with: Self.fileMark) else { throw .notATrail }
        var decoder = CanonicalDecoder(Array(bytes.dropFirst(Self.fileMark.count)))
        let chain: ChainID
        let newest: Epoch
        let stretches: [Stretch]
        do {
            chain = try decoder.read()
            newest = try decoder.read()
            stretches = try decoder.readList(limit: Self.stretchesMax)
            try decoder.finish()
        } catch {
            throw .damaged(error)
        }
        guard chain == genesis.chain else { throw .otherChain(chain) }
        guard Self.areOrdered(stretches, until: newest) else {
            throw .damaged(.outOfRange("ValidatorTrail"))
        }
        self.init(genesis: genesis, newest: newest, stretches: stretches)
        guard oldest.value > 0 || validators(of: oldest) == (try? ValidatorSet(of: genesis)) else {
            throw .otherFounders
        }
    }

    /// Whether there is a stretch, each begins after the one before with another set, and none
    /// after `newest`.
    private static func areOrdered(_ stretches: [Stretch], until newest: Epoch) -> Bool {
        guard let last = stretches.last, last.first <= newest else { return false }
        return zip(stretches, stretches.dropFirst()).allSatisfy {
            $0.first < $1.first && $0.validators != $1.validators
        }
    }
}

extension ValidatorTrail.Stretch: CanonicalCodable {
    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(first)
        encoder.write(validators)
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        first = try decoder.read()
        validators = try decoder.read()
    }
}
