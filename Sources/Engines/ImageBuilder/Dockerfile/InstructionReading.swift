// SPDX-License-Identifier: Apache-2.0
import JSONText

/// Reads one instruction: its name, its options, the rest.
struct InstructionReading {
    /// The name in upper case.
    let name: String
    let line: LogicalLine
    private let escape: UInt8
    private let options: [(name: String, value: String)]
    private let rest: ArraySlice<UInt8>

    /// Those whose first words are options when they begin with two hyphens.
    private static let withOptions: Set<String> = ["FROM", "RUN", "COPY", "ADD", "HEALTHCHECK"]

    init(_ line: LogicalLine, escape: UInt8) {
        self.line = line
        self.escape = escape
        let word = line.text.prefix { !Text.isSpace($0) }
        name = Text.string(word).uppercased()
        var rest = Text.trimmed(line.text[word.count...])
        var options: [(String, String)] = []
        while Self.withOptions.contains(name), rest.starts(with: "--".utf8) {
            let option = Text.words(rest, escape: escape)[0]
            rest = Text.trimmed(rest[option.endIndex...])
            let text = option.dropFirst(2)
            let key = text.prefix { $0 != UInt8(ascii: "=") }
            options.append((Text.string(key), Text.string(text.dropFirst(key.count + 1))))
        }
        self.options = options
        self.rest = rest
    }

    // MARK: Kinds

    func beginning() throws(BuildFailure) -> StageBeginning {
        try allow(["platform"])
        let words = Text.words(rest).map(Text.string)
        guard words.count == 1 || words.count == 3 && words[1].lowercased() == "as" else {
            throw BuildFailure("write FROM image, or FROM image AS name")
        }
        let name = words.count == 3 ? words[2].lowercased() : nil
        if let name {
            guard let first = name.utf8.first, Text.isLetter(first),
                name.utf8.allSatisfy({ Text.isNameByte($0) || $0 == 0x2D || $0 == 0x2E })
            else {
                throw BuildFailure("'\(name)' is no stage's name: a letter, then a-z 0-9 _ - .")
            }
        }
        return StageBeginning(
            line: line.number, text: Text.string(line.text), image: words[0],
            platform: option("platform"), name: name)
    }

    func instruction() throws(BuildFailure) -> Instruction {
        guard line.document == nil || name == "RUN" else {
            throw BuildFailure("\(name) takes no text after <<; put it into a file")
        }
        guard !rest.isEmpty || name == "CMD" || name == "ENTRYPOINT" else {
            throw BuildFailure("\(name) needs something after it")
        }
        return Instruction(line: line.number, text: Text.string(line.text), kind: try kind())
    }

    private func kind() throws(BuildFailure) -> Instruction.Kind {
        switch name {
        case "RUN": return try run()
        case "COPY", "ADD": return .copy(try copy())
        case "ENV": return .environment(try pairs())
        case "LABEL": return .label(try pairs())
        case "ARG": return .argument(try arguments())
        case "WORKDIR": return .workingFolder(Text.string(rest))
        case "USER": return .user(Text.string(rest))
        case "ENTRYPOINT": return .entrypoint(command(rest))
        case "CMD": return .command(command(rest))
        case "EXPOSE": return .expose(Text.string(rest))
        case "VOLUME":
            if let list = Self.list(rest) { return .volume(list, isExact: true) }
            return .volume([Text.string(rest)], isExact: false)
        case "HEALTHCHECK": return .healthCheck(try healthCheck())
        case "SHELL":
            guard let words = Self.list(rest), !words.isEmpty else {
                throw BuildFailure("SHELL takes a list, as [\"/bin/sh\", \"-c\"]")
            }
            return .shell(words)
        case "STOPSIGNAL": return .stopSignal(Text.string(rest))
        case "MAINTAINER": return .maintainer(Text.string(rest))
        case "ONBUILD": throw BuildFailure("ONBUILD is not done: write its steps where they count")
        default: throw BuildFailure("unknown instruction: \(name.prefix(64))")
        }
    }

    private func run() throws(BuildFailure) -> Instruction.Kind {
        try allow(["network"])
        let network = option("network")
        if let network, !["none", "default", "host"].contains(network) {
            throw BuildFailure("--network=\(network): none, default or host")
        }
        guard let document = line.document else {
            return .run(command(rest), network: network)
        }
        let name = Text.string(document.name)
        guard Text.words(rest, escape: escape).count == 1 else {
            // The shell reads its own text: the line, what follows, and the name that ends it.
            let script = Array(rest) + [UInt8(ascii: "\n")] + document.body + document.name
            return .run(.shell(Text.string(script)), network: network)
        }
        guard !document.body.starts(with: "#!".utf8) else {
            throw BuildFailure("<<\(name) with a program of its own (#!) is not done")
        }
        return .run(.shell(Text.string(document.body)), network: network)
    }

    private func copy() throws(BuildFailure) -> Instruction.Copy {
        let isAdd = name == "ADD"
        try allow(isAdd ? ["chown", "chmod"] : ["from", "chown", "chmod"])
        let list = Self.list(rest)
        let words = list ?? Text.words(rest, escape: escape).map(Text.string)
        guard let target = words.last, words.count > 1 else {
            throw BuildFailure("\(name) needs what is copied, and where to")
        }
        let sources = Array(words.dropLast())
        for source in sources where isAdd && Self.isAddress(source) {
            throw BuildFailure("ADD of an address is not done: fetch '\(source)' before the build")
        }
        return Instruction.Copy(
            unpacks: isAdd, sources: sources, target: target, from: option("from"),
            owner: option("chown"), mode: option("chmod"), isExact: list != nil)
    }

    private static func isAddress(_ source: String) -> Bool {
        source.contains("://") || source.hasPrefix("git@")
    }

    private func pairs() throws(BuildFailure) -> [Instruction.Pair] {
        let words = Text.words(rest, escape: escape)
        guard let first = words.first else { throw BuildFailure("\(name) needs name=value") }
        guard first.contains(UInt8(ascii: "=")) else {
            // The old form: a name, and all that follows.
            let value = Text.trimmed(rest[first.endIndex...])
            guard !value.isEmpty else { throw BuildFailure("\(name) needs name=value") }
            return [Instruction.Pair(name: Text.string(first), value: Text.string(value))]
        }
        var pairs: [Instruction.Pair] = []
        for word in words {
            guard let equals = word.firstIndex(of: UInt8(ascii: "=")), equals > word.startIndex
            else { throw BuildFailure("'\(Text.string(word))' is not name=value") }
            pairs.append(
                Instruction.Pair(
                    name: Text.string(word[..<equals]), value: Text.string(word[(equals + 1)...])))
        }
        return pairs
    }

    private func arguments() throws(BuildFailure) -> [Instruction.Argument] {
        var found: [Instruction.Argument] = []
        for word in Text.words(rest, escape: escape) {
            let name = word.prefix { $0 != UInt8(ascii: "=") }
            guard let first = name.first, Text.isLetter(first) || first == UInt8(ascii: "_"),
                name.allSatisfy(Text.isNameByte)
            else { throw BuildFailure("'\(Text.string(word))' is not name or name=value") }
            let value = name.count < word.count ? Text.string(word.dropFirst(name.count + 1)) : nil
            found.append(Instruction.Argument(name: Text.string(name), value: value))
        }
        return found
    }

    // MARK: Parts

    private func command(_ text: ArraySlice<UInt8>) -> Instruction.Command {
        Self.list(text).map(Instruction.Command.exec) ?? .shell(Text.string(text))
    }

    /// A JSON list of texts; what only begins like one is a line for the shell, such as `[ -f x ]`.
    private static func list(_ text: ArraySlice<UInt8>) -> [String]? {
        guard text.first == UInt8(ascii: "["), let json = try? JSON(parsing: Array(text)),
            let elements = json.elements
        else { return nil }
        let texts = elements.compactMap(\.text)
        return texts.count == elements.count ? texts : nil
    }

    private func option(_ name: String) -> String? { options.first { $0.name == name }?.value }

    private func allow(_ names: Set<String>) throws(BuildFailure) {
        var seen: Set<String> = []
        for (name, value) in options {
            guard names.contains(name) else {
                throw BuildFailure("\(self.name) --\(name) is not done here")
            }
            guard seen.insert(name).inserted, !value.isEmpty else {
                throw BuildFailure("--\(name) needs one value")
            }
        }
    }

    private func healthCheck() throws(BuildFailure) -> Instruction.HealthCheck {
        let names = [
            "interval": "Interval", "timeout": "Timeout", "start-period": "StartPeriod",
            "start-interval": "StartInterval",
        ]
        try allow(Set(names.keys).union(["retries"]))
        let word = rest.prefix { !Text.isSpace($0) }
        let after = Text.trimmed(rest[word.endIndex...])
        var times: [Instruction.Pair] = []
        for (name, value) in options {
            guard let known = names[name] else { continue }
            guard let time = WrittenTime.nanoseconds(value) else {
                throw BuildFailure("--\(name)=\(value) is no time such as 30s or 1m30s")
            }
            times.append(Instruction.Pair(name: known, value: "\(time)"))
        }
        let retries = option("retries").map { Int($0) ?? -1 }
        guard (retries ?? 0) >= 0, (retries ?? 0) <= 1_000_000 else {
            throw BuildFailure("--retries takes a number")
        }
        switch Text.string(word).uppercased() {
        case "NONE" where after.isEmpty && options.isEmpty:
            return Instruction.HealthCheck(command: nil, times: [], retries: nil)
        case "CMD" where !after.isEmpty:
            return Instruction.HealthCheck(
                command: command(after), times: times, retries: retries)
        default: throw BuildFailure("write HEALTHCHECK CMD command, or HEALTHCHECK NONE")
        }
    }
}

/// Lengths of time as Go writes them.
enum WrittenTime {
    /// `1h2m3.5s`, `250ms`, as thousand millionths of a second; nil for anything else, less than
    /// nothing, and more than 30 years.
    static func nanoseconds(_ text: String) -> Int64? {
        let units: [(name: String, size: Int64)] = [
            ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("h", 3_600_000_000_000),
            ("m", 60_000_000_000), ("s", 1_000_000_000),
        ]
        var rest = Substring(text)
        var total: Int64 = 0
        guard !rest.isEmpty, text != "0" else { return text == "0" ? 0 : nil }
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            var fraction: Substring = ""
            if rest.first == "." {
                fraction = rest.dropFirst().prefix { ("0"..."9").contains($0) }
                rest = rest.dropFirst(fraction.count + 1)
            }
            guard digits.count + fraction.count > 0, digits.count <= 10, fraction.count <= 9,
                let unit = units.first(where: { rest.hasPrefix($0.name) })
            else { return nil }
            rest = rest.dropFirst(unit.name.count)
            let (whole, isOver) = (Int64(digits) ?? 0).multipliedReportingOverflow(by: unit.size)
            // The first nine digits behind the point, each worth a tenth of the one before.
            var scaled: Int64 = 0
            var weight = unit.size / 10
            for digit in fraction.utf8 {
                scaled += Int64(digit - 0x30) * weight
                weight /= 10
            }
            guard !isOver, whole <= 1_000_000_000_000_000_000 else { return nil }
            total += whole + scaled
            guard total <= 1_000_000_000_000_000_000 else { return nil }
        }
        return total
    }
}
