// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

extension EndToEnd {
    /// `atoll image build`, by the runtime beside it.
    @Suite(
        "Building images",
        .enabled("needs root and the Debian package busybox-static") { BuildTools.areThere })
    struct ImageBuildTests {
        @Test("every command in the blocks of docs/guides/build.md works in its order (BUILDER-8)")
        func guide() async throws {
            var template = Array("/tmp/ab-XXXXXX".utf8CString)
            let isMade = template.withUnsafeMutableBufferPointer { buffer in
                buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
            }
            try #require(isMade)
            let place = String(
                decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let guide = try String(
                contentsOfFile: "\(Checkout.root)/docs/guides/build.md", encoding: .utf8)
            let blocks = guide.components(separatedBy: "```")
            let script = stride(from: 1, to: blocks.count, by: 2)
                .map { blocks[$0].replacingOccurrences(of: "sh\n", with: "\n", options: .anchored) }
                .joined()
                .replacingOccurrences(of: "/usr/bin/busybox", with: BuildTools.busybox ?? "")
            let programs = URL(fileURLWithPath: Checkout.binary).deletingLastPathComponent().path
            let said = try await Program.run(
                "/bin/sh", ["-ec", "cd \(place); export PATH=\(programs):$PATH; \n" + script],
                environment: ["ATOLL_HOME": "\(place)/h", "PATH": "/usr/bin:/bin"])
            #expect(said.code == 0, "\(said.errors)")
            let ids = said.text.split(separator: "\n").filter { $0.hasPrefix("sha256:") }
            #expect(ids.count == 3 && ids[0] != ids[2], "\(said.text)")
            #expect(said.errors.components(separatedBy: "  known").count == 5, "\(said.errors)")
            let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
            #expect(!mounts.contains(place), "nothing is mounted any more")
            try FileManager.default.removeItem(atPath: place)
        }
    }
}

/// What building an image takes of this machine.
enum BuildTools {
    static let busybox = ["/usr/bin/busybox", "/bin/busybox"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static var areThere: Bool { geteuid() == 0 && busybox != nil }
}
