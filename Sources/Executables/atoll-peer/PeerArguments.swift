// SPDX-License-Identifier: Apache-2.0
import Effects
import LibP2P

/// What the command line asks for.
struct PeerArguments {
    var listen: [Endpoint] = []
    /// The file that holds the peer's key; made when there is none.
    var keyFile: String?
    var connect: [Multiaddr] = []
    /// Whether it serves peers that cannot be dialled.
    var isRelay = false
    /// Whether it asks those it connects to for a place.
    var reserves = false
    var provide: [String] = []
    var find: [String] = []
    /// Whether it looks for peers of the local network, and tells of itself there.
    var isLocal = false
    /// After how many seconds it ends; nothing for not at all.
    var seconds: UInt64?

    struct Fault: Error {
        let reason: String
    }

    static let usage = """
        usage: atoll-peer [OPTION...]

        Runs a libp2p peer by itself: a relay or a directory for others, or a look at what can be
        reached from here. Prints one line for each thing that happens.
          --listen HOST:PORT  where to listen, 0.0.0.0:4001 unless told; also [ADDRESS]:PORT
          --key FILE          the peer's key, made when there is no such file; else a new one
          --connect ADDRESS   a peer to stay connected with, /ip4/.../tcp/4001/p2p/12D3K...
          --relay             lets peers that cannot be dialled be reached through this one
          --reserve           is reached through those it connects to
          --provide NAME      tells the directory of a service under this name
          --find NAME         looks for those that provide it, and connects to them
          --local             finds peers of the local network, and tells of itself there
          --seconds N         ends after so many seconds
        Ends with 0 when its time is over, 1 when it cannot listen, 2 when it is told nonsense.

        """

    /// Reads the words after the program's name.
    init(_ words: [String]) throws(Fault) {
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--relay": isRelay = true
            case "--reserve": reserves = true
            case "--local": isLocal = true
            case "--listen":
                let text = try Self.value(after: word, &rest)
                guard let endpoint = Endpoint(text) else {
                    throw Fault(reason: "'\(text)' is no host with a port")
                }
                listen.append(endpoint)
            case "--key":
                let path = try Self.value(after: word, &rest)
                guard path.hasPrefix("/") else { throw Fault(reason: "--key needs a whole path") }
                keyFile = String(path.dropFirst())
            case "--connect":
                let text = try Self.value(after: word, &rest)
                guard let address = try? Multiaddr(text), address.peer != nil else {
                    throw Fault(reason: "'\(text)' is no address that ends with a peer")
                }
                connect.append(address)
            case "--provide": provide.append(try Self.value(after: word, &rest))
            case "--find": find.append(try Self.value(after: word, &rest))
            case "--seconds":
                let text = try Self.value(after: word, &rest)
                guard let number = UInt64(text), (1...1_000_000_000).contains(number) else {
                    throw Fault(reason: "'\(text)' is no number of seconds")
                }
                seconds = number
            default: throw Fault(reason: "there is no option '\(word)'")
            }
        }
        if listen.isEmpty { listen = [Endpoint(host: "0.0.0.0", port: 4_001)] }
    }

    private static func value(
        after option: String, _ rest: inout ArraySlice<String>
    ) throws(Fault) -> String {
        guard let word = rest.popFirst() else { throw Fault(reason: "\(option) needs a word") }
        return word
    }
}
