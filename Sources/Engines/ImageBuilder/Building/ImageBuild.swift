// SPDX-License-Identifier: Apache-2.0
public import ContainerImages
public import Effects
import JSONText
import Vocabulary

/// An image that was built.
public struct BuiltImage: Sendable {
    /// Its manifest, in the store under no name yet.
    public let manifest: Descriptor
    /// Its configuration: what Docker calls the image's id.
    public let configuration: Descriptor
}

/// Builds an image from a Dockerfile, step by step (BUILDER-6).
public struct ImageBuild: Sendable {
    /// Takes news; a build ends when it throws.
    public typealias Tell = @Sendable (BuildNews) async throws(BuildFailure) -> Void

    let effects: Effects
    let places: BuildPlaces
    let machine: any BuildMachine
    let request: BuildRequest
    let context: BuildContext
    let tell: Tell

    /// Joins what a build needs.
    public init(
        _ request: BuildRequest, _ context: BuildContext, _ places: BuildPlaces,
        _ machine: any BuildMachine, _ effects: Effects, tell: @escaping Tell
    ) {
        self.effects = effects
        self.places = places
        self.machine = machine
        self.request = request
        self.context = context
        self.tell = tell
    }

    /// Builds.
    ///
    /// - Throws: ``BuildFailure``; what was done before stays known for the next build.
    public func make() async throws(BuildFailure) -> BuiltImage {
        let file = try Dockerfile(context.dockerfile)
        let plan = try BuildPlan(file, request)
        let timestamp = try request.moment()
        var states: [Int: StageState] = [:]
        var number = 0
        for step in plan.steps {
            number += 1
            try await tell(.step(number, of: plan.instructions, step.stage.beginning.text))
            var state = try await begin(step, states, plan, file)
            try await tell(.done(state.name.digits))
            for instruction in step.stage.instructions {
                number += 1
                try await tell(.step(number, of: plan.instructions, instruction.text))
                let before = state
                let work = try state.apply(instruction)
                var line = instruction.text
                if case .run(let run)? = work {
                    line = "RUN " + (run.variables + run.arguments).joined(separator: " ")
                }
                let result: BuildCache.Result
                if let work {
                    result = try await perform(
                        work, instruction.line, from: before, states, file, step.number, timestamp)
                } else {
                    result = await settled(before, state)
                }
                state.add(result, line, timestamp)
                try await tell(.done(state.name.digits))
            }
            states[step.number] = state
        }
        try await warn(file, states)
        guard let last = plan.steps.last, let state = states[last.number] else {
            throw BuildFailure("a Dockerfile needs a FROM")
        }
        return try await finish(state, timestamp)
    }

    private func begin(
        _ step: BuildPlan.Step, _ states: [Int: StageState], _ plan: BuildPlan, _ file: Dockerfile
    ) async throws(BuildFailure) -> StageState {
        var configuration: ImageConfiguration
        var layers: [Descriptor]
        switch step.base {
        case .nothing: (configuration, layers) = (ImageConfiguration(platform: step.platform), [])
        case .stage(let number):
            guard let earlier = states[number] else { throw BuildFailure("a stage is missing") }
            (configuration, layers) = (earlier.configuration, earlier.layers)
        case .image(let name):
            let line = step.stage.beginning.line
            let image: StoredImage
            do throws(BuildFailure) {
                image = try await machine.image(
                    name, for: step.platform, isFresh: request.pulls)
            } catch {
                throw error.at(line)
            }
            if let steps = image.configuration["OnBuild"]?.elements, !steps.isEmpty {
                throw BuildFailure(
                    line: line, "'\(name)' asks for steps of its own (ONBUILD), which is not done")
            }
            configuration = image.configuration
            configuration.beginAnew()
            layers = image.documents.layers
        }
        guard configuration.layers.count == layers.count else {
            throw BuildFailure("the image's configuration lists other layers than its manifest")
        }
        return StageState(configuration, layers, plan, step, request, escape: file.escape)
    }

    private func warn(
        _ file: Dockerfile, _ states: [Int: StageState]
    ) async throws(BuildFailure) {
        var known = states.values.reduce(into: StageState.proxies) { $0.formUnion($1.consumed) }
        known.formUnion(file.arguments.map(\.name) + [BuildRequest.timestampArgument])
        let unused = request.arguments.keys.filter { !known.contains($0) }.sorted()
        guard !unused.isEmpty else { return }
        try await tell(
            .warning("One or more build-args [\(unused.joined(separator: " "))] were not consumed"))
    }

    private func finish(
        _ state: StageState, _ timestamp: Int64?
    ) async throws(BuildFailure) -> BuiltImage {
        var state = state
        for label in request.labels { state.setLabel(label.name, label.value) }
        let made = state.made ?? effects.time.wallClock()
        state.configuration.setCreated(Self.text(made, timestamp))
        return try await store(state)
    }

    /// Puts an image of a state into the store, under no name.
    func store(_ state: StageState) async throws(BuildFailure) -> BuiltImage {
        guard state.layers.count <= ImageLimits.layersMax else {
            throw BuildFailure("more than \(ImageLimits.layersMax) layers")
        }
        let places = places
        return try await effects.blocking { () throws(ImageFailure) in
            let configuration = try places.content.put(
                state.configuration.bytes, mediaType: MediaType.configuration)
            let manifest = ImageManifest(
                configuration: configuration, layers: state.layers.map(\.inOCIWords))
            return BuiltImage(
                manifest: try places.content.put(manifest.bytes, mediaType: MediaType.manifest),
                configuration: configuration)
        }
    }

    static func text(_ made: Timestamp, _ timestamp: Int64?) -> String {
        (timestamp.map { Timestamp(UInt64($0) * 1_000) } ?? made).utc
    }
}

extension StageState {
    /// Notes what an instruction came to.
    mutating func add(_ result: BuildCache.Result, _ line: String, _ timestamp: Int64?) {
        made = max(made ?? result.made, result.made)
        let moment = ImageBuild.text(result.made, timestamp)
        guard let layer = result.layer else {
            return configuration.addHistory(createdBy: line, at: moment)
        }
        layers.append(layer.descriptor)
        configuration.add(layer: layer.digest, createdBy: line, at: moment)
    }
}
