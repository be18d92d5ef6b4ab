// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import JSONText

extension StageState {
    /// The most bytes of the image's settings: what stores take of a whole configuration, halved.
    static let settingsBytesMax = ImageLimits.configurationBytesMax / 2

    /// Does what an instruction says to the image's settings.
    ///
    /// - Returns: What is to be done to its files, if anything is.
    mutating func apply(_ instruction: Instruction) throws(BuildFailure) -> FileWork? {
        do throws(BuildFailure) {
            let work = try change(instruction.kind)
            guard configuration.bytes.count <= Self.settingsBytesMax else {
                throw BuildFailure("the image's settings have more than 4 MiB")
            }
            return work
        } catch {
            throw error.at(instruction.line)
        }
    }

    private mutating func change(_ kind: Instruction.Kind) throws(BuildFailure) -> FileWork? {
        switch kind {
        case .run(let command, let network): return .run(try run(command, network))
        case .copy(let copy): return .copy(try self.copy(copy))
        case .workingFolder(let text):
            let path = Self.joined(try expansion.word(text), to: folder)
            configuration["WorkingDir"] = JSON(path)
            return .folder(path)
        case .environment(let pairs): try setVariables(pairs)
        case .argument(let declared):
            for argument in declared { try declare(argument) }
        case .label(let pairs): try setLabels(pairs)
        case .user(let text): configuration["User"] = JSON(try expansion.word(text))
        case .entrypoint(let command):
            configuration["Entrypoint"] = words(of: command)
            if !commandIsOwn { configuration["Cmd"] = nil }
        case .command(let command):
            configuration["Cmd"] = words(of: command)
            commandIsOwn = true
        case .expose(let text): try expose(text)
        case .volume(let paths, let isExact): try addVolumes(paths, isExact)
        case .healthCheck(let check): configuration["Healthcheck"] = json(of: check)
        case .shell(let words):
            shell = words
            configuration["Shell"] = .array(words.map { JSON($0) })
        case .stopSignal(let text): configuration["StopSignal"] = JSON(try expansion.word(text))
        case .maintainer(let text): configuration.setAuthor(text)
        }
        return nil
    }

    private func words(of command: Instruction.Command) -> JSON {
        switch command {
        case .shell(let line) where line.isEmpty: .array([])
        case .shell(let line): .array((shell + [line]).map { JSON($0) })
        case .exec(let words): .array(words.map { JSON($0) })
        }
    }

    // MARK: Files

    private func run(
        _ command: Instruction.Command, _ network: String?
    ) throws(BuildFailure) -> RunWork {
        let arguments =
            switch command {
            case .shell(let line): shell + [line]
            case .exec(let words): words
            }
        guard let first = arguments.first, !first.isEmpty else {
            throw BuildFailure("RUN needs a program")
        }
        var reached = request.network
        if network == "none" { reached = .none }
        guard network != "host" || reached == .host else {
            throw BuildFailure("--network=host: the build itself has no network (--network host)")
        }
        return RunWork(arguments: arguments, variables: commandVariables, network: reached)
    }

    private func copy(_ copy: Instruction.Copy) throws(BuildFailure) -> CopyWork {
        var sources: [String] = []
        for source in copy.sources { sources.append(try expansion.word(source)) }
        let target = try expansion.word(copy.target)
        guard !target.isEmpty, sources.allSatisfy({ !$0.isEmpty }) else {
            throw BuildFailure("an empty path")
        }
        let mode = try copy.mode.map { text throws(BuildFailure) -> UInt32 in
            let written = try expansion.word(text)
            guard let mode = UInt32(written, radix: 8), mode <= 0o7777 else {
                throw BuildFailure("--chmod=\(written) is no mode such as 755")
            }
            return mode
        }
        let owner = try copy.owner.map { text throws(BuildFailure) in try expansion.word(text) }
        var path = Self.joined(target, to: folder)
        if target.hasSuffix("/") || target == "." || target.hasSuffix("/.") || sources.count > 1 {
            if path != "/" { path += "/" }
            guard sources.count == 1 || target.hasSuffix("/") || target.hasSuffix(".") else {
                throw BuildFailure("where several files are copied to ends with a slash")
            }
        }
        return CopyWork(
            unpacks: copy.unpacks, sources: sources, target: path, from: copy.from, owner: owner,
            mode: mode)
    }

    /// A path below a folder, without periods and doubled slashes; it never climbs above the root.
    static func joined(_ path: String, to folder: String) -> String {
        var parts: [Substring] = []
        let whole = path.hasPrefix("/") ? path : folder + "/" + path
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    // MARK: Settings

    private mutating func setVariables(_ pairs: [Instruction.Pair]) throws(BuildFailure) {
        // All of one instruction see the values from before it.
        let before = expansion
        for pair in pairs {
            let name = try before.word(pair.name)
            guard !name.isEmpty, !name.contains("=") else {
                throw BuildFailure("'\(pair.name)' is no variable's name")
            }
            let text = "\(name)=\(try before.word(pair.value))"
            var variables = environment
            if let place = variables.firstIndex(where: { $0.hasPrefix("\(name)=") }) {
                variables[place] = text
            } else {
                variables.append(text)
            }
            environment = variables
        }
    }

    mutating func setLabels(_ pairs: [Instruction.Pair]) throws(BuildFailure) {
        let before = expansion
        for pair in pairs {
            setLabel(try before.word(pair.name), try before.word(pair.value))
        }
    }

    mutating func setLabel(_ name: String, _ value: String) {
        set(JSON(value), of: name, in: "Labels")
    }

    private mutating func expose(_ text: String) throws(BuildFailure) {
        var count = 0
        for word in try expansion.words(text) {
            let parts = word.split(separator: "/", omittingEmptySubsequences: false)
            let protocolName = parts.count == 2 ? parts[1].lowercased() : "tcp"
            let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
                .map { UInt16($0) }
            guard parts.count <= 2, ["tcp", "udp", "sctp"].contains(protocolName),
                (1...2).contains(ends.count), let low = ends[0], let high = ends[ends.count - 1],
                low > 0, low <= high
            else { throw BuildFailure("'\(word)' is no port such as 80, 53/udp or 8000-8010") }
            count += Int(high - low) + 1
            guard count <= 65_535 else { throw BuildFailure("more ports than there are") }
            var ports = configuration["ExposedPorts"]?.members ?? []
            var known = Set(ports.map(\.name))
            for port in low...high where known.insert("\(port)/\(protocolName)").inserted {
                ports.append(JSON.Member("\(port)/\(protocolName)", [:]))
            }
            configuration["ExposedPorts"] = .object(ports)
        }
    }

    private mutating func addVolumes(
        _ paths: [String], _ isExact: Bool
    ) throws(BuildFailure) {
        for path in paths {
            let words =
                isExact ? [try expansion.word(path)] : try expansion.words(path)
            guard !words.isEmpty, words.allSatisfy({ !$0.isEmpty }) else {
                throw BuildFailure("a volume without a path")
            }
            for word in words { set([:], of: word, in: "Volumes") }
        }
    }

    private mutating func set(_ value: JSON, of name: String, in member: String) {
        var members = configuration[member]?.members ?? []
        if let place = members.firstIndex(where: { $0.name == name }) {
            members[place] = JSON.Member(name, value)
        } else {
            members.append(JSON.Member(name, value))
        }
        configuration[member] = .object(members)
    }

    private func json(of check: Instruction.HealthCheck) -> JSON {
        guard let command = check.command else { return ["Test": ["NONE"]] }
        let test: [String] =
            switch command {
            case .shell(let line): ["CMD-SHELL", line]
            case .exec(let words): ["CMD"] + words
            }
        var members = [JSON.Member("Test", .array(test.map { JSON($0) }))]
        members += check.times.map { JSON.Member($0.name, .number($0.value)) }
        if let retries = check.retries { members.append(JSON.Member("Retries", JSON(retries))) }
        return .object(members)
    }
}
