// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing

@testable import ContainerImages

/// What strangers may try with images, each by its name. Layers' paths, links, devices and bombs
/// are in ``LayerTests``, archives in the engine's tests.
@Suite("Hostile images")
struct HostileTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("indexes that lead round in a circle, or too deep, end (IMAGE-2)")
    func circles() throws {
        let store = try ContentStore(opening: scratch.path + "/store")
        var inner = try store.put(Array("{}".utf8), mediaType: MediaType.manifest)
        for _ in 0..<8 {
            inner = try store.put(
                ImageIndex(manifests: [inner]).bytes, mediaType: MediaType.index)
        }
        #expect(throws: ImageFailure.self) {
            try StoredImage(inner, in: store, platform: .current)
        }
        #expect(throws: ImageFailure.self) { try store.reachable(from: [inner]) }
        // The same index a thousand times is walked once.
        let leaf = try store.put(
            ImageIndex(manifests: []).bytes, mediaType: MediaType.index)
        let wide = try store.put(
            ImageIndex(manifests: Array(repeating: leaf, count: 1_000)).bytes,
            mediaType: MediaType.index)
        #expect(try store.reachable(from: [wide]).count == 2)
        // An archive whose index lies about its digest.
        let folder = try scratch.folder("layout/blobs/sha256")
        let digest = ContentDigest(of: Array("other".utf8))
        let own = Descriptor(mediaType: MediaType.index, digest: digest, size: 2)
        let index = ImageIndex(manifests: [own])
        _ = try scratch.write("layout/index.json", index.bytes)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(digest.digits)"))
        #expect(throws: ImageFailure.self) {
            try ImageArchive.load(FileTree(scratch.path + "/layout"), into: store)
        }
        #expect(store.size(of: digest) == nil)
    }

    @Test(
        "a disk that fills up during a pull is said, what was whole stays, a later pull goes on",
        .enabled(if: geteuid() == 0, "a small file system needs root"))
    func full() async throws {
        let source = try ContentStore(opening: scratch.path + "/source")
        let registry = ScriptedRegistry()
        let layer = try source.put(
            (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31) },
            mediaType: MediaType.layer + "+gzip")
        var configuration = ImageConfiguration()
        configuration.add(layer: layer.digest, createdBy: "test", at: "2026-01-01T00:00:00Z")
        let manifest = ImageManifest(
            configuration: try source.put(
                configuration.bytes, mediaType: MediaType.configuration), layers: [layer])
        let root = try source.put(manifest.bytes, mediaType: MediaType.manifest)
        let client = RegistryClient(try ImageReference("localhost:5000/app:v1"), registry)
        try await client.push(root, from: source)

        let small = try scratch.folder("small")
        try #require(mount("tmpfs", small, "tmpfs", 0, "size=256k") == 0)
        defer { umount2(small, Int32(MNT_DETACH)) }
        let target = try ContentStore(opening: small)
        let failure = await #expect(throws: ImageFailure.self) {
            try await client.pull(into: target)
        }
        guard case .full? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(try target.references().isEmpty && target.size(of: layer.digest) == nil)
        try #require(mount("tmpfs", small, "tmpfs", UInt(MS_REMOUNT), "size=4m") == 0)
        try await client.pull(into: target)
        #expect(target.size(of: layer.digest) == layer.size)
    }

    @Test("a tree is walked within itself, whatever its links say (BUILDER-5)")
    func trees() throws {
        let root = try scratch.folder("tree/in")
        let outside = try scratch.folder("outside")
        _ = try scratch.write("outside/secret", [1])
        _ = try scratch.write("tree/in/file", [2])
        for (name, target) in [
            ("up", "../../../outside"), ("abs", outside), ("loop", "loop"), ("ok", "/in/file"),
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(scratch.path)/tree/\(name)", withDestinationPath: target)
        }
        let tree = FileTree(scratch.path + "/tree")
        #expect(try tree.read("ok", bytesMax: 10) == [2], "as if the tree were all there is")
        #expect(try tree.kind(of: "abs") == nil && tree.kind(of: "up/secret") == nil)
        #expect(throws: ImageFailure.self) { try tree.read("../outside/secret", bytesMax: 10) }
        #expect(throws: ImageFailure.self) { try tree.read("loop", bytesMax: 10) }
        #expect(throws: ImageFailure.self) { try tree.read("in", bytesMax: 10) }
        let target = FileTree(try scratch.folder("target"))
        try FileManager.default.createSymbolicLink(
            atPath: target.root + "/out", withDestinationPath: outside)
        #expect(throws: ImageFailure.self) {
            try tree.copy("in/file", to: target, at: "out/file", options: CopyOptions())
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: outside) == ["secret"])
        try tree.copy("in", to: target, at: "made/here", options: CopyOptions())
        #expect(try target.read("made/here/file", bytesMax: 10) == [2])
        #expect(try tree.paths(matching: "*")?.count == 5)
        #expect(try tree.paths(matching: "in/f?l[d-f]") == ["in/file"])
        #expect(try tree.paths(matching: "[") == nil)
        #expect(!root.isEmpty)
    }

    @Test("credentials are found by registry, and a helper's are not asked for (IMAGE-13)")
    func credentials() throws {
        let file = Array(
            """
            {"auths": {"localhost:5000": {"auth": "dTpwOnE="}, "https://index.docker.io/v1/":
            {"username": "x", "password": "y"}, "bad": {"auth": "%%"}, "kept": {}},
            "credsStore": "vault", "credHelpers": {"other": "helper"}}
            """.utf8)
        let found = try #require(try RegistryCredential.find("localhost:5000", in: file))
        #expect(found == RegistryCredential(user: "u", password: "p:q"))
        #expect(
            try RegistryCredential.find("docker.io", in: file)
                == RegistryCredential(user: "x", password: "y"))
        #expect(try RegistryCredential.find("elsewhere", in: file) == nil)
        for name in ["other", "kept"] {
            #expect(throws: ImageFailure.self) { try RegistryCredential.find(name, in: file) }
        }
        #expect(throws: ImageFailure.self) {
            try RegistryCredential.find("x", in: Array("[".utf8))
        }
    }
}
