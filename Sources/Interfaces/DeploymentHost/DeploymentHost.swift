// SPDX-License-Identifier: Apache-2.0
public import Deployments
public import Effects
import HTTPServer
import JSONText

/// Makes deployments run on this machine's container engine, and keeps them so (specs/host.md).
///
/// The engine is any that speaks Docker's API at a local socket. What belongs to a lease is marked
/// there by labels, so nothing is remembered here: a host that was away looks and goes on (HOST-2).
public struct DeploymentHost: Sendable {
    let engine: EngineClient
    private let files: GrantFiles

    /// - Parameters:
    ///   - socket: Where the engine listens.
    ///   - files: A folder of this machine for secrets and configs; memory if possible.
    public init(socket: String, files: String, effects: Effects) {
        engine = EngineClient(socket: socket, effects: effects)
        self.files = GrantFiles(folder: files)
    }

    /// What one look came to.
    public struct Progress: Hashable, Sendable {
        /// Nothing is left to do.
        public let isSettled: Bool
        /// Copies that wait, by name, with what they wait for.
        public let waiting: [String: String]
        /// How many steps were done.
        public let steps: Int
    }

    /// Looks once, and does what can be done now. Called again until it says that all is settled,
    /// and from time to time later.
    ///
    /// - Parameters:
    ///   - group: The group of the deployment that was leased.
    ///   - secrets: Their values by name.
    ///   - login: What a registry is told, as Docker's clients encode it; nothing for none.
    /// - Throws: ``HostFailure`` of the first step that failed; the steps before it stand.
    public func advance(
        _ deployment: Deployment, group: String = DeploymentGroup.nameDefault, lease: LeaseName,
        secrets: [String: [UInt8]] = [:], login: String? = nil
    ) async throws(HostFailure) -> Progress {
        let desired = DesiredState(deployment, group: group, lease: lease)
        let plan = HostPlanner.steps(desired, try await observe(desired))
        for step in plan.steps { try await perform(step, desired, secrets, login) }
        return Progress(
            isSettled: plan.isSettled, waiting: plan.waiting, steps: plan.steps.count)
    }

    /// The containers of a lease, by name.
    ///
    /// - Throws: ``HostFailure``
    public func copies(of lease: LeaseName) async throws(HostFailure) -> [ObservedCopy] {
        var copies: [ObservedCopy] = []
        for line in try await containers(of: lease) {
            guard let id = line["Id"]?.text else { continue }
            let step = "look at a container"
            let answer = try await engine.call(
                .get, "/containers/\(id)/json", accepting: [404], for: step)
            guard answer.status != 404, let copy = ObservedCopy(try answer.document(of: step))
            else { continue }
            copies.append(copy)
        }
        return copies.sorted { $0.name < $1.name }
    }

    /// Ends everything of a lease.
    ///
    /// - Parameter volumes: Whether its data goes as well.
    /// - Throws: ``HostFailure``; called again it goes on.
    public func remove(_ lease: LeaseName, volumes: Bool) async throws(HostFailure) {
        try await removeAll(try await copies(of: lease).map(\.id))
        for name in try await names(of: "networks", lease) {
            _ = try await engine.call(
                .delete, "/networks/\(name)", accepting: [404], for: "remove a network")
        }
        files.remove(lease)
        guard volumes else { return }
        for name in try await names(of: "volumes", lease) {
            _ = try await engine.call(
                .delete, "/volumes/\(name)", accepting: [404], for: "remove a volume")
        }
    }

    /// Where the engine keeps a volume's files on this machine.
    ///
    /// - Throws: ``HostFailure``
    public func folder(ofVolume name: String, of lease: LeaseName) async throws(HostFailure)
        -> String
    {
        let step = "look at a volume"
        let answer = try await engine.call(.get, "/volumes/\(lease.volume(name))", for: step)
        guard let folder = try answer.document(of: step)["Mountpoint"]?.text else {
            throw .malformed(step: step)
        }
        return folder
    }

    // MARK: Looking

    private func observe(_ desired: DesiredState) async throws(HostFailure) -> ObservedState {
        var observed = ObservedState()
        observed.copies = try await copies(of: desired.lease)
        observed.networks = Set(try await names(of: "networks", desired.lease))
        observed.volumes = Set(try await names(of: "volumes", desired.lease))
        for image in Set(desired.copies.map(\.service.image)).sorted() {
            let answer = try await engine.call(
                .get, "/images/\(HTTPAddress.encoded(image))/json", accepting: [404],
                for: "look at an image")
            if answer.status != 404 { observed.images.insert(image) }
        }
        return observed
    }

    private func containers(of lease: LeaseName) async throws(HostFailure) -> [JSON] {
        let step = "list containers"
        let answer = try await engine.call(
            .get, "/containers/json", query: [("all", "1"), ("filters", Self.filter(lease))],
            for: step)
        // An engine that does not know the filter shows all.
        return (try answer.document(of: step).elements ?? []).filter {
            $0["Labels"]?[LeaseName.label]?.text == lease.text
        }
    }

    private func names(
        of kind: String, _ lease: LeaseName
    ) async throws(HostFailure) -> [String] {
        let step = "list \(kind)"
        let answer = try await engine.call(
            .get, "/\(kind)", query: [("filters", Self.filter(lease))], for: step)
        let document = try answer.document(of: step)
        let entries = document.elements ?? document["Volumes"]?.elements ?? []
        return entries.filter { $0["Labels"]?[LeaseName.label]?.text == lease.text }
            .compactMap { $0["Name"]?.text }
    }

    private static func filter(_ lease: LeaseName) -> String {
        JSON.object([JSON.Member("label", [JSON("\(LeaseName.label)=\(lease.text)")])]).compact
    }

    // MARK: Doing

    private func perform(
        _ step: HostStep, _ desired: DesiredState, _ secrets: [String: [UInt8]], _ login: String?
    ) async throws(HostFailure) {
        switch step {
        case .makeNetwork(let network): try await make(network, desired.lease)
        case .makeVolume(let volume): try await make(volume, desired.lease)
        case .pull(let image): try await pull(image, login)
        case .create(let copy): try await create(copy, desired, secrets)
        case .start(let id):
            _ = try await engine.call(
                .post, "/containers/\(id)/start", accepting: [304], for: "start a container")
        case .remove(let id): try await remove(id)
        }
    }

    private func make(
        _ network: DeploymentNetwork, _ lease: LeaseName
    ) async throws(HostFailure) {
        _ = try await engine.call(
            .post, "/networks/create",
            body: [
                "Name": JSON(lease.network(network.name)), "Driver": "bridge",
                "CheckDuplicate": true, "Internal": .bool(network.isInternal),
                "Labels": Self.labels(network.labels, lease),
            ], accepting: [409], for: "make the network '\(network.name)'")
    }

    private func make(_ volume: Volume, _ lease: LeaseName) async throws(HostFailure) {
        _ = try await engine.call(
            .post, "/volumes/create",
            body: [
                "Name": JSON(lease.volume(volume.name)), "Driver": "local",
                "Labels": Self.labels(volume.labels, lease),
            ], for: "make the volume '\(volume.name)'")
    }

    private static func labels(_ own: [NamedText], _ lease: LeaseName) -> JSON {
        .object(
            own.filter { !$0.name.hasPrefix("atoll.") }.map { JSON.Member($0.name, JSON($0.value)) }
                + [JSON.Member(LeaseName.label, JSON(lease.text))])
    }

    private func pull(_ image: String, _ login: String?) async throws(HostFailure) {
        let step = "pull the image '\(image)'"
        let answer = try await engine.call(
            .post, "/images/create", query: [("fromImage", image)],
            fields: login.map { ["X-Registry-Auth": $0] } ?? [:], for: step)
        if let reason = answer.streamedComplaint {
            throw .refused(step: step, status: answer.status, reason: reason)
        }
    }

    private func create(
        _ copy: CopyPlan, _ desired: DesiredState, _ secrets: [String: [UInt8]]
    ) async throws(HostFailure) {
        let files = try files.write(for: copy, of: desired, secrets: secrets)
        let step = "make a container of '\(copy.service.name)'"
        let body = ContainerBody(copy, lease: desired.lease, files: files).json
        let answer = try await engine.call(
            .post, "/containers/create", query: [("name", copy.name)], body: body, for: step)
        guard let id = try answer.document(of: step)["Id"]?.text else {
            throw .malformed(step: step)
        }
        do throws(HostFailure) {
            for attachment in copy.service.networks.dropFirst() {
                try await connect(id, attachment, of: copy.service, desired.lease)
            }
        } catch {
            // Half a container would pass for a whole one at the next look.
            _ = try? await remove(id)
            throw error
        }
    }

    private func connect(
        _ id: String, _ attachment: NetworkAttachment, of service: Service, _ lease: LeaseName
    ) async throws(HostFailure) {
        _ = try await engine.call(
            .post, "/networks/\(lease.network(attachment.network))/connect",
            body: [
                "Container": JSON(id),
                "EndpointConfig": ContainerBody.endpoint(attachment, of: service),
            ], for: "connect '\(service.name)' to '\(attachment.network)'")
    }

    /// Ends containers together: each may take its own time to stop.
    private func removeAll(_ ids: [String]) async throws(HostFailure) {
        let failures = await withTaskGroup(of: HostFailure?.self) { group in
            for id in ids {
                group.addTask {
                    do throws(HostFailure) {
                        try await remove(id)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
        }
        if let failure = failures.first { throw failure }
    }

    /// Gives the program the time to stop that its container was made with.
    private func remove(_ id: String) async throws(HostFailure) {
        _ = try await engine.call(
            .post, "/containers/\(id)/stop", accepting: [304, 404], for: "stop a container")
        _ = try await engine.call(
            .delete, "/containers/\(id)", query: [("force", "1"), ("v", "1")],
            accepting: [404], for: "remove a container")
    }
}
