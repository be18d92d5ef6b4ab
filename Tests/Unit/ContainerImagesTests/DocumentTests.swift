// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

@testable import ContainerImages

@Suite("Documents of images")
struct DocumentTests {
    static let pointer = Descriptor(mediaType: MediaType.layer + "+gzip", of: [1])

    static func manifest(_ layers: Int) -> ImageManifest {
        ImageManifest(
            configuration: Descriptor(mediaType: MediaType.configuration, of: []),
            layers: [Descriptor](repeating: pointer, count: layers))
    }

    @Test("a manifest and an index read back as they were written")
    func roundTrip() throws {
        var manifest = Self.manifest(3)
        manifest.annotations = ["b": "2", "a": "1"]
        #expect(try ImageManifest(bytes: manifest.bytes) == manifest)
        var entry = Self.pointer
        entry.mediaType = MediaType.manifest
        entry.platform = Platform(architecture: "arm", variant: "v7")
        let index = ImageIndex(manifests: [entry])
        #expect(try ImageIndex(bytes: index.bytes) == index)
    }

    @Test("a document that is manifest and index at once is refused as both")
    func ambiguous() throws {
        let text = """
            {"schemaVersion":2,"config":{},"layers":[],"manifests":[]}
            """
        #expect(throws: ImageFailure.self) { try ImageManifest(bytes: Array(text.utf8)) }
        #expect(throws: ImageFailure.self) { try ImageIndex(bytes: Array(text.utf8)) }
        #expect(throws: ImageFailure.self) {
            try ImageManifest(
                bytes: Self.manifest(1).bytes, mediaType: MediaType.dockerManifest)
        }
    }

    @Test("127 layers are taken, 128 are not")
    func layers() throws {
        #expect(try ImageManifest(bytes: Self.manifest(127).bytes).layers.count == 127)
        #expect(throws: ImageFailure.tooLarge("layers", limit: 127)) {
            try ImageManifest(bytes: Self.manifest(128).bytes)
        }
    }

    @Test("sizes below zero, missing members and other schemas are refused")
    func malformed() {
        for text in [
            "", "[]", "{}", #"{"schemaVersion":1,"config":{},"layers":[]}"#,
            """
            {"schemaVersion":2,"layers":[],\
            "config":{"mediaType":"a","size":-1,"digest":"sha256:\(ReferenceTests.digits)"}}
            """,
        ] {
            #expect(throws: ImageFailure.self) { try ImageManifest(bytes: Array(text.utf8)) }
        }
        #expect(throws: ImageFailure.self) {
            try ImageManifest(bytes: [UInt8](repeating: 0x20, count: (4 << 20) + 1))
        }
    }

    @Test("an index gives the manifest of the platform, and says what it has instead")
    func platforms() throws {
        func entry(_ platform: String?) -> Descriptor {
            Descriptor(
                mediaType: MediaType.manifest,
                digest: ContentDigest(of: Array((platform ?? "").utf8)),
                size: 1, platform: platform.flatMap(Platform.init))
        }
        let index = ImageIndex(manifests: [entry("linux/arm64/v8"), entry("linux/amd64")])
        let arm = try #require(Platform("linux/arm64"))
        #expect(try index.manifest(for: arm).platform == Platform("linux/arm64/v8"))
        let other = try #require(Platform("linux/riscv64"))
        #expect(
            throws: ImageFailure.noPlatform(other, offered: index.manifests.compactMap(\.platform))
        ) {
            try index.manifest(for: other)
        }
        #expect(try ImageIndex(manifests: [entry(nil)]).manifest(for: other) == entry(nil))
    }

    @Test("a configuration keeps what it does not know, and grows by layers and history")
    func configuration() throws {
        let text = """
            {"architecture":"amd64","os":"linux","x":{"y":1},"config":{"Cmd":["/bin/sh"],"Z":null},\
            "rootfs":{"type":"layers","diff_ids":[]}}
            """
        var configuration = try ImageConfiguration(bytes: Array(text.utf8))
        configuration["User"] = "nobody"
        let digest = ContentDigest(of: [7])
        configuration.add(layer: digest, createdBy: "RUN true", at: "2026-01-01T00:00:00Z")
        let again = try ImageConfiguration(bytes: configuration.bytes)
        #expect(again.layers == [digest] && again["User"]?.text == "nobody")
        #expect(again["Cmd"]?.elements?.first?.text == "/bin/sh" && again.json["x"]?["y"] == 1)
        #expect(again.json["history"]?.elements?.count == 1)
    }

    @Test("broken documents of any kind are refused, never believed and never fatal")
    func mutations() {
        var dice: UInt64 = 5
        func roll() -> Int {
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(dice >> 33)
        }
        let sample = Self.manifest(2).bytes
        for _ in 0..<3_000 {
            var bytes = sample
            for _ in 0...(roll() % 4) { bytes[roll() % bytes.count] = UInt8(roll() & 255) }
            if let read = try? ImageManifest(bytes: bytes) {
                #expect((try? ImageManifest(bytes: read.bytes)) == read)
            }
            _ = try? ImageIndex(bytes: bytes)
            _ = try? ImageConfiguration(bytes: bytes)
        }
    }
}
