// SPDX-License-Identifier: Apache-2.0
import Effects

/// Finds ports nobody listens on, below the range from which the system takes ports of its own
/// connections, so that a node that restarts finds its port free.
enum FreePorts {
    static let range: ClosedRange<UInt16> = 20_000...32_000

    /// So many different free ports, or fewer when the range is used up.
    static func find(_ count: Int, effects: Effects) async -> [UInt16] {
        var found: [UInt16] = []
        let width = UInt64(range.upperBound - range.lowerBound)
        var port = range.lowerBound + UInt16(effects.chance.below(width))
        for _ in 0..<width where found.count < count {
            if await isFree(port, effects) { found.append(port) }
            port = port == range.upperBound ? range.lowerBound : port + 1
        }
        return found
    }

    private static func isFree(_ port: UInt16, _ effects: Effects) async -> Bool {
        let endpoint = Endpoint(host: "127.0.0.1", port: port)
        guard let listener = try? await effects.network.listen(on: endpoint) else { return false }
        listener.close()
        return true
    }
}
