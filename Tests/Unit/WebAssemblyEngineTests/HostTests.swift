// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Testing
import Vocabulary

@testable import WebAssemblyEngine

@Suite("what the host offers")
struct HostTests {
    @Test("random bytes come from the seed alone, however they are asked for")
    func random() throws {
        let whole = program(
            "(drop (call $random (i32.const 0) (i32.const 100)))"
                + printing("(i32.const 0)", "(i32.const 100)"))
        let parts = program(
            "(drop (call $random (i32.const 0) (i32.const 33)))"
                + "(drop (call $random (i32.const 33) (i32.const 67)))"
                + printing("(i32.const 0)", "(i32.const 100)"))
        let first = try run(whole, seed: 7)
        #expect(try run(parts, seed: 7).standardOutput == first.standardOutput)
        #expect(try run(whole, seed: 8).standardOutput != first.standardOutput)
        let block = SHA256.hash(
            Array("atoll/wasm/random/1".utf8) + [0] + [UInt8](repeating: 7, count: 32)
                + [UInt8](repeating: 0, count: 8))
        #expect(Array(first.standardOutput.prefix(32)) == block.raw.bytes)
    }

    @Test("every clock starts at the order's time and moves a microsecond a reading")
    func clock() throws {
        let body = """
            (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 0)))
            (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 8)))
            (drop (call $clock (i32.const 3) (i64.const 0) (i32.const 16)))
            (i32.store (i32.const 24) (call $clock (i32.const 4) (i64.const 0) (i32.const 16)))
            """
        let report = try run(
            program(body + printing("(i32.const 0)", "(i32.const 28)")), startTime: 5)
        let times = [5_001_000, 5_002_000, 5_003_000].flatMap { littleEndian(UInt64($0)) }
        #expect(report.standardOutput == times + [28, 0, 0, 0])
    }

    @Test("waiting moves the clock and takes no time")
    func waiting() throws {
        let body = """
            (i64.store (i32.const 100) (i64.const 77))
            (i64.store (i32.const 124) (i64.const 3600000000000))
            (i64.store (i32.const 148) (i64.const 78))
            (i64.store (i32.const 172) (i64.const 7200000000000))
            (i32.store (i32.const 8) (call $poll (i32.const 100) (i32.const 300) (i32.const 2)
              (i32.const 12)))
            (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 0)))
            (i64.store (i32.const 16) (i64.load (i32.const 300)))
            """
        let report = try run(
            program(body + printing("(i32.const 0)", "(i32.const 24)")), startTime: 0)
        let expected =
            littleEndian(UInt64(3_600_000_001_000)) + littleEndian(UInt32(0))
            + littleEndian(UInt32(1)) + littleEndian(UInt64(77))
        #expect(report.standardOutput == expected)
    }

    @Test("arguments arrive as they were given, each up to its first zero byte")
    func arguments() throws {
        let body = """
            (drop (call $argumentSizes (i32.const 0) (i32.const 4)))
            (drop (call $arguments (i32.const 8) (i32.const 64)))
            """
        let report = try run(
            program(
                body + printing("(i32.const 0)", "(i32.const 8)")
                    + printing("(i32.const 64)", "(i32.load (i32.const 4))")),
            arguments: ["a", "", "gr\u{fc}n", "cut\0off"])
        #expect(
            report.standardOutput == littleEndian(UInt32(4)) + littleEndian(UInt32(13))
                + Array("a\0\0gr\u{fc}n\0cut\0".utf8))
    }

    @Test(
        "no path leads out of the input",
        arguments: [
            ("a.txt", Errno.success), ("./a.txt", .success), ("sub/../a.txt", .success),
            ("sub//deep.txt", .success), ("sub/", .success), (".", .success),
            ("", .noEntry), ("b.txt", .noEntry), ("sub/none", .noEntry),
            ("..", .notCapable), ("../a.txt", .notCapable), ("sub/../../a.txt", .notCapable),
            ("/a.txt", .notCapable), ("/etc/passwd", .notCapable), ("/", .notCapable),
            ("a.txt/", .notFolder), ("a.txt/..", .notFolder), ("a.txt/x", .notFolder),
            ("a\0.txt", .invalid), (String(repeating: "x", count: 5_000), .nameTooLong),
        ])
    func paths(path: String, expected: Errno) throws {
        let report = try opening(path)
        #expect(report.standardOutput == littleEndian(UInt32(expected.rawValue)))
    }

    @Test("nothing can be opened to write, make or cut")
    func writing() throws {
        let write = Int64(Rights.write)
        #expect(try opening("a.txt", rights: write).standardOutput == littleEndian(UInt32(69)))
        #expect(try opening("sub", rights: write).standardOutput == littleEndian(UInt32(31)))
        #expect(try opening("a.txt", flags: 8).standardOutput == littleEndian(UInt32(69)))
        #expect(try opening("new", flags: 1).standardOutput == littleEndian(UInt32(69)))
        #expect(try opening("a.txt", flags: 5).standardOutput == littleEndian(UInt32(20)))
        #expect(try opening("a.txt", flags: 2).standardOutput == littleEndian(UInt32(54)))
    }

    private func opening(_ path: String, flags: Int = 0, rights: Int64 = 2) throws -> RunReport {
        let count = path.utf8.count
        let body = """
            (i32.store (i32.const 0) (call $open (i32.const 3) (i32.const 0) (i32.const 100)
              (i32.const \(count)) (i32.const \(flags)) (i64.const \(rights)) (i64.const 0)
              (i32.const 0) (i32.const 8)))
            """ + printing("(i32.const 0)", "(i32.const 4)")
        let name = path.replacing("\0", with: "\\00")
        return try run(
            program(body, more: #"(data (i32.const 100) "\#(name)")"#),
            input: [("a.txt", "A"), ("sub/deep.txt", "D")])
    }

    @Test("a file opened in the input is read, once, to its end")
    func readingFile() throws {
        let body = """
            (drop (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 12)
              (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8)))
            (i32.store (i32.const 16) (i32.const 200)) (i32.store (i32.const 20) (i32.const 3))
            (i32.store (i32.const 24) (i32.const 300)) (i32.store (i32.const 28) (i32.const 9))
            (loop $l
              (drop (call $read (i32.load (i32.const 8)) (i32.const 16) (i32.const 2)
                (i32.const 32)))
              \(printing("(i32.const 200)", "(i32.const 3)"))
              \(printing("(i32.const 300)", "(i32.sub (i32.load (i32.const 32)) (i32.const 3))"))
              (br_if $l (i32.eq (i32.load (i32.const 32)) (i32.const 12))))
            """
        let report = try run(
            program(body, more: #"(data (i32.const 100) "sub/deep.txt")"#),
            input: [("sub/deep.txt", "abcdefghijklmnopqrstuvwxyz")])
        #expect(report.outcome == .exited(0))
        // The last read is short by what the file lacks: two bytes into the first buffer.
        #expect(report.text.hasPrefix("abcdefghijklmnopqrstuvwx"))
    }

    @Test("a folder lists itself, its parent and its entries in order")
    func listing() throws {
        let body = """
            (drop (call $list (i32.const 3) (i32.const 100) (i32.const 1000) (i64.const 0)
              (i32.const 0)))
            """
        let report = try run(
            program(body + printing("(i32.const 100)", "(i32.load (i32.const 0))")),
            input: [("zoo", "1"), ("a/b", "2"), ("mid", "3")])
        func record(_ next: UInt64, _ number: UInt64, _ name: String, _ type: UInt8) -> [UInt8] {
            littleEndian(next) + littleEndian(number) + littleEndian(UInt32(name.utf8.count))
                + [type, 0, 0, 0] + Array(name.utf8)
        }
        let expected =
            record(1, 1, ".", 3) + record(2, 1, "..", 3) + record(3, 2, "a", 3)
            + record(4, 4, "mid", 4) + record(5, 5, "zoo", 4)
        #expect(report.standardOutput == expected)
    }

    @Test("a program without a memory named memory is told that its addresses are wrong")
    func memoryNotExported() throws {
        let text = """
            (module \(imports) (memory 1) (func (export "_start")
              (call $exit (call $random (i32.const 0) (i32.const 1)))))
            """
        #expect(try run(text).outcome == .exited(21))
    }

    @Test("no more than so many files can be open")
    func descriptors() throws {
        let body = """
            (loop $l
              (local.set $i (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 1)
                (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8)))
              (br_if $l (i32.eqz (local.get $i))))
            (drop (call $close (i32.const 9)))
            (drop (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 1)
              (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 12)))
            (i32.store (i32.const 16) (local.get $i))
            """ + printing("(i32.const 8)", "(i32.const 12)")
        let report = try run(
            program(body, more: #"(data (i32.const 100) "f")"#), input: [("f", "")])
        let last = UInt32(FileTable.openMax - 1)
        let expected: [UInt32] = [last, 9, 33]
        #expect(report.standardOutput == expected.flatMap { littleEndian($0) })
    }

    private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
