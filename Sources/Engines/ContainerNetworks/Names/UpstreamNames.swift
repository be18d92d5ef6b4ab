// SPDX-License-Identifier: Apache-2.0
import Effects

/// Asks others for names.
struct UpstreamNames: Sendable {
    /// The most of them that are asked, one after another.
    private static let serversMax = 3
    /// How long one has.
    private static let patienceMilliseconds: UInt64 = 2_000
    /// The longest answer over TCP.
    private static let streamBytesMax = 65_535
    /// Datagrams that are not the answer, before one stops to listen.
    private static let strangersMax = 16

    let effects: Effects
    /// The machine's resolvers.
    let resolvers: @Sendable () async -> [Endpoint]

    /// The first answer there is, with the asker's number; nil when nobody gives one.
    func ask(
        _ bytes: [UInt8], _ query: NameQuery, servers: [Endpoint], isDatagram: Bool
    ) async -> [UInt8]? {
        let all = servers.isEmpty ? await resolvers() : servers
        for server in all.prefix(Self.serversMax) {
            // A number of its own: who would answer in the server's place has to guess it.
            let number = effects.chance.bytes(2)
            let question = number + bytes.dropFirst(2)
            let answer =
                isDatagram
                ? await byDatagram(question, query, server)
                : await byStream(question, query, server)
            if let answer { return Array(bytes.prefix(2)) + answer.dropFirst(2) }
        }
        return nil
    }

    /// Whether it answers that very question.
    private func fits(_ answer: [UInt8], _ question: [UInt8], _ query: NameQuery) -> Bool {
        let rest = answer.dropFirst(12)
        return answer.count >= 12 && answer.prefix(2) == question.prefix(2)
            && answer[2] & 0x80 != 0
            && (rest.prefix(query.question.count) == query.question[...] || answer[5] == 0)
    }

    private func byDatagram(
        _ question: [UInt8], _ query: NameQuery, _ server: Endpoint
    ) async -> [UInt8]? {
        let any = Endpoint(host: server.host.contains(":") ? "::" : "0.0.0.0", port: 0)
        guard let port = try? await effects.network.bind(DatagramRequest(any)) else { return nil }
        defer { port.close() }
        return await Deadline(effects, milliseconds: Self.patienceMilliseconds) {
            port.close()
        }.during {
            guard (try? await port.send([Datagram(server, question)])) == 1 else { return nil }
            for _ in 0..<Self.strangersMax {
                guard let batch = try? await port.receive(limit: 1) else { return nil }
                let answer = batch.first { datagram in
                    datagram.endpoint == server && fits(datagram.bytes, question, query)
                }
                if let answer { return answer.bytes }
            }
            return nil
        }
    }

    private func byStream(
        _ question: [UInt8], _ query: NameQuery, _ server: Endpoint
    ) async -> [UInt8]? {
        guard
            let stream = try? await effects.network.dial(
                server, timeoutMilliseconds: Self.patienceMilliseconds)
        else { return nil }
        defer { stream.close() }
        let answer = await Deadline(effects, milliseconds: Self.patienceMilliseconds) {
            stream.close()
        }.during { () -> [UInt8]? in
            guard (try? await stream.write(NameFrame.framed(question))) != nil else { return nil }
            return await NameFrame.read(stream, bytesMax: Self.streamBytesMax)
        }
        return answer.flatMap { fits($0, question, query) ? $0 : nil }
    }
}
