// SPDX-License-Identifier: Apache-2.0
import Effects
import JSONText
import LightClient
import Receipts
import Vocabulary

/// A proof file with the findings of all its checks, for people and for scripts.
struct ProofChecks {
    let file: ProofFile
    let checks: [ProofCheck]

    init(_ file: ProofFile, verifier: LightVerifier) {
        self.file = file
        checks = verifier.check(file)
    }

    var isSound: Bool { checks.allSatisfy(\.holds) }

    /// Reads a proof file.
    static func read(_ path: String, _ shell: Shell) async throws -> ProofFile {
        let bytes = try await shell.read(path, limit: ProofFile.bytesMax)
        do {
            return try ProofFile(bytes: bytes)
        } catch {
            throw CommandFailure(
                status: .refused, what: "'\(path)' is no proof: \(words(of: error))",
                next: bytes.starts(with: ReceiptFile.mark)
                    ? "it is a receipt: atoll receipt verify \(path)" : nil)
        }
    }

    private static func words(of failure: ProofFileFailure) -> String {
        switch failure {
        case .notAProof: "it does not begin as one"
        case .tooLarge(let count): "\(count) bytes are more than one has"
        case .damaged(let error): "it is damaged (\(error))"
        }
    }

    /// The findings as receipts show theirs.
    private var lines: [ReceiptCheck] {
        checks.map { check in
            switch check.finding {
            case .holds(let words): ReceiptCheck(name: check.name, finding: .holds(words))
            case .fails(let failure): ReceiptCheck(name: check.name, finding: .fails("\(failure)"))
            case .notReached: ReceiptCheck(name: check.name, finding: .notReached)
            }
        }
    }

    /// Writes the findings, with what else a command has to say, and gives the exit code.
    func write(_ members: [JSON.Member], as format: OutputFormat, facts: TextFacts? = nil) -> Int32
    {
        let shown = [
            JSON.Member("isSound", .bool(isSound)),
            JSON.Member("checks", CheckLines.json(of: lines)),
        ]
        ResultText.write(.object(members + shown), as: format) {
            let verdict = isSound ? "the proof holds" : "the proof does NOT hold"
            return CheckLines.text(of: lines) + "\n" + (facts?.text ?? "") + verdict + "\n"
        }
        return isSound ? ExitStatus.done.rawValue : ExitStatus.refused.rawValue
    }
}
