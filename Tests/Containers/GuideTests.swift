// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ContainerRuntime

extension Containers {
    @Suite("What the guide says")
    struct GuideTests {
        @Test("every command in the blocks of docs/guides/containers.md works in its order")
        func commands() throws {
            let checkout = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            let guide = try String(
                contentsOfFile: "\(checkout)/docs/guides/containers.md", encoding: .utf8)
            let blocks = guide.components(separatedBy: "```")
            let script = stride(from: 1, to: blocks.count, by: 2)
                .map { blocks[$0].replacingOccurrences(of: "sh\n", with: "\n", options: .anchored) }
                .joined()
            #expect(script.contains("atoll-runtime run"))
            let place = "\(Machine.folder)/guide"
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: true)
            // The guide's containers live in a folder of their own.
            let tools = "\(place)/tools"
            try FileManager.default.createDirectory(
                atPath: tools, withIntermediateDirectories: true)
            let named =
                "#!/bin/sh\nexec \(Machine.runtime) --root \(place)/state \"$@\"\n"
            try Data(named.utf8).write(to: URL(fileURLWithPath: "\(tools)/atoll-runtime"))
            try #require(chmod("\(tools)/atoll-runtime", 0o755) == 0)
            let busybox = try #require(Machine.busybox)
            let ending = try Command.run([
                "/bin/sh", "-ec",
                "cd '\(place)'; PATH='\(tools)':$PATH\n"
                    + script.replacingOccurrences(of: "/usr/bin/busybox", with: busybox),
            ])
            #expect(ending.code == 0, "\(ending)")
            #expect(ending.output.contains("\"status\": \"created\""))
        }
    }
}
