// SPDX-License-Identifier: Apache-2.0
import ContainerNetworks
import Effects
import HTTPServer
import JSONText
import Vocabulary

// Containers join and leave networks, and are taken up again.

extension NetworkBoard {
    /// Puts a container into a further network, also while it runs.
    func connect(
        _ id: String, to name: String, _ wish: JSON
    ) async throws(EngineFailure) -> EngineNetwork {
        let network = try network(name)
        guard var wiring = containers[id] else { throw .noContainer(id) }
        guard wiring.mode.isNetwork else {
            throw EngineFailure(
                403,
                "container cannot be connected to multiple networks with one of the networks in "
                    + "private (none), host or container mode")
        }
        guard !wiring.places.contains(where: { $0.network == network.id }) else {
            throw EngineFailure(
                403, "endpoint with name \(wiring.name) already exists in network \(network.name)")
        }
        var place = try place(in: network, wish)
        guard wiring.process > 0 else {
            wiring.places.append(place)
            try await save(wiring)
            return network
        }
        try await ready(network.id)
        let lease = try lease(for: place, in: wiring)
        place.lease = lease
        wiring.places.append(place)
        do throws(EngineFailure) {
            try checkAlive(wiring)
            try await save(wiring)
            try checkAlive(wiring)
            let namespace = try open(wiring)
            try plug(place, into: namespace)
            try setDefaultRoutes(of: wiring, in: namespace)
            try settleRules()
        } catch {
            await drop(lease, of: network.id)
            if var left = containers[id] {
                left.places.removeAll { $0.network == network.id }
                try? await save(left)
            }
            try? settleRules()
            dropIdleBridges()
            throw error
        }
        await settleNames()
        return network
    }

    /// A container may end while something of it is written down.
    private func checkAlive(_ wiring: ContainerWiring) throws(EngineFailure) {
        guard containers[wiring.id]?.process == wiring.process else {
            throw EngineFailure(.conflict, "container \(wiring.id) has ended")
        }
    }

    /// Takes a container out of a network, also while it runs.
    func disconnect(_ id: String, from name: String) async throws(EngineFailure) -> EngineNetwork {
        let network = try network(name)
        guard var wiring = containers[id],
            let index = wiring.places.firstIndex(where: { $0.network == network.id })
        else {
            throw EngineFailure(
                403, "container \(id) is not connected to network \(network.name)")
        }
        let place = wiring.places.remove(at: index)
        try await save(wiring)
        if let lease = place.lease {
            await drop(lease, of: network.id)
            let target = outerPlace(of: wiring)?.lease?.addresses.first
            for hold in holds[id] ?? [] { if let target { hold.lead(to: target) } }
            try setDefaultRoutes(of: wiring, in: try open(wiring))
            try settleRules()
            dropIdleBridges()
        }
        await settleNames()
        return network
    }

    /// A container has another name.
    func rename(_ id: String, to name: String) async throws(EngineFailure) {
        guard var wiring = containers[id] else { return }
        wiring.name = name
        try await save(wiring)
        await settleNames()
    }

    // MARK: An engine begins

    /// Remembers a container of before; nil in `process` for one that does not run.
    func takeUp(_ id: String, name: String, process: Int64?, _ body: JSON) async {
        let bytes = try? await effects.disk.read(
            ContainerWiring.path(of: id), limit: Engine.recordBytesMax)
        let kept = bytes.flatMap { try? JSON(parsing: $0) }.flatMap { ContainerWiring($0) }
        guard var wiring = kept ?? Self.without(id, name, body) else { return }
        wiring.name = name
        wiring.resolvers = (try? NameOptions(body["HostConfig"]))?.endpoints ?? []
        wiring.process = process ?? 0
        containers[id] = wiring
        hadLeases = hadLeases || wiring.places.contains { $0.lease != nil }
        if let process, !isSame(process, wiring) { wiring.process = 0 }
        guard wiring.process > 0 else {
            // What it had when it ended without an engine.
            return await unplugLate(wiring)
        }
        for place in wiring.places {
            guard let lease = place.lease else { continue }
            for address in lease.addresses {
                for index in (pools[place.network] ?? []).indices
                where pools[place.network]?[index].subnet.contains(address) == true {
                    try? pools[place.network]?[index].take(address)
                }
            }
        }
    }

    /// A container of before there were networks.
    private static func without(
        _ id: String, _ name: String, _ body: JSON
    ) -> ContainerWiring? {
        ContainerWiring(
            id: id, name: name,
            mode: NetworkMode(body["HostConfig"]?["NetworkMode"]?.text ?? "none"), places: [],
            ports: [], exposed: [])
    }

    /// Numbers of processes come again; with the namespace's they do not.
    private func isSame(_ process: Int64, _ wiring: ContainerWiring) -> Bool {
        guard wiring.mode.isNetwork else { return true }
        let namespace = try? NetworkNamespace(of: process)
        return namespace?.identity == wiring.namespace
    }

    private func unplugLate(_ wiring: ContainerWiring) async {
        for lease in wiring.places.compactMap(\.lease) { try? BridgeWiring.remove(lease.outer) }
        var ended = wiring
        for index in ended.places.indices { ended.places[index].lease = nil }
        (ended.grants, ended.namespace) = ([], 0)
        containers[wiring.id] = ended
        if wiring.places.contains(where: { $0.lease != nil }) { try? await save(ended) }
    }

    /// Puts rules, ports and names in place again for the containers that were taken up
    /// (NETWORKS-4).
    func settle() async {
        let running = containers.values.filter { $0.process > 0 && $0.mode.isNetwork }
        guard hadLeases else { return }
        for network in Set(running.flatMap { $0.places.map(\.network) }) {
            do throws(EngineFailure) {
                try makeBridge(of: network)
            } catch {
                log("the bridge of network \(network): \(error.message)")
            }
        }
        do throws(EngineFailure) {
            try settleRules(anew: true)
        } catch {
            log("the rules of networks: \(error.message)")
        }
        dropIdleBridges()
        await settleNames()
        for wiring in running { await holdAgain(wiring) }
    }

    private func holdAgain(_ wiring: ContainerWiring) async {
        let target = outerPlace(of: wiring)?.lease?.addresses.first
        for grant in wiring.grants {
            let wish = PortWish(
                grant.port, host: grant.host, hostPorts: grant.hostPort...grant.hostPort)
            do throws(NetworkFailure) {
                let hold = try await PortHold(wish, effects)
                if let target { hold.lead(to: target) }
                holds[wiring.id, default: []].append(hold)
            } catch {
                log("port \(grant.hostPort) of container \(wiring.name) is another's: \(error)")
            }
        }
        do throws(EngineFailure) {
            try await serveNames(to: wiring, in: try open(wiring))
        } catch {
            log("names for container \(wiring.name): \(error.message)")
        }
    }
}
