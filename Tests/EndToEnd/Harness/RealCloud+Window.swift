// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Effects
import Foundation
import Glibc
import JSONText
import Synchronization
import Vocabulary

extension RealCloud {
    /// Gives a stopped node an HTTP interface from its next start on, to look into it from outside.
    func window(on name: String) throws -> GatewayClient {
        let path = "\(home)/local/nodes/\(name)/node.json"
        let port = try FreePort.find()
        guard let bytes = FileManager.default.contents(atPath: path),
            let members = try JSON(parsing: Array(bytes)).members
        else { throw HarnessFailure("\(path) does not read") }
        let others = members.filter { $0.name != "http" }
        let file = JSON.object(others + [JSON.Member("http", JSON("127.0.0.1:\(port)"))])
        try Data(file.pretty.utf8).write(to: URL(fileURLWithPath: path))
        guard let client = GatewayClient("http://127.0.0.1:\(port)", effects: client.effects)
        else { throw HarnessFailure("no client for port \(port)") }
        return client
    }

    /// The blocks that a node holds up to a height.
    func chain(
        through client: GatewayClient, to height: BlockHeight
    ) async throws -> [BlockView] {
        var blocks: [BlockView] = []
        while blocks.count < Int(height.value) {
            let next = BlockHeight(UInt64(blocks.count) + 1)
            let page = try await client.blocks(from: next, limit: 100).items
            guard !page.isEmpty else { break }
            blocks += page.filter { $0.height <= height }
        }
        return blocks
    }

    /// Whether two nodes stand at the same height with the same state, waiting for a moment at
    /// which both are seen there.
    func agree(
        _ left: GatewayClient, _ right: GatewayClient, within seconds: Double = 30
    ) async -> Bool {
        await eventually(within: seconds) {
            guard let one = try? await left.status(), let other = try? await right.status(),
                one.height == other.height, one.height.value > 0
            else { return false }
            return one.stateRoot == other.stateRoot && one.chain == other.chain
        }
    }
}

/// A port of loopback that nobody listens on, below those the system gives to connections.
enum FreePort {
    /// How many were given, so that none is given twice.
    private static let given = Atomic<Int>(Int(getpid()))

    static func find() throws -> UInt16 {
        for _ in 0..<600 {
            let number = given.add(1, ordering: .relaxed).newValue
            let port = UInt16(32_100 + number % 600)
            if let listener = try? Listener(port: port) {
                listener.close()
                return port
            }
        }
        throw HarnessFailure("no free port between 32100 and 32700")
    }
}

/// A socket that listens on loopback and answers nobody.
struct Listener {
    private let descriptor: Int32

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in.loopback(port)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isBound, listen(descriptor, 1) == 0 else {
            Glibc.close(descriptor)
            throw HarnessFailure("port \(port) is taken")
        }
    }

    func close() { Glibc.close(descriptor) }
}

extension sockaddr_in {
    /// 127.0.0.1 with a port.
    static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}
