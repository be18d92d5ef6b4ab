// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What the Swift SDK asks of a system: nothing but what is handed in (`Platforms.md` of its
/// documentation).
@Suite("The client's core")
struct ClientCoreTests {
    @Test("no room of the core imports Foundation, a system's library, or a world")
    func imports() throws {
        let rooms = try CorePlan.rooms()
        #expect(rooms.count > 15 && rooms["SystemEffects"] == nil)
        var found: [String] = []
        for (name, folder) in rooms.sorted(by: { $0.key < $1.key }) {
            for file in try CorePlan.sources(in: folder) {
                let text = try String(contentsOfFile: file, encoding: .utf8)
                for line in text.split(separator: "\n") {
                    guard let module = CorePlan.imported(by: line) else { continue }
                    let isKnown = rooms[module] != nil || CorePlan.libraries.contains(module)
                    if !isKnown { found.append("\(name) imports \(module)") }
                }
            }
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test("the compiled core calls nothing of the C library but what every one has")
    func symbols() throws {
        guard let folder = CorePlan.objects else {
            print("the core's objects lie elsewhere: what it calls is not looked at")
            return
        }
        var calls: [String: Set<String>] = [:]
        for name in try CorePlan.rooms().keys {
            let build = "\(folder)/\(name).build"
            let files = (try? FileManager.default.contentsOfDirectory(atPath: build)) ?? []
            for file in files where file.hasSuffix(".o") {
                for symbol in try CorePlan.undefined(in: "\(build)/\(file)")
                where !CorePlan.isPortable(symbol) {
                    calls[String(symbol), default: []].insert(name)
                }
            }
        }
        #expect(calls.isEmpty, "\(calls)")
    }

    @Test("Vocabulary, on which all rooms stand, compiles for arm64-apple-ios")
    func iOS() throws {
        let library = CorePlan.toolchain + "/../lib/swift/embedded/Swift.swiftmodule"
        guard FileManager.default.fileExists(atPath: library + "/arm64-apple-ios.swiftmodule")
        else {
            print("this toolchain has no library for iOS: Vocabulary is not compiled for it")
            return
        }
        let files = try CorePlan.sources(in: "\(CorePlan.root)/Sources/Foundations/Vocabulary")
        let ended = try CorePlan.run(
            CorePlan.toolchain + "/swiftc",
            [
                "-typecheck", "-target", "arm64-apple-ios18.0", "-enable-experimental-feature",
                "Embedded", "-swift-version", "6", "-parse-as-library",
                "-enable-upcoming-feature", "ExistentialAny", "-wmo",
            ] + files)
        #expect(ended.code == 0, "\(ended.text.suffix(2_000))")
    }

    @Test(
        "the C of the core compiles for phones",
        arguments: ["aarch64-linux-android24", "arm64-apple-ios18.0"])
    func lanes(target: String) throws {
        let folder = "\(CorePlan.root)/Sources/Foundations/CShims"
        let files = try ["ed25519_lanes", "sha256_lanes"].flatMap {
            try CorePlan.sources(in: "\(folder)/\($0)", ending: ".c")
        }
        #expect(files.count > 5)
        let ended = try CorePlan.run(
            CorePlan.toolchain + "/clang",
            ["-target", target, "-ffreestanding", "-fsyntax-only", "-std=c11"] + files)
        #expect(ended.code == 0, "\(ended.text.suffix(2_000))")
    }

    @Test("the documentation builds without a warning, where the toolchain has DocC")
    func documentation() throws {
        guard FileManager.default.isExecutableFile(atPath: CorePlan.toolchain + "/docc"),
            let folder = CorePlan.objects
        else {
            print("there is no docc: the documentation is not built")
            return
        }
        let out = NSTemporaryDirectory() + "atoll-docs-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: out) }
        let ended = try CorePlan.run(
            "\(CorePlan.root)/scripts/docs", [out], environment: ["MODULES": folder + "/Modules"])
        #expect(ended.code == 0, "\(ended.text.suffix(4_000))")
        for page in ["gettingstarted", "runningjobs", "machinesurfaces", "platforms"] {
            #expect(
                FileManager.default.fileExists(
                    atPath: "\(out)/data/documentation/clientkit/\(page).json"), "\(page)")
        }
    }
}
