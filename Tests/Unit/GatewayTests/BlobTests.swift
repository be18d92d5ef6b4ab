// SPDX-License-Identifier: Apache-2.0
import Cryptography
import HTTPServer
import JSONText
import NodeInterface
import Testing
import Vocabulary

@testable import Gateway

/// Uploads and downloads (GATEWAY-3, GATEWAY-11).
@Suite("Gateway: blobs")
struct BlobTests {
    private static let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    @Test("what is uploaded comes back under its digest, cacheable for ever")
    func roundTrip() async throws {
        try await GatewayWorld().run { world in
            let kept = try await world.json(
                .post, "/v1/blobs", body: Self.bytes, status: .created)
            let digest = SHA256.hash(Self.bytes)
            #expect(kept == ["digest": JSON(digest), "size": 300_000])
            let found = try await world.ask(.get, "/v1/blobs/\(digest)")
            #expect(found.body == Self.bytes)
            #expect(found.fields["etag"] == "\"\(digest)\"")
            #expect(found.fields["cache-control"]?.contains("immutable") == true)
            let head = try await world.ask(.head, "/v1/blobs/\(digest)")
            #expect(head.fields["content-length"] == "300000")
            let known = try await world.ask(
                .get, "/v1/blobs/\(digest)", fields: ["If-None-Match": "\"\(digest)\""])
            #expect(known.status == .notModified)
        }
    }

    @Test("an empty blob is a blob")
    func empty() async throws {
        try await GatewayWorld().run { world in
            let kept = try await world.json(.post, "/v1/blobs", body: [], status: .created)
            #expect(kept["size"]?.unsigned == 0)
            let found = try await world.ask(.get, "/v1/blobs/\(SHA256.hash([]))")
            #expect(found.status == .ok)
            #expect(found.body.isEmpty)
        }
    }

    @Test("a blob held by peers alone is fetched; one that nobody has is not found")
    func peers() async throws {
        try await GatewayWorld().run { world in
            let digest = SHA256.hash(Self.bytes)
            let missing = try await world.json(
                .get, "/v1/blobs/\(digest)", status: .notFound)
            #expect(missing["name"]?.text == "unknownBlob")
            world.node.memory.state.withLock { $0.remote[digest] = Self.bytes }
            let found = try await world.ask(.get, "/v1/blobs/\(digest)")
            #expect(found.body == Self.bytes)
            #expect(try await world.ask(.get, "/v1/blobs/abc").status == .badRequest)
        }
    }

    @Test("a range gives a part, and one beyond the end is refused with the size")
    func ranges() async throws {
        try await GatewayWorld().run { world in
            let digest = try await world.node.memory.keep(Self.bytes)
            let part = try await world.ask(
                .get, "/v1/blobs/\(digest)", fields: ["Range": "bytes=1000-1999"])
            #expect(part.status == 206)
            #expect(part.body == Array(Self.bytes[1_000..<2_000]))
            #expect(part.fields["content-range"] == "bytes 1000-1999/300000")
            let end = try await world.ask(
                .get, "/v1/blobs/\(digest)", fields: ["Range": "bytes=-5"])
            #expect(end.body == Array(Self.bytes.suffix(5)))
            let beyond = try await world.ask(
                .get, "/v1/blobs/\(digest)", fields: ["Range": "bytes=300000-"])
            #expect(beyond.status == 416)
            #expect(beyond.fields["content-range"] == "bytes */300000")
        }
    }

    @Test("a range is read as RFC 9110 says, and passed over when it is malformed")
    func rangeForms() throws {
        #expect(try ByteRange("bytes=0-0", size: 1)?.count == 1)
        #expect(try ByteRange("bytes=5-", size: 10)?.first == 5)
        #expect(try ByteRange("bytes=-20", size: 10)?.count == 10)
        #expect(try ByteRange("bytes=2-99", size: 10)?.last == 9)
        for field in ["bytes=", "bytes=-", "bytes=3-2", "bytes=a-b", "lines=1-2", "bytes=1-2,4-5"] {
            #expect(try ByteRange(field, size: 10) == nil, "\(field)")
        }
        #expect(throws: Problem.self) { try ByteRange("bytes=-0", size: 10) }
        #expect(throws: Problem.self) { try ByteRange("bytes=0-", size: 0) }
    }

    @Test("a body announced as 1 GiB is refused before a byte of it is read")
    func hugeUpload() async throws {
        try await GatewayWorld().run { world in
            let stream = try await world.effects.network.dial(
                world.service.endpoint, timeoutMilliseconds: 5_000)
            let head = "POST /v1/blobs HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n"
            try await stream.write(Array(head.utf8))
            let answer = try await stream.read(limit: 4_096)
            #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 413 "))
            #expect(world.node.memory.state.withLock(\.received) == 0)
        }
    }

    @Test("chunks beyond the limit are refused, and what had come is dropped")
    func hugeChunks() async throws {
        try await GatewayWorld(blobBytesMax: 100_000).run { world in
            let stream = try await world.effects.network.dial(
                world.service.endpoint, timeoutMilliseconds: 5_000)
            let head = "POST /v1/blobs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            let chunk = Array("C350\r\n".utf8) + [UInt8](repeating: 65, count: 50_000) + [13, 10]
            try await stream.write(Array(head.utf8) + chunk + chunk + chunk)
            let answer = try await stream.read(limit: 4_096)
            #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 413 "))
            #expect(world.node.memory.state.withLock(\.discarded) == 1)
            #expect(world.node.memory.state.withLock(\.held).isEmpty)
        }
    }

    @Test("an upload that its client gives up is dropped")
    func givenUp() async throws {
        try await GatewayWorld().run { world in
            let stream = try await world.effects.network.dial(
                world.service.endpoint, timeoutMilliseconds: 5_000)
            let head = "POST /v1/blobs HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc"
            try await stream.write(Array(head.utf8))
            while world.node.memory.state.withLock(\.received) == 0 { await Task.yield() }
            stream.close()
            while world.node.memory.state.withLock(\.discarded) == 0 { await Task.yield() }
            #expect(world.node.memory.state.withLock(\.held).isEmpty)
        }
    }

    @Test(
        "a full disk or store is 507 and says that nothing was kept",
        arguments: [BlobFailure.disk(.full(path: "x")), .full(limit: 10)])
    func full(failure: BlobFailure) async throws {
        try await GatewayWorld().run { world in
            world.node.memory.state.withLock { $0.writeFailure = failure }
            let problem = try await world.json(
                .post, "/v1/blobs", body: Self.bytes, status: 507)
            #expect(problem["name"]?.text == "storageFull")
            #expect(problem["kept"]?.unsigned == 0)
            #expect(world.node.memory.state.withLock(\.discarded) == 1)
        }
    }

    @Test("every failure of a store has a status of its own kind")
    func failures() {
        let digest = Digest.zero
        #expect(BlobFailure.notFound(digest).problem.status == .notFound)
        #expect(BlobFailure.tooLarge(limit: 1).problem.status == .contentTooLarge)
        #expect(BlobFailure.wrongDigest(expected: digest).problem.status == 502)
        #expect(BlobFailure.disk(.denied(path: "x")).problem.status == .internalError)
    }
}
