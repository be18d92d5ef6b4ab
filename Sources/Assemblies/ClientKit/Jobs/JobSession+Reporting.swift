// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import LightClient
import Market
import NodeInterface
import Receipts
public import Vocabulary

/// What a finished job wrote, checked against the digest its receipt holds.
public struct CheckedOutput: Hashable, Sendable {
    /// Standard output.
    public let standardOutput: [UInt8]
    /// Standard error.
    public let standardError: [UInt8]
    /// The digest of both.
    public let digest: Digest
}

extension GatewayClient {
    /// Fetches what a finished job wrote and compares it with the settled digest.
    ///
    /// - Throws: ``ClientFailure``; ``ClientFailure/badAnswer(_:)`` when the bytes are others.
    public func output(
        of job: JobID, digest: Digest
    ) async throws(ClientFailure) -> CheckedOutput {
        let standardOutput = try await standardOutput(of: job)
        let standardError = try await standardError(of: job)
        let output = JobOutput(standardOutput: standardOutput, standardError: standardError)
        guard SHA256.hash(output.canonicalBytes) == digest else {
            throw .badAnswer("the output given does not have the settled digest \(digest)")
        }
        return CheckedOutput(
            standardOutput: standardOutput, standardError: standardError, digest: digest)
    }

    /// Fetches the receipt of an ended job, waiting for the block that certifies it.
    ///
    /// - Throws: ``ClientFailure``; the problem `notCertified` when no such block comes in time.
    public func receipt(
        of job: JobID, waitMilliseconds: UInt64
    ) async throws(ClientFailure) -> ReceiptFile {
        let begin = effects.time.now()
        while true {
            do throws(ClientFailure) {
                return try await receipt(of: job)
            } catch {
                let waited = effects.time.now().milliseconds(since: begin)
                guard error.name == "notCertified", waited < waitMilliseconds else { throw error }
            }
            await effects.time.sleep(milliseconds: 200)
        }
    }
}

extension JobSession {
    /// How long the block that certifies the end is waited for: several heartbeats of the chain.
    static let certificateMilliseconds: UInt64 = 15_000

    /// Fetches output and receipt of an ended job and checks both.
    func report(
        _ opened: OpenedJob, _ view: JobView, begin: Instant, settledMilliseconds: UInt64
    ) async throws(ClientFailure) -> JobReport {
        var output: CheckedOutput?
        if let result = view.result {
            output = try await client.output(of: opened.job, digest: result.outputDigest)
        }
        let balance = try await client.account(account).balance()
        let file = try await client.receipt(
            of: opened.job, waitMilliseconds: Self.certificateMilliseconds)
        let trail = try await trail(to: file.header.epoch)
        let checks = checks(of: file, opened, output?.digest, trail)
        return JobReport(
            opened: opened, view: view, client: account,
            standardOutput: output?.standardOutput, standardError: output?.standardError,
            receipt: file, checks: checks, balanceAfter: balance,
            settledMilliseconds: settledMilliseconds,
            totalMilliseconds: time.now().milliseconds(since: begin), trail: trail)
    }

    /// Who votes up to an epoch, followed from what is known here.
    private func trail(to epoch: Epoch) async throws(ClientFailure) -> ValidatorTrail {
        let begin: ValidatorTrail
        do throws(LightFailure) {
            begin = if let trail { trail } else { try ValidatorTrail(genesis: genesis) }
        } catch {
            throw .invalid("\(error)")
        }
        return try await client.following(begin, to: epoch)
    }

    /// The offline checks, and whether the receipt is of what was ordered.
    private func checks(
        of file: ReceiptFile, _ opened: OpenedJob, _ output: Digest?, _ trail: ValidatorTrail
    ) -> [ReceiptCheck] {
        ReceiptVerifier(genesis: genesis) { trail.validators(of: $0) }.check(file, output: output)
            + [OrderCheck.check(file.receipt, against: opened, client: account)]
    }
}

/// Compares a receipt with the order its client remembers.
enum OrderCheck {
    static func check(
        _ receipt: Receipt, against opened: OpenedJob, client: AccountID
    ) -> ReceiptCheck {
        let terms = opened.terms
        let differences: [(name: String, isSame: Bool)] = [
            ("job", receipt.job == opened.job), ("client", receipt.client == client),
            ("program", receipt.moduleDigest == terms.moduleDigest),
            ("input", receipt.inputDigest == terms.inputDigest),
            ("arguments", receipt.argumentsDigest == terms.argumentsDigest),
            ("replicas", receipt.replicas == terms.replicas),
            ("maxCost", receipt.maxCost == terms.maxCost),
        ]
        let wrong = differences.filter { !$0.isSame }.map(\.name)
        let finding: ReceiptCheck.Finding =
            wrong.isEmpty
            ? .holds("it is the receipt of this very order")
            : .fails("it differs from the order in \(wrong.joined(separator: ", "))")
        return ReceiptCheck(name: "order", finding: finding)
    }
}
