// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import PeerNetwork
import SystemEffects
import Vocabulary

/// A node of the mesh in a process of its own, which can be killed: it keeps another one connected
/// and sends it a record every few milliseconds.
///
/// It runs in this same program, as `atoll-bench mesh-peer FOLDER OWN-PORT OTHER-PORT`.
enum MeshPeer {
    /// The word that begins its command line.
    static let word = "mesh-peer"
    /// How often it sends.
    private static let pauseMilliseconds: UInt64 = 2
    private static let recordBytes = 200

    static let channel = Channel(1, priority: .transactions)
    static let chain = ChainID(SHA256.hash(Array("network.recovery".utf8)).raw)

    /// The key of the process that measures (0), or of the one that is killed (1).
    static func key(_ number: Int) -> SigningKey? {
        SigningKey(seed: Dice.bytes32(40 + number).bytes)
    }

    static func address(_ number: Int, _ port: UInt16) -> PeerAddress? {
        key(number).map {
            PeerAddress(
                publicKey: $0.publicKey, endpoint: Endpoint(host: "127.0.0.1", port: port))
        }
    }

    /// Runs until it is killed; gives the exit code when it cannot.
    static func run(_ words: [String]) -> Int32 {
        guard words.count == 4, let own = UInt16(words[2]), let other = UInt16(words[3]),
            let identity = key(1), let peer = address(0, other)
        else { return 2 }
        let loop = EventLoop()
        guard let effects = try? SystemWorld.make(root: words[1], loop: loop) else { return 1 }
        let mesh = PeerMesh(
            effects: effects, identity: identity, chain: chain, roles: .validator,
            listen: Endpoint(host: "127.0.0.1", port: own), peers: [peer])
        effects.tasks.spawn("mesh peer") {
            guard (try? await mesh.start(MeshHandlers(messages: { _ in }))) != nil else {
                return loop.stop()
            }
            while true {
                mesh.broadcast([UInt8](repeating: 7, count: recordBytes), on: channel)
                await effects.time.sleep(milliseconds: pauseMilliseconds)
            }
        }
        loop.run()
        return 1
    }
}
