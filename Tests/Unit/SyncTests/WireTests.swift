// SPDX-License-Identifier: Apache-2.0
import Consensus
import Cryptography
import StateTree
import Testing
import Vocabulary

@testable import NodeAssembly

@Suite("What joining nodes and their peers say to each other (SYNC-5, SYNC-8)")
struct WireTests {
    private static func samples() throws -> [[UInt8]] {
        let block = try Offer.final(BlockHeight(7), state: BlockHeight(6), root: .zero)
        let index = SnapshotIndex(parts: [
            SnapshotPart(depth: 1, hash: SHA256.hash([1]), count: 3, bytes: 200),
            SnapshotPart(depth: 1, hash: .zero, count: 0, bytes: 0),
        ])
        let manifest = SnapshotManifest(
            height: BlockHeight(6), root: SHA256.hash([2]), index: index,
            header: block.block.header, finality: block.proof)
        let standing = SyncStanding(
            height: BlockHeight(9), oldest: BlockHeight(2), offers: [manifest.offer])
        return [
            manifest.canonicalBytes, standing.canonicalBytes,
            IndexPage(parts: index.parts).canonicalBytes,
            IndexFile(index: index).canonicalBytes,
        ] + Self.requests.map(\.canonicalBytes)
    }

    private static let requests: [SyncRequest] = [
        .standing, .manifest(BlockHeight(8)), .index(BlockHeight(8), page: 3),
        .chunk(BlockHeight(8), part: 70_000), .block(BlockHeight(1)), .epoch(Epoch(7)),
    ]

    /// Decodes as every type there is; what decodes encodes to the same bytes.
    private static func survives(_ bytes: [UInt8]) -> Bool {
        var isRight = true
        func check<Value: CanonicalCodable>(_ type: Value.Type) {
            guard let value = try? Value(canonicalBytes: bytes) else { return }
            isRight = isRight && value.canonicalBytes == bytes
        }
        check(SnapshotManifest.self)
        check(SyncStanding.self)
        check(IndexPage.self)
        check(IndexFile.self)
        check(SyncRequest.self)
        check(SnapshotOffer.self)
        return isRight
    }

    @Test("requests have one encoding, pinned")
    func requests() throws {
        #expect(SyncRequest.standing.canonicalBytes == [0])
        #expect(
            SyncRequest.chunk(BlockHeight(258), part: 5).canonicalBytes
                == [3, 2, 1, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0])
        for request in Self.requests {
            #expect(request.canonicalBytes.count <= SyncRequest.bytesMax)
            #expect(try SyncRequest(canonicalBytes: request.canonicalBytes) == request)
        }
        #expect(throws: CanonicalError.unknownTag(6)) { try SyncRequest(canonicalBytes: [6]) }
    }

    @Test("a manifest reads back, and not when it is of another version or too large an index")
    func manifests() throws {
        let bytes = try Self.samples()[0]
        let manifest = try SnapshotManifest(canonicalBytes: bytes)
        #expect(manifest.keys == 3 && manifest.bytes == 200 && manifest.parts == 2)
        #expect(bytes.count <= SnapshotManifest.bytesMax)
        var other = bytes
        other[0] = 2
        #expect(throws: CanonicalError.unknownTag(2)) {
            try SnapshotManifest(canonicalBytes: other)
        }
        var large = bytes
        // Behind version, height, root, pairs and bytes.
        large[2 + 8 + 32 + 8 + 8 + 2] = 0xff
        #expect(throws: CanonicalError.self) { try SnapshotManifest(canonicalBytes: large) }
    }

    @Test("lists say how long they may be")
    func limits() {
        var encoder = CanonicalEncoder()
        encoder.writeLength(IndexPage.partsMax + 1)
        #expect(throws: CanonicalError.tooLong(length: 4_097, limit: 4_096)) {
            try IndexPage(canonicalBytes: encoder.bytes)
        }
        var offers = CanonicalEncoder()
        offers.write(BlockHeight(1))
        offers.write(BlockHeight(1))
        offers.writeLength(5)
        #expect(throws: CanonicalError.tooLong(length: 5, limit: 4)) {
            try SyncStanding(canonicalBytes: offers.bytes)
        }
    }

    @Test("decoders survive any bytes", arguments: [UInt64](1...4))
    func fuzz(seed: UInt64) throws {
        var dice = seed
        func draw(_ bound: Int) -> Int {
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((dice >> 33) % UInt64(bound))
        }
        for sample in try Self.samples() {
            #expect(Self.survives(sample))
            for _ in 0..<300 {
                var bytes = sample
                for _ in 0..<1 + draw(6) { bytes[draw(bytes.count)] = UInt8(draw(256)) }
                if draw(2) == 0 { bytes.removeLast(draw(bytes.count + 1)) }
                if draw(4) == 0 { bytes.append(UInt8(draw(256))) }
                #expect(Self.survives(bytes))
            }
        }
    }
}
