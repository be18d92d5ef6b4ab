// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

extension AccessRecord {
    /// The record as one line of JSON (GATEWAY-33).
    var line: String {
        JSON(members: [
            ("time", JSON(time)), ("request", .string(requestID)), ("remote", .string(remote)),
            ("principal", principal.map { .string($0) }), ("protocol", .string(protocolName)),
            ("method", .string(method)), ("path", .string(path)), ("status", JSON(status)),
            ("bytes", JSON(bodyBytes)), ("microseconds", JSON(microseconds)),
            ("whole", .bool(isWhole)),
        ]).compact
    }
}
