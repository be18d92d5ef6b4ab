// SPDX-License-Identifier: Apache-2.0
import Consensus
import Vocabulary

/// One thing a proof file claims, and whether it holds.
public struct ProofCheck: Equatable, Sendable {
    /// What was found.
    public enum Finding: Equatable, Sendable {
        /// It holds; the words say what was seen.
        case holds(String)
        /// It does not hold.
        case fails(LightFailure)
        /// It was not looked at because an earlier check failed.
        case notReached
    }

    /// A short stable name: `chain`, `quorum`, `state`, or ``StateSubject/name``.
    public let name: String
    /// What was found.
    public let finding: Finding

    /// Whether it holds.
    public var holds: Bool {
        if case .holds = finding { return true }
        return false
    }
}

extension LightVerifier {
    /// Runs every check of a file in order, for people: after a failed one nothing more is looked
    /// at (LIGHT-11).
    public func check(_ file: ProofFile) -> [ProofCheck] {
        var run = CheckRun()
        for section in file.sections {
            run.check("chain") { () throws(LightFailure) in
                guard section.header.chain == genesis.chain else {
                    throw .otherChain(section.header.height, section.header.chain)
                }
                return "\(genesis.name) \(genesis.chain)"
            }
            let certified = run.check("quorum") { () throws(LightFailure) in
                let header = try verify(section.header, section.finality)
                let validators = try validators(of: section.header.epoch)
                let epoch = section.header.epoch
                let words =
                    "block \(header.header.height) signed by \(header.signers) of "
                    + "\(validators.count) validators"
                    + (epoch.value > 0 ? " of epoch \(epoch)" : "")
                return (words, header)
            }
            for entry in section.entries { check(entry, under: certified, in: &run) }
        }
        return run.checks
    }

    private func check(
        _ entry: ProofEntry, under header: CertifiedHeader?, in run: inout CheckRun
    ) {
        let proven = run.check("state", of: header) { header throws(LightFailure) in
            let words = "in the state of block \(header.stateHeight), root \(header.stateRoot)"
            return (words, try verify(entry, under: header))
        }
        let name = StateSubject(entry.module, key: entry.key).name
        run.check(name, of: proven) { proven throws(LightFailure) in
            let statement = try proven.statement()
            return (statement.words, statement)
        }
    }
}

/// Checks in order, each reached only when all before it hold.
private struct CheckRun {
    private(set) var checks: [ProofCheck] = []

    /// Checks something that builds on `earlier`, which is nothing when that failed.
    @discardableResult
    mutating func check<Earlier, Value>(
        _ name: String, of earlier: Earlier?,
        _ body: (Earlier) throws(LightFailure) -> (words: String, value: Value)
    ) -> Value? {
        guard let earlier, checks.allSatisfy(\.holds) else {
            checks.append(ProofCheck(name: name, finding: .notReached))
            return nil
        }
        do throws(LightFailure) {
            let (words, value) = try body(earlier)
            checks.append(ProofCheck(name: name, finding: .holds(words)))
            return value
        } catch {
            checks.append(ProofCheck(name: name, finding: .fails(error)))
            return nil
        }
    }

    mutating func check<Value>(
        _ name: String, _ body: () throws(LightFailure) -> (words: String, value: Value)
    ) -> Value? {
        check(name, of: ()) { () throws(LightFailure) in try body() }
    }

    mutating func check(_ name: String, _ body: () throws(LightFailure) -> String) {
        _ = check(name) { () throws(LightFailure) in (try body(), ()) }
    }
}
