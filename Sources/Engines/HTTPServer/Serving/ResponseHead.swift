// SPDX-License-Identifier: Apache-2.0

/// Checks and writes the head of a response.
struct ResponseHead {
    /// How the client finds the end of the body.
    enum Length: Hashable {
        /// There is no body and no length.
        case none
        case sized(UInt64)
        case chunked
        case untilClose
        /// The connection speaks another protocol from here on.
        case upgrade(to: String)
    }

    let response: HTTPResponse
    let length: Length
    /// Whether the body is sent, and not only described as for `HEAD`.
    let sendsBody: Bool

    /// Plans the response to a request.
    ///
    /// - Returns: Nothing when the handler's fields or length break a rule (HTTP-20, HTTP-21).
    init?(_ response: HTTPResponse, to method: HTTPMethod?, isVersion10: Bool) {
        guard response.fields.all.allSatisfy(\.isSafe) else { return nil }
        guard response.fields["transfer-encoding"] == nil, response.fields["connection"] == nil
        else { return nil }
        let count: UInt64? =
            switch response.body {
            case .bytes(let bytes): UInt64(bytes.count)
            case .file(_, _, let count): count
            case .stream(let count, _): count
            case .events, .webSocket, .upgrade: nil
            }
        let announced = response.fields.values("content-length")
        guard announced.allSatisfy({ HTTPSyntax.decimal($0) == count && count != nil }) else {
            return nil
        }
        if let name = Self.upgrade(response.body) {
            guard response.status.code == 101 else { return nil }
            length = .upgrade(to: name)
        } else if response.status.hasNoBody {
            guard count == 0, response.status.code >= 200 else { return nil }
            length = .none
        } else if case .events = response.body {
            length = .untilClose
        } else if let count {
            length = .sized(count)
        } else {
            length = isVersion10 ? .untilClose : .chunked
        }
        sendsBody = method != .head && length != .none
        self.response = response
    }

    private static func upgrade(_ body: HTTPResponse.Body) -> String? {
        switch body {
        case .webSocket: "websocket"
        case .upgrade(let name, _): name
        case .bytes, .file, .stream, .events: nil
        }
    }

    /// Whether the connection speaks another protocol after the head.
    var isUpgrade: Bool {
        if case .upgrade = length { true } else { false }
    }

    /// Whether the connection must end to end the body.
    var endsConnection: Bool { (length == .untilClose || isUpgrade) && sendsBody }

    /// Appends the head with the fields the server adds.
    func write(into bytes: inout [UInt8], date: String, closes: Bool) {
        bytes.append(contentsOf: "HTTP/1.1 ".utf8)
        bytes.append(contentsOf: String(response.status.code).utf8)
        bytes.append(0x20)
        bytes.append(contentsOf: response.status.reason.utf8)
        Self.line("\r\nDate", date, &bytes)
        switch length {
        case .none, .untilClose: break
        case .upgrade(let name):
            Self.line("Upgrade", name, &bytes)
            Self.line("Connection", "Upgrade", &bytes)
        case .sized(let count): Self.line("Content-Length", String(count), &bytes)
        case .chunked: Self.line("Transfer-Encoding", "chunked", &bytes)
        }
        if closes, !isUpgrade { Self.line("Connection", "close", &bytes) }
        for field in response.fields.all
        where !HTTPSyntax.equalNames(field.name, "content-length") {
            Self.line(field.name, field.value, &bytes)
        }
        bytes.append(0x0D)
        bytes.append(0x0A)
    }

    /// The head as fields of HTTP/2, whose names are in lower case.
    func fields(date: String) -> [(name: String, value: String)] {
        var fields = [(name: ":status", value: "\(response.status.code)"), ("date", date)]
        if case .sized(let count) = length { fields.append(("content-length", "\(count)")) }
        for field in response.fields.all
        where !HTTPSyntax.equalNames(field.name, "content-length") {
            fields.append((field.name.lowercased(), field.value))
        }
        return fields
    }

    private static func line(_ name: String, _ value: String, _ bytes: inout [UInt8]) {
        bytes.append(contentsOf: name.utf8)
        bytes.append(contentsOf: ": ".utf8)
        bytes.append(contentsOf: value.utf8)
        bytes.append(0x0D)
        bytes.append(0x0A)
    }
}
