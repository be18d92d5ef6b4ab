// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import HTTPServer
import JSONText
import NodeInterface
import Vocabulary

/// Takes and gives content-addressed bytes (GATEWAY-3, GATEWAY-11).
struct BlobResource: Resource {
    let context: GatewayContext

    var routes: [Route] { [upload, download] }

    private var upload: Route {
        Route(
            method: .post, pattern: "/v1/blobs", name: "uploadBlob", tag: "blobs",
            summary: "Keep bytes under their SHA-256.", parameters: [.idempotencyKey],
            body: Route.Body(
                mediaType: "application/octet-stream",
                schema: ["type": "string", "format": "binary"],
                bytesMax: context.configuration.blobBytesMax),
            responses: [
                .json(201, "Kept.", Schema.reference("Blob")),
                .problem(400, "The key is malformed."),
                .problem(409, "A request with this key is being answered."),
                .problem(413, "Larger than a blob may be; nothing was kept."),
                .problem(422, "The key was used for other bytes; nothing was kept."),
                .problem(507, "No space is left; nothing was kept."),
            ], handler: receive)
    }

    private var download: Route {
        Route(
            method: .get, pattern: "/v1/blobs/{digest}", name: "getBlob", tag: "blobs",
            summary: "The bytes of a digest, from here or from peers.",
            parameters: [
                .path("digest", "SHA-256 of the bytes.", Schema.digest),
                .header("Range", "One range of bytes.", ["type": "string"]),
                .header("If-None-Match", "Digests the client has.", ["type": "string"]),
            ],
            responses: [
                .bytes("The bytes."), .bytes("The range.", status: 206),
                .empty(304, "The client has it."), .problem(400, "The digest is malformed."),
                .problem(404, "Nobody in reach has it."), .problem(416, "The range is outside it."),
                .problem(502, "Peers gave other bytes."), .problem(507, "No space to fetch it."),
            ], documentsHead: true, handler: send)
    }

    // MARK: Download

    private func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let digest: Digest = try request.identifier("digest")
        let fields = Self.fields(of: digest)
        if Self.matches(request.fields["If-None-Match"], digest) {
            return HTTPResponse(.notModified, fields: fields)
        }
        let store = context.node.blobs
        let limit = context.configuration.blobBytesMax
        let size = try await blobs { () throws(BlobFailure) in
            if let size = await store.size(of: digest) { return size }
            return try await store.fetch(digest, limit: limit)
        }
        let range = try ByteRange(request.fields["Range"], size: size)
        let file = try await blobs { () throws(BlobFailure) in try await store.open(digest) }
        return Self.answer(file, range, size: size, fields: fields)
    }

    private static func answer(
        _ file: any FileReader, _ range: ByteRange?, size: UInt64, fields: HTTPFields
    ) -> HTTPResponse {
        guard let range else {
            return HTTPResponse(.ok, fields: fields, body: .file(file, from: 0, count: size))
        }
        var fields = fields
        fields["Content-Range"] = "bytes \(range.first)-\(range.last)/\(size)"
        return HTTPResponse(
            206, fields: fields, body: .file(file, from: range.first, count: range.count))
    }

    /// A digest never names other bytes, so every cache may keep them (RFC 8246).
    static func fields(of digest: Digest) -> HTTPFields {
        [
            "Content-Type": "application/octet-stream", "ETag": "\"\(digest)\"",
            "Cache-Control": "public, max-age=31536000, immutable", "Accept-Ranges": "bytes",
            "X-Content-Type-Options": "nosniff",
        ]
    }

    private static func matches(_ field: String?, _ digest: Digest) -> Bool {
        guard let field else { return false }
        return field == "*" || field.contains("\"\(digest)\"")
    }
}

// MARK: - Upload

extension BlobResource {
    private func receive(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let use = try AnswerBook.use(in: request) else {
            let writer = try await begin()
            return try await drain(request.body, into: writer)
        }
        switch context.answers.begin(use) {
        case .underWay: throw GatewayContext.keyInUse
        case .answered(let response, let first):
            guard try await Self.digest(of: request.body) == first else {
                throw GatewayContext.keyReused
            }
            return response
        case .fresh:
            do {
                let response = try await drain(request.body, into: begin()) { digest, response in
                    context.answers.finish(use, response, body: digest)
                }
                return response
            } catch {
                context.answers.abandon(use)
                throw error
            }
        }
    }

    private func begin() async throws(Problem) -> any BlobWriter {
        let (store, limit) = (context.node.blobs, context.configuration.blobBytesMax)
        return try await blobs { () throws(BlobFailure) in try await store.begin(limit: limit) }
    }

    /// Takes a body piece by piece, each kept before the next is read.
    private func drain(
        _ body: HTTPRequestBody, into writer: any BlobWriter,
        kept: (Digest, HTTPResponse) -> Void = { _, _ in }
    ) async throws -> HTTPResponse {
        do {
            while let piece = try await body.next() { try await writer.append(piece) }
            let blob = try await writer.finish()
            let answer: JSON = ["digest": JSON(blob.digest), "size": JSON(blob.size)]
            let response = HTTPResponse.json(answer.bytes, status: .created)
            kept(blob.digest, response)
            return response
        } catch let failure as BlobFailure {
            await writer.discard()
            throw failure.problem
        } catch {
            await writer.discard()
            throw error
        }
    }

    /// The digest of a body that is not kept.
    private static func digest(of body: HTTPRequestBody) async throws -> Digest {
        var hash = SHA256()
        while let piece = try await body.next() { hash.update(piece) }
        return hash.finish()
    }
}
