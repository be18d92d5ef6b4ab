// SPDX-License-Identifier: Apache-2.0
import Cryptography

/// Entity tags of answers that lie whole in memory, and conditional requests (RFC 9110 section 13;
/// HTTP-72).
enum AnswerTag {
    /// The most bytes of an answer that is tagged: 1 MiB, hashed in half a millisecond.
    static let bytesMax = 1 << 20

    /// Tags an answer, and shortens it to 304 when the client has it already.
    ///
    /// Tags are weak: compressed or not, they name what is said and not its bytes.
    static func apply(to response: inout HTTPResponse, _ head: HTTPRequestHead) {
        guard head.method == .get || head.method == .head, response.status == .ok,
            case .bytes(let bytes) = response.body, bytes.count <= bytesMax
        else { return }
        guard let tag = response.fields["etag"] ?? added(to: &response, bytes) else { return }
        guard matches(tag, head.fields.values("if-none-match")) else { return }
        response.status = .notModified
        response.body = .bytes([])
        response.fields["Content-Type"] = nil
    }

    /// The tag that an answer gets, unless its handler has said how it may be kept.
    private static func added(to response: inout HTTPResponse, _ bytes: [UInt8]) -> String? {
        guard response.fields["cache-control"] == nil else { return nil }
        let tag = "W/\"\("\(SHA256.hash(bytes))".prefix(32))\""
        response.fields["ETag"] = tag
        response.fields["Cache-Control"] = "no-cache"
        return tag
    }

    /// Whether a list of tags names this one, compared weakly.
    static func matches(_ tag: String, _ lists: [String]) -> Bool {
        lists.contains { list in
            list.split(separator: ",").contains { part in
                let given = HTTPSyntax.trimmed(part)
                return given == "*" || bare(String(given)) == bare(tag)
            }
        }
    }

    private static func bare(_ tag: String) -> Substring {
        tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...]
    }
}
