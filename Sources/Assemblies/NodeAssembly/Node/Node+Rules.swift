// SPDX-License-Identifier: Apache-2.0
import Governance
import Ledger
public import Vocabulary

/// Rules hold that a program does not know (UPGRADES-4).
public struct OutdatedRules: Error, Hashable, Sendable, CustomStringConvertible {
    /// The version that holds.
    public let version: UInt32
    /// The newest that the program knows.
    public let known: UInt32
    /// The last block that was executed by rules it knows.
    public let height: BlockHeight

    /// What happened, in a sentence.
    public var description: String {
        "version \(version) of the rules holds after block \(height), "
            + "and this program knows versions up to \(known)"
    }
}

extension Node {
    /// Whether the rules that hold from the next block on are known; one that comes and is not is
    /// said for as long as it waits (UPGRADES-3).
    func followsRules() -> Bool {
        let known = configuration.rulesNewest
        let found: (version: UInt32, upgrade: Upgrade?)
        do throws(LedgerFailure) {
            found = try ledger.query { state in
                let queries = GovernanceQueries(state)
                return (queries.version, queries.upgrade)
            }
        } catch { return true }
        guard found.version <= known else {
            let outdated = OutdatedRules(
                version: found.version, known: known, height: ledger.height)
            trouble("rules", "\(outdated); nothing more is executed or signed")
            isHalted = true
            configuration.whenOutdated(outdated)
            return false
        }
        guard let upgrade = found.upgrade, upgrade.version > known else {
            trouble("rules", nil)
            return true
        }
        trouble(
            "rules",
            "version \(upgrade.version) of the rules begins with epoch \(upgrade.epoch), and this "
                + "program knows versions up to \(known): replace it before then")
        return true
    }
}

extension LedgerMachine {
    /// Checks that the rules that hold are known (UPGRADES-4).
    ///
    /// - Throws: ``NodeFailure/outdated(_:)``.
    func checkRules(newest known: UInt32) throws(NodeFailure) {
        let version: UInt32
        do throws(LedgerFailure) {
            version = try query { GovernanceQueries($0).version }
        } catch { return }
        guard version > known else { return }
        throw .outdated(OutdatedRules(version: version, known: known, height: height))
    }
}
