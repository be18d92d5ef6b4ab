// SPDX-License-Identifier: Apache-2.0
import CZlib
import CZstd
import Effects

/// Shorter forms of answers for clients that read them (RFC 9110 section 8.4; HTTP-74).
///
/// Answers that may not be stored are not compressed: they may carry secrets, which their length
/// would tell beside text that a stranger chose.
enum Compression {
    /// Answers below this gain nothing.
    static let bytesMin = 1_024
    /// The most bytes that are compressed: 8 MiB take 0.1 s on a worker.
    static let bytesMax = 8 << 20
    /// Up to so many bytes, 0.3 ms, no worker is asked.
    private static let bytesHere = 16_384
    private static let gzipLevel: Int32 = 4
    private static let zstdLevel: Int32 = 3

    /// A coding that is spoken here, the better one last.
    enum Coding: String, CaseIterable, Sendable {
        case gzip, zstd
    }

    /// Compresses an answer for a client that takes it so.
    static func apply(
        to response: HTTPResponse, _ head: HTTPRequestHead, _ workers: any Workers
    ) async -> HTTPResponse {
        var response = response
        guard case .bytes(let bytes) = response.body,
            bytes.count >= bytesMin, bytes.count <= bytesMax,
            isText(response.fields["content-type"] ?? ""),
            response.fields["content-encoding"] == nil,
            !response.fields.contains(token: "no-store", in: "cache-control"),
            response.fields["content-range"] == nil
        else { return response }
        response.vary("Accept-Encoding")
        guard let coding = chosen(from: head.fields.values("accept-encoding")) else {
            return response
        }
        let shorter =
            bytes.count <= bytesHere
            ? encoded(bytes, coding) : await workers.run { encoded(bytes, coding) }
        guard let shorter, shorter.count < bytes.count else { return response }
        response.body = .bytes(shorter)
        response.fields["Content-Encoding"] = coding.rawValue
        return response
    }

    /// Whether bytes of this media type are text, which shrinks.
    static func isText(_ type: String) -> Bool {
        let name = type.prefix { $0 != ";" }.lowercased()
        return name.hasPrefix("text/") && name != "text/event-stream" || name.hasSuffix("json")
            || name.hasSuffix("javascript") || name.hasSuffix("+xml")
    }

    /// The coding a client likes best, `zstd` among equals; nothing when it names none.
    static func chosen(from lists: [String]) -> Coding? {
        var best: (coding: Coding, weight: Int)?
        for coding in Coding.allCases {
            let weight = weight(of: coding.rawValue, in: lists)
            guard weight > 0, weight >= best?.weight ?? 0 else { continue }
            best = (coding, weight)
        }
        return best?.coding
    }

    /// A coding's weight in thousandths; 0 when it is not named or refused.
    private static func weight(of name: String, in lists: [String]) -> Int {
        var fallback = 0
        for item in lists.flatMap({ $0.split(separator: ",") }) {
            let parts = item.split(separator: ";")
            guard let first = parts.first else { continue }
            let weight = parts.dropFirst().first.map(thousandths) ?? 1_000
            let given = String(HTTPSyntax.trimmed(first))
            if HTTPSyntax.equalNames(given, name) { return weight }
            if given == "*" { fallback = weight }
        }
        return fallback
    }

    /// `q=0.5` in thousandths; what is malformed counts as 0.
    private static func thousandths(_ parameter: Substring) -> Int {
        let text = HTTPSyntax.trimmed(parameter)
        guard text.hasPrefix("q=") || text.hasPrefix("Q=") else { return 0 }
        let number = text.dropFirst(2)
        if number == "1" || number.hasPrefix("1.") { return 1_000 }
        guard number.hasPrefix("0") else { return 0 }
        let digits = number.dropFirst(2).prefix(3)
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return 0 }
        let padded = digits + String(repeating: "0", count: 3 - digits.count)
        return Int(padded) ?? 0
    }

    /// The bytes in a coding, or nothing when the library has no memory.
    static func encoded(_ bytes: [UInt8], _ coding: Coding) -> [UInt8]? {
        switch coding {
        case .gzip: gzip(bytes)
        case .zstd: zstd(bytes)
        }
    }

    private static func zstd(_ bytes: [UInt8]) -> [UInt8]? {
        let room = ZSTD_compressBound(bytes.count)
        let result = [UInt8](unsafeUninitializedCapacity: room) { buffer, written in
            let count = ZSTD_compress(
                buffer.baseAddress, room, bytes, bytes.count, zstdLevel)
            written = ZSTD_isError(count) == 0 ? count : 0
        }
        return result.isEmpty ? nil : result
    }

    private static func gzip(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        // 15 bits of window, and 16 for the frame of gzip (zlib.h, deflateInit2).
        guard
            deflateInit2_(
                &stream, gzipLevel, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        let room = Int(deflateBound(&stream, UInt(bytes.count)))
        let result = bytes.withUnsafeBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: room) { buffer, written in
                // The library does not write to its input, whose pointer it takes as mutable.
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(bytes.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(room)
                let isDone = deflate(&stream, Z_FINISH) == Z_STREAM_END
                written = isDone ? room - Int(stream.avail_out) : 0
            }
        }
        return result.isEmpty ? nil : result
    }
}
