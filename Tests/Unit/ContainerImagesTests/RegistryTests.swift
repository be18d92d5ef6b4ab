// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ContainerImages

@Suite("Registries")
struct RegistryTests {
    let scratch: Scratch
    let source: ContentStore
    let target: ContentStore
    let registry = ScriptedRegistry()
    let root: Descriptor
    let layer: Descriptor

    init() async throws {
        scratch = try Scratch()
        source = try ContentStore(opening: scratch.path + "/source")
        target = try ContentStore(opening: scratch.path + "/target")
        layer = try source.put(
            (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) },
            mediaType: MediaType.layer + "+gzip")
        var configuration = ImageConfiguration()
        configuration.add(
            layer: layer.digest, createdBy: "test", at: "2026-01-01T00:00:00Z")
        let manifest = ImageManifest(
            configuration: try source.put(
                configuration.bytes, mediaType: MediaType.configuration), layers: [layer])
        var pointer = try source.put(manifest.bytes, mediaType: MediaType.manifest)
        pointer.platform = .current
        root = try source.put(
            ImageIndex(manifests: [pointer]).bytes, mediaType: MediaType.index)
        try await client().push(root, from: source)
    }

    func client(
        _ name: String = "localhost:5000/app:v1", credential: RegistryCredential? = nil
    ) throws -> RegistryClient {
        RegistryClient(try ImageReference(name), registry, credential: credential)
    }

    var lines: [String] { registry.state.withLock { $0.log.map(\.line) } }

    @Test("what was pushed is pulled: index, manifest, configuration, layers, name")
    func roundTrip() async throws {
        let image = try await client().pull(into: target)
        #expect(image.root == root && image.manifest.mediaType == MediaType.manifest)
        #expect(target.size(of: layer.digest) == layer.size)
        #expect(try target.references().map(\.name) == ["localhost:5000/app:v1"])
        #expect(try target.reachable(from: [root]).count == 4)
        // Again: only documents are asked for.
        let before = lines.count
        try await client().pull(into: target)
        #expect(!lines[before...].contains { $0.contains("/blobs/") })
        // And a second push sends nothing but manifests.
        let middle = lines.count
        try await client().push(root, from: source)
        #expect(!lines[middle...].contains { $0.hasPrefix("POST") })
    }

    @Test("a broken connection is gone on with where it broke")
    func resuming() async throws {
        registry.state.withLock { $0.breaks = [0, 4_321, 1_000] }
        try await client().pull(into: target)
        let ranges = registry.state.withLock {
            $0.log.compactMap { entry in entry.fields.first { $0.name == "range" }?.value }
        }
        #expect(ranges.contains("bytes=4321-") || ranges.contains("bytes=1000-"))
        #expect(registry.state.withLock { $0.pauses.allSatisfy { $0 >= 250 } })
        #expect(try target.read(layer.digest, bytesMax: 1 << 20).count == 10_000)
    }

    @Test("a registry without ranges is read anew")
    func withoutRanges() async throws {
        registry.state.withLock {
            $0.hasRanges = false
            $0.breaks = [5_000, 5_000]
        }
        try await client().pull(into: target)
        #expect(target.size(of: layer.digest) == 10_000)
    }

    @Test("content that lies is tried again and then refused, and nothing of it stays")
    func lies() async throws {
        registry.state.withLock {
            $0.content[layer.digest.description] = [UInt8](repeating: 7, count: 10_000)
        }
        await #expect(throws: ImageFailure.self) { try await client().pull(into: target) }
        #expect(target.size(of: layer.digest) == nil)
        #expect(try target.references().isEmpty)
        #expect(registry.state.withLock { $0.pauses } == [250, 500, 1_000, 2_000])
        #expect(try FileManager.default.contentsOfDirectory(atPath: target.root + "/ingest") == [])
    }

    @Test("a manifest of another digest than asked for is refused")
    func pinned() async throws {
        let name = "localhost:5000/app@\(ContentDigest(of: [1]))"
        registry.state.withLock { state in
            state.manifests[ContentDigest(of: [1]).description] = state.manifests["v1"]
        }
        await #expect(throws: ImageFailure.self) { try await client(name).pull(into: target) }
        await #expect(throws: ImageFailure.notFound("localhost:5000/app:v2")) {
            try await client("localhost:5000/app:v2").pull(into: target)
        }
    }

    @Test("a token is fetched when asked for, once, for the scope that is named")
    func tokens() async throws {
        registry.state.withLock { $0.token = "open-sesame" }
        let client = try client(credential: RegistryCredential(user: "u", password: "p"))
        try await client.pull(into: target)
        let asked = registry.state.withLock { $0.log.filter { $0.line.hasPrefix("GET /token") } }
        #expect(asked.map(\.line) == ["GET /token?service=s&scope=a%2Cb"])
        #expect(asked.first?.fields.first?.value == "Basic dTpw")
    }

    @Test("a token that is refused ends it, and says who asked")
    func refusedToken() async throws {
        registry.state.withLock { $0.token = "another" }
        await #expect(
            throws: ImageFailure.unauthorized("http://localhost:5000 asks for a name and password")
        ) {
            try await client().pull(into: target)
        }
    }

    @Test("no credential goes where a registry redirects to")
    func redirects() async throws {
        registry.state.withLock {
            $0.token = "open-sesame"
            $0.redirect = "http://elsewhere.example/x"
        }
        try await client().pull(into: target)
        let elsewhere = registry.state.withLock {
            $0.log.filter { $0.line.hasPrefix("GET /x/") }
        }
        #expect(elsewhere.count == 2)
        #expect(
            elsewhere.allSatisfy { entry in !entry.fields.contains { $0.name == "authorization" } })
    }

    @Test("challenges are read as registries write them")
    func challenges() {
        #expect(Challenge("Basic realm=\"x\"") == .basic)
        #expect(
            Challenge("Bearer realm=\"https://a/b\",service=\"c\\\"d\" , scope=\"e,f\"")
                == .bearer(realm: "https://a/b", service: "c\"d", scope: "e,f"))
        #expect(Challenge("bearer realm=x") == .bearer(realm: "x", service: nil, scope: nil))
        #expect(Challenge("Digest realm=x") == nil && Challenge("Bearer service=x") == nil)
        #expect(Challenge("") == nil && Challenge("Bearer realm=\"open") != nil)
    }

    @Test("TLS is wanted of every registry that is not on this machine")
    func schemes() throws {
        for (name, base) in [
            ("localhost/a", "http://localhost"), ("127.0.0.1:5000/a", "http://127.0.0.1:5000"),
            ("[::1]:5000/a", "http://[::1]:5000"), ("ghcr.io/a", "https://ghcr.io"),
            ("127.evil.example/a", "https://127.evil.example"),
            ("a", "https://registry-1.docker.io"),
        ] {
            #expect(try client(name).access.base == base)
        }
    }
}
