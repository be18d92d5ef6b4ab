// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Vocabulary

// Networks, and the containers in them.

extension Engine {
    func createNetwork(_ body: JSON) async throws(EngineFailure) -> EngineNetwork {
        let network = try await board.create(body)
        note(network, "create")
        return network
    }

    func removeNetwork(_ name: String) async throws(EngineFailure) {
        note(try await board.remove(name), "destroy")
    }

    func pruneNetworks(_ filters: ListFilters) async throws(EngineFailure) -> JSON {
        let gone = try await board.prune(filters)
        for network in gone { note(network, "destroy") }
        return ["NetworksDeleted": .array(gone.map { JSON($0.name) })]
    }

    func connect(_ network: String, _ body: JSON) async throws(EngineFailure) {
        let container = try container(body["Container"]?.text ?? "")
        try await alone(container.id) { () async throws(EngineFailure) in
            let network = try await board.connect(
                container.id, to: network, body["EndpointConfig"] ?? [:])
            note(network, "connect", container)
        }
    }

    func disconnect(_ network: String, _ body: JSON) async throws(EngineFailure) {
        let container = try container(body["Container"]?.text ?? "")
        try await alone(container.id) { () async throws(EngineFailure) in
            let network = try await board.disconnect(container.id, from: network)
            note(network, "disconnect", container)
        }
    }

    /// Takes up the networks' containers.
    func restoreNetworks() async {
        for container in containers.values {
            await board.takeUp(
                container.id, name: container.name,
                process: container.isAlive ? container.process : nil, container.body)
        }
        await board.settle()
    }

    /// Tells of a network, and of the container that joined or left it.
    func note(
        _ network: EngineNetwork, _ action: String, _ container: EngineContainer? = nil
    ) {
        var members = [
            JSON.Member("name", JSON(network.name)), JSON.Member("type", "bridge"),
        ]
        if let container { members.append(JSON.Member("container", JSON(container.id))) }
        note(.network, action, network.id, .object(members))
    }
}
