// SPDX-License-Identifier: Apache-2.0
import Cryptography
import HTTPServer
import JSONText
import Vocabulary

extension FuzzTarget {
    /// What stands at the doors: text, files of people, the first bytes of strangers.
    static let doors: [FuzzTarget] = [
        FuzzTarget("json", samples: { [Array(#"{"a":[1,-2.5e3,"\u00e9",null,true]}"#.utf8)] }) {
            bytes in
            guard let value = try? JSON(parsing: bytes) else { return }
            let again = try? JSON(parsing: Array(value.pretty.utf8))
            precondition(again == value, "JSON is read as it is written")
        },
        FuzzTarget("http-request", samples: { requests.map { Array($0.utf8) } }) { bytes in
            let whole = events(of: [bytes])
            let middle = bytes.count / 2
            let split = events(of: [Array(bytes[..<middle]), Array(bytes[middle...])])
            precondition(whole == split, "how bytes arrive does not matter")
        },
    ]

    static let keyFile = FuzzTarget(
        "key-file", samples: keyFiles,
        take: { bytes in
            guard let file = try? KeyFile(reading: bytes) else { return }
            precondition(file.bytes == bytes, "a key file is written in one way")
        })

    private static let requests = [
        "GET /v1/jobs/7?x=1 HTTP/1.1\r\nHost: node:80\r\nAccept: */*\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world",
        "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nT: v\r\n\r\n",
    ]

    /// The heads and the end; how a body is cut into pieces may differ.
    private static func events(of parts: [[UInt8]]) -> [String] {
        var parser = RequestParser()
        var heads: [String] = []
        var body: [UInt8] = []
        for part in parts {
            parser.feed(part)
            do throws(HTTPRefusal) {
                while let event = try parser.next() {
                    switch event {
                    case .body(let bytes): body += bytes
                    default: heads.append("\(event)")
                    }
                }
            } catch {
                return heads + ["\(error)"]
            }
        }
        return heads + ["\(body)"]
    }

    @Sendable private static func keyFiles() -> [[UInt8]] {
        let digits = { (count: Int) in String(repeating: "0a", count: count) }
        let text = """
            atoll-key 1
            public-key \(digits(32))
            derivation argon2id
            passes 3
            memory-kibibytes 65536
            salt \(digits(16))
            cipher xchacha20-poly1305
            nonce \(digits(24))
            sealed-seed \(digits(48))

            """
        return [Array(text.utf8)]
    }
}
