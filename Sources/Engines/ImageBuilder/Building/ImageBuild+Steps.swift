// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import JSONText
import Vocabulary

// What steps do to files.

extension ImageBuild {
    /// The most bytes of `/etc/passwd` and `/etc/group` that are read: 1 MiB.
    private static let usersBytesMax = 1 << 20

    /// Does a step's work, or takes its result when it is known.
    ///
    /// - Parameter state: The state before the instruction, but for WORKDIR the same files.
    /// - Returns: The layer, or nothing when no file changed, and when it was made.
    func perform(
        _ work: FileWork, _ line: Int, from state: StageState, _ states: [Int: StageState],
        _ file: Dockerfile, _ number: Int, _ timestamp: Int64?
    ) async throws(BuildFailure) -> BuildCache.Result {
        let key = StepKey(state: state.name, work: work, timestamp: timestamp)
        do throws(BuildFailure) {
            switch work {
            case .run(let run):
                return try await known(key.digest()) { () throws(BuildFailure) in
                    try await self.run(run, state, timestamp)
                }
            case .folder(let path):
                return try await known(key.digest()) { () throws(BuildFailure) in
                    try await makeFolder(path, state, timestamp)
                }
            case .copy(let copy):
                guard let from = copy.from else {
                    let step = CopyStep(
                        work: copy, source: context.tree, isIgnored: context.isIgnored)
                    return try await self.copy(step, key, state, timestamp)
                }
                return try await self.copy(
                    copy, from: from, key, state, states, file, number, line, timestamp)
            }
        } catch {
            throw error.at(line)
        }
    }

    private func known(
        _ key: ContentDigest, _ body: () async throws(BuildFailure) -> PackedLayer?
    ) async throws(BuildFailure) -> BuildCache.Result {
        if let result = await find(key) {
            try await tell(.cached)
            return result
        }
        let result = BuildCache.Result(layer: try await body(), made: effects.time.wallClock())
        await places.cache.keep(result, as: key)
        return result
    }

    /// When settings first came from one state to another.
    func settled(_ before: StageState, _ after: StageState) async -> BuildCache.Result {
        let key = StepKey(state: before.name, work: .folder("/"), timestamp: nil)
            .digest(files: ["settings", after.name.description])
        if let result = await find(key) { return result }
        let result = BuildCache.Result(layer: nil, made: effects.time.wallClock())
        await places.cache.keep(result, as: key)
        return result
    }

    private func find(_ key: ContentDigest) async -> BuildCache.Result? {
        request.skipsCache ? nil : await places.cache.find(key, in: places.content)
    }

    // MARK: RUN

    private func run(
        _ run: RunWork, _ state: StageState, _ timestamp: Int64?
    ) async throws(BuildFailure) -> PackedLayer? {
        let image = try await store(state)
        let tell = tell
        let end = try await machine.run(
            BuildProgram(
                image: image.manifest, configuration: image.configuration,
                arguments: run.arguments, variables: run.variables, network: run.network)
        ) { (bytes, isError) throws(BuildFailure) in
            try await tell(.output(bytes, isError: isError))
        }
        do throws(BuildFailure) {
            guard end.code == 0 else {
                let words = run.arguments.joined(separator: " ")
                throw BuildFailure(
                    "The command '\(words)' returned a non-zero code: \(end.code)", code: end.code)
            }
            var options = PackingOptions(modified: timestamp)
            options.leavesOut = end.leavesOut
            options.leavesOutEmpty = end.leavesOutEmpty
            let layer = try await pack(end.folder, options)
            await machine.release(end)
            return layer
        } catch {
            await machine.release(end)
            throw error
        }
    }

    private func pack(
        _ folder: String, _ options: PackingOptions
    ) async throws(BuildFailure) -> PackedLayer? {
        let content = places.content
        return try await effects.blocking { () throws(ImageFailure) in
            let layer = try LayerPacking.pack(folder, into: content, options: options)
            return layer.entries > 0 ? layer : nil
        }
    }

    // MARK: WORKDIR

    private func makeFolder(
        _ path: String, _ state: StageState, _ timestamp: Int64?
    ) async throws(BuildFailure) -> PackedLayer? {
        try await change(state, timestamp) { (tree) throws(ImageFailure) in
            try tree.makeFolder(path)
        }
    }

    // MARK: COPY

    /// From another stage, or another image.
    private func copy(
        _ work: CopyWork, from: String, _ key: StepKey, _ state: StageState,
        _ states: [Int: StageState], _ file: Dockerfile, _ number: Int, _ line: Int,
        _ timestamp: Int64?
    ) async throws(BuildFailure) -> BuildCache.Result {
        let digests: [ContentDigest]
        let stored: [Descriptor]
        if let other = try BuildPlan.stage(from, before: number, file, line) {
            guard let state = states[other] else { throw BuildFailure("a stage is missing") }
            (digests, stored) = (state.configuration.layers, state.layers)
        } else {
            let image = try await machine.image(
                from, for: state.platform, isFresh: request.pulls)
            (digests, stored) = (image.configuration.layers, image.documents.layers)
        }
        // The same layers have the same files: nothing is mounted to find that out.
        let whole = key.digest(files: digests.map(\.description))
        if let result = await find(whole) {
            try await tell(.cached)
            return result
        }
        let name = mountName()
        let places = places
        let mounted = try await effects.blocking { () throws(ImageFailure) in
            try MountedLayers(digests, stored, in: places, name: name)
        }
        let result: BuildCache.Result
        do throws(BuildFailure) {
            let step = CopyStep(work: work, source: mounted.tree, isIgnored: nil)
            result = try await copy(step, key, state, timestamp)
        } catch {
            try? await end(mounted)
            throw error
        }
        try await end(mounted)
        await places.cache.keep(result, as: whole)
        return result
    }

    private func copy(
        _ step: CopyStep, _ key: StepKey, _ state: StageState, _ timestamp: Int64?
    ) async throws(BuildFailure) -> BuildCache.Result {
        let (paths, files) = try await effects.blocking { () throws(ImageFailure) in
            let paths = try step.paths()
            return (paths, try step.digests(paths))
        }
        return try await known(key.digest(files: files)) { () throws(BuildFailure) in
            let machine = machine
            return try await change(state, timestamp) { (tree) throws(BuildFailure) in
                let owner = try step.work.owner.map { text throws(BuildFailure) in
                    try Self.owner(text, in: tree, machine)
                }
                try atLine(nil) { () throws(ImageFailure) in
                    try step.copy(paths, to: tree, owner: owner)
                }
            }
        }
    }

    /// A user without a group has the group of the same number.
    private static func owner(
        _ text: String, in tree: FileTree, _ machine: any BuildMachine
    ) throws(BuildFailure) -> CopyOptions.Owner {
        func file(_ path: String) -> String {
            let bytes = (try? tree.read(path, bytesMax: usersBytesMax)) ?? []
            return String(decoding: bytes, as: UTF8.self)
        }
        let owner = try machine.owner(
            text, users: file("etc/passwd"), groups: file("etc/group"))
        return text.contains(":") ? owner : CopyOptions.Owner(user: owner.user, group: owner.user)
    }

    // MARK: Layers

    /// Changes a state's files, and packs what was changed.
    private func change<Failure: Error>(
        _ state: StageState, _ timestamp: Int64?,
        _ body: @escaping @Sendable (FileTree) throws(Failure) -> Void
    ) async throws(BuildFailure) -> PackedLayer? {
        let name = mountName()
        let places = places
        let (digests, stored) = (state.configuration.layers, state.layers)
        let result = await effects.workers.run { () -> Result<PackedLayer?, BuildFailure> in
            do {
                let mounted = try MountedLayers(digests, stored, in: places, name: name)
                do {
                    try body(mounted.tree)
                    let layer = try LayerPacking.pack(
                        mounted.upper, into: places.content,
                        options: PackingOptions(modified: timestamp))
                    try mounted.end()
                    return .success(layer.entries > 0 ? layer : nil)
                } catch {
                    try? mounted.end()
                    throw error
                }
            } catch let failure as ImageFailure {
                return .failure(BuildFailure(failure))
            } catch let failure as BuildFailure {
                return .failure(failure)
            } catch {
                return .failure(BuildFailure("\(error)"))
            }
        }
        return try result.get()
    }

    private func end(_ mounted: MountedLayers) async throws(BuildFailure) {
        try await effects.blocking { () throws(ImageFailure) in try mounted.end() }
    }

    private func mountName() -> String { "\(effects.chance.below(1 << 48))" }
}
