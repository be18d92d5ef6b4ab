// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import JSONText
import Vocabulary

// Files of containers (ENGINE-14).

extension Routes {
    mutating func addCopying() {
        on(.get, "/containers/{name}/archive") { engine, request in
            let path = request.query("path") ?? ""
            let name = request.place("name")
            if request.method == .head {
                let status = try await engine.status(of: path, in: name)
                return HTTPResponse(.ok, fields: [Self.statusField: status.encoded])
            }
            let (status, file) = try await engine.archive(of: path, in: name)
            return HTTPResponse(
                .ok,
                fields: ["Content-Type": "application/x-tar", Self.statusField: status.encoded],
                body: .file(file, from: 0, count: await file.count))
        }
        on(.put, "/containers/{name}/archive", bodyBytesMax: Engine.archiveBytesMax) {
            engine, request in
            try await engine.place(
                request.body, at: request.query("path") ?? "", in: request.place("name"),
                keepsKinds: request.isSet("noOverwriteDirNonDir"))
            return HTTPResponse(.ok)
        }
        on(.get, "/containers/{name}/export") { engine, request in
            let file = try await engine.export(request.place("name"))
            return HTTPResponse(
                .ok, fields: ["Content-Type": "application/octet-stream"],
                body: .file(file, from: 0, count: await file.count))
        }
    }

    private static let statusField = "X-Docker-Container-Path-Stat"
}

extension PathStatus {
    /// As Docker's clients read it: JSON in base 64.
    fileprivate var encoded: String {
        let milliseconds = UInt64(max(0, seconds)) * 1_000 + UInt64(nanoseconds / 1_000_000)
        var writer = JSONWriter()
        writer.value([
            "name": JSON(name), "size": JSON(size), "mode": JSON(goMode),
            "mtime": JSON(Timestamp(milliseconds).utc), "linkTarget": JSON(target),
        ])
        return Base64.encode(writer.bytes)
    }

    /// The type and permission in the bits of Go's `fs.FileMode`.
    private var goMode: UInt32 {
        var bits = mode & 0o777
        let types: [UInt32: UInt32] = [
            0o040000: 1 << 31, 0o120000: 1 << 27, 0o060000: 1 << 26,
            0o020000: 1 << 26 | 1 << 21, 0o010000: 1 << 25, 0o140000: 1 << 24,
        ]
        bits |= types[mode & 0o170000] ?? 0
        for (own, theirs) in [(0o4000, 23), (0o2000, 22), (0o1000, 20)]
        where mode & UInt32(own) != 0 {
            bits |= 1 << UInt32(theirs)
        }
        return bits
    }
}
