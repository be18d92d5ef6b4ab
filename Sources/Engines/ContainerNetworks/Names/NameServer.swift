// SPDX-License-Identifier: Apache-2.0
public import Effects

/// Answers what containers ask for names, each in its own network namespace, and asks the machine's
/// resolvers for the rest (NETWORKS-7).
///
/// What it knows is in memory alone: it begins anew with the program it is part of.
public actor NameServer {
    /// Asks of one container at a time; further ones are not heard until one of these is answered.
    static let questionsMax = 64
    /// Connections of one container at a time.
    static let connectionsMax = 16
    /// The most datagrams taken at once.
    private static let batchMax = 16
    /// How long a connection may say nothing.
    private static let idleMilliseconds: UInt64 = 10_000

    private let effects: Effects
    private let upstream: UpstreamNames
    private var book = NameBook()
    private var places: [String: Place] = [:]

    /// Where one container is listened to.
    private struct Place {
        let datagrams: any DatagramPort
        let listener: any Listener
        /// Who is asked in place of the machine's resolvers.
        let servers: [Endpoint]
        var questions = 0
        var connections = 0
    }

    /// Knows nobody at first.
    ///
    /// - Parameter resolvers: The machine's, read anew for each question that needs them.
    public init(
        _ effects: Effects, resolvers: @escaping @Sendable () async -> [Endpoint]
    ) {
        self.effects = effects
        upstream = UpstreamNames(effects: effects, resolvers: resolvers)
    }

    /// What is answered from now on.
    public func use(_ book: NameBook) { self.book = book }

    /// Listens in a container's namespace.
    ///
    /// - Parameters:
    ///   - namespace: The path of its network namespace.
    ///   - servers: Who is asked for the rest; the machine's resolvers when there are none.
    /// - Returns: The ports that ``NameRules`` lead to.
    /// - Throws: `NetworkFailure`.
    public func serve(
        _ container: String, in namespace: String, servers: [Endpoint]
    ) async throws(NetworkFailure) -> (datagrams: UInt16, streams: UInt16) {
        stop(container)
        let network = try effects.network.within(namespace)
        let here = Endpoint(host: NameRules.address, port: 0)
        let datagrams = try await network.bind(DatagramRequest(here))
        let listener: any Listener
        do {
            listener = try await network.listen(on: here)
        } catch {
            datagrams.close()
            throw error
        }
        places[container] = Place(datagrams: datagrams, listener: listener, servers: servers)
        effects.tasks.spawn("names of \(container)") { await self.hear(container, datagrams) }
        effects.tasks.spawn("names of \(container)") { await self.accept(container, listener) }
        return (datagrams.endpoint.port, listener.endpoint.port)
    }

    /// Listens to a container no longer; one that is not listened to is fine.
    public func stop(_ container: String) {
        guard let place = places.removeValue(forKey: container) else { return }
        place.datagrams.close()
        place.listener.close()
    }

    // MARK: Datagrams

    private func hear(_ container: String, _ port: any DatagramPort) async {
        while let batch = try? await port.receive(limit: Self.batchMax) {
            for datagram in batch {
                guard begin(container, \.questions, max: Self.questionsMax) else { continue }
                effects.tasks.spawn("name for \(container)") {
                    if let answer = await self.answer(datagram.bytes, container, isDatagram: true) {
                        _ = try? await port.send([Datagram(datagram.endpoint, answer)])
                    }
                    await self.end(container, \.questions)
                }
            }
        }
    }

    private func begin(_ container: String, _ count: WritableKeyPath<Place, Int>, max: Int) -> Bool
    {
        guard let place = places[container], place[keyPath: count] < max else { return false }
        places[container]?[keyPath: count] += 1
        return true
    }

    private func end(_ container: String, _ count: WritableKeyPath<Place, Int>) {
        guard let place = places[container], place[keyPath: count] > 0 else { return }
        places[container]?[keyPath: count] -= 1
    }

    // MARK: Connections

    private func accept(_ container: String, _ listener: any Listener) async {
        while let client = try? await listener.accept() {
            guard begin(container, \.connections, max: Self.connectionsMax) else {
                client.close()
                continue
            }
            effects.tasks.spawn("names for \(container)") {
                await self.talk(container, client)
                client.close()
                await self.end(container, \.connections)
            }
        }
    }

    private func talk(_ container: String, _ client: any ByteStream) async {
        while true {
            let question = await Deadline(effects, milliseconds: Self.idleMilliseconds) {
                client.close()
            }.during { await NameFrame.read(client, bytesMax: NameQuery.bytesMax) }
            guard let question,
                let answer = await answer(question, container, isDatagram: false),
                (try? await client.write(NameFrame.framed(answer))) != nil
            else { return }
        }
    }

    // MARK: Answers

    /// Nothing for what is no question.
    private func answer(
        _ bytes: [UInt8], _ container: String, isDatagram: Bool
    ) async -> [UInt8]? {
        guard let query = NameQuery(bytes) else { return nil }
        if let known = book.answer(to: query, from: container) {
            return turned(known).encoded(to: query, isDatagram: isDatagram)
        }
        let servers = places[container]?.servers ?? []
        if let found = await upstream.ask(bytes, query, servers: servers, isDatagram: isDatagram) {
            return found
        }
        return NameAnswer.failed.encoded(to: query, isDatagram: isDatagram)
    }

    /// Several of one name come in turns, so that askers spread over them.
    private func turned(_ answer: NameAnswer) -> NameAnswer {
        guard case .addresses(let addresses) = answer, addresses.count > 1 else { return answer }
        let start = Int(effects.chance.below(UInt64(addresses.count)))
        return .addresses(Array(addresses[start...] + addresses[..<start]))
    }
}
