// SPDX-License-Identifier: Apache-2.0
import ContainerImages

/// Which stages a build needs, and what each begins with (BUILDER-6): a value.
struct BuildPlan: Sendable {
    /// What a stage begins with.
    enum Base: Hashable, Sendable {
        /// Nothing: `FROM scratch`.
        case nothing
        /// What another stage made.
        case stage(Int)
        /// An image, by its name.
        case image(String)
    }

    /// One stage that is needed.
    struct Step: Sendable {
        /// Its number in the Dockerfile, from 0.
        let number: Int
        let stage: Dockerfile.Stage
        let base: Base
        let platform: Platform
    }

    /// The stages in the order of the Dockerfile; the wanted one is the last.
    let steps: [Step]
    /// Values of what is declared before the first stage.
    let globals: [String: String]
    /// How many instructions there are, with each stage's FROM.
    var instructions: Int { steps.reduce(0) { $0 + 1 + $1.stage.instructions.count } }

    init(_ file: Dockerfile, _ request: BuildRequest) throws(BuildFailure) {
        globals = try Self.globals(file, request)
        let wanted = try Self.wanted(file, request.target)
        var bases: [Base] = []
        var platforms: [Platform] = []
        for (number, stage) in file.stages.enumerated() {
            let (base, platform) = try Self.base(of: stage, number, file, globals, request)
            bases.append(base)
            platforms.append(platform)
        }
        var needed: Set<Int> = []
        var waiting = [wanted]
        while let number = waiting.popLast() {
            guard needed.insert(number).inserted else { continue }
            if case .stage(let other) = bases[number] { waiting.append(other) }
            for instruction in file.stages[number].instructions {
                guard case .copy(let copy) = instruction.kind, let from = copy.from else {
                    continue
                }
                if let other = try Self.stage(from, before: number, file, instruction.line) {
                    waiting.append(other)
                }
            }
        }
        steps = needed.sorted().map { number in
            Step(
                number: number, stage: file.stages[number], base: bases[number],
                platform: platforms[number])
        }
    }

    /// The number of an earlier stage by its name or its number; nil for an image.
    static func stage(
        _ name: String, before number: Int, _ file: Dockerfile, _ line: Int
    ) throws(BuildFailure) -> Int? {
        if let index = Int(name) {
            guard index >= 0, index < number else {
                throw BuildFailure(line: line, "there is no stage \(name) before this one")
            }
            return index
        }
        let lower = name.lowercased()
        guard let found = file.stages.firstIndex(where: { $0.beginning.name == lower }) else {
            return nil
        }
        guard found < number else {
            throw BuildFailure(line: line, "the stage '\(name)' is not before this one")
        }
        return found
    }

    /// What the builder itself says of platforms.
    static func automatic(_ platform: Platform) -> [String: String] {
        let build = Platform.current
        return [
            "TARGETPLATFORM": platform.description, "TARGETOS": platform.system,
            "TARGETARCH": platform.architecture, "TARGETVARIANT": platform.variant ?? "",
            "BUILDPLATFORM": build.description, "BUILDOS": build.system,
            "BUILDARCH": build.architecture, "BUILDVARIANT": build.variant ?? "",
        ]
    }

    private static func globals(
        _ file: Dockerfile, _ request: BuildRequest
    ) throws(BuildFailure) -> [String: String] {
        var values = automatic(request.platform)
        for argument in file.arguments {
            let known = values
            let expansion = Expansion(escape: file.escape) { known[$0] }
            if let given = request.arguments[argument.name] {
                values[argument.name] = given
            } else if let value = argument.value {
                values[argument.name] = try expansion.word(value)
            }
        }
        return values
    }

    private static func wanted(
        _ file: Dockerfile, _ target: String?
    ) throws(BuildFailure) -> Int {
        guard let target, !target.isEmpty else { return file.stages.count - 1 }
        let lower = target.lowercased()
        if let found = file.stages.firstIndex(where: { $0.beginning.name == lower }) {
            return found
        }
        guard let index = Int(target), file.stages.indices.contains(index) else {
            throw BuildFailure("there is no stage '\(target)' in the Dockerfile")
        }
        return index
    }

    private static func base(
        of stage: Dockerfile.Stage, _ number: Int, _ file: Dockerfile,
        _ globals: [String: String], _ request: BuildRequest
    ) throws(BuildFailure) -> (Base, Platform) {
        let beginning = stage.beginning
        do throws(BuildFailure) {
            let expansion = Expansion(escape: file.escape) { globals[$0] }
            let image = try expansion.word(beginning.image)
            guard !image.isEmpty else {
                throw BuildFailure("'\(beginning.image)' becomes no image's name")
            }
            var platform = request.platform
            if let text = beginning.platform {
                let written = try expansion.word(text)
                guard let named = Platform(written) else {
                    throw BuildFailure("'\(written)' is no platform such as linux/amd64")
                }
                platform = named
            }
            if image == "scratch" { return (.nothing, platform) }
            // A number is an image's name here: only COPY --from counts stages.
            let lower = image.lowercased()
            if let earlier = file.stages[..<number].firstIndex(where: {
                $0.beginning.name == lower
            }) {
                return (.stage(earlier), platform)
            }
            return (.image(image), platform)
        } catch {
            throw error.at(beginning.line)
        }
    }
}
