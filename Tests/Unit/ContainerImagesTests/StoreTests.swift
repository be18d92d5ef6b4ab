// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ContainerImages

@Suite("Content store")
struct StoreTests {
    let scratch: Scratch
    let store: ContentStore

    init() throws {
        scratch = try Scratch()
        store = try ContentStore(opening: scratch.path + "/store")
    }

    @Test("content comes back by its name and lies where OCI's layout says")
    func putting() throws {
        let descriptor = try store.put([1, 2, 3], mediaType: "text/plain")
        #expect(try store.read(descriptor.digest, bytesMax: 3) == [1, 2, 3])
        #expect(try scratch.read("store/blobs/sha256/\(descriptor.digest.digits)") == [1, 2, 3])
        #expect(store.size(of: descriptor.digest) == 3)
        #expect(try store.put([1, 2, 3], mediaType: "text/plain") == descriptor)
        #expect(throws: ImageFailure.self) { try store.read(descriptor.digest, bytesMax: 2) }
        _ = try ContentStore(opening: scratch.path + "/store")
    }

    @Test("content of another hash or size never gets its name")
    func wrong() throws {
        let descriptor = Descriptor(mediaType: "x", of: [1, 2, 3])
        let lying = try ContentWriter(into: store, descriptor)
        try lying.append([1, 2, 4])
        #expect(throws: ImageFailure.self) { try lying.finish() }
        let long = try ContentWriter(into: store, descriptor)
        try long.append([1, 2])
        #expect(throws: ImageFailure.wrongSize(descriptor.digest, expected: 3, found: 4)) {
            try long.append([3, 4])
        }
        #expect(store.size(of: descriptor.digest) == nil)
    }

    @Test("what was cut off goes on where it stopped, in another writer")
    func resuming() throws {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let descriptor = Descriptor(mediaType: "x", of: bytes)
        do {
            let first = try ContentWriter(into: store, descriptor)
            try first.append(Array(bytes[..<60_000]))
            #expect(throws: ImageFailure.self) { try ContentWriter(into: store, descriptor) }
            #expect(
                throws: ImageFailure.wrongSize(descriptor.digest, expected: 100_000, found: 60_000)
            ) {
                try first.finish()
            }
        }
        let second = try ContentWriter(into: store, descriptor)
        #expect(second.count == 60_000)
        try second.append(Array(bytes[60_000...]))
        try second.finish()
        #expect(try store.read(descriptor.digest, bytesMax: 1 << 20) == bytes)
    }

    @Test("bytes that changed on the disk are not given out")
    func damage() throws {
        let descriptor = try store.put(Array("honest".utf8), mediaType: "x")
        try scratch.write("store/blobs/sha256/\(descriptor.digest.digits)", Array("forged".utf8))
        #expect(throws: ImageFailure.self) { try store.read(descriptor.digest, bytesMax: 100) }
    }

    @Test("names are set, changed and taken away; others stay")
    func references() throws {
        let one = try store.put([1], mediaType: MediaType.manifest)
        let two = try store.put([2], mediaType: MediaType.manifest)
        try store.setTarget(of: "a", to: one)
        try store.setTarget(of: "b", to: two)
        try store.setTarget(of: "a", to: two)
        #expect(try store.target(of: "a") == two)
        try store.setTarget(of: "a", to: nil)
        #expect(try store.references().map(\.name) == ["b"])
    }

    @Test("names set by many at once are all there")
    func concurrency() async throws {
        let target = try store.put([1], mediaType: MediaType.manifest)
        let store = store
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                group.addTask {
                    (try? store.setTarget(of: "name\(number)", to: target)) != nil
                }
            }
            for await done in group { #expect(done) }
        }
        #expect(try store.references().count == 20)
    }

    @Test("a collection leaves what a name leads to, and what is young")
    func collecting() throws {
        let layer = try store.put([1], mediaType: MediaType.layer)
        let configuration = try store.put(
            ImageConfiguration().bytes, mediaType: MediaType.configuration)
        let manifest = ImageManifest(configuration: configuration, layers: [layer])
        var pointer = try store.put(manifest.bytes, mediaType: MediaType.manifest)
        pointer.platform = .current
        let index = try store.put(
            ImageIndex(manifests: [pointer]).bytes, mediaType: MediaType.index)
        try store.setTarget(of: "kept", to: index)
        let lost = try store.put([9, 9], mediaType: MediaType.layer)
        #expect(try store.collect(olderThan: 3_600).removed == 0)
        #expect(try store.collect(olderThan: 0) == CollectionReport(removed: 1, bytes: 2))
        #expect(store.size(of: lost.digest) == nil && store.size(of: layer.digest) == 1)
        try store.setTarget(of: "kept", to: nil)
        #expect(try store.collect(keeping: [pointer], olderThan: 0).removed == 1)
        #expect(try store.collect(olderThan: 0).removed == 3)
    }
}
