// SPDX-License-Identifier: Apache-2.0
import CShims.Ed25519Lanes
import CSodium
import Foundation
import Testing
import Vocabulary

@testable import Cryptography

/// All backends give the verdicts of CRYPTO-2, alone and in every company (CRYPTO-5).
@Suite("Backends of Ed25519")
struct BackendTests {
    static let available = Ed25519Backend.allCases.filter(\.isAvailable)
    /// How many claims of all kinds are decided; each by all backends where more than usual are
    /// asked for.
    private static let claims =
        Int(
            ProcessInfo.processInfo.environment["ATOLL_NIGHTLY"] ?? "") ?? usualClaims
    private static let usualClaims = 100_000

    @Test("every kind of claim has its verdict by every backend", arguments: available)
    func kinds(backend: Ed25519Backend) throws {
        var maker = try ClaimMaker(seed: 71)
        let kinds = (0..<2).flatMap { _ in ClaimMaker.Kind.allCases }
        let claims = try kinds.map { try maker.claim($0) }
        let verdicts = Ed25519Verifier.verify(claims, by: backend)
        #expect(verdicts == kinds.map(\.isAccepted))
    }

    @Test("the scalars at the ends of their range count, and L and above do not")
    func scalarRange() throws {
        let order = try bytes32("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        let largest = try bytes32(
            "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        let all = try bytes32(String(repeating: "ff", count: 32))
        let identity = try bytes32(Ed25519RuleTests.smallOrderEncodings[0])
        // R = -B makes S = L - 1 right.
        let minusBase = try bytes32(
            "58666666666666666666666666666666666666666666666666666666666666e6")
        let cases = [
            (minusBase, largest, true), (minusBase, order, false), (identity, .zero, true),
            (identity, order, false), (identity, all, false),
        ]
        let claims = cases.map { point, scalar, _ in
            SignatureClaim(
                key: PublicKey(identity), signature: Signature(point: point, scalar: scalar),
                message: [])
        }
        for backend in Self.available {
            #expect(Ed25519Verifier.verify(claims, by: backend) == cases.map(\.2), "\(backend)")
        }
    }

    @Test("batches of every size have one verdict for each claim, in order", arguments: 0...26)
    func sizes(count: Int) throws {
        var maker = try ClaimMaker(seed: 72)
        let kinds = (0..<count).map { $0 % 3 == 1 ? ClaimMaker.Kind.otherMessage : .honest }
        let claims = try kinds.map { try maker.claim($0) }
        #expect(Ed25519Verifier.verify(claims) == kinds.map(\.isAccepted))
    }

    @Test("long messages beside short ones change no verdict")
    func lengths() throws {
        var maker = try ClaimMaker(seed: 73)
        let lengths = [0, 65_536, 63, 64, 1, 10_000, 47, 48, 49, 65_535, 111, 112, 0]
        let kinds = lengths.indices.map { $0 % 5 == 1 ? ClaimMaker.Kind.flippedPoint : .honest }
        let claims = try zip(kinds, lengths).map { try maker.claim($0, messageBytes: $1) }
        for backend in Self.available {
            let verdicts = Ed25519Verifier.verify(claims, by: backend)
            #expect(verdicts == kinds.map(\.isAccepted), "\(backend)")
        }
    }

    // MARK: - Lanes

    @Test(
        "all 14 × 14 pairs of small order are accepted with S = 0 and refused with S = 1",
        .enabled(if: Ed25519Backend.lanes.isAvailable, "this machine has no AVX-512 IFMA"))
    func smallOrder() throws {
        let encodings = try Ed25519RuleTests.smallOrderEncodings.map(bytes32)
        let one = try bytes32("01" + String(repeating: "00", count: 31))
        for (scalar, verdict) in [(Bytes32.zero, true), (one, false)] {
            let claims = encodings.flatMap { key in
                encodings.map { point in
                    SignatureClaim(
                        key: PublicKey(key), signature: Signature(point: point, scalar: scalar),
                        message: Array("Zcash".utf8))
                }
            }
            #expect(claims.count == 196)
            let verdicts = Ed25519Verifier.verify(claims, by: .lanes)
            #expect(verdicts == claims.map { _ in verdict })
        }
    }

    @Test(
        "a claim has its verdict in every lane, among good claims and among bad ones",
        .enabled(if: Ed25519Backend.lanes.isAvailable, "this machine has no AVX-512 IFMA"),
        arguments: ClaimMaker.Kind.allCases)
    func positions(kind: ClaimMaker.Kind) throws {
        var maker = try ClaimMaker(seed: 74)
        for company in [ClaimMaker.Kind.honest, .garbage] {
            for lane in 0..<8 {
                let kinds = (0..<8).map { $0 == lane ? kind : company }
                let claims = try kinds.map { try maker.claim($0) }
                let verdicts = Ed25519Verifier.verify(claims, by: .lanes)
                #expect(verdicts == kinds.map(\.isAccepted), "lane \(lane) among \(company)")
            }
        }
    }

    @Test(
        "scalars whose digits carry far have right verdicts",
        .enabled(if: Ed25519Backend.lanes.isAvailable, "this machine has no AVX-512 IFMA"))
    func digits() throws {
        var numbers = SeededNumbers(seed: 76)
        let edges: [UInt8] = [0x00, 0x01, 0x7f, 0x80, 0x81, 0xfe, 0xff]
        // Digits are signed by adding 0x80 to each byte: these words overflow by the carry alone.
        let words = [0x80, 0x7f].map { [UInt8](repeating: $0, count: 8) }
        var scalars = [words[0] + words[1] + words[1] + words[1].dropLast() + [0x0f]]
        scalars += (0..<399).map { round in
            (0..<4).flatMap { _ in
                round % 2 == 0
                    ? (0..<8).map { _ in edges[Int.random(in: 0..<7, using: &numbers)] }
                    : words[Int.random(in: 0..<2, using: &numbers)]
            }.dropLast() + [UInt8.random(in: 0...0x0f, using: &numbers)]
        }
        // With the neutral element for A, R = [S]B is right whatever k is.
        let identity = PublicKey(try bytes32(Ed25519RuleTests.smallOrderEncodings[0]))
        let claims = try scalars.flatMap { scalar in
            var point = [UInt8](repeating: 0, count: 32)
            #expect(crypto_scalarmult_ed25519_base_noclamp(&point, scalar) == 0)
            var other = scalar
            other[Int.random(in: 0..<31, using: &numbers)] ^= 0x80
            return try [scalar, other].map {
                SignatureClaim(
                    key: identity, signature: try #require(Signature(point + $0)), message: [])
            }
        }
        let verdicts = Ed25519Verifier.verify(claims, by: .lanes)
        #expect(verdicts == claims.indices.map { $0 % 2 == 0 })
    }

    /// ATOLL_NIGHTLY says how many instead of 100,000, and asks all backends for each of them: ten
    /// million are half an hour of an optimized build (`make nightly`).
    @Test(
        "random claims of all kinds, in batches of all sizes, have their verdicts",
        .enabled(if: Ed25519Backend.lanes.isAvailable, "this machine has no AVX-512 IFMA"),
        arguments: 0..<8)
    func mixture(part: Int) throws {
        var maker = try ClaimMaker(seed: UInt64(100 + part))
        let isNightly = Self.claims > Self.usualClaims
        let total = Self.claims / 8
        var made = 0
        while made < total {
            let kinds = (0..<maker.number(in: 1...40)).map { _ in maker.kind() }
            let claims = try kinds.map { try maker.claim($0) }
            let expected = kinds.map(\.isAccepted)
            #expect(Ed25519Verifier.verify(claims, by: .lanes) == expected)
            // The portable verifier takes milliseconds where it is not optimized.
            let asked = isNightly ? claims[...] : claims.prefix(made % 1_000 < 20 ? 1 : 0)
            for (claim, verdict) in zip(asked, expected) {
                #expect(
                    PortableVerifier.accepts(claim.signature, by: claim.key, over: claim.message)
                        == verdict)
                let isAcceptedBySodium = Ed25519Verifier.isAcceptedBySodium(
                    claim.signature, by: claim.key, over: claim.message)
                #expect(verdict || !isAcceptedBySodium)
            }
            made += kinds.count
        }
    }

    @Test("threads that verify at once do not disturb each other")
    func threads() async throws {
        var maker = try ClaimMaker(seed: 75)
        let kinds = (0..<64).map { _ in maker.kind() }
        let claims = try kinds.filter { $0.isAccepted }.map { try maker.claim($0) }
        let damaged = try kinds.filter { !$0.isAccepted }.map { try maker.claim($0) }
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                let batch = number % 2 == 0 ? claims : damaged
                group.addTask {
                    (0..<20).allSatisfy { _ in
                        Ed25519Verifier.verify(batch).allSatisfy { $0 == (number % 2 == 0) }
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test("lanes that this machine has are in order, and named as its backend")
    func readiness() {
        #expect(LaneVerifier.isReady == atoll_ed25519_lanes_exist())
        let isLanes = Ed25519Verifier.backend == "AVX-512 IFMA, eight at a time"
        #expect(isLanes == Ed25519Backend.lanes.isAvailable)
        #expect(isLanes || Ed25519Verifier.backend == "libsodium, one at a time")
    }
}
