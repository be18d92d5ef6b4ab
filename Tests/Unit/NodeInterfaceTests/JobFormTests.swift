// SPDX-License-Identifier: Apache-2.0
import NodeInterface
import Testing
import Vocabulary

@Suite("The forms of a job's input and output")
struct JobFormTests {
    private func blob(_ byte: UInt8, _ size: UInt64 = 10) -> JobInput.Blob {
        JobInput.Blob(
            digest: Digest(Bytes32 { $0.copyBytes(from: repeatElement(byte, count: 32)) }),
            size: size)
    }

    private func file(_ path: String, _ size: UInt64 = 10) -> JobInput.File {
        JobInput.File(path: path, blob: blob(1, size))
    }

    @Test("files are put in the order of their paths' bytes, and one input has one form")
    func order() throws {
        let paths = ["b", "a/z", "a.b", "é", "B"]
        let input = try #require(
            JobInput(standardInput: blob(2), files: paths.map { file($0) }))
        #expect(input.files.map(\.path) == ["B", "a.b", "a/z", "b", "é"])
        #expect(input.blobs.count == 6)
        #expect(input.bytes == 60)
        #expect(try JobInput(canonicalBytes: input.canonicalBytes) == input)
        let reversed = try #require(
            JobInput(standardInput: blob(2), files: paths.reversed().map { file($0) }))
        #expect(reversed.canonicalBytes == input.canonicalBytes)
    }

    @Test(
        "paths that lead out of the folder, or are unclear, are refused",
        arguments: [
            "", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a/.", "a\0b",
            String(repeating: "x", count: 513),
        ])
    func paths(path: String) {
        #expect(JobInput(standardInput: nil, files: [file(path)]) == nil)
        var encoder = CanonicalEncoder()
        encoder.writeOptional(JobInput.Blob?.none)
        encoder.writeLength(1)
        encoder.writeText(path)
        encoder.write(blob(1))
        #expect(throws: CanonicalError.self) { try JobInput(canonicalBytes: encoder.bytes) }
    }

    @Test("repeated paths, too many files and too many bytes are refused")
    func limits() {
        #expect(JobInput(standardInput: nil, files: [file("a"), file("a")]) == nil)
        let many = (0...JobInput.filesMax).map { file("f\($0)") }
        #expect(JobInput(standardInput: nil, files: many) == nil)
        #expect(JobInput(standardInput: nil, files: many.dropLast()) != nil)
        #expect(JobInput(standardInput: nil, files: [file("a", JobInput.bytesMax)]) != nil)
        #expect(
            JobInput(standardInput: blob(1, 1), files: [file("a", JobInput.bytesMax)]) == nil)
        #expect(
            JobInput(standardInput: blob(1, .max), files: [file("a", .max)]) == nil,
            "sums do not wrap")
    }

    @Test("the largest form stays within its limit")
    func largest() throws {
        let files = (0..<JobInput.filesMax).map { index in
            let name = "\(index)"
            return file(name + String(repeating: "x", count: 512 - name.count), 1)
        }
        let input = try #require(JobInput(standardInput: blob(1, 1), files: files))
        #expect(input.canonicalBytes.count <= JobInput.encodedBytesMax)
        #expect(try JobInput(canonicalBytes: input.canonicalBytes) == input)
    }

    @Test("files out of order do not read: the digest of an input names one form only")
    func disorder() {
        var encoder = CanonicalEncoder()
        encoder.writeOptional(JobInput.Blob?.none)
        encoder.writeList([file("b"), file("a")])
        #expect(throws: CanonicalError.self) { try JobInput(canonicalBytes: encoder.bytes) }
    }

    @Test("outputs read back as they were written")
    func output() throws {
        let output = JobOutput(standardOutput: [1, 2, 3], standardError: [4])
        #expect(try JobOutput(canonicalBytes: output.canonicalBytes) == output)
        #expect(throws: CanonicalError.self) {
            try JobOutput(canonicalBytes: output.canonicalBytes.dropLast().map { $0 })
        }
    }

    @Test("no bytes crash a reader, and what reads is written the same", arguments: 1...4)
    func fuzz(seed: UInt64) throws {
        let input = try #require(
            JobInput(standardInput: blob(2), files: ["a", "b/c", "d"].map { file($0) }))
        let output = JobOutput(standardOutput: [1, 2, 3], standardError: [4, 5])
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(bound, 1)
        }
        for original in [input.canonicalBytes, output.canonicalBytes] {
            for _ in 0..<1_000 {
                var bytes = original
                for _ in 0...next(4) where !bytes.isEmpty {
                    let place = next(bytes.count)
                    switch next(4) {
                    case 0: bytes[place] ^= UInt8(1 << next(8))
                    case 1: bytes.remove(at: place)
                    case 2: bytes.insert(UInt8(truncatingIfNeeded: next(256)), at: place)
                    default: bytes.removeLast(min(bytes.count, next(6)))
                    }
                }
                if let read = try? JobInput(canonicalBytes: bytes) {
                    #expect(read.canonicalBytes == bytes)
                }
                if let read = try? JobOutput(canonicalBytes: bytes) {
                    #expect(read.canonicalBytes == bytes)
                }
            }
        }
    }
}
