// SPDX-License-Identifier: Apache-2.0
import CShims
import Foundation
import Testing

@testable import ContainerImages

@Suite("Layers", .enabled(if: geteuid() == 0, "unpacking owners and devices needs root"))
struct LayerTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @discardableResult
    func unpack(_ entries: [(TarEntry, [UInt8])], limits: ImageLimits = ImageLimits()) throws
        -> UnpackedLayer
    {
        let file = try scratch.archive("layer.tar", entries)
        return try LayerUnpacking.unpack(
            file, into: scratch.folder("out"),
            options: UnpackingOptions(privilege: .root, limits: limits))
    }

    @Test("files, folders and links arrive with owner, mode, time and attributes")
    func everything() throws {
        var file = TarEntry.file("bin/tool", mode: 0o4755)
        (file.user, file.group) = (1_000, 4_000_000_000)
        file.modified = TarEntry.Moment(seconds: 1_000_000, nanoseconds: 5)
        file.attributes = [(Array("user.note".utf8), [1, 2])]
        var folder = TarEntry.folder("bin/", mode: 0o1777)
        folder.modified = TarEntry.Moment(seconds: 77)
        let layer = try unpack([
            (folder, []), (file, [5, 6]), (.link("tool", to: "bin/tool"), []),
            (.hardLink("again", to: "bin/tool"), []),
            (TarEntry(kind: .pipe, path: Array("pipe".utf8), mode: 0o600), []),
        ])
        #expect(layer.entries == 5 && layer.bytes == 2)
        let status = try #require(scratch.status("out/bin/tool"))
        #expect(status.st_mode & 0o7777 == 0o4755 && status.st_nlink == 2)
        #expect(status.st_uid == 1_000 && status.st_gid == 4_000_000_000)
        #expect(status.st_mtim.tv_sec == 1_000_000 && status.st_mtim.tv_nsec == 5)
        #expect(scratch.status("out/bin")?.st_mtim.tv_sec == 77)
        #expect(scratch.status("out/bin").map { $0.st_mode & 0o7777 } == 0o1777)
        #expect(try scratch.read("out/tool") == [5, 6])
        #expect(try layer.digest == ContentDigest(of: scratch.read("layer.tar")))
    }

    @Test("links never lead out: files under them land inside the layer")
    func escape() throws {
        let outside = try scratch.folder("outside")
        try unpack([
            (.link("up", to: "../../outside"), []), (.link("abs", to: outside), []),
            (.folder("usr/lib"), []), (.link("lib", to: "/usr/lib"), []),
            (.file("lib/inside"), [1]),
        ])
        #expect(try scratch.read("out/usr/lib/inside") == [1])
        // As if the layer's folder were the root: the link names a folder that is not there.
        #expect(throws: ImageFailure.self) {
            try unpack([(.link("abs", to: outside), []), (.file("abs/evil"), [1])])
        }
        #expect(throws: ImageFailure.self) {
            try unpack([(.link("up", to: "../../outside"), []), (.file("up/evil"), [1])])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == [])
    }

    @Test(
        "entries that mean harm are refused by name",
        arguments: [
            [TarEntry.file("../evil")], [.file("a/../../evil")],
            [.hardLink("passwd", to: "/etc/passwd-of-nobody")],
            [.hardLink("x", to: "../../etc/passwd")],
            [.folder("d"), .hardLink("x", to: "d")], [.link("loop", to: "loop"), .file("loop/x")],
            [.file("f"), .file("f/x")], [.link("empty", to: "")],
            [TarEntry(kind: .characterDevice(major: 0, minor: 0), path: Array("w".utf8), mode: 0)],
            [.file(".wh.")], [.file(".wh...")],
            [.file(String(repeating: "n", count: 256))],
            [.file(String(repeating: "d/", count: 600) + "x")],
        ])
    func harm(entries: [TarEntry]) throws {
        let error = #expect(throws: ImageFailure.self) { try unpack(entries.map { ($0, []) }) }
        guard case .badLayer(_, let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test("overlay's own attributes cannot be brought along")
    func attributes() throws {
        for name in ["trusted.overlay.opaque", "user.overlay.opaque", "trusted.overlay.redirect"] {
            var entry = TarEntry.folder("d")
            entry.attributes = [(Array(name.utf8), Array("y".utf8))]
            #expect(throws: ImageFailure.self) { try unpack([(entry, [])]) }
        }
    }

    @Test("whiteouts become device 0/0, opaque folders get their mark, in any order")
    func whiteouts() throws {
        try unpack([
            (.file("gone/.wh.file"), []), (.file("whole/.wh..wh..opq"), []),
            (.file("whole/new"), [1]),
            (.file(".wh.later"), []), (.folder("later"), []), (.file("later/x"), [2]),
            (.folder("early"), []), (.file(".wh.early"), []), (.file(".wh..wh.plnk"), []),
        ])
        let whiteout = try #require(scratch.status("out/gone/file"))
        #expect(whiteout.st_mode & S_IFMT == S_IFCHR && whiteout.st_rdev == 0)
        for folder in ["whole", "later", "early"] {
            var value: UInt8 = 0
            let path = "\(scratch.path)/out/\(folder)"
            #expect(getxattr(path, "trusted.overlay.opaque", &value, 1) == 1 && value == 0x79)
        }
        #expect(scratch.status("out/.wh..wh.plnk") == nil)
    }

    @Test("an entry takes the place of the one before it")
    func replacing() throws {
        try unpack([
            (.folder("a"), []), (.file("a/x"), [1]), (.file("a"), [2]), (.link("b", to: "a"), []),
            (.file("b"), [3]), (.folder("c"), []), (.folder("c", mode: 0o700), []),
        ])
        #expect(try scratch.read("out/a") == [2] && scratch.read("out/b") == [3])
        #expect(scratch.status("out/c").map { $0.st_mode & 0o777 } == 0o700)
    }

    @Test("limits of entries, bytes and expansion hold")
    func limits() throws {
        var limits = ImageLimits()
        limits.layerEntries = 2
        #expect(throws: ImageFailure.self) {
            try unpack([(.file("a"), []), (.file("b"), []), (.file("c"), [])], limits: limits)
        }
        limits = ImageLimits()
        limits.layerBytes = 10
        #expect(throws: ImageFailure.tooLarge("bytes of a layer", limit: 10)) {
            try unpack([(.file("a"), [UInt8](repeating: 1, count: 11))], limits: limits)
        }
        // A header that promises 8 EiB costs nothing.
        var writer = TarWriter()
        var huge = TarEntry.file("huge")
        huge.size = Int64.max - 1_024
        writer.begin(huge)
        let file = try scratch.write("huge.tar", writer.bytes)
        #expect(throws: ImageFailure.self) {
            try LayerUnpacking.unpack(file, into: scratch.folder("huge"))
        }
        // 100 MiB of zeros in 100 KB of gzip, and again in zstd.
        #expect(
            try run(
                ["sh", "-c", "head -c 104857600 /dev/zero | gzip -9 > bomb.gz"], in: scratch.path)
                == 0)
        #expect(throws: ImageFailure.self) {
            try LayerUnpacking.unpack("\(scratch.path)/bomb.gz", into: scratch.folder("bomb"))
        }
    }

    @Test("what tar packs in gzip and plain is unpacked, long names and all")
    func realArchives() throws {
        let tree = try scratch.folder("tree/deep/" + String(repeating: "long", count: 30))
        try Data([1, 2, 3]).write(
            to: URL(fileURLWithPath: tree + "/é-" + String(repeating: "x", count: 150)))
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path + "/tree/link",
            withDestinationPath: String(repeating: "y/", count: 80))
        for format in ["gnu", "pax", "ustar", "v7"] {
            for packing in ["", "z"] {
                let out = try scratch.folder("out-\(format)\(packing)")
                let done = try run([
                    "tar", "-c\(packing)f", "\(scratch.path)/\(format)\(packing).tar",
                    "--format=\(format)",
                    "-C", "\(scratch.path)/tree", ".",
                ])
                // The older formats cannot hold these names.
                guard done == 0 else {
                    #expect(format == "ustar" || format == "v7")
                    continue
                }
                _ = try LayerUnpacking.unpack("\(scratch.path)/\(format)\(packing).tar", into: out)
                #expect(
                    try run(["diff", "-r", "--no-dereference", "\(scratch.path)/tree", out]) == 0)
            }
        }
    }

    @Test("a packed folder unpacks to the same, and packs to the same bytes again")
    func packing() throws {
        let store = try ContentStore(opening: scratch.path + "/store")
        var named = TarEntry.file("f", mode: 0o600)
        named.modified = TarEntry.Moment(seconds: -5, nanoseconds: 250_000_000)
        named.attributes = [(Array("user.k".utf8), [0, 10, 61])]
        try unpack([
            (.folder("d/"), []), (named, [1, 2, 3]), (.hardLink("g", to: "f"), []),
            (.file("d/.wh.hidden"), []), (.file("d/.wh..wh..opq"), []),
            (.link("l", to: "nowhere"), []),
            (.file("d/" + String(repeating: "n", count: 200)), [4]),
        ])
        let packed = try LayerPacking.pack(scratch.path + "/out", into: store)
        let again = try scratch.folder("again")
        let layer = try LayerUnpacking.unpack(store.path(of: packed.descriptor.digest), into: again)
        #expect(layer.digest == packed.digest && layer.entries == packed.entries)
        #expect(try LayerPacking.pack(again, into: store) == packed)
        let file = try #require(scratch.status("again/f"))
        #expect(file.st_mtim.tv_sec == -5 && file.st_mtim.tv_nsec == 250_000_000)
        #expect(file.st_nlink == 2)
        #expect(scratch.status("again/d/hidden")?.st_rdev == 0)
        // And GNU tar reads it.
        let path = store.path(of: packed.descriptor.digest)
        #expect(try run(["tar", "-tzf", path]) == 0)
    }

    @Test("cut, changed and mixed archives give an error, never more than they hold")
    func mutations() throws {
        var entry = TarEntry.file("dir/file")
        entry.attributes = [(Array("user.a".utf8), [1])]
        let path = try scratch.archive(
            "sample.tar", [(entry, [1, 2, 3]), (.link("l", to: "x"), [])])
        let sample = try scratch.read("sample.tar")
        #expect(!path.isEmpty)
        var dice: UInt64 = 9
        func roll() -> Int {
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(dice >> 33)
        }
        for round in 0..<300 {
            var bytes = sample
            if roll() % 3 == 0 { bytes.removeLast(roll() % bytes.count) }
            for _ in 0...(roll() % 6) where !bytes.isEmpty {
                bytes[roll() % bytes.count] = UInt8(roll() & 255)
            }
            let file = try scratch.write("mutant.tar", bytes)
            let out = try scratch.folder("mutant-\(round)")
            _ = try? LayerUnpacking.unpack(file, into: out)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).count == 302)
    }

    @Test("an archive may end with its last content, not within it")
    func missingEnd() throws {
        var writer = TarWriter()
        var entry = TarEntry.file("a")
        entry.size = 3
        writer.begin(entry)
        [UInt8]([1, 2, 3]).withUnsafeBytes { writer.append($0) }
        let bytes = writer.bytes
        let whole = try scratch.write("whole.tar", Array(bytes[..<515]))
        let layer = try LayerUnpacking.unpack(whole, into: scratch.folder("whole"))
        #expect(layer.entries == 1)
        #expect(try scratch.read("whole/a") == [1, 2, 3])
        let cut = try scratch.write("cut.tar", Array(bytes[..<514]))
        #expect(throws: ImageFailure.self) {
            try LayerUnpacking.unpack(cut, into: scratch.folder("cut"))
        }
    }

    @Test("a layer store unpacks once, and keeps nothing of a layer that is another")
    func store() throws {
        let layers = try LayerStore(opening: scratch.path + "/layers")
        let file = try scratch.archive("a.tar", [(.file("a"), [1])])
        let digest = ContentDigest(of: try scratch.read("a.tar"))
        #expect(throws: ImageFailure.self) { try layers.unpack(file, as: ContentDigest(of: [])) }
        #expect(try layers.layers() == [])
        let folder = try layers.unpack(file, as: digest)
        #expect(layers.folder(of: digest) == folder)
        #expect(try layers.unpack("/nowhere", as: digest) == folder)
        #expect(try layers.layers() == [UnpackedLayer(digest: digest, entries: 1, bytes: 1)])
        try layers.remove(digest)
        try layers.remove(digest)
        #expect(layers.folder(of: digest) == nil)
    }
}
