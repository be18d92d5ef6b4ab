// SPDX-License-Identifier: Apache-2.0

/// Whether a machine can have bridge networks: tried, not guessed (NETWORKS-10).
public enum MachineCheck {
    /// Makes a bridge and a table of rules and takes both away again.
    ///
    /// - Parameters:
    ///   - bridge: A name that no interface has.
    ///   - table: A name that no table has.
    /// - Returns: Why not, in words; nil when it can.
    public static func refusal(bridge: InterfaceName, table: TableName) -> String? {
        do throws(WiringFailure) {
            let plan = BridgePlan(
                name: bridge, hardware: HardwareAddress(chosen: [0, 0, 0, 0, 1]), addresses: [],
                isForwarding: false)
            try BridgeWiring.make(plan)
            defer { try? BridgeWiring.remove(plan) }
            let rules = RuleSet(
                bridges: [
                    RuleSet.Bridge(
                        name: bridge, subnets: [], isInternal: false, masquerades: true)
                ])
            try RuleTable.apply(rules.text(table: table))
            try RuleTable.apply(RuleSet.removal(of: table))
            return nil
        } catch {
            return "\(error)"
        }
    }
}
