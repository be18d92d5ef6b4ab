// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import HTTPServer
import Market
import NodeInterface
import Vocabulary

/// Gives what a finished job wrote, checked against the settled digest (GATEWAY-9).
struct OutputResource: Resource {
    let context: GatewayContext

    /// The most bytes of an output blob: both streams, and five bytes of length for each.
    static let blobBytesMax = UInt64(JobOutput.bytesMax) + 10
    /// How many bytes are hashed at once.
    private static let pieceBytes = 65_536

    private enum Stream: String { case stdout, stderr }

    var routes: [Route] { [route(of: .stdout), route(of: .stderr)] }

    private func route(of stream: Stream) -> Route {
        let isOutput = stream == .stdout
        return Route(
            method: .get, pattern: isOutput ? "/v1/jobs/{job}/stdout" : "/v1/jobs/{job}/stderr",
            name: isOutput ? "getStandardOutput" : "getStandardError", tag: "jobs",
            summary: "What a finished job wrote to its standard \(isOutput ? "output" : "error").",
            parameters: [.path("job", "The job.", Schema.digest)],
            responses: [
                .bytes("The bytes."), .problem(400, "The job's id is malformed."),
                .problem(404, "The job is unknown, ended without a result, or its output is lost."),
                .problem(409, "The job has not finished."),
                .problem(502, "The settled output is damaged or has no readable form."),
                .problem(507, "No space to fetch the output."),
            ],
            handler: { request in
                let job: JobID = try request.identifier("job")
                return try await send(stream, of: job)
            })
    }

    private func send(_ stream: Stream, of job: JobID) async throws -> HTTPResponse {
        guard let result = try await context.receipt(of: job).result else {
            throw GatewayProblem.noResult.problem("no result was accepted, so there is no output")
        }
        let (store, digest) = (context.node.blobs, result.outputDigest)
        let size = try await blobs { () throws(BlobFailure) in
            try await store.fetch(digest, limit: Self.blobBytesMax)
        }
        let file = try await blobs { () throws(BlobFailure) in try await store.open(digest) }
        do {
            try await Self.check(file, size: size, digest: digest)
            let places = try await OutputPlaces(file, size: size)
            let range = stream == .stdout ? places.standardOutput : places.standardError
            var fields = BlobResource.fields(of: digest)
            fields["ETag"] = "\"\(digest)-\(stream.rawValue)\""
            fields["Accept-Ranges"] = nil
            return HTTPResponse(
                .ok, fields: fields,
                body: .file(file, from: range.lowerBound, count: UInt64(range.count)))
        } catch {
            await file.close()
            throw error
        }
    }

    /// Checks that a file has the digest, in pieces, so that 64 MiB never stand in memory.
    private static func check(
        _ file: any FileReader, size: UInt64, digest: Digest
    ) async throws(Problem) {
        var hash = SHA256()
        var position: UInt64 = 0
        while position < size {
            let piece = try await read(file, at: position, count: pieceBytes)
            guard !piece.isEmpty else { break }
            hash.update(piece)
            position += UInt64(piece.count)
        }
        guard hash.finish() == digest else {
            throw BlobFailure.wrongDigest(expected: digest).problem
        }
    }

    fileprivate static func read(
        _ file: any FileReader, at offset: UInt64, count: Int
    ) async throws(Problem) -> [UInt8] {
        do {
            return try await file.read(at: offset, count: count)
        } catch {
            throw BlobFailure.disk(error).problem
        }
    }
}

/// Where the two streams lie in the canonical bytes of a ``JobOutput``.
private struct OutputPlaces {
    let standardOutput: Range<UInt64>
    let standardError: Range<UInt64>

    /// Reads the two lengths and checks that the streams fill the file.
    init(_ file: any FileReader, size: UInt64) async throws(Problem) {
        standardOutput = try await Self.place(in: file, at: 0)
        standardError = try await Self.place(in: file, at: standardOutput.upperBound)
        guard standardError.upperBound == size else { throw Self.unreadable }
    }

    /// The place of the bytes whose length is written at an offset.
    private static func place(
        in file: any FileReader, at offset: UInt64
    ) async throws(Problem) -> Range<UInt64> {
        // A length below 2^32 takes at most five bytes.
        let bytes = try await OutputResource.read(file, at: offset, count: 5)
        var decoder = CanonicalDecoder(bytes)
        guard let length = try? decoder.readLength(limit: JobOutput.bytesMax) else {
            throw unreadable
        }
        let start = offset + UInt64(bytes.count - decoder.remaining)
        return start..<start + UInt64(length)
    }

    private static var unreadable: Problem {
        GatewayProblem.peerMisled.problem("the settled output is not in the form of an output")
    }
}
