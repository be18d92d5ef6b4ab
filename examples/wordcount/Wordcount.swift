// SPDX-License-Identifier: Apache-2.0
// Counts the lines, words and bytes of texts, and names their most frequent words.
//
// Reads standard input, or the files below /input that the arguments name.

/// How many of the most frequent words are printed.
private let wordsShown = 10
/// Bytes read at a time.
private let chunkBytes = 32_768

/// Where the host enters the program.
@_expose(wasm, "_start")
@_cdecl("_start")
public func start() {
    var count = TextCount()
    var hasFailed = false
    let names = System.arguments()
    if names.isEmpty { read(System.standardInput, into: &count) }
    for name in names {
        guard let file = System.open(belowInput(name)) else {
            System.write(System.standardError, line("wordcount: no such file: ", name))
            hasFailed = true
            continue
        }
        read(file, into: &count)
        System.close(file)
    }
    count.finish()
    System.write(System.standardOutput, report(count))
    if hasFailed { System.exit(1) }
}

/// A path as it is known below `/input`.
private func belowInput(_ name: [UInt8]) -> [UInt8] {
    let prefix = bytes("/input/")
    return name.starts(with: prefix) ? Array(name.dropFirst(prefix.count)) : name
}

private func read(_ file: Int32, into count: inout TextCount) {
    var buffer = [UInt8](repeating: 0, count: chunkBytes)
    while let read = System.read(file, into: &buffer), read > 0 {
        for index in 0..<read { count.add(buffer[index]) }
    }
    // A word does not reach from one file into the next.
    count.finish()
}

private func report(_ count: TextCount) -> [UInt8] {
    var text: [UInt8] = []
    text += row(count.lines, bytes("lines"))
    text += row(count.words, bytes("words"))
    text += row(count.bytes, bytes("bytes"))
    text += row(UInt64(count.table.count), bytes("different words"))
    text += bytes("most frequent:\n")
    for (word, times) in count.table.mostFrequent(wordsShown) { text += row(times, word) }
    return text
}

/// A number, set to the right in ten columns, and what it counts.
private func row(_ number: UInt64, _ label: [UInt8]) -> [UInt8] {
    var digits: [UInt8] = []
    var rest = number
    repeat {
        digits.append(UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
    } while rest > 0
    while digits.count < 10 { digits.append(UInt8(ascii: " ")) }
    digits.reverse()
    return digits + bytes(" ") + label + bytes("\n")
}

private func line(_ text: StaticString, _ rest: [UInt8]) -> [UInt8] {
    bytes(text) + rest + bytes("\n")
}

private func bytes(_ text: StaticString) -> [UInt8] {
    text.withUTF8Buffer { Array($0) }
}
