// SPDX-License-Identifier: Apache-2.0
import CSSL

/// The answer to a client that wants to talk in messages (RFC 6455 section 4.2).
public enum WebSocketHandshake {
    /// What the key is joined with before it is hashed (section 1.3).
    private static let magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// Agrees to talk.
    ///
    /// - Parameter talk: Lasts as long as the connection.
    /// - Throws: ``Problem`` 426 when it is no handshake of version 13, 400 when it is malformed.
    public static func accept(
        _ request: HTTPRequest, subprotocol: String? = nil,
        _ talk: @escaping @Sendable (WebSocket) async -> Void
    ) throws(Problem) -> HTTPResponse {
        let fields = request.fields
        guard fields.contains(token: "websocket", in: "upgrade"),
            fields.contains(token: "upgrade", in: "connection"), !request.head.isVersion10,
            fields["sec-websocket-version"] == "13"
        else {
            var problem = Problem(426, detail: "this is for clients of RFC 6455, version 13")
            problem.fields["Sec-WebSocket-Version"] = "13"
            throw problem
        }
        let keys = fields.values("sec-websocket-key")
        guard keys.count == 1, let key = keys.first, isKey(key), request.head.framing == .none
        else { throw Problem(.badRequest, detail: "Sec-WebSocket-Key is not 16 bytes in base64") }
        var response = HTTPResponse(101, body: .webSocket(talk))
        response.fields["Sec-WebSocket-Accept"] = answer(to: key)
        if let subprotocol, fields.contains(token: subprotocol, in: "sec-websocket-protocol") {
            response.fields["Sec-WebSocket-Protocol"] = subprotocol
        }
        return response
    }

    /// Sixteen bytes in base64: 22 digits and two signs.
    private static func isKey(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, text.hasSuffix("==") else { return false }
        var decoded = [UInt8](repeating: 0, count: 18)
        return EVP_DecodeBlock(&decoded, bytes, 24) == 18
    }

    /// The proof that the key was read.
    static func answer(to key: String) -> String {
        let bytes = Array((key + magic).utf8)
        var count: UInt32 = 0
        let digest = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, written in
            let isDone = EVP_Digest(
                bytes, bytes.count, buffer.baseAddress, &count, EVP_sha1(), nil)
            written = isDone == 1 ? Int(count) : 0
        }
        // Four digits for each three bytes begun, and a NUL.
        let room = (digest.count + 2) / 3 * 4 + 1
        let text = [UInt8](unsafeUninitializedCapacity: room) { buffer, written in
            written = Int(EVP_EncodeBlock(buffer.baseAddress, digest, Int32(digest.count)))
        }
        return String(decoding: text, as: UTF8.self)
    }
}
