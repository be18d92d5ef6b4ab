// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Effects
import HTTPServer
public import NodeInterface
public import Vocabulary

extension GatewayClient {
    /// How many bytes of a file are read at once while it is hashed: 1 MiB.
    static let pieceBytes = 1 << 20

    /// Keeps bytes at the gateway under their SHA-256.
    ///
    /// - Throws: ``ClientFailure``; ``ClientFailure/badAnswer(_:)`` when the gateway names another
    ///   digest than the bytes have.
    public func upload(_ bytes: [UInt8]) async throws(ClientFailure) -> JobInput.Blob {
        let blob = JobInput.Blob(digest: SHA256.hash(bytes), size: UInt64(bytes.count))
        return try await upload(.bytes(bytes), as: blob)
    }

    /// Keeps a file at the gateway, read twice and never held whole: once to hash, once to send.
    ///
    /// - Throws: ``ClientFailure``; ``ClientFailure/unreadable(_:)`` when the file fails, and
    ///   ``ClientFailure/badAnswer(_:)`` when it changed between the two readings.
    public func upload(file: any FileReader) async throws(ClientFailure) -> JobInput.Blob {
        let blob = try await Self.reference(to: file)
        return try await upload(.file(file, from: 0, count: blob.size), as: blob)
    }

    private func upload(
        _ body: HTTPClientRequest.Body, as blob: JobInput.Blob
    ) async throws(ClientFailure) -> JobInput.Blob {
        var call = GatewayCall("/v1/blobs")
        call.method = .post
        call.fields = ["Content-Type": "application/octet-stream"]
        call.body = body
        let answer = try await json(call)
        let digest: Digest = try answer.identifier("digest")
        let size = try answer.unsigned("size")
        guard digest == blob.digest, size == blob.size else {
            throw .badAnswer("it kept \(digest); what was sent has digest \(blob.digest)")
        }
        return blob
    }

    /// The digest and size of a file.
    static func reference(to file: any FileReader) async throws(ClientFailure) -> JobInput.Blob {
        var hash = SHA256()
        var position: UInt64 = 0
        while true {
            let piece: [UInt8]
            do {
                piece = try await file.read(at: position, count: pieceBytes)
            } catch {
                throw .unreadable("the file cannot be read at byte \(position): \(error)")
            }
            guard !piece.isEmpty else { break }
            hash.update(piece)
            position += UInt64(piece.count)
        }
        return JobInput.Blob(digest: hash.finish(), size: position)
    }

    /// The bytes of a digest, checked against it.
    ///
    /// - Parameters:
    ///   - digest: Their SHA-256.
    ///   - limit: The most bytes taken.
    /// - Throws: ``ClientFailure``; ``ClientFailure/badAnswer(_:)`` when the bytes have another
    ///   digest.
    public func download(
        _ digest: Digest, limit: Int = Int(JobInput.bytesMax)
    ) async throws(ClientFailure) -> [UInt8] {
        var call = GatewayCall("/v1/blobs/\(digest)")
        call.answerBytesMax = limit
        let bytes = try await send(call).body
        guard SHA256.hash(bytes) == digest else {
            throw .badAnswer("the bytes given do not have digest \(digest)")
        }
        return bytes
    }
}
