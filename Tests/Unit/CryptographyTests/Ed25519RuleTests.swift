// SPDX-License-Identifier: Apache-2.0

import Testing
import Vocabulary

@testable import Cryptography

/// The rule of CRYPTO-2 at its edges.
@Suite("Ed25519 acceptance")
struct Ed25519RuleTests {
    /// All encodings of the eight points whose order divides 8: eight canonical ones, y = ±1 with
    /// the other sign of x = 0, and y = 0 and 1 written as p and p + 1 in both signs.
    static let smallOrderEncodings = [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ]

    @Test(
        "every small-order A and R with S = 0 is accepted, in all 14 × 14 encodings (ZIP-215)",
        arguments: smallOrderEncodings)
    func smallOrder(keyEncoding: String) throws {
        let key = PublicKey(try bytes32(keyEncoding))
        let message = Array("Zcash".utf8)
        for encoding in Self.smallOrderEncodings {
            let signature = Signature(point: try bytes32(encoding), scalar: .zero)
            #expect(key.accepts(signature, over: message), "R = \(encoding)")
            #expect(PortableVerifier.accepts(signature, by: key, over: message))
        }
    }

    @Test("S = 1 with small-order A and R is refused: [8]B is not the neutral element")
    func smallOrderWithScalar() throws {
        var scalar = [UInt8](repeating: 0, count: 32)
        scalar[0] = 1
        let one = try #require(Bytes32(scalar))
        for encoding in Self.smallOrderEncodings {
            let point = try bytes32(encoding)
            let signature = Signature(point: point, scalar: one)
            #expect(!PublicKey(point).accepts(signature, over: []))
        }
    }

    @Test("the encodings above are those of eight points whose eightfold is the neutral element")
    func orders() throws {
        let points = try Self.smallOrderEncodings.map {
            try #require(EdwardsPoint(encoding: bytes32($0)))
        }
        #expect(points.allSatisfy { $0.doubled.doubled.doubled.isIdentity })
        var distinct: [EdwardsPoint] = []
        for point in points {
            let isKnown = distinct.contains {
                point.adding(PreparedPoint(-$0)).isIdentity
            }
            if !isKnown { distinct.append(point) }
        }
        #expect(distinct.count == 8)
    }

    @Test("a y that no point has is refused as A and as R")
    func notOnCurve() throws {
        // y = 2: (y² - 1)/(d y² + 1) is not a square.
        let encoding = try bytes32(
            "0200000000000000000000000000000000000000000000000000000000000000")
        let identity = try bytes32(Self.smallOrderEncodings[0])
        #expect(EdwardsPoint(encoding: encoding) == nil)
        #expect(
            !PublicKey(encoding).accepts(Signature(point: identity, scalar: .zero), over: []))
        #expect(
            !PublicKey(identity).accepts(Signature(point: encoding, scalar: .zero), over: []))
    }

    @Test("S + L is refused, and so is L itself where zero is accepted")
    func scalarRange() throws {
        let order = try bytes32("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        let largest = try bytes32(
            "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        let identity = try bytes32(Self.smallOrderEncodings[0])
        let key = PublicKey(identity)
        #expect(key.accepts(Signature(point: identity, scalar: .zero), over: []))
        #expect(!key.accepts(Signature(point: identity, scalar: order), over: []))

        // R = -B makes S = L - 1 right.
        let minusBase = try bytes32(
            "58666666666666666666666666666666666666666666666666666666666666e6")
        #expect(key.accepts(Signature(point: minusBase, scalar: largest), over: []))
    }

    @Test("a batch gives each claim its own verdict")
    func batch() throws {
        let key = try #require(SigningKey(seed: [UInt8](repeating: 7, count: 32)))
        let claims = (0..<16).map { index in
            SignatureClaim(
                key: key.publicKey, signature: key.sign([UInt8(index)]),
                message: [UInt8(index % 5 == 0 ? 99 : index)])
        }
        #expect(Ed25519Verifier.verify(claims) == (0..<16).map { $0 % 5 != 0 })
        #expect(Ed25519Verifier.verify([]).isEmpty)
    }
}
